/* Requests corrections from the client: items, steps, documents to upload again, and the link for the client. */
#include "decide/decide.h"
#include "link/link.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/message.h"
#include "kybdesk/desk/decide.h"
#include "kybdesk/domain/column.h"
#include "kybdesk/domain/document_group.h"
#include "kybdesk/domain/facts.h"
#include "kybdesk/domain/submit.h"
#include "kybdesk/domain/things.h"

static enum err check_document_type(const struct use *use, const char *type, struct error *error)
{
	struct strbuf list = STRBUF_INIT;

	if (profile_document(use->profile, type))
		return ERR_OK;
	for (size_t i = 0; i < use->file.document_count; i++) {
		if (!strcmp(use->file.documents[i].type, type))
			return ERR_OK;
	}
	for (size_t i = 0; i < use->profile->document_count; i++)
		strbuf_addf(&list, "%s%s", list.len ? ", " : "", use->profile->documents[i].type);
	enum err err =
		error_invalid(error, "document", "\"%s\" is not a document type of this case or of the workflow %s%s%s",
			      type, use->profile->name, list.len ? "; there are: " : "", list.buf);
	strbuf_release(&list);
	return err;
}

static const struct field_spec *find_field(const struct field_spec *fields, size_t count, const char *name,
					   size_t length)
{
	for (size_t i = 0; i < count; i++) {
		if (strlen(fields[i].id) == length && !strncmp(fields[i].id, name, length))
			return &fields[i];
	}
	return NULL;
}

/* Whether the fields include a path such as "addresses[0].zip_code". If the profile does not describe the members
 * of a field, every member is valid. */
static bool has_field(const struct field_spec *fields, size_t count, const char *path)
{
	size_t length = strcspn(path, ".[");
	const struct field_spec *field = find_field(fields, count, path, length);
	const char *rest = path + length;

	if (field && *rest == '[')
		rest = strchr(rest, ']') ? strchr(rest, ']') + 1 : rest;
	if (!field || !*rest || !field->child_count)
		return field != NULL;
	return *rest == '.' && has_field(field->children, field->child_count, rest + 1);
}

/* Whether an import or a client stored a value under a name that the profile lacks (seed kyc-workflows-sessions). */
static bool has_value(const struct use *use, const struct step_spec *spec, const char *path)
{
	const struct step *step = case_step(&use->file, spec->id);
	size_t length = strcspn(path, ".[");

	return step && !find_field(spec->fields, spec->field_count, path, length) &&
	       value_member(step->values, arena_strndup(use->arena, path, length));
}

/* Checks the field of a request. A step that the workflow does not describe may have any field. */
static enum err check_field(const struct use *use, const char *step_id, const char *field, struct error *error)
{
	const struct step_spec *spec = profile_step(use->profile, step_id);
	enum err err = text_check("field", "The name of a field", field, true, error);
	struct strbuf list = STRBUF_INIT;
	const char **names, *near;

	if (!err && field_path_party(field, &near))
		return ERR_OK; /* checked by name_party_field() */

	if (err || !spec || has_field(spec->fields, spec->field_count, field) || has_value(use, spec, field))
		return err;
	names = arena_alloc_array(use->arena, spec->field_count + 1, sizeof *names);
	for (size_t i = 0; i < spec->field_count; i++) {
		names[i] = spec->fields[i].id;
		strbuf_addf(&list, "%s%s", i ? ", " : "", names[i]);
	}
	near = text_find_nearest(field, names, spec->field_count);
	if (near)
		err = error_invalid(error, "field", "The step %s has no field \"%s\"; did you mean %s?", step_id, field,
				    near);
	else
		err = error_invalid(error, "field", "The step %s has no field \"%s\"%s%s", step_id, field,
				    list.len ? "; there are: " : "; it has no fields", list.len ? list.buf : "");
	strbuf_release(&list);
	return err;
}

/* Finds the step for a request that names documents but no step; "" if the request has no documents. ERR_INVALID if
 * the documents belong to several steps, or if a document belongs to no step of a workflow with several. */
static enum err infer_step(const struct use *use, const struct correction_request *request, const char **step,
			   struct error *error)
{
	*step = "";
	if (request->document_type_count && use->profile->step_count == 1) {
		*step = use->profile->steps[0].id;
		return ERR_OK;
	}
	for (size_t i = 0; i < request->document_type_count; i++) {
		const struct document_spec *spec = profile_document(use->profile, request->document_types[i]);

		if (!spec || !spec->step_id || !*spec->step_id || (**step && strcmp(*step, spec->step_id) != 0))
			return error_invalid(error, "step",
					     "The documents of the correction do not belong to one step of the "
					     "workflow %s; name the step",
					     use->profile->name);
		*step = spec->step_id;
	}
	return ERR_OK;
}

/* Finds the step for a request that names a party, but no document: the step of its identification, else the first
 * step about the parties. */
static const char *step_of_party(const struct use *use, const struct party *party)
{
	const struct document *document = party_identity_document(&use->file, use->profile, party);
	const struct document_spec *spec = document ? profile_document(use->profile, document->type) : NULL;

	if (spec && spec->step_id && *spec->step_id)
		return spec->step_id;
	for (size_t i = 0; i < use->profile->step_count; i++) {
		if (!use->profile->steps[i].field_count &&
		    step_is_about_parties(use->profile, use->profile->steps[i].id))
			return use->profile->steps[i].id;
	}
	return use->profile->step_count ? use->profile->steps[0].id : "";
}

/* --- things: each request names the documents that it means --- */

/* A request while its names are read: with room for all documents of the case. */
struct naming {
	struct use *use;
	const char **types, **ids;
	size_t type_count, id_count;
};

static bool is_type_of_case(const struct use *use, const char *type)
{
	if (ITEM_WITH_TEXT(use->file.documents, use->file.document_count, type, type))
		return true;
	return profile_document(use->profile, type) != NULL;
}

static void add_type(struct naming *naming, const char *type)
{
	if (!texts_contain(naming->types, naming->type_count, type))
		naming->types[naming->type_count++] = type;
}

static enum err add_document_id(struct naming *naming, const char *reference, struct error *error)
{
	struct document *document = NULL;
	enum err err = use_find_document(&naming->use->file, reference, &document, error);

	if (err)
		return err;
	if (document->replaced)
		return error_invalid(error, "document_id",
				     "The document %.8s was replaced by a later file; name that file", document->id);
	if (!texts_contain(naming->ids, naming->id_count, document->id))
		naming->ids[naming->id_count++] = document->id;
	add_type(naming, document->type);
	return ERR_OK;
}

static bool has_id_of_type(const struct naming *naming, const char *type)
{
	for (size_t i = 0; i < naming->id_count; i++) {
		if (!strcmp(case_document(&naming->use->file, naming->ids[i])->type, type))
			return true;
	}
	return false;
}

/* A name of a document in a request: a type, a group of types (the types of its documents), or a document. */
static enum err read_document_name(struct naming *naming, const char *name, struct error *error)
{
	const struct use *use = naming->use;
	struct error unknown = { 0 };
	enum err err;

	for (size_t i = 0; i < use->profile->group_count; i++) {
		const struct document_group *group = &use->profile->groups[i];

		for (size_t d = 0; !strcmp(group->id, name) && d < use->file.document_count; d++)
			if (!use->file.documents[d].replaced &&
			    document_group_has_type(group, use->file.documents[d].type)) {
				add_type(naming, use->file.documents[d].type);
				return ERR_OK;
			}
	}
	if (is_type_of_case(use, name)) {
		add_type(naming, name);
		return ERR_OK;
	}
	err = strlen(name) < REFERENCE_PREFIX_MIN ? ERR_NOT_FOUND : add_document_id(naming, name, &unknown);
	if (err == ERR_INVALID)
		error_move(error, &unknown);
	else if (err)
		err = check_document_type(use, name, error);
	error_release(&unknown);
	return err;
}

static enum err name_documents(struct use *use, struct correction_request *request, struct error *error)
{
	size_t most = use->file.document_count + request->document_type_count;
	struct naming naming = { .use = use,
				 .types = arena_alloc_array(use->arena, most + 1, sizeof *naming.types),
				 .ids = arena_alloc_array(use->arena, use->file.document_count + 1,
							  sizeof *naming.ids) };
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < request->document_id_count; i++)
		err = add_document_id(&naming, request->document_ids[i], error);
	for (size_t i = 0; !err && i < request->document_type_count; i++)
		err = read_document_name(&naming, request->document_types[i], error);
	for (size_t i = 0; !err && i < naming.type_count; i++) {
		if (!has_id_of_type(&naming, naming.types[i]))
			things_of_type(&use->file, naming.types[i], naming.ids, &naming.id_count);
	}
	request->document_types = naming.types;
	request->document_type_count = naming.type_count;
	request->document_ids = naming.ids;
	request->document_id_count = naming.id_count;
	return err;
}

static bool is_party_member(const struct use *use, const char *member)
{
	if (ITEM_WITH_TEXT(use->profile->parties.fields, use->profile->parties.field_count, id, member))
		return true;
	for (const struct column *c = NULL; (c = columns_next(&party_columns, c, COLUMN_INTAKE));) {
		if (c->word && !strcmp(c->word, member))
			return true;
	}
	return false;
}

/* Writes "parties[PREFIX or name].member" with the whole id. */
static enum err name_party_field(struct use *use, const char **path, struct error *error)
{
	const char *id, *member;
	size_t length = field_path_party(*path, &id);
	struct party *party = NULL;
	enum err err;

	if (!length)
		return ERR_OK;
	member = id[length + 1] ? id + length + 2 : "";
	err = use_find_party(&use->file, arena_strndup(use->arena, id, length), &party, error);
	if (err)
		return err;
	if (*member && !is_party_member(use, arena_strndup(use->arena, member, strcspn(member, ".["))))
		return error_invalid(error, "field", "The parties of the workflow %s have no field \"%s\"",
				     use->profile->name, member);
	*path = arena_printf(use->arena, "parties[%s]%s%s", party->id, *member ? "." : "", member);
	return ERR_OK;
}

static enum err name_party(struct use *use, struct correction_request *request, struct error *error)
{
	const char *reference = request->party_id ? request->party_id : "";
	struct party *party = NULL;
	const char **fields = arena_memdup(use->arena, request->field_ids, request->field_count * sizeof *fields);
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < request->field_count; i++)
		err = name_party_field(use, &fields[i], error);
	request->field_ids = fields;
	if (!err && *reference)
		err = use_find_party(&use->file, reference, &party, error);
	request->party_id = party ? party->id : "";
	if (!err && party && !request->document_type_count && (!request->step_id || !*request->step_id))
		request->step_id = step_of_party(use, party);
	return err;
}

/* Copies the requests, names the documents and the party that each means, and adds the step to each request that
 * names none. */
static enum err read_requests(struct use *use, struct error *error)
{
	struct use_in *in = arena_memdup(use->arena, use->in, sizeof *in);
	struct correction_request *requests =
		arena_memdup(use->arena, in->requests, in->request_count * sizeof *requests);
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < in->request_count; i++) {
		err = name_documents(use, &requests[i], error);
		if (!err)
			err = name_party(use, &requests[i], error);
		if (!err && (!requests[i].step_id || !*requests[i].step_id))
			err = infer_step(use, &requests[i], &requests[i].step_id, error);
	}
	in->requests = requests;
	use->in = in;
	return err;
}

static enum err check_request(const struct use *use, const struct correction_request *request, struct error *error)
{
	const char *step = request->step_id ? request->step_id : "";
	enum err err = ERR_OK;

	if (!case_step(&use->file, step) && !profile_step(use->profile, step))
		err = use_refuse_unknown_step(use, step, error);
	if (!err)
		err = text_check("message", "The message to the client", request->message ? request->message : "", true,
				 error);
	if (!err)
		err = message_check_filled(request->message, error);
	for (size_t i = 0; !err && i < request->field_count; i++)
		err = check_field(use, request->step_id, request->field_ids[i], error);
	return err;
}

static enum err check_link_expiry(struct use *use, int64_t extend_days, struct error *error)
{
	struct session copy = use->file.session;
	int64_t now = desk_now(use->desk);

	if (extend_days)
		return link_extend_days(&copy, now, extend_days, error);
	if (!link_is_expired(&copy, now))
		return ERR_OK;
	return refuse_with_blocker(ERR_BLOCKED, "link_expired", "", error,
				   "Cannot ask for corrections of %s: link expired on %s; extend it in the same action "
				   "(--extend DAYS)",
				   session_label(use->arena, &copy), time_or_unknown_text(use->arena, copy.expires_at));
}

/* Marks the step as needing correction. If only the profile has the step, inserts it, so that the client can fill
 * it in. */
static enum err reopen_step(struct use *use, const char *id, struct error *error)
{
	struct step *step = case_step(&use->file, id);

	if (step) {
		step->status = STEP_NEEDS_CORRECTION;
		return store_step_update(use->desk->store, step, error);
	}
	step = use_add_step(use, id);
	step->status = STEP_NEEDS_CORRECTION;
	return store_step_insert(use->desk->store, use->file.session.row, use->file.step_count - 1, step, error);
}

/* The requested documents stay in the case, and count as required until a new file replaces them. */
static enum err require_new_files(struct use *use, const struct correction *correction, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < use->file.document_count; i++) {
		struct document *document = &use->file.documents[i];

		if (document->replaced || document->upload != UPLOAD_READY ||
		    !correction_has_document(correction, document->id))
			continue;
		document_set_upload_state(document, UPLOAD_REQUIRED);
		err = store_document_update(use->desk->store, document, error);
	}
	return err;
}

/* Closes the older corrections of a step that is requested again. */
static enum err close_older_corrections(struct use *use, const char *step, int64_t round, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < use->file.correction_count; i++) {
		struct correction *correction = &use->file.corrections[i];

		if (correction->round == round || strcmp(correction->step_id, step) ||
		    !correction_is_unsettled(correction))
			continue;
		correction->state = CORRECTION_WITHDRAWN;
		correction->closed_at = use->now;
		err = store_correction_update(use->desk->store, correction, error);
	}
	return err;
}

static enum err write_correction(struct use *use, const struct correction_request *request, int64_t round,
				 struct correction *item, struct error *error)
{
	enum err err = close_older_corrections(use, request->step_id, round, error);

	correction_init(item);
	item->id = id_new(use->desk, use->arena);
	item->round = round;
	item->step_id = request->step_id;
	item->field_ids = request->field_ids;
	item->field_count = request->field_count;
	item->document_types = request->document_types;
	item->document_type_count = request->document_type_count;
	item->document_ids = request->document_ids;
	item->document_id_count = request->document_id_count;
	item->party_id = request->party_id;
	item->message = request->message;
	item->state = CORRECTION_OPEN;
	item->requested_by = use->desk->actor;
	item->requested_at = use->now;
	item->before_json = correction_values(use->arena, &use->file, use->profile, item);
	if (!err)
		err = store_correction_insert(use->desk->store, use->file.session.row, item, error);
	if (!err)
		err = reopen_step(use, request->step_id, error);
	return err ? err : require_new_files(use, item, error);
}

static enum err write_corrections(struct use *use, struct error *error)
{
	const struct correction_request *requests = use->in->requests;
	size_t count = use->in->request_count;
	struct case_file *file = &use->file;
	int64_t round = corrections_last_round(file) + 1;
	size_t old = file->correction_count;
	struct correction *items = arena_alloc_array(use->arena, old + count, sizeof *items);
	const char **steps = arena_alloc_array(use->arena, count, sizeof *steps);
	struct public_event_data *event = &use->public_event_data;
	struct strbuf message = STRBUF_INIT;
	struct json_value *ids = json_new_array();
	enum err err = ERR_OK;

	event->requested_document_ids =
		arena_alloc_array(use->arena, file->document_count + 1, sizeof *event->requested_document_ids);
	for (size_t i = 0; !err && i < count; i++) {
		err = write_correction(use, &requests[i], round, &items[old + i], error);
		steps[i] = requests[i].step_id;
		strbuf_addf(&message, "%s%s", i ? "\n" : "", requests[i].message);
		json_append(ids, json_new_string(items[old + i].id));
		for (size_t d = 0; d < requests[i].document_id_count; d++) {
			if (!texts_contain(event->requested_document_ids, event->requested_document_count,
					   requests[i].document_ids[d]))
				event->requested_document_ids[event->requested_document_count++] =
					requests[i].document_ids[d];
		}
	}
	if (old)
		memcpy(items, file->corrections, old * sizeof *items);
	file->corrections = items;
	file->correction_count = old + count;
	event->step_ids = steps;
	event->step_count = count;
	use->decision.message = strbuf_to_arena(&message, use->arena);
	JSON_ADD(use->detail, { "round", AS_INT(round) }, { "corrections", ids });
	strbuf_release(&message);
	return err;
}

/* Each requested document gets an upload link of its own, which accepts no other document. */
static enum err write_upload_links(struct use *use, struct error *error)
{
	const struct correction_request *requests = use->in->requests;
	size_t count = use->in->request_count;
	struct event_document *documents;
	size_t most = 0;
	enum err err = ERR_OK;

	if (!use->profile->events[EVENT_DOCUMENT_REQUIRED])
		return ERR_OK;
	for (size_t i = 0; i < count; i++)
		most += requests[i].document_type_count;
	documents = arena_alloc_array(use->arena, most, sizeof *documents);
	use->public_event_data.documents = documents;
	use->public_event_data.link_mark = link_make_placeholder(use->desk, use->arena);
	for (size_t i = 0; i < count; i++) {
		for (size_t t = 0; !err && t < requests[i].document_type_count; t++) {
			struct event_document *document = &documents[use->public_event_data.document_count];

			if (ITEM_WITH_TEXT(documents, use->public_event_data.document_count, type,
					   requests[i].document_types[t]))
				continue;
			*document = (struct event_document){ .type = requests[i].document_types[t], .upload_link = "" };
			err = link_new_for_document(
				use->desk, use->arena, &use->file.session,
				&(struct link_options){ document->type, use->public_event_data.link_mark },
				&document->upload_link, error);
			use->public_event_data.document_count++;
		}
	}
	return err;
}

static enum err renew_link(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	int64_t standing = 0;
	enum err err = store_link_generation(use->desk->store, session->row, "", &standing, error);

	if (!err && use->in->days)
		err = link_extend_days(session, use->now, use->in->days, error);
	/* In production the merchant passes the link on to the client. A reviewer gets the link only from
	 * link_show, which writes an audit record. */
	if (!err && !standing)
		err = link_renew_url(use->desk, use->arena, session, use->desk->store->sandbox ? &use->out->link : NULL,
				     error);
	return err;
}

/* Reads in->requests (a request that names no step gets the step of its documents), in->days (to extend the link;
 * required if the link has expired), in->note, in->has_grace, in->grace_s, in->seen_version. */
enum err use_corrections_prepare(struct use *use, struct error *error)
{
	enum err err = ERR_OK;

	if (!use->in->request_count)
		return error_invalid(error, "step", "No correction: name a step and describe what is wrong");
	err = read_requests(use, error);
	for (size_t i = 0; !err && i < use->in->request_count; i++)
		err = check_request(use, &use->in->requests[i], error);
	use->decision.kind = DECISION_CORRECTIONS;
	return err ? err : check_link_expiry(use, use->in->days, error);
}

/* A document that was named before the lock may have been replaced meanwhile. */
static enum err check_still_present(const struct use *use, struct error *error)
{
	for (size_t i = 0; i < use->in->request_count; i++) {
		const struct correction_request *request = &use->in->requests[i];

		for (size_t d = 0; d < request->document_id_count; d++) {
			const struct document *document = case_document(&use->file, request->document_ids[d]);

			if (!document || document->replaced)
				return REFUSE(BLOCKER_STATUS, request->document_ids[d], error,
					      "The document %.8s was just replaced; look at the case again",
					      request->document_ids[d]);
		}
	}
	return ERR_OK;
}

/* The words of the request that the reviewer chose: messages, and fields that the workflow does not name. */
static const char *words_of_requests(const struct use *use)
{
	const char *words = "";

	for (size_t i = 0; i < use->in->request_count; i++) {
		const struct correction_request *request = &use->in->requests[i];

		words = arena_printf(use->arena, "%s%s\n", words, request->message);
		for (size_t f = 0; f < request->field_count && !profile_step(use->profile, request->step_id); f++)
			words = arena_printf(use->arena, "%s%s\n", words, request->field_ids[f]);
	}
	return words;
}

enum err use_corrections(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	enum err err = check_still_present(use, error);

	if (!err)
		err = outgoing_check(use, "message", words_of_requests(use), error);
	if (!err)
		err = level_prepare_withdrawal(use, error);
	decision_set_materiality(use, session->decision_reason);
	if (!err)
		err = write_corrections(use, error);
	if (!err)
		err = renew_link(use, error);
	if (!err)
		err = write_upload_links(use, error);
	decision_clear(session);
	session->returned = false;
	return err;
}

/* --- a draft of a request, from the rejected documents --- */

static const char *step_of(const struct use *use, const struct document *document)
{
	const struct document_spec *spec = profile_document(use->profile, document->type);

	if (spec && *spec->step_id)
		return spec->step_id;
	if (*document->step_id)
		return document->step_id;
	if (use->file.step_count)
		return use->file.steps[0].id;
	return use->profile->step_count ? use->profile->steps[0].id : "";
}

static struct correction_request *find_document_request(struct correction_request *items, size_t count,
							const char *type)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(items[i].document_types[0], type))
			return &items[i];
	}
	return NULL;
}

static void add_document(struct use *use, const struct document *document, const struct reason *reason,
			 struct correction_request *items, size_t *count)
{
	struct correction_request *item = find_document_request(items, *count, document->type);
	const char *line = arena_printf(use->arena, "%s: %s", profile_document_title(use->profile, document->type),
					reason_public_message(&use->desk->reasons, REASONS_DOCUMENT, reason, ""));

	if (item) {
		item->message = arena_printf(use->arena, "%s\n%s", item->message, line);
		item->document_ids[item->document_id_count++] = document->id;
		return;
	}
	item = &items[(*count)++];
	*item = (struct correction_request){ .step_id = step_of(use, document), .message = line };
	item->document_types = arena_alloc_array(use->arena, 1, sizeof *item->document_types);
	item->document_types[0] = document->type;
	item->document_type_count = 1;
	item->document_ids = arena_alloc_array(use->arena, use->file.document_count, sizeof *item->document_ids);
	item->document_ids[item->document_id_count++] = document->id;
}

/* Makes a draft of the requests. Omits a document with a restricted reason, since the request alone would disclose
 * the reason. */
static void make_request_draft(struct use *use, struct correction_request **items, size_t *count)
{
	*items = arena_alloc_array(use->arena, use->file.document_count, sizeof **items);
	*count = 0;
	for (size_t i = 0; i < use->file.document_count; i++) {
		const struct document *document = &use->file.documents[i];
		const struct reason *reason;

		if (document->replaced || document->review != REVIEW_REJECTED || document->upload != UPLOAD_READY)
			continue;
		reason = reason_find(&use->desk->reasons, REASONS_DOCUMENT, document->review_reason);
		if (reason && reason->disclosure == DISCLOSURE_OPEN)
			add_document(use, document, reason, *items, count);
	}
}

enum err desk_correction_draft(struct desk *desk, struct arena *arena, const char *reference,
			       struct correction_request **items, size_t *count, struct error *error)
{
	const struct use_in in = { .session = reference };
	struct use_out ignored;
	struct use use = { .desk = desk, .arena = arena, .in = &in, .out = &ignored };
	enum err err = desk_begin_read(desk, error);

	*items = NULL;
	*count = 0;
	if (err)
		return err;
	err = use_load_case(&use, error);
	desk_end_read(desk);
	if (!err)
		make_request_draft(&use, items, count);
	return err;
}
