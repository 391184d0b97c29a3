/* smtp_answer.c - what a server says, and what it is told: bytes to answers, a message to bytes. Input is hostile: nothing here grows with it. */
#include "net/smtp_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int
bad(struct smtp_answer *a, const char *why)
{
	snprintf(a->text, sizeof(a->text), "%s", why);
	return -1;
}

static void
add_words(struct smtp_answer *a, const char *s)
{
	size_t at = strlen(a->text);

	if (*s == '\0' || at + 2 >= sizeof(a->text))
		return;
	snprintf(a->text + at, sizeof(a->text) - at, "%s%s", at > 0 ? " " : "", s);
	for (char *p = a->text + at; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
}

/* A line is whole: "250-words", "250 words", "250". */
static int
take_line(struct smtp_answer *a)
{
	const char *s = a->line;
	int code = 0;

	a->line[a->n] = '\0';
	a->n = 0;
	for (int i = 0; i < 3; i++) {
		if (s[i] < '0' || s[i] > '9')
			return bad(a, "its answer is no SMTP");
		code = 10 * code + s[i] - '0';
	}
	if (code < 200 || code > 599 || (s[3] != '\0' && s[3] != ' ' && s[3] != '-'))
		return bad(a, "its answer is no SMTP");
	if (a->first != 0 && code != a->first)
		return bad(a, "its answer says two things at once");
	a->first = code;
	add_words(a, s[3] == '\0' ? "" : s + 4);
	if (s[3] == '-')
		return 0;
	a->code = code;
	return 1;
}

int
smtp_answer_add(struct smtp_answer *a, const char *s, size_t n, size_t *used)
{
	int r = 0;

	for (*used = 0; r == 0 && *used < n; ++*used) {
		char c = s[*used];

		if (++a->seen > SMTP_ANSWER_MAX)
			return bad(a, "its answer has no end");
		if (c == '\n')
			r = take_line(a);
		else if (c != '\r' && c != '\0' && a->n < sizeof(a->line) - 1)
			a->line[a->n++] = c;
	}
	return r;
}

static void
mechanisms(struct smtp_offer *o, const char *s)
{
	char *p = o->mechanisms;

	s += strspn(s, " =");
	snprintf(o->mechanisms, sizeof(o->mechanisms), "%.*s", (int)strcspn(s, "\r\n"), s);
	for (; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || (unsigned char)*p >= 0x7f)
			*p = ' ';
	o->auth = true;
}

void
smtp_offer_line(struct smtp_offer *o, const char *line)
{
	const char *s = line + 4;
	char *end;

	if (strncmp(line, "220", 3) == 0) { /* a greeting, or TLS begins: what was offered before counts no more */
		*o = (struct smtp_offer){ 0 };
		return;
	}
	if (strncmp(line, "250", 3) != 0 || (line[3] != ' ' && line[3] != '-'))
		return;
	if (strncasecmp(s, "PIPELINING", 10) == 0)
		o->pipelining = true;
	else if (strncasecmp(s, "SMTPUTF8", 8) == 0)
		o->utf8 = true;
	else if (strncasecmp(s, "8BITMIME", 8) == 0)
		o->eightbit = true;
	else if (strncasecmp(s, "SIZE", 4) == 0 && strchr(" \r\n", s[4]) != NULL) {
		o->size_known = true;
		o->size = s[4] == ' ' && s[5] >= '0' && s[5] <= '9' ? strtoull(s + 5, &end, 10) : 0;
	} else if (strncasecmp(s, "AUTH", 4) == 0 && (s[4] == ' ' || s[4] == '='))
		mechanisms(o, s + 4);
}

/* The CRs with which the n bytes begin; of CRs alone, one less. */
static size_t
leading(const char *s, size_t n)
{
	size_t i = 0;

	while (i + 1 < n && s[i] == '\r')
		i++;
	return i;
}

bool
smtp_wire(const char *data, size_t n, struct buf *out)
{
	const char *p = data, *end = data + n;
	bool eight = false;
	size_t len;

	for (const char *s = data; s < end; s++)
		eight = eight || (unsigned char)*s >= 0x80;
	buf_reserve(out, n + n / 32 + 16);
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		len = (size_t)((nl != NULL ? nl : end) - p);
		/* a CR that ends no line would be one to some servers, and let a text end itself ("smuggling"): they all go; also those before a dot that stands
		 * first without them */
		if (p[leading(p, len)] == '.')
			buf_putc(out, '.');
		for (size_t i = 0, run; i < len; i += run + (i + run < len)) {
			const char *cr = memchr(p + i, '\r', len - i);

			run = cr != NULL ? (size_t)(cr - p) - i : len - i;
			buf_add(out, p + i, run);
		}
		buf_add(out, "\r\n", 2);
		p += len + (nl != NULL);
	}
	buf_add(out, ".\r\n", 3);
	return eight;
}
