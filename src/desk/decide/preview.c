/* What a decision would do, for the dialog. */
#include "internal.h"
#include "kybdesk/domain/ownership.h"

static enum err look(struct desk *desk, struct arena *arena, const char *reference, enum action action,
		     struct decide_preview *out, struct error *error)
{
	struct case_file file;
	const struct profile *profile = NULL, *names = NULL;
	struct gate_context context;
	struct level_change level = { "", "" };
	int64_t row = 0;
	size_t problems = 0;
	enum session_status to;
	enum err err = store_session_find(desk->store, reference, &row, error);

	if (!err)
		err = desk_case_load(desk, arena, row, &file, error);
	if (!err)
		err = desk_session_profile(desk, &file.session, &profile, error);
	if (!err)
		err = action_permit(desk, arena, &file, profile, action, &to, error);
	if (err)
		return err;
	ownership_compute(arena, &file, profile, &problems);
	context = desk_gate_context(desk, &file, profile, 0);
	err = desk_gate_facts(desk, arena, &file, &context, error);
	if (!err)
		err = desk_gate(desk, arena, &file, &context, action, true, &out->blockers, error);
	if (!err && action == ACTION_APPROVE) {
		out->checklist = gate_checklist(arena, &file, &context, &out->checklist_count);
		level = level_of_approval(&file.session, profile);
	} else if (!err && (action == ACTION_REOPEN || action == ACTION_REQUEST_CORRECTIONS)) {
		err = level_of_withdrawal(desk, arena, &file, profile, &level, error);
	}
	out->level_from = *level.to ? level.from : "";
	out->level_to = level.to;
	if (!err)
		err = desk_event_profile(desk, arena, &file.session, profile, &names, error);
	if (err)
		return err;
	out->event = ruling_event_type(&file.session, names, action, *level.to != '\0');
	out->merchant = file.session.merchant;
	out->version = file.session.version;
	out->grace_s = action == ACTION_REOPEN ? 0 : GRACE_DEFAULT_S;
	out->link_expired = link_is_expired(&file.session, context.now);
	if (*out->event)
		err = store_endpoint_count(desk->store, file.session.merchant_row, out->event, &out->endpoints,
					   error);
	return err;
}

enum err desk_preview(struct desk *desk, struct arena *arena, const char *reference, enum action action,
		      struct decide_preview *out, struct error *error)
{
	enum err err = desk_require_change(desk, action_role(action), action_verb(action), error);

	*out = (struct decide_preview){ .level_from = "", .level_to = "", .event = "", .merchant = "" };
	if (!err)
		err = desk_begin_read(desk, error);
	if (err)
		return err;
	err = look(desk, arena, reference, action, out, error);
	desk_end_read(desk);
	return err;
}
