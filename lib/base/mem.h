/*
 * mem.h - memory that is there or ends the program, and growing strings.
 * Out of memory prints one line and exits 75; SQLite rolls an open transaction back.
 */
#ifndef LP_BASE_MEM_H
#define LP_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

void *xmalloc(size_t);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *, size_t);
char *xstrdup(const char *);              /* xstrdup(NULL) is NULL */
char *xstrndup(const char *, size_t);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A growing byte string. {0} is a valid empty one. buf.s is NUL-terminated whenever it isn't NULL; use buf_str() to never see NULL. */
struct buf {
	char *s;
	size_t len, cap;
};

void buf_add(struct buf *, const void *, size_t);
void buf_puts(struct buf *, const char *);
void buf_putc(struct buf *, char);
void buf_printf(struct buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *, const char *fmt, va_list) __attribute__((format(printf, 2, 0)));
/* buf_percent(b, s, keep): s percent-encoded (RFC 3986): ASCII letters, digits and what is in `keep` as they are, any other byte as %XX. */
void buf_percent(struct buf *, const char *s, const char *keep);
#define URL_UNRESERVED "-._~"
/* buf_form(b, name, value): one more field of a form (application/x-www-form-urlencoded), behind a '&' where there are others; nothing for NULL. */
void buf_form(struct buf *, const char *name, const char *value);
void buf_reserve(struct buf *, size_t more);
void buf_reset(struct buf *);             /* empty, memory kept */
const char *buf_str(const struct buf *);  /* "" where empty; valid until the next change */
char *buf_steal(struct buf *);            /* the caller frees; the buffer is {0} again; never NULL */
void buf_free(struct buf *);

/* wipe(s): overwrite a secret and free it; NULL does nothing. */
void wipe(char *);

#endif
