#include "kybdesk/base/file.h"
#include "support/leak.h"
#include "support/process.h"
#include "support/test_world.h"

#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *folder;
static struct strbuf out = STRBUF_INIT;
static struct error error;

static void set_up(void)
{
	folder = temp_folder_make();
}

static void tear_down(void)
{
	strbuf_release(&out);
	error_release(&error);
	temp_folder_remove(folder);
	NO_LEAKS();
}

TestSuite(file, .init = set_up, .fini = tear_down);
TestSuite(folder, .init = set_up, .fini = tear_down);

static size_t entries(const char *of)
{
	size_t count = 0;
	DIR *dir = opendir(of);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

Test(file, written_bytes_are_read_back_owner_only)
{
	char *path = temp_path(folder, "a");
	struct stat status;
	cr_assert_eq(file_write_synced(path, "x\0y", 3, NULL), ERR_OK);
	cr_assert_eq(file_read(path, 3, &out, NULL), ERR_OK);
	cr_expect_eq(out.len, 3);
	cr_expect_arr_eq(out.buf, "x\0y", 4);
	cr_assert_eq(stat(path, &status), 0);
	cr_expect_eq(status.st_mode & 0777, 0600);
	cr_expect_eq(entries(folder), 1, "no temporary file is left");
}

Test(file, a_new_one_takes_nobodys_place)
{
	char *path = temp_path(folder, "a"), *link = temp_path(folder, "link");
	struct stat status;
	cr_assert_eq(file_write_new(path, "first", 5, NULL), ERR_OK);
	cr_assert_eq(stat(path, &status), 0);
	cr_expect_eq(status.st_mode & 0777, 0600);
	cr_expect_eq(file_write_new(path, "second", 6, &error), ERR_INVALID);
	cr_expect_not_null(strstr(error.message, "already exists and was not changed"), "%s", error.message);
	/* A file is not written through a symbolic link either. */
	cr_assert_eq(symlink("nowhere", link), 0);
	cr_expect_eq(file_write_new(link, "third", 5, &error), ERR_INVALID);
	cr_assert_eq(file_read(path, 100, &out, NULL), ERR_OK);
	cr_expect_str_eq(out.buf, "first");
	cr_expect_eq(entries(folder), 2, "no temporary file is left");
	cr_expect_eq(file_write_new("/nonexistent/folder/a", "x", 1, &error), ERR_INVALID);
}

Test(file, reading_appends_and_a_failure_leaves_the_buffer)
{
	char *path = temp_path(folder, "a");
	temp_write(path, "12345", 5);
	strbuf_adds(&out, "kept");
	cr_expect_eq(file_read(path, 4, &out, &error), ERR_INVALID);
	cr_expect_str_eq(out.buf, "kept");
	cr_expect_not_null(strstr(error.message, path), "the sentence names the file");
	cr_expect_eq(file_read(path, 5, &out, NULL), ERR_OK);
	cr_expect_str_eq(out.buf, "kept12345");
}

Test(file, a_folder_a_pipe_and_a_missing_file_cannot_be_read)
{
	char *pipe_path = temp_path(folder, "pipe");
	char *missing = temp_path(folder, "missing");
	cr_assert_eq(mkfifo(pipe_path, 0600), 0);
	cr_expect_eq(file_read(folder, 100, &out, NULL), ERR_INVALID);
	cr_expect_eq(file_read(pipe_path, 100, &out, NULL), ERR_INVALID);
	cr_expect_eq(file_read(missing, 100, &out, NULL), ERR_INVALID);
}

Test(file, a_failed_write_leaves_the_old_file_and_nothing_beside_it)
{
	char *path = temp_path(folder, "a");
	char large[20000] = { 0 };
	cr_assert_eq(file_write_synced(path, "old", 3, NULL), ERR_OK);
	struct rlimit limit = { .rlim_cur = 8192, .rlim_max = RLIM_INFINITY };
	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	cr_expect_eq(file_write_synced(path, large, sizeof large, &error), ERR_STORE);
	limit.rlim_cur = RLIM_INFINITY;
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	char *left = temp_read(path, NULL);
	cr_expect_str_eq(left, "old");
	cr_expect_eq(entries(folder), 1);
}

Test(file, a_killed_writer_leaves_the_old_or_the_new_file_whole)
{
	char *path = temp_path(folder, "a");
	static char one[65536], two[65536];
	memset(one, '1', sizeof one);
	memset(two, '2', sizeof two);
	cr_assert_eq(file_write_synced(path, one, sizeof one, NULL), ERR_OK);
	for (unsigned round = 0; round < 40; round++) {
		pid_t pid = fork();
		cr_assert_geq(pid, 0);
		if (pid == 0) {
			for (;;)
				if (file_write_synced(path, two, sizeof two, NULL) ||
				    file_write_synced(path, one, sizeof one, NULL))
					_exit(1);
		}
		test_sleep_ms(1 + round % 5);
		cr_assert_eq(kill(pid, SIGKILL), 0);
		cr_assert_eq(waitpid(pid, NULL, 0), pid);
		struct strbuf out = STRBUF_INIT;
		cr_assert_eq(file_read(path, sizeof one, &out, NULL), ERR_OK);
		cr_assert_eq(out.len, sizeof one);
		cr_assert(memcmp(out.buf, one, sizeof one) == 0 || memcmp(out.buf, two, sizeof two) == 0);
		strbuf_release(&out);
	}
}

Test(file, writing_into_a_missing_folder_is_the_callers_mistake)
{
	cr_expect_eq(file_write_synced("/nonexistent/folder/a", "x", 1, &error), ERR_INVALID);
}

Test(folder, is_made_with_parents_owner_only_and_twice)
{
	char *deep = temp_path(folder, "a/b//c/");
	char *middle = temp_path(folder, "a/b");
	struct stat status;
	cr_expect_eq(folder_make(deep, NULL), ERR_OK);
	cr_expect_eq(folder_make(deep, NULL), ERR_OK);
	cr_assert_eq(stat(middle, &status), 0);
	cr_expect_eq(status.st_mode & 0777, 0700);
}

Test(folder, cannot_stand_where_a_file_is)
{
	char *path = temp_path(folder, "file");
	char *below = temp_path(folder, "file/sub");
	temp_write(path, "", 0);
	cr_expect_eq(folder_make(path, &error), ERR_INVALID);
	cr_expect_eq(folder_make(below, &error), ERR_INVALID);
	cr_expect(strstr(error.message, "file/sub cannot be written: Not a directory"), "%s", error.message);
}

Test(path, parts_and_joins)
{
	struct arena arena = ARENA_INIT;
	cr_expect_str_eq(path_join(&arena, "a", "b"), "a/b");
	cr_expect_str_eq(path_join(&arena, "a/", "b"), "a/b");
	cr_expect_str_eq(path_join(&arena, "a", "/b"), "/b");
	cr_expect_str_eq(path_join(&arena, "", "b"), "b");
	cr_expect_str_eq(path_folder(&arena, "a/b/c"), "a/b");
	cr_expect_str_eq(path_folder(&arena, "/a"), "/");
	cr_expect_str_eq(path_folder(&arena, "a"), ".");
	cr_expect_str_eq(path_basename("a/b"), "b");
	cr_expect_str_eq(path_basename("b"), "b");
	arena_release(&arena);
}

Test(xdg_folder, follows_the_variable_then_home_and_ignores_relative_values)
{
	struct arena arena = ARENA_INIT;
	struct test_world test;
	test_world_init(&test, 0);
	static const char *const set[] = { "HOME=/home/ana", "XDG_DATA_HOME=/data", NULL };
	static const char *const relative[] = { "HOME=/home/ana", "XDG_DATA_HOME=data", NULL };
	test.environment = set;
	cr_expect_str_eq(xdg_folder(&arena, &test.world, "XDG_DATA_HOME", ".local/share"), "/data");
	test.environment = relative;
	cr_expect_str_eq(xdg_folder(&arena, &test.world, "XDG_DATA_HOME", ".local/share"), "/home/ana/.local/share");
	arena_release(&arena);
}

static bool reads_beneath(const char *folder, const char *name, const char *says)
{
	struct strbuf out = STRBUF_INIT;
	struct error error = { 0 };
	enum err err = file_read_beneath(folder, name, 100, &out, &error);
	if (err) {
		cr_expect_eq(err, ERR_INVALID);
		cr_expect_eq(out.len, 0);
		cr_expect(strstr(error.message, says) && (!*name || strstr(error.message, name)), "%s: %s", name,
			  error.message);
	} else {
		cr_expect_str_eq(out.buf, "inside", "%s", name);
	}
	error_release(&error);
	strbuf_release(&out);
	return !err;
}

Test(file, two_names_are_one_place_whether_a_file_is_there_or_not)
{
	struct arena arena = ARENA_INIT;
	char *base = temp_folder_make(), *there = temp_path(base, "there"), *hard = temp_path(base, "hard");
	char *by_link = temp_path(base, "by-link"), *other = temp_path(base, "other");
	char *none = temp_path(base, "none"), *none_by_link = temp_path(base, "by-link/none");
	char *there_by_link = temp_path(base, "by-link/there"), *nowhere = temp_path(base, "no/where");

	temp_write(there, "x", 1);
	temp_write(other, "x", 1);
	cr_assert(link(there, hard) == 0 && symlink(base, by_link) == 0);
	cr_expect(file_is_same(there, there));
	cr_expect(file_is_same(there, hard));
	cr_expect(file_is_same(there_by_link, there));
	cr_expect(file_is_same(none, none_by_link));
	cr_expect_not(file_is_same(there, other));
	cr_expect_not(file_is_same(there, none));
	cr_expect_not(file_is_same(nowhere, nowhere), "there is no such place");
	cr_expect_str_eq(path_real(&arena, none_by_link), none);
	cr_expect_null(path_real(&arena, nowhere));
	/* A dangling link leads to the path where the file would be made; a link to itself leads to no file. */
	char *first = temp_path(base, "first"), *second = temp_path(base, "second"), *round = temp_path(base, "round");
	cr_assert(symlink("second", first) == 0 && symlink(none_by_link, second) == 0 && symlink("round", round) == 0);
	cr_expect(file_is_same(first, none));
	cr_expect_not(file_is_same(round, none));
	cr_expect_str_eq(path_real(&arena, first), none);
	temp_folder_remove(base);
	arena_release(&arena);
}

Test(file, beneath_a_folder_nothing_leads_out_of_it)
{
	char *base = temp_folder_make(), *folder = temp_path(base, "in"), *deep = temp_path(base, "in/deep");
	char *outside = temp_path(base, "secret"), *plain = temp_path(base, "in/plain");
	char *below = temp_path(base, "in/deep/below"), *link = temp_path(base, "in/link");
	char *folder_link = temp_path(base, "in/up"), *inner_link = temp_path(base, "in/inner");
	char *fifo = temp_path(base, "in/fifo"), *by_link = temp_path(base, "by-link");
	cr_assert(mkdir(folder, 0700) == 0 && mkdir(deep, 0700) == 0);
	temp_write(outside, "secret", 6);
	temp_write(plain, "inside", 6);
	temp_write(below, "inside", 6);
	cr_assert_eq(symlink("../secret", link), 0);
	cr_assert_eq(symlink("..", folder_link), 0);
	cr_assert_eq(symlink("deep", inner_link), 0);
	cr_assert_eq(symlink("in", by_link), 0);
	cr_assert_eq(mkfifo(fifo, 0600), 0);
	cr_expect(reads_beneath(folder, "plain", ""));
	cr_expect(reads_beneath(folder, "deep/below", ""));
	cr_expect(reads_beneath(folder, "./deep//./below", ""));
	cr_expect(reads_beneath(by_link, "plain", ""), "the folder itself is the user's choice");
	cr_expect_not(reads_beneath(folder, "../secret", "must be relative, without \"..\""));
	cr_expect_not(reads_beneath(folder, "deep/../../secret", "must be relative, without \"..\""));
	cr_expect_not(reads_beneath(folder, "..", "must be relative, without \"..\""));
	cr_expect_not(reads_beneath(folder, outside, "must be relative, without \"..\""));
	cr_expect_not(reads_beneath(folder, "link", "symbolic link"));
	cr_expect_not(reads_beneath(folder, "up/secret", "symbolic link"));
	cr_expect_not(reads_beneath(folder, "inner/below", "symbolic link"));
	cr_expect_not(reads_beneath(folder, "fifo", "not a regular file"));
	cr_expect_not(reads_beneath(folder, "deep", "not a regular file"));
	cr_expect_not(reads_beneath(folder, "", "not a regular file"));
	cr_expect_not(reads_beneath(folder, "gone", "No such file"));
	cr_expect_not(reads_beneath(folder, "plain/below", "Not a directory"));
	cr_expect_not(reads_beneath(outside, "plain", "Not a directory"));
	temp_folder_remove(base);
}
