/*
 * Who isn't known by the address: a person writes from another one, or a colleague writes.  Taken for the same person is only who can't well be
 * somebody else: what is learnt here decides whom a later "stop" covers, and whose thread a later mail belongs to.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "mail/subject.h"
#include "store/match_int.h"

#define LOOKED_AT 1000 /* messages to one company, the latest */

static const char *
domain_of(const char *address)
{
	const char *at = address != NULL ? strrchr(address, '@') : NULL;

	return at != NULL && at[1] != '\0' ? at + 1 : NULL;
}

static void
add_person(struct inbox_match *m, int64_t person)
{
	for (size_t i = 0; i < m->npersons; i++)
		if (m->persons[i] == person)
			return;
	m->persons = xrealloc(m->persons, (m->npersons + 1) * sizeof(*m->persons));
	m->persons[m->npersons++] = person;
}

/* Whoever of the domain had a mail with that subject. *m is the last of these. */
static int
at_domain(struct lp_db *db, const char *domain, const char *subject, struct inbox_match *m, struct lp_err *err)
{
	static const char sql[] =
	    "SELECT m.lead_id, m.campaign_id, m.thread_id, m.seq, m.enrolment_id, l.person_id, x.subject FROM leads l JOIN messages m ON m.lead_id = l.seq"
	    " JOIN message_texts x ON x.message_id = m.seq WHERE l.company_key = ?1 AND l.company_domain = ?1 AND m.sent_at IS NOT NULL"
	    " AND x.subject IS NOT NULL AND l.status <> 'forgotten' ORDER BY m.sent_at DESC LIMIT ?2";
	sqlite3_stmt *st = db_query(db, err, sql, "si", domain, LOOKED_AT);
	int r = -1;

	while (st != NULL && (r = db_step(db, st, err)) == 1) {
		char *sent = mail_base_subject(db_text(st, 6));

		if (strcmp(sent, subject) == 0) {
			add_person(m, db_int64(st, 5));
			if (m->npersons == 1 && m->lead == 0) {
				m->lead = db_int64(st, 0);
				m->campaign = db_int64(st, 1);
				m->thread = db_int64(st, 2);
				m->message = db_int64(st, 3);
				m->enrolment = db_int64(st, 4);
			}
		}
		free(sent);
	}
	return r;
}

int
match_company(struct lp_db *db, const struct mail_in *mail, struct inbox_match *m, struct lp_err *err)
{
	const char *domain = domain_of(match_from(mail)), *dot;
	char *subject = mail_base_subject(mail->subject);
	int r = 0;

	/* mail.globex.example is globex.example's; a domain without a dot is nobody's */
	while (*subject != '\0' && r == 0 && m->npersons == 0 && domain != NULL && (dot = strchr(domain, '.')) != NULL) {
		r = at_domain(db, domain, subject, m, err);
		domain = dot + 1;
	}
	free(subject);
	if (r == -1 || m->npersons == 0)
		return r;
	if (m->npersons == 1) {
		m->by = "company";
		return 1;
	}
	m->ambiguous = true;
	m->lead = m->campaign = m->thread = m->message = m->enrolment = 0;
	return 0;
}

/* Letters, also beyond ASCII. */
static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* Is any word of `words` (all of them, where `all`) a word of `name`? Both are folded. */
static bool
shares(const char *name, const char *words, bool all)
{
	bool some = false;

	while (*words != '\0') {
		size_t n = 0;
		bool here = false;

		while (letter(words[n]))
			n++;
		for (const char *p = name; n > 0 && !here && *p != '\0';) {
			size_t k = 0;

			while (letter(p[k]))
				k++;
			here = k == n && memcmp(p, words, n) == 0;
			p += k > 0 ? k : 1;
		}
		if (n > 0 && all && !here)
			return false;
		some = some || here;
		words += n > 0 ? n : 1;
	}
	return some;
}

enum likeness { SAME, OTHER, NO_TELLING };

/* What the display name says beside the lead's name. */
static enum likeness
compare(const char *display, const char *first, const char *last)
{
	char *name = utf8_fold(display != NULL ? display : ""), *f = utf8_fold(first != NULL ? first : ""), *l = utf8_fold(last != NULL ? last : "");
	enum likeness like = NO_TELLING;

	if (*name != '\0' && strchr(name, '@') == NULL && (*f != '\0' || *l != '\0')) {
		if (*f != '\0' && *l != '\0' && shares(name, l, true) && shares(name, f, false))
			like = SAME;
		else if (!shares(name, l, false) && !shares(name, f, false))
			like = OTHER;
	}
	free(name);
	free(f);
	free(l);
	return like;
}

static bool
same_domain(const char *address, const char *company)
{
	const char *domain = domain_of(address);
	size_t n = domain != NULL ? strlen(domain) : 0, k = company != NULL ? strlen(company) : 0;

	return k > 0 && n >= k && strcmp(domain + n - k, company) == 0 && (n == k || domain[n - k - 1] == '.');
}

int
match_alias(struct lp_db *db, const struct mail_in *mail, struct inbox_match *m, struct lp_err *err)
{
	static const char sql[] = "SELECT first_name, last_name, company_domain FROM leads WHERE seq = ?1";
	bool answer = m->by != NULL && strcmp(m->by, "in_reply_to") == 0, company = m->by != NULL && strcmp(m->by, "company") == 0;
	enum likeness like;
	sqlite3_stmt *st;
	int r;

	if (m->sender != 0 || m->lead == 0 || match_from(mail) == NULL || (!answer && !company))
		return 0;
	st = db_query(db, err, sql, "I", m->lead);
	if ((r = st != NULL ? db_step(db, st, err) : -1) != 1)
		return r;
	like = compare(mail->from[0].name, db_text(st, 0), db_text(st, 1));
	/* "Carol Jones" at Bob Smith's company is a colleague */
	m->alias = company ? like != OTHER : like == SAME || (like == NO_TELLING && same_domain(match_from(mail), db_text(st, 2)));
	db_done(st);
	return 0;
}
