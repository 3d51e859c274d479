#include "import_internal.h"

#include <signal.h>

#define BATCH_LINES 128
/* The size of a small number of large lines; a parsed line needs several times as much memory. */
#define BATCH_BYTES ((size_t)1024 * 1024)

enum err import_batch_fill(struct import_batch *batch, struct session_stream *stream, struct error *error)
{
	while (batch->count < BATCH_LINES && batch->arena.used_bytes < BATCH_BYTES) {
		struct import_line line = { 0 };
		const char *text = "";

		line.code = session_stream_next(stream, &text, &line.length, &line.number, &batch->is_last,
						&line.error);
		if (line.code != ERR_OK && line.code != ERR_INVALID) {
			/* The stream's own code is the same for every unreadable file. */
			line.code = error_set(error, ERR_INVALID, "%s", line.error.message);
			error_release(&line.error);
			return line.code;
		}
		if (batch->is_last)
			break;
		line.text = text ? arena_strndup(&batch->arena, text, line.length) : "";
		line.offset = session_stream_offset(stream);
		if (!batch->lines)
			batch->lines = arena_alloc_array(&batch->arena, BATCH_LINES, sizeof *batch->lines);
		batch->lines[batch->count++] = line;
	}
	return ERR_OK;
}

static void *parse(void *context)
{
	struct import_batch *batch = context;

	for (size_t i = 0; i < batch->count; i++) {
		struct import_line *line = &batch->lines[i];

		if (line->code == ERR_OK)
			line->code = session_read(&batch->arena, line->text, line->length, batch->countries,
						  &line->document, &line->error);
	}
	return NULL;
}

void import_batch_parse(struct import_batch *batch, const struct countries *countries)
{
	sigset_t all, before;

	batch->countries = countries;
	if (!batch->count)
		return;
	/* Signals are handled by the threads that already run. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	batch->has_parser = !pthread_create(&batch->parser, NULL, parse, batch);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!batch->has_parser)
		(void)parse(batch);
}

void import_batch_wait(struct import_batch *batch)
{
	if (batch->has_parser && pthread_join(batch->parser, NULL))
		BUG("the thread that parses an import's lines cannot be joined");
	batch->has_parser = false;
}

void import_batch_empty(struct import_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		error_release(&batch->lines[i].error);
	arena_reset(&batch->arena);
	batch->lines = NULL;
	batch->count = 0;
}

void import_batch_release(struct import_batch *batch)
{
	import_batch_wait(batch);
	import_batch_empty(batch);
	arena_release(&batch->arena);
}
