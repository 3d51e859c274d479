/* Conditional requests (RFC 9110, section 13; docs/api.md "Changes of another client"). The ETag of a JSON response to
 * GET is a digest of its bytes, so everything that can be read has one. */
#ifndef KYBDESK_SRC_API_CONDITION_H
#define KYBDESK_SRC_API_CONDITION_H

#include "route.h"

/* Runs the handler of r->route. If the request has If-Match, first reads the address, or the nearest address above it
 * that can be read, and refuses the request with 412 unless the response has one of the listed ETags. Reading and
 * changing are one transaction, except for DELETE, which erases bytes after its commit. */
enum err condition_run(struct request *r, struct error *error);
/* Sets the ETag of a written response. If the request lists it in If-None-Match, the response becomes 304. */
void condition_tag(struct request *r);

#endif
