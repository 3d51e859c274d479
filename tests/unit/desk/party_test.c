#include "fixture.h"

FIXTURE_READY(party);

static struct party_input ana(void)
{
	return (struct party_input){ .name = "Ana Sousa",
				     .kind = PARTY_INDIVIDUAL,
				     .roles = 1u << ROLE_UBO,
				     .control_role = "CFO",
				     .percent = "20",
				     .country = "Portugal",
				     .date_of_birth = "1990-05-01",
				     .owned_party = "" };
}

Test(party, added_gets_a_session_of_its_own)
{
	struct party_input input = ana();
	struct case_view view;

	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &input));
	must(desk_case(f.rita, &f.arena, f.out.subsession_id, false, &view, &f.error));
	expect_text(session_status_text(view.file.session.status), "draft");
	expect_text(view.file.session.workflow, "generic-kyc");
	expect_text(view.file.session.subject.name, "Ana Sousa");
	expect_text(view.file.session.subject.country, "PRT");
	expect_text(view.parent_id, fixture_case(&f, "RAL-1").file.session.id);
	cr_expect_gt(view.file.session.expires_at, NOON);
	expect_rows(1, "access_link");
}

Test(party, added_blocks_the_case_until_it_is_verified)
{
	struct party_input input = ana();
	const char *session;
	int64_t version = fixture_case(&f, "RAL-1").file.session.version;

	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &input));
	session = f.out.subsession_id;
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.version, version + 1);
	cr_expect_eq(sql_int(&f, "SELECT parties_total FROM session WHERE external_ref = 'RAL-1'"), 2);
	expect_blocked(USE(f.rita, APPROVE, "RAL-1"), "party_not_verified");
	must(USE(f.rita, APPROVE, session));
	must(USE(f.rita, APPROVE, "RAL-1"));
}

Test(party, added_is_announced_without_personal_data)
{
	struct party_input input = ana();
	const char *body;

	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &input));
	body = sql_text(&f, "SELECT body FROM outbox_event");
	cr_expect(strstr(body, "party.kyc_requested"));
	cr_expect(strstr(body, "\"parent_id\""));
	cr_expect(!strstr(body, "Ana") && !strstr(body, "1990"));
	cr_expect(!strstr(sql_text(&f, "SELECT detail FROM audit_event WHERE action = 'party.add'"), "Ana"));
}

Test(party, that_is_a_company_needs_no_session_and_can_be_owned)
{
	struct party_input company = ana(), owner = ana();

	company.kind = PARTY_COMPANY;
	company.date_of_birth = "";
	company.control_role = "";
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &company));
	expect_text(f.out.subsession_id, "");
	owner.owned_party = f.out.part_id;
	owner.percent = "100";
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &owner));
	expect_text(fixture_case(&f, "RAL-1").file.parties[2].effective_percent, "20");
}

Test(party, that_is_a_person_cannot_be_owned)
{
	struct party_input input = ana();

	input.owned_party = sql_text(&f, "SELECT uuid FROM party");
	expect_err(USE(f.rita, PARTY_ADD, "RAL-1", .party = &input), ERR_INVALID);
	expect_text(f.error.field, "owner_of");
}

Test(party, must_be_valid_in_every_field)
{
	struct party_input input = ana();

	input.name = " ";
	expect_err(USE(f.rita, PARTY_ADD, "RAL-1", .party = &input), ERR_INVALID);
	input = ana();
	input.roles = 0;
	expect_err(USE(f.rita, PARTY_ADD, "RAL-1", .party = &input), ERR_INVALID);
	expect_text(f.error.field, "role");
	input = ana();
	input.control_role = "Janitor";
	expect_err(USE(f.rita, PARTY_ADD, "RAL-1", .party = &input), ERR_INVALID);
	expect_text(f.error.field, "control_role");
	input = ana();
	input.percent = "100.01";
	expect_err(USE(f.rita, PARTY_ADD, "RAL-1", .party = &input), ERR_INVALID);
	expect_text(f.error.field, "percent");
	input.percent = "-1";
	expect_err(USE(f.rita, PARTY_ADD, "RAL-1", .party = &input), ERR_INVALID);
	input = ana();
	input.country = "Atlantis";
	expect_err(USE(f.rita, PARTY_ADD, "RAL-1", .party = &input), ERR_INVALID);
	expect_text(f.error.field, "country");
	input = ana();
	input.date_of_birth = "1990-02-30";
	expect_err(USE(f.rita, PARTY_ADD, "RAL-1", .party = &input), ERR_INVALID);
	input.date_of_birth = "2026-11-21";
	expect_err(USE(f.rita, PARTY_ADD, "RAL-1", .party = &input), ERR_INVALID);
	expect_text(f.error.field, "birth");
	expect_rows(1, "party");
}

Test(party, is_not_added_to_a_decided_case)
{
	struct party_input input = ana();

	must(USE(f.rita, APPROVE, "RAL-1"));
	expect_err(USE(f.rita, PARTY_ADD, "RAL-1", .party = &input), ERR_BLOCKED);
}

Test(party, gets_another_session_only_after_the_first_was_rejected)
{
	const char *party, *first;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .party = "manual_review" });
	party = sql_text(&f, "SELECT uuid FROM party");
	first = fixture_case(&f, "RAL-2").file.parties[0].session_id;
	expect_err(USE(f.rita, SUBSESSION_ADD, "RAL-2", .part = party), ERR_BLOCKED);
	must(USE(f.rita, REJECT, first, .reason = "expired_document", .note = "explained in full"));
	must(USE(f.rita, SUBSESSION_ADD, "RAL-2", .part = party));
	expect_text(fixture_case(&f, "RAL-2").file.parties[0].session_id, f.out.subsession_id);
}

Test(party, subsessions_are_listed_under_their_parent)
{
	struct session_item *items;
	size_t count;

	must(desk_subsessions(f.vic, &f.arena, "RAL-1", &items, &count, &f.error));
	cr_expect_eq(count, 1);
	expect_text(items[0].subject_name, "Ines Duarte");
}
