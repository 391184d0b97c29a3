/*
 * id.h - hashes, UUIDs, handles, and choices that can be repeated.
 */
#ifndef LP_BASE_ID_H
#define LP_BASE_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define LP_HASH_SIZE 32
#define LP_HEX_SIZE 65
#define LP_UUID_SIZE 37

/* SHA-256 (FIPS 180-4) of parts, fed one after the other. */
struct sha {
	_Alignas(8) unsigned char state[128];
};
void sha_init(struct sha *);
void sha_add(struct sha *, const void *, size_t);
/* sha_field(h, s): length-prefixed ("5:hello,"; NULL is "-,"), so that no two lists of fields hash alike. */
void sha_field(struct sha *, const char *s);
void sha_end(struct sha *, unsigned char out[LP_HASH_SIZE]);

void lp_sha256(const void *, size_t, unsigned char out[LP_HASH_SIZE]);
char *lp_hex(const unsigned char hash[LP_HASH_SIZE], char out[LP_HEX_SIZE]);

int lp_random(void *, size_t, struct lp_err *);                    /* from the kernel */

/* lp_uuid7(ms, rnd, out): version 7 (RFC 9562) from a time and 10 bytes, random or derived. */
char *lp_uuid7(int64_t ms, const unsigned char rnd[10], char out[LP_UUID_SIZE]);
bool lp_uuid_ok(const char *);
/* lp_uuid_ms(uuid): the instant in one of version 7, ms: when its row was made. Unlike the row's other times it never changes. */
int64_t lp_uuid_ms(const char *);

/* lp_seeded(seed, what, n): a number that depends on nothing else: the same file, row and purpose choose alike for ever. */
uint64_t lp_seeded(const char *seed, const char *what, int64_t n);

/* lp_handle(text, kind, &seq): "l12" with kind 'l' gives 12. False where it isn't a handle of that kind. */
bool lp_handle(const char *, char kind, int64_t *seq);
/* lp_handle_kind(text): the kind's letter of anything that looks like a handle, else 0. lp_kind_name('l') is "lead". */
char lp_handle_kind(const char *);
const char *lp_kind_name(char kind);

#endif
