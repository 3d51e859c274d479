/* The tabs with documents and with corrections: what the client has submitted, and what the desk has requested. */
#include "kybdesk/desk/changes.h"
#include "kybdesk/domain/things.h"
#include "model/case_model.h"
#include "input/keymap.h"

#include <string.h>

enum document_column { D_MARK, D_TYPE, D_STATE, D_FILE, D_SIZE, D_HASH, D_SEEN, D_REASON, D_COUNT };
static const struct grid_column document_columns[D_COUNT] = {
	[D_MARK] = { "", 1, 1, TEXT_LEFT, false, 0, false },
	[D_TYPE] = { "Document", 26, 40, TEXT_LEFT, false, 0, false },
	[D_STATE] = { "State", 9, 15, TEXT_LEFT, false, 0, true },
	[D_FILE] = { "File", 10, 48, TEXT_LEFT, true, 0, false },
	[D_SIZE] = { "Size", 6, 8, TEXT_RIGHT, false, 3, false },
	[D_HASH] = { "SHA-256", 8, 12, TEXT_LEFT, false, 4, false },
	[D_SEEN] = { "Opened", 17, 24, TEXT_LEFT, false, 2, false },
	[D_REASON] = { "Reason", 0, 24, TEXT_LEFT, false, 1, false },
};

static const char *document_detail_text(struct arena *arena, const struct case_view *view, const char *type)
{
	const struct document_spec *spec = view->profile ? profile_document(view->profile, type) : NULL;
	const char *title = profile_document_title(view->profile, type);
	return spec ? arena_printf(arena, "%s%s%s", title, spec->guidance[0] ? ": " : "", spec->guidance) : "";
}

static const char *side_names(struct arena *arena, const struct document *document)
{
	const char *back = document->back.file_name;
	if (!document->double_sided || !back[0])
		return document->file_name;
	return arena_printf(arena, "%s%s%s", document->file_name, document->file_name[0] ? ", " : "", back);
}

/* The last look, like "seen by you 10:42", or "saved by bo 10:42". A look that showed something takes precedence over a
 * fetch, and the reviewer's own over the looks of others. */
static const struct look *find_last_look(const struct case_view *view, const char *document, const char *by)
{
	for (size_t i = 0; i < view->document_view_count; i++) {
		const struct look *look = &view->document_views[i];
		if (look->shown_as >= LOOK_TEXT && !strcmp(look->document_id, document) &&
		    (!by || !strcmp(look->by, by)))
			return look;
	}
	return document_last_view(view, document, by);
}

static const char *last_view_text(struct arena *arena, const struct case_view *view, const struct document *document,
				  const struct frame *frame)
{
	const struct look *own = find_last_look(view, document->id, frame->actor);
	const struct look *look = own ? own : find_last_look(view, document->id, NULL);
	if (!document_has_bytes(document))
		return "";
	if (!look)
		return "not opened";
	return arena_printf(arena, "%s %s %s",
			    look->shown_as >= LOOK_TEXT	     ? "seen by"
			    : look->shown_as == LOOK_NOTHING ? "not shown to"
			    : look->shown_as == LOOK_SAVED   ? "saved by"
							     : "opened by",
			    own ? "you" : look->by, since_text(arena, look->at, frame));
}

static void add_document(struct grid *grid, const struct case_view *view, const struct document *document)
{
	enum theme_role role = document_role(document);
	enum theme_role plain = document->replaced ? THEME_MUTED : THEME_TEXT;
	struct grid_row *row = grid_add_row(grid, ROW_DOCUMENT, document->id);
	row->done = document->replaced || document->review != REVIEW_UNREVIEWED || document->upload != UPLOAD_READY;
	row->detail = document_detail_text(grid->arena, view, document->type);
	if (!document->replaced && document->review == REVIEW_REJECTED)
		row->detail = grid_printf(grid, "Rejected by %s: %s. %s requests it again; the message is prefilled",
					  document->reviewed_by, document->review_reason,
					  keymap_key_or_name(grid->arena, COMMAND_CORRECTIONS));
	if (view->profile && document_answers_nothing(&view->file, view->profile, document))
		row->detail = grid_printf(grid, "Answers no requested document; %s, move-answer, says which it answers",
					  keymap_key_or_name(grid->arena, COMMAND_MORE));
	const char *note = last_note_text(grid->arena, &view->file, document->id, grid->frame);
	const char *title = profile_document_title(view->profile, document->type);
	if (note[0])
		row->detail = grid_printf(grid, "%s%s%s", note, row->detail[0] ? ". " : "", row->detail);
	grid_set_cell(row, D_MARK, role, grid_glyph(grid, document_glyph(document)));
	grid_set_cell(row, D_TYPE, plain, document->double_sided ? grid_printf(grid, "%s (2 sides)", title) : title);
	grid_set_cell(row, D_STATE, role, document_state_text(document));
	grid_set_cell(row, D_FILE, plain, side_names(grid->arena, document));
	grid_set_cell(row, D_SIZE, THEME_MUTED,
		      size_text(grid->arena, document->size_bytes + document->back.size_bytes));
	grid_set_cell(row, D_HASH, THEME_MUTED, grid_printf(grid, "%.12s", document->sha256));
	grid_set_cell(row, D_SEEN, THEME_MUTED, last_view_text(grid->arena, view, document, grid->frame));
	grid_set_cell(row, D_REASON, role, document->review_reason);
}

void fill_documents_tab(struct grid *grid, struct job *job)
{
	const struct case_view *view = &job->view;
	GRID_LIST(grid, document_columns, "No documents; this workflow requires none.");
	for (size_t i = 0; i < view->missing_document_count; i++) {
		const struct document_spec *spec = view->missing_documents[i];
		struct grid_row *row = grid_add_row(grid, ROW_DOCUMENT_MISSING, spec->type);
		row->detail = document_detail_text(grid->arena, view, spec->type);
		grid_set_cell(row, D_MARK, THEME_DANGER, grid_glyph(grid, GLYPH_UNMET));
		grid_set_cell(row, D_TYPE, THEME_TEXT, profile_document_title(view->profile, spec->type));
		grid_set_cell(row, D_STATE, THEME_DANGER, "missing");
		grid_set_cell(
			row, D_FILE, THEME_MUTED,
			grid_printf(grid, "%s requests it", keymap_key_or_name(grid->arena, COMMAND_CORRECTIONS)));
	}
	for (size_t i = 0; i < view->file.document_count; i++)
		add_document(grid, view, &view->file.documents[i]);
}

enum correction_column { C_ROUND, C_STATE, C_STEP, C_WHAT, C_MESSAGE, C_AUTHOR, C_TIME, C_COUNT };
static const struct grid_column correction_columns[C_COUNT] = {
	[C_ROUND] = { "Round", 5, 5, TEXT_RIGHT, false, 3, false },
	[C_STATE] = { "State", 8, 10, TEXT_LEFT, false, 0, true },
	[C_STEP] = { "Step", 8, 20, TEXT_LEFT, false, 0, false },
	[C_WHAT] = { "What", 8, 40, TEXT_LEFT, false, 0, false },
	[C_MESSAGE] = { "Message", 8, 60, TEXT_LEFT, true, 4, false },
	[C_AUTHOR] = { "Asked by", 8, 12, TEXT_LEFT, false, 2, false },
	[C_TIME] = { "Asked", 11, 17, TEXT_LEFT, false, 1, false },
};

/* The name of the party in "parties[ID].member", else the path. */
static const char *field_thing_text(struct arena *arena, const struct case_file *file, const char *path)
{
	const char *id;
	size_t length = field_path_party(path, &id);
	const struct party *party = length ? case_party(file, arena_strndup(arena, id, length)) : NULL;
	return party ? arena_printf(arena, "%s%s", party->name, id + length + 1) : path;
}

static const char *document_name_text(struct arena *arena, const struct case_view *view, const char *id)
{
	const struct document *document = case_document(&view->file, id);
	if (!document)
		return "";
	const char *title = profile_document_title(view->profile, document->type);
	return view->profile ? document_thing_text(arena, &view->file, view->profile, document, title) : title;
}

const char *correction_items_text(struct arena *arena, const struct case_view *view,
				  const struct correction *correction)
{
	char *text = arena_strdup(arena, "");
	for (size_t i = 0; i < correction->document_id_count; i++)
		text = arena_printf(arena, "%s%s%s", text, text[0] ? ", " : "",
				    document_name_text(arena, view, correction->document_ids[i]));
	for (size_t i = 0; i < correction->document_type_count; i++)
		if (!correction_names_document_of_type(&view->file, correction, correction->document_types[i]))
			text = arena_printf(arena, "%s%s%s", text, text[0] ? ", " : "",
					    profile_document_title(view->profile, correction->document_types[i]));
	const struct party *party = case_party(&view->file, correction->party_id);
	if (party)
		text = arena_printf(arena, "%s%s%s", text, text[0] ? ", " : "", party->name);
	for (size_t i = 0; i < correction->field_count; i++)
		text = arena_printf(arena, "%s%s%s", text, text[0] ? ", " : "",
				    field_thing_text(arena, &view->file, correction->field_ids[i]));
	return text[0] ? text : "the whole step";
}

static void add_change(struct grid *grid, const struct case_view *view, const struct change *change)
{
	const char *name =
		change->kind == CHANGE_DOCUMENT ? profile_document_title(view->profile, change->name) : change->name;
	const char *dash = grid_glyph(grid, GLYPH_DASH);
	struct grid_row *row = grid_add_row(grid, ROW_PLAIN, "");
	const char *text = change->changed
				   ? grid_printf(grid, "%s %s %s", change->before[0] ? change->before : dash,
						 grid_glyph(grid, GLYPH_ARROW), change->after[0] ? change->after : dash)
				   : grid_printf(grid, "%s (unchanged)", change->after[0] ? change->after : dash);
	row->done = true;
	row->detail = grid_printf(grid, "%s: %s", name, text);
	grid_set_cell(row, C_STEP, THEME_MUTED, grid_printf(grid, "%s%s", grid_glyph(grid, GLYPH_TREE_LAST), name));
	grid_set_cell(row, C_WHAT, change->changed ? THEME_TEXT : THEME_WARNING, text);
}

void fill_corrections_tab(struct grid *grid, struct job *job)
{
	static const enum theme_role roles[] = { [CORRECTION_OPEN] = THEME_WARNING,
						 [CORRECTION_ANSWERED] = THEME_ACCENT,
						 [CORRECTION_ACCEPTED] = THEME_OK,
						 [CORRECTION_WITHDRAWN] = THEME_MUTED };
	const struct case_view *view = &job->view;
	const struct case_file *file = &view->file;
	GRID_LIST(grid, correction_columns,
		  grid_printf(grid, "No corrections were requested. %s requests corrections.",
			      keymap_key_or_name(grid->arena, COMMAND_CORRECTIONS)));
	for (size_t i = file->correction_count; i-- > 0;) {
		const struct correction *correction = &file->corrections[i];
		struct grid_row *row = grid_add_row(grid, ROW_CORRECTION, correction->id);
		row->done = correction->state != CORRECTION_ANSWERED;
		const char *step = profile_step_title(view->profile, correction->step_id);
		const char *items = correction_items_text(grid->arena, view, correction);
		row->detail = grid_printf(grid, "%s, %s: %s", step, items, correction->message);
		grid_set_cell(row, C_ROUND, THEME_MUTED, grid_printf(grid, "%lld", (long long)correction->round));
		grid_set_cell(row, C_STATE, roles[correction->state], correction_state_text(correction->state));
		grid_set_cell(row, C_STEP, THEME_TEXT, step);
		grid_set_cell(row, C_WHAT, THEME_TEXT, items);
		grid_set_cell(row, C_MESSAGE, THEME_MUTED, correction->message);
		grid_set_cell(row, C_AUTHOR, THEME_MUTED, correction->requested_by);
		grid_set_cell(row, C_TIME, THEME_MUTED, grid_time(grid, correction->requested_at));
		struct change *changes;
		size_t count = correction_changes(grid->arena, &job->view, correction, &changes);
		for (size_t c = 0; c < count; c++)
			if (changes[c].has_response)
				add_change(grid, view, &changes[c]);
	}
}
