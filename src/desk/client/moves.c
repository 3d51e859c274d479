/* The client's transitions of a case: start, complete, submit, resubmit, answer and submit corrections. */
#include "client/client.h"
#include "decide/decide.h"
#include "kybdesk/domain/submit.h"
#include "kybdesk/domain/things.h"
#include "link/link.h"

/* Sets the time at which the system processes the case in its new status. */
static enum err schedule_processing(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;

	session->status = use->to;
	session->processing_since = use->to == SESSION_PROCESSING ? use->now : TIME_NONE;
	session->process_at = TIME_NONE;
	(void)processing_is_due(use->desk, use->arena, &use->file, use->profile, use->now);
	use->run_after_commit = use_process_immediately;
	return store_session_set_columns(use->desk->store, session, SESSION_COLUMNS_PROCESSING, error);
}

static bool has_step_file(const struct use *use, const char *step)
{
	for (size_t i = 0; i < use->file.document_count; i++) {
		const struct document *document = &use->file.documents[i];
		const struct document_spec *spec = profile_document(use->profile, document->type);

		if (!document->replaced && document->upload == UPLOAD_READY && spec && spec->step_id &&
		    !strcmp(spec->step_id, step))
			return true;
	}
	return false;
}

/* Whether the step breaks no rule, and is in progress or has a value or a file. */
static bool is_step_done(struct use *use, const struct step *step)
{
	const struct step_spec *spec = profile_step(use->profile, step->id);
	struct rule_failures failures = { 0 };
	const struct rules_input input = use_rules_input(use);

	if (step->status != STEP_IN_PROGRESS && !has_step_file(use, step->id) && !(step->values && step->values->count))
		return false;
	if (spec)
		rules_check_step(use->arena, &input, spec, step->values, &failures);
	return !failures.count;
}

/* Before a submission, completes each step that is done although the client did not mark it as complete. */
static enum err complete_steps(struct use *use, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < use->file.step_count; i++) {
		struct step *step = &use->file.steps[i];

		if ((step->status != STEP_PENDING && step->status != STEP_IN_PROGRESS) || !is_step_done(use, step))
			continue;
		step->status = STEP_COMPLETED;
		err = store_step_update(use->desk->store, step, error);
	}
	return err;
}

enum err use_start(struct use *use, struct error *error)
{
	(void)use;
	(void)error;
	return ERR_OK;
}

/* The reasons why the client cannot submit the case, or its corrections. */
static struct blockers find_submit_blockers(struct use *use)
{
	struct blockers blockers = { 0 };
	const struct rules_input input = use_rules_input(use);

	case_values_parse(use->arena, &use->file);
	submit_check(use->arena, &input, &blockers);
	return blockers;
}

/* Completes, submits or resubmits the case, with everything that the profile requires (domain/submit.h).
 * Irreversible: the submitted data are frozen. */
enum err use_submit(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	const struct blockers blockers = find_submit_blockers(use);
	enum err err;

	if (blockers.count)
		return refuse(use->use_case->verb_phrase, session, &blockers, error);
	err = complete_steps(use, error);
	if (session->submitted_at == TIME_NONE)
		session->submitted_at = use->now;
	due_set_deadline(session, use->profile);
	return err ? err : schedule_processing(use, error);
}

/* --- corrections --- */

/* The verb that runs automatically after a change: start (for a client), or submission of the corrections (after an
 * upload). VERB_COUNT: none. */
static enum verb follow_up_verb(struct use *use)
{
	enum session_status status = use->file.session.status;
	bool document = use->use_case->verb == VERB_DOCUMENT_ADD;

	if (use->in->capacity == CAPACITY_CLIENT && status == SESSION_DRAFT)
		return VERB_START;
	if (document && status == SESSION_AWAITING_CLIENT_CORRECTION && use->profile->events[EVENT_DOCUMENT_REQUIRED] &&
	    !find_submit_blockers(use).count)
		return VERB_HAND_IN;
	return VERB_COUNT;
}

enum err client_run_follow_up(struct use *use, struct error *error)
{
	const struct use_in in = { .verb = follow_up_verb(use),
				   .capacity = use->in->capacity,
				   .session = use->file.session.id };
	struct error refusal = { 0 };
	struct use_out out;

	(void)error;
	if (in.verb == VERB_COUNT)
		return ERR_OK;
	if (desk_do(use->desk, use->arena, &in, &out, &refusal))
		log_info(&use->desk->log, "Cannot %s %s: %s", use_cases[in.verb].verb_phrase, in.session,
			 refusal.message);
	else
		use->out->version = out.version;
	error_release(&refusal);
	return ERR_OK;
}

/* If the client explains why no new file is provided, the present files count as uploaded again. */
static enum err reinstate_files(struct use *use, const struct correction *correction, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < use->file.document_count; i++) {
		struct document *document = &use->file.documents[i];

		if (document->replaced || document->upload != UPLOAD_REQUIRED || !document_has_all_sides(document) ||
		    !correction_means_document(&use->file, correction, document))
			continue;
		document_set_upload_state(document, UPLOAD_READY);
		err = store_document_update(use->desk->store, document, error);
	}
	return err;
}

static enum err complete_corrected_step(struct use *use, const char *id, struct error *error)
{
	struct step *step = case_step(&use->file, id);

	if (!step || step->status != STEP_NEEDS_CORRECTION)
		return ERR_OK;
	step->status = STEP_COMPLETED;
	return store_step_update(use->desk->store, step, error);
}

/* Stores the submitted values in the correction, and keeps the client's explanation. */
static enum err answer_correction(struct use *use, struct correction *correction, struct error *error)
{
	const char *values = correction_values(use->arena, &use->file, use->profile, correction);
	const char *words = *correction->after_json ? correction->after_json : "{}";
	enum err err = values_merge(use->arena, "correction", words, values, &correction->after_json, error);

	correction->state = CORRECTION_ANSWERED;
	if (correction->answered_at == TIME_NONE)
		correction->answered_at = use->now;
	if (!err)
		err = store_correction_update(use->desk->store, correction, error);
	if (!err)
		err = reinstate_files(use, correction, error);
	return err ? err : complete_corrected_step(use, correction->step_id, error);
}

/* Returns the case to review if every unclosed item has an answer: a changed value, a file or an explanation. */
enum err use_hand_in(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	const struct blockers blockers = find_submit_blockers(use);
	enum err err = ERR_OK;

	if (blockers.count)
		return refuse(use->use_case->verb_phrase, session, &blockers, error);
	for (size_t i = 0; !err && i < use->file.correction_count; i++) {
		struct correction *correction = &use->file.corrections[i];

		if (correction_is_unsettled(correction))
			err = answer_correction(use, correction, error);
	}
	if (err)
		return err;
	session->returned = true;
	session->is_decided_locally = false;
	return schedule_processing(use, error);
}

static enum err check_correction_open(const struct use *use, const struct correction *correction, struct error *error)
{
	if (use->file.session.status == SESSION_AWAITING_CLIENT_CORRECTION && correction_is_unsettled(correction))
		return ERR_OK;
	return REFUSE(BLOCKER_CORRECTION_OPEN, correction->id, error,
		      "The correction of %s is %s and the case is %s: there is nothing to answer", correction->step_id,
		      correction_state_text(correction->state), session_status_title(use->file.session.status));
}

/* The client explains why an item is not provided. Reads in->part: the correction; in->text: the explanation. */
enum err use_answer(struct use *use, struct error *error)
{
	const char *words = use->in->text;
	struct correction *correction = NULL;
	enum err err = use_find_correction(&use->file, use->in->part, &correction, error);

	if (!err)
		err = text_check("words", "The answer", words, true, error);
	if (!err)
		err = check_correction_open(use, correction, error);
	if (err)
		return err;
	correction->after_json = values_make_object(use->arena, "words", words);
	correction->state = CORRECTION_ANSWERED;
	correction->answered_at = use->now;
	use->out->part_id = correction->id;
	use_add_changed_part(use, "correction", correction->id);
	JSON_ADD(use->detail, { "correction", AS_TEXT(correction->id) }, { "step", AS_TEXT(correction->step_id) });
	return store_correction_update(use->desk->store, correction, error);
}

/* --- resubmission --- */

/* Begins the next attempt of the same session: earlier decisions stay in the history, and the time until the
 * decision is due restarts. */
static enum err begin_next_attempt(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	const struct decision *last = case_last_decision(&use->file);
	const struct attempt over = {
		.number = session->attempt_number,
		.submitted_at = session->submitted_at,
		.ended_at = session->decided_at != TIME_NONE ? session->decided_at : use->now,
		.result = ATTEMPT_REJECTED,
		.reason = session->decision_reason,
		.message = last ? last->message : "",
		.retryable = true,
	};

	session->attempt_number++;
	decision_clear(session);
	session->is_decided_locally = false;
	session->submitted_at = TIME_NONE;
	session->due_at = session->due_paused_at = TIME_NONE;
	session->processing_results_json = "null";
	return store_attempt_insert(use->desk->store, session->row, &over, error);
}

/* Allowed if the profile permits resubmission and the last decision was retryable (domain/submit.h,
 * case_may_resubmit()). */
enum err use_resubmit(struct use *use, struct error *error)
{
	const char *sentence;
	enum err err;

	if (!case_may_resubmit(use->arena, &use->file, use->profile, &sentence))
		return REFUSE(BLOCKER_STATUS, "", error, "%s", sentence);
	err = begin_next_attempt(use, error);
	json_set_int(use->detail, "attempt", use->file.session.attempt_number);
	return err ? err : use_submit(use, error);
}

/* --- a merchant's own verbs on a session: extend its access, hide it --- */

/* Extends the access of the client. Reads in->days, in->hours. The present link stays valid. */
enum err use_extend(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	enum err err = ERR_OK;

	if (session->status == SESSION_EXPIRED)
		return REFUSE(BLOCKER_STATUS, "", error, "%s is expired; a reviewer can reactivate it",
			      session_label(use->arena, session));
	if (session->status == SESSION_APPROVED || session->status == SESSION_REJECTED)
		return REFUSE(BLOCKER_STATUS, "", error, "%s is %s: the client has nothing left to submit",
			      session_label(use->arena, session), session_status_title(session->status));
	err = use->in->hours ? link_extend_hours(session, use->now, use->in->hours, error)
			     : link_extend_days(session, use->now, use->in->days, error);
	if (!err)
		err = reminders_restart(use->desk, session, use->profile, error);
	json_set_time(use->detail, "expires_at", session->expires_at);
	use->out->expires_at = session->expires_at;
	return err;
}

/* Hides the session from the merchant, and ends its links. No data is erased: the desk still lists and decides the
 * session. */
enum err use_hide(struct use *use, struct error *error)
{
	if (use->file.session.hidden) {
		use->has_no_change = true;
		return ERR_OK;
	}
	use->file.session.hidden = true;
	return store_link_set_revoked(use->desk->store, use->file.session.row, use->now, true, error);
}
