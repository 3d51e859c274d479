/* Internal notes: by any reviewer, at any time; a note changes nothing that the gate sees. */
#include "internal.h"
#include "kybdesk/desk/review.h"

static enum err write_note(struct desk *desk, struct arena *arena, const char *reference, const char *text,
			   const char **id, struct error *error)
{
	struct note note = { .text = text, .by = desk->actor, .at = desk_now(desk) };
	struct session session;
	struct json_value *detail;
	int64_t row = 0;
	enum err err = store_session_find(desk->store, reference, &row, error);

	if (!err)
		err = store_session_load(desk->store, arena, row, &session, error);
	if (!err)
		err = store_note_insert(desk->store, row, &note, error);
	if (err)
		return err;
	*id = session.id;
	detail = json_new_object();
	json_set_int(detail, "note", note.row);
	return desk_record(desk, "note.add", &session, detail, error);
}

enum err desk_note(struct desk *desk, struct arena *arena, const char *reference, const char *text, const char **id,
		   struct error *error)
{
	enum err err = desk_require_change(desk, ROLE_REVIEWER, "write a note", error);

	*id = "";
	if (!err)
		err = text_check("text", "The note", text, true, error);
	if (!err)
		err = desk_begin(desk, ROLE_REVIEWER, "write a note", error);
	if (err)
		return err;
	return desk_finish(desk, write_note(desk, arena, reference, text, id, error), error);
}
