#include "agent/judge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/receive.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/normal.h"
#include "llm/classify.h"
#include "store/config.h"
#include "store/inbox.h"
#include "store/lead_row.h"
#include "store/log.h"
#include "store/memory.h"
#include "store/notify.h"
#include "store/records.h"
#include "store/resume.h"
#include "store/stops.h"

struct judging {
	struct lp_db *db;
	const struct judgement *j;
	struct inbox_message m;
	struct lead_row lead;
	struct lp_config c;
};

static bool
is(const struct judging *x, const char *class)
{
	return strcmp(x->j->class, class) == 0;
}

static bool
sure(const struct judging *x)
{
	return x->j->confidence >= x->c.min_confidence;
}

static int
note(struct judging *x, const char *type, char *text, struct lp_err *err)
{
	int r = log_add(x->db, &(struct log_entry){ .type = type, .task = x->j->task != NULL ? x->j->task->seq : 0, .lead = x->m.lead,
	    .campaign = x->m.campaign, .message = x->m.message, .inbox = x->m.seq, .account = x->m.account, .text = text,
	    .reasoning = x->j->why, .confidence = x->j->confidence }, err);

	free(text);
	return r;
}

static int
child(struct judging *x, struct task_new *t, const char *prefix, struct lp_err *err)
{
	char key[48];
	int64_t seq;

	snprintf(key, sizeof(key), "%s:%" PRId64, prefix, x->m.seq);
	t->dedupe = key;
	t->depth = x->j->task != NULL ? x->j->task->depth + 1 : 1;
	t->inbox = x->m.seq;
	return task_add(x->db, t, &seq, err) == -1 ? -1 : 0;
}

/* Only its words show it: what code had caught by itself isn't judged at all. */
static int
opted_out(struct judging *x, struct lp_err *err)
{
	return receive_opt_out(x->db, x->m.from_address, 0, &x->lead, err);
}

/* Whoever was named is a proposal, with where the name is from; a person says yes before it is a lead, and nobody is written to by it. */
static int
referral(struct judging *x, struct lp_err *err)
{
	cJSON *in, *who;
	char *address, *text, handle[24];
	int r;

	if (x->j->referral_address == NULL || (address = normal_email(x->j->referral_address, NULL)) == NULL)
		return 0;
	in = cJSON_CreateObject();
	who = cJSON_CreateObject();
	json_set_str(who, "email", address);
	if (x->j->referral_name != NULL)
		json_set_str(who, "name", x->j->referral_name);
	snprintf(handle, sizeof(handle), "l%" PRId64, x->m.lead);
	json_set_str(who, "named_by", handle);
	snprintf(handle, sizeof(handle), "i%" PRId64, x->m.seq);
	json_set_str(who, "named_in", handle);
	json_set(in, "referral", who);
	text = json_print(in);
	r = child(x, &(struct task_new){ .type = "find_leads", .input = text, .why = "somebody was named in a reply" }, "referral", err);
	free(text);
	free(address);
	cJSON_Delete(in);
	return r;
}

/* At its time a person is told: an answer from months ago is no consent to a new sequence. */
static int
look_again(struct judging *x, struct lp_err *err)
{
	if (x->j->until <= db_now(x->db))
		return 0;
	return child(x, &(struct task_new){ .type = "manual", .lead = x->m.lead, .campaign = x->m.campaign, .at = x->j->until,
	    .why = "asked to be written to again at that time" }, "later", err);
}

static int
respond(struct judging *x, struct lp_err *err)
{
	return child(x, &(struct task_new){ .type = "respond_to_reply", .priority = 80, .lead = x->m.lead, .campaign = x->m.campaign,
	    .account = x->m.account, .why = "a reply was judged" }, "respond", err);
}

/* The notice of the mail says now what it is. */
static int
tell(struct judging *x, struct lp_err *err)
{
	bool positive = is(x, "interested") || is(x, "meeting_request");
	const char *from = x->m.from_name != NULL ? x->m.from_name : x->m.from_address != NULL ? x->m.from_address : "nobody";
	char key[48], *title = xasprintf("%s: reply from %s", x->j->class, from), *s;
	int r;

	for (s = title; *s != ':'; s++)
		if (*s == '_')
			*s = ' ';
	snprintf(key, sizeof(key), "inbox:%" PRId64, x->m.seq);
	r = notify_retitle(x->db, key, positive ? "reply_positive" : "reply_judged", title, err);
	free(title);
	return r;
}

static int
remember(struct judging *x, struct lp_err *err)
{
	char key[32], *value;
	size_t n = strlen(x->m.reply_text);
	int64_t seq;
	int r;

	if (n == 0)
		return 0;
	for (n = n < 600 ? n : 600; n > 0 && ((unsigned char)x->m.reply_text[n] & 0xc0) == 0x80; n--)
		;
	snprintf(key, sizeof(key), "reply i%" PRId64, x->m.seq);
	value = xasprintf("%s: %.*s", x->j->class, (int)n, x->m.reply_text);
	r = memory_put(x->db, &(struct memory_new){ .type = "conversation", .key = key, .value = value, .lead = x->m.lead, .importance = 0.7 }, &seq,
	    err);
	free(value);
	return r == -1 ? -1 : 0;
}

static int
consequences(struct judging *x, struct lp_err *err)
{
	if (is(x, "unsubscribe") && sure(x))
		return opted_out(x, err);
	if (is(x, "out_of_office") && sure(x)) {
		int64_t until = x->j->until;

		if (until <= db_now(x->db) && hours_after(&x->c.hours, db_now(x->db), &x->c.away_pause, &until, err) == -1)
			return -1;
		return resume_after(x->db, x->m.seq, until, err) == -1 ? -1 : 0;
	}
	if (is(x, "referral") && referral(x, err) == -1)
		return -1;
	if (is(x, "not_now") && look_again(x, err) == -1)
		return -1;
	return respond(x, err);
}

static int
judge(struct judging *x, struct lp_err *err)
{
	const struct judgement *j = x->j;
	int newer;

	if (inbox_set_class(x->db, x->m.seq, j->class, j->sentiment != NULL ? j->sentiment : *x->m.sentiment != '\0' ? x->m.sentiment : NULL,
	    j->confidence, j->availability != -1 ? j->availability : x->m.availability == 1, j->until, j->by, err) == -1 || tell(x, err) == -1 || remember(x, err) == -1)
		return -1;
	if (note(x, "decision", xasprintf("i%" PRId64 " is %s (%s, %.0f%% sure)", x->m.seq, j->class, j->by, 100 * j->confidence), err) == -1)
		return -1;
	/* what was said later counts: an older mail changes nothing any more */
	if ((newer = inbox_newer(x->db, x->m.seq, err)) != 0)
		return newer == -1 ? -1 : 0;
	return consequences(x, err);
}

static bool
class_ok(const char *class)
{
	for (const char *const *c = reply_classes; *c != NULL; c++)
		if (strcmp(*c, class) == 0)
			return true;
	return false;
}

int
judge_put(struct lp_db *db, const struct judgement *j, struct lp_err *err)
{
	struct judging x = { .db = db, .j = j };
	int r;

	if (!class_ok(j->class))
		return lp_fail(err, LP_DATA, "'%.40s' is no class of a reply", j->class);
	if ((r = inbox_get(db, j->inbox, &x.m, err)) == 1)
		r = x.m.lead != 0 && strcmp(x.m.kind, "reply") == 0;
	if (r == 1 && (r = lead_row_get(db, x.m.lead, &x.lead, err)) == 1 && (r = config_load(db, &x.c, err) == -1 ? -1 : 1) == 1) {
		r = judge(&x, err) == -1 ? -1 : 1;
		config_clear(&x.c);
	}
	lead_row_clear(&x.lead);
	inbox_clear(&x.m);
	return r;
}

static int
lead_person(struct lp_db *db, int64_t lead, int64_t *person, struct lp_err *err)
{
	struct lead_row l;
	int r = lead_row_get(db, lead, &l, err);

	*person = r == 1 ? l.person : 0;
	lead_row_clear(&l);
	return r;
}

int
judge_apply(struct lp_db *db, int64_t inbox, const char *class, const char *by, const char *why, struct lp_err *err)
{
	struct judgement j = { .inbox = inbox, .class = class, .confidence = 1, .availability = -1, .by = "person" };
	struct inbox_message m;
	int64_t person = 0;
	char *said;
	int r = inbox_get(db, inbox, &m, err);

	if (r != 1)
		return r;
	/* what waits because of the class before is overtaken; and who was let go on by it stops */
	said = xasprintf("%s: %s%s%s (i%" PRId64 ")", by, class, why != NULL ? ", " : "", why != NULL ? why : "", inbox);
	j.why = said;
	j.until = m.until;
	if (strcmp(m.class, "out_of_office") == 0 && m.lead != 0 && lead_person(db, m.lead, &person, err) == -1)
		r = -1;
	if (r == 1 && (stop_answers(db, inbox, said, err) == -1 || (person != 0 && stop_person(db, person, said, err) == -1)))
		r = -1;
	if (r == 1)
		r = judge_put(db, &j, err);
	free(said);
	inbox_clear(&m);
	return r;
}

static int64_t
time_of(const cJSON *o, const char *key)
{
	const char *s = json_str(o, key);
	int64_t ms;

	return s != NULL && lp_iso_parse(s, &ms, NULL) == 0 ? ms : 0;
}

/* 1 done, 0 the decision isn't one of classes, -1. */
static int
judge_task(struct lp_db *db, const struct task *t, struct lp_err *err)
{
	struct decision d = { 0 };
	struct judgement j = { .inbox = t->inbox, .availability = -1, .task = t };
	cJSON *data = NULL, *who;
	int r = decision_get(db, t->seq, NULL, &d, err);

	if (r != 1 || strncmp(d.action, "classify_", 9) != 0) {
		decision_clear(&d);
		return r == -1 ? -1 : 0;
	}
	data = cJSON_Parse(d.data);
	who = json_get(data, "referral");
	j.class = d.action + 9;
	j.confidence = d.confidence;
	j.sentiment = json_str(data, "sentiment");
	if (cJSON_IsBool(json_get(data, "mentions_availability")))
		j.availability = json_bool(data, "mentions_availability", false);
	j.until = time_of(data, "until");
	j.referral_name = json_str(who, "name");
	j.referral_address = json_str(who, "address");
	j.by = d.brain;
	j.why = d.reasoning;
	if ((r = judge_put(db, &j, err)) != -1)
		r = task_output(db, t, r == 1 ? "done" : "skipped", "{}", err) == -1 ? -1 : 1;
	cJSON_Delete(data);
	decision_clear(&d);
	return r;
}

int
judge_item(struct stage *s, struct env *e, struct lp_err *err)
{
	struct task t = { 0 };
	int r;

	if (e->task == 0 || e->has_error || strcmp(e->type, "classify_reply") != 0)
		return 0;
	if (db_begin(s->db, err) == -1)
		return -1;
	if ((r = stage_task(s, e, &t, err)) == 1)
		/* the row says so too; what another stage recorded stands */
		r = strcmp(t.type, "classify_reply") != 0 ? 0 : *t.outcome != '\0' ? 1 : judge_task(s->db, &t, err);
	if (db_end(s->db, r != -1, r != -1 ? err : NULL) == -1)
		r = -1;
	if (r == 1)
		env_set(e, "result", cJSON_CreateObject());
	task_clear(&t);
	return r == -1 ? -1 : 0;
}
