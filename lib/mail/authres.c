#include "mail/authres.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mailbox.h"
#include "base/mem.h"

#define FIELDS_MAX 1000
#define VALUE_MAX ((size_t)64 << 10)

int
mail_tag(const char *text, const char *tag, char *out, size_t size)
{
	size_t len = strlen(tag);
	int place = 0, found = 0;

	*out = '\0';
	for (const char *s = text; *s != '\0';) {
		size_t n = strcspn(s, ";"), name, lead = strspn(s, " \t\r\n");
		const char *v;

		if (lead >= n) { /* nothing between two semicolons, or behind the last */
			s += n + (s[n] == ';');
			continue;
		}
		place++;
		name = strcspn(s + lead, "= \t\r\n;");
		v = s + lead + name + strspn(s + lead + name, " \t\r\n");
		if (name == 0 || *v != '=')
			return -1;
		v++;
		v += strspn(v, " \t\r\n");
		if (name == len && strncmp(s + lead, tag, len) == 0) {
			size_t vlen = v < s + n ? (size_t)(s + n - v) : 0;

			while (vlen > 0 && strchr(" \t\r\n", v[vlen - 1]) != NULL)
				vlen--;
			if (found != 0 || vlen >= size)
				return -1;
			memcpy(out, v, vlen);
			out[vlen] = '\0';
			found = place;
		}
		s += n + (s[n] == ';');
	}
	return found;
}

/* A word, in lower case, cut to fit; what isn't printable is left out. */
static void
word(const char *s, size_t n, char *out, size_t size)
{
	size_t k = 0;

	for (size_t i = 0; i < n && k + 1 < size; i++)
		if (s[i] > 0x20 && s[i] < 0x7f)
			out[k++] = (char)tolower((unsigned char)s[i]);
	out[k] = '\0';
}

static bool
same_org(const char *a, const char *b)
{
	char x[MAILBOX_ORG_SIZE], y[MAILBOX_ORG_SIZE];

	mailbox_org(a, x);
	mailbox_org(b, y);
	return *x != '\0' && strcmp(x, y) == 0;
}

/* Comments go, quoted strings lose their quotes (and what could be taken for structure in them), blanks around '=' go. The caller frees. */
static char *
plain(const char *s)
{
	struct buf b = { 0 };
	int depth = 0;
	bool quoted = false;

	for (; *s != '\0'; s++) {
		if (*s == '\\' && s[1] != '\0' && (quoted || depth > 0)) {
			s++;
			continue;
		}
		if (*s == '"' && depth == 0)
			quoted = !quoted;
		else if (quoted)
			buf_putc(&b, strchr(";= \t", *s) != NULL ? '_' : *s);
		else if (*s == '(')
			depth++;
		else if (*s == ')' && depth > 0)
			depth--;
		else if (depth == 0 && (*s == ' ' || *s == '\t')) {
			if (b.len > 0 && b.s[b.len - 1] != ' ' && b.s[b.len - 1] != '=')
				buf_putc(&b, ' ');
		} else if (depth == 0) {
			if (*s == '=' && b.len > 0 && b.s[b.len - 1] == ' ')
				b.len--;
			buf_putc(&b, *s);
		}
	}
	buf_puts(&b, "");
	return buf_steal(&b);
}

/* The value of a property among the words of one result: "header.d=ours.example". */
static bool
property(const char *s, size_t n, const char *name, char *out, size_t size)
{
	size_t len = strlen(name);

	for (size_t i = 0; i + len < n; i++)
		if ((i == 0 || s[i - 1] == ' ') && strncasecmp(s + i, name, len) == 0 && s[i + len] == '=') {
			size_t v = i + len + 1, end = v;

			while (end < n && s[end] != ' ')
				end++;
			/* an address stands for its domain */
			for (size_t k = v; k < end; k++)
				if (s[k] == '@')
					v = k + 1;
			word(s + v, end - v, out, size);
			return *out != '\0';
		}
	return false;
}

static void
dkim_result(const char *s, size_t n, const char *result, const char *from, struct mail_auth *a)
{
	char domain[AUTH_NAME_SIZE] = "";
	bool aligned, pass = strcmp(result, "pass") == 0, had = strcmp(a->dkim, "pass") == 0;

	if (!property(s, n, "header.d", domain, sizeof(domain)))
		property(s, n, "header.i", domain, sizeof(domain));
	aligned = same_org(domain, from);
	if (*a->dkim != '\0' && (!pass || (had && (a->dkim_aligned || !aligned))))
		return;
	snprintf(a->dkim, sizeof(a->dkim), "%s", result);
	snprintf(a->dkim_domain, sizeof(a->dkim_domain), "%s", domain);
	a->dkim_aligned = aligned;
}

static void
one_result(const char *s, size_t n, const char *from, struct mail_auth *a)
{
	size_t skip = 0, m, r;
	char method[16], result[16];

	while (skip < n && s[skip] == ' ')
		skip++;
	s += skip;
	n -= skip;
	for (m = 0; m < n && s[m] != '=' && s[m] != ' ' && s[m] != '/'; m++)
		;
	word(s, m, method, sizeof(method));
	while (m < n && s[m] != '=' && s[m] != ' ')
		m++;
	if (m == n || s[m] != '=')
		return; /* "none", or nonsense */
	for (r = m + 1; r < n && s[r] != ' '; r++)
		;
	word(s + m + 1, r - m - 1, result, sizeof(result));
	if (strcmp(method, "dkim") == 0)
		dkim_result(s, n, result, from, a);
	else if (strcmp(method, "spf") == 0 && *a->spf == '\0') {
		snprintf(a->spf, sizeof(a->spf), "%s", result);
		if (!property(s, n, "smtp.mailfrom", a->spf_domain, sizeof(a->spf_domain)) && !property(s, n, "smtp.mfrom", a->spf_domain, sizeof(a->spf_domain)))
			property(s, n, "smtp.helo", a->spf_domain, sizeof(a->spf_domain));
		a->spf_aligned = same_org(a->spf_domain, from);
	} else if (strcmp(method, "dmarc") == 0 && *a->dmarc == '\0')
		snprintf(a->dmarc, sizeof(a->dmarc), "%s", result);
}

static void
results(const char *value, const char *from, struct mail_auth *a)
{
	char *text = plain(value), by[AUTH_NAME_SIZE];
	const char *s = text + (*text == ' ');
	size_t n = strcspn(s, ";");

	word(s, strcspn(s, " ;"), by, sizeof(by));
	if (*by != '\0' && (*a->by == '\0' || strcmp(a->by, by) == 0)) {
		snprintf(a->by, sizeof(a->by), "%s", by);
		for (s += n; *s == ';'; s += n) {
			s++;
			n = strcspn(s, ";");
			one_result(s, n, from, a);
		}
	}
	free(text);
}

static bool
names(const char *list, const char *name)
{
	size_t len = strlen(name);

	for (const char *s = list; *s != '\0'; s += strcspn(s, ":"), s += *s == ':') {
		const char *t = s + strspn(s, " \t");
		size_t n = strcspn(t, ": \t");

		if (n == len && strncasecmp(t, name, len) == 0)
			return true;
	}
	return false;
}

/* One signature, in a->...; `h` keeps what it covers, for when all fields are seen. */
static void
signature(const char *value, const char *from, struct mail_auth *a, char **h)
{
	char d[AUTH_NAME_SIZE], s[64], list[4096];

	if (mail_tag(value, "d", d, sizeof(d)) <= 0 || mail_tag(value, "s", s, sizeof(s)) <= 0 || mail_tag(value, "h", list, sizeof(list)) <= 0)
		return;
	if (a->signature && (same_org(a->sign_domain, from) || !same_org(d, from)))
		return;
	a->signature = true;
	word(d, strlen(d), a->sign_domain, sizeof(a->sign_domain));
	word(s, strlen(s), a->selector, sizeof(a->selector));
	free(*h);
	*h = xstrdup(list);
}

static void
field(const char *name, size_t nlen, const char *value, const char *from, struct mail_auth *a, char **h)
{
	static const char *const known[] = { "Authentication-Results", "Received-SPF", "DKIM-Signature", "List-Unsubscribe", "List-Unsubscribe-Post", NULL };
	int k;

	for (k = 0; known[k] != NULL && (strlen(known[k]) != nlen || strncasecmp(name, known[k], nlen) != 0); k++)
		;
	switch (k) {
	case 0: results(value, from, a); break;
	case 1:
		if (*a->received_spf == '\0') {
			value += strspn(value, " \t");
			word(value, strcspn(value, " \t("), a->received_spf, sizeof(a->received_spf));
		}
		break;
	case 2: signature(value, from, a, h); break;
	case 3: a->unsubscribe = true; break;
	case 4: a->post = true; break;
	default: break;
	}
}

void
mail_auth(const char *header, size_t len, const char *from, struct mail_auth *a)
{
	const char *s = header, *end = header + len;
	struct buf value = { 0 };
	char *h = NULL;

	*a = (struct mail_auth){ 0 };
	for (int n = 0; s < end && *s != '\r' && *s != '\n' && n < FIELDS_MAX; n++) {
		const char *name = s, *colon = memchr(s, ':', (size_t)(end - s)), *eol;

		buf_reset(&value);
		/* the line and those that go on with it, as one */
		do {
			eol = memchr(s, '\n', (size_t)(end - s));
			if (eol == NULL)
				eol = end;
			for (; s < eol; s++)
				if (*s != '\r' && *s != '\0' && value.len < VALUE_MAX)
					buf_putc(&value, *s);
			s = eol < end ? eol + 1 : end;
		} while (s < end && (*s == ' ' || *s == '\t'));
		if (colon != NULL && colon < eol && (size_t)(colon - name) < 60 && value.len > (size_t)(colon - name))
			field(name, (size_t)(colon - name), value.s + (colon - name) + 1, from, a, &h);
	}
	a->covers_unsubscribe = h != NULL && (!a->unsubscribe || names(h, "List-Unsubscribe")) && (!a->post || names(h, "List-Unsubscribe-Post"));
	buf_free(&value);
	free(h);
}
