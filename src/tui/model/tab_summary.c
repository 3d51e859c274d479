/* The summary: who it is, what the client said, what was decided and noted. */
#include "kybdesk/tui/case_model.h"

#include "kybdesk/codec/json.h"

#include <string.h>

#define FIELD_DEPTH_MAX 4
#define VALUE_SHORT 36 /* bytes that fit at any width */

enum summary_column { S_LABEL, S_VALUE, S_COUNT };
static const struct grid_column columns[S_COUNT] = {
	[S_LABEL] = { "", 19, 28, TEXT_LEFT, false, 0, false },
	[S_VALUE] = { "", 20, 200, TEXT_LEFT, true, 0, false },
};

static void heading(struct grid *grid, struct arena *arena, const char *text)
{
	if (grid->row_count)
		grid_cell(grid_add(grid, arena, ROW_HEADING, ""), S_LABEL, THEME_MUTED, "");
	grid_cell(grid_add(grid, arena, ROW_HEADING, ""), S_LABEL, THEME_TITLE, text);
}

static void line(struct grid *grid, struct arena *arena, const char *label, const char *value)
{
	if (!value[0])
		return;
	struct grid_row *row = grid_add(grid, arena, ROW_PLAIN, "");
	grid_cell(row, S_LABEL, THEME_MUTED, label);
	grid_cell(row, S_VALUE, THEME_TEXT, value);
	/* What the line may cut can be read whole below the grid. */
	row->detail = strlen(value) > VALUE_SHORT ? value : "";
}

static const char *scalar(struct arena *arena, const struct json_value *value)
{
	const char *text = json_text(value);
	if (!text) {
		struct strbuf json = STRBUF_INIT;
		json_write(&json, value, JSON_COMPACT_LAYOUT, false);
		text = strbuf_to_arena(&json, arena);
		strbuf_release(&json);
		if (!strcmp(text, "null"))
			text = "";
	}
	return arena_strdup(arena, text);
}

/* Members of an object as lines; what lies deeper gets its path as the label. */
static void members(struct grid *grid, struct arena *arena, const char *prefix, const struct json_value *value,
		    unsigned depth)
{
	bool list = json_is_array(value);
	for (size_t i = 0; i < json_count(value); i++) {
		const struct json_value *member = list ? json_at(value, i) : json_get(value, json_key_at(value, i));
		const char *key = list ? arena_printf(arena, "%zu", i + 1) : json_key_at(value, i);
		const char *label =
			prefix[0] ? arena_printf(arena, "%s.%s", prefix, key) : arena_strdup(arena, key);
		if ((json_is_object(member) || json_is_array(member)) && depth < FIELD_DEPTH_MAX)
			members(grid, arena, label, member, depth + 1);
		else
			line(grid, arena, label, scalar(arena, member));
	}
}

static void json_lines(struct grid *grid, struct arena *arena, const char *title, const char *json)
{
	struct json_value *value = NULL;
	struct error error = { 0 };
	if (json_read(json, strlen(json), &value, &error) == ERR_OK && json_count(value)) {
		heading(grid, arena, title);
		members(grid, arena, "", value, 0);
	}
	json_free(value);
	error_release(&error);
}

/* [{"code", "points", "detail"}]: one line each. What has another shape is shown as it is. */
static void risk_lines(struct grid *grid, struct arena *arena, const struct session *session)
{
	struct json_value *factors = NULL;
	struct error error = { 0 };
	bool known = json_read(session->risk_factors_json, strlen(session->risk_factors_json), &factors, &error) ==
			     ERR_OK &&
		     json_is_array(factors) && json_count(factors);
	for (size_t i = 0; known && i < json_count(factors); i++)
		known = json_is_object(json_at(factors, i)) && json_get_text(json_at(factors, i), "code");
	if (known)
		heading(grid, arena, "Risk factors");
	for (size_t i = 0; known && i < json_count(factors); i++) {
		const struct json_value *factor = json_at(factors, i);
		const char *detail = json_get_text(factor, "detail");
		int64_t points = 0;
		const char *sum = json_get_int(factor, "points", &points)
					  ? arena_printf(arena, "%lld points", (long long)points)
					  : "";
		line(grid, arena, arena_strdup(arena, json_get_text(factor, "code")),
		     arena_printf(arena, "%s%s%s", sum, sum[0] && detail ? " · " : "", detail ? detail : ""));
	}
	if (!known)
		json_lines(grid, arena, "Risk factors", session->risk_factors_json);
	json_free(factors);
	error_release(&error);
}

static void subject_lines(struct grid *grid, struct arena *arena, const struct session *session, bool masked)
{
	const struct subject *subject = &session->subject;
	heading(grid, arena, "Subject");
	line(grid, arena, "name", subject->name);
	line(grid, arena, "kind", subject_kind_text(subject->kind));
	line(grid, arena, "country", subject->country);
	line(grid, arena, "registration number", subject->registration_number);
	line(grid, arena, "tax id", subject->tax_id);
	line(grid, arena, "date of birth", subject->date_of_birth);
	line(grid, arena, "incorporated on", subject->incorporated_on);
	line(grid, arena, "website", subject->website);
	line(grid, arena, "email", subject->email);
	line(grid, arena, "phone", subject->phone);
	line(grid, arena, "level", subject->level);
	line(grid, arena, "uid", subject->uid);
	if (masked)
		line(grid, arena, "", "Personal data is masked; R reveals it, and that is recorded");
	json_lines(grid, arena, "Address", subject->address_json);
}

static void decision_lines(struct grid *grid, struct arena *arena, const struct case_file *file,
			   const struct frame *frame)
{
	if (file->decision_count)
		heading(grid, arena, "Decisions");
	for (size_t i = file->decision_count; i-- > 0;) {
		const struct decision *decision = &file->decisions[i];
		const char *what =
			arena_printf(arena, "%s by %s%s%s%s%s", decision_kind_text(decision->kind), decision->by,
				     decision->reason[0] ? ": " : "", decision->reason,
				     decision->undone ? " (undone)" : "", decision->imported ? " (imported)" : "");
		line(grid, arena, when_text(arena, decision->at, frame->now, frame->clock_offset_minutes), what);
		line(grid, arena, "  message", decision->message);
		line(grid, arena, "  note", decision->note);
	}
	if (file->note_count)
		heading(grid, arena, "Notes");
	for (size_t i = file->note_count; i-- > 0;) {
		const struct note *note = &file->notes[i];
		line(grid, arena,
		     arena_printf(arena, "%s %s",
				  when_text(arena, note->at, frame->now, frame->clock_offset_minutes), note->by),
		     note->text);
	}
}

void tab_summary(struct grid *grid, struct arena *arena, const struct work *work, const struct frame *frame)
{
	const struct case_view *view = &work->view;
	const struct session *session = &view->file.session;
	*grid = (struct grid){ .columns = columns, .column_count = S_COUNT, .untitled = true };
	subject_lines(grid, arena, session, view->masked);
	decision_lines(grid, arena, &view->file, frame);
	for (size_t i = 0; i < view->file.step_count; i++) {
		const struct step *step = &view->file.steps[i];
		const struct step_spec *spec = view->profile ? profile_step(view->profile, step->id) : NULL;
		const char *state = step->status == STEP_IN_PROGRESS	    ? "in progress"
				    : step->status == STEP_NEEDS_CORRECTION ? "needs correction"
									    : step_status_text(step->status);
		heading(grid, arena, arena_printf(arena, "Step %s, %s", step->id, state));
		if (spec)
			line(grid, arena, "look for", spec->guidance);
		struct json_value *fields = NULL;
		struct error error = { 0 };
		if (json_read(step->fields_json, strlen(step->fields_json), &fields, &error) == ERR_OK)
			members(grid, arena, "", fields, 0);
		json_free(fields);
		error_release(&error);
	}
	risk_lines(grid, arena, session);
	json_lines(grid, arena, "Processing results", session->processing_results_json);
	json_lines(grid, arena, "Tags", session->custom_tags_json);
	heading(grid, arena, "Session");
	line(grid, arena, "id", session->id);
	line(grid, arena, "version", arena_printf(arena, "%lld", (long long)session->version));
	line(grid, arena, "created",
	     when_text(arena, session->created_at, frame->now, frame->clock_offset_minutes));
	line(grid, arena, "sent in",
	     when_text(arena, session->submitted_at, frame->now, frame->clock_offset_minutes));
	line(grid, arena, "link ends",
	     when_text(arena, session->expires_at, frame->now, frame->clock_offset_minutes));
}
