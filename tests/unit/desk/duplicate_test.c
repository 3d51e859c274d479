/* Possible duplicates: comparison of numbers and other data, and duplicates that only leads may see. */
#include "fixture.h"
#include "kybdesk/domain/duplicate.h"
#include "support/process.h"

#include <fcntl.h>
#include <unistd.h>

FIXTURE(duplicate);

#define WHY "two branches of one company"

/* A company in review, with its owner and one document. */
struct company {
	const char *ref, *merchant, *uid, *name, *country, *number, *tax, *born, *file;
};

static void import_company(const struct company *company)
{
	const char *file = company->file ? company->file : "";
	const char *text = (arena_printf(
		&f.arena,
		"{\"external_ref\": \"%s\", \"workflow\": \"ralio-kyb\", \"kind\": \"kyb\", \"merchant\": "
		"\"%s\", \"status\": \"manual_review\", \"subject\": {\"uid\": \"%s\", \"kind\": "
		"\"business\", \"name\": \"%s\", \"country\": \"%s\", \"registration_number\": \"%s\", "
		"\"tax_id\": \"%s\"}, "
		"\"parties\": [{\"kind\": \"individual\", \"name\": \"Ines Duarte\", \"roles\": [\"ubo\"], "
		"\"date_of_birth\": \"%s\"}], \"documents\": [%s%s%s]}\n",
		company->ref, company->merchant ? company->merchant : "northwind-pay",
		company->uid ? company->uid : company->ref, company->name ? company->name : company->ref,
		company->country ? company->country : "GBR", company->number ? company->number : "",
		company->tax ? company->tax : "", company->born ? company->born : "",
		*file ? "{\"type\": \"OTHER\", \"category\": \"COMPANY_INFO\", \"file_name\": \"a.pdf\", "
			"\"file\": \""
		      : "",
		file, *file ? "\", \"upload\": \"ready\"}" : ""));
	struct import_options options = { .folder = strchr(file, '/') ? KYB_SOURCE_DIR "/data/samples" : f.folder,
					  .name = "case" };
	struct import_report report = { 0 };
	char *path = temp_path(f.folder, "company.ndjson");

	temp_write(path, text, strlen(text));
	options.fd = open(path, O_RDONLY | O_CLOEXEC);
	must(desk_import(f.ada, &options, &report, &f.error));
	close(options.fd);
	cr_assert_eq(report.imported, 1);
}

/* The data that a lead sees as the same in both cases; 0: `twin` is not shown as a duplicate. */
static unsigned same_bits(const char *ref, const char *twin)
{
	struct case_view view;

	must(desk_case(f.lea, &f.arena, ref, false, &view, &f.error));
	for (size_t i = 0; i < view.duplicate_count; i++)
		if (!strcmp(view.duplicates[i].external_ref, twin))
			return view.duplicates[i].same_bits;
	return 0;
}

static const struct blocker *blocker(const struct case_view *view, enum blocker_code code)
{
	for (size_t i = 0; i < view->blockers.count; i++)
		if (view->blockers.items[i].code == code)
			return &view->blockers.items[i];
	return NULL;
}

Test(duplicate, numbers_are_found_in_every_spelling)
{
	static const char *const spellings[] = {
		"0948 221 3A", /* blanks */
		"0948-2213-A", /* hyphens */
		"\xef\xbc\x90\xef\xbc\x99\xef\xbc\x94\xef\xbc\x98\xef\xbc\x92\xef\xbc\x92\xef\xbc\x91\xef\xbc\x93"
		"\xef\xbc\xa1",	    /* full width */
		"09482213\xd0\x90", /* Cyrillic A */
		"00009482213A",	    /* leading zeros */
		"\xd9\xa0\xd9\xa9\xd9\xa4\xd9\xa8\xd9\xa2\xd9\xa2\xd9\xa1\xd9\xa3"
		"A", /* Arabic digits */
		"0948\xe2\x80\x8b"
		"2213\xe2\x80\x8d"
		"A",	     /* zero width */
		"09482213a", /* lower case */
		"9.482.213.\xc2\xba"
		"a.",	     /* ordinal sign and dots */
		"O948221ЗA", /* the letter O, Cyrillic Ze */
	};

	import_company(&(struct company){ .ref = "CO-1", .number = "09482213A" });
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		const char *ref = arena_printf(&f.arena, "TWIN-%zu", i);

		import_company(&(struct company){ .ref = ref, .number = spellings[i] });
		cr_expect_eq(same_bits("CO-1", ref), SAME_REGISTRATION_NUMBER, "%s", spellings[i]);
		cr_expect_eq(same_bits(ref, "CO-1"), SAME_REGISTRATION_NUMBER, "%s", spellings[i]);
	}
	import_company(&(struct company){ .ref = "CO-2", .number = "9482214A" });
	import_company(&(struct company){ .ref = "CO-3", .number = "9482213A", .country = "IRL" });
	import_company(&(struct company){ .ref = "CO-4", .number = "000" });
	import_company(&(struct company){ .ref = "CO-5", .number = "-" });
	cr_expect_eq(same_bits("CO-1", "CO-2"), 0);
	cr_expect_eq(same_bits("CO-1", "CO-3"), 0);
	cr_expect_eq(same_bits("CO-4", "CO-5"), 0, "placeholders are no numbers");
}

Test(duplicate, a_registration_number_given_as_tax_id_is_found)
{
	import_company(&(struct company){ .ref = "CO-1", .number = "09482213A", .tax = "77" });
	import_company(&(struct company){ .ref = "CO-2", .number = "NEW 1", .tax = "9482213-a" });
	import_company(&(struct company){ .ref = "CO-3", .number = "7 7" });
	import_company(&(struct company){ .ref = "CO-4", .tax = "9482213A" });
	import_company(&(struct company){ .ref = "CO-5", .number = "77", .tax = "9482213A" });
	import_company(&(struct company){ .ref = "CO-6", .tax = "9482213A", .country = "IRL" });
	import_company(&(struct company){ .ref = "CO-7", .number = "9482213A", .tax = "9482213A" });
	import_company(&(struct company){ .ref = "CO-8" });
	import_company(&(struct company){ .ref = "CO-9", .number = "000", .tax = "-" });
	for (int i = 2; i <= 5; i++) {
		const char *twin = arena_printf(&f.arena, "CO-%d", i);

		cr_expect_eq(same_bits("CO-1", twin), SAME_CROSSWISE, "%s", twin);
		cr_expect_eq(same_bits(twin, "CO-1"), SAME_CROSSWISE, "%s", twin);
	}
	cr_expect_eq(same_bits("CO-1", "CO-6"), 0, "another country counts its numbers for itself");
	cr_expect_eq(same_bits("CO-1", "CO-7"), SAME_REGISTRATION_NUMBER, "that says it all");
	cr_expect_eq(same_bits("CO-7", "CO-4"), SAME_TAX_ID, "that says it all");
	cr_expect_eq(same_bits("CO-8", "CO-9"), 0, "placeholders are no numbers");
}

/* A dismissal covers only the data that was equal then. Here a tax id equal to the other's number comes later. */
Test(duplicate, a_number_that_comes_crosswise_opens_a_dismissed_pair)
{
	const struct duplicate *twin;
	struct case_view view;

	import_company(
		&(struct company){ .ref = "CO-1", .name = "Harbour", .born = "1984-02-11", .number = "09482213A" });
	import_company(&(struct company){ .ref = "CO-2", .name = "Harbour", .born = "1984-02-11", .number = "NEW 1" });
	must(USE(f.lea, DUPLICATE_DISMISS, "CO-2", .part = "CO-1", .reason = WHY));
	must(desk_case(f.lea, &f.arena, "CO-2", false, &view, &f.error));
	cr_assert_null(blocker(&view, BLOCKER_DUPLICATE_OPEN));
	/* Sets the tax id, as an import would. */
	sql_run(&f, "UPDATE session SET tax_id = '9482213A', tax_key = '9482213A' WHERE external_ref = 'CO-2'");
	must(desk_case(f.lea, &f.arena, "CO-2", false, &view, &f.error));
	cr_assert_eq(view.duplicate_count, 1);
	twin = &view.duplicates[0];
	cr_expect_eq(twin->same_bits, SAME_OWNER | SAME_CROSSWISE);
	cr_assert_not_null(blocker(&view, BLOCKER_DUPLICATE_OPEN));
	cr_expect_not_null(strstr(blocker(&view, BLOCKER_DUPLICATE_OPEN)->message,
				  "has the same name and owner and registration number used as tax id: "));
}

Test(duplicate, the_same_user_is_found_of_one_merchant)
{
	import_company(&(struct company){ .ref = "CO-1", .uid = "biz" });
	import_company(&(struct company){ .ref = "CO-2", .uid = "biz", .country = "IRL" });
	import_company(&(struct company){ .ref = "CO-3", .uid = "biz", .merchant = "other-pay" });
	cr_expect_eq(same_bits("CO-1", "CO-2"), SAME_UID);
	cr_expect_eq(same_bits("CO-1", "CO-3"), 0, "another merchant counts its users for itself");
}

static void import_person(const char *ref, const char *merchant, const char *name, const char *born, const char *tax)
{
	const char *text = arena_printf(
		&f.arena,
		"{\"external_ref\": \"%s\", \"workflow\": \"generic-kyc\", \"kind\": \"kyc\", \"merchant\": \"%s\", "
		"\"status\": \"manual_review\", \"subject\": {\"uid\": \"%s\", \"kind\": \"individual\", \"name\": "
		"\"%s\", \"country\": \"PRT\", \"date_of_birth\": \"%s\", \"tax_id\": \"%s\"}}\n",
		ref, merchant, ref, name, born, tax);
	struct import_options options = { .folder = f.folder, .name = "case" };
	struct import_report report = { 0 };
	char *path = temp_path(f.folder, "person.ndjson");

	temp_write(path, text, strlen(text));
	options.fd = open(path, O_RDONLY | O_CLOEXEC);
	must(desk_import(f.ada, &options, &report, &f.error));
	close(options.fd);
	cr_assert_eq(report.imported, 1);
}

Test(duplicate, a_person_is_found_under_another_user_spelling_and_merchant)
{
	const char *const same[] = { "P-2", "P-3", "P-4", "P-5" }, *const other[] = { "P-6", "P-7", "P-8", "P-9" };

	import_person("P-1", "northwind-pay", "Rüdiger Khomenko", "1984-02-11", "");
	import_person("P-2", "northwind-pay", "RUEDIGER KHOMENKO", "1984-02-11", "");
	import_person("P-3", "other-pay", "Khomenko, Rudiger", "1984-02-11", "");
	import_person("P-4", "northwind-pay", "Рудигер Хоменко", "1984-02-11", "77");
	import_person("P-5", "northwind-pay", "Rudiger Homenko", "1984-02-11", "");
	import_person("P-6", "northwind-pay", "Rüdiger Khomenko", "1984-02-12", "");
	import_person("P-7", "northwind-pay", "Rüdiger Khomenko", "", "");
	import_person("P-8", "northwind-pay", "Georgina Khomenko", "1984-02-11", "");
	import_person("P-9", "northwind-pay", "Rüdiger Khomenko", "1984-02-11", "78");
	for (size_t i = 0; i < 4; i++) {
		cr_expect_eq(same_bits("P-1", same[i]), SAME_PERSON, "%s", same[i]);
		cr_expect_eq(same_bits(same[i], "P-1"), SAME_PERSON, "%s", same[i]);
	}
	for (size_t i = 0; i < 3; i++)
		cr_expect_eq(same_bits("P-1", other[i]), 0, "%s", other[i]);
	cr_expect_eq(same_bits("P-4", "P-9"), 0, "two tax ids");
}

/* An owner may be a client, too; but a person rejected as one of them is found as the other. */
Test(duplicate, an_owner_is_another_client_unless_rejected)
{
	for (int i = 1; i <= 2; i++) {
		const char *ref = arena_printf(&f.arena, "RAL-%d", i), *person = arena_printf(&f.arena, "P-%d", i);
		struct case_view view;

		fixture_kyb(&f, &(struct kyb){ .ref = ref, .party = i == 1 ? "approved" : "rejected" });
		import_person(person, "northwind-pay", "Duarte, Inês",
			      sql_text(&f, "SELECT date_of_birth FROM party ORDER BY id DESC LIMIT 1"), "");
		must(desk_case(f.lea, &f.arena, person, false, &view, &f.error));
		cr_expect_eq(view.duplicate_count, i == 1 ? 0 : 1, "%s", person);
	}
}

static void expect_found(const char *session, size_t count)
{
	struct case_view view;

	must(desk_case(f.lea, &f.arena, session, false, &view, &f.error));
	cr_expect_eq(view.duplicate_count, count);
}

static bool found_at(const char *session, const char *other)
{
	struct case_view view;
	bool found = false;

	must(desk_case(f.lea, &f.arena, session, false, &view, &f.error));
	for (size_t i = 0; i < view.duplicate_count; i++)
		found |= !strcmp(view.duplicates[i].external_ref, other);
	return found;
}

/* A name that leaves out words or shortens them is found among the recognised persons of the birth date, as subject and
 * as owner. */
Test(duplicate, a_recognised_person_is_found_under_a_shortened_name)
{
	static const struct {
		const char *name, *born;
		bool found;
	} persons[] = {
		{ "Anna M. Kowalska", "1971-04-05", true },    { "KOWALSKA Anna", "1971-04-05", true },
		{ "A. Maria Kowalska", "1971-04-05", true },   { "Anna Maria Teresa Kowalska", "1971-04-05", true },
		{ "Anna Kowalska", "1971-04-06", false },      { "Anna Kowalska", "1971", false },
		{ "Ewa Maria Kowalska", "1971-04-05", false }, { "Anna Maria", "1971-04-05", true },
		{ "Kowalska", "1971-04-05", false },	       { "A. M. K.", "1971-04-05", false },
	};
	const struct party_input owner = { .name = "Anna Kowalska",
					   .kind = PARTY_INDIVIDUAL,
					   .roles = 1u << ROLE_UBO,
					   .country = "POL",
					   .date_of_birth = "1971-04-05",
					   .percent = "20" };
	enum { COUNT = sizeof persons / sizeof *persons };
	bool before[COUNT];

	import_person("FIRST", "northwind-pay", "Anna Maria Kowalska", "1971-04-05", "");
	for (size_t i = 0; i < COUNT; i++)
		import_person(arena_printf(&f.arena, "P-%zu", i), "other-pay", persons[i].name, persons[i].born, "");
	fixture_kyb(&f, &(struct kyb){ .ref = "OWNED" });
	fixture_in_production(&f);
	must(USE(f.rita, PARTY_ADD, "OWNED", .party = &owner));
	expect_found("OWNED", 0);
	for (size_t i = 0; i < COUNT; i++)
		before[i] = found_at(arena_printf(&f.arena, "P-%zu", i), "FIRST");
	sql_run(&f, "DELETE FROM recount");
	must(USE(f.lea, REJECT, "FIRST", .reason = "suspected_fraud"));
	/* The owner and the company are counted anew; the other persons have another first blocker. */
	expect_rows(2, "recount");
	for (size_t i = 0; i < COUNT; i++) {
		cr_expect_not(before[i], "%s", persons[i].name);
		cr_expect_eq(found_at(arena_printf(&f.arena, "P-%zu", i), "FIRST"), persons[i].found, "%s",
			     persons[i].name);
	}
	expect_found("OWNED", 1);
}

/* One person owns two companies. A rejection is a hold for the other company only if its reason is restricted, and
 * until a lead finds that they are two. */
Test(duplicate, an_owner_rejected_for_cause_holds_the_next_company)
{
	const char *rejected, *next;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "manual_review" });
	rejected = fixture_kyc_id(&f);
	fixture_kyb(&f, &(struct kyb){ .ref = "CARD-1", .party = "manual_review" });
	next = arena_strdup(&f.arena, fixture_case(&f, "CARD-1").file.parties[0].session_id);
	fixture_in_production(&f);
	must(USE(f.lea, REJECT, rejected, .reason = "other", .note = "no answer since the second letter"));
	expect_found(next, 0);
	must(USE(f.lea, UNDO, rejected));
	must(USE(f.lea, REJECT, rejected, .reason = "suspected_fraud"));
	expect_found(next, 1);
	expect_blocked(USE(f.rita, APPROVE, next), "held");
	expect_blocked(USE(f.rita, APPROVE, "CARD-1"), "party_not_verified");
	must(USE(f.lea, DUPLICATE_DISMISS, next, .part = rejected, .reason = "two persons, their passports differ"));
	must(USE(f.rita, APPROVE, next));
}

Test(duplicate, owners_of_a_sandbox_are_no_pair)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "manual_review" });
	fixture_kyb(&f, &(struct kyb){ .ref = "CARD-1", .party = "manual_review" });
	must(USE(f.lea, REJECT, fixture_kyc_id(&f), .reason = "suspected_fraud"));
	expect_found(fixture_case(&f, "CARD-1").file.parties[0].session_id, 0);
}

Test(duplicate, a_company_is_found_in_another_spelling_of_its_name)
{
	import_company(&(struct company){ .ref = "CO-1", .name = "Müller & Söhne GmbH", .born = "1984-02-11" });
	import_company(&(struct company){ .ref = "CO-2",
					  .name = "MUELLER UND SOEHNE Gesellschaft mit beschränkter Haftung",
					  .born = "1984-02-11" });
	import_company(&(struct company){ .ref = "CO-3", .name = "Müller & Söhne AG", .born = "1984-02-11" });
	cr_expect_eq(same_bits("CO-1", "CO-2"), SAME_OWNER);
	cr_expect_eq(same_bits("CO-2", "CO-1"), SAME_OWNER);
	cr_expect_eq(same_bits("CO-1", "CO-3"), 0);
}

Test(duplicate, the_same_name_needs_an_owner_in_common)
{
	import_company(&(struct company){ .ref = "CO-1", .name = "Harbour Lane Ltd.", .born = "1984-02-11" });
	import_company(&(struct company){ .ref = "CO-2", .name = "HARB\xd0\x9eUR LANE LTD", .born = "1984-02-11" });
	import_company(&(struct company){ .ref = "CO-3", .name = "Harbour Lane Ltd", .born = "1984-02-12" });
	import_company(&(struct company){ .ref = "CO-4", .name = "Harbour Lane Ltd" });
	import_company(
		&(struct company){ .ref = "CO-5", .name = "Harbour Lane Ltd", .born = "1984-02-11", .country = "IRL" });
	import_company(&(struct company){ .ref = "CO-6", .name = "Harbor Lane", .born = "1984-02-11" });
	cr_expect_eq(same_bits("CO-1", "CO-2"), SAME_OWNER);
	for (int i = 3; i <= 6; i++)
		cr_expect_eq(same_bits("CO-1", arena_printf(&f.arena, "CO-%d", i)), 0, "CO-%d", i);
}

static void make_file(const char *name)
{
	static const char text[] = "%PDF-1.4\none\n%%EOF\n";
	char *path = temp_path(f.folder, name);

	temp_write(path, text, sizeof text - 1);
}

Test(duplicate, the_same_document_of_another_subject_is_found)
{
	const char *ref;

	make_file("one.pdf");
	import_company(&(struct company){ .ref = "CO-1", .file = "one.pdf" });
	import_company(&(struct company){ .ref = "CO-2", .file = "one.pdf" });
	cr_expect_eq(same_bits("CO-1", "CO-2"), 0, "in a sandbox one file stands for many");
	fixture_in_production(&f);
	import_company(&(struct company){ .ref = "CO-3", .file = "files/articles.pdf" });
	import_company(&(struct company){ .ref = "CO-4", .file = "files/articles.pdf" });
	cr_expect_eq(same_bits("CO-1", "CO-2"), SAME_DOCUMENT);
	cr_expect_eq(same_bits("CO-3", "CO-4"), 0, "a sample of the program");
	/* If many cases have the same file, each case shows only the five oldest of them as duplicates. */
	for (int i = 10; i < 20; i++)
		import_company(&(struct company){ .ref = arena_printf(&f.arena, "CO-%d", i), .file = "one.pdf" });
	ref = "CO-19";
	cr_expect_eq(same_bits(ref, "CO-1"), SAME_DOCUMENT);
	cr_expect_eq(same_bits(ref, "CO-12"), SAME_DOCUMENT);
	cr_expect_eq(same_bits(ref, "CO-13"), 0);
	cr_expect_eq(same_bits("CO-1", "CO-13"), SAME_DOCUMENT);
	cr_expect_eq(same_bits("CO-1", "CO-14"), 0);
}

/* Expects that a reviewer sees the case as held, and nothing of the duplicate, which only leads may see. */
static void expect_held(const char *ref)
{
	struct case_view view;
	const struct blocker *held;

	must(desk_case(f.rita, &f.arena, ref, false, &view, &f.error));
	held = blocker(&view, BLOCKER_HELD);
	cr_assert_not_null(held);
	expect_text(held->message, "Held by a lead: ask a lead to review this case");
	expect_text(held->ref, "");
	cr_expect_null(blocker(&view, BLOCKER_DUPLICATE_OPEN));
	cr_expect_eq(view.duplicate_count, 0);
	for (size_t i = 0; i < view.checklist_count; i++)
		cr_expect_null(strstr(view.checklist[i].message, "duplicate"), "%s", view.checklist[i].message);
}

static void cleared_by_a_lead_alone(const char *ref, const char *twin)
{
	const char *unknown;
	struct case_view view;
	int64_t records;

	expect_held(ref);
	expect_err(USE(f.rita, DUPLICATE_DISMISS, ref, .part = "NOBODY", .reason = WHY), ERR_NOT_FOUND);
	unknown = arena_strdup(&f.arena, f.error.message);
	expect_err(USE(f.rita, DUPLICATE_DISMISS, ref, .part = twin, .reason = WHY), ERR_NOT_FOUND);
	cr_expect_eq(strlen(f.error.message) - strlen(twin), strlen(unknown) - strlen("NOBODY"), "%s", f.error.message);
	must(USE(f.lea, DUPLICATE_DISMISS, ref, .part = twin, .reason = WHY));
	must(desk_case(f.rita, &f.arena, ref, false, &view, &f.error));
	cr_expect_null(blocker(&view, BLOCKER_HELD));
	cr_expect_eq(view.duplicate_count, 0);
	cr_expect_eq(view.judgements.count, 0);
	/* Every user can read the audit log, so it does not name the duplicate. */
	records = sql_int(&f, "SELECT count(*) FROM audit_event WHERE action = 'hold.clear'");
	cr_expect_eq(records, 1);
	expect_rows(0, "audit_event a JOIN session s ON instr(a.detail, s.uuid) > 0 "
		       "WHERE a.action IN ('hold.clear', 'duplicate.dismiss')");
	/* A changed fact of the duplicate holds the case again. A confirmation would name it, and is refused. */
	sql_run(&f, arena_printf(&f.arena, "UPDATE session SET subject_name = 'New' WHERE external_ref = '%s'", twin));
	must(desk_case(f.rita, &f.arena, ref, false, &view, &f.error));
	cr_expect_not_null(blocker(&view, BLOCKER_HELD));
	cr_expect_eq(view.judgements.count, 0);
	expect_err(confirm_all(&f, f.lea, ref), ERR_BLOCKED);
	must(USE(f.lea, DUPLICATE_DISMISS, ref, .part = twin, .reason = WHY));
}

Test(duplicate, of_another_merchant_is_known_to_leads_alone)
{
	struct case_view view;
	const struct blocker *open;

	import_company(&(struct company){ .ref = "CO-1", .number = "7" });
	import_company(&(struct company){ .ref = "CO-2", .number = "7", .merchant = "other-pay" });
	must(desk_case(f.lea, &f.arena, "CO-1", false, &view, &f.error));
	open = blocker(&view, BLOCKER_DUPLICATE_OPEN);
	cr_assert_not_null(open);
	cr_expect_not_null(strstr(open->message, "CO-2 (CO-2, of other-pay, in review) has the same registration"));
	cr_assert_eq(view.duplicate_count, 1);
	expect_text(view.duplicates[0].merchant, "other-pay");
	cleared_by_a_lead_alone("CO-1", "CO-2");
}

Test(duplicate, with_a_restricted_rejection_is_known_to_leads_alone)
{
	import_company(&(struct company){ .ref = "CO-1", .number = "7" });
	import_company(&(struct company){ .ref = "CO-2", .number = "7" });
	must(USE(f.bo, REJECT, "CO-2", .reason = "suspected_fraud"));
	cleared_by_a_lead_alone("CO-1", "CO-2");
}

/* Only what stands counts: an undone restricted rejection was a slip of the hand. */
Test(duplicate, an_undone_restricted_rejection_does_not_count)
{
	struct case_view view;

	import_company(&(struct company){ .ref = "CO-1", .number = "7" });
	import_company(&(struct company){ .ref = "CO-2", .number = "7" });
	must(USE(f.bo, REJECT, "CO-2", .reason = "suspected_fraud"));
	expect_held("CO-1");
	must(USE(f.bo, UNDO, "CO-2"));
	must(USE(f.bo, REJECT, "CO-2", .reason = "other"));
	must(desk_case(f.rita, &f.arena, "CO-1", false, &view, &f.error));
	cr_expect_not_null(blocker(&view, BLOCKER_DUPLICATE_OPEN));
	cr_expect_null(blocker(&view, BLOCKER_HELD));
}

Test(duplicate, with_an_open_rejection_is_shown_to_all)
{
	struct case_view view;

	import_company(&(struct company){ .ref = "CO-1", .number = "7" });
	import_company(&(struct company){ .ref = "CO-2", .number = "7" });
	must(USE(f.bo, REJECT, "CO-2", .reason = "other"));
	must(desk_case(f.rita, &f.arena, "CO-1", false, &view, &f.error));
	cr_expect_not_null(blocker(&view, BLOCKER_DUPLICATE_OPEN));
	cr_expect_null(blocker(&view, BLOCKER_HELD));
	must(USE(f.rita, DUPLICATE_DISMISS, "CO-1", .part = "CO-2", .reason = WHY));
}

Test(duplicate, in_the_evidence_of_a_lead_is_only_what_all_may_read)
{
	const char *evidence;

	fixture_ready(&f, "RAL-1");
	fixture_ready(&f, "RAL-2");
	import_company(
		&(struct company){ .ref = "CO-2", .name = "Secret Twin SA", .merchant = "other-pay", .number = "5" });
	sql_run(&f, "UPDATE session SET tax_key = 'GB123456789' WHERE external_ref = 'CO-2'");
	/* Rejects while the duplicate is open, then approves after its dismissal. */
	must(USE(f.lea, REJECT, "RAL-1", .reason = "other"));
	must(USE(f.lea, UNDO, "RAL-1"));
	must(USE(f.lea, DUPLICATE_DISMISS, "RAL-1", .part = "CO-2", .reason = WHY));
	must(USE(f.lea, APPROVE, "RAL-1"));
	evidence = sql_text(&f, "SELECT group_concat(evidence) FROM decision");
	cr_expect_not_null(strstr(evidence, "Held by a lead"));
	cr_expect_null(strstr(evidence, "Secret Twin"));
	cr_expect_null(strstr(evidence, "other-pay"));
	cr_expect_null(strstr(evidence, "possible duplicates are dismissed"));
}

Test(duplicate, that_arrives_later_marks_the_lists_of_the_first)
{
	fixture_ready(&f, "RAL-1");
	expect_sql("SELECT blocker FROM session WHERE external_ref = 'RAL-1'", "");
	import_company(&(struct company){
		.ref = "CO-2", .merchant = "other-pay", .name = "Harbour Lane Trading Ltd", .born = "1984-02-11" });
	expect_rows(1, "recount r JOIN session s ON s.id = r.session_id WHERE "
		       "external_ref = 'RAL-1'");
}

/* --- duplicates side by side, and linked --- */

static const struct duplicate *only_twin(struct desk *desk, const char *ref)
{
	struct case_view *view = arena_alloc(&f.arena, sizeof *view);

	must(desk_case(desk, &f.arena, ref, false, view, &f.error));
	cr_assert_eq(view->duplicate_count, 1);
	return view->duplicates;
}

Test(duplicate, a_link_answers_the_comparison_of_both_until_more_is_the_same)
{
	struct case_view view;

	import_company(&(struct company){ .ref = "CO-1", .number = "7", .tax = "1" });
	import_company(&(struct company){ .ref = "CO-2", .number = "7", .tax = "2" });
	expect_err(USE(f.vic, DUPLICATE_LINK, "CO-1", .part = "CO-2", .reason = WHY), ERR_FORBIDDEN);
	expect_err(USE(f.rita, DUPLICATE_LINK, "CO-1", .part = "CO-2", .reason = "short"), ERR_INVALID);
	expect_err(USE(f.rita, DUPLICATE_LINK, "CO-1", .part = "CO-9", .reason = WHY), ERR_NOT_FOUND);
	must(USE(f.rita, DUPLICATE_LINK, "CO-1", .part = "CO-2", .reason = WHY));
	cr_expect(duplicate_is_linked(only_twin(f.rita, "CO-1")));
	cr_expect(duplicate_is_linked(only_twin(f.rita, "CO-2")), "the other one shows it, too");
	expect_text(only_twin(f.rita, "CO-2")->dismissed_reason, WHY);
	must(desk_case(f.rita, &f.arena, "CO-2", false, &view, &f.error));
	cr_expect_null(blocker(&view, BLOCKER_DUPLICATE_OPEN));
	cr_expect_not_null(strstr(view.judgements.items[0].description, "The link to the duplicate CO-1 by rita"));
	expect_rows(1, "audit_event WHERE action = 'duplicate.link'");
	/* A dismissal replaces a link, and a link replaces a dismissal. */
	must(USE(f.rita, DUPLICATE_DISMISS, "CO-2", .part = "CO-1", .reason = WHY));
	cr_expect_not(duplicate_is_linked(only_twin(f.rita, "CO-1")));
	must(USE(f.rita, DUPLICATE_LINK, "CO-2", .part = "CO-1", .reason = WHY));
	sql_run(&f, "UPDATE session SET tax_id = '9', tax_key = '9'");
	must(desk_case(f.rita, &f.arena, "CO-1", false, &view, &f.error));
	cr_expect_not_null(blocker(&view, BLOCKER_DUPLICATE_OPEN), "the tax id is the same now");
}

Test(duplicate, a_link_to_what_leads_alone_know_is_a_cleared_hold)
{
	import_company(&(struct company){ .ref = "CO-1", .number = "7" });
	import_company(&(struct company){ .ref = "CO-2", .number = "7", .merchant = "other-pay" });
	expect_err(USE(f.rita, DUPLICATE_LINK, "CO-1", .part = "CO-2", .reason = WHY), ERR_NOT_FOUND);
	must(USE(f.lea, DUPLICATE_LINK, "CO-1", .part = "CO-2", .reason = WHY));
	expect_rows(0, "audit_event WHERE action = 'duplicate.link'");
	expect_rows(1, "audit_event WHERE action = 'hold.clear' AND detail NOT LIKE "
		       "'%other%'");
}

static enum err beside(struct desk *desk, const char *ref, const char *twin, bool again, struct duplicate_view *out)
{
	const char *id =
		sql_text(&f, arena_printf(&f.arena, "SELECT uuid FROM session WHERE external_ref = '%s'", twin));
	const struct duplicate_query query = { .session = ref, .other_id = id, .is_reload = again };

	return desk_duplicate(desk, &f.arena, &query, out, &f.error);
}

static const struct comparison_line *line(const struct duplicate_view *view, const char *label, bool is_same)
{
	for (size_t i = 0; i < view->card.count; i++)
		if (!strcmp(view->card.lines[i].label, label) && view->card.lines[i].is_same == is_same)
			return &view->card.lines[i];
	return NULL;
}

Test(duplicate, both_are_beside_each_other_with_what_is_the_same)
{
	struct duplicate_view view;
	struct case_view held;

	import_company(&(struct company){
		.ref = "CO-1", .number = "0007", .tax = "12345", .born = "1984-02-11", .file = "files/address.pdf" });
	import_company(&(struct company){
		.ref = "CO-2", .number = "7", .tax = "99999", .born = "1984-02-11", .file = "files/address.pdf" });
	must(beside(f.rita, "CO-1", "CO-2", false, &view));
	cr_expect(view.masked);
	cr_assert_not_null(line(&view, "reg. number", true));
	cr_assert_not_null(line(&view, "tax id", false));
	cr_expect_null(strstr(line(&view, "tax id", false)->this_value, "12345"), "masked");
	cr_assert_not_null(line(&view, "party", true), "compared by what is masked");
	cr_expect_null(strstr(line(&view, "party", true)->this_value, "1984"));
	cr_expect_not_null(strstr(line(&view, "party", true)->other_value, "Ines Duarte"));
	cr_assert_not_null(line(&view, "same file", true));
	expect_text(line(&view, "outcome", false)->other_value, "none");
	must(desk_case(f.lea, &f.arena, "CO-1", true, &held, &f.error));
	must(desk_case(f.lea, &f.arena, "CO-2", true, &held, &f.error));
	must(beside(f.lea, "CO-1", "CO-2", true, &view));
	cr_expect_not(view.masked);
	cr_expect_not_null(strstr(line(&view, "tax id", false)->this_value, "12345"));
	cr_expect_not_null(strstr(line(&view, "party", true)->other_value, "1984-02-11"));
	must(USE(f.bo, REJECT, "CO-2", .reason = "other"));
	must(beside(f.rita, "CO-1", "CO-2", false, &view));
	cr_expect_not_null(strstr(line(&view, "outcome", false)->other_value, "reject by bo"), "%s",
			   line(&view, "outcome", false)->other_value);
}

Test(duplicate, only_a_known_twin_is_shown_beside)
{
	struct duplicate_view view;

	import_company(&(struct company){ .ref = "CO-8", .number = "774411" });
	import_company(&(struct company){ .ref = "CO-9", .tax = "GB 774411", .number = "5" });
	sql_run(&f, "UPDATE session SET tax_id = '77-44-11', tax_key = '774411' WHERE external_ref = 'CO-9'");
	must(beside(f.rita, "CO-8", "CO-9", false, &view));
	cr_expect_not_null(line(&view, "as tax id", true), "a number given under another name");

	import_company(&(struct company){ .ref = "CO-1", .number = "7" });
	import_company(&(struct company){ .ref = "CO-2", .number = "7", .merchant = "other-pay" });
	import_company(&(struct company){ .ref = "CO-3", .number = "8" });
	expect_err(beside(f.rita, "CO-1", "CO-2", false, &view), ERR_NOT_FOUND);
	expect_err(beside(f.lea, "CO-1", "CO-3", false, &view), ERR_NOT_FOUND);
	must(beside(f.lea, "CO-1", "CO-2", false, &view));
	expect_text(line(&view, "merchant", false)->other_value, "other-pay");
}
