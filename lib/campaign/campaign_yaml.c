/* campaign_yaml.c - a definition as text, the difference of two, and the templates in one. */
#include "campaign/campaign_def.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

/* ---- as YAML */

static void
put_str(struct buf *b, const char *lead, const char *key, const char *s, int indent)
{
	char *y = yaml_emit_str(s, indent);

	buf_printf(b, "%s%s: %s\n", lead, key, y);
	free(y);
}

static void
put_list(struct buf *b, const char *lead, const char *key, const cJSON *list)
{
	const cJSON *i;
	char *y;

	buf_printf(b, "%s%s: [", lead, key);
	cJSON_ArrayForEach(i, list) {
		y = yaml_emit_str(i->valuestring, 0);
		buf_printf(b, "%s%s", i != list->child ? ", " : "", y);
		free(y);
	}
	buf_puts(b, "]\n");
}

static bool
list_is(const cJSON *list, const char *const *words, int n)
{
	const cJSON *i;

	if (cJSON_GetArraySize(list) != n)
		return false;
	cJSON_ArrayForEach(i, list)
		if (strcmp(i->valuestring, *words++) != 0)
			return false;
	return true;
}

/* Any value in one line: JSON is YAML, but for strings that a reader of YAML 1.1 takes for something else, and those are quoted. */
static void
put_value(struct buf *b, const cJSON *v)
{
	const cJSON *i;
	char *s;

	if (cJSON_IsArray(v) || cJSON_IsObject(v)) {
		buf_putc(b, cJSON_IsArray(v) ? '[' : '{');
		cJSON_ArrayForEach(i, v) {
			buf_puts(b, i != v->child ? ", " : "");
			if (cJSON_IsObject(v)) {
				s = yaml_emit_str(i->string, 0);
				buf_printf(b, "%s: ", s);
				free(s);
			}
			put_value(b, i);
		}
		buf_putc(b, cJSON_IsArray(v) ? ']' : '}');
		return;
	}
	s = cJSON_IsString(v) ? yaml_emit_str(v->valuestring, 0) : json_print(v);
	buf_puts(b, s);
	free(s);
}

static void
put_hours(struct buf *b, const cJSON *hours)
{
	static const char *const keys[] = { "timezone", "days", "start", "end" };
	size_t i;

	if (hours == NULL)
		return;
	buf_puts(b, "hours:");
	if (hours->child == NULL)
		buf_puts(b, " {}");
	buf_putc(b, '\n');
	for (i = 0; i < 4; i++) {
		const cJSON *v = json_get(hours, keys[i]);

		if (cJSON_IsArray(v))
			put_list(b, "  ", keys[i], v);
		else if (v != NULL)
			put_str(b, "  ", keys[i], v->valuestring, 2);
	}
}

/* In the order of the page, whatever that of the file was: what is equal reads equal. */
static void
put_template(struct buf *b, const char *lead, const cJSON *t)
{
	static const char *const keys[] = { "name", "language", "parameters" };
	const char *between = "";

	if (t == NULL)
		return;
	buf_printf(b, "%stemplate: {", lead);
	for (size_t i = 0; i < 3; i++) {
		const cJSON *v = json_get(t, keys[i]);

		if (v == NULL)
			continue;
		buf_printf(b, "%s%s: ", between, keys[i]);
		put_value(b, v);
		between = ", ";
	}
	buf_puts(b, "}\n");
}

static void
put_texts(struct buf *b, const cJSON *v, const char *lead, int indent)
{
	static const char *const keys[] = { "subject", "body", "brief" };
	size_t i;

	for (i = 0; i < 3; i++)
		if (json_str(v, keys[i]) != NULL)
			put_str(b, lead, keys[i], json_str(v, keys[i]), indent);
	put_template(b, lead, json_get(v, "template"));
}

/* The first key of a list's item stands behind its dash: id first in a variant, channel or delay or the text in a step. */
static void
put_step(struct buf *b, const cJSON *step, bool first)
{
	const cJSON *variants = json_get(step, "variants"), *v = variants->child;
	const char *channel = json_str(step, "channel"), *delay = json_str(step, "delay");
	struct buf s = { 0 };
	char *line;

	if (strcmp(channel, "email") != 0)
		put_str(&s, "    ", "channel", channel, 4);
	if (!first || strcmp(delay, "0s") != 0)
		put_str(&s, "    ", "delay", delay, 4);
	if (v->next == NULL && strcmp(json_str(v, "id"), "a") == 0 && json_num(v, "weight", 1) == 1)
		put_texts(&s, v, "    ", 6);
	else {
		buf_puts(&s, "    variants:\n");
		cJSON_ArrayForEach(v, variants) {
			put_str(&s, "      - ", "id", json_str(v, "id"), 8);
			if (json_num(v, "weight", 1) != 1)
				buf_printf(&s, "        weight: %.0f\n", json_num(v, "weight", 1));
			put_texts(&s, v, "        ", 10);
		}
	}
	line = buf_steal(&s);
	line[2] = '-';
	buf_puts(b, line);
	free(line);
}

static void
put_answers(struct buf *b, const cJSON *answers)
{
	const cJSON *a, *q;
	char *y;

	if (answers != NULL)
		buf_puts(b, "answers:\n");
	cJSON_ArrayForEach(a, answers) {
		const cJSON *first = json_get(a, "q")->child;

		if (first->next == NULL)
			put_str(b, "  - ", "q", first->valuestring, 6);
		else
			buf_puts(b, "  - q:\n");
		for (q = first->next != NULL ? first : NULL; q != NULL; q = q->next) {
			y = yaml_emit_str(q->valuestring, 0);
			buf_printf(b, "      - %s\n", y);
			free(y);
		}
		put_str(b, "    ", "a", json_str(a, "a"), 6);
	}
}

static void
put_responses(struct buf *b, const cJSON *responses)
{
	if (responses != NULL)
		buf_puts(b, "responses:\n");
	for (const char *const *c = campaign_responses; responses != NULL && *c != NULL; c++)
		if (json_str(responses, *c) != NULL)
			put_str(b, "  ", *c, json_str(responses, *c), 4);
		else if (json_str(json_get(responses, *c), "brief") != NULL) {
			buf_printf(b, "  %s:\n", *c);
			put_str(b, "    ", "brief", json_str(json_get(responses, *c), "brief"), 6);
		}
}

static void
put_writing(struct buf *b, const cJSON *w)
{
	static const char *const keys[] = { "language", "tone" };

	if (w == NULL)
		return;
	buf_puts(b, "writing:\n");
	for (size_t i = 0; i < 2; i++)
		if (json_str(w, keys[i]) != NULL)
			put_str(b, "  ", keys[i], json_str(w, keys[i]), 4);
	if (json_num(w, "max_words", 0) > 0)
		buf_printf(b, "  max_words: %.0f\n", json_num(w, "max_words", 0));
	if (json_get(w, "links") != NULL)
		put_list(b, "  ", "links", json_get(w, "links"));
}

char *
campaign_def_yaml(const cJSON *def)
{
	static const char *const ways[] = { "hand", "import" }, *const stops[] = { "reply" };
	const cJSON *icp = json_get(def, "icp"), *s;
	struct buf b = { 0 };

	put_str(&b, "", "name", json_str(def, "name"), 2);
	if (json_str(def, "goal") != NULL)
		put_str(&b, "", "goal", json_str(def, "goal"), 2);
	if (cJSON_IsString(icp))
		put_str(&b, "", "icp", icp->valuestring, 2);
	else if (icp != NULL) {
		buf_puts(&b, "icp: ");
		put_value(&b, icp);
		buf_putc(&b, '\n');
	}
	if (cJSON_GetArraySize(json_get(def, "accounts")) > 0)
		put_list(&b, "", "accounts", json_get(def, "accounts"));
	if (!list_is(json_get(def, "entry"), ways, 2))
		put_list(&b, "", "entry", json_get(def, "entry"));
	if (!list_is(json_get(def, "stop_on"), stops, 1))
		put_list(&b, "", "stop_on", json_get(def, "stop_on"));
	if (json_num(def, "max_leads", CAMPAIGN_MAX_LEADS) != CAMPAIGN_MAX_LEADS)
		buf_printf(&b, "max_leads: %.0f\n", json_num(def, "max_leads", CAMPAIGN_MAX_LEADS));
	if (json_bool(def, "spintax", false))
		buf_puts(&b, "spintax: true\n");
	put_hours(&b, json_get(def, "hours"));
	if (cJSON_GetArraySize(json_get(def, "holidays")) > 0)
		put_list(&b, "", "holidays", json_get(def, "holidays"));
	if (json_str(def, "footer") != NULL)
		put_str(&b, "", "footer", json_str(def, "footer"), 2);
	buf_puts(&b, "steps:\n");
	cJSON_ArrayForEach(s, json_get(def, "steps"))
		put_step(&b, s, s == json_get(def, "steps")->child);
	if (json_str(def, "greeting") != NULL)
		put_str(&b, "", "greeting", json_str(def, "greeting"), 2);
	if (json_str(def, "closing") != NULL)
		put_str(&b, "", "closing", json_str(def, "closing"), 2);
	put_answers(&b, json_get(def, "answers"));
	put_responses(&b, json_get(def, "responses"));
	put_writing(&b, json_get(def, "writing"));
	return buf_steal(&b);
}

/* ---- the difference of two texts, by their longest common part */

struct text_lines {
	char *text, **line;
	size_t n;
};

static void
split(struct text_lines *l, char *text)
{
	char *p = text, *nl;

	*l = (struct text_lines){ .text = text };
	while (p != NULL && *p != '\0') {
		if ((l->n & (l->n - 1)) == 0)
			l->line = xrealloc(l->line, (l->n > 0 ? 2 * l->n : 1) * sizeof(*l->line));
		l->line[l->n++] = p;
		if ((nl = strchr(p, '\n')) != NULL)
			*nl++ = '\0';
		p = nl;
	}
}

static void
lines_clear(struct text_lines *l)
{
	free(l->text);
	free(l->line);
}

/* How long the common part of what is left of both from here is; a campaign's text has some hundred lines. */
static unsigned *
common(const struct text_lines *a, const struct text_lines *b)
{
	size_t w = b->n + 1, i, j;
	unsigned *t = xcalloc((a->n + 1) * w, sizeof(*t));

	for (i = a->n; i-- > 0;)
		for (j = b->n; j-- > 0;)
			if (strcmp(a->line[i], b->line[j]) == 0)
				t[i * w + j] = t[(i + 1) * w + j + 1] + 1;
			else
				t[i * w + j] = t[(i + 1) * w + j] >= t[i * w + j + 1] ? t[(i + 1) * w + j] : t[i * w + j + 1];
	return t;
}

char *
campaign_def_diff(const cJSON *old, const cJSON *now)
{
	struct text_lines a, b;
	struct buf out = { 0 };
	unsigned *t;
	size_t w, i = 0, j = 0;
	char sign;

	split(&a, old != NULL ? campaign_def_yaml(old) : xstrdup(""));
	split(&b, now != NULL ? campaign_def_yaml(now) : xstrdup(""));
	w = b.n + 1;
	if (a.n > 5000 || b.n > 5000) { /* the table would be large: all of the one, all of the other */
		for (; i < a.n; i++)
			buf_printf(&out, "- %s\n", a.line[i]);
		for (; j < b.n; j++)
			buf_printf(&out, "+ %s\n", b.line[j]);
		t = NULL;
	} else
		t = common(&a, &b);
	while (i < a.n || j < b.n) {
		if (i < a.n && j < b.n && strcmp(a.line[i], b.line[j]) == 0) {
			i++;
			j++;
			continue;
		}
		sign = j == b.n || (i < a.n && t[(i + 1) * w + j] >= t[i * w + j + 1]) ? '-' : '+';
		buf_printf(&out, "%c %s\n", sign, sign == '-' ? a.line[i++] : b.line[j++]);
	}
	free(t);
	lines_clear(&a);
	lines_clear(&b);
	return buf_steal(&out);
}

/* ---- templates */

char *
campaign_body(const cJSON *def, const char *channel, const char *body)
{
	const char *footer = json_str(def, "footer");
	size_t n = strlen(body);

	if (footer == NULL || strcmp(channel, "email") != 0)
		return xstrdup(body);
	while (n > 0 && body[n - 1] == '\n')
		n--;
	return xasprintf("%.*s\n\n%s", (int)n, body, footer);
}

static int
one_template(const char *text, bool spintax, const char *where, const char *part, int step, const char *id, enum template_shape shape,
    campaign_template_fn *fn, void *ctx, struct lp_err *err)
{
	char *full = part != NULL ? xasprintf("%s: %s", where, part) : xstrdup(where);
	struct template *t = template_compile(text, spintax, err);
	int rc = t != NULL ? fn(full, step, id, shape, t, ctx, err) : lp_err_prefix(err, "%s", full);

	template_free(t);
	free(full);
	return rc;
}

/* One of those that answer, as it goes out. */
static int
one_answer(const cJSON *def, const char *text, char *where, campaign_template_fn *fn, void *ctx, struct lp_err *err)
{
	char *whole = campaign_answer_body(def, text);
	int rc = one_template(whole, json_bool(def, "spintax", false), where, NULL, 0, "", TEMPLATE_TEXT, fn, ctx, err);

	free(whole);
	free(where);
	return rc;
}

static int
each_answer(const cJSON *def, campaign_template_fn *fn, void *ctx, struct lp_err *err)
{
	const cJSON *a;
	int number = 0;

	cJSON_ArrayForEach(a, json_get(def, "answers")) {
		number++;
		if (one_answer(def, json_str(a, "a"), xasprintf("answer %d", number), fn, ctx, err) == -1)
			return -1;
	}
	cJSON_ArrayForEach(a, json_get(def, "responses"))
		if (cJSON_IsString(a) && one_answer(def, a->valuestring, xasprintf("response %s", a->string), fn, ctx, err) == -1)
			return -1;
	return 0;
}

/* What stands in the places of a template by WhatsApp. */
static int
each_parameter(const cJSON *v, bool spintax, const char *where, int step, campaign_template_fn *fn, void *ctx, struct lp_err *err)
{
	const cJSON *p;
	char part[32];
	int n = 0;

	cJSON_ArrayForEach(p, json_path(v, "template.parameters")) {
		snprintf(part, sizeof(part), "parameter %d", ++n);
		if (one_template(p->valuestring, spintax, where, part, step, json_str(v, "id"), TEMPLATE_LINE, fn, ctx, err) == -1)
			return -1;
	}
	return 0;
}

int
campaign_each(const cJSON *def, campaign_template_fn *fn, void *ctx, struct lp_err *err)
{
	bool spintax = json_bool(def, "spintax", false);
	const cJSON *s, *v;
	int step = 0, rc = 0;

	cJSON_ArrayForEach(s, json_get(def, "steps")) {
		step++;
		cJSON_ArrayForEach(v, json_get(s, "variants")) {
			const char *subject = json_str(v, "subject"), *body = json_str(v, "body"), *id = json_str(v, "id");
			bool alone = cJSON_GetArraySize(json_get(s, "variants")) == 1;
			char *where = alone ? xasprintf("step %d", step) : xasprintf("step %d, variant %s", step, id);
			char *whole = body != NULL ? campaign_body(def, json_str(s, "channel"), body) : NULL;

			if (subject != NULL)
				rc = one_template(subject, spintax, where, "subject", step, id, TEMPLATE_LINE, fn, ctx, err);
			if (rc == 0 && whole != NULL)
				rc = one_template(whole, spintax, where, "body", step, id, TEMPLATE_TEXT, fn, ctx, err);
			if (rc == 0)
				rc = each_parameter(v, spintax, where, step, fn, ctx, err);
			free(whole);
			free(where);
			if (rc == -1)
				return -1;
		}
	}
	return each_answer(def, fn, ctx, err);
}
