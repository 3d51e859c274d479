/* Rejecting: a reason of the set, and of what the reason is, only as much as outside may learn. */
#include "internal.h"

/* What a restricted reason leaves no room for (domain.md "What nobody outside may learn"). */
static enum err check_disclosure(const struct reason *reason, const char *message, int retryable,
				 struct error *error)
{
	if (reason->disclosure == DISCLOSURE_OPEN)
		return ERR_OK;
	if (*message)
		return error_set_field(
			error, ERR_INVALID, "message",
			"The reason %s takes no message to the client: outside it reads as \"%s\"; leave the "
			"message out",
			reason->code, reason_public_code(reason));
	if (retryable > 0)
		return error_set_field(error, ERR_INVALID, "retryable",
				       "A rejection for %s cannot be retryable; leave that out", reason->code);
	return ERR_OK;
}

enum err desk_reject(struct desk *desk, struct arena *arena, const char *reference, const char *reason_code,
		     const char *message, int retryable, const struct decide_options *options,
		     struct decide_result *out, struct error *error)
{
	const struct reason *reason = NULL;
	struct ruling ruling;
	struct session *session = &ruling.file.session;
	enum err err = ruling_open(&ruling, desk, arena, reference, ACTION_REJECT, options, out, error);

	message = message ? message : "";
	if (!err)
		err = reason_require(&desk->reasons, REASONS_SESSION, reason_code ? reason_code : "",
				     ruling.profile->session_reasons, ruling.profile->session_reason_count, &reason,
				     error);
	if (!err)
		err = text_check("message", "The message to the client", message, false, error);
	if (!err)
		err = check_disclosure(reason, message, retryable, error);
	if (!err)
		err = ruling_begin(&ruling, error);
	if (err)
		return err;
	ruling.decision.kind = DECISION_REJECT;
	ruling.decision.reason = reason->code;
	ruling.decision.message = message;
	ruling.decision.retryable =
		reason->disclosure == DISCLOSURE_OPEN && (retryable < 0 ? reason->retryable : retryable > 0);
	ruling.reason_code = reason_public_code(reason);
	session->final_decision = FINAL_REJECTED;
	session->decided_by = desk->actor;
	session->decided_at = ruling.now;
	session->decision_reason = reason->code;
	session->retryable = ruling.decision.retryable;
	return ruling_commit(&ruling, ERR_OK, "session.reject", json_new_object(), error);
}
