/* Functions for the actions that work the same way in every context (actions.h). The functions for moving the cursor
 * and for closing belong to each screen (struct screen_ops). */
#include "workbench.h"

#include <string.h>

/* Runs a command that moves the cursor. */
void action_move_cursor(struct workbench *workbench, const struct command_request *order)
{
	const struct screen_ops *screen = top_screen(workbench);
	struct page *front = screen->front_page ? screen->front_page(workbench) : NULL;
	size_t rows = front ? front->visible_row_count : screen->page_rows(workbench);
	long page = rows > 1 ? (long)rows - 1 : 1;
	const long steps[] = { [COMMAND_DOWN] = 1,	  [COMMAND_UP] = -1,	       [COMMAND_PAGE_DOWN] = page,
			       [COMMAND_PAGE_UP] = -page, [COMMAND_FIRST] = -MOVE_ALL, [COMMAND_LAST] = MOVE_ALL };
	if (front)
		page_move(front, steps[order->command]);
	else
		screen->move(workbench, steps[order->command]);
}

void action_move_sideways(struct workbench *workbench, const struct command_request *order)
{
	top_screen(workbench)->move_sideways(workbench, order->command == COMMAND_RIGHT);
}

void action_switch_pane(struct workbench *workbench, const struct command_request *order)
{
	const struct screen_ops *screen = top_screen(workbench);
	if (screen->switch_pane)
		screen->switch_pane(workbench, order->command == COMMAND_NEXT_PANE);
}

void action_choose_number(struct workbench *workbench, const struct command_request *order)
{
	size_t number = order->number;
	if (order->argument[0] >= '1' && order->argument[0] <= '9' && !order->argument[1])
		number = (size_t)(order->argument[0] - '0');
	if (number)
		top_screen(workbench)->choose(workbench, number);
	else
		REPORT(workbench, "\"choose\" needs a number from 1 to 9, for example: choose 2");
}

/* Closes the screen for the key q. Unlike after Esc, no key can restore the closed screen. */
static void close_screen(struct workbench *workbench, const struct screen_ops *screen)
{
	if (screen->leave)
		screen->leave(workbench);
	else
		screen->discard(workbench, screen->detach(workbench));
}

/* Runs a command (quit, back, open) for which each screen has a function of its own. */
void action_call_screen_op(struct workbench *workbench, const struct command_request *order)
{
	const struct screen_ops *screen = top_screen(workbench);
	if (order->command == COMMAND_QUIT)
		close_screen(workbench, screen);
	else if (order->command == COMMAND_BACK && !screen->go_back)
		stash_screen(workbench, screen);
	else
		(order->command == COMMAND_OPEN ? screen->open : screen->go_back)(workbench);
}

/* Opens the dialog of a command. In the parties tab, the dialog is about the party under the cursor. */
void action_open_dialog(struct workbench *workbench, const struct command_request *order)
{
	const struct command_spec *spec = command_spec(order->command);
	const struct party *party = spec->contexts == PLACE_PARTIES ? current_party(workbench) : NULL;
	if (party || spec->contexts != PLACE_PARTIES)
		decide_open_dialog(workbench, spec->opened_dialog, party ? party->id : "", party ? party->name : "");
}

/* The type of the missing document under the cursor; "": the cursor is on another row, or an open page or document
 * has the focus. */
static const char *selected_missing_type(const struct case_model *model)
{
	const struct grid_row *row = case_model_row(model);
	bool here = case_model_focus(model) != FOCUS_ITEM && model->pane == PANE_TAB;
	return here && row && row->kind == ROW_DOCUMENT_MISSING ? row->ref : "";
}

/* Opens the dialog to request corrections, prefilled for the rejected or missing document under the cursor. */
void action_open_corrections(struct workbench *workbench)
{
	const struct case_screen *screen = top_case(workbench);
	const struct document *rejected = screen ? case_model_rejected_document(&screen->model) : NULL;
	const char *missing = screen ? selected_missing_type(&screen->model) : "";
	if (missing[0]) {
		decide_open_dialog(workbench, &corrections_dialog, missing, missing);
		return;
	}
	decide_open_dialog(workbench, &corrections_dialog, rejected ? rejected->id : "",
			   rejected ? rejected->type : "");
}

/* Opens the MORE dialog. The dialog also offers actions on the party or document under the cursor; if an action was
 * requested by its name, the dialog preselects this action. */
void action_open_more(struct workbench *workbench, const struct command_request *order)
{
	const struct command_spec *spec = command_spec(order->command);
	const struct case_screen *screen = top_case(workbench);
	bool in_tab = screen && screen->model.pane == PANE_TAB && case_model_focus(&screen->model) == FOCUS_CASE;
	const struct grid_row *row = in_tab ? case_model_row(&screen->model) : NULL;
	const struct case_file *file = row ? &case_model_view(&screen->model)->file : NULL;
	const struct party *party = screen ? case_model_party(&screen->model) : NULL;
	const struct document *document = row && row->kind == ROW_DOCUMENT ? case_document(file, row->ref) : NULL;
	decide_open_with_choice(
		workbench, &more_dialog,
		party	   ? party->id
		: document ? document->id
			   : "",
		party	   ? party->name
		: document ? profile_document_title(case_model_view(&screen->model)->profile, document->type)
			   : "",
		spec->group == GROUP_MORE ? spec->name : "");
}

void action_copy_case_id(struct workbench *workbench)
{
	const char *id, *name;
	if (!workbench_current_case_or_report(workbench, &id, &name))
		return;
	if (tty_copy_to_clipboard(workbench->tty, id))
		REPORT(workbench, "Sent to the terminal's clipboard: id %s", id);
	else
		REPORT(workbench, "This terminal type has no clipboard; the id is %s", id);
}

/* --- the user's own commands: their output is shown like a document --- */

/* Finds the user's command by the number or the name in the request `order`. NULL: the user has no such command,
 * and the status line says so. */
static const struct own_command *own_command_of(struct workbench *workbench, const struct command_request *order)
{
	const struct own_commands *all = &workbench->own_settings.commands;
	if (order->number && order->number <= all->count)
		return &all->items[order->number - 1];
	for (size_t i = 0; i < all->count; i++)
		if (!strcmp(all->items[i].name, order->argument))
			return &all->items[i];
	if (!all->count)
		REPORT(workbench, "No custom commands yet: define them in commands.json next to config.json");
	else if (!order->argument[0])
		REPORT(workbench, "\"run\" needs the name of a command, for example: run %s", all->items[0].name);
	else
		REPORT(workbench, "Unknown own command \"%s\"", order->argument);
	return NULL;
}

/* Sends the request `job` that runs a program, and opens a viewer for the program's output. */
static void viewer_show_output(struct workbench *workbench, const char *title, struct job *job)
{
	struct case_screen *screen = top_case(workbench);
	viewer_free(screen->model.viewer);
	screen->model.viewer = viewer_new("", title);
	screen->model.is_item_unfocused = screen->model.is_list_focused = false;
	screen->model.viewer->pending = true;
	job->ticket = screen->model.viewer->ticket = next_ticket(workbench);
	reader_request(workbench->reader, job);
	case_mark_touched(workbench);
}

void action_run_own_command(struct workbench *workbench, const struct command_request *order)
{
	struct case_screen *screen = top_case(workbench);
	const struct case_view *view = screen ? case_model_view(&screen->model) : NULL;
	const char *why = NULL;
	/* In a session over SSH the program does not read commands.json, so the user has no commands; this check
	 * is a second safeguard. */
	if (workbench->frame.is_session_program) {
		REPORT_BAD(workbench, "An SSH session cannot start other programs");
		return;
	}
	const struct own_command *command = own_command_of(workbench, order);
	if (!command || !view)
		return;
	struct job *job = job_new(JOB_DOCUMENT);
	job->program_arguments = own_command_words(&job->arena, command, &view->file.session, &why);
	if (why) {
		REPORT_BAD(workbench, "%s was not started: %s", command->name, why);
		job_free(job);
		return;
	}
	job->session_id = arena_strdup(&job->arena, screen->id);
	job->in.part = arena_strdup(&job->arena, command->name);
	job->mode = workbench->frame.mode;
	viewer_show_output(workbench, arena_printf(&job->arena, "%s · %s", command->name, screen->name), job);
}

void action_open_palette(struct workbench *workbench)
{
	if (workbench->dialog) /* the help may cover an open dialog, and the palette must not open over a dialog */
		return;
	workbench->help.is_open = false;
	palette_open(workbench);
}

void action_redraw(struct workbench *workbench)
{
	tty_force_redraw(workbench->tty);
}

void action_suspend(struct workbench *workbench)
{
	tty_suspend(workbench->tty);
}
