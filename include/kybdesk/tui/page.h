/*
 * A page of an open case: one party, check, correction, document or record of the audit log, with everything that is known of
 * it, or the whole case as it once stood, as rows (workbench.md "Evidence on the screen"). It is made of the case's answer, and made anew when the case is read
 * again. A page is one function and its row in PAGES. Pure; what Enter on a row does is the screen's (screen/page.c).
 */
#ifndef KYBDESK_TUI_PAGE_H
#define KYBDESK_TUI_PAGE_H

#include "kybdesk/tui/frame.h"
#include "kybdesk/tui/grid.h"

struct page;
struct page_spec {
	/* Title and rows, in the arena of the answer; false: what it is about is not in the case any more. */
	bool (*fill)(struct page *page, struct job *job, const struct frame *frame);
	bool of_party; /* the keys of the tab of parties work on it, too */
};
#define PAGES(X) X(party) X(check) X(correction) X(event) X(document) X(history)
#define PAGE_DECLARE(name) extern const struct page_spec name##_page;
PAGES(PAGE_DECLARE)
#undef PAGE_DECLARE

struct page {
	const struct page_spec *spec;
	char *ref;	    /* what it is about: an id, a check's kind, a record's number */
	struct page *under; /* the page that it was opened from, NULL none; its own */
	const char *title;
	struct grid grid;
	size_t cursor, top, shown; /* shown: rows that were visible */
};
struct page *page_new(const struct page_spec *spec, const char *ref);
void page_free(struct page *page); /* and those under it; accepts NULL */
void page_fill(struct page *page, struct job *job, const struct frame *frame);
void page_move(struct page *page, long rows);
const struct grid_row *page_row(const struct page *page); /* under the cursor, NULL none */
/* `zone`: what a click on its rows is. */
void page_draw(struct page *page, struct surface *surface, struct box box, enum grid_style look,
	       enum zone_kind zone);
/* What all about a row of a case is: the page, and what it is about; false: there is none of such a row. */
bool page_about(const struct grid_row *row, struct job *job, const struct page_spec **spec, const char **ref);

/* Rows of a label and a value, for whoever makes a page or the summary of a case. */
void facts_begin(struct grid *grid);
void facts_heading(struct grid *grid, struct arena *arena, const char *text);
/* Nothing, and NULL, when the value is "". */
struct grid_row *facts_line(struct grid *grid, struct arena *arena, const char *label, const char *value);
/* Before and after in two columns; `mark` (facts_mark()) stands before the second. */
struct facts_pair {
	const char *label, *before, *after;
	bool changed;
	const char *note; /* "" or what is said of the two */
};
void facts_pair(struct grid *grid, struct arena *arena, const struct facts_pair *pair, enum text_mode mode);
/* The titles of the two columns. */
void facts_pair_titles(struct grid *grid, struct arena *arena, const char *before, const char *after);
/* What was judged of a part of the case, NULL nothing. */
const struct judgement *case_judgement(const struct case_view *view, enum judgement_kind kind, const char *ref);
/* What a judgement was given on beside what is there now; that it stands, or does not. */
void facts_judgement(struct grid *grid, struct arena *arena, const struct judgement *judgement,
		     const struct frame *frame);
/* Under a heading the records of the audit log whose detail says so, newest first, as rows that Enter opens. */
void facts_history(struct grid *grid, struct job *job, const struct frame *frame, const char *member,
		   const char *value);
/* Each member of an object, what lies deeper under its path; nothing of what is no JSON. */
void facts_json(struct grid *grid, struct arena *arena, const char *json);

#endif
