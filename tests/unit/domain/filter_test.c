#include <criterion/criterion.h>
#include <string.h>

#include "kybdesk/domain/filter.h"
#include "support/process.h"

static struct arena arena;

static void tear_down(void)
{
	arena_release(&arena);
}
TestSuite(filter, .fini = tear_down);
TestSuite(sort, .fini = tear_down);

/* Parses a filter and writes it in one plain form, as in the tables of expected results. */
static const char *plain(const char *text)
{
	static const char *const compares[] = { ":", "<", ">" };
	struct error error = { 0 };
	struct filter filter;
	char *out = arena_strdup(&arena, "");

	if (filter_parse(&arena, text, &filter, &error)) {
		out = arena_strdup(&arena, error.message);
		error_release(&error);
		return out;
	}
	for (size_t i = 0; i < filter.count; i++) {
		const struct filter_term *term = &filter.terms[i];

		out = arena_printf(&arena, "%s%s%s%s%s{%s}%s%s%s", out, i ? " " : "", term->negated ? "-" : "",
				   filter_key_text(term->key), compares[term->compare], term->value,
				   *term->tag_key ? "@" : "", term->tag_key,
				   term->number ? arena_printf(&arena, "=%lld", (long long)term->number)
				   : term->code ? arena_printf(&arena, "#%d", term->code)
						: "");
	}
	return out;
}

struct example {
	const char *text, *plain;
};

static void compare(const struct example *examples, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cr_expect_str_eq(plain(examples[i].text), examples[i].plain, "%s: %s", examples[i].text,
				 plain(examples[i].text));
}
#define COMPARE(...)                                                                                                   \
	do {                                                                                                           \
		static const struct example examples[] = { __VA_ARGS__ };                                              \
		compare(examples, sizeof examples / sizeof examples[0]);                                               \
	} while (0)

Test(filter, of_nothing_has_no_terms)
{
	COMPARE({ "", "" }, { "  \t\n ", "" });
}

Test(filter, words_are_text_and_may_be_quoted_or_left_out)
{
	COMPARE({ "harbour lane", ":{harbour} :{lane}" }, { "\"Harbour Lane\"", ":{Harbour Lane}" },
		{ "-harbour", "-:{harbour}" }, { "-\"harbour lane\" x", "-:{harbour lane} :{x}" },
		{ "RAL-2031", ":{RAL-2031}" }, { "日本", ":{日本}" }, { "status", ":{status}" },
		{ "O\"Brien", ":{O\"Brien}" }, { "\"a \\\"b\\\" \\\\c\"", ":{a \"b\" \\c}" }, { "\"a:b\"", ":{a:b}" },
		{ "\"status:draft\"", ":{status:draft}" }, { "a,b", ":{a,b}" });
}

#define AN_ID "019ab1c2-0000-7000-8000-00000000000a"

Test(filter, a_word_that_is_a_whole_id_is_an_id)
{
	COMPARE({ AN_ID, "id:{" AN_ID "}" }, { "-" AN_ID, "-id:{" AN_ID "}" },
		{ "id:RAL-2031," AN_ID, "id:{RAL-2031} id:{" AN_ID "}" }, { "\"" AN_ID "\"", ":{" AN_ID "}" },
		{ "019AB1C2-0000-7000-8000-00000000000A", "id:{019AB1C2-0000-7000-8000-00000000000A}" },
		{ "019ab1c2-0000", ":{019ab1c2-0000}" }, { AN_ID "0", ":{" AN_ID "0}" });
}

Test(filter, words_of_the_domain_become_their_values)
{
	COMPARE({ "status:draft", "status:{draft}" }, { "status:manual_review", "status:{manual_review}#8" },
		{ "inbox:manual_review", "inbox:{manual_review}" }, { "inbox:rejected", "inbox:{rejected}#6" },
		{ "kind:kyb", "kind:{kyb}" }, { "kind:kyc", "kind:{kyc}#1" }, { "doc:missing", "doc:{missing}" },
		{ "doc:rejected", "doc:{rejected}#1" }, { "party:open", "party:{open}" }, { "hit:open", "hit:{open}" },
		{ "waiting:client", "waiting:{client}" }, { "waiting:party", "waiting:{party}#1" },
		{ "waiting:provider", "waiting:{provider}#2" }, { "waiting:second", "waiting:{second}#3" },
		{ "mark:held", "mark:{held}" }, { "mark:alert", "mark:{alert}#4" });
}

Test(filter, every_value_of_every_word_key_reads_as_its_own_code)
{
	for (int key = FILTER_STATUS; key < FILTER_KEY_COUNT; key++) {
		size_t count;
		const char *const *values = filter_key_values((enum filter_key)key, &count);

		for (size_t i = 0; values && i < count; i++) {
			struct filter filter;
			const char *text =
				arena_printf(&arena, "%s:%s", filter_key_text((enum filter_key)key), values[i]);

			cr_assert_eq(filter_parse(&arena, text, &filter, NULL), ERR_OK, "%s", text);
			cr_assert_eq(filter.count, 1);
			cr_expect_eq((int)filter.terms[0].key, key);
			cr_expect_str_eq(filter.terms[0].value, values[i]);
			if (key != FILTER_ASSIGNEE && key != FILTER_MENTIONED && key != FILTER_DUE)
				cr_expect_eq(filter.terms[0].code, (int)i, "%s", text);
		}
	}
}

Test(filter, keys_and_words_may_be_in_any_case)
{
	COMPARE({ "STATUS:Draft", "status:{draft}" }, { "Assignee:ME", "assignee:{me}" }, { "due:OVER", "due:{over}" },
		{ "Merchant:North", "merchant:{North}" });
}

Test(filter, free_keys_take_any_text)
{
	COMPARE({ "workflow:ralio-kyb", "workflow:{ralio-kyb}" },
		{ "merchant:\"North wind\"", "merchant:{North wind}" }, { "country:GBR", "country:{GBR}" },
		{ "assignee:none", "assignee:{none}" }, { "assignee:ana", "assignee:{ana}" },
		{ "level:LIGHT", "level:{LIGHT}" }, { "merchant:a:b", "merchant:{a:b}" });
}

Test(filter, several_values_are_terms_of_one_key)
{
	COMPARE({ "status:draft,active", "status:{draft} status:{active}#1" },
		{ "-country:GBR,\"PRT\"", "-country:{GBR} -country:{PRT}" },
		{ "merchant:\"a,b\",c x", "merchant:{a,b} merchant:{c} :{x}" },
		{ "status:draft status:expired", "status:{draft} status:{expired}#5" });
}

Test(filter, risk_is_compared_as_a_whole_number)
{
	COMPARE({ "risk>50", "risk>{50}=50" }, { "risk<10", "risk<{10}=10" }, { "risk:42", "risk:{42}=42" },
		{ "-risk>99", "-risk>{99}=99" }, { "risk:0", "risk:{0}" }, { "risk<100", "risk<{100}=100" });
	COMPARE({ "hit-score>0.9", "hit-score>{0.9}=900" }, { "hit-score:1", "hit-score:{1}=1000" },
		{ "hit-score<0.875", "hit-score<{0.875}=875" }, { "hit-score>0", "hit-score>{0}" },
		{ "hit-list:OFAC", "hit-list:{OFAC}" });
}

Test(filter, ages_and_due_times_are_durations)
{
	COMPARE({ "age>2d", "age>{2d}=172800000" }, { "age<4h", "age<{4h}=14400000" },
		{ "age:2d", "age>{2d}=172800000" }, { "due<4h", "due<{4h}=14400000" },
		{ "due>2d", "due>{2d}=172800000" }, { "due:4h", "due<{4h}=14400000" }, { "due:over", "due:{over}" },
		{ "-due:over", "-due:{over}" });
}

Test(filter, tags_are_there_or_have_a_value)
{
	COMPARE({ "tag:region", "tag:{}@region" }, { "tag:region=emea", "tag:{emea}@region" },
		{ "tag:\"cost centre=12 b\"", "tag:{12 b}@cost centre" }, { "tag:a=b=c", "tag:{b=c}@a" });
}

Test(filter, keys_and_words_stand_together)
{
	COMPARE({ "lane status:draft -country:GBR risk>50", ":{lane} status:{draft} -country:{GBR} risk>{50}=50" });
}

static void refused(const char *text, const char *says)
{
	struct error error = { 0 };
	struct filter filter = { .count = 7 };

	cr_assert_eq(filter_parse(&arena, text, &filter, &error), ERR_INVALID, "%s", text);
	cr_expect_eq(error.code, ERR_INVALID);
	cr_expect_str_eq(error.field, "filter");
	cr_expect(strstr(error.message, says), "%s: %s", text, error.message);
	cr_expect_eq(filter.count, 0, "nothing half-read is left");
	error_release(&error);
}

Test(filter, a_word_that_is_no_key_names_the_nearest_key)
{
	refused("stats:draft", "\"stats\" is not a filter key; did you mean 'status'?");
	refused("merchnt:x", "did you mean 'merchant'?");
	refused("rsk>50", "did you mean 'risk'?");
	refused("asignee:me", "did you mean 'assignee'?");
}

Test(filter, a_word_like_no_key_lists_the_keys_and_how_to_look_for_the_text)
{
	refused("https://example.org", "filter keys are status, inbox,");
	refused("https://example.org", "write \"https://example.org\"");
	refused("zzzzzzzzzz:b", "\"zzzzzzzzzz\" is not a filter key");
	refused("a:b", "is not a filter key");
	refused(":x", "is not a filter key");
	refused(">5", "is not a filter key");
}

Test(filter, an_unknown_value_names_the_nearest_or_all)
{
	refused("status:drat", "did you mean status:draft?");
	refused("inbox:reject", "did you mean inbox:rejected?");
	refused("kind:zzzzzzz", "choose one of: kyb, kyc");
	refused("doc:zzzzzzzz", "choose one of: missing, rejected");
	refused("waiting:clint", "did you mean waiting:client?");
	refused("hit:zzzzzzz", "open");
}

Test(filter, a_value_is_needed)
{
	refused("status:", "needs a value, such as draft, active");
	refused("merchant:", "merchant: needs a value");
	refused("risk>", "risk> needs a value");
	refused("status:draft,", "needs a value");
	refused("status:,draft", "needs a value");
	refused("merchant:\"\"", "needs a value");
}

Test(filter, only_numbers_and_times_are_compared)
{
	refused("status>draft", "write status:VALUE");
	refused("merchant<x", "write merchant:VALUE");
	refused("tag>x", "write tag:VALUE");
}

Test(filter, numbers_and_times_are_checked)
{
	refused("risk>x", "0 to 100");
	refused("risk>101", "0 to 100");
	refused("risk>-1", "0 to 100");
	refused("risk>4.5", "0 to 100");
	refused("hit-score>1.1", "0 to 1");
	refused("hit-score>.9", "0 to 1");
	refused("hit-score>0.", "0 to 1");
	refused("hit-score>0.1234", "0 to 1");
	refused("hit-score:", "needs a value");
	refused("hit-score>12", "0 to 1");
	refused("hit-class:pop", "did you mean hit-class:pep");
	refused("risk:99999999999999999999", "0 to 100");
	refused("age>soon", "age>2d");
	refused("age>5", "age>2d");
	refused("due:late", "due:over");
	refused("due>over", "due:over");
	refused("age>99999999999999999999d", "age>2d");
	refused("tag:=x", "tag:NAME=VALUE");
	refused("tag:x=", "tag:NAME=VALUE");
}

Test(filter, the_place_is_counted_in_characters)
{
	refused("日本 stats:draft", "character 4:");
	refused("lane status:draft,zzzzzzzzzz", "character 19:");
}

Test(filter, quotation_marks_are_closed_and_stand_alone)
{
	refused("\"harbour", "not closed");
	refused("lane merchant:\"x", "character 15: this quotation mark is not closed");
	refused("\"a\"b", "a space is missing");
	refused("merchant:\"a\"b", "a space is missing");
	refused("\"\"", "the quoted text is empty");
}

Test(filter, a_lone_minus_leaves_nothing_out)
{
	refused("-", "nothing follows '-'");
	refused("lane - x", "character 6:");
}

Test(filter, too_much_or_broken_text_is_refused)
{
	char *many = arena_strdup(&arena, "a"), *edge;

	for (int i = 1; i < FILTER_TERMS_MAX; i++)
		many = arena_printf(&arena, "%s a", many);
	edge = arena_printf(&arena, "%s b", many);
	cr_expect_str_not_empty(plain(many));
	refused(edge, "more than 64 conditions");
	many = arena_alloc(&arena, FILTER_LENGTH_MAX + 2);
	memset(many, 'a', FILTER_LENGTH_MAX + 1);
	refused(many, "longer than 4096");
	refused("a\xff", "UTF-8");
}

Test(filter, the_keys_are_those_of_the_command_line)
{
	static const char *const documented[] = { "status",	 "inbox",   "workflow",	 "merchant",  "country",
						  "assignee",	 "risk",    "age",	 "due",	      "doc",
						  "party",	 "hit",	    "hit-class", "hit-list",  "hit-score",
						  "hit-verdict", "waiting", "tag",	 "level",     "kind",
						  "mark",	 "why",	    "clean",	 "mentioned", "id" };
	size_t count;
	const char *const *words = filter_key_words(&count);

	cr_assert_eq(count, 25);
	for (size_t i = 0; i < 25; i++) {
		cr_expect_str_eq(words[i], documented[i]);
		cr_expect_str_eq(filter_key_text((enum filter_key)(i + 1)), documented[i]);
	}
	cr_expect_str_empty(filter_key_text(FILTER_TEXT));
}

Test(filter, free_text_keys_have_no_list_of_values)
{
	size_t count;

	cr_expect_null(filter_key_values(FILTER_MERCHANT, &count));
	cr_expect_null(filter_key_values(FILTER_RISK, &count));
	cr_expect_null(filter_key_values(FILTER_TEXT, &count));
	cr_expect_str_eq(filter_key_values(FILTER_ASSIGNEE, &count)[1], "none");
}

static void expect_on_page(const char *page, const char *word)
{
	cr_expect(strstr(page, arena_printf(&arena, "`%s`", word)), "docs/filter.md lacks `%s`", word);
}

Test(filter, the_page_names_every_key_and_value)
{
	char *page = temp_read(KYB_SOURCE_DIR "/docs/filter.md", NULL);

	cr_assert(page);
	for (int key = FILTER_TEXT + 1; key < FILTER_KEY_COUNT; key++) {
		size_t count;
		const char *const *words = filter_key_values((enum filter_key)key, &count);

		expect_on_page(page, filter_key_text((enum filter_key)key));
		for (size_t i = 0; i < count; i++)
			expect_on_page(page, words[i]);
	}
	cr_expect(
		strstr(page, arena_printf(&arena, "%d bytes and %d conditions", FILTER_LENGTH_MAX, FILTER_TERMS_MAX)));
}

Test(sort, reads_each_order_both_ways)
{
	static const char *const words[] = { "due", "updated", "risk", "name" };

	for (size_t i = 0; i < 4; i++) {
		enum sort_key key = (enum sort_key)((i + 1) % 4);
		bool reverse = true;

		cr_expect_eq(sort_parse(words[i], &key, &reverse, NULL), ERR_OK);
		cr_expect_eq((size_t)key, i);
		cr_expect_not(reverse);
		cr_expect_eq(sort_parse(arena_printf(&arena, "-%s", words[i]), &key, &reverse, NULL), ERR_OK);
		cr_expect(reverse);
	}
}

Test(sort, an_unknown_order_names_the_nearest_or_all)
{
	static const char *const texts[][2] = { { "updatd", "did you mean updated" },
						{ "zzzzzz", "due, updated, risk or name" },
						{ "", "due, updated, risk or name" },
						{ "-", "due, updated" },
						{ "--due", "due" } };

	for (size_t i = 0; i < 5; i++) {
		struct error error = { 0 };
		enum sort_key key = SORT_NAME;
		bool reverse = false;

		cr_expect_eq(sort_parse(texts[i][0], &key, &reverse, &error), ERR_INVALID);
		cr_expect(strstr(error.message, texts[i][1]), "%s", error.message);
		cr_expect_eq(key, SORT_NAME);
		error_release(&error);
	}
}
