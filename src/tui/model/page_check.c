/* A check: its subject and result, its requirements in the workflow, hits, waiver, and history. */
#include "kybdesk/domain/register.h"
#include "kybdesk/tui/case_model.h"
#include "kybdesk/tui/page.h"

#include <string.h>

#define DAY_MS (24 * 60 * 60 * (int64_t)1000)

static const struct check *check_of(const struct case_file *file, const char *kind)
{
	for (size_t i = 0; i < file->check_count; i++)
		if (!strcmp(check_kind_text(file->checks[i].kind), kind))
			return &file->checks[i];
	return NULL;
}

static void result_lines(struct grid *grid, struct arena *arena, const struct check *check,
			 const struct frame *frame)
{
	bool waived = check->status == CHECK_WAIVED;
	facts_heading(grid, arena, "Result");
	facts_line(grid, arena, "result", check_status_text(check->status));
	facts_line(grid, arena, "result before waiver", waived ? check_status_text(check->reported) : "");
	facts_line(grid, arena, "score", check->score < 0 ? "" : arena_printf(arena, "%.2f", check->score));
	facts_line(grid, arena, "checked", when_text(arena, check->checked_at, frame));
	facts_line(grid, arena, "reported by",
		   check->reported_as[0] ? arena_printf(arena, "%s, as %s", check->reported_by, check->reported_as)
					 : check->reported_by);
	facts_line(grid, arena, "other report", check_other_result_text(arena, check));
	if (check->kind != CHECK_REGISTER)
		facts_json(grid, arena, check->detail_json);
}

/* Adds register data next to the values that the applicant typed. */
static bool register_lines(struct grid *grid, struct arena *arena, const struct case_view *view,
			   const struct check *check, const struct frame *frame)
{
	struct register_entry entry;
	struct register_view compared;

	if (!register_entry_of(check, &entry))
		return false;
	register_compare(arena, &view->file.session.subject, &entry, &compared);
	facts_heading(grid, arena, "Register data");
	facts_pair_titles(grid, arena, "The applicant", entry.title);
	for (size_t i = 0; i < compared.count; i++) {
		const struct register_pair *pair = &compared.pairs[i];

		facts_pair(grid, arena,
			   &(const struct facts_pair){ pair->label, pair->typed, pair->entry, pair->differs, "" },
			   frame->mode);
	}
	return true;
}

static void rule_lines(struct grid *grid, struct arena *arena, const struct case_view *view,
		       const struct check *check)
{
	const struct profile *profile = view->profile;
	const char *word = check_kind_text(check->kind);
	if (!profile)
		return;
	facts_heading(grid, arena, "Workflow rules");
	facts_line(grid, arena, "needed",
		   profile->checks.required & 1u << check->kind
			   ? arena_printf(arena, "yes: approval needs a passed %s check", word)
			   : "no, but its hits still block");
	facts_line(grid, arena, "can be waived",
		   check_may_be_waived(check->kind, profile) ? "by a lead, with a reason" : "by nobody");
	if (profile->checks.max_age_ms)
		facts_line(grid, arena, "valid for",
			   arena_printf(arena, "%lld days, then the check runs again",
					(long long)(profile->checks.max_age_ms / DAY_MS)));
	facts_line(grid, arena, "blocks",
		   check_blocks(check, profile) ? "yes: this result blocks approval"
		   : hits_block(check)		? "yes: these hits block approval"
						: "no");
}

static void about_lines(struct grid *grid, struct arena *arena, const struct check *check)
{
	facts_heading(grid, arena, "Subject of the check");
	facts_json(grid, arena, check->about_json);
	facts_line(grid, arena, "now", check->about_standing.valid ? "unchanged" : check->about_standing.changed);
}

static void waiver_lines(struct grid *grid, struct arena *arena, const struct case_view *view,
			 const struct check *check, const struct frame *frame)
{
	const struct judgement *judgement = case_judgement(view, JUDGEMENT_WAIVER, check_kind_text(check->kind));
	if (!check->waived_by[0] && !check->imported_verdict[0])
		return;
	facts_heading(grid, arena, "Waiver");
	facts_line(grid, arena, "by", check->waived_by);
	facts_line(grid, arena, "reason", check->waive_reason);
	if (check->source[0])
		facts_line(grid, arena, "source",
			   arena_printf(arena, "imported by %s%s", check->source,
					check->imported_verdict[0] ? "; the imported waiver does not count" : ""));
	if (judgement)
		facts_judgement(grid, arena, judgement, frame);
}

static void hit_lines(struct grid *grid, struct arena *arena, const struct case_view *view,
		      const struct check *check, const struct frame *frame)
{
	if (check->hit_count)
		facts_heading(grid, arena, arena_printf(arena, "Hits (%zu)", check->hit_count));
	for (size_t i = 0; i < check->hit_count; i++) {
		const struct hit *hit = &check->hits[i];
		const struct judgement *judgement = case_judgement(view, JUDGEMENT_HIT, hit->id);
		const char *score = hit->score < 0 ? "" : arena_printf(arena, "%.2f ", hit->score);
		const char *by = hit->resolved_by[0] ? arena_printf(arena, " by %s", hit->resolved_by) : "";
		struct grid_row *row = facts_link(grid, arena, ROW_HIT, hit->id,
						  arena_printf(arena, "%s%s", score, hit_state_title(hit->state)),
						  arena_printf(arena, "%s %s %s%s", hit->name,
							       glyph_text(frame->mode, GLYPH_DOT), hit->list, by));
		const char *note = note_on(arena, &view->file, hit->id, frame);
		row->detail = arena_printf(
			arena, "%s on %s, %s%s%s%s. %s%sEnter opens its card", hit->name, hit->list,
			hit_state_title(hit->state), by,
			judgement && judgement->changed && judgement->changed[0] ? ", judged before a change: "
										 : "",
			judgement && judgement->changed ? judgement->changed : "", note, note[0] ? ". " : "");
	}
}

static bool fill(struct page *page, struct job *job, const struct frame *frame)
{
	struct arena *arena = &job->arena;
	const struct case_view *view = &job->view;
	const struct check *check = check_of(&view->file, page->ref);
	struct grid *grid = &page->grid;
	if (!check)
		return false;
	page->title = arena_printf(arena, "Check %s %s of %s", glyph_text(frame->mode, GLYPH_DOT), page->ref,
				   view->file.session.subject.name);
	result_lines(grid, arena, check, frame);
	if (!register_lines(grid, arena, view, check, frame) && check->kind == CHECK_REGISTER)
		facts_json(grid, arena, check->detail_json);
	waiver_lines(grid, arena, view, check, frame);
	rule_lines(grid, arena, view, check);
	about_lines(grid, arena, check);
	hit_lines(grid, arena, view, check, frame);
	facts_history(grid, job, frame, "check", page->ref);
	return true;
}

const struct page_spec check_page = { .fill = fill };
