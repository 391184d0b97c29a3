/*
 * yaml.h - a YAML 1.1 document (libyaml) as a tree that remembers where each node stood, so that every refusal can say FILE:LINE:COLUMN.
 *
 * Refused with LP_DATA: more than one document, anchors, aliases and tags (a file that grows when it is read), duplicate keys,
 * non-scalar keys, nesting over 32, over 250,000 values, files over 4 MB, invalid UTF-8, NUL.
 */
#ifndef LP_BASE_YAML_H
#define LP_BASE_YAML_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum ykind { Y_SCALAR, Y_SEQ, Y_MAP };

struct ynode {
	enum ykind kind;
	int line, col;              /* from 1 */
	int key_line, key_col;      /* of a map's member: where its key stands */
	bool quoted;                /* a quoted or block scalar is always a string */
	char *key;                  /* of a map's member; NULL else */
	char *s;                    /* Y_SCALAR: its text */
	struct ynode **kids;        /* Y_SEQ, Y_MAP: in document order */
	size_t nkids;
};

struct ydoc {
	char *name;                 /* the file's name for messages */
	struct ynode *root;         /* NULL for an empty file */
};

/* yaml_load(path, err): "-" is standard input. LP_NOINPUT where it can't be read. */
struct ydoc *yaml_load(const char *path, struct lp_err *);
struct ydoc *yaml_parse(const char *text, size_t n, const char *name, struct lp_err *);
void ydoc_free(struct ydoc *);   /* not yaml_free: libyaml exports that name, and would call ours */

struct ynode *yaml_get(const struct ynode *map, const char *key);           /* NULL where missing or not a map */

/* yaml_fail(doc, node, err, fmt, ...): LP_DATA "FILE:LINE:COLUMN: message". Returns -1. */
int yaml_fail(const struct ydoc *, const struct ynode *, struct lp_err *, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* yaml_only(doc, map, allowed, err): every key is one of a NULL-terminated list, else "unknown key 'foo' (did you mean 'for'?)". */
int yaml_only(const struct ydoc *, const struct ynode *map, const char *const *allowed, struct lp_err *);

/* Typed readers: 0, or -1 with the place. A NULL node leaves *out as it was; a key without a value is refused ("" is empty text).
 * Quoted scalars are text and nothing else. */
int yaml_str(const struct ydoc *, const struct ynode *, const char **out, struct lp_err *);   /* belongs to the tree */
int yaml_int(const struct ydoc *, const struct ynode *, int64_t least, int64_t most, int64_t *out, struct lp_err *);
int yaml_bool(const struct ydoc *, const struct ynode *, bool *out, struct lp_err *);          /* true false yes no on off */

/* yaml_json(node): plain scalars become numbers, booleans and null as in YAML 1.2's core schema (but what starts with + or 0, as
 * telephone numbers and postcodes do, hexadecimal and what doesn't fit a double exactly stays text); quoted ones stay strings.
 * NULL gives null. The caller frees. */
cJSON *yaml_json(const struct ynode *);

/* yaml_emit_str(s): a scalar as YAML text that reads back as the same string: plain where that is safe, else double-quoted, or a
 * literal block ("|") at `indent` where it has newlines (the caller writes the newline after it). With
 * indent 0 also safe as a key and inside [ ] and { }, and always one line. The caller frees. */
char *yaml_emit_str(const char *s, int indent);

#endif
