/* Approving: the gate says yes, the subject's level may rise. */
#include "internal.h"

enum err desk_approve(struct desk *desk, struct arena *arena, const char *reference,
		      const struct decide_options *options, struct decide_result *out, struct error *error)
{
	struct ruling ruling;
	struct session *session = &ruling.file.session;
	enum err err = ruling_open(&ruling, desk, arena, reference, ACTION_APPROVE, options, out, error);

	if (!err)
		err = ruling_begin(&ruling, error);
	if (err)
		return err;
	ruling.decision.kind = DECISION_APPROVE;
	ruling.level = level_of_approval(session, ruling.profile);
	session->final_decision = FINAL_APPROVED;
	session->decided_by = desk->actor;
	session->decided_at = ruling.now;
	session->decision_reason = "";
	session->retryable = false;
	return ruling_commit(&ruling, ERR_OK, "session.approve", json_new_object(), error);
}
