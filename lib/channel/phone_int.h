/*
 * phone_int.h - what the channels of telephones share: one request, its answer, and what the services' codes mean.  Not for others.
 */
#ifndef LP_CHANNEL_PHONE_INT_H
#define LP_CHANNEL_PHONE_INT_H

#include "base/mem.h"
#include "channel/channel.h"
#include "net/http.h"

extern const struct channel channel_whatsapp, channel_twilio, channel_twilio_whatsapp, channel_sms_http;

/* A line: an account's settings, its secret, and connections. */
struct phone {
	cJSON *settings;
	char *secret;                   /* NULL where the account needs none */
	struct http_pool *pool;
};

/* phone_open(settings, err): the secret is looked up (token_env, token_command). LP_CONFIG, LP_TEMP. */
struct phone *phone_open(const cJSON *settings, struct lp_err *);
void phone_close(void *);

/* phone_url(settings, key, dflt): where the service is; belongs to the settings. phone_reaches: is `key` past this machine? */
const char *phone_url(const cJSON *settings, const char *key, const char *dflt);
bool phone_reaches(const cJSON *settings, const char *key);
/* phone_needs(settings, keys, kind, err), phone_token_named: what must be there, and where the token is from. 0; -1 LP_CONFIG. */
int phone_needs(const cJSON *settings, const char *const *keys, const char *kind, struct lp_err *);
int phone_token_named(const cJSON *settings, struct lp_err *);

/* phone_text_ok(mail, r): may these words leave at all (numbers in E.164, some text, no control characters)? False: *r says why not (refused). */
bool phone_text_ok(const struct channel_mail *, const char *from, struct channel_result *);

/* The key of how texts come in (channel_pushed). */
extern const char *const phone_inbound[];
#define PHONE_INBOUND { .name = "inbound", .type = KEY_WORD, .help = "how texts come in: read (lp-read texts) or pushed (a webhook)", .words = phone_inbound }

/* phone_basic(user, secret): the whole header, to be wiped. */
char *phone_basic(const char *user, const char *secret);

/* phone_send(p, request, r, res, err): one request, on a connection of its own, with the limits of all of them. 1 answered, in *r (the caller clears): 0 no answer, and
 * *res says what that means. */
int phone_send(struct phone *, struct http_request *, struct http_response *, struct channel_result *);

/* What a service's code means. */
struct phone_code {
	int code, last;                 /* from, to; `last` 0: this one alone */
	enum channel_state state;
	enum channel_blame blame;
	int64_t retry_ms;
};
/* phone_code(table, code): the meaning; NULL where it isn't there. Ends with a code of 0. */
const struct phone_code *phone_code(const struct phone_code *, int code);
extern const struct phone_code phone_twilio_codes[], phone_meta_codes[];

/* phone_answer_error(r, table, code, message, res): an answer other than success, by the service's code (0: it gave none), else by the HTTP status. */
void phone_answer_error(const struct http_response *, const struct phone_code *, int code, const char *message, struct channel_result *);

/* The answers, for the fuzzer too. whatsapp_answer, twilio_answer, sms_http_answer(settings, ...): what came of it. */
void whatsapp_answer(const struct http_response *, struct channel_result *);
void twilio_answer(const struct http_response *, struct channel_result *);
void sms_http_answer(const cJSON *settings, const struct http_response *, struct channel_result *);
/* twilio_listed(answer, mail, from, r): is that message in a list of messages? 1 and *r, 0, -1 it is no such list. */
int twilio_listed(const struct http_response *, const struct channel_mail *, struct channel_result *);

#endif
