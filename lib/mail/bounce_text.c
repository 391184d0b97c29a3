/* bounce_text.c - bounces that only people were meant to read. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "mail/bounce_int.h"
#include "mail/parse_int.h"
#include "mail/plain.h"

#define WORDS_LOOKED_AT ((size_t)8 << 10) /* bytes: the reason stands at the top */
#define DIAGNOSTIC_MAX 500

static const char *const subjects[] = { "undeliver", "returned mail", "delivery fail", "delivery status notification", "failure notice",
	"mail delivery", "delivery problem", "non delivery", "non-delivery", "nondelivery", "returned to sender", "not be delivered",
	"delivery has failed", "not delivered", "delivery failure", "delivery delayed", "delayed mail", "warning: message",
	"unzustellbar", "nicht zugestellt", "zustellung", "non remis", "non distribu", "echec de la remise", "echec de remise",
	"remise impossible", "no se puede entregar", "no entregado", "no se ha podido entregar", "error de entrega", "nao entregue",
	"falha na entrega", "falha de entrega", "nao foi possivel entregar", "mancato recapito", "mancata consegna",
	"recapito non riuscito", "impossibile recapitare", "onbestelbaar", "niet bezorgd", "bezorging mislukt", "niedostarczon",
	"nie dostarczono", "olevererbar", "inte levereras", "olevererat", "ikke leveres", "ikke leveret", "uleverbar",
	"ei voitu toimittaa", "toimittamaton", "verzogert", NULL };
static const char *const texts[] = { "this is the qmail-send program", "could not be delivered", "couldn't be delivered",
	"wasn't delivered", "was not delivered", "undeliverable", "delivery to the following", "permanent error",
	"wasn't able to deliver", "unable to deliver", "delivery has failed", "failed to deliver", "not be delivered",
	"has not been delivered", "nicht zugestellt", "n'a pas pu etre remis", "no se pudo entregar", "nao foi entregue",
	"non e stato recapitato", NULL };
static const char *const late[] = { "delayed", "warning message only", "will be retried", "still being retried", "still trying",
	"not yet been delivered", "will continue to try", "has not yet been", "verzogert", "noch nicht zugestellt", NULL };
static const char *const final[] = { "permanent", "giving up", "given up", "gave up", "no longer be retried", "address not found",
	"user unknown", NULL };

static bool
is_daemon(const struct mail_in *m)
{
	static const char *const who[] = { "mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "maildaemon",
		"microsoftexchange", "mdaemon" };

	for (size_t i = 0; m->nfrom > 0 && i < sizeof(who) / sizeof(who[0]); i++)
		if (strncmp(m->from[0].address, who[i], strlen(who[i])) == 0)
			return true;
	return m->failed_recipients != NULL;
}

/* Where the copy of our own message begins, or its header: its words are ours. */
static size_t
copy_begins(const char *plain)
{
	static const char *const heads[] = { "--- below this line", "------ this is a copy", "----- original message",
		"--- original message", "-----original message", "original message headers", "original message header",
		"message headers follow", "----- message header", "--- the header of the original", "this is a copy of the message",
		"--- undelivered message", "----- returned message", "received: ", "return-path: ", "dkim-signature: ",
		"the following is a copy", "ursprungliche nachrichtenkop", "--- ursprungliche", "copy of your message", NULL };

	for (const char *s = plain; *s != '\0';) {
		const char *line = s + strspn(s, " >\t*");

		for (size_t i = 0; heads[i] != NULL; i++)
			if (strncmp(line, heads[i], strlen(heads[i])) == 0)
				return (size_t)(s - plain);
		s += strcspn(s, "\n");
		s += *s == '\n';
	}
	return strlen(plain);
}

static bool
address_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c != '\0' && strchr("._%+-=&'/~!#$^{}|*?", c) != NULL) ||
	    (unsigned char)c >= 0x80;
}

/* The address around an '@', NULL where it is none. */
static char *
around(const char *from, const char *at)
{
	const char *s = at, *e = at + 1, *dot = NULL;

	while (s > from && address_char(s[-1]) && at - s < 64)
		s--;
	while (s < at && strchr("'*.-", *s) != NULL)
		s++;
	for (; (*e >= 'a' && *e <= 'z') || (*e >= '0' && *e <= '9') || *e == '-' || *e == '.' || (unsigned char)*e >= 0x80; e++)
		if (*e == '.' && e[1] != '\0' && strchr(" \n.>),;:*]", e[1]) == NULL)
			dot = e;
	while (e > at && e[-1] == '.')
		e--;
	return s < at && dot != NULL && e - at < 254 ? xstrndup(s, (size_t)(e - s)) : NULL;
}

/* Our own addresses and those of machines are nobody whom we wrote to. */
static bool
is_rcpt(const struct mail_in *m, const char *a)
{
	static const char *const machines[] = { "postmaster@", "mailer-daemon@", "abuse@", "support@", "helpdesk@", "noreply@",
		"no-reply@" };

	for (size_t i = 0; i < m->nto; i++)
		if (strcmp(m->to[i].address, a) == 0)
			return false;
	for (size_t i = 0; i < m->nfrom; i++)
		if (strcmp(m->from[i].address, a) == 0)
			return false;
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (strncmp(a, machines[i], strlen(machines[i])) == 0)
			return false;
	return m->delivered_to == NULL || strcmp(m->delivered_to, a) != 0;
}

static void
add(struct mail_bounce *b, char *address)
{
	struct mail_bounce_rcpt *r;

	for (size_t i = 0; i < b->n; i++)
		if (strcmp(b->rcpt[i].address, address) == 0) {
			free(address);
			return;
		}
	if (b->n < 10 && (r = bounce_add(b)) != NULL)
		r->address = address;
	else
		free(address);
}

/* "<bob@globex.example>: ...": nothing stands before it. */
static bool
opens_line(const char *text, const char *at)
{
	while (at > text && address_char(at[-1]))
		at--;
	while (at > text && strchr(" \t<", at[-1]) != NULL)
		at--;
	return at == text || at[-1] == '\n';
}

/* Each that opens a line, else the first of all. */
static void
recipients(const struct mail_in *m, const char *text, struct mail_bounce *b)
{
	char *first = NULL, *a;

	for (const char *s = text, *at; (at = strchr(s, '@')) != NULL; s = at + 1) {
		if ((a = around(text, at)) == NULL)
			continue;
		if (is_rcpt(m, a) && opens_line(text, at))
			add(b, a);
		else if (is_rcpt(m, a) && first == NULL)
			first = a;
		else
			free(a);
	}
	if (b->n == 0 && first != NULL)
		add(b, first);
	else
		free(first);
}

static void
failed_header(const struct mail_in *m, struct mail_bounce *b)
{
	for (const char *s = m->failed_recipients; s != NULL && *s != '\0';) {
		size_t n;

		s += strspn(s, " ,\t<");
		n = strcspn(s, " ,\t>");
		if (n > 0 && memchr(s, '@', n) != NULL)
			add(b, xstrndup(s, n));
		s += n + (s[n] != '\0');
	}
}

/* A line with a reply code, else nothing. */
static char *
diagnostic(const char *text)
{
	for (const char *s = text; *s != '\0';) {
		size_t n = strcspn(s, "\n");

		for (size_t i = 0; i + 3 < n; i++)
			if ((s[i] == '4' || s[i] == '5') && s[i + 1] >= '0' && s[i + 1] <= '7' && s[i + 2] >= '0' && s[i + 2] <= '9' &&
			    strchr(" -#:", s[i + 3]) != NULL && (i == 0 || strchr(" :#'\"\t(", s[i - 1]) != NULL)) {
				char *line = xstrndup(s + i, n - i), *clean = mail_clean(line, DIAGNOSTIC_MAX, false, NULL);

				free(line);
				return clean;
			}
		s += n + (s[n] == '\n');
	}
	return NULL;
}

/* A Message-ID's line in the text, where the returned header stands in it. */
static char *
id_in_text(const char *text)
{
	for (const char *s = text; *s != '\0';) {
		const char *line = s + strspn(s, " >\t");

		if (strncasecmp(line, "message-id:", 11) == 0)
			return bounce_id(line);
		s += strcspn(s, "\n");
		s += *s == '\n';
	}
	return NULL;
}

/* Does it say of itself that something came back? Of whom it comes decides how plainly it must. */
static bool
came_back(const struct mail_in *m, const char *plain)
{
	struct buf subject = { 0 };
	bool by_subject, by_text = has_any(plain, texts), r;

	mail_plain(&subject, m->subject, strlen(m->subject));
	by_subject = has_any(buf_str(&subject), subjects);
	buf_free(&subject);
	r = is_daemon(m) ? by_subject || by_text : m->return_path != NULL && *m->return_path == '\0' && by_subject && by_text;
	return r;
}

int
bounce_text(const struct mail_in *m, struct mail_bounce *b)
{
	struct buf plain = { 0 };
	char *said, *status;
	const char *action;

	mail_plain(&plain, m->text, strlen(m->text) < WORDS_LOOKED_AT ? strlen(m->text) : WORDS_LOOKED_AT);
	if (!came_back(m, buf_str(&plain))) {
		buf_free(&plain);
		return 0;
	}
	plain.len = copy_begins(buf_str(&plain));
	plain.s[plain.len] = '\0';
	failed_header(m, b);
	if (b->n == 0)
		recipients(m, plain.s, b);
	if (b->n == 0)
		(void)bounce_add(b);
	if ((said = diagnostic(plain.s)) != NULL) {
		free(said);
		said = diagnostic(m->text); /* the same, in its own letters */
	}
	status = bounce_status(said != NULL ? said : plain.s);
	if (status == NULL && said != NULL)
		status = bounce_status(plain.s);
	action = has_any(plain.s, late) && !has_any(plain.s, final) ? "delayed" : "failed";
	for (size_t i = 0; i < b->n; i++) {
		b->rcpt[i].status = xstrdup(status);
		b->rcpt[i].diagnostic = xstrdup(said);
		b->rcpt[i].action = xstrdup(action);
		if (*action == 'f')
			bounce_judge(&b->rcpt[i], plain.s);
	}
	b->message_id = m->original == NULL ? id_in_text(m->text) : NULL;
	free(said);
	free(status);
	buf_free(&plain);
	return 1;
}
