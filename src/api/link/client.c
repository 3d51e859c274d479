/* A client's own link, in JSON (api.md "The client's link"): what is asked, and bringing it. */
#include "kybdesk/desk/link.h"
#include "kybdesk/desk/outside.h"
#include "route.h"

#include <string.h>

static enum err refuse_link(struct request *r, enum link_state state, struct error *error)
{
	return request_refuse(r, 410, "gone", error,
			      state == LINK_EXPIRED ? "The link has run out; ask for a new one"
						    : "Another link took the place of this one");
}

static enum err resolve(struct request *r, struct link_target *target, struct error *error)
{
	enum err err = desk_link_resolve(r->desk, &r->arena, r->arguments[0], target, error);

	return !err && target->state != LINK_OPEN ? refuse_link(r, target->state, error) : err;
}

static enum err admit_link(struct request *r, struct error *error)
{
	struct link_target target;

	return resolve(r, &target, error);
}

/* Whose link it is; from now on the desk acts for this client. */
static enum err enter(struct request *r, struct outside_case *view, struct error *error)
{
	struct link_target target;
	enum err err = resolve(r, &target, error);

	if (err)
		return err;
	r->caller = (struct caller){ .as = CAPACITY_CLIENT,
				     .actor = CALLER_CLIENT,
				     .merchant = "",
				     .session = target.session,
				     .document_type = target.document_type,
				     .request_id = r->id };
	desk_serve(r->desk, &r->caller);
	return desk_outside_case(r->desk, &r->arena, target.session_id, view, error);
}

/* A link for one document is for nothing else. */
static enum err enter_whole(struct request *r, struct outside_case *view, struct error *error)
{
	enum err err = enter(r, view, error);

	return !err && *r->caller.document_type ? error_set(error, ERR_NOT_FOUND, "There is no such link") : err;
}

/* --- what is asked --- */

static bool is_open(const struct correction *correction)
{
	return correction->state == CORRECTION_OPEN || correction->state == CORRECTION_ANSWERED;
}

/* While corrections are asked for, only the steps that they name; otherwise all, until it is handed in. */
static bool is_asked(const struct case_file *file, const char *step)
{
	enum session_status status = file->session.status;

	if (status == SESSION_DRAFT || status == SESSION_ACTIVE)
		return true;
	for (size_t i = 0; status == SESSION_AWAITING_CLIENT_CORRECTION && i < file->correction_count; i++) {
		if (is_open(&file->corrections[i]) && !strcmp(file->corrections[i].step_id, step))
			return true;
	}
	return false;
}

static struct json_value *steps_json(const struct outside_case *view)
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < view->file.step_count; i++) {
		const struct step *step = &view->file.steps[i];
		const struct step_spec *spec = profile_step(view->profile, step->id);
		struct json_value *item;

		if (!is_asked(&view->file, step->id))
			continue;
		item = json_new_object();
		json_set_text(item, "step_id", step->id);
		json_set_text(item, "title", spec ? spec->title : step->id);
		json_set_text(item, "status", step_status_text(step->status));
		json_set_raw(item, "fields", step->fields_json);
		json_append(list, item);
	}
	return list;
}

static struct json_value *texts_json(const char *const *texts, size_t count)
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < count; i++)
		json_append(list, json_new_string(texts[i]));
	return list;
}

static struct json_value *corrections_json(const struct case_file *file)
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *correction = &file->corrections[i];
		struct json_value *item;

		if (!is_open(correction))
			continue;
		item = json_new_object();
		json_set_text(item, "id", correction->id);
		json_set_text(item, "step_id", correction->step_id);
		json_set(item, "field_ids", texts_json(correction->field_ids, correction->field_count));
		json_set(item, "document_types",
			 texts_json(correction->document_types, correction->document_type_count));
		json_set_text(item, "message", correction->message);
		json_set_text(item, "status", correction_state_text(correction->state));
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

static enum err show(struct request *r, const struct outside_case *view)
{
	const char *only = r->caller.document_type;
	struct json_value *body = json_new_object();

	json_set_text(body, "status", session_status_text(view->file.session.status));
	json_set_text(body, "workflow", view->profile->title);
	json_set_time(body, "expires_at", view->file.session.expires_at);
	if (*only)
		json_set_text(body, "document_type", only);
	if (!*only) {
		json_set_text(body, "name", view->file.session.subject.name);
		json_set(body, "steps", steps_json(view));
		json_set(body, "corrections", corrections_json(&view->file));
	}
	json_set(body, "documents", documents_json(view, only));
	return answer_json(r, 200, body);
}

static enum err answer_get(struct request *r, struct error *error)
{
	struct outside_case view;
	enum err err = enter(r, &view, error);

	return err ? err : show(r, &view);
}

static enum err answer_again(struct request *r, const char *id, struct error *error)
{
	struct outside_case view;
	enum err err = desk_outside_case(r->desk, &r->arena, id, &view, error);

	return err ? err : show(r, &view);
}

/* --- bringing it --- */

static enum err answer_step(struct request *r, struct error *error)
{
	const char *fields = body_json(r, "fields", false);
	bool done = body_bool(r, "done", false);
	struct outside_case view;
	struct use_out out;
	enum err err = enter_whole(r, &view, error);

	if (!err && !fields && !done)
		request_fault(r, "fields", NEEDED_SENTENCE);
	if (!err)
		err = request_check(r, error);
	if (!err)
		err = API_DO(r, &out, error, .verb = VERB_STEP_SAVE, .as = CAPACITY_CLIENT,
			     .session = view.file.session.id, .part = r->arguments[1], .fields_json = fields,
			     .completes = done);
	return err ? err : answer_again(r, view.file.session.id, error);
}

static enum err refuse_file(struct request *r, const struct outside_case *view, const char *type, enum err err,
			    const struct error *error)
{
	const struct document_spec *spec = profile_document(view->profile, type);
	int64_t most = spec ? spec->max_bytes : view->profile->default_max_bytes;

	if (err != ERR_INVALID || !error->field || strcmp(error->field, "file") != 0 || !r->file.length)
		return err;
	r->answer.status = most > 0 && (int64_t)r->file.length > most ? 413 : 415;
	r->code = r->answer.status == 413 ? "too_large" : "unsupported_media_type";
	return err;
}

static enum err answer_document(struct request *r, struct error *error)
{
	const char *type = request_field(r, "type"), *side = request_field(r, "side");
	const struct document *document;
	struct outside_case view;
	struct use_out out;
	enum err err = enter(r, &view, error);

	if (err)
		return err;
	if (*r->caller.document_type && (!type || !*type))
		type = r->caller.document_type;
	if (!type || !*type)
		request_fault(r, "type", NEEDED_SENTENCE);
	else if (*r->caller.document_type && strcmp(type, r->caller.document_type) != 0)
		request_fault(r, "type", "This link is for %s alone", r->caller.document_type);
	if (!r->file.came)
		request_fault(r, "file", NEEDED_SENTENCE);
	err = request_check(r, error);
	if (err)
		return err;
	err = API_DO(r, &out, error, .verb = VERB_DOCUMENT_ADD, .as = CAPACITY_CLIENT,
		     .session = view.file.session.id, .type = type, .side = side, .file_name = r->file.name,
		     .bytes = r->file.bytes ? r->file.bytes : "", .length = r->file.length);
	if (err)
		return refuse_file(r, &view, type, err, error);
	err = desk_outside_case(r->desk, &r->arena, view.file.session.id, &view, error);
	document = err ? NULL : case_document(&view.file, out.part_id);
	if (!err && !document)
		err = error_set(error, ERR_INTERNAL, "The document that was added is gone");
	return err ? err : answer_json(r, 201, document_json(document));
}

static enum err answer_words(struct request *r, struct error *error)
{
	const char *words = body_need(r, "words");
	struct outside_case view;
	struct use_out out;
	enum err err = enter_whole(r, &view, error);

	if (!err)
		err = request_check(r, error);
	if (!err)
		err = API_DO(r, &out, error, .verb = VERB_ANSWER, .as = CAPACITY_CLIENT,
			     .session = view.file.session.id, .part = r->arguments[1], .text = words);
	return err ? err : answer_again(r, view.file.session.id, error);
}

/* Handing it in: what was opened is started and completed, what was corrected goes back. */
static enum err answer_complete(struct request *r, struct error *error)
{
	struct outside_case view;
	struct use_out outs[2];
	enum err err = enter_whole(r, &view, error);
	enum session_status status;
	size_t first;

	if (err)
		return err;
	const char *id = view.file.session.id;
	const struct use_in ins[3] = { { .verb = VERB_START, .as = CAPACITY_CLIENT, .session = id },
				       { .verb = VERB_COMPLETE, .as = CAPACITY_CLIENT, .session = id },
				       { .verb = VERB_HAND_IN, .as = CAPACITY_CLIENT, .session = id } };
	status = view.file.session.status;
	first = status == SESSION_DRAFT ? 0 : status == SESSION_AWAITING_CLIENT_CORRECTION ? 2 : 1;
	err = desk_do_all(r->desk, &r->arena, &ins[first], first == 0 ? 2 : 1, outs, error);
	return err ? err : answer_again(r, id, error);
}

#define LINK "/api/s/{token}"

static const struct route rows[] = {
	{ .method = "GET",
	  .path = LINK,
	  .permission = PERMIT_NOBODY,
	  .verb = READS,
	  .admit = admit_link,
	  .answer = answer_get,
	  .summary = "What is asked of the client; the link is the permission" },
	{ .method = "PUT",
	  .path = LINK "/steps/{step}",
	  .permission = PERMIT_NOBODY,
	  .verb = VERB_STEP_SAVE,
	  .body = BODY_JSON,
	  .members = "fields.* done",
	  .admit = admit_link,
	  .answer = answer_step,
	  .summary = "Save fields of a step" },
	{ .method = "POST",
	  .path = LINK "/documents",
	  .permission = PERMIT_NOBODY,
	  .verb = VERB_DOCUMENT_ADD,
	  .body = BODY_UPLOAD,
	  .members = "type side file document_type content",
	  .admit = admit_link,
	  .answer = answer_document,
	  .summary = "Upload a document" },
	{ .method = "POST",
	  .path = "/s/{token}",
	  .permission = PERMIT_NOBODY,
	  .verb = VERB_DOCUMENT_ADD,
	  .body = BODY_UPLOAD,
	  .members = "type side file document_type content",
	  .admit = admit_link,
	  .answer = answer_document,
	  .summary = "The same at the link itself, as Atelio's clients send it" },
	{ .method = "POST",
	  .path = LINK "/corrections/{correction_id}",
	  .permission = PERMIT_NOBODY,
	  .verb = VERB_ANSWER,
	  .body = BODY_JSON,
	  .members = "words",
	  .admit = admit_link,
	  .answer = answer_words,
	  .summary = "Say in words why something cannot be corrected" },
	{ .method = "POST",
	  .path = LINK "/complete",
	  .permission = PERMIT_NOBODY,
	  .verb = VERB_COMPLETE,
	  .body = BODY_JSON,
	  .admit = admit_link,
	  .answer = answer_complete,
	  .summary = "Hand it in" },
};
const struct routes routes_link = { rows, sizeof rows / sizeof *rows };
