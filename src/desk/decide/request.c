/* Asking the client for corrections: items, steps, documents to bring again, the link that lets the client in. */
#include "internal.h"

#include <string.h>

static enum err check_step(const struct ruling *ruling, const char *step, struct error *error)
{
	struct strbuf list = STRBUF_INIT;

	for (size_t i = 0; i < ruling->file.step_count; i++) {
		if (!strcmp(ruling->file.steps[i].id, step))
			return ERR_OK;
		strbuf_addf(&list, "%s%s", list.len ? ", " : "", ruling->file.steps[i].id);
	}
	if (profile_step(ruling->profile, step)) {
		strbuf_release(&list);
		return ERR_OK;
	}
	for (size_t i = 0; i < ruling->profile->step_count; i++) {
		if (!strstr(list.buf, ruling->profile->steps[i].id))
			strbuf_addf(&list, "%s%s", list.len ? ", " : "", ruling->profile->steps[i].id);
	}
	error_set_field(error, ERR_INVALID, "step", "The case has no step \"%s\"; there are: %s", step,
			list.len ? list.buf : "none");
	strbuf_release(&list);
	return ERR_INVALID;
}

static enum err check_type(const struct ruling *ruling, const char *type, struct error *error)
{
	struct strbuf list = STRBUF_INIT;

	if (profile_document(ruling->profile, type))
		return ERR_OK;
	for (size_t i = 0; i < ruling->file.document_count; i++) {
		if (!strcmp(ruling->file.documents[i].type, type)) {
			strbuf_release(&list);
			return ERR_OK;
		}
	}
	for (size_t i = 0; i < ruling->profile->document_count; i++)
		strbuf_addf(&list, "%s%s", list.len ? ", " : "", ruling->profile->documents[i].type);
	error_set_field(error, ERR_INVALID, "document",
			"\"%s\" is no document type of this case or of the workflow %s%s%s", type,
			ruling->profile->name, list.len ? "; there are: " : "", list.buf);
	strbuf_release(&list);
	return ERR_INVALID;
}

static enum err check_request(const struct ruling *ruling, const struct correction_request *request,
			      struct error *error)
{
	enum err err = check_step(ruling, request->step_id ? request->step_id : "", error);

	if (!err)
		err = text_check("message", "The message to the client", request->message ? request->message : "",
				 true, error);
	for (size_t i = 0; !err && i < request->field_count; i++)
		err = text_check("field", "The name of a field", request->field_ids[i], true, error);
	for (size_t i = 0; !err && i < request->document_type_count; i++)
		err = check_type(ruling, request->document_types[i], error);
	return err;
}

static enum err check_link(struct ruling *ruling, int64_t extend_days, struct error *error)
{
	struct session copy = ruling->file.session;
	int64_t now = desk_now(ruling->desk);

	if (extend_days)
		return link_extend(&copy, now, extend_days, error);
	if (!link_is_expired(&copy, now))
		return ERR_OK;
	return refuse_one(
		ERR_BLOCKED, "link_expired", "", error,
		"Cannot ask for corrections of %s: link expired on %s; extend it in the same action (--extend "
		"DAYS)",
		session_label(ruling->arena, &copy), moment_text(ruling->arena, copy.expires_at));
}

static int64_t next_round(const struct case_file *file)
{
	int64_t round = 0;

	for (size_t i = 0; i < file->correction_count; i++) {
		if (file->corrections[i].round > round)
			round = file->corrections[i].round;
	}
	return round + 1;
}

static struct step *find_step(struct case_file *file, const char *id)
{
	for (size_t i = 0; i < file->step_count; i++) {
		if (!strcmp(file->steps[i].id, id))
			return &file->steps[i];
	}
	return NULL;
}

/* A step that only the profile knows is made: it is asked about, so it must be there to be answered. */
static enum err mark_step(struct ruling *ruling, const char *id, struct error *error)
{
	struct case_file *file = &ruling->file;
	struct step *step = find_step(file, id), *steps;

	if (step) {
		step->status = STEP_NEEDS_CORRECTION;
		return store_step_update(ruling->desk->store, step, error);
	}
	steps = arena_alloc_array(ruling->arena, file->step_count + 1, sizeof *steps);
	if (file->step_count)
		memcpy(steps, file->steps, file->step_count * sizeof *steps);
	step = &steps[file->step_count];
	step_init(step);
	step->id = id;
	step->status = STEP_NEEDS_CORRECTION;
	file->steps = steps;
	return store_step_insert(ruling->desk->store, file->session.row, file->step_count++, step, error);
}

/* The file of a type that is asked for again stays, and counts as required until another takes its place. */
static enum err mark_documents(struct ruling *ruling, const char *type, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < ruling->file.document_count; i++) {
		struct document *document = &ruling->file.documents[i];

		if (document->replaced || strcmp(document->type, type) || document->upload != UPLOAD_READY)
			continue;
		document->upload = UPLOAD_REQUIRED;
		err = store_document_update(ruling->desk->store, document, error);
	}
	return err;
}

/* Asking again about a step closes what was asked about it before. */
static enum err supersede(struct ruling *ruling, const char *step, int64_t round, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < ruling->file.correction_count; i++) {
		struct correction *correction = &ruling->file.corrections[i];

		if (correction->round == round || strcmp(correction->step_id, step) ||
		    (correction->state != CORRECTION_OPEN && correction->state != CORRECTION_ANSWERED))
			continue;
		correction->state = CORRECTION_WITHDRAWN;
		correction->closed_at = ruling->now;
		err = store_correction_update(ruling->desk->store, correction, error);
	}
	return err;
}

static enum err write_item(struct ruling *ruling, const struct correction_request *request, int64_t round,
			   struct correction *item, struct error *error)
{
	enum err err = supersede(ruling, request->step_id, round, error);

	correction_init(item);
	item->id = id_new(ruling->desk, ruling->arena);
	item->round = round;
	item->step_id = request->step_id;
	item->field_ids = request->field_ids;
	item->field_count = request->field_count;
	item->document_types = request->document_types;
	item->document_type_count = request->document_type_count;
	item->message = request->message;
	item->state = CORRECTION_OPEN;
	item->asked_by = ruling->desk->actor;
	item->asked_at = ruling->now;
	item->before_json = correction_values(ruling->arena, &ruling->file, ruling->profile, item);
	if (!err)
		err = store_correction_insert(ruling->desk->store, ruling->file.session.row, item, error);
	if (!err)
		err = mark_step(ruling, request->step_id, error);
	for (size_t i = 0; !err && i < request->document_type_count; i++)
		err = mark_documents(ruling, request->document_types[i], error);
	return err;
}

static enum err write_items(struct ruling *ruling, const struct correction_request *requests, size_t count,
			    struct json_value *detail, struct error *error)
{
	struct case_file *file = &ruling->file;
	int64_t round = next_round(file);
	size_t old = file->correction_count;
	struct correction *items = arena_alloc_array(ruling->arena, old + count, sizeof *items);
	const char **steps = arena_alloc_array(ruling->arena, count, sizeof *steps);
	struct strbuf message = STRBUF_INIT;
	struct json_value *ids = json_new_array();
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < count; i++) {
		err = write_item(ruling, &requests[i], round, &items[old + i], error);
		steps[i] = requests[i].step_id;
		strbuf_addf(&message, "%s%s", i ? "\n" : "", requests[i].message);
		json_append(ids, json_new_string(items[old + i].id));
	}
	if (old)
		memcpy(items, file->corrections, old * sizeof *items);
	file->corrections = items;
	file->correction_count = old + count;
	ruling->step_ids = steps;
	ruling->step_count = count;
	ruling->decision.message = strbuf_to_arena(&message, ruling->arena);
	json_set_int(detail, "round", round);
	json_set(detail, "corrections", ids);
	strbuf_release(&message);
	return err;
}

static bool is_listed(const struct event_document *documents, size_t count, const char *type)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(documents[i].type, type))
			return true;
	}
	return false;
}

/* Who is told which documents are to come is told where each can be put: by a link for that one and no other. */
static enum err write_documents(struct ruling *ruling, const struct correction_request *requests, size_t count,
				struct error *error)
{
	struct event_document *documents;
	size_t most = 0;
	enum err err = ERR_OK;

	if (!ruling->profile->events[EVENT_DOCUMENT_REQUIRED])
		return ERR_OK;
	for (size_t i = 0; i < count; i++)
		most += requests[i].document_type_count;
	documents = arena_alloc_array(ruling->arena, most, sizeof *documents);
	ruling->documents = documents;
	ruling->link_mark = link_mark_new(ruling->desk, ruling->arena);
	for (size_t i = 0; i < count; i++) {
		for (size_t t = 0; !err && t < requests[i].document_type_count; t++) {
			struct event_document *document = &documents[ruling->document_count];

			if (is_listed(documents, ruling->document_count, requests[i].document_types[t]))
				continue;
			*document =
				(struct event_document){ .type = requests[i].document_types[t], .upload_link = "" };
			err = link_new_for(ruling->desk, ruling->arena, &ruling->file.session,
					   &(struct link_wish){ document->type, ruling->link_mark },
					   &document->upload_link, error);
			ruling->document_count++;
		}
	}
	return err;
}

static enum err write_link(struct ruling *ruling, int64_t extend_days, const char **access_link,
			   struct error *error)
{
	struct session *session = &ruling->file.session;
	int64_t standing = 0;
	enum err err = store_link_standing(ruling->desk->store, session->row, "", &standing, error);

	if (!err && extend_days)
		err = link_extend(session, ruling->now, extend_days, error);
	if (!err && !standing)
		err = link_new(ruling->desk, ruling->arena, session, access_link, error);
	return err;
}

enum err desk_request_corrections(struct desk *desk, struct arena *arena, const char *reference,
				  const struct correction_request *requests, size_t count, int64_t extend_days,
				  const struct decide_options *options, struct decide_result *out,
				  const char **access_link, struct error *error)
{
	struct ruling ruling;
	struct session *session = &ruling.file.session;
	struct json_value *detail;
	enum err err =
		ruling_open(&ruling, desk, arena, reference, ACTION_REQUEST_CORRECTIONS, options, out, error);

	*access_link = "";
	if (!err && !count)
		err = error_set_field(error, ERR_INVALID, "step",
				      "Nothing is asked for: name a step and say what is wrong with it");
	for (size_t i = 0; !err && i < count; i++)
		err = check_request(&ruling, &requests[i], error);
	if (!err)
		err = check_link(&ruling, extend_days, error);
	if (!err)
		err = ruling_begin(&ruling, error);
	if (err)
		return err;
	detail = json_new_object();
	ruling.decision.kind = DECISION_CORRECTIONS;
	err = level_of_withdrawal(desk, arena, &ruling.file, ruling.profile, &ruling.level, error);
	if (!err)
		err = write_items(&ruling, requests, count, detail, error);
	if (!err)
		err = write_link(&ruling, extend_days, access_link, error);
	if (!err)
		err = write_documents(&ruling, requests, count, error);
	session->final_decision = FINAL_NONE;
	session->decided_by = "";
	session->decided_at = TIME_NONE;
	session->decision_reason = "";
	session->retryable = false;
	session->returned = false;
	due_pause(session, ruling.now);
	err = ruling_commit(&ruling, err, "session.corrections", detail, error);
	if (err)
		*access_link = "";
	return err;
}
