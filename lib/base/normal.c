#include "base/normal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/country.h"
#include "base/idna.h"
#include "base/json.h"
#include "base/mem.h"

static bool
is_alpha(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* White space, something invisible, or text: and how many bytes it has. */
enum glyph { TEXT, SPACE, INVISIBLE };

static enum glyph
glyph(const char *str, size_t *n)
{
	const unsigned char *s = (const unsigned char *)str;

	*n = 1;
	if (s[0] <= 0x20 || s[0] == 0x7f)
		return SPACE;
	if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] <= 0xa0) { /* C1 controls, no-break space */
		*n = 2;
		return SPACE;
	}
	if (s[0] == 0xc2 && s[1] == 0xad) { /* soft hyphen */
		*n = 2;
		return INVISIBLE;
	}
	if (s[0] == 0xe2 && (s[1] == 0x80 || s[1] == 0x81) && s[2] != '\0') {
		unsigned c = 0x2000u + (s[1] - 0x80u) * 64 + (s[2] - 0x80u);

		*n = 3;
		if (c <= 0x200a || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f)
			return SPACE;
		/* the joiners U+200C and U+200D stay: Persian and emoji are written with them */
		if (c == 0x200b || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f))
			return INVISIBLE;
		return TEXT;
	}
	if (s[0] == 0xe3 && s[1] == 0x80 && s[2] == 0x80) {
		*n = 3;
		return SPACE;
	}
	if (s[0] == 0xef && s[1] == 0xbb && s[2] == 0xbf) {
		*n = 3;
		return INVISIBLE;
	}
	if (s[0] == 0xf3 && s[1] == 0xa0 && (s[2] == 0x80 || s[2] == 0x81) && s[3] != '\0') { /* tag characters */
		*n = 4;
		return INVISIBLE;
	}
	return TEXT;
}

char *
normal_text(const char *s)
{
	struct buf b = { 0 };
	bool gap = false;
	size_t n;

	for (; *s != '\0'; s += n)
		switch (glyph(s, &n)) {
		case SPACE:
			gap = true;
			break;
		case INVISIBLE:
			break;
		case TEXT:
			if (gap && b.len > 0)
				buf_putc(&b, ' ');
			gap = false;
			buf_add(&b, s, n);
		}
	return buf_steal(&b);
}

char *
normal_block(const char *s)
{
	struct buf b = { 0 };
	size_t n;

	for (; *s != '\0'; s += n)
		switch (glyph(s, &n)) {
		case SPACE:
			if (*s == '\r' && s[1] == '\n')
				break;
			if (*s == '\n' || *s == '\r')
				buf_putc(&b, '\n');
			else
				buf_putc(&b, *s == '\t' ? '\t' : ' ');
			break;
		case INVISIBLE:
			break;
		case TEXT:
			buf_add(&b, s, n);
		}
	while (b.len > 0 && strchr(" \t\n", b.s[b.len - 1]) != NULL)
		b.s[--b.len] = '\0';
	for (n = 0; n < b.len && strchr(" \t\n", b.s[n]) != NULL;)
		n++;
	if (n > 0) {
		memmove(b.s, b.s + n, b.len - n + 1);
		b.len -= n;
	}
	return buf_steal(&b);
}

/* Labels of letters, digits and inner hyphens, at least two, the last not a number. Bytes over 0x7f are UTF-8 of an internationalised name. */
static const char *
bad_domain(const char *d)
{
	size_t n = strlen(d), label = 0, i, dots = 0;
	bool digits = true;

	if (n == 0)
		return "has no domain";
	if (n > 253)
		return "has a domain over 253 bytes";
	for (i = 0; i <= n; i++) {
		unsigned char c = (unsigned char)d[i];

		if (c == '.' || c == '\0') {
			if (label == 0)
				return "has an empty label in its domain";
			if (label > 63)
				return "has a domain label over 63 bytes";
			if (d[i - 1] == '-' || d[i - label] == '-')
				return "has a hyphen at the edge of a domain label";
			if (c == '\0')
				break;
			dots++;
			label = 0;
			digits = true;
			continue;
		}
		if (!is_alpha(c) && !is_digit(c) && c != '-' && c < 0x80)
			return "has a character in its domain that can't be there";
		digits = digits && is_digit(c);
		label++;
	}
	if (dots == 0)
		return "has no dot in its domain";
	if (digits)
		return "has a number for a top-level domain";
	return NULL;
}

/* An invisible or spacing character beyond ASCII would make two domains look alike. */
static bool
plain(const char *s)
{
	size_t n;

	for (; *s != '\0'; s += n)
		if (glyph(s, &n) != TEXT)
			return false;
	return true;
}

static const char *
bad_email(const char *s)
{
	static const char atext[] = "!#$%&'*+-/=?^_`{|}~.";
	const char *at, *p;

	if (*s == '\0')
		return "is empty";
	if (!utf8_ok(s, strlen(s)))
		return "isn't UTF-8";
	for (p = s; *p != '\0'; p++) {
		if (*p == '\n' || *p == '\r')
			return "has a line break in it";
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return "has a control character in it";
	}
	if ((at = strchr(s, '@')) == NULL)
		return "has no '@'";
	if (strpbrk(s, "<>") != NULL)
		return "has angle brackets: give the bare address";
	if (strpbrk(s, ",;") != NULL || strchr(at + 1, '@') != NULL)
		return "is more than one address";
	if (strchr(s, ' ') != NULL || !plain(s))
		return "has a space in it";
	if (at == s)
		return "has nothing before the '@'";
	if (at - s > 64)
		return "has more than 64 bytes before the '@'";
	if (strlen(s) > NORMAL_EMAIL_MAX)
		return "is longer than 254 bytes";
	for (p = s; p < at; p++) {
		/* "jürgen" takes a server that knows such addresses (SMTPUTF8): that shows when it is sent */
		if ((unsigned char)*p < 0x80 && !is_alpha(*p) && !is_digit(*p) && strchr(atext, *p) == NULL)
			return "has a character before the '@' that can't be there";
	}
	if (*s == '.' || at[-1] == '.' || (p = strstr(s, "..")) != NULL)
		return "has a dot too many";
	return bad_domain(at + 1);
}

/* Without spaces at either end; what is inside stays for the check to find. */
static char *
trimmed(const char *s)
{
	const char *from = NULL, *to = s;
	size_t n;

	for (; *s != '\0'; s += n)
		if (glyph(s, &n) == TEXT) {
			if (from == NULL)
				from = s;
			to = s + n;
		}
	return from != NULL ? xstrndup(from, (size_t)(to - from)) : xstrdup("");
}

char *
normal_email(const char *s, struct lp_err *err)
{
	char *t = trimmed(s), *key, *local, *domain = NULL;
	const char *why;

	if (strncasecmp(t, "mailto:", 7) == 0)
		memmove(t, t + 7, strlen(t + 7) + 1);
	if ((why = bad_email(t)) == NULL && (domain = idna_ascii(strchr(t, '@') + 1)) == NULL)
		why = "has a domain that can't be";
	if (why != NULL) {
		lp_fail(err, LP_DATA, "e-mail address '%.80s' %s", t, why);
		free(t);
		return NULL;
	}
	*strchr(t, '@') = '\0';
	local = utf8_fold(t);
	key = xasprintf("%s@%s", local, domain);
	free(local);
	free(domain);
	free(t);
	if ((why = bad_email(key)) == NULL) /* it may have grown */
		return key;
	lp_fail(err, LP_DATA, "e-mail address '%.80s' %s", key, why);
	free(key);
	return NULL;
}

char *
normal_domain(const char *s, struct lp_err *err)
{
	char *t = trimmed(s), *d = t, *p;
	const char *why;

	if ((p = strstr(d, "://")) != NULL)
		d = p + 3;
	d[strcspn(d, "/?#")] = '\0';
	if ((p = strrchr(d, '@')) != NULL)
		d = p + 1;
	if ((p = strchr(d, ':')) != NULL)
		*p = '\0';
	if (strncasecmp(d, "www.", 4) == 0)
		d += 4;
	if (*d != '\0' && d[strlen(d) - 1] == '.')
		d[strlen(d) - 1] = '\0';
	p = NULL;
	if ((why = !utf8_ok(d, strlen(d)) ? "isn't UTF-8" : plain(d) ? bad_domain(d) : "has a space in it") == NULL && (p = idna_ascii(d)) == NULL)
		why = "can't be a domain";
	if (why != NULL)
		lp_fail(err, LP_DATA, "'%.80s' %s", s, why);
	free(t);
	return p;
}

bool
normal_phone(const char *s, const char *country, char out[NORMAL_PHONE_SIZE])
{
	const struct country *c = country != NULL ? country_find(country) : NULL;
	char digits[32];
	size_t n = 0, len, k;
	bool plus = false;

	if (strncasecmp(s, "tel:", 4) == 0)
		s += 4;
	for (; *s != '\0'; s += len) {
		/* the national zero in "+49 (0)30" is for those who don't dial the country */
		if (plus && strncmp(s, "(0)", 3) == 0) {
			len = 3;
			continue;
		}
		if (glyph(s, &len) != TEXT || strchr("().-/'", *s) != NULL)
			continue;
		if (*s == '+' && n == 0 && !plus) {
			plus = true;
			continue;
		}
		if (!is_digit(*s) || n + 1 >= sizeof(digits))
			return false; /* letters, an extension, two numbers in one cell */
		digits[n++] = *s;
	}
	digits[n] = '\0';
	s = digits;
	if (!plus && n > 2 && memcmp(s, "00", 2) == 0) {
		plus = true;
		s += 2;
	}
	if (plus) {
		if (*s == '0' || strlen(s) < 8 || strlen(s) > 15)
			return false;
		out[0] = '+';
		memcpy(out + 1, s, strlen(s) + 1);
		return true;
	}
	if (c == NULL)
		return false;
	k = strlen(c->trunk);
	/* where everyone dials the zero, a number without it may as well be local: not certain enough for a key */
	if (k > 0 && strcmp(c->calling, "1") != 0 && strncmp(s, c->trunk, k) != 0)
		return false;
	if (k > 0 && strncmp(s, c->trunk, k) == 0)
		s += k;
	if (strcmp(c->calling, "1") == 0 && strlen(s) != 10)
		return false;
	n = strlen(s);
	k = strlen(c->calling);
	if (n < 6 || n + k > 15)
		return false;
	out[0] = '+';
	memcpy(out + 1, c->calling, k);
	memcpy(out + 1 + k, s, n + 1);
	return true;
}

static int
hex(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *
normal_linkedin(const char *s)
{
	struct buf raw = { 0 }, url = { 0 };
	char *t = trimmed(s), *p = t, *host, *folded;
	size_t i;

	if (strncasecmp(p, "http://", 7) == 0)
		p += 7;
	else if (strncasecmp(p, "https://", 8) == 0)
		p += 8;
	host = p;
	p += strcspn(p, "/");
	if (*p != '/' || (i = (size_t)(p - host)) < 12 || strncasecmp(p - 12, "linkedin.com", 12) != 0 ||
	    (i > 12 && p[-13] != '.') || (strncasecmp(p, "/in/", 4) != 0 && strncasecmp(p, "/pub/", 5) != 0)) {
		free(t);
		return NULL;
	}
	p = strchr(p + 1, '/') + 1;
	for (; *p != '\0' && strchr("/?#", *p) == NULL; p++) {
		if (*p == '%' && hex(p[1]) >= 0 && hex(p[2]) >= 0) {
			buf_putc(&raw, (char)(hex(p[1]) * 16 + hex(p[2])));
			p += 2;
		} else
			buf_putc(&raw, *p);
	}
	free(t);
	if (raw.len == 0 || raw.len > 200 || !utf8_ok(raw.s, raw.len) || !plain(raw.s)) {
		buf_free(&raw);
		return NULL;
	}
	/* names don't tell case apart; the ids that Sales Navigator gives in their place do */
	folded = strncmp(raw.s, "ACwAA", 5) == 0 || strncmp(raw.s, "ACoAA", 5) == 0 ? xstrdup(raw.s) : utf8_fold(raw.s);
	buf_puts(&url, "https://www.linkedin.com/in/");
	for (i = 0; folded[i] != '\0'; i++)
		if (is_alpha(folded[i]) || is_digit(folded[i]) || strchr("-_.~", folded[i]) != NULL)
			buf_putc(&url, folded[i]);
		else
			buf_printf(&url, "%%%02x", (unsigned char)folded[i]);
	free(folded);
	buf_free(&raw);
	return buf_steal(&url);
}
