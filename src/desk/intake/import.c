#include "import_internal.h"
#include "kybdesk/desk/decide.h"
#include "kybdesk/base/text.h"
#include "kybdesk/store/bytes.h"
#include "kybdesk/store/import.h"
#include <string.h>

/* Lines wait in a batch until the next commit: parsing and hashing happen outside the write transaction, and the lock
 * is held for a few milliseconds, not for a number of lines. */
#define BATCH_LINES 256
#define LOCK_MS 5
#define PROGRESS_LINES 64

struct batch {
	struct arena arena;
	struct import_line *lines;
	size_t count;
};

static void refuse_line(const struct import_options *options, const struct import_line *line,
			const struct error *error, struct import_report *report)
{
	report->rejected++;
	if (options->on_rejected)
		options->on_rejected(options->context, line->number, error->field ? error->field : "",
				     error->message, line->text, line->length);
}

static void count(struct import_report *report, enum import_outcome outcome)
{
	switch (outcome) {
	case IMPORT_IMPORTED:
		report->imported++;
		break;
	case IMPORT_UPDATED:
		report->updated++;
		break;
	case IMPORT_UNCHANGED:
		report->unchanged++;
		break;
	}
}

/* A fault of the store or of the program ends the import; everything else concerns one line. */
static bool ends_import(enum err code)
{
	return code == ERR_STORE || code == ERR_INTERNAL;
}

/* One line in a transaction of its own: after a batch failed, so that only the faulty line is refused. */
static enum err apply_alone(struct import_run *run, struct import_line *line, struct import_report *report,
			    struct error *error)
{
	enum import_outcome outcome;
	struct arena arena = ARENA_INIT;
	struct store *store = run->desk->store;
	enum err code = store_begin(store, STORE_WRITE, error);

	if (code == ERR_OK) {
		code = import_apply(run, &arena, line, &outcome, error);
		if (code == ERR_OK)
			code = store_commit(store, error);
		else
			store_rollback(store);
	}
	if (code == ERR_OK) {
		count(report, outcome);
	} else if (!ends_import(code)) {
		refuse_line(run->options, line, error, report);
		error_release(error);
		code = ERR_OK;
	}
	arena_release(&arena);
	return code;
}

/* As many lines as fit into one hold of the lock; *done grows by what was committed. */
static enum err apply_some(struct import_run *run, struct batch *batch, size_t *done, struct import_report *report,
			   struct error *error)
{
	const struct world *world = run->desk->world;
	struct store *store = run->desk->store;
	struct import_report outcomes = { 0 };
	struct arena arena = ARENA_INIT;
	size_t at = *done;
	int64_t until;
	enum err code = store_begin(store, STORE_WRITE, error);

	if (code != ERR_OK)
		return code;
	until = world_monotonic_ms(world) + LOCK_MS;
	do {
		enum import_outcome outcome;
		code = import_apply(run, &arena, &batch->lines[at], &outcome, error);
		if (code != ERR_OK)
			break;
		count(&outcomes, outcome);
		arena_reset(&arena);
		at++;
	} while (at < batch->count && world_monotonic_ms(world) < until);
	arena_release(&arena);
	if (code == ERR_OK) {
		code = store_commit(store, error);
		if (code != ERR_OK)
			return code;
		report->imported += outcomes.imported;
		report->updated += outcomes.updated;
		report->unchanged += outcomes.unchanged;
		*done = at;
		return ERR_OK;
	}
	store_rollback(store);
	if (ends_import(code))
		return code;
	error_release(error);
	for (size_t i = *done; i <= at; i++) {
		code = apply_alone(run, &batch->lines[i], report, error);
		if (code != ERR_OK)
			return code;
		(*done)++;
	}
	return ERR_OK;
}

static enum err apply_batch(struct import_run *run, struct batch *batch, struct import_report *report,
			    struct error *error)
{
	enum err code = ERR_OK;

	for (size_t done = 0; done < batch->count && code == ERR_OK;)
		code = apply_some(run, batch, &done, report, error);
	if (code == ERR_OK && batch->count)
		store_maintain(run->desk->store);
	store_bytes_release(run->desk->store);
	batch->count = 0;
	batch->lines = NULL;
	arena_reset(&batch->arena);
	return code;
}

/* Takes one line from the stream into the batch. A line that can't be used is refused here. */
static enum err take_line(struct import_run *run, struct session_stream *stream, struct batch *batch,
			  struct import_report *report, bool *end, struct error *error)
{
	struct import_line line = { 0 };
	const char *text = "";
	enum err code = session_stream_next(stream, &text, &line.length, &line.number, end, error);

	if (code == ERR_INVALID) {
		line.text = text ? text : "";
		refuse_line(run->options, &line, error, report);
		error_release(error);
		return ERR_OK;
	}
	if (code != ERR_OK || *end)
		return code;
	line.text = arena_strndup(&batch->arena, text, line.length);
	code = import_prepare(run, &batch->arena, &line, error);
	if (code == ERR_OK) {
		if (!batch->lines)
			batch->lines = arena_alloc_array(&batch->arena, BATCH_LINES, sizeof *batch->lines);
		batch->lines[batch->count++] = line;
	} else if (!ends_import(code)) {
		refuse_line(run->options, &line, error, report);
		error_release(error);
		code = ERR_OK;
	}
	return code;
}

#define PROCESS_AT_ONCE 64

/* Each looked at gets a later time or none, so this comes to an end. */
static enum err process_all(struct desk *desk, struct error *error)
{
	size_t looked_at = PROCESS_AT_ONCE;
	enum err code = ERR_OK;

	while (code == ERR_OK && looked_at == PROCESS_AT_ONCE)
		code = desk_process_due(desk, PROCESS_AT_ONCE, &looked_at, error);
	return code;
}

/* What an import takes beside the database's pages, the programs' libraries included; and what a page takes beside its bytes. */
#define MEMORY_APART_MIB 26
#define PAGES_PER_MEMORY 9 / 10

static int64_t pages_kib(int64_t memory_mib)
{
	return memory_mib > MEMORY_APART_MIB ? (memory_mib - MEMORY_APART_MIB) * 1024 * PAGES_PER_MEMORY : 0;
}

enum err desk_import(struct desk *desk, const struct import_options *options, struct import_report *report,
		     struct error *error)
{
	struct batch batch = { 0 };
	struct import_run run = { .desk = desk, .options = options, .kept = &batch.arena };
	struct session_stream *stream = NULL;
	size_t lines = 0;
	bool end = false;
	enum err code, ended;

	*report = (struct import_report){ 0 };
	if (desk->store->readonly)
		return error_set(error, ERR_FORBIDDEN,
				 "Cannot import sessions: the store is open for reading only");
	code = desk_require_intake(desk, "import sessions", error);
	if (code == ERR_OK)
		code = store_import_start(desk->store, pages_kib(options->memory_mib), error);
	if (code != ERR_OK)
		return code;
	stream = session_stream_new(options->fd);
	while (code == ERR_OK) {
		code = take_line(&run, stream, &batch, report, &end, error);
		if (code != ERR_OK || end)
			break;
		lines++;
		/* A batch may hold few large lines or many small ones. */
		if (batch.count == BATCH_LINES || batch.arena.used_bytes > (size_t)4 * SESSION_LINE_MAX)
			code = apply_batch(&run, &batch, report, error);
		if (options->on_progress && lines % PROGRESS_LINES == 0 &&
		    !options->on_progress(options->context, session_stream_offset(stream), report))
			break;
	}
	if (code == ERR_OK)
		code = apply_batch(&run, &batch, report, error);
	/* Of lines that were read and never came to a batch. */
	store_bytes_release(desk->store);
	ended = store_import_end(desk->store, code == ERR_OK ? error : NULL);
	if (code == ERR_OK)
		code = ended;
	/* An import sends nothing; what the system makes of what came is no longer the import. */
	if (code == ERR_OK)
		code = process_all(desk, error);
	if (code == ERR_OK && options->on_progress)
		(void)options->on_progress(options->context, session_stream_offset(stream), report);
	session_stream_free(stream);
	arena_release(&batch.arena);
	return code;
}
