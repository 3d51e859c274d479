/* `import --format`: files of company registers are compared with the applicants' input. The companies are made up. */
#include "attack_cases.h"
#include "expect.h"
#include "kybdesk/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUSINESS(ref, status, name, country, number)                                                                   \
	"{\"external_ref\":\"" ref "\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"shop\","             \
	"\"status\":\"" status "\",\"submitted_at\":\"2026-11-03T10:00:00Z\",\"subject\":{\"kind\":\"business\","      \
	"\"name\":\"" name "\",\"country\":\"" country "\",\"registration_number\":\"" number                          \
	"\",\"incorporated_on\":\"2015-03-12\",\"address\":{\"street\":\"4 Harbour Lane\",\"city\":\"Bristol\","       \
	"\"zip_code\":\"BS1 5TY\",\"country\":\"" country "\"}}}\n"

static const char businesses[] = BUSINESS("REG-1", "manual_review", "Harbour Lane Trading Ltd", "GBR", "9482213")
	BUSINESS("REG-2", "manual_review", "Quay SA", "PRT", "508222111")
		BUSINESS("REG-3", "manual_review", "Pier AG", "DEU", "529900EXAMPLE0000012");

#define TITLES                                                                                                         \
	"CompanyName, CompanyNumber,RegAddress.AddressLine1, RegAddress.AddressLine2,RegAddress.PostTown,"             \
	"RegAddress.PostCode,CompanyCategory,CompanyStatus,IncorporationDate\r\n"
#define ENTRY(name, number, town, status, day)                                                                         \
	"\"" name "\",\"" number "\",\"4 HARBOUR LANE\",\"\",\"" town                                                  \
	"\",\"BS1 5TY\",\"Private Limited Company\",\"" status "\",\"" day "\"\r\n"

static void make(void)
{
	DONE("init", "--sandbox");
	box_import(&box, businesses);
}

static void set_up(void)
{
	box_world(&box, "register", make);
}
TestSuite(register_files, .init = set_up, .fini = box_tear_down, .timeout = 120);

static const char *shown(const char *reference)
{
	DONE("show", reference);
	return box.last.out;
}

static int take(const char *format, const char *text)
{
	char *path = box_path(&box, "register");

	box_write(&box, "register", text);
	return box_json(&box, "import", path, "--format", format, NULL);
}

static void expect_counts(long long updated, long long unchanged, long long unmatched, long long rejected)
{
	SHOWS("imported = 0");
	cr_expect_eq(json_path_int(box.json, "updated"), updated, "%s", box.last.out);
	cr_expect_eq(json_path_int(box.json, "unchanged"), unchanged, "%s", box.last.out);
	cr_expect_eq(json_path_int(box.json, "unmatched"), unmatched, "%s", box.last.out);
	cr_expect_eq(json_path_int(box.json, "rejected"), rejected, "%s", box.last.out);
}

Test(register_files, an_entry_stands_beside_what_the_applicant_typed)
{
	cr_assert_eq(take("companies-house",
			  TITLES ENTRY("HARBOUR LANE TRADING LIMITED", "09482213", "BATH", "Active", "12/03/2015")
				  ENTRY("NO CASE LTD", "00000001", "X", "Active", "01/01/2001")),
		     0, "%s", box.last.err);
	expect_counts(1, 0, 1, 0);
	cr_expect(strstr(shown("REG-1"), "register, Companies House: differs from the applicant's input: city\n"), "%s",
		  box.last.out);
	PRINTS("    ! city: BATH (typed: Bristol)\n", "    name: HARBOUR LANE TRADING LIMITED\n");
	GIVES(("show", "REG-1"), "status: manual_review", "subject.address.city: Bristol", "checks[0].kind: register",
	      "checks[0].status: passed", "checks[0].detail.incorporated_on: 2015-03-12",
	      "checks[0].reported_as: intake", "decisions[0] is absent");
	DONE_JSON("list");
	cr_expect_null(json_path(box.json, "data[3]"), "no case is made: %s", box.last.out);
	cr_assert_eq(take("companies-house",
			  TITLES ENTRY("HARBOUR LANE TRADING LIMITED", "09482213", "BATH", "Active", "12/03/2015")),
		     0);
	expect_counts(0, 1, 0, 0);
	cr_assert_eq(take("companies-house", TITLES ENTRY("HARBOUR LANE TRADING LIMITED", "09482213", "BATH",
							  "Liquidation", "12/03/2015")),
		     0);
	expect_counts(1, 0, 0, 0);
	GIVES(("show", "REG-1"), "checks[0].status: failed");
	cr_expect(has_blocker(&box, "check_failed") || strstr(box.last.out, "check_failed"), "%s", box.last.out);
	DONE("audit", "verify");
}

#define LEI_ENTRY(lei, name, country, number, status)                                                                  \
	"{\"LEI\":{\"$\":\"" lei "\"},\"Entity\":{\"LegalName\":{\"@xml:lang\":\"en\",\"$\":\"" name                   \
	"\"},\"RegistrationAuthority\":{\"RegistrationAuthorityEntityID\":{\"$\":\"" number                            \
	"\"}},\"LegalJurisdiction\":{\"$\":\"" country "\"},\"EntityStatus\":{\"$\":\"" status                         \
	"\"},\"EntityCreationDate\":{\"$\":\"2015-03-12T00:00:00Z\"}}}"

Test(register_files, gleif_is_read_as_csv_and_as_json)
{
	cr_assert_eq(take("gleif", "{ \"records\" : [" LEI_ENTRY(
					   "529900EXAMPLE0000012", "PIER AG", "DE-BY", "HRB 1",
					   "ACTIVE") ",\n" LEI_ENTRY("529900EXAMPLE0000013", "QUAY SOCIEDADE SA", "PT",
								     "508.222.111", "INACTIVE") "\n]}\n"),
		     0, "%s", box.last.out);
	expect_counts(2, 0, 0, 0);
	cr_expect(strstr(shown("REG-2"), "differs from the applicant's input: name, status\n"), "%s", box.last.out);
	cr_expect(strstr(shown("REG-3"), "register, GLEIF: agrees with the applicant's values\n"), "%s", box.last.out);
	cr_assert_eq(take("gleif", "LEI,Entity.LegalName,Entity.LegalJurisdiction,Entity.EntityStatus,"
				   "Entity.RegistrationAuthority.RegistrationAuthorityEntityID\n"
				   "529900EXAMPLE0000013,\"Quay, S.A.\",PT,ACTIVE,508222111\n"),
		     0, "%s", box.last.out);
	expect_counts(1, 0, 0, 0);
	cr_expect(strstr(shown("REG-2"), "register, GLEIF: agrees"), "%s", box.last.out);
}

#define GLEIF_TITLES                                                                                                   \
	"LEI,Entity.LegalName,Entity.OtherEntityNames.OtherEntityName.1,"                                              \
	"Entity.TransliteratedOtherEntityNames.TransliteratedOtherEntityName.1,Entity.LegalJurisdiction,"              \
	"Entity.EntityStatus,Entity.RegistrationAuthority.RegistrationAuthorityEntityID\n"
#define OWN_ENTRY "529900EXAMPLE0000013,Quay SA,,,PT,ACTIVE,508222111\n"
#define OTHER_COURT "529900EXAMPLE0000014,Molhe SA,,,PT,ACTIVE,508222111\n"

/* A number is one of its court: the entry of the case counts, in each order of the entries, also in later files. */
Test(register_files, an_entry_of_another_court_replaces_nothing)
{
	cr_assert_eq(take("gleif", GLEIF_TITLES OWN_ENTRY OTHER_COURT), 0, "%s", box.last.out);
	expect_counts(1, 1, 0, 0);
	cr_expect(strstr(shown("REG-2"), "register, GLEIF: agrees"), "%s", box.last.out);
	cr_assert_eq(take("gleif", GLEIF_TITLES OTHER_COURT OWN_ENTRY), 0, "%s", box.last.out);
	cr_expect(strstr(shown("REG-2"), "register, GLEIF: agrees"), "%s", box.last.out);
	cr_assert_eq(take("gleif", GLEIF_TITLES OTHER_COURT), 0, "%s", box.last.out);
	cr_expect(strstr(shown("REG-2"), "register, GLEIF: agrees"), "%s", box.last.out);
	/* Its own entry counts when it is not active any more. */
	cr_assert_eq(take("gleif", GLEIF_TITLES "529900EXAMPLE0000013,Quay SA,,,PT,INACTIVE,508222111\n"), 0, "%s",
		     box.last.out);
	cr_expect(strstr(shown("REG-2"), "differs from the applicant's input: status\n"), "%s", box.last.out);
}

/* An applicant may write another name that the register has; a lead can waive a failed check on record. */
Test(register_files, all_names_of_an_entry_count_and_a_lead_can_waive)
{
	cr_assert_eq(take("gleif", GLEIF_TITLES "529900EXAMPLE0000013,Κάις ΑΕ,,Quay SA,PT,ACTIVE,508222111\n"), 0, "%s",
		     box.last.out);
	cr_expect(strstr(shown("REG-2"), "register, GLEIF: agrees"), "%s", box.last.out);
	cr_assert_eq(take("gleif",
			  "["
			  "{\"LEI\":\"529900EXAMPLE0000012\",\"Entity\":{\"LegalName\":\"Molhe\","
			  "\"OtherEntityNames\":{\"OtherEntityName\":[{\"$\":\"Steg AG\"},{\"$\":\"PIER AG\"}]},"
			  "\"LegalJurisdiction\":\"DE\",\"EntityStatus\":\"ACTIVE\"}}]"),
		     0, "%s", box.last.out);
	cr_expect(strstr(shown("REG-3"), "register, GLEIF: agrees"), "%s", box.last.out);
	cr_assert_eq(take("gleif", GLEIF_TITLES "529900EXAMPLE0000013,Molhe SA,,,PT,ACTIVE,508222111\n"), 0, "%s",
		     box.last.out);
	DONE("check", "waive", "REG-2", "register", "--reason", "The company changed its name last week");
}

/* Names as an applicant and a register write them, with one number in one register: spelling alone does not differ,
 * another company's name does. */
static const struct register_pair {
	const char *country, *typed, *entry;
	bool differs;
} register_pairs[] = {
	{ "GBR", "Tideway Ropes Ltd", "TIDEWAY ROPES LIMITED", false },
	{ "GBR", "tideway  ropes limited", "Tideway Ropes Ltd.", false },
	{ "GBR", "Fennel & Sons Ltd", "FENNEL AND SONS LIMITED", false },
	{ "GBR", "O'Farrow Glass PLC", "O FARROW GLASS PUBLIC LIMITED COMPANY", false },
	{ "GBR", "Co-Weave Ltd", "COWEAVE LTD", false },
	{ "GBR", "Moss Partners LLP", "MOSS PARTNERS LIMITED LIABILITY PARTNERSHIP", false },
	{ "USA", "Larkmoor Tools, Inc.", "LARKMOOR TOOLS INCORPORATED", false },
	{ "USA", "Dune Optics LLC", "Dune Optics Limited Liability Company", false },
	{ "DEU", "Groß und Möhrle GmbH", "GROSS & MOEHRLE GESELLSCHAFT MIT BESCHRÄNKTER HAFTUNG", false },
	{ "DEU", "Fassbender GmbH & Co. KG", "Faßbender GmbH und Co. KG", false },
	{ "DEU", "Grünau Mühlen AG", "GRUENAU MUEHLEN AKTIENGESELLSCHAFT", false },
	{ "DEU", "Kessel e.K.", "Kessel e. K.", false },
	{ "DEU", "Lindhof UG (haftungsbeschränkt)", "LINDHOF UG HAFTUNGSBESCHRAENKT", false },
	{ "ESP", "Almazara del Olmo S.L.", "ALMAZARA DEL OLMO SOCIEDAD LIMITADA", false },
	{ "ESP", "Peña y Núñez, S.A.", "PENA & NUNEZ SOCIEDAD ANONIMA", false },
	{ "PRT", "Moinho Velho Lda", "MOINHO VELHO LIMITADA", false },
	{ "PRT", "Cortiça e Sal, S.A.", "CORTICA & SAL SA", false },
	{ "FRA", "Verrerie d'Aubry SARL", "VERRERIE D AUBRY SOCIETE A RESPONSABILITE LIMITEE", false },
	{ "FRA", "Bois et Œuvre SAS", "BOIS & OEUVRE SAS", false },
	{ "ITA", "Molino Lucca S.r.l.", "MOLINO LUCCA SOCIETA A RESPONSABILITA LIMITATA", false },
	{ "SWE", "AB Granö Såg", "GRANÖ SÅG AKTIEBOLAG", false },
	{ "SWE", "Granö Såg AB", "Aktiebolaget Granö Såg", false },
	{ "NOR", "Bjørk Skip AS", "BJOERK SKIP AKSJESELSKAP", false },
	{ "DNK", "Æblehaven ApS", "AEBLEHAVEN ANPARTSSELSKAB", false },
	{ "FIN", "Oy Käpylä Paja", "KÄPYLÄ PAJA OSAKEYHTIÖ", false },
	{ "POL", "Łąka Meble Sp. z o.o.", "LAKA MEBLE SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ", false },
	{ "TUR", "Yıldız Gıda A.Ş.", "YILDIZ GIDA ANONİM ŞİRKETİ", false },
	{ "BGR", "Роза Камен ООД", "Roza Kamen OOD", false },
	{ "GBR", "Tideway Ropes Ltd", "TIDEWAY ROADS LIMITED", true },
	{ "GBR", "Fennel & Sons Ltd", "FENNEL LIMITED", true },
	{ "GBR", "Tideway Ropes Ltd", "TIDEWAY ROPES PLC", true },
	{ "GBR", "Moss Partners I LLP", "MOSS PARTNERS II LLP", true },
	{ "USA", "Larkmoor Tools, Inc.", "LARKMOOR TOYS INC", true },
	{ "DEU", "Grünau Mühlen AG", "GRÜNAU MÜHLEN GMBH", true },
	{ "DEU", "Kessel e.K.", "KASTEL E.K.", true },
	{ "ESP", "Almazara del Olmo S.L.", "ALMAZARA DEL PINO S.L.", true },
	{ "PRT", "Moinho Velho Lda", "MOINHO NOVO LDA", true },
	{ "FRA", "Bois et Œuvre SAS", "BOIS ET ŒUVRE LYON SAS", true },
	{ "SWE", "AB Granö Såg", "Granö Bygg AB", true },
	{ "NOR", "Bjørk Skip AS", "BJØRK SKIP 2 AS", true },
	{ "POL", "Łąka Meble Sp. z o.o.", "ŁĄKA MEBLE SPÓŁKA AKCYJNA", true },
};

Test(register_files, another_spelling_agrees_and_another_company_differs)
{
	enum { PAIRS = sizeof register_pairs / sizeof *register_pairs };
	char *sessions = NULL, *entries = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&sessions, &length);

	for (unsigned i = 0; i < PAIRS; i++)
		fprintf(out,
			"{\"external_ref\":\"PAIR-%u\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":"
			"\"shop\","
			"\"status\":\"manual_review\",\"submitted_at\":\"2026-11-03T10:00:00Z\",\"subject\":{\"kind\":"
			"\"business\",\"name\":\"%s\",\"country\":\"%s\",\"registration_number\":\"7700%02u\"}}\n",
			i, register_pairs[i].typed, register_pairs[i].country, i);
	cr_assert_eq(fclose(out), 0);
	box_import(&box, sessions);
	out = open_memstream(&entries, &length);
	fputs("LEI,Entity.LegalName,Entity.LegalJurisdiction,Entity.EntityStatus,"
	      "Entity.RegistrationAuthority.RegistrationAuthorityEntityID\n",
	      out);
	for (unsigned i = 0; i < PAIRS; i++)
		fprintf(out, "529900EXAMPLE00007%02u,\"%s\",%s,ACTIVE,7700%02u\n", i, register_pairs[i].entry,
			register_pairs[i].country, i);
	cr_assert_eq(fclose(out), 0);
	cr_assert_eq(take("gleif", entries), 0, "%s", box.last.out);
	expect_counts(PAIRS, 0, 0, 0);
	for (unsigned i = 0; i < PAIRS; i++) {
		const struct register_pair *pair = &register_pairs[i];
		const char *shows = shown(test_text("PAIR-%u", i));
		const char *line = strstr(shows, "register, GLEIF: ");

		cr_expect(line && text_has_prefix(
					  line, pair->differs
							? "register, GLEIF: differs from the applicant's input: name\n"
							: "register, GLEIF: agrees with the applicant's values\n"),
			  "%s typed, %s in the register: %s", pair->typed, pair->entry, line ? line : shows);
	}
	free(sessions);
	free(entries);
}

Test(register_files, a_broken_line_has_its_column_and_costs_no_other)
{
	static const char text[] = TITLES
		"UNQUOTED \"LTD,1\r\n"
		"\"UNCLOSED,1\r\n" ENTRY("DAY LTD", "2", "X", "Active", "31/02/2001") "A,B\r\n" ENTRY(
			"", "3", "X", "Active", "01/01/2001") "\"A\xff\",4,,,,,,Active,\r\n"
							      "\r\n" ENTRY("HARBOUR LANE TRADING LTD", "09482213",
									   "Bristol", "Active", "12/03/2015");
	char *path = box_path(&box, "register"), *rejects = box_path(&box, "rejects");
	static const char *const sentences[] = {
		":2: has 2 columns, but the first line names 9; put a value with a comma in quotation marks",
		":3: a quotation mark is not closed; close it, or write \"\" for a quotation mark within a value",
		":4: IncorporationDate (column 9): \"31/02/2001\" is not a date; write it as DD/MM/YYYY",
		":5: has 2 columns",
		":6: CompanyName (column 1): is required, but is empty; fill it in",
		":7: CompanyName (column 1): is not UTF-8; save the file as UTF-8",
	};

	box_write(&box, "register", text);
	ENDS(3, "import", path, "--format", "companies-house", "--rejects", rejects);
	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
		cr_expect(strstr(box.last.err, sentences[i]), "%s is not in %s", sentences[i], box.last.err);
	PRINTS("1 updated, 0 unchanged, 0 without a case, 6 refused");
	DONE_SHELL(test_text("wc -l <'%s'", rejects));
	cr_expect_str_eq(box.last.out, "6\n");
}

Test(register_files, another_file_is_refused_whole)
{
	cr_expect_eq(take("companies-house", "LEI,Entity.LegalName\nX,Y\n"), 9, "%s", box.last.out);
	PRINTS("names no column \\\"CompanyName\\\"; this is not a file of Companies House");
	cr_expect_eq(take("gleif", ""), 9, "%s", box.last.out);
	cr_expect_eq(take("gleyf", TITLES), 2, "%s", box.last.out);
	cr_expect_eq(take("gleif", "{\"records\":[" LEI_ENTRY("529900EXAMPLE0000013", "QUAY SA", "PT", "508222111",
							      "ACTIVE") ",{\"LEI\":"),
		     3, "%s", box.last.out);
	expect_counts(1, 0, 0, 1);
	PRINTS("cut off");
}

Test(register_duties, the_importer_of_register_data_does_not_decide, .fini = box_tear_down)
{
	box_open_bare(&box);
	attack_in_production(&box);
	box_import_by_colleague(&box, businesses);
	cr_assert_eq(take("companies-house",
			  TITLES ENTRY("HARBOUR LANE TRADING LIMITED", "09482213", "BATH", "Active", "12/03/2015")),
		     0, "%s", box.last.out);
	BLOCKS(("approve", "REG-1", "--grace", "0"), "second_reviewer");
	PRINTS("reported a check (register)");
}
