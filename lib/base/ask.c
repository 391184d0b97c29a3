#include "base/ask.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

char *
ask_line(const char *prompt)
{
	char *line = NULL, *s;
	size_t cap = 0;
	ssize_t n;

	fputs(prompt, stdout);
	fflush(stdout);
	/* a window that changes its size, or a stop and a continue, is not the end of input */
	while ((n = getline(&line, &cap, stdin)) == -1 && ferror(stdin) && errno == EINTR)
		clearerr(stdin);
	if (n == -1) {
		putchar('\n');
		free(line);
		return NULL;
	}
	while (n > 0 && strchr(" \t\r\n", line[n - 1]) != NULL)
		line[--n] = '\0';
	s = xstrdup(line + strspn(line, " \t"));
	free(line);
	return s;
}

bool
ask_yes(const char *prompt)
{
	char *s = ask_line(prompt);
	bool yes = s != NULL && (*s == 'y' || *s == 'Y');

	free(s);
	return yes;
}
