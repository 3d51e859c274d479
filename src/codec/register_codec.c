#include "kybdesk/codec/register_codec.h"
#include "kybdesk/base/resource.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/value.h"
#include "kybdesk/codec/session_codec.h"
#include "reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- CSV (RFC 4180) from a file descriptor, record by record; if a quotation mark is not closed, reading continues
 * with the next line --- */

#define CSV_RECORD_MAX (256 * 1024) /* bytes */
#define BLOCK_SIZE (2 * CSV_RECORD_MAX)

struct csv_record {
	const char **cells;
	size_t count, capacity;
	size_t line; /* where the record begins, from 1 */
	const char *text;
	size_t length;
};
struct csv {
	int fd;
	bool ended;
	char *block;
	size_t at, buffered_bytes, offset, line;
};

/* head: bytes that were already read from fd, at most CSV_RECORD_MAX. */
static struct csv *csv_new(int fd, const char *head, size_t length)
{
	struct csv *csv = xcalloc(1, sizeof *csv);

	csv->fd = fd;
	csv->line = 1;
	csv->block = xmalloc(BLOCK_SIZE);
	memcpy(csv->block, head, length);
	csv->buffered_bytes = csv->offset = length;
	return csv;
}

static void csv_free(struct csv *csv)
{
	if (!csv)
		return;
	free(csv->block);
	free(csv);
}

/* Fills the block until it holds a whole record of any length, or the rest of the input. */
static enum err fill_block(struct csv *csv, struct error *error)
{
	if (csv->ended || csv->buffered_bytes - csv->at > CSV_RECORD_MAX)
		return ERR_OK;
	memmove(csv->block, csv->block + csv->at, csv->buffered_bytes - csv->at);
	csv->buffered_bytes -= csv->at;
	csv->at = 0;
	while (!csv->ended && csv->buffered_bytes <= CSV_RECORD_MAX) {
		ssize_t got = read(csv->fd, csv->block + csv->buffered_bytes, BLOCK_SIZE - csv->buffered_bytes);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(error, ERR_INTERNAL, "the input cannot be read any further: %s",
					 strerror(errno));
		csv->ended = got == 0;
		csv->buffered_bytes += (size_t)got;
		csv->offset += (size_t)got;
	}
	if (!csv->offset || csv->line > 1 || csv->buffered_bytes < 3 || memcmp(csv->block, "\xef\xbb\xbf", 3) != 0)
		return ERR_OK;
	csv->at = 3;
	return ERR_OK;
}

/* Reads one cell from *at on; false: the quotation mark is not closed, or text follows the closing mark. */
static bool read_cell(const char *text, size_t length, size_t *at, struct strbuf *out)
{
	size_t i = *at;

	strbuf_reset(out);
	if (i < length && text[i] == '"') {
		for (i++; i < length; i++) {
			if (text[i] == '"' && i + 1 < length && text[i + 1] == '"')
				i++;
			else if (text[i] == '"')
				break;
			strbuf_addch(out, text[i]);
		}
		if (i++ >= length)
			return false;
	} else {
		while (i < length && text[i] != ',' && text[i] != '\n' && text[i] != '\r')
			strbuf_addch(out, text[i++]);
	}
	*at = i;
	return i >= length || text[i] == ',' || text[i] == '\n' || text[i] == '\r';
}

static size_t line_end(const char *text, size_t length)
{
	const char *newline = memchr(text, '\n', length);

	return newline ? (size_t)(newline - text) + 1 : length;
}

static void consume_record(struct csv *csv, struct csv_record *out, size_t bytes)
{
	out->line = csv->line;
	out->text = csv->block + csv->at;
	out->length = bytes;
	for (size_t i = 0; i < bytes; i++)
		csv->line += out->text[i] == '\n';
	csv->at += bytes;
}

/* Reads the cells of the first record of the text; *end: length of the record with its line end. */
static bool read_record(struct arena *arena, const char *text, size_t length, struct csv_record *out, size_t *end)
{
	struct strbuf cell = STRBUF_INIT;
	size_t at = 0;
	bool sound = true, more = true;

	while (more && (sound = read_cell(text, length, &at, &cell))) {
		*ARENA_PUSH(arena, out->cells, out->count, out->capacity) = arena_strndup(arena, cell.buf, cell.len);
		more = at < length && text[at] == ',';
		at += more;
	}
	strbuf_release(&cell);
	if (at < length && text[at] == '\r')
		at++;
	*end = at < length && text[at] == '\n' ? at + 1 : at;
	return sound;
}

/* Reads the next record. The cells are in the arena; the text of the record is valid until the next call. *end: the
 * file has no further record. ERR_INVALID: the record is invalid, and the next call continues after it, or after
 * its first line if its end is not found. Skips empty lines. */
static enum err csv_next(struct csv *csv, struct arena *arena, struct csv_record *out, bool *end, struct error *error)
{
	for (;;) {
		enum err err = fill_block(csv, error);
		const char *text = csv->block + csv->at;
		size_t length = csv->buffered_bytes - csv->at, bytes = 0;

		*out = (struct csv_record){ .line = csv->line, .text = "" };
		*end = !err && !length;
		if (err || *end)
			return err;
		if (text[0] == '\n' || (text[0] == '\r' && length > 1 && text[1] == '\n')) {
			consume_record(csv, out, text[0] == '\n' ? 1 : 2);
			continue;
		}
		if (!read_record(arena, text, length > CSV_RECORD_MAX ? CSV_RECORD_MAX : length, out, &bytes)) {
			consume_record(csv, out, line_end(text, length));
			return error_set(error, ERR_INVALID,
					 "a quotation mark is not closed; close it, or write \"\" for a quotation mark "
					 "within a value");
		}
		if (bytes >= CSV_RECORD_MAX) {
			consume_record(csv, out, line_end(text, length));
			return error_set(error, ERR_INVALID, "is longer than %d KiB; shorten it",
					 CSV_RECORD_MAX / 1024);
		}
		consume_record(csv, out, bytes);
		if (memchr(out->text, '\0', bytes))
			return error_set(error, ERR_INVALID, "contains a zero byte; save the file as UTF-8");
		return ERR_OK;
	}
}

/* --- registers --- */

enum { HEAD_SIZE = 64, COLUMNS_MAX = 10, WORDS_MAX = 50, VALUE_BYTES_MAX = 1000 };
#define DATE_FORMAT_DAY_FIRST "DD/MM/YYYY"
#define DATE_FORMAT_YEAR_FIRST "YYYY-MM-DD"

const char *const register_names[REGISTER_COUNT] = { "companies-house", "gleif" };

const char *register_entry_write(struct arena *arena, const struct register_entry *entry)
{
	struct json_value *out = json_new_object();

	json_set_text(out, REGISTER_MEMBER_TITLE, entry->title);
	for (size_t i = 0; i < REGISTER_FIELD_COUNT; i++)
		json_set_text_if_any(out, register_members[i], entry->values[i]);
	json_set_bool(out, REGISTER_MEMBER_ACTIVE, entry->active);
	if (entry->other_names && entry->other_names->count) {
		struct json_value *names = json_new_array();

		for (size_t i = 0; i < entry->other_names->count; i++)
			json_append(names, json_new_string(value_text(&entry->other_names->items[i])));
		json_set(out, REGISTER_MEMBER_OTHER_NAMES, names);
	}
	return json_move_to_arena(arena, out);
}

/* The columns of a file that make up one value; their texts are joined with commas. */
struct column_source {
	const char **columns;
	size_t count, index[COLUMNS_MAX]; /* positions of the columns in CSV; SIZE_MAX: column missing */
	bool required;
	const char *date_format; /* format of a date; "": the value is not a date */
};
struct mapping {
	const char *title, *records_member, *country;
	const char **active_statuses;
	size_t active_status_count;
	struct column_source fields[REGISTER_FIELD_COUNT], other_names;
};

struct register_file {
	struct arena arena;
	struct mapping mapping;
	const struct countries *countries;
	struct csv *csv; /* NULL: the file is JSON, read through `json_stream` */
	struct session_stream *json_stream;
	size_t column_count;
};

static void column_source_read(struct reader *reader, const struct node *item, struct column_source *out)
{
	if (!item->value || !expect_object(reader, item))
		return;
	EXPECT_KEYS(reader, item, "columns", "required", "date");
	out->columns = read_texts(reader, item, "columns", &out->count);
	out->required = read_bool(reader, item, "required", false);
	out->date_format = read_text(reader, item, "date");
	if (!reader->failed && (!out->count || out->count > COLUMNS_MAX))
		reader_refuse(reader, item, "needs 1 to %d columns", COLUMNS_MAX);
	if (!reader->failed && *out->date_format && strcmp(out->date_format, DATE_FORMAT_DAY_FIRST) != 0 &&
	    strcmp(out->date_format, DATE_FORMAT_YEAR_FIRST) != 0)
		reader_refuse(reader, item,
			      "has a date that is neither " DATE_FORMAT_DAY_FIRST " nor " DATE_FORMAT_YEAR_FIRST);
}

static void root_read(struct reader *reader, const struct node *root, void *into)
{
	struct mapping *out = into;

	if (!expect_object(reader, root))
		return;
	EXPECT_KEYS(reader, root, "title", "source", "records", "country", "active", "fields", "other_names");
	out->title = read_required_text(reader, root, "title");
	(void)read_text(reader, root, "source");
	out->records_member = read_text(reader, root, "records");
	out->country = read_text(reader, root, "country");
	out->active_statuses = read_texts(reader, root, "active", &out->active_status_count);
	column_source_read(reader, MEMBER(root, "other_names"), &out->other_names);
	const struct node fields = node_member(root, "fields");
	expect_keys(reader, &fields, register_members, REGISTER_FIELD_COUNT);
	for (size_t i = 0; i < REGISTER_FIELD_COUNT && !reader->failed; i++)
		column_source_read(reader, MEMBER(&fields, register_members[i]), &out->fields[i]);
}

static enum err mapping_read(struct register_file *file, const char *name, struct error *error)
{
	const char *path = arena_printf(&file->arena, "registers/%s.json", name);
	const struct resource *resource = resource_find_embedded(path);
	struct reader reader = { .arena = &file->arena, .error = error, .origin = path };

	if (!resource)
		return error_set_field(error, ERR_INVALID, "format", "Unknown register \"%s\"", name);
	return reader_run(&reader, (const char *)resource->bytes, resource->length, root_read, &file->mapping);
}

/* Reads the beginning of the input. *json: whether the first character other than white space begins JSON. */
static enum err read_file_head(int fd, char head[HEAD_SIZE], size_t *length, bool *json, struct error *error)
{
	for (*length = 0; *length < HEAD_SIZE;) {
		ssize_t got = read(fd, head + *length, HEAD_SIZE - *length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(error, ERR_INTERNAL, "the input cannot be read: %s", strerror(errno));
		if (!got)
			break;
		*length += (size_t)got;
	}
	size_t at = *length >= 3 && !memcmp(head, "\xef\xbb\xbf", 3) ? 3 : 0;
	while (at < *length && strchr(" \t\r\n", head[at]))
		at++;
	*json = at < *length && (head[at] == '{' || head[at] == '[');
	return ERR_OK;
}

static const char *trim(struct arena *arena, const char *text)
{
	size_t end = strlen(text);

	while (strchr(" \t\r\n", *text) && *text) {
		text++;
		end--;
	}
	while (end && strchr(" \t\r\n", text[end - 1]))
		end--;
	return arena_strndup(arena, text, end);
}

/* Finds the columns in the first line; every required column must exist. */
static enum err read_titles(struct register_file *file, struct error *error)
{
	struct csv_record titles;
	bool end = false;
	enum err err = csv_next(file->csv, &file->arena, &titles, &end, error);

	if (err || end)
		return err ? err : error_set(error, ERR_INVALID, "The input is empty");
	file->column_count = titles.count;
	for (size_t i = 0; i <= REGISTER_FIELD_COUNT; i++) {
		struct column_source *source =
			i < REGISTER_FIELD_COUNT ? &file->mapping.fields[i] : &file->mapping.other_names;

		for (size_t c = 0; c < source->count; c++) {
			size_t at = 0;

			while (at < titles.count &&
			       strcmp(trim(&file->arena, titles.cells[at]), source->columns[c]) != 0)
				at++;
			source->index[c] = at < titles.count ? at : SIZE_MAX;
			if (source->required && at == titles.count)
				return error_set_field(
					error, ERR_INVALID, source->columns[c],
					"The first line names no column \"%s\"; this is not a file of %s",
					source->columns[c], file->mapping.title);
		}
	}
	return ERR_OK;
}

static enum err register_file_open(struct register_file *file, const struct register_input *input, struct error *error)
{
	char head[HEAD_SIZE];
	struct session_stream_start start = { .head = head };
	bool json = false;
	enum err err;

	if ((err = mapping_read(file, input->name, error)) ||
	    (err = read_file_head(input->fd, head, &start.length, &json, error)))
		return err;
	if (json) {
		start.member = *file->mapping.records_member ? file->mapping.records_member : NULL;
		file->json_stream = session_stream_new(input->fd, &start);
		return ERR_OK;
	}
	file->csv = csv_new(input->fd, head, start.length);
	return read_titles(file, error);
}

/* A record, of CSV or of JSON. */
struct record {
	const struct csv_record *cells;	 /* NULL: JSON */
	const struct json_value *object; /* NULL: CSV */
};

/* The text at a path, in which a number counts the elements of a list from 1; one element may stand without a list. JSON
 * converted from XML has the text in the member "$". */
static const char *json_text_at_path(struct arena *arena, const struct json_value *object, const char *path)
{
	while (object && *path) {
		size_t length = strcspn(path, ".");

		if (is_ascii_digit(*path))
			object = (json_is_array)(object)	? json_at(object, strtoul(path, NULL, 10) - 1)
				 : strtoul(path, NULL, 10) == 1 ? object
								: NULL;
		else
			object = json_get(object, arena_strndup(arena, path, length));
		path += length + (path[length] == '.');
	}
	const char *text = object && (json_is_object)(object) ? json_get_text(object, "$")
			   : object			      ? json_text(object)
							      : NULL;
	return text ? text : "";
}

static const char *read_column(struct arena *arena, const struct record *record, const struct column_source *source,
			       size_t column)
{
	const char *text = record->object ? json_text_at_path(arena, record->object, source->columns[column])
			   : source->index[column] == SIZE_MAX ? ""
							       : record->cells->cells[source->index[column]];

	return trim(arena, text);
}

static const char *join_columns(struct arena *arena, const struct record *record, const struct column_source *source)
{
	const char *all = "";

	for (size_t i = 0; i < source->count; i++) {
		const char *text = read_column(arena, record, source, i);

		if (*text)
			all = arena_printf(arena, "%s%s%s", all, *all ? ", " : "", text);
	}
	return all;
}

static enum err refuse_value(struct arena *arena, const struct record *record, const struct column_source *source,
			     const char *why, struct error *error)
{
	const char *place = source->columns[0]; /* for a message: "IncorporationDate (column 15)" or JSON path */

	if (!record->object)
		place = arena_printf(arena, "%s (column %zu)", place, source->index[0] + 1);
	return error_invalid(error, place, "%s", why);
}

/* The date as YYYY-MM-DD; NULL: the text is not a date of the format `form`. */
static const char *parse_day(struct arena *arena, const char *text, const char *form)
{
	const char *day = arena_strndup(arena, text, strlen(text) < 10 ? strlen(text) : 10);
	bool whole =
		strlen(text) == 10 || (!strcmp(form, DATE_FORMAT_YEAR_FIRST) && strlen(text) > 10 && text[10] == 'T');

	if (!whole)
		return NULL;
	if (!strcmp(form, DATE_FORMAT_DAY_FIRST))
		day = arena_printf(arena, "%.4s-%.2s-%.2s", text + 6, text + 3, text);
	return date_is_valid(day) && (strcmp(form, DATE_FORMAT_DAY_FIRST) != 0 || (text[2] == '/' && text[5] == '/'))
		       ? day
		       : NULL;
}

static enum err read_value(const struct register_file *file, struct arena *arena, const struct record *record,
			   enum register_field field, const char **out, struct error *error)
{
	const struct column_source *source = &file->mapping.fields[field];
	const char *text = join_columns(arena, record, source), *day = NULL;

	*out = text;
	if (!*text)
		return source->required
			       ? refuse_value(arena, record, source, "is required, but is empty; fill it in", error)
			       : ERR_OK;
	if (!text_is_valid(text, strlen(text)))
		return refuse_value(arena, record, source, "is not UTF-8; save the file as UTF-8", error);
	if (strlen(text) > VALUE_BYTES_MAX)
		return refuse_value(arena, record, source,
				    arena_printf(arena, "has more than %d bytes; shorten it", VALUE_BYTES_MAX), error);
	if (*source->date_format && !(day = parse_day(arena, text, source->date_format)))
		return refuse_value(
			arena, record, source,
			arena_printf(arena, "\"%s\" is not a date; write it as %s", text, source->date_format), error);
	if (day)
		*out = day;
	return ERR_OK;
}

/* Reads the country of a record. A jurisdiction within a country, "US-DE", counts as the country. */
static enum err read_country(const struct register_file *file, struct arena *arena, const struct record *record,
			     const char **out, struct error *error)
{
	const char *text = *file->mapping.country ? file->mapping.country : *out;
	const struct country *country = country_find(file->countries, text);

	if (!country)
		country = country_find(file->countries, arena_strndup(arena, text, strcspn(text, "-")));
	if (!country)
		return refuse_value(arena, record, &file->mapping.fields[REGISTER_COUNTRY],
				    arena_printf(arena, "\"%s\" is not a country; write an ISO 3166-1 code", text),
				    error);
	*out = country->alpha3;
	return ERR_OK;
}

static void read_other_names(const struct register_file *file, struct arena *arena, const struct record *record,
			     struct register_entry *out)
{
	const struct column_source *source = &file->mapping.other_names;
	struct value *list = arena_alloc(arena, sizeof *list),
		     *items = arena_alloc_array(arena, COLUMNS_MAX, sizeof *items);

	*list = (struct value){ .kind = VALUE_LIST, .text = "", .items = items };
	for (size_t i = 0; i < source->count; i++) {
		const char *text = read_column(arena, record, source, i);

		if (*text && strlen(text) <= VALUE_BYTES_MAX && text_is_valid(text, strlen(text)))
			items[list->count++] = (struct value){ .kind = VALUE_TEXT, .text = text };
	}
	out->other_names = list;
}

static enum err read_entry(const struct register_file *file, struct arena *arena, const struct record *record,
			   struct register_entry *out, struct error *error)
{
	enum err err = ERR_OK;

	*out = (struct register_entry){ .title = file->mapping.title };
	for (unsigned i = 0; !err && i < REGISTER_FIELD_COUNT; i++)
		err = read_value(file, arena, record, (enum register_field)i, &out->values[i], error);
	if (!err)
		err = read_country(file, arena, record, &out->values[REGISTER_COUNTRY], error);
	read_other_names(file, arena, record, out);
	for (size_t i = 0; !err && i < file->mapping.active_status_count; i++)
		out->active = out->active || !strcmp(file->mapping.active_statuses[i], out->values[REGISTER_STATUS]);
	return err;
}

static enum err next_csv_entry(struct register_file *file, struct arena *arena, struct register_line *line,
			       struct register_entry *out, bool *end, struct error *error)
{
	struct csv_record cells;
	enum err err = csv_next(file->csv, arena, &cells, end, error);

	*line = (struct register_line){ cells.line, cells.text, cells.length };
	if (err || *end)
		return err;
	if (cells.count != file->column_count)
		return error_set(error, ERR_INVALID,
				 "has %zu columns, but the first line names %zu; put a value with a comma in quotation "
				 "marks",
				 cells.count, file->column_count);
	return read_entry(file, arena, &(const struct record){ .cells = &cells }, out, error);
}

static enum err next_json_entry(struct register_file *file, struct arena *arena, struct register_line *line,
				struct register_entry *out, bool *end, struct error *error)
{
	struct json_value *object = NULL;
	enum err err = session_stream_next(file->json_stream, &line->text, &line->length, &line->number, end, error);

	if (err || *end)
		return err;
	err = json_read(line->text, line->length, &object, error);
	if (!err && !(json_is_object)(object))
		err = error_set(error, ERR_INVALID, "is not an object; an entry is {\"LEI\": …}");
	if (!err)
		err = read_entry(file, arena, &(const struct record){ .object = object }, out, error);
	json_free(object);
	return err;
}

enum err register_file_read(struct register_input *input, struct error *error)
{
	struct register_file file = { .countries = input->countries };
	struct arena arena = ARENA_INIT; /* memory of the current entry */
	bool end = false;
	enum err err = register_file_open(&file, input, error);

	while (!err && !end && !input->should_stop) {
		struct register_line line;
		struct register_entry entry;

		err = (file.csv ? next_csv_entry : next_json_entry)(&file, &arena, &line, &entry, &end, error);
		input->offset = file.csv ? file.csv->offset : session_stream_offset(file.json_stream);
		if (!end && !error_is_system_failure(err))
			err = input->on_entry(input, &line, err ? NULL : &entry, error);
		arena_reset(&arena);
	}
	csv_free(file.csv);
	session_stream_free(file.json_stream);
	arena_release(&file.arena);
	arena_release(&arena);
	return err;
}
