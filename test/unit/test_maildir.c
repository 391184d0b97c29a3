#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/json.h"
#include "channel/channel.h"

static char dir[64];
static const struct channel *ch;

static int
count(const char *sub)
{
	char path[128];
	struct dirent *e;
	int n = 0;
	DIR *d;

	snprintf(path, sizeof(path), "%s/box/%s", dir, sub);
	d = opendir(path);
	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

static cJSON *
settings(void)
{
	cJSON *s = cJSON_CreateObject();
	char path[128];

	snprintf(path, sizeof(path), "%s/box", dir);
	json_set_str(s, "out", path);
	return s;
}

static int
set_up(void **state)
{
	struct lp_err err;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/test_maildir.XXXXXX");
	assert_non_null(mkdtemp(dir));
	ch = channel_get("maildir", &err);
	return ch == NULL;
}

static int
tear_down(void **state)
{
	char cmd[128];
	pid_t pid;

	(void)state;
	snprintf(cmd, sizeof(cmd), "%s", dir);
	if ((pid = fork()) == 0) {
		execlp("rm", "rm", "-rf", cmd, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
	return 0;
}

static const struct channel_mail mail = { .name = "1795338000.abc.leadpilot", .from = "a@b.example", .to = "c@d.example", .data = "Subject: x\n\nhello\n",
	.len = 18 };

static void
test_twice(void **state)
{
	cJSON *s = settings();
	struct lp_err err = { 0 };
	struct channel_result r = { 0 };
	struct stat st;
	char path[256], moved[256];
	void *box = ch->open_out(s, &err);

	(void)state;
	assert_non_null(box);
	assert_int_equal(ch->find(box, &mail, &r, &err), 0);
	ch->deliver(box, &mail, &r);
	assert_int_equal(r.state, CHANNEL_ACCEPTED);
	ch->deliver(box, &mail, &r); /* a crash came between the link and the record */
	assert_int_equal(r.state, CHANNEL_ACCEPTED);
	assert_int_equal(count("new"), 1);
	assert_int_equal(count("tmp"), 0);
	snprintf(path, sizeof(path), "%s/box/new/%s", dir, mail.name);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, 18);
	/* read by somebody's mail program: found all the same */
	snprintf(moved, sizeof(moved), "%s/box/cur/%s:2,RS", dir, mail.name);
	assert_int_equal(rename(path, moved), 0);
	assert_int_equal(ch->find(box, &mail, &r, &err), 1);
	assert_int_equal(ch->find(box, &(struct channel_mail){ .name = "1795338000.ab" }, &r, &err), 0);
	ch->close(box);
	cJSON_Delete(s);
}

static void
test_full(void **state)
{
	cJSON *s = settings();
	struct lp_err err = { 0 };
	struct channel_result r = { 0 };
	struct rlimit old, small = { 5, 5 };
	void *box = ch->open_out(s, &err);

	(void)state;
	assert_non_null(box);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	small.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_FSIZE, &small);
	ch->deliver(box, &mail, &r);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(r.state, CHANNEL_DEFERRED);
	assert_int_equal(count("new"), 0);
	assert_int_equal(count("tmp"), 0);
	ch->close(box);
	cJSON_Delete(s);
}

static void
test_names(void **state)
{
	cJSON *s = settings();
	struct lp_err err = { 0 };
	struct channel_result r = { 0 };
	struct channel_mail bad = mail;
	void *box = ch->open_out(s, &err);
	char name[CHANNEL_NAME_SIZE], again[CHANNEL_NAME_SIZE];

	(void)state;
	bad.name = "../../evil";
	ch->deliver(box, &bad, &r);
	assert_int_equal(r.state, CHANNEL_REFUSED);
	bad.name = channel_name("weird/../id@x", 1795338000000, name);
	ch->deliver(box, &bad, &r);
	assert_int_equal(r.state, CHANNEL_ACCEPTED);
	assert_string_equal(name, channel_name("weird/../id@x", 1795338000999, again));
	assert_string_not_equal(name, channel_name("other@x", 1795338000000, again));
	ch->close(box);
	cJSON_Delete(s);
}

static int
one(void *arg, const char *name, const char *path, struct lp_err *err)
{
	FILE *f = fopen(path, "r");

	(void)err;
	assert_non_null(f);
	fclose(f);
	strncat(arg, name, 20);
	strncat(arg, " ", 2);
	return 0;
}

static void
test_read(void **state)
{
	cJSON *s = cJSON_CreateObject();
	struct lp_err err = { 0 };
	char path[256], to[256], seen[256] = "";
	void *box;

	(void)state;
	snprintf(path, sizeof(path), "%s/box", dir);
	json_set_str(s, "in", path);
	box = ch->open_in(s, false, &err);
	assert_non_null(box);
	for (int i = 3; i > 0; i--) {
		snprintf(path, sizeof(path), "%s/box/new/%d.x", dir, i);
		fclose(fopen(path, "w"));
	}
	snprintf(to, sizeof(to), "%s/box/new/0.link", dir);
	assert_int_equal(symlink("/etc/passwd", to), 0);
	assert_int_equal(ch->each(box, 2, one, seen, &err), 2);
	assert_string_equal(seen, "1.x 2.x ");
	assert_int_equal(ch->done(box, "1.x", &err), 0);
	assert_int_equal(ch->done(box, "1.x", &err), 0); /* gone already */
	assert_int_equal(count("cur"), 1);
	snprintf(path, sizeof(path), "%s/box/cur/1.x:2,", dir);
	assert_int_equal(access(path, F_OK), 0);
	ch->close(box);
	cJSON_Delete(s);
}

static void
test_settings(void **state)
{
	static const struct {
		const char *json, *why;
	} cases[] = { { "{}", "needs out=DIR" }, { "{\"out\":\"box\"}", "absolute" }, { "{\"out\":7}", "absolute" },
		{ "{\"out\":\"/a\",\"in\":\"/a\"}", "same" } };
	struct lp_err err = { 0 };
	cJSON *s;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s = json_parse(cases[i].json, strlen(cases[i].json), &err);
		assert_int_equal(ch->validate(s, &err), -1);
		assert_int_equal(err.kind, LP_CONFIG);
		assert_non_null(strstr(err.msg, cases[i].why));
		cJSON_Delete(s);
	}
	assert_null(channel_get("imap", &err));
	assert_non_null(strstr(err.msg, "imap: no such channel in this version"));
	assert_null(channel_get("maildri", &err));
	assert_non_null(strstr(err.msg, "did you mean 'maildir'"));
}

static void
test_not_a_directory(void **state)
{
	cJSON *s = settings();
	struct lp_err err = { 0 };
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/box", dir);
	fclose(fopen(path, "w"));
	assert_null(ch->open_out(s, &err));
	assert_int_equal(err.kind, LP_CONFIG);
	cJSON_Delete(s);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = { T(test_twice), T(test_full), T(test_names), T(test_read), T(test_settings), T(test_not_a_directory) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
