#include "kybdesk/domain/column_define.h"

#define OWNER struct check
#define RESULT (COLUMN_INTAKE | COLUMN_MERGED | COLUMN_IDENTITY)

/* The table is check_result, because "check" is an SQL keyword. */
/* clang-format off */
static const struct column columns[] = {
	ROW(row, "id", NULL, COLUMN_KEY),
	ENUM(kind, "kind", "kind", check_kind, COLUMN_FIXED | COLUMN_INTAKE | COLUMN_IDENTITY | COLUMN_REQUIRED),
	ENUM(status, "status", "status", check_status, COLUMN_INTAKE | COLUMN_REQUIRED),
	SCORE(score, "score", "score", RESULT | COLUMN_OR_NULL),
	JSON(detail_json, "detail", "detail", "{}", RESULT | COLUMN_PERSONAL),
	OWN("hits", "hits", COLUMN_UNSTORED),
	TIME(checked_at, "checked_at", "checked_at", COLUMN_INTAKE | COLUMN_MERGED | COLUMN_OMIT_EMPTY),
	TEXT(waived_by, "waived_by", "waived_by", COLUMN_OMIT_EMPTY),
	TEXT(waive_reason, "waive_reason", "waive_reason", COLUMN_OMIT_EMPTY),
	TEXT(reported_by, "reported_by", "reported_by", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(reported_as, "reported_as", "reported_as", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(beside, "beside", "beside", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(other_result_by, "beside_by", "beside_by", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TIME(other_result_at, "beside_at", "beside_at", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	JSON(about_json, "about", "about", "{}", COLUMN_INTAKE | COLUMN_MERGED | COLUMN_PERSONAL | COLUMN_OMIT_EMPTY),
	TEXT(source, "said_by", "said_by", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(imported_verdict, "said", "said", COLUMN_OMIT_EMPTY | COLUMN_OUTPUT),
	TEXT(waive_basis, "waive_basis", NULL, COLUMN_PERSONAL),
	ENUM(reported, "reported", NULL, check_status, 0),
};
/* clang-format on */

COLUMN_TABLE(check_columns, "check_result", "check", columns);
