/*
 * channel.h - the family of channels: a way by which messages leave, and come in.  One small interface, one file a provider,
 * one line in the table of channel.c.
 *
 * A channel knows one account's settings and nothing of the database, of limits or of approvals: who calls deliver has
 * reserved the message and records what came of it.
 */
#ifndef LP_CHANNEL_CHANNEL_H
#define LP_CHANNEL_CHANNEL_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum channel_state {
	CHANNEL_ACCEPTED,  /* the far side has it, and said so */
	CHANNEL_DEFERRED,  /* surely not accepted: try again later, under the same name */
	CHANNEL_REFUSED,   /* surely not accepted, and it never will be */
	CHANNEL_UNKNOWN    /* cut where it can't be told: never again by itself, unless redo_is_safe */
};

struct channel_result {
	enum channel_state state;
	int code;              /* the service's answer: an SMTP or HTTP status; 0 where there is none */
	char text[512];        /* one line for people: the answer, or where it lies */
};

/* One message ready for the wire. Everything belongs to the caller. */
struct channel_mail {
	const char *name;      /* unique, a function of the message: letters, digits, '.', '-', '_' (channel_name) */
	const char *from, *to; /* envelope */
	const char *data;      /* lines end in \n */
	size_t len;
};

/* Called for each message waiting. `name` is what `done` takes; `path` is the file with its bytes, in this call only.
 * 0 to go on, 1 to stop here, -1 to fail. */
typedef int channel_each(void *arg, const char *name, const char *path, struct lp_err *);

struct channel {
	const char *kind;                  /* accounts.kind */
	const char *carries;               /* accounts.channel: email, whatsapp, sms */
	bool reaches_past_loopback;        /* never opened from a simulated file */
	bool redo_is_safe;                 /* the same name twice is one message at the far side */
	const char *const *keys;           /* its settings; NULL-terminated */

	/* Judge the settings, changing nothing, touching no network and no disk. LP_CONFIG names the key. */
	int (*validate)(const cJSON *settings, struct lp_err *);
	/* Connect, or create what is to be there: LP_CONFIG to be mended, LP_TEMP to try again. NULL on failure. An inbox that was read before
	 * (`known`) is never created: one that is gone (a disk not mounted) isn't an empty one. */
	void *(*open_out)(const cJSON *settings, struct lp_err *);
	void *(*open_in)(const cJSON *settings, bool known, struct lp_err *);
	void (*close)(void *);             /* of either; close(NULL) does nothing */

	/* Never fails: what came of it is in the result. */
	void (*deliver)(void *, const struct channel_mail *, struct channel_result *);
	/* Was this name delivered? 1 and the result as it would have been, 0 no, -1 can't be told now. */
	int (*find)(void *, const char *name, struct channel_result *, struct lp_err *);

	/* At most `max` of what waits to be read, oldest first: the number seen, or -1. */
	long (*each)(void *, long max, channel_each *, void *arg, struct lp_err *);
	/* Mark one as read: it isn't seen again by `each`. One that is gone is no error. */
	int (*done)(void *, const char *name, struct lp_err *);
	/* All that `each` has shown, to its end, is on record: the next `each` may begin from here. It may show some once more. */
	int (*finish)(void *, struct lp_err *);
};

/* channel_get(kind, err): the provider; LP_CONFIG "smtp: no such channel in this version" (or "did you mean"). */
const struct channel *channel_get(const char *kind, struct lp_err *);

/* channel_list(): all of this version, ending with NULL. */
const struct channel *const *channel_list(void);

/* channel_name(message_id, ms, out): the name under which a message is delivered: its Message-ID's hash and its second. */
#define CHANNEL_NAME_SIZE 64
char *channel_name(const char *message_id, int64_t ms, char out[CHANNEL_NAME_SIZE]);

/* Fill a result: one line, cut to fit. For providers. */
void channel_say(struct channel_result *, enum channel_state, int code, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
