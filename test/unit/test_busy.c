/* The times that an .ics file says are taken: each case is the inside of a VCALENDAR and the spans of one window. */
#include "unit.h"

#include <unistd.h>

#include "calendar/busy.h"

static struct lp_err err;

#define HEAD "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
#define TAIL "END:VCALENDAR\r\n"
#define EVENT(lines) "BEGIN:VEVENT\r\nUID:u1\r\n" lines "END:VEVENT\r\n"
#define OUTLOOK \
	"BEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\n" \
	"TZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n" \
	"DTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r\n" \
	"END:DAYLIGHT\r\nEND:VTIMEZONE\r\n"

/* "11-23 09:00/10:00 11-24 09:00/10:00", in UTC. */
static void
shown(const struct busy_span *s, size_t n, struct buf *b)
{
	char from[LP_ISO_SIZE], until[LP_ISO_SIZE];

	buf_reset(b);
	for (size_t i = 0; i < n; i++) {
		lp_iso(s[i].from, from);
		lp_iso(s[i].until, until);
		buf_printf(b, "%s%.5s %.5s/", i > 0 ? " " : "", from + 5, from + 11);
		if (strncmp(from, until, 10) != 0)
			buf_printf(b, "%.5s ", until + 5);
		buf_printf(b, "%.5s", until + 11);
	}
}

static void
taken(const char *from, const char *until, const char *inside, const char *want)
{
	char *text = xasprintf(HEAD "%s" TAIL, inside);
	struct busy_span *s;
	struct buf b = { 0 };
	size_t n;

	if (busy_read(text, strlen(text), "Europe/Berlin", ms(from), ms(until), &s, &n, &err) == -1)
		fail_msg("%s\n%s", err.msg, inside);
	shown(s, n, &b);
	if (strcmp(buf_str(&b), want) != 0)
		fail_msg("'%s' is not '%s':\n%s", buf_str(&b), want, inside);
	buf_free(&b);
	free(s);
	free(text);
}

/* The week of monday, 23 November. */
static void
week(const char *inside, const char *want)
{
	taken("2026-11-23T00:00Z", "2026-11-30T00:00Z", inside, want);
}

static void
test_events(void **state)
{
	(void)state;
	week("", "");
	week(EVENT("DTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z\r\n"), "11-24 09:00/10:00");
	week(EVENT("DTSTART;TZID=Europe/Berlin:20261124T090000\r\nDURATION:PT90M\r\n"), "11-24 08:00/09:30");
	week(EVENT("DTSTART:20261124T090000\r\nDTEND:20261124T100000\r\n"), "11-24 08:00/09:00");
	week("X-WR-TIMEZONE:America/New_York\r\n" EVENT("DTSTART:20261124T090000\r\nDTEND:20261124T100000\r\n"), "11-24 14:00/15:00");
	week(EVENT("DTSTART:20261124T090000Z\r\nDTEND:20261124T090000Z\r\n"), "");
	week(EVENT("DTSTART:20261124T090000Z\r\n"), "");
	week(EVENT("DTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z\r\nTRANSP:TRANSPARENT\r\n"), "");
	week(EVENT("DTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z\r\nSTATUS:CANCELLED\r\n"), "");
	week(EVENT("DTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z\r\nSTATUS:TENTATIVE\r\nTRANSP:OPAQUE\r\n"), "11-24 09:00/10:00");
	/* only the event's own properties count */
	week(EVENT("DTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z\r\nBEGIN:VALARM\r\nTRANSP:TRANSPARENT\r\nEND:VALARM\r\n"), "11-24 09:00/10:00");
	/* days are of the zone */
	week(EVENT("DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261126\r\n"), "11-23 23:00/11-25 23:00");
	week(EVENT("DTSTART;VALUE=DATE:20261124\r\n"), "11-23 23:00/11-24 23:00");
	week(EVENT("DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261124\r\n"), "11-23 23:00/11-24 23:00");
	week(EVENT("DTSTART;VALUE=DATE:20261124\r\nDURATION:P2D\r\n"), "11-23 23:00/11-25 23:00");
	/* the window: what touches it, what only ends or begins at its edge */
	week(EVENT("DTSTART:20261101T000000Z\r\nDTEND:20261123T000100Z\r\n"), "11-01 00:00/11-23 00:01");
	week(EVENT("DTSTART:20261122T230000Z\r\nDTEND:20261123T000000Z\r\n"), "");
	week(EVENT("DTSTART:20261130T000000Z\r\nDTEND:20261130T010000Z\r\n"), "");
	/* one after the other is one */
	week(EVENT("DTSTART:20261124T100000Z\r\nDTEND:20261124T110000Z\r\n") EVENT("DTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z\r\n"),
	    "11-24 09:00/11:00");
	/* VTODO and VJOURNAL take no time */
	week("BEGIN:VTODO\r\nDTSTART:20261124T090000Z\r\nDUE:20261124T100000Z\r\nEND:VTODO\r\n", "");
}

static void
test_zones(void **state)
{
	(void)state;
	/* a VTIMEZONE that no zone file knows, before and after the change of the clocks, also when it comes after the event */
	week(OUTLOOK EVENT("DTSTART;TZID=W. Europe Standard Time:20261124T100000\r\nDURATION:PT1H\r\n"), "11-24 09:00/10:00");
	week(EVENT("DTSTART;TZID=\"W. Europe Standard Time\":20261124T100000\r\nDURATION:PT1H\r\n") OUTLOOK, "11-24 09:00/10:00");
	taken("2026-07-01T00:00Z", "2026-07-03T00:00Z", OUTLOOK EVENT("DTSTART;TZID=W. Europe Standard Time:20260702T100000\r\nDURATION:PT1H\r\n"),
	    "07-02 08:00/09:00");
	week(EVENT("DTSTART;TZID=/x.example/20260101_1/Europe/Berlin:20261124T100000\r\nDURATION:PT1H\r\n"), "11-24 09:00/10:00");
	/* every week at ten by the wall clock: an hour later in UTC after the 25th of October */
	taken("2026-10-19T00:00Z", "2026-11-01T00:00Z",
	    EVENT("DTSTART;TZID=Europe/Berlin:20260105T100000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;BYDAY=TU\r\n"), "10-20 08:00/09:00 10-27 09:00/10:00");
	taken("2026-10-19T00:00Z", "2026-11-01T00:00Z",
	    OUTLOOK EVENT("DTSTART;TZID=W. Europe Standard Time:20260105T100000\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY;BYDAY=TU\r\n"),
	    "10-20 08:00/09:00 10-27 09:00/10:00");
	taken("2026-10-24T00:00Z", "2026-10-27T00:00Z", EVENT("DTSTART;VALUE=DATE:20261020\r\nRRULE:FREQ=DAILY;COUNT=6\r\n"),
	    "10-23 22:00/10-25 23:00");
}

#define NINE "DTSTART;TZID=Europe/Berlin:20261102T100000\r\nDTEND;TZID=Europe/Berlin:20261102T110000\r\n"

static void
test_rules(void **state)
{
	(void)state;
	week(EVENT(NINE "RRULE:FREQ=WEEKLY;BYDAY=MO,WE\r\n"), "11-23 09:00/10:00 11-25 09:00/10:00");
	week(EVENT(NINE "RRULE:FREQ=WEEKLY;INTERVAL=2\r\n"), "");
	week(EVENT(NINE "RRULE:FREQ=WEEKLY;INTERVAL=3\r\n"), "11-23 09:00/10:00");
	week(EVENT(NINE "RRULE:FREQ=MONTHLY;BYDAY=-1FR\r\n"), "11-27 09:00/10:00");
	week(EVENT(NINE "RRULE:FREQ=MONTHLY;BYMONTHDAY=24\r\n"), "11-24 09:00/10:00");
	week(EVENT("DTSTART:20061124T090000Z\r\nDURATION:PT1H\r\nRRULE:FREQ=YEARLY\r\n"), "11-24 09:00/10:00");
	week(EVENT(NINE "RRULE:FREQ=DAILY;COUNT=23\r\n"), "11-23 09:00/10:00 11-24 09:00/10:00");
	/* UNTIL, in UTC, of the day, by the wall clock */
	week(EVENT(NINE "RRULE:FREQ=DAILY;UNTIL=20261124T090000Z\r\n"), "11-23 09:00/10:00 11-24 09:00/10:00");
	week(EVENT(NINE "RRULE:FREQ=DAILY;UNTIL=20261124T085959Z\r\n"), "11-23 09:00/10:00");
	week(EVENT(NINE "RRULE:FREQ=DAILY;UNTIL=20261124\r\n"), "11-23 09:00/10:00 11-24 09:00/10:00");
	week(EVENT(NINE "RRULE:FREQ=DAILY;UNTIL=20261124T095959\r\n"), "11-23 09:00/10:00");
	week(EVENT(NINE "RRULE:FREQ=DAILY;UNTIL=20261101T000000Z\r\n"), "");
	/* exceptions and further dates */
	week(EVENT(NINE "RRULE:FREQ=DAILY;UNTIL=20261126T230000Z\r\nEXDATE;TZID=Europe/Berlin:20261123T100000,20261125T100000\r\n"
	    "EXDATE;VALUE=DATE:20261126\r\n"), "11-24 09:00/10:00");
	week(EVENT(NINE "RDATE;TZID=Europe/Berlin:20261124T100000,20261125T120000\r\nRDATE;VALUE=PERIOD:20261126T090000Z/PT30M,20261126T100000Z/20261126T101500Z\r\n"),
	    "11-24 09:00/10:00 11-25 11:00/12:00 11-26 09:00/09:30 11-26 10:00/10:15");
	/* longer than a day, begun before the window */
	week(EVENT("DTSTART:20261106T180000Z\r\nDTEND:20261109T060000Z\r\nRRULE:FREQ=WEEKLY\r\n"), "11-20 18:00/11-23 06:00 11-27 18:00/11-30 06:00");
	taken("2026-11-22T00:00Z", "2026-11-23T07:00Z", EVENT("DTSTART:20261106T180000Z\r\nDTEND:20261109T060000Z\r\nRRULE:FREQ=WEEKLY\r\n"),
	    "11-20 18:00/11-23 06:00");
	/* never, by a rule that no day fits */
	week(EVENT(NINE "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\n"), "");
	week(EVENT(NINE "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30\r\n"), "");
	week(EVENT(NINE "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5\r\n"), "");
	week(EVENT(NINE "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\n"), "");
}

static void
test_moved(void **state)
{
	(void)state;
	/* one moved, one called off, one made free, one that is nobody's */
	week(EVENT(NINE "RRULE:FREQ=DAILY\r\n")
	    EVENT("RECURRENCE-ID;TZID=Europe/Berlin:20261124T100000\r\nDTSTART:20261124T150000Z\r\nDTEND:20261124T153000Z\r\n")
	    EVENT("RECURRENCE-ID:20261125T090000Z\r\nDTSTART:20261125T090000Z\r\nDTEND:20261125T100000Z\r\nSTATUS:CANCELLED\r\n")
	    EVENT("RECURRENCE-ID:20261126T090000Z\r\nDTSTART:20261126T090000Z\r\nDTEND:20261126T100000Z\r\nTRANSP:TRANSPARENT\r\n")
	    "BEGIN:VEVENT\r\nUID:u2\r\nRECURRENCE-ID:20261127T090000Z\r\nDTSTART:20261127T120000Z\r\nDURATION:PT5M\r\nEND:VEVENT\r\n",
	    "11-23 09:00/10:00 11-24 15:00/15:30 11-27 09:00/10:00 11-27 12:00/12:05 11-28 09:00/10:00 11-29 09:00/10:00");
	/* of days */
	week(EVENT("DTSTART;VALUE=DATE:20261123\r\nRRULE:FREQ=DAILY;COUNT=2\r\n")
	    EVENT("RECURRENCE-ID;VALUE=DATE:20261124\r\nDTSTART;VALUE=DATE:20261126\r\n"), "11-22 23:00/11-23 23:00 11-25 23:00/11-26 23:00");
}

static void
test_freebusy(void **state)
{
	(void)state;
	week("BEGIN:VFREEBUSY\r\nDTSTART:20261123T000000Z\r\nDTEND:20261130T000000Z\r\n"
	    "FREEBUSY:20261123T090000Z/20261123T100000Z,20261123T120000Z/PT1H30M\r\n"
	    "FREEBUSY;FBTYPE=FREE:20261124T090000Z/PT8H\r\n"
	    "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261125T090000Z/PT1H\r\n"
	    "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20261126T200000Z/P1D\r\nEND:VFREEBUSY\r\n",
	    "11-23 09:00/10:00 11-23 12:00/13:30 11-25 09:00/10:00 11-26 20:00/11-27 20:00");
}

static void
bad_text(const char *text, size_t len, const char *why)
{
	struct busy_span *s = NULL;
	size_t n = 0;

	if (busy_read(text, len, "Europe/Berlin", ms("2026-11-23T00:00Z"), ms("2026-11-30T00:00Z"), &s, &n, &err) != -1)
		fail_msg("read: %s", text);
	assert_int_equal(err.kind, LP_DATA);
	assert_null(s);
	if (strstr(err.msg, why) == NULL)
		fail_msg("'%s' has no '%s'", err.msg, why);
}

static void
bad(const char *inside, const char *why)
{
	char *text = xasprintf(HEAD "%s" TAIL, inside);

	bad_text(text, strlen(text), why);
	free(text);
}

/* Whatever decides and can't be read is an error on its line, never a free day. The event is on line 3, its first property on 5. */
static void
test_bad(void **state)
{
	struct buf b = { 0 };

	(void)state;
	bad(EVENT("SUMMARY:x\r\n"), "line 3: an event without DTSTART");
	bad(EVENT("DTSTART:tomorrow\r\n"), "line 5: DTSTART: 'tomorrow' is not a time");
	bad(EVENT("DTSTART:20261131T090000Z\r\n"), "line 5: DTSTART");
	bad(EVENT("DTSTART:20261124T250000Z\r\n"), "line 5: DTSTART");
	bad(EVENT("DTSTART:20261124T090000Zjunk\r\n"), "line 5: DTSTART");
	bad(EVENT("SUMMARY:folded\r\n  here\r\nDTSTART:20261124T090000Z\r\nDTEND:soon\r\n"), "line 8: DTEND: 'soon'");
	bad(EVENT("DTSTART:20261124T090000Z\r\nDTEND:20261124T080000Z\r\n"), "line 6: DTEND");
	bad(EVENT("DTSTART:20261124T090000Z\r\nDURATION:1H\r\n"), "line 6: DURATION");
	bad(EVENT("DTSTART:20261124T090000Z\r\nDURATION:-PT1H\r\n"), "line 6: DURATION");
	bad(EVENT("DTSTART:20261124T090000Z\r\nDURATION:P99999999999999D\r\n"), "line 6: DURATION");
	bad(EVENT("DTSTART;TZID=Nowhere:20261124T090000\r\nDURATION:PT1H\r\n"), "line 5: unknown time zone 'Nowhere'");
	bad(EVENT(NINE "RRULE:FREQ=SOMETIMES\r\n"), "line 7: the rule 'FREQ=SOMETIMES'");
	bad(EVENT(NINE "RRULE:FREQ=DAILY;UNTIL=never\r\n"), "line 7: the rule");
	bad(EVENT(NINE "RRULE:FREQ=DAILY;INTERVAL=0\r\n"), "line 7: the rule");
	bad(EVENT(NINE "RRULE:FREQ=DAILY;RSCALE=CHINESE\r\n"), "line 7: the rule");
	bad(EVENT(NINE "RRULE:FREQ=SECONDLY\r\n"), "line 7: the rule 'FREQ=SECONDLY' repeats too often");
	bad(EVENT("DTSTART:19700101T000000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=MINUTELY;COUNT=9999999\r\n"), "too often");
	bad(EVENT(NINE "EXDATE:20261124T090000Z,x\r\nRRULE:FREQ=DAILY\r\n"), "line 7: EXDATE");
	bad(EVENT(NINE "RDATE:x\r\n"), "line 7: RDATE");
	bad(EVENT(NINE "RDATE;VALUE=PERIOD:20261124T090000Z/x\r\n"), "line 7: RDATE");
	bad(EVENT("RECURRENCE-ID:x\r\n" NINE), "line 5: RECURRENCE-ID");
	bad("BEGIN:VFREEBUSY\r\nFREEBUSY:20261123T090000Z\r\nEND:VFREEBUSY\r\n", "line 4: FREEBUSY");
	/* zones that are none, or are built to keep a reader busy */
#define ZONE(rule) "BEGIN:VTIMEZONE\r\nTZID:Z\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n" rule \
	"END:STANDARD\r\nEND:VTIMEZONE\r\n" EVENT("DTSTART;TZID=Z:20261124T090000\r\nDURATION:PT1H\r\n")
	week(ZONE(""), "11-24 08:00/09:00");
	week(ZONE("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;BYHOUR=2;BYMINUTE=0\r\n"), "11-24 08:00/09:00");
	bad(ZONE("RRULE:FREQ=SECONDLY\r\n"), "the VTIMEZONE 'Z' on line 3 can't be read");
	bad(ZONE("RRULE:FREQ=YEARLY;BYMONTH=1;BYHOUR=1,2,3;BYMINUTE=1,2\r\n"), "VTIMEZONE 'Z'");
	bad(ZONE("RRULE:x\r\n"), "VTIMEZONE 'Z'");
	bad("BEGIN:VTIMEZONE\r\nTZID:Z\r\nEND:VTIMEZONE\r\n" EVENT("DTSTART;TZID=Z:20261124T090000\r\nDURATION:PT1H\r\n"), "VTIMEZONE 'Z'");
	/* what is long over or far ahead needs no zone */
	week(EVENT("DTSTART;TZID=Nowhere:20201124T090000\r\nDTEND;TZID=Nowhere:20201124T100000\r\n")
	    EVENT("DTSTART;TZID=Nowhere:20301124T090000\r\nDTEND;TZID=Nowhere:20301124T100000\r\n"), "");
	/* the frame */
	bad_text("", 0, "line 1");
	bad_text("<html>", 6, "line 1");
	bad_text("HTTP/1.1 401 Unauthorized\r\nX: y\r\n", 33, "not an iCalendar file");
	bad_text(HEAD EVENT(NINE), strlen(HEAD EVENT(NINE)), "line 1: the 'VCALENDAR' that begins here has no end: the file was cut off");
	bad_text(HEAD "BEGIN:VEVENT\r\nDTST", strlen(HEAD "BEGIN:VEVENT\r\nDTST"), "line 3: the 'VEVENT'");
	/* many rules: together they have a limit */
	buf_puts(&b, HEAD);
	for (int i = 0; i < 2000; i++)
		buf_puts(&b, EVENT("DTSTART:20200101T000000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=HOURLY\r\n"));
	buf_puts(&b, TAIL);
	bad_text(b.s, b.len, "repeats too often");
	buf_free(&b);
}

static void
test_file(void **state)
{
	char path[] = "/tmp/lp-busy-XXXXXX";
	int fd = mkstemp(path);
	struct busy_span *s;
	size_t n;
	FILE *f;

	(void)state;
	assert_int_not_equal(fd, -1);
	f = fdopen(fd, "w");
	fputs("\xef\xbb\xbf" HEAD EVENT(NINE "RRULE:FREQ=WEEKLY\r\n") TAIL, f);
	fflush(f);
	assert_int_equal(busy_file(path, "UTC", ms("2026-11-23T00:00Z"), ms("2026-11-30T00:00Z"), &s, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(s[0].from, ms("2026-11-23T09:00Z"));
	free(s);
	fputs("X-JUNK:1\r\n", f);
	fclose(f);
	assert_int_equal(busy_file(path, "UTC", ms("2026-11-23T00:00Z"), ms("2026-11-30T00:00Z"), &s, &n, &err), -1);
	assert_int_equal(err.kind, LP_DATA);
	assert_memory_equal(err.msg, path, strlen(path));
	assert_non_null(strstr(err.msg, ": line 10: "));
	unlink(path);
	assert_int_equal(busy_file(path, "UTC", 0, LP_DAY, &s, &n, &err), -1);
	assert_int_equal(err.kind, LP_NOINPUT);
	assert_int_equal(busy_file("/tmp", "UTC", 0, LP_DAY, &s, &n, &err), -1);
	assert_int_equal(busy_file(path, "UTC", 0, 2000 * LP_DAY, &s, &n, &err), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_events), cmocka_unit_test(test_zones), cmocka_unit_test(test_rules),
		cmocka_unit_test(test_moved), cmocka_unit_test(test_freebusy), cmocka_unit_test(test_bad), cmocka_unit_test(test_file) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
