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

Test(mask, masks_subject_and_parties_and_keeps_their_names)
{
	struct case_file file;
	struct party parties[2];

	case_file_init(&file);
	file.session.subject.name = "Harbour Lane";
	file.session.subject.tax_id = "GB123456789";
	file.session.subject.date_of_birth = "1984-02-11";
	for (size_t i = 0; i < 2; i++) {
		party_init(&parties[i]);
		parties[i].name = "Ines Duarte";
		parties[i].tax_id = "123456789";
		parties[i].date_of_birth = "1984-02-11";
	}
	file.parties = parties;
	file.party_count = 2;
	mask_case(&arena, &file);
	cr_expect_str_eq(file.session.subject.name, "Harbour Lane");
	cr_expect_str_eq(file.session.subject.tax_id, "*******6789");
	cr_expect_str_eq(file.session.subject.date_of_birth, "****-**-**");
	cr_expect_str_eq(parties[1].name, "Ines Duarte");
	cr_expect_str_eq(parties[1].tax_id, "*****6789");
	cr_expect_str_eq(parties[1].date_of_birth, "****-**-**");
}
