#include "kybdesk/codec/views_codec.h"
#include "json_scan.h"
#include "reader.h"

static const char *read_name(struct reader *reader, const struct node *item)
{
	struct error error = { 0 };
	const char *name = read_required_text(reader, item, "name");
	if (!reader->failed && view_name_check(name, &error)) {
		reader_refuse(reader, MEMBER(item, "name"), "%s", error.message);
	}
	error_release(&error);
	return name;
}

/* The filter's text as the author wrote it; parsed once to report errors. */
static const char *read_filter(struct reader *reader, const struct node *item)
{
	struct error error = { 0 };
	struct filter filter;
	const char *text = read_text(reader, item, "filter");
	if (!reader->failed && filter_parse(reader->arena, text, &filter, &error)) {
		reader_refuse(reader, MEMBER(item, "filter"), "%s", error.message);
	}
	error_release(&error);
	return text;
}

static void refuse_duplicate_name(struct reader *reader, const struct node *item, const struct json_source *source,
				  size_t first)
{
	unsigned line = json_line_of(reader->arena, source->text, source->length,
				     arena_printf(reader->arena, "views[%zu].name", first));
	reader_refuse(reader, MEMBER(item, "name"), "is also the name of the view on line %u; rename one of them",
		      line);
}

static void read_view(struct reader *reader, const struct node *item, const struct json_source *source,
		      struct view *views, size_t *count)
{
	struct view view = { .sort = SORT_DUE, .nothing = "" };
	if (!expect_object(reader, item))
		return;
	EXPECT_KEYS(reader, item, "name", "filter", "sort");
	view.name = read_name(reader, item);
	view.filter = read_filter(reader, item);
	READ_WORD(reader, item, "sort", sort_key, &view.sort);
	const struct view *before = view_named(views, *count, view.name);
	if (before)
		refuse_duplicate_name(reader, item, source, (size_t)(before - views));
	if (!reader->failed)
		views[(*count)++] = view;
}

enum err views_parse(struct arena *arena, const struct json_source *source, struct view **out, size_t *count,
		     struct error *error)
{
	struct reader reader = { .arena = arena, .error = error, .origin = "" };
	*out = NULL;
	*count = 0;
	json_t *value = json_parse(source->text, source->length, error);
	if (!value) {
		error_prefix(error, "%s", source->origin);
		return ERR_INVALID;
	}
	const struct node root = node_root(value);
	if (expect_object(&reader, &root)) {
		EXPECT_KEYS(&reader, &root, "views");
		const struct node list = node_member(&root, "views");
		size_t items = expect_list(&reader, &list, VIEWS_OWN_MAX);
		*out = arena_alloc_array(arena, items ? items : 1, sizeof **out);
		for (size_t i = 0; i < items && !reader.failed; i++)
			read_view(&reader, ELEMENT(&list, i), source, *out, count);
	}
	json_decref(value);
	if (!reader.failed)
		return ERR_OK;
	const char *path = error && error->field ? error->field : "";
	error_prefix(error, "%s, line %u", source->origin, json_line_of(arena, source->text, source->length, path));
	return ERR_INVALID;
}

void views_write(struct strbuf *out, const struct view *views, size_t count)
{
	JSON_LIST(list, i, count,
		  JSON_FROM("name filter sort", AS_TEXT(views[i].name), AS_TEXT(views[i].filter),
			    AS_TEXT(sort_key_text(views[i].sort))));
	struct json_value *root = JSON_FROM("views", list);
	json_write(out, root, JSON_PRETTY_LAYOUT, true);
	json_free(root);
}
