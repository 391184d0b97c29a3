/* campaign_def.c - reading: YAML nodes into a definition, each refusal with its place. Writing is in campaign_yaml.c. */
#include "campaign/campaign_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hours.h"
#include "base/json.h"
#include "base/prog.h"
#include "base/tz.h"

#define NAME_MAX_BYTES 80

static const char *const ways[] = { "hand", "import", "rule", "scout", NULL };
static const char *const stops[] = { "reply", "meeting", NULL };

int
cdef_bad_word(struct cdef_reader *r, const struct ynode *n, const char *what, const char *const *words)
{
	const char *near = lp_did_you_mean(n->s, words);
	struct buf list = { 0 };
	size_t i;

	if (near != NULL)
		return yaml_fail(r->doc, n, r->err, "unknown %s '%s' (did you mean '%s'?)", what, n->s, near);
	for (i = 0; words[i] != NULL; i++)
		buf_printf(&list, "%s%s", i > 0 ? ", " : "", words[i]);
	yaml_fail(r->doc, n, r->err, "unknown %s '%s' (known: %s)", what, n->s, buf_str(&list));
	buf_free(&list);
	return -1;
}

bool
cdef_one_of(const char *s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(s, *words) == 0)
			return true;
	return false;
}

int
cdef_text(struct cdef_reader *r, const struct ynode *n, bool lines, const char **out)
{
	const char *s = NULL, *p;

	if (n == NULL)
		return 0;
	if (yaml_str(r->doc, n, &s, r->err) == -1)
		return -1;
	if (s[strspn(s, " \t\n")] == '\0')
		return yaml_fail(r->doc, n, r->err, "'%s' is empty", n->key != NULL ? n->key : "value");
	for (p = s; *p != '\0'; p++)
		if (((unsigned char)*p < 0x20 && !(lines && (*p == '\n' || *p == '\t'))) || *p == 0x7f)
			return yaml_fail(r->doc, n, r->err, "'%s' has %s in it", n->key != NULL ? n->key : "value",
			    *p == '\n' ? "a line feed" : "a control character");
	*out = s;
	return 0;
}

/* A list of different words; one word alone counts as a list of it. Judge says -1 with the error, or the word to store. */
typedef int judge_fn(struct cdef_reader *, const struct ynode *, cJSON *list);

static int
word_list(struct cdef_reader *r, const struct ynode *n, judge_fn *judge, cJSON **out)
{
	cJSON *list;
	size_t i;

	if (n->kind == Y_MAP)
		return yaml_fail(r->doc, n, r->err, "'%s' wants a list", n->key);
	list = cJSON_CreateArray();
	if (n->kind == Y_SCALAR && judge(r, n, list) == -1)
		goto fail;
	for (i = 0; i < n->nkids; i++)
		if (n->kids[i]->kind != Y_SCALAR) {
			yaml_fail(r->doc, n->kids[i], r->err, "'%s' wants a list of words", n->key);
			goto fail;
		} else if (judge(r, n->kids[i], list) == -1)
			goto fail;
	*out = list;
	return 0;
fail:
	cJSON_Delete(list);
	return -1;
}

static int
add_new(struct cdef_reader *r, const struct ynode *n, const char *s, cJSON *list)
{
	const cJSON *i;

	cJSON_ArrayForEach(i, list)
		if (strcmp(i->valuestring, s) == 0)
			return yaml_fail(r->doc, n, r->err, "'%s' is here twice", s);
	cJSON_AddItemToArray(list, cJSON_CreateString(s));
	return 0;
}

static int
judge_way(struct cdef_reader *r, const struct ynode *n, cJSON *list)
{
	return cdef_one_of(n->s, ways) ? add_new(r, n, n->s, list) : cdef_bad_word(r, n, "way of entry", ways);
}

static int
judge_stop(struct cdef_reader *r, const struct ynode *n, cJSON *list)
{
	return cdef_one_of(n->s, stops) ? add_new(r, n, n->s, list) : cdef_bad_word(r, n, "reason to stop", stops);
}

static int
judge_account(struct cdef_reader *r, const struct ynode *n, cJSON *list)
{
	const char *s = NULL;

	return cdef_text(r, n, false, &s) == -1 ? -1 : add_new(r, n, s, list);
}

static int
judge_date(struct cdef_reader *r, const struct ynode *n, cJSON *list)
{
	struct lp_err why;
	int64_t day;

	if (hours_date(n->s, &day, &why) == -1)
		return yaml_fail(r->doc, n, r->err, "%s", why.msg);
	return add_new(r, n, n->s, list);
}

/* "mon-fri", "monday, tuesday" or a list of names: always stored as the full names in the week's order. */
static int
judge_days(struct cdef_reader *r, const struct ynode *n, cJSON *list)
{
	struct lp_err why;
	unsigned days = 0;
	int i;

	if (hours_days(n->s, &days, &why) == -1)
		return yaml_fail(r->doc, n, r->err, "%s", why.msg);
	for (i = 0; i < 7; i++)
		if ((days & 1u << i) != 0 && add_new(r, n, hours_day_name(i), list) == -1)
			return -1;
	return 0;
}

static void
sort_days(cJSON *list)
{
	cJSON *d;
	int i;

	for (i = 6; i >= 0; i--)
		cJSON_ArrayForEach(d, list)
			if (strcmp(d->valuestring, hours_day_name(i)) == 0) {
				cJSON_InsertItemInArray(list, 0, cJSON_DetachItemViaPointer(list, d));
				break;
			}
}

static int
read_time(struct cdef_reader *r, const struct ynode *n, cJSON *o, int *minute)
{
	struct lp_err why;
	const char *s = NULL;
	char hhmm[6];

	if (n == NULL)
		return 0;
	if (yaml_str(r->doc, n, &s, r->err) == -1)
		return -1;
	if (hours_time(s, minute, &why) == -1)
		return yaml_fail(r->doc, n, r->err, "%s", why.msg);
	json_set_str(o, n->key, hours_time_print(*minute, hhmm));
	return 0;
}

static int
read_hours(struct cdef_reader *r, const struct ynode *n, cJSON *def)
{
	static const char *const keys[] = { "timezone", "days", "start", "end", NULL };
	const struct ynode *zone = yaml_get(n, "timezone"), *days = yaml_get(n, "days");
	const char *s = NULL;
	struct lp_err why;
	int start = -1, end = -2;
	cJSON *o, *list;

	if (n == NULL)
		return 0;
	if (yaml_only(r->doc, n, keys, r->err) == -1)
		return -1;
	o = cJSON_CreateObject();
	json_set(def, "hours", o);
	if (cdef_text(r, zone, false, &s) == -1)
		return -1;
	if (s != NULL && tz_ok(s, &why) == -1)
		return yaml_fail(r->doc, zone, r->err, "%s", why.msg);
	if (s != NULL)
		json_set_str(o, "timezone", s);
	if (days != NULL) {
		if (word_list(r, days, judge_days, &list) == -1)
			return -1;
		sort_days(list);
		json_set(o, "days", list);
		if (cJSON_GetArraySize(list) == 0)
			return yaml_fail(r->doc, days, r->err, "no days: it would never send");
	}
	if (read_time(r, yaml_get(n, "start"), o, &start) == -1 || read_time(r, yaml_get(n, "end"), o, &end) == -1)
		return -1;
	if (start == end)
		return yaml_fail(r->doc, yaml_get(n, "end"), r->err, "'end' equals 'start': the window is empty");
	return 0;
}

static int
read_name(struct cdef_reader *r, const struct ynode *map, cJSON *def)
{
	const struct ynode *n = yaml_get(map, "name");
	const char *s = NULL;

	if (n == NULL)
		return yaml_fail(r->doc, map, r->err, "the campaign has no 'name'");
	if (cdef_text(r, n, false, &s) == -1)
		return -1;
	if (strlen(s) > NAME_MAX_BYTES)
		return yaml_fail(r->doc, n, r->err, "'name' is longer than %d bytes", NAME_MAX_BYTES);
	if (lp_handle_kind(s) != 0 || lp_uuid_ok(s) || strchr("-@ ", s[0]) != NULL || s[strlen(s) - 1] == ' ')
		return yaml_fail(r->doc, n, r->err, "'%s' can't be a name: %s", s,
		    lp_handle_kind(s) != 0 || lp_uuid_ok(s) ? "it looks like a handle" : "it begins with '-' or '@', or with or ends in a blank");
	json_set_str(def, "name", s);
	return 0;
}

/* ---- the whole */

static int
read_lists(struct cdef_reader *r, const struct ynode *map, cJSON *def)
{
	static const char *const dflt_ways[] = { "hand", "import" }, *const dflt_stops[] = { "reply" };
	const struct {
		const char *key;
		judge_fn *judge;
		cJSON *dflt;
	} lists[] = { { "accounts", judge_account, cJSON_CreateArray() }, { "entry", judge_way, cJSON_CreateStringArray(dflt_ways, 2) },
		{ "stop_on", judge_stop, cJSON_CreateStringArray(dflt_stops, 1) }, { "holidays", judge_date, cJSON_CreateArray() } };
	const struct ynode *n;
	cJSON *list;
	size_t i;

	for (i = 0; i < 4; i++)
		json_set(def, lists[i].key, lists[i].dflt);
	for (i = 0; i < 4; i++) {
		if ((n = yaml_get(map, lists[i].key)) == NULL)
			continue;
		if (word_list(r, n, lists[i].judge, &list) == -1)
			return -1;
		json_set(def, lists[i].key, list);
	}
	cJSON_ArrayForEach(list, json_get(def, "stop_on"))
		if (strcmp(list->valuestring, "reply") == 0)
			return 0;
	return yaml_fail(r->doc, yaml_get(map, "stop_on"), r->err, "'stop_on' without 'reply': who has answered isn't written to by a sequence");
}

static int
read_rest(struct cdef_reader *r, const struct ynode *map, cJSON *def)
{
	const struct ynode *icp = yaml_get(map, "icp"), *footer = yaml_get(map, "footer");
	const char *goal = NULL, *s = NULL;
	int64_t max = CAMPAIGN_MAX_LEADS;

	if (yaml_bool(r->doc, yaml_get(map, "spintax"), &r->spintax, r->err) == -1 ||
	    yaml_int(r->doc, yaml_get(map, "max_leads"), 1, 1000000, &max, r->err) == -1 ||
	    cdef_text(r, yaml_get(map, "goal"), true, &goal) == -1 || cdef_text(r, footer, true, &s) == -1)
		return -1;
	json_set_bool(def, "spintax", r->spintax);
	json_set_num(def, "max_leads", (double)max);
	if (goal != NULL)
		json_set_str(def, "goal", goal);
	if (s != NULL) {
		if (cdef_template(r, footer, s) == -1)
			return -1;
		json_set_str(def, "footer", s);
	}
	if (icp != NULL && icp->kind == Y_SCALAR) {
		if (cdef_text(r, icp, true, &s) == -1)
			return -1;
		json_set_str(def, "icp", s);
	} else if (icp != NULL)
		json_set(def, "icp", yaml_json(icp));
	return 0;
}

static cJSON *
read_campaign(const struct ydoc *doc, const struct ynode *map, struct lp_err *err)
{
	static const char *const keys[] = { "name", "goal", "icp", "accounts", "entry", "stop_on", "max_leads", "spintax", "footer", "hours",
		"holidays", "steps", "greeting", "closing", "answers", "responses", "writing", NULL };
	struct cdef_reader r = { .doc = doc, .err = err };
	cJSON *def = cJSON_CreateObject();

	if (yaml_only(doc, map, keys, err) == 0 && read_name(&r, map, def) == 0 && read_lists(&r, map, def) == 0 &&
	    read_hours(&r, yaml_get(map, "hours"), def) == 0 && read_rest(&r, map, def) == 0 && cdef_steps(&r, map, def) == 0 &&
	    cdef_answers(&r, map, def) == 0 && cdef_writing(&r, map, def) == 0)
		return def;
	cJSON_Delete(def);
	return NULL;
}

static int
add_def(const struct ydoc *doc, const struct ynode *map, cJSON **defs, size_t *n, struct lp_err *err)
{
	cJSON *def = read_campaign(doc, map, err);
	size_t i;

	if (def == NULL)
		return -1;
	defs[*n] = def;
	for (i = 0; i < *n; i++)
		if (strcmp(json_str(defs[i], "name"), json_str(def, "name")) == 0) {
			(*n)++;
			return yaml_fail(doc, map, err, "a second campaign with the name '%s'", json_str(def, "name"));
		}
	(*n)++;
	return 0;
}

int
campaign_defs(const struct ydoc *doc, cJSON ***defs, size_t *n, struct lp_err *err)
{
	static const char *const sections[] = { "config", "lists", "rules", "accounts", "campaigns", NULL };
	const struct ynode *list;
	size_t i;
	int rc = 0;

	*n = 0;
	*defs = NULL;
	if (doc->root == NULL)
		return yaml_fail(doc, NULL, err, "the file is empty");
	if (doc->root->kind != Y_MAP)
		return yaml_fail(doc, doc->root, err, "expected a campaign: 'name:' and 'steps:'");
	list = yaml_get(doc->root, "campaigns");
	*defs = xcalloc(list != NULL ? list->nkids + 1 : 1, sizeof(**defs));
	if (list == NULL)
		rc = add_def(doc, doc->root, *defs, n, err);
	else if (yaml_only(doc, doc->root, sections, err) == -1)
		rc = -1;
	else if (list->kind != Y_SEQ)
		rc = yaml_fail(doc, list, err, "'campaigns' wants a list");
	for (i = 0; list != NULL && rc == 0 && i < list->nkids; i++)
		rc = add_def(doc, list->kids[i], *defs, n, err);
	if (rc == 0)
		return 0;
	for (i = 0; i < *n; i++)
		cJSON_Delete((*defs)[i]);
	free(*defs);
	*defs = NULL;
	*n = 0;
	return -1;
}

bool
campaign_uses(const cJSON *def, const char *account)
{
	const cJSON *i, *list = json_get(def, "accounts");

	if (cJSON_GetArraySize(list) == 0)
		return true;
	cJSON_ArrayForEach(i, list)
		if (cJSON_IsString(i) && strcmp(i->valuestring, account) == 0)
			return true;
	return false;
}
