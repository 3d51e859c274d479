/* The audit log: list, verify, export. */
#include "kybdesk/store/commitment.h"
#include "use/use.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/desk/admin.h"

#include <errno.h>

enum err desk_audit_list(struct desk *desk, struct arena *arena, const struct audit_query *query,
			 struct audit_page *out, struct error *error)
{
	const struct audit_search search = { .actor = query->actor ? query->actor : "",
					     .action = query->action ? query->action : "",
					     .since = query->since ? query->since : TIME_NONE,
					     .until = query->until ? query->until : TIME_NONE };
	bool searches = *search.actor || *search.action || query->since || query->until;
	struct audit_filter filter = { .after_seq = query->after_seq,
				       .limit = query->limit + 1,
				       .search = searches ? &search : NULL };
	struct audit_list found = { 0 };
	struct session session = { .id = "" };
	int64_t row;
	enum err err = ERR_OK;

	*out = (struct audit_page){ 0 };
	if (query->since && query->until && query->since >= query->until)
		return error_invalid(error, "until", "The end of the period is not after its start");
	if (query->session && *query->session) {
		err = store_session_find(desk->store, query->session, &row, error);
		if (!err)
			err = store_session_load(desk->store, arena, row, &session, error);
	}
	filter.session_id = session.id;
	if (!err)
		err = store_audit_list(desk->store, arena, &filter, &found, error);
	if (err)
		return err;
	*out = (struct audit_page){ .items = found.items, .count = found.count };
	if (out->count > query->limit) {
		out->count = query->limit;
		out->next_after_seq = found.items[out->count - 1].seq;
	}
	return ERR_OK;
}

enum err desk_audit_find_record(struct desk *desk, struct arena *arena, int64_t seq, struct audit_event *out,
				struct error *error)
{
	struct audit_filter filter = { .session_id = "", .after_seq = seq < INT64_MAX ? seq + 1 : seq, .limit = 1 };
	struct audit_list found = { 0 }, last = { 0 };
	enum err err = desk_begin_row_read(desk, error);

	if (err)
		return err;
	if (seq > 0 && seq < INT64_MAX)
		err = store_audit_list(desk->store, arena, &filter, &found, error);
	filter.after_seq = 0;
	if (!err && (!found.count || found.items[0].seq != seq)) {
		err = store_audit_list(desk->store, arena, &filter, &last, error);
		found.count = 0;
	}
	desk_end_read(desk);
	if (err)
		return err;
	if (!found.count)
		return error_not_found(error, "record", arena_printf(arena, "%lld", (long long)seq),
				       arena_printf(arena,
						    "The last record is %lld. List them with: kybdesk audit list",
						    last.count ? (long long)last.items[0].seq : 0LL));
	*out = found.items[0];
	return ERR_OK;
}

enum err desk_audit_verify(struct desk *desk, struct arena *arena, struct audit_verdict *out, struct error *error)
{
	return store_audit_verify(desk->store, arena, out, error);
}

struct diff_context {
	struct arena *arena;
	const struct audit_compare_options *options;
	struct audit_differences *out;
};

static void add_difference(struct diff_context *diff_context, const char *session, const char *sentence)
{
	struct audit_differences *out = diff_context->out;

	if (out->count++ >= AUDIT_DIFFERENCES_MAX)
		return;
	out->sessions[out->sentence_count] = arena_strdup(diff_context->arena, session);
	out->sentences[out->sentence_count++] = arena_strdup(diff_context->arena, sentence);
}

static void on_difference(void *context, const struct audit_difference *difference)
{
	add_difference(context, difference->session, difference->sentence);
}

static void on_changed_row(void *context, const char *table, const char *sentence)
{
	(void)table;
	add_difference(context, "", sentence);
}

static void on_bad_bytes(void *context, const char *why)
{
	add_difference(context, "", why);
}

static void on_row_progress(void *context, const struct row_check *so_far)
{
	const struct diff_context *diff_context = context;

	diff_context->options->on_progress(diff_context->options->context, so_far->rows, so_far->commitment_count);
}

static enum err compare_rows(struct desk *desk, struct diff_context *diff_context, struct error *error)
{
	struct audit_differences *out = diff_context->out;
	struct row_check rows = { .on_difference = on_changed_row,
				  .on_progress = diff_context->options->on_progress ? on_row_progress : NULL,
				  .context = diff_context };
	enum err err = store_rows_verify(desk->store, &rows, error);

	out->rows_compared = rows.rows;
	out->rows_upgraded = rows.upgraded;
	out->upgrade_seq = rows.upgrade_seq;
	return err;
}

static enum err compare_files(struct desk *desk, struct diff_context *diff_context, struct error *error)
{
	const char **problems;
	size_t count = 0;
	enum err err =
		store_bytes_check(desk->store, on_bad_bytes, diff_context, &diff_context->out->files_compared, error);

	if (!err)
		err = store_text_index_check(desk->store, diff_context->arena, &problems, &count, error);
	for (size_t i = 0; !err && i < count; i++)
		add_difference(diff_context, "", problems[i]);
	return err;
}

enum err desk_audit_compare(struct desk *desk, struct arena *arena, const struct audit_compare_options *how,
			    struct audit_differences *out, struct error *error)
{
	struct diff_context diff_context = { .arena = arena, .options = how, .out = out };
	struct audit_comparison comparison = { .on_difference = on_difference, .context = &diff_context };
	enum err err;

	*out = (struct audit_differences){ 0 };
	out->sessions = arena_alloc_array(arena, AUDIT_DIFFERENCES_MAX, sizeof *out->sessions);
	out->sentences = arena_alloc_array(arena, AUDIT_DIFFERENCES_MAX, sizeof *out->sentences);
	err = store_audit_compare(desk->store, &comparison, error);
	out->sessions_compared = comparison.sessions;
	out->decisions_compared = comparison.decisions;
	if (!err)
		err = compare_rows(desk, &diff_context, error);
	if (!err && how->compare_files)
		err = compare_files(desk, &diff_context, error);
	return err;
}

struct export
{
	int fd;
	struct strbuf lines;
};

static enum err flush_export(struct export *export, struct error *error)
{
	if (!file_write_all(export->fd, export->lines.buf, export->lines.len))
		return error_set(error, ERR_INTERNAL, "The audit log could not be exported: %s", strerror(errno));
	strbuf_reset(&export->lines);
	return ERR_OK;
}

static enum err export_row(void *context, const struct audit_event *event, const char *prev_hash, struct error *error)
{
	struct export *export = context;
	struct json_value *line =
		JSON_FROM({ "seq", AS_INT(event->seq) }, { "at", AS_TIME(event->at) }, { "at_ms", AS_INT(event->at) },
			  { "actor", AS_TEXT(event->actor) }, { "role", AS_TEXT(event->role) },
			  { "action", AS_TEXT(event->action) }, { "session_id|null", AS_TEXT(event->session_id) });

	if (event->session_version)
		json_set_int(line, "session_version", event->session_version);
	else
		json_set_null(line, "session_version");
	/* Writes the detail as a text, with exactly the bytes that were hashed. */
	JSON_ADD(line, { "detail", AS_TEXT(event->detail) }, { "prev_hash", AS_TEXT(prev_hash) },
		 { "rows_sha256|null", AS_TEXT(event->rows_hash) }, { "hash", AS_TEXT(event->hash) });
	json_write(&export->lines, line, JSON_COMPACT_LAYOUT, true);
	json_free(line);
	return export->lines.len > 64 * 1024 ? flush_export(export, error) : ERR_OK;
}

enum err desk_audit_export(struct desk *desk, int fd, struct error *error)
{
	struct export export = { .fd = fd, .lines = STRBUF_INIT };
	enum err err = store_audit_scan(desk->store, 1, export_row, &export, error);

	if (!err)
		err = flush_export(&export, error);
	strbuf_release(&export.lines);
	return err;
}
