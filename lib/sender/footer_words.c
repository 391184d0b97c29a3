/* footer_words.c - what the foot of a mail says, in each language, and how that language is told. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "sender/footer.h"

/* None of them may read like an opt-out: they come back in what people quote. A test holds them against the code that finds those. */
const struct footer_words footer_words[FOOTER_LANGUAGES] = {
	[FOOTER_EN] = { "We have your address from: %s", "What we keep about you, and your rights: %s", "No more mail from us: %s",
	    "If you would rather not hear from us, a short reply is enough." },
	[FOOTER_DE] = { "Ihre Adresse haben wir aus dieser Quelle: %s", "Was wir über Sie speichern, und Ihre Rechte: %s", "Keine weiteren Nachrichten von uns: %s",
	    "Falls Sie lieber nichts von uns hören, genügt eine kurze Antwort." },
	[FOOTER_FR] = { "Source de votre adresse : %s", "Vos données et vos droits : %s", "Pour ne plus rien recevoir de notre part : %s",
	    "Si nos messages vous dérangent, une courte réponse suffit." },
	[FOOTER_ES] = { "Origen de su dirección: %s", "Sus datos y sus derechos: %s", "Para no recibir nada más de nosotros: %s",
	    "Si prefiere no saber de nosotros, basta una breve respuesta." },
	[FOOTER_IT] = { "Fonte del Suo indirizzo: %s", "I Suoi dati e i Suoi diritti: %s", "Per non ricevere altro da noi: %s",
	    "Se preferisce non avere nostre notizie, basta una breve risposta." },
	[FOOTER_NL] = { "Bron van uw adres: %s", "Wat wij van u bewaren, en uw rechten: %s", "Hoort u liever niets van ons: %s",
	    "Hoort u liever niets van ons, dan is een kort antwoord genoeg." },
};

/* Little words that only one of the languages has, or that one of them has all the time. */
static const char *const little[FOOTER_LANGUAGES] = {
	[FOOTER_EN] = "|the|and|you|your|is|are|we|do|how|with|for|this|that|have|would|any|what|our|of|to|it|hello|thanks|",
	[FOOTER_DE] = "|der|die|das|und|ist|sie|ihr|ihre|ihnen|wir|mit|für|auf|nicht|ein|eine|einen|wie|haben|zu|von|im|bei|uns|guten|gruß|grüße|",
	[FOOTER_FR] = "|le|la|les|et|est|vous|votre|vos|nous|avec|pour|une|des|du|au|aux|que|qui|pas|ce|cette|sur|bonjour|êtes|merci|",
	[FOOTER_ES] = "|el|los|las|y|es|usted|ustedes|su|sus|nosotros|con|para|una|del|que|qué|no|por|como|cómo|en|hola|gracias|están|",
	[FOOTER_IT] = "|il|lo|gli|i|e|è|lei|suo|sua|noi|con|per|una|del|della|che|non|come|di|in|buongiorno|grazie|siete|vi|",
	[FOOTER_NL] = "|de|het|een|en|is|u|uw|wij|we|met|voor|niet|dat|dit|van|op|hoe|heeft|zijn|bij|ons|onze|hallo|bedankt|groet|",
};

static size_t
word_end(const char *s)
{
	return strcspn(s, " \t\r\n.,;:!?()\"/-'");
}

enum footer_language
footer_language(const char *text)
{
	int score[FOOTER_LANGUAGES] = { 0 }, best = 0, second = 0, winner = FOOTER_LANGUAGES;
	char *folded = utf8_fold(text), word[24];
	size_t n;

	for (const char *s = folded; *s != '\0'; s += n + (s[n] != '\0')) {
		n = word_end(s);
		if (n == 0 || n > 18)
			continue;
		word[0] = '|';
		memcpy(word + 1, s, n);
		memcpy(word + 1 + n, "|", 2);
		for (int i = 0; i < FOOTER_LANGUAGES; i++)
			score[i] += strstr(little[i], word) != NULL;
	}
	free(folded);
	for (int i = 0; i < FOOTER_LANGUAGES; i++) {
		if (score[i] > best) {
			second = best;
			best = score[i];
			winner = i;
		} else if (score[i] > second)
			second = score[i];
	}
	return best >= 2 && best > second ? (enum footer_language)winner : FOOTER_LANGUAGES;
}
