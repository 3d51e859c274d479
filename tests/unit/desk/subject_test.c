/* Subjects without and with sessions: which actors may change a subject, and when its data becomes fixed. */
#include "fixture.h"
#include "kybdesk/desk/subject.h"
#include "support/process.h"

#include <fcntl.h>
#include <unistd.h>

FIXTURE(subject);

static const struct subject_input harbour = { .merchant = "northwind-pay",
					      .uid = "biz-1",
					      .kind = SUBJECT_BUSINESS,
					      .name = "Harbour Lane Trading Ltd",
					      .country = "United Kingdom",
					      .registration_number = "09482213",
					      .tax_id = "GB123456789",
					      .website = "https://harbourlane.example" };

static enum err add_as(struct desk *desk, enum capacity as, const struct subject_input *input)
{
	return USE(desk, SUBJECT_ADD, NULL, .capacity = as, .subject = input);
}

static enum err add(const struct subject_input *input)
{
	return add_as(f.rita, CAPACITY_STAFF, input);
}

static enum err edit_as(struct desk *desk, enum capacity as, const char *reference, const struct subject_input *input,
			const char *reason)
{
	return USE(desk, SUBJECT_EDIT, NULL, .capacity = as, .part = reference, .subject = input, .reason = reason);
}

static enum err edit(const char *reference, const struct subject_input *input)
{
	return edit_as(f.rita, CAPACITY_STAFF, reference, input, NULL);
}

static enum err delete_as(struct desk *desk, enum capacity as, const char *reference, const char *reason)
{
	return USE(desk, SUBJECT_DELETE, NULL, .capacity = as, .part = reference, .reason = reason);
}

static struct subject_view view_of(const char *reference)
{
	struct subject_view view;

	must(desk_subject(f.rita, &f.arena, reference, false, &view, &f.error));
	return view;
}

static const char *last_detail(void)
{
	return sql_text(&f, "SELECT action || detail FROM audit_event ORDER BY seq DESC LIMIT 1");
}

Test(subject, stands_before_any_session_and_is_on_record_without_what_it_is_called)
{
	struct subject_view view;
	int64_t before = sql_int(&f, "SELECT count(*) FROM audit_event");

	must(add(&harbour));
	expect_rows(before + 1, "audit_event");
	cr_expect(strstr(last_detail(), "subject.add"));
	cr_expect(strstr(last_detail(), "biz-1"));
	cr_expect_not(strstr(last_detail(), "Harbour"), "%s", last_detail());
	view = view_of("biz-1");
	expect_text(view.record.merchant, "northwind-pay");
	expect_text(view.record.subject.country, "GBR");
	expect_text(view.record.subject.tax_id, "*******6789");
	cr_expect_eq(view.record.created_at, NOON);
	cr_expect_eq(view.record.deleted_at, TIME_NONE);
	cr_expect_gt(view.record.subject.kyb_id, 0);
	cr_expect_eq(view.session_count, 0);
	cr_expect_not(view.verified);
	expect_rows(0, "session");
}

Test(subject, is_opened_and_changed_in_each_capacity_that_brings_it_and_by_no_viewer)
{
	static const enum capacity capacities[] = { CAPACITY_CLIENT, CAPACITY_MERCHANT, CAPACITY_INTAKE };

	for (size_t i = 0; i < sizeof capacities / sizeof *capacities; i++) {
		struct subject_input input = harbour;
		const char *id;

		input.uid = NULL;
		must(add_as(f.rita, capacities[i], &input));
		id = f.out.part_id;
		cr_expect_eq(strlen(id), 36, "%s is not an id of its own", id);
		must(edit_as(f.rita, capacities[i], id, &(struct subject_input){ .country = "PT" }, NULL));
		expect_text(view_of(id).record.subject.country, "PRT");
		must(delete_as(f.rita, capacities[i], id, NULL));
	}
	expect_err(add_as(f.rita, CAPACITY_PROVIDER, &harbour), ERR_FORBIDDEN);
	expect_err(add_as(f.vic, CAPACITY_STAFF, &harbour), ERR_FORBIDDEN);
	must(add(&harbour));
	expect_err(edit_as(f.vic, CAPACITY_STAFF, "biz-1", &(struct subject_input){ .country = "PT" }, NULL),
		   ERR_FORBIDDEN);
	expect_err(delete_as(f.vic, CAPACITY_STAFF, "biz-1", NULL), ERR_FORBIDDEN);
}

static void expect_refusal(const struct subject_input *input, const char *field)
{
	expect_err(add(input), ERR_INVALID);
	expect_text(f.error.field, field);
}

Test(subject, with_a_value_that_is_none_is_refused_by_its_field)
{
	const struct subject_input person = {
		.merchant = "northwind-pay", .uid = "ind-1", .kind = SUBJECT_INDIVIDUAL, .name = "Ines Duarte"
	};
	struct subject_input input = harbour;

#define REFUSED(from, member, value, field)                                                                            \
	input = (from);                                                                                                \
	input.member = (value);                                                                                        \
	expect_refusal(&input, field)
	REFUSED(harbour, name, "  ", "name");
	REFUSED(harbour, name, NULL, "name");
	REFUSED(harbour, name, "\xff", "name");
	REFUSED(harbour, merchant, "", "merchant");
	REFUSED(harbour, country, "Atlantis", "country");
	REFUSED(harbour, email, "no@where", "email");
	REFUSED(harbour, website, "not a site", "website");
	REFUSED(harbour, incorporated_on, "2027-01-01", "incorporated_on");
	REFUSED(harbour, address_json, "[]", "address");
	REFUSED(harbour, address_json, "{", "address");
	REFUSED(harbour, date_of_birth, "1984-02-11", "date_of_birth");
	REFUSED(person, date_of_birth, "1984-02-30", "date_of_birth");
	REFUSED(person, date_of_birth, "2026-11-21", "date_of_birth");
	REFUSED(person, registration_number, "09482213", "registration_number");
	REFUSED(person, business, "biz-1", "business");
	expect_rows(0, "subject");
	must(add(&harbour));
	expect_err(add(&harbour), ERR_CONFLICT);
	expect_text(f.error.field, "uid");
}

Test(subject, keeps_what_an_edit_does_not_say_and_loses_what_it_empties)
{
	struct subject_record record;

	must(add(&harbour));
	forward(&f, MINUTE_MS);
	must(edit("northwind-pay/biz-1", &(struct subject_input){ .email = "a@harbour.example", .website = "" }));
	record = view_of("biz-1").record;
	expect_text(record.subject.name, "Harbour Lane Trading Ltd");
	expect_text(record.subject.email, "********");
	expect_sql("SELECT email FROM subject", "a@harbour.example");
	expect_text(record.subject.website, "");
	cr_expect_eq(record.updated_at, NOON + MINUTE_MS);
	cr_expect_eq(record.created_at, NOON);
	forward(&f, MINUTE_MS);
	must(edit("biz-1", &(struct subject_input){ .email = "a@harbour.example" }));
	cr_expect_eq(view_of("biz-1").record.updated_at, NOON + MINUTE_MS, "an edit that changes nothing is none");
	expect_err(edit("biz-1", &(struct subject_input){ .email = "nobody" }), ERR_INVALID);
	expect_err(edit("biz-9", &(struct subject_input){ .email = "" }), ERR_NOT_FOUND);
}

Test(subject, of_two_merchants_needs_the_merchants_name)
{
	struct subject_input other = harbour;

	other.merchant = "southwind/pay";
	must(add(&harbour));
	must(add(&other));
	expect_error(edit("biz-1", &(struct subject_input){ .country = "PT" }), ERR_USAGE, "southwind/pay/biz-1");
	must(edit("southwind/pay/biz-1", &(struct subject_input){ .country = "PT" }));
	expect_text(view_of("northwind-pay/biz-1").record.subject.country, "GBR");
}

Test(subject, is_described_by_the_session_that_makes_it_and_keeps_its_own_words_then)
{
	fixture_ready(&f, "RAL-1");
	expect_text(view_of("biz-RAL-1").record.subject.name, "Harbour Lane Trading Ltd");
	expect_text(view_of("biz-RAL-1").record.subject.level, "LIGHT");
	cr_expect_eq(view_of("biz-RAL-1").session_count, 1);
	must(edit("biz-RAL-1", &(struct subject_input){ .name = "Harbour Lane Holding Ltd" }));
	expect_text(fixture_case(&f, "RAL-1").file.session.subject.name, "Harbour Lane Trading Ltd");
}

Test(subject, that_was_opened_first_is_the_one_of_its_session_and_gets_the_first_level)
{
	struct subject_input input = harbour;

	input.uid = "biz-RAL-1";
	must(add(&input));
	expect_text(view_of("biz-RAL-1").record.subject.level, "");
	fixture_ready(&f, "RAL-1");
	expect_rows(1, "subject WHERE uid = 'biz-RAL-1'");
	expect_text(view_of("biz-RAL-1").record.subject.level, "LIGHT");
	expect_text(view_of("biz-RAL-1").sessions[0].external_ref, "RAL-1");
}

Test(subject, gets_no_level_from_a_case_of_somebody_else)
{
	struct subject_input input = harbour;

	input.uid = "biz-RAL-1";
	input.name = "Quay Holdings SA";
	must(add(&input));
	fixture_ready(&f, "RAL-1");
	expect_blocked(approve_at_once(&f, f.rita, "RAL-1"), "field_invalid");
	expect_says("The subject biz-RAL-1 is on record with another name, Quay Holdings SA");
	must(edit("biz-RAL-1", &(struct subject_input){ .name = "Harbour Lane Trading Ltd" }));
	must(approve_at_once(&f, f.rita, "RAL-1"));
}

Test(subject, of_one_session_alone_is_who_the_session_says_until_it_is_approved)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .status = "draft" });
	sql_run(&f, "UPDATE subject SET name = 'As it once was' WHERE uid = 'biz-RAL-1'");
	fixture_ready(&f, "RAL-1");
	must(USE(f.rita, SNOOZE, "RAL-1", .until = NOON + 60 * MINUTE_MS, .reason = "waiting for the registry"));
	expect_text(view_of("biz-RAL-1").record.subject.name, "Harbour Lane Trading Ltd");
}

Test(subject, of_two_sessions_is_who_the_approved_one_says)
{
	fixture_ready(&f, "RAL-1");
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .uid = "biz-RAL-1" });
	sql_run(&f, "UPDATE session SET subject_name = 'Quay Holdings SA' WHERE external_ref = 'RAL-2'");
	must(USE(f.rita, SNOOZE, "RAL-2", .until = NOON + 60 * MINUTE_MS, .reason = "waiting for the registry"));
	expect_text(view_of("biz-RAL-1").record.subject.name, "Quay Holdings SA");
	must(USE(f.rita, DUPLICATE_DISMISS, "RAL-1", .part = "RAL-2", .reason = "one user with two sessions"));
	must(approve_at_once(&f, f.rita, "RAL-1"));
	expect_text(view_of("biz-RAL-1").record.subject.name, "Harbour Lane Trading Ltd");
	must(USE(f.rita, WAKE, "RAL-2"));
	expect_text(view_of("biz-RAL-1").record.subject.name, "Harbour Lane Trading Ltd");
}

Test(subject, that_is_verified_is_changed_by_a_lead_with_a_reason_only)
{
	const struct subject_input renamed = { .name = "Another Company Ltd" };

	fixture_ready(&f, "RAL-1");
	must(approve_at_once(&f, f.rita, "RAL-1"));
	cr_expect(view_of("biz-RAL-1").verified);
	cr_expect(view_of("biz-RAL-1").may_open_accounts);
	expect_error(edit_as(f.rita, CAPACITY_MERCHANT, "biz-RAL-1", &renamed, NULL), ERR_BLOCKED,
		     "verified at 2026-11-20 12:00 UTC");
	expect_err(edit_as(f.lea, CAPACITY_MERCHANT, "biz-RAL-1", &renamed, "a letter of the registry"), ERR_BLOCKED);
	expect_err(edit("biz-RAL-1", &renamed), ERR_BLOCKED);
	expect_err(edit_as(f.lea, CAPACITY_STAFF, "biz-RAL-1", &renamed, "why"), ERR_INVALID);
	must(edit_as(f.rita, CAPACITY_MERCHANT, "biz-RAL-1", &(struct subject_input){ .phone = "123456789" }, NULL));
	must(edit_as(f.lea, CAPACITY_STAFF, "biz-RAL-1", &renamed, "a letter of the registry"));
	expect_text(view_of("biz-RAL-1").record.subject.name, "Another Company Ltd");
}

Test(subject, that_is_deleted_stays_on_record_and_opens_nothing_any_more)
{
	struct import_options options = { .folder = ".", .name = "line" };
	struct import_report report = { 0 };
	char *path = temp_path(f.folder, "again.ndjson");
	static const char line[] =
		"{\"external_ref\": \"RAL-9\", \"workflow\": \"generic-kyc\", \"kind\": \"kyc\", \"merchant\": "
		"\"northwind-pay\", \"status\": \"draft\", \"subject\": {\"uid\": \"biz-1\", \"kind\": "
		"\"business\", \"name\": \"Harbour Lane\"}}\n";

	must(add(&harbour));
	forward(&f, MINUTE_MS);
	must(delete_as(f.rita, CAPACITY_STAFF, "biz-1", NULL));
	cr_expect_eq(view_of("biz-1").record.deleted_at, NOON + MINUTE_MS);
	expect_err(delete_as(f.rita, CAPACITY_STAFF, "biz-1", NULL), ERR_NOT_FOUND);
	expect_err(edit("biz-1", &(struct subject_input){ .name = "x" }), ERR_NOT_FOUND);
	expect_error(add(&harbour), ERR_CONFLICT, "deleted");
	temp_write(path, line, strlen(line));
	options.fd = open(path, O_RDONLY | O_CLOEXEC);
	must(desk_import(f.ada, &options, &report, &f.error));
	close(options.fd);
	cr_expect_eq(report.imported, 0);
	expect_rows(0, "session");
}

Test(subject, with_a_session_is_deleted_by_a_lead_with_a_reason_only)
{
	fixture_ready(&f, "RAL-1");
	expect_error(delete_as(f.rita, CAPACITY_STAFF, "biz-RAL-1", "the client asked for it"), ERR_BLOCKED, "RAL-1");
	expect_err(delete_as(f.lea, CAPACITY_MERCHANT, "biz-RAL-1", "the client asked for it"), ERR_BLOCKED);
	expect_err(delete_as(f.lea, CAPACITY_STAFF, "biz-RAL-1", NULL), ERR_INVALID);
	must(delete_as(f.lea, CAPACITY_STAFF, "biz-RAL-1", "the client asked for it"));
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
}

Test(subject, outlives_a_session_that_is_erased_when_it_was_opened_before)
{
	static const struct subject_input person = {
		.merchant = "northwind-pay", .uid = "ind-KYC-1", .kind = SUBJECT_INDIVIDUAL, .name = "Jo Reyes"
	};

	must(add(&person));
	for (int i = 1; i <= 2; i++) {
		const char *ref = arena_printf(&f.arena, "KYC-%d", i);

		fixture_import(&f, arena_printf(&f.arena,
						"{\"external_ref\": \"%s\", \"workflow\": \"generic-kyc\", \"kind\": "
						"\"kyc\", \"merchant\": \"northwind-pay\", \"status\": \"draft\", "
						"\"subject\": {\"uid\": \"ind-%s\", \"kind\": \"individual\", "
						"\"name\": \"Jo Reyes\"}}\n",
						ref, ref));
		must(USE(f.lea, DELETE, ref));
	}
	expect_sql("SELECT group_concat(uid) FROM subject", "ind-KYC-1");
}

Test(subject, business_that_no_session_has_any_more_keeps_its_number_alone)
{
	fixture_import(&f, "{\"external_ref\": \"RAL-3\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", "
			   "\"merchant\": \"northwind-pay\", \"status\": \"draft\", \"subject\": {\"uid\": \"b\", "
			   "\"kind\": \"business\", \"name\": \"Harbour\", \"tax_id\": \"GB123456789\"}}\n");
	must(USE(f.lea, DELETE, "RAL-3"));
	expect_sql("SELECT name || tax_id || '.' || kyb_id FROM subject", ".1");
}

/* The parent case keeps the party without its session, and gets a new version, so that open screens notice it. */
Test(subject, s_session_that_goes_leaves_its_party_and_changes_the_case)
{
	struct case_view before, after;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "draft" });
	before = fixture_case(&f, "RAL-1");
	cr_assert_neq(before.file.parties[0].session_row, 0);
	cr_expect_eq(sql_int(&f, "SELECT waiting FROM session WHERE external_ref = 'RAL-1'"), 2, "for its party");
	must(USE(f.lea, DELETE, before.file.parties[0].session_id));
	cr_expect_eq(f.out.erased_count, 1);
	after = fixture_case(&f, "RAL-1");
	cr_expect_eq(after.file.party_count, 1);
	cr_expect_eq(after.file.parties[0].session_row, 0);
	cr_expect_gt(after.file.session.version, before.file.session.version);
	cr_expect_eq(sql_int(&f, "SELECT waiting FROM session WHERE external_ref = 'RAL-1'"), 0, "it is a reviewer's");
	expect_blocked(USE(f.rita, APPROVE, "RAL-1"), "party_not_verified");
}

Test(subject, is_revealed_on_record_by_who_holds_a_session_of_it_or_a_lead)
{
	struct subject_view view;

	fixture_ready(&f, "RAL-1");
	expect_err(desk_subject(f.rita, &f.arena, "biz-RAL-1", true, &view, &f.error), ERR_FORBIDDEN);
	must(USE(f.rita, CLAIM, "RAL-1"));
	must(desk_subject(f.rita, &f.arena, "biz-RAL-1", true, &view, &f.error));
	expect_text(view.record.subject.tax_id, "GB123456789");
	cr_expect(strstr(last_detail(), "subject.reveal"));
	cr_expect(strstr(last_detail(), "biz-RAL-1"));
	expect_err(desk_subject(f.bo, &f.arena, "biz-RAL-1", true, &view, &f.error), ERR_FORBIDDEN);
	must(desk_subject(f.lea, &f.arena, "biz-RAL-1", true, &view, &f.error));
	expect_err(desk_subject(f.vic, &f.arena, "biz-RAL-1", true, &view, &f.error), ERR_FORBIDDEN);
}

Test(subject, list_goes_on_behind_its_cursor_without_the_deleted)
{
	struct subject_query query = { .merchant = "northwind-pay", .limit = 2 };
	struct subject_page page;

	for (int i = 0; i < 7; i++) {
		struct subject_input input = harbour;

		input.uid = arena_printf(&f.arena, "biz-%d", i);
		must(add(&input));
		input.merchant = "southwind";
		must(add(&input));
	}
	must(delete_as(f.rita, CAPACITY_STAFF, "northwind-pay/biz-2", NULL));
	must(delete_as(f.rita, CAPACITY_STAFF, "northwind-pay/biz-3", NULL));
	must(desk_subjects(f.vic, &f.arena, &query, &page, &f.error));
	cr_assert_eq(page.count, 2);
	expect_text(page.items[1].subject.uid, "biz-1");
	expect_text(page.items[0].subject.tax_id, "*******6789");
	query.after = page.next;
	must(desk_subjects(f.vic, &f.arena, &query, &page, &f.error));
	cr_assert_eq(page.count, 2);
	expect_text(page.items[0].subject.uid, "biz-4");
	query.after = page.next;
	must(desk_subjects(f.vic, &f.arena, &query, &page, &f.error));
	cr_assert_eq(page.count, 1);
	expect_text(page.items[0].subject.uid, "biz-6");
	expect_text(page.next, "");
	query.after = "northwind-pay/biz-99";
	expect_err(desk_subjects(f.vic, &f.arena, &query, &page, &f.error), ERR_INVALID);
	expect_text(f.error.field, "after");
}

static void add_owner(const char *uid)
{
	must(add(&(struct subject_input){ .merchant = "northwind-pay",
					  .uid = uid,
					  .kind = SUBJECT_INDIVIDUAL,
					  .name = "Jo Reyes",
					  .business = "biz-1" }));
}

Test(subject, business_is_verified_when_all_its_owners_are)
{
	must(add(&harbour));
	add_owner("ind-KYC-1");
	add_owner("ind-KYC-2");
	add_owner("ind-KYC-3");
	cr_expect_not(view_of("biz-1").verified);
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	fixture_kyc(&f, "KYC-2", "manual_review", NULL);
	must(approve_at_once(&f, f.rita, "KYC-1"));
	cr_expect_not(view_of("biz-1").verified);
	must(approve_at_once(&f, f.rita, "KYC-2"));
	cr_expect_not(view_of("biz-1").verified, "the third has no session");
	cr_expect_eq(view_of("biz-1").owner_count, 3);
	must(delete_as(f.rita, CAPACITY_MERCHANT, "ind-KYC-3", NULL));
	cr_expect(view_of("biz-1").verified, "one who was deleted does not count");
	cr_expect_eq(view_of("biz-1").owner_count, 2);
	expect_text(view_of("ind-KYC-2").record.business_uid, "biz-1");
	cr_expect(view_of("biz-1").owners[1].verified);
	must(USE(f.lea, REOPEN, "KYC-2", .reason = "the document was another's"));
	cr_expect_not(view_of("biz-1").verified);
	cr_expect_eq(view_of("biz-1").owners[1].status, SESSION_MANUAL_REVIEW);
}

Test(subject, owner_needs_a_business_that_is_there_and_none)
{
	struct subject_input owner = { .merchant = "northwind-pay",
				       .uid = "ind-1",
				       .kind = SUBJECT_INDIVIDUAL,
				       .name = "Jo Reyes",
				       .business = "biz-1" };

	expect_err(add(&owner), ERR_INVALID);
	expect_text(f.error.field, "business");
	must(add(&harbour));
	owner.merchant = "southwind";
	expect_err(add(&owner), ERR_INVALID);
	owner.merchant = "northwind-pay";
	must(add(&owner));
	expect_err(edit("ind-1", &(struct subject_input){ .business = "ind-1" }), ERR_INVALID);
	must(edit("ind-1", &(struct subject_input){ .business = "" }));
	cr_expect_eq(view_of("biz-1").owner_count, 0);
	cr_expect_not(view_of("biz-1").verified, "a business without owners is verified by nobody");
	must(delete_as(f.rita, CAPACITY_STAFF, "biz-1", NULL));
	expect_err(edit("ind-1", &(struct subject_input){ .business = "biz-1" }), ERR_INVALID);
}
