/* Administration of reviewers and merchants. */
#include "use/use.h"
#include "kybdesk/desk/admin.h"

static enum err check_role(enum role role, struct error *error)
{
	if (!role_is_assignable(role))
		return error_invalid(error, "role",
				     "'%s' is not a role of a person; roles are viewer, intake, reviewer, lead, admin",
				     role_text(role));
	return ERR_OK;
}

/* Refuses a change after which no admin would be left to administer the store. */
static enum err check_last_admin(struct desk *desk, struct arena *arena, const struct reviewer *leaving,
				 struct error *error)
{
	struct reviewer *items;
	size_t count;
	enum err err;

	if (leaving->role != ROLE_ADMIN || leaving->disabled)
		return ERR_OK;
	err = store_reviewer_list(desk->store, arena, &items, &count, error);
	if (err)
		return err;
	for (size_t i = 0; i < count; i++)
		if (items[i].role == ROLE_ADMIN && !items[i].disabled && items[i].row != leaving->row)
			return ERR_OK;
	return error_set(error, ERR_BLOCKED, "%s is the only admin; make another reviewer an admin first",
			 leaving->name);
}

/* Reads in->part: the name of the reviewer; in->role, in->supervised. */
enum err use_reviewer_add(struct use *use, struct error *error)
{
	struct reviewer reviewer = { .name = use->in->part, .role = use->in->role, .supervised = use->in->supervised };
	enum err err = check_role(reviewer.role, error);

	if (!err)
		err = reviewer_check_new_name(use->desk->store, use->arena, reviewer.name, &reviewer.name, error);
	if (err)
		return err;
	use->out->part_id = reviewer.name;
	JSON_ADD(use->detail, { "reviewer", AS_TEXT(reviewer.name) }, { "role", AS_TEXT(role_text(reviewer.role)) },
		 { "supervised", AS_BOOL(reviewer.supervised) });
	err = use_offer(use, reviewer.name, error);
	return err || use->out->is_proposal ? err : store_reviewer_insert(use->desk->store, &reviewer, use->now, error);
}

static enum err find(struct use *use, struct reviewer *out, struct error *error)
{
	enum err err = reviewer_require(use->desk->store, use->arena, use->in->part, out, error);

	if (!err)
		use->out->part_id = out->name;
	return err;
}

/* Reads in->part, in->role. */
enum err use_reviewer_role(struct use *use, struct error *error)
{
	struct reviewer reviewer;
	enum err err = check_role(use->in->role, error);

	if (!err)
		err = find(use, &reviewer, error);
	if (!err && use->in->role != ROLE_ADMIN)
		err = check_last_admin(use->desk, use->arena, &reviewer, error);
	if (err)
		return err;
	JSON_ADD(use->detail, { "reviewer", AS_TEXT(reviewer.name) }, { "from", AS_TEXT(role_text(reviewer.role)) },
		 { "to", AS_TEXT(role_text(use->in->role)) });
	reviewer.role = use->in->role;
	err = use_offer(use, reviewer.name, error);
	return err || use->out->is_proposal ? err : store_reviewer_update(use->desk->store, &reviewer, use->now, error);
}

/* Reads in->part. */
enum err use_reviewer_disable(struct use *use, struct error *error)
{
	struct reviewer reviewer;
	enum err err = find(use, &reviewer, error);

	if (!err && reviewer.disabled)
		err = error_set(error, ERR_BLOCKED, "%s is disabled already", reviewer.name);
	if (!err)
		err = check_last_admin(use->desk, use->arena, &reviewer, error);
	if (err)
		return err;
	reviewer.disabled = true;
	json_set_text(use->detail, "reviewer", reviewer.name);
	return store_reviewer_update(use->desk->store, &reviewer, use->now, error);
}

enum err desk_reviewers(struct desk *desk, struct arena *arena, struct reviewer_info **items, size_t *count,
			struct error *error)
{
	struct reviewer *rows;
	enum err err = store_reviewer_list(desk->store, arena, &rows, count, error);

	if (err)
		return err;
	*items = arena_alloc_array(arena, *count, sizeof **items);
	for (size_t i = 0; i < *count; i++)
		(*items)[i] = (struct reviewer_info){ .name = rows[i].name,
						      .role = rows[i].role,
						      .supervised = rows[i].supervised,
						      .disabled = rows[i].disabled,
						      .created_at = rows[i].created_at,
						      .key_created_at = rows[i].key_created_at };
	return ERR_OK;
}

/* Reads in->part: the name. A name similar to another merchant's needs a second admin. */
enum err use_merchant_add(struct use *use, struct error *error)
{
	const char *name = use->in->part, *similar = NULL;
	enum err err = text_check("name", "the merchant's name", name, true, error);
	int64_t row;

	if (!err)
		err = merchant_find_similar(use->desk, use->arena, name, &similar, error);
	if (err)
		return err;
	json_set_text(use->detail, "merchant", name);
	if (similar) {
		json_set_text(use->detail, "similar_to", similar);
		err = use_offer(use, name, error);
	}
	return err || use->out->is_proposal ? err : merchant_add(use->desk, use->arena, name, &row, error);
}

enum err desk_merchants(struct desk *desk, struct arena *arena, struct merchant_info **items, size_t *count,
			struct error *error)
{
	struct merchant *rows;
	enum err err = store_merchant_list(desk->store, arena, &rows, count, error);

	if (err)
		return err;
	*items = arena_alloc_array(arena, *count, sizeof **items);
	for (size_t i = 0; i < *count; i++)
		(*items)[i] = (struct merchant_info){ .name = rows[i].name,
						      .api_code = rows[i].api_code,
						      .created_at = rows[i].created_at };
	return ERR_OK;
}

/* Makes a reviewer's key; the previous key stops working. Reads in->part: the name. Appends the key to
 * in->content_out, which the calling function wipes; no later call returns the key. */
enum err use_reviewer_key(struct use *use, struct error *error)
{
	uint8_t hash[SHA256_SIZE];
	struct reviewer reviewer;
	enum err err = find(use, &reviewer, error);

	if (!err && reviewer.disabled)
		err = error_set(error, ERR_BLOCKED, "%s is disabled and cannot get an API key", reviewer.name);
	if (err)
		return err;
	json_set_text(use->detail, "reviewer", reviewer.name);
	err = use_offer(use, reviewer.name, error);
	if (err || use->out->is_proposal)
		return err;
	api_key_make(use->desk, REVIEWER_KEY_PREFIX, use->in->content_out, hash);
	return store_reviewer_set_key(use->desk->store, reviewer.row, hash, use->now, error);
}

/* Reads in->part: the name. */
enum err use_reviewer_key_revoke(struct use *use, struct error *error)
{
	struct reviewer reviewer;
	enum err err = find(use, &reviewer, error);

	if (!err && reviewer.key_created_at == TIME_NONE)
		err = error_set(error, ERR_BLOCKED, "%s has no API key", reviewer.name);
	if (err)
		return err;
	json_set_text(use->detail, "reviewer", reviewer.name);
	return store_reviewer_set_key(use->desk->store, reviewer.row, NULL, use->now, error);
}
