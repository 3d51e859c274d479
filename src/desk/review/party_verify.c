/* Parties that count as verified without a KYC session of this case, and undeclared ownership. */
#include "kybdesk/base/not_found.h"
#include "kybdesk/base/text.h"
#include "kybdesk/desk/read.h"
#include "review/review.h"
#include "kybdesk/domain/identity.h"
#include "kybdesk/domain/mask.h"
#include "kybdesk/domain/ownership.h"

static enum err set_party_verified(struct use *use, const char *by, const char *reason, struct error *error)
{
	struct party *party = NULL;
	enum err err = use_find_party(&use->file, use->in->part, &party, error);

	if (!err && !*by && !*party->verified_elsewhere_by)
		err = REFUSE(BLOCKER_PARTY_NOT_VERIFIED, party->id, error,
			     "The party %.8s is not marked as verified elsewhere; no mark can be removed", party->id);
	if (!err && *by &&
	    (party->session_was_rejected || (party->session_row && party->session_status == SESSION_REJECTED)))
		err = REFUSE(BLOCKER_PARTY_NOT_VERIFIED, party->id, error,
			     "The KYC of party %.8s was rejected here; a verification elsewhere does not "
			     "change that. Approve a new KYC",
			     party->id);
	if (!err && *by)
		err = use_check_not_contributor(use, "party", party->id, error);
	if (err)
		return err;
	use_add_changed_part(use, "party", party->id);
	party->verified_elsewhere_by = by;
	party->verified_elsewhere_reason = reason;
	party->verified_elsewhere_basis = *by ? facts_external_verification(use->arena, party) : "";
	if (*by)
		use_add_basis_hash(use, party->verified_elsewhere_basis);
	json_set_text(use->detail, "party", party->id);
	return store_party_update(use->desk->store, party, error);
}

/* Marks the party as verified elsewhere: the party counts as verified, and is shown as verified elsewhere. Reads
 * in->part, in->reason. */
enum err use_party_verify(struct use *use, struct error *error)
{
	return set_party_verified(use, use->desk->actor, use->in->reason, error);
}

enum err use_party_unverify(struct use *use, struct error *error)
{
	return set_party_verified(use, "", "", error);
}

static enum err answer_pair(struct use *use, enum identity_answer answer, struct error *error)
{
	struct party *party = NULL, *other = NULL;
	struct owners_before_change owners;
	enum err err = use_find_party(&use->file, use->in->part, &party, error);

	if (!err)
		err = use_find_party(&use->file, use->in->related_ref, &other, error);
	if (!err && party == other)
		err = error_invalid(error, "other", "Name two parties; both names are of the party %.8s", party->id);
	if (err)
		return err;
	if (party->row < other->row) { /* of two, the later one keeps the answer */
		struct party *const first = party;

		party = other;
		other = first;
	}
	const struct identity a = identity_of_party(party), b = identity_of_party(other);
	if (identity_compare(&a, &b) == IDENTITY_OTHER)
		return error_invalid(error, "other",
				     "%s and %s differ in a name, number or birth date, so no answer is needed; if it "
				     "is wrong, correct it with: kybdesk party edit",
				     party->name, other->name);
	err = use_check_not_contributor(use, "party", party->id, error);
	if (!err)
		err = use_check_not_contributor(use, "party", other->id, error);
	if (err)
		return err;
	save_owners_before_change(use, &owners);
	identity_add_answer(use->arena, party, other, answer);
	err = require_lead_for_lost_owners(use, &owners, error);
	if (err)
		return err;
	use_add_basis_hash(use, facts_pair(use->arena, party, other));
	JSON_ADD(use->detail, { "party", AS_TEXT(party->id) }, { "other_party", AS_TEXT(other->id) });
	return store_party_update(use->desk->store, party, error);
}

/* A reviewer says whether two parties of a case, which may be the same, are one person or company. The answer is valid
 * while both are as they were. An answer that takes a share from an owner needs a lead. Reads in->part,
 * in->related_ref, in->reason. */
enum err use_party_same(struct use *use, struct error *error)
{
	return answer_pair(use, IDENTITY_SAME, error);
}

enum err use_party_other(struct use *use, struct error *error)
{
	return answer_pair(use, IDENTITY_OTHER, error);
}

static enum err check_gap_reason(const char *reason, const char *text, struct error *error)
{
	const char *near;

	if (texts_contain(ownership_gap_reasons, OWNERSHIP_GAP_REASON_COUNT, reason))
		return strcmp(reason, "other") ? ERR_OK : reason_text_check("record undeclared ownership", text, error);
	near = text_find_nearest(reason, ownership_gap_reasons, OWNERSHIP_GAP_REASON_COUNT);
	if (near)
		return error_invalid(error, "reason",
				     "\"%s\" is not a reason for undeclared ownership; did you mean %s?", reason, near);
	return error_invalid(error, "reason",
			     "\"%s\" is not a reason for undeclared ownership; choose from: listed, state_owned, "
			     "regulated, dispersed, other",
			     reason);
}

/* Explains undeclared ownership. The explanation is valid while the undeclared share does not grow. ERR_BLOCKED if
 * this share is too small to hide an owner, or cannot be computed. Reads in->reason: listed, state_owned,
 * regulated, dispersed, or other with a text of ten characters. */
enum err use_party_gap(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	const char *text = use->in->text, *reason = use->in->reason;
	struct ownership_gap gap = { .percent = "" };
	enum err err = text_check("text", "The text", text, false, error);

	if (!err)
		err = check_gap_reason(reason, text, error);
	if (err)
		return err;
	ownership_gap_find(use->arena, &use->file, use->profile, &gap);
	if (!gap.is_computed || !gap.may_hide_owner)
		return REFUSE(BLOCKER_OWNERSHIP_GAP, "", error,
			      gap.is_computed ? "The undeclared ownership of %s is too small to hide an owner; no "
						"reason is needed"
					      : "The undeclared ownership of %s cannot be computed; declare the "
						"parties and correct their shares first",
			      session_label(use->arena, session));
	session->gap_reason = reason;
	session->gap_text = text;
	session->gap_by = use->desk->actor;
	session->gap_percent = gap.percent;
	session->gap_at = use->now;
	session->gap_basis = facts_gap(use->arena, &use->file, use->profile);
	use_add_basis_hash(use, session->gap_basis);
	JSON_ADD(use->detail, { "reason", AS_TEXT(session->gap_reason) }, { "percent", AS_TEXT(gap.percent) });
	return store_session_set_columns(use->desk->store, session, SESSION_COLUMNS_GAP, error);
}

static bool has_required_workflow(const struct use *use, const char *workflow)
{
	const char *needed = use->profile->parties.workflow;

	return !needed || !*needed || !strcmp(needed, workflow);
}

static enum err find_candidates(struct use *use, const struct candidate_query *query, struct party_candidates *out,
				struct error *error)
{
	const struct country *known = *query->country ? country_find(desk_countries(use->desk), query->country) : NULL;
	const struct kyc_person person = { .merchant = use->file.session.merchant_row,
					   .name = query->name,
					   .date_of_birth = query->date_of_birth,
					   .country = known ? known->alpha3 : query->country };
	size_t kept = 0;
	enum err err = store_kyc_candidate_list(use->desk->store, use->arena, &person, out, error);

	for (size_t i = 0; !err && i < out->count; i++) {
		struct party_candidate one = out->items[i];

		/* Skips a session that already verifies a party of this case. */
		if (case_party_of_session(&use->file, one.row) || one.row == use->file.session.row)
			continue;
		one.date_of_birth = mask_text(use->arena, one.date_of_birth);
		one.has_required_workflow = has_required_workflow(use, one.workflow);
		out->items[kept++] = one;
	}
	out->count = kept;
	return err;
}

enum err desk_party_candidates(struct desk *desk, struct arena *arena, const struct candidate_query *query,
			       struct party_candidates *out, struct error *error)
{
	const struct use_in in = { .session = query->session };
	struct use_out ignored;
	struct use use = { .desk = desk, .arena = arena, .in = &in, .out = &ignored };
	struct candidate_query person = *query;
	struct party *party = NULL;
	enum err err = desk_begin_read(desk, error);

	*out = (struct party_candidates){ 0 };
	if (err)
		return err;
	err = use_load_case(&use, error);
	if (!err && query->party) {
		err = use_find_party(&use.file, query->party, &party, error);
		if (!err)
			person = (struct candidate_query){ .name = party->name,
							   .date_of_birth = party->date_of_birth,
							   .country = party->country };
	}
	if (!err && (!party || (party->kind == PARTY_INDIVIDUAL && party->session_status != SESSION_APPROVED)))
		err = find_candidates(&use, &person, out, error);
	return desk_finish_read(desk, err);
}

/* Finds the session of the verified person. Never names another merchant's session, not even in an error. */
static enum err find_source(struct use *use, const char *reference, struct session *out, struct error *error)
{
	const struct party *verified;
	int64_t row = 0;
	enum err err = store_session_find(use->desk->store, reference, &row, error);

	if (!err)
		err = store_session_load(use->desk->store, use->arena, row, out, error);
	if (err == ERR_OK && out->merchant_row != use->file.session.merchant_row)
		err = error_not_found(error, "session", reference, "The session must belong to the same merchant");
	if (err)
		return err;
	if (out->kind != KIND_KYC || out->subject.kind != SUBJECT_INDIVIDUAL || out->status != SESSION_APPROVED)
		return REFUSE(BLOCKER_PARTY_NOT_VERIFIED, out->id, error,
			      "Only an approved KYC session of a person can be copied; %s is %s",
			      session_label(use->arena, out), session_status_title(out->status));
	if (!has_required_workflow(use, out->workflow))
		return REFUSE(BLOCKER_PARTY_NOT_VERIFIED, out->id, error,
			      "The parties of this case need a session of the workflow %s, but %s has the workflow %s",
			      use->profile->parties.workflow, session_label(use->arena, out), out->workflow);
	verified = case_party_of_session(&use->file, out->row);
	return verified ? REFUSE(BLOCKER_PARTY_NOT_VERIFIED, verified->id, error,
				 "The party %.8s of this case is verified by that session already", verified->id)
			: ERR_OK;
}

static enum err check_same_person(const struct party *party, const struct session *source, struct error *error)
{
	const struct subject *subject = &source->subject;

	if (party->kind == PARTY_INDIVIDUAL && text_equals_folded(party->name, subject->name) &&
	    *party->date_of_birth && !strcmp(party->date_of_birth, subject->date_of_birth) && *party->country &&
	    !strcmp(party->country, subject->country))
		return ERR_OK;
	return error_invalid(error, "from",
			     "That session verifies a different person: name, birth date and country must be the same");
}

/* Replaces the party's own session by the copied session; ERR_BLOCKED if the own session must be kept. */
static enum err replace_session(struct use *use, struct party *party, const struct session *source, struct error *error)
{
	enum err err = check_same_person(party, source, error);

	if (err || !party->session_row || party->is_session_shared)
		return err;
	return erase_family(use, party->session_row, "copy the person", error);
}

static enum err add_person(struct use *use, const struct session *source, const struct party_input *input,
			   struct party **out, struct error *error)
{
	const struct subject *subject = &source->subject;
	struct party_input whole = *input;
	struct party party;
	enum err err;

	whole.name = subject->name;
	whole.kind = PARTY_INDIVIDUAL;
	whole.country = subject->country;
	whole.date_of_birth = subject->date_of_birth;
	whole.tax_id = subject->tax_id;
	whole.registration_number = subject->registration_number;
	whole.email = "";
	whole.phone = "";
	err = party_resolve_owned_id(use, &whole, error);
	if (!err)
		err = party_check_input(use, NULL, &whole, error);
	if (!err)
		err = party_make(use, &whole, &party, error);
	if (err)
		return err;
	party.country = subject->country;
	party.email = subject->email;
	party.phone = subject->phone;
	return party_insert(use, &party, out, error);
}

/* Makes a party of the person that the session in->related_ref verified. Takes roles, control_role, percent and
 * owner_of from in->party, and all other data from the session. With in->part, adds no party: the session then
 * verifies that party, which must be the same person. The party is verified while the session is approved: a reopening
 * of the session ends the verification. Reads in->reason, if a person with this name had a KYC in this case that needs
 * a lead (care.c). */
enum err use_party_copy(struct use *use, struct error *error)
{
	struct session source;
	struct party *party = NULL;
	enum err err = find_source(use, use->in->related_ref, &source, error);

	if (!err)
		err = require_lead_for_new_kyc(use, source.subject.name, error);
	if (!err && *use->in->part) {
		err = use_find_party(&use->file, use->in->part, &party, error);
		if (!err)
			err = replace_session(use, party, &source, error);
	} else if (!err) {
		err = add_person(use, &source, use->in->party, &party, error);
	}
	if (!err)
		err = store_party_set_subsession(use->desk->store, party->row, source.row, error);
	/* Loads the case again, since the stored session of a party determines whether the party is verified. */
	if (!err)
		err = use_reload_case(use, error);
	if (err)
		return err;
	use->rewrites_search_text = true;
	use->out->part_id = party->id;
	use_add_changed_part(use, "party", party->id);
	JSON_ADD(use->detail, { "party", AS_TEXT(party->id) }, { "subsession", AS_TEXT(source.id) },
		 { "added", AS_BOOL(!*use->in->part) });
	return ERR_OK;
}
