/* The KYB sessions of businesses with their documents, and the KYC sessions of individuals. */
#include "encode.h"
#include "ralio/ralio.h"
#include "shape.h"

#include <string.h>

/* --- business and individual users --- */

#define PAGE_SIZE_MAX 100
#define OFFSET_MAX 10000

/* The state of a KYC or of a KYB, in the words of this dialect. */
static const char *ralio_state(enum session_status status, bool is_kyb)
{
	static const char *const words[][2] = { [SESSION_DRAFT] = { "PENDING", "OPEN" },
						[SESSION_ACTIVE] = { "PENDING", "OPEN" },
						[SESSION_AWAITING_CLIENT_CORRECTION] = { "CORRECTIONS_REQUESTED",
											 "CORRECTIONS_REQUESTED" },
						[SESSION_COMPLETED] = { "IN_REVIEW", "IN_REVIEW" },
						[SESSION_PROCESSING] = { "IN_REVIEW", "IN_REVIEW" },
						[SESSION_PROCESSED] = { "IN_REVIEW", "IN_REVIEW" },
						[SESSION_MANUAL_REVIEW] = { "IN_REVIEW", "IN_REVIEW" },
						[SESSION_APPROVED] = { "VERIFIED", "APPROVED" },
						[SESSION_REJECTED] = { "FAILED", "REJECTED" },
						[SESSION_EXPIRED] = { "EXPIRED", "EXPIRED" } };
	WORDS_CHECK_TABLE(words, SESSION_STATUS_WORDS);

	return words[status][is_kyb];
}

/* A user of this kind, by its uid; ERR_NOT_FOUND. */
static enum err load_user(struct request *r, const char *uid, enum subject_kind kind, struct subject_view *out,
			  struct error *error)
{
	enum err err = desk_subject(r->desk, &r->arena, uid, false, out, error);

	return !err && out->record.subject.kind != kind ? error_set(error, ERR_NOT_FOUND, "Unknown user \"%s\"", uid)
							: err;
}

/* The level of a user; if the user has no level yet, the first level of the workflow RALIO_KYB_WORKFLOW. */
static const char *user_level(struct request *r, const struct subject *subject)
{
	const struct profile *profile;

	if (*subject->level || desk_profile(r->desk, RALIO_KYB_WORKFLOW, &profile, NULL))
		return subject->level;
	return profile_initial_level(profile, subject->kind);
}

static struct json_value *business_json(struct request *r, const struct subject_record *record)
{
	const struct subject *subject = &record->subject;

	return BODY(BusinessUser, .id = AS_TEXT(subject->uid), .uid = AS_TEXT(subject->uid),
		    .kybId = AS_INT(subject->kyb_id), .name = AS_TEXT(subject->name),
		    .registrationNumber = AS_TEXT(subject->registration_number), .taxId = AS_TEXT(subject->tax_id),
		    .website = AS_TEXT(subject->website), .kybLevel = AS_TEXT(user_level(r, subject)),
		    .country = AS_TEXT(subject->country), .email = AS_TEXT(subject->email),
		    .createdAt = AS_TIME(record->created_at), .updatedAt = AS_TIME(record->updated_at));
}

/* Length of the first name within the full name. If only the full name was sent, its first word is the first name. */
static size_t first_name_length(const struct subject_record *record)
{
	const char *name = record->subject.name;
	size_t length = (size_t)record->first_names_bytes;

	return length && length < strlen(name) && name[length] == ' ' ? length : strcspn(name, " ");
}

static struct json_value *individual_json(struct request *r, const struct subject_view *view)
{
	const struct subject_record *record = &view->record;
	const struct subject *subject = &record->subject;
	size_t first = first_name_length(record), sessions = view->session_count;

	return BODY(IndividualUser, .id = AS_TEXT(subject->uid), .uid = AS_TEXT(subject->uid),
		    .firstName = AS_TEXT(arena_strndup(&r->arena, subject->name, first)),
		    .lastName = AS_TEXT(subject->name[first] ? subject->name + first + 1 : ""),
		    .dateOfBirth = AS_TEXT(subject->date_of_birth),
		    .kycState =
			    AS_TEXT(sessions ? ralio_state(view->sessions[sessions - 1].status, false) : "NOT_STARTED"),
		    .country = AS_TEXT(subject->country), .email = AS_TEXT(subject->email),
		    .createdAt = AS_TIME(record->created_at), .updatedAt = AS_TIME(record->updated_at));
}

static struct json_value *user_json(struct request *r, const struct subject_view *view)
{
	return view->record.subject.kind == SUBJECT_BUSINESS ? business_json(r, &view->record)
							     : individual_json(r, view);
}

static enum err answer_user(struct request *r, int status, const char *uid, enum subject_kind kind, struct error *error)
{
	struct subject_view view;
	enum err err = load_user(r, uid, kind, &view, error);

	return err ? err : answer_json(r, status, user_json(r, &view));
}

/* --- creating users --- */

static enum err add_user(struct request *r, const struct subject_input *input, struct error *error)
{
	struct use_out out;
	enum err err =
		API_DO(r, &out, error, .verb = VERB_SUBJECT_ADD, .capacity = CAPACITY_MERCHANT, .subject = input);

	return err ? err : answer_user(r, 201, out.part_id, input->kind, error);
}

static enum err handle_add_business(struct request *r, struct error *error)
{
	const struct subject_input input = { .merchant = r->caller.merchant,
					     .kind = SUBJECT_BUSINESS,
					     .name = body_require_text(r, "name"),
					     .country = body_require_text(r, "country"),
					     .registration_number = body_text(r, "registrationNumber"),
					     .tax_id = body_text(r, "taxId"),
					     .email = body_text(r, "email"),
					     .website = body_text(r, "website") };

	return add_user(r, &input, error);
}

static enum err handle_add_individual(struct request *r, struct error *error)
{
	const char *first = body_require_text(r, "firstName"), *last = body_require_text(r, "lastName");
	const struct subject_input input = { .merchant = r->caller.merchant,
					     .kind = SUBJECT_INDIVIDUAL,
					     .name = arena_printf(&r->arena, "%s %s", first, last),
					     .first_names_bytes = (int64_t)strlen(first),
					     .country = body_require_text(r, "country"),
					     .date_of_birth = body_text(r, "dateOfBirth"),
					     .email = body_text(r, "email") };

	return add_user(r, &input, error);
}

/* --- reading users --- */

static enum err handle_user(struct request *r, struct error *error)
{
	return answer_user(r, 200, r->arguments[0], (enum subject_kind)r->route->row_kind, error);
}

static enum err read_page(struct request *r, struct subject_query *query, int64_t skip, struct subject_page *page,
			  struct error *error)
{
	size_t limit = query->limit;
	enum err err = ERR_OK;

	while (!err && skip > 0) {
		query->limit = skip > LIST_LIMIT_MAX ? LIST_LIMIT_MAX : (size_t)skip;
		err = desk_subjects(r->desk, &r->arena, query, page, error);
		if (err || !*page->next) {
			page->count = 0;
			return err;
		}
		skip -= (int64_t)query->limit;
		query->after = page->next;
	}
	query->limit = limit;
	return err ? err : desk_subjects(r->desk, &r->arena, query, page, error);
}

static enum err handle_users(struct request *r, struct error *error)
{
	int64_t limit = request_int(r, "limit", 1, PAGE_SIZE_MAX, 20),
		number = request_int(r, "page", 1, OFFSET_MAX, 1);
	struct subject_query query = { .limit = (size_t)limit, .kinds = 1u << r->route->row_kind, .omit_owners = true };
	struct subject_page page = { .next = "" };
	struct json_value *body, *data;
	enum err err;

	if ((number - 1) * limit > OFFSET_MAX)
		request_add_fault(r, "page", "page and limit together can skip at most %d users", OFFSET_MAX);
	err = request_check_faults(r, error);
	if (!err)
		err = read_page(r, &query, (number - 1) * limit, &page, error);
	if (err)
		return err;
	data = json_new_array();
	for (size_t i = 0; !err && i < page.count; i++) {
		struct subject_view view;

		err = desk_subject(r->desk, &r->arena, page.items[i].subject.uid, false, &view, error);
		if (!err)
			json_append(data, user_json(r, &view));
	}
	body = BODY(BusinessUsers, .data = data, .page = AS_INT(number), .limit = AS_INT(limit),
		    .hasMore = AS_BOOL(*page.next != '\0'));
	return answer_unless(r, err, body);
}

/* The two seeds spell this path differently. */
#define BUSINESS_ROWS(base)                                                                                            \
	{ ROUTE_CREATE,                                                                                                \
	  .path = base,                                                                                                \
	  .body_shape = "BusinessUserNew",                                                                             \
	  .response = "201:BusinessUser",                                                                              \
	  .verb = VERB_SUBJECT_ADD,                                                                                    \
	  .handle = handle_add_business,                                                                               \
	  .summary = "Create a business user" },                                                                       \
		{ ROUTE_READ,                                                                                          \
		  .path = base,                                                                                        \
		  .query = "page:int limit:int",                                                                       \
		  .response = "200:BusinessUsers",                                                                     \
		  .row_kind = SUBJECT_BUSINESS,                                                                        \
		  .handle = handle_users,                                                                              \
		  .summary = "List the business users" },                                                              \
	{                                                                                                              \
		.method = "GET", .path = base "/{uid}", .response = "200:BusinessUser", .permission = PERMIT_READ,     \
		.verb = READ_ONLY, .row_kind = SUBJECT_BUSINESS, .handle = handle_user,                                \
		.summary = "Get a business user"                                                                       \
	}

static const struct route user_rows[] = {
	BUSINESS_ROWS("/api/v1/account/business-user"),
	BUSINESS_ROWS("/api/v1/account/business-users"),
	{ ROUTE_CREATE, .path = "/api/v1/account/individual-users", .body_shape = "IndividualUserNew",
	  .response = "201:IndividualUser", .verb = VERB_SUBJECT_ADD, .handle = handle_add_individual,
	  .summary = "Create an individual user" },
	{ ROUTE_READ, .path = "/api/v1/account/individual-users", .query = "page:int limit:int",
	  .response = "200:IndividualUsers", .row_kind = SUBJECT_INDIVIDUAL, .handle = handle_users,
	  .summary = "List the individual users" },
	{ ROUTE_READ, .path = "/api/v1/account/individual-users/{uid}", .response = "200:IndividualUser",
	  .row_kind = SUBJECT_INDIVIDUAL, .handle = handle_user, .summary = "Get an individual user" },
};
const struct routes routes_ralio_users = { user_rows, sizeof user_rows / sizeof *user_rows, DIALECT_RALIO };

/* --- sessions --- */

/* Loads a session of the user in the path, under this workflow; ERR_NOT_FOUND. */
static enum err load_session(struct request *r, const char *workflow, const char *id, struct external_case *out,
			     struct error *error)
{
	enum err err = desk_external_case(r->desk, &r->arena, id, out, error);

	if (err)
		return err;
	if (strcmp(out->file.session.subject.uid, r->arguments[0]) != 0 ||
	    strcmp(out->file.session.workflow, workflow) != 0)
		return error_set(error, ERR_NOT_FOUND, "Unknown session \"%s\"", id);
	return ERR_OK;
}

/* How this dialect creates a session: kind of user, workflow, and format of the response. */
struct session_request {
	enum subject_kind user_kind;
	const char *workflow;
	enum session_kind kind;
	struct json_value *(*to_json)(struct request *r, const struct external_case *view);
};

static enum err open_session(struct request *r, const struct session_request *session_request, struct error *error)
{
	struct subject_view user;
	struct subject subject;
	const struct session_input input = { .workflow = session_request->workflow,
					     .merchant = r->caller.merchant,
					     .kind = session_kind_text(session_request->kind),
					     .subject = &subject,
					     .risk_score = RISK_NONE };
	struct external_case view;
	struct use_out out;
	enum err err = load_user(r, r->arguments[0], session_request->user_kind, &user, error);

	if (err)
		return err;
	subject = user.record.subject;
	err = API_DO(r, &out, error, .verb = VERB_SESSION_OPEN, .capacity = CAPACITY_MERCHANT, .open_input = &input);
	if (!err)
		err = load_session(r, session_request->workflow, out.id, &view, error);
	return err ? err : answer_json(r, 201, session_request->to_json(r, &view));
}

/* --- KYB_SESSIONS_PATH --- */

static struct json_value *document_json(const struct document *document)
{
	return BODY(KybDocument, .id = AS_TEXT(document->id), .category = AS_TEXT(document->category),
		    .type = AS_TEXT(document->type), .fileName = AS_TEXT(document->file_name),
		    .size = AS_INT(document->size_bytes), .sha256 = AS_TEXT(document->sha256),
		    .createdAt = AS_TIME(document->uploaded_at));
}

/* Omits documents without bytes: they are requested, but not uploaded yet. */
static struct json_value *documents_json(const struct case_file *file)
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < file->document_count; i++)
		if (*file->documents[i].sha256)
			json_append(list, document_json(&file->documents[i]));
	return list;
}

static struct json_value *party_json(const struct party *party, const char *link)
{
	const char *state = party->session_row ? ralio_state(party->session_status, false) : "NOT_STARTED";

	return BODY(RelatedParty, .id = AS_TEXT(party->id), .name = AS_TEXT(party->name),
		    .roles = json_new_words(party->roles, party_role_words), .kycState = AS_TEXT(state),
		    .hostedUrl = AS_TEXT(link));
}

/* The open corrections. The client answers a correction with a document in this dialect, or with any requested item
 * on the page at hostedUrl. */
static struct json_value *requested_json(struct request *r, const struct external_case *view)
{
	const struct case_file *file = &view->file;
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *correction = &file->corrections[i];

		if (correction_is_requested(file, correction))
			json_append(list,
				    BODY(KybCorrection, .id = AS_TEXT(correction->id),
					 .item = AS_TEXT(corrected_items_text(&r->arena, view, correction)),
					 .fieldIds = json_new_texts(correction->field_ids, correction->field_count),
					 .documentTypes = json_new_texts(correction->document_types,
									 correction->document_type_count),
					 .message = AS_TEXT(correction->message),
					 .documentIds = correction_ids_json(correction),
					 .partyId = AS_TEXT(correction->party_id)));
	}
	return list;
}

static struct json_value *kyb_json(struct request *r, const struct external_case *view)
{
	const struct session *session = &view->file.session;

	return BODY(KybSession, .id = AS_TEXT(session->id), .kybId = AS_INT(session->subject.kyb_id),
		    .state = AS_TEXT(ralio_state(session->status, true)), .documents = documents_json(&view->file),
		    .corrections = requested_json(r, view), .hostedUrl = AS_TEXT(view->link),
		    .createdAt = AS_TIME(session->created_at), .updatedAt = AS_TIME(session->updated_at));
}

static enum err handle_open_kyb(struct request *r, struct error *error)
{
	static const struct session_request session_request = { SUBJECT_BUSINESS, RALIO_KYB_WORKFLOW, KIND_KYB,
								kyb_json };

	return open_session(r, &session_request, error);
}

static enum err load_kyb(struct request *r, struct external_case *view, struct error *error)
{
	return load_session(r, RALIO_KYB_WORKFLOW, r->arguments[1], view, error);
}

static enum err handle_get(struct request *r, struct error *error)
{
	struct external_case view;
	struct json_value *body;
	enum err err = load_kyb(r, &view, error);

	if (err)
		return err;
	body = kyb_json(r, &view);
	JSON_SET_EACH(body, "relatedParties", i, view.file.party_count,
		      party_json(&view.file.parties[i], view.party_links[i]));
	return answer_json(r, 200, body);
}

/* --- documents --- */

static const char *require_field(struct request *r, const char *name)
{
	const char *value = request_field(r, name);

	if (!value || !*value)
		request_add_fault(r, name, REQUIRED_FIELD_MESSAGE);
	return value ? value : "";
}

static void check_document_category(struct request *r, const struct profile *profile)
{
	const char *category = require_field(r, "category"), *type = require_field(r, "type");
	const struct document_spec *spec = profile_document(profile, type);

	if (spec && *category && strcmp(category, spec->category) != 0)
		request_add_fault(r, "category", "\"%s\" is not the category of %s; use %s", category, type,
				  spec->category);
	if (!r->file.is_present)
		request_add_fault(r, "file", REQUIRED_FIELD_MESSAGE);
}

static enum err handle_upload(struct request *r, struct error *error)
{
	const struct document *document;
	struct external_case view;
	const char *type;
	struct use_out out;
	enum err err = load_kyb(r, &view, error);

	if (err)
		return err;
	check_document_category(r, view.profile);
	err = request_check_faults(r, error);
	if (err)
		return err;
	type = request_field(r, "type");
	err = API_DO(r, &out, error, .verb = VERB_DOCUMENT_ADD, .capacity = CAPACITY_MERCHANT,
		     .session = r->arguments[1], .type = type, .document = request_field(r, "documentId"),
		     .file_name = r->file.name, .bytes = r->file.bytes ? r->file.bytes : "", .length = r->file.length);
	if (err)
		return refuse_upload(r, view.profile, type, err, error);
	err = load_kyb(r, &view, error);
	document = err ? NULL : case_document(&view.file, out.part_id);
	if (!err && !document)
		err = error_set(error, ERR_INTERNAL, "The added document no longer exists");
	return err ? err : answer_json(r, 201, document_json(document));
}

static enum err handle_documents(struct request *r, struct error *error)
{
	struct external_case view;
	enum err err = load_kyb(r, &view, error);

	return err ? err : answer_json(r, 200, documents_json(&view.file));
}

static enum err handle_delete(struct request *r, struct error *error)
{
	struct external_case view;
	enum err err = load_kyb(r, &view, error);

	if (!err && !case_document(&view.file, r->arguments[2]))
		return error_set(error, ERR_NOT_FOUND, "The session has no document \"%s\"", r->arguments[2]);
	if (!err)
		err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_DOCUMENT_DELETE, .capacity = CAPACITY_MERCHANT,
					   .session = r->arguments[1], .part = r->arguments[2]);
	return err ? err : answer_empty(r, 204);
}

/* Reports each missing mandatory document as a missing field of the body. */
static enum err refuse_submit(struct request *r, enum err err, const struct error *error)
{
	for (size_t i = 0; i < error->blocker_count; i++)
		if (strcmp(error->blockers[i].code, "document_missing") != 0)
			return err;
	if (err != ERR_BLOCKED || !error->blocker_count)
		return err;
	for (size_t i = 0; i < error->blocker_count; i++)
		request_add_fault(r, error->blockers[i].ref, "%s", error->blockers[i].message);
	r->answer.status = 400;
	r->error_code = "document_missing";
	return err;
}

static enum err handle_submit(struct request *r, struct error *error)
{
	struct external_case view;
	enum err err = load_kyb(r, &view, error);

	if (err)
		return err;
	err = API_DO_IGNORE_RESULT(r, error, .verb = verb_for_submission(view.file.session.status),
				   .capacity = CAPACITY_MERCHANT, .session = r->arguments[1]);
	if (err)
		return refuse_submit(r, err, error);
	err = load_kyb(r, &view, error);
	return err ? err : answer_json(r, 200, kyb_json(r, &view));
}

/* --- KYC_SESSIONS_PATH --- */

static struct json_value *kyc_json(struct request *r, const struct external_case *view)
{
	const struct session *session = &view->file.session;
	bool waits = session->status == SESSION_AWAITING_CLIENT_CORRECTION;

	return JSON_FROM({ "id", AS_TEXT(session->id) }, { "state", AS_TEXT(ralio_state(session->status, false)) },
			 { "hostedUrl|null", AS_TEXT(view->link) },
			 { "corrections?", waits ? requested_json(r, view) : AS_NULL },
			 { "expiresAt|null", AS_TIME(session->expires_at) });
}

static enum err handle_open_kyc(struct request *r, struct error *error)
{
	static const struct session_request session_request = { SUBJECT_INDIVIDUAL, RALIO_KYC_WORKFLOW, KIND_KYC,
								kyc_json };

	return open_session(r, &session_request, error);
}

static enum err handle_get_kyc(struct request *r, struct error *error)
{
	struct external_case view;
	enum err err = load_session(r, RALIO_KYC_WORKFLOW, r->arguments[1], &view, error);

	return err ? err : answer_json(r, 200, kyc_json(r, &view));
}

#define KYB_SESSIONS_PATH "/api/v1/account/business-user/{uid}/kyb-sessions"
#define KYC_SESSIONS_PATH "/api/v1/account/individual-users/{uid}/kyc-sessions"

static const struct route rows[] = {
	{ ROUTE_CREATE, .path = KYB_SESSIONS_PATH, .response = "201:KybSession", .verb = VERB_SESSION_OPEN,
	  .handle = handle_open_kyb, .summary = "Create a KYB session" },
	{ ROUTE_READ, .path = KYB_SESSIONS_PATH "/{sessionId}", .response = "200:KybSessionWithParties",
	  .handle = handle_get, .summary = "Get a KYB session with its related parties" },
	{ ROUTE("POST", PERMIT_CREATE), .path = KYB_SESSIONS_PATH "/{sessionId}/documents",
	  .body_shape = "KybDocumentNew", .response = "201:KybDocument", .verb = VERB_DOCUMENT_ADD, .body = BODY_FORM,
	  .handle = handle_upload, .summary = "Upload a document" },
	{ ROUTE_READ, .path = KYB_SESSIONS_PATH "/{sessionId}/documents", .response = "200:[KybDocument]",
	  .handle = handle_documents, .summary = "List the documents" },
	{ ROUTE_DELETE, .path = KYB_SESSIONS_PATH "/{sessionId}/documents/{documentId}", .response = "204",
	  .verb = VERB_DOCUMENT_DELETE, .handle = handle_delete,
	  .summary = "Delete a document, before the session is submitted" },
	{ ROUTE_CREATE, .path = KYB_SESSIONS_PATH "/{sessionId}/submit", .response = "200:KybSession",
	  .verb = VERB_SUBMIT, .handle = handle_submit,
	  .summary = "Submit the session, or the corrections, for review; this cannot be undone" },
	{ ROUTE_CREATE, .path = KYC_SESSIONS_PATH, .response = "201:KycSession", .verb = VERB_SESSION_OPEN,
	  .handle = handle_open_kyc, .summary = "Create an identity session, with the address of its page" },
	{ ROUTE_READ, .path = KYC_SESSIONS_PATH "/{sessionId}", .response = "200:KycSession", .handle = handle_get_kyc,
	  .summary = "Get an identity session" },
};
const struct routes routes_ralio_sessions = { rows, sizeof rows / sizeof *rows, DIALECT_RALIO };
