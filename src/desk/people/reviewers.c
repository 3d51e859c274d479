/* Administration of who works here: reviewers and merchants. */
#include "internal.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/desk/admin.h"

#include <string.h>

#define KEY_BYTES 32

static enum err reviewer_require(struct desk *desk, struct arena *arena, const char *name, struct reviewer *out,
				 struct error *error)
{
	bool found;
	enum err err = store_reviewer_find(desk->store, arena, name, out, &found, error);

	if (err)
		return err;
	if (!found)
		return error_set_field(error, ERR_NOT_FOUND, "name",
				       "There is no reviewer '%s'; see kybdesk reviewer list", name);
	return ERR_OK;
}

static enum err role_check(enum role role, struct error *error)
{
	if (role > ROLE_ADMIN)
		return error_set_field(error, ERR_INVALID, "role",
				       "'%s' is no role of a person; roles are viewer, reviewer, lead, admin",
				       role_text(role));
	return ERR_OK;
}

/* Without an admin nobody could ever change anything here again. */
static enum err last_admin_check(struct desk *desk, struct arena *arena, const struct reviewer *leaving,
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
	return error_set(error, ERR_BLOCKED, "%s is the only admin; make somebody else an admin first",
			 leaving->name);
}

enum err desk_reviewer_add(struct desk *desk, const char *name, enum role role, bool supervised,
			   struct error *error)
{
	struct reviewer reviewer = { .name = name, .role = role, .supervised = supervised };
	struct json_value *detail;
	enum err err = reviewer_name_check(name, error);

	if (!err)
		err = role_check(role, error);
	if (!err)
		err = desk_begin(desk, ROLE_ADMIN, "add reviewers", error);
	if (err)
		return err;
	err = store_reviewer_insert(desk->store, &reviewer, desk_now(desk), error);
	if (!err) {
		detail = json_new_object();
		json_set_text(detail, "reviewer", name);
		json_set_text(detail, "role", role_text(role));
		json_set_bool(detail, "supervised", supervised);
		err = desk_record(desk, "reviewer.add", NULL, detail, error);
	}
	return desk_finish(desk, err, error);
}

enum err desk_reviewer_role(struct desk *desk, const char *name, enum role role, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct reviewer reviewer;
	struct json_value *detail;
	enum role before;
	enum err err = role_check(role, error);

	if (!err)
		err = desk_begin(desk, ROLE_ADMIN, "change roles", error);
	if (err)
		return err;
	err = reviewer_require(desk, &arena, name, &reviewer, error);
	if (!err && role != ROLE_ADMIN)
		err = last_admin_check(desk, &arena, &reviewer, error);
	if (!err) {
		before = reviewer.role;
		reviewer.role = role;
		err = store_reviewer_update(desk->store, &reviewer, desk_now(desk), error);
		if (!err) {
			detail = json_new_object();
			json_set_text(detail, "reviewer", name);
			json_set_text(detail, "from", role_text(before));
			json_set_text(detail, "to", role_text(role));
			err = desk_record(desk, "reviewer.role", NULL, detail, error);
		}
	}
	err = desk_finish(desk, err, error);
	arena_release(&arena);
	return err;
}

enum err desk_reviewer_disable(struct desk *desk, const char *name, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct reviewer reviewer;
	struct json_value *detail;
	enum err err = desk_begin(desk, ROLE_ADMIN, "disable reviewers", error);

	if (err)
		return err;
	err = reviewer_require(desk, &arena, name, &reviewer, error);
	if (!err && reviewer.disabled)
		err = error_set(error, ERR_BLOCKED, "%s is disabled already", name);
	if (!err)
		err = last_admin_check(desk, &arena, &reviewer, error);
	if (!err) {
		reviewer.disabled = true;
		err = store_reviewer_update(desk->store, &reviewer, desk_now(desk), error);
	}
	if (!err) {
		detail = json_new_object();
		json_set_text(detail, "reviewer", name);
		err = desk_record(desk, "reviewer.disable", NULL, detail, error);
	}
	err = desk_finish(desk, err, error);
	arena_release(&arena);
	return err;
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
						      .created_at = rows[i].created_at };
	return ERR_OK;
}

enum err desk_merchant_add(struct desk *desk, const char *name, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct merchant merchant = { .name = name, .api_code = "" };
	struct json_value *detail;
	bool found = false;
	enum err err = text_check("name", "the merchant's name", name, true, error);

	if (!err)
		err = desk_begin(desk, ROLE_ADMIN, "add merchants", error);
	if (err)
		return err;
	err = store_merchant_find(desk->store, &arena, name, &merchant, &found, error);
	if (!err && found)
		err = error_set_field(error, ERR_CONFLICT, "name", "There is a merchant '%s' already", name);
	if (!err) {
		merchant = (struct merchant){ .name = name, .api_code = "" };
		err = store_merchant_insert(desk->store, &merchant, desk_now(desk), error);
	}
	if (!err) {
		detail = json_new_object();
		json_set_text(detail, "merchant", name);
		err = desk_record(desk, "merchant.add", NULL, detail, error);
	}
	err = desk_finish(desk, err, error);
	arena_release(&arena);
	return err;
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
						      .has_key = rows[i].has_key,
						      .created_at = rows[i].created_at };
	return ERR_OK;
}

enum err desk_merchant_key(struct desk *desk, struct arena *arena, const char *name, const char **api_code,
			   struct strbuf *api_key, struct error *error)
{
	uint8_t secret[KEY_BYTES], hash[SHA256_SIZE], code_bytes[9];
	struct merchant merchant;
	struct strbuf code = STRBUF_INIT;
	struct json_value *detail;
	bool found = false;
	enum err err = desk_begin(desk, ROLE_ADMIN, "make API keys", error);

	if (err)
		return err;
	err = store_merchant_find(desk->store, arena, name, &merchant, &found, error);
	if (!err && !found)
		err = error_set_field(error, ERR_NOT_FOUND, "merchant",
				      "There is no merchant '%s'; see kybdesk merchant list", name);
	if (!err) {
		world_random(desk->world, secret, sizeof secret);
		strbuf_reset(api_key);
		strbuf_adds(api_key, "kyb_");
		base64url_encode(api_key, secret, sizeof secret);
		sha256_once(api_key->buf, api_key->len, hash);
		if (*merchant.api_code) {
			*api_code = merchant.api_code;
		} else {
			world_random(desk->world, code_bytes, sizeof code_bytes);
			strbuf_adds(&code, "mch_");
			base64url_encode(&code, code_bytes, sizeof code_bytes);
			*api_code = arena_strdup(arena, code.buf);
		}
		err = store_merchant_set_key(desk->store, merchant.row, *api_code, hash, error);
	}
	if (!err) {
		detail = json_new_object();
		json_set_text(detail, "merchant", name);
		json_set_text(detail, "api_code", *api_code);
		err = desk_record(desk, "merchant.key", NULL, detail, error);
	}
	err = desk_finish(desk, err, error);
	if (err)
		strbuf_wipe(api_key);
	secret_wipe(secret, sizeof secret);
	strbuf_release(&code);
	return err;
}
