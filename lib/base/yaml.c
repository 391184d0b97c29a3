#include "base/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

#include "base/json.h"
#include "base/mem.h"

#define MAX_BYTES ((size_t)4 << 20)
#define MAX_DEPTH 32
#define MAX_NODES 250000 /* four megabytes of "[,,,," would else cost hundreds in memory */

/* ---- reading: events into a tree */

struct reader {
	yaml_parser_t p;
	struct ydoc *doc;
	size_t nodes;
	struct lp_err *err;
};

static int
fail_at(const struct ydoc *doc, size_t line, size_t col, struct lp_err *err, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

static int
fail_at(const struct ydoc *doc, size_t line, size_t col, struct lp_err *err, const char *fmt, ...)
{
	struct buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	lp_fail(err, LP_DATA, "%s:%zu:%zu: %s", doc->name, line, col, buf_str(&b));
	buf_free(&b);
	return -1;
}

static int
fail_mark(struct reader *r, yaml_mark_t m, const char *what)
{
	return fail_at(r->doc, m.line + 1, m.column + 1, r->err, "%s", what);
}

/* libyaml's own words, and a hint where they don't say what to do. */
static int
fail_parser(struct reader *r)
{
	const char *what = r->p.problem != NULL ? r->p.problem : "not YAML", *hint = "";

	if (strstr(what, "cannot start any token") != NULL)
		hint = " (a tab can't indent; a value that starts with @, ` or % needs quotes)";
	else if (strstr(what, "mapping values are not allowed") != NULL)
		hint = " (is the indentation right? a value with ': ' in it needs quotes)";
	else if (strstr(what, "flow mapping") != NULL || strstr(what, "',' or '}'") != NULL)
		hint = " (a value that starts with '{' needs quotes)";
	return fail_at(
	    r->doc, r->p.problem_mark.line + 1, r->p.problem_mark.column + 1, r->err, "%s%s", what, hint);
}

/* 0 and an event that the caller deletes, or -1. */
static int
next_event(struct reader *r, yaml_event_t *ev)
{
	return yaml_parser_parse(&r->p, ev) ? 0 : fail_parser(r);
}

static void
node_free(struct ynode *n)
{
	size_t i;

	if (n == NULL)
		return;
	for (i = 0; i < n->nkids; i++)
		node_free(n->kids[i]);
	free(n->kids);
	free(n->key);
	free(n->s);
	free(n);
}

static void
node_add(struct ynode *n, struct ynode *kid)
{
	if ((n->nkids & (n->nkids - 1)) == 0) /* full at each power of two */
		n->kids = xrealloc(n->kids, (n->nkids > 0 ? 2 * n->nkids : 1) * sizeof(*n->kids));
	n->kids[n->nkids++] = kid;
}

static int
by_key(const void *a, const void *b)
{
	const struct ynode *x = *(struct ynode *const *)a, *y = *(struct ynode *const *)b;
	int r = strcmp(x->key, y->key);

	if (r != 0)
		return r;
	return x->line != y->line ? (x->line < y->line ? -1 : 1) : (x->col > y->col) - (x->col < y->col);
}

/* The last of two equal keys would silently win: a limit set twice must not be a guess. */
static int
refuse_duplicates(struct reader *r, const struct ynode *map)
{
	struct ynode **sorted;
	size_t i;
	int rc = 0;

	if (map->nkids < 2)
		return 0;
	sorted = xmalloc(map->nkids * sizeof(*sorted));
	memcpy(sorted, map->kids, map->nkids * sizeof(*sorted));
	qsort(sorted, map->nkids, sizeof(*sorted), by_key);
	for (i = 1; i < map->nkids && rc == 0; i++)
		if (strcmp(sorted[i - 1]->key, sorted[i]->key) == 0)
			rc = fail_at(r->doc, (size_t)sorted[i]->key_line, (size_t)sorted[i]->key_col, r->err,
			    "key '%s' is here twice (first in line %d)", sorted[i]->key, sorted[i - 1]->key_line);
	free(sorted);
	return rc;
}

static struct ynode *read_node(struct reader *, yaml_event_t *, int depth);

static int
read_seq(struct reader *r, struct ynode *n, int depth)
{
	yaml_event_t ev;
	struct ynode *kid;

	for (;;) {
		if (next_event(r, &ev) == -1)
			return -1;
		if (ev.type == YAML_SEQUENCE_END_EVENT) {
			yaml_event_delete(&ev);
			return 0;
		}
		if ((kid = read_node(r, &ev, depth + 1)) == NULL)
			return -1;
		node_add(n, kid);
	}
}

static int
read_map(struct reader *r, struct ynode *n, int depth)
{
	yaml_event_t ev;
	struct ynode *kid;
	char *key;
	int line, col;

	for (;;) {
		if (next_event(r, &ev) == -1)
			return -1;
		if (ev.type == YAML_MAPPING_END_EVENT) {
			yaml_event_delete(&ev);
			return refuse_duplicates(r, n);
		}
		if (ev.type != YAML_SCALAR_EVENT) {
			fail_mark(r, ev.start_mark, "a key must be plain text (a value that starts with '{{' needs quotes)");
			yaml_event_delete(&ev);
			return -1;
		}
		if ((kid = read_node(r, &ev, depth + 1)) == NULL)
			return -1;
		key = kid->s;
		kid->s = NULL;
		line = kid->line;
		col = kid->col;
		node_free(kid);
		if (next_event(r, &ev) == -1 || (kid = read_node(r, &ev, depth + 1)) == NULL) {
			free(key);
			return -1;
		}
		kid->key = key;
		kid->key_line = line;
		kid->key_col = col;
		node_add(n, kid);
	}
}

static bool
has_properties(const yaml_event_t *ev)
{
	switch (ev->type) {
	case YAML_SCALAR_EVENT:
		return ev->data.scalar.anchor != NULL || ev->data.scalar.tag != NULL;
	case YAML_SEQUENCE_START_EVENT:
		return ev->data.sequence_start.anchor != NULL || ev->data.sequence_start.tag != NULL;
	case YAML_MAPPING_START_EVENT:
		return ev->data.mapping_start.anchor != NULL || ev->data.mapping_start.tag != NULL;
	default:
		return ev->type == YAML_ALIAS_EVENT;
	}
}

/* Takes the event over. */
static struct ynode *
read_node(struct reader *r, yaml_event_t *ev, int depth)
{
	struct ynode *n = NULL;
	int rc = 0;

	if (has_properties(ev)) {
		fail_mark(r, ev->start_mark, "anchors, aliases and tags (& * !) aren't taken: write the value out, or quote it");
		goto out;
	}
	if (depth > MAX_DEPTH) {
		fail_mark(r, ev->start_mark, "nested deeper than 32");
		goto out;
	}
	if (++r->nodes > MAX_NODES) {
		fail_mark(r, ev->start_mark, "more than 250000 values in one file");
		goto out;
	}
	n = xcalloc(1, sizeof(*n));
	n->line = (int)ev->start_mark.line + 1;
	n->col = (int)ev->start_mark.column + 1;
	switch (ev->type) {
	case YAML_SCALAR_EVENT:
		n->kind = Y_SCALAR;
		n->quoted = ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
		if (memchr(ev->data.scalar.value, '\0', ev->data.scalar.length) != NULL)
			rc = fail_mark(r, ev->start_mark, "NUL character in a string");
		else
			n->s = xstrndup((const char *)ev->data.scalar.value, ev->data.scalar.length);
		break;
	case YAML_SEQUENCE_START_EVENT:
		n->kind = Y_SEQ;
		rc = read_seq(r, n, depth);
		break;
	case YAML_MAPPING_START_EVENT:
		n->kind = Y_MAP;
		rc = read_map(r, n, depth);
		break;
	default:
		rc = fail_mark(r, ev->start_mark, "not understood");
	}
out:
	yaml_event_delete(ev);
	if (rc == -1) {
		node_free(n);
		n = NULL;
	}
	return n;
}

/* STREAM-START [DOCUMENT-START node DOCUMENT-END] STREAM-END */
static int
read_stream(struct reader *r)
{
	yaml_event_t ev;
	int documents = 0;

	for (;;) {
		yaml_event_type_t type;

		if (next_event(r, &ev) == -1)
			return -1;
		type = ev.type;
		if (type == YAML_DOCUMENT_START_EVENT && ++documents > 1) {
			fail_mark(r, ev.start_mark, "a second document ('---'): one file holds one");
			yaml_event_delete(&ev);
			return -1;
		}
		if (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT &&
		    type != YAML_DOCUMENT_END_EVENT && type != YAML_STREAM_END_EVENT) {
			if ((r->doc->root = read_node(r, &ev, 0)) == NULL)
				return -1;
			continue;
		}
		yaml_event_delete(&ev);
		if (type == YAML_STREAM_END_EVENT)
			return 0;
	}
}

/* Where the first byte stands that is no UTF-8: utf8_ok on ever shorter pieces would be quadratic, so line by line. */
static int
check_bytes(const struct ydoc *doc, const char *s, size_t n, struct lp_err *err)
{
	const char *end = s + n, *nl;
	size_t line;

	for (line = 1; s < end; s = nl + 1, line++) {
		if ((nl = memchr(s, '\n', (size_t)(end - s))) == NULL)
			nl = end;
		if (memchr(s, '\0', (size_t)(nl - s)) != NULL)
			return lp_fail(err, LP_DATA, "%s:%zu: NUL byte", doc->name, line);
		if (!utf8_ok(s, (size_t)(nl - s)))
			return lp_fail(err, LP_DATA, "%s:%zu: invalid UTF-8", doc->name, line);
	}
	return 0;
}

struct ydoc *
yaml_parse(const char *text, size_t n, const char *name, struct lp_err *err)
{
	struct reader r = { .err = err };
	int rc;

	r.doc = xcalloc(1, sizeof(*r.doc));
	r.doc->name = xstrdup(strcmp(name, "-") == 0 ? "stdin" : name);
	if (n > MAX_BYTES) {
		lp_fail(err, LP_DATA, "%s: larger than 4 MB", r.doc->name);
		ydoc_free(r.doc);
		return NULL;
	}
	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) { /* a byte order mark, as Windows editors write it */
		text += 3;
		n -= 3;
	}
	if (check_bytes(r.doc, text, n, err) == -1) {
		ydoc_free(r.doc);
		return NULL;
	}
	if (!yaml_parser_initialize(&r.p)) {
		lp_fail(err, LP_TEMP, "out of memory");
		ydoc_free(r.doc);
		return NULL;
	}
	yaml_parser_set_encoding(&r.p, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.p, (const unsigned char *)text, n);
	rc = read_stream(&r);
	yaml_parser_delete(&r.p);
	if (rc == -1) {
		ydoc_free(r.doc);
		return NULL;
	}
	return r.doc;
}

static int
read_fd(int fd, const char *name, struct buf *b, struct lp_err *err)
{
	char chunk[16384];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return lp_fail_errno(err, errno, "%s", name);
		buf_add(b, chunk, (size_t)n);
		if (b->len > MAX_BYTES)
			return lp_fail(err, LP_DATA, "%s: larger than 4 MB", name);
	}
	return 0;
}

struct ydoc *
yaml_load(const char *path, struct lp_err *err)
{
	bool in = strcmp(path, "-") == 0;
	struct ydoc *doc = NULL;
	struct buf b = { 0 };
	int fd = in ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1) {
		lp_fail(err, LP_NOINPUT, "can't read '%s': %s", path, strerror(errno));
		return NULL;
	}
	if (read_fd(fd, in ? "stdin" : path, &b, err) == 0)
		doc = yaml_parse(buf_str(&b), b.len, path, err);
	else if (err != NULL && err->kind == LP_IO) /* a folder, say: read(2) tells, open(2) didn't */
		err->kind = LP_NOINPUT;
	buf_free(&b);
	if (!in)
		close(fd);
	return doc;
}

void
ydoc_free(struct ydoc *doc)
{
	if (doc == NULL)
		return;
	node_free(doc->root);
	free(doc->name);
	free(doc);
}
