/* Submitted values: members of an object, merged into the current ones. */
#include "client/client.h"

#include <string.h>

/* Copies the members of `from` that are not null and that `but` (NULL: empty) does not have. */
static void take(struct json_value *out, const struct json_value *from, const struct json_value *but)
{
	for (const char *key = json_first_key(from); key; key = json_next_key(from, key)) {
		const struct json_value *value = json_get(from, key);

		if (!json_value_null(value) && !(but && json_get(but, key)))
			json_set(out, key, json_clone(value));
	}
}

enum err values_merge(struct arena *arena, const char *what, const char *present, const char *data,
		      const char **out, struct error *error)
{
	struct json_value *under = NULL, *over = NULL, *result;
	enum err err = json_read(data, strlen(data), &over, error);

	if (!err && !json_is_object(over))
		err = error_set_field(error, ERR_INVALID, what,
				      "The fields are not a JSON object; use {\"name\": value}");
	/* Stored values are JSON; an older store may have an empty text. */
	if (!err && (json_read(present, strlen(present), &under, NULL) || !json_is_object(under))) {
		json_free(under);
		under = json_new_object();
	}
	if (!err) {
		result = json_new_object();
		take(result, under, over);
		take(result, over, NULL);
		*out = json_finish(arena, result);
	}
	json_free(under);
	json_free(over);
	return err;
}

const struct column *values_column(const struct column_table *table, const char *prefix,
				   const struct field_spec *field)
{
	const char *source = field->from_count ? field->from[0] : "";
	size_t length = strlen(prefix);

	if (strncmp(source, prefix, length) != 0)
		return NULL;
	for (const struct column *c = NULL; (c = columns_next(table, c, 0));) {
		if (c->word && !strcmp(c->word, source + length) &&
		    (c->type == COLUMN_TEXT || c->type == COLUMN_DATE))
			return c;
	}
	return NULL;
}
