/* Related parties in the gate: required verifications, missing parties, ownership. */
#include "kybdesk/domain/identity.h"
#include "kybdesk/domain/ownership.h"
#include "gate_parts.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/domain/percent_range.h"

#include <string.h>

static bool has_kyc_session(const struct party *party)
{
	return party->session_row || *party->session_id;
}

/* A party with a subsession must be verified even if the profile does not require it, since a reviewer opened the
 * subsession. */
bool party_must_be_verified(const struct party *party, const struct profile *profile)
{
	return has_kyc_session(party) || profile_party_verification(profile, party->kind) != VERIFY_NONE;
}

void gate_mark_expired_kyc(struct case_file *file, int64_t now)
{
	const struct session *session = &file->session;
	bool approved = session->status == SESSION_APPROVED && session->decided_at != TIME_NONE;
	int64_t at = approved ? session->decided_at : now;

	for (size_t i = 0; i < file->party_count; i++) {
		int64_t last = file->parties[i].session_valid_until;

		file->parties[i].kyc_expired = last != TIME_NONE && at - DAY_MS >= last;
	}
}

/* Whether the party's session has another workflow than the profile sets for its parties. Such a session has not
 * verified what the profile requires. */
static bool is_of_another_workflow(const struct party *party, const struct profile *profile)
{
	const char *requested = profile->parties.workflow;

	return profile_party_verification(profile, party->kind) == VERIFY_SESSION && requested && *requested &&
	       *party->session_workflow && strcmp(party->session_workflow, requested) != 0;
}

static bool is_verified_itself(const struct party *party, const struct case_file *file, const struct profile *profile)
{
	const struct document *document;

	if (*party->verified_elsewhere_by && party->elsewhere_standing.valid)
		return true;
	if (has_kyc_session(party))
		return party->session_status == SESSION_APPROVED && party->kyc_standing.valid && !party->kyc_expired &&
		       !is_of_another_workflow(party, profile);
	if (profile_party_verification(profile, party->kind) != VERIFY_DOCUMENT)
		return false;
	/* Only an accepted document is compared with the documents of all other parties. */
	document = party_identity_document(file, profile, party);
	return document && document->review == REVIEW_ACCEPTED && !*party_identity_document_fault(file, profile, party);
}

static bool was_rejected(const struct party *party)
{
	return party->session_was_rejected || (has_kyc_session(party) && party->session_status == SESSION_REJECTED);
}

/* The verification of one row serves all rows of one person, unless one of them was rejected. */
bool party_is_verified(const struct party *party, const struct case_file *file, const struct profile *profile)
{
	bool verified = is_verified_itself(party, file, profile);

	for (size_t i = 0; !verified && i < file->party_count && !was_rejected(party); i++) {
		const struct party *other = &file->parties[i];

		verified = strcmp(other->id, party->id) != 0 && !was_rejected(other) &&
			   is_verified_itself(other, file, profile) &&
			   identity_compare_parties(other, party) == IDENTITY_SAME;
	}
	return verified;
}

/* WAITS_NOBODY if the party's session waits for a reviewer, because the reviewer can open this session from the
 * case. */
static enum awaited_side session_awaited_side(const struct party *party)
{
	return gate_status_waits_for(party->session_status) == WAITS_NOBODY ? WAITS_NOBODY : WAITS_PARTY;
}

static void add_unverified_party(struct gate *gate, const struct party *party)
{
	const struct profile *profile = gate->context->profile;
	enum awaited_side awaited_side = WAITS_NOBODY;
	const char *why = "no KYC session; add one";

	if (has_kyc_session(party) && is_of_another_workflow(party, profile)) {
		why = arena_printf(gate->arena,
				   "the session has the workflow %s, but %s is required; add a new session",
				   party->session_workflow, profile->parties.workflow);
	} else if (has_kyc_session(party) && party->session_status == SESSION_APPROVED && party->kyc_expired) {
		why = arena_printf(gate->arena,
				   "a document of the KYC expired on %s; a lead can reopen that KYC to request a "
				   "valid document",
				   date_text(gate->arena, party->session_valid_until));
	} else if (has_kyc_session(party)) {
		bool unresponsive = party->session_unresponsive && session_awaited_side(party) == WAITS_PARTY;

		awaited_side = unresponsive ? WAITS_NOBODY : session_awaited_side(party);
		why = arena_printf(gate->arena, "the KYC session is %s%s", session_status_title(party->session_status),
				   unresponsive ? ", and the reminders got no reply" : "");
	} else if (profile_party_verification(profile, party->kind) == VERIFY_DOCUMENT) {
		why = party_identity_document_fault(gate->file, profile, party);
	}
	gate_add_finding(gate, BLOCKER_PARTY_NOT_VERIFIED, party->id, "%s is not verified: %s", party->name, why)
		->awaited_side = awaited_side;
}

/* Whether the party was verified. A party that was verified with other data has the blocker basis_changed. */
static bool was_verified(const struct gate *gate, const struct party *party)
{
	if (has_kyc_session(party))
		return party->session_status == SESSION_APPROVED && !party->kyc_expired &&
		       !is_of_another_workflow(party, gate->context->profile);
	return *party->verified_elsewhere_by &&
	       profile_party_verification(gate->context->profile, party->kind) != VERIFY_DOCUMENT;
}

void gate_find_unverified_party(struct gate *gate)
{
	for (size_t i = 0; i < gate->file->party_count; i++) {
		const struct party *party = &gate->file->parties[i];

		if (party_must_be_verified(party, gate->context->profile) &&
		    !party_is_verified(party, gate->file, gate->context->profile) && !was_verified(gate, party))
			add_unverified_party(gate, party);
	}
}

const char *gate_verified_parties_text(const struct gate *gate)
{
	for (size_t i = 0; i < gate->file->party_count; i++) {
		if (party_must_be_verified(&gate->file->parties[i], gate->context->profile))
			return "all required parties are verified";
	}
	return NULL;
}

/* Only a natural person has control: a company with a control role hides the person behind it. */
static bool has_control_role(const struct case_file *file)
{
	for (size_t i = 0; i < file->party_count; i++) {
		if (file->parties[i].kind == PARTY_INDIVIDUAL && *file->parties[i].control_role)
			return true;
	}
	return false;
}

void gate_find_missing_party(struct gate *gate)
{
	const struct party_rules *rules = &gate->context->profile->parties;

	if (!gate->file->party_count && (rules->required || rules->control_role_required))
		gate_add_finding(gate, BLOCKER_PARTY_MISSING, "",
				 "No related party is declared; add the owners and a person with a control role");
	else if (rules->control_role_required && !has_control_role(gate->file))
		gate_add_finding(gate, BLOCKER_PARTY_MISSING, "",
				 "No natural person has a control role; add the person who controls the company");
}

const char *gate_declared_parties_text(const struct gate *gate)
{
	const struct party_rules *rules = &gate->context->profile->parties;

	if (rules->control_role_required)
		return "a natural person with a control role is declared";
	return rules->required ? "related parties are declared" : NULL;
}

void gate_find_invalid_ownership(struct gate *gate)
{
	size_t count;
	const struct ownership_problem *problems;

	gate->gap = (struct ownership_gap){ 0 };
	if (!gate->file->party_count)
		return;
	problems = ownership_problems_or_gap(gate->arena, gate->file, gate->context->profile, &count, &gate->gap);
	for (size_t i = 0; i < count; i++) {
		struct finding *finding =
			gate_add_finding(gate, BLOCKER_OWNERSHIP_INVALID, problems[i].ref, "%s", problems[i].message);

		finding->other_ref = problems[i].other_ref;
		finding->link_ref = problems[i].link_ref;
	}
}

const char *gate_ownership_sum_text(const struct gate *gate)
{
	struct percent_range sum = { .low = decimal_new() }, share;
	const char *line = NULL;

	for (size_t i = 0; i < gate->file->party_count; i++) {
		const struct party *party = &gate->file->parties[i];

		for (size_t s = 0; s < party->share_count; s++) {
			if (*party->shares[s].owned_party_id)
				continue;
			if (percent_range_parse(&share, party->shares[s].percent))
				percent_range_add(&sum, &share);
			percent_range_release(&share);
		}
	}
	if (sum.high || !decimal_is_zero(sum.low))
		line = arena_printf(gate->arena, "ownership adds up to %s %%",
				    percent_range_text(gate->arena, &sum, 6));
	percent_range_release(&sum);
	return line;
}

#define LAYERS_SHOWN 3

static const char *threshold_text(const struct gate *gate)
{
	return ownership_threshold_text(gate->arena, gate->context->profile);
}

static const char *layers_text(const struct gate *gate, const struct ownership_gap *gap)
{
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < gap->layer_count && i < LAYERS_SHOWN; i++)
		strbuf_addf(&text, "%s%s %% of %s", i ? ", " : "", gap->layers[i].undeclared_percent,
			    gap->layers[i].name);
	if (gap->layer_count > LAYERS_SHOWN)
		strbuf_addf(&text, " and %zu more", gap->layer_count - LAYERS_SHOWN);
	return strbuf_finish(&text, gate->arena);
}

static void add_gap(struct gate *gate, const struct ownership_gap *gap)
{
	const char *grown = *gate->file->session.gap_reason
				    ? arena_printf(gate->arena, " (the reason recorded by %s covers up to %s %%)",
						   gate->file->session.gap_by, gate->file->session.gap_percent)
				    : "";

	gate_add_finding(gate, BLOCKER_OWNERSHIP_GAP, gap->layer_count == 1 ? gap->layers[0].ref : "",
			 "%s %% of the ownership is not declared (%s), enough to hide an owner of %s%s; add the "
			 "owners, or %s",
			 gap->percent, layers_text(gate, gap), threshold_text(gate), grown,
			 gate_lead_action_text(gate, "record why no owner is declared"));
}

void gate_find_ownership_gap(struct gate *gate)
{
	const struct party_rules *rules = &gate->context->profile->parties;
	const struct ownership_gap *gap = &gate->gap;

	if (!gap->is_computed)
		return;
	if (gap->may_hide_owner && !ownership_gap_is_explained(&gate->file->session, gap))
		add_gap(gate, gap);
	/* If the workflow requires a control role, the blocker party_missing reports the missing person. */
	else if (!gap->owner_found && gap->fallback_party_index == SIZE_MAX && !rules->control_role_required)
		gate_add_finding(gate, BLOCKER_OWNERSHIP_GAP, "",
				 "Nobody owns %s, and no senior managing official is declared instead; add a "
				 "party with a control role",
				 threshold_text(gate));
}

/* Undeclared owners above the threshold. The checklist shows them, but they do not block. */
static const char *undeclared_owners_text(const struct gate *gate)
{
	struct case_file copy = *gate->file; /* the computation changes the parties */
	struct strbuf text = STRBUF_INIT;

	copy.parties = arena_memdup(gate->arena, copy.parties, copy.party_count * sizeof *copy.parties);
	(void)ownership_compute(gate->arena, &copy, gate->context->profile, NULL);
	for (size_t i = 0; i < copy.party_count; i++) {
		if (copy.parties[i].lacks_ubo_role)
			strbuf_addf(&text, "; %s owns %s %% and is not declared as a beneficial owner",
				    copy.parties[i].name, copy.parties[i].effective_percent);
	}
	return strbuf_finish(&text, gate->arena);
}

const char *gate_ownership_gap_text(const struct gate *gate)
{
	const struct session *session = &gate->file->session;
	const struct ownership_gap *gap = &gate->gap;
	const char *line;

	if (!gap->is_computed)
		return NULL;
	if (gap->may_hide_owner)
		line = arena_printf(gate->arena, "%s %% of the ownership is not declared: %s, recorded by %s",
				    gap->percent, session->gap_reason, session->gap_by);
	else if (!gap->layer_count)
		line = "all ownership is declared";
	else
		line = arena_printf(gate->arena, "%s %% of the ownership is not declared, too little to hide an owner",
				    gap->percent);
	if (gap->fallback_party_index != SIZE_MAX)
		line = arena_printf(gate->arena, "%s; nobody owns %s: %s (%s) counts as senior managing official", line,
				    threshold_text(gate), gate->file->parties[gap->fallback_party_index].name,
				    gate->file->parties[gap->fallback_party_index].control_role);
	return arena_printf(gate->arena, "%s%s", line, undeclared_owners_text(gate));
}
