/* The reasons in force: each set is a text of the store; in a sandbox a file in the folders overrides it. */
#include "use/rules.h"
#include "kybdesk/codec/profile_codec.h"

#include <string.h>

#define ROW_OF_FILE (-1)

enum err reasons_load(struct arena *arena, const struct world *world, struct reasons *out, struct error *error)
{
	enum err err = ERR_OK;

	for (int set = 0; !err && set < REASON_SET_COUNT; set++) {
		struct strbuf text = STRBUF_INIT;
		const char *origin = "";
		const char *name = arena_printf(arena, "reasons/%s.json", reason_set_text((enum reason_set)set));

		err = resource_read(arena, world, name, &text, &origin, error);
		if (!err)
			err = reasons_read(arena, (enum reason_set)set,
					   &(struct json_source){ text.buf, text.len, origin }, out, error);
		strbuf_release(&text);
	}
	return err;
}

/* In a sandbox, once for each desk: later changes of a file count when the desk is opened again. out NULL: only
 * checks that the file exists. */
static enum err read_file(struct desk *desk, enum reason_set set, struct reasons *out, bool *found,
			  struct error *error)
{
	struct arena scratch = ARENA_INIT;
	struct strbuf text = STRBUF_INIT;
	const char *origin = "";
	enum err err = rules_read_from_folders(desk, &scratch,
					       arena_printf(&scratch, "reasons/%s.json", reason_set_text(set)),
					       &text, &origin, error);

	*found = !err && *origin;
	if (*found && out)
		err = reasons_read(&desk->arena, set, &(struct json_source){ text.buf, text.len, origin }, out,
				   error);
	if (!err && *found && out)
		desk->reason_rows[set] = ROW_OF_FILE;
	strbuf_release(&text);
	arena_release(&scratch);
	return err;
}

static enum err read_installed(struct desk *desk, enum reason_set set, struct reasons *out, bool *changed,
			       struct error *error)
{
	struct arena scratch = ARENA_INIT;
	struct rule_text text;
	const char *name = reason_set_text(set);
	int64_t row = 0;
	enum err err = store_rule_current(desk->store, RULE_TEXT_REASONS, name, &row, error);

	if (!err && !row)
		err = error_set(error, ERR_STORE,
				"The store %s has no reasons \"%s\"; open it once for writing, or restore a backup",
				desk->store->path, name);
	if (err || row == desk->reason_rows[set])
		return err;
	err = store_rule_load(desk->store, &scratch, row, &text, error);
	if (!err)
		err = reasons_read(
			&desk->arena, set,
			&(struct json_source){ text.body, text.length,
					       arena_printf(&scratch, "the installed reasons %s", name) },
			out, error);
	if (!err) {
		desk->reason_rows[set] = row;
		*changed = true;
	}
	arena_release(&scratch);
	return err;
}

enum err rules_refresh(struct desk *desk, struct error *error)
{
	int64_t version = store_data_version(desk->store);
	struct reasons *fresh;
	bool changed = !desk->reasons_shown, found;
	enum err err = ERR_OK;

	if (desk->reasons_shown && desk->rules_version == version)
		return ERR_OK;
	fresh = arena_memdup(&desk->arena, &desk->reasons, sizeof *fresh);
	for (int set = 0; !err && set < REASON_SET_COUNT; set++) {
		if (!desk->reasons_shown && desk->store->sandbox)
			err = read_file(desk, (enum reason_set)set, fresh, &found, error);
		if (!err && desk->reason_rows[set] != ROW_OF_FILE)
			err = read_installed(desk, (enum reason_set)set, fresh, &changed, error);
	}
	if (err)
		return err;
	desk->rules_version = version;
	if (!changed)
		return ERR_OK;
	/* Other threads may still read the former set, so it is kept as long as the desk. */
	desk->reasons_shown = fresh;
	desk->reasons = *fresh;
	return ERR_OK;
}

enum err rules_open(struct desk *desk, struct error *error)
{
	bool found = false;
	enum err err = ERR_OK;

	for (int set = 0; !err && !found && desk->store->sandbox && set < REASON_SET_COUNT; set++)
		err = read_file(desk, (enum reason_set)set, NULL, &found, error);
	return err || !found ? err : rules_refresh(desk, error);
}

void rules_forget(struct desk *desk)
{
	desk->rules_version = -1;
}
