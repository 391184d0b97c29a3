#include "agent/consent.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/actions.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/approvals.h"
#include "store/campaigns.h"
#include "store/enrolments.h"
#include "store/outbox.h"

static bool
config_asks(const struct lp_config *c, const struct task *t, const struct decision *d)
{
	const cJSON *e;

	cJSON_ArrayForEach(e, c->require_approval_for)
		if (cJSON_IsString(e) && approval_covers(e->valuestring, t->type, d->action))
			return true;
	return false;
}

void
consent_hash(const struct decision *d, const struct message *m, char out[LP_HEX_SIZE])
{
	unsigned char h[LP_HASH_SIZE];
	struct sha s;

	if (m != NULL && *m->content_hash != '\0') {
		memcpy(out, m->content_hash, LP_HEX_SIZE);
		return;
	}
	sha_init(&s);
	sha_field(&s, "leadpilot-decision-1");
	sha_field(&s, d->action);
	sha_field(&s, d->data);
	sha_end(&s, h);
	lp_hex(h, out);
}

static void
say(struct verdict_row *v, enum hold hold, char *reason)
{
	v->verdict = V_HOLD;
	v->hold = hold;
	free(v->reason);
	v->reason = reason;
}

/* The campaign's approval as a whole: 1 it covers this lead, 0 not (v says why), -1. */
static int
campaign_covers(struct lp_db *db, const struct message *m, struct verdict_row *v, struct lp_err *err)
{
	struct enrolment e;
	int64_t most, used = 0;
	char *name = NULL;
	int r, began = 0;

	if ((r = enrolment_get(db, m->enrolment, &e, err)) != 1 || campaign_name(db, m->campaign, &name, err) != 1)
		return r == 0 ? lp_fail(err, LP_BUG, "m%" PRId64 ": no enrolment", m->seq) : -1;
	if ((r = approvals_campaign_valid(db, m->campaign, e.version, &most, err)) == 0)
		say(v, HOLD_MEND, xasprintf("campaign '%s' version %d isn't approved: lp-approve yes '%s'", name, e.version, name));
	/* who was begun with is covered, also where the first try failed: the number binds how many are begun with */
	if (r == 1 && (began = outbox_campaign_began(db, m->lead, m->campaign, err)) == -1)
		r = -1;
	if (r == 1 && began == 0) {
		r = outbox_campaign_leads(db, m->campaign, e.version, &used, err) == -1 ? -1 : 1;
		if (r == 1 && used >= most) {
			say(v, HOLD_MEND, xasprintf("campaign '%s' version %d was approved for %" PRId64 " leads, and that many were written to:"
			    " lp-approve yes '%s' -l N", name, e.version, most, name));
			r = 0;
		}
	}
	free(name);
	return r;
}

int
consent_judge(struct lp_db *db, const struct lp_config *c, const struct task *t, const struct decision *d, const struct message *m,
    struct verdict_row *v, struct lp_err *err)
{
	bool by_config = config_asks(c, t, d), by_itself = t->requires_approval || d->requires_approval || d->confidence < c->min_confidence;
	int r;

	v->verdict = V_ALLOW;
	v->hold = HOLD_NONE;
	consent_hash(d, m, v->content_hash);
	if (!by_config && !by_itself)
		return 0;
	/* a yes to this very text counts before anything else is looked at */
	if ((r = approvals_valid(db, t, v->content_hash, err)) != 0)
		return r == 1 ? 0 : -1;
	if (!by_itself && m != NULL && m->enrolment != 0 && strcmp(m->origin, "template") == 0) {
		r = campaign_covers(db, m, v, err);
		return r == -1 ? -1 : 0;
	}
	if (by_itself && !by_config)
		say(v, HOLD_APPROVAL, d->confidence < c->min_confidence ?
		    xasprintf("confidence %.2f is under min_confidence %.2f", d->confidence, c->min_confidence) :
		    xasprintf("%s asks for an approval", t->requires_approval ? "the task" : "the decision"));
	else
		say(v, HOLD_APPROVAL, xasprintf("require_approval_for asks for an approval of %s", d->action));
	return 0;
}
