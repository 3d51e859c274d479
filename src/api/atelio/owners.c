/* Businesses and their beneficial owners. */
#include "atelio/atelio.h"
#include "shape.h"
#include "kybdesk/domain/column.h"

#include <string.h>
#include <strings.h>

/* --- businesses --- */

static enum err handle_create_business(struct request *r, struct error *error)
{
	const struct subject_input input = { .merchant = r->caller.merchant,
					     .kind = SUBJECT_BUSINESS,
					     .name = body_require_text(r, "name"),
					     .country = body_require_text(r, "country") };
	struct use_out out;
	enum err err;

	r->body_error_code = "create_business_schema";
	if (*input.country && strlen(input.country) != 2)
		request_add_fault(r, "country", "Business' country code in ISO 3166-1 alpha 2 format.");
	err = API_DO(r, &out, error, .verb = VERB_SUBJECT_ADD, .capacity = CAPACITY_MERCHANT, .subject = &input);
	return err ? err
		   : answer_json(r, 201,
				 BODY(Business, .business_id = AS_TEXT(out.part_id), .name = AS_TEXT(input.name),
				      .country = AS_TEXT(input.country)));
}

/* --- one owner --- */

static struct json_value *step_fields(const struct case_file *file, const char *id)
{
	const struct step *step = case_step(file, id);
	struct json_value *out = NULL;

	return step && !json_read(step->fields_json, strlen(step->fields_json), &out, NULL) ? out : json_new_object();
}

static enum err owner_not_found(const char *uid, struct error *error)
{
	return error_set(error, ERR_NOT_FOUND, "Unknown beneficial owner \"%s\"", uid);
}

enum err owner_load(struct request *r, const char *business, const char *uid, struct owner *out, struct error *error)
{
	struct json_value *fields;
	const char *session = "";
	enum err err = desk_subject(r->desk, &r->arena, uid, false, &out->user, error);

	out->identity = out->addresses = NULL;
	if (err)
		return err;
	if (!out->user.record.business_uid || (business && strcmp(out->user.record.business_uid, business) != 0) ||
	    !*out->user.record.business_uid)
		return owner_not_found(uid, error);
	for (size_t i = 0; i < out->user.session_count; i++)
		if (!strcmp(out->user.sessions[i].workflow, ATELIO_WORKFLOW))
			session = out->user.sessions[i].id;
	if (!*session)
		return owner_not_found(uid, error);
	err = desk_external_case(r->desk, &r->arena, session, &out->view, error);
	if (err)
		return err;
	out->identity = step_fields(&out->view.file, "identity");
	fields = step_fields(&out->view.file, "addresses");
	out->addresses = json_is_array(json_get(fields, "addresses")) ? json_clone(json_get(fields, "addresses"))
								      : json_new_array();
	json_free(fields);
	return ERR_OK;
}

void owner_release(struct owner *owner)
{
	json_free(owner->identity);
	json_free(owner->addresses);
	owner->identity = owner->addresses = NULL;
}

/* The field of the step "identity". If the field is absent, returns `member`: the corresponding value of the case,
 * or "". */
static const char *field_or_case_value(const struct owner *owner, const char *field, const char *member)
{
	const char *text = json_get_text(owner->identity, field);

	return text ? text : member;
}

/* deleted_at: when the owner was deleted with all addresses; TIME_NONE: not deleted. */
static struct json_value *owner_json(const struct owner *owner, int64_t deleted_at)
{
	const struct subject_record *record = &owner->user.record;
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < json_count(owner->addresses); i++) {
		struct json_value *address = address_json(json_at(owner->addresses, i));

		if (deleted_at != TIME_NONE)
			json_set_time(address, "date_deleted", deleted_at);
		json_append(list, address);
	}
	return JSON_FROM(
		{ "beneficial_owner_id", AS_TEXT(record->subject.uid) },
		{ "first_name?", AS_TEXT(field_or_case_value(owner, "first_name", "")) },
		{ "middle_name?", AS_TEXT(field_or_case_value(owner, "middle_name", "")) },
		{ "last_name?", AS_TEXT(field_or_case_value(owner, "last_name", "")) },
		{ "date_created", AS_TIME(record->created_at) }, { "date_updated", AS_TIME(record->updated_at) },
		{ "dob", AS_TEXT(field_or_case_value(owner, "dob", owner->view.file.session.subject.date_of_birth)) },
		{ "date_deleted?", AS_TIME(deleted_at) }, { "address", list });
}

/* --- creating an owner --- */

/* In a sandbox, the last name "Sandbox Reject" requests the outcome "reject". In other dialects a name requests
 * this outcome with "#reject" at its end, but in this dialect a name may contain only letters. */
static const char *full_name(struct request *r, const char *first, const char *middle, const char *last)
{
	static const char mark[] = "Sandbox ";
	size_t length = sizeof mark - 1;
	const char *name = middle && *middle ? arena_printf(&r->arena, "%s %s %s", first, middle, last)
					     : arena_printf(&r->arena, "%s %s", first, last);

	if (!desk_is_sandbox(r->desk) || strncasecmp(last, mark, length) != 0)
		return name;
	return arena_printf(&r->arena, "%s#%s", name, last + length);
}

static struct json_value *identity_json(struct request *r)
{
	static const char *const names[] = { "first_name", "middle_name", "last_name", "dob" };
	struct json_value *out = json_new_object();

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *text = body_text(r, names[i]);

		if (text)
			json_set_text(out, names[i], text);
	}
	return out;
}

static const char *address_country(const struct json_value *addresses)
{
	const char *country = "";

	for (size_t i = 0; i < json_count(addresses); i++) {
		const char *text = json_get_text(json_at(addresses, i), "country");
		bool primary = false;

		if (text && (!*country || (json_get_bool(json_at(addresses, i), "is_primary", &primary) && primary)))
			country = text;
	}
	return country;
}

static struct json_value *read_addresses(struct request *r)
{
	const struct json_value *input = body_value(r, "addresses");
	struct json_value *out = json_new_array();
	size_t primaries = 0;

	if (!input || !json_is_array(input) || !json_count(input) || json_count(input) > ADDRESSES_MAX) {
		request_add_fault(r, "addresses", "%s",
				  input ? "One or more of the beneficial owner's addresses." : REQUIRED_FIELD_MESSAGE);
		return out;
	}
	for (size_t i = 0; i < json_count(input); i++) {
		bool primary = false;

		require_address(r, json_at(input, i), arena_printf(&r->arena, "addresses[%zu]", i));
		json_append(out, address_new(r, json_at(input, i)));
		primaries += json_get_bool(json_at(input, i), "is_primary", &primary) && primary;
	}
	if (primaries > 1)
		request_add_fault(r, "addresses", "Only one address can be the primary address.");
	return out;
}

/* Creates the owner, its session and its fields in one transaction. */
static enum err make_owner(struct request *r, const struct json_value *identity, const struct json_value *addresses,
			   const char *uid, struct error *error)
{
	const char *name = full_name(r, json_get_text(identity, "first_name"), json_get_text(identity, "middle_name"),
				     json_get_text(identity, "last_name"));
	const struct subject_input input = { .merchant = r->caller.merchant,
					     .uid = uid,
					     .kind = SUBJECT_INDIVIDUAL,
					     .name = name,
					     .country = address_country(addresses),
					     .date_of_birth = json_get_text(identity, "dob"),
					     .business = r->arguments[0] };
	struct subject subject;
	const struct session_input open_input = { .workflow = ATELIO_WORKFLOW,
						  .merchant = r->caller.merchant,
						  .subject = &subject,
						  .risk_score = RISK_NONE };
	struct use_out outs[4];
	const struct use_in ins[4] = {
		{ .verb = VERB_SUBJECT_ADD, .capacity = CAPACITY_MERCHANT, .subject = &input },
		{ .verb = VERB_SESSION_OPEN, .capacity = CAPACITY_MERCHANT, .open_input = &open_input },
		{ .verb = VERB_STEP_SAVE,
		  .capacity = CAPACITY_MERCHANT,
		  .part = "identity",
		  .fields_json = json_to_arena(&r->arena, identity) },
		{ .verb = VERB_STEP_SAVE,
		  .capacity = CAPACITY_MERCHANT,
		  .part = "addresses",
		  .fields_json = addresses_text(r, addresses) },
	};

	columns_init(&subject_columns, &subject);
	subject.uid = uid;
	subject.kind = SUBJECT_INDIVIDUAL;
	return desk_do_all(r->desk, &r->arena, ins, 4, outs, error);
}

static enum err check_business(struct request *r, struct error *error)
{
	struct subject_view view;
	enum err err = desk_subject(r->desk, &r->arena, r->arguments[0], false, &view, error);

	if (!err && view.record.subject.kind != SUBJECT_BUSINESS)
		err = error_set(error, ERR_NOT_FOUND, "Unknown business \"%s\"", r->arguments[0]);
	return err;
}

static enum err answer_owner(struct request *r, int status, const char *uid, struct error *error)
{
	struct owner owner;
	enum err err = owner_load(r, r->arguments[0], uid, &owner, error);

	if (err)
		return err;
	(void)answer_json(r, status, owner_json(&owner, TIME_NONE));
	owner_release(&owner);
	return ERR_OK;
}

static enum err handle_create(struct request *r, struct error *error)
{
	struct json_value *identity, *addresses;
	char uid[UUID_TEXT_SIZE];
	enum err err = check_business(r, error);

	if (err)
		return err;
	r->body_error_code = "create_beneficial_owner_schema";
	(void)body_require_text(r, "dob");
	(void)body_require_text(r, "first_name");
	(void)body_require_text(r, "last_name");
	identity = identity_json(r);
	addresses = read_addresses(r);
	err = request_check_faults(r, error);
	desk_make_uuid(r->desk, uid);
	if (!err)
		err = make_owner(r, identity, addresses, uid, error);
	json_free(identity);
	json_free(addresses);
	return err ? err : answer_owner(r, 201, arena_strdup(&r->arena, uid), error);
}

static enum err handle_get(struct request *r, struct error *error)
{
	return answer_owner(r, 200, r->arguments[1], error);
}

struct json_value *page_json(struct request *r, struct json_value *items)
{
	int64_t size = request_int(r, "page_size", 1, 100, 50), page = request_int(r, "page", 1, 100000, 1);
	int64_t count = (int64_t)json_count(items), pages = (count + size - 1) / size;
	struct json_value *data = json_new_array();

	for (int64_t i = (page - 1) * size; i < page * size && i < count; i++)
		json_append(data, json_clone(json_at(items, (size_t)i)));
	json_free(items);
	return BODY(Owners,
		    .page_info = BODY(PageInfo, .page_size = AS_INT(size), .page = AS_INT(page),
				      .pages = AS_INT(pages ? pages : 1)),
		    .data = data);
}

static enum err handle_list(struct request *r, struct error *error)
{
	struct json_value *items, *body;
	struct subject_view business;
	enum err err = check_business(r, error);

	if (!err)
		err = desk_subject(r->desk, &r->arena, r->arguments[0], false, &business, error);
	if (err)
		return err;
	items = json_new_array();
	for (size_t i = 0; !err && i < business.owner_count; i++) {
		struct owner owner;

		err = owner_load(r, r->arguments[0], business.owners[i].uid, &owner, error);
		if (!err)
			json_append(items, owner_json(&owner, TIME_NONE));
		owner_release(&owner);
	}
	body = page_json(r, items);
	if (!err)
		err = request_check_faults(r, error);
	return answer_unless(r, err, body);
}

static const char *body_or_stored_text(struct request *r, const struct owner *owner, const char *name)
{
	const char *text = body_text(r, name);

	return text ? text : field_or_case_value(owner, name, "");
}

static enum err update_owner(struct request *r, struct owner *owner, struct error *error)
{
	struct json_value *identity = identity_json(r);
	const struct subject_input input = { .name = full_name(r, body_or_stored_text(r, owner, "first_name"),
							       body_or_stored_text(r, owner, "middle_name"),
							       body_or_stored_text(r, owner, "last_name")),
					     .date_of_birth = body_text(r, "dob") };
	/* Renames the subject of the owner's session, too. */
	const struct subject_input renamed = { .name = input.name };
	const struct use_in ins[2] = {
		{ .verb = VERB_STEP_SAVE,
		  .capacity = CAPACITY_MERCHANT,
		  .session = owner->view.file.session.id,
		  .part = "identity",
		  .subject = &renamed,
		  .fields_json = json_to_arena(&r->arena, identity) },
		{ .verb = VERB_SUBJECT_EDIT,
		  .capacity = CAPACITY_MERCHANT,
		  .part = arena_printf(&r->arena, "%s/%s", r->caller.merchant, r->arguments[1]),
		  .subject = &input },
	};
	struct use_out outs[2];

	json_free(identity);
	return desk_do_all(r->desk, &r->arena, ins, 2, outs, error);
}

static enum err handle_update(struct request *r, struct error *error)
{
	struct owner owner;
	enum err err;

	r->body_error_code = "update_beneficial_owner_schema";
	(void)body_text(r, "dob");
	(void)body_text(r, "first_name");
	(void)body_text(r, "middle_name");
	(void)body_text(r, "last_name");
	err = request_check_faults(r, error);
	if (!err)
		err = owner_load(r, r->arguments[0], r->arguments[1], &owner, error);
	if (err)
		return err;
	err = update_owner(r, &owner, error);
	owner_release(&owner);
	return err ? err : answer_owner(r, 200, r->arguments[1], error);
}

static enum err handle_delete(struct request *r, struct error *error)
{
	struct json_value *body;
	struct use_out outs[2];
	struct owner owner;
	enum err err = owner_load(r, r->arguments[0], r->arguments[1], &owner, error);

	if (err)
		return err;
	const struct use_in ins[2] = {
		{ .verb = VERB_SUBJECT_DELETE,
		  .capacity = CAPACITY_MERCHANT,
		  .part = arena_printf(&r->arena, "%s/%s", r->caller.merchant, r->arguments[1]) },
		{ .verb = VERB_HIDE, .capacity = CAPACITY_MERCHANT, .session = owner.view.file.session.id },
	};
	err = desk_do_all(r->desk, &r->arena, ins, 2, outs, error);
	body = err ? NULL : owner_json(&owner, desk_now(r->desk));
	owner_release(&owner);
	return err ? err : answer_json(r, 200, body);
}

#define OWNERS_PATH "/api/v0.1/businesses/{business_id}/beneficial_owners"
#define OWNER_PATH OWNERS_PATH "/{beneficial_owner_id}"

static const struct route rows[] = {
	{ ROUTE_CREATE, .path = "/api/v0.1/businesses", .body_shape = "BusinessNew", .response = "201:Business",
	  .verb = VERB_SUBJECT_ADD, .handle = handle_create_business, .summary = "Create a business" },
	{ ROUTE_CREATE, .path = OWNERS_PATH, .body_shape = "OwnerNew", .response = "201:Owner",
	  .verb = VERB_SUBJECT_ADD, .handle = handle_create, .summary = "Create a beneficial owner" },
	{ ROUTE_READ, .path = OWNERS_PATH, .query = "page:int page_size:int", .response = "200:Owners",
	  .handle = handle_list, .summary = "List the beneficial owners of a business" },
	{ ROUTE_READ, .path = OWNER_PATH, .response = "200:Owner", .handle = handle_get,
	  .summary = "Get a beneficial owner" },
	{ ROUTE_CHANGE, .path = OWNER_PATH, .body_shape = "OwnerChange", .response = "200:Owner",
	  .verb = VERB_SUBJECT_EDIT, .handle = handle_update,
	  .summary = "Change a beneficial owner; omitted members stay unchanged" },
	{ ROUTE_DELETE, .path = OWNER_PATH, .response = "200:OwnerDeleted", .verb = VERB_SUBJECT_DELETE,
	  .handle = handle_delete, .summary = "Delete a beneficial owner" },
};
const struct routes routes_atelio_owners = { rows, sizeof rows / sizeof *rows, DIALECT_ATELIO };
