/*
 * curl_load.h - libcurl, loaded when it is first needed.  It brings some thirty libraries, and a stage that asks nobody must not pay for them at each start:
 * lp-decide, with the offline brain, is one of the programs of every tick.
 */
#ifndef LP_NET_CURL_LOAD_H
#define LP_NET_CURL_LOAD_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/err.h"

struct curl_calls {
	CURLcode (*global_init)(long);
	CURLM *(*multi_init)(void);
	CURLMcode (*multi_setopt)(CURLM *, CURLMoption, ...);
	CURLMcode (*multi_cleanup)(CURLM *);
	CURLMcode (*multi_add_handle)(CURLM *, CURL *);
	CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
	CURLMcode (*multi_perform)(CURLM *, int *);
	CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd[], unsigned int, int, int *);
	CURLMsg *(*multi_info_read)(CURLM *, int *);
	CURLMcode (*multi_fdset)(CURLM *, fd_set *, fd_set *, fd_set *, int *);
	CURLMcode (*multi_timeout)(CURLM *, long *);
	CURL *(*easy_init)(void);
	void (*easy_reset)(CURL *);
	CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
	CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
	CURLcode (*easy_perform)(CURL *);
	CURLcode (*easy_send)(CURL *, const void *, size_t, size_t *);
	CURLcode (*easy_recv)(CURL *, void *, size_t, size_t *);
	void (*easy_cleanup)(CURL *);
	const char *(*easy_strerror)(CURLcode);
	struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
	void (*slist_free_all)(struct curl_slist *);
	time_t (*getdate)(const char *, const time_t *);
};

/* curl_load(err): the calls, loaded and started once; NULL with LP_CONFIG where libcurl isn't there. */
const struct curl_calls *curl_load(struct lp_err *);

/* curl_hint(why): what to do about a certificate that libcurl says this of, in parentheses and after a blank; "" where that isn't plain. */
const char *curl_hint(const char *why);

#endif
