/*
 * keys.json beside the user's config.json: which keys stand for an action of the workbench.
 *
 *   {"approve": "P", "first": ["g g", "0"], "bulk": []}
 *
 * Here it is only read, with the line of each key, so that a sentence can say where; what a key may be is the
 * workbench's to say (src/tui/input/own_keys.c).
 */
#ifndef KYBDESK_CODEC_KEYS_CODEC_H
#define KYBDESK_CODEC_KEYS_CODEC_H

#include "kybdesk/codec/line_fault.h"

#define KEYS_OWN_MAX 512 /* lines of one file */

/* One key for one action; an action without any has one with key NULL. Those of one member have one string as action. */
struct own_key {
	const char *action, *key;
	unsigned action_line, line;
};
struct own_keys {
	struct own_key *items; /* in the order of the file */
	size_t count, capacity;
	struct line_faults faults; /* of values that are neither a key nor a list of keys */
};

/* ERR_INVALID says why nothing of it can be read, with the line. Lives in the arena. */
enum err keys_parse(struct arena *arena, const char *text, size_t length, struct own_keys *out,
		    struct error *error) KYB_MUST_USE;

#endif
