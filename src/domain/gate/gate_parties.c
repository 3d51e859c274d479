/* Related parties in the gate: required verifications, missing parties, ownership. */
#include "kybdesk/domain/ownership.h"
#include "kybdesk/base/decimal.h"
#include "gate_parts.h"

#include <stdlib.h>
#include <string.h>

static bool has_session(const struct party *party)
{
	return party->session_row || *party->session_id;
}

/* A party with a subsession must be verified even if the profile does not require it, since a reviewer opened the
 * subsession. */
bool party_must_be_verified(const struct party *party, const struct profile *profile)
{
	return has_session(party) || profile_party_verification(profile, party->kind) != VERIFY_NONE;
}

void gate_mark_expired(struct case_file *file, int64_t now)
{
	const struct session *session = &file->session;
	bool approved = session->status == SESSION_APPROVED && session->decided_at != TIME_NONE;
	int64_t at = approved ? session->decided_at : now;

	for (size_t i = 0; i < file->party_count; i++) {
		int64_t last = file->parties[i].session_valid_until;

		file->parties[i].kyc_expired = last != TIME_NONE && at - DAY_MS >= last;
	}
}

/* If the profile sets the workflow for its parties, a session of another workflow checked something else. */
static bool is_of_another_workflow(const struct party *party, const struct profile *profile)
{
	const char *requested = profile->parties.workflow;

	return profile_party_verification(profile, party->kind) == VERIFY_SESSION && requested && *requested &&
	       *party->session_workflow && strcmp(party->session_workflow, requested) != 0;
}

bool party_is_verified(const struct party *party, const struct case_file *file, const struct profile *profile)
{
	if (*party->verified_elsewhere_by && party->elsewhere_standing.valid)
		return true;
	if (has_session(party))
		return party->session_status == SESSION_APPROVED && party->kyc_standing.valid &&
		       !party->kyc_expired && !is_of_another_workflow(party, profile);
	return profile_party_verification(profile, party->kind) == VERIFY_DOCUMENT &&
	       !*party_identification_fault(file, profile, party);
}

/* WAITS_NOBODY if a reviewer can continue the party's session, which can be opened from this case. */
static enum waits_for session_waits(const struct party *party)
{
	switch (party->session_status) {
	case SESSION_DRAFT:
	case SESSION_ACTIVE:
	case SESSION_AWAITING_CLIENT_CORRECTION:
	case SESSION_PROCESSING:
		return WAITS_PARTY;
	case SESSION_COMPLETED:
	case SESSION_PROCESSED:
	case SESSION_EXPIRED:
	case SESSION_APPROVED:
	case SESSION_REJECTED:
	case SESSION_MANUAL_REVIEW:
		break;
	}
	return WAITS_NOBODY;
}

static void add_not_verified(struct gate *gate, const struct party *party)
{
	if (has_session(party) && is_of_another_workflow(party, gate->context->profile)) {
		gate_add(gate, BLOCKER_PARTY_NOT_VERIFIED, WAITS_NOBODY, party->id,
			 arena_printf(gate->arena,
				      "%s is not verified: the session has the workflow %s, but %s is required; "
				      "add a new "
				      "session",
				      party->name, party->session_workflow,
				      gate->context->profile->parties.workflow));
		return;
	}
	if (has_session(party) && party->session_status == SESSION_APPROVED && party->kyc_expired) {
		char day[16];

		date_format(party->session_valid_until, day);
		gate_add(gate, BLOCKER_PARTY_NOT_VERIFIED, WAITS_NOBODY, party->id,
			 arena_printf(
				 gate->arena,
				 "%s is not verified: a document of the KYC expired on %s; a lead can reopen that "
				 "KYC to request a valid document",
				 party->name, day));
		return;
	}
	if (has_session(party)) {
		bool unresponsive = party->session_unresponsive && session_waits(party) == WAITS_PARTY;

		gate_add(gate, BLOCKER_PARTY_NOT_VERIFIED, unresponsive ? WAITS_NOBODY : session_waits(party),
			 party->id,
			 arena_printf(gate->arena, "%s is not verified: the KYC session is %s%s", party->name,
				      session_status_title(party->session_status),
				      unresponsive ? ", and the reminders got no reply" : ""));
		return;
	}
	if (profile_party_verification(gate->context->profile, party->kind) == VERIFY_DOCUMENT) {
		gate_add(gate, BLOCKER_PARTY_NOT_VERIFIED, WAITS_NOBODY, party->id,
			 arena_printf(gate->arena, "%s is not verified: %s", party->name,
				      party_identification_fault(gate->file, gate->context->profile, party)));
		return;
	}
	gate_add(gate, BLOCKER_PARTY_NOT_VERIFIED, WAITS_NOBODY, party->id,
		 arena_printf(gate->arena, "%s is not verified: no KYC session; add one", party->name));
}

/* Whether the party was verified with other data: then basis_changed reports the party. */
static bool was_verified(const struct gate *gate, const struct party *party)
{
	if (has_session(party))
		return party->session_status == SESSION_APPROVED && !party->kyc_expired &&
		       !is_of_another_workflow(party, gate->context->profile);
	return *party->verified_elsewhere_by &&
	       profile_party_verification(gate->context->profile, party->kind) != VERIFY_DOCUMENT;
}

void gate_party_not_verified(struct gate *gate)
{
	for (size_t i = 0; i < gate->file->party_count; i++) {
		const struct party *party = &gate->file->parties[i];

		if (party_must_be_verified(party, gate->context->profile) &&
		    !party_is_verified(party, gate->file, gate->context->profile) && !was_verified(gate, party))
			add_not_verified(gate, party);
	}
}

const char *gate_parties_verified(const struct gate *gate)
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

void gate_party_missing(struct gate *gate)
{
	const struct party_rules *rules = &gate->context->profile->parties;

	if (!gate->file->party_count && (rules->required || rules->control_role_required))
		gate_add(gate, BLOCKER_PARTY_MISSING, WAITS_NOBODY, "",
			 "No related party is declared; add the owners and a person with a control role");
	else if (rules->control_role_required && !has_control_role(gate->file))
		gate_add(gate, BLOCKER_PARTY_MISSING, WAITS_NOBODY, "",
			 "No natural person has a control role; add the person who controls the company");
}

const char *gate_parties_declared(const struct gate *gate)
{
	const struct party_rules *rules = &gate->context->profile->parties;

	if (rules->control_role_required)
		return "a natural person with a control role is declared";
	return rules->required ? "related parties are declared" : NULL;
}

void gate_ownership_invalid(struct gate *gate)
{
	struct case_file copy = *gate->file;
	struct ownership_problem *problems;
	size_t count;

	if (!copy.party_count)
		return;
	/* The computation changes the parties, so it works on a copy of the case. */
	copy.parties = arena_memdup(gate->arena, copy.parties, copy.party_count * sizeof *copy.parties);
	problems = ownership_compute(gate->arena, &copy, gate->context->profile, &count);
	for (size_t i = 0; i < count; i++)
		gate_add(gate, BLOCKER_OWNERSHIP_INVALID, WAITS_NOBODY, problems[i].ref, problems[i].message);
}

const char *gate_ownership_sum(const struct gate *gate)
{
	struct decimal *sum = decimal_new(), *share = decimal_new();
	const char *line = NULL;
	char *text;

	for (size_t i = 0; i < gate->file->party_count; i++) {
		const struct party *party = &gate->file->parties[i];

		for (size_t s = 0; s < party->share_count; s++) {
			if (!*party->shares[s].of_party_id && decimal_parse(share, party->shares[s].percent))
				decimal_add(sum, share);
		}
	}
	if (!decimal_is_zero(sum)) {
		text = decimal_text(sum, 6);
		line = arena_printf(gate->arena, "ownership adds up to %s %%", text);
		free(text);
	}
	decimal_free(share);
	decimal_free(sum);
	return line;
}
