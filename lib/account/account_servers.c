#include "account/account_servers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "channel/mailhosts.h"

#define BY_HAND "give host=... (and port=, security=tls or starttls) by hand"

struct search {
	const char *domain;
	struct resolver *dns;
	bool strangers;
	char *unknown;         /* the first thing that the DNS couldn't tell */
};

bool
account_servers_wanted(const struct account *a)
{
	return a->kind != NULL && strcmp(a->kind, "smtp") == 0 && a->address != NULL && json_str(a->settings, "host") == NULL;
}

/* One server's three settings. What was given by hand stays, and must go with what was found: a port is worth nothing beside another security. */
static int
put(struct account *a, const struct mailhost_server *s, const char *prefix, struct buf *said, struct lp_err *err)
{
	char number[16];
	const char *const found[3] = { s->host, number, s->security };
	static const char *const names[3] = { "host", "port", "security" };

	if (*s->host == '\0')
		return 0;
	snprintf(number, sizeof(number), "%d", s->port);
	for (size_t i = 0; i < 3; i++) {
		char key[20];
		const char *given;

		snprintf(key, sizeof(key), "%s%s", prefix, names[i]);
		given = json_str(a->settings, key);
		if (given != NULL && i == 0)
			return 0;
		if (given != NULL && strcmp(given, found[i]) != 0)
			return lp_fail(err, LP_CONFIG, "%s=%s doesn't go with what is found (%s:%d, %s): give %shost too", key, given, s->host, s->port, s->security, prefix);
		json_set_str(a->settings, key, found[i]);
		buf_printf(said, " %s=%s", key, found[i]);
	}
	return 0;
}

static int
take(struct account *a, const struct mailhost *m, const char *why, struct buf *said, struct lp_err *err)
{
	bool password = json_str(a->settings, "password_env") != NULL || json_str(a->settings, "password_command") != NULL;
	bool oauth = json_str(a->settings, "oauth") != NULL, client = json_str(a->settings, "oauth_client_id") != NULL;
	struct buf line = { 0 };

	if (put(a, &m->smtp, "", &line, err) == -1 || put(a, &m->imap, "imap_", &line, err) == -1) {
		buf_free(&line);
		return -1;
	}
	if (*m->oauth != '\0' && client && !oauth && !password) {
		json_set_str(a->settings, "oauth", m->oauth);
		buf_printf(&line, " oauth=%s", m->oauth);
		oauth = true;
	}
	buf_printf(said, "found%s\n  %s%s%s\n", buf_str(&line), why, *m->note != '\0' ? "; " : "", m->note);
	if (*m->oauth != '\0' && !oauth && !password)
		buf_printf(said, "  log in by a password (password_env=..., password_command=...) or by OAuth2 (oauth=%s oauth_client_id=..., then lp-accounts login %s)\n",
		    m->oauth, a->name);
	else if (!oauth && !password)
		buf_puts(said, "  log in by a password: password_env=... or password_command=...\n");
	if (m->per_day > 0 && a->daily_limit > m->per_day)
		buf_printf(said, "  daily_limit %lld is over what the provider lets through in a day: %ld\n", (long long)a->daily_limit, m->per_day);
	buf_free(&line);
	return 0;
}

static void
cant_tell(struct search *s, const char *what)
{
	if (s->unknown == NULL)
		s->unknown = xasprintf("%s of '%s': %s", what, s->domain, dns_why(s->dns));
}

static bool
by_exchanger(struct search *s, struct mailhost *m, char why[400])
{
	struct dns_answer mx = { 0 };
	enum dns r = dns_mx(s->dns, s->domain, &mx);
	bool found = false;

	if (r == DNS_UNKNOWN)
		cant_tell(s, "the mail exchangers");
	/* the first alone: a second one may be somebody's who only holds mail for a while */
	if (mx.n > 0 && mailhost_mx(mx.list[0].text, m)) {
		snprintf(why, 400, "the mail exchanger of '%s' is %s", s->domain, mx.list[0].text);
		found = true;
	}
	dns_answer_clear(&mx);
	return found;
}

/* The service's first record: false where there is none, or it says that there is no such service ("."). */
static bool
by_service(struct search *s, const char *service, const char *security, struct mailhost_server *out)
{
	char *name = xasprintf("%s.%s", service, s->domain);
	struct dns_answer srv = { 0 };
	enum dns r = dns_srv(s->dns, name, &srv);
	bool found = false;

	if (r == DNS_UNKNOWN)
		cant_tell(s, "the servers");
	if (srv.n > 0 && strcmp(srv.list[0].text, ".") != 0 && srv.list[0].port > 0 && dns_name_ok(srv.list[0].text) &&
	    strlen(srv.list[0].text) < sizeof(out->host)) {
		snprintf(out->host, sizeof(out->host), "%s", srv.list[0].text);
		snprintf(out->security, sizeof(out->security), "%s", security);
		out->port = srv.list[0].port;
		found = true;
	}
	dns_answer_clear(&srv);
	free(name);
	return found;
}

static bool
within(const char *host, const char *domain)
{
	size_t n = strlen(host), d = strlen(domain);

	return n == 0 || (n >= d && strcasecmp(host + n - d, domain) == 0 && (n == d || host[n - d - 1] == '.'));
}

static int
by_records(struct search *s, struct mailhost *m, char why[400], struct lp_err *err)
{
	const char *stranger;

	*m = (struct mailhost){ 0 };
	if (!by_service(s, "_submissions._tcp", "tls", &m->smtp) && !by_service(s, "_submission._tcp", "starttls", &m->smtp))
		return 0;
	if (!by_service(s, "_imaps._tcp", "tls", &m->imap))
		by_service(s, "_imap._tcp", "starttls", &m->imap);
	stranger = !within(m->smtp.host, s->domain) ? m->smtp.host : !within(m->imap.host, s->domain) ? m->imap.host : NULL;
	if (stranger != NULL && !s->strangers)
		return lp_fail(err, LP_CONFIG, "the DNS names '%s' for '%s', which is outside of it, and an answer can be forged: if that is right, say so with -y, or give "
		    "host=%s port=%d security=%s", stranger, s->domain, m->smtp.host, m->smtp.port, m->smtp.security);
	snprintf(why, 400, "so say the SRV records of '%s'", s->domain);
	return 1;
}

int
account_servers_find(struct account *a, struct resolver *dns, bool strangers, struct buf *said, struct lp_err *err)
{
	struct search s = { .domain = strrchr(a->address, '@') + 1, .dns = dns, .strangers = strangers };
	struct mailhost m;
	char why[400];
	int r = 1;

	if (mailhost_find(s.domain, &m))
		snprintf(why, sizeof(why), "'%s' is a provider that is known", s.domain);
	else if (!dns_name_ok(s.domain))
		r = 0;
	else if (!by_exchanger(&s, &m, why))
		r = by_records(&s, &m, why, err);
	if (r == 1)
		r = take(a, &m, why, said, err);
	else if (r == 0 && s.unknown != NULL)
		r = lp_fail(err, LP_TEMP, "%s; try again, or " BY_HAND, s.unknown);
	else if (r == 0)
		r = lp_fail(err, LP_CONFIG, "no servers found for '%s': no provider that is known, and no SRV records (_submissions._tcp, _submission._tcp): " BY_HAND, s.domain);
	free(s.unknown);
	return r == -1 ? -1 : 0;
}
