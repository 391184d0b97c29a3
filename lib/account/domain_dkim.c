/* domain_dkim.c - a domain's DKIM keys (RFC 6376, 8301, 8463), by selector. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "account/domain_int.h"
#include "base/mem.h"
#include "mail/authres.h"

#define SELECTORS_MAX 16
#define KEY_MAX 2048     /* bytes: RSA of 16,384 bits */

/* The bytes of a key; -1 where it is no base64. White space is allowed in it. */
static int
decode(const char *s, unsigned char out[KEY_MAX])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, have = 0;
	int n = 0, pads = 0;

	for (; *s != '\0'; s++) {
		const char *d;

		if (*s == ' ' || *s == '\t')
			continue;
		if (*s == '=' && ++pads <= 2)
			continue;
		if (*s == '=' || pads > 0 || (d = strchr(digits, *s)) == NULL || n == KEY_MAX)
			return -1;
		bits = (bits << 6 | (unsigned)(d - digits)) & 0xffffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (unsigned char)(bits >> have);
		}
	}
	return n;
}

/* The next element of DER with this tag at *p: its content, and *p behind it. NULL where it isn't one. */
static const unsigned char *
element(const unsigned char **p, const unsigned char *end, unsigned char tag, size_t *len)
{
	const unsigned char *at = *p;
	size_t n;

	if (end - at < 2 || *at++ != tag)
		return NULL;
	n = *at++;
	if (n > 0x80 && n <= 0x82) {
		size_t bytes = n & 0x7f;

		if ((size_t)(end - at) < bytes)
			return NULL;
		for (n = 0; bytes > 0; bytes--)
			n = n << 8 | *at++;
	} else if (n >= 0x80)
		return NULL;
	if ((size_t)(end - at) < n)
		return NULL;
	*len = n;
	*p = at + n;
	return at;
}

/* How many bits an RSA key has, as a SubjectPublicKeyInfo or as the bare numbers; 0 where it is neither. */
static int
rsa_bits(const unsigned char *key, size_t len)
{
	const unsigned char *p = key, *end = key + len, *in, *n;
	size_t size, nlen;
	int bits;

	if ((in = element(&p, end, 0x30, &size)) == NULL)
		return 0;
	p = in;
	end = in + size;
	if (p < end && *p == 0x30) {
		if (element(&p, end, 0x30, &size) == NULL || (in = element(&p, end, 0x03, &size)) == NULL || size < 1)
			return 0;
		end = in + size;
		p = in + 1; /* how many bits of the last byte don't count: none */
		if ((in = element(&p, end, 0x30, &size)) == NULL)
			return 0;
		p = in;
		end = in + size;
	}
	if ((n = element(&p, end, 0x02, &nlen)) == NULL)
		return 0;
	while (nlen > 0 && *n == 0) {
		n++;
		nlen--;
	}
	bits = (int)nlen * 8;
	for (int top = nlen > 0 ? *n : 0x80; top < 0x80; top <<= 1)
		bits--;
	return bits;
}

/* Judge one key record. */
static void
judge(const char *name, const char *text, struct findings *out)
{
	char v[64], k[32], h[128], s[128], t[64], p[KEY_MAX * 2];
	unsigned char key[KEY_MAX];
	int at = mail_tag(text, "v", v, sizeof(v)), has_p = mail_tag(text, "p", p, sizeof(p)), n, bits = 0;
	bool hash = mail_tag(text, "h", h, sizeof(h)) > 0, serves = mail_tag(text, "s", s, sizeof(s)) > 0;
	bool testing = mail_tag(text, "t", t, sizeof(t)) > 0 && strchr(t, 'y') != NULL;
	char *again = xasprintf("put the TXT record %s in again, as the signing server gives it", name);

	if (mail_tag(text, "k", k, sizeof(k)) <= 0)
		snprintf(k, sizeof(k), "rsa");
	if (at == -1 || has_p <= 0 || at > 1 || (at == 1 && strcmp(v, "DKIM1") != 0)) {
		findings_add(out, FOUND_FAIL, "dkim", again, "%s is no key record", name);
		return;
	}
	n = decode(p, key);
	if (n > 0 && strcasecmp(k, "rsa") == 0)
		bits = rsa_bits(key, (size_t)n);
	if (*p == '\0')
		findings_add(out, FOUND_FAIL, "dkim", xstrdup("sign with a key that is in use"), "%s is revoked (its p= is empty)", name);
	else if (strcasecmp(k, "rsa") != 0 && strcasecmp(k, "ed25519") != 0)
		findings_add(out, FOUND_FAIL, "dkim", xstrdup("sign with an RSA key"), "%s: receivers don't know the kind of key '%.20s'", name, k);
	else if (n == -1 || (strcasecmp(k, "rsa") == 0 ? bits == 0 : n != 32))
		findings_add(out, FOUND_FAIL, "dkim", xstrdup(again), "%s: its key is broken, perhaps cut or pasted wrong", name);
	else if (bits != 0 && bits < 1024)
		findings_add(out, FOUND_FAIL, "dkim", xstrdup("make a key of 2048 bits"), "%s: a key of %d bits; receivers want 1024 and more", name, bits);
	else if ((hash && strstr(h, "sha256") == NULL) || (serves && strchr(s, '*') == NULL && strstr(s, "email") == NULL))
		findings_add(out, FOUND_FAIL, "dkim", xstrdup(again), "%s: %s", name, hash && strstr(h, "sha256") == NULL ? "it doesn't allow SHA-256" : "it isn't for mail");
	else if (testing)
		findings_add(out, FOUND_WARN, "dkim", xasprintf("take t=y out of the TXT record %s", name), "%s says t=y, only testing: receivers may pass it over", name);
	else if (strcasecmp(k, "ed25519") == 0)
		findings_add(out, FOUND_WARN, "dkim", xstrdup("sign with an RSA key too"), "%s: an Ed25519 key, which many receivers can't check yet", name);
	else
		findings_add(out, FOUND_OK, "dkim", NULL, "%s: a key of %d bits", name, bits);
	free(again);
}

/* 1 there is one, judged; 0 there is none; -1 it can't be told. */
static int
try_selector(struct resolver *dns, const char *domain, const char *selector, bool told, struct findings *out)
{
	char *name = xasprintf("%s._domainkey.%s", selector, domain);
	struct dns_answer a;
	enum dns r = dns_txt(dns, name, &a);
	size_t keys = 0, last = 0;
	char p[2];

	for (size_t i = 0; i < a.n; i++)
		if (mail_tag(a.list[i].text, "p", p, sizeof(p)) != 0) {
			keys++;
			last = i;
		}
	if (r == DNS_UNKNOWN && told)
		findings_add(out, FOUND_UNKNOWN, "dkim", NULL, "%s: %s", name, dns_why(dns));
	else if (keys > 1)
		findings_add(out, FOUND_FAIL, "dkim", xstrdup("leave the one whose key signs"), "%s has %zu keys where one is allowed", name, keys);
	else if (keys == 1)
		judge(name, a.list[last].text, out);
	else if (r != DNS_UNKNOWN && told)
		findings_add(out, FOUND_FAIL, "dkim", xasprintf("add TXT %s with the key, as the signing server gives it", name),
		    "%s is not there: what is signed by it counts as unsigned", name);
	dns_answer_clear(&a);
	free(name);
	return keys > 0 ? 1 : r == DNS_UNKNOWN ? -1 : 0;
}

void
domain_dkim(struct resolver *dns, const char *domain, const char *selectors, const char *usual, struct findings *out)
{
	bool told = selectors != NULL && *selectors != '\0', found = false, unknown = false;
	char *list = told ? xstrdup(selectors) : xasprintf("%s%sdefault,mail,dkim", usual, *usual != '\0' ? "," : "");
	char *s = list;
	int tried = 0;

	while (*s != '\0' && tried < SELECTORS_MAX && (told || !found)) {
		size_t n = strcspn(s, ", ");
		int r;

		if (n > 0) {
			bool end = s[n] == '\0';

			s[n] = '\0';
			r = try_selector(dns, domain, s, told, out);
			found |= r == 1;
			unknown |= r == -1;
			tried++;
			s += end ? n : n + 1;
		} else
			s++;
	}
	if (!told && !found)
		findings_add(out, unknown ? FOUND_UNKNOWN : FOUND_WARN, "dkim", xstrdup("give --selector, or dkim_selector of the account: s= in the "
		    "DKIM-Signature of a mail that was sent"), "no selector is known, and %s",
		    unknown ? dns_why(dns) : "none of the usual ones has a key: mail that isn't signed is junk to many");
	free(list);
}
