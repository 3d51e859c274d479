/* The mark is a file next to the log, PATH-mark. It records the length of the log after the last commit that is on
 * the disk. If the log is deleted or cut, commits are lost, but SQLite reports no fault; the mark shows the loss.
 *
 * The mark never reports a loss that did not happen. It is written after the sync, so that a power cut leaves at
 * most an older mark. The mark applies to one state of the store's file (inode, size, time of the last change): if
 * a backup is restored, or another program copies the log back into this file (a checkpoint), the state changes,
 * and the mark no longer applies. Before a process makes a checkpoint, it clears the mark, under the mark's lock,
 * and increments `epoch`: a writer that commits at the same time sees the new epoch and writes no mark, since the
 * log may have changed. The cleared mark is on the disk before the first page is copied, because after a power cut
 * the store's file may have an old time of change.
 *
 * The mark's lock belongs to an open file description: the lock ends with the process, and closing another handle
 * in this process does not release it. No process waits long for the lock, because a process that was stopped while
 * it has the lock must not block the others. */
#include "sqlite_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_HEADER 32
#define FRAME_HEADER 24
#define LOG_SALTS_OFFSET 16 /* position of the salts in the header of the log */
/* Position of the salts in the header of a frame; the checksum of all frames up to this one follows */
#define FRAME_SALTS_OFFSET 8
/* Sizes and positions in the header of the shared memory (sqlite.org/walformat.html, "The WAL-Index File Format") */
#define INDEX_BYTES 32768
#define INDEX_FRAMES_OFFSET 16
#define INDEX_SALTS_OFFSET 32
#define LOCK_WAIT_MAX_US 500000
#define MARK_BYTES_MAX 512 /* a larger file is not a mark file; later versions may need more bytes than this one */

/* Content of the mark. The format is only for this machine and this version of the program: a mark of another
 * format counts as empty. */
struct sqlite_mark {
	char magic[8];
	uint64_t epoch;
	/* State of the store's file, without its device, which may change with a restart of the machine */
	uint64_t inode, size, changed_s, changed_ns;
	uint64_t frames; /* number of frames in the log; 0: the mark is empty */
	uint8_t salts[8], frame_checksum[8];
	uint64_t checksum;
};

static const char magic[8] = "KYBDMRK1";

static uint64_t check_of(const struct sqlite_mark *mark)
{
	const unsigned char *bytes = (const unsigned char *)mark;
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < offsetof(struct sqlite_mark, checksum); i++)
		hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
	return hash;
}

static bool lock_mark(struct sqlite_db *db, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_len = 1 };
	int64_t slept_us = 0;

	while (fcntl(db->mark_fd, F_OFD_SETLK, &lock) != 0) {
		if ((errno != EAGAIN && errno != EACCES && errno != EINTR) || slept_us >= LOCK_WAIT_MAX_US)
			return false;
		slept_us += sqlite_sleep_random(db);
	}
	return true;
}

/* Gives the mark the group and mode of the store's file, as SQLite does for its log. This is done at each commit,
 * since the group of the file may change. If the process runs as root, also sets the owner. */
static void set_mark_access(const struct sqlite_db *db, const struct stat *store)
{
	struct stat mark;
	bool root = geteuid() == 0;

	if (fstat(db->mark_fd, &mark) != 0 || (mark.st_uid != geteuid() && !root))
		return;
	if (mark.st_gid != store->st_gid || (root && mark.st_uid != store->st_uid))
		(void)!fchown(db->mark_fd, root ? store->st_uid : (uid_t)-1, store->st_gid);
	if ((mark.st_mode & 07777) != (store->st_mode & 0666))
		(void)fchmod(db->mark_fd, store->st_mode & 0666);
}

/* Sets `path` to the path of the mark file, and *store to the current state of the store's file. */
static bool find_mark_path(const struct sqlite_db *db, char *path, size_t size, struct stat *store)
{
	const char *file = sqlite3_db_filename(db->handle, "main");

	return file && stat(file, store) == 0 && snprintf(path, size, "%s-mark", file) < (int)size;
}

/* Whether the file can be a mark file. If not, it is neither read nor written. */
static bool is_mark_file(const struct stat *file)
{
	return S_ISREG(file->st_mode) && file->st_nlink == 1 && file->st_size <= MARK_BYTES_MAX;
}

/* If another process has removed or replaced the mark file, closes its descriptor. */
static void close_replaced_mark(struct sqlite_db *db)
{
	struct stat found;

	if (db->mark_fd >= 0 && (fstat(db->mark_fd, &found) != 0 || !is_mark_file(&found))) {
		(void)close(db->mark_fd);
		db->mark_fd = -1;
	}
}

/* Opens the mark file. If the store or the file is read-only, opens it only for reading. */
static int open_writable_or_readonly(struct sqlite_db *db, const char *path, bool makes)
{
	const int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	int fd = db->readonly ? -1 : open(path, flags | O_RDWR | (makes ? O_CREAT : 0), 0600);

	db->mark_is_read_only = fd < 0;
	return fd < 0 && (db->readonly || errno == EACCES || errno == EROFS) ? open(path, flags | O_RDONLY) : fd;
}

static bool open_mark(struct sqlite_db *db, bool makes, struct stat *store)
{
	char path[4096];
	struct stat mark;

	close_replaced_mark(db);
	if (!find_mark_path(db, path, sizeof path, store))
		return false;
	/* The file is checked before it is opened: if the path were another name of one of the store's files,
	 * closing its descriptor would release SQLite's locks. */
	if (db->mark_fd < 0 && (lstat(path, &mark) == 0 ? is_mark_file(&mark) : makes && errno == ENOENT)) {
		db->mark_fd = open_writable_or_readonly(db, path, makes);
		close_replaced_mark(db);
	}
	return db->mark_fd >= 0;
}

bool sqlite_mark_open(struct sqlite_db *db)
{
	struct stat store;

	return open_mark(db, false, &store);
}

bool sqlite_mark_create(struct sqlite_db *db)
{
	struct stat store;

	return open_mark(db, true, &store);
}

static bool acquire_mark(struct sqlite_db *db)
{
	return lock_mark(db, db->mark_is_read_only ? F_RDLCK : F_WRLCK);
}

static void unlock_mark(struct sqlite_db *db)
{
	(void)lock_mark(db, F_UNLCK);
}

/* Reads the mark file. If it cannot be read or is not valid, the result is an empty mark with the epoch 0. */
static struct sqlite_mark read_mark(const struct sqlite_db *db)
{
	struct sqlite_mark mark;

	memset(&mark, 0, sizeof mark);
	if (db->mark_fd >= 0 && (pread(db->mark_fd, &mark, sizeof mark, 0) != sizeof mark ||
				 memcmp(mark.magic, magic, sizeof magic) != 0 || mark.checksum != check_of(&mark)))
		memset(&mark, 0, sizeof mark);
	return mark;
}

static bool write_mark(struct sqlite_db *db, struct sqlite_mark *mark)
{
	memcpy(mark->magic, magic, sizeof magic);
	mark->checksum = check_of(mark);
	return pwrite(db->mark_fd, mark, sizeof *mark, 0) == sizeof *mark;
}

static void copy_store_stat(struct sqlite_mark *mark, const struct stat *store)
{
	mark->inode = (uint64_t)store->st_ino;
	mark->size = (uint64_t)store->st_size;
	mark->changed_s = (uint64_t)store->st_ctim.tv_sec;
	mark->changed_ns = (uint64_t)store->st_ctim.tv_nsec;
}

static bool mark_matches_file(const struct sqlite_mark *mark, const struct stat *store)
{
	struct sqlite_mark other = *mark;

	copy_store_stat(&other, store);
	return memcmp(mark, &other, sizeof other) == 0;
}

/* Reads the salts and the checksum of the frame `number` from the log, through SQLite's own handle. False: the log
 * does not have the frame. */
static bool read_frame_checksum(const struct sqlite_db *db, uint64_t number, struct sqlite_mark *mark)
{
	sqlite3_file *log = NULL;
	uint8_t header[LOG_HEADER], frame[FRAME_HEADER];
	uint64_t page;

	if (sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK || !log ||
	    !log->pMethods || log->pMethods->xRead(log, header, sizeof header, 0) != SQLITE_OK)
		return false;
	page = (uint64_t)header[8] << 24 | (uint64_t)header[9] << 16 | (uint64_t)header[10] << 8 | header[11];
	if (log->pMethods->xRead(log, frame, sizeof frame,
				 (sqlite3_int64)(LOG_HEADER + (number - 1) * (FRAME_HEADER + page))) != SQLITE_OK)
		return false;
	memcpy(mark->salts, frame + FRAME_SALTS_OFFSET, sizeof mark->salts);
	memcpy(mark->frame_checksum, frame + FRAME_SALTS_OFFSET + sizeof mark->salts, sizeof mark->frame_checksum);
	return memcmp(header + LOG_SALTS_OFFSET, mark->salts, sizeof mark->salts) == 0;
}

void sqlite_mark_begin(struct sqlite_db *db)
{
	/* If the mark file is missing, its epoch is 0. */
	(void)sqlite_mark_open(db);
	db->mark_epoch = read_mark(db).epoch;
}

void sqlite_mark_commit(struct sqlite_db *db, int64_t frames)
{
	struct stat store;
	struct sqlite_mark mark, now;

	memset(&now, 0, sizeof now);
	if (frames <= 0 || !open_mark(db, true, &store) || db->mark_is_read_only || !acquire_mark(db))
		return;
	set_mark_access(db, &store);
	mark = read_mark(db);
	if (mark.epoch == db->mark_epoch && read_frame_checksum(db, (uint64_t)frames, &now) &&
	    (memcmp(mark.salts, now.salts, sizeof now.salts) != 0 || mark.frames < (uint64_t)frames ||
	     !mark_matches_file(&mark, &store))) {
		now.epoch = mark.epoch;
		now.frames = (uint64_t)frames;
		copy_store_stat(&now, &store);
		(void)write_mark(db, &now);
	}
	unlock_mark(db);
}

bool sqlite_mark_clear(struct sqlite_db *db)
{
	struct stat store;
	struct sqlite_mark mark, none;
	bool written;

	/* Creates the mark if it is missing, because a writer that commits now must see the new epoch. If this
	 * process cannot write the mark, the log may be copied anyway: the copying changes the store's file, so the
	 * mark no longer applies to it. */
	if (!open_mark(db, true, &store) || db->mark_is_read_only)
		return true;
	if (!acquire_mark(db))
		return false;
	mark = read_mark(db);
	memset(&none, 0, sizeof none);
	none.epoch = mark.epoch + 1;
	written = write_mark(db, &none);
	unlock_mark(db);
	return written && fdatasync(db->mark_fd) == 0;
}

/* Whether the log, as SQLite reads it, has fewer frames than the mark file records: SQLite stops at the first frame
 * with a wrong checksum. Reads the shared memory through the connection's own handle, since opening and closing the
 * file would release SQLite's locks. */
static bool is_log_too_short(const struct sqlite_db *db, const struct sqlite_mark *mark)
{
	sqlite3_file *file = NULL;
	void volatile *shared = NULL;
	uint32_t frames, salts[sizeof mark->salts / sizeof(uint32_t)];

	if (sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file ||
	    !file->pMethods || file->pMethods->iVersion < 2 ||
	    file->pMethods->xShmMap(file, 0, INDEX_BYTES, 0, &shared) != SQLITE_OK || !shared)
		return false;
	/* Another process may be writing to the shared memory, so each number is read only once. */
	const uint32_t volatile *numbers = shared;
	frames = numbers[INDEX_FRAMES_OFFSET / sizeof *numbers];
	for (size_t i = 0; i < sizeof salts / sizeof *salts; i++)
		salts[i] = numbers[INDEX_SALTS_OFFSET / sizeof *numbers + i];
	return memcmp(salts, mark->salts, sizeof salts) != 0 || frames < mark->frames;
}

enum err sqlite_mark_check(struct sqlite_db *db, struct error *error)
{
	struct stat store;
	struct sqlite_mark mark, found;
	bool lost;
	const char *file = sqlite3_db_filename(db->handle, "main");

	if (!open_mark(db, false, &store) || !acquire_mark(db))
		return ERR_OK;
	mark = read_mark(db);
	memset(&found, 0, sizeof found);
	lost = mark.frames > 0 &&
	       (!read_frame_checksum(db, mark.frames, &found) ||
		memcmp(mark.salts, found.salts, sizeof found.salts) != 0 ||
		memcmp(mark.frame_checksum, found.frame_checksum, sizeof found.frame_checksum) != 0 ||
		is_log_too_short(db, &mark));
	unlock_mark(db);
	/* The state of the store's file is checked last: another process that restarts the log in the meantime
	 * changes the store's file first. */
	if (!lost || stat(file, &store) != 0 || !mark_matches_file(&mark, &store))
		return ERR_OK;
	/* The message has the path of the real file, not of a symbolic link, because log and mark are next to the
	 * real file. */
	return error_set(
		error, ERR_STORE,
		"store %s has lost its log: %s-wal is missing, cut or damaged, and the last writes (up to %llu "
		"pages) are lost; restore the log, or a backup; to continue without the lost data, remove %s-mark",
		db->path, file, (unsigned long long)mark.frames, file);
}
