#include "kybdesk/desk/changes.h"

#include "kybdesk/codec/json.h"

#include <string.h>

#define HASH_SHOWN 8

struct change_list {
	struct arena *arena;
	const struct case_view *view;
	const struct json_value *before, *after; /* after: NULL until the client has answered */
	struct change *items;
	size_t count, capacity;
};

static void add(struct change_list *change_list, struct change change)
{
	change.has_response = change.has_response || change_list->after;
	const char **texts[] = { &change.before, &change.after, &change.before_hash, &change.after_hash };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (!*texts[i])
			*texts[i] = "";
	*ARENA_PUSH(change_list->arena, change_list->items, change_list->count, change_list->capacity) = change;
}

static const struct json_value *member(const struct json_value *object, const char *key)
{
	return object ? json_get(object, key) : NULL;
}

static size_t count_or_zero(const struct json_value *value)
{
	return value ? json_count(value) : 0;
}

static const char *value_json(struct arena *arena, const struct json_value *value)
{
	return value && !json_value_is_null(value) ? json_to_arena(arena, value) : "";
}

static const char *display_value(struct arena *arena, const struct json_value *value)
{
	const char *text = value ? json_text(value) : NULL;

	return text ? arena_strdup(arena, text) : value_json(arena, value);
}

/* --- values --- */

static void add_field(struct change_list *change_list, const char *key)
{
	const struct json_value *was = member(member(change_list->before, "fields"), key);
	const struct json_value *is = member(member(change_list->after, "fields"), key);
	struct arena *arena = change_list->arena;

	add(change_list,
	    (struct change){ .kind = CHANGE_FIELD,
			     .name = arena_strdup(arena, key),
			     .before = display_value(arena, was),
			     .after = display_value(arena, is),
			     .changed = change_list->after && strcmp(value_json(arena, was), value_json(arena, is)) });
}

/* Adds the fields in the order of the answer, then the fields that the answer lacks. */
static void add_field_changes(struct change_list *change_list)
{
	const struct json_value *was = member(change_list->before, "fields"),
				*is = member(change_list->after, "fields");

	for (const char *key = json_first_key(is); key; key = json_next_key(is, key))
		add_field(change_list, key);
	for (const char *key = json_first_key(was); key; key = json_next_key(was, key))
		if (!member(is, key))
			add_field(change_list, key);
}

/* --- documents --- */

static const char *text_of(const struct json_value *object, const char *key)
{
	const char *text = object ? json_get_text(object, key) : NULL;

	return text ? text : "";
}

static const char *join_text(struct arena *arena, const char *so_far, const char *one)
{
	return arena_printf(arena, "%s%s%s", so_far, *so_far && *one ? ", " : "", one);
}

/* Writes name and hash of one file, or of each side: "front a.jpg, back b.jpg". */
static void describe_files(struct arena *arena, const struct json_value *document, const char **names,
			   const char **hashes)
{
	const struct json_value *sides = member(document, "sides");

	*names = *hashes = "";
	for (size_t i = 0; i < count_or_zero(sides); i++) {
		const struct json_value *side = json_at(sides, i);
		const char *hash = arena_printf(arena, "%.*s", HASH_SHOWN, text_of(side, "sha256"));

		if (*hash || *text_of(side, "file_name"))
			*names = join_text(
				arena, *names,
				arena_printf(arena, "%s %s", text_of(side, "side"), text_of(side, "file_name")));
		*hashes = join_text(arena, *hashes, hash);
	}
	if (sides || !document)
		return;
	*names = arena_strdup(arena, text_of(document, "file_name"));
	*hashes = arena_printf(arena, "%.*s", HASH_SHOWN, text_of(document, "sha256"));
	if (!**names)
		*names = "a file";
}

/* Whether the file is the same. A document from an import may have only a file name, no hash. */
static bool is_same_file(struct arena *arena, const struct json_value *was, const struct json_value *is)
{
	return was && is && !strcmp(text_of(was, "id"), text_of(is, "id")) &&
	       !strcmp(text_of(was, "sha256"), text_of(is, "sha256")) &&
	       !strcmp(text_of(was, "file_name"), text_of(is, "file_name")) &&
	       !strcmp(value_json(arena, member(was, "sides")), value_json(arena, member(is, "sides")));
}

static void add_document(struct change_list *change_list, const struct json_value *was, const struct json_value *is)
{
	struct arena *arena = change_list->arena;
	struct change change = { .kind = CHANGE_DOCUMENT,
				 .name = arena_strdup(arena, text_of(is ? is : was, "type")),
				 .changed = change_list->after && !is_same_file(arena, was, is) };

	describe_files(arena, was, &change.before, &change.before_hash);
	describe_files(arena, is, &change.after, &change.after_hash);
	add(change_list, change);
}

static bool has_same_id(const struct json_value *was, const struct json_value *is)
{
	return *text_of(is, "id") && !strcmp(text_of(was, "id"), text_of(is, "id"));
}

/* Index of the former version of a document: the former document with the same id, else a former document of the
 * same type that the answer no longer contains. If no document fits, returns the number of former documents. */
static size_t find_old_document(const struct change_list *change_list, const struct json_value *is, const bool *taken)
{
	const struct json_value *was = member(change_list->before, "documents"),
				*now = member(change_list->after, "documents");
	size_t found = count_or_zero(was);

	for (size_t i = 0; i < count_or_zero(was); i++)
		if (!taken[i] && has_same_id(json_at(was, i), is))
			return i;
	for (size_t i = count_or_zero(was); i-- > 0;) {
		bool stays = false;

		for (size_t n = 0; n < count_or_zero(now); n++)
			stays |= has_same_id(json_at(was, i), json_at(now, n));
		if (!taken[i] && !stays && !strcmp(text_of(json_at(was, i), "type"), text_of(is, "type")))
			found = i;
	}
	return found;
}

static void add_documents(struct change_list *change_list)
{
	const struct json_value *was = member(change_list->before, "documents"),
				*is = member(change_list->after, "documents");
	size_t count = count_or_zero(was);
	bool *taken = arena_alloc_array(change_list->arena, count + 1, sizeof *taken);

	for (size_t i = 0; i < count_or_zero(is); i++) {
		size_t at = find_old_document(change_list, json_at(is, i), taken);

		taken[at] = true;
		add_document(change_list, at < count ? json_at(was, at) : NULL, json_at(is, i));
	}
	for (size_t i = 0; i < count; i++)
		if (!taken[i])
			add_document(change_list, json_at(was, i), NULL);
}

static bool has_type(const struct json_value *documents, const char *type)
{
	for (size_t i = 0; i < count_or_zero(documents); i++)
		if (!strcmp(text_of(json_at(documents, i), "type"), type))
			return true;
	return false;
}

/* Adds the requested document types that are still missing. */
static void add_missing_types(struct change_list *change_list, const struct correction *correction)
{
	for (size_t i = 0; i < correction->document_type_count; i++) {
		const char *type = correction->document_types[i];

		if (!has_type(member(change_list->before, "documents"), type) &&
		    !has_type(member(change_list->after, "documents"), type))
			add(change_list, (struct change){ .kind = CHANGE_DOCUMENT, .name = type });
	}
}

/* --- parties --- */

static bool has_id(const struct json_value *ids, const char *id)
{
	for (size_t i = 0; i < count_or_zero(ids); i++) {
		const char *own = json_text(json_at(ids, i));

		if (own && !strcmp(own, id))
			return true;
	}
	return false;
}

static const char *party_name(const struct change_list *change_list, const char *id)
{
	const struct party *party = case_party_or_removed(&change_list->view->file, id);

	return party && *party->name ? party->name : "a removed party";
}

static void add_party_changes(struct change_list *change_list, const struct json_value *ids,
			      const struct json_value *others, bool has_response)
{
	for (size_t i = 0; i < count_or_zero(ids); i++) {
		const char *id = json_text(json_at(ids, i));

		if (!id || has_id(others, id))
			continue;
		add(change_list, (struct change){ .kind = CHANGE_PARTY,
						  .name = "party",
						  .before = has_response ? "" : party_name(change_list, id),
						  .after = has_response ? party_name(change_list, id) : "",
						  .changed = true });
	}
}

static struct json_value *parse_stored_json(const char *json)
{
	struct json_value *value = NULL;

	return json[0] && !json_read(json, strlen(json), &value, NULL) ? value : NULL;
}

size_t correction_changes(struct arena *arena, const struct case_view *view, const struct correction *correction,
			  struct change **out)
{
	struct json_value *before = parse_stored_json(correction->before_json),
			  *after = parse_stored_json(correction->after_json);
	struct change_list change_list = { .arena = arena,
					   .view = view,
					   .before = before,
					   .after = member(after, "fields") || member(after, "documents") ? after
													  : NULL };

	if (before) {
		const struct json_value *was = member(before, "parties"), *is = member(change_list.after, "parties");

		add_field_changes(&change_list);
		add_documents(&change_list);
		add_missing_types(&change_list, correction);
		if (correction_is_of_step(correction) && was && is) {
			add_party_changes(&change_list, is, was, true);
			add_party_changes(&change_list, was, is, false);
		}
	}
	if (*text_of(after, "words"))
		add(&change_list, (struct change){ .kind = CHANGE_EXPLANATION,
						   .name = "words",
						   .after = arena_strdup(arena, text_of(after, "words")),
						   .has_response = true,
						   .changed = true });
	json_free(before);
	json_free(after);
	*out = change_list.items;
	return change_list.count;
}
