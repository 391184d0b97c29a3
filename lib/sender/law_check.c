/* law_check.c - what a campaign would be held for, or should know, said before it starts. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "campaign/campaign_def.h"
#include "sender/law.h"
#include "store/campaigns.h"

struct look {
	struct lp_db *db;
	struct config_law c;
	law_say_fn *say;
	void *ctx;
	bool mails;                     /* some step goes by mail */
	bool judged, strict;            /* of any account */
	bool page;                      /* each account has an https way out of its own */
	struct buf countries;           /* of which something was said */
};

static void
one_account(struct look *k, const struct account *a)
{
	enum compliance level = law_level(k->db, &k->c, a);
	const char *page = json_str(a->settings, "unsubscribe");
	struct buf why = { 0 };

	if (strcmp(a->channel, "email") != 0 || level == COMPLIANCE_OFF || (level == COMPLIANCE_WARN && k->c.compliance == COMPLIANCE_AUTO))
		return;
	k->judged = true;
	k->strict = k->strict || level == COMPLIANCE_STRICT;
	k->page = k->page && page != NULL && strncmp(page, "https://", 8) == 0;
	if (law_account(&k->c, a, &why) > 0)
		k->say(level == COMPLIANCE_STRICT, 0, buf_str(&why), k->ctx);
	buf_free(&why);
}

static int
accounts(struct look *k, const cJSON *def, struct lp_err *err)
{
	struct account a;
	int64_t *seqs;
	size_t n;
	int r = 0;

	if (accounts_list(k->db, NULL, &seqs, &n, err) == -1)
		return -1;
	for (size_t i = 0; i < n && r != -1; i++)
		if ((r = account_get(k->db, seqs[i], &a, err)) == 1) {
			if (campaign_uses(def, a.name))
				one_account(k, &a);
			account_clear(&a);
		}
	free(seqs);
	return r == -1 ? -1 : 0;
}

/* Once for each country. */
static int
country(struct look *k, const struct lead_row *l, struct lp_err *err)
{
	struct law_rule rule;
	struct buf why = { 0 };

	if (law_rule(k->c.country_rules, law_country(l), &rule, err) == -1)
		return -1;
	if (strstr(buf_str(&k->countries), rule.country) == NULL && law_config(&k->c, &rule, &why) > 0) {
		k->say(false, 0, buf_str(&why), k->ctx);
		buf_printf(&k->countries, "%s ", rule.country);
	}
	buf_free(&why);
	return 0;
}

/* Whoever was written to has been judged. */
static int
one_lead(struct look *k, int64_t lead, struct lp_err *err)
{
	struct lead_row l;
	struct buf why = { 0 };
	int r = lead_row_get(k->db, lead, &l, err);

	if (r == 1 && !l.contacted && (r = country(k, &l, err)) == 0 && (r = law_consent(k->db, &k->c, &l, "email", &why, err)) == 1)
		k->say(false, lead, buf_str(&why), k->ctx);
	buf_free(&why);
	lead_row_clear(&l);
	return r == -1 ? -1 : 0;
}

static int
leads(struct look *k, int64_t campaign, struct lp_err *err)
{
	struct campaign_lead *list;
	size_t n;
	int r = 0;

	if (campaign_leads(k->db, campaign, 0, &list, &n, err) == -1)
		return -1;
	for (size_t i = 0; i < n && r == 0; i++)
		r = one_lead(k, list[i].lead, err);
	free(list);
	return r;
}

int
law_check(struct lp_db *db, int64_t campaign, const cJSON *def, bool with_leads, law_say_fn *say, void *ctx, struct lp_err *err)
{
	struct look k = { .db = db, .say = say, .ctx = ctx, .page = true };
	const cJSON *s;
	int r;

	k.mails = def == NULL;
	cJSON_ArrayForEach(s, json_get(def, "steps"))
		k.mails = k.mails || strcmp(json_text(s, "channel"), "") == 0 || strcmp(json_text(s, "channel"), "email") == 0;
	if (!k.mails)
		return 0;
	if (config_law(db, &k.c, err) == -1)
		return -1;
	r = k.c.country_rules != NULL && law_rules_check(k.c.country_rules, err) == -1 ? -1 : accounts(&k, def, err);
	if (r == 0 && k.judged && k.c.unsubscribe_url == NULL && !k.page)
		say(false, 0, "no unsubscribe_url: no mail has a link that unsubscribes with one click, which Google and Yahoo ask of whoever sends many;"
		    " an address alone doesn't count for them", ctx);
	if (r == 0 && k.judged && with_leads)
		r = leads(&k, campaign, err);
	config_law_clear(&k.c);
	buf_free(&k.countries);
	return r;
}
