/* Unusual input for a PostgreSQL server, and errors if a server cannot be reached. */
#include "store/store_support.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/store/import.h"
#include "kybdesk/store/people.h"
#include "postgresql/server.h"
#include "../../src/store/postgresql/postgresql_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

FIXTURE_OF_TESTS;

static enum err note(struct fixture *f, const char *text)
{
	static const struct sql set = { "test.note", "INSERT INTO store_info (key, value) VALUES ('note', $1) "
						     "ON CONFLICT (key) DO UPDATE SET value = excluded.value" };
	struct query *query = NULL;
	enum err err = db_query(f->store->db, &set, &query, &f->error);

	if (err)
		return err;
	query_bind_text(query, 1, text);
	return query_run(query, &f->error);
}

Test(hostile, text_that_is_no_utf8_is_refused_and_nothing_else_happens, .init = set_up, .fini = tear_down)
{
	static const char *const texts[] = { "a\xff", "\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80" };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		fixture_begin(&f);
		OK(&f, note(&f, "before"));
		OK(&f, note(&f, texts[i]));
		cr_expect_eq(db_flush(f.store->db, &f.error), ERR_INVALID, "%s", f.error.message);
		cr_expect(strstr(f.error.message, "UTF-8"), "%s", f.error.message);
		/* A caller that ignores the error stores nothing. */
		cr_expect_eq(store_commit(f.store, &f.error), ERR_INVALID);
		cr_expect_eq(number_of(&f, "SELECT count(*) FROM store_info WHERE key = 'note'"), 0);
	}
}

/* A role or a database can define a default for the setting kybdesk.touched, which lists changed rows. */
Test(hostile, a_setting_that_names_a_changed_row_does_not_make_the_change_the_programs, .init = set_up,
     .fini = tear_down)
{
	struct merchant shop = { .name = "shop", .api_code = "" }, other = { .name = "other", .api_code = "" };
	const char *count;

	WRITE(&f, store_merchant_put(f.store, &shop, 1, &f.error));
	count = arena_printf(&f.arena, "SELECT count(*) FROM row_commitment WHERE name = 'merchant' AND key = %lld",
			     (long long)shop.row);
	cr_assert_eq(number_of(&f, count), 1);
	shell_run(f.path, "UPDATE merchant SET api_code = 'theirs' WHERE name = 'shop'");
	OK(&f, postgresql_run((struct postgresql_db *)f.store->db,
			      arena_printf(&f.arena, "SET kybdesk.touched = 'merchant %lld;'", (long long)shop.row),
			      &f.error));
	WRITE(&f, store_merchant_put(f.store, &other, 1, &f.error));
	cr_expect_eq(number_of(&f, count), 1);
}

Test(hostile, text_of_every_script_and_of_many_megabytes_comes_back, .init = set_up, .fini = tear_down)
{
	static const char odd[] = "'; DROP TABLE session; -- \\' $1 {by x} \xe6\xa0\xaa\xe5\xbc\x8f \xf0\x9f\x92\xa9 "
				  "\xe2\x80\xae \x01\x7f\xef\xbf\xbf";
	struct strbuf text = STRBUF_INIT;
	const char *kept = NULL;

	while (text.len < (size_t)8 << 20)
		strbuf_adds(&text, odd);
	for (int large = 0; large < 2; large++) {
		WRITE(&f, note(&f, large ? text.buf : odd));
		OK(&f, store_info_get(f.store, &f.arena, "note", &kept, &f.error));
		cr_expect_str_eq(kept, large ? text.buf : odd);
	}
	strbuf_release(&text);
}

Test(hostile, numbers_are_as_wide_as_in_a_file, .init = set_up, .fini = tear_down)
{
	static const int64_t numbers[] = { INT64_MIN, INT64_MIN + 1, -1, 0, INT32_MAX, INT64_C(1) << 40, INT64_MAX };
	static const struct sql back = { "test.back", "SELECT $1, $1 + 0, {most $1, $2}, count(*) FROM session" };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct query *query = NULL;
		bool row = false;

		OK(&f, db_query(f.store->db, &back, &query, &f.error));
		query_bind_int(query, 1, numbers[i]);
		query_bind_int(query, 2, INT64_MIN);
		OK(&f, query_next(query, &row, &f.error));
		cr_expect_eq(row_int(query, 0), numbers[i]);
		cr_expect_eq(row_int(query, 1), numbers[i]);
		cr_expect_eq(row_int(query, 2), numbers[i]);
		query_end(query);
	}
}

/* The order is that of SQLite and does not depend on the locale of the database. */
Test(hostile, texts_are_ordered_by_their_bytes, .init = set_up, .fini = tear_down)
{
	shell_run(f.path,
		  "INSERT INTO merchant (name, created_at) VALUES ('b', 0), ('B', 0), ('\xc3\xa4', 0), ('a', 0), "
		  "('Z', 0), ('_', 0), ('a b', 0), ('ab', 0)");
	cr_expect_str_eq(place_text(&f.arena, f.path,
				    "SELECT string_agg(name, ',') FROM (SELECT name FROM merchant WHERE name <> "
				    "'northwind-pay' ORDER BY name) AS m"),
			 "B,Z,_,a,a b,ab,b,\xc3\xa4");
}

static void expect_refusal(const char *path, const char *wanted)
{
	struct error error = { 0 };
	struct store *store = NULL;
	struct test_world world;
	const struct store_options options = { .path = path, .world = &world.world };

	test_world_init(&world, TEST_NOW);
	cr_expect_eq(store_open(&options, &store, &error), ERR_STORE);
	cr_expect(strstr(error.message, wanted), "no \"%s\" in: %s", wanted, error.message);
	cr_expect_null(strstr(error.message, "Secret1"), "%s", error.message);
	error_release(&error);
	store_close(store);
}

static char *with(const char *place, const char *from, const char *to)
{
	char *out = NULL;
	const char *at = strstr(place, from);

	cr_assert_not_null(at);
	cr_assert_gt(asprintf(&out, "%.*s%s%s", (int)(at - place), place, to, at + strlen(from)), 0);
	return out;
}

Test(hostile, what_is_no_store_is_told_by_what_it_is)
{
	char *place = place_make(NULL, NULL), *path;

	expect_refusal(place, "No store at postgresql://kybdesk@");
	path = with(place, "/postgres?", "/nowhere?");
	expect_refusal(path, "does not exist; create the database or user first");
	free(path);
	path = with(place, "user=kybdesk", "user=stranger&password=Secret1");
	expect_refusal(path, "role \"stranger\" does not exist");
	free(path);
	path = with(place, "user=kybdesk", "user=kybdesk&options=-csearch_path%3Dnowhere&x");
	expect_refusal(path, "The address of the store is not an address");
	free(path);
	shell_run(place, "CREATE TABLE somebodys (id BIGINT)");
	expect_refusal(place, "contains the tables of another program");
	cr_expect_eq(*place_text(&(struct arena){ 0 }, place, "SELECT id FROM somebodys"), '\0');
}

Test(hostile, only_a_connection_that_leaves_the_machine_must_be_encrypted)
{
	cr_expect(postgresql_needs_encryption("db.example", "192.0.2.7", "prefer"));
	cr_expect(postgresql_needs_encryption("db.example", "2001:db8::1", ""));
	cr_expect(postgresql_needs_encryption("localhost", "192.0.2.7", "allow"));
	cr_expect_not(postgresql_needs_encryption("db.example", "192.0.2.7", "disable"));
	cr_expect_not(postgresql_needs_encryption("localhost", "127.0.0.1", "prefer"));
	cr_expect_not(postgresql_needs_encryption("localhost", "::1", "prefer"));
	cr_expect_not(postgresql_needs_encryption("/run/postgresql", "", "prefer"));
	cr_expect_not(postgresql_needs_encryption("", "", "prefer"));
}

Test(hostile, a_server_that_is_gone_is_told_and_may_come_back)
{
	struct test_server server;
	struct fixture f;
	enum err err;

	server_make(&server);
	fixture_init_at(&f, server_place(&server));
	server_kill(&server);
	cr_expect_eq(store_begin(f.store, STORE_WRITE, &f.error), ERR_STORE);
	cr_expect(strstr(f.error.message, "cannot be reached: "), "%s", f.error.message);
	server_start(&server);
	/* A server that is killed during a transaction loses the whole transaction. */
	fixture_begin(&f);
	OK(&f, note(&f, "half"));
	server_kill(&server);
	server_start(&server);
	err = note(&f, "whole");
	cr_expect_eq(store_commit_or_rollback(f.store, err, err ? NULL : &f.error), ERR_STORE);
	cr_expect(strstr(f.error.message, "is lost: "), "%s", f.error.message);
	store_rollback(f.store);
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM store_info WHERE key = 'note'"), 0);
	WRITE(&f, note(&f, "whole"));
	/* A server refuses store_import_start() with a size of the cache, which only SQLite can set. */
	cr_expect_eq(store_import_start(f.store, 1024, &f.error), ERR_INVALID);
	cr_expect(strstr(f.error.message, "manages its own memory; import without --memory"), "%s", f.error.message);
	/* Rows that an import wrote without waiting for the disk may be lost with the server: the import stops with an
	 * error. */
	OK(&f, f.store->db->driver->set_durable(f.store->db, false, &f.error));
	server_kill(&server);
	server_start(&server);
	cr_expect_eq(store_begin(f.store, STORE_WRITE, &f.error), ERR_STORE);
	cr_expect(strstr(f.error.message, "run the import again"), "%s", f.error.message);
	fixture_release(&f);
	server_remove(&server);
}
