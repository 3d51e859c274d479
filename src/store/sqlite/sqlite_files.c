#include "sqlite_internal.h"
#include "kybdesk/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Suffixes of the files that SQLite keeps next to a database, and of the mark. */
static const char *const endings[] = { "", "-wal", "-shm", "-journal", "-mark" };
#define ENDING_COUNT (sizeof endings / sizeof *endings)

static bool has_key(const char *path)
{
	struct arena arena = ARENA_INIT;
	bool has = file_exists(arena_printf(&arena, "%s" KEY_SUFFIX, path));

	arena_release(&arena);
	return has;
}

/* SQLite keeps its log next to the real file, also if the store is opened through a symbolic link; so do documents
 * and key. A key that an older version left next to a symbolic link is used if no key is next to the file. */
enum err sqlite_files(struct db *base, struct db_files *out, struct error *error)
{
	const struct sqlite_db *db = (const struct sqlite_db *)base;

	*out = (struct db_files){ .documents = realpath(db->path, NULL) };
	if (!out->documents)
		return error_set(error, ERR_STORE, "store %s cannot be opened: %s", db->path, strerror(errno));
	out->key = xstrdup(has_key(out->documents) || !has_key(db->path) ? out->documents : db->path);
	return ERR_OK;
}

char *sqlite_shown(const char *path)
{
	return xstrdup(path);
}

void sqlite_remove_files(const char *path)
{
	struct arena arena = ARENA_INIT;

	for (size_t i = 0; i < ENDING_COUNT; i++)
		(void)unlink(arena_printf(&arena, "%s%s", path, endings[i]));
	arena_release(&arena);
}

bool sqlite_owns_file(struct db *base, const char *path)
{
	const struct sqlite_db *db = (const struct sqlite_db *)base;
	struct arena arena = ARENA_INIT;
	char *real = realpath(db->path, NULL);
	bool owns = false;

	for (size_t i = 0; real && !owns && i < ENDING_COUNT; i++)
		owns = file_is_same(path, arena_printf(&arena, "%s%s", real, endings[i]));
	free(real);
	arena_release(&arena);
	return owns;
}

enum err sqlite_open_model(struct db *base, struct db **model, struct error *error)
{
	const struct sqlite_db *db = (const struct sqlite_db *)base;
	const char *temporary = world_environment(db->world, "TMPDIR");
	struct arena arena = ARENA_INIT;
	struct db_options options = { .create = true, .world = db->world };
	char *folder =
		arena_printf(&arena, "%s/kybdesk-doctor-XXXXXX", temporary && *temporary ? temporary : "/tmp");
	enum err err = ERR_OK;

	*model = NULL;
	if (!mkdtemp(folder))
		err = error_set(error, ERR_INTERNAL, "a temporary folder cannot be made: %s", strerror(errno));
	options.path = path_join(&arena, folder, "model.db");
	if (!err) {
		err = db_open(base->driver, &options, model, error);
		if (err) {
			(void)unlink(options.path);
			(void)rmdir(folder);
		}
	}
	arena_release(&arena);
	return err;
}

void sqlite_close_model(struct db *model)
{
	struct arena arena = ARENA_INIT;
	const char *path;

	if (!model)
		return;
	path = arena_strdup(&arena, ((const struct sqlite_db *)model)->path);
	db_close(model);
	sqlite_remove_files(path);
	(void)rmdir(path_folder(&arena, path));
	arena_release(&arena);
}

static enum err backup_into(struct sqlite_db *db, sqlite3 *reader, const char *path, struct error *error)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(reader, "VACUUM INTO ?1", -1, &statement, NULL);
	enum err err = ERR_OK;

	if (code == SQLITE_OK)
		code = sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code != SQLITE_DONE)
		err = sqlite_failed(db, reader, "the backup", code, error);
	(void)sqlite3_finalize(statement);
	return err;
}

/* Makes the backup through a second connection, independent of an open write transaction. */
static enum err read_aside(struct sqlite_db *db, const char *path, struct error *error)
{
	sqlite3 *reader = NULL;
	int code = sqlite3_open_v2(db->file, &reader,
				   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
	enum err err;

	if (code == SQLITE_OK)
		code = sqlite_configure(db, reader);
	err = code == SQLITE_OK ? backup_into(db, reader, path, error)
				: sqlite_failed(db, reader, "the backup", code, error);
	(void)sqlite3_close(reader);
	return err;
}

static enum err system_failed(const char *path, struct error *error)
{
	return error_set(error, ERR_STORE, "%s: %s", path, strerror(errno));
}

static enum err sync_path(const char *path, int flags, struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	enum err err = fd < 0 || fsync(fd) != 0 ? system_failed(path, error) : ERR_OK;

	if (fd >= 0)
		(void)close(fd);
	return err;
}

/* The backup is complete under its name, or absent: a killed process leaves a file with a temporary name, which the
 * next backup removes. */
enum err sqlite_backup(struct db *base, const char *path, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *part = arena_printf(&arena, "%s.part", path);
	int fd;
	enum err err = ERR_OK;

	(void)unlink(part);
	fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || close(fd) != 0)
		err = system_failed(part, error);
	if (!err)
		err = read_aside((struct sqlite_db *)base, part, error);
	if (!err)
		err = sync_path(part, 0, error);
	if (!err && link(part, path) != 0)
		err = system_failed(path, error);
	if (fd >= 0)
		(void)unlink(part);
	if (!err)
		err = sync_path(path_folder(&arena, path), O_DIRECTORY, error);
	if (err)
		error_prefix(error, "The backup before the upgrade could not be made");
	arena_release(&arena);
	return err;
}

enum err sqlite_check_writable(struct db *base, struct error *error)
{
	const struct sqlite_db *db = (const struct sqlite_db *)base;
	struct arena arena = ARENA_INIT;
	char *real = realpath(db->path, NULL);
	enum err err = ERR_OK;

	if (!real || access(real, W_OK) != 0)
		err = error_set(error, ERR_STORE, "The store %s cannot be written: %s", db->path, strerror(errno));
	if (!err)
		err = folder_check_space(path_folder(&arena, real), error);
	free(real);
	arena_release(&arena);
	return err;
}
