/* Every change of a case, a subject or the desk itself, as one table. A row is
 *
 *   X(NAME, function, audit word, what it does, sentence, role, capacities, needs, action, material)
 *
 * NAME          VERB_NAME, as front ends use it
 * function      use_function(), which changes the case (src/desk); use_function_prepare() before the lock (NEED_PREPARE)
 * audit word    action of the audit record
 * what it does  completes "A viewer cannot …" and "Cannot …"
 * sentence      of the audit record, after its actor; {key} is a value of the record or of the case (placeholder_text() in
 *               tui/model/sentence.c); a part in [brackets] is dropped if its value is empty; the text after a colon is
 *               the reason. NEED_NO_RECORD: ""
 * role          minimum role of staff; NOBODY: staff acts in another capacity only
 * capacities    other permitted capacities; STAFF alone: none
 * needs         conditions that desk_do() checks before the function runs (enum use_need)
 * action        the transition (domain/transition.h); NONE: the status stays
 * material      NONE, or what makes its actor a contributor of the case, in words: DATA("changed a step"),
 *               VERDICT("waived a check"). If only some inputs are material, the function calls
 *               use_set_immaterial() for the others. In any other capacity than staff and system, every verb is DATA.
 *
 * Roles, help, permissions of front ends, audit words and the test matrix are made from this table. A front end cannot
 * make a change that has no row. */
#ifndef KYBDESK_DESK_VERBS_H
#define KYBDESK_DESK_VERBS_H

#include "kybdesk/domain/contribution.h"
#include "kybdesk/domain/transition.h"

/* The capacity in which an actor acts. Staff decides; actors in the other capacities submit the material for the
 * decision. */
#define CAPACITY_WORDS(X)                                                                                              \
	X(CAPACITY_STAFF, "staff")                                                                                     \
	X(CAPACITY_CLIENT, "client")	   /* acts by a link */                                                        \
	X(CAPACITY_MERCHANT, "merchant")   /* by API */                                                                \
	X(CAPACITY_INTAKE, "intake")	   /* an import, or staff for a client; sends no webhooks */                   \
	X(CAPACITY_PROVIDER, "provider")   /* reports checks and results */                                            \
	X(CAPACITY_SIMULATOR, "simulator") /* a provider in a sandbox */                                               \
	X(CAPACITY_SYSTEM, "system")
#define CAPACITY_COUNT WORDS_COUNT(CAPACITY_WORDS)
WORDS_DECLARE(capacity, CAPACITY_WORDS);

enum use_need {
	NEED_CASE = 1,	 /* loads the whole case under the write lock */
	NEED_UNHELD = 2, /* no other reviewer holds the case */
	NEED_OPEN = 4,	 /* the case is neither approved nor rejected */
	NEED_REASON = 8, /* in->reason has at least ten characters */
	/* checks the whole case before the write lock is taken; writes a decision with its evidence */
	NEED_DECISION = 16,
	NEED_TRANSITION = 32,		/* the verb is a transition that decides nothing */
	NEED_PREPARE = 64,		/* use_…_prepare() runs before the write lock is taken */
	NEED_KEEP_VERSION = 128,	/* changes nothing in the case, so that the version of the case stays */
	NEED_OWN_RECORD = 256,		/* the function writes its own audit rows, counters and events */
	NEED_REASON_IF_SUBMITTED = 512, /* as NEED_REASON, but only after the case was submitted */
	/* in production with several people of the verb's role, two of them must make the change */
	NEED_SECOND_ADMIN = 1024,
	NEED_NO_RECORD = 2048 /* writes no audit record, since everyone could read the record */
};

/* clang-format off */
#define BY_STAFF (1u << CAPACITY_STAFF)
#define BY_SYSTEM (1u << CAPACITY_SYSTEM)
/* The submitters of a case: a client by link, a merchant by API, intake by a line of an import. */
#define BY_CLIENT (1u << CAPACITY_CLIENT)
#define BY_MERCHANT (1u << CAPACITY_MERCHANT)
#define BY_INTAKE (1u << CAPACITY_INTAKE)
#define BY_REPORTER ((1u << CAPACITY_PROVIDER) | (1u << CAPACITY_SIMULATOR) | BY_INTAKE | BY_SANDBOX_KEY)
/* A merchant's API key, on the merchant's own data, acting as staff with at most the role of a reviewer
 * (docs/api.md). BY_SANDBOX_KEY: in a sandbox store only; in production a merchant neither decides nor reports. */
#define BY_KEY (1u << CAPACITY_COUNT)
#define BY_SANDBOX_KEY (1u << (CAPACITY_COUNT + 1))
/* A reviewer's API key, which acts as that reviewer: with their role, claims and limits. */
#define BY_OWN_KEY (1u << (CAPACITY_COUNT + 2))
#define BY_DECIDERS (BY_STAFF | BY_SANDBOX_KEY | BY_OWN_KEY)
#define BY_SUBMITTER (BY_CLIENT | BY_MERCHANT | BY_INTAKE)
#define ON_CASE  (NEED_CASE | NEED_UNHELD | NEED_OPEN)
#define VERBS(X) \
	/* deciding */ \
	X(APPROVE, approve, "session.approve", "approve", "approved the case[, second approval after {first_by}][, level {level_from} to {level_to}][, SANDBOX: {sandbox}][: {why}]", REVIEWER, BY_DECIDERS, NEED_DECISION, APPROVE, NONE) \
	X(REJECT, reject, "session.reject", "reject", "rejected the case[, second rejection after {confirms_by}][, with a text that names {phrase}][: {why}]", REVIEWER, BY_DECIDERS, NEED_DECISION | NEED_PREPARE, REJECT, NONE) \
	X(CORRECTIONS, corrections, "session.corrections", "ask for corrections", "asked the client for corrections[, round {round}][, with a text that names {phrase}][: {why}]", REVIEWER, BY_DECIDERS, NEED_DECISION | NEED_PREPARE, REQUEST_CORRECTIONS, VERDICT("asked for corrections in a case that was rejected for a restricted reason")) \
	X(REOPEN, reopen, "session.reopen", "reopen", "reopened the case[, level {level_from} to {level_to}][: {why}]", LEAD, BY_STAFF, NEED_DECISION | NEED_REASON, REOPEN, VERDICT("reopened a case that was rejected for a restricted reason")) \
	X(UNDO, undo, "session.undo", "undo", "undid the decision to {kind}[: {from} to {to}][, level {level_from} to {level_to}]", REVIEWER, BY_STAFF, NEED_CASE | NEED_OWN_RECORD, UNDO, VERDICT("undid a rejection for a restricted reason")) \
	X(WITHDRAW, withdraw, "session.withdraw_corrections", "withdraw corrections", "withdrew the corrections", REVIEWER, BY_DECIDERS, NEED_TRANSITION, WITHDRAW_CORRECTIONS, NONE) \
	X(REACTIVATE, reactivate, "session.reactivate", "reactivate", "reactivated the session[ until {expires_at}]", REVIEWER, BY_STAFF | BY_KEY | BY_OWN_KEY, NEED_TRANSITION, REACTIVATE, NONE) \
	X(ESCALATE, escalate, "session.escalate", "escalate", "escalated the case to a reviewer", REVIEWER, BY_STAFF | BY_KEY | BY_OWN_KEY, NEED_TRANSITION, ESCALATE, NONE) \
	X(PROCESS, process, "session.process", "process", "started processing again", REVIEWER, BY_STAFF | BY_KEY | BY_OWN_KEY, NEED_CASE | NEED_UNHELD | NEED_OWN_RECORD, PROCESS, NONE) \
	/* the system's own work */ \
	X(PROCESS_DUE, process_due, "session.look", "process a due case", "evaluated the processing results[; result: {outcome}][; checks: {checks}][: {route}]", NOBODY, BY_SYSTEM, NEED_CASE | NEED_OWN_RECORD, NONE, NONE) \
	X(EXPIRE, expire, "session.expire", "expire", "expired the session[: {from} to {to}]", NOBODY, BY_SYSTEM, NEED_CASE | NEED_OWN_RECORD, EXPIRE, NONE) \
	X(DOCUMENT_END, document_end, "document.end", "end an upload", "ended the upload of {document}: the second side was not uploaded within a day", NOBODY, BY_SYSTEM, NEED_CASE, NONE, NONE) \
	X(REMIND, remind, "link.remind", "remind a client", "reminded the client[, reminder {reminder}]", NOBODY, BY_SYSTEM, NEED_CASE | NEED_OWN_RECORD, NONE, NONE) \
	X(RESCHEDULE, reschedule, "session.put_off", "reschedule a case", "rescheduled the processing", NOBODY, BY_SYSTEM, NEED_CASE | NEED_OWN_RECORD, NONE, NONE) \
	/* claims */ \
	X(CLAIM, claim, "claim", "claim a case", "claimed the case[{renewed}]", REVIEWER, BY_STAFF, NEED_CASE | NEED_KEEP_VERSION, NONE, NONE) \
	X(NEXT, next, "next", "claim a case", "claimed the case, the next in the queue", REVIEWER, BY_STAFF, NEED_PREPARE | NEED_KEEP_VERSION, NONE, NONE) \
	X(RELEASE, release, "release", "release a case", "released the case", REVIEWER, BY_STAFF, NEED_CASE | NEED_KEEP_VERSION, NONE, NONE) \
	X(ASSIGN, assign, "assign", "assign a case", "assigned the case to {to}[, from {from}]", LEAD, BY_STAFF, NEED_CASE | NEED_KEEP_VERSION, NONE, NONE) \
	X(REFER, refer, "session.refer", "refer a case", "referred the case to {to}[, from {from}][: {note}]", REVIEWER, BY_STAFF, NEED_CASE | NEED_UNHELD | NEED_REASON | NEED_KEEP_VERSION, NONE, NONE) \
	X(SNOOZE, snooze, "session.snooze", "snooze a case", "snoozed the case[ until {until}][: {why}]", REVIEWER, BY_STAFF, ON_CASE | NEED_REASON, NONE, NONE) \
	X(WAKE, wake, "session.wake", "wake a case", "returned the case to the queue", REVIEWER, BY_STAFF, ON_CASE, NONE, NONE) \
	/* reading a case, with an audit record */ \
	X(REVEAL, reveal, "reveal", "reveal personal data", "revealed personal data[ of decision {decision}]", REVIEWER, BY_STAFF, NEED_CASE | NEED_KEEP_VERSION, NONE, NONE) \
	X(DOCUMENT_OPEN, document_open, "document.open", "open a document", "opened {document}[, {side}][, shown as {shown}]", REVIEWER, BY_STAFF, NEED_CASE | NEED_KEEP_VERSION, NONE, NONE) \
	X(DOCUMENT_SAVE, document_save, "document.save", "save a document", "saved {document}[, {side}] as a file", REVIEWER, BY_STAFF | BY_KEY, NEED_CASE | NEED_KEEP_VERSION, NONE, NONE) \
	X(EVIDENCE_EXPORT, evidence_export, "session.evidence", "export the evidence of a case", "exported the evidence of the case", LEAD, BY_STAFF, NEED_CASE | NEED_KEEP_VERSION, NONE, NONE) \
	X(COMMAND_RUN, command_run, "command.run", "run a custom command", "ran their own command {command}", REVIEWER, BY_STAFF, NEED_CASE | NEED_KEEP_VERSION, NONE, NONE) \
	X(NOTE, note, "note.add", "write a note", "wrote a note[ on {about}][ for {mentioned}][: {note}]", REVIEWER, BY_STAFF, NEED_CASE | NEED_KEEP_VERSION, NONE, NONE) \
	X(NOTE_PIN, note_pin, "note.pin", "pin a note", "{pin} a note[: {note}]", REVIEWER, BY_STAFF, NEED_CASE | NEED_KEEP_VERSION, NONE, NONE) \
	X(NOTE_READ, note_read, "note.read", "mark a mention as read", "marked mentions as read", REVIEWER, BY_STAFF, NEED_CASE | NEED_KEEP_VERSION, NONE, NONE) \
	/* reviewing */ \
	X(DOCUMENT_ACCEPT, document_accept, "document.accept", "accept a document", "accepted {document}[, before: {from}][, although {unseen}][: {unseen_reason}]", REVIEWER, BY_STAFF, ON_CASE, NONE, NONE) \
	X(DOCUMENT_REJECT, document_reject, "document.reject", "reject a document", "rejected {document}[, before: {from}][: {reason}]", REVIEWER, BY_STAFF, ON_CASE, NONE, NONE) \
	X(DOCUMENT_ADD, document_add, "document.add", "add a document", "added {document}[, {side}][, with a name that says {phrase}][{as}]", REVIEWER, BY_STAFF | BY_SUBMITTER, ON_CASE | NEED_PREPARE, NONE, DATA("added a document")) \
	X(DOCUMENT_RECORD, document_record, "document.record", "add a document", "recorded {document} without its file[{as}]", REVIEWER, BY_STAFF | BY_SUBMITTER, ON_CASE, NONE, DATA("added a document")) \
	X(STEP_EDIT, step_edit, "step.edit", "change a step", "changed the values of the step {step}[, with a text that names {phrase}]", REVIEWER, BY_STAFF, ON_CASE | NEED_REASON_IF_SUBMITTED, NONE, DATA("changed a step")) \
	X(HIT_RESOLVE, hit_resolve, "hit.resolve", "resolve a hit", "marked {hit} as {to}[, before: {from}][, one of {together} judged together][: {why}]", REVIEWER, BY_STAFF, NEED_CASE | NEED_UNHELD, NONE, VERDICT("dismissed a sanctions hit")) \
	X(RESULT_JUDGE, result_judge, "result.judge", "judge a result", "judged the result {result} as {to}[, before: {from}][: {why}]", REVIEWER, BY_STAFF, NEED_CASE | NEED_UNHELD | NEED_REASON, NONE, VERDICT("cleared a result")) \
	X(HIT_ACCEPT, hit_accept, "hit.accept", "accept a confirmed hit", "accepted the confirmed match {hit}[: {why}]", LEAD, BY_STAFF, ON_CASE | NEED_REASON, NONE, VERDICT("accepted a confirmed hit")) \
	X(CHECK_WAIVE, check_waive, "check.waive", "waive a check", "waived the check {check}[, before: {from}][: {why}]", LEAD, BY_STAFF, ON_CASE | NEED_REASON, NONE, VERDICT("waived a check")) \
	X(CONFIRM, confirm, "judgement.confirm", "confirm judgements", "confirmed a judgement of {by_before}: {judgement}", REVIEWER, BY_STAFF, ON_CASE | NEED_OWN_RECORD, NONE, VERDICT("confirmed a judgement")) \
	X(VALIDATE, validate, "session.validate", "validate", "validated the case: {broken}", REVIEWER, BY_STAFF | BY_KEY, ON_CASE, NONE, NONE) \
	X(CORRECTION_ACCEPT, correction_accept, "correction.accept", "accept a correction", "accepted the answer to a correction[ of {step}]", REVIEWER, BY_STAFF, ON_CASE, NONE, NONE) \
	X(CORRECTION_MOVE, correction_move, "correction.move", "move an answer", "moved an answer: {document} answers for {item}[, before: {from}]", REVIEWER, BY_STAFF, ON_CASE, NONE, NONE) \
	X(REVIEW_UNDO, review_undo, "review.undo", "undo a verdict or a removal", "undid the {undone}[: {from} to {to}]", REVIEWER, BY_STAFF, ON_CASE, NONE, VERDICT("undid a verdict or a removal")) \
	X(DUPLICATE_DISMISS, duplicate_dismiss, "duplicate.dismiss", "dismiss a duplicate", "dismissed a duplicate, {duplicate}[: {why}]", REVIEWER, BY_STAFF, ON_CASE | NEED_REASON, NONE, VERDICT("cleared a hold")) \
	X(DUPLICATE_LINK, duplicate_link, "duplicate.link", "link two cases of one applicant", "linked a case of the same applicant, {duplicate}[: {why}]", REVIEWER, BY_STAFF, ON_CASE | NEED_REASON, NONE, VERDICT("cleared a hold")) \
	/* suspicions: the entries of a suspicion replace the audit records */ \
	X(SUSPICION_OPEN, suspicion_open, "suspicion.open", "report a suspicion", "", REVIEWER, BY_STAFF, NEED_CASE | NEED_REASON | NEED_KEEP_VERSION | NEED_NO_RECORD, NONE, NONE) \
	X(SUSPICION_NOTE, suspicion_note, "suspicion.note", "add a note to a suspicion", "", REVIEWER, BY_STAFF, NEED_CASE | NEED_KEEP_VERSION | NEED_NO_RECORD, NONE, NONE) \
	X(SUSPICION_ACCESS, suspicion_access, "suspicion.access", "change access to a suspicion", "", LEAD, BY_STAFF, NEED_CASE | NEED_KEEP_VERSION | NEED_NO_RECORD, NONE, NONE) \
	X(SUSPICION_CLOSE, suspicion_close, "suspicion.close", "close a suspicion", "", LEAD, BY_STAFF, NEED_CASE | NEED_REASON | NEED_KEEP_VERSION | NEED_NO_RECORD, NONE, NONE) \
	/* retention */ \
	X(LEGAL_HOLD_SET, legal_hold, "legal_hold.set", "set a legal hold", "set a legal hold", LEAD, BY_STAFF, NEED_CASE | NEED_REASON | NEED_KEEP_VERSION, NONE, NONE) \
	X(LEGAL_HOLD_RELEASE, legal_hold, "legal_hold.release", "release a legal hold", "released the legal hold", LEAD, BY_STAFF, NEED_CASE | NEED_REASON | NEED_KEEP_VERSION, NONE, NONE) \
	X(LINK, link, "link.new", "make an access link", "created a new link for the client[ until {expires_at}]", REVIEWER, BY_STAFF | BY_KEY, ON_CASE, NONE, DATA("was shown a new link of the client")) \
	X(LINK_SHOW, link_show, "link.show", "view an access link", "viewed the client's link", REVIEWER, BY_STAFF, NEED_CASE | NEED_KEEP_VERSION, NONE, DATA("was shown the link of the client")) \
	X(DELETE, session_delete, "session.delete", "delete a session", "deleted the session, with {documents} documents and {parties} parties", LEAD, BY_STAFF | BY_SANDBOX_KEY, NEED_CASE | NEED_UNHELD | NEED_OWN_RECORD, NONE, DATA("deleted a session of a party")) \
	/* submitting a case: clients, merchants, intake */ \
	X(SESSION_OPEN, session_open, "session.open", "open a session", "opened the session[ in {workflow}][{as}]", NOBODY, BY_MERCHANT | BY_INTAKE, 0, NONE, DATA("opened the session")) \
	X(START, start, "session.start", "start", "started the session[{as}]", NOBODY, BY_SUBMITTER, NEED_TRANSITION, START, DATA("started the session")) \
	X(STEP_SAVE, step_save, "step.save", "save a step", "saved the step {step}[: {status}][{as}]", NOBODY, BY_SUBMITTER, NEED_CASE, NONE, DATA("saved a step")) \
	X(DOCUMENT_DELETE, document_delete, "document.delete", "delete a document", "deleted {document}[{as}]", NOBODY, BY_SUBMITTER, NEED_CASE, NONE, DATA("deleted a document")) \
	X(COMPLETE, submit, "session.complete", "complete", "completed the session[{as}]", NOBODY, BY_SUBMITTER, NEED_TRANSITION, COMPLETE, DATA("completed the session")) \
	X(SUBMIT, submit, "session.submit", "submit", "submitted the case[{as}]", NOBODY, BY_SUBMITTER, NEED_TRANSITION, SUBMIT, DATA("submitted the case")) \
	X(ANSWER, answer, "correction.answer", "answer a correction", "answered a correction[ of {step}][{as}]", NOBODY, BY_SUBMITTER, NEED_CASE, NONE, DATA("answered a correction")) \
	X(HAND_IN, hand_in, "session.hand_in", "submit corrections", "submitted the corrections[{as}]", NOBODY, BY_SUBMITTER, NEED_TRANSITION, RESOLVE_CORRECTIONS, DATA("submitted corrections")) \
	X(RESUBMIT, resubmit, "session.resubmit", "submit again", "resubmitted the case[, attempt {attempt}][{as}]", NOBODY, BY_SUBMITTER, NEED_TRANSITION, RESUBMIT, DATA("submitted the case again")) \
	X(EXTEND, extend, "link.extend", "extend an access link", "extended the client's link[, until {expires_at}][{as}]", NOBODY, BY_MERCHANT | BY_INTAKE, NEED_CASE, NONE, DATA("extended the link of the client")) \
	X(HIDE, hide, "session.hide", "hide a session", "hid the session from its merchant[{as}]", NOBODY, BY_MERCHANT | BY_INTAKE, NEED_CASE, NONE, DATA("hid the session from its merchant")) \
	/* reports of providers, and lines of an import (src/desk/intake) */ \
	X(CHECK_REPORT, check_report, "check.report", "report a check", "reported the check {check}[ as {reported}]: {to}[, before: {from}][; {found}][{as}]", NOBODY, BY_REPORTER, NEED_CASE, NONE, DATA("reported a check")) \
	X(RESULTS_REPORT, results_report, "session.results", "report results", "reported results[: {final_decision}][{as}]", NOBODY, BY_REPORTER, NEED_CASE, NONE, DATA("reported results")) \
	X(SESSION_APPLY, session_apply, "session.bring", "change a session", "imported new values of the session[: {changed}]", NOBODY, BY_INTAKE, NEED_CASE, NONE, DATA("imported new values")) \
	X(DOCUMENTS_APPLY, documents_apply, "document.bring", "import documents", "imported documents[{as}]", NOBODY, BY_INTAKE, NEED_CASE, NONE, DATA("imported documents")) \
	X(PARTIES_APPLY, parties_apply, "party.bring", "import parties", "imported parties[{as}]", NOBODY, BY_INTAKE, NEED_CASE, NONE, DATA("imported parties")) \
	X(CARRY, carry, "session.carry", "set the status on import", "changed the status on import[: {from} to {to}]", NOBODY, BY_INTAKE, NEED_CASE, NONE, DATA("changed the status on import")) \
	/* parties */ \
	X(PARTY_ADD, party_add, "party.add", "add a party", "declared {party}[, {kind}][{as}]", REVIEWER, BY_STAFF | BY_SUBMITTER, ON_CASE, NONE, DATA("added a party")) \
	X(PARTY_EDIT, party_edit, "party.edit", "change a party", "changed {party}[{touched}][{as}]", REVIEWER, BY_STAFF | BY_SUBMITTER, ON_CASE, NONE, DATA("changed a party")) \
	X(PARTY_OWN, party_own, "party.own", "change a party's shares", "changed the ownership share of {party}[: {percent} %][{as}]", REVIEWER, BY_STAFF | BY_SUBMITTER, ON_CASE, NONE, DATA("changed the ownership share of a party")) \
	X(PARTY_REMOVE, party_remove, "party.remove", "remove a party", "removed {party}[{erased}][: {why}][{as}]", REVIEWER, BY_STAFF | BY_SUBMITTER, ON_CASE | NEED_REASON_IF_SUBMITTED, NONE, DATA("removed a party")) \
	X(PARTY_COPY, party_copy, "party.copy", "copy a person", "copied the KYC of {party} from another case", REVIEWER, BY_STAFF, ON_CASE, NONE, DATA("copied a person")) \
	X(PARTY_VERIFY, party_verify, "party.verify", "mark a party as verified elsewhere", "marked {party} as verified elsewhere[: {why}]", LEAD, BY_STAFF, ON_CASE | NEED_REASON, NONE, VERDICT("marked a party as verified elsewhere")) \
	X(PARTY_UNVERIFY, party_unverify, "party.unverify", "unmark a party as verified elsewhere", "unmarked {party} as verified elsewhere", LEAD, BY_STAFF, ON_CASE, NONE, NONE) \
	X(PARTY_SAME, party_same, "party.same", "record that two parties are the same", "recorded that {party} and {other_party} are the same[: {why}]", REVIEWER, BY_STAFF, ON_CASE | NEED_REASON, NONE, NONE) \
	X(PARTY_OTHER, party_other, "party.other", "record that two parties are others", "recorded that {party} and {other_party} are others[: {why}]", REVIEWER, BY_STAFF, ON_CASE | NEED_REASON, NONE, NONE) \
	X(PARTY_GAP, party_gap, "party.gap", "record why ownership is undeclared", "explained undeclared ownership[ of {percent} %][: {reason}]", LEAD, BY_STAFF, ON_CASE, NONE, VERDICT("explained undeclared ownership")) \
	X(SUBSESSION_ADD, subsession_add, "subsession.add", "add a subsession", "created a KYC session for {party}", REVIEWER, BY_STAFF | BY_KEY, ON_CASE, NONE, DATA("added a subsession")) \
	X(SUBSESSION_REMOVE, subsession_remove, "subsession.remove", "remove a subsession", "removed the KYC session of {party}[{erased}]", REVIEWER, BY_STAFF | BY_KEY, ON_CASE, NONE, DATA("removed a subsession")) \
	/* subjects, independent of their sessions */ \
	X(SUBJECT_ADD, subject_add, "subject.add", "add a subject", "added the subject {subject}[{as}]", REVIEWER, BY_STAFF | BY_CLIENT | BY_MERCHANT | BY_INTAKE, 0, NONE, DATA("added the subject")) \
	X(SUBJECT_EDIT, subject_edit, "subject.edit", "change a subject", "changed the subject {subject}[{as}]", REVIEWER, BY_STAFF | BY_CLIENT | BY_MERCHANT | BY_INTAKE, 0, NONE, DATA("changed the subject")) \
	X(SUBJECT_DELETE, subject_delete, "subject.delete", "delete a subject", "deleted the subject {subject}[{as}]", REVIEWER, BY_STAFF | BY_CLIENT | BY_MERCHANT | BY_INTAKE, 0, NONE, DATA("deleted the subject")) \
	X(SUBJECT_EXPORT, subject_export, "subject.export", "export a person's data", "exported a person's data", LEAD, BY_STAFF, 0, NONE, NONE) \
	X(ACCOUNT_OPEN, account_open, "account.open", "open an account", "opened an account of {subject}[ in {currency}]", NOBODY, BY_MERCHANT, 0, NONE, NONE) \
	/* the money of a sandbox (docs/sandbox.md) */ \
	X(PAYIN, payin, "payin.simulate", "simulate a payin", "simulated a payin to {subject}", REVIEWER, BY_STAFF | BY_SANDBOX_KEY, 0, NONE, NONE) \
	X(TRANSFER, transfer, "transfer.make", "make a transfer", "made a transfer from an account of {subject}", NOBODY, BY_MERCHANT, 0, NONE, NONE) \
	X(PAYOUT, payout, "payout.make", "make a payout", "made a payout from an account of {subject}", NOBODY, BY_MERCHANT, 0, NONE, NONE) \
	X(ORDER_COMPLETE, order_set_state, "order.complete", "complete an order", "completed an order of {subject}", REVIEWER, BY_STAFF | BY_SANDBOX_KEY, 0, NONE, NONE) \
	X(ORDER_FAIL, order_set_state, "order.fail", "fail an order", "marked an order of {subject} as failed", REVIEWER, BY_STAFF | BY_SANDBOX_KEY, 0, NONE, NONE) \
	X(ORDER_CANCEL, order_set_state, "order.cancel", "cancel an order", "cancelled an order of {subject}", REVIEWER, BY_STAFF | BY_SANDBOX_KEY, 0, NONE, NONE) \
	X(SUBJECT_REVEAL, subject_reveal, "subject.reveal", "reveal personal data", "revealed personal data of the subject {subject}", REVIEWER, BY_STAFF, 0, NONE, NONE) \
	X(ALERT_CLOSE, alert_close, "alert.close", "close an alert", "closed the alert", LEAD, BY_STAFF, NEED_CASE | NEED_REASON | NEED_KEEP_VERSION, NONE, NONE) \
	/* messages to clients */ \
	X(TEMPLATE_SET, template_set, "template.set", "change templates of messages", "wrote the template {template} in {language}[, for {reason}][, a text that names {phrase}]", LEAD, BY_STAFF, NEED_SECOND_ADMIN, NONE, NONE) \
	X(TEMPLATE_REMOVE, template_remove, "template.remove", "remove templates of messages", "removed the template {template}", LEAD, BY_STAFF, NEED_SECOND_ADMIN, NONE, NONE) \
	/* administration */ \
	X(REVIEWER_ADD, reviewer_add, "reviewer.add", "add reviewers", "added {reviewer}[ as {role}]", ADMIN, BY_STAFF, NEED_SECOND_ADMIN, NONE, NONE) \
	X(REVIEWER_ROLE, reviewer_role, "reviewer.role", "change roles", "changed the role of {reviewer} to {to}[, before: {from}]", ADMIN, BY_STAFF, NEED_SECOND_ADMIN, NONE, NONE) \
	X(REVIEWER_DISABLE, reviewer_disable, "reviewer.disable", "disable reviewers", "disabled {reviewer}", ADMIN, BY_STAFF, 0, NONE, NONE) \
	X(REVIEWER_KEY, reviewer_key, "reviewer.key", "make API keys of reviewers", "created an API key for {reviewer}", ADMIN, BY_STAFF, NEED_SECOND_ADMIN, NONE, NONE) \
	X(REVIEWER_KEY_REVOKE, reviewer_key_revoke, "reviewer.key_revoke", "revoke API keys of reviewers", "revoked the API key of {reviewer}", ADMIN, BY_STAFF, 0, NONE, NONE) \
	X(ACCESS_ADD, access_add, "access.add", "add access by SSH", "gave {reviewer} access by SSH with the key {fingerprint}", ADMIN, BY_STAFF, NEED_SECOND_ADMIN, NONE, NONE) \
	X(ACCESS_REMOVE, access_remove, "access.remove", "remove access by SSH", "removed access by SSH of {reviewer}", ADMIN, BY_STAFF, 0, NONE, NONE) \
	X(MERCHANT_ADD, merchant_add, "merchant.add", "add merchants", "added the merchant {merchant}", ADMIN, BY_STAFF, 0, NONE, NONE) \
	X(MERCHANT_KEY, merchant_key, "merchant.key", "make API keys", "created the API key[ {name}] for {merchant}[ that may {permissions}]", ADMIN, BY_STAFF, NEED_SECOND_ADMIN, NONE, NONE) \
	X(MERCHANT_KEY_ROTATE, merchant_key_rotate, "merchant.key_rotate", "rotate API keys", "rotated the API key {name} of {merchant}", ADMIN, BY_STAFF, NEED_SECOND_ADMIN, NONE, NONE) \
	X(MERCHANT_KEY_REVOKE, merchant_key_revoke, "merchant.key_revoke", "revoke API keys", "revoked the API key {name} of {merchant}", ADMIN, BY_STAFF, 0, NONE, NONE) \
	X(PROVIDER_KEY, provider_key, "merchant.provider_key", "make API keys of providers", "created an API key of the provider {provider} for {merchant}[: {checks}]", ADMIN, BY_STAFF, NEED_SECOND_ADMIN, NONE, NONE) \
	X(PROVIDER_KEY_REVOKE, provider_key_revoke, "merchant.provider_key_revoke", "revoke API keys of providers", "revoked the API key of the provider {provider} for {merchant}", ADMIN, BY_STAFF, 0, NONE, NONE) \
	X(ENDPOINT_ADD, endpoint_add, "endpoint.add", "add endpoints", "added the endpoint {url}[ of {merchant}]", ADMIN, BY_STAFF | BY_KEY, NEED_SECOND_ADMIN, NONE, NONE) \
	X(ENDPOINT_DISABLE, endpoint_disable, "endpoint.disable", "disable endpoints", "disabled the endpoint {url}[ of {merchant}]", ADMIN, BY_STAFF | BY_KEY, 0, NONE, NONE) \
	X(ENDPOINT_EDIT, endpoint_edit, "endpoint.edit", "change endpoints", "changed the endpoint {url}[, before: {url_before}]", ADMIN, BY_STAFF | BY_KEY, NEED_SECOND_ADMIN, NONE, NONE) \
	X(ENDPOINT_ROTATE, endpoint_rotate, "endpoint.rotate", "rotate secrets of endpoints", "rotated the secret of the endpoint {url}", ADMIN, BY_STAFF | BY_KEY, NEED_SECOND_ADMIN, NONE, NONE) \
	X(ENDPOINT_ENABLE, endpoint_enable, "endpoint.enable", "enable endpoints", "enabled the endpoint {url}", ADMIN, BY_STAFF, 0, NONE, NONE) \
	X(ENDPOINT_REMOVE, endpoint_remove, "endpoint.remove", "remove endpoints", "removed the endpoint {url}[ of {merchant}]", ADMIN, BY_STAFF | BY_KEY, NEED_SECOND_ADMIN, NONE, NONE) \
	X(ENDPOINT_TEST, endpoint_test, "endpoint.test", "test endpoints", "tested the endpoint {url}", ADMIN, BY_STAFF, 0, NONE, NONE) \
	X(WEBHOOK_REPLAY, webhook_replay, "webhook.replay", "send webhooks again", "sent {deliveries} webhooks again", ADMIN, BY_STAFF | BY_KEY, 0, NONE, NONE) \
	X(STORE_SET, store_set, "store.set", "change settings of the store", "set {setting} to {to}[, before: {from}]", ADMIN, BY_STAFF, NEED_SECOND_ADMIN, NONE, NONE) \
	X(STORE_REBUILD_SEARCH, store_rebuild_search, "store.rebuild_search", "rebuild the search index", "rebuilt the search index of {sessions} sessions", ADMIN, BY_STAFF, 0, NONE, NONE) \
	X(STORE_COPY, store_copy, "store.copy", "copy the store", "began to copy the store to {to}", ADMIN, BY_STAFF, 0, NONE, NONE) \
	X(PURGE, purge, "purge.start", "purge cases", "began a purge", ADMIN, BY_STAFF, NEED_SECOND_ADMIN, NONE, NONE) \
	X(PURGE_STEP, purge_step, "session.purge", "purge cases", "purged the case", ADMIN, BY_STAFF, NEED_OWN_RECORD, NONE, NONE) \
	X(STORE_MOVE, store_move, "store.move", "move the store", "moved the store to {to}", ADMIN, BY_STAFF, 0, NONE, NONE) \
	X(WORKFLOW_INSTALL, workflow_install, "workflow.install", "install a workflow", "installed the workflow {workflow}[, version {version}]", ADMIN, BY_STAFF, NEED_PREPARE | NEED_SECOND_ADMIN, NONE, NONE) \
	X(REASONS_INSTALL, reasons_install, "reasons.install", "install reasons", "installed the reasons {set}[, version {version}]", ADMIN, BY_STAFF, NEED_PREPARE | NEED_SECOND_ADMIN, NONE, NONE)
/* clang-format on */

#define VERB_ENUM(NAME, ...) VERB_##NAME,
enum verb { VERBS(VERB_ENUM) VERB_COUNT };
#undef VERB_ENUM

/* Actions of the audit records of the first of two approvals, and of the undo of a first approval or first
 * rejection. */
#define FIRST_APPROVAL_ACTION "session.approve_first"
#define UNDO_FIRST_ACTION "session.undo_first"
/* Action of the audit record of a supervised reviewer's rejection, which a colleague decides on. */
#define FIRST_REJECTION_ACTION "session.reject_first"

#define ACTION_NONE ACTION_COUNT
struct use_case {
	enum verb verb;
	const char *audit_action; /* action of the audit row */
	const char *verb_phrase;  /* completes "A viewer cannot …" */
	const char *sentence;	  /* template for the audit record */
	enum role role;		  /* minimum role of staff, if `capacities` has BY_STAFF */
	unsigned capacities;	  /* bits of enum capacity */
	unsigned needs;		  /* bits of enum use_need */
	enum action action;	  /* the transition; ACTION_NONE: the status stays */
	enum material material;	  /* for an input that is not material, the function calls use_set_immaterial() */
	const char *done_text;	  /* what the contributor did, such as "changed a step"; "": not material */
};
/* The rows of all verbs, indexed by verb. */
extern const struct use_case use_cases[VERB_COUNT];

/* Whether this role may call the verb in this capacity. Staff needs the verb's minimum role; other capacities need
 * a role that may submit; the system always may. desk_do() checks in which stores a capacity is allowed: intake in
 * every store, client and merchant only in a sandbox, where a desk user acts for an integrator (source document
 * ralio-sandbox). */
bool use_case_allows(const struct use_case *row, enum capacity capacity, enum role role);
/* Whether the capacity is client, merchant or intake, which submit a case and decide nothing about it. */
bool capacity_is_submitter(enum capacity capacity);

#endif
