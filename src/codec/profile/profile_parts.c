/* A profile's steps and its documents. */
#include "profile_read.h"
#include <string.h>

#define MAX_AGE_MONTHS 120

void expect_distinct(struct reader *reader, const struct node *element, const char *const *texts, size_t i)
{
	for (size_t j = 0; *texts[i] && j < i; j++)
		if (strcmp(texts[i], texts[j]) == 0)
			reader_refuse(reader, element, "is '%s', the same as in element %zu", texts[i], j);
}

void expect_new_name(struct reader *reader, const struct node *item, const char *key, const char *name,
		     const char *earlier, size_t earlier_index)
{
	if (*name && strcmp(name, earlier) == 0)
		reader_refuse(reader, MEMBER(item, key), "is '%s', the same as in element %zu; each needs its own",
			      name, earlier_index);
}

static void step_read(struct reader *reader, const struct node *item, struct step_spec *step)
{
	*step = (struct step_spec){ .id = "", .title = "", .guidance = "" };
	if (!expect_section(reader, item, "steps"))
		return;
	step->id = read_required_text(reader, item, "id");
	expect_name(reader, item, "id", "_-");
	step->title = read_required_text(reader, item, "title");
	step->guidance = read_text(reader, item, "guidance");
	fields_read(reader, item, "fields", &step->fields, &step->field_count, (struct field_place){ .depth = 1 });
}

static void steps_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	const struct node steps = node_member(root, "steps");
	profile->step_count = expect_list(reader, &steps, 1000);
	profile->steps = arena_alloc_array(reader->arena, profile->step_count, sizeof *profile->steps);
	for (size_t i = 0; i < profile->step_count; i++) {
		const struct node item = node_element(&steps, i);
		step_read(reader, &item, &profile->steps[i]);
		for (size_t j = 0; j < i; j++)
			expect_new_name(reader, &item, "id", profile->steps[i].id, profile->steps[j].id, j);
	}
}

/* Formats as bits; `absent` if the member is missing. */
static unsigned formats_read(struct reader *reader, const struct node *object, unsigned absent)
{
	const struct node node = node_member(object, "formats");
	unsigned formats = 0;
	if (!node.value)
		return absent;
	READ_WORD_SET(reader, object, "formats", file_format, &formats);
	if (json_is_array(node.value) && !json_array_size(node.value))
		reader_refuse(reader, &node,
			      "is empty: no file could be uploaded; leave it out to allow every format");
	return formats;
}

static void document_rules_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	struct node rules;
	if (!open_section(reader, root, "document_rules", &rules))
		return;
	READ_WORD(reader, &rules, "upload", upload_mode, &profile->upload);
	profile->other_documents = read_bool(reader, &rules, "other_documents", false);
	profile->default_formats = formats_read(reader, &rules, profile->default_formats);
	profile->default_max_bytes =
		read_integer(reader, &rules, "max_bytes", 1, INT64_MAX, profile->default_max_bytes);
	profile->submit_needs_mandatory = read_bool(reader, &rules, "submit_needs_mandatory", false);
	profile->submit_freezes_documents = read_bool(reader, &rules, "submit_freezes", false);
}

static void expect_step(struct reader *reader, const struct node *item, const struct profile *profile,
			const char *step_id)
{
	const char **known = arena_alloc_array(reader->arena, profile->step_count, sizeof *known);
	for (size_t i = 0; i < profile->step_count; i++) {
		known[i] = profile->steps[i].id;
		if (strcmp(known[i], step_id) == 0)
			return;
	}
	refuse_word(reader, MEMBER(item, "step"), step_id, known, profile->step_count);
}

static void document_read(struct reader *reader, const struct node *item, const struct profile *profile,
			  struct document_spec *document)
{
	*document =
		(struct document_spec){ .type = "", .category = "", .title = "", .guidance = "", .step_id = "" };
	if (!expect_section(reader, item, "documents"))
		return;
	document->type = read_required_text(reader, item, "type");
	document->category = read_text(reader, item, "category");
	document->title = read_required_text(reader, item, "title");
	document->guidance = read_text(reader, item, "guidance");
	document->step_id = read_text(reader, item, "step");
	const struct node steps = node_member(item->parent->parent, "steps");
	if (*document->step_id && (!steps.value || json_is_array(steps.value)))
		expect_step(reader, item, profile, document->step_id);
	document->mandatory = read_bool(reader, item, "mandatory", false);
	document->double_sided = read_bool(reader, item, "double_sided", false);
	document->on_request = read_bool(reader, item, "on_request", false);
	if (document->mandatory && document->on_request)
		reader_refuse(reader, MEMBER(item, "on_request"),
			      "is true, but a mandatory document is always requested");
	document->formats = formats_read(reader, item, profile->default_formats);
	document->max_bytes = read_integer(reader, item, "max_bytes", 1, INT64_MAX, profile->default_max_bytes);
	if (node_member(item, "shows").value)
		READ_WORD_SET(reader, item, "shows", document_part, &document->shows);
	document->max_age_months = read_integer(reader, item, "max_age_months", 1, MAX_AGE_MONTHS, 0);
}

/* "Passport, Identity card or Driving licence" */
static const char *group_choices(struct arena *arena, const struct profile *profile,
				 const struct document_group *group)
{
	const char *text = "";
	for (size_t i = 0; i < group->type_count; i++) {
		const struct document_spec *spec = profile_document(profile, group->types[i]);
		const char *between = !i ? "" : i + 1 < group->type_count ? ", " : " or ";
		text = arena_printf(arena, "%s%s%s", text, between, spec ? spec->title : group->types[i]);
	}
	return text;
}

void refuse_document_type(struct reader *reader, const struct node *node, const struct profile *profile,
			  const char *type)
{
	const char **known = arena_alloc_array(reader->arena, profile->document_count, sizeof *known);
	for (size_t i = 0; i < profile->document_count; i++)
		known[i] = profile->documents[i].type;
	refuse_word(reader, node, type, known, profile->document_count);
}

/* Each type must be known, occur once, and be optional for the client. */
static void group_types_check(struct reader *reader, const struct node *types, const struct profile *profile,
			      const struct document_group *group)
{
	for (size_t i = 0; i < group->type_count; i++) {
		const struct node element = node_element(types, i);
		const char *type = group->types[i];
		const struct document_spec *spec = profile_document(profile, type);
		if (*type && !spec)
			refuse_document_type(reader, &element, profile, type);
		else if (spec && spec->mandatory)
			reader_refuse(reader, &element,
				      "is '%s', which is mandatory; the group would always be complete", type);
		else if (spec && spec->on_request)
			reader_refuse(reader, &element, "is '%s', which is uploaded on request only", type);
		expect_distinct(reader, &element, group->types, i);
	}
	if (json_is_array(types->value) && group->type_count < 2)
		reader_refuse(reader, types,
			      "has %s; a group needs two document types or more (for one type, set mandatory)",
			      group->type_count ? "one document type" : "no document type");
}

static void group_read(struct reader *reader, const struct node *item, const struct profile *profile,
		       struct document_group *group)
{
	*group = (struct document_group){ .id = "", .title = "", .choices = "" };
	if (!expect_section(reader, item, "document_groups"))
		return;
	group->id = read_required_text(reader, item, "id");
	group->title = read_required_text(reader, item, "title");
	const struct node types = node_member(item, "any_of");
	if (!types.value)
		reader_refuse(reader, &types, "is required: two document types or more");
	group->types = read_texts(reader, item, "any_of", &group->type_count);
	group_types_check(reader, &types, profile, group);
	conditions_read(reader, item, "when", &group->when, &group->when_count);
	if (profile_document(profile, group->id))
		reader_refuse(reader, MEMBER(item, "id"),
			      "is '%s', which is already a document type; choose another id", group->id);
	group->choices = group_choices(reader->arena, profile, group);
	const struct document_spec *first = group->type_count ? profile_document(profile, group->types[0]) : NULL;
	group->as_row = (struct document_spec){
		.type = group->id,
		.title = arena_printf(reader->arena, "%s: %s", group->title, group->choices),
		.category = "",
		.guidance = "",
		.step_id = first ? first->step_id : "",
		.mandatory = true,
	};
}

static void groups_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	const struct node groups = node_member(root, "document_groups");
	profile->group_count = expect_list(reader, &groups, 100);
	profile->groups = arena_alloc_array(reader->arena, profile->group_count, sizeof *profile->groups);
	for (size_t i = 0; i < profile->group_count; i++) {
		const struct node item = node_element(&groups, i);
		group_read(reader, &item, profile, &profile->groups[i]);
		for (size_t j = 0; j < i; j++)
			expect_new_name(reader, &item, "id", profile->groups[i].id, profile->groups[j].id, j);
	}
}

void steps_and_documents_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	steps_read(reader, root, profile);
	document_rules_read(reader, root, profile);
	const struct node documents = node_member(root, "documents");
	profile->document_count = expect_list(reader, &documents, 1000);
	profile->documents = arena_alloc_array(reader->arena, profile->document_count, sizeof *profile->documents);
	for (size_t i = 0; i < profile->document_count; i++) {
		const struct node item = node_element(&documents, i);
		document_read(reader, &item, profile, &profile->documents[i]);
		for (size_t j = 0; j < i; j++)
			expect_new_name(reader, &item, "type", profile->documents[i].type,
					profile->documents[j].type, j);
	}
	groups_read(reader, root, profile);
	if (profile->submit_needs_mandatory) {
		const struct node node = { .parent = root, .key = "document_rules.submit_needs_mandatory" };
		bool any = profile->group_count > 0;
		for (size_t i = 0; i < profile->document_count; i++)
			any = any || profile->documents[i].mandatory;
		if (!any)
			reader_refuse(reader, &node, "is true, but no document is mandatory");
	}
}
