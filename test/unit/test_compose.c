#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <gmime/gmime.h>

#include "mail/compose.h"
#include "mail/parse.h"

#define NOV22 INT64_C(1795338000000) /* 2026-11-22T09:00:00Z, a Sunday */

static struct mail_out
first(void)
{
	return (struct mail_out){ .from_name = "Ada Park", .from_address = "ada@acme.example", .to_address = "bob@globex.example",
		.subject = "A question", .text = "Hi Bob,\n\nhow are you?\n", .message_id = "abc123@acme.example", .date = NOV22 };
}

static char *
made(const struct mail_out *m)
{
	struct buf b = { 0 };
	struct lp_err err = { 0 };

	if (mail_compose(m, &b, &err) == -1)
		fail_msg("%s", err.msg);
	return buf_steal(&b);
}

static void
refused(const struct mail_out *m, const char *why)
{
	struct buf b = { 0 };
	struct lp_err err = { 0 };

	assert_int_equal(mail_compose(m, &b, &err), -1);
	assert_int_equal(err.kind, LP_DATA);
	if (strstr(err.msg, why) == NULL)
		fail_msg("'%s' has no '%s'", err.msg, why);
	assert_int_equal(b.len, 0);
	buf_free(&b);
}

static void
test_first(void **state)
{
	struct mail_out m = first();
	char *s = made(&m);

	(void)state;
	assert_string_equal(s,
	    "From: Ada Park <ada@acme.example>\n"
	    "To: bob@globex.example\n"
	    "Subject: A question\n"
	    "Date: Sun, 22 Nov 2026 09:00:00 +0000\n"
	    "Message-ID: <abc123@acme.example>\n"
	    "MIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: 7bit\n"
	    "\n"
	    "Hi Bob,\n\nhow are you?\n");
	free(s);
}

static void
test_followup(void **state)
{
	static const char *const refs[] = { "<one@acme.example>", "two@acme.example", NULL };
	struct mail_out m = first();
	char *s;

	(void)state;
	m.in_reply_to = "two@acme.example";
	m.references = refs;
	m.zone = -330;
	s = made(&m);
	assert_non_null(strstr(s, "\nSubject: Re: A question\n"));
	assert_non_null(strstr(s, "\nDate: Sun, 22 Nov 2026 03:30:00 -0530\n"));
	assert_non_null(strstr(s, "\nIn-Reply-To: <two@acme.example>\nReferences: <one@acme.example> <two@acme.example>\n"));
	assert_null(strstr(s, "Auto-Submitted"));
	free(s);
	m.subject = "Re: A question"; /* not twice */
	m.automatic = MAIL_AUTO_REPLIED;
	s = made(&m);
	assert_non_null(strstr(s, "\nSubject: Re: A question\n"));
	assert_non_null(strstr(s, "\nAuto-Submitted: auto-replied\n"));
	free(s);
}

static void
test_refused(void **state)
{
	static const struct mail_header from[] = { { "from", "x@y.example" }, { NULL, NULL } }, cut[] = { { "X-A", "a\nBcc: b" }, { NULL, NULL } },
	    name[] = { { "X A", "a" }, { NULL, NULL } };
	struct mail_out m;

	(void)state;
#define CASE(field, value, why) (m = first(), m.field = (value), refused(&m, (why)))
	CASE(subject, "Hi\r\nBcc: all@globex.example", "subject has a line break");
	CASE(subject, "Hi\nthere", "subject has a line break");
	CASE(subject, "  ", "no subject");
	CASE(subject, NULL, "no subject");
	CASE(subject, "Re: our call", "pretends to be a reply");
	CASE(subject, "FWD: our call", "pretends to be a reply");
	CASE(subject, "caf\xe9", "UTF-8");
	CASE(from_name, "Ada\r", "from name has a line break");
	CASE(to_name, "a\nb", "to name has a line break");
	CASE(to_address, "bob@globex.example, eve@evil.example", "to: ");
	CASE(to_address, "bob@globex.example\nBcc: x@y.example", "to has a line break");
	CASE(to_address, "bob", "to: ");
	CASE(to_address, "bob@@globex.example", "to: ");
	CASE(to_address, "<bob@globex.example>", "to: ");
	CASE(to_address, "bob@-globex.example", "to: ");
	CASE(to_address, "bob@globex..example", "to: ");
	CASE(to_address, NULL, "to: ");
	CASE(reply_to, "x", "reply-to");
	CASE(message_id, "no-domain", "Message-ID");
	CASE(message_id, "a@b\nX: y", "Message-ID");
	CASE(message_id, NULL, "Message-ID");
	CASE(in_reply_to, "a b@c", "in-reply-to");
	CASE(text, " \n\t\n", "no text");
	CASE(text, "a\x01", "control");
	CASE(text, "\xff", "UTF-8");
	CASE(unsubscribe_url, "http://acme.example/u", "https");
	CASE(unsubscribe_url, "https://acme.example/u>, <mailto:x", "https");
	CASE(unsubscribe_mailto, "out@acme.example", "mailto");
	CASE(calendar, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "one METHOD");
	CASE(calendar, "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n", "one METHOD");
	CASE(calendar, "BEGIN:VCALENDAR\r\nMETHOD:REQUEST; x=y\r\nEND:VCALENDAR\r\n", "one METHOD");
	CASE(calendar, "METHOD:REQUEST\r\n", "one METHOD");
	CASE(calendar, "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:\x01\r\n", "the calendar has a control character");
	CASE(calendar, "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:\xff\r\n", "the calendar is not valid UTF-8");
	CASE(calendar_method, "REQUEST", "without a calendar");
	m = first();
	m.calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n";
	m.calendar_method = "CANCEL";
	refused(&m, "is 'REQUEST', not 'CANCEL'");
	CASE(extra, from, "by hand");
	CASE(extra, cut, "line break");
	CASE(extra, name, "header name");
#undef CASE
}

/* Each header stands once, whatever was asked for; what went in encoded comes out the same. */
static void
test_unicode(void **state)
{
	static const char *const subjects[] = { "Grüße aus Köln: wie läuft es mit den Rücksendungen bei Müller & Söhne, und überhaupt?",
		"返品の処理について伺いたいことがございます、少しお時間をいただけますでしょうか、よろしくお願いいたします", "=?utf-8?q?raw?= isn't encoded",
		"😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀", "two  blanks and a long line of plain words that has to be folded somewhere in its middle, twice  over",
		"ends in a blank " };
	struct lp_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
		struct mail_out m = first();
		struct mail_in in;
		char *s;

		m.subject = subjects[i];
		m.from_name = i % 2 == 0 ? "Zoë, \"the\" Müller" : "Park, Ada (Acme)";
		m.to_name = "Боб Петров";
		s = made(&m);
		for (char *p = s, *e; *p != '\n'; p = e + 1) {
			e = strchr(p, '\n');
			assert_true(e - p <= 78);
			for (; p < e; p++)
				assert_true((unsigned char)*p < 0x80);
		}
		assert_int_equal(mail_parse(s, strlen(s), &in, &err), 0);
		if (i != 5) /* a blank at the end is nobody's */
			assert_string_equal(in.subject, subjects[i]);
		assert_string_equal(in.from[0].name, m.from_name);
		assert_string_equal(in.to[0].name, m.to_name);
		assert_string_equal(in.to[0].address, "bob@globex.example");
		assert_string_equal(in.message_id, "abc123@acme.example");
		assert_int_equal(in.date, NOV22);
		mail_in_clear(&in);
		free(s);
	}
}

static void
test_bodies(void **state)
{
	static const char *const texts[] = { "Zoë\nsays  \nFrom here\n.\nend", "plain\n", "a line that is so long that it can't go as it is, for it has more than seventy-eight columns in it\n",
		"crlf\r\nlines\r\n", "=3D and\ttabs\t\n" };
	struct lp_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (int html = 0; html < 2; html++) {
			struct mail_out m = first();
			struct mail_in in;
			struct buf want = { 0 };
			char *s, *again;

			m.text = texts[i];
			m.html = html ? "<p>Zoë</p>" : NULL;
			s = made(&m);
			again = made(&m);
			assert_string_equal(s, again); /* the same bytes, boundary and all */
			assert_null(strchr(s, '\r'));
			for (char *p = s; *p != '\0'; p += strcspn(p, "\n"), p += *p == '\n')
				assert_true(strcspn(p, "\n") <= 78);
			assert_int_equal(mail_parse(s, strlen(s), &in, &err), 0);
			for (const char *p = texts[i]; *p != '\0'; p++)
				if (*p != '\r')
					buf_putc(&want, *p);
			if (want.s[want.len - 1] != '\n')
				buf_putc(&want, '\n');
			assert_string_equal(in.text, want.s);
			assert_int_equal(html, strstr(s, "multipart/alternative") != NULL);
			mail_in_clear(&in);
			buf_free(&want);
			free(s);
			free(again);
		}
}

#define CAL(summary) \
	"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:u1\r\nSUMMARY:" summary "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

static void
add_leaf(GMimeObject *parent, GMimeObject *o, gpointer into)
{
	struct buf *b = into;
	GMimeContentType *t = g_mime_object_get_content_type(o);

	(void)parent;
	if (GMIME_IS_MULTIPART(o))
		buf_printf(b, "[%s]", t->subtype);
	else
		buf_printf(b, " %s/%s,%s,%s", t->type, t->subtype,
		    g_mime_content_type_get_parameter(t, "method") != NULL ? g_mime_content_type_get_parameter(t, "method") : "",
		    g_mime_content_encoding_to_string(g_mime_part_get_content_encoding((GMimePart *)o)));
}

/* The tree as another reader sees it, and the file's bytes. */
static void
look(const char *s, struct buf *tree, struct buf *file)
{
	GMimeStream *mem = g_mime_stream_mem_new_with_buffer(s, strlen(s)), *out = g_mime_stream_mem_new();
	GMimeParser *parser = g_mime_parser_new_with_stream(mem);
	GMimeMessage *msg = g_mime_parser_construct_message(parser, NULL);
	GMimeObject *top = g_mime_message_get_mime_part(msg), *last;
	GByteArray *bytes;

	add_leaf(NULL, top, tree);
	g_mime_multipart_foreach((GMimeMultipart *)top, add_leaf, tree);
	last = g_mime_multipart_get_part((GMimeMultipart *)top, 1);
	assert_string_equal(g_mime_part_get_filename((GMimePart *)last), "invite.ics");
	assert_true(g_mime_part_is_attachment((GMimePart *)last));
	g_mime_data_wrapper_write_to_stream(g_mime_part_get_content((GMimePart *)last), out);
	bytes = g_mime_stream_mem_get_byte_array((GMimeStreamMem *)out);
	buf_add(file, bytes->data, bytes->len);
	g_object_unref(msg);
	g_object_unref(parser);
	g_object_unref(out);
	g_object_unref(mem);
}

/* An invitation stands as the last alternative, with its method, and again as a file, with the line ends of RFC 5545. */
static void
test_calendar(void **state)
{
	static const struct {
		const char *cal, *html, *tree;
	} cases[] = {
		{ CAL("Call"), NULL, "[mixed][alternative] text/plain,,7bit text/calendar,REQUEST,7bit application/ics,,base64" },
		{ CAL("Grüße"), NULL, "[mixed][alternative] text/plain,,7bit text/calendar,REQUEST,base64 application/ics,,base64" },
		{ CAL("Call"), "<p>Hi</p>",
		    "[mixed][alternative] text/plain,,7bit text/html,,7bit text/calendar,REQUEST,7bit application/ics,,base64" },
	};
	struct lp_err err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf tree = { 0 }, file = { 0 };
		struct mail_out m = first();
		struct mail_in in;
		char *s, *again, *one, *two;

		m.calendar = cases[i].cal;
		m.calendar_method = i == 0 ? NULL : "REQUEST";
		m.html = cases[i].html;
		s = made(&m);
		again = made(&m);
		assert_string_equal(s, again);
		assert_null(strchr(s, '\r'));
		one = strstr(s, "boundary=");
		assert_non_null(one);
		two = strstr(one + 1, "boundary=");
		assert_non_null(two);
		assert_int_not_equal(strncmp(one, two, 40), 0);
		assert_int_equal(mail_parse(s, strlen(s), &in, &err), 0);
		assert_string_equal(in.text, m.text);
		assert_string_equal(in.calendar_method, "REQUEST");
		assert_non_null(strstr(in.calendar, i == 1 ? "\nSUMMARY:Grüße\n" : "\nSUMMARY:Call\n"));
		assert_int_equal(in.nparts, 1);
		assert_string_equal(in.parts[0].filename, "invite.ics");
		look(s, &tree, &file);
		assert_string_equal(tree.s, cases[i].tree);
		assert_string_equal(file.s, cases[i].cal);
		mail_in_clear(&in);
		buf_free(&tree);
		buf_free(&file);
		free(again);
		free(s);
	}
}

static void
test_unsubscribe(void **state)
{
	struct mail_out m = first();
	char *s;

	(void)state;
	m.unsubscribe_mailto = "mailto:out@acme.example?subject=unsubscribe";
	s = made(&m);
	assert_non_null(strstr(s, "\nList-Unsubscribe: <mailto:out@acme.example?subject=unsubscribe>\n"));
	assert_null(strstr(s, "-Post"));
	free(s);
	m.unsubscribe_url = "https://acme.example/u/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789";
	m.one_click = true;
	s = made(&m);
	/* the link is never cut or encoded */
	assert_non_null(strstr(s, "0123456789>,\n <mailto:out@acme.example?subject=unsubscribe>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n"));
	free(s);
}

static void
test_crlf(void **state)
{
	struct buf b = { 0 };

	(void)state;
	mail_crlf("a\nb\r\nc\rd\n", 9, &b);
	assert_string_equal(b.s, "a\r\nb\r\nc\r\nd\r\n");
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_first), cmocka_unit_test(test_followup), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_unicode), cmocka_unit_test(test_bodies), cmocka_unit_test(test_calendar), cmocka_unit_test(test_unsubscribe),
		cmocka_unit_test(test_crlf) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
