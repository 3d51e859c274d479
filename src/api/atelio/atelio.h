/* The dialect of Atelio (seed atelio-beneficial-owners; api.md "Atelio"): what its files share. */
#ifndef KYBDESK_SRC_API_ATELIO_H
#define KYBDESK_SRC_API_ATELIO_H

#include "kybdesk/desk/outside.h"
#include "route.h"

#define ATELIO_WORKFLOW "atelio-beneficial-owner"
#define ADDRESSES_MAX 20
#define TRIES 4 /* of a change that others were faster with */

/* A beneficial owner with the session that verifies it. */
struct owner {
	struct subject_view user;
	struct outside_case view;
	struct json_value *identity;  /* fields of the step, a root of its own: owner_release() */
	struct json_value *addresses; /* a list, likewise */
};
/* Of the business r->arguments[0] the owner `uid`; ERR_NOT_FOUND. */
enum err owner_load(struct request *r, const char *business, const char *uid, struct owner *out,
		    struct error *error) KYB_MUST_USE;
void owner_release(struct owner *owner);
/* What the seed lists, without the rest. */
struct json_value *address_json(const struct json_value *address);
/* The address of the body or of a list, checked for what must be there; base: "" or "addresses[0]". */
void address_need(struct request *r, const struct json_value *address, const char *base);
/* With an id and times of its own. */
struct json_value *address_new(struct request *r, const struct json_value *input);
/* {"page_info", "data"}; takes the items. */
struct json_value *page_json(struct request *r, struct json_value *items);
/* {"addresses": [...]} as text in the arena. */
const char *addresses_text(struct request *r, const struct json_value *addresses);
const char *json_text_of(struct request *r, const struct json_value *value);

#endif
