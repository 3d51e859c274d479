/* A row for each action and dialog: the case where it is tried, and the keys before it. */
#include "places.h"

#define ROW(command_, verb_, does_, ...)                                                                           \
	{                                                                                                          \
		.command = COMMAND_##command_, .verb = verb_, .does = does_, __VA_ARGS__                           \
	}
#define MOVE(command_) ROW(command_, NO_VERB, LOOKS, .ref = "RAL-1")
#define DIALOG(command_, NAME, kind, ref_, ...)                                                                    \
	ROW(command_, VERB_##NAME, OPENS, .dialog = &kind##_dialog, .ref = ref_, __VA_ARGS__)
#define OFFERED(command_, NAME, kind, ref_, code_, ...)                                                            \
	ROW(MORE, VERB_##NAME, OFFERS, .dialog = &kind##_dialog, .ref = ref_, .code = code_, __VA_ARGS__),         \
		ROW(command_, VERB_##NAME, OFFERS, .dialog = &kind##_dialog, .ref = ref_, .code = code_,           \
		    __VA_ARGS__)
#define ADDRESS(name) &name##_dialog,
const struct dialog_spec *const all_dialogs[] = { DIALOGS(ADDRESS) };
#undef ADDRESS
const size_t all_dialog_count = sizeof all_dialogs / sizeof all_dialogs[0];

size_t dialog_number(const struct dialog_spec *spec)
{
	size_t number = 0;
	while (number < all_dialog_count && all_dialogs[number] != spec)
		number++;
	cr_assert_lt(number, all_dialog_count, "\"%s\" is not among dialogs.h", spec->asking);
	return number;
}

const struct row rows[] = {
	/* looking and moving */
	MOVE(DOWN),
	MOVE(UP),
	MOVE(PAGE_DOWN),
	MOVE(PAGE_UP),
	MOVE(FIRST),
	MOVE(LAST),
	MOVE(LEFT),
	MOVE(RIGHT),
	MOVE(NEXT_PANE),
	MOVE(PREVIOUS_PANE),
	MOVE(CHOOSE),
	MOVE(BACK),
	MOVE(QUIT),
	MOVE(CASE_BEFORE),
	MOVE(HELP),
	MOVE(PALETTE),
	ROW(FILTER, NO_VERB, LOOKS, .ref = ""),
	ROW(SORT, NO_VERB, LOOKS, .ref = ""),
	ROW(MARK, NO_VERB, LOOKS, .ref = ""),
	ROW(MARK_RANGE, NO_VERB, LOOKS, .ref = "", .keys = " "),
	ROW(MARK_ALL, NO_VERB, LOOKS, .ref = ""),
	ROW(UNMARK, NO_VERB, LOOKS, .ref = "", .keys = " "),
	ROW(VIEW, NO_VERB, LOOKS, .ref = ""),
	ROW(VIEW_DUE, NO_VERB, LOOKS, .ref = ""),
	ROW(VIEW_KEEP, NO_VERB, LOOKS, .ref = ""),
	ROW(VIEW_FORGET, NO_VERB, LOOKS, .ref = ""),
	ROW(OPEN, NO_VERB, LOOKS, .ref = ""),
	ROW(OPEN, NO_VERB, LOOKS, .ref = "RAL-1", .keys = "3"),
	ROW(OPEN, NO_VERB, LOOKS, .ref = "RAL-1", .keys = "6"),
	ROW(CHART, NO_VERB, LOOKS, .ref = "RAL-1", .keys = "3"),
	ROW(DETAILS, NO_VERB, LOOKS, .ref = "RAL-1", .keys = "3"),
	ROW(HISTORY, NO_VERB, LOOKS, .ref = "RAL-1", .keys = "6"),
	ROW(COMPARE, NO_VERB, LOOKS, .ref = "RAL-1", .keys = "6D"),
	ROW(TIMELINE, NO_VERB, LOOKS, .ref = "RAL-1", .keys = "6"),
	ROW(SEARCH, NO_VERB, ELSEWHERE, .why = "in an open document only, of which OPEN has a row"),
	ROW(MATCH_NEXT, NO_VERB, ELSEWHERE, .why = "likewise"),
	ROW(MATCH_PREVIOUS, NO_VERB, ELSEWHERE, .why = "likewise"),
	ROW(TICK, NO_VERB, ELSEWHERE, .why = "likewise"),
	ROW(ZOOM_IN, NO_VERB, ELSEWHERE, .why = "likewise"),
	ROW(ZOOM_OUT, NO_VERB, ELSEWHERE, .why = "likewise"),
	ROW(PAGE_PICTURE, NO_VERB, ELSEWHERE, .why = "likewise"),
	ROW(RUN, VERB_COMMAND_RUN, ELSEWHERE, .why = "commands.json has none here: own_commands_test.c tries them"),
	ROW(COPY, NO_VERB, ELSEWHERE, .why = "speaks to the terminal, never to the store"),
	ROW(THEME, NO_VERB, LOOKS, .ref = ""),
	ROW(REDRAW, NO_VERB, ELSEWHERE, .why = "likewise"),
	ROW(SUSPEND, NO_VERB, ELSEWHERE, .why = "likewise"),
	ROW(NONE, NO_VERB, ELSEWHERE, .why = "no action"),
	DIALOG(APPROVE, APPROVE, approve, "RAL-1"),
	DIALOG(APPROVE, APPROVE, approve, "", .keys = "/RAL-1\n"),
	DIALOG(APPROVE, APPROVE, approve, "RAL-1", .keys = "2\n"), /* from its open document */
	DIALOG(REJECT, REJECT, reject, "RAL-1"),
	DIALOG(REJECT, REJECT, reject, "RAL-1", .keys = "2\n"),
	DIALOG(CORRECTIONS, CORRECTIONS, corrections, "RAL-1", .decides = true),
	DIALOG(CORRECTIONS, CORRECTIONS, corrections, "RAL-1", .keys = "2\n", .decides = true),
	ROW(UNDO, VERB_UNDO, ACTS, .ref = "KYC-1", .own = FIRST(APPROVE)),
	ROW(UNDO, VERB_REVIEW_UNDO, ACTS, .ref = "DOC-1", .own = FIRST(DOCUMENT_ACCEPT)),
	DIALOG(UNDO_LIST, UNDO, undo, "KYC-1", .own = FIRST(APPROVE)),
	ROW(MORE, NO_VERB, OPENS, .dialog = &more_dialog, .ref = "RAL-1"),
	/* among what else can be done, and by its name: chosen already */
	OFFERED(CONFIRM, CONFIRM, more, "CON-1", "judgement.confirm", .keys = ""),
	OFFERED(ALERT_CLOSE, ALERT_CLOSE, more, "ALE-1", "alert.close", .keys = ""),
	OFFERED(PROCESS, PROCESS, more, "COM-1", "session.process", .keys = ""),
	OFFERED(VALIDATE, VALIDATE, more, "RAL-1", "session.validate", .keys = ""),
	OFFERED(ESCALATE, ESCALATE, more, "COM-1", "session.escalate", .keys = ""),
	OFFERED(WITHDRAW, WITHDRAW, more, "ASK-1", "session.withdraw", .keys = ""),
	OFFERED(REACTIVATE, REACTIVATE, more, "EXP-1", "session.reactivate", .keys = ""),
	OFFERED(REOPEN, REOPEN, more, "APP-1", "session.reopen", .keys = "", .decides = true),
	DIALOG(OPEN_OUTSIDE, DOCUMENT_SAVE, outside, "RAL-1", .keys = "2"),
	OFFERED(DOCUMENT_SAVE, DOCUMENT_SAVE, save, "RAL-1", "document.save", .keys = "2"),
	OFFERED(KYC_REMOVE, SUBSESSION_REMOVE, kyc_remove, "RAL-1", "subsession.remove", .keys = "3"),
	OFFERED(LINK_SHOW, LINK_SHOW, link_show, "RAL-1", "link.show", .keys = ""),
	OFFERED(DOCUMENT_ADD, DOCUMENT_ADD, add, "RAL-1", "document.add", .keys = ""),
	OFFERED(DELETE, DELETE, delete, "DRA-1", "session.delete", .keys = ""),
	OFFERED(REFER, REFER, refer, "RAL-1", "case.refer", .keys = ""),
	OFFERED(SUSPICION, SUSPICION_OPEN, more, "RAL-1", "suspicion.open", .keys = ""),
	OFFERED(SUSPICION_CLOSE, SUSPICION_CLOSE, suspicion_close, "SUS-1", "suspicion.close", .keys = ""),
	OFFERED(ASSIGN, ASSIGN, assign, "RAL-1", "case.assign", .keys = ""),
	OFFERED(LINK_NEW, LINK, party_link, "RAL-1", "link.new", .keys = ""),
	ROW(MORE, VERB_STEP_EDIT, OFFERS, .dialog = &step_dialog, .ref = "RAL-1", .code = "step:company_info"),
	ROW(BULK, NO_VERB, OPENS, .dialog = &bulk_dialog, .ref = "", .keys = " "),
	ROW(BULK, VERB_CLAIM, OFFERS, .dialog = &bulk_do_dialog, .ref = "", .keys = "*", .code = "claim"),
	ROW(CLAIM, VERB_CLAIM, ACTS, .ref = "RAL-1"),
	ROW(CLAIM, VERB_RELEASE, ACTS, .ref = "RAL-1", .own = FIRST(CLAIM)),
	DIALOG(CLAIM, ASSIGN, take_over, "HEL-1"),
	DIALOG(APPROVE, ASSIGN, take_over, "HEL-1"),
	ROW(NEXT_CASE, VERB_NEXT, ACTS, .ref = "", .may_continue = true),
	DIALOG(SNOOZE, SNOOZE, snooze, "RAL-1"),
	DIALOG(SNOOZE, WAKE, snooze, "SNO-1"),
	ROW(NOTE, VERB_NOTE, WRITES, .ref = "RAL-1"),
	ROW(NOTE_PIN, VERB_NOTE_PIN, ACTS, .ref = "RAL-1", .keys = "6", .own = FIRST(NOTE)),
	ROW(NOTE_READ, VERB_NOTE_READ, ACTS, .ref = "DRA-1"),
	ROW(REVEAL, VERB_REVEAL, REVEALS, .ref = "RAL-1", .own = FIRST(CLAIM)),
	ROW(OPEN, VERB_DOCUMENT_OPEN, SHOWS, .ref = "RAL-1", .keys = "2", .own = FIRST(CLAIM)),
	ROW(FORM, VERB_DOCUMENT_OPEN, SHOWS, .ref = "RAL-1", .keys = "2", .own = FIRST(CLAIM)),
	ROW(BESIDE, VERB_DOCUMENT_OPEN, SHOWS, .ref = "RAL-1", .keys = "2", .own = FIRST(CLAIM)),
	DIALOG(ACCEPT_ITEM, DOCUMENT_ACCEPT, accept, "DOC-1", .keys = "2"),
	DIALOG(REJECT_ITEM, DOCUMENT_REJECT, document_reject, "DOC-1", .keys = "2"),
	ROW(ACCEPT_ITEM, VERB_CORRECTION_ACCEPT, ACTS, .ref = "ANS-1", .keys = "5"),
	/* checks, and what blocks */
	DIALOG(OPEN, HIT_RESOLVE, hit, "HIT-1", .keys = "4j"),
	ROW(OPEN, VERB_HIT_ACCEPT, OFFERS, .dialog = &hit_dialog, .ref = "PEP-1", .keys = "4j", .code = "accepted",
	    .may_continue = true),
	DIALOG(OPEN, HIT_ACCEPT, hit, "PEP-1", .may_continue = true),
	DIALOG(OPEN, CHECK_WAIVE, waive, "CRY-1", .keys = "4"),
	DIALOG(OPEN, PARTY_GAP, gap, "GAP-1", .may_continue = true),
	DIALOG(OPEN, SUSPICION_CLOSE, suspicion_close, "SUS-1", .may_continue = true),
	DIALOG(OPEN, DUPLICATE_DISMISS, duplicate, "DUP-1", .may_continue = true),
	ROW(OPEN, VERB_DUPLICATE_DISMISS, OFFERS, .dialog = &duplicate_dialog, .ref = "DUP-1", .code = "other",
	    .may_continue = true),
	ROW(OPEN, VERB_DUPLICATE_LINK, OFFERS, .dialog = &duplicate_dialog, .ref = "DUP-1", .code = "same",
	    .may_continue = true),
	ROW(OPEN, VERB_CONFIRM, OFFERS, .dialog = &more_dialog, .ref = "CON-1", .code = "judgement.confirm",
	    .may_continue = true),
	ROW(OPEN, VERB_WITHDRAW, OFFERS, .dialog = &more_dialog, .ref = "ASK-1", .code = "session.withdraw",
	    .may_continue = true),
	DIALOG(OPEN, CORRECTIONS, corrections, "BAR-1", .decides = true, .may_continue = true),
	DIALOG(OPEN, CORRECTIONS, corrections, "BAR-1", .keys = "2", .decides = true),
	/* the sandbox: an account, and an order in processing */
	ROW(SANDBOX, NO_VERB, LOOKS, .ref = ""),
	DIALOG(FUND, PAYIN, fund, "", .keys = "gs"),
	DIALOG(ORDER_COMPLETE, ORDER_COMPLETE, order_complete, "", .keys = "gsj"),
	DIALOG(ORDER_FAIL, ORDER_FAIL, order_fail, "", .keys = "gsj"),
	DIALOG(ORDER_CANCEL, ORDER_CANCEL, order_cancel, "", .keys = "gsj\n"),
	/* merchants: a key of the merchant, and one of its provider */
	ROW(MERCHANTS, NO_VERB, LOOKS, .ref = ""),
	DIALOG(KEY_ADD, MERCHANT_KEY, key_add, "", .keys = "gm"),
	DIALOG(PROVIDER_KEY, PROVIDER_KEY, provider_key, "", .keys = "gm\n"),
	DIALOG(KEY_ROTATE, MERCHANT_KEY_ROTATE, key_rotate, "", .keys = "gmj\n"),
	DIALOG(KEY_REVOKE, MERCHANT_KEY_REVOKE, key_revoke, "", .keys = "gmj\n"),
	DIALOG(KEY_REVOKE, PROVIDER_KEY_REVOKE, key_revoke, "", .keys = "gmj\nj"),
	/* templates of messages: one in two languages */
	ROW(TEMPLATES, NO_VERB, LOOKS, .ref = ""),
	DIALOG(TEMPLATE_ADD, TEMPLATE_SET, template, "", .keys = "gl"),
	DIALOG(TEMPLATE_EDIT, TEMPLATE_SET, template, "", .keys = "gl"),
	DIALOG(TEMPLATE_REMOVE, TEMPLATE_REMOVE, template_remove, "", .keys = "gl"),
	/* webhooks: one that arrived */
	ROW(WEBHOOKS, NO_VERB, LOOKS, .ref = ""),
	DIALOG(REPLAY, WEBHOOK_REPLAY, replay, "", .keys = "gwG"),
	/* figures, and the log */
	ROW(STATS, NO_VERB, LOOKS, .ref = ""),
	ROW(TEAM, NO_VERB, LOOKS, .ref = ""),
	ROW(AUDIT, NO_VERB, LOOKS, .ref = ""),
	ROW(AUDIT_NARROW, NO_VERB, LOOKS, .ref = "", .keys = "ga"),
	/* parties */
	DIALOG(PARTY_ADD, PARTY_ADD, party, "RAL-1", .keys = "3"),
	DIALOG(PARTY_ADD, PARTY_COPY, party, "RAL-1", .keys = "3"),
	DIALOG(PARTY_EDIT, PARTY_EDIT, party, "RAL-1", .keys = "3"),
	DIALOG(PARTY_EDIT, PARTY_OWN, party, "RAL-1", .keys = "3"),
	DIALOG(PARTY_REMOVE, PARTY_REMOVE, party_remove, "RAL-1", .keys = "3"),
	DIALOG(PARTY_KYC, SUBSESSION_ADD, kyc_add, "BAR-1", .keys = "3"),
	DIALOG(PARTY_LINK, LINK, party_link, "RAL-1", .keys = "3"),
	DIALOG(PARTY_VERIFY, PARTY_VERIFY, party_verify, "DOC-1", .keys = "3"),
	DIALOG(PARTY_VERIFY, PARTY_UNVERIFY, party_verify, "VER-1", .keys = "3"),
};
const size_t row_count = sizeof rows / sizeof *rows;
