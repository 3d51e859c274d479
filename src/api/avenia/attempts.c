/* Beneficial owners, the submission, and its attempts. */
#include "avenia/avenia.h"
#include "encode.h"
#include "shape.h"

#include <string.h>

/* The next name in a list such as "name country", in the arena; NULL after the last. */
static const char *next_name(struct arena *arena, const char **names)
{
	const char *name = arena_strndup(arena, *names, strcspn(*names, " "));

	*names += strlen(name) + strspn(*names + strlen(name), " ");
	return *name ? name : NULL;
}

/* The members of the body that are listed in `names`, as JSON text. */
static const char *body_fields_text(struct request *r, const char *names)
{
	struct json_value *fields = json_new_object();

	json_copy_members(fields, r->body, names);
	return json_move_to_arena(&r->arena, fields);
}

/* The fields of an attempt are only the fields in the request body. A field of an earlier attempt that the body
 * omits is removed, so that the field has its default value again. */
static const char *attempt_fields(struct request *r, const struct external_case *view, const char *names,
				  const char *trade_name)
{
	const struct step *company = case_step(&view->file, "company");
	struct json_value *fields = json_new_object(), *old = json_new_object();
	struct json_value *present = json_new_raw(company ? company->fields_json : "{}");

	json_copy_members(old, present, names);
	for (const char *key = json_first_key(old); key; key = json_next_key(old, key))
		json_set_null(fields, key);
	json_copy_members(fields, r->body, names);
	json_set_text(fields, "tradeName", trade_name);
	json_free(present);
	json_free(old);
	return json_move_to_arena(&r->arena, fields);
}

/* --- owners --- */

/* The fields of an owner, in the order in which they are stored. */
#define OWNER_FIELDS                                                                                                   \
	"fullName dateOfBirth taxIdNumber percentageOfOwnership hasControl "                                           \
	"countryOfTaxId uploadedIdentificationId documentCountry streetLine1 streetLine2 streetLine3 city state "      \
	"zipCode country email phone"

static void require_fields(struct request *r, const char *names)
{
	const char *name;

	while ((name = next_name(&r->arena, &names)))
		(void)body_require_text(r, name);
}

static enum err handle_add_owner(struct request *r, struct error *error)
{
	struct external_case view;
	struct party_input input;
	struct use_out out;
	enum err err;

	require_fields(r, shape_member_names(&r->arena, "UboNew", true));
	input = (struct party_input){ .name = body_text(r, "fullName"),
				      .kind = PARTY_INDIVIDUAL,
				      .roles = 1u << ROLE_UBO,
				      .control_role = body_text(r, "hasControl"),
				      .country = body_text(r, "country") };
	/* Checks only that each member is present and is a text. The desk checks the values by the profile. */
	err = request_check_faults(r, error);
	if (!err)
		err = avenia_load_case(r, &view, error);
	if (!err)
		err = API_DO(r, &out, error, .verb = VERB_PARTY_ADD, .capacity = CAPACITY_MERCHANT, .party = &input,
			     .session = view.file.session.id, .fields_json = body_fields_text(r, OWNER_FIELDS));
	return err ? err : avenia_answer_id(r, 201, out.part_id);
}

static struct json_value *owner_json(const struct party *party)
{
	struct json_value *fields = NULL;
	struct json_value *out =
		JSON_FROM({ "id", AS_TEXT(party->id) }, { "fullName", AS_TEXT(party->name) },
			  { "dateOfBirth", AS_TEXT(party->date_of_birth) }, { "taxIdNumber", AS_TEXT(party->tax_id) },
			  { "percentageOfOwnership", AS_TEXT(party->share_count ? party->shares[0].percent : "0") },
			  { "hasControl", AS_TEXT(party->control_role) });

	if (!json_read(party->fields_json, strlen(party->fields_json), &fields, NULL))
		json_copy_members(out, fields, OWNER_FIELDS);
	json_free(fields);
	return out;
}

static enum err handle_owners(struct request *r, struct error *error)
{
	struct external_case view;
	enum err err = avenia_load_case(r, &view, error);

	if (err)
		return err;
	JSON_LIST(ubos, i, view.file.party_count, owner_json(&view.file.parties[i]));
	return answer_json(r, 200, BODY(Ubos, .ubos = ubos, .cursor = AS_TEXT("")));
}

/* Finds the UBO that the path names; ERR_NOT_FOUND. */
static enum err find_owner(struct request *r, struct external_case *view, const struct party **out, struct error *error)
{
	enum err err = avenia_load_case(r, view, error);

	*out = err ? NULL : case_party(&view->file, r->arguments[0]);
	if (!err && !*out)
		err = error_set(error, ERR_NOT_FOUND, "Unknown UBO \"%s\"", r->arguments[0]);
	return err;
}

static enum err handle_owner(struct request *r, struct error *error)
{
	const struct party *party;
	struct external_case view;
	enum err err = find_owner(r, &view, &party, error);

	return err ? err : answer_json(r, 200, BODY(UboState, .ubo = owner_json(party)));
}

/* Members that the body omits stay unchanged. */
static enum err handle_change_owner(struct request *r, struct error *error)
{
	const struct party_input input = { .name = body_text(r, "fullName"),
					   .kind = PARTY_INDIVIDUAL,
					   .control_role = body_text(r, "hasControl"),
					   .country = body_text(r, "country") };
	const struct party *party;
	struct external_case view;
	enum err err = request_check_faults(r, error);

	if (!err)
		err = find_owner(r, &view, &party, error);
	if (!err)
		err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_PARTY_EDIT, .capacity = CAPACITY_MERCHANT,
					   .party = &input, .session = view.file.session.id, .part = party->id,
					   .fields_json = body_fields_text(r, OWNER_FIELDS));
	return err ? err : handle_owner(r, error);
}

static enum err handle_remove_owner(struct request *r, struct error *error)
{
	const struct party *party;
	struct external_case view;
	enum err err = find_owner(r, &view, &party, error);

	if (!err)
		err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_PARTY_REMOVE, .capacity = CAPACITY_MERCHANT,
					   .session = view.file.session.id, .part = party->id);
	return err ? err : answer_empty(r, 204);
}

/* --- the submission --- */

/* Adds a fault for each member that is absent, null or "". */
static void require_non_blank(struct request *r, const char *names)
{
	const char *name;

	while ((name = next_name(&r->arena, &names)))
		if (json_is_blank(json_get(r->body, name)))
			request_add_fault(r, name, REQUIRED_FIELD_MESSAGE);
}

/* Adds a fault for each blocker, unless the status or an open correction blocks the submission. */
static enum err refuse_submit(struct request *r, enum err err, const struct error *error)
{
	if (err != ERR_BLOCKED || !error->blocker_count)
		return err;
	for (size_t i = 0; i < error->blocker_count; i++)
		if (!strcmp(error->blockers[i].code, "status") || !strcmp(error->blockers[i].code, "correction_open"))
			return err;
	for (size_t i = 0; i < error->blocker_count; i++)
		request_add_fault(r, !strcmp(error->blockers[i].ref, "parties") ? "uboIds" : error->blockers[i].ref,
				  "%s", error->blockers[i].message);
	r->answer.status = 400;
	r->error_code = arena_strdup(&r->arena, error->blockers[0].code);
	return err;
}

static enum err handle_submit(struct request *r, struct error *error)
{
	const char *names = shape_member_names(&r->arena, "KybLevel1New", false);
	struct external_case view;
	struct subject_view account;
	struct use_out outs[2];
	enum verb verb;
	enum err err = avenia_load_case(r, &view, error);

	if (!err)
		err = desk_subject(r->desk, &r->arena, request_query(r, "subAccountId"), false, &account, error);
	if (err)
		return err;
	require_non_blank(r, shape_member_names(&r->arena, "KybLevel1New", true));
	err = request_check_faults(r, error);
	if (err)
		return err;
	verb = verb_for_submission(view.file.session.status);
	/* A submission of corrections changes only the fields in the request; all other fields keep their values. */
	const struct use_in ins[2] = {
		{ .verb = VERB_STEP_SAVE,
		  .capacity = CAPACITY_MERCHANT,
		  .session = view.file.session.id,
		  .part = "company",
		  .finish_step = true,
		  .fields_json = verb == VERB_HAND_IN ? body_fields_text(r, names)
						      : attempt_fields(r, &view, names, account.record.subject.name) },
		{ .verb = verb, .capacity = CAPACITY_MERCHANT },
	};
	err = desk_do_all(r->desk, &r->arena, ins, 2, outs, error);
	if (err)
		return refuse_submit(r, err, error);
	err = avenia_load_case(r, &view, error);
	return err ? err : avenia_answer_id(r, 201, view.attempt_id);
}

/* --- attempts --- */

/* One line for each requested correction, for example "companyLegalName: The name differs"; "": no correction. */
static const char *corrections_text(struct arena *arena, const struct case_file *file)
{
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *correction = &file->corrections[i];

		if (correction_is_requested(file, correction))
			strbuf_addf(&text, "%s%s: %s", text.len ? "\n" : "", corrected_items_text(arena, correction),
				    correction->message);
	}
	return strbuf_finish(&text, arena);
}

/* All attempts; the current attempt is the last. */
static struct json_value *attempts_json(struct request *r, const struct external_case *view)
{
	const struct session *session = &view->file.session;
	bool waits = session->status == SESSION_AWAITING_CLIENT_CORRECTION, decided = view->decided_at != TIME_NONE;
	const char *result = session->status == SESSION_APPROVED   ? "APPROVED"
			     : session->status == SESSION_REJECTED ? "REJECTED"
								   : "";
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < view->file.attempt_count; i++) {
		const struct attempt *attempt = &view->file.attempts[i];

		json_append(list,
			    BODY(Attempt, .id = AS_TEXT(view->attempt_ids[i]), .levelName = AS_TEXT(AVENIA_LEVEL),
				 .status = AS_TEXT("COMPLETED"),
				 .result = AS_TEXT(attempt->result == ATTEMPT_REJECTED ? "REJECTED" : ""),
				 .resultMessage = AS_TEXT(attempt->message), .retryable = AS_BOOL(attempt->retryable),
				 .createdAt = AS_TIME(attempt->submitted_at), .updatedAt = AS_TIME(attempt->ended_at)));
	}
	if (session->submitted_at != TIME_NONE)
		json_append(
			list,
			BODY(Attempt, .id = AS_TEXT(view->attempt_id), .levelName = AS_TEXT(AVENIA_LEVEL),
			     .status = AS_TEXT(decided ? "COMPLETED"
					       : waits ? "PENDING"
						       : "PROCESSING"),
			     .result = AS_TEXT(result),
			     .resultMessage = AS_TEXT(waits ? corrections_text(&r->arena, &view->file) : view->message),
			     .retryable = AS_BOOL(view->retryable), .createdAt = AS_TIME(session->submitted_at),
			     .updatedAt = AS_TIME(decided ? view->decided_at : session->updated_at)));
	return list;
}

static enum err handle_attempt(struct request *r, struct error *error)
{
	struct json_value *attempts, *body = NULL;
	struct external_case view;
	enum err err = avenia_load_case(r, &view, error);

	if (err)
		return err;
	attempts = attempts_json(r, &view);
	for (size_t i = 0; !body && i < json_count(attempts); i++)
		if (!strcmp(json_get_text(json_at(attempts, i), "id"), r->arguments[0]))
			body = BODY(AttemptState, .attempt = json_clone(json_at(attempts, i)));
	json_free(attempts);
	return body ? answer_json(r, 200, body)
		    : error_set(error, ERR_NOT_FOUND, "Unknown attempt \"%s\"", r->arguments[0]);
}

/* Whether the member has the value that the query requests; true if the query requests no value. */
static bool matches_query(const struct request *r, const struct json_value *attempt, const char *member)
{
	const char *wanted = request_query(r, member);

	return !wanted || !*wanted || !strcmp(wanted, json_get_text(attempt, member));
}

static enum err handle_attempts(struct request *r, struct error *error)
{
	struct json_value *attempts, *list;
	struct external_case view;
	enum err err = avenia_load_case(r, &view, error);

	if (err)
		return err;
	attempts = attempts_json(r, &view);
	list = json_new_array();
	for (size_t i = 0; i < json_count(attempts); i++) {
		const struct json_value *at = json_at(attempts, i);

		if (matches_query(r, at, "levelName") && matches_query(r, at, "status") &&
		    matches_query(r, at, "result"))
			json_append(list, json_clone(at));
	}
	json_free(attempts);
	return answer_json(r, 200, BODY(Attempts, .attempts = list, .cursor = AS_TEXT("")));
}

static const struct route rows[] = {
	{ ROUTE_CREATE, .path = "/v2/account/ubos", .query = "subAccountId:uuid!", .body_shape = "UboNew",
	  .response = "201:Made", .verb = VERB_PARTY_ADD, .extra_members = "email phone", .handle = handle_add_owner,
	  .summary = "Register a beneficial owner" },
	{ ROUTE_READ, .path = "/v2/account/ubos", .query = "subAccountId:uuid!", .response = "200:Ubos",
	  .handle = handle_owners, .summary = "List the beneficial owners" },
	{ ROUTE_READ, .path = "/v2/account/ubos/{uboId}", .query = "subAccountId:uuid!", .response = "200:UboState",
	  .handle = handle_owner, .summary = "Get a beneficial owner" },
	{ ROUTE_CHANGE, .path = "/v2/account/ubos/{uboId}", .query = "subAccountId:uuid!", .body_shape = "UboChange",
	  .response = "200:UboState", .verb = VERB_PARTY_EDIT, .extra_members = "email phone",
	  .handle = handle_change_owner,
	  .summary = "Change a beneficial owner before the submission; omitted members stay unchanged" },
	{ ROUTE_DELETE, .path = "/v2/account/ubos/{uboId}", .query = "subAccountId:uuid!", .response = "204",
	  .verb = VERB_PARTY_REMOVE, .handle = handle_remove_owner,
	  .summary = "Remove a beneficial owner before the submission" },
	{ ROUTE_CREATE, .path = "/v2/kyc/new-level-1/api", .query = "subAccountId:uuid!", .body_shape = "KybLevel1New",
	  .response = "201:Made", .verb = VERB_SUBMIT, .handle = handle_submit,
	  .summary = "Submit KYB Level 1, or the corrections" },
	{ ROUTE_READ, .path = "/v2/kyc/attempts",
	  .query = "subAccountId:uuid! levelName:text status:AttemptStatus result:AttemptResult",
	  .response = "200:Attempts", .handle = handle_attempts, .summary = "List the attempts" },
	{ ROUTE_READ, .path = "/v2/kyc/attempts/{attemptId}", .query = "subAccountId:uuid!",
	  .response = "200:AttemptState", .handle = handle_attempt, .summary = "Get the status of an attempt" },
};
const struct routes routes_avenia_attempts = { rows, sizeof rows / sizeof *rows, DIALECT_AVENIA };
