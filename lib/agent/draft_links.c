/* draft_links.c - links, addresses and telephone numbers in a text by a model: the campaign's own or none. */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/draft_check.h"
#include "base/letters.h"
#include "base/mem.h"

static const char blanks[] = " \t\r\n";
static const char ends[] = " \t\r\n<>\"()[]{}|,;`*";

/* One that could be followed, as it is compared: without scheme, "www." and a last slash. */
struct place {
	char *what;
	bool whole;                     /* it has a scheme, a path or an '@': more than a name */
	bool just_name;                 /* of the lead's company: counts for a bare name only */
};

struct places {
	struct place *list;
	size_t n;
	char **numbers;                 /* digits alone */
	size_t nnumbers;
};

static void
places_clear(struct places *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->list[i].what);
	for (size_t i = 0; i < p->nnumbers; i++)
		free(p->numbers[i]);
	free(p->list);
	free(p->numbers);
}

/* Small plain letters; full stops, slashes and the like of other scripts as ours. */
static char *
flatten(const char *text)
{
	size_t left = strlen(text), n, k;
	struct buf b = { 0 };
	uint32_t c;
	char out[8];

	for (const char *s = text; left > 0; s += n, left -= n) {
		if ((n = utf8_char(s, left, &c)) == 0) {
			n = 1;
			continue;
		}
		if (c >= 0xff01 && c <= 0xff5e)
			c -= 0xfee0;
		else if (c == 0x3002 || c == 0xff61 || c == 0x2024)
			c = '.';
		else if (c == 0x2044 || c == 0x2215)
			c = '/';
		else if (c == 0xa0)
			c = ' ';
		/* joiners, which normal_block leaves in */
		k = c == 0x200c || c == 0x200d ? 0 : utf8_bare(c, out);
		buf_add(&b, out, k);
	}
	return buf_steal(&b);
}

static bool
one_of(const char *s, size_t n, const char *words)
{
	char one[20] = " ";

	if (n == 0 || n > sizeof(one) - 3)
		return false;
	memcpy(one + 1, s, n);
	one[n + 1] = ' ';
	one[n + 2] = '\0';
	return strstr(words, one) != NULL;
}

/* "alpha.example", "10.0.0.1": what mail programs make a link of. Not "e.g", "node.js", "3.5". */
static bool
is_host(const char *s, size_t n)
{
	static const char tops[] = " com net org info biz app dev xyz online shop store site tech cloud email link click top live agency company solutions example"
	    " test invalid localhost local name pro mobi asia world page blog club space website digital network group global services support zone tools"
	    " media news zip mov host press fun vip bank edu gov mil int ";
	static const char countries[] = " ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch ci"
	    " ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk"
	    " hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm"
	    " mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd"
	    " se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt"
	    " za zm zw ";
	size_t dots = 0, last = 0, digits = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '.') {
			if (i == last || i + 1 == n)
				return false;
			dots++;
			last = i + 1;
		} else if (c < 0x80 && !isalnum(c) && c != '-' && c != '_')
			return false;
		digits += isdigit(c) != 0;
	}
	if (dots == 0)
		return false;
	if (digits + dots == n)
		return dots == 3;
	if (n - last == 2)
		return one_of(s + last, 2, countries);
	return one_of(s + last, n - last, tops) || strncmp(s + last, "xn--", 4) == 0 || (unsigned char)s[last] >= 0x80;
}

/* Is this word a place? 1 and *p. */
static bool
place_of(const char *s, size_t n, struct place *p)
{
	static const char *const schemes[] = { "mailto:", "tel:", "sms:", "callto:", "data:", "javascript:", "skype:" };
	char *word, *from, *at;
	size_t host;
	bool yes;

	while (n > 0 && strchr(".:!?'-_", s[n - 1]) != NULL)
		n--;
	while (n > 0 && strchr("'.:_", *s) != NULL) {
		s++;
		n--;
	}
	word = from = xstrndup(s, n);
	*p = (struct place){ 0 };
	if ((at = strstr(from, "://")) != NULL) {
		p->whole = true;
		from = at + 3;
	}
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (strncmp(from, schemes[i], strlen(schemes[i])) == 0) {
			p->whole = true;
			from += strlen(schemes[i]);
		}
	yes = p->whole;
	if (strncmp(from, "www.", 4) == 0) {
		yes = p->whole = true;
		from += 4;
	}
	host = strcspn(from, "/?#:@");
	if (from[host] == '@') {
		at = from + host + 1;
		yes = yes || is_host(at, strcspn(at, "/?#:"));
		p->whole = true;
	} else if (is_host(from, host)) {
		yes = true;
		p->whole = p->whole || (from[host] != '\0' && from[host + 1] != '\0');
	}
	n = strlen(from);
	while (n > 0 && from[n - 1] == '/')
		from[--n] = '\0';
	p->what = yes ? xstrdup(from) : NULL;
	free(word);
	return yes;
}

typedef bool place_fn(const struct place *, void *);

/* Every place in a flattened text; stops where fn says false. */
static bool
each_place(const char *flat, place_fn *fn, void *ctx)
{
	struct place p;
	size_t n;

	for (const char *s = flat + strspn(flat, ends); *s != '\0'; s += n + strspn(s + n, ends)) {
		bool go_on;

		n = strcspn(s, ends);
		if (!place_of(s, n, &p))
			continue;
		go_on = fn(&p, ctx);
		free(p.what);
		if (!go_on)
			return false;
	}
	return true;
}

/* ---- telephone numbers */

static bool
all_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isdigit((unsigned char)s[i]))
			return false;
	return n > 0;
}

/* "2026-03-02", "2.3.2026", "2019-2024". */
static bool
is_date(const char *s, size_t n)
{
	size_t part[4] = { 0 }, k = 0;

	for (size_t i = 0; i < n; i++)
		if (isdigit((unsigned char)s[i]))
			part[k]++;
		else if ((s[i] == '-' || s[i] == '.' || s[i] == '/') && k < 3)
			k++;
		else
			return false;
	if (k == 1)
		return part[0] == 4 && part[1] == 4 && (strncmp(s, "19", 2) == 0 || strncmp(s, "20", 2) == 0);
	return k == 2 && ((part[0] == 4 && part[1] <= 2 && part[2] <= 2) || (part[0] <= 2 && part[1] <= 2 && part[2] == 4));
}

/* "1.250.000", "3 000 000": an amount. */
static bool
is_amount(const char *s, size_t n)
{
	size_t first = strcspn(s, " .");
	char sep = first < n ? s[first] : '\0';

	if (sep == '\0' || first > 3 || *s == '0' || !all_digits(s, first))
		return false;
	for (size_t i = first; i < n; i += 4)
		if (s[i] != sep || i + 4 > n || !all_digits(s + i + 1, 3))
			return false;
	return sep == '.' || strncmp(s + n - 3, "000", 3) == 0;
}

/* The digits of a telephone number in this run of digits and what stands between them; NULL where it is none. The caller frees. */
static char *
number_of(const char *s, size_t n)
{
	struct buf digits = { 0 };
	bool plus = *s == '+', apart = false;
	size_t chunk;

	if (!plus && (is_amount(s, n) || is_date(s, n)))
		return NULL;
	for (size_t i = 0; i < n; i += chunk) {
		chunk = 1;
		while (i + chunk < n && s[i + chunk] != ' ')
			chunk++;
		if (is_date(s + i, chunk))
			continue;
		for (size_t k = i; k < i + chunk; k++)
			if (isdigit((unsigned char)s[k]))
				buf_putc(&digits, s[k]);
			else if (s[k] != '+')
				apart = true;
	}
	if (digits.len >= (plus ? 6U : apart ? 7U : 8U))
		return buf_steal(&digits);
	buf_free(&digits);
	return NULL;
}

typedef bool number_fn(const char *digits, void *);

static bool
each_number(const char *flat, number_fn *fn, void *ctx)
{
	size_t n, last;

	for (const char *s = flat; *s != '\0'; s += n) {
		char *digits;
		bool go_on;

		n = 1;
		if (!isdigit((unsigned char)*s) && !((*s == '+' || *s == '(') && (isdigit((unsigned char)s[1]) || s[1] == '(')))
			continue;
		for (n = last = 0; s[n] != '\0' && n - last <= 3 && strchr("0123456789+-./() ", s[n]) != NULL; n++)
			if (isdigit((unsigned char)s[n]))
				last = n;
		n = last + 1;
		if ((digits = number_of(s, n)) == NULL)
			continue;
		go_on = fn(digits, ctx);
		free(digits);
		if (!go_on)
			return false;
	}
	return true;
}

/* ---- */

static bool
keep_place(const struct place *p, void *ctx)
{
	struct places *own = ctx;

	own->list = xrealloc(own->list, (own->n + 1) * sizeof(*own->list));
	own->list[own->n] = *p;
	own->list[own->n++].what = xstrdup(p->what);
	return true;
}

static bool
keep_name(const struct place *p, void *ctx)
{
	struct places *own = ctx;

	if (!p->whole && keep_place(p, ctx))
		own->list[own->n - 1].just_name = true;
	return true;
}

static bool
keep_number(const char *digits, void *ctx)
{
	struct places *own = ctx;

	own->numbers = xrealloc(own->numbers, (own->nnumbers + 1) * sizeof(*own->numbers));
	own->numbers[own->nnumbers++] = xstrdup(digits);
	return true;
}

struct looking {
	const struct places *own;
	char *why;
	size_t size;
};

static bool
is_ours(const struct place *p, void *ctx)
{
	struct looking *l = ctx;

	for (size_t i = 0; i < l->own->n; i++) {
		const struct place *o = &l->own->list[i];
		size_t host = strcspn(o->what, "/?#:@");

		if (strcmp(o->what, p->what) == 0 && (!o->just_name || !p->whole))
			return true;
		/* the bare host of a link of ours */
		if (!o->just_name && o->what[host] != '@' && strlen(p->what) == host && strncmp(o->what, p->what, host) == 0)
			return true;
	}
	snprintf(l->why, l->size, "it has %s that isn't the campaign's: %.80s", strchr(p->what, '@') != NULL ? "an e-mail address" : "a link", p->what);
	return false;
}

/* Written with or without its country's code. */
static bool
is_our_number(const char *digits, void *ctx)
{
	struct looking *l = ctx;
	size_t n = strlen(digits), tail = n < 8 ? n : 8;

	for (size_t i = 0; i < l->own->nnumbers; i++) {
		size_t m = strlen(l->own->numbers[i]);

		if (m >= tail && strcmp(l->own->numbers[i] + m - tail, digits + n - tail) == 0)
			return true;
	}
	snprintf(l->why, l->size, "it has a number like a telephone's that isn't the campaign's: %.30s", digits);
	return false;
}

/* "evil [dot] com": for people to put together. */
static bool
disguised(const char *flat, char *why, size_t size)
{
	static const char *const marks[] = { "[.]", "(.)", "{.}", "[dot]", "(dot)", "{dot}", "[at]", "(at)", "{at}", " dot com", " dot net", " dot org", " dot io",
		" dot example", "hxxp", "&#", "%2e" };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (strstr(flat, marks[i]) != NULL) {
			snprintf(why, size, "it has an address in disguise: '%s'", marks[i] + strspn(marks[i], blanks));
			return true;
		}
	return false;
}

int
draft_links(const struct draft_rules *rules, const char *text, char *why, size_t size)
{
	char *flat = flatten(text), *ours = flatten(rules->ours != NULL ? rules->ours : ""), *company = flatten(rules->company != NULL ? rules->company : "");
	struct places own = { 0 };
	struct looking l = { &own, why, size };
	int r;

	each_place(ours, keep_place, &own);
	each_number(ours, keep_number, &own);
	each_place(company, keep_name, &own);
	r = disguised(flat, why, size) || !each_place(flat, is_ours, &l) || !each_number(flat, is_our_number, &l) ? -1 : 0;
	places_clear(&own);
	free(flat);
	free(ours);
	free(company);
	return r;
}
