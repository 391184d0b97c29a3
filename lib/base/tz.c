#include "base/tz.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/prog.h"

static char current[TZ_NAME_SIZE + 1]; /* what TZ is set to, with its colon; "" before the first */

static const char *
zone_dir(void)
{
	static const char *const dirs[] = { "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo" };
	const char *env = getenv("TZDIR");
	struct stat sb;

	if (env != NULL && *env != '\0')
		return env;
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (stat(dirs[i], &sb) == 0)
			return dirs[i];
	return dirs[0];
}

/* Without a zoneinfo file, or with one whose first words aren't "TZif", the C library would answer in UTC. */
static bool
is_zone_file(const char *name)
{
	char *path = xasprintf("%s/%s", zone_dir(), name), magic[4];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool ok = false;

	free(path);
	if (fd != -1) {
		ok = read(fd, magic, sizeof(magic)) == (ssize_t)sizeof(magic) && memcmp(magic, "TZif", 4) == 0;
		close(fd);
	}
	return ok;
}

static bool
is_utc(const char *name)
{
	return strcmp(name, "UTC") == 0 || strcmp(name, "Etc/UTC") == 0;
}

static bool
name_ok(const char *name)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";

	/* no dot, so no way out of the directory; right/ counts leap seconds, and posix/ doubles the rest */
	return *name != '\0' && *name != '/' && strlen(name) < TZ_NAME_SIZE && name[strspn(name, letters)] == '\0' &&
	    strncmp(name, "right/", 6) != 0 && strncmp(name, "posix/", 6) != 0 && strcmp(name, "posixrules") != 0 &&
	    strcmp(name, "localtime") != 0;
}

/* The best guess so far of what a wrong name was meant to be. */
struct guess {
	const char *wrong;
	char best[TZ_NAME_SIZE];
	bool exact; /* but for upper and lower case, or the city alone */
};

static void
consider(struct guess *g, const char *name)
{
	const char *pair[3] = { g->best, name, NULL }, *city = strrchr(name, '/');

	if (g->exact)
		return;
	g->exact = strcasecmp(name, g->wrong) == 0 || (city != NULL && strcasecmp(city + 1, g->wrong) == 0);
	if (g->exact || lp_did_you_mean(g->wrong, g->best[0] != '\0' ? pair : pair + 1) == name)
		snprintf(g->best, sizeof(g->best), "%s", name);
}

static void
walk(struct guess *g, const char *under, int depth)
{
	char *dir = xasprintf("%s/%s", zone_dir(), under), *name, *path;
	DIR *d = opendir(dir);
	struct dirent *e;
	struct stat sb;

	while (d != NULL && (e = readdir(d)) != NULL) {
		name = xasprintf("%s%s%s", under, *under != '\0' ? "/" : "", e->d_name);
		path = xasprintf("%s/%s", zone_dir(), name);
		if (e->d_name[0] != '.' && strcmp(name, "right") != 0 && strcmp(name, "posix") != 0 && stat(path, &sb) == 0) {
			if (S_ISDIR(sb.st_mode) && depth < 3)
				walk(g, name, depth + 1);
			else if (S_ISREG(sb.st_mode) && name_ok(name) && is_zone_file(name))
				consider(g, name);
		}
		free(path);
		free(name);
	}
	if (d != NULL)
		closedir(d);
	free(dir);
}

static int
unknown(const char *name, struct lp_err *err)
{
	struct guess g = { .wrong = name };
	struct stat sb;

	if (err == NULL)
		return -1; /* nobody reads the guess, which looks through every zone file */
	if (*name == '\0')
		return lp_fail(err, LP_CONFIG, "the time zone is empty (want a name such as 'Europe/Berlin' or 'UTC')");
	if (name_ok(name) && stat(zone_dir(), &sb) == -1)
		return lp_fail(err, LP_CONFIG, "unknown time zone '%s': no zone files in %s (install tzdata)", name, zone_dir());
	walk(&g, "", 0);
	if (g.best[0] != '\0')
		return lp_fail(err, LP_CONFIG, "unknown time zone '%.64s' (did you mean '%s'?)", name, g.best);
	return lp_fail(err, LP_CONFIG, "unknown time zone '%.64s' (want a name such as 'Europe/Berlin' or 'UTC')", name);
}

int
tz_ok(const char *name, struct lp_err *err)
{
	if (current[0] != '\0' && strcmp(name, current + 1) == 0)
		return 0;
	return name_ok(name) && (is_utc(name) || is_zone_file(name)) ? 0 : unknown(name, err);
}

/* Make the zone the process's own. Reading the file again at each change is the C library's price; so stay in a zone while you can. */
static int
enter(const char *zone, struct lp_err *err)
{
	if (current[0] != '\0' && strcmp(zone, current + 1) == 0)
		return 0;
	if (tz_ok(zone, err) == -1)
		return -1;
	snprintf(current, sizeof(current), ":%s", zone); /* the colon: a file's name, never a rule such as EST5EDT */
	if (setenv("TZ", is_utc(zone) ? "UTC0" : current, 1) == -1)
		return lp_fail(err, LP_TEMP, "out of memory");
	tzset();
	return 0;
}

static int64_t
floor_s(int64_t ms)
{
	return ms >= 0 ? ms / LP_SECOND : -((-ms + LP_SECOND - 1) / LP_SECOND);
}

/* In the zone entered. */
static int64_t
civil_at(int64_t s, struct tm *tm)
{
	time_t t = (time_t)s;

	if (localtime_r(&t, tm) == NULL)
		memset(tm, 0, sizeof(*tm));
	return lp_days_from_civil(tm->tm_year + 1900, tm->tm_mon + 1, tm->tm_mday) * 86400 + tm->tm_hour * 3600 +
	    tm->tm_min * 60 + tm->tm_sec;
}

static int64_t
offset_at(int64_t s)
{
	struct tm tm;

	return civil_at(s, &tm) - s;
}

int
tz_local(const char *zone, int64_t ms, struct tz_civil *c, struct lp_err *err)
{
	int64_t s = floor_s(ms), local;
	struct tm tm;

	if (enter(zone, err) == -1)
		return -1;
	local = civil_at(s, &tm);
	*c = (struct tz_civil){ .year = tm.tm_year + 1900, .month = tm.tm_mon + 1, .day = tm.tm_mday, .hour = tm.tm_hour,
		.minute = tm.tm_min, .second = tm.tm_sec, .weekday = (tm.tm_wday + 6) % 7, .offset_s = local - s };
	return 0;
}

int64_t
tz_day(const struct tz_civil *c)
{
	return lp_days_from_civil(c->year, c->month, c->day);
}

int
tz_utc(const char *zone, const struct tz_civil *c, int64_t *ms, struct lp_err *err)
{
	/* every offset that can hold near c: two days on either side clear the widest gap there was (a whole day, Apia 2011) */
	static const int64_t probes[] = { -2 * 86400, -86400, 86400, 2 * 86400 };
	int64_t local = tz_day(c) * 86400 + c->hour * 3600 + c->minute * 60 + c->second, t, best = 0, lo, hi;
	bool found = false;

	if (enter(zone, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		t = local - offset_at(local + probes[i]);
		if (t + offset_at(t) == local && (!found || t < best)) {
			best = t;
			found = true;
		}
	}
	if (!found) { /* a gap: the clock jumps from before c to after it at one instant, find that */
		lo = local - 2 * 86400;
		hi = local + 2 * 86400;
		while (hi - lo > 1) {
			t = lo + (hi - lo) / 2;
			if (t + offset_at(t) < local)
				lo = t;
			else
				hi = t;
		}
		best = hi;
	}
	*ms = best * LP_SECOND;
	return 0;
}

int
tz_midnight(const char *zone, int64_t day, int64_t *ms, struct lp_err *err)
{
	struct tz_civil c = { 0 };

	lp_civil_from_days(day, &c.year, &c.month, &c.day);
	return tz_utc(zone, &c, ms, err);
}

int
tz_change(const char *zone, int64_t from, int64_t until, int64_t *ms, struct lp_err *err)
{
	int64_t lo = floor_s(from), hi = floor_s(until), mid, before;

	if (enter(zone, err) == -1)
		return -1;
	before = offset_at(lo);
	if (hi <= lo || offset_at(hi) == before)
		return 0;
	while (hi - lo > 1) {
		mid = lo + (hi - lo) / 2;
		if (offset_at(mid) == before)
			lo = mid;
		else
			hi = mid;
	}
	*ms = hi * LP_SECOND;
	return 1;
}

char *
tz_system(char out[TZ_NAME_SIZE])
{
	const char *env = getenv("TZ"), *at;
	char link[256];
	ssize_t n;

	snprintf(out, TZ_NAME_SIZE, "UTC");
	if (env != NULL && *env == ':')
		env++;
	if (env != NULL && *env != '\0' && tz_ok(env, NULL) == 0) {
		snprintf(out, TZ_NAME_SIZE, "%s", env);
		return out;
	}
	/* a link into the zone files on most systems */
	n = readlink("/etc/localtime", link, sizeof(link) - 1);
	if (n > 0) {
		link[n] = '\0';
		at = strstr(link, "zoneinfo/");
		if (at != NULL && !is_utc(at + 9) && tz_ok(at + 9, NULL) == 0)
			snprintf(out, TZ_NAME_SIZE, "%s", at + 9);
	}
	return out;
}
