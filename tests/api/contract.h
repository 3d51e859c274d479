/*
 * Checks every response that a test receives against docs/api/openapi.json: the address and its method are in it,
 * the status and the body's type are listed, and the body matches its schema, with no unknown
 * member. No code of kybdesk takes part.
 */
#ifndef KYB_TESTS_API_CONTRACT_H
#define KYB_TESTS_API_CONTRACT_H

#include "client.h"

struct asked {
	const char *method, *path; /* as it was sent, with the query */
	const char *json;	   /* the body that was sent; NULL: none, or not JSON */
	size_t length;
};
/* If the response is wrong, fails the test and continues. An address or a method that is not in the reference must be
 * refused in the form of its dialect. An accepted request must match the schema of the request. */
void contract_check(const struct asked *asked, const struct reply *reply);

/* Checks one value against the schema of this name. Returns the error; NULL if valid. */
char *contract_fault(const char *schema, const json_t *value);
/* The allowed words of a schema with an enum. */
const json_t *contract_words(const char *schema);
/* The route of a path, such as "/kyc/sessions/{session_id}"; NULL: not in the reference. */
const char *contract_route(const char *path);

#endif
