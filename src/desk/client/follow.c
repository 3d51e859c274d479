/* Updates fields that name a document when another document replaces it. */
#include "client/client.h"
#include "kybdesk/codec/value_codec.h"

#include <string.h>

static bool names_document(const struct field_spec *field)
{
	for (size_t i = 0; i < field->rule_count; i++) {
		if (field->rules[i].kind == RULE_DOCUMENT)
			return true;
	}
	return false;
}

static const char *member_json(struct arena *arena, const char *name, const char *text)
{
	struct json_value *object = json_new_object();

	json_set_text(object, name, text);
	return json_finish(arena, object);
}

struct following {
	struct use *use;
	const char *from, *to;
	const struct field_spec *fields;
	size_t count;
};

/* *changed: whether a value named the old document. */
static enum err follow(const struct following *following, const struct value *values, const char **fields_json,
		       bool *changed, struct error *error)
{
	struct arena *arena = following->use->arena;
	enum err err = ERR_OK;

	*changed = false;
	for (size_t i = 0; !err && i < following->count; i++) {
		const struct field_spec *field = &following->fields[i];

		if (!names_document(field) || strcmp(value_text(value_member(values, field->id)), following->from))
			continue;
		*changed = true;
		err = values_merge(arena, field->id, *fields_json, member_json(arena, field->id, following->to),
				   fields_json, error);
	}
	return err;
}

static enum err follow_in_steps(struct following *following, struct error *error)
{
	struct case_file *file = &following->use->file;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < file->step_count; i++) {
		struct step *step = &file->steps[i];
		const struct step_spec *spec = profile_step(following->use->profile, step->id);
		bool changed = false;

		following->fields = spec ? spec->fields : NULL;
		following->count = spec ? spec->field_count : 0;
		err = follow(following, step->values, &step->fields_json, &changed, error);
		if (!err && changed)
			err = store_step_update(following->use->desk->store, step, error);
	}
	return err;
}

enum err document_follow(struct use *use, const char *from, const char *to, struct error *error)
{
	struct case_file *file = &use->file;
	struct following following = { .use = use, .from = from, .to = to };
	enum err err = follow_in_steps(&following, error);

	following.fields = use->profile->parties.fields;
	following.count = use->profile->parties.field_count;
	for (size_t i = 0; !err && i < file->party_count; i++) {
		struct party *party = &file->parties[i];
		bool changed = false;

		err = follow(&following, party->values, &party->fields_json, &changed, error);
		if (!err && changed)
			err = store_party_update(use->desk->store, party, error);
	}
	case_values_parse(use->arena, file);
	return err;
}
