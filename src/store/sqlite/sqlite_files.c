#include "sqlite_internal.h"
#include "kybdesk/base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What SQLite keeps beside a database, by what it adds to its name. */
static const char *const endings[] = { "", "-wal", "-shm", "-journal", "-mark" };
#define ENDING_COUNT (sizeof endings / sizeof *endings)

/* SQLite keeps its log beside the real file, whatever name it is opened by, and so stand the documents; the key stands beside
 * the name. */
enum err sqlite_files(struct db *base, struct db_files *out, struct error *error)
{
	const struct sqlite_db *db = (const struct sqlite_db *)base;

	*out = (struct db_files){ .documents = realpath(db->path, NULL), .key = xstrdup(db->path) };
	if (!out->documents)
		return error_set(error, ERR_STORE, "store %s cannot be opened: %s", db->path, strerror(errno));
	return ERR_OK;
}

char *sqlite_shown(const char *path)
{
	return xstrdup(path);
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
	for (size_t i = 0; i < ENDING_COUNT; i++)
		(void)unlink(arena_printf(&arena, "%s%s", path, endings[i]));
	(void)rmdir(path_folder(&arena, path));
	arena_release(&arena);
}
