/* Views and drafts of reviewers, which the store keeps for sessions over SSH. */
#include "use/use.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/store/people.h"

enum err desk_read_own_text(struct desk *desk, const char *kind, struct strbuf *out, struct error *error)
{
	enum err err = desk_begin_row_read(desk, error);

	return err ? err
		   : desk_finish_read(desk, store_own_text_append(desk->store, desk->actor_row, kind, out, error));
}

static enum err replace_own_text(struct desk *desk, const char *before, const struct own_text_row *row,
				 struct error *error)
{
	struct strbuf now = STRBUF_INIT;
	enum err err = store_own_text_append(desk->store, row->reviewer_row, row->kind, &now, error);

	if (!err && strcmp(now.len ? now.buf : "", before))
		err = error_set(error, ERR_CONFLICT, "Another workbench changed your %ss meanwhile; try again",
				row->kind);
	strbuf_wipe(&now);
	return err ? err : store_own_text_set(desk->store, row, error);
}

enum err desk_own_text_set(struct desk *desk, const char *kind, const char *before, const char *text,
			   struct error *error)
{
	struct own_text_row row;
	enum err err;

	if (strlen(text) > OWN_TEXT_MAX)
		return error_set(error, ERR_INVALID, "Your own %ss have more than %d bytes; remove some", kind,
				 OWN_TEXT_MAX);
	err = desk_begin_write(desk, ROLE_VIEWER, "keep your views, drafts and settings", error);
	row = (struct own_text_row){ desk->actor_row, kind, text, desk_now(desk) };
	return err ? err : desk_finish_write(desk, replace_own_text(desk, before, &row, error), error);
}
