#include "mail/reply.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/reply_int.h"

size_t
next_full(const struct reply *r, size_t i)
{
	while (i < r->n && r->l[i].len == 0)
		i++;
	return i;
}

/* A no-break space counts as a blank. */
static size_t
blank(const char *s, const char *end)
{
	if (s < end && (*s == ' ' || *s == '\t' || *s == '\r'))
		return 1;
	return end - s >= 2 && s[0] == '\xc2' && s[1] == '\xa0' ? 2 : 0;
}

static struct line
trim(const char *s, const char *end)
{
	struct line l = { s, 0, false, false };
	size_t n;

	while ((n = blank(s, end)) > 0)
		s += n;
	while (end > s && (blank(end - 1, end) == 1 || (end - s >= 2 && blank(end - 2, end) == 2)))
		end -= blank(end - 1, end) == 1 ? 1 : 2;
	l.s = s;
	l.len = (uint32_t)(end - s);
	l.quoted = s < end && *s == '>';
	return l;
}

/* Yahoo on a phone goes on in the line: "On Monday, Ada <ada@acme.example> wrote:   Hi Bob,". Behind the colon, or `end`. */
static const char *
second_half(const char *s, const char *end)
{
	const char *colon = end - s > 30 && end - s < 1000 && *s != '>' ? memchr(s, '>', (size_t)(end - s)) : NULL;

	for (; colon != NULL && colon + 2 < end; colon++)
		if (colon[0] == ':' && colon[1] == ' ' && (colon[2] == ' ' || colon[2] == '\xc2'))
			return colon + 1;
	return end;
}

static void
split(const char *text, struct reply *r)
{
	size_t n = 0;

	for (const char *p = text; *p != '\0'; p++)
		n += *p == '\n' || *p == ':';
	r->l = xcalloc(n + 1, sizeof(*r->l));
	r->n = 0;
	for (const char *s = text; *s != '\0';) {
		const char *end = s + strcspn(s, "\n"), *half = second_half(s, end);

		r->l[r->n++] = trim(s, half);
		if (half < end)
			r->l[r->n++] = trim(half, end);
		s = *end == '\n' ? end + 1 : end;
	}
}

static char *
join(const struct reply *r)
{
	struct buf b = { 0 };
	bool gap = false;

	for (size_t i = 0; i < r->n; i++) {
		const struct line *l = &r->l[i];

		if (l->drop || l->len == 0) {
			gap = true; /* what is taken out parts what stands around it */
			continue;
		}
		if (gap && b.len > 0)
			buf_putc(&b, '\n');
		gap = false;
		buf_add(&b, l->s, l->len);
		buf_putc(&b, '\n');
	}
	return buf_steal(&b);
}

/* As good as nothing else was written: what stands before the first quotation, signature or not. */
static char *
before_quote(struct reply *r)
{
	for (size_t i = 0; i < r->n; i++)
		r->l[i].drop = false;
	quote_cut(r);
	for (size_t i = 0; i < r->n; i++)
		if (r->l[i].quoted)
			r->n = i;
	footers_off(r);
	return join(r);
}

char *
mail_reply_text(const char *text)
{
	struct reply r;
	size_t all;
	char *s;

	split(text, &r);
	all = r.n;
	quote_cut(&r);
	sign_off(&r);
	s = join(&r);
	if (*s == '\0') {
		free(s);
		r.n = all;
		s = before_quote(&r);
	}
	free(r.l);
	return s;
}
