/*
 * inbox_text.h - conversations as people read them on a terminal.  What others wrote can't do anything to it.
 */
#ifndef LP_SHOW_INBOX_TEXT_H
#define LP_SHOW_INBOX_TEXT_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/mem.h"

/* inbox_text(out, thread, zone, whole): inbox_thread() or inbox_alone() (store/inbox_list.h), instants on the clock of `zone`; of a mail what is newly written, or,
 * with `whole`, all of it. */
void inbox_text(struct buf *, const cJSON *thread, const char *zone, bool whole);

/* inbox_said(row, out): what a mail is in a few words: its class with how sure, or its kind: "meeting request 91%", "bounce", "not judged". Returns out. */
#define INBOX_SAID_SIZE 48
char *inbox_said(const cJSON *row, char out[INBOX_SAID_SIZE]);
/* inbox_from(row): who wrote: "Ann Ash, Alpha (l1)", else the address. The caller frees. */
char *inbox_from(const cJSON *row);

#endif
