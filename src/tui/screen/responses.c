/* Passes the responses of the reader thread to the functions that use them, and announces the results. */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

/* Announces that all parties are verified. If the status line announces a decision that can be undone, the
 * text about the decision stays, before the new text: the end goes first where the row is narrow. */
static void announce_verified_parties(struct workbench *workbench, const char *name, const char *reference)
{
	struct status_line *status = &workbench->status;
	if (!status->name || !status_undo_seconds(status, workbench_now_ms(workbench))) {
		announce_done_action(workbench, "All parties are verified in", name, reference, "");
		return;
	}
	const struct announcement both = { .message_start = arena_strdup(&workbench->scratch, status->text),
					   .name = arena_strdup(&workbench->scratch, status->name),
					   .reference = arena_strdup(&workbench->scratch, status->reference),
					   .message_end = arena_printf(&workbench->scratch, " · all parties verified%s",
								       status->message_end) };
	status_announce(status, STATUS_GOOD, &both);
}

static bool has_all_parties_verified(const struct session_item *item)
{
	return item->parties_total && item->parties_verified == item->parties_total;
}

static bool is_case_open(const struct workbench *workbench, const char *id)
{
	for (size_t i = 0; i < workbench->case_stack.count; i++)
		if (!strcmp(workbench->case_stack.cases[i]->id, id))
			return true;
	return false;
}

/* Announces each case of now->held_cases in which all parties have become verified since the previous JOB_COUNTS. Skips
 * open cases, which take_case_response() announces. */
static void announce_verified_cases(struct workbench *workbench, const struct job *before, const struct job *now)
{
	for (size_t i = 0; i < now->held_cases.count; i++) {
		const struct session_item *item = &now->held_cases.items[i];
		if (!has_all_parties_verified(item) || is_case_open(workbench, item->id))
			continue;
		for (size_t b = 0; b < before->held_cases.count; b++)
			if (!strcmp(before->held_cases.items[b].id, item->id) &&
			    !has_all_parties_verified(&before->held_cases.items[b]))
				announce_verified_parties(workbench, item->subject_name, item->external_ref);
	}
}

/* Marks the decisions that the system held back, so that the status line reports them. */
static void mark_held_back_decisions(struct workbench *workbench, const struct job *response)
{
	struct status_line *status = &workbench->status;
	for (size_t w = 0; w < response->watch_count; w++) {
		const struct decision_watch *watch = &response->decision_watches[w];
		for (size_t i = 0; i < status->undo_count; i++) {
			struct undo_offer *undo_offer = &status->undo_offers[i];
			if (strcmp(undo_offer->id, watch->id) || undo_offer->version != watch->version)
				continue;
			undo_offer->is_held_back = watch->is_held_back;
			if (watch->is_last_check && !response->status)
				undo_offer->version = 0;
		}
	}
}

/* Each take_…() returns whether it keeps the response; if not, workbench_receive() frees the response. */
static bool take_counts_response(struct workbench *workbench, struct job *response)
{
	mark_held_back_decisions(workbench, response);
	if (response->status)
		return false;
	workbench->frame.counts = response->counts;
	if (response->ticket != workbench->inbox.views_version && response->counts.view_count > VIEW_SHIPPED_COUNT)
		workbench->frame.counts.view_count = VIEW_SHIPPED_COUNT;
	workbench->frame.has_counts = true;
	if (workbench->last_counts_response)
		announce_verified_cases(workbench, workbench->last_counts_response, response);
	job_free(workbench->last_counts_response);
	workbench->last_counts_response = response;
	return true;
}

static bool take_list_response(struct workbench *workbench, struct job *response)
{
	if (response->ticket != workbench->inbox.queue.ticket) /* a newer request is pending */
		return false;
	free(workbench->inbox.problem);
	workbench->inbox.problem = response->status ? xstrdup(response->error.message) : NULL;
	workbench->inbox.view.is_reading_slow &= response->partial;
	if (!queue_take_response(&workbench->inbox.queue, response))
		return false;
	preview_schedule(workbench);
	return true;
}

/* Whether the last required party was verified between two reads of the case. */
static bool parties_became_complete(const struct case_view *before, const struct case_view *now)
{
	return before->file.session.parties_completed_at == TIME_NONE &&
	       now->file.session.parties_completed_at != TIME_NONE;
}

static bool take_case_response(struct workbench *workbench, struct job *response)
{
	struct case_screen *screen = top_case(workbench);
	if (response->reveals_data)
		case_take_reveal(workbench, response);
	if (response->reveals_data && response->status)
		REPORT_BAD(workbench, "%s", response->error.message);
	if (!screen || screen->ticket != response->ticket)
		return false;
	free(screen->problem);
	screen->problem = NULL;
	if (response->status && !response->reveals_data)
		screen->problem = xstrdup(response->error.message);
	if (response->status)
		return false;
	const struct case_view *old = case_model_view(&screen->model);
	if (old && !old->masked && response->view.masked)
		REPORT(workbench, "You no longer hold the case: personal data is masked again");
	screen->revealed &= !(response->is_reload && response->view.masked);
	if (old && parties_became_complete(old, &response->view))
		announce_verified_parties(workbench, response->view.file.session.subject.name,
					  response->view.file.session.external_ref);
	free(screen->name);
	screen->name = xstrdup(response->view.file.session.subject.name);
	case_model_take_response(&screen->model, response, &workbench->frame);
	return true;
}

/* The part of the announcement about the webhook, like " · webhook to northwind-pay in 10 s", in the arena; "" none. */
static const char *webhook_part(struct arena *arena, const struct job *job)
{
	const struct use_out *result = &job->out;
	if (!result->event[0])
		return "";
	if (!result->deliveries)
		return arena_printf(arena, " · no webhook endpoint at %s", job->merchant);
	int64_t seconds = result->undo_until == TIME_NONE ? 0 : (result->undo_until - job->now + 999) / 1000;
	if (seconds <= 0)
		return arena_printf(arena, " · webhook to %s now", job->merchant);
	return arena_printf(arena, " · webhook to %s in %lld s", job->merchant, (long long)seconds);
}

static const char *level_change_suffix(struct arena *arena, const struct use_out *result)
{
	if (!result->level_to[0] || !strcmp(result->level_from, result->level_to))
		return "";
	return arena_printf(arena, " · %s → %s", result->level_from, result->level_to);
}

static void announce_undoable_action(struct workbench *workbench, const struct job *job, const char *done,
				     const char *what)
{
	const struct use_out *result = &job->out;
	const char *level = level_change_suffix(&workbench->scratch, result),
		   *webhook = webhook_part(&workbench->scratch, job);
	struct undo_offer undo_offer = { .expires_at = result->undo_until, .noun = what };
	if (result->undo_until != TIME_NONE)
		undo_offer.version = result->version;
	bool last = job->claims_next_case && !job->next_case_id[0] && job->query.filter.count;
	announce_done_action(workbench, done, job->name, job->reference,
			     arena_printf(&workbench->scratch, "%s%s%s", level, webhook,
					  last ? " · last case of this filter"
					  : job->is_next_in_other_inbox
						  ? " · last of this inbox; the next case is in another"
						  : ""));
	undo_offer.name = arena_strdup(&workbench->scratch, job->name);
	undo_offer.reference = arena_strdup(&workbench->scratch, job->reference);
	memcpy(undo_offer.id, result->id, strlen(result->id) + 1);
	if (workbench->case_stack.count >= 2) {
		const char *parent = workbench->case_stack.cases[workbench->case_stack.count - 2]->id;
		memcpy(undo_offer.parent, parent, strlen(parent) + 1);
	}
	status_add_undo(&workbench->status, &undo_offer);
}

struct dialog *dialog_of_request(const struct workbench *workbench, const struct job *job)
{
	struct dialog *dialog = workbench->dialog;
	return dialog && dialog->state == DIALOG_EXECUTING && dialog->ticket == job->ticket ? dialog : NULL;
}

static void close_sending_dialog(struct workbench *workbench, const struct job *job)
{
	if (dialog_of_request(workbench, job))
		decide_close_dialog(workbench);
}

/* After a decision: returns to the parent case if the case was opened from a parent; otherwise opens the next case
 * that the job has found, or the inbox if the job did not search or found no case. */
static void close_decided_case(struct workbench *workbench, const struct job *job)
{
	close_sending_dialog(workbench, job);
	if (workbench->case_stack.count >= 2) {
		case_close(workbench);
		return;
	}
	if (!job->next_case_id[0]) {
		case_views_close_all(workbench);
		return;
	}
	visit_open_found_case(workbench, job);
}

void announce_decided_case(struct workbench *workbench, const struct job *job, const char *done, const char *what)
{
	if (what[0])
		announce_undoable_action(workbench, job, done, what);
	else
		announce_done_action(workbench, done, job->name, job->reference, "; a second person decides");
	close_decided_case(workbench, job);
}

static void handle_action_failure(struct workbench *workbench, struct job *job)
{
	struct dialog *dialog = dialog_of_request(workbench, job);
	const char *message = job->error.message ? job->error.message : "The action failed";
	if (job->ui_action->handle_failure && job->ui_action->handle_failure(workbench, job))
		return;
	if (!dialog) {
		REPORT_BAD(workbench, "%s", message);
		return;
	}
	dialog_show_failure(dialog, message);
	/* The case has changed, or a condition is unmet: requests the dialog's data again. The reviewer's text in
	 * the dialog stays. */
	if (job->status == ERR_CONFLICT || job->status == ERR_BLOCKED)
		reader_request(workbench->reader, dialog_make_request(dialog, next_ticket(workbench)));
}

static const char *success_message_text(const struct job *job, struct arena *arena)
{
	const struct ui_action *ui_action = job->ui_action;
	if (!ui_action->message_start)
		return ui_action->make_message_start ? ui_action->make_message_start(job, arena) : "";
	if (!ui_action->item_preposition)
		return ui_action->message_start;
	const char *what = job->in.text[0] ? job->in.text : job->in.part;
	return arena_printf(arena, "%s%s%s%s%s", ui_action->message_start, ui_action->message_start[0] ? " " : "", what,
			    ui_action->item_preposition[0] == ',' ? "" : " ", ui_action->item_preposition);
}

static const char *success_message_suffix(const struct job *job, struct arena *arena)
{
	const struct ui_action *ui_action = job->ui_action;
	if (ui_action->message_end)
		return arena_printf(arena, "%s%s", ui_action->message_end,
				    *(const char *const *)((const char *)job + ui_action->end_member_offset));
	return ui_action->make_message_end ? ui_action->make_message_end(job, arena) : "";
}

void announce_result(struct workbench *workbench, const struct job *job)
{
	close_sending_dialog(workbench, job);
	if (job->out.is_proposal)
		REPORT_GOOD(workbench, "Proposed for %s: the change takes effect when another %s makes it too",
			    job->name, role_text(use_cases[job->in.verb].role));
	else if (job->name[0])
		announce_done_action(workbench, success_message_text(job, &workbench->scratch), job->name,
				     job->reference, success_message_suffix(job, &workbench->scratch));
}

/* Adds an undo to the status line if the action was a verdict or a removal. */
static void offer_undo(struct workbench *workbench, const struct job *job)
{
	struct undo_offer undo_offer = { .expires_at = TIME_NONE, .noun = undo_noun(job->in.verb) };
	if (!undo_offer.noun || strlen(job->out.id) >= UUID_TEXT_SIZE)
		return;
	undo_offer.name = (char *)job->name;
	undo_offer.reference = (char *)job->reference;
	memcpy(undo_offer.id, job->out.id, strlen(job->out.id) + 1);
	status_add_undo(&workbench->status, &undo_offer);
}

static void handle_action_success(struct workbench *workbench, const struct job *job)
{
	drafts_drop_sent_text(workbench, dialog_of_request(workbench, job));
	if (job->ui_action->finish)
		job->ui_action->finish(workbench, job);
	else
		announce_result(workbench, job);
	offer_undo(workbench, job);
}

/* Whether the response is about the release of a case that is not the open one, so that the open case is unchanged. */
static bool is_release_of_other_case(struct workbench *workbench, const struct job *job)
{
	const struct case_screen *screen = top_case(workbench);
	return job->ui_action == &release_ui_action && screen && strcmp(screen->id, job->session_id);
}

static bool handle_ui_action_result(struct workbench *workbench, struct job *response)
{
	if (response->status)
		handle_action_failure(workbench, response);
	else
		handle_action_success(workbench, response);
	workbench->stale_bits |= is_release_of_other_case(workbench, response) ? STALE_DATA & ~STALE_CASE : STALE_DATA;
	return false;
}

static bool mark_data_stale(struct workbench *workbench, struct job *response)
{
	(void)response;
	workbench->stale_bits |= STALE_DATA;
	return false;
}

static bool take_draft_response(struct workbench *workbench, struct job *response)
{
	if (response->status && !workbench->dialog)
		REPORT_BAD(workbench, "%s kept only until you quit: %s",
			   response->theme	   ? "The theme is"
			   : response->saved_draft ? "Your text is"
						   : "The view is",
			   response->error.message);
	else if (!response->status && response->theme)
		REPORT_GOOD(workbench, "The theme %s is saved", response->theme);
	else if (!response->status && !response->saved_draft)
		views_set_text(workbench, response->bytes.len ? response->bytes.buf : "");
	return false;
}

void workbench_receive(struct workbench *workbench, struct job *response)
{
	/* The receiver for each kind of response; a receiver returns true if it keeps the response. */
	static bool (*const takers[])(struct workbench * workbench, struct job * response) = {
		[JOB_COUNTS] = take_counts_response,
		[JOB_LIST] = take_list_response,
		[JOB_CASE] = take_case_response,
		[JOB_PREVIEW] = preview_receive,
		[JOB_DIALOG] = decide_receive,
		[JOB_DOCUMENT] = viewer_receive,
		[JOB_CANDIDATES] = decide_receive_candidates,
		[JOB_FIND_MATCHES] = bulk_mark_matches,
		[JOB_UI_ACTION] = handle_ui_action_result,
		[JOB_STORE_CHANGED] = mark_data_stale,
		[JOB_DRAFT] = take_draft_response,
		[JOB_TOUCH_CLAIM] = NULL,
		[JOB_LOOK] = looks_receive,
		[JOB_BOARD] = board_receive,
	};
	workbench->stale_bits |= STALE_PAINT;
	/* The files with the reasons may have changed, so the workbench uses the reasons of the newest response. */
	if (response->view.reasons)
		workbench->reasons = response->view.reasons;
	if (!takers[response->kind] || !takers[response->kind](workbench, response))
		job_free(response);
}
