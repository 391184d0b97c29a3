/*
 * template.h - texts with merge fields: {{first_name}}, {{first_name|there}}, {{custom.shop_system}}, and, only where switched on,
 * spintax: {Hi|Hello}, nestable.  Pure: no clock, no database.
 *
 * A value is data: it is never read as a template again.  What can't be filled and has no fallback makes rendering fail, by name; half
 * filled text never comes out.  All choices hang on the seed and the lead, so the same lead always reads the same text.
 *
 * \{ \} and \| are the characters themselves.  A single {word} without spintax is refused: it is a slip for {{word}} that would be sent bare.
 */
#ifndef LP_CAMPAIGN_TEMPLATE_H
#define LP_CAMPAIGN_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

#define TEMPLATE_MAX ((size_t)256 << 10)  /* bytes, of a template and of what comes out */
#define TEMPLATE_NAME_MAX 80              /* bytes of a field's name */
#define TEMPLATE_DEPTH 16                 /* nested spintax */

struct template;

/* template_compile(text, spintax, err): NULL with LP_DATA "LINE:COLUMN: what is wrong", from 1, columns in characters. */
struct template *template_compile(const char *text, bool spintax, struct lp_err *);
void template_free(struct template *);

/* Every place that a merge field is used at, in the text's order; belongs to the template. */
struct template_use {
	const char *field;
	bool fallback;          /* has text for the case that there is no value */
	int line, col;
};
size_t template_uses(const struct template *, const struct template_use **);
/* template_spins(t): how many groups of alternatives it has. */
size_t template_spins(const struct template *);

/* The value of a field, valid until the next call; NULL or blank where there is none. */
typedef const char *template_lookup(void *ctx, const char *field);

struct template_choice {
	const char *seed;       /* the file's (db_seed) */
	const char *what;       /* what is chosen: campaign, step, variant, part */
	int64_t lead;
};

enum template_shape {
	TEMPLATE_LINE,          /* a subject: values come out on one line */
	TEMPLATE_TEXT           /* a body: values keep their line feeds and tabs; no other control characters */
};

/*
 * template_render(t, lookup, ctx, choice, shape, out, err): append to `out`. 0, or -1 with `out` as it was: LP_DATA that names every
 * field without a value and fallback on the path chosen, or text longer than TEMPLATE_MAX.
 */
int template_render(const struct template *, template_lookup *, void *ctx, const struct template_choice *, enum template_shape,
    struct buf *out, struct lp_err *);

/* template_pick(choice, weights, n): which of n variants, by weight (none negative); the first where all are 0. */
size_t template_pick(const struct template_choice *, const int64_t *weights, size_t n);

#endif
