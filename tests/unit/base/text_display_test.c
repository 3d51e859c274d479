#include "kybdesk/base/text.h"
#include "support/leak.h"
#include "support/texts.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static char *shown(const char *text, size_t length, enum text_mode mode)
{
	struct strbuf out = STRBUF_INIT;
	text_display(&out, text, length, mode);
	return strbuf_detach(&out);
}

static void expect_shown(const char *text, const char *utf8, const char *ascii)
{
	char *safe = shown(text, strlen(text), TEXT_UTF8);
	cr_expect_str_eq(safe, utf8, "\"%s\" instead of \"%s\"", safe, utf8);
	free(safe);
	safe = shown(text, strlen(text), TEXT_ASCII);
	cr_expect_str_eq(safe, ascii, "\"%s\" instead of \"%s\"", safe, ascii);
	free(safe);
}

/* Bytes behind the end are not read. */
Test(text_display, ends_where_the_text_ends)
{
	static const char *const texts[] = { "Acme Ltd", "Ac\u0301e", "A\u0301\u0301", "\u2014x", "\x1bx", "\n\n" };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		for (size_t length = 0; length <= strlen(texts[i]); length++)
			for (enum text_mode mode = TEXT_UTF8; mode <= TEXT_ASCII; mode++) {
				char *alone = strndup(texts[i], length), *wanted = shown(alone, length, mode);
				char *found = shown(texts[i], length, mode);
				cr_expect_str_eq(found, wanted, "%zu bytes of %s", length, texts[i]);
				free(found);
				free(wanted);
				free(alone);
			}
}

/* The contract's forbidden characters, written down a second time and on purpose not shared with the program. */
static bool is_forbidden(wchar_t c)
{
	static const struct {
		wchar_t first, last;
	} ranges[] = {
		{ 0x00, 0x1f },	      { 0x7f, 0x9f },	    { 0xad, 0xad },	   { 0x34f, 0x34f },
		{ 0x61c, 0x61c },     { 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },	   { 0x180b, 0x180f },
		{ 0x200b, 0x200f },   { 0x2028, 0x202e },   { 0x2060, 0x2064 },	   { 0x2066, 0x206f },
		{ 0x3164, 0x3164 },   { 0xd800, 0xf8ff },   { 0xfe00, 0xfe0f },	   { 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 },   { 0xfff9, 0xfffb },   { 0xfffe, 0xffff },	   { 0xfdd0, 0xfdef },
		{ 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff }, { 0xf0000, 0x10ffff },
	};
	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return (c & 0xfffe) == 0xfffe;
}

/* Expects valid UTF-8 without forbidden characters, at most four marks in a row; if `lines` is false, also that the
 * program computes the same width as wcwidth(). */
static void expect_harmless(const char *given, const char *safe, enum text_mode mode, bool lines)
{
	size_t length = mbstowcs(NULL, safe, 0);
	cr_assert_neq(length, (size_t)-1, "not UTF-8 for <%s>", given);
	wchar_t *wide = calloc(length + 1, sizeof *wide);
	(void)mbstowcs(wide, safe, length + 1);
	size_t marks = 0;
	size_t cells = 0;
	for (size_t i = 0; i < length; i++) {
		if (wide[i] == '\n' && lines)
			continue;
		cr_assert_not(is_forbidden(wide[i]), "U+%04X reaches the terminal", (unsigned)wide[i]);
		cr_assert(mode == TEXT_UTF8 || wide[i] < 0x7f);
		int width = wcwidth(wide[i]);
		cr_assert_geq(width, 0, "the C library gives U+%04X no width", (unsigned)wide[i]);
		cells += (size_t)width;
		marks = width == 0 ? marks + 1 : 0;
		cr_assert_leq(marks, 4);
	}
	if (!lines)
		cr_assert_eq(text_width_cells(safe, strlen(safe)), cells, "\"%s\"", safe);
	free(wide);
}

static void expect_all_harmless(const char *text, size_t length)
{
	for (int mode = TEXT_UTF8; mode <= TEXT_ASCII; mode++) {
		struct strbuf out = STRBUF_INIT;
		text_display(&out, text, length, (enum text_mode)mode);
		cr_assert_eq(strlen(out.buf), out.len);
		expect_harmless(text, out.buf, (enum text_mode)mode, false);
		strbuf_reset(&out);
		text_display_lines(&out, text, length, (enum text_mode)mode);
		expect_harmless(text, out.buf, (enum text_mode)mode, true);
		strbuf_release(&out);
	}
}

static void set_up(void)
{
	cr_assert_not_null(setlocale(LC_CTYPE, "C.UTF-8"));
}

TestSuite(text_display, .init = set_up);

Test(text_display, plain_and_foreign_names_pass_unchanged)
{
	static const char *const names[] =
		TEXTS("", "Harbour Lane Trading Ltd", "Soluções Digitais", "合同会社テスト", "Łódź", "Ελλάδα",
		      "ООО Ромашка", "한국", "ไทย", "किशन", "محمد", "€ 100 ½ ✓", "🏠🇩🇪", "e\u0301\u0323");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char *safe = shown(names[i], strlen(names[i]), TEXT_UTF8);
		cr_expect_str_eq(safe, names[i]);
		free(safe);
		expect_all_harmless(names[i], strlen(names[i]));
	}
	NO_LEAKS();
}

Test(text_display, controls_become_pictures_or_carets)
{
	expect_shown("a\x1b[2Jb", "a␛[2Jb", "a^[[2Jb");
	expect_shown("\r\n\t\b\a", "␍␊␉␈␇", "^M^J^I^H^G");
	expect_shown("x\x7fy", "x␡y", "x^?y");
	expect_shown("\xc2\x85\xc2\x9b"
		     "31m",
		     "<U+0085><U+009B>31m", "<U+0085><U+009B>31m");
	char *safe = shown("a\0b", 3, TEXT_UTF8);
	cr_expect_str_eq(safe, "a␀b");
	free(safe);
	safe = shown("a\0b", 3, TEXT_ASCII);
	cr_expect_str_eq(safe, "a^@b");
	free(safe);
}

Test(text_display, bidi_zero_width_and_tags_become_marks)
{
	expect_shown("abc\u202etxt.exe", "abc<U+202E>txt.exe", "abc<U+202E>txt.exe");
	expect_shown("\u2066\u200b\u00ad\ufeff", "<U+2066><U+200B><U+00AD><U+FEFF>",
		     "<U+2066><U+200B><U+00AD><U+FEFF>");
	expect_shown("a\U000E0041\U000E007F", "a<U+E0041><U+E007F>", "a<U+E0041><U+E007F>");
	expect_shown("\u3164\uffa0\u115f", "<U+3164><U+FFA0><U+115F>", "<U+3164><U+FFA0><U+115F>");
}

Test(text_display, private_unassigned_and_noncharacters_become_marks)
{
	expect_shown("\ue000\U000F0000", "<U+E000><U+F0000>", "<U+E000><U+F0000>");
	expect_shown("\u0378\ufdd0\uffff\U0010ffff", "<U+0378><U+FDD0><U+FFFF><U+10FFFF>",
		     "<U+0378><U+FDD0><U+FFFF><U+10FFFF>");
}

Test(text_display, invalid_bytes_become_marks_one_by_one)
{
	expect_shown("a\xff\xfe", "a<ff><fe>", "a<ff><fe>");
	expect_shown("\xc0\xaf", "<c0><af>", "<c0><af>");	      /* overlong '/' */
	expect_shown("\xed\xa0\x80", "<ed><a0><80>", "<ed><a0><80>"); /* surrogate */
	expect_shown("\xf4\x90\x80\x80", "<f4><90><80><80>", "<f4><90><80><80>");
	expect_shown("\xe2\x82", "<e2><82>", "<e2><82>"); /* cut off */
	expect_shown("\xe2\x82x", "<e2><82>x", "<e2><82>x");
}

Test(text_display, an_emoji_sequence_shows_its_joints)
{
	expect_shown("👩\u200d💻", "👩<U+200D>💻", "?\?<U+200D>??");
	/* Persian and Indic names are spelled with joiners; elsewhere, and at the end, a joiner hides something. */
	expect_shown("علی\u200cرضا", "علیرضا", "??????");
	expect_shown("क्\u200dष", "क्ष", "??");
	expect_shown("علی\u200c\u200cرضا", "علی<U+200C><U+200C>رضا", "??\?<U+200C><U+200C>???");
	expect_shown("Ali\u200c", "Ali<U+200C>", "Ali<U+200C>");
	expect_shown("علی\u200c", "علی<U+200C>", "??\?<U+200C>");
	expect_shown("❤\ufe0f", "❤<U+FE0F>", "?<U+FE0F>");
	expect_shown("👍\U0001f3fd", "👍<U+1F3FD>", "?\?<U+1F3FD>");
	expect_shown("🇩", "<U+1F1E9>", "<U+1F1E9>");
	expect_shown("🇩🇪🇫", "🇩🇪<U+1F1EB>", "?\?<U+1F1EB>");
}

Test(text_display, ascii_shows_question_marks_of_the_same_width)
{
	expect_shown("é", "é", "?");
	expect_shown("e\u0301", "e\u0301", "e");
	expect_shown("日本", "日本", "????");
	expect_shown("a…b – “c” • ’", "a…b – “c” • ’", "a~b - \"c\" * '");
}

Test(text_display, a_mark_without_a_base_gets_a_circle)
{
	expect_shown("\u0301a", "◌\u0301a", "?a");
	expect_shown("\n\u0301", "␊◌\u0301", "^J?");
	expect_shown("\u202e\u0301", "<U+202E>◌\u0301", "<U+202E>?");
	expect_shown("\xff\u0301", "<ff>◌\u0301", "<ff>?");
}

Test(text_display, surplus_marks_become_one)
{
	expect_shown("a\u0301\u0302\u0303\u0304", "a\u0301\u0302\u0303\u0304", "a");
	expect_shown("a\u0301\u0302\u0303\u0304\u0305\u0306b", "a\u0301\u0302\u0303\u0304<+2>b", "a<+2>b");
	struct strbuf flood = STRBUF_INIT;
	strbuf_addch(&flood, 'Z');
	for (int i = 0; i < 100000; i++)
		strbuf_adds(&flood, "\u0489");
	char *safe = shown(flood.buf, flood.len, TEXT_UTF8);
	cr_expect_str_eq(safe, "Z\u0489\u0489\u0489\u0489<+99996>");
	free(safe);
	strbuf_release(&flood);
	NO_LEAKS();
}

Test(text_display, a_mark_cannot_hide_marks_behind_an_invisible_one)
{
	/* The joiner is shown as <U+200D> and ends the run of marks; the next run is cut to four marks, too. */
	const char *text = "a\u0301\u0301\u0301\u0301\u200d\u0301\u0301\u0301\u0301\u0301";
	expect_shown(text, "a\u0301\u0301\u0301\u0301<U+200D>◌\u0301\u0301\u0301\u0301<+1>", "a<U+200D>?<+1>");
	expect_all_harmless(text, strlen(text));
}

Test(text_display_lines, keeps_line_feeds_and_nothing_else)
{
	struct strbuf out = STRBUF_INIT;
	const char *text = "one\ntwo\r\n\u0301three\tfour";
	text_display_lines(&out, text, strlen(text), TEXT_UTF8);
	cr_expect_str_eq(out.buf, "one\ntwo␍\n◌\u0301three␉four");
	strbuf_release(&out);
}

Test(text_display, appends_and_never_touches_what_was_there)
{
	struct strbuf out = STRBUF_INIT;
	strbuf_adds(&out, "is: ");
	text_display(&out, "\u0301", 2, TEXT_UTF8);
	cr_expect_str_eq(out.buf, "is: ◌\u0301");
	strbuf_release(&out);
}

Test(text_display, every_code_point_alone_and_after_a_letter_is_harmless)
{
	for (unsigned codepoint = 0; codepoint <= 0x10ffff; codepoint++) {
		unsigned char bytes[6] = { 'a' };
		size_t size;
		/* Surrogates are encoded, too, as the three bytes that a careless program writes. */
		if (codepoint < 0x80) {
			bytes[1] = (unsigned char)codepoint;
			size = 1;
		} else if (codepoint < 0x800) {
			bytes[1] = (unsigned char)(0xc0 | codepoint >> 6);
			bytes[2] = (unsigned char)(0x80 | (codepoint & 63));
			size = 2;
		} else if (codepoint < 0x10000) {
			bytes[1] = (unsigned char)(0xe0 | codepoint >> 12);
			bytes[2] = (unsigned char)(0x80 | (codepoint >> 6 & 63));
			bytes[3] = (unsigned char)(0x80 | (codepoint & 63));
			size = 3;
		} else {
			/* The planes without characters are sampled. */
			if (codepoint > 0x33000 && codepoint % 97)
				continue;
			bytes[1] = (unsigned char)(0xf0 | codepoint >> 18);
			bytes[2] = (unsigned char)(0x80 | (codepoint >> 12 & 63));
			bytes[3] = (unsigned char)(0x80 | (codepoint >> 6 & 63));
			bytes[4] = (unsigned char)(0x80 | (codepoint & 63));
			size = 4;
		}
		struct strbuf out = STRBUF_INIT;
		text_display(&out, (char *)bytes + 1, size, TEXT_UTF8);
		expect_harmless("", out.buf, TEXT_UTF8, false);
		strbuf_reset(&out);
		text_display(&out, (char *)bytes, size + 1, TEXT_ASCII);
		expect_harmless("", out.buf, TEXT_ASCII, false);
		strbuf_release(&out);
	}
}

Test(text_display, random_bytes_are_harmless)
{
	unsigned long long seed = 42;
	char bytes[64];
	for (int round = 0; round < 50000; round++) {
		for (size_t i = 0; i < sizeof bytes; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			/* Many lead and continuation bytes, so that sequences do form. */
			unsigned pick = (unsigned)(seed >> 33);
			bytes[i] = (char)(pick % 4 == 0	  ? 0x80 | (pick >> 8 & 0x3f)
					  : pick % 4 == 1 ? 0xc0 | (pick >> 8 & 0x3f)
							  : pick >> 8);
		}
		expect_all_harmless(bytes, (size_t)round % sizeof bytes);
	}
	NO_LEAKS();
}

Test(text_display, a_corpus_of_attacks_is_harmless)
{
	static const char *const corpus[] = TEXTS(
		"\x1b]0;owned\x07", "\x1b]52;c;cm0gLXJm\x07", "\x1bP+q544e\x1b\\", "\x1b[?1049h\x1b[2J\x1b[H",
		"\xc2\x9b"
		"2J\xc2\x9d"
		"0;x\xc2\x9c",
		"approved\r\x1b[K rejected", "safe\b\b\b\bevil", "RTL \u202egpj.exe\u202c \u2067x\u2069 \u061c",
		"a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u034fh\u180ei", "tag\U000E0020\U000E0061\U000E007F",
		"\u2028line\u2029paragraph", "\ufff9a\ufffab\ufffb",
		"Z\u0351\u036b\u0313\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349"
		"\u035a\u032f\u031e\u0320\u034dA\u0334\u0335\u031c\u0330\u0354\u036b\u0357\u0362"
		"L\u0320\u0368\u0367\u0369\u0358G\u0334\u033b\u0348\u034d\u0354\u0339\u0311"
		"\u0357\u030e\u0305\u035b\u0301\u01ea\u0335\u0339\u033b\u031d\u0333\u0342\u030c\u030c"
		"\u0358!\u0356\u032c\u0330\u0319\u0317\u033f\u030b\u0365\u0365\u0302\u0363\u0310"
		"\u0301\u0301\u035c\u035e",
		"ᄀᄀ가ᅡᅡᅡᅡᅡᅡᆨᆨᆨ", "\u0e33\u0e33\u0eb3", "\U0001d173\U0001d17a\U0001d159",
		"\u17b4\u17b5\u3164\uffa0\u2800", "👨\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 👍🏽",
		"\xf8\x88\x80\x80\x80\xfc\xfe", "\xe2\x80", "日本\u0301\u0301\u0301\u0301\u0301\u0301語");
	for (size_t i = 0; i < sizeof corpus / sizeof corpus[0]; i++) {
		expect_all_harmless(corpus[i], strlen(corpus[i]));
		/* Cuts the text at every byte, also inside a character. */
		for (size_t cut = 0; cut < strlen(corpus[i]); cut++)
			expect_all_harmless(corpus[i], cut);
	}
	NO_LEAKS();
}

Test(text_safe_copy, is_a_copy_in_the_arena)
{
	struct arena arena = ARENA_INIT;
	cr_expect_str_eq(text_safe_copy(&arena, "a\x1b", TEXT_UTF8), "a␛");
	cr_expect_str_eq(text_safe_copy(&arena, "", TEXT_UTF8), "");
	arena_release(&arena);
	NO_LEAKS();
}

Test(text_valid, prefix_ends_before_the_first_bad_byte)
{
	static const struct {
		const char *bytes;
		size_t length, valid;
	} table[] = {
		{ "", 0, 0 },
		{ "abc", 3, 3 },
		{ "abcdefghijklmnop\xff", 17, 16 },
		{ "abc\0def", 7, 3 },
		{ "abcdefgh\0jklmnop", 16, 8 },
		{ "é\xc3", 3, 2 },
		{ "\xc0\x80", 2, 0 },
		{ "\xe0\x9f\xbf", 3, 0 },
		{ "\xf0\x8f\xbf\xbf", 4, 0 },
		{ "\xed\xa0\x80", 3, 0 },
		{ "\xed\x9f\xbf", 3, 3 },
		{ "\xf4\x8f\xbf\xbf", 4, 4 },
		{ "\xf4\x90\x80\x80", 4, 0 },
		{ "\xf5\x80\x80\x80", 4, 0 },
		{ "a\x80", 2, 1 },
		{ "abcdefg\x80i", 9, 7 },
	};
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		cr_expect_eq(text_valid_prefix(table[i].bytes, table[i].length), table[i].valid, "row %zu", i);
		cr_expect_eq(text_is_valid(table[i].bytes, table[i].length), table[i].valid == table[i].length);
	}
}

Test(text_valid, agrees_with_the_c_library_on_random_bytes)
{
	set_up();
	unsigned long long seed = 7;
	for (int round = 0; round < 100000; round++) {
		char bytes[12] = { 0 };
		for (size_t i = 0; i < 11; i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			unsigned pick = (unsigned)(seed >> 33);
			char c = (char)(pick % 3 == 0 ? 0x80 | (pick >> 8 & 0x3f) : pick >> 8);
			bytes[i] = c ? c : 'x';
		}
		/* mbstowcs() also accepts code points after the last one of Unicode. */
		wchar_t wide[12];
		size_t count = mbstowcs(wide, bytes, 12);
		bool wanted = count != (size_t)-1;
		for (size_t i = 0; wanted && i < count; i++)
			wanted = wide[i] <= 0x10ffff;
		cr_assert_eq(text_is_valid(bytes, 11), wanted, "round %d", round);
	}
}
