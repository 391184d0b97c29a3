/*
 * notify.h - what people should be told: rows of `notifications`, shown by lp-report and lp-inbox until they are read, and told by mail
 * or Slack (agent/notices.h).  Nothing here commits.
 */
#ifndef LP_STORE_NOTIFY_H
#define LP_STORE_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

struct notice {
	const char *type;               /* approval_needed, approval_expiring, escalation, error, reply, report, … */
	const char *title, *message;
	const char *command;            /* what to type, or NULL */
	int64_t task, lead;
	const char *dedupe;             /* one notice for one cause; NULL for none */
};
/* notify_add: 0 (also where the cause was told already), -1. */
int notify_add(struct lp_db *, const struct notice *, struct lp_err *);
/* notify_retitle(db, dedupe, type, title, err): more is known of its cause. Nothing where it was told or read already. 0 or -1. */
int notify_retitle(struct lp_db *, const char *dedupe, const char *type, const char *title, struct lp_err *);

/* A row to look at. Strings are owned. */
struct notice_row {
	int64_t seq, lead, task;        /* 0 for none */
	char type[24];
	char *title, *message, *command; /* command NULL for none */
	char created_at[LP_ISO_SIZE];
};
void notify_free(struct notice_row *, size_t n);
/* notify_unread(db, limit, &rows, &n, err): not read yet, the newest first. 0, -1. */
int notify_unread(struct lp_db *, int64_t limit, struct notice_row **, size_t *n, struct lp_err *);
/* notify_read(db, seq, err): somebody knows of it: 1, 0 it was read before, -1 (LP_NO: no such notice). notify_read_all: how many. notify_read_about: that of
 * one cause, by its dedupe key: how many. notify_read_done: those that asked for no more than this command, which somebody gave. */
int notify_read(struct lp_db *, int64_t seq, struct lp_err *);
int notify_read_all(struct lp_db *, struct lp_err *);
int notify_read_about(struct lp_db *, const char *dedupe, struct lp_err *);
int notify_read_done(struct lp_db *, const char *command, struct lp_err *);

/*
 * Telling.  Told of are those of the last NOTIFY_DAYS days that nobody read and that ask for somebody: not what only goes on record (an absence, an
 * opt-out, a bounce, a judged reply that isn't positive), and not what notify_on_positive_reply, notify_on_meeting_booked or notify_on_error switch off.
 * All that is new becomes one digest; each transport that is configured then tells it by itself, and remembers.
 */
#define NOTIFY_DAYS 7
enum notify_transport { NOTIFY_MAILDIR, NOTIFY_ACCOUNT, NOTIFY_SLACK };
#define NOTIFY_TRANSPORTS 3
const char *notify_transport_name(enum notify_transport);

/* notify_due(db, err): 1 where a transport has something to tell now: a digest that is begun with, or new notices and notify_interval over since the last
 * digest; 0; -1.  A look into an index where there is nothing. */
int notify_due(struct lp_db *, struct lp_err *);
/* notify_begin(db, err): all that is to be told, as one digest from now on, for each transport that is configured: 1, 0 nothing (or notify_interval isn't over), -1. */
int notify_begin(struct lp_db *, struct lp_err *);

/* What one transport tells at one go. */
struct notify_claim {
	enum notify_transport transport;
	int64_t digest, at;             /* its number, and when (ms) the first of it was added, which together name it for ever */
};
/*
 * notify_claim(db, t, at_once, c, err): what the transport has to tell: its oldest digest or, `at_once`, all that wait, which then count as on the wire until
 * notify_end or notify_later: what dies there is dropped (notify_lost), never told again. 1, 0 nothing or not yet, -1.
 * notify_lost: those that died on the wire: how many.
 */
int notify_claim(struct lp_db *, enum notify_transport, bool at_once, struct notify_claim *, struct lp_err *);
int notify_lost(struct lp_db *, enum notify_transport, struct lp_err *);
/* notify_claimed(db, c, &rows, &n, err): its notices that nobody read since, the most urgent first. 0, -1. */
int notify_claimed(struct lp_db *, const struct notify_claim *, struct notice_row **, size_t *n, struct lp_err *);
/* notify_end(db, c, told, error, err): it was told, or dropped for `error`, which is logged: how many notices nobody had been told of before, or -1. */
int notify_end(struct lp_db *, const struct notify_claim *, bool told, const char *error, struct lp_err *);
/* notify_later(db, c, wait, error, err): surely not told: again after `wait` (ms; 0: a time that grows with the failures in a row). */
int notify_later(struct lp_db *, const struct notify_claim *, int64_t wait, const char *error, struct lp_err *);
/* notify_gone(db, t, hash, err): the service says that what the hash names is no more: logged. notify_is_gone: was it that? 1, 0, -1. */
int notify_gone(struct lp_db *, enum notify_transport, const char *hash, struct lp_err *);
int notify_is_gone(struct lp_db *, enum notify_transport, const char *hash, struct lp_err *);

#endif
