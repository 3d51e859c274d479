#include "kybdesk/settings/own_text.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/wait.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_BYTES_MAX (1024 * 1024)
#define LOCK_WAIT_MS 2000

const char *const own_text_kinds[] = {
	[OWN_VIEWS] = "view", [OWN_DRAFTS] = "draft", [OWN_CONFIG] = "setting", [OWN_KEYS] = "key"
};

enum err own_text_read(const struct own_text *text, size_t max_bytes, struct strbuf *out, struct error *error)
{
	if (text->store)
		return text->store->get(text->store->context, text->kind, out, error);
	return *text->path && file_exists(text->path) ? file_read(text->path, max_bytes, out, error) : ERR_OK;
}

static enum err replace_file(const struct own_text *text, const struct own_text_change *change, struct error *error)
{
	struct strbuf now = STRBUF_INIT;
	enum err err = own_text_read(text, FILE_BYTES_MAX, &now, error);

	if (!err && strcmp(now.len ? now.buf : "", change->before))
		err = error_set(error, ERR_CONFLICT, "another program changed %s at the same time; try again",
				text->path);
	if (!err)
		err = file_write_synced(text->path, change->after, strlen(change->after), error);
	strbuf_wipe(&now);
	return err;
}

enum err own_text_write(const struct own_text *text, const struct own_text_change *change, struct error *error)
{
	struct arena arena = ARENA_INIT;
	char *folder;
	int lock;
	enum err err;

	if (text->store)
		return text->store->put(text->store->context, text->kind, change, error);
	folder = path_folder(&arena, text->path);
	err = folder_make(folder, error);
	/* Skips the lock if the file system has no locks: one of two simultaneous changes may then be lost. */
	lock = err ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lock >= 0 && !wait_for_file_lock(lock, LOCK_EX, LOCK_WAIT_MS))
		err = error_set(error, ERR_STORE, "another program keeps %s locked; nothing was changed, try again",
				folder);
	if (!err)
		err = replace_file(text, change, error);
	if (lock >= 0)
		(void)close(lock);
	arena_release(&arena);
	return err;
}
