#include "base/secret.h"

#include <stdlib.h>
#include <string.h>

#include "base/child.h"
#include "base/mem.h"

#define SECRET_MAX 8192

int
secret_get(const char *env, const char *command, const char *key, char **out, struct lp_err *err)
{
	const char *value;

	*out = NULL;
	if (env != NULL) {
		value = getenv(env);
		if (value == NULL || *value == '\0')
			return lp_fail(err, LP_CONFIG, "no such environment variable %s (cron's are in the file 'env', see lp-tick(1))", env);
		*out = xstrdup(value);
	} else if (command != NULL) {
		if (child_read(command, SECRET_MAX, out, err) == -1)
			return lp_err_prefix(err, "%s", key);
	} else
		return 0;
	(*out)[strcspn(*out, "\r\n")] = '\0'; /* as password managers print it: the first line */
	if (**out == '\0') {
		wipe(*out);
		*out = NULL;
		return lp_fail(err, LP_CONFIG, "%s: it is empty", env != NULL ? env : key);
	}
	return 0;
}
