#include "seed_compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_in(const char *list, const char *path)
{
	size_t length = strlen(path);

	for (const char *at = list; at && (at = strstr(at, path)); at += length) {
		if ((at == list || at[-1] == ' ') && (!at[length] || at[length] == ' '))
			return true;
	}
	return false;
}

static const char *type_of(const json_t *value)
{
	return json_is_string(value)	? "string"
	       : json_is_number(value)	? "number"
	       : json_is_boolean(value) ? "boolean"
	       : json_is_array(value)	? "array"
	       : json_is_object(value)	? "object"
					: "null";
}

static void say(struct likeness *likeness, const char *path, const char *what, const char *more)
{
	if (!*likeness->fault)
		(void)snprintf(likeness->fault, sizeof likeness->fault, "%s %s%s", *path ? path : "the body", what,
			       more);
}

static void compare_members(struct likeness *likeness, const json_t *seed, const json_t *answer, const char *path)
{
	const char *key;
	json_t *value;
	char inner[300];

	json_object_foreach((json_t *)seed, key, value)
	{
		const json_t *other = json_object_get(answer, key);

		(void)snprintf(inner, sizeof inner, "%s%s%s", path, *path ? "." : "", key);
		likeness->fields++;
		if (!other)
			say(likeness, inner, "is missing", "");
		else
			compare_bodies(likeness, value, other, inner);
	}
	json_object_foreach((json_t *)answer, key, value)
	{
		(void)snprintf(inner, sizeof inner, "%s%s%s", path, *path ? "." : "", key);
		if (!json_object_get(seed, key) && !is_in(likeness->more, inner))
			say(likeness, inner, "is there, and the seed does not show it", "");
	}
}

void compare_bodies(struct likeness *likeness, const json_t *seed, const json_t *answer, const char *path)
{
	if (json_is_null(answer) && is_in(likeness->nulls, path))
		return;
	/* If the seed shows null, the type of the member is unknown. */
	if (!json_is_null(seed) && strcmp(type_of(seed), type_of(answer)) != 0)
		say(likeness, path, "is of another type: ", type_of(answer));
	else if (json_is_object(seed) && json_is_object(answer))
		compare_members(likeness, seed, answer, path);
	else if (json_is_array(seed) && json_is_array(answer) && json_array_size(seed)) {
		char inner[300];

		(void)snprintf(inner, sizeof inner, "%s[0]", path);
		if (!json_array_size(answer))
			say(likeness, path, "is empty", "");
		for (size_t i = 0; i < json_array_size(answer); i++)
			compare_bodies(likeness, json_array_get(seed, 0), json_array_get(answer, i), inner);
	}
}

char *without_trailing_commas(const char *text)
{
	char *out = test_keep(strdup(text)), *to = out;

	for (const char *at = text; *at; at++) {
		if (*at != ',' || !strchr("]}", at[1 + strspn(at + 1, " \n")]))
			*to++ = *at;
	}
	*to = '\0';
	return out;
}
