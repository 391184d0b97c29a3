#include "campaign/answer_words.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

/* ---- the small words, folded and without accents */

static const char *const small[] = {
	/* en */
	"a an and any are also am about all as at be been but by can could d did do does doing don for from get give go good got great had has have having he "
	"hello help her hey hi his i if in information into is isn it its just kindly know let like ll looking m may me mean might more my need no not of ok "
	"on one or our out please provide question questions quick re really regarding s said see send sent she should so some something sounds still t tell "
	"than thank thanks that the their them then there these they thing things this those to too two up us ve very want was we well were what whats which "
	"while will with won wondering would yes yet you your yours explain exactly interested interesting actually maybe possible again here mail email "
	"reply following curious forward hear hearing reaching regards best",
	/* de */ "aber alle als am an auch auf aus bei beim bin bis bitte da danke dann das dass dem den denn der des die dies diese dieser dieses doch ein eine einem "
	"einen einer eines er es etwas euch euer eure falls frage fragen fur gegen geht genau gern gerne gibt gruss grusse gut guten haben habe hallo hat hatte "
	"hatten ich ihm ihn ihnen ihr ihre ihrem ihren im in ist ja kann kein keine konnen konnte konnten kurz lg liebe lieber machen man mehr mein meine mich "
	"mir mit mochte mochten nach nein nicht noch nun nur ob oder ohne schon sehr sein sich sie sind so sollte tag uber um und uns unser unsere vielen vom "
	"von vor war ware waren was weil welche welcher welches wenn werden wie wir wird wissen wurde wurden zu zum zur sagen erklaren mfg morgen nett",
	/* fr */ "au aussi avec avez avons bien bonjour bonsoir car ce cela ces cet cette chez comme comment cordialement dans de des du elle elles en es est et etes etre "
	"fait faire il ils je la le les leur lui mais me merci moi mon ne nos notre nous on ou par pas peut plus pour pourriez pouvez qu que quel quelle quelles quels "
	"question questions qui plait quoi sa se ses si sil son sont souhaite sur svp te tres tu un une vos votre voudrais vous dire savoir",
	/* es, pt */ "al algo buenas buenos como con cual cuales de del desde dia dias el ella ellos en entre era eres es esa ese eso esta estan este esto favor gracias ha "
	"hace hacer hay hola la las le les lo los mas me mi mis muchas muy ni nos nosotros o para pero podria podrian por pregunta preguntas puede pueden puedes que "
	"quiero quisiera saber saludos se ser si sin sobre son su sus tambien tengo tiene tienen tu un una unas uno unos usted ustedes vuestro y ya yo "
	"a ao aos as ate boa bom com da das do dos e ela ele em essa esse esta estao eu foi gostaria isso isto ja mais mas me meu minha muito na nao nas no nos nossa nosso "
	"num obrigada obrigado oi ola os ou para pela pelo pergunta poderia pode podem por porque qual quais que sao se sem ser seu sim sua suas tambem tem temos ter "
	"um uma umas uns voce voces",
	/* it */ "ai al alla alle anche avete c ce che chi ci ciao come con cosa cui da dal dalla degli dei del della delle di domanda domande e ed era essere fa fare gli grazie ha hanno "
	"ho i il in io la le lei li lo loro ma mi mio nel nella noi non nostra nostro o per piu potete potrebbe prego puo qual quale quali questa questo salve saluti "
	"se sei si siamo siete sono su sua sue sul suo tra tu un una uno vi voi vorrei vostra vostri vostro buongiorno buonasera sapere",
	/* nl */ "aan af al als ben bent bij dan dank dat de deze die dit doe doen door een en er geen goed graag groet groeten had hallo heb hebben hebt heeft het hij hoe hoi ik in "
	"is ja je jij jou jouw jullie kan kun kunnen kunt maar me mee meer met mij mijn moet na naar nee niet nog nu of om onder ons onze ook op over te ten ter tot u uit "
	"uw van veel voor vraag vragen waarom was wat we welke werd wie wij wil wilt worden zal ze zich zij zijn zo zou zouden alvast bedankt weten",
	/* pl */ "a ale bardzo bez by byc byl chce chcialbym chcialabym co czy dla do dziekuje dzien dobry go i ich ile im ja jak jaka jaki jakie jako jest jestem ktora ktore ktory ma macie "
	"mam mamy mi mnie moge mozecie mozemy mozna moze moj na nam nas nasz nasza nasze nie niz o od oni oraz panstwa panstwo pan pani po pod prosze przez przy pytanie pytania "
	"sa sie ta tak takze te tego tej ten to tu tylko u w wam was wasz wasza wasze we wiec wiedziec witam z za ze",
	/* sv da no */ "af alla att av bara blir da de dei deg dem den denna dere deres det detta dig din dina dit ditt du eg ej eller en er era ert et ett for fraga fragor fran fra gar god godt "
	"ha hade han har hei hej hvad hva hvilken hvis hvor hvordan i ikke ingen inte jag jeg kan kanske kunde kunne lite man med meg mig min mina mit mitt mot mvh mycket ni noget "
	"noen nagon nagot nar nog och og om oss pa plus saa sa ska skal skulle som spm sporsmal sporgsmaal takk tack tak til till under ut vad var vare vi vil vill vilka "
	"vilken vilket ville vores vara vart vennlig vet veta vide vite over veldig",
	/* and of every signature */ "http https www com mailto",
};

/* Small as well, but they tell one question from another: "how much", "how long", "when". */
static const char asking[] = " when where who why whose much many long often soon fast how wann wo wer warum wieso viel viele lange oft schnell quand combien pourquoi longtemps cuando "
	"cuanto cuanta donde quien quanto quanta onde quando dove perche wanneer waar hoeveel lang snel vaak kiedy gdzie dlugo dlaczego hur hvornar hvornaar hvorfor varfor lenge lange mange manga meget ";

static const char greeting[] = " hi hello hey dear good hallo liebe lieber guten moin servus bonjour bonsoir salut cher chere hola buenas buenos estimado estimada ola oi ciao buongiorno "
	"salve gentile egregio beste geachte hoi dag dzien czesc witam hej hei god goddag kjaere kara ";

static const char requests[] = " please kindly send tell explain show can could would do does is are will may bitte schicken senden schick sende erklaren konnen konnten veuillez pouvez pourriez "
	"envoyez merci por envie envien mande puede podria poderia pode potete potrebbe prego stuur graag kunt kun prosze czy snalla kan kunne vanligen what which how when where who why was "
	"welche welcher wie wann wo wer warum comment quel quelle quand combien pourquoi est que cual cuanto como cuando donde qual quanto come quando dove hoe wat welke wanneer waar jak ile kiedy "
	"gdzie jaki hur vad nar hvad hvordan hvornar hva ";

static const char wonders[] = " know wonder wondering curious wissen frage savoir question saber pregunta sapere domanda weten vraag wiedziec pytanie veta undrar fraga vite lurer "
	"sporsmal vide sporgsmal ";

static bool
listed(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; n > 0 && (p = strstr(p, word)) != NULL; p += n)
		if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
			return true;
	return false;
}

static bool
is_small(const char *word)
{
	for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
		if (listed(small[i], word))
			return true;
	return false;
}

bool
answer_greets(const char *word)
{
	return listed(greeting, word);
}

bool
answer_asks(const char *word)
{
	return listed(requests, word);
}

bool
answer_wonders(const char *word)
{
	return listed(wonders, word);
}

/* ---- letters */

/* The letter without its accent, of U+00DF to U+017F in lower case: two bytes each, a blank for none. */
static const char plain[][3] = {
	"ss", "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th",
	"y", "", "a", "", "a", "", "a", "", "c", "", "c", "", "c", "", "c", "", "d", "", "d", "", "e", "", "e", "", "e", "", "e", "", "e", "", "g", "", "g", "", "g",
	"", "g", "", "h", "", "h", "", "i", "", "i", "", "i", "", "i", "", "i", "", "ij", "", "j", "", "k", "k", "", "l", "", "l", "", "l", "", "l", "", "l", "", "n",
	"", "n", "", "n", "n", "", "n", "", "o", "", "o", "", "o", "", "oe", "", "r", "", "r", "", "r", "", "s", "", "s", "", "s", "", "s", "", "t", "", "t", "", "t",
	"", "u", "", "u", "", "u", "", "u", "", "u", "", "u", "", "w", "", "y", "", "", "z", "", "z", "", "z", "s"
};

/* One code point of valid UTF-8. */
static size_t
take(const unsigned char *s, size_t n, unsigned *cp)
{
	size_t len = *s < 0x80 ? 1 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : 4, i;

	if (len > n) {
		*cp = ' ';
		return n;
	}
	*cp = len == 1 ? *s : *s & (0xffu >> (len + 1));
	for (i = 1; i < len; i++)
		*cp = *cp << 6 | (s[i] & 0x3fu);
	return len;
}

static bool
is_letter(unsigned c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	/* signs of Latin 1, punctuation, arrows, symbols; the rest are letters of some script */
	return (c >= 0xc0 || c == 0xaa || c == 0xb5 || c == 0xba) && c != 0xd7 && c != 0xf7 && !(c >= 0x2000 && c < 0x2c00) && !(c >= 0x3000 && c < 0x3040) && c < 0x1f000;
}

struct token {
	char word[40];          /* folded, without accents; cut where it is longer */
	bool name;              /* capitals or digits: "SAP", "B2B" */
	bool capital;           /* the first letter */
	size_t end;             /* bytes up to behind its last letter */
};

static bool
is_capital(const char *s, size_t n)
{
	struct buf b = { 0 };
	bool yes;

	if (n == 1)
		return *s >= 'A' && *s <= 'Z';
	utf8_fold_add(&b, s, n);
	yes = b.len != n || memcmp(b.s, s, n) != 0;
	buf_free(&b);
	return yes;
}

/* The next word of the text: false where there is none. */
static bool
next_word(const char *s, size_t n, struct token *t)
{
	struct buf b = { 0 };
	size_t at = 0, len, out = 0, letters = 0, capitals = 0;
	bool digit = false;
	unsigned cp;

	while (at < n && (len = take((const unsigned char *)s + at, n - at, &cp), !is_letter(cp)))
		at += len;
	t->capital = false;
	for (; at < n && (len = take((const unsigned char *)s + at, n - at, &cp), is_letter(cp)); at += len) {
		bool capital = is_capital(s + at, len);

		digit = digit || (cp >= '0' && cp <= '9');
		t->capital = t->capital || (letters == 0 && capital);
		capitals += capital;
		letters++;
		utf8_fold_add(&b, s + at, len);
	}
	t->end = at;
	if (letters == 0)
		return false;
	t->name = digit || (letters > 1 && capitals == letters);
	for (size_t i = 0; i < b.len; i += len) {
		const char *as;

		len = take((const unsigned char *)b.s + i, b.len - i, &cp);
		as = cp >= 0xdf && cp - 0xdf < sizeof(plain) / sizeof(plain[0]) ? plain[cp - 0xdf] : "";
		if (out + 5 >= sizeof(t->word))
			break;
		if (*as != '\0') {
			memcpy(t->word + out, as, strlen(as));
			out += strlen(as);
		} else {
			memcpy(t->word + out, b.s + i, len);
			out += len;
		}
	}
	t->word[out] = '\0';
	buf_free(&b);
	return true;
}

/* ---- stems */

static bool
cut_one(char *w, size_t *n)
{
	static const struct {
		const char *end;
		size_t left;            /* so much must stand before it */
	} ends[] = { { "ations", 4 }, { "ation", 4 }, { "ungen", 4 }, { "ieren", 4 }, { "ments", 4 }, { "ment", 4 }, { "iert", 4 }, { "ates", 4 }, { "ated", 4 },
		{ "ings", 3 }, { "ions", 3 }, { "ing", 3 }, { "ung", 3 }, { "ion", 3 }, { "ate", 4 }, { "ies", 4 }, { "ied", 4 }, { "ed", 4 }, { "en", 4 },
		{ "er", 4 }, { "es", 4 }, { "et", 4 }, { "em", 4 }, { "ly", 4 }, { "s", 3 }, { "e", 4 }, { "a", 4 }, { "o", 4 }, { "i", 4 }, { "y", 4 } };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t len = strlen(ends[i].end);

		if (*n >= len + ends[i].left && memcmp(w + *n - len, ends[i].end, len) == 0) {
			w[*n -= len] = '\0';
			return true;
		}
	}
	return false;
}

static void
stem(char *w)
{
	size_t n = strlen(w);

	while (w[strspn(w, "0123456789")] != '\0' && cut_one(w, &n))
		;
	if (n >= 4 && w[n - 1] == w[n - 2])
		w[n - 1] = '\0';
}

const struct answer_word *
answer_word_in(const struct answer_words *list, const char *s)
{
	for (size_t i = 0; list != NULL && i < list->n; i++)
		if (strcmp(list->w[i].stem, s) == 0)
			return &list->w[i];
	return NULL;
}

static void
add(const char *text, size_t n, const struct answer_words *skip, bool all, struct answer_words *out)
{
	struct token t;

	for (size_t at = 0; out->n < ANSWER_WORDS_MAX && next_word(text + at, n - at, &t); at += t.end) {
		struct answer_word *w = &out->w[out->n];
		bool asks = listed(asking, t.word);

		if (!all && !asks && (is_small(t.word) || (t.word[1] == '\0' && !(t.word[0] >= '0' && t.word[0] <= '9'))))
			continue;
		memcpy(w->stem, t.word, sizeof(w->stem));
		stem(w->stem);
		/* the first word of all has its capital from the sentence */
		w->weight = asks ? 0.5 : t.name || (t.capital && at > 0) ? 2 : 1;
		if (answer_word_in(out, w->stem) == NULL && answer_word_in(skip, w->stem) == NULL)
			out->n++;
	}
}

void
answer_words_add(const char *text, size_t n, const struct answer_words *skip, struct answer_words *out)
{
	add(text, n, skip, false, out);
}

void
answer_words(const char *text, size_t n, const struct answer_words *skip, struct answer_words *out)
{
	out->n = 0;
	add(text, n, skip, false, out);
}

char *
answer_words_join(const struct answer_words *list)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < list->n; i++)
		buf_printf(&b, "%s%s", i > 0 ? " " : "", list->w[i].stem);
	return buf_steal(&b);
}

void
answer_words_all(const char *text, size_t n, struct answer_words *out)
{
	add(text, n, NULL, true, out);
}

size_t
answer_first(const char *text, size_t n, char out[40])
{
	struct token t;

	if (!next_word(text, n, &t)) {
		out[0] = '\0';
		return n;
	}
	memcpy(out, t.word, 40);
	return t.end;
}
