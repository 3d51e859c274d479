/*
 * Undoing one's own verdicts and removals (VERB_REVIEW_UNDO): after an undo each row that changed has its old values,
 * the gate has its old blockers, and nobody undoes a colleague's work.
 */
#include "fixture.h"
#include "support/process.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

FIXTURE(review_undo);

#define WHY "said in more than ten characters"
#define NUMBER "document:BUSINESS_NUMBER"

static enum err act(struct desk *desk, struct use_in in)
{
	if (!in.session)
		in.session = "RAL-1";
	return fixture_use(&f, desk, &in);
}
#define UI_ACTION(desk, NAME, ...) act(f.desk, (struct use_in){ .verb = VERB_##NAME, __VA_ARGS__ })
#define UNDO(desk, part_) UI_ACTION(desk, REVIEW_UNDO, .part = part_)

static void unread(void)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .review = "unreviewed" });
}

/* All columns and counts of a case that a verdict or a removal changes; not its version and times. */
static const char *everything(void)
{
	static const struct {
		const char *table, *columns;
	} tables[] = {
		{ "document", "uuid || review || review_reason || reviewed_by || coalesce(reviewed_at, 0) || basis" },
		{ "hit", "uuid || state || reason || note || resolved_by || coalesce(resolved_at, 0) || accepted_by || "
			 "accept_reason || basis || accept_basis" },
		{ "correction", "uuid || state || coalesce(closed_at, 0) || accept_basis" },
		{ "step", "name || status" },
		{ "party", "uuid || coalesce(subsession_id, 0) || coalesce(removed_at, 0) || removed_by || "
			   "removed_reason" },
		{ "party_share", "party_id || '/' || coalesce(of_party_id, 0) || '/' || percent" },
		{ "access_link", "session_id || document_type || generation || coalesce(replaced_at, 0)" },
		{ "session", "uuid || status || parties_total || parties_verified || documents_total || "
			     "documents_accepted || document_missing || document_rejected || party_open || hit_open || "
			     "coalesce(blocker, '-')" },
	};
	const char *text = "";

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		text = arena_printf(
			&f.arena, "%s%s: %s\n", text, tables[i].table,
			sql_text(&f, arena_printf(&f.arena,
						  "SELECT group_concat(line) FROM (SELECT %s AS line FROM %s "
						  "ORDER BY 1) AS lines",
						  tables[i].columns, tables[i].table)));
	return text;
}

static const char *before;

static void same(const char *what)
{
	expect_text(everything(), before);
	cr_expect_eq(fixture_case(&f, "RAL-1").undo_count, 0, "vic can undo %s", what);
}

static int64_t records(const char *action)
{
	return sql_int(&f, arena_printf(&f.arena, "SELECT count(*) FROM audit_event WHERE action = '%s'", action));
}

static const struct document *number(void)
{
	struct case_view view = fixture_case(&f, "RAL-1");

	for (size_t i = 0; i < view.file.document_count; i++) {
		if (!strcmp(view.file.documents[i].type, "BUSINESS_NUMBER"))
			return &view.file.documents[i];
	}
	return NULL;
}

/* --- restored values --- */

Test(review_undo, of_an_acceptance_brings_not_reviewed_back)
{
	unread();
	before = everything();
	must(UI_ACTION(rita, DOCUMENT_ACCEPT, .part = "BUSINESS_NUMBER"));
	cr_expect_str_neq(everything(), before);
	forward(&f, 3 * 24 * 60 * MINUTE_MS); /* no grace time */
	must(UNDO(rita, NUMBER));
	expect_text(f.out.undone_change, "acceptance of BUSINESS_NUMBER");
	expect_text(f.out.audit_action, "review.undo");
	same("it");
	expect_err(USE(f.rita, APPROVE, "RAL-1"), ERR_BLOCKED);
	cr_expect_eq(records("document.accept"), 1);
	const char *detail = sql_text(&f, "SELECT detail FROM audit_event WHERE action = 'review.undo'");
	cr_expect(strstr(detail, "\"action\":\"document.accept\"") &&
			  strstr(detail, "\"from\":\"accepted\",\"to\":\"unreviewed\""),
		  "%s", detail);
}

Test(review_undo, of_a_rejection_brings_not_reviewed_back)
{
	unread();
	before = everything();
	must(UI_ACTION(rita, DOCUMENT_REJECT, .part = "BUSINESS_NUMBER", .reason = "blurry"));
	must(UNDO(rita, ""));
	same("it");
}

Test(review_undo, brings_back_a_colleagues_verdict_whole)
{
	unread();
	must(UI_ACTION(bo, DOCUMENT_ACCEPT, .part = "BUSINESS_NUMBER"));
	before = everything();
	forward(&f, MINUTE_MS);
	must(UI_ACTION(rita, DOCUMENT_REJECT, .part = "BUSINESS_NUMBER", .reason = "blurry"));
	forward(&f, MINUTE_MS);
	must(UNDO(rita, NUMBER));
	same("it");
	expect_text(number()->reviewed_by, "bo");
	must(UI_ACTION(bo, DOCUMENT_REJECT, .part = "BUSINESS_NUMBER", .reason = "expired"));
	before = everything();
	must(UI_ACTION(rita, DOCUMENT_ACCEPT, .part = "BUSINESS_NUMBER"));
	must(UNDO(rita, NUMBER));
	same("it");
}

Test(review_undo, goes_back_step_by_step)
{
	unread();
	before = everything();
	must(UI_ACTION(rita, DOCUMENT_REJECT, .part = "BUSINESS_NUMBER", .reason = "blurry"));
	must(UI_ACTION(rita, DOCUMENT_ACCEPT, .part = "BUSINESS_NUMBER"));
	must(UNDO(rita, NUMBER));
	expect_text(review_state_text(number()->review), "rejected");
	must(UNDO(rita, NUMBER));
	same("it");
	expect_error(UNDO(rita, NUMBER), ERR_BLOCKED, "has no verdict or removal here");
}

/* An acceptance is not restored if its facts have changed since. */
Test(review_undo, does_not_bring_an_acceptance_back_that_rests_on_other_facts)
{
	unread();
	must(UI_ACTION(bo, DOCUMENT_ACCEPT, .part = "BUSINESS_NUMBER"));
	must(UI_ACTION(rita, DOCUMENT_REJECT, .part = "BUSINESS_NUMBER", .reason = "blurry"));
	sql_run(&f, "UPDATE session SET subject_name = 'Another Ltd', tax_id = 'X1'; "
		    "UPDATE subject SET name = 'Another Ltd', tax_id = 'X1'");
	expect_error(UNDO(rita, NUMBER), ERR_BLOCKED, "is not based on the current data");
	expect_text(review_state_text(number()->review), "rejected");
}

/* An acceptance is not restored if the reviewed bytes are gone. */
Test(review_undo, does_not_bring_an_acceptance_back_of_bytes_that_are_gone)
{
	unread();
	must(UI_ACTION(bo, DOCUMENT_ACCEPT, .part = "BUSINESS_NUMBER"));
	must(UI_ACTION(rita, DOCUMENT_REJECT, .part = "BUSINESS_NUMBER", .reason = "blurry"));
	place_lose_bytes(f.path, number()->sha256);
	expect_error(UNDO(rita, NUMBER), ERR_BLOCKED, "the stored file is missing");
	expect_text(review_state_text(number()->review), "rejected");
}

static void with_hit(const char *class_)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1",
				       .more = arena_printf(
					       &f.arena,
					       ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{"
					       "\"name\":\"Ines D.\",\"list\":\"L\",\"class\":\"%s\"}]}]",
					       class_) });
}

static const char *hit(void)
{
	return sql_text(&f, "SELECT uuid FROM hit");
}
#define HIT arena_printf(&f.arena, "hit:%s", hit())

Test(review_undo, of_a_verdict_on_a_hit_opens_it_again)
{
	with_hit("pep");
	before = everything();
	must(UI_ACTION(rita, HIT_RESOLVE, .part = hit(), .reason = "other"));
	must(UNDO(rita, HIT));
	expect_text(f.out.undone_change, "verdict on the hit Ines D.");
	same("it");
	expect_blocked(USE(f.rita, APPROVE, "RAL-1"), "hit_open");
}

Test(review_undo, of_an_accepted_match_leaves_it_confirmed)
{
	with_hit("pep");
	must(UI_ACTION(rita, HIT_RESOLVE, .part = hit(), .is_match = true, .reason = "same_person"));
	before = everything();
	must(UI_ACTION(lea, HIT_ACCEPT, .part = hit(), .reason = WHY));
	expect_error(UNDO(rita, HIT), ERR_CONFLICT, "lea");
	must(UNDO(lea, HIT));
	same("it");
}

/* To undo a confirmed match, as to change it, a lead and a note are needed. Only the author can undo the verdict. */
Test(review_undo, of_a_confirmed_match_is_a_leads_who_says_why)
{
	with_hit("pep");
	before = everything();
	must(UI_ACTION(rita, HIT_RESOLVE, .part = hit(), .is_match = true, .reason = "same_person"));
	expect_error(UNDO(rita, HIT), ERR_FORBIDDEN, "only a lead can do this");
	expect_err(UI_ACTION(rita, REVIEW_UNDO, .part = HIT, .note = WHY), ERR_FORBIDDEN);
	expect_error(UI_ACTION(lea, REVIEW_UNDO, .part = HIT, .note = WHY), ERR_CONFLICT, "only rita can undo it");
	must(USE(f.ada, REVIEWER_ROLE, NULL, .part = "rita", .role = ROLE_LEAD));
	expect_err(UNDO(rita, HIT), ERR_INVALID);
	must(UI_ACTION(rita, REVIEW_UNDO, .part = HIT, .note = WHY));
	same("it");
	expect_rows(1, "note WHERE text LIKE '%" WHY "'");
}

Test(review_undo, of_a_verdict_over_one_with_a_note_is_refused)
{
	with_hit("pep");
	must(UI_ACTION(rita, HIT_RESOLVE, .part = hit(), .reason = "other", .note = "A note."));
	must(UI_ACTION(bo, HIT_RESOLVE, .part = hit(), .reason = "different_name"));
	expect_error(UNDO(bo, HIT), ERR_BLOCKED, "does not contain its text");
	must(UI_ACTION(bo, HIT_RESOLVE, .part = hit(), .reason = "different_name"));
	before = everything();
	forward(&f, MINUTE_MS);
	must(UI_ACTION(rita, HIT_RESOLVE, .part = hit(), .reason = "other"));
	must(UNDO(rita, HIT));
	same("it");
}

static const char *answered(void)
{
	const char *id;

	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	id = sql_text(&f, "SELECT uuid FROM correction");
	must(UI_ACTION(rita, ANSWER, .capacity = CAPACITY_CLIENT, .part = id, .text = "There is no more."));
	must(UI_ACTION(rita, HAND_IN, .capacity = CAPACITY_CLIENT));
	return arena_printf(&f.arena, "correction:%s", id);
}

Test(review_undo, of_an_accepted_answer_asks_for_it_again)
{
	fixture_ready(&f, "RAL-1");
	const char *correction = answered();
	before = everything();
	must(UI_ACTION(rita, CORRECTION_ACCEPT, .part = strchr(correction, ':') + 1));
	must(UNDO(rita, correction));
	expect_text(f.out.undone_change, "acceptance of the answer to company_info");
	same("it");
	expect_blocked(USE(f.rita, APPROVE, "RAL-1"), "correction_open");
}

Test(review_undo, of_an_answer_is_refused_once_its_step_was_asked_about_again)
{
	fixture_ready(&f, "RAL-1");
	const char *correction = answered();
	must(UI_ACTION(rita, CORRECTION_ACCEPT, .part = strchr(correction, ':') + 1));
	must(ask(&f, f.rita, "RAL-1", "company_info", NULL, NULL));
	before = everything();
	expect_error(UNDO(rita, correction), ERR_BLOCKED, "asked to correct the step again");
	same("it");
}

/* --- removals --- */

#define INES "party:Ines Duarte"

Test(review_undo, of_a_removal_brings_the_party_its_shares_its_kyc_and_its_link_back)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "manual_review" });
	must(UI_ACTION(rita, LINK, .session = fixture_case(&f, "RAL-1").file.parties[0].session_id));
	before = everything();
	must(UI_ACTION(rita, PARTY_REMOVE, .part = "Ines Duarte", .reason = WHY));
	forward(&f, MINUTE_MS);
	expect_err(UNDO(bo, INES), ERR_CONFLICT);
	must(UNDO(rita, INES));
	expect_text(f.out.undone_change, "removal of Ines Duarte");
	same("it");
	struct case_view view = fixture_case(&f, "RAL-1");
	expect_text(view.file.parties[0].effective_percent, "80");
	cr_expect_eq(view.file.removed.count, 0);
	must(USE(f.rita, APPROVE, view.file.parties[0].session_id));
	must(USE(f.rita, APPROVE, "RAL-1"));
}

Test(review_undo, of_a_removal_opens_no_link_that_a_later_one_replaced)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "manual_review" });
	const char *kyc = fixture_case(&f, "RAL-1").file.parties[0].session_id;
	must(UI_ACTION(rita, LINK, .session = kyc));
	must(UI_ACTION(rita, PARTY_REMOVE, .part = "Ines Duarte", .reason = WHY));
	forward(&f, MINUTE_MS);
	must(UI_ACTION(rita, LINK, .session = kyc));
	must(UNDO(rita, INES));
	expect_rows(1, "access_link WHERE replaced_at IS NULL");
	cr_expect_eq(sql_int(&f, "SELECT generation FROM access_link WHERE replaced_at IS NULL"), 2);
}

static const struct party_input ana = { .name = "Ana Sousa",
					.kind = PARTY_INDIVIDUAL,
					.roles = 1u << ROLE_UBO,
					.control_role = "CFO",
					.percent = "10",
					.country = "Portugal",
					.date_of_birth = "1990-05-01",
					.owned_party = "" };

Test(review_undo, of_a_removal_that_erased_a_kyc_is_refused)
{
	fixture_ready(&f, "RAL-1");
	must(UI_ACTION(rita, PARTY_ADD, .party = &ana));
	must(UI_ACTION(rita, PARTY_REMOVE, .part = "Ana Sousa", .reason = WHY));
	expect_error(UNDO(rita, "party:Ana Sousa"), ERR_BLOCKED, "was erased; add the party again");
	cr_expect_eq(fixture_case(&f, "RAL-1").file.removed.count, 1);
}

static const char *company(const char *name)
{
	const struct party_input input = {
		.name = name, .kind = PARTY_COMPANY, .roles = 1u << ROLE_UBO, .percent = "10", .country = "GBR"
	};

	must(UI_ACTION(rita, PARTY_ADD, .party = &input));
	return f.out.part_id;
}

Test(review_undo, of_a_removal_waits_for_the_company_that_the_party_owned)
{
	fixture_ready(&f, "RAL-1");
	const char *one = company("One Ltd"), *two = company("Two Ltd");
	must(UI_ACTION(rita, PARTY_OWN, .part = one, .related_ref = two, .percent = "40"));
	before = everything();
	must(UI_ACTION(rita, PARTY_REMOVE, .part = one, .reason = WHY));
	must(UI_ACTION(rita, PARTY_REMOVE, .part = two, .reason = WHY));
	expect_error(UNDO(rita, "party:One Ltd"), ERR_BLOCKED, "undo that removal first");
	must(UNDO(rita, ""));
	expect_text(f.out.undone_change, "removal of Two Ltd");
	must(UNDO(rita, ""));
	expect_text(f.out.undone_change, "removal of One Ltd");
	same("them");
}

Test(review_undo, of_a_removed_kyc_that_was_copied_brings_it_back)
{
	fixture_ready(&f, "RAL-0");
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .tax_id = "GB2" });
	const char *kyc = fixture_case(&f, "RAL-0").file.parties[0].session_id;
	must(UI_ACTION(rita, PARTY_REMOVE, .part = "Ines Duarte", .reason = WHY));
	const struct party_input as = { .roles = 1u << ROLE_UBO, .control_role = "CEO", .percent = "80" };
	must(UI_ACTION(rita, PARTY_COPY, .related_ref = kyc, .party = &as));
	before = everything();
	must(UI_ACTION(rita, SUBSESSION_REMOVE, .part = "Ines Duarte"));
	cr_expect_str_neq(everything(), before);
	must(UI_ACTION(rita, REVIEW_UNDO,
		       .part = arena_printf(&f.arena, "party:%s", fixture_case(&f, "RAL-1").file.parties[0].id)));
	expect_text(f.out.undone_change, "removal of the KYC session of Ines Duarte");
	same("it");
}

/* --- actor and time limit --- */

Test(review_undo, never_overwrites_a_colleagues_verdict)
{
	unread();
	must(UI_ACTION(rita, DOCUMENT_ACCEPT, .part = "BUSINESS_NUMBER"));
	must(UI_ACTION(bo, DOCUMENT_REJECT, .part = "BUSINESS_NUMBER", .reason = "blurry"));
	before = everything();
	expect_error(UNDO(rita, NUMBER), ERR_CONFLICT, "document.reject by bo");
	expect_err(UNDO(lea, NUMBER), ERR_CONFLICT);
	expect_error(UNDO(rita, ""), ERR_BLOCKED, "you have no verdict or removal");
	same("it");
}

Test(review_undo, ends_with_the_decision_and_goes_on_after_its_undo)
{
	unread();
	for (size_t i = 0; i < 4; i++)
		must(UI_ACTION(rita, DOCUMENT_ACCEPT, .part = fixture_case(&f, "RAL-1").file.documents[i].id));
	must(USE(f.rita, APPROVE, "RAL-1"));
	expect_error(UNDO(rita, NUMBER), ERR_BLOCKED, "a lead can reopen it first");
	must(USE(f.rita, UNDO, "RAL-1"));
	must(UNDO(rita, NUMBER));
	expect_err(USE(f.rita, APPROVE, "RAL-1"), ERR_BLOCKED);
	must(UI_ACTION(rita, DOCUMENT_ACCEPT, .part = "BUSINESS_NUMBER"));
	must(USE(f.rita, APPROVE, "RAL-1"));
}

static const char pdf[] = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count "
			  "0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

Test(review_undo, is_refused_once_a_new_file_came_in)
{
	unread();
	must(UI_ACTION(rita, DOCUMENT_REJECT, .part = "BUSINESS_NUMBER", .reason = "blurry"));
	const char *old = arena_printf(&f.arena, "document:%s", number()->id);
	must(UI_ACTION(rita, DOCUMENT_ADD, .type = "BUSINESS_NUMBER", .file_name = "new.pdf", .bytes = pdf,
		       .length = sizeof pdf - 1));
	before = everything();
	expect_error(UNDO(rita, old), ERR_CONFLICT, "changed since");
	expect_err(UNDO(rita, ""), ERR_BLOCKED);
	same("it");
}

/* The verdict is the last record of the document, but the row was changed without a record. */
Test(review_undo, is_refused_where_the_row_is_another_by_now)
{
	unread();
	must(UI_ACTION(rita, DOCUMENT_ACCEPT, .part = "BUSINESS_NUMBER"));
	sql_run(&f, "UPDATE document SET reviewed_by = 'bo' WHERE type = 'BUSINESS_NUMBER'");
	expect_err(UNDO(rita, NUMBER), ERR_CONFLICT);
	sql_run(&f, "UPDATE document SET reviewed_by = 'rita', basis = 'x' WHERE type = 'BUSINESS_NUMBER'");
	expect_error(UNDO(rita, NUMBER), ERR_CONFLICT, "changed since");
}

Test(review_undo, is_refused_once_the_document_is_asked_for_again)
{
	unread();
	must(UI_ACTION(rita, DOCUMENT_REJECT, .part = "BUSINESS_NUMBER", .reason = "blurry"));
	must(ask(&f, f.rita, "RAL-1", "company_info", "BUSINESS_NUMBER", NULL));
	expect_err(UNDO(rita, NUMBER), ERR_CONFLICT);
}

Test(review_undo, takes_the_right_that_the_verdict_took)
{
	with_hit("pep");
	must(UI_ACTION(rita, HIT_RESOLVE, .part = hit(), .is_match = true, .reason = "same_person"));
	must(UI_ACTION(lea, HIT_ACCEPT, .part = hit(), .reason = WHY));
	must(USE(f.ada, REVIEWER_ROLE, NULL, .part = "lea", .role = ROLE_REVIEWER));
	expect_err(UNDO(lea, HIT), ERR_FORBIDDEN);
	must(USE(f.ada, REVIEWER_ROLE, NULL, .part = "lea", .role = ROLE_VIEWER));
	expect_err(UNDO(lea, HIT), ERR_FORBIDDEN);
	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "lea"));
	expect_err(UNDO(lea, HIT), ERR_FORBIDDEN);
}

Test(review_undo, is_a_judgements_no_more_once_a_colleague_confirmed_it)
{
	unread();
	must(UI_ACTION(rita, DOCUMENT_ACCEPT, .part = "BUSINESS_NUMBER"));
	must(UI_ACTION(rita, STEP_EDIT, .part = "company_info", .fields_json = "{\"business_activity\":\"Crabs\"}",
		       .reason = WHY));
	sql_run(&f, "UPDATE session SET subject_name = 'Another Ltd'; UPDATE subject SET name = 'Another Ltd'");
	must(confirm_all(&f, f.bo, "RAL-1"));
	expect_error(UNDO(rita, NUMBER), ERR_CONFLICT, "judgement.confirm by bo");
	expect_error(UNDO(bo, NUMBER), ERR_BLOCKED, "which cannot be undone");
}

Test(review_undo, of_a_part_is_named_by_its_kind)
{
	unread();
	expect_err(UNDO(rita, "BUSINESS_NUMBER"), ERR_USAGE);
	expect_err(UNDO(rita, "note:1234"), ERR_USAGE);
	expect_err(UNDO(rita, "document:"), ERR_NOT_FOUND);
	expect_err(UNDO(rita, "document:NOTHING"), ERR_NOT_FOUND);
	expect_err(UNDO(rita, "party:Nobody"), ERR_NOT_FOUND);
	expect_err(UNDO(rita, "hit:12345"), ERR_NOT_FOUND);
	expect_err(UNDO(rita, "correction:12345"), ERR_NOT_FOUND);
	expect_err(UNDO(rita, NUMBER), ERR_BLOCKED);
	expect_error(UNDO(rita, ""), ERR_BLOCKED, "you have no verdict or removal");
}

/* --- the list --- */

static struct case_view seen_by(struct desk *desk)
{
	struct case_view view;

	must(desk_case(desk, &f.arena, "RAL-1", false, &view, &f.error));
	return view;
}

Test(review_undo, list_is_the_actors_own_newest_first)
{
	unread();
	must(UI_ACTION(rita, DOCUMENT_ACCEPT, .part = "BUSINESS_NUMBER"));
	must(UI_ACTION(bo, DOCUMENT_ACCEPT, .part = "PROOF_OF_ADDRESS"));
	must(UI_ACTION(rita, DOCUMENT_REJECT, .part = "MEMORANDUM_ARTICLES", .reason = "blurry"));
	must(UI_ACTION(rita, PARTY_REMOVE, .part = "Ines Duarte", .reason = WHY));
	struct case_view view = seen_by(f.rita);
	cr_assert_eq(view.undo_count, 3);
	expect_text(undo_item_text(&f.arena, &view.undos[0]), "removal of Ines Duarte");
	expect_text(undo_item_text(&f.arena, &view.undos[1]), "rejection of MEMORANDUM_ARTICLES");
	expect_text(undo_item_text(&f.arena, &view.undos[2]), "acceptance of BUSINESS_NUMBER");
	cr_expect_eq(seen_by(f.bo).undo_count, 1);
	cr_expect_eq(seen_by(f.lea).undo_count, 0);
	must(UI_ACTION(bo, DOCUMENT_REJECT, .part = "BUSINESS_NUMBER", .reason = "blurry"));
	cr_expect_eq(seen_by(f.rita).undo_count, 2);
	must(USE(f.lea, REJECT, "RAL-1", .reason = "other"));
	cr_expect_eq(seen_by(f.rita).undo_count, 0);
}

/* A viewer, and a reviewer of a store that is open for reading only, have nothing to undo. */
Test(review_undo, list_is_empty_for_who_cannot_review)
{
	unread();
	must(UI_ACTION(rita, DOCUMENT_ACCEPT, .part = "BUSINESS_NUMBER"));
	struct desk *readonly = fixture_desk(&f, "rita", true);
	cr_expect_eq(seen_by(readonly).undo_count, 0);
	desk_close(readonly);
	must(USE(f.ada, REVIEWER_ROLE, NULL, .part = "rita", .role = ROLE_VIEWER));
	struct desk *again = fixture_desk(&f, "rita", false);
	cr_expect_eq(seen_by(again).undo_count, 0);
	desk_close(again);
}

/* --- concurrent undos, and killed undos --- */

#define RACERS 6

static pthread_barrier_t start;

struct racer {
	pthread_t thread;
	struct desk *desk;
	enum err err;
};

static void *race(void *context)
{
	struct racer *racer = context;
	struct arena arena = ARENA_INIT;
	struct error error = { 0 };
	struct use_out result;

	pthread_barrier_wait(&start);
	racer->err = desk_do(racer->desk, &arena,
			     &(const struct use_in){ .verb = VERB_REVIEW_UNDO, .session = "RAL-1", .part = NUMBER },
			     &result, &error);
	error_release(&error);
	arena_release(&arena);
	return NULL;
}

Test(review_undo, of_one_verdict_by_six_at_once_is_one)
{
	struct racer racers[RACERS];
	int winners = 0;

	unread();
	must(UI_ACTION(rita, DOCUMENT_ACCEPT, .part = "BUSINESS_NUMBER"));
	pthread_barrier_init(&start, NULL, RACERS);
	for (size_t i = 0; i < RACERS; i++) {
		racers[i].desk = fixture_desk(&f, "rita", false);
		cr_assert_eq(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
	}
	for (size_t i = 0; i < RACERS; i++) {
		pthread_join(racers[i].thread, NULL);
		winners += !racers[i].err;
		desk_close(racers[i].desk);
	}
	pthread_barrier_destroy(&start);
	cr_expect_eq(winners, 1);
	cr_expect_eq(records("review.undo"), 1);
	expect_text(review_state_text(number()->review), "unreviewed");
}

/* Kills an undo at 40 different moments: the record of the undo exists exactly if the verdict is gone. */
Test(review_undo, that_is_killed_is_whole_or_was_not)
{
	unread();
	for (int round = 0; round < 40; round++) {
		must(UI_ACTION(rita, DOCUMENT_ACCEPT, .part = "BUSINESS_NUMBER"));
		pid_t child = fork();
		if (!child) {
			struct desk *desk = fixture_desk(&f, "rita", false);
			struct use_in in = { .verb = VERB_REVIEW_UNDO, .session = "RAL-1", .part = NUMBER };

			_exit(fixture_use(&f, desk, &in) ? 1 : 0);
		}
		usleep((useconds_t)(round * 400));
		kill(child, SIGKILL);
		cr_assert_eq(waitpid(child, NULL, 0), child);
		bool undone = number()->review == REVIEW_UNREVIEWED;
		cr_expect_eq(records("review.undo") + (number()->review == REVIEW_ACCEPTED), records("document.accept"),
			     "round %d", round);
		if (!undone)
			must(UNDO(rita, NUMBER));
	}
	cr_expect_eq(records("review.undo"), records("document.accept"));
}
