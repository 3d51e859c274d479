/* One verdict on several hits of a case: marks, the preview with the facts of each hit, and what stays open. */
#include "places.h"

TestSuite(hits, .init = places_set_up, .fini = places_tear_down, .timeout = 600);

#define DIFFERENT 30 /* hits with another birth date in the entry */
#define ALL 40

/* Every third hit is of sanctions; the last ten have no birth date. */
static void add_case(void)
{
	struct strbuf hits = STRBUF_INIT;
	for (size_t i = 0; i < ALL; i++)
		strbuf_addf(&hits,
			    "%s{\"name\":\"Ines Duarte\",\"list\":\"%s\",\"class\":\"%s\",\"score\":0.5,\"detail\":"
			    "{\"%s\":\"%d-02-11\",\"country\":\"PRT\"}}",
			    i ? "," : "", i % 3 ? "Officials" : "OFAC SDN", i % 3 ? "pep" : "sanctions",
			    i < DIFFERENT ? "date_of_birth" : "listed_on", 1941 + (int)i);
	f.ada = fixture_desk(&f, "ada", false);
	fixture_kyb(&f, &(struct kyb){ .ref = "MANY-1",
				       .more = arena_printf(&f.arena,
							    ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\","
							    "\"hits\":[%s]}]",
							    hits.buf) });
	desk_close(f.ada);
	f.ada = NULL;
	strbuf_release(&hits);
}

static void expect_shows(const char *text)
{
	cr_expect(shows(text), "no \"%s\" in\n%s", text, screen_text());
}

static int64_t cleared_count(void)
{
	return sql_int(&f,
		       "SELECT count(*) FROM hit h JOIN check_result c ON c.id = h.check_id JOIN session s ON s.id = "
		       "c.session_id WHERE s.external_ref = 'MANY-1' AND h.state = 'false_positive'");
}

Test(hits, are_marked_one_by_one_as_a_range_and_all_open_ones)
{
	add_case();
	open_at(RITA, "MANY-1", "4");
	const struct marks *marks = &top_case(&workbench)->model.marked_hits;
	type(" ");
	expect_shows("Space marks a hit: first move to one");
	type("j ");
	expect_shows("1 hit marked; B runs one verdict on all of them");
	type("jjM");
	cr_expect_eq(marks->count, 4);
	type("\\");
	expect_shows("No hit is marked");
	type("B");
	expect_shows("No hit is marked: Space marks one, M a range, * all open hits");
	cr_expect_null(workbench.dialog);
	type("*");
	cr_expect_eq(marks->count, ALL);
	cr_expect_eq(workbench.inbox.marked_cases.count, 0, "the list's marks are others");
}

static void preview(void)
{
	type("B");
	cr_assert(workbench.dialog && workbench.dialog->spec == &hits_dialog, "%s", screen_text());
	expect_shows("reveal them first;");
	confirm();
	cr_assert(workbench.dialog && workbench.dialog->spec == &hits_dialog, "%s", screen_text());
	type("f\td");
	expect_shows("(*) Different birth date: 30 of 40");
	confirm();
	cr_assert(workbench.dialog && workbench.dialog->spec == &bulk_do_dialog, "%s", screen_text());
}

Test(hits, are_judged_where_the_preview_has_shown_them_and_the_card_bears_the_reason)
{
	add_case();
	open_at(RITA, "MANY-1", "c4j*");
	preview();
	expect_shows("30 of 40 hits marked as false positive: Different birth date");
	expect_shows("10 refused; they stay unchanged:");
	expect_shows("birth date 1941-02-11");
	type("y");
	int64_t first = cleared_count();
	cr_expect(first > 0 && first < DIFFERENT, "%d were shown", (int)first);
	cr_expect_eq(top_case(&workbench)->model.marked_hits.count, (size_t)(ALL - first), "the others stay marked");
	type("Bf\td");
	confirm();
	for (size_t i = 0; i < DIFFERENT; i++)
		press(key_press(PRESS_PAGE_DOWN));
	type("y");
	cr_expect_eq(cleared_count(), DIFFERENT, "%s", screen_text());
	cr_expect_eq(top_case(&workbench)->model.marked_hits.count, ALL - DIFFERENT);
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM audit_event WHERE action = 'hit.resolve' AND detail LIKE "
				 "'%\"together\":%'"),
		     DIFFERENT);
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM audit_event WHERE action = 'reveal'"), 1);
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM hit WHERE note LIKE 'a different person: born 1941-02-11; "
				 "the party: born 1%'"),
		     1, "each has its own sentence");
}

Test(hits, of_a_case_that_changed_since_the_preview_stay_open)
{
	add_case();
	open_at(RITA, "MANY-1", "c4j*");
	preview();
	struct desk *elsewhere = fixture_desk(&f, "rita", false);
	DESK(elsewhere, "MANY-1", .verb = VERB_HIT_RESOLVE,
	     .part = sql_text(&f, "SELECT h.uuid FROM hit h JOIN check_result c ON c.id = h.check_id JOIN session s ON "
				  "s.id = c.session_id WHERE s.external_ref = 'MANY-1' AND h.class = 'pep' LIMIT 1"),
	     .reason = "different_birth_date");
	desk_close(elsewhere);
	type("y");
	cr_expect_eq(cleared_count(), 1, "%s", screen_text());
	expect_shows("The refused ones stay unchanged and marked:");
}

Test(hits, no_verdict_is_given_that_no_card_supports)
{
	add_case();
	open_at(RITA, "MANY-1", "c4j ");
	type("B");
	confirm();
	type("t");
	expect_shows("No card supports this verdict: decide the hits one by one.");
	confirm();
	cr_expect(workbench.dialog && workbench.dialog->spec == &hits_dialog, "%s", screen_text());
	cr_expect_eq(cleared_count(), 0);
}
