#include <criterion/criterion.h>

#include "kybdesk/domain/country.h"

static const char *brazil_names[] = { "Brasil" };
static const char *british_names[] = { "UK", "Great Britain" };
static struct country items[] = {
	{ "BR", "BRA", "Brazil", brazil_names, 1, "" },
	{ "CI", "CIV", "Côte d'Ivoire", NULL, 0, "" },
	{ "GB", "GBR", "United Kingdom", british_names, 2, "" },
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

Test(country, unknown_texts_find_nothing)
{
	static const char *const texts[] = { "", "QQ", "QQQ", "Braz", "Brazilia", "B" };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		cr_expect_null(country_find(&countries, texts[i]), "%s", texts[i]);
}
