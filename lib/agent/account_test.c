#include "agent/account_test.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "channel/channel.h"
#include "mail/compose.h"

static void
tell(struct account_tried *t, enum lp_kind kind, const char *text)
{
	t->kind = kind;
	snprintf(t->text, sizeof(t->text), "%s", text);
}

static void
try_out(const struct channel *ch, const struct account *a, int64_t now, struct account_tried *t)
{
	char name[CHANNEL_NAME_SIZE], *id = xasprintf("test.%" PRId64 "@%s", now, strrchr(a->address, '@') + 1);
	struct mail_out m = { .from_name = a->display_name, .from_address = a->address, .to_address = a->address,
		.subject = "LeadPilot test message", .message_id = id, .date = now, .automatic = MAIL_AUTO_GENERATED,
		.text = "This message was written by lp-accounts test. The account can send.\n" };
	struct channel_result r = { 0 };
	struct buf data = { 0 };
	cJSON *settings = account_settings(a);
	struct lp_err err;
	void *wire = NULL;

	if (mail_compose(&m, &data, &err) == -1 || (wire = ch->open_out(settings, &err)) == NULL || (ch->ready != NULL && ch->ready(wire, &err) == -1))
		tell(t, err.kind, err.msg);
	else {
		struct channel_mail mail = { .name = channel_name(id, now, name), .from = a->address, .to = a->address,
			.data = data.s, .len = data.len };

		ch->deliver(wire, &mail, &r);
		tell(t, r.state == CHANNEL_ACCEPTED ? LP_OK : r.state == CHANNEL_REFUSED ? LP_UNAVAILABLE : LP_TEMP, r.text);
	}
	ch->close(wire);
	cJSON_Delete(settings);
	buf_free(&data);
	free(id);
}

static int
count(void *arg, const char *name, const char *path, struct lp_err *err)
{
	(void)arg;
	(void)name;
	(void)path;
	(void)err;
	return 0;
}

static void
try_in(const struct channel *ch, const struct account *a, struct account_tried *t)
{
	struct lp_err err;
	void *box = ch->open_in(a->settings, false, &err);
	long n = box != NULL ? ch->each(box, LONG_MAX, count, NULL, &err) : -1;

	if (n == -1)
		tell(t, err.kind, err.msg);
	else {
		t->kind = LP_OK;
		snprintf(t->text, sizeof(t->text), "%ld to be read", n);
	}
	ch->close(box);
}

int
account_test(struct lp_db *db, const struct account *a, int64_t now, struct account_tried *out, struct account_tried *in,
    struct lp_err *err)
{
	const struct channel *ch = channel_get(a->kind, err);

	if (ch == NULL)
		return -1;
	if (channel_reaches(ch, a->settings) && db_simulated(db))
		return lp_fail(err, LP_CONFIG, "account %s: this is a simulated file: nothing of it reaches past this machine", a->name);
	if (strcmp(a->kind, "maildir") != 0 || json_str(a->settings, "out") != NULL)
		try_out(ch, a, now, out);
	else
		tell(out, LP_OK, "none: nothing leaves from here");
	if (json_str(a->settings, "in") != NULL)
		try_in(ch, a, in);
	else
		tell(in, LP_OK, "none: replies can't be seen, so no follow-up will leave");
	return 0;
}
