/* Invitations made and read: the bytes, the zone's rules as another program resolves them, and answers of every kind. */
#include "unit.h"

#include <libical/ical.h>

#include "base/tz.h"
#include "calendar/itip.h"

static struct lp_err err;

static struct itip_event
event(const char *zone, int64_t starts)
{
	return (struct itip_event){ .method = "REQUEST", .uid = "0198f3a2@acme.example", .dtstamp = ms("2026-11-22T09:00Z"), .starts = starts,
		.ends = starts + 30 * LP_MINUTE, .zone = zone, .summary = "Call", .organizer = "ada@acme.example",
		.organizer_name = "Ada Park", .attendee = "bob@globex.example", .attendee_name = "Bob" };
}

static char *
made(const struct itip_event *e)
{
	char *s = itip_make(e, &err);

	if (s == NULL)
		fail_msg("%s", err.msg);
	return s;
}

static void
test_request(void **state)
{
	struct itip_event e = event("America/New_York", ms("2026-11-24T15:00Z"));
	char *s;

	(void)state;
	e.sequence = 2;
	e.summary = "Call; Ada, Bob \\ Müller";
	e.location = "https://meet.example/abc?x=1,2;3";
	e.description = "Hi Bob,\r\n\r\nthis is what we talk about: returns, and what they cost you on the way back to the shelf\n";
	e.attendee_name = "Müller, \"Bob\"";
	e.attendee = "bob+a%b@globex.example";
	s = made(&e);
	assert_string_equal(s,
	    "BEGIN:VCALENDAR\r\n"
	    "PRODID:-//LeadPilot//LeadPilot//EN\r\n"
	    "VERSION:2.0\r\n"
	    "CALSCALE:GREGORIAN\r\n"
	    "METHOD:REQUEST\r\n"
	    "BEGIN:VTIMEZONE\r\n"
	    "TZID:America/New_York\r\n"
	    "BEGIN:DAYLIGHT\r\n"
	    "DTSTART:20250309T020000\r\n"
	    "TZOFFSETFROM:-0500\r\n"
	    "TZOFFSETTO:-0400\r\n"
	    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\r\n"
	    "END:DAYLIGHT\r\n"
	    "BEGIN:STANDARD\r\n"
	    "DTSTART:20251102T020000\r\n"
	    "TZOFFSETFROM:-0400\r\n"
	    "TZOFFSETTO:-0500\r\n"
	    "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\r\n"
	    "END:STANDARD\r\n"
	    "END:VTIMEZONE\r\n"
	    "BEGIN:VEVENT\r\n"
	    "UID:0198f3a2@acme.example\r\n"
	    "DTSTAMP:20261122T090000Z\r\n"
	    "SEQUENCE:2\r\n"
	    "DTSTART;TZID=America/New_York:20261124T100000\r\n"
	    "DTEND;TZID=America/New_York:20261124T103000\r\n"
	    "SUMMARY:Call\\; Ada\\, Bob \\\\ Müller\r\n"
	    "LOCATION:https://meet.example/abc?x=1\\,2\\;3\r\n"
	    "DESCRIPTION:Hi Bob\\,\\n\\nthis is what we talk about: returns\\, and what they\r\n"
	    "  cost you on the way back to the shelf\\n\r\n"
	    "ORGANIZER;CN=Ada Park:mailto:ada@acme.example\r\n"
	    "ATTENDEE;CN=\"Müller, 'Bob'\";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTA\r\n"
	    " T=NEEDS-ACTION;RSVP=TRUE:mailto:bob+a%25b@globex.example\r\n"
	    "STATUS:CONFIRMED\r\n"
	    "TRANSP:OPAQUE\r\n"
	    "END:VEVENT\r\n"
	    "END:VCALENDAR\r\n");
	free(s);
}

static void
test_cancel(void **state)
{
	struct itip_event e = event("Asia/Kolkata", ms("2026-11-24T04:30Z"));
	char *s, *again;

	(void)state;
	e.method = "CANCEL";
	e.sequence = 1;
	s = made(&e);
	again = made(&e);
	assert_string_equal(s, again);
	assert_non_null(strstr(s, "\r\nMETHOD:CANCEL\r\n"));
	assert_non_null(strstr(s, "\r\nSEQUENCE:1\r\n"));
	assert_non_null(strstr(s, "\r\nSTATUS:CANCELLED\r\nTRANSP:TRANSPARENT\r\n"));
	assert_non_null(strstr(s, "\r\nATTENDEE;CN=Bob;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT:mailto:bob@globex."));
	assert_non_null(strstr(s, "\r\nDTSTART;TZID=Asia/Kolkata:20261124T100000\r\n"));
	assert_non_null(strstr(s, "\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\nEND:STANDARD\r\n"));
	assert_null(strstr(s, "DAYLIGHT"));
	assert_null(strstr(s, "RSVP"));
	free(s);
	free(again);
}

static void
test_refused(void **state)
{
	struct itip_event e;
	int64_t t = ms("2026-11-24T15:00Z");

	(void)state;
#define CASE(field, value, why) do { \
		e = event("Europe/Berlin", t); \
		e.field = (value); \
		err.kind = LP_OK; \
		assert_null(itip_make(&e, &err)); \
		assert_int_equal(err.kind, LP_DATA); \
		if (strstr(err.msg, (why)) == NULL) \
			fail_msg("'%s' has no '%s'", err.msg, (why)); \
	} while (0)
	CASE(method, "PUBLISH", "method");
	CASE(method, "REQUEST\r\nX", "method");
	CASE(method, NULL, "method");
	CASE(uid, "a\r\nATTENDEE:mailto:x@y.example", "uid");
	CASE(uid, "", "uid");
	CASE(uid, NULL, "uid");
	CASE(summary, "a\nb", "summary");
	CASE(summary, NULL, "summary");
	CASE(location, "a\rb", "location");
	CASE(location, "a\xc2\x85" "b", "location");
	CASE(description, "a\x01", "description");
	CASE(description, "a\rb", "description");
	CASE(description, "\xff", "description is not valid UTF-8");
	CASE(organizer_name, "Ada\r\nATTENDEE:mailto:x@y.example", "organizer's name");
	CASE(attendee_name, "Bob\nX", "attendee's name");
	CASE(organizer, "ada", "organizer");
	CASE(organizer, NULL, "organizer");
	CASE(attendee, "bob@globex.example\r\nX:y", "attendee");
	CASE(attendee, "bob@globex.example,eve@evil.example", "attendee");
	CASE(attendee, "a@b@c", "attendee");
	CASE(attendee, "b\xc3\xb6" "b@globex.example", "attendee");
	CASE(zone, NULL, "time zone");
	CASE(sequence, -1, "sequence");
	CASE(ends, t, "times");
	CASE(ends, t - LP_HOUR, "times");
	CASE(ends, t + 8 * LP_DAY, "times");
	CASE(starts, INT64_MIN, "times");
	CASE(starts, INT64_MAX, "times");
	CASE(dtstamp, INT64_MAX, "times");
#undef CASE
	e = event("Europe/berlin", t);
	assert_null(itip_make(&e, &err));
	assert_int_equal(err.kind, LP_CONFIG);
}

/* What a program that knows nothing but the object makes of a time in it. */
static int64_t
resolved(icalcomponent *cal, icalproperty_kind kind)
{
	icalcomponent *ev = icalcomponent_get_first_component(cal, ICAL_VEVENT_COMPONENT);
	icalproperty *p = icalcomponent_get_first_property(ev, kind);
	icalparameter *tzid = icalproperty_get_first_parameter(p, ICAL_TZID_PARAMETER);
	struct icaltimetype t = kind == ICAL_DTSTART_PROPERTY ? icalproperty_get_dtstart(p) : icalproperty_get_dtend(p);
	icaltimezone *zone = NULL;

	if (tzid != NULL) {
		zone = icalcomponent_get_timezone(cal, icalparameter_get_tzid(tzid));
		assert_non_null(zone);
	} else
		assert_true(icaltime_is_utc(t));
	return (int64_t)icaltime_as_timet_with_zone(t, zone != NULL ? zone : icaltimezone_get_utc_timezone()) * LP_SECOND;
}

static void
check_zone(const char *zone, int64_t starts)
{
	struct itip_event e = event(zone, starts);
	icalcomponent *cal;
	char *s, iso[LP_ISO_SIZE];

	e.ends = starts + 45 * LP_MINUTE;
	s = made(&e);
	for (const char *p = s, *end; *p != '\0'; p = end + 2) {
		end = strstr(p, "\r\n");
		assert_non_null(end);
		assert_true(end - p <= 75);
	}
	cal = icalparser_parse_string(s);
	assert_non_null(cal);
	assert_int_equal(icalcomponent_count_errors(cal), 0);
	if (resolved(cal, ICAL_DTSTART_PROPERTY) != e.starts || resolved(cal, ICAL_DTEND_PROPERTY) != e.ends)
		fail_msg("%s at %s:\n%s", zone, lp_iso(starts, iso), s);
	icalcomponent_free(cal);
	free(s);
}

/* Around every change of the year and in between, libical, with no zone files of its own, finds the same instants. */
static void
test_zones(void **state)
{
	static const char *const zones[] = { "Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "America/Sao_Paulo",
		"Africa/Casablanca", "Australia/Lord_Howe", "America/Santiago", "Asia/Jerusalem", "Europe/Dublin", "Pacific/Auckland",
		"Africa/Cairo", "America/St_Johns", "Asia/Kathmandu", "UTC" };
	static const char *const years[] = { "2018", "2026", "2027", "2040" };

	(void)state;
	for (size_t z = 0; z < sizeof(zones) / sizeof(zones[0]); z++)
		for (size_t y = 0; y < sizeof(years) / sizeof(years[0]); y++) {
			char iso[32];
			int64_t begin, at;

			snprintf(iso, sizeof(iso), "%s-01-01T00:00Z", years[y]);
			begin = ms(iso);
			for (int64_t t = begin; t < begin + 365 * LP_DAY; t += 7 * LP_DAY) {
				check_zone(zones[z], t + 11 * LP_HOUR);
				if (tz_change(zones[z], t, t + 7 * LP_DAY, &at, &err) == 1)
					for (int h = -4; h <= 4; h++)
						check_zone(zones[z], at + h * 30 * LP_MINUTE);
			}
		}
}

/* A wall clock of the hour that comes twice means its first time to some programs and its second to others: such a time goes in UTC. */
static void
test_twice(void **state)
{
	static const struct {
		const char *starts, *line;
	} cases[] = { { "2026-10-24T23:15Z", "DTSTART;TZID=Europe/Berlin:20261025T011500\r\nDTEND;TZID=Europe/Berlin:20261025T014500" },
		{ "2026-10-24T23:30Z", "DTSTART:20261024T233000Z\r\nDTEND:20261025T000000Z" },
		{ "2026-10-25T00:30Z", "DTSTART:20261025T003000Z\r\nDTEND:20261025T010000Z" },
		{ "2026-10-25T01:30Z", "DTSTART:20261025T013000Z\r\nDTEND:20261025T020000Z" },
		{ "2026-10-25T02:00Z", "DTSTART;TZID=Europe/Berlin:20261025T030000\r\nDTEND;TZID=Europe/Berlin:20261025T033000" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct itip_event e = event("Europe/Berlin", ms(cases[i].starts));
		char *s = made(&e);

		if (strstr(s, cases[i].line) == NULL)
			fail_msg("%s:\n%s", cases[i].starts, s);
		assert_int_equal(strstr(s, "VTIMEZONE") == NULL, strstr(s, "TZID") == NULL);
		free(s);
	}
}

/* Ramadan moves: no yearly rule, each change by itself. */
static void
test_casablanca(void **state)
{
	struct itip_event e = event("Africa/Casablanca", ms("2026-03-01T10:00Z"));
	char *s = made(&e);

	(void)state;
	assert_null(strstr(s, "RRULE"));
	assert_non_null(strstr(s, "\r\nDTSTART:20260215T030000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\n"));
	assert_non_null(strstr(s, "\r\nDTSTART:20260322T020000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n"));
	assert_non_null(strstr(s, "\r\nDTSTART;TZID=Africa/Casablanca:20260301T100000\r\n"));
	free(s);
}

/* ---- answers */

static struct itip_answer
answer(const char *text)
{
	struct itip_answer a;

	if (itip_read(text, &a, &err) == -1)
		fail_msg("%s", err.msg);
	return a;
}

#define REPLY(method, lines) \
	"BEGIN:VCALENDAR\r\nPRODID:-//X//EN\r\nVERSION:2.0\r\nMETHOD:" method "\r\nBEGIN:VEVENT\r\nUID:u1@acme.example\r\n" lines \
	"END:VEVENT\r\nEND:VCALENDAR\r\n"

static char *
data(const char *name)
{
	char *path = xasprintf("%s/test/data/calendar/%s", getenv("LP_TOP") != NULL ? getenv("LP_TOP") : ".", name), part[4096];
	FILE *f = fopen(path, "rb");
	struct buf b = { 0 };
	size_t n;

	if (f == NULL)
		fail_msg("no %s", path);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&b, part, n);
	fclose(f);
	free(path);
	return buf_steal(&b);
}

static void
test_answers(void **state)
{
	static const struct {
		const char *file, *method, *partstat, *attendee, *starts, *ends, *comment;
		int sequence;
	} cases[] = {
		{ "reply-google.ics", "REPLY", "ACCEPTED", "bob@globex.example", "2026-11-24T09:00Z", "2026-11-24T09:30Z", NULL, 0 },
		{ "reply-outlook.ics", "REPLY", "TENTATIVE", "bob.müller@globex.example", "2026-11-24T09:00Z", "2026-11-24T09:30Z",
		    "I may be late,\nten minutes; sorry", 2 },
		{ "reply-apple.ics", "REPLY", "DECLINED", "bob@globex.example", NULL, NULL, "Not this week", 1 },
		{ "counter-outlook.ics", "COUNTER", "TENTATIVE", "bob@globex.example", "2026-11-25T13:00Z", "2026-11-25T13:30Z",
		    "Wednesday works better", 0 },
		{ "cancel.ics", "CANCEL", NULL, "bob@globex.example", "2026-07-24T08:00Z", "2026-07-24T09:30Z", NULL, 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = data(cases[i].file);
		struct itip_answer a = answer(text);

		assert_string_equal(a.method, cases[i].method);
		assert_string_equal(a.uid, "0198f3a2-7c1e-7b52-9d63-6c1c3a0b7e55@acme.example");
		assert_string_equal(a.partstat != NULL ? a.partstat : "", cases[i].partstat != NULL ? cases[i].partstat : "");
		assert_string_equal(a.attendee, cases[i].attendee);
		assert_string_equal(a.organizer, "ada@acme.example");
		assert_int_equal(a.starts, cases[i].starts != NULL ? ms(cases[i].starts) : 0);
		assert_int_equal(a.ends, cases[i].ends != NULL ? ms(cases[i].ends) : 0);
		assert_int_equal(a.sequence, cases[i].sequence);
		assert_true(a.dtstamp > ms("2026-11-20T00:00Z"));
		assert_string_equal(a.comment != NULL ? a.comment : "", cases[i].comment != NULL ? cases[i].comment : "");
		assert_false(a.repeats);
		itip_answer_clear(&a);
		free(text);
	}
}

/* What we make we can read, whatever stands in it. */
static void
test_round(void **state)
{
	struct itip_event e = event("America/New_York", ms("2026-11-24T15:00Z"));
	struct itip_answer a;
	char *s;

	(void)state;
	e.uid = "a,b;c\\d@acme.example";
	e.summary = "Grüße, \\n; und eine lange Zeile, die an vielen Stellen gefaltet werden muß, ééééééééééééééééééééééééééééééééééééé";
	e.attendee = "Bob+a%b{x}@globex.example";
	e.sequence = 7;
	s = made(&e);
	a = answer(s);
	assert_string_equal(a.method, "REQUEST");
	assert_string_equal(a.uid, e.uid);
	assert_string_equal(a.summary, e.summary);
	assert_string_equal(a.attendee, "bob+a%b{x}@globex.example");
	assert_string_equal(a.partstat, "NEEDS-ACTION");
	assert_int_equal(a.sequence, 7);
	assert_int_equal(a.starts, e.starts);
	assert_int_equal(a.ends, e.ends);
	assert_int_equal(a.dtstamp, e.dtstamp);
	itip_answer_clear(&a);
	free(s);
}

static void
test_odd_answers(void **state)
{
	struct itip_answer a;

	(void)state;
	/* bare line feeds, no fold, lower case, a blank line, an alarm inside that has other times */
	a = answer("BEGIN:vcalendar\n\nmethod:reply\nbegin:VEVENT\nuid:u1\nBEGIN:VALARM\nDTSTART:20200101T000000Z\nUID:no\nEND:VALARM\n"
	    "dtstart:20261124T090000Z\nduration:PT45M\nattendee;partstat=accepted:MAILTO:Bob@Globex.example\nend:vevent\nEND:VCALENDAR");
	assert_string_equal(a.uid, "u1");
	assert_string_equal(a.method, "REPLY");
	assert_string_equal(a.partstat, "ACCEPTED");
	assert_int_equal(a.ends - a.starts, 45 * LP_MINUTE);
	itip_answer_clear(&a);
	a = answer(REPLY("REPLY", "DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261125\r\nRRULE:FREQ=SECONDLY\r\n"
	    "RECURRENCE-ID:20261124T090000Z\r\nSEQUENCE:99999999999999999999\r\n"
	    "ATTENDEE;CN=\"a;PARTSTAT=ACCEPTED:b\";PARTSTAT=DECLINED:ldap://x/bob\r\nSUMMARY:a\x01\xff\xc2\x85\r\n"));
	assert_true(a.all_day && a.repeats);
	assert_int_equal(a.starts, ms("2026-11-24T00:00Z"));
	assert_int_equal(a.recurrence, ms("2026-11-24T09:00Z"));
	assert_string_equal(a.partstat, "DECLINED");
	assert_null(a.attendee);
	assert_int_equal(a.sequence, 0);
	assert_string_equal(a.summary, "a ??");
	itip_answer_clear(&a);
	/* times that say nothing: no zone, an unknown one, no such day, an end before its start */
	a = answer(REPLY("COUNTER", "DTSTART:20261124T090000\r\nDTSTAMP:20261332T990000Z\r\n"));
	assert_int_equal(a.starts, 0);
	assert_int_equal(a.dtstamp, 0);
	itip_answer_clear(&a);
	a = answer(REPLY("COUNTER", "DTSTART;TZID=Nowhere:20261124T090000\r\n"));
	assert_int_equal(a.starts, 0);
	itip_answer_clear(&a);
	a = answer(REPLY("COUNTER", "DTSTART;TZID=/x.example/2026/Europe/Berlin:20261124T090000\r\nDTEND:20261124T070000Z\r\n"));
	assert_int_equal(a.starts, ms("2026-11-24T08:00Z"));
	assert_int_equal(a.ends, 0);
	itip_answer_clear(&a);
}

static void
unreadable(const char *text, const char *why)
{
	struct itip_answer a;

	assert_int_equal(itip_read(text, &a, &err), -1);
	assert_int_equal(err.kind, LP_DATA);
	if (strstr(err.msg, why) == NULL)
		fail_msg("'%s' has no '%s'", err.msg, why);
	itip_answer_clear(&a);
}

static void
test_unreadable(void **state)
{
	struct buf b = { 0 };
	struct itip_answer a;

	(void)state;
	unreadable("", "line 1: no VCALENDAR");
	unreadable("hello\n", "no VCALENDAR");
	unreadable("BEGIN:VEVENT\nEND:VEVENT\n", "line 1: 'VEVENT' outside");
	unreadable("BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:x\n", "line 3: the 'VEVENT' that begins here has no end");
	unreadable("BEGIN:VCALENDAR\nEND:VEVENT\n", "line 2");
	unreadable("BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n", "no VEVENT");
	unreadable("BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n", "no UID");
	unreadable("BEGIN:VCALENDAR\nBEGIN:VEVENT\nMETHOD:REPLY\nUID:x\nEND:VEVENT\nEND:VCALENDAR\n", "no METHOD");
	unreadable("BEGIN:VCALENDAR\nMETHOD:PUBLISH\nBEGIN:VEVENT\nUID:x\nEND:VEVENT\nEND:VCALENDAR\n", "'PUBLISH'");
	for (int i = 0; i < 100000; i++)
		buf_puts(&b, "BEGIN:VCALENDAR\n");
	assert_true(b.len > ITIP_SIZE_MAX);
	unreadable(b.s, "more than 1 MB");
	b.s[1000000] = '\0';
	unreadable(b.s, "nested");
	buf_reset(&b);
	buf_puts(&b, "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nATTENDEE");
	for (int i = 0; i < 100000; i++)
		buf_puts(&b, ";X=1");
	buf_puts(&b, ":mailto:x@y\nUID:x\nEND:VEVENT\nEND:VCALENDAR\n");
	unreadable(b.s, "line 4: 'ATTENDEE' has parameters");
	/* a megabyte of one comment, folded at every byte */
	buf_reset(&b);
	buf_puts(&b, "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:x\nCOMMENT:");
	for (int i = 0; i < 300000; i++)
		buf_puts(&b, "\n \xc3");
	buf_puts(&b, "\nEND:VEVENT\nEND:VCALENDAR\n");
	a = answer(b.s);
	assert_int_equal(strlen(a.comment), ITIP_TEXT_MAX);
	itip_answer_clear(&a);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_request), cmocka_unit_test(test_cancel), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_zones), cmocka_unit_test(test_twice), cmocka_unit_test(test_casablanca), cmocka_unit_test(test_answers),
		cmocka_unit_test(test_round), cmocka_unit_test(test_odd_answers), cmocka_unit_test(test_unreadable) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
