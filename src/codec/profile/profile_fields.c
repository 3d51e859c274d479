/* A profile's fields and their rules (docs/profiles.md, "Steps and fields"). */
#include "profile_read.h"
#include "kybdesk/base/decimal.h"
#include "kybdesk/base/text.h"
#include <regex.h>
#include <string.h>

#define FIELD_DEPTH_MAX 8
#define LIMIT_MAX 1000000

static void read_limits(struct reader *reader, const struct node *item, struct field_rule *rule)
{
	rule->minimum = read_integer(reader, item, "min", 0, LIMIT_MAX, RULE_NO_LIMIT);
	rule->maximum = read_integer(reader, item, "max", 0, LIMIT_MAX, RULE_NO_LIMIT);
	const struct node least = node_member(item, "min"), most = node_member(item, "max");
	if (!least.value && !most.value)
		reader_refuse(reader, item, "needs min, max or both");
	if (rule->minimum != RULE_NO_LIMIT && rule->maximum != RULE_NO_LIMIT && rule->maximum < rule->minimum)
		reader_refuse(reader, &most, "is %lld, but min is %lld", (long long)rule->maximum,
			      (long long)rule->minimum);
}

static const char *read_decimal(struct reader *reader, const struct node *item, const char *key, struct decimal *value)
{
	const struct node node = node_member(item, key);
	const char *text = node_decimal(reader, &node, "limits", "100");
	if (!*text || decimal_parse(value, text))
		return text;
	reader_refuse(reader, &node, "is %s; allowed: a decimal such as \"25.5\"", quote_text(reader->arena, text));
	return "";
}

static void read_decimal_limits(struct reader *reader, const struct node *item, struct field_rule *rule)
{
	struct decimal *least = decimal_new(), *most = decimal_new();
	rule->minimum_text = read_decimal(reader, item, "min", least);
	rule->maximum_text = read_decimal(reader, item, "max", most);
	if (*rule->minimum_text && *rule->maximum_text && decimal_compare(most, least) < 0)
		reader_refuse(reader, MEMBER(item, "max"), "is '%s', but min is '%s'", rule->maximum_text,
			      rule->minimum_text);
	decimal_free(most);
	decimal_free(least);
}

/* Words of a short fixed list as bits, in the order of the list. */
static unsigned read_word_bits(struct reader *reader, const struct node *item, const char *key,
			       const char *const *words, size_t count)
{
	const struct node array = node_member(item, key);
	size_t present = expect_array(reader, &array);
	unsigned bits = 0;
	for (size_t i = 0; i < present; i++) {
		const struct node element = node_element(&array, i);
		const char *word = node_text(reader, &element);
		size_t at = 0;
		while (at < count && strcmp(words[at], word) != 0)
			at++;
		if (at < count)
			bits |= 1u << at;
		else
			refuse_word(reader, &element, word, words, count);
	}
	return bits;
}

static void read_word_list(struct reader *reader, const struct node *item, const char *key, struct field_rule *rule)
{
	const struct node array = node_member(item, key);
	rule->words = read_texts(reader, item, key, &rule->word_count);
	if (json_is_array(array.value) && !rule->word_count)
		reader_refuse(reader, &array, "is empty");
	for (size_t i = 0; i < rule->word_count; i++)
		expect_distinct_text(reader, ELEMENT(&array, i), rule->words, i);
}

static void read_characters(struct reader *reader, const struct node *item, struct field_rule *rule)
{
	static const char *const classes[] = { "letters", "digits", "spaces" };
	static const char *const firsts[] = { "letter" };
	rule->characters = read_word_bits(reader, item, "allow", classes, 3);
	rule->other_characters = read_text(reader, item, "others");
	const struct node others = node_member(item, "others"), first = node_member(item, "first");
	for (const char *c = rule->other_characters; *c; c++)
		if ((unsigned char)*c >= 0x80 || (unsigned char)*c < ' ') {
			reader_refuse(reader, &others, "may contain only printable ASCII characters");
			break;
		}
	const struct node allow = node_member(item, "allow");
	if (!rule->characters && !*rule->other_characters &&
	    !(json_is_array(allow.value) && json_array_size(allow.value)))
		reader_refuse(reader, item, "allows no character; add some in 'allow' or 'others'");
	const char *word = node_text(reader, &first);
	if (*word && strcmp(word, "letter") != 0)
		refuse_word(reader, &first, word, firsts, 1);
	rule->starts_with_letter = strcmp(word, "letter") == 0;
}

static void read_pattern(struct reader *reader, const struct node *item, struct field_rule *rule)
{
	regex_t compiled;
	char why[128];
	rule->pattern = read_text(reader, item, "pattern");
	rule->meaning = read_text(reader, item, "says");
	if (!*rule->pattern)
		return;
	int code = regcomp(&compiled, rule->pattern, REG_EXTENDED | REG_NOSUB);
	if (!code) {
		regfree(&compiled);
		return;
	}
	regerror(code, &compiled, why, sizeof why);
	reader_refuse(reader, MEMBER(item, "pattern"), "is %s, which is not a POSIX extended regular expression: %s",
		      quote_text(reader->arena, rule->pattern), why);
}

static void read_country_rule(struct reader *reader, const struct node *item, struct field_rule *rule)
{
	static const char *const forms[] = { "alpha2", "alpha3", "name" };
	const struct node node = node_member(item, "forms");
	rule->country_form_bits = read_word_bits(reader, item, "forms", forms, 3);
	if (json_is_array(node.value) && !json_array_size(node.value))
		reader_refuse(reader, &node, "is empty; allowed: alpha2, alpha3, name");
	read_word_list(reader, item, "or", rule);
}

/* Reads the list of allowed values of a field: `types` for documents, otherwise `values`. */
static void read_allowed_words(struct reader *reader, const struct node *item, struct field_rule *rule)
{
	read_word_list(reader, item, rule->kind == RULE_DOCUMENT ? "types" : "values", rule);
}

static void read_operand(struct reader *reader, const struct node *item, struct field_rule *rule)
{
	rule->referenced_field = read_text(reader, item, "of");
	if (rule->kind == RULE_AT_LEAST_ONE)
		read_allowed_words(reader, item, rule);
}

static void read_history_flag(struct reader *reader, const struct node *item, struct field_rule *rule)
{
	rule->must_not_be_future = read_bool(reader, item, "past", false);
}

static void read_scheme(struct reader *reader, const struct node *item, struct field_rule *rule)
{
	READ_WORD(reader, item, "scheme", check_scheme, &rule->scheme);
}

/* For each kind of rule: the keys that only this kind has, the required key (NULL: none), and their reader. */
static const struct rule_keys {
	const char *keys[3];
	const char *required_key;
	void (*read)(struct reader *reader, const struct node *item, struct field_rule *rule);
} rule_keys[RULE_KIND_COUNT] = {
	[RULE_LENGTH] = { { "min", "max" }, NULL, read_limits },
	[RULE_CHARACTERS] = { { "allow", "others", "first" }, NULL, read_characters },
	[RULE_PATTERN] = { { "pattern", "says" }, "pattern", read_pattern },
	[RULE_ONE_OF] = { { "values" }, "values", read_allowed_words },
	[RULE_COUNTRY] = { { "forms", "or" }, "forms", read_country_rule },
	[RULE_SUBDIVISION] = { { "of" }, "of", read_operand },
	[RULE_DATE] = { { "past" }, NULL, read_history_flag },
	[RULE_AGE] = { { "min", "max" }, NULL, read_limits },
	[RULE_DECIMAL] = { { "min", "max" }, NULL, read_decimal_limits },
	[RULE_INTEGER] = { { "min", "max" }, NULL, read_decimal_limits },
	[RULE_CHECK_DIGITS] = { { "scheme" }, "scheme", read_scheme },
	[RULE_DOCUMENT] = { { "types" }, "types", read_allowed_words },
	[RULE_LIST] = { { "min", "max" }, NULL, read_limits },
	[RULE_AT_LEAST_ONE] = { { "of", "values" }, "of", read_operand },
};
static const char *const common_rule_keys[] = { "rule", "when", "message", "seed" };
#define COMMON_RULE_KEY_COUNT (sizeof common_rule_keys / sizeof *common_rule_keys)

static void expect_rule_keys(struct reader *reader, const struct node *item, enum rule_kind kind)
{
	const char *known[COMMON_RULE_KEY_COUNT + 3];
	size_t count = COMMON_RULE_KEY_COUNT;
	memcpy(known, common_rule_keys, sizeof common_rule_keys);
	for (size_t i = 0; i < 3 && rule_keys[kind].keys[i]; i++)
		known[count++] = rule_keys[kind].keys[i];
	expect_keys(reader, item, known, count);
	if (!rule_keys[kind].required_key)
		return;
	const struct node needed = node_member(item, rule_keys[kind].required_key);
	if (!needed.value)
		reader_refuse(reader, &needed, "is required for the rule %s", rule_kind_text(kind));
}

/* Reads a string, or an array of strings. */
static void read_condition_words(struct reader *reader, const struct node *item, const char *key,
				 struct rule_condition *condition)
{
	const struct node node = node_member(item, key);
	if (json_is_array(node.value)) {
		condition->words = read_texts(reader, item, key, &condition->word_count);
		if (!condition->word_count)
			reader_refuse(reader, &node, "is empty");
		return;
	}
	condition->words = arena_alloc_array(reader->arena, 1, sizeof *condition->words);
	condition->words[0] = node_text(reader, &node);
	condition->word_count = 1;
}

static void condition_read(struct reader *reader, const struct node *item, struct rule_condition *condition)
{
	*condition = (struct rule_condition){ .field = "" };
	if (!expect_section(reader, item, "when"))
		return;
	size_t count, present = 0;
	const char *const *kinds = condition_kind_words(&count);
	condition->field = read_required_text(reader, item, "field");
	for (size_t i = 0; i < count; i++) {
		const struct node node = node_member(item, kinds[i]);
		if (!node.value)
			continue;
		present++;
		condition->kind = (enum condition_kind)i;
		if (condition->kind == CONDITION_PRESENT) {
			condition->words = arena_alloc_array(reader->arena, 1, sizeof *condition->words);
			condition->words[0] = read_bool(reader, item, kinds[i], true) ? "true" : "false";
			condition->word_count = 1;
		} else {
			read_condition_words(reader, item, kinds[i], condition);
		}
	}
	/* An unknown key was already reported, and is probably the missing key, misspelled: only one error is shown. */
	const size_t known = present + (json_object_get(item->value, "field") != NULL);
	if (present > 1 || (!present && json_object_size(item->value) == known))
		reader_refuse(reader, item,
			      "needs 'field' and one of 'is', 'is_not', 'country_is', 'country_is_not', 'given'");
}

void conditions_read(struct reader *reader, const struct node *object, const char *key,
		     struct rule_condition **conditions, size_t *count)
{
	const struct node node = node_member(object, key);
	*count = 0;
	*conditions = NULL;
	if (!node.value)
		return;
	if (!json_is_array(node.value)) {
		*count = 1;
		*conditions = arena_alloc(reader->arena, sizeof **conditions);
		condition_read(reader, &node, *conditions);
		return;
	}
	*count = expect_list(reader, &node, 20);
	*conditions = arena_alloc_array(reader->arena, *count, sizeof **conditions);
	for (size_t i = 0; i < *count; i++)
		condition_read(reader, ELEMENT(&node, i), &(*conditions)[i]);
}

static void rule_read(struct reader *reader, const struct node *item, struct field_rule *rule)
{
	*rule = (struct field_rule){ .minimum = RULE_NO_LIMIT,
				     .maximum = RULE_NO_LIMIT,
				     .minimum_text = "",
				     .maximum_text = "",
				     .pattern = "",
				     .meaning = "",
				     .other_characters = "",
				     .referenced_field = "",
				     .message = "",
				     .source_document = "" };
	if (!expect_object(reader, item))
		return;
	const char *name = read_required_text(reader, item, "rule");
	if (!rule_kind_parse(name, &rule->kind)) {
		size_t count;
		const char *const *known = rule_kind_words(&count);
		if (*name)
			refuse_word(reader, MEMBER(item, "rule"), name, known, count);
		return;
	}
	expect_rule_keys(reader, item, rule->kind);
	if (rule_keys[rule->kind].read)
		rule_keys[rule->kind].read(reader, item, rule);
	conditions_read(reader, item, "when", &rule->when, &rule->when_count);
	rule->message = read_text(reader, item, "message");
	rule->source_document = read_text(reader, item, "seed");
}

static void expect_source(struct reader *reader, const struct node *node, const char *from, bool allows_party)
{
	size_t count;
	const char *const *known = field_sources(&count);
	if (!texts_contain(known, count, from))
		refuse_word(reader, node, from, known, count);
	else if (!allows_party && text_has_prefix(from, "party."))
		reader_refuse(reader, node, "is '%s', but values of a party are allowed only in parties.fields", from);
}

/* One source or several: the first source with a value is used. */
static void sources_read(struct reader *reader, const struct node *item, struct field_spec *field, bool allows_party)
{
	const struct node node = node_member(item, "from");
	if (json_is_array(node.value)) {
		field->sources = read_texts(reader, item, "from", &field->source_count);
		for (size_t i = 0; i < field->source_count; i++)
			if (*field->sources[i])
				expect_source(reader, ELEMENT(&node, i), field->sources[i], allows_party);
		return;
	}
	const char *from = node_text(reader, &node);
	if (!*from)
		return;
	expect_source(reader, &node, from, allows_party);
	field->sources = arena_alloc_array(reader->arena, 1, sizeof *field->sources);
	field->sources[0] = from;
	field->source_count = 1;
}

static void field_read(struct reader *reader, const struct node *item, struct field_spec *field,
		       struct field_scope place)
{
	*field = (struct field_spec){ .id = "", .title = "", .guidance = "" };
	if (!expect_section(reader, item, "fields"))
		return;
	field->id = read_required_text(reader, item, "id");
	field->title = read_text(reader, item, "title");
	field->guidance = read_text(reader, item, "guidance");
	sources_read(reader, item, field, place.allows_party);
	READ_WORD(reader, item, "type", field_type, &field->type);
	READ_WORD(reader, item, "store", field_store, &field->store);
	field->is_public =
		read_bool(reader, item, "public", place.is_public) && !read_bool(reader, item, "personal", false);
	const struct node rules = node_member(item, "rules");
	field->rule_count = expect_list(reader, &rules, 100);
	field->rules = arena_alloc_array(reader->arena, field->rule_count, sizeof *field->rules);
	for (size_t i = 0; i < field->rule_count; i++)
		rule_read(reader, ELEMENT(&rules, i), &field->rules[i]);
	const struct node members = node_member(item, "fields"), items = node_member(item, "items");
	if (members.value && items.value) {
		reader_refuse(reader, &items,
			      "cannot be combined with 'fields'; a list has 'items', an object has 'fields'");
		return;
	}
	if (!members.value && !items.value)
		return;
	if (place.depth == FIELD_DEPTH_MAX) {
		reader_refuse(reader, item, "is nested too deep; at most %d levels are allowed", FIELD_DEPTH_MAX);
		return;
	}
	enum field_type implied = items.value ? FIELD_LIST : FIELD_OBJECT;
	const struct node type = node_member(item, "type");
	if (type.value && field->type != implied)
		reader_refuse(reader, &type, "is '%s', but with the key '%s' it must be '%s'",
			      field_type_text(field->type), items.value ? "items" : "fields", field_type_text(implied));
	field->type = implied;
	fields_read(reader, item, items.value ? "items" : "fields", &field->children, &field->child_count,
		    (struct field_scope){ place.allows_party, field->is_public, place.depth + 1 });
}

void fields_read(struct reader *reader, const struct node *object, const char *key, struct field_spec **fields,
		 size_t *count, struct field_scope place)
{
	const struct node list = node_member(object, key);
	*count = expect_list(reader, &list, 1000);
	*fields = arena_alloc_array(reader->arena, *count, sizeof **fields);
	for (size_t i = 0; i < *count; i++) {
		const struct node item = node_element(&list, i);
		field_read(reader, &item, &(*fields)[i], place);
		for (size_t j = 0; j < i; j++)
			expect_new_name(reader, &item, "id", (*fields)[i].id, (*fields)[j].id, j);
	}
}
