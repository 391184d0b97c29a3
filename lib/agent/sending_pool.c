/*
 * sending_pool.c - lp-send's wires, several at once.  A line takes a job, is made ready, and only then the message is reserved: all jobs that have got so far, and the
 * outcomes of all that are done, share one transaction.  What it reserved goes on the wires once it is committed.
 */
#include "agent/sending_int.h"

#include <poll.h>
#include <stdlib.h>

#define LINES_MAX 100 /* where each account has one */
#define RECORD_MS (30 * LP_SECOND) /* so long is tried to get on record what came of a message: of what isn't nobody knows, and a person must find out */

void
sending_free(struct sending *x)
{
	for (size_t i = 0; i < x->nlines; i++)
		wires_close(&x->lines[i].wires);
	free(x->lines);
	free(x->jobs);
	x->lines = NULL;
	x->jobs = NULL;
	x->nlines = x->njobs = x->cap = 0;
}

int
sending_add(struct sending *x, struct stage *s, struct env *e, struct task *t, struct lp_err *err)
{
	struct message m;
	int r = message_get(s->db, t->message, &m, err);

	if (r != 1)
		return r == -1 ? -1 : env_error(e, "no_message", "the task has no message", false, 0);
	if (x->njobs == x->cap) {
		x->cap = x->cap > 0 ? 2 * x->cap : 64;
		x->jobs = xrealloc(x->jobs, x->cap * sizeof(*x->jobs));
	}
	x->jobs[x->njobs++] = (struct sending_job){ .e = e, .t = *t, .account = m.account };
	*t = (struct task){ 0 };
	e->waiting = 1;
	message_clear(&m);
	return 0;
}

static bool
stopping(const struct sending *x)
{
	return x->stop != NULL && *x->stop;
}

/* One transaction: the outcomes that have come in, and (with `more`) the reservations of those that are ready. */
static int
commit(struct sending *x, struct stage *s, bool more, struct lp_err *err)
{
	struct channel_result r;
	bool ok = true;

	if (db_begin(s->db, err) == -1)
		return -1;
	for (size_t i = 0; ok && i < x->nlines; i++)
		if (x->lines[i].done != NULL)
			ok = deliver_record(s->db, x->lines[i].done, &r, err) == 0;
	for (size_t i = 0; ok && more && i < x->nlines; i++)
		if (x->lines[i].state == READY)
			ok = line_reserve(s, &x->lines[i], err) == 0;
	return db_end(s->db, ok, ok ? err : NULL) == -1 || !ok ? -1 : 0;
}

/* Record and reserve, then go on: 1 something was to be done, 0 nothing, -1. */
static int
turn(struct sending *x, struct stage *s, bool more, struct lp_err *err)
{
	bool done = false, ready = false;
	int r = 0;

	for (size_t i = 0; i < x->nlines; i++) {
		done = done || x->lines[i].done != NULL;
		ready = ready || (more && x->lines[i].state == READY);
	}
	if (!done && !ready)
		return 0;
	if (commit(x, s, more, err) == -1) {
		struct lp_err first = *err;

		/* what came of the others isn't lost over one that can't be reserved */
		if (!done || !ready || commit(x, s, false, err) == -1)
			return -1;
		*err = first;
		more = false;
		r = -1;
	}
	for (size_t i = 0; i < x->nlines; i++) {
		struct sending_line *l = &x->lines[i];

		if (l->done != NULL && line_recorded(s, l, err) == -1)
			r = -1;
		if (more && l->state == READY && line_go_on(s, l, err) == -1)
			r = -1;
	}
	return r == -1 ? -1 : 1;
}

/* May it be begun now? Neither beside another one of the same message, nor beside anything where its channel can't but wait. */
static bool
may_go(const struct sending *x, const struct sending_job *j)
{
	int busy = 0;

	for (size_t i = 0; i < x->nlines; i++) {
		const struct sending_line *l = &x->lines[i];

		if (l->done != NULL && l->done_job->t.message == j->t.message)
			return false;
		if (l->state == FREE)
			continue;
		busy++;
		if (l->job->t.message == j->t.message || (l->w != NULL && l->w->ch->begin == NULL) || (x->parallel == 0 && l->job->account == j->account))
			return false;
	}
	return x->parallel == 0 ? busy < LINES_MAX : busy < x->parallel;
}

/* A free line, the one that knows the account where there is one.  One that couldn't log in takes nothing while another of the account is at work: it would only
 * put off what that one can send. */
static struct sending_line *
free_line(struct sending *x, int64_t account)
{
	struct sending_line *any = NULL, *fresh = NULL, *down = NULL;
	bool works = false;

	for (size_t i = 0; i < x->nlines; i++) {
		struct sending_line *l = &x->lines[i];
		struct wire *w = l->wires;

		while (w != NULL && w->account.seq != account)
			w = w->next;
		if (l->state != FREE)
			works = works || (w != NULL && l->w == w && w->down.kind == LP_OK);
		else if (w != NULL && w->down.kind == LP_OK)
			return l;
		else if (w != NULL)
			down = l;
		else {
			any = l;
			if (l->wires == NULL)
				fresh = l;
		}
	}
	if (down != NULL)
		return works ? NULL : down;
	return fresh != NULL ? fresh : any;
}

/* Jobs to lines, in the order in which they came. */
static int
hand_out(struct sending *x, struct stage *s, struct lp_err *err)
{
	for (size_t i = 0, left = 0; i < x->njobs && left < 2 * LINES_MAX; i++) {
		struct sending_job *j = &x->jobs[i];
		struct sending_line *l;

		if (j->taken)
			continue;
		left++;
		if (!may_go(x, j) || (l = free_line(x, j->account)) == NULL)
			continue;
		if (line_take(s, l, j, err) == -1)
			return -1;
	}
	return 0;
}

/* What can be done without waiting: how many lines came further, -1. */
static int
step_lines(struct sending *x, struct stage *s, struct lp_err *err)
{
	int moved = 0;

	for (size_t i = 0; i < x->nlines; i++) {
		struct sending_line *l = &x->lines[i];

		if (l->state == READYING && (l->w->ch->begin == NULL || l->w->ch->step(l->w->conn))) {
			moved++;
			if (line_readied(s, l, err) == -1)
				return -1;
		} else if (l->state == SENDING && deliver_step(l->parcel)) {
			moved++;
			l->done = l->parcel;
			l->done_job = l->job;
			l->parcel = NULL;
			line_clear(l);
		}
	}
	return moved;
}

static void
wait_for_lines(struct sending *x)
{
	struct pollfd fds[8 * LINES_MAX];
	int n = 0, ms = 1000;

	for (size_t i = 0; i < x->nlines; i++) {
		struct sending_line *l = &x->lines[i];
		int wait;

		if (l->state != READYING && l->state != SENDING)
			continue;
		n += l->w->ch->fds(l->w->conn, fds + n, 8);
		wait = l->w->ch->wait_ms(l->w->conn);
		if (wait >= 0 && wait < ms)
			ms = wait;
	}
	poll(fds, (nfds_t)n, ms);
}

static bool
in_flight(const struct sending *x)
{
	for (size_t i = 0; i < x->nlines; i++)
		if (x->lines[i].state != FREE || x->lines[i].done != NULL)
			return true;
	return false;
}

/* Lines that were being made ready when it was time to stop: nothing was reserved. */
static void
give_up(struct sending *x)
{
	for (size_t i = 0; i < x->nlines; i++)
		if (x->lines[i].state == READYING || x->lines[i].state == READY) {
			x->lines[i].job->taken = false;
			wires_close(&x->lines[i].wires);
			line_clear(&x->lines[i]);
		}
}

static size_t
jobs_left(const struct sending *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->njobs; i++)
		n += !x->jobs[i].taken;
	return n;
}

/* We are alive, however long a server takes. */
static int
beat(const struct sending *x, struct stage *s, struct lp_err *err)
{
	for (size_t i = 0; i < x->nlines; i++)
		if (x->lines[i].state != FREE)
			return run_beat(s->db, x->lines[i].job->t.lease, err);
	return 0;
}

/* Until all is done; where trouble comes (the reader is gone, the database) what is on the wire is finished and recorded nevertheless. */
static int
run(struct sending *x, struct stage *s, struct lp_err *err)
{
	struct lp_err trouble;
	int status = 0, moved, turned;
	int64_t until = 0;

	while (in_flight(x) || (status == 0 && !stopping(x) && jobs_left(x) > 0)) {
		bool more = status == 0 && !stopping(x);

		db_set_now(s->db, lp_now_real());
		/* those that are done make room; whom the room is given to is ready at once where the line was used just now */
		moved = step_lines(x, s, &trouble);
		turned = 0;
		if (moved == -1 || (more && (hand_out(x, s, &trouble) == -1 || step_lines(x, s, &trouble) == -1)) || (turned = turn(x, s, more, &trouble)) == -1) {
			if (status == 0) {
				*err = trouble;
				until = lp_steady() + RECORD_MS;
			} else if (lp_steady() >= until)
				return -1;
			status = -1;
			poll(NULL, 0, 100); /* a disk that is full, a file that is locked: it may pass */
		}
		if (status == -1 || stopping(x))
			give_up(x);
		if (moved == 0 && turned == 0 && in_flight(x)) {
			if (beat(x, s, &trouble) == -1 && status == 0) {
				status = -1;
				*err = trouble;
			}
			wait_for_lines(x);
		}
	}
	return status;
}

int
sending_after(struct stage *s, struct lp_err *err)
{
	struct sending *x = s->ctx;
	int r = 0;

	if (x->njobs == 0)
		return 0;
	if (x->lines == NULL) {
		x->nlines = x->parallel > 0 ? (size_t)x->parallel : LINES_MAX;
		x->lines = xcalloc(x->nlines, sizeof(*x->lines));
	}
	if (x->busy != NULL)
		*x->busy = 1;
	r = run(x, s, err);
	for (size_t i = 0; i < x->njobs; i++)
		if (!x->jobs[i].taken) {
			env_error(x->jobs[i].e, "stopped", "lp-send was told to stop before this one", true, 60);
			if (r == -1)
				task_clear(&x->jobs[i].t);
			else
				r = line_job_over(s, &x->jobs[i], err);
		}
	x->njobs = 0;
	if (x->busy != NULL)
		*x->busy = 0;
	return r;
}
