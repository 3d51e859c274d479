/* Reads of legal holds. The verbs legal_hold_set and legal_hold_release (desk/verbs.h) change them. */
#ifndef KYBDESK_DESK_RETENTION_H
#define KYBDESK_DESK_RETENTION_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/domain/retention.h"

/* Of a session all, oldest first; NULL: every one in force. */
enum err desk_legal_holds(struct desk *desk, struct arena *arena, const char *session, struct legal_hold_list *out,
			  struct error *error) KYB_MUST_USE;

#endif
