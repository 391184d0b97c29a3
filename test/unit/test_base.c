/* lib/base: JSON and its lines, hashes and handles, the clock as text, strings that grow, words nearly right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hmac.h"
#include "base/id.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/prog.h"

static void
json_refuses(void **state)
{
	static const struct {
		const char *text;
		size_t len; /* 0: strlen */
	} bad[] = {
		{ "", 0 }, { "{", 0 }, { "{} {}", 0 }, { "{}x", 0 }, { "{'a':1}", 0 }, { "{\"a\":1,}", 0 }, { "[1,]", 0 }, { "nul", 0 },
		{ "\"a\\u0000b\"", 0 }, { "{\"a\\u0000\":1}", 0 }, { "\"\xff\"", 0 }, { "\"\xc0\x80\"", 0 }, { "\"\xed\xa0\x80\"", 0 },
		{ "\"a\0b\"", 5 }, { "{}\0", 3 }, { "\"\\ud800\"", 0 },
	};
	struct lp_err err;
	char deep[2 * JSON_MAX_DEPTH + 8];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err.kind = LP_OK;
		if (json_parse(bad[i].text, bad[i].len != 0 ? bad[i].len : strlen(bad[i].text), &err) != NULL)
			fail_msg("'%s' was taken", bad[i].text);
		assert_int_equal(err.kind, LP_DATA);
		assert_null(strchr(err.msg, '\n'));
	}
	memset(deep, '[', JSON_MAX_DEPTH + 1);
	memset(deep + JSON_MAX_DEPTH + 1, ']', JSON_MAX_DEPTH + 1);
	assert_null(json_parse(deep, 2 * JSON_MAX_DEPTH + 2, &err));
	assert_null(json_object("[1]", 3, &err));
	assert_int_equal(err.kind, LP_DATA);
}

static void
json_reads_and_writes(void **state)
{
	static const char text[] = "{\"b\":{\"y\":[1,{\"z\":\"deep\"}],\"x\":null},\"a\":true,\"id\":\"i\",\"Id\":\"I\",\"n\":2.5}";
	struct lp_err err;
	cJSON *v = json_parse(text, strlen(text), &err);
	char *s;

	(void)state;
	assert_non_null(v);
	assert_string_equal(json_str(v, "id"), "i");
	assert_null(json_str(v, "n"));
	assert_null(json_str(v, "missing"));
	assert_true(json_num(v, "n", 0) == 2.5);
	assert_true(json_num(v, "id", 7) == 7);
	assert_true(json_bool(v, "a", false));
	assert_true(json_bool(v, "n", true));
	assert_string_equal(json_path(v, "b.y.1.z")->valuestring, "deep");
	assert_null(json_path(v, "b.y.9"));
	assert_null(json_path(v, "b.q.z"));
	s = json_canon(v);
	assert_string_equal(s, "{\"Id\":\"I\",\"a\":true,\"b\":{\"x\":null,\"y\":[1,{\"z\":\"deep\"}]},\"id\":\"i\",\"n\":2.5}");
	free(s);
	json_set_str(v, "id", "\n\"");
	json_set_num(v, "n", 3);
	json_set_str(v, "none", NULL);
	json_rm(v, "b");
	json_rm(v, "b");
	s = json_print(v);
	assert_string_equal(s, "{\"a\":true,\"id\":\"\\n\\\"\",\"Id\":\"I\",\"n\":3,\"none\":null}");
	free(s);
	cJSON_Delete(v);
}

/* A file with this in it, its descriptor at the beginning. */
static int
file_of(const char *text, size_t n)
{
	char name[] = "/tmp/lp-test-base.XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	assert_int_equal(write(fd, text, n), (ssize_t)n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* What is hashed and stored is what cJSON prints, to the byte. */
static void
json_prints_as_cjson(void **state)
{
	static const char *const same[] = {
		"0", "-0", "-0.0", "7", "-7", "1e3", "999999999999999", "-999999999999999", "1000000000000000", "9007199254740993", "1e15", "1e300",
		"-1e-300", "0.1", "1.5", "123456.789", "1e999", "true", "false", "null", "\"\"", "[]", "{}", "[[],{}]",
		"\"a\\\"b\\\\c\\/d\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f \\u00e9 \\ud83d\\ude00\"", "{\"k\\n\":[1,2.25,\"x\",null,{\"a\":true}],\"\":0}",
	};
	struct lp_err err;
	char *ours, *theirs;

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		cJSON *v = json_parse(same[i], strlen(same[i]), &err);

		assert_non_null(v);
		ours = json_print(v);
		theirs = cJSON_PrintUnformatted(v);
		assert_string_equal(ours, theirs);
		free(ours);
		free(theirs);
		cJSON_Delete(v);
	}
	ours = json_print(NULL);
	assert_string_equal(ours, "null");
	free(ours);
}

/* Text is looked at eight bytes at a time: a fault is found wherever it stands. */
static void
json_faults_anywhere(void **state)
{
	static const struct {
		const char *fault;
		size_t len;
	} faults[] = { { "\x01", 1 }, { "\x1f", 1 }, { "\xff", 1 }, { "\xc3", 1 }, { "\0", 1 }, { "\\u0000", 6 }, { "\n", 1 } };
	static const char *const fine[] = { "\xc3\xa9", "\x7f", "\xe2\x82\xac", "\\n", "\\\"", " " };
	struct lp_err err;
	char text[64];
	size_t i, at, len, flen;
	cJSON *v;

	(void)state;
	for (len = 0; len < 40; len++)
		for (at = 0; at <= len; at++) {
			for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
				memset(text, 'a', sizeof(text));
				text[0] = '"';
				memcpy(text + 1 + at, faults[i].fault, faults[i].len);
				text[1 + len + faults[i].len] = '"';
				assert_null(json_parse(text, len + faults[i].len + 2, &err));
			}
			for (i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
				flen = strlen(fine[i]);
				memset(text, 'a', sizeof(text));
				text[0] = '"';
				memcpy(text + 1 + at, fine[i], flen);
				text[1 + len + flen] = '"';
				v = json_parse(text, len + flen + 2, &err);
				assert_non_null(v);
				cJSON_Delete(v);
			}
		}
}

static void
lines_one_by_one(void **state)
{
	static const char text[] = "first\r\n\n  \nse\0cond\nthird";
	int fd = file_of(text, sizeof(text) - 1);
	struct lines l;
	struct lp_err err;
	const char *s;
	size_t n;

	(void)state;
	lines_init(&l, fd, "-");
	assert_true(lines_waiting(&l));
	assert_int_equal(lines_next(&l, &s, &n, &err), 1);
	assert_int_equal(n, 5);
	assert_string_equal(s, "first");
	assert_int_equal(l.number, 1);
	assert_int_equal(lines_next(&l, &s, &n, &err), -1);
	assert_int_equal(err.kind, LP_DATA);
	assert_int_equal(l.number, 4);
	assert_int_equal(lines_next(&l, &s, &n, &err), 1);
	assert_string_equal(s, "third");
	assert_int_equal(l.number, 5);
	assert_int_equal(lines_next(&l, &s, &n, &err), 0);
	assert_int_equal(lines_next(&l, &s, &n, &err), 0);
	lines_free(&l);
	close(fd);
}

static void
lines_too_long(void **state)
{
	size_t big = JSONL_MAX_LINE + 100000, n;
	char *text = xmalloc(big + 64);
	struct lines l;
	struct lp_err err;
	const char *s;
	int fd;

	(void)state;
	memset(text, 'x', big);
	memcpy(text + big, "\nnext\n", 7);
	fd = file_of(text, big + 6);
	lines_init(&l, fd, "big");
	assert_int_equal(lines_next(&l, &s, &n, &err), -1);
	assert_int_equal(err.kind, LP_DATA);
	assert_int_equal(l.number, 1);
	assert_int_equal(lines_next(&l, &s, &n, &err), 1);
	assert_string_equal(s, "next");
	assert_int_equal(l.number, 2);
	assert_int_equal(lines_next(&l, &s, &n, &err), 0);
	lines_free(&l);
	close(fd);
	free(text);
}

static void
hashes(void **state)
{
	unsigned char h[LP_HASH_SIZE], g[LP_HASH_SIZE];
	char hex[LP_HEX_SIZE];
	struct sha s;

	(void)state;
	lp_sha256("abc", 3, h); /* FIPS 180-4's own example */
	assert_string_equal(lp_hex(h, hex), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha_init(&s);
	sha_field(&s, "hello");
	sha_field(&s, "");
	sha_field(&s, NULL);
	sha_field(&s, "0123456789");
	sha_end(&s, h);
	lp_sha256("5:hello,0:,-,10:0123456789,", 27, g);
	assert_memory_equal(h, g, sizeof(h));
}

/* RFC 4231, test cases 1, 2, 6 and 7: short keys, and keys longer than a block */
static void
hmacs(void **state)
{
	unsigned char key[131], h[LP_HASH_SIZE];
	char hex[LP_HEX_SIZE];
	static const char long_data[] = "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being"
	                                " used by the HMAC algorithm.";

	(void)state;
	memset(key, 0x0b, 20);
	lp_hmac(key, 20, "Hi There", 8, h);
	assert_string_equal(lp_hex(h, hex), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	lp_hmac("Jefe", 4, "what do ya want for nothing?", 28, h);
	assert_string_equal(lp_hex(h, hex), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	lp_hmac(key, sizeof(key), "Test Using Larger Than Block-Size Key - Hash Key First", 54, h);
	assert_string_equal(lp_hex(h, hex), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	lp_hmac(key, sizeof(key), long_data, strlen(long_data), h);
	assert_string_equal(lp_hex(h, hex), "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
	assert_true(lp_same("abc", "abc", 3));
	assert_false(lp_same("abc", "abd", 3));
	assert_false(lp_same("abc", "bbc", 3));
}

static void
ids(void **state)
{
	static const unsigned char ff[10] = { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 };
	char u[LP_UUID_SIZE];
	int64_t n = 77;

	(void)state;
	lp_uuid7(INT64_C(0x0123456789ab), ff, u);
	assert_string_equal(u, "01234567-89ab-7fff-bfff-ffffffffffff");
	assert_true(lp_uuid_ok(u));
	assert_false(lp_uuid_ok("01234567-89ab-7fff-bfff-fffffffffff"));
	assert_false(lp_uuid_ok("01234567-89ab-7fff-bfff-fffffffffffg"));
	assert_true(lp_handle("l12", 'l', &n));
	assert_int_equal(n, 12);
	assert_false(lp_handle("l12", 'c', &n));
	assert_false(lp_handle("l", 'l', &n));
	assert_false(lp_handle("l-1", 'l', &n));
	assert_false(lp_handle("l12x", 'l', &n));
	assert_false(lp_handle("l99999999999999999999", 'l', &n));
	assert_int_equal(n, 12);
	assert_int_equal(lp_handle_kind("t5"), 't');
	assert_int_equal(lp_handle_kind("tx"), 0);
	assert_string_equal(lp_kind_name('l'), "lead");
	assert_true(lp_seeded("s", "jitter", 1) == lp_seeded("s", "jitter", 1));
	assert_true(lp_seeded("s", "jitter", 1) != lp_seeded("s", "jitter", 2));
	assert_true(lp_seeded("s", "jitter", 1) != lp_seeded("t", "jitter", 1));
}

static void
clock_text(void **state)
{
	static const struct {
		const char *text, *same; /* NULL: refused */
	} cases[] = {
		{ "2026-11-22T09:00:00.000Z", "2026-11-22T09:00:00.000Z" }, { "2026-11-22", "2026-11-22T00:00:00.000Z" },
		{ "2026-11-22 09:05", "2026-11-22T09:05:00.000Z" }, { "2026-11-22T09:05:07.5Z", "2026-11-22T09:05:07.500Z" },
		{ "2026-11-22T00:30+02:00", "2026-11-21T22:30:00.000Z" }, { "2024-02-29", "2024-02-29T00:00:00.000Z" },
		{ "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z" }, { "2026-02-29", NULL }, { "2026-13-01", NULL }, { "2026-00-10", NULL },
		{ "2026-11-31", NULL }, { "2026-11-22T24:00", NULL }, { "2026-11-22T09:60", NULL }, { "2026-11-22T09:00:61Z", NULL }, { "2026-11-22T9:00", NULL },
		{ "2026-11-22T09:00Zx", NULL }, { "22.11.2026", NULL }, { "", NULL }, { "tomorrow", NULL }, { "2026-11-22T09:00+25:00", NULL },
	};
	struct lp_err err;
	char iso[LP_ISO_SIZE];
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int r = lp_iso_parse(cases[i].text, &ms, &err);

		if ((r == 0) != (cases[i].same != NULL))
			fail_msg("'%s': %d", cases[i].text, r);
		if (r == 0)
			assert_string_equal(lp_iso(ms, iso), cases[i].same);
	}
	for (int64_t d = -800000; d < 800000; d += 97) {
		int y, m, day;

		lp_civil_from_days(d, &y, &m, &day);
		assert_true(lp_days_from_civil(y, m, day) == d);
	}
}

static void
strings_grow(void **state)
{
	struct buf b = { 0 };
	char *s;

	(void)state;
	assert_string_equal(buf_str(&b), "");
	for (int i = 0; i < 5000; i++)
		buf_printf(&b, "%d,", i);
	assert_int_equal(strlen(b.s), b.len);
	buf_reset(&b);
	buf_puts(&b, "a");
	buf_putc(&b, 'b');
	s = buf_steal(&b);
	assert_string_equal(s, "ab");
	free(s);
	assert_null(b.s);
	s = buf_steal(&b);
	assert_string_equal(s, "");
	free(s);
	assert_null(xstrdup(NULL));
}

static void
errors_are_one_line(void **state)
{
	struct lp_err err;

	(void)state;
	assert_int_equal(lp_fail(&err, LP_DATA, "bad '%s'", "a\nb\x1b[2J"), -1);
	assert_null(strpbrk(err.msg, "\n\x1b"));
	lp_err_prefix(&err, "%s:%d", "file", 3);
	assert_memory_equal(err.msg, "file:3: bad '", 13);
	assert_int_equal(err.kind, LP_DATA);
	assert_int_equal(lp_fail(NULL, LP_DATA, "nobody asks"), -1);
}

static void
words_nearly_right(void **state)
{
	static const char *const verbs[] = { "list", "show", "enrol", "preview", NULL };

	(void)state;
	assert_string_equal(lp_did_you_mean("lsit", verbs), "list");
	assert_string_equal(lp_did_you_mean("enroll", verbs), "enrol");
	assert_string_equal(lp_did_you_mean("prewiev", verbs), "preview");
	assert_null(lp_did_you_mean("quaternion", verbs));
}

static void
utf8_is_checked(void **state)
{
	(void)state;
	assert_true(utf8_ok("\xf0\x9f\x98\x80", 4));
	assert_false(utf8_ok("\xf0\x9f\x98", 3));
	assert_false(utf8_ok("\xf4\x90\x80\x80", 4));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_refuses),
		cmocka_unit_test(json_reads_and_writes),
		cmocka_unit_test(json_prints_as_cjson),
		cmocka_unit_test(json_faults_anywhere),
		cmocka_unit_test(lines_one_by_one),
		cmocka_unit_test(lines_too_long),
		cmocka_unit_test(hashes),
		cmocka_unit_test(hmacs),
		cmocka_unit_test(ids),
		cmocka_unit_test(clock_text),
		cmocka_unit_test(strings_grow),
		cmocka_unit_test(errors_are_one_line),
		cmocka_unit_test(words_nearly_right),
		cmocka_unit_test(utf8_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
