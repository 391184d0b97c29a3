/*
 * Printing JSON.  Part of json.h.  The same bytes as cJSON_PrintUnformatted (they are hashed), which prints each number with sprintf and
 * reads it back with sscanf: half the time of a line.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

static void
put_string(struct buf *out, const char *str)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *s = (const unsigned char *)(str != NULL ? str : ""), *from = s;
	char esc[6] = { '\\', 'u', '0', '0' };
	size_t n;

	buf_putc(out, '"');
	for (; *s != '\0'; s++) {
		if (*s >= 0x20 && *s != '"' && *s != '\\')
			continue;
		buf_add(out, from, (size_t)(s - from));
		from = s + 1;
		n = 2;
		switch (*s) {
		case '"':
		case '\\':
			esc[1] = (char)*s;
			break;
		case '\b':
			esc[1] = 'b';
			break;
		case '\f':
			esc[1] = 'f';
			break;
		case '\n':
			esc[1] = 'n';
			break;
		case '\r':
			esc[1] = 'r';
			break;
		case '\t':
			esc[1] = 't';
			break;
		default:
			esc[1] = 'u';
			esc[4] = hex[*s >> 4];
			esc[5] = hex[*s & 15];
			n = sizeof(esc);
		}
		buf_add(out, esc, n);
	}
	buf_add(out, from, (size_t)(s - from));
	buf_putc(out, '"');
}

static void
put_number(struct buf *out, const cJSON *v)
{
	double d = v->valuedouble;
	char text[24], *p = text + sizeof(text), *slow;
	int64_t i;

	/* whole, and shorter than where %.15g turns to an exponent; -0 is none of these */
	if (d > -1e15 && d < 1e15 && d == (double)(int64_t)d && !(d == 0 && signbit(d))) {
		i = d < 0 ? -(int64_t)d : (int64_t)d;
		do
			*--p = (char)('0' + i % 10);
		while ((i /= 10) > 0);
		if (d < 0)
			*--p = '-';
		buf_add(out, p, (size_t)(text + sizeof(text) - p));
		return;
	}
	slow = cJSON_PrintUnformatted(v);
	buf_puts(out, slow != NULL ? slow : "null");
	free(slow);
}

static void
put(struct buf *out, const cJSON *v)
{
	const cJSON *c;
	bool object = cJSON_IsObject(v);

	if (object || cJSON_IsArray(v)) {
		buf_putc(out, object ? '{' : '[');
		cJSON_ArrayForEach(c, v) {
			if (c != v->child)
				buf_putc(out, ',');
			if (object) {
				put_string(out, c->string);
				buf_putc(out, ':');
			}
			put(out, c);
		}
		buf_putc(out, object ? '}' : ']');
	} else if (cJSON_IsString(v))
		put_string(out, v->valuestring);
	else if (cJSON_IsNumber(v))
		put_number(out, v);
	else if (cJSON_IsBool(v))
		buf_puts(out, cJSON_IsTrue(v) ? "true" : "false");
	else
		buf_puts(out, cJSON_IsRaw(v) && v->valuestring != NULL ? v->valuestring : "null");
}

char *
json_print(const cJSON *v)
{
	struct buf b = { 0 };

	put(&b, v);
	return buf_steal(&b);
}

static int
by_key(const void *a, const void *b)
{
	return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

static void
canon(const cJSON *v, struct buf *out)
{
	const cJSON *c, **kids;
	size_t n = 0, i;

	if (cJSON_IsArray(v)) {
		buf_putc(out, '[');
		cJSON_ArrayForEach(c, v) {
			if (c != v->child)
				buf_putc(out, ',');
			canon(c, out);
		}
		buf_putc(out, ']');
		return;
	}
	if (!cJSON_IsObject(v)) {
		put(out, v);
		return;
	}
	cJSON_ArrayForEach(c, v)
		n++;
	kids = xmalloc(n * sizeof(*kids));
	n = 0;
	cJSON_ArrayForEach(c, v)
		kids[n++] = c;
	qsort(kids, n, sizeof(*kids), by_key);
	buf_putc(out, '{');
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(out, ',');
		put_string(out, kids[i]->string);
		buf_putc(out, ':');
		canon(kids[i], out);
	}
	buf_putc(out, '}');
	free(kids);
}

char *
json_canon(const cJSON *v)
{
	struct buf b = { 0 };

	canon(v, &b);
	return buf_steal(&b);
}

void
jsonl_put(const cJSON *v)
{
	static struct buf line;

	buf_reset(&line);
	put(&line, v);
	buf_putc(&line, '\n');
	fwrite(line.s, 1, line.len, stdout);
}
