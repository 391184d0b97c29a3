/*
 * smtp.h - mail handed to a server (RFC 5321): one connection, many messages, nothing known of what they are.
 *
 * libcurl finds the host, connects, checks the certificate, takes up TLS (STARTTLS too) and logs in.  The mail transaction is ours,
 * for the one thing that a caller must know exactly: was the end of the message handed over?
 * Every answer is bounded in bytes and in time, however the server drips.
 */
#ifndef LP_NET_SMTP_H
#define LP_NET_SMTP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum smtp_security { SMTP_TLS, SMTP_STARTTLS, SMTP_PLAIN };     /* STARTTLS is required, never tried */

struct smtp_server {
	const char *host;
	int port;
	enum smtp_security security;
	const char *helo;               /* what we call ourselves: a domain */
	const char *user, *password;    /* password NULL: no login by one */
	const char *token;              /* of OAuth2: then it is XOAUTH2 */
	const char *auth;               /* "plain", "login", "cram-md5", "xoauth2"; NULL: the strongest that the server offers */
	const char *ca_file;            /* certificates to trust instead of the system's; NULL */
	const char *cert, *cert_key;    /* ours, PEM; NULL */
	int64_t connect_ms, answer_ms, end_ms; /* until logged in; for an answer, and for each piece of the message to be taken; for the answer to its
	                                        * end. 0: 60 s, 60 s, 5 minutes */
};

struct smtp_mail {
	const char *from, *to;          /* envelope; a domain that isn't ASCII is converted */
	const char *data;               /* lines end in \n or \r\n */
	size_t len;
};

enum smtp_end {
	SMTP_TAKEN,        /* 250 after the end of the message; of readying: the line is up */
	SMTP_SAID_NO,      /* the server's answer is in code and text: 4xx or 5xx */
	SMTP_CUT,          /* cut, stalled or nonsense before the last byte was handed over: surely not accepted */
	SMTP_LOST,         /* the same after it: nobody can tell */
	SMTP_CANT,         /* this server can't take this message (SIZE, SMTPUTF8, an address that is none): nothing was sent */
	SMTP_DOWN          /* no line: couldn't connect, no TLS, login refused */
};
enum smtp_at { SMTP_AT_LOGIN, SMTP_AT_READY, SMTP_AT_MAIL, SMTP_AT_RCPT, SMTP_AT_DATA, SMTP_AT_END };

struct smtp_outcome {
	enum smtp_end end;
	enum smtp_at at;
	int code;               /* of SAID_NO and TAKEN; of DOWN where the server said one */
	enum lp_kind kind;      /* of DOWN: LP_CONFIG, to be mended by a person; LP_TEMP */
	char text[512];         /* one line for people: the server's words, or what happened; no secret in it */
};

/* smtp_loopback(host): does it name this machine (localhost, 127.0.0.0/8, ::1)? Plain text may go nowhere else. */
bool smtp_loopback(const char *host);

/* smtp_new(server, err): connects nothing yet; all is copied. LP_CONFIG where libcurl isn't there. smtp_free hangs up politely where that costs no
 * waiting; NULL does nothing. */
struct smtp;
struct smtp *smtp_new(const struct smtp_server *, struct lp_err *);
void smtp_free(struct smtp *);
/* smtp_token(s, token): log in with this one from now on. */
void smtp_token(struct smtp *, const char *);

/*
 * Without waiting: begin, then step until it is true, polling for what smtp_fds says until smtp_wait_ms is over. One thing at a time.
 * smtp_ready: the line up and logged in: a new one, or the old one still alive. smtp_send: smtp_ready, where it isn't, and a message; it is
 * copied. A line that was dropped between two messages is made anew, once, as long as nothing of the message was taken.
 */
void smtp_ready(struct smtp *);
void smtp_send(struct smtp *, const struct smtp_mail *);
/* smtp_again(s): the same once more, after SMTP_DOWN: with another token. */
void smtp_again(struct smtp *);
bool smtp_is_up(const struct smtp *);
bool smtp_step(struct smtp *);
int smtp_fds(struct smtp *, struct pollfd *fds, int most);
int smtp_wait_ms(struct smtp *);
/* smtp_outcome(s): what came of it, until the next begins. */
const struct smtp_outcome *smtp_outcome(const struct smtp *);

#endif
