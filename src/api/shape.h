/* The shapes of bodies: objects and sets of words, from src/api/shapes.txt and the shapes.txt of each dialect. The
 * reference describes them, and bodies are written from them.
 *
 * members: "id:uuid note?:text risk:number|null roles:[PartyRole] subject:SubjectNew". A name that ends in "?" may
 * be absent; "|null" may be null; "[T]" is a list. Types: text, uuid, time, date, uri, int, number, bool, bytes,
 * object (with any members), any, counts of a set of words ("counts(SessionStatus)"), and the name of another
 * shape. */
#ifndef KYBDESK_SRC_API_SHAPE_H
#define KYBDESK_SRC_API_SHAPE_H

#include "body_types.h"
#include "kybdesk/codec/json.h"

struct shape {
	const char *name;
	const char *base;				   /* shape to inherit members from; NULL if none */
	const char *members;				   /* members of an object */
	const char *words;				   /* words of a set: "LIGHT REGULAR" */
	const char *const *(*domain_words)(size_t *count); /* function of the domain that returns the words of a set */
};

/* Whether the text equals the word. */
bool shape_word_equals(const char *text, size_t length, const char *word);
/* NULL: unknown. */
const struct shape *shape_find(const char *name, size_t length);
/* A body of this shape, with a value for each member by its name, also for the members of the base:
 * BODY(Health, .status = AS_TEXT("ok")). The build makes a type for each shape (src/tools/body_types.cmake), and fails
 * at an unknown member, a missing one, or two values for one. What is null, absent or "": json_set_member(). */
#define BODY(shape, ...) shape_new_body(#shape, BODY_##shape(__VA_ARGS__).by_position)
struct json_value *shape_new_body(const char *name, struct json_value *const *values);
/* JSON Schema (2020-12) of all shapes, by name. */
struct json_value *shapes_schemas(void);
/* The schema of one type in the notation of members, for example "[Session]". */
struct json_value *shape_schema_of(const char *type, size_t length);

/* Finds a member of an object, also among the inherited members. */
bool shape_member_find(const struct shape *shape, const char *name, struct json_member *out);
/* Names of the members that are not inherited, such as "name country". needed_only: without optional members. */
const char *shape_member_names(struct arena *arena, const char *shape, bool needed_only);

#endif
