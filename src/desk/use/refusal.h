/* Makes the errors of refusals. */
#ifndef KYBDESK_SRC_DESK_USE_REFUSAL_H
#define KYBDESK_SRC_DESK_USE_REFUSAL_H

#include "desk_private.h"
#include "kybdesk/domain/gate.h"

/* ERR_CONFLICT if any blocker is a conflict, else ERR_BLOCKED; verb: "approve". */
enum err refuse(const char *verb, const struct session *session, const struct blockers *blockers,
		struct error *error);
/* Refuses with one blocker that the gate does not know, or with one formatted message. */
enum err refuse_one(enum err code, const char *blocker, const char *ref, struct error *error, const char *format,
		    ...) KYB_PRINTF(5, 6);
/* "RAL-2031", or the start of the id. */
const char *session_label(struct arena *arena, const struct session *session);
/* "3 Nov 2026 10:42 UTC" for sentences. */
const char *moment_text(struct arena *arena, int64_t at);
/* "" for NULL. */
const char *text_or_empty(const char *text);
/* Checks a text written by a person: valid, not empty if needed, at most SESSION_VALUE_MAX bytes. */
enum err text_check(const char *field, const char *what, const char *text, bool needed,
		    struct error *error) KYB_MUST_USE;

#endif
