/*
 * json.h - strict JSON over cJSON, and JSON Lines streams.
 *
 * Objects are cJSON trees that the caller frees with cJSON_Delete.  Identifiers travel as strings; numbers are doubles.
 */
#ifndef LP_BASE_JSON_H
#define LP_BASE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/id.h"
#include "base/mem.h"

#define JSON_MAX_DEPTH 64
#define JSONL_MAX_LINE ((size_t)8 << 20) /* bytes; a longer line is refused by number and skipped */

/* json_parse(s, n, err): one JSON value and nothing after it. Refused with LP_DATA: NUL bytes and \u0000 (they would cut a string
 * short), invalid UTF-8, nesting over JSON_MAX_DEPTH, trailing junk. NULL on failure. */
cJSON *json_parse(const char *, size_t, struct lp_err *);

/* json_object(s, n, err): the same, and it must be an object. */
cJSON *json_object(const char *, size_t, struct lp_err *);

char *json_print(const cJSON *);                                   /* one line, caller frees */

/* Readers: case-sensitive; NULL or the default where the member is missing or of another type. Strings belong to the tree. */
cJSON *json_get(const cJSON *, const char *key);
cJSON *json_path(const cJSON *, const char *dotted);               /* "task.id"; list indexes as numbers */
const char *json_str(const cJSON *, const char *key);
double json_num(const cJSON *, const char *key, double dflt);
bool json_bool(const cJSON *, const char *key, bool dflt);

/* Writers: replace the member where it exists. json_set takes `value` over. A NULL string stores null. */
void json_set(cJSON *, const char *key, cJSON *value);
void json_set_str(cJSON *, const char *key, const char *);
void json_set_num(cJSON *, const char *key, double);
/* json_text(object, key): its text, "" where it isn't there or is none. Belongs to the object. */
const char *json_text(const cJSON *, const char *key);
void json_set_bool(cJSON *, const char *key, bool);
void json_rm(cJSON *, const char *key);

/* json_canon(value): keys sorted (by bytes, deeply), no white space: the form that is hashed. Caller frees. */
char *json_canon(const cJSON *);
/* json_hash(value, out): SHA-256 of that form, in hex; returns out. */
char *json_hash(const cJSON *, char out[LP_HEX_SIZE]);

/* utf8_ok(s, n): well-formed UTF-8 (no surrogates, no overlong forms, no NUL). */
bool utf8_ok(const char *, size_t);
/* utf8_fold(s): simple case folding over Unicode's Latin, Greek, Cyrillic, Armenian blocks (what needs no table library); caller frees. */
char *utf8_fold(const char *);
/* utf8_fold_add(out, s, n): append the folded form of n bytes of UTF-8 to a buffer. */
void utf8_fold_add(struct buf *, const char *, size_t);

/*
 * A stream of lines from a file descriptor, read with read(2) so that what waits in a pipe can be told from what is still to come.
 */
struct lines {
	int fd;
	const char *name;      /* for messages: "-" prints as "stdin" */
	size_t number;         /* of the line returned last, from 1 */
	struct buf in;
	size_t at;
	bool eof;
};

void lines_init(struct lines *, int fd, const char *name);
void lines_free(struct lines *);
/* lines_next(l, &s, &n, err): 1 and a line without its newline (valid until the next call; s[n] is NUL), 0 at the end,
 * -1 with LP_DATA for an oversized line or one with a NUL byte (skipped; go on with the next), LP_IO on a read error. Blank lines are passed over. */
int lines_next(struct lines *, const char **, size_t *, struct lp_err *);
/* lines_waiting(l): true where another line, or its beginning, is there now without blocking. */
bool lines_waiting(struct lines *);

/* jsonl_put(value): print one object and a newline on standard output. */
void jsonl_put(const cJSON *);

#endif
