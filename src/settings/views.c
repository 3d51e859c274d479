#include "kybdesk/settings/views.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/own_files_codec.h"

#include <stdlib.h>
#include <string.h>

#define VIEWS_BYTES_MAX (256 * 1024)

static void reset_views(struct views *views)
{
	arena_release(&views->arena);
	memcpy(views->items, views_shipped, sizeof views_shipped);
	views->count = VIEW_SHIPPED_COUNT;
	views->source = "";
}

void views_init(struct views *views, const struct settings *settings)
{
	*views = (struct views){ .arena = ARENA_INIT, .text = { OWN_VIEWS, settings->views_path, NULL } };
	reset_views(views);
}

void views_release(struct views *views)
{
	arena_release(&views->arena);
	views->count = 0;
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(((const struct view *)left)->name, ((const struct view *)right)->name);
}

enum err views_read(struct views *views, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct view *own = NULL;
	size_t count = 0;
	enum err err = ERR_OK;
	reset_views(views);
	err = own_text_read(&views->text, VIEWS_BYTES_MAX, &text, error);
	if (!err && text.len)
		err = views_parse(&views->arena,
				  &(struct json_source){ text.buf, text.len,
							 *views->text.path ? views->text.path : "your views" },
				  &own, &count, error);
	if (!err && count) {
		qsort(own, count, sizeof *own, compare_names);
		memcpy(&views->items[VIEW_SHIPPED_COUNT], own, count * sizeof *own);
		views->count += count;
	}
	views->source = text.len ? arena_strdup(&views->arena, text.buf) : "";
	strbuf_release(&text);
	return err;
}

const struct view *views_find(const struct views *views, const char *name, struct error *error)
{
	const struct view *view = view_by_name(views->items, views->count, name);
	if (view)
		return view;
	const char *names[VIEWS_MAX], *nearest;
	struct strbuf all = STRBUF_INIT;
	for (size_t i = 0; i < views->count; i++)
		names[i] = views->items[i].name;
	nearest = *name ? text_find_nearest(name, names, views->count) : NULL;
	if (nearest)
		strbuf_addf(&all, "Did you mean \"%s\"? ", nearest);
	for (size_t i = 0; i < views->count; i++)
		strbuf_addf(&all, "%s%s", i ? ", " : "Existing views: ", names[i]);
	(void)error_unknown_word(
		error, ERR_NOT_FOUND,
		&(struct unknown_name){ .kind = "view", .name = name, .hint = all.buf, .field = "view" });
	strbuf_release(&all);
	return NULL;
}

static enum err check_view(const struct view *view, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct filter filter;
	enum err err = view_name_check(view->name, error);
	if (!err)
		err = filter_parse(&arena, view->filter, &filter, error);
	arena_release(&arena);
	return err;
}

static size_t index_of(const struct views *views, const char *name)
{
	const struct view *found =
		view_by_name(&views->items[VIEW_SHIPPED_COUNT], views->count - VIEW_SHIPPED_COUNT, name);
	return found ? (size_t)(found - views->items) : views->count;
}

struct edit {
	const struct view *view_to_save;
	const char *name_to_forget; /* name of the view to remove; NULL: saves the view in `view_to_save` */
	bool replaced;
};

static enum err save_view(struct views *views, struct edit *edit, struct error *error)
{
	const struct view *view = edit->view_to_save;
	size_t at = index_of(views, view->name);

	if (at == VIEWS_MAX)
		return error_set_field(error, ERR_INVALID, "name",
				       "You already have %d views of your own, the maximum; forget a view first",
				       OWN_VIEWS_MAX);
	edit->replaced = at < views->count;
	views->count += at == views->count;
	views->items[at] = (struct view){ .name = arena_strdup(&views->arena, view->name),
					  .filter = arena_strdup(&views->arena, view->filter),
					  .sort = view->sort,
					  .empty_text = "" };
	qsort(&views->items[VIEW_SHIPPED_COUNT], views->count - VIEW_SHIPPED_COUNT, sizeof *views->items,
	      compare_names);
	return ERR_OK;
}

static enum err forget_view(struct views *views, const struct edit *edit, struct error *error)
{
	size_t at = index_of(views, edit->name_to_forget);

	if (at == views->count)
		return error_unknown_word(error, ERR_NOT_FOUND,
					  &(struct unknown_name){ .kind = "view of your own",
								  .name = edit->name_to_forget,
								  .field = "name" });
	memmove(&views->items[at], &views->items[at + 1], (views->count - at - 1) * sizeof *views->items);
	views->count--;
	return ERR_OK;
}

/* Reads the stored text again, makes the edit in its views, and writes the text. */
static enum err try_edit(struct views *fresh, struct edit *edit, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	enum err err = views_read(fresh, error);

	if (!err)
		err = edit->name_to_forget ? forget_view(fresh, edit, error) : save_view(fresh, edit, error);
	if (!err) {
		views_write(&text, &fresh->items[VIEW_SHIPPED_COUNT], fresh->count - VIEW_SHIPPED_COUNT);
		err = own_text_write(&fresh->text, &(const struct own_text_change){ fresh->source, text.buf }, error);
	}
	strbuf_release(&text);
	return err;
}

/* Changes the stored views, and *views on success; tries again after a conflict with another process. */
static enum err change(struct views *views, struct edit *edit, struct error *error)
{
	struct views fresh = { .arena = ARENA_INIT, .text = views->text };
	enum err err = ERR_CONFLICT;

	for (int tries = 0; err == ERR_CONFLICT && tries < OWN_TEXT_TRIES; tries++) {
		error_release(error);
		err = try_edit(&fresh, edit, error);
	}
	views_release(err ? &fresh : views);
	if (!err)
		*views = fresh;
	return err;
}

enum err views_save(struct views *views, const struct view *view, bool *replaced, struct error *error)
{
	struct edit edit = { .view_to_save = view };
	enum err err = check_view(view, error);

	if (!err)
		err = change(views, &edit, error);
	if (!err && replaced)
		*replaced = edit.replaced;
	return err;
}

enum err views_forget(struct views *views, const char *name, struct error *error)
{
	return change(views, &(struct edit){ .name_to_forget = name }, error);
}

static bool is_same(const struct view *view, const struct view *other)
{
	return other && !strcmp(view->name, other->name) && !strcmp(view->filter, other->filter) &&
	       view->sort == other->sort;
}

enum err views_merge(const struct own_text *text, const struct own_text_change *change, struct error *error)
{
	const struct json_source sources[] = { { change->before, strlen(change->before), "your views" },
					       { change->after, strlen(change->after), "your views" } };
	struct views now = { .arena = ARENA_INIT, .text = *text };
	struct arena arena = ARENA_INIT;
	struct view *was = NULL, *is = NULL;
	size_t was_count = 0, is_count = 0;
	enum err err = sources[0].length ? views_parse(&arena, &sources[0], &was, &was_count, error) : ERR_OK;

	if (!err && sources[1].length)
		err = views_parse(&arena, &sources[1], &is, &is_count, error);
	for (size_t i = 0; !err && i < was_count; i++) {
		if (view_by_name(is, is_count, was[i].name))
			continue;
		err = views_forget(&now, was[i].name, error);
		/* Not an error: another workbench already removed the view. */
		if (err == ERR_NOT_FOUND) {
			error_release(error);
			err = ERR_OK;
		}
	}
	for (size_t i = 0; !err && i < is_count; i++)
		if (!is_same(&is[i], view_by_name(was, was_count, is[i].name)))
			err = views_save(&now, &is[i], NULL, error);
	views_release(&now);
	arena_release(&arena);
	return err;
}
