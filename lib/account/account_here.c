#include "account/account_here.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account/account_login.h"
#include "base/envfile.h"
#include "base/json.h"
#include "base/mem.h"
#include "channel/channel.h"
#include "llm/model.h"
#include "net/smtp.h"

void
secret_here(const char *name, const char *by, const struct account_env *env, const char *check, struct findings *out)
{
	const char *value = getenv(name);
	char *next;

	if (envfile_has(env->names, name))
		return;
	next = xasprintf("put a line %s=... into %s, and chmod 600 it", name, env->path);
	if (value == NULL || *value == '\0')
		findings_add(out, FOUND_FAIL, check, next, "%s: %s is not set, neither here nor for cron", by, name);
	else
		findings_add(out, FOUND_WARN, check, next, "%s: %s is set in this shell alone: cron won't have it", by, name);
}

/* The directory, or the nearest above it that is there: it is made when it is first used. */
static bool
usable(const char *path)
{
	char *dir = xstrdup(path), *slash;
	bool ok;

	while (access(dir, F_OK) == -1 && errno == ENOENT && (slash = strrchr(dir, '/')) != NULL)
		slash[slash == dir] = '\0';
	ok = access(dir, W_OK | X_OK) == 0;
	free(dir);
	return ok;
}

static void
check_path(const struct account *a, const char *key, const char *path, struct findings *out)
{
	if (strcmp(key, "oauth_file") == 0)
		return; /* its login is looked at */
	if (strcmp(key, "in") == 0 || strcmp(key, "out") == 0) {
		if (!usable(path))
			findings_add(out, FOUND_FAIL, "account", NULL, "%s: %s: '%s' can't be written by this user", a->name, key, path);
	} else if (access(path, R_OK) == -1)
		findings_add(out, FOUND_FAIL, "account", NULL, "%s: %s: '%s': %s", a->name, key, path, strerror(errno));
}

/* A program that is named by its whole path is there; one that isn't is looked for in cron's PATH, which this isn't. */
static void
check_command(const struct account *a, const char *key, const char *command, struct findings *out)
{
	char *program = xstrndup(command, strcspn(command, " \t"));

	if (*program == '/' && access(program, X_OK) == -1)
		findings_add(out, FOUND_FAIL, "account", NULL, "%s: %s: '%s': %s", a->name, key, program, strerror(errno));
	free(program);
}

static void
check_settings(const struct account *a, const struct channel *ch, const struct account_env *env, struct findings *out)
{
	const char *v;

	for (const struct channel_key *k = ch->keys; k->name != NULL; k++) {
		if ((v = json_str(a->settings, k->name)) == NULL)
			continue;
		if (k->type == KEY_PATH)
			check_path(a, k->name, v, out);
		else if (k->type == KEY_COMMAND)
			check_command(a, k->name, v, out);
		else if (k->type == KEY_VARIABLE) {
			char *by = xasprintf("%s: %s", a->name, k->name);

			secret_here(v, by, env, "account", out);
			free(by);
		}
	}
}

/* Has somebody logged in, or is there a password? */
static void
check_login(const struct account *a, struct findings *out)
{
	const char *host = json_str(a->settings, "host"), *said;
	cJSON *secrets;

	if (json_str(a->settings, "oauth") != NULL) {
		secrets = account_secrets(a);
		said = json_str(secrets, "oauth_file");
		if (said == NULL || strcmp(said, "logged in") != 0)
			findings_add(out, FOUND_FAIL, "account", xasprintf("lp-accounts login %s", a->name), "%s: nobody is logged in", a->name);
		cJSON_Delete(secrets);
	} else if (host != NULL && strcmp(a->kind, "smtp") == 0 && !smtp_loopback(host) && !account_logs_in(a->settings))
		findings_add(out, FOUND_WARN, "account", xasprintf("lp-accounts set %s password_env=NAME", a->name),
		    "%s: no login: it has neither a password nor oauth, and few servers take mail from anybody", a->name);
}

static void
not_active(const struct account *a, struct findings *out)
{
	const char *why = strcmp(a->status, "paused") != 0 && a->status_reason != NULL ? a->status_reason : NULL;

	findings_add(out, FOUND_WARN, "account", xasprintf("lp-accounts start %s", a->name), "%s: %s%s%s: nothing leaves from it", a->name, a->status,
	    why != NULL ? ": " : "", why != NULL ? why : "");
}

void
account_here(const struct account *a, const struct account_env *env, struct findings *out)
{
	const struct channel *ch;
	struct lp_err err;
	size_t before = out->n;

	if (strcmp(a->status, "active") != 0) {
		not_active(a, out);
		return;
	}
	if ((ch = channel_get(a->kind, &err)) == NULL || ch->validate(a->settings, &err) == -1) {
		findings_add(out, FOUND_FAIL, "account", NULL, "%s: %s", a->name, err.msg);
		return;
	}
	check_settings(a, ch, env, out);
	check_login(a, out);
	if (strcmp(a->channel, "email") == 0 && json_str(a->settings, "in") == NULL)
		findings_add(out, FOUND_WARN, "account", xasprintf("lp-accounts set %s in=MAILDIR, which mbsync or the like fills", a->name),
		    "%s: replies can't be seen, so no follow-up will leave", a->name);
	if (out->n == before)
		findings_add(out, FOUND_OK, "account", NULL, "%s: %s from %s, %" PRId64 " a day", a->name, a->kind, a->address, a->daily_limit);
}

static void
secret_wanted(const char *name, const char *key, const struct account_env *env, struct findings *out)
{
	size_t n = out->n;

	if (name != NULL)
		secret_here(name, key, env, "env", out);
	for (; n < out->n; n++) {
		out->list[n].state = FOUND_WARN;
		out->list[n].kind = LP_OK;
	}
}

/* Of llm_provider or llm_fallback, whose keys begin with `prefix`. */
static void
model_here(const struct config_model *m, const char *command, const char *which, const char *prefix, const struct account_env *env, struct findings *out)
{
	const struct model_provider *p;
	char *key = xasprintf("%s_key_env", prefix);
	struct lp_err err;

	secret_wanted(m->key_env, key, env, out);
	p = m->provider != NULL && strcmp(m->provider, "offline") != 0 ? model_provider_get(m->provider, &err) : NULL;
	if (p != NULL && p->needs_key && m->key_env == NULL && m->key_command == NULL && m->base_url == NULL)
		findings_add(out, FOUND_WARN, "model", xasprintf("lp-config set %s=NAME", key), "%s is %s, and no key is named: it won't answer", which, m->provider);
	if (p != NULL && p->call == NULL && command == NULL)
		findings_add(out, FOUND_WARN, "model", xstrdup("lp-config set llm_command=..."), "%s is %s, and no program is named", which, m->provider);
	free(key);
}

void
config_here(struct lp_db *db, const struct lp_config *c, const struct account_env *env, struct findings *out)
{
	struct config_models m;
	struct lp_err err;

	secret_wanted(c->notify_slack_webhook_env, "notify_slack_webhook_env", env, out);
	if (config_models(db, &m, &err) == -1)
		return; /* told by those that ask a model */
	model_here(&m.first, m.command, "llm_provider", "llm", env, out);
	model_here(&m.fallback, m.command, "llm_fallback", "llm_fallback", env, out);
	config_models_clear(&m);
}

/* The account that carries notices by mail, and to whom. */
static void
mail_here(struct lp_db *db, const struct lp_config *c, struct findings *out)
{
	const char *name = c->notify_account;
	struct account a = { 0 };
	struct lp_err err;
	int64_t seq;
	int r = account_find(db, name, &seq, &err);

	if (r == 1)
		r = account_get(db, seq, &a, &err);
	if (r == -1)
		findings_add(out, FOUND_FAIL, "notices", NULL, "notify_account: %s", err.msg);
	else if (r == 0 || strcmp(a.channel, "email") != 0)
		findings_add(out, FOUND_FAIL, "notices", xstrdup("lp-config set notify_account=NAME"), "notify_account: '%s' is no account that carries mail", name);
	else if (c->notify_email == NULL)
		findings_add(out, FOUND_FAIL, "notices", xstrdup("lp-config set notify_email=..."), "notify_account carries them, and notify_email doesn't say to whom");
	else
		findings_add(out, FOUND_OK, "notices", NULL, "by %s to %s", name, c->notify_email);
	account_clear(&a);
}

void
notices_here(struct lp_db *db, const struct lp_config *c, struct findings *out)
{
	bool elsewhere = c->notify_maildir != NULL || c->notify_slack_webhook_env != NULL;

	if (c->notify_account != NULL)
		mail_here(db, c, out);
	else if (c->notify_email != NULL)
		findings_add(out, FOUND_WARN, "notices", xstrdup("lp-config set notify_account=NAME"), "no mail goes to %s: no account carries it", c->notify_email);
	else if (!elsewhere)
		findings_add(out, FOUND_WARN, "notices", xstrdup("lp-config set notify_email=... notify_account=NAME, or notify_slack_webhook_env=NAME"),
		    "nobody is told of answers and trouble");
	if (elsewhere)
		findings_add(out, FOUND_OK, "notices", NULL, "%s", c->notify_maildir != NULL ? c->notify_maildir : "to Slack");
}
