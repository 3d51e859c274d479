/*
 * A page of an open case, as rows: one party, check, correction, document or audit record with all its data, or the
 * case at an earlier time. A page is made from the case's response, and made again when the case is read again.
 * Each kind of page has one function and a row in PAGES. Pure; screen/page.c handles Enter on a row.
 */
#ifndef KYBDESK_TUI_PAGE_H
#define KYBDESK_TUI_PAGE_H

#include "model/frame.h"
#include "model/grid.h"

struct page;
struct page_spec {
	/* Sets title and rows; false: the page's item is no longer in the case. */
	bool (*fill)(struct page *page, struct job *job);
	bool of_party; /* keys of the parties tab work on the page, too */
};
#define PAGES(X) X(party) X(check) X(correction) X(event) X(document) X(history) X(compare)
#define PAGE_DECLARE(name) extern const struct page_spec name##_page;
PAGES(PAGE_DECLARE)
#undef PAGE_DECLARE

struct page {
	const struct page_spec *spec;
	char *ref;	    /* the page's item: an id, a check's kind, a record's number */
	struct page *under; /* the page from which this page was opened, NULL none; owned */
	/* Only for a document's form; borrowed. document: the response with the document, NULL: not read yet.
	 * ticked: the ticked values, one per line. */
	const struct job *document;
	const char *ticked;
	const char *title;
	struct grid grid;
	size_t cursor, top, shown; /* shown: visible rows */
};
struct page *page_new(const struct page_spec *spec, const char *ref);
void page_free(struct page *page); /* also the pages under it; accepts NULL */
void page_fill(struct page *page, struct job *job, const struct frame *frame);
/* Sets the title, in the arena of the grid: "head · rest". */
void page_title(struct page *page, const char *head, const char *format, ...) KYB_PRINTF(3, 4);
void page_move(struct page *page, long rows);
const struct grid_row *page_row(const struct page *page); /* the row under the cursor, NULL none */
bool page_is_ticked(const struct page *page, const char *what);
/* Draws the page. zone: kind of the zones of its rows, for clicks. */
void page_draw(struct page *page, struct surface *surface, struct box box, enum grid_style look,
	       enum zone_kind zone);
/* The page for a row of a case, and its ref; false: no page for such a row. */
bool page_find_for_row(const struct grid_row *row, struct job *job, const struct page_spec **spec,
		       const char **ref);

/* Functions that add rows with label and value, for pages and the summary. */
#define FACTS_COLUMN_COUNT 4
extern const struct grid_column facts_columns[FACTS_COLUMN_COUNT];
void facts_heading(struct grid *grid, const char *text);
/* Adds the heading before the first row of a part: sets *headed, so that the next calls add nothing. */
void facts_first_heading(struct grid *grid, bool *headed, const char *text);
/* Adds a row with label and value. Adds nothing and returns NULL if the value is "". */
struct grid_row *facts_line(struct grid *grid, const char *label, const char *value);
/* Adds a row that Enter opens. */
struct grid_row *facts_link(struct grid *grid, enum row_kind kind, const char *ref, const char *label,
			    const char *value);
void facts_hash(struct grid *grid, const char *label, const char *hash);
/* Adds a time in the reviewer's time zone and in full; nothing for TIME_NONE. */
void facts_moment(struct grid *grid, const char *label, int64_t at);
/* Adds the details of an audit record, under a heading. */
void facts_recorded(struct grid *grid, const struct audit_event *item);
/* Adds the values before and after a change in two columns, with a mark before the second. */
struct facts_pair {
	const char *label, *before, *after;
	bool changed;
	const char *note; /* a remark on both values, or "" */
};
void facts_pair(struct grid *grid, const struct facts_pair *pair);
/* Adds a row with the titles of the two columns. */
void facts_pair_titles(struct grid *grid, const char *before, const char *after);
/* The judgement of a part of the case, NULL none. */
const struct judgement *case_judgement(const struct case_view *view, enum judgement_kind kind, const char *ref);
/* Adds the facts of a judgement next to the current facts, and whether the judgement is valid. */
void facts_judgement(struct grid *grid, const struct judgement *judgement);
/* Adds a heading and the audit records with this member and value in their detail, newest first, as rows for
 * Enter. */
void facts_history(struct grid *grid, const struct job *job, const char *member, const char *value);
/* Adds a heading and the notes on the item (a document or hit), newest first; adds nothing if none exists. */
void facts_notes(struct grid *grid, const struct case_file *file, const char *item);
/* The newest note on the item (a document or hit): "Note of bo, 3 Nov 10:42: blurred"; "" none. */
const char *last_note(struct arena *arena, const struct case_file *file, const char *item,
		      const struct frame *frame);
/* Adds each member of an object, nested ones with their path; nothing if the text is not JSON. */
void facts_json(struct grid *grid, const char *json);

/*
 * An audit record as a sentence: actor, action, item, reason. Each audit word has its own sentence; names are read
 * from the current case, all other data from the record. Pure.
 */
/* "accepted PROOF_OF_ADDRESS, proof.pdf", to be written after the actor's name. For an unknown audit word: the word
 * itself. */
const char *event_sentence(struct arena *arena, const struct case_view *view, const struct audit_event *item,
			   const struct frame *frame);
/* A text member of the record's detail, "" none. */
const char *event_member(struct arena *arena, const struct audit_event *item, const char *key);

#endif
