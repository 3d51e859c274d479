/* The session document: JSON text ↔ struct case_file, the format of import, show --json and export. An unknown key
 * is an error that names the nearest known key. Members that only `show` writes (compliance_status, version,
 * blockers, assignee, due_at, effective_percent, is_beneficial_owner, …) are accepted and ignored, so that import
 * reads the output of show. */
#ifndef KYBDESK_CODEC_SESSION_CODEC_H
#define KYBDESK_CODEC_SESSION_CODEC_H

#include "kybdesk/codec/json.h"
#include "kybdesk/domain/column.h"
#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/reason.h"

#define SESSION_VALUE_MAX (16 * 1024)	   /* maximum bytes of one string value */
#define SESSION_LINE_MAX (8 * 1024 * 1024) /* maximum bytes of one line */
#define SESSION_DEPTH_MAX 64

/* An imported session document. The nested document in parties[i].session is read into subsessions[i] (NULL: the
 * party has no subsession). A nested document may omit inherited members: merchant, kind (kyc), subject (from the
 * party), status (draft), workflow (""). */
struct session_document {
	struct case_file file;
	struct case_file **subsessions; /* file.party_count entries */
	/* whether the session document has a decision, such as a final status, an accepted document or a waived
	 * check */
	bool has_decided;
	bool has_level, has_created_at, has_updated_at, has_submitted_at, has_expires_at;
	uint8_t canonical_sha256
		[32]; /* hash of the session document (sorted keys, no spaces), to detect a change since the last import */
};

/* ERR_INVALID: a sentence, with the path of the fault in error->field. Missing ids stay "" (the desk derives the
 * ids). Countries are normalised to alpha-3, UUIDs to lower case. */
enum err session_read(struct arena *arena, const char *text, size_t length, const struct countries *countries,
		      struct session_document *out, struct error *error);

/* Reads one check as a provider reports it: {"kind","status","score","detail","hits",…}. ERR_INVALID: error->field
 * is a path that starts with checks[0]. */
enum err check_read(struct arena *arena, const char *text, size_t length, struct check *out, struct error *error);

/* Options of session_write(), which writes the members in the order of the column tables. */
struct session_write_options {
	/* not NULL: also writes compliance_status, version, blockers, assignee and due_at; writes the corrections,
	 * decisions, notes and attempts even if they are empty lists */
	const struct blockers *blockers;
	int64_t now; /* present time: a claim that has ended by `now` is not written */
};
struct json_value *session_write(const struct case_file *file, const struct session_write_options *options);
struct json_value *session_item_write(const struct session_item *item);
/* Appends the same bytes as json_write() in compact layout with a newline, but builds no tree, so that a list can
 * have any length. */
void session_item_write_line(struct strbuf *out, const struct session_item *item);
/* Name of member number `at` of struct session_item; NULL after the last one. */
const char *session_item_member_name(size_t at);
/* Writes the value of a column as a member of the object; for every column type except COLUMN_CUSTOM. */
void json_set_column(struct json_value *object, const struct column *column, const void *row);
struct json_value *decision_write(const struct decision *decision);
/* The rules that applied to a decision: hashes of the texts, version of the program; for a second approval, also
 * the first approval. */
struct evidence_rules {
	const struct profile *profile; /* NULL: none */
	const struct reasons *reasons; /* NULL: none */
	const char *program_version;
	const struct first_approval *first_approval; /* NULL: none */
	const struct overrides *overrides;	     /* NULL: not listed */
};
/* Appends the case at the time of a decision as canonical JSON (sorted keys, compact). This text is the decision's
 * evidence, and is hashed. */
void evidence_write(struct strbuf *out, const struct case_file *file, const struct checklist_item *checklist,
		    size_t checklist_count, const struct evidence_rules *rules);
/* Whether the text is JSON, at most max_depth deep. */
bool json_text_is_valid(const char *text, size_t length, size_t max_depth);

/* Reads a stream of session documents: NDJSON, or one JSON array of objects (detected by the first non-space byte).
 * Memory is bounded by the longest line or element, for a file of any size. */
struct session_stream;
struct session_stream_start {
	/* If the array may be the first member of an object, such as {"records": [ … ]}: the name of this member.
	 * NULL: the array is never in an object. */
	const char *member;
	const char *head; /* first bytes of the input, at most 4 KiB, which the caller has already read */
	size_t length;
};
/* The caller still owns fd. start may be NULL. */
struct session_stream *session_stream_new(int fd, const struct session_stream_start *start);
void session_stream_free(struct session_stream *stream);
/* Reads the next session document as text, valid until the next call; *line: number of its first line. *end: no
 * document left. ERR_INVALID for one unusable line (too long): the next call continues after it. ERR_INTERNAL for
 * read errors. */
enum err session_stream_next(struct session_stream *stream, const char **text, size_t *length, size_t *line, bool *end,
			     struct error *error);
size_t session_stream_offset(const struct session_stream *stream); /* bytes read, for progress */

#endif
