/* The configuration as the stages read it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/mem.h"
#include "store/config.h"
#include "store/control.h"

static char path[] = "/tmp/test-config-XXXXXX/lp.db";
static struct lp_err err;
static struct lp_db *db;

static int
make(void **state)
{
	char *slash = strrchr(path, '/');

	(void)state;
	*slash = '\0';
	assert_non_null(mkdtemp(path));
	*slash = '/';
	assert_int_equal(config_create(path, true, "seed", 0, NULL, 0, &err), 0);
	db = db_open(path, DB_WRITE, 0, &err);
	return db == NULL;
}

static int
unmake(void **state)
{
	char *rm = xasprintf("%s-wal", path);

	(void)state;
	db_close(db);
	unlink(path);
	unlink(rm);
	memcpy(strrchr(rm, '-'), "-shm", 4);
	unlink(rm);
	free(rm);
	*strrchr(path, '/') = '\0';
	return rmdir(path);
}

static int
set(const char *key, const char *text)
{
	struct config_change c = { .key = config_find(key, &err) };
	int r;

	assert_non_null(c.key);
	if (config_value(c.key, text, &c.stored, &err) == -1)
		return -1;
	assert_int_equal(db_begin(db, &err), 0);
	r = config_apply(db, &c, 1, NULL, &err);
	assert_int_equal(db_end(db, r != -1, &err), 0);
	free(c.stored);
	return r;
}

static void
loads(void **state)
{
	struct lp_config c;

	(void)state;
	assert_int_equal(config_load(db, &c, &err), 0);
	assert_int_equal(c.max_messages_per_day, 100);
	assert_int_equal(c.hours.days, HOURS_WEEKDAYS);
	assert_int_equal(c.report_at, 17 * 60);
	assert_int_equal(c.approval_expires.days, 3);
	assert_int_equal(duration_ms(&c.inbox_max_age), LP_HOUR);
	assert_null(c.notify_email);
	config_clear(&c);
	assert_int_equal(set("holidays", "2026-12-25"), 1);
	assert_int_equal(set("schedule_enabled", "no"), 1);
	assert_int_equal(set("report_at", ""), 1);
	assert_int_equal(set("min_confidence", "0.6"), 0);
	assert_int_equal(config_load(db, &c, &err), 0);
	assert_true(c.hours.always);
	assert_int_equal(c.hours.noff, 1);
	assert_int_equal(c.report_at, -1);
	config_clear(&c);
}

/* One way of doing a thing is the thing. */
static void
approvals(void **state)
{
	struct lp_config c;

	(void)state;
	assert_int_equal(config_load(db, &c, &err), 0);
	assert_true(config_requires_approval(&c, "send_message"));
	assert_true(config_requires_approval(&c, "send_email"));
	assert_true(config_requires_approval(&c, "send_whatsapp"));
	assert_true(config_requires_approval(&c, "send_sms"));
	assert_true(config_requires_approval(&c, "send_response"));
	assert_true(config_requires_approval(&c, "book_meeting"));
	assert_false(config_requires_approval(&c, "find_leads"));
	config_clear(&c);
	assert_int_equal(set("require_approval_for", "send_sms"), 1);
	assert_int_equal(config_load(db, &c, &err), 0);
	assert_true(config_requires_approval(&c, "send_sms"));
	assert_false(config_requires_approval(&c, "send_email"));
	assert_false(config_requires_approval(&c, "send_message"));
	config_clear(&c);
}

/* A row that a hand edited into something that can't be is an error, not a guess. */
static void
damaged(void **state)
{
	struct lp_config c;

	(void)state;
	assert_true(db_exec(db, &err, "UPDATE agent_configs SET slot_grace = 'soon'", "") == 1);
	assert_int_equal(config_load(db, &c, &err), -1);
	assert_int_equal(err.kind, LP_CONFIG);
	assert_non_null(strstr(err.msg, "configuration: 'soon' is not a duration"));
	assert_true(db_exec(db, &err, "UPDATE agent_configs SET slot_grace = '30m', schedule_days = '[\"funday\"]'", "") == 1);
	assert_int_equal(config_load(db, &c, &err), -1);
	assert_true(db_exec(db, &err, "UPDATE agent_configs SET schedule_days = '[\"monday\"]'", "") == 1);
	assert_int_equal(config_load(db, &c, &err), 0);
	config_clear(&c);
}

static void
stopped(void **state)
{
	char *why = NULL;

	(void)state;
	assert_int_equal(control_stopped(db, &why, &err), 1);
	assert_string_equal(why, "not started yet");
	free(why);
	assert_int_equal(db_begin(db, &err), 0);
	assert_int_equal(control_set(db, 0, 0, true, NULL, &err), 1);
	assert_int_equal(control_set(db, 0, 0, true, NULL, &err), 0);
	assert_int_equal(control_stopped(db, NULL, &err), 0);
	assert_int_equal(control_stop_file_make(path, &err), 0);
	assert_int_equal(control_stopped(db, &why, &err), 1);
	assert_non_null(strstr(why, "STOP'"));
	free(why);
	why = control_stop_file(path);
	unlink(why);
	free(why);
	assert_int_equal(control_set(db, 0, 0, false, "enough", &err), 1);
	assert_int_equal(control_stopped(db, &why, &err), 1);
	assert_string_equal(why, "stopped: enough");
	free(why);
	assert_int_equal(db_end(db, true, &err), 0);
	why = control_stop_file("lp.db");
	assert_string_equal(why, "STOP");
	free(why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(loads), cmocka_unit_test(approvals), cmocka_unit_test(damaged), cmocka_unit_test(stopped) };

	return cmocka_run_group_tests(tests, make, unmake);
}
