/* stats, team: the figures of the desk and of its people. */
#include "../out/columns.h"
#include "kybdesk/desk/figures.h"

#include <string.h>

/* --- stats --- */

enum part { PART_DAYS, PART_AGEING, PART_DECISIONS, PART_REASONS, PART_LISTS };
static const char *const part_names[] = { "days", "ageing", "decisions", "reasons", "lists" };
#define PART_COUNT (sizeof part_names / sizeof *part_names)
static const char *const *part_words(size_t *count)
{
	*count = PART_COUNT;
	return part_names;
}

static const struct table_column day_cells[] = {
	{ "Day", TEXT_LEFT, 0 },       { "Received", TEXT_RIGHT, 0 },	 { "Approved", TEXT_RIGHT, 0 },
	{ "Rejected", TEXT_RIGHT, 0 }, { "Corrections", TEXT_RIGHT, 0 }, { "Automatic", TEXT_RIGHT, 0 },
};
static const struct table_column age_cells[] = {
	{ "Inbox", TEXT_LEFT, 0 },	{ "under 1 d", TEXT_RIGHT, 0 }, { "1 to 3 d", TEXT_RIGHT, 0 },
	{ "3 to 7 d", TEXT_RIGHT, 0 },	{ "7 to 14 d", TEXT_RIGHT, 0 }, { "14 to 30 d", TEXT_RIGHT, 0 },
	{ "over 30 d", TEXT_RIGHT, 0 },
};
static const struct table_column decision_cells[] = { { "Decision", TEXT_LEFT, 0 },
						      { "Count", TEXT_RIGHT, 0 },
						      { "Share", TEXT_RIGHT, 0 } };
static const struct table_column reason_cells[] = { { "Reason", TEXT_LEFT, 12 },
						    { "Rejections", TEXT_RIGHT, 0 },
						    { "Share", TEXT_RIGHT, 0 } };
static const struct table_column list_cells[] = { { "List", TEXT_LEFT, 12 },
						  { "Hits", TEXT_RIGHT, 0 },
						  { "False positives", TEXT_RIGHT, 0 },
						  { "Share", TEXT_RIGHT, 0 } };
static const char *day_text(struct cli *cli, int64_t ms)
{
	char text[16];
	date_format(ms, text);
	return arena_strdup(&cli->arena, text);
}

static void set_share(struct json_value *object, const char *key, int64_t part, int64_t whole)
{
	if (share(part, whole) < 0)
		json_set_null(object, key);
	else
		json_set_real(object, key, (double)share(part, whole) / 1000);
}

static void set_span(struct json_value *object, const char *key, int64_t ms)
{
	if (ms == TIME_NONE)
		json_set_null(object, key);
	else
		json_set_int(object, key, ms);
}

/* A row as an object, or its cells if there is none. */
struct row {
	struct cli *cli;
	struct json_value *object;
	struct table *table;
};

static void row_number(const struct row *row, const char *key, int64_t value)
{
	if (row->object)
		json_set_int(row->object, key, value);
	else
		table_add_int(row->table, value);
}

static void row_text_of(const struct row *row, const char *key, const char *text, const char *shown)
{
	if (row->object)
		json_set_text(row->object, key, text);
	else
		table_add(row->table, shown);
}

static void row_share(const struct row *row, const char *key, int64_t part, int64_t whole)
{
	if (row->object)
		set_share(row->object, key, part, whole);
	else
		table_add(row->table, share_text(&row->cli->arena, part, whole));
}

static void day_row(const struct row *row, const struct figures *figures, size_t at)
{
	const struct day_figures *day = &figures->days[at];
	const char *text = day_text(row->cli, day->day);
	row_text_of(row, "day", text, text);
	row_number(row, "received", day->received);
	row_number(row, "approved", day->approved);
	row_number(row, "rejected", day->rejected);
	row_number(row, "corrections", day->corrections);
	row_number(row, "automatic", day->automatic);
}

static void age_row(const struct row *row, const struct figures *figures, size_t at)
{
	const struct age_figures *ages = &figures->ageing[at];
	static const char *const keys[AGE_COUNT] = { "under_1d",  "under_3d",  "under_7d",
						     "under_14d", "under_30d", "over_30d" };
	row_text_of(row, "inbox", inbox_text(ages->inbox), inbox_text(ages->inbox));
	for (size_t i = 0; i < AGE_COUNT; i++)
		row_number(row, keys[i], ages->cases[i]);
}

static const char *const decision_names[] = { "approve", "reject", "corrections", "reopen", "first", "automatic" };
#define DECISION_ROWS (sizeof decision_names / sizeof *decision_names)
static int64_t decision_count(const struct figures *figures, size_t at)
{
	switch (at) {
	case 0:
		return figures->mix[DECISION_APPROVE];
	case 1:
		return figures->mix[DECISION_REJECT];
	case 2:
		return figures->mix[DECISION_CORRECTIONS];
	case 3:
		return figures->mix[DECISION_REOPEN];
	case 4:
		return figures->first;
	default:
		return figures->automatic;
	}
}

static int64_t decisions_of_people(const struct figures *figures)
{
	return figures->mix[DECISION_APPROVE] + figures->mix[DECISION_REJECT] + figures->mix[DECISION_CORRECTIONS];
}

static void decision_row(const struct row *row, const struct figures *figures, size_t at)
{
	int64_t count = decision_count(figures, at);
	row_text_of(row, "decision", decision_names[at], decision_names[at]);
	row_number(row, "count", count);
	row_share(row, "share", count, at < 3 ? decisions_of_people(figures) : 0);
}

static void reason_row(const struct row *row, const struct figures *figures, size_t at)
{
	const struct reason_figures *reason = &figures->reasons[at];
	row_text_of(row, "reason", reason->reason, reason->reason);
	row_number(row, "count", reason->count);
	row_share(row, "share", reason->count, figures->mix[DECISION_REJECT]);
}

static void list_row(const struct row *row, const struct figures *figures, size_t at)
{
	const struct screening_figures *list = &figures->lists[at];
	row_text_of(row, "list", list->list, *list->list ? list->list : "-");
	row_number(row, "hits", list->false_positives + list->matches);
	row_number(row, "false_positives", list->false_positives);
	row_share(row, "false_positive_share", list->false_positives, list->false_positives + list->matches);
}

static size_t part_count(const struct figures *figures, enum part part)
{
	switch (part) {
	case PART_DAYS:
		return figures->day_count;
	case PART_AGEING:
		return figures->ageing_count;
	case PART_DECISIONS:
		return DECISION_ROWS;
	case PART_REASONS:
		return figures->reason_count;
	case PART_LISTS:
		return figures->list_count;
	}
	return 0;
}

/* A row's first member names it. */
struct frame {
	const char *title, *csv;
	const struct table_column *columns;
	size_t column_count;
	void (*row)(const struct row *row, const struct figures *figures, size_t at);
};
#define FRAME(title, csv, columns, row)                                                                            \
	{                                                                                                          \
		(title), (csv), (columns), sizeof(columns) / sizeof *(columns), (row)                              \
	}
static const struct frame frames[PART_COUNT] = {
	[PART_DAYS] = FRAME("Each day", "day,received,approved,rejected,corrections,automatic", day_cells, day_row),
	[PART_AGEING] = FRAME("How long cases have waited",
			      "inbox,under_1d,under_3d,under_7d,under_14d,under_30d,over_30d", age_cells, age_row),
	[PART_DECISIONS] = FRAME("Decisions", "decision,count,share", decision_cells, decision_row),
	[PART_REASONS] = FRAME("Reasons of rejections", "reason,count,share", reason_cells, reason_row),
	[PART_LISTS] =
		FRAME("Screening lists", "list,hits,false_positives,false_positive_share", list_cells, list_row),
};

static struct json_value *row_json(struct cli *cli, const struct figures *figures, enum part part, size_t at)
{
	struct json_value *object = json_new_object();
	frames[part].row(&(struct row){ cli, object, NULL }, figures, at);
	return object;
}

static struct json_value *part_json(struct cli *cli, const struct figures *figures, enum part part)
{
	struct json_value *array = json_new_array();
	for (size_t i = 0; i < part_count(figures, part); i++)
		json_append(array, row_json(cli, figures, part, i));
	return array;
}

static struct json_value *also_json(struct cli *cli, const struct figures *figures)
{
	struct json_value *also = json_new_object(), *wait = json_new_object();
	json_set_time(also, "since", figures->since);
	json_set_time(also, "until", figures->until);
	json_set_int(wait, "decisions", figures->timed);
	set_span(wait, "median_ms", figures->median_ms);
	set_span(wait, "nine_of_ten_ms", figures->late_ms);
	json_set(also, "time_to_decision", wait);
	for (size_t part = PART_AGEING; part < PART_COUNT; part++)
		if (figures->all || part < PART_REASONS)
			json_set(also, part_names[part], part_json(cli, figures, (enum part)part));
	return also;
}

static void part_table(struct cli *cli, const struct figures *figures, enum part part)
{
	struct table *table = table_new(&cli->arena, frames[part].columns, frames[part].column_count, cli->mode);
	size_t count = part_count(figures, part);
	for (size_t i = 0; i < count; i++)
		frames[part].row(&(struct row){ cli, NULL, table }, figures, i);
	out_heading(&cli->out, frames[part].title);
	if (count)
		out_table(&cli->out, table, 0);
	else
		out_line(&cli->out, "none");
}

static void sums(struct cli *cli, const struct figures *figures)
{
	struct arena *arena = &cli->arena;
	int64_t received = 0, approved = figures->mix[DECISION_APPROVE], rejected = figures->mix[DECISION_REJECT];
	for (size_t i = 0; i < figures->day_count; i++)
		received += figures->days[i].received;
	out_styled_line(&cli->out, CELL_TITLE, "%zu day%s to %s (UTC)", figures->day_count,
			figures->day_count == 1 ? "" : "s", day_text(cli, figures->until - FIGURES_DAY_MS));
	out_line(&cli->out, "received          %lld", (long long)received);
	out_line(&cli->out, "decided           %lld by people, %lld by the system",
		 (long long)(approved + rejected), (long long)figures->automatic);
	out_line(&cli->out, "approved          %s", share_text(arena, approved, approved + rejected));
	if (figures->timed)
		out_line(&cli->out, "time to decision  %s median, nine of ten within %s",
			 span_text(arena, figures->median_ms), span_text(arena, figures->late_ms));
}

/* A time before now as whole days, the present one included. */
static enum err read_days(struct cli *cli, int64_t otherwise, int64_t *days, struct error *error)
{
	int64_t now = desk_now(cli->desk), since;
	enum err err = cli_since(cli, "since", now - (otherwise - 1) * FIGURES_DAY_MS, &since, error);
	if (err)
		return err;
	*days = (day_begin(now) - day_begin(since)) / FIGURES_DAY_MS + 1;
	if (*days < 1 || *days > FIGURES_DAYS_MAX)
		return error_set_field(error, ERR_INVALID, "since",
				       "--since is '%s'; write a day from %s to today, or how long ago, like 30d",
				       cli_text(cli, "since"),
				       day_text(cli, now - (FIGURES_DAYS_MAX - 1) * FIGURES_DAY_MS));
	return ERR_OK;
}

static enum err run_stats(struct cli *cli, struct error *error)
{
	const char *of = cli_text(cli, "of");
	size_t place = PART_DAYS;
	struct figures figures;
	struct cli_rows rows;
	int64_t days;
	enum err err = read_days(cli, FIGURES_DAYS_DEFAULT, &days, error);
	if (!err && *of)
		err = cli_place(&(struct cli_words){ "of", "part of the figures", part_words }, of, &place, error);
	if (!err)
		err = desk_figures(cli->desk, &cli->arena, days, &figures, error);
	if (err)
		return err;
	enum part part = (enum part)place;
	if (!figures.all && part >= PART_REASONS)
		return error_set(error, ERR_FORBIDDEN,
				 "Reasons and screening lists are for leads: run %s without --of",
				 cli->parsed.command->name);
	if (cli->out.format == OUT_TABLE && !*of) {
		sums(cli, &figures);
		for (size_t i = 0; i < PART_COUNT; i++)
			if (figures.all || i < PART_REASONS)
				part_table(cli, &figures, (enum part)i);
		return ERR_OK;
	}
	if ((err = cli_rows(cli, frames[part].columns, frames[part].column_count, &rows, error)))
		return err;
	for (size_t i = 0; i < part_count(&figures, part); i++) {
		struct json_value *object = row_json(cli, &figures, part, i);
		const char *key = json_get_text(object, json_first_key(object));
		bool shown = cli_row(&rows, arena_strdup(&cli->arena, key));
		if (shown && rows.data)
			json_append(rows.data, json_clone(object));
		else if (shown)
			frames[part].row(&(struct row){ cli, NULL, rows.table }, &figures, i);
		json_free(object);
	}
	if (cli_json(cli))
		rows.also = also_json(cli, &figures);
	return cli_rows_end(cli, &rows, frames[part].csv, error);
}

/* --- team --- */

static struct json_value *member_json(const struct team_member *member, int64_t now)
{
	struct json_value *object = json_new_object();
	json_set_text(object, "name", member->name);
	json_set_text(object, "role", role_text(member->role));
	json_set_bool(object, "supervised", member->supervised);
	json_set_int(object, "held", member->held);
	json_set_int(object, "overdue", member->overdue);
	json_set_time(object, "next_due", member->next_due);
	json_set_int(object, "decisions", member->decisions);
	json_set_int(object, "approvals", member->approvals);
	set_span(object, "median_ms", member->median_ms);
	json_set_time(object, "last_at", member->last_at);
	set_span(object, "idle_ms", member->last_at == TIME_NONE ? TIME_NONE : now - member->last_at);
	return object;
}

static void member_cells(struct cli *cli, struct table *table, const struct team_member *member, int64_t now)
{
	struct arena *arena = &cli->arena;
	const char *median = span_text(arena, member->median_ms);
	table_add(table, member->name);
	table_addf(table, "%s%s", role_text(member->role), member->supervised ? ", supervised" : "");
	table_add_int(table, member->held);
	table_add_styled(table, member->overdue ? CELL_DANGER : CELL_PLAIN,
			 arena_printf(arena, "%lld", (long long)member->overdue));
	table_add_int(table, member->decisions);
	table_add(table, *median ? median : "-");
	table_add(table, member->last_at == TIME_NONE ? "-" : span_text(arena, now - member->last_at));
}

static enum err run_team(struct cli *cli, struct error *error)
{
	static const struct table_column columns[] = {
		{ "Name", TEXT_LEFT, 8 },     { "Role", TEXT_LEFT, 0 },	    { "Held", TEXT_RIGHT, 0 },
		{ "Overdue", TEXT_RIGHT, 0 }, { "Decided", TEXT_RIGHT, 0 }, { "Median", TEXT_RIGHT, 0 },
		{ "Idle", TEXT_RIGHT, 0 },
	};
	struct team team;
	struct cli_rows rows;
	int64_t days, now = desk_now(cli->desk);
	enum err err = read_days(cli, 1, &days, error);
	if (!err)
		err = desk_team(cli->desk, &cli->arena, days, &team, error);
	if (!err)
		err = cli_rows(cli, columns, sizeof columns / sizeof *columns, &rows, error);
	if (err)
		return err;
	for (size_t i = 0; i < team.count; i++) {
		if (!cli_row(&rows, team.members[i].name))
			continue;
		if (rows.data)
			json_append(rows.data, member_json(&team.members[i], now));
		else
			member_cells(cli, rows.table, &team.members[i], now);
	}
	if (cli_json(cli)) {
		rows.also = json_new_object();
		json_set_time(rows.also, "since", team.since);
	}
	return cli_rows_end(
		cli, &rows,
		"name,role,supervised,held,overdue,next_due,decisions,approvals,median_ms,last_at,idle_ms", error);
}

#define SINCE_OPTION(otherwise)                                                                                    \
	{                                                                                                          \
		"since", 0, "TIME", 0, NULL,                                                                       \
			"the first day, or how long ago, like 30d (" otherwise "); days begin at midnight UTC"     \
	}
static const struct command rows[] = {
	{ .name = "stats",
	  .summary = "Prints figures of the desk: days, ages, decisions, reasons, lists",
	  .details =
		  "Each day: received, decided. Ages of the cases that are not decided. Decisions by kind, the "
		  "time "
		  "to a decision. For leads: reasons of rejections, and of each screening list the share of false "
		  "positives. --csv and --ndjson print one part, the days without --of. docs/figures.md says how "
		  "each figure is computed.",
	  .example = "stats --since 30d --of lists --csv",
	  .flags = COMMAND_LIST,
	  .run = run_stats,
	  .options = { SINCE_OPTION("14d"),
		       { "of", 0, "PART", 0, part_words, "only this part" },
		       LIMIT_OPTION,
		       AFTER_OPTION } },
	{ .name = "team",
	  .summary = "Lists what each reviewer holds and has decided",
	  .details =
		  "Cases held now, and the overdue ones of them; decisions since midnight UTC, and the median time "
		  "from the claim to the decision; the time since the last action. Leads see everyone, a reviewer "
		  "only the own row.",
	  .example = "team --since 7d",
	  .flags = COMMAND_LIST,
	  .run = run_team,
	  .options = { SINCE_OPTION("today"), LIMIT_OPTION, AFTER_OPTION } },
};
const struct command_chapter commands_figures = COMMAND_CHAPTER("Figures", rows);
