/* itip_read.c - what a guest's calendar program sent back. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "calendar/ics.h"
#include "calendar/itip.h"

/* One character of UTF-8 at s, of at most left bytes: its length, or 0 where it is none. */
static size_t
character(const char *s, size_t left)
{
	size_t n = (unsigned char)*s < 0x80 ? 1 : ((unsigned char)*s & 0xe0) == 0xc0 ? 2 : ((unsigned char)*s & 0xf0) == 0xe0 ? 3 : 4;

	return n <= left && utf8_ok(s, n) ? n : 0;
}

/* Without control characters (a line feed and a tab may stay) and whatever isn't UTF-8, cut between characters. */
static char *
clean(const char *s, size_t len, size_t max, bool lines)
{
	struct buf b = { 0 };
	size_t n;

	for (size_t i = 0; i < len; i += n != 0 ? n : 1) {
		n = character(s + i, len - i);
		if (b.len + (n != 0 ? n : 1) > max)
			break;
		if (n == 0 || s[i] == 0x7f || ((unsigned char)s[i] == 0xc2 && (unsigned char)s[i + 1] < 0xa0))
			buf_putc(&b, '?');
		else if ((unsigned char)s[i] >= 0x20 || (lines && (s[i] == '\n' || s[i] == '\t')))
			buf_add(&b, s + i, n);
		else
			buf_putc(&b, ' ');
	}
	return buf_steal(&b);
}

static void
set_text(char **out, const struct ics_line *l, size_t max, bool lines)
{
	struct buf b = { 0 };

	for (const char *p = l->value; *p != '\0' && b.len <= 4 * max; p++) {
		if (*p == '\\' && p[1] != '\0') {
			p++;
			buf_putc(&b, *p == 'n' || *p == 'N' ? '\n' : *p);
		} else
			buf_putc(&b, *p);
	}
	free(*out);
	*out = clean(buf_str(&b), b.len, max, lines);
	buf_free(&b);
}

static int
hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* mailto:bob%2Bx@globex.example?subject=... - the EMAIL parameter where the value is something else (a link into a directory). */
static void
set_address(char **out, const struct ics_line *l)
{
	const char *s = l->value + strspn(l->value, " \t");
	char email[256];
	struct buf b = { 0 };

	if (strncasecmp(s, "mailto:", 7) == 0)
		s += 7;
	else if (strchr(s, '@') == NULL || strchr(s, ':') != NULL)
		s = ics_param(l, "EMAIL", email, sizeof(email)) ? email : "";
	for (; *s != '\0' && *s != '?' && *s != ' ' && b.len < ITIP_FIELD_MAX; s++) {
		char c = *s;

		if (c == '%' && hex(s[1]) >= 0 && hex(s[2]) >= 0) {
			c = (char)(hex(s[1]) * 16 + hex(s[2]));
			s += 2;
		}
		buf_putc(&b, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
	}
	free(*out);
	*out = b.len > 0 ? clean(b.s, b.len, ITIP_FIELD_MAX, false) : NULL;
	buf_free(&b);
}

static void
set_upper(char **out, const char *s)
{
	free(*out);
	*out = clean(s, strlen(s), 40, false);
	for (char *p = *out; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p -= 'a' - 'A';
}

/* 0 where it can't be told: a time of no zone says nothing to anybody elsewhere. A date is its midnight in UTC. */
static int64_t
instant(struct ics_zones *z, const struct ics_line *l, struct ics_time *t)
{
	int64_t ms;

	return ics_time_read(l, l->value, t) && ics_time_ms(z, t, t->date ? "UTC" : NULL, &ms, NULL) == 0 && ms > 0 ? ms : 0;
}

static void
read_property(struct ics_zones *z, const struct ics_line *l, struct itip_answer *a, const struct ics_line **duration)
{
	char partstat[40];
	struct ics_time t;

	if (strcmp(l->name, "UID") == 0)
		set_text(&a->uid, l, ITIP_FIELD_MAX, false);
	else if (strcmp(l->name, "SEQUENCE") == 0) {
		long n = strtol(l->value, NULL, 10);

		a->sequence = n > 0 && n <= INT_MAX ? (int)n : 0;
	} else if (strcmp(l->name, "DTSTAMP") == 0)
		a->dtstamp = instant(z, l, &t);
	else if (strcmp(l->name, "DTSTART") == 0) {
		a->starts = instant(z, l, &t);
		a->all_day = t.date;
	} else if (strcmp(l->name, "DTEND") == 0)
		a->ends = instant(z, l, &t);
	else if (strcmp(l->name, "DURATION") == 0)
		*duration = l;
	else if (strcmp(l->name, "RECURRENCE-ID") == 0)
		a->recurrence = instant(z, l, &t);
	else if (strcmp(l->name, "RRULE") == 0 || strcmp(l->name, "RDATE") == 0)
		a->repeats = true;
	else if (strcmp(l->name, "ATTENDEE") == 0 && a->attendee == NULL) {
		set_address(&a->attendee, l);
		if (ics_param(l, "PARTSTAT", partstat, sizeof(partstat)))
			set_upper(&a->partstat, partstat);
	} else if (strcmp(l->name, "ORGANIZER") == 0)
		set_address(&a->organizer, l);
	else if (strcmp(l->name, "SUMMARY") == 0)
		set_text(&a->summary, l, ITIP_FIELD_MAX, false);
	else if (strcmp(l->name, "LOCATION") == 0)
		set_text(&a->location, l, ITIP_FIELD_MAX, false);
	else if (strcmp(l->name, "COMMENT") == 0)
		set_text(&a->comment, l, ITIP_TEXT_MAX, true);
}

static int
read_method(const struct ics *x, struct itip_answer *a, struct lp_err *err)
{
	static const char *const known[] = { "REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH", "REQUEST", "CANCEL" };

	for (size_t i = 1; i < x->n && a->method == NULL; i++) {
		if (strcmp(x->line[i].name, "BEGIN") == 0)
			i = ics_end(x, i);
		else if (strcmp(x->line[i].name, "METHOD") == 0)
			set_upper(&a->method, x->line[i].value);
	}
	if (a->method == NULL)
		return lp_fail(err, LP_DATA, "the calendar object has no METHOD");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(a->method, known[i]) == 0)
			return 0;
	return lp_fail(err, LP_DATA, "the calendar object's METHOD '%s' is no answer and no invitation", a->method);
}

static int
read_event(const struct ics *x, struct itip_answer *a, struct lp_err *err)
{
	const struct ics_line *duration = NULL;
	struct ics_zones *z;
	int64_t days, ms;
	size_t i = 0, end;

	while (i < x->n && !ics_is(&x->line[i], "BEGIN", "VEVENT"))
		i++;
	if (i == x->n)
		return lp_fail(err, LP_DATA, "the calendar object has no VEVENT");
	z = ics_zones_new(x);
	end = ics_end(x, i);
	for (size_t k = i + 1; k < end; k++) {
		if (strcmp(x->line[k].name, "BEGIN") == 0)
			k = ics_end(x, k);
		else
			read_property(z, &x->line[k], a, &duration);
	}
	ics_zones_free(z);
	if (a->starts == 0 || a->ends <= a->starts)
		a->ends = 0;
	if (a->starts != 0 && a->ends == 0 && duration != NULL && ics_duration(duration->value, &days, &ms) && days * LP_DAY + ms > 0)
		a->ends = a->starts + days * LP_DAY + ms;
	if (a->uid == NULL || *a->uid == '\0')
		return lp_fail(err, LP_DATA, "the calendar object's event has no UID");
	return 0;
}

int
itip_read(const char *text, struct itip_answer *a, struct lp_err *err)
{
	size_t n = strlen(text);
	struct ics x;
	int r = -1;

	*a = (struct itip_answer){ 0 };
	if (n > ITIP_SIZE_MAX)
		return lp_fail(err, LP_DATA, "a calendar object of more than %zu MB", ITIP_SIZE_MAX >> 20);
	if (ics_lex(text, n, &x, err) == -1)
		lp_err_prefix(err, "the calendar object");
	else if (read_method(&x, a, err) == 0)
		r = read_event(&x, a, err);
	ics_clear(&x);
	return r;
}

void
itip_answer_clear(struct itip_answer *a)
{
	free(a->method);
	free(a->uid);
	free(a->attendee);
	free(a->partstat);
	free(a->organizer);
	free(a->summary);
	free(a->location);
	free(a->comment);
	*a = (struct itip_answer){ 0 };
}
