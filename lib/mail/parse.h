/*
 * parse.h - an incoming message, over GMime: the headers that matching needs, and its words as plain text.
 *
 * Input is hostile.  Nothing here fails on a broken message: what can't be read is missing from the result.  All strings that
 * come out are valid UTF-8 without NUL, without control characters (text keeps \n and \t), and bounded.
 */
#ifndef LP_MAIL_PARSE_H
#define LP_MAIL_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MAIL_SIZE_MAX ((size_t)25 << 20)  /* bytes of a message that is read whole, where nobody says otherwise; of a larger one, its header */
#define MAIL_HEAD_MAX ((size_t)256 << 10) /* bytes of header looked at, where only that is read */
#define MAIL_TEXT_MAX ((size_t)64 << 10)  /* bytes kept of the text, of a report, of a returned message's header, of a calendar */
#define MAIL_HTML_MAX ((size_t)256 << 10) /* bytes kept of the HTML */
#define MAIL_FIELD_MAX ((size_t)2000)     /* bytes of a header's value kept */
#define MAIL_LIST_MAX 100                 /* addresses, references or attachments kept */
#define MAIL_PARTS_MAX 2000               /* MIME boundaries looked at; what follows is left alone */

struct mail_address {
	char *name;            /* NULL where none is given */
	char *address;         /* lower case */
};

struct mail_part {
	char *filename;        /* decoded, without any directory; NULL where none is given */
	char *type;            /* "application/pdf", lower case */
	size_t size;           /* bytes, decoded */
};

struct mail_in {
	char *message_id;              /* id@domain without its brackets, as all ids here; or NULL */
	char *in_reply_to;             /* the first id there, or NULL */
	char **references;             /* oldest first */
	size_t nreferences;
	struct mail_address *from, *to, *cc;
	size_t nfrom, nto, ncc;
	char *subject;                 /* decoded; "" where there is none */
	int64_t date;                  /* ms; 0 where missing or unreadable */
	char *return_path;             /* its address; "" for the null path "<>"; NULL where the header is missing */
	char *reply_to, *sender;       /* the first address there, lower case; NULL */
	char *delivered_to;            /* the address that it was delivered to, as the last server tells it (X-Original-To, Envelope-To,
	                                * Delivered-To): where plus addresses and VERP show; lower case; NULL */
	/* as they stand, lower case; NULL where missing */
	char *auto_submitted, *precedence, *list_id, *list_unsubscribe, *auto_response_suppress, *failed_recipients;
	char *x_autoreply;             /* the first header of an auto-responder, "x-autoreply: yes"; NULL */
	char *content_type;            /* "multipart/report" */
	char *text;                    /* text/plain, else what the HTML shows; "" where neither is there */
	bool text_cut;                 /* it was longer than MAIL_TEXT_MAX */
	bool text_from_html;
	bool partial;                  /* not all of the message was looked at: too large, or built to exhaust a reader */
	bool header_only;              /* and of it, only the header: it is larger than the limit */
	char *html;                    /* the first HTML body as it stands; NULL */
	struct mail_part *parts;       /* what is attached, in its order; a picture inside the HTML isn't */
	size_t nparts;
	char *report_type;             /* of a multipart/report, lower case: "delivery-status", "feedback-report"; NULL */
	char *report;                  /* its machine-readable part as it stands; NULL */
	char *original;                /* the header of the first message inside (a returned one, where it is a bounce), as it stands; NULL */
	char *calendar;                /* the first calendar object, unfolded; NULL where there is none, or one too large to be an invitation */
	char *calendar_method;         /* "REQUEST", "REPLY" ..., upper case; NULL */
};

/* mail_parse(bytes, n, m, err): one message, LF or CRLF. m is cleared by mail_in_clear, also after a failure. -1 only where there is no
 * header at all (LP_DATA "not a mail message"). Memory: the message twice, and what it keeps. */
int mail_parse(const char *, size_t n, struct mail_in *, struct lp_err *);

/* mail_parse_here(s, n, m, err): the same without a copy: the bytes are written to (what would exhaust a reader is blanked). s was malloc'ed
 * and stays the caller's. */
int mail_parse_here(char *s, size_t n, struct mail_in *, struct lp_err *);

/* mail_parse_fd(fd, limit, m, err): the same of a file, from where it stands. Of a message of more than `limit` bytes only the header
 * is read, of at most MAIL_HEAD_MAX, and the rest never is: 0 reads headers alone. LP_IO, LP_DATA. */
int mail_parse_fd(int fd, size_t limit, struct mail_in *, struct lp_err *);

void mail_in_clear(struct mail_in *);

#endif
