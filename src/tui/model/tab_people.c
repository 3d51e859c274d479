/* The tabs with the parties as a tree of ownership, and with the checks and their hits. */
#include "kybdesk/domain/register.h"
#include "model/case_model.h"
#include "input/keymap.h"

#include <string.h>

enum party_column { P_NAME, P_COUNTRY, P_SHARE, P_ROLES, P_KYC, P_COUNT };
static const struct grid_column party_columns[P_COUNT] = {
	[P_NAME] = { "Party", 18, 48, TEXT_LEFT, true, 0, false },
	[P_COUNTRY] = { "Cty", 3, 3, TEXT_LEFT, false, 2, false },
	[P_SHARE] = { "Owns", 5, 24, TEXT_RIGHT, false, 0, false },
	[P_ROLES] = { "Roles", 10, 40, TEXT_LEFT, false, 3, false },
	[P_KYC] = { "KYC", 12, 28, TEXT_LEFT, false, 0, true },
};

const char *ownership_prefix(struct arena *arena, const struct ownership_line *line, enum text_mode mode)
{
	struct strbuf prefix = STRBUF_INIT;
	for (unsigned depth = 1; depth < line->depth; depth++) {
		bool open = depth < 64 && line->continued_level_bits >> depth & 1;
		strbuf_adds(&prefix, open ? glyph_text(mode, GLYPH_TREE_LINE) : "   ");
	}
	if (line->depth)
		strbuf_adds(&prefix, glyph_text(mode, line->is_last_sibling ? GLYPH_TREE_LAST : GLYPH_TREE_BRANCH));
	return strbuf_finish(&prefix, arena);
}

static const char *percent_text(struct arena *arena, const char *percent)
{
	return percent[0] ? arena_printf(arena, "%s %%", percent) : "";
}

/* The party's share as text, like "90 % → 54 %": its share of the company above, and its total share of the subject. */
static const char *share_text(struct arena *arena, const struct ownership_line *line, const struct party *party,
			      enum text_mode mode)
{
	const char *share = percent_text(arena, line->percent);
	const char *all = percent_text(arena, party->effective_percent);
	if (!share[0] || !all[0] || !strcmp(share, all))
		return share;
	return arena_printf(arena, "%s %s %s", share, glyph_text(mode, GLYPH_ARROW), all);
}

static void fill_party_kyc(struct grid_row *row, struct arena *arena, const struct party *party,
			   const struct case_view *view, enum text_mode mode)
{
	bool verified = view->is_party_verified && view->is_party_verified[party - view->file.parties];
	bool needed = view->profile && party_must_be_verified(party, view->profile);
	enum session_status status = party->session_status;
	const char *elsewhere = party->verified_elsewhere_by[0] ? " elsewhere" : "";
	if (!*elsewhere && party->session_id[0])
		grid_set_cell(row, P_KYC, session_status_role(status),
			      arena_printf(arena, "%s %s%s", glyph_text(mode, session_status_glyph(status)),
					   party->session_unresponsive ? "unresponsive" : session_status_title(status),
					   party->is_session_shared ? " (copied)" : ""));
	else if (*elsewhere || verified)
		grid_set_cell(row, P_KYC, THEME_OK,
			      arena_printf(arena, "%s verified%s", glyph_text(mode, GLYPH_MET), elsewhere));
	else
		grid_set_cell(row, P_KYC, needed ? THEME_WARNING : THEME_MUTED,
			      needed ? arena_printf(arena, "%s needed", glyph_text(mode, GLYPH_UNMET)) : "not needed");
	row->done = verified || !needed;
}

/* For a party without a KYC session: whether the party is verified, or how to verify it. */
static const char *verification_text(struct arena *arena, const struct party *party, const struct case_view *view)
{
	if (view->profile && profile_party_verification(view->profile, party->kind) == VERIFY_DOCUMENT) {
		const char *fault = party_identity_document_fault(&view->file, view->profile, party);
		return fault[0] ? arena_printf(arena, "Not verified: %s", fault)
				: "Verified by the identification document";
	}
	if (view->profile && party_must_be_verified(party, view->profile))
		return arena_printf(arena, "Needs a KYC session: %s creates one",
				    keymap_key_or_name(arena, COMMAND_PARTY_KYC));
	return party->kind == PARTY_COMPANY ? "Its owners are listed below" : "Needs no KYC session";
}

/* The details that the columns do not show: the full name, known facts, and next steps. */
static const char *party_detail_text(struct arena *arena, const struct party *party, const struct case_view *view)
{
	const char *all = party->effective_percent[0]
				  ? arena_printf(arena, ", %s %% of the subject in total", party->effective_percent)
				  : "";
	const char *described = arena_printf(arena, "%s: %s%s%s%s%s", party->name, party_kind_text(party->kind),
					     party->date_of_birth[0] ? ", born " : "", party->date_of_birth, all,
					     party->lacks_ubo_role	  ? ", undeclared beneficial owner"
					     : party->is_beneficial_owner ? ", beneficial owner"
					     : party->may_be_owner	  ? ", perhaps a beneficial owner"
									  : "");
	if (party->verified_elsewhere_by[0])
		return arena_printf(arena, "%s. Verified elsewhere, according to %s: %s", described,
				    party->verified_elsewhere_by, party->verified_elsewhere_reason);
	if (party->session_id[0])
		return arena_printf(arena, "%s. Enter opens the KYC session%s", described,
				    party->is_session_shared	  ? ", made for another case"
				    : party->session_unresponsive ? ", reminders unanswered"
								  : "");
	return arena_printf(arena, "%s. %s", described, verification_text(arena, party, view));
}

static void add_removed_parties(struct grid *grid, const struct party_list *removed)
{
	if (!removed->count)
		return;
	grid_set_cell(grid_add_row(grid, ROW_HEADING, ""), P_NAME, THEME_TITLE, "Removed");
	for (size_t i = 0; i < removed->count; i++) {
		const struct party *party = &removed->items[i];
		struct grid_row *row = grid_add_row(grid, ROW_PLAIN, party->id);
		row->done = true;
		row->detail = grid_printf(grid, "%s was removed by %s, %s%s%s", party->name, party->removed_by,
					  grid_time(grid, party->removed_at), party->removed_reason[0] ? ": " : "",
					  party->removed_reason);
		grid_set_cell(row, P_NAME, THEME_MUTED, party->name);
		grid_set_cell(row, P_COUNTRY, THEME_MUTED, party->country);
		grid_set_cell(row, P_ROLES, THEME_MUTED, party_roles_text(grid->arena, party));
		grid_set_cell(row, P_KYC, THEME_MUTED, grid_printf(grid, "removed by %s", party->removed_by));
	}
}

void fill_parties_tab(struct grid *grid, struct job *job)
{
	const struct case_view *view = &job->view;
	GRID_LIST(grid, party_columns,
		  grid_printf(grid, "No related parties are declared. %s declares one.",
			      keymap_key_or_name(grid->arena, COMMAND_PARTY_ADD)));
	for (size_t i = 0; i < job->tree_count; i++) {
		const struct ownership_line *line = &job->tree[i];
		const struct party *party = &view->file.parties[line->party];
		struct grid_row *row = grid_add_row(grid, ROW_PARTY, party->id);
		row->detail = party_detail_text(grid->arena, party, view);
		grid_set_cell(row, P_NAME, line->closes_cycle ? THEME_DANGER : THEME_TEXT,
			      grid_printf(grid, "%s%s%s", ownership_prefix(grid->arena, line, grid->frame->mode),
					  party->name, line->closes_cycle ? " (owns itself)" : ""));
		grid_set_cell(row, P_COUNTRY, THEME_MUTED, party->country);
		grid_set_cell(row, P_SHARE, THEME_TEXT, share_text(grid->arena, line, party, grid->frame->mode));
		const char *roles = party_roles_text(grid->arena, party);
		grid_set_cell(row, P_ROLES, party->lacks_ubo_role ? THEME_WARNING : THEME_TEXT,
			      party->lacks_ubo_role ? grid_printf(grid, "! UBO not declared, %s", roles) : roles);
		fill_party_kyc(row, grid->arena, party, view, grid->frame->mode);
	}
	add_removed_parties(grid, &view->file.removed);
}

enum check_column { K_MARK, K_WHAT, K_STATE, K_SCORE, K_CLASS, K_LIST, K_DECIDED_BY, K_COUNT };
static const struct grid_column check_columns[K_COUNT] = {
	[K_MARK] = { "", 1, 1, TEXT_LEFT, false, 0, false },
	[K_WHAT] = { "Check", 18, 48, TEXT_LEFT, true, 0, false },
	[K_STATE] = { "State", 8, 16, TEXT_LEFT, false, 0, true },
	[K_CLASS] = { "Class", 5, 13, TEXT_LEFT, false, 0, true },
	[K_SCORE] = { "Score", 5, 5, TEXT_RIGHT, false, 1, false },
	[K_LIST] = { "List", 12, 28, TEXT_LEFT, false, 3, false },
	[K_DECIDED_BY] = { "Decided by", 6, 32, TEXT_LEFT, false, 2, false },
};

static void add_result_glyph(struct grid_row *row, enum text_mode mode, bool blocks, bool pending)
{
	enum glyph glyph = blocks ? GLYPH_UNMET : pending ? GLYPH_DASH : GLYPH_MET;
	enum theme_role role = blocks ? THEME_DANGER : pending ? THEME_MUTED : THEME_OK;
	grid_set_cell(row, K_MARK, role, glyph_text(mode, glyph));
}

static const char *score_text(struct arena *arena, double score)
{
	return score < 0 ? "" : arena_printf(arena, "%.2f", score);
}

static void add_hit(struct grid *grid, const struct case_view *view, const struct hit *hit)
{
	const char *note = last_note_text(grid->arena, &view->file, hit->id, grid->frame);
	static const char *const classes[] = {
		[HIT_SANCTIONS] = "sanctions", [HIT_PEP] = "PEP", [HIT_ADVERSE_MEDIA] = "adverse media"
	};
	bool blocks = hit_is_blocking(hit);
	struct grid_row *row = grid_add_row(grid, ROW_HIT, hit->id);
	row->done = hit->state != HIT_OPEN;
	row->detail = hit->state == HIT_OPEN
			      ? grid_printf(grid, "%s on %s: Enter decides whether it is the same person", hit->name,
					    hit->list)
			      : grid_printf(grid, "%s%s%s", hit_reason_text(view->reasons, hit->reason),
					    hit->note[0] ? ": " : "", hit->note);
	if (note[0])
		row->detail = grid_printf(grid, "%s%s%s", note, row->detail[0] ? ". " : "", row->detail);
	add_result_glyph(row, grid->frame->mode, blocks, false);
	grid_set_cell(row, K_WHAT, THEME_TEXT, grid_printf(grid, "%s%s", grid_glyph(grid, GLYPH_TREE_LAST), hit->name));
	grid_set_cell(row, K_STATE, blocks ? THEME_WARNING : THEME_MUTED, hit_state_title(hit->state));
	grid_set_cell(row, K_SCORE, THEME_TEXT, score_text(grid->arena, hit->score));
	grid_set_cell(row, K_CLASS, hit->class_ == HIT_SANCTIONS ? THEME_DANGER : THEME_TEXT, classes[hit->class_]);
	grid_set_cell(row, K_LIST, THEME_MUTED, hit->list);
	grid_set_cell(row, K_DECIDED_BY, THEME_MUTED,
		      hit->resolved_by[0] ? grid_printf(grid, "%s: %s", hit->resolved_by,
							hit_reason_text(view->reasons, hit->reason))
					  : "");
}

bool has_blocking_hits(const struct check *check)
{
	for (size_t i = 0; i < check->hit_count; i++)
		if (hit_is_blocking(&check->hits[i]))
			return true;
	return false;
}

/* The title of a check with its result, like "register: 2 differ". If values differ and the check is not
 * waived, sets the row's detail to a text that names these values. */
static const char *check_title(struct arena *arena, const struct case_view *view, const struct check *check,
			       struct grid_row *row)
{
	struct register_entry entry;
	struct register_view compared;

	if (!register_entry_read(check, &entry))
		return check_kind_text(check->kind);
	register_compare(&view->file.session.subject, &entry, &compared);
	if (!compared.difference_count)
		return check_kind_text(check->kind);
	if (!check->waived_by[0])
		row->detail = arena_printf(arena, "%s %s", entry.title, register_differences(arena, &compared));
	return arena_printf(arena, "%s: %zu differ%s", check_kind_text(check->kind), compared.difference_count,
			    compared.difference_count == 1 ? "s" : "");
}

void fill_checks_tab(struct grid *grid, struct job *job)
{
	const struct case_view *view = &job->view;
	GRID_LIST(grid, check_columns, "No checks were run on this case.");
	for (size_t i = 0; i < view->file.check_count; i++) {
		const struct check *check = &view->file.checks[i];
		bool blocks = (view->profile && check_is_blocking(check, view->profile)) || has_blocking_hits(check);
		bool pending = check->status == CHECK_PENDING;
		struct grid_row *row = grid_add_row(grid, ROW_CHECK, check_kind_text(check->kind));
		row->done = !blocks;
		row->detail = check->waived_by[0]
				      ? grid_printf(grid, "Waived by %s: %s", check->waived_by, check->waive_reason)
				      : "";
		add_result_glyph(row, grid->frame->mode, blocks, pending);
		grid_set_cell(row, K_WHAT, THEME_TEXT, check_title(grid->arena, view, check, row));
		grid_set_cell(row, K_STATE, blocks ? THEME_WARNING : THEME_MUTED, check_status_text(check->status));
		grid_set_cell(row, K_SCORE, THEME_TEXT, score_text(grid->arena, check->score));
		grid_set_cell(row, K_LIST, THEME_MUTED, grid_time(grid, check->checked_at));
		grid_set_cell(row, K_DECIDED_BY, THEME_MUTED, check->waived_by);
		for (size_t h = 0; h < check->hit_count; h++)
			add_hit(grid, view, &check->hits[h]);
	}
}
