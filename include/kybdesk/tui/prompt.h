/*
 * A line to type into, in place of the status line: the filter, with
 * completion and history, or a note. The history keeps keys, not values
 * (workbench.md: personal data). Pure.
 */
#ifndef KYBDESK_TUI_PROMPT_H
#define KYBDESK_TUI_PROMPT_H

#include "kybdesk/tui/editor.h"

enum prompt_kind { PROMPT_FILTER, PROMPT_NOTE, PROMPT_SEARCH };
enum prompt_result { PROMPT_IGNORED, PROMPT_CHANGED, PROMPT_DONE, PROMPT_CANCEL };
#define PROMPT_HISTORY_MAX 50

struct prompt_history {
	char *entries[PROMPT_HISTORY_MAX]; /* oldest first */
	size_t count;
};
void prompt_history_release(struct prompt_history *history);
/* "country:PRT risk>50 duarte" is kept as "country: risk>". */
void prompt_history_add(struct prompt_history *history, const char *filter);

struct prompt {
	bool open;
	enum prompt_kind kind;
	struct editor editor;
	char *label;   /* malloc'd */
	char *problem; /* malloc'd; why it could not be taken, NULL none */
	struct prompt_history *history;
	char *offered;	   /* malloc'd; newer than the history, NULL none */
	size_t history_at; /* of the history and what is offered; behind both: what is typed now */
	const char *candidates[64];
	size_t candidate_count, candidate_at;
	size_t word_bytes; /* of the word that a candidate took the place of */
};
void prompt_open(struct prompt *prompt, enum prompt_kind kind, const char *label, const char *text,
		 struct prompt_history *history);
/* Up brings this first, whole; the history knows keys only. */
void prompt_offer(struct prompt *prompt, const char *text);
void prompt_close(struct prompt *prompt);
enum prompt_result prompt_key(struct prompt *prompt, const struct key *key);
void prompt_refuse(struct prompt *prompt, const char *sentence);
/* Two rows: the line itself, and below it what can be done. */
void prompt_draw(struct prompt *prompt, struct surface *surface, size_t row);

#endif
