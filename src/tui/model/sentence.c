/* The audit log in sentences. The template of a verb's sentence is in the verb's row (desk/verbs.h); all other
 * templates are in this file. */
#include "model/page.h"

#include "kybdesk/codec/json.h"

#include <string.h>

#define PLACEHOLDER_KEY_SIZE 32

/* Templates of the actions that are not the main action of a verb. */
static const struct {
	const char *word, *sentence;
} sentences[] = {
	{ FIRST_APPROVAL_ACTION, "gave the first of two approvals[: {why}]" },
	{ FIRST_REJECTION_ACTION, "gave the first of two rejections[: {why}]" },
	{ UNDO_FIRST_ACTION, "undid the first of two approvals" },
	{ "session.hold", "undid the decision to {kind} by {by}: {cause}, before anything was sent[; {from} to "
			  "{to}][, level {level_from} to {level_to}]" },
	{ "session.finish_processing", "ended the processing[; result: {outcome}][: {route}]" },
	{ "session.fail_processing", "ended the processing without a result[; checks: {checks}][: {route}]" },
	{ "session.unresponsive", "returned the case to the queue: {reminders} reminders unanswered" },
	{ "alert.raise", "raised an alert: {kind}" },
	{ "parties.verified", "recorded all required parties as verified, with {subsession}" },
	{ "party.unverified", "recorded {subsession} as no longer verified" },
	{ "owners.import",
	  "imported statements of owners: {taken} of {values} values taken, {kept} kept in the file only, "
	  "{not_taken} not taken" },
	{ "hold.clear", "cleared a hold" },
	{ "session.keep_level", "kept the user's level when another case of the user was purged" },
	{ "purge.leave", "excluded the case from a purge" },
	{ "session.import", "imported the case[{again}][: {status}]" },
	{ "import.refuse", "refused an import line[: {refused}][; check results imported from it: {checks_taken}]" },
	{ "store.restore", "restored the store from {from}" },
	{ "store.upgrade", "upgraded the store from schema {from} to {to}" },
	{ "store.init", "created the store[ with the admin {admin}]" },
	{ "rules.install", "installed the rules of program {program}" },
};

struct record {
	struct arena *arena;
	const struct case_view *view;
	const struct audit_event *item;
	const struct frame *frame;
	const struct json_value *detail; /* NULL: not valid JSON */
};

/* --- values of keys --- */

/* The value of a key in the record's detail, if it is a text or a number; "" none. */
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

/* A code with spaces instead of underscores: "false_positive" becomes "false positive". */
static const char *code_with_spaces(const struct record *record, const char *code)
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
	const char *type =
		profile_document_title(record->view->profile, document ? document->type : record_text(record, "type"));
	if (document && document->file_name[0])
		return arena_printf(record->arena, "%s, %s", type, document->file_name);
	return type[0] ? type : "a document";
}

static const char *party_phrase(const struct record *record)
{
	const struct party *party = case_party_or_removed(&record->view->file, record_text(record, "party"));
	return party ? party->name : "a removed party";
}

static const char *other_party_phrase(const struct record *record)
{
	const struct party *party = case_party(&record->view->file, record_text(record, "other_party"));
	return party ? party->name : "a removed party";
}

/* Names the party that belongs to the KYC session in the record. */
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
	const struct duplicate *other = case_find_duplicate(record->view, record_text(record, "other"));
	return other ? case_title(record->arena, other->name, other->external_ref) : "a deleted case";
}

static const char *pin_state_word(const struct record *record)
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
	return ITEM_WITH_NUMBER(record->view->file.notes, record->view->file.note_count, row, row);
}

static const char *note_phrase(const struct record *record)
{
	const struct note *note = note_of(record);

	return note ? note->text : "";
}

static const char *note_subject_phrase(const struct record *record)
{
	const struct note *note = note_of(record);

	return note ? note_subject_text(record->arena, &record->view->file, record->view->profile, note) : "";
}

static const struct decision *decision_of(const struct record *record)
{
	int64_t number;
	if (!json_get_int(record->detail, "decision", &number))
		return NULL;
	return ITEM_WITH_NUMBER(record->view->file.decisions, record->view->file.decision_count, number, number);
}

/* The label of a reason code in the current rules; if the rules do not define the code, the code with spaces. */
static const char *reason_label(const struct record *record, const char *code)
{
	static const enum reason_set sets[] = { REASONS_SESSION, REASONS_DOCUMENT, REASONS_HIT };
	for (size_t i = 0; record->view->reasons && i < sizeof sets / sizeof sets[0]; i++) {
		const struct reason *reason = reason_find(record->view->reasons, sets[i], code);
		if (reason)
			return reason->label;
	}
	return strchr(code, ' ') ? code : code_with_spaces(record, code); /* a text with spaces is not a code */
}

static const char *reason_phrase(const struct record *record)
{
	return reason_label(record, record_text(record, "reason"));
}

static const char *join_reason_and_note(const struct record *record, const char *a, const char *b)
{
	return arena_printf(record->arena, "%s%s%s", a, a[0] && b[0] ? ": " : "", b);
}

/* Whether the case's current judgement is the judgement that the record is about. If so, the judgement's reason
 * belongs to the record, which has only a hash of the judgement's evidence. */
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
	party = case_party_or_removed(&record->view->file, record_text(record, "party"));
	return party && !strcmp(record->item->action, use_cases[VERB_PARTY_REMOVE].audit_action) ? party->removed_reason
												 : "";
}

static const char *hit_reason(const struct record *record)
{
	const struct hit *hit = hit_of(record);
	if (!strcmp(record->item->action, use_cases[VERB_HIT_ACCEPT].audit_action))
		return hit && is_recorded_judgement(record, JUDGEMENT_HIT_ACCEPTED, hit->id) ? hit->accept_reason : "";
	return join_reason_and_note(record, reason_phrase(record),
				    hit && is_recorded_judgement(record, JUDGEMENT_HIT, hit->id) ? hit->note : "");
}

/* The reason of the decision, judgement, removal or snooze that the record is about; "": the case no longer has it. */
static const char *judgement_reason(const struct record *record)
{
	const struct decision *decision = decision_of(record);
	const struct session *session = &record->view->file.session;
	const struct duplicate *other = case_find_duplicate(record->view, record_text(record, "other"));
	if (decision)
		return join_reason_and_note(record, decision->reason[0] ? reason_label(record, decision->reason) : "",
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

/* The role in which the actor acted, like ", as client"; "" for staff. */
static const char *capacity_suffix(const struct record *record)
{
	const char *as = record_text(record, "as");
	as = as[0] ? as : record_text(record, "reported_as");
	return as[0] ? arena_printf(record->arena, ", as %s", as) : "";
}

static const char *renewed_suffix(const struct record *record)
{
	return record_flag(record, "renewed") ? " again" : "";
}

/* For the report of a screening: the number of hits, and how many of them are new. */
static const char *hit_count_phrase(const struct record *record)
{
	const char *hits = record_text(record, "hits"), *opened = record_text(record, "opened");
	if (!hits[0] || !strcmp(hits, "0"))
		return "";
	return arena_printf(record->arena, "%s hit%s, %s new", hits, strcmp(hits, "1") ? "s" : "", opened);
}

static const char *broken_rules_phrase(const struct record *record)
{
	const char *count = record_text(record, "failures");
	if (!strcmp(count, "0"))
		return "no rule is broken";
	return arena_printf(record->arena, "%s rule%s broken", count, strcmp(count, "1") ? "s are" : " is");
}

static const char *updated_suffix(const struct record *record)
{
	return strcmp(record_text(record, "result"), "updated") ? "" : " again";
}

static const char *erased_phrase(const struct record *record)
{
	if (!record_flag(record, "erased"))
		return "";
	return strcmp(record->item->action, use_cases[VERB_SUBSESSION_REMOVE].audit_action) ? ", with its KYC session"
											    : ", with all its data";
}

static const char *changed_parts_phrase(const struct record *record)
{
	bool identity = record_flag(record, "identity"), ownership = record_flag(record, "ownership");
	return identity && ownership ? ": identity and ownership"
	       : identity	     ? ": identity"
	       : ownership	     ? ": ownership"
				     : "";
}

/* The parts of the case that an imported line changed: the keys of the record's detail with the value true. */
static const char *changed_keys_phrase(const struct record *record)
{
	const char *text = "";
	for (const char *key = json_first_key(record->detail); key; key = json_next_key(record->detail, key)) {
		if (record_flag(record, key))
			text = arena_printf(record->arena, "%s%s%s", text, text[0] ? ", " : "",
					    code_with_spaces(record, key));
	}
	return text;
}

static const char *placeholder_text(const struct record *record, const char *key);

/* Names the verdict or removal that was undone. */
static const char *undone_item_phrase(const struct record *record)
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
		if (!strcmp(use_cases[kinds[i].verb].audit_action, action))
			return arena_printf(record->arena, "%s %s", kinds[i].what,
					    placeholder_text(record, kinds[i].key));
	return "change";
}

/* Why the system held the decision back. */
static const char *cause_phrase(const struct record *record)
{
	const char *cause = record_text(record, "cause");

	if (!strcmp(cause, "held"))
		return "held by a lead";
	return strcmp(cause, "hit") ? "a new screening hit was reported on a party's KYC"
				    : "a new screening hit was reported";
}

/* The refused parts of an imported line. */
static const char *refused_parts_phrase(const struct record *record)
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
	{ "undone", undone_item_phrase },
	{ "refused", refused_parts_phrase },
	{ "document", document_phrase },
	{ "party", party_phrase },
	{ "other_party", other_party_phrase },
	{ "subsession", subsession_phrase },
	{ "hit", hit_phrase },
	{ "note", note_phrase },
	{ "duplicate", duplicate_phrase },
	{ "pin", pin_state_word },
	{ "about", note_subject_phrase },
	{ "reason", reason_phrase },
	{ "why", judgement_reason },
	{ "as", capacity_suffix },
	{ "erased", erased_phrase },
	{ "renewed", renewed_suffix },
	{ "found", hit_count_phrase },
	{ "broken", broken_rules_phrase },
	{ "again", updated_suffix },
	{ "touched", changed_parts_phrase },
	{ "changed", changed_keys_phrase },
};

/* Keys with codes as values, not names: the sentence shows a code with spaces instead of underscores. */
static const char *const codes[] = { "kind",   "from",	    "to",   "outcome",	      "checks", "check",
				     "status", "judgement", "side", "final_decision", "route" };

static const char *placeholder_text(const struct record *record, const char *key)
{
	const char *text = record_text(record, key);
	int64_t at;
	for (size_t i = 0; i < sizeof finders / sizeof finders[0]; i++)
		if (!strcmp(finders[i].key, key))
			return finders[i].find(record);
	if (!strcmp(key, "until") || !strcmp(key, "expires_at")) {
		bool timed = text[0] && !time_parse(text, false, &at, NULL);
		return timed ? date_time_text(record->arena, at, record->frame) : text;
	}
	/* In the record of an assignment, the values of "from" and "to" are names, not codes. */
	if (!strcmp(record->item->action, use_cases[VERB_ASSIGN].audit_action))
		return text;
	return texts_contain(codes, sizeof codes / sizeof codes[0], key) ? code_with_spaces(record, text) : text;
}

/* --- the sentence --- */

/* Adds a piece of a template, with values in place of the keys; false: a value is empty. */
static bool add_template_piece(const struct record *record, struct strbuf *out, const char *piece, size_t length)
{
	bool complete = true;
	for (size_t at = 0; at < length;) {
		const char *end = piece[at] == '{' ? memchr(piece + at, '}', length - at) : NULL;
		char key[PLACEHOLDER_KEY_SIZE] = "";
		if (!end) {
			strbuf_addch(out, piece[at++]);
			continue;
		}
		size_t size = (size_t)(end - piece) - at - 1;
		if (size >= sizeof key)
			BUG("the key of a {placeholder} is too long: %s", piece);
		memcpy(key, piece + at + 1, size);
		const char *text = placeholder_text(record, key);
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
		add_template_piece(record, &out, sentence, plain);
		sentence += plain;
		if (!*sentence)
			break;
		struct strbuf part = STRBUF_INIT;
		size_t length = strcspn(sentence, "]");
		if (add_template_piece(record, &part, sentence + 1, length - 1))
			strbuf_add(&out, part.buf, part.len);
		strbuf_release(&part);
		sentence += length + 1;
	}
	return strbuf_finish(&out, record->arena);
}

/* The template for an action of the audit log; "": the sentence is only the name of the action. */
static const char *template_of(const char *word)
{
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (!strcmp(use_cases[i].audit_action, word))
			return use_cases[i].sentence;
	for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
		if (!strcmp(sentences[i].word, word))
			return sentences[i].sentence;
	return "";
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
	if (!sentence[0])
		return item->action;
	struct json_value *detail = detail_of(item);
	const struct record record = { .arena = arena, .view = view, .item = item, .frame = frame, .detail = detail };
	const char *text = fill_template(&record, sentence);
	json_free(detail);
	return text;
}
