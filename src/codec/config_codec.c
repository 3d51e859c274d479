#include "kybdesk/codec/config_codec.h"
#include "reader.h"

#define GRACE_SECONDS_MAX 3600

void config_init(struct config *config)
{
	*config = (struct config){ .color = -1,
				   .mouse = -1,
				   .next_after_decision = -1,
				   .accessible = -1,
				   .single_keys = -1,
				   .grace_seconds = -1 };
}

static const char *setting_text(struct reader *reader, const struct node *root, const char *key)
{
	const struct node node = node_member(root, key);
	if (!node.value)
		return NULL;
	const char *text = read_required_text(reader, root, key);
	return *text ? text : NULL;
}

static int setting_switch(struct reader *reader, const struct node *root, const char *key)
{
	const struct node node = node_member(root, key);
	if (!node.value)
		return -1;
	return read_bool(reader, root, key, false) ? 1 : 0;
}

enum err config_read(struct arena *arena, const char *text, size_t length, const char *origin, struct config *out,
		     struct error *error)
{
	struct reader reader = { .arena = arena, .error = error, .origin = origin };
	struct config config;
	config_init(&config);
	json_t *value = json_parse(text, length, error);
	if (!value) {
		error_prefix(error, "%s", origin);
		return ERR_INVALID;
	}
	const struct node root = node_root(value);
	if (expect_object(&reader, &root)) {
		EXPECT_KEYS(&reader, &root, "store", "reviewer", "theme", "color", "mouse", "next_after_decision",
			    "accessible", "single_keys", "grace_seconds", "open_with");
		config.store = setting_text(&reader, &root, "store");
		config.reviewer = setting_text(&reader, &root, "reviewer");
		config.theme = setting_text(&reader, &root, "theme");
		config.open_with = setting_text(&reader, &root, "open_with");
		config.color = setting_switch(&reader, &root, "color");
		config.mouse = setting_switch(&reader, &root, "mouse");
		config.next_after_decision = setting_switch(&reader, &root, "next_after_decision");
		config.accessible = setting_switch(&reader, &root, "accessible");
		config.single_keys = setting_switch(&reader, &root, "single_keys");
		config.grace_seconds = read_integer(&reader, &root, "grace_seconds", 0, GRACE_SECONDS_MAX, -1);
	}
	json_decref(value);
	if (reader.failed)
		return ERR_INVALID;
	*out = config;
	return ERR_OK;
}
