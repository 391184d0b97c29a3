/*
 * editor.h - a text from a file, or out of a person's editor.
 */
#ifndef LP_BASE_EDITOR_H
#define LP_BASE_EDITOR_H

#include "base/err.h"

/* text_read(path, &text, err): a file as text, "-" is standard input: 0; LP_DATA over a megabyte or where it isn't UTF-8. The caller frees. */
int text_read(const char *path, char **text, struct lp_err *);

/*
 * editor_run(editor, dir, &text, err): *text goes into a file of `dir` that nobody else may read, `editor` (a command for the shell, as in
 * $VISUAL) runs on it, and *text becomes what it holds then; the file is removed whatever happens. 1 changed, 0 the same, -1: *text as it was
 * (LP_UNAVAILABLE: the editor failed; or as text_read).
 */
int editor_run(const char *editor, const char *dir, char **text, struct lp_err *);

/* text_keep(dir, name, text, &path, err): the text in a new file DIR/NAME.XXXXXX that nobody else may read, so that what somebody wrote isn't lost. The caller
 * frees path. 0, -1. */
int text_keep(const char *dir, const char *name, const char *text, char **path, struct lp_err *);

#endif
