/* Two boards: the audit log of the whole desk, filtered by words like "actor:NAME", and one record of the log. */
#include "workbench.h"

#include "kybdesk/base/timefmt.h"
#include "kybdesk/codec/json.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_ROWS 200
#define TODAY_ROWS 1000
#define FILTER_HELP "actor:NAME action:WORD session:CASE since:2d until:2026-11-30"

static enum err read_moment(const char *word, const char *text, int64_t now, int64_t *out, struct error *error)
{
	if (past_time_parse(text, now, out))
		return ERR_OK;
	return error_set(error, ERR_INVALID,
			 "%s needs a day like 2026-11-30, today, a time, or a duration before now, like 2d", word);
}

static enum err parse_filter_word(struct arena *arena, const char *word, int64_t now, struct audit_query *out,
				  struct error *error)
{
	size_t key = strcspn(word, ":");
	const char *value = word[key] ? word + key + 1 : "";
	const char *name = arena_strndup(arena, word, key);
	if (!*value)
		return error_set(error, ERR_INVALID, "\"%s\" has no value; write for example %s", word, FILTER_HELP);
	if (!strcmp(name, "actor"))
		out->actor = value;
	else if (!strcmp(name, "action"))
		out->action = value;
	else if (!strcmp(name, "session"))
		out->session = value;
	else if (!strcmp(name, "since"))
		return read_moment(name, value, now, &out->since, error);
	else if (!strcmp(name, "until"))
		return read_moment(name, value, now, &out->until, error);
	else if (!strcmp(name, "after"))
		out->after_seq = strtoll(value, NULL, 10); /* add_older_records_row() adds this filter */
	else
		return error_set(error, ERR_INVALID, "Unknown key \"%s\"; write for example %s", name, FILTER_HELP);
	return ERR_OK;
}

static enum err read_filter_words(struct arena *arena, const char *text, int64_t now, struct audit_query *out,
				  struct error *error)
{
	char *rest = arena_strdup(arena, text), *word;
	enum err err = ERR_OK;
	while (!err && (word = strsep(&rest, " ")))
		if (*word)
			err = parse_filter_word(arena, word, now, out, error);
	return err;
}

/* The filter for display: without the word "after:…", which add_older_records_row() adds. */
static const char *display_filter_text(struct arena *arena, const char *text)
{
	const char *after = strstr(text, "after:");
	size_t length = after ? (size_t)(after - text) : strlen(text);
	while (length && text[length - 1] == ' ')
		length--;
	return arena_strndup(arena, text, length);
}

/* The records of a page. For TODAY_WORDS also the cases that they are about. */
struct log_page {
	struct audit_page records;
	struct list_page cases;
};
#define TODAY_WORDS "today"

static enum err read_cases(struct desk *desk, struct job *job, struct log_page *found)
{
	struct list_query query = { .sort = SORT_UPDATED, .limit = TODAY_ROWS, .include_subsessions = true };
	struct filter *ids = &query.filter;
	for (size_t i = 0; i < found->records.count; i++)
		if (found->records.items[i].session_id[0])
			*ARENA_PUSH(&job->arena, ids->terms, ids->count, ids->capacity) =
				(struct filter_term){ .key = FILTER_ID, .value = found->records.items[i].session_id };
	return ids->count ? desk_list(desk, &job->arena, &query, &found->cases, &job->error) : ERR_OK;
}

static enum err audit_log_read(struct desk *desk, struct job *job)
{
	struct log_page *found = job->board_data = arena_alloc(&job->arena, sizeof *found);
	bool today = !strcmp(job->in.part, TODAY_WORDS);
	struct audit_query query = { .limit = today ? TODAY_ROWS : PAGE_ROWS };
	const char *words = today ? arena_printf(&job->arena, "actor:%s since:today", desk_actor(desk)) : job->in.part;
	*found = (struct log_page){ 0 };
	enum err err = read_filter_words(&job->arena, words, desk_now(desk), &query, &job->error);
	if (!err)
		err = desk_audit_list(desk, &job->arena, &query, &found->records, &job->error);
	return err || !today ? err : read_cases(desk, job, found);
}

enum { L_AT, L_WHO, L_WHAT, L_DETAIL };
static const struct grid_column log_columns[] = {
	[L_AT] = { "At", 12, 12, TEXT_LEFT, false, 0, true },
	[L_WHO] = { "Who", 8, 20, TEXT_LEFT, false, 0, false },
	[L_WHAT] = { "Action", 21, 30, TEXT_LEFT, false, 0, false },
	[L_DETAIL] = { "Detail", 12, 200, TEXT_LEFT, true, 1, false },
};

static const struct grid_column today_columns[] = {
	[L_AT] = { "At", 12, 12, TEXT_LEFT, false, 0, true },
	[L_WHO] = { "Undo", 8, 8, TEXT_LEFT, false, 0, false },
	[L_WHAT] = { "Action", 21, 30, TEXT_LEFT, false, 0, false },
	[L_DETAIL] = { "Case", 12, 200, TEXT_LEFT, true, 1, false },
};

static const char *seq_text(struct arena *arena, int64_t seq)
{
	return arena_printf(arena, "%lld", (long long)seq);
}

/* The detail of a record as text, like "result imported, status approved"; omits nulls, nested objects and the
 * previous record. */
static const char *detail_text(struct arena *arena, const char *text)
{
	struct json_value *detail = NULL;
	const char *words = "";
	if (json_read(text, strlen(text), &detail, NULL))
		return text;
	for (const char *key = json_first_key(detail); key; key = json_next_key(detail, key)) {
		const struct json_value *value = json_get(detail, key);
		const char *shown = json_text(value);
		if (json_value_is_null(value) || json_first_key(value) || !strcmp(key, AUDIT_PREVIOUS_RECORD))
			continue;
		words = arena_printf(arena, "%s%s%s %s", words, words[0] ? ", " : "", key,
				     shown ? arena_strdup(arena, shown) : json_to_arena(arena, value));
	}
	json_free(detail);
	return words;
}

/* The key that undoes the action in its case: of a verdict or removal, or of a decision once its time to undo is over.
 * "": none. */
static const char *undo_way_text(const char *action, enum session_status status)
{
	const struct use_case *row = ITEM_WITH_TEXT(use_cases, VERB_COUNT, audit_action, action);
	enum verb verb = row ? (enum verb)(row - use_cases) : VERB_COUNT;
	if (session_status_is_decided(status))
		return verb == VERB_APPROVE || verb == VERB_REJECT || undo_noun(verb) ? "v reopen" : "";
	return undo_noun(verb) ? "U undo" : "";
}

/* A change of today: Enter opens the case, where it can be undone. */
static void add_today_row(struct grid *grid, const struct audit_event *item, const struct session_item *of)
{
	struct grid_row *row = grid_add_row(grid, ROW_SESSION, of->id);
	const char *way = undo_way_text(item->action, of->status);
	row->detail = *way ? "Enter opens the case, where the key undoes it" : "Enter opens the case";
	grid_set_cell(row, L_AT, THEME_MUTED, grid_time(grid, item->at));
	grid_set_cell(row, L_WHO, THEME_MUTED, way);
	grid_set_cell(row, L_WHAT, THEME_TEXT, item->action);
	grid_set_cell(row, L_DETAIL, THEME_TEXT, case_title(grid->arena, of->subject_name, of->external_ref));
}

static void add_log_row(struct grid *grid, const struct audit_event *item)
{
	struct grid_row *row = grid_add_row(grid, ROW_RECORD, seq_text(grid->arena, item->seq));
	const char *words = detail_text(grid->arena, item->detail);
	row->detail = grid_printf(grid, "Record %lld by %s, %s%s%s", (long long)item->seq, item->actor, item->role,
				  words[0] ? ": " : "", words);
	grid_set_cell(row, L_AT, THEME_MUTED, grid_time(grid, item->at));
	grid_set_cell(row, L_WHO, strcmp(item->role, "system") ? THEME_TEXT : THEME_MUTED, item->actor);
	grid_set_cell(row, L_WHAT, THEME_TEXT, item->action);
	grid_set_cell(row, L_DETAIL, THEME_MUTED, words);
}

static void add_older_records_row(struct grid *grid, const char *words, int64_t after)
{
	struct grid_row *row = grid_add_row(
		grid, ROW_RECORDS, grid_printf(grid, "%s%safter:%lld", words, words[0] ? " " : "", (long long)after));
	row->detail = "Enter shows older records, Esc goes back";
	grid_set_cell(row, L_WHAT, THEME_MUTED, "older records");
}

static bool audit_log_fill_page(struct page *page, struct job *job)
{
	struct grid *grid = &page->grid;
	const struct log_page *found = job->board_data;
	const char *words = display_filter_text(grid->arena, page->ref);
	bool today = !strcmp(words, TODAY_WORDS);
	page_set_title(page, "Audit log", "%s", words[0] ? words : "newest first");
	GRID_LIST(grid, log_columns, "No record matches. Esc goes back");
	if (today)
		GRID_LIST(grid, today_columns, "You changed nothing today. Esc goes back");
	for (size_t i = 0; i < found->records.count; i++) {
		const struct audit_event *item = &found->records.items[i];
		if (!today)
			add_log_row(grid, item);
		for (size_t c = 0; c < found->cases.count && !leaves_data_unchanged(item->action); c++)
			if (!strcmp(found->cases.items[c].id, item->session_id))
				add_today_row(grid, item, &found->cases.items[c]);
	}
	if (found->records.next_after_seq)
		add_older_records_row(grid,
				      today ? grid_printf(grid, "actor:%s since:today", grid->frame->actor) : words,
				      found->records.next_after_seq);
	return true;
}

#define LOG_BAR BAR(BAR_OPEN, BAR_ENTRY(AUDIT_NARROW, "narrow"), BAR_BACK)

const struct board_spec audit_board = { BOARD("Audit log", audit_log_read, audit_log_fill_page, AUDIT, RECORDS),
					.bar = LOG_BAR };

void audit_edit_filter(struct workbench *workbench)
{
	bool lists = workbench->boards.top->spec != &record_board;
	const char *words = lists ? display_filter_text(&workbench->scratch, workbench->boards.top->page->ref) : "";
	palette_open_with_text(workbench, arena_printf(&workbench->scratch, "audit %s%s", words, words[0] ? " " : ""));
}

/* --- one record --- */

static enum err audit_record_read(struct desk *desk, struct job *job)
{
	struct audit_event *found = job->board_data = arena_alloc(&job->arena, sizeof *found);
	return desk_audit_find_record(desk, &job->arena, strtoll(job->in.part, NULL, 10), found, &job->error);
}

static bool audit_record_fill_page(struct page *page, struct job *job)
{
	const struct audit_event *item = job->board_data;
	struct grid *grid = &page->grid;
	page_set_title(page, grid_printf(grid, "Record %lld", (long long)item->seq), "%s", item->action);
	facts_add_heading(grid, "Event");
	facts_line(grid, "who", grid_printf(grid, "%s, %s", item->actor, item->role));
	facts_add_time(grid, "when", item->at);
	facts_add_link(grid, ROW_SESSION, item->session_id, "case", item->session_id);
	if (item->session_version)
		facts_line(grid, "version of the case", seq_text(grid->arena, item->session_version));
	facts_add_record(grid, item);
	facts_add_heading(grid, "Hash of the record");
	facts_add_hash(grid, "hash", item->hash);
	return true;
}

const struct board_spec record_board = { BOARD("Record", audit_record_read, audit_record_fill_page, AUDIT, RECORD),
					 .bar = LOG_BAR };
