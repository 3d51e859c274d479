/* The summary: subject, submitted data, decisions and notes. */
#include "kybdesk/tui/case_model.h"
#include "kybdesk/tui/page.h"

#include "kybdesk/codec/json.h"

#include <string.h>

static void json_lines(struct grid *grid, struct arena *arena, const char *title, const char *json)
{
	if (!json[0] || !strcmp(json, "{}") || !strcmp(json, "[]") || !strcmp(json, "null"))
		return;
	facts_heading(grid, arena, title);
	facts_json(grid, arena, json);
}

/* [{"code", "points", "detail"}]: one line each. Other shapes are shown as they are. */
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
		facts_heading(grid, arena, "Risk factors");
	for (size_t i = 0; known && i < json_count(factors); i++) {
		const struct json_value *factor = json_at(factors, i);
		const char *detail = json_get_text(factor, "detail");
		int64_t points = 0;
		const char *sum = json_get_int(factor, "points", &points)
					  ? arena_printf(arena, "%lld points", (long long)points)
					  : "";
		facts_line(grid, arena, arena_strdup(arena, json_get_text(factor, "code")),
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
	facts_heading(grid, arena, "Subject");
	facts_line(grid, arena, "name", subject->name);
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
	if (masked)
		facts_line(grid, arena, "", masked_sentence(arena));
	json_lines(grid, arena, "Address", subject->address_json);
}

static void decision_lines(struct grid *grid, struct arena *arena, const struct case_file *file,
			   const struct frame *frame)
{
	if (file->decision_count)
		facts_heading(grid, arena, "Decisions");
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
	if (file->note_count)
		facts_heading(grid, arena, "Notes");
	for (size_t i = file->note_count; i-- > 0;) {
		const struct note *note = &file->notes[i];
		facts_line(grid, arena, arena_printf(arena, "%s %s", when_text(arena, note->at, frame), note->by),
			   note->text);
	}
}

/* A view has only the ones that its reader may read. */
static void suspicion_lines(struct grid *grid, struct arena *arena, const struct case_view *view,
			    const struct frame *frame)
{
	for (size_t i = 0; i < view->suspicions.count; i++) {
		const struct suspicion *one = &view->suspicions.items[i];
		bool open = one->closed_at == TIME_NONE;
		facts_heading(grid, arena, "Suspicion");
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
		facts_heading(grid, arena, "Changed by");
	for (size_t i = list->count; i-- > 0;) {
		const struct contribution *c = &list->items[i];
		facts_line(grid, arena, when_text(arena, c->at, frame),
			   arena_printf(arena, "%s: %s", c->actor, contribution_text(arena, &view->file, c)));
	}
}

void tab_summary(struct grid *grid, struct arena *arena, const struct job *job, const struct frame *frame)
{
	const struct case_view *view = &job->view;
	const struct session *session = &view->file.session;
	facts_begin(grid);
	if (view->differ_count)
		facts_heading(grid, arena, "Differs from the audit log: it was changed outside this program");
	for (size_t i = 0; i < view->differ_count; i++)
		facts_line(grid, arena, "", view->differs[i]);
	suspicion_lines(grid, arena, view, frame);
	if (*view->rules_note) {
		facts_heading(grid, arena, "Rules");
		facts_line(grid, arena, "", view->rules_note);
	}
	subject_lines(grid, arena, session, view->masked);
	decision_lines(grid, arena, &view->file, frame);
	for (size_t i = 0; i < view->file.step_count; i++) {
		const struct step *step = &view->file.steps[i];
		const struct step_spec *spec = view->profile ? profile_step(view->profile, step->id) : NULL;
		const char *state = step->status == STEP_IN_PROGRESS	    ? "in progress"
				    : step->status == STEP_NEEDS_CORRECTION ? "needs correction"
									    : step_status_text(step->status);
		facts_heading(grid, arena, arena_printf(arena, "Step %s, %s", step->id, state));
		if (spec)
			facts_line(grid, arena, "look for", spec->guidance);
		facts_json(grid, arena, step->fields_json);
	}
	risk_lines(grid, arena, session);
	json_lines(grid, arena, "Processing results", session->processing_results_json);
	json_lines(grid, arena, "Tags", session->custom_tags_json);
	facts_heading(grid, arena, "Session");
	facts_line(grid, arena, "id", session->id);
	facts_line(grid, arena, "version", arena_printf(arena, "%lld", (long long)session->version));
	facts_line(grid, arena, "created", when_text(arena, session->created_at, frame));
	facts_line(grid, arena, "submitted", when_text(arena, session->submitted_at, frame));
	facts_line(grid, arena, "link ends", when_text(arena, session->expires_at, frame));
	retention_lines(grid, arena, view, frame);
	contribution_lines(grid, arena, view, frame);
}
