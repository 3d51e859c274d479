/* The HTTP front end (docs/api.md). Uses desk, domain, codec and base, but neither the store nor the other front
 * ends. A handler parses a request, calls a verb of the desk and encodes the result; the desk decides what a caller
 * may do and see (desk/caller.h, desk/outside.h). */
#ifndef KYBDESK_API_SERVE_H
#define KYBDESK_API_SERVE_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/settings/front_ends.h"

/* Runs until SIGTERM, SIGINT or SIGHUP; then accepts no new connection, finishes the requests in progress and returns.
 * ERR_INVALID, field "listen" or "metrics-listen": cannot listen on the address. One call at a time per process. */
enum err api_serve(const struct api_options *options, struct error *error);

/* Name and version of the HTTP library, such as "libmicrohttpd 0.9.75", or the reason why it cannot be opened. */
const char *api_library_version(struct arena *arena);

/* Appends the OpenAPI 3.1 reference of the API, as JSON. */
void api_write_openapi(struct strbuf *out);

#endif
