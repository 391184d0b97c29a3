/*
 * config.h - the agent's configuration: one row of agent_configs, and one vocabulary for it.
 *
 * A key is the same word in `lp-config set KEY=VALUE`, in `show`, in the section `config:` of leadpilot.yaml, in JSON and as the column.
 * A value has three forms: the text a person types ("monday,tuesday", "yes"), the text that is stored (["monday","tuesday"], 1), JSON.
 * Nothing here commits; every change writes its log row.
 */
#ifndef LP_STORE_CONFIG_H
#define LP_STORE_CONFIG_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/duration.h"
#include "base/hours.h"
#include "base/tz.h"
#include "base/yaml.h"
#include "store/db.h"

/* The configuration as the stages read it. Load it anew for each burst: a change counts from the next on. */
struct lp_config {
	char *name;
	bool is_enabled;                /* lp-start, lp-stop */
	int64_t version;                /* of what decides; part of a decision's inputs */
	int64_t ruleset;
	char *llm_provider, *llm_model;
	double temperature, min_confidence, max_llm_cost_per_day;
	struct hours hours;             /* the agent's schedule and holidays; hours.always where it has none */
	int64_t max_leads_per_day, max_messages_per_day, max_actions_per_hour, max_messages_per_lead, max_messages_per_company;
	bool auto_respond_to_positive, auto_respond_to_questions, auto_book_meetings;
	cJSON *require_approval_for;    /* array of task types and actions */
	struct duration approval_expires, inbox_interval, inbox_max_age, slot_grace;
	int report_at;                  /* minutes from midnight in hours.timezone; -1: no report */
	bool stop_on_colleague;
	int64_t inbox_max_bytes, soft_bounces;
	struct duration away_pause, bounce_pause, notify_interval;
	char *postal_address;           /* NULL where there is none, likewise below */
	bool notify_on_positive_reply, notify_on_meeting_booked, notify_on_error;
	char *notify_email, *notify_slack_webhook_env, *notify_maildir, *notify_account;
};

/* config_load(db, c, err): fills *c, which config_clear frees. Calls inside or outside a transaction. */
int config_load(struct lp_db *, struct lp_config *, struct lp_err *);
void config_clear(struct lp_config *);
/* config_zone(db, out, err): the zone of the schedule, on whose clock people read. 0, -1 as config_load. */
int config_zone(struct lp_db *, char out[TZ_NAME_SIZE], struct lp_err *);

/* When meetings may be, and what an invitation says. Kept apart: few programs ask. */
struct config_meetings {
	struct hours hours;             /* meeting_days and times in the schedule's zone, with its holidays */
	struct duration length, buffer, notice, horizon;
	int64_t per_day;
	char *title;
	char *location, *busy;          /* NULL where there is none */
};
int config_meetings(struct lp_db *, struct config_meetings *, struct lp_err *);
void config_meetings_clear(struct config_meetings *);

/* Who thinks, where the offline brain isn't sure enough. Kept apart for the same reason. No secret is in it: names of what holds one. */
struct config_model {
	char *provider, *model;         /* provider NULL: none */
	char *base_url, *key_env, *key_command; /* NULL: the provider's own; no key */
	double price_in, price_cached, price_out; /* of a million tokens */
};
struct config_models {
	struct config_model first, fallback;
	char *command;                  /* of the provider 'command': a program and its arguments, blanks between */
	char *ca_file;                  /* NULL: the system's certificates */
	double temperature;
	int64_t max_tokens;
	struct duration timeout, cache; /* of one question with its retries; how long an equal one is answered from the record */
	double max_cost_per_day, offline_threshold;
	char *timezone;                 /* whose midnight the day's cost is counted from */
};
int config_models(struct lp_db *, struct config_models *, struct lp_err *);
void config_models_clear(struct config_models *);

/* When too much comes back. Kept apart for the same reason. */
struct config_volume {
	double bounce_max, complaint_warn, complaint_max; /* per cent */
	int64_t bounce_floor, complaint_floor; /* messages: fewer say nothing */
	struct duration window;
};
int config_volume(struct lp_db *, struct config_volume *, struct lp_err *);
/* What the law asks of a sender (sender/law.h). Kept apart for the same reason. */
enum compliance { COMPLIANCE_AUTO, COMPLIANCE_STRICT, COMPLIANCE_WARN, COMPLIANCE_OFF };
struct config_law {
	enum compliance compliance;
	char *postal_address, *identification, *privacy_url, *unsubscribe_url, *country_rules; /* NULL where there is none */
	bool html;
	struct duration retention;      /* none: for ever */
};
int config_law(struct lp_db *, struct config_law *, struct lp_err *);
void config_law_clear(struct config_law *);

/* config_requires_approval(c, word): is the task type or action in require_approval_for? Sending in any way counts as send_message, and
 * answering as respond_to_reply. */
bool config_requires_approval(const struct lp_config *, const char *word);

/* The vocabulary */
enum config_type { C_TEXT, C_OPTIONAL, C_BOOL, C_INT, C_NUM, C_ZONE, C_DAYS, C_TIME, C_NO_OR_TIME, C_DATES, C_APPROVALS, C_DURATION, C_PROVIDER, C_PROVIDER_OR_NONE,
	C_EMAIL, C_VARIABLE, C_PATH, C_LINK, C_COMPLIANCE };

struct config_key {
	const char *name;
	enum config_type type;
	double least, most;             /* C_INT, C_NUM */
	const char *dflt;               /* stored form of a new file's; NULL is none */
	const char *help;               /* one line */
	const char *update;             /* its statement */
};

extern const struct config_key config_keys[];   /* ends with a NULL name */
extern const size_t config_nkeys;

/* config_find(word, err): the key. NULL with LP_USAGE: unknown (with the nearest), or one that lp-start and lp-stop set. */
const struct config_key *config_find(const char *word, struct lp_err *);

/* config_value(key, text, &stored, err): judge what a person typed; *stored (NULL for none) is the caller's. LP_DATA "KEY: what is wrong". */
int config_value(const struct config_key *, const char *text, char **stored, struct lp_err *);
/* config_shown(key, stored): the same as a person types it; "" for none. The caller frees. config_as_json: as JSON. */
char *config_shown(const struct config_key *, const char *stored);
cJSON *config_as_json(const struct config_key *, const char *stored);

/* config_values(db, values, err): every key's stored value, in the order of config_keys; free with config_values_free. */
int config_values(struct lp_db *, char ***values, struct lp_err *);
void config_values_free(char **values);

struct config_change {
	const struct config_key *key;
	char *stored;                   /* owned by whoever made it */
	bool implied;                   /* of a file that doesn't name the key: its default */
};

/* config_diff(db, changes, n, &text, err): what they would change, a line "KEY: OLD -> NEW" each ("" for nothing); the caller frees. */
int config_diff(struct lp_db *, const struct config_change *, size_t n, char **text, struct lp_err *);

/* config_apply(db, changes, n, why, err): all or none: refuses (LP_DATA) a result that can't be, such as an empty window; the last of two
 * changes of one key wins. `why` (NULL for none) goes into the log. The caller holds a transaction. Returns how many keys changed. */
int config_apply(struct lp_db *, const struct config_change *, size_t n, const char *why, struct lp_err *);

/* config_create(path, simulated, seed, now, changes, n, err): db_create with these changes, or no file. Commits. */
int config_create(const char *path, bool simulated, const char *seed, int64_t now, const struct config_change *, size_t n, struct lp_err *);

/* The section `config:` of leadpilot.yaml */
struct config_file {
	struct config_change *changes;  /* one for each key: those that the file leaves out go back to the default */
	size_t n;
};
/* config_file_read(doc, f, err): LP_DATA with file, line and column. config_file_check(db, f, err): refused (LP_NOPERM) where it would undo, by name,
 * what was changed by hand since the last load. config_file_loaded: remember the present values as loaded; the caller holds a transaction. */
int config_file_read(const struct ydoc *, struct config_file *, struct lp_err *);
int config_file_check(struct lp_db *, const struct config_file *, struct lp_err *);
int config_file_loaded(struct lp_db *, struct lp_err *);
void config_file_free(struct config_file *);
/* config_dump(db, &yaml, err): the section; loading it changes nothing. The caller frees. */
int config_dump(struct lp_db *, char **yaml, struct lp_err *);

#endif
