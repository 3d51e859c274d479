/* A list's reason is the gate's first blocker: in the table, as JSON, and for filters. */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(why, .init = box_set_up, .fini = box_tear_down, .timeout = 120);

static bool is_decided(const char *status)
{
	return !strcmp(status, "approved") || !strcmp(status, "rejected");
}

/* Returns a copy, because the box keeps only the JSON of the last command. */
static json_t *list_of(const char *filter)
{
	DONE_JSON("list", "--limit", "200", "--subsessions", "--filter", filter);
	return json_deep_copy(json_path(box.json, "data"));
}

/* The first blocker that `show` reports; "clean": no blocker; "": the case is decided. */
static const char *gate_says(const char *id)
{
	DONE_JSON("show", id);
	if (is_decided(json_path_text(box.json, "status")))
		return "";
	return json_path(box.json, "blockers[0]") ? json_path_text(box.json, "blockers[0].code") : "clean";
}

/* The filter for this reason must find this case once, and only cases with this reason. `found` caches the results. */
static void expect_found(json_t *found, const char *why, const char *id)
{
	char filter[64];
	size_t at, hits = 0;
	json_t *other;

	(void)snprintf(filter, sizeof filter, strcmp(why, "clean") != 0 ? "why:%s" : "clean:yes", why);
	if (!json_object_get(found, filter))
		json_object_set_new(found, filter, list_of(filter));
	json_array_foreach(json_object_get(found, filter), at, other)
	{
		hits += !strcmp(json_path_text(other, "id"), id);
		cr_expect_str_eq(json_path_text(other, "why"), why, "%s", filter);
	}
	cr_expect_eq(hits, 1, "%s: %s", filter, id);
}

static size_t expect_agreement(void)
{
	json_t *list = list_of(""), *found = json_object(), *item;
	size_t i, clean = 0;

	json_array_foreach(list, i, item)
	{
		const char *why = json_path_text(item, "why"), *id = json_path_text(item, "id");

		cr_expect_str_eq(why, gate_says(id), "%s %s", json_path_text(item, "external_ref"), id);
		clean += !strcmp(why, "clean");
		if (*why)
			expect_found(found, why, id);
	}
	json_decref(found);
	json_decref(list);
	return clean;
}

Test(why, of_all_samples_is_what_the_gate_says_first)
{
	DONE("import", KYB_SOURCE_DIR "/data/samples/cases.ndjson");
	cr_expect_gt(expect_agreement(), 5);
	json_t *clean = list_of("clean:yes"), *blocked = list_of("clean:no"),
	       *decided = list_of("status:approved,rejected");
	json_t *all = list_of("");
	cr_expect_eq(json_array_size(clean) + json_array_size(blocked) + json_array_size(decided),
		     json_array_size(all));
	json_decref(clean);
	json_decref(blocked);
	json_decref(decided);
	json_decref(all);
	/* A confirmed sanctions match comes first, before anything missing. */
	TELLS(("list", "--filter", "RAL-2043"), "sanctions match");
	DONE_JSON("list", "--view", "clean");
	cr_expect(json_array_size(json_path(box.json, "data")) > 0 &&
			  !strcmp(json_path_text(box.json, "data[0].why"), "clean"),
		  "%s", box.last.out);
	ENDS(9, "list", "--filter", "why:nonsense");
	ENDS(9, "list", "--filter", "clean:maybe");
}

static void import_numbered(const char *reference, const char *tax_id)
{
	char *line = test_text("{\"external_ref\":\"%s\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			       "\"shop\","
			       "\"status\":\"manual_review\",\"subject\":{\"uid\":\"u-%s\",\"kind\":\"individual\","
			       "\"name\":\"Ines "
			       "Duarte\",\"country\":\"PRT\",\"tax_id\":\"%s\"},\"checks\":[{\"kind\":\"watchlist\","
			       "\"status\":\"passed\",\"hits\":[]}],\"documents\":[],\"steps\":[{\"id\":\"identity\","
			       "\"status\":\"completed\",\"fields\":{}}]}\n",
			       reference, reference, tax_id);
	box_import(&box, line);
}

static void expect_why(const char *reference, const char *why)
{
	char filter[64];
	json_t *list;

	(void)snprintf(filter, sizeof filter, "\"%s\"", reference);
	DONE("webhook", "deliver", "--drain"); /* and a tick */
	list = list_of(filter);
	cr_assert_eq(json_array_size(list), 1, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(list, "[0].why"), why, "%s", reference);
	cr_expect_str_eq(gate_says(json_path_text(list, "[0].id")), why, "%s", reference);
	json_decref(list);
}

/* A case gets another reason, without a change of its own, when a duplicate is imported or dismissed. */
Test(why, of_a_case_follows_its_duplicates)
{
	import_numbered("ONE", "PT501442600");
	expect_why("ONE", "clean");
	import_numbered("TWO", "PT501442600");
	expect_why("TWO", "duplicate_open");
	expect_why("ONE", "duplicate_open");
	DONE("duplicate", "dismiss", "TWO", "ONE", "--reason", "two people of one household");
	expect_why("ONE", "clean");
	expect_why("TWO", "clean");
}
