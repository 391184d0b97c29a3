/*
 * Reading.  What is in new/ waits; what is done goes to cur/.  But whoever opens the same Maildir in a mail program moves what waits to cur/
 * too, and an answer must not be missed because a person saw it first: so cur/ is looked through as well, for what came into it since
 * the last reading that was finished.  A marker file holds that time; the caller knows what it has on record already.
 */
#include "channel/maildir_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define MARKER ".leadpilot-read"
#define MARGIN (10 * 60) /* seconds: a file server's clock may be off by so much */

struct names {
	char **list;
	size_t n;
};

static void
names_free(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->list[i]);
	free(names->list);
}

/* Sorted: a name begins with the second of its delivery, so that is by age. */
static int
by_age(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The mails of a directory whose entry is from `since` on (0: all). No pipes, no links out of the Maildir: a name is no promise of a file. */
static int
list_dir(struct maildir *m, int fd, const char *sub, time_t since, struct names *names, struct lp_err *err)
{
	DIR *d = maildir_scan(fd);
	struct dirent *e;
	struct stat st;
	int r = 0;

	*names = (struct names){ 0 };
	if (d == NULL)
		return lp_fail_errno(err, errno, "can't read '%s/%s'", m->path, sub);
	while (errno = 0, (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.' || fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1 || !S_ISREG(st.st_mode) ||
		    st.st_ctime < since)
			continue;
		if ((names->n & (names->n + 1)) == 0)
			names->list = xrealloc(names->list, (2 * names->n + 2) * sizeof(*names->list));
		names->list[names->n++] = xstrdup(e->d_name);
	}
	if (errno != 0)
		r = lp_fail_errno(err, errno, "can't read '%s/%s'", m->path, sub);
	closedir(d);
	if (names->n > 1)
		qsort(names->list, names->n, sizeof(*names->list), by_age);
	return r;
}

/* Since when cur/ must be looked through; 0 where it needn't: never read before, or nothing in it has changed. */
static time_t
cur_since(struct maildir *m)
{
	struct stat mark, dir;

	if (fstatat(m->top, MARKER, &mark, AT_SYMLINK_NOFOLLOW) == -1 || fstat(m->cur, &dir) == -1)
		return 0;
	return dir.st_mtime >= mark.st_mtime - MARGIN ? mark.st_mtime - MARGIN : 0;
}

static long
show(struct maildir *m, const char *sub, const struct names *names, long max, channel_each *fn, void *arg, struct lp_err *err)
{
	long seen = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < names->n && seen < max; i++, seen++) {
		char *path = xasprintf("%s/%s/%s", m->path, sub, names->list[i]);

		r = fn(arg, names->list[i], path, err);
		free(path);
	}
	return r == -1 ? -1 : seen;
}

long
maildir_each(void *arg, long max, channel_each *fn, void *fnarg, struct lp_err *err)
{
	struct maildir *m = arg;
	struct names waiting, moved = { 0 };
	time_t since = cur_since(m);
	long seen = -1, more = 0;

	/* cur/ after new/: what is moved between the two looks is seen by the second */
	if (list_dir(m, m->new, "new", 0, &waiting, err) == 0 &&
	    (since == 0 || list_dir(m, m->cur, "cur", since, &moved, err) == 0))
		seen = show(m, "new", &waiting, max, fn, fnarg, err);
	if (seen != -1)
		more = show(m, "cur", &moved, max - seen, fn, fnarg, err);
	names_free(&waiting);
	names_free(&moved);
	return seen == -1 || more == -1 ? -1 : seen + more;
}

int
maildir_done(void *arg, const char *name, struct lp_err *err)
{
	struct maildir *m = arg;
	char *to = xasprintf("%s%s", name, strchr(name, ':') != NULL ? "" : ":2,");
	int r = renameat(m->new, name, m->cur, to);

	free(to);
	if (r == -1 && errno != ENOENT) /* somebody else has moved it */
		return lp_fail_errno(err, errno, "can't move '%s/new/%s' to cur", m->path, name);
	return 0;
}

int
maildir_finish(void *arg, struct lp_err *err)
{
	struct maildir *m = arg;
	struct timespec times[2] = { { .tv_sec = m->opened }, { .tv_sec = m->opened } };
	int fd = openat(m->top, MARKER, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd == -1 || futimens(fd, times) == -1) {
		lp_fail_errno(err, errno, "can't write '%s/%s'", m->path, MARKER);
		if (fd != -1)
			close(fd);
		return -1;
	}
	close(fd);
	return 0;
}
