/* domain_int.h - between the parts of domain_check.c. */
#ifndef LP_ACCOUNT_DOMAIN_INT_H
#define LP_ACCOUNT_DOMAIN_INT_H

#include "account/domain_check.h"

void domain_spf(struct resolver *, const char *domain, const char *include, const char *host, struct findings *);
void domain_dkim(struct resolver *, const char *domain, const char *selectors, const char *usual, struct findings *);
void domain_dmarc(struct resolver *, const char *domain, struct findings *);

#endif
