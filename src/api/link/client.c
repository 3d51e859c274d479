/* A client's own link, in JSON (docs/api.md "The client's page"): the requested items, and their submission. */
#include "encode.h"
#include "link/link_schema.h"
#include "party.h"

#include <string.h>

static struct json_value *steps_json(struct page *page)
{
	const struct outside_case *view = page->view;
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < view->file.step_count; i++) {
		const struct step *step = &view->file.steps[i];
		const struct step_spec *spec = profile_step(view->profile, step->id);
		struct json_value *item;

		if (!link_is_requested(&view->file, step->id))
			continue;
		item = json_new_object();
		json_set_text(item, "step_id", step->id);
		json_set_text(item, "title", spec ? spec->title : step->id);
		json_set_text(item, "status", step_status_text(step->status));
		json_set_raw(item, "fields", step->fields_json);
		json_set(item, "asked", schema_fields_json(page, step));
		json_append(list, item);
	}
	return list;
}

static struct json_value *document_json(const struct document *document)
{
	struct json_value *out = json_new_object();

	json_set_text(out, "id", document->id);
	json_set_text(out, "type", document->type);
	json_set_text(out, "side", document->double_sided ? side_text(SIDE_FRONT) : "");
	if (document->double_sided)
		json_set_text(out, "back_status", upload_state_text(document_side(document, SIDE_BACK).upload));
	json_set_text(out, "status", upload_state_text(document->upload));
	return out;
}

static struct json_value *documents_json(const struct outside_case *view, const char *only)
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < view->file.document_count; i++) {
		if (!*only || !strcmp(view->file.documents[i].type, only))
			json_append(list, document_json(&view->file.documents[i]));
	}
	return list;
}

static struct json_value *party_json(const struct outside_case *view, size_t at)
{
	const struct party *party = &view->file.parties[at];
	struct json_value *out = json_new_object();

	json_set_text(out, "id", party->id);
	json_set_text(out, "kind", party_kind_text(party->kind));
	json_set_text(out, "name", party->name);
	json_set(out, "roles", json_words(party->roles, party_role_words));
	json_set_text(out, "status", link_party_state(party));
	json_set_text_or_null(out, "access_link", view->party_links[at]);
	return out;
}

static enum err show(struct request *r, struct outside_case *view)
{
	const char *only = r->caller.document_type;
	struct page page = { .r = r, .view = view, .refused = "" };
	struct json_value *body = json_new_object();

	case_values_parse(&r->arena, &view->file);

	json_set_text(body, "status", session_status_text(view->file.session.status));
	json_set_text(body, "workflow", view->profile->title);
	json_set_time(body, "expires_at", view->file.session.expires_at);
	json_set_text_if_any(body, "document_type", only);
	if (!*only) {
		json_set_text(body, "name", view->file.session.subject.name);
		if (view->file.session.status == SESSION_REJECTED) {
			json_set_text(body, "message", view->message);
			json_set_bool(body, "retryable", view->retryable);
		}
		json_set(body, "steps", steps_json(&page));
		json_set(body, "corrections", corrections_json(&view->file, link_is_open));
		json_set(body, "document_groups", schema_document_groups_json(&page));
		if (view->profile->parties.by_client)
			JSON_SET_EACH(body, "parties", i, view->file.party_count, party_json(view, i));
		if (parties_may_declare(&page))
			json_set(body, "party", schema_party_json(&page));
	}
	json_set(body, "document_types", schema_documents_json(&page));
	json_set(body, "documents", documents_json(view, only));
	return answer_json(r, 200, body);
}

static enum err handle_get(struct request *r, struct error *error)
{
	struct outside_case view;
	enum err err = link_enter(r, &view, error);

	return err ? err : show(r, &view);
}

static enum err answer_case(struct request *r, const char *id, struct error *error)
{
	struct outside_case view;
	enum err err = desk_outside_case(r->desk, &r->arena, id, &view, error);

	return err ? err : show(r, &view);
}

/* --- submitting --- */

static enum err handle_step(struct request *r, struct error *error)
{
	const char *fields = body_json(r, "fields", false);
	bool done = body_bool(r, "done", false);
	struct outside_case view;
	enum err err = link_enter_whole(r, &view, error);

	if (!err && !fields && !done)
		request_fault(r, "fields", NEEDED_SENTENCE);
	if (!err)
		err = request_check(r, error);
	if (!err)
		err = API_RUN(r, error, .verb = VERB_STEP_SAVE, .as = CAPACITY_CLIENT,
			      .session = view.file.session.id, .part = r->arguments[1], .fields_json = fields,
			      .completes = done);
	return err ? err : answer_case(r, view.file.session.id, error);
}

static enum err handle_document(struct request *r, struct error *error)
{
	const struct document *document;
	struct outside_case view;
	struct use_out out;
	enum err err = link_enter(r, &view, error);

	if (!err)
		err = link_add_document(r, &view, &out, error);
	if (!err)
		err = desk_outside_case(r->desk, &r->arena, view.file.session.id, &view, error);
	document = err ? NULL : case_document(&view.file, out.part_id);
	if (!err && !document)
		err = error_set(error, ERR_INTERNAL, "The added document no longer exists");
	return err ? err : answer_json(r, 201, document_json(document));
}

/* A link for one document can delete only that document. */
static enum err handle_document_removal(struct request *r, struct error *error)
{
	const struct document *document;
	struct outside_case view;
	enum err err = link_enter(r, &view, error);

	document = err ? NULL : case_document(&view.file, r->arguments[1]);
	if (!err &&
	    (!document || (*r->caller.document_type && strcmp(document->type, r->caller.document_type) != 0)))
		err = error_set(error, ERR_NOT_FOUND, "Unknown document");
	if (!err)
		err = API_RUN(r, error, .verb = VERB_DOCUMENT_DELETE, .as = CAPACITY_CLIENT,
			      .session = view.file.session.id, .part = document->id);
	return err ? err : answer_case(r, view.file.session.id, error);
}

static enum err handle_words(struct request *r, struct error *error)
{
	const char *words = body_need(r, "words");
	struct outside_case view;
	enum err err = link_enter_whole(r, &view, error);

	if (!err)
		err = request_check(r, error);
	if (!err)
		err = API_RUN(r, error, .verb = VERB_ANSWER, .as = CAPACITY_CLIENT, .session = view.file.session.id,
			      .part = r->arguments[1], .text = words);
	return err ? err : answer_case(r, view.file.session.id, error);
}

static enum err handle_complete(struct request *r, struct error *error)
{
	struct outside_case view;
	enum err err = link_enter_whole(r, &view, error);

	if (!err)
		err = link_submit_corrections(r, &view, error);
	return err ? err : answer_case(r, view.file.session.id, error);
}

static enum err answer_party(struct request *r, const char *session_id, const char *party_id, struct error *error)
{
	struct outside_case view;
	const struct party *party;
	enum err err = desk_outside_case(r->desk, &r->arena, session_id, &view, error);

	party = err ? NULL : case_party(&view.file, party_id);
	if (!err && !party)
		err = error_set(error, ERR_INTERNAL, "The added party no longer exists");
	return err ? err : answer_json(r, 201, party_json(&view, (size_t)(party - view.file.parties)));
}

/* Declares a party. If the party needs a session, creates the session and responds with its link. */
static enum err handle_subsession(struct request *r, struct error *error)
{
	const char *fields = body_json(r, "party.fields", false);
	struct outside_case view;
	struct party_input input;
	struct use_out out;
	enum err err = link_enter_whole(r, &view, error);

	party_of_body(r, &input);
	if (!err)
		err = request_check(r, error);
	if (!err)
		err = API_DO(r, &out, error, .verb = VERB_PARTY_ADD, .as = CAPACITY_CLIENT, .party = &input,
			     .session = view.file.session.id, .fields_json = fields);
	return err ? err : answer_party(r, view.file.session.id, out.part_id, error);
}

static enum err handle_removal(struct request *r, struct error *error)
{
	struct outside_case view;
	enum err err = link_enter_whole(r, &view, error);

	if (!err)
		err = link_remove_party(r, &view, r->arguments[1], error);
	return err ? err : answer_case(r, view.file.session.id, error);
}

#define LINK "/api/s/{token}"
#define DOCUMENT_ROW(address, text)                                                                                \
	{                                                                                                          \
		.method = "POST", .path = (address), .takes = "Upload", .response = "201:AskedDocument",           \
		.permission = PERMIT_NOBODY, .verb = VERB_DOCUMENT_ADD, .body = BODY_UPLOAD,                       \
		.also = "document_type content", .admit = link_admit, .answer = handle_document, .summary = (text) \
	}

static const struct route rows[] = {
	{ ROUTE_OF_LINK, .method = "GET", .path = LINK, .response = "200:Asked", .verb = READS,
	  .answer = handle_get,
	  .summary = "Get the items that the client must submit; the link is the permission" },
	{ ROUTE_OF_LINK, .method = "PUT", .path = LINK "/steps/{step}", .takes = "StepFields",
	  .response = "200:Asked", .verb = VERB_STEP_SAVE, .body = BODY_JSON, .answer = handle_step,
	  .summary = "Save fields of a step" },
	DOCUMENT_ROW(LINK "/documents", "Upload a document"),
	DOCUMENT_ROW("/s/{token}", "Upload a document at the link itself, as Atelio's clients do"),
	{ ROUTE_OF_LINK, .method = "DELETE", .path = LINK "/documents/{document_id}", .response = "200:Asked",
	  .verb = VERB_DOCUMENT_DELETE, .answer = handle_document_removal,
	  .summary = "Delete a document before the submission, or a document with a missing side" },
	{ ROUTE_OF_LINK, .method = "POST", .path = LINK "/corrections/{correction_id}", .takes = "Words",
	  .response = "200:Asked", .verb = VERB_ANSWER, .body = BODY_JSON, .answer = handle_words,
	  .summary = "Explain why a correction is not possible" },
	{ ROUTE_OF_LINK, .method = "POST", .path = LINK "/complete", .response = "200:Asked", .verb = VERB_COMPLETE,
	  .body = BODY_JSON, .answer = handle_complete, .summary = "Submit the session or the corrections" },
	{ ROUTE_OF_LINK, .method = "POST", .path = LINK "/subsessions", .takes = "PartyDeclared",
	  .response = "201:AskedParty", .verb = VERB_PARTY_ADD, .body = BODY_JSON, .answer = handle_subsession,
	  .summary = "Declare a related party, with a session that verifies it" },
	{ ROUTE_OF_LINK, .method = "DELETE", .path = LINK "/subsessions/{party_id}", .response = "200:Asked",
	  .verb = VERB_PARTY_REMOVE, .answer = handle_removal,
	  .summary = "Remove a related party that has submitted nothing" },
};
const struct routes routes_link = { rows, sizeof rows / sizeof *rows, DIALECT_OWN };
