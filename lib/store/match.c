#include "store/match.h"

#include <stdlib.h>
#include <string.h>

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
	return m->message != 0 && (strcmp(m->by, "in_reply_to") == 0 || strcmp(m->by, "references") == 0);
}

/* Columns: lead, campaign, thread, message, enrolment. */
static void
fill(sqlite3_stmt *st, const char *by, struct inbox_match *m)
{
	m->lead = db_int64(st, 0);
	m->campaign = db_int64(st, 1);
	m->thread = db_int64(st, 2);
	m->message = db_int64(st, 3);
	m->enrolment = db_int64(st, 4);
	m->by = by;
	db_done(st);
}

/* One of ours by its Message-ID, else one that came in: 1, 0, -1. */
static int
by_id(struct lp_db *db, const char *id, const char *by, struct inbox_match *m, struct lp_err *err)
{
	static const char ours[] = "SELECT lead_id, campaign_id, thread_id, seq, enrolment_id FROM messages WHERE rfc_message_id = ?1";
	static const char theirs[] =
	    "SELECT i.lead_id, i.campaign_id, i.thread_id, i.message_id, (SELECT m.enrolment_id FROM messages m WHERE m.seq = i.message_id)"
	    " FROM inbox_messages i WHERE i.rfc_message_id = ?1 AND i.lead_id IS NOT NULL ORDER BY i.seq LIMIT 1";
	sqlite3_stmt *st = db_query(db, err, ours, "s", id);
	int r = st != NULL ? db_step(db, st, err) : -1;

	if (r == 0) {
		st = db_query(db, err, theirs, "s", id);
		r = st != NULL ? db_step(db, st, err) : -1;
		by = "thread";
	}
	if (r == 1)
		fill(st, by, m);
	return r;
}

/* The lead to which a person's mail without a thread belongs: the one written to last, else the first. */
static int
by_person(struct lp_db *db, int64_t person, struct inbox_match *m, struct lp_err *err)
{
	static const char last[] =
	    "SELECT m.lead_id, m.campaign_id, m.thread_id, m.seq, m.enrolment_id FROM messages m JOIN leads l ON l.seq = m.lead_id"
	    " WHERE l.person_id = ?1 AND m.sent_at IS NOT NULL ORDER BY m.sent_at DESC LIMIT 1";
	static const char any[] = "SELECT seq, NULL, NULL, NULL, NULL FROM leads WHERE person_id = ?1 AND status <> 'forgotten' ORDER BY seq LIMIT 1";
	sqlite3_stmt *st = db_query(db, err, last, "I", person);
	int r = st != NULL ? db_step(db, st, err) : -1;

	if (r == 0) {
		st = db_query(db, err, any, "I", person);
		r = st != NULL ? db_step(db, st, err) : -1;
	}
	if (r == 1)
		fill(st, "address", m);
	return r;
}

int
match_mail(struct lp_db *db, const struct mail_in *mail, struct inbox_match *m, struct lp_err *err)
{
	const char *from = match_from(mail);
	int r = 0;

	*m = (struct inbox_match){ 0 };
	if (mail->in_reply_to != NULL)
		r = by_id(db, mail->in_reply_to, "in_reply_to", m, err);
	for (size_t i = mail->nreferences; r == 0 && i > 0; i--) /* the nearest is the last */
		r = by_id(db, mail->references[i - 1], "references", m, err);
	if (r != -1 && from != NULL && persons_find(db, "email", from, &m->sender, err) == -1)
		return -1;
	if (r == 0 && m->sender != 0)
		r = by_person(db, m->sender, m, err);
	if (r != -1 && m->lead != 0 && db_int(db, err, &m->person, "SELECT person_id FROM leads WHERE seq = ?1", "I", m->lead) == -1)
		return -1;
	return r == -1 ? -1 : 0;
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
