#include "codec_support.h"
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *written(struct json_value *value, enum json_layout layout)
{
	struct strbuf out = STRBUF_INIT;
	json_write(&out, value, layout, false);
	const char *text = strbuf_finish(&out, &arena);
	json_free(value);
	return text;
}

static const char *written_string(const char *text)
{
	return written(json_new_string(text), JSON_COMPACT_LAYOUT);
}

SPEC(json, members_come_out_in_the_order_they_were_added)
{
	struct json_value *value = json_new_object();
	json_set_int(value, "zebra", 1);
	json_set_int(value, "ant", 2);
	json_set_int(value, "mole", 3);
	cr_expect_str_eq(written(value, JSON_COMPACT_LAYOUT), "{\"zebra\":1,\"ant\":2,\"mole\":3}");
}

SPEC(json, pretty_layout_indents_and_keeps_empty_containers_short)
{
	struct json_value *value = json_new_object();
	struct json_value *list = json_new_array();
	json_append(list, json_new_string("x"));
	json_set(value, "list", list);
	json_set(value, "none", json_new_array());
	json_set(value, "nothing", json_new_object());
	cr_expect_str_eq(written(value, JSON_PRETTY_LAYOUT),
			 "{\n  \"list\": [\n    \"x\"\n  ],\n  \"none\": [],\n  \"nothing\": {}\n}");
}

SPEC(json, a_newline_is_added_when_asked_for)
{
	struct strbuf out = STRBUF_INIT;
	struct json_value *value = json_new_array();
	json_write(&out, value, JSON_COMPACT_LAYOUT, true);
	cr_expect_str_eq(out.buf, "[]\n");
	json_free(value);
	strbuf_release(&out);
}

SPEC(json, every_kind_of_member_is_written)
{
	struct json_value *value = json_new_object();
	json_set_text(value, "text", "a \"quote\" and a \\");
	json_set_text_or_null(value, "given", "x");
	json_set_text_or_null(value, "empty", "");
	json_set_int(value, "int", INT64_MIN + 1);
	json_set_real(value, "real", 0.83);
	json_set_real(value, "whole", 1);
	json_set_real(value, "endless", INFINITY);
	json_set_bool(value, "yes", true);
	json_set_bool(value, "no", false);
	json_set_null(value, "null");
	json_set_time(value, "at", INT64_C(1795168800000));
	json_set_time(value, "never", TIME_NONE);
	json_set_raw(value, "raw", " { \"b\" : [1, 2.50] } ");
	cr_expect_str_eq(written(value, JSON_COMPACT_LAYOUT),
			 "{\"text\":\"a \\\"quote\\\" and a \\\\\",\"given\":\"x\",\"empty\":null,"
			 "\"int\":-9223372036854775807,\"real\":0.83,\"whole\":1.0,\"endless\":null,"
			 "\"yes\":true,\"no\":false,\"null\":null,\"at\":\"2026-11-20T10:00:00Z\",\"never\":null,"
			 "\"raw\":{\"b\":[1,2.5]}}");
}

/* A body with such a mistake is answered by a server, which must go on. */
SPEC(json, a_member_whose_value_does_not_exist_is_null_or_left_out)
{
	cr_expect_str_eq(written(JSON_FROM({ "id", NULL }, { "note?", NULL }, { "by|null", NULL },
					   { "at?", AS_TEXT("") }, { "last", AS_TEXT("") }),
				 JSON_COMPACT_LAYOUT),
			 "{\"id\":null,\"by\":null,\"last\":\"\"}");
}

SPEC(json, numbers_are_as_short_as_they_can_be_and_read_back_the_same)
{
	static const double numbers[] = { 0.1, 0.83, 1.0 / 3, 1e300, 5e-324, 123456789.125, -2.5 };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct json_value *value = json_new_object();
		json_set_real(value, "n", numbers[i]);
		const char *text = written(value, JSON_COMPACT_LAYOUT);
		cr_expect(strtod(text + 5, NULL) == numbers[i], "%s", text);
		cr_expect(strlen(text) <= 30, "%s", text);
	}
}

/* Debian installs no locale with a decimal comma: this one is what localedef of glibc writes for LC_NUMERIC with
 * decimal_point "," and thousands_sep ".". */
static void use_decimal_comma(void)
{
	static const char bytes[] =
		"\x14\x11\x03\x20\6\0\0\0\x20\0\0\0\x22\0\0\0\x24\0\0\0\x28\0\0\0\x2c\0\0\0\x30\0\0\0"
		",\0.\0\3\3\0\0,\0\0\0.\0\0\0ANSI_X3.4-1968";
	char folder[] = "/tmp/kybdesk-locale-XXXXXX";
	cr_assert(mkdtemp(folder));
	const char *locale = arena_printf(&arena, "%s/xx_XX", folder);
	const char *path = arena_printf(&arena, "%s/LC_NUMERIC", locale);
	cr_assert_eq(mkdir(locale, 0700), 0);
	FILE *file = fopen(path, "wb");
	cr_assert(file && fwrite(bytes, sizeof bytes, 1, file) == 1 && fclose(file) == 0);
	cr_assert_eq(setenv("LOCPATH", folder, 1), 0);
	cr_assert(setlocale(LC_NUMERIC, "xx_XX"));
	cr_assert(unlink(path) == 0 && rmdir(locale) == 0 && rmdir(folder) == 0);
	cr_assert_str_eq(arena_printf(&arena, "%.2f", 0.5), "0,50");
}

SPEC(json, a_locale_with_a_decimal_comma_changes_nothing)
{
	use_decimal_comma();
	struct json_value *value = json_new_object();
	json_set_real(value, "n", 0.83);
	cr_expect_str_eq(written(value, JSON_COMPACT_LAYOUT), "{\"n\":0.83}");
}

SPEC(json, what_would_act_on_a_terminal_is_escaped)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "a\x1b[31mb", "\"a\\u001b[31mb\"" },
		{ "\r\n\t\b\f", "\"\\r\\n\\t\\b\\f\"" },
		{ "\x7f", "\"\\u007f\"" },
		{ "\xc2\x9b"
		  "31m",
		  "\"\\u009b31m\"" },
		{ "abc\xe2\x80\xae"
		  "fdp.exe",
		  "\"abc\\u202efdp.exe\"" },
		{ "\xe2\x81\xa6x\xe2\x81\xa9", "\"\\u2066x\\u2069\"" },
		{ "a\xe2\x80\x8b"
		  "b",
		  "\"a\\u200bb\"" },
		{ "a\xc2\xad"
		  "b",
		  "\"a\\u00adb\"" },
		{ "\xef\xbb\xbf"
		  "x",
		  "\"\\ufeffx\"" },
		{ "x\xf3\xa0\x81\x81", "\"x\\udb40\\udc41\"" }, /* tag letter */
		{ "x\xee\x80\x80", "\"x\\ue000\"" },		/* private use */
		{ "x\xf4\x8f\xbf\xbd", "\"x\\udbff\\udffd\"" }, /* private use, last plane */
		{ "x\xef\xbf\xbe", "\"x\\ufffe\"" },		/* noncharacter */
		{ "x\xe2\x80\xa8", "\"x\\u2028\"" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		cr_expect_str_eq(written_string(cases[i].text), cases[i].expected);
}

SPEC(json, names_in_any_script_stay_readable)
{
	static const char *const names[] = { "Inês Duarte", "株式会社ミナト商事", "Ελληνική",
					     "محمد",	    "Nguyễn Văn Ánh",	  "O\xcc\x88zil" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		cr_expect_str_eq(written_string(names[i]), arena_printf(&arena, "\"%s\"", names[i]));
}

SPEC(json, no_more_than_four_combining_marks_stay_on_one_base)
{
	const char *five = "o\xcc\x88\xcc\x88\xcc\x88\xcc\x88\xcc\x88";
	cr_expect_str_eq(written_string(five), "\"o\xcc\x88\xcc\x88\xcc\x88\xcc\x88\\u0308\"");
}

SPEC(json, a_combining_mark_cannot_sit_on_the_opening_quote)
{
	cr_expect_str_eq(written_string("\xcc\x88x"), "\"\\u0308x\"");
}

SPEC(json, keys_are_escaped_as_values_are)
{
	struct json_value *value = json_new_object();
	json_set_int(value, "\x1b]0;x\x07", 1);
	cr_expect_str_eq(written(value, JSON_COMPACT_LAYOUT), "{\"\\u001b]0;x\\u0007\":1}");
}

SPEC(json, bytes_that_are_no_text_become_replacement_characters)
{
	cr_expect_str_eq(written_string("caf\xe9!"), "\"caf\xef\xbf\xbd!\"");
}

SPEC(json, an_error_has_only_the_members_that_say_something)
{
	cr_assert_eq(error_set(&error, ERR_NOT_FOUND, "no session 'x'"), ERR_NOT_FOUND);
	cr_expect_str_eq(written(json_new_error(&error), JSON_COMPACT_LAYOUT),
			 "{\"error\":{\"code\":\"not_found\",\"message\":\"no session 'x'\"}}");
}

SPEC(json, an_error_names_blockers_and_field)
{
	cr_assert_eq(error_set_field(&error, ERR_BLOCKED, "status", "it can't be approved"), ERR_BLOCKED);
	error_add_blocker(&error, "hit_open", "a hit is open", "h1");
	cr_expect_str_eq(
		written(json_new_error(&error), JSON_COMPACT_LAYOUT),
		"{\"error\":{\"code\":\"blocked\",\"message\":\"it can't be approved\",\"blockers\":"
		"[{\"code\":\"hit_open\",\"message\":\"a hit is open\",\"ref\":\"h1\"}],\"field\":\"status\"}}");
}

SPEC(json, members_are_read_by_name_and_kind)
{
	struct json_value *value;
	const char *text = "{\"s\":\"x\",\"i\":7,\"b\":true,\"a\":[\"p\",\"q\"],\"o\":{\"k\":1}}";
	int64_t number = 0;
	bool flag = false;
	cr_assert(json_read(text, strlen(text), &value, &error) == ERR_OK);
	cr_expect_str_eq(json_get_text(value, "s"), "x");
	cr_expect_null(json_get_text(value, "i"));
	cr_expect_null(json_get(value, "absent"));
	cr_expect(json_get_int(value, "i", &number) && number == 7);
	cr_expect_not(json_get_int(value, "s", &number));
	cr_expect(json_get_bool(value, "b", &flag) && flag);
	cr_expect_not(json_get_bool(value, "i", &flag));
	cr_expect_eq(json_count(json_get(value, "a")), 2);
	cr_expect_eq(json_count(value), 5);
	cr_expect_str_eq(json_text(json_at(json_get(value, "a"), 1)), "q");
	cr_expect_null(json_at(json_get(value, "a"), 2));
	cr_expect_str_eq(json_next_key(value, json_first_key(value)), "i");
	cr_expect_null(json_next_key(value, NULL));
	cr_expect_null(json_first_key(json_get(value, "a")));
	cr_expect_null(json_first_key(NULL));
	cr_expect((json_is_object)(json_get(value, "o")));
	cr_expect((json_is_array)(json_get(value, "a")));
	cr_expect_not((json_is_array)(value));
	json_free(value);
}

/* json_next_key() takes constant time: with a search from the first member this loop would take minutes. */
SPEC(json, many_members_are_read_in_linear_time)
{
	struct json_value *value;
	struct strbuf text = STRBUF_INIT;
	size_t count = 0;
	clock_t began;
	for (unsigned i = 0; i < 300000; i++)
		strbuf_addf(&text, "%s\"k%u\":1", i ? "," : "{", i);
	strbuf_adds(&text, "}");
	cr_assert(json_read(text.buf, text.len, &value, &error) == ERR_OK);
	began = clock();
	for (const char *key = json_first_key(value); key; key = json_next_key(value, key))
		count++;
	cr_expect_eq(count, 300000);
	cr_expect_lt(clock() - began, 2 * CLOCKS_PER_SEC);
	json_free(value);
	strbuf_release(&text);
}

SPEC(json, broken_text_is_refused_with_its_place)
{
	static const struct {
		const char *text;
		size_t length;
		const char *message;
	} cases[] = {
		{ "{\"a\":1", 6, "ends too early, at line 1" },
		{ "{\"a\":1}\n\n}", 10, "line 3, column 1" },
		{ "{\"a\":01}", 8, "line 1" },
		{ "{\"a\":\"\xff\"}", 9, "not valid UTF-8 at byte 7 (0xff)" },
		{ "{\"a\":\"x\0\"}", 10, "U+0000 is not allowed, at byte 8" },
		{ "{\"a\":\"\\u0000\"}", 14, "U+0000 is not allowed, at line 1" },
		{ "{\"a\":1,\"a\":2}", 13, "the key 'a' appears twice" },
		{ "{\"a\":123456789012345678901234567890}", 36, "a number is too large" },
		{ "{\"a\":\"\\ud800\"}", 14, "not valid JSON" },
		{ "", 0, "ends too early" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct json_value *value = NULL;
		cr_expect(json_read(cases[i].text, cases[i].length, &value, &error) == ERR_INVALID, "%s",
			  cases[i].message);
		expect_contains(error.message, cases[i].message, cases[i].text);
	}
}

static const char *nested(size_t depth)
{
	char *text = arena_alloc(&arena, depth * 2 + 1);
	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	return text;
}

SPEC(json, nesting_is_read_to_the_limit_and_refused_beyond)
{
	struct json_value *value;
	cr_assert(json_read(nested(64), 128, &value, &error) == ERR_OK, "%s", error.message);
	json_free(value);
	cr_expect(json_read(nested(65), 130, &value, &error) == ERR_INVALID);
	expect_contains(error.message, "nested more than 64 levels deep, at byte 65", "65");
}

SPEC(json, a_nesting_bomb_is_refused_before_anything_recurses)
{
	struct json_value *value;
	size_t depth = 4 << 20;
	cr_expect(json_read(nested(depth), depth * 2, &value, &error) == ERR_INVALID);
}

SPEC(json, brackets_in_strings_are_no_nesting)
{
	struct strbuf text = STRBUF_INIT;
	struct json_value *value;
	strbuf_adds(&text, "[\"\\\"");
	strbuf_addn(&text, '[', 500);
	strbuf_adds(&text, "\"]");
	cr_assert(json_read(text.buf, text.len, &value, &error) == ERR_OK, "%s", error.message);
	json_free(value);
	strbuf_release(&text);
}

SPEC(json, kept_text_is_checked_for_depth_and_form)
{
	cr_expect(json_text_is_valid("{\"a\":[1]}", 9, 2));
	cr_expect_not(json_text_is_valid("{\"a\":[1]}", 9, 1));
	cr_expect_not(json_text_is_valid("{\"a\":", 5, 8));
	cr_expect_not(json_text_is_valid("\"\xff\"", 3, 8));
	cr_expect(json_text_is_valid("null", 4, 1));
}

Test(json, numbers_keep_every_digit)
{
	static const char body[] = "{\"o\":{\"amount\":\"1\",\"x\":{\"amount\":2}},\"origin\":{\"currency\":\"EUR\", "
				   "\"amount\" : 0.10},\"list\":[{\"amount\":7}],\"amount\":9007199254740993.55}";
	static const char listed[] = "{\"l\":[{\"e\":null},{\"s.e\":5,\"s\":{\"e\":60.000000000000000001},"
				     "\"s.e[0]\":6},7],\"l[2]\":8}";
	struct arena arena = ARENA_INIT;
	struct json_value *out = json_new_object();
	struct strbuf text = STRBUF_INIT;

	cr_expect_str_eq(json_number_text(&arena, body, strlen(body), "origin.amount"), "0.10");
	cr_expect_str_eq(json_number_text(&arena, body, strlen(body), "amount"), "9007199254740993.55");
	cr_expect_str_eq(json_number_text(&arena, body, strlen(body), "o.x.amount"), "2");
	cr_expect_null(json_number_text(&arena, body, strlen(body), "o.amount"), "a text");
	cr_expect_null(json_number_text(&arena, body, strlen(body), "o.x"), "an object");
	cr_expect_null(json_number_text(&arena, body, strlen(body), "list.amount"), "in a list");
	cr_expect_null(json_number_text(&arena, body, strlen(body), "amount.amount"), "of a number");
	cr_expect_null(json_number_text(&arena, "5", 1, "amount"), "no object");
	cr_expect_str_eq(json_number_text(&arena, listed, strlen(listed), "l[1].s.e"), "60.000000000000000001");
	cr_expect_str_eq(json_number_text(&arena, listed, strlen(listed), "l[2]"), "7");
	cr_expect_null(json_number_text(&arena, listed, strlen(listed), "l[0].e"), "null");
	cr_expect_null(json_number_text(&arena, listed, strlen(listed), "l[3]"), "beyond the end");
	json_set(out, "balance", json_new_number("9007199254740993.50"));
	json_write(&text, out, JSON_COMPACT_LAYOUT, false);
	cr_expect_str_eq(text.buf, "{\"balance\":9007199254740993.50}");
	json_free(out);
	strbuf_release(&text);
	arena_release(&arena);
}
