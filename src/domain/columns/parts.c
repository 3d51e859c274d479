/* The columns of the parts of a case, such as documents, parties and decisions. */
#include "kybdesk/domain/column_define.h"

/* clang-format off */
#define OWNER struct party
#define SUBMITTED_DATA (COLUMN_PERSONAL | COLUMN_INTAKE | COLUMN_MERGED)
#define IDENTITY (SUBMITTED_DATA | COLUMN_IDENTITY)

static const struct column of_party[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(id, "uuid", "id", COLUMN_FIXED | COLUMN_INTAKE),
	ENUM(kind, "kind", "kind", party_kind, COLUMN_INTAKE | COLUMN_IDENTITY | COLUMN_REQUIRED),
	TEXT(name, "name", "name", IDENTITY | COLUMN_SHOWN | COLUMN_REQUIRED),
	BITS(roles, "roles", "roles", party_role, COLUMN_INTAKE | COLUMN_MERGED),
	TEXT(control_role, "control_role", "control_role", COLUMN_INTAKE | COLUMN_MERGED),
	OWN("shares", "owns", COLUMN_UNSTORED),
	DATE(date_of_birth, "date_of_birth", "date_of_birth", IDENTITY),
	TEXT(country, "country", "country", IDENTITY | COLUMN_SHOWN),
	TEXT(tax_id, "tax_id", "tax_id", IDENTITY),
	TEXT(registration_number, "registration_number", "registration_number", IDENTITY | COLUMN_REGISTER | COLUMN_OMIT_EMPTY),
	TEXT(email, "email", "email", SUBMITTED_DATA | COLUMN_OMIT_EMPTY),
	TEXT(phone, "phone", "phone", SUBMITTED_DATA | COLUMN_OMIT_EMPTY),
	JSON(addresses_json, "addresses", "addresses", "[]", SUBMITTED_DATA | COLUMN_REGISTER),
	JSON(fields_json, "fields", "fields", "{}", SUBMITTED_DATA | COLUMN_OMIT_EMPTY),
	ROW(session_row, "subsession_id", NULL, COLUMN_FIXED),
	TEXT(session_id, "session_uuid", NULL, COLUMN_JOINED),
	TEXT(session_workflow, "session_workflow", NULL, COLUMN_JOINED),
	ENUM(session_status, "session_status", NULL, session_status, COLUMN_JOINED | COLUMN_OPTIONAL),
	BOOL(session_unresponsive, "session_unresponsive", NULL, COLUMN_JOINED),
	BOOL(is_session_shared, "session_shared", NULL, COLUMN_JOINED),
	TEXT(session_name, "session_name", NULL, COLUMN_JOINED),
	TEXT(session_country, "session_country", NULL, COLUMN_JOINED),
	TEXT(session_birth_date, "session_born", NULL, COLUMN_JOINED | COLUMN_PERSONAL),
	TEXT(session_registration_number, "session_registration", NULL, COLUMN_JOINED | COLUMN_PERSONAL | COLUMN_REGISTER),
	TEXT(session_tax_id, "session_tax", NULL, COLUMN_JOINED | COLUMN_PERSONAL),
	TEXT(session_basis, "session_basis", NULL, COLUMN_JOINED | COLUMN_PERSONAL),
	INT(session_approval_number, "session_approval", NULL, COLUMN_JOINED),
	DAY(session_valid_until, "session_valid_until", NULL, COLUMN_JOINED),
	BOOL(session_hit_open, "session_hit_open", NULL, COLUMN_JOINED),
	TIME(session_watchlist_at, "session_watchlist_at", NULL, COLUMN_JOINED),
	TIME(session_ofac_at, "session_ofac_at", NULL, COLUMN_JOINED),
	TIME(session_media_at, "session_media_at", NULL, COLUMN_JOINED),
	BOOL(session_was_rejected, "session_was_rejected", NULL, COLUMN_JOINED),
	OWN("session", "session", COLUMN_UNSTORED),
	OWN("verified_elsewhere", "verified_elsewhere", COLUMN_UNSTORED),
	TEXT(verified_elsewhere_by, "verified_elsewhere_by", NULL, 0),
	TEXT(verified_elsewhere_reason, "verified_elsewhere_reason", NULL, 0),
	TEXT(verification_imported_by, "said_by", "said_by", COLUMN_OMIT_EMPTY),
	TEXT(verified_elsewhere_basis, "verified_elsewhere_basis", NULL, COLUMN_PERSONAL),
	TEXT(kyc_basis, "kyc_basis", NULL, COLUMN_PERSONAL),
	TEXT(pair_answers, "pair_answers", NULL, COLUMN_PERSONAL),
	TIME(removed_at, "removed_at", NULL, COLUMN_SEPARATE_VERB),
	TEXT(removed_by, "removed_by", NULL, COLUMN_SEPARATE_VERB),
	TEXT(removed_reason, "removed_reason", NULL, COLUMN_SEPARATE_VERB),
	TEXT(effective_percent, "effective_percent", "effective_percent", COLUMN_UNSTORED | COLUMN_NULL_IF_EMPTY),
	BOOL(is_beneficial_owner, "beneficial_owner", "beneficial_owner", COLUMN_UNSTORED),
	BOOL(lacks_ubo_role, "undeclared_owner", "undeclared_owner", COLUMN_UNSTORED | COLUMN_OMIT_EMPTY),
};

COLUMN_TABLE(party_columns, "party", "party", of_party);
#undef SUBMITTED_DATA
#undef IDENTITY
#undef OWNER

#define OWNER struct document
#define FILE_DATA (COLUMN_INTAKE | COLUMN_IMPORT_IF_EMPTY) /* columns of a file: an import sets only empty columns */
#define REVIEW 0			    /* review columns: no flags, because only this desk sets them */

static const struct column of_document[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(id, "uuid", "id", COLUMN_FIXED | COLUMN_INTAKE | COLUMN_NULL_IF_EMPTY),
	TEXT(category, "category", "category", COLUMN_INTAKE),
	TEXT(type, "type", "type", COLUMN_INTAKE | COLUMN_IDENTITY | COLUMN_REQUIRED),
	TEXT(step_id, "step", "step_id", COLUMN_INTAKE | COLUMN_OMIT_EMPTY),
	/* These members describe the front of a double-sided document; `sides` describes both sides. */
	BOOL(double_sided, "double_sided", NULL, COLUMN_INTAKE | COLUMN_IDENTITY),
	OWN("side", "side", COLUMN_UNSTORED),
	TEXT(file_name, "file_name", "file_name", COLUMN_PERSONAL | FILE_DATA),
	TEXT(file, "file", "file", COLUMN_UNSTORED | COLUMN_OMIT_EMPTY),
	ENUM(upload, "upload", "upload", upload_state, COLUMN_INTAKE),
	ENUM(review, "review", "review", review_state, REVIEW),
	TEXT(sha256, "sha256", "sha256", FILE_DATA | COLUMN_IDENTITY),
	INT(size_bytes, "size_bytes", "size", FILE_DATA),
	TEXT(media_type, "media_type", "media_type", FILE_DATA),
	TEXT(marks, "marks", "marks", FILE_DATA | COLUMN_OMIT_EMPTY),
	TEXT(review_reason, "review_reason", "review_reason", REVIEW),
	TEXT(reviewed_by, "reviewed_by", "reviewed_by", REVIEW | COLUMN_OMIT_EMPTY),
	TIME(reviewed_at, "reviewed_at", "reviewed_at", REVIEW | COLUMN_OMIT_EMPTY),
	TIME(uploaded_at, "uploaded_at", "uploaded_at", COLUMN_INTAKE | COLUMN_OMIT_EMPTY),
	DAY(expires_on, "expires_on", "expires_on",
	    COLUMN_INTAKE | COLUMN_MERGED | COLUMN_IDENTITY | COLUMN_OMIT_EMPTY),
	JSON(extracted_json, "extracted", "extracted", "{}",
	     COLUMN_PERSONAL | COLUMN_INTAKE | COLUMN_MERGED | COLUMN_OMIT_EMPTY),
	ROW(replaces_row, "replaces_id", NULL, 0),
	BOOL(replaced, "replaced", "replaced", COLUMN_OMIT_EMPTY),
	TEXT(verdict_imported_by, "said_by", "said_by", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(imported_verdict, "said", "said", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(basis, "basis", NULL, COLUMN_PERSONAL),
	OWN("sides", "sides", COLUMN_UNSTORED),
	ENUM(front_upload, "front_upload", NULL, upload_state, COLUMN_INTAKE),
	TEXT(back_side_id, "back_uuid", NULL, COLUMN_INTAKE),
	TEXT(back.file_name, "back_file_name", NULL, COLUMN_PERSONAL | FILE_DATA),
	ENUM(back.upload, "back_upload", NULL, upload_state, COLUMN_INTAKE),
	TEXT(back.sha256, "back_sha256", NULL, FILE_DATA | COLUMN_IDENTITY),
	INT(back.size_bytes, "back_size_bytes", NULL, FILE_DATA),
	TEXT(back.media_type, "back_media_type", NULL, FILE_DATA),
	TEXT(back.marks, "back_marks", NULL, FILE_DATA),
	TEXT(back.file, "back_file", NULL, COLUMN_UNSTORED),
	TEXT(back.file_sha256, "back_file_sha256", NULL, COLUMN_UNSTORED),
	TEXT(back.import_path, "back_where", NULL, COLUMN_UNSTORED),
	TEXT(file_sha256, "file_sha256", NULL, COLUMN_UNSTORED),
	TEXT(import_path, "where", NULL, COLUMN_UNSTORED),
};

COLUMN_TABLE(document_columns, "document", "document", of_document);
#undef FILE_DATA
#undef REVIEW
#undef OWNER

#define OWNER struct check
#define RESULT (COLUMN_INTAKE | COLUMN_MERGED | COLUMN_IDENTITY)

/* The table is check_result, because "check" is an SQL keyword. */
static const struct column of_check[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	ENUM(kind, "kind", "kind", check_kind, COLUMN_FIXED | COLUMN_INTAKE | COLUMN_IDENTITY | COLUMN_REQUIRED),
	ENUM(status, "status", "status", check_status, COLUMN_INTAKE | COLUMN_REQUIRED),
	SCORE(score, "score", "score", RESULT | COLUMN_NULL_IF_EMPTY),
	JSON(detail_json, "detail", "detail", "{}", RESULT | COLUMN_PERSONAL),
	TEXT(source, "source", "source", COLUMN_UNSTORED | COLUMN_INTAKE | COLUMN_OMIT_EMPTY),
	TEXT(source_version, "source_version", "source_version", COLUMN_UNSTORED | COLUMN_INTAKE | COLUMN_OMIT_EMPTY),
	OWN("results", "results", COLUMN_UNSTORED | COLUMN_OUTPUT),
	OWN("hits", "hits", COLUMN_UNSTORED),
	TIME(checked_at, "checked_at", "checked_at", COLUMN_INTAKE | COLUMN_MERGED | COLUMN_OMIT_EMPTY),
	TEXT(waived_by, "waived_by", "waived_by", COLUMN_OMIT_EMPTY),
	TEXT(waive_reason, "waive_reason", "waive_reason", COLUMN_OMIT_EMPTY),
	TEXT(reported_by, "reported_by", "reported_by", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(reported_capacity, "reported_as", "reported_as", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(other_result, "beside", "beside", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(other_result_by, "beside_by", "beside_by", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TIME(other_result_at, "beside_at", "beside_at", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	JSON(checked_subject_json, "about", "about", "{}", COLUMN_INTAKE | COLUMN_MERGED | COLUMN_PERSONAL | COLUMN_OMIT_EMPTY),
	TEXT(waiver_imported_by, "said_by", "said_by", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(imported_verdict, "said", "said", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(waive_basis, "waive_basis", NULL, COLUMN_PERSONAL),
	ENUM(reported_status, "reported", NULL, check_status, 0),
};

COLUMN_TABLE(check_columns, "check_result", "check", of_check);
#undef RESULT
#undef OWNER

#define OWNER struct result
static const struct column of_result[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(id, "number", "id", COLUMN_UNSTORED),
	TEXT(person, "person", "person", COLUMN_FIXED),
	TEXT(source, "source", "source", COLUMN_FIXED),
	TEXT(source_version, "source_version", "source_version", COLUMN_FIXED | COLUMN_OMIT_EMPTY),
	ENUM(status, "status", "status", check_status, COLUMN_FIXED | COLUMN_IDENTITY),
	SCORE(score, "score", "score", COLUMN_FIXED | COLUMN_IDENTITY | COLUMN_NULL_IF_EMPTY),
	JSON(detail_json, "detail", "detail", "{}", COLUMN_FIXED | COLUMN_IDENTITY | COLUMN_PERSONAL | COLUMN_OMIT_EMPTY),
	JSON(checked_subject_json, "about", "about", "{}", COLUMN_FIXED | COLUMN_PERSONAL | COLUMN_OMIT_EMPTY),
	INT(reported_hits, "hits", "hits", COLUMN_FIXED),
	TIME(checked_at, "checked_at", "checked_at", COLUMN_FIXED | COLUMN_IDENTITY),
	TEXT(reported_by, "reported_by", "reported_by", COLUMN_FIXED),
	TEXT(reported_capacity, "reported_as", "reported_as", COLUMN_FIXED),
	ENUM(verdict, "verdict", "verdict", result_verdict, 0),
	TEXT(judged_by, "judged_by", "judged_by", COLUMN_OMIT_EMPTY),
	TIME(judged_at, "judged_at", "judged_at", COLUMN_OMIT_EMPTY),
	TEXT(judge_reason, "judge_reason", "judge_reason", COLUMN_OMIT_EMPTY),
	TEXT(basis, "basis", NULL, COLUMN_PERSONAL),
};
COLUMN_TABLE(result_columns, "result", "result", of_result);
#undef OWNER

#define OWNER struct hit
#define RESULT (COLUMN_INTAKE | COLUMN_IDENTITY)

static const struct column of_hit[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(id, "uuid", "id", COLUMN_FIXED | COLUMN_INTAKE),
	TEXT(name, "name", "name", RESULT | COLUMN_PERSONAL | COLUMN_SHOWN | COLUMN_REQUIRED),
	TEXT(list, "list", "list", RESULT),
	ENUM(class_, "class", "class", hit_class, RESULT),
	SCORE(score, "score", "score", RESULT | COLUMN_NULL_IF_EMPTY),
	ENUM(state, "state", "state", hit_state, 0),
	JSON(detail_json, "detail", "detail", "{}", RESULT | COLUMN_PERSONAL | COLUMN_OMIT_EMPTY),
	TEXT(reason, "reason", "reason", COLUMN_OMIT_EMPTY),
	TEXT(note, "note", "note", COLUMN_OMIT_EMPTY),
	TEXT(resolved_by, "resolved_by", "resolved_by", COLUMN_OMIT_EMPTY),
	TIME(resolved_at, "resolved_at", "resolved_at", COLUMN_OMIT_EMPTY),
	TEXT(accepted_by, "accepted_by", "accepted_by", COLUMN_OMIT_EMPTY),
	TEXT(accept_reason, "accept_reason", "accept_reason", COLUMN_OMIT_EMPTY),
	TEXT(verdict_imported_by, "said_by", "said_by", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(imported_verdict, "said", "said", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(basis, "basis", NULL, COLUMN_PERSONAL),
	TEXT(accept_basis, "accept_basis", NULL, COLUMN_PERSONAL),
};

COLUMN_TABLE(hit_columns, "hit", "hit", of_hit);
#undef RESULT
#undef OWNER

#define OWNER struct correction
#define REQUEST_DATA COLUMN_FIXED /* the requested items of a correction never change */

static const struct column of_correction[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(id, "uuid", "id", REQUEST_DATA),
	INT(round, "round", "round", REQUEST_DATA),
	TEXT(step_id, "step", "step_id", REQUEST_DATA | COLUMN_REQUIRED),
	TEXTS(field_ids, field_count, "fields", "field_ids", REQUEST_DATA),
	TEXTS(document_types, document_type_count, "document_types", "document_types", REQUEST_DATA),
	TEXTS(document_ids, document_id_count, "document_ids", "document_ids", REQUEST_DATA | COLUMN_OMIT_EMPTY),
	TEXT(party_id, "party", "party_id", REQUEST_DATA | COLUMN_OMIT_EMPTY),
	TEXT(message, "message", "message", REQUEST_DATA),
	ENUM(state, "state", "state", correction_state, 0),
	TEXT(requested_by, "asked_by", "asked_by", REQUEST_DATA),
	TIME(requested_at, "asked_at", "asked_at", REQUEST_DATA),
	TIME(answered_at, "answered_at", "answered_at", 0),
	TIME(closed_at, "closed_at", "closed_at", 0),
	TEXT(imported_by, "said_by", "said_by", REQUEST_DATA | COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	JSON(before_json, "before", "before", NULL, REQUEST_DATA | COLUMN_PERSONAL | COLUMN_OMIT_EMPTY),
	JSON(after_json, "after", "after", NULL, COLUMN_PERSONAL | COLUMN_IDENTITY | COLUMN_OMIT_EMPTY),
	TEXT(accept_basis, "accept_basis", NULL, COLUMN_PERSONAL),
};

COLUMN_TABLE(correction_columns, "correction", "correction", of_correction);
#undef OWNER

#define OWNER struct decision

/* Decisions are append-only; only the column `undone` changes later. */
static const struct column of_decision[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	ENUM(kind, "kind", "decision", decision_kind, COLUMN_FIXED | COLUMN_REQUIRED),
	TEXT(by, "decided_by", "by", COLUMN_FIXED | COLUMN_REQUIRED),
	ENUM(actor_role, "role", NULL, role, COLUMN_FIXED),
	TIME(at, "decided_at", "at", COLUMN_FIXED | COLUMN_REQUIRED),
	TEXT(reason, "reason", "reason", COLUMN_FIXED),
	TEXT(message, "message", "message", COLUMN_FIXED),
	BOOL(retryable, "retryable", "retryable", COLUMN_FIXED),
	TEXT(note, "note", "note", COLUMN_FIXED),
	BOOL(undone, "undone", "undone", 0),
	BOOL(imported, "imported", "imported", COLUMN_FIXED | COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(imported_by, "said_by", "said_by", COLUMN_FIXED | COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	BOOL(is_first_decision, "first_approval", "first_approval", COLUMN_FIXED | COLUMN_OMIT_EMPTY),
	INT(number, "number", "number", COLUMN_FIXED | COLUMN_OUTPUT),
	TIME(undo_until, "held_until", NULL, COLUMN_FIXED),
	INT(profile_version, "profile_version", NULL, COLUMN_FIXED),
	TEXT(evidence_sha256, "evidence_sha256", NULL, COLUMN_FIXED | COLUMN_IDENTITY),
	TEXT(rules_sha256, "rules_sha256", NULL, COLUMN_FIXED),
	TEXT(reasons_sha256, "reasons_sha256", NULL, COLUMN_FIXED),
	TEXT(program_version, "program", NULL, COLUMN_FIXED),
	TEXT(subject_basis, "subject_basis", NULL, COLUMN_FIXED | COLUMN_PERSONAL),
	OWN("before", NULL, COLUMN_FIXED | COLUMN_LARGE),
	JSON(evidence_json, "evidence", NULL, "{}", COLUMN_FIXED | COLUMN_LARGE | COLUMN_PERSONAL),
};

COLUMN_TABLE(decision_columns, "decision", "decision", of_decision);
#undef OWNER

#define OWNER struct step
static const struct column of_step[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(id, "name", "id", COLUMN_FIXED | COLUMN_INTAKE | COLUMN_REQUIRED),
	ENUM(status, "status", "status", step_status, COLUMN_INTAKE | COLUMN_MERGED),
	JSON(fields_json, "fields", "fields", "{}", COLUMN_PERSONAL | COLUMN_INTAKE | COLUMN_MERGED),
};
COLUMN_TABLE(step_columns, "step", "step", of_step);
#undef OWNER

#define OWNER struct note
static const struct column of_note[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(text, "text", "text", COLUMN_FIXED | COLUMN_PERSONAL | COLUMN_SHOWN | COLUMN_REQUIRED),
	TEXT(by, "written_by", "by", COLUMN_FIXED),
	TIME(at, "written_at", "at", COLUMN_FIXED),
	TEXT(imported_by, "said_by", "said_by", COLUMN_FIXED | COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(unanswered_mentions, "mentioned", NULL, COLUMN_FIXED),
	TEXT(document, "document", "document", COLUMN_FIXED | COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(hit, "hit", "hit", COLUMN_FIXED | COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(pinned_by, "pinned_by", "pinned_by", COLUMN_SEPARATE_VERB | COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
};
COLUMN_TABLE(note_columns, "note", "note", of_note);
#undef OWNER

#define OWNER struct attempt
static const struct column of_attempt[] = {
	INT(number, "number", "number", COLUMN_FIXED | COLUMN_OUTPUT),
	TIME(submitted_at, "submitted_at", "submitted_at", COLUMN_FIXED),
	TIME(ended_at, "ended_at", "ended_at", COLUMN_FIXED),
	ENUM(result, "result", "result", attempt_result, COLUMN_FIXED | COLUMN_REQUIRED),
	TEXT(reason, "reason", "reason", COLUMN_FIXED),
	TEXT(message, "message", "message", COLUMN_FIXED),
	BOOL(retryable, "retryable", "retryable", COLUMN_FIXED),
};
COLUMN_TABLE(attempt_columns, "attempt", "attempt", of_attempt);
/* clang-format on */
