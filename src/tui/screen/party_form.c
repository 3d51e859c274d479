/* The form to add or edit a related party. While the reviewer types, the form shows the mistakes in each field. */
#include "dialogs.h"

#include <stdlib.h>
#include <string.h>

enum party_field {
	FIELD_NAME,
	FIELD_COMPANY, /* before the percent, which it sets */
	FIELD_PERCENT,
	FIELD_ROLES,
	FIELD_BIRTH_DATE,
	FIELD_COUNTRY,
	FIELD_KIND,
	FIELD_CONTROL,
	FIELD_CANDIDATE,
	FIELD_COUNT
};
/* The names of struct party_problem. */
static const char *const problem_fields[FIELD_COUNT] = { "name",    "owner_of", "percent",	"role", "birth",
							 "country", "kind",	"control_role", "" };
#define NO_FIELD SIZE_MAX

struct party_form {
	bool is_new;
	enum party_kind kind;
	unsigned roles;			   /* roles of the party before the edit */
	const char *original[FIELD_COUNT]; /* values of the fields before the edit, as text */
	bool touched[FIELD_COUNT];
	size_t focus;
	const struct party_share *shares; /* copies */
	size_t share_count;
	/* The values of the last search for verified persons: the same values are not searched again */
	const char *last_search;
	struct party_problems problems;
};

static struct input *field_at(struct dialog *dialog, enum party_field field)
{
	return &dialog->form.fields[field];
}

/* The field's value as text. */
static const char *field_value(const struct dialog *dialog, enum party_field field)
{
	const struct input *input = &dialog->form.fields[field];
	if (input->kind == INPUT_TEXT)
		return input->editor.text.buf;
	const struct input_item *item = field_chosen_item(input);
	return item ? item->code : "";
}

static void offer_party_kinds(struct dialog *dialog, struct input *field)
{
	form_add_item(field, &dialog->arena, party_kind_text(PARTY_INDIVIDUAL), "individual");
	form_add_item(field, &dialog->arena, party_kind_text(PARTY_COMPANY), "company");
	form_choose_item(field, party_kind_text(dialog->party_form->kind));
	field->hidden = !dialog->party_form->is_new;
}

static void offer_party_roles(struct dialog *dialog, struct input *field)
{
	const struct profile *profile = dialog->response->view.profile;
	for (unsigned role = 0; role < PARTY_ROLE_COUNT; role++) {
		bool allowed = !profile->parties.roles || profile->parties.roles & 1u << role;
		if (!allowed && !(dialog->party_form->roles & 1u << role))
			continue;
		struct party one = { .roles = 1u << role, .control_role = "" };
		form_add_item(field, &dialog->arena, party_role_text((enum party_role)role),
			      party_roles_text(&dialog->arena, &one))
			->checked = dialog->party_form->roles & 1u << role;
	}
}

static const struct party *edited_party(const struct dialog *dialog)
{
	return dialog->item[0] ? case_party(&dialog->response->view.file, dialog->item) : NULL;
}

/* Offers the control roles that the workflow lists. If the workflow lists none, the field becomes a text field. */
static void offer_control_roles(struct dialog *dialog, struct input *field)
{
	const struct profile *profile = dialog->response->view.profile;
	const struct party *self = edited_party(dialog);
	if (!profile->parties.control_role_count) {
		field->kind = INPUT_TEXT;
		editor_init(&field->editor, 0);
		editor_set_text(&field->editor, self ? self->control_role : "");
		return;
	}
	form_add_item(field, &dialog->arena, "", "none");
	for (size_t i = 0; i < profile->parties.control_role_count; i++)
		form_add_item(field, &dialog->arena, profile->parties.control_roles[i],
			      profile->parties.control_roles[i]);
	form_choose_item(field, self ? self->control_role : "");
}

static int compare_labels(const void *a, const void *b)
{
	return strcmp(((const struct input_item *)a)->label, ((const struct input_item *)b)->label);
}

static void offer_party_countries(struct dialog *dialog, struct input *field)
{
	const struct countries *countries = dialog->context->countries;
	const struct party *self = edited_party(dialog);
	for (size_t i = 0; countries && i < countries->count; i++)
		DIALOG_ITEM(dialog, field, countries->items[i].alpha3, "%s (%s)", countries->items[i].name,
			    countries->items[i].alpha3);
	if (field->item_count)
		qsort(field->items, field->item_count, sizeof *field->items, compare_labels);
	form_choose_item(field, self ? self->country : "");
}

static void offer_companies(struct dialog *dialog, struct input *field)
{
	const struct case_file *file = &dialog->response->view.file;
	const struct party_form *form = dialog->party_form;
	DIALOG_ITEM(dialog, field, "", "%s, the subject", file->session.subject.name);
	for (size_t i = 0; i < file->party_count; i++) {
		const struct party *party = &file->parties[i];
		if (party->kind == PARTY_COMPANY && party != edited_party(dialog))
			form_add_item(field, &dialog->arena, party->id, party->name);
	}
	form_choose_item(field, form->share_count ? form->shares[0].owned_party_id : "");
}

static void party_begin(struct dialog *dialog)
{
	const struct party *self = edited_party(dialog);
	const struct party_form *form = dialog->party_form;
	dialog->form.confirm_label = self ? "save" : "declare";
	editor_set_text(&field_at(dialog, FIELD_NAME)->editor, self ? self->name : "");
	editor_set_text(&field_at(dialog, FIELD_BIRTH_DATE)->editor, self ? self->date_of_birth : "");
	editor_set_text(&field_at(dialog, FIELD_PERCENT)->editor, form->share_count ? form->shares[0].percent : "");
	for (size_t i = 0; i < FIELD_COUNT; i++)
		dialog->party_form->original[i] =
			arena_strdup(&dialog->arena, field_value(dialog, (enum party_field)i));
	/* For a new party, the focus starts in the name field, where an accidental key does no harm; for an edit,
	 * it starts on the buttons. */
	dialog->form.focus = self ? dialog->form.field_count : FIELD_NAME;
}

static struct party_form *make_party_form(struct arena *arena, const struct party *self)
{
	struct party_form *form = arena_alloc(arena, sizeof *form);
	*form = (struct party_form){ .is_new = !self, .last_search = "", .focus = FIELD_NAME };
	if (!self)
		return form;
	form->kind = self->kind;
	form->roles = self->roles;
	form->share_count = self->share_count;
	struct party_share *shares = arena_alloc_array(arena, self->share_count + 1, sizeof *shares);
	for (size_t i = 0; i < self->share_count; i++)
		shares[i] = (struct party_share){ .owned_party_id = arena_strdup(arena, self->shares[i].owned_party_id),
						  .percent = arena_strdup(arena, self->shares[i].percent) };
	form->shares = shares;
	return form;
}

/* The ticked roles, found by the codes of the items, since the list omits roles that the workflow does not use. */
static unsigned chosen_role_bits(const struct dialog *dialog)
{
	const struct input *field = &dialog->form.fields[FIELD_ROLES];
	unsigned roles = 0;
	enum party_role role;
	for (size_t i = 0; i < field->item_count; i++)
		if (field->items[i].checked && party_role_parse(field->items[i].code, &role))
			roles |= 1u << role;
	return roles;
}

/* The text of the field; NULL if an edit left it unchanged: a masked value must not be sent as a new value. */
static const char *changed_field_text(const struct dialog *dialog, struct arena *arena, enum party_field field)
{
	const char *value = field_value(dialog, field);
	if (!dialog->party_form->is_new && !strcmp(value, dialog->party_form->original[field]))
		return NULL;
	return arena_strdup(arena, value);
}

static void make_party_input(const struct dialog *dialog, struct arena *arena, struct party_input *input)
{
	const struct party_form *form = dialog->party_form;
	unsigned roles = chosen_role_bits(dialog);
	*input = (struct party_input){ .name = changed_field_text(dialog, arena, FIELD_NAME),
				       .kind = form->kind,
				       .roles = form->is_new || roles != form->roles ? roles : 0,
				       .control_role = changed_field_text(dialog, arena, FIELD_CONTROL),
				       .country = changed_field_text(dialog, arena, FIELD_COUNTRY),
				       .percent = changed_field_text(dialog, arena, FIELD_PERCENT),
				       .owned_party = changed_field_text(dialog, arena, FIELD_COMPANY) };
	if (form->kind == PARTY_INDIVIDUAL)
		input->date_of_birth = changed_field_text(dialog, arena, FIELD_BIRTH_DATE);
	/* If the party has several shares, sends both the owned company and the percentage, even if the reviewer
	 * changed only one of them. */
	if (form->share_count > 1 && (input->percent || input->owned_party)) {
		input->owned_party = arena_strdup(arena, field_value(dialog, FIELD_COMPANY));
		input->percent = arena_strdup(arena, field_value(dialog, FIELD_PERCENT));
	}
}

static size_t problem_field_index(const char *name)
{
	for (size_t i = 0; name[0] && i < FIELD_COUNT; i++)
		if (!strcmp(problem_fields[i], name))
			return i;
	return NO_FIELD;
}

static void check_input(struct dialog *dialog)
{
	const struct dialog_context *context = dialog->context;
	struct party_form *form = dialog->party_form;
	struct party_input input;
	char today[16];
	date_format(context->frame->now, today);
	make_party_input(dialog, &dialog->arena, &input);
	form->problems.count = 0;
	party_input_check(&dialog->arena, &dialog->response->view.file, dialog->response->view.profile,
			  context->countries, today, edited_party(dialog), &input, &form->problems);
	if (!form->is_new && !chosen_role_bits(dialog))
		*ARENA_PUSH(&dialog->arena, form->problems.items, form->problems.count, form->problems.capacity) =
			(struct party_problem){ .field = "role",
						.message = "The party has no role left; tick at least one role" };
}

static void show_party_problems(struct dialog *dialog)
{
	struct party_form *form = dialog->party_form;
	for (size_t i = 0; i < dialog->form.field_count; i++)
		dialog->form.fields[i].has_problem = false;
	for (size_t i = 0; i < form->problems.count; i++) {
		const struct party_problem *problem = &form->problems.items[i];
		size_t field = problem_field_index(problem->field);
		if (field != NO_FIELD && !form->touched[field])
			continue;
		if (field != NO_FIELD)
			dialog->form.fields[field].has_problem = true;
		dialog_add_line_below(dialog, field == NO_FIELD ? "" : dialog->form.fields[field].label,
				      problem->is_warning ? THEME_WARNING : THEME_DANGER, problem->message);
	}
}

/* Shows the share that the party has of the selected company. */
static void show_company_share(struct dialog *dialog)
{
	struct party_form *form = dialog->party_form;
	const char *of = field_value(dialog, FIELD_COMPANY);
	if (form->share_count < 2)
		return;
	const char *percent = "";
	for (size_t i = 0; i < form->share_count; i++)
		if (!strcmp(form->shares[i].owned_party_id, of))
			percent = form->shares[i].percent;
	editor_set_text(&field_at(dialog, FIELD_PERCENT)->editor, percent);
}

static void party_handle_edit(struct dialog *dialog)
{
	struct party_form *form = dialog->party_form;
	enum party_kind kind;
	if (form->focus != dialog->form.focus && form->focus < FIELD_COUNT)
		form->touched[form->focus] = true;
	form->focus = dialog->form.focus;
	if (form->focus < FIELD_COUNT &&
	    strcmp(field_value(dialog, (enum party_field)form->focus), form->original[form->focus]) != 0)
		form->touched[form->focus] = true;
	if (form->focus == FIELD_COMPANY)
		show_company_share(dialog);
	if (form->is_new && party_kind_parse(field_value(dialog, FIELD_KIND), &kind))
		form->kind = kind;
	field_at(dialog, FIELD_BIRTH_DATE)->hidden = form->kind == PARTY_COMPANY;
	check_input(dialog);
	show_party_problems(dialog);
	if (!field_at(dialog, FIELD_CANDIDATE)->hidden && !field_value(dialog, FIELD_CANDIDATE)[0])
		DIALOG_WARN(dialog, "A similar person was verified before: choose that KYC in \"before\" to copy it.");
	else if (form->focus < FIELD_COUNT && dialog->form.fields[form->focus].kind == INPUT_CHOICE)
		DIALOG_HINT(dialog, "Type the first letters of an item; Enter selects it.");
	else if (form->focus == FIELD_ROLES)
		DIALOG_HINT(dialog, "Space ticks a role, letters find a role; Tab continues.");
	else if (form->focus >= FIELD_COUNT)
		DIALOG_HINT(dialog, "y saves the party. Tab reaches the fields.");
}

static const struct ui_action copy_ui_action = { .verb = VERB_PARTY_COPY,
						 .message_start = "Declared",
						 .item_preposition = ", with a copy of the earlier KYC, in" };
static const struct ui_action edit_ui_action = { .verb = VERB_PARTY_EDIT,
						 .message_start = "Saved",
						 .item_preposition = "in" };

static bool party_prepare_job(struct dialog *dialog, struct job *job)
{
	struct party_form *form = dialog->party_form;
	for (size_t i = 0; i < FIELD_COUNT; i++)
		form->touched[i] = true;
	dialog_handle_edit(dialog, dialog->context);
	for (size_t i = 0; i < form->problems.count; i++) {
		const struct party_problem *problem = &form->problems.items[i];
		size_t field = problem_field_index(problem->field);
		if (problem->is_warning)
			continue;
		if (field != NO_FIELD && !dialog->form.fields[field].hidden)
			dialog->form.focus = form->focus = field;
		return dialog_refuse(dialog, "The party cannot be saved yet; fix the marked fields.");
	}
	const char *before = field_value(dialog, FIELD_CANDIDATE);
	if (!form->is_new)
		job_set_ui_action(job, &edit_ui_action);
	else if (before[0])
		job_set_ui_action(job, &copy_ui_action);
	make_party_input(dialog, &job->arena, &job->party);
	if (before[0])
		job->in.related_ref = arena_strdup(&job->arena, before);
	job->in.text = arena_strdup(&job->arena, field_value(dialog, FIELD_NAME));
	return true;
}

static const struct dialog_form party_form = {
	.confirm_label = "declare",
	.fields = { [FIELD_NAME] = { TEXT_FIELD("name", 0) },
		    [FIELD_COMPANY] = { FOLDED_FIELD("share of", 0, offer_companies) },
		    [FIELD_PERCENT] = { TEXT_FIELD("percent", 0) },
		    [FIELD_ROLES] = { PICKS_FIELD("roles", offer_party_roles), .is_foldable = true },
		    [FIELD_BIRTH_DATE] = { TEXT_FIELD("birth", 0) },
		    [FIELD_COUNTRY] = { FOLDED_FIELD("country", 0, offer_party_countries) },
		    [FIELD_KIND] = { FOLDED_FIELD("kind", 0, offer_party_kinds) },
		    [FIELD_CONTROL] = { FOLDED_FIELD("control", 0, offer_control_roles) },
		    [FIELD_CANDIDATE] = { FOLDED_FIELD("before", 0, NULL), .hidden = true } },
	.ui_action = UI_ACTION(.verb = VERB_PARTY_ADD, .message_start = "Declared", .item_preposition = "in"),
	.begin = party_begin,
	.prepare_job = party_prepare_job,
};

static const struct dialog_form *party_fill_form(struct dialog *dialog)
{
	const struct case_view *view = &dialog->response->view;
	const struct party *self = edited_party(dialog);
	if (!view->profile || (dialog->item[0] && !self)) {
		dialog_add_line(dialog, "", THEME_DANGER,
				view->profile ? "The party no longer exists; it was removed meanwhile."
					      : "Unknown workflow: no party can be declared in this case.");
		return NULL;
	}
	dialog->title = self ? arena_printf(&dialog->arena, "Change %s", self->name)
			     : arena_printf(&dialog->arena, "New party of %s", dialog->name);
	if (!dialog->form.field_count)
		dialog->party_form = make_party_form(&dialog->arena, self);
	return &party_form;
}

/* Makes the request that searches previously verified persons. NULL if the party is not a new person, if name, date
 * of birth or country is missing, or if these values were searched last. */
static struct job *party_make_search(struct dialog *dialog)
{
	struct party_form *form = dialog->party_form;
	const char *name = field_value(dialog, FIELD_NAME), *birth = field_value(dialog, FIELD_BIRTH_DATE);
	const char *country = field_value(dialog, FIELD_COUNTRY);
	if (!form->is_new || form->kind != PARTY_INDIVIDUAL || !name[0] || !country[0] || !date_is_valid(birth))
		return NULL;
	const char *key = arena_printf(&dialog->arena, "%s|%s|%s", country, birth, name);
	if (!strcmp(key, form->last_search))
		return NULL;
	form->last_search = key;
	struct job *job = job_new(JOB_CANDIDATES);
	job->party.name = arena_strdup(&job->arena, name);
	job->party.date_of_birth = arena_strdup(&job->arena, birth);
	job->party.country = arena_strdup(&job->arena, country);
	return job;
}

/* Offers the persons found. The first item, a new person, stays selected: the form never selects a found person. */
static void party_show_results(struct dialog *dialog, const struct job *response)
{
	struct input *field = field_at(dialog, FIELD_CANDIDATE);
	form_drop_items(field);
	field->hidden = response->status || !response->candidates.count;
	if (field->hidden)
		return;
	form_add_item(field, &dialog->arena, "", "no, a new KYC for this person");
	for (size_t i = 0; i < response->candidates.count; i++) {
		const struct party_candidate *candidate = &response->candidates.items[i];
		const char *made_for = candidate->parent_name[0] ? candidate->parent_name : candidate->workflow;
		const char *when = date_time_text(&dialog->arena, candidate->approved_at, dialog->context->frame);
		DIALOG_ITEM(dialog, field, candidate->id, "copy %s (%s)%s%s%s%s%s", candidate->name, made_for,
			    candidate->has_required_workflow ? "" : ", from another workflow than required",
			    when[0] ? ", approved " : "", when, candidate->approved_by[0] ? " by " : "",
			    candidate->approved_by);
	}
	field->has_choice = true;
}

const struct dialog_spec party_dialog = { CASE_DIALOG("Party of", party_fill_form), .handle_edit = party_handle_edit,
					  .make_search = party_make_search, .show_results = party_show_results };
