/* `workflow check`: each of these profiles has one mistake, and the error names it, its place, and the
 * allowed values. */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(workflow_check, .init = box_set_up_bare, .fini = box_tear_down);

#define ATELIO "atelio-beneficial-owner"
#define AVENIA "avenia-kyb-level-1"

static const struct broken {
	const char *workflow, *path;
	const char *value; /* JSON; NULL: the member is left out */
	const char *line;  /* the expected line of output, or "begin…end" */
} broken[] = {
	{ ATELIO, "name", "\"Atelio\"", "name: is 'Atelio'; allowed: lower-case letters, digits and -" },
	{ ATELIO, "name", NULL, "name: is required" },
	{ ATELIO, "titel", "\"Owner\"", "titel: the key 'titel' is not known here; did you mean 'title'?" },
	{ ATELIO, "version", "0", "version: is 0; allowed: 1 to 2147483647" },
	{ ATELIO, "kind", "\"kyx\"", "kind: is 'kyx'; allowed: kyb, kyc; did you mean 'kyb'?" },
	{ ATELIO, "subject_kinds", "[\"indivdual\"]",
	  "subject_kinds[0]: is 'indivdual'; allowed: business, individual; did you mean 'individual'?" },
	{ ATELIO, "steps[0].fields[0].rules[0].rule", "\"requird\"",
	  "steps[0].fields[0].rules[0].rule: is 'requird'; allowed: required, …did you mean 'required'?" },
	{ ATELIO, "steps[0].fields[2].rules[1].max", "0", "steps[0].fields[2].rules[1].max: is 0, but min is 1" },
	{ ATELIO, "steps[0].fields[2].rules[2].allow", "[\"leters\"]",
	  "steps[0].fields[2].rules[2].allow[0]: is 'leters'; allowed: letters, digits, spaces; did you mean "
	  "'letters'?" },
	{ ATELIO, "steps[0].fields[5].rules[0].when.field", "\"steps.adresses.addresses[].country\"",
	  "steps[0].fields[5].rules[0].when.field: is 'adresses'; allowed: identity, addresses, documents; did you "
	  "mean 'addresses'?" },
	{ ATELIO, "documents[0].type", "\"proof_of_address\"",
	  "documents[1].type: is 'proof_of_address', the same as in element 0; use different values" },
	{ ATELIO, "documents[0].step", "\"papers\"",
	  "documents[0].step: is 'papers'; allowed: identity, addresses, documents" },
	{ ATELIO, "documents[0].mandatory", "true",
	  "documents[0].on_request: is true, but a mandatory document is always requested" },
	{ ATELIO, "document_rules.formats", "[\"heic\",\"jpg\"]",
	  "document_rules.formats[1]: is 'jpg'; allowed: pdf, xlsx, xls, docx, doc, jpeg, png, heic; did you mean "
	  "'jpeg'?" },
	{ ATELIO, "document_rules.upload", "\"twophase\"",
	  "document_rules.upload: is 'twophase'; allowed: direct, two_phase; did you mean 'two_phase'?" },
	{ ATELIO, "document_rules.submit_needs_mandatory", "true",
	  "document_rules.submit_needs_mandatory: is true, but no document is mandatory" },
	{ ATELIO, "checks.required", "[\"ofacc\"]",
	  "checks.required[0]: is 'ofacc'; allowed: watchlist, crypto, …did you mean 'ofac'?" },
	{ ATELIO, "checks.max_age_days", "\"30\"", "checks.max_age_days: expected a whole number, found a string" },
	{ ATELIO, "attempts.retry_check", "true",
	  "attempts.retry_check: the key 'retry_check' is not known here; did you mean 'retry_checks'?" },
	{ ATELIO, "foreign.reason", NULL, "foreign.reason: is required" },
	{ ATELIO, "foreign.when.country_is_not", NULL,
	  "foreign.when: needs 'field' and one of 'is', 'is_not', 'country_is', 'country_is_not', 'given'" },
	{ ATELIO, "review.hours", "0", "review.hours: is 0; allowed: 1 to 876600" },
	{ ATELIO, "review.manual", "\"no\"", "review.manual: expected true or false, found a string" },
	{ ATELIO, "link.reminders_max", NULL,
	  "link.reminders_max: reminders_max and reminder_days belong together; set both or neither" },
	{ ATELIO, "retention.days", "-1", "retention.days: is -1; allowed: 1 to 36525" },
	{ ATELIO, "events.approvd", "\"x\"",
	  "events.approvd: the key 'approvd' is not known here; did you mean 'approved'?" },
	{ ATELIO, "event_shape", "\"atelo\"",
	  "event_shape: is 'atelo'; allowed: standard, atelio; did you mean 'atelio'?" },
	{ ATELIO, "custom_tags", "[]", "custom_tags: expected an object, found an array" },
	{ ATELIO, "reasons", "{\"session\":[\"data_missmatch\"]}",
	  "reasons.session[0]: is 'data_missmatch'; allowed: …did you mean 'data_mismatch'?" },
	{ "ralio-kyb", "parties.individuals", "\"sesion\"",
	  "parties.individuals: is 'sesion'; allowed: none, session, document; did you mean 'session'?" },
	{ "ralio-kyb", "parties.workflow", NULL,
	  "parties.workflow: is required when parties are verified by a session" },
	{ "ralio-kyb", "parties.owner_threshold_percent", "25",
	  "parties.owner_threshold_percent: expected a string, found a number; percentages are decimal strings "
	  "(\"25\")" },
	{ "ralio-kyb", "parties.owner_threshold_percent", "\"125\"",
	  "parties.owner_threshold_percent: is '125'; allowed: a decimal from 0 to 100, such as \"25\"" },
	{ "ralio-kyb", "parties.roles", "[\"owner\"]",
	  "parties.roles[0]: is 'owner'; allowed: ubo, director, shareholder, authorised_signatory, "
	  "representative, submerchant" },
	{ "ralio-kyb", "levels.approved", "\"LIGHT\"",
	  "levels.approved: is 'LIGHT', the same as initial; an approval would change nothing" },
	{ "ralio-sandbox", "levels.subject_kinds", "[\"company\"]",
	  "levels.subject_kinds[0]: is 'company'; allowed: business, individual" },
	{ AVENIA, "parties.fields[3].rules[1].scheme", "\"cfp\"",
	  "parties.fields[3].rules[1].scheme: is 'cfp'; allowed: cpf, cnpj, …did you mean 'cpf'?" },
	{ AVENIA, "parties.fields[3].type", "\"string\"",
	  "parties.fields[3].type: is 'string'; allowed: any, text, boolean, object, list" },
};
#define BROKEN_COUNT (sizeof broken / sizeof broken[0])

static json_t *profile_of(const char *workflow)
{
	char path[256];
	json_error_t error;
	(void)snprintf(path, sizeof path, "%s/data/workflows/%s.json", KYB_SOURCE_DIR, workflow);
	json_t *profile = json_load_file(path, 0, &error);
	cr_assert(profile, "%s: %s", path, error.text);
	return profile;
}

/* Sets the member at a path such as "a.b[2].c" to `value`, which the JSON then owns; NULL removes it. */
static void put(json_t *at, const char *path, json_t *value)
{
	for (;;) {
		if (*path == '[') {
			char *end;
			at = json_array_get(at, strtoul(path + 1, &end, 10));
			path = end + 1;
			continue;
		}
		path += *path == '.';
		size_t length = strcspn(path, ".[");
		char name[64] = "";
		cr_assert_lt(length, sizeof name);
		memcpy(name, path, length);
		path += length;
		if (*path) {
			at = json_object_get(at, name);
			cr_assert(at, "there is no %s to go on from", name);
			continue;
		}
		if (value)
			json_object_set_new(at, name, value);
		else
			cr_assert_eq(json_object_del(at, name), 0, "there is no %s to leave out", name);
		return;
	}
}

static void write_profile(json_t *profile, const char *name)
{
	box_write(&box, name, test_keep(json_dumps(profile, 0)));
	json_decref(profile);
}

/* expected: the whole line, or "begin…end", with any text in place of "…". */
static bool is_line(const char *line, const char *expected)
{
	const char *gap = strstr(expected, "…");
	if (!gap)
		return strcmp(line, expected) == 0;
	size_t begin = (size_t)(gap - expected), end = strlen(gap + strlen("…")), length = strlen(line);
	return length >= begin + end && strncmp(line, expected, begin) == 0 &&
	       strcmp(line + length - end, gap + strlen("…")) == 0;
}

Test(workflow_check, each_broken_profile_gives_one_precise_error)
{
	size_t precise = 0;
	for (size_t i = 0; i < BROKEN_COUNT; i++) {
		json_t *profile = profile_of(broken[i].workflow);
		put(profile, broken[i].path,
		    broken[i].value ? json_loads(broken[i].value, JSON_DECODE_ANY, NULL) : NULL);
		write_profile(profile, "broken.json");
		cr_expect_eq(box_json(&box, "workflow", "check", "broken.json", NULL), 9, "%s of %s passes",
			     broken[i].path, broken[i].workflow);
		const json_t *mistakes = json_path(box.json, "error.blockers");
		const char *line = json_path_text(box.json, "error.blockers[0].message");
		bool one = json_array_size(mistakes) == 1;
		cr_expect(one, "%s: %zu errors instead of one: %s", broken[i].path, json_array_size(mistakes),
			  box.last.out);
		cr_expect(is_line(line, broken[i].line), "\"%s\" instead of \"%s\"", line, broken[i].line);
		precise += one && is_line(line, broken[i].line);
	}
	cr_expect_geq(precise, 30, "%zu of %zu errors are precise", precise, BROKEN_COUNT);
}

Test(workflow_check, all_mistakes_of_one_profile_come_at_once)
{
	json_t *profile = profile_of(ATELIO);
	put(profile, "event_shape", json_string("atelo"));
	put(profile, "review.hours", json_integer(0));
	put(profile, "documents[0].step", json_string("papers"));
	write_profile(profile, "broken.json");
	ENDS(9, "workflow", "check", "broken.json");
	SAYS("event_shape: ", "review.hours: ", "documents[0].step: ");
}

Test(workflow_check, what_ships_is_valid)
{
	static const char *const names[] = { ATELIO, AVENIA, "generic-kyc", "ralio-kyb", "ralio-sandbox" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		write_profile(profile_of(names[i]), "whole.json");
		DONE("workflow", "check", "whole.json");
	}
}

/* This version of the program enforces every key of the shipped workflow ralio-sandbox. */
Test(workflow_check, nothing_of_a_shipped_workflow_is_not_enforced)
{
	json_t *profile = profile_of("ralio-sandbox");
	write_profile(profile, "whole.json");
	DONE("workflow", "check", "whole.json");
	PRINTS_NOT("Not enforced");
	GIVES(("workflow", "check", "whole.json"), "not_enforced has 0");
}
