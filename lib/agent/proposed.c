#include "agent/proposed.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/normal.h"
#include "store/leads.h"

/* "Anna Berg" or "Anna": the last word is the last name where there are several. What isn't one line of text is no name. */
static void
put_name(cJSON *lead, const char *name)
{
	const char *last;
	char *first;

	for (const char *s = name; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return;
	if (*name == '\0')
		return;
	last = strrchr(name, ' ');
	first = last != NULL ? xstrndup(name, (size_t)(last - name)) : xstrdup(name);
	json_set_str(lead, "first_name", first);
	if (last != NULL && last[1] != '\0')
		json_set_str(lead, "last_name", last + 1);
	free(first);
}

int
proposed_lead(struct lp_db *db, const struct decision *d, char **why, struct lp_err *err)
{
	static const char *const words[] = { [LEAD_NEW] = "a new lead", [LEAD_CHANGED] = "known already, now with more",
		[LEAD_SAME] = "known already", [LEAD_REFUSED] = "refused" };
	cJSON *data = cJSON_Parse(d->data != NULL ? d->data : "{}"), *lead;
	const char *by = json_str(data, "named_by"), *in = json_str(data, "named_in");
	struct lead_origin o = { .basis = "legitimate_interest", .where = in != NULL ? in : "a reply" };
	struct lead_put put;
	char *email, *source;
	int r;

	*why = NULL;
	if ((email = normal_email(json_str(data, "email") != NULL ? json_str(data, "email") : "", err)) == NULL) {
		*why = xasprintf("not taken in: %s", err->msg);
		cJSON_Delete(data);
		return 0;
	}
	lead = cJSON_CreateObject();
	json_set_str(lead, "email", email);
	if (json_str(data, "name") != NULL)
		put_name(lead, json_str(data, "name"));
	o.source = source = xasprintf("named by %s in %s", by != NULL ? by : "a lead", o.where);
	if ((r = leads_put(db, lead, &o, &put, err)) == 0)
		*why = put.outcome == LEAD_REFUSED ? xasprintf("refused: %s", put.why) : xasprintf("l%" PRId64 ": %s", put.seq, words[put.outcome]);
	free(source);
	free(email);
	cJSON_Delete(lead);
	cJSON_Delete(data);
	return r;
}
