#include "base/id.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(((struct sha *)0)->state), "struct sha is too small");

void
sha_init(struct sha *h)
{
	SHA256_Init((SHA256_CTX *)(void *)h->state);
}

void
sha_add(struct sha *h, const void *p, size_t n)
{
	SHA256_Update((SHA256_CTX *)(void *)h->state, p, n);
}

void
sha_field(struct sha *h, const char *s)
{
	char head[24];
	size_t n, i = sizeof(head);

	if (s == NULL) {
		sha_add(h, "-,", 2);
		return;
	}
	n = strlen(s);
	head[--i] = ':';
	for (size_t v = n; v > 0 || i == sizeof(head) - 1; v /= 10)
		head[--i] = (char)('0' + v % 10);
	sha_add(h, head + i, sizeof(head) - i);
	sha_add(h, s, n);
	sha_add(h, ",", 1);
}

void
sha_end(struct sha *h, unsigned char out[LP_HASH_SIZE])
{
	SHA256_Final(out, (SHA256_CTX *)(void *)h->state);
}

void
lp_sha256(const void *p, size_t n, unsigned char out[LP_HASH_SIZE])
{
	struct sha h;

	sha_init(&h);
	sha_add(&h, p, n);
	sha_end(&h, out);
}

char *
lp_hex(const unsigned char hash[LP_HASH_SIZE], char out[LP_HEX_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < LP_HASH_SIZE; i++) {
		out[2 * i] = hex[hash[i] >> 4];
		out[2 * i + 1] = hex[hash[i] & 15];
	}
	out[2 * i] = '\0';
	return out;
}

int
lp_random(void *p, size_t n, struct lp_err *err)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	ssize_t r = -1;

	if (fd != -1) {
		r = read(fd, p, n);
		close(fd);
	}
	return r == (ssize_t)n ? 0 : lp_fail_errno(err, errno, "/dev/urandom");
}

char *
lp_uuid7(int64_t ms, const unsigned char rnd[10], char out[LP_UUID_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	unsigned char b[16];
	char *p = out;
	int i;

	for (i = 0; i < 6; i++)
		b[i] = (unsigned char)((uint64_t)ms >> (40 - 8 * i));
	memcpy(b + 6, rnd, 10);
	b[6] = 0x70 | (rnd[0] & 0x0f);
	b[8] = 0x80 | (rnd[2] & 0x3f);
	for (i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = hex[b[i] >> 4];
		*p++ = hex[b[i] & 15];
	}
	*p = '\0';
	return out;
}

bool
lp_uuid_ok(const char *s)
{
	size_t i;

	for (i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' : strchr("0123456789abcdefABCDEF", s[i]) == NULL || s[i] == '\0')
			return false;
	}
	return s[36] == '\0';
}

int64_t
lp_uuid_ms(const char *s)
{
	char hex[13];

	snprintf(hex, sizeof(hex), "%.8s%.4s", s, s + 9);
	return strtoll(hex, NULL, 16);
}

uint64_t
lp_seeded(const char *seed, const char *what, int64_t n)
{
	unsigned char h[LP_HASH_SIZE];
	char num[24];
	struct sha s;
	uint64_t v = 0;

	snprintf(num, sizeof(num), "%" PRId64, n);
	sha_init(&s);
	sha_field(&s, seed);
	sha_field(&s, what);
	sha_field(&s, num);
	sha_end(&s, h);
	for (int i = 0; i < 8; i++)
		v = v << 8 | h[i];
	return v;
}

static const struct {
	char kind;
	const char *name;
} kinds[] = {
	{ 'l', "lead" }, { 'c', "campaign" }, { 'm', "message" }, { 't', "task" }, { 'i', "inbox message" },
	{ 'r', "rule" }, { 'b', "meeting" }, { 'g', "log" }, { 'a', "account" }, { 'p', "approval" }, { 'n', "notification" },
	{ 'y', "memory" }, { 'e', "enrolment" }, { 'h', "thread" }
};

const char *
lp_kind_name(char kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].kind == kind)
			return kinds[i].name;
	return "thing";
}

char
lp_handle_kind(const char *s)
{
	size_t n;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (*s == kinds[i].kind) {
			n = strspn(s + 1, "0123456789");
			return n > 0 && n < 19 && s[1 + n] == '\0' ? *s : 0;
		}
	return 0;
}

bool
lp_handle(const char *s, char kind, int64_t *seq)
{
	if (lp_handle_kind(s) != kind)
		return false;
	*seq = strtoll(s + 1, NULL, 10);
	return true;
}
