#include "show/preview.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/campaign_check.h"
#include "base/json.h"
#include "base/mem.h"
#include "campaign/campaign_text.h"
#include "mail/subject.h"
#include "sender/deliver.h"
#include "sender/footer.h"
#include "sender/law.h"
#include "sender/phone.h"
#include "show/preview_int.h"
#include "store/control.h"
#include "store/lead_row.h"
#include "store/suppressions.h"
#include "store/views.h"

/* ---- who and what */

static int
count_steps(struct preview *p, int version, struct lp_err *err)
{
	cJSON *def;

	if (version == p->counted_version)
		return p->counted_steps;
	def = campaign_definition(p->db, p->campaign, version, err);
	p->counted_steps = def != NULL ? cJSON_GetArraySize(json_get(def, "steps")) : -1;
	p->counted_version = version;
	cJSON_Delete(def);
	return p->counted_steps;
}

static struct pv_message *
new_message(struct preview *p, size_t lead, int step)
{
	struct pv_message *m;

	if ((p->nmessages & (p->nmessages - 1)) == 0)
		p->message = xrealloc(p->message, (p->nmessages > 0 ? 2 * p->nmessages : 1) * sizeof(*p->message));
	m = &p->message[p->nmessages++];
	*m = (struct pv_message){ .lead = lead, .step = step };
	snprintf(m->status, sizeof(m->status), "preview");
	return m;
}

/* What the rows say of a message. */
static void
take_row(struct pv_message *m, struct campaign_message *row)
{
	snprintf(m->status, sizeof(m->status), "%s", row->status);
	snprintf(m->variant, sizeof(m->variant), "%s", row->variant);
	m->seq = row->seq;
	m->due = row->due_at;
	m->at = row->sent_at != 0 ? row->sent_at : row->slot_at;
	m->fixed = m->at != 0 || (strcmp(row->status, "planned") != 0 && strcmp(row->status, "due") != 0);
	m->subject = row->subject;
	m->body = row->body;
	row->subject = row->body = NULL;
}

static int
load_lead(struct preview *p, size_t i, struct lp_err *err)
{
	struct pv_lead *l = &p->lead[i];
	struct campaign_message *rows;
	size_t n, k;
	int step;

	if ((l->steps = count_steps(p, l->row.version, err)) == -1 || campaign_messages(p->db, l->row.enrolment, &rows, &n, err) == -1)
		return -1;
	l->first = p->nmessages;
	for (step = 1; step <= l->steps; step++) {
		struct pv_message *m = new_message(p, i, step);

		for (k = 0; k < n; k++)
			if (rows[k].step == step)
				take_row(m, &rows[k]);
	}
	campaign_messages_free(rows, n);
	return 0;
}

static int
load(struct preview *p, struct lp_err *err)
{
	struct campaign_lead *rows;
	size_t i;

	/* all of them: the others take sending times too */
	if (campaign_leads(p->db, p->campaign, 0, &rows, &p->nleads, err) == -1)
		return -1;
	p->lead = xcalloc(p->nleads, sizeof(*p->lead));
	for (i = 0; i < p->nleads; i++)
		p->lead[i].row = rows[i];
	free(rows);
	for (i = 0; i < p->nleads; i++)
		if (load_lead(p, i, err) == -1)
			return -1;
	return preview_accounts(p, err);
}

static void
unload(struct preview *p)
{
	size_t i;

	for (i = 0; i < p->nmessages; i++) {
		free(p->message[i].subject);
		free(p->message[i].body);
	}
	for (i = 0; i < p->nleads; i++)
		if (p->lead[i].when_loaded)
			when_clear(&p->lead[i].when);
	for (i = 0; i < p->naccounts; i++)
		account_clear(&p->account[i]);
	free(p->message);
	free(p->lead);
	free(p->account);
}

/* ---- what would hold it */

static void
hold(cJSON *holds, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void
hold(cJSON *holds, const char *fmt, ...)
{
	struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	cJSON_AddItemToArray(holds, cJSON_CreateString(buf_str(&b)));
	buf_free(&b);
}

cJSON *
preview_campaign_holds(struct lp_db *db, int64_t campaign, struct lp_err *err)
{
	cJSON *rows = campaigns_json(db, campaign, err), *c = cJSON_GetArrayItem(rows, 0), *holds = cJSON_CreateArray();
	char *why = NULL;
	int r = rows != NULL ? campaign_approved(db, campaign, err) : -1;

	if (r == 0)
		hold(holds, "version %d isn't approved: lp-approve yes '%s'", (int)json_num(c, "version", 0), json_str(c, "name"));
	if (r != -1 && strcmp(json_str(c, "status"), "running") != 0)
		hold(holds, "the campaign is %s%s: lp-campaigns start '%s'", strcmp(json_str(c, "status"), "draft") == 0 ? "a " : "",
		    json_str(c, "status"), json_str(c, "name"));
	if (r != -1 && (r = control_stopped(db, &why, err)) == 1)
		hold(holds, "nothing leaves at all: %s (lp-start)", why);
	free(why);
	cJSON_Delete(rows);
	if (r != -1)
		return holds;
	cJSON_Delete(holds);
	return NULL;
}

/* What the door asks of telephones beside: length, consent, WhatsApp's window. Hours are only waited for. */
static int
phone_holds(struct preview *p, const struct lead_row *row, const struct account *a, const cJSON *o, cJSON *holds, struct lp_err *err)
{
	char *template = json_get(o, "template") != NULL ? json_print(json_get(o, "template")) : NULL;
	struct phone_ask q = { .a = a, .l = row, .channel = json_text(o, "channel"), .template = template };
	struct sms_count c;
	struct phone_said s;
	struct lp_err why;
	int r;

	q.recipient = lead_row_address(row, q.channel);
	r = phone_judge(p->db, &q, &s, err);
	if (r == 0 && s.verdict == V_HOLD)
		hold(holds, "%s", s.why);
	if (r == 0 && a != NULL && phone_channel(q.channel) && !json_bool(json_get(o, "template"), "only", false) && json_str(o, "body") != NULL &&
	    deliver_phone_length(a, json_str(o, "body"), &c, &why) == -1)
		hold(holds, "%s", why.msg);
	free(template);
	return r;
}

static int
lead_holds(struct preview *p, const struct lead_row *row, const struct account *a, const cJSON *o, cJSON *holds, struct lp_err *err)
{
	const char *channel = json_text(o, "channel"), *address = lead_row_address(row, channel);
	struct suppression_hit hit;
	int r;

	if (strcmp(row->status, "active") != 0)
		hold(holds, "the lead is %s%s%s", row->status, row->status_reason != NULL ? ": " : "", row->status_reason != NULL ? row->status_reason : "");
	if (address == NULL)
		hold(holds, "the lead has no address for %s", channel);
	if ((r = suppressions_hit(p->db, row->person, address, &hit, err)) == -1)
		return -1;
	if (r == 1)
		hold(holds, "suppressed: %s", hit.reason);
	return phone_holds(p, row, a, o, holds, err);
}

/* ---- telling */

/* The thread's subject: of the nearest step before that has one, filled in. */
static char *
thread_subject(struct preview *p, const struct pv_message *m)
{
	const struct pv_lead *l = &p->lead[m->lead];
	char *subject = NULL;
	int step;

	for (step = m->step - 1; step > 0 && subject == NULL; step--) {
		const struct pv_message *before = &p->message[l->first + (size_t)step - 1];
		struct campaign_text_for who = { .campaign = p->campaign, .version = l->row.version, .step = step, .lead = l->row.lead,
			.account = l->row.account, .variant = before->variant };
		struct campaign_text t;

		if (before->subject != NULL)
			subject = mail_answer_subject(before->subject);
		else if (campaign_text(p->db, &who, &t, NULL) == 1) {
			if (t.subject != NULL)
				subject = mail_answer_subject(t.subject);
			campaign_text_clear(&t);
		}
	}
	return subject;
}

/* The message as its row is, or will be; a link of one that isn't there yet is shown as far as it is known. Nothing in it is owned. */
static struct message
as_row(const struct preview *p, const struct pv_message *m, const char *channel)
{
	const struct pv_lead *l = &p->lead[m->lead];
	struct message as = { .seq = m->seq, .lead = l->row.lead, .campaign = p->campaign, .account = l->row.account, .step = m->step };

	snprintf(as.channel, sizeof(as.channel), "%s", channel);
	return as;
}

static int
put_foot(struct preview *p, const struct pv_message *m, struct campaign_text *t, struct lp_err *err)
{
	struct message as = as_row(p, m, t->channel);

	return footer_here(p->db, &as, &t->body, err);
}

/* What the country asks for and isn't there. */
static int
law_holds(struct preview *p, const struct pv_message *m, const cJSON *o, cJSON *holds, struct lp_err *err)
{
	struct message as = as_row(p, m, json_text(o, "channel"));
	char *body = xstrdup(json_text(o, "body")), *why;
	int r;

	as.body = body;
	if ((r = law_gate(p->db, &as, &why, err)) == 1)
		hold(holds, "%s", why);
	free(why);
	free(body);
	return r == -1 ? -1 : 0;
}

static int
put_text(struct preview *p, const struct pv_message *m, cJSON *o, cJSON *holds, struct lp_err *err)
{
	const struct pv_lead *l = &p->lead[m->lead];
	struct campaign_text_for who = { .campaign = p->campaign, .version = l->row.version, .step = m->step, .lead = l->row.lead,
		.account = m->account, .variant = m->variant };
	struct campaign_text t;
	struct lp_err why = { 0 };
	char *subject;
	int r = campaign_text(p->db, &who, &t, &why);

	if (r == -1 && why.kind != LP_DATA) {
		*err = why;
		return -1;
	}
	if (r == -1)
		hold(holds, "%s", why.msg);
	if (m->body == NULL && t.body != NULL && put_foot(p, m, &t, err) == -1) {
		campaign_text_clear(&t);
		return -1;
	}
	json_set_str(o, "channel", t.channel);
	json_set_str(o, "variant", t.variant);
	subject = m->subject != NULL ? xstrdup(m->subject) : t.same_thread ? thread_subject(p, m) : xstrdup(t.subject);
	if (subject != NULL)
		json_set_str(o, "subject", subject);
	free(subject);
	if (m->body != NULL || t.body != NULL)
		json_set_str(o, "body", m->body != NULL ? m->body : t.body);
	if (t.brief != NULL)
		json_set_str(o, "brief", t.brief);
	if (t.template != NULL)
		json_set(o, "template", cJSON_Parse(t.template));
	if (strcmp(t.channel, "sms") == 0 && json_str(o, "body") != NULL) {
		struct sms_count c;

		sms_count(json_str(o, "body"), &c);
		json_set_num(o, "segments", c.segments);
	}
	campaign_text_clear(&t);
	return 0;
}

static bool
final(const struct pv_message *m)
{
	return strcmp(m->status, "preview") != 0 && strcmp(m->status, "planned") != 0 && strcmp(m->status, "due") != 0;
}

/* What holds one step holds those after it. */
static void
earlier_holds(const struct preview *p, const struct pv_message *m, cJSON *holds)
{
	const struct pv_message *before = &p->message[p->lead[m->lead].first];

	for (; before < m; before++)
		if (before->held) {
			hold(holds, "step %d comes first, and is held", before->step);
			return;
		}
}

int
preview_held(struct preview *p, const struct pv_message *m, struct lp_err *err)
{
	const struct account *a = preview_account(p, m->account);
	cJSON *o = cJSON_CreateObject(), *holds = cJSON_CreateArray();
	struct lead_row row;
	int r = lead_row_get(p->db, p->lead[m->lead].row.lead, &row, err);

	if (r == 1) {
		if (a != NULL)
			json_set_str(o, "account", a->name);
		r = put_text(p, m, o, holds, err);
		if (r == 0 && (r = lead_holds(p, &row, a, o, holds, err)) == 0 && (r = law_holds(p, m, o, holds, err)) == 0)
			r = preview_rules(p, m, o, holds, err);
		lead_row_clear(&row);
	} else
		r = -1;
	if (r == 0)
		r = cJSON_GetArraySize(holds) > 0;
	cJSON_Delete(o);
	cJSON_Delete(holds);
	return r;
}

static int
put_message(struct preview *p, const struct pv_message *m, cJSON *o, struct lp_err *err)
{
	const struct pv_lead *l = &p->lead[m->lead];
	const struct account *a = preview_account(p, m->account);
	cJSON *holds = cJSON_CreateArray();
	struct lead_row row;
	char handle[24], iso[LP_ISO_SIZE], *name;
	int r = lead_row_get(p->db, l->row.lead, &row, err);

	json_set(o, "holds", holds);
	if (r != 1)
		return -1;
	snprintf(handle, sizeof(handle), "l%" PRId64, l->row.lead);
	json_set_str(o, "lead", handle);
	name = xasprintf("%s%s%s", row.first_name != NULL ? row.first_name : "", row.first_name != NULL && row.last_name != NULL ? " " : "",
	    row.last_name != NULL ? row.last_name : "");
	json_set_str(o, "name", name);
	free(name);
	if (row.email != NULL)
		json_set_str(o, "email", row.email);
	json_set_num(o, "step", m->step);
	json_set_num(o, "steps", l->steps);
	if (a != NULL)
		json_set_str(o, "account", a->name);
	json_set_str(o, "status", m->status);
	if (m->at != 0)
		json_set_str(o, "at", lp_iso(m->at, iso));
	r = put_text(p, m, o, holds, err);
	if (r == 0 && !final(m)) {
		if (a == NULL)
			hold(holds, "no account yet: lp-accounts add");
		else if (strcmp(a->status, "active") != 0)
			hold(holds, "account '%s' is %s: lp-accounts start", a->name, a->status);
		if (json_str(o, "brief") != NULL && m->body == NULL)
			r = preview_brief(p, l->row.version, o, holds, err);
		earlier_holds(p, m, holds);
		if (r == 0)
			r = lead_holds(p, &row, a, o, holds, err);
		if (r == 0)
			r = law_holds(p, m, o, holds, err);
		if (r == 0)
			r = preview_rules(p, m, o, holds, err);
		if (a != NULL && m->at == 0 && cJSON_GetArraySize(holds) == 0)
			hold(holds, "no sending time within %d days", PREVIEW_DAYS);
	}
	lead_row_clear(&row);
	return r;
}

/* In the order of time; what has none, at the end. */
static int
by_time(const void *x, const void *y)
{
	const struct pv_message *a = *(struct pv_message *const *)x, *b = *(struct pv_message *const *)y;

	if ((a->at == 0) != (b->at == 0))
		return a->at == 0 ? 1 : -1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->lead != b->lead)
		return a->lead < b->lead ? -1 : 1;
	return a->step - b->step;
}

static int
tell(struct preview *p, int64_t lead, size_t limit, preview_fn *fn, void *ctx, size_t *total, struct lp_err *err)
{
	struct pv_message **order = xmalloc((p->nmessages + 1) * sizeof(*order));
	cJSON *o;
	size_t i;
	int r = 0;

	*total = 0;
	for (i = 0; i < p->nmessages; i++)
		if (lead == 0 || p->lead[p->message[i].lead].row.lead == lead)
			order[(*total)++] = &p->message[i];
	qsort(order, *total, sizeof(*order), by_time);
	for (i = 0; i < *total && (limit == 0 || i < limit) && r == 0; i++) {
		o = cJSON_CreateObject();
		if ((r = put_message(p, order[i], o, err)) == 0)
			fn(o, ctx);
		cJSON_Delete(o);
	}
	free(order);
	return r;
}

int
preview_run(struct lp_db *db, int64_t campaign, int64_t lead, size_t limit, preview_fn *fn, void *ctx, size_t *total, struct lp_err *err)
{
	struct preview p = { .db = db, .campaign = campaign, .now = db_now(db) };
	int r = -1;

	*total = 0;
	if (config_load(db, &p.config, err) == -1)
		return -1;
	if (load(&p, err) == 0 && preview_times(&p, err) == 0)
		r = tell(&p, lead, limit, fn, ctx, total, err);
	unload(&p);
	ruleset_free(p.rules);
	config_clear(&p.config);
	return r;
}
