#include "agent/lead_consent.h"

#include <stdlib.h>
#include <string.h>

#include "base/prog.h"
#include "store/consents.h"
#include "store/lead_row.h"
#include "store/leads.h"
#include "store/suppressions.h"

struct words {
	const char *channel, *source, *given;
};

static int
read_words(char *const *words, struct words *w, struct lp_err *err)
{
	static const char *const names[] = { "channel", "source", "given", NULL };
	const char **const to[] = { &w->channel, &w->source, &w->given };
	const char *near;
	char key[24];
	size_t n, i;

	for (; *words != NULL; words++) {
		n = strcspn(*words, "=");
		for (i = 0; names[i] != NULL && (strlen(names[i]) != n || strncmp(names[i], *words, n) != 0); i++)
			;
		if (names[i] != NULL && (*words)[n] == '=') {
			*to[i] = *words + n + 1;
			continue;
		}
		if (n >= sizeof(key))
			n = sizeof(key) - 1;
		memcpy(key, *words, n);
		key[n] = '\0';
		near = lp_did_you_mean(key, names);
		if (near != NULL && (*words)[n] == '=')
			return lp_fail(err, LP_USAGE, "unknown key '%s' (did you mean '%s'?)", key, near);
		return lp_fail(err, LP_USAGE, "'%.60s': give channel=email|whatsapp|sms, source=TEXT, given=DAY", *words);
	}
	return 0;
}

int
lead_consent(struct lp_db *db, char *const *words, bool withdraw, const char *reason, struct lp_err *err)
{
	struct words w = { 0 };
	struct lead_row l;
	int64_t seq, at = db_now(db);
	int r;

	if (leads_find(db, words[0], &seq, err) == -1 || read_words(words + 1, &w, err) == -1)
		return -1;
	if (withdraw) {
		if (w.source != NULL || w.given != NULL)
			return lp_fail(err, LP_USAGE, "--withdraw takes channel= alone; -m says why");
		if ((r = lead_row_get(db, seq, &l, err)) != 1)
			return r;
		r = consent_withdraw(db, l.person, w.channel, reason != NULL ? reason : "by hand", err);
		lead_row_clear(&l);
		return r > 0 ? 1 : r;
	}
	if (w.channel == NULL || w.source == NULL)
		return lp_fail(err, LP_USAGE, "a consent needs channel=email|whatsapp|sms and source=, where and how it was given");
	if (w.given != NULL && lp_iso_parse(w.given, &at, err) == -1)
		return -1;
	return consent_give(db, seq, w.channel, w.source, at, err);
}

int
lead_suppress(struct lp_db *db, const char *who, bool lift, const char *reason, struct lp_err *err)
{
	const char *kind;
	char *value;
	int64_t seq;
	int r;

	if (reason == NULL)
		reason = lift ? "lifted by hand" : "by hand";
	if (lp_handle(who, 'l', &seq)) {
		if (leads_find(db, who, &seq, err) == -1)
			return -1;
		return lift ? leads_unsuppress(db, seq, reason, err) : leads_suppress(db, seq, reason, "hand", err);
	}
	if ((value = suppressions_parse(who, &kind, err)) == NULL)
		return -1;
	r = lift ? suppressions_remove(db, kind, value, reason, err) : suppressions_add(db, kind, value, 0, reason, "hand", err);
	if (lift && r == 0)
		r = lp_fail(err, LP_NO, "%.200s isn't suppressed", value);
	free(value);
	return r;
}
