/* sending_line.c - one of lp-send's connections and the message that it has: made ready, reserved, put on the wire, recorded. */
#include "agent/sending_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "store/notify.h"

/* This line of the input is done. */
int
line_job_over(struct stage *s, struct sending_job *j, struct lp_err *err)
{
	task_clear(&j->t);
	j->e->waiting = 0;
	return stage_print(s, j->e, err);
}

void
line_clear(struct sending_line *l)
{
	deliver_free(l->parcel);
	message_clear(&l->m);
	outbox_clear(&l->o);
	verdict_clear(&l->v);
	buf_free(&l->made.data);
	*l = (struct sending_line){ .wires = l->wires, .done = l->done, .done_job = l->done_job };
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
int
line_reserve(struct stage *s, struct sending_line *l, struct lp_err *err)
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
	if (deliver_make(s->db, &l->w->account, l->job->t.message, db_now(s->db), &l->made, &l->why) == 0)
		return 0;
	l->unfit = l->why.kind == LP_DATA;
	if (!l->unfit && l->why.kind != LP_CONFIG)
		*err = l->why;
	return l->unfit || l->why.kind == LP_CONFIG ? 0 : -1;
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
	line_clear(l);
	return line_job_over(s, j, err);
}

/* What the door said, once it is committed. */
int
line_go_on(struct stage *s, struct sending_line *l, struct lp_err *err)
{
	struct sending_job *j = l->job;

	switch (l->res) {
	case RESERVE_YES:
		l->parcel = deliver_begin(s->db, l->w, j->t.message, &l->made, err);
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
	line_clear(l);
	return line_job_over(s, j, err);
}

int
line_recorded(struct stage *s, struct sending_line *l, struct lp_err *err)
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
	return r == -1 ? -1 : line_job_over(s, j, err);
}

/* Every message of the account waits from now on, and nobody has looked: once a day. */
static int
tell_no_line(struct stage *s, const struct sending_line *l, struct lp_err *err)
{
	char *title, *command, day[LP_ISO_SIZE], key[64];
	struct account a;
	int r = account_get(s->db, l->job->account, &a, err);

	if (r != 1)
		return r;
	title = xasprintf("Account %s can't send", a.name);
	command = xasprintf("lp-accounts test %s, and once it is mended lp-accounts start %s", a.name, a.name);
	snprintf(key, sizeof(key), "line:a%" PRId64 ":%.10s", a.seq, lp_iso(db_now(s->db), day));
	r = notify_add(s->db, &(struct notice){ .type = "error", .title = title, .message = l->why.msg, .command = command, .task = l->job->t.seq, .dedupe = key }, err);
	free(title);
	free(command);
	account_clear(&a);
	return r;
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
		r = hold(s, l, err) == -1 || (l->res == RESERVE_NO && tell_no_line(s, l, err) == -1) ? -1 : 0;
		if (db_end(s->db, r == 0, r == 0 ? err : NULL) == -1 || r == -1)
			return -1;
		if (l->res == RESERVE_LOST)
			env_error(j->e, "lease_lost", "the task isn't running under this lease any more", false, 0);
		else
			env_set(j->e, "gate", verdict_json(&l->v));
	} else
		env_error(j->e, "channel", l->why.msg, true, 0);
	line_clear(l);
	return line_job_over(s, j, err);
}

int
line_readied(struct stage *s, struct sending_line *l, struct lp_err *err)
{
	if (l->w->ch->end != NULL && l->w->ch->end(l->w->conn, NULL, &l->why) == -1) {
		lp_err_prefix(&l->why, "account %s", l->w->account.name);
		l->w->down = l->why;
		return no_line(s, l, err);
	}
	l->state = READY;
	return check_text(s, l, err);
}

int
line_take(struct stage *s, struct sending_line *l, struct sending_job *j, struct lp_err *err)
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
	if (l->w->down.kind == LP_OK && l->w->ch->begin != NULL)
		l->w->ch->begin(l->w->conn, NULL);
	else if (l->w->down.kind == LP_OK && wire_ready(l->w, &l->why) == -1)
		l->w->down = l->why;
	l->why = l->w->down;
	return l->w->down.kind != LP_OK ? no_line(s, l, err) : 0;
}
