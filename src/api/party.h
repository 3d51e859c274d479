/* A related party in the body of a request, for every dialect that knows subsessions. */
#ifndef KYBDESK_SRC_API_PARTY_H
#define KYBDESK_SRC_API_PARTY_H

#include "request.h"

/* Reads "party": {kind, name, roles, …} and adds faults. */
void party_of_body(struct request *r, struct party_input *out);
/* The workflow's fields of a party, "party.fields", as JSON; NULL none. Adds faults. */
const char *party_fields_of_body(struct request *r);

#endif
