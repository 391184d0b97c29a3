/* account_received.c - a message of ours as its receiver saw it: is it signed, is it from where it may come from, and does that fit its From? */
#include "account/account_test.h"

#include <string.h>

#include "base/mem.h"
#include "mail/authres.h"

static bool
passed(const char *result, bool aligned)
{
	return strcmp(result, "pass") == 0 && aligned;
}

static const char *
said(const char *result)
{
	return *result != '\0' ? result : "not said";
}

/* One of the two is enough for DMARC and for Gmail; Outlook wants both. */
static void
say_dkim(const struct mail_auth *a, const char *from, struct findings *out)
{
	enum finding_state bad = passed(a->spf, a->spf_aligned) ? FOUND_WARN : FOUND_FAIL;

	if (passed(a->dkim, a->dkim_aligned))
		findings_add(out, FOUND_OK, "dkim", NULL, "pass: signed by %s%s%s, which fits From", a->dkim_domain, *a->selector != '\0' ? ", selector " : "", a->selector);
	else if (strcmp(a->dkim, "pass") == 0)
		findings_add(out, bad, "dkim", xasprintf("let the server sign as %s", from), "signed by %s, which doesn't fit From (%s)", a->dkim_domain, from);
	else if (!a->signature)
		findings_add(out, bad, "dkim", xstrdup("switch DKIM on at the server or provider"), "the message isn't signed");
	else
		findings_add(out, bad, "dkim", xasprintf("lp-doctor --selector %s %s", *a->selector != '\0' ? a->selector : "NAME", from),
		    "the signature by %s: %s", a->sign_domain, said(a->dkim));
}

static void
say_spf(const struct mail_auth *a, const char *from, struct findings *out)
{
	enum finding_state bad = passed(a->dkim, a->dkim_aligned) ? FOUND_WARN : FOUND_FAIL;
	const char *result = *a->spf != '\0' ? a->spf : a->received_spf;

	if (passed(a->spf, a->spf_aligned))
		findings_add(out, FOUND_OK, "spf", NULL, "pass: for %s, which fits From", a->spf_domain);
	else if (strcmp(a->spf, "pass") == 0)
		findings_add(out, bad, "spf", xasprintf("let bounces go to an address at %s", from), "pass, but for %s, which doesn't fit From (%s)", a->spf_domain, from);
	else
		findings_add(out, bad, "spf", xasprintf("lp-doctor %s", from), "%s", said(result));
}

void
account_received(const char *header, size_t len, const char *from, struct findings *out)
{
	struct mail_auth a;

	mail_auth(header, len, from, &a);
	if (*a.by == '\0') {
		findings_add(out, FOUND_WARN, "dkim", xstrdup("lp-accounts test --to an address at another provider, as Gmail"),
		    "the receiving server doesn't say what it found (no Authentication-Results)%s%s", *a.received_spf != '\0' ? "; Received-SPF: " : "", a.received_spf);
		if (a.signature)
			findings_add(out, FOUND_OK, "dkim", NULL, "there is a signature by %s, selector %s", a.sign_domain, a.selector);
	} else {
		say_dkim(&a, from, out);
		say_spf(&a, from, out);
		if (strcmp(a.dmarc, "pass") == 0)
			findings_add(out, FOUND_OK, "dmarc", NULL, "pass, says %s", a.by);
		else
			findings_add(out, strcmp(a.dmarc, "fail") == 0 ? FOUND_FAIL : FOUND_WARN, "dmarc", xasprintf("lp-doctor %s", from), "%s", said(a.dmarc));
	}
	if (a.signature && (a.unsubscribe || a.post)) {
		if (a.covers_unsubscribe)
			findings_add(out, FOUND_OK, "unsubscribe", NULL, "the signature covers List-Unsubscribe%s", a.post ? " and List-Unsubscribe-Post" : "");
		else
			findings_add(out, FOUND_FAIL, "unsubscribe", xstrdup("let the server sign List-Unsubscribe and List-Unsubscribe-Post too"),
			    "the signature doesn't cover List-Unsubscribe%s (RFC 8058): no button to unsubscribe is shown", a.post ? " and List-Unsubscribe-Post" : "");
	}
}
