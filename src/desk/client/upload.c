/* Uploads a file into a case. */
#include "client/client.h"
#include "kybdesk/desk/import.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/limits.h"
#include "kybdesk/domain/things.h"

/* Files of a type, and of a session, that a client may upload; more if the workflow accepts many parties, each with a
 * document of two sides that is replaced now and then (seed avenia-kyb-level-1: 50 UBOs). */
#define FILES_OF_TYPE_MAX 40
#define FILES_OF_SESSION_MAX 200
#define FILES_OF_PARTY_MAX 4

struct upload {
	const char *type, *side, *file_name;
	const char *record_id; /* id of the document record to fill; "": none */
	const char *answered;  /* the document that the file replaces, as the request names it; "": not named */
	const void *bytes;
	size_t length;
	const char *media_type, *marks, *sha256; /* determined from the bytes */
	struct document *target;		 /* document record to fill or replace; NULL: a new record */
	struct document *old_document;		 /* document requested again, which the record replaces; NULL: none */
	const struct document *named;		 /* the document `answered`; NULL: not named */
	bool fills_record;			 /* the record `target` lacks exactly this file */
	bool double_sided;			 /* the request names a side, or requests two sides */
};

static enum err refuse_unknown_type(const struct use *use, const char *type, struct error *error)
{
	struct strbuf list = STRBUF_INIT;

	const char **types = arena_alloc_array(use->arena, use->profile->document_count + 1, sizeof *types);

	for (size_t i = 0; i < use->profile->document_count; i++) {
		types[i] = use->profile->documents[i].type;
		strbuf_addf(&list, "%s%s", list.len ? ", " : "", types[i]);
	}
	const char *near = text_find_nearest(type, types, use->profile->document_count);
	enum err err;
	if (near)
		err = error_invalid(error, "type", "\"%s\" is not a document type of the workflow %s; did you mean %s?",
				    type, use->profile->name, near);
	else
		err = error_invalid(error, "type", "\"%s\" is not a document type of the workflow %s%s%s", type,
				    use->profile->name, list.len ? "; there are: " : "", list.buf);
	strbuf_release(&list);
	return err;
}

static enum err check_side(const struct document_spec *spec, const struct upload *upload, struct error *error)
{
	enum side side;

	if (!upload->double_sided)
		return ERR_OK;
	if (*upload->side && !side_parse(upload->side, &side))
		return error_invalid(error, "side", "\"%s\" is not a side; use front or back", upload->side);
	if (spec && !spec->double_sided)
		return error_invalid(error, "side", "%s has no sides; leave the side out", upload->type);
	return ERR_OK;
}

static bool is_type_requested(const struct case_file *file, const char *type)
{
	for (size_t i = 0; i < file->correction_count; i++) {
		if (correction_is_unsettled(&file->corrections[i]) && correction_has_type(&file->corrections[i], type))
			return true;
	}
	return false;
}

static size_t upload_side(const struct upload *upload)
{
	return !strcmp(upload->side, side_text(SIDE_BACK)) ? SIDE_BACK : SIDE_FRONT;
}

/* Whether the record has no file, or only the file of the other side. */
static bool lacks_file_of_side(const struct document *document, const struct upload *upload)
{
	if (!document->double_sided)
		return !document_has_bytes(document);
	return upload->double_sided && !*document_side(document, upload_side(upload)).sha256;
}

static struct document *document_at(const struct use *use, const struct document *document)
{
	return document ? &use->file.documents[document - use->file.documents] : NULL;
}

/* Finds the record of this type that the file fills, else the document that the file replaces. *present: the case
 * has a current document of the type that needs no new file. */
static void find_upload_target(const struct use *use, struct upload *upload, bool *present)
{
	const struct case_file *file = &use->file;
	const struct document *record = NULL, *old;

	*present = false;
	for (size_t i = 0; i < file->document_count && !record; i++) {
		const struct document *document = &file->documents[i];

		if (*upload->record_id) {
			record = strcmp(document->id, upload->record_id) ? NULL : document;
			continue;
		}
		if (document->replaced || strcmp(document->type, upload->type) != 0)
			continue;
		if (!document_needs_new_file(document) && lacks_file_of_side(document, upload))
			record = document;
		else
			*present = *present || !document_needs_new_file(document);
	}
	old = upload->named ? upload->named
			    : next_answered_document(file, use->profile, record ? record->type : upload->type, record);
	upload->fills_record = record && lacks_file_of_side(record, upload);
	/* The second side of a record belongs to the document that the first side replaced. */
	if (record && old && (record->replaces_row || document_has_bytes(record)))
		old = NULL;
	upload->target = document_at(use, *upload->record_id || record ? record : old);
	upload->old_document = document_at(use, record ? old : NULL);
}

/* Finds the document that the request names for the file: one of the type or of its group, which needs a new file. */
static enum err find_named_document(struct use *use, struct upload *upload, struct error *error)
{
	struct document *document = NULL;
	enum err err;

	upload->named = NULL;
	if (!*upload->answered)
		return ERR_OK;
	err = use_find_document(&use->file, upload->answered, &document, error);
	if (err)
		return err;
	if (document->replaced || !document_needs_new_file(document))
		return refuse_with_blocker(ERR_CONFLICT, blocker_code_text(BLOCKER_STATUS), document->id, error,
					   "The document %.8s needs no new file: %s", document->id,
					   document->replaced ? "a later file replaced it"
							      : "it was neither rejected nor requested again");
	if (!document_types_are_alternatives(use->profile, document->type, upload->type))
		return error_invalid(error, "type", "A %s cannot replace the %s %.8s", upload->type, document->type,
				     document->id);
	upload->named = document;
	return ERR_OK;
}

/* Refuses a file without a side if a two-sided record of its type lacks a side. */
static enum err require_side(const struct use *use, const struct upload *upload, struct error *error)
{
	for (size_t i = 0; !*upload->record_id && !upload->double_sided && i < use->file.document_count; i++) {
		const struct document *document = &use->file.documents[i];

		if (!document->replaced && document->double_sided && !document_has_all_sides(document) &&
		    !strcmp(document->type, upload->type))
			return error_invalid(error, "side",
					     "The record of %s (%.8s) has two sides; choose front or back",
					     upload->type, document->id);
	}
	return ERR_OK;
}

/* For a capacity that submits, client_may_change() decides. Other capacities may add any file before the submission, or
 * if the profile freezes no documents; else only a missing mandatory file, or a refused or requested file. */
static enum err check_not_frozen(const struct use *use, const struct upload *upload, bool present, struct error *error)
{
	const struct document_spec *spec = profile_document(use->profile, upload->type);
	enum session_status status = use->file.session.status;
	const struct client_change wanted = { .document_type = upload->type };
	bool submitted = status != SESSION_DRAFT && status != SESSION_ACTIVE;

	if (capacity_is_submitter(use->in->capacity))
		return client_may_change(use, &wanted, error);
	if (!submitted || !use->profile->submit_freezes_documents || upload->target ||
	    is_type_requested(&use->file, upload->type))
		return ERR_OK;
	if (!present && spec && spec->mandatory)
		return ERR_OK;
	return REFUSE(BLOCKER_STATUS, upload->type, error,
		      "%s cannot be added: the documents are frozen since the case was submitted; reject the present "
		      "file or ask for corrections first",
		      upload->type);
}

/* If the request names a document record, that record accepts one file only. */
static enum err check_upload_target(const struct upload *upload, struct error *error)
{
	if (!*upload->record_id)
		return ERR_OK;
	if (!upload->target)
		return error_set(error, ERR_NOT_FOUND, "The case has no document \"%s\"", upload->record_id);
	if (upload->fills_record)
		return ERR_OK;
	return refuse_with_blocker(ERR_CONFLICT, blocker_code_text(BLOCKER_STATUS), upload->record_id, error,
				   "This document record already has a file; create another record for another file");
}

/* Limits the number of files in a case, including replaced files, since clients and merchants can upload files
 * without staff. */
static enum err check_file_count(const struct use *use, const struct upload *upload, struct error *error)
{
	bool named = profile_document(use->profile, upload->type) != NULL;
	size_t of_parties = FILES_OF_PARTY_MAX * use->profile->parties.max_parties, of_type = 0;
	size_t type_max = FILES_OF_TYPE_MAX + of_parties, session_max = FILES_OF_SESSION_MAX + of_parties;

	/* Types unknown to the workflow count as one type. */
	for (size_t i = 0; i < use->file.document_count; i++)
		of_type += named ? !strcmp(use->file.documents[i].type, upload->type)
				 : !profile_document(use->profile, use->file.documents[i].type);
	session_max = session_max < CASE_DOCUMENTS_MAX ? session_max : CASE_DOCUMENTS_MAX;
	if (!capacity_is_submitter(use->in->capacity) || upload->fills_record ||
	    (of_type < type_max && use->file.document_count < session_max))
		return ERR_OK;
	return REFUSE(BLOCKER_STATUS, upload->type, error,
		      of_type < type_max ? "The session has %zu files, the maximum"
					 : "The session has %zu files of the type %s, the maximum",
		      of_type < type_max ? session_max : type_max, upload->type);
}

static enum err prepare_upload(struct use *use, struct upload *upload, struct error *error)
{
	const struct document_spec *spec = profile_document(use->profile, upload->type);
	bool present = false;
	enum err err = ERR_OK;

	if (!spec && !use->profile->allows_other_documents)
		err = refuse_unknown_type(use, upload->type, error);
	if (!err)
		err = check_side(spec, upload, error);
	upload->target = upload->old_document = NULL;
	upload->fills_record = false;
	if (!err)
		err = find_named_document(use, upload, error);
	find_upload_target(use, upload, &present);
	if (!err)
		err = check_upload_target(upload, error);
	if (!err)
		err = check_not_frozen(use, upload, present, error);
	if (!err)
		err = check_file_count(use, upload, error);
	return err || use->use_case->verb != VERB_DOCUMENT_ADD ? err : require_side(use, upload, error);
}

static void fill_document(const struct use *use, const struct upload *upload, struct document *document)
{
	const struct document_side side = { .file_name = upload->file_name,
					    .file = "",
					    .file_sha256 = "",
					    .import_path = "",
					    .media_type = upload->media_type,
					    .marks = upload->marks,
					    .size_bytes = (int64_t)upload->length,
					    .sha256 = upload->sha256,
					    .upload = UPLOAD_READY };

	document_set_side(document, upload_side(upload), &side);
	document->review = REVIEW_UNREVIEWED;
	document->review_reason = "";
	document->reviewed_by = "";
	document->reviewed_at = TIME_NONE;
	document->uploaded_at = use->now;
}

/* Makes the document two-sided: each side has its own file and upload state. */
static void set_sides(struct document *document, enum upload_state upload)
{
	document->double_sided = true;
	document_set_upload_state(document, upload);
}

static struct document *append_document(struct use *use, const struct upload *upload)
{
	const struct document_spec *spec = profile_document(use->profile, upload->type);
	struct case_file *file = &use->file;
	struct document *document;

	ITEMS_GROW(use->arena, file->documents, file->document_count, 1);
	document = &file->documents[file->document_count++];
	document_init(document);
	document->id = id_new(use->desk, use->arena);
	document->type = upload->type;
	document->category = spec ? spec->category : "";
	document->step_id = spec ? spec->step_id : "";
	if (upload->double_sided)
		set_sides(document, UPLOAD_WAITING);
	return document;
}

/* Marks `old` as replaced, and writes the id of `document` into every field that contains the id of `old`. */
static enum err replace_document(struct use *use, struct document *old, const struct document *document,
				 struct error *error)
{
	enum err err;

	old->replaced = true;
	if (old->upload == UPLOAD_REQUIRED && document_has_all_sides(old))
		document_set_upload_state(old, UPLOAD_READY); /* the new document answers the request for `old` */
	err = store_document_update(use->desk->store, old, error);
	if (!err && *old->back_side_id)
		err = document_replace_refs(use, old->back_side_id, document->id, error);
	return err ? err : document_replace_refs(use, old->id, document->id, error);
}

/* Stores the file in the waiting record, or in a new record, which may replace a document. */
static enum err put_document(struct use *use, const struct upload *upload, struct document **out, struct error *error)
{
	const struct document *replaced = upload->fills_record ? upload->old_document : upload->target;
	size_t old_index = replaced ? (size_t)(replaced - use->file.documents) : 0;
	struct document *document = upload->fills_record ? upload->target : append_document(use, upload);
	/* Uses the index, since append_document() may move the array of documents. */
	struct document *old = replaced ? &use->file.documents[old_index] : NULL;
	enum err err;

	if (upload->fills_record && upload->double_sided && !document->double_sided)
		set_sides(document, document->upload);
	if (!upload->fills_record && old && !profile_document(use->profile, upload->type)) {
		document->category = old->category;
		document->step_id = old->step_id;
	}
	fill_document(use, upload, document);
	if (old)
		document->replaces_row = old->row;
	*out = document;
	err = upload->fills_record ? store_document_update(use->desk->store, document, error)
				   : store_document_insert(use->desk->store, use->file.session.row, document, error);
	return err || !old ? err : replace_document(use, old, document, error);
}

/* Writes the event of the document once, when its last side was uploaded. */
static enum err announce_upload(struct use *use, const struct document *document, struct error *error)
{
	const struct event_input input = {
		.event = { .kind = EVENT_DOCUMENT_PROCESSED,
			   .document_id = document->id,
			   .document_type = document->type,
			   .is_document_double_sided = document->double_sided },
		.due_at = use->now,
	};

	if (document->upload != UPLOAD_READY)
		return ERR_OK;
	return desk_event_write(use, &use->file.session, use->profile, &input, error);
}

static enum err require_two_phase_upload(const struct use *use, const char *type, struct error *error)
{
	const struct document_spec *spec = profile_document(use->profile, type);

	if (use->profile->upload == UPLOAD_TWO_PHASE || (spec && spec->is_provider_requested))
		return ERR_OK;
	return error_set_field(error, ERR_USAGE, "file",
			       "In the workflow %s, a %s needs its file at once: name the file", use->profile->name,
			       type);
}

/* Whether a document record that was made for the other side exists and also accepts this side. */
static bool side_is_recorded(const struct upload *upload)
{
	return upload->fills_record && upload->target->double_sided &&
	       (document_has_bytes(upload->target) || upload_side(upload) == SIDE_BACK);
}

static struct upload upload_of(const struct use *use)
{
	const char *side = use->in->side;
	/* With an API caller, the URL of the upload names the document record that the file fills. */
	bool named = use->desk->caller && use->use_case->verb == VERB_DOCUMENT_ADD;

	return (struct upload){ .type = use->in->type,
				.side = side,
				.answered = text_or_empty(use->in->document),
				.record_id = named ? use->in->part : "",
				.double_sided = *side || use->in->double_sided,
				.file_name = path_basename(use->in->file_name),
				.bytes = use->in->bytes,
				.length = use->in->length };
}

/* First phase of a two-phase upload (profile.h, UPLOAD_TWO_PHASE; also for documents on request): makes a record
 * with upload `waiting`, which document_add fills with the file, or with both sides. If a record was made for the
 * other side, that record is used. Reads in->type, in->double_sided, in->side. */
enum err use_document_record(struct use *use, struct error *error)
{
	struct upload upload = upload_of(use);
	struct document *document;
	enum err err = prepare_upload(use, &upload, error);

	if (!err)
		err = require_two_phase_upload(use, upload.type, error);
	/* Without an API caller, uploads find their document record by type, so the other side's record is used
	 * again. */
	if (!err && !use->desk->caller && side_is_recorded(&upload)) {
		use->has_no_change = true;
		use->out->part_id = upload.target->id;
		return ERR_OK;
	}
	/* At most one document record per type waits: the next file of the type fills it. */
	if (!err && !use->desk->caller && upload.fills_record)
		err = REFUSE(BLOCKER_DOCUMENT_MISSING, upload.target->id, error,
			     "A record of %s exists already (%.8s, %s); upload its file", upload.type,
			     upload.target->id, upload_state_text(upload.target->upload));
	if (err)
		return err;
	document = append_document(use, &upload);
	document->upload = UPLOAD_WAITING;
	use->out->part_id = document->id;
	use_add_changed_part(use, "document", document->id);
	JSON_ADD(use->detail, { "document", AS_TEXT(document->id) }, { "type", AS_TEXT(document->type) },
		 { "upload", AS_TEXT(upload_state_text(document->upload)) });
	return store_document_insert(use->desk->store, use->file.session.row, document, error);
}

static enum err check_upload(struct use *use, struct upload *upload, struct error *error)
{
	enum err err = desk_begin_read(use->desk, error);

	if (err)
		return err;
	err = use_load_case(use, error);
	if (!err)
		err = use_check_case(use, error);
	if (!err)
		err = prepare_upload(use, upload, error);
	return desk_finish_read(use->desk, err);
}

/* Without the lock: runs every check that can refuse, and writes the bytes to disk before a row names them. */
enum err use_document_add_prepare(struct use *use, struct error *error)
{
	struct upload *upload = arena_alloc(use->arena, sizeof *upload);
	char sha256[SHA256_HEX_SIZE];
	struct file_facts facts = { .media_type = "" };
	enum err err;

	*upload = upload_of(use);
	use->prepared_result = upload;
	err = text_check("file", "The name of the file", upload->file_name, true, error);
	if (!err)
		err = check_upload(use, upload, error);
	if (!err)
		err = document_file_check(use->profile, upload->type, upload->file_name, upload->bytes, upload->length,
					  &facts, error);
	upload->media_type = facts.media_type;
	upload->marks = file_marks_words(use->arena, facts.marks);
	if (!err)
		err = store_bytes_put(use->desk->store, upload->bytes, upload->length, sha256, error);
	upload->sha256 = arena_strdup(use->arena, err ? "" : sha256);
	return err;
}

/* Stores a file in the case as `type`, if the profile allows its size and detected format. Fills a waiting record
 * of that type or side, or replaces a rejected document (kept, marked replaced; every side must be uploaded again).
 * file_name is only shown, never used as a path. Reads in->type, in->side, in->file_name, in->bytes, in->length;
 * with an API caller also in->part: the waiting record. */
enum err use_document_add(struct use *use, struct error *error)
{
	struct upload *upload = use->prepared_result;
	struct document *document = NULL;
	enum err err = prepare_upload(use, upload, error);

	if (!err)
		err = outgoing_check(use, "file_name",
				     arena_printf(use->arena, "%s\n%s", use->in->file_name, use->in->type), error);
	if (!err)
		err = put_document(use, upload, &document, error);
	if (!err)
		err = announce_upload(use, document, error);
	if (err)
		return err;
	if (use->in->capacity == CAPACITY_CLIENT || use->in->capacity == CAPACITY_MERCHANT)
		use->run_after_commit = client_run_follow_up;
	use->out->part_id = document->id;
	use_add_changed_part(use, "document", document->id);
	JSON_ADD(use->detail, { "document", AS_TEXT(document->id) }, { "type", AS_TEXT(document->type) });
	if (*upload->side)
		json_set_text(use->detail, "side", upload->side);
	JSON_ADD(use->detail, { "sha256", AS_TEXT(upload->sha256) }, { "size_bytes", AS_INT((int64_t)upload->length) },
		 { "marks?", AS_TEXT(upload->marks) });
	return ERR_OK;
}
