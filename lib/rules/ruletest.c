#include "rules/ruletest.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/prog.h"
#include "rules/rulelang.h"

static int
answer(const struct ruletest *t, const char *s, size_t n, struct lp_err *err)
{
	cJSON *situation = json_object(s, n, err), *a;

	if (situation == NULL)
		return -1;
	if (t->c != NULL)
		facts_load(t->f, situation, t->now);
	a = t->c != NULL ? cond_explain(t->c, t->f) : ruleset_try(t->set, situation, t->now);
	jsonl_put(a);
	cJSON_Delete(a);
	cJSON_Delete(situation);
	return 0;
}

static int
ruletest_stream(const struct ruletest *t, int fd, const char *name, int *status, struct lp_err *err)
{
	struct lines in;
	const char *s;
	size_t n;
	int r;

	lines_init(&in, fd, name);
	while ((r = lines_next(&in, &s, &n, err)) != 0) {
		if (r == -1 && err->kind != LP_DATA)
			break;
		if (r == -1 || answer(t, s, n, err) == -1) {
			lp_warn("%s:%zu: %s", in.name, in.number, err->msg);
			*status = LP_DATA;
		} else if (!lines_waiting(&in) && (r = lp_flush_out(err)) == -1)
			break;
	}
	lines_free(&in);
	return r == -1 ? -1 : 0;
}

int
ruletest_file(const struct ruletest *t, const char *path, int *status, struct lp_err *err)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), r;

	if (fd == -1)
		return lp_fail(err, LP_NOINPUT, "can't open '%s'", path);
	r = ruletest_stream(t, fd, path, status, err);
	if (fd != STDIN_FILENO)
		close(fd);
	return r;
}

static int
read_all(const char *path, struct buf *b, struct lp_err *err)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	char block[8192];
	ssize_t n;

	if (fd == -1)
		return lp_fail_errno(err, errno, "can't open '%s'", path);
	while ((n = read(fd, block, sizeof(block))) > 0 && b->len <= JSONL_MAX_LINE)
		buf_add(b, block, (size_t)n);
	if (n == -1)
		lp_fail_errno(err, errno, "can't read '%s'", path);
	if (fd != STDIN_FILENO)
		close(fd);
	return n == -1 ? -1 : 0;
}

/* An object given as JSON, or in a file as @FILE (@- is standard input). The caller frees; NULL with err set. */
static cJSON *
ruletest_json(const char *arg, struct lp_err *err)
{
	struct buf b = { 0 };
	cJSON *v = NULL;

	if (*arg != '@')
		buf_puts(&b, arg);
	if (*arg != '@' || read_all(arg + 1, &b, err) == 0)
		v = json_object(buf_str(&b), b.len, err);
	buf_free(&b);
	return v;
}

static cJSON *
option(const char *arg, const char *name, struct lp_err *err)
{
	cJSON *v = ruletest_json(arg, err);

	if (v == NULL)
		lp_err_prefix(err, "%s", name);
	return v;
}

int
ruletest_condition(struct ruletest *t, const char *condition, const char *when, const char *lists, struct lp_err *err)
{
	const char *name = condition != NULL ? "--condition" : "--when";
	cJSON *json = NULL, *named = lists != NULL ? option(lists, "--lists", err) : NULL;

	if (lists != NULL && named == NULL)
		return -1;
	t->conds = condset_new(named);
	if (condition != NULL)
		json = option(condition, name, err);
	else if ((json = when_parse(when, err)) == NULL)
		lp_err_prefix(err, "%s", name);
	if (json != NULL && (t->c = cond_compile(t->conds, json, COND_OPEN, err)) == NULL)
		lp_err_prefix(err, "%s", name);
	if (t->c != NULL)
		t->f = facts_new(t->conds);
	cJSON_Delete(json);
	cJSON_Delete(named);
	if (t->c != NULL)
		return 0;
	ruletest_clear(t);
	return -1;
}

void
ruletest_clear(struct ruletest *t)
{
	facts_free(t->f);
	condset_free(t->conds);
	ruleset_free(t->set);
	*t = (struct ruletest){ .now = t->now };
}
