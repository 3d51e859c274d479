/* Shared fixture of the dialog tests: a dialog that has its response and accepts keys, and a surface for it. */
#ifndef KYB_TESTS_TUI_DIALOG_STAGE_H
#define KYB_TESTS_TUI_DIALOG_STAGE_H

#include "tui_support.h"

static struct stage stage;
static struct dialog *dialog;
static struct job *sent;
static struct dialog_context context; /* each test file sets it, with its own reasons */

/* Opens the dialog with this response. item: id of the part of the case, "" none; item_name: name of this part. */
static inline void ask(const struct dialog_spec *kind, const char *item, const char *item_name, struct job *answer)
{
	dialog = dialog_new(kind, answer->view.file.session.id, "Harbour Lane Trading Ltd");
	dialog->item = item;
	dialog->item_name = item_name;
	job_free(dialog_make_request(dialog, 1));
	dialog_take_response(dialog, answer, &context);
	dialog->accepts_keys = true;
}

static inline void draw(void)
{
	surface_begin(&stage.surface, stage.surface.rows, stage.surface.cols);
	dialog_draw(dialog, &stage.surface, 0);
	stage_check(&stage);
}

static inline enum form_result press(struct key key)
{
	enum form_result result = form_handle_key(&dialog->form, &key);
	if (result == FORM_EDITED || result == FORM_CHANGED)
		dialog_handle_edit(dialog, &context);
	return result;
}

/* Presses the keys of the text; \t is Tab, \v is Shift-Tab. */
static inline void type(const char *text)
{
	for (; *text; text++)
		press(*text == '\t'   ? key_press(PRESS_TAB)
		      : *text == '\v' ? key_press(PRESS_BACK_TAB)
				      : key_char(*text));
}

/* Confirms the dialog and returns its request, valid until the next call. */
static inline const struct job *confirmed(enum verb verb)
{
	job_free(sent);
	sent = dialog_confirm(dialog, &context);
	cr_assert_not_null(sent, "%s", dialog->problem);
	cr_expect_eq(sent->in.verb, verb, "%d", sent->in.verb);
	return sent;
}

static inline void dialog_tear_down(void)
{
	job_free(sent);
	sent = NULL;
	dialog_free(dialog);
	dialog = NULL;
	stage_close(&stage);
	NO_LEAKS();
}

#endif
