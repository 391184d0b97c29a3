/* reply_quote.c - where somebody else's words begin: what mail programs put before what they quote. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/plain.h"
#include "mail/reply_int.h"

#define ANNOUNCE_MAX 600 /* bytes of an "On Monday, Ada wrote:" */
#define ANNOUNCE_LINES 4
#define BLOCK_LINES 14   /* of a header block, wrapped recipients too */

enum label {
	NONE = 0,
	FROM = 1,
	DATE = 2,
	TO = 4,
	SUBJECT = 8,
	OTHER = 16
};

static bool
in(const char *word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return false;
}

/* Without the marks of bold type, blanks and quotes around it. */
static void
strip(struct buf *b, const char *marks)
{
	size_t from = 0;

	while (b->len > 0 && strchr(marks, b->s[b->len - 1]) != NULL)
		b->s[--b->len] = '\0';
	while (from < b->len && strchr(marks, b->s[from]) != NULL)
		from++;
	if (from > 0) {
		memmove(b->s, b->s + from, b->len - from + 1);
		b->len -= from;
	}
}

/* "From:", "Gesendet:", "*Objet :*" and their like. */
static enum label
label_of(const struct line *l)
{
	static const char *const from[] = { "from", "von", "de", "da", "van", "od", "fran", "fra", "lahettaja", "от", "expediteur",
		"remitente", "mittente", "absender", "afzender", "nadawca", "avsandare", "afsender", "avsender", "remetente", "felado",
		"kimden", "odesilatel", NULL };
	static const char *const date[] = { "sent", "date", "gesendet", "gesendet am", "datum", "envoye", "envoye le", "enviado",
		"enviado el", "enviada em", "enviado em", "enviada", "fecha", "data", "inviato", "inviata", "verzonden", "verzonden op",
		"verstuurd", "wyslano", "wyslane", "skickat", "sendt", "dato", "lahetetty", "paivays", "pvm", "paivamaara", "отправлено",
		"дата", "data wysylki", "odeslano", "elkuldve", NULL };
	static const char *const to[] = { "to", "an", "a", "para", "aan", "do", "till", "til", "vastaanottaja", "кому", "cc", "kopie",
		"copie", "copia", "kopia", "kopi", "dw", "bcc", "komu", "destinatario", "destinataire", "empfanger", NULL };
	static const char *const subject[] = { "subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "temat",
		"amne", "emne", "aihe", "тема", "predmet", "targy", "sujet", "betr", NULL };
	static const char *const other[] = { "reply-to", "antwort an", "repondre a", "importance", "attachments", "anlagen", "prioritat",
		"wichtigkeit", NULL };
	const char *colon = memchr(l->s, ':', l->len < 32 ? l->len : 32);
	struct buf b = { 0 };
	enum label r = NONE;

	if (colon == NULL || colon == l->s)
		return NONE;
	mail_plain(&b, l->s, (size_t)(colon - l->s));
	strip(&b, " *_\t\"");
	if (b.len > 0)
		r = in(b.s, from)    ? FROM
		    : in(b.s, date)    ? DATE
		    : in(b.s, to)      ? TO
		    : in(b.s, subject) ? SUBJECT
		    : in(b.s, other)   ? OTHER
		                       : NONE;
	buf_free(&b);
	return r;
}

/* A header block: who, what about, and when or to whom, line by line. The first two labels stand next to each other, or any "To:" would
 * reach far. */
static bool
block_at(const struct reply *r, size_t i)
{
	enum label l = i < r->n && !r->l[i].quoted ? label_of(&r->l[i]) : NONE;
	unsigned seen = l;
	size_t labels = 1, others = 0;

	if (l == NONE || l == OTHER)
		return false;
	for (size_t k = i + 1; k < r->n && k < i + BLOCK_LINES && others < 4; k++) {
		if (r->l[k].len == 0)
			continue;
		if ((l = label_of(&r->l[k])) == NONE) {
			if (labels < 2)
				return false;
			others++;
			continue;
		}
		labels++;
		seen |= l;
		if ((seen & FROM) && (seen & SUBJECT) && (seen & (DATE | TO)))
			return true;
	}
	return false;
}

static bool
all_of(const struct line *l, char c, size_t least)
{
	size_t n = 0;

	while (n < l->len && l->s[n] == c)
		n++;
	return n == l->len && n >= least;
}

/* What stands between dashes, or by itself before a header block. */
static bool
names_original(const char *s)
{
	static const char *const names[] = { "original message", "original mail", "original email", "original e-mail", "originalmessage",
		"reply message", "original appointment", "forwarded message", "begin forwarded message", "forwarded mail",
		"ursprungliche nachricht", "ursprungliche mail", "originalnachricht", "original-nachricht", "original nachricht",
		"urspruengliche nachricht", "weitergeleitete nachricht", "weitergeleitete mail", "anfang der weitergeleiteten nachricht",
		"anfang der weitergeleiteten e-mail", "ursprunglicher termin", "message d'origine", "message original", "mail original",
		"message transfere", "message initial", "courriel original", "debut du message transfere", "debut du message reexpedie",
		"mensaje original", "mensaje reenviado", "correo original", "inicio del mensaje reenviado", "mensagem original",
		"mensagem encaminhada", "mensagem reencaminhada", "inicio da mensagem encaminhada", "inicio da mensagem reencaminhada",
		"messaggio originale", "messaggio originario", "messaggio inoltrato", "inizio messaggio inoltrato", "mail originale",
		"oorspronkelijk bericht", "oorspronkelijke bericht", "origineel bericht", "doorgestuurd bericht",
		"begin doorgestuurd bericht", "wiadomosc oryginalna", "oryginalna wiadomosc", "wiadomosc przekazana",
		"przekazana wiadomosc", "wiadomosc przekazana dalej", "poczatek przekazanej wiadomosci", "ursprungligt meddelande",
		"originalmeddelande", "vidarebefordrat meddelande", "ursprungligt mejl", "vidarebefordrat brev", "oprindelig meddelelse",
		"original meddelelse", "oprindelig besked", "videresendt meddelelse", "videresendt besked", "start pa videresendt besked",
		"opprinnelig melding", "videresendt melding", "opprinnelig e-post", "opprinnelig epost", "alkuperainen viesti",
		"valitetty viesti", "исходное сообщение", "оригинальное сообщение", "пересылаемое сообщение", "пересланное сообщение",
		NULL };

	return in(s, names);
}

/* "-----Original Message-----", "-----Ada Park wrote: -----", "Begin forwarded message:". */
static bool
rule_at(const struct reply *r, size_t i)
{
	const struct line *l = &r->l[i];
	bool dashes = l->len >= 4 && strchr("-=*", *l->s) != NULL && (l->s[1] == *l->s || memcmp(l->s, "- -", 3) == 0);
	struct buf b = { 0 };
	bool found = false;

	if (l->len < 8 || l->len > 160 || (!dashes && l->s[l->len - 1] != ':' && l->len > 60))
		return false;
	mail_plain(&b, l->s, l->len);
	strip(&b, " -=*_:>\t");
	if (b.len > 0 && names_original(b.s))
		found = dashes || l->s[l->len - 1] == ':' || block_at(r, next_full(r, i + 1));
	else if (dashes && b.len > 0 && l->s[l->len - 1] == '-')
		found = strstr(b.s, " wrote") != NULL || strstr(b.s, " schrieb") != NULL || strstr(b.s, " a ecrit") != NULL;
	buf_free(&b);
	return found;
}

/* Outlook's rule above a header block, and above how to join a meeting. */
static bool
underscores_at(const struct reply *r, size_t i)
{
	size_t next;

	if (!all_of(&r->l[i], '_', 10))
		return false;
	next = next_full(r, i + 1);
	return next < r->n && (block_at(r, next) || (r->l[next].len >= 15 && memcmp(r->l[next].s, "Microsoft Teams", 15) == 0));
}

static bool
quote_follows(const struct reply *r, size_t i)
{
	i = next_full(r, i);
	return i < r->n && r->l[i].quoted;
}

/* What is looked for in an announcement. */
struct announcement {
	struct buf text;       /* plain, one line */
	bool at, time, digit;  /* an address, a time of day, any number */
	bool verb, last;       /* somebody wrote; that stands at the end, or before a date */
	bool ours;             /* but it was the writer: "I wrote:" */
	bool opens;            /* begins as such lines do */
};

static bool
writes(const char *w)
{
	static const char *const words[] = { "wrote", "writes", "schrieb", "geschrieben", "ecrit", "escribio", "escreveu", "scritto",
		"scrive", "schreef", "geschreven", "napisal", "napisala", "pisze", "skrev", "skriver", "kirjoitti", "пишет", "написал",
		"написала", "napsal", "napsala", "irta", "scris", "yazdi", "quoting", "zitat", "przez", "said", NULL };

	return in(w, words);
}

static bool
is_self(const char *w)
{
	static const char *const words[] = { "i", "we", "you", "ich", "wir", "du", "nous", "yo", "eu", "io", "ik", "wij", "we", "jag",
		"jeg", "vi", "mina", "me", "to", NULL };

	return in(w, words);
}

static bool
is_opener(const char *w)
{
	static const char *const words[] = { "on", "at", "in", "am", "le", "el", "em", "il", "op", "w", "dnia", "den", "pa", "wiadomosc",
		"a", "quoting", "zitat", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa", "so", "pon",
		"wt", "sr", "czw", "pt", "sob", "niedz", "ndz", "man", "tir", "tirs", "ons", "tor", "tors", "fre", "lor", "son", "ma",
		"ti", "ke", "to", "pe", "la", "su", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lordag", "sondag", "пн", "вт",
		"ср", "чт", "пт", "сб", "вс", NULL };

	return in(w, words) || (*w >= '0' && *w <= '9');
}

static bool
has_time(const char *s)
{
	for (; *s != '\0'; s++)
		if (s[0] >= '0' && s[0] <= '9' && (s[1] == ':' || s[1] == '.') && s[2] >= '0' && s[2] <= '5' && s[3] >= '0' && s[3] <= '9')
			return true;
	return false;
}

static void
look_at(struct announcement *a)
{
	const char *prev = "";
	char word[40];
	size_t n, k = 0, verb = 0;
	bool date_follows = false;

	a->at = strchr(a->text.s, '@') != NULL;
	a->time = has_time(a->text.s);
	a->digit = a->text.s[strcspn(a->text.s, "0123456789")] != '\0';
	for (const char *s = a->text.s; *s != '\0';) {
		s += strspn(s, " ,.;:()<>\"'*_[]-");
		n = strcspn(s, " ,.;:()<>\"'*_[]-");
		if (n == 0)
			break;
		if (n < sizeof(word)) {
			memcpy(word, s, n);
			word[n] = '\0';
			if (k == 0)
				a->opens = is_opener(word);
			if (verb == k && k > 0 && a->verb) { /* the word after it */
				a->ours = a->ours || is_self(word);
				date_follows = is_opener(word);
			}
			if (writes(word)) {
				a->verb = true;
				a->ours = is_self(prev);
				verb = k + 1;
			}
			prev = is_self(word) ? "i" : "";
		}
		s += n;
		k++;
	}
	a->last = a->verb && (k - verb <= 2 || date_follows || verb == 1);
}

/* Lines from..to as one; false where that is no announcement's size or form. */
static bool
announced(const struct reply *r, size_t from, size_t to, struct announcement *a)
{
	size_t len = 0;

	buf_reset(&a->text);
	a->verb = a->ours = a->opens = a->last = false;
	for (size_t i = from; i <= to; i++) {
		len += r->l[i].len;
		if (r->l[i].len == 0 || r->l[i].quoted || len > ANNOUNCE_MAX)
			return false;
		mail_plain(&a->text, r->l[i].s, r->l[i].len);
		buf_putc(&a->text, ' ');
	}
	look_at(a);
	return true;
}

/* Sure enough that all below is history, though no line of it is marked. */
static bool
is_sure(const struct announcement *a)
{
	bool iso = a->text.len > 10 && a->text.s[4] == '-' && a->text.s[7] == '-' && strchr(a->text.s, '>') != NULL;

	return (a->verb && !a->ours && (a->at || a->time) && (a->last || a->opens)) || (iso && a->at && a->time);
}

/*
 * Line i ends with a colon: does an announcement end there?  *from is where it begins: the nearest line above that opens one with a number
 * in it, else the line itself.
 */
static bool
announcement_at(const struct reply *r, size_t i, size_t *from)
{
	struct announcement a = { 0 };
	bool quote = quote_follows(r, i + 1), found = false;

	*from = i;
	for (size_t k = 0; k < ANNOUNCE_LINES && k <= i && announced(r, i - k, i, &a); k++)
		if (a.opens && a.digit && (is_sure(&a) || (quote && (a.verb || a.at)))) {
			*from = i - k;
			found = true;
			break;
		}
	for (size_t k = 0; !found && k < 2 && k <= i && announced(r, i - k, i, &a); k++) {
		found = is_sure(&a) || (quote && !a.ours && ((a.verb && a.last) || a.at || (a.opens && a.digit)));
		*from = i - k;
	}
	buf_free(&a.text);
	return found;
}

/* Pictures and folded history that only left their name. */
static bool
is_leftover(const struct line *l)
{
	static const char *const names[] = { "[cid:", "[image:", "[Quoted text hidden]", "[Bild:", "[inline image",
		"[Texte des messages" };

	if (l->len < 3 || l->s[0] != '[' || l->s[l->len - 1] != ']')
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (l->len >= strlen(names[i]) && memcmp(l->s, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

void
quote_cut(struct reply *r)
{
	size_t from;

	for (size_t i = 0; i < r->n; i++) {
		struct line *l = &r->l[i];

		if (l->quoted || is_leftover(l)) {
			l->drop = true;
			continue;
		}
		if (l->len == 0)
			continue;
		if (rule_at(r, i) || underscores_at(r, i) || block_at(r, i)) {
			r->n = i;
			return;
		}
		if (all_of(l, '_', 10))
			l->drop = true;
		if (l->s[l->len - 1] != ':' || !announcement_at(r, i, &from))
			continue;
		if (!quote_follows(r, i + 1)) {
			r->n = from;
			return;
		}
		for (; from <= i; from++)
			r->l[from].drop = true;
	}
}
