/*
 * Permissions: one row for each verb of include/kybdesk/desk/verbs.h, written a second time from the rules of the
 * domain, independently of that table. The matrix tests of the desk, of commands, of the workbench and of the API use
 * these rows. A row is
 *
 *   X(NAME, least role, other capacities, case, SCREEN(places of the workbench), members of struct verb_row)
 *
 * least role    lowest role of staff: "viewer", "reviewer", "lead", "admin"; "": staff may not use the verb
 * capacities    other capacities that may use the verb; verb_rows.c defines their names
 * case          the function of tests/unit/desk/matrix_*.c that makes a case on which the verb succeeds
 * SCREEN        the UI actions for the verb, for tests/unit/tui/place_rows.c, on a case of places.c; if empty,
 *               .no_action has the reason
 * COMMANDS      the commands for the verb; if there is none, .no_command has the reason
 */
#ifndef KYB_TESTS_SUPPORT_VERB_ROWS_H
#define KYB_TESTS_SUPPORT_VERB_ROWS_H

#include "kybdesk/desk/verbs.h"

/* A command as typed, and the setup of a store in which it succeeds (tests/cli/matrix_test.c). */
struct verb_command {
	const char *line;   /* quoted for the shell; $ID is the result of `id`; NULL: none */
	const char *before; /* setup in shell; k: the program; NULL: none */
	const char *id;	    /* SQL that finds $ID, run after `before`; NULL: none */
	const char *places; /* capacities to try with --for (FOR_OWNERS, …); NULL: none */
	bool own;	    /* the actor itself must run `before` */
	bool elsewhere;	    /* its effect is in another store */
	bool unrecorded;    /* writes no audit record: everyone can read the audit log */
	const char *word;   /* action in the audit log; NULL: the verb's own word */
	/* As `word`, if the actor is supervised: an approval or a rejection then needs a second reviewer. */
	const char *supervised_word;
};
#define VERB_COMMANDS_MAX 5

struct verb_row {
	const char *least;     /* lowest role of staff; "": staff may not use the verb */
	unsigned capacities;   /* bits as in use_case.capacities, but without staff */
	const char *no_action; /* why the workbench does not have the verb; NULL: it does */
	/* A verb of staff on a case is refused if: h a colleague holds the case, v its version has changed, d it is
	 * decided, x it is rejected, r a reason is missing, R a reason is missing after submission. NULL: acts on no case. */
	const char *gates;
	enum material material; /* contribution of staff; other capacities contribute data, the system nothing */
	const char *supervised; /* text of the refusal of a supervised reviewer; NULL: not refused */
	const char *no_command; /* why no command has the verb; NULL: a command does */
	struct verb_command commands[VERB_COMMANDS_MAX];
};
/* Indexed by verb. */
extern const struct verb_row verb_rows[VERB_COUNT];

/* clang-format off */
#define VERB_ROWS(X) \
	X(APPROVE, "reviewer", SANDBOX_KEY | OWN_KEY, ready, \
	  SCREEN(DIALOG(APPROVE, APPROVE, approve, "RAL-1") \
		 DIALOG(APPROVE, APPROVE, approve, "", .keys = "/RAL-1\n") \
		 DIALOG(APPROVE, APPROVE, approve, "RAL-1", .keys = "2\n")), \
	  .gates = "hv", COMMANDS({ "approve KYC-1", .supervised_word = FIRST_APPROVAL_ACTION })) \
	X(REJECT, "reviewer", SANDBOX_KEY | OWN_KEY, rejected, \
	  SCREEN(DIALOG(REJECT, REJECT, reject, "RAL-1") DIALOG(REJECT, REJECT, reject, "RAL-1", .keys = "2\n")), \
	  .gates = "hv", COMMANDS({ "reject KYC-1 --reason other", .supervised_word = FIRST_REJECTION_ACTION })) \
	X(CORRECTIONS, "reviewer", SANDBOX_KEY | OWN_KEY, asked, \
	  SCREEN(DIALOG(CORRECTIONS, CORRECTIONS, corrections, "RAL-1", .decides = true) \
		 DIALOG(CORRECTIONS, CORRECTIONS, corrections, "RAL-1", .keys = "2\n", .decides = true) \
		 DIALOG(OPEN, CORRECTIONS, corrections, "BAR-1", .decides = true, .may_continue = true) \
		 DIALOG(OPEN, CORRECTIONS, corrections, "BAR-1", .keys = "2", .decides = true)), \
	  .gates = "hv", .supervised = ALONE, \
	  COMMANDS({ "corrections RAL-1 --step company_info --message 'Say it again.'" })) \
	X(REOPEN, "lead", 0, decided, \
	  SCREEN(OFFERED(REOPEN, REOPEN, more, "APP-1", "reopen", .keys = "", .decides = true)), \
	  .gates = "hvr", COMMANDS({ "reopen KYC-1 --reason " LONG, .before = "k approve KYC-1" })) \
	X(UNDO, "reviewer", 0, decided, \
	  SCREEN(ROW(UNDO, VERB_UNDO, ACTS, .ref = "KYC-1", .own = FIRST(APPROVE)) \
		 DIALOG(UNDO_LIST, UNDO, undo, "KYC-1", .own = FIRST(APPROVE))), \
	  .gates = "hv", .supervised = "only rita can undo it", \
	  COMMANDS({ "undo KYC-1", .before = "k approve KYC-1 --as \"$WHO\"", .own = true, \
		     .supervised_word = UNDO_FIRST_ACTION })) \
	X(WITHDRAW, "reviewer", SANDBOX_KEY | OWN_KEY, with_client, \
	  SCREEN(OFFERED(WITHDRAW, WITHDRAW, more, "ASK-1", "withdraw", .keys = "") \
		 ROW(OPEN, VERB_WITHDRAW, OFFERS, .dialog = &more_dialog, .ref = "ASK-1", \
		     .code = "withdraw", .may_continue = true)), \
	  .gates = "hv", COMMANDS({ "corrections RAL-1 --withdraw", .before = ASKED })) \
	X(REACTIVATE, "reviewer", KEY | OWN_KEY, expired, \
	  SCREEN(OFFERED(REACTIVATE, REACTIVATE, more, "EXP-1", "reactivate", .keys = "")), \
	  .gates = "hv", \
	  COMMANDS({ "reactivate EXP-1 --extend 3", .before = "person EXP-1 expired" }, \
		   { "reactivate --filter status:expired", .before = "person EXP-1 expired" })) \
	X(ESCALATE, "reviewer", KEY | OWN_KEY, completed, \
	  SCREEN(OFFERED(ESCALATE, ESCALATE, more, "COM-1", "escalate", .keys = "")), \
	  .gates = "hv", COMMANDS({ "escalate COM-1", .before = "person COM-1 completed" })) \
	X(PROCESS, "reviewer", KEY | OWN_KEY, to_process, \
	  SCREEN(OFFERED(PROCESS, PROCESS, more, "COM-1", "process", .keys = "")), \
	  .gates = "hv", COMMANDS({ "process COM-1", .before = "person COM-1 completed" })) \
	X(PROCESS_DUE, "", SYSTEM, in_processing, SCREEN(), NOWHERE(THE_SYSTEMS)) \
	X(EXPIRE, "", SYSTEM, ran_out, SCREEN(), NOWHERE(THE_SYSTEMS)) \
	X(DOCUMENT_END, "", SYSTEM, matrix_half_document, SCREEN(), NOWHERE(THE_SYSTEMS)) \
	X(REMIND, "", SYSTEM, idle, SCREEN(), NOWHERE(THE_SYSTEMS)) \
	X(RESCHEDULE, "", SYSTEM, ready, SCREEN(), NOWHERE(THE_SYSTEMS)) \
	X(CLAIM, "reviewer", 0, ready, \
	  SCREEN(ROW(BULK, VERB_CLAIM, OFFERS, .dialog = &bulk_do_dialog, .ref = "", .keys = "*", .code = "claim") \
		 ROW(CLAIM, VERB_CLAIM, ACTS, .ref = "RAL-1")), \
	  .gates = "h", COMMANDS({ "claim RAL-1" })) \
	X(NEXT, "reviewer", 0, any_free, SCREEN(ROW(NEXT_CASE, VERB_NEXT, ACTS, .ref = "", .may_continue = true)), \
	  COMMANDS({ "next" })) \
	X(RELEASE, "reviewer", 0, held, \
	  SCREEN(ROW(CLAIM, VERB_RELEASE, ACTS, .ref = "RAL-1", .own = FIRST(CLAIM))), \
	  .gates = "", COMMANDS({ "release RAL-1", .before = "k claim RAL-1 --as \"$WHO\"", .own = true })) \
	X(ASSIGN, "lead", 0, assigned, \
	  SCREEN(OFFERED(ASSIGN, ASSIGN, assign, "RAL-1", "assign", .keys = "") \
		 DIALOG(CLAIM, ASSIGN, take_over, "HEL-1") DIALOG(APPROVE, ASSIGN, take_over, "HEL-1")), \
	  .gates = "", \
	  COMMANDS({ "claim RAL-1 --take-over", .before = "k claim RAL-1" }, \
		   { "assign RAL-1 a-reviewer" }, \
		   { "assign --filter merchant:shop a-reviewer" })) \
	X(REFER, "reviewer", 0, assigned, SCREEN(OFFERED(REFER, REFER, refer, "RAL-1", "refer", .keys = "")), \
	  .gates = "hvdr", COMMANDS({ "refer RAL-1 --to lead --reason " LONG })) \
	X(SNOOZE, "reviewer", 0, ready, SCREEN(DIALOG(SNOOZE, SNOOZE, snooze, "RAL-1")), .gates = "hvdr", \
	  COMMANDS({ "snooze RAL-1 --until 2d --reason " LONG }, \
		   { "snooze --filter merchant:shop --until 2d --reason " LONG })) \
	X(WAKE, "reviewer", 0, asleep, SCREEN(DIALOG(SNOOZE, WAKE, snooze, "SNO-1")), .gates = "hvd", \
	  COMMANDS({ "snooze RAL-1 --end", .before = "k snooze RAL-1 --until 2d --reason " LONG })) \
	X(REVEAL, "reviewer", 0, held, \
	  SCREEN(ROW(REVEAL, VERB_REVEAL, REVEALS, .ref = "RAL-1", .own = FIRST(CLAIM))), \
	  .gates = "", \
	  COMMANDS({ "show RAL-1 --reveal", .before = "k claim RAL-1 --as \"$WHO\"", .own = true }, \
		   { "duplicate list RAL-1 --reveal", .before = "k claim RAL-1 --as \"$WHO\"", .own = true }, \
		   { "export RAL-1 --bods --reveal", .before = "k claim RAL-1 --as \"$WHO\"", .own = true }, \
		   { "webhook show \"$ID\" --reveal", .before = ASKED "; k claim RAL-1 --as \"$WHO\"", \
		     .id = "SELECT uuid FROM outbox_event", .own = true })) \
	X(DOCUMENT_OPEN, "reviewer", 0, with_document, \
	  SCREEN(ROW(OPEN, VERB_DOCUMENT_OPEN, SHOWS, .ref = "RAL-1", .keys = "2", .own = FIRST(CLAIM)) \
		 ROW(FORM, VERB_DOCUMENT_OPEN, SHOWS, .ref = "RAL-1", .keys = "2", .own = FIRST(CLAIM)) \
		 ROW(BESIDE, VERB_DOCUMENT_OPEN, SHOWS, .ref = "RAL-1", .keys = "2", .own = FIRST(CLAIM))), \
	  .gates = "", .no_command = "is done in the workbench, which shows it; a command saves it") \
	X(DOCUMENT_SAVE, "reviewer", KEY, with_document, \
	  SCREEN(DIALOG(OPEN_OUTSIDE, DOCUMENT_SAVE, outside, "RAL-1", .keys = "2") \
		 OFFERED(DOCUMENT_SAVE, DOCUMENT_SAVE, save, "RAL-1", "save-document", .keys = "2")), \
	  .gates = "", COMMANDS({ "document save RAL-1 PROOF_OF_ADDRESS -o -" })) \
	X(EVIDENCE_EXPORT, "lead", 0, ready, SCREEN(), \
	  .gates = "", .no_action = "an archive is a file for an auditor, in front of no screen", \
	  COMMANDS({ "evidence RAL-1 -o -" })) \
	X(COMMAND_RUN, "reviewer", 0, matrix_own_command, \
	  SCREEN(ROW(RUN, VERB_COMMAND_RUN, ELSEWHERE, \
		     .why = "commands.json has none here: own_commands_test.c tries them")), \
	  .gates = "", \
	  .no_command = "starts a program of the reviewer's own, which a shell starts without the workbench") \
	X(NOTE, "reviewer", 0, ready, SCREEN(ROW(NOTE, VERB_NOTE, WRITES, .ref = "RAL-1")), .gates = "", \
	  COMMANDS({ "note RAL-1 'A note.'" })) \
	X(NOTE_PIN, "reviewer", 0, matrix_noted, \
	  SCREEN(ROW(NOTE_PIN, VERB_NOTE_PIN, ACTS, .ref = "RAL-1", .keys = "6", .own = FIRST(NOTE))), \
	  .gates = "", \
	  COMMANDS({ "note pin RAL-1 1", .before = "k note RAL-1 'A note.' --as \"$WHO\"", .own = true })) \
	X(NOTE_READ, "reviewer", 0, matrix_mentioned, \
	  SCREEN(ROW(NOTE_READ, VERB_NOTE_READ, ACTS, .ref = "DRA-1")), \
	  .gates = "", \
	  COMMANDS({ "note read RAL-1", .before = "k note RAL-1 \"@$WHO: look at it\"", .own = true })) \
	X(DOCUMENT_ACCEPT, "reviewer", 0, unread_document, \
	  SCREEN(DIALOG(ACCEPT_ITEM, DOCUMENT_ACCEPT, accept, "DOC-1", .keys = "2")), \
	  .gates = "hvd", COMMANDS({ "document accept RAL-1 BUSINESS_NUMBER" })) \
	X(DOCUMENT_REJECT, "reviewer", 0, unread_document, \
	  SCREEN(DIALOG(REJECT_ITEM, DOCUMENT_REJECT, document_reject, "DOC-1", .keys = "2")), \
	  .gates = "hvd", COMMANDS({ "document reject RAL-1 BUSINESS_NUMBER --reason blurry" })) \
	X(DOCUMENT_ADD, "reviewer", OWNERS, new_document, \
	  SCREEN(OFFERED(DOCUMENT_ADD, DOCUMENT_ADD, add, "RAL-1", "add-document", .keys = "")), \
	  .gates = "hvd", .material = MATERIAL_DATA, \
	  COMMANDS({ "document add RAL-1 BUSINESS_NUMBER a.pdf", \
		     .before = "k document reject RAL-1 BUSINESS_NUMBER --reason blurry" }, \
		   { "document add DRA-1 BUSINESS_NUMBER a.pdf", .places = FOR_OWNERS })) \
	X(DOCUMENT_RECORD, "reviewer", OWNERS, new_record, SCREEN(), .gates = "hvd", .material = MATERIAL_DATA, \
	  .no_action = "says that a file will come by the merchant's upload link; a reviewer who has the file adds it", \
	  COMMANDS({ "document add AVE-1 CERTIFICATE-OF-INCORPORATION" }, \
		   { "document add AVE-1 CERTIFICATE-OF-INCORPORATION", .places = FOR_OWNERS })) \
	X(STEP_EDIT, "reviewer", 0, edited_step, \
	  SCREEN(ROW(MORE, VERB_STEP_EDIT, OFFERS, .dialog = &step_dialog, .ref = "RAL-1", \
		     .code = "step:company_info")), \
	  .gates = "hvdR", .material = MATERIAL_DATA, \
	  COMMANDS({ "step edit RAL-1 company_info --field business_activity=Crabs --reason " LONG })) \
	X(HIT_RESOLVE, "reviewer", 0, with_hit, SCREEN(DIALOG(OPEN, HIT_RESOLVE, hit, "HIT-1", .keys = "4j") \
	  OFFERED(ALERT, HIT_RESOLVE, alert, "ALE-1", "alert", .keys = "")), \
	  .gates = "hvx", \
	  COMMANDS({ "check resolve HIT-1 \"$ID\" --as-false-positive --reason different_birth_date " \
		     "--note " LONG, \
		     .before = "hit pep", .id = HIT })) \
	X(RESULT_JUDGE, "reviewer", 0, failed_screening, \
	  SCREEN(DIALOG(OPEN, RESULT_JUDGE, judge, "CRY-1", .keys = "4jj\n")), .gates = "hvr", \
	  .material = MATERIAL_VERDICT, \
	  COMMANDS({ "check judge CRY-1 crypto.1 --verdict cleared --reason " LONG, \
		     .before = "person CRY-1 manual_review ',\"checks\":[{\"kind\":\"crypto\",\"status\":\"failed\"}]'" })) \
	X(HIT_ACCEPT, "lead", 0, confirmed, \
	  SCREEN(ROW(OPEN, VERB_HIT_ACCEPT, OFFERS, .dialog = &hit_dialog, .ref = "PEP-1", .keys = "4j", \
		     .code = "accepted", .may_continue = true) \
		 DIALOG(OPEN, HIT_ACCEPT, hit, "PEP-1", .may_continue = true)), \
	  .gates = "hvdr", .material = MATERIAL_VERDICT, \
	  COMMANDS({ "check accept HIT-1 \"$ID\" --reason " LONG, .id = HIT, \
		     .before = "hit pep; k check resolve HIT-1 \"$(first HIT-1 hits)\" --as-match --reason same_person" })) \
	X(CHECK_WAIVE, "lead", 0, failed_check, SCREEN(DIALOG(OPEN, CHECK_WAIVE, waive, "CRY-1", .keys = "4\nj")), \
	  .gates = "hvdr", .material = MATERIAL_VERDICT, \
	  COMMANDS({ "check waive CRY-1 crypto --reason " LONG, \
		     .before = "person CRY-1 manual_review ',\"checks\":[{\"kind\":\"crypto\",\"status\":\"error\"}]'" })) \
	X(CONFIRM, "reviewer", 0, unconfirmed, \
	  SCREEN(OFFERED(CONFIRM, CONFIRM, more, "CON-1", "confirm", .keys = "") \
		 ROW(OPEN, VERB_CONFIRM, OFFERS, .dialog = &more_dialog, .ref = "CON-1", \
		     .code = "confirm", .may_continue = true)), \
	  .gates = "hvd", COMMANDS({ "confirm AVE-1 --all", .before = RENAMED })) \
	X(VALIDATE, "reviewer", KEY, ready, \
	  SCREEN(OFFERED(VALIDATE, VALIDATE, more, "RAL-1", "validate", .keys = "")), \
	  .gates = "hvd", \
	  COMMANDS({ "validate RAL-1" }, \
		   { "validate --filter merchant:shop" })) \
	X(CORRECTION_ACCEPT, "reviewer", 0, answered, \
	  SCREEN(ROW(ACCEPT_ITEM, VERB_CORRECTION_ACCEPT, ACTS, .ref = "ANS-1", .keys = "5")), \
	  .gates = "hvd", \
	  COMMANDS({ "corrections RAL-1 --accept \"$ID\"", .before = ANSWERED "; k correction hand-in RAL-1", \
		     .id = CORRECTION })) \
	X(CORRECTION_MOVE, "reviewer", 0, misplaced_answer, \
	  SCREEN(OFFERED(ANSWER_MOVE, CORRECTION_MOVE, answer, "ANS-1", "move-answer", .keys = "2")), .gates = "hvd", \
	  COMMANDS({ "corrections answer RAL-1 \"$ID\" --document \"$(last BUSINESS_NUMBER)\"", \
		     .before = "k corrections RAL-1 --document BUSINESS_NUMBER --message \"Say it again.\"; " \
			       "k document add RAL-1 BUSINESS_NUMBER a.pdf --for client; " \
			       "k document add RAL-1 BUSINESS_NUMBER a.pdf --for client", \
		     .id = CORRECTION })) \
	X(REVIEW_UNDO, "reviewer", 0, accepted_document, \
	  SCREEN(ROW(UNDO, VERB_REVIEW_UNDO, ACTS, .ref = "DOC-1", .own = FIRST(DOCUMENT_ACCEPT))), \
	  .gates = "hvd", \
	  COMMANDS({ "undo RAL-1 --document BUSINESS_NUMBER", .own = true, \
		     .before = "k document accept RAL-1 BUSINESS_NUMBER --as \"$WHO\"" })) \
	X(DUPLICATE_DISMISS, "reviewer", 0, twin, \
	  SCREEN(DIALOG(OPEN, DUPLICATE_DISMISS, duplicate, "DUP-1", .may_continue = true) \
		 ROW(OPEN, VERB_DUPLICATE_DISMISS, OFFERS, .dialog = &duplicate_dialog, .ref = "DUP-1", \
		     .code = "other", .may_continue = true)), \
	  .gates = "hvdr", \
	  COMMANDS({ "duplicate dismiss RAL-1 RAL-2 --reason " LONG, \
		     .before = "sed 's/RAL-1/RAL-2/g' cases.ndjson >twin.ndjson; k import twin.ndjson" })) \
	X(DUPLICATE_LINK, "reviewer", 0, twin, \
	  SCREEN(ROW(OPEN, VERB_DUPLICATE_LINK, OFFERS, .dialog = &duplicate_dialog, .ref = "DUP-1", .code = "same", \
		     .may_continue = true)), \
	  .gates = "hvdr", \
	  COMMANDS({ "duplicate link RAL-1 RAL-2 --reason " LONG, \
		     .before = "sed 's/RAL-1/RAL-2/g' cases.ndjson >twin.ndjson; k import twin.ndjson" })) \
	X(SUSPICION_OPEN, "reviewer", 0, ready, \
	  SCREEN(OFFERED(SUSPICION, SUSPICION_OPEN, more, "RAL-1", "suspicion", .keys = "") \
		 OFFERED(SUSPICION_ABOUT, SUSPICION_OPEN, suspicion_about, "RAL-1", "suspicion-about", .keys = "")), \
	  .gates = "r", COMMANDS({ "suspicion open RAL-1 --reason " LONG, .unrecorded = true })) \
	X(SUSPICION_NOTE, "reviewer", 0, reported_to_leads, SCREEN(), \
	  .gates = "", .no_action = "few people write there, and not often", \
	  COMMANDS({ "suspicion note RAL-1 'A note.'", .unrecorded = true, \
		     .before = REPORTED "; k suspicion access RAL-1 --add a-reviewer; k suspicion access RAL-1 --add a-pupil" })) \
	X(SUSPICION_ACCESS, "lead", 0, reported_to_leads, SCREEN(), \
	  .gates = "", .no_action = "seldom, and with care", \
	  COMMANDS({ "suspicion access RAL-1 --add a-viewer", .unrecorded = true, .before = REPORTED })) \
	X(SUSPICION_CLOSE, "lead", 0, reported_to_leads, \
	  SCREEN(OFFERED(SUSPICION_CLOSE, SUSPICION_CLOSE, suspicion_close, "SUS-1", "close-suspicion", .keys = "") \
		 DIALOG(OPEN, SUSPICION_CLOSE, suspicion_close, "SUS-1", .may_continue = true)), \
	  .gates = "r", \
	  COMMANDS({ "suspicion close RAL-1 --not-filed --reason " LONG, .unrecorded = true, .before = REPORTED })) \
	X(LEGAL_HOLD_SET, "lead", 0, ready, SCREEN(), \
	  .gates = "r", .no_action = "seldom, and often for many cases at once; the summary shows it", \
	  COMMANDS({ "hold set RAL-1 --reason " LONG })) \
	X(LEGAL_HOLD_RELEASE, "lead", 0, matrix_on_hold, SCREEN(), .gates = "r", .no_action = "likewise", \
	  COMMANDS({ "hold release RAL-1 --reason " LONG, .before = "k hold set RAL-1 --reason " LONG })) \
	X(LINK, "reviewer", KEY, ready, \
	  SCREEN(OFFERED(LINK_NEW, LINK, party_link, "RAL-1", "new-link", .keys = "") \
		 DIALOG(PARTY_LINK, LINK, party_link, "RAL-1", .keys = "3")), \
	  .gates = "hvd", .material = MATERIAL_DATA, \
	  COMMANDS({ "link RAL-1" }, \
		   { "link --filter merchant:shop --extend 3" }, \
		   { "subsession link RAL-1 'Ines Duarte'" }, \
		   { "subsession extend RAL-1 'Ines Duarte' --days 2", \
		     .before = "k subsession link RAL-1 'Ines Duarte'", .word = "link.extend" })) \
	X(LINK_SHOW, "reviewer", 0, with_link, \
	  SCREEN(OFFERED(LINK_SHOW, LINK_SHOW, link_show, "RAL-1", "show-link", .keys = "")), \
	  .gates = "", .material = MATERIAL_DATA, COMMANDS({ "link RAL-1 --show", .before = "k link RAL-1" })) \
	X(DELETE, "lead", SANDBOX_KEY, to_erase, \
	  SCREEN(OFFERED(DELETE, DELETE, delete, "DRA-1", "delete", .keys = "")), \
	  .gates = "hv", COMMANDS({ "delete DRA-1" })) \
	X(SESSION_OPEN, "", MERCHANT | INTAKE, not_there, SCREEN(), .no_action = FOR_CLIENT, \
	  COMMANDS({ "session open ralio-kyb --merchant shop --subject-kind business --uid biz-9 --name 'Mole Ltd' --ref NEW-1", .places = FOR_OWNERS })) \
	X(START, "", OWNERS, draft, SCREEN(), .no_action = FOR_CLIENT, \
	  COMMANDS({ "session start DRA-1", .places = FOR_OWNERS })) \
	X(STEP_SAVE, "", OWNERS, open_step, SCREEN(), .no_action = FOR_CLIENT, \
	  COMMANDS({ "step save AVE-1 company --field businessActivityDescription=Fish", .places = FOR_OWNERS })) \
	X(DOCUMENT_DELETE, "", OWNERS, drafted_document, SCREEN(), \
	  .no_action = FOR_CLIENT ": a reviewer rejects a document, and it stays on record", \
	  COMMANDS({ "document delete DRA-1 BUSINESS_NUMBER", .places = FOR_OWNERS, \
		     .before = "k document add DRA-1 BUSINESS_NUMBER a.pdf --for client" })) \
	X(COMPLETE, "", OWNERS, complete, SCREEN(), .no_action = FOR_CLIENT, \
	  COMMANDS({ "session complete DRA-1", .places = FOR_OWNERS, .before = STARTED })) \
	X(SUBMIT, "", OWNERS, complete, SCREEN(), .no_action = FOR_CLIENT, \
	  COMMANDS({ "session submit DRA-1", .places = FOR_OWNERS, .before = STARTED })) \
	X(ANSWER, "", OWNERS, to_answer, SCREEN(), .no_action = FOR_CLIENT, \
	  COMMANDS({ "correction answer RAL-1 \"$ID\" --words 'That is it.'", .places = FOR_OWNERS, .before = ASKED, \
		     .id = CORRECTION })) \
	X(HAND_IN, "", OWNERS, to_hand_in, SCREEN(), .no_action = FOR_CLIENT, \
	  COMMANDS({ "correction hand-in RAL-1", .places = FOR_OWNERS, .before = ANSWERED })) \
	X(RESUBMIT, "", OWNERS, rejected_for_now, SCREEN(), .no_action = FOR_CLIENT, \
	  COMMANDS({ "session resubmit ATE-1", .places = FOR_OWNERS, .before = REJECTED })) \
	X(EXTEND, "", MERCHANT | INTAKE, draft, SCREEN(), .no_action = "staff makes a new link", \
	  COMMANDS({ "session extend DRA-1 --days 3", .places = FOR_OWNERS })) \
	X(HIDE, "", MERCHANT | INTAKE, draft, SCREEN(), .no_action = "about what a merchant sees of its own list", \
	  COMMANDS({ "session hide DRA-1", .places = FOR_OWNERS })) \
	X(CHECK_REPORT, "", REPORTERS | SANDBOX_KEY, reported, SCREEN(), .no_action = FROM_PROVIDER, \
	  COMMANDS({ "check report RAL-1 watchlist --status passed", .places = FOR_REPORTERS })) \
	X(RESULTS_REPORT, "", REPORTERS | SANDBOX_KEY, reported, SCREEN(), .no_action = FROM_PROVIDER, \
	  COMMANDS({ "results RAL-1 results.json", .places = FOR_REPORTERS, \
		     .before = "printf '{\"final_decision\":\"flagged\"}' >results.json" })) \
	X(SESSION_APPLY, "", INTAKE, brought_session, SCREEN(), .no_action = FROM_IMPORT, \
	  COMMANDS({ "import changed.ndjson", .before = "changed" })) \
	X(DOCUMENTS_APPLY, "", INTAKE, brought_document, SCREEN(), NOWHERE(FROM_IMPORT)) \
	X(PARTIES_APPLY, "", INTAKE, brought_party, SCREEN(), NOWHERE(FROM_IMPORT)) \
	X(CARRY, "", INTAKE, draft, SCREEN(), NOWHERE(FROM_IMPORT)) \
	X(PARTY_ADD, "reviewer", OWNERS, add_party, \
	  SCREEN(DIALOG(PARTY_ADD, PARTY_ADD, party, "RAL-1", .keys = "3")), \
	  .gates = "hvd", .material = MATERIAL_DATA, \
	  COMMANDS({ "party add RAL-1 --name 'Ana Sousa' --kind individual --role director" }, \
		   { "party add AVE-1 --name 'Ana Sousa' --kind individual --role director", \
		     .places = FOR_OWNERS })) \
	X(PARTY_EDIT, "reviewer", OWNERS, their_party, \
	  SCREEN(DIALOG(PARTY_EDIT, PARTY_EDIT, party, "RAL-1", .keys = "3")), \
	  .gates = "hvd", .material = MATERIAL_DATA, \
	  COMMANDS({ "party edit RAL-1 'Ana Sousa' --control-role CFO", .before = "ana" }, \
		   { "party edit AVE-1 'Ana Sousa' --control-role CFO", .places = FOR_OWNERS, \
		     .before = "k party add AVE-1 --name 'Ana Sousa' --kind individual --role director --for client" })) \
	X(PARTY_OWN, "reviewer", OWNERS, their_party, \
	  SCREEN(DIALOG(PARTY_EDIT, PARTY_OWN, party, "RAL-1", .keys = "3")), \
	  .gates = "hvd", .material = MATERIAL_DATA, \
	  COMMANDS({ "party own RAL-1 'Ana Sousa' --of subject --percent 12", .before = "ana" })) \
	X(PARTY_REMOVE, "reviewer", OWNERS, their_party, \
	  SCREEN(DIALOG(PARTY_REMOVE, PARTY_REMOVE, party_remove, "RAL-1", .keys = "3")), \
	  .gates = "hvdR", .material = MATERIAL_DATA, \
	  COMMANDS({ "party remove RAL-1 'Ana Sousa' --reason " LONG, .before = "ana" }, \
		   { "party remove AVE-1 'Ana Sousa'", .places = FOR_OWNERS, \
		     .before = "k party add AVE-1 --name 'Ana Sousa' --kind individual --role director --for client" })) \
	X(PARTY_COPY, "reviewer", 0, known_person, \
	  SCREEN(DIALOG(PARTY_ADD, PARTY_COPY, party, "RAL-1", .keys = "3")), \
	  .gates = "hvd", .material = MATERIAL_DATA, \
	  COMMANDS({ "party copy RAL-1 --from KYC-1 --role director --percent 10", \
		     .before = "k approve KYC-1 --grace 0" })) \
	X(PARTY_VERIFY, "lead", 0, with_party, \
	  SCREEN(DIALOG(PARTY_VERIFY, PARTY_VERIFY, party_verify, "DOC-1", .keys = "3")), \
	  .gates = "hvdr", .material = MATERIAL_VERDICT, \
	  COMMANDS({ "party verify RAL-1 'Ana Sousa' --elsewhere --reason " LONG, .before = "ana" })) \
	X(PARTY_UNVERIFY, "lead", 0, verified_elsewhere, \
	  SCREEN(DIALOG(PARTY_VERIFY, PARTY_UNVERIFY, party_verify, "VER-1", .keys = "3")), \
	  .gates = "hvd", \
	  COMMANDS({ "party verify RAL-1 'Ana Sousa' --withdraw", \
		     .before = "ana; k party verify RAL-1 'Ana Sousa' --elsewhere --reason " LONG })) \
	X(PARTY_OTHER, "reviewer", 0, with_pair, \
	  SCREEN(DIALOG(OPEN, PARTY_OTHER, pair, "DUP-2", .may_continue = true) \
		 ROW(OPEN, VERB_PARTY_OTHER, OFFERS, .dialog = &pair_dialog, .ref = "DUP-2", .code = "other", \
		     .may_continue = true)), \
	  .gates = "hvdr", \
	  COMMANDS({ "party other RAL-1 'Ana Sousa' 'SOUSA Ana' --reason " LONG, .before = "ana; sousa" })) \
	X(PARTY_SAME, "reviewer", 0, with_pair, \
	  SCREEN(ROW(OPEN, VERB_PARTY_SAME, OFFERS, .dialog = &pair_dialog, .ref = "DUP-2", .code = "same", \
		     .may_continue = true)), \
	  .gates = "hvdr", \
	  COMMANDS({ "party same RAL-1 'Ana Sousa' 'SOUSA Ana' --reason " LONG, .before = "ana; sousa" })) \
	X(PARTY_GAP, "lead", 0, with_gap, SCREEN(DIALOG(OPEN, PARTY_GAP, gap, "GAP-1", .may_continue = true)), \
	  .gates = "hvd", .material = MATERIAL_VERDICT, \
	  COMMANDS({ "party gap RAL-1 --reason listed", \
		     .before = "k party edit RAL-1 'Ines Duarte' --percent 20" })) \
	X(SUBSESSION_ADD, "reviewer", KEY, unverified, \
	  SCREEN(DIALOG(PARTY_KYC, SUBSESSION_ADD, kyc_add, "BAR-1", .keys = "3")), \
	  .gates = "hvd", .material = MATERIAL_DATA, \
	  COMMANDS({ "subsession add RAL-1 'Ana Sousa'", .before = "ana; k subsession remove RAL-1 'Ana Sousa'" })) \
	X(SUBSESSION_REMOVE, "reviewer", KEY, with_party, \
	  SCREEN(OFFERED(KYC_REMOVE, SUBSESSION_REMOVE, kyc_remove, "RAL-1", "remove-kyc", .keys = "3")), \
	  .gates = "hvd", .material = MATERIAL_DATA, \
	  COMMANDS({ "subsession remove RAL-1 'Ana Sousa'", .before = "ana" })) \
	X(SUBJECT_ADD, "reviewer", OWNERS, new_subject, SCREEN(), \
	  .material = MATERIAL_DATA, .no_action = ABOUT_INTEGRATION, \
	  COMMANDS({ "subject add --merchant shop --uid biz-8 --kind business --name 'Mole Ltd'" })) \
	X(SUBJECT_EDIT, "reviewer", OWNERS, known_subject, SCREEN(), \
	  .material = MATERIAL_DATA, .no_action = ABOUT_INTEGRATION, \
	  COMMANDS({ "subject edit biz-DRA-1 --country GB" })) \
	X(SUBJECT_DELETE, "reviewer", OWNERS, known_subject, SCREEN(), \
	  .material = MATERIAL_DATA, .no_action = ABOUT_INTEGRATION, \
	  COMMANDS({ "subject delete biz-8", \
		     .before = "k subject add --merchant shop --uid biz-8 --kind business --name 'Mole Ltd'" })) \
	X(SUBJECT_EXPORT, "lead", 0, exported_person, SCREEN(), .no_action = ABOUT_INTEGRATION, \
	  COMMANDS({ "subject export 'Ines Duarte' -o -" })) \
	X(ACCOUNT_OPEN, "", MERCHANT, matrix_with_level, SCREEN(), NOWHERE(FOR_CLIENT)) \
	X(PAYIN, "reviewer", SANDBOX_KEY, matrix_to_fund, SCREEN(DIALOG(FUND, PAYIN, fund, "", .keys = "gs")), \
	  COMMANDS({ "sandbox fund \"$ID\" 250.10", .before = WITH_ACCOUNT, .id = "SELECT uuid FROM account" })) \
	X(TRANSFER, "", MERCHANT, matrix_to_transfer, SCREEN(), NOWHERE(FOR_CLIENT)) \
	X(PAYOUT, "", MERCHANT, matrix_to_pay_out, SCREEN(), NOWHERE(FOR_CLIENT)) \
	X(ORDER_COMPLETE, "reviewer", SANDBOX_KEY, matrix_order_in_progress, \
	  SCREEN(DIALOG(ORDER_COMPLETE, ORDER_COMPLETE, order_complete, "", .keys = "gsj")), \
	  COMMANDS({ "sandbox order complete \"$ID\"", .before = WITH_ORDER, \
		     .id = "SELECT uuid FROM money_order" })) \
	X(ORDER_FAIL, "reviewer", SANDBOX_KEY, matrix_order_in_progress, \
	  SCREEN(DIALOG(ORDER_FAIL, ORDER_FAIL, order_fail, "", .keys = "gsj")), \
	  COMMANDS({ "sandbox order fail \"$ID\"", .before = WITH_ORDER, .id = "SELECT uuid FROM money_order" })) \
	X(ORDER_CANCEL, "reviewer", SANDBOX_KEY, matrix_order_in_progress, \
	  SCREEN(DIALOG(ORDER_CANCEL, ORDER_CANCEL, order_cancel, "", .keys = "gsj\n")), \
	  COMMANDS({ "sandbox order cancel \"$ID\"", .before = WITH_ORDER, .id = "SELECT uuid FROM money_order" })) \
	X(SUBJECT_REVEAL, "reviewer", 0, held_subject, SCREEN(), .no_action = ABOUT_INTEGRATION, \
	  COMMANDS({ "subject show biz-RAL-1 --reveal", .before = "k claim RAL-1 --as \"$WHO\"", .own = true })) \
	X(ALERT_CLOSE, "lead", 0, in_doubt, \
	  SCREEN(OFFERED(ALERT_CLOSE, ALERT_CLOSE, more, "ALE-1", "close-alert", .keys = "")), \
	  .gates = "r", \
	  COMMANDS({ "alert close KYC-1 --reason " LONG, \
		     .before = "k approve KYC-1 --grace 0; printf '[{\"name\":\"Ana S.\",\"list\":\"L\",\"class\":\"sanctions\"}]' " ">hits.json; k check report KYC-1 watchlist --status hit --hits hits.json --for provider" })) \
	X(TEMPLATE_SET, "lead", 0, matrix_template, \
	  SCREEN(DIALOG(TEMPLATE_ADD, TEMPLATE_SET, template, "", .keys = "gl") \
		 DIALOG(TEMPLATE_EDIT, TEMPLATE_SET, template, "", .keys = "gl")), \
	  COMMANDS({ "template set reminder 'Please send {document}.'" })) \
	X(TEMPLATE_REMOVE, "lead", 0, matrix_with_template, \
	  SCREEN(DIALOG(TEMPLATE_REMOVE, TEMPLATE_REMOVE, template_remove, "", .keys = "gl")), \
	  COMMANDS({ "template remove reminder", .before = "k template set reminder 'Please send it.'" })) \
	X(REVIEWER_ADD, "admin", 0, matrix_new_name, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "reviewer add zoe --role viewer" })) \
	X(REVIEWER_ROLE, "admin", 0, matrix_person, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "reviewer role zoe reviewer", .before = "k reviewer add zoe --role viewer" })) \
	X(REVIEWER_DISABLE, "admin", 0, matrix_person, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "reviewer disable zoe", .before = "k reviewer add zoe --role viewer" })) \
	X(REVIEWER_KEY, "admin", 0, matrix_person_for_key, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "reviewer key zoe", .before = "k reviewer add zoe --role viewer" })) \
	X(REVIEWER_KEY_REVOKE, "admin", 0, matrix_person_with_key, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "reviewer key zoe --revoke", \
		     .before = "k reviewer add zoe --role viewer; k reviewer key zoe" })) \
	X(ACCESS_ADD, "admin", 0, matrix_person_with_ssh_key, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "access add zoe key.pub", .before = "k reviewer add zoe --role viewer; " A_KEY })) \
	X(ACCESS_REMOVE, "admin", 0, matrix_person_with_access, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "access remove zoe", \
		     .before = "k reviewer add zoe --role viewer; " A_KEY "; k access add zoe key.pub" })) \
	X(MERCHANT_ADD, "admin", 0, matrix_new_name, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "merchant add pier" })) \
	X(MERCHANT_KEY, "admin", 0, matrix_merchant, \
	  SCREEN(DIALOG(KEY_ADD, MERCHANT_KEY, key_add, "", .keys = "gm")), \
	  COMMANDS({ "merchant key shop" }, \
		   { "merchant key add shop --name web" })) \
	X(MERCHANT_KEY_ROTATE, "admin", 0, matrix_merchant_with_key, \
	  SCREEN(DIALOG(KEY_ROTATE, MERCHANT_KEY_ROTATE, key_rotate, "", .keys = "gmj\n")), \
	  COMMANDS({ "merchant key rotate shop default", .before = "k merchant key shop" })) \
	X(MERCHANT_KEY_REVOKE, "admin", 0, matrix_merchant_with_key, \
	  SCREEN(DIALOG(KEY_REVOKE, MERCHANT_KEY_REVOKE, key_revoke, "", .keys = "gmj\n")), \
	  COMMANDS({ "merchant key revoke shop default", .before = "k merchant key shop" })) \
	X(PROVIDER_KEY, "admin", 0, matrix_provider, \
	  SCREEN(DIALOG(PROVIDER_KEY, PROVIDER_KEY, provider_key, "", .keys = "gm\n")), \
	  COMMANDS({ "merchant key add shop --provider watchlist --name watchman" }, \
		   { "merchant key shop --provider watchlist --name watchman" })) \
	X(PROVIDER_KEY_REVOKE, "admin", 0, matrix_provider_with_key, \
	  SCREEN(DIALOG(KEY_REVOKE, PROVIDER_KEY_REVOKE, key_revoke, "", .keys = "gmj\nj")), \
	  COMMANDS({ "merchant key shop --name watchman --revoke", \
		     .before = "k merchant key shop --provider watchlist --name watchman" })) \
	X(ENDPOINT_ADD, "admin", KEY, new_endpoint, SCREEN(), .no_action = ABOUT_INTEGRATION, \
	  COMMANDS({ "endpoint add --merchant shop --url https://hooks.example/k --event '*'" }, \
		   { "webhook listen --merchant shop --port 0 --count 0" })) \
	X(ENDPOINT_DISABLE, "admin", KEY, with_endpoint, SCREEN(), .no_action = ABOUT_INTEGRATION, \
	  COMMANDS({ "endpoint disable \"$ID\"", .id = "SELECT uuid FROM endpoint", .before = AN_ENDPOINT })) \
	X(ENDPOINT_EDIT, "admin", KEY, changed_endpoint, SCREEN(), .no_action = ABOUT_INTEGRATION, \
	  COMMANDS({ "endpoint edit \"$ID\" --per-minute 60", .id = "SELECT uuid FROM endpoint", \
		     .before = AN_ENDPOINT })) \
	X(ENDPOINT_ROTATE, "admin", KEY, with_endpoint, SCREEN(), .no_action = ABOUT_INTEGRATION, \
	  COMMANDS({ "endpoint rotate \"$ID\"", .id = "SELECT uuid FROM endpoint", .before = AN_ENDPOINT })) \
	X(ENDPOINT_ENABLE, "admin", 0, disabled_endpoint, SCREEN(), .no_action = ABOUT_INTEGRATION, \
	  COMMANDS({ "endpoint enable \"$ID\"", .id = "SELECT uuid FROM endpoint", \
		     .before = AN_ENDPOINT "; k endpoint disable https://hooks.example/k" })) \
	X(ENDPOINT_REMOVE, "admin", KEY, with_endpoint, SCREEN(), .no_action = ABOUT_INTEGRATION, \
	  COMMANDS({ "endpoint remove \"$ID\"", .id = "SELECT uuid FROM endpoint", .before = AN_ENDPOINT }, \
		   { "webhook listen --merchant shop --port 0 --count 0" })) \
	X(ENDPOINT_TEST, "admin", 0, with_endpoint, SCREEN(), .no_action = ABOUT_INTEGRATION, \
	  COMMANDS({ "endpoint test \"$ID\" --queue", .id = "SELECT uuid FROM endpoint", .before = AN_ENDPOINT })) \
	X(WEBHOOK_REPLAY, "admin", KEY, matrix_replayed, \
	  SCREEN(DIALOG(REPLAY, WEBHOOK_REPLAY, replay, "", .keys = "gwG")), \
	  COMMANDS({ "webhook replay --state dead" })) \
	X(STORE_SET, "admin", 0, matrix_setting, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "store set public_url https://verify.example" })) \
	X(STORE_REBUILD_SEARCH, "admin", 0, matrix_the_whole_store, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "store rebuild-search" })) \
	X(STORE_COPY, "admin", 0, matrix_copying, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "backup \"kept-$WHO.db\"" }, \
		   { "restore base.db --store \"back-$WHO-$$.db\"", .before = "k backup base.db", \
		     .elsewhere = true }, \
		   { "copy --from \"$KYBDESK_STORE\" --to \"moved-$WHO.db\"" })) \
	X(PURGE, "admin", 0, due_for_purge, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "purge", .before = OVERDUE })) \
	X(PURGE_STEP, "admin", 0, confirmed_purge, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "purge", .before = OVERDUE })) \
	X(STORE_MOVE, "admin", 0, matrix_copying, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "store move \"gone-$WHO-$$.db\"" })) \
	X(WORKFLOW_INSTALL, "admin", 0, matrix_new_workflow, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "workflow install ./ralio-kyb.json", \
		     .before = "sed 's/\"version\": 1/\"version\": 77/' \"$SOURCE/data/workflows/ralio-kyb.json\" >ralio-kyb.json" })) \
	X(REASONS_INSTALL, "admin", 0, matrix_new_reasons, SCREEN(), .no_action = ABOUT_DESK, \
	  COMMANDS({ "reasons install ./session.json", \
		     .before = "sed '1s/\\[/[{\"code\":\"own\",\"label\":\"Own\",\"message\":\"M\"},/' " "\"$SOURCE/data/reasons/session.json\" >session.json" }))
/* clang-format on */

#endif
