#include "agent/second.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"

struct second {
	const struct decision *first;
	const struct inbox_message *in;
	struct decision *d;
	char *why;
	size_t size;
};

static bool
one_of(const char *s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(s, *words) == 0)
			return true;
	return false;
}

static const char *
class_of(const struct decision *d)
{
	return strncmp(d->action, "classify_", 9) == 0 ? d->action + 9 : "";
}

static void
note(struct second *x, const char *what)
{
	size_t n = strlen(x->why);

	snprintf(x->why + n, x->size - n, "%s%s", n > 0 ? "; " : "", what);
}

/* Nobody is sure: it goes to a person, and says why. */
static void
doubt(struct second *x, const char *what)
{
	char *was = x->d->reasoning;

	if (x->d->confidence > SECOND_DOUBT)
		x->d->confidence = SECOND_DOUBT;
	x->d->reasoning = xasprintf("%s; but %s", was != NULL ? was : "", what);
	free(was);
	note(x, what);
}

/* What code sees is what it is. */
static void
stands(struct second *x, const char *what)
{
	struct decision *d = x->d;
	char *said = d->reasoning;

	d->reasoning = xasprintf("%s; %s says '%s' of it (%s)", x->first->reasoning != NULL ? x->first->reasoning : what, d->brain, d->action,
	    said != NULL ? said : "");
	free(said);
	memcpy(d->action, x->first->action, sizeof(d->action));
	memcpy(d->brain, x->first->brain, sizeof(d->brain));
	d->confidence = x->first->confidence;
	free(d->data);
	d->data = x->first->data != NULL ? xstrdup(x->first->data) : NULL;
	note(x, what);
}

/* Does a text have it in it, as words of its own, whatever their case? */
static bool
stands_in(const char *text, const char *what)
{
	char *t = utf8_fold(text), *w = utf8_fold(what), *at = t;
	size_t n = strlen(w);
	bool found = false;

	while (n > 0 && !found && (at = strstr(at, w)) != NULL) {
		found = (at == t || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[n]);
		at++;
	}
	free(t);
	free(w);
	return found;
}

static void
named(struct second *x)
{
	static const char *const members[] = { "name", "address" };
	cJSON *data = cJSON_Parse(x->d->data != NULL ? x->d->data : "{}"), *who = json_get(data, "referral");
	const char *text = x->in != NULL && x->in->reply_text != NULL ? x->in->reply_text : "";
	bool changed = false;

	for (size_t i = 0; i < 2; i++)
		if (json_str(who, members[i]) != NULL && !stands_in(text, json_str(who, members[i]))) {
			json_rm(who, members[i]);
			changed = true;
		}
	if (changed) {
		note(x, "whom it names isn't in the reply");
		if (who->child == NULL)
			json_rm(data, "referral");
		free(x->d->data);
		x->d->data = json_print(data);
	}
	cJSON_Delete(data);
}

static bool
to_a_machine(const struct decision *first)
{
	cJSON *data = cJSON_Parse(first->data != NULL ? first->data : "{}");
	bool yes = json_bool(data, "to_a_machine", false);

	cJSON_Delete(data);
	return yes;
}

static void
classified(struct second *x)
{
	static const char *const keen[] = { "interested", "meeting_request", "question", "referral", NULL };
	static const char *const answered[] = { "interested", "meeting_request", "question", NULL };
	static const char *const refusals[] = { "not_interested", "angry", "wrong_person", "not_now", NULL };
	const char *first = class_of(x->first), *class = class_of(x->d);
	bool automatic = x->in != NULL && x->in->automatic;

	/* neither is skipped nor put off */
	if (strcmp(class, first) != 0 && automatic)
		stands(x, "no person wrote it");
	else if (strcmp(class, first) != 0 && strcmp(first, "unsubscribe") == 0)
		stands(x, "its words ask not to be written to");
	else if (*class == '\0')
		return;
	else if (strcmp(class, "out_of_office") == 0 && strcmp(first, class) != 0)
		doubt(x, "nothing but the model's word shows an absence");
	else if (one_of(class, keen) && one_of(first, refusals))
		doubt(x, "its words decline");
	else if (strcmp(class, first) != 0 && one_of(class, answered) && x->first->confidence >= SECOND_SURE)
		doubt(x, "the words say something else");
	else if (strcmp(class, first) != 0 && !one_of(class, (const char *const[]){ "unsubscribe", "angry", "not_interested", "other", NULL }) &&
	    to_a_machine(x->first))
		doubt(x, "it talks to a machine");
	named(x);
}

static void
answered(struct second *x)
{
	static const char *const wanted[] = { "interested", "meeting_request", "question", NULL };
	static const char *const never[] = { "unsubscribe", "angry", "out_of_office", "other", "", NULL };
	struct decision *d = x->d;

	if (x->in == NULL)
		return;
	if (strcmp(d->action, "book_meeting") == 0 && (!one_of(x->in->class, wanted) || x->in->confidence < d->confidence)) {
		if (x->in->confidence < d->confidence)
			d->confidence = x->in->confidence > 0 ? x->in->confidence : 0;
		if (!one_of(x->in->class, wanted)) {
			d->requires_approval = true;
			note(x, "an invitation that nobody asked for waits for a person");
		}
	}
	if (strcmp(d->action, "send_response") == 0 && one_of(x->in->class, never)) {
		d->requires_approval = true;
		note(x, "an answer to such a reply waits for a person");
	}
}

void
second_check(const char *type, const struct decision *first, const struct inbox_message *in, struct decision *d, char *why, size_t size)
{
	struct second x = { first, in, d, why, size };

	d->requires_approval = d->requires_approval || first->requires_approval;
	/* whom a person is asked about is in a row, not in what the model sends along */
	if (strcmp(d->action, "add_lead") == 0) {
		d->requires_approval = true;
		free(d->data);
		d->data = strcmp(first->action, d->action) == 0 && first->data != NULL ? xstrdup(first->data) : NULL;
	}
	if (strcmp(type, "classify_reply") == 0)
		classified(&x);
	else if (strcmp(type, "respond_to_reply") == 0)
		answered(&x);
}
