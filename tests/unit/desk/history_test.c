/*
 * Past states of a case (desk/read.h): a test runs many verbs and records the case before each of them. The state that
 * the history rebuilds for each of these moments must be the same as the recorded state; if a value is missing, the
 * history must say so.
 */
#include "fixture.h"
#include "kybdesk/desk/read.h"

FIXTURE(history);

#define STEPS_MAX 64

static struct moment {
	const char *what;
	int64_t seq, at;
	struct history_row *rows;
	size_t count;
} moments[STEPS_MAX];
static size_t moment_count;
static const char *reference;

static int64_t newest(void)
{
	return sql_int(&f, "SELECT coalesce(max(seq), 0) FROM audit_event");
}

/* The rows of the present case, without the rows that only past states have. */
static size_t rows_now(struct history_row **rows)
{
	struct case_view *view = arena_alloc(&f.arena, sizeof *view);
	struct history history;

	must(desk_case(f.vic, &f.arena, reference, false, view, &f.error));
	history_make(&f.arena, view, &(const struct history_audit_log){ .count = 0 }, &history);
	return history_rows(&f.arena, &history, rows);
}

static struct use_out step(struct desk *desk, struct use_in in)
{
	struct moment *moment = &moments[moment_count++];

	cr_assert_leq(moment_count, STEPS_MAX);
	*moment =
		(struct moment){ .what = use_cases[in.verb].audit_action, .seq = newest() + 1, .at = f.world.wall_ms };
	moment->count = rows_now(&moment->rows);
	forward(&f, MINUTE_MS);
	in.session = reference;
	must(fixture_use(&f, desk, &in));
	return f.out;
}
#define STEP(desk, NAME, ...) step(f.desk, (struct use_in){ .verb = VERB_##NAME, __VA_ARGS__ })

static const struct document *document(size_t place)
{
	struct case_view view = fixture_case(&f, reference);

	return &view.file.documents[place];
}

static const char *hit(void)
{
	struct case_view view = fixture_case(&f, reference);

	return view.file.checks[0].hits[0].id;
}

/* The number of rows before the section on missing data, which only past states have. */
static size_t said_rows(const struct history_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(rows[i].section, "Not in the audit log"))
			return i;
	}
	return count;
}

static bool is_kyc(const struct history_row *row)
{
	return strstr(row->value, "KYC session (now") != NULL;
}

static void same_rows(const struct moment *moment, const struct history *history)
{
	struct history_row *rows;
	size_t count = history_rows(&f.arena, history, &rows);

	count = said_rows(rows, count);
	size_t expected = said_rows(moment->rows, moment->count);
	cr_expect_eq(count, expected, "before %s: %zu rows, then %zu", moment->what, count, expected);
	for (size_t i = 0; i < count && i < expected; i++) {
		const struct history_row *then = &moment->rows[i], *is = &rows[i];
		size_t length = strlen(is->value);

		cr_expect_str_eq(is->label, then->label, "before %s", moment->what);
		if (is_kyc(is) && is_kyc(then))
			continue;
		if (!strcmp(is->value, then->value))
			continue;
		/* A later verdict overwrites the name and the reason of an earlier one: the history shows the
		 * earlier verdict without them, and reports the missing data. */
		cr_expect(!strncmp(is->value, then->value, length) && history->unknown_count,
			  "before %s: %s is \"%s\", it was \"%s\"", moment->what, is->label, is->value, then->value);
	}
}

static void expect_every_moment(void)
{
	for (size_t i = moment_count; i-- > 0;) {
		struct history history;

		must(desk_case_at_moment(f.vic, &f.arena, reference,
					 &(const struct history_moment){ .seq = moments[i].seq }, &history, &f.error));
		cr_assert(history.next_record);
		cr_expect_eq(history.next_record->seq, moments[i].seq);
		same_rows(&moments[i], &history);
		must(desk_case_at_moment(f.vic, &f.arena, reference,
					 &(const struct history_moment){ .at = moments[i].at }, &history, &f.error));
		same_rows(&moments[i], &history);
	}
}

static void begin(const char *ref)
{
	reference = ref;
	moment_count = 0;
}

static const char checks[] = ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{\"name\":\"Harbor "
			     "Lane\",\"list\":\"L\",\"class\":\"pep\",\"score\":0.5}]}]";

Test(history, every_moment_of_a_review_can_be_rebuilt)
{
	static const struct party_input ana = {
		.kind = PARTY_INDIVIDUAL, .name = "Ana Sousa", .country = "PRT", .roles = 1u << ROLE_DIRECTOR
	};
	fixture_kyb(&f, &(struct kyb){ .ref = "PAST-1", .review = "unreviewed", .more = checks });
	begin("PAST-1");
	STEP(rita, CLAIM, 0);
	STEP(rita, NOTE, .text = "To look at");
	STEP(rita, DOCUMENT_ACCEPT, .part = document(0)->id);
	STEP(rita, DOCUMENT_REJECT, .part = document(1)->id, .reason = "blurry");
	STEP(rita, DOCUMENT_REJECT, .part = document(0)->id, .reason = "expired");
	STEP(rita, DOCUMENT_ACCEPT, .part = document(0)->id);
	STEP(rita, HIT_RESOLVE, .part = hit(), .is_match = true, .reason = "same_person");
	STEP(rita, RELEASE, 0);
	STEP(lea, HIT_ACCEPT, .part = hit(), .reason = "Known, and of no concern to us");
	STEP(lea, ASSIGN, .part = "bo");
	STEP(bo, RELEASE, 0);
	const char *party = STEP(rita, PARTY_ADD, .party = &ana).part_id;
	STEP(lea, PARTY_VERIFY, .part = party, .reason = "Seen in person, on the spot");
	STEP(lea, PARTY_UNVERIFY, .part = party);
	STEP(rita, PARTY_REMOVE, .part = party, .reason = "She has left the company since");
	STEP(rita, SNOOZE, .until = f.world.wall_ms + 48 * 60 * MINUTE_MS, .reason = "Waits for the registry");
	STEP(rita, WAKE, 0);
	STEP(rita, REJECT, .reason = "missing_document", .note = "explained in full", .has_grace = true,
	     .grace_s = 600);
	STEP(rita, UNDO, 0);
	STEP(rita, REJECT, .reason = "missing_document", .note = "explained in full", .has_grace = true);
	STEP(lea, REOPEN, .reason = "The document was there all the time");
	expect_every_moment();
	cr_expect_geq(moment_count, 20);
}

/* Before an undo, the rebuilt case has the data that the undo removes, and not the data that it restores. */
Test(history, every_moment_of_an_undo_can_be_rebuilt)
{
	static const struct party_input company = {
		.kind = PARTY_COMPANY, .name = "One Ltd", .country = "PRT", .roles = 1u << ROLE_UBO
	};
	static const struct correction_request request = { .step_id = "company_info", .message = "Please say more" };
	fixture_kyb(&f, &(struct kyb){ .ref = "PAST-9", .review = "unreviewed", .more = checks });
	begin("PAST-9");
	STEP(rita, DOCUMENT_ACCEPT, .part = document(0)->id);
	STEP(rita, REVIEW_UNDO, 0);
	STEP(bo, DOCUMENT_REJECT, .part = document(0)->id, .reason = "expired");
	STEP(rita, DOCUMENT_ACCEPT, .part = document(0)->id);
	STEP(rita, REVIEW_UNDO, 0);
	STEP(rita, HIT_RESOLVE, .part = hit(), .reason = "different_name", .note = "another person");
	STEP(rita, REVIEW_UNDO, 0);
	STEP(rita, HIT_RESOLVE, .part = hit(), .is_match = true, .reason = "same_person");
	STEP(lea, HIT_ACCEPT, .part = hit(), .reason = "Known, and of no concern to us");
	STEP(lea, REVIEW_UNDO, 0);
	const char *party = STEP(rita, PARTY_ADD, .party = &company).part_id;
	STEP(rita, PARTY_REMOVE, .part = party, .reason = "It has left the company since");
	STEP(rita, REVIEW_UNDO, 0);
	STEP(rita, PARTY_REMOVE, .part = party, .reason = "It has left the company since");
	STEP(rita, REVIEW_UNDO, 0);
	STEP(rita, CORRECTIONS, .requests = &request, .request_count = 1);
	struct case_view view = fixture_case(&f, reference);
	STEP(rita, ANSWER, .capacity = CAPACITY_CLIENT, .part = view.file.corrections[0].id,
	     .text = "There is no more.");
	STEP(rita, HAND_IN, .capacity = CAPACITY_CLIENT);
	STEP(rita, CORRECTION_ACCEPT, .part = view.file.corrections[0].id);
	STEP(rita, REVIEW_UNDO, 0);
	expect_every_moment();
	cr_expect_eq(moment_count, 20);
}

/* The answers on two pairs of one row, as they were before each record. */
Test(history, an_answer_on_a_pair_of_parties_leaves_the_answers_on_others)
{
	struct party_input row = {
		.kind = PARTY_INDIVIDUAL, .name = "Ana Sousa", .country = "PRT", .percent = "5", .roles = 1u << ROLE_UBO
	};
	const char *ids[3], *answers[4];
	struct audit_page page;

	fixture_ready(&f, "PAST-7");
	for (size_t i = 0; i < 3; i++) {
		must(USE(f.rita, PARTY_ADD, "PAST-7", .party = &row));
		ids[i] = f.out.part_id;
		row.name = i ? "Sousa Ana Maria" : "SOUSA Ana";
	}
	row.name = "Sousa, Ana";
	must(USE(f.rita, PARTY_EDIT, "PAST-7", .part = ids[2], .party = &row));
	for (size_t i = 0; i < 4; i++) {
		answers[i] = sql_text(
			&f, arena_printf(&f.arena, "SELECT pair_answers FROM party WHERE uuid = '%s'", ids[2]));
		must(fixture_use(&f, f.bo,
				 &(struct use_in){ .verb = i == 2 ? VERB_PARTY_SAME : VERB_PARTY_OTHER,
						   .session = "PAST-7",
						   .part = ids[2],
						   .related_ref = ids[i == 3 ? 0 : i % 2],
						   .reason = "Seen in the register" }));
	}
	struct case_view view;
	must(desk_case(f.lea, &f.arena, "PAST-7", true, &view, &f.error));
	must(desk_audit_list(f.lea, &f.arena,
			     &(const struct audit_query){ .session = view.file.session.id, .limit = 100 }, &page,
			     &f.error));
	page.items++, page.count--; /* the reading of the case */
	for (size_t i = 0; i < 4; i++) {
		const struct history_audit_log log = { page.items, page.count, i + 1 };
		struct history history;

		history_make(&f.arena, &view, &log, &history);
		/* The order of the answers means nothing. */
		const char *now = case_party(&history.file, ids[2])->pair_answers;
		const char *line = strtok(arena_strdup(&f.arena, answers[3 - i]), "\n");
		cr_expect_eq(strlen(now), strlen(answers[3 - i]), "%zu: %s", i, now);
		for (; line; line = strtok(NULL, "\n"))
			cr_expect(strstr(now, line), "%zu: %s", i, now);
	}
}

Test(history, every_moment_of_a_correction_can_be_rebuilt)
{
	fixture_ready(&f, "PAST-2");
	begin("PAST-2");
	static const struct correction_request request = { .step_id = "company_info", .message = "Please say more" };
	STEP(rita, CORRECTIONS, .requests = &request, .request_count = 1);
	struct case_view view = fixture_case(&f, reference);
	STEP(rita, ANSWER, .capacity = CAPACITY_CLIENT, .part = view.file.corrections[0].id,
	     .text = "There is no more.");
	STEP(rita, HAND_IN, .capacity = CAPACITY_CLIENT);
	STEP(rita, CORRECTION_ACCEPT, .part = view.file.corrections[0].id);
	must(confirm_all(&f, f.lea, reference));
	STEP(rita, APPROVE, .has_grace = true);
	STEP(lea, REOPEN, .reason = "Somebody else has to look at it");
	STEP(rita, CORRECTIONS, .requests = &request, .request_count = 1);
	STEP(rita, WITHDRAW, 0);
	expect_every_moment();
}

Test(history, the_level_and_who_decided_are_those_of_then)
{
	struct history history;

	fixture_ready(&f, "PAST-3");
	begin("PAST-3");
	STEP(rita, APPROVE, .has_grace = true);
	STEP(lea, REOPEN, .reason = "Somebody else has to look at it");
	expect_every_moment();
	must(desk_case_at_moment(f.vic, &f.arena, "PAST-3", &(const struct history_moment){ .seq = moments[1].seq },
				 &history, &f.error));
	cr_expect_eq(history.file.session.status, SESSION_APPROVED);
	expect_text(history.file.session.subject.level, "REGULAR");
	expect_text(history.file.session.decided_by, "rita");
	cr_expect_eq(history.file.decision_count, 1);
	expect_text(history.next_record->action, "session.reopen");
}

Test(history, before_its_first_record_there_was_no_case)
{
	struct history history;
	struct history_row *rows;

	fixture_ready(&f, "PAST-4");
	must(desk_case_at_moment(f.vic, &f.arena, "PAST-4", &(const struct history_moment){ .at = NOON - MINUTE_MS },
				 &history, &f.error));
	cr_expect(history.case_did_not_exist);
	cr_expect_eq(history_rows(&f.arena, &history, &rows), 1);
	expect_text(rows[0].value, "the case did not exist yet");
}

Test(history, now_is_as_it_stands)
{
	struct history history;
	struct history_row *rows, *now;

	fixture_ready(&f, "PAST-5");
	begin("PAST-5");
	must(desk_case_at_moment(f.vic, &f.arena, "PAST-5", &(const struct history_moment){ .at = INT64_MAX }, &history,
				 &f.error));
	cr_expect_null(history.next_record);
	size_t count = history_rows(&f.arena, &history, &rows);
	cr_expect_eq(count, rows_now(&now));
	for (size_t i = 0; i < count; i++)
		cr_expect_str_neq(rows[i].section, "Not in the audit log");
}

Test(history, a_record_of_another_case_is_none_of_this_one)
{
	struct history history;

	fixture_ready(&f, "PAST-6");
	fixture_ready(&f, "PAST-7");
	expect_error(desk_case_at_moment(f.vic, &f.arena, "PAST-6", &(const struct history_moment){ .seq = newest() },
					 &history, &f.error),
		     ERR_NOT_FOUND, "not part of this case");
	expect_err(desk_case_at_moment(f.vic, &f.arena, "PAST-6", &(const struct history_moment){ .seq = newest() + 1 },
				       &history, &f.error),
		   ERR_NOT_FOUND);
}

/* Data that is masked today is masked in yesterday's case, too. */
Test(history, it_is_masked_as_the_case_is)
{
	struct history history;

	fixture_ready(&f, "PAST-8");
	begin("PAST-8");
	STEP(rita, CLAIM, 0);
	must(desk_case_at_moment(f.rita, &f.arena, "PAST-8", &(const struct history_moment){ .seq = moments[0].seq },
				 &history, &f.error));
	struct case_view view;
	must(desk_case(f.rita, &f.arena, "PAST-8", false, &view, &f.error));
	expect_text(history.file.session.subject.tax_id, view.file.session.subject.tax_id);
	cr_expect(strchr(history.file.session.subject.tax_id, '*'), "%s", history.file.session.subject.tax_id);
	expect_text(history.file.parties[0].date_of_birth, view.file.parties[0].date_of_birth);
}

/* A value changed by an import is reported as unknown, and not invented. */
Test(history, what_an_import_changed_is_said_to_be_unknown)
{
	struct history history;
	bool output = false;

	fixture_kyc(&f, "PAST-9", "manual_review", ",\"risk_score\": 10");
	int64_t seq = newest() + 1;
	fixture_kyc(&f, "PAST-9", "manual_review", ",\"risk_score\": 70");
	must(desk_case_at_moment(f.vic, &f.arena, "PAST-9", &(const struct history_moment){ .seq = seq }, &history,
				 &f.error));
	for (size_t i = 0; i < history.unknown_count; i++)
		output |= strstr(history.unknown_sentences[i], "imported new") != NULL;
	cr_expect(output, "%zu things are unknown", history.unknown_count);
	cr_expect_not(history.case_did_not_exist);
}

static const char pdf[] = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n";

static struct use_out add_document(const char *type, const char *more)
{
	const char *bytes = arena_printf(&f.arena, "%s%% %s\n", pdf, more);

	return STEP(rita, DOCUMENT_ADD, .capacity = CAPACITY_CLIENT, .type = type, .file_name = "paper.pdf",
		    .bytes = bytes, .length = strlen(bytes));
}

static void check_of(struct check *check, enum check_kind kind, enum check_status status)
{
	check_init(check);
	check->kind = kind;
	check->status = status;
}

/* Documents that arrive, replace others, and are requested again. */
Test(history, every_moment_of_its_documents_can_be_rebuilt)
{
	static const char *const types[] = { "BUSINESS_NUMBER" };
	struct correction_request request = { .step_id = "company_info", .message = "Please send it again" };

	request.document_types = (const char **)(const void *)types;
	request.document_type_count = 1;
	fixture_ready(&f, "PAST-10");
	begin("PAST-10");
	STEP(rita, CORRECTIONS, .requests = &request, .request_count = 1, .has_grace = true, .grace_s = 600);
	STEP(rita, UNDO, 0);
	STEP(rita, CORRECTIONS, .requests = &request, .request_count = 1);
	STEP(rita, WITHDRAW, 0);
	STEP(rita, CORRECTIONS, .requests = &request, .request_count = 1);
	(void)add_document("BUSINESS_NUMBER", "newer");
	STEP(rita, HAND_IN, .capacity = CAPACITY_CLIENT);
	STEP(rita, CORRECTIONS, .requests = &request, .request_count = 1, .has_grace = true, .grace_s = 600);
	STEP(rita, UNDO, 0);
	STEP(rita, CORRECTIONS, .requests = &request, .request_count = 1);
	expect_every_moment();
	cr_expect_eq(moment_count, 10);
}

Test(history, a_record_that_got_its_file_later_was_there_without_it)
{
	struct history history;

	fixture_import(&f, "{\"external_ref\": \"PAST-11\", \"workflow\": \"avenia-kyb-level-1\", \"kind\": \"kyb\", "
			   "\"merchant\": \"northwind-pay\", \"status\": \"draft\", \"subject\": {\"uid\": \"a1\", "
			   "\"kind\": \"business\", \"name\": \"SOLUCOES\", \"country\": \"BRA\"}}\n");
	begin("PAST-11");
	STEP(rita, DOCUMENT_RECORD, .capacity = CAPACITY_CLIENT, .type = "CERTIFICATE_OF_INCORPORATION");
	(void)add_document("CERTIFICATE_OF_INCORPORATION", "first");
	must(desk_case_at_moment(f.vic, &f.arena, reference, &(const struct history_moment){ .seq = moments[1].seq },
				 &history, &f.error));
	cr_assert_eq(history.file.document_count, 1);
	expect_text(history.file.documents[0].sha256, "");
	expect_text(history.file.documents[0].file_name, "");
	cr_expect_eq(history.file.documents[0].upload, UPLOAD_WAITING);
	must(desk_case_at_moment(f.vic, &f.arena, reference, &(const struct history_moment){ .seq = moments[0].seq },
				 &history, &f.error));
	cr_expect_eq(history.file.document_count, 0);
}

Test(history, every_moment_of_its_checks_can_be_rebuilt)
{
	struct check failed, passed;

	fixture_kyb(&f, &(struct kyb){ .ref = "PAST-12" });
	begin("PAST-12");
	check_of(&failed, CHECK_FACE_MATCH, CHECK_FAILED);
	check_of(&passed, CHECK_FACE_MATCH, CHECK_PASSED);
	STEP(rita, CHECK_REPORT, .capacity = CAPACITY_PROVIDER, .result = &failed);
	STEP(lea, CHECK_WAIVE, .check = CHECK_FACE_MATCH, .reason = "Compared by eye, at the branch");
	expect_every_moment();
	STEP(rita, CHECK_REPORT, .capacity = CAPACITY_PROVIDER, .result = &passed);
	struct history history;
	must(desk_case_at_moment(f.vic, &f.arena, reference, &(const struct history_moment){ .seq = moments[2].seq },
				 &history, &f.error));
	cr_assert_eq(history.file.check_count, 1);
	cr_expect_eq(history.file.checks[0].status, CHECK_WAIVED);
	must(desk_case_at_moment(f.vic, &f.arena, reference, &(const struct history_moment){ .seq = moments[0].seq },
				 &history, &f.error));
	cr_expect_eq(history.file.check_count, 0);
}

Test(history, every_moment_of_its_parties_can_be_rebuilt)
{
	static const struct party_input ana = {
		.kind = PARTY_INDIVIDUAL, .name = "Ana Sousa", .country = "PRT", .roles = 1u << ROLE_DIRECTOR
	};
	const char *party;

	fixture_kyb(&f, &(struct kyb){ .ref = "PAST-13" });
	begin("PAST-13");
	party = STEP(rita, PARTY_ADD, .party = &ana).part_id;
	STEP(rita, SUBSESSION_REMOVE, .part = party, .reason = "The link went to somebody else");
	size_t without = moment_count;
	STEP(rita, SUBSESSION_ADD, .part = party);
	STEP(rita, NOTE, .text = "Asked again");
	struct history history;
	must(desk_case_at_moment(f.vic, &f.arena, reference,
				 &(const struct history_moment){ .seq = moments[without].seq }, &history, &f.error));
	cr_assert_eq(history.file.party_count, 2);
	expect_text(history.file.parties[1].session_id, "");
	same_rows(&moments[without], &history);
	must(desk_case_at_moment(f.vic, &f.arena, reference, &(const struct history_moment){ .seq = moments[0].seq },
				 &history, &f.error));
	cr_expect_eq(history.file.party_count, 1);
	same_rows(&moments[0], &history);
}

/* A sentence reports missing data, and no value is shown for it. */
Test(history, what_was_changed_without_a_trace_of_before_is_said)
{
	static const struct party_input fewer = { .percent = "20" };
	static const struct {
		const char *sentence;
	} wanted[] = { { "the data of Ines Duarte before lea changed it" },
		       { "the answers of the step company_info before rita changed them" },
		       { "the deleted document FINANCIAL_STATEMENTS" } };
	struct history history;

	fixture_kyb(&f, &(struct kyb){ .ref = "PAST-14", .status = "draft" });
	sql_run(&f, "UPDATE session SET submitted_at = NULL");
	begin("PAST-14");
	const char *added = add_document("FINANCIAL_STATEMENTS", "one").part_id;
	STEP(rita, DOCUMENT_DELETE, .capacity = CAPACITY_CLIENT, .part = added);
	STEP(rita, STEP_SAVE, .capacity = CAPACITY_CLIENT, .part = "company_info",
	     .fields_json = "{\"note\":\"by the client\"}");
	STEP(lea, PARTY_EDIT, .part = fixture_case(&f, reference).file.parties[0].id, .party = &fewer,
	     .reason = "As the register has it since March");
	must(desk_case_at_moment(f.vic, &f.arena, reference, &(const struct history_moment){ .seq = moments[0].seq },
				 &history, &f.error));
	for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++) {
		bool output = false;

		for (size_t i = 0; i < history.unknown_count; i++)
			output |= !strcmp(history.unknown_sentences[i], wanted[w].sentence);
		cr_expect(output, "nothing says: %s (%s)", wanted[w].sentence,
			  history.unknown_count ? history.unknown_sentences[0] : "nothing is said at all");
	}
}

Test(history, an_explained_gap_was_open_before)
{
	static const struct party_input fewer = { .percent = "20" };
	struct history history;

	fixture_ready(&f, "PAST-15");
	begin("PAST-15");
	STEP(lea, PARTY_EDIT, .part = fixture_case(&f, reference).file.parties[0].id, .party = &fewer,
	     .reason = "As the register has it since March");
	STEP(lea, PARTY_GAP, .reason = "listed");
	STEP(rita, NOTE, .text = "So it is");
	must(desk_case_at_moment(f.vic, &f.arena, reference, &(const struct history_moment){ .seq = moments[2].seq },
				 &history, &f.error));
	same_rows(&moments[2], &history);
	must(desk_case_at_moment(f.vic, &f.arena, reference, &(const struct history_moment){ .seq = moments[1].seq },
				 &history, &f.error));
	expect_text(history.file.session.gap_reason, "");
	same_rows(&moments[1], &history);
}

/* A person copied from another case did not exist before. */
Test(history, a_copied_person_was_not_there_before)
{
	static const struct party_input ana = { .kind = PARTY_INDIVIDUAL,
						.name = "Ana Sousa",
						.country = "PRT",
						.date_of_birth = "1990-05-01",
						.roles = 1u << ROLE_DIRECTOR };
	static const struct party_input role = { .roles = 1u << ROLE_DIRECTOR, .percent = "20" };
	const char *kyc;

	fixture_kyb(&f, &(struct kyb){ .ref = "PAST-16" });
	fixture_kyb(&f, &(struct kyb){ .ref = "PAST-17" });
	must(USE(f.rita, PARTY_ADD, "PAST-17", .party = &ana));
	kyc = f.out.subsession_id;
	kyc = arena_strdup(&f.arena, kyc);
	must(approve_at_once(&f, f.rita, kyc));
	begin("PAST-16");
	STEP(rita, PARTY_COPY, .related_ref = kyc, .part = "", .party = &role);
	STEP(rita, NOTE, .text = "Known from another case");
	expect_every_moment();
	/* The person is now an existing party with the copied session, also in the rebuilt case. */
	begin("PAST-16");
	STEP(rita, NOTE, .text = "Next");
	expect_every_moment();
}
