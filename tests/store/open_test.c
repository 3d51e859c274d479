/* Making and opening a store. */
#include "store/store_support.h"
#include "support/process.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

FIXTURE_OF_TESTS;

struct key_context {
	char *folder, *path;
	struct test_world world;
	struct store *store;
	struct error error;
};

static struct key_context place;

static void name_place(const char *name)
{
	place.path = temp_path(place.folder, name);
}

static void set_up_folder(void)
{
	place = (struct key_context){ .folder = temp_folder_make() };
	name_place("kyb.db");
	test_world_init(&place.world, TEST_NOW);
}

static void tear_down_folder(void)
{
	store_close(place.store);
	error_release(&place.error);
	temp_folder_remove(place.folder);
	NO_LEAKS();
}
TestSuite(open, .init = set_up_folder, .fini = tear_down_folder);

static enum err open_at(struct key_context *place, bool create)
{
	struct store_options options = { .path = place->path, .create = create, .world = &place->world.world };
	store_close(place->store);
	return store_open(&options, &place->store, &place->error);
}

static void expect_refusal(struct key_context *place, enum err err, const char *word)
{
	cr_expect_eq(err, ERR_STORE);
	cr_expect_null(place->store);
	cr_assert_not_null(place->error.message);
	cr_expect(strstr(place->error.message, word) != NULL, "\"%s\" in: %s", word, place->error.message);
	cr_expect(strstr(place->error.message, place->path) != NULL, "the path in: %s", place->error.message);
}

Test(open, a_new_store_is_made_with_its_folders_and_opens_again)
{
	name_place("deep/er/kyb.db");
	cr_assert_eq(open_at(&place, true), ERR_OK, "%s", place.error.message);
	char id[sizeof place.store->id];
	memcpy(id, place.store->id, sizeof id);
	cr_expect(uuid_is_valid(id));
	cr_assert_eq(open_at(&place, false), ERR_OK, "%s", place.error.message);
	cr_expect_str_eq(place.store->id, id);
	cr_expect_not(place.store->sandbox);
}

Test(open, a_store_and_all_beside_it_belongs_to_its_owner_alone)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", "-mark", "-documents" };
	struct stat found;
	(void)umask(0);
	cr_assert_eq(open_at(&place, true), ERR_OK, "%s", place.error.message);
	for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
		char path[512];
		snprintf(path, sizeof path, "%s%s", place.path, suffixes[i]);
		cr_assert_eq(stat(path, &found), 0, "%s", path);
		cr_expect_eq(found.st_mode & 077, 0, "%s has mode %o", path, (unsigned)found.st_mode);
	}
}

Test(open, a_file_that_an_init_left_empty_becomes_its_owners_alone)
{
	struct stat found;
	temp_write(place.path, "", 0);
	cr_assert_eq(chmod(place.path, 0666), 0);
	cr_assert_eq(open_at(&place, true), ERR_OK, "%s", place.error.message);
	cr_assert_eq(stat(place.path, &found), 0);
	cr_expect_eq(found.st_mode & 07777, 0600, "%o", (unsigned)found.st_mode);
}

Test(open, a_store_knows_its_own_files_under_whatever_name)
{
	struct arena arena = ARENA_INIT;
	cr_assert_eq(open_at(&place, true), ERR_OK, "%s", place.error.message);
	const char *other = arena_printf(&arena, "%s.other", place.path),
		   *hard = arena_printf(&arena, "%s.hard", place.path),
		   *soft = arena_printf(&arena, "%s.soft", place.path);
	temp_write(other, "x", 1);
	cr_assert(link(place.path, hard) == 0 && symlink(place.path, soft) == 0);
	cr_expect(store_owns_path(place.store, place.path));
	cr_expect(store_owns_path(place.store, arena_printf(&arena, "%s-wal", place.path)));
	cr_expect(store_owns_path(place.store, arena_printf(&arena, "%s-mark", place.path)));
	cr_expect(store_owns_path(place.store, arena_printf(&arena, "%s-journal", place.path)));
	cr_expect(store_owns_path(place.store, arena_printf(&arena, "%s.key", place.path)));
	cr_expect(store_owns_path(place.store, arena_printf(&arena, "%s-documents", place.path)));
	cr_expect(store_owns_path(place.store, hard));
	cr_expect(store_owns_path(place.store, soft));
	cr_expect_not(store_owns_path(place.store, other));
	cr_expect_not(store_owns_path(place.store, arena_printf(&arena, "%s.none", place.path)));
	arena_release(&arena);
}

Test(open, a_missing_store_says_how_to_make_one)
{
	name_place("none.db");
	expect_refusal(&place, open_at(&place, false), "kybdesk init");
	cr_expect_neq(access(place.path, F_OK), 0, "nothing may be made");
}

Test(open, init_on_an_existing_store_is_refused)
{
	cr_assert_eq(open_at(&place, true), ERR_OK);
	expect_refusal(&place, open_at(&place, true), "already");
	cr_expect_eq(open_at(&place, false), ERR_OK);
}

Test(open, an_init_killed_in_the_middle_left_no_store_and_can_be_done_again)
{
	/* Before its only transaction, init can leave two states: an empty file, and a file in WAL mode. */
	temp_write(place.path, "", 0);
	expect_refusal(&place, open_at(&place, false), "No store");
	shell_run(place.path, "PRAGMA journal_mode = WAL");
	expect_refusal(&place, open_at(&place, false), "No store");
	cr_expect_eq(open_at(&place, true), ERR_OK, "%s", place.error.message);
}

Test(open, a_newer_store_is_refused)
{
	cr_assert_eq(open_at(&place, true), ERR_OK);
	store_close(place.store);
	place.store = NULL;
	shell_run(place.path, "PRAGMA user_version = 1000");
	expect_refusal(&place, open_at(&place, false), "newer");
}

Test(open, a_database_of_another_program_is_refused_and_left_as_it_is)
{
	size_t length = 0;
	size_t length_after = 0;
	name_place("other.db");
	shell_run(place.path, "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)");
	char *before = temp_read(place.path, &length);
	expect_refusal(&place, open_at(&place, false), "another program");
	expect_refusal(&place, open_at(&place, true), "another program");
	char *after = temp_read(place.path, &length_after);
	cr_assert_eq(length, length_after);
	cr_expect_eq(memcmp(before, after, length), 0);
}

Test(open, a_file_that_is_no_database_is_refused)
{
	name_place("letter.txt");
	char text[4096];
	memset(text, 'x', sizeof text);
	temp_write(place.path, text, sizeof text);
	expect_refusal(&place, open_at(&place, false), "not a kybdesk store");
	expect_refusal(&place, open_at(&place, true), "not a kybdesk store");
}

Test(open, a_folder_in_its_place_is_refused)
{
	cr_assert_eq(mkdir(place.path, 0700), 0);
	expect_refusal(&place, open_at(&place, false), "");
}

/* Opening fails without a server; the message never contains the secrets of the address. */
Test(open, an_address_of_no_server_is_told_with_a_sentence)
{
	static const char *const addresses[][2] = {
		{ "postgresql://ada:Secret1@/kyb?host=/nonexistent",
		  "store postgresql://ada@/nonexistent/kyb cannot be reached: " },
		{ "postgres://ada:Secret1@%2Fnonexistent/kyb",
		  "store postgresql://ada@/nonexistent/kyb cannot be reached: " },
		{ "postgresql:///kyb?host=/nonexistent&Secret1=2", "The address of the store is not an address" },
		{ "postgresql://ada:Secret1%zz@/kyb", "The address of the store is not an address" },
	};

	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
		for (int create = 0; create < 2; create++) {
			place.path = test_keep(strdup(addresses[i][0]));
			cr_expect_eq(open_at(&place, create), ERR_STORE);
			cr_expect(strstr(place.error.message, addresses[i][1]), "%s", place.error.message);
			if (strstr(addresses[i][1], "cannot be reached"))
				cr_expect(strstr(place.error.message, "check that the server runs"), "%s",
					  place.error.message);
			cr_expect_null(strstr(place.error.message, "Secret1"), "%s", place.error.message);
		}
}

Test(open, names_that_mean_something_to_sqlite_are_ordinary_files)
{
	static const char *const names[] = { ":memory:", "file:x?mode=memory" };
	name_place("unused");
	cr_assert_eq(chdir(place.folder), 0);
	for (size_t i = 0; i < 2; i++) {
		place.path = test_keep(strdup(names[i]));
		cr_assert_eq(open_at(&place, true), ERR_OK, "%s", place.error.message);
		cr_expect_eq(access(names[i], F_OK), 0, "%s", names[i]);
	}
	cr_assert_eq(chdir("/"), 0);
}

/* Overwrites each page in turn: opening or the integrity check must report the damage, and nothing may crash. */
Test(open, a_damaged_store_is_told_and_never_crashes)
{
	struct arena arena = ARENA_INIT;
	size_t noticed = 0;
	cr_assert_eq(open_at(&place, true), ERR_OK);
	store_close(place.store);
	place.store = NULL;
	/* Removes the pages that migrations have emptied: nothing reads them, so their damage would not be found. */
	shell_run(place.path, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
	size_t length = 0;
	char *whole = temp_read(place.path, &length);
	for (size_t page = 0; page * 4096 < length; page++) {
		char *bytes = malloc(length);
		memcpy(bytes, whole, length);
		memset(bytes + page * 4096, 0x5a, 4096);
		temp_write(place.path, bytes, length);
		free(bytes);
		const char **problems = NULL;
		size_t count = 0;
		enum err err = open_at(&place, false);
		if (!err)
			err = store_check_integrity(place.store, &arena, &problems, &count, &place.error);
		cr_expect(err == ERR_OK || err == ERR_STORE, "page %zu: %d %s", page, err, place.error.message);
		noticed += err != ERR_OK || count > 0;
	}
	cr_expect_eq(noticed, length / 4096);
	arena_release(&arena);
}

Test(open, a_cut_off_store_is_told)
{
	struct arena arena = ARENA_INIT;
	const char **problems = NULL;
	size_t count = 0;
	size_t length = 0;
	cr_assert_eq(open_at(&place, true), ERR_OK);
	store_close(place.store);
	place.store = NULL;
	shell_run(place.path, "PRAGMA wal_checkpoint(TRUNCATE)");
	char *whole = temp_read(place.path, &length);
	temp_write(place.path, whole, length / 2);
	enum err err = open_at(&place, false);
	if (!err)
		err = store_check_integrity(place.store, &arena, &problems, &count, &place.error);
	cr_expect(err == ERR_STORE || count > 0);
	arena_release(&arena);
}

Test(open, a_sound_store_has_no_problems, .init = set_up, .fini = tear_down)
{
	const char **problems = NULL;
	size_t count = 9;
	OK(&f, store_check_integrity(f.store, &f.arena, &problems, &count, &f.error));
	cr_expect_eq(count, 0);
}

Test(open, a_row_that_points_nowhere_is_a_problem, .init = set_up, .fini = tear_down)
{
	const char **problems = NULL;
	size_t count = 0;
	store_close(f.store);
	shell_run(f.path, "INSERT INTO note (session_id, text, written_by, written_at) VALUES (99, 'x', 'y', 1)");
	f.store = fixture_connect(&f, 0);
	OK(&f, store_check_integrity(f.store, &f.arena, &problems, &count, &f.error));
	cr_assert_eq(count, 1);
	cr_expect(strstr(problems[0], "note") != NULL && strstr(problems[0], "session") != NULL, "%s", problems[0]);
}

Test(open, of_many_inits_at_once_exactly_one_makes_the_store)
{
	enum { PROCESSES = 8 };
	pid_t children[PROCESSES];
	int made = 0;
	int refused = 0;
	for (size_t i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			place.world.seed = i + 1;
			enum err err = open_at(&place, true);
			bool already = err == ERR_STORE && strstr(place.error.message, "already");
			if (err && !already)
				fprintf(stderr, "one of many inits: %s\n", place.error.message);
			store_close(place.store);
			_exit(err == ERR_OK ? 0 : already ? 1 : 2);
		}
	}
	for (size_t i = 0; i < PROCESSES; i++) {
		int status = 0;
		cr_assert_eq(waitpid(children[i], &status, 0), children[i]);
		made += WIFEXITED(status) && WEXITSTATUS(status) == 0;
		refused += WIFEXITED(status) && WEXITSTATUS(status) == 1;
	}
	cr_expect_eq(made, 1);
	cr_expect_eq(refused, PROCESSES - 1);
	cr_expect_eq(open_at(&place, false), ERR_OK, "%s", place.error.message);
}

Test(open, the_settings_of_the_store_are_kept, .init = set_up, .fini = tear_down)
{
	const char *value = NULL;
	cr_expect(f.store->sandbox);
	OK(&f, store_info_get(f.store, &f.arena, "created_at", &value, &f.error));
	cr_expect_str_eq(value, "2026-11-03T10:00:00Z");
	OK(&f, store_info_get(f.store, &f.arena, "no-such-key", &value, &f.error));
	cr_expect_str_empty(value);
	fixture_begin(&f);
	OK(&f, store_info_set(f.store, "grace_s", "10", &f.error));
	OK(&f, store_info_set(f.store, "grace_s", "0", &f.error));
	fixture_commit(&f);
	OK(&f, store_info_get(f.store, &f.arena, "grace_s", &value, &f.error));
	cr_expect_str_eq(value, "0");
}

Test(open, the_library_and_its_protection_are_named, .init = set_up, .fini = tear_down)
{
	const char *text = store_describe_library(f.store, &f.arena);
	cr_expect(strstr(text, sqlite3_libversion()) != NULL, "%s", text);
	cr_expect(strstr(text, "checkpoints") != NULL, "%s", text);
}
