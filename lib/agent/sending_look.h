/*
 * sending_look.h - messages of which it isn't known whether they left: asked again of those services that can tell, until they are too old.
 */
#ifndef LP_AGENT_SENDING_LOOK_H
#define LP_AGENT_SENDING_LOOK_H

#include "sender/deliver.h"

/* sending_look(db, wires, looked, found, err): each that is known now is on record, and its task goes on; whatever can't be asked stays as it is. Commits one by one. No
 * message is sent by it. 0; -1 database trouble. */
int sending_look(struct lp_db *, struct wire **, int *looked, int *found, struct lp_err *);

#endif
