/* Computes a former state of a case by undoing the records of its audit log. A table has one function for each kind
 * of record. */
#include "use/use.h"
#include "read/history_undo.h"
#include "kybdesk/domain/identity.h"
#include "kybdesk/domain/results.h"

#define AUDIT_LOG_PAGE 500

const char *history_detail_text(const struct undo_run *undo_run, const char *key)
{
	const char *text = json_get_text(undo_run->detail, key);

	return text ? arena_strdup(undo_run->arena, text) : "";
}

static void KYB_PRINTF(2, 3) add_unknown(struct undo_run *undo_run, const char *format, ...)
{
	struct history *history = undo_run->history;
	const char *sentence;

	ARENA_VPRINTF(sentence, undo_run->arena, format);
	for (size_t i = 0; i < history->unknown_count; i++) {
		if (!strcmp(history->unknown_sentences[i], sentence))
			return;
	}
	history->unknown_sentences[history->unknown_count++] = sentence;
}

/* Finds the newest record with this action about this part that is older than undo_run->item; NULL: none. */
static const struct audit_event *find_older_record(const struct undo_run *undo_run, const char *word, const char *id)
{
	const struct history_audit_log *audit_log = undo_run->audit_log;

	for (size_t i = (size_t)(undo_run->item - audit_log->items) + 1; i < audit_log->count; i++) {
		const struct audit_event *item = &audit_log->items[i];

		if (!strcmp(item->action, word) && strstr(item->detail, id))
			return item;
	}
	return NULL;
}

/* --- the session --- */

void history_undo_status(struct undo_run *undo_run)
{
	enum session_status status;

	if (session_status_parse(history_detail_text(undo_run, "from"), &status))
		undo_run->history->file.session.status = status;
}

static void undo_level_change(struct undo_run *undo_run)
{
	if (json_get(undo_run->detail, "level_from"))
		undo_run->history->file.session.subject.level = history_detail_text(undo_run, "level_from");
}

static struct decision *decision_of(const struct undo_run *undo_run)
{
	struct case_file *file = &undo_run->history->file;
	int64_t number;

	if (!json_get_int(undo_run->detail, "decision", &number))
		return NULL;
	return ITEM_WITH_NUMBER(file->decisions, file->decision_count, number, number);
}

/* Sets the decider, reason and time of the decision from the last approval or rejection that was not undone. */
static void set_last_decider(struct case_file *file)
{
	struct session *session = &file->session;

	session->decided_by = session->decision_reason = "";
	session->decided_at = TIME_NONE;
	for (size_t i = 0; i < file->decision_count; i++) {
		const struct decision *decision = &file->decisions[i];

		if (decision->undone || decision->is_first_decision ||
		    (decision->kind != DECISION_APPROVE && decision->kind != DECISION_REJECT))
			continue;
		session->decided_by = decision->by;
		session->decision_reason = decision->reason;
		session->decided_at = decision->at;
	}
}

void history_undo_decision(struct undo_run *undo_run)
{
	struct case_file *file = &undo_run->history->file;
	struct decision *decision = decision_of(undo_run);

	history_undo_status(undo_run);
	undo_level_change(undo_run);
	if (!decision)
		return;
	ITEM_REMOVE(file->decisions, file->decision_count, decision);
	set_last_decider(file);
}

/* Undoes the undo of a decision, and removes the undo, which the case stores as its last decision. */
static void undo_decision_undo(struct undo_run *undo_run)
{
	struct case_file *file = &undo_run->history->file;
	struct decision *decision = decision_of(undo_run);

	history_undo_status(undo_run);
	undo_level_change(undo_run);
	if (file->decision_count && file->decisions[file->decision_count - 1].kind == DECISION_UNDO)
		file->decision_count--;
	if (!strcmp(history_detail_text(undo_run, "kind"), decision_kind_text(DECISION_CORRECTIONS)))
		history_reopen_corrections(undo_run);
	if (!decision)
		return;
	decision->undone = false;
	set_last_decider(file);
}

static void undo_snooze(struct undo_run *undo_run)
{
	undo_run->history->file.session.snoozed_until = TIME_NONE;
}

static void undo_snooze_end(struct undo_run *undo_run)
{
	const struct audit_event *snooze = find_older_record(undo_run, "session.snooze", "");
	int64_t until;

	if (snooze && !time_parse(desk_detail_text(undo_run->arena, snooze, "until"), false, &until, NULL))
		undo_run->history->file.session.snoozed_until = until;
	else
		add_unknown(undo_run, "the previous end of the snooze");
}

static struct note *find_note(const struct undo_run *undo_run)
{
	struct case_file *file = &undo_run->history->file;
	int64_t row;

	return json_get_int(undo_run->detail, "note", &row) ? ITEM_WITH_NUMBER(file->notes, file->note_count, row, row)
							    : NULL;
}

static void undo_note(struct undo_run *undo_run)
{
	struct case_file *file = &undo_run->history->file;
	struct note *note = find_note(undo_run);

	if (note)
		ITEM_REMOVE(file->notes, file->note_count, note);
}

static void undo_note_pin(struct undo_run *undo_run)
{
	struct note *note = find_note(undo_run);

	if (note)
		note->pinned_by = history_detail_text(undo_run, "from");
}

static void undo_creation(struct undo_run *undo_run)
{
	if (strcmp(history_detail_text(undo_run, "result"), "updated") != 0)
		undo_run->history->case_did_not_exist = true;
}

/* --- documents --- */

static struct document *document_named(struct undo_run *undo_run, const char *member)
{
	return (struct document *)case_document(&undo_run->history->file, history_detail_text(undo_run, member));
}

static void undo_document_verdict(struct undo_run *undo_run)
{
	struct document *document = document_named(undo_run, "document");
	const struct audit_event *verdict;
	enum review_state state;

	if (!document || !review_state_parse(history_detail_text(undo_run, "from"), &state))
		return;
	document->review = state;
	document->reviewed_by = document->review_reason = "";
	document->reviewed_at = TIME_NONE;
	if (state == REVIEW_UNREVIEWED)
		return;
	verdict = find_older_record(undo_run, state == REVIEW_ACCEPTED ? "document.accept" : "document.reject",
				    document->id);
	if (verdict) {
		document->reviewed_by = verdict->actor;
		document->reviewed_at = verdict->at;
		document->review_reason = desk_detail_text(undo_run->arena, verdict, "reason");
	} else {
		add_unknown(undo_run, "which reviewer had %s %s before, and why", review_state_text(state),
			    document->type);
	}
}

static void undo_document_add(struct undo_run *undo_run)
{
	struct case_file *file = &undo_run->history->file;
	struct document *document = document_named(undo_run, "document");

	if (!document)
		return;
	for (size_t i = 0; i < file->document_count; i++) {
		struct document *old = &file->documents[i];

		if (!document->replaces_row || old->row != document->replaces_row)
			continue;
		old->replaced = false;
		if (case_requests_document(file, old))
			document_set_upload_state(old, UPLOAD_REQUIRED);
	}
	document->replaces_row = 0;
	if (find_older_record(undo_run, "document.record", document->id)) { /* the document had no file before */
		document->upload = UPLOAD_WAITING;
		document->file_name = document->sha256 = "";
		document->size_bytes = 0;
		return;
	}
	ITEM_REMOVE(file->documents, file->document_count, document);
}

static void undo_answer_move(struct undo_run *undo_run)
{
	struct document *answer = document_named(undo_run, "document"), *item = document_named(undo_run, "item");
	struct document *from = document_named(undo_run, "from"), *former = document_named(undo_run, "exchanged");

	if (answer)
		answer->replaces_row = from ? from->row : 0;
	if (from) {
		from->replaced = true;
		if (from->upload == UPLOAD_REQUIRED)
			document_set_upload_state(from, UPLOAD_READY);
	}
	if (former)
		former->replaces_row = item ? item->row : 0;
	if (!item || former)
		return;
	item->replaced = false;
	if (case_requests_document(&undo_run->history->file, item))
		document_set_upload_state(item, UPLOAD_REQUIRED);
}

/* --- checks --- */

static struct check *check_of(const struct undo_run *undo_run)
{
	enum check_kind kind;

	return check_kind_parse(history_detail_text(undo_run, "check"), &kind)
		       ? case_check(&undo_run->history->file, kind)
		       : NULL;
}

static struct hit *hit_of(const struct undo_run *undo_run)
{
	return (struct hit *)case_hit(&undo_run->history->file, history_detail_text(undo_run, "hit"), NULL);
}

static void undo_hit_verdict(struct undo_run *undo_run)
{
	struct hit *hit = hit_of(undo_run);
	const struct audit_event *verdict;
	enum hit_state state;

	if (!hit || !hit_state_parse(history_detail_text(undo_run, "from"), &state))
		return;
	hit->state = state;
	hit->resolved_by = hit->reason = hit->note = "";
	if (state == HIT_OPEN)
		return;
	verdict = find_older_record(undo_run, "hit.resolve", hit->id);
	if (verdict) {
		hit->resolved_by = verdict->actor;
		hit->reason = desk_detail_text(undo_run->arena, verdict, "reason");
	} else {
		add_unknown(undo_run, "which reviewer had decided the hit %s before, and why", hit->name);
	}
}

static void undo_hit_accept(struct undo_run *undo_run)
{
	struct hit *hit = hit_of(undo_run);

	if (!hit)
		return;
	hit->state = HIT_TRUE_MATCH;
	hit->accepted_by = hit->accept_reason = "";
}

static void undo_waiver(struct undo_run *undo_run)
{
	struct check *check = check_of(undo_run);
	enum check_status status;

	if (!check || !check_status_parse(history_detail_text(undo_run, "from"), &status))
		return;
	check->status = status;
	check->waived_by = check->waive_reason = "";
}

static void undo_judgement(struct undo_run *undo_run)
{
	struct check *check = NULL;
	struct result *result = case_result(&undo_run->history->file, history_detail_text(undo_run, "result"), &check);
	enum result_verdict verdict;

	if (!result || !result_verdict_parse(history_detail_text(undo_run, "from"), &verdict))
		return;
	result->verdict = verdict;
	result->judged_by = result->judge_reason = result->basis = "";
	check_sum_results(check);
}

static void undo_check_report(struct undo_run *undo_run)
{
	struct case_file *file = &undo_run->history->file;
	struct check *check = check_of(undo_run);
	enum check_status status;

	if (!check)
		return;
	if (!strcmp(history_detail_text(undo_run, "from"), "missing")) {
		ITEM_REMOVE(file->checks, file->check_count, check);
	} else if (check_status_parse(history_detail_text(undo_run, "from"), &status)) {
		check->status = status;
		if (*history_detail_text(undo_run, "result") && check->result_count)
			check->result_count--;
		check->score = -1;
		add_unknown(undo_run, "the score and the hits of %s before the check ran again",
			    check_kind_text(check->kind));
	}
}

/* --- parties --- */

static struct party *party_of(const struct undo_run *undo_run)
{
	return (struct party *)case_party(&undo_run->history->file, history_detail_text(undo_run, "party"));
}

static void undo_party_add(struct undo_run *undo_run)
{
	struct case_file *file = &undo_run->history->file;
	struct party *party = party_of(undo_run);

	if (party)
		ITEM_REMOVE(file->parties, file->party_count, party);
}

static void undo_party_removal(struct undo_run *undo_run)
{
	struct case_file *file = &undo_run->history->file;
	const struct party *party =
		case_party_or_removed(&undo_run->current_view->file, history_detail_text(undo_run, "party"));

	if (!party) {
		add_unknown(undo_run, "a party that was erased later");
		return;
	}
	file->parties[file->party_count] = *party;
	file->parties[file->party_count++].session_id = history_detail_text(undo_run, "subsession");
}

static void undo_verification(struct undo_run *undo_run)
{
	struct party *party = party_of(undo_run);

	if (party)
		party->verified_elsewhere_by = party->verified_elsewhere_reason = "";
}

/* The answer of this pair before: of other pairs the answers stay. */
static void undo_pair_answer(struct undo_run *undo_run)
{
	struct party *party = party_of(undo_run);
	const char *other = history_detail_text(undo_run, "other_party"), *line = "";
	const struct history_audit_log *audit_log = undo_run->audit_log;

	for (size_t i = (size_t)(undo_run->item - audit_log->items) + 1; party && !*line && i < audit_log->count; i++) {
		const struct audit_event *item = &audit_log->items[i];
		const bool same = !strcmp(item->action, "party.same");

		if ((same || !strcmp(item->action, "party.other")) && strstr(item->detail, party->id) &&
		    strstr(item->detail, other))
			line = identity_answer_line(undo_run->arena, other, same ? "same" : "other",
						    desk_detail_text(undo_run->arena, item, "basis_sha256"));
	}
	if (party && *other)
		identity_set_answer(undo_run->arena, party, other, line);
}

static void undo_verify_removal(struct undo_run *undo_run)
{
	struct party *party = party_of(undo_run);
	const struct audit_event *verdict = party ? find_older_record(undo_run, "party.verify", party->id) : NULL;

	if (verdict) {
		party->verified_elsewhere_by = verdict->actor;
	} else if (party) {
		party->verified_elsewhere_by = "somebody";
		add_unknown(undo_run, "which reviewer had marked %s as verified elsewhere, and why", party->name);
	}
}

static void undo_kyc_add(struct undo_run *undo_run)
{
	struct party *party = party_of(undo_run);

	if (party)
		party->session_id = "";
}

/* Undoes the copy of a KYC session into a party. If the party was declared before, the copy may have replaced a KYC
 * session that the audit log does not name. */
static void undo_party_copy(struct undo_run *undo_run)
{
	const struct party *party = party_of(undo_run);
	bool added = false;

	if (json_get_bool(undo_run->detail, "added", &added) && added) {
		undo_party_add(undo_run);
		return;
	}
	undo_kyc_add(undo_run);
	if (party)
		add_unknown(undo_run, "which KYC session %s had before it was replaced", party->name);
}

static void undo_kyc_removal(struct undo_run *undo_run)
{
	struct party *party = party_of(undo_run);
	const char *id = history_detail_text(undo_run, "subsession");
	const struct party *now = party ? case_party_or_removed(&undo_run->current_view->file, party->id) : NULL;

	if (now && *id && !strcmp(now->session_id, id)) /* the session exists again: the removal was undone */
		party->session_id = now->session_id;
	else if (party)
		add_unknown(undo_run, "the removed KYC session of %s", party->name);
}

/* Undoes the undo of a review: applies the undone record again. */
static void undo_review_undo(struct undo_run *undo_run)
{
	struct hit *hit = hit_of(undo_run);

	if (*history_detail_text(undo_run, "document")) {
		undo_document_verdict(undo_run);
	} else if (hit) {
		undo_hit_verdict(undo_run);
		if (hit->state == HIT_ACCEPTED)
			hit->accepted_by = undo_run->item->actor;
	} else if (*history_detail_text(undo_run, "correction")) {
		history_undo_correction(undo_run);
	} else if (!strcmp(history_detail_text(undo_run, "action"), "party.remove")) {
		undo_party_add(undo_run);
	} else {
		undo_kyc_add(undo_run);
	}
}

static void undo_gap_reason(struct undo_run *undo_run)
{
	undo_run->history->file.session.gap_reason = "";
}

/* --- the table --- */

static const struct {
	const char *word;
	void (*undo)(struct undo_run *undo_run);
} undos[] = {
	{ "session.approve", history_undo_decision },
	{ FIRST_APPROVAL_ACTION, history_undo_decision },
	{ "session.reject", history_undo_decision },
	{ "session.reopen", history_undo_decision },
	{ "session.corrections", history_undo_request },
	{ "session.undo", undo_decision_undo },
	{ UNDO_FIRST_ACTION, undo_decision_undo },
	{ "session.hold", undo_decision_undo },
	{ "session.withdraw_corrections", history_undo_withdrawal },
	{ "session.hand_in", history_undo_submission },
	{ "session.finish_processing", history_undo_decision },
	{ "session.fail_processing", history_undo_decision },
	{ "session.snooze", undo_snooze },
	{ "session.wake", undo_snooze_end },
	{ "note.add", undo_note },
	{ "note.pin", undo_note_pin },
	{ "session.import", undo_creation },
	{ "session.open", undo_creation },
	{ "document.accept", undo_document_verdict },
	{ "document.reject", undo_document_verdict },
	{ "document.add", undo_document_add },
	{ "document.record", undo_document_add },
	{ "hit.resolve", undo_hit_verdict },
	{ "hit.accept", undo_hit_accept },
	{ "check.waive", undo_waiver },
	{ "result.judge", undo_judgement },
	{ "check.report", undo_check_report },
	{ "correction.answer", history_undo_correction },
	{ "correction.accept", history_undo_correction },
	{ "correction.move", undo_answer_move },
	{ "review.undo", undo_review_undo },
	{ "party.add", undo_party_add },
	{ "party.copy", undo_party_copy },
	{ "party.remove", undo_party_removal },
	{ "party.verify", undo_verification },
	{ "party.unverify", undo_verify_removal },
	{ "party.same", undo_pair_answer },
	{ "party.other", undo_pair_answer },
	{ "party.gap", undo_gap_reason },
	{ "subsession.add", undo_kyc_add },
	{ "subsession.remove", undo_kyc_removal },
};

/* Kinds of records with values that the audit log does not keep. The view names the lost values in a text of three
 * parts: `lost`; the name of the part of the case (lost_part_name(), from `key`); and, unless `end` is "",
 * " before ACTOR" and `end`. */
static const struct {
	const char *word, *lost, *key, *end;
} losses[] = {
	{ "session.bring", "the values of the session", "", " imported new values" },
	{ "session.results", "the previous risk score and results", "", "" },
	{ "document.bring", "the documents", "", " imported new documents" },
	{ "document.delete", "the deleted document ", "type", "" },
	{ "document.end", "the deleted document ", "type", "" },
	{ "party.bring", "the parties", "", " imported new parties" },
	{ "party.edit", "the data of ", "party", " changed it" },
	{ "party.own", "the data of ", "party", " changed it" },
	{ "step.edit", "the answers of the step ", "step", " changed them" },
	{ "step.save", "the answers of the step ", "step", " changed them" },
};

static const char *lost_part_name(const struct undo_run *undo_run, const char *key)
{
	const struct party *party = party_of(undo_run);

	if (!strcmp(key, "party"))
		return party ? party->name : "a removed party";
	return *key ? history_detail_text(undo_run, key) : "";
}

/* Undoes one record with the table `undos` or `losses`. Any other record of a session contains the former status,
 * which is restored. */
static void undo_audit_record(struct undo_run *undo_run)
{
	const char *word = undo_run->item->action;

	for (size_t i = 0; i < sizeof undos / sizeof *undos; i++) {
		if (!strcmp(undos[i].word, word)) {
			undos[i].undo(undo_run);
			return;
		}
	}
	for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
		if (!strcmp(losses[i].word, word)) {
			add_unknown(undo_run, "%s%s%s%s%s", losses[i].lost, lost_part_name(undo_run, losses[i].key),
				    *losses[i].end ? " before " : "", *losses[i].end ? undo_run->item->actor : "",
				    losses[i].end);
			return;
		}
	}
	if (!strncmp(word, "session.", strlen("session.")))
		history_undo_status(undo_run);
}

/* Finds the holder of the case from the latest record about a claim. Undoing the records of claims is not enough,
 * since decisions also release the claim. */
static const char *find_claim_holder(struct undo_run *undo_run)
{
	static const struct {
		const char *word;
		enum { TO_ACTOR, TO_NAMED, TO_NOBODY } holder;
	} words[] = { { "claim", TO_ACTOR },
		      { "next", TO_ACTOR },
		      { "session.undo", TO_ACTOR },
		      { "assign", TO_NAMED },
		      { "session.refer", TO_NAMED },
		      { "release", TO_NOBODY },
		      { "session.snooze", TO_NOBODY },
		      { "session.approve", TO_NOBODY },
		      { FIRST_APPROVAL_ACTION, TO_NOBODY },
		      { "session.reject", TO_NOBODY },
		      { "session.corrections", TO_NOBODY },
		      { "session.reopen", TO_NOBODY } };
	const struct history_audit_log *audit_log = undo_run->audit_log;

	for (size_t i = audit_log->later_count; i < audit_log->count; i++) {
		const struct audit_event *item = &audit_log->items[i];

		for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
			if (strcmp(words[w].word, item->action) != 0)
				continue;
			return words[w].holder == TO_ACTOR   ? item->actor
			       : words[w].holder == TO_NAMED ? desk_detail_text(undo_run->arena, item, "to")
							     : "";
		}
	}
	return "";
}

/* Copies all data that an undo can change; shares the other data with the case. */
static void copy_case(struct arena *arena, const struct case_view *now, struct case_file *file)
{
	*file = now->file;
	ITEMS_GROW(arena, file->documents, file->document_count, 0);
	ITEMS_GROW(arena, file->parties, file->party_count, now->file.removed.count);
	ITEMS_GROW(arena, file->checks, file->check_count, 0);
	ITEMS_GROW(arena, file->corrections, file->correction_count, 0);
	ITEMS_GROW(arena, file->decisions, file->decision_count, 0);
	ITEMS_GROW(arena, file->notes, file->note_count, 0);
	for (size_t i = 0; i < file->check_count; i++) {
		ITEMS_GROW(arena, file->checks[i].hits, file->checks[i].hit_count, 0);
		ITEMS_GROW(arena, file->checks[i].results, file->checks[i].result_count, 0);
	}
}

void history_make(struct arena *arena, const struct case_view *now, const struct history_audit_log *audit_log,
		  struct history *out)
{
	struct undo_run undo_run = { .arena = arena, .current_view = now, .audit_log = audit_log, .history = out };

	*out = (struct history){ .holder = now->holder,
				 .next_record = audit_log->later_count ? &audit_log->items[audit_log->later_count - 1]
								       : NULL };
	out->unknown_sentences = arena_alloc_array(arena, audit_log->later_count + 1, sizeof *out->unknown_sentences);
	copy_case(arena, now, &out->file);
	for (size_t i = 0; i < audit_log->later_count; i++) {
		const struct audit_event *item = &audit_log->items[i];
		struct json_value *detail = NULL;

		if (!json_read(item->detail, strlen(item->detail), &detail, NULL)) {
			undo_run.item = item;
			undo_run.detail = detail;
			undo_audit_record(&undo_run);
		}
		json_free(detail);
	}
	if (audit_log->later_count)
		out->holder = find_claim_holder(&undo_run);
}

size_t history_index(const struct history_audit_log *audit_log, int64_t seq)
{
	size_t place = 0;

	while (place < audit_log->count && audit_log->items[place].seq != seq)
		place++;
	return place;
}

/* --- from the store --- */

/* Reads the records newest first, back to the first record of the case, since previous values are in older records. */
static enum err read_audit_log(struct desk *desk, struct arena *arena, const char *id,
			       struct history_audit_log *audit_log, struct error *error)
{
	struct audit_query query = { .session = id, .limit = AUDIT_LOG_PAGE };
	struct audit_event *all = NULL;
	size_t count = 0, capacity = 0;
	struct audit_page page;
	enum err err;

	do {
		err = desk_audit_list(desk, arena, &query, &page, error);
		for (size_t i = 0; !err && i < page.count; i++)
			*ARENA_PUSH(arena, all, count, capacity) = page.items[i];
		query.after_seq = page.next_after_seq;
	} while (!err && page.next_after_seq);
	*audit_log = (struct history_audit_log){ .items = all, .count = count };
	return err;
}

enum err desk_case_at_moment(struct desk *desk, struct arena *arena, const char *reference,
			     const struct history_moment *moment, struct history *out, struct error *error)
{
	struct case_view *now = arena_alloc(arena, sizeof *now);
	struct history_audit_log *audit_log = arena_alloc(arena, sizeof *audit_log);
	enum err err = desk_case(desk, arena, reference, false, now, error);

	if (!err)
		err = read_audit_log(desk, arena, now->file.session.id, audit_log, error);
	if (err)
		return err;
	if (moment->seq) {
		audit_log->later_count = history_index(audit_log, moment->seq) + 1;
		if (audit_log->later_count > audit_log->count)
			return error_set(error, ERR_NOT_FOUND,
					 "Record %lld is not part of this case. List its records with: kybdesk "
					 "audit list %s",
					 (long long)moment->seq, reference);
	} else {
		while (audit_log->later_count < audit_log->count &&
		       audit_log->items[audit_log->later_count].at > moment->at)
			audit_log->later_count++;
	}
	history_make(arena, now, audit_log, out);
	return ERR_OK;
}
