#include "codec_support.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/codec/rules_diff.h"

/* One line for each difference: path before>after. */
static const char *differences(const char *before, const char *after)
{
	struct json_difference *items;
	struct strbuf out = STRBUF_INIT;
	size_t count;
	cr_assert_eq(json_diff(&arena, before, after, &items, &count, &error), ERR_OK, "%s", error.message);
	for (size_t i = 0; i < count; i++)
		strbuf_addf(&out, "%s%s %s>%s", i ? "\n" : "", items[i].path, items[i].before, items[i].after);
	return strbuf_finish(&out, &arena);
}

SPEC(rules_diff, equal_texts_differ_in_nothing)
{
	cr_expect_str_eq(differences("{\"a\":1,\"b\":[{\"id\":\"x\"}]}", "{ \"b\":[{\"id\":\"x\"}], \"a\":1 }"), "");
}

SPEC(rules_diff, a_member_that_comes_goes_or_changes_is_named_by_its_path)
{
	cr_expect_str_eq(differences("{\"a\":1,\"b\":{\"c\":true}}", "{\"b\":{\"c\":false},\"d\":\"x\"}"),
			 "a 1>\nb.c true>false\nd >\"x\"");
}

SPEC(rules_diff, elements_are_told_apart_by_what_they_are)
{
	cr_expect_str_eq(differences("{\"documents\":[{\"type\":\"A\",\"m\":1},{\"type\":\"B\",\"m\":1}]}",
				     "{\"documents\":[{\"type\":\"C\",\"m\":1},{\"type\":\"B\",\"m\":2}]}"),
			 "documents[A] {\"type\":\"A\",\"m\":1}>\ndocuments[B].m 1>2\n"
			 "documents[C] >{\"type\":\"C\",\"m\":1}");
	cr_expect_str_eq(differences("[{\"code\":\"a\",\"x\":1}]", "[{\"code\":\"a\",\"x\":2}]"), "[a].x 1>2");
}

SPEC(rules_diff, another_order_is_a_difference)
{
	cr_expect_str_eq(differences("[{\"id\":\"a\"},{\"id\":\"b\"}]", "[{\"id\":\"b\"},{\"id\":\"a\"}]"),
			 " [{\"id\":\"a\"},{\"id\":\"b\"}]>[{\"id\":\"b\"},{\"id\":\"a\"}]");
}

SPEC(rules_diff, elements_without_a_name_are_compared_by_place_and_words_as_a_whole)
{
	cr_expect_str_eq(differences("{\"w\":[{\"min\":1},{\"min\":2}]}", "{\"w\":[{\"min\":1},{\"min\":3}]}"),
			 "w[1].min 2>3");
	cr_expect_str_eq(differences("{\"w\":[\"a\",\"b\"]}", "{\"w\":[\"a\"]}"), "w [\"a\",\"b\"]>[\"a\"]");
	/* Elements with the same name are compared by their positions. */
	cr_expect_str_eq(differences("[{\"rule\":\"r\",\"n\":1},{\"rule\":\"r\",\"n\":2}]",
				     "[{\"rule\":\"r\",\"n\":1},{\"rule\":\"r\",\"n\":3}]"),
			 "[1].n 2>3");
}

SPEC(rules_diff, what_is_no_json_is_refused)
{
	struct json_difference *items;
	size_t count;
	cr_expect_eq(json_diff(&arena, "{", "{}", &items, &count, &error), ERR_INVALID);
	cr_expect_eq(json_diff(&arena, "{}", "[", &items, &count, &error), ERR_INVALID);
}
