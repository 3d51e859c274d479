/* Reads reasons and countries: lists that ship with the program and that other files may override. */
#include "profile/profile_read.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* "messages": {"pt": "…"}: translations of the English "message". */
static void messages_read(struct reader *reader, const struct node *item, struct reason *reason)
{
	const struct node messages = node_member(item, "messages");

	if (!messages.value || !expect_object(reader, &messages))
		return;
	EXPECT_KEYS(reader, &messages, "de", "es", "pt");
	for (int i = LANGUAGE_EN + 1; i < LANGUAGE_COUNT; i++) {
		const char *text = read_text(reader, &messages, language_text((enum language)i));

		reason->messages[i] = *text ? text : NULL;
	}
}

static void reason_read(struct reader *reader, const struct node *item, struct reason *reason)
{
	*reason = (struct reason){ .code = "", .label = "", .message = "", .disclosure = DISCLOSURE_OPEN };
	if (!expect_object(reader, item))
		return;
	EXPECT_KEYS(reader, item, "code", "label", "message", "messages", "retryable", "disclosure");
	reason->code = read_required_text(reader, item, "code");
	expect_name(reader, item, "code", "_");
	reason->label = read_required_text(reader, item, "label");
	reason->message = read_text(reader, item, "message");
	messages_read(reader, item, reason);
	reason->retryable = read_bool(reader, item, "retryable", false);
	READ_WORD(reader, item, "disclosure", disclosure, &reason->disclosure);
	const struct node retryable = node_member(item, "retryable"), messages = node_member(item, "messages");
	if (reason->disclosure == DISCLOSURE_RESTRICTED && messages.value)
		reader_refuse(reader, &messages,
			      "are not allowed for a restricted reason, which is shown as \"other\" in every language");
	if (reason->disclosure == DISCLOSURE_RESTRICTED && reason->retryable)
		reader_refuse(reader, &retryable, "is true, but a restricted reason cannot be retryable");
}

struct reason_list {
	struct reason *items;
	size_t count;
};

static void reason_list_read(struct reader *reader, const struct node *root, void *into)
{
	struct reason_list *list = into;
	if (!json_is_array(root->value))
		reader_refuse(reader, root, "expected an array, found %s", json_kind_phrase(root->value));
	list->count = expect_list(reader, root, 1000);
	list->items = arena_alloc_array(reader->arena, list->count, sizeof *list->items);
	for (size_t i = 0; i < list->count; i++) {
		const struct node item = node_element(root, i);
		reason_read(reader, &item, &list->items[i]);
		for (size_t j = 0; j < i; j++)
			if (strcmp(list->items[i].code, list->items[j].code) == 0)
				reader_refuse(reader, MEMBER(&item, "code"), "is '%s', the same as in element %zu",
					      list->items[i].code, j);
	}
}

enum err reasons_read(struct arena *arena, enum reason_set set, const struct json_source *source, struct reasons *out,
		      struct error *error)
{
	struct reader reader = { .arena = arena, .error = error, .origin = source->origin };
	struct reason_list list;
	enum err err = reader_run(&reader, source->text, source->length, reason_list_read, &list);
	if (err)
		return err;
	out->items[set] = list.items;
	out->counts[set] = list.count;
	out->sha256[set] = sha256_text(arena, source->text, source->length);
	return ERR_OK;
}

static void country_read(struct reader *reader, const struct node *item, struct country *country)
{
	*country = (struct country){ .alpha2 = "", .alpha3 = "", .name = "" };
	if (!expect_object(reader, item))
		return;
	EXPECT_KEYS(reader, item, "alpha2", "alpha3", "name", "other_names", "of_persons");
	country->is_of_persons = read_bool(reader, item, "of_persons", false);
	country->alpha2 = country->is_of_persons ? "" : read_required_text(reader, item, "alpha2");
	country->alpha3 = read_required_text(reader, item, "alpha3");
	country->name = read_required_text(reader, item, "name");
	country->other_names = read_texts(reader, item, "other_names", &country->other_name_count);
	const struct node alpha2 = node_member(item, "alpha2"), alpha3 = node_member(item, "alpha3");
	if (!country->is_of_persons &&
	    (strspn(country->alpha2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2 || country->alpha2[2]))
		reader_refuse(reader, &alpha2, "is '%s'; expected two capital letters", country->alpha2);
	if (strspn(country->alpha3, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3 || country->alpha3[3])
		reader_refuse(reader, &alpha3, "is '%s'; expected three capital letters", country->alpha3);
}

static int compare_alpha3(const void *a, const void *b)
{
	return strcmp(((const struct country *)a)->alpha3, ((const struct country *)b)->alpha3);
}

static void countries_list_read(struct reader *reader, const struct node *root, void *into)
{
	struct countries *out = into;
	if (!expect_object(reader, root))
		return;
	EXPECT_KEYS(reader, root, "source", "countries");
	(void)read_text(reader, root, "source");
	const struct node list = node_member(root, "countries");
	out->count = expect_list(reader, &list, 1000);
	if (!out->count)
		reader_refuse(reader, &list, "is empty; expected a list of countries");
	out->items = arena_alloc_array(reader->arena, out->count, sizeof *out->items);
	for (size_t i = 0; i < out->count && !reader->failed; i++)
		country_read(reader, ELEMENT(&list, i), &out->items[i]);
	if (reader->failed)
		return;
	qsort(out->items, out->count, sizeof *out->items, compare_alpha3);
	for (size_t i = 1; i < out->count; i++)
		if (strcmp(out->items[i].alpha3, out->items[i - 1].alpha3) == 0)
			reader_refuse(reader, &list, "names %s twice", out->items[i].alpha3);
}

enum err countries_read(struct arena *arena, const struct json_source *source, struct countries *out,
			struct error *error)
{
	struct reader reader = { .arena = arena, .error = error, .origin = source->origin };
	struct countries read = { 0 };
	enum err err = reader_run(&reader, source->text, source->length, countries_list_read, &read);
	if (!err)
		*out = read;
	return err;
}

static struct country *find_by_alpha2(struct countries *countries, const char *alpha2)
{
	return ITEM_WITH_TEXT(countries->items, countries->count, alpha2, alpha2);
}

static void subdivisions_list_read(struct reader *reader, const struct node *root, void *countries)
{
	if (!expect_object(reader, root))
		return;
	EXPECT_KEYS(reader, root, "source", "subdivisions");
	(void)read_text(reader, root, "source");
	const struct node list = node_member(root, "subdivisions");
	if (!expect_object(reader, &list))
		return;
	json_t *members = (json_t *)list.value;
	for (void *at = json_object_iter(members); at; at = json_object_iter_next(members, at)) {
		const struct node item = node_member(&list, json_object_iter_key(at));
		struct country *country = find_by_alpha2(countries, item.key);
		const char *codes = node_text(reader, &item);
		if (!country)
			reader_refuse(reader, &item, "is not a country; expected ISO 3166-1 alpha-2");
		else if (codes[strspn(codes, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")])
			reader_refuse(reader, &item, "must contain only codes, such as \"AC AL AM\"");
		else
			country->subdivisions = codes;
	}
}

enum err subdivisions_read(struct arena *arena, const struct json_source *source, struct countries *countries,
			   struct error *error)
{
	struct reader reader = { .arena = arena, .error = error, .origin = source->origin };
	return reader_run(&reader, source->text, source->length, subdivisions_list_read, countries);
}

static struct countries shipped;

static void read_shipped_countries(void)
{
	struct arena *arena = arena_new_lasting();
	const struct json_source countries = shipped_source("countries.json");
	const struct json_source subdivisions = shipped_source("subdivisions.json");
	struct error error = { 0 };

	if (countries_read(arena, &countries, &shipped, &error) ||
	    subdivisions_read(arena, &subdivisions, &shipped, &error))
		BUG("the built-in lists of countries and subdivisions cannot be read");
}

const struct countries *countries_in_force(const struct countries *own)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	if (own)
		return own;
	(void)pthread_once(&once, read_shipped_countries);
	return &shipped;
}
