/* notices_tell.c - by which ways people are told.  Part of notices.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/notices.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/tz.h"
#include "channel/maildir.h"
#include "mail/compose.h"
#include "net/http.h"
#include "net/slack.h"
#include "sender/deliver.h"
#include "store/accounts.h"
#include "store/config.h"

#define NAME_MAX_BYTES 160

/* What is told, once. */
struct telling {
	struct lp_db *db;
	struct lp_config c;
	struct notify_claim claim;
	struct notice_row *rows;
	size_t n;
};

/* What came of it. */
enum end { TOLD, LATER, DROPPED };
struct said {
	enum end end;
	int64_t wait;           /* of LATER, ms; 0: as long as usual */
	struct lp_err why;
};

/* From whom a mail into the Maildir is: the first account's address. */
static int
first_address(struct lp_db *db, char **address, struct lp_err *err)
{
	struct account a;
	int64_t *seqs;
	size_t n;
	int r = accounts_list(db, NULL, &seqs, &n, err);

	for (size_t i = 0; r != -1 && i < n && *address == NULL; i++) {
		if ((r = account_get(db, seqs[i], &a, err)) == 1 && strcmp(a.channel, "email") == 0)
			*address = xstrdup(a.address);
		if (r == 1)
			account_clear(&a);
	}
	free(seqs);
	return r == -1 ? -1 : 0;
}

static int
compose(const struct telling *t, const char *from, const char *to, struct buf *out, struct lp_err *err)
{
	char *subject = notices_subject(t->rows, t->n), *name = notices_line(t->c.name, NAME_MAX_BYTES), id[300];
	struct buf text = { 0 };
	struct tz_civil civil;
	int r;

	notices_text(&text, t->rows, t->n, db_path(t->db));
	snprintf(id, sizeof(id), "notices.%" PRId64 ".%" PRId64 "%s", t->claim.digest, t->claim.at, strchr(from, '@'));
	r = mail_compose(&(struct mail_out){ .from_name = name, .from_address = from, .to_address = to, .subject = subject, .text = buf_str(&text),
	    .message_id = id, .date = db_now(t->db),
	    .zone = tz_local(t->c.hours.timezone, db_now(t->db), &civil, NULL) == 0 ? (int)(civil.offset_s / 60) : 0,
	    .automatic = MAIL_AUTO_GENERATED }, out, err);
	buf_free(&text);
	free(subject);
	free(name);
	return r;
}

static char *
file_name(const struct telling *t, char name[CHANNEL_NAME_SIZE])
{
	char what[64];

	snprintf(what, sizeof(what), "notices.%" PRId64, t->claim.digest);
	return channel_name(what, t->claim.at, name);
}

static int
into_maildir(const struct telling *t, const struct buf *mail, struct lp_err *err)
{
	cJSON *settings = cJSON_CreateObject();
	struct channel_result res = { 0 };
	char name[CHANNEL_NAME_SIZE];
	int r = -1;
	void *conn;

	json_set_str(settings, "out", t->c.notify_maildir);
	if ((conn = channel_maildir.open_out(settings, err)) != NULL) {
		struct channel_mail out = { .name = file_name(t, name), .data = mail->s, .len = mail->len };

		/* a reader may have moved it on already */
		if ((r = channel_maildir.find(conn, &out, &res, err)) == 0) {
			channel_maildir.deliver(conn, &out, &res);
			r = res.state == CHANNEL_ACCEPTED ? 0 : lp_fail(err, LP_TEMP, "%s", res.text);
		}
		channel_maildir.close(conn);
	}
	cJSON_Delete(settings);
	return r == -1 ? -1 : 0;
}

static int
by_maildir(struct telling *t, struct said *s, struct lp_err *err)
{
	struct buf mail = { 0 };
	char *from = NULL;

	if (first_address(t->db, &from, err) == -1)
		return -1;
	if (from == NULL)
		from = xstrdup(t->c.notify_email != NULL ? t->c.notify_email : "leadpilot@localhost");
	s->end = compose(t, from, t->c.notify_email != NULL ? t->c.notify_email : from, &mail, &s->why) == 0 && into_maildir(t, &mail, &s->why) == 0 ? TOLD : LATER;
	buf_free(&mail);
	free(from);
	return 0;
}

/* On an open line: what the server says of it. */
static void
on_wire(const struct telling *t, struct wire *w, struct said *s)
{
	struct channel_result res = { 0 };
	struct buf mail = { 0 };
	char name[CHANNEL_NAME_SIZE];

	if (compose(t, w->account.address, t->c.notify_email, &mail, &s->why) == -1)
		return;
	w->ch->deliver(w->conn, &(struct channel_mail){ .name = file_name(t, name), .from = w->account.address, .to = t->c.notify_email, .data = mail.s,
	    .len = mail.len, .reserved_at = db_now(t->db) }, &res);
	s->end = res.state == CHANNEL_ACCEPTED ? TOLD : res.state == CHANNEL_DEFERRED ? LATER : DROPPED;
	s->wait = res.retry_ms;
	lp_fail(&s->why, res.state == CHANNEL_DEFERRED ? LP_TEMP : LP_CONFIG, "%s%s", res.state == CHANNEL_UNKNOWN ? "it is not known whether it was told: " : "",
	    res.text);
	buf_free(&mail);
}

/* Also by an account that is paused or stopped: of just that somebody may have to be told. */
static int
by_account(struct telling *t, struct said *s, struct lp_err *err)
{
	struct wire *list = NULL, *w;
	int64_t seq;
	bool fatal;
	int r;

	s->end = LATER;
	if (t->c.notify_email == NULL) {
		lp_fail(&s->why, LP_CONFIG, "notify_account needs notify_email: to whom");
		return 0;
	}
	if ((r = account_find(t->db, t->c.notify_account, &seq, &s->why)) == -1)
		return 0;
	if (r == 0) {
		lp_fail(&s->why, LP_CONFIG, "notify_account: there is no account '%s'", t->c.notify_account);
		return 0;
	}
	if ((w = wire_open(&list, t->db, seq, &fatal, &s->why)) == NULL) {
		if (fatal)
			*err = s->why;
		return fatal ? -1 : 0;
	}
	if (strcmp(w->account.channel, "email") != 0)
		lp_fail(&s->why, LP_CONFIG, "notify_account: account '%s' carries no mail", w->account.name);
	else if (wire_ready(w, &s->why) == 0)
		on_wire(t, w, s);
	wires_close(&list);
	return 0;
}

/* The webhook's hash: by it it is known again that it is no more; it can't be read back. */
static void
address_hash(const struct lp_db *db, const char *url, char out[LP_HEX_SIZE])
{
	unsigned char hash[LP_HASH_SIZE];
	struct sha h;

	sha_init(&h);
	sha_add(&h, db_salt(db), LP_HASH_SIZE);
	sha_field(&h, "webhook");
	sha_field(&h, url);
	sha_end(&h, hash);
	lp_hex(hash, out);
}

static int
post(struct telling *t, const char *url, struct said *s, struct lp_err *err)
{
	char *subject = notices_subject(t->rows, t->n), hash[LP_HEX_SIZE];
	struct slack_said answer;
	struct buf text = { 0 };
	int r = 0;

	address_hash(t->db, url, hash);
	buf_printf(&text, "%s\n\n", subject);
	notices_text(&text, t->rows, t->n, db_path(t->db));
	free(subject);
	if ((r = notify_is_gone(t->db, NOTIFY_SLACK, hash, err)) == 1) {
		s->end = DROPPED;
		lp_fail(&s->why, LP_CONFIG, "the webhook is no more: set another");
	} else if (r == 0 && slack_post(url, buf_str(&text), db_now(t->db), &answer, &s->why) == 0) {
		s->end = answer.end == SLACK_TOLD ? TOLD : answer.end == SLACK_LATER ? LATER : DROPPED;
		s->wait = answer.wait_ms;
		lp_fail(&s->why, answer.end == SLACK_LATER ? answer.kind : LP_CONFIG, "%s", answer.text);
		if (answer.end == SLACK_GONE && db_begin(t->db, err) == 0) {
			r = notify_gone(t->db, NOTIFY_SLACK, hash, err);
			r = db_end(t->db, r == 0, r == 0 ? err : NULL) == -1 ? -1 : r;
		}
	}
	buf_free(&text);
	return r == -1 ? -1 : 0;
}

static int
by_slack(struct telling *t, struct said *s, struct lp_err *err)
{
	char *url = NULL;
	int r = 0;

	s->end = LATER;
	if (secret_get(t->c.notify_slack_webhook_env, NULL, "", &url, &s->why) == -1)
		return 0;
	if (db_simulated(t->db) && !http_loopback(url))
		lp_fail(&s->why, LP_CONFIG, "this is a simulated file: nothing of it reaches past this machine");
	else
		r = post(t, url, s, err);
	wipe(url);
	return r;
}

/* ---- each for itself */

static const struct {
	bool repeats;           /* the same again is no second one: nothing need be claimed before */
	int (*tell)(struct telling *, struct said *, struct lp_err *); /* 0; -1 database trouble */
} transports[NOTIFY_TRANSPORTS] = { [NOTIFY_MAILDIR] = { true, by_maildir }, [NOTIFY_ACCOUNT] = { false, by_account }, [NOTIFY_SLACK] = { false, by_slack } };

static bool
is_configured(const struct lp_config *c, enum notify_transport t)
{
	return (t == NOTIFY_MAILDIR ? c->notify_maildir : t == NOTIFY_ACCOUNT ? c->notify_account : c->notify_slack_webhook_env) != NULL;
}

/* Its next one: 1, 0, -1. */
static int
claim(struct telling *t, enum notify_transport which, struct lp_err *err)
{
	int r;

	if (db_begin(t->db, err) == -1)
		return -1;
	if ((r = notify_lost(t->db, which, err)) != -1 && (r = notify_claim(t->db, which, !transports[which].repeats, &t->claim, err)) == 1 &&
	    notify_claimed(t->db, &t->claim, &t->rows, &t->n, err) == -1)
		r = -1;
	return db_end(t->db, r != -1, r != -1 ? err : NULL) == -1 ? -1 : r;
}

/* How many nobody had been told of before, or -1. */
static int
record(struct telling *t, const struct said *s, struct lp_err *err)
{
	int r = 0;

	if (db_begin(t->db, err) == -1)
		return -1;
	if (s->end != LATER)
		r = notify_end(t->db, &t->claim, s->end == TOLD, s->end == TOLD ? NULL : s->why.msg, err);
	else if (!transports[t->claim.transport].repeats)
		r = notify_later(t->db, &t->claim, s->wait, s->why.msg, err);
	return db_end(t->db, r != -1, r != -1 ? err : NULL) == -1 ? -1 : r;
}

/* Tell all that one transport has to tell: 0 (*why.kind tells whether it went well), -1. */
static int
one_transport(struct telling *t, enum notify_transport which, int *told, struct lp_err *why, struct lp_err *err)
{
	struct said s = { .end = TOLD };
	int r;

	while (s.end != LATER && (r = claim(t, which, err)) != 0) {
		s = (struct said){ .end = TOLD };
		/* somebody read them meanwhile: told they are */
		if (r == 1 && t->n > 0)
			r = transports[which].tell(t, &s, err);
		if (r != -1 && (r = record(t, &s, err)) > 0)
			*told += r;
		notify_free(t->rows, t->n);
		t->rows = NULL;
		t->n = 0;
		if (r == -1)
			return -1;
		if (s.end != TOLD)
			*why = s.why;
	}
	return 0;
}

int
notices_send(struct lp_db *db, int *told, struct lp_err *err)
{
	struct telling t = { .db = db };
	struct lp_err why, first = { .kind = LP_OK };
	int r;

	*told = 0;
	if (db_begin(db, err) == -1)
		return -1;
	r = notify_begin(db, err);
	if (db_end(db, r != -1, r != -1 ? err : NULL) == -1 || r == -1 || config_load(db, &t.c, err) == -1)
		return -1;
	r = 0;
	for (enum notify_transport w = 0; r == 0 && w < NOTIFY_TRANSPORTS; w++) {
		why = (struct lp_err){ .kind = LP_OK };
		if (is_configured(&t.c, w) && (r = one_transport(&t, w, told, &why, err)) == 0 && why.kind != LP_OK && first.kind == LP_OK) {
			first = why;
			lp_err_prefix(&first, "notices by %s", notify_transport_name(w));
		}
	}
	config_clear(&t.c);
	if (r == 0 && first.kind != LP_OK) {
		*err = first;
		r = -1;
	}
	return r;
}
