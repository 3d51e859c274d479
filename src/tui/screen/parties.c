/* What the keys of the tab of parties do, and Enter on what blocks on account of others. */
#include "workbench.h"

#include <string.h>

/* NULL: it says that there is none under the cursor. */
static const struct party *party_here(struct workbench *workbench)
{
	const struct party *party = case_model_party(&top_case(workbench)->model);
	if (!party)
		status_set(&workbench->status, STATUS_PLAIN, "There is no party under the cursor; + declares one");
	return party;
}

static void open_on_party(struct workbench *workbench, const struct dialog_spec *kind)
{
	const struct party *party = party_here(workbench);
	if (party)
		decide_open(workbench, kind, party->id, party->name);
}

void party_add(struct workbench *workbench, const struct order *order)
{
	(void)order;
	decide_open(workbench, &party_dialog, "", "");
}

void party_edit(struct workbench *workbench, const struct order *order)
{
	(void)order;
	open_on_party(workbench, &party_dialog);
}

void party_remove(struct workbench *workbench, const struct order *order)
{
	(void)order;
	open_on_party(workbench, &party_remove_dialog);
}

void party_verify(struct workbench *workbench, const struct order *order)
{
	(void)order;
	open_on_party(workbench, &party_verify_dialog);
}

void party_kyc(struct workbench *workbench, const struct order *order)
{
	const struct party *party = party_here(workbench);
	(void)order;
	if (party && party->session_id[0])
		status_set(&workbench->status, STATUS_PLAIN, "%s has a KYC session: Enter opens it", party->name);
	else if (party)
		decide_open(workbench, &kyc_add_dialog, party->id, party->name);
}

void party_link(struct workbench *workbench, const struct order *order)
{
	const struct party *party = party_here(workbench);
	(void)order;
	if (!party)
		return;
	if (!party->session_id[0])
		status_set(&workbench->status, STATUS_PLAIN, "%s has no KYC session; K makes one", party->name);
	else if (party->session_shared)
		status_set(&workbench->status, STATUS_PLAIN,
			   "The KYC of %s was made for another case: its link is made there", party->name);
	else
		decide_open_on(workbench, &party_link_dialog, party->session_id, party->name);
}

/* The code of what brings a case of this status into review; "" where the reviewer has to choose, or may not. */
static const char *lifts_status(const struct workbench *workbench, enum session_status status)
{
	static const struct {
		enum session_status status;
		enum command command;
	} lifts[] = { { SESSION_AWAITING_CLIENT_CORRECTION, COMMAND_WITHDRAW },
		      { SESSION_EXPIRED, COMMAND_REACTIVATE },
		      { SESSION_COMPLETED, COMMAND_ESCALATE },
		      { SESSION_APPROVED, COMMAND_REOPEN },
		      { SESSION_REJECTED, COMMAND_REOPEN } };
	for (size_t i = 0; i < sizeof lifts / sizeof lifts[0]; i++) {
		const struct command_spec *spec = command_spec(lifts[i].command);
		if (lifts[i].status == status && workbench_may(workbench, spec->verb))
			return spec->offers;
	}
	return "";
}

bool blocker_opens(struct workbench *workbench, struct case_screen *screen, const struct checklist_item *item)
{
	const struct case_view *view = case_model_view(&screen->model);
	if (item->met)
		return false;
	if (item->code == BLOCKER_OWNERSHIP_GAP && view->gap.known && view->gap.open) {
		if (workbench_may(workbench, VERB_PARTY_GAP)) {
			decide_open(workbench, &gap_dialog, "", "");
			return true;
		}
		status_set(&workbench->status, STATUS_PLAIN,
			   "+ declares who is missing; a lead can record why nobody is");
		return false;
	}
	/* Only of a case in review can the client be asked; of others it is shown what is missing. */
	if (item->code == BLOCKER_DOCUMENT_MISSING && view->file.session.status == SESSION_MANUAL_REVIEW &&
	    item->ref[0] && workbench_may(workbench, VERB_CORRECTIONS)) {
		decide_open(workbench, &corrections_dialog, item->ref, item->ref);
		return true;
	}
	/* What lifts these is among what v offers, and is chosen already. */
	if (item->code == BLOCKER_BASIS_CHANGED && workbench_may(workbench, VERB_CONFIRM)) {
		decide_more(workbench, command_spec(COMMAND_CONFIRM)->offers, "", "");
		return true;
	}
	if (item->code == BLOCKER_STATUS && workbench_may(workbench, VERB_WITHDRAW)) {
		decide_more(workbench, lifts_status(workbench, view->file.session.status), "", "");
		return true;
	}
	const struct hit *hit = item->code == BLOCKER_HIT_OPEN ? case_hit(&view->file, item->ref, NULL) : NULL;
	if (hit && hit->state == HIT_TRUE_MATCH && hit->class_ != HIT_SANCTIONS &&
	    workbench_may(workbench, VERB_HIT_ACCEPT)) {
		decide_open(workbench, &hit_dialog, hit->id, hit->name);
		return true;
	}
	if (item->code == BLOCKER_DUPLICATE_OPEN && workbench_may(workbench, VERB_DUPLICATE_DISMISS)) {
		decide_open(workbench, &duplicate_dialog, item->ref, "");
		return true;
	}
	return false;
}

void check_open(struct workbench *workbench, const struct case_screen *screen, const struct grid_row *row)
{
	const struct case_view *view = case_model_view(&screen->model);
	enum check_kind kind;
	if (row->done || !view->profile || !check_kind_parse(row->ref, &kind))
		return;
	if (!check_may_be_waived(kind, view->profile))
		status_set(&workbench->status, STATUS_PLAIN, "The workflow lets nobody waive %s", row->ref);
	else if (workbench_may_or_says(workbench, VERB_CHECK_WAIVE))
		decide_open(workbench, &waive_dialog, row->ref, row->ref);
}

/* The last party that must be verified was, since the case was read before. */
bool parties_became_complete(const struct case_view *before, const struct case_view *now)
{
	return before->file.session.parties_completed_at == TIME_NONE &&
	       now->file.session.parties_completed_at != TIME_NONE;
}

/* Before the decision that did it, as long as that can be undone. */
void parties_tell(struct workbench *workbench, const char *name, const char *reference)
{
	struct status *status = &workbench->status;
	struct arena arena = ARENA_INIT;
	if (!status->name || !status_undo(status, workbench_now(workbench))) {
		tell(workbench, "Everybody is verified in", name, reference, "");
		return;
	}
	const struct announcement both = { .done = arena_printf(&arena, "Everybody is verified · %s", status->text),
					   .name = arena_strdup(&arena, status->name),
					   .reference = arena_strdup(&arena, status->reference),
					   .after = arena_strdup(&arena, status->after) };
	status_announce(status, STATUS_GOOD, &both);
	arena_release(&arena);
}

static bool is_complete(const struct session_item *item)
{
	return item->parties_total && item->parties_verified == item->parties_total;
}

static bool is_open(const struct workbench *workbench, const char *id)
{
	for (size_t i = 0; i < workbench->case_count; i++)
		if (!strcmp(workbench->cases[i]->id, id))
			return true;
	return false;
}

/* An open case tells it by itself, when it is read again. */
void parties_tell_held(struct workbench *workbench, const struct work *before, const struct work *now)
{
	for (size_t i = 0; i < now->held.count; i++) {
		const struct session_item *item = &now->held.items[i];
		if (!is_complete(item) || is_open(workbench, item->id))
			continue;
		for (size_t b = 0; b < before->held.count; b++)
			if (!strcmp(before->held.items[b].id, item->id) && !is_complete(&before->held.items[b]))
				parties_tell(workbench, item->subject_name, item->external_ref);
	}
}
