/* Documents and corrections: what the client handed in, and what it is asked for. */
#include "kybdesk/codec/json.h"
#include "kybdesk/tui/case_model.h"

#include <string.h>

enum document_column { D_MARK, D_TYPE, D_STATE, D_FILE, D_SIZE, D_HASH, D_SEEN, D_REASON, D_COUNT };
static const struct grid_column document_columns[D_COUNT] = {
	[D_MARK] = { "", 1, 1, TEXT_LEFT, false, 0, false },
	[D_TYPE] = { "Type", 26, 30, TEXT_LEFT, false, 0, false },
	[D_STATE] = { "State", 9, 15, TEXT_LEFT, false, 0, true },
	[D_FILE] = { "File", 10, 48, TEXT_LEFT, true, 0, false },
	[D_SIZE] = { "Size", 6, 8, TEXT_RIGHT, false, 3, false },
	[D_HASH] = { "SHA-256", 8, 12, TEXT_LEFT, false, 4, false },
	[D_SEEN] = { "Opened", 17, 24, TEXT_LEFT, false, 2, false },
	[D_REASON] = { "Reason", 0, 24, TEXT_LEFT, false, 1, false },
};

static const char *document_detail(struct arena *arena, const struct case_view *view, const char *type)
{
	const struct document_spec *spec = view->profile ? profile_document(view->profile, type) : NULL;
	if (!spec)
		return "";
	if (!spec->guidance[0])
		return spec->title;
	return arena_printf(arena, "%s: %s", spec->title, spec->guidance);
}

static const char *side_names(struct arena *arena, const struct document *document)
{
	const char *back = document->back.file_name;
	if (!document->double_sided || !back[0])
		return document->file_name;
	return arena_printf(arena, "%s%s%s", document->file_name, document->file_name[0] ? ", " : "", back);
}

/* "seen by you 10:42": one's own look counts before others'. */
static const char *seen_text(struct arena *arena, const struct case_view *view, const struct document *document,
			     const struct frame *frame)
{
	const struct document_look *look = document_seen(view, document->id, frame->actor);
	const char *who = "you";
	if (!document_has_bytes(document))
		return "";
	if (!look) {
		look = document_seen(view, document->id, NULL);
		who = look ? look->by : "";
	}
	if (!look)
		return "not opened";
	int64_t shift = (int64_t)frame->clock_offset_minutes * 60000, day = INT64_C(86400000);
	bool today = (look->at + shift) / day == (frame->now + shift) / day;
	return arena_printf(arena, "seen by %s %s", who,
			    today ? time_clock(arena, look->at, frame->clock_offset_minutes)
				  : when_text(arena, look->at, frame->now, frame->clock_offset_minutes));
}

static void add_document(struct grid *grid, struct arena *arena, const struct case_view *view,
			 const struct document *document, const struct frame *frame)
{
	enum text_mode mode = frame->mode;
	enum theme_role role = document_role(document);
	enum theme_role plain = document->replaced ? THEME_MUTED : THEME_TEXT;
	struct grid_row *row = grid_add(grid, arena, ROW_DOCUMENT, document->id);
	row->done = document->replaced || document->review != REVIEW_UNREVIEWED || document->upload != UPLOAD_READY;
	row->detail = document_detail(arena, view, document->type);
	if (!document->replaced && document->review == REVIEW_REJECTED)
		row->detail = arena_printf(arena, "Rejected by %s: %s. x asks the client for it again, prefilled",
					   document->reviewed_by, document->review_reason);
	grid_cell(row, D_MARK, role, glyph_text(mode, document_glyph(document)));
	grid_cell(row, D_TYPE, plain,
		  document->double_sided ? arena_printf(arena, "%s (2 sides)", document->type) : document->type);
	grid_cell(row, D_STATE, role, document_state_text(document));
	grid_cell(row, D_FILE, plain, side_names(arena, document));
	grid_cell(row, D_SIZE, THEME_MUTED, size_text(arena, document->size_bytes + document->back.size_bytes));
	grid_cell(row, D_HASH, THEME_MUTED, arena_printf(arena, "%.12s", document->sha256));
	grid_cell(row, D_SEEN, THEME_MUTED, seen_text(arena, view, document, frame));
	grid_cell(row, D_REASON, role, document->review_reason);
}

void tab_documents(struct grid *grid, struct arena *arena, const struct work *work, const struct frame *frame)
{
	const struct case_view *view = &work->view;
	*grid = (struct grid){ .columns = document_columns,
			       .column_count = D_COUNT,
			       .empty = "No documents, and this workflow asks for none." };
	for (size_t i = 0; i < view->missing_count; i++) {
		const struct document_spec *spec = view->missing[i];
		struct grid_row *row = grid_add(grid, arena, ROW_DOCUMENT_MISSING, spec->type);
		row->detail = document_detail(arena, view, spec->type);
		grid_cell(row, D_MARK, THEME_DANGER, glyph_text(frame->mode, GLYPH_UNMET));
		grid_cell(row, D_TYPE, THEME_TEXT, spec->type);
		grid_cell(row, D_STATE, THEME_DANGER, "missing");
		grid_cell(row, D_FILE, THEME_MUTED, "ask the client for it with x");
	}
	for (size_t i = 0; i < view->file.document_count; i++)
		add_document(grid, arena, view, &view->file.documents[i], frame);
}

enum correction_column { C_ROUND, C_STATE, C_STEP, C_WHAT, C_MESSAGE, C_BY, C_AT, C_COUNT };
static const struct grid_column correction_columns[C_COUNT] = {
	[C_ROUND] = { "Round", 5, 5, TEXT_RIGHT, false, 3, false },
	[C_STATE] = { "State", 8, 10, TEXT_LEFT, false, 0, true },
	[C_STEP] = { "Step", 8, 20, TEXT_LEFT, false, 0, false },
	[C_WHAT] = { "What", 8, 40, TEXT_LEFT, false, 0, false },
	[C_MESSAGE] = { "Message", 8, 60, TEXT_LEFT, true, 4, false },
	[C_BY] = { "Asked by", 8, 12, TEXT_LEFT, false, 2, false },
	[C_AT] = { "Asked", 11, 17, TEXT_LEFT, false, 1, false },
};

static const char *correction_what(struct arena *arena, const struct correction *correction)
{
	char *text = arena_strdup(arena, "");
	for (size_t i = 0; i < correction->document_type_count; i++)
		text = arena_printf(arena, "%s%s%s", text, text[0] ? ", " : "", correction->document_types[i]);
	for (size_t i = 0; i < correction->field_count; i++)
		text = arena_printf(arena, "%s%s%s", text, text[0] ? ", " : "", correction->field_ids[i]);
	return text[0] ? text : "the whole step";
}

static const char *shown_value(struct arena *arena, const struct json_value *value)
{
	const char *text = value ? json_text(value) : "";
	if (!text) {
		struct strbuf json = STRBUF_INIT;
		json_write(&json, value, JSON_COMPACT_LAYOUT, false);
		text = strbuf_to_arena(&json, arena);
		strbuf_release(&json);
	}
	return arena_strdup(arena, text);
}

static void add_change(struct grid *grid, struct arena *arena, const char *what, const char *before,
		       const char *after, bool changed, enum text_mode mode)
{
	struct grid_row *row = grid_add(grid, arena, ROW_PLAIN, "");
	const char *text =
		changed ? arena_printf(arena, "%s %s %s", before[0] ? before : glyph_text(mode, GLYPH_DASH),
				       glyph_text(mode, GLYPH_ARROW),
				       after[0] ? after : glyph_text(mode, GLYPH_DASH))
			: arena_printf(arena, "%s (unchanged)", after);
	row->done = true;
	row->detail = arena_printf(arena, "%s: %s", what, text);
	grid_cell(row, C_STEP, THEME_MUTED, arena_printf(arena, "%s%s", glyph_text(mode, GLYPH_TREE_LAST), what));
	grid_cell(row, C_WHAT, changed ? THEME_TEXT : THEME_WARNING, text);
}

static const struct json_value *document_of_type(const struct json_value *documents, const char *type)
{
	for (size_t i = 0; documents && i < json_count(documents); i++) {
		const char *own = json_get_text(json_at(documents, i), "type");
		if (own && !strcmp(own, type))
			return json_at(documents, i);
	}
	return NULL;
}

static const char *document_text(struct arena *arena, const struct json_value *document, const char *key)
{
	const char *text = document ? json_get_text(document, key) : NULL;
	return text ? arena_strdup(arena, text) : "";
}

static bool same_json(const struct json_value *a, const struct json_value *b)
{
	struct strbuf left = STRBUF_INIT, right = STRBUF_INIT;
	if (a)
		json_write(&left, a, JSON_COMPACT_LAYOUT, false);
	if (b)
		json_write(&right, b, JSON_COMPACT_LAYOUT, false);
	bool same = left.len == right.len && !memcmp(left.buf, right.buf, left.len);
	strbuf_release(&left);
	strbuf_release(&right);
	return same;
}

/* What the client was asked for, as it was and as it came back. */
static void add_changes(struct grid *grid, struct arena *arena, const struct correction *correction,
			enum text_mode mode)
{
	struct json_value *before = NULL, *after = NULL;
	struct error error = { 0 };
	if (!correction->after_json[0] || !correction->before_json[0])
		return;
	if (json_read(correction->before_json, strlen(correction->before_json), &before, &error) == ERR_OK &&
	    json_read(correction->after_json, strlen(correction->after_json), &after, &error) == ERR_OK) {
		const struct json_value *fields = json_get(after, "fields"), *old = json_get(before, "fields");
		const struct json_value *papers = json_get(after, "documents");
		for (size_t i = 0; fields && i < json_count(fields); i++) {
			const char *key = arena_strdup(arena, json_key_at(fields, i));
			const struct json_value *was = old ? json_get(old, key) : NULL;
			const struct json_value *is = json_get(fields, key);
			add_change(grid, arena, key, shown_value(arena, was), shown_value(arena, is),
				   !same_json(was, is), mode);
		}
		for (size_t i = 0; papers && i < json_count(papers); i++) {
			const struct json_value *is = json_at(papers, i);
			const char *type = document_text(arena, is, "type");
			const struct json_value *was = document_of_type(json_get(before, "documents"), type);
			add_change(grid, arena, type, document_text(arena, was, "file_name"),
				   document_text(arena, is, "file_name"),
				   strcmp(document_text(arena, was, "sha256"),
					  document_text(arena, is, "sha256")) != 0 ||
					   !same_json(was ? json_get(was, "sides") : NULL, json_get(is, "sides")) ||
					   strcmp(document_text(arena, was, "id"),
						  document_text(arena, is, "id")) != 0,
				   mode);
		}
	}
	json_free(before);
	json_free(after);
	error_release(&error);
}

void tab_corrections(struct grid *grid, struct arena *arena, const struct work *work, const struct frame *frame)
{
	static const enum theme_role roles[] = { [CORRECTION_OPEN] = THEME_WARNING,
						 [CORRECTION_ANSWERED] = THEME_ACCENT,
						 [CORRECTION_ACCEPTED] = THEME_OK,
						 [CORRECTION_WITHDRAWN] = THEME_MUTED };
	const struct case_file *file = &work->view.file;
	*grid = (struct grid){ .columns = correction_columns,
			       .column_count = C_COUNT,
			       .empty = "The client has not been asked for corrections. x asks for some." };
	for (size_t i = file->correction_count; i-- > 0;) {
		const struct correction *correction = &file->corrections[i];
		struct grid_row *row = grid_add(grid, arena, ROW_CORRECTION, correction->id);
		row->done = correction->state != CORRECTION_ANSWERED;
		row->detail = correction->message;
		grid_cell(row, C_ROUND, THEME_MUTED, arena_printf(arena, "%lld", (long long)correction->round));
		grid_cell(row, C_STATE, roles[correction->state], correction_state_text(correction->state));
		grid_cell(row, C_STEP, THEME_TEXT, correction->step_id);
		grid_cell(row, C_WHAT, THEME_TEXT, correction_what(arena, correction));
		grid_cell(row, C_MESSAGE, THEME_MUTED, correction->message);
		grid_cell(row, C_BY, THEME_MUTED, correction->asked_by);
		grid_cell(row, C_AT, THEME_MUTED,
			  when_text(arena, correction->asked_at, frame->now, frame->clock_offset_minutes));
		add_changes(grid, arena, correction, frame->mode);
	}
}
