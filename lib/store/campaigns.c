#include "store/campaigns.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

int
campaigns_find(struct lp_db *db, const char *word, int64_t *seq, struct lp_err *err)
{
	int r = db_int(db, err, seq, "SELECT seq FROM campaigns WHERE name = ?1", "s", word);

	if (r != 0)
		return r;
	if (lp_handle(word, 'c', seq))
		return db_int(db, err, seq, "SELECT seq FROM campaigns WHERE seq = ?1", "I", *seq);
	if (lp_uuid_ok(word))
		return db_int(db, err, seq, "SELECT seq FROM campaigns WHERE id = ?1", "s", word);
	if (lp_handle_kind(word) != 0)
		return lp_fail(err, LP_USAGE, "'%s' is a %s, not a campaign", word, lp_kind_name(lp_handle_kind(word)));
	return 0;
}

void
campaign_step_clear(struct campaign_step *s)
{
	size_t i;

	for (i = 0; i < s->nvariants; i++) {
		free(s->variants[i].subject);
		free(s->variants[i].body);
		free(s->variants[i].brief);
		free(s->variants[i].template);
	}
	free(s->variants);
	*s = (struct campaign_step){ 0 };
}

static int
variants(struct lp_db *db, int64_t campaign, int version, struct campaign_step *s, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT variant, weight, subject, body, brief, template FROM step_variants WHERE campaign_id = ?1 AND version = ?2 AND step = ?3 ORDER BY variant";
	sqlite3_stmt *st = db_query(db, err, sql, "Iii", campaign, version, s->step);
	struct campaign_variant *v;
	int r;

	if (st == NULL)
		return -1;
	while ((r = db_step(db, st, err)) == 1) {
		s->variants = xrealloc(s->variants, (s->nvariants + 1) * sizeof(*s->variants));
		v = &s->variants[s->nvariants++];
		snprintf(v->id, sizeof(v->id), "%s", db_text(st, 0));
		v->weight = (int)db_int64(st, 1);
		v->subject = xstrdup(db_text(st, 2));
		v->body = xstrdup(db_text(st, 3));
		v->brief = xstrdup(db_text(st, 4));
		v->template = xstrdup(db_text(st, 5));
	}
	return r;
}

int
campaign_step_get(struct lp_db *db, int64_t campaign, int version, int step, struct campaign_step *s, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT step, channel, delay, same_thread FROM campaign_steps WHERE campaign_id = ?1 AND version = ?2 AND step = ?3";
	sqlite3_stmt *st = db_query(db, err, sql, "Iii", campaign, version, step);
	int r;

	*s = (struct campaign_step){ 0 };
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return 0;
	s->step = (int)db_int64(st, 0);
	snprintf(s->channel, sizeof(s->channel), "%s", db_text(st, 1));
	snprintf(s->delay, sizeof(s->delay), "%s", db_text(st, 2));
	s->same_thread = db_int64(st, 3) != 0;
	db_done(st);
	if (variants(db, campaign, version, s, err) == -1) {
		campaign_step_clear(s);
		return -1;
	}
	return 1;
}

cJSON *
campaign_definition(struct lp_db *db, int64_t campaign, int version, struct lp_err *err)
{
	static const char sql[] = "SELECT definition FROM campaign_versions WHERE campaign_id = ?1 AND version = ?2";
	char *text = NULL;
	cJSON *def;
	int r = db_str(db, err, &text, sql, "Ii", campaign, version);

	if (r == 0)
		lp_fail(err, LP_NO, "c%" PRId64 " has no version %d", campaign, version);
	if (r != 1)
		return NULL;
	if ((def = cJSON_Parse(text)) == NULL)
		lp_fail(err, LP_BUG, "c%" PRId64 ": version %d is unreadable", campaign, version);
	free(text);
	return def;
}

int
campaign_status(struct lp_db *db, int64_t campaign, char status[12], struct lp_err *err)
{
	char *s = NULL;
	int r = db_str(db, err, &s, "SELECT status FROM campaigns WHERE seq = ?1", "I", campaign);

	if (r == 1)
		snprintf(status, 12, "%s", s);
	free(s);
	return r;
}

int
campaign_name(struct lp_db *db, int64_t campaign, char **name, struct lp_err *err)
{
	*name = NULL;
	return db_str(db, err, name, "SELECT name FROM campaigns WHERE seq = ?1", "I", campaign);
}

int
campaign_newest(struct lp_db *db, int64_t campaign, int *version, struct lp_err *err)
{
	int64_t v;
	int r = db_int(db, err, &v, "SELECT version FROM campaigns WHERE seq = ?1", "I", campaign);

	if (r == 1)
		*version = (int)v;
	return r;
}
