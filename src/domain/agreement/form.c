#include "kybdesk/domain/document_form.h"

#include "kybdesk/base/text.h"
#include "kybdesk/base/timefmt.h"
#include "kybdesk/domain/value.h"

#include <string.h>

#define NAMES_MAX 5		/* maximum number of names of one value */
#define DOCUMENT_MEMBERS_MAX 64 /* maximum number of members read from one document's data */
#define ISSUED "issued_on"
#define EXPIRY_TITLE "lasts until"

/* The names that providers use for a value of the case. */
static const struct read_names {
	const char *what; /* value of doc_search_value.name */
	const char *names[NAMES_MAX];
} read_names[] = {
	{ "name", { "name", "full_name", "legal_name", "company_name", "holder_name" } },
	{ "registration number", { "registration_number", "company_number" } },
	{ "tax id", { "tax_id", "vat_number", "tax_number" } },
	{ "birth date", { "date_of_birth", "birth_date", "dob" } },
	{ "day of incorporation", { "incorporated_on", "incorporation_date", "date_of_incorporation", "founded_on" } },
	{ ISSUED, { ISSUED, "issue_date", "date_of_issue" } },
	{ EXPIRY_TITLE, { "expires_on", "expiry_date", "date_of_expiry" } },
};

/* A value that the provider read: a text or number in the provider's data. */
struct member {
	const char *name, *text;
	bool used;
};
struct builder {
	struct arena *arena;
	struct document_form *out;
	size_t capacity;
	struct member members[DOCUMENT_MEMBERS_MAX];
	size_t member_count;
};

static void collect_values(struct builder *builder, const char *prefix, const struct value *object)
{
	for (size_t i = 0; object && object->kind == VALUE_OBJECT && i < object->count; i++) {
		const struct value *item = &object->items[i];
		const char *name =
			prefix[0] ? arena_printf(builder->arena, "%s.%s", prefix, object->keys[i]) : object->keys[i];
		if (item->kind == VALUE_OBJECT && !prefix[0])
			collect_values(builder, name, item);
		else if (item->text[0] && builder->member_count < DOCUMENT_MEMBERS_MAX)
			builder->members[builder->member_count++] = (struct member){ name, item->text, false };
	}
}

/* If the document has no extracted data, the data of the case's check `extraction` is used. */
static void collect_extracted_values(struct builder *builder, const struct form_input *of)
{
	collect_values(builder, "", of->extracted);
	for (size_t i = 0; !builder->member_count && i < of->file->check_count; i++)
		if (of->file->checks[i].kind == CHECK_EXTRACTION)
			collect_values(builder, "", of->file->checks[i].detail);
}

static struct member *find_member(struct builder *builder, const char *name)
{
	for (size_t i = 0; i < builder->member_count; i++) {
		const char *own = builder->members[i].name;
		if (!strcmp(own, name) || (!strncmp(own, "address.", 8) && !strcmp(own + 8, name)))
			return &builder->members[i];
	}
	return NULL;
}

/* The value that the provider read for `what`; "" if none. */
static const char *take_member(struct builder *builder, const char *what)
{
	struct member *member = NULL;
	char *name = arena_strdup(builder->arena, what);
	for (size_t i = 0; i < sizeof read_names / sizeof read_names[0]; i++)
		for (size_t n = 0; !strcmp(read_names[i].what, what) && n < NAMES_MAX && read_names[i].names[n]; n++)
			member = member ? member : find_member(builder, read_names[i].names[n]);
	for (char *c = name; *c; c++)
		*c = *c == ' ' ? '_' : *c;
	member = member ? member : find_member(builder, name);
	if (!member)
		return "";
	member->used = true;
	return member->text;
}

static bool contains_value(struct arena *arena, const struct doc_search_value *wanted, const char *text)
{
	struct doc_search_value value = *wanted;
	struct doc_search_values values = { &value, 1 };
	struct doc_search_spans marks;
	doc_search_find_values(arena, text, strlen(text), &values, &marks);
	return value.found;
}

static enum form_likeness likeness(struct arena *arena, const struct doc_search_value *typed, const char *read)
{
	struct doc_search_value other = *typed;
	other.text = read;
	if (!typed->text[0] || !read[0])
		return FORM_LIKENESS_UNKNOWN;
	if (text_equals_folded(typed->text, read))
		return FORM_LIKENESS_SAME;
	/* Each value must contain the other, because a longer name is another name. */
	bool same = contains_value(arena, typed, read) &&
		    (typed->kind == DOC_SEARCH_PERIOD || typed->kind == DOC_SEARCH_DATE ||
		     contains_value(arena, &other, typed->text));
	return same ? FORM_LIKENESS_SAME : FORM_LIKENESS_DIFFERENT;
}

static void add_row(struct builder *builder, const struct doc_search_value *value, const char *read)
{
	bool period = value->kind == DOC_SEARCH_PERIOD; /* a period is computed; a person did not type it */
	*ARENA_PUSH(builder->arena, builder->out->rows, builder->out->count, builder->capacity) =
		(struct form_row){ .label = value->name,
				   .typed = period ? "" : value->text,
				   .extracted = read,
				   .likeness = likeness(builder->arena, value, read),
				   .required = value->required };
}

static void add_values(struct builder *builder, const struct doc_search_values *values)
{
	for (size_t i = 0; i < values->count; i++) {
		const struct doc_search_value *value = &values->items[i];
		if (value->required)
			add_row(builder, value,
				take_member(builder, value->kind == DOC_SEARCH_PERIOD ? ISSUED : value->name));
	}
}

/* Adds the values that the client typed in the document's step. */
static void add_step_rows(struct builder *builder, const struct form_input *of, const char *step_id)
{
	const struct step_spec *spec = of->profile ? profile_step(of->profile, step_id) : NULL;
	const struct step *step = case_step(of->file, step_id);
	const struct value *values = step ? step->values : NULL;

	for (size_t i = 0; values && values->kind == VALUE_OBJECT && i < values->count; i++) {
		const char *key = values->keys[i];
		struct doc_search_value value = { .kind = DOC_SEARCH_NAME, .name = key, .text = values->items[i].text };

		for (size_t f = 0; spec && f < spec->field_count; f++)
			if (!strcmp(spec->fields[f].id, key) && spec->fields[f].title[0])
				value.name = spec->fields[f].title;
		if (value.text[0])
			add_row(builder, &value, take_member(builder, key));
	}
}

static void add_optional_rows(struct builder *builder, const struct doc_search_values *values,
			      const struct form_input *of)
{
	for (size_t i = 0; i < values->count; i++) {
		const char *read = values->items[i].required ? "" : take_member(builder, values->items[i].name);
		if (read[0])
			add_row(builder, &values->items[i], read);
	}
	const char *read = take_member(builder, EXPIRY_TITLE);
	if (read[0])
		add_row(builder,
			&(const struct doc_search_value){ .kind = DOC_SEARCH_DATE,
							  .name = EXPIRY_TITLE,
							  .text = date_text(builder->arena, of->document->expires_on) },
			read);
	for (size_t i = 0; i < builder->member_count; i++)
		if (!builder->members[i].used)
			add_row(builder,
				&(const struct doc_search_value){
					.kind = DOC_SEARCH_NAME, .name = builder->members[i].name, .text = "" },
				builder->members[i].text);
}

void document_form_make(struct arena *arena, const struct form_input *of, struct document_form *out)
{
	struct builder *builder = arena_alloc(arena, sizeof *builder);
	struct doc_search_values values;
	const struct document_spec *spec = of->profile ? profile_document(of->profile, of->document->type) : NULL;
	*out = (struct document_form){ 0 };
	*builder = (struct builder){ .arena = arena, .out = out };
	collect_extracted_values(builder, of);
	doc_search_collect_values(arena, of->file, spec, of->now, &values);
	add_values(builder, &values);
	add_step_rows(builder, of, of->document->step_id[0] ? of->document->step_id : spec ? spec->step_id : "");
	add_optional_rows(builder, &values, of);
}
