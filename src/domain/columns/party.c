#include "kybdesk/domain/column_define.h"

#define OWNER struct party
#define SAID (COLUMN_PERSONAL | COLUMN_INTAKE | COLUMN_MERGED)
#define IDENTITY (SAID | COLUMN_IDENTITY)

/* clang-format off */
static const struct column columns[] = {
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
	TEXT(email, "email", "email", SAID | COLUMN_OMIT_EMPTY),
	TEXT(phone, "phone", "phone", SAID | COLUMN_OMIT_EMPTY),
	JSON(addresses_json, "addresses", "addresses", "[]", SAID | COLUMN_REGISTER),
	JSON(fields_json, "fields", "fields", "{}", SAID | COLUMN_OMIT_EMPTY),
	ROW(session_row, "subsession_id", NULL, COLUMN_FIXED),
	TEXT(session_id, "session_uuid", NULL, COLUMN_JOINED),
	TEXT(session_workflow, "session_workflow", NULL, COLUMN_JOINED),
	ENUM(session_status, "session_status", NULL, session_status, COLUMN_JOINED | COLUMN_OPTIONAL),
	BOOL(session_unresponsive, "session_unresponsive", NULL, COLUMN_JOINED),
	BOOL(session_shared, "session_shared", NULL, COLUMN_JOINED),
	TEXT(session_name, "session_name", NULL, COLUMN_JOINED),
	TEXT(session_country, "session_country", NULL, COLUMN_JOINED),
	TEXT(session_born, "session_born", NULL, COLUMN_JOINED | COLUMN_PERSONAL),
	TEXT(session_registration, "session_registration", NULL, COLUMN_JOINED | COLUMN_PERSONAL | COLUMN_REGISTER),
	TEXT(session_tax, "session_tax", NULL, COLUMN_JOINED | COLUMN_PERSONAL),
	TEXT(session_basis, "session_basis", NULL, COLUMN_JOINED | COLUMN_PERSONAL),
	INT(session_approval, "session_approval", NULL, COLUMN_JOINED),
	DAY(session_valid_until, "session_valid_until", NULL, COLUMN_JOINED),
	BOOL(session_hit_open, "session_hit_open", NULL, COLUMN_JOINED),
	BOOL(session_was_rejected, "session_was_rejected", NULL, COLUMN_JOINED),
	OWN("session", "session", COLUMN_UNSTORED),
	OWN("verified_elsewhere", "verified_elsewhere", COLUMN_UNSTORED),
	TEXT(verified_elsewhere_by, "verified_elsewhere_by", NULL, 0),
	TEXT(verified_elsewhere_reason, "verified_elsewhere_reason", NULL, 0),
	TEXT(source, "said_by", "said_by", COLUMN_OMIT_EMPTY),
	TEXT(verified_elsewhere_basis, "verified_elsewhere_basis", NULL, COLUMN_PERSONAL),
	TEXT(kyc_basis, "kyc_basis", NULL, COLUMN_PERSONAL),
	TIME(removed_at, "removed_at", NULL, COLUMN_OWN_VERB),
	TEXT(removed_by, "removed_by", NULL, COLUMN_OWN_VERB),
	TEXT(removed_reason, "removed_reason", NULL, COLUMN_OWN_VERB),
	TEXT(effective_percent, "effective_percent", "effective_percent", COLUMN_UNSTORED | COLUMN_OR_NULL),
	BOOL(beneficial_owner, "beneficial_owner", "beneficial_owner", COLUMN_UNSTORED),
	BOOL(undeclared_owner, "undeclared_owner", "undeclared_owner", COLUMN_UNSTORED | COLUMN_OMIT_EMPTY),
};
/* clang-format on */

COLUMN_TABLE(party_columns, "party", "party", columns);
