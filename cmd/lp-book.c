/* lp-book - meetings: a filter that reserves a time for an invitation, and the verbs by which people see and change them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/booking.h"
#include "agent/booking_time.h"
#include "agent/booking_words.h"
#include "base/cli.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "base/table.h"
#include "store/config.h"
#include "store/control.h"

static const char usage[] = "lp-book [-d file]\n"
                            "       lp-book list | show | slots | add | move | cancel [meeting ...] [options]";
static const char help[] =
    "  (bare)                       filter: reserve a time for each decision to book a meeting\n"
    "  list [--lead L] [--status S] [-l N] [-j]\n"
    "                               what lies ahead; of one status, or all\n"
    "  show MEETING ... [-j]        one whole, with its messages\n"
    "  slots [--lead L] [--account A] [-l N] [-j]\n"
    "                               free times as they would be proposed, also in the lead's hours\n"
    "  add --lead L --at WHEN [--length 45m] [--account A] [--text WORDS] [-n] [-m WHY]\n"
    "                               invite to that time\n"
    "  move MEETING --at WHEN [--length 45m] [--text WORDS] [-n] [-m WHY]\n"
    "  cancel MEETING ... [--text WORDS] [-n] [-m WHY]\n"
    "                               change it, or call it off; who was invited is told by mail\n";

static struct lp_opts o;
static const char *text, *length;
static char zone[TZ_NAME_SIZE] = "UTC";

static void
find_zone(struct lp_db *db)
{
	struct lp_err err;

	if (config_zone(db, zone, &err) == -1)
		lp_die(&err);
}

static int64_t
named(struct lp_db *db, char kind, const char *word)
{
	struct lp_err err;
	int64_t seq = 0;

	if (word != NULL && control_find(db, kind, word, &seq, &err) == -1)
		lp_die(&err);
	return seq;
}

/* ---- looking */

static int
list(struct lp_db *db)
{
	static const char *const heads[] = { "ID", "AT", "STATUS", "WITH", "COMPANY", "TITLE", "LEAD", "WHY" };
	struct meeting_filter f = { .status = o.status, .lead = named(db, 'l', o.lead), .limit = o.limit };
	struct table *t = table_new(8, heads);
	char when[TABLE_TIME_SIZE];
	const cJSON *m;
	struct lp_err err;
	cJSON *all;

	if ((all = meetings_list(db, &f, &err)) == NULL)
		lp_die(&err);
	cJSON_ArrayForEach(m, all)
		if (o.json)
			jsonl_put(m);
		else
			table_row(t, (const char *const[]){ json_text(m, "id"), table_time(json_str(m, "starts_at"), zone, when), json_text(m, "status"),
			    *json_text(m, "name") != '\0' ? json_text(m, "name") : json_text(m, "attendee"), json_text(m, "company"), json_text(m, "title"), json_text(m, "lead_id"),
			    json_text(m, "status_reason") });
	table_print(t);
	cJSON_Delete(all);
	return LP_OK;
}

static void
field(const char *label, const char *value)
{
	if (*value != '\0')
		printf("%-10s %s\n", label, value);
}

static void
at_field(const char *label, const cJSON *m, const char *from_key, const char *until_key)
{
	const char *there = json_text(m, "timezone");
	int64_t from, until;
	char *s;

	if (lp_iso_parse(json_text(m, from_key), &from, NULL) == -1 || lp_iso_parse(json_text(m, until_key), &until, NULL) == -1)
		return;
	if ((s = booking_span(there, zone, from, until, NULL)) != NULL)
		field(label, s);
	free(s);
}

static void
print_meeting(const cJSON *m)
{
	char when[TABLE_TIME_SIZE], *s;
	const cJSON *x;

	s = xasprintf("%s%s%s", json_text(m, "status"), *json_text(m, "status_reason") != '\0' ? ": " : "", json_text(m, "status_reason"));
	printf("%s  %s\n", json_text(m, "id"), s);
	free(s);
	at_field("At:", m, "starts_at", "ends_at");
	s = xasprintf("%s%s<%s> (%s)", json_text(m, "name"), *json_text(m, "name") != '\0' ? " " : "", json_text(m, "attendee"), json_text(m, "lead_id"));
	field("With:", s);
	free(s);
	field("Company:", json_text(m, "company"));
	field("Title:", json_text(m, "title"));
	field("Where:", json_text(m, "location"));
	field("Answer:", json_text(m, "partstat"));
	field("Account:", json_text(m, "account"));
	field("Asked in:", json_text(m, "inbox_message_id"));
	field("Booked by:", *json_text(m, "booked_by") != '\0' ? json_text(m, "booked_by") : json_text(m, "task_id"));
	if (json_get(m, "next_sequence") != NULL) {
		if (json_get(m, "next_starts_at") != NULL)
			at_field("Moves to:", m, "next_starts_at", "next_ends_at");
		else
			field("Change:", "it is being called off");
	}
	cJSON_ArrayForEach(x, json_get(m, "messages"))
		printf("%-10s %s %s%s%s\n", "Message:", json_text(x, "id"), json_text(x, "status"), *json_text(x, "sent_at") != '\0' ? " " : "",
		    table_time(json_str(x, "sent_at"), zone, when));
	field("UID:", json_text(m, "uid"));
}

static int64_t
find(struct lp_db *db, const char *word)
{
	struct lp_err err;
	int64_t seq = 0;
	int r = meeting_find(db, word, &seq, &err);

	if (r == -1)
		lp_die(&err);
	if (r == 0)
		lp_dief(LP_NO, "no such meeting: %s", word);
	return seq;
}

static int
show(struct lp_db *db, char **which)
{
	struct lp_err err;
	bool first = true;
	cJSON *m;

	for (; *which != NULL; which++) {
		if ((m = meeting_json(db, find(db, *which), &err)) == NULL)
			lp_die(&err);
		if (o.json)
			jsonl_put(m);
		else {
			printf("%s", first ? "" : "\n");
			print_meeting(m);
		}
		first = false;
		cJSON_Delete(m);
	}
	return LP_OK;
}

static void
slot_json(const struct booking_times *t, int64_t at)
{
	cJSON *s = cJSON_CreateObject();
	char iso[LP_ISO_SIZE];

	json_set_str(s, "starts_at", lp_iso(at, iso));
	json_set_str(s, "ends_at", lp_iso(at + t->length, iso));
	json_set_str(s, "timezone", t->ours);
	if (*t->theirs != '\0')
		json_set_str(s, "lead_timezone", t->theirs);
	jsonl_put(s);
	cJSON_Delete(s);
}

static int
slots(struct lp_db *db)
{
	size_t limit = o.limit > 0 ? (size_t)o.limit : 20, i;
	struct booking_times *t = xcalloc(1, sizeof(*t));
	struct lp_err err;
	char *s;

	if (booking_times(db, named(db, 'l', o.lead), named(db, 'a', o.account), 0, t, &err) == -1)
		lp_die(&err);
	for (i = 0; i < t->n && i < limit; i++) {
		if (o.json) {
			slot_json(t, t->at[i]);
			continue;
		}
		if ((s = booking_span(t->ours, *t->theirs != '\0' ? t->theirs : NULL, t->at[i], t->at[i] + t->length, &err)) == NULL)
			lp_die(&err);
		puts(s);
		free(s);
	}
	if (t->n == 0)
		lp_say("no time is free within meeting_horizon");
	booking_times_clear(t);
	free(t);
	return i > 0 ? LP_OK : LP_NO;
}

/* ---- changing */

/* What was done: of the row as it is before the end of the transaction, also of one that is only rehearsed. */
struct told {
	cJSON *json;
	char *line;
};

static int
look(struct lp_db *db, const struct booking_hand *done, const char *what, struct told *out, struct lp_err *err)
{
	struct meeting m;
	char *when, handle[24];

	if ((out->json = meeting_json(db, done->meeting, err)) == NULL || meeting_get(db, done->meeting, &m, err) != 1)
		return -1;
	snprintf(handle, sizeof(handle), "t%" PRId64, done->task);
	if (done->task != 0)
		json_set_str(out->json, "task_id", handle);
	when = booking_span(m.timezone, zone, m.next_starts_at != 0 ? m.next_starts_at : m.starts_at, m.next_ends_at != 0 ? m.next_ends_at : m.ends_at, err);
	/* whether a person has to say yes first, the pipeline finds */
	out->line = xasprintf("b%" PRId64 " %s: %s%s%s%s", m.seq, what, when != NULL ? when : "", done->task != 0 ? "; its mail is " : "",
	    done->task != 0 ? handle : "", o.dry ? " (rehearsed)" : "");
	free(when);
	meeting_clear(&m);
	return 0;
}

/* In a transaction of its own. */
static void
change(struct lp_db *db, int64_t meeting, const struct booking_ask *ask, const char *what,
    int (*how)(struct lp_db *, int64_t, const struct booking_ask *, struct booking_hand *, struct lp_err *))
{
	struct booking_hand done = { 0 };
	struct told told = { 0 };
	struct lp_err err;
	int r;

	if (db_begin(db, &err) == -1)
		lp_die(&err);
	r = how != NULL ? how(db, meeting, ask, &done, &err) : booking_add(db, ask, &done, &err);
	if (r != -1)
		r = look(db, &done, what, &told, &err);
	if (db_end(db, r != -1 && !o.dry, r != -1 ? &err : NULL) == -1 || r == -1)
		lp_die(&err);
	if (o.json)
		jsonl_put(told.json);
	else
		lp_say("%s", told.line);
	cJSON_Delete(told.json);
	free(told.line);
}

static int
by_hand(struct lp_db *db, int verb, char **which)
{
	struct booking_ask ask = { .lead = named(db, 'l', o.lead), .account = named(db, 'a', o.account), .starts_at = o.at, .text = text, .by = lp_who(),
		.why = o.reason };
	struct duration d = { 0 };
	struct lp_err err;

	if (length != NULL && duration_parse(length, &d, &err) == -1)
		lp_dief(LP_USAGE, "--length: %s", err.msg);
	ask.length = duration_ms(&d);
	if (length != NULL && (ask.length < 5 * LP_MINUTE || ask.length > LP_DAY))
		lp_dief(LP_USAGE, "--length: from 5m to 1d");
	if (verb == 'a')
		change(db, 0, &ask, "reserved", NULL);
	for (; *which != NULL; which++)
		change(db, find(db, *which), &ask, verb == 'm' ? "moves" : "is called off", verb == 'm' ? booking_move : booking_cancel);
	return LP_OK;
}

static int
filter(const char *path)
{
	struct stage s = { .item = booking_item };
	struct lp_err err;
	int status;

	lp_no_terminal(usage);
	if ((s.db = db_open(path, DB_WRITE, o.now, &err)) == NULL)
		lp_die(&err);
	status = stage_main(&s, STDIN_FILENO);
	db_close(s.db);
	return status;
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "list", "show", "slots", "add", "move", "cancel", NULL };
	enum { LIST, SHOW, SLOTS, ADD, MOVE, CANCEL };
	static const struct lp_opt own[] = { { .name = "text", .str = &text }, { .name = "length", .str = &length }, { 0 } };
	struct lp_err err;
	struct lp_db *db;
	int i, n, verb, status = LP_OK;

	lp_init(argv[0]);
	o.at = LP_NO_TIME;
	i = lp_options(&o, argc, argv, "n j l m at lead account status", own, usage, help);
	if (i == argc)
		return filter(o.db);
	verb = lp_verb(argv[i++], verbs, usage);
	n = argc - i;
	if (((verb == LIST || verb == SLOTS || verb == ADD) && n > 0) || ((verb == SHOW || verb == CANCEL) && n == 0) || (verb == MOVE && n != 1))
		lp_usage(usage);
	if (verb == ADD && o.lead == NULL)
		lp_dief(LP_USAGE, "add: with whom? (--lead)");
	if ((verb == ADD || verb == MOVE) && o.at == LP_NO_TIME)
		lp_dief(LP_USAGE, "%s: when? (--at 2026-12-01T14:00Z)", verbs[verb]);
	if ((db = db_open(o.db, verb < ADD ? DB_READ : DB_WRITE, o.now, &err)) == NULL)
		lp_die(&err);
	find_zone(db);
	switch (verb) {
	case LIST: status = list(db); break;
	case SHOW: status = show(db, argv + i); break;
	case SLOTS: status = slots(db); break;
	default: status = by_hand(db, verb == ADD ? 'a' : verb == MOVE ? 'm' : 'c', argv + i); break;
	}
	db_close(db);
	return status;
}
