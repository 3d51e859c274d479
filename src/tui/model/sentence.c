/* The audit log in sentences: one template for each action. */
#include "model/page.h"

#include "kybdesk/codec/json.h"

#include <string.h>

#define KEY_SIZE 32

/*
 * {key} is a value of the record or of the case (record_text_of()). A part in [brackets] is dropped if its value is
 * empty. The text after a colon is the reason.
 */
static const struct {
	const char *word, *sentence;
} sentences[] = {
	/* deciding */
	{ "session.approve",
	  "approved the case[, second approval after {first_by}][, level {level_from} to {level_to}]"
	  "[: {why}]" },
	{ "session.approve_first", "gave the first of two approvals[: {why}]" },
	{ "session.reject_first", "gave the first of two rejections[: {why}]" },
	{ "session.undo_first", "undid the first of two approvals" },
	{ "session.reject", "rejected the case[, second rejection after {confirms_by}][: {why}]" },
	{ "session.corrections", "asked the client for corrections[, round {round}][: {why}]" },
	{ "session.reopen", "reopened the case[, level {level_from} to {level_to}][: {why}]" },
	{ "session.undo", "undid the decision to {kind}[: {from} to {to}][, level {level_from} to {level_to}]" },
	{ "session.hold", "undid the decision to {kind} by {by}: {cause}, before anything was sent[; {from} to "
			  "{to}][, level {level_from} to {level_to}]" },
	{ "session.withdraw_corrections", "withdrew the corrections" },
	{ "session.reactivate", "reactivated the session[ until {expires_at}]" },
	{ "session.escalate", "escalated the case to a reviewer" },
	{ "session.process", "started processing again" },
	/* actions of the system */
	{ "session.look", "evaluated the processing results[; result: {outcome}][; checks: {checks}][: {route}]" },
	{ "session.finish_processing", "ended the processing[; result: {outcome}][: {route}]" },
	{ "session.fail_processing", "ended the processing without a result[; checks: {checks}][: {route}]" },
	{ "session.expire", "expired the session[: {from} to {to}]" },
	{ "session.unresponsive", "returned the case to the queue: {reminders} reminders unanswered" },
	{ "session.put_off", "rescheduled the processing" },
	{ "link.remind", "reminded the client[, reminder {reminder}]" },
	{ "alert.raise", "raised an alert: {kind}" },
	{ "parties.verified", "recorded all required parties as verified, with {subsession}" },
	{ "party.unverified", "recorded {subsession} as no longer verified" },
	/* assignment */
	{ "claim", "claimed the case[{renewed}]" },
	{ "next", "claimed the case as the next one" },
	{ "release", "released the case" },
	{ "assign", "assigned the case to {to}[, from {from}]" },
	{ "session.refer", "referred the case to {to}[, from {from}][: {note}]" },
	{ "session.snooze", "snoozed the case[ until {until}][: {why}]" },
	{ "session.wake", "returned the case to the queue" },
	/* read-only actions */
	{ "reveal", "revealed personal data[ of decision {decision}]" },
	{ "document.open", "opened {document}[, {side}]" },
	{ "document.save", "saved {document}[, {side}] as a file" },
	{ "session.evidence", "exported the evidence of the case" },
	{ "command.run", "ran their own command {command}" },
	{ "note.add", "wrote a note[ on {about}][ for {mentioned}][: {note}]" },
	{ "note.pin", "{pin} a note[: {note}]" },
	{ "note.read", "marked mentions as read" },
	/* reviewing */
	{ "document.accept", "accepted {document}[, before: {from}]" },
	{ "document.reject", "rejected {document}[, before: {from}][: {reason}]" },
	{ "document.add", "added {document}[, {side}][{as}]" },
	{ "document.record", "recorded {document} without its file[{as}]" },
	{ "document.end", "ended the upload of {document}: the second side was not uploaded within a day" },
	{ "document.delete", "deleted {document}[{as}]" },
	{ "document.bring", "imported documents[{as}]" },
	{ "step.edit", "changed the values of the step {step}" },
	{ "step.save", "saved the step {step}[: {status}][{as}]" },
	{ "hit.resolve", "marked {hit} as {to}[, before: {from}][: {why}]" },
	{ "hit.accept", "accepted the confirmed match {hit}[: {why}]" },
	{ "check.waive", "waived the check {check}[, before: {from}][: {why}]" },
	{ "check.report", "reported the check {check}[ as {reported}]: {to}[, before: {from}][; {found}][{as}]" },
	{ "judgement.confirm", "confirmed a judgement of {by_before}: {judgement}" },
	{ "session.validate", "validated the case: {broken}" },
	{ "correction.accept", "accepted the answer to a correction[ of {step}]" },
	{ "correction.answer", "answered a correction[ of {step}][{as}]" },
	{ "review.undo", "undid the {undone}[: {from} to {to}]" },
	{ "duplicate.dismiss", "dismissed a duplicate, {duplicate}[: {why}]" },
	{ "duplicate.link", "linked a case of the same applicant, {duplicate}[: {why}]" },
	{ "hold.clear", "cleared a hold" },
	{ "legal_hold.set", "set a legal hold" },
	{ "subject.export", "exported a person's data" },
	{ "purge.start", "began a purge" },
	{ "session.purge", "purged the case" },
	{ "session.keep_level", "kept the user's level when another case of the user was purged" },
	{ "purge.leave", "excluded the case from a purge" },
	{ "legal_hold.release", "released the legal hold" },
	{ "link.new", "created a new link for the client[ until {expires_at}]" },
	{ "link.extend", "extended the client's link[, until {expires_at}][{as}]" },
	{ "link.show", "viewed the client's link" },
	{ "session.delete", "deleted the session, with {documents} documents and {parties} parties" },
	/* submission */
	{ "session.open", "opened the session[ in {workflow}][{as}]" },
	{ "session.start", "started the session[{as}]" },
	{ "session.complete", "completed the session[{as}]" },
	{ "session.submit", "submitted the case[{as}]" },
	{ "session.hand_in", "submitted the corrections[{as}]" },
	{ "session.resubmit", "resubmitted the case[, attempt {attempt}][{as}]" },
	{ "session.hide", "hid the session from its merchant[{as}]" },
	{ "session.results", "reported results[: {final_decision}][{as}]" },
	{ "session.bring", "imported new values of the session[: {changed}]" },
	{ "session.carry", "changed the status on import[: {from} to {to}]" },
	{ "session.import", "imported the case[{again}][: {status}]" },
	{ "import.refuse",
	  "refused an import line[: {refused}][; check results imported from it: {checks_taken}]" },
	/* parties */
	{ "party.add", "declared {party}[, {kind}][{as}]" },
	{ "party.bring", "imported parties[{as}]" },
	{ "party.edit", "changed {party}[{touched}][{as}]" },
	{ "party.own", "changed the ownership share of {party}[: {percent} %][{as}]" },
	{ "party.remove", "removed {party}[{erased}][: {why}][{as}]" },
	{ "party.copy", "copied the KYC of {party} from another case" },
	{ "party.verify", "marked {party} as verified elsewhere[: {why}]" },
	{ "party.unverify", "withdrew the mark of {party} as verified elsewhere" },
	{ "party.gap", "explained undeclared ownership[ of {percent} %][: {reason}]" },
	{ "subsession.add", "created a KYC session for {party}" },
	{ "subsession.remove", "removed the KYC session of {party}[{erased}]" },
	{ "alert.close", "closed the alert" },
	/* outside the audit log of a case */
	{ "subject.add", "added the subject {subject}[{as}]" },
	{ "subject.edit", "changed the subject {subject}[{as}]" },
	{ "subject.delete", "deleted the subject {subject}[{as}]" },
	{ "subject.reveal", "revealed personal data of the subject {subject}" },
	{ "payin.simulate", "simulated a payin to {subject}" },
	{ "transfer.make", "made a transfer from an account of {subject}" },
	{ "payout.make", "made a payout from an account of {subject}" },
	{ "order.complete", "completed an order of {subject}" },
	{ "order.fail", "marked an order of {subject} as failed" },
	{ "order.cancel", "cancelled an order of {subject}" },
	{ "account.open", "opened an account of {subject}[ in {currency}]" },
	{ "reviewer.add", "added {reviewer}[ as {role}]" },
	{ "reviewer.role", "changed the role of {reviewer} to {to}[, before: {from}]" },
	{ "reviewer.disable", "disabled {reviewer}" },
	{ "reviewer.key", "created an API key for {reviewer}" },
	{ "access.add", "gave {reviewer} access by SSH with the key {fingerprint}" },
	{ "access.remove", "removed access by SSH of {reviewer}" },
	{ "reviewer.key_revoke", "revoked the API key of {reviewer}" },
	{ "template.set", "wrote the template {template} in {language}[, for {reason}]" },
	{ "template.remove", "removed the template {template}" },
	{ "merchant.add", "added the merchant {merchant}" },
	{ "merchant.key", "created the API key[ {name}] for {merchant}[ that may {permissions}]" },
	{ "merchant.key_rotate", "rotated the API key {name} of {merchant}" },
	{ "merchant.key_revoke", "revoked the API key {name} of {merchant}" },
	{ "merchant.provider_key", "created a key of the provider {provider} for {merchant}[: {checks}]" },
	{ "merchant.provider_key_revoke", "revoked the key of the provider {provider} for {merchant}" },
	{ "endpoint.add", "added the endpoint {url}[ of {merchant}]" },
	{ "endpoint.disable", "disabled the endpoint {url}[ of {merchant}]" },
	{ "endpoint.edit", "changed the endpoint {url}[, before: {url_before}]" },
	{ "endpoint.rotate", "rotated the secret of the endpoint {url}" },
	{ "endpoint.enable", "enabled the endpoint {url}" },
	{ "endpoint.remove", "removed the endpoint {url}[ of {merchant}]" },
	{ "endpoint.test", "tested the endpoint {url}" },
	{ "webhook.replay", "sent {deliveries} webhooks again" },
	{ "store.rebuild_search", "rebuilt the search index of {sessions} sessions" },
	{ "store.set", "set {setting} to {to}[, before: {from}]" },
	{ "store.copy", "began to copy the store to {to}" },
	{ "store.move", "moved the store to {to}" },
	{ "store.restore", "restored the store from {from}" },
	{ "store.upgrade", "upgraded the store from schema {from} to {to}" },
	{ "store.init", "created the store[ with the admin {admin}]" },
	{ "workflow.install", "installed the workflow {workflow}[, version {version}]" },
	{ "reasons.install", "installed the reasons {set}[, version {version}]" },
	{ "rules.install", "installed the rules of program {program}" },
};
#define SENTENCE_COUNT (sizeof sentences / sizeof sentences[0])

struct record {
	struct arena *arena;
	const struct case_view *view;
	const struct audit_event *item;
	const struct frame *frame;
	const struct json_value *detail; /* NULL: not readable */
};

/* --- values of keys --- */

/* A text or a number of the record. */
static const char *record_text(const struct record *record, const char *key)
{
	const char *text = json_get_text(record->detail, key);
	int64_t number;
	if (text)
		return arena_strdup(record->arena, text);
	if (json_get_int(record->detail, key, &number))
		return arena_printf(record->arena, "%lld", (long long)number);
	return "";
}

static bool record_flag(const struct record *record, const char *key)
{
	bool value = false;
	return json_get_bool(record->detail, key, &value) && value;
}

/* "false_positive" is a code; "false positive" are words. */
static const char *words_of(const struct record *record, const char *code)
{
	char *text = arena_strdup(record->arena, code);
	for (char *c = text; *c; c++)
		if (*c == '_')
			*c = ' ';
	return text;
}

static const char *document_phrase(const struct record *record)
{
	const struct document *document = case_document(&record->view->file, record_text(record, "document"));
	const char *type = document ? document->type : record_text(record, "type");
	if (document && document->file_name[0])
		return arena_printf(record->arena, "%s, %s", type, document->file_name);
	return type[0] ? type : "a document";
}

static const struct party *removed_party(const struct record *record)
{
	return parties_find(record->view->removed, record->view->removed_count, record_text(record, "party"));
}

static const char *party_phrase(const struct record *record)
{
	const struct party *party = case_party(&record->view->file, record_text(record, "party"));
	party = party ? party : removed_party(record);
	return party ? party->name : "a removed party";
}

/* The party of a KYC session. */
static const char *subsession_phrase(const struct record *record)
{
	const char *id = record_text(record, "subsession");
	for (size_t i = 0; id[0] && i < record->view->file.party_count; i++)
		if (!strcmp(record->view->file.parties[i].session_id, id))
			return arena_printf(record->arena, "the KYC of %s", record->view->file.parties[i].name);
	return "a KYC session";
}

static const struct hit *hit_of(const struct record *record)
{
	return case_hit(&record->view->file, record_text(record, "hit"), NULL);
}

static const char *hit_phrase(const struct record *record)
{
	const struct hit *hit = hit_of(record);
	return hit ? arena_printf(record->arena, "%s on %s", hit->name, hit->list) : "a deleted hit";
}

static const char *duplicate_phrase(const struct record *record)
{
	const struct duplicate *other = case_duplicate(record->view, record_text(record, "other"));
	return other ? case_title(record->arena, other->name, other->external_ref) : "a deleted case";
}

static const char *pin_word(const struct record *record)
{
	bool pinned = true;

	(void)json_get_bool(record->detail, "pinned", &pinned);
	return pinned ? "pinned" : "unpinned";
}

static const struct note *note_of(const struct record *record)
{
	int64_t row;

	if (!json_get_int(record->detail, "note", &row))
		return NULL;
	for (size_t i = 0; i < record->view->file.note_count; i++)
		if (record->view->file.notes[i].row == row)
			return &record->view->file.notes[i];
	return NULL;
}

static const char *note_phrase(const struct record *record)
{
	const struct note *note = note_of(record);

	return note ? note->text : "";
}

static const char *note_subject_phrase(const struct record *record)
{
	const struct note *note = note_of(record);

	return note ? note_about(record->arena, &record->view->file, note) : "";
}

static const struct decision *decision_of(const struct record *record)
{
	int64_t number;
	if (!json_get_int(record->detail, "decision", &number))
		return NULL;
	for (size_t i = 0; i < record->view->file.decision_count; i++)
		if (record->view->file.decisions[i].number == number)
			return &record->view->file.decisions[i];
	return NULL;
}

/* The label of a code in the current sets; the code itself if unknown. */
static const char *reason_label(const struct record *record, const char *code)
{
	static const enum reason_set sets[] = { REASONS_SESSION, REASONS_DOCUMENT, REASONS_HIT };
	for (size_t i = 0; record->view->reasons && i < sizeof sets / sizeof sets[0]; i++) {
		const struct reason *reason = reason_find(record->view->reasons, sets[i], code);
		if (reason)
			return reason->label;
	}
	return strchr(code, ' ') ? code : words_of(record, code); /* free text is not a code */
}

static const char *reason_phrase(const struct record *record)
{
	return reason_label(record, record_text(record, "reason"));
}

static const char *joined(const struct record *record, const char *a, const char *b)
{
	return arena_printf(record->arena, "%s%s%s", a, a[0] && b[0] ? ": " : "", b);
}

/* Whether the current judgement is the judgement of the record: a record has a hash of the judgement's evidence,
 * not its reason. */
static bool is_recorded_judgement(const struct record *record, enum judgement_kind kind, const char *ref)
{
	const struct judgements *judgements = &record->view->judgements;
	const char *hash = record_text(record, "basis_sha256");
	for (size_t i = 0; hash[0] && i < judgements->count; i++) {
		const struct judgement *judgement = &judgements->items[i];
		if (judgement->kind == kind && !strcmp(judgement->ref, ref))
			return !strcmp(judgement->by, record->item->actor) &&
			       !strcmp(facts_sha256(record->arena, judgement->basis), hash);
	}
	return false;
}

static const char *waiver_reason(const struct record *record)
{
	const struct case_file *file = &record->view->file;
	const char *kind = record_text(record, "check");
	for (size_t i = 0; i < file->check_count; i++)
		if (!strcmp(check_kind_text(file->checks[i].kind), kind) &&
		    is_recorded_judgement(record, JUDGEMENT_WAIVER, kind))
			return file->checks[i].waive_reason;
	return "";
}

static const char *party_reason(const struct record *record)
{
	const struct party *party = case_party(&record->view->file, record_text(record, "party"));
	if (party)
		return is_recorded_judgement(record, JUDGEMENT_PARTY_ELSEWHERE, party->id)
			       ? party->verified_elsewhere_reason
			       : "";
	party = removed_party(record);
	return party && !strcmp(record->item->action, use_cases[VERB_PARTY_REMOVE].word) ? party->removed_reason
											 : "";
}

static const char *hit_reason(const struct record *record)
{
	const struct hit *hit = hit_of(record);
	if (!strcmp(record->item->action, use_cases[VERB_HIT_ACCEPT].word))
		return hit && is_recorded_judgement(record, JUDGEMENT_HIT_ACCEPTED, hit->id) ? hit->accept_reason
											     : "";
	return joined(record, reason_phrase(record),
		      hit && is_recorded_judgement(record, JUDGEMENT_HIT, hit->id) ? hit->note : "");
}

/* The reason of a decision, a current judgement, a removal or a snooze. */
static const char *judgement_reason(const struct record *record)
{
	const struct decision *decision = decision_of(record);
	const struct session *session = &record->view->file.session;
	const struct duplicate *other = case_duplicate(record->view, record_text(record, "other"));
	if (decision)
		return joined(record, decision->reason[0] ? reason_label(record, decision->reason) : "",
			      decision->note);
	if (record_text(record, "hit")[0])
		return hit_reason(record);
	if (record_text(record, "check")[0])
		return waiver_reason(record);
	if (record_text(record, "party")[0])
		return party_reason(record);
	if (other)
		return other->dismissed_at == record->item->at ? other->dismissed_reason : "";
	if (record_text(record, "until")[0] && session->snoozed_until != TIME_NONE &&
	    !strcmp(record_text(record, "until"), time_text(record->arena, session->snoozed_until)))
		return session->snooze_reason;
	return "";
}

/* The capacity of the actor; "" for staff. */
static const char *capacity_suffix(const struct record *record)
{
	const char *as = record_text(record, "as");
	as = as[0] ? as : record_text(record, "reported_as");
	return as[0] ? arena_printf(record->arena, ", as %s", as) : "";
}

static const char *renewed_word(const struct record *record)
{
	return record_flag(record, "renewed") ? " again" : "";
}

/* For a report: the number of hits, and the number of new hits among them. */
static const char *hit_count_phrase(const struct record *record)
{
	const char *hits = record_text(record, "hits"), *opened = record_text(record, "opened");
	if (!hits[0] || !strcmp(hits, "0"))
		return "";
	return arena_printf(record->arena, "%s hit%s, %s new", hits, strcmp(hits, "1") ? "s" : "", opened);
}

static const char *broken_rules(const struct record *record)
{
	const char *count = record_text(record, "failures");
	if (!strcmp(count, "0"))
		return "no rule is broken";
	return arena_printf(record->arena, "%s rule%s broken", count, strcmp(count, "1") ? "s are" : " is");
}

static const char *update_suffix(const struct record *record)
{
	return strcmp(record_text(record, "result"), "updated") ? "" : " again";
}

static const char *erased_phrase(const struct record *record)
{
	if (!record_flag(record, "erased"))
		return "";
	return strcmp(record->item->action, use_cases[VERB_SUBSESSION_REMOVE].word) ? ", with its KYC session"
										    : ", with all its data";
}

static const char *touched_parts(const struct record *record)
{
	bool identity = record_flag(record, "identity"), ownership = record_flag(record, "ownership");
	return identity && ownership ? ": identity and ownership"
	       : identity	     ? ": identity"
	       : ownership	     ? ": ownership"
				     : "";
}

/* Members that an imported line changed. */
static const char *changed_phrase(const struct record *record)
{
	const char *text = "";
	for (const char *key = json_first_key(record->detail); key; key = json_next_key(record->detail, key)) {
		if (record_flag(record, key))
			text = arena_printf(record->arena, "%s%s%s", text, text[0] ? ", " : "",
					    words_of(record, key));
	}
	return text;
}

static const char *record_text_of(const struct record *record, const char *key);

/* The verdict or removal that was undone. */
static const char *undone_phrase(const struct record *record)
{
	static const struct {
		enum verb verb;
		const char *what, *key;
	} kinds[] = {
		{ VERB_DOCUMENT_ACCEPT, "acceptance of", "document" },
		{ VERB_DOCUMENT_REJECT, "rejection of", "document" },
		{ VERB_HIT_RESOLVE, "verdict on", "hit" },
		{ VERB_HIT_ACCEPT, "acceptance of the match", "hit" },
		{ VERB_CORRECTION_ACCEPT, "acceptance of the answer to", "step" },
		{ VERB_PARTY_REMOVE, "removal of", "party" },
		{ VERB_SUBSESSION_REMOVE, "removal of the KYC session of", "party" },
	};
	const char *action = record_text(record, "action");
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (!strcmp(use_cases[kinds[i].verb].word, action))
			return arena_printf(record->arena, "%s %s", kinds[i].what,
					    record_text_of(record, kinds[i].key));
	return "change";
}

/* Why a decision was held back. */
static const char *cause_phrase(const struct record *record)
{
	const char *cause = record_text(record, "cause");

	if (!strcmp(cause, "held"))
		return "held by a lead";
	return strcmp(cause, "hit") ? "a new screening hit was reported on a party's KYC"
				    : "a new screening hit was reported";
}

/* The refused parts of an imported line. */
static const char *refused_parts(const struct record *record)
{
	const struct json_value *paths = json_get(record->detail, "refused");
	const char *text = "";
	for (size_t i = 0; i < json_count(paths); i++) {
		const char *path = json_text(json_at(paths, i));
		text = arena_printf(record->arena, "%s%s%s", text, text[0] ? ", " : "", path ? path : "");
	}
	return text;
}

static const struct {
	const char *key;
	const char *(*find)(const struct record *record);
} finders[] = {
	{ "cause", cause_phrase },
	{ "undone", undone_phrase },
	{ "refused", refused_parts },
	{ "document", document_phrase },
	{ "party", party_phrase },
	{ "subsession", subsession_phrase },
	{ "hit", hit_phrase },
	{ "note", note_phrase },
	{ "duplicate", duplicate_phrase },
	{ "pin", pin_word },
	{ "about", note_subject_phrase },
	{ "reason", reason_phrase },
	{ "why", judgement_reason },
	{ "as", capacity_suffix },
	{ "erased", erased_phrase },
	{ "renewed", renewed_word },
	{ "found", hit_count_phrase },
	{ "broken", broken_rules },
	{ "again", update_suffix },
	{ "touched", touched_parts },
	{ "changed", changed_phrase },
};

/* Keys with codes, not names, as values. */
static const char *const codes[] = { "kind",   "from",	    "to",   "outcome",	      "checks", "check",
				     "status", "judgement", "side", "final_decision", "route" };

static const char *record_text_of(const struct record *record, const char *key)
{
	const char *text = record_text(record, key);
	int64_t at;
	for (size_t i = 0; i < sizeof finders / sizeof finders[0]; i++)
		if (!strcmp(finders[i].key, key))
			return finders[i].find(record);
	if (!strcmp(key, "until") || !strcmp(key, "expires_at")) {
		bool timed = text[0] && !time_parse(text, false, &at, NULL);
		return timed ? when_text(record->arena, at, record->frame) : text;
	}
	/* For assignments both values are names, not codes. */
	if (!strcmp(record->item->action, use_cases[VERB_ASSIGN].word))
		return text;
	return texts_have(codes, sizeof codes / sizeof codes[0], key) ? words_of(record, text) : text;
}

/* --- the sentence --- */

/* Adds a piece of a template; false: one of its keys is empty. */
static bool add_piece(const struct record *record, struct strbuf *out, const char *piece, size_t length)
{
	bool complete = true;
	for (size_t at = 0; at < length;) {
		const char *end = piece[at] == '{' ? memchr(piece + at, '}', length - at) : NULL;
		char key[KEY_SIZE] = "";
		if (!end) {
			strbuf_addch(out, piece[at++]);
			continue;
		}
		size_t size = (size_t)(end - piece) - at - 1;
		if (size >= sizeof key)
			BUG("a key of a sentence is too long: %s", piece);
		memcpy(key, piece + at + 1, size);
		const char *text = record_text_of(record, key);
		strbuf_adds(out, text);
		complete = complete && text[0];
		at += size + 2;
	}
	return complete;
}

static const char *fill_template(const struct record *record, const char *sentence)
{
	struct strbuf out = STRBUF_INIT;
	while (*sentence) {
		size_t plain = strcspn(sentence, "[");
		add_piece(record, &out, sentence, plain);
		sentence += plain;
		if (!*sentence)
			break;
		struct strbuf part = STRBUF_INIT;
		size_t length = strcspn(sentence, "]");
		if (add_piece(record, &part, sentence + 1, length - 1))
			strbuf_add(&out, part.buf, part.len);
		strbuf_release(&part);
		sentence += length + 1;
	}
	return strbuf_finish(&out, record->arena);
}

static const char *template_of(const char *word)
{
	for (size_t i = 0; i < SENTENCE_COUNT; i++)
		if (!strcmp(sentences[i].word, word))
			return sentences[i].sentence;
	return NULL;
}

static struct json_value *detail_of(const struct audit_event *item)
{
	struct json_value *detail = NULL;
	return json_read(item->detail, strlen(item->detail), &detail, NULL) ? NULL : detail;
}

const char *event_member(struct arena *arena, const struct audit_event *item, const char *key)
{
	struct json_value *detail = detail_of(item);
	const char *text = record_text(&(const struct record){ .arena = arena, .detail = detail }, key);
	json_free(detail);
	return text;
}

const char *event_sentence(struct arena *arena, const struct case_view *view, const struct audit_event *item,
			   const struct frame *frame)
{
	const char *sentence = template_of(item->action);
	if (!sentence)
		return item->action;
	struct json_value *detail = detail_of(item);
	const struct record record = {
		.arena = arena, .view = view, .item = item, .frame = frame, .detail = detail
	};
	const char *text = fill_template(&record, sentence);
	json_free(detail);
	return text;
}
