/* Boards: the figures of the desk (docs/figures.md) by days, ages, decisions, reasons and lists; the members of the
 * team; the cases of one member. */
#include "workbench.h"

#include "kybdesk/desk/figures.h"
#include "kybdesk/desk/rules.h"
#include "kybdesk/domain/due.h"

#define BAR_CELLS FIGURES_DAYS_DEFAULT /* one cell for each day */
#define HELD_CASES_MAX 200

/* --- stats --- */

static enum err stats_read(struct desk *desk, struct job *job)
{
	struct figures *found = job->board_data = arena_alloc(&job->arena, sizeof *found);
	return desk_figures(desk, &job->arena, FIGURES_DAYS_DEFAULT, found, &job->error);
}

enum { F_NAME, F_BAR, F_SHARE, F_COUNT, F_COLUMNS };
static const struct grid_column figure_columns[F_COLUMNS] = {
	[F_NAME] = { "", 10, 40, TEXT_LEFT, true, 0, false },
	[F_BAR] = { "", BAR_CELLS, BAR_CELLS, TEXT_LEFT, false, 2, true },
	[F_SHARE] = { "", 6, 8, TEXT_RIGHT, false, 1, true },
	[F_COUNT] = { "", 3, 12, TEXT_RIGHT, false, 0, true },
};
static const struct card_spec figure_card = { figure_columns, F_COLUMNS, false, false };
enum { D_DAY, D_RECEIVED, D_APPROVED, D_REJECTED, D_ASKED, D_SYSTEM, D_COLUMNS };
static const struct grid_column day_columns[D_COLUMNS] = {
	[D_DAY] = { "", 10, 10, TEXT_LEFT, false, 0, true },
	[D_RECEIVED] = { "", 8, 8, TEXT_RIGHT, false, 0, true },
	[D_APPROVED] = { "", 8, 8, TEXT_RIGHT, false, 0, true },
	[D_REJECTED] = { "", 8, 8, TEXT_RIGHT, false, 0, true },
	[D_ASKED] = { "", 11, 11, TEXT_RIGHT, false, 0, true },
	[D_SYSTEM] = { "", 9, 9, TEXT_RIGHT, false, 0, true },
};
static const struct card_spec day_card = { day_columns, D_COLUMNS, false, true };

/* A bar that has only filled cells, without a background: the bar of the value 0 is empty. */
static const char *bar_text(struct grid *grid, int64_t value, int64_t most)
{
	size_t cells = value > 0 ? 1 + (size_t)(value * (BAR_CELLS - 1) / most) : 0;
	return glyph_bar(grid->arena, grid->frame->mode, 1, 1, cells);
}

static struct grid_row *add_figure_row(struct grid *grid, enum theme_role role, const char *name, int64_t count,
				       int64_t most)
{
	struct grid_row *row = grid_add_row(grid, ROW_PLAIN, "");
	grid_set_cell(row, F_NAME, role, name);
	if (most > 0)
		grid_set_cell(row, F_BAR, THEME_ACCENT, bar_text(grid, count, most));
	grid_set_cell(row, F_COUNT, count ? THEME_TEXT : THEME_MUTED, number_text(grid->arena, count));
	return row;
}

static void add_share(struct grid *grid, struct grid_row *row, int64_t part, int64_t whole)
{
	if (whole > 0)
		grid_set_cell(row, F_SHARE, THEME_MUTED, share_text(grid->arena, part, whole));
}

/* A row of bars, one cell for each day; the last cell is today. */
static const char *sparkline_text(struct grid *grid, const struct figures *figures,
				  int64_t (*of)(const struct day_figures *))
{
	struct strbuf out = STRBUF_INIT;
	int64_t most = 0;
	for (size_t i = 0; i < figures->day_count; i++)
		most = of(&figures->days[i]) > most ? of(&figures->days[i]) : most;
	for (size_t i = 0; i < figures->day_count; i++)
		strbuf_adds(&out, glyph_level(grid->frame->mode,
					      most > 0 ? (int)(of(&figures->days[i]) * 100 / most) : 0, 100));
	return strbuf_finish(&out, grid->arena);
}

static int64_t received(const struct day_figures *day)
{
	return day->received;
}

static int64_t decided_count(const struct day_figures *day)
{
	return day->approved + day->rejected;
}

static void add_time_row(struct grid *grid, const char *name, int64_t span_ms, const char *detail)
{
	struct grid_row *row = grid_add_row(grid, ROW_PLAIN, "");
	row->detail = detail;
	grid_set_cell(row, F_NAME, THEME_TEXT, name);
	grid_set_cell(row, F_COUNT, THEME_TEXT, span_text(grid->arena, span_ms));
}

static void add_totals_card(struct grid *grid, const struct figures *figures)
{
	int64_t approved = figures->mix[DECISION_APPROVE], rejected = figures->mix[DECISION_REJECT], all = 0;
	for (size_t i = 0; i < figures->day_count; i++)
		all += figures->days[i].received;
	card_begin(grid, &figure_card, grid_printf(grid, "%zu days", figures->day_count), "per day, UTC");
	grid_set_cell(add_figure_row(grid, THEME_TEXT, "received", all, 0), F_BAR, THEME_ACCENT,
		      sparkline_text(grid, figures, received));
	grid_set_cell(add_figure_row(grid, THEME_TEXT, "decided", approved + rejected, 0), F_BAR, THEME_ACCENT,
		      sparkline_text(grid, figures, decided_count));
	add_figure_row(grid, THEME_TEXT, "by the system", figures->automatic, 0);
	if (!figures->timed)
		return;
	add_time_row(grid, "time, median", figures->median_ms,
		     "From submission to an approval or rejection by a person");
	add_time_row(grid, "time, 90 %", figures->p90_ms, "Nine of ten decisions took at most this long");
}

static void add_decisions_card(struct grid *grid, const struct figures *figures)
{
	static const struct {
		enum decision_kind kind;
		enum theme_role role;
		const char *name;
	} kinds[] = { { DECISION_APPROVE, THEME_OK, "approved" },
		      { DECISION_REJECT, THEME_DANGER, "rejected" },
		      { DECISION_CORRECTIONS, THEME_WARNING, "corrections" } };
	const int64_t *mix = figures->mix;
	int64_t all = mix[DECISION_APPROVE] + mix[DECISION_REJECT] + mix[DECISION_CORRECTIONS];
	card_begin(grid, &figure_card, "Decisions", number_text(grid->arena, all));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		add_share(grid, add_figure_row(grid, kinds[i].role, kinds[i].name, mix[kinds[i].kind], all),
			  mix[kinds[i].kind], all);
	if (figures->first_decision_count)
		add_figure_row(grid, THEME_MUTED, "first of two decisions", figures->first_decision_count, 0);
	if (mix[DECISION_REOPEN])
		add_figure_row(grid, THEME_MUTED, "reopened", mix[DECISION_REOPEN], 0);
}

static void add_age_cards(struct grid *grid, const struct figures *figures)
{
	for (size_t i = 0; i < figures->ageing_count; i++) {
		const struct age_figures *ages = &figures->ageing[i];
		int64_t all = 0, most = 0;
		for (size_t a = 0; a < AGE_GROUP_COUNT; a++) {
			all += ages->cases[a];
			most = ages->cases[a] > most ? ages->cases[a] : most;
		}
		if (!all)
			continue;
		card_begin(grid, &figure_card, grid_printf(grid, "Waiting in %s", inbox_text(ages->inbox)),
			   number_text(grid->arena, all));
		for (size_t a = 0; a < AGE_GROUP_COUNT; a++)
			add_figure_row(grid, THEME_TEXT, age_groups[a].title, ages->cases[a], most);
	}
}

static void add_reason_and_list_cards(struct grid *grid, const struct figures *figures)
{
	if (figures->reason_count)
		card_begin(grid, &figure_card, "Reasons of rejections", "");
	for (size_t i = 0; i < figures->reason_count; i++)
		add_share(grid,
			  add_figure_row(grid, THEME_TEXT, figures->reasons[i].reason, figures->reasons[i].count,
					 figures->reasons[0].count),
			  figures->reasons[i].count, figures->mix[DECISION_REJECT]);
	if (figures->list_count)
		card_begin(grid, &figure_card, "False positives by list", "of hits");
	for (size_t i = 0; i < figures->list_count; i++) {
		const struct screening_figures *list = &figures->lists[i];
		int64_t all = list->false_positives + list->matches;
		struct grid_row *row = add_figure_row(grid, THEME_TEXT, list->list[0] ? list->list : "unnamed list",
						      list->false_positives, all);
		add_share(grid, row, list->false_positives, all);
		grid_set_cell(row, F_COUNT, THEME_TEXT, grid_printf(grid, "of %s", number_text(grid->arena, all)));
	}
}

static void set_day_cell(struct grid *grid, struct grid_row *row, size_t column, int64_t count)
{
	grid_set_cell(row, column, count ? THEME_TEXT : THEME_MUTED, number_text(grid->arena, count));
}

static void add_days_card(struct grid *grid, const struct figures *figures)
{
	static const char *const titles[D_COLUMNS] = { "",	   "received",	  "approved",
						       "rejected", "corrections", "automatic" };
	card_begin(grid, &day_card, "Each day", "");
	struct grid_row *heading = grid_add_row(grid, ROW_PLAIN, "");
	for (size_t i = 0; i < D_COLUMNS; i++)
		grid_set_cell(heading, i, THEME_MUTED, titles[i]);
	for (size_t i = figures->day_count; i-- > 0;) {
		const struct day_figures *day = &figures->days[i];
		struct grid_row *row = grid_add_row(grid, ROW_PLAIN, "");
		char date[16];
		date_format(day->day, date);
		grid_set_cell(row, D_DAY, THEME_TEXT, arena_strdup(grid->arena, date));
		set_day_cell(grid, row, D_RECEIVED, day->received);
		set_day_cell(grid, row, D_APPROVED, day->approved);
		set_day_cell(grid, row, D_REJECTED, day->rejected);
		set_day_cell(grid, row, D_ASKED, day->corrections);
		set_day_cell(grid, row, D_SYSTEM, day->automatic);
	}
}

static bool stats_fill_page(struct page *page, struct job *job)
{
	struct grid *grid = &page->grid;
	const struct figures *figures = job->board_data;
	page_set_title(page, "Figures", "the last %zu days", figures->day_count);
	if (!figures->may_read_reasons)
		page_set_title(page, page->title, "only leads see reasons and lists");
	GRID_LIST(grid, figure_columns, NULL);
	grid->hides_column_titles = true;
	add_totals_card(grid, figures);
	add_decisions_card(grid, figures);
	add_age_cards(grid, figures);
	if (figures->may_read_reasons)
		add_reason_and_list_cards(grid, figures);
	add_days_card(grid, figures);
	cards_end(grid);
	return true;
}

const struct board_spec stats_board = { BOARD("Figures", stats_read, stats_fill_page, FIGURES, PLAIN),
					.bar = BAR(BAR_ENTRY(TEAM, "team"), BAR_ENTRY(AUDIT, "audit log"), BAR_BACK),
					.slow = true };

/* --- changes that wait for a second person --- */

struct offers_data {
	struct offered_change *items;
	size_t count;
};

static enum err offers_read(struct desk *desk, struct job *job)
{
	struct offers_data *found = job->board_data = arena_alloc(&job->arena, sizeof *found);
	return desk_offers(desk, &job->arena, &found->items, &found->count, &job->error);
}

enum { O_SINCE, O_BY, O_CHANGE, O_WAITS, O_COLUMNS };
static const struct grid_column offer_columns[O_COLUMNS] = {
	[O_SINCE] = { "Since", 12, 12, TEXT_LEFT, false, 1, true },
	[O_BY] = { "By", 8, 16, TEXT_LEFT, false, 0, false },
	[O_CHANGE] = { "Change", 20, 120, TEXT_LEFT, true, 0, false },
	[O_WAITS] = { "", 13, 13, TEXT_LEFT, false, 0, true },
};

static bool offers_fill_page(struct page *page, struct job *job)
{
	const struct offers_data *found = job->board_data;
	struct grid *grid = &page->grid;
	page_set_title(page, "Offers", "%zu", found->count);
	GRID_LIST(grid, offer_columns, "No change waits for a second person.");
	for (size_t i = 0; i < found->count; i++) {
		const struct offered_change *one = &found->items[i];
		struct grid_row *row = grid_add_row(grid, ROW_PLAIN, "");
		row->detail = grid_printf(grid, "%s: %s", one->change, one->advice);
		grid_set_cell(row, O_SINCE, THEME_MUTED, grid_time(grid, one->at));
		grid_set_cell(row, O_BY, THEME_TEXT, one->by);
		grid_set_cell(row, O_CHANGE, THEME_TEXT, one->change);
		grid_set_cell(row, O_WAITS, THEME_WARNING, one->is_for_actor ? "waits for you" : "");
	}
	return true;
}

const struct board_spec offers_board = { BOARD("Offers", offers_read, offers_fill_page, FIGURES, PLAIN),
					 .bar = BAR(BAR_BACK) };

/* --- team --- */

static enum err team_read(struct desk *desk, struct job *job)
{
	struct team *found = job->board_data = arena_alloc(&job->arena, sizeof *found);
	return desk_team(desk, &job->arena, 1, found, &job->error);
}

enum { T_NAME, T_ROLE, T_HELD, T_DUE, T_NEXT, T_DECIDED, T_APPROVED, T_MEDIAN, T_IDLE };
static const struct grid_column team_columns[] = {
	[T_NAME] = { "Name", 10, 40, TEXT_LEFT, true, 0, false },
	[T_ROLE] = { "Role", 8, 20, TEXT_LEFT, false, 5, true },
	[T_HELD] = { "Holds", 5, 8, TEXT_RIGHT, false, 0, true },
	[T_DUE] = { "Overdue", 7, 8, TEXT_RIGHT, false, 0, true },
	[T_NEXT] = { "Due next", 8, 8, TEXT_RIGHT, false, 3, true },
	[T_DECIDED] = { "Decided today", 13, 13, TEXT_RIGHT, false, 0, true },
	[T_APPROVED] = { "Approved", 8, 8, TEXT_RIGHT, false, 4, true },
	[T_MEDIAN] = { "Median time", 11, 11, TEXT_RIGHT, false, 1, true },
	[T_IDLE] = { "Idle", 7, 8, TEXT_RIGHT, false, 2, true },
};

static void add_member_row(struct grid *grid, const struct team_member *member)
{
	struct grid_row *row = grid_add_row(grid, ROW_MEMBER, member->name);
	const char *dash = grid_glyph(grid, GLYPH_DASH);
	row->detail = grid_printf(grid, "%s, %s%s. Enter shows the cases that %s holds", member->name,
				  role_text(member->role), member->supervised ? ", supervised" : "", member->name);
	grid_set_cell(row, T_NAME, THEME_TEXT, member->name);
	grid_set_cell(row, T_ROLE, THEME_MUTED, role_text(member->role));
	grid_set_cell(row, T_HELD, member->held ? THEME_TEXT : THEME_MUTED, number_text(grid->arena, member->held));
	grid_set_cell(row, T_DUE, member->overdue ? THEME_DANGER : THEME_MUTED,
		      number_text(grid->arena, member->overdue));
	grid_set_cell(row, T_NEXT, THEME_TEXT,
		      member->next_due == TIME_NONE
			      ? dash
			      : duration_short_text(grid->arena, member->next_due - grid->frame->now));
	grid_set_cell(row, T_DECIDED, member->decisions ? THEME_TEXT : THEME_MUTED,
		      number_text(grid->arena, member->decisions));
	grid_set_cell(row, T_APPROVED, THEME_MUTED, number_text(grid->arena, member->approvals));
	grid_set_cell(row, T_MEDIAN, THEME_TEXT,
		      member->median_ms == TIME_NONE ? dash : span_text(grid->arena, member->median_ms));
	grid_set_cell(row, T_IDLE, THEME_MUTED,
		      member->last_record_at == TIME_NONE
			      ? dash
			      : span_text(grid->arena, grid->frame->now - member->last_record_at));
}

static bool team_fill_page(struct page *page, struct job *job)
{
	const struct team *found = job->board_data;
	struct grid *grid = &page->grid;
	page_set_title(page, "Team", "%zu reviewer%s, decisions since midnight UTC", found->count,
		       found->count == 1 ? "" : "s");
	GRID_LIST(grid, team_columns, "No reviewer or lead yet: only these roles hold cases");
	for (size_t i = 0; i < found->count; i++)
		add_member_row(grid, &found->members[i]);
	return true;
}

#define TEAM_BAR BAR(BAR_OPEN, BAR_ENTRY(STATS, "figures"), BAR_BACK)

const struct board_spec team_board = { BOARD("Team", team_read, team_fill_page, FIGURES, PLAIN), .bar = TEAM_BAR,
				       .slow = true };

/* --- the cases of one member --- */

static enum err team_member_read(struct desk *desk, struct job *job)
{
	struct list_page *found = job->board_data = arena_alloc(&job->arena, sizeof *found);
	struct list_query query = {
		.sort = SORT_DUE, .after = "", .limit = HELD_CASES_MAX, .include_subsessions = true
	};
	*found = (struct list_page){ 0 };
	enum err err = filter_parse(&job->arena, arena_printf(&job->arena, "assignee:%s", job->in.part), &query.filter,
				    &job->error);
	return err ? err : desk_list(desk, &job->arena, &query, found, &job->error);
}

enum { H_DUE, H_REF, H_NAME, H_INBOX };
static const struct grid_column held_columns[] = {
	[H_DUE] = { "Due", 5, 6, TEXT_RIGHT, false, 0, true },
	[H_REF] = { "Reference", 10, 24, TEXT_LEFT, false, 1, false },
	[H_NAME] = { "Subject", 16, 80, TEXT_LEFT, true, 0, false },
	[H_INBOX] = { "Inbox", 11, 14, TEXT_LEFT, false, 2, true },
};

static bool team_member_fill_page(struct page *page, struct job *job)
{
	const struct list_page *found = job->board_data;
	struct grid *grid = &page->grid;
	page_set_title(page, page->ref, "holds %s%zu case%s", found->next && *found->next ? "more than " : "",
		       found->count, found->count == 1 ? "" : "s");
	GRID_LIST(grid, held_columns, "This reviewer holds no case");
	for (size_t i = 0; i < found->count; i++) {
		const struct session_item *item = &found->items[i];
		struct grid_row *row = grid_add_row(grid, ROW_SESSION, item->id);
		bool over = case_is_overdue(item, grid->frame->now);
		row->detail = grid_printf(grid, "%s. Enter opens the case",
					  case_title(grid->arena, item->subject_name, item->external_ref));
		grid_set_cell(row, H_DUE, over ? THEME_DANGER : THEME_TEXT,
			      item->due_at == TIME_NONE
				      ? grid_glyph(grid, GLYPH_DASH)
				      : duration_short_text(grid->arena, item->due_at - grid->frame->now));
		grid_set_cell(row, H_REF, THEME_MUTED, item->external_ref);
		grid_set_cell(row, H_NAME, THEME_TEXT, item->subject_name);
		grid_set_cell(row, H_INBOX, inbox_role(session_status_inbox(item->status)),
			      inbox_text(session_status_inbox(item->status)));
	}
	return true;
}

const struct board_spec member_board = { BOARD("Cases held", team_member_read, team_member_fill_page, FIGURES, MEMBER),
					 .bar = TEAM_BAR };
