/* What the system does by itself with sessions, and their attempts. Joins the open transaction. */
#ifndef KYBDESK_STORE_PROCESSING_H
#define KYBDESK_STORE_PROCESSING_H

#include "kybdesk/domain/session.h"
#include "kybdesk/store/store.h"

/* attempt, processing_since, process_at; does not raise the version. */
enum err store_session_set_processing(struct store *store, const struct session *session,
				      struct error *error) KYB_MUST_USE;
/* Sessions whose process_at has come. */
enum err store_sessions_to_process(struct store *store, struct arena *arena, struct due_rows *due,
				   struct error *error) KYB_MUST_USE;
/* Of a sandbox: sessions that are not decided, whose subjects' names have a #, and that nobody touched since `now`; the latest
 * first. */
enum err store_sessions_to_play(struct store *store, struct arena *arena, struct due_rows *due,
				struct error *error) KYB_MUST_USE;
/* An attempt that is over; attempt->number must be the session's next. */
enum err store_attempt_insert(struct store *store, int64_t session, const struct attempt *attempt,
			      struct error *error) KYB_MUST_USE;

#endif
