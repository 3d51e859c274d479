/* The addresses of a beneficial owner, stored as a list in the owner's session. Each address has an id, a creation
 * time and an update time. */
#include "atelio/atelio.h"
#include "encode.h"

#include <string.h>

#define ADDRESS_MEMBERS "address_type street street2 city state zip_code country is_primary"

const char *addresses_text(struct request *r, const struct json_value *addresses)
{
	return json_move_to_arena(&r->arena, JSON_FROM({ "addresses", json_clone(addresses) }));
}

struct json_value *address_json(const struct json_value *address)
{
	struct json_value *out = json_new_object();

	json_copy_members(out, address, "date_created date_updated address_id " ADDRESS_MEMBERS);
	return out;
}

void require_address(struct request *r, const struct json_value *address, const char *base)
{
	static const char *const needed[] = { "address_type", "street",	 "city",      "state",
					      "zip_code",     "country", "is_primary" };

	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (json_is_blank(json_get(address, needed[i])))
			request_add_fault(r, arena_printf(&r->arena, "%s%s%s", base, *base ? "." : "", needed[i]),
					  REQUIRED_FIELD_MESSAGE);
}

struct json_value *address_new(struct request *r, const struct json_value *input)
{
	int64_t now = desk_now(r->desk);
	struct json_value *out;
	char id[UUID_TEXT_SIZE];

	desk_make_uuid(r->desk, id);
	out = JSON_FROM({ "address_id", AS_TEXT(id) }, { "date_created", AS_TIME(now) },
			{ "date_updated", AS_TIME(now) });
	json_copy_members(out, input, ADDRESS_MEMBERS);
	return out;
}

static bool is_primary_address(const struct json_value *address)
{
	bool primary = false;

	return address && json_get_bool(address, "is_primary", &primary) && primary;
}

/* Copies an address that the request does not change. If this address and the changed address are both
 * primary, the copy is not primary. */
static struct json_value *copy_address(const struct json_value *address, const struct json_value *changed)
{
	struct json_value *out = json_clone(address);

	if (is_primary_address(out) && is_primary_address(changed))
		json_set_bool(out, "is_primary", false);
	return out;
}

/* A change of the address list. The change is tried again if another request has changed the session meanwhile. */
struct change {
	/* Creates *list and *answer, which the caller frees. ERR_NOT_FOUND: unknown address. */
	enum err (*make)(struct request *r, const struct json_value *present, struct json_value **list,
			 struct json_value **answer, struct error *error);
	int status;
};

static enum err save_addresses(struct request *r, const struct owner *owner, const struct json_value *list,
			       struct error *error)
{

	return API_DO_IGNORE_RESULT(r, error, .verb = VERB_STEP_SAVE, .capacity = CAPACITY_MERCHANT,
				    .session = owner->view.file.session.id, .part = "addresses",
				    .seen_version = owner->view.file.session.version,
				    .fields_json = addresses_text(r, list));
}

static bool is_version_conflict(const struct error *error)
{
	return error->blocker_count == 1 && !strcmp(error->blockers[0].code, "changed");
}

static enum err update_addresses(struct request *r, const struct change *change, struct error *error)
{
	enum err err = ERR_CONFLICT;

	for (int tries = 0; err == ERR_CONFLICT && tries < CHANGE_ATTEMPTS_MAX; tries++) {
		struct json_value *list = NULL, *answer = NULL;
		struct owner owner;

		err = owner_load(r, r->arguments[0], r->arguments[1], &owner, error);
		if (!err)
			err = change->make(r, owner.addresses, &list, &answer, error);
		if (!err)
			err = save_addresses(r, &owner, list, error);
		owner_release(&owner);
		json_free(list);
		if (!err)
			return answer_json(r, change->status, answer);
		json_free(answer);
		if (!is_version_conflict(error))
			break;
	}
	return err;
}

static enum err append_address(struct request *r, const struct json_value *present, struct json_value **list,
			       struct json_value **answer, struct error *error)
{
	if (json_count(present) >= ADDRESSES_MAX)
		return error_set_field(error, ERR_INVALID, "addresses",
				       "An owner can have at most %d addresses; delete one first", ADDRESSES_MAX);
	*list = json_new_array();
	for (size_t i = 0; i < json_count(present); i++)
		json_append(*list, copy_address(json_at(present, i), r->body));
	json_append(*list, address_new(r, r->body));
	*answer = address_json(json_at(*list, json_count(*list) - 1));
	return ERR_OK;
}

static enum err handle_add_address(struct request *r, struct error *error)
{
	static const struct change change = { append_address, 201 };
	enum err err;

	r->body_error_code = "create_beneficial_owner_address_schema";
	require_address(r, r->body, "");
	err = request_check_faults(r, error);
	return err ? err : update_addresses(r, &change, error);
}

static const struct json_value *find_address(const struct json_value *list, const char *id)
{
	char wanted[UUID_TEXT_SIZE];

	for (size_t i = 0; uuid_normalise(id, wanted) && i < json_count(list); i++) {
		const char *own = json_get_text(json_at(list, i), "address_id");

		if (own && !strcmp(own, wanted))
			return json_at(list, i);
	}
	return NULL;
}

static enum err address_not_found(const char *id, struct error *error)
{
	return error_set(error, ERR_NOT_FOUND, "Unknown address \"%s\"", id);
}

static struct json_value *merge_address(struct request *r, const struct json_value *address)
{
	struct json_value *out = json_clone(address);

	json_copy_members(out, r->body, ADDRESS_MEMBERS);
	json_set_time(out, "date_updated", desk_now(r->desk));
	return out;
}

static enum err replace_address(struct request *r, const struct json_value *present, struct json_value **list,
				struct json_value **answer, struct error *error)
{
	const struct json_value *wanted = find_address(present, r->arguments[2]);

	if (!wanted)
		return address_not_found(r->arguments[2], error);
	*list = json_new_array();
	for (size_t i = 0; i < json_count(present); i++) {
		const struct json_value *at = json_at(present, i);

		json_append(*list, at == wanted ? merge_address(r, at) : copy_address(at, r->body));
		if (at == wanted)
			*answer = address_json(json_at(*list, i));
	}
	return ERR_OK;
}

static enum err handle_change_address(struct request *r, struct error *error)
{
	static const struct change change = { replace_address, 200 };

	r->body_error_code = "update_beneficial_owner_address_schema";
	return update_addresses(r, &change, error);
}

static enum err delete_address(struct request *r, const struct json_value *present, struct json_value **list,
			       struct json_value **answer, struct error *error)
{
	const struct json_value *wanted = find_address(present, r->arguments[2]);

	if (!wanted)
		return address_not_found(r->arguments[2], error);
	*list = json_new_array();
	for (size_t i = 0; i < json_count(present); i++)
		if (json_at(present, i) != wanted)
			json_append(*list, json_clone(json_at(present, i)));
	*answer = address_json(wanted);
	json_set_time(*answer, "date_deleted", desk_now(r->desk));
	return ERR_OK;
}

static enum err handle_remove_address(struct request *r, struct error *error)
{
	static const struct change change = { delete_address, 200 };

	return update_addresses(r, &change, error);
}

static enum err handle_list_addresses(struct request *r, struct error *error)
{
	struct json_value *items, *body;
	struct owner owner;
	enum err err = owner_load(r, r->arguments[0], r->arguments[1], &owner, error);

	if (err)
		return err;
	items = json_new_array();
	for (size_t i = 0; i < json_count(owner.addresses); i++)
		json_append(items, address_json(json_at(owner.addresses, i)));
	owner_release(&owner);
	body = page_json(r, items);
	err = request_check_faults(r, error);
	return answer_unless(r, err, body);
}

static enum err handle_get_address(struct request *r, struct error *error)
{
	const struct json_value *found;
	struct owner owner;
	enum err err = owner_load(r, r->arguments[0], r->arguments[1], &owner, error);

	if (err)
		return err;
	found = find_address(owner.addresses, r->arguments[2]);
	err = found ? answer_json(r, 200, address_json(found)) : address_not_found(r->arguments[2], error);
	owner_release(&owner);
	return err;
}

#define ADDRESSES_PATH "/api/v0.1/businesses/{business_id}/beneficial_owners/{beneficial_owner_id}/addresses"

static const struct route rows[] = {
	{ ROUTE_CREATE, .path = ADDRESSES_PATH, .body_shape = "AddressNew", .response = "201:Address",
	  .verb = VERB_STEP_SAVE, .handle = handle_add_address, .summary = "Add an address" },
	{ ROUTE_READ, .path = ADDRESSES_PATH, .query = "page:int page_size:int", .response = "200:Addresses",
	  .handle = handle_list_addresses, .summary = "List the addresses" },
	{ ROUTE_READ, .path = ADDRESSES_PATH "/{address_id}", .response = "200:Address", .handle = handle_get_address,
	  .summary = "Get an address" },
	{ ROUTE_CHANGE, .path = ADDRESSES_PATH "/{address_id}", .body_shape = "AddressChange",
	  .response = "200:Address", .verb = VERB_STEP_SAVE, .handle = handle_change_address,
	  .summary = "Change an address" },
	{ ROUTE_DELETE, .path = ADDRESSES_PATH "/{address_id}", .response = "200:AddressDeleted",
	  .verb = VERB_STEP_SAVE, .handle = handle_remove_address, .summary = "Delete an address" },
};
const struct routes routes_atelio_addresses = { rows, sizeof rows / sizeof *rows, DIALECT_ATELIO };
