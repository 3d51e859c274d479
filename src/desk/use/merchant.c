/* The merchant of a case or user. */
#include "use/use.h"
#include "kybdesk/store/people.h"

enum err merchant_known(struct desk *desk, struct arena *arena, const char *name, int64_t *row, struct error *error)
{
	struct merchant merchant;
	enum err err = store_merchant_find(desk->store, arena, name, &merchant, error);

	*row = err ? 0 : merchant.row;
	if (!err && !*row && !desk->store->sandbox)
		err = error_set_field(
			error, ERR_INVALID, "merchant",
			"\"%s\" is not a merchant of this store; add it with: kybdesk merchant add %s", name, name);
	return err;
}

enum err merchant_take(struct desk *desk, struct arena *arena, const char *name, int64_t *row, struct error *error)
{
	struct merchant merchant = { .name = name, .api_code = "" };
	enum err err = merchant_known(desk, arena, name, row, error);

	if (err || *row)
		return err;
	err = store_merchant_insert(desk->store, &merchant, desk_now(desk), error);
	*row = merchant.row;
	return err;
}
