/* The MORE dialog: further actions on a case, as one list instead of a key for each. The list has the verbs that
 * the status of the case and the reviewer's role allow. If an action needs a reason, the dialog asks for it. */
#include "kybdesk/domain/bad_news.h"
#include "kybdesk/domain/facts.h"
#include "kybdesk/domain/subject.h"
#include "dialogs.h"
#include "model/case_model.h"
#include "input/keymap.h"

#include <string.h>

enum more_dialog_field { MORE_VERB, MORE_REASON };
#define STEP_CODE "step:"
#define NEWS_CODE "hit"
#define DRAFT_CODE "draft:"

static const char *command_label(const struct command_spec *entry)
{
	return entry->label ? entry->label : entry->help;
}

/* The command with this name; NULL: the item of the list is a draft or a step, not a command. */
static const struct command_spec *find_more_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct command_spec *spec = command_spec((enum command)i);
		if (spec->group == GROUP_MORE && !strcmp(spec->name, name))
			return spec;
	}
	return NULL;
}

static size_t count_outdated_judgements(const struct judgements *judgements)
{
	size_t count = 0;
	for (size_t i = 0; i < judgements->count; i++)
		count += !judgements->items[i].valid;
	return count;
}

static bool is_transition_allowed(const struct use_case *row, const struct case_view *view, const struct frame *frame)
{
	const struct session *session = &view->file.session;
	const struct transition_context context = { .profile = view->profile,
						    .sandbox = frame->sandbox,
						    .retryable = session->retryable,
						    .status_before = SESSION_ACTIVE };
	enum session_status to;
	return transition_find(session->status, row->action, frame->role, &context, &to) == TRANSITION_ALLOWED;
}

/* Whether the case may be deleted: only a draft, active or expired case that was never submitted or decided. */
static bool may_delete_case(const struct case_file *file)
{
	enum session_status status = file->session.status;
	return file->session.submitted_at == TIME_NONE && !file->decision_count &&
	       (status == SESSION_DRAFT || status == SESSION_ACTIVE || status == SESSION_EXPIRED);
}

static bool applies_to_item(const struct dialog *dialog, const struct command_spec *entry)
{
	const struct case_file *file = &dialog->response->view.file;
	const struct party *party = case_party(file, dialog->item);
	const struct document *document = case_document(file, dialog->item);
	if (entry->target == TARGET_PARTY)
		return party && party->session_id[0];
	return entry->target == TARGET_CASE || (document && document->sha256[0]);
}

/* Whether the list offers the verb. Hides verbs that the desk would refuse; the desk checks the verb again when it
 * runs. */
static bool is_offered(const struct dialog *dialog, const struct command_spec *entry, const struct frame *frame)
{
	const struct case_view *view = &dialog->response->view;
	enum verb verb = entry->verb;
	const struct use_case *row = &use_cases[verb];
	enum session_status status = view->file.session.status;
	if (!use_case_allows(row, CAPACITY_STAFF, frame->role) || !applies_to_item(dialog, entry))
		return false;
	if ((verb == VERB_DOCUMENT_SAVE || verb == VERB_DOCUMENT_ADD) && frame->is_remote_user)
		return false;
	if (row->action != ACTION_NONE && verb != VERB_CONFIRM)
		return is_transition_allowed(row, view, frame);
	switch (verb) {
	case VERB_CONFIRM:
		return !session_status_is_decided(status) && count_outdated_judgements(&view->judgements);
	case VERB_ALERT_CLOSE:
		return view->alert_count > 0;
	case VERB_HIT_RESOLVE:
		return session_status_is_decided(status) && view->alert_count > 0;
	case VERB_REFER:
		return !session_status_is_decided(status) || view->alert_count > 0;
	case VERB_CORRECTION_MOVE:
		return !session_status_is_decided(status) && view->file.correction_count > 0;
	case VERB_DELETE:
		return may_delete_case(&view->file);
	case VERB_SUSPICION_CLOSE:
		return find_open_suspicion(view) != NULL;
	case VERB_DOCUMENT_SAVE:
	case VERB_SUSPICION_OPEN:
		return true;
	default:
		return !session_status_is_decided(status);
	}
}

/* Whether the dialog of an alert offers the command. */
static bool ends_alert(enum command command)
{
	return command == COMMAND_ALERT_CLOSE || command == COMMAND_REOPEN || command == COMMAND_SUSPICION ||
	       command == COMMAND_REFER;
}

static void add_more_entries(struct dialog *dialog, struct input *field)
{
	bool alert = dialog->spec == &alert_dialog;
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct command_spec *spec = command_spec((enum command)i);
		if (spec->group != GROUP_MORE || !is_offered(dialog, spec, dialog->context->frame) ||
		    (alert && !ends_alert((enum command)i)))
			continue;
		const char *label = command_label(spec);
		if (spec->target != TARGET_CASE)
			label = arena_printf(&dialog->arena, "%s %s", label, dialog->item_name);
		form_add_item(field, &dialog->arena, spec->name, label);
	}
}

static void add_step_entries(struct dialog *dialog, struct input *field)
{
	const struct case_view *view = &dialog->response->view;
	const struct profile *profile = view->profile;
	if (!profile || session_status_is_decided(view->file.session.status) ||
	    !use_case_allows(&use_cases[VERB_STEP_EDIT], CAPACITY_STAFF, dialog->context->frame->role))
		return;
	for (size_t i = 0; i < profile->step_count; i++) {
		const struct step_spec *step = &profile->steps[i];
		if (step->field_count)
			DIALOG_ITEM(dialog, field, arena_printf(&dialog->arena, STEP_CODE "%s", step->id),
				    "change the step: %s", step->title[0] ? step->title : step->id);
	}
}

/* The label of a draft in the list, like "continue the draft: Reject a document, PROOF_OF_ADDRESS". Omits the name
 * of the case. */
static const char *draft_label(struct arena *arena, const struct dialog *draft)
{
	const char *wait_title = draft->spec->wait_title;
	size_t length = strlen(wait_title);
	if (length > 3 && !strcmp(wait_title + length - 3, " of"))
		length -= 3;
	return arena_printf(arena, "continue the draft: %.*s%s%s", (int)length, wait_title,
			    draft->item_name[0] ? ", " : "", draft->item_name);
}

static void add_draft_entries(struct dialog *dialog, struct input *field)
{
	for (size_t i = 0; i < dialog->context->draft_count; i++) {
		const struct dialog *draft = dialog->context->drafts[i];
		if (!strcmp(draft->id, dialog->response->view.file.session.id))
			form_add_item(field, &dialog->arena, arena_printf(&dialog->arena, DRAFT_CODE "%zu", i),
				      draft_label(&dialog->arena, draft));
	}
}

/* Fills the list: the drafts first, then the verbs, then the steps; for an alert the hit or result to judge, then the verbs. */
static void add_all_entries(struct dialog *dialog, struct input *field)
{
	const struct news *news = case_alert_news(&dialog->arena, &dialog->response->view.file);
	if (dialog->spec != &alert_dialog)
		add_draft_entries(dialog, field);
	else if (news && news->hit)
		DIALOG_ITEM(dialog, field, NEWS_CODE, "judge the hit %s (%s)", news->hit->name, news->hit->list);
	else if (news && news->result)
		DIALOG_ITEM(dialog, field, NEWS_CODE, "judge the %s check", check_kind_text(news->check->kind));
	add_more_entries(dialog, field);
	if (dialog->spec != &alert_dialog)
		add_step_entries(dialog, field);
}

/* If the action was requested by its name, preselects it, so that the key y runs it. If the action is not possible
 * now, says so. */
static void choose_requested_entry(struct dialog *dialog)
{
	const struct input *list = &dialog->form.fields[MORE_VERB];
	if (dialog->spec == &alert_dialog && list->item_count)
		dialog->preselected_code = list->items[0].code;
	if (!dialog->preselected_code[0])
		return;
	if (form_choose_item(&dialog->form.fields[MORE_VERB], dialog->preselected_code)) {
		form_focus_buttons(&dialog->form);
		return;
	}
	const struct command_spec *entry = find_more_command(dialog->preselected_code);
	DIALOG_LINE(dialog, "", THEME_WARNING,
		    "Not possible now: %s%s%s. Possible actions:", entry ? command_label(entry) : "this action",
		    dialog->item_name[0] ? " " : "", dialog->item_name);
}

static const struct input_item *chosen_more_item(const struct dialog *dialog)
{
	return field_chosen_item(&dialog->form.fields[MORE_VERB]);
}

/* The chosen command; NULL: a draft or a step is chosen, or no item. */
static const struct command_spec *chosen_command(const struct dialog *dialog)
{
	const struct input_item *item = chosen_more_item(dialog);
	return item ? find_more_command(item->code) : NULL;
}

/* Shows the judgements that are no longer valid, each with the change of the facts, or why it cannot be confirmed. */
static void show_changed_judgements(struct dialog *dialog)
{
	const struct judgements *judgements = &dialog->response->view.judgements;
	for (size_t i = 0; i < judgements->count; i++) {
		const struct judgement *judgement = &judgements->items[i];
		const char *why = judgement->confirm_refusal[0] ? judgement->confirm_refusal : judgement->change_text;
		if (!judgement->valid)
			dialog_add_line_below(dialog, "changed",
					      judgement->confirm_refusal[0] ? THEME_DANGER : THEME_WARNING,
					      arena_printf(&dialog->arena, "%s%s%s", judgement->description,
							   why[0] ? ": " : "", why));
	}
}

static void more_handle_edit(struct dialog *dialog)
{
	const struct case_view *view = &dialog->response->view;
	const struct command_spec *entry = chosen_command(dialog);
	bool runs = entry && entry->message_start, reason = runs && use_cases[entry->verb].needs & NEED_REASON;
	dialog->form.fields[MORE_REASON].hidden = !reason;
	if (!chosen_more_item(dialog))
		DIALOG_HINT(dialog, "Choose an action: press Down, or type its first letters; Ctrl-Y runs it.");
	else if (!runs)
		DIALOG_HINT(dialog, "Ctrl-Y opens the dialog; nothing is changed yet.");
	else if (reason)
		DIALOG_HINT(dialog, "The reason is recorded; it needs ten characters or more.");
	if (runs && entry->verb == VERB_CONFIRM)
		show_changed_judgements(dialog);
	for (size_t i = 0; runs && entry->verb == VERB_ALERT_CLOSE && i < view->alert_count; i++)
		dialog_add_line_below(dialog, "alert", THEME_WARNING, alert_sentence(view->alerts[i].kind));
}

static void open_dialog_of(struct dialog *dialog, const struct dialog_spec *kind, const char *item,
			   const char *item_name)
{
	dialog->has_opened_next = true;
	dialog->next_dialog = kind;
	dialog->item = item;
	dialog->item_name = item_name;
}

/* Opens the dialog of the chosen draft or step; false: the draft no longer exists. */
static bool open_chosen_dialog(struct dialog *dialog, const struct input_item *item)
{
	if (!strcmp(item->code, NEWS_CODE)) {
		const struct news *news = case_alert_news(&dialog->arena, &dialog->response->view.file);
		if (news->hit)
			open_dialog_of(dialog, &hit_dialog, news->hit->id, news->hit->name);
		else
			open_dialog_of(dialog, &judge_dialog, news->result->id, dialog->name);
		return true;
	}
	if (text_has_prefix(item->code, STEP_CODE)) {
		open_dialog_of(dialog, &step_dialog, item->code + strlen(STEP_CODE), item->label);
		return true;
	}
	for (size_t i = 0; i < dialog->context->draft_count; i++) {
		const struct dialog *draft = dialog->context->drafts[i];
		if (strcmp(item->code, arena_printf(&dialog->arena, DRAFT_CODE "%zu", i)) != 0)
			continue;
		open_dialog_of(dialog, draft->spec, arena_strdup(&dialog->arena, draft->item),
			       arena_strdup(&dialog->arena, draft->item_name));
		return true;
	}
	return false;
}

static const char *verb_message_text(const struct job *job, struct arena *arena)
{
	(void)arena;
	return job->extra_text;
}

/* The end of the message, for "validate": the number of broken rules; for "confirm": the number of confirmed
 * judgements. */
static const char *verb_message_suffix(const struct job *job, struct arena *arena)
{
	const struct use_out *out = &job->out;
	if (job->in.verb == VERB_VALIDATE)
		return out->failures.count > 1	  ? arena_printf(arena, ": %zu rules are broken", out->failures.count)
		       : out->failures.count == 1 ? ": one rule is broken"
						  : ": no rule is broken";
	if (job->in.verb != VERB_CONFIRM)
		return "";
	return out->unconfirmed_count
		       ? arena_printf(arena, ": %lld confirmed, %zu not: %s", (long long)out->confirmed_count,
				      out->unconfirmed_count, out->unconfirmed_sentences[0])
		       : arena_printf(arena, ": %lld confirmed", (long long)out->confirmed_count);
}

static bool more_prepare_job(struct dialog *dialog, struct job *job)
{
	const struct command_spec *entry = chosen_command(dialog);
	if (!entry)
		return !open_chosen_dialog(dialog, chosen_more_item(dialog)) &&
		       dialog_refuse(dialog, "The draft no longer exists.");
	if (!entry->message_start) {
		bool row = entry->target != TARGET_CASE;
		open_dialog_of(dialog, entry->opened_dialog, row ? dialog->item : "", row ? dialog->item_name : "");
		return false;
	}
	job->in.part = "";
	job->in.verb = entry->verb;
	job->in.all = entry->verb == VERB_CONFIRM;
	job->extra_text = entry->message_start;
	return true;
}

static const struct dialog_form more_form = {
	.confirm_label = "do it",
	.fields = { [MORE_VERB] = { CHOICE_FIELD("do", 0, add_all_entries),
				    .missing_message =
					    "First choose the action: press Down, or type its first letters." },
		    [MORE_REASON] = { REASON_FIELD } },
	.empty_message = "No other action is possible now.",
	.rebuild_fields = true,
	.focus_fields = true,
	.ui_action = UI_ACTION(.verb = VERB_COUNT, .make_message_start = verb_message_text,
			       .make_message_end = verb_message_suffix),
	.begin = choose_requested_entry,
	.prepare_job = more_prepare_job,
};

static const struct dialog_form *more_fill_form(struct dialog *dialog)
{
	dialog_add_line(dialog, "status", THEME_TITLE,
			session_status_title(dialog->response->view.file.session.status));
	return &more_form;
}

static const struct dialog_form *alert_fill_form(struct dialog *dialog)
{
	if (!dialog->response->view.alert_count)
		return dialog_show_notice(dialog, "The alert was closed.");
	dialog_add_line(dialog, "alert", THEME_DANGER,
			case_banner(&dialog->arena, &dialog->response->view, dialog->context->frame));
	return &more_form;
}

const struct dialog_spec alert_dialog = { CASE_DIALOG("Alert on", alert_fill_form), .skips_draft = true,
					  .handle_edit = more_handle_edit };

const struct dialog_spec more_dialog = { CASE_DIALOG("Actions on", more_fill_form), .skips_draft = true,
					 .handle_edit = more_handle_edit };
