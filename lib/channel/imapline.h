/*
 * imapline.h - an account's IMAP server, by its settings: imap_host, imap_port, imap_security, ca_file, and the login of its way out (user, password_env,
 * password_command, oauth).
 */
#ifndef LP_CHANNEL_IMAPLINE_H
#define LP_CHANNEL_IMAPLINE_H

#include <cjson/cJSON.h>

#include "net/imap.h"

/* imapline_set(settings): has it one? imapline_reaches(settings): past this machine? Then it isn't opened from a simulated file. */
bool imapline_set(const cJSON *settings);
bool imapline_reaches(const cJSON *settings);

/* imapline_open(settings, err): logged in. NULL: LP_CONFIG, LP_TEMP. imap_free. */
struct imap *imapline_open(const cJSON *settings, struct lp_err *);

#endif
