/* smtp_int.h - between smtp.c (the mail transaction), smtp_line.c (the connection) and smtp_answer.c (what a server says). */
#ifndef LP_NET_SMTP_INT_H
#define LP_NET_SMTP_INT_H

#include "base/mem.h"
#include "net/smtp.h"

/* An answer as it comes in: "250-first", "250 last". RFC 5321 allows 512 bytes a line; we bear with more, not with any number. */
#define SMTP_ANSWER_MAX (64 << 10) /* bytes of one answer */

struct smtp_answer {
	int code;               /* once it is whole */
	size_t seen;            /* bytes of it so far */
	char line[1024];        /* of the line that is coming; what is longer is dropped */
	size_t n;
	int first;              /* what its first line said: all lines say the same (RFC 5321 4.2.1) */
	char text[512];         /* the lines' words, with blanks between */
};

/* smtp_answer_add(a, s, n, used): take bytes, up to the end of the answer: *used says how many. 1 whole, 0 more is to come, -1 no SMTP or too
 * long: a->text says so. Zeroed before each answer. */
int smtp_answer_add(struct smtp_answer *, const char *s, size_t n, size_t *used);

/* What the server offers, from the lines of its answer to EHLO. */
struct smtp_offer {
	bool pipelining, utf8, eightbit, size_known, auth;
	uint64_t size;          /* 0: no limit told */
	char mechanisms[200];   /* "PLAIN LOGIN" */
};
/* smtp_offer_line(o, line): a line "250-SIZE 1000". Others are ignored. */
void smtp_offer_line(struct smtp_offer *, const char *line);

/* smtp_wire(data, n, out): as it goes over the wire: CRLF, dots doubled, and the end. True where a byte isn't ASCII. */
bool smtp_wire(const char *data, size_t n, struct buf *out);

/* The connection. */
struct smtp_line;
struct smtp_line *smtp_line_new(const struct smtp_server *, struct lp_err *);
void smtp_line_free(struct smtp_line *);
void smtp_line_token(struct smtp_line *, const char *);
/* smtp_line_connect(l): begin; then smtp_line_connecting until it is 1 up (the offer is there), 0 not yet, -1 down: *o says why. */
void smtp_line_connect(struct smtp_line *);
int smtp_line_connecting(struct smtp_line *, struct smtp_outcome *);
const struct smtp_offer *smtp_line_offer(const struct smtp_line *);
bool smtp_line_up(const struct smtp_line *);
void smtp_line_drop(struct smtp_line *);
/* Bytes without waiting: how many; 0 none now; -1 the line is cut. */
long smtp_line_put(struct smtp_line *, const char *, size_t);
long smtp_line_get(struct smtp_line *, char *, size_t);
int smtp_line_fds(struct smtp_line *, struct pollfd *, int most, bool writing);
int smtp_line_wait_ms(struct smtp_line *);      /* of connecting: libcurl's own timers; -1 none */

#endif
