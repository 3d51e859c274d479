/* Sessions and subjects in the store. columns_test.c has an update of each column. */
#include "store/store_support.h"
#include "../../src/store/sqlite/sqlite_internal.h"

#include <string.h>

FIXTURE(session);
TestSuite(subject, .init = set_up, .fini = tear_down);

static void expect_same(const struct session *a, const struct session *b)
{
	expect_row(&session_columns, a, b, 0);
	if (a->status == SESSION_EXPIRED)
		cr_expect_eq(a->status_before_expiry, b->status_before_expiry);
}

Test(session, comes_back_as_it_was_stored)
{
	struct session stored, loaded;
	session_add(&f, &stored, "Harbour Lane Trading Ltd");
	OK(&f, store_session_load(f.store, &f.arena, stored.row, &loaded, &f.error));
	cr_expect_eq(loaded.version, 1);
	expect_same(&stored, &loaded);
}

Test(session, with_nothing_but_what_must_be_comes_back_empty)
{
	struct session stored, loaded;
	struct case_file empty;
	case_file_init(&empty);
	session_make(&f, &stored, "x");
	const char *uid = stored.subject.uid;
	stored.subject = empty.session.subject;
	stored.subject.uid = uid;
	stored.subject.name = "x";
	stored.subject.kind = SUBJECT_INDIVIDUAL;
	stored.kind = KIND_KYC;
	stored.external_ref = "";
	stored.custom_tags_json = "{}";
	stored.risk_score = RISK_NONE;
	stored.submitted_at = stored.expires_at = stored.due_at = TIME_NONE;
	fixture_begin(&f);
	session_put(&f, &stored);
	fixture_commit(&f);
	OK(&f, store_session_load(f.store, &f.arena, stored.row, &loaded, &f.error));
	expect_same(&stored, &loaded);
	cr_expect_eq(loaded.subject.kyb_id, 0);
}

Test(session, an_update_writes_what_refers_to_other_rows_and_the_status_before_an_expiry)
{
	struct session session, parent, loaded;
	int64_t workflow = 0;
	session_add(&f, &parent, "Parent");
	session_add(&f, &session, "Harbour Lane Trading Ltd");
	fixture_begin(&f);
	OK(&f, store_workflow_put(f.store, &(struct workflow_text){ "generic-kyc", 3, "{}", 2 }, TEST_NOW, &workflow,
				  &f.error));
	session.workflow = "generic-kyc";
	session.workflow_row = workflow;
	session.status = SESSION_EXPIRED;
	session.status_before_expiry = SESSION_AWAITING_CLIENT_CORRECTION;
	session.parent_id = parent.id;
	session.parent_row = parent.row;
	session.assignee = "ines";
	OK(&f, store_session_update(f.store, &session, NULL, TEST_NOW + 9, &f.error));
	fixture_commit(&f);
	cr_expect_eq(session.version, 2);
	cr_expect_eq(session.updated_at, TEST_NOW + 9);
	OK(&f, store_session_load(f.store, &f.arena, session.row, &loaded, &f.error));
	expect_same(&session, &loaded);
}

Test(session, an_update_of_the_status_alone_leaves_the_rest_as_it_was)
{
	struct session session, loaded;
	session_add(&f, &session, "Ümlaut");
	fixture_begin(&f);
	session.status = SESSION_APPROVED;
	OK(&f, store_session_update(f.store, &session, NULL, TEST_NOW, &f.error));
	fixture_commit(&f);
	OK(&f, store_session_load(f.store, &f.arena, session.row, &loaded, &f.error));
	expect_same(&session, &loaded);
	cr_expect_eq(number_of(&f, "SELECT name_key = 'umlaut' FROM session"), 1);
}

#ifdef KYB_PLACE_SQLITE
/* Number of log pages written by the SQL statement or, if sql is NULL, by store_session_update(). */
static int64_t pages_of(struct fixture *f, struct session *session, const char *sql)
{
	struct sqlite_db *db = (struct sqlite_db *)f->store->db;
	int64_t before = db->log_pages;
	fixture_begin(f);
	if (sql)
		OK(f, f->store->db->driver->run_script(f->store->db, sql, &f->error));
	else
		OK(f, store_session_update(f->store, session, NULL, TEST_NOW + 1, &f->error));
	fixture_commit(f);
	return db->log_pages - before;
}

/* Here each index has its own page. An UPDATE that names a column writes all indexes that contain the column. */
Test(session, an_update_writes_no_index_of_what_has_not_changed)
{
	struct session other, session;
	session_add(&f, &other, "Ümlaut");
	session_add(&f, &session, "Ümlaut");
	const char *sql = arena_printf(&f.arena,
				       "UPDATE session SET status = 'approved', updated_at = updated_at + 1, "
				       "import_sha256 = NULL WHERE id = %lld",
				       (long long)other.row);
	int64_t by_hand = pages_of(&f, NULL, sql);
	session.status = SESSION_APPROVED;
	int64_t ours = pages_of(&f, &session, NULL);
	cr_assert_gt(by_hand, 5);
	cr_expect_eq(ours, by_hand, "%lld pages, by hand %lld", (long long)ours, (long long)by_hand);
	/* If nothing has changed, at most four pages are written: row, commitment and its index, head of the audit
	 * log. */
	cr_expect_leq(pages_of(&f, &session, NULL), 4);
}
#endif

Test(session, the_slower_of_two_changes_is_a_conflict_and_changes_nothing)
{
	struct session mine, theirs;
	session_add(&f, &mine, "Harbour Lane");
	OK(&f, store_session_load(f.store, &f.arena, mine.row, &theirs, &f.error));
	fixture_begin(&f);
	theirs.status = SESSION_APPROVED;
	OK(&f, store_session_update(f.store, &theirs, NULL, TEST_NOW, &f.error));
	fixture_commit(&f);
	fixture_begin(&f);
	mine.status = SESSION_REJECTED;
	cr_expect_eq(store_session_update(f.store, &mine, NULL, TEST_NOW, &f.error), ERR_CONFLICT);
	fixture_commit(&f);
	cr_expect_eq(mine.version, 1);
	cr_expect_eq(number_of(&f, "SELECT status = 'approved' AND version = 2 FROM session"), 1);
}

Test(session, a_claim_does_not_raise_the_version)
{
	struct session session = session_added(&f, "Harbour Lane");
	WRITE(&f, store_session_set_claim(f.store, session.row,
					  &(struct claim){ f.reviewer, TEST_NOW, TEST_NOW + 60000 }, &f.error));
	OK(&f, store_session_load(f.store, &f.arena, session.row, &session, &f.error));
	cr_expect_str_eq(session.assignee, "ines");
	cr_expect_eq(session.claim_expires_at, TEST_NOW + 60000);
	cr_expect_eq(session.version, 1);
	WRITE(&f, store_session_set_claim(f.store, session.row, &(struct claim){ 0, TIME_NONE, TIME_NONE }, &f.error));
	OK(&f, store_session_load(f.store, &f.arena, session.row, &session, &f.error));
	cr_expect_str_empty(session.assignee);
}

Test(session, the_counts_of_its_row_are_kept)
{
	struct session session, parent;
	struct session_item *items = NULL;
	size_t count = 0;
	struct case_counts counts = { .parties_total = 3,
				      .parties_verified = 1,
				      .documents_total = 5,
				      .documents_accepted = 4,
				      .document_missing = true,
				      .party_open = true,
				      .waits_for_client = true,
				      .waits_for_provider = true };
	session_add(&f, &parent, "Parent");
	session_make(&f, &session, "Child");
	session.parent_row = parent.row;
	fixture_begin(&f);
	session_put(&f, &session);
	OK(&f, store_session_set_counts(f.store, &session, &counts, &f.error));
	fixture_commit(&f);
	cr_expect_eq(number_of(&f, "SELECT waiting FROM session WHERE subject_name = 'Child'"), 5);
	cr_expect_eq(number_of(&f, "SELECT document_missing + 10 * document_rejected + 100 * party_open "
				   "+ 1000 * hit_open FROM session WHERE subject_name = 'Child'"),
		     101);
	OK(&f, store_subsession_list(f.store, &f.arena, parent.row, &items, &count, &f.error));
	cr_assert_eq(count, 1);
	cr_expect_str_eq(items[0].id, session.id);
	cr_expect_str_eq(items[0].parent_id, parent.id);
	cr_expect_str_eq(items[0].level, "LIGHT");
	cr_expect_eq(items[0].parties_total, 3);
	cr_expect_eq(items[0].parties_verified, 1);
	cr_expect_eq(items[0].documents_total, 5);
	cr_expect_eq(items[0].documents_accepted, 4);
	cr_expect(items[0].waiting);
}

Test(session, events_are_numbered_without_gaps)
{
	struct session session = session_added(&f, "Harbour Lane");
	int64_t sequence = 0;
	for (int64_t expected = 1; expected <= 3; expected++) {
		WRITE(&f, store_session_next_sequence(f.store, session.row, &sequence, &f.error));
		cr_expect_eq(sequence, expected);
	}
	fixture_begin(&f);
	cr_expect_eq(store_session_next_sequence(f.store, 9999, &sequence, &f.error), ERR_NOT_FOUND);
	store_rollback(f.store);
}

Test(session, what_an_import_left_is_known)
{
	struct session session;
	uint8_t given[32];
	struct import_state found;
	memset(given, 7, sizeof given);
	session_make(&f, &session, "Harbour Lane");
	fixture_begin(&f);
	OK(&f, store_subject_put(f.store, f.merchant, &session.subject, &f.error));
	OK(&f, store_session_insert(f.store, &session, given, NULL, &f.error));
	OK(&f, store_session_update(f.store, &session, NULL, TEST_NOW, &f.error));
	fixture_commit(&f);
	OK(&f, store_session_import_state(f.store, session.id, &found, &f.error));
	cr_expect_eq(found.row, session.row);
	cr_expect_eq(memcmp(given, found.sha256, sizeof given), 0, "an update without a hash keeps it");
	OK(&f, store_session_import_state(f.store, new_id(&f), &found, &f.error));
	cr_expect_eq(found.row, 0);
}

Test(session, that_is_not_there_is_not_found)
{
	struct session session;
	struct case_file file;
	cr_expect_eq(store_session_load(f.store, &f.arena, 77, &session, &f.error), ERR_NOT_FOUND);
	cr_expect_eq(store_case_load(f.store, &f.arena, 77, &file, &f.error), ERR_NOT_FOUND);
}

Test(session, with_a_word_that_is_none_is_told_as_damage)
{
	struct session session = session_added(&f, "Harbour Lane");
	shell_run(f.path, "UPDATE session SET final_decision = 'maybe'");
	cr_expect_eq(store_session_load(f.store, &f.arena, session.row, &session, &f.error), ERR_STORE);
	cr_expect(strstr(f.error.message, "final_decision") != NULL, "%s", f.error.message);
}

Test(subject, is_one_for_each_uid_of_a_merchant)
{
	struct session a, b;
	session_make(&f, &a, "A");
	session_make(&f, &b, "B");
	b.subject.uid = a.subject.uid;
	fixture_begin(&f);
	OK(&f, store_subject_put(f.store, f.merchant, &a.subject, &f.error));
	OK(&f, store_subject_set_level(f.store, a.subject.row, "REGULAR", &f.error));
	OK(&f, store_subject_put(f.store, f.merchant, &b.subject, &f.error));
	fixture_commit(&f);
	cr_expect_eq(b.subject.row, a.subject.row);
	cr_expect_eq(b.subject.kyb_id, a.subject.kyb_id);
	cr_expect_str_eq(b.subject.level, "REGULAR", "the stored level is kept");
}

Test(subject, businesses_are_counted_and_individuals_are_not)
{
	struct session session;
	int64_t last = 0;
	for (int i = 0; i < 4; i++) {
		session_make(&f, &session, "x");
		session.subject.kind = i == 2 ? SUBJECT_INDIVIDUAL : SUBJECT_BUSINESS;
		WRITE(&f, store_subject_put(f.store, f.merchant, &session.subject, &f.error));
		cr_expect_eq(session.subject.kyb_id, i == 2 ? 0 : last + 1);
		last = i == 2 ? last : session.subject.kyb_id;
	}
	cr_expect_eq(last, 3);
}

Test(subject, without_a_uid_is_refused)
{
	struct session session;
	session_make(&f, &session, "x");
	session.subject.uid = "";
	fixture_begin(&f);
	cr_expect_eq(store_subject_put(f.store, f.merchant, &session.subject, &f.error), ERR_INVALID);
	store_rollback(f.store);
}
