#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "channel/phone_int.h"
#include "channel/sms_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Whatever the service says, the result is one line, and taken means that there is a name for it. */
static void
check(const struct channel_result *r, bool named)
{
	if (memchr(r->text, '\0', sizeof(r->text)) == NULL || memchr(r->id, '\0', sizeof(r->id)) == NULL ||
	    memchr(r->status, '\0', sizeof(r->status)) == NULL || r->retry_ms < 0 || r->text[strcspn(r->text, "\r\n")] != '\0' ||
	    (named && r->state == CHANNEL_ACCEPTED && *r->id == '\0'))
		__builtin_trap();
}

/* The first bytes are the status, then the answer; it is also a text. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const long statuses[] = { 200, 201, 202, 301, 400, 401, 404, 429, 500, 503 };
	struct http_response r = { 0 };
	struct channel_mail m = { .to = "+15125550100", .from = "+15125550111", .text = "Hi" };
	struct channel_result res;
	struct sms_count c;
	cJSON *settings;

	if (len < 1)
		return 0;
	r.status = statuses[data[0] % (sizeof(statuses) / sizeof(statuses[0]))];
	r.body = xstrndup((const char *)data + 1, len - 1);
	r.len = len - 1;
	whatsapp_answer(&r, &res);
	check(&res, true);
	twilio_answer(&r, &res);
	check(&res, true);
	if (twilio_listed(&r, &m, &res) == 1)
		check(&res, true);
	settings = cJSON_CreateObject();
	json_set_str(settings, "id_path", "messages.0.id");
	json_set_str(settings, "code_path", "error.code");
	sms_http_answer(settings, &r, &res);
	check(&res, true);
	cJSON_Delete(settings);
	if (utf8_ok(r.body, r.len) && strlen(r.body) == r.len) {
		sms_count(r.body, &c);
		if (c.segments < 1 || c.units < 0 || (size_t)c.units > 2 * r.len || (c.segments == 1) != (c.units <= (c.ucs2 ? 70 : 160)))
			__builtin_trap();
	}
	free(r.body);
	return 0;
}
