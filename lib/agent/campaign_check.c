#include "agent/campaign_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/draft_cost.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"
#include "campaign/answers.h"
#include "campaign/campaign_def.h"
#include "campaign/campaign_template.h"
#include "campaign/campaign_text.h"
#include "campaign/merge.h"
#include "sender/law.h"
#include "sender/phone.h"
#include "store/accounts.h"
#include "store/config.h"
#include "store/enrolments.h"
#include "store/lead_row.h"
#include "store/leads.h"
#include "store/views.h"

struct check {
	struct lp_db *db;
	int64_t campaign;
	int version;
	cJSON *def;
	char **known;           /* every merge field there is, NULL-terminated */
	size_t nknown;
	cJSON *told;            /* "field" members: each unknown one is told of once */
	campaign_finding_fn *fn;
	void *ctx;
	bool note;              /* what is said next holds nothing */
	int errors;
};

static void
say(struct check *k, bool error, int64_t lead, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static void
say(struct check *k, bool error, int64_t lead, const char *fmt, ...)
{
	struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	k->errors += error;
	k->fn(&(struct campaign_finding){ .error = error, .note = k->note, .lead = lead, .text = buf_str(&b) }, k->ctx);
	buf_free(&b);
}

int
campaign_approved(struct lp_db *db, int64_t campaign, struct lp_err *err)
{
	cJSON *rows;
	struct lp_config c;
	bool asks, yes;

	if (config_load(db, &c, err) == -1)
		return -1;
	asks = config_requires_approval(&c, "send_message");
	config_clear(&c);
	if (!asks)
		return 1;
	if ((rows = campaigns_json(db, campaign, err)) == NULL)
		return -1;
	yes = json_bool(cJSON_GetArrayItem(rows, 0), "approved", false);
	cJSON_Delete(rows);
	return yes;
}

/* ---- accounts */

static int
account_names(struct lp_db *db, char ***names, struct lp_err *err)
{
	int64_t *seqs;
	size_t n, i, k = 0;
	struct account a;
	int r = 0;

	if (accounts_list(db, NULL, &seqs, &n, err) == -1)
		return -1;
	*names = xcalloc(n + 1, sizeof(**names));
	for (i = 0; i < n && r != -1; i++)
		if ((r = account_get(db, seqs[i], &a, err)) == 1) {
			(*names)[k++] = xstrdup(a.name);
			account_clear(&a);
		}
	free(seqs);
	return r == -1 ? -1 : 0;
}

static void
names_free(char **names)
{
	size_t i;

	for (i = 0; names != NULL && names[i] != NULL; i++)
		free(names[i]);
	free(names);
}

/* Every account that the campaign names is there and works. */
static int
check_named(struct check *k, char **names, struct lp_err *err)
{
	const cJSON *i;
	struct account a;
	int64_t seq;
	int r;

	cJSON_ArrayForEach(i, json_get(k->def, "accounts")) {
		const char *near = lp_did_you_mean(i->valuestring, (const char *const *)names);
		size_t n;

		for (n = 0; names[n] != NULL && strcmp(names[n], i->valuestring) != 0; n++)
			;
		if (names[n] == NULL) {
			say(k, true, 0, near != NULL ? "no such account: '%s' (did you mean '%s'?)" : "no such account: '%s' (lp-accounts add)",
			    i->valuestring, near);
			continue;
		}
		if ((r = account_find(k->db, i->valuestring, &seq, err)) == -1 || (r == 1 && account_get(k->db, seq, &a, err) == -1))
			return -1;
		if (r == 1 && strcmp(a.status, "active") != 0)
			say(k, false, 0, "account '%s' is %s%s%s: its leads wait for it", a.name, a.status, a.status_reason != NULL ? ": " : "",
			    a.status_reason != NULL ? a.status_reason : "");
		if (r == 1)
			account_clear(&a);
	}
	return 0;
}

static int
has_account(struct check *k, const char *channel, struct lp_err *err)
{
	int64_t *seqs;
	size_t n, i;
	struct account a;
	bool found = false;
	int r = 0;

	if (accounts_list(k->db, "active", &seqs, &n, err) == -1)
		return -1;
	for (i = 0; i < n && r != -1 && !found; i++)
		if ((r = account_get(k->db, seqs[i], &a, err)) == 1) {
			found = strcmp(a.channel, channel) == 0 && campaign_uses(k->def, a.name);
			account_clear(&a);
		}
	free(seqs);
	return r == -1 ? -1 : found;
}

/* A follow-up by mail leaves only where answers to the mail before would have been seen. */
static int
check_inboxes(struct check *k, struct lp_err *err)
{
	const cJSON *step;
	struct account a;
	int64_t *seqs;
	size_t n;
	int mails = 0, r = 0;

	cJSON_ArrayForEach(step, json_get(k->def, "steps"))
		mails += strcmp(json_str(step, "channel"), "email") == 0;
	if (mails < 2 || accounts_list(k->db, "active", &seqs, &n, err) == -1)
		return mails < 2 ? 0 : -1;
	for (size_t i = 0; i < n && r != -1; i++)
		if ((r = account_get(k->db, seqs[i], &a, err)) == 1) {
			if (strcmp(a.channel, "email") == 0 && campaign_uses(k->def, a.name) && json_str(a.settings, "in") == NULL && a.inbox_read_at == 0)
				say(k, false, 0, "account '%s' has no inbox, so no follow-up leaves from it: lp-accounts set %s in=MAILDIR", a.name, a.name);
			account_clear(&a);
		}
	free(seqs);
	return r == -1 ? -1 : 0;
}

static int
check_accounts(struct check *k, struct lp_err *err)
{
	static const char *const channels[] = { "email", "whatsapp", "sms" };
	char **names;
	size_t c;
	int r;

	if (account_names(k->db, &names, err) == -1)
		return -1;
	r = check_named(k, names, err);
	names_free(names);
	if (r == 0)
		r = check_inboxes(k, err);
	for (c = 0; c < 3 && r == 0; c++) {
		const cJSON *s;
		bool used = false;

		cJSON_ArrayForEach(s, json_get(k->def, "steps"))
			used = used || strcmp(json_str(s, "channel"), channels[c]) == 0;
		if (!used || (r = has_account(k, channels[c], err)) == -1)
			continue;
		if (r == 0)
			say(k, true, 0, "no active account for %s: lp-accounts add, or lp-accounts start", channels[c]);
		r = 0;
	}
	return r;
}

/* ---- merge fields */

static int
known_fields(struct check *k, struct lp_err *err)
{
	cJSON *custom = leads_custom_names(k->db, err), *i;
	size_t n = 0;

	if (custom == NULL)
		return -1;
	while (merge_fields[n] != NULL)
		n++;
	k->known = xcalloc(n + (size_t)cJSON_GetArraySize(custom) + 1, sizeof(*k->known));
	for (k->nknown = 0; k->nknown < n; k->nknown++)
		k->known[k->nknown] = xstrdup(merge_fields[k->nknown]);
	cJSON_ArrayForEach(i, custom)
		k->known[k->nknown++] = xstrdup(i->valuestring);
	cJSON_Delete(custom);
	return 0;
}

static bool
is_known(const struct check *k, const char *field)
{
	char *custom;
	bool found = merge_is_field(field);
	size_t i;

	custom = merge_custom(field);
	for (i = 0; i < k->nknown && !found; i++)
		found = strcmp(k->known[i], custom) == 0 || strcmp(k->known[i], field) == 0;
	free(custom);
	return found;
}

static int
check_template(const char *where, int step, const char *variant, enum template_shape shape, const struct template *t, void *ctx,
    struct lp_err *err)
{
	struct check *k = ctx;
	const struct template_use *u;
	size_t n = template_uses(t, &u), i;

	(void)step;
	(void)variant;
	(void)shape;
	(void)err;
	for (i = 0; i < n; i++) {
		char *custom;
		const char *near;

		if (is_known(k, u[i].field) || json_get(k->told, u[i].field) != NULL)
			continue;
		json_set_bool(k->told, u[i].field, true);
		custom = merge_custom(u[i].field);
		near = lp_did_you_mean(custom, (const char *const *)k->known);
		if (near != NULL)
			say(k, true, 0, "%s: no lead has the field '%s' (did you mean '%s'?)", where, u[i].field, near);
		else
			say(k, !u[i].fallback, 0, "%s: no lead has the field '%s'%s", where, u[i].field,
			    u[i].fallback ? ": its fallback is always used" : "");
		free(custom);
	}
	return 0;
}

/* ---- answers */

/* Each is found by its own questions, or it would never be given. */
static int
check_answers(struct check *k, struct lp_err *err)
{
	struct answer_match m;
	const cJSON *a, *q;
	int number = 0;

	cJSON_ArrayForEach(a, json_get(k->def, "answers")) {
		number++;
		cJSON_ArrayForEach(q, json_get(a, "q")) {
			if (answers_match(k->db, k->campaign, k->version, k->def, q->valuestring, NULL, &m, err) == -1)
				return -1;
			if (!m.sure || m.number != number)
				say(k, false, 0, "answer %d isn't given to its own question '%s': %s", number, q->valuestring, m.why);
		}
	}
	return 0;
}

/* ---- what a model writes */

static int
check_brief(struct check *k, const char *where, const char *brief, const char *channel, bool answer, size_t leads, struct lp_err *err)
{
	struct draft_cost c;

	if (draft_cost(k->db, k->def, brief, channel, answer, &c, err) == -1)
		return -1;
	if (*c.brain == '\0') {
		say(k, true, 0, "%s is a brief, and no model is there to write from it: lp-config set llm_provider=... llm_model=..., or give it a text", where);
		return 0;
	}
	k->note = true;
	if (leads > 1 && !answer)
		say(k, false, 0, "%s is a brief, from which %s writes: about %.4f a text, %.2f for %zu leads", where, c.brain, c.one, c.one * (double)leads, leads);
	else
		say(k, false, 0, "%s is a brief, from which %s writes: about %.4f a text", where, c.brain, c.one);
	k->note = false;
	return 0;
}

static int
check_briefs(struct check *k, struct lp_err *err)
{
	const cJSON *s, *v;
	struct campaign_lead *list;
	size_t leads;
	int step = 0, r = 0;
	char where[80];

	if (campaign_leads(k->db, k->campaign, 0, &list, &leads, err) == -1)
		return -1;
	free(list);
	cJSON_ArrayForEach(s, json_get(k->def, "steps")) {
		step++;
		cJSON_ArrayForEach(v, json_get(s, "variants")) {
			if (r == -1 || json_str(v, "brief") == NULL)
				continue;
			if (cJSON_GetArraySize(json_get(s, "variants")) == 1)
				snprintf(where, sizeof(where), "step %d", step);
			else
				snprintf(where, sizeof(where), "step %d, variant %s", step, json_str(v, "id"));
			r = check_brief(k, where, json_str(v, "brief"), json_str(s, "channel"), false, leads, err);
		}
	}
	cJSON_ArrayForEach(v, json_get(k->def, "responses"))
		if (r == 0 && json_str(v, "brief") != NULL) {
			snprintf(where, sizeof(where), "response %s", v->string);
			r = check_brief(k, where, json_str(v, "brief"), "email", true, leads, err);
		}
	return r;
}

/* ---- leads */

/* By telephone: a number, and a consent. What passes with time (hours, a tier) isn't told. */
static int
check_phone(struct check *k, const struct campaign_lead *l, int step, const struct campaign_text *text, struct lp_err *err)
{
	struct lead_row row;
	struct phone_ask q = { .l = &row, .channel = text->channel, .template = text->template };
	struct phone_said said;
	int r = lead_row_get(k->db, l->lead, &row, err);

	if (r != 1)
		return r;
	q.recipient = lead_row_address(&row, text->channel);
	if (q.recipient == NULL)
		say(k, false, l->lead, "step %d: no number for %s: lp-leads set l%" PRId64 " %s=+...", step, text->channel, l->lead,
		    strcmp(text->channel, "sms") == 0 ? "phone" : text->channel);
	else if ((r = phone_judge(k->db, &q, &said, err)) == 0 && said.verdict == V_HOLD)
		say(k, false, l->lead, "step %d: %s", step, said.why);
	lead_row_clear(&row);
	return r == -1 ? -1 : 0;
}

/* Whether its text can leave as it stands. A template of the service's is shown with its places, {{1}}, which aren't ours. */
static int
check_text(struct check *k, const struct campaign_lead *l, int step, const struct campaign_text *text, struct lp_err *err)
{
	if ((text->template == NULL || !template_alone(text->template)) && ((text->body != NULL && strstr(text->body, "{{") != NULL) || (text->subject != NULL && strstr(text->subject, "{{") != NULL)))
		say(k, false, l->lead, "step %d: '{{' stands in the finished text: in a value of this lead?", step);
	return phone_channel(text->channel) ? check_phone(k, l, step, text, err) : 0;
}

static int
check_lead(struct check *k, const struct campaign_lead *l, struct lp_err *err)
{
	struct campaign_message *m;
	struct campaign_text text;
	size_t n, i;
	int step, r = 1;

	if (campaign_messages(k->db, l->enrolment, &m, &n, err) == -1)
		return -1;
	for (step = 1; r == 1; step++) {
		struct campaign_text_for who = { .campaign = k->campaign, .version = l->version, .step = step, .lead = l->lead,
			.account = l->account };
		bool final = false;
		struct lp_err why;

		for (i = 0; i < n; i++)
			if (m[i].step == step) {
				who.variant = m[i].variant;
				final = strcmp(m[i].status, "planned") != 0 && strcmp(m[i].status, "due") != 0;
			}
		r = campaign_text(k->db, &who, &text, &why);
		if (r == -1 && why.kind == LP_DATA) {
			if (!final)
				say(k, false, l->lead, "step %d: %s", step, why.msg);
			r = 1;
		} else if (r == -1) {
			if (err != NULL)
				*err = why;
		} else if (r == 1 && !final && check_text(k, l, step, &text, err) == -1) {
			campaign_text_clear(&text);
			r = -1;
		}
		if (r == 1)
			campaign_text_clear(&text);
	}
	campaign_messages_free(m, n);
	return r;
}

static int
check_leads(struct check *k, struct lp_err *err)
{
	struct campaign_lead *list;
	size_t n, i;
	int r = 0;

	if (campaign_leads(k->db, k->campaign, 0, &list, &n, err) == -1)
		return -1;
	if (n == 0)
		say(k, false, 0, "no leads in it yet: lp-campaigns enrol");
	for (i = 0; i < n && r == 0; i++)
		r = check_lead(k, &list[i], err);
	free(list);
	return r;
}

static void
law_says(bool error, int64_t lead, const char *text, void *ctx)
{
	say(ctx, error, lead, "%s", text);
}

int
campaign_check(struct lp_db *db, int64_t campaign, bool leads, campaign_finding_fn *fn, void *ctx, struct lp_err *err)
{
	struct check k = { .db = db, .campaign = campaign, .fn = fn, .ctx = ctx };
	cJSON *view = view_campaign(db, campaign, err);
	int r = -1;

	if (view == NULL)
		return -1;
	k.version = (int)json_num(view, "version", 1);
	cJSON_Delete(view);
	k.told = cJSON_CreateObject();
	if ((k.def = campaign_definition(db, campaign, k.version, err)) != NULL && known_fields(&k, err) == 0 && check_accounts(&k, err) == 0 &&
	    campaign_each(k.def, check_template, &k, err) == 0 && check_answers(&k, err) == 0 && check_briefs(&k, err) == 0 && (!leads || check_leads(&k, err) == 0) &&
	    law_check(db, campaign, k.def, leads, law_says, &k, err) == 0)
		r = k.errors;
	names_free(k.known);
	cJSON_Delete(k.told);
	cJSON_Delete(k.def);
	return r;
}

int
campaign_start(struct lp_db *db, int64_t campaign, const char *why, campaign_finding_fn *fn, void *ctx, struct lp_err *err)
{
	char *name = NULL;
	int r = campaign_name(db, campaign, &name, err) == 1 ? campaign_check(db, campaign, false, fn, ctx, err) : -1;

	if (r > 0)
		r = lp_fail(err, LP_CONFIG, "campaign '%s' can't start like that: lp-campaigns check '%s'", name, name);
	else if (r == 0 && (r = campaign_approved(db, campaign, err)) == 0)
		r = lp_fail(err, LP_NOPERM, "campaign '%s': its newest version isn't approved: lp-approve yes '%s'", name, name);
	else if (r == 1)
		r = enrolments_bind(db, campaign, err) == -1 ? -1 : campaign_set_status(db, campaign, "running", why, err);
	free(name);
	return r;
}
