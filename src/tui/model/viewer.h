/*
 * A document of a case, opened in the workbench: its text in lines of the screen's width, with the case's values
 * marked. Values that the text lacks are listed above the text. The workbench can show next to the document either
 * another document, or the document's form: the values that the document has to show (domain/document_form.h), with
 * boxes to tick. Pure.
 */
#ifndef KYBDESK_TUI_VIEWER_H
#define KYBDESK_TUI_VIEWER_H

#include "model/page.h"

#define ZOOM_MOST 4

struct viewer_line {
	size_t from, length; /* range of bytes in the text */
};
struct viewer {
	char document[UUID_TEXT_SIZE];
	const char *side;  /* constant: "back"; "" the front, or the only side */
	char *title;	   /* "Harbour Lane Ltd · PROOF_OF_ADDRESS · address.pdf" */
	size_t name;	   /* bytes of the case's name at the title's start; a pair shows the name last */
	struct job *job;   /* the response; NULL: none yet */
	struct job *drawn; /* the page of a PDF as a picture, shown in place of its text; NULL none */
	size_t drawn_page; /* the page to show; 0: the text */
	char *newest_note; /* the newest note on the document, NULL none */
	char *problem;	   /* why the document cannot be read, NULL none */
	bool pending;	   /* a request for the document has no complete response yet */
	size_t requested_cols, requested_page; /* columns and page of the last drawn picture */
	struct picture_format requested_format;
	size_t zoom;	   /* zoom of a picture, 1 to ZOOM_MOST; both dimensions */
	size_t left, wide; /* cells of the picture: scrolled out on the left, and in the longest line */
	uint64_t ticket;
	struct viewer_line *lines; /* lines laid out for laid_cols */
	size_t line_count, line_capacity, laid_cols;
	size_t top, page;     /* first visible row, and number of visible rows */
	struct arena search;  /* memory of the matches */
	struct strbuf wanted; /* last search text */
	struct agree_marks matches;
	size_t match;
	/* Shown next to the document; owned. At most one of `other` and `form`. */
	struct viewer *other;	/* NULL none */
	struct page *form;	/* NULL none; its rows are in the arena of the case's response */
	struct strbuf ticked;	/* values of the form, one a line; kept while the document is open */
	bool beside;		/* this is the `other` of a pair */
	bool neighbour_focused; /* the item next to this document has the focus */
};
struct viewer *viewer_new(const char *document, const char *title);
void viewer_free(struct viewer *viewer); /* accepts NULL */
/* Takes ownership of a response, the first or a following one. */
void viewer_take_response(struct viewer *viewer, struct job *answer);
/* The document with the focus, of the two shown side by side. */
struct viewer *viewer_focused(struct viewer *viewer);
bool viewer_is_pair(const struct viewer *viewer);   /* another document or a form is next to this document */
void viewer_close_neighbour(struct viewer *viewer); /* removes the neighbouring document or form */
/* Sets the newest note on this document, and on the document next to it. */
void viewer_update_notes(struct viewer *viewer, const struct case_file *file, const struct frame *frame);
/* Shows the document's form next to the document, or makes the form's rows again: from the case, and also from the
 * document after it is read. */
void viewer_fill_form(struct viewer *viewer, struct job *case_job, const struct frame *frame);
bool viewer_is_complete(const struct viewer *viewer); /* no further response expected */
void viewer_move(struct viewer *viewer, long rows);
/* The picture that is shown, of the document or of its page; NULL: no picture. */
const struct job *viewer_picture(const struct viewer *viewer);
/* Enlarges or shrinks the picture around its middle; the next response has the new size. False: the size stays. */
bool viewer_zoom(struct viewer *viewer, bool larger);
bool viewer_pan(struct viewer *viewer, bool right); /* false: already at that edge of the picture */
/* Shows the next page of a PDF as a picture; after the last page shows the text again. False: the document has no
 * pages. */
bool viewer_next_page(struct viewer *viewer);
/* Moves to the first match at or after the top row. Matching folds letters and spans line breaks. False: no
 * match. */
bool viewer_search(struct viewer *viewer, const char *wanted);
bool viewer_next(struct viewer *viewer, bool forward); /* false: no search, or no match */
void viewer_draw(struct viewer *viewer, struct surface *surface, struct box box);
/* The parts of a box for two documents: next to each other from WIDE_COLS on, else one below the other. If both do
 * not fit, only the document with the focus is shown. */
struct pair_boxes {
	struct box first, second; /* no rows: not shown */
	bool stacked;
};
void viewer_pair_boxes(const struct viewer *viewer, struct box box, bool stacked, struct pair_boxes *out);

#endif
