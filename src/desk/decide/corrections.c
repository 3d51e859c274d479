/* Withdraws requested corrections (also for an undo of the request), and accepts their answers one by one. */
#include "decide/decide.h"
#include "kybdesk/domain/things.h"

/* Reads from the evidence which status a step had at the time of the request. */
static bool read_evidence_status(const struct json_value *evidence, const char *id, enum step_status *out)
{
	const struct json_value *seen = evidence ? json_get(evidence, "case") : NULL;
	const struct json_value *steps = seen ? json_get(seen, "steps") : NULL;

	for (size_t i = 0; steps && i < json_count(steps); i++) {
		const struct json_value *step = json_at(steps, i);
		const char *name = json_get_text(step, "id"), *status = json_get_text(step, "status");

		if (name && status && !strcmp(name, id))
			return step_status_parse(status, out);
	}
	return false;
}

/* The status of a step before the request. If the evidence lacks the step, only the profile had the step, so the
 * client had not begun it. Without evidence (an imported request), the step counts as completed. */
static enum step_status old_step_status(const struct json_value *evidence, const char *id, bool all)
{
	enum step_status status = STEP_COMPLETED;

	if (!evidence)
		return STEP_COMPLETED;
	if (!read_evidence_status(evidence, id, &status))
		return STEP_PENDING;
	/* An older request had also returned this step to the client; `all` withdraws that request too. */
	return all && status == STEP_NEEDS_CORRECTION ? STEP_COMPLETED : status;
}

/* Resets a step to its status before the request. Returns NULL if the step has changed since the request. */
static struct step *reset_step(struct case_file *file, const struct json_value *evidence, const char *id, bool all)
{
	struct step *step = case_step(file, id);

	if (!step || step->status != STEP_NEEDS_CORRECTION)
		return NULL;
	step->status = old_step_status(evidence, id, all);
	return step;
}

static bool reset_document(const struct case_file *file, const struct correction *correction, struct document *document)
{
	if (document->replaced || document->upload != UPLOAD_REQUIRED || !document_has_all_sides(document) ||
	    !correction_means_document(file, correction, document))
		return false;
	document_set_upload_state(document, UPLOAD_READY);
	return true;
}

static enum err restore_documents(struct use *use, const struct correction *correction, struct error *error)
{
	struct case_file *file = &use->file;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < file->document_count; i++) {
		if (reset_document(file, correction, &file->documents[i]))
			err = store_document_update(use->desk->store, &file->documents[i], error);
	}
	return err;
}

/* Whether the request closed this older correction, because the request is about the same step. */
static bool was_superseded(const struct correction *correction, const struct decision *request)
{
	return correction->state == CORRECTION_WITHDRAWN && correction->closed_at == request->at &&
	       correction->requested_at != request->at;
}

static enum err withdraw_correction(struct use *use, struct correction *correction, const struct json_value *evidence,
				    bool all, struct error *error)
{
	struct step *step = reset_step(&use->file, evidence, correction->step_id, all);
	enum err err;

	correction->state = CORRECTION_WITHDRAWN;
	correction->closed_at = use->now;
	err = store_correction_update(use->desk->store, correction, error);
	if (!err && step)
		err = store_step_update(use->desk->store, step, error);
	return err ? err : restore_documents(use, correction, error);
}

void correction_reopen(struct correction *correction)
{
	correction->state = correction->answered_at == TIME_NONE ? CORRECTION_OPEN : CORRECTION_ANSWERED;
	correction->closed_at = TIME_NONE;
}

int64_t corrections_last_round(const struct case_file *file)
{
	int64_t round = 0;

	for (size_t i = 0; i < file->correction_count; i++) {
		if (file->corrections[i].round > round)
			round = file->corrections[i].round;
	}
	return round;
}

enum err corrections_withdraw(struct use *use, const struct decision *request, bool all, struct error *error)
{
	struct case_file *file = &use->file;
	struct json_value *evidence = NULL;
	int64_t round = corrections_last_round(file);
	enum err err = ERR_OK;

	if (request && *request->evidence_json)
		err = json_read(request->evidence_json, strlen(request->evidence_json), &evidence, error);
	for (size_t i = 0; !err && i < file->correction_count; i++) {
		struct correction *correction = &file->corrections[i];

		if ((all || correction->round == round) && correction_is_unsettled(correction)) {
			err = withdraw_correction(use, correction, evidence, all, error);
		} else if (!all && request && was_superseded(correction, request)) {
			correction_reopen(correction);
			err = store_correction_update(use->desk->store, correction, error);
		}
	}
	json_free(evidence);
	return err;
}

static void drop_step(struct case_file *file, const char *id)
{
	size_t kept = 0;

	for (size_t i = 0; i < file->step_count; i++) {
		if (strcmp(file->steps[i].id, id) != 0)
			file->steps[kept++] = file->steps[i];
	}
	file->step_count = kept;
}

void corrections_reset_items(struct case_file *file, const struct decision *request)
{
	struct json_value *evidence = NULL;
	enum step_status before;
	int64_t round = corrections_last_round(file);
	size_t kept = 0;

	if (*request->evidence_json &&
	    json_read(request->evidence_json, strlen(request->evidence_json), &evidence, NULL))
		evidence = NULL;
	for (size_t i = 0; i < file->correction_count; i++) {
		struct correction correction = file->corrections[i];

		if (correction.round == round && correction_is_unsettled(&correction)) {
			/* If the evidence lacks the step, the request inserted the step from the profile. */
			if (evidence && !read_evidence_status(evidence, correction.step_id, &before))
				drop_step(file, correction.step_id);
			else
				(void)reset_step(file, evidence, correction.step_id, false);
			for (size_t d = 0; d < file->document_count; d++)
				(void)reset_document(file, &correction, &file->documents[d]);
			continue;
		}
		if (was_superseded(&correction, request))
			correction_reopen(&correction);
		file->corrections[kept++] = correction;
	}
	file->correction_count = kept;
	json_free(evidence);
}

/* Finds the request to withdraw, with its evidence; NULL if the request was imported. */
static enum err find_correction_decision(struct use *use, struct decision *stored, const struct decision **out,
					 struct error *error)
{
	const struct case_file *file = &use->file;

	*out = NULL;
	for (size_t i = file->decision_count; i-- > 0;) {
		const struct decision *decision = &file->decisions[i];

		if (decision->undone || decision->imported || decision->kind != DECISION_CORRECTIONS)
			continue;
		*out = stored;
		return store_decision_load(use->desk->store, use->arena, file->session.row, decision->number, stored,
					   error);
	}
	return ERR_OK;
}

enum err use_withdraw(struct use *use, struct error *error)
{
	struct decision stored;
	const struct decision *request = NULL;
	enum err err = find_correction_decision(use, &stored, &request, error);

	return err ? err : corrections_withdraw(use, request, true, error);
}

/* Completes a step if no open or answered correction of the step is left. The audit log records its former status
 * for an undo. */
static enum err complete_step(struct use *use, const char *id, struct error *error)
{
	struct step *step = case_step(&use->file, id);

	if (step)
		json_set_text(use->detail, "step_before", step_status_text(step->status));
	for (size_t i = 0; i < use->file.correction_count; i++) {
		if (!strcmp(use->file.corrections[i].step_id, id) && correction_is_unsettled(&use->file.corrections[i]))
			return ERR_OK;
	}
	if (!step || step->status != STEP_NEEDS_CORRECTION)
		return ERR_OK;
	step->status = STEP_COMPLETED;
	return store_step_update(use->desk->store, step, error);
}

/* Refuses the author of an answer (explanation, values or document): authors must not accept their own answers. */
static enum err check_answerer(struct use *use, const struct correction *correction, struct error *error)
{
	enum err err = use_check_not_contributor(use, "correction", correction->id, error);

	if (!err)
		err = use_check_not_contributor(use, "step", correction->step_id, error);
	for (size_t i = 0; !err && i < use->file.document_count; i++) {
		const struct document *document = &use->file.documents[i];

		if (!document->replaced && correction_means_document(&use->file, correction, document))
			err = use_check_not_contributor(use, "document", document->id, error);
	}
	return err;
}

/* Reads in->part: the correction. */
enum err use_correction_accept(struct use *use, struct error *error)
{
	struct correction *correction = NULL;
	enum err err = use_find_correction(&use->file, use->in->part, &correction, error);

	if (!err && correction->state != CORRECTION_ANSWERED)
		err = REFUSE(BLOCKER_CORRECTION_OPEN, correction->id, error,
			     "The correction of %s is %s: only an answered correction can be accepted",
			     correction->step_id, correction_state_text(correction->state));
	if (!err)
		err = check_answerer(use, correction, error);
	if (err)
		return err;
	correction->state = CORRECTION_ACCEPTED;
	correction->closed_at = use->now;
	correction->accept_basis = facts_correction(use->arena, &use->file, correction);
	use_add_basis_hash(use, correction->accept_basis);
	err = store_correction_update(use->desk->store, correction, error);
	if (!err)
		err = complete_step(use, correction->step_id, error);
	JSON_ADD(use->detail, { "correction", AS_TEXT(correction->id) }, { "step", AS_TEXT(correction->step_id) });
	return err;
}
