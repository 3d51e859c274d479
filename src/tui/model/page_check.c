/* The page of a check: its result, what can be done about it, its subject, its requirements in the workflow, hits, waiver, and history. */
#include "kybdesk/domain/register.h"
#include "kybdesk/domain/results.h"
#include "model/case_model.h"
#include "model/page.h"

#include <string.h>

#define DAY_MS (24 * 60 * 60 * (int64_t)1000)

enum { OFFER_JUDGE = 1, OFFER_WAIVE = 2, OFFER_RUN = 4 };

static unsigned check_offers(const struct case_view *view, const struct check *check)
{
	enum session_status status = view->file.session.status;
	bool in_review = status == SESSION_MANUAL_REVIEW || status == SESSION_COMPLETED || status == SESSION_PROCESSED;
	bool has_hits = check->status == CHECK_HIT && check->hit_count;
	unsigned offers = check->status != CHECK_WAIVED && check_has_held_result(check) ? OFFER_JUDGE : 0;
	if (!view->profile || session_status_is_decided(status) || check->status == CHECK_PENDING ||
	    !check_is_blocking(check, view->profile))
		return offers;
	return offers | (!has_hits && check_may_be_waived(check->kind, view->profile) ? OFFER_WAIVE : 0) |
	       (in_review ? OFFER_RUN : 0);
}

/* Adds a row for each thing that can be done about the check; Enter opens its dialog. The page opens on the first. */
static void add_offer_lines(struct page *page, const struct case_view *view, const struct check *check)
{
	struct grid *grid = &page->grid;
	unsigned offers = check_offers(view, check);
	if (!offers)
		return;
	facts_add_heading(grid, "What you can do");
	if (!page->cursor)
		page->cursor = grid->row_count;
	for (size_t i = 0; offers & OFFER_JUDGE && i < check->result_count; i++)
		if (result_is_held(check, i))
			facts_add_link(grid, ROW_RESULT, check->results[i].id, "judge",
				       grid_printf(grid, "%s: %s", check->results[i].id,
						   result_text(grid->arena, &view->file, &check->results[i])));
	if (offers & OFFER_RUN)
		facts_add_link(grid, ROW_RUN_CHECKS, "", "run again", "all checks of the case")->detail =
			"Enter opens the actions; y runs all checks of the case again";
	if (offers & OFFER_WAIVE)
		facts_add_link(grid, ROW_WAIVER, check_kind_text(check->kind), "waive",
			       "approve without this check: by a lead, with a reason")
			->detail = "Enter asks a lead for the reason to approve without this check";
}

static void add_result_lines(struct grid *grid, const struct check *check)
{
	bool waived = check->status == CHECK_WAIVED;
	facts_add_heading(grid, "Result");
	facts_line(grid, "result", check_status_text(check->status));
	facts_line(grid, "result before waiver", waived ? check_status_text(check->reported_status) : "");
	facts_line(grid, "score", check->score < 0 ? "" : grid_printf(grid, "%.2f", check->score));
	facts_line(grid, "checked", grid_time(grid, check->checked_at));
	facts_line(grid, "reported by",
		   check->reported_capacity[0]
			   ? grid_printf(grid, "%s, as %s", check->reported_by, check->reported_capacity)
			   : check->reported_by);
	facts_line(grid, "other report", check_other_result_text(grid->arena, check));
	if (check->kind != CHECK_REGISTER)
		facts_add_json(grid, check->detail_json);
}

/* Adds the values of the company register next to the values that the applicant typed. */
static bool add_register_lines(struct grid *grid, const struct case_view *view, const struct check *check)
{
	struct register_entry entry;
	struct register_view compared;

	if (!register_entry_read(check, &entry))
		return false;
	register_compare(&view->file.session.subject, &entry, &compared);
	facts_add_heading(grid, "Register data");
	facts_add_pair_titles(grid, "The applicant", entry.title);
	for (size_t i = 0; i < compared.count; i++) {
		const struct register_pair *pair = &compared.pairs[i];

		facts_add_pair(grid,
			       &(const struct facts_pair){ pair->label, pair->typed, pair->entry, pair->differs, "" });
	}
	return true;
}

static void add_rule_lines(struct grid *grid, const struct case_view *view, const struct check *check)
{
	const struct profile *profile = view->profile;
	const char *word = check_kind_text(check->kind);
	if (!profile)
		return;
	facts_add_heading(grid, "Workflow rules");
	facts_line(grid, "needed",
		   profile->checks.required_kind_bits & 1u << check->kind
			   ? grid_printf(grid, "yes: approval needs a passed %s check", word)
			   : "no, but its hits still block");
	facts_line(grid, "can be waived",
		   check_may_be_waived(check->kind, profile) ? "by a lead, with a reason" : "by nobody");
	if (profile->checks.max_age_ms)
		facts_line(grid, "valid for",
			   grid_printf(grid, "%lld days, then the check runs again",
				       (long long)(profile->checks.max_age_ms / DAY_MS)));
	facts_line(grid, "blocks",
		   check_is_blocking(check, profile) ? "yes: this result blocks approval"
		   : has_blocking_hits(check)	     ? "yes: these hits block approval"
						     : "no");
}

static void add_results_lines(struct grid *grid, const struct case_view *view, const struct check *check)
{
	if (!check_results_say_more(check))
		return;
	facts_add_heading(grid, grid_printf(grid, "Results (%zu)", check->result_count));
	for (size_t i = check->result_count; i-- > 0;) {
		const struct result *result = &check->results[i];
		const char *state = result_state_text(grid->arena, check, result);

		facts_line(grid, result->id,
			   grid_printf(grid, "%s%s%s", result_text(grid->arena, &view->file, result),
				       state[0] ? "; " : "", state));
	}
}

static void add_waiver_lines(struct grid *grid, const struct case_view *view, const struct check *check)
{
	const struct judgement *judgement = case_judgement(view, JUDGEMENT_WAIVER, check_kind_text(check->kind));
	if (!check->waived_by[0] && !check->imported_verdict[0])
		return;
	facts_add_heading(grid, "Waiver");
	facts_line(grid, "by", check->waived_by);
	facts_line(grid, "reason", check->waive_reason);
	if (check->waiver_imported_by[0])
		facts_line(grid, "source",
			   grid_printf(grid, "imported by %s%s", check->waiver_imported_by,
				       check->imported_verdict[0] ? "; the imported waiver does not count" : ""));
	if (judgement)
		facts_add_judgement(grid, judgement);
}

static void add_hit_lines(struct grid *grid, const struct case_view *view, const struct check *check)
{
	if (check->hit_count)
		facts_add_heading(grid, grid_printf(grid, "Hits (%zu)", check->hit_count));
	for (size_t i = 0; i < check->hit_count; i++) {
		const struct hit *hit = &check->hits[i];
		const struct judgement *judgement = case_judgement(view, JUDGEMENT_HIT, hit->id);
		const char *score = hit->score < 0 ? "" : grid_printf(grid, "%.2f ", hit->score);
		const char *by = hit->resolved_by[0] ? grid_printf(grid, " by %s", hit->resolved_by) : "";
		struct grid_row *row = facts_add_link(
			grid, ROW_HIT, hit->id, grid_printf(grid, "%s%s", score, hit_state_title(hit->state)),
			grid_printf(grid, "%s %s %s%s", hit->name, grid_glyph(grid, GLYPH_DOT), hit->list, by));
		const char *note = last_note_text(grid->arena, &view->file, hit->id, grid->frame);
		row->detail = grid_printf(grid, "%s on %s, %s%s%s%s. %s%sEnter opens its card", hit->name, hit->list,
					  hit_state_title(hit->state), by,
					  judgement && judgement->change_text && judgement->change_text[0]
						  ? "; facts changed after the verdict: "
						  : "",
					  judgement && judgement->change_text ? judgement->change_text : "", note,
					  note[0] ? ". " : "");
	}
}

static bool fill(struct page *page, struct job *job)
{
	const struct case_view *view = &job->view;
	enum check_kind kind;
	const struct check *check = check_kind_parse(page->ref, &kind) ? case_check(&view->file, kind) : NULL;
	struct grid *grid = &page->grid;
	if (!check)
		return false;
	page_set_title(page, "Check", "%s of %s", page->ref, view->file.session.subject.name);
	add_result_lines(grid, check);
	add_offer_lines(page, view, check);
	if (!add_register_lines(grid, view, check) && check->kind == CHECK_REGISTER)
		facts_add_json(grid, check->detail_json);
	add_results_lines(grid, view, check);
	add_waiver_lines(grid, view, check);
	add_rule_lines(grid, view, check);
	facts_add_heading(grid, "Subject of the check");
	facts_add_json(grid, check->checked_subject_json);
	facts_line(grid, "now", check->subject_standing.valid ? "unchanged" : check->subject_standing.change_text);
	add_hit_lines(grid, view, check);
	facts_add_history(grid, job, "check", page->ref);
	return true;
}

const struct page_spec check_page = { .fill = fill };
