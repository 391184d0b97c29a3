/* config_int.h - columns of agent_configs as values, for the files that read it. */
#ifndef LP_STORE_CONFIG_INT_H
#define LP_STORE_CONFIG_INT_H

#include "store/config.h"

char *config_column(sqlite3_stmt *, int col);                  /* the caller frees; NULL for NULL */
int config_duration(sqlite3_stmt *, int col, struct duration *, struct lp_err *);
/* config_hours: five columns from `col` on: zone, days, start, end, holidays. */
int config_hours(sqlite3_stmt *, int col, struct hours *, struct lp_err *);

#endif
