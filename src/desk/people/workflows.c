/* The workflow profiles that this desk could use, and the check of one file. */
#include "use/rules.h"
#include "desk_private.h"
#include "kybdesk/base/file.h"
#include "kybdesk/codec/profile_codec.h"
#include "kybdesk/desk/admin.h"

#include <string.h>

#define PROFILE_MAX ((size_t)1024 * 1024)

static void workflow_look(struct desk *desk, struct arena *arena, const char *resource, struct workflow_info *out)
{
	struct strbuf text = STRBUF_INIT;
	struct error error = { 0 };
	struct profile *profile = NULL;
	struct profile_mistake *mistakes = NULL;
	size_t count = 0, length;
	const char *name = path_name(resource);

	length = strlen(name);
	if (length > 5 && !strcmp(name + length - 5, ".json"))
		length -= 5;
	*out = (struct workflow_info){
		.name = arena_strndup(arena, name, length), .title = "", .origin = "", .problem = ""
	};
	if (resource_read(arena, desk->world, resource, &text, &out->origin, &error)) {
		out->problem = arena_strdup(arena, error.message);
	} else {
		profile_read(arena, text.buf, text.len, &desk->reasons, &profile, &mistakes, &count);
		if (profile) {
			out->title = profile->title;
			out->version = profile->version;
		} else {
			(void)profile_error(out->origin, mistakes, count, &error);
			out->problem = arena_strdup(arena, error.message);
		}
	}
	error_release(&error);
	strbuf_release(&text);
}

enum err desk_workflows(struct desk *desk, struct arena *arena, struct workflow_info **items, size_t *count,
			struct error *error)
{
	const char **names = resource_list(arena, desk->world, "workflows/", count);

	(void)error;
	*items = arena_alloc_array(arena, *count, sizeof **items);
	for (size_t i = 0; i < *count; i++)
		workflow_look(desk, arena, names[i], &(*items)[i]);
	return ERR_OK;
}

enum err desk_workflow_check(const struct world *world, struct arena *arena, const char *path, const char ***lines,
			     size_t *count, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct reasons reasons = { 0 };
	struct profile *profile = NULL;
	struct profile_mistake *mistakes = NULL;
	enum err err = file_read(path, PROFILE_MAX, &text, error);

	*lines = NULL;
	*count = 0;
	if (!err)
		err = reasons_load(arena, world, &reasons, error);
	if (!err) {
		profile_read(arena, text.buf, text.len, &reasons, &profile, &mistakes, count);
		*lines = arena_alloc_array(arena, *count, sizeof **lines);
		for (size_t i = 0; i < *count; i++)
			(*lines)[i] = *mistakes[i].path
					      ? arena_printf(arena, "%s: %s", mistakes[i].path, mistakes[i].message)
					      : mistakes[i].message;
		if (!profile)
			err = profile_error(path, mistakes, *count, error);
	}
	strbuf_release(&text);
	return err;
}
