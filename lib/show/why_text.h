/*
 * why_text.h - log_why()'s story as people read it, on standard output.
 */
#ifndef LP_SHOW_WHY_TEXT_H
#define LP_SHOW_WHY_TEXT_H

#include <cjson/cJSON.h>

/* why_text(story, zone): what it is about, what was decided, judged, approved and sent, and every step in order of time, on the clock of `zone`; with -v also what
 * each verdict saw. */
void why_text(const cJSON *, const char *zone);
/* why_log_line(row, zone): one row of log_list: time, handle, type, what, and the reasoning under it. */
void why_log_line(const cJSON *row, const char *zone);

#endif
