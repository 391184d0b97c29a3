/* optout_text.c - "stop" by telephone: the words that carriers and services know, also inside a sentence. */
#include "mail/optout.h"

#include <stddef.h>
#include <string.h>

#define WORDS_MAX 600   /* looked at: twelve SMS of three letters a word */
#define WORD_MAX 16     /* longer ones are none of ours */

struct text_words {
	char w[WORDS_MAX][WORD_MAX];
	size_t n;
};

static int
is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80 || c == '\'';
}

static void
split(const char *s, struct text_words *t)
{
	t->n = 0;
	while (*s != '\0' && t->n < WORDS_MAX) {
		size_t len = 0;

		while (*s != '\0' && !is_letter((unsigned char)*s))
			s++;
		for (; is_letter((unsigned char)*s); s++, len++)
			if (len < WORD_MAX - 1)
				t->w[t->n][len] = *s >= 'A' && *s <= 'Z' ? (char)(*s | 0x20) : *s;
		if (len == 0)
			return;
		t->w[t->n++][len < WORD_MAX ? len : 0] = '\0';
	}
}

static bool
one_of(const char *w, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(w, *list) == 0)
			return true;
	return false;
}

static const char *
word(const struct text_words *t, size_t at)
{
	return at < t->n ? t->w[at] : "";
}

/* The same letters as another word: a bus stop, the end of the month, cancel the meeting. */
static bool
other_sense(const struct text_words *t, size_t i)
{
	static const char *const before_stop[] = { "bus", "non", "one", "pit", "rest", "full", NULL };
	static const char *const before_end[] = { "the", "year", "month", "quarter", "week", "day", "front", "back", "high", "low", "year's", "month's", "their",
		"our", "your", "an", "far", "dead", "by", "at", "until", "till", "weekend", NULL };
	static const char *const after_end[] = { "of", "user", "users", "customer", "customers", "to", "result", "date", NULL };
	static const char *const meetings[] = { "meeting", "call", "appointment", "demo", "order", "booking", "slot", "invite", "invitation", "lunch", NULL };
	static const char *const after_quit[] = { "my", "his", "her", "their", "smoking", NULL };
	const char *w = t->w[i], *before = i > 0 ? t->w[i - 1] : "", *after = word(t, i + 1);

	if (strcmp(w, "stop") == 0)
		return one_of(before, before_stop) || strcmp(after, "by") == 0 || strcmp(after, "over") == 0;
	if (strcmp(w, "end") == 0)
		return one_of(before, before_end) || one_of(after, after_end);
	if (strcmp(w, "quit") == 0)
		return one_of(after, after_quit);
	if (strcmp(w, "cancel") == 0)
		for (size_t k = i + 1; k <= i + 4; k++)
			if (one_of(word(t, k), meetings))
				return true;
	return false;
}

bool
text_opts_out(const char *text)
{
	static const char *const known[] = { "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "optout", "revoke", NULL };
	struct text_words t;

	split(text, &t);
	for (size_t i = 0; i < t.n; i++)
		if (one_of(t.w[i], known) && (t.n == 1 || !other_sense(&t, i)))
			return true;
	return mail_opts_out(NULL, text);
}
