/* Extracts the text that OOXML and similar formats show. The parser knows only the five predefined entities, and
 * supports neither a DTD nor external references. */
#include "jobs/convert.h"

#include "kybdesk/base/text.h"

#include <stdint.h>
#include <string.h>

/* The most that shared texts may make of a workbook, since many cells may show one long text. */
#define TEXT_BYTES_MAX ((size_t)16 << 20)

#define COLUMNS_MAX 16384 /* of a sheet; ISO/IEC 29500-1, 18.3.1.13 */

struct text_reader {
	struct strbuf *out;
	const struct strbuf *shared; /* start and length of each shared text of a workbook; NULL inside one */
	const char *xml;
	size_t length;
	bool is_cut;		      /* TEXT_BYTES_MAX was reached */
	bool has_shared_text;	      /* inside a cell that contains the index of a shared text */
	bool is_in_shared_text_index; /* inside the index of a shared text, which stands for this text */
	bool is_in_text;	      /* inside the text of a run, or the value of a cell: nothing else is shown */
	bool is_in_run;		      /* of a Word text: a piece with one format */
	/* Text that is not shown: in a hidden run; in an element of moved text, or of another reading of the text; in a
	 * hidden row or column. */
	bool is_hidden_run, is_unshown_element, is_hidden_row, is_hidden_cell;
	size_t column;	      /* of the cell, from 1 */
	bool *hidden_columns; /* by the column, COLUMNS_MAX + 1; NULL inside a shared text */
};

static bool tag_name_is(const char *tag, size_t length, const char *name)
{
	const char *colon = memchr(tag, ':', length);
	size_t skip = colon ? (size_t)(colon - tag) + 1 : 0;
	return length - skip == strlen(name) && !memcmp(tag + skip, name, length - skip);
}

static void end_line(struct strbuf *out)
{
	while (out->len && out->buf[out->len - 1] == ' ')
		strbuf_truncate(out, out->len - 1);
	if (out->len && out->buf[out->len - 1] != '\n')
		strbuf_addch(out, '\n');
}

static bool begins_with(const char *xml, size_t length, const char *text)
{
	return length >= strlen(text) && !memcmp(xml, text, strlen(text));
}

/* Copies the XML without comments, unparsed sections and instructions, in which anything may stand. */
static void copy_without_comments(struct strbuf *out, const char *xml, size_t length)
{
	static const struct {
		const char *begin, *end;
	} unread[] = { { "<!--", "-->" }, { "<![CDATA[", "]]>" }, { "<?", "?>" } };

	for (size_t at = 0; at < length;) {
		const char *next = memchr(xml + at + 1, '<', length - at - 1);
		size_t end = next ? (size_t)(next - xml) : length;
		bool is_read = true;

		for (size_t i = 0; is_read && i < sizeof unread / sizeof *unread; i++)
			if (begins_with(xml + at, length - at, unread[i].begin)) {
				next = memmem(xml + at, length - at, unread[i].end, strlen(unread[i].end));
				end = next ? (size_t)(next - xml) + strlen(unread[i].end) : length;
				is_read = false;
			}
		if (is_read)
			strbuf_add(out, xml + at, end - at);
		at = end;
	}
}

/* The length of the tag that begins with "<"; 0: it has no end. A quoted ">" does not end it. */
static size_t tag_length(const char *xml, size_t length)
{
	char quote = 0;

	for (size_t at = 1; at < length; at++)
		if (quote ? xml[at] == quote : xml[at] == '"' || xml[at] == '\'')
			quote = quote ? 0 : xml[at];
		else if (!quote && xml[at] == '>')
			return at + 1;
	return 0;
}

/* The value of an attribute, without the prefix of its name; "" with length 0: the tag has none. */
static const char *find_attribute(const char *tag, size_t length, const char *name, size_t *value_length)
{
	static const char space[] = " \t\r\n";

	for (size_t at = 0; at < length; at++) {
		const char *equals = memchr(tag + at, '=', length - at);
		size_t end = equals ? (size_t)(equals - tag) : length, value = end + 1;

		while (end > at && strchr(space, tag[end - 1]))
			end--;
		while (value < length && strchr(space, tag[value]))
			value++;
		const char *close = value < length ? memchr(tag + value + 1, tag[value], length - value - 1) : NULL;
		if (!equals || !close)
			break;
		size_t begin = end;
		while (begin > at && !strchr(space, tag[begin - 1]))
			begin--;
		*value_length = (size_t)(close - tag) - value - 1;
		if (tag_name_is(tag + begin, end - begin, name))
			return tag + value + 1;
		at = (size_t)(close - tag);
	}
	*value_length = 0;
	return "";
}

static bool attribute_is(const char *tag, size_t length, const char *name, const char *wanted)
{
	size_t value_length;
	const char *value = find_attribute(tag, length, name, &value_length);

	return value_length == strlen(wanted) && !memcmp(value, wanted, value_length);
}

static size_t read_count(const char *text, size_t length)
{
	size_t number = 0;

	for (size_t i = 0; i < length && text[i] >= '0' && text[i] <= '9'; i++)
		number = number < SIZE_MAX / 100 ? number * 10 + (size_t)(text[i] - '0') : number;
	return number;
}

static size_t read_attribute(const char *tag, size_t length, const char *name)
{
	size_t value_length;
	const char *value = find_attribute(tag, length, name, &value_length);

	return read_count(value, value_length);
}

/* Whether the tag switches something on, such as <w:vanish/>; <w:vanish w:val="0"/> switches it off. */
static bool switches_on(const char *tag, size_t length)
{
	return !attribute_is(tag, length, "val", "0") && !attribute_is(tag, length, "val", "false") &&
	       !attribute_is(tag, length, "val", "off");
}

static bool is_hidden(const char *tag, size_t length)
{
	return attribute_is(tag, length, "hidden", "1") || attribute_is(tag, length, "hidden", "true");
}

/* The column of a cell is in its reference ("AB12"), or the next. */
static void follow_columns(struct text_reader *text_reader, const char *tag, size_t length, const char *name,
			   size_t cells)
{
	if (!text_reader->hidden_columns)
		return;
	if (tag_name_is(name, cells, "worksheet")) {
		memset(text_reader->hidden_columns, 0, COLUMNS_MAX + 1);
	} else if (tag_name_is(name, cells, "row")) {
		text_reader->column = 0;
	} else if (tag_name_is(name, cells, "col") && is_hidden(tag, length)) {
		const size_t last = read_attribute(tag, length, "max");

		for (size_t i = read_attribute(tag, length, "min"); i <= last && i <= COLUMNS_MAX; i++)
			text_reader->hidden_columns[i] = true;
	} else if (tag_name_is(name, cells, "c") && tag[0] != '/') {
		size_t reference_length, column = 0;
		const char *reference = find_attribute(tag, length, "r", &reference_length);

		for (size_t i = 0; i < reference_length && reference[i] >= 'A' && reference[i] <= 'Z' && i < 3; i++)
			column = column * 26 + (size_t)(reference[i] - 'A') + 1;
		text_reader->column = column ? column : text_reader->column + 1;
		text_reader->is_hidden_cell =
			text_reader->column <= COLUMNS_MAX && text_reader->hidden_columns[text_reader->column];
	}
}

/* Follows what a text processor or a spreadsheet does not show. ISO/IEC 29500-1, 17.3.2.41 (vanish), 17.13.5.22
 * (moveFrom), 18.3.1.73 (hidden rows), 18.4.6 (rPh: how the text is read aloud). A shared text of a workbook (sst) is
 * shown where a cell has its index. */
static void follow_hiding(struct text_reader *text_reader, const char *tag, size_t length, const char *name,
			  size_t cells)
{
	static const char *const unshown[] = { "moveFrom", "rPh", "sst" };
	size_t count = sizeof unshown / sizeof unshown[0];
	bool closes = tag[0] == '/', is_empty = tag[length - 1] == '/';

	if (tag_name_is(name, cells, "r")) {
		text_reader->is_in_run = !closes && !is_empty;
		text_reader->is_hidden_run = false;
	} else if (tag_name_is(name, cells, "vanish") && text_reader->is_in_run) {
		text_reader->is_hidden_run = switches_on(tag, length);
	} else if (tag_name_is(name, cells, "row") && !is_empty) {
		text_reader->is_hidden_row = !closes && is_hidden(tag, length);
	} else if (!is_empty && (tag_name_is(name, cells, "t") || tag_name_is(name, cells, "v"))) {
		text_reader->is_in_text = !closes;
	}
	follow_columns(text_reader, tag, length, name, cells);
	for (size_t i = 0; !is_empty && i < count; i++)
		if (tag_name_is(name, cells, unshown[i]))
			text_reader->is_unshown_element = !closes;
}

static bool is_shown(const struct text_reader *text_reader)
{
	return text_reader->is_in_text && !text_reader->is_hidden_run && !text_reader->is_unshown_element &&
	       !text_reader->is_hidden_row && !text_reader->is_hidden_cell;
}

static void handle_tag(struct text_reader *text_reader, const char *tag, size_t length)
{
	bool closes = length && tag[0] == '/';
	const char *name = tag + closes;
	size_t end = closes;
	while (end < length && !strchr(" \t\r\n/>", tag[end]))
		end++;
	size_t cells = end - closes;
	if (length)
		follow_hiding(text_reader, tag, length, name, cells);
	if (tag_name_is(name, cells, "tab"))
		strbuf_addch(text_reader->out, '\t');
	else if (tag_name_is(name, cells, "br") ||
		 (closes &&
		  (tag_name_is(name, cells, "p") || tag_name_is(name, cells, "h") || tag_name_is(name, cells, "si") ||
		   tag_name_is(name, cells, "row") || tag_name_is(name, cells, "table-row"))))
		end_line(text_reader->out);
	else if (closes && (tag_name_is(name, cells, "c") || tag_name_is(name, cells, "tc")))
		strbuf_adds(text_reader->out, "  ");
	if (tag_name_is(name, cells, "c"))
		text_reader->has_shared_text = !closes && attribute_is(tag, length, "t", "s");
	if (tag_name_is(name, cells, "v"))
		text_reader->is_in_shared_text_index = !closes && text_reader->has_shared_text;
}

/* Appends the character of an entity, or a plain "&". Returns the number of bytes read. */
static size_t decode_entity(struct strbuf *out, const char *text, size_t length)
{
	static const struct {
		const char *name;
		char c;
	} entities[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&quot;", '"' }, { "&apos;", '\'' } };
	for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
		size_t bytes = strlen(entities[i].name);
		if (length >= bytes && !memcmp(text, entities[i].name, bytes)) {
			strbuf_addch(out, entities[i].c);
			return bytes;
		}
	}
	strbuf_addch(out, '&');
	return 1;
}

static void read_text(struct text_reader *text_reader);

/* Appends the shared text with the index at `at`. */
static void add_shared_text(struct text_reader *text_reader, size_t at)
{
	const size_t number = read_count(text_reader->xml + at, text_reader->length - at);
	size_t bounds[2];

	if (!text_reader->shared || number >= text_reader->shared->len / sizeof bounds)
		return;
	memcpy(bounds, text_reader->shared->buf + number * sizeof bounds, sizeof bounds);
	if (bounds[1] > TEXT_BYTES_MAX || text_reader->out->len > TEXT_BYTES_MAX - bounds[1]) {
		text_reader->is_cut = true;
		return;
	}
	read_text(&(struct text_reader){
		.out = text_reader->out, .xml = text_reader->xml + bounds[0], .length = bounds[1] });
}

static void read_text(struct text_reader *text_reader)
{
	const char *xml = text_reader->xml;
	size_t length = text_reader->length;
	for (size_t at = 0; at < length && !text_reader->is_cut;) {
		if (xml[at] == '<') {
			const size_t tag = tag_length(xml + at, length - at);
			if (!tag)
				break;
			handle_tag(text_reader, xml + at + 1, tag - 2);
			at += tag;
			if (text_reader->is_in_shared_text_index && is_shown(text_reader))
				add_shared_text(text_reader, at);
		} else if (text_reader->is_in_shared_text_index || !is_shown(text_reader)) {
			at++;
		} else if (xml[at] == '&') {
			at += decode_entity(text_reader->out, xml + at, length - at);
		} else {
			if (xml[at] != '\n' && xml[at] != '\r')
				strbuf_addch(text_reader->out, xml[at]);
			at++;
		}
	}
}

/* The tag of this name from *at on, an opening or a closing one, and its length; NULL: none. *at: the end of the tag. */
static const char *find_tag(const struct strbuf *xml, size_t *at, const char *name, bool closes, size_t *length)
{
	for (const char *tag; *at < xml->len && (tag = memchr(xml->buf + *at, '<', xml->len - *at));) {
		const size_t whole = tag_length(tag, xml->len - (size_t)(tag - xml->buf));

		if (!whole)
			return NULL;
		*at = (size_t)(tag - xml->buf) + whole;
		*length = whole - 2;
		tag += 1 + closes;
		if ((tag[-1] == '/') == closes && tag_name_is(tag, strcspn(tag, " \t\r\n/>"), name))
			return tag;
	}
	return NULL;
}

/* Notes the start and the length of each shared text of a workbook. */
static void find_shared_texts(struct strbuf *out, const struct strbuf *xml)
{
	size_t at = 0, length;
	const char *tag = find_tag(xml, &at, "sst", false, &length);

	while (tag && (tag = find_tag(xml, &at, "si", false, &length))) {
		size_t bounds[2] = { at, 0 };

		if (tag[length - 1] != '/')
			bounds[1] = (find_tag(xml, &at, "si", true, &length) ? at - length - 2 : xml->len) - bounds[0];
		strbuf_add(out, (const char *)bounds, sizeof bounds);
	}
}

/* The name of the part in a relationship's target, from the top of the file; NULL: a name of a kind that no program
 * writes. folder: of the part with the relationships, "" or with a "/" at its end. */
static const char *find_target(struct arena *arena, const char *folder, const char *tag, size_t length)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/.";
	size_t name_length;
	const char *target = find_attribute(tag, length, "Target", &name_length),
		   *name = arena_strndup(arena, target, name_length);

	if (!*name || name[strspn(name, letters)])
		return NULL;
	return *name == '/' ? name + 1 : arena_printf(arena, "%s%s", folder, name);
}

const char *office_main_part(struct arena *arena, const char *text, size_t text_length, const char *usual)
{
	static const char type[] = "/officeDocument";
	struct strbuf xml = STRBUF_INIT;
	const char *tag, *name = usual;
	size_t count = 0;

	copy_without_comments(&xml, text, text_length);
	for (size_t at = 0, length, value_length; (tag = find_tag(&xml, &at, "Relationship", false, &length));) {
		const char *value = find_attribute(tag, length, "Type", &value_length);

		if (value_length < sizeof type ||
		    memcmp(value + value_length - (sizeof type - 1), type, sizeof type - 1) != 0)
			continue;
		name = find_target(arena, "", tag, length);
		count++;
	}
	strbuf_release(&xml);
	return count > 1 ? NULL : name;
}

size_t office_shown_sheets(struct arena *arena, const char *folder, const char *text, size_t text_length,
			   const char **out, size_t most, bool *is_cut)
{
	struct strbuf xml = STRBUF_INIT;
	size_t count = 0, sheets = 0;
	const char *tag, *sheets_folder = arena_printf(arena, "%sworksheets/", folder);

	copy_without_comments(&xml, text, text_length);
	for (size_t at = 0, length, id_length;
	     (tag = find_tag(&xml, &at, "sheet", false, &length)) && ++sheets <= most;) {
		const char *id = find_attribute(tag, length, "id", &id_length), *relation, *name = NULL;
		size_t state_length, relation_length;

		(void)find_attribute(tag, length, "state", &state_length);
		id = arena_strndup(arena, id, id_length);
		if (state_length && !attribute_is(tag, length, "state", "visible"))
			continue;
		for (size_t from = 0; (relation = find_tag(&xml, &from, "Relationship", false, &relation_length));)
			if (attribute_is(relation, relation_length, "Id", id)) {
				name = find_target(arena, folder, relation, relation_length);
				break;
			}
		if (name && text_has_prefix(name, sheets_folder))
			out[count++] = name;
	}
	if (!sheets) /* no program opens it, so nothing of it is hidden */
		out[count++] = arena_printf(arena, "%s*.xml", sheets_folder);
	*is_cut = sheets > most;
	strbuf_release(&xml);
	return count;
}

bool office_extract_text(struct strbuf *out, const char *text, size_t length)
{
	struct strbuf xml = STRBUF_INIT, shared = STRBUF_INIT;

	bool hidden_columns[COLUMNS_MAX + 1] = { false };

	copy_without_comments(&xml, text, length);
	struct text_reader text_reader = { .out = out,
					   .shared = &shared,
					   .xml = xml.buf ? xml.buf : "",
					   .length = xml.len,
					   .hidden_columns = hidden_columns,
					   .is_in_text = !memchr(text, '<', length) };
	find_shared_texts(&shared, &xml);
	read_text(&text_reader);
	end_line(out);
	strbuf_release(&shared);
	strbuf_release(&xml);
	return !text_reader.is_cut;
}
