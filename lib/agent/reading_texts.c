/* reading_texts.c - texts by telephone as JSON Lines: from a webhook's script, a log, another program. */
#include "agent/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "sender/phone.h"
#include "store/texts.h"

#define BURST 50 /* lines a commit */

/* By whose number it came: the line's word, the command's, else the number that it is to. 0; -1 LP_DATA. */
static int
whose(struct lp_db *db, const cJSON *o, int64_t given, int64_t *account, struct lp_err *err)
{
	const char *name = json_str(o, "account"), *to = json_str(o, "to"), *channel = json_str(o, "channel");
	char number[NORMAL_PHONE_SIZE];
	int r;

	*account = given;
	if (name != NULL) {
		r = account_find(db, name, account, err);
		return r == 0 ? lp_fail(err, LP_DATA, "no account '%.60s'", name) : r == 1 ? 0 : -1;
	}
	if (given != 0)
		return 0;
	if (to == NULL || !phone_number(to, "whatsapp", number))
		return lp_fail(err, LP_DATA, "neither an account nor a number that it is to (--account)");
	if (channel == NULL && strncmp(to, "whatsapp:", 9) == 0)
		channel = "whatsapp";
	r = texts_account(db, number, channel, account, err);
	return r == 0 ? lp_fail(err, LP_DATA, "%s is the number of none of our accounts", number) : r == 1 ? 0 : -1;
}

static int
take(struct lp_db *db, const char *s, size_t n, int64_t given, struct reading *sum, struct lp_err *err)
{
	cJSON *o = json_object(s, n, err);
	struct phone_text t = { .from = json_str(o, "from"), .id = json_str(o, "id"), .text = json_str(o, "text"), .name = json_str(o, "name") };
	const char *at = json_str(o, "at");
	struct inbox_result res;
	int r = o == NULL ? -1 : whose(db, o, given, &t.account, err);

	if (r == 0 && at != NULL && lp_iso_parse(at, &t.at, err) == -1)
		r = lp_fail(err, LP_DATA, "at: '%.40s' is no time", at);
	if (r == 0 && (r = phone_receive(db, &t, &res, err)) != -1)
		reading_count(sum, r, &res);
	cJSON_Delete(o);
	return r == -1 ? -1 : 0;
}

/* A line and those that wait behind it, in one commit. */
static int
burst(struct lp_db *db, struct lines *in, int got, const char *s, size_t n, const struct reading_how *how, struct reading *sum, struct lp_err *why)
{
	struct lp_err err;
	int r = 0;

	if (db_begin(db, why) == -1)
		return -1;
	for (int i = 1; r == 0 && got != 0; i++) {
		if (got == -1 || take(db, s, n, how->account, sum, why) == -1) {
			if (why->kind == LP_DATA || why->kind == LP_USAGE) {
				sum->refused++;
				if (how->refused != NULL)
					how->refused(how->arg, in->number, why);
			} else
				r = -1;
		}
		got = r == 0 && i < BURST && lines_waiting(in) ? lines_next(in, &s, &n, why) : 0;
	}
	if (db_end(db, r == 0 && !how->dry, r == 0 ? &err : NULL) == -1) {
		if (r == 0)
			*why = err;
		r = -1;
	}
	return r;
}

/* Read to its end without a bad line, it is as good as an inbox that was read. */
static int
noted(struct lp_db *db, int64_t account, struct lp_err *err)
{
	int r;

	if (db_begin(db, err) == -1)
		return -1;
	r = account_inbox_read(db, account, db_now(db), err);
	return db_end(db, r != -1, r != -1 ? err : NULL) == -1 || r == -1 ? -1 : 0;
}

int
reading_texts(struct lp_db *db, int fd, const char *name, const struct reading_how *how, struct reading *sum, struct lp_err *err)
{
	long refused = sum->refused;
	struct lines in;
	const char *s;
	size_t n;
	int r = 0, got;

	lines_init(&in, fd, name);
	while (r == 0 && (got = lines_next(&in, &s, &n, err)) != 0)
		r = got == -1 && err->kind != LP_DATA ? 1 : burst(db, &in, got, s, n, how, sum, err);
	lines_free(&in);
	if (r == 0 && how->account != 0 && !how->dry && sum->refused == refused)
		r = noted(db, how->account, err);
	return r;
}
