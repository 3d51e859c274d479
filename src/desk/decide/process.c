/* Processing requested by a reviewer, and due processing by the system, one session after the other. */
#include "decide/decide.h"
#include "kybdesk/desk/decide.h"

#define BACK_OFF_MS (60 * 60 * (int64_t)1000) /* delay for a session that cannot be processed */

/* Moves the case into processing, for a reviewer or the system, and writes a separate audit record. */
static enum err start_processing(struct processing_job *processing_job, bool by_itself, struct error *error)
{
	struct use *outer = processing_job->use;
	struct gate_context context = desk_gate_context(outer->desk, &outer->file, outer->profile, 0);
	struct use use;
	enum err err;

	init_system_use(&use, outer, &context, ACTION_PROCESS, SESSION_PROCESSING);
	use.file.session.processing_since = use.file.session.process_at = use.now;
	use.audit_action = use_cases[VERB_PROCESS].audit_action;
	err = store_session_set_columns(outer->desk->store, &use.file.session, SESSION_COLUMNS_PROCESSING, error);
	if (err)
		return err;
	use.detail = by_itself ? processing_detail(processing_job) : json_new_object();
	err = status_change_write(&use, error);
	json_free(use.detail);
	return err ? err : use_reload_case(processing_job->use, error);
}

/* Whether the client's test data request a rejection (seed avenia-kyb-level-1, sandboxReject). */
static bool requests_test_rejection(const struct case_file *file)
{
	for (size_t i = 0; i < file->step_count; i++) {
		const struct value *wanted = value_member(file->steps[i].values, "sandboxReject");

		if (wanted && wanted->kind == VALUE_BOOL && wanted->boolean)
			return true;
	}
	return false;
}

static enum err reject_in_sandbox(struct processing_job *processing_job, struct error *error)
{
	struct saved_actor before = actor_become(processing_job->use->desk, SANDBOX_NAME, ROLE_SANDBOX);
	enum err err;

	processing_job->context = desk_gate_context(processing_job->use->desk, &processing_job->use->file,
						    processing_job->use->profile, 0);
	err = processing_decide(processing_job, ACTION_REJECT, "other",
				"Rejected in the sandbox, as sandboxReject requests.", CHOICE_YES, error);
	actor_restore(processing_job->use->desk, before);
	return err;
}

bool processing_is_due(const struct desk *desk, struct arena *arena, struct case_file *file,
		       const struct profile *profile, int64_t now)
{
	struct session *session = &file->session;
	int64_t at = session->process_at, since = session->processing_since;

	session->process_at = TIME_NONE;
	if (session->status == SESSION_PROCESSING) {
		/* A case that is imported in the status "processing" is processed by its source, unless the
		 * workflow processes automatically. */
		if (since == TIME_NONE && profile->auto_process)
			session->processing_since = now;
		if (session->processing_since != TIME_NONE)
			session->process_at = now;
	} else if (session->status == SESSION_COMPLETED && profile->auto_process) {
		session->process_at = now;
	} else if (session->status == SESSION_MANUAL_REVIEW && desk->store->sandbox && !case_was_reopened(file)) {
		case_values_parse(arena, file);
		if (requests_test_rejection(file))
			session->process_at = now;
	}
	return at != session->process_at || since != session->processing_since;
}

static enum err process_case(struct processing_job *processing_job, struct error *error)
{
	const struct session *session = &processing_job->use->file.session;
	bool done = false;
	enum err err;

	if (session->status == SESSION_COMPLETED && processing_job->use->profile->auto_process) {
		err = start_processing(processing_job, true, error);
		return err ? err : processing_advance(processing_job, &done, error);
	}
	if (session->status == SESSION_PROCESSING)
		return processing_advance(processing_job, &done, error);
	if (session->status == SESSION_MANUAL_REVIEW && processing_job->use->desk->store->sandbox &&
	    !case_was_reopened(&processing_job->use->file)) {
		case_values_parse(processing_job->use->arena, &processing_job->use->file);
		if (requests_test_rejection(&processing_job->use->file))
			return reject_in_sandbox(processing_job, error);
	}
	return processing_reschedule(processing_job, TIME_NONE, error);
}

/* Another process may have been faster: only a case that is still due is processed. */
enum err use_process_due(struct use *use, struct error *error)
{
	struct processing_job processing_job = { .use = use, .outcome = OUTCOME_UNKNOWN, .results_submitted_by = "" };
	enum err err;

	if (use->file.session.process_at == TIME_NONE || use->file.session.process_at > use->now) {
		use->has_no_change = true;
		return ERR_OK;
	}
	/* Processing needs the rules: a profile without rules would let every case pass. */
	err = desk_session_profile(use->desk, &use->file.session, &use->profile, error);
	return err ? err : process_case(&processing_job, error);
}

static enum err run_verb_as_system(struct desk *desk, enum verb verb, int64_t row, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct use_in in = { .verb = verb, .capacity = CAPACITY_SYSTEM, .row = row };
	struct use_out out;
	enum err err = desk_do(desk, &arena, &in, &out, error);

	arena_release(&arena);
	return err;
}

enum err use_process_immediately(struct use *use, struct error *error)
{
	const struct session *session = &use->file.session;

	/* The submission is stored already; the next tick retries a failed evaluation. */
	(void)error;
	if (session->process_at != TIME_NONE && session->process_at <= use->now &&
	    run_verb_as_system(use->desk, VERB_PROCESS_DUE, session->row, NULL))
		log_info(&use->desk->log, "%s could not be processed yet", session->id);
	return ERR_OK;
}

/* Postpones a session that cannot be processed, for example because its profile is unreadable, so that it does not
 * block the others. */
enum err use_reschedule(struct use *use, struct error *error)
{
	use->file.session.process_at = use->now + BACK_OFF_MS;
	return store_session_set_columns(use->desk->store, &use->file.session, SESSION_COLUMNS_PROCESSING, error);
}

enum err desk_process_due(struct desk *desk, size_t limit, size_t *count, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct due_rows due = { .now = desk_now(desk), .limit = limit };
	enum err err;

	*count = 0;
	if (desk->store->readonly)
		return ERR_OK;
	err = desk_begin_row_read(desk, error);
	if (!err) {
		err = store_due_session_list(desk->store, &arena, DUE_PROCESSING, &due, error);
		desk_end_read(desk);
	}
	/* A session that cannot even be rescheduled, because another program changed one of its rows, does not
	 * block the others. */
	for (size_t i = 0; i < due.rows.count; i++) {
		struct error *why = err ? NULL : error;
		enum err failed = run_verb_as_system(desk, VERB_PROCESS_DUE, due.rows.items[i], why);

		if (failed && !error_is_system_failure(failed)) {
			if (why)
				error_release(why);
			failed = run_verb_as_system(desk, VERB_RESCHEDULE, due.rows.items[i], why);
		}
		if (!failed)
			(*count)++;
		err = err ? err : failed;
	}
	arena_release(&arena);
	return err;
}

static enum err refuse_missing_results(struct use *use, struct error *error)
{
	const struct session *session = &use->file.session;
	const char *until = time_or_unknown_text(use->arena, session->process_at),
		   *missing_checks = use->prepared_result;

	if (!*missing_checks)
		return REFUSE(BLOCKER_STATUS, "", error,
			      "%s is being processed and has no results yet; processing continues when results "
			      "arrive, at the latest at %s",
			      session_label(use->arena, session), until);
	return REFUSE(BLOCKER_CHECK_FAILED, missing_checks, error,
		      "%s is being processed: %s has no result yet; processing continues when results arrive, "
		      "at the latest at %s",
		      session_label(use->arena, session), missing_checks, until);
}

/* Checks role, case, claim and the transition. */
static enum err check_permission(struct use *use, struct error *error)
{
	struct blockers blockers = { 0 };
	enum err err = use_check_action(use, error);

	use->context = desk_gate_context(use->desk, &use->file, use->profile, use->in->seen_version);
	if (!err)
		err = desk_find_blockers(use, false, &blockers, error);
	if (!err && blockers.count)
		err = refuse(use->use_case->verb_phrase, &use->file.session, &blockers, error);
	return err;
}

/* Moves the case into processing and evaluates the present results. A case already in processing is only evaluated;
 * if results are still missing, the verb is recorded, then fails with ERR_BLOCKED. */
enum err use_process(struct use *use, struct error *error)
{
	struct processing_job processing_job = { .use = use, .outcome = OUTCOME_UNKNOWN, .results_submitted_by = "" };
	enum session_status from = use->file.session.status;
	bool done = false, again = from == SESSION_PROCESSING;
	enum err err = ERR_OK;

	if (!again)
		err = check_permission(use, error);
	if (!err && !again)
		err = start_processing(&processing_job, false, error);
	if (!err)
		err = processing_advance(&processing_job, &done, error);
	use->out->from = from;
	if (!err && again && !done) {
		use->prepared_result = arena_strdup(use->arena, processing_job.outcome.missing_checks);
		use->run_after_commit = refuse_missing_results;
	}
	return err;
}
