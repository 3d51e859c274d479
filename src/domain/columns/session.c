/* The columns of a session with its copy of the subject, and of the subject's own row. */
#include "kybdesk/domain/column_define.h"
#include "kybdesk/domain/subject.h"

/* clang-format off */
/* The columns that describe a subject, for two tables: struct subject alone, and a session with its copy of the
 * subject. `at`: path from OWNER to the subject, empty or `subject.` */
#define SUBMITTED_DATA (COLUMN_PERSONAL | COLUMN_INTAKE | COLUMN_MERGED)
#define SUBMITTED_IDENTITY (SUBMITTED_DATA | COLUMN_IDENTITY)
#define SUBMITTED_VISIBLE (SUBMITTED_IDENTITY | COLUMN_SHOWN)
#define SUBJECT_COLUMNS(at)                                                                                        \
	ROW(at row, "subject_id", NULL, 0),                                                            \
	TEXT(at uid, "uid", "uid", COLUMN_JOINED | COLUMN_INTAKE),                                                 \
	ENUM(at kind, "subject_kind", "kind", subject_kind, COLUMN_JOINED | COLUMN_INTAKE | COLUMN_REQUIRED),                        \
	TEXT(at name, "subject_name", "name", SUBMITTED_VISIBLE | COLUMN_REQUIRED),                                                      \
	TEXT(at country, "country", "country", SUBMITTED_VISIBLE),                                                     \
	TEXT(at level, "level", "level", COLUMN_JOINED | COLUMN_INTAKE),                                           \
	TEXT(at registration_number, "registration_number", "registration_number",                                 \
	     SUBMITTED_IDENTITY | COLUMN_REGISTER | COLUMN_SUBJECT_BUSINESS),                                                                  \
	TEXT(at tax_id, "tax_id", "tax_id", SUBMITTED_IDENTITY),                                                          \
	DATE(at incorporated_on, "incorporated_on", "incorporated_on", SUBMITTED_DATA | COLUMN_REGISTER | COLUMN_SUBJECT_BUSINESS),                 \
	DATE(at date_of_birth, "date_of_birth", "date_of_birth", SUBMITTED_IDENTITY | COLUMN_SUBJECT_PERSON),                  \
	TEXT(at website, "website", "website", SUBMITTED_DATA | COLUMN_REGISTER | COLUMN_SUBJECT_BUSINESS),                                         \
	TEXT(at email, "email", "email", SUBMITTED_DATA | COLUMN_OMIT_EMPTY),                                                     \
	TEXT(at phone, "phone", "phone", SUBMITTED_DATA | COLUMN_OMIT_EMPTY),                                                     \
	JSON(at address_json, "address", "address", "{}", SUBMITTED_DATA | COLUMN_REGISTER),                                                   \
	INT(at kyb_id, "kyb_id", "kyb_id", COLUMN_JOINED | COLUMN_OMIT_EMPTY)

#define OWNER struct session

static const struct column of_session[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(id, "uuid", "id", COLUMN_FIXED | COLUMN_INTAKE),
	TEXT(external_ref, "external_ref", "external_ref", COLUMN_INTAKE | COLUMN_MERGED),
	TEXT(workflow, "workflow", "workflow", COLUMN_INTAKE),
	ROW(workflow_row, "workflow_id", NULL, 0),
	ENUM(kind, "kind", "kind", session_kind, COLUMN_INTAKE),
	TEXT(merchant, "merchant", "merchant", COLUMN_JOINED | COLUMN_INTAKE),
	ROW(merchant_row, "merchant_id", NULL, COLUMN_FIXED),
	ENUM(status, "status", "status", session_status, COLUMN_INTAKE),
	SUBJECT_COLUMNS(subject.),
	JSON(custom_tags_json, "custom_tags", "custom_tags", "{}", COLUMN_PERSONAL | COLUMN_INTAKE | COLUMN_MERGED),
	JSON(metadata_json, "metadata", "metadata", "{}",
	     COLUMN_PERSONAL | COLUMN_INTAKE | COLUMN_MERGED | COLUMN_OMIT_EMPTY),
	RISK(risk_score, "risk_score", "risk_score", COLUMN_INTAKE | COLUMN_MERGED),
	JSON(risk_factors_json, "risk_factors", "risk_factors", "[]", COLUMN_PERSONAL | COLUMN_INTAKE | COLUMN_MERGED),
	TIME(created_at, "created_at", "created_at", COLUMN_INTAKE),
	TIME(submitted_at, "submitted_at", "submitted_at", COLUMN_INTAKE | COLUMN_MERGED),
	TIME(updated_at, "updated_at", "updated_at", COLUMN_INTAKE),
	TIME(expires_at, "expires_at", "expires_at", COLUMN_INTAKE | COLUMN_MERGED | COLUMN_UNDO_RESTORES),
	JSON(processing_results_json, "processing_results", "processing_results", "null",
	     COLUMN_PERSONAL | COLUMN_INTAKE | COLUMN_MERGED | COLUMN_OMIT_EMPTY),
	TEXT(results_by, "results_by", "results_by", COLUMN_OMIT_EMPTY),
	TEXT(results_capacity, "results_as", "results_as", COLUMN_OMIT_EMPTY),
	ENUM(final_decision, "final_decision", "final_decision", final_decision, COLUMN_INTAKE | COLUMN_OMIT_EMPTY),
	TEXT(decided_by, "decided_by", "decided_by", COLUMN_INTAKE | COLUMN_OMIT_EMPTY),
	TIME(decided_at, "decided_at", "decided_at", COLUMN_INTAKE | COLUMN_OMIT_EMPTY),
	TEXT(decision_reason, "decision_reason", "decision_reason", COLUMN_INTAKE | COLUMN_OMIT_EMPTY),
	BOOL(retryable, "retryable", "retryable", COLUMN_INTAKE | COLUMN_OMIT_EMPTY),
	OWN("expired_from", "expired_from", COLUMN_INTAKE | COLUMN_OMIT_EMPTY),
	BOOL(is_decided_locally, "decided_here", NULL, COLUMN_UNDO_RESTORES),
	TEXT(parent_id, "parent", "parent_id", COLUMN_JOINED | COLUMN_OMIT_EMPTY),
	ROW(parent_row, "parent_id", NULL, 0),
	BOOL(hidden, "hidden", "hidden", COLUMN_OMIT_EMPTY),
	BOOL(returned, "returned", "returned", COLUMN_OMIT_EMPTY | COLUMN_UNDO_RESTORES),
	TEXT(assignee, "assignee_id", NULL, 0),
	TIME(claimed_at, "claimed_at", NULL, 0),
	TIME(claim_expires_at, "claim_expires_at", NULL, 0),
	TIME(due_at, "due_at", NULL, COLUMN_GROUP_DUE | COLUMN_UNDO_RESTORES),
	TIME(due_paused_at, "due_paused_at", NULL, COLUMN_GROUP_DUE | COLUMN_UNDO_RESTORES),
	TEXT(gap_reason, "gap_reason", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_GAP),
	TEXT(gap_text, "gap_text", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_GAP),
	TEXT(gap_by, "gap_by", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_GAP),
	TEXT(gap_percent, "gap_percent", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_GAP),
	TIME(gap_at, "gap_at", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_GAP),
	TEXT(gap_basis, "gap_basis", NULL, COLUMN_PERSONAL | COLUMN_SEPARATE_VERB | COLUMN_GROUP_GAP),
	TEXT(import_facts, "arrived_basis", NULL, COLUMN_PERSONAL | COLUMN_FIXED),
	TIME(snoozed_until, "snoozed_until", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_SNOOZE | COLUMN_UNDO_RESTORES),
	TEXT(snooze_reason, "snooze_reason", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_SNOOZE | COLUMN_UNDO_RESTORES),
	TEXT(snoozed_by, "snoozed_by", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_SNOOZE | COLUMN_UNDO_RESTORES),
	TIME(remind_at, "remind_at", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_REMINDERS | COLUMN_UNDO_RESTORES),
	INT(reminders, "reminders", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_REMINDERS | COLUMN_UNDO_RESTORES),
	TIME(reminded_at, "reminded_at", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_REMINDERS | COLUMN_UNDO_RESTORES),
	BOOL(unresponsive, "unresponsive", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_REMINDERS | COLUMN_UNDO_RESTORES),
	TIME(parties_completed_at, "parties_completed_at", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_PARTIES),
	INT(attempt_number, "attempt", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_PROCESSING),
	TIME(processing_since, "processing_since", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_PROCESSING),
	TIME(process_at, "process_at", NULL, COLUMN_SEPARATE_VERB | COLUMN_GROUP_PROCESSING),
	INT(version, "version", NULL, COLUMN_SEPARATE_VERB),
};

COLUMN_TABLE(session_columns, "session", "session", of_session);
#undef OWNER

/* The members of struct subject. The store has them in the session's row, except the members of the merchant's user. */
#define OWNER struct subject
static const struct column of_subject[] = { SUBJECT_COLUMNS() };
COLUMN_TABLE(subject_columns, "session", "subject", of_subject);
#undef OWNER
#undef SUBMITTED_DATA
#undef SUBMITTED_IDENTITY
#undef SUBMITTED_VISIBLE

#define OWNER struct subject_record
#define SUBMITTED_DATA COLUMN_PERSONAL
#define SUBMITTED_IDENTITY (SUBMITTED_DATA | COLUMN_IDENTITY)
#define SUBMITTED_VISIBLE (SUBMITTED_IDENTITY | COLUMN_SHOWN)

/* The level is COLUMN_FIXED, because only decisions change it. */
static const struct column of_record[] = {
	ROW(subject.row, "id", NULL, COLUMN_KEY),
	TEXT(merchant, "merchant", "merchant", COLUMN_JOINED),
	ROW(merchant_row, "merchant_id", NULL, COLUMN_FIXED),
	TEXT(subject.uid, "uid", "uid", COLUMN_FIXED),
	ENUM(subject.kind, "kind", "kind", subject_kind, COLUMN_FIXED),
	TEXT(subject.name, "name", "name", SUBMITTED_VISIBLE),
	TEXT(subject.country, "country", "country", SUBMITTED_VISIBLE),
	TEXT(subject.level, "level", "level", COLUMN_FIXED),
	INT(first_names_bytes, "given_bytes", NULL, 0),
	TEXT(imported_level, "level_brought", NULL, COLUMN_FIXED),
	TEXT(subject.registration_number, "registration_number", "registration_number", SUBMITTED_IDENTITY | COLUMN_REGISTER | COLUMN_SUBJECT_BUSINESS),
	TEXT(subject.tax_id, "tax_id", "tax_id", SUBMITTED_IDENTITY),
	DATE(subject.incorporated_on, "incorporated_on", "incorporated_on", SUBMITTED_DATA | COLUMN_REGISTER | COLUMN_SUBJECT_BUSINESS),
	DATE(subject.date_of_birth, "date_of_birth", "date_of_birth", SUBMITTED_IDENTITY | COLUMN_SUBJECT_PERSON),
	TEXT(subject.website, "website", "website", SUBMITTED_DATA | COLUMN_REGISTER | COLUMN_SUBJECT_BUSINESS),
	TEXT(subject.email, "email", "email", SUBMITTED_DATA),
	TEXT(subject.phone, "phone", "phone", SUBMITTED_DATA),
	JSON(subject.address_json, "address", "address", "{}", SUBMITTED_DATA | COLUMN_REGISTER),
	INT(subject.kyb_id, "kyb_id", "kyb_id", COLUMN_FIXED | COLUMN_OMIT_EMPTY),
	TEXT(business_uid, "business_uid", "business", COLUMN_JOINED | COLUMN_NULL_IF_EMPTY),
	ROW(business_row, "business_id", NULL, 0),
	BOOL(is_set_separately, "declared", NULL, 0),
	TIME(created_at, "created_at", "created_at", COLUMN_FIXED),
	TIME(updated_at, "updated_at", "updated_at", 0),
	TIME(deleted_at, "deleted_at", "deleted_at", COLUMN_NULL_IF_EMPTY),
};

COLUMN_TABLE(subject_record_columns, "subject", "subject", of_record);
/* clang-format on */
