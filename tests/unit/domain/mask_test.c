#include <criterion/criterion.h>
#include <string.h>

#include "kybdesk/domain/mask.h"
#include "support/texts.h"

static struct arena arena;

static void tear_down(void)
{
	arena_release(&arena);
}
TestSuite(mask, .fini = tear_down);

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
	static const char *const personal[] =
		TEXTS("tax_id", "taxId", "taxIdNumber", "ssn", "SSN", "dob", "dateOfBirth", "date_of_birth",
		      "taxIdentificationNumberTin", "passport_number", "documentNumber", "cpf", "companyTaxId",
		      "birthDate", "Social Security Number");

	for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++)
		cr_expect(mask_field_is_personal(personal[i]), "%s", personal[i]);
}

Test(mask, leaves_other_fields_readable)
{
	static const char *const open[] = TEXTS("name", "countryOfTaxId", "countryTaxResidence", "numberOfEmployees",
						"dob_matched", "ssnRequired", "business_activity",
						"uploadedIdentificationId", "", "taxIdentificationDocumentId");

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
	cr_expect_str_eq(mask_file_name(&arena, "ines duarte.passport.pdf", NULL), "********.pdf");
	cr_expect_str_eq(mask_file_name(&arena, "passport", NULL), "********");
	cr_expect_str_eq(mask_file_name(&arena, "of.InesDuarte", NULL), "********");
	cr_expect_str_eq(mask_file_name(&arena, "", NULL), "");
}

static const char *shown(const struct case_file *file, const char *name)
{
	struct mask_words words = { .arena = &arena };

	mask_words_collect(&words, file);
	return mask_file_name(&arena, name, &words);
}

Test(mask, of_a_file_name_only_what_tells_about_a_person_is_hidden)
{
	static const char *const names[][2] = {
		{ "articles.pdf", "articles.pdf" },
		{ "bank statement 2026-10.pdf", "bank statement 2026-10.pdf" },
		{ "Ines Duarte passport.pdf", "******** passport.pdf" },
		{ "INÊS_DUARTE-passport.pdf", "********-passport.pdf" },
		{ "passportOfInesDuarte.pdf", "passportOf********.pdf" },
		{ "duarte, ines (front).JPG", "******** (front).JPG" },
		{ "tax 123456789.png", "tax ********.png" },
		{ "tax 123.456-789.png", "tax ********.png" },
		{ "born 11.02.1984.png", "born ********.png" },
		{ "19840211", "********" },
		{ "scan of Ana.pdf", "scan of ********.pdf" },
		{ "banana.pdf", "banana.pdf" },
		{ "business_number.pdf", "business_number.pdf" },
		{ "inesduarte.pdf", "********.pdf" },
		{ "InesBusiness.pdf", "********Business.pdf" },
		{ "marked.pdf", "marked.pdf" },
		{ "ZX881-front.pdf", "********-front.pdf" },
		{ "", "" },
	};
	struct case_file file;
	struct party party = { 0 };

	case_file_init(&file);
	file.session.subject.kind = SUBJECT_INDIVIDUAL;
	file.session.subject.name = "Inês Duarte";
	file.session.subject.tax_id = "123456789";
	file.session.subject.date_of_birth = "1984-02-11";
	party_init(&party);
	party.kind = PARTY_INDIVIDUAL;
	party.name = "Ana de Li";
	party.tax_id = "ZX 881";
	file.parties = &party;
	file.party_count = 1;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		cr_expect_str_eq(shown(&file, names[i][0]), names[i][1], "%s: %s", names[i][0],
				 shown(&file, names[i][0]));
	file.session.subject.kind = SUBJECT_BUSINESS;
	file.session.subject.name = "Harbour Lane Trading Ltd";
	cr_expect_str_eq(shown(&file, "harbour lane articles.pdf"), "harbour lane articles.pdf",
			 "the name of a company is not a personal data");
}
