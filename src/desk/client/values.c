/* Submitted values: the members of an object, checked against the rules of the profile and merged into the stored
 * values of a step or party. */
#include "client/client.h"
#include "decide/decide.h"

/* Copies the members of `from` that are not null, except for members that `but` also has (`but` may be NULL). */
static void copy_members(struct json_value *out, const struct json_value *from, const struct json_value *but)
{
	for (const char *key = json_first_key(from); key; key = json_next_key(from, key)) {
		const struct json_value *value = json_get(from, key);

		if (!json_value_is_null(value) && !(but && json_get(but, key)))
			json_set(out, key, json_clone(value));
	}
}

/* Parses an object; the caller frees *out, also after an error. ERR_INVALID with `what` as the field. */
static enum err values_read(const char *what, const char *text, struct json_value **out, struct error *error)
{
	enum err err = json_read(text, strlen(text), out, error);

	if (!err && !json_is_object(*out))
		err = error_invalid(error, what, "The fields are not a JSON object; use {\"name\": value}");
	return err;
}

/* Whether the object has the first member of the path: "seat" of "seat.postalCode". */
static bool has_path_member(const struct json_value *data, const char *path)
{
	size_t length = strcspn(path, ".[");

	for (const char *key = json_first_key(data); key; key = json_next_key(data, key)) {
		if (strlen(key) == length && !strncmp(key, path, length))
			return true;
	}
	return false;
}

const char *values_make_object(struct arena *arena, const char *name, const char *text)
{
	struct json_value *object = json_new_object();

	json_set_text(object, name, text);
	return json_move_to_arena(arena, object);
}

enum err values_merge(struct arena *arena, const char *what, const char *present, const char *data, const char **out,
		      struct error *error)
{
	struct json_value *under = NULL, *over = NULL, *result;
	enum err err = values_read(what, data, &over, error);

	/* Stored values are JSON; an older store may have an empty text. */
	if (!err && (json_read(present, strlen(present), &under, NULL) || !json_is_object(under))) {
		json_free(under);
		under = json_new_object();
	}
	if (!err) {
		result = json_new_object();
		copy_members(result, under, over);
		copy_members(result, over, NULL);
		*out = json_move_to_arena(arena, result);
	}
	json_free(under);
	json_free(over);
	return err;
}

const struct column *values_column(const struct column_table *table, const char *prefix, const struct field_spec *field)
{
	const char *source = field->source_count ? field->sources[0] : "";
	size_t length = strlen(prefix);

	if (strncmp(source, prefix, length) != 0)
		return NULL;
	for (const struct column *c = NULL; (c = columns_next(table, c, 0));) {
		if (c->word && !strcmp(c->word, source + length) && (c->type == COLUMN_TEXT || c->type == COLUMN_DATE))
			return c;
	}
	return NULL;
}

/* --- fields that name a document, when another document replaces it --- */

static bool has_document_rule(const struct field_spec *field)
{
	return ITEM_WITH_NUMBER(field->rules, field->rule_count, kind, RULE_DOCUMENT) != NULL;
}

struct id_change {
	struct use *use;
	const char *old_id, *new_id;
	const struct field_spec *fields;
	size_t count;
};

/* Replaces an old document id by the new id in the values. *changed: whether a value contained the old id. */
static enum err replace_document_ids(const struct id_change *id_change, const struct value *values,
				     const char **fields_json, bool *changed, struct error *error)
{
	struct arena *arena = id_change->use->arena;
	enum err err = ERR_OK;

	*changed = false;
	for (size_t i = 0; !err && i < id_change->count; i++) {
		const struct field_spec *field = &id_change->fields[i];

		if (!has_document_rule(field) || strcmp(value_text(value_member(values, field->id)), id_change->old_id))
			continue;
		*changed = true;
		err = values_merge(arena, field->id, *fields_json,
				   values_make_object(arena, field->id, id_change->new_id), fields_json, error);
	}
	return err;
}

static enum err replace_ids_in_steps(struct id_change *id_change, struct error *error)
{
	struct case_file *file = &id_change->use->file;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < file->step_count; i++) {
		struct step *step = &file->steps[i];
		const struct step_spec *spec = profile_step(id_change->use->profile, step->id);
		bool changed = false;

		id_change->fields = spec ? spec->fields : NULL;
		id_change->count = spec ? spec->field_count : 0;
		err = replace_document_ids(id_change, step->values, &step->fields_json, &changed, error);
		if (!err && changed)
			err = store_step_update(id_change->use->desk->store, step, error);
	}
	return err;
}

enum err document_replace_refs(struct use *use, const char *from, const char *to, struct error *error)
{
	struct case_file *file = &use->file;
	struct id_change id_change = { .use = use, .old_id = from, .new_id = to };
	enum err err = replace_ids_in_steps(&id_change, error);

	id_change.fields = use->profile->parties.fields;
	id_change.count = use->profile->parties.field_count;
	for (size_t i = 0; !err && i < file->party_count; i++) {
		struct party *party = &file->parties[i];
		bool changed = false;

		err = replace_document_ids(&id_change, party->values, &party->fields_json, &changed, error);
		if (!err && changed)
			err = store_party_update(use->desk->store, party, error);
	}
	case_values_parse(use->arena, file);
	return err;
}

/* --- values of a party that have no column: the fields of the profile, and the addresses --- */

/* Clears the party columns that hold the same fact as a submitted field, so that the field's value counts. */
static void clear_party_columns(const struct use *use, struct party *party, const struct json_value *data)
{
	for (size_t f = 0; f < use->profile->parties.field_count; f++) {
		const struct field_spec *field = &use->profile->parties.fields[f];
		const struct column *column = values_column(&party_columns, "party.", field);
		const char *text = json_get_text(data, field->id);

		if (!text || !*text)
			continue;
		if (field->source_count && !strcmp(field->sources[0], "party.ownership_percent") &&
		    party->share_count == 1 && !*party->shares[0].owned_party_id)
			party->share_count = 0;
		if (column)
			column_set_text(column, party, "");
	}
}

static enum err check_addresses(const char *text, struct error *error)
{
	struct json_value *list = NULL;
	enum err err = json_read(text, strlen(text), &list, error);

	if (!err && !json_is_array(list))
		err = error_invalid(error, "addresses", "The addresses are not a JSON list");
	json_free(list);
	return err;
}

static bool failure_concerns_data(const struct use *use, const struct rule_failure *failure, const char *prefix,
				  const struct json_value *data)
{
	const char *rest = failure->path + strlen(prefix);
	size_t length = strcspn(rest, ".[");

	if (strncmp(failure->path, prefix, strlen(prefix)))
		return false;
	if (use->in->addresses_json && length == strlen("addresses") && !strncmp(rest, "addresses", length))
		return true;
	return has_path_member(data, rest);
}

/* Checks only the submitted values; missing values may still follow. */
static enum err check_rules(struct use *use, const struct party *party, const struct json_value *data,
			    struct error *error)
{
	size_t place = (size_t)(party - use->file.parties);
	const char *prefix = arena_printf(use->arena, "parties[%zu].", place);
	struct rule_failures failures = { 0 };
	struct rules_input input = use_rules_input(use);

	if (use->in->skip_validation && use->in->capacity == CAPACITY_INTAKE)
		return ERR_OK;
	input.partial = true;
	input.is_in_progress = use->in->capacity == CAPACITY_CLIENT;
	rules_check_party(use->arena, &input, party, place, &failures);
	for (size_t i = 0; i < failures.count; i++) {
		if (failure_concerns_data(use, &failures.items[i], prefix, data))
			return error_invalid(error, failures.items[i].path, "%s", failures.items[i].message);
	}
	return ERR_OK;
}

static enum err merge_data(struct use *use, struct party *party, const struct json_value *data, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t f = 0; data && !err && f < use->profile->parties.field_count; f++) {
		const struct field_spec *field = &use->profile->parties.fields[f];
		const char *id = has_document_rule(field) ? json_get_text(data, field->id) : NULL;

		if (id && capacity_is_submitter(use->in->capacity))
			err = party_place_document(use, party, id, error);
	}
	if (!err && data)
		err = values_merge(use->arena, "fields", party->fields_json, use->in->fields_json, &party->fields_json,
				   error);
	if (!err && use->in->addresses_json) {
		err = check_addresses(use->in->addresses_json, error);
		party->addresses_json = arena_strdup(use->arena, use->in->addresses_json);
	}
	if (err)
		return err;
	if (data)
		clear_party_columns(use, party, data);
	case_values_normalise(use->arena, use->profile, desk_countries(use->desk), &use->file);
	err = check_rules(use, party, data, error);
	if (!err)
		err = store_party_update(use->desk->store, party, error);
	return err ? err : store_party_set_shares(use->desk->store, party, error);
}

enum err party_merge_values(struct use *use, struct party *party, struct error *error)
{
	struct json_value *data = NULL;
	/* Staff edits fields of an existing party by path, with a reason (review/step.c). */
	bool by_path = use->in->verb == VERB_PARTY_EDIT && use->in->capacity == CAPACITY_STAFF;
	const char *fields = by_path ? NULL : use->in->fields_json;
	enum err err = ERR_OK;

	if (!fields && !use->in->addresses_json)
		return ERR_OK;
	if (fields)
		err = values_read("fields", fields, &data, error);
	if (!err)
		err = merge_data(use, party, data, error);
	JSON_ADD(use->detail, { "fields", AS_BOOL(fields != NULL) },
		 { "addresses", AS_BOOL(use->in->addresses_json != NULL) });
	json_free(data);
	return err;
}

/* --- the fields of a step, saved as typed --- */

static enum err insert_step(struct use *use, const char *id, struct step **out, struct error *error)
{
	*out = use_add_step(use, id);
	return store_step_insert(use->desk->store, use->file.session.row, use->file.step_count - 1, *out, error);
}

/* A session imported without steps gets all steps of its workflow: the client must complete all of them
 * (desk/outside.h). */
static enum err insert_all_steps(struct use *use, const char *id, struct step **out, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < use->profile->step_count; i++)
		err = insert_step(use, use->profile->steps[i].id, out, error);
	*out = case_step(&use->file, id);
	return err;
}

enum err client_ensure_step(struct use *use, const char *id, struct step **out, struct error *error)
{
	*out = case_step(&use->file, id);
	if (*out)
		return ERR_OK;
	/* If the workflow has no steps, an import may add steps of its own (seed kyc-workflows-sessions). */
	if (!profile_step(use->profile, id) && (use->profile->step_count || use->in->capacity != CAPACITY_INTAKE))
		return use_refuse_unknown_step(use, id, error);
	if (!use->file.step_count && use->in->capacity != CAPACITY_INTAKE)
		return insert_all_steps(use, id, out, error);
	return insert_step(use, id, out, error);
}

/* Computes the values of the step after the save, in the form in which they are stored. Writes nothing. */
static enum err preview_values(struct use *use, const struct step *step, const struct value **out, struct error *error)
{
	const char *fields = use->in->fields_json ? use->in->fields_json : "{}";
	size_t at = (size_t)(step - use->file.steps);
	struct case_file file = use->file;
	enum err err;

	file.steps = arena_memdup(use->arena, file.steps, file.step_count * sizeof *file.steps);
	err = values_merge(use->arena, "fields", step->fields_json, fields, &file.steps[at].fields_json, error);
	if (err)
		return err;
	case_values_normalise(use->arena, use->profile, desk_countries(use->desk), &file);
	*out = file.steps[at].values;
	return ERR_OK;
}

/* A client sends the whole form even if only one field was requested, so unchanged values need no permission. Sets
 * use->has_no_change if all values of a frozen step are unchanged. */
static enum err check_may_save_step(struct use *use, const struct json_value *data, const struct step *step,
				    struct error *error)
{
	struct client_change wanted = { .step = step->id };
	const struct value *after = NULL;
	bool changes = false;
	enum err err;

	if (client_may_change_all(use))
		return ERR_OK;
	err = preview_values(use, step, &after, error);
	for (const char *key = json_first_key(data); !err && key; key = json_next_key(data, key))
		changes = changes || !value_equal(value_member(step->values, key), value_member(after, key));
	if (err)
		return err;
	use->has_no_change = json_first_key(data) && !changes &&
			     use->file.session.status == SESSION_AWAITING_CLIENT_CORRECTION &&
			     !client_change_is_requested(&use->file, use->profile, &wanted);
	if (use->has_no_change)
		return ERR_OK;
	err = client_may_change(use, &wanted, error);
	for (const char *key = json_first_key(data); !err && key; key = json_next_key(data, key)) {
		wanted.field = key;
		if (!value_equal(value_member(step->values, key), value_member(after, key)))
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

/* Whether the failure is about a member of `data`: the path "steps.company.seat.postalCode" is about the member
 * "seat". */
static bool failure_is_in_data(const struct rule_failure *failure, const char *step, const struct json_value *data)
{
	size_t length = strlen(step);

	return !strncmp(failure->path, "steps.", 6) && !strncmp(failure->path + 6, step, length) &&
	       failure->path[6 + length] == '.' && has_path_member(data, failure->path + 6 + length + 1);
}

/* In a step that a correction opened, only the requested fields can change, and only they have to be valid. */
static bool can_correct_failure(const struct use *use, const struct rule_failure *failure, const char *step)
{
	const char *field = failure->path + strlen("steps.") + strlen(step) + 1;
	const struct client_change wanted = { .step = step,
					      .field = arena_strndup(use->arena, field, strcspn(field, ".[")) };

	return client_may_change_all(use) || client_change_is_requested(&use->file, use->profile, &wanted);
}

/* A merchant's post office box is not refused: the KYC fails later, and the event contains the reason (seed
 * atelio-beneficial-owners, "PO Box failure"). */
static bool is_deferred_failure(const struct use *use, const struct rule_failure *failure)
{
	return use->in->capacity == CAPACITY_MERCHANT && use->profile->auto_process &&
	       !strcmp(failure->rule, rule_kind_text(RULE_NOT_PO_BOX));
}

/* Checks all editable fields if the save completes the step, else only the submitted fields. */
static enum err check_step_fields(struct use *use, const struct step *step, const struct json_value *data,
				  struct error *error)
{
	const struct step_spec *spec = profile_step(use->profile, step->id);
	struct rule_failures failures = { 0 };
	struct rules_input input = use_rules_input(use);

	if (!spec || (use->in->skip_validation && use->in->capacity == CAPACITY_INTAKE))
		return ERR_OK;
	input.partial = !use->in->finish_step;
	input.is_in_progress = input.partial && use->in->capacity == CAPACITY_CLIENT;
	rules_check_step(use->arena, &input, spec, step->values, &failures);
	for (size_t i = 0; i < failures.count; i++) {
		if (is_deferred_failure(use, &failures.items[i]) ||
		    !can_correct_failure(use, &failures.items[i], step->id))
			continue;
		if (failure_is_in_data(&failures.items[i], step->id, data) || use->in->finish_step)
			/* The message names the found and the allowed value; the path names the failed field. */
			return error_invalid(error, failures.items[i].path, "%s", failures.items[i].message);
	}
	return ERR_OK;
}

static enum err save_step(struct use *use, struct step *step, const struct json_value *data, struct error *error)
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
	case_values_normalise(use->arena, use->profile, desk_countries(use->desk), &use->file);
	use_set_changed_subject(use, was);
	err = check_step_fields(use, step, data, error);
	if (err)
		return err;
	/* A step to correct keeps its status until the client submits the corrections. */
	if (step->status != STEP_NEEDS_CORRECTION)
		step->status = use->in->finish_step ? STEP_COMPLETED : STEP_IN_PROGRESS;
	return store_step_update(use->desk->store, step, error);
}

static enum err save_data(struct use *use, const struct json_value *data, struct error *error)
{
	const char *id = use->in->part;
	struct json_value *names = json_new_array();
	struct step *step = NULL;
	enum err err = client_ensure_step(use, id, &step, error);

	if (!err)
		err = check_may_save_step(use, data, step, error);
	if (!err && !use->has_no_change)
		err = save_step(use, step, data, error);
	for (const char *key = json_first_key(data); key; key = json_next_key(data, key))
		json_append(names, json_new_string(key));
	json_set(use->detail, "fields", names);
	if (err)
		return err;
	use->out->part_id = step->id;
	if (use->has_no_change)
		return ERR_OK;
	use->rewrites_search_text = true;
	if (use->in->capacity == CAPACITY_CLIENT)
		use->run_after_commit = client_run_follow_up;
	use_add_changed_part(use, "step", step->id);
	JSON_ADD(use->detail, { "step", AS_TEXT(step->id) }, { "status", AS_TEXT(step_status_text(step->status)) });
	return ERR_OK;
}

/* Merges fields into a step. ERR_INVALID, with the field and the message of the rule, if a submitted field breaks a
 * rule; with in->finish_step, also if another field of the step breaks a rule or is missing. Reads in->part: the
 * step; in->fields_json, in->finish_step, in->skip_validation; in->subject: changes of the subject that repeat
 * these fields under other names. */
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
