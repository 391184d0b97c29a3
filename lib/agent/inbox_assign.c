/*
 * Whose a mail is, by a person's word, where nobody could tell.  Part of inbox_reply.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/inbox_reply.h"
#include "agent/receive.h"
#include "store/inbox.h"
#include "store/lead_row.h"
#include "store/log.h"
#include "store/persons.h"
#include "store/stops.h"
#include "store/tasks.h"

/* Whoever writes from there is this person from now on. */
static int
learn(struct lp_db *db, const struct inbox_message *m, const struct lead_row *l, struct lp_err *err)
{
	int r = m->from_address != NULL ? persons_know(db, l->person, strcmp(m->channel, "email") == 0 ? "email" : "phone", m->from_address, "hand", err) : 0;

	if (r == 2)
		return lp_fail(err, LP_DATA, "i%" PRId64 ": %s is somebody else's address", m->seq, m->from_address);
	return r == -1 ? -1 : 0;
}

static int
judge(struct lp_db *db, int64_t inbox, struct lp_err *err)
{
	struct inbox_message m;
	char key[40];
	int64_t task;
	int r = inbox_get(db, inbox, &m, err);

	if (r != 1)
		return -1;
	snprintf(key, sizeof(key), "classify:%" PRId64, inbox);
	r = task_add(db, &(struct task_new){ .type = "classify_reply", .priority = 90, .lead = m.lead, .campaign = m.campaign, .account = m.account,
	    .inbox = inbox, .dedupe = key, .why = "a person said whose it is" }, &task, err);
	inbox_clear(&m);
	return r == -1 ? -1 : 0;
}

static int
assign(struct lp_db *db, const struct inbox_message *m, const struct lead_row *l, const char *why, struct lp_err *err)
{
	if (learn(db, m, l, err) == -1 || inbox_set_lead(db, m->seq, l->seq, err) == -1 || stop_person(db, l->person, why, err) == -1 ||
	    stop_colleagues(db, l->seq, why, err) == -1 || stop_replied(db, l->person, why, err) == -1)
		return -1;
	if (strcmp(m->kind, "unsubscribe") != 0 ? judge(db, m->seq, err) == -1 :
	    receive_opt_out(db, m->from_address, l->person, l, err) == -1 || inbox_handled(db, m->seq, err) == -1)
		return -1;
	return log_add(db, &(struct log_entry){ .type = "decision", .lead = l->seq, .inbox = m->seq, .account = m->account, .text = why }, err);
}

int
inbox_assign(struct lp_db *db, int64_t inbox, int64_t lead, const char *by, const char *why, struct lp_err *err)
{
	struct inbox_message m;
	struct lead_row l = { 0 };
	char *text;
	int r = inbox_get(db, inbox, &m, err);

	if (r != 1)
		return r == 0 ? lp_fail(err, LP_NO, "no such mail") : -1;
	text = xasprintf("i%" PRId64 " is of l%" PRId64 ", says %s%s%s", inbox, lead, by, why != NULL ? ": " : "", why != NULL ? why : "");
	if (m.lead != 0)
		r = lp_fail(err, LP_NO, "i%" PRId64 " is of l%" PRId64 " already", inbox, m.lead);
	else if (strcmp(m.kind, "reply") != 0 && strcmp(m.kind, "unsubscribe") != 0)
		r = lp_fail(err, LP_NO, "i%" PRId64 ": no person wrote it", inbox);
	else if ((r = lead_row_get(db, lead, &l, err)) == 1)
		r = assign(db, &m, &l, text, err);
	else if (r == 0)
		r = lp_fail(err, LP_NO, "no such lead: l%" PRId64, lead);
	lead_row_clear(&l);
	free(text);
	inbox_clear(&m);
	return r == -1 ? -1 : 0;
}
