/* lp-memory - what the agent keeps in mind: as a filter attach what a task should know; by itself keep, find and clear away. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/stage.h"
#include "base/cli.h"
#include "base/duration.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "base/table.h"
#include "store/campaigns.h"
#include "store/config.h"
#include "store/leads.h"
#include "store/memory.h"
#include "store/retention.h"

static const char usage[] = "lp-memory recall|put|search|list|forget|cleanup [word ...] [options]";
static const char help[] =
    "  recall [-l N]              filter: attach to each line what its task should know\n"
    "  put KEY VALUE [--type T] [--lead L] [--campaign C] [--importance N] [--expires WHEN]\n"
    "                             keep one; without words: JSON Lines from standard input\n"
    "  search WORD ... [--type T] [--lead L] [--campaign C] [--since T] [-l N] [-j]\n"
    "  list [--type T] [--lead L] [--campaign C] [--since T] [-l N] [-j]\n"
    "  forget MEMORY ... | forget --lead L [-n]\n"
    "  cleanup [--until T] [--importance N] [-n]\n"
    "                             clear away what has expired, or is older than 90 days and of little importance\n";

enum { RECALL, PUT, SEARCH, LIST, FORGET, CLEANUP };
enum { BURST = 256 };

static struct lp_opts o = { .limit = 0 };
static const char *importance_text, *expires_text;

/* From 0 to 1, or a usage exit. */
static double
importance(double dflt)
{
	char *end;
	double v;

	if (importance_text == NULL)
		return dflt;
	errno = 0;
	v = strtod(importance_text, &end);
	if (end == importance_text || *end != '\0' || errno != 0 || !(v >= 0 && v <= 1))
		lp_dief(LP_USAGE, "--importance: '%s' is not a number from 0 to 1", importance_text);
	return v;
}

static int
find_lead(struct lp_db *db, const char *word, int64_t *seq, struct lp_err *err)
{
	*seq = 0;
	return word == NULL ? 0 : leads_find(db, word, seq, err);
}

static int
find_campaign(struct lp_db *db, const char *word, int64_t *seq, struct lp_err *err)
{
	int r;

	*seq = 0;
	if (word == NULL || (r = campaigns_find(db, word, seq, err)) == 1)
		return 0;
	return r == -1 ? -1 : lp_fail(err, LP_NO, "no campaign '%s'", word);
}

/* recall */
static int
item(struct stage *s, struct env *e, struct lp_err *err)
{
	struct task t;
	cJSON *known;
	int r;

	if (e->task == 0 || e->has_error)
		return 0;
	if ((r = stage_task(s, e, &t, err)) != 1)
		return r;
	known = memory_relevant(s->db, &t, *(int *)s->ctx, err);
	task_clear(&t);
	if (known == NULL)
		return -1;
	if (known->child != NULL)
		env_set(e, "memories", known);
	else
		cJSON_Delete(known);
	return 0;
}

static int
recall(struct lp_db *db)
{
	int limit = o.limit == 0 ? 10 : (int)o.limit;
	struct stage s = { .db = db, .ctx = &limit, .item = item };

	lp_no_terminal(usage);
	return stage_main(&s, STDIN_FILENO);
}

/* A member that is not known would be a slip that nobody sees; those that `list -j` prints and nobody sets are passed over. */
static int
known_members(const cJSON *in, struct lp_err *err)
{
	static const char *const members[] = { "memory_type", "key", "value", "metadata", "importance", "expires_at", "lead_id", "campaign_id",
		"id", "uuid", "created_at", "updated_at", NULL };
	const char *const *m, *near;
	const cJSON *c;

	cJSON_ArrayForEach(c, in) {
		for (m = members; *m != NULL && strcmp(*m, c->string) != 0; m++)
			;
		if (*m == NULL) {
			near = lp_did_you_mean(c->string, members);
			return lp_fail(err, LP_DATA, "unknown member '%.40s'%s%s", c->string, near != NULL ? ": did you mean " : "", near != NULL ? near : "");
		}
	}
	return 0;
}

static int
text_member(const cJSON *in, const char *name, bool needed, const char **out, struct lp_err *err)
{
	const cJSON *c = json_get(in, name);

	*out = cJSON_IsString(c) ? c->valuestring : NULL;
	if (*out == NULL && (c == NULL || cJSON_IsNull(c) ? needed : true))
		return lp_fail(err, LP_DATA, "%s: %s", name, c == NULL ? "it is needed" : "text is needed");
	return 0;
}

static int
put_line(struct lp_db *db, const cJSON *in, struct lp_err *err)
{
	struct memory_new m = { 0 };
	const char *lead, *campaign, *expires;
	const cJSON *meta = json_get(in, "metadata"), *imp = json_get(in, "importance");
	char *metadata = NULL;
	int64_t seq;
	int r;

	if (known_members(in, err) == -1 || text_member(in, "memory_type", true, &m.type, err) == -1 ||
	    text_member(in, "key", true, &m.key, err) == -1 || text_member(in, "value", true, &m.value, err) == -1 ||
	    text_member(in, "lead_id", false, &lead, err) == -1 || text_member(in, "campaign_id", false, &campaign, err) == -1 ||
	    text_member(in, "expires_at", false, &expires, err) == -1)
		return -1;
	if (meta != NULL && !cJSON_IsObject(meta))
		return lp_fail(err, LP_DATA, "metadata: an object is needed");
	if (imp != NULL && !cJSON_IsNumber(imp))
		return lp_fail(err, LP_DATA, "importance: a number from 0 to 1 is needed");
	m.importance = imp != NULL ? imp->valuedouble : MEMORY_IMPORTANCE;
	if (expires != NULL && lp_when(expires, o.now, &m.expires, err) == -1)
		return lp_err_prefix(err, "expires_at");
	if (find_lead(db, lead, &m.lead, err) == -1 || find_campaign(db, campaign, &m.campaign, err) == -1)
		return -1;
	m.metadata = metadata = meta != NULL ? json_print(meta) : NULL;
	r = memory_put(db, &m, &seq, err);
	free(metadata);
	return r;
}

/* What is wrong with a line, and no trouble of the file. */
static bool
own_trouble(const struct lp_err *err)
{
	return err->kind == LP_DATA || err->kind == LP_NO || err->kind == LP_USAGE;
}

struct parsed {
	cJSON *json;
	size_t number;
};

/* Lines that are there, up to a burst; never a transaction while waiting for one. */
static size_t
gather(struct lines *in, struct parsed *got, int *status)
{
	struct lp_err err = { 0 };
	const char *s;
	size_t n, len;
	int r;

	for (n = 0; n < BURST && (n == 0 || lines_waiting(in));) {
		if ((r = lines_next(in, &s, &len, &err)) == 0)
			break;
		if (r == -1 && err.kind != LP_DATA)
			lp_die(&err);
		got[n].number = in->number;
		if (r == 1 && (got[n].json = json_object(s, len, &err)) != NULL)
			n++;
		else {
			lp_warn("stdin:%zu: %s", in->number, err.msg);
			*status = LP_DATA;
		}
	}
	return n;
}

static int
put_lines(struct lp_db *db)
{
	struct parsed got[BURST];
	struct lines in;
	struct lp_err err = { 0 };
	size_t n, i, kept = 0;
	int status = LP_OK, r;

	lp_no_terminal(usage);
	lines_init(&in, STDIN_FILENO, "-");
	while ((n = gather(&in, got, &status)) > 0) {
		if (db_begin(db, &err) == -1)
			lp_die(&err);
		for (i = 0; i < n; i++) {
			if ((r = put_line(db, got[i].json, &err)) == -1 && !own_trouble(&err))
				lp_die(&err);
			if (r == -1) {
				lp_warn("stdin:%zu: %s", got[i].number, err.msg);
				status = LP_DATA;
			} else
				kept++;
			cJSON_Delete(got[i].json);
		}
		if (db_end(db, !o.dry, &err) == -1)
			lp_die(&err);
	}
	lines_free(&in);
	lp_say("%zu kept%s", kept, o.dry ? " (rehearsed)" : "");
	return status;
}

static int
put(struct lp_db *db, char *words[], int n)
{
	struct memory_new m = { .type = o.type != NULL ? o.type : "fact" };
	struct lp_err err = { 0 };
	int64_t seq = 0;
	int r;

	if (n == 0 && o.type == NULL && o.lead == NULL && o.campaign == NULL && importance_text == NULL && expires_text == NULL)
		return put_lines(db);
	if (n != 2)
		lp_dief(LP_USAGE, "put: give a key and a value, each as one word (put quotes around it), or lines on standard input and no words");
	m.key = words[0];
	m.value = words[1];
	m.importance = importance(MEMORY_IMPORTANCE);
	if (expires_text != NULL && lp_when(expires_text, o.now, &m.expires, &err) == -1)
		lp_dief(LP_USAGE, "--expires: %s", err.msg);
	if (find_lead(db, o.lead, &m.lead, &err) == -1 || find_campaign(db, o.campaign, &m.campaign, &err) == -1 || db_begin(db, &err) == -1)
		lp_die(&err);
	r = memory_put(db, &m, &seq, &err);
	if (db_end(db, r != -1 && !o.dry, r != -1 ? &err : NULL) == -1 || r == -1)
		lp_die(&err);
	lp_say("y%" PRId64 " %s%s", seq, r == 1 ? "kept" : "changed", o.dry ? " (rehearsed)" : "");
	return LP_OK;
}

static void
print_all(cJSON *all)
{
	static const char *const heads[] = { "ID", "TYPE", "OF", "WEIGHT", "CHANGED", "KEY", "VALUE" };
	struct table *t = table_new(7, heads);
	char weight[16], when[TABLE_TIME_SIZE], of[48];
	const char *lead, *campaign;
	cJSON *m;

	cJSON_ArrayForEach(m, all) {
		if (o.json) {
			jsonl_put(m);
			continue;
		}
		lead = json_str(m, "lead_id");
		campaign = json_str(m, "campaign_id");
		snprintf(of, sizeof(of), "%s%s%s", lead != NULL ? lead : "", lead != NULL && campaign != NULL ? " " : "",
		    campaign != NULL ? campaign : lead != NULL ? "" : "-");
		snprintf(weight, sizeof(weight), "%.2g", json_num(m, "importance", 0));
		table_row(t, (const char *const[]){ json_str(m, "id"), json_str(m, "memory_type"), of, weight,
		    table_time(json_str(m, "updated_at"), "UTC", when), json_str(m, "key"), json_str(m, "value") });
	}
	table_print(t);
}

static int
look(struct lp_db *db, bool search, char *words[], int n)
{
	struct memory_filter f = { .type = o.type, .since = o.since == LP_NO_TIME ? 0 : o.since };
	struct buf text = { 0 };
	struct lp_err err = { 0 };
	cJSON *all;
	int i, found;

	f.limit = o.limit != 0 ? o.limit : search ? 10 : 100;
	if (find_lead(db, o.lead, &f.lead, &err) == -1 || find_campaign(db, o.campaign, &f.campaign, &err) == -1)
		lp_die(&err);
	for (i = 0; i < n; i++)
		buf_printf(&text, "%s%s", i > 0 ? " " : "", words[i]);
	all = search ? memory_search(db, buf_str(&text), &f, &err) : memory_list(db, &f, &err);
	if (all == NULL)
		lp_die(&err);
	found = all->child != NULL;
	print_all(all);
	cJSON_Delete(all);
	buf_free(&text);
	return search && !found ? LP_NO : LP_OK;
}

/* All that are named, or none. */
static int
forget(struct lp_db *db, char *words[], int n)
{
	struct lp_err err = { 0 };
	int64_t seq;
	int i, r = 0, forgotten = 0;

	if ((n == 0) == (o.lead == NULL))
		lp_dief(LP_USAGE, "forget: name memories (y3), or a lead whose memories it shall be (--lead)");
	if (find_lead(db, o.lead, &seq, &err) == -1 || db_begin(db, &err) == -1)
		lp_die(&err);
	if (n == 0)
		r = forgotten = memory_forget_lead(db, seq, &err);
	for (i = 0; r != -1 && i < n; i++) {
		if (!lp_handle(words[i], 'y', &seq))
			r = lp_fail(&err, LP_USAGE, "'%s' is no memory: they look like y3 (lp-memory list)", words[i]);
		else if ((r = memory_forget(db, seq, &err)) == 0)
			r = lp_fail(&err, LP_NO, "no memory '%s'", words[i]);
		else
			forgotten++;
	}
	if (db_end(db, r != -1 && !o.dry, r != -1 ? &err : NULL) == -1 || r == -1)
		lp_die(&err);
	lp_say("%d forgotten%s", forgotten, o.dry ? " (rehearsed)" : "");
	return LP_OK;
}

/* Texts that are older than the configuration lets them get; some hundreds at a time, so that nobody waits long for the lock. */
static int64_t
retention(struct lp_db *db)
{
	struct lp_err err = { 0 };
	struct config_law law;
	int64_t texts = 0, age;
	int r;

	if (config_law(db, &law, &err) == -1)
		lp_die(&err);
	age = duration_ms(&law.retention);
	do {
		if (age == 0)
			break;
		if (db_begin(db, &err) == -1)
			lp_die(&err);
		r = retention_purge(db, o.now - age, &texts, &err);
		if (db_end(db, r != -1 && !o.dry, r != -1 ? &err : NULL) == -1 || r == -1)
			lp_die(&err);
	} while (r > 0 && !o.dry);
	config_law_clear(&law);
	return texts;
}

static int
cleanup(struct lp_db *db)
{
	int64_t texts = retention(db);
	int64_t before = o.until != LP_NO_TIME ? o.until : o.now - MEMORY_OLD;
	double below = importance(MEMORY_DEAR);
	struct lp_err err = { 0 };
	int n;

	if (db_begin(db, &err) == -1)
		lp_die(&err);
	n = memory_cleanup(db, before, below, &err);
	if (db_end(db, n != -1 && !o.dry, n != -1 ? &err : NULL) == -1 || n == -1)
		lp_die(&err);
	lp_say("%d cleared away%s", n, o.dry ? " (rehearsed)" : "");
	if (texts > 0)
		lp_say("%" PRId64 " old texts deleted%s", texts, o.dry ? " (rehearsed)" : "");
	return LP_OK;
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "recall", "put", "search", "list", "forget", "cleanup", NULL };
	static const struct lp_opt own[] = { { .name = "importance", .str = &importance_text }, { .name = "expires", .str = &expires_text }, { 0 } };
	struct lp_err err;
	struct lp_db *db;
	int i, n, verb, status;

	lp_init(argv[0]);
	i = lp_options(&o, argc, argv, "n j l lead campaign type since until", own, usage, help);
	verb = lp_verb(i < argc ? argv[i++] : NULL, verbs, usage);
	n = argc - i;
	if ((n > 0 && (verb == RECALL || verb == LIST || verb == CLEANUP)) || (verb == SEARCH && n == 0))
		lp_usage(usage);
	if (o.limit < 0 || o.limit > 100000)
		lp_dief(LP_USAGE, "-l: from 1 to 100000");
	db = db_open(o.db, verb == SEARCH || verb == LIST ? DB_READ : DB_WRITE, o.now, &err);
	if (db == NULL)
		lp_die(&err);
	switch (verb) {
	case RECALL: status = recall(db); break;
	case PUT: status = put(db, argv + i, n); break;
	case FORGET: status = forget(db, argv + i, n); break;
	case CLEANUP: status = cleanup(db); break;
	default: status = look(db, verb == SEARCH, argv + i, n); break;
	}
	db_close(db);
	return status;
}
