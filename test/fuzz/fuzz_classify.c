/* A reply, as text and as a line of `lp-decide classify`: whatever it says, one known class, a confidence, spans that stand in it; and one who learns from it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/classifying.h"
#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
sound(const struct classified *c, const char *text)
{
	size_t k = 0;

	while (reply_classes[k] != NULL && strcmp(reply_classes[k], c->class) != 0)
		k++;
	if (reply_classes[k] == NULL || !(c->confidence >= 0 && c->confidence <= 1) || c->nreasons == 0 || c->nreasons > CLASSIFY_REASONS || c->until < 0)
		abort();
	/* a name is a piece of the text, line ends apart */
	if (c->referral_name[0] != '\0' && strchr(c->referral_name, ' ') == NULL && strstr(text, c->referral_name) == NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct classifier *known;
	struct classifier *own;
	struct classified c;
	char *text = xstrndup((const char *)data, n), *body = strchr(text, '\n');
	cJSON *o;

	if (known == NULL)
		known = classifier_new();
	classify(known, text, text, body, INT64_C(1772445600000), &c);
	sound(&c, text);
	classified_clear(&c);
	if ((o = classify_line(known, text, strlen(text), INT64_C(1772445600000), NULL, NULL)) != NULL)
		cJSON_Delete(o);
	if (body != NULL && n % 16 == 0) {
		*body++ = '\0';
		own = classifier_new();
		classifier_learn(own, NULL, body, text);
		classify(own, NULL, body, NULL, INT64_C(1772445600000), &c);
		sound(&c, body);
		classified_clear(&c);
		classifier_free(own);
	}
	free(text);
	return 0;
}
