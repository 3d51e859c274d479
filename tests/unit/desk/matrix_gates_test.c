/*
 * The requirements of each verb besides the role: no colleague holds the case, its version is unchanged, it is not
 * decided, a reason is needed. The rows of support/verb_rows.h repeat these requirements, from the rules of the domain
 * and of trust, so a requirement that is lost in the table of verbs or in the code fails here.
 */
#include "matrix_cases.h"
#include "support/process.h"
#include "support/store_sum.h"

#include <stdio.h>

static struct fixture f;
static struct store_sum sum;

static void set_up(void)
{
	fixture_open(&f);
	store_sum_open(&sum, f.path);
}

static void tear_down(void)
{
	store_sum_close(&sum);
	matrix_cases_release();
	fixture_close(&f);
}
TestSuite(matrix_gates, .init = set_up, .fini = tear_down);

static bool has_gate(unsigned verb, char gate)
{
	return strchr(verb_rows[verb].gates, gate) != NULL;
}

/* Whether the verb is one of staff on a case. The lead lea tries these verbs: she has every permission. */
static bool is_on_a_case(unsigned verb)
{
	return use_cases[verb].capacities & BY_STAFF && verb_rows[verb].gates;
}

static struct cell cell;
static unsigned number;

static void bring(unsigned verb, enum capacity as, struct desk *by)
{
	cell = (struct cell){ .f = &f,
			      .by = by,
			      .number = ++number,
			      .ref = arena_printf(&f.arena, "G%u", number),
			      .in = { .verb = (enum verb)verb, .capacity = as } };
	cell.in.session = cell.ref;
	matrix_arrange(&cell);
}

static enum err try(struct desk *desk)
{
	struct use_out out;

	return desk_do(desk, &f.arena, &cell.in, &out, &f.error);
}

static void refused(struct desk *desk, enum err expected, const char *when)
{
	const char *word = use_cases[cell.in.verb].audit_action;
	uint64_t before = store_sum(&sum);
	enum err err = try(desk);

	cr_expect_eq(err, expected, "%s %s: %s: %s", word, when, err ? error_code_name(err) : "done",
		     err ? f.error.message : "");
	cr_expect_eq(store_sum(&sum), before, "%s %s was refused and changed the store", word, when);
}

static void done(struct desk *desk, const char *when)
{
	enum err err = try(desk);

	cr_expect(!err, "%s %s: %s", use_cases[cell.in.verb].audit_action, when, err ? f.error.message : "");
}

static void role_of_ines(enum role role)
{
	struct use_out out;

	must(desk_do(f.ada, &f.arena,
		     &(const struct use_in){ .verb = VERB_REVIEWER_ROLE, .part = "ines", .role = role }, &out,
		     &f.error));
}

/* The role at the time of the verb counts: ines opens the desk as an admin and uses it first as a viewer. */
static void role_of_this_moment(void)
{
	role_of_ines(ROLE_ADMIN);
	struct desk *desk = fixture_desk(&f, "ines", false);
	role_of_ines(ROLE_VIEWER);
	refused(desk, ERR_FORBIDDEN, "by somebody who is a viewer by now");
	desk_close(desk);
}

static void other_version(void)
{
	cell.in.seen_version = 999;
	refused(f.lea, ERR_CONFLICT, "of another version");
	cell.in.seen_version = 0;
}

static void give_to_bo(void)
{
	must(desk_do(f.lea, &f.arena, &(const struct use_in){ .verb = VERB_ASSIGN, .session = cell.ref, .part = "bo" },
		     &(struct use_out){ 0 }, &f.error));
}

static void held_by_a_colleague(void)
{
	give_to_bo();
	refused(f.lea, ERR_CONFLICT, "while bo holds it");
	must(desk_do(f.bo, &f.arena, &(const struct use_in){ .verb = VERB_RELEASE, .session = cell.ref },
		     &(struct use_out){ 0 }, &f.error));
}

static void without_a_reason(void)
{
	static const char *const none[] = { NULL, "", "too short", "         a          " };
	const char *reason = cell.in.reason;

	if (has_gate(cell.in.verb, 'R'))
		sql_run(&f, arena_printf(&f.arena, "UPDATE session SET submitted_at = 1 WHERE external_ref = '%s'",
					 cell.ref));
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		cell.in.reason = none[i];
		refused(f.lea, ERR_INVALID, "without a reason");
	}
	cell.in.reason = reason;
}

static void decided(void)
{
	static const char *const statuses[] = { "approved", "rejected" };

	for (size_t i = has_gate(cell.in.verb, 'x'); i < 2; i++) {
		sql_run(&f, arena_printf(&f.arena, "UPDATE session SET status = '%s' WHERE external_ref = '%s'",
					 statuses[i], cell.ref));
		refused(f.lea, ERR_BLOCKED, statuses[i]);
	}
}

/* A condition that is not in the verb's gates does not stop the verb. */
static void done_in_spite(unsigned verb)
{
	bring(verb, CAPACITY_STAFF, f.lea);
	if (!has_gate(verb, 'h'))
		give_to_bo();
	if (!has_gate(verb, 'v'))
		cell.in.seen_version = 999;
	done(f.lea, "of another version, or while bo holds it");
}

/* All refusals of a verb use the same case, because a refusal does not change the case. */
Test(matrix_gates, each_condition_of_a_verb_of_staff_refuses_and_no_other)
{
	must(desk_reviewer_add(f.ada, "ines", ROLE_VIEWER, false, &f.error));
	EACH_ROW(verb)
	{
		if (!(use_cases[verb].capacities & BY_STAFF))
			continue;
		bring(verb, CAPACITY_STAFF, f.lea);
		role_of_this_moment();
		if (!is_on_a_case(verb))
			continue;
		if (has_gate(verb, 'v'))
			other_version();
		if (has_gate(verb, 'h'))
			held_by_a_colleague();
		if (has_gate(verb, 'r') || has_gate(verb, 'R'))
			without_a_reason();
		if (has_gate(verb, 'd') || has_gate(verb, 'x'))
			decided();
		if (!has_gate(verb, 'h') || !has_gate(verb, 'v'))
			done_in_spite(verb);
	}
}

/* Merchant and intake cannot extend a decided case, either. */
Test(matrix_gates, what_is_decided_gets_no_more_time)
{
	static const char *const statuses[] = { "approved", "rejected" };
	static const enum capacity capacities[] = { CAPACITY_MERCHANT, CAPACITY_INTAKE };

	for (size_t i = 0; i < 4; i++) {
		bring(VERB_EXTEND, capacities[i / 2], f.rita);
		sql_run(&f, arena_printf(&f.arena, "UPDATE session SET status = '%s' WHERE external_ref = '%s'",
					 statuses[i % 2], cell.ref));
		refused(f.rita, ERR_BLOCKED, statuses[i % 2]);
	}
}

/* A verb of staff has gates in verb_rows exactly if it acts on a case, so that the test above omits no such verb. */
Test(matrix_gates, every_verb_on_a_case_says_what_it_asks)
{
	for (unsigned verb = 0; verb < VERB_COUNT; verb++) {
		const struct use_case *use = &use_cases[verb];
		bool on_a_case = use->needs & (NEED_CASE | NEED_DECISION | NEED_TRANSITION);

		if (use->capacities & BY_STAFF)
			cr_expect_eq(on_a_case, verb_rows[verb].gates != NULL, "%s", use->audit_action);
	}
}

/* --- the actor, at the time of the verb --- */

/* The session does not exist: the actor must be refused before the session is looked up. */
static void without_a_case(unsigned verb, enum capacity as)
{
	cell = (struct cell){ .f = &f, .in = { .verb = (enum verb)verb, .capacity = as, .session = "none" } };
}

Test(matrix_gates, what_is_nobodys_of_the_staff_is_told_as_that)
{
	EACH_ROW(verb)
	{
		if (*verb_rows[verb].least)
			continue;
		without_a_case(verb, CAPACITY_STAFF);
		refused(f.ada, ERR_FORBIDDEN, "by staff");
		expect_says("Staff cannot");
	}
}

/* In production, staff cannot act as a client, a merchant or the simulator, but may submit as intake. */
Test(matrix_gates, in_production_nobody_stands_in_for_another)
{
	static const enum capacity outside[] = { CAPACITY_CLIENT, CAPACITY_MERCHANT, CAPACITY_SIMULATOR };
	struct desk *real;
	char name[256];

	must(world_user_name(name, sizeof name, &f.error));
	must(desk_reviewer_add(f.ada, name, ROLE_ADMIN, false, &f.error));
	sql_run(&f, "UPDATE store_info SET value = '0' WHERE key = 'sandbox'");
	real = fixture_desk(&f, NULL, false);
	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
		EACH_ROW(verb)
		{
			if (!(use_cases[verb].capacities & (1u << outside[i])))
				continue;
			without_a_case(verb, outside[i]);
			refused(real, ERR_FORBIDDEN, "in production, in another's place");
			cr_expect(strstr(f.error.message, "submit as intake"), "%s", f.error.message);
		}
	}
	desk_close(real);
}

/* Returns the number of events that a verb adds to the outbox. As intake it must be 0, so that nobody is notified. */
static int64_t told(const char *session, enum verb verb, enum capacity as)
{
	static const char events[] = "SELECT count(*) FROM outbox_event";
	int64_t before = sql_int(&f, events);

	cell.in = (struct use_in){ .verb = verb, .session = session, .capacity = as };
	done(f.rita, capacity_text(as));
	return sql_int(&f, events) - before;
}

Test(matrix_gates, what_intake_brings_is_told_to_nobody)
{
	static const enum verb moves[] = { VERB_START, VERB_COMPLETE, VERB_SUBMIT };

	/* The workflow of these cases reports every change of status. */
	fixture_kyc(&f, "KYC-1", "draft", NULL);
	fixture_kyc(&f, "KYC-2", "draft", NULL);
	fixture_endpoint(&f);
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
		cr_expect_eq(told("KYC-1", moves[i], CAPACITY_INTAKE), 0, "%s", use_cases[moves[i]].audit_action);
		cr_expect_gt(told("KYC-2", moves[i], CAPACITY_CLIENT), 0, "%s", use_cases[moves[i]].audit_action);
	}
}

/* --- the grace time --- */

static void grace_of(unsigned verb, int64_t seconds)
{
	bring(verb, CAPACITY_STAFF, f.lea);
	cell.in.has_grace = true;
	cell.in.grace_s = seconds;
}

Test(matrix_gates, a_decision_is_held_an_hour_at_most)
{
	EACH_ROW(verb)
	{
		if (!(use_cases[verb].needs & NEED_DECISION))
			continue;
		grace_of(verb, GRACE_MAX_S + 1);
		refused(f.lea, ERR_INVALID, "held for more than an hour");
		grace_of(verb, -1);
		refused(f.lea, ERR_INVALID, "held for less than nothing");
		grace_of(verb, GRACE_MAX_S);
		done(f.lea, "held for an hour");
	}
}

Test(matrix_gates, a_decision_is_taken_back_while_it_is_held_by_who_took_it)
{
	bring(VERB_UNDO, CAPACITY_STAFF, f.lea);
	refused(f.rita, ERR_BLOCKED, "of somebody else");
	forward(&f, (int64_t)GRACE_MAX_S * SECOND_MS);
	refused(f.lea, ERR_BLOCKED, "when its time is over");
	bring(VERB_UNDO, CAPACITY_STAFF, f.lea);
	forward(&f, -2 * (int64_t)GRACE_MAX_S * SECOND_MS);
	refused(f.lea, ERR_BLOCKED, "when the clock was set back");
}

/* --- requirements that a verb's function adds to the verb's row --- */

/* PROCESS only evaluates a case that is already in processing, without a transition. A colleague's claim stops it. */
Test(matrix_gates, what_is_processed_is_looked_at_again_while_no_colleague_holds_it)
{
	bring(VERB_PROCESS_DUE, CAPACITY_SYSTEM, f.lea);
	sql_run(&f, "UPDATE session SET assignee_id = (SELECT id FROM reviewer WHERE name = 'bo'), claimed_at = 1");
	cell.in = (struct use_in){ .verb = VERB_PROCESS, .session = cell.ref };
	refused(f.lea, ERR_CONFLICT, "again, while bo holds it");
}

Test(matrix_gates, what_was_decided_is_asked_again_by_a_lead)
{
	static const struct correction_request request = { .step_id = "company_info", .message = "Say it again." };

	bring(VERB_REOPEN, CAPACITY_STAFF, f.lea);
	cell.in = (struct use_in){
		.verb = VERB_CORRECTIONS, .session = cell.ref, .requests = &request, .request_count = 1
	};
	refused(f.rita, ERR_FORBIDDEN, "of an approved case, by a reviewer");
	done(f.lea, "of an approved case, by a lead");
}

Test(matrix_gates, a_case_is_released_by_its_holder_or_a_lead)
{
	bring(VERB_RELEASE, CAPACITY_STAFF, f.bo);
	refused(f.rita, ERR_FORBIDDEN, "while bo holds it");
	done(f.bo, "by its holder");
	bring(VERB_RELEASE, CAPACITY_STAFF, f.bo);
	done(f.lea, "by a lead");
}

Test(matrix_gates, a_case_is_given_to_who_may_work_on_it)
{
	bring(VERB_ASSIGN, CAPACITY_STAFF, f.lea);
	cell.in.part = "vic";
	refused(f.lea, ERR_INVALID, "to a viewer");
	must(desk_reviewer_add(f.ada, "iris", ROLE_INTAKE, false, &f.error));
	cell.in.part = "iris";
	refused(f.lea, ERR_INVALID, "to somebody of the intake");
	cell.in.part = "rita";
	done(f.lea, "to a reviewer");
}

Test(matrix_gates, personal_data_is_revealed_to_who_holds_the_case_or_a_lead)
{
	static const enum verb verbs[] = { VERB_REVEAL, VERB_SUBJECT_REVEAL };

	for (size_t i = 0; i < 2; i++) {
		bring(verbs[i], CAPACITY_STAFF, f.bo);
		refused(f.rita, ERR_FORBIDDEN, "while bo holds it");
		done(f.bo, "by its holder");
		done(f.lea, "by a lead");
	}
}

Test(matrix_gates, documents_are_read_while_no_colleague_works_on_the_case_or_by_a_lead)
{
	static const enum verb verbs[] = { VERB_DOCUMENT_OPEN, VERB_DOCUMENT_SAVE };
	struct use_out out;

	for (size_t i = 0; i < 2; i++) {
		bring(verbs[i], CAPACITY_STAFF, f.rita);
		must(desk_do(f.bo, &f.arena, &(const struct use_in){ .verb = VERB_CLAIM, .session = cell.ref }, &out,
			     &f.error));
		refused(f.rita, ERR_CONFLICT, "while bo holds it");
		done(f.bo, "by its holder");
		done(f.lea, "by a lead");
	}
}

#define LONG "said in more than ten characters"

Test(matrix_gates, who_somebody_is_stays_once_it_was_verified)
{
	static const struct subject_input edit = { .name = "Harbour Lane Ltd" };

	bring(VERB_REOPEN, CAPACITY_STAFF, f.lea);
	cell.in = (struct use_in){ .verb = VERB_SUBJECT_EDIT,
				   .part = arena_printf(&f.arena, "biz-%s", cell.ref),
				   .subject = &edit,
				   .reason = LONG };
	refused(f.rita, ERR_BLOCKED, "by a reviewer, once it was approved");
	cell.in.reason = "";
	refused(f.lea, ERR_INVALID, "by a lead without a reason");
	cell.in.reason = LONG;
	done(f.lea, "by a lead");
}

Test(matrix_gates, what_a_lead_judged_is_confirmed_by_a_lead)
{
	const char *ref;

	bring(VERB_HIT_ACCEPT, CAPACITY_STAFF, f.lea);
	done(f.lea, "by a lead");
	sql_run(&f, arena_printf(&f.arena,
				 "UPDATE party SET country = 'ESP' WHERE session_id = (SELECT id FROM session WHERE "
				 "external_ref = '%s')",
				 cell.ref));
	ref = arena_printf(&f.arena, "hit_accepted:%s", cell.in.part);
	cell.in = (struct use_in){ .verb = VERB_CONFIRM, .session = cell.ref, .refs = &ref, .ref_count = 1 };
	refused(f.rita, ERR_FORBIDDEN, "by a reviewer");
	done(f.lea, "by a lead");
}
