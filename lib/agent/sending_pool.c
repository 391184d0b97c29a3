/*
 * sending_pool.c - lp-send's wires, several at once.  A line takes a job, is made ready, and only then the message is reserved: all jobs that have got so far, and the
 * outcomes of all that are done, share one transaction.  What it reserved goes on the wires once it is committed.
 */
#include "agent/sending_int.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/reserve.h"
#include "base/json.h"
#include "store/records.h"

#define LINES_MAX 100 /* where each account has one */

struct sending_job {
	struct env *e;
	struct task t;
	int64_t account;
	bool looked;            /* an earlier run had reserved it, and the channel hasn't got it */
	bool taken;
};

enum state {
	FREE,
	READYING,               /* the line is being made ready */
	READY,                  /* to be reserved in the next transaction */
	SENDING
};

struct sending_line {
	enum state state;
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
	struct lp_err why;      /* of what can't be a message, or no line */
	bool unfit;
};

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

static void
tell(struct env *e, int64_t message, const char *state, int code, const char *text, int64_t next)
{
	cJSON *o = cJSON_CreateObject();
	char handle[24], iso[LP_ISO_SIZE];

	snprintf(handle, sizeof(handle), "m%" PRId64, message);
	json_set_str(o, "message_id", handle);
	json_set_str(o, "state", state);
	if (code != 0)
		json_set_num(o, "code", code);
	if (text != NULL && *text != '\0')
		json_set_str(o, "response", text);
	if (next != 0)
		json_set_str(o, "next_try_at", lp_iso(next, iso));
	env_set(e, "result", o);
}

void
sending_tell(struct env *e, const struct outbox *o)
{
	tell(e, o->message, outbox_state_name(o->state), o->code, o->response, o->state == OUT_DEFERRED ? o->next_try_at : 0);
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

/* This line of the input is done. */
static int
finish_job(struct stage *s, struct sending_job *j, struct lp_err *err)
{
	task_clear(&j->t);
	j->e->waiting = 0;
	return stage_print(s, j->e, err);
}

static void
line_free(struct sending_line *l)
{
	deliver_free(l->parcel);
	message_clear(&l->m);
	outbox_clear(&l->o);
	verdict_clear(&l->v);
	*l = (struct sending_line){ .wires = l->wires, .done = l->done, .done_job = l->done_job };
}

/* What only a person can mend holds the task, on record. Within the caller's transaction. */
static int
hold(struct stage *s, struct sending_line *l, struct lp_err *err)
{
	struct verdict_row *v = &l->v;
	struct task mine;
	int r = task_mine(s->db, l->job->t.seq, l->job->t.lease, &mine, err);

	if (r == 0)
		l->res = RESERVE_LOST;
	if (r != 1)
		return r;
	task_clear(&mine);
	*v = (struct verdict_row){ .stage = "send", .verdict = V_HOLD, .hold = HOLD_MEND, .reason = xstrdup(l->why.msg) };
	l->res = RESERVE_NO;
	return verdict_put(s->db, &l->job->t, v, NULL, err);
}

/* One that is ready, in the transaction. */
static int
reserve(struct stage *s, struct sending_line *l, struct lp_err *err)
{
	struct sending_job *j = l->job;
	struct reserve_how how;

	message_clear(&l->m);
	outbox_clear(&l->o);
	verdict_clear(&l->v);
	l->m = (struct message){ 0 };
	l->o = (struct outbox){ 0 };
	l->v = (struct verdict_row){ 0 };
	if (l->unfit)
		return hold(s, l, err);
	how = (struct reserve_how){ l->w->ch->redo_is_safe, channel_reaches(l->w->ch, l->w->account.settings), j->looked };
	l->res = reserve_message(s->db, &j->t, &l->w->account, &how, &l->m, &l->o, &l->v, &l->why);
	if (l->res == RESERVE_ERROR) {
		*err = l->why;
		return -1;
	}
	return 0;
}

/* A text that can't be a message (a broken header, "Re:" on a first one) is for a person, before it counts anywhere; where there is no text, the door knows which
 * stage is missing. */
static int
check_text(struct stage *s, struct sending_line *l, struct lp_err *err)
{
	struct message m;
	int r = message_get(s->db, l->job->t.message, &m, err);

	if (r == -1)
		return -1;
	if (r == 1 && m.body != NULL && deliver_check(s->db, &l->w->account, l->job->t.message, &l->why) == -1 && l->why.kind == LP_DATA)
		l->unfit = true;
	message_clear(&m);
	return 0;
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
			ok = reserve(s, &x->lines[i], err) == 0;
	return db_end(s->db, ok, ok ? err : NULL) == -1 || !ok ? -1 : 0;
}

/* A run that died had reserved it: is it there already? */
static int
look(struct stage *s, struct sending_line *l, struct lp_err *err)
{
	struct sending_job *j = l->job;
	struct channel_result r;
	int found = deliver_look(s->db, l->w, j->t.message, &r, err);

	if (found == -1)
		return -1;
	if (found == 0 && j->looked)
		return lp_fail(err, LP_BUG, "m%" PRId64 ": looked for twice", j->t.message);
	if (found == 0) { /* through the door once more */
		j->looked = true;
		l->state = READY;
		return 0;
	}
	if (found == 1)
		tell(j->e, j->t.message, outbox_state_name(OUT_SENT), r.code, r.text, 0);
	else
		env_error(j->e, "channel", r.text, true, 0);
	line_free(l);
	return finish_job(s, j, err);
}

/* What the door said, once it is committed. */
static int
go_on(struct stage *s, struct sending_line *l, struct lp_err *err)
{
	struct sending_job *j = l->job;

	switch (l->res) {
	case RESERVE_YES:
		l->parcel = deliver_begin(s->db, l->w, j->t.message, err);
		if (l->parcel == NULL)
			return -1;
		l->state = SENDING;
		return 0;
	case RESERVE_LOOK:
		return look(s, l, err);
	case RESERVE_NO:
		env_set(j->e, "gate", verdict_json(&l->v));
		break;
	case RESERVE_DONE:
		sending_tell(j->e, &l->o);
		break;
	case RESERVE_MISSING:
		env_error(j->e, "stage_missing", l->why.msg, true, 0);
		break;
	case RESERVE_LOST:
		env_error(j->e, "lease_lost", "the task isn't running under this lease any more", false, 0);
		break;
	case RESERVE_ERROR:
		break;
	}
	line_free(l);
	return finish_job(s, j, err);
}

static int
recorded(struct stage *s, struct sending_line *l, struct lp_err *err)
{
	struct sending_job *j = l->done_job;
	struct outbox o;
	int r = outbox_get(s->db, j->t.message, &o, err);

	if (r == 1)
		sending_tell(j->e, &o);
	outbox_clear(&o);
	deliver_free(l->done);
	l->done = NULL;
	l->done_job = NULL;
	return r == -1 ? -1 : finish_job(s, j, err);
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

		if (l->done != NULL && recorded(s, l, err) == -1)
			r = -1;
		if (more && l->state == READY && go_on(s, l, err) == -1)
			r = -1;
	}
	return r == -1 ? -1 : 1;
}

/* The account can't send: for a person, or later. */
static int
no_line(struct stage *s, struct sending_line *l, struct lp_err *err)
{
	struct sending_job *j = l->job;
	int r = 0;

	if (l->why.kind == LP_CONFIG) {
		if (db_begin(s->db, err) == -1)
			return -1;
		r = hold(s, l, err) == -1 ? -1 : 0;
		if (db_end(s->db, r == 0, r == 0 ? err : NULL) == -1 || r == -1)
			return -1;
		if (l->res == RESERVE_LOST)
			env_error(j->e, "lease_lost", "the task isn't running under this lease any more", false, 0);
		else
			env_set(j->e, "gate", verdict_json(&l->v));
	} else
		env_error(j->e, "channel", l->why.msg, true, 0);
	line_free(l);
	return finish_job(s, j, err);
}

static int
readied(struct stage *s, struct sending_line *l, struct lp_err *err)
{
	if (l->w->ch->end != NULL && l->w->ch->end(l->w->conn, NULL, &l->why) == -1) {
		lp_err_prefix(&l->why, "account %s", l->w->account.name);
		return no_line(s, l, err);
	}
	l->state = READY;
	return check_text(s, l, err);
}

static int
take_job(struct stage *s, struct sending_line *l, struct sending_job *j, struct lp_err *err)
{
	bool fatal;

	j->taken = true;
	l->job = j;
	l->w = wire_open(&l->wires, s->db, j->account, &fatal, &l->why);
	if (l->w == NULL && fatal) {
		*err = l->why;
		return -1;
	}
	if (l->w == NULL)
		return no_line(s, l, err);
	l->state = READYING;
	if (l->w->ch->begin != NULL)
		l->w->ch->begin(l->w->conn, NULL);
	else if (wire_ready(l->w, &l->why) == -1)
		return no_line(s, l, err);
	return 0;
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

/* A free line, the one that knows the account where there is one. */
static struct sending_line *
free_line(struct sending *x, int64_t account)
{
	struct sending_line *any = NULL, *fresh = NULL;

	for (size_t i = 0; i < x->nlines; i++) {
		struct sending_line *l = &x->lines[i];

		if (l->state != FREE)
			continue;
		for (struct wire *w = l->wires; w != NULL; w = w->next)
			if (w->account.seq == account)
				return l;
		any = l;
		if (l->wires == NULL)
			fresh = l;
	}
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
		if (take_job(s, l, j, err) == -1)
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
			if (readied(s, l, err) == -1)
				return -1;
		} else if (l->state == SENDING && deliver_step(l->parcel)) {
			moved++;
			l->done = l->parcel;
			l->done_job = l->job;
			l->parcel = NULL;
			line_free(l);
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
			line_free(&x->lines[i]);
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

	while (in_flight(x) || (status == 0 && !stopping(x) && jobs_left(x) > 0)) {
		bool more = status == 0 && !stopping(x);

		db_set_now(s->db, lp_now_real());
		/* those that are done make room; whom the room is given to is ready at once where the line was used just now */
		moved = step_lines(x, s, &trouble);
		turned = 0;
		if (moved == -1 || (more && (hand_out(x, s, &trouble) == -1 || step_lines(x, s, &trouble) == -1)) || (turned = turn(x, s, more, &trouble)) == -1) {
			if (status == -1)
				return -1; /* again: there is no recording it */
			status = -1;
			*err = trouble;
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
				r = finish_job(s, &x->jobs[i], err);
		}
	x->njobs = 0;
	if (x->busy != NULL)
		*x->busy = 0;
	return r;
}
