#include "mail/mbox.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "mail/parse_int.h"

#define CHUNK ((size_t)64 << 10) /* a longer line is read in pieces */

struct mbox {
	int fd;
	size_t limit;
	struct buf in;         /* read ahead */
	size_t at;             /* how far it is used up */
	bool eof;
	struct buf message;
	size_t size;           /* of the message in the file */
	size_t number;
	mbox_fn *fn;
	void *arg;
};

static int
refill(struct mbox *x, struct lp_err *err)
{
	ssize_t got;

	buf_reserve(&x->in, CHUNK);
	memmove(x->in.s, x->in.s + x->at, x->in.len - x->at);
	x->in.len -= x->at;
	x->at = 0;
	do
		got = read(x->fd, x->in.s + x->in.len, CHUNK);
	while (got == -1 && errno == EINTR);
	if (got == -1)
		return lp_fail_errno(err, errno, "reading the messages");
	x->in.len += (size_t)got;
	x->eof = got == 0;
	return 0;
}

/* 1 and the next line, or CHUNK bytes of a longer one, valid until the next call; 0 at the end; -1 */
static int
next_piece(struct mbox *x, const char **s, size_t *n, struct lp_err *err)
{
	const char *newline = NULL;

	for (;;) {
		if (x->in.len > x->at)
			newline = memchr(x->in.s + x->at, '\n', x->in.len - x->at);
		if (newline != NULL || x->in.len - x->at >= CHUNK || x->eof)
			break;
		if (refill(x, err) == -1)
			return -1;
	}
	*s = x->in.s + x->at;
	*n = newline != NULL ? (size_t)(newline + 1 - *s) : x->in.len - x->at;
	if (*n > CHUNK)
		*n = CHUNK;
	x->at += *n;
	return *n > 0;
}

static bool
begins(const char *s, size_t n, const char *word)
{
	return n >= strlen(word) && memcmp(s, word, strlen(word)) == 0;
}

/* "From bob@globex.example Mon Nov 23 10:00:00 2026" and not "From then on". */
static bool
is_from(const char *s, size_t n)
{
	if (!begins(s, n, "From "))
		return false;
	for (size_t i = 6; i + 2 < n && i < 300; i++)
		if (s[i] == ':' && isdigit((unsigned char)s[i - 1]) && isdigit((unsigned char)s[i + 1]) && isdigit((unsigned char)s[i + 2]))
			return true;
	return false;
}

static bool
is_quoted_from(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] == '>')
		i++;
	return i > 0 && begins(s + i, n - i, "From ");
}

/* What is over the limit isn't kept, but for enough of it to hold the header. */
static bool
is_full(const struct mbox *x)
{
	return x->size > x->limit && x->message.len >= MAIL_HEAD_MAX;
}

static void
add(struct mbox *x, const char *s, size_t n)
{
	if (!is_full(x))
		buf_add(&x->message, s, n);
	x->size += n;
}

static int
finish(struct mbox *x, bool many, struct lp_err *err)
{
	struct buf *b = &x->message;
	struct lp_err bad = { 0 };
	bool over = x->size > x->limit;
	struct mail_in m;
	int r;

	if (many && b->len > 1 && b->s[b->len - 1] == '\n' && (b->s[b->len - 2] == '\n' || begins(b->s + b->len - 2, 2, "\r\n")))
		b->len -= b->s[b->len - 2] == '\r' ? 2 : 1; /* the empty line before the next "From " */
	if (over)
		b->len = mail_header_end(b->s, b->len < MAIL_HEAD_MAX ? b->len : MAIL_HEAD_MAX);
	r = mail_parse_here(b->s, b->len, &m, &bad);
	m.header_only = over;
	m.partial = m.partial || over;
	r = x->fn(x->arg, r == 0 ? &m : NULL, ++x->number, x->size, r == 0 ? err : &bad);
	mail_in_clear(&m);
	buf_reset(b);
	x->size = 0;
	return r;
}

static int
each(struct mbox *x, struct lp_err *err)
{
	bool many = false, begin = true, empty = true, some = false; /* begin: a line begins here; empty: the one before was */
	const char *s;
	size_t n;
	int r;

	while ((r = next_piece(x, &s, &n, err)) == 1) {
		if (!some && begins(s, n, "From ")) {
			many = true;
		} else if (many && begin && empty && is_from(s, n)) {
			if ((r = finish(x, many, err)) != 0)
				return r;
		} else {
			bool quoted = many && begin && is_quoted_from(s, n);

			add(x, s + quoted, n - quoted);
			x->size += quoted;
		}
		if (!many && is_full(x))
			break;
		some = true;
		empty = begin && (n == 1 || (n == 2 && s[0] == '\r')) && s[n - 1] == '\n';
		begin = s[n - 1] == '\n';
	}
	if (r == -1)
		return -1;
	return finish(x, many, err);
}

int
mbox_each(int fd, size_t limit, mbox_fn *fn, void *arg, struct lp_err *err)
{
	struct mbox x = { .fd = fd, .limit = limit, .fn = fn, .arg = arg };
	int r = each(&x, err);

	buf_free(&x.in);
	buf_free(&x.message);
	return r;
}
