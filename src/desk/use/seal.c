#include "use/use.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/session_codec.h"
#include "kybdesk/store/commitment.h"

#include <stdio.h>

/* --- hashes --- */

enum err seal_key_of(struct desk *desk, int64_t session, struct seal_key *out, struct error *error)
{
	uint8_t salt[ROW_SALT_SIZE];
	char hex[2 * ROW_SALT_SIZE + 1], text[sizeof "values:" + sizeof hex];
	struct link_key key;
	struct error missing = { 0 };
	enum err err = store_get_session_salt(desk->store, session, salt, &out->is_key_loaded, error);

	if (err || !out->is_key_loaded)
		return err;
	/* If the store's key is missing, a change is recorded but not sealed; doctor reports the missing key. */
	out->is_key_loaded = store_get_link_key(desk->store, desk->store->db->writing, &key, &missing) == ERR_OK;
	error_release(&missing);
	if (!out->is_key_loaded)
		return ERR_OK;
	hex_encode(salt, sizeof salt, hex);
	/* The same key also signs the texts of links: this prefix keeps the two kinds of text apart. */
	hmac_sha256(key.bytes, sizeof key.bytes, text, (size_t)snprintf(text, sizeof text, "values:%s", hex),
		    out->bytes);
	secret_wipe(&key, sizeof key);
	return ERR_OK;
}

const char *seal_hash_text(struct arena *arena, const struct seal_key *key, const char *path, const char *text)
{
	uint8_t hash[SHA256_SIZE];
	char hex[SHA256_HEX_SIZE];

	if (!*text)
		return "";
	text = arena_printf(arena, "%s=%s", path, text);
	hmac_sha256(key->bytes, sizeof key->bytes, text, strlen(text), hash);
	hex_encode(hash, sizeof hash, hex);
	return arena_strdup(arena, hex);
}

/* A value as text: a string without quotes, any other value as compact JSON; "" for null and for empty values. */
static const char *text_of(struct arena *arena, const struct json_value *value)
{
	if (!value || json_value_is_null(value))
		return "";
	if (json_text(value))
		return json_text(value);
	if ((json_is_object(value) || json_is_array(value)) && !json_count(value))
		return "";
	return json_to_arena(arena, value);
}

/* --- differences --- */

struct comparison {
	struct arena *arena;
	struct sealed_values *out;
};

static void compare_value(struct comparison *to, const char *path, const struct json_value *before,
			  const struct json_value *after)
{
	const char *was = text_of(to->arena, before), *is = text_of(to->arena, after);

	/* Copies both texts, since the JSON values are freed before the sealed values are used. */
	if (strcmp(was, is) != 0)
		*ARENA_PUSH(to->arena, to->out->items, to->out->count, to->out->capacity) =
			(struct sealed_value){ path, arena_strdup(to->arena, was), arena_strdup(to->arena, is) };
}

/* Whether the member is not sealed, because it is computed, is the state of a review, or is in plain text in each
 * record of a change. */
static bool is_excluded_member(const char *key)
{
	static const char *const names[] = { "id",	   "session",		"status",
					     "updated_at", "effective_percent", "beneficial_owner" };

	return texts_contain(names, sizeof names / sizeof *names, key);
}

struct pair {
	const struct json_value *before, *after; /* NULL: absent */
};

static const struct json_value *member(const struct json_value *object, const char *key)
{
	return object ? json_get(object, key) : NULL;
}

/* Compares the members of an object one by one; also compares the members of the member "fields" one by one. */
static void compare_members(struct comparison *to, const char *path, struct pair pair)
{
	const struct json_value *const sides[] = { pair.before, pair.after };

	for (size_t side = 0; side < 2; side++) {
		for (const char *key = sides[side] ? json_first_key(sides[side]) : NULL; key;
		     key = json_next_key(sides[side], key)) {
			const struct pair inner = { member(pair.before, key), member(pair.after, key) };
			const char *name = arena_printf(to->arena, "%s.%s", path, key);

			if (is_excluded_member(key) || (side && inner.before))
				continue;
			if (!strcmp(key, "fields"))
				compare_members(to, name, inner);
			else
				compare_value(to, name, inner.before, inner.after);
		}
	}
}

static const struct json_value *find_element(const struct json_value *list, const char *key, const char *text)
{
	for (size_t i = 0; list && i < json_count(list); i++) {
		const char *found = json_get_text(json_at(list, i), key);

		if (found && !strcmp(found, text))
			return json_at(list, i);
	}
	return NULL;
}

/* Compares the elements of a list. key: the member that identifies an element, by an id or by a word of the
 * workflow. */
static void compare_elements(struct comparison *to, const char *path, const char *key, struct pair pair)
{
	const struct json_value *const sides[] = { pair.before, pair.after };

	for (size_t side = 0; side < 2; side++) {
		for (size_t i = 0; sides[side] && i < json_count(sides[side]); i++) {
			const char *name = json_get_text(json_at(sides[side], i), key);

			if (name && !(side && find_element(pair.before, key, name)))
				compare_members(to, arena_printf(to->arena, "%s[%s]", path, name),
						(struct pair){ find_element(pair.before, key, name),
							       find_element(pair.after, key, name) });
		}
	}
}

void seal_compare(struct arena *arena, const struct json_value *before, const struct json_value *after,
		  struct sealed_values *out)
{
	struct comparison comparison = { arena, out }, *to = &comparison;
	const struct pair cases = { before, after };
	static const struct {
		const char *member, *key; /* key NULL: the member is an object, not a list */
	} parts[] = {
		{ "subject", NULL }, { "steps", "id" }, { "documents", "id" }, { "parties", "id" }, { "checks", "kind" }
	};
	static const char *const values[] = { "external_ref", "risk_score",	    "risk_factors", "custom_tags",
					      "metadata",     "processing_results", "submitted_at", "expires_at" };

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const char *name = parts[i].member;
		const struct pair pair = { member(cases.before, name), member(cases.after, name) };

		if (parts[i].key)
			compare_elements(to, name, parts[i].key, pair);
		else
			compare_members(to, name, pair);
	}
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		compare_value(to, values[i], member(cases.before, values[i]), member(cases.after, values[i]));
}

/* --- a run of a verb --- */

static struct json_value *document_of(const struct case_file *file)
{
	return session_write(file, &(const struct session_write_options){ .now = TIME_NONE });
}

/* The case as sealed: all of it, or the one party that changes. */
static struct json_value *document_of_part(const struct use *use)
{
	struct case_file alone = use->file;

	if (!use->sealed_party)
		return document_of(&use->file);
	alone.parties = NULL;
	alone.party_count = alone.step_count = alone.document_count = alone.check_count = 0;
	for (size_t i = 0; i < use->file.party_count; i++) {
		if (!strcmp(use->file.parties[i].id, use->sealed_party)) {
			alone.parties = &use->file.parties[i];
			alone.party_count = 1;
		}
	}
	return document_of(&alone);
}

void seal_keep_old_case(struct use *use)
{
	bool submits = use->in->capacity != CAPACITY_STAFF && use->in->capacity != CAPACITY_SYSTEM;

	if ((submits || use->use_case->material == MATERIAL_DATA) && !(use->use_case->needs & NEED_KEEP_VERSION))
		use->case_before = document_of_part(use);
}

void seal_free_old_case(struct use *use)
{
	json_free(use->case_before);
	use->case_before = NULL;
}

static void add_text_to_seal(struct use *use, const char *name, const char *text, struct sealed_values *out)
{
	const char *recorded = json_get_text(use->detail, name);

	/* Does not seal a reason's code, which the record has in plain text. */
	if (*text && (!recorded || strcmp(recorded, text) != 0))
		*ARENA_PUSH(use->arena, out->items, out->count, out->capacity) =
			(struct sealed_value){ name, "", text };
}

static enum err compare_with_stored(struct use *use, struct sealed_values *out, struct error *error)
{
	struct case_file now;
	struct json_value *after;
	enum err err =
		use->sealed_party ? ERR_OK : desk_case_load(use->desk, use->arena, use->file.session.row, &now, error);

	if (err)
		return err;
	after = use->sealed_party ? document_of_part(use) : document_of(&now);
	seal_compare(use->arena, use->case_before, after, out);
	json_free(after);
	return ERR_OK;
}

static void write_sealed_values(struct use *use, const struct seal_key *key, const struct sealed_values *values)
{
	struct json_value *sealed = json_new_object();

	for (size_t i = 0; i < values->count; i++) {
		const struct sealed_value *value = &values->items[i];
		json_set(
			sealed, value->path,
			JSON_FROM(
				{ "before|null", AS_TEXT(seal_hash_text(use->arena, key, value->path, value->before)) },
				{ "after|null", AS_TEXT(seal_hash_text(use->arena, key, value->path, value->after)) }));
	}
	json_set(use->detail, "sealed", sealed);
}

enum err seal_add_to_record(struct use *use, struct error *error)
{
	struct sealed_values values = { 0 };
	struct seal_key key;
	enum err err = ERR_OK;

	if (!use->file.session.row)
		return ERR_OK;
	add_text_to_seal(use, "reason", use->in->reason, &values);
	add_text_to_seal(use, "text", use->in->text, &values);
	add_text_to_seal(use, "note", use->in->note, &values);
	add_text_to_seal(use, "override", use->in->override, &values);
	if (!use->case_before && !values.count)
		return ERR_OK;
	err = seal_key_of(use->desk, use->file.session.row, &key, error);
	if (!err && key.is_key_loaded && use->case_before)
		err = compare_with_stored(use, &values, error);
	if (!err && key.is_key_loaded && values.count)
		write_sealed_values(use, &key, &values);
	secret_wipe(&key, sizeof key);
	seal_free_old_case(use);
	return err;
}
