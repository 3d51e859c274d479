/*
 * The session document (domain.md "Session document"): JSON text ↔ struct
 * case_file; the shape of import, show --json and export. Unknown keys are
 * refused with their name and the nearest known one; members that show adds
 * (compliance_status, version, blockers, assignee, due_at, effective_percent, beneficial_owner, …)
 * are accepted and ignored, so that what show writes, import reads.
 */
#ifndef KYBDESK_CODEC_SESSION_CODEC_H
#define KYBDESK_CODEC_SESSION_CODEC_H

#include "kybdesk/codec/json.h"
#include "kybdesk/domain/country.h"
#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/reason.h"
#include "kybdesk/domain/session.h"

#define SESSION_VALUE_MAX (16 * 1024)	   /* bytes of one string value */
#define SESSION_LINE_MAX (8 * 1024 * 1024) /* bytes of one line */
#define SESSION_DEPTH_MAX 64

/* A document read from outside. parties[i].session gives a nested subsession: its own
 * case_file, at the same index of subsessions (NULL when the party brings none). A nested
 * one may leave out what it inherits: merchant, kind (kyc), subject (from the party), status (draft), workflow (""). */
struct session_document {
	struct case_file file;
	struct case_file **subsessions; /* file.party_count entries */
	bool has_decided; /* arrives decided: a final status, or decisions, or accepted/waived/verified marks */
	bool has_level, has_created_at, has_updated_at, has_submitted_at, has_expires_at;
	uint8_t canonical_sha256
		[32]; /* of the document with sorted keys and no spaces: "equal to the last one imported" */
};

/* ERR_INVALID with field = path and a sentence. Ids left out stay "" here (the
 * desk derives them). Countries are normalised to alpha-3, UUIDs to lower case. */
enum err session_read(struct arena *arena, const char *text, size_t length, const struct countries *countries,
		      struct session_document *out, struct error *error) KYB_MUST_USE;

/* One element of its checks, as a provider reports it: {"kind","status","score","detail","hits",…}. ERR_INVALID with the
 * path, below checks[0]. */
enum err check_read(struct arena *arena, const char *text, size_t length, struct check *out,
		    struct error *error) KYB_MUST_USE;

/* The document as JSON: members in the order of domain.md. */
struct session_write_options {
	const struct blockers *
		blockers; /* adds compliance_status, version, blockers, corrections, decisions, notes, assignee, due_at */
	int64_t now; /* for the assignee */
};
struct json_value *session_write(const struct case_file *file, const struct session_write_options *options);
struct json_value *session_item_write(const struct session_item *item);
/* The same, byte for byte as json_write() has it in its compact layout, with the end of its line; without the tree, for everything
 * that a list has. Appends. */
void session_item_line(struct strbuf *out, const struct session_item *item);
/* What its members are called, in their order; NULL after the last. */
const char *session_item_word(size_t at);
struct json_value *decision_write(const struct decision *decision);
/* By what a case was judged: the texts by their hashes, the program by its version. */
struct evidence_rules {
	const struct profile *profile; /* NULL none */
	const struct reasons *reasons; /* NULL none */
	const char *program;
};
/* The case as it was seen, canonical (sorted keys, compact), for the decision's evidence and its hash. */
void evidence_write(struct strbuf *out, const struct case_file *file, const struct checklist_item *checklist,
		    size_t checklist_count, const struct evidence_rules *rules);
/* "null"-safe helpers for JSON kept as text. */
bool json_text_is_valid(const char *text, size_t length, size_t max_depth);

/* Reads a stream of documents: NDJSON, or one JSON array of objects (found out from the first
 * non-space byte). Memory is bounded by the longest line/element, whatever the file's size. */
struct session_stream;
struct session_stream *session_stream_new(int fd); /* fd stays the caller's */
void session_stream_free(struct session_stream *stream);
/* Next raw document: *text stays valid until the next call; *line is its (first) line number. *end at the end.
 * ERR_INVALID for one unusable line (too long): the stream goes on with the next; ERR_INTERNAL for read errors. */
enum err session_stream_next(struct session_stream *stream, const char **text, size_t *length, size_t *line,
			     bool *end, struct error *error) KYB_MUST_USE;
size_t session_stream_offset(const struct session_stream *stream); /* bytes read, for progress */

#endif
