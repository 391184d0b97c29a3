#include "agent/enqueue.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/prog.h"
#include "rules/actions.h"
#include "store/control.h"
#include "store/inbox.h"
#include "store/messages.h"
#include "store/tasks.h"

enum { BURST = 1000 };

/* A member that names a row, by the word people use for it. */
static int
named(struct lp_db *db, const cJSON *o, const char *key, char kind, int64_t *seq, struct lp_err *err)
{
	const cJSON *v = json_get(o, key);
	int r;

	if (v == NULL || cJSON_IsNull(v))
		return 0;
	if (!cJSON_IsString(v))
		return lp_fail(err, LP_DATA, "%s: not a string", key);
	if (kind == 'm' || kind == 'i') {
		r = kind == 'm' ? message_find(db, v->valuestring, seq, err) : inbox_find(db, v->valuestring, seq, err);
		if (r == 0)
			r = lp_fail(err, LP_DATA, "no such %s: %s", lp_kind_name(kind), v->valuestring);
		r = r == 1 ? 0 : -1;
	} else
		r = control_find(db, kind, v->valuestring, seq, err);
	if (r == -1) {
		lp_err_prefix(err, "%s", key);
		if (err->kind == LP_NO || err->kind == LP_USAGE)
			err->kind = LP_DATA;
	}
	return r;
}

static int
known_members(const cJSON *o, struct lp_err *err)
{
	static const char *const members[] = { "task_type", "lead_id", "campaign_id", "account_id", "message_id", "inbox_message_id",
		"input_data", "priority", "scheduled_for", "dedupe_key", NULL };
	const cJSON *c;
	const char *hint;

	cJSON_ArrayForEach(c, o) {
		size_t i;

		for (i = 0; members[i] != NULL && strcmp(members[i], c->string) != 0; i++)
			;
		if (members[i] != NULL)
			continue;
		hint = lp_did_you_mean(c->string, members);
		if (hint != NULL)
			return lp_fail(err, LP_DATA, "unknown member '%.40s' (did you mean '%s'?)", c->string, hint);
		return lp_fail(err, LP_DATA, "unknown member '%.40s'", c->string);
	}
	return 0;
}

static int
times(const cJSON *o, struct task_new *t, struct lp_err *err)
{
	const cJSON *v;

	if ((v = json_get(o, "scheduled_for")) != NULL &&
	    (!cJSON_IsString(v) ? lp_fail(err, LP_DATA, "not a string") : lp_iso_parse(v->valuestring, &t->at, err)) == -1)
		return lp_err_prefix(err, "scheduled_for");
	if ((v = json_get(o, "priority")) != NULL) {
		if (!cJSON_IsNumber(v) || v->valuedouble != (int)v->valuedouble || v->valuedouble < -1000 || v->valuedouble > 1000)
			return lp_fail(err, LP_DATA, "priority: not a whole number from -1000 to 1000");
		t->priority = (int)v->valuedouble;
	}
	if ((v = json_get(o, "dedupe_key")) != NULL && (!cJSON_IsString(v) || *v->valuestring == '\0'))
		return lp_fail(err, LP_DATA, "dedupe_key: not a string");
	t->dedupe = cJSON_IsString(v) ? v->valuestring : NULL;
	if ((v = json_get(o, "input_data")) != NULL && !cJSON_IsObject(v))
		return lp_fail(err, LP_DATA, "input_data: not an object");
	return 0;
}

/* What sends, sends a planned message: the one named, or the lead's next. */
static int
what_to_send(struct lp_db *db, struct task_new *t, char key[48], struct lp_err *err)
{
	struct message m;
	int r;

	if (t->message == 0) {
		if (t->lead == 0)
			return lp_fail(err, LP_DATA, "%s: needs message_id or lead_id", t->type);
		if ((r = message_open(db, t->lead, t->campaign, &t->message, err)) == -1)
			return -1;
		if (r == 0)
			return lp_fail(err, LP_DATA, "l%" PRId64 " has no planned message%s: lp-campaigns enrol plans some", t->lead,
			    t->campaign != 0 ? " in this campaign" : "");
	}
	if ((r = message_get(db, t->message, &m, err)) != 1)
		return r == 0 ? lp_fail(err, LP_DATA, "no such message: m%" PRId64, t->message) : -1;
	if (strcmp(m.status, "planned") != 0 && strcmp(m.status, "due") != 0)
		r = lp_fail(err, LP_DATA, "m%" PRId64 " is %s: its purpose is served", t->message, m.status);
	else if (t->lead != 0 && t->lead != m.lead)
		r = lp_fail(err, LP_DATA, "m%" PRId64 " is for l%" PRId64 ", not l%" PRId64, t->message, m.lead, t->lead);
	else
		r = 0;
	t->lead = m.lead;
	t->campaign = m.campaign;
	t->account = m.account;
	t->enrolment = m.enrolment;
	snprintf(key, 48, "send:%" PRId64, t->message);
	t->dedupe = key;
	message_clear(&m);
	return r == -1 ? -1 : message_take(db, t->message, err);
}

/* What is about a reply is about its lead, its campaign and the account that it came to. */
static int
what_to_answer(struct lp_db *db, struct task_new *t, char key[48], struct lp_err *err)
{
	struct inbox_message in;
	int r;

	if (t->inbox == 0)
		return lp_fail(err, LP_DATA, "%s: needs inbox_message_id", t->type);
	if ((r = inbox_get(db, t->inbox, &in, err)) != 1)
		return r == 0 ? lp_fail(err, LP_DATA, "no such reply: i%" PRId64, t->inbox) : -1;
	if (in.lead == 0)
		r = lp_fail(err, LP_DATA, "i%" PRId64 " is no lead's", t->inbox);
	else
		r = 0;
	t->lead = in.lead;
	t->campaign = in.campaign;
	t->account = in.account;
	snprintf(key, 48, "%s:%" PRId64, strcmp(t->type, "classify_reply") == 0 ? "classify" : "respond", t->inbox);
	t->dedupe = key;
	inbox_clear(&in);
	return r;
}

int
enqueue_json(struct lp_db *db, const cJSON *o, int64_t *seq, struct lp_err *err)
{
	struct task_new t = { .type = json_str(o, "task_type"), .why = "added by hand" };
	char key[48], *input = NULL;
	const char *program;
	int r;

	if (known_members(o, err) == -1)
		return -1;
	if (t.type == NULL)
		return lp_fail(err, LP_DATA, "no task_type");
	if (task_type_ok(t.type) && !type_carried(t.type, &program))
		return lp_fail(err, LP_DATA, "%s: this version has no %s to carry it out", t.type, program);
	if (named(db, o, "lead_id", 'l', &t.lead, err) == -1 || named(db, o, "campaign_id", 'c', &t.campaign, err) == -1 ||
	    named(db, o, "account_id", 'a', &t.account, err) == -1 || named(db, o, "message_id", 'm', &t.message, err) == -1 ||
	    named(db, o, "inbox_message_id", 'i', &t.inbox, err) == -1 ||
	    times(o, &t, err) == -1)
		return -1;
	if (strcmp(t.type, "check_inbox") == 0 && t.account == 0)
		return lp_fail(err, LP_DATA, "check_inbox: needs account_id");
	if (strcmp(t.type, "book_meeting") == 0) {
		if (t.lead == 0)
			return lp_fail(err, LP_DATA, "book_meeting: needs lead_id");
		snprintf(key, sizeof(key), "book:%" PRId64, t.lead);
		t.dedupe = t.dedupe != NULL ? t.dedupe : key;
	}
	if (strcmp(t.type, "generate_sequence") == 0)
		return lp_fail(err, LP_DATA, "generate_sequence comes of an enrolment: lp-campaigns enrol");
	if ((strcmp(t.type, "send_message") == 0 || strcmp(t.type, "follow_up") == 0) && what_to_send(db, &t, key, err) == -1)
		return -1;
	if ((strcmp(t.type, "classify_reply") == 0 || strcmp(t.type, "respond_to_reply") == 0) && what_to_answer(db, &t, key, err) == -1)
		return -1;
	if (json_get(o, "input_data") != NULL)
		t.input = input = json_print(json_get(o, "input_data"));
	r = task_add(db, &t, seq, err);
	free(input);
	return r;
}

/* One line in a savepoint of its own. Only database or system trouble fails. */
static int
one_line(struct lp_db *db, struct lines *in, const char *s, size_t n, struct enqueue_count *count, struct lp_err *err)
{
	cJSON *o = json_object(s, n, err);
	int64_t seq;
	int r = -1;

	if (db_save(db, NULL) == -1)
		return -1;
	if (o != NULL)
		r = enqueue_json(db, o, &seq, err);
	cJSON_Delete(o);
	if (r == -1 && err->kind != LP_DATA)
		return -1;
	if (db_release(db, r != -1, r != -1 ? err : NULL) == -1)
		return -1;
	if (r == -1) {
		lp_warn("%s:%zu: %s", in->name, in->number, err->msg);
		count->refused++;
	} else if (r == 1)
		count->added++;
	else
		count->known++;
	return 0;
}

int
enqueue_lines(struct lp_db *db, int fd, bool dry, struct enqueue_count *count, struct lp_err *err)
{
	struct lines in;
	const char *s;
	size_t n, burst = 0;
	int r;

	lines_init(&in, fd, "-");
	while ((r = lines_next(&in, &s, &n, err)) != 0) {
		if (r == -1 && err->kind == LP_DATA) {
			lp_warn("%s:%zu: %s", in.name, in.number, err->msg);
			count->refused++;
			r = 0;
			continue;
		}
		if (r == -1 || (burst == 0 && db_begin(db, err) == -1) || one_line(db, &in, s, n, count, err) == -1) {
			r = -1;
			break;
		}
		/* commit when a burst is full, or when nothing more is there to wait for */
		if (++burst >= BURST || !lines_waiting(&in)) {
			if ((r = db_end(db, !dry, err)) == -1)
				break;
			burst = 0;
		}
		r = 0;
	}
	if (db_in_tx(db) && db_end(db, r == 0 && !dry, r == 0 ? err : NULL) == -1)
		r = -1;
	lines_free(&in);
	return r;
}
