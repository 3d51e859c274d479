/* The fields of a step: saved as typed, after a check against the profile's rules. */
#include "client/client.h"
#include "decide/decide.h"
#include "kybdesk/codec/value_codec.h"
#include "kybdesk/domain/rules.h"
#include "use/refusal.h"

#include <string.h>

static enum err insert_step(struct use *use, const char *id, struct step **out, struct error *error)
{
	*out = use_add_step(use, id);
	return store_step_insert(use->desk->store, use->file.session.row, use->file.step_count - 1, *out, error);
}

/* A session imported without steps gets all steps of its workflow: the client must complete all of them
 * (desk/outside.h). */
static enum err insert_all(struct use *use, const char *id, struct step **out, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < use->profile->step_count; i++)
		err = insert_step(use, use->profile->steps[i].id, out, error);
	*out = case_step(&use->file, id);
	return err;
}

enum err client_step(struct use *use, const char *id, struct step **out, struct error *error)
{
	*out = case_step(&use->file, id);
	if (*out)
		return ERR_OK;
	/* If the workflow has no steps, an import may have its own (seed kyc-workflows-sessions). */
	if (!profile_step(use->profile, id) && (use->profile->step_count || use->in->as != CAPACITY_INTAKE))
		return use_unknown_step(use, id, error);
	if (!use->file.step_count && use->in->as != CAPACITY_INTAKE)
		return insert_all(use, id, out, error);
	return insert_step(use, id, out, error);
}

/* The values of the step after the save, in the form in which they are stored. Changes nothing. */
static enum err values_after(struct use *use, const struct step *step, const struct value **out,
			     struct error *error)
{
	const char *fields = use->in->fields_json ? use->in->fields_json : "{}";
	size_t at = (size_t)(step - use->file.steps);
	struct case_file file = use->file;
	enum err err;

	file.steps = arena_memdup(use->arena, file.steps, file.step_count * sizeof *file.steps);
	err = values_merge(use->arena, "fields", step->fields_json, fields, &file.steps[at].fields_json, error);
	if (err)
		return err;
	case_values_store_form(use->arena, use->profile, desk_countries(use->desk), &file);
	*out = file.steps[at].values;
	return ERR_OK;
}

/* A client sends the whole form even if only one field was requested, so unchanged values need no permission. Sets
 * use->nothing if all values of a frozen step are unchanged. */
static enum err may_save(struct use *use, const struct json_value *data, const struct step *step,
			 struct error *error)
{
	struct client_change wanted = { .step = step->id };
	const struct value *after = NULL;
	bool changes = false;
	enum err err;

	if (client_may_change_all(use))
		return ERR_OK;
	err = values_after(use, step, &after, error);
	for (const char *key = json_first_key(data); !err && key; key = json_next_key(data, key))
		changes = changes || !value_same(value_member(step->values, key), value_member(after, key));
	if (err)
		return err;
	use->nothing = json_first_key(data) && !changes &&
		       use->file.session.status == SESSION_AWAITING_CLIENT_CORRECTION &&
		       !client_is_requested(&use->file, use->profile, &wanted);
	if (use->nothing)
		return ERR_OK;
	err = client_may_change(use, &wanted, error);
	for (const char *key = json_first_key(data); !err && key; key = json_next_key(data, key)) {
		wanted.field = key;
		if (!value_same(value_member(step->values, key), value_member(after, key)))
			err = client_may_change(use, &wanted, error);
	}
	return err;
}

void client_clear_subject_columns(struct use *use, const struct step_spec *spec, const struct json_value *data)
{
	for (size_t f = 0; spec && f < spec->field_count; f++) {
		const struct column *column = values_column(&subject_columns, "subject.", &spec->fields[f]);
		const char *text = json_get_text(data, spec->fields[f].id);

		if (column && text && *text)
			column_set_text(column, &use->file.session.subject, "");
	}
}

/* The member that a failure is about: "steps.company.seat.postalCode" → "seat". */
static bool failure_is_in_data(const struct rule_failure *failure, const char *step, const struct json_value *data)
{
	size_t length = strlen(step);

	return !strncmp(failure->path, "steps.", 6) && !strncmp(failure->path + 6, step, length) &&
	       failure->path[6 + length] == '.' && values_have(data, failure->path + 6 + length + 1);
}

/* In a step that a correction opened, only the requested fields can change, and only they have to be valid. */
static bool can_be_corrected(const struct use *use, const struct rule_failure *failure, const char *step)
{
	const char *field = failure->path + strlen("steps.") + strlen(step) + 1;
	const struct client_change wanted = { .step = step,
					      .field = arena_strndup(use->arena, field, strcspn(field, ".[")) };

	return client_may_change_all(use) || client_is_requested(&use->file, use->profile, &wanted);
}

/* A merchant's post office box is not refused: the KYC fails later, and the event contains the reason (seed
 * atelio-beneficial-owners, "PO Box failure"). */
static bool is_deferred_failure(const struct use *use, const struct rule_failure *failure)
{
	return use->in->as == CAPACITY_MERCHANT && use->profile->auto_process &&
	       !strcmp(failure->rule, rule_kind_text(RULE_NOT_PO_BOX));
}

/* Checks all editable fields if the save completes the step, else only the submitted ones. */
static enum err check_fields(struct use *use, const struct step *step, const struct json_value *data,
			     struct error *error)
{
	const struct step_spec *spec = profile_step(use->profile, step->id);
	struct rule_failures failures = { 0 };
	struct rules_input input = use_rules(use);

	if (!spec || (use->in->skip_validation && use->in->as == CAPACITY_INTAKE))
		return ERR_OK;
	input.partial = !use->in->completes;
	input.begun = input.partial && use->in->as == CAPACITY_CLIENT;
	rules_check_step(use->arena, &input, spec, step->values, &failures);
	for (size_t i = 0; i < failures.count; i++) {
		if (is_deferred_failure(use, &failures.items[i]) ||
		    !can_be_corrected(use, &failures.items[i], step->id))
			continue;
		if (failure_is_in_data(&failures.items[i], step->id, data) || use->in->completes)
			/* The message is the seed's if the seed has one; the path names the failed field. */
			return error_set_field(error, ERR_INVALID, failures.items[i].path, "%s",
					       failures.items[i].message);
	}
	return ERR_OK;
}

static enum err save(struct use *use, struct step *step, const struct json_value *data, struct error *error)
{
	const struct step_spec *spec = profile_step(use->profile, step->id);
	const char *fields = use->in->fields_json ? use->in->fields_json : "{}";
	enum err err = values_merge(use->arena, "fields", step->fields_json, fields, &step->fields_json, error);

	if (err)
		return err;
	const char *was = facts_subject(use->arena, &use->file.session.subject);

	client_clear_subject_columns(use, spec, data);
	if (use->in->subject)
		subject_input_apply(use->arena, desk_countries(use->desk), use->in->subject,
				    &use->file.session.subject);
	case_values_store_form(use->arena, use->profile, desk_countries(use->desk), &use->file);
	use_results_about(use, was);
	err = check_fields(use, step, data, error);
	if (err)
		return err;
	/* A returned step keeps its status until it is submitted. */
	if (step->status != STEP_NEEDS_CORRECTION)
		step->status = use->in->completes ? STEP_COMPLETED : STEP_IN_PROGRESS;
	return store_step_update(use->desk->store, step, error);
}

static enum err save_data(struct use *use, const struct json_value *data, struct error *error)
{
	const char *id = use->in->part;
	struct json_value *names = json_new_array();
	struct step *step = NULL;
	enum err err = client_step(use, id, &step, error);

	if (!err)
		err = may_save(use, data, step, error);
	if (!err && !use->nothing)
		err = save(use, step, data, error);
	for (const char *key = json_first_key(data); key; key = json_next_key(data, key))
		json_append(names, json_new_string(key));
	json_set(use->detail, "fields", names);
	if (err)
		return err;
	use->out->part_id = step->id;
	if (use->nothing)
		return ERR_OK;
	use->text = true;
	if (use->in->as == CAPACITY_CLIENT)
		use->after = client_follow_up;
	use_touches(use, "step", step->id);
	json_set_text(use->detail, "step", step->id);
	json_set_text(use->detail, "status", step_status_text(step->status));
	return ERR_OK;
}

/* Merges fields into a step. ERR_INVALID, with the field and the seed's message, if a submitted field breaks a rule;
 * with `completes`, also if another field of the step breaks a rule or is missing. Reads in->part: the step;
 * in->fields_json, in->completes, in->skip_validation; in->subject: changes of the subject that repeat these fields
 * under other names. */
enum err use_step_save(struct use *use, struct error *error)
{
	const char *text = use->in->fields_json ? use->in->fields_json : "{}";
	struct json_value *data = NULL;
	enum err err = values_read("fields", text, &data, error);

	if (!err)
		err = save_data(use, data, error);
	json_free(data);
	return err;
}
