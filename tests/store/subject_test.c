/* Subjects as separate rows, and the migration of an older store's subjects. */
#include "store/store_support.h"
#include "kybdesk/domain/column.h"
#include "kybdesk/store/subject.h"
#include "support/process.h"

#include <stdio.h>
#include <string.h>

FIXTURE_OF_TESTS;

static void describe(struct fixture *f, struct subject_record *record, const char *uid)
{
	columns_init(&subject_record_columns, record);
	for (const struct column *c = NULL; (c = columns_next(&subject_record_columns, c, COLUMN_PERSONAL));)
		column_set_text(c, record,
				c->type == COLUMN_JSON ? "{\"city\":\"Bristol\"}"
						       : arena_printf(&f->arena, "%s of %s", c->name, uid));
	record->subject.uid = uid;
	record->subject.kind = SUBJECT_BUSINESS;
	record->subject.level = "LIGHT";
	record->imported_level = "LIGHT";
	record->merchant_row = f->merchant;
	record->created_at = 1;
	record->updated_at = 2;
}

Test(subject_row, comes_back_with_every_column, .init = set_up, .fini = tear_down)
{
	struct subject_record kept, owner, found;
	describe(&f, &kept, "biz-1");
	describe(&f, &owner, "ind-1");
	owner.subject.kind = SUBJECT_INDIVIDUAL;
	fixture_begin(&f);
	OK(&f, store_subject_insert(f.store, &kept, &f.error));
	owner.business_row = kept.subject.row;
	OK(&f, store_subject_insert(f.store, &owner, &f.error));
	fixture_commit(&f);
	OK(&f, store_subject_load(f.store, &f.arena, kept.subject.row, &found, &f.error));
	cr_expect_str_eq(found.merchant, "northwind-pay");
	cr_expect_str_eq(found.business_uid, "");
	cr_expect_eq(found.subject.kyb_id, 1);
	for (const struct column *c = NULL; (c = columns_next_diff(&subject_record_columns, &kept, &found, 0, c));)
		cr_expect(c->flags & COLUMN_JOINED, "%s is not what was kept", c->name);
	OK(&f, store_subject_load(f.store, &f.arena, owner.subject.row, &found, &f.error));
	cr_expect_str_eq(found.business_uid, "biz-1");
	cr_expect_eq(found.subject.kyb_id, 0);
	owner.subject.name = "Another";
	owner.subject.uid = "nobody";
	owner.subject.level = "REGULAR";
	owner.deleted_at = 9;
	WRITE(&f, store_subject_update(f.store, &owner, &f.error));
	OK(&f, store_subject_load(f.store, &f.arena, owner.subject.row, &found, &f.error));
	cr_expect_str_eq(found.subject.name, "Another");
	cr_expect_eq(found.deleted_at, 9);
	cr_expect_str_eq(found.subject.uid, "ind-1", "a uid stays");
	cr_expect_str_eq(found.subject.level, "LIGHT", "the level is the decisions'");
}

/* Makes a store of version 6: subjects had a uid and a level, but no name or address. */
#ifdef KYB_PLACE_SQLITE
static void make_version_6(const char *path)
{
	old_store_make(path, 6);
	shell_run(path,
		  "INSERT INTO subject (id, merchant_id, uid, kind, level, kyb_id, created_at) VALUES "
		  "(1, 1, 'biz-1', 'business', 'REGULAR', 1, 3), (2, 1, 'biz-2', 'business', 'REGULAR', 2, 4), "
		  "(3, 1, 'ind-3', 'individual', '', 0, 5);"
		  "INSERT INTO session (id, uuid, external_ref, merchant_id, workflow, kind, subject_id, status, "
		  "subject_name, country, tax_id, address, created_at, updated_at) VALUES "
		  "(1, 'aaaaaaaa-0000-7000-8000-000000000001', 'RAL-1', 1, 'ralio-kyb', 'kyb', 1, 'approved', "
		  "'Harbour Lane', 'GBR', 'GB1', '{}', 5, 6), "
		  "(2, 'aaaaaaaa-0000-7000-8000-000000000002', 'RAL-2', 1, 'ralio-kyb', 'kyb', 1, 'draft', "
		  "'Harbour Lane Ltd', 'GBR', 'GB2', '{\"city\":\"Bristol\"}', 5, 7), "
		  "(3, 'aaaaaaaa-0000-7000-8000-000000000003', 'RAL-3', 1, 'ralio-kyb', 'kyb', 2, 'manual_review', "
		  "'Kestrel', 'IRL', '', '{}', 5, 7)");
}

Test(subject_row, of_an_older_store_is_described_by_its_newest_session)
{
	struct fixture f = { 0 };
	struct subject_record found;
	test_world_init(&f.world, TEST_NOW);
	f.folder = temp_folder_make();
	f.path = temp_path(f.folder, "old.db");
	make_version_6(f.path);
	f.store = fixture_connect(&f, 0);
	OK(&f, store_subject_load(f.store, &f.arena, 1, &found, &f.error));
	cr_expect_str_eq(found.subject.name, "Harbour Lane Ltd");
	cr_expect_str_eq(found.subject.tax_id, "GB2");
	cr_expect_str_eq(found.subject.address_json, "{\"city\":\"Bristol\"}");
	cr_expect_eq(found.created_at, 3);
	cr_expect_eq(found.updated_at, 3);
	cr_expect_eq(found.deleted_at, TIME_NONE);
	cr_expect_str_eq(found.subject.level, "REGULAR");
	cr_expect_str_eq(found.imported_level, "", "its approval grants it");
	OK(&f, store_subject_load(f.store, &f.arena, 2, &found, &f.error));
	cr_expect_str_eq(found.imported_level, "REGULAR", "no approval grants it: it came so");
	OK(&f, store_subject_load(f.store, &f.arena, 3, &found, &f.error));
	cr_expect_str_eq(found.subject.name, "");
	fixture_release(&f);
}
#endif
