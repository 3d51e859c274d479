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
	size_t rows = screen->page(workbench);
	long page = rows > 1 ? (long)rows - 1 : 1;
	const long steps[] = { [COMMAND_DOWN] = 1,	  [COMMAND_UP] = -1,	       [COMMAND_PAGE_DOWN] = page,
			       [COMMAND_PAGE_UP] = -page, [COMMAND_FIRST] = -MOVE_ALL, [COMMAND_LAST] = MOVE_ALL };
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

static void open_it(struct workbench *workbench)
{
	top_screen(workbench)->open(workbench);
}

static void back(struct workbench *workbench)
{
	top_screen(workbench)->back(workbench);
}

static void leave(struct workbench *workbench)
{
	top_screen(workbench)->leave(workbench);
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
		REPORT(workbench, "You have no command \"%s\"", order->argument);
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

static void nothing(struct workbench *workbench)
{
	(void)workbench;
}

#define ANYWHERE PLACE_EVERYWHERE
#define ROW(name_, help_, group_, where_, verb_, needs_, changes_, takes_, offers_, ...)                           \
	{                                                                                                          \
		.name = name_, .help = help_, .group = GROUP_##group_, .where = where_, .verb = verb_,             \
		.needs = needs_, .changes = changes_, .takes = takes_, .offers = offers_, __VA_ARGS__              \
	}
/* Moves the cursor. */
#define STEP(name, help, where, order_)                                                                            \
	ROW(name, help, MOVE, where, VERB_COUNT, ROLE_VIEWER, false, "", "", .order = order_)
/* A read-only action. */
#define LOOK(name, help, group, where, run_)                                                                       \
	ROW(name, help, group, where, VERB_COUNT, ROLE_VIEWER, false, "", "", .run = run_)
#define LOOK_FOR(name, help, group, where, takes, order_)                                                          \
	ROW(name, help, group, where, VERB_COUNT, ROLE_VIEWER, false, takes, "", .order = order_)
/* Needs one of a set of names. */
#define NAMED(name, help, where, order_, words_)                                                                   \
	ROW(name, help, LOOK, where, VERB_COUNT, ROLE_VIEWER, false, "a name", "", .order = order_, .words = words_)
/* Runs a verb; the verb's row defines the allowed roles. */
#define DO(name, help, group, where, verb, run_)                                                                   \
	ROW(name, help, group, where, VERB_##verb, ROLE_VIEWER, true, "", "", .run = run_)
/* Opens the dialog of a verb. */
#define OPEN(name, help, group, where, verb, dialog)                                                               \
	ROW(name, help, group, where, VERB_##verb, ROLE_VIEWER, true, "", "", .order = open_dialog,                \
	    .opens = &dialog##_dialog)
/* Changes the state of a sandbox order. */
#define MOVES(name, help, verb, dialog)                                                                            \
	ROW(name, help, BOARDS, PLACE_SANDBOX, VERB_ORDER_##verb, ROLE_VIEWER, true, "", "",                       \
	    .order = board_dialog_here, .opens = &order_##dialog##_dialog)
/* Changes the keys of a merchant. */
#define KEY(name, help, verb, dialog, order_)                                                                      \
	ROW(name, help, BOARDS, PLACE_MERCHANTS, VERB_##verb, ROLE_VIEWER, true, "", "", .order = order_,          \
	    .opens = &dialog##_dialog)
/* Changes a template of messages. */
#define LETTER(name, help, verb, dialog)                                                                           \
	ROW(name, help, BOARDS, PLACE_TEMPLATES, VERB_##verb, ROLE_VIEWER, true, "", "",                           \
	    .order = board_dialog_here, .opens = &dialog##_dialog)
/* Opens a board. */
#define SHOW(name, help, board)                                                                                    \
	ROW(name, help, BOARDS, PLACE_WORK | PLACE_BOARDS, VERB_COUNT, ROLE_VIEWER, false, "", "",                 \
	    .order = board_go, .shows = &board##_board)
/* An entry of the MORE dialog. */
#define OFFER(name, help, where, verb, code)                                                                       \
	ROW(name, help, MORE, where, VERB_##verb, ROLE_VIEWER, true, "", code, .order = more)

static const struct command_spec specs[COMMAND_COUNT] = {
	[COMMAND_NONE] = LOOK("none", "", PROGRAM, 0, nothing),
	[COMMAND_DOWN] = STEP("down", "one row down", ANYWHERE, move),
	[COMMAND_UP] = STEP("up", "one row up", ANYWHERE, move),
	[COMMAND_PAGE_DOWN] = STEP("page-down", "one page down", ANYWHERE, move),
	[COMMAND_PAGE_UP] = STEP("page-up", "one page up", ANYWHERE, move),
	[COMMAND_FIRST] = STEP("first", "the first row", ANYWHERE, move),
	[COMMAND_LAST] = STEP("last", "the last row", ANYWHERE, move),
	[COMMAND_LEFT] = STEP("left", "the inbox or tab to the left; moves a picture", PLACE_REVIEW, sideways),
	[COMMAND_RIGHT] = STEP("right", "the inbox or tab to the right; moves a picture", PLACE_REVIEW, sideways),
	[COMMAND_NEXT_PANE] = STEP("next-pane", "the next part of the screen", PLACE_PANES, other_pane),
	[COMMAND_PREVIOUS_PANE] = STEP("previous-pane", "the previous part of the screen", PLACE_PANES, other_pane),
	[COMMAND_CHOOSE] = LOOK_FOR("choose", "the inbox, tab or form value with this number", MOVE, PLACE_REVIEW,
				    "a number", choose),
	[COMMAND_OPEN] = LOOK("open", "open a case, document, KYC, hit or record; go to the blocker", LOOK,
			      PLACE_OPENS, open_it),
	[COMMAND_DETAILS] = LOOK("details", "details of the row here; a duplicate next to this case", LOOK,
				 PLACE_CASE, page_details),
	[COMMAND_HISTORY] = LOOK("as-it-stood", "the case before the record under the cursor", LOOK,
				 PLACE_CASE | PLACE_PAGE, page_history),
	[COMMAND_COMPARE] = LOOK("compare", "compare the case at two records: press the key on each", LOOK,
				 PLACE_CASE | PLACE_PAGE, page_compare),
	[COMMAND_TIMELINE] = LOOK("timeline-of", "timeline: only people, system, client or webhooks", LOOK,
				  PLACE_CASE, timeline_next),
	[COMMAND_BACK] = LOOK("back", "close the topmost item, or go back one screen", LOOK, PLACE_CLOSES, back),
	[COMMAND_QUIT] = LOOK("quit", "go back; on the first screen: end the program", PROGRAM, ANYWHERE, leave),
	[COMMAND_NEXT_CASE] =
		LOOK("next", "the next case: one of yours, else claims a free one", LOOK, PLACE_WORK, visit_next),
	[COMMAND_CASE_BEFORE] = LOOK("before", "back to the previous case", LOOK, PLACE_WORK, visit_previous),
	[COMMAND_FILTER] = LOOK_FOR("filter", "filter the list: words, key:value; Esc shows all", LOOK, PLACE_WORK,
				    "a filter", inbox_filter),
	[COMMAND_VIEW] = NAMED("view", "open a view: mine, overdue, held, …", PLACE_INBOX, view_open, view_names),
	[COMMAND_VIEW_DUE] = LOOK("due", "show the overdue cases of all inboxes", LOOK, PLACE_INBOX, view_due),
	[COMMAND_VIEW_KEEP] = LOOK_FOR("keep-view", "save this list as a view: inbox, filter and order", LOOK,
				       PLACE_INBOX, "a name", view_keep),
	[COMMAND_VIEW_FORGET] =
		NAMED("forget-view", "delete one of your own views", PLACE_INBOX, view_forget, own_view_names),
	[COMMAND_SORT] = LOOK("sort", "next sort order: due, updated, risk, name", LOOK, PLACE_INBOX, inbox_sort),
	[COMMAND_MARK] = LOOK("mark", "mark the case here, or unmark it", LOOK, PLACE_INBOX, mark_toggle),
	[COMMAND_MARK_RANGE] = LOOK("mark-range", "mark all cases from the last marked case to here", LOOK,
				    PLACE_INBOX, mark_range),
	[COMMAND_MARK_ALL] = LOOK("mark-all", "mark all cases of the list", LOOK, PLACE_INBOX, mark_all),
	[COMMAND_UNMARK] = LOOK("unmark", "unmark all", LOOK, PLACE_INBOX, unmark_all),
	[COMMAND_BULK] = ROW("bulk", "one action for all marked cases; no decisions", CASE, PLACE_INBOX, VERB_COUNT,
			     ROLE_REVIEWER, true, "", "", .run = bulk_open),
	[COMMAND_SEARCH] =
		LOOK_FOR("find", "search the open document", LOOK, PLACE_VIEWER, "words", viewer_search_for),
	[COMMAND_MATCH_NEXT] =
		LOOK_FOR("find-next", "the next search match", LOOK, PLACE_VIEWER, "", viewer_go_to_match),
	[COMMAND_MATCH_PREVIOUS] =
		LOOK_FOR("find-previous", "the previous match", LOOK, PLACE_VIEWER, "", viewer_go_to_match),
	[COMMAND_FORM] = LOOK("form", "the document here and the values it must show, to tick", LOOK,
			      PLACE_CASE | PLACE_VIEWER, viewer_show_form),
	[COMMAND_BESIDE] = LOOK("beside", "the document here and the next one, side by side", LOOK,
				PLACE_CASE | PLACE_VIEWER, viewer_show_other),
	[COMMAND_TICK] = LOOK("tick", "tick the value here; 1-9 tick by number; not recorded", LOOK, PLACE_VIEWER,
			      viewer_tick_here),
	[COMMAND_ZOOM_IN] =
		LOOK_FOR("zoom-in", "show a picture larger; arrows move it", LOOK, PLACE_VIEWER, "", viewer_resize),
	[COMMAND_ZOOM_OUT] = LOOK_FOR("zoom-out", "show a picture smaller", LOOK, PLACE_VIEWER, "", viewer_resize),
	[COMMAND_PAGE_PICTURE] = LOOK("pages", "the next page of a PDF as a picture; then its text", LOOK,
				      PLACE_VIEWER, viewer_turn_page),
	[COMMAND_APPROVE] = OPEN("approve", "open the dialog to approve, with all conditions", DECIDE, PLACE_REVIEW,
				 APPROVE, approve),
	[COMMAND_REJECT] =
		OPEN("reject", "open the dialog to reject, with a reason", DECIDE, PLACE_REVIEW, REJECT, reject),
	[COMMAND_CORRECTIONS] = DO("corrections", "open the dialog to ask for corrections", DECIDE, PLACE_REVIEW,
				   CORRECTIONS, request_corrections_here),
	[COMMAND_UNDO] =
		DO("undo", "undo your last decision, verdict or removal", DECIDE, PLACE_WORK, UNDO, decide_undo),
	[COMMAND_UNDO_LIST] = DO("undo-list", "choose one of the decisions that can be undone", DECIDE, PLACE_WORK,
				 UNDO, decide_undo_list),
	[COMMAND_MORE] = ROW("more", "reopen, withdraw, reactivate, process, confirm and others", DECIDE,
			     PLACE_WORK, VERB_COUNT, ROLE_REVIEWER, true, "", "", .order = more),
	[COMMAND_ACCEPT_ITEM] = DO("accept-item", "accept the document or answered correction here", CASE,
				   PLACE_CASE | PLACE_VIEWER, DOCUMENT_ACCEPT, case_accept),
	[COMMAND_REJECT_ITEM] = DO("reject-item", "reject the document here, with a reason", CASE,
				   PLACE_CASE | PLACE_VIEWER, DOCUMENT_REJECT, case_reject),
	[COMMAND_CLAIM] =
		DO("claim", "claim the case, or release it if you hold it", CASE, PLACE_WORK, CLAIM, decide_claim),
	[COMMAND_NOTE] =
		ROW("note", "write a note on the case, document or hit here", CASE, PLACE_REVIEW | PLACE_PAGE,
		    VERB_NOTE, ROLE_VIEWER, true, "text", "", .order = note_write),
	[COMMAND_NOTE_PIN] = DO("pin-note", "pin the note here above the others, or unpin it", CASE,
				PLACE_CASE | PLACE_PAGE, NOTE_PIN, note_pin),
	[COMMAND_NOTE_READ] = DO("read-mentions", "mark notes that mention you here as read", CASE, PLACE_CASE,
				 NOTE_READ, note_read),
	[COMMAND_SNOOZE] = OPEN("snooze", "snooze until a date, with a reason; or end the snooze", CASE, PLACE_WORK,
				SNOOZE, snooze),
	[COMMAND_PARTY_ADD] = DO("add-party", "declare a party", PARTIES, PLACE_PARTIES, PARTY_ADD, party_add),
	[COMMAND_PARTY_EDIT] =
		OPEN("edit-party", "change the party here", PARTIES, PLACE_PARTIES, PARTY_EDIT, party),
	[COMMAND_PARTY_REMOVE] = OPEN("remove-party", "remove the selected party; it stays on record", PARTIES,
				      PLACE_PARTIES, PARTY_REMOVE, party_remove),
	[COMMAND_PARTY_KYC] = DO("make-kyc", "make the KYC session of the party here", PARTIES, PLACE_PARTIES,
				 SUBSESSION_ADD, party_kyc),
	[COMMAND_PARTY_LINK] = DO("link", "new access link for the party's KYC, or extend it", PARTIES,
				  PLACE_PARTIES, LINK, party_link),
	[COMMAND_PARTY_VERIFY] = OPEN("verify-elsewhere", "mark the party here as verified elsewhere, or unmark it",
				      PARTIES, PLACE_PARTIES, PARTY_VERIFY, party_verify),
	[COMMAND_CHART] = LOOK("chart", "the ownership as a chart of boxes, or as rows again", PARTIES,
			       PLACE_CASE | PLACE_PARTIES, party_chart),
	[COMMAND_REVEAL] = DO("reveal", "show masked personal data; this is recorded", CASE,
			      PLACE_CASE | PLACE_PAGE | PLACE_VIEWER, REVEAL, case_reveal),
	[COMMAND_CONFIRM] = OFFER("confirm", "confirm judgements whose facts have changed", PLACE_WORK, CONFIRM,
				  "judgement.confirm"),
	[COMMAND_ALERT_CLOSE] = OFFER("close-alert", "close the alert of the case, with the action taken",
				      PLACE_WORK, ALERT_CLOSE, "alert.close"),
	[COMMAND_PROCESS] =
		OFFER("process", "process the case again: run all checks", PLACE_WORK, PROCESS, "session.process"),
	[COMMAND_VALIDATE] = OFFER("validate", "validate the case against the rules of its workflow", PLACE_WORK,
				   VALIDATE, "session.validate"),
	[COMMAND_ESCALATE] = OFFER("escalate", "escalate the case: a person reviews it", PLACE_WORK, ESCALATE,
				   "session.escalate"),
	[COMMAND_WITHDRAW] = OFFER("withdraw", "withdraw the open corrections: back into review", PLACE_WORK,
				   WITHDRAW, "session.withdraw"),
	[COMMAND_REACTIVATE] =
		OFFER("reactivate", "reactivate the expired case", PLACE_WORK, REACTIVATE, "session.reactivate"),
	[COMMAND_REOPEN] = OFFER("reopen", "reopen the case: cancel the decision, back into review", PLACE_WORK,
				 REOPEN, "session.reopen"),
	[COMMAND_OPEN_OUTSIDE] = DO("open-outside", "open the document here in another program; recorded", LOOK,
				    PLACE_CASE | PLACE_VIEWER, DOCUMENT_SAVE, open_outside),
	[COMMAND_DOCUMENT_SAVE] = OFFER("save-document", "save the file of the document here", PLACE_CASE,
					DOCUMENT_SAVE, "document.save"),
	[COMMAND_DOCUMENT_ADD] =
		OFFER("add-document", "add a file as a document", PLACE_WORK, DOCUMENT_ADD, "document.add"),
	[COMMAND_KYC_REMOVE] = OFFER("remove-kyc", "remove the KYC session of the party here", PLACE_PARTIES,
				     SUBSESSION_REMOVE, "subsession.remove"),
	[COMMAND_LINK_SHOW] = OFFER("show-link", "show the client's link, to copy it; this is recorded", PLACE_WORK,
				    LINK_SHOW, "link.show"),
	[COMMAND_ASSIGN] = OFFER("assign", "assign the case to a reviewer", PLACE_WORK, ASSIGN, "case.assign"),
	[COMMAND_REFER] =
		OFFER("refer", "refer the case to a colleague or to a lead", PLACE_WORK, REFER, "case.refer"),
	[COMMAND_SUSPICION] = OFFER("suspicion", "report a suspicion; only leads can read it", PLACE_WORK,
				    SUSPICION_OPEN, "suspicion.open"),
	[COMMAND_SUSPICION_CLOSE] = OFFER("close-suspicion", "close the suspicion: filed, or not filed", PLACE_WORK,
					  SUSPICION_CLOSE, "suspicion.close"),
	[COMMAND_LINK_NEW] = OFFER("new-link", "make a new link for the client, or extend the link", PLACE_WORK,
				   LINK, "link.new"),
	[COMMAND_DELETE] =
		OFFER("delete", "delete the case, if it was never submitted", PLACE_WORK, DELETE, "session.delete"),
	[COMMAND_COPY] = LOOK("copy", "copy the case's id to the clipboard", CASE, PLACE_WORK, copy_id),
	[COMMAND_RUN] =
		ROW("run", "run one of your own commands and show its output", CASE, PLACE_CASE, VERB_COMMAND_RUN,
		    ROLE_VIEWER, true, "a name", "", .order = command_run, .words = command_names),
	[COMMAND_SANDBOX] = ROW("sandbox", "accounts and orders of the sandbox", BOARDS, PLACE_WORK | PLACE_BOARDS,
				VERB_COUNT, ROLE_VIEWER, false, "an id", "", .order = board_go,
				.shows = &sandbox_board, .finds = &account_board),
	[COMMAND_FUND] =
		DO("fund", "simulate a payin to the account here", BOARDS, PLACE_SANDBOX, PAYIN, sandbox_fund),
	[COMMAND_ORDER_COMPLETE] = MOVES("complete-order", "complete the order here", COMPLETE, complete),
	[COMMAND_ORDER_FAIL] = MOVES("fail-order", "mark the order here as failed, with a reason", FAIL, fail),
	[COMMAND_ORDER_CANCEL] = MOVES("cancel-order", "cancel the order here, with a reason", CANCEL, cancel),
	[COMMAND_MERCHANTS] = SHOW("merchants", "merchants and their API keys", merchants),
	[COMMAND_KEY_ADD] =
		KEY("add-key", "make an API key of the merchant here", MERCHANT_KEY, key_add, board_dialog_here),
	[COMMAND_PROVIDER_KEY] = KEY("add-provider-key", "make a provider's key for the merchant here",
				     PROVIDER_KEY, provider_key, board_dialog_here),
	[COMMAND_KEY_ROTATE] = KEY("rotate-key", "replace the key here by a new key", MERCHANT_KEY_ROTATE,
				   key_rotate, merchant_key_here),
	[COMMAND_KEY_REVOKE] = KEY("revoke-key", "revoke the selected key at once", MERCHANT_KEY_REVOKE, key_revoke,
				   merchant_key_here),
	[COMMAND_TEMPLATES] = SHOW("templates", "templates of messages to clients", templates),
	[COMMAND_TEMPLATE_ADD] =
		DO("add-template", "write a new template", BOARDS, PLACE_TEMPLATES, TEMPLATE_SET, template_new),
	[COMMAND_TEMPLATE_EDIT] = LETTER("edit-template", "change the selected template", TEMPLATE_SET, template),
	[COMMAND_TEMPLATE_REMOVE] =
		LETTER("remove-template", "remove the selected template", TEMPLATE_REMOVE, template_remove),
	[COMMAND_WEBHOOKS] = SHOW("webhooks", "endpoints, and deliveries: due, given up, sent", webhooks),
	[COMMAND_REPLAY] = ROW("replay", "send the webhook here again", BOARDS, PLACE_WEBHOOKS, VERB_WEBHOOK_REPLAY,
			       ROLE_VIEWER, true, "", "", .order = board_dialog_here, .opens = &replay_dialog),
	[COMMAND_STATS] = SHOW("stats", "figures of the desk: days, ages, decisions, reasons, lists", stats),
	[COMMAND_TEAM] = ROW("team", "each reviewer's cases: held, overdue, decided today", BOARDS,
			     PLACE_WORK | PLACE_BOARDS, VERB_COUNT, ROLE_REVIEWER, false, "a name", "",
			     .order = board_go, .shows = &team_board, .finds = &member_board),
	[COMMAND_AUDIT] = ROW("audit", "the audit log: actor:NAME action:WORD session:CASE since:2d", BOARDS,
			      PLACE_WORK | PLACE_BOARDS, VERB_COUNT, ROLE_VIEWER, false, "filter words", "",
			      .order = board_go, .shows = &audit_board, .finds = &audit_board),
	[COMMAND_AUDIT_NARROW] = LOOK("narrow-log", "filter the audit log by actor, action, case or time", BOARDS,
				      PLACE_AUDIT, audit_edit_filter),
	[COMMAND_PALETTE] = LOOK("palette", "all actions, by name", PROGRAM, ANYWHERE, palette),
	[COMMAND_HELP] = LOOK("help", "all keys", PROGRAM, ANYWHERE, help_toggle),
	[COMMAND_THEME] =
		ROW("theme", "colours: Up and Down try a theme, Enter keeps it", PROGRAM, PLACE_WORK | PLACE_BOARDS,
		    VERB_COUNT, ROLE_VIEWER, false, "a name", "", .order = theme_choose, .words = theme_names),
	[COMMAND_REDRAW] = LOOK("redraw", "draw the whole screen again", PROGRAM, ANYWHERE, redraw),
	[COMMAND_SUSPEND] = LOOK("suspend", "suspend the program; fg resumes it", PROGRAM, ANYWHERE, suspend),
};

const struct command_spec *command_spec(enum command command)
{
	if ((size_t)command >= COMMAND_COUNT)
		BUG("%u is not a command", (unsigned)command);
	return &specs[command];
}

const char *command_where(const struct command_spec *spec)
{
	if (spec->where & PLACE_INBOX)
		return "in the list";
	if (spec->where & PLACE_CASE)
		return "in an open case";
	if (spec->where & PLACE_PARTIES)
		return "in the parties tab of a case (3)";
	if (spec->where & PLACE_SANDBOX)
		return "on the screen :sandbox";
	if (spec->where & PLACE_WEBHOOKS)
		return "on the screen :webhooks";
	if (spec->where & PLACE_MERCHANTS)
		return "on the screen :merchants";
	if (spec->where & PLACE_AUDIT)
		return "on the screen :audit";
	if (spec->where & PLACE_TEMPLATES)
		return "on the screen :templates";
	return spec->where & PLACE_VIEWER ? "in an open document" : "";
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
