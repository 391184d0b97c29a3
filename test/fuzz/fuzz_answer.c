#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/respond.h"
#include "base/json.h"
#include "base/mem.h"
#include "campaign/answers.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(const struct answer_words *w)
{
	if (w->n > ANSWER_WORDS_MAX)
		__builtin_trap();
	for (size_t i = 0; i < w->n; i++)
		if (w->w[i].stem[0] == '\0' || memchr(w->w[i].stem, '\0', sizeof(w->w[i].stem)) == NULL || answer_word_in(w, w->w[i].stem) != &w->w[i])
			__builtin_trap();
}

/* A reply's text and subject, in as far as they are valid UTF-8: as the reader hands them on. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct answer_words q[ANSWER_ASKED_MAX], names = { 0 };
	struct inbox_message in = { 0 };
	char *text, *link, *subject;
	size_t n, i;

	if (!utf8_ok((const char *)data, len))
		return 0;
	text = xstrndup((const char *)data, len);
	answer_words_all(text, len < 40 ? len : 40, &names);
	check(&names);
	n = answers_asked(text, &names, q);
	for (i = 0; i < n && i < ANSWER_ASKED_MAX; i++)
		check(&q[i]);
	if ((link = respond_link(text, NULL)) != NULL && strstr(text, link) == NULL)
		__builtin_trap();
	free(link);
	in.subject = text;
	if ((subject = respond_subject(&in, NULL)) != NULL) {
		if (strncmp(subject, "Re: ", 4) != 0 || strlen(subject) > 204 || !utf8_ok(subject, strlen(subject)))
			__builtin_trap();
		for (const char *s = subject; *s != '\0'; s++)
			if ((unsigned char)*s < 0x20)
				__builtin_trap();
		free(subject);
	}
	free(text);
	return 0;
}
