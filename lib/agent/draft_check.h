/*
 * draft_check.h - a text by a model, judged before anybody sees it.  Pure.
 *
 * What it may point to is what the campaign itself says, and the company's name; what it may be is a finished message in plain words, of the asked length,
 * for the one it is for. Nothing is mended that changes the sense: what isn't right is asked for once more, with the reason.
 */
#ifndef LP_AGENT_DRAFT_CHECK_H
#define LP_AGENT_DRAFT_CHECK_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#define DRAFT_SUBJECT_MAX 120   /* bytes */
#define DRAFT_BODY_MAX 6000     /* bytes */
#define DRAFT_SMS_MAX 306       /* characters: two short messages of plain letters, as far as the text itself goes */

struct draft_rules {
	const char *channel;            /* email whatsapp sms */
	bool with_subject;
	int max_words;                  /* a fifth more is let pass */
	const char *language;           /* as language.h calls it; NULL: any */
	const char *ours;               /* the campaign's words: links, addresses and numbers in them may be used */
	const char *company;            /* of the lead: a name such as Alpha.example is no link; NULL */
	const char *fence;              /* the word of the prompt's fences */
	const char *instructions;       /* what the model was told, apart from the user's own words: not to be repeated; NULL */
};

struct draft_text {
	char *subject, *body;           /* subject NULL where none was asked for; body ends in a line feed */
};
void draft_text_clear(struct draft_text *);

/*
 * draft_check(rules, json, text, why, size): 0 and *text; -1 and why, one line, for the second try and for people: no text, a placeholder left, a link, address or
 * number that isn't the campaign's, a header or a control character in it, another language, too long, words of the prompt.
 */
int draft_check(const struct draft_rules *, const cJSON *json, struct draft_text *, char *why, size_t size);

/* draft_links(rules, text, why, size): the part of it about links, addresses and numbers, for one text. 0, -1. */
int draft_links(const struct draft_rules *, const char *text, char *why, size_t size);

#endif
