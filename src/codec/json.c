#include "jansson_bridge.h"
#include "kybdesk/base/text.h"
#include "kybdesk/base/timefmt.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *json_set_up(void)
{
	json_set_alloc_funcs(xmalloc, free);
	return jansson_version_str();
}

static struct json_value *wrap_or_abort(json_t *value)
{
	if (!value)
		BUG("a JSON value cannot be built");
	return json_wrap(value);
}

struct json_value *json_new_object(void)
{
	return wrap_or_abort(json_object());
}

struct json_value *json_new_array(void)
{
	return wrap_or_abort(json_array());
}

/* Messages may quote a path or an argument that is not UTF-8: invalid bytes become U+FFFD. */
void json_repair(struct strbuf *out, const char *text, size_t length)
{
	size_t at = 0;
	while (at < length) {
		size_t valid = text_valid_prefix(text + at, length - at);
		strbuf_add(out, text + at, valid);
		at += valid;
		if (at < length) {
			strbuf_adds(out, "\xef\xbf\xbd");
			at++;
		}
	}
}

static json_t *new_repaired_string(const char *text, size_t length)
{
	struct strbuf repaired = STRBUF_INIT;
	json_repair(&repaired, text, length);
	json_t *value = json_stringn_nocheck(repaired.buf, repaired.len);
	strbuf_release(&repaired);
	return value;
}

struct json_value *json_new_string(const char *text)
{
	const char *source = text ? text : "";
	size_t length = strlen(source);
	if (!text_is_valid(source, length))
		return wrap_or_abort(new_repaired_string(source, length));
	return wrap_or_abort(json_stringn_nocheck(source, length));
}

struct json_value *json_new_int(int64_t number)
{
	return wrap_or_abort(json_integer(number));
}

struct json_value *json_new_bool(bool truth)
{
	return json_wrap(json_boolean(truth));
}

struct json_value *json_new_null(void)
{
	return json_wrap(json_null());
}

struct json_value *json_new_time(int64_t ms)
{
	char text[TIME_TEXT_SIZE];

	if (ms == TIME_NONE)
		return json_new_null();
	time_format(ms, text);
	return json_new_string(text);
}

struct json_value *json_new_raw(const char *json_text)
{
	json_t *value = json_loadb(json_text, strlen(json_text), JSON_DECODE_ANY, NULL);
	if (!value)
		BUG("stored JSON text is not valid JSON");
	return json_wrap(value);
}

struct json_value *json_new_number(const char *digits)
{
	size_t length = strlen(digits);
	char *text = xmalloc(length + 1);
	json_t *value;

	text[0] = JSON_NUMBER_MARK;
	memcpy(text + 1, digits, length);
	value = json_stringn_nocheck(text, length + 1);
	free(text);
	return wrap_or_abort(value);
}

bool json_is_valid(const char *text)
{
	json_t *value = json_loadb(text, strlen(text), JSON_DECODE_ANY, NULL);
	bool sound = value != NULL;

	json_decref(value);
	return sound;
}

struct json_value *json_new_texts(const char *const *texts, size_t count)
{
	struct json_value *list = json_new_array();
	for (size_t i = 0; i < count; i++)
		json_append(list, json_new_string(texts[i]));
	return list;
}

struct json_value *json_new_words(unsigned bits, const char *const *(*words)(size_t *count))
{
	struct json_value *list = json_new_array();
	size_t count;
	const char *const *texts = words(&count);
	for (size_t i = 0; i < count; i++)
		if (bits >> i & 1)
			json_append(list, json_new_string(texts[i]));
	return list;
}

struct json_value *json_clone(const struct json_value *value)
{
	json_t *copy = json_deep_copy(json_unwrap(value));

	if (!copy)
		BUG("a JSON value cannot be copied");
	return json_wrap(copy);
}

void json_free(struct json_value *value)
{
	json_decref(json_unwrap(value));
}

void json_set(struct json_value *object, const char *key, struct json_value *value)
{
	if (json_object_set_new(json_unwrap(object), key, json_unwrap(value)) != 0)
		BUG("member %s cannot be set", key);
}

void json_append(struct json_value *array, struct json_value *value)
{
	if (json_array_append_new(json_unwrap(array), json_unwrap(value)) != 0)
		BUG("element cannot be appended");
}

void json_set_text(struct json_value *object, const char *key, const char *text)
{
	json_set(object, key, json_new_string(text));
}

void json_set_text_or_null(struct json_value *object, const char *key, const char *text)
{
	if (text && *text)
		json_set_text(object, key, text);
	else
		json_set_null(object, key);
}

void json_set_text_if_any(struct json_value *object, const char *key, const char *text)
{
	if (text && *text)
		json_set_text(object, key, text);
}

void json_set_int(struct json_value *object, const char *key, int64_t value)
{
	json_set(object, key, json_new_int(value));
}

void json_set_real(struct json_value *object, const char *key, double value)
{
	json_set(object, key, isfinite(value) ? wrap_or_abort(json_real(value)) : json_new_null());
}

void json_set_bool(struct json_value *object, const char *key, bool value)
{
	json_set(object, key, json_new_bool(value));
}

void json_set_null(struct json_value *object, const char *key)
{
	json_set(object, key, json_new_null());
}

void json_set_time(struct json_value *object, const char *key, int64_t ms)
{
	json_set(object, key, json_new_time(ms));
}

void json_set_raw(struct json_value *object, const char *key, const char *json_text)
{
	json_set(object, key, json_new_raw(json_text));
}

struct json_value *json_null_if_empty(struct json_value *list)
{
	if (json_count(list))
		return list;
	json_free(list);
	return json_new_null();
}

bool json_member_next(const char **members, struct json_member *out)
{
	const char *at = *members + strspn(*members, " ");
	size_t length = strcspn(at, " ");

	if (!length)
		return false;
	*out = (struct json_member){ .name = at, .name_length = strcspn(at, "?:| ") };
	out->optional = at[out->name_length] == '?';
	out->type = at + out->name_length + out->optional;
	out->type += *out->type == ':';
	out->type_length = length - (size_t)(out->type - at);
	out->nullable = out->type_length >= 5 && !strncmp(at + length - 5, "|null", 5);
	if (out->nullable)
		out->type_length -= 5;
	*members = at + length;
	return true;
}

void json_set_member(struct json_value *object, const struct json_member *member, struct json_value *value)
{
	const json_t *set = json_unwrap(value);
	bool empty = !set || json_is_null(set) || (json_is_string(set) && !json_string_length(set));
	struct strbuf name = STRBUF_INIT;

	strbuf_add(&name, member->name, member->name_length);
	if (value && (!empty || !(member->optional || member->nullable))) {
		json_set(object, name.buf, value);
	} else {
		json_free(value);
		if (!member->optional)
			json_set_null(object, name.buf);
	}
	strbuf_release(&name);
}

struct json_value *json_extend(struct json_value *object, const struct json_pair *pairs)
{
	struct json_member member;

	for (; pairs->member; pairs++) {
		const char *at = pairs->member;

		if (json_member_next(&at, &member))
			json_set_member(object, &member, pairs->value);
	}
	return object;
}

void json_write(struct strbuf *out, const struct json_value *value, enum json_layout layout, bool newline)
{
	const struct json_style style = { .is_indented = layout == JSON_PRETTY_LAYOUT, .escapes_unsafe_text = true };
	json_encode(out, json_unwrap(value), &style);
	if (newline)
		strbuf_addch(out, '\n');
}

const char *json_to_arena(struct arena *arena, const struct json_value *value)
{
	struct strbuf text = STRBUF_INIT;

	json_write(&text, value, JSON_COMPACT_LAYOUT, false);
	return strbuf_finish(&text, arena);
}

const char *json_move_to_arena(struct arena *arena, struct json_value *value)
{
	const char *out = json_to_arena(arena, value);

	json_free(value);
	return out;
}

struct json_value *json_new_blockers(const struct error *error)
{
	JSON_LIST(list, i, error->blocker_count,
		  JSON_FROM({ "code", AS_TEXT(error->blockers[i].code) },
			    { "message", AS_TEXT(error->blockers[i].message) },
			    { "ref", AS_TEXT(error->blockers[i].ref) }));
	return list;
}

struct json_value *json_new_error(const struct error *error)
{
	return JSON_FROM({ "error", JSON_FROM({ "code", AS_TEXT(error_code_name(error->code)) },
					      { "message", AS_TEXT(error->message) },
					      { "blockers?", json_null_if_empty(json_new_blockers(error)) },
					      { "field?", AS_TEXT(error->field) }) });
}

enum err json_read(const char *text, size_t length, struct json_value **out, struct error *error)
{
	json_t *value = json_parse(text, length, error);
	if (!value)
		return ERR_INVALID;
	*out = json_wrap(value);
	return ERR_OK;
}

const struct json_value *json_get(const struct json_value *object, const char *key)
{
	return json_wrap(json_object_get(json_unwrap(object), key));
}

const char *json_get_text(const struct json_value *object, const char *key)
{
	return json_text(json_get(object, key));
}

bool json_get_int(const struct json_value *object, const char *key, int64_t *out)
{
	return json_value_int(json_get(object, key), out);
}

bool json_get_bool(const struct json_value *object, const char *key, bool *out)
{
	return json_value_bool(json_get(object, key), out);
}

bool json_value_int(const struct json_value *value, int64_t *out)
{
	if (!json_is_integer(json_unwrap(value)))
		return false;
	*out = json_integer_value(json_unwrap(value));
	return true;
}

bool json_value_bool(const struct json_value *value, bool *out)
{
	if (!json_is_boolean(json_unwrap(value)))
		return false;
	*out = json_is_true(json_unwrap(value));
	return true;
}

bool json_value_is_null(const struct json_value *value)
{
	return json_is_null(json_unwrap(value));
}

size_t json_count(const struct json_value *array_or_object)
{
	const json_t *value = json_unwrap(array_or_object);
	return json_is_array(value) ? json_array_size(value) : json_object_size(value);
}

const struct json_value *json_at(const struct json_value *array, size_t index)
{
	return json_wrap(json_array_get(json_unwrap(array), index));
}

const char *json_text(const struct json_value *value)
{
	return json_string_value(json_unwrap(value));
}

const char *json_first_key(const struct json_value *object)
{
	return json_object_iter_key(json_object_iter(json_unwrap(object)));
}

const char *json_next_key(const struct json_value *object, const char *key)
{
	void *at = key ? json_object_iter_next(json_unwrap(object), json_object_key_to_iter(key)) : NULL;
	return json_object_iter_key(at);
}

/* The names are in parentheses because jansson has macros with the same names. */
bool(json_is_object)(const struct json_value *value)
{
	return json_is_object(json_unwrap(value));
}

bool(json_is_array)(const struct json_value *value)
{
	return json_is_array(json_unwrap(value));
}
