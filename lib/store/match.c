#include "store/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/match_int.h"
#include "store/persons.h"

void
inbox_match_clear(struct inbox_match *m)
{
	free(m->persons);
	*m = (struct inbox_match){ 0 };
}

const char *
match_from(const struct mail_in *mail)
{
	return mail->nfrom > 0 ? mail->from[0].address : NULL;
}

bool
match_names_ours(const struct inbox_match *m)
{
	static const char *const by[] = { "in_reply_to", "references", "original", "tag" };

	for (size_t i = 0; m->message != 0 && i < sizeof(by) / sizeof(by[0]); i++)
		if (strcmp(m->by, by[i]) == 0)
			return true;
	return false;
}

void
match_fill(sqlite3_stmt *st, const char *by, struct inbox_match *m)
{
	m->lead = db_int64(st, 0);
	m->campaign = db_int64(st, 1);
	m->thread = db_int64(st, 2);
	m->message = db_int64(st, 3);
	m->enrolment = db_int64(st, 4);
	m->by = by;
	db_done(st);
}

/* One row of a query into *m: 1, 0, -1. */
static int
found(struct lp_db *db, sqlite3_stmt *st, const char *by, struct inbox_match *m, struct lp_err *err)
{
	int r = st != NULL ? db_step(db, st, err) : -1;

	if (r == 1)
		match_fill(st, by, m);
	return r;
}

/* One of ours by its Message-ID. */
static int
ours_by_id(struct lp_db *db, const char *id, const char *by, struct inbox_match *m, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT lead_id, campaign_id, thread_id, seq, enrolment_id FROM messages WHERE rfc_message_id = ?1 AND lead_id IS NOT NULL";

	return found(db, db_query(db, err, sql, "s", id), by, m, err);
}

/* The same, else one that came in. */
static int
by_id(struct lp_db *db, const char *id, const char *by, struct inbox_match *m, struct lp_err *err)
{
	static const char theirs[] =
	    "SELECT i.lead_id, i.campaign_id, i.thread_id, i.message_id, (SELECT m.enrolment_id FROM messages m WHERE m.seq = i.message_id)"
	    " FROM inbox_messages i WHERE i.rfc_message_id = ?1 AND i.lead_id IS NOT NULL ORDER BY i.seq LIMIT 1";
	int r = ours_by_id(db, id, by, m, err);

	return r == 0 ? found(db, db_query(db, err, theirs, "s", id), "thread", m, err) : r;
}

/* The lead to which a person's mail without a thread belongs: the one written to last, else the first. */
static int
by_person(struct lp_db *db, int64_t person, const char *by, struct inbox_match *m, struct lp_err *err)
{
	static const char last[] =
	    "SELECT m.lead_id, m.campaign_id, m.thread_id, m.seq, m.enrolment_id FROM messages m JOIN leads l ON l.seq = m.lead_id"
	    " WHERE l.person_id = ?1 AND m.sent_at IS NOT NULL ORDER BY m.sent_at DESC LIMIT 1";
	static const char any[] = "SELECT seq, NULL, NULL, NULL, NULL FROM leads WHERE person_id = ?1 AND status <> 'forgotten' ORDER BY seq LIMIT 1";
	int r = found(db, db_query(db, err, last, "I", person), by, m, err);

	return r == 0 ? found(db, db_query(db, err, any, "I", person), by, m, err) : r;
}

/* The last that we mailed to the address: a report is believed of nothing else. */
static int
by_recipient(struct lp_db *db, const char *address, struct inbox_match *m, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT o.lead_id, o.campaign_id, m.thread_id, m.seq, m.enrolment_id FROM leads l CROSS JOIN outbox o ON o.lead_id = l.seq"
	    " CROSS JOIN messages m ON m.seq = o.message_id WHERE l.person_id = ?1 AND o.recipient = ?2 AND o.state IN ('reserved', 'sent', 'unknown')"
	    " ORDER BY o.reserved_at DESC LIMIT 1";
	int64_t person;
	int r = persons_find(db, "email", address, &person, err);

	return r == 1 ? found(db, db_query(db, err, sql, "Is", person, address), "recipient", m, err) : r;
}

static int
by_returned(struct lp_db *db, const struct match_returned *returned, struct inbox_match *m, struct lp_err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < returned->n; i++)
		r = by_recipient(db, returned->addresses[i], m, err);
	return r;
}

int
match_mail(struct lp_db *db, const struct mail_in *mail, const struct match_returned *returned, struct inbox_match *m, struct lp_err *err)
{
	const char *from = match_from(mail);
	int r = 0;

	*m = (struct inbox_match){ 0 };
	if (mail->in_reply_to != NULL)
		r = by_id(db, mail->in_reply_to, "in_reply_to", m, err);
	for (size_t i = mail->nreferences; r == 0 && i > 0; i--) /* the nearest is the last */
		r = by_id(db, mail->references[i - 1], "references", m, err);
	if (r == 0 && returned != NULL && returned->message_id != NULL)
		r = ours_by_id(db, returned->message_id, "original", m, err);
	if (r == 0)
		r = match_tag(db, mail, m, err);
	if (r == 0 && returned != NULL)
		r = by_returned(db, returned, m, err);
	if (r == -1 || (returned == NULL && from != NULL && persons_find(db, "email", from, &m->sender, err) == -1))
		return -1;
	if (r == 0 && m->sender != 0)
		r = by_person(db, m->sender, "address", m, err);
	else if (r == 0 && returned == NULL && from != NULL)
		r = match_company(db, mail, m, err);
	if (r != -1 && m->lead != 0 && db_int(db, err, &m->person, "SELECT person_id FROM leads WHERE seq = ?1", "I", m->lead) == -1)
		return -1;
	return r == -1 ? -1 : returned == NULL ? match_alias(db, mail, m, err) : 0;
}

int
match_to(struct lp_db *db, const struct mail_in *mail, struct inbox_match *m, struct lp_err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < mail->nto; i++) {
		if ((r = persons_find(db, "email", mail->to[i].address, &m->person, err)) == 1)
			r = by_person(db, m->person, "sent_to", m, err);
	}
	return r;
}

int
match_own(struct lp_db *db, const struct mail_in *mail, bool *copy, struct lp_err *err)
{
	static const char account[] = "SELECT 1 FROM accounts WHERE address = ?1";
	static const char sent[] = "SELECT 1 FROM messages WHERE rfc_message_id = ?1";
	const char *from = match_from(mail);
	int64_t one;
	int r;

	*copy = false;
	if (from == NULL || (r = db_int(db, err, &one, account, "s", from)) == 0)
		return 0;
	/* both must be so: some automatic answers come with the Message-ID that they answer */
	if (r == 1 && mail->message_id != NULL) {
		if ((r = db_int(db, err, &one, sent, "s", mail->message_id)) == -1)
			return -1;
		*copy = r == 1;
	}
	return r == -1 ? -1 : 1;
}

/* The account with the address, also without what is between its first '+' and its '@'. */
static int
account_of(struct lp_db *db, const char *address, int64_t *account, struct lp_err *err)
{
	static const char sql[] = "SELECT seq FROM accounts WHERE address = ?1 ORDER BY seq LIMIT 1";
	const char *plus, *at;
	char *plain;
	int r;

	if (address == NULL || (r = db_int(db, err, account, sql, "s", address)) != 0)
		return address == NULL ? 0 : r;
	plus = strchr(address, '+');
	at = strrchr(address, '@');
	if (plus == NULL || at == NULL || plus > at)
		return 0;
	plain = xasprintf("%.*s%s", (int)(plus - address), address, at);
	r = db_int(db, err, account, sql, "s", plain);
	free(plain);
	return r;
}

int
match_account(struct lp_db *db, const struct mail_in *mail, int64_t *account, struct lp_err *err)
{
	int r = account_of(db, mail->delivered_to, account, err);

	for (size_t i = 0; r == 0 && i < mail->nto; i++)
		r = account_of(db, mail->to[i].address, account, err);
	for (size_t i = 0; r == 0 && i < mail->ncc; i++)
		r = account_of(db, mail->cc[i].address, account, err);
	return r == 0 ? account_of(db, match_from(mail), account, err) : r;
}
