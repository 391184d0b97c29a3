/*
 * domain_check.h - what the world reads in the DNS about a domain that mail is from: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489), MX, and the name of
 * our own sending host.  Each finding says what it means and what exactly to add to the zone.  Looks only; stores nothing.
 */
#ifndef LP_ACCOUNT_DOMAIN_CHECK_H
#define LP_ACCOUNT_DOMAIN_CHECK_H

#include <stddef.h>

#include "net/dns.h"

enum finding_state {
	FOUND_OK,
	FOUND_WARN,       /* mail leaves, but fares worse than it could */
	FOUND_FAIL,       /* to be mended before anything is sent */
	FOUND_UNKNOWN     /* it couldn't be looked up now: says nothing about the domain */
};

struct finding {
	enum finding_state state;
	enum lp_kind kind;      /* of FAIL and UNKNOWN: what a program ends with */
	const char *check;      /* "spf", "dkim", "dmarc", "mx", "reverse" */
	char *text, *next;      /* one line each; next is what to do, NULL where there is nothing */
};

struct findings {
	struct finding *list;
	size_t n;
};
void findings_clear(struct findings *);
void findings_add(struct findings *, enum finding_state, const char *check, char *next, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* findings_err: what failed with an error: unknown where it may pass (LP_TEMP), else a failure. */
void findings_err(struct findings *, const char *check, const struct lp_err *);
/* findings_status(f): LP_OK, or that of the first that failed, else of the first that is unknown. */
enum lp_kind findings_status(const struct findings *);

struct domain_asked {
	const char *domain;
	const char *selectors;  /* of DKIM, with commas between them; NULL: the usual ones are tried */
	const char *host;       /* where the account hands its mail in; NULL: told by the domain's MX, where that says it */
};

/* domain_check(dns, asked, out): adds what is found, in the order above. What the domain's words say goes into a text as printable ASCII, cut. */
void domain_check(struct resolver *, const struct domain_asked *, struct findings *out);

#endif
