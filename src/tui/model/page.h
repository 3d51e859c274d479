/* A page of an open case, as rows: one party, check, correction, document or audit record with all its data, or the
 * case at an earlier time. A page is made from the response that has the case, and made again when the case is read
 * again. Each kind of page has one function and a row in PAGES. Pure; screen/page.c handles the key Enter on a row. */
#ifndef KYBDESK_TUI_PAGE_H
#define KYBDESK_TUI_PAGE_H

#include "model/frame.h"
#include "model/grid.h"

struct page;
struct page_spec {
	/* Sets title and rows of the page; false: the item of the page is no longer in the case. */
	bool (*fill)(struct page *page, struct job *job);
	bool concerns_party; /* keys of the parties tab work on the page, too */
};
#define PAGES(X) X(party) X(check) X(correction) X(event) X(document) X(history) X(compare)
#define PAGE_DECLARE(name) extern const struct page_spec name##_page;
PAGES(PAGE_DECLARE)
#undef PAGE_DECLARE

struct page {
	const struct page_spec *spec;
	/* Identifies the page's item: by an id, the kind of a check, or the number of an audit record */
	char *ref;
	struct page *parent_page; /* the page from which this page was opened, NULL none; owned */
	/* The next two members are only for a document's form; both are borrowed. document_job: the response that has
	 * the document, NULL: not read yet. ticked_values: the ticked values, one per line. */
	const struct job *document_job;
	const char *ticked_values;
	const char *title;
	struct grid grid;
	size_t cursor, top, visible_row_count; /* visible_row_count: number of visible rows */
};
struct page *page_new(const struct page_spec *spec, const char *ref);
void page_free(struct page *page); /* also frees the pages below this page; accepts NULL */
void page_fill(struct page *page, struct job *job, const struct frame *frame);
/* Sets the title "head · text"; the text is made from the printf format. The title is in the arena of the grid. */
void page_set_title(struct page *page, const char *head, const char *format, ...) KYB_PRINTF(3, 4);
void page_move(struct page *page, long rows);
const struct grid_row *page_row(const struct page *page); /* the row under the cursor, NULL none */
bool page_is_ticked(const struct page *page, const char *what);
/* Draws the page. zone: kind of the clickable zones that the rows get. */
void page_draw(struct page *page, struct surface *surface, struct box box, enum grid_style cursor_style,
	       enum zone_kind zone);
/* Finds the page of the item in a row, and the ref of this page; false: the item has no page. */
bool page_find_for_row(const struct grid_row *row, struct job *job, const struct page_spec **spec, const char **ref);

/* Functions that add rows with a label and a value, for pages and for the summary. */
#define FACTS_COLUMN_COUNT 4
extern const struct grid_column facts_columns[FACTS_COLUMN_COUNT];
void facts_add_heading(struct grid *grid, const char *text);
/* Adds the heading of a group of rows unless *headed is set, and sets *headed: call this function before each row
 * of the group. */
void facts_add_heading_once(struct grid *grid, bool *headed, const char *text);
/* Adds a row with a label and a value. If the value is "", adds no row and returns NULL. */
struct grid_row *facts_line(struct grid *grid, const char *label, const char *value);
/* Adds a row with a label and a value; the key Enter on the row opens the item. */
struct grid_row *facts_add_link(struct grid *grid, enum row_kind kind, const char *ref, const char *label,
				const char *value);
void facts_add_hash(struct grid *grid, const char *label, const char *hash);
/* Adds a row with a time in the reviewer's time zone and in full; adds no row for TIME_NONE. */
void facts_add_time(struct grid *grid, const char *label, int64_t at);
/* Adds the detail of an audit record, below a heading. */
void facts_add_record(struct grid *grid, const struct audit_event *item);
/* A value before and after a change; facts_add_pair() adds a row with both values side by side, and a mark between
 * them. */
struct facts_pair {
	const char *label, *before, *after;
	bool changed;
	const char *note; /* a remark on both values, "" none */
};
void facts_add_pair(struct grid *grid, const struct facts_pair *pair);
/* Adds a row with titles above the two columns of values. */
void facts_add_pair_titles(struct grid *grid, const char *before, const char *after);
/* The judgement of this kind on the item `ref` of the case, NULL none. */
const struct judgement *case_judgement(const struct case_view *view, enum judgement_kind kind, const char *ref);
/* Adds the facts on which the judgement is based next to the current facts, and whether the judgement is still
 * valid. */
void facts_add_judgement(struct grid *grid, const struct judgement *judgement);
/* Adds a heading, and a row for each audit record that has this member with this value in its detail, newest first.
 * The key Enter on a row opens the record. */
void facts_add_history(struct grid *grid, const struct job *job, const char *member, const char *value);
/* Adds a heading and the notes on the item (a document or hit), newest first. If the item has no notes, adds no
 * rows. */
void facts_add_notes(struct grid *grid, const struct case_file *file, const char *item);
/* The newest note on the item (a document or hit), like "Note of bo, 3 Nov 10:42: blurred"; "" none. */
const char *last_note_text(struct arena *arena, const struct case_file *file, const char *item,
			   const struct frame *frame);
/* Adds a row for each member of a JSON object; a nested member is labelled with its path. If the text is not JSON,
 * adds no rows. */
void facts_add_json(struct grid *grid, const char *json);

/* Whether a record of this action changed no data of its case: claims, releases, views. */
bool leaves_data_unchanged(const char *word);
/* An audit record as a sentence: actor, action, item, reason. Each action has a sentence of its own; names, notes
 * and most reasons are read from the current case, other data from the record. Pure. */
/* The part of the sentence after the actor's name, like "accepted PROOF_OF_ADDRESS, proof.pdf". For an unknown
 * action: the word that the audit log has for it. */
const char *event_sentence(struct arena *arena, const struct case_view *view, const struct audit_event *item,
			   const struct frame *frame);
/* The text of a member of the record's detail, "" none. */
const char *event_member(struct arena *arena, const struct audit_event *item, const char *key);

#endif
