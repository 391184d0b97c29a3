#include "agent/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"

struct batch {
	struct env *lines;
	size_t n, cap;
};

int
env_error(struct env *e, const char *code, const char *message, bool retryable, int64_t retry_after)
{
	cJSON *o = cJSON_CreateObject();

	json_set_str(o, "code", code);
	json_set_str(o, "message", message);
	json_set_bool(o, "retryable", retryable);
	if (retry_after > 0)
		json_set_num(o, "retry_after", (double)retry_after);
	env_set(e, "error", o);
	e->has_error = true;
	e->undo = true;
	return 0;
}

void
env_set(struct env *e, const char *member, cJSON *value)
{
	json_set(e->json, member, value);
	e->changed = true;
}

int
stage_task(struct stage *s, struct env *e, struct task *t, struct lp_err *err)
{
	int r = task_mine(s->db, e->task, e->lease, t, err);

	if (r == 0)
		return env_error(e, "lease_lost", "the task isn't running under this lease any more", false, 0);
	if (r == 1 && run_beat(s->db, e->lease, err) == -1) {
		task_clear(t);
		return -1;
	}
	return r;
}

/* What the framework itself needs of a line; everything else in it is the item's business. */
static void
read_env(struct env *e)
{
	cJSON *task = json_get(e->json, "task");
	const char *id = json_str(task, "id");

	e->lease = json_str(task, "lease");
	if (e->lease == NULL)
		e->lease = "";
	e->type = json_str(task, "task_type");
	if (e->type == NULL)
		e->type = "";
	if (id == NULL || !lp_handle(id, 't', &e->task))
		e->task = 0;
	e->has_error = cJSON_IsObject(json_get(e->json, "error"));
}

static void
batch_clear(struct batch *b)
{
	size_t i;

	for (i = 0; i < b->n; i++) {
		cJSON_Delete(b->lines[i].json);
		free(b->lines[i].raw);
	}
	b->n = 0;
}

/* The lines that are there, up to `max`: the first is waited for, the others are not. 0 at the end. */
static int
gather(struct lines *in, struct batch *b, size_t max, int *status, struct lp_err *err)
{
	const char *s;
	size_t n;
	int r;

	while (b->n < max && (b->n == 0 || lines_waiting(in))) {
		if ((r = lines_next(in, &s, &n, err)) == 0)
			break;
		if (r == -1 && err->kind != LP_DATA)
			return -1;
		if (b->n == b->cap) {
			b->cap = b->cap > 0 ? 2 * b->cap : 64;
			b->lines = xrealloc(b->lines, b->cap * sizeof(*b->lines));
		}
		if (r == 1) {
			struct env *e = &b->lines[b->n];

			*e = (struct env){ 0 };
			if ((e->json = json_object(s, n, err)) != NULL) {
				e->raw = xstrndup(s, n);
				e->len = n;
				read_env(e);
				b->n++;
				continue;
			}
		}
		lp_warn("%s:%zu: %s", in->name, in->number, err->msg);
		*status = LP_DATA;
	}
	return b->n > 0;
}

/* One line in a savepoint of its own: its trouble must not undo its neighbours' work. */
static int
run_item(struct stage *s, struct env *e, struct lp_err *err)
{
	int r;

	if (s->alone)
		return s->item(s, e, err);
	if (db_save(s->db, err) == -1)
		return -1;
	r = s->item(s, e, err);
	if (r == -1)
		return -1;
	return db_release(s->db, !e->undo, err);
}

static int
run_batch(struct stage *s, struct batch *b, struct lp_err *err)
{
	size_t i;
	int r = 0;

	if (!s->alone && db_begin(s->db, err) == -1)
		return -1;
	for (i = 0; i < b->n && r == 0; i++)
		r = run_item(s, &b->lines[i], err);
	if (!s->alone && db_end(s->db, r == 0, r == 0 ? err : NULL) == -1)
		return -1;
	return r;
}

static int
print_line(struct stage *s, struct env *e, struct lp_err *err)
{
	if (e->printed)
		return 0;
	e->printed = true;
	if (s->done != NULL && s->done(s, e, err) == -1)
		return -1;
	if (e->changed)
		jsonl_put(e->json);
	else {
		fwrite(e->raw, 1, e->len, stdout);
		putchar('\n');
	}
	return 0;
}

int
stage_print(struct stage *s, struct env *e, struct lp_err *err)
{
	return print_line(s, e, err) == -1 ? -1 : lp_flush_out(err);
}

/* Those that wait for nothing any more. */
static int
print_batch(struct stage *s, struct batch *b, struct lp_err *err)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->lines[i].waiting == 0 && print_line(s, &b->lines[i], err) == -1)
			return -1;
	return lp_flush_out(err);
}

/* What takes long comes after the commit; who wants lines as they are done gets the others before. */
static int
run_after(struct stage *s, struct batch *b, struct lp_err *err)
{
	if (s->after == NULL)
		return 0;
	if (s->unordered && print_batch(s, b, err) == -1)
		return -1;
	return s->after(s, err);
}

int
stage_main(struct stage *s, int fd)
{
	size_t max = s->alone ? 1 : s->burst != 0 ? s->burst : 256;
	struct batch b = { 0 };
	struct lp_err err = { 0 };
	struct lines in;
	int status = LP_OK, r = 0;

	lines_init(&in, fd, "-");
	while ((s->stop == NULL || !*s->stop) && (r = gather(&in, &b, max, &status, &err)) == 1) {
		db_set_now(s->db, lp_now_real());
		if ((r = run_batch(s, &b, &err)) == -1 || (r = run_after(s, &b, &err)) == -1 ||
		    (r = print_batch(s, &b, &err)) == -1)
			break;
		batch_clear(&b);
	}
	if (r == -1) {
		lp_warn("%s", err.msg);
		status = (int)err.kind;
	}
	batch_clear(&b);
	free(b.lines);
	lines_free(&in);
	return status;
}
