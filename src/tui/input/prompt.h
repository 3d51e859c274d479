/* An input line in place of the status line, for a filter (with completion and history), a note or a search. The
 * history keeps the filter's keys without their values, since values are personal data. Pure. */
#ifndef KYBDESK_TUI_PROMPT_H
#define KYBDESK_TUI_PROMPT_H

#include "kybdesk/domain/filter.h"
#include "model/editor.h"

enum prompt_kind { PROMPT_FILTER, PROMPT_NOTE, PROMPT_SEARCH };
enum prompt_result { PROMPT_IGNORED, PROMPT_CHANGED, PROMPT_DONE, PROMPT_CANCEL };
#define PROMPT_HISTORY_MAX 50

struct prompt_history {
	char *entries[PROMPT_HISTORY_MAX]; /* oldest first */
	size_t count;
};
void prompt_history_release(struct prompt_history *history);
/* Adds a filter without its values: "country:PRT risk>50 duarte" is kept as "country: risk>". */
void prompt_history_add(struct prompt_history *history, const char *filter);

#define PROMPT_CANDIDATES 64
/* Supplies the values of a filter key if the filter language does not define them: merchants, countries and others.
 * Returns the number of values, at most `most`. The values must stay valid until the calling prompt function
 * returns. */
typedef size_t prompt_values(void *context, enum filter_key key, const char *values[], size_t most);

struct prompt {
	bool open;
	enum prompt_kind kind;
	struct editor editor;
	struct arena arena;  /* memory of the texts, until the prompt is closed */
	const char *label;   /* before the text, ended by ": " */
	const char *problem; /* why the input was refused; NULL: not refused */
	struct prompt_history *history;
	const char *offered_text; /* text that the Up key restores first, before the history; NULL: none */
	/* Index of the shown text: first the history entries, then `offered_text` if set, then the empty text */
	size_t history_entry_at;
	prompt_values *values; /* NULL: none */
	void *context;
	const char *candidates[PROMPT_CANDIDATES];
	size_t candidate_count, candidate_at;
	size_t replaced_length; /* length of the text before the cursor that the first candidate replaces */
};
void prompt_open(struct prompt *prompt, enum prompt_kind kind, const char *label, const char *text,
		 struct prompt_history *history);
void prompt_close(struct prompt *prompt);
enum prompt_result prompt_handle_key(struct prompt *prompt, const struct key *key);
void prompt_set_problem(struct prompt *prompt, const char *sentence);
/* Draws two rows: the input line, and below it the keys that can be pressed, or the candidates. Draws the problem,
 * if any, above these rows. */
void prompt_draw(struct prompt *prompt, struct surface *surface, size_t row);

#endif
