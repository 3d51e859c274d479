#include <criterion/criterion.h>

#include "kybdesk/base/text.h"
#include <string.h>

static enum text_class class_of(const char *text)
{
	size_t bytes;
	enum text_class found = text_class_at(text, strlen(text), &bytes);

	cr_assert_eq(bytes, *text ? strlen(text) : 1, "one character, or one byte that is none");
	return found;
}

Test(text_class, letters_of_every_script_are_letters)
{
	static const char *const letters[] = { "a", "Z", "é", "ß", "Ж", "陈", "ع", "あ" };

	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		cr_expect_eq(class_of(letters[i]), TEXT_LETTER, "%s", letters[i]);
}

Test(text_class, digits_are_those_that_forms_mean)
{
	cr_expect_eq(class_of("0"), TEXT_DIGIT);
	cr_expect_eq(class_of("9"), TEXT_DIGIT);
	cr_expect_eq(class_of("٣"), TEXT_OTHER);
	cr_expect_eq(class_of("²"), TEXT_OTHER);
}

Test(text_class, a_mark_belongs_to_its_letter)
{
	cr_expect_eq(class_of("\u0301"), TEXT_MARK);
}

Test(text_class, the_space_of_the_keyboard_is_the_only_one)
{
	cr_expect_eq(class_of(" "), TEXT_SPACE);
	cr_expect_eq(class_of("\u2003"), TEXT_OTHER);
}

Test(text_class, what_hides_is_no_letter_and_no_space)
{
	static const char *const hidden[] = { "\u200b", "\u3164", "\u00a0", "\t", "\u202e", "\xff" };

	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		cr_expect_eq(class_of(hidden[i]), TEXT_OTHER, "%zu", i);
}

Test(text_class, bytes_that_are_no_character_are_one_each)
{
	struct strbuf out = STRBUF_INIT;

	cr_expect_eq(text_character_count("a\xff\xfe"
					  "b"),
		     4);
	text_add_upper(&out,
		       "a\xff\xfe"
		       "b",
		       4);
	cr_expect_str_eq(out.buf, "A\xff\xfe"
				  "B");
	strbuf_release(&out);
}

Test(text_class, characters_are_counted_not_bytes)
{
	cr_expect_eq(text_character_count(""), 0);
	cr_expect_eq(text_character_count("Inês"), 4);
	cr_expect_eq(text_character_count("期限切れ"), 4);
}

Test(text_class, capitals_keep_accents)
{
	struct strbuf out = STRBUF_INIT;

	text_add_upper(&out, "Acme soluções µ 1", strlen("Acme soluções µ 1"));
	cr_expect_str_eq(out.buf, "ACME SOLUÇÕES Μ 1");
	strbuf_release(&out);
}
