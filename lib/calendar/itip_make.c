/* itip_make.c - an invitation's bytes, written by hand: they must never change under a library's version. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/tz.h"
#include "calendar/itip.h"
#include "calendar/vtimezone.h"

#define FOLD 75             /* octets of a line, its end not counted */
#define MEETING_MAX (7 * LP_DAY)

static int
check_text(const char *what, const char *s, bool lines, struct lp_err *err)
{
	if (s == NULL)
		return 0;
	if (!utf8_ok(s, strlen(s)))
		return lp_fail(err, LP_DATA, "invitation: %s is not valid UTF-8", what);
	for (const unsigned char *p = (const unsigned char *)s; *p != '\0'; p++)
		if ((*p < 0x20 && !(lines && (*p == '\n' || *p == '\t' || (*p == '\r' && p[1] == '\n')))) || *p == 0x7f ||
		    (*p == 0xc2 && p[1] < 0xa0)) /* the second block of control characters, U+0080 to U+009F */
			return lp_fail(err, LP_DATA, "invitation: %s has a line break or control character", what);
	return 0;
}

/* What can stand in a mailto: link as it is or percent-encoded; whether mail can be sent there is asked elsewhere. */
static int
check_address(const char *what, const char *s, struct lp_err *err)
{
	const char *at = s != NULL ? strchr(s, '@') : NULL;

	if (at == NULL || at == s || at[1] == '\0' || strchr(at + 1, '@') != NULL || strlen(s) > 254)
		return lp_fail(err, LP_DATA, "invitation: %s '%s' is not an address", what, s != NULL ? s : "");
	for (const char *p = s; *p != '\0'; p++)
		if (*p <= ' ' || *p >= 0x7f || strchr("\"\\<>()[],:;", *p) != NULL)
			return lp_fail(err, LP_DATA, "invitation: %s '%s' is not an address", what, s);
	return 0;
}

static int
check(const struct itip_event *e, struct lp_err *err)
{
	const struct {
		const char *what, *s;
		bool lines;
	} texts[] = { { "uid", e->uid, false }, { "summary", e->summary, false }, { "location", e->location, false },
		{ "description", e->description, true }, { "organizer's name", e->organizer_name, false },
		{ "attendee's name", e->attendee_name, false } };

	if (e->method == NULL || (strcmp(e->method, "REQUEST") != 0 && strcmp(e->method, "CANCEL") != 0))
		return lp_fail(err, LP_DATA, "invitation: no method '%s' (want REQUEST or CANCEL)", e->method != NULL ? e->method : "");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (check_text(texts[i].what, texts[i].s, texts[i].lines, err) == -1)
			return -1;
	if (e->uid == NULL || *e->uid == '\0' || strlen(e->uid) > 255)
		return lp_fail(err, LP_DATA, "invitation: no uid, or one of more than 255 bytes");
	if (e->summary == NULL || *e->summary == '\0')
		return lp_fail(err, LP_DATA, "invitation: no summary");
	if (check_address("organizer", e->organizer, err) == -1 || check_address("attendee", e->attendee, err) == -1)
		return -1;
	if (e->zone == NULL)
		return lp_fail(err, LP_DATA, "invitation: no time zone");
	if (e->sequence < 0)
		return lp_fail(err, LP_DATA, "invitation: sequence %d is negative", e->sequence);
	if (e->starts < 0 || e->dtstamp < 0 || e->ends - e->starts > MEETING_MAX || e->ends / LP_SECOND <= e->starts / LP_SECOND ||
	    e->starts > lp_days_from_civil(9000, 1, 1) * LP_DAY || e->dtstamp > lp_days_from_civil(9000, 1, 1) * LP_DAY)
		return lp_fail(err, LP_DATA, "invitation: its times are out of range (it must end after its start, within 7 days)");
	return 0;
}

/* A content line, in octets: never cut inside a character, for readers that decode before they unfold. */
static void
put_line(struct buf *b, const char *line)
{
	size_t room = FOLD, left = strlen(line);

	while (left > room) {
		size_t n = room;

		while (n > 1 && ((unsigned char)line[n] & 0xc0) == 0x80)
			n--;
		buf_add(b, line, n);
		buf_puts(b, "\r\n ");
		line += n;
		left -= n;
		room = FOLD - 1; /* the blank counts */
	}
	buf_add(b, line, left);
	buf_puts(b, "\r\n");
}

static void
put_lines(struct buf *b, const char *lines)
{
	while (*lines != '\0') {
		size_t n = strcspn(lines, "\n");
		char *line = xstrndup(lines, n);

		put_line(b, line);
		free(line);
		lines += n + (lines[n] == '\n');
	}
}

/* RFC 5545, 3.3.11. */
static void
put_text(struct buf *b, const char *name, const char *s)
{
	struct buf line = { 0 };

	buf_printf(&line, "%s:", name);
	for (; *s != '\0'; s++) {
		if (*s == '\\' || *s == ';' || *s == ',')
			buf_putc(&line, '\\');
		if (*s == '\n')
			buf_puts(&line, "\\n");
		else if (*s != '\r')
			buf_putc(&line, *s);
	}
	put_line(b, line.s);
	buf_free(&line);
}

/* RFC 5545 has no way to write a quotation mark in a parameter; RFC 6868 has, and few programs read it: an apostrophe then. */
static void
add_name(struct buf *line, const char *name)
{
	bool quote;

	if (name == NULL || *name == '\0')
		return;
	quote = strpbrk(name, ",;:\"") != NULL;
	buf_puts(line, quote ? ";CN=\"" : ";CN=");
	for (; *name != '\0'; name++) {
		if (*name == '^')
			buf_puts(line, "^^"); /* its escape character */
		else
			buf_putc(line, *name == '"' ? '\'' : *name);
	}
	if (quote)
		buf_putc(line, '"');
}

static void
add_mailto(struct buf *line, const char *address)
{
	buf_puts(line, ":mailto:");
	for (; *address != '\0'; address++) {
		if (strchr("%?&#/`^{|}", *address) != NULL)
			buf_printf(line, "%%%02X", (unsigned)(unsigned char)*address);
		else
			buf_putc(line, *address);
	}
}

static void
put_person(struct buf *b, const char *property, const char *name, const char *params, const char *address)
{
	struct buf line = { 0 };

	buf_puts(&line, property);
	add_name(&line, name);
	buf_puts(&line, params);
	add_mailto(&line, address);
	put_line(b, line.s);
	buf_free(&line);
}

static void
put_utc(struct buf *b, const char *name, int64_t ms)
{
	char iso[LP_ISO_SIZE];

	lp_iso(ms, iso); /* 2026-11-22T09:00:00.000Z */
	buf_printf(b, "%s:%.4s%.2s%.2sT%.2s%.2s%.2sZ\r\n", name, iso, iso + 5, iso + 8, iso + 11, iso + 14, iso + 17);
}

/* The wall clock there, and whether it names this instant alone. In the hour that comes twice it means the first to RFC 5545, and the
 * second to some programs. */
static int
names_it(const char *zone, int64_t ms, struct tz_civil *c, bool *names, struct lp_err *err)
{
	struct tz_civil near, again;
	int64_t other;

	if (tz_local(zone, ms, c, err) == -1)
		return -1;
	*names = true;
	for (int side = -1; side <= 1; side += 2) {
		if (tz_local(zone, ms + side * LP_DAY, &near, err) == -1)
			return -1;
		other = ms + (c->offset_s - near.offset_s) * LP_SECOND;
		if (other != ms && tz_local(zone, other, &again, err) == 0 && again.offset_s == near.offset_s)
			*names = false;
	}
	return 0;
}

static void
put_local(struct buf *b, const char *name, const char *zone, const struct tz_civil *c)
{
	char *line = xasprintf("%s;TZID=%s:%04d%02d%02dT%02d%02d%02d", name, zone, c->year, c->month, c->day, c->hour, c->minute, c->second);

	put_line(b, line);
	free(line);
}

/* A VTIMEZONE where it is needed, appended to `zones`, and the two times, to `times`. */
static int
make_times(const struct itip_event *e, struct buf *zones, struct buf *times, struct lp_err *err)
{
	struct tz_civil start, end;
	struct buf lines = { 0 };
	bool first, second;

	if (names_it(e->zone, e->starts, &start, &first, err) == -1 || names_it(e->zone, e->ends, &end, &second, err) == -1)
		return lp_err_prefix(err, "invitation");
	/* one form for both: some programs take a mixture badly */
	if (strcmp(e->zone, "UTC") == 0 || strcmp(e->zone, "Etc/UTC") == 0 || !first || !second) {
		put_utc(times, "DTSTART", e->starts);
		put_utc(times, "DTEND", e->ends);
		return 0;
	}
	if (vtimezone_put(&lines, e->zone, e->starts, e->ends, err) == -1) {
		buf_free(&lines);
		return lp_err_prefix(err, "invitation");
	}
	put_lines(zones, lines.s);
	buf_free(&lines);
	put_local(times, "DTSTART", e->zone, &start);
	put_local(times, "DTEND", e->zone, &end);
	return 0;
}

char *
itip_make(const struct itip_event *e, struct lp_err *err)
{
	struct buf b = { 0 }, times = { 0 };
	bool request;

	if (check(e, err) == -1)
		return NULL;
	request = strcmp(e->method, "REQUEST") == 0;
	/* neither clock nor version: what was approved is what is made again */
	buf_puts(&b, "BEGIN:VCALENDAR\r\nPRODID:-//LeadPilot//LeadPilot//EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\n");
	buf_printf(&b, "METHOD:%s\r\n", e->method);
	if (make_times(e, &b, &times, err) == -1) {
		buf_free(&b);
		buf_free(&times);
		return NULL;
	}
	buf_puts(&b, "BEGIN:VEVENT\r\n");
	put_text(&b, "UID", e->uid);
	put_utc(&b, "DTSTAMP", e->dtstamp);
	buf_printf(&b, "SEQUENCE:%d\r\n", e->sequence);
	buf_add(&b, times.s, times.len);
	put_text(&b, "SUMMARY", e->summary);
	if (e->location != NULL && *e->location != '\0')
		put_text(&b, "LOCATION", e->location);
	if (e->description != NULL && *e->description != '\0')
		put_text(&b, "DESCRIPTION", e->description);
	put_person(&b, "ORGANIZER", e->organizer_name, "", e->organizer);
	put_person(&b, "ATTENDEE", e->attendee_name,
	    request ? ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE" : ";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT",
	    e->attendee);
	buf_puts(&b, request ? "STATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\n" : "STATUS:CANCELLED\r\nTRANSP:TRANSPARENT\r\n");
	buf_puts(&b, "END:VEVENT\r\nEND:VCALENDAR\r\n");
	buf_free(&times);
	return buf_steal(&b);
}
