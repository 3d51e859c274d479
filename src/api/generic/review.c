/* Decisions and requests for corrections, with a reviewer's own key or, in a sandbox, a merchant's key; processing, and
 * results of checks. The desk checks every decision and transition. */
#include "generic/generic.h"
#include "shape.h"
#include "kybdesk/codec/session_codec.h"
#include "kybdesk/desk/sandbox.h"
#include "encode.h"

#include <string.h>

/* --- a session in the format of the seed --- */

static const char *final_text(enum final_decision decision)
{
	return decision == FINAL_NONE ? "" : final_decision_text(decision);
}

static struct json_value *step_json(const struct step *step)
{
	return BODY(SessionStep, .step_id = AS_TEXT(step->id), .status = AS_TEXT(step_status_text(step->status)),
		    .fields = AS_RAW(step->fields_json));
}

static struct json_value *document_side_json(const struct document *document, size_t at)
{
	const struct document_side side = document_side(document, at);

	return BODY(SessionDocumentSide, .side = AS_TEXT(side_text(at ? SIDE_BACK : SIDE_FRONT)),
		    .file_name = AS_TEXT(side.file_name), .size = AS_INT(side.size_bytes),
		    .sha256 = AS_TEXT(side.sha256), .status = AS_TEXT(upload_state_text(side.upload)));
}

static struct json_value *document_json(const struct document *document)
{
	JSON_LIST(sides, i, document->double_sided ? SIDE_COUNT : 0, document_side_json(document, i));
	return BODY(SessionDocument, .id = AS_TEXT(document->id), .type = AS_TEXT(document->type),
		    .category = AS_TEXT(document->category),
		    .side = AS_TEXT(document->double_sided ? side_text(SIDE_FRONT) : ""),
		    .file_name = AS_TEXT(document->file_name), .size = AS_INT(document->size_bytes),
		    .sha256 = AS_TEXT(document->sha256), .status = AS_TEXT(upload_state_text(document->upload)),
		    .created_at = AS_TIME(document->uploaded_at), .sides = json_null_if_empty(sides));
}

static struct json_value *subject_json(const struct subject *subject)
{
	return BODY(SessionSubject, .uid = AS_TEXT(subject->uid), .kind = AS_TEXT(subject_kind_text(subject->kind)),
		    .name = AS_TEXT(subject->name), .country = AS_TEXT(subject->country),
		    .email = AS_TEXT(subject->email));
}

static struct json_value *contributor_json(const struct contribution *contribution)
{
	return BODY(Contributor, .by = AS_TEXT(contribution->actor), .what = AS_TEXT(contribution->audit_action),
		    .material = AS_TEXT(material_text(contribution->material)), .part = AS_TEXT(contribution->part),
		    .session = AS_TEXT(contribution->session_id), .at = AS_TIME(contribution->at));
}

struct json_value *session_json(const struct external_case *view)
{
	const struct case_file *file = &view->file;
	const struct session *session = &file->session;

	JSON_LIST(steps, i, file->step_count, step_json(&file->steps[i]));
	JSON_LIST(documents, i, file->document_count, document_json(&file->documents[i]));
	JSON_LIST(contributors, i, view->contributions.count, contributor_json(&view->contributions.items[i]));
	return BODY(Session, .id = AS_TEXT(session->id), .workflow_id = AS_TEXT(session->workflow),
		    .workflow_version = view->profile ? AS_INT(view->profile->version) : AS_NULL,
		    .external_id = AS_TEXT(session->external_ref),
		    .version = view->version ? AS_INT(view->version) : AS_NULL,
		    .kind = AS_TEXT(session_kind_text(session->kind)), .parent_id = AS_TEXT(session->parent_id),
		    .status = AS_TEXT(session_status_text(session->status)),
		    .compliance_status = AS_TEXT(inbox_text(session_status_inbox(session->status))),
		    .custom_tags = AS_RAW(session->custom_tags_json), .metadata = AS_RAW(session->metadata_json),
		    .access_link = AS_TEXT(view->link), .access_link_expires_at = AS_TIME(session->expires_at),
		    .steps = steps, .documents = documents, .corrections = corrections_json(file, NULL),
		    .subject = subject_json(&session->subject), .risk_score = AS_NULL,
		    .final_decision = AS_TEXT(final_text(session->final_decision)), .reason = AS_TEXT(view->reason),
		    .message = AS_TEXT(view->message), .retryable = AS_BOOL(view->retryable),
		    .decided_at = AS_TIME(view->decided_at), .created_at = AS_TIME(session->created_at),
		    .submitted_at = AS_TIME(session->submitted_at), .updated_at = AS_TIME(session->updated_at),
		    .approval = AS_NULL, .rules_note = AS_TEXT(view->rules_note),
		    .contributors = json_null_if_empty(contributors));
}

enum err session_load(struct request *r, const char *id, struct external_case *out, struct error *error)
{
	return desk_external_case(r->desk, &r->arena, id, out, error);
}

enum err answer_session(struct request *r, int status, const char *id, struct error *error)
{
	struct external_case view;
	enum err err = session_load(r, id, &view, error);

	return err ? err : answer_json(r, status, session_json(&view));
}

/* Whether the member reveals findings, or a machine's confidence in findings. */
static bool is_finding_name(const char *key)
{
	static const char *const words[] = { "score", "confidence", "hits",   "hit",  "matches",
					     "match", "risk",	    "alerts", "flags" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strstr(key, words[i]))
			return true;
	return false;
}

static struct json_value *remove_findings(const struct json_value *value)
{
	struct json_value *out;

	if (json_is_array(value)) {
		out = json_new_array();
		for (size_t i = 0; i < json_count(value); i++)
			json_append(out, remove_findings(json_at(value, i)));
		return out;
	}
	if (!json_is_object(value))
		return value ? json_clone(value) : json_new_null();
	out = json_new_object();
	for (const char *key = json_first_key(value); key; key = json_next_key(value, key))
		if (!is_finding_name(key))
			json_set(out, key, remove_findings(json_get(value, key)));
	return out;
}

static struct json_value *check_json(const struct check *check)
{
	bool completed = check->status == CHECK_PASSED || check->status == CHECK_FAILED;

	return BODY(Validation, .type = AS_TEXT(check_kind_text(check->kind)),
		    .status = AS_TEXT(completed ? "completed" : check_status_text(check->status)));
}

/* {extraction_results, …} of the session, without members reserved for the review. */
static struct json_value *results_json(const struct external_case *view)
{
	const struct case_file *file = &view->file;
	const char *text = file->session.processing_results_json;
	struct json_value *out, *stored = NULL;
	enum check_status face = CHECK_WAIVED;

	if (json_read(text, strlen(text), &stored, NULL) || !json_is_object(stored)) {
		json_free(stored);
		return NULL;
	}
	for (size_t i = 0; i < file->check_count; i++)
		if (file->checks[i].kind == CHECK_FACE_MATCH)
			face = file->checks[i].status;
	JSON_LIST(checks, i, file->check_count, check_json(&file->checks[i]));
	out = BODY(
		ProcessingResults, .extraction_results = remove_findings(json_get(stored, "extraction_results")),
		.cross_validation = remove_findings(json_get(stored, "cross_validation")),
		.web_validation_results = remove_findings(json_get(stored, "web_validation_results")),
		.face_match_result =
			face == CHECK_WAIVED
				? AS_NULL
				: BODY(FaceMatch, .status = AS_TEXT(face == CHECK_PENDING ? "pending" : "completed")),
		.external_validations = checks, .final_decision = AS_TEXT(final_text(file->session.final_decision)));
	json_free(stored);
	return out;
}

/* --- decisions and transitions --- */

#define CORRECTIONS_MAX 50
#define NAMES_MAX 100

/* The verb for a transition between two statuses. The desk decides whether the transition is allowed. */
struct status_transition {
	enum session_status to_status;
	unsigned from_statuses; /* bits of enum session_status; 0: any status */
	enum verb verb;
};
static const struct status_transition status_transitions[] = {
	{ SESSION_APPROVED, 0, VERB_APPROVE },
	{ SESSION_REJECTED, 0, VERB_REJECT },
	{ SESSION_MANUAL_REVIEW, 1u << SESSION_AWAITING_CLIENT_CORRECTION, VERB_WITHDRAW },
	{ SESSION_MANUAL_REVIEW, 1u << SESSION_COMPLETED | 1u << SESSION_PROCESSED, VERB_ESCALATE },
	{ SESSION_DRAFT, 1u << SESSION_EXPIRED, VERB_REACTIVATE },
	{ SESSION_ACTIVE, 1u << SESSION_EXPIRED, VERB_REACTIVATE },
	{ SESSION_AWAITING_CLIENT_CORRECTION, 1u << SESSION_EXPIRED, VERB_REACTIVATE },
	{ SESSION_PROCESSING, 0, VERB_PROCESS },
};

static const struct status_transition *find_transition(enum session_status from, enum session_status to)
{
	for (size_t i = 0; i < sizeof status_transitions / sizeof *status_transitions; i++)
		if (status_transitions[i].to_status == to &&
		    (!status_transitions[i].from_statuses || status_transitions[i].from_statuses & 1u << from))
			return &status_transitions[i];
	return NULL;
}

/* The version of the case that the decision is based on; 0: the request has no version. */
static int64_t read_case_version(struct request *r)
{
	int64_t version = body_int(r, "version", 0);

	if (!body_value(r, "version"))
		return 0;
	if (version < 1)
		request_add_fault(r, "version", "version must be the number of a version of the session, 1 or more");
	else if (r->caller.capacity != CAPACITY_STAFF && !desk_is_sandbox(r->desk))
		request_add_fault(r, "version", "Leave out \"version\"; only a reviewer's own key may send it");
	return version;
}

/* After a second approval, which needs a reviewer's own key, the body names the first approver. */
static struct json_value *decided_session_json(const struct external_case *view, const struct use_out *out)
{
	struct json_value *body = session_json(view);

	if (out->approval_stage != APPROVAL_SINGLE)
		json_set(body, "approval",
			 BODY(Approval, .part = AS_TEXT(approval_stage_text(out->approval_stage)),
			      .first_by = AS_TEXT(out->first_approver), .first_at = AS_TIME(out->first_approval_at)));
	return body;
}

static enum err handle_patch(struct request *r, struct error *error)
{
	const char *word = body_require_text(r, "status"), *reason = body_text(r, "reason");
	const char *message = body_text(r, "message"), *note = body_text(r, "note"),
		   *override = body_text(r, "override");
	bool retryable = body_bool(r, "retryable", false);
	int64_t version = read_case_version(r);
	enum session_status to = SESSION_DRAFT;
	const struct status_transition *transition;
	struct external_case view;
	struct use_out out;
	enum err err;

	if (*word && !session_status_parse(word, &to))
		request_add_word_fault(r, "status", "a status of a session", word, session_status_words);
	err = request_check_faults(r, error);
	if (!err)
		err = session_load(r, r->arguments[0], &view, error);
	if (err)
		return err;
	transition = find_transition(view.file.session.status, to);
	if (!transition)
		return error_set_field(error, ERR_BLOCKED, "status",
				       "This request cannot change a session from %s to %s",
				       session_status_text(view.file.session.status), word);
	err = API_DO(r, &out, error, .verb = transition->verb, .session = r->arguments[0], .reason = reason,
		     .text = message, .note = note, .override = override, .has_grace = true, .seen_version = version,
		     .retryable = !body_value(r, "retryable") ? CHOICE_DEFAULT
				  : retryable		      ? CHOICE_YES
							      : CHOICE_NO);
	if (!err)
		err = session_load(r, r->arguments[0], &view, error);
	return err ? err : answer_json(r, 200, decided_session_json(&view, &out));
}

/* Reads a list of strings; *count: their number. */
static const char **read_string_list(struct request *r, const struct json_value *list, const char *field, size_t *count)
{
	const char **names = arena_alloc_array(&r->arena, NAMES_MAX, sizeof *names);

	*count = 0;
	if (!list || json_value_is_null(list))
		return names;
	if (!json_is_array(list) || json_count(list) > NAMES_MAX) {
		request_add_fault(r, field, "%s must be a list of at most %d strings", field, NAMES_MAX);
		return names;
	}
	for (size_t i = 0; i < json_count(list); i++) {
		const char *name = json_text(json_at(list, i));

		if (name)
			names[(*count)++] = name;
		else
			request_add_fault(r, field, "%s must be a list of strings", field);
	}
	return names;
}

static void read_correction(struct request *r, const struct json_value *item, size_t at, struct correction_request *out)
{
	const char *base = arena_printf(&r->arena, "corrections[%zu]", at);

	*out = (struct correction_request){ .step_id = json_get_text(item, "step_id"),
					    .message = json_get_text(item, "message") };
	if (!json_is_object(item)) {
		request_add_fault(r, base, "%s must be an object", base);
		return;
	}
	if (!out->message)
		request_add_fault(r, arena_printf(&r->arena, "%s.message", base), REQUIRED_FIELD_MESSAGE);
	out->field_ids = read_string_list(r, json_get(item, "field_ids"), arena_printf(&r->arena, "%s.field_ids", base),
					  &out->field_count);
	out->document_types =
		read_string_list(r, json_get(item, "document_types"),
				 arena_printf(&r->arena, "%s.document_types", base), &out->document_type_count);
	out->document_ids = read_string_list(r, json_get(item, "document_ids"),
					     arena_printf(&r->arena, "%s.document_ids", base), &out->document_id_count);
	out->party_id = json_get_text(item, "party_id");
	if (!out->step_id && !out->document_type_count && !out->document_id_count && !out->party_id)
		request_add_fault(r, arena_printf(&r->arena, "%s.step_id", base), REQUIRED_FIELD_MESSAGE);
}

/* Replaces the desk's member names in an error by the names in the request's body. */
static void rename_error_field(struct request *r, size_t count, struct error *error)
{
	static const char *const members[][2] = { { "step", "step_id" },
						  { "field", "field_ids" },
						  { "document", "document_types" },
						  { "document_id", "document_ids" },
						  { "party", "party_id" },
						  { "message", "message" } };

	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		request_rename_field(error, members[i][0],
				     count == 1 ? arena_printf(&r->arena, "corrections[0].%s", members[i][1])
						: "corrections");
}

static enum err handle_corrections(struct request *r, struct error *error)
{
	const struct json_value *list = body_value(r, "corrections");
	const char *override = body_text(r, "override");
	struct correction_request requests[CORRECTIONS_MAX];
	int64_t version = read_case_version(r);
	size_t count = 0;
	enum err err;

	if (!list || !json_is_array(list) || !json_count(list) || json_count(list) > CORRECTIONS_MAX)
		request_add_fault(r, "corrections", "corrections must be a list of 1 to %d items", CORRECTIONS_MAX);
	else
		for (; count < json_count(list); count++)
			read_correction(r, json_at(list, count), count, &requests[count]);
	err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_CORRECTIONS, .session = r->arguments[0], .requests = requests,
				   .request_count = count, .has_grace = true, .seen_version = version,
				   .override = override);
	if (err)
		rename_error_field(r, count, error);
	return err ? err : answer_session(r, 200, r->arguments[0], error);
}

/* --- processing --- */

/* Names the route of the provider's callback only in a sandbox: in production, a merchant's key may not use it. */
static const char *results_source_text(const struct request *r)
{
	return desk_is_sandbox(r->desk)
		       ? "Results are reported by the provider's callback, POST /kyc/sessions/{id}/results"
		       : "Waiting for the results of the provider";
}

static enum err answer_results(struct request *r, struct error *error)
{
	struct external_case view;
	struct json_value *results;
	enum err err = session_load(r, r->arguments[0], &view, error);
	bool running;

	if (err)
		return err;
	running = view.file.session.status == SESSION_PROCESSING;
	for (size_t i = 0; i < view.file.check_count; i++)
		running = running || view.file.checks[i].status == CHECK_PENDING;
	/* A provider's key may not read the case. */
	results = r->caller.capacity == CAPACITY_PROVIDER ? NULL : results_json(&view);
	return answer_json(r, running ? 202 : 200,
			   BODY(Processing, .session_id = AS_TEXT(view.file.session.id),
				.status = AS_TEXT(session_status_text(view.file.session.status)),
				.processing_results = results ? results : AS_NULL,
				.message = AS_TEXT(running ? results_source_text(r) : "")));
}

static enum err handle_process(struct request *r, struct error *error)
{
	enum err err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_PROCESS, .session = r->arguments[0]);

	if (!err)
		err = desk_sandbox_simulate(r->desk, r->arguments[0], error);
	return err ? err : answer_results(r, error);
}

static enum err handle_validate(struct request *r, struct error *error)
{
	struct use_out out;
	enum err err = API_DO(r, &out, error, .verb = VERB_VALIDATE, .session = r->arguments[0]);
	bool waits = !desk_is_sandbox(r->desk);

	if (!err)
		err = desk_sandbox_simulate(r->desk, r->arguments[0], error);
	if (err)
		return err;
	waits = waits && out.requested_check_bits;
	JSON_LIST(failures, i, out.failures.count,
		  BODY(FieldFault, .field = AS_TEXT(out.failures.items[i].path),
		       .message = AS_TEXT(out.failures.items[i].message)));
	return answer_json(r, waits ? 202 : 200,
			   BODY(Validated, .session_id = AS_TEXT(r->arguments[0]),
				.valid = AS_BOOL(!out.failures.count), .failures = failures,
				.validations = json_new_words(out.requested_check_bits, check_kind_words),
				.message = AS_TEXT(waits ? results_source_text(r) : "")));
}

#define CHECKS_MAX 32

static enum err read_checks(struct request *r, struct check checks[CHECKS_MAX], size_t *count, struct error *error)
{
	const struct json_value *list = body_value(r, "checks");
	enum err err = ERR_OK;

	*count = 0;
	if (!list)
		return ERR_OK;
	if (!json_is_array(list) || json_count(list) > CHECKS_MAX)
		return error_set_field(error, ERR_INVALID, "checks", "checks must be a list of at most %d checks",
				       CHECKS_MAX);
	for (; !err && *count < json_count(list); (*count)++) {
		const char *text = json_to_arena(&r->arena, json_at(list, *count));

		err = check_read(&r->arena, text, strlen(text), &checks[*count], error);
	}
	return err;
}

/* Stores all results in one transaction: with several transactions, the case could be decided before the last
 * result is stored. */
static enum err handle_results(struct request *r, struct error *error)
{
	const char *results = body_json(r, "results", false);
	struct use_in *ins = arena_alloc_array(&r->arena, CHECKS_MAX + 1, sizeof *ins);
	struct use_out *outs = arena_alloc_array(&r->arena, CHECKS_MAX + 1, sizeof *outs);
	struct check checks[CHECKS_MAX];
	size_t count = 0;
	enum err err;

	if (!results && !body_value(r, "checks"))
		request_add_fault(r, "results", REQUIRED_FIELD_MESSAGE);
	err = request_check_faults(r, error);
	if (!err)
		err = read_checks(r, checks, &count, error);
	for (size_t i = 0; !err && i < count; i++)
		ins[i] = (struct use_in){ .verb = VERB_CHECK_REPORT,
					  .capacity = CAPACITY_PROVIDER,
					  .session = r->arguments[0],
					  .result = &checks[i] };
	if (!err && results)
		ins[count++] = (struct use_in){ .verb = VERB_RESULTS_REPORT,
						.capacity = CAPACITY_PROVIDER,
						.session = r->arguments[0],
						.results_json = results };
	if (!err && count)
		err = desk_do_all(r->desk, &r->arena, ins, count, outs, error);
	return err ? err : answer_results(r, error);
}

static const struct route rows[] = {
	{ ROUTE("PATCH", PERMIT_REVIEW), .path = "/kyc/sessions/{session_id}", .body_shape = "StatusChange",
	  .response = "200:Session", .verb = VERB_APPROVE, .body = BODY_JSON, .handle = handle_patch,
	  .summary = "Change the status of a session, as a reviewer" },
	{ ROUTE_POST(PERMIT_REVIEW), .path = "/kyc/sessions/{session_id}/corrections", .body_shape = "CorrectionsNew",
	  .response = "200:Session", .verb = VERB_CORRECTIONS, .handle = handle_corrections,
	  .summary = "Request corrections from the client" },
	{ ROUTE_POST(PERMIT_PROCESS), .path = "/kyc/sessions/{session_id}/validate",
	  .response = "200:Validated 202:Validated", .verb = VERB_VALIDATE, .handle = handle_validate,
	  .summary = "Validate a session against its workflow's rules and request its checks" },
	{ ROUTE_POST(PERMIT_PROCESS), .path = "/kyc/sessions/{session_id}/process",
	  .response = "200:Processing 202:Processing", .verb = VERB_PROCESS, .handle = handle_process,
	  .summary = "Process a completed session" },
	{ ROUTE_POST(PERMIT_PROCESS), .path = "/kyc/sessions/{session_id}/results", .body_shape = "ResultsNew",
	  .response = "200:Processing 202:Processing", .verb = VERB_RESULTS_REPORT, .handle = handle_results,
	  .summary = "Report results, as an external provider" },
};
const struct routes routes_review = { rows, sizeof rows / sizeof *rows, DIALECT_GENERIC };
