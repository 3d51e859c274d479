/*
 * Tries role × contribution × decision by commands, in a production store with users of the operating system.
 * The contributions of every verb at the desk: tests/unit/desk/contributor_test.c.
 */
#include "attack_cases.h"
#include "expect.h"
#include "support/tried.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct person {
	const char *name, *role;
	bool supervised;
} people[] = {
	{ "nora", "reviewer", false },
	{ "sue", "reviewer", true },
	{ "otto", "lead", false },
	{ "paul", "admin", false },
};
enum contributed { NOTHING, DATA, VERDICT };
static const char *const contributions[] = { "nothing", "data", "a verdict" };

struct decision {
	const char *words[8]; /* the command's arguments after the case */
	const char *verb;
	bool of_lead, by_verdict; /* by_verdict: the author of a verdict is excluded, too */
};
static const struct decision decisions[] = {
	{ .verb = "approve", .words = { "--grace", "0" }, .by_verdict = true },
	{ .verb = "reject", .words = { "--reason", "other", "--note", "as the register says", "--grace", "0" } },
	{ .verb = "corrections", .words = { "--step", "identity", "--message", "Say it again.", "--grace", "0" } },
	{ .verb = "reopen", .words = { "--reason", "it was decided too early" }, .of_lead = true },
};

static char reference[16];
static unsigned cells, cases;

static void set_up(void)
{
	box_open_bare(&box);
	attack_in_production(&box);
	DONE("reviewer", "add", "rita", "--role", "reviewer");
	DONE("reviewer", "add", "zoe", "--role", "reviewer");
	for (size_t i = 0; i < sizeof people / sizeof *people; i++)
		DONE("reviewer", "add", people[i].name, "--role", people[i].role,
		     people[i].supervised ? "--supervised" : NULL);
}
TestSuite(contributor_matrix, .init = set_up, .fini = box_tear_down);

/* Imports a case with a sanctions hit, which `judge` then dismisses. */
static void bring_judged(const char *judge)
{
	(void)snprintf(reference, sizeof reference, "IND-%u", ++cases);
	char *line = test_text(
		"{\"external_ref\":\"%s\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
		"\"shop\",\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":"
		"\"Ines Duarte\",\"country\":\"PRT\",\"date_of_birth\":\"1984-02-11\",\"tax_id\":\"12345-%s\"},"
		"\"checks\":[{\"kind\":\"face_match\",\"status\":\"passed\"},{\"kind\":\"watchlist\","
		"\"status\":\"hit\",\"hits\":[{\"name\":\"Ines Duarte\",\"list\":\"OFAC SDN\",\"class\":"
		"\"sanctions\",\"score\":0.9,\"detail\":{\"date_of_birth\":\"1950-07-01\"}}]}],\"steps\":[{"
		"\"id\":\"identity\",\"status\":\"completed\"}]}\n",
		reference, reference);
	box_import_by_colleague(&box, line);
	box_as(&box, judge);
	DONE("claim", reference);
	DONE("show", reference, "--reveal");
	cr_assert_eq(box_json(&box, "check", "list", reference, NULL), 0, "%s", box.last.err);
	DONE("check", "resolve", reference, test_keep(strdup(json_path_text(box.json, "data[1].hits[0].id"))),
	     "--as-false-positive", "--reason", "different_birth_date", "--note",
	     "born 34 years later, says the passport");
	DONE("release", reference);
}

static void bring(const struct person *person, enum contributed contributed)
{
	bring_judged(contributed == VERDICT ? person->name : "rita");
	box_as(&box, person->name);
	if (contributed == DATA)
		DONE("step", "edit", reference, "identity", "--field", "nationality=PT", "--reason",
		     "as the client told us by phone");
}

/* Returns whether the case was decided. */
static bool try_decision(const struct decision *decision, const struct person *person, enum contributed contributed)
{
	const char *words[16] = { "--json", decision->verb, reference };
	bool excluded = contributed == DATA || (contributed == VERDICT && decision->by_verdict);
	bool alone =
		person->supervised && strcmp(decision->verb, "approve") != 0 && strcmp(decision->verb, "reject") != 0;
	char cell[100];
	int status;

	for (size_t i = 0; decision->words[i]; i++)
		words[3 + i] = decision->words[i];
	(void)snprintf(cell, sizeof cell, "%s by %s after %s", decision->verb, person->name,
		       contributions[contributed]);
	status = box_run_words(&box, words, NULL, 0);
	cells++;
	cr_expect_eq(status, excluded || alone ? 4 : 0, "%s: %d %s", cell, status, box.last.out);
	if (excluded) {
		cr_expect(strstr(box.last.out, "second_reviewer"), "%s: %s", cell, box.last.out);
		cr_expect(strstr(box.last.out, person->name), "%s: %s", cell, box.last.out);
	} else if (alone) {
		cr_expect(strstr(box.last.out, "supervised"), "%s: %s", cell, box.last.out);
	}
	return !excluded && !alone;
}

static void try_person(const struct person *person, enum contributed contributed)
{
	bool used = true, leads = strcmp(person->role, "reviewer") != 0;

	for (size_t i = 0; i < sizeof decisions / sizeof *decisions; i++) {
		if (decisions[i].of_lead && !leads)
			continue;
		if (used || decisions[i].of_lead)
			bring(person, contributed);
		if (decisions[i].of_lead) {
			box_as(&box, "zoe");
			DONE("approve", reference, "--grace", "0");
			box_as(&box, person->name);
		}
		used = try_decision(&decisions[i], person, contributed);
	}
}

static void try_all(enum contributed contributed)
{
	for (size_t i = 0; i < sizeof people / sizeof *people; i++)
		try_person(&people[i], contributed);
	box_as(&box, NULL);
	DONE("audit", "verify");
	tried("role x decision after %s, by commands: %u cells", contributions[contributed], cells);
}

Test(contributor_matrix, decisions_after_nothing)
{
	try_all(NOTHING);
}
Test(contributor_matrix, decisions_after_data)
{
	try_all(DATA);
}
Test(contributor_matrix, decisions_after_a_verdict)
{
	try_all(VERDICT);
}
