/* libmicrohttpd, loaded when a server starts: it needs GnuTLS and eight more libraries, which no other command uses. */
#ifndef KYBDESK_SRC_API_HTTP_LIBRARY_H
#define KYBDESK_SRC_API_HTTP_LIBRARY_H

#include "kybdesk/base/error.h"

#include <microhttpd.h>

/* The functions, named without "MHD_". */
/* clang-format off */
#define HTTP_FUNCTIONS(each) \
	each(add_response_header) each(create_post_processor) each(create_response_from_buffer) \
	each(destroy_post_processor) each(destroy_response) each(get_connection_info) \
	each(get_connection_values) each(get_version) \
	each(lookup_connection_value) each(post_process) each(queue_response) each(quiesce_daemon) \
	each(resume_connection) each(start_daemon) each(stop_daemon) each(suspend_connection)
/* clang-format on */

#define HTTP_MEMBER(name) __typeof__(MHD_##name) *name;
struct http_library {
	HTTP_FUNCTIONS(HTTP_MEMBER)
};
extern struct http_library microhttpd;

/* Fills microhttpd. ERR_INTERNAL: the library is missing (the message names the package to install) or too old. */
enum err http_library_load(struct error *error);

#endif
