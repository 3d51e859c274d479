/* Finds and adds merchants by name. */
#include "use/use.h"
#include "kybdesk/store/people.h"
#include "use/reviewer.h"

#include <string.h>

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

static enum err check_alike(struct store *store, struct arena *arena, const char *name, struct error *error)
{
	const char *mine = name_likeness(arena, name);
	struct merchant *items = NULL;
	size_t count = 0;
	enum err err;

	if (!*mine)
		return error_set_field(error, ERR_INVALID, "name",
				       "The name of a merchant cannot be \"%s\"; it must have a letter or a digit",
				       name);
	err = store_merchant_list(store, arena, &items, &count, error);
	for (size_t i = 0; !err && i < count; i++)
		if (strcmp(items[i].name, name) != 0 && strcmp(name_likeness(arena, items[i].name), mine) == 0)
			return error_set_field(error, ERR_CONFLICT, "name",
					       "The name \"%s\" looks like that of the merchant \"%s\"; choose "
					       "another name",
					       name, items[i].name);
	return err;
}

enum err merchant_add(struct desk *desk, struct arena *arena, const char *name, int64_t *row, struct error *error)
{
	struct merchant merchant = { .name = name, .api_code = "" };
	enum err err = check_alike(desk->store, arena, name, error);

	if (!err)
		err = store_merchant_insert(desk->store, &merchant, desk_now(desk), error);
	*row = merchant.row;
	return err;
}

enum err merchant_find_or_add(struct desk *desk, struct arena *arena, const char *name, int64_t *row,
			      struct error *error)
{
	enum err err = merchant_known(desk, arena, name, row, error);

	return err || *row ? err : merchant_add(desk, arena, name, row, error);
}
