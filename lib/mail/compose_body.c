/*
 * compose_body.c - the MIME tree under the headers: the text alone, or with HTML beside it, or an invitation.
 *
 * An invitation (RFC 6047) goes twice: as the last alternative, with its method, where Gmail, Outlook and Apple Mail look
 * before they show buttons, and as an attached file for the programs that know calendars only by their files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "mail/compose_int.h"

#define LINE_MAX_7BIT 78 /* RFC 5322's "should": longer lines go as quoted-printable, so nobody wraps them for us */
#define METHOD_MAX 16    /* DECLINECOUNTER, the longest, has 14 */

static int
check_chars(const char *what, const char *s, struct lp_err *err)
{
	if (!utf8_ok(s, strlen(s)))
		return lp_fail(err, LP_DATA, "%s is not valid UTF-8", what);
	for (const char *p = s; *p != '\0'; p++)
		if (((unsigned char)*p < 0x20 && strchr("\t\n\r", *p) == NULL) || *p == 0x7f)
			return lp_fail(err, LP_DATA, "%s has a control character", what);
	return 0;
}

/* The calendar's own METHOD, upper case. False where it has none, or two. */
static bool
own_method(const char *cal, char out[METHOD_MAX])
{
	const char *p = strstr(cal, "\nMETHOD:");
	size_t n;

	if (p == NULL || strstr(p + 1, "\nMETHOD:") != NULL)
		return false;
	p += strlen("\nMETHOD:");
	n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	if (n == 0 || n >= METHOD_MAX || (p[n] != '\r' && p[n] != '\n'))
		return false;
	memcpy(out, p, n);
	out[n] = '\0';
	return true;
}

static int
check_calendar(const struct mail_out *m, struct lp_err *err)
{
	char method[METHOD_MAX];

	if (check_chars("the calendar", m->calendar, err) == -1)
		return -1;
	if (strncmp(m->calendar, "BEGIN:VCALENDAR", 15) != 0 || !own_method(m->calendar, method))
		return lp_fail(err, LP_DATA, "the calendar is not a VCALENDAR with one METHOD");
	if (m->calendar_method != NULL && strcmp(m->calendar_method, method) != 0)
		return lp_fail(err, LP_DATA, "the calendar's method is '%s', not '%s'", method, m->calendar_method);
	return 0;
}

int
mail_body_check(const struct mail_out *m, struct lp_err *err)
{
	if (m->text == NULL || m->text[strspn(m->text, " \t\r\n")] == '\0')
		return lp_fail(err, LP_DATA, "the message has no text");
	if (check_chars("the text", m->text, err) == -1 || (m->html != NULL && check_chars("the HTML text", m->html, err) == -1))
		return -1;
	if (m->calendar == NULL)
		return m->calendar_method == NULL ? 0 : lp_fail(err, LP_DATA, "a calendar method without a calendar");
	return check_calendar(m, err);
}

/* One kind of line end, and one at the end: the text is the caller's, its line ends are ours. */
static char *
normal_text(const char *s)
{
	struct buf b = { 0 };

	for (; *s != '\0'; s++) {
		if (*s == '\r') {
			if (s[1] != '\n')
				buf_putc(&b, '\n');
		} else
			buf_putc(&b, *s);
	}
	if (b.len == 0 || b.s[b.len - 1] != '\n')
		buf_putc(&b, '\n');
	return buf_steal(&b);
}

static bool
fits_7bit(const char *s)
{
	while (*s != '\0') {
		size_t n = strcspn(s, "\n");

		if (n > LINE_MAX_7BIT || strncmp(s, "From ", 5) == 0 || (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t')))
			return false; /* trailing blanks and "From " don't survive every mail system */
		for (size_t i = 0; i < n; i++)
			if ((unsigned char)s[i] >= 0x80)
				return false;
		s += n + (s[n] == '\n');
	}
	return true;
}

static GMimePart *
new_part(const char *type, const char *subtype, GMimeContentEncoding encoding, const char *bytes, size_t n)
{
	GMimePart *part = g_mime_part_new_with_type(type, subtype);
	GMimeStream *mem = g_mime_stream_mem_new_with_buffer(bytes, n);
	GMimeDataWrapper *data = g_mime_data_wrapper_new_with_stream(mem, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_part_set_content_encoding(part, encoding);
	g_mime_part_set_content(part, data);
	g_object_unref(data);
	g_object_unref(mem);
	return part;
}

static GMimeObject *
text_part(const char *subtype, const char *text)
{
	GMimePart *part = new_part("text", subtype,
	    fits_7bit(text) ? GMIME_CONTENT_ENCODING_7BIT : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE, text, strlen(text));

	g_mime_object_set_content_type_parameter((GMimeObject *)part, "charset", "utf-8");
	return (GMimeObject *)part;
}

/* Base64 shows its reader the bytes that it hides, so there the line ends must already be those of RFC 5545. */
static GMimeObject *
calendar_part(const char *text)
{
	char method[METHOD_MAX];
	struct buf crlf = { 0 };
	GMimePart *part;

	if (fits_7bit(text))
		part = new_part("text", "calendar", GMIME_CONTENT_ENCODING_7BIT, text, strlen(text));
	else {
		mail_crlf(text, strlen(text), &crlf);
		part = new_part("text", "calendar", GMIME_CONTENT_ENCODING_BASE64, crlf.s, crlf.len);
		buf_free(&crlf);
	}
	g_mime_object_set_content_type_parameter((GMimeObject *)part, "charset", "utf-8");
	if (own_method(text, method))
		g_mime_object_set_content_type_parameter((GMimeObject *)part, "method", method);
	return (GMimeObject *)part;
}

static GMimeObject *
calendar_file(const char *text)
{
	struct buf crlf = { 0 };
	GMimePart *part;

	mail_crlf(text, strlen(text), &crlf);
	part = new_part("application", "ics", GMIME_CONTENT_ENCODING_BASE64, crlf.s, crlf.len);
	buf_free(&crlf);
	g_mime_object_set_disposition((GMimeObject *)part, GMIME_DISPOSITION_ATTACHMENT);
	g_mime_part_set_filename(part, "invite.ics"); /* and the name parameter, for old readers */
	return (GMimeObject *)part;
}

/* The part goes to the multipart. */
static void
give(GMimeMultipart *multi, GMimeObject *part)
{
	g_mime_multipart_add(multi, part);
	g_object_unref(part);
}

/* A boundary that follows from the Message-ID and what it is for, and stands in no part. */
static void
make_boundary(const char *what, const char *id, const char *const texts[3], char out[40])
{
	unsigned char h[LP_HASH_SIZE];
	char hex[LP_HEX_SIZE];
	struct sha s;
	bool found;
	int n = 0;

	do {
		char num[16];

		snprintf(num, sizeof(num), "%d", n++);
		sha_init(&s);
		sha_field(&s, what);
		sha_field(&s, id);
		sha_field(&s, num);
		sha_end(&s, h);
		snprintf(out, 40, "lp-%.32s", lp_hex(h, hex));
		found = false;
		for (size_t i = 0; i < 3; i++)
			found = found || (texts[i] != NULL && strstr(texts[i], out) != NULL);
	} while (found);
}

static GMimeMultipart *
new_multipart(const char *subtype, const char *what, const char *id, const char *const texts[3])
{
	GMimeMultipart *multi = g_mime_multipart_new_with_subtype(subtype);
	char boundary[40];

	make_boundary(what, id, texts, boundary);
	g_mime_multipart_set_boundary(multi, boundary);
	return multi;
}

GMimeObject *
mail_body(const struct mail_out *m, const char *id)
{
	char *text = normal_text(m->text), *html = m->html != NULL ? normal_text(m->html) : NULL;
	char *cal = m->calendar != NULL ? normal_text(m->calendar) : NULL;
	const char *const texts[3] = { text, html, cal };
	GMimeObject *body = text_part("plain", text);
	GMimeMultipart *alt, *mixed;

	if (html != NULL || cal != NULL) {
		alt = new_multipart("alternative", "boundary", id, texts);
		give(alt, body);
		if (html != NULL)
			give(alt, text_part("html", html));
		if (cal != NULL)
			give(alt, calendar_part(cal));
		body = (GMimeObject *)alt;
	}
	if (cal != NULL) {
		mixed = new_multipart("mixed", "boundary of the whole", id, texts);
		give(mixed, body);
		give(mixed, calendar_file(cal));
		body = (GMimeObject *)mixed;
	}
	free(cal);
	free(html);
	free(text);
	return body;
}
