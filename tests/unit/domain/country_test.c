#include <criterion/criterion.h>

#include "kybdesk/domain/country.h"

static const char *brazil_names[] = { "Brasil" };
static const char *british_names[] = { "UK", "Great Britain" };
static struct country items[] = {
	{ "BR", "BRA", "Brazil", brazil_names, 1, "", false },
	{ "CI", "CIV", "Côte d'Ivoire", NULL, 0, "", false },
	{ "GB", "GBR", "United Kingdom", british_names, 2, "", false },
};
static const struct countries countries = { items, 3 };

Test(country, is_found_in_any_form_and_case)
{
	static const struct {
		const char *text, *alpha3;
	} forms[] = {
		{ "BR", "BRA" },
		{ "br", "BRA" },
		{ "BRA", "BRA" },
		{ "bra", "BRA" },
		{ "Brazil", "BRA" },
		{ "bRASIL", "BRA" },
		{ "UK", "GBR" },
		{ "great  britain", "GBR" },
		{ "Cote d'Ivoire", "CIV" },
		{ "CÔTE D'IVOIRE", "CIV" },
	};

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		const struct country *found = country_find(&countries, forms[i].text);

		cr_assert_not_null(found, "%s", forms[i].text);
		cr_expect_str_eq(found->alpha3, forms[i].alpha3);
	}
}

/* A travel document has such a code in place of a country; a business has none. */
Test(country, a_code_of_persons_is_found_for_persons_only)
{
	static struct country of_persons[] = {
		{ "BR", "BRA", "Brazil", NULL, 0, "", false },
		{ "", "XXA", "Stateless person", NULL, 0, "", true },
	};
	static const struct countries all = { of_persons, 2 };

	cr_expect_null(country_find(&all, "XXA"));
	cr_expect_null(country_find(&all, "stateless person"));
	cr_expect_eq(country_find_of_person(&all, "xxa"), &of_persons[1]);
	cr_expect_eq(country_find_of_person(&all, "Stateless person"), &of_persons[1]);
	cr_expect_eq(country_find_of_person(&all, "BR"), &of_persons[0]);
	cr_expect_null(country_find_of_person(&all, ""));
}

Test(country, unknown_texts_find_nothing)
{
	static const char *const texts[] = { "", "QQ", "QQQ", "Braz", "Brazilia", "B" };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		cr_expect_null(country_find(&countries, texts[i]), "%s", texts[i]);
}
