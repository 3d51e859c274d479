/* Snapshot of the values that a correction covers: stored at the request and at the answer, so that both can be
 * compared even if the values change afterwards. */
#include "decide/decide.h"

/* The value of a field that the step does not have: the profile may name a member of the subject as the field's
 * source ("from"). */
static const char *source_value(const struct case_file *file, const struct step_spec *step, const char *field)
{
	static const char prefix[] = "subject.";

	for (size_t i = 0; step && i < step->field_count; i++) {
		const struct field_spec *spec = &step->fields[i];

		if (strcmp(spec->id, field))
			continue;
		for (size_t f = 0; f < spec->source_count; f++) {
			const char *text =
				strncmp(spec->sources[f], prefix, sizeof prefix - 1)
					? ""
					: subject_member(&file->session.subject, spec->sources[f] + sizeof prefix - 1);

			if (*text)
				return text;
		}
	}
	return "";
}

static void add_field(struct json_value *out, struct arena *arena, const struct case_file *file,
		      const struct step_spec *spec, const struct json_value *fields, const char *field)
{
	/* If "addresses[0].zip_code" is requested, the snapshot contains the whole list "addresses". */
	const char *name = arena_strndup(arena, field, strcspn(field, ".["));
	const struct json_value *value = fields ? json_get(fields, name) : NULL;

	if (json_get(out, name))
		return;
	if (value)
		json_set(out, name, json_clone(value));
	else
		json_set_text_or_null(out, name, source_value(file, spec, name));
}

static struct json_value *fields_of(struct arena *arena, const struct case_file *file, const struct profile *profile,
				    const struct correction *correction)
{
	const struct step *step = case_step(file, correction->step_id);
	const struct step_spec *spec = profile_step(profile, correction->step_id);
	struct json_value *out = json_new_object(), *fields = NULL;

	if (step && json_read(step->fields_json, strlen(step->fields_json), &fields, NULL))
		fields = NULL;
	for (size_t i = 0; i < correction->field_count; i++)
		add_field(out, arena, file, spec, fields, correction->field_ids[i]);
	/* If the correction names no field and no document type, it covers the whole step. */
	if (!correction->field_count && !correction->document_type_count && fields) {
		for (const char *key = json_first_key(fields); key; key = json_next_key(fields, key))
			add_field(out, arena, file, spec, fields, key);
	}
	json_free(fields);
	return out;
}

/* Whether the correction covers this document: a document of a named type or, if the correction names neither a
 * field nor a type, of the step. */
static bool covers_document(const struct profile *profile, const struct correction *correction,
			    const struct document *document)
{
	const struct document_spec *spec = profile_document(profile, document->type);
	const char *step = *document->step_id ? document->step_id : spec && spec->step_id ? spec->step_id : "";

	if (correction_has_type(correction, document->type))
		return true;
	return !correction->field_count && !correction->document_type_count && !strcmp(step, correction->step_id);
}

static struct json_value *sides_of(const struct document *document)
{
	struct json_value *out = json_new_array();

	for (size_t i = 0; i < SIDE_COUNT; i++) {
		const struct document_side side = document_side(document, i);
		json_append(out,
			    JSON_FROM({ "side", AS_TEXT(side_text((enum side)i)) },
				      { "file_name", AS_TEXT(side.file_name) }, { "sha256", AS_TEXT(side.sha256) }));
	}
	return out;
}

static struct json_value *documents_of(const struct case_file *file, const struct profile *profile,
				       const struct correction *correction)
{
	struct json_value *out = json_new_array();

	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];
		struct json_value *item;

		if (document->replaced || !document_has_bytes(document) ||
		    !covers_document(profile, correction, document))
			continue;
		item = JSON_FROM({ "type", AS_TEXT(document->type) }, { "id", AS_TEXT(document->id) },
				 { "file_name", AS_TEXT(document->file_name) },
				 { "sha256", AS_TEXT(document->sha256) });
		if (document->double_sided)
			json_set(item, "sides", sides_of(document));
		json_append(out, item);
	}
	return out;
}

const char *correction_values(struct arena *arena, const struct case_file *file, const struct profile *profile,
			      const struct correction *correction)
{
	struct json_value *out = JSON_FROM({ "fields", fields_of(arena, file, profile, correction) },
					   { "documents", documents_of(file, profile, correction) });

	JSON_SET_EACH(out, "parties", i, file->party_count, json_new_string(file->parties[i].id));
	return json_move_to_arena(arena, out);
}
