/*
 * When to come back, as replies say it: "in Q3", "after the summer", "nach dem 15. April", "in 6 months", "back on Monday".  Where a phrase leaves
 * room, the later reading is taken: writing too early is the mistake that can't be taken back.
 */
#include <string.h>

#include "base/clock.h"
#include "llm/classify_int.h"

enum unit { NO_UNIT, DAYS, WEEKS, MONTHS, QUARTERS, YEARS };

struct when {
	int64_t day;            /* since 1970-01-01; 0 for none */
	size_t from, to;
};

static const char *const after_words[] = { "after", "nach", "apres", "despues", "tras", "depois", "apos", "dopo", "na", "po", "efter", "etter", "past", "following",
	"oltre", "passado", "pasado", "passe", NULL };
static const char *const until_words[] = { "until", "till", "til", "through", "thru", "bis", "jusqu", "jusque", "hasta", "ate", "fino", "sino", "tot", "do", "t", "including",
	"einschliesslich", "inclus", "mee", "tom", NULL };
static const char *const in_words[] = { "in", "within", "for", "dans", "d", "en", "dentro", "em", "daqui", "tra", "fra", "over", "za", "om", "innen", "after", "nach", "apres",
	"sous", "about", "etwa", "ca", "circa", "another", "po", "na", "efter", "etter", "dopo", "depois", "despues", NULL };
static const char *const end_words[] = { "end", "late", "ende", "fin", "finales", "final", "fim", "fine", "eind", "einde", "koniec", "koncu", "slutet", "slutningen", "slutten", NULL };
static const char *const mid_words[] = { "mid", "middle", "mitte", "mi", "mediados", "meados", "meta", "half", "polowie", "mitten", "midten", NULL };
static const char *const fill_words[] = { "the", "of", "dem", "den", "der", "des", "de", "del", "du", "le", "la", "el", "lo", "l", "al", "au", "a", "o", "os", "do", "da", "di",
	"il", "dell", "dello", "della", "delle", "dei", "to", "am", "zum", "early", "late", "mid", "end", "ende", "mitte", "anfang", "fin", "debut", "start", "beginning", "begin",
	"middle", "first", "van", "het", "half", "least", "mindestens", "z", "m", "med", "och", "this", "my", "our", "return", "year", "spring", "easter", "on", "about", "around", "mes",
	"fine", "inizio", "finales", "mediados", "meados", "fim", "slutet", "av", "einschliesslich", "including", "and", "les", "las", "los", "ons", "unserem", "meinem",
	"monday", "tuesday", "wednesday", "thursday", "friday", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "lundi", "mardi", "mercredi", "jeudi", "vendredi",
	"lunes", "martes", "miercoles", "jueves", "viernes", "lunedi", "martedi", "mercoledi", "giovedi", "venerdi", "einschl", "inkl", "und", NULL };

static enum unit
unit_of(const struct word *w)
{
	static const char *const days[] = { "day", "days", "tag", "tage", "tagen", "jour", "jours", "dia", "dias", "giorno", "giorni", "dag", "dagen", "dni", "dagar", "dage", "dager", NULL };
	static const char *const weeks[] = { "week", "weeks", "wk", "wks", "woche", "wochen", "semaine", "semaines", "semana", "semanas", "settimana", "settimane", "weken",
		"tydzien", "tygodni", "tygodnie", "vecka", "veckor", "uge", "uger", "uke", "uker", NULL };
	static const char *const moons[] = { "month", "months", "mo", "mos", "mth", "mths", "monat", "monate", "monaten", "monats", "mois", "mes", "meses", "mese", "mesi", "maand",
		"maanden", "miesiac", "miesiace", "miesiecy", "manad", "manader", "maned", "maneder", "manede", NULL };
	static const char *const quarters[] = { "quarter", "quarters", "quartal", "quartale", "quartals", "trimestre", "trimestres", "trimestri", "kwartaal", "kwartalen", "kwartal",
		"kwartale", "kvartal", "kvartalet", "kwartale", NULL };
	static const char *const years[] = { "year", "years", "yr", "jahr", "jahre", "jahren", "jahres", "an", "ans", "annee", "ano", "anos", "anno", "anni", "jaar", "jaren", "rok", "roku", "lat",
		"lata", "ar", "aret", NULL };

	return word_in(w, days) ? DAYS : word_in(w, weeks) ? WEEKS : word_in(w, moons) ? MONTHS : word_in(w, quarters) ? QUARTERS : word_in(w, years) ? YEARS : NO_UNIT;
}

struct reader {
	const struct words *w;
	int64_t today;
	int y, m, d;
	bool absent;
};

/* Is one of the list's words before i, with nothing but small words between? */
static bool
led_by(const struct words *w, size_t i, const char *const *list)
{
	for (size_t seen = 0; i > 0 && seen < 4 && w->w[i].border != BORDER_SENTENCE; i--, seen++) {
		if (word_in(&w->w[i - 1], list))
			return true;
		if (!word_in(&w->w[i - 1], fill_words) && w->w[i - 1].kind != WORD_NUMBER)
			return false;
	}
	return false;
}

static int64_t
month_day(int y, int m, int d)
{
	y += (m - 1) / 12;
	return lp_days_from_civil(y, (m - 1) % 12 + 1, d);
}

/* The first such day that lies ahead, where no year is said; of an absence one lately gone by is its beginning, not next year's. */
static int64_t
ahead(const struct reader *r, int year, int m, int d)
{
	int64_t day = month_day(year != 0 ? year : r->y, m, d);

	if (r->absent && day > r->today - 120)
		return day;
	return year == 0 && day <= r->today ? month_day(r->y + 1, m, d) : day;
}

static int
year_at(const struct words *w, size_t i)
{
	int v = i < w->n && w->w[i].kind == WORD_NUMBER && w->w[i].border != BORDER_SENTENCE ? when_number(&w->w[i]) : -1;

	return v >= 2000 && v < 2100 ? v : 0;
}

/* Easter Sunday, Gregorian, after Gauss. */
static int64_t
easter(int y)
{
	int a = y % 19, b = y / 100, c = y % 100, d = b / 4, e = b % 4, g = (8 * b + 13) / 25, h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4,
	    l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 19 * l) / 433, n = (h + l - 7 * m + 90) / 25, p = (h + l - 7 * m + 33 * n + 19) % 32;

	return lp_days_from_civil(y, n, p);
}

/* A definite day: a day after "after" or, of an absence, after "until". */
static int64_t
settle(const struct reader *r, size_t i, int64_t day)
{
	return led_by(r->w, i, after_words) || (r->absent && led_by(r->w, i, until_words)) ? day + 1 : day;
}

/* 2026-05-03, 15.04.2026, 15.4., 15/04 */
static bool
figures(const struct reader *r, size_t i, struct when *x)
{
	const struct words *w = r->w;
	int v[3] = { -1, -1, -1 }, n = 0, year;
	int64_t a, b;
	char glue = 0;

	while (n < 3 && i + (size_t)n < w->n && w->w[i + (size_t)n].kind == WORD_NUMBER && (n == 0 || (w->w[i + (size_t)n].glue != 0 && strchr("-./", w->w[i + (size_t)n].glue) != NULL))) {
		v[n] = when_number(&w->w[i + (size_t)n]);
		if (n == 1)
			glue = w->w[i + 1].glue;
		n++;
	}
	if (n < 2 || (n == 2 && glue == '-'))
		return false;
	x->from = i;
	x->to = i + (size_t)n;
	if (n == 3 && v[0] >= 2000 && v[0] < 2100 && v[1] >= 1 && v[1] <= 12 && v[2] >= 1 && v[2] <= 31) {
		x->day = settle(r, i, lp_days_from_civil(v[0], v[1], v[2]));
		return true;
	}
	year = n == 3 ? v[2] < 100 ? 2000 + v[2] : v[2] : 0;
	if (v[0] < 1 || v[1] < 1 || v[0] > 31 || v[1] > 31 || (v[0] > 12 && v[1] > 12) || year > 2100 || (n == 2 && glue == '.' && v[1] > 12))
		return false;
	a = v[1] <= 12 ? ahead(r, year, v[1], v[0]) : 0;
	b = v[0] <= 12 && glue == '/' ? ahead(r, year, v[0], v[1]) : 0; /* 05/03: either, so the later */
	x->day = settle(r, i, a > b ? a : b);
	return true;
}

/* "3 May 2027", "May 3rd", "15. April", "3 de mayo", "end of March", "in March" */
static bool
month(const struct reader *r, size_t i, struct when *x)
{
	static const char *const of[] = { "of", "de", "di", NULL };
	static const char *const lead[] = { "in", "im", "until", "till", "after", "by", "of", "early", "late", "mid", "end", "from", "since", "en", "em", "this", "next", "a", "w", "i",
		"beginning", "around", "since", "on", NULL };
	const struct words *w = r->w;
	int m = when_month(&w->w[i]), d = 0, year = 0;

	if (m == 0)
		return false;
	x->from = i;
	x->to = i + 1;
	if (i > 0 && (d = when_number(&w->w[i - 1])) >= 1 && d <= 31 && w->w[i - 1].s[0] <= '9' && w->w[i].border == BORDER_NONE)
		x->from = i - 1;
	else if (i > 1 && word_in(&w->w[i - 1], of) && (d = when_number(&w->w[i - 2])) >= 1 && d <= 31 && w->w[i - 2].s[0] <= '9')
		x->from = i - 2;
	else if (i + 1 < w->n && w->w[i + 1].border == BORDER_NONE && w->w[i + 1].s[0] <= '9' && (d = when_number(&w->w[i + 1])) >= 1 && d <= 31)
		x->to = i + 2;
	else
		d = 0;
	/* "may", "mars" and short forms are months only where something says so */
	if (d == 0 && (word_is(&w->w[i], "may") || w->w[i].len <= 3) && !(i > 0 && word_in(&w->w[i - 1], lead)))
		return false;
	if (x->to < w->n && word_in(&w->w[x->to], of))
		year = year_at(w, x->to + 1);
	if (year == 0)
		year = year_at(w, x->to);
	if (d > 0)
		x->day = settle(r, x->from, ahead(r, year, m, d));
	else if (led_by(w, i, after_words) || (led_by(w, i, until_words) && led_by(w, i, end_words)))
		x->day = ahead(r, year, m + 1, 1);
	else
		x->day = ahead(r, year, m, led_by(w, i, end_words) ? 25 : led_by(w, i, mid_words) ? 15 : 1);
	return true;
}

static int64_t
quarter(const struct reader *r, int q, int year, size_t i)
{
	int m = (q - 1) * 3 + 1 + (led_by(r->w, i, after_words) ? 3 : led_by(r->w, i, end_words) ? 2 : 0);

	return ahead(r, year, m, 1);
}

/* "Q3", "Q3 2027", "third quarter", "3. Quartal", "T3", "second half", "H2" */
static bool
quarters(const struct reader *r, size_t i, struct when *x)
{
	static const char *const ordinals[4][16] = {
		{ "first", "1st", "ersten", "erstes", "premier", "1er", "primer", "primeiro", "primo", "eerste", "pierwszym", "forsta", "forste", NULL },
		{ "second", "2nd", "zweiten", "zweites", "deuxieme", "2e", "segundo", "secondo", "tweede", "drugim", "andra", "andet", "andre", NULL },
		{ "third", "3rd", "dritten", "drittes", "troisieme", "3e", "tercer", "terceiro", "terzo", "derde", "trzecim", "tredje", NULL },
		{ "fourth", "4th", "vierten", "viertes", "quatrieme", "4e", "cuarto", "quarto", "vierde", "czwartym", "fjarde", "fjerde", "last", "letzten", NULL },
	};
	const struct words *w = r->w;
	const struct word *v = &w->w[i];

	*x = (struct when){ .from = i, .to = i + 1 };
	if ((v->s[0] == 'q' || v->s[0] == 't' || v->s[0] == 'k') && v->len == 2 && v->s[1] >= '1' && v->s[1] <= '4')
		x->day = quarter(r, v->s[1] - '0', year_at(w, i + 1), i);
	else if (word_is(v, "h2") || (i + 1 < w->n && word_is(&w->w[i + 1], "half") && word_is(v, "second")) || strncmp(v->s, "jahreshalfte", 12) == 0)
		x->day = ahead(r, year_at(w, i + 1), 7, 1);
	else if (i + 1 < w->n && unit_of(&w->w[i + 1]) == QUARTERS) {
		int q = when_number(v);

		x->to = i + 2;
		for (int k = 0; k < 4 && (q < 1 || q > 4 || v->s[0] > '9'); k++)
			if (word_in(v, ordinals[k]))
				q = k + 1;
		if (q >= 1 && q <= 4 && (v->s[0] <= '9' || when_number(v) == -1))
			x->day = quarter(r, q, year_at(w, i + 2), i);
	}
	return x->day != 0;
}

static int64_t
later(const struct reader *r, enum unit u, int n)
{
	static const int month_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int m, d;

	if (n < 0 || n > 400)
		return 0;
	if (u == DAYS || u == WEEKS)
		return r->today + n * (u == WEEKS ? 7 : 1);
	m = r->m + n * (u == MONTHS ? 1 : u == QUARTERS ? 3 : 12);
	d = month_days[(m - 1) % 12];
	return month_day(r->y, m, r->d < d ? r->d : d);
}

/* "in 6 months", "in a couple of weeks", "two months from now", "en 3 meses" */
static bool
span(const struct reader *r, size_t i, struct when *x)
{
	static const char *const link[] = { "of", "more", "de", "weiteren", "von", NULL };
	static const char *const behind[] = { "from", "later", "time", "ahead", "out", NULL };
	const struct words *w = r->w;
	size_t u = i + 1;
	int n = when_number(&w->w[i]);
	enum unit unit;

	if (n < 0 || u >= w->n)
		return false;
	if (n == 1 && u + 1 < w->n && (when_number(&w->w[u]) > 1 || word_is(&w->w[u], "half")) && w->w[u].s[0] > '9') { /* "a few", "a couple", "ein paar" */
		n = word_is(&w->w[u], "half") ? 0 : when_number(&w->w[u]);
		u++;
	}
	if (u < w->n && word_in(&w->w[u], link))
		u++;
	if (u >= w->n || (unit = unit_of(&w->w[u])) == NO_UNIT || w->w[u].border == BORDER_SENTENCE)
		return false;
	if (n == 0 && unit == YEARS) {
		n = 6;
		unit = MONTHS;
	}
	if (!(i > 0 && word_in(&w->w[i - 1], in_words)) && !(i > 1 && word_in(&w->w[i - 2], in_words)) && !(u + 1 < w->n && word_in(&w->w[u + 1], behind)))
		return false;
	*x = (struct when){ .day = later(r, unit, n), .from = i, .to = u + 1 };
	return x->day != 0;
}

static const char *const next_words[] = { "next", "nachste", "nachsten", "nachstes", "naechste", "naechsten", "naechstes", "kommende", "kommenden", "kommendes", "prochain",
	"prochaine", "proximo", "proxima", "prossimo", "prossima", "volgend", "volgende", "komend", "przyszlym", "nastepnym", "przyszly", "nasta", "naste", "neste", "new", "neuen",
	"neues", "nouvel", "nieuwe", "nowym", "nya", "nye", "coming", "viene", "entrante", "vem", "ano", NULL };

/* "next quarter", "nächstes Jahr", "l'année prochaine", "el año que viene" */
static bool
next(const struct reader *r, size_t i, struct when *x)
{
	const struct words *w = r->w;
	enum unit u = unit_of(&w->w[i]);
	size_t from = i, to = i + 1;
	int m;

	if (u == NO_UNIT || u == DAYS)
		return false;
	if (i > 0 && word_in(&w->w[i - 1], next_words))
		from = i - 1;
	else if (i + 1 < w->n && w->w[i + 1].border == BORDER_NONE && word_in(&w->w[i + 1], next_words))
		to = i + 2;
	else if (i + 2 < w->n && word_is(&w->w[i + 1], "que") && word_in(&w->w[i + 2], next_words))
		to = i + 3;
	else
		return false;
	m = u == MONTHS ? r->m + 1 : u == QUARTERS ? ((r->m - 1) / 3 + 1) * 3 + 1 : 1;
	*x = (struct when){ .from = from, .to = to };
	if (u == WEEKS)
		x->day = r->today + 7 - ((r->today + 3) % 7 + 7) % 7 + (led_by(w, from, after_words) ? 7 : 0);
	else
		x->day = month_day(r->y + (u == YEARS), m, 1);
	return true;
}

static int64_t
season_day(const struct reader *r, int season, bool after)
{
	int64_t day;

	switch (season) {
	case 0: /* summer */
		return ahead(r, 0, after ? 9 : 6, 1);
	case 1: /* autumn */
		return ahead(r, 0, after ? 12 : 9, 1);
	case 2: /* winter */
		return ahead(r, 0, after ? 3 : 12, 1);
	case 3: /* spring */
		return ahead(r, 0, after ? 6 : 3, 1);
	case 4: /* christmas, new year, the holidays */
		return ahead(r, 0, 1, 7);
	default:
		day = easter(r->y) + 2;
		return day > r->today ? day : easter(r->y + 1) + 2;
	}
}

static bool
season(const struct reader *r, size_t i, struct when *x)
{
	static const char *const names[6][28] = {
		{ "summer", "sommer", "sommerpause", "sommerferien", "sommerurlaub", "ete", "verano", "verao", "estate", "zomer", "zomervakantie", "lato", "lecie", "wakacjach", "wakacje", "sommar",
		    "sommaren", "semestern", "sommeren", "sommerferie", "sommerferien", "rentree", "vacaciones", "ferie", NULL },
		{ "autumn", "fall", "herbst", "automne", "otono", "outono", "autunno", "herfst", "najaar", "jesieni", "jesien", "hosten", "host", "efteraret", "hostferien", NULL },
		{ "winter", "hiver", "invierno", "inverno", "zima", "zimie", "vintern", "vinter", NULL },
		{ "spring", "fruhjahr", "fruhling", "fruehjahr", "printemps", "primavera", "voorjaar", "lente", "wiosna", "wiosne", "varen", "foraret", NULL },
		{ "christmas", "xmas", "holidays", "weihnachten", "feiertagen", "jahreswechsel", "noel", "fetes", "navidad", "navidades", "natal", "natale", "feste", "kerst", "feestdagen", "swietach",
		    "jul", "julen", "nyar", "nytar", "silvester", "neujahr", NULL },
		{ "easter", "ostern", "osterferien", "paques", "pascua", "pascoa", "pasqua", "pasen", "wielkanocy", "pask", "paske", NULL },
	};
	static const char *const leads[] = { "in", "im", "the", "this", "next", "zum", "a", "au", "en", "en", "no", "na", "i", "till", "until", "bis", "nel", "van", "this", "before", "w", NULL };
	const struct words *w = r->w;

	for (int k = 0; k < 6; k++) {
		bool after;

		if (!word_in(&w->w[i], names[k]))
			continue;
		after = led_by(w, i, after_words);
		if (!after && (k >= 4 || i == 0 || !word_in(&w->w[i - 1], leads)) && !(k >= 4 && i > 0 && led_by(w, i, until_words)))
			return false;
		*x = (struct when){ .day = season_day(r, k, after || (r->absent && led_by(w, i, until_words))), .from = i, .to = i + 1 };
		return true;
	}
	return false;
}

/* "back on Monday", "ab Montag", "until Friday"; and tomorrow */
static bool
weekday(const struct reader *r, size_t i, struct when *x)
{
	static const char *const tomorrow[] = { "tomorrow", "morgen", "demain", "manana", "domani", "amanha", "jutro", "imorgon", "imorgen", NULL };
	int d = when_weekday(&r->w->w[i]);
	int64_t n;

	*x = (struct when){ .from = i, .to = i + 1 };
	if (d == -1 && !word_in(&r->w->w[i], tomorrow))
		return false;
	n = d == -1 ? 1 : (d - ((r->today + 3) % 7 + 7) % 7 + 7) % 7;
	x->day = settle(r, i, r->today + (n == 0 ? 7 : n));
	return true;
}

int64_t
when_until(const struct words *w, int64_t now, bool absent, size_t *from, size_t *to)
{
	struct reader r = { .w = w, .absent = absent };
	struct when x, found = { 0 };
	bool definite = false;

	r.today = now / LP_DAY - (now % LP_DAY < 0);
	lp_civil_from_days(r.today, &r.y, &r.m, &r.d);
	for (size_t i = 0; i < w->n; i++) {
		bool day = figures(&r, i, &x) || month(&r, i, &x) || quarters(&r, i, &x) || span(&r, i, &x) || next(&r, i, &x) || season(&r, i, &x);

		/* a weekday counts only where no date is said: "until Friday, 3 May" */
		if (!day && (definite || found.day != 0 || !absent || !weekday(&r, i, &x)))
			continue;
		if (x.day <= r.today || x.day > r.today + 3 * 366)
			continue;
		/* of an absence the last day that is named, else the first */
		if (found.day == 0 || (day && !definite) || (absent && x.day > found.day))
			found = x;
		definite = definite || day;
		if (x.to > i + 1)
			i = x.to - 1;
	}
	*from = found.from;
	*to = found.to;
	return found.day * LP_DAY;
}
