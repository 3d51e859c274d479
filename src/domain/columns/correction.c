#include "kybdesk/domain/column_define.h"

#define OWNER struct correction
#define ASKED COLUMN_FIXED /* the requested items are fixed */

/* clang-format off */
static const struct column columns[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(id, "uuid", "id", ASKED),
	INT(round, "round", "round", ASKED),
	TEXT(step_id, "step", "step_id", ASKED | COLUMN_REQUIRED),
	TEXTS(field_ids, field_count, "fields", "field_ids", ASKED),
	TEXTS(document_types, document_type_count, "document_types", "document_types", ASKED),
	TEXT(message, "message", "message", ASKED),
	ENUM(state, "state", "state", correction_state, 0),
	TEXT(asked_by, "asked_by", "asked_by", ASKED),
	TIME(asked_at, "asked_at", "asked_at", ASKED),
	TIME(answered_at, "answered_at", "answered_at", 0),
	TIME(closed_at, "closed_at", "closed_at", 0),
	TEXT(source, "said_by", "said_by", ASKED | COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	JSON(before_json, "before", "before", NULL, ASKED | COLUMN_PERSONAL | COLUMN_OMIT_EMPTY),
	JSON(after_json, "after", "after", NULL, COLUMN_PERSONAL | COLUMN_IDENTITY | COLUMN_OMIT_EMPTY),
	TEXT(accept_basis, "accept_basis", NULL, COLUMN_PERSONAL),
};
/* clang-format on */

COLUMN_TABLE(correction_columns, "correction", "correction", columns);
