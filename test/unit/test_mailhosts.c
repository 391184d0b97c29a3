/* The table of providers: found by an address's domain, by an exchanger, by a server; and whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "channel/mailhosts.h"

static void
by_domain(void **state)
{
	struct mailhost m;

	(void)state;
	assert_true(mailhost_find("GMail.com", &m));
	assert_string_equal(m.smtp.host, "smtp.gmail.com");
	assert_int_equal(m.smtp.port, 465);
	assert_string_equal(m.smtp.security, "tls");
	assert_string_equal(m.imap.host, "imap.gmail.com");
	assert_int_equal(m.imap.port, 993);
	assert_string_equal(m.oauth, "google");
	assert_int_equal(m.per_day, 500);
	assert_int_equal(m.per_minute, 0);
	assert_non_null(strstr(m.note, "app password"));
	assert_true(mailhost_find("freenet.de", &m));
	assert_string_equal(m.oauth, "");
	assert_string_equal(m.note, "");
	assert_true(mailhost_find("hotmail.com", NULL));
	assert_false(mailhost_find("mail.com", &m));
	assert_false(mailhost_find("x.gmail.com", &m));
	assert_false(mailhost_find("gmail.co", &m));
	assert_false(mailhost_find("", &m));
	assert_false(mailhost_find("-", &m));
	assert_false(mailhost_find("gmail.com googlemail.com", &m));
}

static void
by_exchanger(void **state)
{
	struct mailhost m;

	(void)state;
	assert_true(mailhost_mx("ALT2.aspmx.l.google.com", &m));
	assert_int_equal(m.per_day, 2000);
	assert_true(mailhost_mx("acme-example.mail.protection.outlook.com", &m));
	assert_string_equal(m.smtp.host, "smtp.office365.com");
	assert_string_equal(m.smtp.security, "starttls");
	assert_int_equal(m.per_minute, 30);
	assert_int_equal(m.per_day, 10000);
	assert_string_equal(m.spf, "spf.protection.outlook.com");
	assert_string_equal(m.dkim, "selector1,selector2");
	assert_true(mailhost_mx("mx00.ionos.fr", &m));
	assert_string_equal(m.spf, "");
	assert_string_equal(m.dkim, "");
	assert_true(mailhost_server("acme.example", "smtp.GMAIL.com", &m));
	assert_string_equal(m.spf, "_spf.google.com");
	assert_int_equal(m.per_day, 2000);
	assert_false(mailhost_server("acme.example", "acme.example", &m));
	assert_false(mailhost_mx("evilmail.protection.outlook.com", &m));
	assert_false(mailhost_mx("com", &m));
	assert_false(mailhost_mx("smtp.gmail.com", &m));
	assert_false(mailhost_mx("mail.protection.outlook.com.evil.example", &m));
}

static void
whose_limits(void **state)
{
	struct mailhost m;

	(void)state;
	assert_true(mailhost_account("ada@gmail.com", "smtp.gmail.com", &m));
	assert_int_equal(m.per_day, 500);
	assert_true(mailhost_account("ada@acme.example", "SMTP.gmail.com", &m));
	assert_int_equal(m.per_day, 2000);
	assert_true(mailhost_account("ada@acme.example", "smtp.office365.com", &m));
	assert_int_equal(m.per_day, 10000);
	assert_true(mailhost_account("ada@gmail.com", "smtp-relay.gmail.com", &m));
	assert_int_equal(m.per_day, 10000);
	assert_true(mailhost_account("ada@hotmail.com", "smtp-mail.outlook.com", &m) || mailhost_account("ada@hotmail.com", "smtp.office365.com", &m));
	assert_int_equal(m.per_day, 300);
	assert_int_equal(m.per_minute, 30);
	assert_true(mailhost_account("ada@acme.example", "smtp.mail.yahoo.com", &m));
	assert_int_equal(m.per_day, 500);
	/* who takes the mail in counts, not whose the address is */
	assert_false(mailhost_account("ada@gmail.com", "mx.acme.example", &m));
	assert_false(mailhost_account("ada@gmail.com", NULL, &m));
	assert_false(mailhost_account("ada@acme.example", NULL, &m));
	assert_false(mailhost_account("ada@acme.example", "localhost", &m));
	assert_false(mailhost_account("ada", "smtp.gmail", &m));
}

/* A table with a slip in it is a wrong suggestion: every record that is found has two whole servers. */
static void
every_record(void **state)
{
	static const char *const domains[] = { "gmail.com", "outlook.com", "icloud.com", "yahoo.com", "aol.com", "fastmail.com", "gmx.de", "gmx.com", "web.de",
		"t-online.de", "freenet.de", "zoho.com", "zohomail.eu", "mailbox.org", "posteo.de", "yandex.com", "mail.ru", "orange.fr", "free.fr", "laposte.net",
		"libero.it", "bluewin.ch", "comcast.net", "att.net", "seznam.cz", "wp.pl", "qq.com", "163.com" };
	static const char *const exchangers[] = { "mx00.kundenserver.de", "mx00.ionos.co.uk", "mx00.ionos.com", "mx00.ionos.fr", "mx00.ionos.es", "smtpin.rzone.de",
		"mx.zoho.com", "mx.zoho.eu", "mx.zoho.in", "aspmx1.migadu.com", "spool.mail.gandi.net", "mx1.mail.ovh.net", "mta-gw.infomaniak.ch",
		"mx1.privateemail.com", "mx1.emailsrvr.com", "in1-smtp.messagingengine.com", "acme.h-v1.mx.microsoft" };
	size_t nd = sizeof(domains) / sizeof(domains[0]), nx = sizeof(exchangers) / sizeof(exchangers[0]);

	(void)state;
	for (size_t i = 0; i < nd + nx; i++) {
		const char *name = i < nd ? domains[i] : exchangers[i - nd];
		struct mailhost m;

		if (!(i < nd ? mailhost_find(name, &m) : mailhost_mx(name, &m)))
			fail_msg("%s isn't there", name);
		for (int k = 0; k < 2; k++) {
			const struct mailhost_server *s = k == 0 ? &m.smtp : &m.imap;

			if (strchr(s->host, '.') == NULL || (s->port != 465 && s->port != 587 && s->port != 993) ||
			    strcmp(s->security, s->port == 587 ? "starttls" : "tls") != 0)
				fail_msg("%s: %s:%d:%s", name, s->host, s->port, s->security);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_domain),
		cmocka_unit_test(by_exchanger),
		cmocka_unit_test(whose_limits),
		cmocka_unit_test(every_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
