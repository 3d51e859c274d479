/*
 * Names that rules refer to must exist in the profile: fields of conditions, subdivisions and lists, types of
 * documents. Checked after everything is read.
 */
#include "profile_read.h"
#include "kybdesk/base/text.h"
#include <string.h>

struct names {
	struct reader *reader;
	const struct profile *profile;
};
struct level {
	const struct field_spec *fields;
	size_t count;
	const struct level *outer;
};

static const struct field_spec *level_find(const struct level *level, const char *name, size_t length)
{
	for (; level; level = level->outer)
		for (size_t i = 0; i < level->count; i++)
			if (strncmp(level->fields[i].id, name, length) == 0 && !level->fields[i].id[length])
				return &level->fields[i];
	return NULL;
}

static bool is_source(const char *name)
{
	size_t count;
	const char *const *known = field_sources(&count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(known[i], name) == 0)
			return true;
	return false;
}

/* Follows a path such as "addresses[].country" from a field inward. Returns the first unknown part; NULL: none. */
static const char *unknown_part(struct arena *arena, const struct level *level, const char *path)
{
	size_t length = strcspn(path, ".[");
	const struct field_spec *field = level_find(level, path, length);
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
	const struct level inner = { .fields = field->children, .count = field->child_count };
	return unknown_part(arena, &inner, path + 1);
}

static void refuse_name(struct names *names, const struct node *node, const struct level *level, const char *name)
{
	struct arena *arena = names->reader->arena;
	const char **known = NULL;
	size_t count = 0, capacity = 0, source_count;
	for (const struct level *at = level; at; at = at->outer)
		for (size_t i = 0; i < at->count; i++)
			*ARENA_PUSH(arena, known, count, capacity) = at->fields[i].id;
	const char *const *sources = field_sources(&source_count);
	for (size_t i = 0; i < source_count; i++)
		*ARENA_PUSH(arena, known, count, capacity) = sources[i];
	const char *nearest = text_nearest(name, known, count);
	reader_refuse(names->reader, node,
		      "is %s, which is not a field of the same object, a source or a path into a step%s%s%s",
		      quoted(arena, name), nearest ? "; did you mean '" : "", nearest ? nearest : "",
		      nearest ? "'?" : "");
}

static void step_path_check(struct names *names, const struct node *node, const char *name)
{
	struct arena *arena = names->reader->arena;
	const struct profile *profile = names->profile;
	const char *path = name + strlen("steps.");
	size_t length = strcspn(path, ".");
	const char **known = arena_alloc_array(arena, profile->step_count, sizeof *known);
	for (size_t i = 0; i < profile->step_count; i++) {
		const struct step_spec *step = &profile->steps[i];
		known[i] = step->id;
		if (strncmp(step->id, path, length) != 0 || step->id[length])
			continue;
		const struct level level = { .fields = step->fields, .count = step->field_count };
		const char *unknown = path[length] ? unknown_part(arena, &level, path + length + 1) : "";
		if (unknown)
			refuse_name(names, node, &level, unknown);
		return;
	}
	refuse_word(names->reader, node, arena_strndup(arena, path, length), known, profile->step_count);
}

static void name_check(struct names *names, const struct node *node, const struct level *level, const char *name)
{
	if (!*name || is_source(name))
		return;
	if (text_has_prefix(name, "steps."))
		step_path_check(names, node, name);
	else if (unknown_part(names->reader->arena, level, name))
		refuse_name(names, node, level, name);
}

static void conditions_check(struct names *names, const struct node *object, const char *key,
			     const struct level *level, const struct rule_condition *conditions, size_t count)
{
	const struct node node = node_member(object, key);
	for (size_t i = 0; i < count; i++) {
		const struct node item = json_is_array(node.value) ? node_element(&node, i) : node;
		name_check(names, MEMBER(&item, "field"), level, conditions[i].field);
	}
}

static void document_types_check(struct names *names, const struct node *array, const char *const *types,
				 size_t count)
{
	const struct profile *profile = names->profile;
	const char **known = arena_alloc_array(names->reader->arena, profile->document_count, sizeof *known);
	for (size_t i = 0; i < profile->document_count; i++)
		known[i] = profile->documents[i].type;
	for (size_t i = 0; i < count; i++) {
		const struct node element = node_element(array, i);
		if (*types[i] && !profile_document(profile, types[i]))
			refuse_word(names->reader, &element, types[i], known, profile->document_count);
	}
}

static void member_check(struct names *names, const struct node *item, const struct field_spec *field,
			 const struct field_rule *rule)
{
	const struct level level = { .fields = field->children, .count = field->child_count };
	if (field->child_count && *rule->of && !level_find(&level, rule->of, strlen(rule->of)))
		refuse_name(names, MEMBER(item, "of"), &level, rule->of);
}

static void level_check(struct names *names, const struct node *list, const struct level *level)
{
	for (size_t i = 0; i < level->count; i++) {
		const struct node item = node_element(list, i);
		const struct field_spec *field = &level->fields[i];
		for (size_t r = 0; r < field->rule_count; r++) {
			const struct node rule_node = node_element(MEMBER(&item, "rules"), r);
			const struct field_rule *rule = &field->rules[r];
			const struct node of = node_member(&rule_node, "of"),
					  types = node_member(&rule_node, "types");
			conditions_check(names, &rule_node, "when", level, rule->when, rule->when_count);
			if (rule->kind == RULE_SUBDIVISION)
				name_check(names, &of, level, rule->of);
			if (rule->kind == RULE_DOCUMENT)
				document_types_check(names, &types, rule->words, rule->word_count);
			if (rule->kind == RULE_AT_LEAST_ONE)
				member_check(names, &rule_node, field, rule);
		}
		const struct level inner = { .fields = field->children,
					     .count = field->child_count,
					     .outer = level };
		const struct node children = node_member(&item, field->type == FIELD_LIST ? "items" : "fields");
		level_check(names, &children, &inner);
	}
}

void names_check(struct reader *reader, const struct node *root, const struct profile *profile)
{
	struct names names = { .reader = reader, .profile = profile };
	const struct node steps = node_member(root, "steps"), parties = node_member(root, "parties"),
			  foreign = node_member(root, "foreign");
	for (size_t i = 0; i < profile->step_count; i++) {
		const struct node step = node_element(&steps, i), fields = node_member(&step, "fields");
		const struct level level = { .fields = profile->steps[i].fields,
					     .count = profile->steps[i].field_count };
		level_check(&names, &fields, &level);
	}
	const struct level level = { .fields = profile->parties.fields, .count = profile->parties.field_count };
	level_check(&names, MEMBER(&parties, "fields"), &level);
	const struct level nothing = { 0 };
	conditions_check(&names, &foreign, "when", &nothing, profile->foreign.when, profile->foreign.when_count);
	const struct node checks = node_member(root, "checks"), optional = node_member(&checks, "optional_when");
	for (size_t kind = 0; kind < CHECK_KIND_COUNT; kind++) {
		const struct optional_check *check = &profile->checks.optional[kind];
		conditions_check(&names, &optional, check_kind_text((enum check_kind)kind), &nothing, check->when,
				 check->when_count);
	}
	const struct node groups = node_member(root, "document_groups");
	for (size_t i = 0; i < profile->group_count; i++) {
		const struct node group = node_element(&groups, i);
		conditions_check(&names, &group, "when", &nothing, profile->groups[i].when,
				 profile->groups[i].when_count);
	}
	const struct node evidence = node_member(root, "evidence"), documents = node_member(&evidence, "documents");
	document_types_check(&names, &documents, profile->evidence.documents, profile->evidence.document_count);
}
