/* oauth_file.c - the tokens on the disk: their owner's alone, replaced whole, changed under a lock. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/clock.h"
#include "base/json.h"
#include "net/oauth_int.h"

#define FILE_MAX ((size_t)64 << 10)
#define LOCK_WAIT_MS 60000 /* a refresh takes 30 s at most */

void
oauth_tokens_clear(struct oauth_tokens *t)
{
	wipe(t->refresh);
	wipe(t->access);
	free(t->refused);
	*t = (struct oauth_tokens){ 0 };
}

/* Who can write into the directory can put a file of his own there. */
static int
check_directory(const char *file, struct lp_err *err)
{
	char *dir = xstrndup(file, (size_t)(strrchr(file, '/') - file));
	struct stat st;
	int r = 0;

	if (stat(*dir != '\0' ? dir : "/", &st) == -1)
		r = lp_fail_errno(err, errno, "%s", dir);
	else if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (st.st_mode & S_ISVTX) == 0)
		r = lp_fail(err, LP_CONFIG, "%s: others can write into the directory of the tokens: chmod 700 it", dir);
	free(dir);
	return r;
}

int
oauth_file_lock(struct oauth_file *f, const struct oauth *o, struct lp_err *err)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char *path = xasprintf("%s.lock", o->file);
	int64_t until = lp_now_real() + LOCK_WAIT_MS;
	int r = 0;

	*f = (struct oauth_file){ .o = o, .lock = -1, .tmp = -1 };
	lp_make_dirs(o->file);
	if (check_directory(o->file, err) == -1)
		r = -1;
	else if ((f->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) == -1)
		r = lp_fail_errno(err, errno, "%s", path);
	while (r == 0 && fcntl(f->lock, F_SETLK, &whole) == -1) {
		if (errno != EACCES && errno != EAGAIN && errno != EINTR)
			r = lp_fail_errno(err, errno, "%s: can't be locked", path);
		else if (lp_now_real() >= until)
			r = lp_fail(err, LP_TEMP, "%s: held by another program for a minute", path);
		else
			poll(NULL, 0, 20);
	}
	if (r == -1)
		oauth_file_unlock(f);
	free(path);
	return r;
}

void
oauth_file_unlock(struct oauth_file *f)
{
	if (f->tmp != -1) {
		close(f->tmp);
		unlink(f->tmp_path);
	}
	free(f->tmp_path);
	if (f->lock != -1)
		close(f->lock);
	*f = (struct oauth_file){ .lock = -1, .tmp = -1 };
}

static int
read_text(const struct oauth *o, char **text, size_t *n, struct lp_err *err)
{
	int fd = open(o->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), r = 1;
	struct stat st;
	ssize_t got;

	*text = NULL;
	if (fd == -1)
		return errno == ENOENT || errno == ENOTDIR ? 0 : errno == ELOOP ?
		    lp_fail(err, LP_CONFIG, "%s: the file of tokens is a symbolic link: name the file itself", o->file) :
		    lp_fail_errno(err, errno, "%s", o->file);
	if (fstat(fd, &st) == -1)
		r = lp_fail_errno(err, errno, "%s", o->file);
	else if (!S_ISREG(st.st_mode) || (size_t)st.st_size > FILE_MAX)
		r = lp_fail(err, LP_CONFIG, "%s: this is no file of tokens", o->file);
	else if (st.st_uid != geteuid())
		r = lp_fail(err, LP_CONFIG, "%s: the file of tokens belongs to somebody else", o->file);
	else if ((st.st_mode & 077) != 0)
		r = lp_fail(err, LP_CONFIG, "%s: others can read the tokens: chmod 600 it, and log in again if they may have", o->file);
	if (r == 1) {
		*text = xmalloc(FILE_MAX + 1);
		for (*n = 0; *n < FILE_MAX && (got = read(fd, *text + *n, FILE_MAX - *n)) != 0; *n += (size_t)(got > 0 ? got : 0))
			if (got == -1 && errno != EINTR) {
				r = lp_fail_errno(err, errno, "%s", o->file);
				break;
			}
		(*text)[*n] = '\0';
	}
	close(fd);
	return r;
}

static char *
token_of(const cJSON *j, const char *key)
{
	return oauth_token_ok(json_str(j, key)) ? xstrdup(json_str(j, key)) : NULL;
}

static bool
same(const cJSON *j, const char *key, const char *want)
{
	return strcmp(json_text(j, key), want != NULL ? want : "") == 0;
}

int
oauth_file_read(const struct oauth *o, struct oauth_tokens *t, struct lp_err *err)
{
	char *text, *url = NULL;
	struct lp_err why;
	cJSON *j = NULL;
	size_t n = 0;
	int r = read_text(o, &text, &n, err);

	*t = (struct oauth_tokens){ 0 };
	if (r == 1 && oauth_url(o, 't', &url, err) == -1)
		r = -1;
	if (r == 1 && (j = json_object(text, n, &why)) == NULL)
		r = lp_fail(err, LP_CONFIG, "%s: this is no file of tokens", o->file);
	if (r == 1 && (!same(j, "provider", o->provider) || !same(j, "client_id", o->client_id) || !same(j, "token_url", url)))
		r = lp_fail(err, LP_CONFIG, "%s: the login was with another provider or client", o->file);
	if (r == 1) {
		t->refresh = token_of(j, "refresh_token");
		t->access = token_of(j, "access_token");
		if (json_str(j, "refused") != NULL)
			t->refused = xstrdup(json_str(j, "refused"));
		if (lp_iso_parse(json_text(j, "issued_at"), &t->issued_at, &why) == -1 || lp_iso_parse(json_text(j, "expires_at"), &t->expires_at, &why) == -1)
			t->issued_at = t->expires_at = 0;
		if (t->refresh == NULL && t->refused == NULL)
			r = lp_fail(err, LP_CONFIG, "%s: there is no refresh token in it", o->file);
	}
	if (r != 1)
		oauth_tokens_clear(t);
	cJSON_Delete(j);
	free(url);
	wipe(text);
	return r;
}

int
oauth_file_reserve(struct oauth_file *f, struct lp_err *err)
{
	static const char zero[4096];

	if (f->tmp != -1)
		return 0;
	f->tmp_path = xasprintf("%s.new", f->o->file);
	unlink(f->tmp_path); /* of a crash: nobody else is here, under the lock */
	f->tmp = open(f->tmp_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (f->tmp == -1)
		return lp_fail_errno(err, errno, "%s", f->tmp_path);
	for (size_t i = 0; i < FILE_MAX / sizeof(zero); i++)
		if (write(f->tmp, zero, sizeof(zero)) != (ssize_t)sizeof(zero))
			return lp_fail_errno(err, errno != 0 ? errno : ENOSPC, "%s", f->tmp_path);
	return fsync(f->tmp) == -1 ? lp_fail_errno(err, errno, "%s", f->tmp_path) : 0;
}

static char *
print(const struct oauth *o, const struct oauth_tokens *t, const char *url)
{
	cJSON *j = cJSON_CreateObject();
	char iso[LP_ISO_SIZE], *text;

	json_set_str(j, "provider", o->provider);
	json_set_str(j, "client_id", o->client_id);
	json_set_str(j, "token_url", url);
	if (t->refresh != NULL)
		json_set_str(j, "refresh_token", t->refresh);
	if (t->access != NULL)
		json_set_str(j, "access_token", t->access);
	json_set_str(j, "issued_at", lp_iso(t->issued_at, iso));
	json_set_str(j, "expires_at", lp_iso(t->expires_at, iso));
	if (t->refused != NULL)
		json_set_str(j, "refused", t->refused);
	text = json_print(j);
	cJSON_Delete(j);
	return text;
}

static int
sync_directory(const char *file, struct lp_err *err)
{
	char *dir = xstrndup(file, (size_t)(strrchr(file, '/') - file) + 1);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r = 0;

	if (fd == -1 || fsync(fd) == -1)
		r = lp_fail_errno(err, errno, "%s", dir);
	if (fd != -1)
		close(fd);
	free(dir);
	return r;
}

int
oauth_file_write(struct oauth_file *f, const struct oauth_tokens *t, struct lp_err *err)
{
	char *url = NULL, *text;
	size_t n, at = 0;
	ssize_t w;
	int r;

	if (oauth_file_reserve(f, err) == -1 || oauth_url(f->o, 't', &url, err) == -1)
		return -1;
	text = print(f->o, t, url);
	n = strlen(text);
	r = lseek(f->tmp, 0, SEEK_SET) == -1 ? lp_fail_errno(err, errno, "%s", f->tmp_path) : 0;
	while (r == 0 && at < n) {
		w = write(f->tmp, text + at, n - at);
		if (w == -1 && errno != EINTR)
			r = lp_fail_errno(err, errno, "%s", f->tmp_path);
		at += w > 0 ? (size_t)w : 0;
	}
	if (r == 0 && (ftruncate(f->tmp, (off_t)n) == -1 || fsync(f->tmp) == -1 || rename(f->tmp_path, f->o->file) == -1))
		r = lp_fail_errno(err, errno, "%s", f->o->file);
	if (r == 0) {
		close(f->tmp);
		f->tmp = -1;
		free(f->tmp_path);
		f->tmp_path = NULL;
		r = sync_directory(f->o->file, err);
	}
	wipe(text);
	free(url);
	return r;
}

int
oauth_forget(const struct oauth *o, struct lp_err *err)
{
	struct oauth_file f;
	int r = 1;

	if (access(o->file, F_OK) == -1 && errno == ENOENT)
		return 0;
	if (oauth_file_lock(&f, o, err) == -1)
		return -1;
	if (unlink(o->file) == -1)
		r = errno == ENOENT ? 0 : lp_fail_errno(err, errno, "%s", o->file);
	else
		r = sync_directory(o->file, err) == -1 ? -1 : 1;
	oauth_file_unlock(&f);
	return r;
}
