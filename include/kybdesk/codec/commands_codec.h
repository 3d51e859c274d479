/*
 * commands.json next to the user's config.json: the user's own programs, which the workbench can start from a case.
 *
 *   {"register": {"key": "Q", "run": ["xdg-open", "https://register.example/{registration_number}"],
 *                 "help": "its page at the register"}}
 *
 * This module only reads the file; src/tui/input/own_commands.c decides which commands are allowed.
 */
#ifndef KYBDESK_CODEC_COMMANDS_CODEC_H
#define KYBDESK_CODEC_COMMANDS_CODEC_H

#include "kybdesk/codec/line_fault.h"

#define OWN_COMMANDS_MAX 32 /* must not exceed ARGUMENT_WORDS_MAX of the palette */
#define OWN_COMMAND_WORDS_MAX 32

struct own_command {
	const char *name, *key, *help; /* key and help: "" none */
	const char *const *words;      /* the program, and its arguments with placeholders */
	size_t word_count;
	unsigned line; /* line of its name in the file */
};
struct own_commands {
	struct own_command *items; /* in the order of the file */
	size_t count, capacity;
	struct line_faults faults; /* faults of the commands that are ignored */
};

/* ERR_INVALID, with the line, if the file cannot be read at all. The commands are in the arena. */
enum err commands_parse(struct arena *arena, const char *text, size_t length, struct own_commands *out,
			struct error *error) KYB_MUST_USE;

#endif
