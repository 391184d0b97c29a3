#include "account/account_look.h"

#include <string.h>

#include "account/account_login.h"
#include "base/json.h"
#include "base/mailbox.h"
#include "base/mem.h"
#include "channel/channel.h"
#include "channel/imapline.h"
#include "net/smtp.h"

/* A line that isn't up may be up in a minute; one that doesn't let us in won't. */
void
account_connect(struct lp_db *db, const struct account *a, const cJSON *settings, struct findings *out)
{
	struct lp_err err;
	const struct channel *ch = channel_get(a->kind, &err);
	void *line = NULL;

	if (ch == NULL || ch->validate(settings, &err) == -1)
		findings_err(out, "connect", &err);
	else if (ch->ready == NULL)
		return; /* there is no line before there is a message */
	else if (channel_reaches(ch, settings) && db_simulated(db))
		findings_add(out, FOUND_WARN, "connect", NULL, "not tried: this is a simulated file");
	else if ((line = ch->open_out(settings, &err)) == NULL || ch->ready(line, &err) == -1)
		findings_err(out, "connect", &err);
	else if (strcmp(a->kind, "smtp") == 0 && !account_logs_in(settings))
		findings_add(out, FOUND_OK, "connect", NULL, "%s is there; no login was tried, since no password_env, password_command or oauth is set", json_text(settings, "host"));
	else
		findings_add(out, FOUND_OK, "connect", NULL, "%s is ready", json_str(settings, "host") != NULL ? json_text(settings, "host") : a->kind);
	if (ch != NULL)
		ch->close(line);
}

void
account_connect_imap(struct lp_db *db, const cJSON *settings, struct findings *out)
{
	struct lp_err err;
	struct imap *i;

	if (!imapline_set(settings))
		return;
	if (imapline_reaches(settings) && db_simulated(db)) {
		findings_add(out, FOUND_WARN, "imap", NULL, "not tried: this is a simulated file");
		return;
	}
	if ((i = imapline_open(settings, &err)) == NULL)
		findings_err(out, "imap", &err);
	else
		findings_add(out, FOUND_OK, "imap", NULL, "logged in at %s", json_text(settings, "imap_host"));
	imap_free(i);
}

void
account_token(const struct channel *ch, const cJSON *settings, struct findings *out)
{
	struct lp_err err;
	void *line = ch->open_out(settings, &err);

	if (line == NULL)
		findings_err(out, "token", &err);
	else
		findings_add(out, FOUND_OK, "token", NULL, "there; whether the service takes it shows with the first message");
	ch->close(line);
	if (channel_pushed(settings))
		findings_add(out, FOUND_OK, "in", NULL, "pushed by a webhook");
	else
		findings_add(out, FOUND_OK, "in", NULL, "by lp-read texts; no follow-up leaves where that is longer ago than inbox_max_age");
}

void
account_look(struct lp_db *db, const struct account *a, struct resolver *dns, const char *selectors, struct findings *out)
{
	cJSON *settings = account_settings(a);
	const char *host = json_str(settings, "host");
	struct domain_asked asked = { .domain = mailbox_domain(a->address), .selectors = selectors != NULL ? selectors : json_str(settings, "dkim_selector"),
		.host = host != NULL && !smtp_loopback(host) ? host : NULL };
	const struct channel *ch;
	struct lp_err err;

	if (strcmp(a->channel, "email") == 0)
		account_connect(db, a, settings, out);
	else if ((ch = channel_get(a->kind, &err)) != NULL)
		account_token(ch, settings, out);
	else
		findings_err(out, "connect", &err);
	account_connect_imap(db, settings, out);
	if (strcmp(a->channel, "email") == 0 && asked.domain != NULL)
		domain_check(dns, &asked, out);
	cJSON_Delete(settings);
}
