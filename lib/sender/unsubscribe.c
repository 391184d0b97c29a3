#include "sender/unsubscribe.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hmac.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/lead_row.h"
#include "store/leads.h"
#include "store/log.h"
#include "store/match.h"
#include "store/notify.h"
#include "store/stops.h"
#include "store/suppressions.h"

/*
 * A token is 'u' and 32 bytes in base64url: 16 of a signature over what it says, and what it says, 16 bytes under a pad made of that signature.
 * What it says: 1 (this form), lead (5 bytes), campaign (4), message (6), big-endian.
 */
enum { SAYS = 16, SIGN = 16, CODE = 43 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* A key for one purpose, of the file's secret. */
static void
key_for(const struct lp_db *db, const char *purpose, unsigned char key[LP_HASH_SIZE])
{
	lp_hmac(db_salt(db), LP_HASH_SIZE, purpose, strlen(purpose), key);
}

static void
sign(const struct lp_db *db, const unsigned char says[SAYS], unsigned char out[LP_HASH_SIZE])
{
	unsigned char key[LP_HASH_SIZE];

	key_for(db, "leadpilot-unsubscribe-sign-1", key);
	lp_hmac(key, sizeof(key), says, SAYS, out);
}

/* There and back. */
static void
cover(const struct lp_db *db, const unsigned char signature[SIGN], unsigned char says[SAYS])
{
	unsigned char key[LP_HASH_SIZE], pad[LP_HASH_SIZE];

	key_for(db, "leadpilot-unsubscribe-cover-1", key);
	lp_hmac(key, sizeof(key), signature, SIGN, pad);
	for (int i = 0; i < SAYS; i++)
		says[i] ^= pad[i];
}

static void
put(unsigned char *at, int bytes, int64_t v)
{
	for (; bytes-- > 0; v >>= 8)
		at[bytes] = (unsigned char)(v & 0xff);
}

static int64_t
get(const unsigned char *at, int bytes)
{
	int64_t v = 0;

	while (bytes-- > 0)
		v = v << 8 | *at++;
	return v;
}

char *
unsubscribe_make(const struct lp_db *db, const struct message *m, char out[UNSUBSCRIBE_SIZE])
{
	unsigned char all[SIGN + SAYS], signature[LP_HASH_SIZE], *says = all + SIGN;
	unsigned bits = 0, have = 0;
	char *to = out;

	says[0] = 1;
	put(says + 1, 5, m->lead);
	put(says + 6, 4, m->campaign);
	put(says + 10, 6, m->seq);
	sign(db, says, signature);
	memcpy(all, signature, SIGN);
	cover(db, all, says);
	*to++ = 'u';
	for (size_t i = 0; i < sizeof(all); i++) {
		bits = bits << 8 | all[i];
		for (have += 8; have >= 6; have -= 6)
			*to++ = alphabet[bits >> (have - 6) & 63];
	}
	*to++ = alphabet[bits << (6 - have) & 63];
	*to = '\0';
	return out;
}

/* 43 letters, and no other spelling of the same bytes. */
static bool
decode(const char *s, unsigned char out[SIGN + SAYS])
{
	unsigned bits = 0, have = 0;
	const char *at;
	size_t n = 0;

	if (strlen(s) != CODE)
		return false;
	for (; *s != '\0'; s++) {
		if ((at = strchr(alphabet, *s)) == NULL)
			return false;
		bits = bits << 6 | (unsigned)(at - alphabet);
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (unsigned char)(bits >> have & 0xff);
		}
	}
	return (bits & ((1u << have) - 1)) == 0;
}

bool
unsubscribe_read(const struct lp_db *db, const char *token, struct unsubscribe *u)
{
	unsigned char all[SIGN + SAYS], signature[LP_HASH_SIZE], *says = all + SIGN;

	*u = (struct unsubscribe){ 0 };
	if (*token != 'u' || !decode(token + 1, all))
		return false;
	cover(db, all, says);
	sign(db, says, signature);
	if (!lp_same(signature, all, SIGN) || says[0] != 1)
		return false;
	u->lead = get(says + 1, 5);
	u->campaign = get(says + 6, 4);
	u->message = get(says + 10, 6);
	return true;
}

/* Every address of the person, and the one that the mail went to, should it be theirs no longer. How many are new, or -1. */
static int
suppress(struct lp_db *db, const struct unsubscribe *u, int64_t person, struct lp_err *err)
{
	static const char why[] = "unsubscribed";
	struct message m = { 0 };
	int n = leads_suppress(db, u->lead, why, "link", err), r;

	if (n == -1 || (r = message_get(db, u->message, &m, err)) == -1)
		return -1;
	if (r == 1 && m.recipient != NULL) {
		r = suppressions_add(db, suppressions_kind(m.recipient), m.recipient, person, why, "link", err);
		n = r == -1 ? -1 : n + r;
	}
	message_clear(&m);
	return n;
}

static int
tell(struct lp_db *db, const struct unsubscribe *u, const char *how, struct lp_err *err)
{
	struct log_entry e = { .type = "observation", .lead = u->lead, .campaign = u->campaign, .message = u->message };
	char *text = xasprintf("l%" PRId64 " unsubscribed: %s", u->lead, how), *key = xasprintf("unsubscribe:%" PRId64, u->lead);
	char *command = xasprintf("lp-leads show l%" PRId64, u->lead);
	int r;

	e.text = text;
	r = log_add(db, &e, err);
	if (r != -1)
		r = notify_add(db, &(struct notice){ .type = "opt_out", .title = text, .message = "Nothing more is sent to them.", .command = command,
		    .lead = u->lead, .dedupe = key }, err);
	free(text);
	free(key);
	free(command);
	return r;
}

int
unsubscribe_apply(struct lp_db *db, const char *token, const char *how, struct unsubscribe *u, struct lp_err *err)
{
	struct lead_row l;
	int r, n;

	if (!unsubscribe_read(db, token, u))
		return 0;
	/* whose data was erased is suppressed already, by hashes alone */
	if ((r = lead_row_get(db, u->lead, &l, err)) != 1)
		return r;
	if (strcmp(l.status, "forgotten") != 0) {
		r = stop_person(db, l.person, "unsubscribed", err) == -1 || (n = suppress(db, u, l.person, err)) == -1 ? -1 : 0;
		u->fresh = r == 0 && n > 0;
		if (u->fresh)
			r = tell(db, u, how, err);
	} else
		r = 0;
	lead_row_clear(&l);
	return r == -1 ? -1 : 0;
}

char *
unsubscribe_link(const struct lp_db *db, const struct config_law *c, const struct account *a, const struct message *m, bool *own)
{
	const char *page = json_str(a->settings, "unsubscribe");
	char token[UNSUBSCRIBE_SIZE];

	*own = false;
	if (page != NULL && strncasecmp(page, "https://", 8) == 0)
		return xstrdup(page);
	if (c->unsubscribe_url == NULL)
		return NULL;
	*own = true;
	return xasprintf("%s%s", c->unsubscribe_url, unsubscribe_make(db, m, token));
}

int
unsubscribe_mailto(struct lp_db *db, const struct account *a, const struct message *m, char **to, struct lp_err *err)
{
	const char *address = json_str(a->settings, "unsubscribe");
	struct buf link = { 0 };
	char tag[MATCH_TAG_SIZE];

	if (address == NULL || strchr(address, '@') == NULL || strncasecmp(address, "https://", 8) == 0)
		address = json_str(a->settings, "reply_to");
	if (address == NULL)
		address = a->address;
	if (match_tag_make(db, m->seq, tag, err) == -1)
		return -1;
	buf_puts(&link, "mailto:");
	/* RFC 6068: what else would end the address, or be read as something else in it */
	buf_percent(&link, address, "!$'*+-.@_~");
	buf_printf(&link, "?subject=unsubscribe%%20%s", tag);
	*to = buf_steal(&link);
	return 0;
}
