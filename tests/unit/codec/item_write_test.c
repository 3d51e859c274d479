/* session_item_write_line() writes the same bytes as the JSON tree of session_item_write(), for every item. */
#include "codec_support.h"
#include "support/texts.h"
#include <stdint.h>
#include <string.h>

/* Scripts, bare marks, terminal controls, JSON escapes, invalid UTF-8, first and last code points of a UTF-8 length. */
static const char *const pieces[] =
	TEXTS("a", "Inês", "Duarte ", "Ω", "Жанна", "عمر", "שרה", "ミナト", "港", "हिन्दी", "ไทย", "한국", "Ø",
	      "👩‍👩‍👧", "🇵🇹", "e\xcc\x81", "\xcc\x81", "\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86",
	      "\xe2\x80\xae", "\xe2\x80\x8b", "\xe2\x81\xa6", "\xf3\xa0\x81\x81", "\xef\xbb\xbf", "\xc2\x9b",
	      "\xc2\xad", "\x1b[31m", "\x07", "\x7f", "\"", "\\", "/", "\b\f\n\r\t", "\x01", "\xff", "\xc0\xaf",
	      "\xed\xa0\x80", "\xe6\xb8", "\xf4\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\xef\xbf\xbf", "\xc2\x80",
	      "\xdf\xbf", "\xe0\xa0\x80", "\xf0\x90\x80\x80", "=1+1", "{}", "null", "");
#define PIECE_COUNT (sizeof pieces / sizeof *pieces)

static uint64_t state;

static uint64_t next_random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static const char *any_text(void)
{
	struct strbuf text = STRBUF_INIT;
	size_t count = next_random() % 6;
	for (size_t i = 0; i < count; i++)
		strbuf_adds(&text, pieces[next_random() % PIECE_COUNT]);
	const char *kept = next_random() % 16 ? strbuf_to_arena(&text, &arena) : NULL;
	strbuf_release(&text);
	return kept;
}

static int64_t any_number(void)
{
	static const int64_t ends[] = { 0, -1, 9, 10, INT64_MAX, INT64_MIN, -10 };
	return next_random() % 2 ? ends[next_random() % 7] : (int64_t)(next_random() >> (next_random() % 64));
}

static int64_t any_time(void)
{
	return next_random() % 4 ? (int64_t)(next_random() % UINT64_C(253402300800000)) : TIME_NONE;
}

static struct session_item any_item(void)
{
	return (struct session_item){
		.id = any_text(),
		.external_ref = any_text(),
		.workflow = any_text(),
		.merchant = any_text(),
		.subject_name = any_text(),
		.country = any_text(),
		.assignee = any_text(),
		.level = any_text(),
		.parent_id = any_text(),
		.kind = (enum session_kind)(next_random() % 2),
		.status = (enum session_status)(next_random() % SESSION_STATUS_COUNT),
		.risk_score = next_random() % 2 ? (int)(next_random() % 101) : RISK_NONE,
		.parties_total = any_number(),
		.parties_verified = any_number(),
		.documents_total = any_number(),
		.documents_accepted = any_number(),
		.submitted_at = any_time(),
		.due_at = any_time(),
		.updated_at = any_time(),
		.version = any_number(),
	};
}

SPEC(item_write, a_line_is_what_the_tree_says_of_any_case)
{
	struct strbuf line = STRBUF_INIT, tree = STRBUF_INIT;
	state = 20261120;
	for (int round = 0; round < 20000; round++) {
		const struct session_item item = any_item();
		struct json_value *value = session_item_write(&item);
		strbuf_reset(&line);
		strbuf_reset(&tree);
		session_item_write_line(&line, &item);
		json_write(&tree, value, JSON_COMPACT_LAYOUT, true);
		json_free(value);
		cr_assert_str_eq(line.buf, tree.buf, "round %d", round);
		cr_assert_eq(line.len, tree.len);
		arena_release(&arena);
	}
	strbuf_release(&line);
	strbuf_release(&tree);
}

SPEC(item_write, a_line_comes_after_what_is_there)
{
	struct strbuf out = STRBUF_INIT;
	const struct session_item item = { .id = "i", .risk_score = RISK_NONE };
	strbuf_adds(&out, "before\n");
	session_item_write_line(&out, &item);
	cr_expect_eq(strncmp(out.buf, "before\n{\"id\":\"i\",\"external_ref\":\"\",", 35), 0, "%s", out.buf);
	strbuf_release(&out);
}

SPEC(item_write, words_are_the_members_of_the_tree_in_its_order)
{
	const struct session_item item = { .id = "i" };
	struct json_value *value = session_item_write(&item);
	const char *key = json_first_key(value);
	size_t at = 0;
	for (const char *word; (word = session_item_member_name(at)); at++, key = json_next_key(value, key))
		cr_expect_str_eq(word, key);
	cr_expect_eq(at, json_count(value));
	json_free(value);
}
