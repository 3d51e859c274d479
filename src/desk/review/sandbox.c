/* Automatic outcomes of sandbox cases. The subject's name selects the outcome, so the outcome is the same each time. */
#include "kybdesk/desk/sandbox.h"
#include "decide/decide.h"

#include <strings.h>

#define BATCH 100
#define SANDBOX_ACCEPT_REASON "Accepted by the sandbox; nobody was checked"
#define SANDBOX_DISMISS_REASON "Dismissed by the sandbox; nothing was compared"

#define SIMULATED_RESULTS "{\"simulated\":true}"

enum outcome {
	OUTCOME_APPROVAL,
	OUTCOME_REJECTION,
	OUTCOME_CORRECTIONS,
	OUTCOME_EXPIRY,
	OUTCOME_REMINDER,
	OUTCOME_ERROR,
	OUTCOME_TIMEOUT,
	OUTCOME_HIT,
	OUTCOME_NONE
};

/* For each outcome: the word in the subject's name, the result of the checks, and the results of the processing. */
static const struct {
	const char *word;
	enum check_status checks;
	const char *results;
} outcomes[] = {
	[OUTCOME_APPROVAL] = { "approve", CHECK_PASSED, "{\"simulated\":true,\"final_decision\":\"approved\"}" },
	[OUTCOME_REJECTION] = { "reject", CHECK_PASSED, "{\"simulated\":true,\"final_decision\":\"rejected\"}" },
	[OUTCOME_CORRECTIONS] = { "corrections", CHECK_PASSED,
				  "{\"simulated\":true,\"final_decision\":\"manual_review\"}" },
	[OUTCOME_EXPIRY] = { "expire", CHECK_PASSED, SIMULATED_RESULTS },
	[OUTCOME_REMINDER] = { "remind", CHECK_PASSED, SIMULATED_RESULTS },
	[OUTCOME_ERROR] = { "error", CHECK_ERROR, SIMULATED_RESULTS },
	[OUTCOME_TIMEOUT] = { "timeout", CHECK_TIMEOUT, SIMULATED_RESULTS },
	[OUTCOME_HIT] = { "hit", CHECK_HIT, SIMULATED_RESULTS },
	[OUTCOME_NONE] = { "", CHECK_PASSED, SIMULATED_RESULTS },
};

struct simulation {
	struct desk *desk;
	struct arena *arena;
	struct case_file file;
	const struct profile *profile;
	enum outcome outcome;
	bool refused; /* a verb was refused: the refusal is logged, and no further verb runs */
};

static const struct caller player = {
	.capacity = CAPACITY_SIMULATOR, .actor = SANDBOX_NAME, .merchant = "", .document_type = "", .request_id = ""
};

/* Ignores upper and lower case, because Avenia stores a company's name in capitals. */
static enum outcome outcome_for_name(const char *name)
{
	const char *mark = strrchr(name, '#');

	for (size_t i = 0; mark && i < OUTCOME_NONE; i++) {
		if (!strcasecmp(mark + 1, outcomes[i].word))
			return (enum outcome)i;
	}
	return OUTCOME_NONE;
}

bool sandbox_expires_session(const struct desk *desk, const struct session *session)
{
	return desk->store->sandbox && outcome_for_name(session->subject.name) == OUTCOME_EXPIRY;
}

bool sandbox_reminds_client(const struct desk *desk, const struct session *session)
{
	return desk->store->sandbox && outcome_for_name(session->subject.name) == OUTCOME_REMINDER;
}

static enum err load_case(struct simulation *simulation, int64_t row, struct error *error)
{
	enum err err = desk_begin_read(simulation->desk, error);

	if (err)
		return err;
	err = desk_case_load(simulation->desk, simulation->arena, row, &simulation->file, error);
	if (!err)
		err = desk_session_profile(simulation->desk, &simulation->file.session, &simulation->profile, error);
	return desk_finish_read(simulation->desk, err);
}

/* Returns ERR_OK also if the verb is refused: only a failing store ends the simulation. */
static enum err do_verb(struct simulation *simulation, struct use_in in, struct error *error)
{
	struct error refusal = { 0 };
	struct use_out out;
	enum err err;

	if (simulation->refused)
		return ERR_OK;
	in.session = simulation->file.session.id;
	err = desk_do(simulation->desk, simulation->arena, &in, &out, &refusal);
	simulation->refused = err && !error_is_system_failure(err);
	if (simulation->refused)
		log_warn(&simulation->desk->log, "sandbox: %s: %s", simulation->file.session.id, refusal.message);
	return error_move_system_failure(err, &refusal, error);
}

/* Submits a verdict on one part of the case. */
static enum err submit_verdict(struct simulation *simulation, enum verb verb, const char *part, const char *reason,
			       struct error *error)
{
	return do_verb(simulation, (struct use_in){ .verb = verb, .part = part, .reason = reason }, error);
}

static bool is_processing(const struct simulation *simulation)
{
	return simulation->file.session.status == SESSION_PROCESSING;
}

/* --- the provider's part --- */

static enum err report_check(struct simulation *simulation, enum check_kind kind, enum check_status status,
			     struct error *error)
{
	struct check check;
	struct hit hit;

	check_init(&check);
	check.kind = kind;
	check.status = status;
	check.detail_json = "{\"simulated\":true}";
	check.checked_at = desk_now(simulation->desk);
	if (status == CHECK_HIT) {
		hit_init(&hit);
		hit.name = simulation->file.session.subject.name;
		hit.list = "sandbox";
		hit.class_ = HIT_PEP;
		hit.detail_json = check.detail_json;
		check.hits = &hit;
		check.hit_count = 1;
	}
	return do_verb(simulation,
		       (struct use_in){ .verb = VERB_CHECK_REPORT, .capacity = CAPACITY_SIMULATOR, .result = &check },
		       error);
}

/* Returns the bit of a check that verifies the person, if a KYC case is to be approved, has no evidence, and requires
 * no check that the workflow accepts as evidence; otherwise 0. */
static unsigned verification_check_bit(const struct simulation *simulation, unsigned required)
{
	const struct proof_rules *evidence = &simulation->profile->evidence;
	unsigned allowed = evidence->limits_checks ? evidence->checks : ~0u;

	if (simulation->outcome != OUTCOME_APPROVAL || simulation->file.session.kind != KIND_KYC ||
	    case_has_evidence(&simulation->file, simulation->profile) || required & allowed)
		return 0;
	return evidence->limits_checks ? allowed & ~(allowed - 1) : 1u << CHECK_FACE_MATCH;
}

/* Reports the required checks that have no result yet. For an outcome with a bad check, also replaces different results
 * of required checks, except waived checks; if no check is required, reports the watchlist check. */
static enum err report_checks(struct simulation *simulation, struct error *error)
{
	const struct use request = { .desk = simulation->desk,
				     .arena = simulation->arena,
				     .file = simulation->file,
				     .profile = simulation->profile,
				     .now = desk_now(simulation->desk) };
	enum check_status wanted = outcomes[simulation->outcome].checks;
	unsigned required = use_required_check_bits(&request);
	enum err err = ERR_OK;

	required |= verification_check_bit(simulation, required);
	if (wanted == CHECK_HIT || (wanted != CHECK_PASSED && !required))
		required |= 1u << CHECK_WATCHLIST;
	for (unsigned i = 0; !err && i < CHECK_KIND_COUNT; i++) {
		const struct check *there = case_check(&simulation->file, (enum check_kind)i);
		bool waits = there ? there->status == CHECK_PENDING : (required & 1u << i) != 0;
		enum check_status status = wanted;

		/* A hit in the watchlist check is enough, so the other checks pass. */
		if (wanted == CHECK_HIT && i != CHECK_WATCHLIST)
			status = CHECK_PASSED;
		if (!waits && (!there || wanted == CHECK_PASSED || there->status == status || !(required & 1u << i) ||
			       there->status == CHECK_WAIVED))
			continue;
		err = report_check(simulation, (enum check_kind)i, status, error);
	}
	return err;
}

static enum err report_results(struct simulation *simulation, struct error *error)
{
	enum err err = do_verb(simulation,
			       (struct use_in){ .verb = VERB_RESULTS_REPORT,
						.capacity = CAPACITY_SIMULATOR,
						.results_json = outcomes[simulation->outcome].results },
			       error);

	/* Processes the results at once, like results of a provider. */
	if (!err)
		err = do_verb(simulation,
			      (struct use_in){ .verb = VERB_PROCESS_DUE,
					       .capacity = CAPACITY_SYSTEM,
					       .row = simulation->file.session.row },
			      error);
	return err ? err : load_case(simulation, simulation->file.session.row, error);
}

static enum err simulate_results(struct simulation *simulation, struct error *error)
{
	enum err err = ERR_OK;

	/* Reports the results before the checks for these outcomes, since passed checks alone may approve the
	 * case. */
	if (is_processing(simulation) &&
	    (simulation->outcome == OUTCOME_REJECTION || simulation->outcome == OUTCOME_CORRECTIONS))
		err = report_results(simulation, error);
	if (!err && simulation->file.session.status != SESSION_REJECTED)
		err = report_checks(simulation, error);
	/* The last check may have ended the processing. */
	if (!err)
		err = load_case(simulation, simulation->file.session.row, error);
	return err || !is_processing(simulation) ? err : report_results(simulation, error);
}

/* --- the reviewer's part --- */

static enum err accept_documents(struct simulation *simulation, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < simulation->file.document_count; i++) {
		const struct document *document = &simulation->file.documents[i];

		if (!document->replaced && document->upload == UPLOAD_READY && document->review == REVIEW_UNREVIEWED)
			err = submit_verdict(simulation, VERB_DOCUMENT_ACCEPT, document->id, NULL, error);
	}
	return err;
}

/* seed ralio-kyb-session, step 4: the compliance team declares the related parties. If the workflow lets clients
 * declare parties, the client must do so. */
static enum err declare_sandbox_owner(struct simulation *simulation, struct error *error)
{
	const struct party_rules *rules = &simulation->profile->parties;
	const struct party_input owner = { .name = "Sandbox Owner",
					   .kind = PARTY_INDIVIDUAL,
					   .roles = 1u << ROLE_UBO,
					   .control_role = "CEO",
					   .percent = "100",
					   .country = simulation->file.session.subject.country,
					   .date_of_birth = "1970-01-01" };
	enum err err;

	if (rules->client_declares_parties || simulation->file.party_count ||
	    !(rules->required || rules->control_role_required))
		return ERR_OK;
	err = do_verb(simulation, (struct use_in){ .verb = VERB_PARTY_ADD, .party = &owner }, error);
	return err ? err : load_case(simulation, simulation->file.session.row, error);
}

static enum err accept_parties(struct simulation *simulation, struct error *error)
{
	enum err err = declare_sandbox_owner(simulation, error);

	for (size_t i = 0; !err && i < simulation->file.party_count; i++) {
		const struct party *party = &simulation->file.parties[i];

		if (party->kind == PARTY_INDIVIDUAL && !*party->verified_elsewhere_by)
			err = submit_verdict(simulation, VERB_PARTY_VERIFY, party->id, SANDBOX_ACCEPT_REASON, error);
	}
	return err;
}

static enum err accept_corrections(struct simulation *simulation, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < simulation->file.correction_count; i++) {
		const struct correction *correction = &simulation->file.corrections[i];

		if (correction->state == CORRECTION_ANSWERED)
			err = submit_verdict(simulation, VERB_CORRECTION_ACCEPT, correction->id, NULL, error);
	}
	return err;
}

/* Dismisses all open duplicates, since integrators send the same example repeatedly. */
static enum err dismiss_duplicates(struct simulation *simulation, struct error *error)
{
	struct duplicates found = { 0 };
	enum err err = desk_begin_read(simulation->desk, error);

	if (err)
		return err;
	err = desk_visible_duplicates(simulation->desk, simulation->arena, simulation->file.session.row, &found, error);
	desk_end_read(simulation->desk);
	for (size_t i = 0; !err && i < found.count; i++) {
		if (duplicate_is_open(&found.items[i]))
			err = submit_verdict(simulation, VERB_DUPLICATE_DISMISS, found.items[i].id,
					     SANDBOX_DISMISS_REASON, error);
	}
	return err;
}

static enum err approve_case(struct simulation *simulation, struct error *error)
{
	enum err err = accept_documents(simulation, error);

	if (!err)
		err = accept_corrections(simulation, error);
	if (!err)
		err = accept_parties(simulation, error);
	if (!err)
		err = dismiss_duplicates(simulation, error);
	if (!err)
		err = simulate_results(simulation, error);
	if (!err && !is_processing(simulation) && simulation->file.session.status != SESSION_APPROVED)
		err = do_verb(simulation, (struct use_in){ .verb = VERB_APPROVE, .has_grace = true }, error);
	return err;
}

static enum err reject_case(struct simulation *simulation, struct error *error)
{
	enum err err = simulate_results(simulation, error);

	if (!err && !is_processing(simulation) && simulation->file.session.status != SESSION_REJECTED)
		err = do_verb(simulation,
			      (struct use_in){ .verb = VERB_REJECT,
					       .reason = "other",
					       .text = "Rejected by the sandbox, as the subject's name requests.",
					       .note = "The name of the subject selects this outcome.",
					       .has_grace = true },
			      error);
	return err;
}

/* Requests corrections only once: after the client's answer the simulation approves the case. */
static enum err request_sandbox_corrections(struct simulation *simulation, struct error *error)
{
	struct correction_request request = { .message = "Requested by the sandbox, as the subject's name requests." };
	const char *type = simulation->profile->document_count ? simulation->profile->documents[0].type : "";
	enum err err;

	if (simulation->file.correction_count || !simulation->profile->step_count)
		return approve_case(simulation, error);
	err = simulate_results(simulation, error);
	request.step_id = simulation->profile->steps[0].id;
	/* seed atelio-beneficial-owners: the requested corrections are documents. */
	if (simulation->profile->events[EVENT_DOCUMENT_REQUIRED] && simulation->profile->document_count) {
		request.step_id = simulation->profile->documents[0].step_id;
		request.document_types = &type;
		request.document_type_count = 1;
	}
	if (!err && !is_processing(simulation))
		err = do_verb(
			simulation,
			(struct use_in){
				.verb = VERB_CORRECTIONS, .requests = &request, .request_count = 1, .has_grace = true },
			error);
	return err;
}

static enum err simulate_case(struct simulation *simulation, struct error *error)
{
	struct use_in timed = { .verb = simulation->outcome == OUTCOME_REMINDER ? VERB_REMIND : VERB_EXPIRE,
				.capacity = CAPACITY_SYSTEM,
				.row = simulation->file.session.row };
	bool is_timed = simulation->outcome == OUTCOME_EXPIRY || simulation->outcome == OUTCOME_REMINDER;

	if (case_was_reopened(&simulation->file))
		return ERR_OK;
	if (simulation->file.session.status == SESSION_DRAFT || simulation->file.session.status == SESSION_ACTIVE)
		return is_timed ? do_verb(simulation, timed, error) : ERR_OK;
	if (simulation->outcome == OUTCOME_APPROVAL)
		return approve_case(simulation, error);
	if (simulation->outcome == OUTCOME_REJECTION)
		return reject_case(simulation, error);
	if (simulation->outcome == OUTCOME_CORRECTIONS)
		return request_sandbox_corrections(simulation, error);
	return outcomes[simulation->outcome].checks == CHECK_PASSED ? ERR_OK : simulate_results(simulation, error);
}

/* --- actors and times --- */

static enum err simulate_session(struct desk *desk, int64_t row, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct simulation simulation = { .desk = desk, .arena = &arena };
	struct simulated_case *before;
	struct error refusal = { 0 };
	int64_t version;
	enum err err = load_case(&simulation, row, &refusal);

	if (!desk->simulated_cases)
		desk->simulated_cases =
			arena_alloc_array(&desk->arena, SIMULATED_CASE_SLOTS, sizeof *desk->simulated_cases);
	before = &desk->simulated_cases[row % SIMULATED_CASE_SLOTS];
	version = simulation.file.session.version;
	if (!err && (before->row != row || before->version != version)) {
		simulation.outcome = outcome_for_name(simulation.file.session.subject.name);
		err = simulate_case(&simulation, &refusal);
		/* Skips the case until its version changes: without a change the same refusal would follow. */
		*before = (struct simulated_case){ row, version };
	}
	arena_release(&arena);
	/* A case that fails, for example because of unreadable rules, does not block the other cases. */
	return error_move_system_failure(err, &refusal, error);
}

enum err desk_sandbox_run_due(struct desk *desk, int64_t delay_ms, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct due_rows due = { .now = desk_now(desk) - delay_ms, .limit = BATCH };
	enum err err;

	if (!desk->store->sandbox || desk->store->readonly)
		return ERR_OK;
	err = store_due_session_list(desk->store, &arena, DUE_SIMULATION, &due, error);
	desk_set_caller(desk, &player);
	for (size_t i = 0; !err && i < due.rows.count; i++)
		err = simulate_session(desk, due.rows.items[i], error);
	desk_set_caller(desk, NULL);
	arena_release(&arena);
	return err;
}

enum err desk_sandbox_simulate(struct desk *desk, const char *session_id, struct error *error)
{
	const struct caller *before = desk->caller;
	struct caller own = player;
	struct arena arena = ARENA_INIT;
	struct simulation simulation = { .desk = desk, .arena = &arena };
	int64_t row = 0;
	enum err err;

	if (!desk->store->sandbox)
		return ERR_OK;
	err = store_session_by_uuid(desk->store, session_id, &row, error);
	if (!err && row)
		err = load_case(&simulation, row, error);
	if (!err && row) {
		own.trace = before ? before->trace : NULL;
		desk_set_caller(desk, &own);
		simulation.outcome = outcome_for_name(simulation.file.session.subject.name);
		err = simulate_results(&simulation, error);
		desk_set_caller(desk, before);
	}
	arena_release(&arena);
	return err;
}
