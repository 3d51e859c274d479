/* Internal notes: by any reviewer, at any time; a note does not affect the gate. */
#include "use/use.h"
#include "use/refusal.h"

/* Reads in->text. */
enum err use_note(struct use *use, struct error *error)
{
	struct note note = { .text = use->in->text, .by = use->desk->actor, .at = use->now, .source = "" };
	enum err err = text_check("text", "The note", note.text, true, error);

	if (!err)
		err = store_note_insert(use->desk->store, use->file.session.row, &note, error);
	json_set_int(use->detail, "note", note.row);
	return err;
}
