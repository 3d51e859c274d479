/* What a client was asked for, as it was and as it came back. */
#include "kybdesk/tui/case_model.h"

#include "kybdesk/codec/json.h"

#include <string.h>

struct listing {
	struct arena *arena;
	struct change *items;
	size_t count, capacity;
};

static void add(struct listing *listing, const struct change *change)
{
	*ARENA_PUSH(listing->arena, listing->items, listing->count, listing->capacity) = *change;
}

static const char *shown_value(struct arena *arena, const struct json_value *value)
{
	const char *text = value ? json_text(value) : "";
	if (!text) {
		struct strbuf json = STRBUF_INIT;
		json_write(&json, value, JSON_COMPACT_LAYOUT, false);
		text = strbuf_to_arena(&json, arena);
		strbuf_release(&json);
	}
	return arena_strdup(arena, text);
}

static const struct json_value *document_of_type(const struct json_value *documents, const char *type)
{
	for (size_t i = 0; documents && i < json_count(documents); i++) {
		const char *own = json_get_text(json_at(documents, i), "type");
		if (own && !strcmp(own, type))
			return json_at(documents, i);
	}
	return NULL;
}

static const char *document_text(struct arena *arena, const struct json_value *document, const char *key)
{
	const char *text = document ? json_get_text(document, key) : NULL;
	return text ? arena_strdup(arena, text) : "";
}

static bool same_json(const struct json_value *a, const struct json_value *b)
{
	struct strbuf left = STRBUF_INIT, right = STRBUF_INIT;
	if (a)
		json_write(&left, a, JSON_COMPACT_LAYOUT, false);
	if (b)
		json_write(&right, b, JSON_COMPACT_LAYOUT, false);
	bool same = left.len == right.len && !memcmp(left.buf, right.buf, left.len);
	strbuf_release(&left);
	strbuf_release(&right);
	return same;
}

static void add_field(struct listing *listing, const struct json_value *before, const struct json_value *after,
		      const char *key)
{
	const struct json_value *was = before ? json_get(before, key) : NULL, *is = json_get(after, key);
	add(listing, &(const struct change){ .what = key,
					     .before = shown_value(listing->arena, was),
					     .after = shown_value(listing->arena, is),
					     .changed = !same_json(was, is) });
}

static void add_document(struct listing *listing, const struct json_value *before, const struct json_value *is)
{
	static const char *const keys[] = { "sha256", "id" };
	struct arena *arena = listing->arena;
	const char *type = document_text(arena, is, "type");
	const struct json_value *was = document_of_type(before, type);
	struct change change = { .what = type,
				 .before = document_text(arena, was, "file_name"),
				 .after = document_text(arena, is, "file_name") };
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		change.changed |=
			strcmp(document_text(arena, was, keys[i]), document_text(arena, is, keys[i])) != 0;
	change.changed |= !same_json(was ? json_get(was, "sides") : NULL, json_get(is, "sides"));
	add(listing, &change);
}

size_t correction_changes(struct arena *arena, const struct correction *correction, struct change **out)
{
	struct listing listing = { .arena = arena };
	struct json_value *before = NULL, *after = NULL;
	struct error error = { 0 };
	const char *was = correction->before_json, *is = correction->after_json;
	if (was[0] && is[0] && json_read(was, strlen(was), &before, &error) == ERR_OK &&
	    json_read(is, strlen(is), &after, &error) == ERR_OK) {
		const struct json_value *fields = json_get(after, "fields"), *papers = json_get(after, "documents");
		for (size_t i = 0; fields && i < json_count(fields); i++)
			add_field(&listing, json_get(before, "fields"), fields,
				  arena_strdup(arena, json_key_at(fields, i)));
		for (size_t i = 0; papers && i < json_count(papers); i++)
			add_document(&listing, json_get(before, "documents"), json_at(papers, i));
		/* An answer without values or files says why there are none. */
		if (json_get_text(after, "words"))
			add_field(&listing, NULL, after, "words");
	}
	json_free(before);
	json_free(after);
	error_release(&error);
	*out = listing.items;
	return listing.count;
}
