/* findjson.c - the first JSON object in what a model said. */
#include <string.h>

#include "base/json.h"
#include "llm/model.h"

#define TRIES 50  /* braces in prose that begin nothing */

/* Behind the brace that closes the one at s, strings and escapes respected; NULL where it isn't closed. */
static const char *
closing(const char *s)
{
	int depth = 0;
	bool quoted = false;

	for (; *s != '\0'; s++) {
		if (quoted) {
			if (*s == '\\' && s[1] != '\0')
				s++;
			else if (*s == '"')
				quoted = false;
		} else if (*s == '"')
			quoted = true;
		else if (*s == '{')
			depth++;
		else if (*s == '}' && --depth == 0)
			return s + 1;
	}
	return NULL;
}

/* With its line breaks inside strings escaped: what many small models forget. */
static cJSON *
parse(const char *s, size_t n)
{
	cJSON *o = json_parse(s, n, NULL);
	struct buf b = { 0 };
	bool quoted = false;

	if (o != NULL)
		return o;
	for (size_t i = 0; i < n; i++) {
		if (quoted && s[i] == '\n')
			buf_puts(&b, "\\n");
		else if (quoted && s[i] == '\t')
			buf_puts(&b, "\\t");
		else if (s[i] == '\\' && quoted && i + 1 < n) {
			buf_add(&b, s + i, 2);
			i++;
		} else {
			if (s[i] == '"')
				quoted = !quoted;
			buf_putc(&b, s[i]);
		}
	}
	o = json_parse(buf_str(&b), b.len, NULL);
	buf_free(&b);
	return o;
}

cJSON *
model_find_json(const char *text)
{
	const char *s = text, *end;
	cJSON *o;

	/* what a model thinks aloud before it answers is no answer, and one that never ends even less */
	s += strspn(s, " \t\r\n");
	if (strncmp(s, "<think>", 7) == 0 && (s = strstr(s, "</think>")) == NULL)
		return NULL;
	for (int i = 0; i < TRIES && (s = strchr(s, '{')) != NULL; i++, s++) {
		if ((end = closing(s)) == NULL)
			continue;
		if ((o = parse(s, (size_t)(end - s))) != NULL && cJSON_IsObject(o))
			return o;
		cJSON_Delete(o);
	}
	return NULL;
}
