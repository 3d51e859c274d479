/* The judgements of a case, the facts of each, and whether each is still valid. */
#include "facts/facts_text.h"
#include "kybdesk/domain/ownership.h"
#include "kybdesk/domain/results.h"

#include <string.h>

struct collector {
	struct arena *arena;
	const struct case_file *file;
	const struct facts_input *facts_input;
	struct judgements *out;
};

static bool needs_lead_role(enum judgement_kind kind)
{
	return kind == JUDGEMENT_PARTY_ELSEWHERE || kind == JUDGEMENT_HIT_ACCEPTED || kind == JUDGEMENT_WAIVER ||
	       kind == JUDGEMENT_GAP;
}

static struct judgement *add(struct collector *collector, struct judgement judgement)
{
	struct judgement *slot =
		ARENA_PUSH(collector->arena, collector->out->items, collector->out->count, collector->out->capacity);

	judgement.change_text = "";
	judgement.confirm_refusal = judgement.confirm_refusal ? judgement.confirm_refusal : "";
	judgement.comparable_facts = judgement.facts;
	judgement.role = needs_lead_role(judgement.kind) ? ROLE_LEAD : ROLE_REVIEWER;
	judgement.valid = !*judgement.confirm_refusal && !strcmp(judgement.basis, judgement.facts);
	if (!judgement.valid && *judgement.basis)
		judgement.change_text = facts_changes_text(collector->arena, judgement.basis, judgement.facts);
	*slot = judgement;
	return slot;
}

static const char *actor_text(struct arena *arena, const char *by)
{
	return *by ? arena_printf(arena, " by %s", by) : "";
}

static const char *document_title(struct collector *collector, const struct document *document)
{
	return arena_printf(collector->arena, "%s%s%s%s",
			    profile_document_title(collector->facts_input->profile, document->type),
			    *document->file_name ? " (" : "", document->file_name, *document->file_name ? ")" : "");
}

static void list_documents(struct collector *collector)
{
	for (size_t i = 0; i < collector->file->document_count; i++) {
		const struct document *document = &collector->file->documents[i];

		if (document->replaced || document->review != REVIEW_ACCEPTED || document->upload != UPLOAD_READY)
			continue;
		add(collector, (struct judgement){
				       .kind = JUDGEMENT_DOCUMENT,
				       .ref = document->id,
				       .description = arena_printf(collector->arena, "The acceptance of %s%s",
								   document_title(collector, document),
								   actor_text(collector->arena, document->reviewed_by)),
				       .by = document->reviewed_by,
				       .at = document->reviewed_at,
				       .basis = document->basis,
				       .facts = facts_document(collector->arena, collector->file,
							       collector->facts_input, document),
				       .index = i });
	}
}

/* A confirmation in this case takes precedence over the approval of the KYC, because the confirmation covers both
 * the party and the KYC. */
static void list_kyc(struct collector *collector, size_t index)
{
	const struct party *party = &collector->file->parties[index];
	const struct kyc_facts kyc = facts_kyc(collector->arena, party);
	bool confirmed = *party->kyc_basis && !strcmp(party->kyc_basis, kyc.facts);
	bool approved = *party->session_basis && !strcmp(party->session_basis, kyc.subject);
	struct judgement *judgement =
		add(collector,
		    (struct judgement){ .kind = JUDGEMENT_PARTY_KYC,
					.ref = party->id,
					.description = arena_printf(collector->arena, "The KYC of %s", party->name),
					.by = "",
					.at = TIME_NONE,
					.basis = confirmed || (*party->kyc_basis && !*party->session_basis)
							 ? party->kyc_basis
							 : party->session_basis,
					.facts = kyc.facts,
					.confirm_refusal = *kyc.differences ? "decide that KYC again with the party's "
									      "current data, or correct the party"
							   : party->session_hit_open
								   ? "a lead can reopen that KYC to resolve the hit"
								   : "",
					.index = index });

	if (judgement->basis == party->session_basis && *party->session_basis)
		judgement->comparable_facts = kyc.subject;
	judgement->valid = !*judgement->confirm_refusal && (confirmed || approved);
	if (judgement->valid)
		judgement->change_text = "";
	else if (*kyc.differences)
		judgement->change_text = kyc.differences;
	else if (party->session_hit_open)
		judgement->change_text = "a screening hit was reported after its approval";
	else if (*party->session_basis)
		judgement->change_text = facts_changes_text(collector->arena, party->session_basis, kyc.subject);
}

static void list_parties(struct collector *collector)
{
	for (size_t i = 0; i < collector->file->party_count; i++) {
		const struct party *party = &collector->file->parties[i];

		if ((party->session_row || *party->session_id) && party->session_status == SESSION_APPROVED)
			list_kyc(collector, i);
	}
	for (size_t i = 0; i < collector->file->party_count; i++) {
		const struct party *party = &collector->file->parties[i];
		struct judgement *judgement;

		if (!*party->verified_elsewhere_by)
			continue;
		judgement =
			add(collector,
			    (struct judgement){
				    .kind = JUDGEMENT_PARTY_ELSEWHERE,
				    .ref = party->id,
				    .description = arena_printf(collector->arena,
								"The verification of %s elsewhere, recorded by %s,",
								party->name, party->verified_elsewhere_by),
				    .by = party->verified_elsewhere_by,
				    .at = TIME_NONE,
				    .basis = party->verified_elsewhere_basis,
				    .facts = facts_external_verification(collector->arena, party),
				    .confirm_refusal =
					    party->session_was_rejected || (*party->session_id &&
									    party->session_status == SESSION_REJECTED)
						    ? "that rejection still applies; approve a new KYC here"
						    : "",
				    .index = i });
		if (*judgement->confirm_refusal)
			judgement->change_text = "its KYC was rejected here";
	}
}

static void list_hits(struct collector *collector, size_t index)
{
	const struct check *check = &collector->file->checks[index];

	for (size_t h = 0; h < check->hit_count; h++) {
		const struct hit *hit = &check->hits[h];

		if (hit->state == HIT_OPEN)
			continue;
		struct judgement judgement = {
			.kind = JUDGEMENT_HIT,
			.ref = hit->id,
			.description = arena_printf(collector->arena, "The verdict of %s on the hit %s (%s)",
						    *hit->resolved_by ? hit->resolved_by : "somebody", hit->name,
						    *hit->list ? hit->list : check_kind_text(check->kind)),
			.by = hit->resolved_by,
			.at = hit->resolved_at,
			.basis = hit->basis,
			.facts = facts_hit(collector->arena, collector->file, check, hit),
			.index = index,
			.hit_index = h,
		};

		add(collector, judgement);
		if (hit->state != HIT_ACCEPTED || !*hit->accepted_by)
			continue;
		judgement.kind = JUDGEMENT_HIT_ACCEPTED;
		judgement.description = arena_printf(collector->arena, "The acceptance of the confirmed hit %s (%s)%s",
						     hit->name, *hit->list ? hit->list : check_kind_text(check->kind),
						     actor_text(collector->arena, hit->accepted_by));
		judgement.by = hit->accepted_by;
		judgement.at = TIME_NONE;
		judgement.basis = hit->accept_basis;
		add(collector, judgement);
	}
}

static void list_checks(struct collector *collector)
{
	for (size_t i = 0; i < collector->file->check_count; i++)
		list_hits(collector, i);
	for (size_t i = 0; i < collector->file->check_count; i++) {
		const struct check *check = &collector->file->checks[i];

		if (check->status != CHECK_WAIVED || !*check->waived_by)
			continue;
		add(collector,
		    (struct judgement){ .kind = JUDGEMENT_WAIVER,
					.ref = check_kind_text(check->kind),
					.description = arena_printf(collector->arena, "The waiver of the %s check%s",
								    check_kind_text(check->kind),
								    actor_text(collector->arena, check->waived_by)),
					.by = check->waived_by,
					.at = TIME_NONE,
					.basis = check->waive_basis,
					.facts = facts_waiver(collector->arena, check),
					.index = i });
	}
}

static void list_duplicates(struct collector *collector)
{
	for (size_t i = 0; i < collector->facts_input->duplicate_count; i++) {
		const struct duplicate *duplicate = &collector->facts_input->duplicates[i];

		const char *facts;
		bool leads;

		if (!*duplicate->dismissed_by || (duplicate->same_bits & ~duplicate->dismissed_same_bits))
			continue;
		facts = facts_duplicate(collector->arena, &collector->file->session, duplicate);
		leads = duplicate_needs_lead(duplicate) && strcmp(duplicate->basis, facts) != 0;
		add(collector,
		    (struct judgement){
			    .kind = JUDGEMENT_DUPLICATE,
			    .ref = duplicate->id,
			    .description = arena_printf(
				    collector->arena, "The %s %s by %s",
				    duplicate_is_linked(duplicate) ? "link to the duplicate"
								   : "dismissal of the duplicate",
				    *duplicate->external_ref
					    ? duplicate->external_ref
					    : arena_strndup(collector->arena, duplicate->id, strnlen(duplicate->id, 8)),
				    duplicate->dismissed_by),
			    .by = duplicate->dismissed_by,
			    .at = duplicate->dismissed_at,
			    .basis = duplicate->basis,
			    .facts = facts,
			    /* If only leads may see the duplicate, a confirmation is refused, because every role
			     * can read the audit record of the confirmation, which would show the other case. */
			    .confirm_refusal = leads ? "a lead must dismiss it again" : "",
			    .index = i });
	}
}

static void list_gap(struct collector *collector)
{
	const struct session *session = &collector->file->session;
	struct ownership_gap gap;

	if (!*session->gap_reason)
		return;
	ownership_gap_find(collector->arena, collector->file, collector->facts_input->profile, &gap);
	/* An explanation is needed only for an open gap, and does not cover a gap that became larger. */
	if (!gap.is_computed || !gap.may_hide_owner || !ownership_gap_is_explained(session, &gap))
		return;
	add(collector,
	    (struct judgement){
		    .kind = JUDGEMENT_GAP,
		    .ref = "",
		    .description = arena_printf(collector->arena, "The explanation of the undeclared ownership%s",
						actor_text(collector->arena, session->gap_by)),
		    .by = session->gap_by,
		    .at = session->gap_at,
		    .basis = session->gap_basis,
		    .facts = facts_gap(collector->arena, collector->file, collector->facts_input->profile) });
}

/* Whether a later round requests corrections of the same step, and was not withdrawn. If so, the answer to this
 * correction does not count as accepted. */
static bool is_reopened(const struct case_file *file, const struct correction *accepted)
{
	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *other = &file->corrections[i];

		if (other->round > accepted->round && other->state != CORRECTION_WITHDRAWN &&
		    !strcmp(other->step_id, accepted->step_id))
			return true;
	}
	return false;
}

static void list_corrections(struct collector *collector)
{
	for (size_t i = 0; i < collector->file->correction_count; i++) {
		const struct correction *correction = &collector->file->corrections[i];

		if (correction->state != CORRECTION_ACCEPTED || is_reopened(collector->file, correction))
			continue;
		add(collector,
		    (struct judgement){ .kind = JUDGEMENT_CORRECTION,
					.ref = correction->id,
					.description =
						arena_printf(collector->arena, "The acceptance of the correction of %s",
							     correction->step_id),
					.by = "",
					.at = correction->closed_at,
					.basis = correction->accept_basis,
					.facts = facts_correction(collector->arena, collector->file, correction),
					.index = i });
	}
}

void judgements_list(struct arena *arena, const struct case_file *file, const struct facts_input *of,
		     struct judgements *out)
{
	struct collector collector = { .arena = arena, .file = file, .facts_input = of, .out = out };

	*out = (struct judgements){ 0 };
	list_documents(&collector);
	list_parties(&collector);
	list_checks(&collector);
	list_duplicates(&collector);
	list_gap(&collector);
	list_corrections(&collector);
}

/* Members of a case that store the standing and the basis of a judgement. */
struct judgement_target {
	struct standing *standing;
	const char **basis;
};

static struct judgement_target target_of(struct case_file *file, const struct facts_input *of,
					 const struct judgement *judgement)
{
	size_t at = judgement->index;

	switch (judgement->kind) {
	case JUDGEMENT_DOCUMENT:
		return (struct judgement_target){ &file->documents[at].standing, &file->documents[at].basis };
	case JUDGEMENT_PARTY_KYC:
		return (struct judgement_target){ &file->parties[at].kyc_standing, &file->parties[at].kyc_basis };
	case JUDGEMENT_PARTY_ELSEWHERE:
		return (struct judgement_target){ &file->parties[at].elsewhere_standing,
						  &file->parties[at].verified_elsewhere_basis };
	case JUDGEMENT_HIT:
		return (struct judgement_target){ &file->checks[at].hits[judgement->hit_index].standing,
						  &file->checks[at].hits[judgement->hit_index].basis };
	case JUDGEMENT_HIT_ACCEPTED:
		return (struct judgement_target){ &file->checks[at].hits[judgement->hit_index].accept_standing,
						  &file->checks[at].hits[judgement->hit_index].accept_basis };
	case JUDGEMENT_WAIVER:
		return (struct judgement_target){ &file->checks[at].waive_standing, &file->checks[at].waive_basis };
	case JUDGEMENT_DUPLICATE:
		return (struct judgement_target){ &of->duplicates[at].standing, &of->duplicates[at].basis };
	case JUDGEMENT_GAP:
		return (struct judgement_target){ &file->session.gap_standing, &file->session.gap_basis };
	case JUDGEMENT_CORRECTION:
		return (struct judgement_target){ &file->corrections[at].standing,
						  &file->corrections[at].accept_basis };
	}
	BUG("no such judgement");
}

static void clear_standings(struct case_file *file, const struct facts_input *of)
{
	const struct standing none = { .valid = false, .change_text = "" };

	for (size_t i = 0; i < file->document_count; i++)
		file->documents[i].standing = none;
	for (size_t i = 0; i < file->party_count; i++)
		file->parties[i].kyc_standing = file->parties[i].elsewhere_standing = none;
	for (size_t i = 0; i < file->check_count; i++) {
		file->checks[i].waive_standing = none;
		for (size_t h = 0; h < file->checks[i].hit_count; h++)
			file->checks[i].hits[h].standing = file->checks[i].hits[h].accept_standing = none;
	}
	for (size_t i = 0; i < of->duplicate_count; i++)
		of->duplicates[i].standing = none;
	for (size_t i = 0; i < file->correction_count; i++)
		file->corrections[i].standing = none;
	file->session.gap_standing = none;
}

static void set_result_standing(struct arena *arena, const struct case_file *file, struct result *result)
{
	const char *now = *result->basis ? facts_result(arena, file, result) : "";
	const char *changed = *now ? facts_changes_text(arena, result->basis, now) : "";

	result->standing = (struct standing){ .valid = !*changed, .change_text = changed };
	result->is_of_removed = strcmp(result->person, RESULT_ABOUT_SUBJECT) != 0 &&
				strcmp(result->person, RESULT_ABOUT_UNKNOWN) != 0 && !case_party(file, result->person);
	result->is_of_present_data = checked_subject_is_current(arena, file, result->checked_subject, &changed);
}

/* The stored sum may be the result of a party that was removed since. */
static void sum_without_removed(struct check *check)
{
	const enum check_status status = check->status;

	for (size_t r = 0; r < check->result_count; r++)
		if (check->results[r].is_of_removed) {
			check_sum_results(check);
			break;
		}
	if (status == CHECK_WAIVED || status == CHECK_HIT)
		check->status = status;
}

void judgements_set_standings(struct arena *arena, struct case_file *file, const struct facts_input *of)
{
	struct judgements list;

	clear_standings(file, of);
	judgements_list(arena, file, of, &list);
	for (size_t i = 0; i < list.count; i++) {
		const struct judgement *judgement = &list.items[i];

		*target_of(file, of, judgement).standing =
			(struct standing){ .valid = judgement->valid,
					   .change_text = judgement->valid	    ? ""
							  : *judgement->change_text ? judgement->change_text
										    : "it has no recorded facts" };
	}
	for (size_t i = 0; i < file->check_count; i++) {
		struct check *check = &file->checks[i];
		const char *changed = "";

		for (size_t r = 0; r < check->result_count; r++)
			set_result_standing(arena, file, &check->results[r]);
		sum_without_removed(check);
		check->subject_standing.valid =
			checked_subject_is_current(arena, file, check->checked_subject, &changed);
		check->subject_standing.change_text = changed;
	}
}

void judgement_set_basis(struct case_file *file, const struct facts_input *of, const struct judgement *judgement)
{
	*target_of(file, of, judgement).basis = judgement->facts;
}
