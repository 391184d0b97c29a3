/* notify_int.h - between the files of notify; no other includes it. */
#ifndef LP_STORE_NOTIFY_INT_H
#define LP_STORE_NOTIFY_INT_H

#include "store/notify.h"

#define NOTIFY_COLUMNS "SELECT n.seq, n.lead_id, n.task_id, n.type, n.title, n.message, n.command, n.created_at FROM notifications n"
/* notify_rows(db, st, &rows, &n, err): all of a query for those columns. 0, -1. */
int notify_rows(struct lp_db *, sqlite3_stmt *, struct notice_row **, size_t *n, struct lp_err *);

#endif
