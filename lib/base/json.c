#include "base/json.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Eight bytes at a time: most of a line is plain text.  ONES * c has c in each byte. */
#define ONES 0x0101010101010101u
#define HIGH 0x8080808080808080u

static uint64_t
eight(const void *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return w;
}

/* True where one of the eight may be what the caller looks for: a byte under `c` (at most 0x80), or one that isn't ASCII. */
static bool
under(uint64_t w, unsigned char c)
{
	return (((w - ONES * c) | w) & HIGH) != 0;
}

/* True where one of the eight is c. */
static bool
has(uint64_t w, unsigned char c)
{
	w ^= ONES * c;
	return ((w - ONES) & ~w & HIGH) != 0;
}

bool
utf8_ok(const char *str, size_t n)
{
	const unsigned char *s = (const unsigned char *)str, *end = s + n;

	while (s < end) {
		unsigned char c;
		int more;

		while (end - s >= 8 && !under(eight(s), 1))
			s += 8;
		if (s == end)
			break;
		c = *s++;
		if (c == 0)
			return false;
		if (c < 0x80)
			continue;
		if (c >= 0xc2 && c <= 0xdf)
			more = 1;
		else if (c >= 0xe0 && c <= 0xef)
			more = 2;
		else if (c >= 0xf0 && c <= 0xf4)
			more = 3;
		else
			return false;
		if (end - s < more)
			return false;
		if ((c == 0xe0 && s[0] < 0xa0) || (c == 0xed && s[0] > 0x9f) || (c == 0xf0 && s[0] < 0x90) ||
		    (c == 0xf4 && s[0] > 0x8f))
			return false;
		for (; more > 0; more--)
			if ((*s++ & 0xc0) != 0x80)
				return false;
	}
	return true;
}

/* Inside a string: nothing among the eight ends it, escapes, or may not be there. */
static bool
plain(uint64_t w)
{
	/* what isn't ASCII has been judged already, and is no reason to stop */
	return !under(w & ~HIGH, 0x20) && !has(w, '"') && !has(w, '\\');
}

/* What cJSON lets pass and we don't: depth is its recursion, \u0000 would end a string early. */
static int
prescan(const char *s, size_t n, struct lp_err *err)
{
	size_t i, depth = 0;
	bool in_string = false;

	if (memchr(s, '\0', n) != NULL)
		return lp_fail(err, LP_DATA, "NUL byte in JSON");
	if (!utf8_ok(s, n))
		return lp_fail(err, LP_DATA, "invalid UTF-8");
	for (i = 0; i < n; i++) {
		char c;

		while (in_string && n - i > 8 && plain(eight(s + i)))
			i += 8;
		c = s[i];
		if (in_string) {
			if (c == '\\') {
				if (i + 5 < n && s[i + 1] == 'u' && memcmp(s + i + 2, "0000", 4) == 0)
					return lp_fail(err, LP_DATA, "\\u0000 in a JSON string");
				i++;
			} else if (c == '"')
				in_string = false;
			else if ((unsigned char)c < 0x20)
				return lp_fail(err, LP_DATA, "control character in a JSON string (byte %zu)", i + 1);
		} else if (c == '"')
			in_string = true;
		else if (c == '{' || c == '[') {
			if (++depth > JSON_MAX_DEPTH)
				return lp_fail(err, LP_DATA, "JSON nested deeper than %d", JSON_MAX_DEPTH);
		} else if ((c == '}' || c == ']') && depth > 0)
			depth--;
	}
	return 0;
}

cJSON *
json_parse(const char *s, size_t n, struct lp_err *err)
{
	const char *end = NULL;
	cJSON *v;

	if (prescan(s, n, err) == -1)
		return NULL;
	v = cJSON_ParseWithLengthOpts(s, n, &end, 0);
	if (v == NULL) {
		lp_fail(err, LP_DATA, "malformed JSON at byte %zu", end != NULL ? (size_t)(end - s) + 1 : (size_t)1);
		return NULL;
	}
	while (end < s + n && (*end == ' ' || *end == '\t' || *end == '\r' || *end == '\n'))
		end++;
	if (end < s + n) {
		lp_fail(err, LP_DATA, "junk after the JSON value at byte %zu", (size_t)(end - s) + 1);
		cJSON_Delete(v);
		return NULL;
	}
	return v;
}

cJSON *
json_object(const char *s, size_t n, struct lp_err *err)
{
	cJSON *v = json_parse(s, n, err);

	if (v != NULL && !cJSON_IsObject(v)) {
		lp_fail(err, LP_DATA, "not a JSON object");
		cJSON_Delete(v);
		return NULL;
	}
	return v;
}

cJSON *
json_get(const cJSON *o, const char *key)
{
	return cJSON_IsObject(o) ? cJSON_GetObjectItemCaseSensitive(o, key) : NULL;
}

cJSON *
json_path(const cJSON *o, const char *dotted)
{
	char part[256];
	const char *dot;
	size_t n;

	for (; o != NULL; dotted = dot + 1) {
		dot = strchr(dotted, '.');
		n = dot != NULL ? (size_t)(dot - dotted) : strlen(dotted);
		if (n >= sizeof(part))
			return NULL;
		memcpy(part, dotted, n);
		part[n] = '\0';
		if (cJSON_IsArray(o)) {
			char *end;
			long i = strtol(part, &end, 10);

			o = *part != '\0' && *end == '\0' && i >= 0 ? cJSON_GetArrayItem(o, (int)i) : NULL;
		} else
			o = json_get(o, part);
		if (dot == NULL)
			break;
	}
	return (cJSON *)o;
}

const char *
json_str(const cJSON *o, const char *key)
{
	cJSON *v = json_get(o, key);

	return cJSON_IsString(v) ? v->valuestring : NULL;
}

const char *
json_text(const cJSON *o, const char *key)
{
	const char *s = json_str(o, key);

	return s != NULL ? s : "";
}

double
json_num(const cJSON *o, const char *key, double dflt)
{
	cJSON *v = json_get(o, key);

	return cJSON_IsNumber(v) ? v->valuedouble : dflt;
}

bool
json_bool(const cJSON *o, const char *key, bool dflt)
{
	cJSON *v = json_get(o, key);

	return cJSON_IsBool(v) ? cJSON_IsTrue(v) : dflt;
}

void
json_set(cJSON *o, const char *key, cJSON *value)
{
	if (json_get(o, key) != NULL)
		cJSON_ReplaceItemInObjectCaseSensitive(o, key, value);
	else
		cJSON_AddItemToObject(o, key, value);
}

void
json_set_str(cJSON *o, const char *key, const char *s)
{
	json_set(o, key, s != NULL ? cJSON_CreateString(s) : cJSON_CreateNull());
}

void
json_set_num(cJSON *o, const char *key, double v)
{
	json_set(o, key, cJSON_CreateNumber(v));
}

void
json_set_bool(cJSON *o, const char *key, bool v)
{
	json_set(o, key, cJSON_CreateBool(v));
}

void
json_rm(cJSON *o, const char *key)
{
	cJSON_DeleteItemFromObjectCaseSensitive(o, key);
}

void
lines_init(struct lines *l, int fd, const char *name)
{
	*l = (struct lines){ .fd = fd, .name = strcmp(name, "-") == 0 ? "stdin" : name };
}

void
lines_free(struct lines *l)
{
	buf_free(&l->in);
}

/* Read once more into the buffer. 1 read, 0 end, -1 error. */
static int
fill(struct lines *l, struct lp_err *err)
{
	ssize_t n;

	if (l->eof)
		return 0;
	if (l->at > 0) {
		l->in.len -= l->at;
		memmove(l->in.s, l->in.s + l->at, l->in.len);
		l->at = 0;
	}
	buf_reserve(&l->in, 65536);
	do
		n = read(l->fd, l->in.s + l->in.len, 65536);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return lp_fail(err, LP_IO, "%s: %s", l->name, strerror(errno));
	if (n == 0) {
		l->eof = true;
		return 0;
	}
	l->in.len += (size_t)n;
	return 1;
}

/* Throw the rest of an oversized line away. */
static int
skip_line(struct lines *l, struct lp_err *err)
{
	char *nl;
	int r;

	for (;;) {
		nl = l->in.len > l->at ? memchr(l->in.s + l->at, '\n', l->in.len - l->at) : NULL;
		if (nl != NULL) {
			l->at = (size_t)(nl - l->in.s) + 1;
			return 0;
		}
		l->at = l->in.len;
		if ((r = fill(l, err)) != 1)
			return r;
	}
}

int
lines_next(struct lines *l, const char **s, size_t *n, struct lp_err *err)
{
	size_t seen = 0, have;
	char *nl;
	int r;

	for (;;) {
		have = l->in.len - l->at;
		nl = have > seen ? memchr(l->in.s + l->at + seen, '\n', have - seen) : NULL;
		if (nl == NULL && have <= JSONL_MAX_LINE) {
			seen = have;
			if ((r = fill(l, err)) == -1)
				return -1;
			if (r == 1)
				continue;
			if (l->in.len == l->at)
				return 0;
		}
		l->number++;
		if (nl == NULL && have > JSONL_MAX_LINE) {
			if (skip_line(l, err) == -1)
				return -1;
			return lp_fail(err, LP_DATA, "line longer than %zu bytes", JSONL_MAX_LINE);
		}
		*s = l->in.s + l->at;
		*n = nl != NULL ? (size_t)(nl - *s) : l->in.len - l->at;
		l->at += *n + (nl != NULL);
		l->in.s[(size_t)(*s - l->in.s) + *n] = '\0';
		seen = 0;
		if (*n > 0 && (*s)[*n - 1] == '\r')
			l->in.s[(size_t)(*s - l->in.s) + --*n] = '\0';
		if (strspn(*s, " \t\r") >= *n)
			continue;
		if (*n > JSONL_MAX_LINE)
			return lp_fail(err, LP_DATA, "line longer than %zu bytes", JSONL_MAX_LINE);
		if (memchr(*s, '\0', *n) != NULL)
			return lp_fail(err, LP_DATA, "NUL byte in the line");
		return 1;
	}
}

bool
lines_waiting(struct lines *l)
{
	struct pollfd p = { .fd = l->fd, .events = POLLIN };

	if (l->in.len > l->at)
		return true;
	if (l->eof)
		return false;
	return poll(&p, 1, 0) == 1 && (p.revents & POLLIN) != 0;
}

char *
json_hash(const cJSON *v, char out[LP_HEX_SIZE])
{
	unsigned char hash[LP_HASH_SIZE];
	char *s = json_canon(v);

	lp_sha256(s, strlen(s), hash);
	free(s);
	return lp_hex(hash, out);
}
