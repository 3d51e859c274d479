#include "import_internal.h"
#include "kybdesk/desk/decide.h"
#include "kybdesk/base/text.h"
#include "kybdesk/store/bytes.h"
#include "kybdesk/store/import.h"
#include <string.h>
#include <unistd.h>

/* Time limits of one hold of the write lock. LOCK_ALONE_MS applies while no other writer waits: a commit writes each
 * changed database page once, so more lines in one commit mean fewer writes. */
#define LOCK_MS 5
#define LOCK_ALONE_MS 40

/* Reports a refused line. No transaction is open here. The check results of the line are still imported. */
static enum err refuse_line(struct import_run *run, struct import_line *line, const struct error *why,
			    struct import_report *report, struct error *error)
{
	const struct import_options *options = run->options;
	struct strbuf message = STRBUF_INIT;
	size_t taken = 0;
	enum err code = import_keep_checks(run, line, why, &taken, error);

	strbuf_adds(&message, why->message ? why->message : "");
	if (taken)
		strbuf_addf(&message, "; %zu of its check results were new, and %s imported anyway", taken,
			    taken == 1 ? "was" : "were");
	report->rejected++;
	if (options->on_rejected)
		options->on_rejected(options->context, line->number, why->field ? why->field : "", message.buf,
				     line->text, line->length);
	strbuf_release(&message);
	return code;
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

/* One line in a transaction of its own after a batch failed, so that only the faulty line is refused. */
static enum err apply_alone(struct import_run *run, struct import_line *line, struct import_report *report,
			    struct error *error)
{
	enum import_outcome outcome;
	struct arena arena = ARENA_INIT;
	struct store *store = run->desk->store;
	enum err code = store_begin(store, STORE_WRITE, error);

	run->arena = &arena;
	if (code == ERR_OK) {
		code = import_apply(run, line, &outcome, error);
		if (code == ERR_OK)
			code = store_commit(store, error);
		else
			store_rollback(store);
	}
	if (code == ERR_OK) {
		count(report, outcome);
	} else if (!error_is_system_failure(code)) {
		struct error why = { 0 };

		error_move(&why, error);
		code = refuse_line(run, line, &why, report, error);
		error_release(&why);
	}
	arena_release(&arena);
	return code;
}

static bool may_go_on(struct store *store, int64_t held_ms)
{
	return held_ms < LOCK_MS || (held_ms < LOCK_ALONE_MS && !store_is_waited_for(store));
}

/* Applies as many lines as fit into one hold of the lock; adds the committed ones to *done. */
static enum err apply_some(struct import_run *run, struct import_batch *batch, size_t *done,
			   struct import_report *report, struct error *error)
{
	const struct world *world = run->desk->world;
	struct store *store = run->desk->store;
	struct import_report outcomes = { 0 };
	struct arena arena = ARENA_INIT;
	size_t at = *done;
	int64_t begun;
	enum err code = store_begin(store, STORE_WRITE, error);

	if (code != ERR_OK)
		return code;
	begun = world_monotonic_ms(world);
	run->arena = &arena;
	do {
		enum import_outcome outcome;
		code = import_apply(run, &batch->lines[at], &outcome, error);
		if (code != ERR_OK)
			break;
		count(&outcomes, outcome);
		arena_reset(&arena);
		at++;
	} while (at < batch->count && may_go_on(store, world_monotonic_ms(world) - begun));
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
	if (error_is_system_failure(code))
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

/* Keeps the usable lines, in their order. */
static enum err prepare_batch(struct import_run *run, struct import_batch *batch, struct import_report *report,
			      struct error *error)
{
	size_t kept = 0, at = 0;
	enum err code = ERR_OK;

	run->arena = &batch->arena;
	for (; at < batch->count && code == ERR_OK; at++) {
		struct import_line *line = &batch->lines[at];

		if (line->code == ERR_OK)
			line->code = import_prepare(run, line, &line->error);
		if (line->code != ERR_OK && error_is_system_failure(line->code)) {
			code = line->code;
			if (error)
				error_move(error, &line->error);
		} else if (line->code != ERR_OK) {
			import_end_read(run);
			code = refuse_line(run, line, &line->error, report, error);
		}
		if (line->code != ERR_OK)
			error_release(&line->error);
		else
			batch->lines[kept++] = *line;
	}
	import_end_read(run);
	for (; at < batch->count; at++)
		error_release(&batch->lines[at].error);
	batch->count = kept;
	return code;
}

static bool may_continue(const struct import_run *run, size_t offset, const struct import_report *report)
{
	const struct import_options *options = run->options;

	return !options->on_progress || options->on_progress(options->context, offset, report);
}

/* Writes every line that was read before a stop or a fault. */
static enum err write_batch(struct import_run *run, struct import_batch *batch, struct import_report *report,
			    bool *stopped, struct error *error)
{
	size_t begins = batch->lines[0].offset;
	struct error later = { 0 }; /* the first fault is reported */
	enum err code = ERR_OK, prepared;

	run->kept = &batch->arena;
	prepared = prepare_batch(run, batch, report, error);
	*stopped = !may_continue(run, begins, report);
	for (size_t done = 0; done < batch->count && code == ERR_OK;) {
		code = apply_some(run, batch, &done, report, prepared == ERR_OK ? error : &later);
		if (code == ERR_OK && !may_continue(run, batch->lines[done - 1].offset, report))
			*stopped = true;
	}
	if (code == ERR_OK && batch->count)
		store_maintain(run->desk->store);
	store_bytes_release(run->desk->store);
	error_release(&later);
	return prepared == ERR_OK ? code : prepared;
}

/* While a batch is written, a thread parses the next batch. Lines read before the input failed are written. */
static enum err import_all(struct import_run *run, struct session_stream *stream, struct import_batch batches[2],
			   struct import_report *report, struct error *error)
{
	const struct countries *countries = desk_countries(run->desk);
	struct import_batch *batch = &batches[0], *next = &batches[1];
	struct error later = { 0 };
	bool stopped = false;
	enum err code = ERR_OK, filled = import_batch_fill(batch, stream, error);

	import_batch_parse(batch, countries);
	while (code == ERR_OK && !stopped) {
		struct import_batch *written = batch;
		bool is_last = filled != ERR_OK || batch->is_last;

		if (!is_last)
			filled = import_batch_fill(next, stream, error);
		import_batch_wait(batch);
		if (!is_last)
			import_batch_parse(next, countries);
		if (batch->count)
			code = write_batch(run, batch, report, &stopped, filled == ERR_OK ? error : &later);
		else
			stopped = !may_continue(run, session_stream_offset(stream), report);
		import_batch_empty(batch);
		if (is_last)
			break;
		batch = next;
		next = written;
	}
	error_release(&later);
	return filled != ERR_OK ? filled : code;
}

#define PROCESS_AT_ONCE 64

/* The loop ends, because each processed session gets a later due time or none. */
static enum err process_all(struct desk *desk, struct error *error)
{
	size_t looked_at = PROCESS_AT_ONCE;
	enum err code = ERR_OK;

	while (code == ERR_OK && looked_at == PROCESS_AT_ONCE)
		code = desk_process_due(desk, PROCESS_AT_ONCE, &looked_at, error);
	return code;
}

/* MEMORY_APART_MIB: memory of an import apart from the database's pages, including shared libraries.
 * PAGES_PER_MEMORY: the share of the bytes in the memory of a page. */
#define MEMORY_APART_MIB 26
#define PAGES_PER_MEMORY 9 / 10

static int64_t pages_kib(int64_t memory_mib)
{
	return memory_mib > MEMORY_APART_MIB ? (memory_mib - MEMORY_APART_MIB) * 1024 * PAGES_PER_MEMORY : 0;
}

enum err desk_import(struct desk *desk, const struct import_options *options, struct import_report *report,
		     struct error *error)
{
	struct import_batch batches[2] = { 0 };
	struct import_run run = { .desk = desk, .options = options, .copy = -1 };
	struct session_stream *stream = NULL;
	enum err code, ended;

	*report = (struct import_report){ 0 };
	if (desk->store->readonly)
		return error_set(error, ERR_FORBIDDEN,
				 "Cannot import sessions: the store is open for reading only");
	code = desk_require_intake(desk, "import sessions", error);
	if (code == ERR_OK)
		code = import_may_decide(&run, error);
	if (code == ERR_OK)
		code = store_import_start(desk->store, pages_kib(options->memory_mib), error);
	if (code != ERR_OK)
		goto out;
	stream = session_stream_new(run.copy < 0 ? options->fd : run.copy);
	code = import_all(&run, stream, batches, report, error);
	import_batch_release(&batches[0]);
	import_batch_release(&batches[1]);
	/* Bytes of lines that were read and never written. */
	store_bytes_release(desk->store);
	ended = store_import_end(desk->store, code == ERR_OK ? error : NULL);
	if (code == ERR_OK)
		code = ended;
	/* The import itself sends no webhooks; the automatic processing that follows may send some. */
	if (code == ERR_OK)
		code = process_all(desk, error);
	if (code == ERR_OK && options->on_progress)
		(void)options->on_progress(options->context, session_stream_offset(stream), report);
	session_stream_free(stream);
out:
	if (run.copy >= 0)
		(void)close(run.copy);
	return code;
}
