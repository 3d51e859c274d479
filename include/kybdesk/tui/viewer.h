/*
 * A document of a case, opened in the workbench: its text in lines of the screen's width, with the case's values
 * marked where found and listed above it where not. Pure.
 */
#ifndef KYBDESK_TUI_VIEWER_H
#define KYBDESK_TUI_VIEWER_H

#include "kybdesk/tui/frame.h"

struct viewer_line {
	size_t from, length; /* bytes of the text */
};
struct viewer {
	char document[UUID_TEXT_SIZE];
	char *title;	 /* "PROOF_OF_ADDRESS · address.pdf" */
	struct job *job; /* the response shown; NULL: none yet */
	char *problem;	 /* why it cannot be read, NULL none */
	uint64_t ticket;
	struct viewer_line *lines; /* for laid_cols */
	size_t line_count, line_capacity, laid_cols;
	size_t top, page;     /* rows */
	struct arena search;  /* memory of the matches */
	struct strbuf wanted; /* last search text */
	struct agree_marks matches;
	size_t match;
};
struct viewer *viewer_new(const char *document, const char *title);
void viewer_free(struct viewer *viewer); /* accepts NULL */
/* Takes ownership of a response, the first or a following one. */
void viewer_answer(struct viewer *viewer, struct job *answer);
bool viewer_is_whole(const struct viewer *viewer); /* no further response expected */
void viewer_move(struct viewer *viewer, long rows);
/* Moves to the first match from the top row on, folded and across line breaks; false: none. */
bool viewer_search(struct viewer *viewer, const char *wanted);
bool viewer_next(struct viewer *viewer, bool forward); /* false: no search, or no match */
void viewer_draw(struct viewer *viewer, struct surface *surface, struct box box);

#endif
