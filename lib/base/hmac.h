/*
 * hmac.h - HMAC-SHA256 (RFC 2104, FIPS 198-1): that something was made by whoever has the key.
 */
#ifndef LP_BASE_HMAC_H
#define LP_BASE_HMAC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/id.h"

void lp_hmac(const void *key, size_t nkey, const void *data, size_t n, unsigned char out[LP_HASH_SIZE]);

/* lp_same(a, b, n): are they equal? Takes as long whatever they are, so that nobody finds a code byte by byte. */
bool lp_same(const void *, const void *, size_t);

#endif
