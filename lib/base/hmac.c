#include "base/hmac.h"

#include <string.h>

#define BLOCK 64

void
lp_hmac(const void *key, size_t nkey, const void *data, size_t n, unsigned char out[LP_HASH_SIZE])
{
	unsigned char k[BLOCK] = { 0 }, pad[BLOCK], inner[LP_HASH_SIZE];
	struct sha h;
	size_t i;

	if (nkey > BLOCK)
		lp_sha256(key, nkey, k);
	else
		memcpy(k, key, nkey);
	for (i = 0; i < BLOCK; i++)
		pad[i] = k[i] ^ 0x36;
	sha_init(&h);
	sha_add(&h, pad, BLOCK);
	sha_add(&h, data, n);
	sha_end(&h, inner);
	for (i = 0; i < BLOCK; i++)
		pad[i] = k[i] ^ 0x5c;
	sha_init(&h);
	sha_add(&h, pad, BLOCK);
	sha_add(&h, inner, sizeof(inner));
	sha_end(&h, out);
}

bool
lp_same(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;
	unsigned char diff = 0;

	while (n-- > 0)
		diff |= x[n] ^ y[n];
	return diff == 0;
}
