/* Reopening: a lead returns an approved or rejected case to review; a level raised by the approval falls. */
#include "decide/decide.h"

enum err use_reopen(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	enum err err = level_of_withdrawal(use, error);

	decision_set_aside(use, session->decision_reason);
	use->decision.kind = DECISION_REOPEN;
	use->decision.reason = use->in->reason;
	decision_clear(session);
	return err;
}
