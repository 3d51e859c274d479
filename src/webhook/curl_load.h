/*
 * libcurl, loaded when the first delivery is due: linking it would cost every start of the program 5 ms, and most
 * starts deliver nothing.
 */
#ifndef KYBDESK_WEBHOOK_CURL_LOAD_H
#define KYBDESK_WEBHOOK_CURL_LOAD_H

#include "kybdesk/base/error.h"

#include <curl/curl.h>

/* Each function by its name without "curl_". */
/* clang-format off */
#define CURL_FUNCTIONS(each) \
	each(global_init) each(slist_append) each(slist_free_all) \
	each(easy_init) each(easy_setopt) each(easy_getinfo) each(easy_cleanup) each(easy_strerror) \
	each(multi_init) each(multi_cleanup) each(multi_add_handle) each(multi_remove_handle) \
	each(multi_socket_action) each(multi_info_read) each(multi_setopt) each(multi_strerror) \
	each(version_info)
/* clang-format on */

#define CURL_MEMBER(name) __typeof__(curl_##name) *name;
struct curl_api {
	CURL_FUNCTIONS(CURL_MEMBER)
};

/* Fills api. The library stays loaded until the program ends. ERR_INTERNAL if it is missing or too old, with the
 * package to install. */
enum err curl_load(struct curl_api *api, struct error *error) KYB_MUST_USE;

/* The file of certificate authorities for libcurl if that file is missing; otherwise "". */
const char *curl_missing_authorities(const struct curl_api *api);

#endif
