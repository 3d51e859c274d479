/* $XDG_CONFIG_HOME/kybdesk/config.json: the user's settings. An unknown key is an error with the nearest key. */
#ifndef KYBDESK_CODEC_CONFIG_CODEC_H
#define KYBDESK_CODEC_CONFIG_CODEC_H

#include "kybdesk/base/arena.h"
#include <stdint.h>

struct config { /* NULL / negative: not set */
	const char *store, *reviewer, *theme, *open_with;
	int color, mouse, next_after_decision, accessible, single_keys; /* -1 unset, 0, 1 */
	int64_t grace_seconds;						/* -1 unset */
};
void config_init(struct config *config);
enum err config_read(struct arena *arena, const char *text, size_t length, const char *origin, struct config *out,
		     struct error *error) KYB_MUST_USE;

#endif
