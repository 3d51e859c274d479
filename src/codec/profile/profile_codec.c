#include "profile_read.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/profile_keys.h"
#include "kybdesk/domain/session.h"

#include <string.h>

/* --- checks the names of fields and document types in rules and conditions, after the whole profile was read, because
 * a name may refer to a later part --- */

struct name_checker {
	struct reader *reader;
	const struct profile *profile;
};
struct name_scope {
	const struct field_spec *fields;
	size_t count;
	const struct name_scope *outer;
};

static const struct field_spec *scope_find_field(const struct name_scope *name_scope, const char *name, size_t length)
{
	for (; name_scope; name_scope = name_scope->outer)
		for (size_t i = 0; i < name_scope->count; i++)
			if (strncmp(name_scope->fields[i].id, name, length) == 0 && !name_scope->fields[i].id[length])
				return &name_scope->fields[i];
	return NULL;
}

/* Follows a path such as "addresses[].country" into a field. Returns the first unknown part; NULL: all are known. */
static const char *find_unknown_name(struct arena *arena, const struct name_scope *name_scope, const char *path)
{
	size_t length = strcspn(path, ".[");
	const struct field_spec *field = scope_find_field(name_scope, path, length);
	if (!field)
		return arena_strndup(arena, path, length);
	path += length;
	if (text_has_prefix(path, "[]"))
		path += 2;
	if (*path && *path != '.')
		return path;
	/* An object without declared fields accepts any members. */
	if (!*path || !field->child_count)
		return NULL;
	const struct name_scope inner = { .fields = field->children, .count = field->child_count };
	return find_unknown_name(arena, &inner, path + 1);
}

static void refuse_name(struct name_checker *name_checker, const struct node *node, const struct name_scope *name_scope,
			const char *name)
{
	struct arena *arena = name_checker->reader->arena;
	const char **known = NULL;
	size_t count = 0, capacity = 0, source_count;
	for (const struct name_scope *at = name_scope; at; at = at->outer)
		for (size_t i = 0; i < at->count; i++)
			*ARENA_PUSH(arena, known, count, capacity) = at->fields[i].id;
	const char *const *sources = field_sources(&source_count);
	for (size_t i = 0; i < source_count; i++)
		*ARENA_PUSH(arena, known, count, capacity) = sources[i];
	reader_refuse(name_checker->reader, node,
		      "is %s, which is not a field of the same object, a source or a path into a step%s",
		      quote_text(arena, name),
		      did_you_mean(name_checker->reader, text_find_nearest(name, known, count)));
}

static void step_path_check(struct name_checker *name_checker, const struct node *node, const char *name)
{
	struct arena *arena = name_checker->reader->arena;
	const struct profile *profile = name_checker->profile;
	const char *path = name + strlen("steps.");
	size_t length = strcspn(path, ".");
	const char **known = arena_alloc_array(arena, profile->step_count, sizeof *known);
	for (size_t i = 0; i < profile->step_count; i++) {
		const struct step_spec *step = &profile->steps[i];
		known[i] = step->id;
		if (strncmp(step->id, path, length) != 0 || step->id[length])
			continue;
		const struct name_scope name_scope = { .fields = step->fields, .count = step->field_count };
		const char *unknown = path[length] ? find_unknown_name(arena, &name_scope, path + length + 1) : "";
		if (unknown)
			refuse_name(name_checker, node, &name_scope, unknown);
		return;
	}
	refuse_word(name_checker->reader, node, arena_strndup(arena, path, length), known, profile->step_count);
}

static void name_check(struct name_checker *name_checker, const struct node *node, const struct name_scope *name_scope,
		       const char *name)
{
	size_t count;
	const char *const *sources = field_sources(&count);
	if (!*name || texts_contain(sources, count, name))
		return;
	if (text_has_prefix(name, "steps."))
		step_path_check(name_checker, node, name);
	else if (find_unknown_name(name_checker->reader->arena, name_scope, name))
		refuse_name(name_checker, node, name_scope, name);
}

static void conditions_check(struct name_checker *name_checker, const struct node *object, const char *key,
			     const struct name_scope *name_scope, const struct rule_condition *conditions, size_t count)
{
	const struct node node = node_member(object, key);
	for (size_t i = 0; i < count; i++) {
		const struct node item = json_is_array(node.value) ? node_element(&node, i) : node;
		name_check(name_checker, MEMBER(&item, "field"), name_scope, conditions[i].field);
	}
}

static void document_types_check(struct name_checker *name_checker, const struct node *array, const char *const *types,
				 size_t count)
{
	const struct profile *profile = name_checker->profile;
	for (size_t i = 0; i < count; i++)
		if (*types[i] && !profile_document(profile, types[i]))
			refuse_document_type(name_checker->reader, ELEMENT(array, i), profile, types[i]);
}

static void member_check(struct name_checker *name_checker, const struct node *item, const struct field_spec *field,
			 const struct field_rule *rule)
{
	const struct name_scope name_scope = { .fields = field->children, .count = field->child_count };
	if (field->child_count && *rule->referenced_field &&
	    !scope_find_field(&name_scope, rule->referenced_field, strlen(rule->referenced_field)))
		refuse_name(name_checker, MEMBER(item, "of"), &name_scope, rule->referenced_field);
}

static void scope_check_names(struct name_checker *name_checker, const struct node *list,
			      const struct name_scope *name_scope)
{
	for (size_t i = 0; i < name_scope->count; i++) {
		const struct node item = node_element(list, i);
		const struct field_spec *field = &name_scope->fields[i];
		for (size_t r = 0; r < field->rule_count; r++) {
			const struct node rule_node = node_element(MEMBER(&item, "rules"), r);
			const struct field_rule *rule = &field->rules[r];
			const struct node of = node_member(&rule_node, "of"), types = node_member(&rule_node, "types");
			conditions_check(name_checker, &rule_node, "when", name_scope, rule->when, rule->when_count);
			if (rule->kind == RULE_SUBDIVISION)
				name_check(name_checker, &of, name_scope, rule->referenced_field);
			if (rule->kind == RULE_DOCUMENT)
				document_types_check(name_checker, &types, rule->words, rule->word_count);
			if (rule->kind == RULE_AT_LEAST_ONE)
				member_check(name_checker, &rule_node, field, rule);
		}
		const struct name_scope inner = { .fields = field->children,
						  .count = field->child_count,
						  .outer = name_scope };
		scope_check_names(name_checker, MEMBER(&item, field->type == FIELD_LIST ? "items" : "fields"), &inner);
	}
}

static void names_check(struct reader *reader, const struct node *root, const struct profile *profile)
{
	struct name_checker name_checker = { .reader = reader, .profile = profile };
	const struct node steps = node_member(root, "steps"), parties = node_member(root, "parties"),
			  foreign = node_member(root, "foreign");
	for (size_t i = 0; i < profile->step_count; i++) {
		const struct node step = node_element(&steps, i), fields = node_member(&step, "fields");
		const struct name_scope name_scope = { .fields = profile->steps[i].fields,
						       .count = profile->steps[i].field_count };
		scope_check_names(&name_checker, &fields, &name_scope);
	}
	const struct name_scope name_scope = { .fields = profile->parties.fields,
					       .count = profile->parties.field_count };
	scope_check_names(&name_checker, MEMBER(&parties, "fields"), &name_scope);
	const struct name_scope nothing = { 0 };
	conditions_check(&name_checker, &foreign, "when", &nothing, profile->foreign.when, profile->foreign.when_count);
	const struct node checks = node_member(root, "checks"), optional = node_member(&checks, "optional_when");
	for (size_t kind = 0; kind < CHECK_KIND_COUNT; kind++) {
		const struct optional_check *check = &profile->checks.optional[kind];
		conditions_check(&name_checker, &optional, check_kind_text((enum check_kind)kind), &nothing,
				 check->when, check->when_count);
	}
	const struct node groups = node_member(root, "document_groups");
	for (size_t i = 0; i < profile->group_count; i++)
		conditions_check(&name_checker, ELEMENT(&groups, i), "when", &nothing, profile->groups[i].when,
				 profile->groups[i].when_count);
	const struct node evidence = node_member(root, "evidence"), documents = node_member(&evidence, "documents");
	document_types_check(&name_checker, &documents, profile->evidence.documents, profile->evidence.document_count);
}

/* --- the profile --- */

void expect_name(struct reader *reader, const struct node *object, const char *key, const char *marks)
{
	const struct node node = node_member(object, key);
	const char *text = json_string_value(node.value);
	if (!text)
		return;
	for (const char *at = text; *at; at++) {
		if ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || strchr(marks, *at))
			continue;
		reader_refuse(reader, &node, "is %s; allowed: lower-case letters, digits and %s",
			      quote_text(reader->arena, text), marks);
		return;
	}
}

bool expect_section(struct reader *reader, const struct node *node, const char *section)
{
	const char **known = arena_alloc_array(reader->arena, profile_key_count, sizeof *known);
	size_t count = 0;

	if (!expect_object(reader, node))
		return false;
	for (size_t i = 0; i < profile_key_count; i++)
		if (!strcmp(profile_keys[i].section, section))
			known[count++] = profile_keys[i].key;
	expect_keys(reader, node, known, count);
	return true;
}

bool open_section(struct reader *reader, const struct node *root, const char *key, struct node *section)
{
	*section = node_member(root, key);
	return section->value && expect_section(reader, section, key);
}

/* Reads "kind": one word, or a list if the profile is for sessions of both kinds. */
static void session_kinds_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	const struct node node = node_member(root, "kind");
	if (json_is_array(node.value)) {
		const struct node first = node_element(&node, 0);
		READ_WORD_SET(reader, root, "kind", session_kind, &profile->kinds);
		if (!first.value)
			reader_refuse(reader, &node, "is empty; allowed: kyb, kyc");
		else if (json_is_string(first.value))
			(void)session_kind_parse(json_string_value(first.value), &profile->kind);
		return;
	}
	(void)read_required_text(reader, root, "kind");
	READ_WORD(reader, root, "kind", session_kind, &profile->kind);
	profile->kinds = 1u << profile->kind;
}

static void profile_header_read(struct reader *reader, const struct node *root, struct profile *profile)
{
	profile->name = read_required_text(reader, root, "name");
	expect_name(reader, root, "name", "-");
	profile->title = read_required_text(reader, root, "title");
	profile->short_title = read_text(reader, root, "short_title");
	if (text_character_count(profile->short_title) > PROFILE_SHORT_TITLE_MAX)
		reader_refuse(reader, MEMBER(root, "short_title"), "is '%s'; at most %d characters are allowed",
			      profile->short_title, PROFILE_SHORT_TITLE_MAX);
	profile->provider = read_text(reader, root, "provider");
	profile->source = read_text(reader, root, "source");
	profile->version = read_integer(reader, root, "version", 1, INT32_MAX, 1);
	session_kinds_read(reader, root, profile);
	READ_WORD_SET(reader, root, "subject_kinds", subject_kind, &profile->subject_kinds);
	const struct node kinds = node_member(root, "subject_kinds");
	if (!kinds.value)
		reader_refuse(reader, &kinds, "is required; allowed: business, individual");
	else if (json_is_array(kinds.value) && !json_array_size(kinds.value))
		reader_refuse(reader, &kinds, "is empty; allowed: business, individual");
	profile->custom_tags_json = read_raw_json(reader, root, "custom_tags", JSON_OBJECT, "{}");
}

static void profile_set_defaults(struct profile *profile)
{
	profile->kind = KIND_KYC;
	profile->default_format_bits = (1u << FILE_FORMAT_COUNT) - 1;
	profile->default_max_bytes = 10 * 1024 * 1024;
	profile->manual_review = true;
	profile->processing_timeout_ms = 15 * MINUTE_MS;
	profile->review_ms = 48 * HOUR_MS;
	profile->alert_ms = 4 * HOUR_MS;
	profile->link_life_ms = 30 * DAY_MS;
	profile->retention_ms = 5 * 365 * DAY_MS + DAY_MS;
	profile->retention_sanctions_ms = 10 * 365 * DAY_MS + 3 * DAY_MS;
	profile->four_eyes_from_risk = RISK_NONE;
	profile->level_initial = profile->level_approved = "";
	profile->parties.owner_threshold_percent = "";
	profile->parties.workflow = "";
	profile->parties.roles = (1u << PARTY_ROLE_COUNT) - 1;
	profile->event_shape = SHAPE_STANDARD;
	profile->contradicted_reason_policy = CONTRADICTED_NOTE;
	profile->contradicted_hit_policy = CONTRADICTED_REFUSE;
}

static void return_mistakes(struct reader *reader, struct profile_mistake **mistakes, size_t *count)
{
	*mistakes = reader->mistakes;
	*count = reader->mistake_count;
}

void profile_read(struct arena *arena, const char *text, size_t length, const struct reasons *reasons,
		  struct profile **out, struct profile_mistake **mistakes, size_t *mistake_count)
{
	struct reader reader = { .arena = arena, .collects_mistakes = true, .origin = "" };
	struct error error = { 0 };
	*out = NULL;
	json_t *value = json_parse(text, length, &error);
	if (!value) {
		const struct node nowhere = { 0 };
		reader_refuse(&reader, &nowhere, "%s", error.message);
		error_release(&error);
		return_mistakes(&reader, mistakes, mistake_count);
		return;
	}
	struct profile *profile = arena_alloc(arena, sizeof *profile);
	const struct node root = node_root(value);
	profile_set_defaults(profile);
	profile->sha256 = sha256_text(arena, text, length);
	if (expect_section(&reader, &root, "")) {
		profile_header_read(&reader, &root, profile);
		steps_and_documents_read(&reader, &root, profile);
		rules_read(&reader, &root, reasons, profile);
		names_check(&reader, &root, profile);
	}
	json_decref(value);
	return_mistakes(&reader, mistakes, mistake_count);
	if (!reader.mistake_count)
		*out = profile;
}

enum err profile_set_error(const char *file, const struct profile_mistake *mistakes, size_t count, struct error *error)
{
	if (!count)
		BUG("no mistakes in %s", file);
	const char *path = mistakes[0].path;
	const char *between = *path ? ": " : "";
	if (count == 1)
		return error_set_field(error, ERR_INVALID, path, "%s: %s%s%s", file, path, between,
				       mistakes[0].message);
	return error_set_field(error, ERR_INVALID, path, "%s: %s%s%s (and %zu more)", file, path, between,
			       mistakes[0].message, count - 1);
}
