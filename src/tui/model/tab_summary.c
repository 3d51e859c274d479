/* The summary as cards: the evidence first (glance.h), then subject, submitted data and the session. */
#include "glance.h"
#include "kybdesk/domain/facts.h"
#include "kybdesk/tui/keymap.h"
#include "kybdesk/tui/page.h"

#include <string.h>

/* Card styles: values as a table, and long texts over all columns. */
static const struct grid_column narrow_columns[2] = {
	{ "", 6, 19, TEXT_LEFT, false, 0, true },
	{ "", 10, 200, TEXT_LEFT, true, 0, false },
};
static const struct card_spec narrow = { .columns = narrow_columns, .column_count = 2, .flows = true }, whole = {
	.columns = facts_columns, .column_count = FACTS_COLUMN_COUNT, .flows = true, .whole = true
};

static void begin(struct grid *grid, struct arena *arena, const struct card_spec *spec, const char *title)
{
	card_begin(grid, arena, spec, title, "");
}

static void json_lines(struct grid *grid, struct arena *arena, const char *title, const char *json)
{
	if (!json[0] || !strcmp(json, "{}") || !strcmp(json, "[]") || !strcmp(json, "null"))
		return;
	begin(grid, arena, &whole, title);
	facts_json(grid, arena, json);
}

static void subject_lines(struct grid *grid, struct arena *arena, const struct case_file *file, bool masked)
{
	const struct subject *subject = &file->session.subject;
	const char *trade_name = facts_trade_name(file);
	card_begin(grid, arena, &narrow, "Subject",
		   masked ? arena_printf(arena, "masked; %s reveals it", keymap_text(arena, COMMAND_REVEAL)) : "");
	facts_line(grid, arena, *trade_name ? "legal name" : "name", subject->name);
	facts_line(grid, arena, "trade name", trade_name);
	facts_line(grid, arena, "kind", subject_kind_text(subject->kind));
	facts_line(grid, arena, "country", subject->country);
	facts_line(grid, arena, "registration number", subject->registration_number);
	facts_line(grid, arena, "tax id", subject->tax_id);
	facts_line(grid, arena, "date of birth", subject->date_of_birth);
	facts_line(grid, arena, "incorporated on", subject->incorporated_on);
	facts_line(grid, arena, "website", subject->website);
	facts_line(grid, arena, "email", subject->email);
	facts_line(grid, arena, "phone", subject->phone);
	facts_line(grid, arena, "level", subject->level);
	facts_line(grid, arena, "uid", subject->uid);
	facts_json(grid, arena, subject->address_json);
}

static void decision_lines(struct grid *grid, struct arena *arena, const struct case_file *file,
			   const struct frame *frame)
{
	if (file->decision_count)
		begin(grid, arena, &narrow, "Decisions");
	for (size_t i = file->decision_count; i-- > 0;) {
		const struct decision *decision = &file->decisions[i];
		const char *what =
			arena_printf(arena, "%s by %s%s%s%s%s%s", decision_kind_text(decision->kind), decision->by,
				     decision->first_approval ? " (first of two)" : "",
				     decision->reason[0] ? ": " : "", decision->reason,
				     decision->undone ? " (undone)" : "", decision->imported ? " (imported)" : "");
		facts_line(grid, arena, when_text(arena, decision->at, frame), what);
		facts_line(grid, arena, "  message", decision->message);
		facts_line(grid, arena, "  note", decision->note);
	}
}

/* The view has only the suspicions that its reader may read. */
static void suspicion_lines(struct grid *grid, struct arena *arena, const struct case_view *view,
			    const struct frame *frame)
{
	for (size_t i = 0; i < view->suspicions.count; i++) {
		const struct suspicion *one = &view->suspicions.items[i];
		bool open = one->closed_at == TIME_NONE;
		begin(grid, arena, &whole, "Suspicion");
		facts_line(grid, arena, "cause", suspicion_cause_title(one->cause));
		facts_line(grid, arena,
			   open		? "decide until"
			   : one->filed ? "filed"
					: "not filed",
			   when_text(arena, open ? one->due_at : one->closed_at, frame));
		for (size_t e = one->entry_count; e-- > 0;) {
			const struct suspicion_entry *entry = &one->entries[e];
			facts_line(grid, arena, when_text(arena, entry->at, frame),
				   arena_printf(arena, "%s%s%s", suspicion_entry_text(arena, entry),
						entry->text[0] ? ": " : "", entry->text));
		}
	}
}

static void retention_lines(struct grid *grid, struct arena *arena, const struct case_view *view,
			    const struct frame *frame)
{
	const struct retention *retention = view->retention;
	if (retention)
		facts_line(grid, arena, "kept",
			   arena_printf(arena, "%s%s", retention_text(arena, retention),
					retention->sanctions ? ", as a sanctions record" : ""));
	for (size_t i = 0; i < view->legal_holds.count; i++) {
		const struct legal_hold *hold = &view->legal_holds.items[i];
		bool in_force = hold->released_at == TIME_NONE;
		facts_line(grid, arena, in_force ? "legal hold" : "hold released",
			   arena_printf(arena, "%s by %s: %s",
					when_text(arena, in_force ? hold->set_at : hold->released_at, frame),
					in_force ? hold->set_by : hold->released_by,
					in_force ? hold->reason : hold->release_reason));
	}
}

static void contribution_lines(struct grid *grid, struct arena *arena, const struct case_view *view,
			       const struct frame *frame)
{
	const struct contribution_list *list = &view->contributions;
	if (list->count)
		begin(grid, arena, &whole, "Changed by");
	for (size_t i = list->count; i-- > 0;) {
		const struct contribution *c = &list->items[i];
		facts_line(grid, arena, when_text(arena, c->at, frame),
			   arena_printf(arena, "%s: %s", c->actor, contribution_text(arena, &view->file, c)));
	}
}

/* Cards before all evidence: differences from the audit log, suspicions, and other rules. */
static void warning_cards(struct grid *grid, struct arena *arena, const struct case_view *view,
			  const struct frame *frame)
{
	if (view->differ_count)
		begin(grid, arena, &whole, "Differs from the audit log: changed outside this program");
	for (size_t i = 0; i < view->differ_count; i++)
		facts_line(grid, arena, "", view->differs[i]);
	suspicion_lines(grid, arena, view, frame);
	if (*view->rules_note) {
		begin(grid, arena, &whole, "Rules");
		facts_line(grid, arena, "", view->rules_note);
	}
}

static void step_cards(struct grid *grid, struct arena *arena, const struct case_view *view)
{
	for (size_t i = 0; i < view->file.step_count; i++) {
		const struct step *step = &view->file.steps[i];
		const struct step_spec *spec = view->profile ? profile_step(view->profile, step->id) : NULL;
		const char *state = step->status == STEP_IN_PROGRESS	    ? "in progress"
				    : step->status == STEP_NEEDS_CORRECTION ? "needs correction"
									    : step_status_text(step->status);
		card_begin(grid, arena, &whole, arena_printf(arena, "Step %s", step->id), state);
		if (spec)
			facts_line(grid, arena, "look for", spec->guidance);
		facts_json(grid, arena, step->fields_json);
	}
}

void tab_summary(struct grid *grid, struct arena *arena, const struct job *job, const struct frame *frame)
{
	const struct case_view *view = &job->view;
	const struct session *session = &view->file.session;
	const struct glance glance = { grid, arena, job, view, frame };
	*grid = (struct grid){ .untitled = true };
	warning_cards(grid, arena, view, frame);
	glance_screening(&glance);
	glance_owners(&glance);
	glance_risk(&glance);
	glance_documents(&glance);
	glance_client(&glance);
	glance_elsewhere(&glance);
	glance_notes(&glance);
	decision_lines(grid, arena, &view->file, frame);
	subject_lines(grid, arena, &view->file, view->masked);
	begin(grid, arena, &narrow, "Session");
	facts_line(grid, arena, "id", session->id);
	facts_line(grid, arena, "version", arena_printf(arena, "%lld", (long long)session->version));
	facts_line(grid, arena, "created", when_text(arena, session->created_at, frame));
	facts_line(grid, arena, "submitted", when_text(arena, session->submitted_at, frame));
	facts_line(grid, arena, "link expires", when_text(arena, session->expires_at, frame));
	retention_lines(grid, arena, view, frame);
	step_cards(grid, arena, view);
	json_lines(grid, arena, "Processing results", session->processing_results_json);
	json_lines(grid, arena, "Tags", session->custom_tags_json);
	contribution_lines(grid, arena, view, frame);
	cards_end(grid);
}
