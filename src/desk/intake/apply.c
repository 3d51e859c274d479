/* Verbs that apply a line of an import to an existing case, only for changes that no client verb makes: the session's
 * own data, documents with their files, parties with the sender's ids, and the system's automatic transitions. The
 * verbs for data check which data may still change (client/frozen.c). Reviews and decisions are never changed. */
#include "client/client.h"
#include "intake/import_internal.h"

const struct column *imported_differing_column(const struct column_table *table, const void *incoming,
					       const void *present, unsigned flags)
{
	for (const struct column *c = NULL; (c = columns_next(table, c, flags));) {
		bool differs = c->type == COLUMN_BITS
				       ? (column_number(c, incoming) & ~column_number(c, present)) != 0
				       : !column_is_empty(c, incoming) && !column_equal(c, incoming, present);

		if (differs && c->flags & COLUMN_MERGED)
			return c;
	}
	return NULL;
}

/* --- the session and its subject --- */

static bool is_desk_owned_column(const struct column *column)
{
	return !strcmp(column->name, "processing_results") || !strcmp(column->name, "submitted_at");
}

/* Finds the first session column that a later line may change and that differs. `subject`: searches only the
 * columns of the subject; else only the other columns. */
static const struct column *differing_session_column(const struct session *incoming, const struct session *present,
						     bool subject)
{
	for (const struct column *c = NULL; (c = columns_next(&session_columns, c, COLUMN_MERGED));) {
		const struct column *of = column_find(&subject_columns, c->name);
		bool is_subject = of || !strcmp(c->name, "subject_name");

		if (is_subject != subject || is_desk_owned_column(c) || column_is_empty(c, incoming))
			continue;
		if (!column_equal(c, incoming, present))
			return c;
	}
	return NULL;
}

const char *imported_session_differing_field(struct arena *arena, const struct session *incoming,
					     const struct session *present)
{
	const struct column *column = differing_session_column(incoming, present, true);

	if (column)
		return arena_printf(arena, "subject.%s", column->word);
	column = differing_session_column(incoming, present, false);
	return column ? column->word ? column->word : column->name : NULL;
}

/* After the submission, a line cannot change the data of the subject, since reviewers and checks have seen them. */
static enum err check_subject(const struct use *use, const struct session *incoming, struct error *error)
{
	const struct column *column = differing_session_column(incoming, &use->file.session, true);

	if (!column || client_may_change_all(use))
		return ERR_OK;
	return error_set_field(error, ERR_BLOCKED, arena_printf(use->arena, "subject.%s", column->word),
			       "differs from the case and is frozen since the case was submitted (the case is %s); "
			       "a reviewer can ask for a correction, or edit it with a reason",
			       session_status_title(use->file.session.status));
}

/* Reads in->imported_case: its session. */
enum err use_session_apply(struct use *use, struct error *error)
{
	const struct session *incoming = &use->in->imported_case->session;
	struct session *session = &use->file.session;
	const char *results = session->processing_results_json;
	int64_t submitted_at = session->submitted_at;
	enum err err = use_check_undecided(use, error);

	if (err && client_may_change_all(use)) {
		error_release(error);
		err = ERR_OK;
	}
	if (!err)
		err = check_subject(use, incoming, error);
	if (err)
		return err;
	for (const struct column *c = NULL; (c = columns_next(&session_columns, c, COLUMN_MERGED));) {
		if (is_desk_owned_column(c) || column_is_empty(c, incoming) || column_equal(c, incoming, session))
			continue;
		json_set_bool(use->detail, c->name, true);
	}
	const char *was = facts_subject(use->arena, &session->subject);

	columns_merge(&session_columns, session, incoming, COLUMN_MERGED);
	use_set_changed_subject(use, was);
	session->processing_results_json = results;
	session->submitted_at = submitted_at;
	use->rewrites_search_text = true;
	return ERR_OK;
}

/* --- documents --- */

static struct document *find_document(struct case_file *file, const char *id)
{
	for (size_t i = 0; i < file->document_count; i++) {
		if (document_has_id(&file->documents[i], id))
			return &file->documents[i];
	}
	return NULL;
}

/* Finds the present document with the id of the incoming document, or with the id of its back side. */
static struct document *find_present_document(struct case_file *file, const struct document *incoming)
{
	struct document *present = find_document(file, incoming->id);

	return present ? present : find_document(file, incoming->back_side_id);
}

/* Derives the id of a replacement from the old document and the new bytes. */
static const char *replacement_id(struct arena *arena, const struct document *old, const struct document *incoming)
{
	const char *const parts[] = { old->id, incoming->sha256, incoming->back.sha256 };
	char id[UUID_TEXT_SIZE];

	uuid_derive(id, parts, incoming->double_sided ? 3 : 2);
	return arena_strdup(arena, id);
}

enum file_change { FILES_SAME, FILES_ADDED, FILES_CHANGED };

/* How the line changes the file of one side: first bytes, other bytes, or no change. */
static enum file_change side_change(const struct document *incoming, const struct document *present, size_t side)
{
	const char *sha256 = document_side(incoming, side).sha256, *there = document_side(present, side).sha256;

	if (!*sha256 || !strcmp(sha256, there))
		return FILES_SAME;
	return *there ? FILES_CHANGED : FILES_ADDED;
}

static enum file_change file_change(const struct document *incoming, const struct document *present)
{
	enum file_change most = FILES_SAME;

	for (size_t i = 0; i < document_side_count(incoming); i++) {
		const enum file_change side = side_change(incoming, present, i);

		most = side > most ? side : most;
	}
	return most;
}

/* Whether a document with the bytes of the incoming document already replaced the present document. */
static bool was_replaced_before(struct arena *arena, struct case_file *file, const struct document *incoming,
				const struct document *present)
{
	if (find_document(file, replacement_id(arena, present, incoming)))
		return true;
	for (size_t i = 0; present->replaced && i < file->document_count; i++) {
		const struct document *later = &file->documents[i];

		if (!later->replaced && !strcmp(later->type, incoming->type) &&
		    later->double_sided == incoming->double_sided && file_change(incoming, later) == FILES_SAME)
			return true;
	}
	return false;
}

static bool is_same_document(const struct document *incoming, const struct document *present)
{
	return !strcmp(present->type, incoming->type) && present->double_sided == incoming->double_sided;
}

bool imported_document_differs(struct arena *arena, struct case_file *file, const struct document *incoming)
{
	const struct document *present = find_present_document(file, incoming);
	enum file_change change;

	if (!present || !is_same_document(incoming, present))
		return true;
	change = file_change(incoming, present);
	return change == FILES_ADDED ||
	       (change == FILES_CHANGED && !was_replaced_before(arena, file, incoming, present)) ||
	       imported_differing_column(&document_columns, incoming, present, COLUMN_MERGED);
}

static const char *document_field_path(const struct use *use, const struct document *incoming, const char *member)
{
	return arena_printf(use->arena, "%s.%s", document_import_path(incoming), member);
}

static struct document *append_document(struct use *use, const struct document *incoming)
{
	struct case_file *file = &use->file;
	struct document *document;

	ITEMS_GROW(use->arena, file->documents, file->document_count, 1);
	document = &file->documents[file->document_count++];
	*document = *incoming;
	document->row = document->replaces_row = 0;
	document->review = REVIEW_UNREVIEWED;
	document->review_reason = document->reviewed_by = document->verdict_imported_by = document->imported_verdict =
		"";
	document->reviewed_at = TIME_NONE;
	document->replaced = false;
	if (document_has_bytes(document) && document->uploaded_at == TIME_NONE)
		document->uploaded_at = use->now;
	return document;
}

static enum err insert_document(struct use *use, const struct document *incoming, struct document *old,
				struct error *error)
{
	size_t place = old ? (size_t)(old - use->file.documents) : 0;
	struct document *fresh;
	enum err err = ERR_OK;

	if (old) {
		const char *id = replacement_id(use->arena, old, incoming);

		old->replaced = true;
		if (old->upload == UPLOAD_REQUIRED)
			document_set_upload_state(old, UPLOAD_READY); /* the new file answers the request for `old` */
		err = store_document_update(use->desk->store, old, error);
		fresh = append_document(use, incoming);
		fresh->id = id;
		fresh->back_side_id = "";
		fresh->replaces_row = use->file.documents[place].row;
	} else {
		fresh = append_document(use, incoming);
	}
	use_add_changed_part(use, "document", fresh->id);
	return err ? err : store_document_insert(use->desk->store, use->file.session.row, fresh, error);
}

/* Finds the first column that differs and that a reviewer may have judged. Does not compare values that a provider
 * extracted. */
static const struct column *differing_judged_column(const struct document *incoming, const struct document *present)
{
	return imported_differing_column(&document_columns, incoming, present, COLUMN_IDENTITY);
}

static enum err check_same_document(const struct use *use, const struct document *incoming,
				    const struct document *present, struct error *error)
{
	if (is_same_document(incoming, present))
		return ERR_OK;
	return error_set_field(
		error, ERR_CONFLICT, document_field_path(use, incoming, "id"),
		"is the id of another document of this case (%s%s); give this document its own id, or none",
		present->type, present->double_sided ? ", with two sides" : "");
}

/* Data that a reviewer judged, such as a document's date, cannot change: the document has to be uploaded again. */
static enum err check_reviewed_data(const struct use *use, const struct document *incoming,
				    const struct document *present, struct error *error)
{
	const struct column *column = differing_judged_column(incoming, present);

	if (file_change(incoming, present) != FILES_SAME || !column || present->review == REVIEW_UNREVIEWED)
		return ERR_OK;
	return error_set_field(error, ERR_BLOCKED, document_field_path(use, incoming, column->word),
			       "differs from the %s of the %s that %s reviewed; upload the document again",
			       column->type == COLUMN_DAY ? "date" : "value", present->type, present->reviewed_by);
}

static enum err change_document(struct use *use, const struct document *incoming, struct document *present,
				struct error *error)
{
	if (file_change(incoming, present) == FILES_CHANGED) {
		if (was_replaced_before(use->arena, &use->file, incoming, present))
			return ERR_OK;
		return insert_document(use, incoming, present, error);
	}
	for (size_t i = 0; i < document_side_count(incoming); i++) {
		const struct document_side side = document_side(incoming, i);

		if (side_change(incoming, present, i) != FILES_ADDED)
			continue;
		document_set_side(present, i, &side);
		present->uploaded_at = use->now;
	}
	use_add_changed_part(use, "document", present->id);
	if (!*present->back_side_id && strcmp(incoming->id, present->id) != 0)
		present->back_side_id = incoming->id;
	columns_merge(&document_columns, present, incoming, COLUMN_MERGED);
	return store_document_update(use->desk->store, present, error);
}

static enum err apply_document(struct use *use, const struct document *incoming, struct error *error)
{
	const struct client_change wanted = { .document_type = incoming->type };
	struct document *present = find_present_document(&use->file, incoming);
	enum err err = present ? check_same_document(use, incoming, present, error) : ERR_OK;

	if (!err &&
	    (!present || file_change(incoming, present) != FILES_SAME || differing_judged_column(incoming, present))) {
		err = client_may_change(use, &wanted, error);
		if (err && !error->field)
			err = error_set_field(error, err, document_field_path(use, incoming, present ? "file" : "type"),
					      "%s", error->message);
	}
	if (!err && present)
		err = check_reviewed_data(use, incoming, present, error);
	if (err)
		return err;
	return present ? change_document(use, incoming, present, error) : insert_document(use, incoming, NULL, error);
}

/* Reads in->imported_case: its documents; in->part: the id of one of these documents, NULL: all. A file that
 * differs replaces the present file, which is kept and shown. */
enum err use_documents_apply(struct use *use, struct error *error)
{
	const struct case_file *imported_case = use->in->imported_case;
	struct json_value *ids = json_new_array();
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < imported_case->document_count; i++) {
		const struct document *incoming = &imported_case->documents[i];

		if ((*use->in->part && strcmp(use->in->part, incoming->id) != 0) ||
		    !imported_document_differs(use->arena, &use->file, incoming))
			continue;
		err = apply_document(use, incoming, error);
		json_append(ids, json_new_string(incoming->id));
	}
	json_set(use->detail, "documents", ids);
	return err;
}

/* --- automatic transitions of the system, in any store --- */

/* Applies a status of the line that otherwise only the system sets, by the verbs process, finish and expire. Reads
 * in->new_status. */
enum err use_carry(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	enum session_status to = use->in->new_status;

	if (!transition_import_is_allowed(use->from, to, use->profile))
		return error_set_field(error, ERR_CONFLICT, "status",
				       "an import cannot change the status from %s to %s; decide the case in kybdesk",
				       session_status_text(use->from), session_status_text(to));
	if (to == SESSION_EXPIRED && !use->desk->store->sandbox &&
	    (session->expires_at == TIME_NONE || session->expires_at > use->now))
		return error_set_field(
			error, ERR_CONFLICT, "status",
			"an import cannot make a session expired before its own time; remove the status");
	if (to == SESSION_EXPIRED)
		session->status_before_expiry = use->from;
	session->status = to;
	session->processing_since = session->process_at = TIME_NONE;
	if (session_status_inbox(to) == INBOX_MANUAL_REVIEW || session_status_inbox(to) == INBOX_COMPLETED) {
		if (session->submitted_at == TIME_NONE)
			session->submitted_at = use->now;
		due_set_deadline(session, use->profile);
	}
	JSON_ADD(use->detail, { "from", AS_TEXT(session_status_text(use->from)) },
		 { "to", AS_TEXT(session_status_text(to)) });
	(void)processing_is_due(use->desk, use->arena, &use->file, use->profile, use->now);
	return store_session_set_columns(use->desk->store, session, SESSION_COLUMNS_PROCESSING, error);
}
