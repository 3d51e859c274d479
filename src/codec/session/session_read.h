/* Private to the codec: the parts of reading a session document, one file per part. */
#ifndef KYBDESK_SRC_CODEC_SESSION_READ_H
#define KYBDESK_SRC_CODEC_SESSION_READ_H

#include "reader.h"
#include "kybdesk/codec/session_codec.h"
#include "kybdesk/domain/limits.h"

struct session_reader {
	struct reader reader;
	const struct countries *countries;
	struct session_document *out;
	size_t hit_count;  /* number of hits in all checks */
	size_t part_count; /* number of elements of the whole session document that are stored as one row each */
};

/* Number of elements of a list that is stored as rows. Refuses a list of more than `most` elements, and a session
 * document that has more elements in all its lists than a line of an import may have (domain/limits.h). */
size_t expect_part_count(struct session_reader *session, const struct node *array, size_t most);
/* Like read_raw_json(): JSON text of a member with any content, but with limits on depth and list lengths. */
const char *read_bounded_json(struct session_reader *session, const struct node *object, const char *key,
			      json_type type, const char *absent);

/* Reads a UUID; "" if the member is absent. */
const char *read_uuid(struct reader *reader, const struct node *object, const char *key);

#define KNOWN_KEYS_MAX 64
/* One row of a table, read from its object. */
struct row_object {
	struct session_reader *session;
	const struct node *object;
	const struct column_table *table;
	void *row; /* a row that only columns_init() has filled */
};
/* Refuses members that are neither in the table nor in `also` (a list that ends with NULL; NULL: no such list).
 * False: not an object. */
bool expect_row_object(const struct row_object *row, const char *const *also);
/* Reads the columns `from` to `to` (NULL: first, last column), except COLUMN_CUSTOM and COLUMN_OUTPUT. */
void row_columns_read(const struct row_object *row, const char *from, const char *to);
/* Checks the members and reads all columns; false: not an object. */
bool row_object_read(const struct row_object *row);
/* Checks the member "email" of an object that was read. */
/* Refuses a code of ICAO 9303 in place of the country of a business. */
void expect_country_of(struct session_reader *session, const struct node *object, const char *country, bool of_person);
void expect_email(struct reader *reader, const struct node *object, const char *email);
/* A list of rows that row_object_read() reads completely. */
struct row_list {
	const char *member;
	size_t rows_max;
	const struct column_table *table;
};
void *row_objects_read(struct session_reader *session, const struct node *object, const struct row_list *list,
		       size_t *count);

/* Refuses an id that an earlier element of the same list has. */
void expect_unique_id(struct reader *reader, const struct node *node, const char *id, const char *earlier_id);

/* Reads one session's members; party: the party that a nested session verifies, NULL: this is the top-level session. */
void session_members_read(struct session_reader *session, const struct node *object, const struct party *party,
			  struct case_file *file);
void documents_read(struct session_reader *session, const struct node *object, struct case_file *file);
/* subsessions: one slot per party if the parties may contain sessions, else NULL. */
void parties_read(struct session_reader *session, const struct node *object, struct case_file *file,
		  struct case_file ***subsessions);

#endif
