/* The small aggregates: steps, notes, attempts. */
#include "kybdesk/domain/column_define.h"

/* clang-format off */
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
	TEXT(source, "said_by", "said_by", COLUMN_FIXED | COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(mentioned, "mentioned", NULL, COLUMN_FIXED),
	TEXT(document, "document", "document", COLUMN_FIXED | COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(hit, "hit", "hit", COLUMN_FIXED | COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(pinned_by, "pinned_by", "pinned_by", COLUMN_OWN_VERB | COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
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
