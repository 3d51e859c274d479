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
	size_t hit_count;  /* in all checks */
	size_t part_count; /* of the whole document: elements stored as one row each */
};

/* Number of elements of a list that is stored as rows. Refuses more than `most`, and more in the whole document than
 * one line may hold (domain/limits.h). */
size_t parts_expected(struct session_reader *session, const struct node *array, size_t most);
/* JSON text of a member with any content, as read_kept(), with limits on depth and list lengths. */
const char *read_free(struct session_reader *session, const struct node *object, const char *key, json_type type,
		      const char *absent);

/* Values with special rules; "" or TIME_NONE if absent. */
const char *read_uuid(struct reader *reader, const struct node *object, const char *key);
const char *read_country(struct session_reader *session, const struct node *object, const char *key);
const char *read_date(struct reader *reader, const struct node *object, const char *key);
int64_t read_time(struct reader *reader, const struct node *object, const char *key, bool allow_date);
const char *read_number_text(struct reader *reader, const struct node *object, const char *key); /* tax ids */
double read_score(struct reader *reader, const struct node *object, const char *key); /* -1 when absent */
/* One or several postal addresses, as stored JSON with normalised countries. */
const char *read_address(struct session_reader *session, const struct node *object, const char *key);
const char *read_addresses(struct session_reader *session, const struct node *object, const char *key);
/* Refuses an id that an earlier element of the same list has. */
void expect_own_id(struct reader *reader, const struct node *node, const char *id, const char *earlier_id);

/* Reads one session's members; party: the party that a nested session verifies, or NULL for the document itself. */
void session_members_read(struct session_reader *session, const struct node *object, const struct party *party,
			  struct case_file *file);
void documents_read(struct session_reader *session, const struct node *object, struct case_file *file);
/* subsessions: one slot per party if the parties may contain sessions, else NULL. */
void parties_read(struct session_reader *session, const struct node *object, struct case_file *file,
		  struct case_file ***subsessions);
void checks_read(struct session_reader *session, const struct node *object, struct case_file *file);
/* corrections, decisions and notes, as show writes them */
void history_read(struct session_reader *session, const struct node *object, struct case_file *file);

#endif
