#include "calendar/ics.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#define PARAMS_MAX 8192

static void
add(struct ics *x, size_t *cap, struct ics_line l)
{
	if (x->n == *cap) {
		*cap = *cap != 0 ? 2 * *cap : 64;
		x->line = xrealloc(x->line, *cap * sizeof(*x->line));
	}
	x->line[x->n++] = l;
}

/* The end of a content line's name and parameters; NULL where no colon ends them. Quotation marks hide one. */
static char *
colon_of(char *s)
{
	bool quoted = false;

	for (; *s != '\0'; s++) {
		if (*s == '"')
			quoted = !quoted;
		else if (*s == ':' && !quoted)
			return s;
	}
	return NULL;
}

static bool
cut(char *s, int no, struct ics_line *l)
{
	char *colon = colon_of(s), *semicolon;

	if (colon == NULL)
		colon = strchr(s, ':'); /* a quotation mark that never ends */
	if (colon == NULL || colon == s)
		return false;
	*colon = '\0';
	*l = (struct ics_line){ .name = s, .params = colon, .value = colon + 1, .no = no };
	if ((semicolon = strchr(s, ';')) != NULL) {
		*semicolon = '\0';
		l->params = semicolon + 1;
	}
	for (char *p = s; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p -= 'a' - 'A';
	return true;
}

/* In place: a line end before a blank is no line end (RFC 5545, 3.1). */
static void
unfold(struct ics *x)
{
	char *in = x->text, *out = x->text, *start;
	struct ics_line l;
	size_t cap = 0;
	int no = 1, first;

	while (*in != '\0') {
		start = out;
		first = no;
		for (; *in != '\0'; in++) {
			if (*in == '\r' && (in[1] == '\n' || in[1] == '\r' || in[1] == '\0'))
				continue;
			if (*in != '\n') {
				*out++ = *in;
				continue;
			}
			no++;
			if (in[1] != ' ' && in[1] != '\t') {
				in++;
				break;
			}
			in++; /* the blank goes as well */
		}
		*out++ = '\0'; /* never ahead of `in`: a line end was read, or this is the end */
		if (cut(start, first, &l))
			add(x, &cap, l);
	}
}

/* Parameters are looked through again for each value of a line; and what is dropped could be what decides. */
static int
check_params(const struct ics *x, struct lp_err *err)
{
	for (size_t i = 0; i < x->n; i++)
		if (strlen(x->line[i].params) > PARAMS_MAX)
			return lp_fail(err, LP_DATA, "line %d: '%.40s' has parameters of more than %d bytes", x->line[i].no, x->line[i].name, PARAMS_MAX);
	return 0;
}

static int
check_tree(const struct ics *x, struct lp_err *err)
{
	size_t open[ICS_DEPTH], depth = 0;

	for (size_t i = 0; i < x->n; i++) {
		const struct ics_line *l = &x->line[i];

		if (strcmp(l->name, "BEGIN") == 0) {
			if (depth == ICS_DEPTH)
				return lp_fail(err, LP_DATA, "line %d: components nested deeper than %d", l->no, ICS_DEPTH);
			if (depth == 0 && strcasecmp(l->value, "VCALENDAR") != 0)
				return lp_fail(err, LP_DATA, "line %d: '%.40s' outside of a VCALENDAR", l->no, l->value);
			open[depth++] = i;
		} else if (strcmp(l->name, "END") == 0) {
			if (depth == 0 || strcasecmp(x->line[open[depth - 1]].value, l->value) != 0)
				return lp_fail(err, LP_DATA, "line %d: the end of a '%.40s' that is not open", l->no, l->value);
			depth--;
		} else if (depth == 0)
			return lp_fail(err, LP_DATA, "line %d: '%.40s' outside of a VCALENDAR: not an iCalendar file", l->no, l->name);
	}
	if (depth > 0)
		return lp_fail(err, LP_DATA, "line %d: the '%.40s' that begins here has no end: the file was cut off", x->line[open[depth - 1]].no,
		    x->line[open[depth - 1]].value);
	return x->n > 0 ? 0 : lp_fail(err, LP_DATA, "line 1: no VCALENDAR: not an iCalendar file");
}

int
ics_lex(const char *s, size_t n, struct ics *x, struct lp_err *err)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t k = 0;

	*x = (struct ics){ 0 };
	if (n >= 3 && memcmp(s, mark, 3) == 0) {
		s += 3;
		n -= 3;
	}
	x->text = xmalloc(n + 1);
	for (size_t i = 0; i < n; i++)
		x->text[k++] = s[i] != '\0' ? s[i] : '?';
	x->text[k] = '\0';
	unfold(x);
	return check_params(x, err) == -1 || check_tree(x, err) == -1 ? -1 : 0;
}

void
ics_clear(struct ics *x)
{
	free(x->line);
	free(x->text);
	*x = (struct ics){ 0 };
}

bool
ics_is(const struct ics_line *l, const char *name, const char *value)
{
	return strcmp(l->name, name) == 0 && (value == NULL || strcasecmp(l->value, value) == 0);
}

bool
ics_param(const struct ics_line *l, const char *name, char *out, size_t size)
{
	size_t n = strlen(name), len;
	const char *p = l->params;

	*out = '\0';
	while (*p != '\0') {
		bool match = strncasecmp(p, name, n) == 0 && p[n] == '=';
		const char *v = p + strcspn(p, "=;");

		if (*v == '=')
			v++;
		if (*v == '"') {
			len = strcspn(++v, "\"");
			p = v + len + (v[len] == '"');
		} else {
			len = strcspn(v, ";,");
			p = v + len;
		}
		if (match) {
			if (len >= size)
				return false;
			memcpy(out, v, len);
			out[len] = '\0';
			return true;
		}
		p += strcspn(p, ";");
		p += *p == ';';
	}
	return false;
}

size_t
ics_end(const struct ics *x, size_t i)
{
	size_t depth = 0;

	for (; i < x->n; i++) {
		if (strcmp(x->line[i].name, "BEGIN") == 0)
			depth++;
		else if (strcmp(x->line[i].name, "END") == 0 && --depth == 0)
			break;
	}
	return i;
}
