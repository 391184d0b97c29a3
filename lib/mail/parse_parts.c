/* parse_parts.c - the MIME tree of a message: what a person reads of it, what is attached, what is for machines. */
#include "mail/parse_int.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "mail/flowed.h"
#include "mail/html.h"

#define DEPTH_MAX 16
#define SOURCE_MAX ((size_t)512 << 10) /* bytes of a text part that are looked at, as they came */

/* What a part that may be either shall give. */
enum want {
	ANY,
	PLAIN,
	HTML
};

struct walk {
	struct mail_in *m;
	struct buf text;
	bool named;            /* a part with a file's name may be the text, where nothing else is */
	bool html;             /* some of it came from HTML */
	size_t source;         /* bytes of HTML that were read for it */
};

static bool
type_is(GMimeObject *o, const char *type, const char *subtype)
{
	return g_mime_content_type_is_type(g_mime_object_get_content_type(o), type, subtype);
}

static const char *
parameter(GMimeObject *o, const char *name)
{
	return g_mime_content_type_get_parameter(g_mime_object_get_content_type(o), name);
}

static bool
parameter_is(GMimeObject *o, const char *name, const char *word)
{
	const char *s = parameter(o, name);

	return s != NULL && strcasecmp(s, word) == 0;
}

/* The first `most` bytes of a part as it came, decoded. The caller unrefs. */
static GByteArray *
content(GMimeObject *o, size_t most)
{
	GMimeDataWrapper *whole = g_mime_part_get_content((GMimePart *)o), *part;
	GByteArray *bytes = g_byte_array_new();
	GMimeStream *in, *from, *out;
	gint64 end;

	if (whole == NULL || (in = g_mime_data_wrapper_get_stream(whole)) == NULL)
		return bytes;
	end = in->bound_end == -1 || in->bound_end - in->bound_start > (gint64)most ? in->bound_start + (gint64)most : in->bound_end;
	from = g_mime_stream_substream(in, in->bound_start, end);
	part = g_mime_data_wrapper_new_with_stream(from, g_mime_data_wrapper_get_encoding(whole));
	out = g_mime_stream_mem_new_with_byte_array(bytes);
	g_mime_stream_mem_set_owner((GMimeStreamMem *)out, FALSE);
	g_mime_data_wrapper_write_to_stream(part, out);
	g_object_unref(out);
	g_object_unref(part);
	g_object_unref(from);
	return bytes;
}

/* The charset that HTML itself declares, where its header doesn't. */
static char *
html_charset(const char *s, size_t n)
{
	char *head = g_ascii_strdown(s, (gssize)(n < 2048 ? n : 2048)), *p = strstr(head, "charset="), *name = NULL;

	if (p != NULL) {
		p += 8;
		p += strspn(p, "\"' ");
		name = xstrndup(p, strcspn(p, "\"' />;"));
	}
	g_free(head);
	return name;
}

/* A text part as UTF-8, at most `most` bytes of its source looked at; *cut where there was more. */
static char *
part_text(GMimeObject *o, size_t most, bool *cut)
{
	GByteArray *bytes = content(o, most);
	const char *charset = parameter(o, "charset");
	const char *data = bytes->data != NULL ? (char *)bytes->data : "";
	char *own = charset == NULL && type_is(o, "text", "html") ? html_charset(data, bytes->len) : NULL;
	char *s = mail_utf8(data, bytes->len, charset != NULL ? charset : own);
	GMimeStream *in = g_mime_data_wrapper_get_stream(g_mime_part_get_content((GMimePart *)o));

	if (cut != NULL && in != NULL && (in->bound_end == -1 || in->bound_end - in->bound_start > (gint64)most))
		*cut = true;
	free(own);
	g_byte_array_unref(bytes);
	return s;
}

/* The same, cleaned, or NULL where there is nothing. */
static char *
kept_text(GMimeObject *o, size_t most, bool *cut)
{
	char *s, *kept;

	if (!GMIME_IS_PART(o) || g_mime_part_get_content((GMimePart *)o) == NULL)
		return NULL;
	s = part_text(o, 4 * most < SOURCE_MAX ? 4 * most : SOURCE_MAX, cut);
	kept = mail_clean(s, most, true, cut);
	free(s);
	return kept;
}

static bool
is_file(GMimeObject *o)
{
	const char *name = GMIME_IS_PART(o) ? g_mime_part_get_filename((GMimePart *)o) : NULL;

	return (name != NULL && *name != '\0') || (GMIME_IS_PART(o) && g_mime_part_is_attachment((GMimePart *)o));
}

static bool
is_blank(const char *s)
{
	for (; *s != '\0'; s = g_utf8_next_char(s))
		if (!g_unichar_isspace(g_utf8_get_char(s)) && !g_unichar_iszerowidth(g_utf8_get_char(s)))
			return false;
	return true;
}

/* One more piece of the text, on a line of its own. Blank pieces count as none. */
static bool
add_text(struct walk *w, const char *s)
{
	size_t room = MAIL_TEXT_MAX - w->text.len;
	char *piece;

	if (room < 2) {
		w->m->text_cut = true;
		return true;
	}
	piece = mail_clean(s, w->text.len > 0 ? room - 2 : room, true, &w->m->text_cut);
	if (is_blank(piece)) {
		free(piece);
		return false;
	}
	if (w->text.len > 0 && w->text.s[w->text.len - 1] != '\n')
		buf_putc(&w->text, '\n');
	if (w->text.len > 0)
		buf_putc(&w->text, '\n');
	buf_puts(&w->text, piece);
	free(piece);
	return true;
}

static bool
add_part(struct walk *w, GMimeObject *o, enum want want)
{
	bool plain = type_is(o, "text", "plain"), html = type_is(o, "text", "html"), done;
	char *s, *words;

	if ((w->named ? g_mime_part_is_attachment((GMimePart *)o) : is_file(o)) || w->source > 2 * SOURCE_MAX || !((plain && want != HTML) || (html && want != PLAIN)) || g_mime_part_get_content((GMimePart *)o) == NULL)
		return false;
	s = part_text(o, plain ? 4 * MAIL_TEXT_MAX : SOURCE_MAX, &w->m->text_cut);
	if (html)
		w->source += strlen(s);
	words = html ? mail_html_text(s, strlen(s)) : parameter_is(o, "format", "flowed") ? mail_unflow(s, parameter_is(o, "delsp", "yes")) : NULL;
	if (words != NULL) {
		free(s);
		s = words;
	}
	done = add_text(w, s);
	w->html = w->html || (done && html);
	free(s);
	return done;
}

static bool
add_loose(struct walk *w, const char *bytes)
{
	char *s = mail_utf8(bytes, strnlen(bytes, 4 * MAIL_TEXT_MAX), NULL);
	bool done = add_text(w, s);

	free(s);
	return done;
}

/* What the sender's mail program would show as the message: forwarded messages and attachments are not the sender's words. True where there
 * was something. */
static bool
add_body(struct walk *w, GMimeObject *o, enum want want, int depth)
{
	GMimeMultipart *multi = (GMimeMultipart *)o;
	int n = 0;
	bool some = false, first;

	if (GMIME_IS_PART(o))
		return add_part(w, o, want);
	if (!GMIME_IS_MULTIPART(o) || depth >= DEPTH_MAX || type_is(o, "multipart", "encrypted") || type_is(o, "multipart", "digest"))
		return false;
	n = g_mime_multipart_get_count(multi);
	if (n == 0 && g_mime_multipart_get_prologue(multi) != NULL) /* no boundary was named, or none is there */
		return want != HTML && add_loose(w, g_mime_multipart_get_prologue(multi));
	if (type_is(o, "multipart", "alternative") && want == ANY)
		return add_body(w, o, PLAIN, depth) || add_body(w, o, HTML, depth);
	/* of these only one part is to be read: the first that can be */
	first = type_is(o, "multipart", "alternative") || type_is(o, "multipart", "related");
	if ((type_is(o, "multipart", "report") || type_is(o, "multipart", "signed")) && n > 1)
		n = 1;
	for (int i = 0; i < n && !(first && some); i++)
		some = add_body(w, g_mime_multipart_get_part(multi, i), want, depth + 1) || some;
	return some;
}

static size_t
count_base64(const char *s, size_t n)
{
	size_t chars = 0;

	for (size_t i = 0; i < n; i++)
		chars += (unsigned char)s[i] > ' ' && s[i] != '=';
	return chars / 4 * 3 + (chars % 4 > 1 ? chars % 4 - 1 : 0);
}

static size_t
count_quoted(const char *s, size_t n)
{
	size_t bytes = 0;

	for (size_t i = 0; i < n; i++, bytes++)
		if (s[i] == '=' && i + 1 < n && (s[i + 1] == '\n' || s[i + 1] == '\r')) {
			i += s[i + 1] == '\r' && i + 2 < n && s[i + 2] == '\n' ? 2 : 1;
			bytes--;
		} else if (s[i] == '=' && i + 2 < n)
			i += 2;
	return bytes;
}

static size_t
message_size(GMimeMessagePart *o)
{
	GMimeMessage *inner = g_mime_message_part_get_message(o);
	GMimeStream *nowhere = g_mime_stream_null_new();
	gssize n = inner != NULL ? g_mime_object_write_to_stream((GMimeObject *)inner, NULL, nowhere) : 0;

	g_object_unref(nowhere);
	return n > 0 ? (size_t)n : 0;
}

/* How large it is once decoded, without decoding it. */
static size_t
part_size(GMimeObject *o)
{
	GMimeDataWrapper *whole = GMIME_IS_PART(o) ? g_mime_part_get_content((GMimePart *)o) : NULL;
	GMimeStream *in = whole != NULL ? g_mime_data_wrapper_get_stream(whole) : NULL;
	GByteArray *all = in != NULL && GMIME_IS_STREAM_MEM(in) ? g_mime_stream_mem_get_byte_array((GMimeStreamMem *)in) : NULL;
	const char *s;
	size_t n;

	if (GMIME_IS_MESSAGE_PART(o))
		return message_size((GMimeMessagePart *)o);
	if (all == NULL || in->bound_start > (gint64)all->len)
		return 0;
	s = (const char *)all->data + in->bound_start;
	n = (in->bound_end == -1 || in->bound_end > (gint64)all->len ? all->len : (size_t)in->bound_end) - (size_t)in->bound_start;
	switch (g_mime_data_wrapper_get_encoding(whole)) {
	case GMIME_CONTENT_ENCODING_BASE64:
		return count_base64(s, n);
	case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
		return count_quoted(s, n);
	case GMIME_CONTENT_ENCODING_UUENCODE:
		return n / 62 * 45;
	default:
		return n;
	}
}

/* Of "C:\a\b.pdf" and "/a/b.pdf" the last. */
static char *
file_name(GMimeObject *o)
{
	GMimeContentDisposition *d = g_mime_object_get_content_disposition(o);
	const char *name = GMIME_IS_PART(o) ? g_mime_part_get_filename((GMimePart *)o)
	                   : d != NULL     ? g_mime_content_disposition_get_parameter(d, "filename")
	                                   : NULL;

	if (name == NULL && (name = parameter(o, "name")) == NULL)
		return NULL;
	for (const char *p; (p = strpbrk(name, "/\\")) != NULL;)
		name = p + 1;
	return *name != '\0' ? mail_clean(name, 255, false, NULL) : NULL;
}

static void
list_part(struct mail_in *m, GMimeObject *o)
{
	char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(o));
	struct mail_part *p;

	if (m->nparts < MAIL_LIST_MAX) {
		m->parts = xrealloc(m->parts, (m->nparts + 1) * sizeof(*m->parts));
		p = &m->parts[m->nparts++];
		p->filename = file_name(o);
		p->type = mail_lower(mail_clean(type, 200, false, NULL));
		p->size = part_size(o);
	}
	g_free(type);
}

/* A line folded in the middle of a character is whole again before anybody reads characters. */
static void
unfold(GByteArray *a)
{
	guint8 *out = a->data;

	for (guint i = 0; i < a->len; i++) {
		guint j = a->data[i] == '\r' ? i + 1 : i;

		if (j + 1 < a->len && a->data[j] == '\n' && (a->data[j + 1] == ' ' || a->data[j + 1] == '\t'))
			i = j + 1;
		else
			*out++ = a->data[i];
	}
	g_byte_array_set_size(a, (guint)(out - a->data));
}

static void
keep_calendar(struct mail_in *m, GMimeObject *o)
{
	const char *method = parameter(o, "method"), *charset = parameter(o, "charset"), *p;
	GByteArray *bytes = content(o, 2 * MAIL_TEXT_MAX);
	bool cut = false;
	char *s;

	if (bytes->len > 0)
		unfold(bytes);
	s = mail_utf8(bytes->len > 0 ? (char *)bytes->data : "", bytes->len, charset);
	g_byte_array_unref(bytes);
	m->calendar = mail_clean(s, MAIL_TEXT_MAX, true, &cut);
	free(s);
	if (cut) {
		free(m->calendar);
		m->calendar = NULL;
	}
	if (method != NULL)
		m->calendar_method = mail_clean(method, 40, false, NULL);
	else if (m->calendar != NULL && (p = strstr(m->calendar, "\nMETHOD:")) != NULL)
		m->calendar_method = xstrndup(p + 8, strcspn(p + 8, "\n"));
	for (char *q = m->calendar_method; q != NULL && *q != '\0'; q++)
		*q = g_ascii_toupper(*q);
}

static bool
is_report(GMimeObject *o)
{
	return type_is(o, "message", "delivery-status") || type_is(o, "message", "global-delivery-status") ||
	       type_is(o, "message", "feedback-report") || type_is(o, "message", "disposition-notification");
}

static void
keep_original(struct mail_in *m, GMimeObject *o)
{
	GMimeMessage *inner = GMIME_IS_MESSAGE_PART(o) ? g_mime_message_part_get_message((GMimeMessagePart *)o) : NULL;
	char *s;

	if (m->original != NULL)
		return;
	if (inner == NULL) {
		m->original = kept_text(o, MAIL_TEXT_MAX, NULL);
		return;
	}
	s = g_mime_object_get_headers((GMimeObject *)inner, NULL);
	m->original = mail_clean(s, MAIL_TEXT_MAX, true, NULL);
	g_free(s);
}

/* What a part is inside of, at any depth; `choice`: is itself one of several forms of the same. */
struct inside {
	bool report, related, choice;
};

static void
look_at_part(struct mail_in *m, GMimeObject *o, const struct inside *in)
{
	bool calendar = type_is(o, "text", "calendar") || type_is(o, "application", "ics"), file = is_file(o);

	if (GMIME_IS_MESSAGE_PART(o) || type_is(o, "text", "rfc822-headers") || type_is(o, "message", "global-headers")) {
		keep_original(m, o);
		if (!in->report)
			list_part(m, o);
		return;
	}
	if (is_report(o)) {
		if (m->report == NULL)
			m->report = kept_text(o, MAIL_TEXT_MAX, NULL);
		return;
	}
	if (calendar && m->calendar == NULL && m->calendar_method == NULL)
		keep_calendar(m, o);
	if (m->html == NULL && !file && type_is(o, "text", "html"))
		m->html = kept_text(o, MAIL_HTML_MAX, NULL);
	if (in->related && g_mime_object_get_content_id(o) != NULL && !(GMIME_IS_PART(o) && g_mime_part_is_attachment((GMimePart *)o)))
		return;
	if (file || !(in->choice || calendar || type_is(o, "text", "plain") || type_is(o, "text", "html")))
		list_part(m, o);
}

static void
look(struct mail_in *m, GMimeObject *o, const struct inside *in, int depth)
{
	GMimeMultipart *multi = (GMimeMultipart *)o;
	struct inside here = *in;
	int n;

	if (!GMIME_IS_MULTIPART(o)) {
		look_at_part(m, o, in);
		return;
	}
	here.report = in->report || type_is(o, "multipart", "report");
	here.related = in->related || type_is(o, "multipart", "related");
	here.choice = type_is(o, "multipart", "alternative");
	n = g_mime_multipart_get_count(multi);
	if (type_is(o, "multipart", "signed") && n > 1)
		n = 1; /* the signature is nothing that was sent along */
	for (int i = 0; depth < DEPTH_MAX && i < n; i++)
		look(m, g_mime_multipart_get_part(multi, i), &here, depth + 1);
}

void
mail_walk(GMimeObject *body, struct mail_in *m)
{
	struct walk w = { .m = m };

	if (!add_body(&w, body, ANY, 0)) {
		w.named = true; /* some gateways name the text "message.txt" */
		add_body(&w, body, ANY, 0);
	}
	if (w.text.len > 0) {
		free(m->text);
		m->text = buf_steal(&w.text);
	}
	m->text_from_html = w.html;
	look(m, body, &(struct inside){ 0 }, 0);
}
