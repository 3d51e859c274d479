#include "session_words.h"
#include "kybdesk/base/strbuf.h"

#include <string.h>

static enum err unfinished(char quote, struct error *error)
{
	return error_set(error, ERR_USAGE,
			 "The command line has an opening %c without a closing quote; nothing was run", quote);
}

/* Appends the quoted part. *at: after the opening quote; on return after the closing quote. */
static enum err take_quoted(const char **at, char quote, struct strbuf *word, struct error *error)
{
	for (; **at && **at != quote; ++*at) {
		if (quote == '"' && **at == '\\' && ((*at)[1] == '"' || (*at)[1] == '\\'))
			++*at;
		strbuf_addch(word, **at);
	}
	if (!**at)
		return unfinished(quote, error);
	++*at;
	return ERR_OK;
}

static enum err take_word(const char **at, struct strbuf *word, struct error *error)
{
	enum err err = ERR_OK;

	while (!err && **at && !strchr(" \t\n\r", **at)) {
		char c = *(*at)++;

		if (c == '\'' || c == '"') {
			err = take_quoted(at, c, word, error);
			continue;
		}
		if (c == '\\') {
			c = **at;
			if (!c || c == '\n' || c == '\r')
				return error_set(error, ERR_USAGE,
						 "The command line ends with a backslash; nothing was run");
			++*at;
		}
		strbuf_addch(word, c);
	}
	return err;
}

enum err session_words_split(struct arena *arena, const char *line, struct session_words *out, struct error *error)
{
	struct strbuf word = STRBUF_INIT;
	enum err err = ERR_OK;

	*out = (struct session_words){ 0 };
	*ARENA_PUSH(arena, out->items, out->count, out->capacity) = "kybdesk";
	for (const char *at = line + strspn(line, " \t"); !err && *at; at += strspn(at, " \t")) {
		if (*at == '\n' || *at == '\r')
			err = error_set(error, ERR_USAGE,
					"The command line has several lines, but a session runs one command; "
					"nothing was run");
		else if (out->count > SESSION_WORDS_MAX)
			err = error_set(error, ERR_USAGE, "The command line has more than %d words",
					SESSION_WORDS_MAX);
		strbuf_reset(&word);
		if (!err)
			err = take_word(&at, &word, error);
		if (!err)
			*ARENA_PUSH(arena, out->items, out->count, out->capacity) = arena_strdup(arena, word.buf);
	}
	*ARENA_PUSH(arena, out->items, out->count, out->capacity) = NULL;
	out->count--;
	strbuf_release(&word);
	return err;
}
