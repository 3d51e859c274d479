/* Tests that the mark outside the log (sqlite_mark.c) does no harm: no false report, no failed write.
 * tests/fault/damage_test.c tests that it reports a loss. */
#include "store/store_support.h"
#include "store/sync_support.h"
#include "../../src/store/sqlite/sqlite_internal.h"
#include "support/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

FIXTURE(mark);

static char *beside(struct fixture *f, const char *end)
{
	return arena_printf(&f->arena, "%s%s", f->path, end);
}

static struct stat status_of(const char *path)
{
	struct stat found;
	cr_assert_eq(stat(path, &found), 0, "%s", path);
	return found;
}

static struct sqlite_db *sqlite_of(struct store *store)
{
	return (struct sqlite_db *)store->db;
}

static void write_on(struct fixture *f, struct store *store)
{
	static unsigned turn;
	OK(f, store_begin(store, STORE_WRITE, &f->error));
	OK(f, store_info_set(store, "turn", arena_printf(&f->arena, "%u", turn++), &f->error));
	OK(f, store_commit(store, &f->error));
}

static void close_store(struct fixture *f)
{
	store_close(f->store);
	f->store = NULL;
}

static enum err open_store(struct fixture *f, const char *path, bool readonly)
{
	struct store_options options = { .path = path, .readonly = readonly, .world = &f->world.world };
	return store_open(&options, &f->store, &f->error);
}

static void must_tell_loss(struct fixture *f, const char *path)
{
	cr_assert_eq(open_store(f, path, false), ERR_STORE, "nobody noticed");
	cr_assert(strstr(f->error.message, "has lost its log"), "%s", f->error.message);
}

static void lose_log(struct fixture *f)
{
	close_store(f);
	cr_assert_eq(unlink(beside(f, "-wal")), 0);
	(void)unlink(beside(f, "-shm"));
}

static void shell_in(struct fixture *f, const char *line)
{
	const char *const argv[] = { "sh", "-ec", line, NULL };
	const struct process_options options = { .argv = argv, .folder = f->folder };
	struct process_result result;
	process_run(&options, &result);
	cr_assert_eq(result.status, 0, "%s: %s", line, result.err);
}

/* --- a power cut may leave an old time of change on the store's file, so a copy back clears the mark first --- */

static struct {
	const char *store;
	struct stat before;
	bool mark_is_safe, seen;
} cut;

static void watch_order(const char *path)
{
	size_t length = strlen(path);
	if (length > 5 && strcmp(path + length - 5, "-mark") == 0) {
		struct stat now = status_of(cut.store);
		cr_expect_eq(now.st_ctim.tv_nsec, cut.before.st_ctim.tv_nsec, "some was copied before");
		cut.mark_is_safe = true;
	} else if (strcmp(path, cut.store) == 0) {
		cr_expect(cut.mark_is_safe, "copied back while the mark on the disk may still speak");
		cut.seen = true;
	}
}

Test(mark, it_is_gone_from_the_disk_before_any_of_the_log_is_copied_back)
{
	for (unsigned turn = 0; turn < 3; turn++) {
		write_on(&f, f.store);
		cut.store = f.path;
		cut.before = status_of(f.path);
		cut.mark_is_safe = cut.seen = false;
		on_sync = watch_order;
		f.store->db->driver->checkpoint(f.store->db);
		on_sync = NULL;
		cr_assert(cut.seen, "nothing was copied: a test of nothing");
	}
}

/* --- a stopped process that holds the lock and never releases it --- */

Test(mark, whoever_keeps_its_lock_holds_up_nobody, .timeout = 60)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
	struct stat before = status_of(f.path);
	int fd = open(beside(&f, "-mark"), O_RDWR | O_CLOEXEC);
	cr_assert_eq(fcntl(fd, F_OFD_SETLK, &lock), 0);
	close_store(&f);
	cr_assert_eq(open_store(&f, f.path, false), ERR_OK);
	write_on(&f, f.store);
	f.store->db->driver->checkpoint(f.store->db);
	cr_expect_eq(status_of(f.path).st_ctim.tv_nsec, before.st_ctim.tv_nsec,
		     "copied back, with a mark that speaks of the log before");
	(void)close(fd);
	f.store->db->driver->checkpoint(f.store->db);
	cr_expect_neq(status_of(f.path).st_ctim.tv_nsec, before.st_ctim.tv_nsec, "never copied back again");
	close_store(&f);
	cr_assert_eq(open_store(&f, f.path, false), ERR_OK);
}

/* --- other files in the place of the mark --- */

Test(mark, a_pipe_in_its_place_is_none_and_nobody_waits_for_it, .timeout = 60)
{
	close_store(&f);
	cr_assert_eq(unlink(beside(&f, "-mark")), 0);
	cr_assert_eq(mkfifo(beside(&f, "-mark"), 0600), 0);
	cr_assert_eq(open_store(&f, f.path, true), ERR_OK);
	close_store(&f);
	cr_assert_eq(open_store(&f, f.path, false), ERR_OK);
	write_on(&f, f.store);
	cr_expect(S_ISFIFO(status_of(beside(&f, "-mark")).st_mode));
}

Test(mark, a_link_in_its_place_is_not_followed)
{
	char *other = temp_path(f.folder, "other");
	temp_write(other, "kept", 4);
	close_store(&f);
	cr_assert_eq(unlink(beside(&f, "-mark")), 0);
	cr_assert_eq(symlink(other, beside(&f, "-mark")), 0);
	cr_assert_eq(open_store(&f, f.path, false), ERR_OK);
	write_on(&f, f.store);
	f.store->db->driver->checkpoint(f.store->db);
	cr_expect_eq(status_of(other).st_size, 4);
}

static bool another_gets_the_lock(struct fixture *f)
{
	int status = 0;
	pid_t other = fork();
	if (other == 0) {
		struct store *store = fixture_connect(f, 1);
		_exit(store_begin(store, STORE_WRITE, NULL) == ERR_OK);
	}
	cr_assert_eq(waitpid(other, &status, 0), other);
	cr_assert(WIFEXITED(status));
	return WEXITSTATUS(status) != 0;
}

/* If a process closes any descriptor of a file, it loses all its POSIX locks on that file. */
Test(mark, a_second_name_of_the_stores_own_files_is_not_opened_and_gives_up_no_lock)
{
	cr_assert_eq(unlink(beside(&f, "-mark")), 0);
	cr_assert_eq(link(beside(&f, "-shm"), beside(&f, "-mark")), 0);
	fixture_begin(&f);
	cr_expect_not(sqlite_mark_open(sqlite_of(f.store)));
	cr_expect_not(another_gets_the_lock(&f), "two write at once");
	store_rollback(f.store);
	cr_assert(another_gets_the_lock(&f), "nobody ever does: a test of nothing");
	write_on(&f, f.store);
	f.store->db->driver->checkpoint(f.store->db);
}

Test(mark, another_file_in_its_place_is_left_as_it_is)
{
	char kept[4096], *now;
	size_t length;
	memset(kept, 'k', sizeof kept);
	cr_assert_eq(unlink(beside(&f, "-mark")), 0);
	temp_write(beside(&f, "-mark"), kept, sizeof kept);
	write_on(&f, f.store);
	f.store->db->driver->checkpoint(f.store->db);
	write_on(&f, f.store);
	now = temp_read(beside(&f, "-mark"), &length);
	cr_expect(now && length == sizeof kept && memcmp(now, kept, length) == 0);
}

Test(mark, one_that_cannot_be_written_is_not_taken_for_away)
{
	struct rlimit before, none;
	struct stat store = status_of(f.path);
	cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = (struct rlimit){ .rlim_cur = 0, .rlim_max = before.rlim_max };
	(void)signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
	bool away = sqlite_mark_clear(sqlite_of(f.store));
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	cr_expect_not(away);
	cr_expect_eq(status_of(f.path).st_ctim.tv_nsec, store.st_ctim.tv_nsec);
	lose_log(&f);
	must_tell_loss(&f, f.path);
}

static bool leaves_root(void)
{
	return geteuid() != 0 || (setgid(12345) == 0 && setuid(12345) == 0);
}

/* Copies the log back as a user that can read the mark but not write it. Returns the error, or NULL. */
static const char *with_a_mark_to_read_only(struct fixture *f)
{
	struct stat before = status_of(f->path);
	if (!leaves_root())
		return "root stays root";
	if (open_store(f, f->path, false) != ERR_OK)
		return "does not open";
	f->store->db->driver->checkpoint(f->store->db);
	if (status_of(f->path).st_ctim.tv_nsec == before.st_ctim.tv_nsec)
		return "is never copied back";
	close_store(f);
	return NULL;
}

static const char *with_a_loss_to_read_only(struct fixture *f)
{
	if (!leaves_root())
		return "root stays root";
	if (open_store(f, f->path, false) != ERR_STORE)
		return "nobody noticed";
	return strstr(f->error.message, "has lost its log") ? NULL : f->error.message;
}

static void as_another(struct fixture *f, const char *(*act)(struct fixture *f))
{
	int status = 0;
	pid_t child = fork();
	if (child == 0) {
		const char *wrong = act(f);
		(void)fprintf(stderr, "%s", wrong ? wrong : "");
		_exit(wrong != NULL);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Writes once, so that the mark matches the store's file; then makes the mark read-only. */
static void keep_mark(struct fixture *f)
{
	write_on(f, f->store);
	cr_assert_eq(chmod(beside(f, "-mark"), 0444), 0);
	if (geteuid() == 0)
		cr_assert_eq(chown(beside(f, "-mark"), 0, 0), 0);
}

Test(mark, one_that_may_only_be_read_tells_too_and_stops_no_copying, .timeout = 60)
{
	f.store->db->driver->checkpoint(f.store->db);
	if (geteuid() == 0)
		shell_in(&f, "chown -R 12345:12345 .");
	keep_mark(&f);
	close_store(&f);
	as_another(&f, with_a_mark_to_read_only);
	cr_assert_eq(chmod(beside(&f, "-mark"), 0600), 0);
	cr_assert_eq(open_store(&f, f.path, false), ERR_OK, "%s", f.error.message);
	keep_mark(&f);
	lose_log(&f);
	as_another(&f, with_a_loss_to_read_only);
}

/* As a user other than root, gives a group access to the store; the mark must follow. Returns the error, or NULL. */
static const char *with_a_store_for_its_group(struct fixture *f)
{
	if (!leaves_root())
		return "root stays root";
	if (open_store(f, f->path, false) != ERR_OK)
		return "does not open";
	if (chmod(f->path, 0660) != 0)
		return "is another's";
	write_on(f, f->store);
	close_store(f);
	return (status_of(beside(f, "-mark")).st_mode & 07777) == 0660 ? NULL : "has a mark that its group cannot read";
}

Test(mark, of_a_store_whose_owner_opens_it_to_a_group_is_the_groups_too, .timeout = 60)
{
	close_store(&f);
	if (geteuid() == 0)
		shell_in(&f, "chown -R 12345:12345 .");
	as_another(&f, with_a_store_for_its_group);
}

Test(mark, it_follows_the_store_when_that_is_given_to_a_group)
{
	cr_assert_eq(status_of(beside(&f, "-mark")).st_mode & 07777, 0600);
	cr_assert_eq(chmod(f.path, 0660), 0);
	write_on(&f, f.store);
	cr_expect_eq(status_of(beside(&f, "-mark")).st_mode & 07777, 0660);
	if (geteuid() == 0) {
		/* If root writes to a user's store, the mark gets the store's owner, so that the owner is not locked
		 * out. */
		cr_assert_eq(chown(f.path, 12345, 23456), 0);
		write_on(&f, f.store);
		struct stat mark = status_of(beside(&f, "-mark"));
		cr_expect_eq(mark.st_uid, 12345);
		cr_expect_eq(mark.st_gid, 23456);
	}
}

/* --- a store that is opened through a symbolic link --- */

Test(mark, of_a_store_behind_a_link_the_loss_is_told_with_the_names_of_the_real_files)
{
	char *link = temp_path(f.folder, "link.db");
	char *real = realpath(f.path, NULL);
	lose_log(&f);
	cr_assert_eq(symlink(f.path, link), 0);
	must_tell_loss(&f, link);
	cr_expect(strstr(f.error.message, arena_printf(&f.arena, "%s-wal is", real)), "%s", f.error.message);
	cr_expect(strstr(f.error.message, arena_printf(&f.arena, "remove %s-mark", real)), "%s", f.error.message);
	free(real);
}

/* --- a mark that somebody removed, while processes have the store open --- */

Test(mark, one_that_is_made_anew_tells_of_the_commits_of_those_who_knew_the_old_one)
{
	f.store->db->driver->checkpoint(f.store->db); /* the next write restarts the log */
	write_on(&f, f.store);
	struct store *other = fixture_connect(&f, 0);
	cr_assert_eq(unlink(beside(&f, "-mark")), 0);
	write_on(&f, other);
	struct stat log = status_of(beside(&f, "-wal"));
	write_on(&f, f.store);
	store_close(other);
	close_store(&f);
	cr_assert_eq(truncate(beside(&f, "-wal"), log.st_size), 0);
	(void)unlink(beside(&f, "-shm"));
	must_tell_loss(&f, f.path);
}

Test(mark, who_commits_while_the_log_is_copied_back_leaves_none_also_where_there_was_none)
{
	struct store *other = fixture_connect(&f, 0);
	f.store->db->driver->checkpoint(f.store->db);
	cr_assert_eq(unlink(beside(&f, "-mark")), 0);
	write_on(&f, other);
	cr_assert_eq(unlink(beside(&f, "-mark")), 0);
	sqlite_mark_begin(sqlite_of(f.store));
	cr_assert(sqlite_mark_clear(sqlite_of(other)));
	sqlite_mark_commit(sqlite_of(f.store), 1);
	store_close(other);
	lose_log(&f);
	cr_expect_eq(open_store(&f, f.path, false), ERR_OK, "%s", f.error.message);
}

/* --- a copied store with a mark that records more frames than its log has --- */

Test(mark, of_a_copy_whose_log_is_shorter_it_speaks_again_from_the_next_commit_on)
{
	f.store->db->driver->checkpoint(f.store->db);
	write_on(&f, f.store);
	struct stat log = status_of(beside(&f, "-wal"));
	for (unsigned turn = 0; turn < 5; turn++)
		write_on(&f, f.store);
	close_store(&f);
	shell_in(&f, "cp kyb.db new && mv new kyb.db && rm kyb.db-shm");
	cr_assert_eq(truncate(beside(&f, "-wal"), log.st_size), 0);
	cr_assert_eq(open_store(&f, f.path, false), ERR_OK, "%s", f.error.message);
	write_on(&f, f.store);
	lose_log(&f);
	must_tell_loss(&f, f.path);
}

/* --- a process that is killed at any step of a commit, of copying back, and of restarting the log --- */

enum { LARGE = 1100 * 4096, MARK = 'k' };
static unsigned steps_left;

static void step(const char *path)
{
	(void)path;
	if (--steps_left == 0)
		(void)raise(SIGKILL);
}

/* Counts as steps each write to the mark, and the first and each 1,000th of consecutive writes to another file. */
static void step_of_some(const char *path)
{
	static unsigned in_a_row;
	static char last;
	char file = path[strlen(path) - 1];

	in_a_row = file == last && file != MARK ? in_a_row + 1 : 0;
	last = file;
	if (in_a_row % 1000 == 0)
		step(path);
}

/* Writes so much that the log is copied back and restarted. */
static void write_and_leave(struct fixture *f, char letter, char *acknowledged)
{
	char *value = malloc(LARGE + 1);
	cr_assert(value);
	memset(value, letter, LARGE);
	value[LARGE] = '\0';
	f->store = fixture_connect(f, 0);
	on_sync = step;
	on_write = step_of_some;
	WRITE(f, store_info_set(f->store, "much", value, &f->error));
	*acknowledged = letter;
	store_maintain(f->store);
	store_close(f->store);
	_exit(0);
}

Test(mark, whoever_is_killed_at_any_step_loses_nothing_and_is_accused_of_nothing, .timeout = 120)
{
	enum { SURELY_ALL = 200 };
	unsigned round = 0, lost_before = 0;
	int status = 0;
	const char **problems = NULL;
	size_t count = 0;
	char *acknowledged = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert_neq(acknowledged, MAP_FAILED);
	close_store(&f);
	do {
		char letter = (char)('a' + round % 26);
		*acknowledged = 0;
		steps_left = ++round;
		pid_t child = fork();
		if (child == 0)
			write_and_leave(&f, letter, acknowledged);
		cr_assert_eq(waitpid(child, &status, 0), child);
		cr_assert_eq(open_store(&f, f.path, false), ERR_OK, "killed at step %u: %s", round, f.error.message);
		bool there = number_of(&f, "SELECT coalesce((SELECT unicode(value) FROM store_info WHERE key = "
					   "'much'), 0)") == letter;
		cr_expect(there || !*acknowledged, "killed at step %u", round);
		lost_before += !there;
		OK(&f, store_check_integrity(f.store, &f.arena, &problems, &count, &f.error));
		cr_expect_eq(count, 0, "killed at step %u: %s", round, count ? problems[0] : "");
		close_store(&f);
	} while (WIFSIGNALED(status) && round < SURELY_ALL);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "never came to its end");
	cr_expect_gt(lost_before, 2, "nobody was killed before the commit was on the disk");
	cr_expect_gt(round, lost_before + 8, "%u rounds: nobody was killed after it", round);
	(void)munmap(acknowledged, 1);
}

/* --- several processes that open, copy back and close at once --- */

static int come_and_go(struct fixture *f, unsigned who)
{
	enum { COMMANDS = 25, BYTES = 120 * 4096 };
	char *value = malloc(BYTES + 1), key[2] = { (char)('a' + who), '\0' };
	if (!value)
		return 1;
	f->world.seed = who + 1;
	for (unsigned turn = 1; turn <= COMMANDS; turn++) {
		memset(value, '0' + (int)turn, BYTES);
		value[BYTES] = '\0';
		f->store = fixture_connect(f, 60000);
		WRITE(f, store_info_set(f->store, key, value, &f->error));
		store_maintain(f->store);
		close_store(f);
	}
	free(value);
	return '0' + COMMANDS;
}

Test(mark, of_many_that_come_and_go_at_once_none_is_told_of_a_loss_and_none_loses, .timeout = 120)
{
	enum { PROCESSES = 4 };
	pid_t children[PROCESSES];
	int last = 0;
	close_store(&f);
	for (unsigned i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(come_and_go(&f, i));
	}
	for (unsigned i = 0; i < PROCESSES; i++) {
		cr_assert_eq(waitpid(children[i], &last, 0), children[i]);
		cr_expect(WIFEXITED(last) && WEXITSTATUS(last) > '0', "%d", last);
	}
	cr_assert_eq(open_store(&f, f.path, false), ERR_OK, "%s", f.error.message);
	cr_expect_eq(number_of(&f, arena_printf(&f.arena,
						"SELECT count(*) FROM store_info WHERE key IN ('a', 'b', 'c', 'd') "
						"AND unicode(value) = %d",
						WEXITSTATUS(last))),
		     PROCESSES);
}
