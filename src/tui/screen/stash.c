/*
 * Keeps the item closed by Esc until the next key: the first byte of a key sequence that arrives in two parts looks
 * like Esc. When the second part arrives (PRESS_UNESCAPE), everything is restored, and no text is lost.
 */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

void stash_clear(struct workbench *workbench)
{
	struct stash *stash = &workbench->stash;
	if (stash->dialog)
		decide_cancelled(workbench, stash->dialog);
	draft_keep(workbench, stash->dialog);
	free(stash->filter);
	if (stash->prompt.open && stash->prompt.kind == PROMPT_NOTE)
		draft_keep_note(workbench, &workbench->drafts.note_at, stash->prompt.editor.text.buf);
	prompt_close(&stash->prompt);
	if (stash->palette.open)
		editor_release(&stash->palette.editor);
	viewer_free(stash->viewer);
	page_free(stash->page);
	board_free(stash->board);
	if (stash->screen)
		case_discard(workbench, stash->screen);
	(void)case_release_left(workbench); /* before the requests of the key that clears the stash */
	*stash = (struct stash){ 0 };
}

static struct stash *open_stash(struct workbench *workbench)
{
	stash_clear(workbench);
	workbench->stash.until_ms = workbench_monotonic(workbench) + DECODER_TAIL_MS;
	return &workbench->stash;
}

void stash_dialog(struct workbench *workbench)
{
	struct stash *stash = open_stash(workbench);
	reader_cancel(workbench->reader, JOB_DIALOG);
	stash->dialog = workbench->dialog;
	workbench->dialog = NULL;
}

void stash_prompt(struct workbench *workbench)
{
	struct stash *stash = open_stash(workbench);
	stash->prompt = workbench->prompt;
	workbench->prompt = (struct prompt){ 0 };
}

void stash_palette(struct workbench *workbench)
{
	struct stash *stash = open_stash(workbench);
	stash->palette = workbench->palette;
	workbench->palette = (struct palette){ 0 };
}

void stash_case(struct workbench *workbench)
{
	struct stash *stash = open_stash(workbench);
	stash->screen = case_detach(workbench);
	stash->depth = workbench->stack.count;
}

void stash_viewer(struct workbench *workbench)
{
	struct stash *stash = open_stash(workbench);
	struct case_screen *screen = top_case(workbench);
	reader_cancel(workbench->reader, JOB_DOCUMENT);
	stash->viewer = screen->model.viewer;
	screen->model.viewer = NULL;
	memcpy(stash->open_in, screen->id, sizeof stash->open_in);
}

void stash_page(struct workbench *workbench)
{
	struct stash *stash = open_stash(workbench);
	stash->page = page_detach(workbench);
	memcpy(stash->open_in, top_case(workbench)->id, sizeof stash->open_in);
}

void stash_board(struct workbench *workbench)
{
	struct stash *stash = open_stash(workbench);
	stash->board = board_detach(workbench);
}

void stash_help(struct workbench *workbench)
{
	struct stash *stash = open_stash(workbench);
	stash->help = true;
	stash->help_top = workbench->help.top;
	workbench->help.on = false;
}

void stash_filter(struct workbench *workbench)
{
	struct stash *stash = open_stash(workbench);
	stash->filter = xstrdup(workbench->inbox.queue.filter.buf);
}

static void restore_dialog(struct workbench *workbench, struct dialog *dialog)
{
	workbench->dialog = dialog;
	dialog_disarm(dialog);
	if (dialog->state == DIALOG_ASKING)
		reader_request(workbench->reader, dialog_request(dialog, next_ticket(workbench)));
}

void stash_restore(struct workbench *workbench)
{
	struct stash *stash = &workbench->stash;
	/* Restores nothing if a response opened something else meanwhile. */
	if (!workbench->dialog && !workbench->prompt.open && !workbench->palette.open) {
		if (stash->dialog)
			restore_dialog(workbench, stash->dialog);
		if (stash->screen && workbench->stack.count == stash->depth) {
			case_reattach(workbench, stash->screen);
			stash->screen = NULL;
		}
		struct case_screen *screen = top_case(workbench);
		bool same = screen && !screen->model.viewer && !strcmp(screen->id, stash->open_in);
		if (stash->viewer && same) {
			viewer_reattach(workbench, stash->viewer);
			stash->viewer = NULL;
		}
		if (stash->page && same) {
			page_reattach(workbench, stash->page);
			stash->page = NULL;
		}
		if (stash->board) {
			board_reattach(workbench, stash->board);
			stash->board = NULL;
		}
		if (stash->filter)
			inbox_request(workbench, queue_filter(&workbench->inbox.queue, stash->filter));
		if (stash->prompt.open)
			workbench->prompt = stash->prompt;
		if (stash->palette.open)
			workbench->palette = stash->palette;
		if (stash->help) {
			workbench->help.on = true;
			workbench->help.top = stash->help_top;
		}
		stash->dialog = NULL;
		stash->prompt = (struct prompt){ 0 };
		stash->palette = (struct palette){ 0 };
	}
	stash_clear(workbench);
}
