/*
 * smtp.h - a channel to a mail server (net/smtp.h); what comes in is read from a Maildir, as the maildir kind reads it.
 */
#ifndef LP_CHANNEL_SMTP_H
#define LP_CHANNEL_SMTP_H

#include "channel/channel.h"
#include "net/smtp.h"

extern const struct channel channel_smtp;

/* smtp_result(o, r): what came of a message on the wire, as a channel tells it. The one place where that is decided. */
void smtp_result(const struct smtp_outcome *, struct channel_result *);

#endif
