/* Tokens of OAuth 2.0: refreshed once, kept before they are used, and nobody else's. The provider is a stub of ours on loopback. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "net/oauth_int.h"
#include "net/oauth_login.h"

static char dir[] = "/tmp/lp-oauth-XXXXXX";
static pid_t server;
static char *token_url, *file;
static struct oauth o;

static char *
path(const char *name)
{
	static char p[2][200];
	static int i;

	i = !i;
	snprintf(p[i], sizeof(p[i]), "%s/%s", dir, name);
	return p[i];
}

static void
spew(const char *name, const char *text)
{
	FILE *f = fopen(path(name), "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static char *
slurp(const char *p)
{
	static char text[8192];
	FILE *f = fopen(p, "r");
	size_t n = f != NULL ? fread(text, 1, sizeof(text) - 1, f) : 0;

	if (f != NULL)
		fclose(f);
	text[n] = '\0';
	return text;
}

static int
calls(void)
{
	int n = 0;

	for (const char *s = slurp(path("log")); (s = strchr(s, '\n')) != NULL; s++)
		n++;
	return n;
}

/* A login of `age` seconds ago whose access token lives for `life`. */
static void
logged_in(int age, int life)
{
	struct oauth_tokens t = { .refresh = xstrdup("refresh-0"), .access = xstrdup("access-0") };
	struct oauth_file f;
	struct lp_err err;

	spew("refresh", "refresh-0\n");
	spew("mode", "");
	spew("log", "");
	spew("n", "0");
	t.issued_at = lp_now_real() - age * LP_SECOND;
	t.expires_at = t.issued_at + life * LP_SECOND;
	assert_int_equal(oauth_file_lock(&f, &o, &err), 0);
	assert_int_equal(oauth_file_write(&f, &t, &err), 0);
	oauth_file_unlock(&f);
	oauth_tokens_clear(&t);
}

static void
got(bool fresh, const char *want)
{
	struct lp_err err = { 0 };
	char *token = NULL;

	if (oauth_access(&o, fresh, &token, &err) == -1)
		fail_msg("%s", err.msg);
	assert_string_equal(token, want);
	wipe(token);
}

static void
fails(enum lp_kind kind, const char *words)
{
	struct lp_err err = { 0 };
	char *token = NULL;

	assert_int_equal(oauth_access(&o, false, &token, &err), -1);
	assert_null(token);
	assert_int_equal(err.kind, kind);
	if (strstr(err.msg, words) == NULL)
		fail_msg("'%s' doesn't say '%s'", err.msg, words);
	assert_null(strstr(err.msg, "refresh-"));
	assert_null(strstr(err.msg, "s3cret"));
}

static void
refreshed_a_little_early(void **state)
{
	(void)state;
	logged_in(10, 3600);
	got(false, "access-0");
	assert_int_equal(calls(), 0);
	logged_in(3600 - 310, 3600); /* more than five minutes left */
	got(false, "access-0");
	assert_int_equal(calls(), 0);
	logged_in(3600 - 290, 3600);
	got(false, "access-1");
	got(false, "access-1");
	assert_int_equal(calls(), 1);
	logged_in(95, 100); /* of a short life the last tenth */
	got(false, "access-1");
}

static void
a_new_refresh_token_is_kept(void **state)
{
	struct stat st;

	(void)state;
	logged_in(4000, 3600);
	got(false, "access-1");
	assert_non_null(strstr(slurp(file), "\"refresh-1/+=\""));
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	got(true, "access-1"); /* another process has just got it */
	logged_in(20, 3600);
	spew("n", "1");
	got(true, "access-2");
	spew("mode", "keep"); /* as Google: the old one goes on */
	logged_in(4000, 3600);
	spew("mode", "keep");
	got(false, "access-1");
	assert_non_null(strstr(slurp(file), "\"refresh-0\""));
}

/* Room first: where the answer couldn't be kept, nothing is asked that would use the old token up. */
static void
no_room_no_call(void **state)
{
	struct lp_err err;
	char *token;

	(void)state;
	logged_in(4000, 3600);
	assert_int_equal(mkdir(path("tokens/t.json.new"), 0700), 0);
	assert_int_equal(oauth_access(&o, false, &token, &err), -1);
	assert_int_equal(calls(), 0);
	assert_int_equal(rmdir(path("tokens/t.json.new")), 0);
	got(false, "access-1");
}

static void
once_for_ten(void **state)
{
	pid_t pid[10];
	int status;

	(void)state;
	logged_in(4000, 3600);
	spew("mode", "slow");
	for (int i = 0; i < 10; i++)
		if ((pid[i] = fork()) == 0) {
			struct lp_err err;
			char *token;

			_exit(oauth_access(&o, i % 2 == 0, &token, &err) == 0 && strcmp(token, "access-1") == 0 ? 0 : 1);
		}
	for (int i = 0; i < 10; i++) {
		waitpid(pid[i], &status, 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(calls(), 1);
}

static void
consent_withdrawn(void **state)
{
	(void)state;
	logged_in(4000, 3600);
	spew("mode", "invalid_grant");
	fails(LP_CONFIG, "log in again: lp-accounts login ada@acme.example");
	assert_int_equal(calls(), 1);
	spew("mode", "");
	fails(LP_CONFIG, "log in again"); /* on record: not asked again */
	assert_int_equal(calls(), 1);
	assert_int_equal(oauth_look(&o, NULL), OAUTH_REFUSED);
	logged_in(4000, 3600);
	assert_int_equal(oauth_look(&o, NULL), OAUTH_READY);
	got(false, "access-1");
}

static void
what_may_pass(void **state)
{
	static const struct {
		const char *mode;
		enum lp_kind kind;
		const char *words;
	} cases[] = {
		{ "503", LP_TEMP, "503" }, { "429", LP_TEMP, "429" }, { "cut", LP_TEMP, "oauth" }, { "garbage", LP_TEMP, "none of OAuth's" },
		{ "break", LP_TEMP, "without a token" }, { "html", LP_CONFIG, "none of OAuth's" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		logged_in(4000, 3600);
		spew("mode", cases[i].mode);
		fails(cases[i].kind, cases[i].words);
		spew("mode", "");
		got(false, "access-1"); /* nothing was lost */
	}
}

static void
the_clients_secret(void **state)
{
	(void)state;
	logged_in(4000, 3600);
	spew("secret", "s3cret&=%\n");
	fails(LP_CONFIG, "invalid_client");
	o.secret_env = "LP_TEST_SECRET";
	unsetenv("LP_TEST_SECRET");
	fails(LP_CONFIG, "LP_TEST_SECRET");
	setenv("LP_TEST_SECRET", "s3cret&=%", 1);
	got(false, "access-1");
	o.secret_env = NULL;
	unlink(path("secret"));
}

static void
whose_file_it_is(void **state)
{
	(void)state;
	logged_in(10, 3600);
	chmod(file, 0640);
	fails(LP_CONFIG, "others can read");
	assert_int_equal(oauth_look(&o, NULL), OAUTH_BROKEN);
	chmod(file, 0600);
	got(false, "access-0");
	o.client_id = "client-2";
	fails(LP_CONFIG, "another provider or client");
	o.client_id = "client-1";
}

static void
a_file_of_others(void **state)
{
	struct lp_err err;
	struct oauth_file f;

	(void)state;
	chmod(path("tokens"), 0777);
	assert_int_equal(oauth_file_lock(&f, &o, &err), -1);
	assert_non_null(strstr(err.msg, "chmod 700"));
	chmod(path("tokens"), 0700);
	assert_int_equal(rename(file, path("elsewhere")), 0);
	assert_int_equal(symlink(path("elsewhere"), file), 0);
	fails(LP_CONFIG, "symbolic link");
	unlink(file);
	fails(LP_CONFIG, "nobody has logged in: lp-accounts login ada@acme.example");
	spew("tokens/t.json", "{\"provider\":\"custom\"");
	chmod(file, 0600);
	fails(LP_CONFIG, "no file of tokens");
	logged_in(10, 3600);
	assert_int_equal(oauth_forget(&o, NULL), 1);
	assert_int_equal(oauth_forget(&o, NULL), 0);
	assert_int_equal(oauth_look(&o, NULL), OAUTH_NONE);
}

static void
settings_are_judged(void **state)
{
	static const struct {
		const char *settings, *words;
	} cases[] = {
		{ "{}", "oauth: google" },
		{ "{\"oauth\":\"yahoo\"}", "oauth: google" },
		{ "{\"oauth\":\"google\"}", "oauth_client_id" },
		{ "{\"oauth\":\"google\",\"oauth_client_id\":\"x\"}", "oauth_file" },
		{ "{\"oauth\":\"google\",\"oauth_client_id\":\"x\",\"oauth_file\":\"t\"}", "oauth_file" },
		{ "{\"oauth\":\"custom\",\"oauth_client_id\":\"x\",\"oauth_file\":\"/t\"}", "oauth_token_url" },
		{ "{\"oauth\":\"custom\",\"oauth_client_id\":\"x\",\"oauth_file\":\"/t\",\"oauth_token_url\":\"http://evil.example/\"}", "plain http" },
		{ "{\"oauth\":\"microsoft\",\"oauth_client_id\":\"x\",\"oauth_file\":\"/t\",\"oauth_tenant\":\"a/../b\"}", "oauth_tenant" },
		{ "{\"oauth\":\"microsoft\",\"oauth_client_id\":\"x\",\"oauth_file\":\"/t\",\"oauth_tenant\":\"acme.example\"}", NULL },
	};
	struct oauth q;
	struct lp_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cJSON *s = json_object(cases[i].settings, strlen(cases[i].settings), &err);
		char *url;

		assert_non_null(s);
		if (cases[i].words == NULL) {
			assert_int_equal(oauth_from_settings(s, &q, &err), 0);
			assert_int_equal(oauth_url(&q, 't', &url, &err), 0);
			assert_string_equal(url, "https://login.microsoftonline.com/acme.example/oauth2/v2.0/token");
			free(url);
		} else {
			assert_int_equal(oauth_from_settings(s, &q, &err), -1);
			assert_int_equal(err.kind, LP_CONFIG);
			if (strstr(err.msg, cases[i].words) == NULL)
				fail_msg("'%s' doesn't say '%s'", err.msg, cases[i].words);
		}
		cJSON_Delete(s);
	}
}

/* Waits that take no time: what was waited, and what was shown. */
static int64_t waits[20];
static int nwaits, shown;

static void
show(void *arg, const char *url, const char *code)
{
	(void)arg;
	assert_string_equal(url, "https://login.example/device");
	assert_string_equal(code, "WDJB-MJHT");
	shown++;
}

static bool
waited(void *arg, int64_t ms)
{
	(void)arg;
	assert_true(nwaits < 20);
	waits[nwaits++] = ms;
	return true;
}

static void
by_a_code(void **state)
{
	const struct oauth_ui ui = { .show = show, .wait = waited };
	char *url = xasprintf("%.*sdevicecode", (int)(strlen(token_url) - 5), token_url);
	struct lp_err err;

	(void)state;
	o.device_url = url;
	o.scope = "mail";
	spew("mode", "");
	spew("device", "authorization_pending\nslow_down\nauthorization_pending\nok\n");
	assert_int_equal(oauth_device(&o, 600000, &ui, &err), 0);
	assert_int_equal(shown, 1);
	assert_int_equal(nwaits, 4);
	assert_int_equal(waits[0], 1000);
	assert_int_equal(waits[1], 1000);
	assert_int_equal(waits[2], 6000);
	assert_int_equal(waits[3], 6000);
	assert_int_equal(oauth_look(&o, &err), OAUTH_READY);
	/* no longer than is to be waited, or than the code lives (a minute) */
	for (int i = 0; i < 2; i++) {
		spew("device", "slow_down\nslow_down\nslow_down\nslow_down\nslow_down\nslow_down\nslow_down\n");
		nwaits = 0;
		assert_int_equal(oauth_device(&o, i == 0 ? 600000 : 7000, &ui, &err), -1);
		assert_int_equal(err.kind, LP_TEMP);
		assert_int_equal(nwaits, i == 0 ? 5 : 2);
	}
	spew("mode", "html");
	assert_int_equal(oauth_device(&o, 7000, &ui, &err), -1);
	assert_int_equal(err.kind, LP_CONFIG);
	o.provider = "google";
	o.device_url = NULL;
	assert_int_equal(oauth_device(&o, 7000, &ui, &err), -1);
	assert_non_null(strstr(err.msg, "use a browser"));
	o.provider = "custom";
	free(url);
}

static void
what_a_browser_brings(void **state)
{
	static const struct {
		const char *head;
		const char *state, *code, *error;
	} cases[] = {
		{ "GET /?state=a-b&code=4%2F0x HTTP/1.1\r\nHost: x\r\n\r\n", "a-b", "4/0x", "" },
		{ "GET /?code=x&scope=a+b&state=s&authuser=0 HTTP/1.0\r\n", "s", "x", "" },
		{ "GET /?error=access_denied&state=s HTTP/1.1\r\n", "s", "", "access_denied" },
		{ "GET / HTTP/1.1\r\n", NULL, NULL, NULL },
		{ "GET /favicon.ico?state=s&code=x HTTP/1.1\r\n", NULL, NULL, NULL },
		{ "POST /?state=s&code=x HTTP/1.1\r\n", NULL, NULL, NULL },
		{ "GET /?state=s&code=x HTTP/2\r\n", NULL, NULL, NULL },
		{ "GET /?state=s&code=x HTTP/1.1", NULL, NULL, NULL },
		{ "GET /?state=s&code=x&state=t HTTP/1.1\r\n", NULL, NULL, NULL },
		{ "GET /?state=s&code=x&error=y HTTP/1.1\r\n", NULL, NULL, NULL },
		{ "GET /?state=s&code=%0a HTTP/1.1\r\n", NULL, NULL, NULL },
		{ "GET /?state=s&code=%4 HTTP/1.1\r\n", NULL, NULL, NULL },
		{ "GET /?state=s&code=a%00b HTTP/1.1\r\n", NULL, NULL, NULL },
		{ "GET /?state=&code=x HTTP/1.1\r\n", NULL, NULL, NULL },
		{ "GET /?code=x HTTP/1.1\r\n", NULL, NULL, NULL },
		{ "GET /?state=s&code=x y HTTP/1.1\r\n", NULL, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct oauth_back b;
		bool ok = oauth_back_parse(cases[i].head, strlen(cases[i].head), &b);

		if (ok != (cases[i].state != NULL))
			fail_msg("%s", cases[i].head);
		if (ok) {
			assert_string_equal(b.state, cases[i].state);
			assert_string_equal(b.code, cases[i].code);
			assert_string_equal(b.error, cases[i].error);
		}
	}
}

static int
start(void **state)
{
	char port[16], stub[512];

	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(stub, sizeof(stub), "%s/test/tools/stub-oauth.pl", getenv("LP_TOP") != NULL ? getenv("LP_TOP") : ".");
	if ((server = fork()) == 0) {
		execlp("perl", "perl", stub, dir, path("port"), (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 1000 && access(path("port"), F_OK) == -1; i++)
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	snprintf(port, sizeof(port), "%ld", strtol(slurp(path("port")), NULL, 10));
	token_url = xasprintf("http://127.0.0.1:%s/token", port);
	file = xstrdup(path("tokens/t.json"));
	o = (struct oauth){ .provider = "custom", .client_id = "client-1", .token_url = token_url, .file = file, .user = "ada@acme.example" };
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	kill(server, SIGTERM);
	waitpid(server, NULL, 0);
	if (fork() == 0) {
		execlp("rm", "rm", "-rf", dir, (char *)NULL);
		_exit(127);
	}
	wait(NULL);
	free(token_url);
	free(file);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refreshed_a_little_early),
		cmocka_unit_test(a_new_refresh_token_is_kept),
		cmocka_unit_test(no_room_no_call),
		cmocka_unit_test(once_for_ten),
		cmocka_unit_test(consent_withdrawn),
		cmocka_unit_test(what_may_pass),
		cmocka_unit_test(the_clients_secret),
		cmocka_unit_test(whose_file_it_is),
		cmocka_unit_test(a_file_of_others),
		cmocka_unit_test(settings_are_judged),
		cmocka_unit_test(by_a_code),
		cmocka_unit_test(what_a_browser_brings),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
