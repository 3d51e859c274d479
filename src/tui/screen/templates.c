/* Templates of messages to clients: the board where a lead edits templates, and the field where a reviewer picks a
 * template for a message. The picked template replaces the message, with its variables filled in. The first item of
 * the field restores the reviewer's own text. */
#include "workbench.h"

#include "kybdesk/codec/lists_codec.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/domain/profile.h"

#include <string.h>

/* --- the list: a row for each language --- */

enum list_column { L_NAME, L_REASON, L_LANGUAGE, L_TEXT, L_CHANGED, L_CHANGED_BY };
static const struct grid_column list_columns[] = {
	[L_NAME] = { "Template", 10, 24, TEXT_LEFT, false, 0, false },
	[L_REASON] = { "Reason", 8, 24, TEXT_LEFT, false, 2, false },
	[L_LANGUAGE] = { "In", 2, 2, TEXT_LEFT, false, 0, true },
	[L_TEXT] = { "Text", 16, 60, TEXT_LEFT, true, 0, false },
	[L_CHANGED] = { "Changed", 12, 12, TEXT_LEFT, false, 3, true },
	[L_CHANGED_BY] = { "By", 6, 16, TEXT_LEFT, false, 4, false },
};

static enum err templates_read(struct desk *desk, struct job *job)
{
	struct message_templates *found = job->board_data = arena_alloc(&job->arena, sizeof *found);

	return desk_templates(desk, &job->arena, found, &job->error);
}

static const char *join_lines(struct arena *arena, const char *text)
{
	char *line = arena_strdup(arena, text), *to = line;

	for (const char *c = text; *c; c++) {
		bool blank = *c == '\n' || *c == '\t' || *c == ' ';

		if (!blank || (to > line && to[-1] != ' '))
			*to++ = blank ? ' ' : *c;
	}
	*to = '\0';
	return line;
}

static const char *template_row_ref(struct arena *arena, const struct message_template *of, enum language language)
{
	return arena_printf(arena, "%s/%s", of->name, language_text(language));
}

static bool templates_fill_page(struct page *page, struct job *job)
{
	struct grid *grid = &page->grid;
	const struct message_templates *found = job->board_data;

	page_set_title(page, "Templates of messages to clients", "%zu", found->count);
	GRID_LIST(grid, list_columns, "No template yet. A lead adds templates here, or with: kybdesk template set");
	for (size_t i = 0; i < found->count; i++) {
		const struct message_template *of = &found->items[i];

		for (int in = 0; in < LANGUAGE_COUNT; in++) {
			struct grid_row *row;

			if (!*of->texts[in])
				continue;
			row = grid_add_row(grid, ROW_TEMPLATE, template_row_ref(grid->arena, of, (enum language)in));
			row->detail = join_lines(grid->arena, of->texts[in]);
			grid_set_cell(row, L_NAME, THEME_TEXT, of->name);
			grid_set_cell(row, L_REASON, THEME_MUTED, *of->reason ? of->reason : TEMPLATE_ALL);
			grid_set_cell(row, L_LANGUAGE, THEME_TEXT, language_text((enum language)in));
			grid_set_cell(row, L_TEXT, THEME_TEXT, row->detail);
			grid_set_cell(row, L_CHANGED, THEME_MUTED, grid_time(grid, of->changed_at));
			grid_set_cell(row, L_CHANGED_BY, THEME_MUTED, of->changed_by);
		}
	}
	return true;
}

const struct board_spec templates_board = { BOARD("Templates", templates_read, templates_fill_page, TEMPLATES, PLAIN),
					    .bar = BAR(BAR_ENTRY(TEMPLATE_EDIT, "edit"), BAR_ENTRY(TEMPLATE_ADD, "add"),
						       BAR_ENTRY(TEMPLATE_REMOVE, "remove"), BAR_BACK) };

void template_open_new(struct workbench *workbench)
{
	board_open_dialog(workbench, &template_dialog, "", "");
}

/* --- the dialogs about a template; their item is like "reminder/pt", or "" for a new template --- */

struct template_id {
	/* The template that the dialog edits; NULL: a new template, or the template was removed */
	const struct message_template *template;
	enum language language;
};

static struct template_id template_id_of(const struct dialog *dialog)
{
	const struct message_templates *all = dialog->response->board_data;
	const char *slash = strrchr(dialog->item, '/');
	struct template_id out = { .language = LANGUAGE_EN };

	for (size_t i = 0; slash && i < all->count; i++) {
		const char *name = all->items[i].name;
		size_t length = (size_t)(slash - dialog->item);

		if (strlen(name) == length && !strncmp(name, dialog->item, length) &&
		    language_parse(slash + 1, &out.language) && *all->items[i].texts[out.language])
			out.template = &all->items[i];
	}
	return out;
}

void dialog_check_outgoing(struct dialog *dialog, size_t override, const char *text)
{
	const char *phrase = list_rules_find(shipped_phrases(), text);
	bool offers = *phrase && role_at_least(dialog->context->frame->role, ROLE_LEAD);

	dialog->form.fields[override].hidden = !offers;
	if (*phrase)
		DIALOG_LINE_BELOW(dialog, "", THEME_DANGER, "The text names \"%s\", which tells the client too much%s.",
				  phrase, offers ? "; sent only with a reason" : "");
}

enum template_edit_field { EDIT_NAME, EDIT_REASON, EDIT_LANGUAGE, EDIT_TEXT, EDIT_OVERRIDE };

static void offer_all_reasons(struct dialog *dialog, struct input *field)
{
	static const enum reason_set sets[] = { REASONS_SESSION, REASONS_DOCUMENT };
	const struct reasons *reasons = dialog->context->reasons;

	form_add_item(field, &dialog->arena, TEMPLATE_ALL, "all");
	for (size_t s = 0; s < sizeof sets / sizeof sets[0]; s++)
		for (size_t i = 0; i < reasons->counts[sets[s]]; i++) {
			const struct reason *reason = &reasons->items[sets[s]][i];

			/* If a session reason and a document reason have the same code, the code is listed once. */
			if (reason->disclosure == DISCLOSURE_OPEN &&
			    !(s && reason_find(reasons, sets[0], reason->code)))
				form_add_item(field, &dialog->arena, reason->code, reason->label);
		}
	(void)form_choose_item(field, TEMPLATE_ALL);
}

static const struct dialog_item language_items[] = { { "en", "English (en)" },
						     { "de", "German (de)" },
						     { "es", "Spanish (es)" },
						     { "pt", "Portuguese (pt)" },
						     { NULL, NULL } };

static void template_begin_edit(struct dialog *dialog)
{
	struct input *fields = dialog->form.fields;
	const struct template_id template_id = template_id_of(dialog);

	if (!template_id.template)
		return;
	editor_set_text(&fields[EDIT_NAME].editor, template_id.template->name);
	editor_set_text(&fields[EDIT_TEXT].editor, template_id.template->texts[template_id.language]);
	fields[EDIT_TEXT].editor.cursor = 0;
	(void)form_choose_item(&fields[EDIT_REASON],
			       *template_id.template->reason ? template_id.template->reason : TEMPLATE_ALL);
	(void)form_choose_item(&fields[EDIT_LANGUAGE], language_text(template_id.language));
}

static bool template_edit_prepare_job(struct dialog *dialog, struct job *job)
{
	struct error error = { 0 };
	const char *problem = "";

	if (template_name_check(job->in.part, &error) || template_text_check(&dialog->arena, job->in.text, &error))
		problem = arena_strdup(&dialog->arena, error.message);
	error_release(&error);
	return !*problem || dialog_refuse(dialog, problem);
}

static const struct dialog_form edit_form = {
	.confirm_label = "save it",
	.fields = { [EDIT_NAME] = { TEXT_FIELD("name", REQUEST_OFFSET(in.part)),
				    .missing_message = "Enter a name first: letters, digits, - and _." },
		    [EDIT_REASON] = { FOLDED_FIELD("reason", REQUEST_OFFSET(in.reason), offer_all_reasons) },
		    [EDIT_LANGUAGE] = { ITEMS_FIELD("language", REQUEST_OFFSET(in.type), language_items),
					.is_foldable = true, .chooses_first_item = true },
		    [EDIT_TEXT] = { TEXT_FIELD("text", REQUEST_OFFSET(in.text)),
				    .missing_message = "Write the message first.", .multiline = true },
		    [EDIT_OVERRIDE] = { OVERRIDE_FIELD } },
	.ui_action = UI_ACTION(.verb = VERB_TEMPLATE_SET, .message_start = "Saved the template"),
	.begin = template_begin_edit,
	.prepare_job = template_edit_prepare_job,
};

static const struct dialog_form *template_edit_fill_form(struct dialog *dialog)
{
	const struct template_id template_id = template_id_of(dialog);

	if (dialog->item[0] && !template_id.template)
		return dialog_show_notice(dialog, "This template was removed meanwhile.");
	dialog_set_name(dialog, template_id.template ? template_id.template->name : "of messages to clients");
	dialog_add_line(dialog, "variables", THEME_TEXT, "{subject} {reference} {merchant} {document} {due}");
	DIALOG_EFFECT(dialog, "Reviewers can pick the template in dialogs; the audit log records your name.");
	return &edit_form;
}

/* Shows the edited text with the values of an invented case, as a client would read it. */
static void template_handle_edit(struct dialog *dialog)
{
	const char *text = dialog_get_text(dialog, EDIT_TEXT);
	const struct message_values sample = { .subject = "Harbour Lane Trading Ltd",
					       .reference = "RAL-2031",
					       .merchant = "northwind-pay",
					       .document = "Proof of address",
					       .link_end_day = "2026-12-24" };
	struct error error = { 0 };

	dialog_check_outgoing(dialog, EDIT_OVERRIDE, text);
	if (!*text)
		return;
	if (template_text_check(&dialog->arena, text, &error))
		dialog_add_line_below(dialog, "", THEME_DANGER, error.message);
	else
		dialog_add_message(dialog, "for example", THEME_MUTED, message_fill(&dialog->arena, text, &sample));
	error_release(&error);
}

const struct dialog_spec template_dialog = { BOARD_DIALOG(&templates_board, "Template", template_edit_fill_form),
					     .item_kind = ROW_TEMPLATE, .noun = "template",
					     .handle_edit = template_handle_edit };

static bool template_remove_prepare_job(struct dialog *dialog, struct job *job)
{
	const struct template_id template_id = template_id_of(dialog);

	job->in.part = arena_strdup(&job->arena, template_id.template->name);
	job->in.type = language_text(template_id.language);
	return true;
}

static const struct dialog_form remove_form = {
	.confirm_label = "remove it",
	.ui_action = UI_ACTION(.verb = VERB_TEMPLATE_REMOVE, .message_start = "Removed the template"),
	.prepare_job = template_remove_prepare_job,
};

static const struct dialog_form *template_remove_fill_form(struct dialog *dialog)
{
	const struct template_id template_id = template_id_of(dialog);

	if (!template_id.template)
		return dialog_show_notice(dialog, "This template was removed meanwhile.");
	dialog_set_name(dialog, dialog->item);
	dialog_add_line(dialog, "text", THEME_TEXT,
			join_lines(&dialog->arena, template_id.template->texts[template_id.language]));
	dialog_add_line(dialog, "then", THEME_WARNING,
			"Reviewers can no longer pick the template. Sent messages are unchanged.");
	return &remove_form;
}

const struct dialog_spec template_remove_dialog = { BOARD_DIALOG(&templates_board, "Remove the template",
								 template_remove_fill_form),
						    .item_kind = ROW_TEMPLATE, .noun = "template" };

/* --- the field that picks a template for a message --- */

static bool applies_to_case(const struct message_template *of, const struct case_file *file, const char *reason)
{
	if (!*of->reason || !strcmp(of->reason, reason))
		return true;
	for (size_t i = 0; !*reason && i < file->document_count; i++)
		if (!file->documents[i].replaced && !strcmp(file->documents[i].review_reason, of->reason))
			return true;
	return false;
}

void offer_templates(struct dialog *dialog, struct input *field, const char *reason)
{
	const struct message_templates *all = &dialog->response->templates;
	const struct input_item *was = field_chosen_item(field);
	const char *code = was ? was->code : OWN_TEXT_CODE;
	enum language client = language_of_country(dialog->response->view.file.session.subject.country);

	if (field->item_count && !strcmp(dialog->template_reason, reason))
		return;
	dialog->template_reason = arena_strdup(&dialog->arena, reason);
	form_drop_items(field);
	form_add_item(field, &dialog->arena, OWN_TEXT_CODE, "none: your own text");
	for (size_t i = 0; i < all->count; i++) {
		enum language languages[LANGUAGE_COUNT];
		const struct message_template *of = &all->items[i];
		size_t count = applies_to_case(of, &dialog->response->view.file, reason)
				       ? template_languages(of, client, languages)
				       : 0;

		for (size_t in = 0; in < count; in++)
			DIALOG_ITEM(dialog, field, template_row_ref(&dialog->arena, of, languages[in]), "%s (%s)",
				    of->name, language_text(languages[in]));
	}
	field->hidden = field->item_count < 2;
	if (!form_choose_item(field, code))
		(void)form_choose_item(field, OWN_TEXT_CODE);
}

void offer_all_templates(struct dialog *dialog, struct input *field)
{
	offer_templates(dialog, field, "");
}

/* The template that is picked in the field; NULL none. */
static const struct message_template *picked_template(const struct dialog *dialog, const struct input *field,
						      enum language *language)
{
	const struct message_templates *all = &dialog->response->templates;
	const struct input_item *item = field->hidden ? NULL : field_chosen_item(field);

	for (size_t i = 0; item && i < all->count; i++) {
		const char *name = all->items[i].name;
		size_t length = strlen(name);

		if (!strncmp(item->code, name, length) && item->code[length] == '/' &&
		    language_parse(item->code + length + 1, language))
			return &all->items[i];
	}
	return NULL;
}

static const char *fill_message_values(struct dialog *dialog, const char *text, const char *documents)
{
	const struct case_view *view = &dialog->response->view;
	struct message_values values;

	message_values_fill(&dialog->arena, &view->file, view->profile, dialog->response->now, &values);
	if (*documents)
		values.document = documents;
	return message_fill(&dialog->arena, text, &values);
}

bool template_apply(struct dialog *dialog, struct input *field, struct input *message, const char *documents)
{
	struct message_state *letter = &dialog->message_state;
	enum language language = LANGUAGE_EN;
	const struct message_template *of = picked_template(dialog, field, &language);
	const char *code = of ? field_chosen_item(field)->code : OWN_TEXT_CODE;

	/* If the reviewer has edited the text of the template, the edited text counts as the reviewer's own. */
	if (letter->code[0] && strcmp(message->editor.text.buf, letter->text) != 0) {
		letter->code = OWN_TEXT_CODE;
		(void)form_choose_item(field, OWN_TEXT_CODE);
		return false;
	}
	if (!strcmp(code, letter->code))
		return false;
	if (!letter->code[0]) {
		letter->own_text = arena_strdup(&dialog->arena, message->editor.text.buf);
		letter->is_own_text_edited = dialog->keep_message_text;
	}
	letter->code = code;
	letter->text = of ? fill_message_values(dialog, of->texts[language], documents) : letter->own_text;
	dialog->keep_message_text = of || letter->is_own_text_edited;
	editor_set_text(&message->editor, letter->text);
	message->editor.cursor = 0;
	return true;
}

void template_show_english(struct dialog *dialog, const struct input *field, const char *documents)
{
	enum language language = LANGUAGE_EN;
	const struct message_template *of = picked_template(dialog, field, &language);

	if (of && language != LANGUAGE_EN && *of->texts[LANGUAGE_EN])
		dialog_add_message(dialog, "in English", THEME_MUTED,
				   fill_message_values(dialog, of->texts[LANGUAGE_EN], documents));
}
