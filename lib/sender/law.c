#include "sender/law.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/country.h"
#include "sender/footer.h"
#include "store/consents.h"

static void
add(struct buf *why, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void
add(struct buf *why, const char *fmt, ...)
{
	va_list ap;

	if (why->len > 0)
		buf_puts(why, "; ");
	va_start(ap, fmt);
	buf_vprintf(why, fmt, ap);
	va_end(ap);
}

/* One more hint: false where it speaks against those before. */
static bool
agrees(const struct country **so_far, const struct country *hint)
{
	if (*so_far == NULL)
		*so_far = hint;
	return hint == NULL || hint == *so_far;
}

const char *
law_country(const struct lead_row *l)
{
	const struct country *c = NULL;
	const char *at = l->email != NULL ? strrchr(l->email, '@') : NULL;

	if (l->country != NULL)
		return (c = country_find(l->country)) != NULL ? c->code : NULL;
	/* a British number and a company in Germany: whose law holds isn't ours to choose by what suits us */
	if ((l->phone != NULL && !agrees(&c, country_of_phone(l->phone))) ||
	    (l->company_domain != NULL && !agrees(&c, country_of_domain(l->company_domain))) || (at != NULL && !agrees(&c, country_of_domain(at + 1))))
		return NULL;
	return c != NULL ? c->code : NULL;
}

const char *
law_source(const struct lead_row *l)
{
	if (l->source == NULL || *l->source == '\0' || strncmp(l->source, "import of ", 10) == 0 || strcmp(l->source, "forgotten") == 0)
		return NULL;
	return l->source;
}

enum compliance
law_level(const struct lp_db *db, const struct config_law *c, const struct account *a)
{
	if (c->compliance != COMPLIANCE_AUTO)
		return c->compliance;
	return db_simulated(db) || strcmp(a->kind, "maildir") == 0 ? COMPLIANCE_WARN : COMPLIANCE_STRICT;
}

int
law_account(const struct config_law *c, const struct account *a, struct buf *why)
{
	int n = 0;

	if (a->display_name == NULL && ++n)
		add(why, "account %s has no sender's name (lp-accounts set %s display_name='First Last')", a->name, a->name);
	if (c->postal_address == NULL && ++n)
		add(why, "no postal address (lp-config set postal_address=...)");
	if (c->privacy_url == NULL && ++n)
		add(why, "no page that tells people their rights (lp-config set privacy_url=https://...)");
	return n;
}

int
law_consent(struct lp_db *db, const struct config_law *c, const struct lead_row *l, const char *channel, struct buf *why, struct lp_err *err)
{
	const char *country = law_country(l), *by = strcmp(channel, "email") == 0 ? "e-mail" : strcmp(channel, "sms") == 0 ? "an SMS" : "WhatsApp";
	struct law_rule rule;
	enum law_consent asks;
	int r;

	if (law_rule(c->country_rules, country, &rule, err) == -1)
		return -1;
	asks = strcmp(channel, "email") == 0 ? rule.email : rule.phone;
	if (asks == LAW_OPT_OUT)
		return 0;
	if ((r = consent_given(db, l->person, channel, err)) != 0)
		return r == 1 ? 0 : -1;
	if (asks == LAW_IMPLIED) {
		if (law_source(l) != NULL)
			return 0;
		add(why, "%s asks for a consent to %s, or a source that implies one (%s): lp-leads set l%" PRId64 " source='where it is published', or lp-leads consent",
		    rule.country, by, rule.source, l->seq);
	} else if (country == NULL)
		add(why, "the lead's country isn't known, and the strictest ask for a consent to %s: lp-leads set l%" PRId64 " country=..., or lp-leads consent", by,
		    l->seq);
	else
		add(why, "%s asks for a consent to %s (%s), and there is none: lp-leads consent l%" PRId64 " channel=%s source=...", country, by, rule.source, l->seq,
		    channel);
	return 1;
}

int
law_config(const struct config_law *c, const struct law_rule *rule, struct buf *why)
{
	if (!rule->identification || c->identification != NULL)
		return 0;
	add(why, "no line that says who we are, as %s asks for (lp-config set identification=...)", *rule->country != '*' ? rule->country : "the strictest country");
	return 1;
}

int
law_message(struct lp_db *db, const struct config_law *c, const struct account *a, const struct lead_row *l, const struct message *m, struct buf *why,
    struct lp_err *err)
{
	struct footer_for f = { .law = c, .account = a, .lead = l, .message = m };
	int n = 0, r;

	if (!footer_unasked(m))
		return 0;
	if (strcmp(m->channel, "email") == 0) {
		n = law_account(c, a, why);
		if ((r = footer_missing(db, &f, why, err)) == -1)
			return -1;
		n += r;
	}
	if ((r = law_consent(db, c, l, m->channel, why, err)) == -1)
		return -1;
	return n + r > 0;
}

int
law_gate(struct lp_db *db, const struct message *m, char **why, struct lp_err *err)
{
	struct config_law c = { 0 };
	struct account a = { 0 };
	struct lead_row l = { 0 };
	struct buf b = { 0 };
	int r = 0;

	*why = NULL;
	if (!footer_unasked(m) || m->account == 0)
		return 0;
	if (config_law(db, &c, err) == -1)
		return -1;
	if (account_get(db, m->account, &a, err) == -1 || lead_row_get(db, m->lead, &l, err) == -1)
		r = -1;
	else if (a.seq != 0 && l.seq != 0 && law_level(db, &c, &a) == COMPLIANCE_STRICT)
		r = law_message(db, &c, &a, &l, m, &b, err);
	if (r == 1)
		*why = xasprintf("compliance: %s", buf_str(&b));
	buf_free(&b);
	lead_row_clear(&l);
	account_clear(&a);
	config_law_clear(&c);
	return r;
}
