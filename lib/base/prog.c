#include "base/prog.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <malloc.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

static const char *prog_name = "leadpilot";
bool lp_quiet, lp_verbose;

static void
close_stdout(void)
{
	/* EBADF: started with standard output closed, and nothing was lost if nothing was written */
	if (fflush(stdout) == 0 && !ferror(stdout) && (fclose(stdout) == 0 || errno == EBADF))
		return;
	lp_warn("standard output: %s", strerror(errno));
	_exit(LP_IO);
}

void
lp_init(const char *argv0)
{
	static char out[1 << 16];
	const char *slash = strrchr(argv0 != NULL ? argv0 : "leadpilot", '/');

	if (argv0 != NULL)
		prog_name = slash != NULL ? slash + 1 : argv0;
	/* a database must never become file descriptor 1 and be written to by printf */
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", fd == 0 ? O_RDONLY : O_RDONLY) != fd)
			_exit(LP_IO);
	/* SQLite's temporary tables make glibc give the heap back after every statement: up to 2x for single claims */
	mallopt(M_TRIM_THRESHOLD, 256 << 20);
	mallopt(M_TOP_PAD, 4 << 20);
	/* a pipe takes 64 KB; stdio would write 4 KB at a time */
	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, out, _IOFBF, sizeof(out));
	signal(SIGPIPE, SIG_IGN);
	atexit(close_stdout);
}

static void vwarn(const char *, va_list) __attribute__((format(printf, 1, 0)));

static void
vwarn(const char *fmt, va_list ap)
{
	struct buf b = { 0 };
	size_t i;

	buf_printf(&b, "%s: ", prog_name);
	buf_vprintf(&b, fmt, ap);
	for (i = 0; i < b.len; i++)
		if ((unsigned char)b.s[i] < 0x20 || b.s[i] == 0x7f)
			b.s[i] = '?';
	buf_putc(&b, '\n');
	/* one write: lines from the stages of a pipeline must not mix */
	if (write(STDERR_FILENO, b.s, b.len) < 0)
		errno = 0;
	buf_free(&b);
}

void
lp_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarn(fmt, ap);
	va_end(ap);
}

void
lp_die(const struct lp_err *err)
{
	lp_warn("%s", err->msg);
	exit(err->kind);
}

void
lp_dief(enum lp_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vwarn(fmt, ap);
	va_end(ap);
	exit(kind);
}

void
lp_usage(const char *usage)
{
	fprintf(stderr, "usage: %s\n", usage);
	exit(LP_USAGE);
}

void
lp_help(const char *usage, const char *help)
{
	printf("usage: %s\n%s", usage, help);
	exit(LP_OK);
}

void
lp_version(void)
{
	printf("%s (LeadPilot) %s\n", prog_name, LP_VERSION);
	exit(LP_OK);
}

int64_t
lp_num(const char *text, int64_t least, int64_t most, const char *what)
{
	char *end;
	int64_t n;

	errno = 0;
	n = strtoimax(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0 || n < least || n > most)
		lp_dief(LP_USAGE, "%s: '%s' is not a whole number from %" PRId64 " to %" PRId64, what, text, least, most);
	return n;
}

void
lp_say(const char *fmt, ...)
{
	va_list ap;

	if (lp_quiet || (!lp_verbose && !isatty(STDOUT_FILENO)))
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

int
lp_flush_out(struct lp_err *err)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		return lp_fail(err, LP_IO, "standard output: %s", strerror(errno));
	return 0;
}

/* Edit distance with adjacent swaps, cut off for long words: a typo, not a translation. */
static size_t
distance(const char *a, const char *b)
{
	enum { MAX = 64 };
	size_t la = strlen(a), lb = strlen(b), d[3][MAX + 1], i, j;

	if (la > MAX || lb > MAX)
		return MAX;
	for (j = 0; j <= lb; j++)
		d[0][j] = j;
	for (i = 1; i <= la; i++) {
		size_t *cur = d[i % 3], *prev = d[(i - 1) % 3], *prev2 = d[(i + 1) % 3];

		cur[0] = i;
		for (j = 1; j <= lb; j++) {
			size_t best = prev[j - 1] + (a[i - 1] != b[j - 1]);

			if (prev[j] + 1 < best)
				best = prev[j] + 1;
			if (cur[j - 1] + 1 < best)
				best = cur[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && prev2[j - 2] + 1 < best)
				best = prev2[j - 2] + 1;
			cur[j] = best;
		}
	}
	return d[la % 3][lb];
}

const char *
lp_did_you_mean(const char *word, const char *const *candidates)
{
	const char *best = NULL;
	size_t limit = strlen(word) / 3 + 1, least = limit + 1;

	for (; *candidates != NULL; candidates++) {
		size_t d = distance(word, *candidates);

		if (d < least && d <= limit) {
			least = d;
			best = *candidates;
		}
	}
	return best;
}
