/* The subject of a check: version 8 stored it twice, the current version once. */
#include "store/store_support.h"
#include "kybdesk/store/session.h"
#include "support/process.h"

static void make_version_8(const char *path)
{
	old_store_make(path, 8);
	shell_run(path,
		  "INSERT INTO subject (id, merchant_id, uid, kind, kyb_id, created_at) VALUES "
		  "(1, 1, 'biz-1', 'business', 1, 3);"
		  "INSERT INTO session (id, uuid, external_ref, merchant_id, workflow, kind, subject_id, status, "
		  "subject_name, country, created_at, updated_at) VALUES "
		  "(1, 'aaaaaaaa-0000-7000-8000-000000000001', 'RAL-1', 1, 'ralio-kyb', 'kyb', 1, "
		  "'manual_review', 'Harbour Lane', 'GBR', 5, 6);"
		  /* A check of the subject, as migrated to facts, with escaped text. */
		  "INSERT INTO check_result (id, session_id, kind, status, about, about_facts) VALUES "
		  "(1, 1, 'watchlist', 'passed', '{}', 'subject.name' || char(9) || 'Har\\\\tbour\\t\\nLane' || "
		  "char(10) || 'subject.country' || char(9) || 'GBR' || char(10) || 'subject.date_of_birth' || "
		  "char(9) || char(10) || 'subject.registration_number' || char(9) || '12-34' || char(10) || "
		  "'subject.tax_id' || char(9) || char(10)), "
		  /* A check of a party, as reported, with further details of the provider. */
		  "(2, 1, 'web', 'passed', '{\"name\":\"Ines\",\"trace\":{\"id\":7}}', 'party.id' || char(9) || "
		  "'bbbbbbbb-0000-7000-8000-000000000001' || char(10) || 'party.name' || char(9) || 'Ines' || "
		  "char(10) || 'party.country' || char(9) || 'PRT' || char(10) || 'party.date_of_birth' || char(9) "
		  "|| '1984-02-11' || char(10) || 'party.registration_number' || char(9) || char(10) || "
		  "'party.tax_id' || char(9) || char(10)), "
		  /* A check of a party that does not exist: it counts as a check of the subject, with no known data. */
		  "(3, 1, 'email', 'passed', '{\"party\":\"none\",\"country\":7}', 'subject.name' || char(9) || "
		  "char(10) || 'subject.country' || char(9) || char(10) || 'subject.date_of_birth' || char(9) || "
		  "char(10) || 'subject.registration_number' || char(9) || char(10) || 'subject.tax_id' || char(9) "
		  "|| char(10)), (4, 1, 'ip', 'passed', '{}', '')");
}

Test(about, of_an_older_store_is_what_both_of_its_columns_said)
{
	static const char *const wanted[] = {
		"{\"name\":\"Har\\\\tbour\\t\\nLane\",\"country\":\"GBR\",\"registration_number\":\"12-34\"}",
		"{\"name\":\"Ines\",\"trace\":{\"id\":7},\"party\":\"bbbbbbbb-0000-7000-8000-000000000001\","
		"\"country\":\"PRT\",\"date_of_birth\":\"1984-02-11\"}",
		"{\"name\":\"\"}",
		"{}",
	};
	struct fixture f = { 0 };
	struct case_file file;

	test_world_init(&f.world, TEST_NOW);
	f.folder = temp_folder_make();
	f.path = temp_path(f.folder, "old.db");
	make_version_8(f.path);
	f.store = fixture_connect(&f, 0);
	OK(&f, store_case_load(f.store, &f.arena, 1, &file, &f.error));
	cr_assert_eq(file.check_count, sizeof wanted / sizeof *wanted);
	for (size_t i = 0; i < file.check_count; i++)
		cr_expect_str_eq(file.checks[i].checked_subject_json, wanted[i]);
	fixture_release(&f);
}
