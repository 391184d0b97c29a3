/*
 * lead_row.h - the few columns of a lead that the pipeline decides by.
 */
#ifndef LP_STORE_LEAD_ROW_H
#define LP_STORE_LEAD_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

struct lead_row {
	int64_t seq, person;
	int version;
	char status[12];
	char *status_reason, *email, *phone, *whatsapp, *timezone, *company_key, *first_name, *last_name;
	char *country, *company_domain, *source;
	bool contacted;                 /* something was sent to them */
};
/* lead_row_get: 1, 0, -1; lead_row_clear frees. lead_row_address: where a channel reaches it, or NULL. */
int lead_row_get(struct lp_db *, int64_t lead, struct lead_row *, struct lp_err *);
void lead_row_clear(struct lead_row *);
const char *lead_row_address(const struct lead_row *, const char *channel);

#endif
