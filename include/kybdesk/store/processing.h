/* State of the system's processing of sessions, and their attempts. All functions join the open transaction. */
#ifndef KYBDESK_STORE_PROCESSING_H
#define KYBDESK_STORE_PROCESSING_H

#include "kybdesk/domain/session.h"
#include "kybdesk/store/store.h"

/* Writes attempt, processing_since and process_at; does not raise the version. */
enum err store_session_set_processing(struct store *store, const struct session *session,
				      struct error *error) KYB_MUST_USE;
/* Sessions to be processed: their process_at has passed. */
enum err store_sessions_to_process(struct store *store, struct arena *arena, struct due_rows *due,
				   struct error *error) KYB_MUST_USE;
/* In a sandbox: undecided sessions unchanged since `now`, with a # in their subject's name; latest first. */
enum err store_sessions_to_simulate(struct store *store, struct arena *arena, struct due_rows *due,
				    struct error *error) KYB_MUST_USE;
/* A finished attempt; attempt->number must be the session's next. */
enum err store_attempt_insert(struct store *store, int64_t session, const struct attempt *attempt,
			      struct error *error) KYB_MUST_USE;

#endif
