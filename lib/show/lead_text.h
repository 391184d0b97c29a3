/*
 * lead_text.h - leads as people read them, on standard output.
 */
#ifndef LP_SHOW_LEAD_TEXT_H
#define LP_SHOW_LEAD_TEXT_H

#include <cjson/cJSON.h>

#include "base/table.h"
#include "source/leadfile.h"

/* lead_text_story(story, zone): leads_story() as paragraphs and tables, instants on the clock of `zone`. */
void lead_text_story(const cJSON *, const char *zone);

/* lead_text_mapping(file): how a list was read, and what each of its columns becomes. */
void lead_text_mapping(const struct leadfile *);

/* Leads one a line: lead_text_row adds one to the table (returns 0, for leads_each); table_print prints it. */
struct table *lead_text_table(void);
int lead_text_row(const cJSON *, void *table);
/* lead_text_suppressed(list, zone): suppressions_list() as a table. */
void lead_text_suppressed(const cJSON *, const char *zone);

#endif
