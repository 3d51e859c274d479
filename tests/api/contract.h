/*
 * What docs/api/openapi.json promises, held against every answer that a test receives: the address and its method are in it,
 * the status is one of theirs, the type of the body too, and the body is as its schema says, with no member that it does
 * not know. No code of kybdesk takes part.
 */
#ifndef KYB_TESTS_API_CONTRACT_H
#define KYB_TESTS_API_CONTRACT_H

#include "client.h"

struct asked {
	const char *method, *path; /* as it was sent, with the query */
	const char *json;	   /* the body that was sent; NULL none, or another kind */
	size_t length;
};
/* Fails the test, and goes on. An address that is not in it, and a method that it does not have, are to be refused in the
 * manner of its dialect. What was done is to have been asked for as the schema of the request says. */
void contract_check(const struct asked *asked, const struct reply *reply);

/* One value held against the schema of this name. What is wrong with it, malloc'd; NULL nothing. */
char *contract_fault(const char *schema, const json_t *value);
/* The words of a set of the reference. */
const json_t *contract_words(const char *schema);
/* "/kyc/sessions/{session_id}" for a path, NULL: it is none of the reference's. */
const char *contract_route(const char *path);

#endif
