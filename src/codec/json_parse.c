/* The only parser of JSON text: refuses harmful and misleading input before jansson reads it. */
#include "jansson_bridge.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/session_codec.h"
#include <limits.h>
#include <string.h>

/* Checks the nesting outside strings; false: deeper than the limit, at *at. Does not check whether brackets match,
 * because jansson reports that better. */
static bool check_depth(const char *text, size_t length, size_t limit, size_t *at)
{
	size_t depth = 0;
	bool in_string = false;
	for (size_t i = 0; i < length; i++) {
		char c = text[i];
		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
			continue;
		}
		if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			if (++depth > limit) {
				*at = i;
				return false;
			}
		} else if ((c == '}' || c == ']') && depth) {
			depth--;
		}
	}
	return true;
}

/* jansson quotes the key as: duplicate object key near '"name"' */
static bool find_duplicate_key(const json_error_t *failure, char *name, size_t size)
{
	const char *start = strstr(failure->text, "near '\"");
	const char *end = start ? strrchr(failure->text, '"') : NULL;
	if (!start || end < start + 7)
		return false;
	start += 7;
	size_t length = (size_t)(end - start);
	if (length >= size)
		return false;
	memcpy(name, start, length);
	name[length] = '\0';
	return true;
}

static enum err set_parse_error(const json_error_t *failure, struct error *error)
{
	char name[JSON_ERROR_TEXT_LENGTH];
	int line = failure->line, column = failure->column;
	switch (json_error_code(failure)) {
	case json_error_premature_end_of_input:
		return error_set(error, ERR_INVALID, "not valid JSON: it ends too early, at line %d, column %d", line,
				 column);
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return error_set(error, ERR_INVALID, "U+0000 is not allowed, at line %d, column %d; remove it", line,
				 column);
	case json_error_duplicate_key:
		if (find_duplicate_key(failure, name, sizeof name))
			return error_set_field(
				error, ERR_INVALID, name,
				"the key '%s' appears twice in one object, at line %d, column %d; keep one", name, line,
				column);
		return error_set(error, ERR_INVALID,
				 "a key appears twice in one object, at line %d, column %d; keep one", line, column);
	case json_error_numeric_overflow:
		return error_set(error, ERR_INVALID,
				 "a number is too large, at line %d, column %d; the largest integer is %lld", line,
				 column, LLONG_MAX);
	default:
		return error_set(error, ERR_INVALID, "not valid JSON at line %d, column %d: %s", line, column,
				 failure->text);
	}
}

static enum err parse_json(const char *text, size_t length, size_t flags, json_t **out, struct error *error)
{
	json_error_t failure;
	size_t at = text_valid_prefix(text, length);
	if (at < length && text[at] == '\0')
		return error_set(error, ERR_INVALID, "U+0000 is not allowed, at byte %zu; remove it", at + 1);
	if (at < length)
		return error_set(error, ERR_INVALID, "not valid UTF-8 at byte %zu (0x%02x); write the text as UTF-8",
				 at + 1, (unsigned)(unsigned char)text[at]);
	if (!check_depth(text, length, JSON_DEPTH_MAX, &at))
		return error_set(error, ERR_INVALID, "nested more than %d levels deep, at byte %zu", JSON_DEPTH_MAX,
				 at + 1);
	*out = json_loadb(text, length, flags | JSON_DECODE_ANY, &failure);
	return *out ? ERR_OK : set_parse_error(&failure, error);
}

json_t *json_parse(const char *text, size_t length, struct error *error)
{
	json_t *value;
	return parse_json(text, length, JSON_REJECT_DUPLICATES, &value, error) ? NULL : value;
}

json_t *json_parse_repeated_keys(const char *text, size_t length, struct error *error)
{
	json_t *value;
	return parse_json(text, length, 0, &value, error) ? NULL : value;
}

bool json_text_is_valid(const char *text, size_t length, size_t max_depth)
{
	size_t at;
	if (!text_is_valid(text, length))
		return false;
	if (!check_depth(text, length, max_depth < JSON_DEPTH_MAX ? max_depth : JSON_DEPTH_MAX, &at))
		return false;
	json_t *value = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
	json_decref(value);
	return value != NULL;
}

const char *json_kind_phrase(const json_t *value)
{
	static const char *const words[] = {
		[JSON_OBJECT] = "an object",	[JSON_ARRAY] = "an array", [JSON_STRING] = "a string",
		[JSON_INTEGER] = "a number",	[JSON_REAL] = "a number",  [JSON_TRUE] = "true or false",
		[JSON_FALSE] = "true or false", [JSON_NULL] = "null"
	};
	return value ? words[json_typeof(value)] : "nothing";
}
