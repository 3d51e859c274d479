/* Undo of decisions of this run of the program within their grace time, and of verdicts and removals in the open
 * case. */
#include "workbench.h"

#include <string.h>

static void finish_undo(struct workbench *workbench, const struct job *job)
{
	struct arena *arena = &workbench->scratch;
	struct status_line *status = &workbench->status;
	const struct use_out *result = &job->out;
	char parent[UUID_TEXT_SIZE] = "";
	for (size_t i = 0; i < status->undo_count; i++)
		if (!strcmp(status->undo_offers[i].id, result->id))
			memcpy(parent, status->undo_offers[i].parent, sizeof parent);
	bool parent_open = parent[0] && workbench->case_stack.count && !strcmp(top_case(workbench)->id, parent);
	bool here = workbench->case_stack.count && !strcmp(top_case(workbench)->id, result->id);
	const char *level =
		result->level_to[0] ? arena_printf(arena, " · the level is %s again", result->level_to) : "";
	announce_done_action(workbench, arena_printf(arena, "Undone: %s of", job->extra_text), job->name,
			     job->reference, arena_printf(arena, "%s · nothing was sent", level));
	status_drop_undos(status, result->id);
	if (dialog_of_request(workbench, job))
		decide_close_dialog(workbench);
	if (!here)
		case_open(workbench, result->id, job->name, parent_open);
}

static bool handle_undo_failure(struct workbench *workbench, const struct job *job)
{
	status_drop_undos(&workbench->status, job->session_id);
	return false;
}

static const struct ui_action undo_ui_action = { .verb = VERB_UNDO,
						 .finish = finish_undo,
						 .handle_failure = handle_undo_failure };

/* --- verdicts and removals --- */

static const char *review_undo_message(const struct job *job, struct arena *arena)
{
	return arena_printf(arena, "Undone: %s, in", job->out.undone_change);
}

static void finish_review_undo(struct workbench *workbench, const struct job *job)
{
	status_drop_verdict_undo(&workbench->status, job->session_id);
	announce_result(workbench, job);
}

static bool handle_review_undo_failure(struct workbench *workbench, const struct job *job)
{
	status_drop_verdict_undo(&workbench->status, job->session_id);
	return false;
}

static const struct ui_action review_undo_ui_action = { .verb = VERB_REVIEW_UNDO,
							.make_message_start = review_undo_message,
							.finish = finish_review_undo,
							.handle_failure = handle_review_undo_failure };

static void set_undo_request(struct job *job, const struct undo_offer *undo_offer)
{
	job->session_id = arena_strdup(&job->arena, undo_offer->id);
	job->extra_text = undo_offer->noun;
	job->name = arena_strdup(&job->arena, undo_offer->name);
	job->reference = arena_strdup(&job->arena, undo_offer->reference);
}

static const char *decision_noun(enum session_status status)
{
	if (status == SESSION_APPROVED)
		return UNDO_APPROVAL;
	return status == SESSION_REJECTED ? UNDO_REJECTION : UNDO_CORRECTION_REQUEST;
}

/* Requests an undo of the entry. If the entry is a verdict or a removal, the desk first runs all earlier requests,
 * and then undoes the newest verdict or removal in the case. */
static void request_undo(struct workbench *workbench, const struct undo_offer *undo_offer)
{
	struct job *job =
		job_of_ui_action(undo_offer->expires_at == TIME_NONE ? &review_undo_ui_action : &undo_ui_action);
	set_undo_request(job, undo_offer);
	reader_request(workbench->reader, job);
}

/* The kind of the actor's own first approval or first rejection, if a second person has not decided yet; NULL: none. */
static const char *own_first_verdict_kind(const struct case_view *view, const char *actor)
{
	const struct decision *rejection = gate_first_rejection(&view->file);

	if (view->first_approval && !strcmp(view->first_approval->by, actor))
		return UNDO_FIRST_APPROVAL;
	return rejection && !strcmp(rejection->by, actor) ? UNDO_FIRST_REJECTION : NULL;
}

/* Says what became of the undo: the last decision of the open case, or of this run, is final. */
static void report_too_late(struct workbench *workbench, const struct case_view *view)
{
	const struct frame *frame = &workbench->frame;
	const struct status_line *status = &workbench->status;
	const struct decision *last = NULL;
	const char *way =
		arena_printf(&workbench->scratch,
			     role_at_least(frame->role, use_cases[VERB_REOPEN].role) ? "%s, reopen, opens it again"
										     : "a lead reopens it with %s",
			     key_name_for(workbench, COMMAND_MORE));
	for (size_t i = 0; view && i < view->file.decision_count; i++)
		if (!view->file.decisions[i].undone)
			last = &view->file.decisions[i];
	if (last && session_status_is_decided(view->file.session.status))
		REPORT(workbench, "%s at %s by %s, %s; %s",
		       view->file.session.status == SESSION_APPROVED ? "Approved" : "Rejected",
		       date_time_text(&workbench->scratch, last->at, frame),
		       strcmp(last->by, frame->actor) != 0 ? last->by : "you",
		       last->undo_until == TIME_NONE ? "final at once"
						     : arena_printf(&workbench->scratch, "%lld seconds are over",
								    (long long)((last->undo_until - last->at) / 1000)),
		       way);
	else if (status->undo_count)
		REPORT(workbench, "The time to undo the %s of %s is over; %s",
		       status->undo_offers[status->undo_count - 1].noun,
		       status->undo_offers[status->undo_count - 1].name, way);
	else
		REPORT(workbench, "You have no decision that can be undone now");
}

/* Undoes the newest decision, verdict or removal. The undo list has the decisions of this run of the program; the
 * view of the open case has decisions of earlier runs; the desk finds the newest verdict or removal. */
void decide_undo(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	const struct case_view *view = screen ? case_model_view(&screen->model) : NULL;
	int64_t now = workbench_now_ms(workbench);
	status_set_case(&workbench->status, screen ? screen->id : "");
	const struct undo_offer *newest = status_latest_undo(&workbench->status, now);
	const char *first = view ? own_first_verdict_kind(view, workbench->frame.actor) : NULL;
	bool in_time = view && view->undo_until != TIME_NONE && view->undo_until > now;
	if (newest) {
		request_undo(workbench, newest);
	} else if (first || (view && (in_time || !session_status_is_decided(view->file.session.status)))) {
		struct undo_offer seen = { .expires_at = first	   ? now
							 : in_time ? view->undo_until
								   : TIME_NONE,
					   .noun = first ? first : decision_noun(view->file.session.status),
					   .name = screen->name,
					   .reference = (char *)view->file.session.external_ref };
		memcpy(seen.id, screen->id, sizeof seen.id);
		request_undo(workbench, &seen);
	} else {
		report_too_late(workbench, view);
	}
}

void decide_open_undo_list(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	const struct case_view *view = screen ? case_model_view(&screen->model) : NULL;
	const struct undo_offer *newest = status_latest_undo(&workbench->status, workbench_now_ms(workbench));
	if (newest || (view && view->undo_count))
		decide_show_dialog(workbench,
				   dialog_new(&undo_dialog, view ? screen->id : newest->id, "your decisions"));
	else
		decide_undo(workbench);
}

static void offer_undo_items(struct dialog *dialog, struct input *field)
{
	const struct frame *frame = dialog->context->frame;
	const struct status_line *status = dialog->context->status;
	const struct case_view *view = &dialog->response->view;
	for (size_t i = status->undo_count; i-- > 0;) {
		const struct undo_offer *undo_offer = &status->undo_offers[i];
		int64_t seconds = undo_seconds_left(undo_offer, frame->now);
		if (!seconds)
			continue;
		const char *title = case_title(&dialog->arena, undo_offer->name, undo_offer->reference);
		DIALOG_ITEM(dialog, field, undo_offer->id, "%s of %s, %lld s", undo_offer->noun, title,
			    (long long)seconds);
	}
	for (size_t i = 0; i < view->undo_count; i++) {
		const struct undo_item *item = &view->undos[i];
		DIALOG_ITEM(dialog, field, arena_printf(&dialog->arena, "%s:%s", item->kind, item->ref), "%s, %s",
			    undo_item_text(&dialog->arena, item), date_time_text(&dialog->arena, item->at, frame));
	}
}

/* Undoes the chosen item: a verdict or removal of the open case (the item's code has a ":"), or a decision of this
 * run. */
static bool undo_prepare_job(struct dialog *dialog, struct job *job)
{
	const struct status_line *status = dialog->context->status;
	if (strchr(job->in.part, ':')) {
		job->name = arena_strdup(&job->arena, dialog->response->view.file.session.subject.name);
		return true;
	}
	for (size_t i = 0; i < status->undo_count; i++) {
		const struct undo_offer *undo_offer = &status->undo_offers[i];
		if (strcmp(undo_offer->id, job->in.part))
			continue;
		job_set_ui_action(job, &undo_ui_action);
		set_undo_request(job, undo_offer);
		job->in.part = "";
		job->in.seen_version = 0;
		return true;
	}
	return dialog_refuse(dialog, "This decision was undone meanwhile.");
}

static const struct dialog_form undo_form = {
	.confirm_label = "undo it",
	.fields = { { CHOICE_FIELD("undo", REQUEST_OFFSET(in.part), offer_undo_items),
		      .missing_message = "First choose an entry: press Down, or type its first letters." } },
	.rebuild_fields = true,
	.focus_fields = true,
	.ui_action = &review_undo_ui_action,
	.prepare_job = undo_prepare_job,
};

static const struct dialog_form *undo_fill_form(struct dialog *dialog)
{
	dialog_add_line(dialog, "", THEME_TEXT,
			"Decisions: during the grace time, before any webhook is sent. Verdicts and removals: until "
			"the case is decided.");
	return &undo_form;
}

const struct dialog_spec undo_dialog = { CASE_DIALOG("Undo one of", undo_fill_form), .skips_draft = true };
