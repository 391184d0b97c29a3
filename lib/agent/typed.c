#include "agent/typed.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/editor.h"
#include "base/json.h"
#include "base/mem.h"

char *
typed_file(const cJSON *m)
{
	const char *subject = json_str(m, "subject"), *body = json_text(m, "body");
	bool ended = *body != '\0' && body[strlen(body) - 1] == '\n';

	return xasprintf("%s%s%s%s%s", subject != NULL ? "Subject: " : "", subject != NULL ? subject : "", subject != NULL ? "\n\n" : "", body,
	    ended ? "" : "\n");
}

static bool
blank(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

/* A text is lines; nothing in it but tabs and line ends is a control character. */
static bool
plain(const char *s)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < 0x20 && *s != '\n' && *s != '\t') || *s == 0x7f)
			return false;
	return true;
}

/* Line ends as we keep them. */
static char *
unix_lines(const char *text)
{
	struct buf b = { 0 };

	for (; *text != '\0'; text++)
		if (text[0] != '\r' || text[1] != '\n')
			buf_putc(&b, *text);
	return buf_steal(&b);
}

int
typed_file_read(const char *given, const cJSON *m, char **subject, char **body, struct lp_err *err)
{
	static const char head[] = "Subject:";
	char *text, *at, *end;
	size_t n;
	int r = 0;

	*subject = *body = NULL;
	if (!utf8_ok(given, strlen(given)))
		return lp_fail(err, LP_DATA, "the text is not UTF-8");
	at = text = unix_lines(given);
	if (!plain(text))
		r = lp_fail(err, LP_DATA, "there are control characters in the text");
	else if (json_str(m, "subject") != NULL) {
		if (strncasecmp(at, head, sizeof(head) - 1) != 0)
			r = lp_fail(err, LP_DATA, "the first line of the text must be 'Subject: …', then an empty line and the body");
		else {
			at += sizeof(head) - 1;
			at += strspn(at, " \t");
			end = at + strcspn(at, "\n");
			*subject = xstrndup(at, (size_t)(end - at));
			at = end + (*end == '\n');
			if (*at == '\n')
				at++;
			else if (*at != '\0')
				r = lp_fail(err, LP_DATA, "there must be an empty line between the subject and the body");
			if (r == 0 && blank(*subject))
				r = lp_fail(err, LP_DATA, "the subject is empty");
		}
	}
	if (r == 0 && blank(at))
		r = lp_fail(err, LP_DATA, "the body is empty");
	if (r == 0) {
		for (n = strlen(at); n > 0 && isspace((unsigned char)at[n - 1]); n--)
			;
		/* as it was ended before: a trailing line end alone is no change of the text */
		*body = xasprintf("%.*s%s", (int)n, at, *json_text(m, "body") != '\0' && json_text(m, "body")[strlen(json_text(m, "body")) - 1] == '\n' ? "\n" : "");
	} else {
		free(*subject);
		*subject = NULL;
	}
	free(text);
	return r;
}

int
typed_file_put(cJSON *a, const char *text, struct lp_err *err)
{
	cJSON *m = json_get(a, "message");
	char *subject, *body;

	if (typed_file_read(text, m, &subject, &body, err) == -1)
		return -1;
	if (subject != NULL)
		json_set_str(m, "subject", subject);
	json_set_str(m, "body", body);
	free(subject);
	free(body);
	return 0;
}

void
typed_clear(struct typed *t)
{
	free(t->file);
	free(t->subject);
	free(t->body);
	*t = (struct typed){ 0 };
}

int
typed_edit(struct typed *t, const cJSON *draft, const char *editor, const char *dir, struct lp_err *err)
{
	int r;

	if (t->file == NULL)
		t->file = typed_file(draft);
	r = editor_run(editor, dir, &t->file, err);
	if (r != 0 || json_bool(draft, "drafted", false))
		return r == -1 ? -1 : 0;
	free(t->file);
	t->file = NULL;
	return lp_fail(err, LP_NO, "the text was not changed: nothing is sent");
}

int
typed_read(struct typed *t, const cJSON *draft, struct lp_err *err)
{
	const char *text = t->file != NULL ? t->file : json_text(draft, "body");

	free(t->subject);
	free(t->body);
	t->subject = t->body = NULL;
	if (t->file != NULL || strncmp(text, "Subject:", 8) == 0)
		return typed_file_read(text, draft, &t->subject, &t->body, err);
	t->subject = xstrdup(json_str(draft, "subject"));
	t->body = xstrdup(text);
	return 0;
}
