/*
 * ask.h - ask a person at a terminal.  Standard output and standard input; nothing is held meanwhile.
 */
#ifndef LP_BASE_ASK_H
#define LP_BASE_ASK_H

#include <stdbool.h>

/* ask_line(prompt): the line that was typed, without blanks around it; NULL at the end of input. The caller frees. */
char *ask_line(const char *prompt);
/* ask_yes(prompt): whether it began with a y. The end of input is a no. */
bool ask_yes(const char *prompt);

#endif
