#include "mail/parse_int.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "mail/mime.h"

#define DATE_MAX INT64_C(253402300800) /* seconds: the year 10000 has no place in ISO 8601 */

/* Of the bytes that stay as they are, whatever stands around them: how many are there at once, of at most so many? */
static size_t
plain_run(const char *s, size_t most)
{
	size_t n = 0;

	while (n < most && s[n] >= 0x20 && s[n] < 0x7f)
		n++;
	return n;
}

char *
mail_clean(const char *s, size_t max, bool lines, bool *cut)
{
	char *valid = g_utf8_validate(s, -1, NULL) ? NULL : g_utf8_make_valid(s, -1);
	struct buf b = { 0 };
	size_t n;

	for (const char *p = valid != NULL ? valid : s; *p != '\0'; p += n) {
		gunichar c = g_utf8_get_char(p);

		if ((n = plain_run(p, max - b.len)) > 0) {
			buf_add(&b, p, n);
			continue;
		}
		n = (size_t)(g_utf8_next_char(p) - p);
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

char *
mail_lower(char *s)
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
		(*list)[*n].name = name != NULL && *name != '\0' ? mail_clean(name, MAIL_FIELD_MAX, false, NULL) : NULL;
		(*list)[*n].address = mail_lower(mail_clean(addr, MAIL_FIELD_MAX, false, NULL));
		(*n)++;
	}
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

/* The addresses of every header of that name. */
static void
read_addresses(struct mail_address **list, size_t *n, GMimeObject *o, const char *name)
{
	GMimeHeaderList *headers = g_mime_object_get_header_list(o);
	InternetAddressList *in;
	char *value;

	for (int i = 0, count = g_mime_header_list_get_count(headers); i < count; i++) {
		GMimeHeader *h = g_mime_header_list_get_header_at(headers, i);

		if (strcasecmp(g_mime_header_get_name(h), name) != 0)
			continue;
		value = mail_reword(g_mime_header_get_raw_value(h));
		in = internet_address_list_parse(NULL, value);
		add_addresses(list, n, in, 0);
		if (in != NULL)
			g_object_unref(in);
		free(value);
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

	return v != NULL ? mail_clean(v, MAIL_FIELD_MAX, false, NULL) : NULL;
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
	r = mail_lower(xstrndup(s, e != NULL ? (size_t)(e - s) : strlen(s)));
	free(v);
	return r;
}

static char *
field_address(GMimeObject *o, const char *name)
{
	char *v = field(o, name), *r = NULL;
	InternetAddressList *in = v != NULL ? internet_address_list_parse(NULL, v) : NULL;
	struct mail_address *list = NULL;
	size_t n = 0;

	add_addresses(&list, &n, in, 0);
	if (n > 0)
		r = xstrdup(list[0].address);
	free_addresses(list, n);
	if (in != NULL)
		g_object_unref(in);
	free(v);
	return r;
}

/* The first of these headers that is there and names an address. */
static char *
first_address(GMimeObject *o, const char *const names[])
{
	char *a = NULL;

	for (; *names != NULL && a == NULL; names++)
		a = field_address(o, *names);
	return a;
}

static char *
find_autoreply(GMimeObject *o)
{
	static const char *const names[] = { "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Autoreply-From", "X-Mail-Autoreply",
		"X-Autogenerated", "X-Vacation" };
	char *v, *s;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((v = field(o, names[i])) != NULL) {
			s = mail_lower(xasprintf("%s: %s", names[i], v));
			free(v);
			return s;
		}
	return NULL;
}

/* Fields that are kept as they stand. */
static const struct {
	const char *name;
	size_t at;
} fields[] = { { "Auto-Submitted", offsetof(struct mail_in, auto_submitted) }, { "Precedence", offsetof(struct mail_in, precedence) },
	{ "List-Id", offsetof(struct mail_in, list_id) }, { "List-Unsubscribe", offsetof(struct mail_in, list_unsubscribe) },
	{ "X-Auto-Response-Suppress", offsetof(struct mail_in, auto_response_suppress) },
	{ "X-Failed-Recipients", offsetof(struct mail_in, failed_recipients) } };

static char **
field_at(struct mail_in *m, size_t i)
{
	return (char **)(void *)((char *)m + fields[i].at);
}

static void
read_type(GMimeObject *body, struct mail_in *m)
{
	GMimeContentType *type = body != NULL ? g_mime_object_get_content_type(body) : NULL;
	const char *report;
	char *s;

	if (type == NULL)
		return;
	s = g_mime_content_type_get_mime_type(type);
	m->content_type = mail_lower(mail_clean(s, MAIL_FIELD_MAX, false, NULL));
	g_free(s);
	if (g_mime_content_type_is_type(type, "multipart", "report") &&
	    (report = g_mime_content_type_get_parameter(type, "report-type")) != NULL)
		m->report_type = mail_lower(mail_clean(report, MAIL_FIELD_MAX, false, NULL));
}

static char *
read_subject(GMimeObject *o)
{
	GMimeHeader *h = g_mime_header_list_get_header(g_mime_object_get_header_list(o), "Subject");
	char *value, *decoded, *s;

	if (h == NULL)
		return xstrdup("");
	value = mail_reword(g_mime_header_get_raw_value(h));
	decoded = g_mime_utils_header_decode_text(NULL, value);
	s = mail_clean(g_strstrip(decoded), MAIL_FIELD_MAX, false, NULL);
	g_free(decoded);
	free(value);
	return s;
}

static void
read_header(GMimeMessage *msg, struct mail_in *m)
{
	static const char *const delivered[] = { "X-Original-To", "Envelope-To", "X-Delivered-To", "Delivered-To", NULL };
	GMimeObject *o = (GMimeObject *)msg;
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
	read_addresses(&m->from, &m->nfrom, o, "From");
	read_addresses(&m->to, &m->nto, o, "To");
	read_addresses(&m->cc, &m->ncc, o, "Cc");
	m->subject = read_subject(o);
	if (date != NULL) {
		gint64 t = g_date_time_to_unix(date);

		m->date = t > 0 && t < DATE_MAX ? t * 1000 : 0;
	}
	m->return_path = parse_return_path(o);
	m->reply_to = field_address(o, "Reply-To");
	m->sender = field_address(o, "Sender");
	m->delivered_to = first_address(o, delivered);
	m->x_autoreply = find_autoreply(o);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		*field_at(m, i) = mail_lower(field(o, fields[i].name));
}

/* Empty lines before the header are somebody's slip: a here-document, a web form. */
static size_t
leading_lines(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && (s[i] == '\n' || s[i] == '\r'))
		i++;
	return i;
}

size_t
mail_header_end(const char *s, size_t n)
{
	const char *end = s + n, *p = s + leading_lines(s, n);

	for (; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		if (end - p >= 2 && (p[1] == '\n' || (p[1] == '\r' && end - p >= 3 && p[2] == '\n')))
			return (size_t)(p - s) + 2;
	return n;
}

/* The stream reads out of s itself. */
static GMimeMessage *
construct(char *s, size_t n, GByteArray **array)
{
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *msg;

	mail_init();
	*array = g_byte_array_new_take((guint8 *)s, n);
	stream = g_mime_stream_mem_new_with_byte_array(*array);
	g_mime_stream_mem_set_owner((GMimeStreamMem *)stream, FALSE);
	parser = g_mime_parser_new_with_stream(stream);
	msg = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return msg;
}

static int
parse(char *s, size_t n, struct mail_in *m, struct lp_err *err)
{
	size_t blank = leading_lines(s, n), from = blank + mail_thin(s + blank, n - blank), good = mail_defuse(s + from, n - from);
	GByteArray *array;
	GMimeMessage *msg = construct(s + from, good, &array);
	GMimeObject *body;
	bool mail = msg != NULL && g_mime_header_list_get_count(g_mime_object_get_header_list((GMimeObject *)msg)) > 0;

	if (mail) {
		read_header(msg, m);
		m->text = xstrdup("");
		m->partial = m->header_only || from + good < n;
		body = g_mime_message_get_mime_part(msg);
		read_type(body, m);
		if (body != NULL && !m->header_only)
			mail_walk(body, m);
	}
	if (msg != NULL)
		g_object_unref(msg);
	g_byte_array_free(array, FALSE); /* s itself is the caller's */
	return mail ? 0 : lp_fail(err, LP_DATA, "not a mail message");
}

int
mail_parse_here(char *s, size_t n, struct mail_in *m, struct lp_err *err)
{
	*m = (struct mail_in){ 0 };
	return n > 0 ? parse(s, n, m, err) : lp_fail(err, LP_DATA, "not a mail message");
}

int
mail_parse(const char *bytes, size_t n, struct mail_in *m, struct lp_err *err)
{
	char *s = xmalloc(n + 1);
	int r;

	memcpy(s, bytes, n);
	r = mail_parse_here(s, n, m, err);
	free(s);
	return r;
}

int
mail_parse_fd(int fd, size_t limit, struct mail_in *m, struct lp_err *err)
{
	size_t most = limit > MAIL_HEAD_MAX ? limit : MAIL_HEAD_MAX;
	struct buf b = { 0 };
	ssize_t n = 1;
	int r;

	*m = (struct mail_in){ 0 };
	while (b.len <= most && n != 0) {
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
	m->header_only = b.len > limit;
	if (m->header_only)
		b.len = mail_header_end(b.s, b.len < MAIL_HEAD_MAX ? b.len : MAIL_HEAD_MAX);
	r = parse(b.s, b.len, m, err);
	buf_free(&b);
	return r;
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
	for (size_t i = 0; i < m->nparts; i++) {
		free(m->parts[i].filename);
		free(m->parts[i].type);
	}
	free(m->parts);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		free(*field_at(m, i));
	free(m->message_id);
	free(m->in_reply_to);
	free(m->subject);
	free(m->return_path);
	free(m->reply_to);
	free(m->sender);
	free(m->delivered_to);
	free(m->x_autoreply);
	free(m->content_type);
	free(m->text);
	free(m->html);
	free(m->report_type);
	free(m->report);
	free(m->original);
	free(m->calendar);
	free(m->calendar_method);
	*m = (struct mail_in){ 0 };
}
