/* A file of each company register: entries come in order, have what the register needs, and are written as JSON. */
#include "fuzz.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/json.h"
#include "kybdesk/codec/register_codec.h"
#include "kybdesk/codec/session_codec.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void check_entry(struct arena *arena, const struct register_entry *entry)
{
	const char *text = register_entry_write(arena, entry);

	PROMISE(*entry->title && *entry->values[REGISTER_NAME]);
	PROMISE(json_text_is_valid(text, strlen(text), SESSION_DEPTH_MAX));
	for (size_t i = 0; i < REGISTER_FIELD_COUNT; i++)
		PROMISE(text_is_valid(entry->values[i], strlen(entry->values[i])));
}

static void read_as(const char *name, int fd, size_t size)
{
	struct register_file *file = NULL;
	struct arena arena = ARENA_INIT;
	struct error error = { 0 };
	size_t last = 0, turns = 0;
	enum err code;

	PROMISE(lseek(fd, 0, SEEK_SET) == 0);
	code = register_file_open(name, fd, fuzz_countries(), &file, &error);
	PROMISE(code == ERR_OK || code == ERR_INVALID);
	if (code)
		fuzz_failed(code, &error);
	for (bool end = false; !code && !end;) {
		struct register_line line;
		struct register_entry entry;
		enum err err = register_file_next(file, &arena, &line, &entry, &end, &error);

		PROMISE(err == ERR_OK || err == ERR_INVALID);
		PROMISE(turns++ <= size + 2);
		if (end)
			break;
		PROMISE(line.number >= last && line.number >= 1 && line.length <= size);
		last = line.number;
		if (err)
			fuzz_failed(err, &error);
		else
			check_entry(&arena, &entry);
		arena_reset(&arena);
	}
	PROMISE(code || register_file_offset(file) <= size);
	register_file_close(file);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("register", MFD_CLOEXEC);
	const char *const *names;
	size_t count;

	PROMISE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	names = register_names(&count);
	for (size_t i = 0; i < count; i++)
		read_as(names[i], fd, size);
	(void)close(fd);
	return 0;
}
