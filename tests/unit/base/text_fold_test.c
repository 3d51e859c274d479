#include "kybdesk/base/text.h"
#include "support/leak.h"

#include <string.h>

static void expect_fold(const char *text, const char *wanted)
{
	struct strbuf out = STRBUF_INIT;
	text_fold(&out, text, strlen(text));
	cr_expect_str_eq(out.buf, wanted, "\"%s\" instead of \"%s\"", out.buf, wanted);
	strbuf_release(&out);
}

static void expect_tokens(const char *text, const char *wanted)
{
	struct strbuf out = STRBUF_INIT;
	text_add_tokens(&out, text, strlen(text));
	cr_expect_str_eq(out.buf, wanted, "\"%s\" instead of \"%s\"", out.buf, wanted);
	strbuf_release(&out);
}

Test(text_fold, ignores_case_accents_and_width)
{
	expect_fold("Soluções Digitais", "solucoes digitais");
	expect_fold("SOLUÇÕES", "solucoes");
	expect_fold("Straße", "strasse");
	expect_fold("ＡＢＣ１２", "abc12");
	expect_fold("ﬁn", "fin");
	expect_fold("ΣΊΣΥΦΟΣ", "σισυφοσ");
	expect_fold("Ё", "е");
	NO_LEAKS();
}

Test(text_fold, composed_and_decomposed_are_the_same)
{
	expect_fold("Zoë", "zoe");
	expect_fold("Zoe\u0308", "zoe");
	expect_fold("\u00c5ngstro\u0308m \u212b", "angstrom a");
}

Test(text_fold, strokes_and_ligatures_are_plain_letters)
{
	expect_fold("Łódź Ørsted Đorđe Æther Œuvre Þór", "lodz orsted dorde aether oeuvre thor");
	expect_fold("IŞIK ışık İstanbul", "isik isik istanbul");
}

Test(text_fold, white_space_collapses_and_ends_are_trimmed)
{
	expect_fold("  a \t\n b\u00a0\u3000c  ", "a b c");
	expect_fold("", "");
	expect_fold(" \u2003 ", "");
}

Test(text_fold, invisible_characters_cannot_split_a_word)
{
	expect_fold("Ac\u200bme\u00ad\u202e", "acme");
}

Test(text_fold, invalid_bytes_separate)
{
	expect_fold("a\xff"
		    "b\xc3",
		    "a b");
}

Test(text_fold, vowel_signs_that_carry_a_name_stay)
{
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
	text_fold(&a, "किशन", strlen("किशन"));
	text_fold(&b, "कशन", strlen("कशन"));
	cr_expect_str_neq(a.buf, b.buf);
	strbuf_release(&a);
	strbuf_release(&b);
}

Test(text_fold, appends_and_long_text_is_whole)
{
	struct strbuf out = STRBUF_INIT, text = STRBUF_INIT;
	for (int i = 0; i < 1000; i++)
		strbuf_adds(&text, "éÅ");
	strbuf_adds(&out, "x:");
	text_fold(&out, text.buf, text.len);
	cr_expect_eq(out.len, 2002);
	cr_expect_eq(strncmp(out.buf, "x:eaea", 6), 0);
	strbuf_release(&out);
	strbuf_release(&text);
	NO_LEAKS();
}

Test(text_add_tokens, words_are_letters_and_digits)
{
	expect_tokens("O'Brien & Söhne, GmbH-Co. 24/7", "o brien sohne gmbh co 24 7");
	expect_tokens("RAL-2031", "ral 2031");
	expect_tokens("", "");
	expect_tokens("---", "");
	expect_tokens("100%🏠x", "100 x");
	NO_LEAKS();
}

Test(text_add_tokens, characters_of_scripts_without_spaces_stand_alone)
{
	expect_tokens("東京ABC商事", "東 京 abc 商 事");
	expect_tokens("テスト", "テ ス ト");
	expect_tokens("한국전력", "한 국 전 력");
	expect_tokens("ไทย", "ไ ท ย");
}

Test(text_add_tokens, any_substring_of_such_a_name_is_a_phrase_of_it)
{
	const char *name = "合同会社東京ガス";
	struct strbuf whole = STRBUF_INIT;
	strbuf_addch(&whole, ' ');
	text_add_tokens(&whole, name, strlen(name));
	strbuf_addch(&whole, ' ');
	for (size_t from = 0; from < strlen(name); from += 3)
		for (size_t to = from + 3; to <= strlen(name) - 3; to += 3) {
			struct strbuf part = STRBUF_INIT;
			strbuf_addch(&part, ' ');
			text_add_tokens(&part, name + from, to - from);
			if (to < strlen(name) - 6)
				cr_expect_not_null(strstr(whole.buf, part.buf), "%s in %s", part.buf, whole.buf);
			strbuf_release(&part);
		}
	strbuf_release(&whole);
}

Test(text_add_tokens, an_appended_run_starts_without_a_space)
{
	struct strbuf out = STRBUF_INIT;
	strbuf_adds(&out, "x");
	text_add_tokens(&out, "abc", 3);
	cr_expect_str_eq(out.buf, "xabc");
	strbuf_release(&out);
}

Test(text_distance, counts_slips_and_swaps)
{
	cr_expect_eq(text_distance("", ""), 0);
	cr_expect_eq(text_distance("abc", ""), 3);
	cr_expect_eq(text_distance("approve", "approve"), 0);
	cr_expect_eq(text_distance("aprove", "approve"), 1);
	cr_expect_eq(text_distance("appprove", "approve"), 1);
	cr_expect_eq(text_distance("apporve", "approve"), 1);
	cr_expect_eq(text_distance("kitten", "sitting"), 3);
	cr_expect_eq(text_distance("ab", "ba"), 1);
}

Test(text_distance, long_words_are_cut_not_overrun)
{
	char a[200], b[200];
	memset(a, 'a', 199);
	memset(b, 'b', 199);
	a[199] = b[199] = '\0';
	cr_expect_eq(text_distance(a, b), 64);
}

Test(text_find_nearest, finds_the_typo_and_is_silent_otherwise)
{
	static const char *const commands[] = { "approve", "reject", "release", "reviewer", "list", "document" };
	size_t count = sizeof commands / sizeof commands[0];
	cr_expect_str_eq(text_find_nearest("aprove", commands, count), "approve");
	cr_expect_str_eq(text_find_nearest("rejetc", commands, count), "reject");
	cr_expect_str_eq(text_find_nearest("lits", commands, count), "list");
	cr_expect_str_eq(text_find_nearest("doc", commands, count), "document");
	cr_expect_null(text_find_nearest("re", commands, count), "three could be meant");
	cr_expect_null(text_find_nearest("zzzzzz", commands, count));
	cr_expect_null(text_find_nearest("", commands, count));
}

Test(text_has_prefix, knows_the_empty_and_the_longer_one)
{
	cr_expect(text_has_prefix("abc", "ab"));
	cr_expect(text_has_prefix("abc", ""));
	cr_expect_not(text_has_prefix("ab", "abc"));
}

Test(indefinite_article, goes_by_the_first_letter)
{
	cr_expect_str_eq(indefinite_article("admin"), "an");
	cr_expect_str_eq(indefinite_article("Intake user"), "an");
	cr_expect_str_eq(indefinite_article("lead"), "a");
	cr_expect_str_eq(indefinite_article(""), "a");
}
