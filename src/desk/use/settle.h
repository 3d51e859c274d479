/* What lists, the clock and other cases keep about a case, in the transaction of the change. */
#ifndef KYBDESK_SRC_DESK_USE_SETTLE_H
#define KYBDESK_SRC_DESK_USE_SETTLE_H

#include "desk_private.h"
#include "kybdesk/domain/due.h"
#include "kybdesk/domain/session.h"
#include "kybdesk/store/parts.h"
#include "kybdesk/store/related.h"
#include "kybdesk/store/session.h"

/* A whole case, with the values that field rules read. */
enum err desk_case_load(struct desk *desk, struct arena *arena, int64_t row, struct case_file *out,
			struct error *error) KYB_MUST_USE;
/* Writes counters (and the text row when `text`) of a case whose struct says what the store holds now; stops or
 * starts its due time and its reminders, in the store and the struct. */
enum err desk_case_settle(struct desk *desk, struct case_file *file, const struct profile *profile, bool text,
			  struct error *error) KYB_MUST_USE;
/* The same for one that was changed through rows alone: loads it first. */
enum err desk_case_refresh(struct desk *desk, struct arena *arena, int64_t row, bool text,
			   struct error *error) KYB_MUST_USE;
/* Of a case that itself did not change: its counters alone, and that they are made. */
enum err desk_case_recount(struct desk *desk, struct arena *arena, int64_t row, struct error *error) KYB_MUST_USE;
/* Whether only its client can go on. */
bool session_is_with_client(const struct session *session);
/* Counts reminders from now: the client was given something new to react to. */
enum err reminders_begin(struct desk *desk, struct session *session, const struct profile *profile,
			 struct error *error) KYB_MUST_USE;
/* Back into the queue, within the open transaction. */
enum err snooze_end(struct desk *desk, struct session *session, struct error *error) KYB_MUST_USE;
/* A session's status changed: for each case whose party it verifies the counters, and the version, since its gate sees
 * something else; a snooze ends. */
enum err desk_parent_refresh(struct desk *desk, struct arena *arena, const struct session *session,
			     struct error *error) KYB_MUST_USE;

#endif
