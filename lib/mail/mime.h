/* mime.h - GMime, started once and only by those who need it: its start-up is most of a program's. */
#ifndef LP_MAIL_MIME_H
#define LP_MAIL_MIME_H

void mail_init(void);

#endif
