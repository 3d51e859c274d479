/* `import --format bods`: statements of owners as related parties of an existing case. The people are made up. */
#include "expect.h"
#include "attack_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID(n) "00000000-0000-4000-8000-00000000000" #n
#define CASE(ref, number, parties)                                                                                     \
	"{\"external_ref\":\"" ref "\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"shop\","             \
	"\"status\":\"manual_review\",\"submitted_at\":\"2026-11-03T10:00:00Z\",\"subject\":{\"kind\":"                \
	"\"business\",\"name\":\"Harbour Lane Trading Ltd\",\"country\":\"GBR\",\"registration_number\":\"" number     \
	"\"},\"parties\":[" parties "]}\n"
#define OWNERS                                                                                                         \
	"{\"id\":\"" ID(                                                                                               \
		1) "\",\"kind\":\"individual\",\"name\":\"Ines Duarte\",\"roles\":[\"ubo\",\"director\"],"             \
		   "\"control_role\":\"CEO\",\"date_of_birth\":\"1984-02-11\",\"country\":\"PRT\","                    \
		   "\"owns\":[{\"of\":null,\"percent\":\"10.50\"},{\"of\":\"" ID(                                      \
			   2) "\",\"percent\":\"33.333333333333333333\"}]},{\"id\":\"" ID(2) "\",\"kind\":"            \
											     "\"company\","            \
											     "\"name\":\"Lane "        \
											     "Holding "                \
											     "BV\",\"roles\":["        \
											     "\"shareholder\"],"       \
											     "\"country\":"            \
											     "\"NLD\","                \
											     "\"owns\":[{\"of\":"      \
											     "null,\"percent\":"       \
											     "\"60\"}]},{\"id\":"      \
											     "\"" ID(3) "\","          \
													"\"kind\""     \
													":\"compa"     \
													"ny\","        \
													"\"name\""     \
													":\"Quay "     \
													"SA\","        \
													"\"roles"      \
													"\":["         \
													"\"shareh"     \
													"older\"]"     \
													",\"count"     \
													"ry\":"        \
													"\"PRT\","     \
													"\"owns\""     \
													":[{"          \
													"\"of\":"      \
													"\"" ID(2) "\",\"percent\":\"20\"}]}"

static void make(void)
{
	DONE("init", "--sandbox");
	box_import(&box, CASE("OWN-1", "09482213", OWNERS) CASE("OWN-2", "", ""));
}

static void set_up(void)
{
	box_world(&box, "bods", make);
}
TestSuite(bods, .init = set_up, .fini = box_tear_down, .timeout = 120);

static void shell(const char *line)
{
	DONE_SHELL(test_text("set -e; cd '%s'; %s", box.folder, line));
}

static int take(const char *session, const char *text)
{
	char *path = box_path(&box, "statements");

	box_write(&box, "statements", text);
	return box_json(&box, "import", path, "--format", "bods", "--session", session, NULL);
}

Test(bods, what_export_writes_import_reads_back)
{
	shell("$K claim OWN-1 && $K export OWN-1 --bods --reveal >owners && "
	      "$K import owners --format bods --session OWN-2");
	cr_expect(strstr(box.last.out, "\n3 imported, 0 updated, 0 unchanged, 0 refused\n"), "%s", box.last.out);
	cr_expect(strstr(box.last.out, " kept in the file only, 0 not taken\n"), "%s", box.last.out);
	/* Compares the trees and persons of both cases, because the ids and dates of their statements differ. */
	shell("$K claim OWN-2 >held; for S in OWN-1 OWN-2; do $K party tree $S | sed 's/10\\.50%/ 10.5%/' >$S; "
	      "$K --json show $S --reveal | grep -o '\"date_of_birth\":\"[0-9-]*\"\\|\"control_role\":\"[A-Z]*\"' "
	      ">>$S; done; grep -q 1984-02-11 OWN-1; grep -q 33.333333333333333333 OWN-1; cmp OWN-1 OWN-2; "
	      "test $($K export OWN-2 --bods | wc -l) = $(wc -l <owners)");
	/* Again: nothing new. */
	shell("$K import owners --format bods --session OWN-2; $K import owners --format bods --session OWN-1; "
	      "$K audit verify >verified");
	for (const char *at = box.last.out; *at; at = strchr(strchr(at, '\n') + 1, '\n') + 1) {
		cr_assert(!strncmp(at, "0 imported, 0 updated, 3 unchanged, 0 refused\n", 46), "%s", at);
		cr_assert(strstr(at, " kept in the file only, 0 not taken\n"), "%s", at);
	}
}

#define SUBJECT "\"declarationSubject\":\"s\",\"recordId\":"
#define BUSINESS                                                                                                       \
	"{" SUBJECT "\"s\",\"recordType\":\"entity\",\"recordDetails\":{\"name\":\"HARBOUR LANE TRADING LTD\"}}\n"
#define PERSON(id, name)                                                                                               \
	"{" SUBJECT "\"" id "\",\"recordType\":\"person\",\"recordDetails\":{\"names\":[{\"type\":\"legal\","          \
	"\"fullName\":\"" name "\"}],\"nationalities\":[{\"code\":\"PT\"}]}}\n"
#define OWNS(id, owner, exact)                                                                                         \
	"{" SUBJECT "\"" id "\",\"recordType\":\"relationship\",\"recordDetails\":{\"subject\":\"s\","                 \
	"\"interestedParty\":\"" owner "\",\"interests\":[{\"type\":\"shareholding\",\"directOrIndirect\":"            \
	"\"direct\",\"beneficialOwnershipOrControl\":true,\"share\":{\"exact\":" exact "}}]}}\n"

Test(bods, a_broken_statement_costs_no_other)
{
	static const char *const sentences[] = {
		"{\"line\":2,",
		"{\"line\":3,\"field\":\"recordType\",\"message\":\"is not entity, person or relationship",
		"{\"line\":5,\"field\":\"recordDetails.names\",\"message\":\"is missing",
		"{\"line\":7,\"field\":\"recordDetails.interestedParty\",\"message\":\"is not the record of a "
		"person or entity",
		"{\"line\":8,\"field\":\"percent\",\"message\":\"\\\"125\\\" is not a percentage",
	};

	cr_expect_eq(take("OWN-2", BUSINESS "{broken\n"
					    "{\"statementType\":\"personStatement\"}\n" PERSON("a", "Ana Lima")
						    PERSON("b", "") OWNS("r1", "a", "25.000000000000000001")
							    OWNS("r2", "nobody", "5") OWNS("r3", "a", "125")),
		     3, "%s", box.last.out);
	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
		cr_expect(strstr(box.last.out, sentences[i]), "%s is not in %s", sentences[i], box.last.out);
	SHOWS("imported = 1", "rejected = 5");
	GIVES(("show", "OWN-2"), "parties[0].name: Ana Lima", "parties[0].country: PRT", "parties[0].roles[0]: ubo");
	PRINTS("\"25.000000000000000001\"");
	SHOWS("status: manual_review");
	/* The later statement of a record replaces the first. It is refused, because only a person changes shares. */
	cr_expect_eq(take("OWN-2", BUSINESS PERSON("a", "Ana Lima") OWNS("r1", "a", "25") OWNS("r1", "a", "30")), 3);
	SHOWS("rejected = 1");
	PRINTS("owns 25.000000000000000001 % in the case and 30 % in the statement");
}

#define OWN_SHARES(id, owner, owned, more)                                                                             \
	"{" SUBJECT "\"" id "\",\"recordType\":\"relationship\",\"recordDetails\":{\"subject\":\"" owned               \
	"\",\"interestedParty\":\"" owner "\"" more "}}\n"

/* Two classes of shares in one company, in one statement or in two, are one share; again nothing changes. */
Test(bods, several_interests_of_one_owner_add_up)
{
	static const char text[] = BUSINESS PERSON("a", "Ana Lima") PERSON("b", "Bea Lima")
		OWN_SHARES("r1", "a", "s",
			   ",\"interests\":[{\"type\":\"shareholding\",\"share\":{\"exact\":24}},{\"type\":"
			   "\"shareholding\",\"share\":"
			   "{\"exact\":0.5}}]") OWNS("r2", "b", "30") OWNS("r3", "b", "31.25");

	cr_expect_eq(take("OWN-2", text), 0, "%s", box.last.out);
	GIVES(("party", "list", "OWN-2"), "data[0].ownership_percent: 24.5", "data[1].ownership_percent: 61.25");
	cr_expect_eq(take("OWN-2", text), 0, "%s", box.last.out);
	SHOWS("unchanged = 2", "updated = 0");
}

/* Bounds in place of a share, in each form, alone or added up; written again as they were read. */
Test(bods, a_range_is_kept)
{
#define RANGE(id, owner, bounds)                                                                                       \
	OWN_SHARES(id, owner, "s", ",\"interests\":[{\"type\":\"shareholding\",\"share\":{" bounds "}}]")
	static const char text[] = BUSINESS PERSON("a", "Ana Lima") PERSON("b", "Bea Mota") PERSON("c", "Cid Nunes")
		PERSON("d", "Dea Orta") RANGE("r1", "a", "\"exclusiveMinimum\":25,\"maximum\":50")
			RANGE("r2", "b", "\"minimum\":5.50,\"exclusiveMaximum\":10") OWNS("r3", "b", "2")
				RANGE("r4", "c", "\"maximum\":5") RANGE("r5", "d", "\"minimum\":3,\"maximum\":3.0");

	cr_expect_eq(take("OWN-2", text), 0, "%s", box.last.out);
	SHOWS("imported = 4", "rejected = 0", "account.not_taken = 0");
	GIVES(("party", "list", "OWN-2"), "data[0].ownership_percent: >25-50", "data[1].ownership_percent: 7.5-<12",
	      "data[2].ownership_percent: 0-5", "data[3].ownership_percent: 3", "data[0].effective_percent: >25-50");
	cr_expect_eq(take("OWN-2", text), 0, "%s", box.last.out);
	SHOWS("unchanged = 4", "updated = 0");
	shell("$K export OWN-2 --bods --reveal | grep -o '\"share\":{[^}]*}'");
	cr_expect_str_eq(box.last.out, "\"share\":{\"exclusiveMinimum\":25,\"maximum\":50}\n"
				       "\"share\":{\"minimum\":7.5,\"exclusiveMaximum\":12}\n"
				       "\"share\":{\"minimum\":0,\"maximum\":5}\n\"share\":{\"exact\":3}\n"
				       "\"share\":{\"exclusiveMinimum\":30,\"exclusiveMaximum\":64.5}\n");
	shell("$K export OWN-2 --bods --reveal >owners; $K --json import owners --format bods --session OWN-2");
	SHOWS("unchanged = 4", "rejected = 0");
}

/* What a statement says and the case cannot keep is named with its record; the rest is taken. */
Test(bods, what_is_not_taken_is_named_with_its_record)
{
	static const char text[] = BUSINESS PERSON(
		"a",
		"Ana Lima") "{" SUBJECT
			    "\"anon\",\"recordType\":\"person\",\"recordDetails\":{\"personType\":\"anonymousPerson\","
			    "\"unspecifiedPersonDetails\":{\"reason\":\"interestedPartyExemptFromDisclosure\","
			    "\"description\":\"a minor\"}}}\n" OWN_SHARES(
				    "r1", "a", "s",
				    ",\"interests\":[{\"type\":\"shareholding\",\"share\":{\"minimum\":75,"
				    "\"exclusiveMaximum\":50}}]")
				    OWN_SHARES(
					    "r2", "a", "s",
					    ",\"interests\":[{\"type\":\"shareholding\",\"share\":{\"exact\":\"25\"}}]")
					    OWNS("r3", "anon",
						 "10") "{" SUBJECT
						       "\"r4\",\"recordType\":\"relationship\",\"recordDetails\":{"
						       "\"subject\":\"s\",\"interestedParty\":{"
						       "\"reason\":\"subjectExemptFromDisclosure\",\"description\":"
						       "\"listed\"}}}\n";
	static const char *const sentences[] = {
		"is not stated: anonymousPerson (interestedPartyExemptFromDisclosure: a minor)",
		"has bounds that are no range (75-<50); write numbers from 0 to 100",
		"is not a percentage; write a number from 0 to 100 (record r2)",
		"is a record that was not taken; this interest is not taken either (record r3)",
		"names no owner (subjectExemptFromDisclosure: listed)",
	};

	cr_expect_eq(take("OWN-2", text), 3, "%s", box.last.out);
	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
		cr_expect(strstr(box.last.out, sentences[i]), "%s is not in %s", sentences[i], box.last.out);
	SHOWS("imported = 1", "rejected = 5");
	GIVES(("party", "list", "OWN-2"), "data[0].name: Ana Lima", "data[0].roles[0]: shareholder");
}

/* Each value of each statement is taken, kept in the file, or not taken: then the exit status is 3. */
Test(bods, the_account_names_each_fact_that_is_not_taken)
{
	static const char text[] = BUSINESS
		"{" SUBJECT "\"a\",\"statementId\":\"x1\",\"source\":{\"type\":[\"officialRegister\"]},\"recordType\":"
		"\"person\",\"recordDetails\":{\"personType\":\"knownPerson\",\"names\":[{\"type\":\"legal\","
		"\"fullName\":"
		"\"Ana Lima\"},{\"type\":\"birth\",\"fullName\":\"Ana "
		"Costa\"}],\"politicalExposure\":{\"status\":\"isPep\"},"
		"\"deathDate\":\"2026-01-02\"}}\n" OWNS("r1", "a", "30");
	/* Of the person, statementId and source are kept. */
	static const char account[] =
		"\"account\":{\"values\":25,\"taken\":19,\"kept\":2,\"not_taken\":4,\"members\":[";

	cr_expect_eq(take("OWN-2", text), 3, "%s", box.last.out);
	cr_expect(strstr(box.last.out, account), "%s", box.last.out);
	cr_expect(strstr(box.last.out,
			 "{\"member\":\"recordDetails.politicalExposure.status\",\"values\":1,\"records\":\"a\"}"),
		  "%s", box.last.out);
	cr_expect(strstr(box.last.out, "{\"member\":\"recordDetails.names.fullName\",\"values\":1,\"records\":\"a\"}"),
		  "%s", box.last.out);
	/* On record with the case: once, since the same file changes nothing again. */
	shell("$K audit export | grep owners.import | grep -q 'values.*25.*taken.*19.*kept.*2.*not_taken.*4'");
	shell("$K import statements --format bods --session OWN-2 >answer || test $? = 3; "
	      "grep -q '^25 values: 19 taken, 2 kept in the file only, 4 not taken$' answer; "
	      "grep -q '^not taken: recordDetails.deathDate of a$' answer; "
	      "test $($K audit list OWN-2 | grep -c owners.import) = 1");
}

#define DATED(date, record) "{\"statementDate\":\"" date "\"," SUBJECT record

/* The latest statementDate counts, wherever it stands in the file; a person behind a holding is an owner, too. */
Test(bods, dates_decide_and_owners_behind_a_holding_are_owners)
{
	static const char text[] = BUSINESS PERSON(
		"a",
		"Ana Lima") "{" SUBJECT "\"h\",\"recordType\":\"entity\",\"recordDetails\":{\"name\":\"Brent Cove "
			    "Inc\",\"jurisdiction\":{"
			    "\"code\":\"US-DE\"},\"identifiers\":[{\"scheme\":\"XI-LEI\",\"id\":"
			    "\"529900ABCDEFGHIJKL12\"},{\"scheme\":"
			    "\"US-DE\",\"id\":\"700123\"}]}}\n" DATED(
				    "2026-06-01",
				    "\"r1\",\"recordType\":\"relationship\",\"recordDetails\":{\"subject\":\"h\","
				    "\"interestedParty\":\"a\",\"interests\":[{\"type\":\"shareholding\","
				    "\"beneficialOwnershipOrControl\":true,"
				    "\"share\":{\"exact\":80}}]}}\n")
				    DATED("2020-01-01",
					  "\"r1\",\"recordType\":\"relationship\",\"recordDetails\":{\"subject\":\"h\","
					  "\"interestedParty\":\"a\",\"interests\":[{\"type\":\"shareholding\","
					  "\"share\":{\"exact\":10}}]}}\n") OWNS("r2", "h", "100");

	cr_expect_eq(take("OWN-2", text), 0, "%s", box.last.out);
	GIVES(("party", "list", "OWN-2"), "data[0].roles[0]: ubo", "data[0].ownership_percent: 80",
	      "data[1].country: USA", "data[1].registration_number: 700123");
}

/* The same name with another number is another company; a namesake with another birth date is another person. */
Test(bods, a_contradicting_number_or_birth_date_is_another)
{
	static const char other[] = "{" SUBJECT "\"s\",\"recordType\":\"entity\",\"recordDetails\":{\"name\":"
				    "\"HARBOUR LANE TRADING LIMITED\",\"identifiers\":[{\"scheme\":\"GB-COH\",\"id\":"
				    "\"09988776\"}]}}\n";
	static const char born[] =
		BUSINESS "{" SUBJECT "\"a\",\"recordType\":\"person\",\"recordDetails\":{\"names\":[{\"fullName\":"
			 "\"Ines Duarte\"}],\"birthDate\":\"1999-03\"}}\n" OWNS("r1", "a", "5");

	cr_expect_eq(take("OWN-1", other), 9, "%s", box.last.out);
	PRINTS("number 09988776");
	cr_expect_eq(take("OWN-1", born), 0, "%s", box.last.out);
	GIVES(("show", "OWN-1", "--reveal"), "parties[3].name: Ines Duarte", "parties[3].date_of_birth: 1999-03",
	      "parties[0].date_of_birth: 1984-02-11");
}

/* Only the share of the interest "shareholding" is read; other members "exact" are named as not taken. */
Test(bods, each_share_is_the_one_of_its_interest)
{
	static const char text[] =
		BUSINESS PERSON("a", "Ana Lima") "{\"exact\":5," SUBJECT
						 "\"r1\",\"recordType\":\"relationship\",\"recordDetails\":{"
						 "\"exact\":6,\"subject\":\"s\",\"interestedParty\":"
						 "\"a\",\"interests\":[{\"type\":\"boardMember\",\"share\":{"
						 "\"exact\":null}},{\"type\":\"shareholding\","
						 "\"share.exact\":7,\"share\":{\"note\":{\"exact\":8},\"exact\":60}"
						 "},{\"type\":\"votingRights\",\"share\":{"
						 "\"exact\":9}}]}}\n";

	cr_expect_eq(take("OWN-2", text), 3, "%s", box.last.out);
	SHOWS("imported = 1", "rejected = 0", "account.taken = 18", "account.kept = 2", "account.not_taken = 5");
	GIVES(("party", "list", "OWN-2"), "data[0].ownership_percent: 60");
}

/* The import keeps all statements in memory, so it refuses a file without end. */
/* The kinds of the nineteen examples of BODS 0.4, written anew (tests/cli/bods): each comes in whole, or each loss is named.
 * NAME.txt: what the import of NAME.ndjson says, and the tree of the case after it. */
Test(bods, the_kinds_of_the_standards_examples_come_in_or_say_what_is_lost, .timeout = 300)
{
	shell("cd '" KYB_SOURCE_DIR "/tests/cli/bods'; for f in *.ndjson; do n=${f%.ndjson}; "
	      "echo '{\"external_ref\":\"'$n'\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"m\","
	      "\"status\":\"manual_review\",\"subject\":{\"uid\":\"'$n'\",\"kind\":\"business\",\"name\":\"Tern Quay "
	      "Ltd\","
	      "\"country\":\"GBR\",\"registration_number\":\"07080910\"},\"steps\":[],\"documents\":[],\"parties\":[]}'"
	      " | "
	      "$K import - >\"$OLDPWD/made\"; "
	      "{ s=0; $K import --format bods --session $n $f 2>&1 || s=$?; echo \"status $s\"; $K party tree $n; } | "
	      "diff $n.txt - || echo \"$n differs\"; done; ls *.ndjson | wc -l | tr -d ' '");
	cr_expect_str_eq(box.last.out, "19\n", "%s", box.last.out);
}

Test(bods, statements_without_end_are_refused)
{
	shell("$K claim OWN-2 >claimed; (yes '{' | head -n 1000000 | $K --json import - --format bods --session "
	      "OWN-2 || "
	      "echo $? >status) >answer 2>&1; grep -q 9 status; grep -q 'more than 20000 statements' answer");
}

/* If an import fails in the middle, no parties without their shares may remain. */
#ifdef KYB_BOX_ON_SERVER
#define BREAK_OFF                                                                                                      \
	"CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'fault'; END $$; CREATE TRIGGER "  \
	"fault BEFORE INSERT ON party_share FOR EACH ROW WHEN (new.percent = '30') EXECUTE FUNCTION fault()"
#define GO_ON "DROP FUNCTION fault CASCADE"
#else
#define BREAK_OFF                                                                                                      \
	"CREATE TRIGGER fault BEFORE INSERT ON party_share WHEN new.percent = '30' BEGIN SELECT raise(ABORT, "         \
	"'fault'); END"
#define GO_ON "DROP TRIGGER fault"
#endif

Test(bods, an_import_that_breaks_off_leaves_the_case_as_it_was)
{
	static const char text[] =
		BUSINESS PERSON("a", "Ana Lima") PERSON("b", "Bea Lima") OWNS("r1", "a", "25") OWNS("r2", "b", "30");

	box_sql(&box, BREAK_OFF);
	cr_expect_eq(take("OWN-2", text), 1, "%s", box.last.out);
	PRINTS("stopped after 0 imported");
	GIVES(("party", "list", "OWN-2"), "data has 0");
	box_sql(&box, GO_ON);
	cr_expect_eq(take("OWN-2", text), 0, "%s", box.last.out);
	SHOWS("imported = 2");
	DONE("audit", "verify");
}

/* The case is loaded and settled once for the whole file; each party and share has its own record, with its values sealed. */
Test(bods, each_party_has_its_record_and_the_case_one_version)
{
	static const char text[] = BUSINESS PERSON("a", "Ana Lima") PERSON("b", "Bea Lima") PERSON("c", "Caio Lima")
		OWNS("r1", "a", "25") OWNS("r2", "b", "30") OWNS("r3", "c", "130");

	shell("$K --json show OWN-2 | grep -o '\"version\":[0-9]*' >before");
	cr_expect_eq(take("OWN-2", text), 3, "%s", box.last.out);
	shell("$K --json show OWN-2 | grep -o '\"version\":[0-9]*' >after; "
	      "test $(($(cut -d: -f2 before) + 1)) = $(cut -d: -f2 after); "
	      "test $($K audit list OWN-2 | grep -c party.add) = 3; test $($K audit list OWN-2 | grep -c party.own) = "
	      "2; "
	      "$K audit export >log; grep party.add log | grep -c '\\.name.*after' | grep -qx 3; "
	      "grep party.own log | grep -c 'percent.*after' | grep -qx 2; "
	      "grep 'party.own\\|party.add\\|owners.import' log | grep -c \"session_version.:$(cut -d: -f2 after),\" | "
	      "grep -qx 6; $K audit verify >verified");
}

Test(bods, owners_of_another_business_are_refused_whole)
{
	cr_expect_eq(take("OWN-2",
			  "{" SUBJECT
			  "\"s\",\"recordType\":\"entity\",\"recordDetails\":{\"name\":\"Other Ltd\"}}\n" PERSON(
				  "a", "Ana Lima") OWNS("r1", "a", "25")),
		     9, "%s", box.last.out);
	PRINTS("about \\\"Other Ltd\\\"");
	cr_expect_eq(take("OWN-2", "{\"recordId\":\"s\",\"recordType\":\"entity\",\"recordDetails\":{}}\n"), 9);
	cr_expect_eq(take("OWN-9", BUSINESS), 6, "%s", box.last.out);
	ENDS(2, "import", "-", "--session", "OWN-2");
	ENDS(2, "import", "-", "--format", "bods");
	GIVES(("party", "list", "OWN-2"), "data[0] is absent");
}

/* As with `party add`, a role is needed, shares are summed up, viewers are refused, the importer is a contributor. */
Test(bods, the_rules_of_party_add_hold)
{
	static const char text[] = BUSINESS PERSON("a", "Ana Lima") OWNS("r1", "a", "60") PERSON("b", "Rui Sousa")
		OWNS("r2", "b", "55") PERSON("c", "Eva Reis");

	cr_assert_eq(take("OWN-2", text), 3, "%s", box.last.out);
	PRINTS("The party has no role");
	DONE_JSON("show", "OWN-2");
	cr_expect(strstr(box.last.out, "ownership_invalid"), "more than 100 %%: %s", box.last.out);
	PRINTS("\"what\":\"party.add\"");
	ENDS(4, "approve", "OWN-2");
	DONE("reviewer", "add", "vera", "--role", "viewer");
	ENDS(7, "--as", "vera", "import", "-", "--format", "bods", "--session", "OWN-1");
}
