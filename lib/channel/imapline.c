#include "channel/imapline.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/secret.h"
#include "net/oauth.h"
#include "net/smtp.h"

bool
imapline_set(const cJSON *settings)
{
	return json_str(settings, "imap_host") != NULL;
}

bool
imapline_reaches(const cJSON *settings)
{
	return !smtp_loopback(json_text(settings, "imap_host"));
}

/* With a token, new where the server has just refused the last one. */
static struct imap *
try_login(const cJSON *settings, struct imap_server *v, bool fresh, bool *refused, struct lp_err *err)
{
	struct imap *i = NULL;
	struct oauth o;
	char *secret = NULL;
	int r;

	*refused = false;
	if (json_str(settings, "oauth") != NULL)
		r = oauth_from_settings(settings, &o, err) == -1 ? -1 : oauth_access(&o, fresh, &secret, err);
	else
		r = secret_get(json_str(settings, "password_env"), json_str(settings, "password_command"), "password_command", &secret, err);
	if (r == 0) {
		v->token = json_str(settings, "oauth") != NULL ? secret : NULL;
		v->password = v->token == NULL ? secret : NULL;
		i = imap_new(v, err);
	}
	if (i != NULL && imap_login(i, refused, err) == -1) {
		imap_free(i);
		i = NULL;
	}
	wipe(secret);
	return i;
}

struct imap *
imapline_open(const cJSON *settings, struct lp_err *err)
{
	const char *security = json_text(settings, "imap_security"), *user = json_str(settings, "user");
	struct imap_server v = { .host = json_str(settings, "imap_host"), .port = (int)strtol(json_text(settings, "imap_port"), NULL, 10),
		.user = user != NULL ? user : json_str(settings, "address"), .ca_file = json_str(settings, "ca_file"), .security = IMAP_TLS };
	struct imap *i;
	bool refused;

	if (v.host == NULL) {
		lp_fail(err, LP_CONFIG, "imap_host: missing");
		return NULL;
	}
	if (strcmp(security, "starttls") == 0)
		v.security = IMAP_STARTTLS;
	else if (strcmp(security, "none") == 0)
		v.security = IMAP_PLAIN;
	if (v.security == IMAP_PLAIN && !smtp_loopback(v.host)) {
		lp_fail(err, LP_CONFIG, "imap_security: none is only for this machine: '%s' needs tls or starttls", v.host);
		return NULL;
	}
	if (v.port == 0)
		v.port = v.security == IMAP_TLS ? 993 : 143;
	i = try_login(settings, &v, false, &refused, err);
	if (i == NULL && refused && json_str(settings, "oauth") != NULL)
		i = try_login(settings, &v, true, &refused, err);
	return i;
}
