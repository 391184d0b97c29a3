#include "agent/typed.h"

#include <stdlib.h>
#include <string.h>

#include "agent/approval_text.h"
#include "base/editor.h"
#include "base/json.h"
#include "base/mem.h"

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
		t->file = approval_draft(draft);
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
		return approval_draft_read(text, draft, &t->subject, &t->body, err);
	t->subject = xstrdup(json_str(draft, "subject"));
	t->body = xstrdup(text);
	return 0;
}
