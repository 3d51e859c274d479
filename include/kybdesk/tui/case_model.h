/*
 * One open case as a screen shows it: header, checklist, and a grid for each
 * tab, made from an answer of the reader. The cursor of each tab follows what
 * it stands on by id when the case is read again. Pure.
 */
#ifndef KYBDESK_TUI_CASE_MODEL_H
#define KYBDESK_TUI_CASE_MODEL_H

#include "kybdesk/tui/frame.h"
#include "kybdesk/tui/grid.h"
#include "kybdesk/tui/keymap.h"
#include "kybdesk/tui/page.h"
#include "kybdesk/tui/viewer.h"

#define CASE_TAB_COUNT 7
enum case_pane { PANE_CHECKLIST, PANE_TAB };

struct case_model {
	struct job *job; /* the answer that is shown; NULL before the first */
	enum case_tab tab;
	enum case_pane pane;
	bool placed; /* the first answer has chosen pane and cursor */
	size_t check_cursor, check_top;
	size_t cursors[CASE_TAB_COUNT], tops[CASE_TAB_COUNT];
	struct viewer *viewer; /* the document that is open in it, NULL none; the model's */
	struct page *page;     /* the part that is open in it, NULL none; the model's */
	/* Three panes (panes.h), as it was drawn last: what is selected is shown in the third, once the cursor has rested. */
	bool beside;
	bool behind;  /* what is open there is not what has the keys */
	bool listing; /* the list has them */
	bool visited; /* Tab opened it, and the next one closes it: the pane goes on following the cursor */
	/* Of what the cursor rests on, where nothing was opened; the model's. */
	struct page *aside;   /* NULL none */
	char *aside_sentence; /* NULL: nothing was looked for yet */
	size_t shown;	      /* rows of the tab that were visible */
	struct grid grids[CASE_TAB_COUNT];
};
/* What the keys are for. */
enum case_front { FRONT_CASE, FRONT_OPEN, FRONT_LIST };
enum case_front case_model_front(const struct case_model *model);
/* There is room for three panes, or not any more: what is selected is looked for anew. */
void case_model_beside(struct case_model *model, bool beside);
/* Tab: on from the list over the conditions and the tab to what is open, or back. */
void case_model_pane(struct case_model *model, bool forward, const struct frame *frame);
/* Opens a page above the one that is open, which comes back. */
void case_model_open(struct case_model *model, const struct page_spec *spec, const char *ref,
		     const struct frame *frame);
/* What the row under the cursor cannot say whole, "" nothing. */
const char *case_model_sentence(const struct case_model *model);
/* Whether the third pane shows something else than the cursor stands on; then: shows that. */
bool case_model_is_behind(const struct case_model *model);
void case_model_let_go(struct case_model *model);
void case_model_follow(struct case_model *model, const struct frame *frame);
void case_model_init(struct case_model *model);
void case_model_release(struct case_model *model);
/* Takes the answer; makes the grids in its arena. */
void case_model_answer(struct case_model *model, struct job *answer, const struct frame *frame);
const struct case_view *case_model_view(const struct case_model *model); /* NULL before the first answer */
struct grid *case_model_grid(struct case_model *model);			 /* of the present tab */
/* The row under the cursor of the present tab, or NULL. */
const struct grid_row *case_model_row(const struct case_model *model);
/* The party whose page is open, or that is under the cursor in its tab; NULL none. The rejected document likewise. */
const struct party *case_model_party(const struct case_model *model);
const struct document *case_model_rejected(const struct case_model *model);
/* The type of the missing document under the cursor, "" none. */
const char *case_model_missing(const struct case_model *model);
/* Unmet conditions first. */
size_t case_model_unmet(const struct case_model *model);
const struct checklist_item *case_model_check(const struct case_model *model, size_t row);
/* The row that shows what the condition under the cursor is about, NULL none. */
const struct grid_row *case_model_blocking(const struct case_model *model);
void case_model_tab(struct case_model *model, enum case_tab tab);
void case_model_move(struct case_model *model, long rows);
/* Puts tab and cursor on what a line of the checklist is about. */
void case_model_go(struct case_model *model, const struct checklist_item *item);
/* Puts tab and cursor on the row of that ref; false: there is none. */
bool case_model_stand_on(struct case_model *model, enum case_tab tab, const char *ref);
/* From the present row down (and then from the top) to a row that still needs work; false: there is none. */
bool case_model_next_open(struct case_model *model, enum row_kind kind);
enum bar case_model_bar(const struct case_model *model);

struct case_place {		 /* where the case stands */
	const char *from;	 /* "manual_review", or the parent's name */
	int64_t position, total; /* 0: not known */
	/* Under the cursor of the list beside it, while that has the keys; NULL none, or not read yet. */
	const struct case_view *preview;
};
void case_draw(struct case_model *model, struct surface *surface, struct box box, const struct frame *frame,
	       const struct case_place *place);
void case_tabs_draw(struct case_model *model, struct surface *surface, struct box box);

/* The grids of the tabs. */
void tab_summary(struct grid *grid, struct arena *arena, const struct job *job, const struct frame *frame);
void tab_documents(struct grid *grid, struct arena *arena, const struct job *job, const struct frame *frame);
void tab_parties(struct grid *grid, struct arena *arena, const struct job *job, const struct frame *frame);
void tab_checks(struct grid *grid, struct arena *arena, const struct job *job, const struct frame *frame);
void tab_corrections(struct grid *grid, struct arena *arena, const struct job *job, const struct frame *frame);
void tab_timeline(struct grid *grid, struct arena *arena, const struct job *job, const struct frame *frame);
void tab_webhooks(struct grid *grid, struct arena *arena, const struct job *job, const struct frame *frame);

/* "PROOF_OF_ADDRESS, website": what it asks for. */
const char *correction_what(struct arena *arena, const struct correction *correction);

/* Whether some hit of the check stands in the way. */
bool hits_block(const struct check *check);
/* Whether the audit log of an answer says that somebody looked at a document. */
bool document_was_opened(const struct job *job, const char *id);
/* "rejected by bo, 10:42: blurry"; "" nobody has said anything. */
const char *document_verdict(struct arena *arena, const struct document *document, const struct frame *frame);

/* The preview beside a list. */
void preview_draw(const struct case_view *view, struct surface *surface, struct box box, const struct frame *frame);

#endif
