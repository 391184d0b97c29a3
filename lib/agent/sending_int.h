/* sending_int.h - between sending.c, which finds what is to be sent, sending_pool.c, which has the connections, and sending_line.c, one of them. */
#ifndef LP_AGENT_SENDING_INT_H
#define LP_AGENT_SENDING_INT_H

#include "agent/reserve.h"
#include "agent/sending.h"
#include "store/records.h"

/* sending_add(x, s, e, t, err): to be sent by sending_after; takes the task's strings over (*t is zeroed then). 0, -1. */
int sending_add(struct sending *, struct stage *, struct env *, struct task *, struct lp_err *);

/* sending_tell(e, o): what its row says, as the envelope's result. */
void sending_tell(struct env *, const struct outbox *);

struct sending_job {
	struct env *e;
	struct task t;
	int64_t account;
	bool looked;            /* an earlier run had reserved it, and the channel hasn't got it */
	bool taken;
};

enum line_state {
	FREE,
	READYING,               /* the line is being made ready */
	READY,                  /* to be reserved in the next transaction */
	SENDING
};

struct sending_line {
	enum line_state state;
	struct wire *wires;     /* one for each account that it has served: one of them at work */
	struct wire *w;
	struct sending_job *job;
	struct parcel *parcel;
	struct sending_job *done_job;   /* the one before: to be recorded in the next transaction, while the line goes on */
	struct parcel *done;
	/* of the transaction, until it is committed */
	enum reserve res;
	struct message m;
	struct outbox o;
	struct verdict_row v;
	struct made made;       /* its bytes */
	struct lp_err why;      /* of what can't be a message, or no line */
	bool unfit;
};

/* A line's way. line_take: it has the job, and is being made ready; or there is no line, and the job is over. line_readied: it is ready, or the same. line_reserve:
 * in the caller's transaction. line_go_on: what that said, once committed: on the wire, or over. line_recorded: the one before is on record.  0, -1. */
int line_take(struct stage *, struct sending_line *, struct sending_job *, struct lp_err *);
int line_readied(struct stage *, struct sending_line *, struct lp_err *);
int line_reserve(struct stage *, struct sending_line *, struct lp_err *);
int line_go_on(struct stage *, struct sending_line *, struct lp_err *);
int line_recorded(struct stage *, struct sending_line *, struct lp_err *);
void line_clear(struct sending_line *);                                        /* free again; its wires stay */
int line_job_over(struct stage *, struct sending_job *, struct lp_err *);      /* printed */

#endif
