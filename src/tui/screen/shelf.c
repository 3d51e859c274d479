/*
 * What Esc closed lies here until the next key: a split sequence begins with what looks like an Esc, and when its tail
 * comes (PRESS_UNESCAPE) everything is as it was, nothing written is lost.
 */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

void shelf_clear(struct workbench *workbench)
{
	struct shelf *shelf = &workbench->shelf;
	if (shelf->dialog)
		decide_cancelled(workbench, shelf->dialog);
	draft_keep(workbench, shelf->dialog);
	free(shelf->filter);
	if (shelf->prompt.open && shelf->prompt.kind == PROMPT_NOTE)
		draft_keep_note(workbench, workbench->note_id, shelf->prompt.editor.text.buf);
	prompt_close(&shelf->prompt);
	if (shelf->palette.open)
		editor_release(&shelf->palette.editor);
	paper_free(shelf->paper);
	page_free(shelf->page);
	if (shelf->screen)
		case_discard(workbench, shelf->screen);
	(void)case_release_left(workbench); /* before what the key that clears it asks for */
	*shelf = (struct shelf){ 0 };
}

static struct shelf *open_shelf(struct workbench *workbench)
{
	shelf_clear(workbench);
	workbench->shelf.until_ms = workbench_monotonic(workbench) + DECODER_TAIL_MS;
	return &workbench->shelf;
}

void shelf_dialog(struct workbench *workbench)
{
	struct shelf *shelf = open_shelf(workbench);
	reader_cancel(workbench->reader, WORK_DIALOG);
	shelf->dialog = workbench->dialog;
	workbench->dialog = NULL;
}

void shelf_prompt(struct workbench *workbench)
{
	struct shelf *shelf = open_shelf(workbench);
	shelf->prompt = workbench->prompt;
	workbench->prompt = (struct prompt){ 0 };
}

void shelf_palette(struct workbench *workbench)
{
	struct shelf *shelf = open_shelf(workbench);
	shelf->palette = workbench->palette;
	workbench->palette = (struct palette){ 0 };
}

void shelf_case(struct workbench *workbench)
{
	struct shelf *shelf = open_shelf(workbench);
	shelf->screen = case_lift(workbench);
	shelf->depth = workbench->case_count;
}

void shelf_paper(struct workbench *workbench)
{
	struct shelf *shelf = open_shelf(workbench);
	struct case_screen *screen = top_case(workbench);
	reader_cancel(workbench->reader, WORK_PAPER);
	shelf->paper = screen->model.paper;
	screen->model.paper = NULL;
	memcpy(shelf->open_in, screen->id, sizeof shelf->open_in);
}

void shelf_page(struct workbench *workbench)
{
	struct shelf *shelf = open_shelf(workbench);
	shelf->page = page_lift(workbench);
	memcpy(shelf->open_in, top_case(workbench)->id, sizeof shelf->open_in);
}

void shelf_help(struct workbench *workbench)
{
	struct shelf *shelf = open_shelf(workbench);
	shelf->help = true;
	shelf->help_top = workbench->help_top;
	workbench->help = false;
}

void shelf_filter(struct workbench *workbench)
{
	struct shelf *shelf = open_shelf(workbench);
	shelf->filter = xstrdup(workbench->queue.filter.buf);
}

static void put_back_dialog(struct workbench *workbench, struct dialog *dialog)
{
	workbench->dialog = dialog;
	dialog_disarm(dialog);
	if (dialog->state == DIALOG_ASKING)
		reader_ask(workbench->reader, dialog_ask(dialog, next_ticket(workbench)));
}

void shelf_restore(struct workbench *workbench)
{
	struct shelf *shelf = &workbench->shelf;
	/* Unless something else has opened meanwhile: an answer came. */
	if (!workbench->dialog && !workbench->prompt.open && !workbench->palette.open) {
		if (shelf->dialog)
			put_back_dialog(workbench, shelf->dialog);
		if (shelf->screen && workbench->case_count == shelf->depth) {
			case_lay_back(workbench, shelf->screen);
			shelf->screen = NULL;
		}
		struct case_screen *screen = top_case(workbench);
		bool same = screen && !screen->model.paper && !strcmp(screen->id, shelf->open_in);
		if (shelf->paper && same) {
			paper_lay_back(workbench, shelf->paper);
			shelf->paper = NULL;
		}
		if (shelf->page && same) {
			page_lay_back(workbench, shelf->page);
			shelf->page = NULL;
		}
		if (shelf->filter)
			inbox_ask(workbench, queue_filter(&workbench->queue, shelf->filter));
		if (shelf->prompt.open)
			workbench->prompt = shelf->prompt;
		if (shelf->palette.open)
			workbench->palette = shelf->palette;
		if (shelf->help) {
			workbench->help = true;
			workbench->help_top = shelf->help_top;
		}
		shelf->dialog = NULL;
		shelf->prompt = (struct prompt){ 0 };
		shelf->palette = (struct palette){ 0 };
	}
	shelf_clear(workbench);
}
