/*
 * campaigns.h - campaigns, their versions, steps and variants.  Nothing here commits; changes write their log rows.
 */
#ifndef LP_STORE_CAMPAIGNS_H
#define LP_STORE_CAMPAIGNS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/answers.h"
#include "store/db.h"

/* campaigns_find(db, word, &seq, err): a handle (c3), a UUID or a name: 1; 0 no such campaign; -1. */
int campaigns_find(struct lp_db *, const char *word, int64_t *seq, struct lp_err *);

/* A step's text as a version has it. campaign_text_clear frees. */
struct campaign_variant {
	char id[32];
	int weight;
	char *subject, *body, *brief;   /* subject NULL: same thread; one of body and brief, or neither where there is a template */
	char *template;                 /* of whatsapp, JSON: name, language, parameters; NULL */
};
struct campaign_step {
	int step;
	char channel[12];
	char delay[64];
	bool same_thread;
	struct campaign_variant *variants;
	size_t nvariants;
};
/* campaign_step_get(db, campaign, version, step, s, err): with its variants by id: 1, 0 no such step, -1. */
int campaign_step_get(struct lp_db *, int64_t campaign, int version, int step, struct campaign_step *, struct lp_err *);
void campaign_step_clear(struct campaign_step *);

/* campaign_definition: a version's definition, as loaded; the caller frees. NULL with err set. */
cJSON *campaign_definition(struct lp_db *, int64_t campaign, int version, struct lp_err *);
/* campaign_status(db, campaign, status, err): draft running paused finished into `status`: 1, 0, -1. campaign_name: caller frees. */
int campaign_status(struct lp_db *, int64_t campaign, char status[12], struct lp_err *);
int campaign_name(struct lp_db *, int64_t campaign, char **name, struct lp_err *);
/* campaign_newest(db, campaign, &version, err): 1, 0, -1. */
int campaign_newest(struct lp_db *, int64_t campaign, int *version, struct lp_err *);

/* ---- changing them (campaign_put.c) */

enum campaign_outcome { CAMPAIGN_NEW, CAMPAIGN_SAME, CAMPAIGN_VERSION };

struct campaign_new {
	const char *name, *definition, *hash;   /* canonical JSON and its SHA-256 */
	const struct campaign_step *steps;      /* bodies as they go out: with their footer */
	size_t nsteps;
	const struct campaign_question *questions;
	size_t nquestions;
};
struct campaign_put {
	enum campaign_outcome outcome;
	int64_t seq;
	int version;                    /* the newest now */
	char status[12];
	int64_t under_way, waiting;     /* leads on an older version: written to already or planned; not begun with */
	bool moved;                     /* those waiting are in the new version */
};
/*
 * campaign_put(db, new, move, put, err): a new campaign, a draft; or, where its newest version says something else, a new version, which a
 * version never is changed for.  Leads under way stay on theirs.  Leads that nothing was planned for move to the new one where the campaign never
 * ran, or `move`.  0 or -1.
 */
int campaign_put(struct lp_db *, const struct campaign_new *, bool move, struct campaign_put *, struct lp_err *);

/* campaign_set_status(db, seq, status, why, err): running, paused or finished: 1 changed, 0 it was so, -1. `why` may be NULL. */
int campaign_set_status(struct lp_db *, int64_t campaign, const char *status, const char *why, struct lp_err *);

/* ---- looking at them (campaign_list.c) */

/* campaigns_json(db, campaign, err): all (0) or one, as an array: id uuid name status status_reason version goal approved approved_leads
 * leads {enrolled active paused finished stopped} sent started_at created_at updated_at. */
cJSON *campaigns_json(struct lp_db *, int64_t campaign, struct lp_err *);
/* campaign_versions_json(db, campaign, err): version hash created_at approved leads, newest first. */
cJSON *campaign_versions_json(struct lp_db *, int64_t campaign, struct lp_err *);
/* campaigns_names(db, err): by name; NULL-terminated. The caller frees each and the array. */
char **campaigns_names(struct lp_db *, struct lp_err *);

/* A lead in it that may still get mail. */
struct campaign_lead {
	int64_t enrolment, lead, account;       /* account 0: none yet */
	int version;
	bool begun;                             /* its messages are planned */
};
/* campaign_leads(db, campaign, lead, &list, &n, err): enrolled, active or paused; `lead` 0 is all. By enrolment; the caller frees. */
int campaign_leads(struct lp_db *, int64_t campaign, int64_t lead, struct campaign_lead **, size_t *n, struct lp_err *);

struct campaign_message {
	int64_t seq, due_at, slot_at, sent_at;  /* ms; 0 where not known yet */
	int step;
	char status[12], variant[32];
	char *subject, *body;                   /* NULL: no text yet */
};
/* campaign_messages(db, enrolment, &list, &n, err): what is planned or was sent to this lead, by step. campaign_messages_free. */
int campaign_messages(struct lp_db *, int64_t enrolment, struct campaign_message **, size_t *n, struct lp_err *);
void campaign_messages_free(struct campaign_message *, size_t n);
/* campaign_times_taken(db, account, from, &at, &n, err): the account's sending times from then on that are given away or lost, in order. */
int campaign_times_taken(struct lp_db *, int64_t account, int64_t from, int64_t **at, size_t *n, struct lp_err *);

#endif
