/*
 * compose.h - one outgoing message as RFC 5322 bytes, over GMime.  Knows nothing of the database or of how mail travels.
 *
 * The same input gives the same bytes, for ever and in every locale: nothing here reads a clock, a host name or a
 * random number, and MIME boundaries are hashes of the Message-ID.  That is what lets a crash be redone under the same name.
 */
#ifndef LP_MAIL_COMPOSE_H
#define LP_MAIL_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

/* What the message says of its own origin (RFC 3834). What a person or a campaign's text begins is MAIL_AUTO_NO: no header. */
enum mail_auto { MAIL_AUTO_NO, MAIL_AUTO_REPLIED, MAIL_AUTO_GENERATED };

struct mail_header {
	const char *name, *value;
};

/* All strings are UTF-8, belong to the caller, and may be NULL where it says "optional". */
struct mail_out {
	const char *from_name;              /* optional */
	const char *from_address;
	const char *to_name;                /* optional */
	const char *to_address;
	const char *reply_to;               /* optional: an address */
	const char *subject;                /* of the thread, without "Re:": a follow-up gets it here */
	const char *text;                   /* lines end in \n or \r\n */
	const char *html;                   /* optional: goes beside the text as multipart/alternative */
	const char *calendar;               /* optional: an iCalendar object (itip_make), for programs that show it with buttons */
	const char *calendar_method;        /* optional: its METHOD, which must be the one inside; NULL: that */
	const char *message_id;             /* with or without its angle brackets */
	int64_t date;                       /* ms */
	int zone;                           /* minutes east of UTC for the Date header */
	const char *in_reply_to;            /* optional: makes it a follow-up */
	const char *const *references;      /* optional: NULL-terminated, oldest first; in_reply_to is added where it isn't the last */
	const char *unsubscribe_url;        /* optional: https only */
	bool one_click;                     /* the link is this recipient's own and takes RFC 8058's POST: say so */
	const char *unsubscribe_mailto;     /* optional: "mailto:..." */
	enum mail_auto automatic;
	const struct mail_header *extra;    /* optional: ends with a NULL name; X-... and the like */
};

/*
 * mail_compose(m, out, err): append the message to *out, lines ending in \n alone (mail_crlf for a wire that wants CRLF).
 * From, To, Subject, Date, Message-ID stand exactly once.  Refused with LP_DATA and the field's name, *out as it was:
 * CR, LF or another control character in a header field, invalid UTF-8, no text, no subject, an address that isn't plain
 * LOCAL@DOMAIN, a Message-ID that isn't ID@DOMAIN, an http: unsubscribe link, an extra header that is one of ours, a
 * calendar with no METHOD, with two, or with another than calendar_method, and "Re:" or "Fwd:" on the subject of a first message,
 * which would be a lie.  With a calendar the body is multipart/mixed: the alternatives (text, HTML, text/calendar with its
 * method) and the same calendar attached as invite.ics.
 */
int mail_compose(const struct mail_out *, struct buf *out, struct lp_err *);

/* mail_crlf(bytes, n, out): append them with every line ending in \r\n, whatever it ended in. */
void mail_crlf(const char *, size_t, struct buf *out);

/* mail_address_ok(s): a plain LOCAL@DOMAIN that can stand in a header and an envelope as it is: dot-atom, no quoting, no comment, a local part of UTF-8 (only
 * for servers that take it, RFC 6531), a domain of ASCII with a dot or "localhost", at most 254 bytes. */
bool mail_address_ok(const char *);

#endif
