/* stats, team: figures of all cases and of each reviewer. */
#include "../cli_internal.h"
#include "kybdesk/desk/figures.h"

/* --- stats --- */

enum part { PART_DAYS, PART_AGEING, PART_DECISIONS, PART_REASONS, PART_LISTS };
static const char *const part_names[] = { "days", "ageing", "decisions", "reasons", "lists" };
#define PART_COUNT (sizeof part_names / sizeof *part_names)
static const char *const *part_words(size_t *count)
{
	*count = PART_COUNT;
	return part_names;
}

static const char *day_text(struct cli *cli, int64_t ms)
{
	char text[16];
	date_format(ms, text);
	return arena_strdup(&cli->arena, text);
}

static void entry_add_share(struct entry row, const char *member, int64_t part, int64_t whole)
{
	if (share(part, whole) < 0)
		json_set_null(row.object, member);
	else
		json_set_real(row.object, member, (double)share(part, whole) / 1000);
	table_add_cell(row.table, share_text(&row.cli->arena, part, whole));
}

static void add_day_row(struct entry row, const struct figures *figures, size_t at)
{
	const struct day_figures *day = &figures->days[at];
	entry_add_text(row, "day", day_text(row.cli, day->day));
	entry_add_number(row, "received", day->received);
	entry_add_number(row, "approved", day->approved);
	entry_add_number(row, "rejected", day->rejected);
	entry_add_number(row, "corrections", day->corrections);
	entry_add_number(row, "automatic", day->automatic);
}

static void add_age_row(struct entry row, const struct figures *figures, size_t at)
{
	const struct age_figures *ages = &figures->ageing[at];
	static const char *const keys[AGE_GROUP_COUNT] = { "under_1d",	"under_3d",  "under_7d",
							   "under_14d", "under_30d", "over_30d" };
	entry_add_text(row, "inbox", inbox_text(ages->inbox));
	for (size_t i = 0; i < AGE_GROUP_COUNT; i++)
		entry_add_number(row, keys[i], ages->cases[i]);
}

static const char *const decision_names[] = { "approve", "reject", "corrections", "reopen", "first", "automatic" };
#define DECISION_ROW_COUNT (sizeof decision_names / sizeof *decision_names)
static int64_t decision_count(const struct figures *figures, size_t at)
{
	const int64_t counts[DECISION_ROW_COUNT] = { figures->mix[DECISION_APPROVE],	 figures->mix[DECISION_REJECT],
						     figures->mix[DECISION_CORRECTIONS], figures->mix[DECISION_REOPEN],
						     figures->first_decision_count,	 figures->automatic };
	return counts[at];
}

static int64_t manual_decision_count(const struct figures *figures)
{
	return figures->mix[DECISION_APPROVE] + figures->mix[DECISION_REJECT] + figures->mix[DECISION_CORRECTIONS];
}

static void add_decision_row(struct entry row, const struct figures *figures, size_t at)
{
	int64_t count = decision_count(figures, at);
	entry_add_text(row, "decision", decision_names[at]);
	entry_add_number(row, "count", count);
	entry_add_share(row, "share", count, at < 3 ? manual_decision_count(figures) : 0);
}

static void add_reason_row(struct entry row, const struct figures *figures, size_t at)
{
	const struct reason_figures *reason = &figures->reasons[at];
	entry_add_text(row, "reason", reason->reason);
	entry_add_number(row, "count", reason->count);
	entry_add_share(row, "share", reason->count, figures->mix[DECISION_REJECT]);
}

static void add_list_row(struct entry row, const struct figures *figures, size_t at)
{
	const struct screening_figures *list = &figures->lists[at];
	entry_add_cell(row, "list", list->list, *list->list ? list->list : "-");
	entry_add_number(row, "hits", list->false_positives + list->matches);
	entry_add_number(row, "false_positives", list->false_positives);
	entry_add_share(row, "false_positive_share", list->false_positives, list->false_positives + list->matches);
}

static size_t part_row_count(const struct figures *figures, enum part part)
{
	const size_t counts[PART_COUNT] = { [PART_DAYS] = figures->day_count,
					    [PART_AGEING] = figures->ageing_count,
					    [PART_DECISIONS] = DECISION_ROW_COUNT,
					    [PART_REASONS] = figures->reason_count,
					    [PART_LISTS] = figures->list_count };
	return counts[part];
}

/* How a part of the figures is printed. The first name in `csv_columns` is the member that identifies a row. */
struct part_table_layout {
	const char *title, *csv_columns, *columns;
	void (*add_row)(struct entry row, const struct figures *figures, size_t at);
};
static const struct part_table_layout part_layouts[PART_COUNT] = {
	[PART_DAYS] = { "Each day", "day,received,approved,rejected,corrections,automatic",
			"Day|>Received|>Approved|>Rejected|>Corrections|>Automatic", add_day_row },
	[PART_AGEING] = { "Age of undecided cases", "inbox,under_1d,under_3d,under_7d,under_14d,under_30d,over_30d",
			  "Inbox|>under 1 d|>1 to 3 d|>3 to 7 d|>7 to 14 d|>14 to 30 d|>over 30 d", add_age_row },
	[PART_DECISIONS] = { "Decisions", "decision,count,share", "Decision|>Count|>Share", add_decision_row },
	[PART_REASONS] = { "Reasons of rejections", "reason,count,share", "Reason:12|>Rejections|>Share",
			   add_reason_row },
	[PART_LISTS] = { "Screening lists", "list,hits,false_positives,false_positive_share",
			 "List:12|>Hits|>False positives|>Share", add_list_row },
};

static void add_part_rows(struct cli *cli, const struct figures *figures, enum part part, struct cli_rows *out)
{
	cli_rows_begin_unlimited(cli, part_layouts[part].columns, out);
	for (size_t i = 0; i < part_row_count(figures, part); i++)
		part_layouts[part].add_row(cli_add_entry(cli, out), figures, i);
}

static struct json_value *figures_json(struct cli *cli, const struct figures *figures)
{
	struct json_value *wait = JSON_NEW(JSON_INT("decisions", figures->timed),
					   JSON_INT_OR_NULL("median_ms", figures->median_ms, TIME_NONE),
					   JSON_INT_OR_NULL("nine_of_ten_ms", figures->p90_ms, TIME_NONE));
	struct json_value *extra_data = JSON_NEW(JSON_TIME("since", figures->since), JSON_TIME("until", figures->until),
						 JSON_VALUE("time_to_decision", wait));
	for (size_t part = PART_AGEING; part < PART_COUNT; part++) {
		struct cli_rows rows;
		if (!figures->may_read_reasons && part >= PART_REASONS)
			break;
		add_part_rows(cli, figures, (enum part)part, &rows);
		json_set(extra_data, part_names[part], rows.data);
	}
	return extra_data;
}

static void print_part_table(struct cli *cli, const struct figures *figures, enum part part)
{
	struct cli_rows rows;
	add_part_rows(cli, figures, part, &rows);
	json_free(rows.data);
	out_heading(&cli->out, part_layouts[part].title);
	if (table_row_count(rows.table))
		out_table(&cli->out, rows.table, 0);
	else
		out_line(&cli->out, "none");
}

static void print_totals(struct cli *cli, const struct figures *figures)
{
	struct arena *arena = &cli->arena;
	int64_t received = 0, approved = figures->mix[DECISION_APPROVE], rejected = figures->mix[DECISION_REJECT];
	for (size_t i = 0; i < figures->day_count; i++)
		received += figures->days[i].received;
	out_styled_line(&cli->out, CELL_TITLE, "%zu day%s to %s (UTC)", figures->day_count,
			figures->day_count == 1 ? "" : "s", day_text(cli, figures->until - FIGURES_DAY_MS));
	out_line(&cli->out, "received          %lld", (long long)received);
	out_line(&cli->out, "decided           %lld by people, %lld by the system", (long long)(approved + rejected),
		 (long long)figures->automatic);
	out_line(&cli->out, "approved          %s", share_text(arena, approved, approved + rejected));
	if (figures->timed)
		out_line(&cli->out, "time to decision  %s median, nine of ten within %s",
			 span_text(arena, figures->median_ms), span_text(arena, figures->p90_ms));
}

/* Reads --since as a number of whole days, today included. */
static enum err read_days(struct cli *cli, int64_t otherwise, int64_t *days, struct error *error)
{
	int64_t now = desk_now(cli->desk), since;
	enum err err = cli_read_time(cli, "since", now - (otherwise - 1) * FIGURES_DAY_MS, &since, error);
	if (err)
		return err;
	*days = (day_begin(now) - day_begin(since)) / FIGURES_DAY_MS + 1;
	if (*days < 1 || *days > FIGURES_DAYS_MAX)
		return error_invalid(
			error, "since",
			"--since '%s' is not valid; write a day from %s to today, or a duration before now, like 30d",
			cli_option_text(cli, "since"), day_text(cli, now - (FIGURES_DAYS_MAX - 1) * FIGURES_DAY_MS));
	return ERR_OK;
}

static enum err run_stats(struct cli *cli, struct error *error)
{
	const char *of = cli_option_text(cli, "of");
	size_t place = PART_DAYS;
	struct figures figures;
	struct cli_rows rows;
	int64_t days;
	enum err err = read_days(cli, FIGURES_DAYS_DEFAULT, &days, error);
	if (!err && *of)
		err = cli_find_word(&(struct cli_allowed_words){ "of", "part of the figures", part_words }, of, &place,
				    error);
	if (!err)
		err = desk_figures(cli->desk, &cli->arena, days, &figures, error);
	if (err)
		return err;
	enum part part = (enum part)place;
	if (!figures.may_read_reasons && part >= PART_REASONS)
		return error_set(error, ERR_FORBIDDEN,
				 "Only leads can see the reasons of rejections and the screening lists; run %s "
				 "without --of",
				 cli->command_line.command->name);
	if (cli->out.format == OUT_TABLE && !*of) {
		print_totals(cli, &figures);
		for (size_t i = 0; i < PART_COUNT; i++)
			if (figures.may_read_reasons || i < PART_REASONS)
				print_part_table(cli, &figures, (enum part)i);
		return ERR_OK;
	}
	cli_rows_begin(cli, part_layouts[part].columns, &rows);
	for (size_t i = 0; i < part_row_count(&figures, part); i++) {
		struct entry row = cli_new_json_entry(cli);
		part_layouts[part].add_row(row, &figures, i);
		const char *key = json_get_text(row.object, json_first_key(row.object));
		if (cli_row_begin(&rows, arena_strdup(&cli->arena, key)))
			part_layouts[part].add_row(cli_add_entry(cli, &rows), &figures, i);
		json_free(row.object);
	}
	if (cli_is_json(cli))
		rows.extra_data = figures_json(cli, &figures);
	return cli_rows_end(cli, &rows, part_layouts[part].csv_columns, error);
}

/* --- team --- */

static void add_member_row(struct entry row, const struct team_member *member, int64_t now)
{
	struct arena *arena = &row.cli->arena;
	const char *median = span_text(arena, member->median_ms);
	int64_t idle_ms = member->last_record_at == TIME_NONE ? TIME_NONE : now - member->last_record_at;
	entry_add_text(row, "name", member->name);
	json_set_text(row.object, "role", role_text(member->role));
	table_addf(row.table, "%s%s", role_text(member->role), member->supervised ? ", supervised" : "");
	json_set_bool(row.object, "supervised", member->supervised);
	entry_add_number(row, "held", member->held);
	json_set_int(row.object, "overdue", member->overdue);
	table_add_styled(row.table, member->overdue ? CELL_DANGER : CELL_PLAIN,
			 arena_printf(arena, "%lld", (long long)member->overdue));
	json_set_time(row.object, "next_due", member->next_due);
	entry_add_number(row, "decisions", member->decisions);
	JSON_SET(row.object, JSON_INT("approvals", member->approvals),
		 JSON_INT_OR_NULL("median_ms", member->median_ms, TIME_NONE));
	table_add_cell(row.table, *median ? median : "-");
	JSON_SET(row.object, JSON_TIME("last_at", member->last_record_at),
		 JSON_INT_OR_NULL("idle_ms", idle_ms, TIME_NONE));
	table_add_cell(row.table, idle_ms == TIME_NONE ? "-" : span_text(arena, idle_ms));
}

static enum err run_team(struct cli *cli, struct error *error)
{
	struct team team;
	struct cli_rows rows;
	int64_t days, now = desk_now(cli->desk);
	enum err err = read_days(cli, 1, &days, error);
	if (!err)
		err = desk_team(cli->desk, &cli->arena, days, &team, error);
	if (err)
		return err;
	cli_rows_begin(cli, "Name:8|Role|>Held|>Overdue|>Decided|>Median|>Idle", &rows);
	for (size_t i = 0; i < team.count; i++)
		if (cli_row_begin(&rows, team.members[i].name))
			add_member_row(cli_add_entry(cli, &rows), &team.members[i], now);
	rows.extra_data = JSON_NEW(JSON_TIME("since", team.since));
	return cli_rows_end(cli, &rows,
			    "name,role,supervised,held,overdue,next_due,decisions,approvals,median_ms,last_at,idle_ms",
			    error);
}

#define SINCE_OPTION(otherwise)                                                                                        \
	"since", "TIME", 0,                                                                                            \
		"the first day, or a duration before now, like 30d (default: " otherwise                               \
		"); days begin at midnight UTC"
static const struct command rows[] = {
	{ .name = "stats",
	  .summary = "Prints figures of all cases: days, ages, decisions, reasons, screening lists",
	  .details = "The figures: cases received and decided on each day, the age of undecided cases, decisions "
		     "by kind, and the time to a decision. For leads also: the reasons of rejections, and the "
		     "share of false positives of each screening list. --csv and --ndjson print one part (--of), "
		     "by default the days. docs/figures.md explains how each figure is computed.",
	  .example = "stats --since 30d --of lists --csv",
	  .flags = COMMAND_LIST,
	  .run = run_stats,
	  .options = { { SINCE_OPTION("14d") }, { "of", "PART", 0, "only this part", part_words }, PAGE_OPTIONS } },
	{ .name = "team",
	  .summary = "Lists the cases held and decided by each reviewer",
	  .details = "The figures: cases held now, and how many of these are overdue; decisions since midnight UTC "
		     "(or --since), and the median time from claim to decision; the time since the last action. "
		     "Leads see all reviewers; a reviewer sees only their own row.",
	  .example = "team --since 7d",
	  .flags = COMMAND_LIST,
	  .run = run_team,
	  .options = { { SINCE_OPTION("today") }, PAGE_OPTIONS } },
};
const struct command_chapter commands_figures = { COMMAND_CHAPTER("Figures", rows) };
