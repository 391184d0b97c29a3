#include "mail/parse_json.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "mail/bounce.h"
#include "mail/hidden.h"
#include "mail/kind.h"
#include "mail/reply.h"

static cJSON *
address(const struct mail_address *a)
{
	cJSON *o = cJSON_CreateObject();

	json_set_str(o, "name", a->name);
	json_set_str(o, "address", a->address);
	return o;
}

static cJSON *
addresses(const struct mail_address *list, size_t n)
{
	cJSON *out = cJSON_CreateArray();

	for (size_t i = 0; i < n; i++)
		cJSON_AddItemToArray(out, address(&list[i]));
	return out;
}

static cJSON *
references(const struct mail_in *m)
{
	cJSON *out = cJSON_CreateArray();

	for (size_t i = 0; i < m->nreferences; i++)
		cJSON_AddItemToArray(out, cJSON_CreateString(m->references[i]));
	return out;
}

static cJSON *
attachments(const struct mail_in *m)
{
	cJSON *out = cJSON_CreateArray(), *o;

	for (size_t i = 0; i < m->nparts; i++) {
		o = cJSON_CreateObject();
		json_set_str(o, "filename", m->parts[i].filename);
		json_set_str(o, "type", m->parts[i].type);
		json_set_num(o, "size", (double)m->parts[i].size);
		cJSON_AddItemToArray(out, o);
	}
	return out;
}

static cJSON *
bounce(const struct mail_in *m)
{
	struct mail_bounce b;
	cJSON *o, *list, *r;

	if (mail_bounce(m, &b) != 1)
		return cJSON_CreateNull();
	o = cJSON_CreateObject();
	list = cJSON_CreateArray();
	json_set_str(o, "class", b.hard ? "hard" : "soft");
	if (b.ours)
		json_set_bool(o, "ours", true);
	for (size_t i = 0; i < b.n; i++) {
		r = cJSON_CreateObject();
		json_set_str(r, "address", b.rcpt[i].address);
		json_set_str(r, "status", b.rcpt[i].status);
		json_set_str(r, "action", b.rcpt[i].action);
		json_set_str(r, "diagnostic", b.rcpt[i].diagnostic);
		cJSON_AddItemToArray(list, r);
	}
	json_set(o, "recipients", list);
	mail_bounce_clear(&b);
	return o;
}

static cJSON *
automatic(const struct mail_kind_of *k)
{
	char day[LP_ISO_SIZE];
	cJSON *o;

	if (!k->automatic && k->kind != MAIL_AUTO_REPLY)
		return cJSON_CreateNull();
	o = cJSON_CreateObject();
	json_set_str(o, "reason", k->reason);
	if (k->until != 0)
		lp_iso(k->until, day)[10] = '\0'; /* the day alone */
	json_set_str(o, "until", k->until != 0 ? day : NULL);
	return o;
}

cJSON *
mail_json(const struct mail_in *m, int64_t now)
{
	cJSON *o = cJSON_CreateObject(), *c;
	char iso[LP_ISO_SIZE], *visible = mail_visible(m->text), *fresh = mail_reply_text(visible);
	struct mail_kind_of kind;

	mail_kind(m, fresh, now, &kind);
	json_set_str(o, "message_id", m->message_id);
	json_set_str(o, "in_reply_to", m->in_reply_to);
	json_set(o, "references", references(m));
	json_set(o, "from", m->nfrom > 0 ? address(&m->from[0]) : cJSON_CreateNull());
	json_set(o, "to", addresses(m->to, m->nto));
	json_set(o, "cc", addresses(m->cc, m->ncc));
	json_set_str(o, "subject", m->subject);
	json_set_str(o, "date", m->date != 0 ? lp_iso(m->date, iso) : NULL);
	json_set_str(o, "kind", mail_kind_name(kind.kind));
	json_set_str(o, "text", m->text);
	json_set_str(o, "reply_text", fresh);
	json_set_bool(o, "html", m->text_from_html);
	json_set(o, "attachments", attachments(m));
	json_set(o, "bounce", kind.kind == MAIL_BOUNCE ? bounce(m) : cJSON_CreateNull());
	json_set(o, "auto", automatic(&kind));
	if (m->calendar != NULL) {
		c = cJSON_CreateObject();
		json_set_str(c, "method", m->calendar_method);
		json_set(o, "calendar", c);
	}
	if (m->partial || m->text_cut)
		json_set_bool(o, "partial", true);
	free(fresh);
	free(visible);
	return o;
}
