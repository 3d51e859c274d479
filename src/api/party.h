/* A related party in the body of a request, for every dialect that knows subsessions. */
#ifndef KYBDESK_SRC_API_PARTY_H
#define KYBDESK_SRC_API_PARTY_H

#include "request.h"

/* "party": {kind, name, roles, …}; what is wrong with it are faults. */
void party_of_body(struct request *r, struct party_input *out);
/* What the workflow asks of a party, "party.fields", as JSON; NULL none. What is wrong with it is a fault. */
const char *party_fields_of_body(struct request *r);
/* As they are told; names of what party_of_body() reads, for route.members. */
struct json_value *party_roles_json(const struct party *party);
#define PARTY_MEMBERS                                                                                              \
	"party.kind party.name party.roles party.control_role party.ownership_percent party.country "              \
	"party.date_of_birth party.tax_id party.registration_number party.email party.phone party.fields.*"

#endif
