/*
 * The sealed values of the records (use/seal.h) that equal present values or texts of the case. For an earlier value
 * the archive has only the hash; a person that knows the value can prove that the record sealed it.
 */
#include "evidence/evidence.h"
#include "kybdesk/codec/session_codec.h"
#include "use/seal.h"

#include <string.h>

struct listing {
	struct arena *arena;
	struct strbuf *out;
	struct seal_key key;
	struct sealed_values present; /* member `after`: the value */
	const char **words;	      /* texts of the case, its decisions and notes */
	size_t word_count, word_capacity;
};

static void collect_words(struct listing *listing, const struct json_value *value)
{
	const char *text = json_text(value), *reason = text ? strstr(text, ": ") : NULL;

	if (text && *text)
		*ARENA_PUSH(listing->arena, listing->words, listing->word_count, listing->word_capacity) = text;
	/* A note that the desk wrote from a reason: "The step x was changed: REASON". */
	if (reason)
		*ARENA_PUSH(listing->arena, listing->words, listing->word_count, listing->word_capacity) =
			reason + 2;
	for (size_t i = 0; json_is_array(value) && i < json_count(value); i++)
		collect_words(listing, json_at(value, i));
	for (const char *key = json_is_object(value) ? json_first_key(value) : NULL; key;
	     key = json_next_key(value, key))
		collect_words(listing, json_get(value, key));
}

static bool is_sealed(const struct listing *listing, const char *path, const char *value, const char *hash)
{
	return !strcmp(seal_text(listing->arena, &listing->key, path, value), hash);
}

/* NULL: the store no longer has it. */
static const char *find_value(const struct listing *listing, const char *path, const char *hash)
{
	bool is_word = strpbrk(path, ".[") == NULL;

	for (size_t i = 0; i < listing->present.count; i++)
		if (!strcmp(listing->present.items[i].path, path) &&
		    is_sealed(listing, path, listing->present.items[i].after, hash))
			return listing->present.items[i].after;
	for (size_t i = 0; is_word && i < listing->word_count; i++)
		if (is_sealed(listing, path, listing->words[i], hash))
			return listing->words[i];
	return NULL;
}

static void list_record(struct listing *listing, const struct audit_event *record)
{
	static const char *const sides[] = { "before", "after" };
	struct json_value *detail = NULL;
	const struct json_value *sealed;

	if (json_read(record->detail, strlen(record->detail), &detail, NULL))
		return;
	sealed = json_get(detail, "sealed");
	for (const char *path = sealed ? json_first_key(sealed) : NULL; path; path = json_next_key(sealed, path)) {
		for (size_t side = 0; side < 2; side++) {
			const char *hash = json_get_text(json_get(sealed, path), sides[side]);
			const char *value = hash ? find_value(listing, path, hash) : NULL;
			struct json_value *line;

			if (!value)
				continue;
			line = json_new_object();
			json_set_int(line, "record", record->seq);
			json_set_text(line, "path", path);
			json_set_text(line, "side", sides[side]);
			json_set_text(line, "value", value);
			json_write(listing->out, line, JSON_COMPACT_LAYOUT, true);
			json_free(line);
		}
	}
	json_free(detail);
}

static void list_key(const struct listing *listing, const char *session)
{
	struct json_value *line = json_new_object();
	char hex[SHA256_HEX_SIZE];

	hex_encode(listing->key.bytes, sizeof listing->key.bytes, hex);
	json_set_text(line, "session", session);
	json_set_text(line, "key", hex);
	json_write(listing->out, line, JSON_COMPACT_LAYOUT, true);
	json_free(line);
	secret_wipe(hex, sizeof hex);
}

static enum err list_case(struct desk *desk, struct arena *arena, const struct evidence *evidence, size_t at,
			  struct strbuf *out, struct error *error)
{
	const struct case_file *file = &evidence->cases[at];
	const struct blockers none = { 0 };
	struct listing listing = { .arena = arena, .out = out };
	struct json_value *document;
	enum err err = seal_key_of(desk, file->session.row, &listing.key, error);

	if (err || !listing.key.there)
		return err;
	document =
		session_write(file, &(const struct session_write_options){ .blockers = &none, .now = TIME_NONE });
	seal_compare(arena, NULL, document, &listing.present);
	collect_words(&listing, document);
	list_key(&listing, file->session.id);
	for (size_t i = 0; i < evidence->record_count; i++)
		if (!strcmp(evidence->records[i].session_id, file->session.id))
			list_record(&listing, &evidence->records[i]);
	json_free(document);
	secret_wipe(&listing.key, sizeof listing.key);
	return ERR_OK;
}

enum err evidence_values(struct desk *desk, struct arena *arena, const struct evidence *evidence,
			 struct strbuf *out, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < evidence->case_count; i++)
		err = list_case(desk, arena, evidence, i, out, error);
	return err;
}
