/* domain_dmarc.c - a domain's DMARC policy (RFC 7489). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "account/domain_int.h"
#include "base/mailbox.h"
#include "base/mem.h"
#include "mail/authres.h"

#define RUA_MAX 3

/* How many policies a name has: the last in *text (the caller frees); -1: it can't be told. */
static int
policies_of(struct resolver *dns, const char *name, char **text)
{
	struct dns_answer a;
	enum dns r = dns_txt(dns, name, &a);
	int n = 0;

	*text = NULL;
	for (size_t i = 0; i < a.n; i++)
		if (strncmp(a.list[i].text, "v=DMARC1", 8) == 0 && strchr("; \t", a.list[i].text[8]) != NULL) {
			free(*text);
			*text = xstrdup(a.list[i].text);
			n++;
		}
	dns_answer_clear(&a);
	return r == DNS_UNKNOWN ? -1 : n;
}

/* 7.1: reports to somebody else's domain come only where that says it wants them, for the domain whose policy it is. The first that doesn't, or "". */
static void
reports_unwanted(struct resolver *dns, const char *domain, const char *rua, char out[DNS_NAME_SIZE])
{
	char org[MAILBOX_ORG_SIZE], theirs[MAILBOX_ORG_SIZE];
	int n = 0;

	*out = '\0';
	mailbox_org(domain, org);
	for (const char *s = rua; *s != '\0' && *out == '\0' && n < RUA_MAX; s += strcspn(s, ","), s += *s == ',', n++) {
		const char *at = memchr(s, '@', strcspn(s, ","));
		char host[DNS_NAME_SIZE], *name, *text;
		int found;

		if (at == NULL)
			continue;
		snprintf(host, sizeof(host), "%.*s", (int)strcspn(at + 1, ",! \t"), at + 1);
		mailbox_org(host, theirs);
		if (strcasecmp(org, theirs) == 0 || !dns_name_ok(host))
			continue;
		name = xasprintf("%s._report._dmarc.%s", domain, host);
		found = policies_of(dns, name, &text);
		if (found == 0)
			snprintf(out, DNS_NAME_SIZE, "%s", host);
		free(name);
		free(text);
	}
}

static bool
policy_ok(const char *p)
{
	return strcasecmp(p, "none") == 0 || strcasecmp(p, "quarantine") == 0 || strcasecmp(p, "reject") == 0;
}

static void
judge(struct resolver *dns, const char *domain, const char *at, bool inherited, const char *text, struct findings *out)
{
	const char *whose = at + strlen("_dmarc.");
	char p[32], sp[32], rua[1024], unwanted[DNS_NAME_SIZE];
	int has_p = mail_tag(text, "p", p, sizeof(p)), has_sp = mail_tag(text, "sp", sp, sizeof(sp)), has_rua = mail_tag(text, "rua", rua, sizeof(rua));
	const char *holds = inherited && has_sp > 0 ? sp : p;

	if (has_p == -1 || has_sp == -1 || has_rua == -1)
		findings_add(out, FOUND_FAIL, "dmarc", xasprintf("mend TXT %s, as \"v=DMARC1; p=none; rua=mailto:dmarc@%s\"", at, domain), "%s: the record is broken", at);
	else if (has_p == 0 || !policy_ok(p) || !policy_ok(holds))
		findings_add(out, FOUND_FAIL, "dmarc", xasprintf("give TXT %s p=none, p=quarantine or p=reject", at), "%s: %s", at,
		    has_p == 0 ? "it has no p=, so it says nothing" : "its policy is none of none, quarantine, reject");
	else if (has_rua == 0 || *rua == '\0')
		findings_add(out, FOUND_WARN, "dmarc", xasprintf("add rua=mailto:dmarc@%s to TXT %s", domain, at),
		    "%s: p=%s, and nobody gets the reports: who else sends in its name stays unseen", domain, holds);
	else {
		reports_unwanted(dns, whose, rua, unwanted);
		if (*unwanted != '\0')
			findings_add(out, FOUND_WARN, "dmarc", xasprintf("let them add TXT %s._report._dmarc.%s \"v=DMARC1\", or take reports at %s", whose, unwanted, whose),
			    "%s: p=%s; reports are to go to %s, which doesn't say that it takes them", domain, holds, unwanted);
		else
			findings_add(out, FOUND_OK, "dmarc", NULL, "%s: p=%s%s%s", domain, holds, inherited ? " by " : "", inherited ? at : "");
	}
}

void
domain_dmarc(struct resolver *dns, const char *domain, struct findings *out)
{
	char org[MAILBOX_ORG_SIZE], *at = xasprintf("_dmarc.%s", domain), *text;
	int n = policies_of(dns, at, &text);
	bool inherited = false;

	mailbox_org(domain, org);
	if (n == 0 && strcasecmp(org, domain) != 0) {
		free(at);
		at = xasprintf("_dmarc.%s", org);
		n = policies_of(dns, at, &text);
		inherited = true;
	}
	if (n == -1)
		findings_add(out, FOUND_UNKNOWN, "dmarc", NULL, "%s: %s", at, dns_why(dns));
	else if (n == 0)
		findings_add(out, FOUND_FAIL, "dmarc", xasprintf("add TXT %s \"v=DMARC1; p=none; rua=mailto:dmarc@%s\"", at, domain),
		    "%s has no DMARC record: Gmail, Yahoo and Outlook want one of whoever sends to many", domain);
	else if (n > 1)
		findings_add(out, FOUND_FAIL, "dmarc", xasprintf("leave one TXT record at %s", at), "%s has %d policies, which counts as none", at, n);
	else
		judge(dns, domain, at, inherited, text, out);
	free(text);
	free(at);
}
