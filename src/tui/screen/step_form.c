/* The form to edit the values of a step, one value after the other. The workflow defines the fields with their
 * titles and rules. The form shows the old value before the new value, masked as on all screens. Values that the
 * reviewer does not edit stay unchanged. */
#include "kybdesk/codec/json.h"
#include "kybdesk/codec/value_codec.h"
#include "dialogs.h"

#include <string.h>

enum step_field { STEP_FIELD, STEP_VALUE, STEP_PICK, STEP_CLEAR, STEP_REASON };
#define DEPTH_MAX 4

struct leaf {
	const char *path, *title;
	const struct field_spec *spec;
	const char *original; /* the value before the edit as text, masked; "" none */
	bool is_number;
	const char *new_value; /* the new value; NULL: not edited; "": the value will be removed */
};
struct step_form {
	struct leaf *leaves;
	size_t count, capacity;
	size_t shown_leaf; /* index in `leaves` of the value that the form shows; equal to `count`: none */
};

static const char *leaf_value_text(struct arena *arena, const struct value *value)
{
	if (!value || value_is_empty(value))
		return "";
	if (value->kind == VALUE_BOOL)
		return value->boolean ? "true" : "false";
	if (value->kind == VALUE_LIST || value->kind == VALUE_OBJECT)
		return arena_printf(arena, "%zu values", value->count);
	return arena_strdup(arena, value->text);
}

static void add_leaves(struct dialog *dialog, const struct field_spec *specs, size_t count, const struct value *values,
		       const char *base, unsigned depth)
{
	struct step_form *form = dialog->step_form;
	for (size_t i = 0; i < count; i++) {
		const struct field_spec *spec = &specs[i];
		const struct value *value = value_member(values, spec->id);
		const char *path = arena_printf(&dialog->arena, "%s%s", base, spec->id);
		if (spec->type == FIELD_OBJECT && spec->child_count && depth < DEPTH_MAX) {
			add_leaves(dialog, spec->children, spec->child_count, value,
				   arena_printf(&dialog->arena, "%s.", path), depth + 1);
			continue;
		}
		if (spec->type == FIELD_LIST) /* a list can only be edited by the command: kybdesk step edit */
			continue;
		*ARENA_PUSH(&dialog->arena, form->leaves, form->count, form->capacity) =
			(struct leaf){ .path = path,
				       .title = spec->title[0] ? spec->title : path,
				       .spec = spec,
				       .original = leaf_value_text(&dialog->arena, value),
				       .is_number = value && value->kind == VALUE_NUMBER };
	}
}

static const struct value *stored_step_values(struct dialog *dialog)
{
	const struct case_file *file = &dialog->response->view.file;
	const struct value *values = NULL;
	for (size_t i = 0; i < file->step_count; i++) {
		struct json_value *json = NULL;
		const char *text = file->steps[i].fields_json;
		if (!strcmp(file->steps[i].id, dialog->item) && !json_read(text, strlen(text), &json, NULL))
			values = value_of_json(&dialog->arena, json);
		json_free(json);
	}
	return values;
}

/* The rule without conditions that lists the words allowed for the field; NULL: the field has no such rule. */
static const struct field_rule *allowed_words_rule(const struct field_spec *spec)
{
	for (size_t i = 0; i < spec->rule_count; i++)
		if (spec->rules[i].kind == RULE_ONE_OF && !spec->rules[i].when_count)
			return &spec->rules[i];
	return NULL;
}

static bool is_choice_leaf(const struct leaf *leaf)
{
	return leaf->spec->type == FIELD_BOOLEAN || allowed_words_rule(leaf->spec);
}

static void offer_leaves(struct dialog *dialog, struct input *field)
{
	for (size_t i = 0; i < dialog->step_form->count; i++)
		form_add_item(field, &dialog->arena, dialog->step_form->leaves[i].path,
			      dialog->step_form->leaves[i].title);
}

static void step_begin(struct dialog *dialog)
{
	struct input *which = &dialog->form.fields[STEP_FIELD];
	if (!form_choose_item(which, dialog->preselected_code))
		dialog->form.focus = STEP_FIELD;
	else
		dialog->form.focus = is_choice_leaf(&dialog->step_form->leaves[which->cursor]) ? STEP_PICK : STEP_VALUE;
}

/* Call if the desk refused the edit and the step was read again: takes the typed values over from `before`; the
 * original values may have changed. */
static void merge_leaves(struct dialog *dialog, struct step_form *before)
{
	for (size_t i = 0; i < dialog->step_form->count && before; i++)
		for (size_t b = 0; b < before->count; b++)
			if (!strcmp(dialog->step_form->leaves[i].path, before->leaves[b].path))
				dialog->step_form->leaves[i].new_value = before->leaves[b].new_value;
	dialog->step_form->shown_leaf = before ? before->shown_leaf : dialog->step_form->count;
}

static void offer_allowed_words(struct dialog *dialog, const struct leaf *leaf)
{
	struct input *pick = &dialog->form.fields[STEP_PICK];
	const struct field_rule *rule = allowed_words_rule(leaf->spec);
	static const char *const both[] = { "true", "false" };
	size_t count = rule ? rule->word_count : 2;
	form_drop_items(pick);
	for (size_t i = 0; i < count; i++) {
		const char *word = rule ? rule->words[i] : both[i];
		form_add_item(pick, &dialog->arena, word, word);
	}
	if (leaf->new_value)
		form_choose_item(pick, leaf->new_value);
}

/* Shows the value leaves[at] in the fields of the form. */
static void show_leaf_value(struct dialog *dialog, size_t at)
{
	struct step_form *form = dialog->step_form;
	struct input *fields = dialog->form.fields;
	const struct leaf *leaf = at < form->count ? &form->leaves[at] : NULL;
	form->shown_leaf = at;
	fields[STEP_VALUE].hidden = !leaf || is_choice_leaf(leaf);
	fields[STEP_PICK].hidden = !leaf || !is_choice_leaf(leaf);
	fields[STEP_CLEAR].hidden = !leaf || !leaf->original[0];
	fields[STEP_CLEAR].is_toggle_on = leaf && leaf->new_value && !leaf->new_value[0];
	editor_set_text(&fields[STEP_VALUE].editor, leaf && leaf->new_value ? leaf->new_value : "");
	if (leaf && is_choice_leaf(leaf))
		offer_allowed_words(dialog, leaf);
}

static void store_typed_value(struct dialog *dialog)
{
	struct step_form *form = dialog->step_form;
	const struct input *fields = dialog->form.fields;
	if (form->shown_leaf >= form->count)
		return;
	struct leaf *leaf = &form->leaves[form->shown_leaf];
	const struct input_item *word = field_chosen_item(&fields[STEP_PICK]);
	const char *next = is_choice_leaf(leaf) ? word ? word->code : "" : dialog_get_text(dialog, STEP_VALUE);
	leaf->new_value = fields[STEP_CLEAR].is_toggle_on ? "" : next[0] ? arena_strdup(&dialog->arena, next) : NULL;
}

static void describe_leaf(struct dialog *dialog, const struct leaf *leaf)
{
	dialog_add_line_below(dialog, "now", THEME_TEXT, leaf->original[0] ? leaf->original : "nothing");
	if (leaf->spec->guidance[0])
		DIALOG_HINT(dialog, leaf->spec->guidance);
	for (size_t i = 0; i < leaf->spec->rule_count; i++) {
		const char *allowed = rule_allowed_text(&dialog->arena, &leaf->spec->rules[i]);
		if (leaf->spec->rules[i].kind != RULE_ONE_OF && allowed[0] && !is_choice_leaf(leaf))
			dialog_add_line_below(dialog, i ? "" : "allowed", THEME_MUTED, allowed);
	}
}

static void step_handle_edit(struct dialog *dialog)
{
	struct step_form *form = dialog->step_form;
	const struct input *which = &dialog->form.fields[STEP_FIELD];
	size_t at = which->has_choice ? which->cursor : form->count;
	if (at != form->shown_leaf)
		show_leaf_value(dialog, at);
	else
		store_typed_value(dialog);
	for (size_t i = 0; i < form->count; i++) {
		const struct leaf *leaf = &form->leaves[i];
		if (leaf->new_value)
			DIALOG_LINE_BELOW(dialog, "change", THEME_ACCENT, "%s: %s %s %s", leaf->title,
					  leaf->original[0] ? leaf->original : "nothing",
					  glyph_text(dialog->context->frame->mode, GLYPH_ARROW),
					  leaf->new_value[0] ? leaf->new_value : "nothing");
	}
	if (at < form->count)
		describe_leaf(dialog, &form->leaves[at]);
	else
		DIALOG_HINT(dialog, "Choose a field by its first letters; Tab goes to the value.");
	if (dialog->response->view.file.session.submitted_at != TIME_NONE)
		DIALOG_WARN(dialog, "The case was submitted: explain the change, in ten characters or more.");
}

/* Adds the typed number to the object. False: JSON cannot represent the text as a number. */
static bool set_json_number(struct json_value *object, const struct leaf *leaf)
{
	struct strbuf list = STRBUF_INIT;
	struct json_value *numbers = NULL;
	strbuf_addf(&list, "[%s]", leaf->new_value);
	bool is_one = strspn(leaf->new_value, "0123456789-+.eE") == strlen(leaf->new_value) &&
		      json_read(list.buf, list.len, &numbers, NULL) == ERR_OK && json_count(numbers) == 1;
	if (is_one)
		json_set(object, leaf->path, json_clone(json_at(numbers, 0)));
	json_free(numbers);
	strbuf_release(&list);
	return is_one;
}

static const char *changes_json(const struct dialog *dialog, struct arena *arena)
{
	struct json_value *object = json_new_object();
	size_t changed = 0;
	for (size_t i = 0; i < dialog->step_form->count; i++) {
		const struct leaf *leaf = &dialog->step_form->leaves[i];
		if (!leaf->new_value)
			continue;
		changed++;
		if (!leaf->new_value[0])
			json_set_text_or_null(object, leaf->path, "");
		else if (leaf->spec->type == FIELD_BOOLEAN)
			json_set_bool(object, leaf->path, !strcmp(leaf->new_value, "true"));
		else if (!leaf->is_number || !set_json_number(object, leaf))
			json_set_text(object, leaf->path, leaf->new_value);
	}
	const char *out = json_move_to_arena(arena, object);
	return changed ? out : "";
}

static bool step_prepare_job(struct dialog *dialog, struct job *job)
{
	dialog_handle_edit(dialog, dialog->context);
	job->in.fields_json = changes_json(dialog, &job->arena);
	job->in.text = job->in.part;
	return job->in.fields_json[0] ||
	       dialog_refuse(dialog, "Nothing is changed: choose a field, and enter its value.");
}

static const struct dialog_form step_form = {
	.confirm_label = "save",
	.fields = { [STEP_FIELD] = { FOLDED_FIELD("field", 0, offer_leaves) },
		    [STEP_VALUE] = { TEXT_FIELD("value", 0), .hidden = true },
		    [STEP_PICK] = { FOLDED_FIELD("value", 0, NULL), .hidden = true },
		    [STEP_CLEAR] = { TOGGLE_FIELD("empty it"), .hidden = true },
		    [STEP_REASON] = { REASON_FIELD } },
	.ui_action = UI_ACTION(.verb = VERB_STEP_EDIT, .message_start = "Changed the step", .item_preposition = "of"),
	.begin = step_begin,
	.prepare_job = step_prepare_job,
};

static const struct dialog_form *step_fill_form(struct dialog *dialog)
{
	const struct case_view *view = &dialog->response->view;
	const struct step_spec *spec = view->profile ? profile_step(view->profile, dialog->item) : NULL;
	struct step_form *before = dialog->step_form;
	dialog->step_form = NULL;
	if (!spec)
		return dialog_show_notice(dialog, "The workflow of this case has no such step.");
	dialog->step_form = arena_alloc(&dialog->arena, sizeof *dialog->step_form);
	*dialog->step_form = (struct step_form){ 0 };
	add_leaves(dialog, spec->fields, spec->field_count, stored_step_values(dialog), "", 0);
	merge_leaves(dialog, before);
	dialog_add_line(dialog, "step", THEME_TITLE, spec->title[0] ? spec->title : spec->id);
	dialog_add_line(dialog, "of", THEME_TEXT, dialog->name);
	if (dialog->step_form->count)
		return &step_form;
	dialog->step_form = NULL;
	return dialog_show_notice(dialog,
				  "All values of the step are lists: change them by path, with kybdesk step edit.");
}

const struct dialog_spec step_dialog = { CASE_DIALOG("Change a step of", step_fill_form),
					 .handle_edit = step_handle_edit };
