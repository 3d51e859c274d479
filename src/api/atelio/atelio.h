/* Common declarations of the Atelio dialect (seed atelio-beneficial-owners; docs/api.md "Dialects"). */
#ifndef KYBDESK_SRC_API_ATELIO_H
#define KYBDESK_SRC_API_ATELIO_H

#include "kybdesk/desk/outside.h"
#include "route.h"

#define ATELIO_WORKFLOW "atelio-beneficial-owner"
#define ADDRESSES_MAX 20
#define CHANGE_ATTEMPTS_MAX 4 /* maximum attempts of a change if other requests change the owner at the same time */

/* A beneficial owner with the session that verifies it. */
struct owner {
	struct subject_view user;
	struct external_case view;
	struct json_value *identity;  /* fields of the step "identity"; freed by owner_release() */
	struct json_value *addresses; /* a list; freed by owner_release() */
};
/* Loads the owner `uid` of a business; ERR_NOT_FOUND. */
enum err owner_load(struct request *r, const char *business, const char *uid, struct owner *out, struct error *error);
void owner_release(struct owner *owner);
/* Copies the address, but only the members that are documented in the seed. */
struct json_value *address_json(const struct json_value *address);
/* Adds faults for missing members of an address; base: "" (the body) or "addresses[0]". */
void require_address(struct request *r, const struct json_value *address, const char *base);
/* Copies the input as a new address with an id, a creation time and an update time. */
struct json_value *address_new(struct request *r, const struct json_value *input);
/* Returns {"page_info", "data"} with these items as "data"; takes ownership of the items. */
struct json_value *page_json(struct request *r, struct json_value *items);
/* {"addresses": [...]} as text in the arena. */
const char *addresses_text(struct request *r, const struct json_value *addresses);

#endif
