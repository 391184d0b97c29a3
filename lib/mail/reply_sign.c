/* reply_sign.c - what stands below an answer and isn't part of it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/plain.h"
#include "mail/reply_int.h"

#define CLOSING_MAX 80   /* bytes of a closing's line */
#define FOOTER_MAX 160

static bool
begins(const char *s, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strncmp(s, *list, strlen(*list)) == 0)
			return true;
	return false;
}

/* "Sent from my iPhone". */
static bool
is_footer(const struct line *l)
{
	static const char *const heads[] = { "sent from my ", "sent from mail for", "sent from outlook", "sent from yahoo",
		"sent from proton", "sent from samsung", "sent from a mobile", "sent from mobile", "sent from gmail", "sent from android",
		"sent from iphone", "sent from ipad", "sent from a phone", "sent with proton", "sent with [proton", "sent with spark",
		"sent via superhuman", "sent via gmail", "sent via the samsung", "sent using ", "sent by my ", "get outlook for",
		"get bluemail", "get yahoo mail", "yahoo mail: search", "von meinem iphone", "von meinem ipad", "von meinem handy",
		"von meinem mobil", "von meinem smartphone", "von meinem android", "von meinem samsung", "von meinem/meiner",
		"gesendet von meinem", "gesendet von mail fur", "gesendet von outlook", "gesendet von yahoo", "gesendet mit der",
		"gesendet von mobile", "gesendet aus outlook", "von outlook fur", "von yahoo mail", "holen sie sich outlook",
		"outlook fur ios", "outlook fur android", "diese nachricht wurde von meinem", "mobil gesendet", "unterwegs gesendet",
		"envoye de mon", "envoye depuis mon", "envoye depuis yahoo", "envoye depuis outlook", "envoye a partir de", "envoye avec",
		"obtenez outlook", "telecharger outlook", "telechargez outlook", "provenance : courrier", "enviado desde mi",
		"enviado desde correo", "enviado desde outlook", "enviado desde yahoo", "enviado desde un", "obtener outlook",
		"enviado do meu", "enviado de meu", "enviado do correio", "enviado do outlook", "enviado do email", "enviado do yahoo",
		"enviado a partir do", "enviado pelo meu", "obter o outlook", "obtenha o outlook", "inviato da iphone", "inviato da ipad",
		"inviato da posta", "inviato da outlook", "inviato da yahoo", "inviato da smartphone", "inviato dal mio",
		"inviato da libero", "ottieni outlook", "scarica outlook", "verzonden vanaf mijn", "verstuurd vanaf mijn",
		"verzonden met", "verzonden vanuit", "verstuurd via", "verzonden van mijn", "outlook voor ios", "outlook voor android",
		"download outlook", "wyslano z ", "wyslane z ", "pobierz outlook", "pobierz aplikacje outlook", "skickat fran",
		"hamta outlook", "skaffa outlook", "sendt fra min", "sendt fra outlook", "sendt fra mail", "sendt fra yahoo",
		"hent outlook", "fa outlook", "lahetetty iphone", "lahetetty ipad", "lahetetty outlook", "lahetetty puhelim",
		"lahetetty minun", "lahetetty android", "hanki outlook", "отправлено с ", "отправлено из ", NULL };
	struct buf b = { 0 };
	bool found;

	if (l->len < 10 || l->len > FOOTER_MAX)
		return false;
	mail_plain(&b, l->s + (*l->s == '*' || *l->s == '_'), l->len - (*l->s == '*' || *l->s == '_'));
	found = begins(b.s, heads);
	buf_free(&b);
	return found;
}

enum closing {
	NOT,
	WEAK,                  /* "Thanks": it may begin a mail as well */
	STRONG
};

static const char *const strong[] = { "best regards", "kind regards", "kindest regards", "warm regards", "warmest regards", "regards",
	"with best regards", "with kind regards", "thanks and regards", "thanks & regards", "thanks and best regards",
	"many thanks and best regards", "sincerely", "yours sincerely", "sincerely yours", "yours truly", "yours faithfully",
	"best wishes", "with best wishes", "all the best", "respectfully", "rgds", "kr", "br", "mit freundlichen grussen",
	"mit freundlichen gruessen", "mit freundlichem gruss", "mit freundlichem grusse", "freundliche grusse", "freundliche gruesse",
	"freundlicher gruss", "viele grusse", "viele gruesse", "vielen dank und beste grusse", "vielen dank und viele grusse",
	"beste grusse", "beste gruesse", "liebe grusse", "herzliche grusse", "herzlichen gruss", "schone grusse", "mit besten grussen",
	"mit herzlichen grussen", "mit lieben grussen", "grusse", "gruss", "hochachtungsvoll", "mfg", "vg", "lg", "cordialement",
	"bien cordialement", "tres cordialement", "bien a vous", "bien a toi", "sinceres salutations", "salutations",
	"meilleures salutations", "salutations distinguees", "salutations cordiales", "amicalement", "respectueusement", "cdlt",
	"bien sincerement", "saludos", "un saludo", "saludos cordiales", "un cordial saludo", "cordiales saludos",
	"reciba un cordial saludo", "atentamente", "cordialmente", "un abrazo", "muy atentamente", "atenciosamente", "att",
	"cumprimentos", "melhores cumprimentos", "com os melhores cumprimentos", "abracos", "abraco", "um abraco", "cordiali saluti",
	"distinti saluti", "saluti", "un saluto", "un cordiale saluto", "cari saluti", "con i migliori saluti", "met vriendelijke groet",
	"met vriendelijke groeten", "vriendelijke groet", "vriendelijke groeten", "groeten", "groet", "mvg", "hartelijke groet",
	"hartelijke groeten", "met hartelijke groet", "pozdrawiam", "pozdrawiam serdecznie", "serdecznie pozdrawiam", "z powazaniem",
	"z wyrazami szacunku", "pozdrowienia", "med vanliga halsningar", "med vanlig halsning", "vanliga halsningar", "vanlig halsning",
	"halsningar", "halsning", "mvh", "basta halsningar", "med venlig hilsen", "venlig hilsen", "med venlige hilsner", "hilsen",
	"de bedste hilsner", "bedste hilsner", "mange hilsner", "vh", "med vennlig hilsen", "vennlig hilsen", "beste hilsen",
	"hilsen fra", "ystavallisin terveisin", "terveisin", "parhain terveisin", "yst terv", "terv", "с уважением", NULL };
static const char *const weak[] = { "best", "thanks", "thank you", "many thanks", "thanks a lot", "thanks again", "thanks in advance",
	"thx", "cheers", "warmly", "cordially", "take care", "danke", "vielen dank", "danke und gruss", "besten dank", "merci",
	"merci d'avance", "merci beaucoup", "gracias", "muchas gracias", "obrigado", "obrigada", "grazie", "grazie mille", "bedankt",
	"alvast bedankt", "dank", "dziekuje", "dzieki", "tack", "tak", "takk", "kiitos", "ciao", "bis bald", "a bientot", NULL };

/* The longest of the list with which s begins, as a whole: its length. */
static size_t
longest(const char *s, const char *const *list)
{
	size_t best = 0;

	for (; *list != NULL; list++) {
		size_t n = strlen(*list);

		if (n > best && strncmp(s, *list, n) == 0 && (s[n] == '\0' || strchr(" ,.!-:/;", s[n]) != NULL))
			best = n;
	}
	return best;
}

static size_t
word_len(const char *s, const char *end)
{
	size_t n = 0;

	while (s + n < end && s[n] != ' ' && s[n] != '\t')
		n++;
	return n;
}

static bool
is_lower(const char *s)
{
	return *s >= 'a' && *s <= 'z';
}

/* "Anna", "Anna von Berg", "A. Berg", "bob": up to four words, none that isn't a name's. */
static bool
is_name(const char *s, size_t len)
{
	static const char *const parts[] = { "von", "van", "der", "den", "de", "di", "da", "del", "della", "la", "le", "zu", "und", "and",
		"dos", "af", NULL };
	const char *end = s + len;
	size_t words = 0, lower = 0, n;

	for (; s < end; s += n) {
		if (*s == ' ' || *s == '\t') {
			n = 1;
			continue;
		}
		n = word_len(s, end);
		words++;
		if (!isalpha((unsigned char)*s) && (unsigned char)*s < 0x80 && *s != '(')
			return false;
		for (size_t i = 0; i < n; i++)
			if (strchr("@:?!;|/", s[i]) != NULL || isdigit((unsigned char)s[i]))
				return false;
		if (is_lower(s)) {
			bool part = false;

			for (size_t i = 0; parts[i] != NULL; i++)
				part = part || (strlen(parts[i]) == n && memcmp(parts[i], s, n) == 0);
			lower += !part;
		}
	}
	return words > 0 && words <= 4 && (lower == 0 || (lower == 1 && words == 1 && len <= 12));
}

/* The closing itself, or with a name behind it: "Best, Anna". */
static enum closing
closing_at(const struct line *l)
{
	struct buf b = { 0 };
	size_t ns, nw, n, skip;
	enum closing c = NOT;
	const char *comma;

	if (l->len < 2 || l->len > CLOSING_MAX)
		return NOT;
	mail_plain(&b, l->s, l->len);
	ns = longest(b.s, strong);
	nw = longest(b.s, weak);
	n = ns >= nw ? ns : nw;
	skip = n + strspn(b.s + n, " ,.!-;:*_/");
	if (n > 0 && b.s[skip] == '\0')
		c = ns >= nw ? STRONG : WEAK;
	else if (n > 0) {
		/* the name in its own letters: behind the comma, or as many bytes from the end */
		comma = memchr(l->s, ',', l->len);
		if (comma != NULL && is_name(comma + 1, l->len - (size_t)(comma + 1 - l->s)))
			c = ns >= nw ? STRONG : WEAK;
		else if (ns >= nw && comma == NULL && b.len - skip < l->len && is_name(l->s + l->len - (b.len - skip), b.len - skip))
			c = STRONG;
	}
	buf_free(&b);
	return c;
}

static bool
is_disclaimer(const struct line *l)
{
	static const char *const words[] = { "confidential", "intended recipient", "privileged", "vertraulich", "confidentiel",
		"confidencial", "riservat", "vertrouwelijk", "poufn", "konfidentiel", "fortrolig", "luottamuksel", "registered office",
		"registered in", "handelsregister", "amtsgericht", "geschaftsfuhrer", "geschaeftsfuehrer", "consider the environment",
		"before printing", "ausdrucken", "d'imprimer", "imprimir este", "stampare questa", "virus", "disclaimer", "datenschutz",
		"privacy policy", "legal notice", "newsletter", "unsubscribe", "besuchen sie uns", "follow us", "folgen sie uns", NULL };
	struct buf b = { 0 };
	bool found = false;

	mail_plain(&b, l->s, l->len < 1000 ? l->len : 1000);
	for (size_t i = 0; !found && words[i] != NULL; i++)
		found = strstr(b.s, words[i]) != NULL;
	buf_free(&b);
	return found;
}

/* Somebody's words, rather than a name, title, address or number? */
static bool
is_sentence(const struct line *l)
{
	const char *s = l->s, *end = l->s + l->len;
	size_t words = 0, lower = 0, digits = 0, n;
	bool contact = false, stop = l->len > 0 && strchr(".!?", end[-1]) != NULL;

	if (l->len >= 3 && (s[0] == 'P' || s[0] == 'p') && (s[1] == 'S' || s[1] == 's' || s[1] == '.'))
		return s[2] == ':' || s[2] == '.' || s[2] == ' ' || s[2] == 'S' || s[2] == 's';
	for (; s < end; s += n) {
		if (*s == ' ' || *s == '\t') {
			n = 1;
			continue;
		}
		n = word_len(s, end);
		words++;
		lower += is_lower(s) && n > 1 && memchr(s, '.', n - 1) == NULL;
		for (size_t i = 0; i < n; i++) {
			digits += isdigit((unsigned char)s[i]) != 0;
			contact = contact || s[i] == '@' || s[i] == '|' || (s[i] == 'w' && n - i > 3 && memcmp(s + i, "www.", 4) == 0) ||
			          (s[i] == ':' && n - i > 2 && s[i + 1] == '/');
		}
	}
	if (l->len > 0 && end[-1] == '?')
		return true;
	if (stop && words >= 4 && lower >= 2)
		return true;
	return !contact && digits < 6 && words >= 4 && 2 * lower >= words;
}

static bool
is_greeting(const struct line *l)
{
	static const char *const words[] = { "hi", "hello", "hey", "dear", "hallo", "guten tag", "liebe", "sehr geehrte", "bonjour",
		"hola", "estimad", "ola", "caro", "cara", "ciao", "buongiorno", "beste", "geachte", "dzien dobry", "szanown", "hej",
		"kaere", "kjaere", "hei", "moin", "good morning", "good afternoon", "prezad", "gentile", NULL };
	struct buf b = { 0 };
	bool found;

	if (l->len == 0 || l->len > 50 || strchr(",!.:", l->s[l->len - 1]) == NULL)
		return false;
	mail_plain(&b, l->s, l->len);
	found = begins(b.s, words);
	buf_free(&b);
	return found;
}

/* Takes out what stands below a closing or a "--", paragraph by paragraph: sentences stay, unless they are a lawyer's. */
static void
drop_below(struct reply *r, size_t from, size_t to)
{
	bool keeping = false, legal = false;

	for (size_t i = from; i < to; i++) {
		struct line *l = &r->l[i];

		if (l->len == 0) {
			keeping = legal = false;
			continue;
		}
		if (!keeping && !legal) {
			legal = is_disclaimer(l);
			keeping = !legal && is_sentence(l);
		}
		if (!keeping)
			l->drop = true;
	}
}

/* The end of the part that line i belongs to: where quoted lines begin again. */
static size_t
part_end(const struct reply *r, size_t i)
{
	while (i < r->n && !r->l[i].drop)
		i++;
	return i;
}

static bool
is_dashes(const struct line *l)
{
	return (l->len == 2 && memcmp(l->s, "--", 2) == 0) ||
	       (l->len == 3 && (memcmp(l->s, "\xe2\x80\x94", 3) == 0 || memcmp(l->s, "\xe2\x80\x93", 3) == 0));
}

/* A weak closing closes only where a name or nothing follows. */
static bool
name_follows(const struct reply *r, size_t i, size_t end)
{
	while (i < end && r->l[i].len == 0)
		i++;
	return i >= end || is_name(r->l[i].s, r->l[i].len) || is_dashes(&r->l[i]);
}

/* One part, between quotations. *said: was there a word of the answer yet? Without one there is nothing to close. */
static void
part(struct reply *r, size_t from, size_t end, bool *said)
{
	for (size_t i = from; i < end; i++) {
		struct line *l = &r->l[i];
		enum closing c;

		if (l->len == 0)
			continue;
		if (is_dashes(l) && *said) {
			if (l->s[l->len] == ' ' && l->len == 2) /* "-- ": RFC 3676, 4.3 */
				for (; i < end; i++)
					r->l[i].drop = true;
			else
				drop_below(r, i, end);
			return;
		}
		c = *said ? closing_at(l) : NOT;
		if (c == STRONG || (c == WEAK && name_follows(r, i + 1, end))) {
			l->drop = true;
			drop_below(r, i + 1, end);
			return;
		}
		*said = *said || !is_greeting(l);
	}
}

void
footers_off(struct reply *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (!r->l[i].drop && is_footer(&r->l[i]))
			r->l[i].drop = true;
}

void
sign_off(struct reply *r)
{
	bool said = false;

	for (size_t i = 0, end; i < r->n; i = end) {
		end = part_end(r, i);
		part(r, i, end, &said);
		while (end < r->n && r->l[end].drop)
			end++;
	}
	footers_off(r);
}
