/* Macros for a table's rows. The including file defines OWNER as the struct that the table describes. A column type
 * that does not fit the member's C type does not compile. */
#ifndef KYBDESK_DOMAIN_COLUMN_DEFINE_H
#define KYBDESK_DOMAIN_COLUMN_DEFINE_H

#include "kybdesk/domain/column.h"

#define PLACE(type_, member) (offsetof(OWNER, member) + _Generic(((OWNER *)0)->member, type_ : 0U))
/* `empty`: the empty value of COLUMN_JSON; `of`: the words of COLUMN_ENUM and COLUMN_BITS. */
#define COLUMN_FULL(type_, c_type, member, name_, word_, flags_, empty_, of)                                           \
	{                                                                                                              \
		.name = (name_), .word = (word_), .type = (type_), .flags = (flags_), .offset = PLACE(c_type, member), \
		.words = (of), .empty = (empty_)                                                                       \
	}
#define COLUMN_AS(type, c_type, member, name, word, flags)                                                             \
	COLUMN_FULL(type, c_type, member, name, word, flags, NULL, NULL)
#define TEXT(member, name, word, flags) COLUMN_AS(COLUMN_TEXT, const char *, member, name, word, flags)
#define DATE(member, name, word, flags) COLUMN_AS(COLUMN_DATE, const char *, member, name, word, flags)
#define INT(member, name, word, flags) COLUMN_AS(COLUMN_INT, int64_t, member, name, word, flags)
#define BOOL(member, name, word, flags) COLUMN_AS(COLUMN_BOOL, bool, member, name, word, flags)
#define TIME(member, name, word, flags) COLUMN_AS(COLUMN_TIME, int64_t, member, name, word, flags)
#define DAY(member, name, word, flags) COLUMN_AS(COLUMN_DAY, int64_t, member, name, word, flags)
#define RISK(member, name, word, flags) COLUMN_AS(COLUMN_RISK, int, member, name, word, flags)
#define SCORE(member, name, word, flags) COLUMN_AS(COLUMN_SCORE, double, member, name, word, flags)
#define ROW(member, name, word, flags) COLUMN_AS(COLUMN_ROW, int64_t, member, name, word, flags)
#define JSON(member, name, word, nothing, flags)                                                                       \
	COLUMN_FULL(COLUMN_JSON, const char *, member, name, word, flags, nothing, NULL)
#define ENUM(member, name, word, of, flags)                                                                            \
	COLUMN_FULL(COLUMN_ENUM, enum of, member, name, word, flags, NULL, of##_words)
#define BITS(member, name, word, of, flags)                                                                            \
	COLUMN_FULL(COLUMN_BITS, unsigned, member, name, word, flags, NULL, of##_words)
#define TEXTS(member, count_member, name_, word_, flags_)                                                              \
	{                                                                                                              \
		.name = (name_), .word = (word_), .type = COLUMN_TEXTS, .flags = (flags_),                             \
		.offset = PLACE(const char **, member), .count_offset = PLACE(size_t, count_member)                    \
	}
#define OWN(name_, word_, flags_)                                                                                      \
	{                                                                                                              \
		.name = (name_), .word = (word_), .type = COLUMN_CUSTOM, .flags = (flags_)                             \
	}

#define COLUMN_TABLE(variable, table, noun_, rows)                                                                     \
	const struct column_table variable = { (table), (noun_), sizeof(OWNER), (rows),                                \
					       sizeof(rows) / sizeof((rows)[0]) }

#endif
