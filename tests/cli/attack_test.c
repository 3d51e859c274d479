/*
 * The attacks of the issue by their names, by command: a case that is ready to be approved, one thing done to it by
 * whoever may or may not, and no approval of what nobody looked at. (At the desk and by import: tests/unit/desk facts,
 * intake and care; rules of one's own: custody_test.c.)
 */
#include "box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct box box;

static void set_up(void)
{
	box_open(&box);
	box_write_files(&box);
	cr_assert_eq(box_run(&box, "reviewer", "add", "rita", "--role", "reviewer", NULL), 0);
	cr_assert_eq(box_run(&box, "reviewer", "add", "lea", "--role", "lead", NULL), 0);
}
static void tear_down(void)
{
	box_close(&box);
}
TestSuite(attack, .init = set_up, .fini = tear_down);

#define RUN(...) box_run(&box, __VA_ARGS__, NULL)
#define DONE(...) cr_assert_eq(RUN(__VA_ARGS__), 0, "%s", box.last.err)
#define REFUSED(status, ...) cr_assert_eq(RUN(__VA_ARGS__), status, "%s%s", box.last.out, box.last.err)
#define AS(name) "--as", name

/* The line of a ready case with `from` as `to`; malloc'd. */
static char *changed_line(const char *from, const char *to)
{
	char *line = company_line("RAL-1"), *at = strstr(line, from), *out = NULL;
	cr_assert(at, "%s is not in the line", from);
	cr_assert_gt(asprintf(&out, "%.*s%s%s", (int)(at - line), line, to, at + strlen(from)), 0);
	free(line);
	return out;
}

static void ready_with(const char *from, const char *to)
{
	char *line = changed_line(from, to);
	box_import(&box, line);
	free(line);
	box_clear(&box, "RAL-1");
}

static void ready(void)
{
	ready_with("\"risk_score\":42", "\"risk_score\":42");
}

/* What an import says of a case that was handed in, its facts, is refused by its line, and nothing has changed. */
static void import_is_refused(const char *from, const char *to)
{
	char *line = changed_line(from, to), *before;
	cr_assert_eq(box_json(&box, "show", "RAL-1", "--reveal", NULL), 0);
	before = strdup(json_path_text(box.json, "updated_at"));
	box_write(&box, "again.ndjson", line);
	cr_expect_eq(RUN("import", "again.ndjson"), 3, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "show", "RAL-1", "--reveal", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "updated_at"), before);
	free(before);
	free(line);
}

static void no_approval(const char *code)
{
	cr_assert_eq(box_json(&box, "approve", "RAL-1", "--grace", "0", NULL), 4, "%s%s", box.last.out,
		     box.last.err);
	cr_expect(has_blocker(&box, code), "no %s in %s", code, box.last.out);
	cr_assert_eq(box_json(&box, "show", "RAL-1", NULL), 0);
	cr_expect_str_neq(json_path_text(box.json, "status"), "approved");
}

/* By its place in the list that the command prints; malloc'd. */
static char *id_of(const char *list, const char *path)
{
	cr_assert_eq(box_json(&box, list, "list", "RAL-1", NULL), 0, "%s", box.last.err);
	char *id = strdup(json_path_text(box.json, path));
	cr_assert(*id, "no %s in %s", path, box.last.out);
	return id;
}

#define HIT(name, class_)                                                                                          \
	"[{\"name\":\"" name "\",\"list\":\"OFAC SDN\",\"class\":\"" class_ "\",\"score\":0.9,\"state\":\"open\"}" \
	"]"
#define WITH_HIT                                                                                                   \
	"\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":" HIT("Ines Duarte",                      \
									       "pep") "}],\"risk_score\":42"

/* --- who it is --- */

Test(attack, identity_swapped_by_import)
{
	ready();
	import_is_refused("Ines Duarte", "Rui Falso");
	import_is_refused("1984-02-11", "1990-09-09");
	REFUSED(4, "party", "edit", "RAL-1", "Ines Duarte", "--name", "Rui Falso", "--reason",
		"as the client told us", AS("rita"));
	REFUSED(4, "party", "edit", "RAL-1", "Ines Duarte", "--birth", "1990-09-09", "--reason",
		"as the client told us", AS("lea"));
}

Test(attack, owner_left_out_and_replaced)
{
	ready();
	DONE("party", "add", "RAL-1", "--kind", "individual", "--name", "Rui Falso", "--role", "ubo", "--country",
	     "PT", "--birth", "1984-02-11", AS("rita"));
	DONE("party", "remove", "RAL-1", "Ines Duarte", "--reason", "sold the shares last month", AS("rita"));
	no_approval("party_not_verified");
}

Test(attack, company_renamed_after_acceptance)
{
	ready();
	import_is_refused("Harbour Lane Trading Ltd", "Harbor Holdings SA");
	DONE("subject", "edit", "biz-RAL-1", "--name", "Harbor Holdings SA", AS("rita"));
	no_approval("field_invalid");
}

/* --- papers --- */

Test(attack, paper_re_dated)
{
	ready();
	import_is_refused("\"file_name\":\"m.pdf\"", "\"file_name\":\"m.pdf\",\"expires_on\":\"2031-05-05\"");
}

#define PAPERS "\"type\":\"DIRECTORS_SHAREHOLDERS_REG\""
#define ONE_MORE(type, name)                                                                                       \
	"\"type\":\"" type "\",\"file_name\":\"" name "\",\"file\":\"a.pdf\",\"upload\":\"ready\"},{"

Test(attack, second_and_third_file_of_a_type)
{
	ready_with(PAPERS, ONE_MORE("OTHER", "second.pdf") ONE_MORE("OTHER", "third.pdf") PAPERS);
	no_approval("document_not_accepted");
	char *other = id_of("document", "data[3].id");
	DONE("document", "accept", "RAL-1", other, AS("rita"));
	no_approval("document_not_accepted");
	free(other);
	REFUSED(4, "document", "add", "RAL-1", "OTHER", "a.pdf", AS("rita"));
}

Test(attack, optional_paper_rejected_or_unseen)
{
	ready_with(PAPERS, ONE_MORE("FINANCIAL_STATEMENTS", "balance.pdf") PAPERS);
	no_approval("document_not_accepted");
	DONE("document", "reject", "RAL-1", "FINANCIAL_STATEMENTS", "--reason", "blurry", AS("rita"));
	no_approval("document_not_accepted");
}

/* --- parties and their KYC --- */

Test(attack, empty_kyc)
{
	char *line = changed_line(",\"steps\":[{\"id\":\"identity\",\"status\":\"completed\"}]}}]}", "}}]}");
	box_import(&box, line);
	free(line);
	char *kyc = id_of("subsession", "data[0].id");
	cr_expect_eq(box_json(&box, "approve", kyc, "--grace", "0", NULL), 4, "%s", box.last.out);
	cr_expect(has_blocker(&box, "nothing_examined"));
	free(kyc);
	no_approval("party_not_verified");
}

static void reject_the_kyc(void)
{
	char *line = company_line("RAL-1"), *kyc;
	box_import(&box, line);
	free(line);
	kyc = id_of("subsession", "data[0].id");
	DONE("reject", kyc, "--reason", "suspected_fraud", "--grace", "0", AS("rita"));
	free(kyc);
}

Test(attack, new_kyc_after_a_restricted_rejection)
{
	reject_the_kyc();
	REFUSED(7, "subsession", "add", "RAL-1", "Ines Duarte", "--reason", "the first one was a mistake",
		AS("rita"));
	no_approval("party_not_verified");
}

Test(attack, owner_removed_or_lowered_after_rejection)
{
	reject_the_kyc();
	REFUSED(7, "party", "remove", "RAL-1", "Ines Duarte", "--reason", "sold the shares last month", AS("rita"));
	REFUSED(7, "party", "edit", "RAL-1", "Ines Duarte", "--percent", "10", "--role", "shareholder",
		"--control-role", "", "--reason", "sold the shares last month", AS("rita"));
	import_is_refused("\"ownership_percent\":\"100\"", "\"ownership_percent\":\"10\"");
	no_approval("party_not_verified");
}

Test(attack, verified_elsewhere_over_a_rejection)
{
	reject_the_kyc();
	(void)RUN("party", "verify", "RAL-1", "Ines Duarte", "--elsewhere", "--reason", "seen at the branch today",
		  AS("lea"));
	no_approval("party_not_verified");
}

Test(attack, a_company_as_ceo)
{
	ready_with("\"control_role\":\"CEO\",", "");
	no_approval("party_missing");
	(void)RUN("party", "add", "RAL-1", "--kind", "company", "--name", "Lane Holdings BV", "--role", "director",
		  "--control-role", "CEO", "--country", "NL", AS("rita"));
	no_approval("party_missing");
}

/* --- identifications (Avenia) --- */

#define PAPER "8b3e1a72-5c9f-4d2e-b847-000000000001"
#define NAMES "\"uploadedIdentificationId\":\"" PAPER "\""

/* Two owners with these fields, and one identification; what of it is not verified. */
static void two_owners(const char *first, const char *second, const char *side)
{
	char *line = NULL;
	cr_assert_eq(box_shell(&box, "cp '" KYB_SOURCE_DIR "/data/samples/files/identity.png' ."), 0);
	cr_assert_gt(
		asprintf(&line,
			 "{\"external_ref\":\"RAL-1\",\"workflow\":\"avenia-kyb-level-1\",\"kind\":\"kyb\","
			 "\"merchant\":\"shop\",\"status\":\"manual_review\",\"subject\":{\"uid\":\"a1\",\"kind\":"
			 "\"business\",\"name\":\"SOLUCOES\",\"country\":\"BRA\"},\"documents\":[{\"id\":\"" PAPER
			 "\",\"category\":\"IDENTIFICATION\",\"type\":\"ID\",\"side\":\"%s\",\"file_name\":"
			 "\"identity.png\","
			 "\"file\":\"identity.png\",\"upload\":\"ready\"}],\"parties\":[{\"kind\":\"individual\","
			 "\"name\":"
			 "\"Ana Luz\",\"roles\":[\"ubo\"],\"country\":\"BRA\",\"fields\":{%s}},{\"kind\":"
			 "\"individual\",\"name\":\"Rui Sol\",\"roles\":[\"ubo\"],\"country\":\"BRA\",\"fields\":"
			 "{%s}}]}\n",
			 side, first, second),
		0);
	box_import(&box, line);
	free(line);
	if (*side)
		REFUSED(4, "document", "accept", "RAL-1", PAPER);
	else
		DONE("document", "accept", "RAL-1", PAPER);
}

static void not_verified(const char *name)
{
	no_approval("party_not_verified");
	REFUSED(4, "approve", "RAL-1");
	cr_expect(strstr(box.last.err, name), "%s", box.last.err);
}

Test(attack, one_identification_for_two)
{
	two_owners(NAMES, NAMES, "");
	not_verified("Ana Luz is not verified");
	not_verified("Rui Sol is not verified");
}

Test(attack, half_an_identification)
{
	two_owners(NAMES, "", "front");
	not_verified("Ana Luz is not verified");
}

Test(attack, id_in_a_free_text)
{
	two_owners("\"note\":\"see " PAPER "\"", "", "");
	not_verified("Ana Luz is not verified");
}

/* --- checks and hits --- */

Test(attack, confirmed_match_revised_by_a_reviewer)
{
	ready_with("\"risk_score\":42", WITH_HIT);
	char *hit = id_of("check", "data[0].hits[0].id");
	DONE("check", "resolve", "RAL-1", hit, "--as-match", "--reason", "same_person", AS("rita"));
	REFUSED(7, "check", "resolve", "RAL-1", hit, "--as-false-positive", "--reason", "different_birth_date",
		"--note", "compared once more", AS("rita"));
	free(hit);
	no_approval("hit_open");
}

Test(attack, new_hit_at_an_old_place_or_id)
{
	ready_with("\"risk_score\":42", WITH_HIT);
	char *hit = id_of("check", "data[0].hits[0].id");
	DONE("check", "resolve", "RAL-1", hit, "--as-false-positive", "--reason", "different_birth_date", "--note",
	     "compared with the register", AS("rita"));
	free(hit);
	box_write(&box, "hits.json", HIT("Harbour Lane", "sanctions"));
	DONE("check", "report", "RAL-1", "watchlist", "--status", "hit", "--hits", "hits.json");
	no_approval("hit_open");
}

Test(attack, waiver_over_another_result)
{
	ready_with("\"risk_score\":42",
		   "\"risk_score\":42,\"checks\":[{\"kind\":\"crypto\",\"status\":\"error\"}]");
	DONE("check", "waive", "RAL-1", "crypto", "--reason", "the provider is down today", AS("lea"));
	DONE("check", "report", "RAL-1", "crypto", "--status", "failed", "--score", "0.9");
	no_approval("check_failed");
}

/* --- what comes back, and who decides --- */

Test(attack, correction_answered_by_handing_in)
{
	ready();
	DONE("corrections", "RAL-1", "--step", "company_info", "--document", "PROOF_OF_ADDRESS", "--message",
	     "Not older than three months, please.", "--grace", "0", AS("rita"));
	REFUSED(4, "correction", "hand-in", "RAL-1");
	REFUSED(4, "correction", "hand-in", "RAL-1", "--for", "client");
	no_approval("correction_open");
}

Test(attack, retryable_rejection_overturned_by_an_import)
{
	ready();
	DONE("reject", "RAL-1", "--reason", "data_mismatch", "--retryable", "--grace", "0", AS("rita"));
	import_is_refused("\"risk_score\":42", "\"risk_score\":43");
	cr_assert_eq(box_json(&box, "show", "RAL-1", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "status"), "rejected");
}

/* A store of which who runs the tests is the one reviewer, in production. */
static void in_production(void)
{
	box_close(&box);
	box_open_bare(&box);
	box_write_files(&box);
	DONE("init");
	DONE("merchant", "add", "shop");
	DONE("store", "set", "public_url", "https://desk.example");
}

Test(attack, own_check_result)
{
	in_production();
	box_import_person(&box, "RAL-1");
	box_of_a_colleague(&box);
	DONE("check", "report", "RAL-1", "ofac", "--status", "passed");
	no_approval("second_reviewer");
	REFUSED(7, "check", "report", "RAL-1", "ofac", "--status", "passed", "--for", "provider");
}

Test(attack, final_decision_imported_by_who_then_decides)
{
	in_production();
	char *line = person_line("RAL-1", "Ines Duarte"), *at = strstr(line, "\"manual_review\""), *done = NULL;
	cr_assert(at);
	cr_assert_gt(asprintf(&done, "%.*s\"completed\",\"processing_results\":{\"final_decision\":\"approved\"}%s",
			      (int)(at - line), line, at + strlen("\"manual_review\"")),
		     0);
	box_import(&box, done);
	DONE("process", "RAL-1");
	no_approval("second_reviewer");
	cr_expect_str_eq(json_path_text(box.json, "status"), "manual_review");
	free(done);
	free(line);
}
