#include "codec_support.h"
#include <pthread.h>
#include <string.h>

static enum err reasons_of(const char *text, struct reasons *out)
{
	*out = (struct reasons){ 0 };
	text = json_of(text);
	return reasons_read(&arena, REASONS_SESSION, &(struct json_source){ text, strlen(text), "session.json" }, out,
			    &error);
}

static void expect_reasons_refused(const char *text, const char *field, const char *message)
{
	struct reasons read;
	cr_expect(reasons_of(text, &read) == ERR_INVALID, "accepted: %s", text);
	if (!error.message)
		return;
	expect_contains(error.message, message, text);
	expect_contains(error.message, "session.json: ", "the file is named");
	if (field)
		cr_expect_str_eq(error.field, field);
}

SPEC(reasons, a_list_is_read)
{
	struct reasons read;
	cr_assert(reasons_of("[{'code':'other','label':'Other','message':'m','retryable':true},{'code':'fraud','"
			     "label':'Fraud','disclosure':'restricted'}]",
			     &read) == ERR_OK);
	cr_assert_eq(read.counts[REASONS_SESSION], 2);
	cr_expect(read.items[REASONS_SESSION][0].retryable);
	cr_expect_str_eq(read.items[REASONS_SESSION][0].message, "m");
	cr_expect_eq(read.items[REASONS_SESSION][0].disclosure, DISCLOSURE_OPEN);
	cr_expect_eq(read.items[REASONS_SESSION][1].disclosure, DISCLOSURE_RESTRICTED);
}

SPEC(reasons, a_message_may_be_there_in_other_languages)
{
	struct reasons read;
	cr_assert(reasons_of("[{'code':'other','label':'Other','message':'m','messages':{'pt':'n','de':''}}]", &read) ==
		  ERR_OK);
	cr_expect_str_eq(read.items[REASONS_SESSION][0].messages[LANGUAGE_PT], "n");
	cr_expect_null(read.items[REASONS_SESSION][0].messages[LANGUAGE_DE], "an empty one is none");
	cr_expect_null(read.items[REASONS_SESSION][0].messages[LANGUAGE_ES]);
	expect_reasons_refused("[{'code':'c','label':'L','messages':{'fr':'x'}}]", "[0].messages.fr", "");
	expect_reasons_refused("[{'code':'c','label':'L','messages':[]}]", "[0].messages", "expected an object");
	expect_reasons_refused("[{'code':'c','label':'L','disclosure':'restricted','messages':{'pt':'n'}}]",
			       "[0].messages", "shown as");
}

SPEC(reasons, the_shipped_ones_are_there_in_every_language_of_the_page)
{
	const struct reasons *reasons = default_reasons();
	for (int set = 0; set < REASON_SET_COUNT; set++)
		for (size_t i = 0; i < reasons->counts[set]; i++) {
			const struct reason *reason = &reasons->items[set][i];
			bool told = *reason->message && reason->disclosure == DISCLOSURE_OPEN;
			for (int language = LANGUAGE_EN + 1; language < LANGUAGE_COUNT; language++)
				cr_expect_eq(reason->messages[language] != NULL, told, "%s in %s", reason->code,
					     language_text((enum language)language));
		}
}

SPEC(reasons, mistakes_name_file_and_path)
{
	expect_reasons_refused("{}", "", "expected an array, found an object");
	expect_reasons_refused("[{'label':'L'}]", "[0].code", "is required");
	expect_reasons_refused("[{'code':'c'}]", "[0].label", "is required");
	expect_reasons_refused("[{'code':'A b','label':'L'}]", "[0].code", "lower-case letters");
	expect_reasons_refused("[{'code':'c','label':'L','retriable':true}]", "[0].retriable",
			       "did you mean 'retryable'?");
	expect_reasons_refused("[{'code':'c','label':'L','disclosure':'closed'}]", "[0].disclosure",
			       "allowed: open, restricted");
	expect_reasons_refused("[{'code':'c','label':'L'},{'code':'c','label':'M'}]", "[1].code", "as in element 0");
	expect_reasons_refused("[{'code':'c','label':'L','disclosure':'restricted','retryable':true}]", "[0].retryable",
			       "a restricted reason cannot be retryable");
	expect_reasons_refused("[", NULL, "ends too early");
}

/* The set has these codes, and no others. */
static void expect_codes(enum reason_set set, const char *codes)
{
	const struct reasons *reasons = default_reasons();
	size_t count = 0;
	for (; *codes; codes += strspn(codes, " "), count++) {
		const char *code = arena_strndup(&arena, codes, strcspn(codes, " "));
		cr_expect_not_null(reason_find(reasons, set, code), "%s is missing", code);
		codes += strlen(code);
	}
	cr_expect_eq(reasons->counts[set], count);
}

SPEC(reasons, the_shipped_sets_are_those_of_the_design)
{
	expect_codes(REASONS_SESSION,
		     "missing_document invalid_document expired_document data_mismatch unrelated_document "
		     "party_rejected ownership_not_established control_not_established company_not_active "
		     "company_not_found_in_registry sanctions_match pep_unacceptable adverse_media "
		     "unsupported_country unsupported_activity suspected_fraud forged_document "
		     "duplicate_application client_unresponsive other");
	expect_codes(REASONS_DOCUMENT,
		     "wrong_type missing_page front_missing back_missing blurry low_quality screenshot black_and_white "
		     "cropped password_protected expired out_of_date_range name_mismatch number_mismatch "
		     "address_mismatch language_unsupported suspected_forgery unreadable_file other");
	expect_codes(REASONS_HIT, "different_name different_birth_date different_country different_identifier "
				  "same_person list_entry_removed other");
}

SPEC(reasons, exactly_the_reasons_of_the_design_are_restricted)
{
	static const char *const restricted[] = { "suspected_fraud", "forged_document",	 "suspected_forgery",
						  "sanctions_match", "pep_unacceptable", "adverse_media" };
	const struct reasons *reasons = default_reasons();
	size_t found = 0;
	for (int set = 0; set < REASON_SET_COUNT; set++) {
		for (size_t i = 0; i < reasons->counts[set]; i++) {
			const struct reason *reason = &reasons->items[set][i];
			bool expected = false;
			for (size_t j = 0; j < sizeof restricted / sizeof *restricted; j++)
				expected = expected || strcmp(restricted[j], reason->code) == 0;
			cr_expect_eq(reason->disclosure == DISCLOSURE_RESTRICTED, expected, "%s", reason->code);
			found += expected;
		}
	}
	cr_expect_eq(found, sizeof restricted / sizeof *restricted);
}

SPEC(reasons, everything_a_client_may_be_told_has_a_message)
{
	const struct reasons *reasons = default_reasons();
	for (int set = REASONS_SESSION; set <= REASONS_DOCUMENT; set++)
		for (size_t i = 0; i < reasons->counts[set]; i++)
			cr_expect(strlen(reasons->items[set][i].message) > 20, "%s", reasons->items[set][i].code);
}

static void expect_countries_refused(const char *text, const char *message)
{
	struct countries read = { 0 };
	text = json_of(text);
	cr_expect(countries_read(&arena, &(struct json_source){ text, strlen(text), "c.json" }, &read, &error) ==
			  ERR_INVALID,
		  "accepted: %s", text);
	if (error.message)
		expect_contains(error.message, message, text);
	cr_expect_eq(read.count, 0);
}

SPEC(countries, mistakes_name_file_and_path)
{
	expect_countries_refused("[]", "c.json: expected an object, found an array");
	expect_countries_refused("{'countries':[]}", "c.json: countries: is empty");
	expect_countries_refused("{'countries':[{'alpha2':'GB','alpha3':'GBR'}]}", "countries[0].name: is required");
	expect_countries_refused("{'countries':[{'alpha2':'GBX','alpha3':'GBR','name':'N'}]}",
				 "countries[0].alpha2: is 'GBX'; expected two capital letters");
	expect_countries_refused("{'countries':[{'alpha2':'GB','alpha3':'gbr','name':'N'}]}",
				 "countries[0].alpha3: is 'gbr'; expected three capital letters");
	expect_countries_refused("{'countries':[{'alpha2':'GB','alpha3':'GBR','name':'N'},{'alpha2':'XX','alpha3':'"
				 "GBR','name':'M'}]}",
				 "names GBR twice");
}

SPEC(countries, the_shipped_list_is_whole_and_sorted)
{
	const struct countries *countries = default_countries();
	cr_expect_eq(countries->count, 249 + 1 + 13); /* ISO 3166-1, Kosovo, and codes of ICAO 9303 */
	for (size_t i = 1; i < countries->count; i++)
		cr_expect(strcmp(countries->items[i - 1].alpha3, countries->items[i].alpha3) < 0);
}

SPEC(countries, each_is_found_by_every_form_of_its_own)
{
	const struct countries *countries = default_countries();
	for (size_t i = 0; i < countries->count; i++) {
		const struct country *country = &countries->items[i];
		if (!country->is_of_persons)
			cr_expect_eq(country_find(countries, country->alpha2), country, "%s", country->alpha2);
		cr_expect_eq(country_find_of_person(countries, country->alpha3), country, "%s", country->alpha3);
		cr_expect_eq(country_find_of_person(countries, country->name), country, "%s", country->name);
		for (size_t j = 0; j < country->other_name_count; j++)
			cr_expect_eq(country_find_of_person(countries, country->other_names[j]), country, "%s",
				     country->other_names[j]);
	}
}

static void *ask_shipped(void *context)
{
	(void)context;
	return (void *)countries_in_force(NULL);
}

SPEC(countries, those_that_ship_are_read_once_whoever_asks_first)
{
	pthread_t threads[8];
	for (size_t i = 0; i < 8; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, ask_shipped, NULL), 0);
	for (size_t i = 0; i < 8; i++) {
		void *seen;
		cr_assert_eq(pthread_join(threads[i], &seen), 0);
		cr_expect_eq(seen, countries_in_force(NULL));
	}
	const struct countries *shipped = countries_in_force(NULL), *file = default_countries();
	cr_assert_eq(shipped->count, file->count);
	for (size_t i = 0; i < file->count; i++)
		cr_expect_str_eq(shipped->items[i].alpha3, file->items[i].alpha3);
	const struct country *brazil = country_find(shipped, "BRA");
	cr_assert(brazil);
	cr_expect(strstr(brazil->subdivisions, "SP"), "%s", brazil->subdivisions);
}
