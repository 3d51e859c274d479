#include "kybdesk/settings/views.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/views_codec.h"

#include <stdlib.h>
#include <string.h>

#define VIEWS_BYTES_MAX (256 * 1024)

static void only_shipped(struct views *views)
{
	arena_release(&views->arena);
	memcpy(views->items, views_shipped, sizeof views_shipped);
	views->count = VIEW_SHIPPED_COUNT;
}

void views_init(struct views *views, const struct settings *settings)
{
	*views = (struct views){ .arena = ARENA_INIT, .text = { OWN_VIEWS, settings->views_path, NULL } };
	only_shipped(views);
}

void views_release(struct views *views)
{
	arena_release(&views->arena);
	views->count = 0;
}

static int by_name(const void *left, const void *right)
{
	return strcmp(((const struct view *)left)->name, ((const struct view *)right)->name);
}

enum err views_read(struct views *views, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct view *own = NULL;
	size_t count = 0;
	enum err err = ERR_OK;
	only_shipped(views);
	err = own_text_read(&views->text, VIEWS_BYTES_MAX, &text, error);
	if (!err && text.len)
		err = views_parse(&views->arena,
				  &(struct json_source){ text.buf, text.len,
							 *views->text.path ? views->text.path : "your views" },
				  &own, &count, error);
	if (!err && count) {
		qsort(own, count, sizeof *own, by_name);
		memcpy(&views->items[VIEW_SHIPPED_COUNT], own, count * sizeof *own);
		views->count += count;
	}
	strbuf_release(&text);
	return err;
}

const struct view *views_find(const struct views *views, const char *name, struct error *error)
{
	const struct view *view = view_named(views->items, views->count, name);
	if (view)
		return view;
	const char *names[VIEWS_MAX], *nearest;
	struct strbuf all = STRBUF_INIT;
	for (size_t i = 0; i < views->count; i++)
		names[i] = views->items[i].name;
	nearest = *name ? text_nearest(name, names, views->count) : NULL;
	if (nearest)
		strbuf_addf(&all, "Did you mean \"%s\"? ", nearest);
	for (size_t i = 0; i < views->count; i++)
		strbuf_addf(&all, "%s%s", i ? ", " : "There are: ", names[i]);
	(void)unknown_word(error, ERR_NOT_FOUND,
			   &(struct unknown){ .kind = "view", .name = name, .hint = all.buf, .field = "view" });
	strbuf_release(&all);
	return NULL;
}

static enum err write_own(const struct views *views, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	views_write(&text, &views->items[VIEW_SHIPPED_COUNT], views->count - VIEW_SHIPPED_COUNT);
	enum err err = own_text_write(&views->text, &text, error);
	strbuf_release(&text);
	return err;
}

/* On failure the loaded views stay, without the change. */
static enum err change(struct views *views, struct views *changed, struct error *error)
{
	enum err err = write_own(changed, error);
	if (err) {
		views_release(changed);
		return err;
	}
	views_release(views);
	*views = *changed;
	return ERR_OK;
}

static enum err check(const struct view *view, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct filter filter;
	enum err err = view_name_check(view->name, error);
	if (!err)
		err = filter_parse(&arena, view->filter, &filter, error);
	arena_release(&arena);
	return err;
}

static size_t place_of(const struct views *views, const char *name)
{
	const struct view *found =
		view_named(&views->items[VIEW_SHIPPED_COUNT], views->count - VIEW_SHIPPED_COUNT, name);
	return found ? (size_t)(found - views->items) : views->count;
}

enum err views_keep(struct views *views, const struct view *view, bool *replaced, struct error *error)
{
	struct views fresh = { .arena = ARENA_INIT, .text = views->text };
	enum err err = check(view, error);
	if (!err)
		err = views_read(&fresh, error);
	size_t at = err ? 0 : place_of(&fresh, view->name);
	if (!err && at == VIEWS_MAX)
		err = error_set_field(error, ERR_INVALID, "name",
				      "There are %d views of your own already; forget one first", VIEWS_OWN_MAX);
	if (err) {
		views_release(&fresh);
		return err;
	}
	if (replaced)
		*replaced = at < fresh.count;
	fresh.count += at == fresh.count;
	fresh.items[at] = (struct view){ .name = arena_strdup(&fresh.arena, view->name),
					 .filter = arena_strdup(&fresh.arena, view->filter),
					 .sort = view->sort,
					 .nothing = "" };
	qsort(&fresh.items[VIEW_SHIPPED_COUNT], fresh.count - VIEW_SHIPPED_COUNT, sizeof *fresh.items, by_name);
	return change(views, &fresh, error);
}

enum err views_forget(struct views *views, const char *name, struct error *error)
{
	struct views fresh = { .arena = ARENA_INIT, .text = views->text };
	enum err err = views_read(&fresh, error);
	size_t at = err ? 0 : place_of(&fresh, name);
	if (!err && at == fresh.count)
		err = unknown_word(error, ERR_NOT_FOUND,
				   &(struct unknown){ .kind = "view of your own", .name = name, .field = "name" });
	if (err) {
		views_release(&fresh);
		return err;
	}
	memmove(&fresh.items[at], &fresh.items[at + 1], (fresh.count - at - 1) * sizeof *fresh.items);
	fresh.count--;
	return change(views, &fresh, error);
}
