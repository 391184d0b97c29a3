/*
 * idna.h - an internationalised domain as the DNS and every mail server know it: "münchen.example" is "xn--mnchen-3ya.example" (RFC 5891).
 */
#ifndef LP_BASE_IDNA_H
#define LP_BASE_IDNA_H

/* idna_ascii(domain): in A-labels and lower case, of UTF-8; of ASCII in lower case as it is. NULL where no name can be so, or libidn2 (which comes with libcurl) isn't
 * there. The caller frees. */
char *idna_ascii(const char *domain);

#endif
