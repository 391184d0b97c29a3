#include "net/oauth_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/secret.h"
#include "net/http.h"

#define EARLY (5 * LP_MINUTE)
#define JUST_NOW (10 * LP_SECOND)
#define CALL_MS 30000

static const struct oauth_provider providers[] = {
	{ "google", "https://accounts.google.com/o/oauth2/v2/auth", NULL, "https://oauth2.googleapis.com/token", "https://mail.google.com/", "127.0.0.1",
	    "&access_type=offline&prompt=consent", false },
	{ "microsoft", "https://login.microsoftonline.com/%s/oauth2/v2.0/authorize", "https://login.microsoftonline.com/%s/oauth2/v2.0/devicecode",
	    "https://login.microsoftonline.com/%s/oauth2/v2.0/token",
	    "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access", "localhost", "", true },
	{ "custom", NULL, NULL, NULL, NULL, "127.0.0.1", "", false },
};

const struct oauth_provider *
oauth_provider(const char *name)
{
	for (size_t i = 0; i < sizeof(providers) / sizeof(providers[0]); i++)
		if (strcmp(providers[i].name, name) == 0)
			return &providers[i];
	return NULL;
}

int
oauth_from_settings(const cJSON *s, struct oauth *o, struct lp_err *err)
{
	char *url = NULL;

	*o = (struct oauth){ json_str(s, "oauth"), json_str(s, "oauth_client_id"), json_str(s, "oauth_secret_env"), json_str(s, "oauth_tenant"),
		json_str(s, "oauth_token_url"), json_str(s, "oauth_file"), json_str(s, "ca_file"), json_str(s, "oauth_auth_url"),
		json_str(s, "oauth_device_url"), json_str(s, "oauth_scope"), json_str(s, json_str(s, "user") != NULL ? "user" : "address") };
	if (o->provider == NULL || oauth_provider(o->provider) == NULL)
		return lp_fail(err, LP_CONFIG, "oauth: google, microsoft or custom");
	if (o->client_id == NULL)
		return lp_fail(err, LP_CONFIG, "oauth_client_id: the id that %s gave your application", o->provider);
	if (o->file == NULL || *o->file != '/')
		return lp_fail(err, LP_CONFIG, "oauth_file: an absolute path, where the tokens are kept");
	if (o->tenant != NULL && (*o->tenant == '\0' || o->tenant[strspn(o->tenant, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")] != '\0'))
		return lp_fail(err, LP_CONFIG, "oauth_tenant: '%.60s' is no tenant's name or id", o->tenant);
	if (oauth_url(o, 't', &url, err) == -1)
		return -1;
	free(url);
	return 0;
}

int
oauth_url(const struct oauth *o, char what, char **out, struct lp_err *err)
{
	const struct oauth_provider *p = oauth_provider(o->provider);
	const char *key = what == 't' ? "oauth_token_url" : what == 'a' ? "oauth_auth_url" : "oauth_device_url", *place;
	const char *given = what == 't' ? o->token_url : what == 'a' ? o->auth_url : o->device_url;
	const char *own = what == 't' ? p->token_url : what == 'a' ? p->auth_url : p->device_url;

	*out = NULL;
	if (given == NULL && own == NULL)
		return lp_fail(err, LP_CONFIG, "%s: %s has none of its own: give one", key, o->provider);
	if (given == NULL && (place = strstr(own, "%s")) != NULL)
		*out = xasprintf("%.*s%s%s", (int)(place - own), own, o->tenant != NULL ? o->tenant : "common", place + 2);
	else
		*out = xstrdup(given != NULL ? given : own);
	if (http_url_ok(*out, false, err) == 0)
		return 0;
	free(*out);
	*out = NULL;
	return lp_err_prefix(err, "%s", key);
}

const char *
oauth_scope(const struct oauth *o)
{
	return o->scope != NULL ? o->scope : oauth_provider(o->provider)->scope;
}

int
oauth_secret(const struct oauth *o, struct buf *form, struct lp_err *err)
{
	char *secret;

	buf_form(form, "client_id", o->client_id);
	if (secret_get(o->secret_env, NULL, "oauth_secret_env", &secret, err) == -1)
		return lp_err_prefix(err, "oauth_secret_env");
	if (secret != NULL)
		buf_form(form, "client_secret", secret);
	wipe(secret);
	return 0;
}

void
oauth_answer_clear(struct oauth_answer *a)
{
	cJSON_Delete(a->body);
	*a = (struct oauth_answer){ 0 };
}

int
oauth_parse(long status, const char *text, size_t n, struct oauth_answer *a, struct lp_err *err)
{
	const char *e;

	*a = (struct oauth_answer){ .status = status };
	if (status == 408 || status == 429 || status >= 500)
		return lp_fail(err, LP_TEMP, "busy or broken (status %ld)", status);
	if ((a->body = json_object(text, n, NULL)) == NULL)
		return lp_fail(err, status == 200 ? LP_TEMP : LP_CONFIG, "an answer that is none of OAuth's (status %ld)", status);
	e = json_str(a->body, "error");
	/* its words are a small set; what isn't like them isn't repeated */
	if (status != 200 && (e == NULL || *e == '\0' || strlen(e) >= sizeof(a->error) || e[strspn(e, "abcdefghijklmnopqrstuvwxyz_")] != '\0')) {
		oauth_answer_clear(a);
		return lp_fail(err, LP_CONFIG, "refused, without saying why (status %ld)", status);
	}
	if (e != NULL && status != 200)
		snprintf(a->error, sizeof(a->error), "%s", e);
	return 0;
}

int
oauth_post(const struct oauth *o, const char *url, struct buf *form, struct oauth_answer *a, struct lp_err *err)
{
	static const char *const headers[] = { "Content-Type: application/x-www-form-urlencoded", "Accept: application/json", NULL };
	struct http_request q = { .method = "POST", .url = url, .headers = headers, .body = buf_str(form), .body_len = form->len, .total_ms = CALL_MS,
		.max_body = OAUTH_ANSWER_MAX, .ca_file = o->ca_file };
	struct http_pool *pool = http_pool_new(1, err);
	struct http_response r = { 0 };
	int ok = pool != NULL ? http_call(pool, &q, &r, err) : -1;

	*a = (struct oauth_answer){ 0 };
	if (ok == 0 && r.state != HTTP_ANSWERED)
		ok = lp_fail(err, r.retryable ? LP_TEMP : LP_CONFIG, "%s", r.error);
	if (ok == 0) {
		ok = oauth_parse(r.status, r.body, r.len, a, err);
		wipe(r.body);
		r.body = NULL;
	}
	if (ok == -1)
		lp_err_prefix(err, "oauth: %.*s", (int)strcspn(url, "?"), url);
	http_response_clear(&r);
	http_pool_free(pool);
	wipe(buf_steal(form));
	return ok;
}

static int64_t
lifetime(const cJSON *body)
{
	const cJSON *v = json_get(body, "expires_in");
	double s = cJSON_IsNumber(v) ? v->valuedouble : cJSON_IsString(v) ? strtod(v->valuestring, NULL) : 0;

	if (!(s >= 1)) /* not said, or nonsense: as if short */
		s = 300;
	return s > 86400 ? LP_DAY : (int64_t)s * LP_SECOND;
}

bool
oauth_token_ok(const char *s)
{
	if (s == NULL || *s == '\0' || strlen(s) > OAUTH_TOKEN_MAX)
		return false;
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= 0x20 || (unsigned char)*s >= 0x7f)
			return false;
	return true;
}

int
oauth_take(const struct oauth_answer *a, int64_t now, struct oauth_tokens *t, struct lp_err *err)
{
	const char *access = json_str(a->body, "access_token"), *refresh = json_str(a->body, "refresh_token"), *type = json_str(a->body, "token_type");

	if (!oauth_token_ok(access) || (json_get(a->body, "refresh_token") != NULL && !oauth_token_ok(refresh)))
		return lp_fail(err, LP_TEMP, "oauth: an answer without a token that can be used");
	if (type != NULL && strcasecmp(type, "bearer") != 0)
		return lp_fail(err, LP_CONFIG, "oauth: a token of a type that isn't 'Bearer'");
	if (refresh != NULL) {
		wipe(t->refresh);
		t->refresh = xstrdup(refresh);
	}
	wipe(t->access);
	t->access = xstrdup(access);
	t->issued_at = now;
	t->expires_at = now + lifetime(a->body);
	free(t->refused);
	t->refused = NULL;
	return 0;
}

static const char *
whose(const struct oauth *o)
{
	return o->user != NULL ? o->user : "ACCOUNT";
}

static bool
gone(const char *error)
{
	static const char *const words[] = { "invalid_grant", "interaction_required", "login_required", "consent_required", NULL };

	for (size_t i = 0; words[i] != NULL; i++)
		if (strcmp(error, words[i]) == 0)
			return true;
	return false;
}

int
oauth_refused(const struct oauth *o, const struct oauth_answer *a, const char *doing, struct lp_err *err)
{
	static const char *const ours[] = { "invalid_client", "unauthorized_client", "invalid_scope", "invalid_request", "unsupported_grant_type", NULL };

	if (gone(a->error))
		return lp_fail(err, LP_CONFIG, "%s: %s takes the login no more (%s): log in again: lp-accounts login %s", doing, o->provider, a->error, whose(o));
	for (size_t i = 0; ours[i] != NULL; i++)
		if (strcmp(a->error, ours[i]) == 0)
			return lp_fail(err, LP_CONFIG, "%s: %s says %s: see to oauth_client_id, oauth_secret_env and what the application is registered for",
			    doing, o->provider, a->error);
	if (strcmp(a->error, "temporarily_unavailable") == 0 || strcmp(a->error, "server_error") == 0)
		return lp_fail(err, LP_TEMP, "%s: %s says %s", doing, o->provider, a->error);
	return lp_fail(err, LP_CONFIG, "%s: %s says %s", doing, o->provider, a->error);
}

/* Is it good for what is to be done now, and from a clock that goes as ours does? */
static bool
good(const struct oauth_tokens *t, bool fresh, int64_t now)
{
	int64_t early = (t->expires_at - t->issued_at) / 10;

	if (t->access == NULL || t->issued_at > now + LP_MINUTE)
		return false;
	if (fresh)
		return now - t->issued_at < JUST_NOW;
	return now < t->expires_at - (early < EARLY ? early : EARLY);
}

/* What must be so before anything is asked: a login that holds. */
static int
logged_in(const struct oauth *o, int found, const struct oauth_tokens *t, struct lp_err *err)
{
	if (found == -1)
		return lp_err_prefix(err, "oauth");
	if (found == 0)
		return lp_fail(err, LP_CONFIG, "oauth: nobody has logged in: lp-accounts login %s", whose(o));
	if (t->refused != NULL)
		return lp_fail(err, LP_CONFIG, "oauth: %s takes the login no more (%s): log in again: lp-accounts login %s", o->provider, t->refused, whose(o));
	return 0;
}

/* The consent is gone: on record, so that nobody knocks every ten minutes. */
static void
remember_refusal(struct oauth_file *f, struct oauth_tokens *t, const char *why)
{
	oauth_tokens_clear(t);
	t->refused = xstrdup(why);
	oauth_file_write(f, t, NULL);
}

static int
refresh(struct oauth_file *f, struct oauth_tokens *t, struct lp_err *err)
{
	const struct oauth *o = f->o;
	struct oauth_answer a = { 0 };
	struct buf form = { 0 };
	char *url = NULL;
	int r = -1;

	if (oauth_url(o, 't', &url, err) == -1 || oauth_secret(o, &form, err) == -1 || oauth_file_reserve(f, err) == -1)
		goto out;
	buf_form(&form, "refresh_token", t->refresh);
	buf_form(&form, "grant_type", "refresh_token");
	if (oauth_provider(o->provider)->says_scope)
		buf_form(&form, "scope", oauth_scope(o));
	if (oauth_post(o, url, &form, &a, err) == -1)
		goto out;
	if (*a.error != '\0') {
		r = oauth_refused(o, &a, "oauth", err);
		if (gone(a.error))
			remember_refusal(f, t, a.error);
	} else if (oauth_take(&a, lp_now_real(), t, err) == 0)
		r = oauth_file_write(f, t, err) == -1 ? lp_err_prefix(err, "oauth: the new tokens can't be kept") : 0;
out:
	oauth_answer_clear(&a);
	wipe(buf_steal(&form));
	free(url);
	return r;
}

int
oauth_access(const struct oauth *o, bool fresh, char **token, struct lp_err *err)
{
	struct oauth_tokens t;
	struct oauth_file f;
	struct lp_err own;
	int r;

	if (err == NULL)
		err = &own;
	*token = NULL;
	r = logged_in(o, oauth_file_read(o, &t, err), &t, err);
	if (r == 0 && !good(&t, fresh, lp_now_real())) {
		oauth_tokens_clear(&t);
		if (oauth_file_lock(&f, o, err) == -1)
			return lp_err_prefix(err, "oauth");
		/* another one may have been here while we waited */
		r = logged_in(o, oauth_file_read(o, &t, err), &t, err);
		if (r == 0 && !good(&t, fresh, lp_now_real()))
			r = refresh(&f, &t, err);
		oauth_file_unlock(&f);
	}
	if (r == 0) {
		*token = t.access;
		t.access = NULL;
	}
	oauth_tokens_clear(&t);
	return r;
}

enum oauth_state
oauth_look(const struct oauth *o, struct lp_err *err)
{
	struct oauth_tokens t;
	int r = oauth_file_read(o, &t, err);
	enum oauth_state s = r == -1 ? OAUTH_BROKEN : r == 0 ? OAUTH_NONE : t.refused != NULL ? OAUTH_REFUSED : OAUTH_READY;

	oauth_tokens_clear(&t);
	return s;
}
