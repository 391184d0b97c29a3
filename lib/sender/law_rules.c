/* law_rules.c - the table of countries: the one that is built in, and the user's over it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "sender/law.h"

static const char built_in[] =
#include "law.inc"
    ;

static int
consent_word(const char *s, size_t n, enum law_consent *to)
{
	static const char *const words[] = { "opt-out", "implied", "opt-in" };

	for (int i = 0; i < 3; i++)
		if (strlen(words[i]) == n && strncmp(words[i], s, n) == 0) {
			*to = (enum law_consent)i;
			return 0;
		}
	return -1;
}

static int
yes_word(const char *s, size_t n, bool *to)
{
	*to = n == 3 && strncmp(s, "yes", 3) == 0;
	return *to || (n == 2 && strncmp(s, "no", 2) == 0) ? 0 : -1;
}

/* "email=opt-in phone=opt-in postal=yes identification=yes"; what isn't said is as it was. */
static int
settings(const char *s, struct law_rule *rule, struct lp_err *err)
{
	size_t n, key;
	int r;

	for (; *(s += strspn(s, " ")) != '\0'; s += n) {
		n = strcspn(s, " ");
		key = strcspn(s, "=");
		if (key < n && key == 5 && strncmp(s, "email", 5) == 0)
			r = consent_word(s + 6, n - 6, &rule->email);
		else if (key < n && key == 5 && strncmp(s, "phone", 5) == 0)
			r = consent_word(s + 6, n - 6, &rule->phone);
		else if (key < n && key == 6 && strncmp(s, "postal", 6) == 0)
			r = yes_word(s + 7, n - 7, &rule->postal);
		else if (key < n && key == 14 && strncmp(s, "identification", 14) == 0)
			r = yes_word(s + 15, n - 15, &rule->identification);
		else
			r = -1;
		if (r == -1)
			return lp_fail(err, LP_CONFIG, "'%.*s': give email= or phone= (opt-in, implied, opt-out), postal= or identification= (yes, no)", (int)(n < 60 ? n : 60), s);
	}
	return 0;
}

/* A row: country, what it asks for, where that is written, parted by tabs. */
static int
row(const char *line, const char *country, struct law_rule *rule, struct lp_err *err)
{
	struct law_rule new = { .email = LAW_OPT_IN, .phone = LAW_OPT_IN, .postal = true, .identification = true };
	const char *tab = strchr(line, '\t'), *second = tab != NULL ? strchr(tab + 1, '\t') : NULL;
	char *middle;
	int r;

	if (second == NULL || second[1] == '\0' || tab - line > 2 || tab == line || (tab - line == 1 && *line != '*'))
		return lp_fail(err, LP_CONFIG, "three fields are needed, parted by tabs: country (DE, or *), what it asks for, where that is written");
	memcpy(new.country, line, (size_t)(tab - line));
	middle = xstrndup(tab + 1, (size_t)(second - tab) - 1);
	r = settings(middle, &new, err);
	free(middle);
	if (r == -1)
		return -1;
	if (strcasecmp(new.country, country) == 0) {
		snprintf(new.source, sizeof(new.source), "%s", second + 1);
		for (size_t n = strlen(new.source); n == sizeof(new.source) - 1 && n > 0 && ((unsigned char)new.source[n - 1] & 0x80) != 0; n--)
			new.source[n - 1] = '\0'; /* cut in the middle of a character, maybe */
		*rule = new;
		return 1;
	}
	return 0;
}

/* How many rows, or -1; *rule is the last one of that country, *found whether there was one. */
static int
file_rows(const char *path, const char *country, struct law_rule *rule, bool *found, struct lp_err *err)
{
	FILE *f = fopen(path, "re");
	char line[1000];
	int n = 0, number = 0, r = 0;

	if (f == NULL) {
		lp_fail(err, LP_CONFIG, "country_rules: %s can't be read", path);
		return -1;
	}
	while (r != -1 && fgets(line, sizeof(line), f) != NULL) {
		number++;
		if (strchr(line, '\n') == NULL && !feof(f))
			r = lp_fail(err, LP_CONFIG, "a line of more than %zu bytes", sizeof(line) - 2);
		line[strcspn(line, "\r\n")] = '\0';
		if (r != -1 && !utf8_ok(line, strlen(line)))
			r = lp_fail(err, LP_CONFIG, "invalid UTF-8");
		if (r == -1 || *line == '#' || *line == '\0')
			continue;
		if ((r = row(line, country, rule, err)) == 1)
			*found = true;
		n++;
	}
	fclose(f);
	return r == -1 ? lp_err_prefix(err, "country_rules: %s:%d", path, number) : n;
}

int
law_rules_check(const char *file, struct lp_err *err)
{
	struct law_rule rule;
	bool found;

	return file_rows(file, "*", &rule, &found, err);
}

int
law_rule(const char *file, const char *country, struct law_rule *rule, struct lp_err *err)
{
	const char *s;
	bool found = false;
	int r;

	if (country != NULL) {
		if (file != NULL && file_rows(file, country, rule, &found, err) == -1)
			return -1;
		for (s = built_in; !found && *s != '\0'; s += strlen(s) + 1) {
			if ((r = row(s, country, rule, err)) == -1)
				return -1;
			found = r == 1;
		}
		if (found)
			return 0;
	}
	if (file != NULL && file_rows(file, "*", rule, &found, err) == -1)
		return -1;
	return found || row(built_in, "*", rule, err) == 1 ? 0 : -1;
}
