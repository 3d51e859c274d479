/* Dialogs on the screen: opening, keys, and running their actions. */
#include "workbench.h"
#include "kybdesk/codec/profile_codec.h"

#include <string.h>

static const char *next_case_hint(const struct workbench *workbench, struct arena *arena)
{
	if (workbench->case_stack.count >= 2)
		return arena_printf(arena, "back to %s",
				    workbench->case_stack.cases[workbench->case_stack.count - 2]->name);
	return workbench->next_after_decision ? "the next most urgent case opens" : "back to the inbox";
}

void announce_done_action(struct workbench *workbench, const char *done, const char *name, const char *reference,
			  const char *after)
{
	const struct announcement announcement_of = {
		.message_start = done, .name = name, .reference = reference, .message_end = after
	};
	status_announce(&workbench->status, STATUS_GOOD, &announcement_of);
}

/* Makes the context that the functions of the open dialog get. */
static struct dialog_context make_dialog_context(const struct workbench *workbench)
{
	return (struct dialog_context){ .frame = &workbench->frame,
					.reasons = workbench->reasons,
					.countries = countries_in_force(workbench->own_countries),
					.status = &workbench->status,
					.drafts = workbench->drafts.dialogs,
					.draft_count = workbench->drafts.count,
					.follow_up_text = next_case_hint(workbench, &workbench->dialog->arena) };
}

void offer_fixed_choices(struct dialog *dialog, struct input *field)
{
	const struct dialog_field *row = &dialog->form_spec->fields[field - dialog->form.fields];
	for (const struct dialog_item *item = row->items; item->code; item++)
		form_add_item(field, &dialog->arena, item->code, item->label);
	if (row->chooses_first_item)
		(void)form_choose_item(field, row->items[0].code);
}

const struct reviewer_info *next_reviewer(const struct job *response, const struct reviewer_info *after,
					  const char *except)
{
	for (size_t i = after ? (size_t)(after - response->reviewers) + 1 : 0; i < response->reviewer_count; i++) {
		const struct reviewer_info *person = &response->reviewers[i];
		if (!person->disabled && role_at_least(person->role, ROLE_REVIEWER) && strcmp(person->name, except))
			return person;
	}
	return NULL;
}

void decide_close_dialog(struct workbench *workbench)
{
	reader_cancel(workbench->reader, JOB_DIALOG);
	dialog_free(workbench->dialog);
	workbench->dialog = NULL;
}

void decide_release_claim(struct workbench *workbench, struct dialog *dialog)
{
	if (dialog->is_case_claimed)
		case_release_later(workbench, dialog->id);
	dialog->is_case_claimed = false;
}

/* Call if the dialog that claimed the case was closed before the response arrived. If another dialog that claims
 * the same case is open, this dialog keeps the claim; otherwise the case is released. */
static void keep_or_release_claim(struct workbench *workbench, const struct job *response)
{
	struct dialog *dialog = workbench->dialog;
	if (dialog && dialog->spec->claims_case && !strcmp(dialog->id, response->session_id))
		dialog->is_case_claimed = true;
	else
		case_release_later(workbench, response->session_id);
}

void decide_show_dialog(struct workbench *workbench, struct dialog *dialog)
{
	decide_close_dialog(workbench);
	dialog = draft_restore(workbench, dialog);
	workbench->dialog = dialog;
	dialog->confirm_needs_leader = !workbench->single_keys;
	const struct case_screen *screen = top_case(workbench);
	dialog->revealed = case_is_revealed(screen) && !strcmp(screen->id, dialog->id);
	dialog->progress = &workbench->inbox.bulk_done_count;
	if (!dialog->spec->board)
		case_mark_touched(workbench);
	reader_request(workbench->reader, dialog_make_request(dialog, next_ticket(workbench)));
}

void decide_open_with_choice(struct workbench *workbench, const struct dialog_spec *spec, const char *item,
			     const char *item_name, const char *wanted)
{
	const char *id, *name;
	if (!workbench_current_case_or_report(workbench, &id, &name))
		return;
	struct dialog *dialog = dialog_new(spec, id, name);
	dialog->item = arena_strdup(&dialog->arena, item);
	dialog->item_name = arena_strdup(&dialog->arena, item_name);
	dialog->preselected_code = arena_strdup(&dialog->arena, wanted);
	decide_show_dialog(workbench, dialog);
}

void decide_open_dialog(struct workbench *workbench, const struct dialog_spec *spec, const char *item,
			const char *item_name)
{
	decide_open_with_choice(workbench, spec, item, item_name, "");
}

void decide_open_next_dialog(struct workbench *workbench, const struct dialog *from)
{
	struct dialog *dialog = dialog_new(from->next_dialog, from->id, from->name);
	dialog->item = arena_strdup(&dialog->arena, from->item);
	dialog->item_name = arena_strdup(&dialog->arena, from->item_name);
	dialog->reveals_data = from->reveals_data;
	if (dialog->spec->is_bulk)
		dialog->bulk = bulk_copy(&dialog->arena, from->bulk);
	decide_show_dialog(workbench, dialog);
}

/* Runs the action of the confirm button. Copies the merchant of the case into the request, since the announcement of
 * the result names it. */
static void run_confirm_button(struct workbench *workbench)
{
	struct dialog *dialog = workbench->dialog;
	const struct dialog_context context = make_dialog_context(workbench);
	drafts_save_open_texts(workbench); /* kept until the store confirms the action */
	struct job *job = dialog->copyable_text[0] ? NULL : dialog_confirm(dialog, &context);
	if (dialog->copyable_text[0] && !tty_copy_to_clipboard(workbench->tty, dialog->copyable_text)) {
		REPORT(workbench, "This terminal type has no clipboard; copy the text by hand");
	} else if (dialog->copyable_text[0]) {
		announce_done_action(workbench,
				     dialog->secret.len
					     ? arena_printf(&dialog->arena, "Copied the %s of", dialog->secret_noun)
					     : "Copied the link of",
				     dialog->name, dialog_reference(dialog), "");
		decide_close_dialog(workbench);
	} else if (dialog->has_opened_next) {
		decide_open_next_dialog(workbench, dialog);
	} else if (job) {
		job->ticket = dialog->ticket = next_ticket(workbench);
		if (dialog->response->has_case_view)
			job->merchant = arena_strdup(&job->arena, dialog->response->view.file.session.merchant);
		if (dialog->spec->is_decision && workbench->case_stack.count < 2 && workbench->next_after_decision) {
			job->claims_next_case = true;
			visit_set_query(workbench, job);
		}
		reader_request(workbench->reader, job);
	}
}

bool decide_receive_candidates(struct workbench *workbench, struct job *response)
{
	struct dialog *dialog = workbench->dialog;
	if (!dialog || dialog->state != DIALOG_READY || dialog->ticket != response->ticket)
		return false;
	const struct dialog_context context = make_dialog_context(workbench);
	dialog_take_lookup(dialog, response, &context);
	return false;
}

bool decide_show_link(struct workbench *workbench, const struct job *job)
{
	struct dialog *dialog = dialog_of_request(workbench, job);
	if (!dialog || !dialog->spec->link_prefix || !job->out.link[0])
		return false;
	const struct dialog_context context = make_dialog_context(workbench);
	dialog_show_link(dialog, &job->out, &context);
	return true;
}

static void handle_field_edit(struct workbench *workbench)
{
	const struct dialog_context context = make_dialog_context(workbench);
	dialog_handle_edit(workbench->dialog, &context);
	drafts_schedule_save(workbench);
}

/* Handles the form's result of a key. May close and free the dialog: callers must not use the dialog afterwards. */
static void handle_form_result(struct workbench *workbench, enum form_result result)
{
	struct job *job;
	switch (result) {
	case FORM_CONFIRM:
		run_confirm_button(workbench);
		break;
	case FORM_CANCEL:
		stash_dialog(workbench);
		break;
	case FORM_EDITED:
	case FORM_CHANGED:
		workbench->dialog->problem = "";
		workbench->dialog->is_edited |= result == FORM_EDITED;
		handle_field_edit(workbench);
		if ((job = dialog_make_lookup(workbench->dialog, workbench->dialog->ticket)))
			reader_request(workbench->reader, job);
		break;
	case FORM_OPEN_EDITOR:
		if (!message_edit_externally(workbench))
			break;
		workbench->dialog->is_edited = true;
		handle_field_edit(workbench);
		break;
	case FORM_IGNORED:
		break;
	}
}

/* If the key is OTHER_CASE_KEY and a button has the focus, opens the other case that the dialog shows, and keeps the
 * texts of the dialog as a draft. False: opened no case. */
static bool open_other_case(struct workbench *workbench, const struct dialog *dialog, const struct key *key)
{
	const char *name = "";
	if (key->press != PRESS_CHAR || key->ch != OTHER_CASE_KEY || !dialog->spec->get_other_case ||
	    !form_is_on_buttons(&dialog->form))
		return false;
	const char *id = arena_strdup(&workbench->scratch, dialog->spec->get_other_case(dialog, &name));
	name = arena_strdup(&workbench->scratch, name);
	if (!*id)
		return false;
	stash_dialog(workbench);
	stash_clear(workbench);
	case_open(workbench, id, name, true);
	return true;
}

static void click_field(struct workbench *workbench, const struct zone *zone)
{
	struct dialog *dialog = workbench->dialog;
	if (!zone || dialog->state != DIALOG_READY || !dialog->accepts_keys)
		return;
	if (zone->kind == ZONE_FIELD && zone->index < dialog->form.field_count) {
		dialog->form.focus = zone->index;
	} else if (zone->kind == ZONE_BUTTON) {
		form_click_button(&dialog->form, zone->index == 1);
		handle_form_result(workbench, zone->index == 1 ? FORM_CONFIRM : FORM_CANCEL);
	}
}

void decide_handle_key(struct workbench *workbench, const struct key *key)
{
	struct dialog *dialog = workbench->dialog;
	uint32_t pending = 0;
	size_t digit;
	/* While the store is silent, the status line offers this key. */
	if (dialog->state != DIALOG_READY && workbench->silent_s &&
	    keymap_lookup(key, PLACE_INBOX, &pending, &digit) == COMMAND_QUIT)
		workbench->quit = true;
	if (key->press == PRESS_CLICK) {
		click_field(workbench, surface_zone_at(&workbench->surface, key->row, key->col));
		return;
	}
	switch (dialog->state) {
	case DIALOG_LOADING:
		if (key->press == PRESS_ESCAPE)
			stash_dialog(workbench);
		break;
	case DIALOG_READY:
		if (dialog->accepts_keys && (dialog_scroll(dialog, key) || open_other_case(workbench, dialog, key)))
			break;
		if (dialog->accepts_keys || key->press == PRESS_ESCAPE)
			handle_form_result(workbench, form_handle_key(&dialog->form, key));
		break;
	case DIALOG_EXECUTING:
		break;
	}
}

/* Whether another reviewer holds the case, and the user is a lead and so may take the case over. */
static bool offers_take_over(const struct workbench *workbench, const struct dialog *dialog, const struct job *response)
{
	return !response->status && response->claim_status == ERR_CONFLICT && dialog->spec != &take_over_dialog &&
	       role_at_least(workbench->frame.role, ROLE_LEAD);
}

/* Passes the response to the open dialog. */
static void take_response(struct workbench *workbench, struct job *response)
{
	const struct dialog_context context = make_dialog_context(workbench);
	dialog_take_response(workbench->dialog, response, &context);
}

bool decide_receive(struct workbench *workbench, struct job *response)
{
	struct dialog *dialog = workbench->dialog;
	/* The request may have claimed the case, even if its dialog was closed in the meantime. */
	if (!response->status && response->claims_case)
		workbench->stale_bits |= STALE_LIST | STALE_CASE;
	if (response->reveals_data)
		case_take_reveal(workbench, response);
	if (!dialog || dialog->state != DIALOG_LOADING || dialog->ticket != response->ticket) {
		if (response->is_case_claimed)
			keep_or_release_claim(workbench, response);
		return false;
	}
	if (dialog->spec == &take_over_dialog && !response->status && !response->claim_status) {
		announce_done_action(workbench, "You hold", dialog->name, response->view.file.session.external_ref, "");
		decide_close_dialog(workbench);
		workbench->stale_bits |= STALE_DATA;
		return false;
	}
	if (offers_take_over(workbench, dialog, response)) {
		struct dialog *take_over = dialog_new(&take_over_dialog, dialog->id, dialog->name);
		take_over->next_dialog = dialog->spec;
		take_over->item = arena_strdup(&take_over->arena, dialog->item);
		take_over->item_name = arena_strdup(&take_over->arena, dialog->item_name);
		take_over->confirm_needs_leader = dialog->confirm_needs_leader;
		dialog_free(dialog);
		workbench->dialog = take_over;
	} else {
		dialog->is_case_claimed |= response->is_case_claimed;
	}
	take_response(workbench, response);
	return true;
}

static const char *claim_message_suffix(const struct job *job, struct arena *arena)
{
	(void)job;
	return arena_printf(arena, " for 30 minutes; %s releases it", keymap_key_or_name(arena, COMMAND_CLAIM));
}

static const struct ui_action claim_ui_action = { .verb = VERB_CLAIM,
						  .message_start = "You hold",
						  .make_message_end = claim_message_suffix };
const struct ui_action release_ui_action = { .verb = VERB_RELEASE, .message_start = "Released" };

void toggle_case_claim(struct workbench *workbench)
{
	const char *id, *name;
	if (!workbench_current_case_or_report(workbench, &id, &name))
		return;
	struct case_screen *screen = top_case(workbench);
	const struct case_view *view = screen ? case_model_view(&screen->model) : NULL;
	const struct session_item *item = screen ? NULL : queue_current_item(&workbench->inbox.queue);
	const char *holder = view ? view->holder : item ? item->assignee : "";
	bool mine = !strcmp(holder, workbench->frame.actor);
	if (holder[0] && !mine && role_at_least(workbench->frame.role, ROLE_LEAD)) {
		decide_show_dialog(workbench, dialog_new(&take_over_dialog, id, name));
		return;
	}
	case_request(workbench, job_of_ui_action(mine ? &release_ui_action : &claim_ui_action), id);
}
