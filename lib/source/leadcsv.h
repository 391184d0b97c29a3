/*
 * leadcsv.h - leads as CSV (RFC 4180, UTF-8) that a spreadsheet opens and `lp-leads import` reads back.
 */
#ifndef LP_SOURCE_LEADCSV_H
#define LP_SOURCE_LEADCSV_H

#include <cjson/cJSON.h>
#include <stdio.h>

struct leadcsv;

/* leadcsv_begin(out, custom): write the header: our fields, then the custom ones named in the array, which must outlive the writer. */
struct leadcsv *leadcsv_begin(FILE *, const cJSON *custom);
/* leadcsv_row(lead, csv): one lead as view_lead gives it. A cell that a spreadsheet would take for a formula gets an apostrophe in front. Returns 0. */
int leadcsv_row(const cJSON *, void *csv);
void leadcsv_end(struct leadcsv *);

#endif
