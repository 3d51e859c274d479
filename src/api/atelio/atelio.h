/* Common declarations of the Atelio dialect (seed atelio-beneficial-owners; docs/api.md "Dialects"). */
#ifndef KYBDESK_SRC_API_ATELIO_H
#define KYBDESK_SRC_API_ATELIO_H

#include "kybdesk/desk/outside.h"
#include "route.h"

#define ATELIO_WORKFLOW "atelio-beneficial-owner"
#define ADDRESSES_MAX 20
#define CHANGE_ATTEMPTS_MAX 4 /* attempts of a change if other requests change the owner concurrently */

/* A beneficial owner with the session that verifies it. */
struct owner {
	struct subject_view user;
	struct outside_case view;
	struct json_value *identity;  /* fields of the step "identity"; freed by owner_release() */
	struct json_value *addresses; /* a list; freed by owner_release() */
};
/* Loads the owner `uid` of a business; ERR_NOT_FOUND. */
enum err owner_load(struct request *r, const char *business, const char *uid, struct owner *out,
		    struct error *error) KYB_MUST_USE;
void owner_release(struct owner *owner);
/* The address with only the members that the seed documents. */
struct json_value *address_json(const struct json_value *address);
/* Adds faults for missing members of an address; base: "" (the body) or "addresses[0]". */
void address_require(struct request *r, const struct json_value *address, const char *base);
/* A copy of the input with a new id and times. */
struct json_value *address_new(struct request *r, const struct json_value *input);
/* {"page_info", "data"}; takes ownership of the items. */
struct json_value *page_json(struct request *r, struct json_value *items);
/* {"addresses": [...]} as text in the arena. */
const char *addresses_text(struct request *r, const struct json_value *addresses);

#endif
