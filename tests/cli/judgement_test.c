/* `show` displays the effects of the commands `confirm`, `check report` and `results`. */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(judgement, .init = box_set_up_files, .fini = box_tear_down);

#define OK(...) cr_assert_eq(RUN(__VA_ARGS__), 0, "%s", box.last.err)
#define WHY "--reason", "as the register says today"

static const char *shown(const char *session, const char *path)
{
	DONE_JSON("show", session, "--reveal");
	return json_path_text(box.json, path);
}

static bool valid(size_t number)
{
	const json_t *judgement = json_array_get(json_path(box.json, "judgements"), number);

	cr_assert(judgement, "%s", box.last.out);
	return json_is_true(json_path(judgement, "stands"));
}

/* The index of the only judgement of this kind. */
static size_t judgement_of(const char *kind)
{
	const json_t *list = json_path(box.json, "judgements");

	for (size_t i = 0; i < json_array_size(list); i++) {
		if (!strcmp(json_path_text(json_array_get(list, i), "kind"), kind))
			return i;
	}
	cr_assert_fail("no judgement %s in %s", kind, box.last.out);
	return 0;
}

/* --- confirm --- */

/* Opens the case AVE-1 of a company, and accepts a document. */
static void open_company(void)
{
	OK("session", "open", "avenia-kyb-level-1", "--merchant", "shop", "--subject-kind", "business", "--uid",
	   "biz-1", "--name", "Quay Ltd", "--ref", "AVE-1", "--for", "merchant");
	OK("document", "add", "AVE-1", "CERTIFICATE-OF-INCORPORATION", "a.pdf", "--for", "client");
	OK("document", "accept", "AVE-1", "CERTIFICATE-OF-INCORPORATION");
	(void)shown("AVE-1", "");
	cr_assert(valid(0));
}

/* Changes the company's name; the earlier verdicts are based on the old name. */
static void rename_company(void)
{
	OK("step", "edit", "AVE-1", "company", "--field", "companyLegalName=Quay and Sons Ltd", WHY);
}

Test(judgement, confirming_it_makes_it_rest_on_what_is_there_now)
{
	open_company();
	rename_company();
	cr_expect_str_eq(shown("AVE-1", "judgements[0].changed"), "the subject's name: QUAY LTD → QUAY AND SONS LTD");
	cr_expect(!valid(0) && has_blocker(&box, "basis_changed"), "%s", box.last.out);
	char *basis = test_keep(strdup(json_path_text(box.json, "judgements[0].basis_sha256")));
	/* Without --all or --only, `confirm` lists the judgement and confirms nothing. */
	DONE_JSON("confirm", "AVE-1");
	cr_expect_eq(json_array_size(box.json), 1);
	(void)shown("AVE-1", "");
	cr_expect(!valid(0));
	OK("confirm", "AVE-1", "--all", "--as", "ines");
	cr_expect_str_neq(shown("AVE-1", "judgements[0].basis_sha256"), basis);
	cr_expect(valid(0) && !has_blocker(&box, "basis_changed"), "%s", box.last.out);
	SHOWS("judgements[0].by: ines"); /* the person that confirms a judgement becomes its author */
}

Test(judgement, one_is_confirmed_by_its_name_and_the_others_are_not)
{
	open_company();
	rename_company();
	OK("document", "add", "AVE-1", "COMPANY-TAX-IDENTIFICATION-DOCUMENT", "a.pdf", "--for", "client");
	OK("document", "accept", "AVE-1", "COMPANY-TAX-IDENTIFICATION-DOCUMENT");
	OK("step", "edit", "AVE-1", "company", "--field", "companyLegalName=Quay Ltd", WHY);
	OK("step", "edit", "AVE-1", "company", "--field", "companyLegalName=Quay Street Ltd", WHY);
	(void)shown("AVE-1", "");
	cr_assert(!valid(0) && !valid(1));
	char *ref = test_text("document:%s", json_path_text(box.json, "judgements[1].ref"));
	OK("confirm", "AVE-1", "--only", ref);
	(void)shown("AVE-1", "");
	cr_expect(!valid(0) && valid(1), "%s", box.last.out);
	ENDS(2, "confirm", "AVE-1", "--only", ref, "--all");
	ENDS(6, "confirm", "AVE-1", "--only", "document:nothing");
}

/* A lead accepted the hit, so only a lead can confirm it. */
Test(judgement, what_a_lead_judged_is_no_reviewers_to_confirm)
{
	open_company();
	OK("reviewer", "add", "rui", "--role", "reviewer");
	box_write(&box, "hits.json", "[{\"name\":\"Quay\",\"list\":\"L\",\"class\":\"pep\"}]");
	OK("check", "report", "AVE-1", "watchlist", "--status", "hit", "--hits", "hits.json", "--for", "provider");
	char *hit = test_keep(strdup(shown("AVE-1", "checks[0].hits[0].id")));
	OK("check", "resolve", "AVE-1", hit, "--as-match", "--reason", "same_person");
	OK("check", "accept", "AVE-1", hit, WHY);
	rename_company();
	(void)shown("AVE-1", "");
	cr_assert(!valid(judgement_of("hit_accepted")), "%s", box.last.out);
	(void)RUN("confirm", "AVE-1", "--all", "--as", "rui");
	cr_expect(strstr(box.last.out, "lead") || strstr(box.last.err, "lead"), "%s%s", box.last.out, box.last.err);
	(void)shown("AVE-1", "");
	cr_expect(!valid(judgement_of("hit_accepted")), "%s", box.last.out);
	cr_expect(valid(judgement_of("document")), "%s", box.last.out);
	OK("confirm", "AVE-1", "--all", "--as", "lea");
	(void)shown("AVE-1", "");
	cr_expect(valid(judgement_of("hit_accepted")), "%s", box.last.out);
}

/* --- check report --- */

static void report_hit(const char *name)
{
	char hits[160];

	snprintf(hits, sizeof hits, "[{\"name\":\"%s\",\"list\":\"EU\",\"class\":\"sanctions\",\"score\":0.91}]", name);
	box_write(&box, "hits.json", hits);
	OK("check", "report", "KYC-1", "watchlist", "--status", "hit", "--score", "0.9", "--hits", "hits.json",
	   "--detail", "{\"run\":7}", "--for", "provider");
}

Test(judgement, a_reported_check_is_there_with_its_hits_and_who_reported_it)
{
	box_import_person(&box, "KYC-1");
	report_hit("Ines D.");
	cr_expect_str_eq(shown("KYC-1", "checks[1].kind"), "watchlist");
	SHOWS("checks[1].status: hit", "checks[1].detail.run = 7", "checks[1].reported_as: provider",
	      "checks[1].about.name: Ines Duarte", "checks[1].hits[0].name: Ines D.", "checks[1].hits[0].state: open");
	BLOCKED("hit_open");
	ENDS(4, "approve", "KYC-1");
}

Test(judgement, a_second_report_keeps_verdicts_and_takes_no_hit_away)
{
	box_import_person(&box, "KYC-1");
	report_hit("Ines D.");
	char *hit = test_keep(strdup(shown("KYC-1", "checks[1].hits[0].id")));
	OK("show", "KYC-1", "--reveal");
	OK("check", "resolve", "KYC-1", hit, "--as-false-positive", "--reason", "different_birth_date", "--note",
	   "compared with the passport");
	report_hit("I. Duarte");
	(void)shown("KYC-1", "");
	SHOWS("checks has 2", "checks[1].hits has 2");
	for (size_t i = 0; i < 2; i++) {
		const json_t *each = json_array_get(json_path(box.json, "checks[1].hits"), i);
		bool first = !strcmp(json_path_text(each, "id"), hit);

		cr_expect_str_eq(json_path_text(each, "state"), first ? "false_positive" : "open", "%s", box.last.out);
	}
}

Test(judgement, a_check_that_is_no_check_is_not_reported)
{
	box_import_person(&box, "KYC-1");
	ENDS(9, "check", "report", "KYC-1", "watchlist", "--status", "fine");
	ENDS(9, "check", "report", "KYC-1", "watchlist", "--status", "passed", "--score", "7");
	ENDS(6, "check", "report", "KYC-1", "watchlist", "--status", "passed", "--about", "nobody");
	(void)shown("KYC-1", "");
	SHOWS("checks has 1");
}

/* --- results --- */

static void results(const char *text)
{
	box_write(&box, "results.json", text);
}

Test(judgement, results_are_there_with_who_handed_them_in)
{
	box_import_person(&box, "KYC-1");
	results("{\"final_decision\":\"flagged\",\"face_match_result\":{\"score\":0.4}}");
	OK("results", "KYC-1", "results.json", "--for", "provider");
	cr_expect_str_eq(shown("KYC-1", "processing_results.final_decision"), "flagged");
	cr_expect_eq(json_number_value(json_path(box.json, "processing_results.face_match_result.score")), 0.4);
	SHOWS("results_as: provider");
	SHOWS("status: manual_review"); /* results of a case that is not processed change no status */
}

Test(judgement, results_of_what_is_processed_are_looked_at_at_once)
{
	static const char word[] = "manual_review";
	char *line = person_line("KYC-1", "Ines Duarte"), *at = strstr(line, word);

	box_import(&box, test_text("%.*scompleted%s", (int)(at - line), line, at + strlen(word)));
	OK("check", "report", "KYC-1", "watchlist", "--status", "pending");
	OK("process", "KYC-1");
	cr_expect_str_eq(shown("KYC-1", "status"), "processing");
	results("{\"final_decision\":\"flagged\"}");
	OK("check", "report", "KYC-1", "watchlist", "--status", "passed", "--for", "provider");
	OK("results", "KYC-1", "results.json", "--for", "provider");
	cr_expect_str_eq(shown("KYC-1", "status"), "manual_review", "%s", box.last.out);
}

Test(judgement, results_that_are_none_are_refused_with_the_nearest_word)
{
	box_import_person(&box, "KYC-1");
	results("{\"final_decision\":\"flaged\"}");
	REFUSED(9, "flagged", "results", "KYC-1", "results.json");
	results("[]");
	ENDS(9, "results", "KYC-1", "results.json");
	cr_expect_neq(RUN("results", "KYC-1", "nowhere.json"), 0);
	(void)shown("KYC-1", "");
	cr_expect(!json_is_object(json_path(box.json, "processing_results")) ||
			  json_object_size(json_path(box.json, "processing_results")) == 0,
		  "%s", box.last.out);
}
