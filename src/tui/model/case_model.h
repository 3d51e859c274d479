/* One open case as a screen shows it: header, checklist, and a grid per tab, made from a response of the reader
 * thread. When the case is read again, the cursor of each tab stays on the same item, found by id. Pure. */
#ifndef KYBDESK_TUI_CASE_MODEL_H
#define KYBDESK_TUI_CASE_MODEL_H

#include "model/frame.h"
#include "model/grid.h"
#include "model/marks.h"
#include "input/keymap.h"
#include "model/page.h"
#include "model/viewer.h"

#define CASE_TAB_COUNT 7
enum case_pane { PANE_CHECKLIST, PANE_TAB };

/* Filter of the timeline: the audit records of one kind of author, or the webhooks. */
enum timeline_filter { TIMELINE_ALL, TIMELINE_PEOPLE, TIMELINE_SYSTEM, TIMELINE_CLIENT, TIMELINE_WEBHOOKS };
#define TIMELINE_COUNT 5
struct case_model {
	struct job *job; /* the response that is shown; NULL before the first response */
	enum case_tab tab;
	enum case_pane pane;
	bool has_first_response; /* the first response was received, and has set pane and cursor */
	size_t checklist_cursor, checklist_top;
	size_t cursors[CASE_TAB_COUNT], tops[CASE_TAB_COUNT];
	struct viewer *viewer; /* the open document, NULL none; owned */
	struct page *page;     /* the open page, NULL none; owned */
	/* Layout with three panes (panes.h): the third pane shows the selected item when the cursor has stopped. */
	bool has_third_pane;
	bool is_item_unfocused; /* the open item does not have the focus */
	bool is_list_focused;	/* the list has the focus */
	/* The key Tab opened the item; the next Tab closes the item, so that the third pane follows the cursor
	 * again. */
	bool opened_by_tab_key;
	/* Page of the selected item, shown in the third pane if no item is open; owned. */
	struct page *side_page; /* NULL none */
	/* Text of case_model_selected_text() when the preview was made; shown below it; NULL: not computed yet */
	char *preview_sentence;
	size_t visible_row_count; /* number of visible rows of the tab */
	bool shows_chart;	  /* the parties tab shows a chart */
	enum timeline_filter timeline_filter;
	int64_t compare_first_seq; /* first audit record chosen for a comparison; 0 none */
	size_t chart_first_line;
	struct marks marked_hits;
	char range_start_hit_id[UUID_TEXT_SIZE]; /* the hit last marked or unmarked: the start of a range to mark */
	struct grid grids[CASE_TAB_COUNT];
};
/* The pane with the focus. */
enum case_focus { FOCUS_CASE, FOCUS_ITEM, FOCUS_LIST };
enum case_focus case_model_focus(const struct case_model *model);
/* Turns the layout with three panes on or off; a change discards the preview in the third pane. */
void case_model_set_panes(struct case_model *model, bool beside);
/* Tab key: moves the focus one pane forward (list, checklist, tab, open item) or back. */
void case_model_move_focus(struct case_model *model, bool forward, const struct frame *frame);
/* Opens a page on top of the current page, which is shown again when the new page is closed. */
void case_model_open_page(struct case_model *model, const struct page_spec *spec, const char *ref,
			  const struct frame *frame);
/* The detail of the row under the cursor or, in the checklist, the sentence of an unmet condition; "" none. */
const char *case_model_selected_text(const struct case_model *model);
/* Whether the third pane shows another item than the selected one; if so, call case_model_update_preview(). */
bool case_model_preview_is_stale(const struct case_model *model);
void case_model_update_preview(struct case_model *model, const struct frame *frame);
void case_model_init(struct case_model *model);
void case_model_release(struct case_model *model);
/* Takes ownership of the response, and makes the grids of the tabs in its arena. */
void case_model_take_response(struct case_model *model, struct job *response, const struct frame *frame);
const struct case_view *case_model_view(const struct case_model *model); /* NULL before the first response */
struct grid *case_model_grid(struct case_model *model);			 /* grid of the current tab */
/* The row under the cursor of the current tab, or NULL. */
const struct grid_row *case_model_row(const struct case_model *model);
/* The party of the open page, or the party under the cursor of the parties tab; NULL none. */
const struct party *case_model_party(const struct case_model *model);
/* The rejected document that is open or, in the documents tab, under the cursor; NULL: none, or not rejected. */
const struct document *case_model_rejected_document(const struct case_model *model);
/* The number of unmet conditions. The checklist lists the unmet conditions first. */
size_t case_model_unmet_count(const struct case_model *model);
const struct checklist_item *case_model_condition(const struct case_model *model, size_t row);
void case_model_select_tab(struct case_model *model, enum case_tab tab);
/* The grid of checks and hits if its tab has the focus, else NULL. */
struct grid *case_model_hits(struct case_model *model);
/* Call after marked_hits changed: shows the marks in the grid. */
void case_model_show_marks(struct case_model *model);
void case_model_move(struct case_model *model, long rows);
/* Moves to the tab and the row that the checklist's condition is about. */
void case_model_jump_to_condition(struct case_model *model, const struct checklist_item *item);
/* Moves to this tab, and the cursor to the row with this ref; false: no row has the ref. */
bool case_model_select_row(struct case_model *model, enum case_tab tab, const char *ref);
/* Call after a verdict: moves the cursor to the next row of this kind that needs work, and continues at the top
 * after the last row. If no such row is left, moves to the next condition. */
void case_model_select_next_open(struct case_model *model, enum row_kind kind);
enum bar case_model_bar(const struct case_model *model);

struct case_position { /* the case's position in its list */
	/* Title of the list that the case was opened from ("manual_review"), or name of the parent case */
	const char *opened_from;
	int64_t position, total; /* 0: unknown */
	/* The case under the cursor of the list next to this case, shown while the list has the focus; NULL: none,
	 * or not read yet */
	const struct case_view *preview;
};
void case_draw(struct case_model *model, struct surface *surface, struct box box, const struct frame *frame,
	       const struct case_position *place);
/* The gravest bad news that a lead has not accepted: what an alert is about; NULL: none. */
const struct news *case_alert_news(struct arena *arena, const struct case_file *file);
/* A warning if the case can only be rejected, needs a lead, or has an alert, like "SANCTIONS · confirmed match: reject
 * (r)"; else "". */
const char *case_banner(struct arena *arena, const struct case_view *view, const struct frame *frame);

/* Builders of the tabs' grids. Call grid_init() first, with the arena of the response. */
void fill_summary_tab(struct grid *grid, struct job *job);
void fill_documents_tab(struct grid *grid, struct job *job);
void fill_parties_tab(struct grid *grid, struct job *job);
void fill_checks_tab(struct grid *grid, struct job *job);
void fill_corrections_tab(struct grid *grid, struct job *job);
/* `of`: the records to list; TIMELINE_WEBHOOKS lists the webhook deliveries. */
void fill_timeline_tab(struct grid *grid, struct job *job, enum timeline_filter of);
/* Changes the filter of the timeline to the next one. */
void case_model_next_timeline_filter(struct case_model *model);
void fill_webhooks_tab(struct grid *grid, struct job *job);

/* The items of a correction as text, like "PASSPORT of Ana Reis, website". */
const char *correction_items_text(struct arena *arena, const struct case_view *view,
				  const struct correction *correction);

/* The lines of the ownership tree that are drawn before a party's name. */
const char *ownership_prefix(struct arena *arena, const struct ownership_line *line, enum text_mode mode);
/* Whether any hit of the check blocks the approval. */
bool has_blocking_hits(const struct check *check);
/* The verdict on the document, like "rejected by bo, 10:42: blurry"; "": the document is not reviewed. */
const char *document_verdict(struct arena *arena, const struct document *document, const struct frame *frame);

/* Draws the preview of a case next to a list. */
void preview_draw(const struct case_view *view, struct surface *surface, struct box box, const struct frame *frame);

/* The ownership tree as a chart: one box for the subject and for each party, and an edge with the declared share
 * from each owner to the company. The boxes have the order of the tab's rows, so that the tab's cursor and keys
 * work on boxes. Pure. */
struct chart {
	const struct job *job;
	const struct grid *grid; /* grid of the tab: the rows of the ownership tree come first */
	size_t cursor, *top;	 /* top: the first line shown */
	bool focused;
};
/* Draws the part of the chart that contains the cursor's box; returns the number of boxes that fit. */
size_t chart_draw(const struct chart *chart, struct surface *surface, struct box box);

#endif
