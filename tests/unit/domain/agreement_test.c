/* Finding values of the case in the text of a document: worst cases of names, numbers and dates. */
#include "kybdesk/domain/agreement.h"
#include "kybdesk/base/text.h"
#include "kybdesk/base/world.h"
#include "kybdesk/domain/value.h"
#include "support/leak.h"
#include "support/texts.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena arena;
static struct doc_search_spans marks;

static bool finds(enum doc_search_kind kind, const char *value, const char *text)
{
	struct doc_search_value item = { .kind = kind, .name = "it", .text = value, .found = true };
	struct doc_search_values values = { &item, 1 };
	doc_search_find_values(&arena, text, strlen(text), &values, &marks);
	cr_expect_eq(item.found, marks.count > 0, "'%s' in '%s': told otherwise than marked", value, text);
	return item.found;
}

static const char *marked(const char *text, size_t index)
{
	cr_assert_lt(index, marks.count);
	return arena_strndup(&arena, text + marks.items[index].from, marks.items[index].length);
}

static void tear_down(void)
{
	arena_release(&arena);
	NO_LEAKS();
}
TestSuite(agreement, .fini = tear_down);

Test(agreement, names_are_found_however_they_are_set)
{
	static const char *const texts[] =
		TEXTS("of HARBOUR LANE TRADING LTD, Bristol", "Harbour  Lane\n     Trading\tLtd",
		      "Harbour Lane Tra-\nding Ltd", "Harbour Lane Tra\nding Ltd.", "(Harbour Lane Trading Limited)",
		      "HarbourLane Trading Ltd", "Ｈａｒｂｏｕｒ Lane Trading Ltd");
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		cr_expect(finds(DOC_SEARCH_NAME, "Harbour Lane Trading Ltd", texts[i]), "%s", texts[i]);
	cr_expect(finds(DOC_SEARCH_NAME, "Harbour Lane Trading Ltd", "(Harbour Lane Trading Limited)"));
	cr_expect_str_eq(marked("(Harbour Lane Trading Limited)", 0), "Harbour Lane Trading Limited");
}

Test(agreement, what_is_only_a_part_of_a_word_is_none)
{
	cr_expect_not(finds(DOC_SEARCH_NAME, "Lane Ltd", "Blane Ltd"));
	cr_expect_not(finds(DOC_SEARCH_NAME, "Lane Ltd", "Lane Ltda"));
	cr_expect_not(finds(DOC_SEARCH_PERSON, "Ann Lee", "An n Lee"));
	cr_expect_not(finds(DOC_SEARCH_PERSON, "Ann Lee", "Ann and Lee"));
	cr_expect_not(finds(DOC_SEARCH_NUMBER, "9482213", "109482213"));
	cr_expect_not(finds(DOC_SEARCH_NUMBER, "9482213", "94822130"));
	cr_expect_not(finds(DOC_SEARCH_NAME, "ab", "ab ab"), "too short to mean anything");
	cr_expect_not(finds(DOC_SEARCH_NAME, "---", "---"));
	cr_expect_not(finds(DOC_SEARCH_NAME, "Harbour", ""));
}

Test(agreement, accents_combining_marks_and_ligatures_are_folded)
{
	const char *text = "Aurora Solu\xc3\xa7\xc3\xb5"
			   "es / AURORA SOLUC\xcc\xa7O\xcc\x83"
			   "ES / aurora solucoes";
	cr_expect(finds(DOC_SEARCH_NAME,
			"Aurora Solu\xc3\xa7\xc3\xb5"
			"es",
			text));
	cr_assert_eq(marks.count, 3);
	cr_expect_str_eq(marked(text, 1), "AURORA SOLUC\xcc\xa7O\xcc\x83"
					  "ES");
	cr_expect(finds(DOC_SEARCH_NAME, "Office Finance",
			"the O\xef\xac\x83"
			"ce \xef\xac\x81nance"));
	/* A combining mark at the end belongs to its letter. */
	cr_expect(finds(DOC_SEARCH_NAME, "Jose", "x Jose\xcc\x81 y"));
	cr_expect_str_eq(marked("x Jose\xcc\x81 y", 0), "Jose\xcc\x81");
}

Test(agreement, scripts_without_spaces_are_found_within)
{
	const char *text = "本社は株式会社ミナト商\n事といいます";
	cr_expect(finds(DOC_SEARCH_NAME, "株式会社ミナト商事", text));
	cr_expect_str_eq(marked(text, 0), "株式会社ミナト商\n事");
	cr_expect(finds(DOC_SEARCH_NAME, "株式会社ミナト商事", "株式 会社 ミナト 商事"));
	cr_expect_not(finds(DOC_SEARCH_NAME, "株式会社ミナト商事", "株式会社ミナミ商事"));
	cr_expect_not(finds(DOC_SEARCH_NAME, "\xea\xb0\x80\xeb\x82\x98\xeb\x8b\xa4\xea\xb0\x80",
			    "\xea\xb0\x80\xeb\x82\x98\xeb\x8b\xa4\xea\xb0\x81"),
		      "the beginning of a syllable is another one");
}

Test(agreement, the_last_word_may_stand_first)
{
	cr_expect(finds(DOC_SEARCH_PERSON, "Ines Duarte", "DUARTE, Ines"));
	cr_expect(finds(DOC_SEARCH_PERSON, "Ines Duarte", "DUARTE<<INES"));
	cr_expect(finds(DOC_SEARCH_PERSON, "Mary-Jane O'Brien", "MARY JANE OBRIEN"));
	cr_expect_not(finds(DOC_SEARCH_NAME, "Lane Holdings", "Holdings Lane"), "companies keep their order");
}

Test(agreement, numbers_are_found_in_groups)
{
	cr_expect(finds(DOC_SEARCH_NUMBER, "GB123456789", "VAT No. GB 123 456 789"));
	cr_expect(finds(DOC_SEARCH_NUMBER, "GB123456789", "VAT 123456789"));
	cr_expect(finds(DOC_SEARCH_NUMBER, "12.345.678/0001-95", "CNPJ 12345678000195"));
	cr_expect(finds(DOC_SEARCH_NUMBER, "12345678000195", "CNPJ 12.345.678/0001-95"));
	cr_expect(finds(DOC_SEARCH_NUMBER, "09482213", "No.09482213"));
	cr_expect(finds(DOC_SEARCH_NUMBER, "09482213", "0948\n2213"));
	cr_expect_not(finds(DOC_SEARCH_NUMBER, "09482213", "0948          2213"), "two columns");
}

Test(agreement, dates_are_found_in_their_usual_spellings)
{
	static const char *const texts[] = TEXTS(
		"1984-02-11", "1984/02/11", "born 11.02.1984.", "11/2/1984", "02/11/1984", "11-02-84", "11 Feb 1984",
		"11 FEBRUARY, 1984", "February 11, 1984", "11th February 1984", "11th of February\n  1984",
		"11 de fevereiro de 1984", "11. Februar 1984", "11 f\xc3\xa9vrier 1984", "1984年2月11日", "11FEB1984",
		"19840211", "11021984", "le 11 f\xc3\xa9vr. 84");
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		cr_expect(finds(DOC_SEARCH_DATE, "1984-02-11", texts[i]), "%s", texts[i]);
	cr_expect(finds(DOC_SEARCH_DATE, "1984-02-11", "born 11.02.1984."));
	cr_expect_str_eq(marked("born 11.02.1984.", 0), "11.02.1984");
	cr_expect(finds(DOC_SEARCH_DATE, "1979-05-05", "05.05.1979"));
	cr_expect_eq(marks.count, 1);
}

Test(agreement, other_dates_are_none)
{
	static const char *const texts[] =
		TEXTS("1984-02-12", "11.02.1985", "11 March 1984", "111.02.1984", "11.02.19840", "11 people 1984",
		      "1984", "Feb 1984", "11 02 84", "11 (see page) 02 1984", "84");
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		cr_expect_not(finds(DOC_SEARCH_DATE, "1984-02-11", texts[i]), "%s", texts[i]);
	cr_expect_not(finds(DOC_SEARCH_DATE, "unknown", "unknown"));
}

Test(agreement, marks_stand_in_order_and_apart)
{
	struct doc_search_value items[] = { { .kind = DOC_SEARCH_NAME, .name = "b", .text = "Lane Trading" },
					    { .kind = DOC_SEARCH_NAME, .name = "a", .text = "Harbour Lane" },
					    { .kind = DOC_SEARCH_NUMBER, .name = "c", .text = "12345" } };
	struct doc_search_values values = { items, 3 };
	const char *text = "Harbour Lane Trading 12345, 12345";
	doc_search_find_values(&arena, text, strlen(text), &values, &marks);
	cr_assert_eq(marks.count, 3);
	cr_expect_str_eq(marked(text, 0), "Harbour Lane Trading", "two that overlap are one");
	cr_expect(items[0].found && items[1].found && items[2].found);
	for (size_t i = 1; i < marks.count; i++)
		cr_expect_gt(marks.items[i].from, marks.items[i - 1].from + marks.items[i - 1].length);
}

/* Each text is slow to search: at almost every position, the text looks like the beginning of a searched value. */
Test(agreement, a_megabyte_takes_no_time)
{
	static const char *const patterns[] = { "a",	    "1",	 "1 ", "11.02.",	"aa aa ",
						"\xc3\xa9", "e\xcc\x81", "株", "harbour lane ", "\xcc\x81" };
	struct doc_search_value items[60];
	char name[81];
	memset(name, 'a', 80);
	name[80] = '\0';
	for (size_t i = 0; i < 60; i++)
		items[i] =
			i % 3 == 0 ? (struct doc_search_value){ .kind = DOC_SEARCH_PERSON, .name = "", .text = name }
			: i % 3 == 1
				? (struct doc_search_value){ .kind = DOC_SEARCH_DATE, .name = "", .text = "1984-02-11" }
				: (struct doc_search_value){ .kind = DOC_SEARCH_NUMBER,
							     .name = "",
							     .text = "11111111111111111112" };
	for (size_t p = 0; p < sizeof patterns / sizeof patterns[0]; p++) {
		struct strbuf text = STRBUF_INIT;
		while (text.len < 1 << 20)
			strbuf_adds(&text, patterns[p]);
		int64_t before = world_monotonic_ms(world_real());
		doc_search_find_values(&arena, text.buf, text.len, &(struct doc_search_values){ items, 60 }, &marks);
		int64_t took = world_monotonic_ms(world_real()) - before;
		cr_log_info("%s: %lld ms", patterns[p], (long long)took);
		cr_expect_lt(took, 8000, "'%s' took %lld ms", patterns[p], (long long)took);
		cr_expect_leq(marks.count, DOC_SEARCH_SPANS_MAX);
		strbuf_release(&text);
	}
}

Test(agreement, any_bytes_of_valid_text_are_taken)
{
	unsigned seed = 7;
	static const char *const pieces[] =
		TEXTS("a", "1", " ", "\n", "-", "é", "\xcc\x81", "株", "한", "\xe1\x84\x80", "🏽", "<U+202E>",
		      "\xef\xac\x81", "ก็", "feb", "1984", "\xf0\x9d\x9f\x8e");
	for (int round = 0; round < 2000; round++) {
		struct strbuf text = STRBUF_INIT;
		for (int i = 0; i < 30; i++) {
			seed = seed * 1103515245u + 12345u;
			strbuf_adds(&text, pieces[seed / 65536 % (sizeof pieces / sizeof pieces[0])]);
		}
		char *value = arena_strndup(&arena, text.buf, strlen(pieces[0]) + 4);
		while (!text_is_valid(value, strlen(value)))
			value[strlen(value) - 1] = '\0';
		struct doc_search_value items[] = { { .kind = DOC_SEARCH_PERSON, .name = "", .text = value },
						    { .kind = DOC_SEARCH_NUMBER, .name = "", .text = value },
						    { .kind = DOC_SEARCH_DATE, .name = "", .text = "1984-02-01" } };
		doc_search_find_values(&arena, text.buf, text.len, &(struct doc_search_values){ items, 3 }, &marks);
		for (size_t i = 0; i < marks.count; i++)
			cr_assert(text_is_valid(text.buf + marks.items[i].from, marks.items[i].length));
		strbuf_release(&text);
		arena_reset(&arena);
	}
}

Test(agreement, a_case_says_what_is_looked_for)
{
	struct case_file file;
	struct party parties[2];
	static const struct value lines[] = { { .kind = VALUE_TEXT, .text = "4 Harbour Lane" },
					      { .kind = VALUE_TEXT, .text = "GBR" },
					      { .kind = VALUE_TEXT, .text = "BS1 4QA" } };
	static const char *const keys[] = { "street", "country", "zip_code" };
	static const struct value address = {
		.kind = VALUE_OBJECT, .text = "", .items = lines, .keys = keys, .count = 3
	};
	struct doc_search_values values;
	case_file_init(&file);
	party_init(&parties[0]);
	party_init(&parties[1]);
	file.session.subject.name = "Harbour Lane Trading Ltd";
	file.session.subject.registration_number = "09482213";
	file.session.subject.address = &address;
	parties[0].kind = PARTY_COMPANY;
	parties[0].name = "Lane Holdings BV";
	parties[1].kind = PARTY_INDIVIDUAL;
	parties[1].name = "Ines Duarte";
	parties[1].date_of_birth = "1984-02-11";
	file.parties = parties;
	file.party_count = 2;
	doc_search_collect_values(&arena, &file, NULL, 0, &values);
	static const char *const expected[] = {
		"name",	       "registration number",	   "street", "zip code", "Lane Holdings BV",
		"Ines Duarte", "birth date of Ines Duarte"
	};
	cr_assert_eq(values.count, sizeof expected / sizeof expected[0]);
	for (size_t i = 0; i < values.count; i++)
		cr_expect_str_eq(values.items[i].name, expected[i]);
	cr_expect_eq(values.items[5].kind, DOC_SEARCH_PERSON);
	cr_expect_eq(values.items[6].kind, DOC_SEARCH_DATE);
	cr_expect_null(strstr(values.items[6].name, "1984"), "what is personal is not told by its name");
}

/* --- required content of a document --- */

#define NOW INT64_C(1795996800000) /* 2026-11-30 */

static const char *missing_in(const char *text, const struct document_spec *spec)
{
	struct case_file file;
	struct party party;
	struct doc_search_values values;
	struct doc_search_spans marks;
	const char *missing = "";

	case_file_init(&file);
	party_init(&party);
	file.session.subject.name = "Harbour Lane Trading Ltd";
	file.session.subject.registration_number = "09482213";
	party.kind = PARTY_INDIVIDUAL;
	party.name = "Ines Duarte";
	file.parties = &party;
	file.party_count = 1;
	doc_search_collect_values(&arena, &file, spec, NOW, &values);
	doc_search_find_values(&arena, text, strlen(text), &values, &marks);
	for (size_t i = 0; i < values.count; i++)
		if (values.items[i].required && !values.items[i].found)
			missing = arena_printf(&arena, "%s%s%s%s", missing, *missing ? ", " : "", values.items[i].name,
					       values.items[i].newest_date
						       ? arena_printf(&arena, " %u", values.items[i].newest_date)
						       : "");
	return missing;
}

Test(agreement, only_what_a_document_has_to_show_is_missing)
{
	static const struct document_spec bill = { .expected_parts = 1u << SHOWS_NAME, .max_age_months = 3 },
					  extract = { .expected_parts = 1u << SHOWS_NAME |
									1u << SHOWS_REGISTRATION_NUMBER |
									1u << SHOWS_PARTIES };
	static const struct {
		const struct document_spec *spec;
		const char *text, *missing;
	} rows[] = {
		{ NULL, "nothing of it", "" },
		{ &bill, "HARBOUR LANE TRADING LIMITED, 12 November 2026", "" },
		{ &bill, "Harbour Lane Trading Ltd 2026-08-30", "" },
		{ &bill, "Harbour Lane Trading Ltd 2026-08-29", "a date within the last 3 months 20260829" },
		{ &bill, "Harbour Lane Trading Ltd 2026-12-01", "" },
		{ &bill, "Harbour Lane Trading Ltd 2026-12-02", "a date within the last 3 months" },
		{ &bill, "Harbour Lane Trading Ltd 1.2.2026 3 March 2025", "a date within the last 3 months 20260201" },
		{ &bill, "Harbour Lane Trading Ltd", "a date within the last 3 months" },
		{ &bill, "30/11/2026", "name" },
		{ &extract, "Harbour Lane Trading Ltd", "registration number, Ines Duarte" },
		{ &extract, "Harbour Lane Trading Ltd No. 0948 2213 DUARTE Ines", "" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_str_eq(missing_in(rows[i].text, rows[i].spec), rows[i].missing, "%s: %s", rows[i].text,
				 missing_in(rows[i].text, rows[i].spec));
	arena_release(&arena);
}

/* Three months before 31 May would be 31 February, which does not exist. */
Test(agreement, a_shorter_month_gives_its_last_day)
{
	static const struct {
		int64_t now, months;
		const char *first;
	} rows[] = { { INT64_C(1780185600000), 3, "2026-02-28" },
		     { INT64_C(1711843200000), 1, "2024-02-29" },
		     { INT64_C(1768435200000), 12, "2025-01-15" },
		     { INT64_C(1768435200000), 3, "2025-10-15" } };
	struct case_file file;
	struct doc_search_values values;

	case_file_init(&file);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct document_spec spec = { .max_age_months = rows[i].months };
		doc_search_collect_values(&arena, &file, &spec, rows[i].now, &values);
		cr_assert_eq(values.count, 1);
		cr_expect_str_eq(values.items[0].text, rows[i].first);
	}
	arena_release(&arena);
}
