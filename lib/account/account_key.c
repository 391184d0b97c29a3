/* account_key.c - the settings that belong to an account's kind: what each type of key may be. */
#include "account/account.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "mail/compose.h"

static int
path(const struct channel_key *k, const char *s, const char *cwd, const char *home, char **out, struct lp_err *err)
{
	size_t n;

	if (*s == '/')
		*out = xstrdup(s);
	else if (strncmp(s, "~/", 2) == 0 && home != NULL)
		*out = xasprintf("%s/%s", home, s + 2);
	else if (*s != '~' && cwd != NULL)
		*out = xasprintf("%s/%s", cwd, strncmp(s, "./", 2) == 0 ? s + 2 : s);
	else
		return lp_fail(err, LP_DATA, "%s: '%s' is not an absolute path", k->name, s);
	for (n = strlen(*out); n > 1 && (*out)[n - 1] == '/'; n--)
		(*out)[n - 1] = '\0';
	return 0;
}

static int
word(const struct channel_key *k, const char *s, struct lp_err *err)
{
	struct buf all = { 0 };
	const char *near;

	for (size_t i = 0; k->words[i] != NULL; i++) {
		if (strcmp(k->words[i], s) == 0)
			return 0;
		buf_printf(&all, "%s%s", i > 0 ? ", " : "", k->words[i]);
	}
	near = lp_did_you_mean(s, k->words);
	if (near != NULL)
		lp_fail(err, LP_DATA, "%s: '%.60s' (did you mean '%s'?)", k->name, s, near);
	else
		lp_fail(err, LP_DATA, "%s: '%.60s' is none of: %s", k->name, s, buf_str(&all));
	buf_free(&all);
	return -1;
}

static int
number(const struct channel_key *k, const char *s, struct lp_err *err)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(s, &end, 10);
	if (!isdigit((unsigned char)*s) || *end != '\0' || errno != 0 || v < k->least || v > k->most)
		return lp_fail(err, LP_DATA, "%s: '%.60s' is not a whole number from %ld to %ld", k->name, s, k->least, k->most);
	return 0;
}

static int
host(const struct channel_key *k, const char *s, struct lp_err *err)
{
	if (strlen(s) > 253 || *s == '-' || *s == '.' ||
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]")] != '\0')
		return lp_fail(err, LP_DATA, "%s: '%.60s' is no host's name", k->name, s);
	return 0;
}

static int
url(const struct channel_key *k, const char *s, struct lp_err *err)
{
	const char *h = strstr(s, "://");

	if ((strncmp(s, "https://", 8) != 0 && strncmp(s, "http://", 7) != 0) || strpbrk(s, " <>\"\\") != NULL || h[3] == '\0')
		return lp_fail(err, LP_DATA, "%s: '%.80s' is no https:// address", k->name, s);
	if (memchr(h + 3, '@', strcspn(h + 3, "/?#")) != NULL)
		return lp_fail(err, LP_DATA, "%s: a user or password in an address: secrets go into the environment", k->name);
	return 0;
}

/* What was given may be the secret itself: the message doesn't repeat it. */
static int
variable(const struct channel_key *k, const char *s, struct lp_err *err)
{
	if (isdigit((unsigned char)*s) || strlen(s) > 100 || s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")] != '\0')
		return lp_fail(err, LP_DATA, "%s: not the name of an environment variable (the secret itself goes into the file 'env', see lp-tick(1))", k->name);
	return 0;
}

int
account_setting(struct account *a, const struct channel_key *k, const char *s, const char *cwd, const char *home, struct lp_err *err)
{
	char *whole = NULL;
	int r = 0;

	if (*s == '\0') {
		json_rm(a->settings, k->name);
		return 0;
	}
	switch (k->type) {
	case KEY_PATH: r = path(k, s, cwd, home, &whole, err); break;
	case KEY_HOST: r = host(k, s, err); break;
	case KEY_NUMBER: r = number(k, s, err); break;
	case KEY_WORD: r = word(k, s, err); break;
	case KEY_URL: r = url(k, s, err); break;
	case KEY_VARIABLE: r = variable(k, s, err); break;
	case KEY_ADDRESS:
		if (!mail_address_ok(s))
			r = lp_fail(err, LP_DATA, "%s: '%.80s' is not an address", k->name, s);
		break;
	case KEY_TEXT:
	case KEY_COMMAND: break;
	}
	if (r == 0)
		json_set_str(a->settings, k->name, whole != NULL ? whole : s);
	free(whole);
	return r;
}
