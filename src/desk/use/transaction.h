/* The transaction of a use case: permission, lock, audit row, and the commit that wakes the deliveries. */
#ifndef KYBDESK_SRC_DESK_USE_TRANSACTION_H
#define KYBDESK_SRC_DESK_USE_TRANSACTION_H

#include "desk_private.h"
#include "kybdesk/codec/json.h"
#include "kybdesk/desk/once.h"
#include "kybdesk/domain/session.h"
#include "kybdesk/store/audit.h"

/* verb completes "A viewer cannot …". */
enum err desk_require(const struct desk *desk, enum role needed, const char *verb,
		      struct error *error) KYB_MUST_USE;
/* Requires a role that may submit: intake, or any reviewer. */
enum err desk_require_intake(const struct desk *desk, const char *verb, struct error *error) KYB_MUST_USE;
/* As desk_require(), for a change: the store must also be writable. */
enum err desk_require_change(const struct desk *desk, enum role needed, const char *verb,
			     struct error *error) KYB_MUST_USE;
/* Takes the write lock; reads role and state of the actor again. On error no transaction is open. */
enum err desk_begin(struct desk *desk, enum role needed, const char *verb, struct error *error) KYB_MUST_USE;
/* Appends one audit row. Takes ownership of detail (NULL: {}): ids, codes, from and to, hashes; never names, numbers or
 * texts about people. session may be NULL. */
enum err desk_record(struct desk *desk, const char *action, const struct session *session,
		     struct json_value *detail, struct error *error) KYB_MUST_USE;
/* A text of the detail of a record; "" none. */
const char *desk_record_text(struct arena *arena, const struct audit_event *event, const char *key);
/* Call at the end of every use case: commits if err is ERR_OK, otherwise rolls back. */
enum err desk_finish(struct desk *desk, enum err err, struct error *error) KYB_MUST_USE;
/* A read transaction: one consistent snapshot. */
enum err desk_begin_read(struct desk *desk, struct error *error) KYB_MUST_USE;
/* The same for lists and counts, which use no rules: the reasons are 20 KB of JSON. */
enum err desk_begin_rows(struct desk *desk, struct error *error) KYB_MUST_USE;
/* The same for a list of one case: *row is the case, or 0 if `session` is NULL. After an error no read is open. */
enum err desk_begin_rows_of(struct desk *desk, const char *session, int64_t *row, struct error *error) KYB_MUST_USE;
void desk_end_read(struct desk *desk);
/* As desk_end_read(), at the end of a function: returns the result of the reads. */
enum err desk_finish_read(struct desk *desk, enum err err) KYB_MUST_USE;
/* review/sandbox.c: whether, in a sandbox, the name of the subject requests expiry, or a reminder. */
bool sandbox_expires(const struct desk *desk, const struct session *session);
bool sandbox_reminds(const struct desk *desk, const struct session *session);
/* once.c: deletes stored responses after their day. */
enum err once_purge(struct desk *desk, struct error *error) KYB_MUST_USE;

#endif
