/*
 * sendmail.h - a channel through a command that takes a message on standard input: sendmail, msmtp and what behaves like them.  No shell.
 */
#ifndef LP_CHANNEL_SENDMAIL_H
#define LP_CHANNEL_SENDMAIL_H

#include "channel/channel.h"

extern const struct channel channel_sendmail;

#endif
