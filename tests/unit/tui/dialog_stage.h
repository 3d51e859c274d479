/* A dialog on a stage of its own, answered and armed: what the tests of dialogs begin and end with. */
#ifndef KYB_TESTS_TUI_DIALOG_STAGE_H
#define KYB_TESTS_TUI_DIALOG_STAGE_H

#include "tui_support.h"

static struct stage stage;
static struct dialog *dialog;
static struct dialog_context context; /* the tests' file says with which reasons */

/* item: the part of the case that it is about, or ""; item_name: in words. */
static inline void ask(const struct dialog_spec *kind, const char *item, const char *item_name, struct job *answer)
{
	dialog = dialog_new(kind, answer->view.file.session.id, "Harbour Lane Trading Ltd");
	dialog->item = item;
	dialog->item_name = item_name;
	job_free(dialog_request(dialog, 1));
	dialog_take_response(dialog, answer, &context);
	dialog->armed = true;
}

static inline void draw(void)
{
	surface_begin(&stage.surface, stage.surface.rows, stage.surface.cols);
	dialog_draw(dialog, &stage.surface, 0);
	stage_check(&stage);
}

static inline void close_dialog(void)
{
	dialog_free(dialog);
	dialog = NULL;
	stage_close(&stage);
	NO_LEAKS();
}

#endif
