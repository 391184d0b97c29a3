#include "agent/reading.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"
#include "channel/channel.h"
#include "store/config.h"

#define BURST 50 /* mails a commit */

struct waiting {
	char *name;
	size_t size;
	struct mail_in mail;
};

struct reader {
	struct lp_db *db;
	const struct account *account;
	const struct task *task;
	const struct channel *ch;
	void *box;
	struct waiting list[BURST];
	size_t n;
	struct reading *sum;
	size_t largest;         /* bytes: of a larger mail only the header is read */
	bool failed;            /* something couldn't be read: go on with the rest, but this is no good reading */
	struct lp_err why;      /* the first such */
	bool database, lost;    /* what ended it is the database's trouble; the lease's */
};

bool
reading_has_inbox(const struct account *a)
{
	return json_str(a->settings, "in") != NULL;
}

void
reading_count(struct reading *sum, int fresh, const struct inbox_result *res)
{
	sum->seen++;
	sum->fresh += fresh;
	sum->matched += fresh && res->lead != 0;
	sum->opt_outs += fresh && res->suppressed;
	sum->stopped += res->stopped;
}

static void
forget(struct reader *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->list[i].name);
		mail_in_clear(&r->list[i].mail);
	}
	r->n = 0;
}

static void
note_failure(struct reader *r, const struct lp_err *err)
{
	if (!r->failed)
		r->why = *err;
	r->failed = true;
}

/* Still ours, and alive. */
static int
check_lease(struct reader *r, struct lp_err *err)
{
	struct task now;
	int mine;

	if (r->task == NULL)
		return 0;
	mine = task_mine(r->db, r->task->seq, r->task->lease, &now, err);
	if (mine == 1)
		task_clear(&now);
	if (mine == 0) {
		r->lost = true;
		return lp_fail(err, LP_TEMP, "the task isn't running under this lease any more");
	}
	return mine == -1 ? -1 : run_beat(r->db, r->task->lease, err);
}

static int
record(struct reader *r, struct lp_err *err)
{
	struct inbox_result res;
	int fresh;

	if (check_lease(r, err) == -1)
		return -1;
	for (size_t i = 0; i < r->n; i++) {
		const struct waiting *w = &r->list[i];
		struct inbox_new in = { .account = r->account->seq, .task = r->task != NULL ? r->task->seq : 0, .mail = &w->mail, .file = w->name,
			.size = w->size };

		if ((fresh = receive_mail(r->db, &in, &res, err)) == -1)
			return -1;
		reading_count(r->sum, fresh, &res);
	}
	return 0;
}

/* Commit what was parsed, then mark it as read. */
static int
flush(struct reader *r, struct lp_err *err)
{
	struct lp_err mark;
	int ok;

	if (r->n == 0)
		return 0;
	if (db_begin(r->db, err) == -1) {
		r->database = true;
		return -1;
	}
	ok = record(r, err) == 0;
	if (db_end(r->db, ok, ok ? err : NULL) == -1 || !ok) {
		r->database = true;
		return -1;
	}
	for (size_t i = 0; i < r->n; i++)
		if (r->ch->done(r->box, r->list[i].name, &mark) == -1)
			note_failure(r, &mark);
	forget(r);
	return 0;
}

static int
take(void *arg, const char *name, const char *path, struct lp_err *err)
{
	struct reader *r = arg;
	struct waiting *w = &r->list[r->n];
	struct lp_err bad = { 0 };
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), got;

	if (fd == -1 && errno == ENOENT)
		return 0; /* somebody's mail program was faster */
	*w = (struct waiting){ 0 };
	if (fd == -1 || fstat(fd, &st) == -1) {
		lp_fail_errno(&bad, errno, "can't read '%s'", path);
		got = -1;
	} else {
		w->size = (size_t)st.st_size;
		got = mail_parse_fd(fd, r->largest, &w->mail, &bad);
	}
	if (fd != -1)
		close(fd);
	if (got == -1 && bad.kind != LP_DATA) {
		mail_in_clear(&w->mail);
		note_failure(r, &bad);
		return 0;
	}
	if (got == -1) { /* no mail at all: on record as such, with nothing known of it */
		mail_in_clear(&w->mail);
		w->mail.subject = xstrdup("");
		w->mail.text = xstrdup("");
		w->mail.message_id = xasprintf("%.*s@not-a-mail.invalid", (int)strcspn(name, ":"), name); /* flags come and go */
	}
	w->name = xstrdup(name);
	return ++r->n == BURST ? flush(r, err) : 0;
}

/* What came of it, on the account's row. */
static int
conclude(struct reader *r, int64_t started, struct lp_err *err)
{
	int ok;

	if (db_begin(r->db, err) == -1)
		return -1;
	ok = (r->failed ? account_inbox_failed(r->db, r->account->seq, r->why.msg, err)
	                : account_inbox_read(r->db, r->account->seq, started, err)) == 0;
	if (db_end(r->db, ok, ok ? err : NULL) == -1 || !ok)
		return -1;
	if (r->failed)
		*err = r->why;
	return r->failed;
}

int
reading_account(struct lp_db *db, const struct account *a, const struct task *t, struct reading *sum, struct lp_err *err)
{
	struct reader *r = xcalloc(1, sizeof(*r));
	int64_t started = db_now(db);
	struct lp_config c;
	struct lp_err bad;
	int result = -1;

	if (config_load(db, &c, err) == -1) {
		free(r);
		return -1;
	}
	r->largest = (size_t)c.inbox_max_bytes;
	config_clear(&c);
	r->db = db;
	r->account = a;
	r->task = t;
	r->sum = sum;
	r->ch = channel_get(a->kind, &bad);
	if (r->ch != NULL && channel_reaches(r->ch, a->settings) && db_simulated(db)) {
		lp_fail(&bad, LP_CONFIG, "this is a simulated file: nothing of it reaches past this machine");
		r->ch = NULL;
	}
	if (r->ch == NULL || (r->box = r->ch->open_in(a->settings, a->inbox_read_at != 0, &bad)) == NULL)
		note_failure(r, &bad);
	else if (r->ch->each(r->box, LONG_MAX, take, r, &bad) == -1 || flush(r, &bad) == -1) {
		if (r->database) {
			*err = bad;
			result = r->lost ? 2 : -1;
			goto out;
		}
		note_failure(r, &bad);
	} else if (!r->failed && r->ch->finish(r->box, &bad) == -1)
		note_failure(r, &bad);
	result = conclude(r, started, err);
out:
	forget(r);
	if (r->ch != NULL)
		r->ch->close(r->box);
	free(r);
	return result;
}
