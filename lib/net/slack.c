#include "net/slack.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "net/http.h"

/* '&', '<', '>' as the service wants them (else a name could call a whole channel, or hide a link), without other controls than line feeds, at most `max`
 * bytes, cut between characters, with "..." where it is. */
static void
slack_escape(struct buf *out, const char *s, size_t max)
{
	static const char dots[] = "...";
	const char *piece;
	size_t n, len, end = out->len + max - sizeof(dots);

	for (; *s != '\0'; s += n) {
		/* a whole character; a byte that is none goes alone, JSON was promised UTF-8 by who gave it */
		for (n = 1; ((unsigned char)s[n] & 0xc0) == 0x80; n++)
			;
		piece = *s == '&' ? "&amp;" : *s == '<' ? "&lt;" : *s == '>' ? "&gt;" : NULL;
		len = piece != NULL ? strlen(piece) : n;
		if (((unsigned char)*s < 0x20 && *s != '\n') || *s == 0x7f)
			continue;
		if (out->len + len > end) {
			buf_puts(out, dots);
			return;
		}
		buf_add(out, piece != NULL ? piece : s, len);
	}
}

static void __attribute__((format(printf, 3, 4)))
say(struct slack_said *said, enum slack_end end, const char *fmt, ...)
{
	va_list ap;

	said->end = end;
	va_start(ap, fmt);
	vsnprintf(said->text, sizeof(said->text), fmt, ap);
	va_end(ap);
	for (char *p = said->text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
}

static void
judge(const struct http_response *r, int64_t now, struct slack_said *said)
{
	const char *body = r->body != NULL ? r->body : "";

	said->kind = LP_TEMP;
	if (r->state == HTTP_UNSENT) {
		said->kind = r->retryable ? LP_TEMP : LP_CONFIG;
		say(said, SLACK_LATER, "%s", r->error);
	} else if (r->state == HTTP_LOST)
		say(said, SLACK_DROPPED, "it is not known whether it was told: %s", r->error);
	else if (r->status == 200 && strncmp(body, "ok", 2) == 0 && body[2 + strspn(body + 2, " \r\n")] == '\0')
		say(said, SLACK_TOLD, "ok");
	else if (r->status == 429) {
		said->wait_ms = http_retry_after(r, now);
		if (said->wait_ms < 0)
			said->wait_ms = 0;
		say(said, SLACK_LATER, "429 %.100s", body);
	} else if (r->status == 404 || r->status == 410)
		say(said, SLACK_GONE, "%ld %.100s", r->status, body);
	else
		say(said, SLACK_DROPPED, "%ld %.100s", r->status, body);
}

int
slack_post(const char *url, const char *text, int64_t now, struct slack_said *said, struct lp_err *err)
{
	static const char *const headers[] = { "Content-Type: application/json", "Accept: text/plain, application/json", "User-Agent: leadpilot/" LP_VERSION, NULL };
	struct http_pool *pool;
	struct http_response r = { 0 };
	cJSON *o = cJSON_CreateObject();
	struct buf b = { 0 };
	char *body;
	int ok = -1;

	memset(said, 0, sizeof(*said));
	slack_escape(&b, text, SLACK_TEXT_MAX);
	json_set_str(o, "text", buf_str(&b));
	/* whatever stands in a lead's name is text: no bold, and no page fetched to be shown */
	json_set_bool(o, "mrkdwn", false);
	json_set_bool(o, "unfurl_links", false);
	json_set_bool(o, "unfurl_media", false);
	body = json_print(o);
	if ((pool = http_pool_new(1, err)) != NULL)
		ok = http_call(pool, &(struct http_request){ .method = "POST", .url = url, .headers = headers, .body = body, .body_len = strlen(body),
		    .total_ms = 30000, .max_body = 64 << 10, .once = true }, &r, err);
	if (ok == 0)
		judge(&r, now, said);
	http_response_clear(&r);
	http_pool_free(pool);
	free(body);
	buf_free(&b);
	cJSON_Delete(o);
	return ok;
}
