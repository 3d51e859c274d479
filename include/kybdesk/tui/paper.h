/*
 * A document of a case, opened in the workbench (workbench.md "Evidence on the screen"): its text in lines of the
 * screen's width, with what the case says marked where it stands, and what was not found above it. Pure.
 */
#ifndef KYBDESK_TUI_PAPER_H
#define KYBDESK_TUI_PAPER_H

#include "kybdesk/tui/frame.h"

struct paper_line {
	size_t from, length; /* bytes of the text */
};
struct paper {
	char document[UUID_TEXT_SIZE];
	char *title;	   /* "PROOF_OF_ADDRESS · address.pdf" */
	struct work *work; /* the answer that is shown; NULL: none yet */
	char *problem;	   /* why it can't be read, NULL none */
	uint64_t ticket;
	struct paper_line *lines; /* for laid_cols */
	size_t line_count, line_capacity, laid_cols;
	size_t top, page;     /* rows */
	struct arena search;  /* of matches */
	struct strbuf wanted; /* looked for last */
	struct agree_marks matches;
	size_t match;
};
struct paper *paper_new(const char *document, const char *title);
void paper_free(struct paper *paper); /* accepts NULL */
/* Takes the answer, the first or what follows it. */
void paper_answer(struct paper *paper, struct work *answer);
bool paper_is_whole(const struct paper *paper); /* no answer is waited for */
void paper_move(struct paper *paper, long rows);
/* To the first place from the top of the screen on, folded and across line breaks; false: it stands nowhere. */
bool paper_search(struct paper *paper, const char *wanted);
bool paper_next(struct paper *paper, bool forward); /* false: nothing was looked for, or found */
void paper_draw(struct paper *paper, struct surface *surface, struct box box);

#endif
