/* preview_brief.c - what is still to be written by a model: who would, for how much, and whether a person reads it first. */
#include <stdlib.h>

#include "agent/draft_cost.h"
#include "base/json.h"
#include "base/mem.h"
#include "show/preview_int.h"

int
preview_brief(struct preview *p, int version, cJSON *o, cJSON *holds, struct lp_err *err)
{
	cJSON *def = campaign_definition(p->db, p->campaign, version, err);
	struct draft_cost c;
	int r = def != NULL ? draft_cost(p->db, def, json_str(o, "brief"), json_str(o, "channel"), false, &c, err) : -1;
	char *why = NULL;

	cJSON_Delete(def);
	if (r == -1)
		return -1;
	if (*c.brain == '\0')
		why = xstrdup("no model is there to write it: lp-config set llm_provider=... llm_model=...");
	else if (config_requires_approval(&p->config, "send_message"))
		why = xasprintf("a text by %s, about %.4f: approved one by one", c.brain, c.one);
	else
		json_set_num(o, "estimate", c.one);
	if (why != NULL)
		cJSON_AddItemToArray(holds, cJSON_CreateString(why));
	free(why);
	return 0;
}
