/* parse_defuse.c - what was built to exhaust a reader, made harmless before the reader sees it. */
#include "mail/parse_int.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"

#define GROUPS_MAX 100
#define COMMAS_MAX 500
#define FIELDS_MAX 1000                  /* in one header */
#define FIELDS_ALL 10000                 /* in the message with all its parts */
#define FIELD_LONG ((size_t)64 << 10)    /* bytes of one field */
#define TYPE_LONG ((size_t)8 << 10)      /* of one with parameters */
#define BOUNDARIES_MAX 64                /* different ones; with more of them, any line that begins with "--" counts */

struct boundary {
	const char *s;
	size_t n;
};

struct scan {
	bool head;             /* the line may be of a header */
	bool within;           /* this header says that a header follows behind it: message/rfc822 */
	bool digest;           /* somewhere is a multipart/digest, whose parts are messages without a word */
	bool address, type;    /* what field it is */
	bool any;              /* boundaries can't be told */
	size_t fields, all, length, colons, commas, parts;
	struct boundary list[BOUNDARIES_MAX];
	size_t n;
};

static bool
starts(const char *s, const char *end, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(end - s) >= n && strncasecmp(s, word, n) == 0;
}

/* The field's name, and blanks, and a colon: GMime takes that for "Name:". */
static bool
named(const char *s, const char *end, const char *name)
{
	if (!starts(s, end, name))
		return false;
	for (s += strlen(name); s < end && (*s == ' ' || *s == '\t');)
		s++;
	return s < end && *s == ':';
}

static bool
address_field(const char *s, const char *end)
{
	static const char *const names[] = { "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Resent-From", "Resent-Sender", "Resent-Reply-To",
		"Resent-To", "Resent-Cc", "Resent-Bcc", "Delivered-To", "X-Delivered-To", "X-Original-To", "Envelope-To" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (named(s, end, names[i]))
			return true;
	return false;
}

static void
keep_boundary(struct scan *x, const char *s, const char *end)
{
	struct boundary b;

	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	if (s == end || *s != '=') {
		x->any = true; /* boundary*0= */
		return;
	}
	do
		s++;
	while (s < end && (*s == ' ' || *s == '\t'));
	if (s < end && *s == '"')
		s++;
	b.s = s;
	while (s < end && strchr("\";\r\n \t", *s) == NULL)
		s++;
	b.n = (size_t)(s - b.s);
	if (b.n == 0 || x->n == BOUNDARIES_MAX)
		x->any = true;
	else
		x->list[x->n++] = b;
}

/* A line of Content-Type, or its continuation. */
static void
look_at_type(struct scan *x, const char *s, const char *end)
{
	for (; s < end; s++) {
		if ((*s | 0x20) == 'b' && starts(s, end, "boundary"))
			keep_boundary(x, s + 8, end);
		else if ((*s | 0x20) == 'm' && starts(s, end, "message"))
			x->within = true;
		else if ((*s | 0x20) == 'd' && starts(s, end, "digest"))
			x->digest = true;
	}
}

static bool
is_boundary(const struct scan *x, const char *s, const char *end)
{
	if (end - s < 2 || s[0] != '-' || s[1] != '-')
		return false;
	s += 2;
	for (size_t i = 0; i < x->n; i++)
		if ((size_t)(end - s) >= x->list[i].n && memcmp(s, x->list[i].s, x->list[i].n) == 0)
			return true;
	return x->any;
}

static void
field_line(struct scan *x, char *s, char *end)
{
	size_t most;

	/* one too many becomes a continuation of the one before, which costs nothing */
	if (*s != ' ' && *s != '\t' && (x->fields >= FIELDS_MAX || x->all >= FIELDS_ALL))
		*s = ' ';
	if (*s != ' ' && *s != '\t') {
		x->fields++;
		x->all++;
		x->address = address_field(s, end);
		x->type = starts(s, end, "Content-");
		x->length = x->colons = x->commas = 0;
	}
	if (x->type)
		look_at_type(x, s, end);
	most = x->type ? TYPE_LONG : FIELD_LONG;
	if (!x->address && x->length + (size_t)(end - s) <= most) {
		x->length += (size_t)(end - s);
		return;
	}
	for (; s < end; s++) {
		x->length++;
		x->colons += *s == ':';
		x->commas += *s == ',';
		if (*s != '\n' && *s != '\r' && (x->length > most || (x->address && (x->colons > GROUPS_MAX || x->commas > COMMAS_MAX))))
			*s = ' ';
	}
}

/*
 * GMime reads a group in a group in a group ("a:b:c:") by calling itself, and a megabyte of them ends the process; a megabyte of
 * "a,a,a," takes minutes; each field of a header is an object of half a kilobyte, each part of a message one of a whole.
 */
size_t
mail_defuse(char *s, size_t n)
{
	struct scan x = { .head = true };
	char *end = s + n, *next;

	for (char *line = s; line < end; line = next) {
		next = memchr(line, '\n', (size_t)(end - line));
		next = next != NULL ? next + 1 : end;
		if (is_boundary(&x, line, next)) {
			if (++x.parts > MAIL_PARTS_MAX)
				return (size_t)(line - s);
			x.head = true;
			x.within = false;
			x.fields = 0;
		} else if (*line == '\n' || (*line == '\r' && next - line == 2)) {
			x.head = x.head && (x.within || x.digest);
			x.within = false;
			x.fields = 0;
		} else if (x.head)
			field_line(&x, line, next);
	}
	return n;
}

/* A field that somebody asks for (parse.c). */
static bool
is_asked_for(const char *s, size_t n)
{
	static const char *const names[] = { "From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Sender",
		"Reply-To", "Return-Path", "Delivered-To", "Envelope-To", "X-Original-To", "X-Delivered-To", "Auto-Submitted", "Precedence", "List-Id",
		"List-Unsubscribe", "X-Auto-Response-Suppress", "X-Failed-Recipients", "X-Autoreply", "X-Autorespond", "X-Autoresponder",
		"X-Autoreply-From", "X-Mail-Autoreply", "X-Autogenerated", "X-Vacation" };

	if (n > 8 && strncasecmp(s, "Content-", 8) == 0)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (n > 0 && (names[i][0] | 0x20) == (s[0] | 0x20) && strncasecmp(s, names[i], n) == 0 && names[i][n] == '\0')
			return true;
	return false;
}

size_t
mail_thin(char *s, size_t n)
{
	size_t head = mail_header_end(s, n);
	struct buf kept = { 0 };
	bool keep = false;
	char *end = s + head, *next;

	for (char *line = s; line < end; line = next) {
		next = memchr(line, '\n', (size_t)(end - line));
		next = next != NULL ? next + 1 : end;
		if (*line == '\n' || *line == '\r')
			keep = true; /* the end of it */
		else if (*line != ' ' && *line != '\t') {
			char *colon = memchr(line, ':', (size_t)(next - line));
			size_t len = colon != NULL ? (size_t)(colon - line) : 0;

			while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\t'))
				len--;
			keep = is_asked_for(line, len);
		}
		if (keep)
			buf_add(&kept, line, (size_t)(next - line));
	}
	head -= kept.len;
	if (kept.len > 0)
		memcpy(s + head, kept.s, kept.len);
	buf_free(&kept);
	return head;
}
