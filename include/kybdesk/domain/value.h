/*
 * A small tree of JSON values, as rules read them: the fields of a step or a
 * party, an address, the body of a request. Built by codec/value_codec.h; the
 * domain reads no JSON text. Immutable; everything lives in the arena it was built in.
 */
#ifndef KYBDESK_DOMAIN_VALUE_H
#define KYBDESK_DOMAIN_VALUE_H

#include <stdbool.h>
#include <stddef.h>

enum value_kind { VALUE_NULL, VALUE_BOOL, VALUE_NUMBER, VALUE_TEXT, VALUE_LIST, VALUE_OBJECT };

struct value {
	enum value_kind kind;
	bool boolean;
	const char *text;	   /* of a text; of a number as written; "" else */
	const struct value *items; /* of a list or an object */
	const char *const *keys;   /* of an object: keys[i] names items[i] */
	size_t count;
};

/* NULL when there is no such member, or no object at all (NULL is accepted). */
const struct value *value_member(const struct value *object, const char *key);
/* NULL, null and the empty text say nothing. */
bool value_is_empty(const struct value *value);
/* Whether both say the same; the order of an object's members says nothing. Nothing, null and "" are the same. */
bool value_same(const struct value *left, const struct value *right);
const char *value_text(const struct value *value); /* "" when it is no text */
/* "a text", "a number", …; "nothing" for NULL. */
const char *value_kind_words(const struct value *value);

/*
 * Whether any value at `path` passes the test. A path is member names with dots between; "[]" behind a name means
 * each element of the list: "addresses[].country".
 */
typedef bool value_test(const struct value *value, const void *context);
bool value_any(const struct value *root, const char *path, value_test *test, const void *context);

#endif
