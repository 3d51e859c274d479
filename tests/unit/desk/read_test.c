#include "fixture.h"

FIXTURE_READY(read);

Test(read, a_case_is_masked_until_it_is_revealed)
{
	struct case_view view;

	must(desk_case(f.lea, &f.arena, "RAL-1", false, &view, &f.error));
	cr_expect(view.masked);
	expect_text(view.file.session.subject.tax_id, "*******6789");
	expect_text(view.file.parties[0].date_of_birth, "****-**-**");
	must(desk_case(f.lea, &f.arena, "RAL-1", true, &view, &f.error));
	cr_expect(!view.masked);
	expect_text(view.file.session.subject.tax_id, "GB123456789");
	expect_rows(1, "audit_event WHERE action = 'reveal' AND actor = 'lea'");
}

/* A company's registration number is public and not masked, a person's is masked. */
Test(read, masking_hides_numbers_and_dates_and_nothing_else)
{
	static const char *const names[] = { "Ines Duarte", "Vela BV" };
	struct case_view view;

	fixture_import(&f,
		       "{\"external_ref\": \"RAL-2\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", \"merchant\": "
		       "\"northwind-pay\", \"status\": \"draft\", \"subject\": {\"kind\": \"business\", \"name\": "
		       "\"B\"}, \"parties\": [{\"kind\": \"individual\", \"name\": \"Ines Duarte\", \"roles\": "
		       "[\"ubo\"]}, {\"kind\": \"company\", \"name\": \"Vela BV\", \"roles\": [\"shareholder\"]}]}\n");
	sql_run(&f, "UPDATE party SET tax_id = 'GB123456789', date_of_birth = '1984-02-11', registration_number = "
		    "'PT509482213' WHERE session_id = (SELECT id FROM session WHERE external_ref = 'RAL-2')");
	must(desk_case(f.vic, &f.arena, "RAL-2", false, &view, &f.error));
	cr_assert_eq(view.file.party_count, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct party *party = &view.file.parties[i];

		expect_text(party->name, names[i]);
		expect_text(party->tax_id, "*******6789");
		expect_text(party->date_of_birth, "****-**-**");
		expect_text(party->registration_number, i ? "PT509482213" : "*******2213");
	}
}

Test(read, a_reviewer_reveals_only_a_case_they_hold)
{
	struct case_view view;

	expect_error(desk_case(f.rita, &f.arena, "RAL-1", true, &view, &f.error), ERR_FORBIDDEN, "lead");
	must(USE(f.rita, CLAIM, "RAL-1"));
	must(desk_case(f.rita, &f.arena, "RAL-1", true, &view, &f.error));
	expect_err(desk_case(f.bo, &f.arena, "RAL-1", true, &view, &f.error), ERR_FORBIDDEN);
	expect_rows(1, "audit_event WHERE action = 'reveal'");
}

Test(read, a_case_says_what_blocks_it_and_what_is_missing)
{
	struct case_view view;

	fixture_import(&f,
		       "{\"external_ref\": \"RAL-2\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", \"merchant\": "
		       "\"northwind-pay\", \"status\": \"draft\", \"subject\": {\"kind\": \"business\", \"name\": "
		       "\"B\"}}\n");
	view = fixture_case(&f, "RAL-2");
	cr_expect_eq(view.missing_document_count, 4);
	cr_expect_gt(view.blockers.count, 4);
	cr_expect_gt(view.checklist_count, view.blockers.count - 1);
	cr_expect_eq(view.counts.documents_total, 4);
}

Test(read, a_case_of_an_unknown_workflow_can_still_be_looked_at)
{
	sql_run(&f, "UPDATE session SET workflow = 'gone', workflow_id = NULL WHERE external_ref = 'RAL-1'");
	expect_text(fixture_case(&f, "RAL-1").profile->name, "gone");
	expect_err(USE(f.rita, APPROVE, "RAL-1"), ERR_NOT_FOUND);
}

Test(read, a_decision_shows_its_evidence_masked)
{
	struct decision decision;

	must(USE(f.rita, APPROVE, "RAL-1"));
	must(desk_decision(f.vic, &f.arena, "RAL-1", 1, false, &decision, &f.error));
	cr_expect(strstr(decision.evidence_json, "\"checklist\""));
	cr_expect(!strstr(decision.evidence_json, "GB123456789"));
	cr_expect(!strstr(decision.evidence_json, "1984-02-11"));
	cr_expect(!strstr(decision.evidence_json, "123-45-6789"));
	expect_error(desk_decision(f.vic, &f.arena, "RAL-1", 2, false, &decision, &f.error), ERR_NOT_FOUND,
		     "RAL-1 has decisions 1 to 1");
}

Test(read, lists_know_countries_in_every_form)
{
	struct list_query query = { .sort = SORT_DUE, .after = "" };
	struct list_page page;

	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	must(filter_parse(&f.arena, "country:\"United Kingdom\"", &query.filter, &f.error));
	must(desk_list(f.vic, &f.arena, &query, &page, &f.error));
	cr_assert_eq(page.count, 1);
	expect_text(page.items[0].external_ref, "RAL-1");
	must(filter_parse(&f.arena, "country:Atlantis", &query.filter, &f.error));
	expect_err(desk_list(f.vic, &f.arena, &query, &page, &f.error), ERR_INVALID);
}

Test(read, lists_know_who_me_is)
{
	struct list_query query = { .sort = SORT_DUE, .after = "" };
	struct list_page page;

	must(USE(f.rita, CLAIM, "RAL-1"));
	must(filter_parse(&f.arena, "assignee:me", &query.filter, &f.error));
	must(desk_list(f.rita, &f.arena, &query, &page, &f.error));
	cr_expect_eq(page.count, 1);
	must(desk_list(f.bo, &f.arena, &query, &page, &f.error));
	cr_expect_eq(page.count, 0);
}

Test(read, inboxes_follow_decisions)
{
	int64_t counts[INBOX_COUNT];

	must(desk_inbox_counts(f.vic, counts, &f.error));
	cr_expect_eq(counts[INBOX_MANUAL_REVIEW], 1);
	must(USE(f.rita, APPROVE, "RAL-1"));
	must(desk_inbox_counts(f.vic, counts, &f.error));
	cr_expect_eq(counts[INBOX_MANUAL_REVIEW], 0);
	cr_expect_eq(counts[INBOX_APPROVED], 1);
}

Test(read, a_note_is_kept_and_changes_no_version)
{
	struct case_view view;
	int64_t version = fixture_case(&f, "RAL-1").file.session.version;

	must(USE(f.rita, NOTE, "RAL-1", .text = "called the client"));
	view = fixture_case(&f, "RAL-1");
	cr_assert_eq(view.file.note_count, 1);
	expect_text(view.file.notes[0].text, "called the client");
	cr_expect_eq(view.file.session.version, version);
	expect_err(USE(f.rita, NOTE, "RAL-1", .text = " \n"), ERR_INVALID);
	expect_err(USE(f.rita, NOTE, "RAL-1", .text = "bad \xff"), ERR_INVALID);
	cr_expect(!strstr(sql_text(&f, "SELECT group_concat(detail) FROM audit_event"), "called"));
}
