#include "reader.h"
#include "kybdesk/base/resource.h"
#include "kybdesk/base/text.h"
#include <string.h>

#define QUOTE_MAX 64
#define MISTAKES_MAX 100
#define LISTED_WORDS_MAX 24 /* maximum number of allowed words that one sentence names */

struct node node_root(const json_t *value)
{
	return (struct node){ .value = json_is_null(value) ? NULL : value };
}

struct node node_member(const struct node *object, const char *key)
{
	const json_t *value = json_object_get(object->value, key);
	return (struct node){ .value = json_is_null(value) ? NULL : value, .parent = object, .key = key };
}

struct node node_element(const struct node *array, size_t index)
{
	const json_t *value = json_array_get(array->value, index);
	return (struct node){ .value = json_is_null(value) ? NULL : value, .parent = array, .index = index };
}

static void add_path(struct strbuf *out, const struct node *node)
{
	if (!node->parent)
		return;
	add_path(out, node->parent);
	if (node->key)
		strbuf_addf(out, "%s%s", out->len ? "." : "", node->key);
	else
		strbuf_addf(out, "[%zu]", node->index);
}

static char *node_path(struct arena *arena, const struct node *node)
{
	struct strbuf path = STRBUF_INIT;
	add_path(&path, node);
	return strbuf_finish(&path, arena);
}

char *quote_text(struct arena *arena, const char *text)
{
	size_t length = strlen(text);
	if (length <= QUOTE_MAX)
		return arena_printf(arena, "'%s'", text);
	return arena_printf(arena, "'%.*s…'", (int)text_valid_prefix(text, QUOTE_MAX), text);
}

bool reader_ignores_mistakes(const struct reader *reader)
{
	return reader->collects_mistakes ? reader->mistake_count >= MISTAKES_MAX : reader->failed;
}

void reader_refuse(struct reader *reader, const struct node *node, const char *format, ...)
{
	if (reader_ignores_mistakes(reader))
		return;
	reader->failed = true;
	const char *sentence;
	ARENA_VPRINTF(sentence, reader->arena, format);
	const char *path = node_path(reader->arena, node);
	if (reader->collects_mistakes)
		*ARENA_PUSH(reader->arena, reader->mistakes, reader->mistake_count, reader->mistake_capacity) =
			(struct profile_mistake){ path, sentence };
	else
		reader->failed =
			error_set_field(reader->error, ERR_INVALID, path, "%s%s%s%s%s", reader->origin,
					*reader->origin ? ": " : "", path, *path ? ": " : "", sentence) != ERR_OK;
}

const char *did_you_mean(struct reader *reader, const char *nearest)
{
	return nearest && *nearest ? arena_printf(reader->arena, "; did you mean '%s'?", nearest) : "";
}

void refuse_word(struct reader *reader, const struct node *node, const char *word, const char *const *allowed,
		 size_t count)
{
	if (reader_ignores_mistakes(reader))
		return;
	struct strbuf list = STRBUF_INIT;
	size_t named = 0;
	for (size_t i = 0; i < count; i++)
		if (*allowed[i] && named++ < LISTED_WORDS_MAX)
			strbuf_addf(&list, "%s%s", list.len ? ", " : "", allowed[i]);
	if (named > LISTED_WORDS_MAX)
		strbuf_addf(&list, " and %zu more", named - LISTED_WORDS_MAX);
	reader_refuse(reader, node, "is %s; allowed: %s%s", quote_text(reader->arena, word), list.buf,
		      did_you_mean(reader, text_find_nearest(word, allowed, count)));
	strbuf_release(&list);
}

enum err reader_run(struct reader *reader, const char *text, size_t length, root_reader read, void *into)
{
	json_t *value = json_parse(text, length, reader->error);
	if (!value) {
		error_prefix(reader->error, "%s", reader->origin);
		return ERR_INVALID;
	}
	const struct node root = node_root(value);
	read(reader, &root, into);
	json_decref(value);
	return reader->failed ? ERR_INVALID : ERR_OK;
}

struct json_source shipped_source(const char *name)
{
	const struct resource *file = resource_find_embedded(name);
	if (!file)
		BUG("the program was built without the file %s", name);
	return (struct json_source){ (const char *)file->bytes, file->length, name };
}

static void refuse_json_kind(struct reader *reader, const struct node *node, const char *expected)
{
	reader_refuse(reader, node, "expected %s, found %s", expected, json_kind_phrase(node->value));
}

bool expect_object(struct reader *reader, const struct node *node)
{
	if (json_is_object(node->value))
		return true;
	refuse_json_kind(reader, node, "an object");
	return false;
}

size_t expect_array(struct reader *reader, const struct node *node)
{
	if (!node->value)
		return 0;
	if (json_is_array(node->value))
		return json_array_size(node->value);
	refuse_json_kind(reader, node, "an array");
	return 0;
}

size_t expect_list(struct reader *reader, const struct node *node, size_t most)
{
	size_t count = expect_array(reader, node);
	if (count <= most)
		return count;
	reader_refuse(reader, node, "has %zu elements; at most %zu are allowed", count, most);
	return 0;
}

void expect_keys(struct reader *reader, const struct node *object, const char *const *known, size_t count)
{
	json_t *members = (json_t *)object->value;
	for (void *at = json_object_iter(members); at; at = json_object_iter_next(members, at)) {
		const char *key = json_object_iter_key(at);
		if (texts_contain(known, count, key))
			continue;
		if (reader_ignores_mistakes(reader))
			return;
		const char *shown = quote_text(reader->arena, key);
		const struct node child = { .value = json_object_iter_value(at),
					    .parent = object,
					    .key = arena_strndup(reader->arena, shown + 1, strlen(shown) - 2) };
		const char *nearest = text_find_nearest(key, known, count);
		if (nearest) {
			reader_refuse(reader, &child, "the key %s is not known here%s", shown,
				      did_you_mean(reader, nearest));
			continue;
		}
		struct strbuf list = STRBUF_INIT;
		for (size_t i = 0; i < count && i < LISTED_WORDS_MAX; i++)
			strbuf_addf(&list, "%s%s", i ? ", " : "", known[i]);
		reader_refuse(reader, &child, "the key %s is not known here; known: %s%s", shown, list.buf,
			      count > LISTED_WORDS_MAX ? ", …" : "");
		strbuf_release(&list);
	}
}

const char *node_text(struct reader *reader, const struct node *node)
{
	if (!node->value)
		return "";
	if (!json_is_string(node->value)) {
		refuse_json_kind(reader, node, "a string");
		return "";
	}
	return arena_strndup(reader->arena, json_string_value(node->value), json_string_length(node->value));
}

const char *node_decimal(struct reader *reader, const struct node *node, const char *what, const char *example)
{
	if (!json_is_number(node->value))
		return node_text(reader, node);
	reader_refuse(reader, node, "expected a string, found a number; %s are decimal strings (\"%s\")", what,
		      example);
	return "";
}

const char *read_text(struct reader *reader, const struct node *object, const char *key)
{
	return node_text(reader, MEMBER(object, key));
}

const char *read_required_text(struct reader *reader, const struct node *object, const char *key)
{
	const struct node node = node_member(object, key);
	const char *text = node_text(reader, &node);
	if (!node.value)
		reader_refuse(reader, &node, "is required");
	else if (json_is_string(node.value) && !text[strspn(text, " \t\r\n")])
		reader_refuse(reader, &node, "is required, but is empty");
	return text;
}

int64_t read_integer(struct reader *reader, const struct node *object, const char *key, int64_t minimum,
		     int64_t maximum, int64_t absent)
{
	const struct node node = node_member(object, key);
	if (!node.value)
		return absent;
	if (!json_is_number(node.value)) {
		refuse_json_kind(reader, &node, "a whole number");
		return absent;
	}
	if (!json_is_integer(node.value)) {
		reader_refuse(reader, &node, "expected a whole number, found a fraction");
		return absent;
	}
	int64_t value = json_integer_value(node.value);
	if (value < minimum || value > maximum) {
		if (maximum == INT64_MAX)
			reader_refuse(reader, &node, "is %lld; allowed: %lld or more", (long long)value,
				      (long long)minimum);
		else
			reader_refuse(reader, &node, "is %lld; allowed: %lld to %lld", (long long)value,
				      (long long)minimum, (long long)maximum);
		return absent;
	}
	return value;
}

bool read_bool(struct reader *reader, const struct node *object, const char *key, bool absent)
{
	const struct node node = node_member(object, key);
	if (!node.value)
		return absent;
	if (!json_is_boolean(node.value)) {
		refuse_json_kind(reader, &node, "true or false");
		return absent;
	}
	return json_is_true(node.value);
}

const char *read_raw_json(struct reader *reader, const struct node *object, const char *key, json_type type,
			  const char *absent)
{
	const struct node node = node_member(object, key);
	if (!node.value)
		return absent;
	if (json_typeof(node.value) != type) {
		refuse_json_kind(reader, &node, type == JSON_ARRAY ? "an array" : "an object");
		return absent;
	}
	return json_compact_text(reader->arena, node.value);
}

const char **read_texts(struct reader *reader, const struct node *object, const char *key, size_t *count)
{
	const struct node array = node_member(object, key);
	size_t present = expect_array(reader, &array);
	const char **texts = arena_alloc_array(reader->arena, present, sizeof *texts);
	for (size_t i = 0; i < present; i++) {
		const struct node item = node_element(&array, i);
		texts[i] = node_text(reader, &item);
		if (!item.value || (json_is_string(item.value) && !*texts[i]))
			reader_refuse(reader, &item, "is empty; expected a string");
	}
	*count = present;
	return texts;
}
