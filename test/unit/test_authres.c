/* What a receiver's words about a mail of ours come to; names of IMAP folders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "account/account_test.h"
#include "base/mem.h"
#include "mail/authres.h"
#include "net/imap.h"

/* The findings as "check:state ..." */
static void
check(const char *header, const char *want)
{
	static const char *const states[] = { "ok", "warn", "fail", "unknown" };
	struct findings f = { 0 };
	struct buf b = { 0 };

	account_received(header, strlen(header), "ours.example", &f);
	for (size_t i = 0; i < f.n; i++)
		buf_printf(&b, "%s%s:%s", i > 0 ? " " : "", f.list[i].check, states[f.list[i].state]);
	if (strcmp(buf_str(&b), want) != 0)
		fail_msg("%s\ngot  %s\nwant %s", header, buf_str(&b), want);
	buf_free(&b);
	findings_clear(&f);
}

#define SIGNED "DKIM-Signature: v=1; a=rsa-sha256; d=ours.example; s=s1;\r\n\th=From:To:Subject:\r\n List-Unsubscribe:List-Unsubscribe-Post; b=abc=\r\n"
#define WAYS_OUT "List-Unsubscribe: <https://x>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"

static void
judged(void **state)
{
	(void)state;
	check("Authentication-Results: mx.google.com;\r\n       dkim=pass header.i=@ours.example header.s=s1 header.b=\"ab;c=\";\r\n"
	      "       spf=pass (google.com: domain of kim@ours.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=kim@ours.example;\r\n"
	      "       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=ours.example\r\n" SIGNED WAYS_OUT "\r\n",
	    "dkim:ok spf:ok dmarc:ok unsubscribe:ok");
	/* one of the two is enough, and not quite; both are missing */
	check("Authentication-Results: mx.x; dkim=pass header.d=mail.ours.example; spf=softfail smtp.mailfrom=ours.example; dmarc=pass\n", "dkim:ok spf:warn dmarc:ok");
	check("Authentication-Results: mx.x; dkim=none; spf=pass smtp.mailfrom=bounce.ours.example; dmarc=pass\n", "dkim:warn spf:ok dmarc:ok");
	check("Authentication-Results: mx.x; dkim=fail header.d=ours.example; spf=fail smtp.mailfrom=ours.example; dmarc=fail\n", "dkim:fail spf:fail dmarc:fail");
	check("Authentication-Results: mx.x; none\n", "dkim:fail spf:fail dmarc:warn");
	/* passed, but for somebody else: the provider's own name is not ours */
	check("Authentication-Results: mx.x 1; dkim=pass header.d=ours-example.gappssmtp.com; spf=pass smtp.mailfrom=bounces.provider.example; dmarc=fail\n",
	    "dkim:fail spf:fail dmarc:fail");
	check("Authentication-Results: mx.x; dkim=pass header.d=provider.example; dkim=pass header.d=ours.example; dkim=fail header.d=ours.example\n"
	      SIGNED, "dkim:ok spf:warn dmarc:warn");
	/* what the sender wrote below is not believed, nor what hides in a comment or a string */
	check("Authentication-Results: mx.x; dkim=fail header.d=ours.example\nAuthentication-Results: mx.evil; dkim=pass header.d=ours.example\n", "dkim:fail spf:fail dmarc:warn");
	check("Authentication-Results: mx.x (; dkim=pass header.d=ours.example (;)); spf=none \"; dkim=pass header.d=ours.example\"\n", "dkim:fail spf:fail dmarc:warn");
	check("Authentication-Results: mx.x; spf=pass smtp.mailfrom=kim@ours.example\nAuthentication-Results: mx.x; dkim = pass header.d = ours.example\n",
	    "dkim:ok spf:ok dmarc:warn");
	/* nothing is said */
	check("Received-SPF: pass (x) client-ip=192.0.2.1\nSubject: x\n\nAuthentication-Results: mx.x; dkim=pass\n", "dkim:warn");
	check(SIGNED "\n", "dkim:warn dkim:ok");
	check("", "dkim:warn");
	/* R8: the ways out that are there must be signed */
	check("Authentication-Results: mx.x; dkim=pass header.d=ours.example\nDKIM-Signature: d=ours.example; s=s1; h=from:list-unsubscribe; b=x\n" WAYS_OUT,
	    "dkim:ok spf:warn dmarc:warn unsubscribe:fail");
	check("Authentication-Results: mx.x; dkim=pass header.d=ours.example\nDKIM-Signature: d=ours.example; s=s1; h=from:list-unsubscribe; b=x\n"
	      "List-Unsubscribe: <mailto:x@y.example>\n", "dkim:ok spf:warn dmarc:warn unsubscribe:ok");
	/* it is the aligned signature that counts */
	check("Authentication-Results: mx.x; dkim=pass header.d=ours.example\nDKIM-Signature: d=provider.example; s=p; h=list-unsubscribe:list-unsubscribe-post; b=x\n"
	      "DKIM-Signature: d=ours.example; s=s1; h=from; b=x\n" WAYS_OUT, "dkim:ok spf:warn dmarc:warn unsubscribe:fail");
}

static void
tags(void **state)
{
	char v[8];

	(void)state;
	assert_int_equal(mail_tag(" v = DKIM1 ; p=ab c=;", "v", v, sizeof(v)), 1);
	assert_string_equal(v, "DKIM1");
	assert_int_equal(mail_tag(" v = DKIM1 ; p=ab c=;", "p", v, sizeof(v)), 2);
	assert_string_equal(v, "ab c=");
	assert_int_equal(mail_tag("v=1", "p", v, sizeof(v)), 0);
	assert_int_equal(mail_tag("", "p", v, sizeof(v)), 0);
	assert_int_equal(mail_tag("p=; ;", "p", v, sizeof(v)), 1);
	assert_string_equal(v, "");
	assert_int_equal(mail_tag("p=1; p=2", "p", v, sizeof(v)), -1);
	assert_int_equal(mail_tag("p; v=1", "v", v, sizeof(v)), -1);
	assert_int_equal(mail_tag("p=12345678", "p", v, sizeof(v)), -1);
}

static void
folder(const char *name, const char *want)
{
	struct buf b = { 0 };
	bool ok = imap_folder(name, &b);

	assert_int_equal(ok, want != NULL);
	if (want != NULL)
		assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void
folders(void **state)
{
	(void)state;
	folder("Sent", "Sent");
	folder("[Gmail]/Sent Mail", "[Gmail]/Sent Mail");
	folder("R&D", "R&-D");
	folder("Envoy\xc3\xa9s", "Envoy&AOk-s");
	folder("~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"); /* RFC 3501's own */
	folder("\xf0\x9f\x93\xa4", "&2D3c5A-");
	folder("", NULL);
	folder("a\r\nb", NULL);
	folder("\xc3", NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judged),
		cmocka_unit_test(tags),
		cmocka_unit_test(folders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
