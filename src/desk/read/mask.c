/* Masks personal data until a reviewer reveals the case. In a personal column, every value is masked unless a rule
 * makes it visible: the flags of the column, the profile's list of public fields, or a list of member names for
 * results of checks. */
#include "kybdesk/base/text.h"
#include "kybdesk/domain/mask.h"
#include "kybdesk/codec/register_codec.h"
#include "kybdesk/domain/column.h"
#include "read/read.h"

struct mask {
	struct arena *arena;
	const struct profile *profile;
	const struct case_file *file; /* case: the ids of its documents and parties stay visible; NULL: none */
	/* Names of the persons; NULL: unknown, so that file names are masked completely */
	const struct mask_words *words;
};

/* Rules for the members of a JSON value: which members may be shown. */
struct shape {
	const struct field_spec *fields; /* field specs of the profile */
	size_t field_count;
	const struct column_table *columns; /* columns of objects in the value, such as documents */
	bool unmasked;			    /* shows all members except personal ones: mask_field_is_personal() */
};

/* Whether the member is a verdict or country: a result of a check, not personal data. */
static bool is_result_member(const char *key)
{
	static const char *const verdicts[] = { "country", "status",	     "result", "score",
						"match",   "final_decision", "health" };

	return texts_contain(verdicts, sizeof verdicts / sizeof *verdicts, key);
}

/* Whether the text is the id of a document or party in the case: these ids are not personal data. */
static bool is_part_id(const struct mask *mask, const char *text)
{
	return mask->file && *text && (case_document(mask->file, text) || case_party(mask->file, text));
}

static struct json_value *masked_leaf(const struct mask *mask, const struct json_value *value)
{
	const char *text = json_text(value);

	if (!text)
		text = json_to_arena(mask->arena, value);
	/* Masks numbers and booleans like texts, since both can be personal data; does not mask null. */
	return json_value_is_null(value) || is_part_id(mask, text) ? json_clone(value)
								   : json_new_string(mask_text(mask->arena, text));
}

static struct json_value *masked_value(const struct mask *mask, const struct json_value *value,
				       const struct shape *shape);

static struct json_value *masked_member(const struct mask *mask, const char *key, const struct json_value *value,
					const struct shape *shape)
{
	const struct field_spec *spec = ITEM_WITH_TEXT(shape->fields, shape->field_count, id, key);
	const struct column *column = shape->columns ? column_find(shape->columns, key) : NULL;
	struct shape within = { .unmasked = shape->unmasked && !mask_field_is_personal(key) };
	bool deep = json_is_object(value) || json_is_array(value);

	if (spec && !spec->is_public)
		within = (struct shape){ .fields = spec->children, .field_count = spec->child_count };
	if ((spec && spec->is_public) || (!spec && !deep && is_result_member(key)) || (within.unmasked && !deep))
		return json_clone(value);
	if (shape->columns == &document_columns && !strcmp(key, "sides"))
		return masked_value(mask, value, shape);
	if (column && !column_is_masked(column, false))
		return json_clone(value);
	if (!strcmp(key, "file_name") && json_text(value))
		return json_new_string(mask_file_name(mask->arena, json_text(value), mask->words));
	return masked_value(mask, value, &within);
}

static struct json_value *masked_value(const struct mask *mask, const struct json_value *value,
				       const struct shape *shape)
{
	struct json_value *out;

	if (json_is_object(value)) {
		out = json_new_object();
		for (const char *key = json_first_key(value); key; key = json_next_key(value, key)) {
			json_set(out, key, masked_member(mask, key, json_get(value, key), shape));
		}
		return out;
	}
	if (json_is_array(value)) {
		out = json_new_array();
		for (size_t i = 0; i < json_count(value); i++)
			json_append(out, masked_value(mask, json_at(value, i), shape));
		return out;
	}
	return shape->unmasked ? json_clone(value) : masked_leaf(mask, value);
}

static struct shape shape_of_step(const struct mask *mask, const char *step_id)
{
	const struct step_spec *step = profile_step(mask->profile, step_id);

	return step ? (struct shape){ .fields = step->fields, .field_count = step->field_count } : (struct shape){ 0 };
}

/* Masks one side (before or after) of a correction: {"fields", "documents", "words"}. */
static struct json_value *masked_correction_side(const struct mask *mask, const char *step_id,
						 const struct json_value *side)
{
	const struct shape fields = shape_of_step(mask, step_id), documents = { .columns = &document_columns };
	struct json_value *out = json_new_object();

	for (const char *key = json_first_key(side); key; key = json_next_key(side, key)) {
		const struct shape *shape = !strcmp(key, "fields")	? &fields
					    : !strcmp(key, "documents") ? &documents
									: &(const struct shape){ 0 };

		json_set(out, key, masked_value(mask, json_get(side, key), shape));
	}
	return out;
}

/* Masks the data about the person of a check, except for the name, which is visible everywhere. */
static struct json_value *masked_check_subject(const struct mask *mask, const struct json_value *about)
{
	struct json_value *out = masked_value(mask, about, &(const struct shape){ 0 });
	const struct json_value *name = json_get(about, "name");

	if (name)
		json_set(out, "name", json_clone(name));
	return out;
}

/* Masks the value of a JSON column; `step_id`: the step of the column's row. */
static struct json_value *masked_column(const struct mask *mask, const struct column_table *table,
					const struct column *column, const char *step_id,
					const struct json_value *value)
{
	struct shape shape = { 0 };

	if (table == &correction_columns && (!strcmp(column->name, "before") || !strcmp(column->name, "after")))
		return masked_correction_side(mask, step_id, value);
	if (!strcmp(column->name, "fields"))
		shape = table != &party_columns ? shape_of_step(mask, step_id)
						: (struct shape){ .fields = mask->profile->parties.fields,
								  .field_count = mask->profile->parties.field_count };
	else if (!strcmp(column->name, "about"))
		return masked_check_subject(mask, value);
	/* The merchant's own labels and the factors of a risk model are about the case, not about a person. */
	else if (!strcmp(column->name, "custom_tags") || !strcmp(column->name, "risk_factors"))
		shape.unmasked = true;
	return masked_value(mask, value, &shape);
}

static const char *masked_json(const struct mask *mask, const struct column_table *table, const struct column *column,
			       const char *step_id, const char *json)
{
	struct json_value *value;
	const char *out;

	if (!*json)
		return json;
	value = json_new_raw(json);
	out = json_move_to_arena(mask->arena, masked_column(mask, table, column, step_id, value));
	json_free(value);
	return out;
}

static void mask_row(const struct mask *mask, const struct column_table *table, void *row, bool of_business,
		     const char *step_id)
{
	for (const struct column *c = NULL; (c = columns_next(table, c, COLUMN_PERSONAL));) {
		if (!column_is_masked(c, of_business))
			continue;
		if (c->type == COLUMN_TEXT || c->type == COLUMN_DATE)
			column_set_text(c, row, mask_text(mask->arena, column_text(c, row)));
		/* Skips the evidence, which is read and masked separately (mask_decision()). */
		else if (c->type == COLUMN_JSON && !(c->flags & COLUMN_LARGE))
			column_set_text(c, row, masked_json(mask, table, c, step_id, column_text(c, row)));
	}
}

static const struct json_value *find_correction_field(const struct json_value *side, const char *key)
{
	const struct json_value *fields = json_get(side, "fields");

	return fields ? json_get(fields, key) : NULL;
}

static bool is_same_json(const struct json_value *a, const struct json_value *b)
{
	struct strbuf left = STRBUF_INIT, right = STRBUF_INIT;
	bool same;

	if (!a || !b)
		return a == b;
	json_write(&left, a, JSON_COMPACT_LAYOUT, false);
	json_write(&right, b, JSON_COMPACT_LAYOUT, false);
	same = !strcmp(left.buf, right.buf);
	strbuf_release(&left);
	strbuf_release(&right);
	return same;
}

/* Marks values that differ, although they look the same when masked. */
static const char *mark_hidden_difference(const struct mask *mask, const struct correction *was,
					  const struct correction *shown)
{
	struct json_value *sides[2] = { json_new_raw(was->before_json), json_new_raw(was->after_json) };
	struct json_value *masked = json_new_raw(shown->before_json), *out = json_new_raw(shown->after_json);
	const struct json_value *fields = json_get(sides[1], "fields");
	struct json_value *masked_fields = json_new_object();

	for (const char *key = json_first_key(fields); key; key = json_next_key(fields, key)) {
		bool changed =
			!is_same_json(find_correction_field(sides[0], key), find_correction_field(sides[1], key));
		const struct json_value *value = find_correction_field(out, key);

		json_set(masked_fields, key,
			 changed && is_same_json(find_correction_field(masked, key), value)
				 ? json_new_string("******** (changed)")
				 : json_clone(value));
	}
	if (fields)
		json_set(out, "fields", masked_fields);
	else
		json_free(masked_fields);
	json_free(masked);
	json_free(sides[0]);
	json_free(sides[1]);
	return json_move_to_arena(mask->arena, out);
}

static void mask_correction(const struct mask *mask, struct correction *correction)
{
	const struct correction was = *correction;

	mask_row(mask, &correction_columns, correction, false, correction->step_id);
	if (*was.before_json && *was.after_json)
		correction->after_json = mark_hidden_difference(mask, &was, correction);
}

static void mask_document(const struct mask *mask, struct document *document)
{
	const char *name = mask_file_name(mask->arena, document->file_name, mask->words);
	const char *back = mask_file_name(mask->arena, document->back.file_name, mask->words);

	mask_row(mask, &document_columns, document, false, "");
	document->file_name = name;
	document->back.file_name = back;
}

static void mask_parties(const struct mask *mask, struct party *parties, size_t count)
{
	for (size_t i = 0; i < count; i++)
		mask_row(mask, &party_columns, &parties[i], parties[i].kind == PARTY_COMPANY, "");
}

static void mask_duplicate(const struct mask *mask, struct duplicate *duplicate, bool of_business)
{
	duplicate->tax_id = mask_text(mask->arena, duplicate->tax_id);
	duplicate->date_of_birth = mask_text(mask->arena, duplicate->date_of_birth);
	if (of_business)
		return;
	duplicate->registration_number = mask_text(mask->arena, duplicate->registration_number);
	duplicate->incorporated_on = mask_text(mask->arena, duplicate->incorporated_on);
}

void mask_case_view(struct arena *arena, struct case_view *view)
{
	struct case_file *file = &view->file;
	struct mask_words words = { .arena = arena };
	const struct mask mask = { arena, view->profile, file, &words };
	bool of_business = file->session.subject.kind == SUBJECT_BUSINESS;

	case_values_parse(arena, file);
	mask_words_collect(&words, file);
	mask_row(&mask, &session_columns, &file->session, of_business, "");
	for (size_t i = 0; i < file->step_count; i++)
		mask_row(&mask, &step_columns, &file->steps[i], of_business, file->steps[i].id);
	for (size_t i = 0; i < file->document_count; i++)
		mask_document(&mask, &file->documents[i]);
	mask_parties(&mask, file->parties, file->party_count);
	mask_parties(&mask, file->removed.items, file->removed.count);
	for (size_t i = 0; i < file->check_count; i++) {
		struct check *check = &file->checks[i];
		struct register_entry entry;
		/* The members of a company's entry in a register stay visible. */
		bool shown = of_business && register_entry_read(check, &entry);
		const char *detail = shown ? register_entry_write(arena, &entry) : "";

		mask_row(&mask, &check_columns, check, of_business, "");
		if (shown)
			check->detail_json = detail;
		for (size_t j = 0; j < check->result_count; j++) {
			mask_row(&mask, &result_columns, &check->results[j], of_business, "");
			if (shown)
				check->results[j].detail_json = "{}";
		}
		for (size_t j = 0; j < check->hit_count; j++)
			mask_row(&mask, &hit_columns, &check->hits[j], of_business, "");
	}
	for (size_t i = 0; i < file->correction_count; i++)
		mask_correction(&mask, &file->corrections[i]);
	for (size_t i = 0; i < view->duplicate_count; i++)
		mask_duplicate(&mask, &view->duplicates[i], of_business);
	/* Parses the values again after masking, since rules read parsed values. */
	case_values_parse(arena, file);
	view->masked = true;
}

void mask_subject(struct arena *arena, struct subject_record *record)
{
	const struct mask mask = { .arena = arena };

	mask_row(&mask, &subject_record_columns, record, record->subject.kind == SUBJECT_BUSINESS, "");
}

/* Masks the personal members of a message in JSON. Returns the same text if it has no such members or is not JSON. */
static const char *masked_message(const struct mask *mask, const char *text)
{
	const struct shape unmasked = { .unmasked = true };
	struct json_value *value, *masked;
	const char *out;

	if (json_read(text, strlen(text), &value, NULL))
		return text;
	masked = masked_value(mask, value, &unmasked);
	out = is_same_json(value, masked) ? text : json_to_arena(mask->arena, masked);
	json_free(masked);
	json_free(value);
	return out;
}

bool mask_webhook(struct arena *arena, struct webhook_view *view)
{
	const struct mask mask = { .arena = arena };
	const char *body = arena_strndup(arena, view->body, view->body_length);
	const char *shown = masked_message(&mask, body);
	bool hidden = shown != body;

	if (hidden) {
		view->body = shown;
		view->body_length = strlen(shown);
	}
	for (size_t i = 0; i < view->count; i++) {
		for (size_t j = 0; j < view->attempt_counts[i]; j++) {
			struct delivery_attempt *attempt = &view->attempts[i][j];
			const char *response = masked_message(&mask, attempt->response);

			hidden = hidden || response != attempt->response;
			attempt->response = response;
		}
	}
	return hidden;
}

static struct json_value *masked_rows(const struct mask *mask, const struct column_table *table,
				      const struct json_value *rows);

/* Masks one object of the session document according to its table. Also masks members that the table does not
 * define, except for the structural members of a party. */
static struct json_value *masked_object(const struct mask *mask, const struct column_table *table,
					const struct json_value *object)
{
	static const char *const of_parties[] = { "owns", "ownership_percent", "owner_of", "session" };
	const char *kind = json_get_text(object, "kind"), *step = json_get_text(object, "id");
	bool of_business = kind && (!strcmp(kind, subject_kind_text(SUBJECT_BUSINESS)) ||
				    !strcmp(kind, party_kind_text(PARTY_COMPANY)));
	struct json_value *out = json_new_object();

	if (table == &correction_columns)
		step = json_get_text(object, "step_id");
	for (const char *key = json_first_key(object); key; key = json_next_key(object, key)) {
		const struct json_value *value = json_get(object, key);
		const struct column *column = NULL;
		struct json_value *member;

		for (size_t c = 0; c < table->count && !column; c++)
			column = table->items[c].word && !strcmp(table->items[c].word, key) ? &table->items[c] : NULL;
		if (table == &check_columns && !strcmp(key, "hits"))
			member = masked_rows(mask, &hit_columns, value);
		else if (table == &check_columns && !strcmp(key, "results"))
			member = masked_rows(mask, &result_columns, value);
		else if (table == &document_columns && !strcmp(key, "sides"))
			member = masked_rows(mask, &document_columns, value);
		else if (table == &party_columns &&
			 texts_contain(of_parties, sizeof of_parties / sizeof *of_parties, key))
			member = json_clone(value);
		else if (!column)
			member = masked_value(mask, value, &(const struct shape){ 0 });
		else if (!column_is_masked(column, of_business))
			member = json_clone(value);
		else if (!strcmp(key, "file_name") && json_text(value))
			member = json_new_string(mask_file_name(mask->arena, json_text(value), mask->words));
		else
			member = masked_column(mask, table, column, step ? step : "", value);
		json_set(out, key, member);
	}
	return out;
}

static struct json_value *masked_rows(const struct mask *mask, const struct column_table *table,
				      const struct json_value *rows)
{
	struct json_value *out = json_new_array();

	for (size_t i = 0; i < json_count(rows); i++)
		json_append(out, masked_object(mask, table, json_at(rows, i)));
	return out;
}

static struct json_value *masked_case(const struct mask *mask, const struct json_value *seen)
{
	static const struct {
		const char *word;
		const struct column_table *table;
	} lists[] = {
		{ "steps", &step_columns },   { "documents", &document_columns },     { "parties", &party_columns },
		{ "checks", &check_columns }, { "corrections", &correction_columns }, { "attempts", &attempt_columns }
	};
	struct json_value *out = masked_object(mask, &session_columns, seen);
	const struct json_value *subject = json_get(seen, "subject");

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const struct json_value *rows = json_get(seen, lists[i].word);

		if (rows)
			json_set(out, lists[i].word, masked_rows(mask, lists[i].table, rows));
	}
	if (subject)
		json_set(out, "subject", masked_object(mask, &subject_columns, subject));
	return out;
}

enum err mask_decision(struct arena *arena, const struct profile *profile, struct decision *decision,
		       struct error *error)
{
	const struct mask mask = { .arena = arena, .profile = profile };
	struct json_value *seen = NULL, *masked;
	const struct json_value *file;
	enum err err;

	if (!*decision->evidence_json)
		return ERR_OK;
	err = json_read(decision->evidence_json, strlen(decision->evidence_json), &seen, error);
	if (err)
		return err;
	masked = json_clone(seen);
	file = json_get(seen, "case");
	if (file)
		json_set(masked, "case", masked_case(&mask, file));
	decision->evidence_json = json_move_to_arena(arena, masked);
	json_free(seen);
	return ERR_OK;
}
