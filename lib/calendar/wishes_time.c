/* wishes_time.c - times of day: hours, ranges of them, mornings. */
#include "calendar/wishes_int.h"

#define DAY_END (24 * 60)

struct hour {
	int minute;            /* of the day */
	int half;              /* W_AM, W_PM where said, else 0 */
	bool bare;             /* a number and no more */
	const char *zone;
};

/* Hours of the working day where nothing else is said: nobody meets at three in the night. */
static int
settled(const struct hour *h, int half)
{
	int hours = h->minute / 60, minutes = h->minute % 60;

	if (half == 0)
		half = hours >= 1 && hours <= 6 ? W_PM : 0;
	if (half == W_PM && hours < 12)
		hours += 12;
	else if (half == W_AM && hours == 12)
		hours = 0;
	return hours * 60 + minutes;
}

/* "2pm ET" */
static const char *
zone_named(int v)
{
	static const char *const zones[] = { "UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Chicago", "America/Denver",
		"America/Los_Angeles" };

	return zones[v];
}

/* A number, and whatever makes it an hour. */
static size_t
hour(const struct scan *s, size_t i, struct hour *h)
{
	size_t k = i, len;
	enum word w, half;
	int v;

	*h = (struct hour){ 0 };
	half = scan_word(s, k, &v, &len);
	if (half == W_HALF_TO || half == W_HALF_PAST)
		k += len;
	switch (scan_kind(s, k)) {
	case T_CLOCK:
		*h = (struct hour){ s->t->t[k].a * 60 + s->t->t[k].b, s->t->t[k].c, false, NULL };
		k++;
		break;
	case T_PAIR:
		if (s->t->t[k].a > 24 || s->t->t[k].b > 59)
			return i;
		*h = (struct hour){ s->t->t[k].a * 60 + s->t->t[k].b, 0, true, NULL };
		k++;
		break;
	case T_NUMBER:
	case T_DOTTED:
		if (s->t->t[k].a > 24)
			return i;
		*h = (struct hour){ s->t->t[k].a * 60, 0, true, NULL };
		k++;
		break;
	case T_WORD:
		if (scan_word(s, k, &v, &len) != W_NUMBER)
			return i;
		*h = (struct hour){ v * 60, 0, true, NULL };
		k += len;
		break;
	default:
		return i;
	}
	w = scan_word(s, k, &v, &len);
	if (w == W_OCLOCK) {
		k += len;
		h->bare = false;
		if (scan_kind(s, k) == T_NUMBER && s->t->t[k].a < 60 && s->t->t[k].a % 5 == 0 && h->minute % 60 == 0 && scan_alone(s, k + 1))
			h->minute += s->t->t[k++].a; /* 15 Uhr 30 */
		w = scan_word(s, k, &v, &len);
	}
	if (w == W_AND_HALF) {
		k += len;
		h->minute += 30;
		h->bare = false;
		w = scan_word(s, k, &v, &len);
	}
	if (w == W_AM || w == W_PM) {
		k += len;
		h->half = (int)w;
		h->bare = false;
	}
	if (!h->bare && scan_word(s, k, &v, &len) == W_ZONE) {
		k += len;
		h->zone = zone_named(v);
	}
	if (half == W_HALF_TO || half == W_HALF_PAST) {
		h->minute += half == W_HALF_TO ? (h->minute >= 60 ? -30 : 690) : 30;
		h->bare = false;
	}
	return h->minute > DAY_END ? i : k;
}

/* "in the afternoon" behind an hour says which. */
static size_t
part_behind(const struct scan *s, size_t i, int *half)
{
	size_t k = scan_skip(s, i), len;
	int v;

	if (scan_word(s, k, &v, &len) != W_PART || v == PART_LUNCH || v == PART_NOON)
		return i;
	*half = (v & ~PART_USUAL) == PART_MORNING ? W_AM : W_PM;
	return k + len;
}

static size_t
part(const struct scan *s, size_t i, struct item *it)
{
	static const struct {
		int from, until;
	} parts[] = { { 8 * 60, 12 * 60 }, { 12 * 60, 13 * 60 }, { 12 * 60, 18 * 60 }, { 17 * 60, 21 * 60 }, { 12 * 60, 14 * 60 } };
	size_t k = scan_skip(s, i), len;
	int v;

	if (scan_word(s, k, &v, &len) == W_AT)
		k = scan_skip(s, k + len);
	if (scan_word(s, k, &v, &len) == W_DAY && v == 1 && s->language == DE && k > 0 && scan_at(s, k - 1) == W_WEEKDAY)
		v = PART_MORNING; /* "Dienstag Morgen" */
	else if (scan_at(s, k) != W_PART)
		return i;
	it->clear = (v & PART_USUAL) != 0;
	v &= ~PART_USUAL;
	it->from = parts[v].from;
	it->until = parts[v].until;
	it->exact = v == PART_NOON;
	return k + len;
}

/* Which word stands before a time: at, after, between; W_OF where it is no more than "de". */
static size_t
lead(const struct scan *s, size_t i, enum word *which)
{
	size_t k = i, len;
	enum word w;
	int v;

	*which = W_NONE;
	for (;; k += len) {
		w = scan_word(s, k, &v, &len);
		if (w == W_AFTER || w == W_FROM || w == W_BEFORE || w == W_BY || w == W_BETWEEN)
			*which = w;
		else if ((w == W_AT || w == W_OF) && (*which == W_NONE || *which == W_OF))
			*which = w;
		else if (w != W_OF && w != W_ON && w != W_AT)
			return k;
	}
}

/* The second hour of "2 to 4", "14-16 Uhr", "between 2 and 4": where it ends, or k. */
static size_t
second(const struct scan *s, size_t k, enum word first, struct hour *h)
{
	size_t at = k, len, end;
	enum word w, ignored;
	int v;

	w = scan_word(s, k, &v, &len);
	if (scan_kind(s, k) == T_DASH)
		at = k + 1;
	else if (w == W_TO || w == W_BY || (w == W_OR && v == 1 && first == W_BETWEEN) || (w == W_AT && (first == W_FROM || first == W_OF)))
		at = w == W_AT ? k : k + len;
	else
		return k;
	at = lead(s, at, &ignored);
	end = hour(s, at, h);
	return end == at ? k : end;
}

static size_t
range_or_hour(const struct scan *s, size_t i, struct item *it)
{
	enum word which;
	struct hour a, b;
	size_t at = lead(s, i, &which), k = hour(s, at, &a), end;
	int half = 0;

	if (k == at)
		return i;
	if ((end = second(s, k, which, &b)) != k && (!a.bare || !b.bare || which == W_BETWEEN || which == W_FROM)) {
		end = part_behind(s, end, &half);
		half = b.half != 0 ? b.half : half;
		it->from = settled(&a, a.half != 0 ? a.half : a.minute < b.minute || half == 0 ? half : 0);
		it->until = settled(&b, half);
		if (it->until > it->from) {
			it->zone = b.zone != NULL ? b.zone : a.zone;
			it->clear = true;
			return end;
		}
	}
	k = part_behind(s, k, &half);
	if (a.bare && half == 0 && (which == W_NONE || which == W_OF || which == W_BETWEEN || !scan_alone(s, k)))
		return i;
	if (a.bare && scan_kind(s, at) == T_WORD && half == 0 && scan_kind(s, k) == T_WORD && scan_at(s, k) != W_ON && scan_at(s, k) != W_OR)
		return i; /* "at one point" */
	it->from = settled(&a, a.half != 0 ? a.half : half);
	it->until = it->from + 60;
	it->exact = true;
	it->zone = a.zone;
	it->clear = !a.bare;
	it->bound = which == W_AT || which == W_OF || which == W_BETWEEN ? W_NONE : which;
	return k;
}

void
wish_bound(struct item *it)
{
	if (it->bound == W_AFTER || it->bound == W_FROM) {
		it->until = DAY_END;
		it->exact = false;
	} else if (it->bound == W_BEFORE || it->bound == W_BY) {
		it->until = it->from;
		it->from = 0;
		it->exact = false;
	}
}

size_t
wish_time(const struct scan *s, size_t i, struct item *it)
{
	size_t k, len, end;
	int v;

	*it = (struct item){ .what = I_TIME };
	if ((k = range_or_hour(s, i, it)) == i) {
		enum word w = scan_word(s, i, &v, &len);
		size_t at = w == W_AFTER || w == W_FROM || w == W_BEFORE || w == W_BY ? i + len : i;

		if ((end = part(s, at, it)) == at)
			return i;
		if (at != i) {
			it->bound = w;
			if (w == W_AFTER)
				it->from = it->exact ? it->from : it->until;
		}
		k = end;
	}
	wish_bound(it);
	return it->until > it->from ? k : i;
}
