/*
 * suppressions.h - whom nothing is ever sent.  Kept by salted hash, so that it outlives the erasure of what it is about.
 *
 * Kinds: "email", "phone", "linkedin", and "domain", which covers its subdomains.  Values are normalised (base/normal.h).
 * Nothing here commits: the caller holds a transaction.
 */
#ifndef LP_STORE_SUPPRESSIONS_H
#define LP_STORE_SUPPRESSIONS_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

struct suppression_hit {
	char kind[12];                  /* of the suppression that hit */
	char reason[256];
	char since[LP_ISO_SIZE];
};

/*
 * suppressions_hit(db, person, address, hit, err): may this person be written to?  The one question, asked in the transaction that reserves.
 * 1: no, and *hit (may be NULL) says why; 0: nothing is against it; -1.
 *
 * It looks at the person as such, at every address they are known by (an e-mail address also without its "+tag"), at the domains of those addresses
 * and of their companies with every parent domain, and at `address`: an e-mail address, a number in E.164 or a LinkedIn profile, normalised; NULL for none.  `person` 0 asks about
 * the address alone.
 */
int suppressions_hit(struct lp_db *, int64_t person, const char *address, struct suppression_hit *, struct lp_err *);

/*
 * suppressions_add(db, kind, value, person, reason, source, err): from now on; also every other address of `person` (0: whoever is known by the
 * value, if anybody).  The person's leads become suppressed, their enrolments stop, and
 * (but for a bounce) what they had consented to is withdrawn.  Source: hand, import, reply, bounce, complaint, forget.
 * 1 new, 0 it was there already (the first reason stays), -1.  Logged, without the address: the log outlives the person's data.
 */
int suppressions_add(struct lp_db *, const char *kind, const char *value, int64_t person, const char *reason, const char *source,
    struct lp_err *);

/*
 * suppressions_remove(db, kind, value, reason, err): 1 removed, 0 there was none, -1.  With an address of a person, what hangs on that person
 * goes with it; leads against which nothing is left become active again (their enrolments stay stopped).  Logged.
 */
int suppressions_remove(struct lp_db *, const char *kind, const char *value, const char *reason, struct lp_err *);

/* suppressions_parse(text, &kind, err): what a person typed, normalised, and its kind: an e-mail address, a full phone number, a LinkedIn profile,
 * else a domain ("@acme.example" too). The caller frees. NULL with LP_DATA. */
char *suppressions_parse(const char *, const char **kind, struct lp_err *);

/* suppressions_list(db, err): all of them, oldest first: kind, value (missing after `forget`), reason, source, created_at. */
cJSON *suppressions_list(struct lp_db *, struct lp_err *);

/* suppressions_kind(address): "email", "phone", "linkedin" or "domain", by how a normalised value looks. */
const char *suppressions_kind(const char *);

#endif
