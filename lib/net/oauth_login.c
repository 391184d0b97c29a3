#include "net/oauth_login.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "net/http.h"
#include "net/oauth_int.h"

#define SECRET_CHARS 44 /* 32 bytes in base64url, and the NUL */

/* RFC 4648, section 5, without padding. */
static void
base64url(const unsigned char in[32], char out[SECRET_CHARS])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	unsigned bits = 0, have = 0;
	size_t n = 0;

	for (size_t i = 0; i < 32; i++) {
		bits = bits << 8 | in[i];
		for (have += 8; have >= 6;) {
			have -= 6;
			out[n++] = digits[bits >> have & 63];
		}
	}
	out[n++] = digits[bits << (6 - have) & 63];
	out[n] = '\0';
}

static int
make_up(char out[SECRET_CHARS], struct lp_err *err)
{
	unsigned char raw[32];

	if (lp_random(raw, sizeof(raw), err) == -1)
		return -1;
	base64url(raw, out);
	return 0;
}

/* Before a person is troubled: can what they give be kept? */
static int
can_keep(const struct oauth *o, struct lp_err *err)
{
	struct oauth_file f;
	int r = oauth_file_lock(&f, o, err);

	if (r == 0)
		r = oauth_file_reserve(&f, err);
	oauth_file_unlock(&f);
	return r;
}

static int
keep(const struct oauth *o, const struct oauth_answer *a, struct lp_err *err)
{
	struct oauth_tokens t = { 0 };
	struct oauth_file f;
	int r = oauth_take(a, lp_now_real(), &t, err);

	if (r == 0 && t.refresh == NULL)
		r = lp_fail(err, LP_CONFIG, "%s gave no refresh token: let the application have access while nobody is there (offline)", o->provider);
	if (r == 0 && (r = oauth_file_lock(&f, o, err)) == 0) {
		r = oauth_file_write(&f, &t, err);
		oauth_file_unlock(&f);
	}
	oauth_tokens_clear(&t);
	return r;
}

static char *
first_page(const struct oauth *o, const char *auth, const char *redirect, const char *state, const char *verifier)
{
	unsigned char hash[LP_HASH_SIZE];
	char challenge[SECRET_CHARS];
	struct buf url = { 0 }, q = { 0 };

	lp_sha256(verifier, strlen(verifier), hash);
	base64url(hash, challenge);
	buf_form(&q, "client_id", o->client_id);
	buf_form(&q, "redirect_uri", redirect);
	buf_form(&q, "response_type", "code");
	buf_form(&q, "scope", oauth_scope(o));
	buf_form(&q, "state", state);
	buf_form(&q, "code_challenge", challenge);
	buf_form(&q, "code_challenge_method", "S256");
	if (o->user != NULL)
		buf_form(&q, "login_hint", o->user);
	buf_printf(&url, "%s%c%s%s", auth, strchr(auth, '?') != NULL ? '&' : '?', buf_str(&q), oauth_provider(o->provider)->extra);
	buf_free(&q);
	return buf_steal(&url);
}

static int
said_no(const struct oauth *o, const char *error, struct lp_err *err)
{
	struct oauth_answer a = { 0 };

	if (strcmp(error, "access_denied") == 0)
		return lp_fail(err, LP_NOPERM, "the consent was refused: nothing is kept");
	/* it came through a browser: no more of it than a word of OAuth's is repeated */
	if (error[strspn(error, "abcdefghijklmnopqrstuvwxyz_")] != '\0')
		return lp_fail(err, LP_CONFIG, "the login failed at %s", o->provider);
	memcpy(a.error, error, strlen(error) + 1);
	return oauth_refused(o, &a, "the login failed", err);
}

/* The code for the tokens. */
static int
exchange(const struct oauth *o, const char *code, const char *redirect, const char *verifier, struct lp_err *err)
{
	struct oauth_answer a = { 0 };
	struct buf form = { 0 };
	char *url;
	int r = -1;

	if (oauth_url(o, 't', &url, err) == -1)
		return -1;
	if (oauth_secret(o, &form, err) == 0) {
		buf_form(&form, "code", code);
		buf_form(&form, "redirect_uri", redirect);
		buf_form(&form, "code_verifier", verifier);
		buf_form(&form, "grant_type", "authorization_code");
		r = oauth_post(o, url, &form, &a, err);
	}
	if (r == 0)
		r = *a.error != '\0' ? said_no(o, a.error, err) : keep(o, &a, err);
	oauth_answer_clear(&a);
	wipe(buf_steal(&form));
	free(url);
	return r;
}

int
oauth_browser(const struct oauth *o, int port, int64_t wait_ms, const struct oauth_ui *ui, struct lp_err *err)
{
	char state[SECRET_CHARS], verifier[SECRET_CHARS], *auth = NULL, *redirect = NULL, *url = NULL;
	struct oauth_back b = { 0 };
	int fd = -1, r = -1;

	if (oauth_scope(o) == NULL)
		return lp_fail(err, LP_CONFIG, "oauth_scope: %s has none of its own: give one", o->provider);
	if (oauth_url(o, 'a', &auth, err) == -1 || make_up(state, err) == -1 || make_up(verifier, err) == -1 || can_keep(o, err) == -1 ||
	    (fd = oauth_listen(&port, err)) == -1)
		goto out;
	redirect = xasprintf("http://%s:%d/", oauth_provider(o->provider)->redirect, port);
	url = first_page(o, auth, redirect, state, verifier);
	ui->show(ui->arg, url, NULL);
	r = oauth_come_back(fd, state, lp_now_real() + wait_ms, &b, err);
	close(fd);
	if (r == 0)
		r = *b.error != '\0' ? said_no(o, b.error, err) : exchange(o, b.code, redirect, verifier, err);
out:
	free(auth);
	free(redirect);
	free(url);
	return r;
}

struct device {
	char *code, *user_code, *url;
	int64_t interval, until;        /* ms */
};

static void
device_clear(struct device *d)
{
	wipe(d->code);
	free(d->user_code);
	free(d->url);
}

/* What a person reads and types: short, visible. */
static bool
showable(const char *s, size_t most)
{
	if (s == NULL || *s == '\0' || strlen(s) > most)
		return false;
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || (unsigned char)*s >= 0x7f)
			return false;
	return true;
}

static int
device_begin(const struct oauth *o, int64_t wait_ms, struct device *d, struct lp_err *err)
{
	struct oauth_answer a = { 0 };
	struct buf form = { 0 };
	const char *url, *code;
	char *ask;
	double s;
	int r;

	*d = (struct device){ 0 };
	if (oauth_url(o, 'd', &ask, err) == -1)
		return lp_err_prefix(err, "no login by a code at %s, use a browser", o->provider);
	buf_form(&form, "client_id", o->client_id);
	buf_form(&form, "scope", oauth_scope(o));
	r = oauth_post(o, ask, &form, &a, err);
	free(ask);
	if (r == 0 && *a.error != '\0')
		r = said_no(o, a.error, err);
	if (r == 0) {
		url = json_str(a.body, "verification_uri");
		url = url != NULL ? url : json_str(a.body, "verification_url"); /* before it was a standard */
		code = json_str(a.body, "user_code");
		if (!oauth_token_ok(json_str(a.body, "device_code")) || !showable(url, 500) || !showable(code, 64) || http_url_ok(url, false, NULL) == -1)
			r = lp_fail(err, LP_TEMP, "%s gave a code that can't be used", o->provider);
	}
	if (r == 0) {
		d->code = xstrdup(json_str(a.body, "device_code"));
		d->user_code = xstrdup(code);
		d->url = xstrdup(url);
		s = json_num(a.body, "interval", 5);
		d->interval = s >= 1 && s <= 60 ? (int64_t)s * LP_SECOND : s < 1 ? LP_SECOND : 60 * LP_SECOND;
		s = json_num(a.body, "expires_in", 900);
		d->until = s >= 1 && s * 1000 < (double)wait_ms ? (int64_t)s * LP_SECOND : wait_ms;
	}
	oauth_answer_clear(&a);
	return r;
}

/* 1 the tokens are there, 0 ask again, -1. */
static int
device_ask(const struct oauth *o, const char *url, struct device *d, struct lp_err *err)
{
	struct oauth_answer a = { 0 };
	struct buf form = { 0 };
	int r;

	if (oauth_secret(o, &form, err) == -1) {
		wipe(buf_steal(&form));
		return -1;
	}
	buf_form(&form, "device_code", d->code);
	buf_form(&form, "grant_type", "urn:ietf:params:oauth:grant-type:device_code");
	if (oauth_post(o, url, &form, &a, err) == -1) {
		/* RFC 8628, 3.5: a time-out is asked again, more slowly */
		d->interval *= 2;
		return err->kind == LP_TEMP ? 0 : -1;
	}
	if (strcmp(a.error, "authorization_pending") == 0)
		r = 0;
	else if (strcmp(a.error, "slow_down") == 0) {
		d->interval += 5 * LP_SECOND;
		r = 0;
	} else if (strcmp(a.error, "expired_token") == 0)
		r = lp_fail(err, LP_TEMP, "the code has expired: begin again");
	else if (*a.error != '\0')
		r = said_no(o, a.error, err);
	else
		r = keep(o, &a, err) == -1 ? -1 : 1;
	oauth_answer_clear(&a);
	return r;
}

static bool
pass(const struct oauth_ui *ui, int64_t ms)
{
	if (ui->wait != NULL)
		return ui->wait(ui->arg, ms);
	poll(NULL, 0, (int)ms);
	return true;
}

int
oauth_device(const struct oauth *o, int64_t wait_ms, const struct oauth_ui *ui, struct lp_err *err)
{
	int64_t waited = 0;
	struct device d = { 0 };
	struct lp_err own;
	char *url = NULL;
	int r = -1;

	if (err == NULL)
		err = &own;
	if (oauth_scope(o) == NULL)
		return lp_fail(err, LP_CONFIG, "oauth_scope: %s has none of its own: give one", o->provider);
	if (oauth_url(o, 't', &url, err) == 0 && can_keep(o, err) == 0 && device_begin(o, wait_ms, &d, err) == 0) {
		ui->show(ui->arg, d.url, d.user_code);
		do {
			waited += d.interval;
			if (waited > d.until)
				r = lp_fail(err, LP_TEMP, "nobody logged in in time");
			else if (!pass(ui, d.interval))
				r = lp_fail(err, LP_TEMP, "stopped");
			else
				r = device_ask(o, url, &d, err);
		} while (r == 0);
	}
	device_clear(&d);
	free(url);
	return r == 1 ? 0 : -1;
}
