#include "kybdesk/codec/rules_diff.h"
#include "jansson_bridge.h"

#include <string.h>

struct diff {
	struct arena *arena;
	struct json_difference *items;
	size_t count, capacity;
};

static const char *value_text(struct diff *diff, const json_t *value)
{
	return value ? json_compact_text(diff->arena, value) : "";
}

static void add_item(struct diff *diff, const char *path, const json_t *before, const json_t *after)
{
	struct json_difference *item = ARENA_PUSH(diff->arena, diff->items, diff->count, diff->capacity);

	*item = (struct json_difference){ .path = path,
					  .before = value_text(diff, before),
					  .after = value_text(diff, after) };
}

static void compare(struct diff *diff, const char *path, const json_t *before, const json_t *after);

static void compare_objects(struct diff *diff, const char *path, const json_t *before, const json_t *after)
{
	const char *key;
	json_t *member;

	json_object_foreach((json_t *)before, key, member)
	{
		const char *inner = arena_printf(diff->arena, "%s%s%s", path, *path ? "." : "", key);

		compare(diff, inner, member, json_object_get(after, key));
	}
	json_object_foreach((json_t *)after, key, member)
	{
		if (!json_object_get(before, key))
			add_item(diff, arena_printf(diff->arena, "%s%s%s", path, *path ? "." : "", key), NULL, member);
	}
}

/* The text of a member of an element; NULL: none. */
static const char *text_of(const json_t *list, size_t i, const char *member)
{
	return json_string_value(json_object_get(json_array_get(list, i), member));
}

/* Whether every element has a text for the member, and all these texts differ. */
static bool has_unique_texts(const json_t *list, const char *member)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (!text_of(list, i, member))
			return false;
		for (size_t j = 0; j < i; j++)
			if (!strcmp(text_of(list, i, member), text_of(list, j, member)))
				return false;
	}
	return true;
}

/* The member that identifies the elements of both lists, because its text is unique in each list. NULL: none. */
static const char *identifying_member(const json_t *before, const json_t *after)
{
	static const char *const members[] = { "id", "type", "code", "rule", "name", "field" };

	for (size_t m = 0; m < sizeof members / sizeof *members; m++)
		if (json_array_size(before) + json_array_size(after) > 0 && has_unique_texts(before, members[m]) &&
		    has_unique_texts(after, members[m]))
			return members[m];
	return NULL;
}

static const json_t *find_element(const json_t *list, const char *member, const char *text)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!strcmp(text_of(list, i, member), text))
			return json_array_get(list, i);
	return NULL;
}

static bool are_all_scalars(const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);

		if (json_is_object(item) || json_is_array(item))
			return false;
	}
	return true;
}

static void compare_elements(struct diff *diff, const char *path, const char *member, const json_t *before,
			     const json_t *after)
{
	for (size_t i = 0; i < json_array_size(before); i++) {
		const char *text = text_of(before, i, member);

		compare(diff, arena_printf(diff->arena, "%s[%s]", path, text), json_array_get(before, i),
			find_element(after, member, text));
	}
	for (size_t i = 0; i < json_array_size(after); i++) {
		const char *text = text_of(after, i, member);

		if (!find_element(before, member, text))
			add_item(diff, arena_printf(diff->arena, "%s[%s]", path, text), NULL, json_array_get(after, i));
	}
}

static void compare_lists(struct diff *diff, const char *path, const json_t *before, const json_t *after)
{
	const char *member = identifying_member(before, after);
	size_t count =
		json_array_size(before) > json_array_size(after) ? json_array_size(before) : json_array_size(after);

	if (member) {
		size_t found = diff->count;

		compare_elements(diff, path, member, before, after);
		/* If no element differs, only the order of the elements differs. */
		if (diff->count == found)
			add_item(diff, path, before, after);
		return;
	}
	/* A difference between two lists of words is easier to read as one item with both lists. */
	if (are_all_scalars(before) && are_all_scalars(after)) {
		add_item(diff, path, before, after);
		return;
	}
	for (size_t i = 0; i < count; i++)
		compare(diff, arena_printf(diff->arena, "%s[%zu]", path, i), json_array_get(before, i),
			json_array_get(after, i));
}

static void compare(struct diff *diff, const char *path, const json_t *before, const json_t *after)
{
	if (before && after && json_equal(before, after))
		return;
	if (json_is_object(before) && json_is_object(after))
		compare_objects(diff, path, before, after);
	else if (json_is_array(before) && json_is_array(after))
		compare_lists(diff, path, before, after);
	else
		add_item(diff, path, before, after);
}

enum err json_diff(struct arena *arena, const char *before, const char *after, struct json_difference **items,
		   size_t *count, struct error *error)
{
	struct diff diff = { .arena = arena };
	json_t *old = json_parse(before, strlen(before), error);
	json_t *new = old ? json_parse(after, strlen(after), error) : NULL;

	*items = NULL;
	*count = 0;
	if (new) {
		compare(&diff, "", old, new);
		*items = diff.items;
		*count = diff.count;
	}
	json_decref(old);
	json_decref(new);
	return new ? ERR_OK : ERR_INVALID;
}
