/* Values of the session document with special rules. */
#include "session_read.h"
#include "kybdesk/base/text.h"
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
			      quoted(reader->arena, text));
		return "";
	}
	return arena_strdup(reader->arena, id);
}

static const char *nearest_country(struct session_reader *session, const char *text)
{
	struct arena *arena = session->reader.arena;
	const struct countries *all = session->countries;
	const char **candidates = NULL;
	size_t count = 0, capacity = 0;
	for (size_t i = 0; i < all->count; i++) {
		const struct country *country = &all->items[i];
		*ARENA_PUSH(arena, candidates, count, capacity) = country->name;
		*ARENA_PUSH(arena, candidates, count, capacity) = country->alpha3;
		for (size_t j = 0; j < country->other_count; j++)
			*ARENA_PUSH(arena, candidates, count, capacity) = country->other_names[j];
	}
	return text_nearest(text, candidates, count);
}

/* The usual form first; country_find() folds every name, which costs more than the rest of a document. */
static const struct country *country_exactly(const struct countries *countries, const char *text)
{
	for (size_t i = 0; i < countries->count; i++) {
		const struct country *country = &countries->items[i];
		if (strcmp(country->alpha3, text) == 0 || strcmp(country->alpha2, text) == 0 ||
		    strcmp(country->name, text) == 0)
			return country;
	}
	return NULL;
}

const char *read_country(struct session_reader *session, const struct node *object, const char *key)
{
	struct reader *reader = &session->reader;
	const struct node node = node_member(object, key);
	const char *text = node_text(reader, &node);
	if (!*text)
		return "";
	const struct country *country = country_exactly(session->countries, text);
	if (!country)
		country = country_find(session->countries, text);
	if (country)
		return country->alpha3;
	if (is_deaf(reader))
		return "";
	const char *nearest = nearest_country(session, text);
	reader_refuse(reader, &node,
		      "is %s, which is not a country; allowed: ISO 3166 alpha-2, alpha-3 or the English name%s%s%s",
		      quoted(reader->arena, text), nearest ? "; did you mean '" : "", nearest ? nearest : "",
		      nearest ? "'?" : "");
	return "";
}

/* show masks personal data unless it is revealed; stars must not overwrite the real value. */
static bool is_masked(const char *text)
{
	return text[0] == '*' && text[1] == '*';
}

/* "31.12.1984" → "**.**.****": keeps the format, hides the date. */
static char *shape(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);
	for (char *at = copy; *at; at++)
		if ((*at & 0x80) || (*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') ||
		    (*at >= 'a' && *at <= 'z'))
			*at = '*';
	return copy;
}

const char *read_date(struct reader *reader, const struct node *object, const char *key)
{
	const struct node node = node_member(object, key);
	const char *text = node_text(reader, &node);
	if (!*text || date_is_valid(text))
		return text;
	if (is_masked(text))
		reader_refuse(reader, &node, "is masked; write the document with --reveal to read it back");
	else
		reader_refuse(
			reader, &node, "is %s, which is not a date; write it as YYYY-MM-DD",
			quoted(reader->arena, mask_field_is_personal(key) ? shape(reader->arena, text) : text));
	return "";
}

const char *read_number_text(struct reader *reader, const struct node *object, const char *key)
{
	const struct node node = node_member(object, key);
	const char *text = node_text(reader, &node);
	if (!is_masked(text))
		return text;
	reader_refuse(reader, &node, "is masked; write the document with --reveal to read it back");
	return "";
}

int64_t read_time(struct reader *reader, const struct node *object, const char *key, bool allow_date)
{
	const struct node node = node_member(object, key);
	const char *text = node_text(reader, &node);
	int64_t ms;
	if (!*text)
		return TIME_NONE;
	if (time_parse(text, allow_date, &ms, NULL) == ERR_OK)
		return ms;
	reader_refuse(reader, &node, "is %s, which is not a time; write it %s", quoted(reader->arena, text),
		      allow_date ? "as YYYY-MM-DD" : "in RFC 3339, for example 2026-11-03T10:00:00Z");
	return TIME_NONE;
}

double read_score(struct reader *reader, const struct node *object, const char *key)
{
	const struct node node = node_member(object, key);
	if (!node.value)
		return -1;
	if (!json_is_number(node.value)) {
		reader_refuse(reader, &node, "expected a number from 0 to 1, found %s",
			      json_kind_words(node.value));
		return -1;
	}
	double score = json_number_value(node.value);
	if (score >= 0 && score <= 1)
		return score;
	reader_refuse(reader, &node, "is %g; allowed: 0 to 1", score);
	return -1;
}

/* The address with its country as alpha-3, or NULL after a refusal. */
static json_t *normalised_address(struct session_reader *session, const struct node *node)
{
	struct reader *reader = &session->reader;
	if (!expect_object(reader, node))
		return NULL;
	EXPECT_KEYS(reader, node, "address_type", "street", "street2", "street3", "city", "state", "zip_code",
		    "country", "is_primary");
	static const char *const texts[] = { "address_type", "street", "street2", "street3",
					     "city",	     "state",  "zip_code" };
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

const char *read_address(struct session_reader *session, const struct node *object, const char *key)
{
	const struct node node = node_member(object, key);
	if (!node.value)
		return "{}";
	json_t *address = normalised_address(session, &node);
	if (!address)
		return "{}";
	const char *text = json_kept_text(session->reader.arena, address);
	json_decref(address);
	return text;
}

const char *read_addresses(struct session_reader *session, const struct node *object, const char *key)
{
	const struct node array = node_member(object, key);
	size_t count = expect_list(&session->reader, &array, ADDRESSES_MOST);
	json_t *list = json_array();
	for (size_t i = 0; i < count && !session->reader.failed; i++) {
		const struct node item = node_element(&array, i);
		json_t *address = normalised_address(session, &item);
		if (address)
			json_array_append_new(list, address);
	}
	const char *text = json_kept_text(session->reader.arena, list);
	json_decref(list);
	return text;
}

void expect_own_id(struct reader *reader, const struct node *node, const char *id, const char *earlier_id)
{
	const struct node member = node_member(node, "id");
	if (*id && strcmp(id, earlier_id) == 0)
		reader_refuse(reader, &member,
			      "is %s, which an earlier one in this document has; each needs its own", id);
}

size_t parts_expected(struct session_reader *session, const struct node *array, size_t most)
{
	size_t count = expect_list(&session->reader, array, most);

	session->part_count += count;
	if (session->part_count <= PARTS_MOST)
		return count;
	reader_refuse(
		&session->reader, array,
		"brings this document to %zu parts, its parties' sessions included; at most %d are allowed in "
		"one, import the sessions on lines of their own",
		session->part_count, PARTS_MOST);
	return 0;
}

/* The prefix of a masked value distinguishes it from user text (domain/mask.h). */
#define MASKED_START "****"

static void expect_bounded(struct reader *reader, const struct node *node, size_t depth)
{
	size_t count = json_is_array(node->value)    ? json_array_size(node->value)
		       : json_is_object(node->value) ? json_object_size(node->value)
						     : 0;

	if (json_is_string(node->value) && text_has_prefix(json_string_value(node->value), MASKED_START))
		reader_refuse(reader, node, "is masked; write the document with --reveal to read it back");
	if (reader->failed || (!json_is_array(node->value) && !json_is_object(node->value)))
		return;
	if (depth > FREE_DEPTH_MOST) {
		reader_refuse(reader, node, "stands %zu levels deep; at most %d are allowed", depth,
			      FREE_DEPTH_MOST);
	} else if (count > FREE_ELEMENTS_MOST) {
		reader_refuse(reader, node, "has %zu elements; at most %d are allowed", count, FREE_ELEMENTS_MOST);
	} else if (json_is_array(node->value)) {
		for (size_t i = 0; i < count; i++) {
			const struct node item = node_element(node, i);
			expect_bounded(reader, &item, depth + 1);
		}
	} else {
		json_t *members = (json_t *)node->value;
		for (void *at = json_object_iter(members); at; at = json_object_iter_next(members, at)) {
			const struct node child = { .value = json_object_iter_value(at),
						    .parent = node,
						    .key = json_object_iter_key(at) };
			expect_bounded(reader, &child, depth + 1);
		}
	}
}

const char *read_free(struct session_reader *session, const struct node *object, const char *key, json_type type,
		      const char *absent)
{
	const struct node node = node_member(object, key);

	if (node.value)
		expect_bounded(&session->reader, &node, 1);
	return read_kept(&session->reader, object, key, type, absent);
}
