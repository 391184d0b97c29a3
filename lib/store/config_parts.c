/* config_parts.c - the parts of the configuration that few programs ask for: meetings, models, the law. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/config_int.h"

int
config_meetings(struct lp_db *db, struct config_meetings *m, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT schedule_timezone, meeting_days, meeting_start_time, meeting_end_time, holidays, meeting_length, meeting_buffer,"
	    " meeting_notice, meeting_horizon, meetings_per_day, meeting_title, meeting_location, meeting_busy FROM agent_configs";
	sqlite3_stmt *st = db_query(db, err, sql, "");
	int r;

	memset(m, 0, sizeof(*m));
	hours_init(&m->hours);
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return lp_fail(err, LP_CONFIG, "%s: has no configuration", db_path(db));
	r = config_hours(st, 0, &m->hours, err) == -1 || config_duration(st, 5, &m->length, err) == -1 || config_duration(st, 6, &m->buffer, err) == -1 ||
	    config_duration(st, 7, &m->notice, err) == -1 || config_duration(st, 8, &m->horizon, err) == -1 ? -1 : 0;
	m->per_day = db_int64(st, 9);
	m->title = config_column(st, 10);
	m->location = config_column(st, 11);
	m->busy = config_column(st, 12);
	db_done(st);
	if (r == -1) {
		config_meetings_clear(m);
		err->kind = LP_CONFIG;
		lp_err_prefix(err, "configuration");
	}
	return r;
}

void
config_meetings_clear(struct config_meetings *m)
{
	hours_free(&m->hours);
	free(m->title);
	free(m->location);
	free(m->busy);
	memset(m, 0, sizeof(*m));
}

static struct config_model
model_at(sqlite3_stmt *st, int col)
{
	return (struct config_model){ config_column(st, col), config_column(st, col + 1), config_column(st, col + 2), config_column(st, col + 3),
		config_column(st, col + 4), db_double(st, col + 5), db_double(st, col + 6), db_double(st, col + 7) };
}

int
config_models(struct lp_db *db, struct config_models *m, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT llm_provider, llm_model, llm_base_url, llm_key_env, llm_key_command, llm_price_in, llm_price_cached, llm_price_out,"
	    " llm_fallback, llm_fallback_model, llm_fallback_base_url, llm_fallback_key_env, llm_fallback_key_command, llm_fallback_price_in,"
	    " llm_fallback_price_cached, llm_fallback_price_out, llm_command, temperature, llm_max_tokens, llm_timeout, llm_cache,"
	    " max_llm_cost_per_day, offline_threshold, schedule_timezone, llm_ca_file FROM agent_configs";
	sqlite3_stmt *st = db_query(db, err, sql, "");
	int r;

	memset(m, 0, sizeof(*m));
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return lp_fail(err, LP_CONFIG, "%s: has no configuration", db_path(db));
	m->first = model_at(st, 0);
	m->fallback = model_at(st, 8);
	m->command = config_column(st, 16);
	m->temperature = db_double(st, 17);
	m->max_tokens = db_int64(st, 18);
	r = config_duration(st, 19, &m->timeout, err) == -1 || config_duration(st, 20, &m->cache, err) == -1 ? -1 : 0;
	m->max_cost_per_day = db_double(st, 21);
	m->offline_threshold = db_double(st, 22);
	m->timezone = config_column(st, 23);
	m->ca_file = config_column(st, 24);
	db_done(st);
	if (r == -1) {
		config_models_clear(m);
		err->kind = LP_CONFIG;
		lp_err_prefix(err, "configuration");
	}
	return r;
}

static void
model_clear(struct config_model *m)
{
	free(m->provider);
	free(m->model);
	free(m->base_url);
	free(m->key_env);
	free(m->key_command);
}

void
config_models_clear(struct config_models *m)
{
	model_clear(&m->first);
	model_clear(&m->fallback);
	free(m->command);
	free(m->timezone);
	free(m->ca_file);
	memset(m, 0, sizeof(*m));
}

int
config_volume(struct lp_db *db, struct config_volume *v, struct lp_err *err)
{
	static const char sql[] = "SELECT bounce_rate_max, bounce_floor, complaint_rate_warn, complaint_rate_max, complaint_floor, rate_window FROM agent_configs";
	sqlite3_stmt *st = db_query(db, err, sql, "");
	int r;

	*v = (struct config_volume){ 0 };
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return lp_fail(err, LP_CONFIG, "%s: has no configuration", db_path(db));
	v->bounce_max = db_double(st, 0);
	v->bounce_floor = db_int64(st, 1);
	v->complaint_warn = db_double(st, 2);
	v->complaint_max = db_double(st, 3);
	v->complaint_floor = db_int64(st, 4);
	r = config_duration(st, 5, &v->window, err);
	db_done(st);
	if (r == -1) {
		err->kind = LP_CONFIG;
		lp_err_prefix(err, "configuration");
	}
	return r;
}

int
config_law(struct lp_db *db, struct config_law *l, struct lp_err *err)
{
	static const char sql[] = "SELECT compliance, postal_address, identification, privacy_url, unsubscribe_url, country_rules, html, retention"
	                          " FROM agent_configs";
	static const char *const words[] = { "auto", "strict", "warn", "off" };
	sqlite3_stmt *st = db_query(db, err, sql, "");
	int r;

	memset(l, 0, sizeof(*l));
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return lp_fail(err, LP_CONFIG, "%s: has no configuration", db_path(db));
	for (int i = 0; i < 4; i++)
		if (strcmp(db_text(st, 0), words[i]) == 0)
			l->compliance = (enum compliance)i;
	l->postal_address = config_column(st, 1);
	l->identification = config_column(st, 2);
	l->privacy_url = config_column(st, 3);
	l->unsubscribe_url = config_column(st, 4);
	l->country_rules = config_column(st, 5);
	l->html = db_int64(st, 6) != 0;
	r = config_duration(st, 7, &l->retention, err);
	db_done(st);
	if (r == -1) {
		config_law_clear(l);
		err->kind = LP_CONFIG;
		lp_err_prefix(err, "configuration");
	}
	return r;
}

void
config_law_clear(struct config_law *l)
{
	free(l->postal_address);
	free(l->identification);
	free(l->privacy_url);
	free(l->unsubscribe_url);
	free(l->country_rules);
	memset(l, 0, sizeof(*l));
}
