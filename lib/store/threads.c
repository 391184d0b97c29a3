#include "store/threads.h"

int
thread_is_persons(struct lp_db *db, int64_t thread, char **why, struct lp_err *err)
{
	*why = NULL;
	return db_str(db, err, why, "SELECT owner_reason FROM threads WHERE seq = ?1 AND owner = 'person'", "I", thread);
}
