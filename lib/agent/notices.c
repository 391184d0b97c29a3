#include "agent/notices.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/approval_text.h"
#include "base/json.h"
#include "base/tz.h"
#include "channel/maildir.h"
#include "mail/compose.h"
#include "store/accounts.h"
#include "store/config.h"

enum { WHOLE_MAX = 30, LISTED_MAX = 100, MESSAGE_MAX = 4000, TITLE_MAX = 160 };

/* As much as fits, cut between characters, on one line. */
static char *
line(const char *s, size_t most)
{
	struct buf b = { 0 };
	size_t n = strlen(s);
	char *cut;

	for (n = n < most ? n : most; n > 0 && n < strlen(s) && ((unsigned char)s[n] & 0xc0) == 0x80; n--)
		;
	cut = xstrndup(s, n);
	for (char *c = cut; *c != '\0'; c++)
		if (*c == '\n' || *c == '\r' || *c == '\t')
			*c = ' ';
	text_safe(&b, cut, "");
	free(cut);
	if (b.len > 0)
		b.s[--b.len] = '\0';
	return buf_steal(&b);
}

char *
notices_subject(const struct notice_row *rows, size_t n)
{
	char *title, *s;

	if (n != 1)
		return xasprintf("LeadPilot: %zu things need you", n);
	title = line(rows[0].title, TITLE_MAX);
	s = xasprintf("LeadPilot: %s", title);
	free(title);
	return s;
}

static void
one(struct buf *out, const struct notice_row *x, size_t number, size_t n)
{
	char *title = line(x->title, 2 * TITLE_MAX), *command = x->command != NULL ? line(x->command, 2 * TITLE_MAX) : NULL, *message;
	size_t end = strlen(x->message);

	if (n > 1)
		buf_printf(out, "%zu. ", number);
	buf_printf(out, "%s\n", title);
	if (number <= WHOLE_MAX) {
		for (end = end < MESSAGE_MAX ? end : MESSAGE_MAX; end > 0 && ((unsigned char)x->message[end] & 0xc0) == 0x80; end--)
			;
		while (end > 0 && strchr(" \t\r\n", x->message[end - 1]) != NULL)
			end--;
		message = xstrndup(x->message, end);
		text_safe(out, message, "   ");
		free(message);
	}
	if (command != NULL)
		buf_printf(out, "   > %s\n", command);
	buf_putc(out, '\n');
	free(title);
	free(command);
}

void
notices_text(struct buf *out, const struct notice_row *rows, size_t n, const char *file)
{
	size_t shown = n < LISTED_MAX ? n : LISTED_MAX, i;

	for (i = 0; i < shown; i++)
		one(out, &rows[i], i + 1, n);
	if (shown < n)
		buf_printf(out, "And %zu more: lp-inbox notices\n\n", n - shown);
	buf_puts(out, "Done with:\n   > lp-inbox done");
	for (i = 0; i < shown; i++)
		buf_printf(out, " n%" PRId64, rows[i].seq);
	buf_puts(out, "\n-- \n");
	text_safe(out, file, "");
}

/* ---- the mail */

struct telling {
	struct lp_config c;
	char *from;             /* the first account's address, or NULL */
	struct notice_row *rows;
	size_t n;
	int64_t digest, first_at; /* the digest's number and the time of its first notice: what names the mail, whatever else changes */
};

static int
first_address(struct lp_db *db, char **address, struct lp_err *err)
{
	struct account a;
	int64_t *seqs;
	size_t n;
	int r = accounts_list(db, NULL, &seqs, &n, err);

	for (size_t i = 0; r != -1 && i < n && *address == NULL; i++) {
		if ((r = account_get(db, seqs[i], &a, err)) == 1 && strcmp(a.channel, "email") == 0)
			*address = xstrdup(a.address);
		if (r == 1)
			account_clear(&a);
	}
	free(seqs);
	return r == -1 ? -1 : 0;
}

/* What is to be told, under one number from here on. 1, 0, -1. */
static int
take(struct lp_db *db, struct telling *t, struct lp_err *err)
{
	int r;

	if (db_begin(db, err) == -1)
		return -1;
	if ((r = notify_due(db, err)) == 1 && (r = notify_digest(db, &t->digest, &t->first_at, err)) == 1 &&
	    (notify_of_digest(db, t->digest, &t->rows, &t->n, err) == -1 || config_load(db, &t->c, err) == -1 ||
	    first_address(db, &t->from, err) == -1))
		r = -1;
	return db_end(db, r != -1, r != -1 ? err : NULL) == -1 ? -1 : r;
}

static int
compose(struct lp_db *db, const struct telling *t, struct buf *out, struct lp_err *err)
{
	const char *from = t->from != NULL ? t->from : t->c.notify_email != NULL ? t->c.notify_email : "leadpilot@localhost";
	char *subject = notices_subject(t->rows, t->n), *name = line(t->c.name, TITLE_MAX), id[300];
	struct buf text = { 0 };
	struct tz_civil civil;
	int r;

	notices_text(&text, t->rows, t->n, db_path(db));
	snprintf(id, sizeof(id), "notices.%" PRId64 ".%" PRId64 "%s", t->digest, t->first_at, strchr(from, '@'));
	r = mail_compose(&(struct mail_out){ .from_name = name, .from_address = from, .to_address = t->c.notify_email != NULL ? t->c.notify_email : from,
	    .subject = subject, .text = buf_str(&text), .message_id = id, .date = db_now(db),
	    .zone = tz_local(t->c.hours.timezone, db_now(db), &civil, NULL) == 0 ? (int)(civil.offset_s / 60) : 0,
	    .automatic = MAIL_AUTO_GENERATED }, out, err);
	buf_free(&text);
	free(subject);
	free(name);
	return r;
}

static int
deliver(const struct telling *t, const struct buf *mail, struct lp_err *err)
{
	cJSON *settings = cJSON_CreateObject();
	struct channel_result res = { 0 };
	char what[64], name[CHANNEL_NAME_SIZE];
	int r = -1;
	void *conn;

	json_set_str(settings, "out", t->c.notify_maildir);
	snprintf(what, sizeof(what), "notices.%" PRId64, t->digest);
	channel_name(what, t->first_at, name);
	if ((conn = channel_maildir.open_out(settings, err)) != NULL) {
		struct channel_mail out = { .name = name, .data = mail->s, .len = mail->len };

		/* a reader may have moved it on already */
		if ((r = channel_maildir.find(conn, &out, &res, err)) == 0) {
			channel_maildir.deliver(conn, &out, &res);
			r = res.state == CHANNEL_ACCEPTED ? 0 : lp_fail(err, LP_TEMP, "%s", res.text);
		}
		channel_maildir.close(conn);
	}
	cJSON_Delete(settings);
	return r == -1 ? -1 : 0;
}

static int
told(struct lp_db *db, int64_t digest, struct lp_err *err)
{
	int r;

	if (db_begin(db, err) == -1)
		return -1;
	r = notify_told(db, digest, err);
	return db_end(db, r == 0, r == 0 ? err : NULL) == -1 ? -1 : r;
}

int
notices_send(struct lp_db *db, struct lp_err *err)
{
	struct telling t = { 0 };
	struct buf mail = { 0 };
	int r = take(db, &t, err);

	if (r == 1 && ((r = compose(db, &t, &mail, err)) == -1 || (r = deliver(&t, &mail, err)) == -1))
		lp_err_prefix(err, "notices");
	else if (r == 0 && t.digest != 0)
		r = told(db, t.digest, err) == -1 ? -1 : (int)t.n;
	buf_free(&mail);
	notify_free(t.rows, t.n);
	free(t.from);
	config_clear(&t.c);
	return r;
}
