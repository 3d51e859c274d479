/* Phrases: each driver has its own text where databases' SQL differs (store/db.h). */
#include <criterion/criterion.h>
#include "kybdesk/base/strbuf.h"
#include "kybdesk/store/db.h"
#include "support/leak.h"

#include <signal.h>
#include <string.h>

static const struct db_phrase words[] = {
	{ "by", "THROUGH #1" }, { "bare", "" }, { "both", "[#2|#1|#1]" }, { "aside", "only #1" }, { 0 }
};
static const struct db_driver driver = { .name = "none", .phrases = words };

static void expect_said(const char *text, const char *expected)
{
	struct strbuf out = STRBUF_INIT;

	db_expand_phrases(&driver, text, &out);
	cr_expect_str_eq(out.buf, expected, "%s", text);
	strbuf_release(&out);
}

Test(phrase, is_said_in_the_words_of_its_driver)
{
	expect_said("", "");
	expect_said("SELECT 1", "SELECT 1");
	expect_said("FROM a {by a_index} WHERE x = $1", "FROM a THROUGH a_index WHERE x = $1");
	expect_said("a {bare} b{bare}", "a  b");
	expect_said("{both x, y}", "[y|x|x]");
	NO_LEAKS();
}

Test(phrase, arguments_hold_brackets_quotes_commas_and_phrases)
{
	expect_said("{both f(a, b), 'c, d'}", "['c, d'|f(a, b)|f(a, b)]");
	expect_said("{both {both 1, 2}, {aside s.id}}", "[only s.id|[2|1|1]|[2|1|1]]");
	expect_said("{both (SELECT ')' ), \"}\"}", "[\"}\"|(SELECT ')' )|(SELECT ')' )]");
	NO_LEAKS();
}

Test(phrase, what_stands_in_quotes_is_none)
{
	expect_said("SET address = '{}', tags = '{\"by\": 1}'", "SET address = '{}', tags = '{\"by\": 1}'");
	expect_said("\"{by}\" {by a}", "\"{by}\" THROUGH a");
	NO_LEAKS();
}

Test(phrase, that_no_driver_knows_is_a_bug, .signal = SIGABRT)
{
	expect_said("{unheard a}", "");
}

Test(phrase, that_lacks_an_argument_is_a_bug, .signal = SIGABRT)
{
	expect_said("{both a}", "");
}

static void expect_search(const struct db_words *all, const struct db_words *none, const char *expected)
{
	struct strbuf out = STRBUF_INIT;

	db_driver_sqlite.add_match_query(all, none, &out);
	cr_expect_str_eq(out.buf, expected);
	strbuf_release(&out);
}

Test(search, asks_the_full_text_index_of_sqlite_for_phrases_of_tokens)
{
	static const char *const wanted[] = { "harbour", "\xe6\xa0\xaa \xe5\xbc\x8f" };
	static const char *const unwanted[] = { "lane", "old" }, *const wholes[] = { "a1", "b2" };
	const struct db_words one = { wanted, wholes, 1 }, two = { wanted, wholes, 2 }, none = { 0 },
			      not_two = { unwanted, wholes, 2 };
#define TWO "(\"harbour\"* OR \"a1\") AND (\"\xe6\xa0\xaa \xe5\xbc\x8f\"* OR \"b2\")"

	expect_search(&one, &none, "(\"harbour\"* OR \"a1\")");
	expect_search(&two, &none, TWO);
	expect_search(&two, &not_two, "(" TWO ") NOT ((\"lane\"* OR \"a1\") OR (\"old\"* OR \"b2\"))");
	NO_LEAKS();
}
