#include "../cli_internal.h"

#include <unistd.h>

struct json_value *cli_json_or_null(const char *text)
{
	return text && *text ? json_new_string(text) : json_new_null();
}

struct json_value *json_set_members(struct json_value *object, const struct object_member *members)
{
	for (; members->key; members++)
		json_set(object, members->key, members->value);
	return object;
}

static void add_csv_line(struct strbuf *out, const char *const *cells, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i)
			strbuf_addch(out, ',');
		csv_add_cell(out, cells[i]);
	}
	strbuf_adds(out, "\r\n");
}

/* Prints JSON objects as CSV: a line with the names of the members, then one line for each object. */
static void print_csv(struct cli *cli, const char *members, const struct json_value *data)
{
	struct strbuf out = STRBUF_INIT;
	char *rest = arena_strdup(&cli->arena, members), *name;
	const char **names = arena_alloc_array(&cli->arena, strlen(members) + 1, sizeof *names);
	const char **cells = arena_alloc_array(&cli->arena, strlen(members) + 1, sizeof *cells);
	size_t count = 0;
	while ((name = strsep(&rest, ",")))
		names[count++] = name;
	add_csv_line(&out, names, count);
	for (size_t i = 0; i < json_count(data); i++) {
		for (size_t j = 0; j < count; j++)
			cells[j] = cli_value_text(cli, json_get(json_at(data, i), names[j]));
		add_csv_line(&out, cells, count);
	}
	out_bytes(&cli->out, out.buf, out.len);
	strbuf_release(&out);
}

const char *cli_session_csv_names(struct cli *cli)
{
	struct strbuf out = STRBUF_INIT;
	const char *word;
	for (size_t i = 0; (word = session_item_member_name(i)); i++)
		strbuf_addf(&out, "%s%s", i ? "," : "", word);
	return strbuf_finish(&out, &cli->arena);
}

void cli_hint(struct cli *cli, const char *text)
{
	if (cli->log.level == LOG_QUIET)
		return;
	struct output side;
	out_init(&side, STDERR_FILENO, cli->mode);
	out_line(&side, "%s", text);
	/* A failed write of the hint is not an error, but the command then prints no further hints and warnings. */
	if (out_finish(&side, NULL) != ERR_OK)
		cli->log.level = LOG_QUIET;
	out_release(&side);
}

/* Prints the option for the next page. */
static void print_next_page_hint(struct cli *cli, const char *next)
{
	if (*next)
		cli_hint(cli, arena_printf(&cli->arena, "more entries follow; list them with --after %s", next));
}

void cli_print_page(struct cli *cli, const struct cli_page *page)
{
	switch (cli->out.format) {
	case OUT_JSON: {
		struct json_value *object =
			JSON_NEW(JSON_VALUE("data", page->data), JSON_OR_NULL("next", page->next_cursor));
		for (const char *key = json_first_key(page->extra_data); key;
		     key = json_next_key(page->extra_data, key))
			json_set(object, key, json_clone(json_get(page->extra_data, key)));
		out_json(&cli->out, object);
		json_free(page->extra_data);
		return;
	}
	case OUT_NDJSON:
		for (size_t i = 0; i < json_count(page->data); i++)
			out_json_line(&cli->out, json_clone(json_at(page->data, i)));
		break;
	case OUT_CSV:
		print_csv(cli, page->csv_columns, page->data);
		break;
	case OUT_TABLE:
		if (page->table)
			out_table(&cli->out, page->table, 0);
		break;
	}
	json_free(page->data);
	json_free(page->extra_data);
	print_next_page_hint(cli, page->next_cursor);
}

struct json_value *cli_new_page_data(const struct cli *cli)
{
	return cli->out.format == OUT_TABLE ? NULL : json_new_array();
}

void entry_add_cell(struct entry row, const char *member, const char *text, const char *cell)
{
	json_set_text(row.object, member, text);
	table_add_cell(row.table, cell);
}

void entry_add_text(struct entry row, const char *member, const char *text)
{
	entry_add_cell(row, member, text, text);
}

void entry_add_number(struct entry row, const char *member, int64_t value)
{
	json_set_int(row.object, member, value);
	table_add_int(row.table, value);
}

void entry_add_time(struct entry row, const char *member, int64_t ms)
{
	json_set_time(row.object, member, ms);
	table_add_cell(row.table, ms == TIME_NONE ? "-" : time_text(&row.cli->arena, ms));
}

void cli_rows_begin_unlimited(struct cli *cli, const char *columns, struct cli_rows *out)
{
	*out = (struct cli_rows){ .data = json_new_array(),
				  .table = columns ? table_from(&cli->arena, columns, cli->mode) : NULL,
				  .last_key = "" };
}

void cli_rows_begin(struct cli *cli, const char *columns, struct cli_rows *out)
{
	cli_rows_begin_unlimited(cli, columns, out);
	out->after = parsed_option_text(&cli->command_line, "after");
	out->begun = !out->after;
	if (cli_read_limit(cli, &out->limit, NULL))
		out->limit = 0; /* cli_rows_end() refuses it */
}

struct entry cli_add_entry(struct cli *cli, const struct cli_rows *rows)
{
	struct json_value *object = json_new_object();
	json_append(rows->data, object);
	return (struct entry){ cli, object, rows->table };
}

struct entry cli_new_json_entry(struct cli *cli)
{
	return (struct entry){ cli, json_new_object(), table_from(&cli->arena, "", cli->mode) };
}

bool cli_row_begin(struct cli_rows *rows, const char *key)
{
	if (!rows->begun) {
		rows->begun = !strcmp(key, rows->after);
		return false;
	}
	if (rows->count == rows->limit) {
		rows->has_more = true;
		return false;
	}
	rows->count++;
	rows->last_key = key;
	return true;
}

enum err cli_print_rows(struct cli *cli, const struct cli_rows *rows, const char *csv_columns, const char *next_cursor)
{
	cli_print_page(cli, &(struct cli_page){ rows->data, rows->table, csv_columns, next_cursor, rows->extra_data });
	return ERR_OK;
}

enum err cli_rows_end(struct cli *cli, const struct cli_rows *rows, const char *csv_columns, struct error *error)
{
	size_t limit;
	enum err err = cli_read_limit(cli, &limit, error);
	if (err || !rows->begun) {
		json_free(rows->data);
		json_free(rows->extra_data);
		return err ? err
			   : error_invalid(error, "after",
					   "'%s' is not a cursor of this list; start again without --after",
					   rows->after);
	}
	return cli_print_rows(cli, rows, csv_columns, rows->has_more ? rows->last_key : "");
}
