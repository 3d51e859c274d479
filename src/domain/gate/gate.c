/* The approval gate: the table of its parts, and the parts about the actor and the time. */
#include "kybdesk/domain/gate.h"
#include "gate_parts.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/due.h"

#include <string.h>

const char *gate_lead_action_text(const struct gate *gate, const char *does)
{
	return role_at_least(gate->context->role, ROLE_LEAD) ? does : arena_printf(gate->arena, "a lead can %s", does);
}

struct finding *gate_add_finding(struct gate *gate, enum blocker_code code, const char *ref, const char *format, ...)
{
	struct finding *finding = ARENA_PUSH(gate->arena, gate->items, gate->count, gate->capacity);

	*finding = (struct finding){
		.code = code, .rank = gate_parts[code].rank, .ref = ref, .other_ref = "", .link_ref = ""
	};
	ARENA_VPRINTF(finding->message, gate->arena, format);
	return finding;
}

const char *gate_time_text(const struct gate *gate, int64_t at)
{
	struct arena *arena = gate->arena;
	int64_t now = gate->context->now;

	if (!strcmp(date_text(arena, at), date_text(arena, now)))
		return arena_printf(arena, "%s UTC", time_clock_text(arena, at, 0));
	return arena_printf(arena, "%s %s UTC", time_day_text(arena, at, now), time_clock_text(arena, at, 0));
}

/* Reviewer and time of the last decision, for example "bo approved it at 10:42 UTC"; "" if unknown. */
static const char *last_decision_text(const struct gate *gate, const char *what)
{
	const struct session *session = &gate->file->session;
	const char *by = gate->context->last_decision_by;
	int64_t at = gate->context->last_decision_at;

	if (!*by) {
		by = session->decided_by;
		at = session->decided_at;
	}
	if (!*by)
		return "";
	if (at == TIME_NONE)
		return arena_printf(gate->arena, "%s %s", by, what);
	return arena_printf(gate->arena, "%s %s at %s", by, what, gate_time_text(gate, at));
}

/* By status: the last decision, in words, and the side that must act. */
static const struct {
	const char *decision; /* in words for a message; NULL: the message names no decision */
	enum awaited_side waits;
} statuses[SESSION_STATUS_COUNT] = {
	[SESSION_DRAFT] = { NULL, WAITS_CLIENT },
	[SESSION_ACTIVE] = { NULL, WAITS_CLIENT },
	[SESSION_PROCESSING] = { NULL, WAITS_PROVIDER },
	[SESSION_APPROVED] = { "approved it", WAITS_NOBODY },
	[SESSION_REJECTED] = { "rejected it", WAITS_NOBODY },
	[SESSION_AWAITING_CLIENT_CORRECTION] = { "asked for corrections", WAITS_CLIENT },
};

enum awaited_side gate_status_waits_for(enum session_status status)
{
	return statuses[status].waits;
}

enum awaited_side gate_awaited_client(const struct gate *gate)
{
	return statuses[gate->file->session.status].waits == WAITS_CLIENT ? WAITS_CLIENT : WAITS_NOBODY;
}

static void find_status_blocker(struct gate *gate, enum action action)
{
	const struct gate_context *context = gate->context;
	const struct transition_context transition = { .profile = context->profile, .sandbox = context->sandbox };
	enum session_status from = gate->file->session.status, to;
	/* Uses at least the role reviewer, so that only the status can be a reason to refuse: permissions are
	 * checked elsewhere. */
	enum role role = role_at_least(context->role, ROLE_REVIEWER) ? context->role : ROLE_REVIEWER;
	enum transition_refusal refusal = transition_find(from, action, role, &transition, &to);
	const char *sentence, *decided, *what = statuses[from].decision;

	if (refusal != TRANSITION_WRONG_STATUS)
		return;
	/* The system may approve a session during processing: an automatic approval must pass the other parts of
	 * the gate. */
	if (action == ACTION_APPROVE && context->role == ROLE_SYSTEM && from == SESSION_PROCESSING)
		return;
	sentence = transition_sentence(gate->arena, from, action, role, refusal);
	decided = what ? last_decision_text(gate, what) : "";
	if (*decided)
		sentence = arena_printf(gate->arena, "%s (%s)", sentence, decided);
	gate_add_finding(gate, BLOCKER_STATUS, "", "%s", sentence)->awaited_side = statuses[from].waits;
}

static void find_approval_status_blocker(struct gate *gate)
{
	find_status_blocker(gate, ACTION_APPROVE);
}

static const char *status_met_text(const struct gate *gate)
{
	return arena_printf(gate->arena, "the case is %s", session_status_title(gate->file->session.status));
}

static void find_claim_blocker(struct gate *gate)
{
	const struct session *session = &gate->file->session;
	const char *holder = session_holder(session, gate->context->now);
	const char *since = "holds this case";

	/* A claim does not block the system, which has no actor name. */
	if (!*holder || !*gate->context->actor || !strcmp(holder, gate->context->actor))
		return;
	if (session->claimed_at != TIME_NONE)
		since = arena_printf(gate->arena, "has held this case since %s",
				     gate_time_text(gate, session->claimed_at));
	gate_add_finding(gate, BLOCKER_CLAIMED_BY_OTHER, "", "%s %s; ask for its release, or %s", holder, since,
			 gate_lead_action_text(gate, "assign it"));
}

static const char *claim_met_text(const struct gate *gate)
{
	const char *holder = session_holder(&gate->file->session, gate->context->now);

	return *holder && *gate->context->actor ? "you hold the case" : "nobody else holds the case";
}

static void find_new_version(struct gate *gate)
{
	const struct session *session = &gate->file->session;
	int64_t seen = gate->context->seen_version;
	const char *what = statuses[session->status].decision, *decided = "";

	if (!seen || seen == session->version)
		return;
	if (*gate->context->last_decision_by)
		decided = last_decision_text(gate, what ? what : "decided on it");
	else if (what)
		decided = last_decision_text(gate, what);
	if (!*decided && session->updated_at != TIME_NONE)
		decided = arena_printf(gate->arena, "at %s", gate_time_text(gate, session->updated_at));
	gate_add_finding(gate, BLOCKER_CHANGED, "", "The case changed since you loaded it%s%s%s; review it again",
			 *decided ? " (" : "", decided, *decided ? ")" : "");
}

/* --- the desk's own conditions of every approval, under any workflow (set by: kybdesk store set) --- */

static void find_barred_country(struct gate *gate, const char *country, const char *name, const char *ref)
{
	const struct gate_desk_rules *floor = &gate->context->desk_rules;

	if (*country && texts_contain(floor->prohibited_countries, floor->prohibited_country_count, country))
		gate_add_finding(gate, BLOCKER_DESK_RULE, ref,
				 "%s is from %s, a country that this desk does not approve", name, country);
}

static void find_excess_risk(struct gate *gate)
{
	int most = gate->context->desk_rules.highest_risk, risk = gate->file->session.risk_score;

	if (!most || (risk == RISK_NONE ? gate->context->desk_rules.allows_unscored : risk <= most))
		return;
	gate_add_finding(
		gate, BLOCKER_DESK_RULE, "", "%s",
		risk == RISK_NONE
			? arena_printf(gate->arena, "The case has no risk score; this desk approves up to %d", most)
			: arena_printf(gate->arena, "The risk score is %d; this desk approves up to %d", risk, most));
}

size_t gate_rationale_min_words(const struct case_file *file, const struct gate_context *context)
{
	int risk = file->session.risk_score;
	bool high = risk == RISK_NONE || risk >= context->desk_rules.high_risk_min;

	return high ? (size_t)context->desk_rules.rationale_min_words : 0;
}

static void find_broken_desk_rule(struct gate *gate)
{
	const struct case_file *file = gate->file;

	find_barred_country(gate, file->session.subject.country, file->session.subject.name, "");
	for (size_t i = 0; i < file->party_count; i++)
		find_barred_country(gate, file->parties[i].country, file->parties[i].name, file->parties[i].id);
	find_excess_risk(gate);
	if (gate->context->automatic && gate_rationale_min_words(file, gate->context))
		gate_add_finding(
			gate, BLOCKER_DESK_RULE, "",
			"An approval of this risk needs a reviewer's note, so a reviewer must decide this case");
}

static const char *desk_rules_text(const struct gate *gate)
{
	const char *text = gate->context->desk_rules.text;

	return text && *text ? arena_printf(gate->arena, "the desk's floors are met: %s", text) : NULL;
}

/* --- judgements with changed facts, and stored files with changed bytes --- */

static bool judgement_is_irrelevant(const struct gate *gate, const struct judgement *judgement)
{
	const struct party *party;

	if (judgement->kind != JUDGEMENT_PARTY_KYC && judgement->kind != JUDGEMENT_PARTY_ELSEWHERE)
		return false;
	party = &gate->file->parties[judgement->index];
	return !party_must_be_verified(party, gate->context->profile) ||
	       party_is_verified(party, gate->file, gate->context->profile);
}

const char *judgement_sentence(struct arena *arena, const struct judgement *judgement)
{
	if (*judgement->confirm_refusal)
		return arena_printf(arena, "%s no longer counts: %s; %s", judgement->description,
				    judgement->change_text, judgement->confirm_refusal);
	if (!*judgement->basis)
		return arena_printf(arena, "%s has no recorded facts; confirm it, or decide it again",
				    judgement->description);
	return arena_printf(arena, "%s is based on data that changed: %s; confirm it, or decide it again",
			    judgement->description, judgement->change_text);
}

static void find_changed_basis(struct gate *gate)
{
	for (size_t i = 0; i < gate->judgements.count; i++) {
		const struct judgement *judgement = &gate->judgements.items[i];

		if (!judgement->valid && !judgement_is_irrelevant(gate, judgement))
			gate_add_finding(gate, BLOCKER_BASIS_CHANGED, judgement->ref, "%s",
					 judgement_sentence(gate->arena, judgement));
	}
}

static void find_altered_document(struct gate *gate)
{
	const enum document_bytes *bytes = gate->context->document_bytes_states;

	for (size_t i = 0; bytes && i < gate->file->document_count; i++) {
		const struct document *document = &gate->file->documents[i];

		if (!document_is_current(document) || !document_has_bytes(document) ||
		    bytes[i] == DOCUMENT_BYTES_INTACT)
			continue;
		gate_add_finding(gate, BLOCKER_DOCUMENT_ALTERED, document->id,
				 "%s: %s; upload the same file again, or request another file",
				 document_title(gate, document),
				 bytes[i] == DOCUMENT_BYTES_MISSING ? "the stored file is missing"
								    : "the stored file differs from the uploaded one");
	}
}

/* --- the table --- */

static void find_second_approval(struct gate *gate)
{
	gate_find_second_approval(gate);
	gate_check_contributors(gate, ACTION_APPROVE);
}

/* Value of public_text: clients may read the message of the blocker, which contains nothing internal. */
#define PUBLIC_MESSAGE ""

const struct gate_part gate_parts[BLOCKER_CODE_COUNT] = {
	[BLOCKER_STATUS] = { find_approval_status_blocker, status_met_text, TAB_SUMMARY, RANK_STATUS, "",
			     "The status of the session does not allow this action" },
	[BLOCKER_DOCUMENT_MISSING] = { gate_find_missing_document, gate_documents_text, TAB_DOCUMENTS, RANK_UNFINISHED,
				       "document missing", PUBLIC_MESSAGE },
	[BLOCKER_DOCUMENT_NOT_ACCEPTED] = { gate_find_unaccepted_document, gate_reviews_text, TAB_DOCUMENTS,
					    RANK_UNFINISHED, "documents to review",
					    "A document has not been accepted" },
	[BLOCKER_BASIS_CHANGED] = { find_changed_basis, NULL, TAB_SUMMARY, RANK_UNFINISHED, "facts changed" },
	[BLOCKER_DOCUMENT_ALTERED] = { find_altered_document, NULL, TAB_DOCUMENTS, RANK_DANGER, "document altered" },
	[BLOCKER_NOTHING_EXAMINED] = { gate_find_missing_evidence, NULL, TAB_SUMMARY, RANK_UNFINISHED,
				       "nothing examined", PUBLIC_MESSAGE },
	[BLOCKER_STEP_OPEN] = { gate_find_open_step, gate_steps_text, TAB_SUMMARY, RANK_UNFINISHED, "step not finished",
				PUBLIC_MESSAGE },
	[BLOCKER_PARTY_NOT_VERIFIED] = { gate_find_unverified_party, gate_verified_parties_text, TAB_PARTIES,
					 RANK_UNFINISHED, "owner KYC pending", "A related party is not verified" },
	[BLOCKER_PARTY_MISSING] = { gate_find_missing_party, gate_declared_parties_text, TAB_PARTIES, RANK_UNFINISHED,
				    "owner missing", PUBLIC_MESSAGE },
	[BLOCKER_OWNERSHIP_INVALID] = { gate_find_invalid_ownership, gate_ownership_sum_text, TAB_PARTIES, RANK_DANGER,
					"ownership invalid", PUBLIC_MESSAGE },
	[BLOCKER_OWNERSHIP_GAP] = { gate_find_ownership_gap, gate_ownership_gap_text, TAB_PARTIES, RANK_UNFINISHED,
				    "ownership gap" },
	[BLOCKER_FIELD_INVALID] = { gate_find_invalid_field, gate_fields_text, TAB_SUMMARY, RANK_UNFINISHED,
				    "invalid field", PUBLIC_MESSAGE },
	[BLOCKER_CORRECTION_OPEN] = { gate_find_open_correction, gate_corrections_text, TAB_CORRECTIONS,
				      RANK_UNFINISHED, "correction open", PUBLIC_MESSAGE },
	[BLOCKER_HIT_OPEN] = { gate_find_open_hit, gate_hits_text, TAB_CHECKS, RANK_DANGER, "hit to resolve" },
	[BLOCKER_CHECK_FAILED] = { gate_find_failed_check, gate_checks_text, TAB_CHECKS, RANK_DANGER, "check failed" },
	[BLOCKER_CHECK_STALE] = { gate_find_stale_check, gate_fresh_checks_text, TAB_CHECKS, RANK_UNFINISHED,
				  "check too old" },
	[BLOCKER_DESK_RULE] = { find_broken_desk_rule, desk_rules_text, TAB_SUMMARY, RANK_DANGER, "desk rule" },
	[BLOCKER_DUPLICATE_OPEN] = { gate_find_open_duplicate, gate_duplicates_text, TAB_SUMMARY, RANK_UNFINISHED,
				     "possible duplicate" },
	[BLOCKER_HELD] = { gate_find_lead_hold, NULL, TAB_SUMMARY, RANK_UNFINISHED, "held by a lead" },
	[BLOCKER_SUSPICION_OPEN] = { gate_find_open_suspicion, NULL, TAB_SUMMARY, RANK_UNFINISHED, "suspicion" },
	[BLOCKER_SECOND_REVIEWER] = { find_second_approval, gate_approval_text, TAB_SUMMARY, RANK_UNFINISHED,
				      "second person", .is_transient = true },
	[BLOCKER_CLAIMED_BY_OTHER] = { find_claim_blocker, claim_met_text, TAB_SUMMARY, RANK_UNFINISHED, "",
				       .is_transient = true },
	[BLOCKER_CHANGED] = { find_new_version, NULL, TAB_SUMMARY, RANK_UNFINISHED, "",
			      "The session has changed since the version in the request; read the session again",
			      .is_transient = true },
};

struct blocker_traits blocker_traits(enum blocker_code code)
{
	const struct gate_part *part = &gate_parts[code];

	return (struct blocker_traits){ .short_text = part->short_text,
					.public_text = part->public_text,
					.is_transient = part->is_transient,
					.is_conflict = code == BLOCKER_CLAIMED_BY_OTHER || code == BLOCKER_CHANGED };
}

static void *copy_items(struct arena *arena, const void *items, size_t count, size_t size)
{
	return count ? arena_memdup(arena, items, count * size) : NULL;
}

/* Removes the duplicates that the actor may not see; if one of them is open, the case is held. */
static void drop_hidden_duplicates(struct gate *gate, struct facts_input *of)
{
	size_t shown = 0;

	for (size_t i = 0; i < of->duplicate_count; i++) {
		if (duplicate_is_shown(&of->duplicates[i], gate->context->role))
			of->duplicates[shown++] = of->duplicates[i];
		else
			gate->is_held_from_actor = gate->is_held_from_actor || duplicate_is_open(&of->duplicates[i]);
	}
	of->duplicate_count = shown;
}

/* Recomputes the marks of the copy (expired, standing), because the marks of the input may be outdated. */
void gate_init(struct gate *gate, struct arena *arena, const struct case_file *file, const struct gate_context *context)
{
	struct gate_context *own = arena_memdup(arena, context, sizeof *context);
	struct case_file *copy = arena_memdup(arena, file, sizeof *file);
	struct facts_input of = { .profile = context->profile,
				  .duplicates = copy_items(arena, context->duplicates, context->duplicate_count,
							   sizeof(struct duplicate)),
				  .duplicate_count = context->duplicate_count };

	copy->documents = copy_items(arena, file->documents, file->document_count, sizeof *file->documents);
	copy->parties = copy_items(arena, file->parties, file->party_count, sizeof *file->parties);
	copy->corrections = copy_items(arena, file->corrections, file->correction_count, sizeof *file->corrections);
	copy->checks = copy_items(arena, file->checks, file->check_count, sizeof *file->checks);
	for (size_t i = 0; i < file->check_count; i++)
		copy->checks[i].hits = copy_items(arena, file->checks[i].hits, file->checks[i].hit_count,
						  sizeof *copy->checks[i].hits);
	gate_mark_expired_kyc(copy, context->now);
	*gate = (struct gate){ .arena = arena, .file = copy, .context = own };
	judgements_set_standings(arena, copy, &of);
	drop_hidden_duplicates(gate, &of);
	gate->is_held_from_actor =
		gate->is_held_from_actor || (context->has_open_suspicion && !context->is_suspicion_shown);
	own->duplicates = of.duplicates;
	own->duplicate_count = of.duplicate_count;
	judgements_list(arena, copy, &of, &gate->judgements);
	bad_news(arena, copy, &gate->news);
}

/* Findings of equal rank keep their order. */
static void sort_findings(struct gate *gate)
{
	struct finding *sorted = arena_alloc_array(gate->arena, gate->count + 1, sizeof *sorted);
	size_t count = 0;

	for (unsigned rank = RANK_STATUS; rank <= RANK_UNFINISHED; rank++)
		for (size_t i = 0; i < gate->count; i++)
			if (gate->items[i].rank == rank)
				sorted[count++] = gate->items[i];
	gate->items = sorted;
	gate->capacity = gate->count + 1;
}

void gate_find_blockers(struct gate *gate)
{
	for (size_t code = 0; code < BLOCKER_CODE_COUNT; code++) {
		if (gate_parts[code].find)
			gate_parts[code].find(gate);
	}
	sort_findings(gate);
}

static void find_conflicts(struct gate *gate)
{
	find_claim_blocker(gate);
	find_new_version(gate);
}

static void check_action(struct gate *gate, enum action action)
{
	find_status_blocker(gate, action);
	if (action == ACTION_REJECT || action == ACTION_REQUEST_CORRECTIONS || action == ACTION_REOPEN) {
		gate_find_supervised_decision(gate, action);
		gate_check_contributors(gate, action);
	}
	/* A rejection must not bury a hit. The system sends such a case to manual review instead. */
	if (action == ACTION_REJECT && !gate->context->sandbox && gate->context->role != ROLE_SYSTEM)
		gate_find_unjudged_sanctions(gate);
	find_conflicts(gate);
}

static void recheck_action(struct gate *gate, enum action action)
{
	find_conflicts(gate);
	if (!gate->count)
		gate_check_contributors(gate, action);
	if (action == ACTION_APPROVE && !gate->count) {
		gate_find_lead_hold(gate);
		gate_find_open_suspicion(gate);
	}
	if (action == ACTION_APPROVE && !gate->count)
		gate_find_second_approval(gate);
}

void gate_check(struct arena *arena, const struct case_file *file, const struct gate_context *context,
		enum gate_scope scope, struct blockers *out)
{
	struct gate gate = { .arena = arena,
			     .file = file,
			     .context = context,
			     .is_held_from_actor = context->has_open_suspicion && !context->is_suspicion_shown };

	if (scope == GATE_APPROVAL) {
		gate_init(&gate, arena, file, context);
		gate_find_blockers(&gate);
	} else if (scope == GATE_ACTION) {
		check_action(&gate, context->action);
	} else if (scope == GATE_CONFLICTS) {
		find_conflicts(&gate);
	} else {
		recheck_action(&gate, context->action);
	}
	*out = (struct blockers){ 0 };
	for (size_t i = 0; i < gate.count; i++)
		*ARENA_PUSH(arena, out->items, out->count, out->capacity) = (struct blocker){
			.code = gate.items[i].code, .message = gate.items[i].message, .ref = gate.items[i].ref
		};
}
