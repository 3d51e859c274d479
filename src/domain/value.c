#include "kybdesk/domain/value.h"
#include "kybdesk/base/strbuf.h"

#include <string.h>

const struct value *value_member(const struct value *object, const char *key)
{
	if (!object || object->kind != VALUE_OBJECT)
		return NULL;
	for (size_t i = 0; i < object->count; i++) {
		if (!strcmp(object->keys[i], key))
			return &object->items[i];
	}
	return NULL;
}

bool value_is_empty(const struct value *value)
{
	return !value || value->kind == VALUE_NULL || (value->kind == VALUE_TEXT && !*value->text);
}

static bool lists_equal(const struct value *left, const struct value *right)
{
	for (size_t i = 0; i < left->count; i++) {
		if (!value_equal(&left->items[i], &right->items[i]))
			return false;
	}
	return true;
}

static bool objects_equal(const struct value *left, const struct value *right)
{
	for (size_t i = 0; i < left->count; i++) {
		if (!value_equal(&left->items[i], value_member(right, left->keys[i])))
			return false;
	}
	/* A member that exists only in `right` must be empty. */
	for (size_t i = 0; i < right->count; i++) {
		if (!value_is_empty(&right->items[i]) && !value_member(left, right->keys[i]))
			return false;
	}
	return true;
}

bool value_equal(const struct value *left, const struct value *right)
{
	if (value_is_empty(left) || value_is_empty(right))
		return value_is_empty(left) && value_is_empty(right);
	if (left->kind != right->kind)
		return false;
	switch (left->kind) {
	case VALUE_NULL:
		break;
	case VALUE_BOOL:
		return left->boolean == right->boolean;
	case VALUE_NUMBER:
	case VALUE_TEXT:
		return !strcmp(left->text, right->text);
	case VALUE_LIST:
		return left->count == right->count && lists_equal(left, right);
	case VALUE_OBJECT:
		return objects_equal(left, right);
	}
	return true;
}

const char *value_text(const struct value *value)
{
	return value && value->kind == VALUE_TEXT ? value->text : "";
}

const char *value_kind_phrase(const struct value *value)
{
	static const char *const words[] = {
		[VALUE_NULL] = "nothing", [VALUE_BOOL] = "true or false", [VALUE_NUMBER] = "a number",
		[VALUE_TEXT] = "a text",  [VALUE_LIST] = "a list",	  [VALUE_OBJECT] = "an object"
	};

	return value ? words[value->kind] : "nothing";
}

void value_write(struct strbuf *out, const struct value *value)
{
	bool object;

	if (value_is_empty(value))
		return;
	object = value->kind == VALUE_OBJECT;
	if (value->kind == VALUE_BOOL)
		strbuf_adds(out, value->boolean ? "yes" : "no");
	if (value->kind == VALUE_NUMBER || value->kind == VALUE_TEXT)
		strbuf_adds(out, value->text);
	if (!object && value->kind != VALUE_LIST)
		return;
	strbuf_addch(out, object ? '{' : '[');
	for (size_t i = 0; i < value->count; i++) {
		strbuf_addf(out, "%s%s%s", i ? ", " : "", object ? value->keys[i] : "", object ? ": " : "");
		value_write(out, &value->items[i]);
	}
	strbuf_addch(out, object ? '}' : ']');
}
