/*
 * Scripts of other websites at the JSON of a client's link, /api/s/ (docs/api.md "A page of your own"). The store's
 * setting link_origins names the websites; the token in the address stays the permission, so no cookie or other
 * credential is ever allowed with it. Every other address answers no script of another website.
 */
#ifndef KYBDESK_SRC_API_CORS_H
#define KYBDESK_SRC_API_CORS_H

#include "request.h"

/* Whether the address belongs to the JSON of a client's link. */
bool cors_concerns(const struct request *r);
/* Adds the headers to a finished response, of an error too; a preflight of an allowed website becomes 204. With an
 * Origin it needs r->desk. If the setting cannot be read, no website is allowed. */
void cors_answer(struct request *r);

#endif
