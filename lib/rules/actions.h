/*
 * actions.h - which actions a task type allows, and who carries each out.  One table, in one place: a brain picks from it, and
 * nothing outside it is ever done.
 */
#ifndef LP_RULES_ACTIONS_H
#define LP_RULES_ACTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum carrier { BY_SETTLE, BY_DRAFT, BY_READ, BY_SEND, BY_BOOK, BY_NOBODY_YET };

struct action {
	const char *name;
	enum carrier carrier;
	const char *program;            /* for messages: who carries it out, also where it doesn't exist yet */
	bool leaves;                    /* has an effect outside: gate, hours, limits, approval */
	const char *channel;            /* of what leaves */
	const char *about;              /* one line, for people and prompts */
};

const struct action *action_get(const char *name);                       /* NULL for an unknown one */
/* action_allowed(task_type, action): is it in the type's row of the table? skip, escalate and delay are in each. */
bool action_allowed(const char *task_type, const char *action);
/* actions_of(task_type, n): the names, NULL-terminated; static. */
const char *const *actions_of(const char *task_type);

/* type_carried(task_type): does this version have someone who carries out the type's own actions? *program names them either way. */
bool type_carried(const char *task_type, const char **program);

/*
 * approval_covers(entry, task_type, action): does one word of require_approval_for ask for this? It names a task type or an action, and
 * covers every way to do the thing: send_message covers follow_up and all of send_*; send_response covers respond_to_reply's sending.
 */
bool approval_covers(const char *entry, const char *task_type, const char *action);

#endif
