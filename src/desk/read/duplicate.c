/* Shows two sessions of possibly the same applicant side by side. */
#include "read/read.h"
#include "use/gatekeeping.h"
#include "kybdesk/base/not_found.h"

/* One of the two sessions, loaded twice: `unmasked` for the comparison, and `view` for display, which is masked
 * unless the actor has revealed the session. */
struct card_side {
	int64_t row;
	bool keeps_reveal;
	struct case_file *unmasked;
	struct case_view view;
};

static enum err load_card_side(struct desk *desk, struct arena *arena, struct card_side *side, struct error *error)
{
	struct case_view *view = &side->view;

	side->unmasked = arena_alloc(arena, sizeof *side->unmasked);
	enum err err = desk_case_load(desk, arena, side->row, side->unmasked, error);

	if (!err)
		err = desk_case_load(desk, arena, side->row, &view->file, error);
	if (!err)
		err = desk_session_profile_or_empty(desk, &side->unmasked->session, &view->profile, error);
	if (err)
		return err;
	case_values_parse(arena, side->unmasked);
	if (side->keeps_reveal && view_remains_revealed(desk, arena, &side->unmasked->session))
		case_values_parse(arena, &view->file);
	else
		mask_case_view(arena, view);
	return ERR_OK;
}

static enum err compare(struct desk *desk, struct arena *arena, const struct duplicate_query *query,
			struct duplicate_view *out, struct error *error)
{
	struct card_side here = { .keeps_reveal = query->is_reload }, there = { .keeps_reveal = query->is_reload };
	struct duplicates found;
	size_t at = 0;
	enum err err = store_session_find(desk->store, query->session, &here.row, error);

	if (!err)
		err = desk_visible_duplicates(desk, arena, here.row, &found, error);
	if (err)
		return err;
	while (at < found.count && strcmp(found.items[at].id, query->other_id) != 0)
		at++;
	if (at == found.count)
		return error_not_found(error, "duplicate", query->other_id, "The two cases no longer share a value");
	there.row = found.items[at].row;
	err = load_card_side(desk, arena, &here, error);
	if (!err)
		err = load_card_side(desk, arena, &there, error);
	if (err)
		return err;
	out->masked = here.view.masked || there.view.masked;
	duplicate_card_make(arena,
			    &(const struct duplicate_card_input){ here.unmasked, there.unmasked, &here.view.file,
								  &there.view.file },
			    &out->card);
	return ERR_OK;
}

enum err desk_duplicate(struct desk *desk, struct arena *arena, const struct duplicate_query *query,
			struct duplicate_view *out, struct error *error)
{
	enum err err = desk_begin_read(desk, error);

	*out = (struct duplicate_view){ 0 };
	return err ? err : desk_finish_read(desk, compare(desk, arena, query, out, error));
}
