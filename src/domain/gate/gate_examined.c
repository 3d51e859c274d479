/*
 * What a case rests on: somebody or something has to have looked at it, and no step may still wait for the
 * client (domain.md "The approval gate", trust.md "Judgements rest on facts").
 */
#include "gate_parts.h"

#include <string.h>

/* In a sandbox the reviewer stands in for the provider's portal, which needs nothing of its own. */
static bool stands_in_for_the_portal(const struct gate *gate)
{
	enum session_status status = gate->file->session.status;

	return gate->context->sandbox && (status == SESSION_DRAFT || status == SESSION_ACTIVE);
}

static bool has_examined_document(const struct case_file *file)
{
	for (size_t i = 0; i < file->document_count; i++) {
		if (document_counts(&file->documents[i]) && file->documents[i].upload == UPLOAD_READY)
			return true;
	}
	return false;
}

/* What is promised or waived has looked at nobody. */
static bool has_result(const struct case_file *file)
{
	for (size_t i = 0; i < file->check_count; i++) {
		if (file->checks[i].status != CHECK_PENDING && file->checks[i].status != CHECK_WAIVED)
			return true;
	}
	return false;
}

static bool has_completed_step(const struct case_file *file)
{
	for (size_t i = 0; i < file->step_count; i++) {
		if (file->steps[i].status == STEP_COMPLETED)
			return true;
	}
	return false;
}

void gate_nothing_examined(struct gate *gate)
{
	const struct case_file *file = gate->file;

	if (file->session.kind != KIND_KYC || stands_in_for_the_portal(gate))
		return;
	if (has_examined_document(file) || has_result(file) || has_completed_step(file))
		return;
	gate_add(gate, BLOCKER_NOTHING_EXAMINED, WAITS_NOBODY, "",
		 "There is no document, no check with a result and no completed step, so nothing could have "
		 "verified "
		 "anybody; ask the client for a document, or run a check");
}

static bool holds_documents(const struct profile *profile, const char *step)
{
	for (size_t i = 0; i < profile->document_count; i++) {
		if (profile->documents[i].step_id && !strcmp(profile->documents[i].step_id, step))
			return true;
	}
	return false;
}

/* Nothing but papers that are asked for when they are needed (Atelio's documents): a correction then says so. */
static bool is_on_request(const struct profile *profile, const struct step_spec *spec)
{
	bool on_request = false;

	for (size_t i = 0; i < profile->document_count; i++) {
		const struct document_spec *document = &profile->documents[i];

		if (!document->step_id || strcmp(document->step_id, spec->id) != 0)
			continue;
		if (!document->on_request)
			return false;
		on_request = true;
	}
	return on_request && !spec->field_count;
}

/* A company's case also has steps that are compliance's own work (Ralio's related_parties and review): they
 * ask the client for nothing, and the gate's other parts speak for them. */
static bool is_the_clients(const struct gate *gate, const struct step *step)
{
	const struct profile *profile = gate->context->profile;
	const struct step_spec *spec = profile_step(profile, step->id);

	if (spec && is_on_request(profile, spec))
		return false;
	return gate->file->session.kind == KIND_KYC || !spec || spec->field_count ||
	       holds_documents(profile, step->id);
}

/* While a correction of the step is open, correction_open says so. */
static bool is_being_corrected(const struct case_file *file, const char *step)
{
	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *correction = &file->corrections[i];

		if (!strcmp(correction->step_id, step) &&
		    (correction->state == CORRECTION_OPEN || correction->state == CORRECTION_ANSWERED))
			return true;
	}
	return false;
}

static bool waits_for_the_client(const struct gate *gate, const struct step *step)
{
	switch (step->status) {
	case STEP_NEEDS_CORRECTION:
		return !is_being_corrected(gate->file, step->id);
	case STEP_PENDING:
	case STEP_IN_PROGRESS:
		return is_the_clients(gate, step) && !stands_in_for_the_portal(gate);
	case STEP_COMPLETED:
	case STEP_SKIPPED:
		break;
	}
	return false;
}

static const char *open_sentence(const struct gate *gate, const struct step *step)
{
	const struct step_spec *spec = profile_step(gate->context->profile, step->id);
	const char *title = spec && *spec->title ? spec->title : step->id;

	if (step->status == STEP_NEEDS_CORRECTION)
		return arena_printf(gate->arena, "The step %s needs a correction that nobody asked for; ask for it",
				    title);
	return arena_printf(gate->arena, "The step %s is %s; ask the client to complete it", title,
			    step->status == STEP_PENDING ? "not started" : "in progress");
}

void gate_step_open(struct gate *gate)
{
	enum session_status status = gate->file->session.status;
	bool client_at_work =
		status == SESSION_DRAFT || status == SESSION_ACTIVE || status == SESSION_AWAITING_CLIENT_CORRECTION;

	for (size_t i = 0; i < gate->file->step_count; i++) {
		const struct step *step = &gate->file->steps[i];

		if (waits_for_the_client(gate, step))
			gate_add(gate, BLOCKER_STEP_OPEN, client_at_work ? WAITS_CLIENT : WAITS_NOBODY,
				 arena_printf(gate->arena, "steps.%s", step->id), open_sentence(gate, step));
	}
}

const char *gate_steps_done(const struct gate *gate)
{
	for (size_t i = 0; i < gate->file->step_count; i++) {
		if (is_the_clients(gate, &gate->file->steps[i]))
			return "no step waits for the client";
	}
	return NULL;
}
