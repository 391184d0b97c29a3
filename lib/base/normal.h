/*
 * normal.h - one spelling for what names a person or a company: the same address, number or profile is found again however a list wrote it,
 * and nothing that could break a header or a page gets past.
 *
 * Input is UTF-8.  Functions that return char * give memory that the caller frees.
 */
#ifndef LP_BASE_NORMAL_H
#define LP_BASE_NORMAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define NORMAL_PHONE_SIZE 17 /* '+', 15 digits, NUL */
#define NORMAL_EMAIL_MAX 254 /* bytes: RFC 5321 */

/* normal_text(s): one line: control characters and line ends become spaces, runs of white space (Unicode's too) one space, none at the ends;
 * invisible formatting characters (direction marks, zero width spaces, tag characters) are taken out. Nothing else is touched: no change of case. */
char *normal_text(const char *);

/* normal_block(s): the same for text of several lines: line feeds and tabs stay. */
char *normal_block(const char *);

/*
 * normal_email(s, err): one address as it is stored, compared and hashed: trimmed, all in lower case.  NULL with LP_DATA where it isn't exactly
 * one address that can stand in a header: spaces, controls and line ends, more than one '@', a comma, a display name, quoted local parts, a
 * domain without a dot or with bad labels, lengths over RFC 5321's. An internationalised domain becomes what the DNS knows (idna.h), so
 * that one address has one spelling; a local part may be UTF-8.
 */
char *normal_email(const char *, struct lp_err *);

/* normal_domain(s, err): the host of a web address or a bare domain, in lower case, without "www."; NULL with LP_DATA where it isn't one. */
char *normal_domain(const char *, struct lp_err *);

/*
 * normal_phone(s, country, out): true and E.164 in `out` where the number begins with + or 00, or `country` (a code or a name, may be NULL) is
 * known.  False where it isn't certain whose number it is (no country, an extension, letters): then it can be shown and is no key.
 */
bool normal_phone(const char *, const char *country, char out[NORMAL_PHONE_SIZE]);

/* normal_linkedin(s): a person's profile as "https://www.linkedin.com/in/slug", or NULL where it is no such address. */
char *normal_linkedin(const char *);

/* normal_company_key(s): the company's name without case, punctuation and legal form ("Globex GmbH & Co. KG" is "globex"); "" where nothing is left. */
char *normal_company_key(const char *);

/* normal_name_split(full, first, last): "Ada Lovelace", "Lovelace, Ada", "Dr. Ada Lovelace, PhD". Either may come out empty; the caller frees both. */
void normal_name_split(const char *, char **first, char **last);

/* normal_employees(s): the least number in "51-200", "10,001+ employees", "1.5K"; -1 where there is none. */
long normal_employees(const char *);

#endif
