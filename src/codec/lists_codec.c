/* The tables of list names and of phrases that ship with the program. */
#include "kybdesk/codec/lists_codec.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/codec/value_codec.h"
#include "kybdesk/domain/value.h"
#include "reader.h"

#include <pthread.h>
#include <string.h>

enum { GROUPS_MAX = 200, NAMES_MAX = 500 };

/* One group: {"class": "sanctions", "names": ["OFAC SDN", …]}; of phrases {"language": "en", "names": […]}. */
static void list_group_read(struct reader *reader, const struct node *item, bool matches_in_words,
			    struct list_rules *out, size_t *capacity)
{
	enum hit_class class_ = HIT_SANCTIONS;

	if (!expect_object(reader, item))
		return;
	EXPECT_KEYS(reader, item, "class", "language", "names");
	if (!*read_text(reader, item, "language"))
		(void)read_required_text(reader, item, "class");
	READ_WORD(reader, item, "class", hit_class, &class_);
	const struct node names = node_member(item, "names");
	const size_t count = expect_list(reader, &names, NAMES_MAX);
	for (size_t i = 0; i < count && !reader->failed; i++) {
		const struct node name = node_element(&names, i);
		const char *text = node_text(reader, &name);

		if (reader->failed)
			return;
		const struct list_rule rule = list_rule_make(reader->arena, text, matches_in_words, class_);
		if (!*rule.unspaced_text)
			reader_refuse(reader, &name, "has neither a letter nor a digit");
		*ARENA_PUSH(reader->arena, out->items, out->count, *capacity) = rule;
	}
}

static void list_groups_read(struct reader *reader, const struct node *groups, bool matches_in_words,
			     struct list_rules *out, size_t *capacity)
{
	const size_t count = expect_list(reader, groups, GROUPS_MAX);

	if (!count)
		reader_refuse(reader, groups, "is empty");
	for (size_t i = 0; i < count && !reader->failed; i++)
		list_group_read(reader, ELEMENT(groups, i), matches_in_words, out, capacity);
}

static void lists_root_read(struct reader *reader, const struct node *root, void *into)
{
	size_t capacity = 0;

	if (!expect_object(reader, root))
		return;
	EXPECT_KEYS(reader, root, "source", "lists", "phrases", "words");
	(void)read_text(reader, root, "source");
	list_groups_read(reader, MEMBER(root, node_member(root, "phrases").value ? "phrases" : "lists"), false, into,
			 &capacity);
	list_groups_read(reader, MEMBER(root, "words"), true, into, &capacity);
}

enum err lists_read(struct arena *arena, const struct json_source *source, struct list_rules *out, struct error *error)
{
	struct reader reader = { .arena = arena, .error = error, .origin = source->origin };

	*out = (struct list_rules){ 0 };
	return reader_run(&reader, source->text, source->length, lists_root_read, out);
}

static struct list_rules shipped[TABLE_COUNT];

static void read_shipped_tables(void)
{
	static const char *const files[TABLE_COUNT] = { "lists.json", "phrases.json" };
	struct arena *arena = arena_new_lasting();
	struct error error = { 0 };

	for (size_t i = 0; i < TABLE_COUNT; i++) {
		const struct json_source source = shipped_source(files[i]);

		if (lists_read(arena, &source, &shipped[i], &error))
			BUG("%s cannot be read: %s", files[i], error.message);
	}
}

const struct list_rules *shipped_rules(enum shipped_table table)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, read_shipped_tables);
	return &shipped[table];
}

enum hit_class hit_classify(struct arena *arena, enum check_kind check, const struct hit *hit)
{
	static const char *const keys[] = { "programme", "programmes", "program", "programs", "regime" };
	const char *detail = hit->detail_json ? hit->detail_json : "";
	const struct value *values = value_read(arena, detail, strlen(detail), NULL);
	struct strbuf names = STRBUF_INIT;
	enum hit_class class_;

	strbuf_adds(&names, hit->list);
	for (size_t i = 0; values && i < sizeof keys / sizeof *keys; i++) {
		const struct value *programme = value_member(values, keys[i]);

		strbuf_addch(&names, ' ');
		if (programme)
			value_write(&names, programme);
	}
	class_ = list_classify(shipped_list_rules(), check, names.buf, hit->class_);
	strbuf_release(&names);
	return class_;
}
