#include "channel/channel.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/prog.h"
#include "channel/maildir.h"
#include "channel/phone_int.h"
#include "channel/sendmail.h"
#include "channel/smtp.h"

static const struct channel *const table[] = {
	&channel_maildir,
	&channel_smtp,
	&channel_sendmail,
	&channel_whatsapp,
	&channel_twilio,
	&channel_twilio_whatsapp,
	&channel_sms_http,
	NULL
};

/* Words that other versions or other programs use for an account's kind: refused by name, so that nobody hunts for a typo. */
static const char *const elsewhere[] = { "imap", "gmail", "outlook", "sms", "command", NULL };

const struct channel *
channel_get(const char *kind, struct lp_err *err)
{
	const char *names[sizeof(table) / sizeof(table[0])] = { NULL }, *near;
	char all[200] = "";
	size_t i, at;

	for (i = 0; table[i] != NULL; i++) {
		if (strcmp(kind, table[i]->kind) == 0)
			return table[i];
		names[i] = table[i]->kind;
		at = strlen(all);
		snprintf(all + at, sizeof(all) - at, "%s%s", i > 0 ? ", " : "", table[i]->kind);
	}
	for (i = 0; elsewhere[i] != NULL; i++)
		if (strcmp(kind, elsewhere[i]) == 0) {
			lp_fail(err, LP_CONFIG, "%s: no such channel in this version (it has: %s)", kind, all);
			return NULL;
		}
	near = lp_did_you_mean(kind, names);
	if (near != NULL)
		lp_fail(err, LP_CONFIG, "'%s' is not a kind of account (did you mean '%s'?)", kind, near);
	else
		lp_fail(err, LP_CONFIG, "'%s' is not a kind of account (this version has: %s)", kind, all);
	return NULL;
}

bool
channel_reaches(const struct channel *ch, const cJSON *settings)
{
	return ch->reaches != NULL && ch->reaches(settings);
}

void
channel_wait(const struct channel *ch, void *conn)
{
	struct pollfd fds[8];

	while (!ch->step(conn)) {
		int n = ch->fds(conn, fds, 8);

		poll(fds, (nfds_t)n, ch->wait_ms(conn));
	}
}

char *
channel_name(const char *message_id, int64_t ms, char out[CHANNEL_NAME_SIZE])
{
	unsigned char h[LP_HASH_SIZE];
	char hex[LP_HEX_SIZE];

	lp_sha256(message_id, strlen(message_id), h);
	snprintf(out, CHANNEL_NAME_SIZE, "%" PRId64 ".%.24s.leadpilot", ms / LP_SECOND, lp_hex(h, hex));
	return out;
}

void
channel_say(struct channel_result *r, enum channel_state state, int code, const char *fmt, ...)
{
	va_list ap;

	*r = (struct channel_result){ .state = state, .code = code };
	va_start(ap, fmt);
	if (vsnprintf(r->text, sizeof(r->text), fmt, ap) < 0)
		r->text[0] = '\0';
	va_end(ap);
	for (char *p = r->text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
}
