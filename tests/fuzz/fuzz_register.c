/* Reads the input as a file of each register: entries come in order, have a name, and are written as JSON. */
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

struct reading {
	size_t size, last, turns;
};

static enum err take(struct register_input *input, const struct register_line *line, const struct register_entry *entry,
		     struct error *error)
{
	struct reading *reading = input->context;
	struct arena arena = ARENA_INIT;

	PROMISE(reading->turns++ <= reading->size + 2);
	PROMISE(line->number >= reading->last && line->number >= 1 && line->length <= reading->size);
	PROMISE(input->offset <= reading->size);
	reading->last = line->number;
	if (entry) {
		check_entry(&arena, entry);
	} else {
		PROMISE(error->code == ERR_INVALID);
		fuzz_failed(ERR_INVALID, error);
	}
	arena_release(&arena);
	return ERR_OK;
}

static void read_as(const char *name, int fd, size_t size)
{
	struct reading reading = { .size = size };
	struct register_input input = {
		.name = name, .fd = fd, .countries = fuzz_countries(), .on_entry = take, .context = &reading
	};
	struct error error = { 0 };
	enum err code;

	PROMISE(lseek(fd, 0, SEEK_SET) == 0);
	code = register_file_read(&input, &error);
	PROMISE(code == ERR_OK || code == ERR_INVALID);
	if (code)
		fuzz_failed(code, &error);
	PROMISE(code || input.offset <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("register", MFD_CLOEXEC);

	PROMISE(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	for (size_t i = 0; i < REGISTER_COUNT; i++)
		read_as(register_names[i], fd, size);
	(void)close(fd);
	return 0;
}
