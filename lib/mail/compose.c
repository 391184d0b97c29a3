#include "mail/compose.h"

#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "base/normal.h"
#include "mail/compose_int.h"
#include "mail/header.h"
#include "mail/mime.h"
#include "mail/subject.h"

static bool
atext(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* UTF-8 in an atom: for servers that take such addresses (RFC 6531). */
static bool
utf8_text(const char *s)
{
	return (unsigned char)*s >= 0x80;
}

/* Atoms with single dots between them; *s ends behind them. */
static bool
dot_atom(const char **s)
{
	for (;;) {
		if (!atext(**s) && !utf8_text(*s))
			return false;
		while (atext(**s) || utf8_text(*s))
			(*s)++;
		if (**s != '.')
			return true;
		(*s)++;
	}
}

static bool
domain_ok(const char *s)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

	for (;;) {
		size_t n = strspn(s, set);

		if (n == 0 || n > 63 || s[0] == '-' || s[n - 1] == '-')
			return false;
		s += n;
		if (*s == '\0')
			return true;
		if (*s++ != '.')
			return false;
	}
}

bool
mail_address_ok(const char *s)
{
	const char *at = s;
	char *seen;
	bool same;

	if (s == NULL || strlen(s) > 254 || !utf8_ok(s, strlen(s)))
		return false;
	/* nothing that turns the text around or isn't seen */
	seen = normal_text(s);
	same = strcmp(seen, s) == 0;
	free(seen);
	if (!same || !dot_atom(&at) || *at != '@' || at - s > 64)
		return false;
	return domain_ok(at + 1) && (strchr(at, '.') != NULL || strcasecmp(at + 1, "localhost") == 0);
}

/* A Message-ID without its brackets, or NULL where it is none. The caller frees. */
static char *
bare_id(const char *id)
{
	size_t n = id != NULL ? strlen(id) : 0;
	const char *s;

	if (n >= 2 && id[0] == '<' && id[n - 1] == '>') {
		id++;
		n -= 2;
	}
	/* Others' ids are quoted back as they came: looser than ours, but never anything that could end the header or the id */
	if (n < 3 || n > 900 || memchr(id, '@', n) == NULL)
		return NULL;
	for (s = id; s < id + n; s++)
		if (*s <= ' ' || *s == 0x7f || *s == '<' || *s == '>')
			return NULL;
	return xstrndup(id, n);
}

static int
check_field(const char *what, const char *s, struct lp_err *err)
{
	if (s == NULL)
		return 0;
	for (const char *p = s; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return lp_fail(err, LP_DATA, "%s has a line break or control character", what);
	if (!utf8_ok(s, strlen(s)))
		return lp_fail(err, LP_DATA, "%s is not valid UTF-8", what);
	return 0;
}

static int
check_extra(const struct mail_header *h, struct lp_err *err)
{
	static const char *const ours[] = { "From", "To", "Cc", "Bcc", "Sender", "Reply-To", "Subject", "Date", "Message-ID",
		"In-Reply-To", "References", "MIME-Version", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted",
		"Return-Path", "Received", "DKIM-Signature" };

	for (; h != NULL && h->name != NULL; h++) {
		for (const char *p = h->name; *p != '\0'; p++)
			if (*p <= ' ' || *p >= 0x7f || *p == ':')
				return lp_fail(err, LP_DATA, "'%s' is not a header name", h->name);
		if (*h->name == '\0' || h->value == NULL)
			return lp_fail(err, LP_DATA, "an extra header lacks a name or a value");
		for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
			if (strcasecmp(h->name, ours[i]) == 0)
				return lp_fail(err, LP_DATA, "header '%s' can't be given by hand", h->name);
		if (strncasecmp(h->name, "Content-", 8) == 0)
			return lp_fail(err, LP_DATA, "header '%s' can't be given by hand", h->name);
		if (check_field(h->name, h->value, err) == -1)
			return -1;
	}
	return 0;
}

static int
check(const struct mail_out *m, struct lp_err *err)
{
	const struct {
		const char *what, *s;
	} fields[] = { { "from name", m->from_name }, { "from", m->from_address }, { "to name", m->to_name }, { "to", m->to_address },
		{ "reply-to", m->reply_to }, { "subject", m->subject }, { "unsubscribe link", m->unsubscribe_url },
		{ "unsubscribe address", m->unsubscribe_mailto } };

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (check_field(fields[i].what, fields[i].s, err) == -1)
			return -1;
	if (!mail_address_ok(m->from_address))
		return lp_fail(err, LP_DATA, "from: '%s' is not an address", m->from_address != NULL ? m->from_address : "");
	if (!mail_address_ok(m->to_address))
		return lp_fail(err, LP_DATA, "to: '%s' is not an address", m->to_address != NULL ? m->to_address : "");
	if (m->reply_to != NULL && !mail_address_ok(m->reply_to))
		return lp_fail(err, LP_DATA, "reply-to: '%s' is not an address", m->reply_to);
	if (m->subject == NULL || m->subject[strspn(m->subject, " ")] == '\0')
		return lp_fail(err, LP_DATA, "the message has no subject");
	if (m->in_reply_to == NULL && mail_says_reply(m->subject))
		return lp_fail(err, LP_DATA, "subject '%s' pretends to be a reply, and this is a first message", m->subject);
	if (m->unsubscribe_url != NULL &&
	    (strncasecmp(m->unsubscribe_url, "https://", 8) != 0 || strpbrk(m->unsubscribe_url, " <>,") != NULL))
		return lp_fail(err, LP_DATA, "unsubscribe link '%s' is not a plain https: link", m->unsubscribe_url);
	if (m->unsubscribe_mailto != NULL &&
	    (strncasecmp(m->unsubscribe_mailto, "mailto:", 7) != 0 || strpbrk(m->unsubscribe_mailto, " <>,") != NULL))
		return lp_fail(err, LP_DATA, "unsubscribe address '%s' is not a plain mailto: link", m->unsubscribe_mailto);
	if (mail_body_check(m, err) == -1)
		return -1;
	return check_extra(m->extra, err);
}

static void
add_date(struct buf *b, int64_t ms, int zone)
{
	static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int64_t t = ms + zone * LP_MINUTE, day = t / LP_DAY, rest = t % LP_DAY;
	int y, m, d, z = zone < 0 ? -zone : zone;

	if (rest < 0) {
		rest += LP_DAY;
		day--;
	}
	lp_civil_from_days(day, &y, &m, &d);
	buf_printf(b, "Date: %s, %02d %s %04d %02d:%02d:%02d %c%02d%02d\n", days[((day % 7) + 7) % 7], d, months[m - 1], y,
	    (int)(rest / LP_HOUR), (int)(rest / LP_MINUTE % 60), (int)(rest / LP_SECOND % 60), zone < 0 ? '-' : '+', z / 60, z % 60);
}

/* In-Reply-To and References: what the parent said, then the parent. */
static int
add_thread(struct buf *b, const struct mail_out *m, struct lp_err *err)
{
	char *parent = bare_id(m->in_reply_to), *id = NULL;
	struct buf refs = { 0 };
	int r = 0;

	if (parent == NULL)
		return lp_fail(err, LP_DATA, "in-reply-to: '%s' is not a Message-ID", m->in_reply_to);
	for (const char *const *p = m->references; r == 0 && p != NULL && *p != NULL; p++) {
		id = bare_id(*p);
		if (id == NULL)
			r = lp_fail(err, LP_DATA, "references: '%s' is not a Message-ID", *p);
		else if (strcmp(id, parent) != 0)
			buf_printf(&refs, "<%s> ", id);
		free(id);
	}
	if (r == 0) {
		buf_printf(&refs, "<%s>", parent);
		buf_printf(b, "In-Reply-To: <%s>\n", parent);
		header_words(b, "References", refs.s);
	}
	buf_free(&refs);
	free(parent);
	return r;
}

static int
add_headers(struct buf *b, const struct mail_out *m, const char *id, struct lp_err *err)
{
	const char *subject = m->subject + strspn(m->subject, " ");
	char *with_re;

	header_mailbox(b, "From", m->from_name, m->from_address);
	header_mailbox(b, "To", m->to_name, m->to_address);
	if (m->reply_to != NULL)
		header_mailbox(b, "Reply-To", NULL, m->reply_to);
	with_re = m->in_reply_to != NULL ? mail_answer_subject(subject) : xstrdup(subject);
	header_text(b, "Subject", with_re);
	free(with_re);
	add_date(b, m->date, m->zone);
	buf_printf(b, "Message-ID: <%s>\n", id);
	if (m->in_reply_to != NULL && add_thread(b, m, err) == -1)
		return -1;
	if (m->unsubscribe_url != NULL || m->unsubscribe_mailto != NULL) {
		bool both = m->unsubscribe_url != NULL && m->unsubscribe_mailto != NULL;
		char *list = xasprintf("%s%s%s%s%s%s%s", m->unsubscribe_url != NULL ? "<" : "",
		    m->unsubscribe_url != NULL ? m->unsubscribe_url : "", m->unsubscribe_url != NULL ? ">" : "", both ? ", " : "",
		    m->unsubscribe_mailto != NULL ? "<" : "", m->unsubscribe_mailto != NULL ? m->unsubscribe_mailto : "",
		    m->unsubscribe_mailto != NULL ? ">" : "");

		header_words(b, "List-Unsubscribe", list);
		free(list);
	}
	/* a promise about the https link alone: RFC 8058 forbids it without one */
	if (m->unsubscribe_url != NULL && m->one_click)
		buf_puts(b, "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n");
	if (m->automatic != MAIL_AUTO_NO)
		buf_printf(b, "Auto-Submitted: %s\n", m->automatic == MAIL_AUTO_REPLIED ? "auto-replied" : "auto-generated");
	for (const struct mail_header *h = m->extra; h != NULL && h->name != NULL; h++)
		header_text(b, h->name, h->value);
	return 0;
}

int
mail_compose(const struct mail_out *m, struct buf *out, struct lp_err *err)
{
	struct buf head = { 0 };
	GMimeObject *body;
	GMimeStream *stream;
	GByteArray *bytes;
	char *id;
	int r = -1;

	if (check(m, err) == -1)
		return -1;
	id = bare_id(m->message_id);
	if (id == NULL)
		return lp_fail(err, LP_DATA, "'%s' is not a Message-ID", m->message_id != NULL ? m->message_id : "");
	/* GMime writes the body and its Content-* headers; it encodes other headers by the locale's character set, so those are ours */
	if (add_headers(&head, m, id, err) == 0) {
		mail_init();
		body = mail_body(m, id);
		stream = g_mime_stream_mem_new();
		g_mime_object_write_to_stream(body, NULL, stream);
		bytes = g_mime_stream_mem_get_byte_array((GMimeStreamMem *)stream);
		buf_add(out, head.s, head.len);
		buf_puts(out, "MIME-Version: 1.0\n");
		buf_add(out, bytes->data, bytes->len);
		g_object_unref(stream);
		g_object_unref(body);
		r = 0;
	}
	buf_free(&head);
	free(id);
	return r;
}

void
mail_crlf(const char *s, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\r' && i + 1 < n && s[i + 1] == '\n')
			continue;
		if (s[i] == '\n' || s[i] == '\r')
			buf_add(out, "\r\n", 2);
		else
			buf_putc(out, s[i]);
	}
}
