/* Creating, listing, reading and cancelling sessions; their links. */
#include "generic/generic.h"
#include "shape.h"
#include "kybdesk/domain/column.h"
#include "encode.h"

#include <string.h>

#define PAGE_SIZE_MAX 100
#define OFFSET_MAX 10000 /* number of sessions that page numbers can skip; later pages need a cursor */

static enum err handle_create(struct request *r, struct error *error)
{
	const char *workflow = body_require_text(r, "workflow_id"), *kind = body_require_text(r, "subject.kind");
	struct subject subject = { 0 };
	struct session_input input = { .risk_score = RISK_NONE };
	struct use_out out;
	enum err err;

	columns_init(&subject_columns, &subject);
	subject.name = body_require_text(r, "subject.name");
	subject.country = body_require_text(r, "subject.country");
	subject.email = body_text(r, "subject.email") ? body_text(r, "subject.email") : "";
	if (*kind && !subject_kind_parse(kind, &subject.kind))
		request_add_fault(r, "subject.kind", "\"%s\" is not a kind of subject; use business or individual",
				  kind);
	input = (struct session_input){ .workflow = workflow,
					.merchant = r->caller.merchant,
					.external_ref = body_text(r, "external_id"),
					.kind = body_text(r, "kind"),
					.subject = &subject,
					.custom_tags_json = body_json(r, "custom_tags", false),
					.metadata_json = body_json(r, "metadata", false),
					.lifetime_hours = body_int(r, "expires_in_hours", 0),
					.risk_score = RISK_NONE };
	err = API_DO(r, &out, error, .verb = VERB_SESSION_OPEN, .capacity = CAPACITY_MERCHANT, .open_input = &input);
	if (err) {
		request_rename_field(error, "workflow", "workflow_id");
		request_rename_field(error, "external_ref", "external_id");
	}
	return err ? err : answer_session(r, 201, out.id, error);
}

static enum err handle_get(struct request *r, struct error *error)
{
	return answer_session(r, 200, r->arguments[0], error);
}

static enum err answer_deleted_session(struct request *r, const char *id)
{
	return answer_json(r, 200, BODY(Deleted, .id = AS_TEXT(id), .deleted = AS_BOOL(true)));
}

static enum err handle_delete(struct request *r, struct error *error)
{
	enum err err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_DELETE, .session = r->arguments[0]);

	return err ? err : answer_deleted_session(r, r->arguments[0]);
}

/* --- the list --- */

static void add_filter_term(struct request *r, struct filter *filter, enum filter_key key, const char *value, int code)
{
	struct filter_term *term = ARENA_PUSH(&r->arena, filter->terms, filter->count, filter->capacity);

	*term = (struct filter_term){
		.key = key, .compare = FILTER_EQUAL, .value = value, .code = code, .tag_key = ""
	};
}

static void read_search_words(struct request *r, struct filter *filter)
{
	const char *at = request_query(r, "search");

	while (at && *(at += strspn(at, " \t"))) {
		size_t length = strcspn(at, " \t");

		if (filter->count >= FILTER_TERMS_MAX / 2) {
			request_add_fault(r, "search", "The search has too many words; use fewer words");
			return;
		}
		add_filter_term(r, filter, FILTER_TEXT, arena_strndup(&r->arena, at, length), 0);
		at += length;
	}
}

static void read_filter(struct request *r, struct list_query *query)
{
	const char *status = request_query(r, "status"), *inbox = request_query(r, "compliance_status");
	const char *workflow = request_query(r, "workflow_id");
	enum session_status code;
	enum inbox which;

	if (status && session_status_parse(status, &code))
		add_filter_term(r, &query->filter, FILTER_STATUS, status, (int)code);
	else if (status)
		request_add_word_fault(r, "status", "a status of a session", status, session_status_words);
	if (inbox && inbox_parse(inbox, &which))
		query->inboxes = 1u << which;
	else if (inbox)
		request_add_word_fault(r, "compliance_status", "a compliance status", inbox, inbox_words);
	if (workflow)
		add_filter_term(r, &query->filter, FILTER_WORKFLOW, workflow, 0);
	read_search_words(r, &query->filter);
	query->created_from = request_time(r, "created_from");
	query->created_to = request_time(r, "created_to");
}

static struct json_value *item_json(const struct session_item *item)
{
	return BODY(SessionItem, .id = AS_TEXT(item->id), .workflow_id = AS_TEXT(item->workflow),
		    .external_id = AS_TEXT(item->external_ref), .kind = AS_TEXT(session_kind_text(item->kind)),
		    .status = AS_TEXT(session_status_text(item->status)),
		    .compliance_status = AS_TEXT(inbox_text(session_status_inbox(item->status))),
		    .subject_name = AS_TEXT(item->subject_name), .country = AS_TEXT(item->country),
		    .custom_tags = AS_RAW(item->custom_tags_json), .risk_score = AS_NULL,
		    .created_at = AS_TIME(item->created_at), .submitted_at = AS_TIME(item->submitted_at),
		    .updated_at = AS_TIME(item->updated_at));
}

/* An object with one member for each word: the word and its count. */
static struct json_value *counts_json(const int64_t *counts, const char *const *(*words)(size_t *count))
{
	struct json_value *out = json_new_object();
	size_t count;
	const char *const *names = words(&count);

	for (size_t i = 0; i < count; i++)
		json_set_int(out, names[i], counts[i]);
	return out;
}

static struct json_value *summary_json(const struct list_summary *summary)
{
	return BODY(SessionSummary, .status_counts = counts_json(summary->status_counts, session_status_words),
		    .inbox_counts = counts_json(summary->inbox_counts, inbox_words), .total = AS_INT(summary->total),
		    .avg_risk_score = AS_NULL, .sessions_with_risk_score = AS_INT(summary->sessions_with_risk_score),
		    .validation_counts = counts_json(summary->validation_counts, check_kind_words));
}

/* Reads page after page: the store cannot seek to a page number. */
static enum err read_page(struct request *r, struct list_query *query, int64_t skip, struct list_page *page,
			  struct error *error)
{
	size_t limit = query->limit;
	const struct filter filter = query->filter;
	enum err err = ERR_OK;

	while (!err && skip > 0) {
		query->limit = skip > LIST_LIMIT_MAX ? LIST_LIMIT_MAX : (size_t)skip;
		query->filter = filter;
		err = desk_list(r->desk, &r->arena, query, page, error);
		if (err || !*page->next) {
			page->count = 0;
			page->next = "";
			return err;
		}
		skip -= (int64_t)query->limit;
		query->after = page->next;
	}
	query->limit = limit;
	query->filter = filter;
	return err ? err : desk_list(r->desk, &r->arena, query, page, error);
}

static enum err handle_list(struct request *r, struct error *error)
{
	struct list_query query = { .sort = SORT_UPDATED, .after = "" }, counted;
	int64_t limit = request_int(r, "limit", 1, PAGE_SIZE_MAX, 20),
		number = request_int(r, "page", 1, OFFSET_MAX, 1);
	bool with_summary = request_bool(r, "include_summary");
	struct list_page page = { .next = "" };
	struct list_summary summary = { .total = 0 };
	enum err err;

	read_filter(r, &query);
	query.limit = (size_t)limit;
	if (request_query(r, "cursor"))
		query.after = request_query(r, "cursor");
	if ((number - 1) * limit > OFFSET_MAX)
		request_add_fault(r, "page",
				  "page and limit together can skip at most %d sessions; use \"cursor\" for more",
				  OFFSET_MAX);
	counted = query;
	counted.after = "";
	err = request_check_faults(r, error);
	if (!err)
		err = read_page(r, &query, (number - 1) * limit, &page, error);
	if (!err)
		err = with_summary ? desk_list_summary(r->desk, &r->arena, &counted, &summary, error)
				   : desk_list_count(r->desk, &counted, 0, &summary.total, error);
	if (err)
		return err;
	JSON_LIST(data, i, page.count, item_json(&page.items[i]));
	return answer_json(r, 200,
			   BODY(Sessions, .data = data, .page = AS_INT(number), .limit = AS_INT(limit),
				.total = AS_INT(summary.total), .next_cursor = AS_TEXT(page.next),
				.summary = with_summary ? summary_json(&summary) : AS_NULL));
}

/* --- links --- */

static enum err answer_new_link(struct request *r, const char *session, struct error *error)
{
	struct use_out out;
	enum err err = API_DO(r, &out, error, .verb = VERB_LINK, .session = session);

	return err ? err
		   : answer_json(
			     r, 200,
			     BODY(AccessLink, .access_link = AS_TEXT(out.link), .expires_at = AS_TIME(out.expires_at)));
}

static enum err handle_link(struct request *r, struct error *error)
{
	return answer_new_link(r, r->arguments[0], error);
}

static enum err handle_extend_link(struct request *r, struct error *error)
{
	int64_t hours = body_int(r, "hours", 1);
	enum err err;

	if (!body_value(r, "hours"))
		request_add_fault(r, "hours", REQUIRED_FIELD_MESSAGE);
	else if (hours < 1)
		request_add_fault(r, "hours", "hours must be 1 or more");
	err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_EXTEND, .capacity = CAPACITY_MERCHANT, .hours = hours,
				   .session = r->arguments[0]);
	return err ? err : answer_session(r, 200, r->arguments[0], error);
}

static enum err handle_document_url(struct request *r, struct error *error)
{
	struct ticket ticket = { .purpose = TICKET_READ, .expires_at = desk_now(r->desk) + TICKET_READ_LIFE_MS };
	const struct document *document;
	struct external_case view;
	const char *url;
	enum err err = session_load(r, r->arguments[0], &view, error);

	if (err)
		return err;
	document = case_document(&view.file, r->arguments[1]);
	if (!document || !*document->sha256)
		return error_set(error, ERR_NOT_FOUND, "The session has no file \"%s\"", r->arguments[1]);
	ticket.session_id = view.file.session.id;
	ticket.document_id = document->id;
	err = desk_ticket_make(r->desk, &r->arena, &ticket, "/files/", &url, error);
	return err ? err
		   : answer_json(r, 200,
				 BODY(DocumentUrl, .url = AS_TEXT(url), .expires_at = AS_TIME(ticket.expires_at)));
}

static enum err send_file(struct request *r, const struct ticket *ticket, struct error *error)
{
	struct use_out out;
	enum err err = API_DO(r, &out, error, .verb = VERB_DOCUMENT_SAVE, .session = ticket->session_id,
			      .part = ticket->document_id, .content_out = &r->out);

	/* Browsers must not render the file under this origin, because its content is untrusted. */
	r->answer.disposition = err ? NULL : "attachment";
	return err ? err : answer_bytes(r, 200, "application/octet-stream");
}

static enum err handle_file(struct request *r, struct error *error)
{
	struct ticket ticket = { .purpose = TICKET_READ };
	enum err err = desk_ticket_read(r->desk, &r->arena, r->arguments[0], &ticket, error);

	if (err)
		return err;
	if (ticket.state == TICKET_NONE)
		return error_set(error, ERR_NOT_FOUND, "There is nothing at this address");
	if (ticket.state == TICKET_EXPIRED)
		return request_refuse(r, 403, "expired", error, "The address has expired; request a new address");
	r->caller = ticket.caller;
	r->caller.request_id = r->id;
	r->caller.trace = r->trace;
	desk_set_caller(r->desk, &r->caller);
	return send_file(r, &ticket, error);
}

static const struct route rows[] = {
	{ ROUTE_CREATE, .path = "/kyc/sessions", .body_shape = "SessionNew", .response = "201:Session",
	  .verb = VERB_SESSION_OPEN, .handle = handle_create, .summary = "Create a session" },
	{ ROUTE_READ, .path = "/kyc/sessions",
	  .query = "status:SessionStatus compliance_status:ComplianceStatus workflow_id:text search:text "
		   "created_from:time created_to:time page:int limit:int include_summary:bool cursor:text",
	  .response = "200:Sessions", .handle = handle_list,
	  .summary = "List sessions, with filters, pages and a summary" },
	{ ROUTE_READ, .path = "/kyc/sessions/{session_id}", .response = "200:Session", .handle = handle_get,
	  .summary = "Get a session" },
	{ ROUTE_DELETE, .path = "/kyc/sessions/{session_id}", .response = "200:Deleted", .verb = VERB_DELETE,
	  .handle = handle_delete, .summary = "Delete a session; a submitted session is hidden instead" },
	{ ROUTE_CREATE, .path = "/kyc/sessions/{session_id}/generate-link", .response = "200:AccessLink",
	  .verb = VERB_LINK, .handle = handle_link,
	  .summary = "Create a new access link; the previous link stops working" },
	{ ROUTE_CREATE, .path = "/kyc/sessions/{session_id}/extend", .body_shape = "Extension",
	  .response = "200:Session", .verb = VERB_EXTEND, .handle = handle_extend_link,
	  .summary = "Extend the access link" },
	{ ROUTE_READ, .path = "/kyc/sessions/{session_id}/documents/{doc_id}/url", .response = "200:DocumentUrl",
	  .handle = handle_document_url, .summary = "Get a temporary address to download a document" },
	{ ROUTE("GET", PERMIT_NOT_NEEDED), .path = "/files/{token}", .response = "200:application/octet-stream",
	  .verb = VERB_DOCUMENT_SAVE, .handle = handle_file,
	  .summary = "Download a document; needs only the address, no token" },
};
const struct routes routes_sessions = { rows, sizeof rows / sizeof *rows, DIALECT_GENERIC };

/* --- subsessions: the sessions that verify the parties of a session --- */

/* Checks the requested workflow before the party is declared, so that a refused session leaves no party behind. */
static enum err check_party_workflow(const struct external_case *view, const char *wanted, struct error *error)
{
	const char *own = view->profile->parties.workflow ? view->profile->parties.workflow : "";

	if (!*own)
		return error_set(error, ERR_CONFLICT,
				 "The workflow %s does not define a workflow for sessions of parties",
				 view->profile->name);
	if (!wanted || !strcmp(wanted, own))
		return ERR_OK;
	return error_set_field(error, ERR_INVALID, "workflow_id",
			       "Parties of %s are verified under \"%s\"; leave workflow_id out", view->profile->name,
			       own);
}

static const struct party *party_of_session(const struct case_file *file, const char *session_id)
{
	for (size_t i = 0; i < file->party_count; i++)
		if (file->parties[i].session_row && !strcmp(file->parties[i].session_id, session_id))
			return &file->parties[i];
	return NULL;
}

/* The party verified by the session with the second id of the path; ERR_NOT_FOUND. */
static enum err find_party(struct request *r, struct external_case *view, const struct party **out, struct error *error)
{
	char id[UUID_TEXT_SIZE];
	enum err err = session_load(r, r->arguments[0], view, error);

	if (err)
		return err;
	*out = uuid_normalise(r->arguments[1], id) ? party_of_session(&view->file, id) : NULL;
	return *out ? ERR_OK : error_set(error, ERR_NOT_FOUND, "The session has no subsession \"%s\"", r->arguments[1]);
}

static struct json_value *party_json(const struct party *party)
{
	return BODY(SubsessionParty, .id = AS_TEXT(party->id), .kind = AS_TEXT(party_kind_text(party->kind)),
		    .name = AS_TEXT(party->name), .roles = json_new_words(party->roles, party_role_words),
		    .country = AS_TEXT(party->country));
}

static enum err subsession_json(struct request *r, const struct party *party, struct json_value **out,
				struct error *error)
{
	struct external_case view;
	enum err err = session_load(r, party->session_id, &view, error);

	if (err)
		return err;
	*out = session_json(&view);
	json_set(*out, "party", party_json(party));
	return ERR_OK;
}

static enum err answer_party(struct request *r, const char *party_id, struct error *error)
{
	struct external_case view;
	struct json_value *body = NULL;
	const struct party *party;
	enum err err = session_load(r, r->arguments[0], &view, error);

	party = err ? NULL : case_party(&view.file, party_id);
	/* Creates the party's session if the workflow does not create it automatically. */
	if (party && !party->session_row) {
		err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_SUBSESSION_ADD, .session = r->arguments[0],
					   .part = party_id);
		if (!err)
			err = session_load(r, r->arguments[0], &view, error);
		party = err ? NULL : case_party(&view.file, party_id);
	}
	if (!err && !party)
		err = error_set(error, ERR_INTERNAL, "The added party no longer exists");
	if (!err)
		err = subsession_json(r, party, &body, error);
	return err ? err : answer_json(r, 201, body);
}

static enum err handle_party_add(struct request *r, struct error *error)
{
	const char *workflow = body_text(r, "workflow_id");
	const char *fields = body_json(r, "party.fields", false);
	struct external_case view;
	struct party_input input;
	struct use_out out;
	enum err err;

	read_party_body(r, &input);
	err = request_check_faults(r, error);
	if (!err)
		err = session_load(r, r->arguments[0], &view, error);
	if (!err)
		err = check_party_workflow(&view, workflow, error);
	if (!err)
		err = API_DO(r, &out, error, .verb = VERB_PARTY_ADD, .capacity = CAPACITY_MERCHANT, .party = &input,
			     .session = r->arguments[0], .fields_json = fields);
	return err ? err : answer_party(r, out.part_id, error);
}

static bool is_completed_status(enum session_status status)
{
	return session_status_inbox(status) != INBOX_INCOMPLETE && status != SESSION_ACTIVE &&
	       status != SESSION_AWAITING_CLIENT_CORRECTION;
}

static enum err handle_subsessions(struct request *r, struct error *error)
{
	struct json_value *body, *data = json_new_array();
	int64_t completed = 0, approved = 0;
	struct external_case view;
	enum err err = session_load(r, r->arguments[0], &view, error);

	for (size_t i = 0; !err && i < view.file.party_count; i++) {
		const struct party *party = &view.file.parties[i];
		struct json_value *item = NULL;

		if (!party->session_row)
			continue;
		err = subsession_json(r, party, &item, error);
		if (err)
			break;
		json_append(data, item);
		completed += is_completed_status(party->session_status);
		approved += party->session_status == SESSION_APPROVED;
	}
	body = BODY(Subsessions, .data = data,
		    .summary = BODY(SubsessionSummary, .total = AS_INT((int64_t)json_count(data)),
				    .completed = AS_INT(completed), .approved = AS_INT(approved)));
	return answer_unless(r, err, body);
}

static enum err handle_party_link(struct request *r, struct error *error)
{
	const struct party *party;
	struct external_case view;
	enum err err = find_party(r, &view, &party, error);

	return err ? err : answer_new_link(r, party->session_id, error);
}

static enum err handle_party_remove(struct request *r, struct error *error)
{
	const struct party *party;
	struct external_case view;
	enum err err = find_party(r, &view, &party, error);

	if (!err)
		err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_SUBSESSION_REMOVE, .session = r->arguments[0],
					   .part = party->id);
	return err ? err : answer_deleted_session(r, r->arguments[1]);
}

static const struct route subsession_rows[] = {
	{ ROUTE_CREATE, .path = "/kyc/sessions/{session_id}/subsessions", .body_shape = "SubsessionNew",
	  .response = "201:Subsession", .verb = VERB_PARTY_ADD, .handle = handle_party_add,
	  .summary = "Declare a related party, with a session that verifies it" },
	{ ROUTE_READ, .path = "/kyc/sessions/{session_id}/subsessions", .response = "200:Subsessions",
	  .handle = handle_subsessions, .summary = "List the subsessions: the sessions of the related parties" },
	{ ROUTE_CREATE, .path = "/kyc/sessions/{session_id}/subsessions/{sub_id}/regenerate-link",
	  .response = "200:AccessLink", .verb = VERB_LINK, .handle = handle_party_link,
	  .summary = "Create a new access link for a party" },
	{ ROUTE_DELETE, .path = "/kyc/sessions/{session_id}/subsessions/{sub_id}", .response = "200:Deleted",
	  .verb = VERB_SUBSESSION_REMOVE, .handle = handle_party_remove, .summary = "Remove the session of a party" },
};
const struct routes routes_subsessions = { subsession_rows, sizeof subsession_rows / sizeof *subsession_rows,
					   DIALECT_GENERIC };
