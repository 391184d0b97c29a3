#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message is one line whatever went into it: a newline in a lead's name must not fake a second message. */
static void
one_line(char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '?';
}

int
lp_fail(struct lp_err *err, enum lp_kind kind, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return -1;
	err->kind = kind;
	va_start(ap, fmt);
	if (vsnprintf(err->msg, sizeof(err->msg), fmt, ap) < 0)
		err->msg[0] = '\0';
	va_end(ap);
	one_line(err->msg);
	return -1;
}

static enum lp_kind
kind_of_errno(int e)
{
	switch (e) {
	case ENOENT:
	case ENOTDIR:
		return LP_NOINPUT;
	case EACCES:
	case EPERM:
	case EROFS:
		return LP_NOPERM;
	case ENOSPC:
	case EDQUOT:
	case EAGAIN:
	case EINTR:
	case ENOMEM:
	case EMFILE:
	case ENFILE:
		return LP_TEMP;
	default:
		return LP_IO;
	}
}

int
lp_fail_errno(struct lp_err *err, int errnum, const char *fmt, ...)
{
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(what, sizeof(what), fmt, ap) < 0)
		what[0] = '\0';
	va_end(ap);
	return lp_fail(err, kind_of_errno(errnum), "%s: %s", what, strerror(errnum));
}

int
lp_err_prefix(struct lp_err *err, const char *fmt, ...)
{
	char old[sizeof(err->msg)], pre[256];
	va_list ap;

	if (err == NULL)
		return -1;
	memcpy(old, err->msg, sizeof(old));
	va_start(ap, fmt);
	if (vsnprintf(pre, sizeof(pre), fmt, ap) < 0)
		pre[0] = '\0';
	va_end(ap);
	return lp_fail(err, err->kind, "%s: %.*s", pre, (int)(sizeof(old) - 1 - strlen(pre)), old);
}
