/* From a key to what it means where it was pressed. */
#include "workbench.h"

#include <string.h>

unsigned present_places(struct workbench *workbench)
{
	const struct case_screen *screen = top_case(workbench);
	unsigned led = led_place(workbench);
	if (workbench->help)
		return PLACE_HELP | led;
	if (!screen)
		return PLACE_INBOX | led;
	if (screen->model.paper)
		return PLACE_PAPER | led;
	bool parties = screen->model.tab == TAB_PARTIES && screen->model.pane == PANE_TAB;
	return (parties ? PLACE_CASE | PLACE_PARTIES : PLACE_CASE) | led;
}

unsigned led_place(const struct workbench *workbench)
{
	return workbench->single_keys ? 0 : PLACE_LED;
}

/* Into a field of a dialog or the line at the bottom: there characters are text. */
static bool is_typing(const struct workbench *workbench)
{
	const struct dialog *dialog = workbench->dialog;
	return workbench->prompt.open ||
	       (dialog && dialog->state == DIALOG_READY && !form_on_buttons(&dialog->form));
}

/* True: the key goes on. Where single keys are off, a plain character ends here. */
static bool lead(struct workbench *workbench, const struct key *key)
{
	enum led led = keymap_lead(key, workbench->single_keys, is_typing(workbench), &workbench->leading);
	if (led == LED_PASS)
		return true;
	/* What can still be undone stays to be read, and a dialog stands over the line. */
	if (workbench->dialog || status_undo_seconds(&workbench->status, workbench_now(workbench)))
		return false;
	status_set(&workbench->status, STATUS_PLAIN, "%s",
		   led == LED_WAITING ? LEADER_NAME ": and now the key; ? shows every key"
				      : "Single keys are off: " LEADER_NAME
					" comes before a character; " LEADER_NAME " ? shows every key");
	return false;
}

static void open_filter(struct workbench *workbench)
{
	prompt_open(&workbench->prompt, PROMPT_FILTER, "filter: ", workbench->queue.filter.buf,
		    &workbench->history);
}

static void open_note(struct workbench *workbench)
{
	const char *id, *name;
	if (!workbench_subject(workbench, &id, &name))
		return;
	struct arena arena = ARENA_INIT;
	memcpy(workbench->note_id, id, strlen(id) + 1);
	bool begun = workbench->note && !strcmp(workbench->note_of, id);
	prompt_open(&workbench->prompt, PROMPT_NOTE, arena_printf(&arena, "note on %s: ", name),
		    begun ? workbench->note : "", NULL);
	arena_release(&arena);
}

static void copy_id(struct workbench *workbench)
{
	const char *id, *name;
	if (!workbench_subject(workbench, &id, &name))
		return;
	tty_copy(workbench->tty, id);
	status_set(&workbench->status, STATUS_PLAIN, "Copied the id %s", id);
}

/* On a rejected document the request begins with what was rejected, and why; on a missing one with its name. */
static void ask_corrections(struct workbench *workbench)
{
	const struct case_screen *screen = top_case(workbench);
	const struct document *rejected = screen ? case_model_rejected(&screen->model) : NULL;
	const char *missing = screen ? case_model_missing(&screen->model) : "";
	if (missing[0]) {
		decide_open(workbench, DIALOG_CORRECTIONS, missing, missing);
		return;
	}
	decide_open(workbench, DIALOG_CORRECTIONS, rejected ? rejected->id : "", rejected ? rejected->type : "");
}

/* What else can be done is about the row under the cursor, too. */
static void open_more(struct workbench *workbench)
{
	const struct case_screen *screen = top_case(workbench);
	const struct grid_row *row =
		screen && screen->model.pane == PANE_TAB ? case_model_row(&screen->model) : NULL;
	const struct case_file *file = row ? &case_model_view(&screen->model)->file : NULL;
	const struct party *party = row && row->kind == ROW_PARTY ? case_party(file, row->ref) : NULL;
	const struct document *document = row && row->kind == ROW_DOCUMENT ? case_document(file, row->ref) : NULL;
	decide_open(workbench, DIALOG_MORE,
		    party      ? party->id
		    : document ? document->id
			       : "",
		    party      ? party->name
		    : document ? document->type
			       : "");
}

/* What the desk calls it when it refuses; VERB_COUNT: it leads to several, or to none. */
static enum verb verb_of(enum command command)
{
	static const struct {
		enum command command;
		enum verb verb;
	} verbs[] = {
		{ COMMAND_APPROVE, VERB_APPROVE },
		{ COMMAND_REJECT, VERB_REJECT },
		{ COMMAND_CORRECTIONS, VERB_CORRECTIONS },
		{ COMMAND_UNDO, VERB_UNDO },
		{ COMMAND_UNDO_LIST, VERB_UNDO },
		{ COMMAND_ACCEPT_ITEM, VERB_DOCUMENT_ACCEPT },
		{ COMMAND_REJECT_ITEM, VERB_DOCUMENT_REJECT },
		{ COMMAND_CLAIM, VERB_CLAIM },
		{ COMMAND_NOTE, VERB_NOTE },
		{ COMMAND_SNOOZE, VERB_SNOOZE },
		{ COMMAND_PARTY_ADD, VERB_PARTY_ADD },
		{ COMMAND_PARTY_EDIT, VERB_PARTY_EDIT },
		{ COMMAND_PARTY_REMOVE, VERB_PARTY_REMOVE },
		{ COMMAND_PARTY_KYC, VERB_SUBSESSION_ADD },
		{ COMMAND_PARTY_LINK, VERB_LINK },
		{ COMMAND_PARTY_VERIFY, VERB_PARTY_VERIFY },
		{ COMMAND_REVEAL, VERB_REVEAL },
	};
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (verbs[i].command == command)
			return verbs[i].verb;
	return VERB_COUNT;
}

static void say_refused(struct workbench *workbench, const char *does, enum role needed)
{
	if (workbench->frame.readonly)
		status_set(&workbench->status, STATUS_BAD, "Opened with --readonly: nothing can be changed here");
	else
		status_set(&workbench->status, STATUS_BAD, "%s cannot %s; ask a %s",
			   role_person(workbench->frame.role), does, role_text(needed));
}

static void refuse(struct workbench *workbench, enum command command)
{
	enum verb verb = verb_of(command);
	say_refused(workbench, verb < VERB_COUNT ? use_cases[verb].does : "change a case",
		    command_spec(command)->needs);
}

bool workbench_may(const struct workbench *workbench, enum verb verb)
{
	return !workbench->frame.readonly &&
	       use_case_allows(&use_cases[verb], CAPACITY_STAFF, workbench->frame.role);
}

bool workbench_may_or_says(struct workbench *workbench, enum verb verb)
{
	const struct use_case *row = &use_cases[verb];
	if (workbench_may(workbench, verb))
		return true;
	say_refused(workbench, row->does, row->role);
	return false;
}

/* What means the same on every screen; true when it was that. */
static bool common_command(struct workbench *workbench, enum command command)
{
	switch (command) {
	case COMMAND_HELP:
		workbench->help = !workbench->help;
		workbench->help_top = 0;
		return true;
	case COMMAND_REDRAW:
		tty_redraw(workbench->tty);
		return true;
	case COMMAND_SUSPEND:
		tty_suspend(workbench->tty);
		return true;
	case COMMAND_NOTE:
		open_note(workbench);
		return true;
	case COMMAND_COPY:
		copy_id(workbench);
		return true;
	case COMMAND_APPROVE:
		decide_open(workbench, DIALOG_APPROVE, "", "");
		return true;
	case COMMAND_REJECT:
		decide_open(workbench, DIALOG_REJECT, "", "");
		return true;
	case COMMAND_CORRECTIONS:
		ask_corrections(workbench);
		return true;
	case COMMAND_SNOOZE:
		decide_open(workbench, DIALOG_SNOOZE, "", "");
		return true;
	case COMMAND_UNDO:
		decide_undo(workbench);
		return true;
	case COMMAND_UNDO_LIST:
		decide_undo_list(workbench);
		return true;
	case COMMAND_MORE:
		open_more(workbench);
		return true;
	case COMMAND_CLAIM:
		decide_claim(workbench);
		return true;
	case COMMAND_NEXT_CASE:
		walk_next(workbench);
		return true;
	case COMMAND_CASE_BEFORE:
		walk_back(workbench);
		return true;
	case COMMAND_NONE:
	case COMMAND_DOWN:
	case COMMAND_UP:
	case COMMAND_PAGE_DOWN:
	case COMMAND_PAGE_UP:
	case COMMAND_FIRST:
	case COMMAND_LAST:
	case COMMAND_LEFT:
	case COMMAND_RIGHT:
	case COMMAND_NEXT_PANE:
	case COMMAND_PREVIOUS_PANE:
	case COMMAND_CHOOSE:
	case COMMAND_OPEN:
	case COMMAND_BACK:
	case COMMAND_QUIT:
	case COMMAND_FILTER:
	case COMMAND_SEARCH:
	case COMMAND_MATCH_NEXT:
	case COMMAND_MATCH_PREVIOUS:
	case COMMAND_SORT:
	case COMMAND_ACCEPT_ITEM:
	case COMMAND_REJECT_ITEM:
	case COMMAND_REVEAL:
	case COMMAND_PARTY_ADD:
	case COMMAND_PARTY_EDIT:
	case COMMAND_PARTY_REMOVE:
	case COMMAND_PARTY_KYC:
	case COMMAND_PARTY_LINK:
	case COMMAND_PARTY_VERIFY:
		return false;
	}
	return false;
}

static void run_command(struct workbench *workbench, enum command command, size_t digit)
{
	if (!command_allowed(command, workbench->frame.role, workbench->frame.readonly)) {
		refuse(workbench, command);
		return;
	}
	if (common_command(workbench, command))
		return;
	if (workbench->help)
		help_command(workbench, command);
	else if (command == COMMAND_FILTER)
		open_filter(workbench);
	else if (workbench->case_count)
		case_command(workbench, command, digit);
	else
		inbox_command(workbench, command, digit);
}

static void save_note(struct workbench *workbench)
{
	const char *text = workbench->prompt.editor.text.buf;
	if (strspn(text, " ") == strlen(text)) {
		prompt_refuse(&workbench->prompt, "A note needs some words; Esc closes the line");
		return;
	}
	struct work *work = work_new(WORK_ACT);
	work->act = ACT_NOTE;
	work->id = arena_strdup(&work->arena, workbench->note_id);
	work->text = arena_strdup(&work->arena, text);
	name_case(workbench, work);
	reader_ask(workbench->reader, work);
	case_touch(workbench);
	draft_keep_note(workbench, "");
	prompt_close(&workbench->prompt);
}

static void prompt_pressed(struct workbench *workbench, const struct key *key)
{
	switch (prompt_key(&workbench->prompt, key)) {
	case PROMPT_DONE:
		if (workbench->prompt.kind == PROMPT_FILTER)
			inbox_apply_filter(workbench);
		else if (workbench->prompt.kind == PROMPT_SEARCH)
			paper_find(workbench);
		else
			save_note(workbench);
		break;
	case PROMPT_CANCEL:
		shelf_prompt(workbench);
		break;
	case PROMPT_CHANGED:
	case PROMPT_IGNORED:
		break;
	}
}

static void click(struct workbench *workbench, const struct key *key)
{
	const struct zone *zone = surface_zone_at(&workbench->surface, key->row, key->col);
	if (!zone)
		return;
	if (workbench->dialog) {
		decide_click(workbench, zone);
		return;
	}
	struct case_screen *open = top_case(workbench);
	size_t index = zone->index;
	if (zone->kind == ZONE_INBOX && !open) {
		inbox_choose(workbench, index);
	} else if (zone->kind == ZONE_QUEUE && !open) {
		index += workbench->queue.top;
		bool again = index == workbench->queue.cursor;
		inbox_ask(workbench, queue_move(&workbench->queue, (long)index - (long)workbench->queue.cursor));
		workbench->inbox.inboxes_focused = false;
		inbox_rest(workbench);
		if (again)
			inbox_command(workbench, COMMAND_OPEN, 0);
	} else if (zone->kind == ZONE_TAB && open) {
		case_model_tab(&open->model, (enum case_tab)index);
	} else if (zone->kind == ZONE_CHECKLIST && open) {
		bool again = open->model.pane == PANE_CHECKLIST && open->model.check_cursor == index;
		open->model.pane = PANE_CHECKLIST;
		open->model.check_cursor = index;
		if (again)
			case_command(workbench, COMMAND_OPEN, 0);
	} else if (zone->kind == ZONE_GRID && open) {
		size_t tab = (size_t)open->model.tab - TAB_SUMMARY;
		bool again = open->model.pane == PANE_TAB && open->model.cursors[tab] == index;
		open->model.pane = PANE_TAB;
		open->model.cursors[tab] = index;
		if (again)
			case_command(workbench, COMMAND_OPEN, 0);
	}
}

/* As it was painted; before the first frame nothing was, and what is typed is not lost. */
static bool too_small(const struct workbench *workbench)
{
	const struct surface *surface = &workbench->surface;
	return surface->rows && (surface->rows < LEAST_ROWS || surface->cols < LEAST_COLS);
}

void workbench_key(struct workbench *workbench, const struct key *key)
{
	size_t digit = 0;
	workbench->stale |= STALE_PAINT;
	if (key->press == PRESS_UNESCAPE) {
		shelf_restore(workbench);
		return;
	}
	shelf_clear(workbench);
	if (!status_undo_seconds(&workbench->status, workbench_now(workbench)) && !workbench->dialog)
		status_clear(&workbench->status);
	if (!lead(workbench, key))
		return;
	if (too_small(workbench)) { /* nothing can be seen, so nothing is done, but leaving */
		if (key->press == PRESS_CHAR && key->ch == 'q' && !workbench->dialog && !workbench->prompt.open)
			workbench->quit = true;
		return;
	}
	if (workbench->prompt.open) {
		prompt_pressed(workbench, key);
		return;
	}
	if (key->press == PRESS_CLICK) {
		click(workbench, key);
		return;
	}
	if (workbench->dialog) {
		decide_key(workbench, key);
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
		status_set(&workbench->status, STATUS_PLAIN, "%sq leaves, Esc goes back, %s? shows every key",
			   leader, leader);
		return;
	}
	/* On the first screen Esc closes nothing, but it ends a search that takes its time. */
	if (key->press == PRESS_ESCAPE && !workbench->case_count && !workbench->help) {
		if (workbench->inbox.slow) {
			reader_cancel(workbench->reader, WORK_LIST);
			workbench->queue.waiting = false;
			workbench->inbox.slow = false;
			status_set(&workbench->status, STATUS_PLAIN, "The search was cancelled");
		}
		return;
	}
	enum command command = keymap_find(key, present_places(workbench), &workbench->pending, &digit);
	run_command(workbench, command, digit);
}
