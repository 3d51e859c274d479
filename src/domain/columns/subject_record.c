#include "kybdesk/domain/column_define.h"
#include "kybdesk/domain/subject.h"

#define OWNER struct subject_record
#define SAID COLUMN_PERSONAL
#define SAID_IDENTITY (SAID | COLUMN_IDENTITY)
#define SAID_OPENLY (SAID_IDENTITY | COLUMN_SHOWN)

/* The level is COLUMN_FIXED, because only decisions change it. */
/* clang-format off */
static const struct column columns[] = {
	ROW(subject.row, "id", NULL, COLUMN_KEY),
	TEXT(merchant, "merchant", "merchant", COLUMN_JOINED),
	ROW(merchant_row, "merchant_id", NULL, COLUMN_FIXED),
	TEXT(subject.uid, "uid", "uid", COLUMN_FIXED),
	ENUM(subject.kind, "kind", "kind", subject_kind, COLUMN_FIXED),
	TEXT(subject.name, "name", "name", SAID_OPENLY),
	TEXT(subject.country, "country", "country", SAID_OPENLY),
	TEXT(subject.level, "level", "level", COLUMN_FIXED),
	INT(input_bytes, "given_bytes", NULL, 0),
	TEXT(level_imported, "level_brought", NULL, COLUMN_FIXED),
	TEXT(subject.registration_number, "registration_number", "registration_number", SAID_IDENTITY | COLUMN_REGISTER | COLUMN_OF_BUSINESS),
	TEXT(subject.tax_id, "tax_id", "tax_id", SAID_IDENTITY),
	DATE(subject.incorporated_on, "incorporated_on", "incorporated_on", SAID | COLUMN_REGISTER | COLUMN_OF_BUSINESS),
	DATE(subject.date_of_birth, "date_of_birth", "date_of_birth", SAID_IDENTITY | COLUMN_OF_PERSON),
	TEXT(subject.website, "website", "website", SAID | COLUMN_REGISTER | COLUMN_OF_BUSINESS),
	TEXT(subject.email, "email", "email", SAID),
	TEXT(subject.phone, "phone", "phone", SAID),
	JSON(subject.address_json, "address", "address", "{}", SAID | COLUMN_REGISTER),
	INT(subject.kyb_id, "kyb_id", "kyb_id", COLUMN_FIXED | COLUMN_OMIT_EMPTY),
	TEXT(business_uid, "business_uid", "business", COLUMN_JOINED | COLUMN_OR_NULL),
	ROW(business_row, "business_id", NULL, 0),
	BOOL(declared, "declared", NULL, 0),
	TIME(created_at, "created_at", "created_at", COLUMN_FIXED),
	TIME(updated_at, "updated_at", "updated_at", 0),
	TIME(deleted_at, "deleted_at", "deleted_at", COLUMN_OR_NULL),
};
/* clang-format on */

COLUMN_TABLE(subject_record_columns, "subject", "subject", columns);
