/*
 * The reviews of a case that can be undone, read from its audit log: for each document, hit, correction and party the
 * last record about it. Skips records that a "review.undo" undid, and the undo itself.
 */
#ifndef KYBDESK_SRC_DESK_READ_UNDO_RECORDS_H
#define KYBDESK_SRC_DESK_READ_UNDO_RECORDS_H

#include "desk_private.h"
#include "kybdesk/desk/read.h"
#include "kybdesk/store/related.h"

struct undo_records {
	struct undo_item
		*items; /* newest first, one for each part; verb VERB_COUNT: that record cannot be undone */
	size_t count, capacity;
};

/* Reads the newest records within the open transaction: up to the last one about the part `ref`, or UNDO_RECORDS_MAX
 * if `ref` is "". */
enum err undo_records_read(struct desk *desk, struct arena *arena, const char *session_id, const char *ref,
			   struct undo_records *out, struct error *error) KYB_MUST_USE;

/* Keeps only the items that the desk's actor can undo: own records about parts that are unchanged since the record.
 * Sets the name of each item. */
void undo_records_keep_own(const struct desk *desk, struct arena *arena, const struct case_file *file,
			   const struct party_list *removed, struct undo_records *records);

/* The name of the part: a document's type, a hit's or party's name, a correction's step. */
const char *undo_item_name(const struct case_file *file, const struct party_list *removed,
			   const struct undo_item *item);

/* Whether the part is unchanged since the record. */
bool undo_item_is_unchanged(struct arena *arena, const struct case_file *file, const struct party_list *removed,
			    const struct undo_item *item);

#endif
