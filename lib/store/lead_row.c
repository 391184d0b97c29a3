#include "store/lead_row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
lead_row_clear(struct lead_row *l)
{
	free(l->status_reason);
	free(l->email);
	free(l->phone);
	free(l->whatsapp);
	free(l->timezone);
	free(l->company_key);
	free(l->first_name);
	free(l->last_name);
	free(l->country);
	free(l->company_domain);
	free(l->source);
	*l = (struct lead_row){ 0 };
}

int
lead_row_get(struct lp_db *db, int64_t lead, struct lead_row *l, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT seq, person_id, version, status, status_reason, email, phone, whatsapp, timezone, company_key, first_name, last_name, country,"
	    " company_domain, source, contacted_at IS NOT NULL"
	    " FROM leads WHERE seq = ?1";
	sqlite3_stmt *st = db_query(db, err, sql, "I", lead);
	int r;

	*l = (struct lead_row){ 0 };
	if (st == NULL || (r = db_step(db, st, err)) == -1)
		return -1;
	if (r == 0)
		return 0;
	l->seq = db_int64(st, 0);
	l->person = db_int64(st, 1);
	l->version = (int)db_int64(st, 2);
	snprintf(l->status, sizeof(l->status), "%s", db_text(st, 3));
	l->status_reason = xstrdup(db_text(st, 4));
	l->email = xstrdup(db_text(st, 5));
	l->phone = xstrdup(db_text(st, 6));
	l->whatsapp = xstrdup(db_text(st, 7));
	l->timezone = xstrdup(db_text(st, 8));
	l->company_key = xstrdup(db_text(st, 9));
	l->first_name = xstrdup(db_text(st, 10));
	l->last_name = xstrdup(db_text(st, 11));
	l->country = xstrdup(db_text(st, 12));
	l->company_domain = xstrdup(db_text(st, 13));
	l->source = xstrdup(db_text(st, 14));
	l->contacted = db_int64(st, 15) != 0;
	db_done(st);
	return 1;
}

const char *
lead_row_address(const struct lead_row *l, const char *channel)
{
	if (strcmp(channel, "email") == 0)
		return l->email;
	if (strcmp(channel, "whatsapp") == 0)
		return l->whatsapp;
	return l->phone;
}
