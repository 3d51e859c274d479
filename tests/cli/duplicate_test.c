/* Possible duplicates by commands: reapplications, and what a reviewer's output never has. */
#include "box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(duplicate, .init = box_set_up, .fini = box_tear_down);

static void import_person(const char *reference, const char *merchant, const char *uid, const char *tax_id)
{
	char *line =
		test_text("{\"external_ref\":\"%s\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			  "\"%s\",\"status\":\"manual_review\",\"subject\":{\"uid\":\"%s\",\"kind\":"
			  "\"individual\",\"name\":\"Person %s\",\"country\":\"PRT\",\"tax_id\":\"%s\"},"
			  "\"steps\":[{\"id\":\"identity\",\"status\":\"completed\"}],\"checks\":[{\"kind\":"
			  "\"face_match\",\"status\":\"passed\"}]}\n",
			  reference, merchant, uid, reference, tax_id);
	box_import(&box, line);
}

Test(duplicate, a_reapplication_is_found_in_every_spelling)
{
	static const char *const spellings[] = { "PT 509 442 013 B",	     "PT-509-442-013-B",
						 "ＰＴ５０９４４２０１３Ｂ", "PT509442013В",
						 "00PT509442013B",	     "PT٥٠٩٤٤٢٠١٣B",
						 "PT509​442013‍B",	     "pt509442013b",
						 "PT.509.442.013.º B." };

	import_person("IND-1", "shop", "u-1", "PT509442013B");
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		char reference[16];

		(void)snprintf(reference, sizeof reference, "NEW-%zu", i);
		import_person(reference, "shop", reference, spellings[i]);
		cr_assert_eq(box_json(&box, "duplicate", "list", reference, NULL), 0, "%s", box.last.out);
		cr_expect_str_eq(json_path_text(box.json, "data[0].external_ref"), "IND-1", "%s", spellings[i]);
		cr_expect_str_eq(json_path_text(box.json, "data[0].same[0]"), "tax_id", "%s", spellings[i]);
		cr_assert_eq(box_json(&box, "approve", reference, NULL), 4, "%s", box.last.out);
		cr_expect(has_blocker(&box, "duplicate_open"));
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
	cr_assert_eq(box_json(&box, "duplicate", "list", "CO-2", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "data[0].external_ref"), "CO-1");
	cr_expect_str_eq(json_path_text(box.json, "data[0].same[0]"), "registration_number_as_tax_id");
	cr_assert_eq(box_run(&box, "duplicate", "list", "CO-1", NULL), 0, "%s", box.last.out);
	cr_expect(strstr(box.last.out, "the same: registration number used as tax id"), "%s", box.last.out);
	cr_assert_eq(box_json(&box, "approve", "CO-2", NULL), 4, "%s", box.last.out);
	cr_expect(has_blocker(&box, "duplicate_open"));
	cr_assert_eq(box_run(&box, "duplicate", "dismiss", "CO-2", "CO-1", "--reason",
			     "two registers that count alike", NULL),
		     0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "duplicate", "list", "CO-1", NULL), 0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "data[0].dismissed.reason"), "two registers that count alike");
}

Test(duplicate, one_user_of_a_merchant_applies_twice)
{
	import_person("IND-1", "shop", "u-1", "1");
	import_person("IND-2", "shop", "u-1", "2");
	cr_assert_eq(box_json(&box, "approve", "IND-2", NULL), 4, "%s", box.last.out);
	cr_expect(has_blocker(&box, "duplicate_open"));
	cr_assert_eq(box_run(&box, "duplicate", "list", "IND-2", NULL), 0, "%s", box.last.out);
	cr_expect(strstr(box.last.out, "the same: user"), "%s", box.last.out);
}

/* Every command that shows a case or a list: nothing names the twin or its merchant. */
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
	cr_assert_eq(box_json(&box, "--as", "rita", "approve", "IND-1", NULL), 4, "%s", box.last.out);
	cr_expect(has_blocker(&box, "held"));
	cr_expect_not(has_blocker(&box, "duplicate_open"));
	cr_assert_eq(box_json(&box, "--as", "rita", "list", "--filter", "why:held", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "data[0].external_ref"), "IND-1");
	cr_assert_eq(box_json(&box, "--as", "rita", "duplicate", "dismiss", "IND-1", "IND-2", "--reason",
			      "two persons of one name", NULL),
		     6, "%s", box.last.out);
	cr_assert_eq(box_json(&box, "--as", "lea", "approve", "IND-1", NULL), 4, "%s", box.last.out);
	cr_expect(has_blocker(&box, "duplicate_open"));
	cr_assert_eq(box_json(&box, "--as", "lea", "duplicate", "dismiss", "IND-1", "IND-2", "--reason",
			      "two persons of one name", NULL),
		     0, "%s", box.last.out);
	expect_silence(secrets);
	cr_assert_eq(box_json(&box, "--as", "rita", "approve", "IND-1", NULL), 0, "%s", box.last.out);
	expect_silence(secrets);
}

static void add_people(void)
{
	cr_assert_eq(box_run(&box, "reviewer", "add", "rita", "--role", "reviewer", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "reviewer", "add", "lea", "--role", "lead", NULL), 0, "%s", box.last.err);
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
	cr_assert_eq(box_run(&box, "--as", "lea", "reject", "IND-2", "--reason", "suspected_fraud", "--grace", "0",
			     NULL),
		     0, "%s", box.last.err);
	held_from_reviewers(secrets);
}
