/*
 * keys.json next to the user's config.json: the user's keys for actions of the workbench.
 *
 *   {"approve": "P", "first": ["g g", "0"], "bulk": []}
 *
 * This module only reads the file, and records the line of each key for error messages; src/tui/input/own_keys.c
 * decides which keys are allowed.
 */
#ifndef KYBDESK_CODEC_KEYS_CODEC_H
#define KYBDESK_CODEC_KEYS_CODEC_H

#include "kybdesk/codec/line_fault.h"

#define KEYS_OWN_MAX 512 /* keys of one file */

/* One key for one action. An action with an empty list has one entry with key NULL. Entries of one member share
 * the `action` string. */
struct own_key {
	const char *action, *key;
	unsigned action_line, line;
};
struct own_keys {
	struct own_key *items; /* in the order of the file */
	size_t count, capacity;
	struct line_faults faults; /* values that are neither a key nor a list of keys */
};

/* ERR_INVALID, with the line, if the file cannot be read at all. The keys are in the arena. */
enum err keys_parse(struct arena *arena, const char *text, size_t length, struct own_keys *out,
		    struct error *error) KYB_MUST_USE;

#endif
