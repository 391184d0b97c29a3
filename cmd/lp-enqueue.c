/* lp-enqueue - put tasks into the queue: one by hand, many as JSON Lines, or what is due. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/enqueue.h"
#include "agent/plan.h"
#include "base/cli.h"
#include "base/json.h"
#include "base/prog.h"

static const char usage[] =
    "lp-enqueue [-jn] [-d file] due\n"
    "       lp-enqueue [-n] [--lead lead] [--campaign campaign] [--account account] [--message message] [--at when] [-p priority]"
    " [--input json] [--key key] [-d file] type\n"
    "       lp-enqueue [-n] [-d file]";
static const char help[] =
    "  due                       what is due now: leads to start, messages, inboxes, the day's report; twice adds nothing twice\n"
    "  TYPE [--lead L] [--campaign C] [--account A] [--message M] [--at WHEN] [--priority N] [--input JSON] [--key KEY]\n"
    "                            one task; --key: no second one while one with it is live\n"
    "  (no operand, or -)        JSON Lines on standard input, with the members task_type, lead_id, campaign_id, account_id,\n"
    "                            message_id, inbox_message_id, input_data, priority, scheduled_for, dedupe_key\n";

static int
run_due(struct lp_db *db, const struct lp_opts *o)
{
	struct plan_result r;
	struct lp_err err;
	cJSON *j;

	if (plan_due(db, o->dry, &r, &err) == -1)
		lp_die(&err);
	if (o->json) {
		j = cJSON_CreateObject();
		json_set_num(j, "inboxes", r.inboxes);
		json_set_num(j, "sequences", r.sequences);
		json_set_num(j, "messages", r.messages);
		json_set_num(j, "moved", r.moved);
		json_set_num(j, "reports", r.reports);
		json_set_num(j, "expired", r.expired);
		json_set_num(j, "resumed", r.resumed);
		jsonl_put(j);
		cJSON_Delete(j);
	} else
		lp_say("%d inboxes to read, %d leads to start, %d messages given a time, %d moved, %d approvals expired", r.inboxes, r.sequences,
		    r.messages, r.moved, r.expired);
	return LP_OK;
}

static int
run_one(struct lp_db *db, const struct lp_opts *o, cJSON *in)
{
	struct lp_err err;
	int64_t seq;
	int r;

	if (db_begin(db, &err) == -1)
		lp_die(&err);
	r = enqueue_json(db, in, &seq, &err);
	cJSON_Delete(in);
	if (db_end(db, r != -1 && !o->dry, r != -1 ? &err : NULL) == -1 || r == -1)
		lp_die(&err);
	if (!lp_quiet)
		printf("t%" PRId64 "%s\n", seq, r == 0 ? " (live already)" : "");
	return LP_OK;
}

static int
run_lines(struct lp_db *db, const struct lp_opts *o)
{
	struct enqueue_count n = { 0 };
	struct lp_err err = { 0 };
	int status;

	lp_no_terminal(usage);
	if ((status = enqueue_lines(db, 0, o->dry, &n, &err)) == -1)
		lp_die(&err);
	lp_say("%" PRId64 " added, %" PRId64 " live already, %" PRId64 " refused", n.added, n.known, n.refused);
	return n.refused > 0 ? LP_DATA : LP_OK;
}

int
main(int argc, char *argv[])
{
	struct lp_opts o = { 0 };
	const char *message = NULL, *input = NULL, *key = NULL;
	int64_t priority = 0;
	const struct lp_opt own[] = { { .name = "message", .str = &message }, { .name = "input", .str = &input },
		{ .name = "key", .str = &key }, { .name = "priority", .letter = 'p', .num = &priority, .least = -1000, .most = 1000 }, { 0 } };
	struct lp_err err = { 0 };
	struct lp_db *db;
	char iso[LP_ISO_SIZE];
	cJSON *in, *data;
	int i, status;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "n j lead campaign account at", own, usage, help);
	if (argv[i] != NULL && argv[i + 1] != NULL)
		lp_usage(usage);
	if ((db = db_open(o.db, DB_WRITE, o.now, &err)) == NULL)
		lp_die(&err);
	if (argv[i] == NULL || strcmp(argv[i], "-") == 0)
		status = run_lines(db, &o);
	else if (strcmp(argv[i], "due") == 0)
		status = run_due(db, &o);
	else {
		in = cJSON_CreateObject();
		json_set_str(in, "task_type", argv[i]);
		if (o.lead != NULL)
			json_set_str(in, "lead_id", o.lead);
		if (o.campaign != NULL)
			json_set_str(in, "campaign_id", o.campaign);
		if (o.account != NULL)
			json_set_str(in, "account_id", o.account);
		if (message != NULL)
			json_set_str(in, "message_id", message);
		if (o.at != LP_NO_TIME)
			json_set_str(in, "scheduled_for", lp_iso(o.at, iso));
		if (key != NULL)
			json_set_str(in, "dedupe_key", key);
		json_set_num(in, "priority", (double)priority);
		if (input != NULL) {
			if ((data = json_object(input, strlen(input), &err)) == NULL)
				lp_dief(LP_USAGE, "--input: %s", err.msg);
			json_set(in, "input_data", data);
		}
		status = run_one(db, &o, in);
	}
	db_close(db);
	return status;
}
