/*
 * slack.h - a line of text to a channel of Slack's, by an incoming webhook.  Knows nothing of what it says.
 *
 * The webhook's address is the secret: it is in no message, and no redirect is followed with it.  The service has no way to tell that it has a text
 * already: what may have been told is never told again.
 */
#ifndef LP_NET_SLACK_H
#define LP_NET_SLACK_H

#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

#define SLACK_TEXT_MAX 39000 /* bytes as sent; the service takes 40,000 characters */

enum slack_end {
	SLACK_TOLD,        /* 200 "ok" */
	SLACK_LATER,       /* surely not told: too fast, no connection */
	SLACK_GONE,        /* the webhook, or its channel, is no more */
	SLACK_DROPPED      /* refused, or it may have been told: never again */
};
struct slack_said {
	enum slack_end end;
	int64_t wait_ms;        /* of LATER: what it asked for; 0: nothing */
	enum lp_kind kind;      /* of LATER: LP_TEMP, or LP_CONFIG, to be mended by a person */
	char text[256];         /* one line for people */
};

/* slack_post(url, text, now, said, err): 0 and *said; -1 LP_CONFIG: the address can't be one; LP_TEMP. */
int slack_post(const char *url, const char *text, int64_t now, struct slack_said *, struct lp_err *);

#endif
