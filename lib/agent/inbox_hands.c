/*
 * Whose a conversation is, and what a mail is, by a person's word.  Part of inbox_reply.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/inbox_reply.h"
#include "agent/judge.h"
#include "store/config.h"
#include "store/corrections.h"
#include "store/inbox.h"
#include "store/inbox_list.h"
#include "store/lead_row.h"
#include "store/log.h"
#include "store/stops.h"
#include "store/tasks.h"
#include "store/threads.h"

/* ---- take and give */

static char *
said(const char *what, const char *by, const char *why)
{
	return xasprintf("%s by %s%s%s", what, by, why != NULL ? ": " : "", why != NULL ? why : "");
}

static int
take(struct lp_db *db, int64_t thread, const char *why, struct lp_err *err)
{
	struct thread t;
	struct lead_row l = { 0 };
	int r = thread_take(db, thread, why, err), got;

	if (r != 1)
		return r;
	if ((got = thread_get(db, thread, &t, err)) == 1) {
		if (t.lead != 0 && (got = lead_row_get(db, t.lead, &l, err)) == 1)
			got = stop_person(db, l.person, why, err) == -1 ? -1 : 1;
		lead_row_clear(&l);
		thread_clear(&t);
	}
	return got == -1 ? -1 : 1;
}

/* What nobody answered is the agent's to answer. */
static int
take_up(struct lp_db *db, int64_t thread, const char *why, struct lp_err *err)
{
	struct inbox_message m;
	char key[40];
	int64_t inbox, task;
	bool judged;
	int r = inbox_unanswered(db, thread, &inbox, err);

	if (r != 1 || (r = inbox_get(db, inbox, &m, err)) != 1)
		return r;
	judged = *m.class != '\0';
	snprintf(key, sizeof(key), "%s:%" PRId64, judged ? "respond" : "classify", inbox);
	r = task_add(db, &(struct task_new){ .type = judged ? "respond_to_reply" : "classify_reply", .priority = judged ? 80 : 90, .lead = m.lead,
	    .campaign = m.campaign, .account = m.account, .inbox = inbox, .dedupe = key, .why = why }, &task, err);
	inbox_clear(&m);
	return r;
}

static int
give(struct lp_db *db, int64_t thread, const char *why, struct lp_err *err)
{
	int r = thread_give(db, thread, why, err);

	return r != 1 ? r : take_up(db, thread, why, err) == -1 ? -1 : 1;
}

static int
hand(struct lp_db *db, const char *word, const char *why, int (*to)(struct lp_db *, int64_t, const char *, struct lp_err *), struct lp_err *err)
{
	int64_t *threads, alone;
	size_t n;
	int r = inbox_threads(db, word, &threads, &n, &alone, err), changed = 0;

	if (r == 0 && alone != 0)
		r = lp_fail(err, LP_NO, "i%" PRId64 " is in no conversation of ours", alone);
	for (size_t i = 0; r != -1 && i < n; i++) {
		r = to(db, threads[i], why, err);
		changed += r == 1;
	}
	free(threads);
	return r == -1 ? -1 : changed;
}

int
inbox_take(struct lp_db *db, const char *word, const char *by, const char *why, struct lp_err *err)
{
	char *s = said("taken", by, why);
	int r = hand(db, word, s, take, err);

	free(s);
	return r;
}

int
inbox_give(struct lp_db *db, const char *word, const char *by, const char *why, struct lp_err *err)
{
	char *s = said("given back", by, why);
	int r = hand(db, word, s, give, err);

	free(s);
	return r;
}

/* ---- class */

static int
confirm(struct lp_db *db, const struct inbox_message *m, const char *by, const char *why, struct lp_err *err)
{
	char *s = xasprintf("i%" PRId64 " is %s: confirmed by %s%s%s", m->seq, m->class, by, why != NULL ? ": " : "", why != NULL ? why : "");
	int r = inbox_set_class(db, m->seq, m->class, *m->sentiment != '\0' ? m->sentiment : NULL, 1, m->availability == 1, m->until, "person", err);

	if (r == 1)
		r = log_add(db, &(struct log_entry){ .type = "decision", .lead = m->lead, .campaign = m->campaign, .inbox = m->seq, .text = s }, err);
	free(s);
	return r == -1 ? -1 : 1;
}

int
inbox_class(struct lp_db *db, int64_t inbox, const char *class, const char *by, const char *why, struct lp_err *err)
{
	struct inbox_message m;
	struct lp_config c;
	bool sure;
	int r = inbox_get(db, inbox, &m, err);

	if (r != 1)
		return r;
	if (config_load(db, &c, err) == -1)
		r = -1;
	else {
		sure = m.confidence >= c.min_confidence;
		config_clear(&c);
		/* before the class changes: what the brain had said is kept beside it */
		if (m.lead == 0 || strcmp(m.kind, "reply") != 0)
			r = 0;
		else if (correction_put(db, inbox, class, by, err) == -1)
			r = -1;
		else
			r = sure && strcmp(m.class, class) == 0 ? confirm(db, &m, by, why, err) : judge_apply(db, inbox, class, by, why, err);
	}
	inbox_clear(&m);
	return r;
}
