#include "agent/consent.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/respond.h"
#include "base/json.h"
#include "base/mem.h"
#include "rules/actions.h"
#include "store/approvals.h"
#include "store/campaigns.h"
#include "store/enrolments.h"
#include "store/outbox.h"

/* Does an entry of require_approval_for ask for this? `only` that entry, or (NULL) any. */
static bool
config_asks(const struct lp_config *c, const char *only, const struct task *t, const struct decision *d)
{
	const cJSON *e;

	cJSON_ArrayForEach(e, c->require_approval_for)
		if (cJSON_IsString(e) && (only == NULL || strcmp(e->valuestring, only) == 0) && approval_covers(e->valuestring, t->type, d->action))
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

/* ---- answers */

int
consent_automatic(struct lp_db *db, const struct task *t, const struct message *m, struct lp_err *err)
{
	int r;

	if (strcmp(m->origin, "person") == 0)
		return 0;
	r = approvals_valid(db, t, m->content_hash, err);
	return r == -1 ? -1 : r == 0;
}

/* Is the switch of this kind of reply off? NULL where it is on. */
static char *
switched_off(const struct lp_config *c, const char *class)
{
	if (strcmp(class, "interested") == 0 || strcmp(class, "meeting_request") == 0)
		return c->auto_respond_to_positive ? NULL : xstrdup("auto_respond_to_positive is off");
	if (strcmp(class, "question") == 0)
		return c->auto_respond_to_questions ? NULL : xstrdup("auto_respond_to_questions is off");
	return *class != '\0' ? xasprintf("an answer to a reply of the class '%s' is shown to a person first", class) :
	    xstrdup("an answer to a reply that wasn't judged is shown to a person first");
}

/* send_message speaks of every way to send; what is all template was approved with its campaign. 1 it waits, 0, -1. */
static int
campaign_waits(struct lp_db *db, const struct decision *d, const struct message *m, char **why, struct lp_err *err)
{
	int version = respond_version(d->data), r = 0;
	int64_t most;
	char *name = NULL;

	if (strcmp(m->origin, "template") != 0 || m->campaign == 0 || version == 0)
		*why = xstrdup("require_approval_for asks for an approval of send_message, and this text is no campaign's");
	else if ((r = approvals_campaign_valid(db, m->campaign, version, &most, err)) == 0 && (r = campaign_name(db, m->campaign, &name, err)) != -1)
		*why = xasprintf("campaign '%s' version %d isn't approved (lp-approve yes '%s'): its answers are shown one by one", name != NULL ? name : "",
		    version, name != NULL ? name : "");
	free(name);
	return r == -1 ? -1 : *why != NULL;
}

/* Two agents that face each other would go on for ever. What was reserved before is counted already. 1 it waits, 0, -1. */
static int
turns_wait(struct lp_db *db, const struct message *m, const struct thread *thread, char **why, struct lp_err *err)
{
	struct outbox o = { 0 };
	int r;

	if (thread->auto_turns < RESPOND_TURNS_MAX || (r = outbox_get(db, m->seq, &o, err)) == 1) {
		outbox_clear(&o);
		return 0;
	}
	if (r == 0)
		*why = xasprintf("%d automatic answers in a row went into this thread: a person looks first", thread->auto_turns);
	return r == -1 ? -1 : 1;
}

/* Why a person is to see this answer first: 1 and *why (the caller frees), 0, -1. */
static int
answer_waits(struct lp_db *db, const struct lp_config *c, const struct task *t, const struct decision *d, const struct message *m, char **why,
    struct lp_err *err)
{
	struct respond reply;
	int r = respond_load(db, m->inbox, 0, &reply, err);

	*why = NULL;
	if (r != 1)
		return r;
	r = turns_wait(db, m, &reply.thread, why, err);
	if (r == 0 && (*why = switched_off(c, reply.in.class)) != NULL)
		r = 1;
	if (r == 0 && (config_asks(c, "respond_to_reply", t, d) || config_asks(c, "send_response", t, d))) {
		*why = xstrdup("require_approval_for asks for an approval of answers");
		r = 1;
	}
	if (r == 0 && config_asks(c, "send_message", t, d))
		r = campaign_waits(db, d, m, why, err);
	respond_clear(&reply);
	return r;
}

/* ---- */

static char *
own_wish(const struct lp_config *c, const struct task *t, const struct decision *d)
{
	if (d->confidence < c->min_confidence)
		return xasprintf("confidence %.2f is under min_confidence %.2f", d->confidence, c->min_confidence);
	return xasprintf("%s asks for an approval", t->requires_approval ? "the task" : "the decision");
}

int
consent_judge(struct lp_db *db, const struct lp_config *c, const struct task *t, const struct decision *d, const struct message *m,
    struct verdict_row *v, struct lp_err *err)
{
	bool by_itself = t->requires_approval || d->requires_approval || d->confidence < c->min_confidence;
	bool answer = m != NULL && m->inbox != 0 && strcmp(d->action, "send_response") == 0, by_config;
	char *why = NULL;
	int r = 0;

	v->verdict = V_ALLOW;
	v->hold = HOLD_NONE;
	consent_hash(d, m, v->content_hash);
	if (answer && (r = answer_waits(db, c, t, d, m, &why, err)) == -1)
		return -1;
	by_config = answer ? r == 1 : config_asks(c, NULL, t, d);
	if (strcmp(d->action, "book_meeting") == 0 && !c->auto_book_meetings) {
		by_config = true;
		why = xstrdup("auto_book_meetings is off");
	}
	if (!by_config && !by_itself)
		return 0;
	/* a yes to this very text counts before anything else is looked at */
	if ((r = approvals_valid(db, t, v->content_hash, err)) != 0) {
		free(why);
		return r == 1 ? 0 : -1;
	}
	if (!answer && !by_itself && m != NULL && m->enrolment != 0 && strcmp(m->origin, "template") == 0) {
		r = campaign_covers(db, m, v, err);
		return r == -1 ? -1 : 0;
	}
	if (why == NULL)
		why = by_itself && !by_config ? own_wish(c, t, d) : xasprintf("require_approval_for asks for an approval of %s", d->action);
	say(v, HOLD_APPROVAL, why);
	return 0;
}
