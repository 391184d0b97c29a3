#include "campaign/template.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/normal.h"

enum part_kind { P_TEXT, P_FIELD, P_SPIN };

/* One piece of the text; a list of them is a sequence. */
struct part {
	enum part_kind kind;
	char *s;                /* P_TEXT: the text; P_FIELD: the name */
	char *fallback;         /* P_FIELD: NULL where there is none */
	struct part **alt;      /* P_SPIN: the alternatives; NULL is the empty one */
	size_t nalt, number;    /* number: the how-manieth group of the text, so that a choice doesn't hang on other choices */
	struct part *next;
};

struct template {
	struct part *first;
	struct template_use *uses;
	size_t nuses, nspins;
};

struct reader {
	const char *text, *at;
	const char *mark;       /* where mark_line and mark_col are: places are asked for in the text's order, mostly */
	int mark_line, mark_col;
	bool spintax;
	struct template *t;
	struct lp_err *err;
};

/* ---- places */

static void
place(struct reader *r, const char *at, int *line, int *col)
{
	if (r->mark == NULL || at < r->mark) {
		r->mark = r->text;
		r->mark_line = r->mark_col = 1;
	}
	for (; r->mark < at; r->mark++) {
		if (*r->mark == '\n') {
			r->mark_line++;
			r->mark_col = 1;
		} else if (((unsigned char)*r->mark & 0xc0) != 0x80)
			r->mark_col++;
	}
	*line = r->mark_line;
	*col = r->mark_col;
}

static int
fail_at(struct reader *r, const char *at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static int
fail_at(struct reader *r, const char *at, const char *fmt, ...)
{
	struct buf b = { 0 };
	int line, col;
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	place(r, at, &line, &col);
	lp_fail(r->err, LP_DATA, "%d:%d: %s", line, col, buf_str(&b));
	buf_free(&b);
	return -1;
}

/* ---- reading */

static void
parts_free(struct part *p)
{
	struct part *next;
	size_t i;

	for (; p != NULL; p = next) {
		next = p->next;
		for (i = 0; i < p->nalt; i++)
			parts_free(p->alt[i]);
		free(p->alt);
		free(p->s);
		free(p->fallback);
		free(p);
	}
}

/* *end is where the next part of the list goes. */
static void
append(struct part ***end, struct part *p)
{
	**end = p;
	*end = &p->next;
}

static void
flush_text(struct buf *text, struct part ***end)
{
	struct part *p;

	if (text->len == 0)
		return;
	p = xcalloc(1, sizeof(*p));
	p->kind = P_TEXT;
	p->s = buf_steal(text);
	append(end, p);
}

static char *
trimmed(const char *s, size_t n)
{
	while (n > 0 && strchr(" \t\r\n", s[0]) != NULL) {
		s++;
		n--;
	}
	while (n > 0 && strchr(" \t\r\n", s[n - 1]) != NULL)
		n--;
	return xstrndup(s, n);
}

/* A name may have blanks inside, as the columns of a list do, and anything but what has a meaning here. */
static bool
name_ok(const char *s)
{
	const unsigned char *p;

	if (strlen(s) > TEMPLATE_NAME_MAX)
		return false;
	for (p = (const unsigned char *)s; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f || strchr("<>\"\\$%#&;", *p) != NULL)
			return false;
	return true;
}

/* Is this "{{" a merge field: is the next brace after it "}}"? Else, with spintax, it is a group in a group. */
static const char *
field_end(const char *at)
{
	const char *p = at + 2 + strcspn(at + 2, "{}");

	return p[0] == '}' && p[1] == '}' ? p : NULL;
}

static int
read_field(struct reader *r, struct part ***end)
{
	const char *start = r->at, *close = field_end(start), *bar, *name_end;
	struct template *t = r->t;
	struct part *p;
	char *name;

	if (close == NULL)
		return fail_at(r, start, "'{{' without '}}'");
	bar = memchr(start + 2, '|', (size_t)(close - start - 2));
	name_end = bar != NULL ? bar : close;
	name = trimmed(start + 2, (size_t)(name_end - start - 2));
	if (name[0] == '\0' || !name_ok(name)) {
		fail_at(r, start, name[0] == '\0' ? "a merge field without a name" : "'%.80s' can't be the name of a merge field", name);
		free(name);
		return -1;
	}
	if (bar != NULL && memchr(bar + 1, '|', (size_t)(close - bar - 1)) != NULL) {
		free(name);
		return fail_at(r, bar, "a merge field has one fallback: a second '|'");
	}
	p = xcalloc(1, sizeof(*p));
	p->kind = P_FIELD;
	p->s = name;
	p->fallback = bar != NULL ? trimmed(bar + 1, (size_t)(close - bar - 1)) : NULL;
	append(end, p);
	if ((t->nuses & (t->nuses - 1)) == 0)
		t->uses = xrealloc(t->uses, (t->nuses > 0 ? 2 * t->nuses : 1) * sizeof(*t->uses));
	t->uses[t->nuses] = (struct template_use){ .field = name, .fallback = bar != NULL };
	place(r, start, &t->uses[t->nuses].line, &t->uses[t->nuses].col);
	t->nuses++;
	r->at = close + 2;
	return 0;
}

static int read_parts(struct reader *, struct part **first, int depth);

/* {a|b|c}: at the brace. */
static int
read_spin(struct reader *r, struct part ***end, int depth)
{
	const char *start = r->at;
	struct part *p = xcalloc(1, sizeof(*p));

	p->kind = P_SPIN;
	p->number = r->t->nspins++;
	append(end, p);
	if (depth >= TEMPLATE_DEPTH)
		return fail_at(r, start, "alternatives nested deeper than %d", TEMPLATE_DEPTH);
	do {
		r->at++; /* past { or | */
		if ((p->nalt & (p->nalt - 1)) == 0)
			p->alt = xrealloc(p->alt, (p->nalt > 0 ? 2 * p->nalt : 1) * sizeof(*p->alt));
		p->alt[p->nalt++] = NULL;
		if (read_parts(r, &p->alt[p->nalt - 1], depth + 1) == -1)
			return -1;
	} while (*r->at == '|');
	if (*r->at == '\0')
		return fail_at(r, start, "'{' without '}'");
	if (p->nalt < 2)
		return fail_at(r, start, "one alternative alone: alternatives are {a|b}, a merge field is {{name}}");
	r->at++;
	return 0;
}

/* {first_name}, where no alternatives are expected: a slip that would be sent as it stands. */
static bool
looks_like_field(const char *at)
{
	size_t n = strspn(at + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.- ");

	return n > 0 && strchr("0123456789.- ", at[1]) == NULL && at[1 + n] == '}';
}

/* What a backslash makes plain. */
static bool
escaped(const char *at)
{
	return at[0] == '\\' && at[1] != '\0' && strchr("{}|", at[1]) != NULL;
}

/* Until the end of the text, or, inside a group, until its next | or }. */
static int
read_parts(struct reader *r, struct part **first, int depth)
{
	struct part **end = first;
	struct buf text = { 0 };
	int rc = 0;

	while (rc == 0 && *r->at != '\0') {
		const char *p = r->at;

		if (escaped(p)) {
			buf_putc(&text, p[1]);
			r->at += 2;
		} else if (p[0] == '{' && p[1] == '{' && (!r->spintax || field_end(p) != NULL)) {
			flush_text(&text, &end);
			rc = read_field(r, &end);
		} else if (p[0] == '{' && r->spintax) {
			flush_text(&text, &end);
			rc = read_spin(r, &end, depth);
		} else if (depth > 0 && (p[0] == '|' || p[0] == '}'))
			break;
		else if (p[0] == '}' && (p[1] == '}' || r->spintax))
			rc = p[1] == '}' ? fail_at(r, p, "'}}' without '{{'") : fail_at(r, p, "'}' without '{' (a plain one is \\})");
		else if (p[0] == '{' && looks_like_field(p))
			rc = fail_at(r, p, "a merge field has two braces, {{name}} (a plain brace is \\{)");
		else
			buf_putc(&text, *r->at++);
	}
	if (rc == 0)
		flush_text(&text, &end);
	buf_free(&text);
	return rc;
}

struct template *
template_compile(const char *text, bool spintax, struct lp_err *err)
{
	struct reader r = { .text = text, .at = text, .spintax = spintax, .err = err };

	if (strlen(text) > TEMPLATE_MAX) {
		lp_fail(err, LP_DATA, "1:1: longer than %zu kB", TEMPLATE_MAX >> 10);
		return NULL;
	}
	r.t = xcalloc(1, sizeof(*r.t));
	if (read_parts(&r, &r.t->first, 0) == -1) {
		template_free(r.t);
		return NULL;
	}
	return r.t;
}

void
template_free(struct template *t)
{
	if (t == NULL)
		return;
	parts_free(t->first);
	free(t->uses);
	free(t);
}

size_t
template_uses(const struct template *t, const struct template_use **uses)
{
	*uses = t->uses;
	return t->nuses;
}

size_t
template_spins(const struct template *t)
{
	return t->nspins;
}

/* ---- rendering */

struct writer {
	template_lookup *lookup;
	void *ctx;
	const struct template_choice *choice;
	enum template_shape shape;
	struct buf *out, missing;
	size_t limit;           /* out->len may come up to it */
};

static void
miss(struct writer *w, const char *field)
{
	char *quoted;

	if (w->missing.len > 512) /* one line is enough to see what is wrong */
		return;
	quoted = xasprintf("'%s'", field);
	if (w->missing.len == 0 || strstr(buf_str(&w->missing), quoted) == NULL)
		buf_printf(&w->missing, "%s%s", w->missing.len > 0 ? ", " : "", quoted);
	free(quoted);
}

static bool
blank(const char *s)
{
	return s == NULL || s[strspn(s, " \t\r\n")] == '\0';
}

static void
write_field(struct writer *w, const struct part *p)
{
	const char *value = w->lookup(w->ctx, p->s);
	char *clean = NULL;

	if (!blank(value)) {
		clean = w->shape == TEMPLATE_LINE ? normal_text(value) : normal_block(value);
		if (blank(clean)) { /* nothing but invisible characters */
			free(clean);
			clean = NULL;
		}
	}
	if (clean != NULL)
		buf_puts(w->out, clean);
	else if (p->fallback != NULL)
		buf_puts(w->out, p->fallback);
	else
		miss(w, p->s);
	free(clean);
}

static size_t
chosen(const struct writer *w, const struct part *p)
{
	char *what = xasprintf("spin:%s:%zu", w->choice->what, p->number);
	uint64_t v = lp_seeded(w->choice->seed, what, w->choice->lead);

	free(what);
	return (size_t)(v % p->nalt);
}

static void
write_parts(struct writer *w, const struct part *p)
{
	for (; p != NULL && w->out->len <= w->limit; p = p->next)
		switch (p->kind) {
		case P_TEXT:
			buf_puts(w->out, p->s);
			break;
		case P_FIELD:
			write_field(w, p);
			break;
		case P_SPIN:
			write_parts(w, p->alt[chosen(w, p)]);
			break;
		}
}

int
template_render(const struct template *t, template_lookup *lookup, void *ctx, const struct template_choice *choice,
    enum template_shape shape, struct buf *out, struct lp_err *err)
{
	struct writer w = { .lookup = lookup, .ctx = ctx, .choice = choice, .shape = shape, .out = out, .limit = out->len + TEMPLATE_MAX };
	size_t before = out->len;
	int rc = 0;

	write_parts(&w, t->first);
	if (w.missing.len > 0)
		rc = lp_fail(err, LP_DATA, "no value and no fallback for %s", buf_str(&w.missing));
	else if (out->len > w.limit)
		rc = lp_fail(err, LP_DATA, "the text is longer than %zu kB", TEMPLATE_MAX >> 10);
	buf_free(&w.missing);
	if (rc == -1 && out->s != NULL) {
		out->len = before;
		out->s[before] = '\0';
	}
	return rc;
}

size_t
template_pick(const struct template_choice *choice, const int64_t *weights, size_t n)
{
	uint64_t total = 0, at;
	char *what;
	size_t i;

	for (i = 0; i < n; i++)
		total += (uint64_t)weights[i];
	if (total == 0)
		return 0;
	what = xasprintf("variant:%s", choice->what);
	at = lp_seeded(choice->seed, what, choice->lead) % total;
	free(what);
	for (i = 0; at >= (uint64_t)weights[i]; i++)
		at -= (uint64_t)weights[i];
	return i;
}
