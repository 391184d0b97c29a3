/*
 * campaign_print.h - campaigns as people read them, on standard output.  Instants are on the clock of `zone`.
 */
#ifndef LP_SHOW_CAMPAIGN_PRINT_H
#define LP_SHOW_CAMPAIGN_PRINT_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "agent/campaign_check.h"
#include "base/table.h"
#include "store/campaigns.h"

/* campaign_print_yaml(def, in_list): a definition as a file of its own, or as an item of leadpilot.yaml's section. */
void campaign_print_yaml(const cJSON *, bool in_list);

/* Of campaigns_json, one a line: campaign_table makes the table, campaign_row adds one; table_print prints it. */
struct table *campaign_table(void);
void campaign_row(struct table *, const cJSON *campaign);

void campaign_print_versions(const cJSON *versions, const char *zone);  /* of campaign_versions_json */
void campaign_print_message(const cJSON *message, const char *zone);    /* of preview_run */
/* One line, or one JSON object. */
void campaign_print_finding(const char *campaign, const struct campaign_finding *, bool json);
/* campaign_say_loaded(name, put): what a load did, and what it means for leads that are in it (lp_say). */
void campaign_say_loaded(const char *name, const struct campaign_put *);

#endif
