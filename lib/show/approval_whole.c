#include "show/approval_whole.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/table.h"
#include "campaign/campaign_def.h"
#include "sender/footer.h"
#include "store/approval_list.h"
#include "store/campaigns.h"

void
whole_clear(struct whole *w)
{
	cJSON_Delete(w->def);
	cJSON_Delete(w->row);
	cJSON_Delete(w->old);
	free(w->foot);
	*w = (struct whole){ 0 };
}

int
whole_load(struct lp_db *db, int64_t seq, struct whole *w, struct lp_err *err)
{
	int r;

	*w = (struct whole){ .seq = seq };
	if ((r = approval_of_campaign(db, seq, &w->version, w->hash, err)) != 1)
		return r == -1 ? -1 : lp_fail(err, LP_BUG, "c%" PRId64 " has no version", seq);
	if ((w->row = campaigns_json(db, seq, err)) == NULL || (w->def = campaign_definition(db, seq, w->version, err)) == NULL ||
	    (r = approval_before(db, seq, w->version, &w->before, err)) == -1 ||
	    (r == 1 && (w->old = campaign_definition(db, seq, w->before, err)) == NULL) || footer_shown(db, seq, &w->foot_lead, &w->foot, err) == -1) {
		whole_clear(w);
		return -1;
	}
	w->leads = (int64_t)json_num(w->def, "max_leads", CAMPAIGN_MAX_LEADS);
	return 0;
}

cJSON *
whole_json(const struct whole *w)
{
	cJSON *j = cJSON_Duplicate(w->row->child, true);

	json_set_str(j, "kind", "campaign");
	json_set_str(j, "content_hash", w->hash);
	json_set_num(j, "max_leads", (double)w->leads);
	json_set(j, "definition", cJSON_Duplicate(w->def, true));
	return j;
}

static void
add_text(struct buf *out, char *text)
{
	text_safe(out, text, "  ");
	free(text);
}

/* A list as words; what an empty one stands for. */
static void
list_line(struct buf *out, const char *label, const cJSON *list, const char *none)
{
	struct buf b = { 0 };
	const cJSON *v;

	cJSON_ArrayForEach(v, list)
		buf_printf(&b, "%s%s", b.len > 0 ? ", " : "", cJSON_IsString(v) ? v->valuestring : "");
	buf_puts(out, label);
	text_line(out, b.len > 0 ? buf_str(&b) : none);
	buf_putc(out, '\n');
	buf_free(&b);
}

void
whole_text(struct buf *out, const struct whole *w)
{
	const cJSON *row = w->row->child, *leads = json_get(row, "leads"), *n;
	bool approved = json_bool(row, "approved", false);
	int64_t enrolled = 0;

	cJSON_ArrayForEach(n, leads)
		enrolled += (int64_t)n->valuedouble;
	buf_printf(out, "Campaign: %s (%s), version %d, %s\n", json_str(row, "name"), json_str(row, "id"), w->version, json_str(row, "status"));
	if (approved)
		buf_printf(out, "Approved: for %.0f leads\n", json_num(row, "approved_leads", 0));
	else
		buf_puts(out, "Approved: no\n");
	buf_printf(out, "Leads:    %" PRId64 " enrolled; a yes is for %" PRId64 "\n", enrolled, w->leads);
	list_line(out, "Accounts: ", json_get(w->def, "accounts"), "all");
	list_line(out, "Entry:    ", json_get(w->def, "entry"), "nobody");
	buf_printf(out, "Hash:     %s\n\n", w->hash);
	add_text(out, campaign_def_yaml(w->def));
	if (w->foot != NULL) {
		buf_printf(out, "\nUnder the first mail to each, as here to l%" PRId64 ":\n\n", w->foot_lead);
		add_text(out, xstrdup(w->foot));
	}
	if (w->old != NULL) {
		buf_printf(out, "\nAgainst version %d, which was approved:\n\n", w->before);
		add_text(out, campaign_def_diff(w->old, w->def));
	}
}
