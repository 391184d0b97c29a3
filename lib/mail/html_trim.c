/* html_trim.c - tags that would take the parser minutes, made short before it sees them. It compares each attribute with all before it. */
#include "mail/html_int.h"

#include <string.h>
#include <strings.h>

#define ATTRIBUTES_MAX 200

static bool
space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
name_char(char c)
{
	return letter(c) || (c >= '0' && c <= '9') || strchr(":-_.", c) != NULL;
}

static char *
past(char *s, char *end, const char *word)
{
	size_t n = strlen(word);

	for (; (size_t)(end - s) >= n; s++)
		if (strncasecmp(s, word, n) == 0)
			return s + n;
	return end;
}

/* One attribute, as the parser reads it: quotes count only behind '='. */
static char *
attribute(char *s, char *end)
{
	char quote;

	if (!letter(*s) && strchr("_:.", *s) == NULL) {
		while (s < end && !space(*s) && *s != '>' && *s != '/')
			s++;
		return s;
	}
	while (s < end && name_char(*s))
		s++;
	while (s < end && space(*s))
		s++;
	if (s == end || *s != '=')
		return s;
	do
		s++;
	while (s < end && space(*s));
	if (s < end && (*s == '"' || *s == '\'')) {
		quote = *s;
		s = memchr(s + 1, quote, (size_t)(end - s - 1));
		return s != NULL ? s + 1 : end;
	}
	while (s < end && !space(*s) && *s != '>')
		s++;
	return s;
}

static char *
trim_tag(char *s, char *end)
{
	size_t n = 0;
	char *from;

	while (s < end && !space(*s) && *s != '>' && *s != '/')
		s++;
	while (s < end && *s != '>') {
		if (space(*s) || *s == '/') {
			s++;
			continue;
		}
		from = s;
		s = attribute(s, end);
		if (++n > ATTRIBUTES_MAX)
			memset(from, ' ', (size_t)(s - from));
	}
	return s;
}

void
html_trim(char *s, size_t n)
{
	for (char *end = s + n, *tag; (tag = memchr(s, '<', (size_t)(end - s))) != NULL;) {
		s = tag + 1;
		if (end - s >= 3 && memcmp(s, "!--", 3) == 0)
			s = past(s + 3, end, "-->");
		else if (end - s >= 2 && s[0] == '!' && s[1] == '[') { /* <![if !mso]>, which is for one reader alone */
			s = memchr(s, '>', (size_t)(end - s));
			s = s != NULL ? s + 1 : end;
			memset(tag, ' ', (size_t)(s - tag));
		} else if (s < end && letter(*s)) {
			s = trim_tag(s, end);
			if ((size_t)(s - tag) > 7 && strncasecmp(tag, "<script", 7) == 0)
				s = past(s, end, "</script");
			else if ((size_t)(s - tag) > 6 && strncasecmp(tag, "<style", 6) == 0)
				s = past(s, end, "</style");
		}
	}
}
