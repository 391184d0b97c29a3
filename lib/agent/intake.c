#include "agent/intake.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/enrolments.h"
#include "store/leads.h"
#include "store/views.h"

#define BATCH 500 /* rows a transaction: long enough for the disk, short enough for whoever waits for the lock */

struct batch {
	struct intake_row *row;
	size_t n, cap;
	struct intake_count count;
};

const char *
intake_word(enum intake_outcome o)
{
	static const char *const words[] = { "new", "changed", "known", "refused", "bad" };

	return words[o];
}

char *
intake_summary(const struct intake_count *n, bool enrolling)
{
	struct buf b = { 0 };

	buf_printf(&b, "%" PRId64 " new, %" PRId64 " known, %" PRId64 " refused", n->fresh, n->known, n->refused);
	if (n->bad > 0)
		buf_printf(&b, ", %" PRId64 " bad", n->bad);
	if (enrolling)
		buf_printf(&b, "; %" PRId64 " enrolled", n->enrolled);
	if (n->not_enrolled > 0)
		buf_printf(&b, ", %" PRId64 " not", n->not_enrolled);
	return buf_steal(&b);
}

static void
forget(struct batch *b)
{
	size_t i;

	for (i = 0; i < b->n; i++) {
		free(b->row[i].why);
		cJSON_Delete(b->row[i].lead);
	}
	b->n = 0;
	b->count = (struct intake_count){ 0 };
}

static struct intake_row *
add(struct batch *b, size_t line, enum intake_outcome outcome, const char *why)
{
	if (b->n == b->cap) {
		b->cap = b->cap > 0 ? 2 * b->cap : BATCH;
		b->row = xrealloc(b->row, b->cap * sizeof(*b->row));
	}
	b->row[b->n] = (struct intake_row){ .line = line, .outcome = outcome, .why = xstrdup(why) };
	return &b->row[b->n++];
}

/* Into the campaign; one who can't be is told of and stays a lead. */
static int
enrol_row(struct lp_db *db, int64_t campaign, struct intake_row *row, struct intake_count *count, struct lp_err *err)
{
	struct lp_err why;
	int64_t seq;
	int r = enrol(db, campaign, row->seq, "import", &seq, &why);

	if (r == 1) {
		row->enrolled = true;
		count->enrolled++;
	} else if (r == -1 && why.kind == LP_DATA) {
		row->why = xasprintf("not enrolled: %s", why.msg);
		count->not_enrolled++;
	} else if (r == -1) {
		*err = why;
		return -1;
	}
	return 0;
}

static int
put(struct lp_db *db, struct leadfile *f, const struct intake *how, int64_t campaign, const struct lead_row *in, struct batch *b,
    struct lp_err *err)
{
	char *where = xasprintf("%s:%zu", leadfile_name(f), in->line);
	struct lead_origin o = { .source = how->source, .basis = how->basis, .where = where, .opt_out = in->opt_out };
	struct intake_row *row;
	struct lead_put done;
	int r = leads_put(db, in->lead, &o, &done, err);

	free(where);
	if (r == -1)
		return -1;
	switch (done.outcome) {
	case LEAD_NEW:
		row = add(b, in->line, INTAKE_NEW, NULL);
		b->count.fresh++;
		break;
	case LEAD_REFUSED:
		add(b, in->line, INTAKE_REFUSED, done.why)->seq = done.seq;
		b->count.refused++;
		return 0;
	default:
		row = add(b, in->line, done.outcome == LEAD_CHANGED ? INTAKE_CHANGED : INTAKE_SAME, NULL);
		b->count.known++;
	}
	row->seq = done.seq;
	if (campaign != 0 && enrol_row(db, campaign, row, &b->count, err) == -1)
		return -1;
	if (how->with_lead && (row->lead = view_lead(db, done.seq, err)) == NULL)
		return -1;
	return 0;
}

/* Commit, then tell. */
static int
close_batch(struct lp_db *db, struct batch *b, bool keep, intake_fn *fn, void *ctx, struct intake_count *count, struct lp_err *err)
{
	size_t i;

	if (db_end(db, keep, err) == -1)
		return -1;
	count->fresh += b->count.fresh;
	count->known += b->count.known;
	count->refused += b->count.refused;
	count->bad += b->count.bad;
	count->enrolled += b->count.enrolled;
	count->not_enrolled += b->count.not_enrolled;
	for (i = 0; i < b->n; i++)
		fn(&b->row[i], ctx);
	forget(b);
	return 0;
}

static int
run(struct lp_db *db, struct leadfile *f, const struct intake *how, int64_t campaign, struct batch *b, intake_fn *fn, void *ctx,
    struct intake_count *count, struct lp_err *err)
{
	struct lead_row in;
	int got, r;

	for (;;) {
		got = leadfile_next(f, &in, err);
		if (got == 0)
			return db_in_tx(db) ? close_batch(db, b, !how->dry, fn, ctx, count, err) : 0;
		if (!db_in_tx(db)) {
			struct lp_err locked;

			if (db_begin(db, &locked) == -1) {
				*err = locked;
				return -1;
			}
		}
		if (got == -1) {
			if (err->kind != LP_DATA)
				return -1;
			add(b, in.line, INTAKE_BAD, err->msg);
			b->count.bad++;
		} else {
			r = put(db, f, how, campaign, &in, b, err);
			cJSON_Delete(in.lead);
			free(in.opt_out);
			if (r == -1)
				return lp_err_prefix(err, "%s:%zu", leadfile_name(f), in.line);
		}
		if (b->n >= BATCH && !how->dry && close_batch(db, b, true, fn, ctx, count, err) == -1)
			return -1;
	}
}

int
intake_run(struct lp_db *db, struct leadfile *f, const struct intake *how, intake_fn *fn, void *ctx, struct intake_count *count,
    struct lp_err *err)
{
	struct batch b = { 0 };
	int64_t campaign = 0;
	int r;

	*count = (struct intake_count){ 0 };
	if (leads_campaign(db, how->campaign, &campaign, err) == -1)
		return -1;
	r = run(db, f, how, campaign, &b, fn, ctx, count, err);
	if (r == -1 && db_in_tx(db))
		db_end(db, false, NULL);
	forget(&b);
	free(b.row);
	return r;
}
