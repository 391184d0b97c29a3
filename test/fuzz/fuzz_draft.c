#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/draft_check.h"
#include "base/json.h"
#include "base/language.h"
#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool yes)
{
	if (!yes)
		__builtin_trap();
}

static void
passed(const struct draft_text *t)
{
	size_t n = strlen(t->body);

	must(n > 1 && t->body[n - 1] == '\n' && n <= DRAFT_BODY_MAX + 2 && utf8_ok(t->body, n));
	for (const char *s = t->body; *s != '\0'; s++)
		must((unsigned char)*s >= 0x20 || *s == '\n' || *s == '\t');
	must(strstr(t->body, "{{") == NULL && strstr(t->body, "data-0123") == NULL);
	for (const char *s = t->body; (s = strstr(s, "://")) != NULL; s++)
		must(s == t->body || !isalnum((unsigned char)s[-1]) || !isalnum((unsigned char)s[3]));
	if (t->subject != NULL)
		for (const char *s = t->subject; *s != '\0'; s++)
			must((unsigned char)*s >= 0x20);
}

/* The first line is the subject, the rest the body, as a model may write them. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const channels[] = { "email", "sms", "whatsapp" };
	char *all = xstrndup((const char *)data, len), *nl = strchr(all, '\n');
	struct draft_rules rules = { .channel = channels[len % 3], .with_subject = len % 2 == 0, .max_words = 120, .language = len % 5 == 0 ? "English" : NULL,
		.ours = "Our number is +46 8 123 456 78, our house is in Lund\n", .company = "Booking.com", .fence = "data-0123",
		.instructions = "Say only what the brief says and what is known of the reader." };
	struct draft_text t;
	char why[120];
	cJSON *in = cJSON_CreateObject();

	json_set_str(in, "body", nl != NULL ? nl + 1 : all);
	if (nl != NULL)
		*nl = '\0';
	json_set_str(in, "subject", all);
	if (draft_check(&rules, in, &t, why, sizeof(why)) == 0)
		passed(&t);
	else
		must(*why != '\0' && strlen(why) < sizeof(why));
	draft_text_clear(&t);
	cJSON_Delete(in);
	free(all);
	return 0;
}
