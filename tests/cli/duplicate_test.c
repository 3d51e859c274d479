/* Possible duplicates by commands: reapplications, and the data that a reviewer's output must not contain. */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(duplicate, .init = box_set_up, .fini = box_tear_down);

static void import_person(const char *reference, const char *merchant, const char *uid, const char *tax_id)
{
	char *line = test_text("{\"external_ref\":\"%s\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			       "\"%s\",\"status\":\"manual_review\",\"subject\":{\"uid\":\"%s\",\"kind\":"
			       "\"individual\",\"name\":\"Person %s\",\"country\":\"PRT\",\"tax_id\":\"%s\"},"
			       "\"steps\":[{\"id\":\"identity\",\"status\":\"completed\"}],\"checks\":[{\"kind\":"
			       "\"face_match\",\"status\":\"passed\"}]}\n",
			       reference, merchant, uid, reference, tax_id);
	box_import(&box, line);
}

Test(duplicate, a_reapplication_is_found_in_every_spelling)
{
	static const char *const spellings[] = { "PT 509 442 013 B",   "PT-509-442-013-B", "ＰＴ５０９４４２０１３Ｂ",
						 "PT509442013В",       "00PT509442013B",   "PT٥٠٩٤٤٢٠١٣B",
						 "PT509​442013‍B", "pt509442013b",	   "PT.509.442.013.º B." };

	import_person("IND-1", "shop", "u-1", "PT509442013B");
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		char reference[16];

		(void)snprintf(reference, sizeof reference, "NEW-%zu", i);
		import_person(reference, "shop", reference, spellings[i]);
		GIVES(("duplicate", "list", reference), "data[0].external_ref: IND-1", "data[0].same[0]: tax_id");
		BLOCKS(("approve", reference), "duplicate_open");
	}
}

static void import_numbers(const char *reference, const char *registration, const char *tax)
{
	char *line = test_text("{\"external_ref\":\"%s\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":"
			       "\"shop\",\"status\":\"manual_review\",\"subject\":{\"uid\":\"%s\",\"kind\":"
			       "\"business\",\"name\":\"Company %s\",\"country\":\"DEU\",\"registration_number\":"
			       "\"%s\",\"tax_id\":\"%s\"}}\n",
			       reference, reference, reference, registration, tax);
	box_import(&box, line);
}

Test(duplicate, a_registration_number_comes_back_as_tax_id)
{
	import_numbers("CO-1", "HRB 4711", "");
	import_numbers("CO-2", "NEW 1", "hrb-4711");
	GIVES(("duplicate", "list", "CO-2"), "data[0].external_ref: CO-1",
	      "data[0].same[0]: registration_number_as_tax_id");
	TELLS(("duplicate", "list", "CO-1"), "the same: registration number used as tax id");
	BLOCKS(("approve", "CO-2"), "duplicate_open");
	DONE("duplicate", "dismiss", "CO-2", "CO-1", "--reason", "two registers that count alike");
	GIVES(("duplicate", "list", "CO-1"), "data[0].dismissed.reason: two registers that count alike");
}

Test(duplicate, one_user_of_a_merchant_applies_twice)
{
	import_person("IND-1", "shop", "u-1", "1");
	import_person("IND-2", "shop", "u-1", "2");
	BLOCKS(("approve", "IND-2"), "duplicate_open");
	TELLS(("duplicate", "list", "IND-2"), "the same: user");
}

/* No command that shows a case or a list may print a secret, for example the other case or its merchant. */
static void expect_silence(const char *const *secrets)
{
	static const char *const commands[][5] = {
		{ "show", "IND-1" },
		{ "show", "IND-1", "--json" },
		{ "list", "--filter", "IND-1", "--json" },
		{ "list", "--filter", "IND-1", "--csv" },
		{ "duplicate", "list", "IND-1" },
		{ "duplicate", "list", "IND-1", "--json" },
		{ "confirm", "IND-1" },
		{ "audit", "list", "IND-1" },
		{ "audit", "list", "IND-1", "--json" },
		{ "inbox", "--json" },
	};

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		const char *words[8] = { "--as", "rita" };

		for (size_t w = 0; w < 5 && commands[i][w]; w++)
			words[2 + w] = commands[i][w];
		cr_expect_neq(box_run_words(&box, words, NULL, 0), 2, "%s: %s", words[2], box.last.err);
		for (const char *const *secret = secrets; *secret; secret++) {
			cr_expect_null(strstr(box.last.out, *secret), "%s: %s", words[2], box.last.out);
			cr_expect_null(strstr(box.last.err, *secret), "%s: %s", words[2], box.last.err);
		}
	}
}

static void held_from_reviewers(const char *const *secrets)
{
	expect_silence(secrets);
	BLOCKS(("--as", "rita", "approve", "IND-1"), "held");
	cr_expect_not(has_blocker(&box, "duplicate_open"));
	GIVES(("--as", "rita", "list", "--filter", "why:held"), "data[0].external_ref: IND-1");
	ENDS_JSON(6, "--as", "rita", "duplicate", "dismiss", "IND-1", "IND-2", "--reason", "two persons of one name");
	BLOCKS(("--as", "lea", "approve", "IND-1"), "duplicate_open");
	DONE_JSON("--as", "lea", "duplicate", "dismiss", "IND-1", "IND-2", "--reason", "two persons of one name");
	expect_silence(secrets);
	DONE_JSON("--as", "rita", "approve", "IND-1");
	expect_silence(secrets);
}

static void add_people(void)
{
	DONE("reviewer", "add", "rita", "--role", "reviewer");
	DONE("reviewer", "add", "lea", "--role", "lead");
}

Test(duplicate, of_another_merchant_is_never_named_to_a_reviewer)
{
	static const char *const secrets[] = { "IND-2", "rival", "duplicate_open", NULL };

	add_people();
	import_person("IND-1", "shop", "u-1", "509442013");
	import_person("IND-2", "rival", "u-2", "509442013");
	held_from_reviewers(secrets);
}

Test(duplicate, with_a_restricted_rejection_is_never_named_to_a_reviewer)
{
	static const char *const secrets[] = { "IND-2", "suspected", "duplicate_open", NULL };

	add_people();
	import_person("IND-1", "shop", "u-1", "509442013");
	import_person("IND-2", "shop", "u-2", "509442013");
	DONE("--as", "lea", "reject", "IND-2", "--reason", "suspected_fraud", "--grace", "0");
	held_from_reviewers(secrets);
}
