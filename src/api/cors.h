/*
 * Cross-origin access (CORS) to the JSON of a client's link, /api/s/ (docs/api.md "A page of your own"). The store's
 * setting link_origins names the allowed websites. The token in the address is the only permission, so cookies and
 * other credentials are never allowed. No other address allows scripts of another website.
 */
#ifndef KYBDESK_SRC_API_CORS_H
#define KYBDESK_SRC_API_CORS_H

#include "request.h"

/* Whether the address belongs to the JSON of a client's link. */
bool cors_applies(const struct request *r);
/* Adds the CORS headers to a finished response, also to an error; the response to a preflight request of an allowed
 * website becomes 204. Needs r->desk if the request has an Origin. No website is allowed if the setting cannot be
 * read. */
void cors_answer(struct request *r);

#endif
