#include "account/domain_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account/domain_int.h"
#include "base/mailbox.h"
#include "base/mem.h"
#include "channel/mailhosts.h"

#define ADDRESSES_MAX 4

void
findings_add(struct findings *f, enum finding_state state, const char *check, char *next, const char *fmt, ...)
{
	struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	f->list = xrealloc(f->list, (f->n + 1) * sizeof(*f->list));
	f->list[f->n++] = (struct finding){ state, state == FOUND_FAIL ? LP_CONFIG : state == FOUND_UNKNOWN ? LP_TEMP : LP_OK, check, buf_steal(&b), next };
}

void
findings_err(struct findings *f, const char *check, const struct lp_err *err)
{
	findings_add(f, err->kind == LP_TEMP ? FOUND_UNKNOWN : FOUND_FAIL, check, NULL, "%s", err->msg);
	f->list[f->n - 1].kind = err->kind;
}

enum lp_kind
findings_status(const struct findings *f)
{
	enum lp_kind kind = LP_OK;

	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].state == FOUND_FAIL)
			return f->list[i].kind;
		else if (f->list[i].state == FOUND_UNKNOWN)
			kind = f->list[i].kind;
	return kind;
}

void
findings_clear(struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->list[i].text);
		free(f->list[i].next);
	}
	free(f->list);
	*f = (struct findings){ 0 };
}

static void
check_mx(struct resolver *dns, const char *domain, enum dns r, const struct dns_answer *mx, struct findings *out)
{
	char *next = xasprintf("add MX %s, as your provider of mail gives it", domain);
	struct dns_answer a;

	if (r == DNS_UNKNOWN)
		findings_add(out, FOUND_UNKNOWN, "mx", NULL, "%s: %s", domain, dns_why(dns));
	else if (r == DNS_OK && strcmp(mx->list[0].text, ".") == 0)
		findings_add(out, FOUND_FAIL, "mx", xstrdup(next), "%s says that it takes no mail (MX 0 .): no reply and no bounce can come back", domain);
	else if (r == DNS_OK) {
		enum dns h = dns_host(dns, mx->list[0].text, &a);

		if (h == DNS_NONE)
			findings_add(out, FOUND_WARN, "mx", xasprintf("mend MX %s", domain), "mail to %s goes to %s, which has no address", domain, mx->list[0].text);
		else if (h == DNS_UNKNOWN)
			findings_add(out, FOUND_UNKNOWN, "mx", NULL, "%s: %s", mx->list[0].text, dns_why(dns));
		else
			findings_add(out, FOUND_OK, "mx", NULL, "%s: %s%s", domain, mx->list[0].text, mx->n > 1 ? " and others" : "");
		dns_answer_clear(&a);
	} else {
		enum dns h = dns_host(dns, domain, &a);

		if (h == DNS_UNKNOWN)
			findings_add(out, FOUND_UNKNOWN, "mx", NULL, "%s: %s", domain, dns_why(dns));
		else if (h == DNS_NONE)
			findings_add(out, FOUND_FAIL, "mx", xstrdup(next), "%s takes no mail: it has neither MX nor address, so no reply and no bounce can come back", domain);
		else
			findings_add(out, FOUND_WARN, "mx", xstrdup(next), "%s has no MX; mail to it goes to the address of the name itself", domain);
		dns_answer_clear(&a);
	}
	free(next);
}

/* Does one of the names that the address has lead back to it? */
static enum dns
confirmed(struct resolver *dns, const char *address, const struct dns_answer *names)
{
	enum dns all = DNS_NONE;

	for (size_t i = 0; i < names->n && i < ADDRESSES_MAX && all != DNS_OK; i++) {
		struct dns_answer back;
		enum dns r = dns_host(dns, names->list[i].text, &back);

		if (r == DNS_UNKNOWN)
			all = DNS_UNKNOWN;
		for (size_t k = 0; k < back.n; k++)
			if (strcmp(back.list[k].text, address) == 0)
				all = DNS_OK;
		dns_answer_clear(&back);
	}
	return all;
}

static void
check_address(struct resolver *dns, const char *host, const char *address, struct findings *out)
{
	struct dns_answer names;
	enum dns r = dns_ptr(dns, address, &names), c = DNS_OK;

	if (r == DNS_NONE)
		findings_add(out, FOUND_WARN, "reverse", xasprintf("let who gave you %s name it %s (PTR)", address, host),
		    "%s of %s has no name: big receivers refuse mail that comes from it", address, host);
	else if (r == DNS_OK && (c = confirmed(dns, address, &names)) == DNS_NONE)
		findings_add(out, FOUND_WARN, "reverse", xasprintf("let the PTR of %s be %s", address, host),
		    "%s of %s is called %s, which doesn't lead back to it", address, host, names.list[0].text);
	else if (r == DNS_UNKNOWN || c == DNS_UNKNOWN)
		findings_add(out, FOUND_UNKNOWN, "reverse", NULL, "%s: %s", address, dns_why(dns));
	else
		findings_add(out, FOUND_OK, "reverse", NULL, "%s is %s, and back", address, names.list[0].text);
	dns_answer_clear(&names);
}

/* The sending host, where it is ours to name: under the domain itself. A provider's is the provider's to keep in order. */
static void
check_reverse(struct resolver *dns, const char *domain, const char *host, struct findings *out)
{
	char ours[MAILBOX_ORG_SIZE], theirs[MAILBOX_ORG_SIZE];
	struct dns_answer a;
	enum dns r;

	mailbox_org(domain, ours);
	mailbox_org(host, theirs);
	if (strcmp(ours, theirs) != 0)
		return;
	r = dns_host(dns, host, &a);
	if (r == DNS_UNKNOWN)
		findings_add(out, FOUND_UNKNOWN, "reverse", NULL, "%s: %s", host, dns_why(dns));
	for (size_t i = 0; i < a.n && i < ADDRESSES_MAX; i++)
		check_address(dns, host, a.list[i].text, out);
	dns_answer_clear(&a);
}

void
domain_check(struct resolver *dns, const struct domain_asked *asked, struct findings *out)
{
	const char *host = asked->host;
	struct mailhost by = { 0 };
	struct dns_answer mx;
	bool known;
	enum dns r;

	if (!dns_name_ok(asked->domain) || strchr(asked->domain, '.') == NULL) {
		findings_add(out, FOUND_FAIL, "mx", NULL, "'%.100s' is no domain's name (one with other letters is written as xn--...)", asked->domain);
		return;
	}
	r = dns_mx(dns, asked->domain, &mx);
	known = host != NULL ? mailhost_server(asked->domain, host, &by) : r == DNS_OK && mailhost_mx(mx.list[0].text, &by);
	if (host == NULL && r == DNS_OK)
		host = mx.list[0].text;
	domain_spf(dns, asked->domain, *by.spf != '\0' ? by.spf : NULL, asked->host, out);
	domain_dkim(dns, asked->domain, asked->selectors, by.dkim, out);
	domain_dmarc(dns, asked->domain, out);
	check_mx(dns, asked->domain, r, &mx, out);
	if (host != NULL && !known)
		check_reverse(dns, asked->domain, host, out);
	dns_answer_clear(&mx);
}
