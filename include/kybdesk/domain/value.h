/* A small tree of JSON values for the rules: the fields of a step or a party, an address, a request body. Built by
 * codec/value_codec.h, so that the domain parses no JSON. Immutable; everything is in the arena that the builder
 * was called with. */
#ifndef KYBDESK_DOMAIN_VALUE_H
#define KYBDESK_DOMAIN_VALUE_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf;

enum value_kind { VALUE_NULL, VALUE_BOOL, VALUE_NUMBER, VALUE_TEXT, VALUE_LIST, VALUE_OBJECT };

struct value {
	enum value_kind kind;
	bool boolean;
	const char *text;	   /* a text, or a number as text; otherwise "" */
	const struct value *items; /* elements of a list, or members of an object */
	const char *const *keys;   /* names of the members of an object: keys[i] names items[i] */
	size_t count;
};

/* A member of an object; NULL: no such member, or `object` is not an object (NULL is accepted). */
const struct value *value_member(const struct value *object, const char *key);
/* Whether the value is NULL, null or the empty text. */
bool value_is_empty(const struct value *value);
/* Deep equality, ignoring the order of an object's members. NULL, null and "" are equal. */
bool value_equal(const struct value *left, const struct value *right);
/* Appends the value as text, with its members and elements; nothing for an empty value. */
void value_write(struct strbuf *out, const struct value *value);
const char *value_text(const struct value *value); /* "" if not a text */
/* "a text", "a number", …; "nothing" for NULL. */
const char *value_kind_phrase(const struct value *value);

#endif
