/* Tests of the schema: its counters, its indexes, and access with the plain sqlite3 shell. */
#include "store/store_support.h"
#include "support/process.h"
#include "../../src/store/columns.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

FIXTURE(inbox_count);

static const char count_differences[] =
	"SELECT (SELECT count(*) FROM inbox_count c WHERE c.sessions <> (SELECT count(*) FROM session s "
	"WHERE s.parent_id IS NULL AND s.compliance_status = c.compliance_status)) + abs((SELECT sum(sessions) "
	"FROM inbox_count) - (SELECT count(*) FROM session WHERE parent_id IS NULL))";

static unsigned draw(struct fixture *f, unsigned below)
{
	uint32_t value;
	world_random(&f->world.world, &value, sizeof value);
	return value % below;
}

static const char merchant_differences[] = "SELECT count(*) FROM (SELECT merchant_id, status, sum(n) AS n FROM "
					   "(SELECT merchant_id, status, sessions AS n FROM "
					   "merchant_count UNION ALL SELECT merchant_id, status, -count(*) FROM "
					   "session WHERE parent_id IS NULL AND hidden = 0 "
					   "GROUP BY 1, 2) AS every GROUP BY 1, 2) AS summed WHERE n <> 0";

Test(inbox_count, equals_a_full_count_after_any_changes)
{
	enum { SESSIONS = 60, CHANGES = 500 };
	struct session sessions[SESSIONS];
	fixture_begin(&f);
	for (size_t i = 0; i < SESSIONS; i++) {
		session_make(&f, &sessions[i], "x");
		sessions[i].status = (enum session_status)draw(&f, SESSION_STATUS_COUNT);
		if (i > 0 && draw(&f, 3) == 0)
			sessions[i].parent_row = sessions[draw(&f, (unsigned)i)].row;
		session_put(&f, &sessions[i]);
	}
	cr_expect_eq(number_of(&f, count_differences), 0, "after inserting");
	for (size_t i = 0; i < CHANGES; i++) {
		struct session *session = &sessions[draw(&f, SESSIONS)];
		session->status = (enum session_status)draw(&f, SESSION_STATUS_COUNT);
		unsigned kind = draw(&f, 4);
		if (kind == 0)
			session->parent_row = 0;
		else if (kind == 1 && session != &sessions[0])
			session->parent_row = sessions[0].row;
		OK(&f, store_session_update(f.store, session, NULL, TEST_NOW, &f.error));
		cr_assert_eq(number_of(&f, count_differences), 0, "after change %zu", i);
		cr_assert_eq(number_of(&f, merchant_differences), 0, "by merchant after change %zu", i);
	}
	fixture_commit(&f);
	shell_run(f.path, "DELETE FROM session WHERE parent_id IS NOT NULL; DELETE FROM session WHERE id % 3 = 0");
	cr_expect_eq(number_of(&f, count_differences), 0, "after somebody deleted with the shell");
	cr_expect_eq(number_of(&f, merchant_differences), 0, "by merchant");
	shell_run(f.path,
		  "UPDATE session SET hidden = 1 WHERE id % 5 = 0; UPDATE session SET hidden = 0 WHERE id % 10 = 0");
	cr_expect_eq(number_of(&f, merchant_differences), 0, "after sessions were hidden");
	cr_expect_gt(number_of(&f, "SELECT sum(sessions) FROM merchant_count"), 0);
	cr_expect_gt(number_of(&f, "SELECT sum(sessions) FROM inbox_count"), 0);
}

Test(inbox_count, is_untouched_by_what_was_rolled_back)
{
	struct session session;
	session_make(&f, &session, "x");
	fixture_begin(&f);
	session_put(&f, &session);
	store_rollback(f.store);
	cr_expect_eq(number_of(&f, "SELECT sum(sessions) FROM inbox_count"), 0);
}

Test(schema, says_the_same_inbox_for_each_status_as_the_domain, .init = set_up, .fini = tear_down)
{
	for (int status = 0; status < SESSION_STATUS_COUNT; status++) {
		struct session session;
		session_make(&f, &session, "x");
		session.status = (enum session_status)status;
		fixture_begin(&f);
		session_put(&f, &session);
		fixture_commit(&f);
		cr_expect_eq(number_of(&f, arena_printf(&f.arena,
							"SELECT compliance_status = '%s' FROM session WHERE id = %lld",
							inbox_text(session_status_inbox(session.status)),
							(long long)session.row)),
			     1, "%s", session_status_text(session.status));
	}
}

#ifdef KYB_PLACE_SQLITE
/* Tables that may be read whole: merchants, reviewers, workflow versions and endpoints are few; the partial indexes of
 * deliveries hold only open or dead ones; a subquery has its own bound; json_each reads one value. */
static bool may_be_scanned(const char *statement, const char *detail)
{
	static const struct {
		const char *statement, *detail; /* beginnings */
	} allowed[] = {
		/* doctor's check of the whole search index */
		{ "session_text.without", "SCAN session" },
		{ "session_text.empty", "SCAN session_text" },
		{ "session_text.delete_orphans", "SCAN session_text" },
		{ "", "SCAN reviewer USING" },
		{ "access_key.list", "SCAN r USING" }, /* keys of all reviewers */
		{ "", "SCAN merchant USING" },
		{ "template.list", "SCAN message_template USING" }, /* a few hundred */
		{ "merchant_key.list", "SCAN m USING" },	    /* merchants */
		{ "offer.list", "SCAN offer" },			    /* few: each waits for a second admin */
		{ "", "SCAN workflow USING COVERING INDEX" },
		{ "inbox.overdue", "SCAN overdue" },			  /* counts up to a limit */
		{ "inbox.overdue", "SCAN alert USING INDEX alert_open" }, /* the open ones */
		{ "inbox.overdue", "SCAN hit" },			  /* these, each once */
		{ "inbox.waiting", "SCAN waits" },
		{ "plan.text_hits", "SCAN few" }, /* likewise */
		{ "delivery.count_", "SCAN few" },
		{ "", "SCAN endpoint" },
		{ "", "SCAN inbox_count" },
		{ "duplicate.recount_", "SCAN alike" }, /* fifty at most */
		{ "duplicate.", "SCAN n" },		/* at most 50 or 200 rows of an index */
		{ "measures.", "SCAN delivery_count" }, /* six rows */
		{ "measures.", "SCAN decision_wait" },	/* eleven */
		{ "", "SCAN CONSTANT ROW" },
		{ "", "SCAN (subquery" },
		{ "", "SCAN delivery USING INDEX delivery_" },
		{ "", "SCAN name VIRTUAL TABLE INDEX 1:" },
		{ "lease.", "SCAN e" },
		{ "lease.walk", "SCAN d" },	     /* a slice of the queue, also in lease.walk_peek */
		{ "lease.rest_count", "SCAN rest" }, /* likewise */
		{ "endpoint.list", "SCAN e" },
		{ "suspicion.list", "SCAN u USING INDEX suspicion_due" },	/* the open ones */
		{ "suspicion.list_all", "SCAN u" },				/* all, for a lead's command */
		{ "retention.list", "SCAN h USING INDEX legal_hold_in_force" }, /* likewise */
		{ "purge.", "SCAN purge_" },					/* tables of the running purge */
		{ "purge.workflows", "SCAN workflow" },
		{ "figures.ageing", "SCAN session USING COVERING INDEX session_ageing" }, /* of open cases */
		{ "figures.held", "SCAN r USING COVERING INDEX" },			  /* reviewers */
		{ "note.mentions", "SCAN below" }, /* a session and its subsessions */
		{ "note.answer", "SCAN below" },
		{ "kept.", "SCAN " },		   /* doctor checks all rows */
		{ "rows.", "SCAN " },		   /* audit verify, too */
		{ "derived.", "SCAN " },	   /* likewise */
		{ "info.all", "SCAN store_info" }, /* settings */
		{ "commitment.insert_two", "SCAN 2 CONSTANT ROWS" },
		{ "commitment.insert_four", "SCAN 4 CONSTANT ROWS" },
		{ "commitment.insert_many", "SCAN 8 CONSTANT ROWS" },
		{ "upgrade.alerts", "SCAN s" }, /* the plan of an upgrade that reads all cases */
		{ "lease.", "SCAN worker" },	/* one row for each running worker */
		{ "replay.find", "SCAN d USING INDEX delivery_event" }, /* all deliveries, for a replay by an admin */
	};
	for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
		if (strncmp(statement, allowed[i].statement, strlen(allowed[i].statement)) == 0 &&
		    strncmp(detail, allowed[i].detail, strlen(allowed[i].detail)) == 0)
			return true;
	/* SQLite always reports "SCAN" for the full-text table; text after the number means that an index is used. */
	const char *index = strstr(detail, "session_text VIRTUAL TABLE INDEX 0:");
	return index && index[strlen("session_text VIRTUAL TABLE INDEX 0:")] != '\0';
}

static void expect_indexed(sqlite3 *handle, const struct sql *sql)
{
	struct strbuf text = STRBUF_INIT;
	sqlite3_stmt *statement = NULL;
	strbuf_adds(&text, "EXPLAIN QUERY PLAN ");
	db_expand_phrases(&db_driver_sqlite, sql->text, &text);
	cr_assert_eq(sqlite3_prepare_v2(handle, text.buf, -1, &statement, NULL), SQLITE_OK, "%s: %s", sql->name,
		     sqlite3_errmsg(handle));
	strbuf_release(&text);
	while (sqlite3_step(statement) == SQLITE_ROW) {
		const char *detail = (const char *)sqlite3_column_text(statement, 3);
		if (strncmp(detail, "SCAN", 4) == 0)
			cr_expect(may_be_scanned(sql->name, detail), "%s: %s", sql->name, detail);
		/* These statements may sort: the worker sorts the few due endpoints, doctor sums the sessions of each
		 * merchant by status, audit verify computes derived tables again, and figures are grouped by day. */
		if (strncmp(sql->name, "figures.", strlen("figures.")) != 0 &&
		    strcmp(sql->name, "lease.endpoints") != 0 && strcmp(sql->name, "kept.merchant_counts") != 0 &&
		    strncmp(sql->name, "derived.", strlen("derived.")) != 0)
			cr_expect_null(strstr(detail, "TEMP B-TREE"), "%s: %s", sql->name, detail);
		if (strncmp(sql->name, "derived.", strlen("derived.")) != 0)
			cr_expect_null(strstr(detail, "AUTOMATIC"), "%s: %s", sql->name, detail);
	}
	sqlite3_finalize(statement);
}

Test(schema, no_statement_walks_a_table_or_sorts, .init = set_up, .fini = tear_down)
{
	size_t count;
	const struct sql *statements = store_statements(&f.arena, &count);
	sqlite3 *handle = NULL;
	cr_assert_eq(sqlite3_open(f.path, &handle), SQLITE_OK);
	for (size_t i = 0; i < count; i++)
		expect_indexed(handle, &statements[i]);
	cr_expect_gt(count, 400);
	sqlite3_close(handle);
}
#endif

Test(schema, the_database_understands_every_statement, .init = set_up, .fini = tear_down)
{
	size_t count;
	const struct sql *statements = store_statements(&f.arena, &count);

	for (size_t i = 0; i < count; i++) {
		struct strbuf text = STRBUF_INIT;

		strbuf_adds(&text, place_probe);
		db_expand_phrases(place_driver, statements[i].text, &text);
		strbuf_adds(&text, place_probe_end);
		cr_expect_eq(place_driver->run_script(f.store->db, text.buf, &f.error), ERR_OK, "%s: %s",
			     statements[i].name, f.error.message);
		strbuf_release(&text);
	}
	cr_expect_gt(count, 400);
}

/* If an upgrade drops a column that a user's own view needs, the upgrade fails, and the message names the view. */
Test(schema, a_view_that_a_change_does_not_fit_is_named, .init = set_up, .fini = tear_down)
{
	struct db *db;

	fixture_begin(&f);
	db = f.store->db;
	OK(&f, place_driver->run_script(db, "CREATE TABLE theirs (a INTEGER, b INTEGER);", &f.error));
	OK(&f, place_driver->run_script(db, "CREATE VIEW my_cases AS SELECT a FROM theirs;", &f.error));
	cr_expect_eq(place_driver->run_script(db, "ALTER TABLE theirs DROP COLUMN a;", &f.error), ERR_STORE);
	cr_expect(strstr(f.error.message, "view my_cases"), "%s", f.error.message);
	cr_expect(strstr(f.error.message, "nothing was changed: drop"), "%s", f.error.message);
	store_rollback(f.store);
}

Test(schema, statements_have_names_of_their_own)
{
	struct arena arena = ARENA_INIT;
	size_t count;
	const struct sql *statements = store_statements(&arena, &count);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			cr_expect(strcmp(statements[i].name, statements[j].name) != 0, "%s", statements[i].name);
	arena_release(&arena);
}

#ifdef KYB_PLACE_SQLITE
Test(schema, the_plain_shell_opens_everything, .init = set_up, .fini = tear_down)
{
	struct session session = session_added(&f, "Harbour Lane");
	struct process_result result;
	struct case_file file;
	case_file_init(&file);
	file.session = session;
	WRITE(&f, store_session_index_text(f.store, &file, &f.error));
	process_call(&result, NULL, "", "sqlite3", "-bail", f.path,
		     "SELECT 'SELECT count(*) FROM \"' || name || '\";' FROM sqlite_schema "
		     "WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
		     NULL);
	cr_assert_eq(result.status, 0, "%s", result.err);
	cr_assert(strstr(result.out, "audit_event") != NULL);
	char *selects = strdup(result.out);
	process_call(&result, NULL, selects, "sqlite3", "-bail", f.path, NULL);
	cr_expect_eq(result.status, 0, "%s", result.err);
	cr_expect_str_empty(result.err);
	process_call(&result, NULL, "", "sqlite3", "-bail", f.path,
		     "PRAGMA integrity_check; SELECT count(*) FROM session_text WHERE session_text MATCH 'harbour'; "
		     "SELECT subject_name FROM session;",
		     NULL);
	cr_expect_eq(result.status, 0, "%s", result.err);
	cr_expect_str_eq(result.out, "ok\n1\nHarbour Lane\n");
	free(selects);
}
#endif

Test(schema, refuses_words_that_are_none, .init = set_up, .fini = tear_down)
{
	static const char *const wrong[] = { "UPDATE session SET status = 'maybe'",
					     "UPDATE session SET risk_score = 101",
					     "UPDATE session SET kind = 'kyx'",
					     "UPDATE session SET merchant_id = 99",
					     "UPDATE subject SET kind = 'dog'",
					     "UPDATE reviewer SET role = 'king'",
					     "UPDATE session SET created_at = 'yesterday'" };
	(void)session_added(&f, "x");
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct query *query = NULL;
		fixture_begin(&f);
		enum err err = db_query_text(f.store->db, "test", wrong[i], &query, &f.error);
		if (!err)
			err = query_run(query, &f.error);
		cr_expect_eq(err ? err : db_flush(f.store->db, &f.error), ERR_INTERNAL, "%s", wrong[i]);
		store_rollback(f.store);
	}
}
