#include "kybdesk/domain/column_define.h"

#define OWNER struct decision

/* Decisions are append-only; only the column `undone` changes later. */
/* clang-format off */
static const struct column columns[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	ENUM(kind, "kind", "decision", decision_kind, COLUMN_FIXED | COLUMN_REQUIRED),
	TEXT(by, "decided_by", "by", COLUMN_FIXED | COLUMN_REQUIRED),
	ENUM(by_role, "role", NULL, role, COLUMN_FIXED),
	TIME(at, "decided_at", "at", COLUMN_FIXED | COLUMN_REQUIRED),
	TEXT(reason, "reason", "reason", COLUMN_FIXED),
	TEXT(message, "message", "message", COLUMN_FIXED),
	BOOL(retryable, "retryable", "retryable", COLUMN_FIXED),
	TEXT(note, "note", "note", COLUMN_FIXED),
	BOOL(undone, "undone", "undone", 0),
	BOOL(imported, "imported", "imported", COLUMN_FIXED | COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(source, "said_by", "said_by", COLUMN_FIXED | COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	BOOL(first_approval, "first_approval", "first_approval", COLUMN_FIXED | COLUMN_OMIT_EMPTY),
	INT(number, "number", "number", COLUMN_FIXED | COLUMN_OUTPUT),
	TIME(held_until, "held_until", NULL, COLUMN_FIXED),
	INT(profile_version, "profile_version", NULL, COLUMN_FIXED),
	TEXT(evidence_sha256, "evidence_sha256", NULL, COLUMN_FIXED | COLUMN_IDENTITY),
	TEXT(rules_sha256, "rules_sha256", NULL, COLUMN_FIXED),
	TEXT(reasons_sha256, "reasons_sha256", NULL, COLUMN_FIXED),
	TEXT(program, "program", NULL, COLUMN_FIXED),
	TEXT(subject_basis, "subject_basis", NULL, COLUMN_FIXED | COLUMN_PERSONAL),
	OWN("before", NULL, COLUMN_FIXED | COLUMN_LARGE),
	JSON(evidence_json, "evidence", NULL, "{}", COLUMN_FIXED | COLUMN_LARGE | COLUMN_PERSONAL),
};
/* clang-format on */

COLUMN_TABLE(decision_columns, "decision", "decision", columns);
