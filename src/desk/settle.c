/* Counters, search text and the parent's view of a case, kept in the transaction of the change. */
#include "internal.h"

enum err desk_case_settle(struct desk *desk, const struct case_file *file, const struct profile *profile, bool text,
			  struct error *error)
{
	struct case_counts counts = { 0 };
	enum err err;

	case_count(file, profile, &counts);
	err = store_session_set_counts(desk->store, file->session.row, &counts, error);
	if (!err && text)
		err = store_session_index_text(desk->store, file, error);
	return err;
}

enum err desk_case_refresh(struct desk *desk, struct arena *arena, int64_t row, struct error *error)
{
	struct case_file file;
	enum err err = store_case_load(desk->store, arena, row, &file, error);

	if (err)
		return err;
	return desk_case_settle(desk, &file, desk_session_profile_or_bare(desk, &file.session), true, error);
}

enum err desk_parent_refresh(struct desk *desk, struct arena *arena, const struct session *session,
			     struct error *error)
{
	struct case_file parent;
	enum err err;

	if (!session->parent_row)
		return ERR_OK;
	err = store_case_load(desk->store, arena, session->parent_row, &parent, error);
	if (!err)
		err = store_session_update(desk->store, &parent.session, NULL, desk_now(desk), error);
	if (err)
		return err;
	return desk_case_settle(desk, &parent, desk_session_profile_or_bare(desk, &parent.session), false, error);
}
