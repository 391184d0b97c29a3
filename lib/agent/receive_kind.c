#include "agent/receive_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mail/bounce.h"
#include "mail/hidden.h"
#include "mail/kind.h"
#include "mail/reply.h"

static void
add_address(struct received *x, const char *address)
{
	if (address == NULL || x->naddresses == BOUNCE_RCPT_MAX)
		return;
	x->addresses = xrealloc(x->addresses, (x->naddresses + 1) * sizeof(*x->addresses));
	x->addresses[x->naddresses++] = xstrdup(address);
}

/* What the far side said is the better reason. Without addresses: reasons outlive the person's data. */
static void
say(struct received *x, const char *s)
{
	struct buf b = { 0 };
	size_t n, at;

	while (*s != '\0') {
		n = strcspn(s, " ");
		at = strcspn(s, " @");
		if (s[at] == '@')
			buf_puts(&b, "(address)");
		else
			buf_add(&b, s, n);
		if (s[n] == ' ')
			buf_putc(&b, s[n++]);
		s += n;
	}
	n = b.len < sizeof(x->reason) ? b.len : sizeof(x->reason) - 1;
	while (n > 0 && ((unsigned char)b.s[n] & 0xc0) == 0x80) /* a whole character at the end */
		n--;
	memcpy(x->reason, buf_str(&b), n);
	x->reason[n] = '\0';
	buf_free(&b);
}

static void
bounce(struct received *x)
{
	struct mail_bounce b;

	if (mail_bounce(x->mail, &b) == 1) {
		x->returned_id = xstrdup(b.message_id);
		for (size_t i = 0; i < b.n; i++)
			add_address(x, b.rcpt[i].address);
		if (b.n > 0 && b.rcpt[0].diagnostic != NULL)
			say(x, b.rcpt[0].diagnostic);
		/* a warning that it takes longer is no news yet */
		x->told.returned = b.delayed ? NULL : b.ours ? "ours" : b.hard ? "hard" : "soft";
	}
	mail_bounce_clear(&b);
}

static void
complaint(struct received *x)
{
	struct mail_complaint c;

	if (mail_complaint(x->mail, &c) == 1) {
		x->returned_id = xstrdup(c.message_id);
		add_address(x, c.address);
		x->told.returned = "complaint";
	}
	mail_complaint_clear(&c);
}

void
receive_kind(struct received *x)
{
	struct mail_kind_of k;

	x->text = mail_visible(x->mail->text);
	x->reply = mail_reply_text(x->text);
	mail_kind(x->mail, x->reply, db_now(x->db), &k);
	snprintf(x->reason, sizeof(x->reason), "%s", k.reason);
	x->told = (struct inbox_told){ .kind = mail_kind_name(k.kind), .automatic = k.automatic, .until = k.until, .text = x->text,
		.reply_text = x->reply };
	if (k.kind == MAIL_BOUNCE)
		bounce(x);
	else if (k.kind == MAIL_COMPLAINT)
		complaint(x);
}

void
receive_kind_clear(struct received *x)
{
	for (size_t i = 0; i < x->naddresses; i++)
		free(x->addresses[i]);
	free(x->addresses);
	free(x->returned_id);
	free(x->text);
	free(x->reply);
}
