/* Two people must approve if the workflow or a supervised reviewer requires it: the first approval does not change the
 * status, and counts while the case stays the same. */
#include "fixture.h"
#include "kybdesk/desk/read.h"
#include "kybdesk/desk/rules.h"
#include "support/process.h"

#include <sys/wait.h>
#include <unistd.h>

FIXTURE(four_eyes);

#define RISKY ", \"risk_score\": 80"

/* Installs the workflow with a version and further members of "review". */
static void install(const char *workflow, int version, const char *review)
{
	fixture_install(&f, workflow, version, "\"manual\": true",
			arena_printf(&f.arena, "\"manual\": true%s", review));
}

/* A case of high risk that needs two people. */
static void risky(void)
{
	install("ralio-kyb", 2, ", \"four_eyes_from_risk\": 70");
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .more = RISKY });
}

static struct desk *supervised(const char *name)
{
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = name, .role = ROLE_REVIEWER, .supervised = true));
	return fixture_desk(&f, name, false);
}

static enum approval_stage approved(struct desk *desk)
{
	must(USE(desk, APPROVE, "RAL-1"));
	return f.out.approval_stage;
}

static void refused_second(struct desk *desk, const char *sentence)
{
	expect_blocked(USE(desk, APPROVE, "RAL-1"), "second_reviewer");
	expect_says(sentence);
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
}

/* Why the first approval no longer counts; "": it counts; "none": nobody approved. */
static const char *changed(void)
{
	struct case_view view = fixture_case(&f, "RAL-1");

	return view.first_approval ? view.first_approval->invalid_reason : "none";
}

static void agrees_with_the_log(void)
{
	struct case_view view = fixture_case(&f, "RAL-1");

	for (size_t i = 0; i < view.audit_difference_count; i++)
		cr_expect_fail("%s", view.audit_differences[i]);
}

static enum err edit_party(struct desk *desk, const char *control_role)
{
	struct case_view view = fixture_case(&f, "RAL-1");
	const struct party_input input = { .control_role = control_role };

	return USE(desk, PARTY_EDIT, "RAL-1", .part = view.file.parties[0].id, .party = &input);
}

static const char *next_of(struct desk *desk)
{
	struct list_query query = { .sort = SORT_DUE, .after = "" };

	return USE(desk, NEXT, NULL, .query = &query) ? "" : f.out.id;
}

Test(four_eyes, the_first_approval_changes_and_sends_nothing)
{
	risky();
	fixture_endpoint(&f);
	must(USE(f.rita, CLAIM, "RAL-1"));
	must(USE(f.rita, APPROVE, "RAL-1"));
	cr_expect_eq(f.out.approval_stage, APPROVAL_FIRST);
	cr_expect_eq(f.out.from, f.out.to);
	cr_expect_eq(f.out.undo_until, TIME_NONE);
	expect_text(f.out.audit_action, "session.approve_first");
	expect_text(sql_text(&f,
			     "SELECT status || ',' || final_decision || ',' || decided_by || ',' || decided_here || "
			     "',' || waiting || ',' || blocker || ',' || coalesce(assignee_id, 0) FROM session "
			     "WHERE external_ref = 'RAL-1'"),
		    "manual_review,,,0,8,second_reviewer,0");
	expect_sql("SELECT level FROM subject WHERE uid = 'biz-RAL-1'", "LIGHT");
	expect_rows(0, "outbox_event");
	expect_sql("SELECT kind || ',' || first_approval || ',' || undone || ',' || decided_by || ',' || "
		   "coalesce(held_until, 0) || ',' || length(evidence_sha256) FROM decision "
		   "WHERE imported = 0",
		   "approve,1,0,rita,0,64");
	expect_rows(1, "audit_event WHERE action = 'session.approve_first'");
	expect_rows(0, "audit_event WHERE action = 'session.approve'");
	expect_text(changed(), "");
	agrees_with_the_log();
}

Test(four_eyes, the_second_of_another_person_makes_it_whole_and_names_both)
{
	const char *detail, *evidence, *first;

	risky();
	cr_expect_eq(approved(f.rita), APPROVAL_FIRST);
	forward(&f, MINUTE_MS);
	must(USE(f.bo, APPROVE, "RAL-1"));
	cr_expect_eq(f.out.approval_stage, APPROVAL_SECOND);
	expect_text(f.out.first_approver, "rita");
	cr_expect_eq(f.out.first_approval_at, NOON);
	expect_text(f.out.level_to, "REGULAR");
	cr_expect_eq(f.out.undo_until, NOON + MINUTE_MS + GRACE_DEFAULT_S * SECOND_MS);
	expect_text(fixture_status(&f, "RAL-1"), "approved");
	detail = sql_text(&f, "SELECT detail FROM audit_event WHERE action = 'session.approve'");
	cr_expect(strstr(detail, "\"first_by\":\"rita\""), "%s", detail);
	evidence = sql_text(&f, "SELECT evidence FROM decision WHERE decided_by = 'bo'");
	first = sql_text(&f, "SELECT evidence_sha256 FROM decision WHERE decided_by = 'rita'");
	cr_expect(strstr(evidence, "\"first_approval\":{") && strstr(evidence, "\"by\":\"rita\"") &&
			  strstr(evidence, first),
		  "%s", evidence);
	expect_rows(1, "outbox_event");
	agrees_with_the_log();
}

Test(four_eyes, the_same_person_is_refused_and_the_first_is_named)
{
	struct decision_preview preview;
	const struct use_in in = { .verb = VERB_APPROVE, .session = "RAL-1" };

	risky();
	(void)approved(f.rita);
	refused_second(f.rita, "first approval by rita, 2026-11-20 12:00 UTC");
	refused_second(f.rita, "a second person must approve");
	must(desk_preview(f.rita, &f.arena, &in, &preview, &f.error));
	cr_expect_eq(preview.blockers.count, 1);
	must(desk_preview(f.bo, &f.arena, &in, &preview, &f.error));
	cr_expect_eq(preview.blockers.count, 0);
	cr_expect_eq(preview.approval_stage, APPROVAL_SECOND);
	expect_text(preview.first_approval->by, "rita");
	expect_text(preview.level_to, "REGULAR");
	expect_rows(1, "decision WHERE imported = 0");
}

Test(four_eyes, below_the_risk_one_person_is_enough)
{
	install("ralio-kyb", 2, ", \"four_eyes_from_risk\": 70");
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .more = ", \"risk_score\": 69" });
	cr_expect_eq(approved(f.rita), APPROVAL_SINGLE);
	expect_text(fixture_status(&f, "RAL-1"), "approved");
}

Test(four_eyes, a_case_without_a_score_counts_as_a_high_risk)
{
	install("ralio-kyb", 2, ", \"four_eyes_from_risk\": 70");
	fixture_ready(&f, "RAL-1");
	cr_expect_eq(approved(f.rita), APPROVAL_FIRST);
}

Test(four_eyes, the_queue_is_of_others_only)
{
	struct list_query query = { .sort = SORT_DUE, .limit = 10, .after = "" };
	struct list_page page;
	struct desk *sam = supervised("sam");
	const char *id;

	risky();
	id = arena_strdup(&f.arena, fixture_case(&f, "RAL-1").file.session.id);
	(void)approved(f.rita);
	must(filter_parse(&f.arena, "waiting:second", &query.filter, &f.error));
	must(desk_list(f.bo, &f.arena, &query, &page, &f.error));
	cr_expect_eq(page.count, 1);
	expect_text(next_of(f.rita), "");
	expect_text(next_of(sam), "");
	expect_text(next_of(f.bo), id);
	(void)approved(f.bo);
	must(desk_list(f.bo, &f.arena, &query, &page, &f.error));
	cr_expect_eq(page.count, 0);
	desk_close(sam);
}

Test(four_eyes, a_supervised_reviewer_gives_the_first_and_never_the_second)
{
	struct desk *sam = supervised("sam"), *sue = supervised("sue");

	fixture_ready(&f, "RAL-1");
	cr_expect_eq(approved(sam), APPROVAL_FIRST);
	refused_second(sam, "a second person must approve");
	refused_second(sue, "sue is supervised");
	expect_blocked(USE(sam, REJECT, "RAL-1", .reason = "other"), "second_reviewer");
	cr_expect_eq(approved(f.bo), APPROVAL_SECOND);
	expect_text(fixture_status(&f, "RAL-1"), "approved");
	desk_close(sam);
	desk_close(sue);
}

/* If the supervised reviewer's first approval no longer counts, one other person is enough. */
Test(four_eyes, the_changed_first_of_a_supervised_reviewer_leaves_one_person_to_approve)
{
	struct desk *sam = supervised("sam");

	fixture_ready(&f, "RAL-1");
	cr_expect_eq(approved(sam), APPROVAL_FIRST);
	must(edit_party(f.bo, "CFO"));
	must(confirm_all(&f, f.bo, "RAL-1"));
	cr_expect_eq(approved(f.bo), APPROVAL_SINGLE);
	desk_close(sam);
}

Test(four_eyes, any_material_change_ends_the_first)
{
	const char *sentence = "";
	struct case_view view;

	risky();
	(void)approved(f.rita);
	must(edit_party(f.lea, "CFO"));
	must(confirm_all(&f, f.lea, "RAL-1"));
	cr_expect(strstr(changed(), "parties.control_role"), "%s", changed());
	cr_expect_eq(sql_int(&f, "SELECT waiting FROM session WHERE external_ref = 'RAL-1'"), 0);
	must(desk_case(f.bo, &f.arena, "RAL-1", false, &view, &f.error));
	for (size_t i = 0; i < view.checklist_count; i++)
		if (view.checklist[i].code == BLOCKER_SECOND_REVIEWER)
			sentence = view.checklist[i].message;
	cr_expect(strstr(sentence, "first approval by rita, 2026-11-20 12:00 UTC, no longer counts: changed since: "
				   "parties.control_role"),
		  "%s", sentence);
	cr_expect_eq(approved(f.bo), APPROVAL_FIRST);
	refused_second(f.bo, "first approval by bo");
	cr_expect_eq(approved(f.rita), APPROVAL_SECOND);
	agrees_with_the_log();
}

/* A first approval counts again after a reversed change: the second person sees the same facts as the first. */
Test(four_eyes, after_a_change_and_back_it_counts_again)
{
	risky();
	(void)approved(f.rita);
	must(edit_party(f.lea, "CFO"));
	cr_expect_neq(*changed(), '\0');
	must(edit_party(f.lea, "CEO"));
	expect_text(changed(), "");
	refused_second(f.rita, "first approval by rita");
}

Test(four_eyes, a_lower_risk_between_both_frees_nobody)
{
	risky();
	(void)approved(f.rita);
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .more = ", \"risk_score\": 10" });
	expect_text(changed(), "changed since: risk_score from 80 to 10");
	cr_expect_eq(approved(f.rita), APPROVAL_FIRST);
	cr_expect_eq(approved(f.bo), APPROVAL_SECOND);
}

/* A case keeps the version of its workflow that it began with. */
Test(four_eyes, other_rules_between_both_free_nobody)
{
	risky();
	(void)approved(f.rita);
	install("ralio-kyb", 3, "");
	expect_text(changed(), "");
	refused_second(f.rita, "first approval by rita");
	cr_expect_eq(approved(f.bo), APPROVAL_SECOND);
}

Test(four_eyes, other_reasons_between_both_end_the_first)
{
	const char *path = fixture_changed(&f, "reasons/session.json", "\n", " \n", "session.json");

	risky();
	(void)approved(f.rita);
	must(USE(f.ada, REASONS_INSTALL, NULL, .part = path, .type = ""));
	cr_expect(strstr(changed(), "changed since: reasons."), "%s", changed());
	cr_expect_eq(approved(f.rita), APPROVAL_FIRST);
	cr_expect_eq(approved(f.bo), APPROVAL_SECOND);
}

Test(four_eyes, its_author_can_undo_it_until_the_second_whoever_holds_the_case)
{
	risky();
	(void)approved(f.rita);
	forward(&f, 60 * MINUTE_MS);
	expect_error(USE(f.bo, UNDO, "RAL-1"), ERR_BLOCKED, "only rita can undo it");
	must(USE(f.bo, CLAIM, "RAL-1"));
	must(USE(f.rita, UNDO, "RAL-1"));
	expect_text(changed(), "none");
	cr_expect_eq(sql_int(&f, "SELECT waiting FROM session WHERE external_ref = 'RAL-1'"), 0);
	expect_text(sql_text(&f,
			     "SELECT coalesce(group_concat(kind || first_approval || undone), '') FROM (SELECT kind, "
			     "first_approval, undone FROM decision WHERE imported = 0 ORDER BY number) AS d"),
		    "approve11,undo00");
	agrees_with_the_log();
	cr_expect_eq(approved(f.bo), APPROVAL_FIRST);
	cr_expect_eq(approved(f.rita), APPROVAL_SECOND);
	agrees_with_the_log();
}

Test(four_eyes, an_undone_second_asks_for_both_again)
{
	risky();
	(void)approved(f.rita);
	(void)approved(f.bo);
	must(USE(f.bo, UNDO, "RAL-1"));
	expect_text(changed(), "none");
	cr_expect_eq(approved(f.bo), APPROVAL_FIRST);
	must(USE(f.bo, UNDO, "RAL-1"));
	cr_expect_eq(approved(f.rita), APPROVAL_FIRST);
	agrees_with_the_log();
}

Test(four_eyes, a_reopened_case_asks_for_both_again)
{
	risky();
	(void)approved(f.rita);
	must(approve_at_once(&f, f.bo, "RAL-1"));
	must(USE(f.lea, REOPEN, "RAL-1", .reason = "The register shows another owner.", .has_grace = true,
		 .grace_s = 0));
	expect_text(changed(), "none");
	cr_expect_eq(approved(f.rita), APPROVAL_FIRST);
	cr_expect_eq(approved(f.bo), APPROVAL_SECOND);
	agrees_with_the_log();
}

Test(four_eyes, a_request_for_corrections_ends_the_first_even_if_undone)
{
	risky();
	(void)approved(f.rita);
	must(ask(&f, f.bo, "RAL-1", "company_info", "BUSINESS_NUMBER", NULL));
	must(USE(f.bo, UNDO, "RAL-1"));
	expect_text(changed(), "none");
	must(USE(f.bo, RELEASE, "RAL-1"));
	cr_expect_eq(approved(f.bo), APPROVAL_FIRST);
}

Test(four_eyes, a_rejection_ends_the_first)
{
	risky();
	(void)approved(f.rita);
	must(USE(f.bo, REJECT, "RAL-1", .reason = "other"));
	expect_text(fixture_status(&f, "RAL-1"), "rejected");
	expect_text(changed(), "none");
	agrees_with_the_log();
}

Test(four_eyes, another_document_ends_the_first)
{
	static const char bytes[] = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n";

	risky();
	(void)approved(f.rita);
	must(USE(f.lea, DOCUMENT_REJECT, "RAL-1", .part = "PROOF_OF_ADDRESS", .reason = "blurry"));
	must(USE(f.lea, DOCUMENT_ADD, "RAL-1", .type = "PROOF_OF_ADDRESS", .side = "", .file_name = "other.pdf",
		 .bytes = bytes, .length = sizeof bytes - 1));
	must(USE(f.lea, DOCUMENT_ACCEPT, "RAL-1", .part = f.out.part_id));
	cr_expect(strstr(changed(), "changed since: documents"), "%s", changed());
	cr_expect_eq(approved(f.bo), APPROVAL_FIRST);
}

/* Reports a hit as the simulated provider. */
static void report_hit(void)
{
	struct hit hit;
	struct check check;

	hit_init(&hit);
	hit.name = "Harbor Lane Trading";
	hit.list = "OFAC SDN";
	check_init(&check);
	check.kind = CHECK_WATCHLIST;
	check.status = CHECK_HIT;
	check.hits = &hit;
	check.hit_count = 1;
	must(USE(f.ada, CHECK_REPORT, "RAL-1", .capacity = CAPACITY_SIMULATOR, .result = &check));
}

Test(four_eyes, a_hit_after_the_first_ends_it)
{
	risky();
	(void)approved(f.rita);
	report_hit();
	cr_expect(strstr(changed(), "changed since: checks"), "%s", changed());
	expect_blocked(USE(f.bo, APPROVE, "RAL-1"), "hit_open");
}

/* A hit within the grace time withdraws both approvals, and no webhook is sent. */
Test(four_eyes, a_hit_within_the_grace_time_of_the_second_takes_both_back)
{
	risky();
	fixture_endpoint(&f);
	(void)approved(f.rita);
	(void)approved(f.bo);
	forward(&f, SECOND_MS);
	report_hit();
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
	expect_text(changed(), "none");
	expect_sql("SELECT level FROM subject WHERE uid = 'biz-RAL-1'", "LIGHT");
	expect_rows(0, "delivery WHERE state = 'pending'");
}

Test(four_eyes, a_disabled_author_ends_the_first)
{
	risky();
	(void)approved(f.rita);
	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "rita"));
	expect_text(changed(), "rita was disabled since");
	cr_expect_eq(approved(f.bo), APPROVAL_FIRST);
	f.written = true; /* lists show the change after the next recount */
}

Test(four_eyes, an_author_who_may_no_longer_approve_ends_the_first)
{
	risky();
	(void)approved(f.rita);
	must(USE(f.ada, REVIEWER_ROLE, NULL, .part = "rita", .role = ROLE_VIEWER));
	cr_expect(strstr(changed(), "rita can no longer approve"), "%s", changed());
	cr_expect_eq(approved(f.bo), APPROVAL_FIRST);
	f.written = true;
}

Test(four_eyes, a_row_that_the_log_does_not_know_does_not_count)
{
	risky();
	(void)approved(f.rita);
	sql_run(&f, "UPDATE decision SET decided_by = 'lea', number = number + 1 WHERE first_approval = 1");
	cr_expect(strstr(changed(), "it differs from the audit log"), "%s", changed());
	cr_expect_eq(approved(f.rita), APPROVAL_FIRST);
}

Test(four_eyes, a_first_that_is_made_whole_in_the_store_differs_from_the_log)
{
	struct case_view view;

	risky();
	(void)approved(f.rita);
	sql_run(&f, "UPDATE decision SET first_approval = 0 WHERE decided_by = 'rita'");
	view = fixture_case(&f, "RAL-1");
	cr_assert_eq(view.audit_difference_count, 1);
	cr_expect(strstr(view.audit_differences[0], "the decision is the first of two approvals"), "%s",
		  view.audit_differences[0]);
}

Test(four_eyes, the_machine_is_neither_of_both)
{
	install("generic-kyc", 9, ", \"four_eyes_from_risk\": 70");
	fixture_kyc(&f, "KYC-1", "completed", RISKY ", \"processing_results\": {\"final_decision\": \"approved\"}");
	must(USE(f.rita, PROCESS, "KYC-1"));
	expect_text(fixture_status(&f, "KYC-1"), "manual_review");
	fixture_kyc(&f, "KYC-2", "completed",
		    ", \"risk_score\": 10, \"processing_results\": {\"final_decision\": \"approved\"}");
	must(USE(f.rita, PROCESS, "KYC-2"));
	expect_text(fixture_status(&f, "KYC-2"), "approved");
}

Test(four_eyes, an_imported_first_counts_for_nothing)
{
	const char *first = ", \"decisions\": [{\"decision\": \"approve\", \"by\": \"lea\", \"at\": "
			    "\"2026-11-20T11:00:00Z\", \"first_approval\": true}]";

	install("ralio-kyb", 2, ", \"four_eyes_from_risk\": 70");
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .more = arena_printf(&f.arena, RISKY "%s", first) });
	cr_expect_eq(sql_int(&f, "SELECT first_approval FROM decision"), 1);
	expect_text(changed(), "none");
	cr_expect_eq(approved(f.rita), APPROVAL_FIRST);
}

static struct history history_entry_at(int64_t at)
{
	const struct history_moment moment = { 0, at };
	struct history history;

	must(desk_case_at_moment(f.vic, &f.arena, "RAL-1", &moment, &history, &f.error));
	return history;
}

Test(four_eyes, the_case_as_it_was_before_and_after_it)
{
	struct history history;

	risky();
	forward(&f, MINUTE_MS);
	(void)approved(f.rita);
	forward(&f, MINUTE_MS);
	must(USE(f.rita, UNDO, "RAL-1"));
	history = history_entry_at(NOON + MINUTE_MS / 2);
	cr_expect_eq(history.file.decision_count, 0);
	history = history_entry_at(NOON + MINUTE_MS + SECOND_MS);
	cr_assert_eq(history.file.decision_count, 1);
	cr_expect(history.file.decisions[0].is_first_decision && !history.file.decisions[0].undone);
	cr_expect_eq(history.file.session.status, SESSION_MANUAL_REVIEW);
	expect_text(history.file.session.decided_by, "");
	expect_text(history.holder, "");
	history = history_entry_at(NOON + 3 * MINUTE_MS);
	cr_expect_eq(history.file.decision_count, 2);
}

static int approve_in_child(int gate, const char *actor)
{
	struct desk *desk = fixture_desk(&f, actor, false);
	char byte;
	enum err err;

	while (read(gate, &byte, 1) > 0)
		continue;
	err = USE(desk, APPROVE, "RAL-1");
	return err ? error_exit_status(err) : 100 + (int)f.out.approval_stage;
}

/* The later process gives the second approval, or is refused because the case changed: never two first approvals. */
Test(four_eyes, two_at_once_from_two_processes)
{
	static const char *const actors[] = { "rita", "bo" };

	risky();
	for (int round = 0; round < 3; round++) {
		pid_t children[2];
		int gate[2], firsts = 0, seconds = 0;

		cr_assert_eq(pipe(gate), 0);
		for (size_t i = 0; i < 2; i++) {
			children[i] = fork();
			if (!children[i]) {
				close(gate[1]);
				_exit(approve_in_child(gate[0], actors[i]));
			}
		}
		close(gate[0]);
		close(gate[1]);
		for (size_t i = 0; i < 2; i++) {
			int status = 0;

			cr_assert_eq(waitpid(children[i], &status, 0), children[i]);
			cr_assert(WIFEXITED(status));
			firsts += WEXITSTATUS(status) == 100 + APPROVAL_FIRST;
			seconds += WEXITSTATUS(status) == 100 + APPROVAL_SECOND;
			cr_expect(WEXITSTATUS(status) >= 100 || WEXITSTATUS(status) == 5, "%d", WEXITSTATUS(status));
		}
		cr_expect_eq(firsts, 1);
		expect_rows(1, "decision WHERE imported = 0 AND undone = 0 AND kind = "
			       "'approve' AND first_approval = 1");
		if (!seconds)
			(void)(sql_int(&f, "SELECT count(*) FROM decision WHERE undone = 0 AND decided_by = 'rita' "
					   "AND first_approval = 1")
				       ? USE(f.rita, UNDO, "RAL-1")
				       : USE(f.bo, UNDO, "RAL-1"));
		else
			break;
	}
	f.written = true;
}

/* A reviewer with the operating system's user name: the only possible actor in a production store. */
static struct desk *in_production(enum role role)
{
	char name[256];

	must(world_user_name(name, sizeof name, &f.error));
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = name, .role = role));
	sql_change(&f, "UPDATE store_info SET value = '0' WHERE key = 'sandbox'");
	return fixture_desk(&f, NULL, false);
}

Test(four_eyes, in_production_too)
{
	struct desk *real;

	risky();
	real = in_production(ROLE_LEAD);
	cr_expect_eq(approved(real), APPROVAL_FIRST);
	refused_second(real, "a second person must approve");
	cr_expect_eq(approved(f.bo), APPROVAL_SECOND);
	desk_close(real);
}

Test(four_eyes, an_author_who_then_contributes_ends_the_first)
{
	struct desk *real;

	risky();
	(void)approved(f.rita);
	real = in_production(ROLE_LEAD);
	sql_change(&f,
		   "INSERT INTO contribution (session_id, actor, what, material, at) SELECT id, 'rita', 'party.add', "
		   "'data', 1 FROM session WHERE external_ref = 'RAL-1'");
	cr_expect_eq(approved(real), APPROVAL_FIRST);
	desk_close(real);
}

Test(four_eyes, a_supervised_rejection_waits_for_a_colleague)
{
	struct case_view view;
	struct desk *sue = supervised("sue");

	fixture_ready(&f, "RAL-1");
	must(USE(sue, REJECT, "RAL-1", .reason = "suspected_fraud"));
	expect_text(f.out.audit_action, "session.reject_first");
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
	expect_rows(0, "outbox_event");
	cr_expect_eq(sql_int(&f, "SELECT waiting / 8 FROM session WHERE external_ref = 'RAL-1'"), 1);
	/* The case is undecided: sue cannot reject it again, and a colleague may still confirm the rejection. */
	cr_expect_eq(USE(sue, REJECT, "RAL-1", .reason = "other"), ERR_BLOCKED);
	expect_says("sue, supervised, rejected the case for suspected_fraud");
	expect_err(USE(f.rita, UNDO, "RAL-1"), ERR_BLOCKED);
	must(desk_case(f.rita, &f.arena, "RAL-1", false, &view, &f.error));
	must(USE(f.rita, REJECT, "RAL-1", .reason = "suspected_fraud"));
	expect_text(fixture_status(&f, "RAL-1"), "rejected");
	cr_expect(strstr(sql_text(&f, "SELECT detail FROM audit_event WHERE action = 'session.reject'"),
			 "\"confirms_by\":\"sue\""));
	/* If sue undoes her rejection, the case no longer waits for a second reviewer. */
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	must(USE(sue, REJECT, "KYC-1", .reason = "other"));
	must(USE(sue, UNDO, "KYC-1"));
	cr_expect_eq(sql_int(&f, "SELECT waiting / 8 FROM session WHERE external_ref = 'KYC-1'"), 0);
	must(USE(sue, REJECT, "KYC-1", .reason = "other"));
	must(USE(f.rita, APPROVE, "KYC-1"));
	desk_close(sue);
	fixture_verify(&f);
}
