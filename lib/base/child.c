#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

extern char **environ;

/* "a b  c" as a NULL-terminated array over a copy; both are the caller's. */
static char **
split(const char *command, char **copy)
{
	char **argv = xmalloc((strlen(command) / 2 + 2) * sizeof(*argv)), *s = xstrdup(command);
	size_t n = 0;

	*copy = s;
	for (;;) {
		s += strspn(s, " \t\n");
		if (*s == '\0')
			break;
		argv[n++] = s;
		s += strcspn(s, " \t\n");
		if (*s != '\0')
			*s++ = '\0';
	}
	argv[n] = NULL;
	return argv;
}

static bool
may_pass(const char *var)
{
	static const char *const names[] = { "PATH=", "HOME=", "USER=", "LOGNAME=", "LANG=", "LC_", "TZ=", "TMPDIR=", "XDG_" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(var, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static char **
clean_environment(void)
{
	char **env;
	size_t n = 0;

	while (environ[n] != NULL)
		n++;
	env = xmalloc((n + 1) * sizeof(*env));
	n = 0;
	for (char **e = environ; *e != NULL; e++)
		if (may_pass(*e))
			env[n++] = *e;
	env[n] = NULL;
	return env;
}

static void
become(char **argv, char **env, const int in[2], const int out[2], const int errors[2], int told)
{
	int e;

	setpgid(0, 0);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(in[0], 0) != -1 && dup2(out[1], 1) != -1 && dup2(errors[1], 2) != -1) {
		environ = env;
		execvp(argv[0], argv);
	}
	e = errno;
	if (write(told, &e, sizeof(e)) == -1)
		_exit(126);
	_exit(127);
}

static int
pipe_cloexec(int fd[2])
{
	if (pipe(fd) == -1)
		return -1;
	for (int i = 0; i < 2; i++)
		if (fcntl(fd[i], F_SETFD, FD_CLOEXEC) == -1)
			return -1;
	return 0;
}

static void
shut(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

/* The four pipes; one that can't be made closes all. */
static int
pipes(int p[4][2])
{
	for (int i = 0; i < 4; i++)
		p[i][0] = p[i][1] = -1;
	for (int i = 0; i < 4; i++)
		if (pipe_cloexec(p[i]) == -1) {
			int e = errno;

			for (int k = 0; k < 8; k++)
				shut(&p[k / 2][k % 2]);
			errno = e;
			return -1;
		}
	return 0;
}

int
child_start(struct child *c, const char *command, const char *input, size_t n, int64_t ms, size_t max, struct lp_err *err)
{
	char *copy, **argv = split(command, &copy), **env = clean_environment();
	int p[4][2], e = 0, r = -1;

	*c = (struct child){ .in = -1, .out = -1, .errors = -1, .max = max, .deadline = lp_steady() + ms };
	if (argv[0] == NULL) {
		lp_fail(err, LP_CONFIG, "no command to run");
		goto out;
	}
	signal(SIGPIPE, SIG_IGN); /* a program that doesn't read what it is fed must not end us */
	if (pipes(p) == -1) {
		lp_fail_errno(err, errno, "can't make a pipe");
		goto out;
	}
	if ((c->pid = fork()) == 0)
		become(argv, env, p[0], p[1], p[2], p[3][1]);
	shut(&p[0][0]);
	shut(&p[1][1]);
	shut(&p[2][1]);
	shut(&p[3][1]);
	c->in = p[0][1];
	c->out = p[1][0];
	c->errors = p[2][0];
	if (c->pid == -1)
		lp_fail_errno(err, errno, "can't start '%.80s'", argv[0]);
	else if (read(p[3][0], &e, sizeof(e)) == (ssize_t)sizeof(e))
		lp_fail_errno(err, e, "can't run '%.80s'", argv[0]);
	else
		r = 0;
	shut(&p[3][0]);
	if (r == 0) {
		for (int i = 0; i < 3; i++) {
			int fd = i == 0 ? c->in : i == 1 ? c->out : c->errors;

			fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
		}
		c->input = xmalloc(n + 1);
		memcpy(c->input, input, n);
		c->input_len = n;
	} else
		child_clear(c);
out:
	free(env);
	free(argv);
	free(copy);
	return r;
}

static void
feed(struct child *c)
{
	ssize_t n;

	while (c->in != -1 && c->written < c->input_len) {
		n = write(c->in, c->input + c->written, c->input_len - c->written);
		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n == -1) /* it doesn't want the rest: its answer decides */
			break;
		c->written += (size_t)n;
	}
	shut(&c->in);
}

static void
take(int *fd, struct buf *b, size_t max, bool *too_large)
{
	char chunk[16384];
	ssize_t n;

	while (*fd != -1) {
		if ((n = read(*fd, chunk, sizeof(chunk))) == -1 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0)
			shut(fd);
		else if (b->len + (size_t)n <= max)
			buf_add(b, chunk, (size_t)n);
		else if (too_large != NULL) {
			*too_large = true;
			return;
		}
	}
}

static void
reap(struct child *c, int how)
{
	int status;
	pid_t r;

	while ((r = waitpid(c->pid, &status, how)) == -1 && errno == EINTR)
		;
	if (r == 0)
		return;
	c->over = true;
	c->status = r == -1 ? 127 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	c->pid = 0;
}

static void
end(struct child *c)
{
	if (c->pid > 0) {
		kill(-c->pid, SIGKILL);
		kill(c->pid, SIGKILL); /* it may not have become a group yet */
		reap(c, 0);
	}
	shut(&c->in);
	shut(&c->out);
	shut(&c->errors);
	c->over = true;
}

bool
child_step(struct child *c)
{
	if (c->over)
		return true;
	feed(c);
	take(&c->out, &c->text, c->max, &c->too_large);
	take(&c->errors, &c->complaint, 4096, NULL);
	if (c->too_large || lp_steady() >= c->deadline) {
		c->timed_out = !c->too_large;
		end(c);
	} else if (c->out == -1 && c->errors == -1)
		reap(c, WNOHANG);
	return c->over;
}

int
child_fds(const struct child *c, struct pollfd fds[3])
{
	int n = 0;

	if (c->in != -1)
		fds[n++] = (struct pollfd){ .fd = c->in, .events = POLLOUT };
	if (c->out != -1)
		fds[n++] = (struct pollfd){ .fd = c->out, .events = POLLIN };
	if (c->errors != -1)
		fds[n++] = (struct pollfd){ .fd = c->errors, .events = POLLIN };
	return n;
}

static void
child_wait(struct child *c)
{
	struct pollfd fds[3];

	while (!child_step(c)) {
		int64_t left = c->deadline - lp_steady();
		int n = child_fds(c, fds);

		/* both ends closed and still there: look again soon */
		poll(fds, (nfds_t)n, n == 0 ? 5 : left < 1000 ? left > 0 ? (int)left : 0 : 1000);
	}
}

void
child_clear(struct child *c)
{
	end(c);
	free(c->input);
	buf_free(&c->text);
	buf_free(&c->complaint);
	*c = (struct child){ .in = -1, .out = -1, .errors = -1, .over = true };
}

int
child_read(const char *command, size_t max, char **text, struct lp_err *err)
{
	struct child c;
	int r = -1;

	if (child_start(&c, command, "", 0, 30 * LP_SECOND, max, err) == -1)
		return -1;
	child_wait(&c);
	if (c.timed_out)
		lp_fail(err, LP_CONFIG, "the command took longer than 30 s");
	else if (c.too_large)
		lp_fail(err, LP_CONFIG, "the command printed more than %zu bytes", max);
	else if (c.status != 0)
		lp_fail(err, LP_CONFIG, "the command ended with status %d: %.*s", c.status, (int)strcspn(buf_str(&c.complaint), "\n"),
		    buf_str(&c.complaint));
	else {
		*text = xstrdup(buf_str(&c.text));
		r = 0;
	}
	child_clear(&c);
	return r;
}
