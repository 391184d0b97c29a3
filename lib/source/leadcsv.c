#include "source/leadcsv.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "source/mapping.h"

struct leadcsv {
	FILE *out;
	const cJSON *custom;
};

/* Headers that the import knows; those that begin with lp_ it passes over. */
static const struct column {
	const char *header, *member;
} columns[] = { { "lp_id", "id" }, { "lp_status", "status" }, { "email", "email" }, { "first_name", "first_name" },
	{ "last_name", "last_name" }, { "title", "title" }, { "company", "company" }, { "company_domain", "company_domain" },
	{ "website", "website" }, { "linkedin_url", "linkedin_url" }, { "phone", "phone" }, { "whatsapp", "whatsapp" }, { "city", "city" },
	{ "country", "country" }, { "timezone", "timezone" }, { "industry", "industry" }, { "employees", "employees" }, { "source", "source" },
	{ "lp_source_at", "source_at" }, { "lawful_basis", "lawful_basis" }, { "consent_email", "consent_email" },
	{ "consent_whatsapp", "consent_whatsapp" }, { "consent_sms", "consent_sms" } };

static void
put(FILE *out, const char *s, char before)
{
	/* a phone number may begin with a plus, a formula may not */
	bool formula = *s == '=' || *s == '@' || ((*s == '+' || *s == '-') && strspn(s + 1, "0123456789 ().-/") != strlen(s + 1));

	if (before != 0)
		putc(before, out);
	if (!formula && s[strcspn(s, "\",\r\n")] == '\0' && *s != ' ' && *s != '\t') {
		fputs(s, out);
		return;
	}
	putc('"', out);
	if (formula)
		putc('\'', out);
	for (; *s != '\0'; s++) {
		if (*s == '"')
			putc('"', out);
		putc(*s, out);
	}
	putc('"', out);
}

struct leadcsv *
leadcsv_begin(FILE *out, const cJSON *custom)
{
	struct leadcsv *w = xcalloc(1, sizeof(*w));
	const cJSON *name;
	size_t i;

	w->out = out;
	w->custom = custom;
	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		put(out, columns[i].header, i > 0 ? ',' : 0);
	cJSON_ArrayForEach(name, custom) {
		/* one of theirs by the name of one of ours keeps its prefix */
		char *header = mapping_field(name->valuestring) != LF_CUSTOM ? xasprintf("custom.%s", name->valuestring) : xstrdup(name->valuestring);

		put(out, header, ',');
		free(header);
	}
	fputs("\r\n", out);
	return w;
}

int
leadcsv_row(const cJSON *lead, void *ctx)
{
	struct leadcsv *w = ctx;
	const cJSON *name, *custom = json_get(lead, "custom");
	const char *s;
	size_t i;

	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		s = json_str(lead, columns[i].member);
		put(w->out, s != NULL ? s : "", i > 0 ? ',' : 0);
	}
	cJSON_ArrayForEach(name, w->custom) {
		s = json_str(custom, name->valuestring);
		put(w->out, s != NULL ? s : "", ',');
	}
	fputs("\r\n", w->out);
	return 0;
}

void
leadcsv_end(struct leadcsv *w)
{
	free(w);
}
