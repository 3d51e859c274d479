/*
 * The columns that describe a subject, for two tables: struct subject alone, and a session with its copy of the
 * subject. `at`: path from OWNER to the subject, empty or `subject.`
 */
#ifndef KYBDESK_SRC_DOMAIN_COLUMNS_SUBJECT_COLUMNS_H
#define KYBDESK_SRC_DOMAIN_COLUMNS_SUBJECT_COLUMNS_H

#include "kybdesk/domain/column_define.h"

#define SAID (COLUMN_PERSONAL | COLUMN_INTAKE | COLUMN_MERGED)
#define SAID_IDENTITY (SAID | COLUMN_IDENTITY)
#define SAID_OPENLY (SAID_IDENTITY | COLUMN_SHOWN)
/* clang-format off */
#define SUBJECT_COLUMNS(at)                                                                                        \
	ROW(at row, "subject_id", NULL, 0),                                                            \
	TEXT(at uid, "uid", "uid", COLUMN_JOINED | COLUMN_INTAKE),                                                 \
	ENUM(at kind, "subject_kind", "kind", subject_kind, COLUMN_JOINED | COLUMN_INTAKE | COLUMN_REQUIRED),                        \
	TEXT(at name, "subject_name", "name", SAID_OPENLY | COLUMN_REQUIRED),                                                      \
	TEXT(at country, "country", "country", SAID_OPENLY),                                                     \
	TEXT(at level, "level", "level", COLUMN_JOINED | COLUMN_INTAKE),                                           \
	TEXT(at registration_number, "registration_number", "registration_number",                                 \
	     SAID_IDENTITY | COLUMN_REGISTER | COLUMN_OF_BUSINESS),                                                                  \
	TEXT(at tax_id, "tax_id", "tax_id", SAID_IDENTITY),                                                          \
	DATE(at incorporated_on, "incorporated_on", "incorporated_on", SAID | COLUMN_REGISTER | COLUMN_OF_BUSINESS),                 \
	DATE(at date_of_birth, "date_of_birth", "date_of_birth", SAID_IDENTITY | COLUMN_OF_PERSON),                  \
	TEXT(at website, "website", "website", SAID | COLUMN_REGISTER | COLUMN_OF_BUSINESS),                                         \
	TEXT(at email, "email", "email", SAID | COLUMN_OMIT_EMPTY),                                                     \
	TEXT(at phone, "phone", "phone", SAID | COLUMN_OMIT_EMPTY),                                                     \
	JSON(at address_json, "address", "address", "{}", SAID | COLUMN_REGISTER),                                                   \
	INT(at kyb_id, "kyb_id", "kyb_id", COLUMN_JOINED | COLUMN_OMIT_EMPTY)
/* clang-format on */

#endif
