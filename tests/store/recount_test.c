/* In an old store, a case may wait for a party that is already verified; the desk counts undecided cases again. */
#include "store/store_support.h"
#include "kybdesk/store/related.h"
#include "support/process.h"

#define SESSION(id, status, open)                                                                                      \
	"(" #id ", 'aaaaaaaa-0000-7000-8000-00000000000" #id "', 1, 'ralio-kyb', 'kyb', 1, '" status                   \
	"', 'Harbour Lane', 'GBR', 5, 6, " #open ")"
#define PARTY(id, session, subsession)                                                                                 \
	"(" #id ", 'bbbbbbbb-0000-7000-8000-00000000000" #id "', " #session ", 'individual', 'Ines', " #subsession ")"

static void make_old(const char *path)
{
	old_store_make(path, 9);
	shell_run(path,
		  "INSERT INTO subject (id, merchant_id, uid, kind, kyb_id, created_at) VALUES "
		  "(1, 1, 'biz-1', 'business', 1, 3);"
		  "INSERT INTO session (id, uuid, merchant_id, workflow, kind, subject_id, status, subject_name, "
		  "country, created_at, updated_at, party_open) VALUES " SESSION(1, "manual_review", 1) ", " SESSION(
			  2, "manual_review",
			  1) ", " SESSION(3, "manual_review",
					  0) ", " SESSION(4, "approved",
							  0) ", " SESSION(5, "active",
									  0) ";"
									     "INSERT INTO party (id, uuid, "
									     "session_id, kind, name, subsession_id) "
									     "VALUES " PARTY(1, 1, 4) ", " PARTY(
										     2, 1,
										     4) ", " PARTY(3, 2,
												   5) ", " PARTY(4, 3,
														 4));
}

Test(recount, of_an_older_store_is_every_undecided_case)
{
	struct fixture f = { 0 };
	struct due_rows due = { .now = 0, .limit = 10 };

	test_world_init(&f.world, TEST_NOW);
	f.folder = temp_folder_make();
	f.path = temp_path(f.folder, "old.db");
	make_old(f.path);
	f.store = fixture_connect(&f, 0);
	OK(&f, store_due_session_list(f.store, &f.arena, DUE_RECOUNT, &due, &f.error));
	/* All undecided cases need a recount, since their rows have no first blocker yet. */
	cr_assert_eq(due.rows.count, 4);
	cr_expect(due.rows.items[0] == 1 && due.rows.items[1] == 2 && due.rows.items[2] == 3 && due.rows.items[3] == 5);
	fixture_release(&f);
}
