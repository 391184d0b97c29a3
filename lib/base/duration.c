#include "base/duration.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* Largest first: the order in which they are written. */
static const struct unit {
	const char *name;
	int64_t ms; /* 0: counted, not measured */
} units[] = { { "d", 0 }, { "bd", 0 }, { "h", LP_HOUR }, { "m", LP_MINUTE }, { "s", LP_SECOND } };

enum { DAYS, BDAYS, UNITS = sizeof(units) / sizeof(units[0]) };

static int
bad(const char *text, struct lp_err *err)
{
	return lp_fail(err, LP_DATA, "'%.40s' is not a duration (want 3d, 3bd, 4h, 10m, 90s or '1d 12h')", text);
}

/* One "NUMBER UNIT" at *s; *from is the first unit that may still come. */
static int
part(const char **s, size_t *from, struct duration *d)
{
	size_t n = strspn(*s, "0123456789"), len;
	int64_t v;

	if (n == 0 || n > 9)
		return -1;
	v = strtoll(*s, NULL, 10);
	*s += n;
	len = strspn(*s, "abcdefghijklmnopqrstuvwxyz");
	for (size_t i = *from; i < UNITS; i++) {
		if (strlen(units[i].name) != len || strncmp(*s, units[i].name, len) != 0)
			continue;
		if (v > DURATION_MAX_DAYS * LP_DAY / (units[i].ms != 0 ? units[i].ms : LP_DAY))
			return -1;
		if (i == DAYS)
			d->days = (int)v;
		else if (i == BDAYS)
			d->bdays = (int)v;
		else
			d->ms += v * units[i].ms;
		*s += len;
		*from = i + 1;
		return 0;
	}
	return -1;
}

int
duration_parse(const char *text, struct duration *out, struct lp_err *err)
{
	struct duration d = { 0 };
	const char *s = text + strspn(text, " ");
	size_t from = 0;

	if (strcmp(s, "0") == 0)
		s++;
	else if (*s == '\0')
		return bad(text, err);
	while (*s != '\0') {
		if (part(&s, &from, &d) == -1)
			return bad(text, err);
		s += strspn(s, " ");
	}
	*out = d;
	return 0;
}

char *
duration_print(const struct duration *d, char out[DURATION_SIZE])
{
	int64_t left = d->ms, v;
	int at = 0;

	for (size_t i = 0; i < UNITS; i++) {
		v = i == DAYS ? d->days : i == BDAYS ? d->bdays : left / units[i].ms;
		if (i > BDAYS)
			left %= units[i].ms;
		if (v != 0)
			at += snprintf(out + at, (size_t)(DURATION_SIZE - at), "%s%" PRId64 "%s", at > 0 ? " " : "", v,
			    units[i].name);
	}
	if (at == 0)
		snprintf(out, DURATION_SIZE, "0s");
	return out;
}

int64_t
duration_ms(const struct duration *d)
{
	return ((int64_t)d->days + d->bdays) * LP_DAY + d->ms;
}

bool
duration_none(const struct duration *d)
{
	return d->days == 0 && d->bdays == 0 && d->ms == 0;
}

int
lp_when(const char *text, int64_t now, int64_t *ms, struct lp_err *err)
{
	struct duration d;

	if (strcmp(text, "now") == 0) {
		*ms = now;
		return 0;
	}
	if (*text != '+' && *text != '-')
		return lp_iso_parse(text, ms, err);
	if (duration_parse(text + 1, &d, err) == -1)
		return -1;
	if (d.bdays != 0)
		return lp_fail(err, LP_DATA, "'%.40s': business days need a schedule; give days here", text);
	*ms = now + (*text == '-' ? -duration_ms(&d) : duration_ms(&d));
	return 0;
}
