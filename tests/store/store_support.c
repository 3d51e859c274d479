#include "store/store_support.h"
#include "store/place.h"
#include "support/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void must(struct error *error, enum err err, int line)
{
	cr_assert_eq(err, ERR_OK, "line %d: %s", line, error->message ? error->message : "(no message)");
}

void fixture_init(struct fixture *fixture)
{
	fixture_init_at(fixture, NULL);
}

void fixture_init_at(struct fixture *fixture, char *path)
{
	*fixture = (struct fixture){ 0 };
	test_world_init(&fixture->world, TEST_NOW);
	fixture->folder = temp_folder_make();
	fixture->path = path ? path : place_make(fixture->folder, "kyb.db");
	fixture->world.environment = place_environment(fixture->folder);
	struct store_options options = {
		.path = fixture->path, .create = true, .create_sandbox = true, .world = &fixture->world.world
	};
	OK(fixture, store_open(&options, &fixture->store, &fixture->error));
	struct merchant merchant = { .name = "northwind-pay", .api_code = "" };
	struct reviewer reviewer = { .name = "ines", .role = ROLE_ADMIN };
	fixture_begin(fixture);
	OK(fixture, store_merchant_put(fixture->store, &merchant, TEST_NOW, &fixture->error));
	OK(fixture, store_reviewer_insert(fixture->store, &reviewer, TEST_NOW, &fixture->error));
	fixture_commit(fixture);
	fixture->merchant = merchant.row;
	fixture->reviewer = reviewer.row;
}

void fixture_release(struct fixture *fixture)
{
	store_close(fixture->store);
	arena_release(&fixture->arena);
	error_release(&fixture->error);
	free((void *)(uintptr_t)fixture->world.environment);
	temp_folder_remove(fixture->folder);
	NO_LEAKS();
}

struct store *fixture_connect(struct fixture *fixture, int busy_timeout_ms)
{
	struct store *store = NULL;
	const struct store_upgrade upgrade = { .policy = UPGRADE_ANY };
	struct store_options options = { .path = fixture->path,
					 .busy_timeout_ms = busy_timeout_ms,
					 .upgrade = &upgrade,
					 .world = &fixture->world.world };
	OK(fixture, store_open(&options, &store, &fixture->error));
	return store;
}

void fixture_begin(struct fixture *fixture)
{
	OK(fixture, store_begin(fixture->store, STORE_WRITE, &fixture->error));
}

void fixture_commit(struct fixture *fixture)
{
	OK(fixture, store_commit(fixture->store, &fixture->error));
}

char *new_id(struct fixture *fixture)
{
	char id[UUID_TEXT_SIZE];
	uuid_new(&fixture->world.world, id);
	return arena_strdup(&fixture->arena, id);
}

void session_make(struct fixture *fixture, struct session *session, const char *name)
{
	struct case_file file;
	case_file_init(&file);
	*session = file.session;
	session->id = new_id(fixture);
	session->external_ref = arena_printf(&fixture->arena, "RAL-%.8s", session->id + 28);
	session->workflow = "ralio-kyb";
	session->kind = KIND_KYB;
	session->merchant = "northwind-pay";
	session->merchant_row = fixture->merchant;
	session->status = SESSION_MANUAL_REVIEW;
	session->subject.uid = arena_printf(&fixture->arena, "biz-%s", session->id);
	session->subject.kind = SUBJECT_BUSINESS;
	session->subject.name = name;
	session->subject.country = "GBR";
	session->subject.level = "LIGHT";
	session->subject.registration_number = "09482213";
	session->subject.tax_id = "GB123456789";
	session->subject.incorporated_on = "2015-03-12";
	session->subject.website = "https://harbourlane.example";
	session->subject.email = "office@harbourlane.example";
	session->subject.phone = "+441170000000";
	session->subject.address_json = "{\"city\":\"Bristol\"}";
	session->custom_tags_json = "{\"region\":\"emea\"}";
	session->risk_score = 42;
	session->risk_factors_json = "[{\"code\":\"country\"}]";
	session->processing_results_json = "{\"final_decision\":\"flagged\"}";
	session->created_at = TEST_NOW - 1000;
	session->submitted_at = TEST_NOW - 500;
	session->updated_at = TEST_NOW - 100;
	session->expires_at = TEST_NOW + 1000;
	session->due_at = TEST_NOW + 2000;
}

void session_put(struct fixture *fixture, struct session *session)
{
	OK(fixture, store_subject_put(fixture->store, session->merchant_row, &session->subject, &fixture->error));
	OK(fixture, store_session_insert(fixture->store, session, NULL, NULL, &fixture->error));
}

void session_add(struct fixture *fixture, struct session *session, const char *name)
{
	session_make(fixture, session, name);
	fixture_begin(fixture);
	session_put(fixture, session);
	fixture_commit(fixture);
}

struct session session_added(struct fixture *fixture, const char *name)
{
	struct session session;
	session_add(fixture, &session, name);
	return session;
}

void expect_row(const struct column_table *table, const void *kept, const void *found, unsigned without)
{
	const struct column *c = NULL;
	while ((c = columns_next_diff(table, kept, found, 0, c)))
		cr_expect(c->flags & (COLUMN_JOINED | COLUMN_UNSTORED | without), "%s.%s is not what was kept",
			  table->noun, c->name);
}

struct case_file case_of(struct fixture *fixture, const struct session *session)
{
	struct case_file file;
	OK(fixture, store_case_load(fixture->store, &fixture->arena, session->row, &file, &fixture->error));
	return file;
}

int64_t number_of(struct fixture *fixture, const char *sql)
{
	struct query *query = NULL;
	bool row = false;
	OK(fixture, db_query_text(fixture->store->db, "test", sql, &query, &fixture->error));
	OK(fixture, query_next(query, &row, &fixture->error));
	int64_t number = row ? row_int(query, 0) : -1;
	query_end(query);
	return number;
}

void old_store_make(const char *path, size_t version)
{
	static const char *const migrations[] = { "0001_store",	   "0002_parties", "0003_processing",
						  "0004_outside",  "0005_rules",   "0006_facts",
						  "0007_subjects", "0008_intake",  "0009_about" };
	char text[256];

	cr_assert_leq(version, sizeof migrations / sizeof *migrations);
	shell_run(path, "PRAGMA journal_mode = WAL");
	for (size_t i = 0; i < version; i++) {
		size_t length = 0;
		char *schema;

		(void)snprintf(text, sizeof text, KYB_SOURCE_DIR "/data/migrations/sqlite/%s.sql", migrations[i]);
		schema = temp_read(text, &length);
		shell_run(path, schema);
	}
	(void)snprintf(text, sizeof text, "PRAGMA user_version = %zu; PRAGMA application_id = 1264140868", version);
	shell_run(path, text); /* "KYBD" */
	shell_run(path, "INSERT INTO store_info VALUES ('id', '0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01'), "
			"('sandbox', '1'), ('created_at', '2026-01-01T00:00:00Z');"
			"INSERT INTO merchant (id, name, created_at) VALUES (1, 'northwind-pay', 0)");
}
