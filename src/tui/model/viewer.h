/* A document of a case, opened in the workbench. The viewer shows the document's text in lines of the screen's
 * width, with the case's values marked, and lists the missing values above the text. Next to the document, the
 * workbench can show another document or the document's form: the values that the document has to show
 * (domain/document_form.h), with boxes to tick. Pure. */
#ifndef KYBDESK_TUI_VIEWER_H
#define KYBDESK_TUI_VIEWER_H

#include "model/page.h"

#define ZOOM_MAX 4

struct viewer_line {
	size_t from, length; /* range of bytes in the text */
};
struct viewer {
	char document_id[UUID_TEXT_SIZE];
	const char *side;	 /* constant: "back"; "": the front, or a document with one side */
	char *title;		 /* like "Harbour Lane Ltd · PROOF_OF_ADDRESS · address.pdf" */
	size_t case_name_length; /* length of the case's name at the start of `title`; a pair shows it at the end */
	struct job *job;	 /* the response that has the document; NULL: not received yet */
	struct job *drawn_job; /* the response with a page of a PDF as a picture, which replaces the text; NULL none */
	size_t picture_page;   /* number of the page to show as a picture; 0: show the text */
	char *newest_note;     /* the newest note on the document, NULL none */
	char *problem;	       /* why the document cannot be read, NULL none */
	bool was_drawn;	       /* drawn since looks_note_frame() */
	bool pending;	       /* a request for the document was sent, and its last response has not arrived */
	size_t requested_cols, requested_page; /* columns and page of the last picture that was requested */
	struct picture_format requested_format;
	size_t zoom; /* zoom factor of a picture, 1 to ZOOM_MAX */
	size_t hidden_left_cells,
		longest_line_cells; /* picture: cells scrolled out on the left, and cells of the longest line */
	uint64_t ticket;
	struct viewer_line *lines; /* the text's lines, wrapped for wrapped_cols columns */
	size_t line_count, line_capacity, wrapped_cols;
	size_t top, visible_row_count; /* first visible row, and number of visible rows */
	struct arena match_arena;      /* memory of the matches */
	struct strbuf search_text;     /* text of the last search */
	struct doc_search_spans matches;
	size_t match;
	/* The item shown next to this document, owned: another document or a form, never both. */
	struct viewer *second_viewer; /* NULL none */
	struct page *form;	      /* NULL none; its rows are in the arena of the case's response */
	struct strbuf ticked_values;  /* ticked values of the form, one per line; kept even if the form is closed */
	bool is_second_viewer;	      /* this viewer is the member `second_viewer` of another viewer */
	bool is_neighbour_focused;    /* the item next to this document has the focus */
};
struct viewer *viewer_new(const char *document, const char *title);
void viewer_free(struct viewer *viewer); /* accepts NULL */
/* Takes ownership of a response. A document can have several responses. */
void viewer_take_response(struct viewer *viewer, struct job *response);
/* The viewer with the focus: this one, or the one next to it. */
struct viewer *focused_viewer(struct viewer *viewer);
bool viewer_is_pair(const struct viewer *viewer);   /* another document or a form is next to this document */
void viewer_close_neighbour(struct viewer *viewer); /* removes the neighbouring document or form */
/* Sets the newest note on this document, and on the document next to it. */
void viewer_update_notes(struct viewer *viewer, const struct case_file *file, const struct frame *frame);
/* Shows the document's form next to the document. If the form is shown already, makes its rows again. The rows come
 * from the case and, if the document was read already, from the document. */
void viewer_fill_form(struct viewer *viewer, struct job *case_job, const struct frame *frame);
bool viewer_is_complete(const struct viewer *viewer); /* all responses have arrived, or one has failed */
void viewer_scroll_rows(struct viewer *viewer, long rows);
/* The response with the displayed picture: of the document, or of one page; NULL: no picture is displayed. */
const struct job *viewer_picture_job(const struct viewer *viewer);
/* Changes the zoom of the picture; its visible part keeps its centre. The next response has the new size. False:
 * the zoom is at its limit, or no picture is displayed. */
bool viewer_zoom(struct viewer *viewer, bool larger);
/* Moves the visible part of the picture sideways; false: at the edge already, or no picture is displayed */
bool viewer_pan(struct viewer *viewer, bool right);
/* Shows the next page of a PDF as a picture; after the last page, shows the text again. False: the document is not
 * a PDF with pages, or was not read yet. */
bool viewer_next_page(struct viewer *viewer);
/* Moves to the first match at or after the first visible row; if none follows, to the first match of the text. A
 * match ignores case and accents, and may extend over a line break. False: no match. */
bool viewer_search(struct viewer *viewer, const char *wanted);
/* Moves to the next or previous match; false: no match, or nothing was searched */
bool viewer_next_match(struct viewer *viewer, bool forward);
void viewer_draw(struct viewer *viewer, struct surface *surface, struct box box);
/* The two parts of a box: one below the other if `is_stacked` is set or the box has less than TWO_PANES_COLS_MIN
 * columns, else side by side. If a stacked box is too low for both, only the item with the focus is shown. */
struct pair_boxes {
	struct box first, second; /* a part without rows is not shown */
	bool is_stacked;
};
void viewer_pair_boxes(const struct viewer *viewer, struct box box, bool is_stacked, struct pair_boxes *out);

#endif
