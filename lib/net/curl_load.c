#include "net/curl_load.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static struct curl_calls calls;

static const struct {
	const char *name;
	size_t at;
} names[] = {
#define CALL(name) { "curl_" #name, offsetof(struct curl_calls, name) }
	CALL(global_init), CALL(multi_init), CALL(multi_setopt), CALL(multi_cleanup), CALL(multi_add_handle), CALL(multi_remove_handle),
	CALL(multi_perform), CALL(multi_poll), CALL(multi_info_read), CALL(easy_init), CALL(easy_reset), CALL(easy_setopt), CALL(easy_getinfo),
	CALL(easy_send), CALL(easy_recv), CALL(multi_fdset), CALL(multi_timeout), CALL(easy_perform), CALL(easy_cleanup), CALL(easy_strerror), CALL(slist_append), CALL(slist_free_all), CALL(getdate)
};

const struct curl_calls *
curl_load(struct lp_err *err)
{
	static bool loaded;
	void *lib, *f;

	if (loaded)
		return &calls;
	/* the name by its version: what the header of that version promises */
	if ((lib = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL)) == NULL) {
		lp_fail(err, LP_CONFIG, "libcurl can't be loaded: %s", dlerror());
		return NULL;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((f = dlsym(lib, names[i].name)) == NULL) {
			lp_fail(err, LP_CONFIG, "libcurl has no %s", names[i].name);
			return NULL;
		}
		memcpy((char *)&calls + names[i].at, &f, sizeof(f));
	}
	calls.global_init(CURL_GLOBAL_DEFAULT);
	loaded = true;
	return &calls;
}

const char *
curl_hint(const char *why)
{
	static const struct {
		const char *said, *hint;
	} hints[] = {
		{ "expired", " (its owner has to renew it)" },
		{ "self-signed", " (ca_file=... where it, or its authority, is your own)" },
		{ "self signed", " (ca_file=... where it, or its authority, is your own)" },
		{ "local issuer", " (ca_file=... where its authority is your own)" },
		{ "subject name", " (is that the name that it is for?)" },
	};

	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++)
		if (strstr(why, hints[i].said) != NULL)
			return hints[i].hint;
	return "";
}
