#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "mail/absence.h"
#include "mail/bounce.h"
#include "mail/hidden.h"
#include "mail/kind.h"
#include "mail/reply.h"

static int64_t now; /* Monday, 2 March 2026, 10:00 */

static int
set_up(void **state)
{
	struct lp_err err;

	(void)state;
	return lp_iso_parse("2026-03-02T10:00:00Z", &now, &err);
}

static char *
in_data(const char *name)
{
	return xasprintf("%s/test/data/%s", getenv("LP_TOP") != NULL ? getenv("LP_TOP") : ".", name);
}

static void
unescape(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++)
		if (s[0] == '\\' && s[1] == 'n') {
			*to++ = '\n';
			s++;
		} else
			*to++ = *s;
	*to = '\0';
}

static void
test_until(void **state)
{
	char *path = in_data("absence/until.txt"), line[1000], iso[LP_ISO_SIZE];
	FILE *f = fopen(path, "r");
	size_t n = 0, wrong = 0;

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		char *said = strchr(line, ' ');
		int64_t until;

		if (*line == '#')
			continue;
		assert_non_null(said);
		*said++ = '\0';
		said[strcspn(said, "\n")] = '\0';
		unescape(said);
		until = mail_absence_until(said, now);
		lp_iso(until, iso);
		iso[10] = '\0';
		n++;
		if (strcmp(until == 0 ? "-" : iso, line) != 0) {
			fprintf(stderr, "# %s, not %s: %s\n", until == 0 ? "-" : iso, line, said);
			wrong++;
		}
		assert_int_equal(until % LP_DAY, 0);
	}
	fclose(f);
	free(path);
	assert_true(n > 80);
	assert_int_equal(wrong, 0);
}

static void
test_subjects(void **state)
{
	static const char *const yes[] = { "Automatic reply: Returns", "Out of Office: Returns", "Automatische Antwort: Retouren",
	    "Abwesenheitsnotiz",
		"Réponse automatique : Retours", "Respuesta automática: Devoluciones", "Resposta automática: Devoluções",
		    "Risposta automatica: Resi",
		"Automatisch antwoord: Retouren", "Odpowiedź automatyczna: Zwroty", "Autosvar: Returer", "Automatisk svar: Returer",
		    "Automaattinen vastaus: Palautukset",
		"AutoReply: x", "[Out of office] Returns", "Re: Out of office" };
	static const char *const no[] = { "Re: Returns", "Our office moved", "Automation", "Re: Automated returns", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (!mail_absence_subject(yes[i]))
			fail_msg("%s", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (mail_absence_subject(no[i]))
			fail_msg("%s", no[i]);
}

/* By the words alone: only what no person writes by hand. */
static void
test_says(void **state)
{
	static const char *const yes[] = {
		"Hi,\n\nthank you for your message. I am out of the office until 14 March with limited access to email.\n",
		"Thank you for your email. I am currently on annual leave and will respond upon my return. In urgent cases please contact Jane.",
		"Hello, I'm out of office until Monday. For urgent matters please contact jane@globex.example.",
		"Guten Tag,\n\nvielen Dank für Ihre Nachricht. Ich bin derzeit nicht im Büro. In dringenden Fällen wenden Sie sich an Frau Klein.",
		"Ich bin bis zum 14.3. im Urlaub. Ihre Mail wird nicht weitergeleitet.",
		"Bonjour,\n\nje suis absent jusqu'au 3 avril. En cas d'urgence, contactez Jean.",
		"Merci pour votre message. Je suis actuellement en congés.",
		"Gracias por su mensaje. Estoy fuera de la oficina hasta el lunes.",
		"Estou de férias até 3 de abril. Em caso de urgência, contacte o João.",
		"Sono in ferie fino al 3 aprile. Per urgenze potete contattare Mario.",
		"Bedankt voor uw bericht. Ik ben afwezig tot 3 april.",
		"Dziękuję za wiadomość. Jestem na urlopie do 3 kwietnia. W pilnych sprawach proszę o kontakt z Janem.",
		"Tack för ditt mejl. Jag är på semester till 3 april.",
		"Tak for din mail. Jeg holder ferie til 3. april.",
		"Takk for din e-post. Jeg er på ferie til 3. april.",
		"Kiitos viestistäsi. Olen lomalla 3.4. asti.",
	};
	static const char *const no[] = {
		"I am on vacation until Monday, can we talk then?", "Sounds good. I am out of the office next week, Tuesday after works.",
		    "Thanks for your message! Tell me more.",
		"Thank you for your email. We are not interested.", "Wir sind im Urlaub, melden Sie sich im April.",
		    "Vielen Dank für Ihre Nachricht. Passt Dienstag?",
		"Our office is in Berlin.", "Je suis intéressé, merci pour votre message.", "", "Gracias por su mensaje, no nos interesa.",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (!mail_absence_says(yes[i], true))
			fail_msg("%s", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (mail_absence_says(no[i], true))
			fail_msg("%s", no[i]);
	assert_true(mail_absence_says("I am on vacation until Monday, can we talk then?", false));
}

static void
tell_bounce(struct buf *b, const struct mail_in *m)
{
	struct mail_bounce bounce;

	if (!mail_bounce(m, &bounce))
		return;
	buf_printf(b, "bounce: %s\n", bounce.delayed ? "delayed" : bounce.hard ? "hard" : bounce.ours ? "ours" : "soft");
	for (size_t i = 0; i < bounce.n; i++)
		buf_printf(b, "rcpt: %s %s %s | %s\n", bounce.rcpt[i].address != NULL ? bounce.rcpt[i].address : "-",
		    bounce.rcpt[i].status != NULL ? bounce.rcpt[i].status : "-", bounce.rcpt[i].action,
		    bounce.rcpt[i].diagnostic != NULL ? bounce.rcpt[i].diagnostic : "-");
	buf_printf(b, "about: %s\n", bounce.message_id != NULL ? bounce.message_id : "-");
	mail_bounce_clear(&bounce);
}

static void
tell_complaint(struct buf *b, const struct mail_in *m)
{
	struct mail_complaint c;

	if (!mail_complaint(m, &c))
		return;
	buf_printf(b, "complaint: %s %s\nabout: %s\n", c.type, c.address != NULL ? c.address : "-",
	    c.message_id != NULL ? c.message_id : "-");
	mail_complaint_clear(&c);
}

static char *
told(const char *path)
{
	FILE *f = fopen(path, "r");
	struct lp_err err = { 0 };
	struct mail_in m;
	struct mail_kind_of k;
	struct buf b = { 0 };
	char *seen, *reply, iso[LP_ISO_SIZE];

	assert_non_null(f);
	if (mail_parse_fd(fileno(f), MAIL_SIZE_MAX, &m, &err) == -1)
		fail_msg("%s: %s", path, err.msg);
	fclose(f);
	seen = mail_visible(m.text);
	reply = mail_reply_text(seen);
	mail_kind(&m, reply, now, &k);
	buf_printf(&b, "kind: %s%s\n", mail_kind_name(k.kind), k.automatic ? " automatic" : "");
	if (*k.reason != '\0')
		buf_printf(&b, "reason: %s\n", k.reason);
	if (k.until != 0)
		buf_printf(&b, "until: %.10s\n", lp_iso(k.until, iso));
	tell_bounce(&b, &m);
	tell_complaint(&b, &m);
	free(seen);
	free(reply);
	mail_in_clear(&m);
	return buf_steal(&b);
}

static int
is_mail(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 4 && strcmp(d->d_name + n - 4, ".eml") == 0;
}

/* Each NAME.eml of test/data/kinds says what NAME.expected says. */
static void
test_files(void **state)
{
	char *dir = in_data("kinds");
	struct dirent **list;
	int n = scandir(dir, &list, is_mail, alphasort), wrong = 0;

	(void)state;
	assert_true(n >= 40);
	for (int i = 0; i < n; i++) {
		char *mail = xasprintf("%s/%s", dir, list[i]->d_name), *want = xasprintf("%.*s.expected", (int)strlen(mail) - 4, mail);
		char expected[4000] = "", *have = told(mail);
		FILE *f = fopen(want, "r");

		if (f != NULL) {
			expected[fread(expected, 1, sizeof(expected) - 1, f)] = '\0';
			fclose(f);
		}
		if (strcmp(have, expected) != 0) {
			fprintf(stderr, "# %s:\n%s# not:\n%s", list[i]->d_name, have, expected);
			wrong++;
		}
		free(have);
		free(mail);
		free(want);
		free(list[i]);
	}
	free(list);
	free(dir);
	assert_int_equal(wrong, 0);
}

static void
test_headers(void **state)
{
	static const struct {
		const char *header;
		enum mail_kind kind;
		bool automatic;
	} cases[] = { { "Auto-Submitted: no", MAIL_REPLY, false }, { "Auto-Submitted: auto-replied", MAIL_AUTO_REPLY, true },
		{ "Auto-Submitted: auto-generated", MAIL_OTHER, true },
		{ "Auto-Submitted: auto-notified; owner-email=x", MAIL_OTHER, true },
		{ "Precedence: auto_reply", MAIL_AUTO_REPLY, true }, { "X-Autoreply: yes", MAIL_AUTO_REPLY, true },
		{ "Precedence: Bulk", MAIL_OTHER, true }, { "Precedence: junk", MAIL_OTHER, true },
		{ "Precedence: first-class", MAIL_REPLY, false },
		{ "Precedence: list", MAIL_OTHER, true }, { "List-Id: <a.b.example>", MAIL_OTHER, true },
		{ "Return-Path: <>", MAIL_OTHER, true },
		{ "In-Reply-To: <m@b.example>\nList-Id: <a.b.example>", MAIL_REPLY, true },
		{ "In-Reply-To: <m@b.example>\nPrecedence: bulk", MAIL_OTHER, true }, { "X-Auto-Response-Suppress: all", MAIL_REPLY, true },
		{ "X-Auto-Response-Suppress: RN, AutoReply", MAIL_REPLY, true }, { "X-Auto-Response-Suppress: RN, OOF", MAIL_REPLY, false },
		{ "Subject: unsubscribe", MAIL_UNSUBSCRIBE, false }, { "Subject: Re: unsubscribe", MAIL_REPLY, false },
		{ "Content-Type: multipart/report; report-type=delivery-status; boundary=b", MAIL_OTHER, true } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *s = xasprintf("From: a@b.example\n%s\n\nx\n", cases[i].header);
		struct lp_err err = { 0 };
		struct mail_in m;
		struct mail_kind_of k;

		assert_int_equal(mail_parse(s, strlen(s), &m, &err), 0);
		mail_kind(&m, m.text, now, &k);
		if (k.kind != cases[i].kind || k.automatic != cases[i].automatic)
			fail_msg("%s: %s, automatic %d", cases[i].header, mail_kind_name(k.kind), k.automatic);
		mail_in_clear(&m);
		free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_until), cmocka_unit_test(test_subjects), cmocka_unit_test(test_says),
		cmocka_unit_test(test_headers), cmocka_unit_test(test_files) };

	return cmocka_run_group_tests(tests, set_up, NULL);
}
