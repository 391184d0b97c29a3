/* bounce_judge.c - whose fault it is that a message came back: the address's, the sender's, or the hour's. */
#include "mail/bounce_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/plain.h"

/* In whatever context they stand, the address is dead. */
static const char *const dead[] = { "user unknown", "unknown user", "no such user", "no such recipient", "no such address",
	"no such mailbox", "no such person", "no such domain", "user not found", "recipient not found", "recipientnotfound",
	"address not found", "not found by smtp address lookup", "does not exist", "doesn't exist", "doesnt exist", "unknown recipient",
	"recipient unknown", "unknown local part", "unknown address", "address unknown", "unknown mailbox", "mailbox not found",
	"mailbox does not", "mailbox disabled", "mailbox is disabled", "account disabled", "account is disabled",
	"account has been disabled", "account inactive", "mailbox is inactive", "inactive user", "account closed", "invalid recipient",
	"invalid mailbox", "invalid address", "not a valid mailbox", "not a valid user", "not a valid recipient", "not listed in",
	"undeliverable address", "no mailbox here", "no longer valid", "no longer in use", "no longer active", "no longer exists",
	"address couldn't be found", "address could not be found", "couldn't be found", "wasn't found at", "host not found",
	"domain name not found", "domain not found", "domain couldn't be found", "nxdomain", "unrouteable address", "unroutable address",
	"null mx", "nullmx", "existiert nicht", "empfanger unbekannt", "adresse unbekannt", "nicht gefunden", "adresse inconnue",
	"n'existe pas", "introuvable", "no existe", "no encontrado", "nao existe", "nao encontrado", "non esiste", "sconosciuto",
	"bestaat niet", "onbekend", "nie istnieje", "nieznany", "finns inte", "findes ikke", "finnes ikke", "ei ole olemassa",
	"tuntematon", NULL };
/* The same, unless something else is said. */
static const char *const rejected[] = { "mailbox unavailable", "recipient address rejected", "recipient rejected", "address rejected",
	"not our customer", "user is unavailable", "address is not valid", "mailbox name not allowed", "is not accepting mail",
	"isn't accepting", NULL };
static const char *const full[] = { "mailbox full", "mailbox is full", "over quota", "overquota", "quota exceeded", "exceeded the quota",
	"exceeds quota", "exceeded storage", "insufficient system storage", "insufficient storage", "out of storage", "over its quota",
	"postfach ist voll", "postfach voll", "boite de reception pleine", "buzon lleno", "casella piena", "storage allocation",
	"disk full", NULL };
/* Somebody doesn't want mail of this sender, or of its servers. */
static const char *const sender[] = { "spf", "dkim", "dmarc", "unauthenticated", "not authenticated", "sender address rejected",
	"sender domain", "sender denied", "sender rejected", "sender verify", "bad sender", "bad outbound sender", "sender's ip",
	"sending ip", "reputation", "spam", "blacklist", "black list", "blocklist", "block list", "blocked", "denylist", "spamhaus",
	"barracuda", "spamcop", "dnsbl", "sorbs", "proofpoint", "unsolicited", "bulk mail", "rate limit", "ratelimit", "rate-limit",
	"rate exceeded", "unusual rate", "sending rate", "too many", "throttl", "user complaints", "content rejected", "message content",
	"policy", "reverse dns", "ptr record", "banned", "access denied, bad", "suspicious", "malicious", "poor standing",
	"authentication level", "tenant", NULL };
static const char *const waiting[] = { "greylist", "graylist", "grey list", "try again later", "certificate", "starttls", "relay", NULL };

bool
has_any(const char *s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strstr(s, *words) != NULL)
			return true;
	return false;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* One to three digits: their number of bytes. */
static size_t
digits(const char *s)
{
	size_t n = 0;

	while (n < 4 && is_digit(s[n]))
		n++;
	return n <= 3 ? n : 0;
}

char *
bounce_status(const char *s)
{
	for (const char *p = s; *p != '\0'; p++) {
		size_t b, d;

		if ((*p != '4' && *p != '5') || p[1] != '.' || (p > s && (is_digit(p[-1]) || p[-1] == '.')))
			continue;
		b = digits(p + 2);
		d = b > 0 && p[2 + b] == '.' ? digits(p + 3 + b) : 0;
		if (d == 0 || is_digit(p[3 + b + d]) || (p[3 + b + d] == '.' && is_digit(p[4 + b + d]))) /* no address of the Internet's */
			continue;
		return xstrndup(p, 3 + b + d);
	}
	return NULL;
}

static bool
is(const char *status, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(status, *list) == 0)
			return true;
	return false;
}

static bool
temporary(struct mail_bounce_rcpt *r, const char *words)
{
	static const char *const known[] = { "4.7.32", "4.7.23", "4.7.24", "4.7.25", "4.7.26", "4.7.27", "4.7.28", "4.7.29", "4.7.30",
		"4.7.31", "4.7.650", "4.7.651", NULL };
	bool security = strncmp(r->status, "4.7.", 4) == 0 || strstr(words, "421") != NULL;

	r->ours = is(r->status, known) || (security && has_any(words, sender) && !has_any(words, waiting));
	return r->ours;
}

void
bounce_judge(struct mail_bounce_rcpt *r, const char *words)
{
	/* the mailbox takes no mail from outside: these are about the address, though their number is security's */
	static const char *const closed[] = { "5.7.124", "5.7.133", "5.7.134", "5.7.135", "5.7.136", NULL };
	static const char *const gone[] = { "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.310", NULL };
	static const char *const from[] = { "5.1.7", "5.1.8", "5.1.90", NULL };
	const char *status = r->status != NULL ? r->status : "";
	bool is_dead = has_any(words, dead), of_sender = has_any(words, sender);

	r->hard = r->ours = false;
	if (*status == '4') {
		temporary(r, words);
		return;
	}
	if (strcmp(status, "5.2.2") == 0 || (has_any(words, full) && !is(status, gone)))
		return;
	if (is(status, gone) || is(status, closed))
		r->hard = true;
	else if (is(status, from))
		r->ours = true;
	else if (strncmp(status, "5.7.", 4) == 0) {
		r->hard = is_dead && !of_sender;
		r->ours = !r->hard && !has_any(words, waiting);
	} else if (is_dead && !(of_sender && strstr(words, "sender") != NULL))
		r->hard = true;
	else if (of_sender)
		r->ours = true;
	else
		r->hard = has_any(words, rejected);
}

void
mail_refusal(int code, const char *text, struct mail_bounce_rcpt *r)
{
	static const char *const rate[] = { "rate limit", "ratelimit", "rate-limit", "rate exceeded", "unusual rate", "sending rate", "too many",
		"throttl", "sending limit", "sending quota", "daily user sending", "message limit", NULL };
	struct mail_bounce_rcpt judged = { 0 };
	struct buf words = { 0 };
	char temp[] = "4.0.0";

	*r = (struct mail_bounce_rcpt){ .status = bounce_status(text) };
	mail_plain(&words, text, strlen(text));
	buf_printf(&words, " (%d)", code);
	judged.status = r->status;
	if (code / 100 == 4 && (r->status == NULL || *r->status != '4'))
		judged.status = temp;
	bounce_judge(&judged, buf_str(&words));
	r->hard = judged.hard;
	r->ours = judged.ours || (has_any(buf_str(&words), rate) && !judged.hard && !has_any(buf_str(&words), waiting));
	buf_free(&words);
}
