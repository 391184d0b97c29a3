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

#define MAIL_LOOK_MAX ((size_t)1 << 20)   /* bytes looked at by default: the words come before the attachments */
#define MAIL_TEXT_MAX ((size_t)64 << 10)  /* bytes of text kept */
#define MAIL_FIELD_MAX ((size_t)2000)     /* bytes of a header's value kept */
#define MAIL_LIST_MAX 100                 /* addresses or references kept */
#define MAIL_PARTS_MAX 2000               /* lines that may be a MIME boundary; over this only the header is read */

/* What the headers say of who wrote it. A hint: it is as honest as the sender. */
enum mail_hint {
	MAIL_PERSON,       /* nothing says otherwise */
	MAIL_AUTO_REPLY,   /* Auto-Submitted: auto-replied, X-Autoreply, vacation and the like */
	MAIL_AUTOMATIC,    /* Auto-Submitted: anything else but no; Precedence: bulk or junk; from mailer-daemon */
	MAIL_LIST,         /* List-Id or Precedence: list */
	MAIL_REPORT,       /* multipart/report: a bounce, a receipt */
	MAIL_COMPLAINT     /* multipart/report of a feedback loop */
};

struct mail_address {
	char *name;            /* NULL where none is given */
	char *address;         /* lower case */
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
	char *auto_submitted;          /* as it stands, lower case; NULL */
	char *return_path;             /* its address; "" for the null path "<>"; NULL where the header is missing */
	enum mail_hint hint;
	char *text;                    /* text/plain first, else what text/html says; "" where neither is there */
	bool text_cut;                 /* it was longer than MAIL_TEXT_MAX */
	bool text_from_html;
	bool partial;                  /* the message is longer than what was looked at */
	bool header_only;              /* its body was built to exhaust a reader, and was left alone */
};

/* mail_parse(bytes, n, m, err): one message, LF or CRLF. m is cleared by mail_in_clear. -1 only where there is no header at all
 * (LP_DATA "not a mail message"). */
int mail_parse(const char *, size_t n, struct mail_in *, struct lp_err *);

/* mail_parse_fd(fd, limit, m, err): the same of the first `limit` bytes of a file; what comes behind is never read, so a large
 * attachment costs nothing. LP_IO, LP_DATA. */
int mail_parse_fd(int fd, size_t limit, struct mail_in *, struct lp_err *);

void mail_in_clear(struct mail_in *);

const char *mail_hint_name(enum mail_hint);   /* "person", "auto_reply", "automatic", "list", "report", "complaint" */

/* mail_html_text(html): the words of HTML, a line a block: no scripts, styles, comments, no attributes. The caller frees. */
char *mail_html_text(const char *html, size_t n);

#endif
