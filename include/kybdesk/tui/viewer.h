/*
 * A document of a case, opened in the workbench (workbench.md "Evidence on the screen"): its text in lines of the
 * screen's width, with what the case says marked where it stands, and what was not found above it. Pure.
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
	struct job *job; /* the answer that is shown; NULL: none yet */
	char *problem;	 /* why it can't be read, NULL none */
	uint64_t ticket;
	struct viewer_line *lines; /* for laid_cols */
	size_t line_count, line_capacity, laid_cols;
	size_t top, page;     /* rows */
	struct arena search;  /* of matches */
	struct strbuf wanted; /* looked for last */
	struct agree_marks matches;
	size_t match;
};
struct viewer *viewer_new(const char *document, const char *title);
void viewer_free(struct viewer *viewer); /* accepts NULL */
/* Takes the answer, the first or what follows it. */
void viewer_answer(struct viewer *viewer, struct job *answer);
bool viewer_is_whole(const struct viewer *viewer); /* no answer is waited for */
void viewer_move(struct viewer *viewer, long rows);
/* To the first place from the top of the screen on, folded and across line breaks; false: it stands nowhere. */
bool viewer_search(struct viewer *viewer, const char *wanted);
bool viewer_next(struct viewer *viewer, bool forward); /* false: nothing was looked for, or found */
void viewer_draw(struct viewer *viewer, struct surface *surface, struct box box);

#endif
