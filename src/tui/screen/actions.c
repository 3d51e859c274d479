/*
 * Every action: its texts, its contexts, its verb, and its function. Movement and closing belong to the screen (struct
 * screen_ops): this table holds only actions that are the same in every context.
 */
#include "workbench.h"

#include <string.h>

/* The commands that move the cursor. */
static void move(struct workbench *workbench, const struct order *order)
{
	const struct screen_ops *screen = top_screen(workbench);
	struct page *front = screen->front ? screen->front(workbench) : NULL;
	size_t rows = front ? front->shown : screen->page(workbench);
	long page = rows > 1 ? (long)rows - 1 : 1;
	const long steps[] = { [COMMAND_DOWN] = 1,	  [COMMAND_UP] = -1,	       [COMMAND_PAGE_DOWN] = page,
			       [COMMAND_PAGE_UP] = -page, [COMMAND_FIRST] = -MOVE_ALL, [COMMAND_LAST] = MOVE_ALL };
	if (front)
		page_move(front, steps[order->command]);
	else
		screen->move(workbench, steps[order->command]);
}

static void sideways(struct workbench *workbench, const struct order *order)
{
	top_screen(workbench)->sideways(workbench, order->command == COMMAND_RIGHT);
}

static void other_pane(struct workbench *workbench, const struct order *order)
{
	const struct screen_ops *screen = top_screen(workbench);
	if (screen->pane)
		screen->pane(workbench, order->command == COMMAND_NEXT_PANE);
}

static void choose(struct workbench *workbench, const struct order *order)
{
	size_t number = order->digit;
	if (order->argument[0] >= '1' && order->argument[0] <= '9' && !order->argument[1])
		number = (size_t)(order->argument[0] - '0');
	if (number)
		top_screen(workbench)->choose(workbench, number);
	else
		REPORT(workbench, "\"choose\" needs a number from 1 to 9, for example: choose 2");
}

/* The commands that each screen has its own function for. */
static void screen_does(struct workbench *workbench, const struct order *order)
{
	const struct screen_ops *screen = top_screen(workbench);
	void (*const does[])(struct workbench * workbench) = {
		[COMMAND_OPEN] = screen->open, [COMMAND_BACK] = screen->back, [COMMAND_QUIT] = screen->leave
	};
	does[order->command](workbench);
}

/* Opens the dialog of a command. In the parties tab, the dialog is about the party under the cursor. */
static void open_dialog(struct workbench *workbench, const struct order *order)
{
	const struct command_spec *spec = command_spec(order->command);
	const struct party *party = spec->where == PLACE_PARTIES ? current_party(workbench) : NULL;
	if (party || spec->where != PLACE_PARTIES)
		decide_open(workbench, spec->opens, party ? party->id : "", party ? party->name : "");
}

/* For a rejected document, the request starts with its name and reason; for a missing one, with its name. */
static void request_corrections_here(struct workbench *workbench)
{
	const struct case_screen *screen = top_case(workbench);
	const struct document *rejected = screen ? case_model_rejected(&screen->model) : NULL;
	const char *missing = screen ? case_model_missing(&screen->model) : "";
	if (missing[0]) {
		decide_open(workbench, &corrections_dialog, missing, missing);
		return;
	}
	decide_open(workbench, &corrections_dialog, rejected ? rejected->id : "", rejected ? rejected->type : "");
}

/* Opens the MORE dialog, also for the party or document under the cursor; preselects an action requested by name. */
static void more(struct workbench *workbench, const struct order *order)
{
	const struct case_screen *screen = top_case(workbench);
	bool in_tab = screen && screen->model.pane == PANE_TAB && case_model_front(&screen->model) == FRONT_CASE;
	const struct grid_row *row = in_tab ? case_model_row(&screen->model) : NULL;
	const struct case_file *file = row ? &case_model_view(&screen->model)->file : NULL;
	const struct party *party = screen ? case_model_party(&screen->model) : NULL;
	const struct document *document = row && row->kind == ROW_DOCUMENT ? case_document(file, row->ref) : NULL;
	decide_open_with_part(workbench, &more_dialog,
			      party	 ? party->id
			      : document ? document->id
					 : "",
			      party	 ? party->name
			      : document ? document->type
					 : "",
			      command_spec(order->command)->offers);
}

static void copy_id(struct workbench *workbench)
{
	const char *id, *name;
	if (!workbench_subject_or_report(workbench, &id, &name))
		return;
	tty_copy(workbench->tty, id);
	REPORT(workbench, "Sent to the terminal's clipboard: id %s", id);
}

/* --- the user's own commands: their output is shown like a document --- */

_Static_assert(OWN_COMMANDS_MAX <= ARGUMENT_WORDS_MAX, "the palette offers every command");

static size_t command_names(const struct workbench *workbench, const char **words)
{
	for (size_t i = 0; i < workbench->own.commands.count; i++)
		words[i] = workbench->own.commands.items[i].name;
	return workbench->own.commands.count;
}

/* NULL: no command has that name; the status line reports it. */
static const struct own_command *command_of(struct workbench *workbench, const struct order *order)
{
	const struct own_commands *all = &workbench->own.commands;
	if (order->digit && order->digit <= all->count)
		return &all->items[order->digit - 1];
	for (size_t i = 0; i < all->count; i++)
		if (!strcmp(all->items[i].name, order->argument))
			return &all->items[i];
	if (!all->count)
		REPORT(workbench, "You have no own commands: define them in commands.json next to config.json");
	else if (!order->argument[0])
		REPORT(workbench, "\"run\" needs the name of a command, for example: run %s", all->items[0].name);
	else
		REPORT(workbench, "Unknown own command \"%s\"", order->argument);
	return NULL;
}

static void command_run(struct workbench *workbench, const struct order *order)
{
	struct case_screen *screen = top_case(workbench);
	const struct case_view *view = screen ? case_model_view(&screen->model) : NULL;
	const char *why = NULL;
	/* Over SSH, commands.json is not read; this check is a second safeguard. */
	if (workbench->frame.session) {
		REPORT_BAD(workbench, "A session on the server cannot start other programs");
		return;
	}
	const struct own_command *command = command_of(workbench, order);
	if (!command || !view)
		return;
	struct job *job = job_new(JOB_DOCUMENT);
	job->words = own_command_words(&job->arena, command, &view->file.session, &why);
	if (why) {
		REPORT_BAD(workbench, "%s was not started: %s", command->name, why);
		job_free(job);
		return;
	}
	job->id = arena_strdup(&job->arena, screen->id);
	job->in.part = arena_strdup(&job->arena, command->name);
	job->mode = workbench->frame.mode;
	viewer_show_output(workbench, arena_printf(&job->arena, "%s · %s", command->name, screen->name), job);
}

static void palette(struct workbench *workbench)
{
	if (workbench->dialog) /* The help covers an open dialog, which must be closed first. */
		return;
	workbench->help.on = false;
	palette_open(workbench);
}

static void redraw(struct workbench *workbench)
{
	tty_redraw(workbench->tty);
}

static void suspend(struct workbench *workbench)
{
	tty_suspend(workbench->tty);
}

#define ANYWHERE PLACE_EVERYWHERE
#define SPEC(name_, help_, group_, where_, verb_, needs_, changes_, takes_, offers_, ...)                          \
	{                                                                                                          \
		.name = name_, .help = help_, .group = GROUP_##group_, .where = where_, .verb = verb_,             \
		.needs = needs_, .changes = changes_, .takes = takes_, .offers = offers_, __VA_ARGS__              \
	}
#define ROW(command, ...) [COMMAND_##command] = SPEC(__VA_ARGS__)
/* Moves the cursor. */
#define STEP(command, name, help, where, order_)                                                                   \
	ROW(command, name, help, MOVE, where, VERB_COUNT, ROLE_VIEWER, false, "", "", .order = order_)
/* A read-only action. */
#define LOOK(command, name, help, group, where, run_)                                                              \
	ROW(command, name, help, group, where, VERB_COUNT, ROLE_VIEWER, false, "", "", .run = run_)
#define LOOK_FOR(command, name, help, group, where, takes, order_)                                                 \
	ROW(command, name, help, group, where, VERB_COUNT, ROLE_VIEWER, false, takes, "", .order = order_)
/* Needs one of a set of names. */
#define NAMED(command, name, help, where, order_, words_)                                                          \
	ROW(command, name, help, LOOK, where, VERB_COUNT, ROLE_VIEWER, false, "a name", "", .order = order_,       \
	    .words = words_)
/* Runs a verb; the verb's row defines the allowed roles. */
#define DO(command, name, help, group, where, verb, run_)                                                          \
	ROW(command, name, help, group, where, VERB_##verb, ROLE_VIEWER, true, "", "", .run = run_)
/* Opens the dialog of a verb. */
#define OPEN(command, name, help, group, where, verb, dialog)                                                      \
	ROW(command, name, help, group, where, VERB_##verb, ROLE_VIEWER, true, "", "", .order = open_dialog,       \
	    .opens = &dialog##_dialog)
/* Changes the state of a sandbox order. */
#define MOVES(command, name, help, verb, dialog)                                                                   \
	ROW(command, name, help, BOARDS, PLACE_SANDBOX, VERB_ORDER_##verb, ROLE_VIEWER, true, "", "",              \
	    .order = board_dialog_here, .opens = &order_##dialog##_dialog)
/* Changes the keys of a merchant. */
#define KEY(command, name, help, verb, dialog, order_)                                                             \
	ROW(command, name, help, BOARDS, PLACE_MERCHANTS, VERB_##verb, ROLE_VIEWER, true, "", "", .order = order_, \
	    .opens = &dialog##_dialog)
/* Changes a template of messages. */
#define LETTER(command, name, help, verb, dialog)                                                                  \
	ROW(command, name, help, BOARDS, PLACE_TEMPLATES, VERB_##verb, ROLE_VIEWER, true, "", "",                  \
	    .order = board_dialog_here, .opens = &dialog##_dialog)
/* Opens a board. */
#define SHOW(command, name, help, board)                                                                           \
	ROW(command, name, help, BOARDS, PLACE_WORK | PLACE_BOARDS, VERB_COUNT, ROLE_VIEWER, false, "", "",        \
	    .order = board_go, .shows = &board##_board)
/* An entry of the MORE dialog. */
#define OFFER(command, name, help, where, verb, code)                                                              \
	ROW(command, name, help, MORE, where, VERB_##verb, ROLE_VIEWER, true, "", code, .order = more)

static const struct command_spec specs[COMMAND_COUNT] = {
	LOOK(NONE, "none", "", PROGRAM, 0, NULL),
	STEP(DOWN, "down", "one row down", ANYWHERE, move),
	STEP(UP, "up", "one row up", ANYWHERE, move),
	STEP(PAGE_DOWN, "page-down", "one page down", ANYWHERE, move),
	STEP(PAGE_UP, "page-up", "one page up", ANYWHERE, move),
	STEP(FIRST, "first", "the first row", ANYWHERE, move),
	STEP(LAST, "last", "the last row", ANYWHERE, move),
	STEP(LEFT, "left", "the inbox or tab to the left; moves a picture", PLACE_REVIEW, sideways),
	STEP(RIGHT, "right", "the inbox or tab to the right; moves a picture", PLACE_REVIEW, sideways),
	STEP(NEXT_PANE, "next-pane", "the next part of the screen", PLACE_PANES, other_pane),
	STEP(PREVIOUS_PANE, "previous-pane", "the previous part of the screen", PLACE_PANES, other_pane),
	LOOK_FOR(CHOOSE, "choose", "the inbox, tab or form value with this number", MOVE, PLACE_REVIEW, "a number",
		 choose),
	LOOK_FOR(OPEN, "open", "open a case, document, KYC, hit or record; go to the blocker", LOOK, PLACE_OPENS,
		 "", screen_does),
	LOOK(DETAILS, "details", "details of the row here; for a duplicate, both cases", LOOK, PLACE_CASE,
	     page_details),
	LOOK(HISTORY, "as-it-stood", "the case before the record under the cursor", LOOK, PLACE_CASE | PLACE_PAGE,
	     page_history),
	LOOK(COMPARE, "compare", "compare the case at two records: press the key on each", LOOK,
	     PLACE_CASE | PLACE_PAGE, page_compare),
	LOOK(TIMELINE, "timeline-of", "timeline: only people, system, client or webhooks", LOOK, PLACE_CASE,
	     timeline_next),
	LOOK_FOR(BACK, "back", "close the topmost item, or go back one screen", LOOK, PLACE_CLOSES, "",
		 screen_does),
	LOOK_FOR(QUIT, "quit", "go back; on the first screen: end the program", PROGRAM, ANYWHERE, "", screen_does),
	LOOK(NEXT_CASE, "next", "the next case: one of yours, else claims a free one", LOOK, PLACE_WORK,
	     visit_next),
	LOOK(CASE_BEFORE, "before", "back to the previous case", LOOK, PLACE_WORK, visit_previous),
	LOOK_FOR(FILTER, "filter", "filter the list: words, key:value; Esc shows all", LOOK, PLACE_WORK, "a filter",
		 inbox_filter),
	NAMED(VIEW, "view", "open a view: mine, overdue, held, …", PLACE_INBOX, view_open, view_names),
	LOOK(VIEW_DUE, "due", "show the overdue cases of all inboxes", LOOK, PLACE_INBOX, view_due),
	LOOK_FOR(VIEW_KEEP, "keep-view", "save this list as a view: inbox, filter and order", LOOK, PLACE_INBOX,
		 "a name", view_keep),
	NAMED(VIEW_FORGET, "forget-view", "delete one of your own views", PLACE_INBOX, view_forget, own_view_names),
	LOOK(SORT, "sort", "next sort order: due, updated, risk, name", LOOK, PLACE_INBOX, inbox_sort),
	LOOK(MARK, "mark", "mark the case here, or unmark it", LOOK, PLACE_INBOX, mark_toggle),
	LOOK(MARK_RANGE, "mark-range", "mark all cases from the last marked case to here", LOOK, PLACE_INBOX,
	     mark_range),
	LOOK(MARK_ALL, "mark-all", "mark all cases of the list", LOOK, PLACE_INBOX, mark_all),
	LOOK(UNMARK, "unmark", "unmark all", LOOK, PLACE_INBOX, unmark_all),
	ROW(BULK, "bulk", "one action for all marked cases; no decisions", CASE, PLACE_INBOX, VERB_COUNT,
	    ROLE_REVIEWER, true, "", "", .run = bulk_open),
	LOOK_FOR(SEARCH, "find", "search the open document", LOOK, PLACE_VIEWER, "words", viewer_search_for),
	LOOK_FOR(MATCH_NEXT, "find-next", "the next search match", LOOK, PLACE_VIEWER, "", viewer_go_to_match),
	LOOK_FOR(MATCH_PREVIOUS, "find-previous", "the previous match", LOOK, PLACE_VIEWER, "", viewer_go_to_match),
	LOOK(FORM, "form", "the document here and the values it must show, to tick", LOOK,
	     PLACE_CASE | PLACE_VIEWER, viewer_show_form),
	LOOK(BESIDE, "beside", "the document here and the next one, side by side", LOOK, PLACE_CASE | PLACE_VIEWER,
	     viewer_show_other),
	LOOK(TICK, "tick", "tick the value here; 1-9 tick by number; not recorded", LOOK, PLACE_VIEWER,
	     viewer_tick_here),
	LOOK_FOR(ZOOM_IN, "zoom-in", "show a picture larger; arrows move it", LOOK, PLACE_VIEWER, "",
		 viewer_resize),
	LOOK_FOR(ZOOM_OUT, "zoom-out", "show a picture smaller", LOOK, PLACE_VIEWER, "", viewer_resize),
	LOOK(PAGE_PICTURE, "pages", "the next page of a PDF as a picture; then its text", LOOK, PLACE_VIEWER,
	     viewer_turn_page),
	OPEN(APPROVE, "approve", "open the dialog to approve, with all conditions", DECIDE, PLACE_REVIEW, APPROVE,
	     approve),
	OPEN(REJECT, "reject", "open the dialog to reject, with a reason", DECIDE, PLACE_REVIEW, REJECT, reject),
	DO(CORRECTIONS, "corrections", "open the dialog to ask for corrections", DECIDE, PLACE_REVIEW, CORRECTIONS,
	   request_corrections_here),
	DO(UNDO, "undo", "undo your last decision, verdict or removal", DECIDE, PLACE_WORK, UNDO, decide_undo),
	DO(UNDO_LIST, "undo-list", "choose one of the decisions that can be undone", DECIDE, PLACE_WORK, UNDO,
	   decide_undo_list),
	ROW(MORE, "more", "reopen, withdraw, reactivate, process, confirm and others", DECIDE, PLACE_WORK,
	    VERB_COUNT, ROLE_REVIEWER, true, "", "", .order = more),
	DO(ACCEPT_ITEM, "accept-item", "accept the document or answered correction here", CASE,
	   PLACE_CASE | PLACE_VIEWER, DOCUMENT_ACCEPT, case_accept),
	DO(REJECT_ITEM, "reject-item", "reject the document here, with a reason", CASE, PLACE_CASE | PLACE_VIEWER,
	   DOCUMENT_REJECT, case_reject),
	DO(CLAIM, "claim", "claim the case, or release it if you hold it", CASE, PLACE_WORK, CLAIM, decide_claim),
	ROW(NOTE, "note", "write a note on the case, document or hit here", CASE, PLACE_REVIEW | PLACE_PAGE,
	    VERB_NOTE, ROLE_VIEWER, true, "text", "", .order = note_write),
	DO(NOTE_PIN, "pin-note", "pin the note here above the others, or unpin it", CASE, PLACE_CASE | PLACE_PAGE,
	   NOTE_PIN, note_pin),
	DO(NOTE_READ, "read-mentions", "mark notes that mention you here as read", CASE, PLACE_CASE, NOTE_READ,
	   note_read),
	OPEN(SNOOZE, "snooze", "snooze until a date, with a reason; or end the snooze", CASE, PLACE_WORK, SNOOZE,
	     snooze),
	DO(PARTY_ADD, "add-party", "declare a party", PARTIES, PLACE_PARTIES, PARTY_ADD, party_add),
	OPEN(PARTY_EDIT, "edit-party", "change the party here", PARTIES, PLACE_PARTIES, PARTY_EDIT, party),
	OPEN(PARTY_REMOVE, "remove-party", "remove the selected party; it stays on record", PARTIES, PLACE_PARTIES,
	     PARTY_REMOVE, party_remove),
	DO(PARTY_KYC, "make-kyc", "make the KYC session of the party here", PARTIES, PLACE_PARTIES, SUBSESSION_ADD,
	   party_kyc),
	DO(PARTY_LINK, "link", "new access link for the party's KYC, or extend it", PARTIES, PLACE_PARTIES, LINK,
	   party_link),
	OPEN(PARTY_VERIFY, "verify-elsewhere", "mark the party here as verified elsewhere, or unmark it", PARTIES,
	     PLACE_PARTIES, PARTY_VERIFY, party_verify),
	LOOK(CHART, "chart", "the ownership as a chart of boxes, or as rows again", PARTIES,
	     PLACE_CASE | PLACE_PARTIES, party_chart),
	DO(REVEAL, "reveal", "show masked personal data; this is recorded", CASE,
	   PLACE_CASE | PLACE_PAGE | PLACE_VIEWER, REVEAL, case_reveal),
	OFFER(CONFIRM, "confirm", "confirm judgements whose facts have changed", PLACE_WORK, CONFIRM,
	      "judgement.confirm"),
	OFFER(ALERT_CLOSE, "close-alert", "close the alert of the case, with the action taken", PLACE_WORK,
	      ALERT_CLOSE, "alert.close"),
	OFFER(PROCESS, "process", "process the case again: run all checks", PLACE_WORK, PROCESS, "session.process"),
	OFFER(VALIDATE, "validate", "validate the case against the rules of its workflow", PLACE_WORK, VALIDATE,
	      "session.validate"),
	OFFER(ESCALATE, "escalate", "escalate the case: a person reviews it", PLACE_WORK, ESCALATE,
	      "session.escalate"),
	OFFER(WITHDRAW, "withdraw", "withdraw the open corrections: back into review", PLACE_WORK, WITHDRAW,
	      "session.withdraw"),
	OFFER(REACTIVATE, "reactivate", "reactivate the expired case", PLACE_WORK, REACTIVATE,
	      "session.reactivate"),
	OFFER(REOPEN, "reopen", "reopen the case: cancel the decision, back into review", PLACE_WORK, REOPEN,
	      "session.reopen"),
	DO(OPEN_OUTSIDE, "open-outside", "open the document here in another program; recorded", LOOK,
	   PLACE_CASE | PLACE_VIEWER, DOCUMENT_SAVE, open_outside),
	OFFER(DOCUMENT_SAVE, "save-document", "save the file of the document here", PLACE_CASE, DOCUMENT_SAVE,
	      "document.save"),
	OFFER(DOCUMENT_ADD, "add-document", "add a file as a document", PLACE_WORK, DOCUMENT_ADD, "document.add"),
	OFFER(KYC_REMOVE, "remove-kyc", "remove the KYC session of the party here", PLACE_PARTIES,
	      SUBSESSION_REMOVE, "subsession.remove"),
	OFFER(LINK_SHOW, "show-link", "show the client's link, to copy it; this is recorded", PLACE_WORK, LINK_SHOW,
	      "link.show"),
	OFFER(ASSIGN, "assign", "assign the case to a reviewer", PLACE_WORK, ASSIGN, "case.assign"),
	OFFER(REFER, "refer", "refer the case to a colleague or to a lead", PLACE_WORK, REFER, "case.refer"),
	OFFER(SUSPICION, "suspicion", "report a suspicion; only leads can read it", PLACE_WORK, SUSPICION_OPEN,
	      "suspicion.open"),
	OFFER(SUSPICION_CLOSE, "close-suspicion", "close the suspicion: filed, or not filed", PLACE_WORK,
	      SUSPICION_CLOSE, "suspicion.close"),
	OFFER(LINK_NEW, "new-link", "make a new link for the client, or extend the link", PLACE_WORK, LINK,
	      "link.new"),
	OFFER(DELETE, "delete", "delete the case, if it was never submitted", PLACE_WORK, DELETE, "session.delete"),
	LOOK(COPY, "copy", "copy the case's id to the clipboard", CASE, PLACE_WORK, copy_id),
	ROW(RUN, "run", "run one of your own commands and show its output", CASE, PLACE_CASE, VERB_COMMAND_RUN,
	    ROLE_VIEWER, true, "a name", "", .order = command_run, .words = command_names),
	ROW(SANDBOX, "sandbox", "accounts and orders of the sandbox", BOARDS, PLACE_WORK | PLACE_BOARDS, VERB_COUNT,
	    ROLE_VIEWER, false, "an id", "", .order = board_go, .shows = &sandbox_board, .finds = &account_board),
	DO(FUND, "fund", "simulate a payin to the account here", BOARDS, PLACE_SANDBOX, PAYIN, sandbox_fund),
	MOVES(ORDER_COMPLETE, "complete-order", "complete the order here", COMPLETE, complete),
	MOVES(ORDER_FAIL, "fail-order", "mark the order here as failed, with a reason", FAIL, fail),
	MOVES(ORDER_CANCEL, "cancel-order", "cancel the order here, with a reason", CANCEL, cancel),
	SHOW(MERCHANTS, "merchants", "merchants and their API keys", merchants),
	KEY(KEY_ADD, "add-key", "make an API key of the merchant here", MERCHANT_KEY, key_add, board_dialog_here),
	KEY(PROVIDER_KEY, "add-provider-key", "make a provider's key for the merchant here", PROVIDER_KEY,
	    provider_key, board_dialog_here),
	KEY(KEY_ROTATE, "rotate-key", "replace the key here by a new key", MERCHANT_KEY_ROTATE, key_rotate,
	    merchant_key_here),
	KEY(KEY_REVOKE, "revoke-key", "revoke the selected key at once", MERCHANT_KEY_REVOKE, key_revoke,
	    merchant_key_here),
	SHOW(TEMPLATES, "templates", "templates of messages to clients", templates),
	DO(TEMPLATE_ADD, "add-template", "write a new template", BOARDS, PLACE_TEMPLATES, TEMPLATE_SET,
	   template_new),
	LETTER(TEMPLATE_EDIT, "edit-template", "change the selected template", TEMPLATE_SET, template),
	LETTER(TEMPLATE_REMOVE, "remove-template", "remove the selected template", TEMPLATE_REMOVE,
	       template_remove),
	SHOW(WEBHOOKS, "webhooks", "endpoints, and deliveries: due, given up, sent", webhooks),
	ROW(REPLAY, "replay", "send the webhook here again", BOARDS, PLACE_WEBHOOKS, VERB_WEBHOOK_REPLAY,
	    ROLE_VIEWER, true, "", "", .order = board_dialog_here, .opens = &replay_dialog),
	SHOW(STATS, "stats", "figures of the desk: days, ages, decisions, reasons, lists", stats),
	ROW(TEAM, "team", "each reviewer's cases: held, overdue, decided today", BOARDS, PLACE_WORK | PLACE_BOARDS,
	    VERB_COUNT, ROLE_REVIEWER, false, "a name", "", .order = board_go, .shows = &team_board,
	    .finds = &member_board),
	ROW(AUDIT, "audit", "the audit log: actor:NAME action:WORD session:CASE since:2d", BOARDS,
	    PLACE_WORK | PLACE_BOARDS, VERB_COUNT, ROLE_VIEWER, false, "filter words", "", .order = board_go,
	    .shows = &audit_board, .finds = &audit_board),
	LOOK(AUDIT_NARROW, "narrow-log", "filter the audit log by actor, action, case or time", BOARDS, PLACE_AUDIT,
	     audit_edit_filter),
	LOOK(PALETTE, "palette", "all actions, by name", PROGRAM, ANYWHERE, palette),
	LOOK(HELP, "help", "all keys", PROGRAM, ANYWHERE, help_toggle),
	ROW(THEME, "theme", "colours: Up and Down try a theme, Enter keeps it", PROGRAM, PLACE_WORK | PLACE_BOARDS,
	    VERB_COUNT, ROLE_VIEWER, false, "a name", "", .order = theme_choose, .words = theme_names),
	LOOK(REDRAW, "redraw", "draw the whole screen again", PROGRAM, ANYWHERE, redraw),
	LOOK(SUSPEND, "suspend", "suspend the program; fg resumes it", PROGRAM, ANYWHERE, suspend),
};

const struct command_spec *command_spec(enum command command)
{
	if ((size_t)command >= COMMAND_COUNT)
		BUG("%u is not a command", (unsigned)command);
	return &specs[command];
}

const char *command_where(const struct command_spec *spec)
{
	static const struct {
		unsigned place;
		const char *where;
	} wheres[] = { { PLACE_INBOX, "in the list" },
		       { PLACE_CASE, "in an open case" },
		       { PLACE_PARTIES, "in the parties tab of a case (3)" },
		       { PLACE_SANDBOX, "on the screen :sandbox" },
		       { PLACE_WEBHOOKS, "on the screen :webhooks" },
		       { PLACE_MERCHANTS, "on the screen :merchants" },
		       { PLACE_AUDIT, "on the screen :audit" },
		       { PLACE_TEMPLATES, "on the screen :templates" },
		       { PLACE_VIEWER, "in an open document" } };
	for (size_t i = 0; i < sizeof wheres / sizeof wheres[0]; i++)
		if (spec->where & wheres[i].place)
			return wheres[i].where;
	return "";
}

enum role command_role(enum command command)
{
	const struct command_spec *spec = command_spec(command);
	return spec->verb < VERB_COUNT ? use_cases[spec->verb].role : spec->needs;
}

bool command_allowed(enum command command, enum role role, bool readonly)
{
	const struct command_spec *spec = command_spec(command);
	if (readonly && spec->changes)
		return false;
	return spec->verb < VERB_COUNT ? use_case_allows(&use_cases[spec->verb], CAPACITY_STAFF, role)
				       : role_at_least(role, spec->needs);
}
