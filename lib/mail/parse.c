#include "mail/parse.h"

#include <errno.h>
#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "mail/mime.h"

#define DEPTH_MAX 16
#define GROUPS_MAX 100
#define COMMAS_MAX 500
#define DATE_MAX INT64_C(253402300800) /* seconds: the year 10000 has no place in ISO 8601 */

static const char *const hint_names[] = { "person", "auto_reply", "automatic", "list", "report", "complaint" };

const char *
mail_hint_name(enum mail_hint h)
{
	return hint_names[h];
}

/* Whatever came, as valid UTF-8 of at most `max` bytes: control characters out (C1 too), and line breaks, unless `lines`, as blanks. */
static char *
clean(const char *s, size_t max, bool lines, bool *cut)
{
	char *valid = g_utf8_make_valid(s, -1), *p = valid;
	struct buf b = { 0 };

	for (; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		size_t n = (size_t)(g_utf8_next_char(p) - p);

		if (b.len + n > max) {
			if (cut != NULL)
				*cut = true;
			break;
		}
		if (c == '\r' && p[1] == '\n')
			continue;
		if (c == '\r' || c == '\n')
			buf_putc(&b, lines ? '\n' : ' ');
		else if (c == '\t')
			buf_putc(&b, lines ? '\t' : ' ');
		else if (c >= 0x20 && (c < 0x7f || c > 0x9f) && c != 0xfeff && (c & 0xfffe) != 0xfffe)
			buf_add(&b, p, n);
	}
	g_free(valid);
	return buf_steal(&b);
}

static char *
lower(char *s)
{
	for (char *p = s; s != NULL && *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p | 0x20);
	return s;
}

static void
add_addresses(struct mail_address **list, size_t *n, InternetAddressList *in, int depth)
{
	int len = in != NULL && depth < 4 ? internet_address_list_length(in) : 0;

	for (int i = 0; i < len && *n < MAIL_LIST_MAX; i++) {
		InternetAddress *a = internet_address_list_get_address(in, i);
		const char *name = internet_address_get_name(a), *addr;

		if (INTERNET_ADDRESS_IS_GROUP(a)) {
			add_addresses(list, n, internet_address_group_get_members((InternetAddressGroup *)a), depth + 1);
			continue;
		}
		addr = internet_address_mailbox_get_addr((InternetAddressMailbox *)a);
		if (addr == NULL || *addr == '\0')
			continue;
		*list = xrealloc(*list, (*n + 1) * sizeof(**list));
		(*list)[*n].name = name != NULL && *name != '\0' ? clean(name, MAIL_FIELD_MAX, false, NULL) : NULL;
		(*list)[*n].address = lower(clean(addr, MAIL_FIELD_MAX, false, NULL));
		(*n)++;
	}
}

/* A copy, or NULL: what has blanks or brackets inside is no id that we could ever have made or quote back. */
static char *
keep_id(const char *id)
{
	size_t n = id != NULL ? strlen(id) : 0;

	if (n == 0 || n > 900 || strpbrk(id, " \t\r\n<>") != NULL || !utf8_ok(id, n))
		return NULL;
	return xstrndup(id, n);
}

static char **
parse_ids(const char *value, size_t *n)
{
	GMimeReferences *refs = value != NULL ? g_mime_references_parse(NULL, value) : NULL;
	int len = refs != NULL ? g_mime_references_length(refs) : 0;
	/* of too many, the last ones are the nearest */
	int from = len > MAIL_LIST_MAX ? len - MAIL_LIST_MAX : 0;
	char **list = len > 0 ? xcalloc((size_t)(len - from), sizeof(*list)) : NULL, *id;

	*n = 0;
	for (int i = from; i < len; i++)
		if ((id = keep_id(g_mime_references_get_message_id(refs, i))) != NULL)
			list[(*n)++] = id;
	if (refs != NULL)
		g_mime_references_free(refs);
	return list;
}

static char *
field(GMimeObject *o, const char *name)
{
	const char *v = g_mime_object_get_header(o, name);

	return v != NULL ? clean(v, MAIL_FIELD_MAX, false, NULL) : NULL;
}

static char *
parse_return_path(GMimeObject *o)
{
	char *v = field(o, "Return-Path"), *s, *e, *r;

	if (v == NULL)
		return NULL;
	s = strchr(v, '<');
	s = s != NULL ? s + 1 : v + strspn(v, " ");
	e = strpbrk(s, "> ");
	r = lower(xstrndup(s, e != NULL ? (size_t)(e - s) : strlen(s)));
	free(v);
	return r;
}

static bool
from_daemon(const struct mail_in *m)
{
	static const char *const who[] = { "mailer-daemon@", "postmaster@" };

	for (size_t i = 0; m->nfrom > 0 && i < sizeof(who) / sizeof(who[0]); i++)
		if (strncmp(m->from[0].address, who[i], strlen(who[i])) == 0)
			return true;
	return m->return_path != NULL && m->return_path[0] == '\0';
}

static enum mail_hint
find_hint(GMimeObject *o, GMimeObject *body, const struct mail_in *m)
{
	GMimeContentType *type = body != NULL ? g_mime_object_get_content_type(body) : NULL;
	const char *report, *autoreply[] = { "X-Autoreply", "X-Autorespond", "X-Autoresponder" };
	char *precedence = lower(field(o, "Precedence"));
	enum mail_hint hint = MAIL_PERSON;

	if (type != NULL && g_mime_content_type_is_type(type, "multipart", "report")) {
		report = g_mime_content_type_get_parameter(type, "report-type");
		hint = report != NULL && strcasecmp(report, "feedback-report") == 0 ? MAIL_COMPLAINT : MAIL_REPORT;
	} else if (m->auto_submitted != NULL && strncmp(m->auto_submitted, "auto-replied", 12) == 0)
		hint = MAIL_AUTO_REPLY;
	else if (precedence != NULL && strcmp(precedence, "auto_reply") == 0)
		hint = MAIL_AUTO_REPLY;
	for (size_t i = 0; hint == MAIL_PERSON && i < sizeof(autoreply) / sizeof(autoreply[0]); i++)
		if (g_mime_object_get_header(o, autoreply[i]) != NULL)
			hint = MAIL_AUTO_REPLY;
	if (hint == MAIL_PERSON && (g_mime_object_get_header(o, "List-Id") != NULL || (precedence != NULL && strcmp(precedence, "list") == 0)))
		hint = MAIL_LIST;
	if (hint == MAIL_PERSON &&
	    ((m->auto_submitted != NULL && strcmp(m->auto_submitted, "no") != 0) ||
	        (precedence != NULL && (strcmp(precedence, "bulk") == 0 || strcmp(precedence, "junk") == 0)) || from_daemon(m)))
		hint = MAIL_AUTOMATIC;
	free(precedence);
	return hint;
}

/* The first part that a person would read as the message: text/plain, and in *html the first text/html. Forwarded messages
 * and attachments are not the sender's words. */
static GMimeTextPart *
find_text(GMimeObject *o, GMimeTextPart **html, int depth)
{
	GMimeTextPart *found = NULL;
	GMimeContentType *type;

	if (GMIME_IS_MULTIPART(o)) {
		int n = depth < DEPTH_MAX ? g_mime_multipart_get_count((GMimeMultipart *)o) : 0;

		for (int i = 0; found == NULL && i < n; i++)
			found = find_text(g_mime_multipart_get_part((GMimeMultipart *)o, i), html, depth + 1);
		return found;
	}
	if (!GMIME_IS_TEXT_PART(o) || g_mime_part_is_attachment((GMimePart *)o))
		return NULL;
	type = g_mime_object_get_content_type(o);
	if (g_mime_content_type_is_type(type, "text", "plain"))
		return (GMimeTextPart *)o;
	if (*html == NULL && g_mime_content_type_is_type(type, "text", "html"))
		*html = (GMimeTextPart *)o;
	return NULL;
}

static void
read_body(GMimeObject *body, struct mail_in *m)
{
	GMimeTextPart *html = NULL, *plain = body != NULL ? find_text(body, &html, 0) : NULL;
	char *s, *words;

	if (plain == NULL && html == NULL)
		return;
	s = g_mime_text_part_get_text(plain != NULL ? plain : html);
	if (s == NULL)
		return;
	free(m->text);
	if (plain != NULL)
		m->text = clean(s, MAIL_TEXT_MAX, true, &m->text_cut);
	else {
		words = mail_html_text(s, strlen(s));
		m->text = clean(words, MAIL_TEXT_MAX, true, &m->text_cut);
		m->text_from_html = true;
		free(words);
	}
	g_free(s);
}

static void
read_header(GMimeMessage *msg, struct mail_in *m)
{
	GMimeObject *o = (GMimeObject *)msg;
	const char *subject = g_mime_message_get_subject(msg);
	GDateTime *date = g_mime_message_get_date(msg);
	char **ids;
	size_t n;

	m->message_id = keep_id(g_mime_message_get_message_id(msg));
	ids = parse_ids(g_mime_object_get_header(o, "In-Reply-To"), &n);
	m->in_reply_to = n > 0 ? xstrdup(ids[0]) : NULL;
	for (size_t i = 0; i < n; i++)
		free(ids[i]);
	free(ids);
	m->references = parse_ids(g_mime_object_get_header(o, "References"), &m->nreferences);
	add_addresses(&m->from, &m->nfrom, g_mime_message_get_from(msg), 0);
	add_addresses(&m->to, &m->nto, g_mime_message_get_to(msg), 0);
	add_addresses(&m->cc, &m->ncc, g_mime_message_get_cc(msg), 0);
	m->subject = clean(subject != NULL ? subject : "", MAIL_FIELD_MAX, false, NULL);
	if (date != NULL) {
		gint64 t = g_date_time_to_unix(date);

		m->date = t > 0 && t < DATE_MAX ? t * 1000 : 0;
	}
	m->auto_submitted = lower(field(o, "Auto-Submitted"));
	m->return_path = parse_return_path(o);
}

/* Where the body begins: behind the first empty line. */
static size_t
header_end(const char *s, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++)
		if (s[i] == '\n' && (s[i + 1] == '\n' || (s[i + 1] == '\r' && i + 2 < n && s[i + 2] == '\n')))
			return i + 2;
	return n;
}

/* A megabyte of empty MIME parts is a hundred of objects. */
static bool
is_bomb(const char *s, size_t n)
{
	size_t parts = 0;

	for (const char *p = s, *end = s + n; (p = memchr(p, '\n', (size_t)(end - p))) != NULL;)
		if (++p + 1 < end && p[0] == '-' && p[1] == '-' && ++parts > MAIL_PARTS_MAX)
			return true;
	return false;
}

static bool
address_header(const char *s, const char *end)
{
	static const char *const names[] = { "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Resent-From", "Resent-Sender", "Resent-Reply-To",
		"Resent-To", "Resent-Cc", "Resent-Bcc" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t n = strlen(names[i]);

		if ((size_t)(end - s) > n && strncasecmp(s, names[i], n) == 0) {
			const char *p = s + n;

			while (p < end && (*p == ' ' || *p == '\t'))
				p++;
			if (p < end && *p == ':')
				return true;
		}
	}
	return false;
}

/*
 * GMime reads a group in a group in a group ("a:b:c:") by calling itself, and a megabyte of them ends the process; a megabyte of
 * "a,a,a," takes minutes.  Where there is too much of either, the rest of the address header is blanked, wherever one may stand: also in a
 * message within the message.
 */
static void
defuse(char *s, size_t n)
{
	char *end = s + n, *line, *next;
	size_t colons = 0, commas = 0;
	bool inside = false;

	for (line = s; line < end; line = next) {
		next = memchr(line, '\n', (size_t)(end - line));
		next = next != NULL ? next + 1 : end;
		if (*line != ' ' && *line != '\t') {
			inside = address_header(line, end);
			colons = commas = 0;
		}
		for (char *p = line; inside && p < next; p++) {
			colons += *p == ':';
			commas += *p == ',';
			if ((colons > GROUPS_MAX || commas > COMMAS_MAX) && *p != '\n' && *p != '\r')
				*p = ' ';
		}
	}
}

int
mail_parse(const char *bytes, size_t n, struct mail_in *m, struct lp_err *err)
{
	char *s = xstrndup(bytes, n);
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *msg;
	GMimeObject *body;

	*m = (struct mail_in){ 0 };
	mail_init();
	defuse(s, n);
	m->header_only = is_bomb(s, n);
	stream = g_mime_stream_mem_new_with_buffer(s, m->header_only ? header_end(s, n) : n);
	parser = g_mime_parser_new_with_stream(stream);
	msg = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	if (msg == NULL || g_mime_header_list_get_count(g_mime_object_get_header_list((GMimeObject *)msg)) == 0) {
		free(s);
		if (msg != NULL)
			g_object_unref(msg);
		return lp_fail(err, LP_DATA, "not a mail message");
	}
	read_header(msg, m);
	m->text = xstrdup("");
	body = m->header_only ? NULL : g_mime_message_get_mime_part(msg);
	read_body(body, m);
	m->hint = find_hint((GMimeObject *)msg, body, m);
	g_object_unref(msg);
	free(s); /* parts of the message were read out of it */
	return 0;
}

int
mail_parse_fd(int fd, size_t limit, struct mail_in *m, struct lp_err *err)
{
	struct buf b = { 0 };
	ssize_t n = 1;
	int r;

	while (b.len <= limit && n != 0) {
		buf_reserve(&b, 65536);
		n = read(fd, b.s + b.len, 65536);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			buf_free(&b);
			return lp_fail_errno(err, errno, "reading the message");
		}
		b.len += (size_t)n;
	}
	r = mail_parse(b.s, b.len < limit ? b.len : limit, m, err);
	if (r == 0)
		m->partial = b.len > limit;
	buf_free(&b);
	return r;
}

static void
free_addresses(struct mail_address *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(list[i].name);
		free(list[i].address);
	}
	free(list);
}

void
mail_in_clear(struct mail_in *m)
{
	for (size_t i = 0; i < m->nreferences; i++)
		free(m->references[i]);
	free(m->references);
	free_addresses(m->from, m->nfrom);
	free_addresses(m->to, m->nto);
	free_addresses(m->cc, m->ncc);
	free(m->message_id);
	free(m->in_reply_to);
	free(m->subject);
	free(m->auto_submitted);
	free(m->return_path);
	free(m->text);
	*m = (struct mail_in){ 0 };
}
