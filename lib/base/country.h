/*
 * country.h - what a lead list means by "Germany", "DE" or "+49": names, ISO 3166 codes, calling codes.
 */
#ifndef LP_BASE_COUNTRY_H
#define LP_BASE_COUNTRY_H

struct country {
	char code[3];              /* ISO 3166-1 alpha-2 */
	const char *calling;       /* without the plus */
	const char *trunk;         /* the prefix that is dialled within the country and dropped abroad; "" where there is none */
	const char *names;         /* lower case, separated by '|'; the first is the English name */
};

/* country_find(text): by alpha-2 code or any of its names, without regard to case; NULL where it isn't known. */
const struct country *country_find(const char *);

/* country_of_phone(e164): by its calling code, the longest; NULL where none is known, or several countries share it. country_of_domain(domain): by its last
 * label, where that is a country's and means one (.io, .co, .me and their like don't); NULL. */
const struct country *country_of_phone(const char *);
const struct country *country_of_domain(const char *);

#endif
