#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool set;
static int64_t set_ms;

int64_t
lp_now_real(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * LP_SECOND + ts.tv_nsec / 1000000;
}

int64_t
lp_steady(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * LP_SECOND + ts.tv_nsec / 1000000;
}

int
lp_now(int64_t *ms, struct lp_err *err)
{
	const char *env = getenv("LP_NOW");

	if (set)
		*ms = set_ms;
	else if (env != NULL && *env != '\0') {
		if (lp_iso_parse(env, ms, err) == -1) {
			lp_err_prefix(err, "LP_NOW");
			err->kind = LP_USAGE;
			return -1;
		}
	} else
		*ms = lp_now_real();
	return 0;
}

int
lp_now_set(const char *iso, struct lp_err *err)
{
	if (lp_iso_parse(iso, &set_ms, err) == -1) {
		lp_err_prefix(err, "--now");
		err->kind = LP_USAGE;
		return -1;
	}
	set = true;
	return 0;
}

bool
lp_now_is_set(void)
{
	const char *env = getenv("LP_NOW");

	return set || (env != NULL && *env != '\0');
}

/* Howard Hinnant's public-domain arithmetic: eras of 400 years, March first. */
int64_t
lp_days_from_civil(int y, int m, int d)
{
	int64_t yy = y - (m <= 2), era = (yy >= 0 ? yy : yy - 399) / 400;
	int64_t yoe = yy - era * 400, doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void
lp_civil_from_days(int64_t z, int *y, int *m, int *d)
{
	int64_t era, doe, yoe, doy, mp;

	z += 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*d = (int)(doy - (153 * mp + 2) / 5 + 1);
	*m = (int)(mp < 10 ? mp + 3 : mp - 9);
	*y = (int)(yoe + era * 400 + (*m <= 2));
}

/* n decimal digits, without printf: a row has several times */
static char *
put_digits(char *p, int n, int v)
{
	for (int i = n; i-- > 0; v /= 10)
		p[i] = (char)('0' + v % 10);
	return p + n;
}

char *
lp_iso(int64_t ms, char out[LP_ISO_SIZE])
{
	int64_t days = ms / LP_DAY, rest = ms % LP_DAY;
	int y, m, d;
	char *p;

	if (rest < 0) {
		rest += LP_DAY;
		days--;
	}
	lp_civil_from_days(days, &y, &m, &d);
	y = y < 0 ? 0 : y > 9999 ? 9999 : y;
	p = put_digits(out, 4, y);
	*p++ = '-';
	p = put_digits(p, 2, m);
	*p++ = '-';
	p = put_digits(p, 2, d);
	*p++ = 'T';
	p = put_digits(p, 2, (int)(rest / LP_HOUR));
	*p++ = ':';
	p = put_digits(p, 2, (int)(rest / LP_MINUTE % 60));
	*p++ = ':';
	p = put_digits(p, 2, (int)(rest / LP_SECOND % 60));
	*p++ = '.';
	p = put_digits(p, 3, (int)(rest % LP_SECOND));
	*p++ = 'Z';
	*p = '\0';
	return out;
}

/* Exactly `n` digits at *s into *v; moves *s. */
static bool
digits(const char **s, int n, int *v)
{
	*v = 0;
	for (; n > 0; n--, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		*v = *v * 10 + (**s - '0');
	}
	return true;
}

static bool
parse_offset(const char **s, int64_t *off)
{
	int h, m = 0, sign;

	*off = 0;
	if (**s == 'Z' || **s == 'z') {
		(*s)++;
		return true;
	}
	if (**s != '+' && **s != '-')
		return **s == '\0';
	sign = **s == '-' ? -1 : 1;
	(*s)++;
	if (!digits(s, 2, &h))
		return false;
	if (**s == ':')
		(*s)++;
	if (**s != '\0' && !digits(s, 2, &m))
		return false;
	*off = sign * (h * LP_HOUR + m * LP_MINUTE);
	return h <= 15 && m < 60;
}

static bool
parse_time(const char **s, int64_t *of_day)
{
	int h, mi, sec = 0, frac, scale;

	if (!digits(s, 2, &h) || *(*s)++ != ':' || !digits(s, 2, &mi))
		return false;
	*of_day = 0;
	if (**s == ':') {
		(*s)++;
		if (!digits(s, 2, &sec))
			return false;
		if (**s == '.') {
			(*s)++;
			for (frac = 0, scale = 100; **s >= '0' && **s <= '9'; (*s)++, scale /= 10)
				frac += (**s - '0') * scale;
			*of_day = frac;
		}
	}
	*of_day += h * LP_HOUR + mi * LP_MINUTE + sec * LP_SECOND;
	return h < 24 && mi < 60 && sec < 60;
}

int
lp_iso_parse(const char *text, int64_t *ms, struct lp_err *err)
{
	static const int mdays[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const char *s = text;
	int64_t of_day = 0, off = 0;
	int y, m, d, last;
	bool ok;

	ok = digits(&s, 4, &y) && *s++ == '-' && digits(&s, 2, &m) && *s++ == '-' && digits(&s, 2, &d);
	ok = ok && m >= 1 && m <= 12 && d >= 1;
	if (ok) {
		last = mdays[m - 1] + (m == 2 && ((y % 4 == 0 && y % 100 != 0) || y % 400 == 0));
		ok = d <= last;
	}
	if (ok && (*s == 'T' || *s == ' ' || *s == 't')) {
		s++;
		ok = parse_time(&s, &of_day) && parse_offset(&s, &off);
	}
	if (!ok || *s != '\0')
		return lp_fail(err, LP_DATA, "'%.40s' is not a time (want 2026-11-22T09:00:00Z)", text);
	*ms = lp_days_from_civil(y, m, d) * LP_DAY + of_day - off;
	return 0;
}
