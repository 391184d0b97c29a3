/* domain_int.h - between the parts of domain_check.c. */
#ifndef LP_ACCOUNT_DOMAIN_INT_H
#define LP_ACCOUNT_DOMAIN_INT_H

#include <stdbool.h>

#include "account/domain_check.h"

/* One of the big providers of company mail. */
struct domain_host {
	const char *suffix;     /* of the host that takes mail in, or of the MX */
	const char *include;    /* its SPF */
	const char *selectors;  /* those its instructions name; "" for none */
};

void domain_spf(struct resolver *, const char *domain, const char *include, const char *host, struct findings *);
void domain_dkim(struct resolver *, const char *domain, const char *selectors, const char *usual, struct findings *);
void domain_dmarc(struct resolver *, const char *domain, struct findings *);

#endif
