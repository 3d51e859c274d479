#include "import_internal.h"
#include "kybdesk/desk/decide.h"
#include "kybdesk/store/import.h"
#include "kybdesk/base/file.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

/* --- lines in their order, compared and written together --- */

struct batch {
	struct arena arena;
	struct import_line *lines;
	size_t count;
	bool is_last; /* the input ended after this batch */
	const struct countries *countries;
	pthread_t parser;
	bool has_parser;
};

#define BATCH_LINES 128
/* Limits a batch of large lines, since a parsed line needs several times its size in memory. */
#define BATCH_BYTES ((size_t)1024 * 1024)

/* Reads the next lines. Keeps an unreadable line with its error. Returns only errors of the input itself. */
static enum err batch_fill(struct batch *batch, struct session_stream *stream, struct error *error)
{
	while (batch->count < BATCH_LINES && batch->arena.used_bytes < BATCH_BYTES) {
		struct import_line line = { 0 };
		const char *text = "";

		line.code =
			session_stream_next(stream, &text, &line.length, &line.number, &batch->is_last, &line.error);
		if (line.code != ERR_OK && line.code != ERR_INVALID) {
			/* If the input is unreadable, returns ERR_INVALID, not the error code of the stream. */
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

static void *parse_lines(void *context)
{
	struct batch *batch = context;

	for (size_t i = 0; i < batch->count; i++) {
		struct import_line *line = &batch->lines[i];

		if (line->code == ERR_OK)
			line->code = session_read(&batch->arena, line->text, line->length, batch->countries,
						  &line->document, &line->error);
	}
	return NULL;
}

/* Starts a thread that parses each line; the batch must not be used until batch_wait(). */
static void batch_parse(struct batch *batch, const struct countries *countries)
{
	sigset_t all, before;

	batch->countries = countries;
	if (!batch->count)
		return;
	/* Blocks all signals in the new thread: the existing threads handle signals. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	batch->has_parser = !pthread_create(&batch->parser, NULL, parse_lines, batch);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!batch->has_parser)
		(void)parse_lines(batch);
}

static void batch_wait(struct batch *batch)
{
	if (batch->has_parser && pthread_join(batch->parser, NULL))
		BUG("the thread that parses an import's lines cannot be joined");
	batch->has_parser = false;
}

static void batch_clear(struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		error_release(&batch->lines[i].error);
	arena_reset(&batch->arena);
	batch->lines = NULL;
	batch->count = 0;
}

static void batch_release(struct batch *batch)
{
	batch_wait(batch);
	batch_clear(batch);
	arena_release(&batch->arena);
}

/* Decisions made elsewhere: if the desk has several admins, two of them must first set the SHA-256 of the file
 * (STORE_SETTING_IMPORTED_DECISIONS); then a copy with this SHA-256 is imported. A single admin needs no setting. The
 * SHA-256 also covers the bytes of documents: a decided line must have the SHA-256 of each file that it names
 * (import_prepare.c). */

/* Copies the rest of the input, since another process could change the input later. */
static enum err copy_input(const struct import_options *options, int copy_fd, struct sha256 *sum, struct error *error)
{
	char bytes[65536];
	ssize_t length;

	while ((length = read(options->fd, bytes, sizeof bytes)) != 0) {
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return error_set(error, ERR_INVALID, "%s cannot be read: %s", options->name, strerror(errno));
		sha256_add(sum, bytes, (size_t)length);
		if (!file_write_all(copy_fd, bytes, (size_t)length))
			return error_set(error, ERR_STORE, "cannot write a copy of %s next to the store: %s",
					 options->name, strerror(errno));
	}
	return ERR_OK;
}

static enum err check_input_hash(struct import_run *run, struct arena *arena, const char *allowed, struct error *error)
{
	uint8_t found[SHA256_SIZE];
	char text[SHA256_HEX_SIZE];
	struct sha256 *sum;
	enum err err;

	run->copy_fd = file_make_unnamed(arena, desk_temporary_folder(run->desk, arena));
	if (run->copy_fd < 0)
		return error_set(error, ERR_STORE, "cannot make a copy of %s next to the store: %s", run->options->name,
				 strerror(errno));
	sum = sha256_new();
	err = copy_input(run->options, run->copy_fd, sum, error);
	if (!err) {
		sha256_finish(sum, found);
		hex_encode(found, sizeof found, text);
		if (strcmp(text, allowed) != 0)
			run->decisions_refusal =
				"contains decisions made elsewhere, but two admins allowed another file: compare "
				"the SHA-256 of this file with the setting " STORE_SETTING_IMPORTED_DECISIONS;
		else
			run->needs_file_hashes = true;
		if (lseek(run->copy_fd, 0, SEEK_SET) < 0)
			err = error_set(error, ERR_STORE, "the copy of %s cannot be read: %s", run->options->name,
					strerror(errno));
	}
	sha256_free(sum);
	return err;
}

static enum err read_decisions_setting(struct desk *desk, struct arena *arena, int64_t *admins, const char **value,
				       struct error *error)
{
	enum err err = desk_begin_read(desk, error);

	if (err)
		return err;
	err = desk_count_admins(desk, arena, admins, error);
	if (!err)
		err = store_info_get(desk->store, arena, STORE_SETTING_IMPORTED_DECISIONS, value, error);
	return desk_finish_read(desk, err);
}

/* Checks once for each import whether its lines may have decisions made elsewhere. */
static enum err check_may_decide(struct import_run *run, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *value = "";
	int64_t admins = 0;
	enum err err = ERR_OK;

	if (run->desk->store->sandbox)
		return ERR_OK;
	if (run->desk->role != ROLE_ADMIN) {
		run->decisions_refusal = "contains decisions made elsewhere; in a production store only an admin may "
					 "import decisions";
		return ERR_OK;
	}
	err = read_decisions_setting(run->desk, &arena, &admins, &value, error);
	if (!err && admins > 1) {
		if (strlen(value) == SHA256_HEX_SIZE - 1)
			err = check_input_hash(run, &arena, value, error);
		else
			run->decisions_refusal =
				"contains decisions made elsewhere; two admins must first allow "
				"this file, each with: kybdesk store set " STORE_SETTING_IMPORTED_DECISIONS
				" SHA-256 (sha256sum FILE prints it)";
	}
	arena_release(&arena);
	return err;
}

/* --- writing --- */

/* Time limits of one hold of the write lock. LOCK_NO_WAITER_MS applies while no other writer waits: each commit writes
 * every changed database page once, so fewer commits mean fewer writes. */
#define LOCK_MS 5
#define LOCK_NO_WAITER_MS 40

void import_report_refusal(const struct import_options *options, struct import_report *report,
			   const struct import_line *line, const char *field, const char *message)
{
	report->rejected++;
	if (options->on_rejected)
		options->on_rejected(options->context, line->number, field ? field : "", message ? message : "",
				     line->text, line->length);
}

enum err import_refuse(const struct import_options *options, struct import_report *report, enum err code,
		       const struct import_line *line, struct error *error)
{
	if (error_is_system_failure(code))
		return code;
	import_report_refusal(options, report, line, error->field, error->message);
	error_release(error);
	return ERR_OK;
}

/* Reports a refused line. Call without an open transaction. The check results of the line are still imported. */
static enum err refuse_line(struct import_run *run, struct import_line *line, const struct error *why,
			    struct import_report *report, struct error *error)
{
	struct strbuf message = STRBUF_INIT;
	size_t taken = 0;
	enum err err = import_checks_only(run, line, why, &taken, error);

	strbuf_adds(&message, why->message ? why->message : "");
	if (taken)
		strbuf_addf(&message, "; %zu new check %s imported anyway", taken,
			    taken == 1 ? "result of this session was" : "results of this session were");
	import_report_refusal(run->options, report, line, why->field, message.buf);
	strbuf_release(&message);
	return err;
}

static void count_outcome(struct import_report *report, enum import_outcome outcome)
{
	report->imported += outcome == IMPORT_IMPORTED;
	report->updated += outcome == IMPORT_UPDATED;
	report->unchanged += outcome == IMPORT_UNCHANGED;
}

/* Applies one line in a transaction of its own, after a batch failed, so that only the faulty line is refused. */
static enum err apply_single_line(struct import_run *run, struct import_line *line, struct import_report *report,
				  struct error *error)
{
	enum import_outcome outcome;
	struct arena arena = ARENA_INIT;
	struct store *store = run->desk->store;
	enum err err = store_begin(store, STORE_WRITE, error);

	run->arena = &arena;
	if (!err) {
		err = import_apply(run, line, &outcome, error);
		if (!err)
			err = store_commit(store, error);
		else
			store_rollback(store);
	}
	if (!err) {
		count_outcome(report, outcome);
	} else if (!error_is_system_failure(err)) {
		struct error why = { 0 };

		error_move(&why, error);
		err = refuse_line(run, line, &why, report, error);
		error_release(&why);
	}
	arena_release(&arena);
	return err;
}

static bool may_keep_lock(struct store *store, int64_t held_ms)
{
	return held_ms < LOCK_MS || (held_ms < LOCK_NO_WAITER_MS && !store_may_have_waiters(store));
}

/* Applies as many lines as fit into one hold of the lock. Adds the number of committed lines to *done. */
static enum err apply_lines(struct import_run *run, struct batch *batch, size_t *done, struct import_report *report,
			    struct error *error)
{
	const struct world *world = run->desk->world;
	struct store *store = run->desk->store;
	struct import_report outcomes = { 0 };
	struct arena arena = ARENA_INIT;
	size_t at = *done;
	int64_t begun;
	enum err err = store_begin(store, STORE_WRITE, error);

	if (err)
		return err;
	begun = world_monotonic_ms(world);
	run->arena = &arena;
	do {
		enum import_outcome outcome;
		err = import_apply(run, &batch->lines[at], &outcome, error);
		if (err)
			break;
		count_outcome(&outcomes, outcome);
		arena_reset(&arena);
		at++;
	} while (at < batch->count && may_keep_lock(store, world_monotonic_ms(world) - begun));
	arena_release(&arena);
	if (!err) {
		err = store_commit(store, error);
		if (err)
			return err;
		report->imported += outcomes.imported;
		report->updated += outcomes.updated;
		report->unchanged += outcomes.unchanged;
		*done = at;
		return ERR_OK;
	}
	store_rollback(store);
	if (error_is_system_failure(err))
		return err;
	error_release(error);
	for (size_t i = *done; i <= at; i++) {
		err = apply_single_line(run, &batch->lines[i], report, error);
		if (err)
			return err;
		(*done)++;
	}
	return ERR_OK;
}

/* Prepares the lines of the batch, and keeps the usable lines in their order. */
static enum err prepare_batch(struct import_run *run, struct batch *batch, struct import_report *report,
			      struct error *error)
{
	size_t kept = 0, at = 0;
	enum err err = ERR_OK;

	run->arena = &batch->arena;
	for (; at < batch->count && !err; at++) {
		struct import_line *line = &batch->lines[at];

		if (line->code == ERR_OK)
			line->code = import_prepare(run, line, &line->error);
		if (line->code != ERR_OK && error_is_system_failure(line->code)) {
			err = line->code;
			if (error)
				error_move(error, &line->error);
		} else if (line->code != ERR_OK) {
			import_end_read(run);
			err = refuse_line(run, line, &line->error, report, error);
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
	return err;
}

static bool may_continue_import(const struct import_run *run, size_t offset, const struct import_report *report)
{
	const struct import_options *options = run->options;

	return !options->on_progress || options->on_progress(options->context, offset, report);
}

/* Writes every line that was read before a stop or a fault. */
static enum err write_batch(struct import_run *run, struct batch *batch, struct import_report *report, bool *stopped,
			    struct error *error)
{
	size_t begins = batch->lines[0].offset;
	struct error later = { 0 }; /* receives later faults; only the first fault is reported */
	enum err err = ERR_OK, prepared;

	run->batch_arena = &batch->arena;
	prepared = prepare_batch(run, batch, report, error);
	*stopped = !may_continue_import(run, begins, report);
	for (size_t done = 0; done < batch->count && !err;) {
		err = apply_lines(run, batch, &done, report, !prepared ? error : &later);
		if (!err && !may_continue_import(run, batch->lines[done - 1].offset, report))
			*stopped = true;
	}
	if (!err && batch->count)
		store_maintain(run->desk->store);
	store_bytes_release(run->desk->store);
	error_release(&later);
	return !prepared ? err : prepared;
}

/* While a batch is written, a thread parses the next batch. If the input fails, the lines read before the failure
 * are still written. */
static enum err import_all_lines(struct import_run *run, struct session_stream *stream, struct batch batches[2],
				 struct import_report *report, struct error *error)
{
	const struct countries *countries = desk_countries(run->desk);
	struct batch *batch = &batches[0], *next = &batches[1];
	struct error later = { 0 };
	bool stopped = false;
	enum err err = ERR_OK, filled = batch_fill(batch, stream, error);

	batch_parse(batch, countries);
	while (!err && !stopped) {
		struct batch *written = batch;
		bool is_last = filled || batch->is_last;

		if (!is_last)
			filled = batch_fill(next, stream, error);
		batch_wait(batch);
		if (!is_last)
			batch_parse(next, countries);
		if (batch->count)
			err = write_batch(run, batch, report, &stopped, !filled ? error : &later);
		else
			stopped = !may_continue_import(run, session_stream_offset(stream), report);
		batch_clear(batch);
		if (is_last)
			break;
		batch = next;
		next = written;
	}
	error_release(&later);
	return filled ? filled : err;
}

#define PROCESS_BATCH_SIZE 64

/* Processes all sessions that are due. The loop ends, because each processed session gets a later due time or none. */
static enum err process_all_due_cases(struct desk *desk, struct error *error)
{
	size_t examined = PROCESS_BATCH_SIZE;
	enum err err = ERR_OK;

	while (!err && examined == PROCESS_BATCH_SIZE)
		err = desk_process_due(desk, PROCESS_BATCH_SIZE, &examined, error);
	return err;
}

/* MEMORY_BASE_MIB: memory of an import, including shared libraries, without the page cache of the database.
 * PAGE_CACHE_SHARE: the share of the remaining memory that the pages get. */
#define MEMORY_BASE_MIB 26
#define PAGE_CACHE_SHARE 9 / 10

static int64_t page_cache_kib(int64_t memory_mib)
{
	return memory_mib > MEMORY_BASE_MIB ? (memory_mib - MEMORY_BASE_MIB) * 1024 * PAGE_CACHE_SHARE : 0;
}

enum err desk_import(struct desk *desk, const struct import_options *options, struct import_report *report,
		     struct error *error)
{
	struct batch batches[2] = { 0 };
	struct import_run run = { .desk = desk, .options = options, .copy_fd = -1 };
	struct session_stream *stream = NULL;
	enum err err, ended;

	*report = (struct import_report){ 0 };
	if (desk->store->readonly)
		return error_set(error, ERR_FORBIDDEN, "Cannot import sessions: the store is open for reading only");
	err = desk_require_intake(desk, "import sessions", error);
	if (!err)
		err = check_may_decide(&run, error);
	if (!err)
		err = store_import_start(desk->store, page_cache_kib(options->memory_mib), error);
	if (err)
		goto out;
	stream = session_stream_new(run.copy_fd < 0 ? options->fd : run.copy_fd, NULL);
	err = import_all_lines(&run, stream, batches, report, error);
	batch_release(&batches[0]);
	batch_release(&batches[1]);
	/* Releases the bytes of lines that were read and never written. */
	store_bytes_release(desk->store);
	ended = store_import_end(desk->store, !err ? error : NULL);
	if (!err)
		err = ended;
	/* The import itself sends no webhooks; the automatic processing that follows may send some. */
	if (!err)
		err = process_all_due_cases(desk, error);
	if (!err && options->on_progress)
		(void)options->on_progress(options->context, session_stream_offset(stream), report);
	session_stream_free(stream);
out:
	if (run.copy_fd >= 0)
		(void)close(run.copy_fd);
	return err;
}
