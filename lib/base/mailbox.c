#include "base/mailbox.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *domain, *provider;
} known[] = { { "gmail.com", "gmail" }, { "googlemail.com", "gmail" },
	/* one provider by its MX: also what it bought */
	{ "yahoo.com", "yahoo" }, { "ymail.com", "yahoo" }, { "rocketmail.com", "yahoo" }, { "myyahoo.com", "yahoo" }, { "aol.com", "yahoo" }, { "aim.com", "yahoo" },
	{ "verizon.net", "yahoo" }, { "netscape.net", "yahoo" }, { "yahoo.co.uk", "yahoo" }, { "yahoo.co.in", "yahoo" }, { "yahoo.co.id", "yahoo" },
	{ "yahoo.com.br", "yahoo" }, { "yahoo.com.ar", "yahoo" }, { "yahoo.com.mx", "yahoo" }, { "yahoo.com.au", "yahoo" }, { "yahoo.com.sg", "yahoo" },
	{ "yahoo.com.tw", "yahoo" }, { "yahoo.com.hk", "yahoo" }, { "yahoo.com.vn", "yahoo" }, { "yahoo.com.ph", "yahoo" }, { "yahoo.de", "yahoo" },
	{ "yahoo.fr", "yahoo" }, { "yahoo.it", "yahoo" }, { "yahoo.es", "yahoo" }, { "yahoo.ca", "yahoo" }, { "yahoo.in", "yahoo" }, { "yahoo.se", "yahoo" },
	{ "yahoo.no", "yahoo" }, { "yahoo.dk", "yahoo" }, { "yahoo.fi", "yahoo" }, { "yahoo.nl", "yahoo" }, { "yahoo.pl", "yahoo" }, { "yahoo.gr", "yahoo" },
	{ "yahoo.ie", "yahoo" }, { "yahoo.ro", "yahoo" }, { "aol.de", "yahoo" }, { "aol.co.uk", "yahoo" }, { "aol.fr", "yahoo" },
	{ "outlook.com", "outlook" }, { "hotmail.com", "outlook" }, { "live.com", "outlook" }, { "msn.com", "outlook" }, { "passport.com", "outlook" },
	{ "windowslive.com", "outlook" }, { "outlook.de", "outlook" }, { "outlook.fr", "outlook" }, { "outlook.it", "outlook" }, { "outlook.es", "outlook" },
	{ "outlook.jp", "outlook" }, { "outlook.kr", "outlook" }, { "outlook.dk", "outlook" }, { "outlook.be", "outlook" }, { "outlook.at", "outlook" },
	{ "outlook.ie", "outlook" }, { "outlook.pt", "outlook" }, { "outlook.com.br", "outlook" }, { "outlook.com.au", "outlook" }, { "outlook.co.id", "outlook" },
	{ "hotmail.co.uk", "outlook" }, { "hotmail.de", "outlook" }, { "hotmail.fr", "outlook" }, { "hotmail.it", "outlook" }, { "hotmail.es", "outlook" },
	{ "hotmail.nl", "outlook" }, { "hotmail.be", "outlook" }, { "hotmail.se", "outlook" }, { "hotmail.no", "outlook" }, { "hotmail.dk", "outlook" },
	{ "hotmail.fi", "outlook" }, { "hotmail.ch", "outlook" }, { "hotmail.ca", "outlook" }, { "hotmail.gr", "outlook" }, { "hotmail.com.br", "outlook" },
	{ "hotmail.com.ar", "outlook" }, { "hotmail.com.tr", "outlook" }, { "hotmail.co.jp", "outlook" }, { "live.co.uk", "outlook" }, { "live.de", "outlook" },
	{ "live.fr", "outlook" }, { "live.it", "outlook" }, { "live.nl", "outlook" }, { "live.be", "outlook" }, { "live.se", "outlook" }, { "live.no", "outlook" },
	{ "live.dk", "outlook" }, { "live.ca", "outlook" }, { "live.com.au", "outlook" }, { "live.com.mx", "outlook" },
	{ "icloud.com", "apple" }, { "me.com", "apple" }, { "mac.com", "apple" }, { "gmx.de", "gmx" }, { "gmx.net", "gmx" }, { "gmx.com", "gmx" }, { "gmx.at", "gmx" },
	{ "gmx.ch", "gmx" }, { "web.de", "gmx" }, { "mail.com", "gmx" }, { "t-online.de", "t-online" }, { "freenet.de", "freenet" }, { "proton.me", "proton" },
	{ "protonmail.com", "proton" }, { "pm.me", "proton" }, { "mail.ru", "mail.ru" }, { "yandex.ru", "yandex" }, { "yandex.com", "yandex" }, { "qq.com", "qq" },
	{ "163.com", "netease" }, { "126.com", "netease" }, { "orange.fr", "orange" }, { "wanadoo.fr", "orange" }, { "free.fr", "free" }, { "laposte.net", "laposte" },
	{ "libero.it", "libero" }, { "comcast.net", "comcast" }, { "fastmail.com", "fastmail" }, { "zoho.com", "zoho" }, { NULL, NULL } };

const char *
mailbox_provider(const char *domain)
{
	for (size_t i = 0; known[i].domain != NULL; i++)
		if (strcasecmp(known[i].domain, domain) == 0)
			return known[i].provider;
	return NULL;
}

const char *
mailbox_consumer(const char *domain)
{
	const char *p = mailbox_provider(domain);

	return p != NULL && (strcmp(p, "gmail") == 0 || strcmp(p, "yahoo") == 0 || strcmp(p, "outlook") == 0) ? p : NULL;
}

const char *
mailbox_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL && at[1] != '\0' ? at + 1 : NULL;
}

/* The label that ends at `end`: its beginning. */
static const char *
label(const char *domain, const char *end)
{
	while (end > domain && end[-1] != '.')
		end--;
	return end;
}

void
mailbox_org(const char *domain, char out[MAILBOX_ORG_SIZE])
{
	/* under a country's two letters, these are no organisation's: acme.co.uk, but acme.de */
	static const char *const second[] = { "co", "com", "org", "net", "gov", "edu", "ac", "or", "ne", "go", "gob", "gouv", "govt", "mil", "ltd", "plc", "sch", "nom",
		"me", "in", "firm", "gen", "ind", "asn", "id", "art", "adv", "eng", "web", "biz", "info", "ad", "lg", "re", "pe", "tm", "school", "nhs", "police", NULL };
	const char *end = domain + strlen(domain), *top, *name, *start;
	size_t i, n;

	while (end > domain && end[-1] == '.')
		end--;
	top = label(domain, end);
	name = top > domain ? label(domain, top - 1) : top;
	start = name;
	if (end - top == 2 && name > domain)
		for (i = 0; second[i] != NULL; i++) {
			n = strlen(second[i]);
			if ((size_t)(top - 1 - name) == n && strncasecmp(name, second[i], n) == 0)
				start = label(domain, name - 1);
		}
	n = (size_t)(end - start) < MAILBOX_ORG_SIZE ? (size_t)(end - start) : MAILBOX_ORG_SIZE - 1;
	for (i = 0; i < n; i++)
		out[i] = (char)(start[i] >= 'A' && start[i] <= 'Z' ? start[i] + 32 : start[i]);
	out[n] = '\0';
}
