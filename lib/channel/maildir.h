/*
 * maildir.h - a channel into and out of Maildirs: settings "out" (what leaves is written there) and "in" (what is in its new/
 * is read, and moved to cur/).  Nothing leaves the machine.  At least one of the two; absolute paths.
 */
#ifndef LP_CHANNEL_MAILDIR_H
#define LP_CHANNEL_MAILDIR_H

#include "channel/channel.h"

extern const struct channel channel_maildir;

#endif
