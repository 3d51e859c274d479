/* The transaction of a use case: who may, the lock, the audit row, the commit that wakes the deliveries. */
#ifndef KYBDESK_SRC_DESK_USE_TRANSACTION_H
#define KYBDESK_SRC_DESK_USE_TRANSACTION_H

#include "desk_private.h"
#include "kybdesk/codec/json.h"
#include "kybdesk/domain/session.h"

/* verb completes "A viewer cannot …". */
enum err desk_require(const struct desk *desk, enum role needed, const char *verb,
		      struct error *error) KYB_MUST_USE;
/* Those who submit: intake, and everybody who reviews. */
enum err desk_require_intake(const struct desk *desk, const char *verb, struct error *error) KYB_MUST_USE;
/* The same for a change: also that the store is not open for reading only. */
enum err desk_require_change(const struct desk *desk, enum role needed, const char *verb,
			     struct error *error) KYB_MUST_USE;
/* The write lock; role and state of the actor are read afresh. On error nothing is open. */
enum err desk_begin(struct desk *desk, enum role needed, const char *verb, struct error *error) KYB_MUST_USE;
/* Appends one audit row. detail is taken (NULL: {}): ids, codes, from and to, hashes; never names, numbers or texts
 * about people. session may be NULL. */
enum err desk_record(struct desk *desk, const char *action, const struct session *session,
		     struct json_value *detail, struct error *error) KYB_MUST_USE;
/* That the actor handed something in for the case, by the audit log's word for it. */
enum err intake_note(struct desk *desk, const struct session *session, const char *what,
		     struct error *error) KYB_MUST_USE;
enum err desk_commit(struct desk *desk, struct error *error) KYB_MUST_USE; /* a failed one has rolled back */
void desk_rollback(struct desk *desk);
/* For the `if (err) rollback else commit` at the end of every use case. */
enum err desk_finish(struct desk *desk, enum err err, struct error *error) KYB_MUST_USE;
/* Reading: one consistent snapshot. */
enum err desk_begin_read(struct desk *desk, struct error *error) KYB_MUST_USE;
/* The same for lists and counts, which ask no rule: the reasons are 20 KB of JSON. */
enum err desk_begin_rows(struct desk *desk, struct error *error) KYB_MUST_USE;
void desk_end_read(struct desk *desk);
/* review/sandbox.c: whether the name of its subject asks for that, in a sandbox. */
bool sandbox_expires(const struct desk *desk, const struct session *session);
/* once.c: forgets kept answers whose day is over. */
enum err once_purge(struct desk *desk, struct error *error) KYB_MUST_USE;

#endif
