/* The effects of a decision, for the preview in its dialog. */
#include "kybdesk/desk/decide.h"
#include "decide/decide.h"
#include "kybdesk/domain/ownership.h"
#include "kybdesk/store/outbox.h"
#include "link/link.h"
#include "use/looks.h"

static enum err load_preview(struct use *use, struct decision_preview *out, struct error *error)
{
	const struct session *session = &use->file.session;
	const struct profile *names = NULL;
	enum err err = use_load_case(use, error);

	if (!err)
		err = use_check_action(use, error);
	if (err)
		return err;
	ownership_compute(use->arena, &use->file, use->profile, NULL);
	use->context = desk_gate_context(use->desk, &use->file, use->profile, 0);
	err = desk_gate_load_facts(use->desk, use->arena, &use->file, &use->context, error);
	if (!err)
		err = contribution_fill_context(use->desk, use->arena, &use->file, &use->context, error);
	if (!err)
		err = desk_gate_find_bytes_states(use->desk, use->arena, &use->file, &use->context, error);
	if (!err)
		err = desk_find_blockers(use, true, &out->blockers, error);
	if (!err && use->action == ACTION_APPROVE) {
		out->checklist = gate_checklist(use->arena, &use->file, &use->context, &out->checklist_count);
		out->approval_stage = gate_approval_stage(&use->file, &use->context);
		out->rationale_min_words = gate_rationale_min_words(&use->file, &use->context);
		out->first_approval = use->context.first_approval;
		err = desk_overrides(use->desk, use->arena, &use->file, use->context.sandbox, &out->overrides, error);
		if (out->approval_stage != APPROVAL_FIRST)
			use->level = approval_level_change(session, use->profile);
	} else if (!err && (use->action == ACTION_REOPEN || use->action == ACTION_REQUEST_CORRECTIONS)) {
		err = level_prepare_withdrawal(use, error);
	}
	if (use->action == ACTION_REJECT && use->context.supervised)
		out->approval_stage = APPROVAL_FIRST;
	if (!err && use->action == ACTION_REJECT)
		err = grounds_of_rejection(use, &out->matches, &out->grounds, error);
	if (!err)
		err = desk_event_profile(use, session, use->profile, &names, error);
	if (err)
		return err;
	out->level_from = *use->level.to ? use->level.from : "";
	out->level_to = use->level.to;
	out->event = out->approval_stage == APPROVAL_FIRST
			     ? ""
			     : announced_event_name(session, names, use->action, *use->level.to != '\0');
	out->merchant = session->merchant;
	out->version = session->version;
	out->grace_s = use->action == ACTION_REOPEN || out->approval_stage == APPROVAL_FIRST ? 0 : use->grace_ms / 1000;
	out->link_expired = link_is_expired(session, use->context.now);
	if (*out->event)
		err = store_endpoint_count(use->desk->store, session->merchant_row, out->event, &out->endpoint_count,
					   error);
	return err;
}

enum err desk_preview(struct desk *desk, struct arena *arena, const struct use_in *in, struct decision_preview *out,
		      struct error *error)
{
	const struct use_case *row = &use_cases[in->verb];
	struct use_out ignored = { .id = "" };
	struct use use = { .desk = desk,
			   .arena = arena,
			   .use_case = row,
			   .in = in,
			   .out = &ignored,
			   .action = row->action,
			   .level = { "", "" } };
	enum err err = desk_require_writer(desk, row->role, row->verb_phrase, error);

	*out = (struct decision_preview){ .level_from = "", .level_to = "", .event = "", .merchant = "" };
	if (!err)
		err = grace_time_find(desk, in, &use.grace_ms, error);
	if (!err)
		err = desk_begin_read(desk, error);
	return err ? err : desk_finish_read(desk, load_preview(&use, out, error));
}
