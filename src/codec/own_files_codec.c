#include "kybdesk/codec/own_files_codec.h"
#include "reader.h"
#include "json_scan.h"

void line_fault_add(struct arena *arena, struct line_faults *faults, unsigned line, const char *what)
{
	(void)ARENA_PUSH(arena, faults->items, faults->count, faults->capacity);
	size_t at = faults->count - 1;
	for (; at && faults->items[at - 1].line > line; at--)
		faults->items[at] = faults->items[at - 1];
	faults->items[at] = (struct line_fault){ line, what };
}

char *line_fault_text(struct arena *arena, const char *path, const struct line_fault *fault)
{
	return fault->line ? arena_printf(arena, "%s, line %u: %s", path, fault->line, fault->message)
			   : arena_strdup(arena, fault->message);
}

/* --- config.json --- */

static const char *config_value_read(struct reader *reader, const struct node *root, const struct config_key *key)
{
	const struct node node = node_member(root, key->name);

	if (!node.value)
		return NULL;
	switch (key->kind) {
	case CONFIG_TEXT:
		return read_required_text(reader, root, key->name);
	case CONFIG_SWITCH:
		return read_bool(reader, root, key->name, false) ? "true" : "false";
	case CONFIG_NUMBER:
		return arena_printf(reader->arena, "%lld",
				    (long long)read_integer(reader, root, key->name, 0, key->max_number, 0));
	}
	BUG("%u is not a kind of setting", (unsigned)key->kind);
}

struct config_read_context {
	const struct config_source *source;
	const char **values;
};

static void config_root_read(struct reader *reader, const struct node *root, void *into)
{
	const struct config_read_context *target = into;
	const struct config_key *keys = target->source->keys;
	size_t count = target->source->key_count;
	const char **names = arena_alloc_array(reader->arena, count, sizeof *names);

	for (size_t i = 0; i < count; i++)
		names[i] = keys[i].name;
	if (!expect_object(reader, root))
		return;
	expect_keys(reader, root, names, count);
	for (size_t i = 0; i < count; i++)
		target->values[i] = config_value_read(reader, root, &keys[i]);
}

enum err config_read(struct arena *arena, const struct config_source *source, const char **values, struct error *error)
{
	struct reader reader = { .arena = arena, .error = error, .origin = source->file.origin };

	return reader_run(&reader, source->file.text, source->file.length, config_root_read,
			  &(struct config_read_context){ source, values });
}

/* --- commands.json --- */

static void read_command_words(struct reader *reader, const struct node *command, struct own_command *out)
{
	const struct node list = node_member(command, "run");
	size_t count = expect_list(reader, &list, OWN_COMMAND_WORDS_MAX);
	const char **words = arena_alloc_array(reader->arena, count + 1, sizeof *words);

	for (size_t i = 0; i < count; i++)
		words[i] = node_text(reader, ELEMENT(&list, i));
	if (!reader->failed && !count)
		reader_refuse(reader, &list, "is empty; name a program");
	out->words = words;
	out->word_count = count;
}

static void read_command(struct reader *reader, const struct node *command, struct own_command *out)
{
	if (!expect_object(reader, command))
		return;
	EXPECT_KEYS(reader, command, "key", "run", "help");
	out->key = read_text(reader, command, "key");
	out->help = read_text(reader, command, "help");
	read_command_words(reader, command, out);
}

static void add_command(struct arena *arena, const struct node *root, struct own_command command,
			struct own_commands *out)
{
	struct error why = { 0 };
	struct reader reader = { .arena = arena, .error = &why, .origin = "" };

	read_command(&reader, MEMBER(root, command.name), &command);
	if (reader.failed)
		line_fault_add(arena, &out->faults, command.line, arena_strdup(arena, why.message));
	else
		*ARENA_PUSH(arena, out->items, out->count, out->capacity) = command;
	error_release(&why);
}

enum err commands_parse(struct arena *arena, const char *text, size_t length, struct own_commands *out,
			struct error *error)
{
	json_t *value = json_parse(text, length, error);
	const char *name;
	json_t *member;

	*out = (struct own_commands){ 0 };
	if (!value)
		return ERR_INVALID;
	if (!json_is_object(value)) {
		json_decref(value);
		return error_set(error, ERR_INVALID,
				 "not an object; write {\"name\": {\"key\": \"Q\", \"run\": [\"program\"]}, …}");
	}
	const struct node root = node_root(value);
	json_object_foreach(value, name, member)
	{
		if (out->count + out->faults.count == OWN_COMMANDS_MAX) {
			line_fault_add(arena, &out->faults, 0,
				       arena_printf(arena,
						    "more than %d commands; the commands after these are not used",
						    OWN_COMMANDS_MAX));
			break;
		}
		add_command(arena, &root,
			    (struct own_command){ .name = arena_strdup(arena, name),
						  .key = "",
						  .help = "",
						  .line = json_line_of(arena, text, length, name) },
			    out);
	}
	json_decref(value);
	return ERR_OK;
}

/* --- keys.json --- */

static void add_key(struct json_scan *scan, struct own_keys *out, const struct json_token *name,
		    const struct json_token *key)
{
	*ARENA_PUSH(scan->arena, out->items, out->count, out->capacity) =
		(struct own_key){ name->text, key ? key->text : NULL, name->line, key ? key->line : name->line };
}

static void refuse_value(struct json_scan *scan, struct own_keys *out, const struct json_token *name,
			 const struct json_token *value)
{
	line_fault_add(scan->arena, &out->faults, value->line,
		       arena_printf(scan->arena,
				    "\"%s\" needs a key or a list of keys, as \"P\" or [\"P\", \"Ctrl-P\"]",
				    name->text));
	json_skip_value(scan, value);
}

/* Reads the elements of a list, after its opening bracket. */
static void read_key_list(struct json_scan *scan, struct own_keys *out, const struct json_token *name)
{
	size_t before = out->count, faults = out->faults.count;
	struct json_token spot;
	while ((spot = json_scan_next(scan)).kind != JSON_TOKEN_CLOSE) {
		if (spot.kind == JSON_TOKEN_STRING)
			add_key(scan, out, name, &spot);
		else
			refuse_value(scan, out, name, &spot);
	}
	if (out->count == before && out->faults.count == faults)
		add_key(scan, out, name, NULL);
}

static void read_key_value(struct json_scan *scan, struct own_keys *out, const struct json_token *name)
{
	const struct json_token value = json_scan_next(scan);
	if (value.kind == JSON_TOKEN_STRING)
		add_key(scan, out, name, &value);
	else if (value.kind == JSON_TOKEN_OPEN && scan->text[scan->at - 1] == '[')
		read_key_list(scan, out, name);
	else
		refuse_value(scan, out, name, &value);
}

enum err bindings_parse(struct arena *arena, const char *text, size_t length, struct own_keys *out, struct error *error)
{
	*out = (struct own_keys){ 0 };
	json_t *value = json_parse_repeated_keys(text, length, error);
	bool object = json_is_object(value);
	json_decref(value);
	if (!value)
		return ERR_INVALID;
	if (!object)
		return error_set(error, ERR_INVALID, "not an object; write {\"action\": \"key\", …}");
	struct json_scan scan = json_scan_start(arena, text, length);
	struct json_token name = json_scan_next(&scan);
	while ((name = json_scan_next(&scan)).kind == JSON_TOKEN_NAME) {
		read_key_value(&scan, out, &name);
		if (out->count > OWN_KEYS_MAX || out->faults.count > OWN_KEYS_MAX)
			return error_set(error, ERR_INVALID, "at line %u: more than %d keys; remove some", scan.line,
					 OWN_KEYS_MAX);
	}
	return ERR_OK;
}

/* --- views.json --- */

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
	struct view view = { .sort = SORT_DUE, .empty_text = "" };
	if (!expect_object(reader, item))
		return;
	EXPECT_KEYS(reader, item, "name", "filter", "sort");
	view.name = read_name(reader, item);
	view.filter = read_filter(reader, item);
	READ_WORD(reader, item, "sort", sort_key, &view.sort);
	const struct view *before = view_by_name(views, *count, view.name);
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
		size_t items = expect_list(&reader, &list, OWN_VIEWS_MAX);
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
		  JSON_FROM({ "name", AS_TEXT(views[i].name) }, { "filter", AS_TEXT(views[i].filter) },
			    { "sort", AS_TEXT(sort_key_text(views[i].sort)) }));
	struct json_value *root = JSON_FROM({ "views", list });
	json_write(out, root, JSON_PRETTY_LAYOUT, true);
	json_free(root);
}
