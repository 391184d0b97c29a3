#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "mail/html.h"
#include "mail/mbox.h"
#include "mail/parse.h"

static struct mail_in
parsed(const char *s)
{
	struct mail_in m;
	struct lp_err err = { 0 };

	if (mail_parse(s, strlen(s), &m, &err) == -1)
		fail_msg("%s", err.msg);
	return m;
}

static void
test_reply(void **state)
{
	struct mail_in m = parsed("Return-Path: <Bob@Globex.example>\r\n"
	                          "From: =?utf-8?q?B=C3=B6b?= <Bob@Globex.Example>\r\n"
	                          "To: Ada <ada@acme.example>, friends: a@b.example, c@d.example;\r\n"
	                          "Cc: carol@globex.example\r\n"
	                          "Subject: =?iso-8859-1?Q?R=E9?= done\r\n"
	                          "Date: Mon, 23 Nov 2026 10:00:00 +0100\r\n"
	                          "Message-ID: <r1@globex.example>\r\n"
	                          "In-Reply-To: <m1@acme.example> (your message)\r\n"
	                          "References: <m0@acme.example>\r\n <m1@acme.example>\r\n"
	                          "Content-Type: text/plain; charset=iso-8859-1\r\n"
	                          "\r\n"
	                          "Sch\xf6n!\r\n> quoted\r\n");

	(void)state;
	assert_string_equal(m.from[0].name, "Böb");
	assert_string_equal(m.from[0].address, "bob@globex.example");
	assert_int_equal(m.nto, 3);
	assert_string_equal(m.to[2].address, "c@d.example");
	assert_string_equal(m.cc[0].address, "carol@globex.example");
	assert_string_equal(m.subject, "Ré done");
	assert_string_equal(m.message_id, "r1@globex.example");
	assert_string_equal(m.in_reply_to, "m1@acme.example");
	assert_int_equal(m.nreferences, 2);
	assert_string_equal(m.references[0], "m0@acme.example");
	assert_string_equal(m.return_path, "bob@globex.example");
	assert_int_equal(m.date, INT64_C(1795424400000));
	assert_string_equal(m.text, "Schön!\n> quoted\n");
	mail_in_clear(&m);
}

static void
test_parts(void **state)
{
	struct mail_in m = parsed("From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n"
	                          "--x\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nnot this\n"
	                          "--x\nContent-Type: multipart/alternative; boundary=y\n\n"
	                          "--y\nContent-Type: text/html\n\n<p>html</p>\n"
	                          "--y\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n--y--\n"
	                          "--x\nContent-Type: message/rfc822\n\nFrom: c@d.example\n\nforwarded\n--x--\n");

	(void)state;
	assert_string_equal(m.text, "hello");
	assert_false(m.text_from_html);
	mail_in_clear(&m);
	m = parsed("From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n"
	           "<html><head><title>t</title><style>p {color: red}</style></head><body><!-- secret --><p title='a > b'>Hi&nbsp;&amp; bye&#33;</p>"
	           "<script>alert('x')</script><div>1 < 2<br>next&euro;</div></body></html>");
	assert_string_equal(m.text, "Hi & bye!\n\n1 < 2\nnext€\n");
	assert_true(m.text_from_html);
	mail_in_clear(&m);
}

/* What the kinds and the bounce reader build on. */
static void
test_members(void **state)
{
	struct mail_in m = parsed("\n\r\nX-Original-To: Ada+c7@Acme.example\nDelivered-To: ada@acme.example\nReply-To: B <Bob@x.example>\n"
	                          "Sender: list@x.example\nAuto-Submitted: Auto-Replied (vacation)\nPrecedence: Bulk\nList-Id: A <A.x.example>\n"
	                          "List-Unsubscribe: <mailto:off@x.example>\nX-Auto-Response-Suppress: DR, OOF\nX-Failed-Recipients: Bob@x.example\n"
	                          "X-Autorespond: Yes\nContent-Type: multipart/report; report-type=Delivery-Status; boundary=b\n\n"
	                          "--b\n\nread me\n"
	                          "--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: quoted-printable\n\nStatus: 5.1.1\nX: =C3=A9\n"
	                          "--b\nContent-Type: message/rfc822\n\nMessage-ID: <m1@acme.example>\nSubject: folded\n here\n\nbody\n--b--\n");

	(void)state;
	assert_string_equal(m.delivered_to, "ada+c7@acme.example");
	assert_string_equal(m.reply_to, "bob@x.example");
	assert_string_equal(m.sender, "list@x.example");
	assert_string_equal(m.auto_submitted, "auto-replied (vacation)");
	assert_string_equal(m.precedence, "bulk");
	assert_string_equal(m.list_id, "a <a.x.example>");
	assert_string_equal(m.list_unsubscribe, "<mailto:off@x.example>");
	assert_string_equal(m.auto_response_suppress, "dr, oof");
	assert_string_equal(m.failed_recipients, "bob@x.example");
	assert_string_equal(m.x_autoreply, "x-autorespond: yes");
	assert_string_equal(m.content_type, "multipart/report");
	assert_string_equal(m.report_type, "delivery-status");
	assert_string_equal(m.report, "Status: 5.1.1\nX: é");
	assert_string_equal(m.original, "Message-ID: <m1@acme.example>\nSubject: folded\n here\n");
	assert_string_equal(m.text, "read me");
	assert_int_equal(m.nparts, 0);
	mail_in_clear(&m);
	m = parsed("From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=c\n\n"
	           "--c\nContent-Type: text/plain\n\nplain\n--c\nContent-Type: text/html\n\n<p>html</p>\n"
	           "--c\nContent-Type: text/calendar; method=reply\n\nBEGIN:VCALENDAR\r\nSUMMARY:Gr\xc3\r\n \xb6\xc3\x9f\r\n\te\r\nEND:VCALENDAR\n--c--\n"
	           "--b\nContent-Type: text/rfc822-headers\n\nSubject: x\n"
	           "--b\nContent-Disposition: attachment; filename=a.csv\n\n1,2\n--b--\n");
	assert_string_equal(m.text, "plain");
	assert_false(m.text_from_html);
	assert_string_equal(m.html, "<p>html</p>");
	assert_string_equal(m.calendar, "BEGIN:VCALENDAR\nSUMMARY:Größe\nEND:VCALENDAR");
	assert_string_equal(m.calendar_method, "REPLY");
	assert_string_equal(m.original, "Subject: x");
	assert_int_equal(m.nparts, 2);
	assert_string_equal(m.parts[1].filename, "a.csv");
	assert_int_equal(m.parts[1].size, 3);
	mail_in_clear(&m);
	m = parsed("From: a@b.example\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:CANCEL\nEND:VCALENDAR\n");
	assert_string_equal(m.calendar_method, "CANCEL");
	mail_in_clear(&m);
	/* one that isn't whole is none */
	struct buf b = { 0 };
	buf_puts(&b, "From: a@b.example\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n");
	for (int i = 0; i < 20000; i++)
		buf_puts(&b, "COMMENT:x\n");
	m = parsed(b.s);
	assert_null(m.calendar);
	assert_string_equal(m.calendar_method, "REQUEST");
	mail_in_clear(&m);
	buf_free(&b);
}

struct box {
	struct buf seen;
	int stop;
};

static int
see(void *arg, struct mail_in *m, size_t number, size_t size, struct lp_err *err)
{
	struct box *x = arg;

	if (m != NULL)
		buf_printf(&x->seen, "%zu %zu %s %d;", number, size, m->subject, m->header_only);
	else
		buf_printf(&x->seen, "%zu %zu %s;", number, size, err->msg);
	return x->stop > 0 && --x->stop == 0 ? 7 : 0;
}

static char *
boxed(const char *s, size_t n, size_t limit, int stop, int expect)
{
	struct box x = { .stop = stop };
	struct lp_err err;
	FILE *f = tmpfile();

	fwrite(s, 1, n, f);
	fflush(f);
	rewind(f);
	assert_int_equal(mbox_each(fileno(f), limit, see, &x, &err), expect);
	fclose(f);
	return buf_steal(&x.seen);
}

static void
test_mbox(void **state)
{
	static const char *const box = "From x Mon 10:00:00\nSubject: a\n\n1\n\nFrom then on\n\nFrom x Mon 10:00:01\r\nSubject: b\r\n\r\n22\r\n\r\n"
				       "From x 10:00:02\n\n\nFrom x 10:00:03\nSubject: d\n\nFrom x 10:00:04";
	char *got = boxed(box, strlen(box), 1000, 0, 0);
	struct buf b = { 0 };

	(void)state;
	assert_string_equal(got, "1 29 a 0;2 20 b 0;3 2 not a mail message;4 12 d 0;5 0 not a mail message;");
	free(got);
	got = boxed(box, strlen(box), 20, 2, 7);
	assert_string_equal(got, "1 29 a 1;2 20 b 0;");
	free(got);
	got = boxed("", 0, 1000, 0, 0);
	assert_string_equal(got, "1 0 not a mail message;");
	free(got);
	got = boxed("\n\nSubject: s\n\nFrom x 10:00:00\n", 31, 0, 0, 0);
	assert_string_equal(got, "1 31 s 1;");
	free(got);
	/* lines that end just before, at and behind where a piece is cut, one of them begun by what is no From_ line there */
	for (int i = 65530; i < 65542; i++) {
		buf_reset(&b);
		buf_puts(&b, "From x 10:00:00\nSubject: a\n\n");
		for (int k = 0; k < i; k++)
			buf_putc(&b, 'x');
		buf_puts(&b, "From x 10:00:00\n\nFrom x 10:00:00\nSubject: b\n\n");
		got = boxed(b.s, b.len, 1 << 20, 0, 0);
		assert_non_null(strstr(got, " a 0;2 12 b 0;"));
		free(got);
	}
	buf_free(&b);
}

static void
test_html(void **state)
{
	static const struct {
		const char *html, *text;
	} cases[] = {
		/* layout */
		{ "<p>a</p><p>b", "a\n\nb\n" },
		{ "<div>a</div><div><br></div><div>b</div>", "a\n\nb\n" },
		{ "a<br>b<br/>c<br><br><br><br>d", "a\nb\nc\n\nd\n" },
		{ "<ul><li>one<li><p>two</p><ol start=3><li>x<li>y</ol></ul>z", "- one\n- two\n  3. x\n  4. y\n\nz\n" },
		{ "<table><tr><td>a<td>b<tr><td>c</table>", "a b\nc\n" },
		{ "<pre>a\n  b</pre> c   d", "a\n  b\n\nc d\n" },
		{ "<a href='http://x.example/'>here</a>, <b>b</b><i>i</i>", "here, bi\n" },
		{ "<p class=MsoNormal>a<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>b</p>", "a\n\nb\n" },
		{ "x &lt; y &amp;&#33; &euro;&#x1f600; &nosuch;", "x < y &! €😀 &nosuch;\n" },
		{ "", "" },
		/* quotations */
		{ "yes<blockquote type=cite>a<p>b</p><blockquote>c</blockquote></blockquote>no", "yes\n> a\n\n> b\n\n> > c\nno\n" },
		{ "<div class=gmail_quote><div class=gmail_attr>On x, A wrote:<br></div><blockquote class=gmail_quote>a</blockquote>mine</div>",
		    "On x, A wrote:\n> a\nmine\n" },
		{ "yes<div class='ydp1 yahoo_quoted'><div>A wrote:</div><blockquote>a</blockquote></div>", "yes\n> A wrote:\n> a\n" },
		{ "yes<hr><div id=x_divRplyFwdMsg><b>From:</b> A</div><div>a</div>", "yes\n\n> From: A\n> a\n" },
		{ "yes<div style='border:none;border-top:solid #E1E1E1 1.0pt'><b>Von:</b> A<br><b>An:</b> B<br><b>Betreff:</b> C</div><p>a",
		    "yes\n> Von: A\n> An: B\n> Betreff: C\n\n> a\n" },
		{ "<div style='border-top:solid 1px'>Ada<br>Tel: 1<br>Fax: 2</div>yes", "Ada\nTel: 1\nFax: 2\nyes\n" },
		/* what nobody can see */
		{ "a<span style='display:none'>x</span>b", "ab\n" },
		{ "a<span style='DISPLAY : None!important; display:inline'>x</span>b", "ab\n" },
		{ "a<i style='visibility:hidden'>x<b style='visibility:visible'>y</b></i>b", "ayb\n" },
		{ "a<i style='font-size:0'>x<b style='font-size:12px'>y</b></i>b<i style='font-size: 1px'>z</i>", "ayb\n" },
		{ "a<i style='color:#fff'>x</i><font color=white>x</font><i style='color:rgb(250, 250, 250)'>x</i><i style='color:#fefefe'>x</i>b", "ab\n" },
		{ "<table bgcolor='#000'><tr><td style='color:#fff'>a<td style='color:#010101'>x</table>", "a\n" },
		{ "<div style='background:url(p.png)'><b style='color:white'>a</b></div><i style='color:#777'>b</i>", "a\nb\n" },
		{ "<i style='color: rgb(0, 0, 0)'>a</i><i style='color:rgb(1% 1% 1%/50%)'>b</i><i style='color:hsl(0,0%,99%)'>x</i>", "ab\n" },
		{ "a<i style='color:transparent'>x</i><i style='color:rgba(0,0,0,0)'>x</i><i style='opacity:0'>x</i><i style='mso-hide:all'>x</i>", "a\n" },
		{ "a<div style='max-height:0;overflow:hidden'>x</div><div style='width:0px;overflow:hidden'>x</div><div style='height:0'>b</div>", "a\nb\n" },
		{ "a<i style='position:absolute;left:-9999px'>x</i><i style='text-indent:-999em'>x</i><i hidden>x</i><i style='clip:rect(0,0,0,0)'>x</i>", "a\n" },
		{ "a<!-- x --><!--[if mso]>x<![endif]--><![if !mso]>b<![endif]><img alt=x title=x><input value=x><template>x</template>", "a b\n" },
		{ "<style>.h{display:none}#i , p.w{color:white}@media(max-width:9px){.s{display:none}}</style>"
		  "a<i class='k H'>x</i><i id=i>x</i><i class=w>b</i><p class=w>x</p><i class=s>c</i>",
		    "ab\n\nc\n" },
		{ "<style>@media screen{/* } */ div .h{visibility:hidden}} .x:hover{display:none}</style><i class=h>x</i><i class=x>a</i>", "a\n" },
		{ "<title>x</title><script>x<b c=\"</script>a<style>x</style>", "a\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *got = mail_html_text(cases[i].html, strlen(cases[i].html));

		if (strcmp(got, cases[i].text) != 0)
			fail_msg("%s\n gave: %s\n not:  %s", cases[i].html, got, cases[i].text);
		free(got);
	}
}

static void
test_broken(void **state)
{
	struct mail_in m;
	struct lp_err err = { 0 };
	struct buf b = { 0 };

	(void)state;
	assert_int_equal(mail_parse("", 0, &m, &err), -1);
	assert_int_equal(err.kind, LP_DATA);
	mail_in_clear(&m);
	m = parsed("Subject: a\x01\xff b\nFrom: <\nMessage-ID: <a b>\nReferences: <<>> <x\nDate: soon\n\n\x00");
	assert_string_equal(m.subject, "a\xc3\xbf b"); /* raw bytes are taken for Latin 1 */
	assert_null(m.message_id);
	assert_int_equal(m.date, 0);
	mail_in_clear(&m);
	/* of a body of empty parts most are left alone, and the rest is still read */
	buf_puts(&b, "From: a@b.example\nSubject: s\nContent-Type: multipart/mixed; boundary=x\n\n");
	for (int i = 0; i < 100000; i++)
		buf_puts(&b, "--x\n\n");
	m = parsed(b.s);
	assert_true(m.partial);
	assert_string_equal(m.subject, "s");
	assert_string_equal(m.text, "");
	mail_in_clear(&m);
	buf_reset(&b);
	/* groups in groups, addresses without end: neither the stack nor the afternoon is lost over them, also a level deeper */
	for (int i = 0; i < 4; i++) {
		buf_puts(&b, i < 2 ? "From: x@y.example\nTo: " : "From: x@y.example\nContent-Type: message/rfc822\n\nReply-To : ");
		for (int k = 0; k < 200000; k++)
			buf_puts(&b, i % 2 == 0 ? "g:" : "a,");
		buf_puts(&b, "\n\nhi\n");
		m = parsed(b.s);
		assert_string_equal(m.from[0].address, "x@y.example");
		assert_true(m.nto <= MAIL_LIST_MAX);
		mail_in_clear(&m);
		buf_reset(&b);
	}
	/* a long text is cut at a character */
	buf_puts(&b, "From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\nx");
	for (size_t i = 0; i < MAIL_TEXT_MAX; i++)
		buf_puts(&b, "ö");
	m = parsed(b.s);
	assert_true(m.text_cut);
	assert_int_equal(strlen(m.text), MAIL_TEXT_MAX - 1);
	mail_in_clear(&m);
	buf_free(&b);
}

static void
test_file(void **state)
{
	FILE *f = tmpfile();
	struct mail_in m;
	struct lp_err err = { 0 };

	(void)state;
	fputs("From: a@b.example\nSubject: s\n\nstop\n", f);
	for (int i = 0; i < 1000; i++)
		fputs("more and more\n", f);
	fflush(f);
	rewind(f);
	assert_int_equal(mail_parse_fd(fileno(f), 14000, &m, &err), 0);
	assert_true(m.partial && m.header_only);
	assert_string_equal(m.subject, "s");
	assert_string_equal(m.text, "");
	mail_in_clear(&m);
	rewind(f);
	assert_int_equal(mail_parse_fd(fileno(f), 20000, &m, &err), 0);
	assert_false(m.partial || m.header_only);
	assert_memory_equal(m.text, "stop\nmore", 9);
	mail_in_clear(&m);
	rewind(f);
	assert_int_equal(mail_parse_fd(fileno(f), 0, &m, &err), 0);
	assert_true(m.header_only);
	mail_in_clear(&m);
	fclose(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_reply), cmocka_unit_test(test_parts), cmocka_unit_test(test_html), cmocka_unit_test(test_members), cmocka_unit_test(test_mbox),
		cmocka_unit_test(test_broken), cmocka_unit_test(test_file) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
