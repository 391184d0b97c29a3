#include "mail/subject.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/normal.h"

/* Folded, before a colon. Answers and forwards of mail programs in some twenty languages, and what auto-responders announce themselves with. */
static const char *const prefixes[] = { "re", "aw", "sv", "vs", "vá", "antw", "antwort", "ant", "ref", "rif", "r", "odp", "ynt", "res", "ri", "ιλτ", "απ",
	"σχετ", "отв", "на", "回复", "答复", "回覆", "fw", "fwd", "wg", "tr", "vb", "vl", "rv", "enc", "doorst", "i", "pd", "továbbítás", "ilt", "πρθ", "пд",
	"转发", "轉寄", "automatic reply", "auto reply", "autoreply", "auto", "automatische antwort", "abwesenheitsnotiz", "réponse automatique",
	"respuesta automática", "resposta automática", "risposta automatica", "automatisch antwoord", "automatyczna odpowiedź",
	"odpowiedź automatyczna", "autosvar", "automatiskt svar", "automatisk svar", "automaattinen vastaus", "out of office", "ooo",
	"undeliverable", "undelivered mail", "unzustellbar", "accepted", "declined", "tentative", "tentatively accepted" };

/* "re", "re[2]", "re (3)", "re^2", "re2" before the colon at `end`. */
static bool
is_prefix(const char *s, const char *end)
{
	size_t n = (size_t)(end - s);

	while (n > 0 && strchr("0123456789[]()^ ", s[n - 1]) != NULL)
		n--;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strlen(prefixes[i]) == n && memcmp(prefixes[i], s, n) == 0)
			return true;
	return false;
}

/* What comes after one prefix or one "[External]", or NULL. */
static const char *
strip(const char *s)
{
	static const char wide[] = "\xef\xbc\x9a"; /* fullwidth colon */
	const char *colon = strchr(s, ':'), *other = strstr(s, wide);
	size_t len = 1;

	if (other != NULL && (colon == NULL || other < colon)) {
		colon = other;
		len = sizeof(wide) - 1;
	}
	if (*s == '[' && (s = strchr(s, ']')) != NULL)
		s++;
	else if (s != NULL && colon != NULL && is_prefix(s, colon))
		s = colon + len;
	else
		return NULL;
	s += strspn(s, " ");
	return *s != '\0' ? s : NULL;
}

char *
mail_base_subject(const char *subject)
{
	char *line = normal_text(subject), *folded = utf8_fold(line);
	const char *s = folded, *next;

	while ((next = strip(s)) != NULL)
		s = next;
	free(line);
	line = xstrdup(s);
	free(folded);
	return line;
}

bool
mail_says_reply(const char *subject)
{
	static const char *const words[] = { "re", "fw", "fwd", "aw", "wg" };
	size_t n, i;

	while (*subject == ' ')
		subject++;
	n = strcspn(subject, ":");
	if (subject[n] != ':')
		return false;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == n && strncasecmp(subject, words[i], n) == 0)
			return true;
	return false;
}

char *
mail_answer_subject(const char *subject)
{
	return mail_says_reply(subject) ? xstrdup(subject) : xasprintf("Re: %s", subject);
}
