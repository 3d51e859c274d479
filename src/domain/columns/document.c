#include "kybdesk/domain/column_define.h"

#define OWNER struct document
#define BYTES (COLUMN_INTAKE | COLUMN_ONCE) /* different bytes are a different document */
#define REVIEW 0			    /* no flags: set at this desk only */

/* clang-format off */
static const struct column columns[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(id, "uuid", "id", COLUMN_FIXED | COLUMN_INTAKE | COLUMN_OR_NULL),
	TEXT(category, "category", "category", COLUMN_INTAKE),
	TEXT(type, "type", "type", COLUMN_INTAKE | COLUMN_IDENTITY | COLUMN_REQUIRED),
	TEXT(step_id, "step", "step_id", COLUMN_INTAKE | COLUMN_OMIT_EMPTY),
	/* Of a double-sided document these members describe the front; `sides` describes both sides. */
	BOOL(double_sided, "double_sided", NULL, COLUMN_INTAKE | COLUMN_IDENTITY),
	OWN("side", "side", COLUMN_UNSTORED),
	TEXT(file_name, "file_name", "file_name", COLUMN_PERSONAL | BYTES),
	TEXT(file, "file", "file", COLUMN_UNSTORED | COLUMN_OMIT_EMPTY),
	ENUM(upload, "upload", "upload", upload_state, COLUMN_INTAKE),
	ENUM(review, "review", "review", review_state, REVIEW),
	TEXT(sha256, "sha256", "sha256", BYTES | COLUMN_IDENTITY),
	INT(size_bytes, "size_bytes", "size", BYTES),
	TEXT(media_type, "media_type", "media_type", BYTES),
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
	TEXT(source, "said_by", "said_by", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(imported_verdict, "said", "said", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(basis, "basis", NULL, COLUMN_PERSONAL),
	OWN("sides", "sides", COLUMN_UNSTORED),
	ENUM(front_upload, "front_upload", NULL, upload_state, COLUMN_INTAKE),
	TEXT(back_id, "back_uuid", NULL, COLUMN_INTAKE),
	TEXT(back.file_name, "back_file_name", NULL, COLUMN_PERSONAL | BYTES),
	ENUM(back.upload, "back_upload", NULL, upload_state, COLUMN_INTAKE),
	TEXT(back.sha256, "back_sha256", NULL, BYTES | COLUMN_IDENTITY),
	INT(back.size_bytes, "back_size_bytes", NULL, BYTES),
	TEXT(back.media_type, "back_media_type", NULL, BYTES),
	TEXT(back.file, "back_file", NULL, COLUMN_UNSTORED),
	TEXT(back.file_sha256, "back_file_sha256", NULL, COLUMN_UNSTORED),
	TEXT(back.where, "back_where", NULL, COLUMN_UNSTORED),
	TEXT(file_sha256, "file_sha256", NULL, COLUMN_UNSTORED),
	TEXT(where, "where", NULL, COLUMN_UNSTORED),
};
/* clang-format on */

COLUMN_TABLE(document_columns, "document", "document", columns);
