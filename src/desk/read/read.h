/* Inside the desk: list queries, cases for outside callers, records to undo, and masks, by source file. */
#ifndef KYBDESK_SRC_DESK_READ_READ_H
#define KYBDESK_SRC_DESK_READ_READ_H

#include "use/use.h"
#include "kybdesk/desk/outside.h"
#include "kybdesk/desk/read.h"
#include "kybdesk/desk/subject.h"

/* list.c: sets actor, time, limits and countries of a query. */
enum err list_query_prepare(struct desk *desk, struct list_query *query, struct error *error);

/* outside.c: finds the last decision of a session if the decision is within its grace time; else returns NULL. */
enum err external_held_decision(struct desk *desk, struct arena *arena, int64_t session, const struct decision **held,
				struct error *error);
/* outside.c: for each decision within its grace time, shows the session and the subject's level as before it. */
enum err external_hide_decisions(struct desk *desk, struct arena *arena, struct subject_sessions *of,
				 struct subject *subject, struct error *error);

/* outside.c: a session as the subject itself may see it: as an outside caller sees it, but without checks, results,
 * parties and the merchant's own data. Within a read transaction. */
enum err external_person_case(struct desk *desk, struct arena *arena, int64_t session, struct external_case *out,
			      struct error *error);

/* undo_records.c: the reviews of a case that can be undone, read from its audit log: for each document, hit,
 * correction and party the last record about this part. Skips each "review.undo" and the record that it undid. */
struct undo_records {
	struct undo_item *items; /* newest first, one for each part; verb VERB_COUNT: the item cannot be undone */
	size_t count, capacity;
};

/* Reads the newest records within the open transaction: back to the last record about the part `ref`, or
 * UNDO_RECORDS_MAX records if `ref` is "". */
enum err undo_records_read(struct desk *desk, struct arena *arena, const char *session_id, const char *ref,
			   struct undo_records *out, struct error *error);

/* Keeps only the items that the desk's actor can undo: the actor's own records about parts that are unchanged since
 * the record. Sets the name of each item. */
void undo_records_keep_undoable(const struct desk *desk, struct arena *arena, const struct case_file *file,
				struct undo_records *records);

/* The name of the part: a document's type, a hit's or party's name, a correction's step. */
const char *undo_item_name(const struct case_file *file, const struct undo_item *item);

/* Whether the part is unchanged since the record that `item` describes. */
bool undo_item_is_unchanged(struct arena *arena, const struct case_file *file, const struct undo_item *item);

/* read.c: whether this desk revealed the case and the desk's actor may still see the revealed data. */
bool view_remains_revealed(const struct desk *desk, struct arena *arena, const struct session *session);

/* mask.c: the only place that hides personal data, by the columns' flags and the profile's public fields. Also
 * hides members that neither a column nor the profile defines. Changes the view in place and sets view->masked. A
 * front end gets a case only after mask_case_view(), or after a recorded reveal. */
void mask_case_view(struct arena *arena, struct case_view *view);
void mask_subject(struct arena *arena, struct subject_record *record);
/* Masks the evidence of a decision, which contains the session document at that time. ERR_INVALID if the evidence is
 * not JSON. */
enum err mask_decision(struct arena *arena, const struct profile *profile, struct decision *decision,
		       struct error *error);

#endif
