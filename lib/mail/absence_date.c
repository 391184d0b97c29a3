/* absence_date.c - a date in a sentence: "14 March", "14.03.", "lundi 3 avril 2026", "den 14. marts", "3/14", "2026-03-14", "Monday",
 * "week 12". */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "mail/absence_int.h"

#define OVER 60    /* days for which a date without a year is taken for past, not for next year's */
#define FARTHEST 366

bool
token_is(const struct token *t, const char *list)
{
	for (const char *s = list; (s = strchr(s, '|')) != NULL && s[1] != '\0';) {
		s++;
		if (strncmp(s, t->s, t->len) == 0 && s[t->len] == '|')
			return true;
	}
	return false;
}

/* January is 1; whole names and the usual short ones, in thirteen languages, accents off. */
static int
month(const struct token *t)
{
	static const char *const names[] = {
		"|january|jan|januar|janner|jaenner|janvier|janv|enero|ene|janeiro|gennaio|gen|januari|stycznia|styczen|sty|tammikuuta|"
		    "tammikuun|tammikuu|tammi|",
		"|february|feb|februar|feber|fevrier|fevr|fev|febrero|fevereiro|febbraio|februari|lutego|luty|lut|helmikuuta|helmikuun|"
		    "helmikuu|helmi|",
		"|march|mar|marz|maerz|mrz|mars|marzo|marco|maart|mrt|marca|marzec|marts|maaliskuuta|maaliskuun|maaliskuu|maalis|",
		"|april|apr|avril|avr|abril|abr|aprile|kwietnia|kwiecien|kwi|huhtikuuta|huhtikuun|huhtikuu|huhti|",
		"|may|mai|mayo|maio|maggio|mag|mei|maja|maj|toukokuuta|toukokuun|toukokuu|touko|",
		"|june|jun|juni|juin|junio|junho|giugno|giu|czerwca|czerwiec|cze|kesakuuta|kesakuun|kesakuu|kesa|",
		"|july|jul|juli|juillet|juil|julio|julho|luglio|lug|lipca|lipiec|lip|heinakuuta|heinakuun|heinakuu|heina|",
		"|august|aug|aout|agosto|ago|augustus|sierpnia|sierpien|sie|augusti|elokuuta|elokuun|elokuu|elo|",
		"|september|sep|sept|septembre|septiembre|setembro|set|settembre|wrzesnia|wrzesien|wrz|syyskuuta|syyskuun|syyskuu|syys|",
		"|october|oct|oktober|okt|octobre|octubre|outubro|out|ottobre|ott|pazdziernika|pazdziernik|paz|lokakuuta|lokakuun|lokakuu|"
		    "loka|",
		"|november|nov|novembre|noviembre|novembro|listopada|listopad|lis|marraskuuta|marraskuun|marraskuu|marras|",
		"|december|dec|dezember|dez|decembre|diciembre|dic|dezembro|dicembre|grudnia|grudzien|gru|joulukuuta|joulukuun|joulukuu|"
		    "joulu|",
	};

	if (t->len < 3)
		return 0;
	for (int i = 0; i < 12; i++)
		if (token_is(t, names[i]))
			return i + 1;
	return 0;
}

/* Monday is 1. */
static int
weekday(const struct token *t)
{
	static const char *const names[] = {
		"|monday|mondays|montag|montags|lundi|lunes|segunda|lunedi|maandag|poniedzialek|poniedzialku|poniedzialkiem|mandag|"
		    "maanantai|maanantaina|maanantaihin|",
		"|tuesday|dienstag|mardi|martes|terca|martedi|dinsdag|wtorek|wtorku|tisdag|tirsdag|tiistai|tiistaina|tiistaihin|",
		"|wednesday|mittwoch|mercredi|miercoles|quarta|mercoledi|woensdag|sroda|srode|srody|onsdag|keskiviikko|keskiviikkona|"
		    "keskiviikkoon|",
		"|thursday|donnerstag|jeudi|jueves|quinta|giovedi|donderdag|czwartek|czwartku|torsdag|torstai|torstaina|torstaihin|",
		"|friday|freitag|vendredi|viernes|sexta|venerdi|vrijdag|piatek|piatku|fredag|perjantai|perjantaina|perjantaihin|",
		"|saturday|samstag|sonnabend|samedi|sabado|sabato|zaterdag|sobota|sobote|soboty|lordag|lauantai|lauantaina|lauantaihin|",
		"|sunday|sonntag|dimanche|domingo|domenica|zondag|niedziela|niedziele|niedzieli|sondag|sunnuntai|sunnuntaina|sunnuntaihin|",
	};

	for (int i = 0; i < 7; i++)
		if (token_is(t, names[i]))
			return i + 1;
	return 0;
}

bool
date_short_weekday(const struct token *t)
{
	return token_is(t, "|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|mie|jue|vie|sab|"
	                   "dom|seg|ter|qua|qui|sex|ma|"
	                   "wo|vr|za|zo|pon|wt|sr|czw|pt|sob|ndz|man|tis|ons|tor|tors|fre|lor|son|ti|ke|to|pe|la|su|");
}

static int
days_in(int y, int m)
{
	return (int)(lp_days_from_civil(m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, 1) - lp_days_from_civil(y, m, 1));
}

/* Year 0: the next such date, or -1 where it was only just. */
static int64_t
resolve(int y, int m, int d, int64_t today)
{
	int ty, tm, td;
	int64_t day;

	lp_civil_from_days(today, &ty, &tm, &td);
	if (y > 0 && y < 100)
		y += 2000;
	if (m < 1 || m > 12 || d < 1 || d > days_in(y != 0 ? y : 2024, m))
		return INT64_MIN;
	if (y != 0)
		day = lp_days_from_civil(y, m, d);
	else {
		day = lp_days_from_civil(ty, m, d);
		if (day < today - OVER)
			day = lp_days_from_civil(ty + 1, m, d);
		else if (day > today + FARTHEST - OVER) /* in January, "28 December" was last month */
			day = lp_days_from_civil(ty - 1, m, d);
	}
	return day < today || day > today + FARTHEST ? -1 : day;
}

static bool
is_year(const struct token *t)
{
	return t->number >= 2000 && t->number < 2100;
}

static bool
ordinal(const struct token *t)
{
	return token_is(t, "|st|nd|rd|th|er|o|a|e|de|of|den|ste|del|do|di|da|");
}

static bool
done(struct date *d, size_t from, size_t to, int64_t day)
{
	d->from = from;
	d->to = to;
	d->day = day;
	d->soft = false;
	return day != INT64_MIN;
}

/* A year behind a month's name, also "de 2026". */
static int
year_behind(const struct token *t, size_t n, size_t *at)
{
	size_t i = *at;

	if (i < n && token_is(&t[i], "|de|del|do|"))
		i++;
	if (i < n && is_year(&t[i])) {
		*at = i + 1;
		return t[i].number;
	}
	return 0;
}

/* "14 March", "14th of March 2026", "14. März", "1er avril", "14 de marzo de 2026". */
static bool
day_month(const struct token *t, size_t n, size_t i, int64_t today, struct date *d)
{
	size_t at = i + 1;
	int m, y;

	if (t[i].number < 1 || t[i].number > 31)
		return false;
	while (at < n && at < i + 3 && ordinal(&t[at]))
		at++;
	if (at >= n || (m = month(&t[at])) == 0)
		return false;
	at++;
	y = year_behind(t, n, &at);
	return done(d, i, at, resolve(y, m, t[i].number, today));
}

/* "March 14th, 2026", "March the 14th". */
static bool
month_day(const struct token *t, size_t n, size_t i, int64_t today, struct date *d)
{
	int m = month(&t[i]), y;
	size_t at = i + 1;

	if (at < n && token_is(&t[at], "|the|"))
		at++;
	if (m == 0 || at >= n || t[at].number < 1 || t[at].number > 31)
		return false;
	d->to = at++;
	while (at < n && token_is(&t[at], "|st|nd|rd|th|"))
		at++;
	y = year_behind(t, n, &at);
	return done(d, i, at, resolve(y, m, t[d->to].number, today));
}

/* "14.03.2026", "14.3.", "14/03", "14-03-2026", "2026-03-14". */
static bool
numbers(const struct token *t, size_t n, size_t i, int64_t today, bool english, struct date *d)
{
	char mark = t[i].mark;
	int a = t[i].number, b, y = 0;
	int64_t one, other;
	size_t to = i + 2;

	if (a < 1 || i + 1 >= n || t[i + 1].number < 1 || mark == '\0' || strchr("./-", mark) == NULL)
		return false;
	b = t[i + 1].number;
	if (is_year(&t[i]))
		return i + 2 < n && t[i + 1].mark == mark && t[i + 2].number > 0 &&
		       done(d, i, i + 3, resolve(a, b, t[i + 2].number, today));
	if (t[i + 1].mark == mark && i + 2 < n && (is_year(&t[i + 2]) || (t[i + 2].number >= 20 && t[i + 2].len == 2))) {
		y = t[i + 2].number;
		to = i + 3;
	} else if (mark == '-' || (mark == '.' && t[i + 1].mark != '.' && t[i + 1].len < 2))
		return false; /* "10-12", "3.5" */
	one = resolve(y, b, a, today);
	if (mark != '/' || (!english && one != INT64_MIN))
		return done(d, i, to, one);
	other = resolve(y, a, b, today);
	if (one < 0 || (other >= 0 && other < one))
		one = other;
	return done(d, i, to, one);
}

/* "the 14th", "zum 14.", "le 14", "den 14.": only where the word before it says that it is a day. */
static bool
day_alone(const struct token *t, size_t n, size_t i, int64_t today, struct date *d)
{
	int y, m, dd;

	if (i == 0 || t[i].number < 1 || t[i].number > 31 || t[i].mark == ':' || t[i].mark == '/' ||
	    !token_is(&t[i - 1], "|the|zum|dem|am|den|le|au|el|al|dia|il|dal|de|dnia|del|"))
		return false;
	if (token_is(&t[i - 1], "|the|") && !(i + 1 < n && token_is(&t[i + 1], "|st|nd|rd|th|")))
		return false;
	if (token_is(&t[i - 1], "|zum|dem|am|den|") && t[i].mark != '.')
		return false;
	if (i + 1 < n && token_is(&t[i + 1], "|days|day|tage|tagen|jours|dias|giorni|dagen|dni|dagar|dage|uhr|h|heures|horas|ore|uur|am|"
	    "pm|hours|"))
		return false;
	lp_civil_from_days(today, &y, &m, &dd);
	if (t[i].number < dd) {
		y += m == 12;
		m = m == 12 ? 1 : m + 1;
	}
	return done(d, i, i + 1, resolve(y, m, t[i].number, today));
}

/* 1970-01-01 was a Thursday. */
static int
weekday_of(int64_t day)
{
	return (int)((day + 3) % 7) + 1;
}

static int64_t
next_monday(int64_t today)
{
	return today + 8 - weekday_of(today);
}

/* ISO 8601's week: the Monday of it. */
static int64_t
week_start(int week, int64_t today)
{
	int y, m, d;
	int64_t fourth, day;

	lp_civil_from_days(today, &y, &m, &d);
	for (int k = 0; k < 2; k++) {
		fourth = lp_days_from_civil(y + k, 1, 4);
		day = fourth - (weekday_of(fourth) - 1) + 7 * (int64_t)(week - 1);
		if (day >= today - 6)
			return day <= today ? -1 : day;
	}
	return -1;
}

/* "next week", "Week 12", "KW 12", "nächste Woche", "la semaine prochaine", "uge 12". */
static bool
week(const struct token *t, size_t n, size_t i, int64_t today, struct date *d)
{
	static const char weeks[] = "|week|woche|kw|kalenderwoche|semaine|semana|settimana|tydzien|tygodniu|vecka|veckan|uge|uke|viikolla|"
	    "viikko|v|";
	static const char next[] = "|next|nachste|nachster|nachsten|kommende|kommenden|naechste|prochaine|proxima|prossima|volgende|"
	    "przyszlym|nasta|naesta|naeste|neste|ensi|proxima|que|";

	if (i + 1 >= n)
		return false;
	if (token_is(&t[i], weeks) && t[i + 1].number >= 1 && t[i + 1].number <= 53 && t[i + 1].mark != ':')
		done(d, i, i + 2, week_start(t[i + 1].number, today));
	else if ((token_is(&t[i], next) && token_is(&t[i + 1], weeks)) || (token_is(&t[i], weeks) && token_is(&t[i + 1], next)))
		done(d, i, i + 2, next_monday(today));
	else
		return false;
	d->soft = true;
	return true;
}

/* "end of March", "Ende März", "fin mars": the 1st of the month that follows. "In April": its 1st. "mid-April": the 15th. */
static bool
month_alone(const struct token *t, size_t i, int64_t today, struct date *d)
{
	int m = month(&t[i]), y, ty, tm, td;
	bool ends, middle;
	size_t k = i;

	/* "mar" and "may" are too short or too common to stand alone */
	if (m == 0 || t[i].len < 4)
		return false;
	while (k > 0 && k + 3 > i && token_is(&t[k - 1], "|of|the|de|di|a|van|i|"))
		k--;
	ends = k > 0 && token_is(&t[k - 1], "|end|ende|fin|final|fim|fine|eind|einde|konca|koniec|slutet|slutten|udgangen|utgangen|");
	middle = k > 0 && token_is(&t[k - 1], "|mid|middle|mitte|mi|mediados|meados|meta|half|polowy|mitten|medio|midten|");
	lp_civil_from_days(today, &ty, &tm, &td);
	y = m < tm || (m == tm && !ends && !middle) ? ty + 1 : ty;
	if (ends) {
		y += m == 12;
		m = m == 12 ? 1 : m + 1;
	}
	done(d, ends || middle ? k - 1 : i, i + 1, resolve(y, m, middle ? 15 : 1, today));
	d->soft = true;
	return true;
}

bool
date_at(const struct token *t, size_t n, size_t i, int64_t today, bool english, struct date *d)
{
	size_t at = i;
	int w = weekday(&t[i]);

	/* "Monday, 14 March", "Montag, den 14.", "segunda-feira, dia 14": the date counts */
	if (w != 0)
		for (at = i + 1; at < n && at < i + 3 && token_is(&t[at], "|feira|the|den|dem|le|el|il|dnia|dia|d|de|"); at++)
			;
	if (at < n && (numbers(t, n, at, today, english, d) || day_month(t, n, at, today, d) || month_day(t, n, at, today, d))) {
		d->from = i;
		return true;
	}
	if (w != 0) {
		int ahead = (w - weekday_of(today) + 7) % 7;

		return done(d, i, i + 1, today + (ahead == 0 ? 7 : ahead));
	}
	if (week(t, n, i, today, d) || day_alone(t, n, i, today, d) || month_alone(t, i, today, d))
		return true;
	if (token_is(&t[i], "|tomorrow|demain|manana|amanha|domani|jutro|jutra|imorgon|huomenna|") ||
	    (token_is(&t[i], "|morgen|") && !(i > 0 && token_is(&t[i - 1], "|guten|goede|"))) || (token_is(&t[i], "|morgon|") && i > 0))
		return done(d, i, i + 1, today + 1);
	return false;
}
