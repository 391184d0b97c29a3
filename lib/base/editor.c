#include "base/editor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"

enum { TEXT_MAX = 1 << 20 };

static int
write_all(int fd, const char *s, size_t n, struct lp_err *err)
{
	ssize_t w;

	for (; n > 0; s += w, n -= (size_t)w)
		if ((w = write(fd, s, n)) == -1) {
			if (errno != EINTR)
				return lp_fail_errno(err, errno, "can't write the text for the editor");
			w = 0;
		}
	return 0;
}

/* As system(3) does it: while the editor has the terminal, an interrupt is meant for the editor. */
static int
run(const char *editor, const char *path, struct lp_err *err)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, interrupt, quit;
	int status = 0;
	pid_t pid, r;

	sigemptyset(&ignore.sa_mask);
	sigaction(SIGINT, &ignore, &interrupt);
	sigaction(SIGQUIT, &ignore, &quit);
	if ((pid = fork()) == 0) {
		char *command = xasprintf("%s \"$@\"", editor);

		sigaction(SIGINT, &interrupt, NULL);
		sigaction(SIGQUIT, &quit, NULL);
		execl("/bin/sh", "sh", "-c", command, editor, path, (char *)NULL);
		_exit(127);
	}
	do
		r = pid == -1 ? -1 : waitpid(pid, &status, 0);
	while (r == -1 && pid != -1 && errno == EINTR);
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	if (r == -1)
		return lp_fail_errno(err, errno, "can't start the editor '%s'", editor);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return lp_fail(err, LP_UNAVAILABLE, "the editor '%s' failed: the text is as it was", editor);
	return 0;
}

/* By name, since many editors put a new file in the place of the old one. */
int
text_read(const char *path, char **text, struct lp_err *err)
{
	bool in = strcmp(path, "-") == 0;
	int fd = in ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), r = 0;
	struct buf b = { 0 };
	char block[4096];
	ssize_t n = 0;

	if (fd == -1)
		return lp_fail_errno(err, errno, "can't read '%s'", path);
	while (b.len <= TEXT_MAX && ((n = read(fd, block, sizeof(block))) > 0 || (n == -1 && errno == EINTR)))
		if (n > 0)
			buf_add(&b, block, (size_t)n);
	if (n == -1)
		r = lp_fail_errno(err, errno, "can't read '%s'", path);
	else if (b.len > TEXT_MAX)
		r = lp_fail(err, LP_DATA, "'%s' has more than a megabyte", path);
	else if (!utf8_ok(buf_str(&b), b.len))
		r = lp_fail(err, LP_DATA, "'%s' is not text in UTF-8", path);
	if (!in)
		close(fd);
	if (r == 0)
		*text = buf_steal(&b);
	buf_free(&b);
	return r;
}

int
editor_run(const char *editor, const char *dir, char **text, struct lp_err *err)
{
	char *path = xasprintf("%s/leadpilot-edit-XXXXXX", dir);
	char *now = NULL;
	int fd = mkstemp(path), r;

	if (fd == -1) {
		lp_fail_errno(err, errno, "can't make a file for the editor in '%s'", dir);
		free(path);
		return -1;
	}
	r = write_all(fd, *text, strlen(*text), err);
	close(fd);
	if (r == 0 && (r = run(editor, path, err)) == 0)
		r = text_read(path, &now, err);
	unlink(path);
	free(path);
	if (r == -1)
		return -1;
	r = strcmp(now, *text) != 0;
	free(*text);
	*text = now;
	return r;
}

int
text_keep(const char *dir, const char *name, const char *text, char **path, struct lp_err *err)
{
	int fd, r;

	*path = xasprintf("%s/%s.XXXXXX", dir, name);
	if ((fd = mkstemp(*path)) == -1)
		return lp_fail_errno(err, errno, "can't create '%s'", *path);
	r = write_all(fd, text, strlen(text), err);
	return close(fd) == -1 && r == 0 ? lp_fail_errno(err, errno, "can't write '%s'", *path) : r;
}
