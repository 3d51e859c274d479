/*
 * libcurl, opened when the first delivery is due: linking it would cost every
 * start of the program 5 ms, and most starts deliver nothing.
 */
#ifndef KYBDESK_WEBHOOK_CURL_LOAD_H
#define KYBDESK_WEBHOOK_CURL_LOAD_H

#include "kybdesk/base/error.h"

#include <curl/curl.h>

struct curl_api {
	__typeof__(curl_global_init) *global_init;
	__typeof__(curl_slist_append) *slist_append;
	__typeof__(curl_slist_free_all) *slist_free_all;
	__typeof__(curl_easy_init) *easy_init;
	__typeof__(curl_easy_setopt) *easy_setopt;
	__typeof__(curl_easy_getinfo) *easy_getinfo;
	__typeof__(curl_easy_cleanup) *easy_cleanup;
	__typeof__(curl_easy_strerror) *easy_strerror;
	__typeof__(curl_multi_init) *multi_init;
	__typeof__(curl_multi_cleanup) *multi_cleanup;
	__typeof__(curl_multi_add_handle) *multi_add_handle;
	__typeof__(curl_multi_remove_handle) *multi_remove_handle;
	__typeof__(curl_multi_socket_action) *multi_socket_action;
	__typeof__(curl_multi_info_read) *multi_info_read;
	__typeof__(curl_multi_setopt) *multi_setopt;
	__typeof__(curl_multi_strerror) *multi_strerror;
	__typeof__(curl_version_info) *version_info;
};

/* Fills api. The library stays loaded until the program ends. ERR_INTERNAL when it is missing or too old, with the
 * package to install. */
enum err curl_load(struct curl_api *api, struct error *error) KYB_MUST_USE;

#endif
