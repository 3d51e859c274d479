/* Checks a case against the fields of its profile, and collects the violations. */
#include "kybdesk/domain/rules.h"
#include "kybdesk/base/text.h"
#include "rules_parts.h"

#include <string.h>

static const char *field_name(const struct field_spec *spec)
{
	return spec->title && *spec->title ? spec->title : spec->id;
}

static const char *field_label(struct inspection *inspection, const struct scope *scope, const struct field_spec *spec)
{
	if (!*scope->label)
		return field_name(spec);
	return arena_printf(inspection->arena, "%s: %s", scope->label, field_name(spec));
}

static const char *field_path(struct inspection *inspection, const struct scope *scope, const struct field_spec *spec)
{
	return arena_printf(inspection->arena, "%s.%s", scope->path, spec->id);
}

static struct rule_failure *add_path_failure(struct inspection *inspection, const char *path, const char *rule)
{
	struct rule_failures *out = inspection->out;
	struct rule_failure *failure = ARENA_PUSH(inspection->arena, out->items, out->count, out->capacity);

	*failure = (struct rule_failure){ .path = path,
					  .rule = rule,
					  .found_text = "nothing",
					  .allowed_text = "",
					  .message = "",
					  .sentence = "",
					  .source_document = inspection->input->profile->source };
	return failure;
}

static struct rule_failure *add_failure(struct inspection *inspection, const struct scope *scope,
					const struct field_spec *spec, const struct field_rule *rule)
{
	struct rule_failure *failure =
		add_path_failure(inspection, field_path(inspection, scope, spec), rule_kind_text(rule->kind));

	failure->allowed_text = rule_allowed_text(inspection->arena, rule);
	failure->sentence = rule->message;
	failure->source_document = rule->source_document;
	return failure;
}

/* Checks presence, before all other rules: the form of a missing value cannot be checked. */
static bool check_presence(struct inspection *inspection, const struct scope *scope, const struct field_spec *spec,
			   const struct value *value)
{
	struct arena *arena = inspection->arena;
	bool empty = value_is_empty(value) || (value->kind == VALUE_LIST && !value->count);

	for (size_t i = 0; i < spec->rule_count; i++) {
		const struct field_rule *rule = &spec->rules[i];
		bool required = rule->kind == RULE_REQUIRED && !inspection->input->partial;
		const char *label, *when;
		struct rule_failure *failure;

		if (!(required && empty) && !(rule->kind == RULE_NOT_ACCEPTED && !empty))
			continue;
		if (!rule_applies(inspection, scope, rule))
			continue;
		label = field_label(inspection, scope, spec);
		when = rule_when_text(arena, rule);
		failure = add_failure(inspection, scope, spec, rule);
		if (required) {
			failure->message =
				arena_printf(arena, "%s is missing; it is required%s%s", label, *when ? " " : "", when);
		} else {
			failure->found_text = value_display_text(inspection, spec, value);
			failure->message = arena_printf(arena, "%s is not accepted here%s%s; leave it out", label,
							*when ? " " : "", when);
		}
		return false;
	}
	return true;
}

/* The type of a field; if the field sets no type, the type that its rules imply. */
static enum field_type field_type_of(const struct field_spec *spec)
{
	if (spec->type != FIELD_ANY)
		return spec->type;
	for (size_t i = 0; i < spec->rule_count; i++) {
		enum rule_kind kind = spec->rules[i].kind;

		if (rule_tests_text(kind))
			return FIELD_TEXT;
		if (kind == RULE_LIST || kind == RULE_AT_LEAST_ONE || kind == RULE_PARTIES)
			return FIELD_LIST;
	}
	return FIELD_ANY;
}

/* The value_kind of FIELD_ANY is not used: any kind is valid. */
static const struct {
	const char *words;
	enum value_kind kind;
} types[] = {
	[FIELD_ANY] = { "anything", VALUE_NULL },	   [FIELD_TEXT] = { "a text", VALUE_TEXT },
	[FIELD_BOOLEAN] = { "true or false", VALUE_BOOL }, [FIELD_OBJECT] = { "an object", VALUE_OBJECT },
	[FIELD_LIST] = { "a list", VALUE_LIST },
};

static bool check_value_type(struct inspection *inspection, const struct value *value, enum field_type type,
			     const char *path, const char *label)
{
	struct rule_failure *failure;

	if (type == FIELD_ANY || value->kind == types[type].kind)
		return true;
	failure = add_path_failure(inspection, path, "type");
	failure->found_text = value_kind_phrase(value);
	failure->allowed_text = types[type].words;
	failure->message = arena_printf(inspection->arena, "%s is %s; allowed: %s", label, failure->found_text,
					failure->allowed_text);
	return false;
}

static void check_field_rules(struct inspection *inspection, const struct scope *scope, const struct field_spec *spec,
			      const struct value *value)
{
	struct arena *arena = inspection->arena;

	for (size_t i = 0; i < spec->rule_count; i++) {
		const struct field_rule *rule = &spec->rules[i];
		struct rule_failure *failure;
		struct verdict verdict;

		if (rule->kind == RULE_REQUIRED || rule->kind == RULE_NOT_ACCEPTED)
			continue;
		/* For an empty text, only the length rule applies. */
		if (value_is_empty(value) && rule->kind != RULE_LENGTH)
			continue;
		if (!rule_applies(inspection, scope, rule) ||
		    rule_holds(inspection, scope, spec, rule, value, &verdict))
			continue;
		failure = add_failure(inspection, scope, spec, rule);
		if (verdict.path)
			failure->path = verdict.path;
		failure->found_text = verdict.found;
		failure->allowed_text = verdict.allowed;
		failure->message = arena_printf(arena, "%s %s; allowed: %s", field_label(inspection, scope, spec),
						verdict.problem, verdict.allowed);
		if (verdict.nearest_word && *verdict.nearest_word)
			failure->message =
				arena_printf(arena, "%s; did you mean '%s'?", failure->message, verdict.nearest_word);
	}
}

static void fields_check(struct inspection *inspection, const struct scope *scope);

static void children_check(struct inspection *inspection, const struct scope *scope, const struct field_spec *spec,
			   const struct value *value)
{
	struct arena *arena = inspection->arena;
	const char *path = field_path(inspection, scope, spec), *label = field_label(inspection, scope, spec);
	struct scope inner = { .specs = spec->children,
			       .count = spec->child_count,
			       .object = value,
			       .outer_scope = scope,
			       .path = path,
			       .label = label };

	if (value->kind == VALUE_OBJECT) {
		fields_check(inspection, &inner);
		return;
	}
	for (size_t i = 0; value->kind == VALUE_LIST && i < value->count && inspection->out->count < RULE_FAILURES_MAX;
	     i++) {
		inner.object = &value->items[i];
		inner.path = arena_printf(arena, "%s[%zu]", path, i);
		inner.label = arena_printf(arena, "%s %zu", label, i + 1);
		if (check_value_type(inspection, inner.object, FIELD_OBJECT, inner.path, inner.label))
			fields_check(inspection, &inner);
	}
}

/* A missing object counts as an empty object if members of the case can supply its fields. */
static const struct value *object_or_empty(const struct field_spec *spec, const struct value *value)
{
	static const struct value nothing = { .kind = VALUE_OBJECT, .text = "" };

	if (!value_is_empty(value) || spec->type != FIELD_OBJECT)
		return value;
	for (size_t i = 0; i < spec->child_count; i++) {
		if (spec->children[i].source_count)
			return &nothing;
	}
	return value;
}

static void boolean_field_check(struct inspection *inspection, const struct scope *scope, const struct field_spec *spec)
{
	struct rule_failure *failure;
	struct verdict verdict;

	if (sources_agree(inspection, scope, spec, &verdict))
		return;
	failure = add_path_failure(inspection, field_path(inspection, scope, spec), "from");
	failure->found_text = verdict.found;
	failure->allowed_text = verdict.allowed;
	failure->message = arena_printf(inspection->arena, "%s %s; both must be the same",
					field_label(inspection, scope, spec), verdict.problem);
}

static void field_check(struct inspection *inspection, const struct scope *scope, const struct field_spec *spec)
{
	const struct value *value = object_or_empty(spec, scope_value(inspection, scope, spec));

	if (!check_presence(inspection, scope, spec, value) || !value || value->kind == VALUE_NULL)
		return;
	if (!check_value_type(inspection, value, field_type_of(spec), field_path(inspection, scope, spec),
			      field_label(inspection, scope, spec)))
		return;
	boolean_field_check(inspection, scope, spec);
	check_field_rules(inspection, scope, spec, value);
	if (spec->child_count)
		children_check(inspection, scope, spec, value);
}

static void fields_check(struct inspection *inspection, const struct scope *scope)
{
	for (size_t i = 0; i < scope->count && inspection->out->count < RULE_FAILURES_MAX; i++)
		field_check(inspection, scope, &scope->specs[i]);
}

void rules_check_step(struct arena *arena, const struct rules_input *input, const struct step_spec *step,
		      const struct value *fields, struct rule_failures *out)
{
	struct inspection inspection = { .arena = arena, .input = input, .out = out };
	const struct scope scope = { .specs = step->fields,
				     .count = step->field_count,
				     .object = fields,
				     .path = arena_printf(arena, "steps.%s", step->id),
				     .label = "" };

	fields_check(&inspection, &scope);
}

/* Refuses a control role of a company. Checks the role of a person against the list in the profile; a failure then
 * names the field as the profile does. */
static void control_role_check(struct inspection *inspection, const struct scope *scope)
{
	const struct party_rules *rules = &inspection->input->profile->parties;
	const struct field_rule rule = { .kind = RULE_ONE_OF,
					 .words = rules->control_roles,
					 .word_count = rules->control_role_count,
					 .minimum_text = "",
					 .maximum_text = "",
					 .message = "",
					 .source_document = inspection->input->profile->source };
	static const char *const source = "party.control_role";
	struct field_spec spec = { .id = "control_role",
				   .title = "",
				   .sources = (const char **)&source,
				   .source_count = 1,
				   .is_public = true };

	if (inspection->party->kind == PARTY_COMPANY && *inspection->party->control_role) {
		struct rule_failure *failure = add_path_failure(
			inspection, arena_printf(inspection->arena, "%s.control_role", scope->path), "control_role");

		failure->found_text = arena_printf(inspection->arena, "'%s'", inspection->party->control_role);
		failure->allowed_text = "no control role for a company";
		failure->message = arena_printf(inspection->arena,
						"%s is a company and has the control role '%s'; assign the role to the "
						"natural person who acts for the company",
						inspection->party->name, inspection->party->control_role);
		return;
	}
	if (!rules->control_role_count)
		return;
	for (size_t i = 0; i < rules->field_count; i++) {
		if (!rules->fields[i].source_count || strcmp(rules->fields[i].sources[0], source) != 0)
			continue;
		spec.id = rules->fields[i].id;
		spec.title = rules->fields[i].title;
	}
	const struct value *role = scope_value(inspection, scope, &spec);
	if (value_is_empty(role))
		return;
	spec.rules = (struct field_rule *)&rule;
	spec.rule_count = 1;
	check_field_rules(inspection, scope, &spec, role);
}

static void roles_check(struct inspection *inspection, const struct scope *scope)
{
	const struct party *party = inspection->party;
	unsigned allowed = inspection->input->profile->parties.roles;
	struct arena *arena = inspection->arena;

	for (unsigned role = 0; allowed && role < PARTY_ROLE_COUNT; role++) {
		struct rule_failure *failure;

		if (!(party->roles & (1u << role)) || (allowed & (1u << role)))
			continue;
		failure = add_path_failure(inspection, arena_printf(arena, "%s.roles", scope->path), "roles");
		failure->found_text = arena_printf(arena, "'%s'", party_role_text((enum party_role)role));
		failure->message =
			arena_printf(arena, "%s: the role %s is not a role of this workflow; remove the role",
				     party->name, party_role_text((enum party_role)role));
	}
}

bool party_has_fields(const struct profile *profile, enum party_kind kind)
{
	return !profile->parties.field_kind_bits || (profile->parties.field_kind_bits & (1u << kind));
}

void rules_check_party(struct arena *arena, const struct rules_input *input, const struct party *party, size_t index,
		       struct rule_failures *out)
{
	struct inspection inspection = { .arena = arena, .input = input, .out = out, .party = party };
	const struct scope scope = { .specs = input->profile->parties.fields,
				     .count = input->profile->parties.field_count,
				     .object = party->values,
				     .path = arena_printf(arena, "parties[%zu]", index),
				     .label =
					     *party->name ? party->name : arena_printf(arena, "Party %zu", index + 1) };

	if (party_has_fields(input->profile, party->kind))
		fields_check(&inspection, &scope);
	control_role_check(&inspection, &scope);
	roles_check(&inspection, &scope);
}

static void party_count_check(struct inspection *inspection)
{
	const struct profile *profile = inspection->input->profile;
	size_t count = case_person_count(inspection->input->file), most = profile->parties.max_parties;
	struct rule_failure *failure;

	if (!most || count <= most)
		return;
	failure = add_path_failure(inspection, "parties", "list");
	failure->found_text = arena_printf(inspection->arena, "%zu persons", count);
	failure->allowed_text = arena_printf(inspection->arena, "at most %zu", most);
	failure->message = arena_printf(
		inspection->arena, "There are %zu persons among the parties; at most %zu are allowed", count, most);
}

/* Reports each document that has a back although its type is single-sided, and each with another category than its
 * type has in the profile, because the reviewer's lists and the provider's API group documents by it. */
static void documents_check(struct inspection *inspection)
{
	const struct case_file *file = inspection->input->file;
	struct arena *arena = inspection->arena;

	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];
		const struct document_spec *spec = profile_document(inspection->input->profile, document->type);
		const char *title = spec && *spec->title ? spec->title : document->type;
		struct rule_failure *failure;

		if (!spec || document->replaced)
			continue;
		if (!spec->double_sided && document->double_sided) {
			failure = add_path_failure(inspection, arena_printf(arena, "documents[%zu].side", i),
						   "double_sided");
			failure->found_text = "'back'";
			failure->allowed_text = "one side";
			failure->message = arena_printf(
				arena, "%s has a back, but this type is single-sided; remove the back", title);
		}
		if (!spec->category || !*spec->category || !*document->category ||
		    !strcmp(spec->category, document->category))
			continue;
		failure = add_path_failure(inspection, arena_printf(arena, "documents[%zu].category", i), "category");
		failure->found_text = arena_printf(arena, "'%s'", document->category);
		failure->allowed_text = spec->category;
		failure->message = arena_printf(arena, "%s has the category '%s'; allowed: %s", title,
						document->category, spec->category);
	}
}

void rules_check_case(struct arena *arena, const struct rules_input *input, struct rule_failures *out)
{
	struct inspection inspection = { .arena = arena, .input = input, .out = out };
	const struct case_file *file = input->file;

	for (size_t i = 0; i < input->profile->step_count; i++) {
		const struct step_spec *spec = &input->profile->steps[i];
		const struct step *step = case_step(file, spec->id);

		rules_check_step(arena, input, spec, step ? step->values : NULL, out);
	}
	party_count_check(&inspection);
	for (size_t i = 0; i < file->party_count; i++)
		rules_check_party(arena, input, &file->parties[i], i, out);
	documents_check(&inspection);
}

const struct value *rules_step_value(struct arena *arena, const struct rules_input *input, const char *step,
				     const char *field)
{
	struct inspection inspection = { .arena = arena, .input = input };
	const struct step_spec *spec = profile_step(input->profile, step);
	const struct step *own = case_step(input->file, step);
	const struct scope scope = { .object = own ? own->values : NULL, .path = "", .label = "" };
	for (size_t i = 0; spec && i < spec->field_count; i++) {
		if (!strcmp(spec->fields[i].id, field))
			return scope_value(&inspection, &scope, &spec->fields[i]);
	}
	return value_member(scope.object, field);
}

bool rules_conditions_hold(struct arena *arena, const struct rules_input *input,
			   const struct rule_condition *conditions, size_t count)
{
	struct rule_failures unused = { 0 };
	struct inspection inspection = { .arena = arena, .input = input, .out = &unused };

	return conditions_hold(&inspection, NULL, conditions, count);
}

static bool step_values_are_known(const struct rules_input *input)
{
	for (size_t i = 0; i < input->file->step_count; i++) {
		if (!input->file->steps[i].values)
			return false;
	}
	return input->countries != NULL;
}

unsigned rules_required_check_bits(struct arena *arena, const struct rules_input *input)
{
	const struct check_rules *rules = &input->profile->checks;
	unsigned required = rules->required_kind_bits;

	if (!step_values_are_known(input))
		return required;
	for (size_t kind = 0; kind < CHECK_KIND_COUNT; kind++) {
		const struct optional_check *optional = &rules->optional[kind];

		if (optional->when_count && rules_conditions_hold(arena, input, optional->when, optional->when_count))
			required &= ~(1u << kind);
	}
	return required;
}

/* A value in a wrong form is not converted; the field rule reports such a value. */
static bool has_allowed_country_format(const struct field_spec *field, const struct country *country, const char *text)
{
	for (size_t i = 0; i < field->rule_count; i++) {
		if (field->rules[i].kind == RULE_COUNTRY && !country_format_is_allowed(&field->rules[i], country, text))
			return false;
	}
	return true;
}

const char *field_normalize(struct arena *arena, const struct field_spec *field, const struct countries *countries,
			    const char *text)
{
	struct strbuf upper = STRBUF_INIT;
	const struct country *country;
	const char *stored = text;

	switch (field->store) {
	case STORE_UNCHANGED:
		break;
	case STORE_UPPER:
		text_add_upper(&upper, text, strlen(text));
		stored = strbuf_finish(&upper, arena);
		break;
	case STORE_ALPHA3:
		country = countries ? country_find(countries, text) : NULL;
		if (country && has_allowed_country_format(field, country, text))
			stored = country->alpha3;
		break;
	}
	return stored;
}
