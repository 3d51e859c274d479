/* Approval: passes the gate; the subject's level may rise. */
#include "decide/decide.h"

/* Reads in->note, in->own_grace, in->grace_s, in->seen_version. */
enum err use_approve(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;

	(void)error;
	use->decision.kind = DECISION_APPROVE;
	use->level = level_of_approval(session, use->profile);
	session->final_decision = FINAL_APPROVED;
	session->decided_by = use->desk->actor;
	session->decided_at = use->now;
	session->decision_reason = "";
	session->retryable = false;
	return ERR_OK;
}
