#include <criterion/criterion.h>

#include "rules/geo.h"
#include "support/texts.h"

static const struct country brazil = { "BR", "BRA", "Brazil", NULL, 0, "AC AL SP TO", false };
static const struct country nowhere = { "NW", "NWH", "Nowhere", NULL, 0, "", false };

Test(geo, a_subdivision_may_be_written_with_its_country)
{
	cr_expect(country_has_subdivision(&brazil, "SP"));
	cr_expect(country_has_subdivision(&brazil, "BR-SP"));
	cr_expect(country_has_subdivision(&brazil, "AC"));
	cr_expect(country_has_subdivision(&brazil, "TO"));
}

Test(geo, another_country_s_subdivision_is_none)
{
	static const char *const others[] = { "NY", "US-SP", "sp", "S", "SP ", "", "BR-", "AC AL", "BRSP" };

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		cr_expect_not(country_has_subdivision(&brazil, others[i]), "'%s'", others[i]);
}

Test(geo, some_countries_have_none)
{
	cr_expect(country_has_subdivisions(&brazil));
	cr_expect_not(country_has_subdivisions(&nowhere));
}

Test(geo, subdivisions_are_named_up_to_a_number)
{
	struct arena arena = ARENA_INIT;

	cr_expect_str_eq(country_subdivisions_text(&arena, &brazil, 9), "AC, AL, SP, TO");
	cr_expect_str_eq(country_subdivisions_text(&arena, &brazil, 2), "AC, AL and 2 more");
	cr_expect_str_eq(country_subdivisions_text(&arena, &nowhere, 2), "");
	arena_release(&arena);
}

Test(geo, us_states_are_two_capitals)
{
	static const char *const states[] = { "AL", "WY", "DC", "PR", "GU", "AE" };
	static const char *const others[] = { "al", "XX", "ON", "C", "CAL", "" };
	size_t count;

	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		cr_expect(us_state_is_known(states[i]), "%s", states[i]);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		cr_expect_not(us_state_is_known(others[i]), "%s", others[i]);
	(void)us_state_codes(&count);
	cr_expect_eq(count, 50 + 1 + 8 + 3);
}

Test(geo, a_zip_code_has_five_or_nine_digits)
{
	static const char *const others[] = { "",	    "9410",	   "941040",	"94104-",
					      "94104-265",  "94104-26570", "941042657", "94104 2657",
					      "94104-265A", "A4104" };

	cr_expect(us_zip_is_valid("94104"));
	cr_expect(us_zip_is_valid("94104-2657"));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		cr_expect_not(us_zip_is_valid(others[i]), "'%s'", others[i]);
}

Test(geo, po_boxes_are_found_in_any_spelling)
{
	static const char *const boxes[] = TEXTS(
		"PO Box 123", "P.O. Box 123", "P. O. Box 123", "p.o.box 123", "POBox 123", "PO-Box 123", "P O Box 123",
		"Post Office Box 7", "POB 12", "Box 770", "Box #770", "PO BOX", "GPO Box 4", "Postfach 10 01 20",
		"Postfach", "Postbus 5", "Caixa Postal 55", "Apartado 4", "Apartado de Correos 12", "Apartado Postal 9",
		"B.P. 33", "Boîte postale 33", "Casella Postale 5", "Casilla 90", "PO Box No. 7", "Unit B, P.O. Box 7",
		"12 Main St, PO Box 7", "Private Bag 12", "Postboks 8");

	for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++)
		cr_expect(has_po_box(boxes[i]), "%s", boxes[i]);
}

Test(geo, streets_that_sound_alike_are_streets)
{
	static const char *const streets[] =
		TEXTS("5 California Ave.", "12 Post Office Road", "7 Boxwood Ave.", "3 Box Hill", "Rua do Apartado",
		      "1 Po Valley Street", "Poststraße 4", "Suite 770", "9 Bp Lane", "Casilla del Rey",
		      "Box Office Lane", "", "Calle Postal 5", "Bolton Street 5");

	for (size_t i = 0; i < sizeof streets / sizeof *streets; i++)
		cr_expect_not(has_po_box(streets[i]), "%s", streets[i]);
}
