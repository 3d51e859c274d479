/* Reads the columns of a row from a session document, and values with special rules: countries, dates, addresses. */
#include "session_read.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/format.h"
#include "kybdesk/domain/mask.h"
#include <string.h>

const char *read_uuid(struct reader *reader, const struct node *object, const char *key)
{
	const struct node node = node_member(object, key);
	const char *text = node_text(reader, &node);
	char id[UUID_TEXT_SIZE];
	if (!*text)
		return "";
	if (!uuid_normalise(text, id)) {
		reader_refuse(reader, &node, "is %s, which is not a UUID; leave it out and it will be derived",
			      quote_text(reader->arena, text));
		return "";
	}
	return arena_strdup(reader->arena, id);
}

static const char *find_nearest_country(struct session_reader *session, const char *text)
{
	struct arena *arena = session->reader.arena;
	const struct countries *all = session->countries;
	const char **candidates = NULL;
	size_t count = 0, capacity = 0;
	for (size_t i = 0; i < all->count; i++) {
		const struct country *country = &all->items[i];
		*ARENA_PUSH(arena, candidates, count, capacity) = country->name;
		*ARENA_PUSH(arena, candidates, count, capacity) = country->alpha3;
		for (size_t j = 0; j < country->other_name_count; j++)
			*ARENA_PUSH(arena, candidates, count, capacity) = country->other_names[j];
	}
	return text_find_nearest(text, candidates, count);
}

/* Tries exact texts first: country_find() folds every name, which costs more than the rest of a session document. */
static const struct country *find_exact_country(const struct countries *countries, const char *text)
{
	for (size_t i = 0; i < countries->count; i++) {
		const struct country *country = &countries->items[i];
		if (strcmp(country->alpha3, text) == 0 || strcmp(country->alpha2, text) == 0 ||
		    strcmp(country->name, text) == 0)
			return country;
	}
	return NULL;
}

static const char *read_country(struct session_reader *session, const struct node *object, const char *key)
{
	struct reader *reader = &session->reader;
	const struct node node = node_member(object, key);
	const char *text = node_text(reader, &node);
	if (!*text)
		return "";
	const struct country *country = find_exact_country(session->countries, text);
	if (!country)
		country = country_find_of_person(session->countries, text);
	if (country)
		return country->alpha3;
	if (reader_ignores_mistakes(reader))
		return "";
	reader_refuse(reader, &node,
		      "is %s, which is not a country; allowed: ISO 3166 alpha-2, alpha-3 or the English name%s",
		      quote_text(reader->arena, text), did_you_mean(reader, find_nearest_country(session, text)));
	return "";
}

/* Whether the text is masked. The command show masks personal data, and an import of its output must not replace
 * real values with stars. */
static bool is_masked(const char *text)
{
	return text[0] == '*' && text[1] == '*';
}

/* "31.12.1984" → "**.**.****": keeps the format, hides the date. */
static char *masked_text(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);
	for (char *at = copy; *at; at++)
		if ((*at & 0x80) || (*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') ||
		    (*at >= 'a' && *at <= 'z'))
			*at = '*';
	return copy;
}

static const char *read_date(struct reader *reader, const struct node *object, const char *key)
{
	const struct node node = node_member(object, key);
	const char *text = node_text(reader, &node);
	const bool birth = strcmp(key, "date_of_birth") == 0;
	if (!*text || (birth ? birth_date_is_valid(text) : date_is_valid(text)))
		return text;
	if (is_masked(text))
		reader_refuse(reader, &node, "is masked; export the session with --reveal to import it");
	else
		reader_refuse(reader, &node, "is %s, which is not a date; write it as YYYY-MM-DD%s",
			      quote_text(reader->arena,
					 mask_field_is_personal(key) ? masked_text(reader->arena, text) : text),
			      birth ? ", or YYYY-MM or YYYY if no more is known" : "");
	return "";
}

static const char *read_unmasked_text(struct reader *reader, const struct node *object, const char *key)
{
	const struct node node = node_member(object, key);
	const char *text = node_text(reader, &node);
	if (!is_masked(text))
		return text;
	reader_refuse(reader, &node, "is masked; export the session with --reveal to import it");
	return "";
}

static int64_t read_time(struct reader *reader, const struct node *object, const char *key, bool allow_date)
{
	const struct node node = node_member(object, key);
	const char *text = node_text(reader, &node);
	int64_t ms;
	if (!*text)
		return TIME_NONE;
	if (time_parse(text, allow_date, &ms, NULL) == ERR_OK)
		return ms;
	reader_refuse(reader, &node, "is %s, which is not a time; write it %s", quote_text(reader->arena, text),
		      allow_date ? "as YYYY-MM-DD" : "in RFC 3339, for example 2026-11-03T10:00:00Z");
	return TIME_NONE;
}

static double read_score(struct reader *reader, const struct node *object, const char *key)
{
	const struct node node = node_member(object, key);
	if (!node.value)
		return -1;
	if (!json_is_number(node.value)) {
		reader_refuse(reader, &node, "expected a number from 0 to 1, found %s", json_kind_phrase(node.value));
		return -1;
	}
	double score = json_number_value(node.value);
	if (score >= 0 && score <= 1)
		return score;
	reader_refuse(reader, &node, "is %g; allowed: 0 to 1", score);
	return -1;
}

/* The address with its country as alpha-3, or NULL after a refusal. */
static json_t *normalise_address(struct session_reader *session, const struct node *node)
{
	struct reader *reader = &session->reader;
	if (!expect_object(reader, node))
		return NULL;
	EXPECT_KEYS(reader, node, "address_type", "street", "street2", "street3", "city", "state", "zip_code",
		    "country", "is_primary");
	static const char *const texts[] = {
		"address_type", "street", "street2", "street3", "city", "state", "zip_code"
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		(void)read_text(reader, node, texts[i]);
	(void)read_bool(reader, node, "is_primary", false);
	const char *country = read_country(session, node, "country");
	if (reader->failed)
		return NULL;
	json_t *copy = json_copy((json_t *)node->value);
	if (*country)
		json_object_set_new(copy, "country", json_string(country));
	return copy;
}

static const char *read_address(struct session_reader *session, const struct node *object, const char *key)
{
	const struct node node = node_member(object, key);
	if (!node.value)
		return "{}";
	json_t *address = normalise_address(session, &node);
	if (!address)
		return "{}";
	const char *text = json_compact_text(session->reader.arena, address);
	json_decref(address);
	return text;
}

static const char *read_addresses(struct session_reader *session, const struct node *object, const char *key)
{
	const struct node array = node_member(object, key);
	size_t count = expect_list(&session->reader, &array, PARTY_ADDRESSES_MAX);
	json_t *list = json_array();
	for (size_t i = 0; i < count && !session->reader.failed; i++) {
		json_t *address = normalise_address(session, ELEMENT(&array, i));
		if (address)
			json_array_append_new(list, address);
	}
	const char *text = json_compact_text(session->reader.arena, list);
	json_decref(list);
	return text;
}

void expect_unique_id(struct reader *reader, const struct node *node, const char *id, const char *earlier_id)
{
	if (*id && strcmp(id, earlier_id) == 0)
		reader_refuse(reader, MEMBER(node, "id"),
			      "is %s, which is used earlier in this session document; use another id", id);
}

size_t expect_part_count(struct session_reader *session, const struct node *array, size_t most)
{
	size_t count = expect_list(&session->reader, array, most);

	session->part_count += count;
	if (session->part_count <= SESSION_PARTS_MAX)
		return count;
	reader_refuse(
		&session->reader, array,
		"would give this line %zu list elements, including the elements of the parties' sessions; at most %d "
		"are allowed: import each session on its own line",
		session->part_count, SESSION_PARTS_MAX);
	return 0;
}

/* The prefix of a masked value distinguishes it from user text (domain/mask.h). */
#define MASK_PREFIX "****"

static void expect_bounded_json(struct reader *reader, const struct node *node, size_t depth)
{
	size_t count = json_is_array(node->value)    ? json_array_size(node->value)
		       : json_is_object(node->value) ? json_object_size(node->value)
						     : 0;

	if (json_is_string(node->value) && text_has_prefix(json_string_value(node->value), MASK_PREFIX))
		reader_refuse(reader, node, "is masked; export the session with --reveal to import it");
	if (reader->failed || (!json_is_array(node->value) && !json_is_object(node->value)))
		return;
	if (depth > FREE_JSON_DEPTH_MAX) {
		reader_refuse(reader, node, "is %zu levels deep; at most %d are allowed", depth, FREE_JSON_DEPTH_MAX);
	} else if (count > FREE_JSON_ELEMENTS_MAX) {
		reader_refuse(reader, node, "has %zu elements; at most %d are allowed", count, FREE_JSON_ELEMENTS_MAX);
	} else if (json_is_array(node->value)) {
		for (size_t i = 0; i < count; i++)
			expect_bounded_json(reader, ELEMENT(node, i), depth + 1);
	} else {
		json_t *members = (json_t *)node->value;
		for (void *at = json_object_iter(members); at; at = json_object_iter_next(members, at)) {
			const struct node child = { .value = json_object_iter_value(at),
						    .parent = node,
						    .key = json_object_iter_key(at) };
			expect_bounded_json(reader, &child, depth + 1);
		}
	}
}

const char *read_bounded_json(struct session_reader *session, const struct node *object, const char *key,
			      json_type type, const char *absent)
{
	const struct node node = node_member(object, key);

	if (node.value)
		expect_bounded_json(&session->reader, &node, 1);
	return read_raw_json(&session->reader, object, key, type, absent);
}

static const char *read_text_column(const struct row_object *row, const struct column *column)
{
	struct reader *reader = &row->session->reader;
	if (strcmp(column->name, "uuid") == 0)
		return read_uuid(reader, row->object, column->word);
	if (strcmp(column->word, "country") == 0)
		return read_country(row->session, row->object, column->word);
	if (strcmp(column->word, "tax_id") == 0)
		return read_unmasked_text(reader, row->object, column->word);
	return read_text(reader, row->object, column->word);
}

static const char *read_json_column(const struct row_object *row, const struct column *column)
{
	const char *empty = column->empty ? column->empty : "";
	if (strcmp(column->word, "address") == 0)
		return read_address(row->session, row->object, column->word);
	if (strcmp(column->word, "addresses") == 0)
		return read_addresses(row->session, row->object, column->word);
	return read_bounded_json(row->session, row->object, column->word, JSON_OBJECT, empty);
}

/* False: the member is absent or refused, and the column keeps its value. */
static bool read_word_column(struct reader *reader, const struct node *node, const struct column *column, void *row)
{
	const char *word = node_text(reader, node);
	size_t count;
	const char *const *words = column->words(&count);
	if (*word && column_set_word(column, row, word))
		return true;
	if (*word)
		refuse_word(reader, node, word, words, count);
	return false;
}

/* Reads a list of words as bits. */
static void read_bits_column(const struct row_object *row, const struct column *column)
{
	struct reader *reader = &row->session->reader;
	const struct node set = node_member(row->object, column->word);
	size_t count = expect_array(reader, &set);
	unsigned bits = 0;
	for (size_t i = 0; i < count; i++) {
		const struct column word = { .type = COLUMN_ENUM, .words = column->words };
		unsigned value = 0;
		if (read_word_column(reader, ELEMENT(&set, i), &word, &value))
			bits |= 1u << value;
	}
	column_set_number(column, row->row, bits);
}

static void read_texts_column(const struct row_object *row, const struct column *column)
{
	struct reader *reader = &row->session->reader;
	size_t count;
	(void)expect_list(reader, MEMBER(row->object, column->word), CORRECTION_ITEMS_MAX);
	const char **texts = read_texts(reader, row->object, column->word, &count);
	column_set_texts(column, row->row, texts, count);
}

static void read_column(const struct row_object *row, const struct column *column)
{
	struct reader *reader = &row->session->reader;
	const struct node *object = row->object;
	switch (column->type) {
	case COLUMN_TEXT:
		column_set_text(column, row->row, read_text_column(row, column));
		return;
	case COLUMN_DATE:
		column_set_text(column, row->row, read_date(reader, object, column->word));
		return;
	case COLUMN_JSON:
		column_set_text(column, row->row, read_json_column(row, column));
		return;
	case COLUMN_INT:
		column_set_number(column, row->row, read_integer(reader, object, column->word, 0, INT64_MAX, 0));
		return;
	case COLUMN_BOOL:
		column_set_number(column, row->row, read_bool(reader, object, column->word, false));
		return;
	case COLUMN_TIME:
	case COLUMN_DAY:
		column_set_number(column, row->row,
				  read_time(reader, object, column->word, column->type == COLUMN_DAY));
		return;
	case COLUMN_ENUM:
		(void)read_word_column(reader, MEMBER(object, column->word), column, row->row);
		return;
	case COLUMN_BITS:
		read_bits_column(row, column);
		return;
	case COLUMN_RISK:
		column_set_number(column, row->row, read_integer(reader, object, column->word, 0, 100, RISK_NONE));
		return;
	case COLUMN_SCORE:
		column_set_score(column, row->row, read_score(reader, object, column->word));
		return;
	case COLUMN_TEXTS:
		read_texts_column(row, column);
		return;
	case COLUMN_ROW:
	case COLUMN_CUSTOM:
		return;
	}
}

void row_columns_read(const struct row_object *row, const char *from, const char *to)
{
	const struct column *column = from ? column_find(row->table, from) : row->table->items;
	const struct column *last = to ? column_find(row->table, to) : row->table->items + row->table->count - 1;
	for (; column <= last; column++) {
		if (!column->word || column->flags & COLUMN_OUTPUT)
			continue;
		if (column->flags & COLUMN_REQUIRED)
			(void)read_required_text(&row->session->reader, row->object, column->word);
		read_column(row, column);
	}
}

bool expect_row_object(const struct row_object *row, const char *const *also)
{
	const char *known[KNOWN_KEYS_MAX];
	size_t count = 0;
	if (!expect_object(&row->session->reader, row->object))
		return false;
	for (size_t i = 0; i < row->table->count; i++)
		if (row->table->items[i].word)
			known[count++] = row->table->items[i].word;
	for (; also && *also; also++)
		known[count++] = *also;
	expect_keys(&row->session->reader, row->object, known, count);
	return true;
}

bool row_object_read(const struct row_object *row)
{
	if (!expect_row_object(row, NULL))
		return false;
	row_columns_read(row, NULL, NULL);
	return true;
}

void expect_email(struct reader *reader, const struct node *object, const char *email)
{
	if (*email && !email_is_valid(email))
		reader_refuse(reader, MEMBER(object, "email"), "is not an e-mail address such as name@example.com");
}

void *row_objects_read(struct session_reader *session, const struct node *object, const struct row_list *list,
		       size_t *count)
{
	const struct node array = node_member(object, list->member);
	*count = expect_part_count(session, &array, list->rows_max);
	char *rows = arena_alloc_array(session->reader.arena, *count, list->table->size);
	for (size_t i = 0; i < *count; i++) {
		const struct row_object row = { session, ELEMENT(&array, i), list->table,
						rows + i * list->table->size };
		columns_init(list->table, row.row);
		(void)row_object_read(&row);
	}
	return rows;
}

void expect_country_of(struct session_reader *session, const struct node *object, const char *country, bool of_person)
{
	if (*country && !of_person && !country_find(session->countries, country))
		reader_refuse(&session->reader, MEMBER(object, "country"),
			      "is %s, which only persons have; write an ISO 3166 code", country);
}
