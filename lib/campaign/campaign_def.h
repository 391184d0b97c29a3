/*
 * campaign_def.h - a campaign as text: YAML into a definition and back.  Pure.
 *
 * A definition is a JSON object with everything said, defaults too, so that a later default doesn't change what was approved; its
 * canonical form is hashed, and that hash is what an approval binds.  Members: name, goal, icp, accounts [], entry [], stop_on [],
 * max_leads, spintax, footer, hours {timezone, days [], start, end}, holidays [], steps [{channel, delay, variants [{id, weight,
 * subject, body | brief, template {name, language, parameters []}}]}], greeting, closing, answers [{q [], a}], responses {class: text | {brief}},
 * writing {language, tone, max_words, links []}.  What wasn't given and has no default is left out.  lp-campaigns(1) tells what each means.
 */
#ifndef LP_CAMPAIGN_CAMPAIGN_DEF_H
#define LP_CAMPAIGN_CAMPAIGN_DEF_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/id.h"
#include "base/yaml.h"
#include "campaign/template.h"

#define CAMPAIGN_STEPS_MAX 50
#define CAMPAIGN_VARIANTS_MAX 26
#define CAMPAIGN_ANSWERS_MAX 200
#define CAMPAIGN_PHRASINGS_MAX 20
#define CAMPAIGN_WORDS_MOST 500 /* of one text by a model */
#define CAMPAIGN_MAX_LEADS 500 /* the default of max_leads */

/* campaign_defs(doc, &defs, &n, err): the campaigns of a file: one, or the list under `campaigns:` of leadpilot.yaml, whose other sections
 * aren't looked at. The caller frees each with cJSON_Delete, and the array. LP_DATA "FILE:LINE:COLUMN: …". */
int campaign_defs(const struct ydoc *, cJSON ***defs, size_t *n, struct lp_err *);

/* campaign_def_yaml(def): the text that reads back as the same definition; what equals its default is left out. The caller frees. */
char *campaign_def_yaml(const cJSON *);

/* campaign_def_diff(old, new): a line "+ …", "- …" or "  …" for each line of the two texts, changed ones and those around them; "" where
 * they are equal. The caller frees. */
char *campaign_def_diff(const cJSON *old, const cJSON *now);

/* campaign_body(def, channel, body): a body as it goes out: with the footer under it, in mails. The caller frees. */
char *campaign_body(const cJSON *def, const char *channel, const char *body);

/* The kinds of reply that can have a response, NULL-terminated. */
extern const char *const campaign_responses[];
/* campaign_answer(def, number), campaign_response(def, class): its template, which belongs to def; NULL for none. Answers count from 1. */
const char *campaign_answer(const cJSON *def, int number);
const char *campaign_response(const cJSON *def, const char *class);
/* campaign_response_brief(def, class): what a model shall write that response from; NULL. campaign_responds: is there the one or the other? */
const char *campaign_response_brief(const cJSON *def, const char *class);
bool campaign_responds(const cJSON *def, const char *class);

/* campaign_uses(def, account): is it one of those that it names, or does it name none? def NULL: any. */
bool campaign_uses(const cJSON *def, const char *account);

/* How a model is to write: strings belong to def, NULL where nothing is said. */
struct campaign_writing {
	const char *language, *tone;    /* language as language.h calls it */
	int max_words;
};
void campaign_writing(const cJSON *def, const char *channel, bool answer, struct campaign_writing *);
/* campaign_own_words(def): all its text, a line each: links, addresses and numbers in it are the campaign's own. The caller frees. */
char *campaign_own_words(const cJSON *def);
/* campaign_answer_body(def, text): one of those as it goes out: the greeting over it and the closing under it, and no footer: it stands in a
 * conversation. The caller frees. */
char *campaign_answer_body(const cJSON *def, const char *text);

/* campaign_each(def, fn, ctx): each template of the definition, compiled: subjects and bodies with their footer. `where` is "step 2",
 * "step 2, variant b: subject", "answer 3", "response interested"; step is 0 for the last two. Stops where fn says -1. */
typedef int campaign_template_fn(const char *where, int step, const char *variant, enum template_shape, const struct template *, void *ctx,
    struct lp_err *);
int campaign_each(const cJSON *def, campaign_template_fn *, void *ctx, struct lp_err *);

#endif
