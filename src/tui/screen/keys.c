/* Finds the screen that gets a key, and the command that the key runs. This file also has the stash, which keeps
 * the item that the key Esc has closed. */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

#define ADDRESS(name) &name##_screen,
static const struct screen_ops *const screens[] = { SCREENS(ADDRESS) };
#undef ADDRESS
#define SCREEN_COUNT (sizeof screens / sizeof screens[0])

static bool is_screen_active(const struct workbench *workbench, const struct screen_ops *screen)
{
	return screen->is_active ? screen->is_active(workbench) : !screen->front_page || screen->front_page(workbench);
}

const struct screen_ops *active_screen_from(const struct workbench *workbench, size_t from)
{
	for (size_t i = from; i < SCREEN_COUNT; i++)
		if (is_screen_active(workbench, screens[i]))
			return screens[i];
	BUG("no screen is active");
}

const struct screen_ops *top_screen(const struct workbench *workbench)
{
	return active_screen_from(workbench, 0);
}

unsigned screen_context_bits(const struct workbench *workbench, const struct screen_ops *screen)
{
	return screen->fixed_contexts ? screen->fixed_contexts : screen->contexts(workbench);
}

unsigned current_context_bits(const struct workbench *workbench)
{
	return screen_context_bits(workbench, top_screen(workbench)) | leader_context_bit(workbench);
}

unsigned leader_context_bit(const struct workbench *workbench)
{
	return workbench->single_keys ? 0 : PLACE_LEADER;
}

/* Whether a typed character is text: in a field of a dialog, in the input line at the bottom, or in the palette. */
static bool is_typing(const struct workbench *workbench)
{
	const struct dialog *dialog = workbench->dialog;
	return workbench->prompt.open || workbench->palette.open ||
	       (dialog && !workbench->help.is_open && dialog->state == DIALOG_READY &&
		!form_is_on_buttons(&dialog->form));
}

/* Whether the key must be processed further. If the setting single_keys is off, and the key is not typed as text,
 * returns false for the leader key, and for a plain character without the leader key before it. */
static bool apply_leader_key(struct workbench *workbench, const struct key *key)
{
	enum leader_result result =
		keymap_apply_leader(key, workbench->single_keys, is_typing(workbench), &workbench->keys.leader_pressed);
	if (result == LEADER_NONE)
		return true;
	/* Shows no message if the status line offers an undo, which must stay visible, or if a dialog covers the
	 * status line. */
	if (workbench->dialog || status_undo_seconds(&workbench->status, workbench_now_ms(workbench)))
		return false;
	REPORT(workbench, "%s%s shows every key",
	       result == LEADER_WAITING ? LEADER_NAME ": now press the key; "
					: "Single keys are off: press " LEADER_NAME " before a character; " LEADER_NAME
					  " ",
	       key_name_for(workbench, COMMAND_HELP));
	return false;
}

static void refuse_below_role(struct workbench *workbench, const char *verb_phrase, enum role needed)
{
	if (workbench->frame.readonly)
		REPORT_BAD(workbench, "Opened with --readonly: nothing can be changed here");
	else
		REPORT_BAD(workbench, "%s cannot %s; ask a%s", role_noun(workbench->frame.role), verb_phrase,
			   role_noun(needed) + 1); /* "A…" */
}

static void refuse_command(struct workbench *workbench, enum command command)
{
	enum verb verb = command_spec(command)->verb;
	refuse_below_role(workbench, verb < VERB_COUNT ? use_cases[verb].verb_phrase : "change a case",
			  command_role(command));
}

bool workbench_may_run(const struct workbench *workbench, enum verb verb)
{
	return !workbench->frame.readonly && use_case_allows(&use_cases[verb], CAPACITY_STAFF, workbench->frame.role);
}

bool workbench_may_run_or_report(struct workbench *workbench, enum verb verb)
{
	const struct use_case *row = &use_cases[verb];
	if (workbench_may_run(workbench, verb))
		return true;
	refuse_below_role(workbench, row->verb_phrase, row->role);
	return false;
}

void run_command_request(struct workbench *workbench, const struct command_request *order)
{
	const struct command_spec *spec = command_spec(order->command);
	if (!is_command_allowed(order->command, workbench->frame.role, workbench->frame.readonly))
		refuse_command(workbench, order->command);
	else if (spec->order)
		spec->order(workbench, order);
	else if (spec->run)
		spec->run(workbench);
}

static void run_command(struct workbench *workbench, enum command command, size_t digit)
{
	run_command_request(workbench,
			    &(const struct command_request){ .command = command, .number = digit, .argument = "" });
}

/* --- the stash --- Keeps the item closed by Esc until the next key: the first byte of a key sequence that arrives
 * in two parts looks like Esc. When the second part arrives (PRESS_ESCAPE_CANCELLED), everything is restored, and
 * no text is lost. */

void stash_clear(struct workbench *workbench)
{
	struct stash *stash = &workbench->stash;
	if (stash->dialog)
		decide_release_claim(workbench, stash->dialog);
	draft_keep_dialog(workbench, stash->dialog);
	free(stash->filter);
	if (stash->prompt.open && stash->prompt.kind == PROMPT_NOTE)
		draft_keep_note(workbench, &workbench->drafts.editor_target, stash->prompt.editor.text.buf);
	prompt_close(&stash->prompt);
	if (stash->palette.open)
		editor_release(&stash->palette.editor);
	if (stash->item)
		stash->screen->discard(workbench, stash->item);
	(void)case_request_releases(workbench); /* sends prepared releases before the requests of the current key */
	*stash = (struct stash){ 0 };
	looks_send(workbench, false);
}

struct stash *stash_begin(struct workbench *workbench)
{
	stash_clear(workbench);
	workbench->stash.until_ms = workbench_monotonic_ms(workbench) + DECODER_TAIL_MS;
	return &workbench->stash;
}

void stash_dialog(struct workbench *workbench)
{
	struct stash *stash = stash_begin(workbench);
	reader_cancel(workbench->reader, JOB_DIALOG);
	stash->dialog = workbench->dialog;
	workbench->dialog = NULL;
}

static void stash_prompt(struct workbench *workbench)
{
	struct stash *stash = stash_begin(workbench);
	stash->prompt = workbench->prompt;
	workbench->prompt = (struct prompt){ 0 };
}

void stash_screen(struct workbench *workbench, const struct screen_ops *screen)
{
	struct stash *stash = stash_begin(workbench);
	stash->screen = screen;
	stash->item = screen->detach(workbench);
	stash->open_case_count = workbench->case_stack.count;
	if (top_case(workbench))
		memcpy(stash->open_case_id, top_case(workbench)->id, sizeof stash->open_case_id);
}

static void restore_dialog(struct workbench *workbench, struct dialog *dialog)
{
	workbench->dialog = dialog;
	dialog_block_keys(dialog);
	if (dialog->state == DIALOG_LOADING)
		reader_request(workbench->reader, dialog_make_request(dialog, next_ticket(workbench)));
}

static void stash_restore(struct workbench *workbench)
{
	struct stash *stash = &workbench->stash;
	/* If a dialog, the input line or the palette was opened after Esc, the closed item is not restored. */
	if (!workbench->dialog && !workbench->prompt.open && !workbench->palette.open) {
		if (stash->dialog)
			restore_dialog(workbench, stash->dialog);
		if (stash->item && stash->screen->reattach(workbench, stash))
			stash->item = NULL;
		if (stash->filter)
			inbox_request_list(workbench, queue_set_filter(&workbench->inbox.queue, stash->filter));
		if (stash->prompt.open)
			workbench->prompt = stash->prompt;
		if (stash->palette.open)
			workbench->palette = stash->palette;
		stash->dialog = NULL;
		stash->prompt = (struct prompt){ 0 };
		stash->palette = (struct palette){ 0 };
	}
	stash_clear(workbench);
}

/* --- keys --- */

static void handle_prompt_key(struct workbench *workbench, const struct key *key)
{
	switch (prompt_handle_key(&workbench->prompt, key)) {
	case PROMPT_DONE:
		if (workbench->prompt.kind == PROMPT_FILTER)
			inbox_apply_filter(workbench);
		else if (workbench->prompt.kind == PROMPT_SEARCH)
			viewer_apply_search(workbench);
		else
			note_save(workbench);
		break;
	case PROMPT_CANCEL:
		typing_handle_edit(workbench, true);
		stash_prompt(workbench);
		break;
	case PROMPT_CHANGED:
		drafts_schedule_save(workbench);
		typing_handle_edit(workbench, false);
		break;
	case PROMPT_IGNORED:
		break;
	}
}

static void click(struct workbench *workbench, const struct key *key)
{
	const struct zone *zone = surface_zone_at(&workbench->surface, key->row, key->col);
	const struct screen_ops *screen = top_screen(workbench);
	if (workbench->dialog)
		decide_handle_key(workbench, key);
	else if (zone && screen->click)
		screen->click(workbench, zone);
}

/* The command that this key runs in every context; COMMAND_NONE: none. */
static enum command global_command(const struct key *key)
{
	uint32_t pending = 0;
	size_t digit;
	return keymap_lookup(key, PLACE_HELP, &pending, &digit);
}

/* Runs the commands "suspend" and "redraw", which also work in a dialog, in the input line and in the palette.
 * False: the key has another command. */
static bool run_global_command(struct workbench *workbench, const struct key *key)
{
	enum command command = key->press == PRESS_CTRL ? global_command(key) : COMMAND_NONE;
	if (command != COMMAND_SUSPEND && command != COMMAND_REDRAW)
		return false;
	run_command(workbench, command, 0);
	return true;
}

/* Whether the key opens the help. The key also works on the buttons of a dialog, but in a field it is text. */
static bool is_help_key(const struct workbench *workbench, const struct key *key)
{
	return key->press == PRESS_CHAR && !is_typing(workbench) && global_command(key) == COMMAND_HELP;
}

/* Whether the terminal is too small, by the size of the last frame. False before the first frame, so that no key is
 * lost. */
static bool is_terminal_too_small(const struct workbench *workbench)
{
	const struct surface *surface = &workbench->surface;
	return surface->rows && (surface->rows < SCREEN_ROWS_MIN || surface->cols < SCREEN_COLS_MIN);
}

/* A key that is pressed within this time after the message about a held decision appeared was meant for the
 * previous screen. */
#define MESSAGE_READ_MS 500

/* Drops the message about a decision that the system held back, if it has been shown for MESSAGE_READ_MS. True: the key
 * was Enter, which opens the case of the decision. */
static bool handle_hold_message(struct workbench *workbench, const struct key *key)
{
	struct status_line *status = &workbench->status;
	const struct undo_offer *held = status_find_held_back_undo(status);
	bool line_is_shown = !workbench->dialog && !workbench->prompt.open && !workbench->palette.open &&
			     top_screen(workbench)->fill_bar;
	if (!held || !line_is_shown || !status->hold_first_shown_ms ||
	    workbench_monotonic_ms(workbench) - status->hold_first_shown_ms < MESSAGE_READ_MS)
		return false;
	bool opens = key->press == PRESS_ENTER;
	const struct case_screen *screen = top_case(workbench);
	if (opens && (!screen || strcmp(screen->id, held->id) != 0))
		case_open(workbench, held->id, held->name, screen && !strcmp(screen->id, held->parent));
	status_drop_undos(status, held->id);
	status->hold_first_shown_ms = 0;
	return opens;
}

/* A character without a command here. Not over an undo that is still offered. */
static void report_unbound_key(struct workbench *workbench, const struct key *key)
{
	const char *help = key_name_for(workbench, COMMAND_HELP);

	if (key->press != PRESS_CHAR || workbench->keys.pending_letter ||
	    status_undo_seconds(&workbench->status, workbench_now_ms(workbench)))
		return;
	if (key->ch > ' ' && key->ch < 0x7f)
		REPORT(workbench, "%c does nothing here; %s shows every key", (char)key->ch, help);
	else if (key->ch >= 0x80)
		REPORT(workbench, "This key does nothing here: commands are Latin letters; %s shows every key", help);
}

static void handle_key(struct workbench *workbench, const struct key *key)
{
	size_t digit = 0;
	workbench->stale_bits |= STALE_PAINT;
	if (key->press == PRESS_ESCAPE_CANCELLED) {
		workbench->tour.awaits_exit_answer = false;
		stash_restore(workbench);
		return;
	}
	/* On the buttons of a dialog, what is typed after it may press one: it is Esc and then the character. Elsewhere
	 * Alt does nothing. */
	if (key->press == PRESS_ALT) {
		if (!workbench->dialog || !form_is_on_buttons(&workbench->dialog->form))
			return;
		handle_key(workbench, &(struct key){ .press = PRESS_ESCAPE });
		if (key->ch)
			handle_key(workbench, &(struct key){ .press = PRESS_CHAR, .ch = key->ch });
		return;
	}
	stash_clear(workbench);
	if (!status_undo_seconds(&workbench->status, workbench_now_ms(workbench)) && !workbench->dialog)
		status_clear(&workbench->status);
	if (!is_terminal_too_small(workbench) && handle_hold_message(workbench, key))
		return;
	if (!apply_leader_key(workbench, key))
		return;
	if (is_terminal_too_small(workbench)) { /* the screen shows nothing, so only the key that quits works */
		bool quit = keymap_lookup(key, PLACE_INBOX, &workbench->keys.pending_letter, &digit) == COMMAND_QUIT;
		workbench->quit |= quit && !workbench->dialog && !workbench->prompt.open;
		return;
	}
	if (run_global_command(workbench, key) || tour_handle_key(workbench, key))
		return;
	if (workbench->palette.open && !workbench->dialog) {
		palette_handle_key(workbench, key);
		return;
	}
	if (workbench->prompt.open) {
		handle_prompt_key(workbench, key);
		return;
	}
	if (workbench->dialog && !workbench->help.is_open && is_help_key(workbench, key)) {
		help_toggle(workbench);
		return;
	}
	if (key->press == PRESS_CLICK) {
		click(workbench, key);
		return;
	}
	if (workbench->dialog && !workbench->help.is_open) {
		decide_handle_key(workbench, key);
		return;
	}
	if (key->press == PRESS_WHEEL_UP || key->press == PRESS_WHEEL_DOWN) {
		enum command command = key->press == PRESS_WHEEL_UP ? COMMAND_UP : COMMAND_DOWN;
		for (int i = 0; i < 3; i++)
			run_command(workbench, command, 0);
		return;
	}
	if (key->press == PRESS_CTRL && key->ch == 'c') {
		const char *leader = workbench->single_keys ? "" : LEADER_NAME " ";
		REPORT(workbench, "%s%s quits, Esc goes back, %s%s shows every key", leader,
		       key_name_for(workbench, COMMAND_QUIT), leader, key_name_for(workbench, COMMAND_HELP));
		return;
	}
	/* On the first screen, Esc cancels a search or clears the filter, although the key table does not list Esc
	 * for this screen. */
	if (key->press == PRESS_ESCAPE && top_screen(workbench) == &inbox_screen) {
		inbox_screen.go_back(workbench);
		return;
	}
	enum command command =
		keymap_lookup(key, current_context_bits(workbench), &workbench->keys.pending_letter, &digit);
	if (command == COMMAND_NONE)
		report_unbound_key(workbench, key);
	run_command(workbench, command, digit);
}

void workbench_handle_key(struct workbench *workbench, const struct key *key)
{
	looks_end_interval(workbench);
	handle_key(workbench, key);
	looks_send(workbench, workbench->quit);
}
