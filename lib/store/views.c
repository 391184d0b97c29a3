#include "store/views.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"

static cJSON *
cell(sqlite3_stmt *st, int i, char type)
{
	const char *s;
	cJSON *v;

	if (type == '?')
		return cJSON_CreateBool(db_int64(st, i) != 0);
	switch (sqlite3_column_type(st, i)) {
	case SQLITE_INTEGER:
	case SQLITE_FLOAT:
		return cJSON_CreateNumber(db_double(st, i));
	default:
		s = db_text(st, i);
		v = type == '{' ? cJSON_Parse(s) : cJSON_CreateString(s);
		return v != NULL ? v : cJSON_CreateString(s);
	}
}

cJSON *
row_json(sqlite3_stmt *st)
{
	cJSON *o = cJSON_CreateObject();
	char key[64];
	int i, n = sqlite3_column_count(st);

	for (i = 0; i < n; i++) {
		const char *name = sqlite3_column_name(st, i);
		size_t len = strlen(name);
		char type = 0;

		if (db_null(st, i) || len >= sizeof(key))
			continue;
		if (len > 2 && strcmp(name + len - 2, "{}") == 0) {
			type = '{';
			len -= 2;
		} else if (len > 1 && name[len - 1] == '?') {
			type = '?';
			len--;
		}
		memcpy(key, name, len);
		key[len] = '\0';
		cJSON_AddItemToObject(o, key, cell(st, i, type));
	}
	return o;
}

cJSON *
rows_json(struct lp_db *db, sqlite3_stmt *st, struct lp_err *err)
{
	cJSON *list;
	int r;

	if (st == NULL)
		return NULL;
	list = cJSON_CreateArray();
	while ((r = db_step(db, st, err)) == 1)
		cJSON_AddItemToArray(list, row_json(st));
	if (r == -1) {
		cJSON_Delete(list);
		return NULL;
	}
	return list;
}

static cJSON *
one(struct lp_db *db, sqlite3_stmt *st, char kind, int64_t seq, struct lp_err *err)
{
	cJSON *o;
	int r;

	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return NULL;
	if (r == 0) {
		lp_fail(err, LP_NO, "no such %s: %c%" PRId64, lp_kind_name(kind), kind, seq);
		return NULL;
	}
	o = row_json(st);
	db_done(st);
	return o;
}

cJSON *
view_lead(struct lp_db *db, int64_t lead, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT 'l' || seq AS id, id AS uuid, status, status_reason, email, first_name, last_name, title, company, company_domain,"
	    " website, linkedin_url, phone, whatsapp, city, country, timezone, industry, employees, custom AS \"custom{}\", source, source_at,"
	    " lawful_basis, contacted_at, created_at, updated_at FROM leads WHERE seq = ?1";

	return one(db, db_query(db, err, sql, "I", lead), 'l', lead, err);
}

cJSON *
view_campaign(struct lp_db *db, int64_t campaign, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT 'c' || c.seq AS id, c.id AS uuid, c.name, c.status, c.version, json_extract(v.definition, '$.goal') AS goal"
	    " FROM campaigns c JOIN campaign_versions v ON v.campaign_id = c.seq AND v.version = c.version WHERE c.seq = ?1";

	return one(db, db_query(db, err, sql, "I", campaign), 'c', campaign, err);
}

cJSON *
view_message(struct lp_db *db, int64_t message, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT 'm' || m.seq AS id, m.id AS uuid, m.purpose, m.step, m.variant, m.channel, m.status, m.status_reason, m.due_at, m.slot_at,"
	    " m.recipient, m.sent_at, a.name AS account, 'e' || m.enrolment_id AS enrolment_id, 'h' || m.thread_id AS thread_id"
	    " FROM messages m LEFT JOIN accounts a ON a.seq = m.account_id WHERE m.seq = ?1";

	return one(db, db_query(db, err, sql, "I", message), 'm', message, err);
}

cJSON *
view_reply(struct lp_db *db, int64_t inbox, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT 'i' || i.seq AS id, i.id AS uuid, i.kind, i.from_name, i.from_address, i.subject, i.received_at, i.classification AS class,"
	    " i.sentiment, i.confidence, i.mentions_availability AS \"mentions_availability?\", t.reply_text AS text,"
	    " o.body AS original"
	    " FROM inbox_messages i LEFT JOIN inbox_texts t ON t.inbox_message_id = i.seq"
	    " LEFT JOIN message_texts o ON o.message_id = i.message_id WHERE i.seq = ?1";

	return one(db, db_query(db, err, sql, "I", inbox), 'i', inbox, err);
}

cJSON *
view_counts(struct lp_db *db, int64_t lead, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT count(*) AS sent,"
	    " count(*) FILTER (WHERE m.sent_at > ifnull((SELECT max(received_at) FROM inbox_messages i WHERE i.lead_id = ?1"
	    "   AND i.kind = 'reply'), '')) AS since_reply,"
	    " (SELECT count(*) FROM inbox_messages i WHERE i.lead_id = ?1 AND i.kind = 'reply') AS replies,"
	    " CAST((julianday(?2) - julianday(max(m.sent_at))) AS INTEGER) AS days_since_last"
	    " FROM messages m WHERE m.lead_id = ?1 AND m.status = 'sent'";

	return one(db, db_query(db, err, sql, "Is", lead, db_now_iso(db)), 'l', lead, err);
}
