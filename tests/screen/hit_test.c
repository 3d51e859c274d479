/* Decides a hit on its card, in a terminal of 80 by 24, with masked data and with revealed data. */
#include "bench.h"

static void set_up(void)
{
	bench_open(&bench);
	bench_import(&bench,
		     "{\"external_ref\":\"HIT-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		     "\"status\":\"manual_review\",\"submitted_at\":\"2026-11-20T10:00:00Z\",\"subject\":{\"uid\":"
		     "\"u1\",\"kind\":\"individual\",\"name\":\"Inês Duarte\",\"country\":\"PRT\",\"date_of_birth\":"
		     "\"1984-02-11\"},\"steps\":[{\"id\":\"identity\",\"status\":\"completed\"}],\"checks\":[{\"kind\":"
		     "\"watchlist\",\"status\":\"hit\",\"hits\":[{\"name\":\"DUARTE, Ines\",\"list\":\"OFAC SDN\","
		     "\"class\":\"sanctions\",\"score\":0.83,\"detail\":{\"date_of_birth\":\"1951-07-01\","
		     "\"nationality\":\"Portugal\",\"list_version\":\"2026-11-01\"}}]}]}\n");
}
TestSuite(screen_hit, .init = set_up, .fini = bench_tear_down);

static void open_card(const char *locale)
{
	terminal = bench_start(&bench, "ana", 24, 80, locale, NULL);
	SEES(terminal, "1 case ");
	TYPES(terminal, "\r", "Before you can approve");
	TYPES(terminal, "4j", "Enter decide the hit");
	TYPES(terminal, "\r", "the list's entry");
	SEES(terminal, "y reveal");
	RESTS(terminal); /* waits until the terminal has reported that it shows the card */
}

Test(screen_hit, is_a_card_that_says_what_differs_and_is_decided_there)
{
	open_card("C.UTF-8");
	SEES(terminal, "name        =  DUARTE, Ines");
	SEES(terminal, "born        ≠  ****-**-**");
	SEES(terminal, "different: born; the same: name, country");
	SEES(terminal, "OFAC SDN, version 2026-11-01 · sanctions · score 0.83");
	cr_expect_not(terminal_shows(terminal, "1951"), "%s", terminal_screen(terminal));
	CLOSES(terminal, ESC, "y reveal");
	terminal_type(terminal, "R");
	RESTS(terminal);
	TYPES(terminal, "\r", "born        ≠  1951-07-01                   1984-02-11");
	SEES(terminal, "y decide");
	RESTS(terminal);
	TYPES(terminal, "\tf\tdifferent birth", "(*) Different birth date");
	TYPES(terminal, "\tborn in another year\x19", "is a false positive");
	CLOSES(terminal, ESC, "Checks");
	QUITS(terminal);
	cr_assert_eq(bench_run(&bench, "show", "HIT-1", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "different_birth_date"), "%s", bench.last.out);
}

Test(screen_hit, has_its_marks_without_utf_8)
{
	open_card("C");
	SEES(terminal, "name        =  DUARTE, Ines");
	SEES(terminal, "In?s Duarte");
	SEES(terminal, "born        != ****-**-**");
	SEES(terminal, "country     =  PRT");
}

/* The audit record of a verdict and the details of the check can be opened. */
Test(screen_hit, leaves_a_sentence_with_the_record_behind_it)
{
	open_card("C.UTF-8");
	OPENS(terminal, "y", "Ctrl-Y decide");
	TYPES(terminal, "f\tdifferent birth", "(*) Different birth date");
	TYPES(terminal, "\tborn in another year\x19", "is a false positive");
	TYPES(terminal, "6", "marked DUARTE, Ines on OFAC SDN as false positive");
	TYPES(terminal, "\r", "hit.resolve");
	TYPES(terminal, "G", "Details as hashed");
	TYPES(terminal, ESC, "Enter the record");
	TYPES(terminal, "4i", "Check · watchlist of Inês Duarte");
	CLOSES(terminal, ESC, "Check · watchlist");
	TYPES(terminal, ESC, "  Why");
	QUITS(terminal);
}

/* The reason that fits the true match is selected and first in the list; Enter does not confirm the rejection. */
Test(screen_hit, of_a_match_is_the_first_reason_of_a_rejection)
{
	bench_import(&bench, "{\"external_ref\":\"HIT-2\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\","
			     "\"merchant\":\"shop\",\"status\":\"manual_review\",\"subject\":{\"uid\":\"u2\","
			     "\"kind\":\"individual\",\"name\":\"Viktor Sorin\",\"country\":\"PRT\"},\"checks\":"
			     "[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{\"name\":\"Viktor Sorin\","
			     "\"list\":\"EU\",\"class\":\"sanctions\",\"state\":\"true_match\"}]}]}\n");
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "2 cases");
	CLOSES(terminal, "/sorin\r", "Duarte");
	TYPES(terminal, "r", "reason       (*) Confirmed sanctions match (restricted)");
	SEES(terminal, " ( ) A document is missing");
	SEES(terminal, "y reject");
	RESTS(terminal);
	CLOSES(terminal, "\r", "y reject");
	OPENS(terminal, "r", "y reject");
	TYPES(terminal, "\tmissing", "(*) A document is missing");
	SEES(terminal, "This reason contradicts the record");
	TYPES(terminal, "\x19", "Explain the reason in the note first");
	terminal_press(terminal, TERMINAL_TAB);
	terminal_press(terminal, TERMINAL_BACK_TAB); /* leaving the field forgets the typed letters */
	TYPES(terminal, "conf", "(*) Confirmed sanctions match");
	TYPES(terminal, "\x19", "Rejected Viktor Sorin");
	QUITS(terminal);
	cr_assert_eq(bench_run(&bench, "show", "HIT-2", "--json", NULL), 0);
	cr_expect(strstr(bench.last.out, "sanctions_match"), "%s", bench.last.out);
}
