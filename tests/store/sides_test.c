/* Migration 10: two records for front and back of a document become one. */
#include "store/store_support.h"
#include "support/process.h"

#include <string.h>

#define HASH(digit) digit "000000000000000000000000000000000000000000000000000000000000000"
#define BASIS(hash, side)                                                                                              \
	"'document.sha256' || char(9) || '" hash "' || char(10) || 'document.type' || char(9) || 'ID' || char(10) || " \
	"'document.side' || char(9) || '" side "' || char(10) || 'subject.name' || char(9) || 'Lane' || char(10)"
#define DOCUMENT(id, side, hash, review, basis)                                                                        \
	"INSERT INTO document (id, uuid, session_id, type, side, file_name, sha256, size_bytes, upload, review, "      \
	"reviewed_by, basis) VALUES (" #id ", 'd" #id "', 1, 'ID', '" side "', '" side ".png', '" hash "', " #id       \
	", 'ready', '" review "', 'rita', " basis ");"

static struct fixture f;
static struct case_file file;

static void open_old(const char *documents)
{
	test_world_init(&f.world, TEST_NOW);
	f.folder = temp_folder_make();
	f.path = temp_path(f.folder, "old.db");
	old_store_make(f.path, 9);
	shell_run(f.path,
		  "INSERT INTO subject (id, merchant_id, uid, kind, kyb_id, created_at) VALUES "
		  "(1, 1, 'biz-1', 'business', 1, 0);"
		  "INSERT INTO session (id, uuid, external_ref, merchant_id, workflow, kind, subject_id, status, "
		  "subject_name, documents_total, documents_accepted, created_at, updated_at) VALUES "
		  "(1, 'aaaaaaaa-0000-7000-8000-000000000001', 'AVE-1', 1, 'w', 'kyb', 1, 'manual_review', "
		  "'Lane', 2, 2, 5, 6)");
	shell_run(f.path, documents);
	f.store = fixture_connect(&f, 0);
	OK(&f, store_case_load(f.store, &f.arena, 1, &file, &f.error));
}

static void tear_down(void)
{
	fixture_release(&f);
}
TestSuite(sides, .fini = tear_down);

Test(sides, of_one_document_become_one_record)
{
	open_old(DOCUMENT(1, "front", HASH("1"), "accepted", BASIS(HASH("1"), "front"))
			 DOCUMENT(2, "back", HASH("2"), "accepted", BASIS(HASH("2"), "back")));
	cr_assert_eq(file.document_count, 1);
	cr_expect(file.documents[0].double_sided);
	cr_expect_str_eq(file.documents[0].id, "d1");
	cr_expect_str_eq(file.documents[0].back_side_id, "d2");
	cr_expect_str_eq(file.documents[0].sha256, HASH("1"));
	cr_expect_str_eq(file.documents[0].back.sha256, HASH("2"));
	cr_expect_str_eq(file.documents[0].back.file_name, "back.png");
	cr_expect_eq(file.documents[0].back.size_bytes, 2);
	cr_expect_eq(file.documents[0].upload, UPLOAD_READY);
	cr_expect_eq(file.documents[0].review, REVIEW_ACCEPTED);
	cr_expect(strstr(file.documents[0].basis, "\ndocument.back\t" HASH("2") "\n"), "%s", file.documents[0].basis);
	cr_expect_null(strstr(file.documents[0].basis, "side"));
	cr_expect_eq(number_of(&f, "SELECT documents_total * 10 + documents_accepted FROM session"), 11);
}

Test(sides, are_judged_again_where_only_one_was_accepted)
{
	open_old(DOCUMENT(1, "front", HASH("1"), "accepted", BASIS(HASH("1"), "front"))
			 DOCUMENT(2, "back", HASH("2"), "unreviewed", "''"));
	cr_assert_eq(file.document_count, 1);
	cr_expect_eq(file.documents[0].review, REVIEW_UNREVIEWED);
	cr_expect_str_eq(file.documents[0].basis, "");
	cr_expect_str_eq(file.documents[0].reviewed_by, "");
}

Test(sides, alone_wait_for_the_other)
{
	open_old(DOCUMENT(1, "back", HASH("1"), "accepted", BASIS(HASH("1"), "back"))
			 DOCUMENT(2, "", HASH("2"), "accepted", BASIS(HASH("2"), "")));
	cr_assert_eq(file.document_count, 2);
	cr_expect_str_eq(file.documents[0].sha256, "");
	cr_expect_str_eq(file.documents[0].back.sha256, HASH("1"));
	cr_expect_eq(file.documents[0].upload, UPLOAD_REQUIRED);
	cr_expect_not(file.documents[1].double_sided);
	cr_expect_eq(file.documents[1].upload, UPLOAD_READY);
}

Test(sides, are_taken_in_their_order_with_what_they_replaced)
{
	open_old(DOCUMENT(1, "front", HASH("1"), "rejected", "''") DOCUMENT(2, "back", HASH("2"), "unreviewed", "''")
			 DOCUMENT(3, "back", HASH("3"), "unreviewed", "''")
				 DOCUMENT(4, "front", HASH("4"), "unreviewed", "''")
					 DOCUMENT(5, "back", HASH("5"), "unreviewed",
						  "''") "UPDATE document SET replaced = 1 WHERE id IN (1, 2);"
							"UPDATE document SET replaces_id = 2 WHERE id = 3;");
	cr_assert_eq(file.document_count, 3);
	cr_expect(file.documents[0].replaced);
	cr_expect_eq(file.documents[0].review, REVIEW_REJECTED);
	cr_expect_str_eq(file.documents[0].back.sha256, HASH("2"));
	cr_expect_str_eq(file.documents[1].sha256, HASH("4"));
	cr_expect_str_eq(file.documents[1].back.sha256, HASH("3"));
	cr_expect_eq(file.documents[1].replaces_row, file.documents[0].row);
	cr_expect_str_eq(file.documents[2].sha256, "");
	cr_expect_str_eq(file.documents[2].back.sha256, HASH("5"));
}
