#include "base/envfile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"

/* The name's length; 0 where it is none. */
static size_t
name_of(const char *line)
{
	size_t n = strspn(line, LETTERS "0123456789");

	return line[n] == '=' && !(line[0] >= '0' && line[0] <= '9') ? n : 0;
}

int
envfile_names(const char *path, char ***names, struct lp_err *err)
{
	char *line = NULL, **list = xcalloc(1, sizeof(*list));
	size_t room = 0, n = 0, number = 0, len;
	FILE *f = fopen(path, "r");
	int r = 0;

	*names = list;
	if (f == NULL && errno == ENOENT)
		return 0;
	if (f == NULL)
		r = lp_fail(err, LP_IO, "%s: %s", path, strerror(errno));
	while (r == 0 && getline(&line, &room, f) != -1) {
		number++;
		if (*line == '#' || *line == '\n' || *line == '\0')
			continue;
		if ((len = name_of(line)) == 0) {
			r = lp_fail(err, LP_CONFIG, "%s:%zu: not NAME=VALUE", path, number);
			break;
		}
		list = xrealloc(list, (n + 2) * sizeof(*list));
		list[n++] = xstrndup(line, len);
		list[n] = NULL;
	}
	if (line != NULL)
		wipe(line);
	if (f != NULL)
		fclose(f);
	*names = list;
	if (r == -1) {
		envfile_free(list);
		*names = NULL;
	}
	return r;
}

bool
envfile_has(char *const *names, const char *name)
{
	for (; names != NULL && *names != NULL; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

void
envfile_free(char **names)
{
	for (size_t i = 0; names != NULL && names[i] != NULL; i++)
		free(names[i]);
	free(names);
}
