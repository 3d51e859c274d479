/* Keys of the parties tab, and announcements about parties. */
#include "workbench.h"

#include <string.h>

const struct party *current_party(struct workbench *workbench)
{
	const struct party *party = case_model_party(&top_case(workbench)->model);
	if (!party)
		REPORT(workbench, "No party under the cursor; %s declares one",
		       key_for(workbench, COMMAND_PARTY_ADD));
	return party;
}

void party_add(struct workbench *workbench)
{
	decide_open(workbench, &party_dialog, "", "");
}

void party_kyc(struct workbench *workbench)
{
	const struct party *party = current_party(workbench);
	if (party && party->session_id[0])
		REPORT(workbench, "%s has a KYC session: Enter opens it", party->name);
	else if (party)
		decide_open(workbench, &kyc_add_dialog, party->id, party->name);
}

void party_link(struct workbench *workbench)
{
	const struct party *party = current_party(workbench);
	if (!party)
		return;
	if (!party->session_id[0])
		REPORT(workbench, "%s has no KYC session; %s makes one", party->name,
		       key_for(workbench, COMMAND_PARTY_KYC));
	else if (party->session_shared)
		REPORT(workbench, "The KYC of %s belongs to another case; make the link in that case", party->name);
	else
		decide_open_on(workbench, &party_link_dialog, party->session_id, party->name);
}

void party_chart(struct workbench *workbench)
{
	struct case_model *model = &top_case(workbench)->model;
	if (workbench->surface.still || !model->job || !model->job->tree_count)
		REPORT(workbench, "%s",
		       workbench->surface.still ? "The chart is only a drawing; the rows have the same content"
						: "No related parties are declared: no chart");
	else
		model->chart = model->tab != TAB_PARTIES || !model->chart;
	if (model->chart && model->tab != TAB_PARTIES)
		case_model_tab(model, TAB_PARTIES);
}

bool check_waives(struct workbench *workbench, const struct case_screen *screen, const struct grid_row *row)
{
	const struct case_view *view = case_model_view(&screen->model);
	enum check_kind kind;
	return !row->done && view->profile && check_kind_parse(row->ref, &kind) &&
	       check_may_be_waived(kind, view->profile) && workbench_may_or_report(workbench, VERB_CHECK_WAIVE);
}

/* Whether the last required party was verified since the previous read. */
bool parties_became_complete(const struct case_view *before, const struct case_view *now)
{
	return before->file.session.parties_completed_at == TIME_NONE &&
	       now->file.session.parties_completed_at != TIME_NONE;
}

/* While a decision can be undone, its announcement stays, after this text. */
void parties_announce(struct workbench *workbench, const char *name, const char *reference)
{
	struct status *status = &workbench->status;
	struct arena arena = ARENA_INIT;
	if (!status->name || !status_undo_seconds(status, workbench_now(workbench))) {
		announce_done(workbench, "All parties are verified in", name, reference, "");
		return;
	}
	const struct announcement both = { .done = arena_printf(&arena, "All parties are verified · %s",
								status->text),
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
	for (size_t i = 0; i < workbench->stack.count; i++)
		if (!strcmp(workbench->stack.cases[i]->id, id))
			return true;
	return false;
}

/* Skips an open case: take_case() announces it. */
void parties_announce_held(struct workbench *workbench, const struct job *before, const struct job *now)
{
	for (size_t i = 0; i < now->held.count; i++) {
		const struct session_item *item = &now->held.items[i];
		if (!is_complete(item) || is_open(workbench, item->id))
			continue;
		for (size_t b = 0; b < before->held.count; b++)
			if (!strcmp(before->held.items[b].id, item->id) && !is_complete(&before->held.items[b]))
				parties_announce(workbench, item->subject_name, item->external_ref);
	}
}
