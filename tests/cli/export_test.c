/* `export`: sessions as JSON, BODS statements and FollowTheMoney entities; all masked, and the same each time. */
#include "expect.h"
#include "support/needs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A business owned by a person directly, by a company of the same person, and by a company that nobody owns yet. */
#define ID(n) "00000000-0000-4000-8000-00000000000" #n
static const char owned[] =
	"{\"external_ref\":\"OWN-1\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"shop\","
	"\"status\":\"manual_review\",\"submitted_at\":\"2026-11-03T10:00:00Z\",\"subject\":{\"kind\":\"business\","
	"\"name\":\"Harbour Lane Trading Ltd\",\"country\":\"GBR\",\"registration_number\":\"09482213\","
	"\"incorporated_on\":\"2015-03-12\",\"address\":{\"street\":\"4 Harbour Lane\",\"city\":\"Bristol\","
	"\"zip_code\":\"BS1 5TY\",\"country\":\"GBR\"}},\"parties\":["
	"{\"id\":\"" ID(1) "\",\"kind\":\"individual\",\"name\":\"Ines Duarte\",\"roles\":[\"ubo\",\"director\"],"
			   "\"control_role\":\"CEO\",\"date_of_birth\":\"1984-02-11\",\"country\":\"PRT\",\"tax_"
			   "id\":\"PT508222111\",\"fields\":{\"passport_number\":\"X1234567\"},"
			   "\"owns\":[{\"of\":null,\"percent\":\"10.50\"},{\"of\":\"" ID(
				   2) "\",\"percent\":\"33.333333333333333333\"}]},"
				      "{\"id\":\"" ID(
					      2) "\",\"kind\":\"company\",\"name\":\"Lane Holding "
						 "BV\",\"roles\":[\"shareholder\"],"
						 "\"country\":\"NLD\",\"owns\":[{\"of\":null,\"percent\":\"60\"}]},"
						 "{\"id\":\"" ID(3) "\",\"kind\":\"company\",\"name\":\"Quay "
								    "SA\",\"roles\":[\"shareholder\"],"
								    "\"country\":\"PRT\",\"owns\":[{\"of\":\"" ID(
									    2) "\",\"percent\":\"20\"}]},"
									       "{\"id\":\"" ID(
										       4) "\",\"kind\":\"individual\","
											  "\"name\":\"Rui "
											  "Sousa\",\"roles\":["
											  "\"representative\"]}]}\n";

static void make(void)
{
	DONE("init", "--sandbox");
	box_import(&box, owned);
}

static void set_up(void)
{
	box_world(&box, "export", make);
}
TestSuite(export, .init = set_up, .fini = box_tear_down, .timeout = 120);

/* Runs `export` with these words; tests/stranger/exchange.py must accept the output. */
static void is_sound(const char *kind, const char *words)
{
	char line[1024];

	snprintf(line, sizeof line,
		 "\"$K\" export %s >out || exit 2; "
		 "PYTHONDONTWRITEBYTECODE=1 python3 '%s/tests/stranger/exchange.py' %s out; code=$?; cat out; exit "
		 "$code",
		 words, KYB_SOURCE_DIR, kind);
	cr_assert_eq(box_shell(&box, line), 0, "%s: %s%s", words, box.last.err, box.last.out);
}

static size_t count_of(const char *text, const char *word)
{
	size_t count = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		count++;
	return count;
}

Test(export, bods_statements_follow_the_standard)
{
	NEEDS("python3", "python3");
	is_sound("bods", "OWN-1 --bods");
	cr_expect_eq(count_of(box.last.out, "\"recordType\":\"entity\""), 3);
	cr_expect_eq(count_of(box.last.out, "\"recordType\":\"person\""), 1);
	PRINTS("\"share\":{\"exact\":10.5}");
	cr_expect(strstr(box.last.out, "\"exact\":33.333333333333333333"), "every digit: %s", box.last.out);
	PRINTS("\"directOrIndirect\":\"indirect\",\"beneficialOwnershipOrControl\":true,"
	       "\"share\":{\"exact\":20}",
	       "\"seniorManagingOfficial\"");
	PRINTS("{\"reason\":\"unknown\""); /* the owner of the remaining shares is unknown */
	PRINTS("\"statementDate\":\"2026-11-03\"");
	PRINTS_NOT("Rui Sousa"); /* a representative without shares has no statement */
}

Test(export, ftm_entities_follow_the_schemas)
{
	NEEDS("python3", "python3");
	is_sound("ftm", "OWN-1 --ftm");
	PRINTS("\"schema\":\"Passport\"", "\"percentage\":[\"10.5\"]", "\"schema\":\"Directorship\"",
	       "\"full\":[\"4 Harbour Lane, Bristol, BS1 5TY, United Kingdom");
}

Test(export, personal_data_is_masked_until_it_is_revealed_on_record)
{
	static const char *const secrets[] = { "1984-02-11", "PT508222111", "X1234567" };
	static const char *const formats[] = { "--bods", "--ftm", NULL };

	for (size_t i = 0; i < 3; i++) {
		TELLS(("export", "OWN-1", formats[i]), "Ines Duarte");
		for (size_t j = 0; j < 3; j++)
			PRINTS_NOT(secrets[j]);
	}
	DONE("reviewer", "add", "vera", "--role", "viewer");
	DONE("export", "OWN-1", "--bods", "--as", "vera");
	PRINTS_NOT("birthDate");
	ENDS(7, "export", "OWN-1", "--bods", "--reveal", "--as", "vera");
	cr_expect_str_eq(box.last.out, "");
	TELLS(("export", "OWN-1", "--bods", "--reveal"), "\"birthDate\":\"1984-02-11\"", "PT508222111");
	TELLS(("audit", "list", "OWN-1"), "reveal");
}

Test(export, the_same_case_gives_the_same_lines_and_a_filter_chooses_cases)
{
	box_import(&box, person_line("P-1", "Mara Reis"));
	DONE_SHELL("\"$K\" export OWN-1 --bods >a; \"$K\" claim OWN-1 >/dev/null; \"$K\" note OWN-1 "
		   "'Called the client' >/dev/null; \"$K\" export OWN-1 --bods >b; cmp a b");
	DONE_JSON("export", "--bods");
	cr_expect_eq(json_array_size(box.json), 12, "%zu", json_array_size(box.json));
	DONE_JSON("export", "--filter", "mara", "--ftm");
	cr_expect_eq(json_array_size(box.json), 1);
	DONE_JSON("export", "--filter", "nobody");
	cr_expect_eq(json_array_size(box.json), 0);
	ENDS(2, "export", "OWN-1", "--filter", "mara");
	ENDS(2, "export", "--bods", "--ftm");
	ENDS(6, "export", "NOBODY", "--bods");
}

Test(export, a_chain_in_a_circle_and_too_much_ownership_are_still_statements)
{
	NEEDS("python3", "python3");
	box_import(&box, "{\"external_ref\":\"OWN-2\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":"
			 "\"shop\","
			 "\"status\":\"manual_review\",\"subject\":{\"kind\":\"business\",\"name\":\"Round Ltd\"},"
			 "\"parties\":[{\"id\":\"" ID(
				 5) "\",\"kind\":\"company\",\"name\":\"A\",\"owns\":[{\"of\":"
				    "\"" ID(6) "\",\"percent\":\"50\"},{\"of\":null,\"percent\":"
					       "\"90\"}]},{\"id\":\"" ID(
						       6) "\",\"kind\":\"company\","
							  "\"name\":\"B\",\"owns\":[{\"of\":"
							  "\"" ID(5) "\","
								     "\"percent"
								     "\":\"50\"},{"
								     "\"of\":"
								     "null,\"percent"
								     "\":\"90\"}]}"
								     ",{\"kind\":"
								     "\"individ"
								     "ual\",\"name\":"
								     "\"C\",\"owns\":"
								     "[{\"of\":"
								     "\"" ID(5) "\",\"percent\":\"50\"}]}]}\n");
	is_sound("bods", "OWN-2 --bods");
	is_sound("ftm", "OWN-2 --ftm");
}
