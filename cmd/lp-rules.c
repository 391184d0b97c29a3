/* lp-rules - the rules: what may leave, what waits, what stops. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/cond.h"
#include "agent/rulelang.h"
#include "base/cli.h"
#include "base/json.h"
#include "base/prog.h"

static const char usage[] = "lp-rules test --condition JSON|@FILE|--when TEXT [--lists JSON|@FILE] [file ...]";
static const char help[] =
    "  test   judge one condition over situations, JSON Lines on standard input\n"
    "lp-rules(1), lp-rules(5)\n";

struct args {
	struct lp_opts o;
	const char *condition, *when, *lists;
};

/* JSON on the command line, or @FILE. */
static cJSON *
json_arg(const char *arg, const char *option)
{
	struct buf b = { 0 };
	struct lp_err err;
	char block[8192];
	ssize_t n;
	cJSON *v;
	int fd;

	if (*arg != '@') {
		buf_puts(&b, arg);
	} else {
		if ((fd = strcmp(arg, "@-") == 0 ? STDIN_FILENO : open(arg + 1, O_RDONLY | O_CLOEXEC)) == -1)
			lp_dief(LP_NOINPUT, "%s: can't open '%s'", option, arg + 1);
		while ((n = read(fd, block, sizeof(block))) > 0 && b.len <= JSONL_MAX_LINE)
			buf_add(&b, block, (size_t)n);
		if (n == -1)
			lp_dief(LP_IO, "%s: can't read '%s'", option, arg + 1);
		close(fd);
	}
	if ((v = json_object(buf_str(&b), b.len, &err)) == NULL)
		lp_dief(LP_DATA, "%s: %s", option, err.msg);
	buf_free(&b);
	return v;
}

static int
test_file(const struct cond *c, struct facts *f, int fd, const char *name, int64_t now)
{
	struct lines in;
	struct lp_err err;
	cJSON *situation, *answer;
	const char *s;
	size_t n;
	int r, status = LP_OK;

	lines_init(&in, fd, name);
	while ((r = lines_next(&in, &s, &n, &err)) != 0) {
		if (r == -1 && err.kind != LP_DATA)
			lp_die(&err);
		if (r == -1 || (situation = json_object(s, n, &err)) == NULL) {
			lp_warn("%s:%zu: %s", in.name, in.number, err.msg);
			status = LP_DATA;
			continue;
		}
		facts_load(f, situation, now);
		answer = cond_explain(c, f);
		jsonl_put(answer);
		cJSON_Delete(answer);
		cJSON_Delete(situation);
		if (!lines_waiting(&in) && lp_flush_out(&err) == -1)
			lp_die(&err);
	}
	lines_free(&in);
	return status;
}

/* A condition by itself: any field, no database. */
static int
do_test(const struct args *a, char *files[])
{
	struct lp_err err;
	struct condset *set;
	struct cond *c;
	struct facts *f;
	cJSON *json, *lists = a->lists != NULL ? json_arg(a->lists, "--lists") : NULL;
	int status = LP_OK, r, fd;

	if ((a->condition == NULL) == (a->when == NULL))
		lp_usage(usage);
	if (a->condition != NULL)
		json = json_arg(a->condition, "--condition");
	else if ((json = when_parse(a->when, &err)) == NULL)
		lp_dief(LP_DATA, "--when: %s", err.msg);
	set = condset_new(lists);
	if ((c = cond_compile(set, json, COND_OPEN, &err)) == NULL)
		lp_dief(LP_DATA, "%s: %s", a->condition != NULL ? "--condition" : "--when", err.msg);
	f = facts_new(set);
	if (*files == NULL) {
		lp_no_terminal(usage);
		status = test_file(c, f, STDIN_FILENO, "-", a->o.now);
	}
	for (; *files != NULL; files++) {
		fd = strcmp(*files, "-") == 0 ? STDIN_FILENO : open(*files, O_RDONLY | O_CLOEXEC);
		if (fd == -1)
			lp_dief(LP_NOINPUT, "can't open '%s'", *files);
		if ((r = test_file(c, f, fd, *files, a->o.now)) != LP_OK)
			status = r;
		close(fd);
	}
	facts_free(f);
	condset_free(set);
	cJSON_Delete(json);
	cJSON_Delete(lists);
	return status;
}

int
main(int argc, char *argv[])
{
	static const char *const verbs[] = { "test", NULL };
	struct args a = { 0 };
	const struct lp_opt own[] = { { .name = "condition", .str = &a.condition }, { .name = "when", .str = &a.when },
		{ .name = "lists", .str = &a.lists }, { 0 } };
	int i;

	lp_init(argv[0]);
	i = lp_options(&a.o, argc, argv, "nodb", own, usage, help);
	lp_verb(i < argc ? argv[i] : NULL, verbs, usage);
	return do_test(&a, argv + i + 1);
}
