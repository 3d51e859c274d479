/* `export`: session documents, BODS statements and FollowTheMoney entities, masked, the same each time. */
#include "box.h"
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
						 "{\"id\":\"" ID(
							 3) "\",\"kind\":\"company\",\"name\":\"Quay "
							    "SA\",\"roles\":[\"shareholder\"],"
							    "\"country\":\"PRT\",\"owns\":[{\"of\":\"" ID(
								    2) "\",\"percent\":\"20\"}]},"
								       "{\"id\":\"" ID(
									       4) "\",\"kind\":\"individual\","
										  "\"name\":\"Rui "
										  "Sousa\",\"roles\":["
										  "\"representative\"]}]}\n";

static void set_up(void)
{
	box_open(&box);
	box_import(&box, owned);
}
TestSuite(export, .init = set_up, .fini = box_tear_down, .timeout = 120);

/* Runs tests/stranger/exchange.py on what the words print. */
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
	cr_expect(strstr(box.last.out, "\"share\":{\"exact\":10.5}"), "%s", box.last.out);
	cr_expect(strstr(box.last.out, "\"exact\":33.333333333333333333"), "every digit: %s", box.last.out);
	cr_expect(strstr(box.last.out, "\"directOrIndirect\":\"indirect\",\"beneficialOwnershipOrControl\":true,"
				       "\"share\":{\"exact\":20}"),
		  "%s", box.last.out);
	cr_expect(strstr(box.last.out, "\"seniorManagingOfficial\""));
	cr_expect(strstr(box.last.out, "{\"reason\":\"unknown\""), "the rest is said to be unknown");
	cr_expect(strstr(box.last.out, "\"statementDate\":\"2026-11-03\""));
	cr_expect_not(strstr(box.last.out, "Rui Sousa"), "who only represents the business owns nothing");
}

Test(export, ftm_entities_follow_the_schemas)
{
	NEEDS("python3", "python3");
	is_sound("ftm", "OWN-1 --ftm");
	cr_expect(strstr(box.last.out, "\"schema\":\"Passport\""), "%s", box.last.out);
	cr_expect(strstr(box.last.out, "\"percentage\":[\"10.5\"]"), "%s", box.last.out);
	cr_expect(strstr(box.last.out, "\"schema\":\"Directorship\""));
	cr_expect(strstr(box.last.out, "\"full\":[\"4 Harbour Lane, Bristol, BS1 5TY, United Kingdom"), "%s",
		  box.last.out);
}

Test(export, personal_data_is_masked_until_it_is_revealed_on_record)
{
	static const char *const secrets[] = { "1984-02-11", "PT508222111", "X1234567" };
	static const char *const formats[] = { "--bods", "--ftm", NULL };

	for (size_t i = 0; i < 3; i++) {
		cr_assert_eq(box_run(&box, "export", "OWN-1", formats[i], NULL), 0, "%s", box.last.err);
		cr_expect(strstr(box.last.out, "Ines Duarte"));
		for (size_t j = 0; j < 3; j++)
			cr_expect_not(strstr(box.last.out, secrets[j]), "%s: %s", secrets[j], box.last.out);
	}
	cr_assert_eq(box_run(&box, "reviewer", "add", "vera", "--role", "viewer", NULL), 0, "%s", box.last.err);
	cr_expect_eq(box_run(&box, "export", "OWN-1", "--bods", "--as", "vera", NULL), 0, "%s", box.last.err);
	cr_expect_not(strstr(box.last.out, "birthDate"));
	cr_expect_eq(box_run(&box, "export", "OWN-1", "--bods", "--reveal", "--as", "vera", NULL), 7);
	cr_expect_str_eq(box.last.out, "");
	cr_expect_eq(box_run(&box, "export", "OWN-1", "--bods", "--reveal", NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "\"birthDate\":\"1984-02-11\"") && strstr(box.last.out, "PT508222111"), "%s",
		  box.last.out);
	cr_expect_eq(box_run(&box, "audit", "list", "OWN-1", NULL), 0);
	cr_expect(strstr(box.last.out, "reveal"), "%s", box.last.out);
}

Test(export, the_same_case_gives_the_same_lines_and_a_filter_chooses_cases)
{
	box_import(&box, person_line("P-1", "Mara Reis"));
	cr_expect_eq(box_shell(&box,
			       "\"$K\" export OWN-1 --bods >a; \"$K\" claim OWN-1 >/dev/null; \"$K\" note OWN-1 "
			       "'Called the client' >/dev/null; \"$K\" export OWN-1 --bods >b; cmp a b"),
		     0, "%s%s", box.last.out, box.last.err);
	cr_expect_eq(box_json(&box, "export", "--bods", NULL), 0, "%s", box.last.err);
	cr_expect_eq(json_array_size(box.json), 12, "%zu", json_array_size(box.json));
	cr_expect_eq(box_json(&box, "export", "--filter", "mara", "--ftm", NULL), 0);
	cr_expect_eq(json_array_size(box.json), 1);
	cr_expect_eq(box_json(&box, "export", "--filter", "nobody", NULL), 0);
	cr_expect_eq(json_array_size(box.json), 0);
	cr_expect_eq(box_run(&box, "export", "OWN-1", "--filter", "mara", NULL), 2);
	cr_expect_eq(box_run(&box, "export", "--bods", "--ftm", NULL), 2);
	cr_expect_eq(box_run(&box, "export", "NOBODY", "--bods", NULL), 6);
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
