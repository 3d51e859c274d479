/* Inside the desk: what looking shares. */
#ifndef KYBDESK_SRC_DESK_READ_READ_H
#define KYBDESK_SRC_DESK_READ_READ_H

#include "desk_private.h"
#include "kybdesk/desk/read.h"
#include "kybdesk/desk/subject.h"
#include "kybdesk/store/subject.h"

/* list.c: actor, time, limits and countries of a query. */
enum err list_query_prepare(struct desk *desk, struct list_query *query, struct error *error) KYB_MUST_USE;

/* subject.c: unmasked, within a read that the caller has begun. */
enum err subject_view_load(struct desk *desk, struct arena *arena, const char *reference, struct subject_view *out,
			   struct error *error) KYB_MUST_USE;
/* The same for a page. */
enum err subject_page_load(struct desk *desk, struct arena *arena, const struct subject_query *query,
			   struct subject_page *out, struct error *error) KYB_MUST_USE;
/* outside.c: what a decision that can still be taken back changed is put back, in the sessions of a subject and its
 * level. */
enum err outside_sessions(struct desk *desk, struct arena *arena, struct subject_sessions *of,
			  struct subject *subject, struct error *error) KYB_MUST_USE;

/* recorded.c: ERR_STORE unless the decision's evidence has the hash that stands beside it and in the audit log. Within a read
 * that the caller has begun. */
enum err decision_check_recorded(struct desk *desk, struct arena *arena, const struct session *session,
				 const struct decision *decision, struct error *error) KYB_MUST_USE;
/* read.c: it was revealed through this desk, and whoever works with it may still. */
bool view_stays_revealed(const struct desk *desk, struct arena *arena, const struct session *session);

/*
 * mask.c: the one place that hides what is personal (trust.md "Nothing outside"), by the columns' flags and by what the
 * profile calls public. What no column and no field of the profile is known for is hidden too. In place; sets
 * view->masked. A case is given to a front end through here, or after a reveal on record.
 */
void view_mask(struct arena *arena, struct case_view *view);
void subject_mask(struct arena *arena, struct subject_record *record);
/* The evidence of a decision: the document of the case as it was seen. ERR_INVALID when it is no JSON. */
enum err decision_mask(struct arena *arena, const struct profile *profile, struct decision *decision,
		       struct error *error) KYB_MUST_USE;

/* Who looked at which document of the case, and when (looks.c). */
enum err view_document_views(struct desk *desk, struct arena *arena, struct case_view *view,
			     struct error *error) KYB_MUST_USE;

#endif
