#include "kybdesk/base/text.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect_likeness(const char *text, const char *want)
{
	struct strbuf out = STRBUF_INIT;

	text_likeness_key(&out, text, strlen(text));
	cr_expect_str_eq(out.buf, want, "%s: %s", text, out.buf);
	strbuf_release(&out);
}

Test(text_likeness_key, keeps_letters_and_digits_alone)
{
	expect_likeness("Harbour Lane Ltd.", "HARB0UR1ANE1TD");
	expect_likeness("a-b_c/d\\e.f,g h\t\xe2\x80\x8b", "ABCDEFGH");
	expect_likeness("", "");
	expect_likeness("-- ", "");
	expect_likeness("\xff"
			"A\xc3",
			"A");
}

Test(text_likeness_key, reads_digits_of_any_script)
{
	expect_likeness("٠١٢٣٤٥٦٧٨٩", "0123456789");
	expect_likeness("۰۱۲۳۴۵۶۷۸۹", "0123456789");
	expect_likeness("०१२३४५६७८९", "0123456789");
	expect_likeness("０１２３４５６７８９", "0123456789");
	expect_likeness("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟘𝟙", "012345678901");
	expect_likeness("①²₃", "123");
}

Test(text_likeness_key, takes_letters_that_look_alike_as_one)
{
	expect_likeness("ОКСАНА", "0KCAHA"); /* Cyrillic */
	expect_likeness("оксана", "0KCAHA");
	expect_likeness("ΑΒΕ", "ABE"); /* Greek */
	expect_likeness("ＡＢＣ", "ABC");
	expect_likeness("0O Il1", "00111");
	expect_likeness("Soluções", "S01UC0ES");
	expect_likeness("Ж漢字", "Ж漢字");
}

Test(text_likeness_key, skips_ordinal_signs)
{
	expect_likeness("1.º 2.ª", "12");
}

Test(text_likeness_key, a_number_key_has_no_zeros_that_begin_digits)
{
	static const struct {
		const char *number, *key;
	} rows[] = {
		{ "09.482/213", "9482213" }, { "000", "" }, { "", "" }, { "О0Ａ-0", "A" }, { "HRB 0107", "HRB107" }
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct strbuf out = STRBUF_INIT;

		text_number_key(&out, rows[i].number);
		cr_expect_str_eq(out.buf, rows[i].key, "%s", rows[i].number);
		strbuf_release(&out);
	}
}
