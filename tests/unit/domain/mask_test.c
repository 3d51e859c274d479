#include <criterion/criterion.h>
#include <string.h>

#include "kybdesk/domain/mask.h"

static struct arena arena;

static void release(void)
{
	arena_release(&arena);
}
TestSuite(mask, .fini = release);

Test(mask, shows_the_last_four_of_eight_or_more_characters)
{
	static const char *const numbers[][2] = {
		{ "GB123456789", "*******6789" },
		{ "12345678", "****5678" },
		{ "1234567", "*******" },
		{ "1234", "****" },
		{ "", "" },
		{ "１２３４５６７８", "****５６７８" },
		{ "äöüäöü7", "*******" },
		{ "ä1234567", "****4567" },
	};

	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		cr_expect_str_eq(mask_number(&arena, numbers[i][0]), numbers[i][1]);
}

Test(mask, hides_a_date_whole)
{
	cr_expect_str_eq(mask_date(&arena, "1984-02-11"), "****-**-**");
	cr_expect_str_eq(mask_date(&arena, "long ago"), "****-**-**");
	cr_expect_str_empty(mask_date(&arena, ""));
}

Test(mask, knows_personal_fields_by_their_names_in_the_seeds)
{
	static const char *const personal[] = { "tax_id",
						"taxId",
						"taxIdNumber",
						"ssn",
						"SSN",
						"dob",
						"dateOfBirth",
						"date_of_birth",
						"taxIdentificationNumberTin",
						"passport_number",
						"documentNumber",
						"cpf",
						"companyTaxId",
						"birthDate",
						"Social Security Number" };

	for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++)
		cr_expect(mask_field_is_personal(personal[i]), "%s", personal[i]);
}

Test(mask, leaves_other_fields_readable)
{
	static const char *const open[] = { "name",
					    "countryOfTaxId",
					    "countryTaxResidence",
					    "numberOfEmployees",
					    "dob_matched",
					    "ssnRequired",
					    "business_activity",
					    "uploadedIdentificationId",
					    "",
					    "taxIdentificationDocumentId" };

	for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
		cr_expect_not(mask_field_is_personal(open[i]), "%s", open[i]);
}

Test(mask, survives_a_name_longer_than_any_field)
{
	char name[5000];

	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	cr_expect_not(mask_field_is_personal(name));
}

Test(mask, a_text_of_no_known_kind_tells_nothing_but_the_end_of_a_number)
{
	static const char *const shown[][2] = {
		{ "", "" },
		{ "1984-02-11", "****-**-**" },
		{ "GB123456789", "*******6789" },
		{ "529.982.247-25", "**********7-25" },
		{ "Ines", "********" },
		{ "12 Harbour Lane 1234", "********" },
		{ "ines.duarte1984@mail.example", "********" },
		{ "true", "********" },
	};

	for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
		cr_expect_str_eq(mask_text(&arena, shown[i][0]), shown[i][1]);
}

Test(mask, a_file_name_keeps_its_ending_only)
{
	cr_expect_str_eq(mask_file_name(&arena, "ines duarte.passport.pdf"), "********.pdf");
	cr_expect_str_eq(mask_file_name(&arena, "passport"), "********");
	cr_expect_str_eq(mask_file_name(&arena, "of.InesDuarte"), "********");
	cr_expect_str_eq(mask_file_name(&arena, ""), "");
}
