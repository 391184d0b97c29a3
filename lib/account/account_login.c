#include "account/account_login.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "channel/channel.h"
#include "net/http.h"
#include "net/oauth.h"
#include "store/log.h"

void
account_token_file(struct account *a, const char *data_dir)
{
	const char *user = json_str(a->settings, "user");
	struct buf path = { 0 };

	user = user != NULL ? user : a->address;
	if (json_str(a->settings, "oauth") == NULL || json_str(a->settings, "oauth_file") != NULL || user == NULL)
		return;
	buf_printf(&path, "%s/tokens/", data_dir);
	if (*user == '.') { /* no hidden file, no folder above */
		buf_puts(&path, "%2E");
		user++;
	}
	buf_percent(&path, user, "@+-_.");
	buf_puts(&path, ".json");
	json_set_str(a->settings, "oauth_file", buf_str(&path));
	buf_free(&path);
}

bool
account_logs_in(const cJSON *settings)
{
	return json_str(settings, "oauth") != NULL || json_str(settings, "password_env") != NULL || json_str(settings, "password_command") != NULL;
}

/* Its settings; *settings, which the caller deletes, holds their strings. LP_CONFIG where it doesn't log in so. */
static int
account_oauth(const struct account *a, struct oauth *o, cJSON **settings, struct lp_err *err)
{
	*settings = NULL;
	if (json_str(a->settings, "oauth") == NULL)
		return lp_fail(err, LP_CONFIG, "account '%s' doesn't log in by OAuth: set oauth=google, microsoft or custom, and oauth_client_id", a->name);
	*settings = cJSON_Duplicate(a->settings, 1);
	json_set_str(*settings, "address", a->address);
	if (oauth_from_settings(*settings, o, err) == 0)
		return 0;
	cJSON_Delete(*settings);
	*settings = NULL;
	return lp_err_prefix(err, "account '%s'", a->name);
}

static int
stays_here(struct lp_db *db, const struct oauth *o, struct lp_err *err)
{
	if (db_simulated(db) && (o->token_url == NULL || !http_loopback(o->token_url)))
		return lp_fail(err, LP_CONFIG, "this is a simulated file: nothing of it reaches past this machine");
	return 0;
}

static int
note(struct lp_db *db, const struct account *a, const char *what, struct lp_err *err)
{
	char *text = xasprintf("account '%s': %s", a->name, what);
	struct log_entry e = { .type = "action", .account = a->seq, .text = text };
	int r = db_begin(db, err);

	if (r == 0) {
		r = log_add(db, &e, err);
		if (db_end(db, r == 0, r == 0 ? err : NULL) == -1)
			r = -1;
	}
	free(text);
	return r;
}

int
account_login(struct lp_db *db, const struct account *a, const struct account_login *how, const struct oauth_ui *ui, struct lp_err *err)
{
	struct oauth o;
	cJSON *settings;
	int r;

	if (account_oauth(a, &o, &settings, err) == -1)
		return -1;
	r = stays_here(db, &o, err);
	if (r == 0)
		r = how->device ? oauth_device(&o, how->wait_ms, ui, err) : oauth_browser(&o, how->port, how->wait_ms, ui, err);
	if (r == -1)
		lp_err_prefix(err, "account '%s'", a->name);
	else
		r = note(db, a, "logged in", err);
	cJSON_Delete(settings);
	return r;
}

int
account_logout(struct lp_db *db, const struct account *a, struct lp_err *err)
{
	struct oauth o;
	cJSON *settings;
	int r;

	if (account_oauth(a, &o, &settings, err) == -1)
		return -1;
	r = oauth_forget(&o, err);
	if (r == 1 && note(db, a, "logged out", err) == -1)
		r = -1;
	cJSON_Delete(settings);
	return r;
}

/* The file's state, in words. */
static char *
tokens_said(const struct account *a)
{
	struct lp_err err = { 0 };
	struct oauth o;
	cJSON *settings;
	char *said;

	if (account_oauth(a, &o, &settings, &err) == -1)
		return xasprintf("can't be used: %s", err.msg);
	switch (oauth_look(&o, &err)) {
	case OAUTH_READY: said = xstrdup("logged in"); break;
	case OAUTH_NONE: said = xasprintf("not logged in: lp-accounts login %s", a->name); break;
	case OAUTH_REFUSED: said = xasprintf("log in again: lp-accounts login %s", a->name); break;
	default: said = xasprintf("can't be used: %s", err.msg); break;
	}
	cJSON_Delete(settings);
	return said;
}

cJSON *
account_secrets(const struct account *a)
{
	const struct channel *ch = channel_get(a->kind, NULL);
	cJSON *list = cJSON_CreateObject();
	const char *v;
	char *said;

	for (const struct channel_key *k = ch != NULL ? ch->keys : NULL; k != NULL && k->name != NULL; k++) {
		if ((v = json_str(a->settings, k->name)) == NULL)
			continue;
		if (k->type == KEY_VARIABLE) {
			const char *there = getenv(v);

			json_set_str(list, k->name, there != NULL && *there != '\0' ? "set" : "not set here");
		} else if (strcmp(k->name, "oauth_file") == 0 && json_str(a->settings, "oauth") != NULL) {
			said = tokens_said(a);
			json_set_str(list, k->name, said);
			free(said);
		}
	}
	if (list->child != NULL)
		return list;
	cJSON_Delete(list);
	return NULL;
}
