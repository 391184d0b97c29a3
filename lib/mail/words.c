#include "mail/words.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static size_t
line_len(const char *s)
{
	return strcspn(s, "\n");
}

static const char *
next_line(const char *s)
{
	s += line_len(s);
	return *s == '\n' ? s + 1 : s;
}

static bool
quoted(const char *s)
{
	s += strspn(s, " \t");
	return *s == '>';
}

/* "-----Original Message-----", "________________" and their like: from here on it is somebody else's mail. */
static bool
cuts(const char *s)
{
	size_t n = line_len(s), dashes;

	s += strspn(s, " ");
	dashes = strspn(s, "-");
	if (dashes >= 5 && n > dashes && strchr("- OoUuMmNnWwFf", s[dashes]) != NULL)
		return true;
	return strspn(s, "_") >= 20;
}

/* Does a quotation follow, blank lines apart? */
static bool
quote_follows(const char *s)
{
	while (*s != '\0' && s[strspn(s, " \t")] == '\n')
		s = next_line(s);
	return quoted(s);
}

static bool
announces(const char *s)
{
	size_t n = line_len(s);

	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	return n > 1 && s[n - 1] == ':' && quote_follows(next_line(s));
}

char *
mail_new_text(const char *text)
{
	struct buf b = { 0 };

	for (const char *s = text; *s != '\0' && !cuts(s); s = next_line(s)) {
		if (quoted(s) || announces(s))
			continue;
		/* an announcement that was wrapped: "On Monday, Ada Park <ada@acme.example>\nwrote:" */
		if (line_len(s) > 20 && announces(next_line(s)) && line_len(next_line(s)) < 30) {
			s = next_line(s);
			continue;
		}
		buf_add(&b, s, line_len(s));
		buf_putc(&b, '\n');
	}
	while (b.len > 0 && strchr(" \t\n", b.s[b.len - 1]) != NULL)
		b.s[--b.len] = '\0';
	if (b.len > 0)
		buf_putc(&b, '\n');
	return buf_steal(&b);
}

/* Folded, punctuation at the ends off, one blank between words, "please" and thanks off. */
static char *
essence(const char *s, size_t n)
{
	static const char *const polite[] = { " please", " thanks", " thank you", " bitte", " danke", " merci" };
	char *folded = g_utf8_casefold(s, (gssize)n), *p = folded;
	struct buf b = { 0 };
	size_t i;

	p += strspn(p, " \t\"'*.,!-");
	if (strncmp(p, "please ", 7) == 0)
		p += 7;
	else if (strncmp(p, "bitte ", 6) == 0)
		p += 6;
	for (; *p != '\0'; p++) {
		if (*p == ' ' || *p == '\t' || *p == ',') {
			if (b.len > 0 && b.s[b.len - 1] != ' ')
				buf_putc(&b, ' ');
		} else
			buf_putc(&b, *p);
	}
	while (b.len > 0 && strchr(" .!?\"'*-;:", b.s[b.len - 1]) != NULL)
		b.s[--b.len] = '\0';
	for (i = 0; i < sizeof(polite) / sizeof(polite[0]); i++) {
		size_t len = strlen(polite[i]);

		if (b.len > len && strcmp(b.s + b.len - len, polite[i]) == 0)
			b.s[b.len -= len] = '\0';
	}
	g_free(folded);
	return buf_steal(&b);
}

static bool
is_phrase(const char *s, size_t n)
{
	static const char *const phrases[] = { "stop", "stop all", "stopall", "stop it", "unsubscribe", "unsubscribe me", "remove", "remove me",
		"remove me from your list", "remove me from this list", "remove me from the list", "remove me from your mailing list",
		"take me off your list", "take me off this list", "opt out", "opt-out", "optout", "opt me out", "no more emails",
		"no more e-mails", "no more mails", "no more mail", "stop emailing me", "stop e-mailing me", "stop mailing me",
		"stop contacting me", "stop writing me", "stop writing to me", "do not contact me", "do not contact me again", "don't contact me",
		"don't contact me again", "do not email me", "do not email me again", "don't email me", "don't email me again",
		"do not write to me again", "don't write to me again", "abmelden", "abbestellen", "austragen", "keine mails mehr",
		"keine weiteren mails", "keine weiteren e-mails", "nicht mehr kontaktieren", "kontaktieren sie mich nicht mehr",
		"nehmen sie mich aus dem verteiler", "désabonner", "desabonner", "me désabonner", "se désabonner", "désinscription", "désinscrire",
		"baja", "dar de baja", "darme de baja", "darse de baja", "no me escriban más", "disiscrivi", "disiscrivimi", "cancellami",
		"cancellatemi", "afmelden", "uitschrijven", "avregistrera", "avsluta", "afmeld", "meld meg av", "remover", "descadastrar",
		"wypisz mnie", "wypisz", "rezygnuję", "отписаться", "отпишите меня", "отпишите" };
	char *e;
	bool found = false;

	if (n > 100)
		return false;
	e = essence(s, n);
	for (size_t i = 0; !found && i < sizeof(phrases) / sizeof(phrases[0]); i++)
		found = strcmp(e, phrases[i]) == 0;
	free(e);
	return found;
}

bool
mail_opts_out(const char *subject, const char *text)
{
	size_t n;

	if (subject != NULL && is_phrase(subject, strlen(subject)))
		return true;
	while (*text != '\0' && strspn(text, " \t") == line_len(text))
		text = next_line(text);
	n = line_len(text);
	return n > 0 && (is_phrase(text, n) || is_phrase(text, strcspn(text, ".!\n")));
}
