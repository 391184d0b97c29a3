/*
 * sending.h - lp-send's stage: whatever a decision lets leave is reserved, delivered and recorded, one message at a time.
 */
#ifndef LP_AGENT_SENDING_H
#define LP_AGENT_SENDING_H

#include <signal.h>

#include "agent/stage.h"
#include "sender/deliver.h"

/*
 * How many at once, and when to stop. Zeroed, then what the program wants; sending_free hangs up.
 * Each connection goes its way: ready, reserve, send, record. What came of one message and the next one's reservation are one commit, and so are those of all
 * connections that are at that point together; nothing is put on a wire before the commit that reserved it.
 */
struct sending {
	int parallel;                   /* messages in flight, of whatever account; 0: one an account */
	volatile sig_atomic_t *stop;    /* becomes true: what is on the wire is finished and recorded, nothing more is reserved; may be NULL */
	volatile sig_atomic_t *busy;    /* true while there is something to finish; may be NULL */
	struct sending_line *lines;
	size_t nlines;
	struct sending_job *jobs;
	size_t njobs, cap;
};
void sending_free(struct sending *);

/* The stage (stage.ctx is a struct sending *): item finds what is to be sent, after sends it; they commit by themselves. Goes by the rows: a line can do no more than
 * name its task. Puts "result" into the envelope, or "gate" with what speaks against it. */
int sending_item(struct stage *, struct env *, struct lp_err *);
int sending_after(struct stage *, struct lp_err *);

/* sending_preview(db, message, out, err): the message as it would leave now. LP_DATA where it can't, LP_NOINPUT where there is none. */
int sending_preview(struct lp_db *, int64_t message, struct buf *out, struct lp_err *);

#endif
