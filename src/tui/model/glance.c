/* The evidence of a case as cards. A long card shows only its most important rows; the other tabs show all rows. */
#include "glance.h"

#include "kybdesk/codec/json.h"
#include "input/keymap.h"

#include <stdlib.h>
#include <string.h>

#define CARD_ROWS_MAX 8	 /* maximum number of hits, owners, documents or requests on a card */
#define CARD_NOTES_MAX 3 /* maximum number of notes; pinned notes come first, then the newest notes */
#define EXPIRES_SOON_MS (30 * 24 * 60 * 60 * (int64_t)1000)
#define BAR_CELLS 5
#define SHORT_DETAIL_BYTES_MAX 18 /* a text of at most this many bytes fits at any screen width */

/* The action that accepts the document or correction under the cursor reads the texts of the cells 1 and 2, so
 * their order must stay. */
enum { G_MARK, G_NAME, G_WHAT, G_BAR, G_END, G_COUNT };
static const struct grid_column columns[G_COUNT] = {
	[G_MARK] = { "", 1, 1, TEXT_LEFT, false, 0, true },
	[G_NAME] = { "", 14, 60, TEXT_LEFT, true, 0, false },
	[G_WHAT] = { "", 9, 40, TEXT_LEFT, false, 2, false },
	[G_BAR] = { "", BAR_CELLS, BAR_CELLS, TEXT_LEFT, false, 3, true },
	[G_END] = { "", 2, 20, TEXT_RIGHT, false, 1, true },
};
static const struct card_spec spec = { columns, G_COUNT, false, false };
enum { R_CODE, R_POINTS, R_BAR, R_DETAIL, R_COUNT };
static const struct grid_column risk_columns[R_COUNT] = {
	[R_CODE] = { "", 6, 14, TEXT_LEFT, false, 0, true },
	[R_POINTS] = { "", 2, 12, TEXT_RIGHT, false, 0, true },
	[R_BAR] = { "", BAR_CELLS, BAR_CELLS, TEXT_LEFT, false, 3, true },
	[R_DETAIL] = { "", 6, 60, TEXT_LEFT, true, 2, false },
};
static const struct card_spec risk_spec = { risk_columns, R_COUNT, false, false };
static const struct grid_column text_columns[2] = {
	{ "", 6, 20, TEXT_LEFT, false, 0, true },
	{ "", 10, 200, TEXT_LEFT, true, 0, false },
};
static const struct card_spec texts = { text_columns, 2, true, false };

struct sign {
	enum glyph glyph;
	enum theme_role role;
};
static const struct sign bad = { GLYPH_UNMET, THEME_DANGER }, waiting = { GLYPH_UNMET, THEME_WARNING },
			 good = { GLYPH_MET, THEME_OK }, neutral = { GLYPH_DASH, THEME_MUTED };

static struct grid_row *add(struct grid *grid, enum row_kind kind, const char *ref, struct sign sign)
{
	struct grid_row *row = grid_add_row(grid, kind, ref);
	grid_set_cell(row, G_MARK, sign.role, grid_glyph(grid, sign.glyph));
	return row;
}

/* Adds a row like "194 more → 4" to a card that does not show all rows; 4 is the number of the tab that shows them. */
static void add_more_row(struct grid *grid, size_t column, size_t count, enum case_tab tab)
{
	if (count)
		grid_set_cell(grid_add_row(grid, ROW_PLAIN, ""), column, THEME_MUTED,
			      grid_printf(grid, "%zu more %s %d", count, grid_glyph(grid, GLYPH_ARROW), (int)tab));
}

/* Adds the age of an event to the row; adds nothing if the event is in the future. */
static void add_age(struct grid *grid, struct grid_row *row, int64_t when)
{
	if (when != TIME_NONE && when <= grid->frame->now)
		grid_set_cell(row, G_END, THEME_MUTED, duration_short_text(grid->arena, grid->frame->now - when));
}

/* Appends a count to the text at the right end of the card's title, like "1 confirmed, 2 open". */
static void append_count(struct grid *grid, const char **sum, size_t count, const char *word)
{
	if (count)
		*sum = grid_printf(grid, "%s%s%zu %s", *sum, **sum ? ", " : "", count, word);
}

/* --- screening --- */

/* The order of hits on the card: confirmed matches first, then unresolved hits, then cleared hits. */
enum hit_rank { HIT_CONFIRMED, HIT_UNRESOLVED, HIT_CLEARED };
#define HIT_RANKS 3

static enum hit_rank hit_rank(const struct hit *hit)
{
	if (!hit_is_blocking(hit))
		return HIT_CLEARED;
	return hit->state == HIT_TRUE_MATCH ? HIT_CONFIRMED : HIT_UNRESOLVED;
}

static void add_hit(struct grid *grid, const struct hit *hit)
{
	static const struct sign signs[HIT_RANKS] = { [HIT_CONFIRMED] = { GLYPH_UNMET, THEME_DANGER },
						      [HIT_UNRESOLVED] = { GLYPH_UNKNOWN, THEME_WARNING },
						      [HIT_CLEARED] = { GLYPH_MET, THEME_OK } };
	enum hit_rank rank = hit_rank(hit);
	const char *score = hit->score < 0 ? "" : grid_printf(grid, "%.2f", hit->score);
	struct grid_row *row = add(grid, ROW_HIT, hit->id, signs[rank]);
	row->done = hit->state != HIT_OPEN;
	row->detail = grid_printf(grid, "%s on %s%s%s: %s%s%s", hit->name, hit->list[0] ? hit->list : "a list",
				  *score ? ", score " : "", score, hit_state_title(hit->state),
				  hit->resolved_by[0] ? ", by " : "", hit->resolved_by);
	grid_set_cell(row, G_NAME, rank == HIT_CLEARED ? THEME_MUTED : THEME_TEXT, hit->name);
	grid_set_cell(row, G_WHAT, hit->class_ == HIT_SANCTIONS ? THEME_DANGER : THEME_MUTED, hit->list);
	grid_set_cell(row, G_END, rank == HIT_CLEARED ? THEME_MUTED : THEME_TEXT, *score ? score : NULL);
}

/* Whether the card has a row for the check itself. This row shows a state that no hit shows: no result yet, waived,
 * or a result that blocks the approval. */
static bool has_check_row(const struct check *check, const struct profile *profile)
{
	if (check->status == CHECK_HIT)
		return !check->hit_count;
	return check->status == CHECK_PENDING || check->status == CHECK_WAIVED ||
	       (profile && check_is_blocking(check, profile));
}

static void add_check(struct grid *grid, const struct check *check)
{
	bool muted = check->status == CHECK_PENDING || check->status == CHECK_WAIVED;
	struct grid_row *row = add(grid, ROW_CHECK, check_kind_text(check->kind), muted ? neutral : bad);
	grid_set_cell(row, G_NAME, THEME_TEXT, check_kind_text(check->kind));
	grid_set_cell(row, G_WHAT, muted ? THEME_MUTED : THEME_DANGER, check_status_text(check->status));
}

static void add_screening_card(struct grid *grid, const struct job *job)
{
	const struct case_view *view = &job->view;
	const struct case_file *file = &view->file;
	size_t counts[HIT_RANKS] = { 0 }, passed = 0, others = 0, pending = 0, shown = 0, hits = 0, accepted = 0;
	for (size_t c = 0; c < file->check_count; c++) {
		bool apart = has_check_row(&file->checks[c], view->profile);
		passed += !apart && !file->checks[c].hit_count;
		pending += file->checks[c].status == CHECK_PENDING;
		others += apart && file->checks[c].status != CHECK_WAIVED && file->checks[c].status != CHECK_PENDING;
		hits += file->checks[c].hit_count;
		for (size_t h = 0; h < file->checks[c].hit_count; h++) {
			enum hit_rank rank = hit_rank(&file->checks[c].hits[h]);
			counts[rank]++;
			accepted += rank == HIT_CLEARED && file->checks[c].hits[h].state == HIT_ACCEPTED;
		}
	}
	const char *sum = "";
	append_count(grid, &sum, counts[HIT_CONFIRMED], "confirmed");
	append_count(grid, &sum, counts[HIT_UNRESOLVED], "open");
	append_count(grid, &sum, accepted, "accepted");
	append_count(grid, &sum, counts[HIT_CLEARED] - accepted, "cleared");
	append_count(grid, &sum, others, "unclear");
	append_count(grid, &sum, pending, "pending");
	if (!file->check_count)
		return;
	card_begin(grid, &spec, "Checks", *sum ? sum : "no hits");
	for (size_t c = 0; c < file->check_count; c++)
		if (has_check_row(&file->checks[c], view->profile))
			add_check(grid, &file->checks[c]);
	for (unsigned rank = 0; rank < HIT_RANKS; rank++)
		for (size_t c = 0; c < file->check_count; c++)
			for (size_t h = 0; h < file->checks[c].hit_count && shown < CARD_ROWS_MAX; h++)
				if (hit_rank(&file->checks[c].hits[h]) == rank) {
					add_hit(grid, &file->checks[c].hits[h]);
					shown++;
				}
	add_more_row(grid, G_NAME, hits - shown, TAB_CHECKS);
	if (passed)
		grid_set_cell(add(grid, ROW_PLAIN, "", good), G_NAME, THEME_MUTED,
			      grid_printf(grid, "%zu check%s without a hit", passed, passed == 1 ? "" : "s"));
}

/* --- risk --- */

/* Whether the risk factors are a list of objects with a "code"; other JSON is shown member by member. */
static bool has_codes(const struct json_value *factors)
{
	bool known = json_is_array(factors) && json_count(factors);
	for (size_t i = 0; known && i < json_count(factors); i++)
		known = json_is_object(json_at(factors, i)) && json_get_text(json_at(factors, i), "code");
	return known;
}

static void add_factor(struct grid *grid, const struct json_value *factor)
{
	const char *detail = json_get_text(factor, "detail"),
		   *code = arena_strdup(grid->arena, json_get_text(factor, "code"));
	int64_t points = 0;
	bool counted = json_get_int(factor, "points", &points);
	int most = points > 100 ? 100 : points < 0 ? 0 : (int)points;
	struct grid_row *row = grid_add_row(grid, ROW_PLAIN, "");
	detail = detail ? arena_strdup(grid->arena, detail) : "";
	grid_set_cell(row, R_CODE, THEME_TEXT, code);
	grid_set_cell(row, R_DETAIL, THEME_MUTED, detail);
	row->detail = strlen(code) + strlen(detail) > SHORT_DETAIL_BYTES_MAX
			      ? grid_printf(grid, "%s%s%s", code, *detail ? ": " : "", detail)
			      : "";
	if (!counted)
		return;
	grid_set_cell(row, R_POINTS, THEME_TEXT, grid_printf(grid, "%lld", (long long)points));
	grid_set_cell(row, R_BAR, THEME_ACCENT, glyph_bar(grid->arena, grid->frame->mode, most, 100, BAR_CELLS));
}

static void add_risk_card(struct grid *grid, const struct job *job)
{
	const struct session *session = &job->view.file.session;
	const char *json = session->risk_factors_json;
	struct json_value *factors = NULL;
	bool read = !json_read(json, strlen(json), &factors, NULL);
	const char *sum = session->risk_score == RISK_NONE ? "" : grid_printf(grid, "%d of 100", session->risk_score);
	if (read && has_codes(factors)) {
		card_begin(grid, &risk_spec, "Risk factors", sum);
		for (size_t i = 0; i < json_count(factors); i++)
			add_factor(grid, json_at(factors, i));
	} else if (read && json_count(factors)) {
		card_begin(grid, &texts, "Risk factors", sum);
		facts_add_json(grid, json);
	}
	json_free(factors);
}

/* --- owners --- */

static bool party_needs_review(const struct case_view *view, const struct party *party)
{
	bool verified = view->is_party_verified && view->is_party_verified[party - view->file.parties];
	return (!verified && view->profile && party_must_be_verified(party, view->profile)) ||
	       party->session_hit_open || party->lacks_ubo_role;
}

static void add_owner(struct grid *grid, const struct job *job, const struct ownership_line *line, bool tree)
{
	const struct case_view *view = &job->view;
	const struct party *party = &view->file.parties[line->party];
	bool verified = (view->is_party_verified && view->is_party_verified[line->party]) ||
			party->verified_elsewhere_by[0],
	     waits = party_needs_review(view, party);
	struct grid_row *row = add(grid, ROW_PARTY, party->id, waits ? waiting : verified ? good : neutral);
	const char *roles = party_roles_text(grid->arena, party), *all = party->effective_percent;
	const char *what = party->session_hit_open	 ? "hit open"
			   : party->lacks_ubo_role	 ? "not declared"
			   : party->session_unresponsive ? "unresponsive"
			   : party->session_id[0]	 ? session_status_title(party->session_status)
			   : waits			 ? "KYC needed"
							 : roles;
	row->done = !waits;
	row->detail = grid_printf(grid, "%s%s%s%s%s%s: %s", party->name, party->country[0] ? ", " : "", party->country,
				  roles[0] ? ", " : "", roles,
				  all[0] ? grid_printf(grid, ", %s %% of the subject in total", all) : "", what);
	grid_set_cell(row, G_NAME, line->closes_cycle ? THEME_DANGER : THEME_TEXT,
		      grid_printf(grid, "%s%s%s", tree ? ownership_prefix(grid->arena, line, grid->frame->mode) : "",
				  party->name, line->closes_cycle ? " (owns itself)" : ""));
	grid_set_cell(row, G_WHAT, waits ? THEME_WARNING : THEME_MUTED, what);
	if (all[0]) {
		int share = (int)strtol(all + (*all == '>'), NULL, 10); /* of a range the part that is sure */
		grid_set_cell(row, G_BAR, THEME_ACCENT,
			      glyph_bar(grid->arena, grid->frame->mode, share, 100, BAR_CELLS));
		grid_set_cell(row, G_END, THEME_TEXT, grid_printf(grid, "%s %%", all));
	} else if (line->percent[0]) { /* the total share cannot be computed, so the row shows the declared share */
		grid_set_cell(row, G_END, THEME_WARNING, grid_printf(grid, "%s %%", line->percent));
	}
}

/* Rank of an owner: owners that need work come first, then beneficial owners. If the card has too few rows for all
 * owners, it lists them in this order, and not as an ownership tree. */
static int owner_rank(const struct case_view *view, const struct party *party)
{
	return party_needs_review(view, party) ? 0 : party->is_beneficial_owner ? 1 : 2;
}

static void add_owners_card(struct grid *grid, const struct job *job)
{
	const struct case_view *view = &job->view;
	const struct ownership_gap *gap = &view->gap;
	size_t shown = 0, open = 0;
	bool tree = job->tree_count <= CARD_ROWS_MAX;
	if (!job->tree_count && view->file.session.subject.kind == SUBJECT_INDIVIDUAL)
		return;
	for (size_t i = 0; i < view->file.party_count; i++)
		open += party_needs_review(view, &view->file.parties[i]);
	const char *sum = open ? grid_printf(grid, "%zu of %zu to verify", open, view->file.party_count)
			       : grid_printf(grid, "%zu", view->file.party_count);
	if (!open && gap->is_computed && !gap->layer_count)
		sum = grid_printf(grid, "%s, 100 %% declared", sum);
	card_begin(grid, &spec, "Owners", sum);
	for (int rank = tree ? 2 : 0; rank <= 2; rank++)
		for (size_t i = 0; i < job->tree_count && shown < CARD_ROWS_MAX; i++)
			if (tree || owner_rank(view, &view->file.parties[job->tree[i].party]) == rank) {
				add_owner(grid, job, &job->tree[i], tree);
				shown++;
			}
	add_more_row(grid, G_NAME, job->tree_count - shown, TAB_PARTIES);
	if (!job->tree_count)
		grid_set_cell(add(grid, ROW_PLAIN, "", waiting), G_NAME, THEME_MUTED, "none declared");
	if (gap->is_computed && gap->layer_count) {
		const struct sign sign = gap->may_hide_owner ? waiting : neutral;
		struct grid_row *row = add(grid, ROW_PLAIN, "", sign);
		grid_set_cell(row, G_NAME, sign.role, "not declared");
		grid_set_cell(row, G_END, sign.role, grid_printf(grid, "%s %%", gap->percent));
	}
}

/* --- documents --- */

static int document_rank(const struct document *document)
{
	if (document->replaced)
		return -1;
	return document->review == REVIEW_REJECTED || document->upload == UPLOAD_REJECTED ? 0
	       : document->review == REVIEW_ACCEPTED					  ? 2
											  : 1;
}

static void add_document(struct grid *grid, const struct case_view *view, const struct document *document)
{
	enum theme_role role = document_role(document);
	int64_t now = grid->frame->now, expires = document->expires_on;
	bool over = expires != TIME_NONE && expires < now,
	     soon = expires != TIME_NONE && expires - now < EXPIRES_SOON_MS;
	const char *title = profile_document_title(view->profile, document->type);
	const char *expiry = over ? "expired" : soon ? "expires soon" : "", *state = document_state_text(document);
	struct grid_row *row = add(grid, ROW_DOCUMENT, document->id, (struct sign){ document_glyph(document), role });
	row->done = document->review != REVIEW_UNREVIEWED || document->upload != UPLOAD_READY;
	row->detail =
		grid_printf(grid, "%s: %s, %s%s%s%s%s", title, document->file_name, state,
			    document->reviewed_by[0] ? " by " : "", document->reviewed_by, *expiry ? "; " : "", expiry);
	grid_set_cell(row, G_NAME, THEME_TEXT, title);
	role = over ? THEME_DANGER : soon ? THEME_WARNING : role;
	grid_set_cell(row, G_WHAT, role, *expiry ? expiry : state);
	add_age(grid, row, document->uploaded_at);
}

static void add_documents_card(struct grid *grid, const struct job *job)
{
	const struct case_view *view = &job->view;
	size_t counts[3] = { 0 }, shown = 0, all = view->missing_document_count;
	const char *sum = "";
	for (size_t i = 0; i < view->file.document_count; i++) {
		int rank = document_rank(&view->file.documents[i]);
		if (rank >= 0) {
			counts[rank]++;
			all++;
		}
	}
	if (!all)
		return;
	append_count(grid, &sum, view->missing_document_count, "missing");
	append_count(grid, &sum, counts[0], "rejected");
	append_count(grid, &sum, counts[1], "to review");
	append_count(grid, &sum, counts[2], "accepted");
	card_begin(grid, &spec, "Documents", sum);
	for (; shown < view->missing_document_count && shown < CARD_ROWS_MAX; shown++) {
		const char *type = view->missing_documents[shown]->type,
			   *title = profile_document_title(view->profile, type);
		struct grid_row *row = add(grid, ROW_DOCUMENT_MISSING, type, bad);
		row->detail = grid_printf(grid, "%s is missing: Enter requests it from the client", title);
		grid_set_cell(row, G_NAME, THEME_TEXT, title);
		grid_set_cell(row, G_WHAT, THEME_DANGER, "missing");
	}
	for (int rank = 0; rank < 3; rank++)
		for (size_t i = 0; i < view->file.document_count && shown < CARD_ROWS_MAX; i++)
			if (document_rank(&view->file.documents[i]) == rank) {
				add_document(grid, view, &view->file.documents[i]);
				shown++;
			}
	add_more_row(grid, G_NAME, all - shown, TAB_DOCUMENTS);
}

/* --- the client, other cases, notes --- */

static void add_client_card(struct grid *grid, const struct job *job)
{
	static const struct sign signs[] = { [CORRECTION_OPEN] = { GLYPH_DASH, THEME_WARNING },
					     [CORRECTION_ANSWERED] = { GLYPH_UNKNOWN, THEME_ACCENT },
					     [CORRECTION_ACCEPTED] = { GLYPH_MET, THEME_OK },
					     [CORRECTION_WITHDRAWN] = { GLYPH_DASH, THEME_MUTED } };
	const struct case_file *file = &job->view.file;
	size_t shown = 0, open = 0, answered = 0;
	const char *sum = "";
	for (size_t i = 0; i < file->correction_count; i++) {
		open += file->corrections[i].state == CORRECTION_OPEN;
		answered += file->corrections[i].state == CORRECTION_ANSWERED;
	}
	if (!file->correction_count)
		return;
	append_count(grid, &sum, open, "waiting");
	append_count(grid, &sum, answered, "answered");
	card_begin(grid, &spec, "Requests to the client", sum);
	for (size_t i = file->correction_count; i-- > 0 && shown < CARD_ROWS_MAX; shown++) {
		const struct correction *correction = &file->corrections[i];
		const struct sign sign = signs[correction->state];
		struct grid_row *row = add(grid, ROW_CORRECTION, correction->id, sign);
		row->done = correction->state != CORRECTION_ANSWERED;
		row->detail = grid_printf(grid, "Requested by %s, %s: %s", correction->requested_by,
					  correction_state_text(correction->state), correction->message);
		grid_set_cell(row, G_NAME, sign.role, correction_state_text(correction->state));
		grid_set_cell(row, G_WHAT, THEME_TEXT, correction_items_text(grid->arena, &job->view, correction));
		add_age(grid, row,
			correction->answered_at != TIME_NONE ? correction->answered_at : correction->requested_at);
	}
	add_more_row(grid, G_NAME, file->correction_count - shown, TAB_CORRECTIONS);
}

static void add_duplicates_card(struct grid *grid, const struct job *job)
{
	const struct case_view *view = &job->view;
	size_t open = 0;
	if (!view->duplicate_count)
		return;
	for (size_t i = 0; i < view->duplicate_count; i++)
		open += duplicate_is_open(&view->duplicates[i]);
	card_begin(grid, &spec, "Same applicant elsewhere", open ? grid_printf(grid, "%zu to compare", open) : "");
	for (size_t i = view->duplicate_count; i-- > 0;) {
		const struct duplicate *other = &view->duplicates[i];
		bool waits = duplicate_is_open(other);
		struct grid_row *row = add(grid, ROW_SESSION, other->id, waits ? waiting : neutral);
		const char *why =
			other->rejection_count ? grid_printf(grid, ", rejected: %s", other->rejections[0]) : "";
		row->done = !waits;
		const char *link = duplicate_is_linked(other) ? ", linked as the same applicant" : "";
		row->detail = grid_printf(grid, "%s %s, %s%s%s: the same %s. Enter opens the case, %s compares both",
					  other->name, other->external_ref, session_status_title(other->status), why,
					  link, duplicate_reasons(grid->arena, other->same_bits),
					  keymap_key_or_name(grid->arena, COMMAND_DETAILS));
		grid_set_cell(row, G_NAME, THEME_TEXT,
			      grid_printf(grid, "%s%s%s", other->external_ref, other->external_ref[0] ? " " : "",
					  other->name));
		grid_set_cell(row, G_WHAT, session_status_role(other->status), session_status_title(other->status));
		add_age(grid, row, other->submitted_at);
	}
}

static void add_note(struct grid *grid, const struct case_view *view, size_t index)
{
	const struct note *note = &view->file.notes[index];
	struct grid_row *row = grid_add_row(grid, ROW_NOTE, grid_printf(grid, "%zu", index + 1));
	const char *about = note_subject_text(grid->arena, &view->file, view->profile, note);
	row->done = true;
	grid_set_cell(row, 0, THEME_MUTED, grid_printf(grid, "%s %s", grid_time(grid, note->at), note->by));
	grid_set_cell(row, 1, THEME_TEXT,
		      grid_printf(grid, "%s%s%s%s%s", *note->pinned_by ? "pinned: " : "", *about ? "on " : "", about,
				  *about ? ": " : "", note->text));
	row->detail = grid_printf(grid, "%s. %s %s%s", note->text, keymap_key_or_name(grid->arena, COMMAND_NOTE_PIN),
				  *note->pinned_by ? "unpins it" : "pins it", *about ? "; Enter opens the item" : "");
}

/* The text at the right end of the notes card, like "3, you are mentioned: @ marks as read". */
static const char *notes_summary(struct grid *grid, const struct case_file *file)
{
	const char *mine = grid_printf(grid, "/%s/", grid->frame->actor);
	for (size_t i = 0; i < file->note_count; i++)
		if (strstr(file->notes[i].unanswered_mentions, mine))
			return grid_printf(grid, "%zu, you are mentioned: %s marks as read", file->note_count,
					   keymap_key_or_name(grid->arena, COMMAND_NOTE_READ));
	return grid_printf(grid, "%zu", file->note_count);
}

static void add_notes_card(struct grid *grid, const struct job *job)
{
	const struct case_file *file = &job->view.file;
	size_t shown = 0;
	if (!file->note_count)
		return;
	card_begin(grid, &texts, "Notes", notes_summary(grid, file));
	for (int pinned = 1; pinned >= 0; pinned--)
		for (size_t i = file->note_count; i-- > 0 && shown < CARD_NOTES_MAX;) {
			if (pinned != (*file->notes[i].pinned_by != '\0'))
				continue;
			add_note(grid, &job->view, i);
			shown++;
		}
	add_more_row(grid, 0, file->note_count - shown, TAB_TIMELINE);
}

void glance_add_cards(struct grid *grid, const struct job *job)
{
	add_screening_card(grid, job);
	add_owners_card(grid, job);
	add_risk_card(grid, job);
	add_documents_card(grid, job);
	add_client_card(grid, job);
	add_duplicates_card(grid, job);
	add_notes_card(grid, job);
}
