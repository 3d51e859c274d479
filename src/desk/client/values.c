/* Submitted values: members of an object, merged into the present ones. */
#include "client/client.h"

#include <string.h>

static struct json_value *copy_of(const struct json_value *value)
{
	struct strbuf text = STRBUF_INIT;
	struct json_value *copy;

	json_write(&text, value, JSON_COMPACT_LAYOUT, false);
	copy = strcmp(text.buf, "null") ? json_new_raw(text.buf) : NULL;
	strbuf_release(&text);
	return copy;
}

/* Copies the members of `from` that `but` (NULL: empty) does not have. */
static void take(struct json_value *out, const struct json_value *from, const struct json_value *but)
{
	for (const char *key = json_first_key(from); key; key = json_next_key(from, key)) {
		struct json_value *copy = but && json_get(but, key) ? NULL : copy_of(json_get(from, key));

		if (copy)
			json_set(out, key, copy);
	}
}

enum err values_laid_over(struct arena *arena, const char *what, const char *present, const char *data,
			  const char **out, struct error *error)
{
	struct json_value *under = NULL, *over = NULL, *result;
	struct strbuf text = STRBUF_INIT;
	enum err err = json_read(data, strlen(data), &over, error);

	if (!err && !json_is_object(over))
		err = error_set_field(error, ERR_INVALID, what,
				      "The fields are not a JSON object; give {\"name\": value}");
	/* Stored values are JSON; an older store may have an empty text. */
	if (!err && (json_read(present, strlen(present), &under, NULL) || !json_is_object(under))) {
		json_free(under);
		under = json_new_object();
	}
	if (!err) {
		result = json_new_object();
		take(result, under, over);
		take(result, over, NULL);
		json_write(&text, result, JSON_COMPACT_LAYOUT, false);
		*out = strbuf_to_arena(&text, arena);
		json_free(result);
	}
	strbuf_release(&text);
	json_free(under);
	json_free(over);
	return err;
}
