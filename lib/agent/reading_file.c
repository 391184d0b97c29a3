#include "agent/reading.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "mail/mbox.h"
#include "store/config.h"

#define BURST 50 /* mails a commit */

struct waiting {
	struct mail_in mail;
	int64_t account;
	size_t size;
};

struct taker {
	struct lp_db *db;
	const struct reading_how *how;
	struct reading *sum;
	struct waiting list[BURST];
	size_t n;
};

static int
record(struct taker *t, struct lp_err *err)
{
	struct inbox_result res;

	for (size_t i = 0; i < t->n; i++) {
		const struct waiting *w = &t->list[i];
		struct inbox_new in = { .account = w->account, .mail = &w->mail, .size = w->size };
		int fresh = receive_mail(t->db, &in, &res, err);

		if (fresh == -1)
			return -1;
		reading_count(t->sum, fresh, &res);
	}
	return 0;
}

static int
flush(struct taker *t, struct lp_err *err)
{
	int r;

	if (t->n == 0)
		return 0;
	if (db_begin(t->db, err) == -1)
		return -1;
	r = record(t, err);
	if (db_end(t->db, r == 0 && !t->how->dry, r == 0 ? err : NULL) == -1)
		r = -1;
	for (size_t i = 0; i < t->n; i++)
		mail_in_clear(&t->list[i].mail);
	t->n = 0;
	return r;
}

static void
refuse(struct taker *t, size_t number, const struct lp_err *why)
{
	t->sum->refused++;
	if (t->how->refused != NULL)
		t->how->refused(t->how->arg, number, why);
}

/* By whose inbox it came: as told, else by whom it is to. 1, 0 refused, -1. */
static int
whose(struct taker *t, const struct mail_in *m, size_t number, int64_t *account, struct lp_err *err)
{
	struct lp_err why;
	int r;

	if ((*account = t->how->account) != 0)
		return 1;
	if ((r = match_account(t->db, m, account, err)) != 0)
		return r;
	lp_fail(&why, LP_DATA, "it is to none of our accounts (%s): name the one that received it (--account)",
	    m->delivered_to != NULL ? m->delivered_to : m->nto > 0 ? m->to[0].address : "it names nobody");
	refuse(t, number, &why);
	return 0;
}

static int
take(void *arg, struct mail_in *m, size_t number, size_t size, struct lp_err *err)
{
	struct taker *t = arg;
	int64_t account;
	int r;

	if (m == NULL) {
		refuse(t, number, err);
		return 0;
	}
	if ((r = whose(t, m, number, &account, err)) != 1)
		return r == -1 ? 1 : 0;
	t->list[t->n++] = (struct waiting){ .mail = *m, .account = account, .size = size };
	*m = (struct mail_in){ 0 }; /* the list owns it now */
	return t->n == BURST && flush(t, err) == -1 ? 1 : 0;
}

int
reading_file(struct lp_db *db, int fd, const struct reading_how *how, struct reading *sum, struct lp_err *err)
{
	struct taker *t = xcalloc(1, sizeof(*t));
	struct lp_err input;
	struct lp_config c;
	int r = config_load(db, &c, err) == -1 ? 1 : 0, read = 0;

	if (r == 0) {
		*t = (struct taker){ .db = db, .how = how, .sum = sum };
		read = mbox_each(fd, (size_t)c.inbox_max_bytes, take, t, &input);
		if (read == 1) {
			*err = input;
			r = 1;
		}
		config_clear(&c);
	}
	/* what could be read counts, also where the rest can't be */
	if (r == 0 && flush(t, err) == -1)
		r = 1;
	for (size_t i = 0; i < t->n; i++)
		mail_in_clear(&t->list[i].mail);
	free(t);
	if (r == 1)
		return -1;
	if (read == -1)
		*err = input;
	return read == -1 ? 1 : 0;
}
