/* The workflows and reasons in force, differences between two texts, and the check of one file. */
#include "use/use.h"
#include "kybdesk/base/file.h"
#include "kybdesk/desk/admin.h"

static void inspect_text(struct desk *desk, struct arena *arena, const char *body, size_t length,
			 struct workflow_info *out)
{
	struct error error = { 0 };
	struct profile *profile = NULL;
	struct profile_mistake *mistakes = NULL;
	size_t count = 0;

	out->sha256 = sha256_text(arena, body, length);
	profile_read(arena, body, length, &desk->reasons, &profile, &mistakes, &count);
	if (profile) {
		out->title = profile->title;
		out->version = profile->version;
	} else {
		(void)profile_error(out->origin, mistakes, count, &error);
		out->problem = arena_strdup(arena, error.message);
	}
	error_release(&error);
}

/* Loads the installed text in force; returns where it is from. */
static enum err load_installed(struct desk *desk, struct arena *arena, struct rule_text *text, const char **origin,
			       struct error *error)
{
	const struct resource *shipped = rules_shipped(arena, text->kind, text->name);
	int64_t row = 0;
	enum err err = store_rule_current(desk->store, text->kind, text->name, &row, error);

	if (!err)
		err = store_rule_load(desk->store, arena, row, text, error);
	if (err)
		return err;
	*origin = shipped && !strcmp(sha256_text(arena, shipped->bytes, shipped->length), text->sha256)
			  ? "built in"
			  : "installed";
	return ERR_OK;
}

static enum err inspect_installed(struct desk *desk, struct arena *arena, struct workflow_info *out,
				  struct error *error)
{
	struct rule_text text = { .kind = RULE_TEXT_WORKFLOW, .name = out->name };
	enum err err = load_installed(desk, arena, &text, &out->origin, error);

	if (err)
		return err;
	out->installed_at = text.installed_at;
	out->installed_by = text.installed_by;
	inspect_text(desk, arena, text.body, text.length, out);
	return ERR_OK;
}

static enum err inspect(struct desk *desk, struct arena *arena, const char *name, struct workflow_info *out,
			struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct error problem = { 0 };
	enum err err = ERR_OK;

	*out = (struct workflow_info){ .name = name,
				       .title = "",
				       .origin = "",
				       .problem = "",
				       .sha256 = "",
				       .installed_by = "",
				       .installed_at = TIME_NONE };
	if (desk->store->sandbox &&
	    rules_read_from_folders(desk, arena, arena_printf(arena, "workflows/%s.json", name), &text,
				    &out->origin, &problem))
		out->problem = arena_strdup(arena, problem.message);
	else if (*out->origin)
		inspect_text(desk, arena, text.buf, text.len, out);
	else
		err = inspect_installed(desk, arena, out, error);
	error_release(&problem);
	strbuf_release(&text);
	return err;
}

enum err desk_workflows(struct desk *desk, struct arena *arena, struct workflow_info **items, size_t *count,
			struct error *error)
{
	struct workflow_names names = { 0 };
	enum err err = desk_begin_read(desk, error);

	*items = NULL;
	*count = 0;
	if (err)
		return err;
	err = workflow_names(desk, arena, &names, error);
	if (!err)
		*items = arena_alloc_array(arena, names.count, sizeof **items);
	for (size_t i = 0; !err && i < names.count; i++, ++*count)
		err = inspect(desk, arena, names.items[i], &(*items)[i], error);
	return desk_finish_read(desk, err);
}

static enum err inspect_reason_set(struct desk *desk, struct arena *arena, enum reason_set set,
				   struct reason_set_info *out, struct error *error)
{
	const char *name = reason_set_text(set);
	struct rule_text text = { .kind = RULE_TEXT_REASONS, .name = name };
	struct strbuf file = STRBUF_INIT;
	const char *origin = "";
	enum err err = load_installed(desk, arena, &text, &origin, error);

	if (err)
		return err;
	*out = (struct reason_set_info){ .version = text.version,
					 .installed_at = text.installed_at,
					 .installed_by = text.installed_by,
					 .sha256 = desk->reasons.sha256[set],
					 .origin = origin };
	/* In a sandbox a file overrides the installed text. */
	if (strcmp(out->sha256, text.sha256)) {
		err = rules_read_from_folders(desk, arena, arena_printf(arena, "reasons/%s.json", name), &file,
					      &out->origin, error);
		out->version = 0;
		out->installed_at = TIME_NONE;
		out->installed_by = "";
	}
	strbuf_release(&file);
	return err;
}

enum err desk_reason_sets(struct desk *desk, struct arena *arena, struct reason_set_info out[REASON_SET_COUNT],
			  struct error *error)
{
	enum err err = desk_begin_read(desk, error);

	if (err)
		return err;
	for (int set = 0; !err && set < REASON_SET_COUNT; set++)
		err = inspect_reason_set(desk, arena, (enum reason_set)set, &out[set], error);
	return desk_finish_read(desk, err);
}

enum err desk_workflow_diff(struct desk *desk, struct arena *arena, const char *before, const char *after,
			    struct rule_comparison *out, struct error *error)
{
	struct rule_source one, other;
	enum err err = desk_begin_read(desk, error);

	*out = (struct rule_comparison){ .before = "", .after = "" };
	if (err)
		return err;
	err = rule_source_find(desk, arena, RULE_TEXT_WORKFLOW, before, &one, error);
	if (!err)
		err = rule_source_find(desk, arena, RULE_TEXT_WORKFLOW, after, &other, error);
	desk_end_read(desk);
	if (err)
		return err;
	out->before = one.label;
	out->after = other.label;
	return json_diff(arena, one.text, other.text, &out->items, &out->count, error);
}

enum err desk_workflow_check(const struct world *world, struct arena *arena, const char *path,
			     struct workflow_checked *out, struct error *error)
{
	struct rule_source source;
	struct reasons reasons = { 0 };
	struct profile *profile = NULL;
	struct profile_mistake *mistakes = NULL;
	enum err err = rule_source_read(arena, path, &source, error);

	*out = (struct workflow_checked){ 0 };
	if (!err)
		err = reasons_load(arena, world, &reasons, error);
	if (err)
		return err;
	profile_read(arena, source.text, source.length, &reasons, &profile, &mistakes, &out->count);
	out->profile = profile;
	out->lines = arena_alloc_array(arena, out->count, sizeof *out->lines);
	for (size_t i = 0; i < out->count; i++)
		out->lines[i] = *mistakes[i].path
					? arena_printf(arena, "%s: %s", mistakes[i].path, mistakes[i].message)
					: mistakes[i].message;
	return profile ? ERR_OK : profile_error(source.label, mistakes, out->count, error);
}
