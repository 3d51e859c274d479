#include "problem.h"
#include "shape.h"
#include "link/page.h"
#include "route.h"
#include "kybdesk/desk/read.h"

#include <string.h>

#define DEPTH_MAX 4

struct problem {
	const char *code; /* the error code in the body; also the last part of the address in `type` */
	const char *title;
	const char *remedy; /* how to resolve the problem */
};
static const struct problem problems[] = {
	{ "invalid", "The request is wrong", "Correct the members listed in \"errors\", then send the request again." },
	{ "unauthorized", "No valid token", "Send Authorization: Bearer TOKEN with a valid key." },
	{ "forbidden", "Not permitted",
	  "Use a key with the needed permission; \"detail\" gives the reason for the refusal." },
	{ "expired", "The address has expired", "Request a new address." },
	{ "not_found", "Not found", "Check the address and the id. Data of another merchant is never found." },
	{ "method_not_allowed", "Method not allowed", "Use a method listed in the header Allow." },
	{ "blocked", "The state of the case forbids the request",
	  "Resolve the blockers in \"error.blockers\", then try again." },
	{ "conflict", "The case changed meanwhile", "Read the case again, then decide whether to try again." },
	{ "idempotency_key_used", "Idempotency-Key already used for another request",
	  "Use a new key for each new request." },
	{ "idempotency_key_in_use", "The first request is still in progress",
	  "Wait a moment, then send the same request again." },
	{ "gone", "The link is no longer valid", "Request a new link, if the case still needs one." },
	{ "precondition_failed", "A condition of the request does not hold",
	  "Read the address again for its ETag; for another file, create a new document record." },
	{ "too_large", "Too large", "Send less; docs/api.md lists the limits." },
	{ "unsupported_media_type", "Content type not accepted",
	  "Send the body in the form that \"detail\" describes." },
	{ "too_many_requests", "Too many requests",
	  "Wait the number of seconds in the header Retry-After, then try again." },
	{ "unavailable", "The service is not available", "Try again later with the same Idempotency-Key." },
	{ "internal", "Internal error", "Report the id in \"instance\" to the operator." },
};

static const struct problem *problem_find(const char *code)
{
	return ITEM_WITH_TEXT(problems, sizeof problems / sizeof *problems, code, code);
}

/* The second name of the pair with this first name; NULL: none. */
static const char *map_name(const char *const (*names)[2], size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i][0], name))
			return names[i][1];
	return NULL;
}

/* Translates the desk's name of a field into the name in the body; NULL: the two names are equal. */
static const char *body_field_name(const char *field)
{
	static const char *const names[][2] = { { "type", "document_type" },
						{ "file", "content" },
						{ "workflow", "workflow_id" },
						{ "birth", "date_of_birth" },
						{ "percent", "ownership_percent" },
						{ "step", "step_id" },
						{ "field", "field_ids" },
						{ "document", "document_types" },
						{ "event", "events" },
						{ "overlap", "overlap_hours" } };

	return map_name(names, sizeof names / sizeof *names, field);
}

static bool has_member(const struct shape *shape, const char *path)
{
	struct json_member member;
	char name[64];
	size_t length = strcspn(path, ".[");

	if (length >= sizeof name)
		return false;
	memcpy(name, path, length);
	name[length] = '\0';
	return shape_member_find(shape, name, &member);
}

static bool member_has_name(const struct json_member *member, const char *name)
{
	return shape_word_equals(member->name, member->name_length, name);
}

/* Whether the member is an object that may have members with any names: fields of a workflow, or results of a
 * provider in this body. */
static bool allows_any_member(struct request *r, const struct json_member *member, const char *path)
{
	if (!shape_word_equals(member->type, member->type_length, "object"))
		return false;
	return member_has_name(member, "fields") || (member_has_name(member, "results") && body_value(r, path));
}

/* Whether the list has exactly one element. In a longer list, the desk does not report which element has the fault. */
static bool has_one_item(const struct request *r, const char *path)
{
	const struct json_value *list = body_value(r, path);

	return list && json_is_array(list) && json_count(list) == 1;
}

/* Search for the path of the member `field` in the body: at the top, or in a member with its own shape.
 * includes_free_members: also in "fields" and "results". The path is NULL if the member is not found. */
struct member_search {
	struct request *r;
	const char *field;
	bool includes_free_members;
};
static const char *find_member_path(const struct member_search *search, const struct shape *shape, const char *base,
				    int depth)
{
	const char *at = shape->members ? shape->members : "", *found = NULL;
	struct arena *arena = &search->r->arena;
	struct json_member member;

	if (depth > DEPTH_MAX)
		return NULL;
	if (has_member(shape, search->field))
		return arena_printf(arena, "%s%s", base, search->field);
	while (!found && json_member_next(&at, &member)) {
		bool list = *member.type == '[';
		const char *below = arena_printf(arena, "%s%.*s", base, (int)member.name_length, member.name);
		const struct shape *inner = shape_find(member.type + list, member.type_length - (list ? 2 : 0));

		if (search->includes_free_members && allows_any_member(search->r, &member, below))
			found = arena_printf(arena, "%s.%s", below, search->field);
		else if (list && inner && has_member(inner, search->field))
			found = has_one_item(search->r, below) ? arena_printf(arena, "%s[0].%s", below, search->field)
							       : below;
		else if (!list && inner)
			found = find_member_path(search, inner, arena_printf(arena, "%s.", below), depth + 1);
	}
	return found;
}

static const char *path_of_field(struct request *r, const struct shape *shape, const char *field)
{
	const char *other = body_field_name(field);
	struct member_search search = { .r = r, .field = field };
	const char *path = find_member_path(&search, shape, "", 0);

	if (path)
		return path;
	search = (struct member_search){ .r = r, .field = other ? other : field, .includes_free_members = !other };
	return find_member_path(&search, shape, "", 0);
}

static bool is_letter_or_digit(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* "corrections[0].message" becomes "#/corrections/0/message" (RFC 6901, section 6). */
static const char *json_pointer(struct arena *arena, const char *path)
{
	static const char plain[] = "-._~!$&'()*+,;=:@";
	struct strbuf text = STRBUF_INIT;

	strbuf_adds(&text, "#/");
	for (const char *at = path; *at; at++) {
		unsigned char c = (unsigned char)*at;

		if (c == ']')
			continue;
		if (c == '.' || c == '[')
			strbuf_addch(&text, '/');
		else if (c == '~' || c == '/')
			strbuf_adds(&text, c == '~' ? "~0" : "~1");
		else if (c < 0x80 && (is_letter_or_digit(c) || strchr(plain, c)))
			strbuf_addch(&text, (char)c);
		else
			strbuf_addf(&text, "%%%02X", c);
	}
	return strbuf_finish(&text, arena);
}

/* JSON pointer of a fault's field in the request body, as a URI fragment; NULL: the body cannot have this field. */
static const char *json_pointer_of_field(struct request *r, const char *field)
{
	const char *path, *body_shape = r->route ? r->route->body_shape : NULL;

	if (!body_shape || !*field || !r->body)
		return NULL;
	/* In a form, the desk's names are already the body's names; the JSON upload has other names. */
	if (r->route->body == BODY_UPLOAD)
		body_shape = "UploadText";
	path = path_of_field(r, shape_find(body_shape, strlen(body_shape)), field);
	return path ? json_pointer(&r->arena, path) : NULL;
}

/* Whether the field is a parameter in the route's query. */
static bool is_query_parameter(const struct request *r, const char *field)
{
	const char *at = r->route && r->route->query ? r->route->query : "";
	struct json_member member;

	while (json_member_next(&at, &member))
		if (member_has_name(&member, field))
			return true;
	return false;
}

static struct json_value *problem_fault_json(struct request *r, const char *field, const char *message)
{
	struct json_value *out = json_new_object();
	const char *place = json_pointer_of_field(r, field);

	json_set_text(out, "detail", message);
	json_set_text(out, "field", field);
	if (!strcmp(field, "Idempotency-Key"))
		json_set_text(out, "header", field);
	else if (is_query_parameter(r, field))
		json_set_text(out, "parameter", field);
	else if (place)
		json_set_text(out, "pointer", place);
	return out;
}

/* Adds the members of RFC 9457 to a body that already has the common members in "error". */
static void add_problem_members(struct request *r, struct json_value *root)
{
	const struct json_value *common_error_json = json_get(root, "error"),
				*fields = json_get(common_error_json, "fields");
	const struct problem *problem = problem_find(json_get_text(common_error_json, "code"));
	const char *type = problem ? arena_printf(&r->arena, "/problems/%s", problem->code) : "about:blank";

	JSON_LIST(errors, i, json_count(fields),
		  problem_fault_json(r, json_get_text(json_at(fields, i), "field"),
				     json_get_text(json_at(fields, i), "message")));
	(void)JSON_ADD(root, { "type", AS_TEXT(type) }, { "title", AS_TEXT(problem ? problem->title : "Error") },
		       { "status", AS_INT(r->answer.status) },
		       { "detail", AS_TEXT(json_get_text(common_error_json, "message")) },
		       { "instance", AS_TEXT(arena_printf(&r->arena, "urn:uuid:%s", r->id)) }, { "errors", errors });
}

/* --- the response, in the format of each dialect (docs/api.md "Answers") --- */

int status_of_error(enum err code)
{
	static const int statuses[] = {
		[ERR_OK] = 200,	      [ERR_USAGE] = 400,     [ERR_INVALID] = 400,   [ERR_BLOCKED] = 409,
		[ERR_CONFLICT] = 409, [ERR_NOT_FOUND] = 404, [ERR_FORBIDDEN] = 403, [ERR_STORE] = 503,
		[ERR_INTERNAL] = 500, [ERR_PARTIAL] = 500
	};

	return statuses[code];
}

/* Messages of internal errors name files of this machine, so only the log has them. */
static const char *message_of(struct request *r, const struct error *error)
{
	if (r->answer.status == 503)
		return "The service is not available at the moment; try again";
	if (r->answer.status == 500)
		return "Internal error; report the id of this request to the operator";
	return error->message ? error->message : "";
}

static const char *code_of(struct request *r, const struct error *error)
{
	if (r->error_code)
		return r->error_code;
	if (r->answer.status == 503)
		return "unavailable";
	if (r->answer.status == 400 && r->body_error_code)
		return r->body_error_code;
	return error_code_name(error->code == ERR_USAGE ? ERR_INVALID : error->code);
}

/* Names of a party's members in the seed avenia-kyb-level-1; NULL: the name is unchanged. */
static const char *avenia_field_name(const char *field)
{
	static const char *const names[][2] = {
		{ "name", "fullName" },
		{ "birth", "dateOfBirth" },
		{ "date_of_birth", "dateOfBirth" },
		{ "percent", "percentageOfOwnership" },
		{ "control_role", "hasControl" },
		{ "tax_id", "taxIdNumber" },
	};

	return map_name(names, sizeof names / sizeof *names, field);
}

/* The desk has a single name field. For an owner, a fault of this field is reported for last_name. */
static const char *atelio_field_name(const struct request *r, const char *field)
{
	bool of_business = r->route->body_shape && !strcmp(r->route->body_shape, "BusinessNew");

	if (!strcmp(field, "name"))
		return of_business ? field : "last_name";
	return !strcmp(field, "date_of_birth") ? "dob" : field;
}

/* The field name in the dialect's style: "dateOfBirth" for "date_of_birth". */
static const char *field_name_in_dialect(struct request *r, const char *field)
{
	bool camel_case = dialect_of(r) == DIALECT_RALIO || dialect_of(r) == DIALECT_AVENIA;
	struct strbuf text = STRBUF_INIT;

	if (dialect_of(r) == DIALECT_AVENIA && r->route->verb != VERB_SESSION_OPEN && avenia_field_name(field))
		return avenia_field_name(field);
	if (dialect_of(r) == DIALECT_ATELIO)
		return atelio_field_name(r, field);
	if (!camel_case || strpbrk(field, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") || !strncmp(field, "api_", 4))
		return field;
	for (; *field; field++) {
		if (*field == '_' && field[1] >= 'a' && field[1] <= 'z')
			strbuf_addch(&text, (char)(*++field - 'a' + 'A'));
		else
			strbuf_addch(&text, *field);
	}
	return strbuf_finish(&text, &r->arena);
}

static struct json_value *field_json(struct request *r, const char *field, const char *message)
{
	return BODY(FieldFault, .field = AS_TEXT(field_name_in_dialect(r, field)), .message = AS_TEXT(message));
}

static struct json_value *fault_fields_json(struct request *r, const struct error *error)
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < r->fault_count; i++)
		json_append(list, field_json(r, r->faults[i].field, r->faults[i].message));
	if (!r->fault_count && *request_field_name(error->field))
		json_append(list, field_json(r, request_field_name(error->field), error->message));
	return list;
}

static struct json_value *common_error_json(struct request *r, const struct error *error)
{
	return BODY(Error, .error = BODY(ErrorBody, .code = AS_TEXT(code_of(r, error)),
					 .message = AS_TEXT(message_of(r, error)),
					 .fields = fault_fields_json(r, error), .blockers = json_new_blockers(error)));
}

/* The faults of the fields, for example {"last_name":["Missing data for required field."]} */
static struct json_value *atelio_fields_json(struct request *r, const struct error *error)
{
	struct json_value *fields = json_new_object();
	const char *name = request_field_name(error->field), *message = message_of(r, error);

	for (size_t i = 0; i < r->fault_count; i++) {
		const struct fault *fault = &r->faults[i];

		/* One entry for each field, with its first fault. */
		if (!json_get(fields, fault->field))
			json_set(fields, field_name_in_dialect(r, fault->field), json_new_texts(&fault->message, 1));
	}
	if (!r->fault_count)
		json_set(fields, *name ? field_name_in_dialect(r, name) : "error", json_new_texts(&message, 1));
	return fields;
}

static struct json_value *atelio_error_json(struct request *r, const struct error *error)
{
	return BODY(AtelioError, .Message = AS_TEXT(json_move_to_arena(&r->arena, atelio_fields_json(r, error))),
		    .Status = AS_INT(r->answer.status), .Code = AS_TEXT(code_of(r, error)),
		    .Type = AS_TEXT(r->answer.status < 500 ? "Request Error" : "Server Error"));
}

void answer_error(struct request *r, const struct error *error)
{
	if (!r->answer.status || r->answer.status < 400)
		r->answer.status = status_of_error(error->code);
	json_free(r->answer.json);
	r->answer.json = NULL;
	r->answer.bytes = NULL;
	if (dialect_of(r) == DIALECT_PAGE) {
		page_error(r);
		return;
	}
	r->answer.json = dialect_of(r) == DIALECT_ATELIO ? atelio_error_json(r, error) : common_error_json(r, error);
	/* DIALECT_KYBDESK includes the JSON of a client's link */
	if (dialect_of(r) == DIALECT_GENERIC || dialect_of(r) == DIALECT_KYBDESK) {
		add_problem_members(r, r->answer.json);
		r->answer.json_media_type = PROBLEM_MEDIA_TYPE;
	}
}

/* --- routes outside the dialects: whether this server is alive and whether it is ready; the kinds of problems --- */

static enum err handle_health(struct request *r, struct error *error)
{
	(void)error;
	return answer_json(r, 200, BODY(Health, .status = AS_TEXT("ok")));
}

static enum err handle_ready(struct request *r, struct error *error)
{
	int64_t counts[INBOX_COUNT];
	enum err err;

	r->answer.is_probe = true;
	if (!r->desk) {
		r->answer.status = 503;
		return error_set(error, ERR_STORE, "All connections to the store are busy");
	}
	err = desk_inbox_counts(r->desk, counts, error);
	if (!err)
		err = desk_check_store(r->desk, true, error);
	/* Any error means that the server is not ready: a load balancer must not send requests to this server. */
	if (err)
		r->answer.status = 503;
	return err ? err : answer_json(r, 200, BODY(Health, .status = AS_TEXT("ready")));
}

static struct json_value *problem_json(const struct problem *problem)
{
	return BODY(ProblemKind, .code = AS_TEXT(problem->code), .title = AS_TEXT(problem->title),
		    .resolve = AS_TEXT(problem->remedy));
}

/* Responds at the address that an error has in its member `type`. */
static enum err handle_problem(struct request *r, struct error *error)
{
	const struct problem *problem = problem_find(r->arguments[0]);

	if (!problem)
		return error_set(error, ERR_NOT_FOUND, "Unknown problem \"%s\". List them with: GET /problems",
				 r->arguments[0]);
	return answer_json(r, 200, problem_json(problem));
}

static enum err handle_problems(struct request *r, struct error *error)
{
	(void)error;
	JSON_LIST(data, i, sizeof problems / sizeof *problems, problem_json(&problems[i]));
	return answer_json(r, 200, BODY(ProblemKinds, .data = data));
}

static const struct route rows[] = {
	{ ROUTE_PUBLIC, .path = "/healthz", .response = "200:Health", .needs_no_desk = true, .handle = handle_health,
	  .summary = "Check whether the server responds" },
	{ ROUTE_PUBLIC, .path = "/readyz", .response = "200:Health", .is_probe = true, .handle = handle_ready,
	  .summary = "Check whether the store can be read and written" },
	{ ROUTE_PUBLIC, .path = "/problems", .response = "200:ProblemKinds", .handle = handle_problems,
	  .summary = "List the kinds of errors" },
	{ ROUTE_PUBLIC, .path = "/problems/{problem}", .response = "200:ProblemKind", .handle = handle_problem,
	  .summary = "Get one kind of error, by the address in \"type\" of an error" },
};
const struct routes routes_kybdesk = { rows, sizeof rows / sizeof *rows, DIALECT_KYBDESK };
