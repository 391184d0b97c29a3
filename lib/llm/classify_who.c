/*
 * Whom a referral names: the name beside the phrase that refers ("talk to Anna Berg", "Anna is the right person") and an address that stands in
 * the text.  Both are spans of what was written, to be looked at by a person.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/normal.h"
#include "llm/classify_int.h"

#define NAME_WORDS 4
#define LOOK_AHEAD 9

/* Capitals that begin no name: pronouns, greetings, departments, German nouns of this trade. */
static const char *const no_names[] = { "i", "hi", "hello", "dear", "hey", "thanks", "thank", "please", "you", "your", "we", "our", "my", "he", "she", "it", "they", "the", "this",
	"that", "best", "regards", "no", "yes", "not", "for", "if", "in", "on", "at", "and", "or", "but", "re", "cc", "fyi", "ceo", "cto", "cfo", "coo", "cmo", "vp", "hr", "it", "pr", "qa", "ops",
	"sales", "marketing", "finance", "procurement", "purchasing", "head", "director", "manager", "lead", "chief", "officer", "operations", "logistics", "legal",
	"support", "team", "department", "colleague", "office", "monday", "tuesday", "wednesday", "thursday", "friday", "email", "mail", "phone", "linkedin", "abteilung",
	"einkauf", "vertrieb", "kollege", "kollegin", "kollegen", "herr", "herrn", "frau", "leiter", "leiterin", "leitung", "geschaftsfuhrer", "geschaftsfuhrung",
	"geschaftsleitung", "ansprechpartner", "ansprechpartnerin", "zentrale", "thema", "bereich", "buchhaltung", "logistik", "sie", "ihr", "ihre", "ich", "wir", "er", "bitte", "danke",
	"hallo", "guten", "tag", "viele", "grusse", "mit", "dafur", "hier", "das", "der", "die", "da", "unser", "unsere", "unserer", "unseren", "meine", "mein", "am", "anfrage", "anliegen",
	"zustandig", "zustandige", "zustandigen", "responsable", "directeur", "directrice", "bonjour", "merci", "madame", "monsieur", "mme", "m", "mr", "mrs", "ms", "dr", "nous", "je", "vous", "c",
	"senor", "senora", "sr", "sra", "hola", "gracias", "el", "la", "ella", "usted", "mi", "director", "directora", "compras", "ola", "obrigado", "obrigada", "o", "a", "ele", "ela",
	"diretor", "diretora", "ciao", "buongiorno", "grazie", "il", "lo", "sig", "signor", "signora", "dott", "dottoressa", "direttore", "direttrice", "ufficio", "acquisti", "de", "het", "mijn",
	"onze", "collega", "hij", "zij", "heer", "mevrouw", "inkoop", "afdeling", "pan", "pani", "pana", "dzien", "dobry", "dzial", "moja", "moj", "kolega", "kolezanka", "hej", "tack", "tak", "takk",
	"han", "hon", "hun", "min", "vores", "vi", "jag", "jeg", "kollega", "inkop", "sorry", "oops", "actually", "unfortunately", "leider", "well", "maybe", "perhaps", "ok", "okay", "as", "better",
	"ask", "contact", "try", "talk", "speak", "call", "write", "reach", "adding", "copying", "looping", "forwarding", "forwarded", "passing", "kind", "dann",
	"kontaktieren", "fragen", "wenden", "sprechen", "schreiben", "melden", "contactez", "adressez", "voyez", "ecrivez", "veuillez", "contacte", "hable", "escriba", "dirijase", "fale",
	"procure", "escreva", "contatti", "scriva", "chieda", "neem", "vraag", "prosze", "kontakta", "kontakt", "prata", "skriv", "skriva", "hor", "ta",
	"who", "what", "when", "where", "how", "from", "sent", "us", "uk", "eu", "usa", "gmbh", "ag", "ltd", "inc", NULL };
static const char *const particles[] = { "von", "van", "de", "der", "den", "del", "della", "da", "di", "dos", "du", "la", "le", "el", "zu", "ter", "ten", "af", "av", "al", "bin", NULL };
static const char *const titles[] = { "mr", "mrs", "ms", "dr", "herr", "herrn", "frau", "madame", "monsieur", "mme", "senor", "senora", "sr", "sra", "sig", "signor", "signora", "dott",
	"dottoressa", "heer", "mevrouw", "pan", "pani", "pana", "pania", "colleague", "kollegin", "kollegen", "kollege", "collega", "collegue", "companera", "companero", "colega", "kollega",
	"named", "called", "namens", NULL };

static bool
name_word(const struct words *w, size_t i)
{
	return i < w->n && w->w[i].kind == WORD_TEXT && w->w[i].size > 1 && word_capital(w, i) && !word_in(&w->w[i], no_names) && when_month(&w->w[i]) == 0 &&
	    when_weekday(&w->w[i]) == -1;
}

/* How many words of a name begin at i: "Anna", "Anna Berg", "Anna van der Berg", "Jean-Luc Martin". */
static size_t
name_at(const struct words *w, size_t i)
{
	size_t n = 0, last = 0;

	if (!name_word(w, i))
		return 0;
	for (n = last = 1; last < NAME_WORDS + 2 && i + n < w->n && w->w[i + n].border == BORDER_NONE && n < NAME_WORDS + 2; n++) {
		if (w->w[i + n].glue == '\'' || w->w[i + n].s[0] == '\0')
			break;
		if (name_word(w, i + n))
			last = n + 1;
		else if (!word_in(&w->w[i + n], particles))
			break;
	}
	return last;
}

bool
who_named(const struct words *w, size_t from)
{
	for (size_t i = from; i < w->n; i++)
		if (w->w[i].border != BORDER_SENTENCE && name_at(w, i) > 1)
			return true;
	return false;
}

static void
take_name(const struct words *w, size_t i, size_t n, struct classified *out)
{
	const struct word *a = &w->w[i], *b = &w->w[i + n - 1];
	char *raw = xstrndup(w->text + a->at, b->at + b->size - a->at), *line = normal_text(raw);

	if (strlen(line) < sizeof(out->referral_name))
		snprintf(out->referral_name, sizeof(out->referral_name), "%s", line);
	free(line);
	free(raw);
}

static bool
after_phrase(const struct words *w, size_t from, struct classified *out)
{
	size_t best = 0, best_n = 0, n;

	for (size_t i = from; i < w->n && i < from + LOOK_AHEAD; i++) {
		/* a sentence's first word has a capital for no reason; past its end only "talk to my colleague: Anna Berg" */
		if (i > from && w->w[i].border == BORDER_SENTENCE)
			break;
		if ((n = name_at(w, i)) == 0)
			continue;
		if (n > 1 || (i > 0 && word_in(&w->w[i - 1], titles))) {
			take_name(w, i, n, out);
			return true;
		}
		if (best_n == 0 && i <= from + 3) {
			best = i;
			best_n = n;
		}
		i += n - 1;
	}
	if (best_n > 0)
		take_name(w, best, best_n, out);
	return best_n > 0;
}

/* How many words of the same name stand before word i: one, or "van der" and one. */
static size_t
name_before(const struct words *w, size_t i)
{
	for (size_t k = 1; k <= 3 && k <= i && w->w[i - k + 1].border == BORDER_NONE; k++) {
		if (name_word(w, i - k))
			return k;
		if (!word_in(&w->w[i - k], particles))
			break;
	}
	return 0;
}

static bool
before_phrase(const struct words *w, size_t to, struct classified *out)
{
	size_t n;

	for (size_t back = 1; back <= 6 && back <= to; back++) {
		size_t i = to - back;

		if ((n = name_at(w, i)) > 0) {
			/* from the first of its words */
			for (size_t k; (k = name_before(w, i)) > 0 && n + k <= NAME_WORDS + 2; n += k)
				i -= k;
			take_name(w, i, n, out);
			return true;
		}
		if (w->w[i].border == BORDER_SENTENCE)
			return false;
	}
	return false;
}

/* "Anna Berg <anna@...>", "Anna Berg, anna@...", "anna@... (Anna Berg)" */
static bool
beside_address(const struct words *w, size_t at, struct classified *out)
{
	size_t n;

	for (size_t back = 1; back <= 3 && back <= at; back++)
		if ((n = name_at(w, at - back)) > 0)
			return before_phrase(w, at - back + 1, out);
	if (at + 1 < w->n && w->w[at + 1].border == BORDER_CLAUSE && (n = name_at(w, at + 1)) > 1) {
		take_name(w, at + 1, n, out);
		return true;
	}
	return false;
}

void
who_referred(const struct words *w, const struct hits *h, struct classified *out)
{
	size_t at = w->n;

	for (size_t i = 0; i < w->n && out->referral_address[0] == '\0'; i++) {
		char *raw, *address;

		if (w->w[i].kind != WORD_MAIL)
			continue;
		raw = xstrndup(w->text + w->w[i].at, w->w[i].size);
		if ((address = normal_email(strncmp(raw, "mailto:", 7) == 0 ? raw + 7 : raw, NULL)) != NULL) {
			snprintf(out->referral_address, sizeof(out->referral_address), "%s", address);
			at = i;
		}
		free(address);
		free(raw);
	}
	if (at < w->n && beside_address(w, at, out))
		return;
	for (size_t k = 0; k < h->n; k++)
		if (h->h[k].sense == REFERRAL && (after_phrase(w, h->h[k].to, out) || before_phrase(w, h->h[k].from, out)))
			return;
}
