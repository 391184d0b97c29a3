#include "account/account_test.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "account/account_look.h"
#include "base/json.h"
#include "base/mailbox.h"
#include "base/mem.h"
#include "channel/channel.h"
#include "channel/imapline.h"
#include "mail/compose.h"
#include "store/config.h"

#define ASK_EVERY_MS 1000

/* The message: as those that will follow it look, with its way out. */
static int
compose(struct lp_db *db, const struct account *a, const char *id, const char *to, int64_t now, struct buf *data, struct lp_err *err)
{
	struct mail_out m = { .from_name = a->display_name, .from_address = a->address, .to_address = to,
		.subject = "LeadPilot test message", .message_id = id, .date = now, .automatic = MAIL_AUTO_GENERATED,
		.text = "This message was written by lp-accounts test. The account can send.\n" };
	char *mailto = xasprintf("mailto:%s?subject=unsubscribe", a->address), *url = NULL;
	struct config_law c;
	int r;

	if ((r = config_law(db, &c, err)) == 0) {
		if (c.unsubscribe_url != NULL)
			m.unsubscribe_url = url = xasprintf("%stest", c.unsubscribe_url);
		m.one_click = url != NULL;
		m.unsubscribe_mailto = mailto;
		r = mail_compose(&m, data, err);
		config_law_clear(&c);
	}
	free(mailto);
	free(url);
	return r;
}

/* True where it left. */
static bool
put_out(struct lp_db *db, const struct channel *ch, const struct account *a, const cJSON *settings, const char *id, const struct account_try *how, const char *check,
    struct findings *out)
{
	const char *to = how->to != NULL ? how->to : a->address;
	char name[CHANNEL_NAME_SIZE];
	struct channel_result r = { .state = CHANNEL_DEFERRED };
	struct buf data = { 0 };
	struct lp_err err;
	void *wire = NULL;

	if (compose(db, a, id, to, how->now, &data, &err) == -1 || (wire = ch->open_out(settings, &err)) == NULL ||
	    (ch->ready != NULL && ch->ready(wire, &err) == -1))
		findings_err(out, check, &err);
	else {
		ch->deliver(wire, &(struct channel_mail){ .name = channel_name(id, how->now, name), .from = a->address, .to = to,
		    .data = data.s, .len = data.len }, &r);
		if (r.state == CHANNEL_ACCEPTED)
			findings_add(out, FOUND_OK, check, NULL, "%s", r.text);
		else {
			lp_fail(&err, r.state == CHANNEL_REFUSED ? LP_UNAVAILABLE : LP_TEMP, "%s", r.text);
			findings_err(out, check, &err);
		}
	}
	ch->close(wire);
	buf_free(&data);
	return r.state == CHANNEL_ACCEPTED;
}

static int
count(void *arg, const char *name, const char *path, struct lp_err *err)
{
	(void)arg;
	(void)name;
	(void)path;
	(void)err;
	return 0;
}

static void
try_in(const struct channel *ch, const cJSON *settings, struct findings *out)
{
	struct lp_err err;
	void *box = ch->open_in(settings, false, &err);
	long n = box != NULL ? ch->each(box, LONG_MAX, count, NULL, &err) : -1;

	if (n == -1)
		findings_err(out, "in", &err);
	else
		findings_add(out, FOUND_OK, "in", NULL, "%ld to be read", n);
	ch->close(box);
}

/* The IMAP settings by which mail to `to` can be seen: of the account itself, or of another one of ours. NULL where there are none. The caller frees. */
static cJSON *
mailbox_of(struct lp_db *db, const struct account *a, const cJSON *settings, const char *to)
{
	struct account other;
	struct lp_err err;
	cJSON *theirs = NULL;
	int64_t seq;

	if (strcasecmp(to, a->address) == 0)
		theirs = cJSON_Duplicate(settings, 1);
	else if (account_find(db, to, &seq, &err) == 1 && account_get(db, seq, &other, &err) == 1) {
		theirs = account_settings(&other);
		account_clear(&other);
	}
	if (theirs != NULL && (!imapline_set(theirs) || (imapline_reaches(theirs) && db_simulated(db)))) {
		cJSON_Delete(theirs);
		theirs = NULL;
	}
	return theirs;
}

/* It takes its time to arrive. 1 and its header, 0 it isn't there yet, -1. */
static int
wait_for(struct imap *i, const char *id, int64_t wait_ms, struct buf *header, struct lp_err *err)
{
	uint32_t uid;
	int r;

	while ((r = imap_find(i, "INBOX", id, &uid, err)) == 0 && wait_ms > 0) {
		nanosleep(&(struct timespec){ .tv_sec = ASK_EVERY_MS / 1000, .tv_nsec = ASK_EVERY_MS % 1000 * 1000000 }, NULL);
		wait_ms -= ASK_EVERY_MS;
	}
	return r == 1 ? imap_header(i, "INBOX", uid, header, err) : r;
}

static void
look_for(struct lp_db *db, const struct account *a, const cJSON *settings, const char *id, const struct account_try *how, struct findings *out)
{
	cJSON *mailbox = mailbox_of(db, a, settings, how->to);
	struct buf header = { 0 };
	struct lp_err err;
	struct imap *i;
	int r = -1;

	if (mailbox == NULL) {
		findings_add(out, FOUND_OK, "found", NULL, "not looked for: %s is no account of ours with imap_host; read its headers there", how->to);
		return;
	}
	if ((i = imapline_open(mailbox, &err)) != NULL)
		r = wait_for(i, id, how->wait_ms, &header, &err);
	if (r == -1)
		findings_err(out, "found", &err);
	else if (r == 0)
		findings_add(out, FOUND_UNKNOWN, "found", NULL, "not in the INBOX of %s after %" PRId64 " s: late, or taken for junk", how->to, how->wait_ms / 1000);
	else {
		findings_add(out, FOUND_OK, "found", NULL, "in the INBOX of %s", how->to);
		account_received(buf_str(&header), header.len, mailbox_domain(a->address), out);
	}
	imap_free(i);
	buf_free(&header);
	cJSON_Delete(mailbox);
}

int
account_test(struct lp_db *db, const struct account *a, const struct account_try *how, struct findings *out, struct lp_err *err)
{
	const struct channel *ch = channel_get(a->kind, err);
	bool maildir = strcmp(a->kind, "maildir") == 0, sent = false;
	cJSON *settings;
	char *id;

	if (ch == NULL)
		return -1;
	if (how->to != NULL && (strcmp(ch->carries, "email") != 0 || !mail_address_ok(how->to)))
		return lp_fail(err, LP_USAGE, "--to: %s", strcmp(ch->carries, "email") != 0 ? "only an e-mail account can be tried with a message" : "that is no e-mail address");
	settings = account_settings(a);
	if (channel_reaches(ch, settings) && db_simulated(db)) {
		cJSON_Delete(settings);
		return lp_fail(err, LP_CONFIG, "account %s: this is a simulated file: nothing of it reaches past this machine", a->name);
	}
	id = xasprintf("test.%" PRId64 "@%s", how->now, mailbox_domain(a->address));
	if (maildir && json_str(settings, "out") == NULL)
		findings_add(out, FOUND_OK, "out", NULL, "none: nothing leaves from here");
	else if (maildir)
		sent = put_out(db, ch, a, settings, id, how, "out", out);
	else if (how->to != NULL)
		sent = put_out(db, ch, a, settings, id, how, "sent", out);
	else if (strcmp(ch->carries, "email") != 0)
		account_token(ch, settings, out);
	else
		account_connect(db, a, settings, out);
	if (json_str(settings, "in") != NULL)
		try_in(ch, settings, out);
	else if (strcmp(ch->carries, "email") == 0)
		findings_add(out, FOUND_OK, "in", xasprintf("lp-accounts set %s in=MAILDIR, which mbsync or the like fills", a->name), "none: replies can't be seen, so no follow-up will leave");
	if (sent && how->to != NULL)
		look_for(db, a, settings, id, how, out);
	else
		account_connect_imap(db, settings, out);
	cJSON_Delete(settings);
	free(id);
	return 0;
}
