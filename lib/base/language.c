#include "base/language.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"

#define LEAST 6 /* small words: fewer tell nothing */

/* Words that stand in nearly every text of the language, few of them in another's; folded, with their accents. */
static const struct lang {
	const char *name, *own, *code, *words;
} langs[] = {
	{ "English", "English", "en", " the and you your we our is are of for with this that have has would how at it in to be from can will what when if not " },
	{ "German", "Deutsch", "de", " der die das und ist sie ihr ihre ihnen wir mit für auf ein eine einen nicht wie zu bei den dem von sind haben würde auch es ob " },
	{ "French", "français", "fr", " le la les des du et est vous votre vos nous avec pour une un dans sur que qui ne pas au aux ce cette sont je si " },
	{ "Spanish", "español", "es", " el la los las de y es usted su sus nos con para una un en que por no se lo le como sobre está son si al del " },
	{ "Italian", "italiano", "it", " il lo la gli le di e è voi vostro sua suo con per una un nel che non si come sono del della dei alla al da vi ci " },
	{ "Portuguese", "português", "pt", " o a os as de e é você seu sua com para uma um em que por não se como são do da dos das ao mais nos na no " },
	{ "Dutch", "Nederlands", "nl", " de het een en is u uw jullie jij je wij we met voor op niet hoe te bij van zijn hebben zou ook dat dit in er om " },
	{ "Swedish", "svenska", "sv", " och att det är en ett ni er vi med för på inte hur till av som har kan ska skulle om den de från i hos jag du " },
	{ "Danish", "dansk", "da", " og at det er en et i jer vi med for på ikke hvordan til af som har kan skal ville om den de fra hos jeg du " },
	{ "Norwegian", "norsk", "no", " og at det er en et dere vi med for på ikke hvordan til av som har kan skal ville om den de fra hos jeg du i " },
	{ "Finnish", "suomi", "fi", " ja on ei että se hän me te teidän teillä miten kun jos myös kuin mutta tai oli ovat voi tämä sitä meillä olisi minä sinä " },
	{ "Polish", "polski", "pl", " i w na z do się jest nie że to czy jak dla państwa pan pani od po są może by oraz przez ze o co ma mamy " },
	{ "Czech", "čeština", "cs", " a je se na v že to s z do jak pro ne vám vás váš jsou by nebo ale o co máme bych si od při už " },
};
enum { LANGS = sizeof(langs) / sizeof(langs[0]) };

const char *const *
language_names(void)
{
	static const char *names[LANGS + 1];

	for (size_t i = 0; i < LANGS; i++)
		names[i] = langs[i].name;
	return names;
}

static bool
same(const char *a, const char *b)
{
	char *x = utf8_fold(a), *y = utf8_fold(b);
	bool yes = strcmp(x, y) == 0;

	free(x);
	free(y);
	return yes;
}

const char *
language_find(const char *word)
{
	for (size_t i = 0; i < LANGS; i++)
		if (same(word, langs[i].name) || same(word, langs[i].own) || same(word, langs[i].code))
			return langs[i].name;
	return NULL;
}

static bool
has(const char *words, const char *w, size_t n)
{
	char one[24] = " ";

	if (n > sizeof(one) - 3)
		return false;
	memcpy(one + 1, w, n);
	one[n + 1] = ' ';
	one[n + 2] = '\0';
	return strstr(words, one) != NULL;
}

/* Danish and Norwegian are one as far as small words can tell. */
static bool
near(const char *a, const char *b)
{
	return strcmp(a, b) == 0 || ((strcmp(a, "Danish") == 0 || strcmp(a, "Norwegian") == 0) && (strcmp(b, "Danish") == 0 || strcmp(b, "Norwegian") == 0));
}

const char *
language_other(const char *text, const char *language)
{
	static const char ends[] = " \t\r\n.,;:!?\"()[]'/-";
	char *folded = utf8_fold(text);
	int score[LANGS] = { 0 }, own = 0, best = 0;
	size_t n, which = 0;

	for (const char *s = folded + strspn(folded, ends); *s != '\0'; s += n + strspn(s + n, ends)) {
		n = strcspn(s, ends);
		for (size_t i = 0; i < LANGS; i++)
			score[i] += has(langs[i].words, s, n);
	}
	free(folded);
	for (size_t i = 0; i < LANGS; i++) {
		if (near(langs[i].name, language))
			own = score[i] > own ? score[i] : own;
		else if (score[i] > best) {
			best = score[i];
			which = i;
		}
	}
	/* related languages share small words: it must be plainly more */
	return best >= LEAST && best > own + own / 2 + 2 ? langs[which].name : NULL;
}
