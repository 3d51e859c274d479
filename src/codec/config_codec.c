#include "kybdesk/codec/config_codec.h"
#include "reader.h"

static const char *value_read(struct reader *reader, const struct node *root, const struct config_key *key)
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
				    (long long)read_integer(reader, root, key->name, 0, key->most, 0));
	}
	BUG("%u is not a kind of setting", (unsigned)key->kind);
}

enum err config_read(struct arena *arena, const struct config_source *source, const char **values,
		     struct error *error)
{
	struct reader reader = { .arena = arena, .error = error, .origin = source->file.origin };
	const char **names = arena_alloc_array(arena, source->key_count, sizeof *names);
	json_t *value = json_parse(source->file.text, source->file.length, error);

	if (!value) {
		error_prefix(error, "%s", source->file.origin);
		return ERR_INVALID;
	}
	for (size_t i = 0; i < source->key_count; i++)
		names[i] = source->keys[i].name;
	const struct node root = node_root(value);
	if (expect_object(&reader, &root)) {
		expect_keys(&reader, &root, names, source->key_count);
		for (size_t i = 0; i < source->key_count; i++)
			values[i] = value_read(&reader, &root, &source->keys[i]);
	}
	json_decref(value);
	return reader.failed ? ERR_INVALID : ERR_OK;
}
