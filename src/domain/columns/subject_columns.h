/*
 * A subject's columns, for two tables: of the subject itself, and of the session that holds one and describes it.
 * `at` is the way from OWNER to the subject: nothing, or `subject.`
 */
#ifndef KYBDESK_SRC_DOMAIN_COLUMNS_SUBJECT_COLUMNS_H
#define KYBDESK_SRC_DOMAIN_COLUMNS_SUBJECT_COLUMNS_H

#include "columns/define.h"

#define SUBJECT_OF_SESSION (COLUMN_PERSONAL | COLUMN_INTAKE | COLUMN_MERGED)
#define SUBJECT_IDENTITY (SUBJECT_OF_SESSION | COLUMN_IDENTITY)
/* clang-format off */
#define SUBJECT_COLUMNS(at)                                                                                        \
	ROW(at row, "subject_id", NULL, COLUMN_SORTED),                                                            \
	TEXT(at uid, "uid", "uid", COLUMN_JOINED | COLUMN_INTAKE),                                                 \
	ENUM(at kind, "subject_kind", "kind", subject_kind, COLUMN_JOINED | COLUMN_INTAKE),                        \
	TEXT(at name, "subject_name", "name", SUBJECT_IDENTITY),                                                   \
	TEXT(at country, "country", "country", SUBJECT_IDENTITY),                                                  \
	TEXT(at level, "level", "level", COLUMN_JOINED | COLUMN_INTAKE),                                           \
	TEXT(at registration_number, "registration_number", "registration_number", SUBJECT_IDENTITY),              \
	TEXT(at tax_id, "tax_id", "tax_id", SUBJECT_IDENTITY | COLUMN_MASKED),                                     \
	DATE(at date_of_birth, "date_of_birth", "date_of_birth", SUBJECT_IDENTITY | COLUMN_MASKED),                \
	TEXT(at incorporated_on, "incorporated_on", "incorporated_on", SUBJECT_OF_SESSION),                        \
	TEXT(at website, "website", "website", SUBJECT_OF_SESSION),                                                \
	TEXT(at email, "email", "email", SUBJECT_OF_SESSION | COLUMN_QUIET),                                       \
	TEXT(at phone, "phone", "phone", SUBJECT_OF_SESSION | COLUMN_QUIET),                                       \
	JSON(at address_json, "address", "address", "{}", SUBJECT_OF_SESSION),                                     \
	INT(at kyb_id, "kyb_id", "kyb_id", COLUMN_JOINED | COLUMN_QUIET)
/* clang-format on */

#endif
