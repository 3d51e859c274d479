/* Putting a file into a case. */
#include "intake/import_internal.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/text.h"
#include "kybdesk/desk/review.h"

#include <string.h>

struct upload {
	const char *type, *side, *file_name;
	const void *bytes;
	size_t length;
	const char *media_type;
	struct document *place; /* the record it fills or takes the place of; NULL: one more */
};

static enum err unknown_type(const struct work *work, const char *type, struct error *error)
{
	struct strbuf list = STRBUF_INIT;

	const char **types = arena_alloc_array(work->arena, work->profile->document_count + 1, sizeof *types);

	for (size_t i = 0; i < work->profile->document_count; i++) {
		types[i] = work->profile->documents[i].type;
		strbuf_addf(&list, "%s%s", list.len ? ", " : "", types[i]);
	}
	const char *near = text_nearest(type, types, work->profile->document_count);
	if (near)
		error_set_field(error, ERR_INVALID, "type",
				"\"%s\" is no document type of the workflow %s; did you mean %s?", type,
				work->profile->name, near);
	else
		error_set_field(error, ERR_INVALID, "type", "\"%s\" is no document type of the workflow %s%s%s",
				type, work->profile->name, list.len ? "; there are: " : "", list.buf);
	strbuf_release(&list);
	return ERR_INVALID;
}

static enum err check_side(const struct document_spec *spec, const struct upload *upload, struct error *error)
{
	if (!*upload->side)
		return ERR_OK;
	if (strcmp(upload->side, "front") && strcmp(upload->side, "back"))
		return error_set_field(error, ERR_INVALID, "side", "\"%s\" is no side; use front or back",
				       upload->side);
	if (spec && !spec->double_sided)
		return error_set_field(error, ERR_INVALID, "side", "%s has no sides; leave the side out",
				       upload->type);
	return ERR_OK;
}

static bool is_asked_for(const struct case_file *file, const char *type)
{
	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *correction = &file->corrections[i];

		if (correction->state != CORRECTION_OPEN && correction->state != CORRECTION_ANSWERED)
			continue;
		for (size_t t = 0; t < correction->document_type_count; t++) {
			if (!strcmp(correction->document_types[t], type))
				return true;
		}
	}
	return false;
}

static bool needs_another(const struct document *document)
{
	return document->upload != UPLOAD_READY || document->review == REVIEW_REJECTED;
}

/* What of this type and side is there: a record to fill comes first, then a file to take the place of. */
static void find_place(struct case_file *file, struct upload *upload, bool *present)
{
	*present = false;
	for (size_t i = 0; i < file->document_count; i++) {
		struct document *document = &file->documents[i];

		if (document->replaced || strcmp(document->type, upload->type) ||
		    strcmp(document->side, upload->side))
			continue;
		if (!needs_another(document)) {
			*present = true;
			continue;
		}
		if (!upload->place || !*document->sha256)
			upload->place = document;
	}
}

/* Until it is submitted anything may come; later only what is missing, refused or asked for again. */
static enum err check_frozen(const struct work *work, const struct upload *upload, bool present,
			     struct error *error)
{
	const struct document_spec *spec = profile_document(work->profile, upload->type);
	enum session_status status = work->file.session.status;
	bool submitted = status != SESSION_DRAFT && status != SESSION_ACTIVE;

	if (!submitted || !work->profile->submit_freezes_documents || upload->place ||
	    is_asked_for(&work->file, upload->type))
		return ERR_OK;
	if (!present && spec && spec->mandatory)
		return ERR_OK;
	return refuse_one(
		ERR_BLOCKED, blocker_code_text(BLOCKER_STATUS), upload->type, error,
		"%s cannot be added: the documents are frozen since the case was submitted; reject the present "
		"file or ask for corrections first",
		upload->type);
}

static enum err prepare(struct work *work, struct upload *upload, struct error *error)
{
	const struct document_spec *spec = profile_document(work->profile, upload->type);
	bool present = false;
	enum err err = ERR_OK;

	if (!spec && !work->profile->other_documents)
		err = unknown_type(work, upload->type, error);
	if (!err)
		err = check_side(spec, upload, error);
	upload->place = NULL;
	find_place(&work->file, upload, &present);
	if (!err)
		err = check_frozen(work, upload, present, error);
	return err;
}

static void fill(const struct work *work, const struct upload *upload, const char *sha256,
		 struct document *document)
{
	document->file_name = upload->file_name;
	document->media_type = upload->media_type;
	document->size_bytes = (int64_t)upload->length;
	document->sha256 = sha256;
	document->upload = UPLOAD_READY;
	document->review = REVIEW_UNREVIEWED;
	document->review_reason = "";
	document->reviewed_by = "";
	document->reviewed_at = TIME_NONE;
	document->uploaded_at = work->now;
}

static struct document *append(struct work *work)
{
	struct case_file *file = &work->file;
	struct document *documents = arena_alloc_array(work->arena, file->document_count + 1, sizeof *documents);

	if (file->document_count)
		memcpy(documents, file->documents, file->document_count * sizeof *documents);
	document_init(&documents[file->document_count]);
	file->documents = documents;
	return &documents[file->document_count++];
}

static enum err put_new(struct work *work, const struct upload *upload, const char *sha256, struct document **out,
			struct error *error)
{
	const struct document_spec *spec = profile_document(work->profile, upload->type);
	size_t old_index = upload->place ? (size_t)(upload->place - work->file.documents) : 0;
	struct document *document = append(work), *old = upload->place ? &work->file.documents[old_index] : NULL;
	enum err err = ERR_OK;

	document->id = id_new(work->desk, work->arena);
	document->type = upload->type;
	document->side = upload->side;
	document->category = spec ? spec->category : old ? old->category : "";
	document->step_id = spec ? spec->step_id : old ? old->step_id : "";
	fill(work, upload, sha256, document);
	if (old) {
		document->replaces_row = old->row;
		old->replaced = true;
		if (old->upload == UPLOAD_REQUIRED)
			old->upload = UPLOAD_READY; /* it was asked for again, and now it has been */
		err = store_document_update(work->desk->store, old, error);
	}
	*out = document;
	return err ? err : store_document_insert(work->desk->store, work->file.session.row, document, error);
}

static enum err put(struct work *work, const struct upload *upload, const char *sha256, struct document **out,
		    struct error *error)
{
	if (!upload->place || *upload->place->sha256)
		return put_new(work, upload, sha256, out, error);
	*out = upload->place;
	fill(work, upload, sha256, *out);
	return store_document_update(work->desk->store, *out, error);
}

static enum err announce(struct work *work, const struct document *document, struct error *error)
{
	const struct event_input input = {
		.kind = EVENT_DOCUMENT_PROCESSED,
		.document_id = document->id,
		.document_type = document->type,
		.document_side = document->side,
		.due_at = work->now,
	};

	return desk_event_write(work->desk, work->arena, &work->file.session, work->profile, &input, NULL, NULL,
				error);
}

static const char verb[] = "add a document";

/* Without the lock: everything that can be refused, and the bytes, which stand on disk before any row names them. */
static enum err store_bytes(struct desk *desk, struct arena *arena, const char *reference, struct upload *upload,
			    char sha256[SHA256_HEX_SIZE], struct error *error)
{
	struct work work = { .desk = desk, .arena = arena };
	enum err err = desk_begin_read(desk, error);

	if (err)
		return err;
	err = work_load(&work, desk, arena, reference, error);
	if (!err)
		err = work_check_claim(&work, verb, error);
	if (!err)
		err = work_check_open(&work, verb, error);
	if (!err)
		err = prepare(&work, upload, error);
	desk_end_read(desk);
	if (!err)
		err = document_file_check(work.profile, upload->type, upload->file_name, upload->bytes,
					  upload->length, &upload->media_type, error);
	if (!err)
		err = store_bytes_put(desk->store, upload->bytes, upload->length, sha256, error);
	return err;
}

static enum err check_two_phase(const struct work *work, const char *type, struct error *error)
{
	const struct document_spec *spec = profile_document(work->profile, type);

	if (work->profile->upload == UPLOAD_TWO_PHASE || (spec && spec->on_request))
		return ERR_OK;
	return error_set_field(error, ERR_USAGE, "file", "The workflow %s takes a %s with its file: name the file",
			       work->profile->name, type);
}

/* One record at a time: what it waits for is the next file of its type and side. */
static enum err check_waiting(const struct upload *upload, struct error *error)
{
	if (!upload->place || *upload->place->sha256)
		return ERR_OK;
	return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_DOCUMENT_MISSING), upload->place->id, error,
			  "There is a record of %s already (%.8s, %s); bring its file", upload->type,
			  upload->place->id, upload_state_text(upload->place->upload));
}

static enum err insert_record(struct work *work, const struct upload *upload, struct document **out,
			      struct error *error)
{
	const struct document_spec *spec = profile_document(work->profile, upload->type);
	struct document *document = append(work);

	document->id = id_new(work->desk, work->arena);
	document->type = upload->type;
	document->side = upload->side;
	document->category = spec ? spec->category : "";
	document->step_id = spec ? spec->step_id : "";
	document->upload = UPLOAD_WAITING;
	*out = document;
	return store_document_insert(work->desk->store, work->file.session.row, document, error);
}

enum err desk_document_record(struct desk *desk, struct arena *arena, const char *reference, const char *type,
			      const char *side, const char **id, const char **document_id, struct error *error)
{
	struct upload upload = { .type = type, .side = side ? side : "", .file_name = "" };
	struct document *document = NULL;
	struct json_value *detail = NULL;
	struct work work;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, verb, error);

	if (err)
		return err;
	err = prepare(&work, &upload, error);
	if (!err)
		err = check_two_phase(&work, type, error);
	if (!err)
		err = check_waiting(&upload, error);
	if (!err)
		err = insert_record(&work, &upload, &document, error);
	if (!err) {
		detail = json_new_object();
		json_set_text(detail, "document", document->id);
		json_set_text(detail, "type", document->type);
		json_set_text(detail, "upload", upload_state_text(document->upload));
		*id = work.file.session.id;
		*document_id = document->id;
	}
	return work_commit(&work, err, "document.record", detail, false, error);
}

enum err desk_document_add(struct desk *desk, struct arena *arena, const char *reference, const char *type,
			   const char *side, const char *file_name, const void *bytes, size_t length,
			   const char **id, const char **document_id, struct error *error)
{
	struct upload upload = { .type = type, .side = side ? side : "", .bytes = bytes, .length = length };
	char sha256[SHA256_HEX_SIZE];
	struct work work;
	struct document *document = NULL;
	struct json_value *detail = NULL;
	enum err err = desk_require_change(desk, ROLE_REVIEWER, verb, error);

	upload.file_name = path_name(file_name);
	if (!err)
		err = text_check("file", "The name of the file", upload.file_name, true, error);
	if (!err)
		err = store_bytes(desk, arena, reference, &upload, sha256, error);
	if (!err)
		err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, verb, error);
	if (err) {
		store_bytes_release(desk->store);
		return err;
	}
	err = prepare(&work, &upload, error);
	if (!err)
		err = put(&work, &upload, arena_strdup(arena, sha256), &document, error);
	if (!err)
		err = announce(&work, document, error);
	if (!err) {
		detail = json_new_object();
		json_set_text(detail, "document", document->id);
		json_set_text(detail, "type", document->type);
		json_set_text(detail, "sha256", document->sha256);
		json_set_int(detail, "size_bytes", document->size_bytes);
		*id = work.file.session.id;
		*document_id = document->id;
	}
	err = work_commit(&work, err, "document.add", detail, false, error);
	store_bytes_release(desk->store);
	return err;
}
