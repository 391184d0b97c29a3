/*
 * imap.h - a mailbox at a server (IMAP4rev1, RFC 3501), over libcurl: one connection, a message found by its Message-ID, its header, a message put in.
 *
 * Names of folders are UTF-8, as people write them.  Whatever the server says is bounded in bytes and time, and nothing in a message can end a transfer early:
 * what is fetched is fetched by its size.  Fetching marks as seen; nothing is ever deleted.
 */
#ifndef LP_NET_IMAP_H
#define LP_NET_IMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

enum imap_security { IMAP_TLS, IMAP_STARTTLS, IMAP_PLAIN };    /* STARTTLS is required, never tried */

struct imap_server {
	const char *host;
	int port;
	enum imap_security security;
	const char *user, *password;
	const char *token;              /* of OAuth2: then it is XOAUTH2, and no password */
	const char *ca_file;            /* certificates to trust instead of the system's; NULL */
	int64_t connect_ms, total_ms;   /* until the connection stands; for one thing asked. 0: 15 s, 40 s */
};

#define IMAP_HEADER_MAX ((size_t)256 << 10)     /* bytes of a message's header that are taken */

/* imap_new(server, err): connects nothing yet; all is copied. LP_CONFIG where libcurl isn't there. imap_free: NULL does nothing. */
struct imap;
struct imap *imap_new(const struct imap_server *, struct lp_err *);
void imap_free(struct imap *);

/*
 * What follows fails with LP_CONFIG where a person has to mend something (the login, the certificate, a folder that isn't there), LP_TEMP where it may pass
 * (out of reach, time-out, cut), LP_UNAVAILABLE where the server said no for a reason of its own.
 *
 * imap_login: the line is up and we are in. 0, -1; *refused (may be NULL) says that it was the login itself that was refused.
 */
int imap_login(struct imap *, bool *refused, struct lp_err *);

/* imap_find(i, folder, message_id, &uid, err): the message with this Message-ID (without its <>); the last, where there are several. 1, 0, -1. */
int imap_find(struct imap *, const char *folder, const char *message_id, uint32_t *uid, struct lp_err *);

/* imap_header(i, folder, uid, out, err): its header, as it lies there, up to IMAP_HEADER_MAX. 1; 0 there is no such message any more; -1. */
int imap_header(struct imap *, const char *folder, uint32_t uid, struct buf *out, struct lp_err *);

/* imap_append(i, folder, data, len, err): puts a message in, as seen; its lines may end in \n. 0. -1: unless it is LP_CONFIG or LP_UNAVAILABLE it may be there
 * all the same: look for it before it is put in again. */
int imap_append(struct imap *, const char *folder, const char *data, size_t len, struct lp_err *);

/* imap_folder(name, out): a folder's name as it goes over the wire (RFC 3501 5.1.3, modified UTF-7). False where it is none: not UTF-8, empty, with control characters. */
bool imap_folder(const char *name, struct buf *out);

#endif
