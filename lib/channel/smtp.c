/* smtp.c - an account at a mail server: its settings, its line, and what an answer means. */
#include "channel/smtp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/secret.h"
#include "channel/maildir.h"
#include "mail/bounce.h"
#include "net/oauth.h"

static const char *const securities[] = { "tls", "starttls", "none", NULL };
static const char *const auths[] = { "plain", "login", "cram-md5", "xoauth2", NULL };
static const char *const oauths[] = { "google", "microsoft", "custom", NULL };
static const struct channel_key keys[] = {
	{ .name = "host", .type = KEY_HOST, .help = "the server that takes its mail" },
	{ .name = "port", .type = KEY_NUMBER, .help = "default: 465 with tls, 587 with starttls, 25 with none", .least = 1, .most = 65535 },
	{ .name = "security", .type = KEY_WORD, .help = "tls (default), starttls, or none: that only to this machine", .words = securities },
	{ .name = "user", .type = KEY_TEXT, .help = "the login's name; default: the address" },
	{ .name = "password_env", .type = KEY_VARIABLE, .help = "the environment variable that holds the password" },
	{ .name = "password_command", .type = KEY_COMMAND, .help = "a command that prints the password" },
	{ .name = "auth", .type = KEY_WORD, .help = "how to log in; default: the strongest that the server offers", .words = auths },
	{ .name = "oauth", .type = KEY_WORD, .help = "log in by OAuth2 (lp-accounts login)", .words = oauths },
	{ .name = "oauth_client_id", .type = KEY_TEXT, .help = "our name at the provider" },
	{ .name = "oauth_secret_env", .type = KEY_VARIABLE, .help = "the environment variable that holds the client's secret" },
	{ .name = "oauth_tenant", .type = KEY_TEXT, .help = "of microsoft: the organisation; default: common" },
	{ .name = "oauth_token_url", .type = KEY_URL, .help = "of custom: where tokens come from" },
	{ .name = "oauth_auth_url", .type = KEY_URL, .help = "of custom: where a person logs in by a browser" },
	{ .name = "oauth_device_url", .type = KEY_URL, .help = "of custom: where a code for a login elsewhere comes from" },
	{ .name = "oauth_scope", .type = KEY_TEXT, .help = "of custom: what is asked for" },
	{ .name = "oauth_file", .type = KEY_PATH, .help = "where its tokens are kept, readable by nobody else" },
	{ .name = "cert", .type = KEY_PATH, .help = "our certificate, PEM" },
	{ .name = "cert_key", .type = KEY_PATH, .help = "its key, PEM" },
	{ .name = "ca_file", .type = KEY_PATH, .help = "certificates to trust instead of the system's" },
	{ .name = "timeout", .type = KEY_NUMBER, .help = "seconds for an answer, five times that for the one to the end of a message; default: 60", .least = 1, .most = 600 },
	{ .name = "in", .type = KEY_PATH, .help = "the Maildir whose new mail is read" },
	{ .name = "imap_host", .type = KEY_HOST, .help = "its IMAP server" },
	{ .name = "imap_port", .type = KEY_NUMBER, .help = "default: 993 with tls, 143", .least = 1, .most = 65535 },
	{ .name = "imap_security", .type = KEY_WORD, .help = "tls (default), starttls, or none: that only to this machine", .words = securities },
	{ .name = "sent_folder", .type = KEY_TEXT, .help = "the folder there into which what was sent is copied" },
	{ .name = "dkim_selector", .type = KEY_TEXT, .help = "of the key that its mail is signed with (lp-doctor looks at it); several with commas" },
	{ 0 }
};

/* One account's line out, or its Maildir in. */
struct smtp_account {
	struct smtp *line;
	void *maildir;
	cJSON *settings;        /* of which the next is made */
	struct oauth oauth;
	bool by_token, renewed; /* OAuth2; its token was refused once, and is a new one */
	bool mailing, failed;   /* no token: err */
	struct lp_err err;
};

static enum smtp_security
security(const cJSON *settings)
{
	const char *s = json_str(settings, "security");

	return s == NULL || strcmp(s, "tls") == 0 ? SMTP_TLS : strcmp(s, "starttls") == 0 ? SMTP_STARTTLS : SMTP_PLAIN;
}

static bool
reaches(const cJSON *settings)
{
	return !smtp_loopback(json_text(settings, "host"));
}

static int
validate(const cJSON *settings, struct lp_err *err)
{
	const char *host = json_str(settings, "host"), *auth = json_str(settings, "auth");
	bool password = json_str(settings, "password_env") != NULL || json_str(settings, "password_command") != NULL;

	if (host == NULL)
		return lp_fail(err, LP_CONFIG, "host: missing: the server that takes its mail");
	if (security(settings) == SMTP_PLAIN && !smtp_loopback(host))
		return lp_fail(err, LP_CONFIG, "security: none is only for this machine: '%s' needs tls or starttls", host);
	if (json_str(settings, "password_env") != NULL && json_str(settings, "password_command") != NULL)
		return lp_fail(err, LP_CONFIG, "password_env and password_command: one of them is enough");
	if (auth != NULL && strcmp(auth, "xoauth2") == 0 && json_str(settings, "oauth") == NULL)
		return lp_fail(err, LP_CONFIG, "auth: xoauth2 needs oauth=google, microsoft or custom");
	if (json_str(settings, "oauth") != NULL && (password || (auth != NULL && strcmp(auth, "xoauth2") != 0)))
		return lp_fail(err, LP_CONFIG, "oauth: it takes the place of a password and of auth=%s", auth != NULL ? auth : "...");
	if (json_str(settings, "oauth") != NULL && oauth_from_settings(settings, &(struct oauth){ 0 }, err) == -1)
		return -1;
	if (json_str(settings, "cert_key") != NULL && json_str(settings, "cert") == NULL)
		return lp_fail(err, LP_CONFIG, "cert_key: a key without a certificate (cert)");
	if (json_str(settings, "in") != NULL && *json_str(settings, "in") != '/')
		return lp_fail(err, LP_CONFIG, "in: '%s' is not an absolute path", json_str(settings, "in"));
	return 0;
}

static void
close_account(void *arg)
{
	struct smtp_account *a = arg;

	if (a == NULL)
		return;
	smtp_free(a->line);
	channel_maildir.close(a->maildir);
	cJSON_Delete(a->settings);
	free(a);
}

static void *
open_out(const cJSON *settings, struct lp_err *err)
{
	const char *user = json_str(settings, "user"), *address = json_str(settings, "address"), *at;
	enum smtp_security sec = security(settings);
	struct smtp_account *a;
	int64_t ms = 1000 * strtol(json_text(settings, "timeout"), NULL, 10);
	char *password = NULL;
	struct smtp_server v = { .host = json_str(settings, "host"), .security = sec, .auth = json_str(settings, "auth"),
		.port = (int)strtol(json_text(settings, "port"), NULL, 10), .user = user != NULL ? user : address,
		.ca_file = json_str(settings, "ca_file"), .cert = json_str(settings, "cert"), .cert_key = json_str(settings, "cert_key"), .connect_ms = ms, .answer_ms = ms, .end_ms = 5 * ms };

	if (secret_get(json_str(settings, "password_env"), json_str(settings, "password_command"), "password_command", &password, err) == -1)
		return NULL;
	if (password != NULL && v.user == NULL) {
		lp_fail(err, LP_CONFIG, "user: missing");
		wipe(password);
		return NULL;
	}
	if (v.port == 0)
		v.port = sec == SMTP_TLS ? 465 : sec == SMTP_STARTTLS ? 587 : 25;
	at = address != NULL ? strrchr(address, '@') : NULL;
	v.helo = at != NULL ? at + 1 : "localhost";
	v.password = password;
	a = xcalloc(1, sizeof(*a));
	a->settings = cJSON_Duplicate(settings, 1);
	a->by_token = json_str(settings, "oauth") != NULL;
	if (!a->by_token || oauth_from_settings(a->settings, &a->oauth, err) == 0)
		a->line = smtp_new(&v, err);
	wipe(password);
	if (a->line != NULL)
		return a;
	close_account(a);
	return NULL;
}

static void *
open_in(const cJSON *settings, bool known, struct lp_err *err)
{
	struct smtp_account *a = xcalloc(1, sizeof(*a));

	a->maildir = channel_maildir.open_in(settings, known, err);
	if (a->maildir == NULL) {
		free(a);
		return NULL;
	}
	return a;
}

void
smtp_result(const struct smtp_outcome *o, struct channel_result *r)
{
	enum channel_state state = CHANNEL_DEFERRED;
	struct mail_bounce_rcpt said = { 0 };

	switch (o->end) {
	case SMTP_TAKEN:
		state = CHANNEL_ACCEPTED;
		break;
	case SMTP_SAID_NO:
		state = o->code / 100 == 5 ? CHANNEL_REFUSED : CHANNEL_DEFERRED;
		break;
	case SMTP_CANT:
		state = CHANNEL_REFUSED;
		break;
	case SMTP_LOST:
		state = CHANNEL_UNKNOWN;
		break;
	case SMTP_CUT:
	case SMTP_DOWN:
		break;
	}
	if (o->code != 0)
		channel_say(r, state, o->code, "%d %s", o->code, o->text);
	else
		channel_say(r, state, o->code, "%s", o->text);
	if (o->end != SMTP_SAID_NO)
		return;
	mail_refusal(o->code, o->text, &said);
	if (said.status != NULL)
		snprintf(r->status, sizeof(r->status), "%s", said.status);
	/* what is refused before the recipient was named is no fault of the recipient's; nor is it the account's where it is this message's own size or letters */
	if (o->at == SMTP_AT_MAIL && o->code / 100 == 5 && (o->code == 552 || strcmp(r->status, "5.3.4") == 0 || strncmp(r->status, "5.6.", 4) == 0))
		r->blame = BLAME_NOBODY;
	else if (o->at <= SMTP_AT_MAIL)
		r->blame = said.ours || state == CHANNEL_REFUSED ? BLAME_US : BLAME_NOBODY;
	else
		r->blame = said.hard ? BLAME_ADDRESS : said.ours ? BLAME_US : BLAME_NOBODY;
	free(said.status);
}

/* A good access token, before a login. */
static bool
token(struct smtp_account *a, bool fresh)
{
	char *word = NULL;

	a->failed = oauth_access(&a->oauth, fresh, &word, &a->err) == -1;
	if (!a->failed)
		smtp_token(a->line, word);
	wipe(word);
	return !a->failed;
}

static void
begin(void *arg, const struct channel_mail *mail)
{
	struct smtp_account *a = arg;

	a->failed = a->renewed = false;
	a->mailing = mail != NULL;
	if (a->by_token && !smtp_is_up(a->line) && !token(a, false))
		return;
	if (mail == NULL)
		smtp_ready(a->line);
	else
		smtp_send(a->line, &(struct smtp_mail){ .from = mail->from, .to = mail->to, .data = mail->data, .len = mail->len });
}

static bool
step(void *arg)
{
	struct smtp_account *a = arg;
	const struct smtp_outcome *o;

	if (a->failed)
		return true;
	if (!smtp_step(a->line))
		return false;
	o = smtp_outcome(a->line);
	/* a token may be taken back before its time is over: one more, and no third */
	if (!a->by_token || a->renewed || o->end != SMTP_DOWN || o->code != 535)
		return true;
	a->renewed = true;
	if (!token(a, true))
		return true;
	smtp_again(a->line);
	return false;
}

static int
fds(void *arg, struct pollfd *list, int most)
{
	return smtp_fds(((struct smtp_account *)arg)->line, list, most);
}

static int
wait_ms(void *arg)
{
	return smtp_wait_ms(((struct smtp_account *)arg)->line);
}

static int
end(void *arg, struct channel_result *r, struct lp_err *err)
{
	struct smtp_account *a = arg;
	const struct smtp_outcome *o = smtp_outcome(a->line);

	if (a->mailing && a->failed)
		channel_say(r, CHANNEL_DEFERRED, 0, "%s", a->err.msg);
	else if (a->mailing)
		smtp_result(o, r);
	else if (a->failed)
		return lp_fail(err, a->err.kind, "%s", a->err.msg);
	else if (o->end != SMTP_TAKEN)
		return lp_fail(err, o->end == SMTP_DOWN ? o->kind : LP_TEMP, "%s", o->text);
	return 0;
}

static int
ready(void *arg, struct lp_err *err)
{
	begin(arg, NULL);
	channel_wait(&channel_smtp, arg);
	return end(arg, NULL, err);
}

static void
deliver(void *arg, const struct channel_mail *mail, struct channel_result *r)
{
	begin(arg, mail);
	channel_wait(&channel_smtp, arg);
	end(arg, r, NULL);
}

static long
each(void *arg, long max, channel_each *fn, void *fnarg, struct lp_err *err)
{
	return channel_maildir.each(((struct smtp_account *)arg)->maildir, max, fn, fnarg, err);
}

static int
done(void *arg, const char *name, struct lp_err *err)
{
	return channel_maildir.done(((struct smtp_account *)arg)->maildir, name, err);
}

static int
finish(void *arg, struct lp_err *err)
{
	return channel_maildir.finish(((struct smtp_account *)arg)->maildir, err);
}

const struct channel channel_smtp = {
	.kind = "smtp",
	.carries = "email",
	.reaches = reaches,
	.keys = keys,
	.validate = validate,
	.open_out = open_out,
	.open_in = open_in,
	.close = close_account,
	.ready = ready,
	.deliver = deliver,
	.begin = begin,
	.step = step,
	.fds = fds,
	.wait_ms = wait_ms,
	.end = end,
	.each = each,
	.done = done,
	.finish = finish,
};
