/* The dialog to request corrections from the client: the reviewer picks steps, fields, parties and documents of the
 * session. Also the dialog that says which of these documents a client's file answers. */
#include "kybdesk/codec/json.h"
#include "kybdesk/domain/submit.h"
#include "kybdesk/domain/things.h"
#include "workbench.h"

#include <string.h>

enum corrections_field {
	CORRECTIONS_PICKS,
	CORRECTIONS_TEMPLATE,
	CORRECTIONS_MESSAGE,
	CORRECTIONS_OVERRIDE,
	CORRECTIONS_EXTRA_DAYS
};
enum pick_kind { PICK_STEP, PICK_FIELD, PICK_DOCUMENT };
#define EXTRA_DAYS_DEFAULT "30"

struct correction_pick {
	enum pick_kind kind;
	size_t step;
	const char *id;	  /* of a document: its id; its type if the case has none of this type */
	const char *type; /* of a document; "": another thing */
	const char *name; /* for the lines below the list */
};

struct pick_list {
	struct dialog *dialog;
	struct input *field;
	size_t pick_count, pick_capacity;
};

static void add_pick(struct pick_list *list, const struct correction_pick *pick, const char *label)
{
	struct dialog *dialog = list->dialog;
	for (size_t i = 0; i < list->pick_count; i++)
		if (dialog->picks[i].kind == pick->kind && dialog->picks[i].step == pick->step &&
		    !strcmp(dialog->picks[i].id, pick->id))
			return;
	struct correction_pick *own = ARENA_PUSH(&dialog->arena, dialog->picks, list->pick_count, list->pick_capacity);
	/* copies, since the form outlives the response if the case is read again */
	*own = (struct correction_pick){ pick->kind, pick->step, arena_strdup(&dialog->arena, pick->id),
					 arena_strdup(&dialog->arena, pick->type),
					 arena_strdup(&dialog->arena, pick->name) };
	struct input_item *item = form_add_item(list->field, &dialog->arena, own->id, label);
	item->depth = pick->kind == PICK_STEP ? 0 : 1;
	item->role = pick->kind == PICK_STEP ? THEME_TITLE : THEME_TEXT;
}

static void add_pick_item(struct pick_list *list, enum pick_kind kind, size_t step, const char *id, const char *label)
{
	add_pick(list, &(struct correction_pick){ kind, step, id, "", id }, label);
}

static void add_fields(struct pick_list *list, size_t step, const char *fields_json)
{
	struct json_value *fields = NULL;
	if (!json_read(fields_json, strlen(fields_json), &fields, NULL) && json_is_object(fields))
		for (const char *key = json_first_key(fields); key; key = json_next_key(fields, key))
			add_pick_item(list, PICK_FIELD, step, key, arena_printf(&list->dialog->arena, "field %s", key));
	json_free(fields);
}

/* Adds each present document of the type; if the case has none, the type. */
static void add_documents(struct pick_list *list, size_t step, const struct case_view *view, const char *type)
{
	struct arena *arena = &list->dialog->arena;
	const char *title = profile_document_title(view->profile, type);
	size_t count = 0;
	for (size_t i = 0; i < view->file.document_count; i++) {
		const struct document *document = &view->file.documents[i];
		if (document->replaced || !document_has_bytes(document) || strcmp(document->type, type) != 0)
			continue;
		const char *thing =
			view->profile ? document_thing_text(arena, &view->file, view->profile, document, title) : title;
		add_pick(list, &(struct correction_pick){ PICK_DOCUMENT, step, document->id, type, thing },
			 arena_printf(arena, "document %s%s%s", thing, thing == title ? "" : ": ",
				      thing == title ? "" : document_state_text(document)));
		count++;
	}
	if (!count)
		add_pick(list, &(struct correction_pick){ PICK_DOCUMENT, step, type, type, title },
			 arena_printf(arena, "document %s", title));
}

/* Adds each party: its data and its identification. */
static void add_parties(struct pick_list *list, size_t step, const struct case_view *view)
{
	struct arena *arena = &list->dialog->arena;
	for (size_t i = 0; i < view->file.party_count; i++) {
		const struct party *party = &view->file.parties[i];
		const char *path = arena_printf(arena, "parties[%s]", party->id);
		add_pick(list, &(struct correction_pick){ PICK_FIELD, step, path, "", party->name },
			 arena_printf(arena, "party %s", party->name));
	}
}

/* Whether the list shows the documents of the step `step_id` below the step with the index `step`: below the step
 * `step_id` itself or, if the session does not have this step, below the first step. */
static bool step_lists_documents(const struct case_file *file, size_t step, const char *step_id)
{
	if (!strcmp(file->steps[step].id, step_id))
		return true;
	return !ITEM_WITH_TEXT(file->steps, file->step_count, id, step_id) && step == 0;
}

static void add_step(struct pick_list *list, size_t step, const struct case_view *view)
{
	const struct case_file *file = &view->file;
	const struct profile *profile = view->profile;
	struct arena *arena = &list->dialog->arena;
	const struct step_spec *spec = profile ? profile_step(profile, file->steps[step].id) : NULL;
	add_pick_item(list, PICK_STEP, step, file->steps[step].id,
		      spec && spec->title[0] ? spec->title : file->steps[step].id);
	for (size_t i = 0; profile && i < profile->document_count; i++)
		if (step_lists_documents(file, step, profile->documents[i].step_id))
			add_documents(list, step, view, profile->documents[i].type);
	for (size_t i = 0; i < file->document_count; i++) {
		const struct document_spec *known = profile ? profile_document(profile, file->documents[i].type) : NULL;
		if (!known && step_lists_documents(file, step, file->documents[i].step_id))
			add_documents(list, step, view, file->documents[i].type);
	}
	if (profile && step_is_about_parties(profile, file->steps[step].id))
		add_parties(list, step, view);
	for (size_t i = 0; spec && i < spec->field_count; i++)
		add_pick_item(list, PICK_FIELD, step, spec->fields[i].id,
			      arena_printf(arena, "field %s",
					   spec->fields[i].title[0] ? spec->fields[i].title : spec->fields[i].id));
	add_fields(list, step, file->steps[step].fields_json);
}

static bool is_pick(const struct correction_pick *pick, enum pick_kind kind, const char *id)
{
	return pick->kind == kind && (!strcmp(pick->id, id) || (pick->type[0] && !strcmp(pick->type, id)));
}

/* Ticks the item with this kind and id (of a document also its type), and also the step that contains the item; *step becomes the index of this
 * step. False: the list does not have the item. */
static bool tick_pick_item(struct dialog *dialog, enum pick_kind kind, const char *id, size_t *step)
{
	struct input *field = &dialog->form.fields[CORRECTIONS_PICKS];
	for (size_t i = 0; i < field->item_count; i++) {
		if (!is_pick(&dialog->picks[i], kind, id))
			continue;
		*step = dialog->picks[i].step;
		field->items[i].checked = true;
		for (size_t above = i + 1; above-- > 0;)
			if (dialog->picks[above].kind == PICK_STEP && dialog->picks[above].step == *step) {
				field->items[above].checked = true;
				field->cursor = above;
				break;
			}
		return true;
	}
	return false;
}

/* Adds a sentence to the message of the step. */
static void add_step_message(struct dialog *dialog, size_t step, const char *sentence)
{
	const char *message = dialog->step_messages[step];
	dialog->step_messages[step] = arena_printf(&dialog->arena, "%s%s%s", message, message[0] ? " " : "", sentence);
}

/* Picks the missing document type. The list does not have groups of types (the client may send any type of a
 * group): if a group is missing, picks the step of the group, or the only step of the session. */
static bool tick_missing_document(struct dialog *dialog, const struct document_spec *spec, size_t *step)
{
	const struct case_file *file = &dialog->response->view.file;
	return tick_pick_item(dialog, PICK_DOCUMENT, spec->type, step) ||
	       (spec->step_id && tick_pick_item(dialog, PICK_STEP, spec->step_id, step)) ||
	       (file->step_count == 1 && tick_pick_item(dialog, PICK_STEP, file->steps[0].id, step));
}

/* If the dialog is about a missing document, picks this document, and adds a sentence to the message of its step. */
static bool prefill_document(struct dialog *dialog)
{
	const struct case_view *view = &dialog->response->view;
	size_t step = 0;
	for (size_t i = 0; i < view->missing_document_count; i++) {
		const struct document_spec *spec = view->missing_documents[i];
		if (strcmp(spec->type, dialog->item) != 0 || !tick_missing_document(dialog, spec, &step))
			continue;
		add_step_message(dialog, step,
				 arena_printf(&dialog->arena, "%s has not arrived yet. Please upload it.",
					      spec->title[0] ? spec->title : spec->type));
		return true;
	}
	return false;
}

/* If the dialog is about a document, picks it; if the dialog is about a step, picks the step, and sets the
 * message of the step. */
static bool prefill_dialog_item(struct dialog *dialog)
{
	const struct case_view *view = &dialog->response->view;
	const struct document *document = case_document(&view->file, dialog->item);
	const struct step_spec *spec = view->profile ? profile_step(view->profile, dialog->item) : NULL;
	size_t step = 0;
	if (document)
		return tick_pick_item(dialog, PICK_DOCUMENT, document->id, &step);
	if (!tick_pick_item(dialog, PICK_STEP, dialog->item, &step))
		return false;
	dialog->step_messages[step] = arena_printf(&dialog->arena, "Please complete this part: %s.",
						   spec && spec->title[0] ? spec->title : dialog->item);
	return true;
}

/* Picks the rejected documents, with the messages of their reasons for rejection, and the missing document that the
 * dialog is about. If nothing was picked, picks the document or step that the dialog is about. */
static void prefill_form(struct dialog *dialog)
{
	const struct job *response = dialog->response;
	bool any = false;
	size_t step = 0;
	for (size_t i = 0; i < response->correction_count; i++) {
		const struct correction_request *request = &response->corrections[i];
		bool taken = false;
		for (size_t d = 0; d < request->document_id_count; d++)
			taken |= tick_pick_item(dialog, PICK_DOCUMENT, request->document_ids[d], &step);
		for (size_t d = 0; !request->document_id_count && d < request->document_type_count; d++)
			taken |= tick_pick_item(dialog, PICK_DOCUMENT, request->document_types[d], &step);
		for (size_t f = 0; f < request->field_count; f++)
			taken |= tick_pick_item(dialog, PICK_FIELD, request->field_ids[f], &step);
		if (!taken)
			continue;
		if (!strstr(dialog->step_messages[step], request->message))
			add_step_message(dialog, step, request->message);
		any = true;
	}
	any |= prefill_document(dialog);
	any = any || (dialog->item[0] && prefill_dialog_item(dialog));
	if (!any)
		return;
	dialog->message_step = dialog->picks[dialog->form.fields[CORRECTIONS_PICKS].cursor].step;
	struct input *message = &dialog->form.fields[CORRECTIONS_MESSAGE];
	editor_set_text(&message->editor, dialog->step_messages[dialog->message_step]);
	message->editor.cursor = 0;
}

static void offer_pick_items(struct dialog *dialog, struct input *field)
{
	const struct case_view *view = &dialog->response->view;
	struct pick_list list = { .dialog = dialog, .field = field };
	dialog->step_count = view->file.step_count;
	dialog->step_messages = arena_alloc_array(&dialog->arena, dialog->step_count, sizeof *dialog->step_messages);
	for (size_t step = 0; step < view->file.step_count; step++) {
		dialog->step_messages[step] = "";
		add_step(&list, step, view);
	}
}

static void offer_extra_days(struct dialog *dialog, struct input *field)
{
	editor_set_text(&field->editor, EXTRA_DAYS_DEFAULT);
	field->hidden = !dialog->response->preview.link_expired;
}

static bool step_is_requested(const struct dialog *dialog, size_t step)
{
	const struct input *field = &dialog->form.fields[CORRECTIONS_PICKS];
	for (size_t i = 0; i < field->item_count; i++)
		if (field->items[i].checked && dialog->picks[i].step == step)
			return true;
	return false;
}

static const char *requested_items_text(const struct dialog *dialog, struct arena *arena, size_t step)
{
	const struct input *field = &dialog->form.fields[CORRECTIONS_PICKS];
	char *text = arena_strdup(arena, "");
	const char *name = "";
	for (size_t i = 0; i < field->item_count; i++) {
		if (dialog->picks[i].step != step)
			continue;
		if (dialog->picks[i].kind == PICK_STEP)
			name = field->items[i].label;
		else if (field->items[i].checked)
			text = arena_printf(arena, "%s%s%s", text, text[0] ? ", " : "", dialog->picks[i].name);
	}
	return text[0] ? arena_printf(arena, "%s: %s", name, text) : name;
}

/* The titles of the documents that are picked in a step, for the variable {document} of a template. */
static const char *requested_document_titles(struct dialog *dialog, size_t step)
{
	const struct input *field = &dialog->form.fields[CORRECTIONS_PICKS];
	const char *text = "";
	for (size_t i = 0; i < field->item_count; i++) {
		const struct correction_pick *pick = &dialog->picks[i];
		if (pick->step != step || pick->kind != PICK_DOCUMENT || !field->items[i].checked)
			continue;
		text = arena_printf(&dialog->arena, "%s%s%s", text, text[0] ? ", " : "", pick->name);
	}
	return text;
}

/* Call after another text has replaced the message: the field of templates then selects the reviewer's own text. */
static void template_select_own_text(struct dialog *dialog, struct input *field)
{
	dialog->message_state.code = OWN_TEXT_CODE;
	(void)form_choose_item(field, OWN_TEXT_CODE);
}

/* Each step has a message of its own; the message field shows the message of the step under the cursor. */
static void corrections_handle_edit(struct dialog *dialog)
{
	struct form *form = &dialog->form;
	const struct input *picks = &form->fields[CORRECTIONS_PICKS];
	struct input *message = &form->fields[CORRECTIONS_MESSAGE], *templates = &form->fields[CORRECTIONS_TEMPLATE];
	size_t step = dialog->picks[picks->cursor].step;
	if (form->focus == CORRECTIONS_MESSAGE)
		dialog->step_messages[dialog->message_step] = arena_strdup(&dialog->arena, message->editor.text.buf);
	if (step != dialog->message_step) {
		editor_set_text(&message->editor, dialog->step_messages[step]);
		template_select_own_text(dialog, templates);
	}
	dialog->message_step = step;
	const char *documents = requested_document_titles(dialog, step);
	if (template_apply(dialog, templates, message, documents))
		dialog->step_messages[step] = arena_strdup(&dialog->arena, message->editor.text.buf);
	bool any = false;
	const char *words = "";
	for (size_t i = 0; i < dialog->step_count; i++) {
		if (!step_is_requested(dialog, i))
			continue;
		const char *text = dialog->step_messages[i];
		words = arena_printf(&dialog->arena, "%s%s\n", words, text);
		dialog_add_line_below(dialog, "about", THEME_MUTED, requested_items_text(dialog, &dialog->arena, i));
		dialog_add_message(dialog, "client sees", THEME_TEXT, text[0] ? text : "(no message yet)");
		if (i == step)
			template_show_english(dialog, templates, documents);
		any = true;
	}
	dialog_check_outgoing(dialog, CORRECTIONS_OVERRIDE, words);
	if (!any)
		DIALOG_HINT(dialog, "Tab reaches the list; space marks what the client has to correct.");
	else if (!form->fields[CORRECTIONS_EXTRA_DAYS].hidden)
		DIALOG_WARN(dialog, "The client's link has expired: enter its new validity in days.");
}

static bool read_extra_days(const struct dialog *dialog, int64_t *days)
{
	const struct input *field = &dialog->form.fields[CORRECTIONS_EXTRA_DAYS];
	*days = 0;
	if (field->hidden)
		return true;
	return parse_days(field->editor.text.buf, days) && *days >= 1 && *days <= EXTEND_DAYS_MAX;
}

static void fill_request(const struct dialog *dialog, struct arena *arena, size_t step,
			 struct correction_request *request)
{
	const struct input *field = &dialog->form.fields[CORRECTIONS_PICKS];
	size_t fields = 0, types = 0, ids = 0;
	request->message = arena_strdup(arena, dialog->step_messages[step]);
	for (size_t i = 0; i < field->item_count; i++) {
		const struct correction_pick *pick = &dialog->picks[i];
		if (pick->step != step)
			continue;
		const char *id = arena_strdup(arena, pick->id);
		if (pick->kind == PICK_STEP)
			request->step_id = id;
		else if (field->items[i].checked && pick->kind == PICK_FIELD)
			*ARENA_PUSH(arena, request->field_ids, request->field_count, fields) = id;
		else if (field->items[i].checked && strcmp(id, pick->type) != 0)
			*ARENA_PUSH(arena, request->document_ids, request->document_id_count, ids) = id;
		if (field->items[i].checked && pick->kind == PICK_DOCUMENT &&
		    !texts_contain(request->document_types, request->document_type_count, pick->type))
			*ARENA_PUSH(arena, request->document_types, request->document_type_count, types) =
				arena_strdup(arena, pick->type);
	}
}

/* Saves one message for each step, under the id of the step. */
static void corrections_save_draft(const struct dialog *dialog, struct saved_draft *draft)
{
	const struct form *form = &dialog->form;
	if (form->field_count <= CORRECTIONS_MESSAGE)
		return;
	for (size_t i = 0; i < form->fields[CORRECTIONS_PICKS].item_count && draft->count < SAVED_FIELDS_MAX; i++) {
		const struct correction_pick *pick = &dialog->picks[i];
		if (pick->kind == PICK_STEP && dialog->step_messages[pick->step][0])
			draft->fields[draft->count++] =
				(struct saved_field){ pick->id, dialog->step_messages[pick->step] };
	}
}

/* Restores the message of one step, and picks the step. */
static void corrections_restore_text(struct dialog *dialog, const struct saved_field *words)
{
	struct input *message = &dialog->form.fields[CORRECTIONS_MESSAGE];
	size_t step = 0;
	if (!tick_pick_item(dialog, PICK_STEP, words->label, &step))
		return;
	dialog->step_messages[step] = arena_strdup(&dialog->arena, words->text);
	for (size_t i = 0; i < dialog->form.fields[CORRECTIONS_PICKS].item_count; i++)
		if (dialog->picks[i].kind == PICK_STEP && dialog->picks[i].step == step)
			dialog->form.fields[CORRECTIONS_PICKS].cursor = i;
	dialog->message_step = step;
	editor_set_text(&message->editor, words->text);
}

static void corrections_finish(struct workbench *workbench, const struct job *job)
{
	announce_decided_case(workbench, job, "Requested corrections from", UNDO_CORRECTION_REQUEST);
}

static bool corrections_prepare_job(struct dialog *dialog, struct job *job)
{
	struct correction_request *requests = NULL;
	size_t capacity = 0;
	for (size_t step = 0; step < dialog->step_count; step++) {
		if (!step_is_requested(dialog, step))
			continue;
		if (!dialog->step_messages[step][0])
			return dialog_refuse(dialog, arena_printf(&dialog->arena, "Write a message for %s first.",
								  requested_items_text(dialog, &dialog->arena, step)));
		fill_request(dialog, &job->arena, step,
			     ARENA_PUSH(&job->arena, requests, job->in.request_count, capacity));
	}
	job->in.requests = requests;
	if (!requests)
		return dialog_refuse(dialog, "First mark what the client has to correct: Tab, then space.");
	return read_extra_days(dialog, &job->in.days) ||
	       dialog_refuse(dialog, arena_printf(&dialog->arena, "The link can be extended by 1 to %d days.",
						  EXTEND_DAYS_MAX));
}

static const struct dialog_form corrections_form = {
	.confirm_label = "ask the client",
	.fields = { [CORRECTIONS_PICKS] = { PICKS_FIELD("to correct", offer_pick_items) },
		    [CORRECTIONS_TEMPLATE] = { FOLDED_FIELD("template", 0, offer_all_templates) },
		    [CORRECTIONS_MESSAGE] = { TEXT_FIELD("message", 0), .multiline = true },
		    [CORRECTIONS_OVERRIDE] = { OVERRIDE_FIELD },
		    [CORRECTIONS_EXTRA_DAYS] = { TEXT_FIELD("link days", 0), .offer = offer_extra_days } },
	.ui_action = UI_ACTION(.verb = VERB_CORRECTIONS, .finish = corrections_finish),
	.begin = prefill_form,
	.prepare_job = corrections_prepare_job,
};

static const struct dialog_form *corrections_fill_form(struct dialog *dialog)
{
	const struct decision_preview *preview = &dialog->response->preview;
	if (preview->blockers.count) {
		dialog_add_line(dialog, "", THEME_TITLE, "Corrections cannot be requested now:");
		dialog_add_conflicts(dialog);
		return NULL;
	}
	if (!dialog->response->view.file.step_count)
		return dialog_show_notice(dialog,
					  "The session has no steps, so there is nothing the client could correct.");
	dialog_add_effects(dialog);
	return &corrections_form;
}

const struct dialog_spec corrections_dialog = { .action = ACTION_REQUEST_CORRECTIONS,
						.claims_case = true,
						.has_client_message = true,
						.prefills_corrections = true,
						.is_decision = true,
						.wait_title = "Ask for corrections from",
						.fill = corrections_fill_form,
						.handle_edit = corrections_handle_edit,
						.save_draft = corrections_save_draft,
						.restore_saved_text = corrections_restore_text };

/* --- which document a client's file answers --- */

static void offer_answered_documents(struct dialog *dialog, struct input *field)
{
	const struct case_view *view = &dialog->response->view;
	const struct document *answer = case_document(&view->file, dialog->item);
	for (size_t i = 0; answer && view->profile && i < view->file.document_count; i++) {
		const struct document *document = &view->file.documents[i];
		if (document == answer || !correction_for_document(&view->file, document) ||
		    !document_types_are_alternatives(view->profile, answer->type, document->type))
			continue;
		DIALOG_ITEM(dialog, field, document->id, "%s %.8s, %s, %s",
			    document_thing_text(&dialog->arena, &view->file, view->profile, document,
						profile_document_title(view->profile, document->type)),
			    document->id, document->file_name, document_state_text(document));
	}
}

static bool answer_prepare_job(struct dialog *dialog, struct job *job)
{
	job->in.document = arena_strdup(&job->arena, dialog->item);
	return true;
}

static const struct dialog_form answer_form = {
	.confirm_label = "move the answer",
	.fields = { { CHOICE_FIELD("answers", REQUEST_OFFSET(in.part), offer_answered_documents),
		      .missing_message = "First choose the document that the file answers: press Down." } },
	.empty_message = "No correction asks for another document of this kind.",
	.focus_fields = true,
	.ui_action = UI_ACTION(.verb = VERB_CORRECTION_MOVE, .message_start = "Moved the answer in"),
	.prepare_job = answer_prepare_job,
};

static const struct dialog_form *answer_fill_form(struct dialog *dialog)
{
	const struct document *document = case_document(&dialog->response->view.file, dialog->item);
	if (!document || document->replaced)
		return dialog_show_notice(dialog, "A later file replaced this document.");
	DIALOG_LINE(dialog, "file", THEME_TITLE, "%s %.8s, %s",
		    profile_document_title(dialog->response->view.profile, document->type), document->id,
		    document->file_name);
	DIALOG_EFFECT(dialog,
		      "The file replaces this document. What it had replaced gets the former answer, or returns "
		      "to the case.");
	return &answer_form;
}

const struct dialog_spec answer_dialog = { CASE_DIALOG("Move an answer of", answer_fill_form), .skips_draft = true };
