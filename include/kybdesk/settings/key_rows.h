/* The keys of the workbench as rows for the command line. The command line does not depend on the workbench; main.c
 * connects both. */
#ifndef KYBDESK_SETTINGS_KEY_ROWS_H
#define KYBDESK_SETTINGS_KEY_ROWS_H

#include "kybdesk/codec/own_files_codec.h"

struct key_row {
	const char *group;	 /* "Moving" */
	const char *action;	 /* name of the action in the palette and in keys.json */
	const char *keys;	 /* such as "j, Down"; "": no key; the action is only found by its name */
	const char *contexts;	 /* "list, case" */
	const char *description; /* what the action does: a sentence without a full stop */
	bool is_custom;		 /* the user's keys.json sets the keys */
};
struct key_binding_rows {
	struct key_row *items;
	size_t count, capacity;
	struct line_faults faults, command_faults; /* faults of keys.json, and of commands.json */
};

#endif
