/* absence_until.c - of the dates in a notice, the one on which its writer is back. */
#include <string.h>

#include "base/clock.h"
#include "mail/absence.h"
#include "mail/absence_int.h"
#include "mail/plain.h"

#define DATES_MAX 16
#define LOOKED_AT ((size_t)4 << 10) /* bytes: notices say it at the top */

/* What the words around a date make of it. */
enum sense {
	NOTHING,
	START,     /* "from 3 March": away from then on, unless it is said that somebody is there again */
	LAST,      /* "until": the last day away */
	AFTER,     /* "after": the same, in other words */
	BACK       /* the first day back */
};

static const char back_words[] = "|back|return|returning|returns|again|zuruck|zurueck|wieder|ruckkehr|ruckkehren|retour|reviendrai|"
    "revenir|rentre|rentrerai|nouveau|regreso|regresare|vuelvo|volvere|vuelta|nuevo|reincorporare|reincorporo|retorno|regresso|volto|"
    "voltarei|retornarei|volta|novamente|rientro|rientrero|tornero|torno|ritorno|nuovamente|nuovo|terug|weer|wracam|wroce|powrot|"
    "powroce|ponownie|powrotem|tillbaka|ater|aterkommer|tilbage|tilbake|igen|igjen|palaan|takaisin|jalleen|resume|resuming|reopen|"
    "reopens|disponible|available|erreichbar|verfugbar|bereikbaar|beschikbaar|dostepny|dostepna|tillganglig|tilgjengelig|traeffes|"
    "tavoitettavissa|toissa|disponivel|disponibile|raggiungibile|";

static bool
is_back(const struct token *t)
{
	return token_is(t, back_words);
}

static bool
is_not(const struct token *t)
{
	return token_is(t, "|not|wont|won|cannot|unable|nicht|kein|pas|nao|non|niet|nie|inte|ej|ikke|ei|t|");
}

/* "14." and "Mar." don't. */
static bool
ends_sentence(const char *s, const struct token *before)
{
	bool abbreviation = before != NULL && (before->number >= 0 || before->len <= 4);

	if (*s == '.')
		return (s[1] == ' ' || s[1] == '\n') && !abbreviation;
	if (*s == '\n')
		return s[1] == '\n' || (s[1] == ' ' && s[2] == '\n');
	return strchr("!?;", *s) != NULL;
}

static size_t
tokens(const char **at, struct token *t)
{
	const char *s = *at;
	size_t n = 0;

	while (*s != '\0' && n < TOKENS_MAX) {
		const char *from = s;
		int number = 0;

		if ((unsigned char)*s >= 0x80 || (*s >= 'a' && *s <= 'z')) {
			while ((unsigned char)*s >= 0x80 || (*s >= 'a' && *s <= 'z'))
				s++;
			number = -1;
		} else if (*s >= '0' && *s <= '9') {
			for (; *s >= '0' && *s <= '9'; s++)
				number = number < 3000 ? number * 10 + (*s - '0') : 9999;
		} else {
			bool ends = ends_sentence(s, n > 0 ? &t[n - 1] : NULL);

			if (n > 0)
				t[n - 1].dash = t[n - 1].dash || *s == '-';
			if (n > 0 && t[n - 1].mark == '\0' && *s != ' ' && *s != '\n')
				t[n - 1].mark = *s;
			s++;
			if (ends && n > 0)
				break;
			continue;
		}
		t[n++] = (struct token){ from, (unsigned short)(s - from < 1000 ? s - from : 1000), (short)number, '\0', false };
	}
	*at = s;
	return n;
}

/* The word that says what the date is, looking back to the date before it. */
static enum sense
cue(const struct token *t, size_t from, size_t i)
{
	static const char little[] = "|the|al|all|alla|ao|aos|including|and|on|of|dem|den|zum|einschliesslich|inkl|inklusive|le|au|el|il|og|"
	    "med|och|en|met|dnia|dia|o|e|midnight|this|next|coming|kommenden|nachsten|morning|evening|day|wlacznie|tog|klo|kl|inclusive|"
	    "nastepnego|prossimo|proximo|prochain|a|do|";

	for (size_t k = i; k > from && i - k < 4; k--) {
		const struct token *w = &t[k - 1];

		if (token_is(w, "|until|till|til|through|thru|bis|jusqu|jusque|hasta|ate|fino|finche|tot|tm|tom|saakka|asti|"))
			return LAST;
		/* "du 3 au 14", "del 3 al 14", "dal 3 al 14", "od 3 do 14", "from 3 to 14", "vom 3. zum 14.": an end only where there was
		 * a beginning */
		if (from > 0 && token_is(w, "|to|au|al|a|do|zum|e|og|och|und|and|tot|"))
			return LAST;
		if (token_is(w, "|do|") && k == i)
			return LAST;
		if (token_is(w, "|after|nach|apres|despues|depois|dopo|na|po|efter|etter|jalkeen|"))
			return AFTER;
		if (token_is(w, "|from|since|starting|as|ab|vom|von|seit|du|des|depuis|desde|del|dal|van|vanaf|od|fran|fra|partir|partire|"
		    "alkaen|lahtien|"))
			return START;
		if (is_back(w))
			return BACK;
		if (token_is(w, "|am|on|erst|only|lunes|den|op|w|pa|em|no|na|") && k == i)
			continue;
		if (!token_is(w, little) && !date_short_weekday(w))
			break;
	}
	/* "10.3. - 14.3.", "March 10-14" */
	if (from > 0 && i == from && t[i - 1].dash)
		return LAST;
	return NOTHING;
}

/* Finnish says it behind: "14.3. asti". */
static enum sense
cue_behind(const struct token *t, size_t n, size_t to)
{
	if (to < n && token_is(&t[to], "|asti|saakka|"))
		return LAST;
	if (to < n && token_is(&t[to], "|alkaen|lahtien|"))
		return START;
	return to < n && token_is(&t[to], "|jalkeen|") ? AFTER : NOTHING;
}

/* Is it said, in the clause of the date, that somebody is there again? *not: or that nobody is. */
static bool
speaks_of_back(const struct token *t, size_t n, const struct date *d, bool *not)
{
	size_t a = d->from, b = d->to;
	bool found = false;

	*not = false;
	while (a > 0 && d->from - a < 12 && (t[a - 1].mark != ',' || d->from - a < 1) && !token_is(&t[a - 1], "|and|und|et|but|"))
		a--;
	while (b < n && b - d->to < 9 && (b == d->to || t[b - 1].mark != ','))
		b++;
	for (size_t i = a; i < b; i++) {
		found = found || is_back(&t[i]);
		*not = *not || (is_not(&t[i]) && (i < d->from || i >= d->to));
	}
	return found;
}

/* What the sentence says of one of its dates; back: that somebody is there again. */
struct told {
	struct date d;
	enum sense sense;
	bool back;
};

static void
look_at(const struct token *t, size_t n, size_t from, struct told *x)
{
	bool not, back = speaks_of_back(t, n, &x->d, &not);

	x->sense = cue_behind(t, n, x->d.to);
	if (x->sense == NOTHING)
		x->sense = cue(t, from, x->d.from);
	x->back = back && !not;
	/* "I won't be back until 14 March" */
	if (x->sense == LAST && back && not && token_is(&t[x->d.from > 0 ? x->d.from - 1 : 0], "|until|till|before|avant|le|"))
		x->sense = BACK;
}

/* English dates read month first, or not. */
static bool
is_english(const char *s)
{
	return strstr(s, " the ") != NULL || strstr(s, " i am ") != NULL || strstr(s, "office") != NULL || strstr(s, "i'm ") != NULL;
}

/* Of one sentence: the first day back into *back, or the day after the last one away into *last; what is there already stays. */
static void
read_sentence(const struct token *t, size_t n, int64_t today, bool english, int64_t *last, int64_t *back)
{
	struct told x[DATES_MAX];
	size_t k = 0, from = 0;
	bool ends = false;

	for (size_t i = 0; i < n && k < DATES_MAX; i++)
		if (date_at(t, n, i, today, english, &x[k].d)) {
			look_at(t, n, from, &x[k]);
			i = x[k].d.to - 1;
			from = x[k].d.to;
			ends = ends || x[k].sense == LAST;
			k++;
		}
	for (size_t i = 0; i < k; i++) {
		/* "from the 3rd until the 14th" is away, whatever else the sentence speaks of */
		bool there = x[i].sense == BACK || (x[i].back && (x[i].sense == NOTHING || (x[i].sense == START && !ends)));

		if (x[i].d.day < 0)
			continue;
		if (there && *back < 0)
			*back = x[i].d.day;
		else if ((x[i].sense == LAST || x[i].sense == AFTER) && *last < 0)
			*last = x[i].d.day + (x[i].d.soft && x[i].sense == LAST ? 0 : 1);
	}
}

static int64_t
read_sentences(const char *s, int64_t today)
{
	bool english = is_english(s);
	int64_t last = -1, back = -1;

	while (*s != '\0' && back < 0) {
		struct token t[TOKENS_MAX];
		size_t n = tokens(&s, t);

		read_sentence(t, n, today, english, &last, &back);
	}
	return back >= 0 ? back : last;
}

int64_t
mail_absence_until(const char *text, int64_t now)
{
	int64_t today = now / LP_DAY, day;
	struct buf b = { 0 };

	mail_plain(&b, text, strlen(text) < LOOKED_AT ? strlen(text) : LOOKED_AT);
	day = read_sentences(buf_str(&b), today);
	buf_free(&b);
	return day > today ? day * LP_DAY : 0;
}
