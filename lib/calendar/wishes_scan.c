/* wishes_scan.c - what the words mean, one after the other, and which of it is denied. */
#include <stdlib.h>

#include "base/mem.h"
#include "calendar/wishes_int.h"

enum word
scan_word(const struct scan *s, size_t i, int *value, size_t *len)
{
	return wish_word(s->t, i, value, len);
}

enum word
scan_at(const struct scan *s, size_t i)
{
	size_t len;
	int value;

	return scan_word(s, i, &value, &len);
}

enum tok_kind
scan_kind(const struct scan *s, size_t i)
{
	return i < s->t->n ? s->t->t[i].kind : T_END;
}

size_t
scan_skip(const struct scan *s, size_t i)
{
	enum word w;
	size_t len;
	int v;

	for (;;) {
		w = scan_word(s, i, &v, &len);
		if (w != W_ON && w != W_OF && w != W_IN)
			return i;
		i += len;
	}
}

bool
scan_alone(const struct scan *s, size_t i)
{
	enum word w = scan_at(s, i);

	return (scan_kind(s, i) != T_WORD && scan_kind(s, i) != T_JUNK) || (w != W_NONE && w != W_DAYS && w != W_WEEKS && w != W_NUMBER && w != W_MONTH);
}

/* What a negation covers. */
struct clause {
	bool not, but;         /* "but" begins it */
	int sentence;
};

struct pass {
	struct scan s;
	struct items *out;
	struct clause *clause; /* one for each comma, at most */
	int sentence, now;
};

static void
next_clause(struct pass *p, bool but)
{
	p->clause[++p->now] = (struct clause){ .but = but, .sentence = p->sentence };
}

static void
put(struct pass *p, struct item it, size_t i, size_t end)
{
	struct items *o = p->out;

	it.sentence = p->sentence;
	it.clause = p->now;
	it.tok = i;
	it.end = end;
	if ((o->n & (o->n - 1)) == 0)
		o->v = xrealloc(o->v, (o->n != 0 ? 2 * o->n : 1) * sizeof(*o->v));
	o->v[o->n++] = it;
}

/* In "not Monday, Tuesday or Friday" the comma goes on with what is denied; in "not Monday, Tuesday is fine" it doesn't. */
static bool
goes_on(const struct pass *p, size_t i)
{
	struct item it;
	size_t end;

	if (p->out->n == 0 || p->out->v[p->out->n - 1].end != i)
		return false;
	end = wish_day(&p->s, i + 1, &it);
	return end != i + 1 && (scan_at(&p->s, end) == W_OR || scan_kind(&p->s, end) == T_COMMA);
}

/* "not before three" is from three on. */
static bool
turn(struct item *it)
{
	static const enum word other[][2] = { { W_BEFORE, W_FROM }, { W_BY, W_AFTER }, { W_AFTER, W_BY }, { W_FROM, W_BEFORE } };

	for (size_t k = 0; k < 4; k++)
		if (it->bound == other[k][0]) {
			it->bound = other[k][1];
			if (it->what == I_TIME) {
				it->from = other[k][0] == W_BEFORE || other[k][0] == W_BY ? it->until : it->from;
				wish_bound(it);
			}
			return true;
		}
	return false;
}

static size_t
denial(struct pass *p, size_t i)
{
	struct item it;
	size_t end = wish_time(&p->s, i, &it);

	if (end == i)
		end = wish_day(&p->s, i, &it);
	if (end == i || !turn(&it)) {
		p->clause[p->now].not = true;
		return i;
	}
	put(p, it, i, end);
	return end;
}

static size_t
step(struct pass *p, size_t i)
{
	struct item it;
	size_t len, end;
	int v;

	if (scan_kind(&p->s, i) == T_END) {
		p->sentence++;
		next_clause(p, false);
		return i + 1;
	}
	if (scan_kind(&p->s, i) == T_COMMA) {
		if (!goes_on(p, i))
			next_clause(p, false);
		return i + 1;
	}
	switch (scan_word(&p->s, i, &v, &len)) {
	case W_BUT:
		next_clause(p, true);
		return i + len;
	case W_NOT:
		return denial(p, i + len);
	case W_IGNORE:
	case W_PLEASE_NOT:
		return i + len;
	case W_LAST:
		return v == 0 ? wish_day(&p->s, i + len, &it) : i + len; /* last friday */
	default:
		break;
	}
	if ((end = wish_day(&p->s, i, &it)) != i) {
		if (scan_word(&p->s, end, &v, &len) == W_LAST && v == 1)
			return end + len; /* lundi dernier */
		put(p, it, i, end);
		return end;
	}
	if ((end = wish_time(&p->s, i, &it)) != i) {
		put(p, it, i, end);
		return end;
	}
	return i + len;
}

/* A clause that does nothing but deny, denies the one before it: "Tuesday, I'm afraid, doesn't work". */
static bool
denied(const struct pass *p, const struct item *it, const struct item *next)
{
	if (p->clause[it->clause].not)
		return true;
	for (int c = it->clause + 1; c <= p->now && p->clause[c].sentence == it->sentence; c++) {
		if (p->clause[c].but || (next != NULL && next->clause <= c))
			return false;
		if (p->clause[c].not)
			return true;
	}
	return false;
}

void
wish_items(const struct toks *t, int language, const struct today *now, struct items *out)
{
	struct pass p = { .s = { t, language, now }, .out = out, .clause = xcalloc(t->n + 1, sizeof(struct clause)) };
	size_t i = 0, k;

	*out = (struct items){ 0 };
	while (i < t->n)
		i = step(&p, i);
	for (i = 0; i < out->n; i++) {
		for (k = i + 1; k < out->n && out->v[k].clause == out->v[i].clause; k++)
			;
		out->v[i].not = denied(&p, &out->v[i], k < out->n ? &out->v[k] : NULL);
	}
	free(p.clause);
}
