/* Parties changed, removed, verified elsewhere and copied; the effect on their sessions and on the case. */
#include "fixture.h"
#include "kybdesk/desk/read.h"

FIXTURE_READY(related);

static const char *party, *subsession;
#define LONG "seen in the register"

static struct party_input ana(void)
{
	return (struct party_input){ .name = "Ana Sousa",
				     .kind = PARTY_INDIVIDUAL,
				     .roles = 1u << ROLE_UBO,
				     .percent = "20",
				     .country = "Portugal",
				     .date_of_birth = "1990-05-01" };
}

static void add_ana(const char *ref)
{
	struct party_input input = ana();

	must(USE(f.rita, PARTY_ADD, ref, .party = &input));
	party = f.out.part_id;
	subsession = f.out.subsession_id;
}

static const struct party *find(const struct case_view *view, const char *party_id)
{
	const struct party *found = case_party(&view->file, party_id);

	cr_assert(found, "no party %s", party_id);
	return found;
}

Test(related, a_party_is_changed_in_what_is_said_and_stays_in_the_rest)
{
	struct party_input input = { .control_role = "CFO", .percent = "15" };
	struct case_view view;

	add_ana("RAL-1");
	must(USE(f.rita, PARTY_EDIT, "RAL-1", .part = party, .party = &input));
	view = fixture_case(&f, "RAL-1");
	expect_text(find(&view, party)->name, "Ana Sousa");
	expect_text(find(&view, party)->control_role, "CFO");
	expect_text(find(&view, party)->effective_percent, "15");
	cr_expect_eq(find(&view, party)->roles, 1u << ROLE_UBO);
}

Test(related, a_changed_person_is_the_same_person_in_the_subsession)
{
	struct party_input input = { .name = "Ana de Sousa", .date_of_birth = "1990-05-02" };
	struct case_view view;

	add_ana("RAL-1");
	must(USE(f.rita, PARTY_EDIT, "RAL-1", .part = party, .party = &input));
	must(desk_case(f.lea, &f.arena, subsession, true, &view, &f.error));
	expect_text(view.file.session.subject.name, "Ana de Sousa");
	expect_text(view.file.session.subject.date_of_birth, "1990-05-02");
	expect_text(view.file.session.subject.country, "PRT");
}

Test(related, who_somebody_is_cannot_change_under_an_approved_session)
{
	struct party_input input = { .name = "Somebody Else" }, harmless = { .control_role = "CFO" };

	add_ana("RAL-1");
	must(USE(f.rita, APPROVE, subsession));
	expect_err(USE(f.rita, PARTY_EDIT, "RAL-1", .part = party, .party = &input), ERR_BLOCKED);
	must(USE(f.rita, PARTY_EDIT, "RAL-1", .part = party, .party = &harmless));
	expect_sql("SELECT name FROM party WHERE control_role = 'CFO'", "Ana Sousa");
}

Test(related, a_party_moves_below_a_company_but_never_below_itself)
{
	struct party_input holding = ana(), input = { .owned_party = "" };
	const char *company;

	holding.kind = PARTY_COMPANY;
	holding.date_of_birth = "";
	holding.name = "Lane Holdings";
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &holding));
	company = f.out.part_id;
	party = sql_text(&f, "SELECT uuid FROM party WHERE name = 'Ines Duarte'");
	input.owned_party = company;
	must(USE(f.rita, PARTY_EDIT, "RAL-1", .part = party, .party = &input));
	expect_text(fixture_case(&f, "RAL-1").file.parties[0].effective_percent, "16");
	input.owned_party = "";
	must(USE(f.rita, PARTY_EDIT, "RAL-1", .part = party, .party = &input));
	expect_text(fixture_case(&f, "RAL-1").file.parties[0].effective_percent, "80");
	party = company;
	input.owned_party = company;
	expect_err(USE(f.rita, PARTY_EDIT, "RAL-1", .part = party, .party = &input), ERR_INVALID);
	expect_text(f.error.field, "owner_of");
}

Test(related, a_circle_is_refused_where_it_would_close)
{
	struct party_input one = ana(), two = ana(), input = { .percent = "10" };
	const char *first;

	one.kind = two.kind = PARTY_COMPANY;
	one.date_of_birth = two.date_of_birth = "";
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &one));
	first = f.out.part_id;
	two.owned_party = first;
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &two));
	party = first;
	input.owned_party = f.out.part_id;
	expect_error(USE(f.rita, PARTY_EDIT, "RAL-1", .part = party, .party = &input), ERR_INVALID,
		     "ownership cannot be circular");
	expect_err(USE(f.rita, PARTY_OWN, "RAL-1", .part = first, .related_ref = input.owned_party, .percent = "10"),
		   ERR_INVALID);
}

Test(related, a_party_owns_several_companies_each_for_itself)
{
	struct party_input holding = ana();
	const char *company;

	add_ana("RAL-1");
	holding.kind = PARTY_COMPANY;
	holding.date_of_birth = "";
	holding.percent = "";
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &holding));
	company = f.out.part_id;
	must(USE(f.rita, PARTY_OWN, "RAL-1", .part = party, .related_ref = company, .percent = "60"));
	expect_rows(2, "party_share h JOIN party p ON p.id = h.party_id WHERE "
		       "p.name = 'Ana Sousa' AND p.kind = 'individual'");
	must(USE(f.rita, PARTY_OWN, "RAL-1", .part = party, .related_ref = company, .percent = ""));
	expect_err(USE(f.rita, PARTY_OWN, "RAL-1", .part = party, .related_ref = company, .percent = ""),
		   ERR_NOT_FOUND);
	expect_err(USE(f.rita, PARTY_OWN, "RAL-1", .part = party, .related_ref = "", .percent = "120"), ERR_INVALID);
}

Test(related, a_removed_party_is_kept_with_who_and_why_and_counts_for_nothing)
{
	struct case_view view;

	add_ana("RAL-1");
	expect_err(USE(f.rita, PARTY_REMOVE, "RAL-1", .part = party, .reason = ""), ERR_INVALID);
	expect_err(USE(f.rita, PARTY_REMOVE, "RAL-1", .part = party, .reason = "a mistake"), ERR_INVALID);
	must(USE(f.rita, PARTY_REMOVE, "RAL-1", .part = party, .reason = "declared by mistake"));
	view = fixture_case(&f, "RAL-1");
	cr_expect_eq(view.file.party_count, 1);
	cr_assert_eq(view.file.removed.count, 1);
	expect_text(view.file.removed.items[0].name, "Ana Sousa");
	expect_text(view.file.removed.items[0].removed_by, "rita");
	expect_text(view.file.removed.items[0].removed_reason, "declared by mistake");
	expect_text(view.file.removed.items[0].date_of_birth, "****-**-**");
	cr_expect_eq(view.file.removed.items[0].removed_at, NOON);
	must(USE(f.rita, APPROVE, "RAL-1"));
	cr_expect_eq(sql_int(&f, "SELECT parties_total FROM session WHERE external_ref = 'RAL-1'"), 1);
}

Test(related, the_untouched_subsession_of_a_removed_party_goes_and_any_other_stays_shut)
{
	add_ana("RAL-1");
	must(USE(f.rita, PARTY_REMOVE, "RAL-1", .part = party, .reason = "declared by mistake"));
	cr_expect_eq(sql_int(&f, arena_printf(&f.arena, "SELECT count(*) FROM session WHERE uuid = '%s'", subsession)),
		     0);
	add_ana("RAL-1");
	must(USE(f.rita, APPROVE, subsession));
	must(USE(f.rita, PARTY_REMOVE, "RAL-1", .part = party, .reason = "declared by mistake"));
	expect_text(fixture_status(&f, subsession), "approved");
	expect_rows(0, "access_link WHERE replaced_at IS NULL");
}

Test(related, a_company_is_not_removed_while_somebody_owns_it)
{
	struct party_input holding = ana(), owner = ana();
	const char *company;

	holding.kind = PARTY_COMPANY;
	holding.date_of_birth = "";
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &holding));
	company = f.out.part_id;
	owner.owned_party = company;
	owner.name = "Mara Lane";
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &owner));
	party = company;
	expect_error(USE(f.rita, PARTY_REMOVE, "RAL-1", .part = party, .reason = "declared by mistake"), ERR_BLOCKED,
		     "Mara Lane");
}

Test(related, an_import_leaves_a_removed_party_removed)
{
	party = sql_text(&f, "SELECT uuid FROM party");
	must(USE(f.rita, PARTY_REMOVE, "RAL-1", .part = party, .reason = "declared by mistake"));
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .more = ", \"risk_score\": 7" });
	cr_expect_eq(fixture_case(&f, "RAL-1").file.party_count, 0);
	cr_expect_eq(fixture_case(&f, "RAL-1").file.removed.count, 1);
}

Test(related, verified_elsewhere_is_a_leads_act_with_a_reason_and_is_taken_back_by_a_change_of_person)
{
	struct party_input input = { .name = "Ana de Sousa" };

	add_ana("RAL-1");
	expect_err(USE(f.rita, PARTY_VERIFY, "RAL-1", .part = party, .reason = LONG), ERR_FORBIDDEN);
	expect_err(USE(f.lea, PARTY_VERIFY, "RAL-1", .part = party, .reason = "too short"), ERR_INVALID);
	must(USE(f.lea, PARTY_VERIFY, "RAL-1", .part = party, .reason = LONG));
	cr_expect_eq(fixture_case(&f, "RAL-1").counts.parties_verified, 2);
	must(USE(f.rita, PARTY_EDIT, "RAL-1", .part = party, .party = &input));
	cr_expect_eq(fixture_case(&f, "RAL-1").counts.parties_verified, 1);
	must(USE(f.lea, PARTY_VERIFY, "RAL-1", .part = party, .reason = LONG));
	must(USE(f.lea, PARTY_UNVERIFY, "RAL-1", .part = party));
	expect_err(USE(f.lea, PARTY_UNVERIFY, "RAL-1", .part = party), ERR_BLOCKED);
	expect_err(USE(f.rita, APPROVE, "RAL-1"), ERR_BLOCKED);
}

/* The second row without a birth date may be the first; the verification of one serves both once they are the same. */
Test(related, two_rows_of_one_person_are_one_when_a_colleague_says_so)
{
	struct party_input again = ana(), born = { .date_of_birth = "1991-06-02" };
	const char *first;

	add_ana("RAL-1");
	first = party;
	must(USE(f.rita, APPROVE, subsession));
	again.name = "SOUSA Ana";
	again.date_of_birth = again.percent = "";
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &again));
	party = f.out.part_id;
	expect_error(USE(f.bo, APPROVE, "RAL-1"), ERR_BLOCKED, "may be the same person");
	fixture_in_production(&f);
	expect_err(USE(f.vic, PARTY_SAME, "RAL-1", .part = first, .related_ref = party, .reason = LONG), ERR_FORBIDDEN);
	expect_err(USE(f.rita, PARTY_OTHER, "RAL-1", .part = first, .related_ref = party, .reason = LONG), ERR_BLOCKED);
	expect_err(USE(f.bo, PARTY_SAME, "RAL-1", .part = first, .related_ref = party, .reason = "short"), ERR_INVALID);
	expect_err(USE(f.bo, PARTY_SAME, "RAL-1", .part = first, .related_ref = first, .reason = LONG), ERR_INVALID);
	must(USE(f.bo, PARTY_SAME, "RAL-1", .part = first, .related_ref = party, .reason = LONG));
	expect_rows(1, "audit_event WHERE action = 'party.same'");
	cr_expect_eq(fixture_case(&f, "RAL-1").counts.parties_verified, 3);
	must(USE(f.bo, PARTY_OTHER, "RAL-1", .part = party, .related_ref = first, .reason = LONG));
	cr_expect_eq(fixture_case(&f, "RAL-1").counts.parties_verified, 2);
	must(USE(f.bo, PARTY_EDIT, "RAL-1", .part = party, .party = &born));
	expect_err(USE(f.bo, PARTY_SAME, "RAL-1", .part = first, .related_ref = party, .reason = LONG), ERR_INVALID);
}

Test(related, an_owner_in_two_rows_is_split_by_a_lead_only)
{
	struct party_input row = ana(), ines = { .percent = "40" };
	const char *first, *second;

	row.percent = "15";
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &row));
	first = f.out.part_id;
	row.name = "SOUSA Ana";
	row.date_of_birth = "";
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &row));
	second = f.out.part_id;
	must(USE(f.lea, PARTY_EDIT, "RAL-1", .part = fixture_case(&f, "RAL-1").file.parties[0].id, .party = &ines));
	/* Both were declared before the submission. */
	sql_change(&f, arena_printf(&f.arena, "UPDATE session SET submitted_at = %lld WHERE external_ref = 'RAL-1'",
				    (long long)f.world.wall_ms + 1));
	forward(&f, 1000);
	fixture_in_production(&f);
	must(USE(f.bo, PARTY_SAME, "RAL-1", .part = first, .related_ref = second, .reason = LONG));
	struct case_view view = fixture_case(&f, "RAL-1");
	expect_text(find(&view, first)->effective_percent, "30");
	cr_expect(find(&view, first)->is_beneficial_owner);
	expect_error(USE(f.bo, PARTY_OTHER, "RAL-1", .part = first, .related_ref = second, .reason = LONG),
		     ERR_FORBIDDEN, "only a lead can do this");
	must(USE(f.lea, PARTY_OTHER, "RAL-1", .part = first, .related_ref = second, .reason = LONG));
	view = fixture_case(&f, "RAL-1");
	expect_text(find(&view, first)->effective_percent, "15");
}

/* Adds a row that may be Ana Sousa too; returns its id. */
static const char *add_row(const char *name, const char *born)
{
	struct party_input row = ana();

	row.name = name;
	row.date_of_birth = born;
	row.percent = "5";
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &row));
	return f.out.part_id;
}

static const char *first_question(void)
{
	const struct case_view view = fixture_case(&f, "RAL-1");

	for (size_t i = 0; i < view.checklist_count; i++)
		if (*view.checklist[i].other_ref)
			return view.checklist[i].message;
	return "";
}

/* A is B and A is C, but B is not C: nobody joins all three without a word. */
Test(related, three_rows_are_one_only_if_nobody_says_otherwise)
{
	const char *a = add_row("Ana Sousa", ""), *b = add_row("SOUSA Ana", ""), *c = add_row("Sousa, Ana", "");

	must(USE(f.bo, PARTY_SAME, "RAL-1", .part = a, .related_ref = b, .reason = LONG));
	must(USE(f.bo, PARTY_SAME, "RAL-1", .part = a, .related_ref = c, .reason = LONG));
	expect_text(first_question(), "");
	must(USE(f.bo, PARTY_OTHER, "RAL-1", .part = b, .related_ref = c, .reason = LONG));
	expect_text(first_question(),
		    "SOUSA Ana and Sousa, Ana are others, but both are the same as Ana Sousa (together "
		    "15 %); record which of the three is another");
	expect_error(USE(f.bo, APPROVE, "RAL-1"), ERR_BLOCKED, "both are the same as Ana Sousa");
	must(USE(f.bo, PARTY_OTHER, "RAL-1", .part = a, .related_ref = c, .reason = LONG));
	expect_text(first_question(), "");
	must(USE(f.bo, PARTY_SAME, "RAL-1", .part = a, .related_ref = c, .reason = LONG));
	must(USE(f.bo, PARTY_SAME, "RAL-1", .part = b, .related_ref = c, .reason = LONG));
	expect_text(first_question(), "");
	expect_text(fixture_case(&f, "RAL-1").file.parties[1].effective_percent, "15");
}

/* A row without a birth date joins two that have other ones. */
Test(related, two_birth_dates_of_one_owner_are_asked_for)
{
	const char *a = add_row("Ana Sousa", "1990-05-01"), *b = add_row("SOUSA Ana", ""),
		   *c = add_row("Ana Sousa", "1991-05-01");

	must(USE(f.bo, PARTY_SAME, "RAL-1", .part = a, .related_ref = b, .reason = LONG));
	must(USE(f.bo, PARTY_SAME, "RAL-1", .part = b, .related_ref = c, .reason = LONG));
	expect_text(first_question(),
		    "Ana Sousa and Ana Sousa are others, but both are the same as SOUSA Ana (together "
		    "15 %); record which of the three is another");
	must(USE(f.bo, PARTY_OTHER, "RAL-1", .part = b, .related_ref = c, .reason = LONG));
	expect_text(first_question(), "");
}

#define PAIRS "status:approved why:ownership_invalid"

static size_t count_listed_pairs(void)
{
	struct list_query query = { .limit = 10, .after = "", .actor = "" };
	struct list_page page;

	must(filter_parse(&f.arena, PAIRS, &query.filter, &f.error));
	must(desk_list(f.vic, &f.arena, &query, &page, &f.error));
	return page.count;
}

static bool doctor_names(const char *ref)
{
	struct doctor_finding *items;
	size_t count;
	bool named = false;

	must(desk_run_doctor(f.ada, &f.arena, &items, &count, &f.error));
	for (size_t i = 0; i < count; i++)
		named = named || (strstr(items[i].message, "nobody said so") && strstr(items[i].message, ref) &&
				  strstr(items[i].advice, PAIRS));
	return named;
}

/* An approval stands, also one older than the rule; lists and doctor name it until somebody answers. */
Test(related, approved_cases_with_two_rows_of_one_person_are_listed_and_stand)
{
	struct tick_report report;
	struct party_input ines = { .percent = "75" };
	const char *first, *second;

	must(USE(f.rita, PARTY_EDIT, "RAL-1", .part = fixture_case(&f, "RAL-1").file.parties[0].id, .party = &ines));
	add_ana("RAL-1");
	first = party;
	must(USE(f.rita, APPROVE, subsession));
	second = add_row("SOUSA Ana", "1990-05-01");
	must(USE(f.bo, APPROVE, "RAL-1"));
	cr_expect_eq(count_listed_pairs(), 1);
	cr_expect(doctor_names("RAL-1"));
	/* As after the upgrade of an old store: the case is marked, and nobody is sure. */
	sql_change(&f, "UPDATE party SET date_of_birth = '' WHERE name = 'SOUSA Ana'");
	sql_change(&f, "INSERT INTO recount (session_id) SELECT id FROM session WHERE external_ref = 'RAL-1'");
	must(desk_tick(f.lea, &report, &f.error));
	expect_rows(0, "recount");
	cr_expect_eq(count_listed_pairs(), 1);
	cr_expect(doctor_names("RAL-1"));
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.status, SESSION_APPROVED);
	expect_rows(0, "alert");
	must(USE(f.lea, REOPEN, "RAL-1", .reason = LONG));
	expect_err(USE(f.bo, APPROVE, "RAL-1"), ERR_BLOCKED);
	must(USE(f.bo, PARTY_SAME, "RAL-1", .part = first, .related_ref = second, .reason = LONG));
	must(USE(f.bo, APPROVE, "RAL-1"));
	cr_expect_eq(count_listed_pairs(), 0);
	cr_expect_not(doctor_names("RAL-1"));
}

static void gap_of_80(void)
{
	struct party_input input = { .percent = "20" };

	party = sql_text(&f, "SELECT uuid FROM party");
	must(USE(f.rita, PARTY_EDIT, "RAL-1", .part = party, .party = &input));
}

Test(related, an_explanation_holds_only_as_far_as_it_was_given)
{
	struct party_input input = { .percent = "19.5" };

	gap_of_80();
	must(USE(f.lea, PARTY_GAP, "RAL-1", .reason = "dispersed", .text = ""));
	must(USE(f.rita, PARTY_EDIT, "RAL-1", .part = party, .party = &input));
	expect_blocked(USE(f.rita, APPROVE, "RAL-1"), "ownership_gap");
}

Test(related, undeclared_ownership_is_explained_by_a_lead_in_a_word_or_a_text)
{
	expect_err(USE(f.lea, PARTY_GAP, "RAL-1", .reason = "listed", .text = ""), ERR_BLOCKED);
	gap_of_80();
	expect_blocked(USE(f.rita, APPROVE, "RAL-1"), "ownership_gap");
	expect_err(USE(f.rita, PARTY_GAP, "RAL-1", .reason = "listed", .text = ""), ERR_FORBIDDEN);
	expect_error(USE(f.lea, PARTY_GAP, "RAL-1", .reason = "lsited", .text = ""), ERR_INVALID,
		     "did you mean listed");
	expect_err(USE(f.lea, PARTY_GAP, "RAL-1", .reason = "other", .text = "short"), ERR_INVALID);
	must(USE(f.lea, PARTY_GAP, "RAL-1", .reason = "listed", .text = ""));
	must(USE(f.rita, APPROVE, "RAL-1"));
	expect_sql("SELECT gap_percent FROM session WHERE external_ref = 'RAL-1'", "80");
}

/* --- copying --- */

static const char *source;

static void ana_is_known(void)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2" });
	add_ana("RAL-2");
	source = subsession;
	must(approve_at_once(&f, f.rita, source));
}

Test(related, an_approved_person_of_the_same_name_birth_date_and_country_is_offered)
{
	struct party_candidates found;

	ana_is_known();
	must(desk_party_candidates(f.rita, &f.arena,
				   &(struct candidate_query){ "RAL-1", NULL, "ANA  SOUSA", "1990-05-01", "PT" }, &found,
				   &f.error));
	cr_assert_eq(found.count, 1);
	expect_text(found.items[0].id, source);
	expect_text(found.items[0].date_of_birth, "****-**-**");
	expect_text(found.items[0].parent_name, "Harbour Lane Trading Ltd");
	cr_expect(found.items[0].has_required_workflow);
	must(desk_party_candidates(f.rita, &f.arena,
				   &(struct candidate_query){ "RAL-1", NULL, "Ana Sousa", "1990-05-02", "PT" }, &found,
				   &f.error));
	cr_expect_eq(found.count, 0);
	must(desk_party_candidates(f.rita, &f.arena,
				   &(struct candidate_query){ "RAL-1", NULL, "Ana Sousa", "1990-05-01", "" }, &found,
				   &f.error));
	cr_expect_eq(found.count, 0);
}

static enum err copy(const char *of_party)
{
	struct party_input input = { .roles = 1u << ROLE_DIRECTOR, .percent = "20" };
	enum err err = USE(f.rita, PARTY_COPY, "RAL-1", .related_ref = source, .part = of_party, .party = &input);

	party = f.out.part_id;
	return err;
}

Test(related, a_copied_person_is_verified_by_the_session_there_is)
{
	struct case_view view;
	int64_t sessions;

	ana_is_known();
	sessions = sql_int(&f, "SELECT count(*) FROM session");
	must(copy(""));
	expect_rows(sessions, "session");
	view = fixture_case(&f, "RAL-1");
	expect_text(find(&view, party)->name, "Ana Sousa");
	expect_text(find(&view, party)->country, "PRT");
	expect_text(find(&view, party)->session_id, source);
	cr_expect(find(&view, party)->is_session_shared);
	/* RAL-1 and RAL-2 have the same name and now the same owner, so they are possible duplicates. */
	must(USE(f.rita, DUPLICATE_DISMISS, "RAL-1", .part = "RAL-2", .reason = LONG));
	must(USE(f.rita, APPROVE, "RAL-1"));
	expect_err(copy(""), ERR_BLOCKED);
}

Test(related, a_copied_person_whose_session_is_reopened_is_verified_nowhere)
{
	struct case_view view;

	ana_is_known();
	must(copy(""));
	must(USE(f.rita, DUPLICATE_DISMISS, "RAL-1", .part = "RAL-2", .reason = LONG));
	must(approve_at_once(&f, f.rita, "RAL-1"));
	must(USE(f.lea, REOPEN, source, .reason = "a new passport came in"));
	view = fixture_case(&f, "RAL-1");
	cr_assert_eq(view.lapsed_party_count, 1);
	expect_text(view.file.parties[view.lapsed_parties[0]].name, "Ana Sousa");
	expect_rows(1, "audit_event WHERE action = 'party.unverified'");
	cr_expect_eq(fixture_case(&f, "RAL-2").counts.parties_verified, 1);
}

Test(related, a_declared_person_can_be_copied_onto_but_nobody_else)
{
	const char *ines, *draft;

	ana_is_known();
	ines = sql_text(&f, "SELECT uuid FROM party WHERE name = 'Ines Duarte' LIMIT 1");
	expect_err(copy(ines), ERR_INVALID);
	add_ana("RAL-1");
	draft = subsession;
	must(copy(party));
	cr_expect_eq(sql_int(&f, arena_printf(&f.arena, "SELECT count(*) FROM session WHERE uuid = '%s'", draft)), 0);
	cr_expect_eq(fixture_case(&f, "RAL-1").counts.parties_verified, 2);
}

Test(related, of_another_merchant_nothing_is_offered_and_nothing_copied)
{
	struct party_candidates found;

	ana_is_known();
	sql_run(&f, "INSERT INTO merchant (id, name, created_at) VALUES (77, 'other-pay', 0);"
		    "UPDATE session SET merchant_id = 77 WHERE subject_name = 'Ana Sousa'");
	must(desk_party_candidates(f.rita, &f.arena,
				   &(struct candidate_query){ "RAL-1", NULL, "Ana Sousa", "1990-05-01", "PT" }, &found,
				   &f.error));
	cr_expect_eq(found.count, 0);
	expect_err(copy(""), ERR_NOT_FOUND);
	cr_expect_null(strstr(f.error.message, "Ana"));
}

Test(related, only_an_approved_person_is_copied)
{
	ana_is_known();
	add_ana("RAL-2");
	source = subsession;
	expect_err(copy(""), ERR_BLOCKED);
	source = fixture_case(&f, "RAL-2").file.session.id;
	expect_err(copy(""), ERR_BLOCKED);
}

/* --- notifications --- */

Test(related, whoever_holds_the_case_is_told_when_the_last_party_is_verified)
{
	struct case_view view;

	add_ana("RAL-1");
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.parties_completed_at, TIME_NONE);
	forward(&f, MINUTE_MS);
	must(USE(f.rita, APPROVE, subsession));
	view = fixture_case(&f, "RAL-1");
	cr_expect_eq(view.file.session.parties_completed_at, NOON + MINUTE_MS);
	expect_rows(1, "audit_event WHERE action = 'parties.verified'");
	must(USE(f.rita, UNDO, subsession));
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.parties_completed_at, TIME_NONE);
}

Test(related, an_approved_case_says_when_a_party_is_verified_no_longer)
{
	const char *kyc = fixture_case(&f, "RAL-1").file.parties[0].session_id;

	must(approve_at_once(&f, f.rita, "RAL-1"));
	cr_expect_eq(fixture_case(&f, "RAL-1").lapsed_party_count, 0);
	must(USE(f.lea, REOPEN, kyc, .reason = "a new passport came in"));
	cr_expect_eq(fixture_case(&f, "RAL-1").lapsed_party_count, 1);
	expect_text(fixture_status(&f, "RAL-1"), "approved");
	/* after the reopening, the case cannot be approved while its owner is in review */
	must(USE(f.lea, REOPEN, "RAL-1", .reason = "its owner is in review"));
	expect_blocked(USE(f.rita, APPROVE, "RAL-1"), "party_not_verified");
}

Test(related, an_approval_that_saw_the_case_before_a_party_came_is_a_conflict)
{
	int64_t version = fixture_case(&f, "RAL-1").file.session.version;

	add_ana("RAL-1");
	expect_err(USE(f.rita, APPROVE, "RAL-1", .seen_version = version), ERR_CONFLICT);
}

/* --- subsessions, erasing --- */

Test(related, a_subsession_is_removed_while_nobody_handed_it_in)
{
	add_ana("RAL-1");
	must(USE(f.rita, SUBSESSION_REMOVE, "RAL-1", .part = party));
	expect_err(desk_subsession_of(f.rita, &f.arena, &(struct use_in){ .session = "RAL-1", .part = party },
				      &subsession, &f.error),
		   ERR_NOT_FOUND);
	expect_err(USE(f.rita, APPROVE, "RAL-1"), ERR_BLOCKED);
	party = sql_text(&f, "SELECT uuid FROM party WHERE name = 'Ines Duarte'");
	expect_err(USE(f.rita, SUBSESSION_REMOVE, "RAL-1", .part = party), ERR_BLOCKED);
}

static int64_t rows_left(void)
{
	static const char *const tables[] = { "recount", "session",	"step",		"document",
					      "party",	 "party_share", "check_result", "note",
					      "subject", "access_link", "correction",	"session_text" };
	int64_t rows = 0;

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		rows += sql_int(&f, arena_printf(&f.arena, "SELECT count(*) FROM %s", tables[i]));
	return rows;
}

Test(related, a_session_never_handed_in_goes_with_everything_and_the_audit_log_says_what)
{
	struct audit_verdict audit;
	int64_t before = rows_left();

	fixture_import(&f,
		       "{\"external_ref\": \"RAL-9\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", \"merchant\": "
		       "\"northwind-pay\", \"status\": \"draft\", \"subject\": {\"kind\": \"business\", \"name\": "
		       "\"Gone Ltd\"}, \"documents\": [{\"type\": \"BUSINESS_NUMBER\", \"file_name\": \"number.pdf\", "
		       "\"file\": \"files/number.pdf\", \"upload\": \"ready\"}], \"notes\": []}");
	add_ana("RAL-9");
	expect_rows(1, "document d JOIN session s ON s.id = d.session_id WHERE s.external_ref = 'RAL-9' AND "
		       "d.sha256 <> ''");
	sql_run(&f, "INSERT INTO recount SELECT id FROM session WHERE external_ref = 'RAL-9'");
	expect_err(USE(f.rita, DELETE, "RAL-9"), ERR_FORBIDDEN);
	must(USE(f.lea, DELETE, "RAL-9"));
	cr_expect_eq(f.out.erased_count, 2);
	cr_expect_eq(f.out.erased_documents, 1);
	/* the business remains: its number must not be used again */
	cr_expect_eq(rows_left(), before + 1);
	cr_expect(strstr(sql_text(&f, "SELECT detail FROM audit_event WHERE action = 'session.delete'"), subsession));
	cr_expect_null(strstr(sql_text(&f, "SELECT detail FROM audit_event WHERE action = 'session.delete'"), "Gone"));
	expect_rows(0, "outbox_event WHERE session_id IS NOT NULL");
	must(desk_audit_verify(f.ada, &f.arena, &audit, &f.error));
	cr_expect(audit.sound);
	expect_err(USE(f.lea, DELETE, "RAL-9"), ERR_NOT_FOUND);
}

Test(related, what_was_handed_in_is_kept_and_so_is_the_session_above_it)
{
	expect_error(USE(f.lea, DELETE, "RAL-1"), ERR_BLOCKED, "was submitted");
	fixture_import(&f,
		       "{\"external_ref\": \"RAL-9\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", \"merchant\": "
		       "\"northwind-pay\", \"status\": \"draft\", \"subject\": {\"kind\": \"business\", \"name\": "
		       "\"Gone Ltd\"}}");
	add_ana("RAL-9");
	must(USE(f.rita, APPROVE, subsession));
	expect_error(USE(f.lea, DELETE, "RAL-9"), ERR_BLOCKED, "its subsession");
	expect_rows(1, "session WHERE external_ref = 'RAL-9'");
}

/* --- duplicates --- */

static void twins(void)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2" });
	sql_run(&f, "UPDATE session SET tax_id = 'gb 123.456-789', tax_key = 'GB123456789' "
		    "WHERE external_ref = 'RAL-2'");
}

Test(related, the_same_number_in_the_same_country_blocks_both_until_it_is_dismissed)
{
	struct case_view view;

	twins();
	view = fixture_case(&f, "RAL-1");
	cr_assert_eq(view.duplicate_count, 1);
	expect_text(view.duplicates[0].external_ref, "RAL-2");
	expect_text(view.duplicates[0].name, "Harbour Lane Trading Ltd");
	cr_expect_null(strstr(view.duplicates[0].tax_id, "123"), "%s", view.duplicates[0].tax_id);
	expect_blocked(USE(f.rita, APPROVE, "RAL-1"), "duplicate_open");
	expect_err(USE(f.rita, DUPLICATE_DISMISS, "RAL-1", .part = "RAL-2", .reason = "no"), ERR_INVALID);
	expect_err(USE(f.rita, DUPLICATE_DISMISS, "RAL-1", .part = "RAL-3", .reason = LONG), ERR_NOT_FOUND);
	must(USE(f.rita, DUPLICATE_DISMISS, "RAL-1", .part = "RAL-2", .reason = LONG));
	must(USE(f.rita, APPROVE, "RAL-1"));
	/* The documents of RAL-2 were accepted before its tax id changed. */
	expect_blocked(USE(f.rita, APPROVE, "RAL-2"), "basis_changed");
	must(confirm_all(&f, f.rita, "RAL-2"));
	must(USE(f.rita, APPROVE, "RAL-2"));
}

Test(related, another_country_or_merchant_is_no_duplicate)
{
	twins();
	sql_run(&f, "UPDATE session SET country = 'IRL' WHERE external_ref = 'RAL-2'");
	cr_expect_eq(fixture_case(&f, "RAL-1").duplicate_count, 0);
	sql_run(&f, "INSERT INTO merchant (id, name, created_at) VALUES (77, 'other-pay', 0);"
		    "UPDATE session SET country = 'GBR', merchant_id = 77 WHERE external_ref = 'RAL-2'");
	cr_expect_eq(fixture_case(&f, "RAL-1").duplicate_count, 0);
}

Test(related, more_that_is_the_same_opens_a_dismissed_duplicate_again)
{
	twins();
	must(USE(f.rita, DUPLICATE_DISMISS, "RAL-2", .part = "RAL-1", .reason = LONG));
	must(USE(f.rita, APPROVE, "RAL-1"));
	sql_run(&f, "UPDATE session SET registration_number = '77', registration_key = '77'");
	expect_blocked(USE(f.rita, APPROVE, "RAL-2"), "duplicate_open");
}
