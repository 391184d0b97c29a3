#include "sender/footer.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "sender/law.h"
#include "sender/unsubscribe.h"
#include "store/campaigns.h"

#define LINE_MOST 76 /* bytes: longer lines are encoded (mail/compose) */

bool
footer_unasked(const struct message *m)
{
	return m->inbox == 0 && m->meeting == 0 && m->lead != 0 && !message_by_hand(m);
}

/* Where mail stays on this machine and nothing is set up, there is nothing to say either. */
static bool
wanted(const struct lp_db *db, const struct footer_for *f)
{
	const struct config_law *c = f->law;

	if (strcmp(f->message->channel, "email") != 0 || f->message->meeting != 0 || message_by_hand(f->message))
		return false;
	if (c->compliance == COMPLIANCE_AUTO && law_level(db, c, f->account) == COMPLIANCE_WARN)
		return c->postal_address != NULL || c->identification != NULL || c->privacy_url != NULL || c->unsubscribe_url != NULL;
	return c->compliance != COMPLIANCE_OFF;
}

/* On one line, as it can stand in a foot: several lines are parted by commas. */
static char *
one_line(const char *s)
{
	struct buf b = { 0 };
	size_t n;

	for (; *s != '\0'; s += n + (s[n] != '\0')) {
		n = strcspn(s, "\r\n");
		if (n > 0 && s[strspn(s, " ")] != '\0')
			buf_printf(&b, "%s%.*s", b.len > 0 ? ", " : "", (int)n, s);
	}
	return buf_steal(&b);
}

/* Does the text say it already, on one line or on several? */
static bool
says(const char *body, const char *what)
{
	char *line;
	bool yes = strstr(body, what) != NULL;

	if (!yes) {
		line = one_line(what);
		yes = *line != '\0' && strstr(body, line) != NULL;
		free(line);
	}
	return yes;
}

static void
add_plain(struct buf *b, const char *body, const char *what)
{
	char *line;

	if (what == NULL || says(body, what))
		return;
	line = one_line(what);
	buf_printf(b, "%s\n", line);
	free(line);
}

/* `fmt` has one %s, which is `what`. */
static void
add_words(struct buf *b, const char *body, const char *fmt, const char *what)
{
	const char *at = strstr(fmt, "%s");
	char *line;

	if (what == NULL || says(body, what))
		return;
	line = one_line(what);
	/* a link that makes a line too long to go as it is stands on its own */
	if (strncmp(line, "https://", 8) == 0 && (size_t)(at - fmt) + strlen(line) > LINE_MOST)
		buf_printf(b, "%.*s\n%s%s\n", (int)(at - fmt) - (at > fmt && at[-1] == ' '), fmt, line, at + 2);
	else
		buf_printf(b, "%.*s%s%s\n", (int)(at - fmt), fmt, line, at + 2);
	free(line);
}

static bool
offers_reply(const char *body)
{
	for (int i = 0; i < FOOTER_LANGUAGES; i++)
		if (strstr(body, footer_words[i].reply) != NULL)
			return true;
	return false;
}

/* The link as it will be; of a message that isn't there yet, where it will lead. */
static char *
way_out(const struct lp_db *db, const struct footer_for *f)
{
	bool own;
	char *link = unsubscribe_link(db, f->law, f->account, f->message, &own);

	if (link == NULL || !own || f->message->seq != 0)
		return link;
	free(link);
	return xasprintf("%s...", f->law->unsubscribe_url);
}

static void
lines(const struct lp_db *db, const struct footer_for *f, const struct law_rule *rule, const struct footer_words *w, const char *body, struct buf *b)
{
	bool unasked = footer_unasked(f->message);
	char *link;

	if (rule->identification)
		add_plain(b, body, f->law->identification);
	if (rule->postal || unasked)
		add_plain(b, body, f->law->postal_address);
	if (!unasked)
		return;
	if (!f->lead->contacted) {
		add_words(b, body, w->source, law_source(f->lead));
		add_words(b, body, w->rights, f->law->privacy_url);
	}
	if ((link = way_out(db, f)) != NULL)
		add_words(b, body, w->link, link);
	else if (!offers_reply(body))
		buf_printf(b, "%s\n", w->reply);
	free(link);
}

int
footer_add(struct lp_db *db, const struct footer_for *f, const char *words, char **body, struct lp_err *err)
{
	enum footer_language language = footer_language(*body);
	struct buf b = { 0 }, all = { 0 };
	struct law_rule rule;
	size_t n = strlen(*body);

	if (!wanted(db, f))
		return 0;
	if (law_rule(f->law->country_rules, law_country(f->lead), &rule, err) == -1)
		return -1;
	if (language == FOOTER_LANGUAGES && words != NULL)
		language = footer_language(words);
	if (language == FOOTER_LANGUAGES)
		language = FOOTER_EN;
	lines(db, f, &rule, &footer_words[language], *body, &b);
	if (b.len > 0) {
		while (n > 0 && strchr(" \t\r\n", (*body)[n - 1]) != NULL)
			n--;
		/* the mark of RFC 3676 4.3: mail programs leave what is under it out of what they quote */
		buf_printf(&all, "%.*s\n\n%s%s", (int)n, *body, strstr(*body, "\n-- \n") == NULL ? "-- \n" : "", buf_str(&b));
		free(*body);
		*body = buf_steal(&all);
	}
	buf_free(&b);
	return 0;
}

/* All that the campaign says, for its language. The caller frees; NULL where there is none. */
static char *
campaign_words(struct lp_db *db, int64_t campaign, struct lp_err *err)
{
	const cJSON *step, *v;
	struct buf b = { 0 };
	cJSON *def;
	int version;

	if (campaign == 0 || campaign_newest(db, campaign, &version, err) == -1 || (def = campaign_definition(db, campaign, version, err)) == NULL)
		return NULL;
	cJSON_ArrayForEach(step, json_get(def, "steps"))
		cJSON_ArrayForEach(v, json_get(step, "variants"))
			buf_printf(&b, "%s %s ", json_text(v, "subject"), json_text(v, "body"));
	cJSON_Delete(def);
	return buf_steal(&b);
}

int
footer_here(struct lp_db *db, const struct message *m, char **body, struct lp_err *err)
{
	char *words = NULL;
	struct config_law c = { 0 };
	struct account a = { 0 };
	struct lead_row l = { 0 };
	int r = 0;

	if (*body == NULL || m->account == 0 || m->lead == 0)
		return 0;
	if (config_law(db, &c, err) == -1)
		return -1;
	if (account_get(db, m->account, &a, err) == -1 || lead_row_get(db, m->lead, &l, err) == -1)
		r = -1;
	else if (a.seq != 0 && l.seq != 0) {
		if (footer_language(*body) == FOOTER_LANGUAGES)
			words = campaign_words(db, m->campaign, NULL);
		r = footer_add(db, &(struct footer_for){ .law = &c, .account = &a, .lead = &l, .message = m }, words, body, err);
	}
	free(words);
	lead_row_clear(&l);
	account_clear(&a);
	config_law_clear(&c);
	return r;
}

int
footer_shown(struct lp_db *db, int64_t campaign, int64_t *lead, char **foot, struct lp_err *err)
{
	struct campaign_lead *list;
	struct message m = { .campaign = campaign, .step = 1, .channel = "email" };
	char *body;
	size_t n;
	int r = 0;

	*foot = NULL;
	*lead = 0;
	if (campaign_leads(db, campaign, 0, &list, &n, err) == -1)
		return -1;
	for (size_t i = 0; i < n && *lead == 0; i++)
		if (list[i].account != 0) {
			*lead = m.lead = list[i].lead;
			m.account = list[i].account;
		}
	free(list);
	if (*lead == 0)
		return 0;
	/* under nothing: the campaign's words tell the language */
	body = xstrdup("");
	if ((r = footer_here(db, &m, &body, err)) == 0 && *body != '\0')
		*foot = xstrdup(body + strspn(body, "\n"));
	free(body);
	return r;
}

static void
missing(struct buf *why, const char *what)
{
	buf_printf(why, "%sthe text doesn't have %s", why->len > 0 ? "; " : "", what);
}

int
footer_missing(struct lp_db *db, const struct footer_for *f, struct buf *why, struct lp_err *err)
{
	const struct config_law *c = f->law;
	const char *body = f->message->body != NULL ? f->message->body : "";
	struct law_rule rule;
	char *link;
	int n = 0;

	if (law_rule(c->country_rules, law_country(f->lead), &rule, err) == -1)
		return -1;
	n += law_config(c, &rule, why);
	if (rule.identification && c->identification != NULL && !says(body, c->identification) && ++n)
		missing(why, "the line that says who we are");
	if (c->postal_address != NULL && !says(body, c->postal_address) && ++n)
		missing(why, "the postal address");
	if (!f->lead->contacted && c->privacy_url != NULL && !says(body, c->privacy_url) && ++n)
		missing(why, "the page that tells people their rights");
	link = way_out(db, f);
	if (link != NULL ? !says(body, link) : !offers_reply(body)) {
		missing(why, "a way out");
		n++;
	}
	free(link);
	return n;
}
