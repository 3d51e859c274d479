/* A related party in the body of a request, for every dialect that knows subsessions. */
#ifndef KYBDESK_SRC_API_PARTY_H
#define KYBDESK_SRC_API_PARTY_H

#include "request.h"

/* Reads "party": {kind, name, roles, …} and adds faults. */
void party_of_body(struct request *r, struct party_input *out);

#endif
