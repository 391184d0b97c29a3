/*
 * whatsapp.c - WhatsApp by Meta's Cloud API: free text inside the 24 hours after the person's last message, else a template that Meta approved.
 * There is no way to ask what became of a request whose answer was lost: then it is unknown, until a status tells.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "channel/phone_int.h"

static const char *const tiers[] = { "250", "1000", "10000", "100000", "unlimited", NULL };

static const struct channel_key keys[] = {
	{ .name = "phone_number_id", .type = KEY_TEXT, .help = "Meta's id of the number (not the number itself)" },
	{ .name = "token_env", .type = KEY_VARIABLE, .help = "the environment variable that has the access token" },
	{ .name = "token_command", .type = KEY_COMMAND, .help = "a command that prints it" },
	{ .name = "tier", .type = KEY_WORD, .help = "people that may be written to first in 24 hours, as Meta allows; default 250", .words = tiers },
	PHONE_INBOUND,
	{ .name = "api_version", .type = KEY_TEXT, .help = "default v23.0" },
	{ .name = "base_url", .type = KEY_URL, .help = "default https://graph.facebook.com" },
	{ .name = "ca_file", .type = KEY_PATH, .help = "certificates to trust instead of the system's" },
	{ 0 }
};

static bool
reaches(const cJSON *settings)
{
	return phone_reaches(settings, "base_url");
}

static int
validate(const cJSON *settings, struct lp_err *err)
{
	static const char *const needs[] = { "phone_number_id", NULL };
	const char *id = json_str(settings, "phone_number_id"), *version = json_str(settings, "api_version");

	if (phone_needs(settings, needs, "whatsapp", err) == -1 || phone_token_named(settings, err) == -1)
		return -1;
	if (id[strspn(id, "0123456789")] != '\0' || strlen(id) > 32)
		return lp_fail(err, LP_CONFIG, "phone_number_id: '%.40s' is no id: digits alone, as Meta's console shows it", id);
	if (version != NULL && (*version != 'v' || version[1] == '\0' || version[1 + strspn(version + 1, "0123456789.")] != '\0' || strlen(version) > 12))
		return lp_fail(err, LP_CONFIG, "api_version: '%.40s' is none (v23.0)", version);
	return http_url_ok(phone_url(settings, "base_url", "https://graph.facebook.com"), false, err);
}

static void *
open_out(const cJSON *settings, struct lp_err *err)
{
	return validate(settings, err) == -1 ? NULL : phone_open(settings, err);
}

static void
add_template(cJSON *o, const cJSON *template)
{
	cJSON *t = cJSON_AddObjectToObject(o, "template"), *list, *one, *component;
	const cJSON *p;

	cJSON_AddStringToObject(t, "name", json_text(template, "name"));
	cJSON_AddStringToObject(cJSON_AddObjectToObject(t, "language"), "code", json_text(template, "language"));
	if (cJSON_GetArraySize(json_get(template, "parameters")) == 0)
		return;
	component = cJSON_CreateObject();
	cJSON_AddItemToArray(cJSON_AddArrayToObject(t, "components"), component);
	cJSON_AddStringToObject(component, "type", "body");
	list = cJSON_AddArrayToObject(component, "parameters");
	cJSON_ArrayForEach(p, json_get(template, "parameters")) {
		one = cJSON_CreateObject();
		cJSON_AddStringToObject(one, "type", "text");
		cJSON_AddStringToObject(one, "text", cJSON_IsString(p) ? p->valuestring : "");
		cJSON_AddItemToArray(list, one);
	}
}

static char *
body_of(const struct channel_mail *m)
{
	cJSON *o = cJSON_CreateObject(), *text;
	char *s;

	cJSON_AddStringToObject(o, "messaging_product", "whatsapp");
	cJSON_AddStringToObject(o, "recipient_type", "individual");
	cJSON_AddStringToObject(o, "to", m->to + 1); /* as its answers and webhooks have it, without the + */
	cJSON_AddStringToObject(o, "type", m->template != NULL ? "template" : "text");
	if (m->template != NULL)
		add_template(o, m->template);
	else {
		text = cJSON_AddObjectToObject(o, "text");
		cJSON_AddBoolToObject(text, "preview_url", false);
		cJSON_AddStringToObject(text, "body", m->text);
	}
	s = json_print(o);
	cJSON_Delete(o);
	return s;
}

void
whatsapp_answer(const struct http_response *r, struct channel_result *res)
{
	cJSON *o = json_object(r->body, r->len, NULL);
	const cJSON *error = json_get(o, "error");
	const char *id = json_str(json_path(o, "messages.0"), "id"), *details = json_str(json_get(error, "error_data"), "details");
	double code = json_num(error, "code", 0);

	if (error == NULL && r->status >= 200 && r->status < 300 && id != NULL && strlen(id) < sizeof(res->id)) {
		channel_say(res, CHANNEL_ACCEPTED, (int)r->status, "accepted as %s", id);
		snprintf(res->id, sizeof(res->id), "%s", id);
		snprintf(res->status, sizeof(res->status), "%.23s", json_str(json_path(o, "messages.0"), "message_status") != NULL ?
		    json_str(json_path(o, "messages.0"), "message_status") : "accepted");
	} else if (error == NULL && r->status >= 200 && r->status < 300)
		channel_say(res, CHANNEL_UNKNOWN, (int)r->status, "HTTP %ld, but it names no message", r->status);
	else
		phone_answer_error(r, phone_meta_codes, code > 0 && code < 1e9 ? (int)code : 0,
		    details != NULL ? details : json_str(error, "message"), res);
	cJSON_Delete(o);
}

static void
deliver(void *arg, const struct channel_mail *m, struct channel_result *res)
{
	struct phone *p = arg;
	struct http_response r;
	char *url, *body, *auth;

	if (!phone_text_ok(m, NULL, res))
		return;
	url = xasprintf("%s/%s/%s/messages", phone_url(p->settings, "base_url", "https://graph.facebook.com"),
	    phone_url(p->settings, "api_version", "v23.0"), json_text(p->settings, "phone_number_id"));
	body = body_of(m);
	auth = xasprintf("Authorization: Bearer %s", p->secret);
	if (phone_send(p, &(struct http_request){ .method = "POST", .url = url, .body = body, .body_len = strlen(body),
	    .headers = (const char *const[]){ "Content-Type: application/json", "Accept: application/json", auth, NULL } }, &r, res) == 1) {
		whatsapp_answer(&r, res);
		http_response_clear(&r);
	}
	wipe(auth);
	free(body);
	free(url);
}

const struct channel channel_whatsapp = { .kind = "whatsapp", .carries = "whatsapp", .reaches = reaches, .keys = keys, .validate = validate,
	.open_out = open_out, .close = phone_close, .deliver = deliver };
