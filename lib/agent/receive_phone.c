/*
 * A text by telephone, on its way in: as a mail, but that its number says whose it is, and its service that it is new.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "agent/receive_int.h"
#include "base/json.h"
#include "base/normal.h"
#include "mail/hidden.h"
#include "mail/optout.h"
#include "sender/phone.h"
#include "store/accounts.h"
#include "store/texts.h"

#define ID_MAX 200

bool
phone_number(const char *s, const char *channel, char out[NORMAL_PHONE_SIZE])
{
	char whole[NORMAL_PHONE_SIZE + 1];

	if (strncasecmp(s, "whatsapp:", 9) == 0)
		s += 9;
	if (*s != '+' && strcmp(channel, "whatsapp") == 0) {
		/* Meta's wa_id is a number with its country, without the + */
		if (*s == '\0' || s[strspn(s, "0123456789")] != '\0' || snprintf(whole, sizeof(whole), "+%s", s) >= (int)sizeof(whole))
			return false;
		s = whole;
	}
	return *s == '+' && normal_phone(s, NULL, out);
}

static int
judge(const struct account *a, const struct phone_text *t, char number[NORMAL_PHONE_SIZE], struct lp_err *err)
{
	if (!phone_channel(a->channel))
		return lp_fail(err, LP_DATA, "account %s carries %s, no texts", a->name, a->channel);
	if (t->from == NULL || !phone_number(t->from, a->channel, number))
		return lp_fail(err, LP_DATA, "'%.40s' is no number with its country (+4915112345678)", t->from != NULL ? t->from : "");
	if (t->id == NULL || *t->id == '\0' || strlen(t->id) > ID_MAX || t->id[strspn(t->id, " ")] == '\0')
		return lp_fail(err, LP_DATA, "no id: it is by the service's name for it that a text is taken in once");
	if (t->text == NULL || !utf8_ok(t->text, strlen(t->text)))
		return lp_fail(err, LP_DATA, "no text, or none in valid UTF-8");
	return 0;
}

/* 1 done, 0 on record already, -1. */
static int
receive(struct received *x, const char *number, struct lp_err *err)
{
	char key[LP_HEX_SIZE];
	int r = inbox_known(x->db, x->n, key, &x->res->seq, err), own;

	if (r != 0)
		return r == 1 ? 0 : -1;
	if ((own = texts_own(x->db, number, err)) == -1)
		return -1;
	x->told = (struct inbox_told){ .kind = own ? "own" : text_opts_out(x->reply) ? "unsubscribe" : "reply", .text = x->text, .reply_text = x->reply };
	if (!own && (texts_match(x->db, number, x->n->account, x->n->channel, &x->m, err) == -1 ||
	    (x->m.lead != 0 && x->m.thread == 0 && texts_thread(x->db, x->m.lead, x->n->account, x->n->channel, &x->m.thread, err) == -1)))
		return -1;
	if (inbox_add(x->db, x->n, key, &x->told, &x->m, &x->res->seq, err) == -1)
		return -1;
	x->res->lead = x->m.lead;
	x->res->thread = x->m.thread;
	/* two numbers of ours in conversation would never end */
	if (own)
		return inbox_handled(x->db, x->res->seq, err) == -1 ? -1 : 1;
	return receive_reply(x, err) == -1 || receive_log(x, err) == -1 ? -1 : 1;
}

int
phone_receive(struct lp_db *db, const struct phone_text *t, struct inbox_result *res, struct lp_err *err)
{
	char number[NORMAL_PHONE_SIZE], *text, *name, empty[] = "";
	struct account a;
	size_t len;
	int r = account_get(db, t->account, &a, err);

	*res = (struct inbox_result){ 0 };
	if (r == 0)
		return lp_fail(err, LP_DATA, "no such account");
	if (r == -1 || judge(&a, t, number, err) == -1) {
		if (r == 1)
			account_clear(&a);
		return -1;
	}
	if ((len = strlen(t->text)) > MAIL_TEXT_MAX)
		for (len = MAIL_TEXT_MAX; len > 0 && ((unsigned char)t->text[len] & 0xc0) == 0x80; len--)
			;
	text = xstrndup(t->text, len);
	name = t->name != NULL ? normal_text(t->name) : NULL;
	struct mail_address from = { .name = name, .address = number };
	struct mail_in mail = { .message_id = (char *)(uintptr_t)t->id, .from = &from, .nfrom = 1, .subject = empty, .date = t->at, .text = text };
	struct inbox_new n = { .account = t->account, .task = t->task, .mail = &mail, .channel = a.channel };
	struct received x = { .db = db, .n = &n, .mail = &mail, .res = res };

	x.text = mail_visible(text);
	x.reply = xstrdup(x.text);
	r = receive(&x, number, err);
	receive_kind_clear(&x);
	inbox_match_clear(&x.m);
	buf_free(&x.done);
	free(text);
	free(name);
	account_clear(&a);
	return r;
}
