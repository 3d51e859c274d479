/* The mark outside the log (sqlite_mark.c): what it must not do. That it tells of a loss: tests/fault/damage_test.c. */
#include "store/store_support.h"
#include "store/sync_support.h"
#include "../../src/store/sqlite/sqlite_internal.h"
#include "support/process.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Opens it, or says why not. */
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

/* --- a power cut: the store's file may be said to be older than it is, so the mark goes first --- */

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
	struct fixture f;
	fixture_init(&f);
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
	fixture_release(&f);
}

/* --- somebody who has its lock and never gives it back: a process that was stopped --- */

Test(mark, whoever_keeps_its_lock_holds_up_nobody, .timeout = 60)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
	struct fixture f;
	fixture_init(&f);
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
	fixture_release(&f);
}

/* --- what lies in its place --- */

Test(mark, a_pipe_in_its_place_is_none_and_nobody_waits_for_it, .timeout = 60)
{
	struct fixture f;
	fixture_init(&f);
	close_store(&f);
	cr_assert_eq(unlink(beside(&f, "-mark")), 0);
	cr_assert_eq(mkfifo(beside(&f, "-mark"), 0600), 0);
	cr_assert_eq(open_store(&f, f.path, true), ERR_OK);
	close_store(&f);
	cr_assert_eq(open_store(&f, f.path, false), ERR_OK);
	write_on(&f, f.store);
	cr_expect(S_ISFIFO(status_of(beside(&f, "-mark")).st_mode));
	fixture_release(&f);
}

Test(mark, a_link_in_its_place_is_not_followed)
{
	struct fixture f;
	fixture_init(&f);
	char *other = temp_path(f.folder, "other");
	temp_write(other, "kept", 4);
	close_store(&f);
	cr_assert_eq(unlink(beside(&f, "-mark")), 0);
	cr_assert_eq(symlink(other, beside(&f, "-mark")), 0);
	cr_assert_eq(open_store(&f, f.path, false), ERR_OK);
	write_on(&f, f.store);
	f.store->db->driver->checkpoint(f.store->db);
	cr_expect_eq(status_of(other).st_size, 4);
	free(other);
	fixture_release(&f);
}

Test(mark, it_follows_the_store_when_that_is_given_to_a_group)
{
	struct fixture f;
	fixture_init(&f);
	cr_assert_eq(status_of(beside(&f, "-mark")).st_mode & 07777, 0600);
	cr_assert_eq(chmod(f.path, 0660), 0);
	write_on(&f, f.store);
	cr_expect_eq(status_of(beside(&f, "-mark")).st_mode & 07777, 0660);
	if (geteuid() == 0) {
		/* What root does on somebody's store locks its owner out of nothing. */
		cr_assert_eq(chown(f.path, 12345, 23456), 0);
		write_on(&f, f.store);
		struct stat mark = status_of(beside(&f, "-mark"));
		cr_expect_eq(mark.st_uid, 12345);
		cr_expect_eq(mark.st_gid, 23456);
	}
	fixture_release(&f);
}

/* --- a store that is reached by a link --- */

Test(mark, of_a_store_behind_a_link_the_loss_is_told_with_the_names_of_the_real_files)
{
	struct fixture f;
	fixture_init(&f);
	char *link = temp_path(f.folder, "link.db");
	char *real = realpath(f.path, NULL);
	lose_log(&f);
	cr_assert_eq(symlink(f.path, link), 0);
	must_tell_loss(&f, link);
	cr_expect(strstr(f.error.message, arena_printf(&f.arena, "%s-wal is", real)), "%s", f.error.message);
	cr_expect(strstr(f.error.message, arena_printf(&f.arena, "remove %s-mark", real)), "%s", f.error.message);
	free(real);
	free(link);
	fixture_release(&f);
}

/* --- a mark that somebody removed, while processes have the store open --- */

Test(mark, one_that_is_made_anew_tells_of_the_commits_of_those_who_knew_the_old_one)
{
	struct fixture f;
	fixture_init(&f);
	f.store->db->driver->checkpoint(f.store->db); /* no longer the first of its kind */
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
	fixture_release(&f);
}

Test(mark, who_commits_while_the_log_is_copied_back_leaves_none_also_where_there_was_none)
{
	struct fixture f;
	fixture_init(&f);
	struct store *other = fixture_connect(&f, 0);
	f.store->db->driver->checkpoint(f.store->db);
	cr_assert_eq(unlink(beside(&f, "-mark")), 0);
	write_on(&f, other);
	cr_assert_eq(unlink(beside(&f, "-mark")), 0);
	sqlite_mark_begin(sqlite_of(f.store));
	cr_assert(sqlite_mark_forget(sqlite_of(other)));
	sqlite_mark_commit(sqlite_of(f.store), 1);
	store_close(other);
	lose_log(&f);
	cr_expect_eq(open_store(&f, f.path, false), ERR_OK, "%s", f.error.message);
	fixture_release(&f);
}
