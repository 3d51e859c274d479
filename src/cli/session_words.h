/*
 * Splits the command line of an SSH client into words, without a shell: "$", "`", ";", "*" and the like have no
 * special meaning. A word is a run of characters between blanks. Inside '…' every character is literal; inside "…"
 * too, except the escapes \" and \\. Outside of quotes a backslash makes the next character literal. A line end
 * outside of quotes, an unfinished quote and a backslash at the end are refused.
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
