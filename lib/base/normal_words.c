/* Names of people and companies, and numbers in words: what normal.h says of them. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/normal.h"

static bool
digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool
alpha(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char *
normal_company_key(const char *s)
{
	static const char forms[] = "|inc|incorporated|llc|ltd|limited|corp|corporation|co|company|plc|gmbh|mbh|ag|kg|kgaa|ohg|ug|se|sa|sas|sarl|"
	                            "srl|spa|bv|nv|ab|as|aps|oy|oyj|pty|pte|sl|slu|sro|doo|and|und|et|";
	char *line = normal_text(s), *folded = utf8_fold(line), *p = folded, *words[64], key[64];
	struct buf b = { 0 };
	size_t n = 0, len, i;

	while (n < 64) {
		char *w = p, *out = p;

		/* a word ends at a space; the dots of "S.A." and "Co." don't count */
		for (; *p != '\0'; p += len) {
			len = 1;
			if (strchr(" ,&/()-|", *p) != NULL)
				break;
			if (strchr(".'\"!?:;", *p) == NULL)
				*out++ = *p;
		}
		if (*p == '\0') {
			*out = '\0';
			if (*w != '\0')
				words[n++] = w;
			break;
		}
		*out = '\0';
		p += len;
		if (*w != '\0')
			words[n++] = w;
	}
	while (n > 1) {
		len = strlen(words[n - 1]);
		if (len + 3 > sizeof(key))
			break;
		key[0] = key[len + 1] = '|';
		memcpy(key + 1, words[n - 1], len);
		key[len + 2] = '\0';
		if (strstr(forms, key) == NULL)
			break;
		n--;
	}
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(&b, ' ');
		buf_puts(&b, words[i]);
	}
	free(folded);
	free(line);
	return buf_steal(&b);
}

/* "Dr.", "Prof": said before a name, no part of it. */
static bool
honorific(const char *s, size_t n)
{
	static const char *const words[] = { "dr", "prof", "mr", "mrs", "ms", "miss", "herr", "frau", "ing", "dipl-ing", "mag", "sir" };
	size_t i;

	if (n > 0 && s[n - 1] == '.')
		n--;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == n && strncasecmp(words[i], s, n) == 0)
			return true;
	return false;
}

/* What stands after the comma of "Ada Lovelace, PhD": capitals and few, or one of these. */
static bool
credential(const char *s)
{
	static const char *const words[] = { "phd", "ph.d.", "mba", "md", "cpa", "jr", "jr.", "sr", "sr.", "esq", "esq.", "msc", "bsc", "ll.m." };
	size_t i, n = strcspn(s, " ,");

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == n && strncasecmp(words[i], s, n) == 0)
			return true;
	for (i = 0; i < n; i++)
		if (!(s[i] >= 'A' && s[i] <= 'Z') && s[i] != '.')
			return false;
	return n >= 2 && n <= 5;
}

void
normal_name_split(const char *full, char **first, char **last)
{
	char *t = normal_text(full), *p = t, *comma, *space;

	comma = strchr(t, ',');
	if (comma != NULL) {
		char *after = comma + 1 + strspn(comma + 1, " ");

		*comma = '\0';
		/* one word before the comma is a family name, whatever follows */
		if (*after != '\0' && (!credential(after) || strchr(t, ' ') == NULL)) {
			*last = normal_text(t);
			after[strcspn(after, ",")] = '\0';
			*first = normal_text(after);
			free(t);
			return;
		}
	}
	while ((space = strchr(p, ' ')) != NULL && honorific(p, (size_t)(space - p)))
		p = space + 1;
	space = strchr(p, ' ');
	*first = xstrndup(p, space != NULL ? (size_t)(space - p) : strlen(p));
	*last = normal_text(space != NULL ? space : "");
	free(t);
}

long
normal_employees(const char *s)
{
	long n = 0;

	s += strcspn(s, "0123456789");
	if (!digit(*s))
		return -1;
	for (; *s != '\0'; s++) {
		/* "10,001" and "10.001" are one number; "1.5K" and "11, 50" are not */
		if ((*s == ',' || *s == '.') && digit(s[1]) && digit(s[2]) && digit(s[3]) && !digit(s[4]))
			continue;
		if (!digit(*s))
			break;
		if (n > 100000000)
			return -1;
		n = n * 10 + (*s - '0');
	}
	if (*s == '.' && digit(s[1]) && (s[2] | 0x20) == 'k')
		return n * 1000 + (s[1] - '0') * 100;
	if ((*s | 0x20) == 'k')
		return n * 1000;
	if ((*s | 0x20) == 'm' && !alpha(s[1]))
		return n * 1000000;
	return n;
}
