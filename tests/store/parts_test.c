/* Each part of a case is stored and read back. */
#include "store/store_support.h"
#include "kybdesk/store/related.h"
#include "kybdesk/store/suspicion.h"
#include "support/texts.h"

#include <string.h>

FIXTURE(parts);

Test(parts, a_case_without_any_is_empty)
{
	struct session session = session_added(&f, "Harbour Lane");
	const struct case_file file = case_of(&f, &session);
	cr_expect_eq(file.step_count + file.document_count + file.party_count + file.check_count +
			     file.correction_count + file.decision_count + file.note_count,
		     0);
}

Test(parts, steps_come_in_their_places)
{
	static const char *const names[] = { "review", "related_parties", "company_info" };
	struct session session = session_added(&f, "Harbour Lane");
	struct step step;
	fixture_begin(&f);
	for (size_t i = 0; i < 3; i++) {
		step_init(&step);
		step.id = names[i];
		step.status = STEP_IN_PROGRESS;
		OK(&f, store_step_insert(f.store, session.row, 2 - i, &step, &f.error));
	}
	step.status = STEP_NEEDS_CORRECTION;
	step.fields_json = "{\"business_activity\":\"Wholesale of fish\"}";
	OK(&f, store_step_update(f.store, &step, &f.error));
	fixture_commit(&f);
	const struct case_file file = case_of(&f, &session);
	cr_assert_eq(file.step_count, 3);
	cr_expect_str_eq(file.steps[0].id, "company_info");
	cr_expect_str_eq(file.steps[1].id, "related_parties");
	cr_expect_str_eq(file.steps[2].id, "review");
	cr_expect_eq(file.steps[0].row, step.row);
	cr_expect_eq(file.steps[0].status, STEP_NEEDS_CORRECTION);
	cr_expect_str_eq(file.steps[0].fields_json, step.fields_json);
}

Test(parts, a_document_comes_back_as_it_was_stored_and_as_it_was_changed)
{
	struct session session = session_added(&f, "Harbour Lane");
	struct document first, second;
	document_init(&first);
	first.id = new_id(&f);
	first.type = "BUSINESS_NUMBER";
	first.upload = UPLOAD_REQUIRED;
	fixture_begin(&f);
	OK(&f, store_document_insert(f.store, session.row, &first, &f.error));
	document_init(&second);
	second.id = new_id(&f);
	second.category = "COMPANY_INFO";
	second.type = "PROOF_OF_ADDRESS";
	second.step_id = "company_info";
	second.double_sided = true;
	second.front_upload = UPLOAD_READY;
	second.back.upload = UPLOAD_WAITING;
	second.file_name = "bill\x1b[31m.pdf";
	second.media_type = "application/pdf";
	second.size_bytes = 12345;
	second.sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
	second.upload = UPLOAD_READY;
	second.review = REVIEW_REJECTED;
	second.review_reason = "blurry";
	second.reviewed_by = "ines";
	second.reviewed_at = TEST_NOW;
	second.uploaded_at = TEST_NOW - 1;
	second.expires_on = TEST_NOW + 1;
	second.extracted_json = "{\"name\":\"x\"}";
	second.replaces_row = first.row;
	OK(&f, store_document_insert(f.store, session.row, &second, &f.error));
	first.replaced = true;
	first.review = REVIEW_ACCEPTED;
	OK(&f, store_document_update(f.store, &first, &f.error));
	fixture_commit(&f);
	const struct case_file file = case_of(&f, &session);
	cr_assert_eq(file.document_count, 2);
	expect_row(&document_columns, &first, &file.documents[0], 0);
	expect_row(&document_columns, &second, &file.documents[1], 0);
}

static void add_party(struct fixture *f, const struct session *session, struct party *party, const char *name)
{
	party_init(party);
	party->id = new_id(f);
	party->kind = PARTY_COMPANY;
	party->name = name;
	OK(f, store_party_insert(f->store, session->row, party, &f->error));
}

Test(parts, a_party_comes_back_with_its_shares_and_its_subsession)
{
	struct session session, subsession;
	struct party holding, person;
	session_add(&f, &session, "Harbour Lane");
	session_make(&f, &subsession, "Ines Duarte");
	subsession.parent_row = session.row;
	subsession.workflow = "generic-kyc";
	subsession.status = SESSION_APPROVED;
	fixture_begin(&f);
	session_put(&f, &subsession);
	add_party(&f, &session, &holding, "Holding");
	add_party(&f, &session, &person, "?");
	person.kind = PARTY_INDIVIDUAL;
	person.name = "Ines Duarte";
	person.roles = 1U << ROLE_UBO | 1U << ROLE_DIRECTOR;
	person.control_role = "CEO";
	person.country = "PRT";
	person.date_of_birth = "1984-02-11";
	person.tax_id = "1";
	person.registration_number = "2";
	person.email = "i@example";
	person.phone = "3";
	person.addresses_json = "[{\"city\":\"Porto\"}]";
	person.fields_json = "{\"pep\":false}";
	person.verified_elsewhere_by = "lea";
	person.verified_elsewhere_reason = "listed company";
	OK(&f, store_party_update(f.store, &person, &f.error));
	OK(&f, store_party_set_subsession(f.store, person.row, subsession.row, &f.error));
	struct party_share shares[] = { { .owned_party_row = holding.row, .percent = "60" },
					{ .owned_party_row = 0, .percent = "12.5" } };
	person.shares = shares;
	person.share_count = 2;
	OK(&f, store_party_set_shares(f.store, &person, &f.error));
	fixture_commit(&f);

	const struct case_file file = case_of(&f, &session);
	cr_assert_eq(file.party_count, 2);
	const struct party *found = &file.parties[1];
	person.session_row = subsession.row;
	expect_row(&party_columns, &person, found, 0);
	cr_expect_eq(file.parties[0].share_count, 0);
	cr_assert_eq(found->share_count, 2);
	cr_expect_str_eq(found->shares[0].owned_party_id, holding.id);
	cr_expect_str_eq(found->shares[0].percent, "60");
	cr_expect_str_empty(found->shares[1].owned_party_id);
	cr_expect_str_eq(found->shares[1].percent, "12.5");
	cr_expect_str_eq(found->session_id, subsession.id);
	cr_expect_str_eq(found->session_workflow, "generic-kyc");
	cr_expect_eq(found->session_status, SESSION_APPROVED);
}

Test(parts, shares_are_replaced)
{
	struct session session = session_added(&f, "Harbour Lane");
	struct party holding, person;
	fixture_begin(&f);
	add_party(&f, &session, &holding, "Holding");
	add_party(&f, &session, &person, "Person");
	struct party_share shares[] = { { .owned_party_row = holding.row, .percent = "60" },
					{ .owned_party_row = 0, .percent = "40" } };
	person.shares = shares;
	person.share_count = 2;
	OK(&f, store_party_set_shares(f.store, &person, &f.error));
	shares[0].percent = "51";
	OK(&f, store_party_set_shares(f.store, &person, &f.error));
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM party_share"), 2);
	fixture_commit(&f);
	const struct case_file file = case_of(&f, &session);
	cr_assert_eq(file.party_count, 2);
	cr_assert_eq(file.parties[1].share_count, 2);
	cr_expect_str_eq(file.parties[1].shares[0].percent, "51");
}

Test(parts, many_parties_come_back_each_with_its_own_shares)
{
	enum { PARTIES = 50 };
	struct session session = session_added(&f, "Harbour Lane");
	fixture_begin(&f);
	for (size_t i = 0; i < PARTIES; i++) {
		struct party party;
		struct party_share shares[3];
		add_party(&f, &session, &party, "x");
		for (size_t j = 0; j < i % 4; j++)
			shares[j] = (struct party_share){ .percent = arena_printf(&f.arena, "%zu.%zu", i, j) };
		party.shares = shares;
		party.share_count = i % 4;
		OK(&f, store_party_set_shares(f.store, &party, &f.error));
	}
	fixture_commit(&f);
	const struct case_file file = case_of(&f, &session);
	cr_assert_eq(file.party_count, PARTIES);
	for (size_t i = 0; i < PARTIES; i++) {
		cr_assert_eq(file.parties[i].share_count, i % 4);
		for (size_t j = 0; j < i % 4; j++)
			cr_expect_str_eq(file.parties[i].shares[j].percent, arena_printf(&f.arena, "%zu.%zu", i, j));
	}
}

Test(parts, checks_come_in_the_order_they_were_made_each_with_its_hits)
{
	/* Not in alphabetical order, which is the order of the kinds in an index. */
	static const enum check_kind kinds[] = { CHECK_WATCHLIST, CHECK_CRYPTO, CHECK_ADVERSE_MEDIA };
	struct session session = session_added(&f, "Harbour Lane");
	struct check checks[3];
	struct hit hit;
	fixture_begin(&f);
	for (size_t i = 0; i < 3; i++) {
		check_init(&checks[i]);
		checks[i].kind = kinds[i];
		checks[i].status = CHECK_PENDING;
		OK(&f, store_check_insert(f.store, session.row, &checks[i], &f.error));
	}
	checks[0].status = CHECK_WAIVED;
	checks[0].score = 0.83;
	checks[0].detail_json = "{\"list\":1}";
	checks[0].checked_at = TEST_NOW;
	checks[0].waived_by = "lea";
	checks[0].waive_reason = "known to us";
	OK(&f, store_check_update(f.store, &checks[0], &f.error));
	for (int i = 0; i < 4; i++) {
		hit_init(&hit);
		hit.id = new_id(&f);
		hit.name = arena_printf(&f.arena, "hit %d", i);
		hit.class_ = HIT_SANCTIONS;
		OK(&f, store_hit_insert(f.store, checks[i == 1 ? 2 : 0].row, &hit, &f.error));
	}
	hit.name = "In\xc3\xaas Duarte";
	hit.list = "OFAC SDN";
	hit.class_ = HIT_PEP;
	hit.score = 0.5;
	hit.detail_json = "{\"born\":1984}";
	hit.state = HIT_ACCEPTED;
	hit.reason = "same_person";
	hit.note = "n";
	hit.resolved_by = "ines";
	hit.resolved_at = TEST_NOW + 1;
	hit.accepted_by = "lea";
	hit.accept_reason = "low risk role";
	OK(&f, store_hit_update(f.store, &hit, &f.error));
	fixture_commit(&f);

	const struct case_file file = case_of(&f, &session);
	cr_assert_eq(file.check_count, 3);
	for (size_t i = 0; i < 3; i++)
		cr_expect_eq(file.checks[i].kind, kinds[i]);
	expect_row(&check_columns, &checks[0], &file.checks[0], 0);
	cr_expect(file.checks[1].score < 0);
	cr_expect_eq(file.checks[1].checked_at, TIME_NONE);
	cr_expect_eq(file.checks[1].hit_count, 0);
	cr_assert_eq(file.checks[2].hit_count, 1);
	cr_expect_str_eq(file.checks[2].hits[0].name, "hit 1");
	cr_assert_eq(file.checks[0].hit_count, 3);
	cr_expect_str_eq(file.checks[0].hits[0].name, "hit 0");
	cr_expect(file.checks[0].hits[0].score < 0);
	const struct hit *found = &file.checks[0].hits[2];
	expect_row(&hit_columns, &hit, found, 0);
}

Test(parts, a_correction_comes_back_with_its_lists_whatever_is_in_them)
{
	const char *fields[] = { "business_activity", "a \"quoted\" \\ \n\x01 one", "\xe6\x9d\xb1\xe4\xba\xac", "" };
	const char *types[] = { "BUSINESS_NUMBER" };
	struct session session = session_added(&f, "Harbour Lane");
	struct correction correction;
	correction_init(&correction);
	correction.id = new_id(&f);
	correction.round = 1;
	correction.step_id = "company_info";
	correction.field_ids = fields;
	correction.field_count = 4;
	correction.document_types = types;
	correction.document_type_count = 1;
	correction.message = "Please send it again";
	correction.state = CORRECTION_OPEN;
	correction.requested_by = "ines";
	correction.requested_at = TEST_NOW;
	fixture_begin(&f);
	OK(&f, store_correction_insert(f.store, session.row, &correction, &f.error));
	correction.state = CORRECTION_ACCEPTED;
	correction.answered_at = TEST_NOW + 1;
	correction.closed_at = TEST_NOW + 2;
	correction.document_type_count = 0;
	OK(&f, store_correction_update(f.store, &correction, &f.error));
	fixture_commit(&f);
	const struct case_file file = case_of(&f, &session);
	cr_assert_eq(file.correction_count, 1);
	const struct correction *found = &file.corrections[0];
	/* store_correction_update() does not change the requested items: the document type is still stored. */
	correction.document_type_count = 1;
	expect_row(&correction_columns, &correction, found, 0);
	cr_assert_eq(found->field_count, 4);
	for (size_t i = 0; i < 4; i++)
		cr_expect_str_eq(found->field_ids[i], fields[i]);
	cr_expect_eq(number_of(&f, "SELECT count(*) = 4 FROM correction AS c, {elements c.fields, field}"), 1);
}

Test(parts, decisions_are_numbered_and_one_is_loaded_whole)
{
	struct session session = session_added(&f, "Harbour Lane");
	struct decision given, found;
	fixture_begin(&f);
	for (int64_t number = 1; number <= 2; number++) {
		decision_init(&given);
		given.kind = DECISION_REJECT;
		given.by = "ines";
		given.actor_role = ROLE_REVIEWER;
		given.at = TEST_NOW + number;
		given.reason = "other";
		given.message = "m";
		given.note = "n";
		given.retryable = true;
		given.imported = true;
		given.is_first_decision = true;
		given.undo_until = TEST_NOW + 10;
		given.before_status = SESSION_APPROVED;
		given.before_level = "RE\"GULAR\\";
		given.before_decision = FINAL_APPROVED;
		given.before_decided_by = "l\x01\n\xc3\xa9";
		given.before_reason = "r";
		given.before_decided_at = number == 1 ? TIME_NONE : TEST_NOW - 5;
		given.before_retryable = true;
		given.profile_version = 4;
		given.evidence_json = "{\"big\":true}";
		given.evidence_sha256 = "abc";
		OK(&f, store_decision_insert(f.store, session.row, &given, &f.error));
		cr_expect_eq(given.number, number);
	}
	OK(&f, store_decision_mark_undone(f.store, given.row, &f.error));
	fixture_commit(&f);

	const struct case_file file = case_of(&f, &session);
	cr_assert_eq(file.decision_count, 2);
	cr_expect_eq(file.decisions[0].number, 1);
	cr_expect_not(file.decisions[0].undone);
	cr_expect(file.decisions[1].undone);
	cr_expect_str_eq(file.decisions[1].evidence_sha256, "abc");

	OK(&f, store_decision_load(f.store, &f.arena, session.row, 2, &found, &f.error));
	given.undone = true;
	expect_row(&decision_columns, &given, &found, 0);
	OK(&f, store_decision_load(f.store, &f.arena, session.row, 1, &found, &f.error));
	cr_expect_eq(found.before_decided_at, TIME_NONE);
	cr_expect_eq(store_decision_load(f.store, &f.arena, session.row, 3, &found, &f.error), ERR_NOT_FOUND);
	cr_expect_eq(number_of(&f, "SELECT count(DISTINCT d.id) = (SELECT count(*) FROM decision) FROM decision AS "
				   "d, {members d.before, member}"),
		     1);
}

Test(parts, notes_come_oldest_first)
{
	struct session session = session_added(&f, "Harbour Lane");
	fixture_begin(&f);
	for (int i = 0; i < 3; i++) {
		struct note note = { .text = arena_printf(&f.arena, "note %d\nline", i),
				     .by = "ines",
				     .at = TEST_NOW - i };
		OK(&f, store_note_insert(f.store, session.row, &note, &f.error));
		cr_expect_gt(note.row, 0);
	}
	fixture_commit(&f);
	const struct case_file file = case_of(&f, &session);
	cr_assert_eq(file.note_count, 3);
	cr_expect_str_eq(file.notes[0].text, "note 0\nline");
	cr_expect_str_eq(file.notes[2].by, "ines");
	cr_expect_eq(file.notes[2].at, TEST_NOW - 2);
}

static int64_t standing(struct fixture *f, const struct session *session, const char *type)
{
	int64_t generation;
	OK(f, store_link_generation(f->store, session->row, type, &generation, &f->error));
	return generation;
}

static struct link_row link_row_of(struct fixture *f, const struct session *session, int64_t generation,
				   const char *type)
{
	struct link_subject subject;
	struct link_row row;
	OK(f, link_subject_set(&subject, session->id, generation, type, &f->error));
	OK(f, store_link_find(f->store, &subject, &row, &f->error));
	return row;
}

Test(parts, a_new_access_link_replaces_the_earlier_one_and_no_other)
{
	struct session session = session_added(&f, "Harbour Lane");
	int64_t generation;
	cr_expect_eq(standing(&f, &session, ""), 0);
	fixture_begin(&f);
	OK(&f, store_link_replace(f.store, session.row, "", TEST_NOW, &generation, &f.error));
	cr_expect_eq(generation, 1);
	OK(&f, store_link_replace(f.store, session.row, "ID", TEST_NOW, &generation, &f.error));
	cr_expect_eq(generation, 1);
	OK(&f, store_link_replace(f.store, session.row, "", TEST_NOW + 1, &generation, &f.error));
	cr_expect_eq(generation, 2);
	fixture_commit(&f);
	cr_expect_eq(standing(&f, &session, ""), 2);
	cr_expect_eq(standing(&f, &session, "ID"), 1);
	cr_expect_not(link_row_of(&f, &session, 1, "").valid);
	cr_expect_eq(link_row_of(&f, &session, 1, "").session, session.row, "replaced, and known");
	cr_expect(link_row_of(&f, &session, 2, "").valid);
	cr_expect(link_row_of(&f, &session, 1, "ID").valid);
	cr_expect_eq(link_row_of(&f, &session, 3, "").session, 0);
	cr_expect_eq(link_row_of(&f, &session, 1, "SELFIE").session, 0);
	/* Revokes the links without a replacement; the next link has a new generation. */
	fixture_begin(&f);
	OK(&f, store_link_set_revoked(f.store, session.row, TEST_NOW, true, &f.error));
	cr_expect_eq(standing(&f, &session, ""), 0);
	OK(&f, store_link_replace(f.store, session.row, "", TEST_NOW + 2, &generation, &f.error));
	cr_expect_eq(generation, 3);
	fixture_commit(&f);
}

static void set_text(struct fixture *f, const char *sql, const char *value)
{
	struct query *query = NULL;
	fixture_begin(f);
	OK(f, db_query_text(f->store->db, "test", sql, &query, &f->error));
	query_bind_text(query, 1, value);
	OK(f, query_run(query, &f->error));
	fixture_commit(f);
}

Test(parts, a_list_that_is_none_is_told_as_damage)
{
	static const char *const wrong[] = {
		"",	  "null",      "[",	      "[1]",	   "[\"a\"", "[\"a]", "[\"a\" \"b\"]",
		"[\"a\\", "[\"\\x\"]", "[\"\\u00\"]", "[\"a\"] x", "{}"
	};
	struct session session = session_added(&f, "Harbour Lane");
	struct case_file file;
	struct correction correction;
	correction_init(&correction);
	correction.id = new_id(&f);
	correction.requested_at = TEST_NOW;
	WRITE(&f, store_correction_insert(f.store, session.row, &correction, &f.error));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		set_text(&f, "UPDATE correction SET fields = $1", wrong[i]);
		cr_expect_eq(store_case_load(f.store, &f.arena, session.row, &file, &f.error), ERR_STORE, "%s",
			     wrong[i]);
	}
	set_text(&f, "UPDATE correction SET fields = $1", " [ \"a\" , \"\\u00e9\\n\" ] ");
	file = case_of(&f, &session);
	cr_assert_eq(file.corrections[0].field_count, 2);
	cr_expect_str_eq(file.corrections[0].field_ids[1], "\xc3\xa9\n");
}

Test(parts, what_stood_before_a_decision_is_told_as_damage_when_it_cannot_be_read)
{
	static const char *const wrong[] = TEXTS("", "{}", "{\"status\":\"approved\"", "[]",
						 "{\"status\":\"maybe\",\"final_decision\":\"\",\"decided_at\":null}",
						 "{\"status\":\"approved\",\"final_decision\":\"\",\"decided_at\":1x}");
	struct session session = session_added(&f, "Harbour Lane");
	struct decision decision;
	decision_init(&decision);
	decision.at = TEST_NOW;
	WRITE(&f, store_decision_insert(f.store, session.row, &decision, &f.error));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		set_text(&f, "UPDATE decision SET before = $1", wrong[i]);
		cr_expect_eq(store_decision_load(f.store, &f.arena, session.row, 1, &decision, &f.error), ERR_STORE,
			     "%s", wrong[i]);
	}
}

/* Opens a suspicion on the session and closes it at that time. */
static void close_a_suspicion(const struct session *session, int64_t at)
{
	struct suspicion suspicion = {
		.session_row = session->row, .cause = CAUSE_REPORTED, .opened_by = "ines", .opened_at = 1, .due_at = 2
	};
	WRITE(&f, store_suspicion_put(f.store, &suspicion, &f.error));
	suspicion.closed_at = at;
	suspicion.closed_by = "ines";
	WRITE(&f, store_suspicion_put(f.store, &suspicion, &f.error));
}

Test(parts, the_last_time_at_which_a_person_closed_a_suspicion_is_read)
{
	struct session session = session_added(&f, "Harbour Lane");
	struct suspicion_state state;
	close_a_suspicion(&session, TEST_NOW + 2000);
	close_a_suspicion(&session, TEST_NOW + 1000);
	OK(&f, store_suspicion_state_read(f.store, session.row, "ines", &state, &f.error));
	cr_expect_eq(state.closed_at, TEST_NOW + 2000);
	OK(&f, store_suspicion_state_read(f.store, session.row, "tom", &state, &f.error));
	cr_expect_eq(state.closed_at, TIME_NONE);
}
