/* Features of version 2 of the schema: upgrades of older stores, removed parties, duplicates, erasing, follow-ups. */
#include "store/store_support.h"
#include "kybdesk/base/resource.h"
#include "kybdesk/domain/things.h"
#include "kybdesk/store/list.h"
#include "kybdesk/store/related.h"
#include "support/process.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

FIXTURE(related);
TestSuite(duplicates, .init = set_up, .fini = tear_down);
TestSuite(erase, .init = set_up, .fini = tear_down);
TestSuite(follow, .init = set_up, .fini = tear_down);

/* A store as version 1 of this program left it. */
#ifdef KYB_PLACE_SQLITE
static void make_version_1(const char *path)
{
	old_store_make(path, 1);
	shell_run(path,
		  "INSERT INTO subject (id, merchant_id, uid, kind, kyb_id, created_at) VALUES "
		  "(1, 1, 'biz-1', 'business', 1, 0), (2, 1, 'ind-1', 'individual', 0, 0);"
		  "INSERT INTO session (id, uuid, external_ref, merchant_id, workflow, kind, subject_id, status, "
		  "subject_name, country, tax_id, created_at, updated_at) VALUES "
		  "(1, 'aaaaaaaa-0000-7000-8000-000000000001', 'RAL-1', 1, 'ralio-kyb', 'kyb', 1, 'manual_review', "
		  "'Harbour Lane', 'GBR', 'GB 12-34', 5, 6),"
		  "(2, 'aaaaaaaa-0000-7000-8000-000000000002', 'RAL-2', 1, 'ralio-kyb', 'kyb', 1, 'draft', "
		  "'Harbour Lane', 'GBR', 'gb1234', 5, 7);"
		  "INSERT INTO party (id, uuid, session_id, kind, name) VALUES "
		  "(1, 'bbbbbbbb-0000-7000-8000-000000000001', 1, 'individual', 'Ines Duarte');"
		  "INSERT INTO party_share (party_id, percent) VALUES (1, '60')");
}

Test(upgrade, of_a_version_1_store_keeps_everything_and_adds_the_rest)
{
	struct fixture f = { 0 };
	struct case_file file;
	struct duplicates duplicates;
	char *path;

	test_world_init(&f.world, TEST_NOW);
	f.folder = temp_folder_make();
	path = temp_path(f.folder, "old.db");
	make_version_1(path);
	struct store_options readonly = { .path = path, .readonly = true, .world = &f.world.world };
	cr_expect_eq(store_open(&readonly, &f.store, &f.error), ERR_STORE, "an old store is not read as a new one");
	f.path = path;
	f.store = fixture_connect(&f, 0);
	cr_expect_eq(number_of(&f, "SELECT user_version FROM pragma_user_version"), STORE_SCHEMA_VERSION);
	OK(&f, store_case_load(f.store, &f.arena, 1, &file, &f.error));
	cr_expect_str_eq(file.session.subject.name, "Harbour Lane");
	cr_expect_str_eq(file.session.gap_reason, "");
	cr_expect_eq(file.session.snoozed_until, TIME_NONE);
	cr_expect_eq(file.session.remind_at, TIME_NONE, "nobody waits for its client");
	cr_assert_eq(file.party_count, 1);
	cr_expect_eq(file.parties[0].share_count, 1);
	cr_expect_eq(file.parties[0].removed_at, TIME_NONE);
	cr_expect_eq(file.removed.count, 0);
	OK(&f, store_duplicate_list(f.store, &f.arena, 1, &duplicates, &f.error));
	cr_expect_eq(duplicates.count, 1, "numbers of old rows are compared, too");
	OK(&f, store_case_load(f.store, &f.arena, 2, &file, &f.error));
	cr_expect_eq(file.session.remind_at, 7, "an idle client is looked at");
	cr_expect_eq(number_of(&f, "SELECT sum(sessions) FROM inbox_count"), 2);
	fixture_release(&f);
}

/* An open correction by type means the document of this type; with several documents, none in particular. */
Test(upgrade, names_the_document_of_an_open_correction_by_type)
{
	struct fixture f = { 0 };
	struct case_file file;

	test_world_init(&f.world, TEST_NOW);
	f.folder = temp_folder_make();
	f.path = temp_path(f.folder, "old.db");
	old_store_make(f.path, 9);
	shell_run(
		f.path,
		"INSERT INTO subject (id, merchant_id, uid, kind, created_at) VALUES (1, 1, 'biz-1', 'business', 0);"
		"INSERT INTO session (id, uuid, external_ref, merchant_id, workflow, kind, subject_id, subject_name, "
		"status, "
		"created_at, updated_at) VALUES (1, 'aaaaaaaa-0000-7000-8000-000000000001', 'RAL-1', 1, 'ralio-kyb', "
		"'kyb', 1, 'Quay', 'awaiting_client_correction', 5, 6);"
		"INSERT INTO document (id, uuid, session_id, type, upload, review, sha256, replaced) VALUES "
		"(1, 'one', 1, 'ONE', 'required', 'accepted', 'a', 0), "
		"(2, 'former', 1, 'ONE', 'ready', 'rejected', 'b', 1), "
		"(3, 'first', 1, 'SEVERAL', 'required', 'accepted', 'c', 0), "
		"(4, 'second', 1, 'SEVERAL', 'required', 'rejected', 'd', 0);"
		"INSERT INTO correction (id, uuid, session_id, round, step, document_types, message, state, asked_by, "
		"asked_at) VALUES (1, 'x', 1, 1, 's', '[\"ONE\"]', 'm', 'open', 'ana', 5), "
		"(2, 'y', 1, 1, 's', '[\"SEVERAL\"]', 'm', 'open', 'ana', 5), "
		"(3, 'z', 1, 1, 's', '[\"ONE\"]', 'm', 'withdrawn', 'ana', 5)");
	f.store = fixture_connect(&f, 0);
	OK(&f, store_case_load(f.store, &f.arena, 1, &file, &f.error));
	cr_assert_eq(file.correction_count, 3);
	cr_assert_eq(file.corrections[0].document_id_count, 1);
	cr_expect_str_eq(file.corrections[0].document_ids[0], "one");
	cr_expect_eq(file.corrections[1].document_id_count, 0);
	cr_expect(correction_type_is_ambiguous(&file, &file.corrections[1], "SEVERAL"));
	cr_expect_eq(file.corrections[2].document_id_count, 0);
	fixture_release(&f);
}

static char *status_meaning(const char *path, const char *question)
{
	struct process_result result;
	char *output;

	process_call(&result, NULL, "", "sqlite3", "-bail", path, question, NULL);
	cr_assert_eq(result.status, 0, "%s", result.err);
	output = strdup(result.out);
	cr_assert_not_null(output);
	return output;
}

/* A new store is made from the combined script of the build, an old one by each migration. */
Test(upgrade, from_the_first_version_comes_to_what_a_new_store_is)
{
	static const char *const questions[] = {
		"SELECT tbl_name, type, name, sql FROM sqlite_schema ORDER BY tbl_name, type, rowid",
		".dump --data-only",
	};
	char *folder = temp_folder_make();
	char *upgraded = temp_path(folder, "upgraded.db"), *made = temp_path(folder, "made.db");
	const struct resource *whole = resource_find_embedded("migrations/sqlite/whole.sql");
	glob_t files;

	cr_assert_eq(glob(KYB_SOURCE_DIR "/data/migrations/sqlite/*.sql", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		size_t length = 0;
		char *script = temp_read(files.gl_pathv[i], &length);

		shell_run(upgraded, script);
	}
	globfree(&files);
	cr_assert_not_null(whole);
	shell_run(made, (const char *)whole->bytes);
	for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
		char *old = status_meaning(upgraded, questions[i]), *new = status_meaning(made, questions[i]);

		cr_expect_gt(strlen(old), 500, "%s", old);
		cr_expect_str_eq(new, old, "%s", questions[i]);
		free(old);
		free(new);
	}
	temp_folder_remove(folder);
}

/* An upgrade leaves a small log. Otherwise the next process would first read it: a gigabyte for a large store. */
Test(upgrade, of_a_large_store_leaves_no_large_log)
{
	struct fixture f = { 0 };
	struct stat found;
	char *log;

	test_world_init(&f.world, TEST_NOW);
	f.folder = temp_folder_make();
	f.path = temp_path(f.folder, "old.db");
	log = temp_path(f.folder, "old.db-wal");
	make_version_1(f.path);
	shell_run(f.path, "WITH RECURSIVE n (n) AS (SELECT 3 UNION ALL SELECT n + 1 FROM n LIMIT 50000) "
			  "INSERT INTO subject (id, merchant_id, uid, kind, created_at) "
			  "SELECT n, 1, printf('%0200d', n), 'individual', 0 FROM n;"
			  "PRAGMA wal_checkpoint(TRUNCATE)");
	f.store = fixture_connect(&f, 0);
	cr_assert_eq(stat(log, &found), 0);
	cr_expect_leq(found.st_size, 8 << 20, "%lld bytes", (long long)found.st_size);
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM subject"), 50002);
	fixture_release(&f);
}

Test(upgrade, made_twice_at_once_is_made_once)
{
	struct fixture f = { 0 };
	struct store *other;

	test_world_init(&f.world, TEST_NOW);
	f.folder = temp_folder_make();
	f.path = temp_path(f.folder, "old.db");
	make_version_1(f.path);
	f.store = fixture_connect(&f, 0);
	other = fixture_connect(&f, 0);
	cr_expect_eq(number_of(&f, "SELECT user_version FROM pragma_user_version"), STORE_SCHEMA_VERSION);
	store_close(other);
	fixture_release(&f);
}
#endif

static void add_party(struct fixture *f, int64_t session, struct party *party, const char *name)
{
	party_init(party);
	party->id = new_id(f);
	party->name = name;
	OK(f, store_party_insert(f->store, session, party, &f->error));
}

Test(related, a_removed_party_is_kept_beside_the_case)
{
	struct session session = session_added(&f, "x");
	struct party holding, owner;
	struct party_share share = { .owned_party_id = "", .percent = "100" }, of = { .percent = "60" };
	struct case_file file;

	fixture_begin(&f);
	add_party(&f, session.row, &holding, "Lane Holdings");
	add_party(&f, session.row, &owner, "Ines");
	holding.shares = &share;
	of.owned_party_id = holding.id;
	of.owned_party_row = holding.row;
	owner.shares = &of;
	holding.share_count = owner.share_count = 1;
	OK(&f, store_party_set_shares(f.store, &holding, &f.error));
	OK(&f, store_party_set_shares(f.store, &owner, &f.error));
	holding.removed_at = TEST_NOW;
	holding.removed_by = "ines";
	holding.removed_reason = "declared by mistake";
	OK(&f, store_party_set_removed(f.store, &holding, true, &f.error));
	fixture_commit(&f);
	OK(&f, store_case_load(f.store, &f.arena, session.row, &file, &f.error));
	cr_assert_eq(file.party_count, 1);
	cr_expect_eq(file.parties[0].share_count, 0, "a share of nobody would count for the subject");
	cr_assert_eq(file.removed.count, 1);
	cr_expect_str_eq(file.removed.items[0].id, holding.id);
	cr_expect_str_eq(file.removed.items[0].removed_by, "ines");
	cr_expect_str_eq(file.removed.items[0].removed_reason, "declared by mistake");
	cr_expect_eq(file.removed.items[0].removed_at, TEST_NOW);
}

static size_t duplicates_of(struct fixture *f, const struct session *session, struct duplicate **items)
{
	struct duplicates found;

	OK(f, store_duplicate_list(f->store, &f->arena, session->row, &found, &f->error));
	if (items)
		*items = found.items;
	return found.count;
}

static void twin(struct fixture *f, struct session *session, const char *registration, const char *tax, int64_t parent)
{
	session_make(f, session, "Harbour Lane");
	session->subject.registration_number = registration;
	session->subject.tax_id = tax;
	session->parent_row = parent;
	fixture_begin(f);
	session_put(f, session);
	fixture_commit(f);
}

Test(duplicates, are_found_by_either_number_however_it_is_written)
{
	struct session one, by_tax, by_both, other, crosswise;
	struct duplicate *items;

	twin(&f, &one, "HRB 88.211", "DE-12/34", 0);
	twin(&f, &by_tax, "1", "de1234", 0);
	twin(&f, &by_both, "hrb88211", "DE1234", 0);
	twin(&f, &other, "2", "3", 0);
	twin(&f, &crosswise, "DE1234", "HRB 88211", 0);
	cr_assert_eq(duplicates_of(&f, &one, &items), 3);
	cr_expect_eq(items[0].row, by_tax.row);
	cr_expect_eq(items[0].same_bits, SAME_TAX_ID);
	cr_expect_eq(items[1].same_bits, SAME_TAX_ID | SAME_REGISTRATION_NUMBER);
	cr_expect_eq(items[2].row, crosswise.row);
	cr_expect_eq(items[2].same_bits, SAME_CROSSWISE);
	cr_expect_eq(duplicates_of(&f, &other, NULL), 0);
}

static void wait_for_a_party(struct fixture *f, const struct session *session)
{
	const struct case_counts counts = { .waits_for_party = true };

	WRITE(f, store_session_set_counts(f->store, session, &counts, &f->error));
}

static struct row_list marked_by(struct fixture *f, const struct session *session)
{
	struct due_rows due = { .limit = 100 };

	fixture_begin(f);
	OK(f, store_mark_cases_for_recount(f->store, session->row, &f->error));
	OK(f, store_mark_cases_for_recount(f->store, session->row, &f->error));
	OK(f, store_due_session_list(f->store, &f->arena, DUE_RECOUNT, &due, &f->error));
	store_rollback(f->store);
	return due.rows;
}

Test(duplicates, that_wait_are_marked_by_one_that_comes_later)
{
	struct session registered, taxed, at_work, elsewhere, crosswise, last;
	struct row_list rows;
	struct due_rows behind = { .limit = 1 };

	twin(&f, &at_work, "7", "DE12", 0);
	twin(&f, &registered, "7", "1", 0);
	twin(&f, &taxed, "2", "DE-12", 0);
	twin(&f, &elsewhere, "3", "4", 0);
	twin(&f, &crosswise, "D E12", "", 0);
	twin(&f, &last, "7", "de 12", 0);
	wait_for_a_party(&f, &registered);
	wait_for_a_party(&f, &taxed);
	wait_for_a_party(&f, &elsewhere);
	wait_for_a_party(&f, &crosswise);
	wait_for_a_party(&f, &last);
	rows = marked_by(&f, &last);
	cr_assert_eq(rows.count, 3);
	cr_expect_eq(rows.items[0], registered.row);
	cr_expect_eq(rows.items[1], taxed.row);
	cr_expect_eq(rows.items[2], crosswise.row);
	cr_expect_eq(marked_by(&f, &elsewhere).count, 0);
	/* The list of marked cases continues after the row `now`; a case stays listed until DELETE_RECOUNT removes
	 * it. */
	fixture_begin(&f);
	OK(&f, store_mark_cases_for_recount(f.store, last.row, &f.error));
	behind.now = registered.row;
	OK(&f, store_due_session_list(f.store, &f.arena, DUE_RECOUNT, &behind, &f.error));
	cr_assert_eq(behind.rows.count, 1);
	cr_expect_eq(behind.rows.items[0], taxed.row);
	OK(&f, store_row_delete(f.store, DELETE_RECOUNT, taxed.row, &f.error));
	behind = (struct due_rows){ .limit = 10 };
	OK(&f, store_due_session_list(f.store, &f.arena, DUE_RECOUNT, &behind, &f.error));
	cr_assert_eq(behind.rows.count, 2);
	cr_expect_eq(behind.rows.items[0], registered.row);
	fixture_commit(&f);
}

Test(duplicates, of_nothing_are_none_and_families_are_no_strangers)
{
	struct session empty, empty2, parent, child, second;

	twin(&f, &empty, "", "", 0);
	twin(&f, &empty2, "", " - ", 0);
	cr_expect_eq(duplicates_of(&f, &empty, NULL), 0);
	twin(&f, &parent, "7", "", 0);
	twin(&f, &child, "7", "", parent.row);
	cr_expect_eq(duplicates_of(&f, &parent, NULL), 0);
	cr_expect_eq(duplicates_of(&f, &child, NULL), 0);
	/* A second session of the same party is not a duplicate either. */
	session_make(&f, &second, "Harbour Lane");
	second.subject.uid = child.subject.uid;
	second.subject.registration_number = "7";
	second.subject.tax_id = "";
	second.parent_row = parent.row;
	fixture_begin(&f);
	session_put(&f, &second);
	fixture_commit(&f);
	cr_expect_eq(duplicates_of(&f, &child, NULL), 0);
}

Test(duplicates, dismissed_from_one_side_are_dismissed_from_both)
{
	struct session one, two;
	struct duplicate *items;

	twin(&f, &one, "7", "", 0);
	twin(&f, &two, "7", "", 0);
	fixture_begin(&f);
	OK(&f, store_duplicate_dismiss(f.store, two.row,
				       &(struct duplicate){ .row = one.row,
							    .dismissed_same_bits = SAME_REGISTRATION_NUMBER,
							    .dismissed_reason = "old",
							    .dismissed_by = "bo",
							    .dismissed_at = 1,
							    .basis = "before" },
				       &f.error));
	OK(&f, store_duplicate_dismiss(f.store, one.row,
				       &(struct duplicate){ .row = two.row,
							    .dismissed_same_bits = SAME_REGISTRATION_NUMBER,
							    .dismissed_reason = "another branch",
							    .dismissed_by = "rita",
							    .dismissed_at = TEST_NOW,
							    .basis = "now" },
				       &f.error));
	fixture_commit(&f);
	cr_assert_eq(duplicates_of(&f, &two, &items), 1);
	cr_expect_str_eq(items[0].dismissed_by, "rita");
	cr_expect_str_eq(items[0].dismissed_reason, "another branch");
	cr_expect_eq(items[0].dismissed_at, TEST_NOW);
	cr_expect_str_eq(items[0].basis, "now");
	/* A dismissed duplicate stays open until the gate sets standing.valid. */
	cr_expect(duplicate_is_open(&items[0]));
	items[0].standing.valid = true;
	cr_expect_not(duplicate_is_open(&items[0]));
}

Test(erase, a_session_of_the_same_transaction_is_not_found_any_more)
{
	struct session session;
	struct leftover_bytes left = { 0 };
	int64_t row = 0;

	session_make(&f, &session, "Harbour Lane");
	fixture_begin(&f);
	session_put(&f, &session);
	OK(&f, store_session_by_uuid(f.store, session.id, &row, &f.error));
	cr_expect_eq(row, session.row);
	OK(&f, store_session_erase(f.store, &f.arena, session.row, &left, &f.error));
	OK(&f, store_session_by_uuid(f.store, session.id, &row, &f.error));
	cr_expect_eq(row, 0);
	fixture_commit(&f);
	/* After the rollback of a part of a shared transaction, a session added in this part is not found. */
	OK(&f, store_begin_hold(f.store, &f.error));
	fixture_begin(&f);
	session_put(&f, &session);
	store_rollback(f.store);
	OK(&f, store_session_by_uuid(f.store, session.id, &row, &f.error));
	cr_expect_eq(row, 0);
	OK(&f, store_end_hold(f.store, true, &f.error));
}

Test(erase, takes_every_part_and_leaves_what_others_have)
{
	static const char *const parts[] = { "step",	     "document",    "party",	"party_share",
					     "check_result", "hit",	    "decision", "correction",
					     "note",	     "access_link", "attempt",	"duplicate_dismissal",
					     "session_text" };
	struct session session, other;
	struct leftover_bytes left = { 0 };
	char shared[65], own[65];
	enum bytes_state state;

	twin(&f, &other, "7", "", 0);
	twin(&f, &session, "7", "", 0);
	OK(&f, store_bytes_put(f.store, "shared", 6, shared, &f.error));
	OK(&f, store_bytes_put(f.store, "own", 3, own, &f.error));
	shell_run(f.path,
		  arena_printf(
			  &f.arena,
			  "PRAGMA foreign_keys = ON;"
			  "INSERT INTO step (session_id, place, name, status) VALUES (2, 0, 'a', 'pending');"
			  "INSERT INTO document (id, uuid, session_id, type, sha256, upload) VALUES "
			  "(1, 'd1', 2, 't', '%s', 'ready'), (2, 'd2', 2, 't', '%s', 'ready'), (3, 'd3', 1, 't', "
			  "'%s', 'ready'); UPDATE document SET replaces_id = 1 WHERE id = 2;"
			  "INSERT INTO party (id, uuid, session_id, kind, name) VALUES (1, 'p1', 2, 'company', 'x'), "
			  "(2, 'p2', 2, 'individual', 'y'), (3, 'p3', 1, 'individual', 'z');"
			  "UPDATE party SET subsession_id = 2 WHERE id = 3;"
			  "INSERT INTO party_share (party_id, of_party_id, percent) VALUES (2, 1, '5'), (1, NULL, "
			  "'5');INSERT INTO check_result (id, session_id, kind, status) VALUES (1, 2, 'web', 'hit');"
			  "INSERT INTO hit (uuid, check_id, name, class) VALUES ('h', 1, 'n', 'pep');"
			  "INSERT INTO decision (id, session_id, number, kind, decided_by, role, decided_at) VALUES "
			  "(1, 2, 1, 'approve', 'x', 'lead', 0);"
			  "INSERT INTO correction (uuid, session_id, round, step, message, state, asked_by, "
			  "asked_at) VALUES ('c', 2, 1, 'a', 'm', 'open', 'x', 0);"
			  "INSERT INTO note (session_id, text, written_by, written_at) VALUES (2, 't', 'x', 0);"
			  "INSERT INTO access_link (session_id, generation, created_at) VALUES (2, 1, 0);"
			  "INSERT INTO attempt (session_id, number, result) VALUES (2, 1, 'error');"
			  "INSERT INTO duplicate_dismissal (session_id, other_id, same, reason, dismissed_by, "
			  "dismissed_at) VALUES (1, 2, 1, 'r', 'x', 0);"
			  "INSERT INTO session_text (rowid, body) VALUES (2, 'x');"
			  "INSERT INTO outbox_event (id, uuid, session_id, merchant_id, decision_id, type, sequence, "
			  "body, created_at) VALUES (1, 'evt_1', 2, 1, 1, 't', 1, x'00', 0);"
			  "INSERT INTO delivery (uuid, event_id, session_id, state, next_at, created_at) VALUES "
			  "('e1', 1, 2, 'pending', 0, 0), ('e2', 1, 2, 'delivered', 0, 0)",
			  own, shared, shared));
	cr_assert_eq(session.row, 2);
	store_bytes_release(f.store);
	WRITE(&f, store_session_erase(f.store, &f.arena, session.row, &left, &f.error));
	cr_expect_eq(left.count, 2);
	fixture_begin(&f);
	for (size_t i = 0; i < left.count; i++)
		OK(&f, store_bytes_erase(f.store, left.hashes[i], &f.error));
	fixture_commit(&f);
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM session"), 1);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		bool others = !strcmp(parts[i], "document") || !strcmp(parts[i], "party");

		cr_expect_eq(number_of(&f, arena_printf(&f.arena, "SELECT count(*) FROM %s", parts[i])), others, "%s",
			     parts[i]);
	}
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM party WHERE subsession_id IS NOT NULL"), 0);
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM delivery WHERE state = 'cancelled'"), 1, "what was not sent");
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM delivery WHERE state = 'delivered'"), 1);
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM subject"), 2, "businesses keep their numbers");
	cr_expect_eq(number_of(&f, place_orphans), 0);
	OK(&f, store_bytes_state(f.store, shared, &state, &f.error));
	cr_expect_eq(state, BYTES_INTACT);
	OK(&f, store_bytes_state(f.store, own, &state, &f.error));
	cr_expect_eq(state, BYTES_MISSING);
}

Test(erase, a_family_is_listed_from_above_to_below)
{
	struct session top, child, grandchild;
	struct family family;

	twin(&f, &top, "1", "", 0);
	twin(&f, &child, "2", "", top.row);
	twin(&f, &grandchild, "3", "", child.row);
	OK(&f, store_session_load_descendants(f.store, &f.arena, top.row, &family, &f.error));
	cr_assert_eq(family.count, 3);
	cr_expect_eq(family.members[0].row, top.row);
	cr_expect_eq(family.members[2].row, grandchild.row);
	shell_run(f.path, "UPDATE session SET parent_id = 3 WHERE id = 1");
	OK(&f, store_session_load_descendants(f.store, &f.arena, top.row, &family, &f.error));
	cr_expect_eq(family.count, 3, "a circle that somebody made ends");
}

Test(follow, a_snoozed_session_is_next_when_its_time_has_come_and_a_waiting_one_with_it)
{
	struct session session;
	struct list_query query = { .limit = 1, .inboxes = 1u << INBOX_MANUAL_REVIEW, .after = "", .now = TEST_NOW };
	int64_t row = 0;

	session_add(&f, &session, "x");
	session.snooze_reason = "waits";
	session.snoozed_by = "ines";
	session.snoozed_until = TEST_NOW + 1;
	WRITE(&f, store_session_set_columns(f.store, &session, SESSION_COLUMNS_SNOOZE, &f.error));
	shell_run(f.path, "UPDATE session SET waiting = 2");
	OK(&f, store_list_next_row(f.store, &query, &row, &f.error));
	cr_expect_eq(row, 0);
	query.now = TEST_NOW + 1;
	OK(&f, store_list_next_row(f.store, &query, &row, &f.error));
	cr_expect_eq(row, session.row);
	shell_run(f.path, "UPDATE session SET snoozed_until = NULL");
	OK(&f, store_list_next_row(f.store, &query, &row, &f.error));
	cr_expect_eq(row, 0, "without a follow-up time it waits");
}
