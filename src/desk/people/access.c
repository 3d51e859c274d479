/* Public keys of reviewers, for their access by OpenSSH (kybdesk session). */
#include "use/use.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/store/people.h"

/* Reads in->part: the reviewer; in->text: the key, one line in the format of OpenSSH. Only one reviewer can have
 * this key. */
enum err use_access_add(struct use *use, struct error *error)
{
	struct access_key key = { .added_at = use->now, .added_by = use->desk->actor }, *known;
	struct reviewer reviewer;
	size_t count = 0;
	enum err err = ssh_key_read(use->arena, use->in->text, strlen(use->in->text), &key.key, error);

	if (!err)
		err = reviewer_require(use->desk->store, use->arena, use->in->part, &reviewer, error);
	if (!err && reviewer.disabled)
		err = error_set(error, ERR_BLOCKED, "%s is disabled and cannot get access", reviewer.name);
	if (!err)
		err = store_access_key_list(use->desk->store, use->arena, "", &known, &count, error);
	for (size_t i = 0; !err && i < count; i++)
		if (!strcmp(known[i].key.fingerprint, key.key.fingerprint))
			err = error_set_field(error, ERR_CONFLICT, "key", "The key %s belongs to %s already",
					      key.key.fingerprint, known[i].reviewer);
	if (err)
		return err;
	use->out->part_id = key.key.fingerprint;
	JSON_ADD(use->detail, { "reviewer", AS_TEXT(reviewer.name) }, { "type", AS_TEXT(key.key.type) },
		 { "fingerprint", AS_TEXT(key.key.fingerprint) });
	err = use_offer(use, key.key.fingerprint, error);
	return err || use->out->is_proposal ? err
					    : store_access_key_insert(use->desk->store, reviewer.row, &key, error);
}

/* Reads in->part: the reviewer; in->text: the key's fingerprint, "": all keys of the reviewer. */
enum err use_access_remove(struct use *use, struct error *error)
{
	const char *wanted = use->in->text;
	struct access_key *items = NULL;
	const char **removed = NULL;
	struct reviewer reviewer;
	size_t count = 0, done = 0, capacity = 0;
	enum err err = reviewer_require(use->desk->store, use->arena, use->in->part, &reviewer, error);

	if (!err)
		err = store_access_key_list(use->desk->store, use->arena, reviewer.name, &items, &count, error);
	for (size_t i = 0; !err && i < count; i++) {
		if (*wanted && strcmp(items[i].key.fingerprint, wanted) != 0)
			continue;
		*ARENA_PUSH(use->arena, removed, done, capacity) = items[i].key.fingerprint;
		err = store_row_delete(use->desk->store, DELETE_ACCESS_KEY, items[i].row, error);
	}
	if (!err && !done)
		err = error_set(error, ERR_NOT_FOUND, "%s has no SSH key%s%s. List them with: kybdesk access list",
				reviewer.name, *wanted ? " " : "", wanted);
	if (err)
		return err;
	use->out->part_id = reviewer.name;
	JSON_ADD(use->detail, { "reviewer", AS_TEXT(reviewer.name) },
		 { "fingerprints", json_new_texts(removed, done) });
	return ERR_OK;
}

enum err desk_access_keys(struct desk *desk, struct arena *arena, const char *reviewer, struct access_key **items,
			  size_t *count, struct error *error)
{
	return store_access_key_list(desk->store, arena, reviewer, items, count, error);
}

enum err desk_access_keys_of_store(const struct desk_options *options, struct arena *arena, const char *reviewer,
				   struct access_key **items, size_t *count, struct error *error)
{
	struct desk desk = { .world = options->world };
	const struct store_options store_options = { .path = desk_resolve_path(&desk, arena, options->store_path),
						     .readonly = true,
						     .world = options->world };
	struct access_key *all = NULL;
	struct store *store = NULL;
	size_t found = 0;
	enum err err = store_open(&store_options, &store, error);

	*items = NULL;
	*count = 0;
	if (!err)
		err = store_access_key_list(store, arena, reviewer, &all, &found, error);
	store_close(store);
	if (err)
		return err;
	*items = arena_alloc_array(arena, found + 1, sizeof **items);
	for (size_t i = 0; i < found; i++)
		if (!all[i].disabled)
			(*items)[(*count)++] = all[i];
	return ERR_OK;
}
