/* Empty values and lookups for the plain data of a case. */
#include "kybdesk/base/text.h"
#include "kybdesk/domain/column.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/value.h"

#include <string.h>

const char *subject_member(const struct subject *subject, const char *name)
{
	if (!strncmp(name, "address.", 8))
		return value_text(value_member(subject->address, name + 8));
	return columns_text(&subject_columns, subject, name);
}

void case_file_init(struct case_file *file)
{
	*file = (struct case_file){ 0 };
	columns_init(&session_columns, &file->session);
	file->session.processing_results_json = "{}";
	file->session.gap_standing.change_text = "";
	file->session.attempt_number = 1;
}

void document_init(struct document *document)
{
	columns_init(&document_columns, document);
}

size_t document_side_count(const struct document *document)
{
	return document->double_sided ? SIDE_COUNT : 1;
}

struct document_side document_side(const struct document *document, size_t side)
{
	if (side == SIDE_BACK)
		return document->back;
	return (struct document_side){ .file_name = document->file_name,
				       .file = document->file,
				       .file_sha256 = document->file_sha256,
				       .import_path = document->import_path,
				       .media_type = document->media_type,
				       .marks = document->marks,
				       .size_bytes = document->size_bytes,
				       .sha256 = document->sha256,
				       .upload = document->double_sided ? document->front_upload : document->upload };
}

void document_set_side(struct document *document, size_t side, const struct document_side *value)
{
	if (side == SIDE_BACK) {
		document->back = *value;
	} else {
		document->file_name = value->file_name;
		document->file = value->file;
		document->file_sha256 = value->file_sha256;
		document->import_path = value->import_path;
		document->media_type = value->media_type;
		document->marks = value->marks;
		document->size_bytes = value->size_bytes;
		document->sha256 = value->sha256;
		document->front_upload = document->upload = value->upload;
	}
	/* the state of the first side that is not ready */
	if (document->double_sided)
		document->upload =
			document->front_upload == UPLOAD_READY ? document->back.upload : document->front_upload;
}

void document_set_upload_state(struct document *document, enum upload_state upload)
{
	document->upload = document->front_upload = upload;
	if (document->double_sided)
		document->back.upload = upload;
}

static size_t uploaded_side_count(const struct document *document)
{
	return (*document->sha256 != '\0') + (size_t)(document->double_sided && *document->back.sha256);
}

bool document_has_bytes(const struct document *document)
{
	return uploaded_side_count(document) > 0;
}

bool document_has_all_sides(const struct document *document)
{
	return uploaded_side_count(document) == document_side_count(document);
}

bool document_lacks_side(const struct document *document)
{
	return document_has_bytes(document) && !document_has_all_sides(document);
}

const char *document_import_path(const struct document *document)
{
	return *document->import_path	     ? document->import_path
	       : *document->back.import_path ? document->back.import_path
					     : "documents";
}

bool document_has_id(const struct document *document, const char *id)
{
	return *id && (!strcmp(document->id, id) || !strcmp(document->back_side_id, id));
}

void party_init(struct party *party)
{
	columns_init(&party_columns, party);
}

void check_init(struct check *check)
{
	columns_init(&check_columns, check);
}

void result_init(struct result *result)
{
	columns_init(&result_columns, result);
}

void hit_init(struct hit *hit)
{
	columns_init(&hit_columns, hit);
}

void step_init(struct step *step)
{
	columns_init(&step_columns, step);
}

void correction_init(struct correction *correction)
{
	columns_init(&correction_columns, correction);
	correction->round = 1;
}

void decision_init(struct decision *decision)
{
	columns_init(&decision_columns, decision);
	decision->before_level = decision->before_decided_by = decision->before_reason = "";
	decision->before_decided_at = TIME_NONE;
}

bool session_waits_for_retry(const struct case_file *file)
{
	const struct session *session = &file->session;
	const struct attempt *last = file->attempt_count ? &file->attempts[file->attempt_count - 1] : NULL;

	if (!last || last->result == ATTEMPT_REJECTED || session->status != SESSION_COMPLETED)
		return false;
	return session->processing_since == TIME_NONE || session->processing_since <= last->ended_at;
}

/* The id "" (no document, or the subject itself) matches no document. */
const struct document *case_document(const struct case_file *file, const char *id)
{
	for (size_t i = 0; i < file->document_count; i++) {
		if (document_has_id(&file->documents[i], id))
			return &file->documents[i];
	}
	return NULL;
}

struct document *case_document_by_row(const struct case_file *file, int64_t row)
{
	return row ? ITEM_WITH_NUMBER(file->documents, file->document_count, row, row) : NULL;
}

struct check *case_check(const struct case_file *file, enum check_kind kind)
{
	return ITEM_WITH_NUMBER(file->checks, file->check_count, kind, kind);
}

struct step *case_step(const struct case_file *file, const char *id)
{
	return ITEM_WITH_TEXT(file->steps, file->step_count, id, id);
}

const struct party *case_party(const struct case_file *file, const char *id)
{
	return parties_find(file->parties, file->party_count, id);
}

const struct party *case_party_or_removed(const struct case_file *file, const char *id)
{
	const struct party *party = case_party(file, id);

	return party ? party : parties_find(file->removed.items, file->removed.count, id);
}

const struct party *case_party_of_session(const struct case_file *file, int64_t session)
{
	return session ? ITEM_WITH_NUMBER(file->parties, file->party_count, session_row, session) : NULL;
}

struct party *parties_find(struct party *items, size_t count, const char *id)
{
	return *id ? ITEM_WITH_TEXT(items, count, id, id) : NULL;
}

const struct correction *case_correction(const struct case_file *file, const char *id)
{
	return ITEM_WITH_TEXT(file->corrections, file->correction_count, id, id);
}

bool correction_is_unsettled(const struct correction *correction)
{
	return correction->state == CORRECTION_OPEN || correction->state == CORRECTION_ANSWERED;
}

bool correction_is_of_step(const struct correction *correction)
{
	return !correction->field_count && !correction->document_type_count && !*correction->party_id;
}

bool correction_has_document(const struct correction *correction, const char *document_id)
{
	return texts_contain(correction->document_ids, correction->document_id_count, document_id);
}

bool correction_has_type(const struct correction *correction, const char *document_type)
{
	return texts_contain(correction->document_types, correction->document_type_count, document_type);
}

const struct hit *case_hit(const struct case_file *file, const char *id, const struct check **check)
{
	if (!*id)
		return NULL;
	for (size_t i = 0; i < file->check_count; i++) {
		const struct check *one = &file->checks[i];

		for (size_t h = 0; h < one->hit_count; h++) {
			if (strcmp(one->hits[h].id, id))
				continue;
			if (check)
				*check = one;
			return &one->hits[h];
		}
	}
	return NULL;
}

size_t case_person_count(const struct case_file *file)
{
	size_t count = 0;

	for (size_t i = 0; i < file->party_count; i++)
		count += file->parties[i].kind == PARTY_INDIVIDUAL;
	return count;
}

const char *note_subject_text(struct arena *arena, const struct case_file *file, const struct profile *profile,
			      const struct note *note)
{
	const struct document *document = *note->document ? case_document(file, note->document) : NULL;
	const struct hit *hit = *note->hit ? case_hit(file, note->hit, NULL) : NULL;

	if (document)
		return profile_document_title(profile, document->type);
	if (hit)
		return arena_printf(arena, "the hit %s", hit->name);
	return *note->document ? "a removed document" : *note->hit ? "a removed hit" : "";
}
