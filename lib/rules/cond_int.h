/*
 * cond_int.h - what cond_compile.c, cond_eval.c and cond_explain.c share. Not for others.
 */
#ifndef LP_RULES_COND_INT_H
#define LP_RULES_COND_INT_H

#include <regex.h>
#include <stdbool.h>

#include "base/mem.h"
#include "rules/cond.h"

enum { COND_MAX_PATH = 256 };

enum cop { C_AND, C_OR, C_NOT, C_EQUALS, C_IN, C_ALL, C_CONTAINS, C_STARTS, C_ENDS, C_MATCHES, C_GREATER, C_LESS, C_BETWEEN,
	C_EXISTS, C_OLDER };

enum ctype { V_NULL, V_BOOL, V_NUM, V_STR };

struct cval {                   /* a wanted value, ready to be compared */
	enum ctype type;
	double num;             /* V_NUM; V_BOOL as 0 or 1 */
	char *s;                /* V_STR: as it is, or folded for the text operators */
	size_t len;
};

struct cond {
	enum cop op;
	bool neg;               /* not_equals, not_in, ... and at_least, at_most over less, greater */
	bool is_time;           /* greater, less, between: instants in ms, not numbers */
	const char *name;       /* the operator as written */
	int slot;               /* of the leaf's field */
	struct cval *vals;
	size_t nvals;
	double low, high;       /* greater: low; less: high; between: both; older: low is the age in ms */
	regex_t re;             /* C_MATCHES */
	bool re_ok;
	struct cond **kids;
	size_t nkids;
	unsigned roots;
	cJSON *json;            /* a copy of this part as given */
	cJSON *list;            /* leaf: the wanted values where "$name" was written; else NULL */
};

struct field {
	char *path;
	size_t len;
	uint64_t hash;
	bool undocumented;
};

struct condset {
	cJSON *lists;
	struct field *fields;   /* one a slot; slot 0 is time.iso, for older_than */
	size_t nfields, cap;
	int *table;             /* open addressing: slot + 1, 0 is empty */
	size_t mask;
	bool has_index;         /* some path goes through a list */
	struct cond **all;      /* roots, to free */
	size_t nall;
};

struct fact {
	uint64_t gen;           /* equal to facts.gen: v is of this situation */
	const cJSON *v;
	struct buf fold;        /* v folded, where it is a string and was asked for */
	bool folded;
};

struct facts {
	const struct condset *set;
	struct fact *slots;
	size_t nslots;
	uint64_t gen;
	char path[COND_MAX_PATH]; /* while walking */
	struct buf scratch;     /* an element folded */
	int64_t now, given_now;
	bool now_known;
};

/* Compiling. */
enum want { W_NONE, W_ONE, W_LIST, W_TEXT, W_PATTERN, W_NUMBER, W_PAIR, W_AGE, W_KIDS, W_KID };

struct opdef {
	const char *name;
	enum cop op;
	bool neg;
	enum want want;
};

struct comp {
	struct condset *set;
	unsigned flags;
	size_t nodes;
	struct lp_err *err;
};

const char *cond_list_name(const cJSON *);      /* the name behind "$name"; NULL where the text is just text ("$100") */
int cond_take_value(struct comp *, struct cond *, const struct opdef *, const cJSON *value);

#define PATH_HASH UINT64_C(0xcbf29ce484222325)
static inline uint64_t
path_hash(uint64_t h, const char *s, size_t n)
{
	while (n-- > 0)
		h = (h ^ (unsigned char)*s++) * UINT64_C(0x100000001b3);
	return h;
}

/* Why a leaf is as it is, for the trace. */
enum cnote { N_NONE, N_MISSING, N_NOT_NUMBER, N_NOT_TIME, N_NOT_TEXT };

enum tri cond_leaf(const struct cond *, struct facts *, enum cnote *);
const cJSON *cond_actual(const struct cond *, const struct facts *);   /* NULL where missing */

/* cond_number(v, &d): a number, a string that is one, or true (1) and false (0), as JavaScript's Number() but for what is no number. */
bool cond_number(const cJSON *, double *);
bool cond_time(const cJSON *, double *ms);

#endif
