/* html_style.c - whether a text can be seen: the part of CSS that mails hide things with. */
#include "mail/html_int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#define NEAR 24          /* steps of 255 between text and background that no eye tells apart */
#define SMALL 2.0        /* px: no font */
#define THIN 1.0         /* px: no box */
#define FAR 500.0        /* px: off the screen */

const struct html_look html_look_default = { .fg = 0, .bg = 0xffffff, .fg_known = true, .bg_known = true, .size = 16 };

/* What an element's own declarations say of its box; the last one counts. */
struct box {
	bool none, clear, flat, clipped, away, cut, hidden_outlook;
	bool placed;
};

const char *
html_attribute(const char *const *atts, const char *name)
{
	for (; atts != NULL && *atts != NULL; atts += 2)
		if (strcmp(atts[0], name) == 0)
			return atts[1] != NULL ? atts[1] : "";
	return NULL;
}

static bool
space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
is(const char *s, size_t n, const char *word)
{
	return n == strlen(word) && strncasecmp(s, word, n) == 0;
}

static bool
contains(const char *s, size_t n, const char *word)
{
	size_t len = strlen(word);

	for (; n >= len; s++, n--)
		if (strncasecmp(s, word, len) == 0)
			return true;
	return false;
}

/* A number with its unit, in px; NAN where it is something else. `whole` is what 100% is. */
static double
length(const char *s, size_t n, double whole)
{
	static const struct {
		const char *unit;
		double px;
	} units[] = { { "px", 1 }, { "pt", 96.0 / 72 }, { "pc", 16 }, { "in", 96 }, { "cm", 37.8 }, { "mm", 3.78 } };
	char text[32], *end;
	double v;

	if (n == 0 || n >= sizeof(text))
		return NAN;
	memcpy(text, s, n);
	text[n] = '\0';
	if (strchr("+-.0123456789", text[0]) == NULL)
		return NAN;
	v = strtod(text, &end);
	if (end == text || !isfinite(v))
		return NAN;
	while (space(*end))
		end++;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strncasecmp(end, units[i].unit, 2) == 0)
			return v * units[i].px;
	if (*end == '%')
		return v / 100 * whole;
	if (strncasecmp(end, "em", 2) == 0)
		return v * whole;
	if (strncasecmp(end, "rem", 3) == 0)
		return v * 16;
	return *end == '\0' || v == 0 ? v : NAN;
}

static bool
hex_colour(const char *s, size_t n, unsigned *c, double *alpha)
{
	unsigned v[8];

	for (size_t i = 0; i < n && i < 8; i++) {
		char d = s[i] | 0x20;

		if (d >= '0' && d <= '9')
			v[i] = (unsigned)(d - '0');
		else if (d >= 'a' && d <= 'f')
			v[i] = (unsigned)(d - 'a' + 10);
		else
			return false;
	}
	if (n == 3 || n == 4) {
		*c = v[0] * 17 << 16 | v[1] * 17 << 8 | v[2] * 17;
		*alpha = n == 4 ? v[3] / 15.0 : 1;
		return true;
	}
	if (n != 6 && n != 8)
		return false;
	*c = v[0] << 20 | v[1] << 16 | v[2] << 12 | v[3] << 8 | v[4] << 4 | v[5];
	*alpha = n == 8 ? (v[6] * 16 + v[7]) / 255.0 : 1;
	return true;
}

/* rgb(1, 2, 3), rgba(1 2 3 / 50%), hsl(0, 0%, 100%) as far as it is black or white */
static bool
function_colour(const char *s, size_t n, unsigned *c, double *alpha)
{
	bool hsl = strncasecmp(s, "hsl", 3) == 0;
	double v[4] = { 0, 0, 0, 1 };
	char text[80], *p, *end;
	double d;
	size_t got;

	if (n >= sizeof(text) || (!hsl && strncasecmp(s, "rgb", 3) != 0))
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	if ((p = strchr(text, '(')) == NULL)
		return false;
	for (got = 0, p++; got < 4; got++) {
		while (space(*p) || *p == ',' || *p == '/')
			p++;
		d = strtod(p, &end);
		if (end == p)
			break;
		if (*end == '%')
			d *= got == 3 ? 0.01 : hsl ? 1 : 2.55;
		v[got] = d;
		p = end + strspn(end, "%deg");
	}
	if (got < 3 || !(v[0] >= 0 && v[1] >= 0 && v[2] >= 0 && v[0] < 361 && v[1] < 256 && v[2] < 256))
		return false;
	*alpha = v[3];
	if (hsl) {
		*c = v[2] > 50 ? 0xffffff : 0;
		return v[2] >= 96 || v[2] <= 4;
	}
	*c = (unsigned)(v[0] > 255 ? 255 : v[0]) << 16 | (unsigned)v[1] << 8 | (unsigned)v[2];
	return true;
}

static bool
colour(const char *s, size_t n, unsigned *c, double *alpha)
{
	static const struct {
		const char *name;
		unsigned c;
	} names[] = { { "white", 0xffffff }, { "black", 0 }, { "windowtext", 0 }, { "window", 0xffffff }, { "red", 0xff0000 }, { "green", 0x8000 },
		{ "lime", 0xff00 }, { "blue", 0xff }, { "navy", 0x80 }, { "yellow", 0xffff00 }, { "orange", 0xffa500 }, { "gray", 0x808080 },
		{ "grey", 0x808080 }, { "silver", 0xc0c0c0 }, { "maroon", 0x800000 }, { "purple", 0x800080 }, { "teal", 0x8080 },
		{ "lightgray", 0xd3d3d3 }, { "lightgrey", 0xd3d3d3 }, { "darkgray", 0xa9a9a9 }, { "darkgrey", 0xa9a9a9 },
		{ "gainsboro", 0xdcdcdc }, { "whitesmoke", 0xf5f5f5 }, { "snow", 0xfffafa }, { "ivory", 0xfffff0 }, { "ghostwhite", 0xf8f8ff },
		{ "floralwhite", 0xfffaf0 }, { "mintcream", 0xf5fffa }, { "azure", 0xf0ffff }, { "aliceblue", 0xf0f8ff }, { "seashell", 0xfff5ee },
		{ "lightyellow", 0xffffe0 }, { "lavenderblush", 0xfff0f5 }, { "honeydew", 0xf0fff0 } };

	*alpha = 1;
	if (n > 0 && *s == '#')
		return hex_colour(s + 1, n - 1, c, alpha);
	if (n > 4 && s[n - 1] == ')')
		return function_colour(s, n, c, alpha);
	if (is(s, n, "transparent")) {
		*alpha = 0;
		return true;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (is(s, n, names[i].name)) {
			*c = names[i].c;
			return true;
		}
	return hex_colour(s, n, c, alpha); /* bgcolor=ffffff */
}

static void
set_fg(struct html_look *l, const char *s, size_t n)
{
	double alpha;

	if (is(s, n, "inherit"))
		return;
	l->fg_known = colour(s, n, &l->fg, &alpha);
	if (l->fg_known && alpha < 0.1) {
		l->fg = l->bg;
		l->fg_known = l->bg_known = true;
	}
}

/* The colour is any word of "background: url(x) no-repeat #fff". */
static void
set_bg(struct html_look *l, const char *s, size_t n)
{
	double alpha;
	unsigned c;

	if (contains(s, n, "url(") || contains(s, n, "gradient")) {
		l->bg_known = false;
		return;
	}
	for (const char *p = s, *end = s + n; p < end;) {
		size_t len = 0;
		int depth = 0;

		while (p < end && space(*p))
			p++;
		while (p + len < end && (depth > 0 || !space(p[len]))) {
			depth += p[len] == '(' ? 1 : p[len] == ')' ? -1 : 0;
			len++;
		}
		if (len > 0 && strchr("0123456789", *p) == NULL && colour(p, len, &c, &alpha)) {
			if (alpha >= 0.5) {
				l->bg = c;
				l->bg_known = true;
			}
			return;
		}
		p += len;
	}
}

static void
set_size(struct html_look *l, const char *s, size_t n)
{
	double v = length(s, n, l->size);

	if (!isnan(v))
		l->size = v;
	else if (contains(s, n, "small") || contains(s, n, "medium") || contains(s, n, "large"))
		l->size = 16;
}

static bool
thin(const char *s, size_t n)
{
	return length(s, n, 1000) <= THIN; /* never true of NAN */
}

static bool
off(const char *s, size_t n)
{
	return length(s, n, 1000) <= -FAR;
}

static void
declare(struct html_look *l, struct box *b, const char *k, size_t kn, const char *v, size_t vn)
{
	if (is(k, kn, "display"))
		b->none = is(v, vn, "none");
	else if (is(k, kn, "visibility"))
		l->invisible = is(v, vn, "hidden") || is(v, vn, "collapse");
	else if (is(k, kn, "opacity"))
		b->clear = length(v, vn, 1) < 0.1;
	else if (is(k, kn, "font-size"))
		set_size(l, v, vn);
	else if (is(k, kn, "color"))
		set_fg(l, v, vn);
	else if (is(k, kn, "background") || is(k, kn, "background-color"))
		set_bg(l, v, vn);
	else if (is(k, kn, "background-image"))
		l->bg_known = l->bg_known && is(v, vn, "none");
	else if (is(k, kn, "mso-hide"))
		b->hidden_outlook = is(v, vn, "all");
	else if (is(k, kn, "height") || is(k, kn, "max-height") || is(k, kn, "width") || is(k, kn, "max-width"))
		b->flat = b->flat || thin(v, vn);
	else if (is(k, kn, "overflow") || is(k, kn, "overflow-y") || is(k, kn, "overflow-x"))
		b->clipped = is(v, vn, "hidden") || is(v, vn, "clip");
	else if (is(k, kn, "position"))
		b->placed = is(v, vn, "absolute") || is(v, vn, "fixed");
	else if (is(k, kn, "left") || is(k, kn, "top") || is(k, kn, "right"))
		b->away = b->away || off(v, vn);
	else if (is(k, kn, "text-indent") || is(k, kn, "margin-left") || is(k, kn, "margin-top"))
		b->cut = b->cut || off(v, vn);
	else if (is(k, kn, "clip") || is(k, kn, "clip-path"))
		b->cut = b->cut || contains(v, vn, "rect(0") || contains(v, vn, "inset(100%") || contains(v, vn, "inset(50%");
	else if (is(k, kn, "transform"))
		b->cut = b->cut || contains(v, vn, "scale(0)");
	else if (is(k, kn, "white-space"))
		l->pre = vn >= 3 && strncasecmp(v, "pre", 3) == 0;
}

/* "a: b; c: d !important": those that are important, or those that aren't. */
static void
declarations(struct html_look *l, struct box *b, const char *s, size_t n, bool important)
{
	for (const char *end = s + n, *next; s < end; s = next < end ? next + 1 : end) {
		const char *colon, *stop, *k = s, *bang;

		next = memchr(s, ';', (size_t)(end - s));
		if (next == NULL)
			next = end;
		if ((colon = memchr(s, ':', (size_t)(next - s))) == NULL)
			continue;
		for (; k < colon && space(*k); k++)
			;
		for (stop = colon; stop > k && space(stop[-1]); stop--)
			;
		for (s = colon + 1; s < next && space(*s); s++)
			;
		bang = memchr(s, '!', (size_t)(next - s));
		if ((bang != NULL) != important)
			continue;
		for (bang = bang != NULL ? bang : next; bang > s && space(bang[-1]); bang--)
			;
		declare(l, b, k, (size_t)(stop - k), s, (size_t)(bang - s));
	}
}

struct target {
	struct html_look *look;
	struct box *box;
	bool important;
};

static void
from_sheet(void *arg, const char *css, size_t n)
{
	struct target *t = arg;

	declarations(t->look, t->box, css, n, t->important);
}

/* The attributes of an older HTML. */
static void
attributes(struct html_look *l, struct box *b, const char *tag, const char *const *atts)
{
	const char *v;

	b->none = html_attribute(atts, "hidden") != NULL;
	if ((v = html_attribute(atts, "bgcolor")) != NULL)
		set_bg(l, v, strlen(v));
	if (html_attribute(atts, "background") != NULL)
		l->bg_known = false;
	if (strcmp(tag, "font") == 0 && (v = html_attribute(atts, "color")) != NULL)
		set_fg(l, v, strlen(v));
	if (strcmp(tag, "body") == 0 && (v = html_attribute(atts, "text")) != NULL)
		set_fg(l, v, strlen(v));
}

void
html_look_at(struct html_look *l, const struct html_sheet *sheet, const char *tag, const char *const *atts)
{
	struct box b = { 0 };
	struct target t = { l, &b, false };
	const char *style;

	if (strcmp(tag, "pre") == 0)
		l->pre = true;
	if (sheet->n == 0 && *atts == NULL)
		return;
	attributes(l, &b, tag, atts);
	style = html_attribute(atts, "style");
	for (int i = 0; i < 2; i++, t.important = true) {
		html_sheet_match(sheet, tag, atts, from_sheet, &t);
		if (style != NULL)
			declarations(l, &b, style, strlen(style), t.important);
	}
	l->gone = l->gone || b.none || b.clear || b.cut || b.hidden_outlook || (b.flat && b.clipped) || (b.placed && b.away);
}

static bool
near(unsigned a, unsigned b)
{
	for (int shift = 0; shift <= 16; shift += 8)
		if (abs((int)(a >> shift & 255) - (int)(b >> shift & 255)) > NEAR)
			return false;
	return true;
}

bool
html_shows(const struct html_look *l)
{
	return !l->gone && !l->invisible && l->size > SMALL && !(l->fg_known && l->bg_known && near(l->fg, l->bg));
}
