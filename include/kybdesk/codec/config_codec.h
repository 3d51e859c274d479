/*
 * $XDG_CONFIG_HOME/kybdesk/config.json: the user's settings, read with the caller's table of keys. The error for an
 * unknown key names the nearest known key.
 */
#ifndef KYBDESK_CODEC_CONFIG_CODEC_H
#define KYBDESK_CODEC_CONFIG_CODEC_H

#include "kybdesk/codec/json.h"
#include <stdint.h>

enum config_kind { CONFIG_TEXT, CONFIG_SWITCH, CONFIG_NUMBER };
struct config_key {
	const char *name;
	enum config_kind kind;
	int64_t most; /* CONFIG_NUMBER: the largest value; the smallest is 0 */
};
struct config_source {
	struct json_source file;
	const struct config_key *keys;
	size_t key_count;
};
/* values[i] is the text of keys[i] in the arena ("true", "17"); NULL: not in the file. */
enum err config_read(struct arena *arena, const struct config_source *source, const char **values,
		     struct error *error) KYB_MUST_USE;

#endif
