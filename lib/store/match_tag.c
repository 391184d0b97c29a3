#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "store/match_int.h"

#define TOKEN 16 /* hex digits: 64 bits */

int
match_tag_make(struct lp_db *db, int64_t message, char out[MATCH_TAG_SIZE], struct lp_err *err)
{
	unsigned char h[LP_HASH_SIZE];
	char hex[LP_HEX_SIZE], *id = NULL;
	struct sha s;
	int r = db_str(db, err, &id, "SELECT id FROM messages WHERE seq = ?1", "I", message);

	if (r != 1)
		return r == 0 ? lp_fail(err, LP_DATA, "no such message: m%" PRId64, message) : -1;
	sha_init(&s);
	sha_add(&s, db_salt(db), 32);
	sha_field(&s, "leadpilot-tag-1");
	sha_field(&s, id);
	sha_end(&s, h);
	free(id);
	snprintf(out, MATCH_TAG_SIZE, "m%" PRId64 ".%.*s", message, TOKEN, lp_hex(h, hex));
	return 0;
}

/* The message of a tag that this file made, of n bytes: 1, 0, -1. */
static int
tagged(struct lp_db *db, const char *text, size_t n, int64_t *message, struct lp_err *err)
{
	char tag[MATCH_TAG_SIZE], ours[MATCH_TAG_SIZE], handle[24];
	struct lp_err unknown;

	if (n >= sizeof(tag))
		return 0;
	memcpy(tag, text, n);
	tag[n] = '\0';
	if ((n = strcspn(tag, ".")) >= sizeof(handle) || tag[n] != '.')
		return 0;
	memcpy(handle, tag, n);
	handle[n] = '\0';
	if (!lp_handle(handle, 'm', message))
		return 0;
	if (match_tag_make(db, *message, ours, &unknown) == -1) {
		if (unknown.kind == LP_DATA)
			return 0;
		*err = unknown;
		return -1;
	}
	return strcmp(tag, ours) == 0;
}

/* In "local+TAG@domain". */
static int
in_address(struct lp_db *db, const char *address, int64_t *message, struct lp_err *err)
{
	const char *at = address != NULL ? strrchr(address, '@') : NULL, *plus = at;

	while (plus != NULL && plus > address && *plus != '+')
		plus--;
	return plus != NULL && *plus == '+' ? tagged(db, plus + 1, (size_t)(at - plus) - 1, message, err) : 0;
}

/* In "unsubscribe TAG", the subject that our List-Unsubscribe asks for: it comes also where the server knows no plus addresses. */
static int
in_subject(struct lp_db *db, const char *s, int64_t *message, struct lp_err *err)
{
	if (s == NULL || strncasecmp(s += strspn(s, " "), "unsubscribe ", 12) != 0)
		return 0;
	s += 12 + strspn(s + 12, " ");
	return tagged(db, s, strcspn(s, " "), message, err);
}

int
match_tag(struct lp_db *db, const struct mail_in *mail, struct inbox_match *m, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT lead_id, campaign_id, thread_id, seq, enrolment_id FROM messages WHERE seq = ?1 AND lead_id IS NOT NULL";
	int64_t message;
	sqlite3_stmt *st;
	int r = in_address(db, mail->delivered_to, &message, err);

	for (size_t i = 0; r == 0 && i < mail->nto; i++)
		r = in_address(db, mail->to[i].address, &message, err);
	for (size_t i = 0; r == 0 && i < mail->ncc; i++)
		r = in_address(db, mail->cc[i].address, &message, err);
	if (r == 0)
		r = in_subject(db, mail->subject, &message, err);
	if (r != 1)
		return r;
	st = db_query(db, err, sql, "I", message);
	if ((r = st != NULL ? db_step(db, st, err) : -1) == 1)
		match_fill(st, "tag", m);
	return r;
}
