/* The summary as cards: warnings and the evidence (glance.h) come first, then decisions, subject, session and
 * submitted data. */
#include "glance.h"
#include "kybdesk/domain/facts.h"
#include "input/keymap.h"
#include "model/page.h"

#include <string.h>

/* Kinds of cards: `narrow` is a table of labels and values, `whole` shows long texts over the whole width. */
static const struct grid_column narrow_columns[2] = {
	{ "", 6, 19, TEXT_LEFT, false, 0, true },
	{ "", 10, 200, TEXT_LEFT, true, 0, false },
};
static const struct card_spec narrow = { .columns = narrow_columns, .column_count = 2, .overflows = true }, whole = {
	.columns = facts_columns, .column_count = FACTS_COLUMN_COUNT, .overflows = true, .is_full_width = true
};

static void begin(struct grid *grid, const struct card_spec *spec, const char *title)
{
	card_begin(grid, spec, title, "");
}

static void add_json_lines(struct grid *grid, const char *title, const char *json)
{
	if (!json[0] || !strcmp(json, "{}") || !strcmp(json, "[]") || !strcmp(json, "null"))
		return;
	begin(grid, &whole, title);
	facts_add_json(grid, json);
}

static void add_subject_lines(struct grid *grid, const struct case_file *file, bool masked)
{
	const struct subject *subject = &file->session.subject;
	const char *trade_name = facts_trade_name(file);
	card_begin(grid, &narrow, "Subject",
		   masked ? grid_printf(grid, "masked; %s reveals it", keymap_key_or_name(grid->arena, COMMAND_REVEAL))
			  : "");
	facts_line(grid, *trade_name ? "legal name" : "name", subject->name);
	facts_line(grid, "trade name", trade_name);
	facts_line(grid, "kind", subject_kind_text(subject->kind));
	facts_line(grid, "country", subject->country);
	facts_line(grid, "registration number", subject->registration_number);
	facts_line(grid, "tax id", subject->tax_id);
	facts_line(grid, "date of birth", subject->date_of_birth);
	facts_line(grid, "incorporated on", subject->incorporated_on);
	facts_line(grid, "website", subject->website);
	facts_line(grid, "email", subject->email);
	facts_line(grid, "phone", subject->phone);
	facts_line(grid, "level", subject->level);
	facts_line(grid, "uid", subject->uid);
	facts_add_json(grid, subject->address_json);
}

static void add_decision_lines(struct grid *grid, const struct case_file *file)
{
	if (file->decision_count)
		begin(grid, &narrow, "Decisions");
	for (size_t i = file->decision_count; i-- > 0;) {
		const struct decision *decision = &file->decisions[i];
		const char *what = grid_printf(
			grid, "%s by %s%s%s%s%s%s", decision_kind_text(decision->kind), decision->by,
			decision->is_first_decision ? " (first of two)" : "", decision->reason[0] ? ": " : "",
			decision->reason, decision->undone ? " (undone)" : "", decision->imported ? " (imported)" : "");
		facts_line(grid, grid_time(grid, decision->at), what);
		facts_line(grid, "  message", decision->message);
		facts_line(grid, "  note", decision->note);
	}
}

/* Adds the suspicions of the case; the view contains only suspicions that the reviewer may read. */
static void add_suspicion_lines(struct grid *grid, const struct case_view *view)
{
	for (size_t i = 0; i < view->suspicions.count; i++) {
		const struct suspicion *one = &view->suspicions.items[i];
		bool open = one->closed_at == TIME_NONE;
		begin(grid, &whole, "Suspicion");
		facts_line(grid, "cause", suspicion_cause_title(one->cause));
		facts_line(grid,
			   open		? "decide until"
			   : one->filed ? "filed"
					: "not filed",
			   grid_time(grid, open ? one->due_at : one->closed_at));
		for (size_t e = one->entry_count; e-- > 0;) {
			const struct suspicion_entry *entry = &one->entries[e];
			facts_line(grid, grid_time(grid, entry->at),
				   grid_printf(grid, "%s%s%s", suspicion_entry_text(grid->arena, entry),
					       entry->text[0] ? ": " : "", entry->text));
		}
	}
}

static void add_retention_lines(struct grid *grid, const struct case_view *view)
{
	const struct retention *retention = view->retention;
	if (retention)
		facts_line(grid, "kept",
			   grid_printf(grid, "%s%s", retention_text(grid->arena, retention),
				       retention->is_sanctions_retention ? ", as a sanctions record" : ""));
	for (size_t i = 0; i < view->legal_holds.count; i++) {
		const struct legal_hold *hold = &view->legal_holds.items[i];
		bool in_force = hold->released_at == TIME_NONE;
		facts_line(grid, in_force ? "legal hold" : "hold released",
			   grid_printf(grid, "%s by %s: %s",
				       grid_time(grid, in_force ? hold->set_at : hold->released_at),
				       in_force ? hold->set_by : hold->released_by,
				       in_force ? hold->reason : hold->release_reason));
	}
}

static void add_contribution_lines(struct grid *grid, const struct case_view *view)
{
	const struct contribution_list *list = &view->contributions;
	if (list->count)
		begin(grid, &whole, "Changed by");
	for (size_t i = list->count; i-- > 0;) {
		const struct contribution *c = &list->items[i];
		facts_line(grid, grid_time(grid, c->at),
			   grid_printf(grid, "%s: %s", c->actor, contribution_text(grid->arena, &view->file, c)));
	}
}

/* Adds the cards that precede the evidence: differences from the audit log, suspicions, and a note on the rules. */
static void add_warning_cards(struct grid *grid, const struct case_view *view)
{
	if (view->audit_difference_count)
		begin(grid, &whole, "Differs from the audit log: changed outside this program");
	for (size_t i = 0; i < view->audit_difference_count; i++)
		facts_line(grid, "", view->audit_differences[i]);
	add_suspicion_lines(grid, view);
	if (*view->rules_note) {
		begin(grid, &whole, "Rules");
		facts_line(grid, "", view->rules_note);
	}
}

static void add_step_cards(struct grid *grid, const struct case_view *view)
{
	for (size_t i = 0; i < view->file.step_count; i++) {
		const struct step *step = &view->file.steps[i];
		const struct step_spec *spec = view->profile ? profile_step(view->profile, step->id) : NULL;
		const char *state = step->status == STEP_IN_PROGRESS	    ? "in progress"
				    : step->status == STEP_NEEDS_CORRECTION ? "needs correction"
									    : step_status_text(step->status);
		card_begin(grid, &whole, grid_printf(grid, "Step %s", profile_step_title(view->profile, step->id)),
			   state);
		if (spec)
			facts_line(grid, "look for", spec->guidance);
		facts_add_json(grid, step->fields_json);
	}
}

void fill_summary_tab(struct grid *grid, struct job *job)
{
	const struct case_view *view = &job->view;
	const struct session *session = &view->file.session;
	grid_begin_list(grid, NULL, 0, NULL);
	grid->hides_column_titles = true;
	add_warning_cards(grid, view);
	glance_add_cards(grid, job);
	add_decision_lines(grid, &view->file);
	add_subject_lines(grid, &view->file, view->masked);
	begin(grid, &narrow, "Session");
	facts_line(grid, "id", session->id);
	facts_line(grid, "version", grid_printf(grid, "%lld", (long long)session->version));
	facts_line(grid, "created", grid_time(grid, session->created_at));
	facts_line(grid, "submitted", grid_time(grid, session->submitted_at));
	facts_line(grid, "link expires", grid_time(grid, session->expires_at));
	add_retention_lines(grid, view);
	add_step_cards(grid, view);
	add_json_lines(grid, "Processing results", session->processing_results_json);
	add_json_lines(grid, "Tags", session->custom_tags_json);
	add_contribution_lines(grid, view);
	cards_end(grid);
}
