/* The reasons of data/reasons, each set from its file. */
#include "use/rules.h"
#include "kybdesk/codec/profile_codec.h"

enum err reasons_load(struct arena *arena, const struct world *world, struct reasons *out, struct error *error)
{
	enum err err = ERR_OK;

	for (int set = 0; !err && set < REASON_SET_COUNT; set++) {
		struct strbuf text = STRBUF_INIT;
		const char *origin = "";
		const char *name = arena_printf(arena, "reasons/%s.json", reason_set_text((enum reason_set)set));

		err = resource_read(arena, world, name, &text, &origin, error);
		if (!err)
			err = reasons_read(arena, (enum reason_set)set, text.buf, text.len, origin, out, error);
		strbuf_release(&text);
	}
	return err;
}
