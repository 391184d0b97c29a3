#include "show/campaign_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/prog.h"
#include "campaign/campaign_def.h"
#include "campaign/campaign_template.h"

void
campaign_print_yaml(const cJSON *def, bool in_list)
{
	char *yaml = campaign_def_yaml(def), *line, *nl;

	if (!in_list)
		fputs(yaml, stdout);
	for (line = yaml; in_list && *line != '\0'; line = nl + 1) {
		nl = strchr(line, '\n');
		if (nl == line)
			putchar('\n');
		else
			printf("%s%.*s\n", line == yaml ? "  - " : "    ", (int)(nl - line), line);
	}
	free(yaml);
}

struct table *
campaign_table(void)
{
	static const char *const heads[] = { "id", "name", "status", "version", "waiting", "under way", "ended", "sent" };

	return table_new(8, heads);
}

void
campaign_row(struct table *t, const cJSON *c)
{
	const cJSON *leads = json_get(c, "leads");
	char version[16], counts[4][16];

	snprintf(version, sizeof(version), "%.0f%s", json_num(c, "version", 0), json_bool(c, "approved", false) ? " approved" : "");
	snprintf(counts[0], sizeof(counts[0]), "%.0f", json_num(leads, "enrolled", 0));
	snprintf(counts[1], sizeof(counts[1]), "%.0f", json_num(leads, "active", 0) + json_num(leads, "paused", 0));
	snprintf(counts[2], sizeof(counts[2]), "%.0f", json_num(leads, "finished", 0) + json_num(leads, "stopped", 0));
	snprintf(counts[3], sizeof(counts[3]), "%.0f", json_num(c, "sent", 0));
	table_row(t, (const char *const[]){ json_str(c, "id"), json_str(c, "name"), json_str(c, "status"), version, counts[0], counts[1], counts[2],
	    counts[3] });
}

void
campaign_print_versions(const cJSON *versions, const char *zone)
{
	static const char *const heads[] = { "version", "loaded", "approved", "leads" };
	struct table *t = table_new(4, heads);
	char number[16], leads[16], at[TABLE_TIME_SIZE];
	const cJSON *v;

	cJSON_ArrayForEach(v, versions) {
		snprintf(number, sizeof(number), "%.0f", json_num(v, "version", 0));
		snprintf(leads, sizeof(leads), "%.0f", json_num(v, "leads", 0));
		table_row(t, (const char *const[]){ number, table_time(json_str(v, "created_at"), zone, at),
		    json_bool(v, "approved", false) ? "yes" : "no", leads });
	}
	table_print(t);
}

static void
print_indented(const char *text)
{
	const char *p, *nl;

	for (p = text; *p != '\0'; p = nl + (*nl == '\n')) {
		nl = p + strcspn(p, "\n");
		printf("%s%.*s\n", nl > p ? "    " : "", (int)(nl - p), p);
	}
}

/* Beside a text it goes where the text may not. */
static void
print_template(const cJSON *m)
{
	const cJSON *t = json_get(m, "template");
	char *s;

	if (t == NULL || json_bool(t, "only", false))
		return;
	s = template_shown(t);
	puts("Outside the 24 hours after their last message, instead:");
	print_indented(s);
	free(s);
}

void
campaign_print_message(const cJSON *m, const char *zone)
{
	const char *at = json_str(m, "at"), *st = json_str(m, "status"), *account = json_str(m, "account");
	char when[TABLE_TIME_SIZE];
	const cJSON *h;

	printf("\n%s  %s %s <%s>  step %.0f of %.0f, variant %s, from %s%s%s\n", at != NULL ? table_time(at, zone, when) : "no time yet",
	    json_str(m, "lead"), json_str(m, "name"), json_str(m, "email") != NULL ? json_str(m, "email") : "no address",
	    json_num(m, "step", 0), json_num(m, "steps", 0), json_str(m, "variant"), account != NULL ? account : "no account yet",
	    strcmp(st, "preview") != 0 ? ", " : "", strcmp(st, "preview") != 0 ? st : "");
	cJSON_ArrayForEach(h, json_get(m, "holds"))
		printf("held: %s\n", h->valuestring);
	if (json_str(m, "subject") != NULL)
		printf("Subject: %s\n", json_str(m, "subject"));
	if (json_get(m, "segments") != NULL)
		printf("SMS: %.0f segment%s\n", json_num(m, "segments", 0), json_num(m, "segments", 0) == 1 ? "" : "s");
	print_template(m);
	if (json_get(m, "estimate") != NULL)
		printf("To be written by a model, about %.4f:\n", json_num(m, "estimate", 0));
	else if (json_str(m, "brief") != NULL && json_str(m, "body") == NULL)
		puts("To be written by a model:");
	putchar('\n');
	if (json_str(m, "body") != NULL || json_str(m, "brief") != NULL)
		print_indented(json_str(m, "body") != NULL ? json_str(m, "body") : json_str(m, "brief"));
}

void
campaign_print_finding(const char *campaign, const struct campaign_finding *f, bool json)
{
	char lead[24] = "";
	cJSON *j;

	if (f->lead != 0)
		snprintf(lead, sizeof(lead), "l%" PRId64, f->lead);
	if (!json) {
		printf("%s: %s%s%s%s\n", campaign, f->error ? "error: " : "", lead, *lead != '\0' ? ": " : "", f->text);
		return;
	}
	j = cJSON_CreateObject();
	json_set_str(j, "campaign", campaign);
	json_set_str(j, "severity", f->error ? "error" : f->note ? "note" : "warning");
	if (f->lead != 0)
		json_set_str(j, "lead", lead);
	json_set_str(j, "message", f->text);
	jsonl_put(j);
	cJSON_Delete(j);
}

void
campaign_say_loaded(const char *name, const struct campaign_put *p)
{
	switch (p->outcome) {
	case CAMPAIGN_NEW:
		lp_say("campaign '%s' (c%" PRId64 ") loaded as a draft", name, p->seq);
		return;
	case CAMPAIGN_SAME:
		lp_say("campaign '%s' (c%" PRId64 ") is as it was, version %d", name, p->seq, p->version);
		return;
	case CAMPAIGN_VERSION:
		lp_say("campaign '%s' (c%" PRId64 "): version %d; it needs an approval of its own where one is asked for", name, p->seq, p->version);
	}
	if (p->under_way > 0)
		lp_say("%" PRId64 " leads under way stay on the version that they began with", p->under_way);
	if (p->waiting > 0)
		lp_say(p->moved ? "%" PRId64 " leads that wait for their first message move to version %d"
				: "%" PRId64 " leads that wait for their first message stay on their version (--move takes them to version %d)",
		    p->waiting, p->version);
}
