/* Mail through a command: what it is given, and what its end means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "channel/sendmail.h"

static char dir[] = "/tmp/lp-sendmail.XXXXXX";

static int
set_up(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL || chdir(dir) == -1 ? -1 : 0;
}

static int
tear_down(void **state)
{
	static const char *const files[] = { "cmd", "args", "mail" };

	(void)state;
	for (size_t i = 0; i < 3; i++)
		unlink(files[i]);
	return rmdir(dir);
}

static void
script(const char *body)
{
	FILE *f = fopen("cmd", "w");

	assert_non_null(f);
	fprintf(f, "#!/bin/sh\n%s\n", body);
	fclose(f);
	assert_int_equal(chmod("cmd", 0700), 0);
}

static struct channel_result
run(const char *args, const char *to)
{
	static const char data[] = "Subject: x\n\n.\nhello\n";
	char *command = xasprintf("%s/cmd %s", dir, args);
	cJSON *settings = cJSON_CreateObject();
	struct channel_result r = { 0 };
	struct lp_err err;
	void *x;

	json_set_str(settings, "command", command);
	assert_int_equal(channel_sendmail.validate(settings, &err), 0);
	x = channel_sendmail.open_out(settings, &err);
	assert_non_null(x);
	channel_sendmail.deliver(x, &(struct channel_mail){ .name = "n", .from = "kim@ours.example", .to = to, .data = data, .len = strlen(data) }, &r);
	channel_sendmail.close(x);
	cJSON_Delete(settings);
	free(command);
	return r;
}

static char *
slurp(const char *name)
{
	static char text[4096];
	FILE *f = fopen(name, "r");
	size_t n = f != NULL ? fread(text, 1, sizeof(text) - 1, f) : 0;

	assert_non_null(f);
	fclose(f);
	text[n] = '\0';
	return text;
}

static void
given(void **state)
{
	struct channel_result r;

	(void)state;
	script("printf '%s\\n' \"$@\" >args; cat >mail");
	r = run("-i -f FROM -- TO", "bob$(touch)@lead.example");
	assert_int_equal(r.state, CHANNEL_ACCEPTED);
	assert_string_equal(slurp("args"), "-i\n-f\nkim@ours.example\n--\nbob$(touch)@lead.example\n");
	assert_string_equal(slurp("mail"), "Subject: x\n\n.\nhello\n");
	/* neither an option nor two words */
	unlink("args");
	assert_int_equal(run("-- TO", "-oQ/tmp@lead.example").state, CHANNEL_REFUSED);
	assert_int_equal(run("-- TO", "a@b.example c@d.example").state, CHANNEL_REFUSED);
	assert_int_equal(access("args", F_OK), -1);
}

static void
ends(void **state)
{
	static const struct {
		const char *body;
		enum channel_state state;
		enum channel_blame blame;
		const char *status;
	} cases[] = {
		{ "exit 0", CHANNEL_ACCEPTED, BLAME_NOBODY, "" },
		{ "exec <&-; exit 0", CHANNEL_ACCEPTED, BLAME_NOBODY, "" },
		{ "exit 75", CHANNEL_DEFERRED, BLAME_NOBODY, "" },
		{ "exit 67", CHANNEL_REFUSED, BLAME_ADDRESS, "" },
		{ "exit 68", CHANNEL_REFUSED, BLAME_ADDRESS, "" },
		{ "exit 65", CHANNEL_REFUSED, BLAME_NOBODY, "" },
		{ "echo 'server message: 550 5.1.1 user unknown' >&2; exit 69", CHANNEL_REFUSED, BLAME_ADDRESS, "5.1.1" },
		{ "echo 'server message: 451 4.3.0 try again' >&2; exit 69", CHANNEL_DEFERRED, BLAME_NOBODY, "4.3.0" },
		{ "echo 'server message: 554 5.7.26 unauthenticated' >&2; exit 69", CHANNEL_REFUSED, BLAME_US, "5.7.26" },
		{ "echo 'server message: 451 try again' >&2; exit 69", CHANNEL_DEFERRED, BLAME_NOBODY, "" },
		{ "echo 'server message: 550 no such user' >&2; exit 69", CHANNEL_REFUSED, BLAME_ADDRESS, "" },
		{ "exit 78", CHANNEL_DEFERRED, BLAME_US, "" },
		{ "exit 77", CHANNEL_DEFERRED, BLAME_US, "" },
		{ "exit 74", CHANNEL_UNKNOWN, BLAME_NOBODY, "" },
		{ "exit 1", CHANNEL_UNKNOWN, BLAME_NOBODY, "" },
		{ "kill -9 $$", CHANNEL_UNKNOWN, BLAME_NOBODY, "" },
		{ "yes", CHANNEL_UNKNOWN, BLAME_NOBODY, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct channel_result r;

		script(cases[i].body);
		r = run("TO", "bob@lead.example");
		if (r.state != cases[i].state || r.blame != cases[i].blame || strcmp(r.status, cases[i].status) != 0)
			fail_msg("%s: state %d blame %d status '%s': %s", cases[i].body, (int)r.state, (int)r.blame, r.status, r.text);
		assert_null(strchr(r.text, '\n'));
	}
}

static void
not_there(void **state)
{
	cJSON *settings = cJSON_CreateObject();
	struct lp_err err;

	(void)state;
	json_set_str(settings, "command", "/no/such/program TO");
	assert_null(channel_sendmail.open_out(settings, &err));
	assert_int_equal(err.kind, LP_CONFIG);
	assert_true(channel_sendmail.reaches(settings));
	cJSON_Delete(settings);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(given),
		cmocka_unit_test(ends),
		cmocka_unit_test(not_there),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
