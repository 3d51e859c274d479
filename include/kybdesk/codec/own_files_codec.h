/* The files next to the user's config.json, and config.json itself: settings, keys, commands and views. */
#ifndef KYBDESK_CODEC_OWN_FILES_CODEC_H
#define KYBDESK_CODEC_OWN_FILES_CODEC_H

#include "kybdesk/base/arena.h"
#include "kybdesk/codec/json.h"
#include "kybdesk/domain/view.h"

/* A fault of one line in a user's file, as a sentence. The other lines of the file are used. */
struct line_fault {
	unsigned line; /* 0: the whole file has the fault, and `message` names the file */
	const char *message;
};
struct line_faults {
	struct line_fault *items; /* in the order of the lines */
	size_t count, capacity;
};

/* Adds a fault; borrows the sentence. */
void line_fault_add(struct arena *arena, struct line_faults *faults, unsigned line, const char *what);
/* The fault as text, such as "/home/ana/.config/kybdesk/keys.json, line 4: …" */
char *line_fault_text(struct arena *arena, const char *path, const struct line_fault *fault);

/* $XDG_CONFIG_HOME/kybdesk/config.json: the user's settings, read with the caller's table of keys. The error for an
 * unknown key names the nearest known key. */
enum config_kind { CONFIG_TEXT, CONFIG_SWITCH, CONFIG_NUMBER };
struct config_key {
	const char *name;
	enum config_kind kind;
	int64_t max_number; /* CONFIG_NUMBER: the largest value; the smallest is 0 */
};
struct config_source {
	struct json_source file;
	const struct config_key *keys;
	size_t key_count;
};
/* values[i] is the text of keys[i] in the arena ("true", "17"); NULL: the file does not have the key. */
enum err config_read(struct arena *arena, const struct config_source *source, const char **values, struct error *error);

/* commands.json next to the user's config.json: the user's own programs, which the workbench can start from a case.
 *
 *   {"register": {"key": "Q", "run": ["xdg-open", "https://register.example/{registration_number}"],
 *                 "help": "its page at the register"}}
 *
 * This module only reads the file; src/tui/input/own_commands.c decides which commands are allowed. */
#define OWN_COMMANDS_MAX 32 /* must not exceed ARGUMENT_WORDS_MAX of the palette */
#define OWN_COMMAND_WORDS_MAX 32

struct own_command {
	const char *name, *key, *help; /* key and help may be "" */
	const char *const *words;      /* the program, and its arguments with placeholders */
	size_t word_count;
	unsigned line; /* line of the command's name in the file */
};
struct own_commands {
	struct own_command *items; /* in the order of the file */
	size_t count, capacity;
	struct line_faults faults; /* faults of the commands that are ignored */
};

/* ERR_INVALID, with the line, if the file cannot be read at all. The commands are in the arena. */
enum err commands_parse(struct arena *arena, const char *text, size_t length, struct own_commands *out,
			struct error *error);

/* keys.json next to the user's config.json: the user's keys for actions of the workbench.
 *
 *   {"approve": "P", "first": ["g g", "0"], "bulk": []}
 *
 * This module only reads the file, and records the line of each key for error messages; src/tui/input/own_keys.c
 * decides which keys are allowed. */
#define OWN_KEYS_MAX 512 /* keys of one file */

/* One key for one action. An action with an empty list has one entry with key NULL. Entries of one member share
 * the `action` string. */
struct own_key {
	const char *action, *key;
	unsigned action_line, line;
};
struct own_keys {
	struct own_key *items; /* in the order of the file */
	size_t count, capacity;
	struct line_faults faults; /* faults of values that are neither a key nor a list of keys */
};

/* ERR_INVALID, with the line, if the file cannot be read at all. The keys are in the arena. */
enum err bindings_parse(struct arena *arena, const char *text, size_t length, struct own_keys *out,
			struct error *error);

/* views.json next to the user's config.json: the user's named lists.
 *
 *   {"views": [{"name": "Portugal", "filter": "country:PRT due:over", "sort": "risk"}]}
 *
 * An unknown key is an error that names the nearest known key. views_parse() parses each filter once, so that every
 * returned view is usable. */
/* ERR_INVALID with the file, the line and the reason. The views are in the arena. */
enum err views_parse(struct arena *arena, const struct json_source *source, struct view **out, size_t *count,
		     struct error *error);
void views_write(struct strbuf *out, const struct view *views, size_t count);

#endif
