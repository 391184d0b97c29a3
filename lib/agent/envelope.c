#include "agent/envelope.h"

#include "base/json.h"
#include "store/tasks.h"
#include "store/views.h"

/* A row that is gone meanwhile is left out: the stage that needs it will say so. */
static int
attach(cJSON *e, const char *member, cJSON *view, struct lp_err *err)
{
	if (view != NULL)
		cJSON_AddItemToObject(e, member, view);
	return view == NULL && err->kind != LP_NO ? -1 : 0;
}

cJSON *
envelope_new(struct lp_db *db, int64_t seq, struct lp_err *err)
{
	struct task t;
	cJSON *e, *task;
	int r;

	if ((r = task_get(db, seq, &t, err)) != 1) {
		if (r == 0)
			lp_fail(err, LP_NO, "no such task");
		return NULL;
	}
	e = cJSON_CreateObject();
	if ((task = task_json(db, seq, false, err)) == NULL)
		goto fail;
	cJSON_AddItemToObject(e, "task", task);
	if ((t.lead != 0 && attach(e, "lead", view_lead(db, t.lead, err), err) == -1) ||
	    (t.campaign != 0 && attach(e, "campaign", view_campaign(db, t.campaign, err), err) == -1) ||
	    (t.message != 0 && attach(e, "message", view_message(db, t.message, err), err) == -1) ||
	    (t.inbox != 0 && attach(e, "reply", view_reply(db, t.inbox, err), err) == -1))
		goto fail;
	task_clear(&t);
	return e;
fail:
	task_clear(&t);
	cJSON_Delete(e);
	return NULL;
}
