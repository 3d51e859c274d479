/* Sub-accounts, and documents in two phases: a record, then the upload of its bytes to a URL that expires. */
#include "avenia/avenia.h"
#include "shape.h"
#include "kybdesk/domain/column.h"

#include <string.h>
#include <strings.h>

enum err avenia_answer_id(struct request *r, int status, const char *id)
{
	return answer_json(r, status, BODY(Made, .id = AS_TEXT(id)));
}

enum err avenia_load_case(struct request *r, struct external_case *out, struct error *error)
{
	const char *account = request_query(r, "subAccountId"), *session = "";
	struct subject_view view;
	enum err err;

	if (!account || !*account)
		request_add_fault(r, "subAccountId", REQUIRED_FIELD_MESSAGE);
	err = request_check_faults(r, error);
	if (!err)
		err = desk_subject(r->desk, &r->arena, account, false, &view, error);
	if (err)
		return err;
	for (size_t i = 0; i < view.session_count; i++)
		if (!strcmp(view.sessions[i].workflow, AVENIA_WORKFLOW))
			session = view.sessions[i].id;
	if (!*session)
		return error_set(error, ERR_NOT_FOUND, "Unknown sub-account \"%s\"", account);
	return desk_external_case(r->desk, &r->arena, session, out, error);
}

static enum err handle_account(struct request *r, struct error *error)
{
	const char *type = body_require_text(r, "accountType");
	char uid[UUID_TEXT_SIZE];
	struct subject subject;
	struct use_out outs[2];
	const struct subject_input input = { .merchant = r->caller.merchant,
					     .uid = uid,
					     .kind = SUBJECT_BUSINESS,
					     .name = body_require_text(r, "name") };
	const struct session_input open_input = { .workflow = AVENIA_WORKFLOW,
						  .merchant = r->caller.merchant,
						  .subject = &subject,
						  .risk_score = RISK_NONE };
	const struct use_in ins[2] = {
		{ .verb = VERB_SUBJECT_ADD, .capacity = CAPACITY_MERCHANT, .subject = &input },
		{ .verb = VERB_SESSION_OPEN, .capacity = CAPACITY_MERCHANT, .open_input = &open_input },
	};
	enum err err;

	if (*type && strcmp(type, "COMPANY") != 0)
		request_add_fault(r, "accountType", "\"%s\" is not an allowed account type; use COMPANY", type);
	err = request_check_faults(r, error);
	desk_make_uuid(r->desk, uid);
	columns_init(&subject_columns, &subject);
	subject.uid = uid;
	subject.kind = SUBJECT_BUSINESS;
	if (!err)
		err = desk_do_all(r->desk, &r->arena, ins, 2, outs, error);
	return err ? err : avenia_answer_id(r, 201, uid);
}

/* --- records --- */

static enum err make_upload_url(struct request *r, const struct use_out *record, bool is_back_side, const char **url,
				struct error *error)
{
	const struct ticket ticket = { .purpose = TICKET_UPLOAD,
				       .session_id = record->id,
				       .document_id = record->part_id,
				       .is_back_side = is_back_side,
				       .expires_at = desk_now(r->desk) + TICKET_UPLOAD_LIFE_MS };

	return desk_ticket_make(r->desk, &r->arena, &ticket, "/uploads/", url, error);
}

static enum err refuse_unknown_type(struct request *r, const struct profile *profile, const char *type,
				    struct error *error)
{
	const char *list = "";

	for (size_t i = 0; i < profile->document_count; i++)
		list = arena_printf(&r->arena, "%s%s%s", list, i ? ", " : "", profile->documents[i].type);
	return error_set_field(error, ERR_INVALID, "documentType",
			       "\"%s\" is not a document type of this workflow; allowed: %s", type, list);
}

static enum err handle_add_document(struct request *r, struct error *error)
{
	const char *type = body_require_text(r, "documentType"), *front = "", *back = "";
	bool two = body_bool(r, "isDoubleSided", false);
	struct external_case view;
	struct use_out out;
	enum err err = request_check_faults(r, error);

	if (!err)
		err = avenia_load_case(r, &view, error);
	if (err)
		return err;
	if (!profile_document(view.profile, type))
		return refuse_unknown_type(r, view.profile, type, error);
	if (two && !profile_document(view.profile, type)->double_sided)
		return error_set_field(error, ERR_INVALID, "isDoubleSided",
				       "%s has one side; send isDoubleSided as false", type);
	err = API_DO(r, &out, error, .verb = VERB_DOCUMENT_RECORD, .capacity = CAPACITY_MERCHANT,
		     .session = view.file.session.id, .type = type, .double_sided = two);
	if (!err)
		err = make_upload_url(r, &out, false, &front, error);
	if (!err && two)
		err = make_upload_url(r, &out, true, &back, error);
	return err ? err
		   : answer_json(r, 201,
				 BODY(Record, .id = AS_TEXT(out.part_id), .uploadURLFront = AS_TEXT(front),
				      .uploadURLBack = AS_TEXT(back)));
}

static const char *const upload_words[] = { [UPLOAD_REQUIRED] = "WAITING",
					    [UPLOAD_WAITING] = "WAITING",
					    [UPLOAD_PROCESSING] = "PROCESSING",
					    [UPLOAD_READY] = "PROCESSED",
					    [UPLOAD_REJECTED] = "REJECTED" };
WORDS_CHECK_TABLE(upload_words, UPLOAD_STATE_WORDS);

/* Finds the document that the path names, in the case of the sub-account; ERR_NOT_FOUND. */
static enum err find_document(struct request *r, struct external_case *view, const struct document **out,
			      struct error *error)
{
	enum err err = avenia_load_case(r, view, error);

	*out = err ? NULL : case_document(&view->file, r->arguments[0]);
	if (!err && !*out)
		err = error_set(error, ERR_NOT_FOUND, "Unknown document \"%s\"", r->arguments[0]);
	return err;
}

static enum err handle_document(struct request *r, struct error *error)
{
	const struct document *document;
	struct external_case view;
	enum err err = find_document(r, &view, &document, error);
	const char *back = "";

	if (err)
		return err;
	if (document->double_sided)
		back = upload_words[document_side(document, SIDE_BACK).upload];
	return answer_json(
		r, 200,
		BODY(RecordState,
		     .document = BODY(
			     RecordDocument, .id = AS_TEXT(document->id), .documentType = AS_TEXT(document->type),
			     .uploadStatusFront = AS_TEXT(upload_words[document_side(document, SIDE_FRONT).upload]),
			     .uploadStatusBack = AS_TEXT(back), .ready = AS_BOOL(document->upload == UPLOAD_READY))));
}

static enum err handle_delete(struct request *r, struct error *error)
{
	const struct document *document;
	struct external_case view;
	enum err err = find_document(r, &view, &document, error);

	if (!err)
		err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_DOCUMENT_DELETE, .capacity = CAPACITY_MERCHANT,
					   .session = view.file.session.id, .part = document->id);
	return err ? err : answer_empty(r, 204);
}

/* --- bytes --- */

/* A file name with the extension of the type, because the desk compares the extension with the content. */
static const char *file_name_for_type(struct request *r, const char *type)
{
	static const char *const kinds[][2] = { { "application/pdf", ".pdf" },
						{ "image/png", ".png" },
						{ "image/jpeg", ".jpg" } };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		size_t length = strlen(kinds[i][0]);

		if (!strncasecmp(r->content_type, kinds[i][0], length) && strchr("; \t", r->content_type[length]))
			return arena_printf(&r->arena, "%s%s", type, kinds[i][1]);
	}
	return NULL;
}

static enum err store_upload(struct request *r, const struct ticket *ticket, struct error *error)
{
	const struct document *document;
	struct external_case view;
	const char *name, *side;
	enum err err = desk_external_case(r->desk, &r->arena, ticket->session_id, &view, error);

	if (err)
		return err;
	document = case_document(&view.file, ticket->document_id);
	if (!document)
		return error_set(error, ERR_NOT_FOUND, "There is nothing at this address");
	if (*document_side(document, ticket->is_back_side ? SIDE_BACK : SIDE_FRONT).sha256 &&
	    !strcmp(r->if_none_match, "*"))
		return request_refuse(r, 412, "precondition_failed", error, "The document already has a file");
	side = !document->double_sided ? "" : ticket->is_back_side ? "back" : "front";
	name = file_name_for_type(r, document->type);
	if (!name)
		return request_refuse(r, 415, "unsupported_media_type", error,
				      "The file must be application/pdf, image/png or image/jpeg");
	err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_DOCUMENT_ADD, .capacity = CAPACITY_MERCHANT,
				   .part = document->id, .session = ticket->session_id, .type = document->type,
				   .side = side, .file_name = name, .bytes = r->file.bytes ? r->file.bytes : "",
				   .length = r->file.length);
	if (err == ERR_INVALID && error->field && !strcmp(error->field, "file")) {
		const struct document_spec *spec = profile_document(view.profile, document->type);
		bool large = spec && spec->max_bytes > 0 && (int64_t)r->file.length > spec->max_bytes;

		r->answer.status = large ? 413 : 415;
		r->error_code = large ? "too_large" : "unsupported_media_type";
	}
	return err ? err : answer_empty(r, 204);
}

static enum err read_ticket(struct request *r, struct ticket *ticket, struct error *error)
{
	enum err err = desk_ticket_read(r->desk, &r->arena, r->arguments[0], ticket, error);

	if (!err && ticket->state == TICKET_NONE)
		err = error_set(error, ERR_NOT_FOUND, "There is nothing at this address");
	if (!err && ticket->state == TICKET_EXPIRED)
		err = request_refuse(r, 403, "expired", error, "The address has expired; create a new document record");
	return err;
}

static enum err admit_upload(struct request *r, struct error *error)
{
	struct ticket ticket = { .purpose = TICKET_UPLOAD };
	enum err err = read_ticket(r, &ticket, error);

	/* Counts as a file of the merchant, not of a person at a page: a company may have fifty owners. */
	if (!err)
		r->link_merchant_row = ticket.caller.merchant_row;
	return err;
}

static enum err handle_upload(struct request *r, struct error *error)
{
	struct ticket ticket = { .purpose = TICKET_UPLOAD };
	enum err err = read_ticket(r, &ticket, error);

	if (err)
		return err;
	r->caller = ticket.caller;
	r->caller.request_id = r->id;
	r->caller.trace = r->trace;
	desk_set_caller(r->desk, &r->caller);
	return store_upload(r, &ticket, error);
}

static const struct route rows[] = {
	{ ROUTE_CREATE, .path = "/v2/account/sub-accounts", .body_shape = "SubAccountNew", .response = "201:Made",
	  .verb = VERB_SESSION_OPEN, .handle = handle_account, .summary = "Create a sub-account of a company" },
	{ ROUTE_CREATE, .path = "/v2/documents", .query = "subAccountId:uuid!", .body_shape = "RecordNew",
	  .response = "201:Record", .verb = VERB_DOCUMENT_RECORD, .handle = handle_add_document,
	  .summary = "Create a document record, with the addresses to upload its file" },
	{ ROUTE_READ, .path = "/v2/documents/{documentId}", .query = "subAccountId:uuid!",
	  .response = "200:RecordState", .handle = handle_document, .summary = "Get the state of a document" },
	{ ROUTE_DELETE, .path = "/v2/documents/{documentId}", .query = "subAccountId:uuid!", .response = "204",
	  .verb = VERB_DOCUMENT_DELETE, .handle = handle_delete,
	  .summary = "Delete a document before the submission, or a document with an incomplete upload" },
	{ ROUTE("PUT", PERMIT_NOT_NEEDED), .path = "/uploads/{token}", .response = "204", .verb = VERB_DOCUMENT_ADD,
	  .body = BODY_FILE, .admit = admit_upload, .handle = handle_upload,
	  .summary = "Upload the bytes of a document; needs only the address, no token" },
};
const struct routes routes_avenia_documents = { rows, sizeof rows / sizeof *rows, DIALECT_AVENIA };
