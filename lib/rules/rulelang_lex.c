/*
 * Words, quoted text, brackets. A word is anything without white space, quotes, brackets and commas.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "rules/rulelang_int.h"

static const char ends_word[] = " \t\r\n()[],\"'";

void
lex_init(struct lex *l, const char *text, struct lp_err *err)
{
	*l = (struct lex){ .text = text, .p = text, .at = text, .err = err };
}

void
lex_free(struct lex *l)
{
	buf_free(&l->word);
}

int
lex_fail(const struct lex *l, const char *fmt, ...)
{
	const char *p;
	char what[768];
	size_t column = 1;
	va_list ap;

	for (p = l->text; p < l->at; p++)
		column += ((unsigned char)*p & 0xc0) != 0x80;
	va_start(ap, fmt);
	if (vsnprintf(what, sizeof(what), fmt, ap) < 0)
		what[0] = '\0';
	va_end(ap);
	return lp_fail(l->err, LP_DATA, "column %zu: %s", column, what);
}

/* "..." is a JSON string; '...' has no escapes. */
static int
quoted(struct lex *l)
{
	char quote = *l->at;
	const char *end;
	cJSON *s;

	for (end = l->at + 1; *end != '\0' && *end != quote; end++)
		if (quote == '"' && *end == '\\' && end[1] != '\0')
			end++;
	if (*end == '\0')
		return lex_fail(l, "no closing quote");
	l->tok = T_TEXT;
	l->p = end + 1;
	if (quote == '\'') {
		buf_add(&l->word, l->at + 1, (size_t)(end - l->at - 1));
		return 0;
	}
	if ((s = json_parse(l->at, (size_t)(l->p - l->at), NULL)) == NULL || !cJSON_IsString(s)) {
		cJSON_Delete(s);
		return lex_fail(l, "text in double quotes is as in JSON: \\\" \\\\ \\n \\t");
	}
	buf_puts(&l->word, s->valuestring);
	cJSON_Delete(s);
	return 0;
}

int
lex_next(struct lex *l)
{
	static const struct {
		char c;
		enum tok tok;
	} single[] = { { '(', T_OPEN }, { ')', T_CLOSE }, { '[', T_LIST }, { ']', T_LISTEND }, { ',', T_COMMA } };
	size_t i, n;

	buf_reset(&l->word);
	l->at = l->p + strspn(l->p, " \t\r\n");
	l->p = l->at;
	if (*l->at == '\0') {
		l->tok = T_END;
		return 0;
	}
	if (*l->at == '"' || *l->at == '\'')
		return quoted(l);
	for (i = 0; i < sizeof(single) / sizeof(single[0]); i++)
		if (*l->at == single[i].c) {
			l->tok = single[i].tok;
			l->p = l->at + 1;
			return 0;
		}
	n = strcspn(l->at, ends_word);
	l->tok = T_WORD;
	buf_add(&l->word, l->at, n);
	l->p = l->at + n;
	return 0;
}

bool
lex_is(const struct lex *l, const char *word)
{
	return l->tok == T_WORD && strcmp(buf_str(&l->word), word) == 0;
}

const char *
lex_found(const struct lex *l)
{
	static char out[96];
	size_t n = (size_t)(l->p - l->at);

	if (l->tok == T_END)
		return "the end";
	if (n > 80)
		for (n = 80; ((unsigned char)l->at[n] & 0xc0) == 0x80; n--)
			;
	if (snprintf(out, sizeof(out), "'%.*s'", (int)n, l->at) < 0)
		return "something";
	return out;
}

bool
word_number(const char *s)
{
	const char *p = s + (*s == '-');
	size_t n;

	/* as JSON has them: what 007 or 1. means is for its writer to say */
	n = strspn(p, "0123456789");
	if (n == 0 || (n > 1 && *p == '0'))
		return false;
	p += n;
	if (*p == '.') {
		if ((n = strspn(++p, "0123456789")) == 0)
			return false;
		p += n;
	}
	if (*p == 'e' || *p == 'E') {
		p++;
		p += *p == '+' || *p == '-';
		if ((n = strspn(p, "0123456789")) == 0)
			return false;
		p += n;
	}
	return *p == '\0' && strlen(s) < 40 && isfinite(strtod(s, NULL));
}

bool
word_plain(const char *s, bool as_value)
{
	static const char *const keywords[] = { "and", "or", "not", "true", "false", "null", "until" };
	const char *p;
	size_t i;

	if (*s == '\0' || s[strcspn(s, ends_word)] != '\0' || !utf8_ok(s, strlen(s)))
		return false;
	for (p = s; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	for (i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (strcmp(s, keywords[i]) == 0)
			return false;
	/* what could be read as a number or a named list is quoted, and so stays text */
	return !as_value || (*s != '$' && !word_number(s));
}

void
word_add(struct buf *out, const char *s, bool as_value)
{
	cJSON v = { .type = cJSON_String, .valuestring = (char *)s };
	char *text;

	if (word_plain(s, as_value)) {
		buf_puts(out, s);
		return;
	}
	text = json_print(&v);
	buf_puts(out, text);
	free(text);
}
