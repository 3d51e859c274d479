/* Edits single values of steps and parties at the desk: by path ("owner.addresses[0].city"), checked against the
 * profile's rules. The audit log records keyed hashes of the old and new values. */
#include "client/client.h"
#include "kybdesk/base/text.h"
#include "review/review.h"

#include <stdlib.h>

#define PATH_DEPTH_MAX 16

static enum err refuse_unknown_path(const char *path, struct error *error)
{
	return error_invalid(error, "field",
			     "Unknown path \"%s\"; write a.b[0].c; the index after the last element adds an element",
			     path);
}

struct new_value {
	const struct json_value *value;
	unsigned depth; /* depth of the path so far */
};

/* Makes a copy of `present` with the value at `path`. *out is NULL if a null value removes all of `present`. */
static enum err put_value_at(struct new_value *new, const struct json_value *present, const char *path,
			     struct json_value **out, struct error *error);

static enum err put_element(struct new_value *new, const struct json_value *present, const char *path,
			    struct json_value **out, struct error *error)
{
	char *end;
	size_t at = strtoul(path + 1, &end, 10), count = present ? json_count(present) : 0;
	struct json_value *element = NULL;
	enum err err;

	*out = NULL;
	if (end == path + 1 || *end != ']' || at > count || (present && !json_is_array(present)))
		return refuse_unknown_path(path, error);
	err = put_value_at(new, at < count ? json_at(present, at) : NULL, end + 1 + (end[1] == '.'), &element, error);
	if (err)
		return err;
	*out = json_new_array();
	for (size_t i = 0; i < count; i++) {
		if (i != at)
			json_append(*out, json_clone(json_at(present, i)));
		else if (element)
			json_append(*out, element);
	}
	if (at == count && element)
		json_append(*out, element);
	return ERR_OK;
}

static enum err put_member(struct new_value *new, const struct json_value *present, const char *path,
			   struct json_value **out, struct error *error)
{
	size_t length = strcspn(path, ".[");
	char *name = xstrndup(path, length);
	const char *rest = path + length + (path[length] == '.');
	struct json_value *member = NULL;
	enum err err;

	*out = NULL;
	err = !length || (present && !json_is_object(present))
		      ? refuse_unknown_path(path, error)
		      : put_value_at(new, present ? json_get(present, name) : NULL, rest, &member, error);
	if (!err) {
		*out = json_new_object();
		for (const char *key = json_first_key(present); key; key = json_next_key(present, key)) {
			if (strcmp(key, name) != 0)
				json_set(*out, key, json_clone(json_get(present, key)));
			else if (member)
				json_set(*out, name, member);
		}
		if (member && !(present && json_get(present, name)))
			json_set(*out, name, member);
	}
	free(name);
	return err;
}

static enum err put_value_at(struct new_value *new, const struct json_value *present, const char *path,
			     struct json_value **out, struct error *error)
{
	*out = NULL;
	if (new->depth++ > PATH_DEPTH_MAX)
		return refuse_unknown_path(path, error);
	if (!*path) {
		*out = json_value_is_null(new->value) ? NULL : json_clone(new->value);
		return ERR_OK;
	}
	return *path == '[' ? put_element(new, present, path, out, error) : put_member(new, present, path, out, error);
}

/* The value at a path as canonical text; "": none. */
static const char *text_at_path(struct arena *arena, const struct json_value *value, const char *path)
{
	while (value && *path) {
		char *end;

		if (*path == '[') {
			size_t at = strtoul(path + 1, &end, 10);

			value = json_is_array(value) && at < json_count(value) ? json_at(value, at) : NULL;
			path = *end ? end + 1 : end;
		} else {
			size_t length = strcspn(path, ".[");

			value = json_is_object(value) ? json_get(value, arena_strndup(arena, path, length)) : NULL;
			path += length;
		}
		path += *path == '.';
	}
	return value ? json_to_arena(arena, value) : "";
}

static bool is_known_field(const struct field_spec *specs, size_t count, const struct json_value *present,
			   const char *path)
{
	size_t length = strcspn(path, ".[");

	for (size_t i = 0; i < count; i++)
		if (strlen(specs[i].id) == length && !strncmp(specs[i].id, path, length))
			return true;
	for (const char *key = json_first_key(present); key; key = json_next_key(present, key)) {
		if (strlen(key) == length && !strncmp(key, path, length))
			return true;
	}
	return false;
}

/* Hashes with the store's key, since a value from a short list could be guessed from its plain hash. */
static const char *keyed_hash(struct arena *arena, const struct link_key *key, const char *text)
{
	uint8_t hash[SHA256_SIZE];
	char hex[SHA256_HEX_SIZE];

	if (!*text)
		return "";
	text = arena_printf(arena, "value:%s", text); /* values need a prefix: the same key also signs links */
	hmac_sha256(key->bytes, sizeof key->bytes, text, strlen(text), hash);
	hex_encode(hash, sizeof hash, hex);
	return arena_strdup(arena, hex);
}

static enum err record_changes(struct use *use, const struct json_value *before, const struct json_value *after,
			       const struct json_value *data, struct error *error)
{
	struct json_value *changes = json_new_object();
	struct link_key key;
	enum err err = store_get_link_key(use->desk->store, true, &key, error);

	for (const char *path = json_first_key(data); !err && path; path = json_next_key(data, path)) {
		json_set(changes, path,
			 JSON_FROM({ "before|null",
				     AS_TEXT(keyed_hash(use->arena, &key, text_at_path(use->arena, before, path))) },
				   { "after|null",
				     AS_TEXT(keyed_hash(use->arena, &key, text_at_path(use->arena, after, path))) }));
	}
	secret_wipe(&key, sizeof key);
	json_set(use->detail, "fields", changes);
	return err;
}

/* Writes the values of `data` into the present object, and records the changes in the detail of the audit record. */
static enum err write_field_values(struct use *use, const struct fields_edit *edit, const struct json_value *data,
				   struct error *error)
{
	struct json_value *before = json_new_raw(**edit->json ? *edit->json : "{}"), *after = json_clone(before);
	enum err err = ERR_OK;

	for (const char *path = json_first_key(data); !err && path; path = json_next_key(data, path)) {
		struct json_value *next = NULL;

		if (!is_known_field(edit->specs, edit->spec_count, before, path))
			err = error_invalid(error, "field",
					    "%s has no field \"%s\", and the workflow does not define this field",
					    edit->what, path);
		else
			err = put_value_at(&(struct new_value){ .value = json_get(data, path) }, after, path, &next,
					   error);
		if (next) {
			json_free(after);
			after = next;
		}
	}
	if (!err)
		err = record_changes(use, before, after, data, error);
	*edit->json = json_move_to_arena(use->arena, after);
	json_free(before);
	return err;
}

enum err fields_edit(struct use *use, const struct fields_edit *edit, struct error *error)
{
	const char *text = use->in->fields_json;
	struct json_value *data = NULL;
	enum err err = json_read(text, strlen(text), &data, error);

	if (!err && (!json_is_object(data) || !json_count(data)))
		err = error_invalid(error, "field", "No change requested: give a field and its value");
	if (!err)
		err = write_field_values(use, edit, data, error);
	json_free(data);
	return err;
}

enum err fields_refuse_failures(struct use *use, const char *base, const struct rule_failures *failures,
				struct error *error)
{
	const char *text = use->in->fields_json;
	struct json_value *data = NULL;
	enum err err = json_read(text, strlen(text), &data, error);

	for (size_t f = 0; !err && f < failures->count; f++) {
		for (const char *key = json_first_key(data); !err && key; key = json_next_key(data, key)) {
			const char *path = arena_printf(use->arena, "%s.%s", base, key);

			if (text_has_prefix(failures->items[f].path, path))
				err = error_invalid(error, failures->items[f].path, "%s", failures->items[f].message);
		}
	}
	json_free(data);
	return err;
}

enum err fields_add_reason_note(struct use *use, const char *what, struct error *error)
{
	const char *reason = use->in->reason;
	int64_t row;

	if (!*reason)
		return ERR_OK;
	json_set_text(use->detail, "reason", sha256_text(use->arena, reason, strlen(reason)));
	return note_insert(use, arena_printf(use->arena, "%s was changed: %s", what, reason), &row, error);
}

/* Clears the subject's columns that hold the same facts as the edited fields, so that the fields' values count. */
static void clear_subject_columns(struct use *use, const struct step_spec *spec)
{
	struct json_value *data = NULL;

	if (spec && !json_read(use->in->fields_json, strlen(use->in->fields_json), &data, NULL))
		client_clear_subject_columns(use, spec, data);
	json_free(data);
}

/* Reads in->part: the step; in->fields_json: an object of paths and their values, null removes a value; in->reason:
 * required once the case is submitted. */
enum err use_step_edit(struct use *use, struct error *error)
{
	const char *id = use->in->part;
	const struct step_spec *spec = profile_step(use->profile, id);
	struct rule_failures failures = { 0 };
	struct step *step = NULL;
	struct rules_input input = use_rules_input(use);
	enum err err =
		outgoing_check(use, "fields", outgoing_texts(use->arena, text_or_empty(use->in->fields_json)), error);

	if (!err)
		err = client_ensure_step(use, id, &step, error);
	if (!err) {
		const struct fields_edit edit = { .json = &step->fields_json,
						  .specs = spec ? spec->fields : NULL,
						  .spec_count = spec ? spec->field_count : 0,
						  .what = arena_printf(use->arena, "The step %s", id) };

		err = fields_edit(use, &edit, error);
	}
	if (err)
		return err;
	const char *was = facts_subject(use->arena, &use->file.session.subject);

	clear_subject_columns(use, spec);
	case_values_normalise(use->arena, use->profile, desk_countries(use->desk), &use->file);
	use_set_changed_subject(use, was);
	step = case_step(&use->file, id);
	input.partial = true;
	if (spec)
		rules_check_step(use->arena, &input, spec, step->values, &failures);
	err = fields_refuse_failures(use, arena_printf(use->arena, "steps.%s", id), &failures, error);
	if (err)
		return err;
	use->rewrites_search_text = true;
	use->out->part_id = step->id;
	use_add_changed_part(use, "step", step->id);
	json_set_text(use->detail, "step", step->id);
	err = fields_add_reason_note(use, arena_printf(use->arena, "The step %s", id), error);
	return err ? err : store_step_update(use->desk->store, step, error);
}
