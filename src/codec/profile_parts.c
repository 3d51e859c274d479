/* A profile's steps with their fields and rules, and its documents. */
#include "profile_read.h"
#include "kybdesk/base/text.h"
#include <string.h>

/* What a rule may be called; the engine that applies them reads the same words. */
static const char *const rule_names[] = {
	"required", "min_length", "max_length", "pattern",  "one_of",  "country",    "subdivision",
	"date",	    "min_age",	  "integer",	"decimal",  "minimum", "maximum",    "percent",
	"digits",   "tax_number", "boolean",	"email",    "phone",   "url",	     "ip",
	"list",	    "items",	  "upper",	"document", "parties", "not_po_box",
};

static void rule_read(struct reader *reader, const struct node *item, struct field_rule *rule)
{
	*rule = (struct field_rule){ "", "null", "null", "", "" };
	if (!expect_object(reader, item))
		return;
	EXPECT_KEYS(reader, item, "rule", "argument", "when", "message", "seed");
	const struct node name = node_member(item, "rule");
	rule->name = read_required_text(reader, item, "rule");
	bool known = !*rule->name;
	for (size_t i = 0; i < sizeof rule_names / sizeof *rule_names; i++)
		known = known || strcmp(rule->name, rule_names[i]) == 0;
	if (!known)
		refuse_word(reader, &name, rule->name, rule_names, sizeof rule_names / sizeof *rule_names);
	const struct node argument = node_member(item, "argument");
	if (argument.value)
		rule->argument_json = json_kept_text(reader->arena, argument.value);
	struct node when;
	if (open_section(reader, item, "when", &when)) {
		EXPECT_KEYS(reader, &when, "field", "is", "is_not", "one_of");
		const char *field = read_required_text(reader, &when, "field");
		if (*field && json_object_size(when.value) != 2)
			reader_refuse(reader, &when, "needs field and one of is, is_not, one_of");
		rule->when_json = json_kept_text(reader->arena, when.value);
	}
	rule->message = read_text(reader, item, "message");
	rule->seed = read_text(reader, item, "seed");
}

static void expect_new_name(struct reader *reader, const struct node *item, const char *key, const char *name,
			    const char *earlier, size_t earlier_index)
{
	const struct node node = node_member(item, key);
	if (*name && strcmp(name, earlier) == 0)
		reader_refuse(reader, &node, "is '%s', as in element %zu already; each needs its own", name,
			      earlier_index);
}

static void field_read(struct reader *reader, const struct node *item, struct field_spec *field)
{
	*field = (struct field_spec){ .id = "", .title = "", .guidance = "" };
	if (!expect_object(reader, item))
		return;
	EXPECT_KEYS(reader, item, "id", "title", "guidance", "rules");
	field->id = read_required_text(reader, item, "id");
	field->title = read_text(reader, item, "title");
	field->guidance = read_text(reader, item, "guidance");
	const struct node rules = node_member(item, "rules");
	field->rule_count = expect_array(reader, &rules);
	field->rules = arena_alloc_array(reader->arena, field->rule_count, sizeof *field->rules);
	for (size_t i = 0; i < field->rule_count; i++) {
		const struct node rule = node_element(&rules, i);
		rule_read(reader, &rule, &field->rules[i]);
	}
}

static void step_read(struct reader *reader, const struct node *item, struct step_spec *step)
{
	*step = (struct step_spec){ .id = "", .title = "", .guidance = "" };
	if (!expect_object(reader, item))
		return;
	EXPECT_KEYS(reader, item, "id", "title", "guidance", "fields");
	step->id = read_required_text(reader, item, "id");
	expect_name(reader, item, "id", "_-");
	step->title = read_required_text(reader, item, "title");
	step->guidance = read_text(reader, item, "guidance");
	const struct node fields = node_member(item, "fields");
	step->field_count = expect_list(reader, &fields, 1000);
	step->fields = arena_alloc_array(reader->arena, step->field_count, sizeof *step->fields);
	for (size_t i = 0; i < step->field_count; i++) {
		const struct node field = node_element(&fields, i);
		field_read(reader, &field, &step->fields[i]);
		for (size_t j = 0; j < i; j++)
			expect_new_name(reader, &field, "id", step->fields[i].id, step->fields[j].id, j);
	}
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

/* Formats as bits; `absent` when there are none. */
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
	EXPECT_KEYS(reader, &rules, "other_documents", "formats", "max_bytes", "submit_needs_mandatory",
		    "submit_freezes");
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
	const struct node node = node_member(item, "step");
	refuse_word(reader, &node, step_id, known, profile->step_count);
}

static void document_read(struct reader *reader, const struct node *item, const struct profile *profile,
			  struct document_spec *document)
{
	*document =
		(struct document_spec){ .type = "", .category = "", .title = "", .guidance = "", .step_id = "" };
	if (!expect_object(reader, item))
		return;
	EXPECT_KEYS(reader, item, "type", "category", "title", "guidance", "step", "mandatory", "double_sided",
		    "formats", "max_bytes");
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
	document->formats = formats_read(reader, item, profile->default_formats);
	document->max_bytes = read_integer(reader, item, "max_bytes", 1, INT64_MAX, profile->default_max_bytes);
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
	if (profile->submit_needs_mandatory) {
		const struct node node = { .parent = root, .key = "document_rules.submit_needs_mandatory" };
		bool any = false;
		for (size_t i = 0; i < profile->document_count; i++)
			any = any || profile->documents[i].mandatory;
		if (!any)
			reader_refuse(reader, &node, "is true, but no document is mandatory");
	}
}
