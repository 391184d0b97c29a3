/* maildir_int.h - between maildir.c, which writes, and maildir_in.c, which reads. */
#ifndef LP_CHANNEL_MAILDIR_INT_H
#define LP_CHANNEL_MAILDIR_INT_H

#include <dirent.h>
#include <time.h>

#include "channel/maildir.h"

struct maildir {
	char *path;
	int top, tmp, new, cur;      /* directories */
	time_t opened;               /* for reading: by the file system's clock */
};

/* maildir_scan(fd): a stream of the directory: fdopendir takes its descriptor over, and copies share a position, so it is opened anew. */
DIR *maildir_scan(int fd);

long maildir_each(void *, long max, channel_each *, void *arg, struct lp_err *);
int maildir_done(void *, const char *name, struct lp_err *);
int maildir_finish(void *, struct lp_err *);

#endif
