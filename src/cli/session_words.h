/*
 * Splits the command line of an SSH client into words. No shell: "$", "`", ";", "*" and the like are characters as any
 * others. A word is a run of characters between blanks; '…' takes everything as it is, "…" too, but for \" and \\; a
 * backslash outside takes the next character as it is. A line end outside of quotes, an unfinished quote and a
 * backslash at the end are refused.
 */
#ifndef KYBDESK_SRC_CLI_SESSION_WORDS_H
#define KYBDESK_SRC_CLI_SESSION_WORDS_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/error.h"

struct session_words {
	const char **items; /* items[0] is the program's name; ends with NULL */
	size_t count;	    /* without the NULL */
	size_t capacity;
};
#define SESSION_WORDS_MAX 256

/* In the arena. ERR_USAGE: the line is not a list of words, or has more than SESSION_WORDS_MAX. */
enum err session_words_split(struct arena *arena, const char *line, struct session_words *out,
			     struct error *error) KYB_MUST_USE;

#endif
