/* The form of a related party, new or edited: shows each mistake beside its field during typing. */
#include "dialogs.h"

#include <stdlib.h>
#include <string.h>

enum party_field {
	FIELD_NAME,
	FIELD_KIND,
	FIELD_ROLES,
	FIELD_CONTROL,
	FIELD_COUNTRY,
	FIELD_BIRTH,
	FIELD_OF,
	FIELD_PERCENT,
	FIELD_BEFORE,
	FIELD_COUNT
};
static const char *const problem_fields[FIELD_COUNT] = {
	[FIELD_NAME] = "name",	     [FIELD_KIND] = "kind",
	[FIELD_ROLES] = "role",	     [FIELD_CONTROL] = "control_role",
	[FIELD_COUNTRY] = "country", [FIELD_BIRTH] = "birth",
	[FIELD_OF] = "owner_of",     [FIELD_PERCENT] = "percent",
	[FIELD_BEFORE] = "",
};
#define NO_FIELD SIZE_MAX

struct party_form {
	bool fresh;
	enum party_kind kind;
	unsigned roles;		      /* the original roles of an edit */
	const char *was[FIELD_COUNT]; /* likewise, as text of the fields */
	bool touched[FIELD_COUNT];
	size_t focus;
	const struct party_share *shares; /* copies */
	size_t share_count;
	const char *looked_for; /* key of the last search for a person */
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
	const struct input_item *item = field_chosen(input);
	return item ? item->code : "";
}

static void choose(struct input *field, const char *code)
{
	for (size_t i = 0; i < field->item_count; i++) {
		if (strcmp(field->items[i].code, code))
			continue;
		field->cursor = i;
		field->chosen = true;
		return;
	}
}

static struct input *add_choice(struct dialog *dialog, const char *label)
{
	struct input *field = form_add(&dialog->form, INPUT_CHOICE, label);
	field->folds = true;
	return field;
}

static void add_item(struct dialog *dialog, struct input *field, size_t *capacity, const char *code,
		     const char *label)
{
	form_add_item(field, &dialog->arena, capacity,
		      (struct input_item){ .code = arena_strdup(&dialog->arena, code),
					   .label = arena_strdup(&dialog->arena, label) });
}

static void add_kind(struct dialog *dialog)
{
	size_t capacity = 0;
	struct input *field = add_choice(dialog, "kind");
	add_item(dialog, field, &capacity, party_kind_text(PARTY_INDIVIDUAL), "individual");
	add_item(dialog, field, &capacity, party_kind_text(PARTY_COMPANY), "company");
	choose(field, party_kind_text(dialog->party->kind));
	field->hidden = !dialog->party->fresh;
}

static void add_roles(struct dialog *dialog, const struct profile *profile)
{
	size_t capacity = 0;
	struct input *field = form_add(&dialog->form, INPUT_PICKS, "roles");
	field->folds = true;
	for (unsigned role = 0; role < PARTY_ROLE_COUNT; role++) {
		bool allowed = !profile->parties.roles || profile->parties.roles & 1u << role;
		if (!allowed && !(dialog->party->roles & 1u << role))
			continue;
		const char *code = party_role_text((enum party_role)role);
		struct party one = { .roles = 1u << role, .control_role = "" };
		add_item(dialog, field, &capacity, code, party_roles_text(&dialog->arena, &one));
		field->items[field->item_count - 1].checked = dialog->party->roles & 1u << role;
	}
}

static void add_control(struct dialog *dialog, const struct profile *profile, const char *present)
{
	size_t capacity = 0;
	if (!profile->parties.control_role_count) {
		editor_set(&form_add(&dialog->form, INPUT_TEXT, "control")->editor, present);
		return;
	}
	struct input *field = add_choice(dialog, "control");
	add_item(dialog, field, &capacity, "", "none");
	for (size_t i = 0; i < profile->parties.control_role_count; i++)
		add_item(dialog, field, &capacity, profile->parties.control_roles[i],
			 profile->parties.control_roles[i]);
	choose(field, present);
}

static int by_label(const void *a, const void *b)
{
	return strcmp(((const struct input_item *)a)->label, ((const struct input_item *)b)->label);
}

static void add_country(struct dialog *dialog, const struct countries *countries, const char *present)
{
	size_t capacity = 0;
	struct input *field = add_choice(dialog, "country");
	for (size_t i = 0; countries && i < countries->count; i++)
		add_item(dialog, field, &capacity, countries->items[i].alpha3,
			 arena_printf(&dialog->arena, "%s (%s)", countries->items[i].name,
				      countries->items[i].alpha3));
	if (field->item_count)
		qsort(field->items, field->item_count, sizeof *field->items, by_label);
	choose(field, present);
}

static void add_owned(struct dialog *dialog, const struct case_file *file, const struct party *self,
		      const char *present)
{
	size_t capacity = 0;
	struct input *field = add_choice(dialog, "owns of");
	add_item(dialog, field, &capacity, "",
		 arena_printf(&dialog->arena, "%s, the subject", file->session.subject.name));
	for (size_t i = 0; i < file->party_count; i++) {
		const struct party *party = &file->parties[i];
		if (party->kind == PARTY_COMPANY && party != self)
			add_item(dialog, field, &capacity, party->id, party->name);
	}
	choose(field, present);
}

static void remember(struct dialog *dialog)
{
	for (size_t i = 0; i < FIELD_COUNT; i++)
		dialog->party->was[i] = arena_strdup(&dialog->arena, field_value(dialog, (enum party_field)i));
}

static const struct party *self_of(const struct dialog *dialog)
{
	return dialog->item[0] ? case_party(&dialog->answer->view.file, dialog->item) : NULL;
}

static void make_fields(struct dialog *dialog, const struct dialog_context *context, const struct party *self)
{
	const struct case_view *view = &dialog->answer->view;
	struct party_form *form = dialog->party = arena_alloc(&dialog->arena, sizeof *form);
	*form = (struct party_form){ .fresh = !self, .looked_for = "", .focus = FIELD_NAME };
	if (self) {
		form->kind = self->kind;
		form->roles = self->roles;
		form->share_count = self->share_count;
		struct party_share *shares =
			arena_alloc_array(&dialog->arena, self->share_count + 1, sizeof *shares);
		for (size_t i = 0; i < self->share_count; i++)
			shares[i] = (struct party_share){
				.of_party_id = arena_strdup(&dialog->arena, self->shares[i].of_party_id),
				.percent = arena_strdup(&dialog->arena, self->shares[i].percent)
			};
		form->shares = shares;
	}
	form_init(&dialog->form, self ? "save" : "declare", "cancel");
	editor_set(&form_add(&dialog->form, INPUT_TEXT, "name")->editor, self ? self->name : "");
	add_kind(dialog);
	add_roles(dialog, view->profile);
	add_control(dialog, view->profile, self ? self->control_role : "");
	add_country(dialog, context->countries, self ? self->country : "");
	editor_set(&form_add(&dialog->form, INPUT_TEXT, "birth")->editor, self ? self->date_of_birth : "");
	add_owned(dialog, &view->file, self, form->share_count ? form->shares[0].of_party_id : "");
	editor_set(&form_add(&dialog->form, INPUT_TEXT, "percent")->editor,
		   form->share_count ? form->shares[0].percent : "");
	add_choice(dialog, "before")->hidden = true;
	remember(dialog);
	/* A new party carries no risk from a stray key: the focus starts in a field. */
	dialog->form.focus = self ? dialog->form.field_count : FIELD_NAME;
}

static void party_fill(struct dialog *dialog, const struct dialog_context *context)
{
	const struct case_view *view = &dialog->answer->view;
	const struct party *self = self_of(dialog);
	if (!view->profile || (dialog->item[0] && !self)) {
		form_release(&dialog->form);
		form_init(&dialog->form, NULL, "close");
		dialog->party = NULL;
		dialog_line(dialog, "", THEME_DANGER,
			    view->profile ? "The party is not there any more; it was removed meanwhile."
					  : "The workflow of this case is not known, so nobody can be declared.");
		return;
	}
	dialog->title = self ? arena_printf(&dialog->arena, "Change %s", self->name)
			     : arena_printf(&dialog->arena, "New party of %s", dialog->name);
	if (!dialog->form.field_count)
		make_fields(dialog, context, self);
}

/* The checked roles, by name: the list omits roles that the workflow does not use. */
static unsigned chosen_roles(const struct dialog *dialog)
{
	const struct input *field = &dialog->form.fields[FIELD_ROLES];
	unsigned roles = 0;
	enum party_role role;
	for (size_t i = 0; i < field->item_count; i++)
		if (field->items[i].checked && party_role_parse(field->items[i].code, &role))
			roles |= 1u << role;
	return roles;
}

/* NULL for a field that the edit left unchanged: masked values never return as new ones. */
static const char *field_text(const struct dialog *dialog, struct arena *arena, enum party_field field)
{
	const char *value = field_value(dialog, field);
	if (!dialog->party->fresh && !strcmp(value, dialog->party->was[field]))
		return NULL;
	return arena_strdup(arena, value);
}

static void make_input(const struct dialog *dialog, struct arena *arena, struct party_input *input)
{
	const struct party_form *form = dialog->party;
	unsigned roles = chosen_roles(dialog);
	*input = (struct party_input){ .name = field_text(dialog, arena, FIELD_NAME),
				       .kind = form->kind,
				       .roles = form->fresh || roles != form->roles ? roles : 0,
				       .control_role = field_text(dialog, arena, FIELD_CONTROL),
				       .country = field_text(dialog, arena, FIELD_COUNTRY),
				       .percent = field_text(dialog, arena, FIELD_PERCENT),
				       .owner_of = field_text(dialog, arena, FIELD_OF) };
	if (form->kind == PARTY_INDIVIDUAL)
		input->date_of_birth = field_text(dialog, arena, FIELD_BIRTH);
	/* With several shares, names the changed one and its percentage. */
	if (form->share_count > 1 && (input->percent || input->owner_of)) {
		input->owner_of = arena_strdup(arena, field_value(dialog, FIELD_OF));
		input->percent = arena_strdup(arena, field_value(dialog, FIELD_PERCENT));
	}
}

static size_t field_of(const char *name)
{
	for (size_t i = 0; name[0] && i < FIELD_COUNT; i++)
		if (!strcmp(problem_fields[i], name))
			return i;
	return NO_FIELD;
}

static void check(struct dialog *dialog, const struct dialog_context *context)
{
	struct party_form *form = dialog->party;
	struct party_input input;
	char today[16];
	date_format(context->frame->now, today);
	make_input(dialog, &dialog->arena, &input);
	form->problems.count = 0;
	party_input_check(&dialog->arena, &dialog->answer->view.file, dialog->answer->view.profile,
			  context->countries, today, self_of(dialog), &input, &form->problems);
	if (!form->fresh && !chosen_roles(dialog))
		*ARENA_PUSH(&dialog->arena, form->problems.items, form->problems.count, form->problems.capacity) =
			(struct party_problem){ .field = "role",
						.message = "The party has no role left; check at least one" };
}

static void show_problems(struct dialog *dialog)
{
	struct party_form *form = dialog->party;
	for (size_t i = 0; i < dialog->form.field_count; i++)
		dialog->form.fields[i].problem = false;
	for (size_t i = 0; i < form->problems.count; i++) {
		const struct party_problem *problem = &form->problems.items[i];
		size_t field = field_of(problem->field);
		if (field != NO_FIELD && !form->touched[field])
			continue;
		if (field != NO_FIELD)
			dialog->form.fields[field].problem = true;
		dialog_line_after(dialog, field == NO_FIELD ? "" : dialog->form.fields[field].label,
				  problem->warning ? THEME_WARNING : THEME_DANGER, problem->message);
	}
}

/* Its share of the selected company. */
static void follow_share(struct dialog *dialog)
{
	struct party_form *form = dialog->party;
	const char *of = field_value(dialog, FIELD_OF);
	if (form->share_count < 2)
		return;
	const char *percent = "";
	for (size_t i = 0; i < form->share_count; i++)
		if (!strcmp(form->shares[i].of_party_id, of))
			percent = form->shares[i].percent;
	editor_set(&field_at(dialog, FIELD_PERCENT)->editor, percent);
}

static void party_edited(struct dialog *dialog, const struct dialog_context *context)
{
	struct party_form *form = dialog->party;
	enum party_kind kind;
	dialog->after_count = 0;
	if (!form || dialog->form.field_count < FIELD_COUNT)
		return;
	if (form->focus != dialog->form.focus && form->focus < FIELD_COUNT)
		form->touched[form->focus] = true;
	form->focus = dialog->form.focus;
	if (form->focus < FIELD_COUNT &&
	    strcmp(field_value(dialog, (enum party_field)form->focus), form->was[form->focus]) != 0)
		form->touched[form->focus] = true;
	if (form->focus == FIELD_OF)
		follow_share(dialog);
	if (form->fresh && party_kind_parse(field_value(dialog, FIELD_KIND), &kind))
		form->kind = kind;
	field_at(dialog, FIELD_BIRTH)->hidden = form->kind == PARTY_COMPANY;
	check(dialog, context);
	show_problems(dialog);
	if (!field_at(dialog, FIELD_BEFORE)->hidden && !field_value(dialog, FIELD_BEFORE)[0])
		dialog_line_after(dialog, "", THEME_WARNING,
				  "Somebody like this was verified before: \"before\" offers to copy the person.");
	else if (form->focus < FIELD_COUNT && dialog->form.fields[form->focus].kind == INPUT_CHOICE)
		dialog_line_after(dialog, "", THEME_MUTED, "Type its first letters; Enter takes it.");
	else if (form->focus == FIELD_ROLES)
		dialog_line_after(dialog, "", THEME_MUTED, "Space checks a role, letters find one; Tab goes on.");
	else if (form->focus >= FIELD_COUNT)
		dialog_line_after(dialog, "", THEME_MUTED, "y saves it. Tab reaches the fields.");
}

static const struct ui_action add_ui_action = { .verb = VERB_PARTY_ADD, .did = "Declared", .to = "in" };
static const struct ui_action copy_ui_action = { .verb = VERB_PARTY_COPY,
						 .did = "Declared",
						 .to = ", with the KYC made before, in" };
static const struct ui_action edit_ui_action = { .verb = VERB_PARTY_EDIT, .did = "Saved", .to = "in" };

static struct job *party_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	struct party_form *form = dialog->party;
	if (!form)
		return NULL;
	for (size_t i = 0; i < FIELD_COUNT; i++)
		form->touched[i] = true;
	party_edited(dialog, context);
	for (size_t i = 0; i < form->problems.count; i++) {
		const struct party_problem *problem = &form->problems.items[i];
		size_t field = field_of(problem->field);
		if (problem->warning)
			continue;
		if (field != NO_FIELD && !dialog->form.fields[field].hidden)
			dialog->form.focus = form->focus = field;
		dialog->problem = "It cannot be saved like this; what is marked has to be put right.";
		return NULL;
	}
	const char *before = field_value(dialog, FIELD_BEFORE);
	struct job *job = dialog_act(dialog, !form->fresh ? &edit_ui_action
					     : before[0]  ? &copy_ui_action
							  : &add_ui_action);
	make_input(dialog, &job->arena, &job->party);
	if (before[0])
		job->in.from = arena_strdup(&job->arena, before);
	job->in.text = arena_strdup(&job->arena, field_value(dialog, FIELD_NAME));
	return job;
}

/* Searches earlier persons; needs name, date of birth and country. */
static struct job *party_look(struct dialog *dialog)
{
	struct party_form *form = dialog->party;
	if (!form)
		return NULL;
	const char *name = field_value(dialog, FIELD_NAME), *birth = field_value(dialog, FIELD_BIRTH);
	const char *country = field_value(dialog, FIELD_COUNTRY);
	if (!form->fresh || form->kind != PARTY_INDIVIDUAL || !name[0] || !country[0] || !date_is_valid(birth))
		return NULL;
	const char *key = arena_printf(&dialog->arena, "%s|%s|%s", country, birth, name);
	if (!strcmp(key, form->looked_for))
		return NULL;
	form->looked_for = key;
	struct job *job = job_new(JOB_CANDIDATES);
	job->party.name = arena_strdup(&job->arena, name);
	job->party.date_of_birth = arena_strdup(&job->arena, birth);
	job->party.country = arena_strdup(&job->arena, country);
	return job;
}

/* Offers matches, never selects one: the first line, a new person, is the default. */
static void party_found(struct dialog *dialog, const struct job *answer, const struct dialog_context *context)
{
	if (!dialog->party)
		return;
	struct input *field = field_at(dialog, FIELD_BEFORE);
	size_t capacity = 0;
	field->items = NULL;
	field->item_count = field->cursor = field->top = 0;
	field->chosen = false;
	field->hidden = answer->status || !answer->candidates.count;
	if (field->hidden)
		return;
	add_item(dialog, field, &capacity, "", "no, a new KYC for this person");
	for (size_t i = 0; i < answer->candidates.count; i++) {
		const struct party_candidate *candidate = &answer->candidates.items[i];
		const char *made_for = candidate->parent_name[0] ? candidate->parent_name : candidate->workflow;
		const char *when = when_text(&dialog->arena, candidate->approved_at, context->frame->now,
					     context->frame->clock_offset_minutes);
		add_item(dialog, field, &capacity, candidate->id,
			 arena_printf(&dialog->arena, "copy %s (%s)%s%s%s%s%s", candidate->name, made_for,
				      candidate->fits ? "" : ", not by the workflow that is needed",
				      when[0] ? ", approved " : "", when, candidate->approved_by[0] ? " by " : "",
				      candidate->approved_by));
	}
	field->chosen = true;
}

const struct dialog_spec party_dialog = { .action = ACTION_APPROVE,
					  .read_only = true,
					  .asking = "Party of",
					  .fill = party_fill,
					  .edited = party_edited,
					  .confirm = party_confirm,
					  .look = party_look,
					  .found = party_found };
