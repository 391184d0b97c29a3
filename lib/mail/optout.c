#include "mail/optout.h"

#include <string.h>

#include "mail/optout_words.h"
#include "mail/plain.h"

#define EARLY 4  /* words before which a bare "stop" is still the first thing said */
#define LEADS 12 /* words that may lead into a request */

static bool
in(const char *word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return false;
}

/* Words that lead into a request and change nothing of it. */
static bool
leads(const char *w)
{
	static const char *const words[] = { "please", "pls", "plz", "kindly", "just", "so", "and", "but", "also", "then", "ok", "okay",
		"thanks", "sorry", "can", "could", "would", "will", "you", "mind", "i", "we", "bitte", "und", "aber", "daher", "deshalb",
		"konnen", "konnten", "wurden", "konntest", "kannst", "konnt", "sie", "ihr", "du", "merci", "de", "bien", "vouloir",
		"veuillez", "priere", "d", "et", "mais", "donc", "pouvez", "pourriez", "vous", "prie", "je", "por", "favor", "porfavor",
		"y", "pero", "puede", "pueden", "podria", "podrian", "podeis", "solicito", "e", "mas", "pode", "podem", "poderia",
		"poderiam", "voce", "favor", "agradeco", "per", "favore", "cortesia", "ma", "quindi", "puo", "potete", "potreste",
		"potrebbe", "vi", "prego", "di", "la", "en", "maar", "dus", "graag", "gelieve", "kunt", "kan", "kun", "zou", "u", "je",
		"jullie", "aub", "wilt", "wil", "prosze", "prosimy", "o", "i", "ale", "wiec", "czy", "mozecie", "moglibyscie", "moze",
		"moga", "panstwo", "snalla", "var", "god", "vanligen", "och", "men", "kunde", "skulle", "ni", "venligst", "vennligst",
		"vaer", "sa", "snill", "og", "dere", "vil", "a", "at", "ystavallisesti", "ja", "mutta", "voitteko", "voisitteko",
		"voisitko", "olkaa", "hyva", "пожалуиста", "прошу", "вас", "и", "а", "но", "immediately", "sofort", "umgehend", "again",
		"yes", "urgent", NULL };

	return in(w, words);
}

static bool
greets(const char *w)
{
	static const char *const words[] = { "hi", "hello", "hey", "dear", "good", "hallo", "guten", "liebe", "lieber", "sehr", "servus",
		"moin", "grusse", "bonjour", "bonsoir", "salut", "cher", "chere", "hola", "buenos", "buenas", "estimado", "estimada",
		"estimados", "ola", "bom", "boa", "caro", "cara", "prezado", "prezada", "ciao", "buongiorno", "buonasera", "salve",
		"gentile", "spettabile", "beste", "geachte", "goedemorgen", "goedemiddag", "dag", "dzien", "witam", "czesc", "szanowni",
		"szanowny", "szanowna", "hej", "hejsan", "god", "halla", "kaere", "kjaere", "hei", "terve", "moi", "привет",
		"здравствуите", "добрыи", "уважаемые", NULL };

	return in(w, words);
}

/* Of what comes before a request, what turns it round or into a tale. */
static bool
turns(const char *w)
{
	static const char *const words[] = { "not", "dont", "never", "cant", "cannot", "wont", "didnt", "doesnt", "isnt", "shouldnt",
		"wouldnt", "couldnt", "without", "if", "when", "how", "why", "what", "who", "where", "which", "whether", "did", "does",
		"had", "before", "than", "click", "customers", "users", "people", "they", "he", "she", "nicht", "nie", "kein", "keine",
		"ohne", "wenn", "wie", "warum", "falls", "kunden", "klicken", "ne", "si", "comment", "pourquoi", "quand", "cliquez",
		"sans", "clients", "como", "cuando", "clientes", "haga", "nao", "quando", "clique", "se", "come", "clienti", "clicca",
		"non", "niet", "als", "hoe", "wanneer", "klanten", "klik", "klikk", "nie", "jak", "jesli", "jezeli", "kiedy", "klienci",
		"kliknij", "inte", "hur", "nar", "klicka", "kunder", "ikke", "hvis", "hvordan", "hvornar", "kunderne", "ei", "jos",
		"miten", "kuinka", "klikkaa", "asiakkaat", "если", "как", "клиенты", NULL };

	return in(w, words);
}

/* What begins anew within a clause: what stands before it no longer counts. */
static bool
begins_anew(const char *w)
{
	static const char *const words[] = { "please", "pls", "so", "and", "but", "then", "therefore", "kindly", "bitte", "und", "aber",
		"daher", "merci", "veuillez", "donc", "et", "mais", "favor", "y", "pero", "e", "mas", "favore", "quindi", "ma", "aub",
		"dus", "en", "maar", "graag", "prosze", "wiec", "ale", "sa", "och", "men", "venligst", "vennligst", "og", "mutta", "ja",
		"пожалуиста", "поэтому", "и", NULL };

	return in(w, words);
}

/* What behind a request makes it one for a time, or for another way. */
static bool
limits(const struct words *w, size_t at)
{
	static const char *const words[] = { "until", "unless", "instead", "needed", "necessary", "stattdessen", "sondern", "jusqu",
		"sauf", "hasta", "sino", "salvo", "ate", "exceto", "finche", "tranne", "totdat", "tenzij", "zamiast", "dopoki", "forran",
		"forrens", "innan", "istallet", "ennen", "webinar", "meeting", "thread", "linkedin", "phone", "telefonisch", "telephone",
		"whatsapp", NULL };
	static const char *const when[] = { "january", "february", "march", "april", "may", "june", "july", "august", "september",
		"october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "next", "the", "januar",
		"februar", "marz", "mai", "juni", "juli", "oktober", "dezember", "ende", "anfang", "mitte", "montag", "zum", "nachste",
		"nachster", "nachsten", "q1", "q2", "q3", "q4", "christmas", "summer", NULL };
	static const char *const before[] = { "before", "till", "bis", "vor", "tot", "fino", "do", "indtil", "inntil", "avant", "for",
		NULL };

	for (; at < w->n; at++) {
		if (in(w->w[at], words))
			return true;
		if (at + 1 < w->n && in(w->w[at], before) && (in(w->w[at + 1], when) || (w->w[at + 1][0] >= '0' && w->w[at + 1][0] <= '9')))
			return true;
	}
	return false;
}

/* Nothing more on this line but courtesy. */
static bool
line_ends(const struct words *w, size_t at)
{
	size_t end;

	while (at < w->n && *w->w[at] == ',')
		at++;
	return at >= w->n || *w->w[at] == '\n' || (words_match(w, at, "$", &end) && line_ends(w, at + 1));
}

/* From a clause's first word to the first that isn't a lead. */
static size_t
past_leads(const struct words *w, size_t at)
{
	for (size_t most = at + LEADS; at < w->n && at < most && (*w->w[at] == '\n' || leads(w->w[at]));)
		at++;
	return at;
}

/* Does the clause greet, and no more? Then behind it. */
static size_t
past_greeting(const struct words *w, size_t at)
{
	size_t n = at;

	if (at >= w->n || !greets(w->w[at]))
		return at;
	while (n < w->n && !words_is_mark(w->w[n]))
		n++;
	if (n - at > 5)
		return at;
	while (n < w->n && words_is_mark(w->w[n]))
		n++;
	return n;
}

/* Looking back from a request to where its clause begins. */
static bool
turned(const struct words *w, size_t at, size_t from)
{
	if (at > from && strcmp(w->w[at - 1], "no") == 0)
		return true;
	while (at > from && *w->w[at - 1] != ',' && !begins_anew(w->w[at - 1]))
		if (turns(w->w[--at]))
			return true;
	return false;
}

static bool
strong(const struct words *w, size_t from)
{
	size_t end;

	for (size_t i = from; i < w->n; i++)
		if (!words_is_mark(w->w[i]) && words_find(w, i, &optout_strong, &end) != NULL && !turned(w, i, from) && !limits(w, end))
			return true;
	return false;
}

/* At each clause's beginning, with or without what leads into it. */
static bool
clauses(const struct words *w, size_t from)
{
	size_t end;

	for (size_t i = from; i < w->n; i++) {
		size_t last;

		if (i != from && !words_is_mark(w->w[i - 1]))
			continue;
		last = past_leads(w, i);
		for (size_t at = i; at <= last && at < w->n; at++) {
			if (words_is_mark(w->w[at]))
				continue;
			if (words_find(w, at, &optout_anchored, &end) == NULL && words_find(w, at, &optout_strong, &end) == NULL)
				continue;
			if (!limits(w, end))
				return true;
		}
	}
	return false;
}

static bool
bare(const struct words *w, size_t from)
{
	size_t last = past_leads(w, from), end;

	for (size_t at = from; at <= last && at < w->n; at++)
		if (!words_is_mark(w->w[at]) && words_find(w, at, &optout_bare, &end) != NULL && line_ends(w, end))
			return true;
	return false;
}

static bool
asks(const char *text)
{
	struct words w = { 0 };
	const char *s = text;
	size_t said = 0;
	bool out = false;

	while (!out && (s = words_read(&w, s)) != NULL) {
		size_t from = past_greeting(&w, 0);

		if (from >= w.n)
			continue;
		out = (said <= EARLY && w.end != '?' && bare(&w, from)) || clauses(&w, from) || (w.end != '?' && strong(&w, from));
		said += w.n - from;
	}
	plain_words_free(&w);
	return out;
}

/* "Re: stop" is what we wrote ourselves. */
static bool
is_answer(const char *subject)
{
	const char *colon = strchr(subject, ':');

	return colon != NULL && colon - subject <= 12;
}

bool
mail_opts_out(const char *subject, const char *text)
{
	struct buf b = { 0 };
	bool out;

	if (subject != NULL && !is_answer(subject))
		mail_plain(&b, subject, strlen(subject));
	out = b.len > 0 && asks(b.s);
	if (!out) {
		buf_reset(&b);
		mail_plain(&b, text, strlen(text));
		out = asks(b.s);
	}
	buf_free(&b);
	return out;
}
