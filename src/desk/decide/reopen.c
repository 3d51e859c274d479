/* Reopening: a lead takes an approval or a rejection back into review; a level that the approval raised falls. */
#include "internal.h"

enum err desk_reopen(struct desk *desk, struct arena *arena, const char *reference, const char *reason,
		     const struct decide_options *options, struct decide_result *out, struct error *error)
{
	struct ruling ruling;
	struct session *session = &ruling.file.session;
	enum err err = ruling_open(&ruling, desk, arena, reference, ACTION_REOPEN, options, out, error);

	reason = reason ? reason : "";
	if (!err)
		err = text_check("reason", "The reason", reason, false, error);
	if (!err)
		err = reason_text_check("reopening", reason, error);
	if (!err)
		err = ruling_begin(&ruling, error);
	if (err)
		return err;
	ruling.decision.kind = DECISION_REOPEN;
	ruling.decision.reason = reason;
	err = level_of_withdrawal(desk, arena, &ruling.file, ruling.profile, &ruling.level, error);
	session->final_decision = FINAL_NONE;
	session->decided_by = "";
	session->decided_at = TIME_NONE;
	session->decision_reason = "";
	session->retryable = false;
	return ruling_commit(&ruling, err, "session.reopen", json_new_object(), error);
}
