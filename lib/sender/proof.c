#include "sender/proof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"
#include "channel/imapline.h"
#include "sender/deliver.h"
#include "store/copies.h"

#define RUN_MS (30 * LP_SECOND)
#define OURS (5 * LP_MINUTE) /* so long nobody else takes what we have taken: longer than one of them can last */
#define GIVE_UP (7 * LP_DAY)

struct proof {
	struct lp_db *db;
	struct account account;
	cJSON *settings;
	const char *folder;
	struct imap *imap;
};

/* When it is tried again: 5 minutes, 15, 45, ... 12 hours. */
static int64_t
again(const struct lp_db *db, const struct copy *c)
{
	int64_t wait = 5 * LP_MINUTE;

	for (int i = 0; i < c->tries && wait < 12 * LP_HOUR; i++)
		wait *= 3;
	return db_now(db) + (wait < 12 * LP_HOUR ? wait : 12 * LP_HOUR);
}

static int
note(struct proof *p, const struct copy *c, enum copy_state state, const char *text, struct lp_err *err)
{
	int r;

	if (state == COPY_LATER && !c->unknown && db_now(p->db) - c->since > GIVE_UP)
		state = COPY_FAILED;
	if (db_begin(p->db, err) == -1)
		return -1;
	r = copy_note(p->db, c, state, state == COPY_LATER ? again(p->db, c) : 0, text, err);
	return db_end(p->db, r == 0, r == 0 ? err : NULL) == -1 || r == -1 ? -1 : 0;
}

static int
failed(struct proof *p, const struct copy *c, const struct lp_err *why, struct lp_err *err)
{
	char *text = xasprintf("not copied into '%s': %s", p->folder, why->msg);
	int r = note(p, c, COPY_LATER, text, err);

	free(text);
	return r;
}

/* It lies in the Sent folder: it left, whatever the line did then. */
static int
proved(struct proof *p, const struct copy *c, struct lp_err *err)
{
	char *why = xasprintf("it is in the folder '%s'", p->folder);
	int r;

	if (db_begin(p->db, err) == -1) {
		free(why);
		return -1;
	}
	/* 0: a person was faster */
	if ((r = deliver_resolve(p->db, c->message, true, "proof", why, err)) == 1)
		r = copy_note(p->db, c, COPY_DONE, 0, why, err);
	free(why);
	return db_end(p->db, r != -1, r != -1 ? err : NULL) == -1 || r == -1 ? -1 : 0;
}

static int
put_there(struct proof *p, const struct copy *c, struct lp_err *err)
{
	char *text = xasprintf("copied into the folder '%s'", p->folder);
	struct buf data = { 0 };
	struct lp_err why;
	int r;

	if (deliver_compose(p->db, &p->account, c->message, c->since, &data, &why) == -1)
		r = why.kind == LP_DATA ? note(p, c, COPY_FAILED, why.msg, err) : failed(p, c, &why, err);
	else if (imap_append(p->imap, p->folder, data.s, data.len, &why) == -1)
		r = failed(p, c, &why, err);
	else
		r = note(p, c, COPY_DONE, text, err);
	buf_free(&data);
	free(text);
	return r;
}

/* Google and Microsoft put what their SMTP servers take into the folder of what was sent; it may come a little later than we look. */
static bool
keeps_its_own(const char *host)
{
	static const char *const ends[] = { "gmail.com", "googlemail.com", "office365.com", "outlook.com" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t n = strlen(ends[i]), len = strlen(host);

		if (len >= n && strcasecmp(host + len - n, ends[i]) == 0 && (len == n || host[len - n - 1] == '.'))
			return true;
	}
	return false;
}

/* Two that look at once would both find it missing, and both put it there. */
static int
take(struct proof *p, const struct copy *c, struct lp_err *err)
{
	int r;

	if (db_begin(p->db, err) == -1)
		return -1;
	r = copies_take(p->db, c, db_now(p->db) + OURS, err);
	return db_end(p->db, r != -1, r != -1 ? err : NULL) == -1 ? -1 : r;
}

static int
one(struct proof *p, const struct copy *c, struct lp_err *err)
{
	char *id = xstrdup(c->rfc_id + (*c->rfc_id == '<'));
	struct lp_err why;
	uint32_t uid;
	int r;

	id[strcspn(id, ">")] = '\0';
	if (!c->unknown && keeps_its_own(json_text(p->settings, "imap_host")))
		r = note(p, c, COPY_DONE, "the provider keeps the copy itself", err);
	else if ((r = imap_find(p->imap, p->folder, id, &uid, &why)) == -1)
		r = failed(p, c, &why, err);
	else if (c->unknown)
		r = r == 1 ? proved(p, c, err) : note(p, c, COPY_LATER, NULL, err);
	else
		r = r == 1 ? note(p, c, COPY_DONE, "it is in the Sent folder", err) : put_there(p, c, err);
	free(id);
	return r;
}

/* The rows of one account. */
static int
rows(struct proof *p, const struct copy *list, size_t n, int64_t until, const volatile sig_atomic_t *stop, struct lp_err *err)
{
	struct lp_err why;
	int r = 0;

	p->folder = json_text(p->settings, "sent_folder");
	if (imapline_reaches(p->settings) && db_simulated(p->db))
		return 0; /* nothing of it reaches past this machine */
	p->imap = imapline_open(p->settings, &why);
	for (size_t i = 0; r == 0 && i < n && !*stop && lp_steady() < until; i++)
		if ((r = take(p, &list[i], err)) == 1)
			r = p->imap != NULL ? one(p, &list[i], err) : failed(p, &list[i], &why, err);
	imap_free(p->imap);
	return r;
}

int
proof_run(struct lp_db *db, const volatile sig_atomic_t *stop, struct lp_err *err)
{
	int64_t until = lp_steady() + RUN_MS;
	struct copy *list;
	size_t n, i, k;
	int r;

	if (copies_due(db, &list, &n, err) == -1) {
		copies_free(list, n);
		return -1;
	}
	for (r = 0, i = 0; r == 0 && i < n && !*stop && lp_steady() < until; i = k) {
		struct proof p = { .db = db };

		for (k = i; k < n && list[k].account == list[i].account; k++)
			;
		if ((r = account_get(db, list[i].account, &p.account, err)) == 1) {
			p.settings = account_settings(&p.account);
			r = rows(&p, list + i, k - i, until, stop, err);
			cJSON_Delete(p.settings);
			account_clear(&p.account);
		}
	}
	copies_free(list, n);
	return r;
}
