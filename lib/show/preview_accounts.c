/* preview_accounts.c - from which account each message would leave: the lead's, or by another channel than the first the campaign's for that. */
#include "show/preview_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/enrolments.h"

const struct account *
preview_account(const struct preview *p, int64_t seq)
{
	for (size_t i = 0; i < p->naccounts; i++)
		if (p->account[i].seq == seq)
			return &p->account[i];
	return NULL;
}

static int
need(struct preview *p, int64_t seq, struct lp_err *err)
{
	if (seq == 0 || preview_account(p, seq) != NULL)
		return 0;
	p->account = xrealloc(p->account, (p->naccounts + 1) * sizeof(*p->account));
	if (account_get(p->db, seq, &p->account[p->naccounts], err) != 1)
		return -1;
	p->naccounts++;
	return 0;
}

/* The steps' channels of a version; leads of one stand together mostly. */
struct channels {
	int version, n;
	char channel[CAMPAIGN_STEPS_MAX + 1][12];
};

static int
channels_of(struct preview *p, int version, struct channels *c, struct lp_err *err)
{
	struct campaign_step s;
	int r;

	if (c->version == version)
		return 0;
	*c = (struct channels){ .version = version };
	while (c->n < CAMPAIGN_STEPS_MAX && (r = campaign_step_get(p->db, p->campaign, version, c->n + 1, &s, err)) != 0) {
		if (r == -1)
			return -1;
		snprintf(c->channel[++c->n], sizeof(c->channel[0]), "%s", s.channel);
		campaign_step_clear(&s);
	}
	return 0;
}

static int
of_message(struct preview *p, struct pv_message *m, struct channels *c, struct lp_err *err)
{
	const struct campaign_lead *row = &p->lead[m->lead].row;

	m->account = row->account;
	if (row->account == 0 || need(p, row->account, err) == -1 || channels_of(p, row->version, c, err) == -1)
		return row->account == 0 ? 0 : -1;
	if (m->step > c->n || strcmp(preview_account(p, row->account)->channel, c->channel[m->step]) == 0)
		return 0;
	if (enrolments_account(p->db, p->campaign, row->version, row->lead, row->account, c->channel[m->step], &m->account, err) == -1)
		return -1;
	return need(p, m->account, err);
}

int
preview_accounts(struct preview *p, struct lp_err *err)
{
	struct channels *c = xcalloc(1, sizeof(*c));
	int r = 0;

	for (size_t i = 0; i < p->nleads && r == 0; i++)
		r = need(p, p->lead[i].row.account, err);
	for (size_t i = 0; i < p->nmessages && r == 0; i++)
		r = of_message(p, &p->message[i], c, err);
	free(c);
	return r;
}
