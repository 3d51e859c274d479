/* Parsing keys.json: each key has its line number, in any layout of the file. */
#include "codec_support.h"
#include "kybdesk/codec/own_files_codec.h"
#include <string.h>

static struct own_keys keys;

static void parse(const char *text)
{
	cr_assert_eq(bindings_parse(&arena, text, strlen(text), &keys, &error), ERR_OK, "%s: %s", text, error.message);
}

static void is(size_t at, const char *action, const char *key, unsigned action_line, unsigned line)
{
	const struct own_key *own = &keys.items[at];
	cr_assert_lt(at, keys.count);
	cr_expect_str_eq(own->action, action);
	cr_expect_eq(!own->key, !key);
	if (own->key && key)
		cr_expect_str_eq(own->key, key);
	cr_expect(own->action_line == action_line && own->line == line, "%zu: %u, %u", at, own->action_line, own->line);
}

SPEC(keys, each_has_the_line_that_it_stands_on)
{
	parse("\n{ \"a\" : \"x\",\n\n\"b\"\n:\n[ \"y\" ,\n\"\\u0041\\\"\" ] , \"c\":[],\r\n\"a\":\"z\" }\n");
	cr_assert_eq(keys.count, 5, "%zu", keys.count);
	is(0, "a", "x", 2, 2);
	is(1, "b", "y", 4, 6);
	is(2, "b", "A\"", 4, 7);
	is(3, "c", NULL, 7, 7);
	is(4, "a", "z", 8, 8);
	cr_expect_eq(keys.faults.count, 0);
}

SPEC(keys, what_is_no_key_is_a_fault_and_the_rest_is_read)
{
	parse("{\"a\": 7,\n\"b\": {\"c\": [\"d\", {\"e\": \"f\"}]},\n\"g\": [\"h\", null,\n[\"i\"], true],\n\"j\": "
	      "-1.5e3,\"k\": \"l\"}");
	cr_assert_eq(keys.count, 2, "%zu", keys.count);
	is(0, "g", "h", 3, 3);
	is(1, "k", "l", 5, 5);
	cr_assert_eq(keys.faults.count, 6, "%zu", keys.faults.count);
	static const unsigned lines[] = { 1, 2, 3, 4, 4, 5 };
	for (size_t i = 0; i < 6; i++)
		cr_expect_eq(keys.faults.items[i].line, lines[i], "%zu: %u", i, keys.faults.items[i].line);
}

SPEC(keys, more_than_anybody_needs_are_refused)
{
	const char *text = "{\"a\": [\"b\"";
	for (int i = 0; i < OWN_KEYS_MAX; i++)
		text = arena_printf(&arena, "%s,\"b\"", text);
	text = arena_printf(&arena, "%s]}", text);
	cr_expect_eq(bindings_parse(&arena, text, strlen(text), &keys, &error), ERR_INVALID);
	cr_expect(strstr(error.message, "more than 512 keys"), "%s", error.message);
}
