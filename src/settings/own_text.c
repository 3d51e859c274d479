#include "kybdesk/settings/own_text.h"
#include "kybdesk/base/file.h"

enum err own_text_read(const struct own_text *text, size_t max_bytes, struct strbuf *out, struct error *error)
{
	if (text->store)
		return text->store->get(text->store->context, text->kind, out, error);
	return *text->path && file_exists(text->path) ? file_read(text->path, max_bytes, out, error) : ERR_OK;
}

enum err own_text_write(const struct own_text *text, const struct strbuf *content, struct error *error)
{
	struct arena arena = ARENA_INIT;
	enum err err;

	if (text->store)
		return text->store->put(text->store->context, text->kind, content->buf, error);
	err = folder_make(path_folder(&arena, text->path), error);
	if (!err)
		err = file_write_synced(text->path, content->buf, content->len, error);
	arena_release(&arena);
	return err;
}
