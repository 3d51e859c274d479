/* Tests the card of a hit on a real store: the compared person, and the marked, masked and revealed values. */
#include "places.h"

TestSuite(hit_card_screen, .init = places_set_up, .fini = places_tear_down, .timeout = 600);

static const struct row place = { .command = COMMAND_OPEN, .ref = "CARD-1", .keys = "4j\n" };

#define NAMED "\"name\":\"Inês Duarte\",\"list\":\"Officials\",\"class\":\"pep\""
#define HITS(detail)                                                                                                   \
	",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{" NAMED                                    \
	",\"score\":0.83,\"detail\":{" detail "}}]}]"
#define DETAIL                                                                                                         \
	"\"aliases\":[\"Agnes Duarte\"],\"date_of_birth\":\"1951-07-01\",\"nationality\":\"Portugal\","                \
	"\"list_version\":\"2026-11-01\""

static void add_case(const char *ref, const char *more)
{
	f.ada = fixture_desk(&f, "ada", false);
	fixture_kyb(&f, &(struct kyb){ .ref = ref, .more = more });
	desk_close(f.ada);
	f.ada = NULL;
}

static void open_card(enum who who, const char *first)
{
	open_at(who, place.ref, first);
	type(place.keys);
	cr_assert(workbench.dialog && workbench.dialog->spec == &hit_dialog);
}

Test(hit_card_screen, the_party_stands_beside_the_entry_and_the_marks_say_what_differs)
{
	add_case("CARD-1", HITS(DETAIL));
	open_card(RITA, "");
	cr_expect(shows("name        =  Inês Duarte, 1 alias"));
	cr_expect(shows("UBO, CEO"), "whom it is compared with, in the case");
	cr_expect(shows("born        ≠  ****-**-**"), "what is masked is compared, and stays masked");
	cr_expect(shows("country     =  PRT"));
	cr_expect(shows("different: born; the same: name, country"));
	cr_expect(shows("Officials, version 2026-11-01"));
	cr_expect_not(shows("1951") || shows("1984") || shows("Agnes"));
}

Test(hit_card_screen, a_score_of_nothing_is_a_score)
{
	add_case("CARD-1",
		 ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{" NAMED ",\"score\":0}]}]");
	open_card(RITA, "");
	cr_expect(shows("score 0.00"), "%s", screen_text());
}

Test(hit_card_screen, without_utf_8_the_marks_are_letters_and_signs)
{
	add_case("CARD-1", HITS(DETAIL));
	open_workbench(&people[RITA]);
	workbench.frame.mode = workbench.surface.mode = TEXT_ASCII;
	arrive_at(&(const struct row){ .ref = "CARD-1", .keys = "4j\n" }, &people[RITA]);
	cr_expect(shows("born        != ****-**-**"));
	cr_expect(shows("name        =  In?s Duarte, 1 alias"));
}

Test(hit_card_screen, what_was_revealed_is_seen_there_and_stays_so_while_the_case_is_open)
{
	add_case("CARD-1", HITS(DETAIL));
	open_card(RITA, "cR");
	cr_expect(shows("1951-07-01") && shows("1984-02-11") && shows("Agnes Duarte"));
	press(key_press(PRESS_ESCAPE));
	struct desk *bo = fixture_desk(&f, "bo", false);
	DESK(bo, "CARD-1", .verb = VERB_NOTE, .text = "somebody else was here");
	desk_close(bo);
	workbench.stale_bits |= STALE_DATA;
	settle();
	cr_expect_not(case_model_view(&top_case(&workbench)->model)->masked);
	type("\n");
	cr_expect(shows("1951-07-01"));
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM audit_event WHERE action = 'reveal'"), 1, "once on record");
	type(ESC ESC);
	arrive_at(&place, &people[RITA]);
	cr_expect_not(shows("1951"), "another opening begins masked");
}

static void resolve_as_bo(const char *ref, bool match, const char *reason)
{
	struct desk *bo = fixture_desk(&f, "bo", false);
	DESK(bo, ref, .verb = VERB_HIT_RESOLVE,
	     .part = sql_text(&f, arena_printf(&f.arena,
					       "SELECT h.uuid FROM hit h JOIN check_result c ON c.id = h.check_id "
					       "JOIN session s ON s.id = c.session_id WHERE s.external_ref = '%s'",
					       ref)),
	     .is_match = match, .reason = reason, .note = "compared with the passport");
	desk_close(bo);
}

Test(hit_card_screen, what_was_said_of_the_entry_before_is_seen)
{
	add_case("CARD-1", HITS(DETAIL));
	add_case("CARD-2", HITS(DETAIL));
	resolve_as_bo("CARD-2", false, "different_birth_date");
	open_card(RITA, "");
	cr_expect(shows("before      false positive by bo"));
	cr_expect(shows("Different birth date") && shows("CARD-2"));
}

Test(hit_card_screen, what_finds_no_room_is_reached_by_a_page_key)
{
	add_case("CARD-1", HITS(DETAIL ",\"remarks\":\"one\",\"program\":\"two\",\"vessel\":\"three\""));
	open_card(RITA, "cR");
	workbench_draw(&workbench, 18, 80);
	cr_assert(shows("PgDn …"));
	cr_expect_not(shows("vessel: three"));
	for (int i = 0; i < 5; i++) {
		workbench_handle_key(&workbench, &(struct key){ .press = PRESS_PAGE_DOWN });
		workbench_draw(&workbench, 18, 80);
	}
	cr_expect(shows("vessel: three"));
	cr_expect_not(shows("PgDn …"));
	workbench_handle_key(&workbench, &(struct key){ .press = PRESS_PAGE_UP });
	workbench_handle_key(&workbench, &(struct key){ .press = PRESS_PAGE_UP });
	workbench_handle_key(&workbench, &(struct key){ .press = PRESS_PAGE_UP });
	workbench_draw(&workbench, 18, 80);
	cr_expect(shows("compare "), "and back");
}

#define SANCTIONS(detail)                                                                                              \
	",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{\"name\":\"Inês Duarte\","                \
	"\"list\":\"OFAC SDN\",\"class\":\"sanctions\",\"detail\":{" detail "}}]}]"

Test(hit_card_screen, a_sanctions_hit_is_revealed_before_its_verdict_and_explained)
{
	add_case("CARD-1", SANCTIONS(DETAIL));
	open_card(RITA, "c");
	cr_expect(shows("needs unmasked values"));
	cr_expect_str_eq(workbench.dialog->form.confirm_label, "reveal");
	cr_expect_not(shows("1951-07-01"));
	confirm();
	cr_assert(workbench.dialog && workbench.dialog->spec == &hit_dialog, "%s", screen_text());
	cr_expect(shows("1951-07-01") && shows("1984-02-11"), "%s", screen_text());
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM audit_event WHERE action = 'reveal'"), 1);
	struct form *form = &workbench.dialog->form;
	form->focus = 0;
	type("false");
	form->focus = 1;
	for (size_t i = 0; i < form->fields[1].item_count; i++)
		cr_expect(strcmp(form->fields[1].items[i].code, "same_person") != 0, "of the other verdict");
	type("different birth");
	form->focus = 3;
	cr_expect_str_eq(form->fields[3].editor.text.buf,
			 "a different person: born 1951-07-01; the party: born 1984-02-11", "the card wrote the note");
	press((struct key){ .press = PRESS_CTRL, .ch = 'u' });
	confirm();
	cr_expect(workbench.dialog && workbench.dialog->problem[0], "without a note nothing is decided");
	type("born in another year");
	confirm();
	cr_assert_null(workbench.dialog, "%s", screen_text());
	close_workbench();
	cr_expect_str_eq(sql_text(&f, "SELECT state || ':' || reason || ':' || note FROM hit h JOIN check_result c "
				      "ON c.id = h.check_id JOIN session s ON s.id = c.session_id "
				      "WHERE s.external_ref = 'CARD-1'"),
			 "false_positive:different_birth_date:born in another year");
}

/* A reason that the card contradicts is listed, so that its fact can be read. */
Test(hit_card_screen, a_contradicted_reason_shows_its_fact)
{
	add_case("CARD-1", HITS(DETAIL));
	open_card(RITA, "cR");
	workbench.dialog->form.focus = 0;
	type("false");
	workbench.dialog->form.focus = 1;
	type("different country");
	cr_expect(shows("This reason contradicts the record: the country of the list"), "%s", screen_text());
}

Test(hit_card_screen, only_reasons_that_fit_the_verdict_are_offered)
{
	add_case("CARD-1", HITS(DETAIL));
	open_card(RITA, "");
	struct form *form = &workbench.dialog->form;
	form->focus = 0;
	type("true");
	cr_expect(form->fields[1].hidden && !form->fields[2].hidden);
	cr_assert_eq(form->fields[2].item_count, 2);
	/* The birth dates differ, so what the card supports comes first. */
	cr_expect_str_eq(form->fields[2].items[0].code, "other");
	cr_expect_str_eq(form->fields[2].items[1].code, "same_person");
}

static void open_rejection(const char *list, const char *class)
{
	add_case("CARD-1",
		 arena_printf(&f.arena,
			      ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{\"name\":\"Inês "
			      "Duarte\",\"list\":\"%s\",\"class\":\"%s\",\"state\":\"true_match\"}]}]",
			      list, class));
	open_at(RITA, "CARD-1", "r");
}

static const char *decided(void)
{
	return sql_text(&f, "SELECT status || coalesce(decision_reason, '') || retryable FROM session WHERE "
			    "external_ref = 'CARD-1'");
}

Test(hit_card_screen, a_rejection_names_the_match_and_is_restricted)
{
	open_rejection("OFAC SDN", "sanctions");
	cr_expect(shows("Inês Duarte (OFAC SDN), a confirmed sanctions match"), "%s", screen_text());
	confirm();
	cr_assert_null(workbench.dialog, "%s", screen_text());
	close_workbench();
	cr_expect_str_eq(decided(), "rejectedsanctions_match0");
}

/* Expects `first` (unless "") as the chosen first reason, then each other reason once, in the order of its file. */
static void expect_reasons(const struct input *field, const char *first)
{
	size_t at = first[0] ? 1 : 0;

	cr_assert_eq(field->item_count, workbench.reasons->counts[REASONS_SESSION]);
	cr_expect_eq(field->cursor, 0);
	cr_expect_eq(field->has_choice, at == 1);
	cr_expect(!at || !strcmp(field->items[0].code, first), "%s", field->items[0].code);
	for (size_t i = 0; i < workbench.reasons->counts[REASONS_SESSION]; i++) {
		const char *code = workbench.reasons->items[REASONS_SESSION][i].code;

		if (strcmp(code, first) != 0)
			cr_expect_str_eq(field->items[at++].code, code);
	}
}

Test(hit_card_screen, the_reason_of_a_confirmed_match_is_the_first)
{
	open_rejection("OFAC SDN", "sanctions");
	expect_reasons(&workbench.dialog->form.fields[0], "sanctions_match");
	cr_expect(form_is_on_buttons(&workbench.dialog->form), "the focus is on the button that closes the dialog");
	cr_expect(shows("reason       (*) Confirmed sanctions match (restricted)"), "%s", screen_text());
	cr_expect(shows("             ( ) A document is missing"), "%s", screen_text());
}

Test(hit_card_screen, the_reason_of_another_match_is_the_first)
{
	open_rejection("Officials", "pep");
	expect_reasons(&workbench.dialog->form.fields[0], "pep_unacceptable");
}

Test(hit_card_screen, without_a_match_the_reasons_are_in_their_order)
{
	add_case("CARD-1", HITS(DETAIL));
	open_at(RITA, "CARD-1", "r");
	expect_reasons(&workbench.dialog->form.fields[0], "");
}

/* Enter rejects neither in the new dialog nor in its list, and a reason that contradicts the match needs a note. */
Test(hit_card_screen, the_first_reason_is_decided_by_no_fewer_keys)
{
	open_rejection("OFAC SDN", "sanctions");
	press(key_press(PRESS_ENTER));
	cr_expect_null(workbench.dialog, "Enter closes it: %s", screen_text());
	type("r\t\n");
	cr_assert(workbench.dialog && workbench.dialog->state == DIALOG_READY, "%s", screen_text());
	cr_expect_str_eq(decided(), "manual_review0");
	type("\v" STEP_DOWN);
	confirm();
	cr_assert(workbench.dialog && workbench.dialog->problem[0], "%s", screen_text());
	cr_expect_str_eq(decided(), "manual_review0");
	type("conf");
	cr_expect(shows("(*) Confirmed sanctions match"), "%s", screen_text());
	confirm();
	close_workbench();
	cr_expect_str_eq(decided(), "rejectedsanctions_match0");
}

/* Reopens a rejection as a draft that was written before the match was confirmed. */
static void reopen_after_match(const char *keys)
{
	add_case("CARD-1", HITS(DETAIL));
	open_at(RITA, "CARD-1", "r");
	type(keys);
	type(ESC "k"); /* the next key releases the case */
	resolve_as_bo("CARD-1", true, "same_person");
	type("r");
	cr_assert(workbench.dialog && shows("Your draft was restored"), "%s", screen_text());
}

Test(hit_card_screen, a_draft_without_a_reason_has_the_one_of_the_match)
{
	reopen_after_match("\t\tWe cannot go on.");
	expect_reasons(&workbench.dialog->form.fields[0], "pep_unacceptable");
	confirm();
	close_workbench();
	cr_expect_str_eq(decided(), "rejectedpep_unacceptable0");
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM decision WHERE message LIKE '%We cannot%'"), 0,
		     "the client reads no words of a draft beside a restricted reason");
}

Test(hit_card_screen, a_draft_keeps_its_reason_below_the_one_of_the_match)
{
	reopen_after_match("\tmissing");
	struct input *field = &workbench.dialog->form.fields[0];
	cr_expect_str_eq(field->items[0].code, "pep_unacceptable");
	cr_expect_str_eq(field_chosen_item(field)->code, "missing_document");
	cr_expect_eq(field->item_count, workbench.reasons->counts[REASONS_SESSION]);
	confirm();
	cr_assert(workbench.dialog && workbench.dialog->problem[0], "it needs a note: %s", screen_text());
	cr_expect_str_eq(decided(), "manual_review0");
}
