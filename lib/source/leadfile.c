#include "source/leadfile.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/id.h"
#include "base/json.h"
#include "source/csv.h"
#include "source/leadrow.h"

struct leadfile {
	struct buf text;
	char *name;
	enum charset charset;
	char delimiter;            /* 0: JSON Lines */
	size_t header_line;
	struct csv_reader *csv;
	struct mapping map;
	size_t at, line;           /* of JSON Lines */
};

static size_t
known(const struct csv_row *row, void *ctx)
{
	(void)ctx;
	return mapping_known(row->field, row->n);
}

/* The header's names, or what to do about a file without one. */
static int
read_header(struct leadfile *f, struct lp_err *err)
{
	struct csv_row row;
	struct lp_err why;
	size_t i;
	int got;

	f->delimiter = csv_delimiter(f->text.s, f->text.len, known, NULL);
	f->csv = csv_open(f->text.s, f->text.len, f->delimiter);
	got = csv_header(f->csv, known, NULL, &row, &why);
	if (got == 0)
		return lp_fail(err, LP_DATA, "%s: no rows", f->name);
	if (got == -1)
		return lp_fail(err, LP_DATA, "%s:%zu: header: %.400s", f->name, row.line, why.msg);
	f->header_line = row.line;
	mapping_make(&f->map, row.field, row.n);
	for (i = 0; i < f->map.n; i++)
		switch (f->map.col[i].field) {
		case LF_EMAIL:
		case LF_LINKEDIN_URL:
		case LF_WEB:
		case LF_PHONE:
			return 0;
		default:
			break;
		}
	return lp_fail(err, LP_DATA, "%s:%zu: no column for an e-mail address, a LinkedIn profile or a phone number in the header '%.100s%s'",
	    f->name, row.line, f->map.n > 0 ? f->map.col[0].header : "", f->map.n > 1 ? "', ..." : "'");
}

struct leadfile *
leadfile_parse(struct buf *text, const char *name, struct lp_err *err)
{
	struct leadfile *f = xcalloc(1, sizeof(*f));
	const char *first;

	f->name = xstrdup(strcmp(name, "-") == 0 ? "stdin" : name);
	f->text = *text;
	*text = (struct buf){ 0 };
	if (f->text.len >= 4 && (memcmp(f->text.s, "PK\3\4", 4) == 0 || memcmp(f->text.s, "\xd0\xcf\x11\xe0", 4) == 0)) {
		lp_fail(err, LP_DATA, "%s: a spreadsheet's own format: save it as CSV first", f->name);
		leadfile_free(f);
		return NULL;
	}
	f->charset = charset_utf8(&f->text);
	first = buf_str(&f->text);
	first += strspn(first, " \t\r\n");
	if (*first == '[')
		lp_fail(err, LP_DATA, "%s: a JSON array: give one object a line, as jq -c '.[]' writes them", f->name);
	else if (*first == '{' || read_header(f, err) == 0)
		return f;
	leadfile_free(f);
	return NULL;
}

struct leadfile *
leadfile_read(int fd, const char *name, struct lp_err *err)
{
	struct buf b = { 0 };
	struct leadfile *f;
	ssize_t n;

	for (;;) {
		buf_reserve(&b, 65536);
		n = read(fd, b.s + b.len, 65536);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		b.len += (size_t)n;
		b.s[b.len] = '\0';
		if (b.len > LEADFILE_MAX)
			break;
	}
	if (n == 0)
		f = leadfile_parse(&b, name, err);
	else {
		f = NULL;
		if (n == -1)
			lp_fail_errno(err, errno, "%s", name);
		else
			lp_fail(err, LP_DATA, "%s: larger than %zu MB: split it", name, LEADFILE_MAX >> 20);
	}
	buf_free(&b);
	return f;
}

void
leadfile_free(struct leadfile *f)
{
	if (f == NULL)
		return;
	csv_close(f->csv);
	mapping_clear(&f->map);
	buf_free(&f->text);
	free(f->name);
	free(f);
}

const char *
leadfile_name(const struct leadfile *f)
{
	return f->name;
}

char *
leadfile_what(const struct leadfile *f)
{
	const char *by = f->delimiter == '\t' ? "tabs" : f->delimiter == ';' ? "semicolons" : f->delimiter == ',' ? "commas" : "bars";

	if (f->csv == NULL)
		return xasprintf("JSON Lines, %s", charset_name(f->charset));
	return xasprintf("CSV, %s, separated by %s, header in line %zu", charset_name(f->charset), by, f->header_line);
}

const struct mapping *
leadfile_mapping(const struct leadfile *f)
{
	return &f->map;
}

/* The members of an object as a header and its cells. */
struct cells {
	char **name, **value;
	bool *custom;              /* not one of our fields, whatever its name */
	size_t n;
};

static void
add_cell(struct cells *c, char *name, char *value, bool custom)
{
	c->name = xrealloc(c->name, (c->n + 1) * sizeof(*c->name));
	c->value = xrealloc(c->value, (c->n + 1) * sizeof(*c->value));
	c->custom = xrealloc(c->custom, (c->n + 1) * sizeof(*c->custom));
	c->name[c->n] = name;
	c->custom[c->n] = custom;
	c->value[c->n++] = value;
}

static void
free_cells(struct cells *c)
{
	while (c->n > 0) {
		free(c->name[--c->n]);
		free(c->value[c->n]);
	}
	free(c->name);
	free(c->value);
	free(c->custom);
}

/* What `lp-leads export` says of a row beyond the lead: not read back in. */
static bool
ours(const cJSON *o, const char *name)
{
	static const char *const names[] = { "id", "uuid", "person", "status", "status_reason", "version", "company_key", "source_at", "contacted_at",
		"created_at", "updated_at" };
	const char *id = json_str(o, "id");
	size_t i;

	if (id == NULL || lp_handle_kind(id) != 'l' || json_str(o, "uuid") == NULL)
		return false;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* ["a@x.example","b@x.example"] as one cell; NULL where it isn't a list of texts. */
static char *
joined(const cJSON *list)
{
	struct buf b = { 0 };
	const cJSON *v;

	cJSON_ArrayForEach(v, list) {
		if (!cJSON_IsString(v)) {
			buf_free(&b);
			return NULL;
		}
		if (b.len > 0)
			buf_puts(&b, " ::: ");
		buf_puts(&b, v->valuestring);
	}
	return buf_steal(&b);
}

/* A list can be several addresses or numbers, and nothing else of ours. */
static bool
several(const char *name)
{
	static const char *const names[] = { "email", "emails", "other_emails", "phone", "phones", "other_phone" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Objects within are flattened, {"company":{"name":...}} to "company name"; under "custom" a name is what it is. */
static void
flatten(struct cells *c, const cJSON *o, const cJSON *top, const char *prefix, bool custom)
{
	const cJSON *m;
	char *name, *list;

	cJSON_ArrayForEach(m, o) {
		bool first = o == top && !custom;

		if (cJSON_IsNull(m) || (first && ours(o, m->string)))
			continue;
		if (first && strcmp(m->string, "emails") == 0)
			name = xstrdup("other_emails");
		else if (first && strcmp(m->string, "phones") == 0)
			name = xstrdup("other_phone");
		else
			name = *prefix != '\0' ? xasprintf("%s %s", prefix, m->string) : xstrdup(m->string);
		if (cJSON_IsString(m))
			add_cell(c, name, xstrdup(m->valuestring), custom);
		else if (cJSON_IsObject(m)) {
			bool is_custom = first && strcmp(m->string, "custom") == 0;

			flatten(c, m, top, is_custom ? "" : name, custom || is_custom);
			free(name);
		} else if (cJSON_IsArray(m) && (list = joined(m)) != NULL)
			add_cell(c, name, list, custom || !several(name));
		else
			add_cell(c, name, json_print(m), custom || cJSON_IsArray(m));
	}
}

static int
from_object(struct leadfile *f, const cJSON *o, struct lead_row *row, struct lp_err *err)
{
	struct cells c = { 0 };
	size_t i;
	int r;

	flatten(&c, o, o, "", false);
	if (c.n > CSV_MAX_FIELDS)
		r = lp_fail(err, LP_DATA, "more than %zu members", CSV_MAX_FIELDS);
	else {
		mapping_clear(&f->map);
		mapping_make(&f->map, c.name, c.n);
		for (i = 0; i < c.n; i++)
			if (c.custom[i])
				f->map.col[i].field = LF_CUSTOM;
		r = leadrow_make(&f->map, c.value, c.n, row, err);
	}
	free_cells(&c);
	return r;
}

static int
next_json(struct leadfile *f, struct lead_row *row, struct lp_err *err)
{
	const char *s, *nl;
	size_t n;
	cJSON *o;
	int r;

	for (;;) {
		if (f->at >= f->text.len)
			return 0;
		s = f->text.s + f->at;
		nl = memchr(s, '\n', f->text.len - f->at);
		n = nl != NULL ? (size_t)(nl - s) : f->text.len - f->at;
		f->at += n + 1;
		row->line = ++f->line;
		if (strspn(s, " \t\r") < n)
			break;
	}
	if (n > JSONL_MAX_LINE)
		return lp_fail(err, LP_DATA, "line longer than %zu bytes", JSONL_MAX_LINE);
	if ((o = json_object(s, n, err)) == NULL)
		return -1;
	r = from_object(f, o, row, err);
	cJSON_Delete(o);
	return r == 0 ? 1 : -1;
}

int
leadfile_next(struct leadfile *f, struct lead_row *row, struct lp_err *err)
{
	struct csv_row cells;
	size_t i;
	int got;

	row->lead = NULL;
	row->opt_out = NULL;
	if (f->csv == NULL)
		return next_json(f, row, err);
	for (;;) {
		got = csv_next(f->csv, &cells, err);
		row->line = cells.line;
		if (got != 1)
			return got;
		for (i = 0; i < cells.n && cells.field[i][strspn(cells.field[i], " \t\r\n")] == '\0'; i++)
			;
		if (i < cells.n)
			break; /* spreadsheets write empty rows below the last */
	}
	if (cells.n > f->map.n) {
		for (i = f->map.n; i < cells.n && cells.field[i][0] == '\0'; i++)
			;
		if (i < cells.n)
			return lp_fail(err, LP_DATA, "%zu cells under a header of %zu: an unquoted separator, perhaps", cells.n, f->map.n);
	}
	return leadrow_make(&f->map, cells.field, cells.n, row, err) == 0 ? 1 : -1;
}
