/* The evidence of a case: a reviewer or a check must have examined something, and no step may wait for the client. */
#include "gate_parts.h"
#include "kybdesk/base/text.h"

#include <string.h>

/* Whether the reviewer acts for the provider's portal (sandbox, draft or active), which needs no evidence. */
bool gate_reviewer_acts_as_provider(const struct gate *gate)
{
	enum session_status status = gate->file->session.status;

	return gate->context->sandbox && (status == SESSION_DRAFT || status == SESSION_ACTIVE);
}

static bool document_is_allowed(const struct proof_rules *evidence, const char *type)
{
	return !evidence->limits_documents || texts_contain(evidence->documents, evidence->document_count, type);
}

/* Whether a document of an allowed type is uploaded. The blocker document_not_accepted covers the review and the
 * validity of the document. */
static bool has_document(const struct case_file *file, const struct proof_rules *evidence)
{
	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];

		if (document_is_current(document) && document->upload == UPLOAD_READY &&
		    document_is_allowed(evidence, document->type))
			return true;
	}
	return false;
}

/* Whether an allowed check has a result. check_failed reports a check about another person, hit_open reports hits. */
static bool has_check(const struct case_file *file, const struct proof_rules *evidence)
{
	for (size_t i = 0; i < file->check_count; i++) {
		const struct check *check = &file->checks[i];
		bool has_result = check->status == CHECK_PASSED || (check->status == CHECK_HIT && check->hit_count);

		if (has_result && (!evidence->limits_checks || evidence->checks & (1u << check->kind)))
			return true;
	}
	return false;
}

/* Whether a provider examined and did not reject the person. Imported results are no proof of an examination. */
static bool has_results(const struct case_file *file, const struct proof_rules *evidence)
{
	const char *as = file->session.results_capacity;

	if (!evidence->results_are_enough || (strcmp(as, "provider") != 0 && strcmp(as, "simulator") != 0))
		return false;
	return file->results_decision != FINAL_NONE && file->results_decision != FINAL_REJECTED;
}

bool case_has_provider_evidence(const struct case_file *file, const struct profile *profile)
{
	return file->session.kind == KIND_KYC &&
	       (has_check(file, &profile->evidence) || has_results(file, &profile->evidence));
}

WORDS_DEFINE(override_kind, OVERRIDE_KIND_WORDS)

bool case_has_evidence(const struct case_file *file, const struct profile *profile)
{
	return has_document(file, &profile->evidence) || case_has_provider_evidence(file, profile);
}

/* For example "an accepted document (PASSPORT or ID_CARD)"; "" if none is allowed. */
static const char *evidence_text(struct arena *arena, const char *what, const char *list, bool limited)
{
	if (*list)
		return arena_printf(arena, "%s (%s)", what, list);
	return limited ? "" : what;
}

static const char *allowed_documents(struct arena *arena, const struct proof_rules *evidence)
{
	const char *list = words_join(arena, evidence->documents, evidence->document_count, " or ");

	return evidence_text(arena, "an accepted document", list, evidence->limits_documents);
}

static const char *allowed_checks(struct arena *arena, const struct proof_rules *evidence)
{
	const char *list = words_of_bits(arena, evidence->checks, check_kind_words, " or ");

	return evidence_text(arena, "a passed check", list, evidence->limits_checks);
}

void gate_find_missing_evidence(struct gate *gate)
{
	const struct profile *profile = gate->context->profile;

	if (gate->file->session.kind != KIND_KYC || gate_reviewer_acts_as_provider(gate) ||
	    case_has_evidence(gate->file, profile))
		return;
	const char *documents = allowed_documents(gate->arena, &profile->evidence);
	const char *checks = allowed_checks(gate->arena, &profile->evidence);
	const char *needs = arena_printf(gate->arena, "%s%s%s", documents, *documents && *checks ? " or " : "", checks);

	gate_add_finding(gate, BLOCKER_NOTHING_EXAMINED, "", "Nothing verifies this person yet: the case needs %s",
			 *needs ? needs : "a provider's results");
}

static bool step_has_documents(const struct profile *profile, const char *step)
{
	for (size_t i = 0; i < profile->document_count; i++) {
		if (profile->documents[i].step_id && !strcmp(profile->documents[i].step_id, step))
			return true;
	}
	return false;
}

/* Whether the step has no fields, and all its documents are uploaded only on a provider's request (as in
 * Atelio's profiles). */
static bool is_step_on_request(const struct profile *profile, const struct step_spec *spec)
{
	bool on_provider_request = false;

	for (size_t i = 0; i < profile->document_count; i++) {
		const struct document_spec *document = &profile->documents[i];

		if (!document->step_id || strcmp(document->step_id, spec->id) != 0)
			continue;
		if (!document->is_provider_requested)
			return false;
		on_provider_request = true;
	}
	return on_provider_request && !spec->field_count;
}

/* Whether the client must complete the step. Some steps of a company's case are work of the reviewers (Ralio's
 * related_parties and review); other parts of the gate cover them. */
static bool is_client_step(const struct gate *gate, const struct step *step)
{
	const struct profile *profile = gate->context->profile;
	const struct step_spec *spec = profile_step(profile, step->id);

	if (spec && is_step_on_request(profile, spec))
		return false;
	return gate->file->session.kind == KIND_KYC || !spec || spec->field_count ||
	       step_has_documents(profile, step->id);
}

/* Whether a correction of the step is open. Such a step has the blocker correction_open. */
static bool is_being_corrected(const struct case_file *file, const char *step)
{
	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *correction = &file->corrections[i];

		if (!strcmp(correction->step_id, step) && correction_is_unsettled(correction))
			return true;
	}
	return false;
}

static bool awaits_client(const struct gate *gate, const struct step *step)
{
	if (step->status == STEP_NEEDS_CORRECTION)
		return !is_being_corrected(gate->file, step->id);
	return step->status != STEP_COMPLETED && step->status != STEP_SKIPPED && is_client_step(gate, step) &&
	       !gate_reviewer_acts_as_provider(gate);
}

static const char *open_step_text(const struct gate *gate, const struct step *step)
{
	const char *title = profile_step_title(gate->context->profile, step->id);

	if (step->status == STEP_NEEDS_CORRECTION)
		return arena_printf(gate->arena,
				    "The step %s needs a correction, but no correction was requested; request one",
				    title);
	return arena_printf(gate->arena, "The step %s is %s; ask the client to complete it", title,
			    step->status == STEP_PENDING ? "not started" : "in progress");
}

void gate_find_open_step(struct gate *gate)
{
	for (size_t i = 0; i < gate->file->step_count; i++) {
		const struct step *step = &gate->file->steps[i];

		if (awaits_client(gate, step))
			gate_add_finding(gate, BLOCKER_STEP_OPEN, arena_printf(gate->arena, "steps.%s", step->id), "%s",
					 open_step_text(gate, step))
				->awaited_side = gate_awaited_client(gate);
	}
}

const char *gate_steps_text(const struct gate *gate)
{
	for (size_t i = 0; i < gate->file->step_count; i++) {
		if (is_client_step(gate, &gate->file->steps[i]))
			return "nothing is pending with the client";
	}
	return NULL;
}
