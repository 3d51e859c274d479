/* Legal holds, by leads and admins. A hold changes nothing in the case; all sessions of its user are kept. */
#include "kybdesk/desk/retention.h"
#include "kybdesk/store/retention.h"
#include "use/refusal.h"
#include "use/transaction.h"
#include "use/use.h"

/* Reads in->reason. */
enum err use_legal_hold_set(struct use *use, struct error *error)
{
	struct legal_hold hold = { .reason = use->in->reason, .set_by = use->desk->actor, .set_at = use->now };
	enum err err = store_legal_hold_set(use->desk->store, use->file.session.row, &hold, error);

	if (!err)
		json_set_int(use->detail, "legal_hold", hold.row);
	return err;
}

/* Reads in->reason. */
enum err use_legal_hold_release(struct use *use, struct error *error)
{
	struct legal_hold hold = { .release_reason = use->in->reason,
				   .released_by = use->desk->actor,
				   .released_at = use->now };
	enum err err = store_legal_hold_release(use->desk->store, use->file.session.row, &hold, error);

	if (!err)
		json_set_int(use->detail, "legal_hold", hold.row);
	return err;
}

enum err desk_legal_holds(struct desk *desk, struct arena *arena, const char *session, struct legal_hold_list *out,
			  struct error *error)
{
	int64_t row = 0;
	enum err err = desk_begin_rows(desk, error);

	*out = (struct legal_hold_list){ 0 };
	if (err)
		return err;
	if (session)
		err = store_session_find(desk->store, session, &row, error);
	if (!err)
		err = store_legal_hold_list(desk->store, arena, row, out, error);
	return desk_finish_read(desk, err);
}
