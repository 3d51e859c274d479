/* Approval: passes the gate; the subject's level may rise. The first of two approvals changes nothing yet. */
#include "decide/decide.h"

static enum err approve_first(struct use *use)
{
	use->decision.first_approval = true;
	use->word = FIRST_APPROVAL_WORD;
	use->to = use->from;
	return ERR_OK;
}

/* Reads in->note, in->own_grace, in->grace_s, in->seen_version. */
enum err use_approve(struct use *use, struct error *error)
{
	(void)error;
	use->decision.kind = DECISION_APPROVE;
	if (use->part == APPROVAL_FIRST)
		return approve_first(use);
	if (use->part == APPROVAL_SECOND) {
		json_set_int(use->detail, "first", use->context.first->number);
		json_set_text(use->detail, "first_by", use->context.first->by);
	}
	use->level = level_of_approval(&use->file.session, use->profile);
	decision_set(use, FINAL_APPROVED);
	return ERR_OK;
}
