#include "columns/define.h"

#define OWNER struct document
#define BYTES (COLUMN_INTAKE | COLUMN_ONCE) /* other bytes are another document */
#define REVIEW 0			    /* said here only */

/* clang-format off */
static const struct column columns[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(id, "uuid", "id", COLUMN_FIXED | COLUMN_INTAKE | COLUMN_OR_NULL),
	TEXT(category, "category", "category", COLUMN_INTAKE),
	TEXT(type, "type", "type", COLUMN_INTAKE | COLUMN_IDENTITY),
	TEXT(step_id, "step", "step_id", COLUMN_INTAKE | COLUMN_QUIET),
	TEXT(side, "side", "side", COLUMN_INTAKE | COLUMN_IDENTITY | COLUMN_QUIET),
	TEXT(file_name, "file_name", "file_name", COLUMN_PERSONAL | BYTES),
	TEXT(file, "file", "file", COLUMN_UNSTORED | COLUMN_QUIET),
	ENUM(upload, "upload", "upload", upload_state, COLUMN_INTAKE),
	ENUM(review, "review", "review", review_state, REVIEW),
	TEXT(sha256, "sha256", "sha256", BYTES | COLUMN_IDENTITY),
	INT(size_bytes, "size_bytes", "size", BYTES),
	TEXT(media_type, "media_type", "media_type", BYTES),
	TEXT(review_reason, "review_reason", "review_reason", REVIEW),
	TEXT(reviewed_by, "reviewed_by", "reviewed_by", REVIEW | COLUMN_QUIET),
	TIME(reviewed_at, "reviewed_at", "reviewed_at", REVIEW | COLUMN_QUIET),
	TIME(uploaded_at, "uploaded_at", "uploaded_at", COLUMN_INTAKE | COLUMN_QUIET),
	DAY(expires_on, "expires_on", "expires_on",
	    COLUMN_INTAKE | COLUMN_MERGED | COLUMN_IDENTITY | COLUMN_QUIET),
	JSON(extracted_json, "extracted", "extracted", "{}",
	     COLUMN_PERSONAL | COLUMN_INTAKE | COLUMN_MERGED | COLUMN_QUIET),
	ROW(replaces_row, "replaces_id", NULL, 0),
	BOOL(replaced, "replaced", "replaced", COLUMN_QUIET),
	TEXT(said_by, "said_by", "said_by", COLUMN_QUIET),
	TEXT(said, "said", "said", COLUMN_QUIET),
};
/* clang-format on */

COLUMN_TABLE(document_columns, "document", "document", columns);
