/* Automatic processing by the system: moves completed sessions into processing if the profile requires it, turns
 * their results into transitions, and ends processing without results after the profile's time limit. An automatic
 * approval passes the same gate as a reviewer's, and every step is recorded under the system's name. */
#include "decide/decide.h"
#include "kybdesk/domain/ownership.h"

const char *case_find_po_box(struct use *use)
{
	const struct rules_input input = use_rules_input(use);
	struct rule_failures failures = { 0 };

	case_values_parse(use->arena, &use->file);
	rules_check_case(use->arena, &input, &failures);
	for (size_t i = 0; i < failures.count; i++) {
		const struct rule_failure *failure = &failures.items[i];

		if (!strcmp(failure->rule, rule_kind_text(RULE_NOT_PO_BOX)))
			return *failure->sentence ? failure->sentence : failure->message;
	}
	return NULL;
}

/* Reads only the decision: all other members are the provider's own. An unknown decision counts as none. */
static bool parse_processing_results(const char *text, enum final_decision *decision)
{
	struct json_value *results = NULL;
	const char *word;
	bool input;

	*decision = FINAL_NONE;
	if (!*text || json_read(text, strlen(text), &results, NULL))
		return false;
	input = json_is_object(results) && json_count(results) > 0;
	word = input ? json_get_text(results, "final_decision") : NULL;
	if (word && !final_decision_parse(word, decision))
		*decision = FINAL_NONE;
	json_free(results);
	return input;
}

static void evaluate_outcome(struct processing_job *processing_job)
{
	struct case_file *file = &processing_job->use->file;
	const struct profile *profile = processing_job->use->profile;
	const struct rules_input rules = use_rules_input(processing_job->use);
	struct processing_input input = { .file = file,
					  .profile = processing_job->use->profile,
					  .countries = desk_countries(processing_job->use->desk) };

	input.has_results = parse_processing_results(file->session.processing_results_json, &input.results_decision);
	input.has_po_box = case_find_po_box(processing_job->use) != NULL;
	/* Runs after case_find_po_box(), which has parsed the values that the profile's rule reads. */
	input.foreign = profile->foreign.when_count &&
			rules_conditions_hold(processing_job->use->arena, &rules, profile->foreign.when,
					      profile->foreign.when_count);
	processing_evaluate(processing_job->use->arena, &input, &processing_job->outcome);
}

/* The same gate as for a reviewer's approval, except for claims: the system releases no claim. */
static enum err check_gate(struct processing_job *processing_job, struct blockers *blockers, struct error *error)
{
	struct gate_context *context = &processing_job->context;
	enum err err;

	*context = desk_gate_context(processing_job->use->desk, &processing_job->use->file,
				     processing_job->use->profile, 0);
	context->actor = "";
	context->role = ROLE_SYSTEM;
	err = desk_gate_load_facts(processing_job->use->desk, processing_job->use->arena, &processing_job->use->file,
				   context, error);
	if (!err)
		err = desk_gate_find_bytes_states(processing_job->use->desk, processing_job->use->arena,
						  &processing_job->use->file, context, error);
	if (err)
		return err;
	ownership_compute(processing_job->use->arena, &processing_job->use->file, processing_job->use->profile, NULL);
	gate_check(processing_job->use->arena, &processing_job->use->file, context, GATE_APPROVAL, blockers);
	return ERR_OK;
}

enum err processing_reschedule(struct processing_job *processing_job, int64_t at, struct error *error)
{
	processing_job->use->file.session.process_at = at;
	return store_session_set_columns(processing_job->use->desk->store, &processing_job->use->file.session,
					 SESSION_COLUMNS_PROCESSING, error);
}

struct json_value *processing_detail(const struct processing_job *processing_job)
{
	struct json_value *detail = json_new_object();
	const struct processing_outcome *outcome = &processing_job->outcome;

	json_set_bool(detail, "automatic", true);
	if (outcome->decision != FINAL_NONE)
		json_set_text(detail, "outcome", final_decision_text(outcome->decision));
	if (outcome->failure_status != CHECK_PASSED)
		json_set_text(detail, "checks", check_status_text(outcome->failure_status));
	JSON_ADD(detail, { "route?", AS_TEXT(outcome->review_reason) },
		 { "handed_in_by?", AS_TEXT(processing_job->results_submitted_by) });
	return detail;
}

/* Writes one step of the processing. A transaction may have several steps, each with its own audit record. */
static enum err write_with_detail(struct use *use, const struct processing_job *processing_job, use_function *write,
				  struct error *error)
{
	enum err err;

	use->detail = processing_detail(processing_job);
	err = write(use, error);
	json_free(use->detail);
	use->detail = NULL;
	return err;
}

enum err processing_decide(struct processing_job *processing_job, enum action action, const char *reason_code,
			   const char *message, enum choice retryable, struct error *error)
{
	struct use use;
	struct session *session = &use.file.session;
	bool approves = action == ACTION_APPROVE;
	enum err err;
	const struct reason *reason =
		approves ? NULL : reason_find(&processing_job->use->desk->reasons, REASONS_SESSION, reason_code);

	struct match_list matches = { 0 };

	if (!approves && !reason)
		return error_set(error, ERR_INVALID,
				 "reasons: session.json has no \"%s\"; automatic rejections need it", reason_code);
	err = approves ? ERR_OK : matches_find(processing_job->use, &matches, error);
	if (err)
		return err;
	init_system_use(&use, processing_job->use, &processing_job->context, action,
			approves ? SESSION_APPROVED : SESSION_REJECTED);
	use.decision.kind = approves ? DECISION_APPROVE : DECISION_REJECT;
	if (reason) {
		use.decision.reason = reason->code;
		use.decision.message = message;
		use.decision.retryable = reason->disclosure == DISCLOSURE_OPEN && !matches.count &&
					 (retryable == CHOICE_DEFAULT ? reason->retryable : retryable == CHOICE_YES);
		use.public_event_data.reason_code = reason_public_code(reason);
	} else {
		use.level = approval_level_change(session, processing_job->use->profile);
	}
	decision_set_final(&use, approves ? FINAL_APPROVED : FINAL_REJECTED);
	session->process_at = TIME_NONE;
	err = store_session_set_columns(processing_job->use->desk->store, session, SESSION_COLUMNS_PROCESSING, error);
	use.audit_action = approves ? "session.approve" : "session.reject";
	return err ? err : write_with_detail(&use, processing_job, decide_write, error);
}

/* Ends an attempt that has no result: the next attempt gets the next number. */
static enum err close_attempt(struct processing_job *processing_job, struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	const struct attempt attempt = {
		.number = session->attempt_number,
		.submitted_at = session->processing_since,
		.ended_at = use->now > session->processing_since
				    ? use->now
				    : session->processing_since, /* used if the clock was set back */
		.result = processing_job->outcome.failure_status == CHECK_ERROR ? ATTEMPT_ERROR : ATTEMPT_TIMEOUT,
		.reason = "",
		.message = "",
		.retryable = true,
	};

	session->attempt_number++;
	return store_attempt_insert(use->desk->store, session->row, &attempt, error);
}

static enum err change_status(struct processing_job *processing_job, enum action action, enum session_status to,
			      struct error *error)
{
	struct use use;
	struct session *session = &use.file.session;
	enum err err = ERR_OK;

	init_system_use(&use, processing_job->use, &processing_job->context, action, to);
	use.public_event_data.failure_status =
		action == ACTION_FAIL_PROCESSING ? CHECK_TIMEOUT : processing_job->outcome.failure_status;
	use.public_event_data.reason_text = processing_job->outcome.review_reason;
	session->process_at = TIME_NONE;
	if (to == SESSION_COMPLETED)
		err = close_attempt(processing_job, &use, error);
	if (to == SESSION_MANUAL_REVIEW) {
		if (session->submitted_at == TIME_NONE)
			session->submitted_at = processing_job->use->now;
		due_set_deadline(session, processing_job->use->profile);
	}
	if (!err)
		err = store_session_set_columns(processing_job->use->desk->store, session, SESSION_COLUMNS_PROCESSING,
						error);
	use.audit_action = action == ACTION_FAIL_PROCESSING ? "session.fail_processing" : "session.finish_processing";
	return err ? err : write_with_detail(&use, processing_job, status_change_write, error);
}

static bool is_report_verb(const char *word)
{
	return !strcmp(word, use_cases[VERB_CHECK_REPORT].audit_action) ||
	       !strcmp(word, use_cases[VERB_RESULTS_REPORT].audit_action);
}

/* Sets *out to whether the source `by` of the results contributed only results to the case: a source that also
 * submitted data would decide its own case. In a sandbox *out is always true. */
static enum err find_source_independence(struct processing_job *processing_job, const char *by, bool *out,
					 struct error *error)
{
	struct use *use = processing_job->use;
	struct contribution_list list = { 0 };
	enum err err = ERR_OK;

	if (!use->desk->store->sandbox)
		err = contribution_list(use->desk, use->arena, use->file.session.row, &list, error);
	*out = true;
	for (size_t i = 0; !err && i < list.count; i++)
		*out = *out && (strcmp(list.items[i].actor, by) != 0 || is_report_verb(list.items[i].audit_action));
	return err;
}

/* If a person submitted the results, an automatic decision would be that person's own, so a colleague reviews
 * the case. In a sandbox, where one person has all roles, this applies only for supervised reviewers. */
static enum err find_result_source(struct processing_job *processing_job, const char *by, const char *as,
				   struct error *error)
{
	struct use *use = processing_job->use;
	struct reviewer reviewer = { 0 };
	bool theirs = !use->desk->store->sandbox;
	bool independent = false;
	enum err err = ERR_OK;

	if (*processing_job->results_submitted_by || !strcmp(as, capacity_text(CAPACITY_SIMULATOR)) ||
	    !strcmp(as, capacity_text(CAPACITY_SYSTEM)))
		return ERR_OK;
	if (!strcmp(as, capacity_text(CAPACITY_PROVIDER)))
		err = find_source_independence(processing_job, by, &independent, error);
	if (err || independent)
		return err;
	if (!theirs && *by)
		err = store_reviewer_find(use->desk->store, use->arena, by, &reviewer, error);
	if (theirs || (reviewer.row && reviewer.supervised))
		processing_job->results_submitted_by = *by ? by : "unknown";
	return err;
}

static enum err find_result_sources(struct processing_job *processing_job, struct error *error)
{
	const struct case_file *file = &processing_job->use->file;
	enum final_decision word = FINAL_NONE;
	enum err err = ERR_OK;

	processing_job->results_submitted_by = "";
	if (parse_processing_results(file->session.processing_results_json, &word))
		err = find_result_source(processing_job, file->session.results_by, file->session.results_capacity,
					 error);
	/* The gate reads the checks, not the results, so the reporters of checks count, too. */
	for (size_t i = 0; !err && i < file->check_count; i++)
		err = find_result_source(processing_job, file->checks[i].reported_by, file->checks[i].reported_capacity,
					 error);
	if (!err && !*processing_job->results_submitted_by)
		err = contribution_first_staff(processing_job->use->desk, processing_job->use->arena, &file->session,
					       &processing_job->results_submitted_by, error);
	return err;
}

static enum err apply_outcome(struct processing_job *processing_job, struct error *error)
{
	struct processing_outcome *outcome = &processing_job->outcome;
	struct blockers blockers = { 0 };
	struct match_list matches = { 0 };
	enum session_status to = SESSION_PROCESSING;
	enum err err = check_gate(processing_job, &blockers, error);
	struct transition_context transition = {
		.profile = processing_job->use->profile,
		.sandbox = processing_job->use->desk->store->sandbox,
		.outcome = outcome->decision,
		.is_gate_clear = !blockers.count,
		.has_open_hits = outcome->has_open_hits,
		.can_retry_checks = outcome->can_retry_checks,
	};

	if (!err && (outcome->decision == FINAL_APPROVED || outcome->decision == FINAL_REJECTED))
		err = find_result_sources(processing_job, error);
	if (!err && outcome->decision == FINAL_REJECTED)
		err = matches_find(processing_job->use, &matches, error);
	if (err)
		return err;
	/* If a match is confirmed, a person must choose the reason that the client reads (domain/grounds.h). */
	if (*processing_job->results_submitted_by || matches.count)
		transition.outcome = FINAL_MANUAL_REVIEW;
	if (transition_find(SESSION_PROCESSING, ACTION_FINISH_PROCESSING, ROLE_SYSTEM, &transition, &to))
		BUG("processing cannot be finished");
	if (to == SESSION_APPROVED)
		return processing_decide(processing_job, ACTION_APPROVE, "", "", CHOICE_NO, error);
	if (to == SESSION_REJECTED)
		return processing_decide(processing_job, ACTION_REJECT, outcome->reason, "", CHOICE_DEFAULT, error);
	return change_status(processing_job, ACTION_FINISH_PROCESSING, to, error);
}

/* Records missing checks as timed out, so that they can be run again one by one. */
static enum err time_out_checks(struct processing_job *processing_job, struct error *error)
{
	struct case_file *file = &processing_job->use->file;
	unsigned required = use_required_check_bits(processing_job->use);
	enum err err = ERR_OK;

	for (unsigned kind = 0; !err && kind < CHECK_KIND_COUNT; kind++) {
		struct check *check = case_check(file, (enum check_kind)kind);

		if (!processing_awaits_check(file, required, (enum check_kind)kind))
			continue;
		if (!check)
			check = use_add_check(processing_job->use, (enum check_kind)kind);
		check->status = CHECK_TIMEOUT;
		check->reported_by = SYSTEM_NAME;
		check->reported_capacity = capacity_text(CAPACITY_SYSTEM);
		err = use_save_check(processing_job->use, check, error);
	}
	return err;
}

static enum err handle_timeout(struct processing_job *processing_job, struct error *error)
{
	struct blockers blockers = { 0 };
	enum err err = time_out_checks(processing_job, error);

	if (err)
		return err;
	evaluate_outcome(processing_job);
	if (processing_job->outcome.done && processing_job->outcome.can_retry_checks)
		return apply_outcome(processing_job, error);
	err = check_gate(processing_job, &blockers, error);
	return err ? err : change_status(processing_job, ACTION_FAIL_PROCESSING, SESSION_MANUAL_REVIEW, error);
}

enum err processing_advance(struct processing_job *processing_job, bool *done, struct error *error)
{
	struct session *session = &processing_job->use->file.session;
	int64_t since = session->processing_since != TIME_NONE ? session->processing_since : processing_job->use->now;
	int64_t until = since + processing_job->use->profile->processing_timeout_ms;
	struct saved_actor before = actor_become(processing_job->use->desk, SYSTEM_NAME, ROLE_SYSTEM);
	enum err err = ERR_OK;

	evaluate_outcome(processing_job);
	*done = true;
	if (processing_job->outcome.done) {
		err = apply_outcome(processing_job, error);
	} else if (processing_job->use->now >= until) {
		err = handle_timeout(processing_job, error);
	} else {
		*done = false;
		session->processing_since = since;
		err = processing_reschedule(processing_job, until, error);
	}
	actor_restore(processing_job->use->desk, before);
	return err;
}
