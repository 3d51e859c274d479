/* Erases leftovers of a committed change. */
#include "use/use.h"
#include "kybdesk/store/bytes.h"
#include "use/transaction.h"

enum err leftover_bytes_erase(struct use *use, struct error *error)
{
	struct desk *desk = use->desk;
	const struct leftover_bytes *left = &use->erased.bytes;
	enum err err = ERR_OK;

	(void)error;
	if (left->count && store_is_held(desk->store))
		BUG("the bytes of deleted documents are erased after the commit, not before");
	if (left->count)
		err = store_begin(desk->store, STORE_WRITE, NULL);
	for (size_t i = 0; !err && i < left->count; i++)
		err = store_bytes_erase(desk->store, left->hashes[i], NULL);
	if (left->count && desk_finish(desk, err, NULL))
		log_info(&desk->log, "the bytes of %zu deleted documents were not erased", left->count);
	return ERR_OK;
}
