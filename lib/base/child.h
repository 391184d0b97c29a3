/*
 * child.h - a program of the user's, run without a shell: fed and read at once, within a time and a size, in a clean environment.
 *
 * The command is split at blanks; there are no quotes, no variables, no redirection: whoever wants those names a script. Of the environment it gets PATH, HOME,
 * USER, LOGNAME, LANG, LC_*, TZ, TMPDIR and XDG_* alone: no secret of ours is in it. It is its own process group, and killed with all it started.
 */
#ifndef LP_BASE_CHILD_H
#define LP_BASE_CHILD_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/mem.h"

struct child {
	pid_t pid;                      /* 0: none */
	int in, out, errors;            /* our ends; -1 once closed */
	char *input;
	size_t input_len, written, max;
	struct buf text, complaint;     /* what it printed; on standard error, the first 4 KB */
	int64_t deadline;               /* real clock, ms */
	bool over, timed_out, too_large;
	int status;                     /* exit status, 128 + signal; once over */
};

/* child_start(c, command, input, n, ms, max, err): begin it; the input is copied. LP_CONFIG where the command is empty, LP_NOINPUT where there is no
 * such program, else as fork and pipe fail. SIGPIPE is ignored from then on. */
int child_start(struct child *, const char *command, const char *input, size_t n, int64_t ms, size_t max, struct lp_err *);
/* child_step(c): do what can be done without waiting: feed, read, kill at the deadline, reap. true once it is over. */
bool child_step(struct child *);
/* child_fds(c, fds): what to poll for meanwhile, at most 3. How many. */
int child_fds(const struct child *, struct pollfd fds[3]);
/* child_clear: kill it where it runs, and free. */
void child_clear(struct child *);

/* child_read(command, max, &text, err): run it, wait at most 30 s, and take what it printed. LP_CONFIG with its complaint where it failed. */
int child_read(const char *command, size_t max, char **text, struct lp_err *);

#endif
