/* domain_spf.c - a domain's SPF record (RFC 7208), with all that it includes. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "account/domain_int.h"
#include "base/mem.h"

#define LOOKUPS_MAX 10   /* 4.6.4: over it, receivers give up */
#define VOIDS_MAX 2
#define MX_MAX 10
#define LOOKUPS_SEEN 30  /* how far we go on counting, to be able to say by how much it is over */
#define RECORDS_MAX 2000 /* bytes of one; longer ones aren't anybody's */

struct spf {
	struct resolver *dns;
	const char *include;    /* the provider's, to be found somewhere; or NULL */
	int lookups, voids;
	bool included, ptr, uncertain, gone, too_long;
	char all;               /* the qualifier of what holds for everybody else; 0: nothing is said */
	char error[300], why[200];
};

static void __attribute__((format(printf, 2, 3)))
wrong(struct spf *s, const char *fmt, ...)
{
	va_list ap;

	if (*s->error != '\0')
		return;
	va_start(ap, fmt);
	vsnprintf(s->error, sizeof(s->error), fmt, ap);
	va_end(ap);
}

static void
uncertain(struct spf *s)
{
	if (!s->uncertain)
		snprintf(s->why, sizeof(s->why), "%s", dns_why(s->dns));
	s->uncertain = true;
}

/* How many SPF records a name has; the last in *record (the caller frees). -1: it can't be told. */
static int
records_of(struct spf *s, const char *name, char **record)
{
	struct dns_answer a;
	enum dns r = dns_txt(s->dns, name, &a);
	int n = 0;

	*record = NULL;
	for (size_t i = 0; i < a.n; i++)
		if (strncasecmp(a.list[i].text, "v=spf1", 6) == 0 && (a.list[i].text[6] == ' ' || a.list[i].text[6] == '\0')) {
			free(*record);
			*record = xstrdup(a.list[i].text);
			n++;
		}
	dns_answer_clear(&a);
	if (r == DNS_UNKNOWN)
		uncertain(s);
	return r == DNS_UNKNOWN ? -1 : n;
}

/* 7.1: is a domain-spec well formed? *macro: it depends on the mail, so it can't be looked up here. */
static bool
spec_ok(const char *spec, size_t n, bool *macro)
{
	size_t i = 0;
	char name[DNS_NAME_SIZE];

	*macro = false;
	if (n == 0 || n >= sizeof(name))
		return false;
	while (i < n) {
		if (spec[i] <= 0x20 || spec[i] > 0x7e || spec[i] == '\\')
			return false;
		if (spec[i] != '%') {
			i++;
			continue;
		}
		*macro = true;
		i++;
		if (i < n && strchr("%_-", spec[i]) != NULL) {
			i++;
			continue;
		}
		if (i + 2 >= n || spec[i] != '{' || strchr("slodiphcrtvSLODIPHCRTV", spec[i + 1]) == NULL)
			return false;
		i += 2;
		while (i < n && isdigit((unsigned char)spec[i]))
			i++;
		if (i < n && (spec[i] == 'r' || spec[i] == 'R'))
			i++;
		while (i < n && strchr(".-+,/_=", spec[i]) != NULL)
			i++;
		if (i == n || spec[i++] != '}')
			return false;
	}
	memcpy(name, spec, n);
	name[n] = '\0';
	if (n > 1 && name[n - 1] == '.')
		name[n - 1] = '\0';
	return *macro || (dns_name_ok(name) && strchr(name, '.') != NULL);
}

/* "/24", "//64", "/24//64", or nothing */
static bool
cidr_ok(const char *s, bool both, long most)
{
	char *end;
	long v;

	if (*s == '/' && s[1] != '/') {
		v = strtol(s + 1, &end, 10);
		if (!isdigit((unsigned char)s[1]) || v > most)
			return false;
		s = end;
	}
	if (both && s[0] == '/' && s[1] == '/') {
		v = strtol(s + 2, &end, 10);
		if (!isdigit((unsigned char)s[2]) || v > 128)
			return false;
		s = end;
	}
	return *s == '\0';
}

static bool
address_ok(const char *s, bool six)
{
	size_t n = strcspn(s, "/");
	unsigned char dots = 0, colons = 0;
	char text[48];

	if (n == 0 || n >= sizeof(text))
		return false;
	for (size_t i = 0; i < n; i++) {
		dots += s[i] == '.';
		colons += s[i] == ':';
		if (!isxdigit((unsigned char)s[i]) && s[i] != '.' && s[i] != ':')
			return false;
		if (!six && (!isdigit((unsigned char)s[i]) && s[i] != '.'))
			return false;
	}
	if (six ? colons < 2 : dots != 3)
		return false;
	return cidr_ok(s + n, false, six ? 128 : 32);
}

static void walk(struct spf *, const char *name, bool decides, int depth);

/* Of a domain-spec that is well formed and has no macro: the name without the dot that may end it. */
static void
bare_name(const char *spec, size_t n, char out[DNS_NAME_SIZE])
{
	snprintf(out, DNS_NAME_SIZE, "%.*s", (int)(n > 1 && spec[n - 1] == '.' ? n - 1 : n), spec);
}

static void
look_host(struct spf *s, const char *name, bool mx)
{
	struct dns_answer a;
	enum dns r = mx ? dns_mx(s->dns, name, &a) : dns_host(s->dns, name, &a);

	if (r == DNS_UNKNOWN)
		uncertain(s);
	if (r == DNS_NONE)
		s->voids++;
	if (mx && a.n > MX_MAX)
		wrong(s, "'mx' of %s means %zu hosts, more than %d", name, a.n, MX_MAX);
	dns_answer_clear(&a);
}

/* A mechanism that asks the DNS: counted, and followed where it can be. `spec` of n bytes, or n 0: the domain itself. */
static void
look_up(struct spf *s, const char *kind, const char *spec, size_t n, const char *domain, int depth)
{
	char name[DNS_NAME_SIZE];
	bool macro = false;

	s->lookups++;
	if (s->lookups > LOOKUPS_SEEN || (n > 0 && (!spec_ok(spec, n, &macro) || macro)))
		return;
	bare_name(n > 0 ? spec : domain, n > 0 ? n : strlen(domain), name);
	if (strcmp(kind, "include") == 0) {
		s->included |= s->include != NULL && strcasecmp(name, s->include) == 0;
		walk(s, name, false, depth + 1);
	} else if (strcmp(kind, "a") == 0 || strcmp(kind, "mx") == 0)
		look_host(s, name, *kind == 'm');
}

/* One mechanism; `counts`: it stands before "all". */
static void
mechanism(struct spf *s, const char *term, const char *domain, bool counts, bool decides, int depth)
{
	static const char *const kinds[] = { "all", "include", "a", "mx", "ptr", "exists", "ip4", "ip6", NULL };
	char q = strchr("+-?~", *term) != NULL ? *term : '+';
	const char *t = *term == q ? term + 1 : term, *arg;
	size_t n = strcspn(t, ":/"), spec;
	bool macro, ok;
	int k;

	for (k = 0; kinds[k] != NULL && (strlen(kinds[k]) != n || strncasecmp(t, kinds[k], n) != 0); k++)
		;
	arg = t + n + (t[n] == ':');
	spec = strcspn(arg, "/");
	switch (k) {
	case 0: ok = t[n] == '\0'; break;
	case 1: case 5: ok = t[n] == ':' && spec_ok(arg, strlen(arg), &macro); break;
	case 2: case 3: ok = (t[n] == ':' ? spec_ok(arg, spec, &macro) : spec == 0 || t[n] == '\0') && cidr_ok(arg + spec, true, 32); break;
	case 4: ok = t[n] == '\0' || (t[n] == ':' && spec_ok(arg, strlen(arg), &macro)); break;
	case 6: case 7: ok = t[n] == ':' && address_ok(arg, k == 7); break;
	default: ok = false; break;
	}
	if (!ok)
		wrong(s, "'%.80s' in the record of %s isn't understood", term, domain);
	else if (counts && k == 0 && decides)
		s->all = q;
	else if (counts && k > 0 && k < 6) {
		s->ptr |= k == 4;
		look_up(s, kinds[k], arg, k == 1 || k == 5 ? strlen(arg) : t[n] == ':' ? spec : 0, domain, depth);
	}
}

/* "redirect=", "exp=", or one that nobody knows: a name, '=', anything. */
static bool
is_modifier(const char *term)
{
	size_t n = strcspn(term, "=");

	if (term[n] != '=' || !isalpha((unsigned char)*term))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)term[i]) && strchr("-_.", term[i]) == NULL)
			return false;
	return true;
}

static void
terms(struct spf *s, char *record, const char *domain, bool decides, int depth)
{
	const char *redirect = NULL, *exp = NULL;
	char name[DNS_NAME_SIZE];
	bool all = false, macro;
	char *t = record + 6;

	while (*t != '\0') {
		char *term = t + strspn(t, " "), *end = term + strcspn(term, " ");
		const char *m;

		t = *end != '\0' ? end + 1 : end;
		*end = '\0';
		if (*term == '\0')
			continue;
		if (!is_modifier(term)) {
			mechanism(s, term, domain, !all, decides, depth);
			m = term + (strchr("+-?~", *term) != NULL);
			all |= strcasecmp(m, "all") == 0;
			continue;
		}
		m = strchr(term, '=') + 1;
		if (strncasecmp(term, "redirect=", 9) == 0 || strncasecmp(term, "exp=", 4) == 0) {
			const char **seen = *term == 'r' || *term == 'R' ? &redirect : &exp;

			if (*seen != NULL || !spec_ok(m, strlen(m), &macro))
				wrong(s, "'%.80s' in the record of %s %s", term, domain, *seen != NULL ? "stands there twice" : "isn't understood");
			*seen = m;
		}
	}
	if (redirect == NULL || all || *s->error != '\0')
		return;
	s->lookups++;
	if (!spec_ok(redirect, strlen(redirect), &macro) || macro || s->lookups > LOOKUPS_SEEN)
		return;
	bare_name(redirect, strlen(redirect), name);
	s->included |= s->include != NULL && strcasecmp(name, s->include) == 0;
	walk(s, name, decides, depth + 1);
}

/* The record of a name that another one includes (depth > 0), or of the domain itself. `decides`: its "all" is the domain's. */
static void
walk(struct spf *s, const char *name, bool decides, int depth)
{
	char *record;
	int n = records_of(s, name, &record);

	if (n == 0 && depth > 0) {
		s->voids++;
		wrong(s, "it points to %s, which has no SPF record", name);
	} else if (n > 1)
		wrong(s, "%s has %d SPF records where one is allowed", name, n);
	else if (n == 1 && strlen(record) > RECORDS_MAX)
		wrong(s, "the record of %s is %zu bytes long", name, strlen(record));
	else if (n == 1)
		terms(s, record, name, decides, depth);
	else if (n == 0)
		s->gone = true;
	free(record);
}

static void
say_missing(const char *domain, const char *include, const char *host, struct findings *out)
{
	char *next;

	if (include != NULL)
		next = xasprintf("add TXT %s \"v=spf1 include:%s ~all\"", domain, include);
	else if (host != NULL)
		next = xasprintf("add TXT %s \"v=spf1 a:%s mx ~all\"", domain, host);
	else
		next = xasprintf("add TXT %s \"v=spf1 mx ~all\", and what your provider of mail tells to include", domain);
	findings_add(out, FOUND_FAIL, "spf", next, "%s has no SPF record: nobody can tell which servers may send its mail", domain);
}

void
domain_spf(struct resolver *dns, const char *domain, const char *include, const char *host, struct findings *out)
{
	struct spf s = { .dns = dns, .include = include };

	walk(&s, domain, true, 0);
	if (s.gone)
		say_missing(domain, include, host, out);
	else if (*s.error != '\0')
		findings_add(out, FOUND_FAIL, "spf", xstrdup(strstr(s.error, "SPF records") != NULL ? "make one TXT record of them" :
		    "mend the TXT record"), "%s; receivers then take none of it", s.error);
	else if (s.lookups > LOOKUPS_MAX)
		findings_add(out, FOUND_FAIL, "spf", xstrdup("take out includes of services that no longer send for you"),
		    "the record of %s needs %s%d look-ups, and receivers give up after %d", domain, s.lookups > LOOKUPS_SEEN ? "more than " : "",
		    s.lookups > LOOKUPS_SEEN ? LOOKUPS_SEEN : s.lookups, LOOKUPS_MAX);
	else if (s.voids > VOIDS_MAX)
		findings_add(out, FOUND_FAIL, "spf", xstrdup("take out what is no longer there"),
		    "%d names in the record of %s don't exist, and receivers give up after %d", s.voids, domain, VOIDS_MAX);
	else if (s.all == '+')
		findings_add(out, FOUND_FAIL, "spf", xasprintf("end the TXT record of %s with ~all or -all", domain),
		    "the record of %s ends with +all: it allows the whole world to send its mail", domain);
	else if (s.uncertain)
		findings_add(out, FOUND_UNKNOWN, "spf", NULL, "%s: %s", domain, s.why);
	else if (include != NULL && !s.included)
		findings_add(out, FOUND_WARN, "spf", xasprintf("add include:%s to the TXT record of %s", include, domain),
		    "nothing in the record of %s names %s, by which its mail leaves", domain, include);
	else if (s.all == 0 || s.all == '?')
		findings_add(out, FOUND_WARN, "spf", xasprintf("end the TXT record of %s with ~all or -all", domain),
		    "the record of %s says nothing of servers that it doesn't name", domain);
	else if (s.ptr)
		findings_add(out, FOUND_WARN, "spf", xasprintf("name the servers in the TXT record of %s instead of 'ptr'", domain),
		    "the record of %s has 'ptr', which many receivers pass over", domain);
	else
		findings_add(out, FOUND_OK, "spf", NULL, "%s: one record, %d of %d look-ups, %call", domain, s.lookups, LOOKUPS_MAX, s.all);
}
