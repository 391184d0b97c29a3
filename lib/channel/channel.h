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
#include <poll.h>
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

/* Whose fault a refusal or a deferral is: what follows from it differs. */
enum channel_blame {
	BLAME_NOBODY,      /* full, busy, slow, or it can't be told */
	BLAME_ADDRESS,     /* there is nobody at the address, and there won't be */
	BLAME_PERSON,      /* the person said stop to the far side (Twilio 21610) */
	BLAME_CAMPAIGN,    /* what its template is: it would be refused to everybody, so the campaign must be held */
	BLAME_US           /* authentication, reputation, policy, rate: the address is none the worse, the account must be held */
};

struct channel_result {
	enum channel_state state;
	enum channel_blame blame;
	int code;              /* the service's answer: an SMTP or HTTP status; 0 where there is none */
	char status[24];       /* its finer one: "5.1.1" (RFC 3463), "21610"; "" */
	char id[128];          /* the service's name for the message, by which it tells of it later; "" */
	int64_t retry_ms;      /* of DEFERRED: what it asked us to wait; 0: nothing */
	char text[512];        /* one line for people: the answer, or where it lies */
};

/* One message ready for the wire. Everything belongs to the caller. */
struct channel_mail {
	const char *name;      /* unique, a function of the message: letters, digits, '.', '-', '_' (channel_name) */
	const char *from, *to; /* envelope; numbers in E.164 */
	const char *data;      /* of email: the message, lines end in \n */
	size_t len;
	const char *text;      /* of whatsapp and sms: the words */
	const cJSON *template; /* of whatsapp: {"name","language","parameters":[...]} as approved by the service; NULL: free text */
	int64_t reserved_at;   /* ms */
};

/* One setting of a kind. Each is stored as a string; KEY_VARIABLE and KEY_COMMAND name where a secret is, and no key holds one. */
enum channel_key_type { KEY_TEXT, KEY_PATH, KEY_HOST, KEY_NUMBER, KEY_WORD, KEY_URL, KEY_ADDRESS, KEY_VARIABLE, KEY_COMMAND };
struct channel_key {
	const char *name;
	enum channel_key_type type;
	const char *help;               /* one line */
	const char *const *words;       /* of KEY_WORD; NULL-terminated */
	long least, most;               /* of KEY_NUMBER */
};

/* Called for each message waiting. `name` is what `done` takes; `path` is the file with its bytes, in this call only.
 * 0 to go on, 1 to stop here, -1 to fail. */
typedef int channel_each(void *arg, const char *name, const char *path, struct lp_err *);

struct channel {
	const char *kind;                  /* accounts.kind */
	const char *carries;               /* accounts.channel: email, whatsapp, sms */
	bool (*reaches)(const cJSON *settings); /* past this machine? Then it is never opened from a simulated file. NULL: never does */
	bool redo_is_safe;                 /* the same name twice is one message at the far side */
	const struct channel_key *keys;    /* its settings; the last one's name is NULL */

	/* Judge the settings, changing nothing, touching no network and no disk. LP_CONFIG names the key. */
	int (*validate)(const cJSON *settings, struct lp_err *);
	/* Connect, or create what is to be there: LP_CONFIG to be mended, LP_TEMP to try again. NULL on failure. An inbox that was read before
	 * (`known`) is never created: one that is gone (a disk not mounted) isn't an empty one. `settings` has the account's "address", too
	 * (store/accounts.h: account_settings). */
	void *(*open_out)(const cJSON *settings, struct lp_err *);
	void *(*open_in)(const cJSON *settings, bool known, struct lp_err *);
	void (*close)(void *);             /* of either; close(NULL) does nothing */

	/* Is the line up, and logged in? Asked before a message is reserved, so that what is reserved is on its way. 0; -1 LP_CONFIG, LP_TEMP.
	 * NULL: it needs none. */
	int (*ready)(void *, struct lp_err *);
	/* Never fails: what came of it is in the result. */
	void (*deliver)(void *, const struct channel_mail *, struct channel_result *);
	/* The same two without waiting, for several connections at once; NULL, all five: it has none of that. begin: a mail (copied), or NULL to make the line
	 * ready. step: what can be done now; true once it is over. fds, wait_ms: what to poll for meanwhile, at most so long. end: what came of it: of a
	 * mail *r; of NULL as ready(). */
	void (*begin)(void *, const struct channel_mail *);
	bool (*step)(void *);
	int (*fds)(void *, struct pollfd *, int most);
	int (*wait_ms)(void *);
	int (*end)(void *, struct channel_result *, struct lp_err *);
	/* Was this one delivered? 1 and the result as it would have been, 0 no, -1 can't be told now (LP_NO: it was asked; LP_TEMP: it can't be). NULL: it
	 * never can. */
	int (*find)(void *, const struct channel_mail *, struct channel_result *, struct lp_err *);

	/* At most `max` of what waits to be read, oldest first: the number seen, or -1. */
	long (*each)(void *, long max, channel_each *, void *arg, struct lp_err *);
	/* Mark one as read: it isn't seen again by `each`. One that is gone is no error. */
	int (*done)(void *, const char *name, struct lp_err *);
	/* All that `each` has shown, to its end, is on record: the next `each` may begin from here. It may show some once more. */
	int (*finish)(void *, struct lp_err *);
};

/* channel_reaches(ch, settings): past this machine? */
bool channel_reaches(const struct channel *, const cJSON *settings);

/* channel_pushed(settings): does a webhook bring what comes in, as it comes? Else somebody has to read it. */
bool channel_pushed(const cJSON *settings);

/* channel_get(kind, err): the provider; LP_CONFIG "smtp: no such channel in this version" (or "did you mean"). */
const struct channel *channel_get(const char *kind, struct lp_err *);

/* channel_wait(ch, conn): step and poll until what was begun is over. */
void channel_wait(const struct channel *, void *conn);

/* channel_name(message_id, ms, out): the name under which a message is delivered: its Message-ID's hash and its second. */
#define CHANNEL_NAME_SIZE 64
char *channel_name(const char *message_id, int64_t ms, char out[CHANNEL_NAME_SIZE]);

/* Fill a result: one line, cut to fit. For providers. */
void channel_say(struct channel_result *, enum channel_state, int code, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
