#include "sender/delivered.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel/phone.h"
#include "sender/phone.h"
#include "sender/volume.h"
#include "store/log.h"
#include "store/notify.h"
#include "store/outbox.h"
#include "store/tasks.h"

#define BURST 200 /* lines a commit */
#define ID_MAX 128

static int
prove(struct lp_db *db, const struct delivery *d, int64_t message, struct lp_err *err)
{
	struct outbox o;
	int r = outbox_get(db, message, &o, err);

	if (r == 1)
		r = outbox_record(db, message, &(struct outbox_result){ .state = OUT_SENT, .response = "the service tells of it", .service_id = d->service_id }, err);
	if (r == 1)
		r = task_release(db, o.task, 0, NULL, "the service tells of it: it was sent", err);
	outbox_clear(&o);
	return r == -1 ? -1 : 0;
}

/* Its message: 1, 0 none of ours, or none yet, -1. */
static int
message_of(struct lp_db *db, const struct delivery *d, int64_t *message, struct lp_err *err)
{
	int r = delivery_find(db, d->account, d->service_id, message, err);

	if (r == 0 && d->to != NULL && (r = delivery_unknown(db, d->account, d->to, d->at, message, err)) == 1 && prove(db, d, *message, err) == -1)
		return -1;
	if (r == 0 && delivery_keep(db, d, err) == -1)
		return -1;
	return r;
}

static int
tell(struct lp_db *db, const struct outbox *o, int64_t lead, const char *text, struct lp_err *err)
{
	char key[48], command[48];

	snprintf(key, sizeof(key), "undelivered:%" PRId64, o->message);
	snprintf(command, sizeof(command), "lp-log why m%" PRId64, o->message);
	return notify_add(db, &(struct notice){ .type = "error", .title = "A message was taken, and not delivered", .message = text, .command = command,
	    .task = o->task, .lead = lead, .dedupe = key }, err);
}

static int
failed(struct lp_db *db, const struct outbox *o, const struct message *m, const struct delivery *d, const char *kind, struct lp_err *err)
{
	struct channel_result r;

	channel_say(&r, CHANNEL_REFUSED, 0, "%d: %s", d->code, d->text != NULL ? d->text : "not delivered");
	r.blame = phone_blame(kind, d->code);
	snprintf(r.status, sizeof(r.status), "%d", d->code);
	snprintf(r.id, sizeof(r.id), "%s", d->service_id);
	if (volume_outcome(db, o, &r, err) == -1)
		return -1;
	return r.blame == BLAME_NOBODY ? tell(db, o, m->lead, r.text, err) : 0;
}

static int
act(struct lp_db *db, int64_t message, const struct delivery *d, struct lp_err *err)
{
	struct account a = { 0 };
	struct message m = { 0 };
	struct outbox o = { 0 };
	char text[300];
	int r = delivery_put(db, message, d, err);

	if (r != 1)
		return r;
	snprintf(text, sizeof(text), "%s%s%.200s", strcmp(d->status, "failed") == 0 ? "not delivered" : d->status, d->text != NULL ? ": " : "",
	    d->text != NULL ? d->text : "");
	if ((r = outbox_get(db, message, &o, err)) == 1 && (r = message_get(db, message, &m, err)) == 1 && (r = account_get(db, o.account, &a, err)) == 1)
		r = log_add(db, &(struct log_entry){ .type = strcmp(d->status, "failed") == 0 ? "error" : "observation", .task = o.task, .lead = m.lead,
		    .campaign = m.campaign, .message = message, .account = o.account, .text = text }, err) == -1 ? -1 : 1;
	if (r == 1 && strcmp(d->status, "failed") == 0)
		r = failed(db, &o, &m, d, a.kind, err) == -1 ? -1 : 1;
	account_clear(&a);
	message_clear(&m);
	outbox_clear(&o);
	return r;
}

int
delivery_status(struct lp_db *db, const struct delivery *given, struct lp_err *err)
{
	struct delivery d = *given;
	int64_t message;
	int r;

	if (d.service_id == NULL || *d.service_id == '\0' || strlen(d.service_id) >= ID_MAX)
		return lp_fail(err, LP_DATA, "no id: the service's name for the message");
	if (d.status == NULL || (d.status = delivery_word(d.status)) == NULL)
		return lp_fail(err, LP_DATA, "'%.40s' is no status of a message", given->status != NULL ? given->status : "");
	/* a clock that runs ahead isn't believed */
	if (d.at == 0 || d.at > db_now(db))
		d.at = db_now(db);
	r = message_of(db, &d, &message, err);
	return r == 1 ? act(db, message, &d, err) : r;
}

static int
kept(void *arg, const struct delivery *d, struct lp_err *err)
{
	return delivery_status(arg, d, err) == -1 ? -1 : 0;
}

int
delivery_caught_up(struct lp_db *db, int64_t account, const char *service_id, struct lp_err *err)
{
	return delivery_kept(db, account, service_id, kept, db, err);
}

/* ---- lines */

/* Services write it as a number or as text. */
static int
code_of(const cJSON *o)
{
	double v = json_str(o, "code") != NULL ? strtod(json_str(o, "code"), NULL) : json_num(o, "code", 0);

	return v > 0 && v < 1e9 ? (int)v : 0;
}

static int
one_line(struct lp_db *db, const char *s, size_t n, int64_t account, struct lp_err *err)
{
	cJSON *o = json_object(s, n, err);
	const char *name = json_str(o, "account"), *at = json_str(o, "at"), *to = json_str(o, "to");
	struct delivery d = { .account = account, .service_id = json_str(o, "id"), .status = json_str(o, "status"), .text = json_str(o, "text"),
		.code = code_of(o) };
	char number[NORMAL_PHONE_SIZE];
	int r = o == NULL ? -1 : 0;

	if (r == 0 && name != NULL && (r = account_find(db, name, &d.account, err)) == 0)
		r = lp_fail(err, LP_DATA, "no account '%.60s'", name);
	else if (r == 0 && d.account == 0)
		r = lp_fail(err, LP_DATA, "no account: whose message is it (--account)");
	if (r != -1 && at != NULL)
		r = lp_iso_parse(at, &d.at, err) == -1 ? lp_fail(err, LP_DATA, "at: '%.40s' is no time", at) : 0;
	if (r != -1) {
		if (to != NULL && phone_number(to, "whatsapp", number))
			d.to = number;
		r = delivery_status(db, &d, err);
	}
	cJSON_Delete(o);
	return r;
}

int
delivered_lines(struct lp_db *db, struct lines *in, int64_t account, bool dry, void (*refused)(size_t line, const struct lp_err *), struct delivered *sum,
    struct lp_err *err)
{
	struct lp_err why;
	const char *s;
	size_t n;
	int r = 0, got, ok;

	/* waiting for a line is done outside of a transaction */
	while (r == 0 && (got = lines_next(in, &s, &n, &why)) != 0) {
		if (db_begin(db, err) == -1)
			return -1;
		for (int i = 1; r == 0 && got != 0; i++) {
			sum->seen++;
			if (got == 1 && (ok = one_line(db, s, n, account, &why)) != -1)
				sum->news += ok;
			else if (why.kind == LP_DATA || why.kind == LP_USAGE) {
				sum->bad++;
				refused(in->number, &why);
			} else {
				*err = why;
				r = -1;
			}
			got = r == 0 && i < BURST && lines_waiting(in) ? lines_next(in, &s, &n, &why) : 0;
		}
		if (db_end(db, r == 0 && !dry, r == 0 ? err : NULL) == -1)
			r = -1;
	}
	return r;
}
