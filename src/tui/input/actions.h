/* Every action of the screen, one row each, in the order of the help. A row is
 *
 *   ACTION(NAME, key, name, help, group, where, verb, needs, changes, kind, function, ...)
 *
 * NAME          COMMAND_NAME
 * key           the shipped key; UNBOUND(...) is a row without a key (NO_KEY)
 * kind          run or order: the member of struct command_spec (keymap.h) that gets the function
 * needs         the minimum role: .min_role
 * others        the members of struct command_spec with these names; the last arguments are designated members, at
 *               least .arg_name
 *
 * No include guard: define ACTION and UNBOUND before each #include. keymap.h makes the names of the commands,
 * keymap.c their keys, screen/workbench.h the declarations of their functions, screen/commands.c their specs. */
/* clang-format off */
#define KEY(letter) (PRESS_CHAR, letter, 0)
#define PAIR(letter, then) (PRESS_CHAR, letter, then)
#define CONTROL(letter) (PRESS_CTRL, letter, 0)
#define SPECIAL_KEY(press) (PRESS_##press, 0, 0)
#define NO_KEY (PRESS_CHAR, 0, 0)
#define ROW(command, key, name, help, group, where, verb, needs, changes, kind, function, ...) \
	ACTION(command, key, name, help, GROUP_##group, PLACE_##where, VERB_##verb, ROLE_##needs, changes, kind, function, \
	       __VA_ARGS__)
/* Moves the cursor, the focus or the picture. */
#define NAVIGATION(command, key, name, help, where, function) \
	ROW(command, key, name, help, MOVE, where, COUNT, VIEWER, false, order, function, .arg_name = "")
/* Read-only actions: LOOK takes no argument, LOOK_WITH_REQUEST gets the request, perhaps with a text, NAMED takes one
 * name of a list. */
#define LOOK(command, key, name, help, group, where, function) \
	ROW(command, key, name, help, group, where, COUNT, VIEWER, false, run, function, .arg_name = "")
#define LOOK_WITH_REQUEST(command, key, name, help, group, where, takes_, function) \
	ROW(command, key, name, help, group, where, COUNT, VIEWER, false, order, function, .arg_name = takes_)
#define NAMED(command, key, name, help, where, function, words_) \
	ROW(command, key, name, help, LOOK, where, COUNT, VIEWER, false, order, function, .arg_name = "a name", .list_arguments = words_)
/* Actions with a verb, which defines the allowed roles (desk/verbs.h). DO runs the verb; DIALOG and OPEN open the
 * verb's dialog. */
#define DO(command, key, name, help, group, where, verb, function) \
	ROW(command, key, name, help, group, where, verb, VIEWER, true, run, function, .arg_name = "")
#define DIALOG(command, key, name, help, group, where, verb, function, dialog) \
	ROW(command, key, name, help, group, where, verb, VIEWER, true, order, function, .arg_name = "", \
	    .opened_dialog = &dialog##_dialog)
#define OPEN(command, key, name, help, group, where, verb, dialog) \
	DIALOG(command, key, name, help, group, where, verb, action_open_dialog, dialog)
/* Actions that open a dialog about an item of a board: an order of a sandbox, a key of a merchant, a template. */
#define ORDER_DIALOG(command, key, name, help, verb, dialog) \
	DIALOG(command, key, name, help, BOARDS, SANDBOX, ORDER_##verb, board_open_row_dialog, order_##dialog)
#define MERCHANT_KEY(command, key, name, help, verb, dialog, function) \
	DIALOG(command, key, name, help, BOARDS, MERCHANTS, verb, function, dialog)
#define TEMPLATE_DIALOG(command, key, name, help, verb, dialog) \
	DIALOG(command, key, name, help, BOARDS, TEMPLATES, verb, board_open_row_dialog, dialog)
/* Opens a board. */
#define OPEN_BOARD(command, key, name, help, board) \
	ROW(command, key, name, help, BOARDS, DESK, COUNT, VIEWER, false, order, board_show, .arg_name = "", \
	    .shown_board = &board##_board)
/* An entry of the MORE dialog (screen/more.c), which lists the entries in the order of the rows. The palette finds the
 * entry by name. If the row sets .message_start, the entry runs its verb; if the row sets .opened_dialog, the entry
 * opens this dialog. */
#define MORE_ENTRY(command, name, help, where, verb, ...) \
	UNBOUND(command, NO_KEY, name, help, GROUP_MORE, PLACE_##where, VERB_##verb, ROLE_VIEWER, true, order, action_open_more, \
		.arg_name = "", __VA_ARGS__)

NAVIGATION(DOWN, KEY('j'), "down", "one row down", EVERYWHERE, action_move_cursor)
NAVIGATION(UP, KEY('k'), "up", "one row up", EVERYWHERE, action_move_cursor)
NAVIGATION(PAGE_DOWN, SPECIAL_KEY(PAGE_DOWN), "page-down", "one page down", EVERYWHERE, action_move_cursor)
NAVIGATION(PAGE_UP, SPECIAL_KEY(PAGE_UP), "page-up", "one page up", EVERYWHERE, action_move_cursor)
NAVIGATION(FIRST, PAIR('g', 'g'), "first", "the first row", EVERYWHERE, action_move_cursor)
NAVIGATION(LAST, KEY('G'), "last", "the last row", EVERYWHERE, action_move_cursor)
NAVIGATION(LEFT, KEY('h'), "left", "the inbox or tab to the left; moves a picture", REVIEW, action_move_sideways)
NAVIGATION(RIGHT, KEY('l'), "right", "the inbox or tab to the right; moves a picture", REVIEW, action_move_sideways)
NAVIGATION(NEXT_PANE, SPECIAL_KEY(TAB), "next-pane", "the next part of the screen", PANES, action_switch_pane)
NAVIGATION(PREVIOUS_PANE, SPECIAL_KEY(BACK_TAB), "previous-pane", "the previous part of the screen", PANES, action_switch_pane)
UNBOUND(CHOOSE, NO_KEY, "choose", "the inbox, tab or form value with this number", GROUP_MOVE, PLACE_REVIEW,
	VERB_COUNT, ROLE_VIEWER, false, order, action_choose_number, .arg_name = "a number")
LOOK_WITH_REQUEST(OPEN, SPECIAL_KEY(ENTER), "open", "open a case, document, KYC, hit or record; go to the blocker", LOOK, OPENS,
	"", action_call_screen_op)
LOOK(DETAILS, KEY('i'), "details", "details of the row here; for a duplicate, both cases", LOOK, CASE, open_row_details)
LOOK(HISTORY, KEY('T'), "as-it-stood", "the case as it was before the record under the cursor", LOOK, IN_CASE,
	open_case_snapshot)
LOOK(COMPARE, KEY('D'), "compare", "compare the case at two records: press the key on each", LOOK, IN_CASE,
	open_record_comparison)
LOOK(TIMELINE, KEY('f'), "timeline-of", "timeline: only people, system, client or webhooks", LOOK, CASE,
	timeline_next_filter)
LOOK_WITH_REQUEST(BACK, SPECIAL_KEY(ESCAPE), "back", "close the topmost item, or go back one screen", LOOK, CLOSES, "",
	action_call_screen_op)
LOOK_WITH_REQUEST(QUIT, KEY('q'), "quit", "go back; on the first screen: end the program", PROGRAM, EVERYWHERE, "",
	action_call_screen_op)
LOOK(NEXT_CASE, KEY('n'), "next", "the next case: an alert, one of yours, or a free one", LOOK, WORK, visit_next_case)
LOOK(CASE_BEFORE, KEY('N'), "before", "back to the previous case", LOOK, WORK, visit_previous_case)
LOOK_WITH_REQUEST(FILTER, KEY('/'), "filter", "filter the list: words, key:value; Esc shows all", LOOK, WORK, "a filter",
	inbox_edit_filter)
LOOK(SORT, KEY('s'), "sort", "next sort order: due, updated, risk, name", LOOK, INBOX, inbox_sort)
NAMED(VIEW, KEY('V'), "view", "open a view: mine, overdue, held, …", INBOX, view_open, view_names)
LOOK(VIEW_DUE, PAIR('g', 'd'), "due", "show the overdue cases of all inboxes", LOOK, INBOX, view_open_overdue)
LOOK_WITH_REQUEST(VIEW_KEEP, KEY('K'), "keep-view", "save this list as a view: inbox, filter and order", LOOK, INBOX,
	"a name", view_save)
NAMED(VIEW_FORGET, KEY('D'), "forget-view", "delete one of your own views", INBOX, view_delete, own_view_names)
LOOK(MARK, KEY(' '), "mark", "mark the case or hit here, or unmark it", LOOK, MARKED, mark_toggle)
LOOK(MARK_RANGE, KEY('M'), "mark-range", "mark all from the last marked case or hit to here", LOOK, MARKED,
	mark_range)
LOOK(MARK_ALL, KEY('*'), "mark-all", "mark all cases of the list, or all open hits", LOOK, MARKED, mark_all)
LOOK(UNMARK, KEY('\\'), "unmark", "unmark all", LOOK, MARKED, unmark_all)
ROW(BULK, KEY('B'), "bulk", "one action for marked cases, one verdict for hits", CASE, MARKED, COUNT, REVIEWER, true,
	run, bulk_open, .arg_name = "")
LOOK_WITH_REQUEST(SEARCH, KEY('/'), "find", "search the open document", LOOK, VIEWER, "words", viewer_open_search)
LOOK_WITH_REQUEST(MATCH_NEXT, KEY('n'), "find-next", "the next search match", LOOK, VIEWER, "", viewer_go_to_match)
LOOK_WITH_REQUEST(MATCH_PREVIOUS, KEY('N'), "find-previous", "the previous match", LOOK, VIEWER, "", viewer_go_to_match)
LOOK(FORM, KEY('F'), "form", "show the document beside a form of values to tick", LOOK, DOCUMENTS,
	viewer_show_form)
LOOK(BESIDE, KEY('b'), "beside", "the document here and the next one, side by side", LOOK, DOCUMENTS,
	viewer_show_second)
LOOK(TICK, KEY(' '), "tick", "tick the value here; 1-9 tick by number; not recorded", LOOK, VIEWER,
	viewer_tick_selected)
LOOK_WITH_REQUEST(ZOOM_IN, KEY('+'), "zoom-in", "zoom in; arrows move the picture", LOOK, VIEWER, "", viewer_change_zoom)
LOOK_WITH_REQUEST(ZOOM_OUT, KEY('-'), "zoom-out", "zoom out", LOOK, VIEWER, "", viewer_change_zoom)
LOOK(PAGE_PICTURE, KEY('P'), "pages", "the next page of a PDF as a picture; after the last, text", LOOK, VIEWER,
	viewer_turn_page)
OPEN(APPROVE, KEY('a'), "approve", "open the dialog to approve, with all conditions", DECIDE, REVIEW, APPROVE,
	approve)
OPEN(REJECT, KEY('r'), "reject", "open the dialog to reject, with a reason", DECIDE, REVIEW, REJECT, reject)
DO(CORRECTIONS, KEY('x'), "corrections", "open the dialog to ask for corrections", DECIDE, REVIEW, CORRECTIONS,
	action_open_corrections)
DO(UNDO, KEY('u'), "undo", "undo your last decision, verdict or removal", DECIDE, WORK, UNDO, decide_undo)
DO(UNDO_LIST, KEY('U'), "undo-list", "choose one of the decisions that can be undone", DECIDE, WORK, UNDO,
	decide_open_undo_list)
ROW(MORE, KEY('v'), "more", "other actions, such as reopen, withdraw and process", DECIDE, WORK, COUNT,
	REVIEWER, true, order, action_open_more, .arg_name = "")
DO(ACCEPT_ITEM, KEY('A'), "accept-item", "accept the document or answered correction here", CASE, DOCUMENTS,
	DOCUMENT_ACCEPT, case_accept_item)
DO(REJECT_ITEM, KEY('X'), "reject-item", "reject the document here, with a reason", CASE, DOCUMENTS,
	DOCUMENT_REJECT, case_reject_document)
DO(CLAIM, KEY('c'), "claim", "claim the case, or release it if you hold it", CASE, WORK, CLAIM, toggle_case_claim)
ROW(NOTE, KEY('m'), "note", "write a note on the case, document or hit here", CASE, NOTABLE, NOTE, VIEWER, true,
	order, note_write, .arg_name = "text")
DO(NOTE_PIN, KEY('p'), "pin-note", "pin the note here above the others, or unpin it", CASE, IN_CASE, NOTE_PIN,
	note_pin)
DO(NOTE_READ, KEY('@'), "read-mentions", "mark notes that mention you here as read", CASE, CASE, NOTE_READ,
	note_read)
OPEN(SNOOZE, KEY('z'), "snooze", "snooze until a date, with a reason; or end the snooze", CASE, WORK, SNOOZE,
	snooze)
DO(PARTY_ADD, KEY('+'), "add-party", "declare a party", PARTIES, PARTIES, PARTY_ADD, party_open_add_dialog)
OPEN(PARTY_EDIT, KEY('e'), "edit-party", "change the party here", PARTIES, PARTIES, PARTY_EDIT, party)
OPEN(PARTY_REMOVE, KEY('d'), "remove-party", "remove the selected party; it stays on record", PARTIES, PARTIES,
	PARTY_REMOVE, party_remove)
DO(PARTY_KYC, KEY('K'), "make-kyc", "make the KYC session of the party here", PARTIES, PARTIES, SUBSESSION_ADD,
	party_open_kyc_dialog)
DO(PARTY_LINK, KEY('l'), "link", "new access link for the party's KYC, or extend it", PARTIES, PARTIES, LINK,
	party_open_link_dialog)
OPEN(PARTY_VERIFY, KEY('V'), "verify-elsewhere", "mark the party here as verified elsewhere, or unmark it", PARTIES,
	PARTIES, PARTY_VERIFY, party_verify)
LOOK(CHART, KEY('t'), "chart", "the ownership as a chart of boxes, or as rows again", PARTIES, OWNERS, party_chart)
DO(REVEAL, KEY('R'), "reveal", "show masked personal data; this is recorded", CASE, ANY_CASE, REVEAL, case_reveal_data)
DO(OPEN_OUTSIDE, KEY('O'), "open-outside", "open the document here in another program; recorded", LOOK, DOCUMENTS,
	DOCUMENT_SAVE, open_document_externally)
MORE_ENTRY(CONFIRM, "confirm", "confirm judgements that are based on changed facts", WORK, CONFIRM,
	.message_start = "Confirmed the judgements of")
MORE_ENTRY(ALERT, "alert", "judge the alert on a decided case", WORK, HIT_RESOLVE, .opened_dialog = &alert_dialog)
MORE_ENTRY(ALERT_CLOSE, "close-alert", "close the alert of the case, with the action taken", WORK, ALERT_CLOSE,
	.message_start = "Closed the alert on")
MORE_ENTRY(PROCESS, "process", "process the case again: run all checks", WORK, PROCESS, .message_start = "Started processing of")
MORE_ENTRY(VALIDATE, "validate", "validate the case against the rules of its workflow", WORK, VALIDATE,
	.message_start = "Validated")
MORE_ENTRY(ESCALATE, "escalate", "escalate the case: a person reviews it", WORK, ESCALATE, .message_start = "Escalated")
MORE_ENTRY(WITHDRAW, "withdraw", "withdraw the open corrections: back into review", WORK, WITHDRAW,
	.message_start = "Withdrew the corrections of")
MORE_ENTRY(REACTIVATE, "reactivate", "reactivate the expired case", WORK, REACTIVATE, .message_start = "Reactivated")
MORE_ENTRY(REOPEN, "reopen", "reopen the case: cancel the decision, back into review", WORK, REOPEN, .message_start = "Reopened")
MORE_ENTRY(DOCUMENT_SAVE, "save-document", "save the file of the document here", CASE, DOCUMENT_SAVE,
	.opened_dialog = &save_dialog, .target = TARGET_DOCUMENT, .label = "save the file of")
MORE_ENTRY(ANSWER_MOVE, "move-answer", "say which requested document the file here answers", CASE, CORRECTION_MOVE,
	.opened_dialog = &answer_dialog, .target = TARGET_DOCUMENT, .label = "say which document is answered by")
MORE_ENTRY(KYC_REMOVE, "remove-kyc", "remove the KYC session of the party here", PARTIES, SUBSESSION_REMOVE,
	.opened_dialog = &kyc_remove_dialog, .target = TARGET_PARTY, .label = "remove the KYC session of")
MORE_ENTRY(REFER, "refer", "refer the case to a colleague or to a lead", WORK, REFER, .opened_dialog = &refer_dialog)
MORE_ENTRY(SUSPICION, "suspicion", "report a suspicion; only leads can read it", WORK, SUSPICION_OPEN,
	.message_start = "Reported to the leads:")
MORE_ENTRY(SUSPICION_ABOUT, "suspicion-about", "report a suspicion about a lead, who must not read it", WORK,
	SUSPICION_OPEN, .opened_dialog = &suspicion_about_dialog)
MORE_ENTRY(SUSPICION_CLOSE, "close-suspicion", "close the suspicion: filed, or not filed", WORK, SUSPICION_CLOSE,
	.opened_dialog = &suspicion_close_dialog)
MORE_ENTRY(ASSIGN, "assign", "assign the case to a reviewer", WORK, ASSIGN, .opened_dialog = &assign_dialog)
MORE_ENTRY(LINK_NEW, "new-link", "make a new link for the client, or extend the link", WORK, LINK,
	.opened_dialog = &party_link_dialog)
MORE_ENTRY(LINK_SHOW, "show-link", "show the client's link, to copy it; this is recorded", WORK, LINK_SHOW,
	.opened_dialog = &link_show_dialog)
MORE_ENTRY(DOCUMENT_ADD, "add-document", "add a file as a document", WORK, DOCUMENT_ADD, .opened_dialog = &add_dialog)
MORE_ENTRY(DELETE, "delete", "delete the case, if it was never submitted", WORK, DELETE, .opened_dialog = &delete_dialog,
	.label = "delete the case, which was never submitted")
LOOK(COPY, KEY('y'), "copy", "copy the case's id to the clipboard", CASE, WORK, action_copy_case_id)
UNBOUND(RUN, NO_KEY, "run", "run one of your own commands and show its output", GROUP_CASE, PLACE_CASE,
	VERB_COMMAND_RUN, ROLE_VIEWER, true, order, action_run_own_command, .arg_name = "a name", .list_arguments = own_command_names)
ROW(SANDBOX, PAIR('g', 's'), "sandbox", "accounts and orders of the sandbox", BOARDS, DESK, COUNT, VIEWER, false,
	order, board_show, .arg_name = "an id", .shown_board = &sandbox_board, .item_board = &account_board)
DO(FUND, KEY('f'), "fund", "simulate a payin to the account here", BOARDS, SANDBOX, PAYIN, sandbox_fund)
ORDER_DIALOG(ORDER_COMPLETE, KEY('c'), "complete-order", "complete the order here", COMPLETE, complete)
ORDER_DIALOG(ORDER_FAIL, KEY('F'), "fail-order", "mark the order here as failed, with a reason", FAIL, fail)
ORDER_DIALOG(ORDER_CANCEL, KEY('x'), "cancel-order", "cancel the order here, with a reason", CANCEL, cancel)
OPEN_BOARD(MERCHANTS, PAIR('g', 'm'), "merchants", "merchants and their API keys", merchants)
MERCHANT_KEY(KEY_ADD, KEY('+'), "add-key", "make an API key of the merchant here", MERCHANT_KEY, key_add,
	board_open_row_dialog)
MERCHANT_KEY(PROVIDER_KEY, KEY('P'), "add-provider-key", "make a provider's key for the merchant here",
	PROVIDER_KEY, provider_key, board_open_row_dialog)
MERCHANT_KEY(KEY_ROTATE, KEY('r'), "rotate-key", "replace the selected key by a new one", MERCHANT_KEY_ROTATE,
	key_rotate, merchant_open_key_dialog)
MERCHANT_KEY(KEY_REVOKE, KEY('d'), "revoke-key", "revoke the selected key at once", MERCHANT_KEY_REVOKE, key_revoke,
	merchant_open_key_dialog)
OPEN_BOARD(TEMPLATES, PAIR('g', 'l'), "templates", "templates of messages to clients", templates)
DO(TEMPLATE_ADD, KEY('+'), "add-template", "write a new template", BOARDS, TEMPLATES, TEMPLATE_SET, template_open_new)
TEMPLATE_DIALOG(TEMPLATE_EDIT, KEY('e'), "edit-template", "change the selected template", TEMPLATE_SET, template)
TEMPLATE_DIALOG(TEMPLATE_REMOVE, KEY('d'), "remove-template", "remove the selected template", TEMPLATE_REMOVE,
	template_remove)
OPEN_BOARD(WEBHOOKS, PAIR('g', 'w'), "webhooks", "endpoints, and deliveries: due, given up, sent", webhooks)
ROW(REPLAY, KEY('r'), "replay", "send the webhook here again", BOARDS, WEBHOOKS, WEBHOOK_REPLAY, VIEWER, true,
	order, board_open_row_dialog, .arg_name = "", .opened_dialog = &replay_dialog)
OPEN_BOARD(OFFERS, PAIR('g', 'o'), "offers", "changes that wait for a second admin or lead", offers)
OPEN_BOARD(STATS, PAIR('g', 'f'), "stats", "figures of the desk: days, ages, decisions, reasons, lists", stats)
ROW(TEAM, PAIR('g', 'r'), "team", "each reviewer's cases: held, overdue, decided today", BOARDS, DESK, COUNT,
	REVIEWER, false, order, board_show, .arg_name = "a name", .shown_board = &team_board, .item_board = &member_board)
ROW(AUDIT, PAIR('g', 'a'), "audit", "the audit log: actor:NAME action:WORD session:CASE since:2d", BOARDS, DESK,
	COUNT, VIEWER, false, order, board_show, .arg_name = "filter words", .shown_board = &audit_board,
	.item_board = &audit_board)
OPEN_BOARD(TODAY, PAIR('g', 'h'), "today", "what you decided and changed today; Enter opens the case", audit)
LOOK(AUDIT_NARROW, KEY('/'), "narrow-log", "filter the audit log by actor, action, case or time", BOARDS, AUDIT,
	audit_edit_filter)
LOOK(PALETTE, KEY(':'), "palette", "all actions, by name", PROGRAM, EVERYWHERE, action_open_palette)
LOOK(HELP, KEY('?'), "help", "all keys", PROGRAM, EVERYWHERE, help_toggle)
ROW(THEME, PAIR('g', 'c'), "theme", "colours: Up and Down try a theme, Enter keeps it", PROGRAM, DESK, COUNT,
	VIEWER, false, order, theme_choose, .arg_name = "a name", .list_arguments = theme_names)
LOOK(REDRAW, CONTROL('l'), "redraw", "draw the whole screen again", PROGRAM, EVERYWHERE, action_redraw)
LOOK(SUSPEND, CONTROL('z'), "suspend", "suspend the program; fg resumes it", PROGRAM, EVERYWHERE, action_suspend)

#undef KEY
#undef PAIR
#undef CONTROL
#undef SPECIAL_KEY
#undef NO_KEY
#undef ROW
#undef NAVIGATION
#undef LOOK
#undef LOOK_WITH_REQUEST
#undef NAMED
#undef DO
#undef DIALOG
#undef OPEN
#undef ORDER_DIALOG
#undef MERCHANT_KEY
#undef TEMPLATE_DIALOG
#undef OPEN_BOARD
#undef MORE_ENTRY
#undef ACTION
#undef UNBOUND
/* clang-format on */
