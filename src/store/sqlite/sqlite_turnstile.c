/*
 * Who gets the write lock next. SQLite knows no queue: who releases the lock
 * and takes it again at once is faster than those who look every millisecond,
 * so that an import would keep everybody out. Whoever waits says so with a
 * shared lock on a byte of the mark (sqlite_mark.c), which ends with its process;
 * bulk work, whose commits wait for no sync, stands back while somebody does.
 */
#include "sqlite_internal.h"

#include <fcntl.h>
#include <string.h>

#define WAITS_AT 1 /* the byte; the mark's own lock is on the first */
/* Of one's own patience, for those that never come to their turn (a stopped process). */
#define STAND_BACK_PART 100

static struct flock waits(short type)
{
	return (struct flock){ .l_type = type, .l_whence = SEEK_SET, .l_start = WAITS_AT, .l_len = 1 };
}

void sqlite_say_waits(struct sqlite_db *db)
{
	struct flock lock = waits(F_RDLCK);

	if (db->takes_lock && sqlite_mark_open(db))
		db->said_waits = fcntl(db->mark_fd, F_OFD_SETLK, &lock) == 0;
}

bool sqlite_somebody_waits(struct sqlite_db *db)
{
	struct flock lock = waits(F_WRLCK);

	return sqlite_mark_open(db) && fcntl(db->mark_fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

bool sqlite_is_waited_for(struct db *db)
{
	return sqlite_somebody_waits((struct sqlite_db *)db);
}

static void stand_back(struct sqlite_db *db)
{
	int64_t slept_us = 0, most_us = (int64_t)db->busy_timeout_ms * 1000 / STAND_BACK_PART;

	while (slept_us < most_us && sqlite_somebody_waits(db))
		slept_us += sqlite_pause(db);
}

int sqlite_take_lock(struct sqlite_db *db)
{
	int code;

	if (db->loose)
		stand_back(db);
	db->takes_lock = true;
	code = sqlite3_exec(db->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	db->takes_lock = false;
	if (db->said_waits) {
		struct flock lock = waits(F_UNLCK);

		(void)fcntl(db->mark_fd, F_OFD_SETLK, &lock);
		db->said_waits = false;
	}
	return code;
}
