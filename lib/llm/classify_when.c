/* Days, times, months and numbers as replies name them, in the languages of the lexicon; words are folded and bare of accents. */
#include <string.h>

#include "llm/classify_int.h"

struct named {
	const char *s;
	int v;
};

static const struct named weekdays[] = { { "monday", 0 }, { "tuesday", 1 }, { "wednesday", 2 }, { "thursday", 3 }, { "friday", 4 }, { "saturday", 5 },
	{ "sunday", 6 }, { "mondays", 0 }, { "tuesdays", 1 }, { "wednesdays", 2 }, { "thursdays", 3 }, { "fridays", 4 }, { "tue", 1 }, { "tues", 1 }, { "wed", 2 }, { "weds", 2 },
	{ "thu", 3 }, { "thur", 3 }, { "thurs", 3 }, { "fri", 4 }, { "montag", 0 }, { "dienstag", 1 }, { "mittwoch", 2 }, { "donnerstag", 3 }, { "freitag", 4 },
	{ "samstag", 5 }, { "sonnabend", 5 }, { "sonntag", 6 }, { "montags", 0 }, { "dienstags", 1 }, { "mittwochs", 2 }, { "donnerstags", 3 },
	{ "freitags", 4 }, { "montagvormittag", 0 }, { "dienstagvormittag", 1 }, { "mittwochvormittag", 2 }, { "donnerstagvormittag", 3 },
	{ "freitagvormittag", 4 }, { "montagnachmittag", 0 }, { "dienstagnachmittag", 1 }, { "mittwochnachmittag", 2 }, { "donnerstagnachmittag", 3 },
	{ "freitagnachmittag", 4 }, { "lundi", 0 }, { "mardi", 1 }, { "mercredi", 2 }, { "jeudi", 3 }, { "vendredi", 4 }, { "samedi", 5 }, { "dimanche", 6 }, { "lunes", 0 },
	{ "martes", 1 }, { "miercoles", 2 }, { "jueves", 3 }, { "viernes", 4 }, { "sabado", 5 }, { "domingo", 6 }, { "lunedi", 0 }, { "martedi", 1 },
	{ "mercoledi", 2 }, { "giovedi", 3 }, { "venerdi", 4 }, { "sabato", 5 }, { "domenica", 6 }, { "maandag", 0 }, { "dinsdag", 1 }, { "woensdag", 2 },
	{ "donderdag", 3 }, { "vrijdag", 4 }, { "zaterdag", 5 }, { "zondag", 6 }, { "maandagochtend", 0 }, { "dinsdagochtend", 1 }, { "woensdagochtend", 2 },
	{ "donderdagochtend", 3 }, { "vrijdagochtend", 4 }, { "maandagmiddag", 0 }, { "dinsdagmiddag", 1 }, { "woensdagmiddag", 2 }, { "donderdagmiddag", 3 },
	{ "vrijdagmiddag", 4 }, { "poniedzialek", 0 }, { "poniedzialku", 0 }, { "wtorek", 1 }, { "wtorku", 1 }, { "sroda", 2 }, { "srode", 2 }, { "srody", 2 }, { "czwartek", 3 },
	{ "czwartku", 3 }, { "piatek", 4 }, { "piatku", 4 }, { "sobota", 5 }, { "sobote", 5 }, { "niedziela", 6 }, { "niedziele", 6 }, { "mandag", 0 },
	{ "tisdag", 1 }, { "onsdag", 2 }, { "torsdag", 3 }, { "fredag", 4 }, { "lordag", 5 }, { "sondag", 6 }, { "tirsdag", 1 }, { NULL, 0 } };

static const struct named months[] = { { "january", 1 }, { "february", 2 }, { "march", 3 }, { "april", 4 }, { "may", 5 }, { "june", 6 }, { "july", 7 }, { "august", 8 },
	{ "september", 9 }, { "october", 10 }, { "november", 11 }, { "december", 12 }, { "jan", 1 }, { "feb", 2 }, { "apr", 4 }, { "jun", 6 }, { "jul", 7 },
	{ "aug", 8 }, { "sep", 9 }, { "sept", 9 }, { "oct", 10 }, { "okt", 10 }, { "nov", 11 }, { "dec", 12 }, { "dez", 12 }, { "januar", 1 }, { "janner", 1 }, { "jaenner", 1 },
	{ "februar", 2 }, { "marz", 3 }, { "maerz", 3 }, { "mai", 5 }, { "juni", 6 }, { "juli", 7 }, { "oktober", 10 }, { "dezember", 12 }, { "janvier", 1 },
	{ "fevrier", 2 }, { "mars", 3 }, { "avril", 4 }, { "juin", 6 }, { "juillet", 7 }, { "aout", 8 }, { "septembre", 9 }, { "octobre", 10 },
	{ "novembre", 11 }, { "decembre", 12 }, { "enero", 1 }, { "febrero", 2 }, { "marzo", 3 }, { "abril", 4 }, { "mayo", 5 }, { "junio", 6 }, { "julio", 7 },
	{ "agosto", 8 }, { "septiembre", 9 }, { "setiembre", 9 }, { "octubre", 10 }, { "noviembre", 11 }, { "diciembre", 12 }, { "janeiro", 1 },
	{ "fevereiro", 2 }, { "marco", 3 }, { "maio", 5 }, { "junho", 6 }, { "julho", 7 }, { "setembro", 9 }, { "outubro", 10 }, { "novembro", 11 },
	{ "dezembro", 12 }, { "gennaio", 1 }, { "febbraio", 2 }, { "aprile", 4 }, { "maggio", 5 }, { "giugno", 6 }, { "luglio", 7 }, { "settembre", 9 },
	{ "ottobre", 10 }, { "novembre", 11 }, { "dicembre", 12 }, { "januari", 1 }, { "februari", 2 }, { "maart", 3 }, { "mei", 5 }, { "augustus", 8 },
	{ "augusti", 8 }, { "maj", 5 }, { "marts", 3 }, { "desember", 12 }, { "styczen", 1 }, { "stycznia", 1 }, { "styczniu", 1 }, { "luty", 2 },
	{ "lutego", 2 }, { "lutym", 2 }, { "marzec", 3 }, { "marca", 3 }, { "marcu", 3 }, { "kwiecien", 4 }, { "kwietnia", 4 }, { "kwietniu", 4 },
	{ "maja", 5 }, { "maju", 5 }, { "czerwiec", 6 }, { "czerwca", 6 }, { "czerwcu", 6 }, { "lipiec", 7 }, { "lipca", 7 }, { "lipcu", 7 },
	{ "sierpien", 8 }, { "sierpnia", 8 }, { "sierpniu", 8 }, { "wrzesien", 9 }, { "wrzesnia", 9 }, { "wrzesniu", 9 }, { "pazdziernik", 10 },
	{ "pazdziernika", 10 }, { "pazdzierniku", 10 }, { "listopad", 11 }, { "listopada", 11 }, { "listopadzie", 11 }, { "grudzien", 12 },
	{ "grudnia", 12 }, { "grudniu", 12 }, { NULL, 0 } };

static const struct named numbers[] = { { "a", 1 }, { "an", 1 }, { "one", 1 }, { "two", 2 }, { "three", 3 }, { "four", 4 }, { "five", 5 }, { "six", 6 }, { "eight", 8 },
	{ "nine", 9 }, { "ten", 10 }, { "twelve", 12 }, { "couple", 2 }, { "few", 3 }, { "several", 4 }, { "half", 0 }, { "ein", 1 }, { "einem", 1 }, { "einer", 1 },
	{ "einigen", 3 }, { "paar", 3 }, { "zwei", 2 }, { "drei", 3 }, { "vier", 4 }, { "funf", 5 }, { "sechs", 6 }, { "acht", 8 }, { "neun", 9 }, { "zehn", 10 }, { "zwolf", 12 },
	{ "un", 1 }, { "une", 1 }, { "deux", 2 }, { "trois", 3 }, { "quatre", 4 }, { "cinq", 5 }, { "quelques", 3 }, { "uno", 1 }, { "una", 1 }, { "dos", 2 },
	{ "tres", 3 }, { "cuatro", 4 }, { "cinco", 5 }, { "seis", 6 }, { "unos", 3 }, { "unas", 3 }, { "par", 2 }, { "um", 1 }, { "uma", 1 }, { "dois", 2 }, { "duas", 2 },
	{ "alguns", 3 }, { "algumas", 3 }, { "quatro", 4 }, { "due", 2 }, { "tre", 3 }, { "quattro", 4 }, { "cinque", 5 }, { "sei", 6 }, { "qualche", 3 },
	{ "een", 1 }, { "twee", 2 }, { "drie", 3 }, { "vijf", 5 }, { "zes", 6 }, { "enkele", 3 }, { "jeden", 1 }, { "dwa", 2 }, { "trzy", 3 }, { "cztery", 4 },
	{ "pol", 6 }, { "kilka", 3 }, { "en", 1 }, { "ett", 1 }, { "et", 1 }, { "tva", 2 }, { "to", 2 }, { "tre", 3 }, { "fyra", 4 }, { "fire", 4 }, { "fem", 5 },
	{ "seks", 6 }, { "sex", 6 }, { "nagra", 3 }, { "noen", 3 }, { "nogle", 3 }, { NULL, 0 } };

static int
named(const struct named *t, const struct word *w, int none)
{
	for (; t->s != NULL; t++)
		if (t->s[0] == w->s[0] && strcmp(t->s, w->s) == 0)
			return t->v;
	return none;
}

int
when_weekday(const struct word *w)
{
	return named(weekdays, w, -1);
}

int
when_month(const struct word *w)
{
	return named(months, w, 0);
}

/* "3", "3rd", "15th", "1er" */
static int
digits(const struct word *w, const char **rest)
{
	int v = 0;
	size_t i;

	for (i = 0; i < 5 && w->s[i] >= '0' && w->s[i] <= '9'; i++)
		v = v * 10 + (w->s[i] - '0');
	*rest = w->s + i;
	return i == 0 || i > 4 ? -1 : v;
}

int
when_number(const struct word *w)
{
	static const char *const ordinals[] = { "st", "nd", "rd", "th", "er", "e", "ste", "de", "o", "a", "", NULL };
	const char *rest;
	int v = digits(w, &rest);

	if (v == -1)
		return named(numbers, w, -1);
	return word_in(&(struct word){ .s = rest }, ordinals) ? v : -1;
}

static bool
is_day(const struct word *w)
{
	const char *rest;
	int v = digits(w, &rest);

	return v >= 1 && v <= 31 && when_number(w) != -1;
}

/* "3pm", "3 p.m.", "15:00", "14h30", "14 Uhr", "10.30am" */
static size_t
time_of_day(const struct words *w, size_t i)
{
	static const char *const units[] = { "am", "pm", "uhr", "uur", "h", "hrs", "hours", "oclock", "heures", "horas", "kloka", NULL };
	const char *rest;
	int v = digits(&w->w[i], &rest);

	if (v < 0 || v > 24)
		return 0;
	if (strcmp(rest, "am") == 0 || strcmp(rest, "pm") == 0 || (rest[0] == 'h' && (rest[1] == '\0' || (rest[1] >= '0' && rest[1] <= '5'))))
		return 1;
	if (*rest != '\0' || i + 1 >= w->n)
		return 0;
	if (w->w[i + 1].glue == ':' && digits(&w->w[i + 1], &rest) >= 0)
		return 2;
	if (w->w[i + 1].glue == '.' && digits(&w->w[i + 1], &rest) >= 0 && (strcmp(rest, "am") == 0 || strcmp(rest, "pm") == 0))
		return 2;
	if (w->w[i + 1].border == BORDER_NONE && word_in(&w->w[i + 1], units))
		return 2;
	if (i + 2 < w->n && (word_is(&w->w[i + 1], "a") || word_is(&w->w[i + 1], "p")) && w->w[i + 2].glue == '.' && word_is(&w->w[i + 2], "m"))
		return 3;
	return 0;
}

/* "3 May", "May 3rd", "3. Mai", "3 de mayo", "3rd of May" */
static size_t
date(const struct words *w, size_t i)
{
	static const char *const of[] = { "of", "de", "di", NULL };

	if (is_day(&w->w[i]) && i + 1 < w->n) {
		if (when_month(&w->w[i + 1]) != 0 && w->w[i + 1].border < BORDER_SENTENCE)
			return 2;
		if (i + 2 < w->n && word_in(&w->w[i + 1], of) && when_month(&w->w[i + 2]) != 0)
			return 3;
	}
	return when_month(&w->w[i]) != 0 && i + 1 < w->n && w->w[i + 1].border == BORDER_NONE && is_day(&w->w[i + 1]) ? 2 : 0;
}

static bool
books(const struct words *w, size_t i)
{
	static const char *const hosts[] = { "calendly.", "cal.com", "savvycal.", "meetings.hubspot.", "zcal.", "doodle.", "youcanbook", "tidycal.", "meet.brevo",
		"book.ms", "outlook.office", "calendar.google", "calendar.app.google", "koalendar", "zeeg.", "chilipiper", "acuityscheduling", NULL };
	char s[128];
	size_t n = w->w[i].size < sizeof(s) ? w->w[i].size : sizeof(s) - 1;

	if (w->w[i].kind != WORD_URL)
		return false;
	for (size_t k = 0; k < n; k++)
		s[k] = w->text[w->w[i].at + k] | (w->text[w->w[i].at + k] >= 'A' && w->text[w->w[i].at + k] <= 'Z' ? 0x20 : 0);
	s[n] = '\0';
	for (size_t k = 0; hosts[k] != NULL; k++)
		if (strstr(s, hosts[k]) != NULL)
			return true;
	return false;
}

size_t
when_available(const struct words *w, size_t i, const char **label)
{
	static const char *const feira[] = { "segunda", "terca", "quarta", "quinta", "sexta", NULL };
	size_t n;

	*label = "a day";
	if (when_weekday(&w->w[i]) != -1)
		return 1;
	if (word_in(&w->w[i], feira) && ((i + 1 < w->n && word_is(&w->w[i + 1], "feira")) || (i > 0 && (word_is(&w->w[i - 1], "na") || word_is(&w->w[i - 1], "a")))))
		return i + 1 < w->n && word_is(&w->w[i + 1], "feira") ? 2 : 1;
	*label = "a date";
	if ((n = date(w, i)) > 0)
		return n;
	*label = "a time";
	if ((n = time_of_day(w, i)) > 0)
		return n;
	*label = "a booking link";
	return books(w, i) ? 1 : 0;
}
