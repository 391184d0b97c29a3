/*
 * A message is written to tmp/, synced, and linked into new/ under a name that is a function of the message; then new/ is synced.
 * Whatever crash comes in between, doing it again meets the same name: the link fails with EEXIST, and there is one message.
 * A reader may have moved it to cur/ and given it flags ("NAME:2,S"), so a redo looks there too before it writes.
 */
#include "channel/maildir_int.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"

#define STALE (36 * 60 * 60) /* seconds: what has been in tmp/ for longer was left by a crash, says the Maildir convention */

static const struct channel_key keys[] = {
	{ .name = "out", .type = KEY_PATH, .help = "the Maildir into which mail is written" },
	{ .name = "in", .type = KEY_PATH, .help = "the Maildir whose new mail is read" },
	{ 0 }
};

static int
validate(const cJSON *settings, struct lp_err *err)
{
	static const char *const dirs[] = { "out", "in" };
	const char *s;
	int given = 0;

	for (size_t i = 0; i < 2; i++) {
		if (json_get(settings, dirs[i]) == NULL)
			continue;
		s = json_str(settings, dirs[i]);
		if (s == NULL || s[0] != '/')
			return lp_fail(err, LP_CONFIG, "%s: '%s' is not an absolute path", dirs[i], s != NULL ? s : "");
		given++;
	}
	if (given == 0)
		return lp_fail(err, LP_CONFIG, "a maildir account needs out=DIR, in=DIR or both");
	if (given == 2 && strcmp(json_str(settings, "out"), json_str(settings, "in")) == 0)
		return lp_fail(err, LP_CONFIG, "out and in are the same directory: what leaves would come in again");
	return 0;
}

static void
close_maildir(void *arg)
{
	struct maildir *m = arg;

	if (m == NULL)
		return;
	for (size_t i = 0; i < 4; i++) {
		int fd = (int[]){ m->top, m->tmp, m->new, m->cur }[i];

		if (fd != -1)
			close(fd);
	}
	free(m->path);
	free(m);
}

/* The directory, made where it is missing. A new entry is synced into its parent, or the first message could vanish with it. */
static int
open_dir(int at, const char *name, struct maildir *m, struct lp_err *err)
{
	int fd, made = 0;

	if (mkdirat(at, name, 0700) == 0)
		made = 1;
	else if (errno != EEXIST)
		return lp_fail_errno(err, errno, "can't create '%s/%s'", m->path, name);
	fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return lp_fail_errno(err, errno, "can't open '%s/%s'", m->path, name);
	if (made && fsync(at) == -1) {
		lp_fail_errno(err, errno, "can't sync '%s'", m->path);
		close(fd);
		return -1;
	}
	return fd;
}

/* The missing directories above and the Maildir itself. */
static int
make_path(const char *path, struct lp_err *err)
{
	char *copy = xstrdup(path), *p = copy;
	int r = 0;

	while (r == 0 && *p != '\0') {
		p += strspn(p, "/");
		p += strcspn(p, "/");
		char had = *p;

		*p = '\0';
		if (*copy != '\0' && mkdir(copy, 0700) == -1 && errno != EEXIST && access(copy, F_OK) == -1)
			r = lp_fail_errno(err, errno, "can't create '%s'", copy);
		*p = had;
	}
	free(copy);
	return r;
}

static struct maildir *
open_maildir(const char *path, struct lp_err *err)
{
	struct maildir *m = xcalloc(1, sizeof(*m));

	m->path = xstrdup(path);
	m->top = m->tmp = m->new = m->cur = -1;
	if (make_path(path, err) == -1)
		goto fail;
	m->top = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (m->top == -1) {
		lp_fail_errno(err, errno, "can't open '%s'", path);
		goto fail;
	}
	if ((m->tmp = open_dir(m->top, "tmp", m, err)) == -1 || (m->new = open_dir(m->top, "new", m, err)) == -1 ||
	    (m->cur = open_dir(m->top, "cur", m, err)) == -1)
		goto fail;
	return m;
fail:
	/* a directory that isn't there or isn't ours is for a person to mend; a full disk may mend itself */
	if (err != NULL && (err->kind == LP_NOPERM || err->kind == LP_NOINPUT))
		err->kind = LP_CONFIG;
	close_maildir(m);
	return NULL;
}

DIR *
maildir_scan(int fd)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = copy != -1 ? fdopendir(copy) : NULL;

	if (d == NULL && copy != -1)
		close(copy);
	return d;
}

static void
drop_stale(struct maildir *m)
{
	DIR *d = maildir_scan(m->tmp);
	struct dirent *e;
	struct stat st;
	time_t now = (time_t)(lp_now_real() / LP_SECOND); /* against the file system's clock */

	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL)
		if (strstr(e->d_name, ".leadpilot") != NULL && fstatat(m->tmp, e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode) && now - st.st_mtime > STALE)
			unlinkat(m->tmp, e->d_name, 0);
	closedir(d);
}

static void *
open_out(const cJSON *settings, struct lp_err *err)
{
	const char *path = json_str(settings, "out");
	struct maildir *m;

	if (path == NULL) {
		lp_fail(err, LP_CONFIG, "the account has no 'out': nothing can be sent from it");
		return NULL;
	}
	m = open_maildir(path, err);
	if (m != NULL)
		drop_stale(m);
	return m;
}

static void *
open_in(const cJSON *settings, bool known, struct lp_err *err)
{
	const char *path = json_str(settings, "in");
	struct maildir *m;
	struct stat st;

	if (path == NULL) {
		lp_fail(err, LP_CONFIG, "the account has no 'in': nothing can be read from it");
		return NULL;
	}
	if (known && stat(path, &st) == -1) {
		lp_fail_errno(err, errno, "the inbox '%s' is gone (lp-accounts test makes a new one)", path);
		err->kind = LP_CONFIG;
		return NULL;
	}
	m = open_maildir(path, err);
	if (m != NULL)
		m->opened = (time_t)(lp_now_real() / LP_SECOND);
	return m;
}

static int
write_all(int fd, const char *s, size_t n)
{
	ssize_t r;

	for (; n > 0; s += r, n -= (size_t)r) {
		r = write(fd, s, n);
		if (r == -1 && errno == EINTR)
			r = 0;
		else if (r == -1)
			return -1;
	}
	return fsync(fd);
}

/* The whole message in tmp/ under `tmpname`, on disk. */
static int
write_tmp(struct maildir *m, const char *tmpname, const struct channel_mail *mail)
{
	int fd, saved;

	unlinkat(m->tmp, tmpname, 0); /* of an earlier process with our number */
	fd = openat(m->tmp, tmpname, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return -1;
	if (write_all(fd, mail->data, mail->len) == -1) {
		saved = errno;
		close(fd);
		errno = saved;
		return -1;
	}
	return close(fd);
}

/* tmp/ to new/. A file system without hard links gets a rename: the same name with the same bytes, so nothing is lost over it. */
static int
move_to_new(struct maildir *m, const char *tmpname, const char *name)
{
	if (linkat(m->tmp, tmpname, m->new, name, 0) == 0 || errno == EEXIST)
		return unlinkat(m->tmp, tmpname, 0) == -1 && errno != ENOENT ? -1 : 0;
	if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS || errno == EMLINK)
		return renameat(m->tmp, tmpname, m->new, name);
	return -1;
}

static bool
safe_name(const char *s)
{
	return *s != '\0' && *s != '.' && strlen(s) < 200 &&
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")] == '\0';
}

static void
deliver(void *arg, const struct channel_mail *mail, struct channel_result *r)
{
	struct maildir *m = arg;
	char tmpname[256];
	int saved;

	if (!safe_name(mail->name)) {
		channel_say(r, CHANNEL_REFUSED, 0, "'%.60s' can't be a file's name", mail->name);
		return;
	}
	snprintf(tmpname, sizeof(tmpname), "%s.%ld", mail->name, (long)getpid());
	if (write_tmp(m, tmpname, mail) == -1 || move_to_new(m, tmpname, mail->name) == -1) {
		saved = errno;
		unlinkat(m->tmp, tmpname, 0);
		channel_say(r, CHANNEL_DEFERRED, 0, "'%s': %s", m->path, strerror(saved));
		return;
	}
	if (fsync(m->new) == -1) {
		channel_say(r, CHANNEL_UNKNOWN, 0, "'%s/new' can't be synced: %s", m->path, strerror(errno));
		return;
	}
	channel_say(r, CHANNEL_ACCEPTED, 0, "%s/new/%s", m->path, mail->name);
}

static int
find(void *arg, const struct channel_mail *mail, struct channel_result *r, struct lp_err *err)
{
	struct maildir *m = arg;
	const char *name = mail->name;
	size_t n = strlen(name);
	struct dirent *e;
	DIR *d;

	if (faccessat(m->new, name, F_OK, 0) == 0) {
		channel_say(r, CHANNEL_ACCEPTED, 0, "%s/new/%s", m->path, name);
		return 1;
	}
	d = maildir_scan(m->cur);
	if (d == NULL)
		return lp_fail_errno(err, errno, "can't read '%s/cur'", m->path);
	errno = 0;
	while ((e = readdir(d)) != NULL)
		if (strncmp(e->d_name, name, n) == 0 && (e->d_name[n] == '\0' || e->d_name[n] == ':')) {
			channel_say(r, CHANNEL_ACCEPTED, 0, "%s/cur/%s", m->path, e->d_name);
			break;
		}
	if (e == NULL && errno != 0) {
		lp_fail_errno(err, errno, "can't read '%s/cur'", m->path);
		closedir(d);
		return -1;
	}
	closedir(d);
	return e != NULL;
}

const struct channel channel_maildir = {
	.kind = "maildir",
	.carries = "email",
	.redo_is_safe = true,
	.keys = keys,
	.validate = validate,
	.open_out = open_out,
	.open_in = open_in,
	.close = close_maildir,
	.deliver = deliver,
	.find = find,
	.each = maildir_each,
	.done = maildir_done,
	.finish = maildir_finish,
};
