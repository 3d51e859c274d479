/* The functions that write all HTML of the client's page: an escaped value cannot become markup. */
#include "kybdesk/base/html.h"

#include <criterion/criterion.h>
#include <string.h>

static struct strbuf out;

static void set_up(void)
{
	strbuf_init(&out);
}
static void tear_down(void)
{
	strbuf_release(&out);
}
TestSuite(html, .init = set_up, .fini = tear_down);

static const char *text(const char *bytes, size_t length)
{
	strbuf_reset(&out);
	html_add_text(&out, bytes, length);
	return out.buf;
}
#define TEXT(literal) text(literal, sizeof(literal) - 1)

static const char *value(const char *from)
{
	strbuf_reset(&out);
	html_add_form_value(&out, from);
	return out.buf;
}

Test(html, quotes_and_tags_are_entities_in_both)
{
	static const char hostile[] = "\"><script>alert('x')</script>&amp;`";
	static const char safe[] = "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;&#96;";

	cr_expect_str_eq(TEXT(hostile), safe);
	cr_expect_str_eq(value(hostile), safe);
	html_add(&out, "<p title=\"%s\">", hostile);
	cr_expect_not_null(strstr(out.buf, "<p title=\"&quot;&gt;&lt;script"));
	cr_expect_str_eq(TEXT("</textarea></title><!--"), "&lt;/textarea&gt;&lt;/title&gt;&lt;!--");
}

Test(html, what_no_reader_could_see_is_replaced)
{
	cr_expect_str_eq(TEXT("a\0b"),
			 "a\xef\xbf\xbd"
			 "b",
			 "NUL");
	cr_expect_str_eq(TEXT("a\x1b[31m\x7f"), "a\xef\xbf\xbd[31m\xef\xbf\xbd");
	cr_expect_str_eq(TEXT("\xc2\x85\xc2\x9f"), "\xef\xbf\xbd\xef\xbf\xbd", "C1");
	cr_expect_str_eq(TEXT("a\tb\nc"), "a\tb\nc");
	cr_expect_str_eq(TEXT("a\rb"), "a\xef\xbf\xbd"
				       "b");
	cr_expect_str_eq(TEXT("\xef\xbf\xbe\xef\xbf\xbf"), "\xef\xbf\xbd\xef\xbf\xbd", "noncharacters");
}

Test(html, invalid_utf8_is_replaced_byte_by_byte_and_hides_nothing_behind_it)
{
	/* A lead byte before a quote, an overlong "<", a surrogate, a lone continuation byte, a truncated sequence. */
	cr_expect_str_eq(TEXT("\xc3\"x"), "\xef\xbf\xbd&quot;x");
	cr_expect_str_eq(TEXT("\xc0\xbc"), "\xef\xbf\xbd\xef\xbf\xbd");
	cr_expect_str_eq(TEXT("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	cr_expect_str_eq(TEXT("\x80<"), "\xef\xbf\xbd&lt;");
	cr_expect_str_eq(TEXT("\xf0\x9f\x98"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	cr_expect_str_eq(value("\xff\""), "\xef\xbf\xbd&quot;");
}

Test(html, nothing_turns_the_text_around_it_but_scripts_of_their_own_stay)
{
	cr_expect_str_eq(TEXT("a\xe2\x80\xaeqrs"), "a\xef\xbf\xbdqrs", "U+202E");
	for (char c = '\xaa'; c <= '\xae'; c++) {
		const char mark[] = { '\xe2', '\x80', c, '\0' };

		cr_expect_str_eq(text(mark, 3), "\xef\xbf\xbd");
		cr_expect_str_eq(value(mark), mark, "what was typed is sent back as it came");
	}
	for (char c = '\xa6'; c <= '\xa9'; c++) {
		const char mark[] = { '\xe2', '\x81', c, '\0' };

		cr_expect_str_eq(text(mark, 3), "\xef\xbf\xbd");
	}
	cr_expect_str_eq(TEXT("שלום مرحبا Ω 李 é"), "שלום مرحبا Ω 李 é");
	cr_expect_str_eq(TEXT("\xe2\x80\xab"), "\xef\xbf\xbd");
	cr_expect_str_eq(TEXT("\xe2\x80\xaf"), "\xe2\x80\xaf", "U+202F is a space");
	cr_expect_str_eq(TEXT("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80");
}

Test(html, a_value_comes_back_as_it_was_typed)
{
	cr_expect_str_eq(value("one\r\ntwo"), "one&#13;\ntwo");
	cr_expect_str_eq(value(""), "");
}

Test(html, a_part_of_a_path_is_one_part)
{
	html_add_url_part(&out, "a/../b?c#d e%\"<é");
	cr_expect_str_eq(out.buf, "a%2F..%2Fb%3Fc%23d%20e%25%22%3C%C3%A9");
}

Test(html, markup_takes_texts_and_numbers)
{
	html_add(&out, "<td>%s</td>%d %zu 100%%", "<b>", -4, (size_t)7);
	cr_expect_str_eq(out.buf, "<td>&lt;b&gt;</td>-4 7 100%");
}
