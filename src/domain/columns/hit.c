#include "kybdesk/domain/column_define.h"

#define OWNER struct hit
#define RESULT (COLUMN_INTAKE | COLUMN_IDENTITY)

/* clang-format off */
static const struct column columns[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	TEXT(id, "uuid", "id", COLUMN_FIXED | COLUMN_INTAKE),
	TEXT(name, "name", "name", RESULT | COLUMN_PERSONAL | COLUMN_SHOWN | COLUMN_REQUIRED),
	TEXT(list, "list", "list", RESULT),
	ENUM(class_, "class", "class", hit_class, RESULT),
	SCORE(score, "score", "score", RESULT | COLUMN_OR_NULL),
	ENUM(state, "state", "state", hit_state, 0),
	JSON(detail_json, "detail", "detail", "{}", RESULT | COLUMN_PERSONAL | COLUMN_OMIT_EMPTY),
	TEXT(reason, "reason", "reason", COLUMN_OMIT_EMPTY),
	TEXT(note, "note", "note", COLUMN_OMIT_EMPTY),
	TEXT(resolved_by, "resolved_by", "resolved_by", COLUMN_OMIT_EMPTY),
	TIME(resolved_at, "resolved_at", "resolved_at", COLUMN_OMIT_EMPTY),
	TEXT(accepted_by, "accepted_by", "accepted_by", COLUMN_OMIT_EMPTY),
	TEXT(accept_reason, "accept_reason", "accept_reason", COLUMN_OMIT_EMPTY),
	TEXT(source, "said_by", "said_by", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(imported_verdict, "said", "said", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(basis, "basis", NULL, COLUMN_PERSONAL),
	TEXT(accept_basis, "accept_basis", NULL, COLUMN_PERSONAL),
};
/* clang-format on */

COLUMN_TABLE(hit_columns, "hit", "hit", columns);
