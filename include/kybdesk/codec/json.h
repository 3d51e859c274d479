/* JSON values for front ends that print or read small JSON texts, without exposing jansson: an opaque value,
 * builders and writers. Strings must be valid UTF-8; members keep the order in which they were added. A child
 * belongs to its parent; json_free() frees a root. */
#ifndef KYBDESK_CODEC_JSON_H
#define KYBDESK_CODEC_JSON_H

#include "kybdesk/base/strbuf.h"
#include <stdint.h>

/* A JSON file for a codec: its text, and its name for error messages. All strings are borrowed. */
struct json_source {
	const char *text;
	size_t length;
	const char *origin;
};

struct json_value;

/* Must be called before any other function of this header. Makes a failed allocation of jansson end the program,
 * since jansson could leave out a member instead. Returns jansson's version, such as "2.14"; may be called again. */
const char *json_set_up(void);

struct json_value *json_new_object(void);
struct json_value *json_new_array(void);
struct json_value *json_new_string(const char *text);
struct json_value *json_new_int(int64_t number);
struct json_value *json_new_bool(bool truth);
struct json_value *json_new_null(void);
struct json_value *json_new_time(int64_t ms); /* RFC 3339, or null for TIME_NONE */
/* validated JSON text from the store; other text aborts the program */
struct json_value *json_new_raw(const char *json_text);
/* A number that is written exactly as these digits, such as "250.10". Only for output: functions that read the
 * value see a string. */
struct json_value *json_new_number(const char *digits);
struct json_value *json_new_texts(const char *const *texts, size_t count);
/* An array with the word of each bit that is set. */
struct json_value *json_new_words(unsigned bits, const char *const *(*words)(size_t *count));
struct json_value *json_clone(const struct json_value *value); /* the copy has no parent */
void json_free(struct json_value *value);

/* The functions below make `value` a child of the object or array, which then owns the value. */
void json_set(struct json_value *object, const char *key, struct json_value *value);
void json_set_text(struct json_value *object, const char *key, const char *text);
void json_set_text_or_null(struct json_value *object, const char *key, const char *text); /* "" → null */
void json_set_text_if_any(struct json_value *object, const char *key, const char *text);  /* "": adds no member */
void json_set_int(struct json_value *object, const char *key, int64_t value);
void json_set_real(struct json_value *object, const char *key, double value);
void json_set_bool(struct json_value *object, const char *key, bool value);
void json_set_null(struct json_value *object, const char *key);
void json_set_time(struct json_value *object, const char *key, int64_t ms);
void json_set_raw(struct json_value *object, const char *key, const char *json_text);
void json_append(struct json_value *array, struct json_value *value);
/* Declares `list`, a new JSON array; `value` is evaluated for each i below `count` and appended. */
#define JSON_LIST(list, i, count, value)                                                                               \
	struct json_value *list = json_new_array();                                                                    \
	for (size_t i = 0; i < (count); i++)                                                                           \
	json_append(list, (value))
/* Sets member `key` to an array that JSON_LIST() builds. */
#define JSON_SET_EACH(object, key, i, count, value)                                                                    \
	do {                                                                                                           \
		JSON_LIST(each_value, i, count, value);                                                                \
		json_set((object), (key), each_value);                                                                 \
	} while (0)

/* A member of a list such as "id:uuid note?:text by:text|null": its name, its type, and whether it may be absent
 * ("?") or null ("|null"). json_member_next() reads the next one. */
struct json_member {
	const char *name, *type;
	size_t name_length, type_length;
	bool optional, nullable;
};
bool json_member_next(const char **members, struct json_member *out);
/* Sets the member to the value, which the object then owns. An empty value (NULL, "" or null) is left out if the member
 * is optional, is null if it is nullable, else is added as it is; NULL is added as null. */
void json_set_member(struct json_value *object, const struct json_member *member, struct json_value *value);
/* A member, as "id", "note?" or "by|null" (json_set_member()), and its value. */
struct json_pair {
	const char *member;
	struct json_value *value;
};
/* Returns the list. If the list is empty, frees it and returns JSON null. */
struct json_value *json_null_if_empty(struct json_value *list);
/* Adds these members to the object, and returns the object: JSON_ADD(detail, { "id", AS_TEXT(id) }, { "note?",
 * AS_TEXT(note) }). JSON_FROM() makes the object. */
#define JSON_ADD(object, ...) json_extend((object), (const struct json_pair[]){ __VA_ARGS__, { NULL, NULL } })
#define JSON_FROM(...) JSON_ADD(json_new_object(), __VA_ARGS__)
struct json_value *json_extend(struct json_value *object, const struct json_pair *pairs);
#define AS_TEXT(text) json_new_string(text)
#define AS_INT(number) json_new_int(number)
#define AS_BOOL(truth) json_new_bool(truth)
#define AS_TIME(ms) json_new_time(ms)
#define AS_RAW(json_text) json_new_raw(json_text)
#define AS_NULL json_new_null()

enum json_layout { JSON_PRETTY_LAYOUT, JSON_COMPACT_LAYOUT };
/* Writes UTF-8 JSON. Control characters, and every character that text_display() would mark (bidi, zero-width,
 * tags …), become \uXXXX escapes, so that JSON is as safe on a terminal as a table. JSON_COMPACT_LAYOUT: one line
 * without spaces. newline: appends a newline. */
void json_write(struct strbuf *out, const struct json_value *value, enum json_layout layout, bool newline);
/* The value in compact layout, in the arena; json_move_to_arena() also frees the value. */
const char *json_to_arena(struct arena *arena, const struct json_value *value);
const char *json_move_to_arena(struct arena *arena, struct json_value *value);
/* [{"code","message","ref"}] */
struct json_value *json_new_blockers(const struct error *error);
/* {"error":{"code","message","blockers","field"}}; empty members are left out. */
struct json_value *json_new_error(const struct error *error);

/* Whether json_new_raw() accepts the text. */
bool json_is_valid(const char *text);

/* Reads JSON of configuration and small inputs. ERR_INVALID with line and column. */
enum err json_read(const char *text, size_t length, struct json_value **out, struct error *error);
const struct json_value *json_get(const struct json_value *object, const char *key); /* NULL when absent */
const char *json_get_text(const struct json_value *object, const char *key);	     /* NULL: absent or not a string */
bool json_get_int(const struct json_value *object, const char *key, int64_t *out);
bool json_get_bool(const struct json_value *object, const char *key, bool *out);
size_t json_count(const struct json_value *array_or_object);
const struct json_value *json_at(const struct json_value *array, size_t index);
const char *json_text(const struct json_value *value); /* the text of a string; NULL: not a string */
/* Sets *out to an integer value; false: the value has another type. */
bool json_value_int(const struct json_value *value, int64_t *out);
bool json_value_bool(const struct json_value *value, bool *out);
bool json_value_is_null(const struct json_value *value);
/* The number of a member exactly as it is written in `text` (valid JSON), so that no digit is lost. path: for
 * example "origin.amount" or "list[2].share". In the arena; NULL: absent, or not a number. */
const char *json_number_text(struct arena *arena, const char *text, size_t length, const char *path);
/* Iterates over members in order, each in constant time: for (key = json_first_key(o); key; key = json_next_key(o,
 * key)). `key` is the pointer that the previous call returned. Returns NULL after the last key, and for a value
 * that is not an object. */
const char *json_first_key(const struct json_value *object);
const char *json_next_key(const struct json_value *object, const char *key);
bool json_is_object(const struct json_value *value);
bool json_is_array(const struct json_value *value);

#endif
