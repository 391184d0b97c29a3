#include "agent/ask_key.h"

#include <stdlib.h>
#include <string.h>

#include "base/child.h"
#include "base/mem.h"

#define KEY_MAX 4096

int
ask_key(const struct config_model *m, char **key, struct lp_err *err)
{
	const char *value;

	*key = NULL;
	if (m->key_env != NULL) {
		value = getenv(m->key_env);
		if (value == NULL || *value == '\0')
			return lp_fail(err, LP_CONFIG, "no such environment variable %s (cron's are in the file 'env', see lp-tick(1))", m->key_env);
		*key = xstrdup(value);
	} else if (m->key_command != NULL) {
		if (child_read(m->key_command, KEY_MAX, key, err) == -1)
			return lp_err_prefix(err, "llm_key_command");
	} else
		return 0;
	(*key)[strcspn(*key, "\r\n")] = '\0'; /* as password managers print it: the first line */
	if (**key == '\0') {
		wipe(*key);
		*key = NULL;
		return lp_fail(err, LP_CONFIG, "%s: the key is empty", m->key_env != NULL ? m->key_env : "llm_key_command");
	}
	return 0;
}
