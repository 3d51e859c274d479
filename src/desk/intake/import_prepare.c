#include "import_internal.h"
#include "client/client.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/format.h"
#include "kybdesk/domain/ownership.h"

#include <stdio.h>

/* --- the stored session of a line --- */

enum err import_check_decision(const struct import_run *run, const struct session_document *document,
			       struct error *error)
{
	if (!document->has_decided || !run->decisions_refusal)
		return ERR_OK;
	return error_set_field(error, ERR_FORBIDDEN, "status", "%s", run->decisions_refusal);
}

static enum err find_merchant(struct import_run *run, const char *name, int64_t *row, struct error *error)
{
	enum err err;

	if (run->merchant_row && !strcmp(run->merchant, name)) {
		*row = run->merchant_row;
		return ERR_OK;
	}
	err = merchant_require(run->desk, run->arena, name, row, error);
	if (!err && *row && strlen(name) < sizeof run->merchant) {
		(void)snprintf(run->merchant, sizeof run->merchant, "%s", name);
		run->merchant_row = *row;
	}
	return err;
}

/* Checks the decisions of a line. An unknown reason is refused, since it has no text that the client may read. */
static enum err check_decisions(const struct import_run *run, const struct case_file *file, const char *path,
				struct error *error)
{
	const struct decision *last = NULL;
	enum session_status status = file->session.status;

	for (size_t i = 0; i < file->decision_count; i++) {
		const struct decision *decision = &file->decisions[i];
		const struct reason *reason;
		if (decision->kind == DECISION_REJECT && *decision->reason &&
		    reason_require(desk_reasons(run->desk), REASONS_SESSION, decision->reason, NULL, 0, &reason, error))
			return error_invalid(error, arena_printf(run->arena, "%sdecisions[%zu].reason", path, i),
					     "is '%s', which is not a session reason; this program's session "
					     "reasons are in data/reasons/session.json",
					     decision->reason);
		if (!decision->undone && decision->kind != DECISION_UNDO)
			last = decision;
	}
	if (!last || (status != SESSION_APPROVED && status != SESSION_REJECTED))
		return ERR_OK;
	if (last->kind == (status == SESSION_APPROVED ? DECISION_APPROVE : DECISION_REJECT))
		return ERR_OK;
	return error_invalid(error, arena_printf(run->arena, "%sdecisions", path),
			     "end with %s, but the status is %s; include the decision that led to it",
			     decision_kind_text(last->kind), session_status_text(status));
}

/* A level above the first level results from an approval, so importing such a level without an approval is a
 * decision. A known user keeps the stored level; the level of the line is ignored. */
static enum err check_subject_level(const struct desk *desk, const struct session *session,
				    const struct profile *profile, int64_t merchant, struct error *error)
{
	const char *incoming = session->subject.level;
	const char *first = profile_initial_level(profile, session->subject.kind);
	const char *approved = profile_approved_level(profile, session->subject.kind);
	int64_t known = 0;
	enum err err = ERR_OK;

	if (!*incoming || !*first || !strcmp(incoming, first))
		return ERR_OK;
	if (strcmp(incoming, approved) != 0)
		return error_invalid(error, "subject.level", "is '%s'; allowed: %s, %s", incoming, first, approved);
	if (session->status == SESSION_APPROVED || desk->store->sandbox || desk->role == ROLE_ADMIN)
		return ERR_OK;
	if (merchant)
		err = store_subject_by_uid(desk->store, merchant, session->subject.uid, &known, error);
	if (err || known)
		return err;
	return error_set_field(
		error, ERR_FORBIDDEN, "subject.level",
		"is %s, which requires an approval; in a production store only an admin may import this level",
		incoming);
}

/* Checks that a stored session with this id has the line's merchant and workflow. */
static enum err check_present_session(struct desk *desk, struct arena *arena, int64_t row,
				      const struct session *incoming, struct error *error)
{
	struct session present;
	enum err err = store_session_load(desk->store, arena, row, &present, error);

	if (err)
		return err;
	if (strcmp(present.merchant, incoming->merchant) != 0)
		return error_set_field(error, ERR_CONFLICT, "merchant",
				       "is %s, but the session %s belongs to another merchant; use the id of a "
				       "session of %s, or none",
				       incoming->merchant, incoming->id, incoming->merchant);
	if (strcmp(present.workflow, incoming->workflow) != 0)
		return error_set_field(
			error, ERR_CONFLICT, "workflow",
			"is %s, but the session %s has the workflow %s; the workflow of a session cannot change",
			incoming->workflow, incoming->id, present.workflow);
	return ERR_OK;
}

/* Finds the session of a line without an id: by the id derived from the line's reference, else by the reference
 * itself, since an imported session may have another id. */
static enum err find_by_reference(struct import_run *run, struct session *session, int64_t *row, struct error *error)
{
	struct store *store = run->desk->store;
	struct session present;
	int64_t merchant;
	enum err err;

	session->id = id_derive_session(run->arena, session->merchant, session->workflow, session->external_ref);
	err = store_session_by_uuid(store, session->id, row, error);
	if (err || *row)
		return err;
	err = find_merchant(run, session->merchant, &merchant, error);
	if (!err && merchant) {
		struct session named = *session;

		named.merchant_row = merchant;
		err = store_session_by_ref(store, &named, row, error);
	}
	if (err || !*row)
		return err;
	err = store_session_load(store, run->arena, *row, &present, error);
	if (!err)
		session->id = present.id;
	return err;
}

enum err import_find_session(struct import_run *run, struct session *session, int64_t *row, struct error *error)
{
	enum err err;

	if (!*session->id)
		return find_by_reference(run, session, row, error);
	err = store_session_by_uuid(run->desk->store, session->id, row, error);
	return err || !*row ? err : check_present_session(run->desk, run->arena, *row, session, error);
}

/* Finds the stored session of the line, and checks whether the line may be imported, before the line's files are
 * stored. Sets the session's id. *row 0: the session is new. */
static enum err find_session(struct import_run *run, struct session_document *document, const struct profile *profile,
			     int64_t *row, struct error *error)
{
	struct session *session = &document->file.session;
	int64_t merchant;
	enum err err = import_find_session(run, session, row, error);

	if (err || *row)
		return err;
	if (*session->parent_id)
		return error_invalid(error, "parent_id",
				     "is %s, so this is the session of a party; import it inside its parent "
				     "case, as \"session\" of the party",
				     session->parent_id);
	err = find_merchant(run, session->merchant, &merchant, error);
	if (!err)
		err = import_check_decision(run, document, error);
	if (!err)
		err = check_subject_level(run->desk, session, profile, merchant, error);
	if (!err)
		err = check_decisions(run, &document->file, "", error);
	for (size_t i = 0; !err && i < document->file.correction_count; i++)
		err = outgoing_refuse("corrections", document->file.corrections[i].message, error);
	return err ? err : outgoing_refuse("subject.uid", session->subject.uid, error);
}

enum err import_check_reference(struct desk *desk, struct arena *arena, const struct session *session,
				struct error *error)
{
	struct session other;
	int64_t row;
	enum err err;

	if (!*session->external_ref)
		return ERR_OK;
	err = outgoing_refuse("external_ref", session->external_ref, error);
	if (!err)
		err = store_session_by_ref(desk->store, session, &row, error);
	if (err || !row || row == session->row)
		return err;
	err = store_session_load(desk->store, arena, row, &other, error);
	if (err)
		return err;
	return error_set_field(error, ERR_CONFLICT, "external_ref",
			       "%s is already the reference of the session %s; use that id, or omit the id",
			       session->external_ref, other.id);
}

/* --- the parts of a line --- */

#define UPLOAD_DEFAULT_MAX ((size_t)32 * 1024 * 1024)

static enum err check_profile(const struct case_file *file, const struct profile *profile, struct error *error)
{
	const struct session *session = &file->session;

	if (!profile_has_kind(profile, session->kind)) {
		return error_invalid(error, "kind", "is %s, but the workflow %s is for %s sessions",
				     session_kind_text(session->kind), profile->name, session_kind_text(profile->kind));
	}
	if (profile->subject_kinds && !(profile->subject_kinds & (1u << session->subject.kind)))
		return error_invalid(error, "subject.kind", "is %s, which the workflow %s does not accept",
				     subject_kind_text(session->subject.kind), profile->name);
	return ERR_OK;
}

static enum err check_ranges(const struct import_run *run, const struct case_file *file, const struct profile *profile,
			     struct error *error)
{
	for (size_t i = 0; i < file->party_count; i++)
		for (size_t s = 0; s < file->parties[i].share_count; s++) {
			const char *percent = file->parties[i].shares[s].percent;
			const char *fault = ownership_range_fault(run->arena, profile, percent);

			if (fault)
				return error_invalid(error, arena_printf(run->arena, "parties[%zu]", i),
						     "owns %s, which %s", percent, fault);
		}
	return ERR_OK;
}

static enum err check_birth_date(const struct import_run *run, const char *date, const char *path, struct error *error)
{
	const char *today = date_text(run->arena, world_now_ms(run->desk->world));
	const bool future = strcmp(date, today) > 0;

	if (!future && !birth_date_is_too_old(date, today))
		return ERR_OK;
	return error_invalid(error, arena_printf(run->arena, "%sdate_of_birth", path),
			     "is %s, so no living person has it; correct the date",
			     future ? "in the future" : "more than 120 years ago");
}

static enum err check_birth_dates(const struct import_run *run, const struct case_file *file, const char *path,
				  struct error *error)
{
	enum err err = check_birth_date(run, file->session.subject.date_of_birth,
					arena_printf(run->arena, "%ssubject.", path), error);

	for (size_t i = 0; !err && i < file->party_count; i++)
		err = check_birth_date(run, file->parties[i].date_of_birth,
				       arena_printf(run->arena, "%sparties[%zu].", path, i), error);
	return err;
}

static enum err check_document_types(const struct import_run *run, const struct case_file *file,
				     const struct profile *profile, struct error *error)
{
	if (profile->allows_other_documents)
		return ERR_OK;
	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];
		const char *types[64];
		size_t count = 0;
		const char *near;

		if (profile_document(profile, document->type))
			continue;
		for (size_t j = 0; j < profile->document_count && count < 64; j++)
			types[count++] = profile->documents[j].type;
		near = text_find_nearest(document->type, types, count);
		return error_invalid(error, arena_printf(run->arena, "%s.type", document_import_path(document)),
				     "is '%s', which the workflow %s does not know%s%s%s", document->type,
				     profile->name, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	}
	return ERR_OK;
}

struct file_put_run {
	const struct profile *profile;
	const char *path; /* path of the session within the line, with a dot at the end */
	const char *type;
	bool needs_sum; /* the line must contain each file's SHA-256 */
};

/* Refuses a file with another SHA-256 than in the line: two admins may have allowed only those bytes. */
static enum err check_file_hash(struct import_run *run, const struct document_side *side,
				const struct file_put_run *file_put_run, const struct strbuf *bytes,
				struct error *error)
{
	const char *found, *field = arena_printf(run->arena, "%s%s.sha256", file_put_run->path, side->import_path);

	if (!*side->file_sha256)
		return file_put_run->needs_sum
			       ? error_set_field(error, ERR_FORBIDDEN, field,
						 "is missing; in a file with decisions made elsewhere, each "
						 "document with a file needs the SHA-256 of that file")
			       : ERR_OK;
	found = sha256_text(run->arena, bytes->buf, bytes->len);
	if (!strcmp(found, side->file_sha256))
		return ERR_OK;
	return error_invalid(error, field, "is %s, but the SHA-256 of %s is %s", side->file_sha256, side->file, found);
}

/* Stores the bytes before a row names them. */
static enum err put_file(struct import_run *run, struct document_side *side, const struct file_put_run *file_put_run,
			 struct error *error)
{
	struct strbuf bytes = STRBUF_INIT;
	const struct profile *profile = file_put_run->profile;
	const struct document_spec *spec = profile_document(profile, file_put_run->type);
	int64_t max = spec ? spec->max_bytes : profile->default_max_bytes;
	struct file_facts facts = { .media_type = "" };
	char sha256[SHA256_HEX_SIZE];
	enum err err;

	/* Reads one byte more than allowed, to detect files that are too large. */
	err = run->options->folder
		      ? file_read_beneath(run->options->folder, side->file,
					  max > 0 ? (size_t)max + 1 : UPLOAD_DEFAULT_MAX, &bytes, error)
		      : error_set(error, ERR_FORBIDDEN,
				  "an SSH session cannot read files of this machine; send the file with: kybdesk "
				  "document add");
	if (!err)
		err = document_file_check(profile, file_put_run->type, side->file_name, bytes.buf, bytes.len, &facts,
					  error);
	if (err)
		err = error_invalid(error, arena_printf(run->arena, "%s%s.file", file_put_run->path, side->import_path),
				    "%s: %s", side->file, error->message);
	else
		err = check_file_hash(run, side, file_put_run, &bytes, error);
	if (!err) {
		/* Ends the read transaction, since a store that keeps files in rows writes these rows in a separate
		 * transaction. */
		import_end_read(run);
		err = store_bytes_put(run->desk->store, bytes.buf, bytes.len, sha256, error);
	}
	if (!err) {
		side->media_type = facts.media_type;
		side->marks = file_marks_words(run->arena, facts.marks);
		side->sha256 = arena_strdup(run->arena, sha256);
		side->size_bytes = (int64_t)bytes.len;
	}
	strbuf_release(&bytes);
	return err;
}

static enum err put_document_sides(struct import_run *run, struct document *document, struct file_put_run *file_put_run,
				   struct error *error)
{
	enum err err = ERR_OK;

	file_put_run->type = document->type;
	for (size_t i = 0; !err && i < document_side_count(document); i++) {
		struct document_side side = document_side(document, i);

		if (*side.file)
			err = put_file(run, &side, file_put_run, error);
		else if (side.upload == UPLOAD_READY || side.upload == UPLOAD_PROCESSING)
			/* Nobody can review a document without bytes, so the upload is still required. */
			side.upload = UPLOAD_REQUIRED;
		document_set_side(document, i, &side);
	}
	return err;
}

/* Derives the ids of the parts of a checked session, and stores its files. */
static enum err prepare_parts(struct import_run *run, struct case_file *file, struct file_put_run file_put_run,
			      struct error *error)
{
	struct session *session = &file->session;
	struct import_present_case *present;
	enum err err;

	case_values_normalise(run->arena, file_put_run.profile, desk_countries(run->desk), file);
	err = import_load_present(run, file, &present, error);
	if (err)
		return err;
	import_set_ids(present, run->arena, file);
	if (!*session->subject.uid)
		session->subject.uid = session->id;
	for (size_t i = 0; !err && i < file->document_count; i++)
		err = put_document_sides(run, &file->documents[i], &file_put_run, error);
	if (!err)
		import_set_document_ids(present, run->arena, file);
	return err;
}

/* Copies the columns that a nested session inherits from its parent. */
static void inherit_fields(struct arena *arena, const struct case_file *parent, const struct profile *profile,
			   const struct party *party, struct case_file *child)
{
	struct session *session = &child->session;

	session->merchant = parent->session.merchant;
	if (!*session->workflow)
		session->workflow = *profile->parties.workflow ? profile->parties.workflow : parent->session.workflow;
	session->parent_id = parent->session.id;
	if (!*session->id)
		session->id = id_derive_part(arena, party->id, "session", 0);
	if (!*session->subject.uid)
		session->subject.uid = party->id;
}

/* Reports an unknown workflow as an error of the field "workflow" of the line. Returns any other error, such as an
 * unreadable store, unchanged. path: "" or "parties[0].session.". */
static enum err find_profile(const struct import_run *run, const char *name, const char *path,
			     const struct profile **out, struct error *error)
{
	enum err err = desk_profile(run->desk, name, out, error);

	if (err != ERR_NOT_FOUND)
		return err;
	return error_invalid(error, arena_printf(run->arena, "%sworkflow", path), "%s", error->message);
}

static enum err prepare_children(struct import_run *run, struct session_document *document,
				 const struct profile *profile, struct error *error)
{
	const bool needs_sum = run->needs_file_hashes && document->has_decided;

	for (size_t i = 0; i < document->file.party_count; i++) {
		struct case_file *child = document->subsessions ? document->subsessions[i] : NULL;
		const struct profile *child_profile;
		const char *path;
		enum err err;

		if (!child)
			continue;
		inherit_fields(run->arena, &document->file, profile, &document->file.parties[i], child);
		path = arena_printf(run->arena, "parties[%zu].session.", i);
		err = find_profile(run, child->session.workflow, path, &child_profile, error);
		if (err)
			return err;
		child->session.kind = child_profile->kind;
		err = check_document_types(run, child, child_profile, error);
		if (!err)
			err = check_birth_dates(run, child, path, error);
		if (!err)
			err = check_decisions(run, child, path, error);
		if (!err)
			err = prepare_parts(
				run, child,
				(struct file_put_run){ .profile = child_profile, .path = path, .needs_sum = needs_sum },
				error);
		if (err)
			return err;
	}
	return ERR_OK;
}

enum err import_begin_read(struct import_run *run, struct error *error)
{
	enum err err = run->is_read_open ? ERR_OK : desk_begin_read(run->desk, error);

	run->is_read_open = !err;
	return err;
}

void import_end_read(struct import_run *run)
{
	if (run->is_read_open)
		desk_end_read(run->desk);
	run->is_read_open = false;
}

/* Sets line->is_unchanged if the store already has this line, with intact files. */
static enum err mark_if_unchanged(struct store *store, struct import_line *line, struct error *error)
{
	struct import_state known;
	enum err err = store_session_import_state(store, line->document.file.session.id, &known, error);

	line->is_unchanged = !err && known.row && !memcmp(known.sha256, line->document.canonical_sha256, SHA256_SIZE);
	if (line->is_unchanged)
		err = store_bytes_check_intact(store, known.row, &line->is_unchanged, error);
	return err;
}

enum err import_prepare(struct import_run *run, struct import_line *line, struct error *error)
{
	struct session_document *document = &line->document;
	struct session *session = &document->file.session;
	struct file_put_run file_put_run;
	int64_t row = 0;
	enum err err = import_begin_read(run, error);

	if (!err)
		err = find_profile(run, session->workflow, "", &line->profile, error);
	if (!err)
		err = check_profile(&document->file, line->profile, error);
	if (!err)
		err = check_ranges(run, &document->file, line->profile, error);
	if (!err)
		err = check_document_types(run, &document->file, line->profile, error);
	if (!err)
		err = check_birth_dates(run, &document->file, "", error);
	if (!err)
		err = find_session(run, document, line->profile, &row, error);
	if (!err && row)
		err = mark_if_unchanged(run->desk->store, line, error);
	if (err || line->is_unchanged)
		return err;
	file_put_run = (struct file_put_run){ .profile = line->profile,
					      .path = "",
					      .needs_sum = run->needs_file_hashes && document->has_decided };
	err = prepare_parts(run, &document->file, file_put_run, error);
	return !err ? prepare_children(run, document, line->profile, error) : err;
}
