#include "agent/respond.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/normal.h"
#include "campaign/campaign_def.h"
#include "mail/subject.h"
#include "store/accounts.h"
#include "store/campaigns.h"
#include "store/persons.h"
#include "store/views.h"

#define SUBJECT_MAX 2000 /* bytes of a reply's subject that are looked at */

int
respond_load(struct lp_db *db, int64_t inbox, int64_t campaign, struct respond *r, struct lp_err *err)
{
	int got;

	*r = (struct respond){ 0 };
	if ((got = inbox_get(db, inbox, &r->in, err)) != 1)
		return got;
	r->campaign = campaign;
	if ((r->in.thread != 0 && thread_get(db, r->in.thread, &r->thread, err) == -1) ||
	    (campaign != 0 && campaign_newest(db, campaign, &r->version, err) == -1)) {
		respond_clear(r);
		return -1;
	}
	return 1;
}

void
respond_clear(struct respond *r)
{
	inbox_clear(&r->in);
	thread_clear(&r->thread);
	cJSON_Delete(r->def);
	*r = (struct respond){ 0 };
}

static void
add_name(struct answer_words *names, const char *s)
{
	if (s != NULL)
		answer_words_all(s, strlen(s), names);
}

/* Who writes to whom is no part of a question. */
static int
names_of(struct lp_db *db, const struct respond *r, int64_t lead, struct answer_words *names, struct lp_err *err)
{
	struct account a = { 0 };
	cJSON *l = NULL;

	if ((lead != 0 && (l = view_lead(db, lead, err)) == NULL && err->kind != LP_NO) ||
	    (r->thread.account != 0 && account_get(db, r->thread.account, &a, err) == -1))
		return -1;
	add_name(names, json_str(l, "first_name"));
	add_name(names, json_str(l, "last_name"));
	add_name(names, json_str(l, "company"));
	add_name(names, r->in.from_name);
	add_name(names, a.display_name);
	account_clear(&a);
	cJSON_Delete(l);
	return 0;
}

int
respond_match(struct lp_db *db, struct respond *r, int64_t lead, struct lp_err *err)
{
	struct answer_words names = { 0 };

	if (r->campaign == 0) {
		snprintf(r->match.why, sizeof(r->match.why), "it belongs to no campaign");
		return 0;
	}
	if ((r->def = campaign_definition(db, r->campaign, r->version, err)) == NULL || names_of(db, r, lead, &names, err) == -1)
		return -1;
	if (json_get(r->def, "answers") == NULL) {
		snprintf(r->match.why, sizeof(r->match.why), "its campaign has no answers");
		return 0;
	}
	return answers_match(db, r->campaign, r->version, r->def, r->in.reply_text, &names, &r->match, err);
}

int
respond_bar(struct lp_db *db, const struct respond *r, char **why, struct lp_err *err)
{
	int64_t newer = 0;
	int got;

	*why = NULL;
	if (r->in.automatic || strcmp(r->in.kind, "reply") != 0)
		*why = xasprintf("i%" PRId64 " is %s: never answered", r->in.seq, strcmp(r->in.kind, "reply") != 0 ? r->in.kind : "automatic");
	else if (r->thread.seq != 0 && (got = thread_newer_reply(db, r->thread.seq, r->in.seq, &newer, err)) != 0) {
		if (got == -1)
			return -1;
		*why = xasprintf("a newer reply came in (i%" PRId64 ")", newer);
	}
	return *why != NULL;
}

bool
respond_lead_bars(const char *status)
{
	static const char *const bars[] = { "bounced", "stopped", "suppressed", "forgotten" };

	for (size_t i = 0; i < sizeof(bars) / sizeof(bars[0]); i++)
		if (strcmp(status, bars[i]) == 0)
			return true;
	return false;
}

void
respond_tell(const struct respond *r, cJSON *situation)
{
	cJSON *answer = cJSON_CreateObject(), *responses = cJSON_CreateArray(), *thread = cJSON_CreateObject();

	json_set_num(answer, "number", r->match.number);
	json_set_num(answer, "score", r->match.score);
	json_set_bool(answer, "sure", r->match.sure);
	json_set_str(answer, "why", r->match.why);
	json_set(situation, "answer", answer);
	for (const char *const *c = campaign_responses; *c != NULL; c++)
		if (campaign_responds(r->def, *c))
			cJSON_AddItemToArray(responses, cJSON_CreateString(*c));
	json_set(situation, "responses", responses);
	json_set_num(thread, "auto_turns", r->thread.auto_turns);
	json_set(situation, "thread", thread);
}

/* ---- the text of a decision */

static void
hand_over(struct decision *d, const char *why)
{
	char *was = d->reasoning;

	d->reasoning = xasprintf("%s; it goes to a person: %s", was != NULL ? was : "an answer was decided", why);
	free(was);
	free(d->data);
	d->data = xstrdup("{}");
	snprintf(d->action, sizeof(d->action), "escalate");
}

/* Where nobody said which text: a question's answer, else the response to such a reply. */
static bool
pick(const struct respond *r, struct decision *d, cJSON *data)
{
	bool question = strcmp(r->in.class, "question") == 0;

	if (question && r->match.sure)
		json_set_num(data, "answer", r->match.number);
	else if (campaign_responds(r->def, r->in.class)) {
		json_set_str(data, "response", r->in.class);
		/* it answers no question: what it says instead is shown first */
		d->requires_approval = d->requires_approval || question;
	} else if (r->match.sure)
		json_set_num(data, "answer", r->match.number);
	else
		return false;
	return true;
}

static double
least(double a, double b)
{
	return a < b ? a : b;
}

/* What was said to be sent, as far as it is there. */
static bool
take(const struct respond *r, struct decision *d, const cJSON *said, cJSON *data)
{
	const char *response = json_str(said, "response");
	double n = json_num(said, "answer", 0);

	/* words of its own are written only where the campaign has a brief for such a reply */
	if (json_bool(said, "written", false) && campaign_response_brief(r->def, r->in.class) != NULL) {
		response = r->in.class;
		n = 0;
	}

	if (n >= 1 && n <= CAMPAIGN_ANSWERS_MAX && campaign_answer(r->def, (int)n) != NULL)
		json_set_num(data, "answer", (int)n);
	else if (response != NULL && strcmp(response, r->in.class) == 0 && campaign_responds(r->def, response))
		json_set_str(data, "response", response);
	else if (n != 0 || response != NULL || !pick(r, d, data))
		return false;
	json_set_num(data, "version", r->version);
	d->confidence = least(d->confidence, r->in.confidence > 0 ? r->in.confidence : 0);
	if (json_get(data, "answer") != NULL) {
		double score = (int)json_num(data, "answer", 0) == r->match.number ? r->match.score : 0;

		json_set_num(data, "score", score);
		d->confidence = least(d->confidence, score);
	}
	return true;
}

void
respond_choose(const struct respond *r, struct decision *d)
{
	cJSON *said, *data;
	const char *template;

	if (strcmp(d->action, "send_response") != 0)
		return;
	if (r->thread.seq == 0) {
		hand_over(d, "the reply is in no thread of ours");
		return;
	}
	said = cJSON_Parse(d->data != NULL ? d->data : "{}");
	data = cJSON_CreateObject();
	template = strcmp(d->brain, "rule") == 0 ? json_str(said, "template") : NULL;
	if (template != NULL)
		json_set_str(data, "template", template);
	if (template != NULL || take(r, d, said, data)) {
		free(d->data);
		d->data = json_print(data);
	} else
		hand_over(d, r->match.why);
	cJSON_Delete(said);
	cJSON_Delete(data);
}

int
respond_version(const char *data)
{
	cJSON *o = cJSON_Parse(data != NULL ? data : "{}");
	int version = (int)json_num(o, "version", 0);

	cJSON_Delete(o);
	return version;
}

char *
respond_text(const cJSON *def, const char *data, bool *by_rule)
{
	cJSON *o = cJSON_Parse(data != NULL ? data : "{}");
	const char *text = json_str(o, "template");
	char *copy = NULL;

	*by_rule = text != NULL;
	if (text != NULL)
		copy = xstrdup(text);
	else {
		text = campaign_answer(def, (int)json_num(o, "answer", 0));
		if (text == NULL)
			text = campaign_response(def, json_str(o, "response"));
		if (text != NULL)
			copy = campaign_answer_body(def, text);
	}
	cJSON_Delete(o);
	return copy;
}

char *
respond_brief(const cJSON *def, const char *data)
{
	cJSON *o = cJSON_Parse(data != NULL ? data : "{}");
	char *brief = xstrdup(campaign_response_brief(def, json_str(o, "response")));

	cJSON_Delete(o);
	return brief;
}

/* ---- to whom, and under which subject */

static int
is_ours(struct lp_db *db, const char *address, struct lp_err *err)
{
	int64_t seq;
	int r = account_find(db, address, &seq, err);

	return r == -1 && err->kind == LP_DATA ? 1 : r;
}

int
respond_address(struct lp_db *db, const struct inbox_message *in, const struct lead_row *l, char **to, struct lp_err *err)
{
	const char *from = in->from_address, *kind = strcmp(in->channel, "email") == 0 ? "email" : "phone";
	int64_t person = 0;
	int r = 0;

	*to = NULL;
	if (from != NULL && (r = persons_find(db, kind, from, &person, err)) == -1)
		return -1;
	if (r != 1 || person != l->person)
		from = lead_row_address(l, in->channel);
	if (from == NULL)
		return 0;
	if ((r = is_ours(db, from, err)) == -1)
		return -1;
	if (r == 1)
		return lp_fail(err, LP_DATA, "%s is an address of ours", from);
	*to = xstrdup(from);
	return 0;
}

/* Without "Re:", "AW:", "Sv: [2]:" and the like, as often as they stand there. */
static const char *
bare(const char *s)
{
	static const char words[] = " re aw sv vs antw odp rif res ref r fwd fw wg tr vb i pd enc ";

	for (;;) {
		char word[8] = " ";
		size_t n = 1, i = 0;

		while (*s == ' ')
			s++;
		for (; n < sizeof(word) - 2 && ((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z')); i++)
			word[n++] = (char)(s[i] | 0x20);
		word[n++] = ' ';
		word[n] = '\0';
		if (s[i] == '[' || s[i] == '(')
			i += 1 + strspn(s + i + 1, "0123456789])");
		if (n < 3 || s[i] != ':' || strstr(words, word) == NULL)
			return s;
		s += i + 1;
	}
}

static bool
same(const char *a, const char *b)
{
	char *x = mail_base_subject(a), *y = mail_base_subject(b);
	bool yes = strcmp(x, y) == 0;

	free(x);
	free(y);
	return yes;
}

/* As much as fits, cut between characters. */
static char *
begin(const char *s, size_t most)
{
	size_t n = strlen(s);

	if (n > most)
		for (n = most; n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
			;
	return xstrndup(s, n);
}

char *
respond_subject(const struct inbox_message *in, const char *first)
{
	char *cut = begin(in->subject != NULL ? in->subject : "", SUBJECT_MAX), *theirs = normal_text(cut), *link = respond_link(theirs, NULL), *out = NULL;
	const char *s = bare(theirs), *ours = first != NULL ? bare(first) : "";

	if (*s == '\0' || link != NULL || same(s, ours))
		s = ours;
	free(cut);
	cut = begin(s, 200);
	if (*cut != '\0')
		out = xasprintf("Re: %s", cut);
	free(cut);
	free(theirs);
	free(link);
	return out;
}

static bool
in_one(const char *s, size_t n, const char *const *allowed)
{
	char *link = xstrndup(s, n);
	bool found = false;

	for (; allowed != NULL && *allowed != NULL && !found; allowed++)
		found = strstr(*allowed, link) != NULL;
	free(link);
	return found;
}

/* "https://…", "www.…", "mailto:…", and a bare host with a path. */
static bool
is_link(const char *s, size_t n)
{
	static const char *const marks[] = { "://", "www.", "mailto:" };
	char *word = xstrndup(s, n), *low = utf8_fold(word);
	const char *slash = strchr(low, '/');
	bool yes = slash != NULL && memchr(low, '.', (size_t)(slash - low)) != NULL && slash[1] != '\0';

	for (size_t i = 0; i < 3; i++)
		yes = yes || strstr(low, marks[i]) != NULL;
	free(word);
	free(low);
	return yes;
}

char *
respond_link(const char *text, const char *const *allowed)
{
	static const char ends[] = " \t\r\n<>\"()[]{}";
	size_t n, m;

	for (const char *s = text + strspn(text, ends); *s != '\0'; s += n + strspn(s + n, ends)) {
		n = m = strcspn(s, ends);
		while (m > 1 && strchr(".,;:!?'", s[m - 1]) != NULL)
			m--;
		if (is_link(s, m) && !in_one(s, m, allowed))
			return xstrndup(s, m);
	}
	return NULL;
}
