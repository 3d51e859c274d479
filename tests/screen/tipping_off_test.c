/* Tipping off: a colleague's screens are the same with and without a suspicion; a lead reads and closes it. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHY "the invoices are from a company that does not exist"

static void import_person(const char *reference, const char *merchant)
{
	char *line = test_text("{\"external_ref\":\"%s\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			       "\"%s\",\"status\":\"manual_review\",\"submitted_at\":\"2026-11-03T10:00:00Z\","
			       "\"subject\":{\"uid\":\"u-%s\",\"kind\":\"individual\",\"name\":\"Person %s\","
			       "\"country\":\"PRT\",\"tax_id\":\"509442013\"},\"steps\":[{\"id\":\"identity\","
			       "\"status\":\"completed\"}],\"checks\":[{\"kind\":\"face_match\",\"status\":"
			       "\"passed\"}]}\n",
			       reference, merchant, reference, reference);
	box_import(&box, line);
}

static void set_up(void)
{
	static const char *const people[][2] = { { "bo", "reviewer" }, { "lea", "lead" } };

	box_set_up();
	for (size_t i = 0; i < 2; i++)
		cr_assert_eq(box_run(&box, "reviewer", "add", people[i][0], "--role", people[i][1], NULL), 0, "%s",
			     box.last.err);
	import_person("IND-1", "shop");
	import_person("IND-2", "rival");
}
TestSuite(screen_tipping_off, .init = set_up, .fini = bench_box_tear_down, .timeout = 120);

#define SCREENS 8
static char *screens[SCREENS];

/* Returns the screen without the time of day in its first line, because a minute may pass between two screens. */
static char *screen_without_clock(void)
{
	char *text = test_keep(strdup(terminal_screen(terminal)));
	char *end = text + strcspn(text, "\n");

	while (end > text && end[-1] == ' ')
		end--;
	cr_assert(end - text > 5 && end[-3] == ':', "%s", text);
	memcpy(end - 5, "hh:mm", 5);
	return text;
}

static void look(size_t at, bool note)
{
	RESTS(terminal);
	char *screen = screen_without_clock();
	if (note) {
		screens[at] = screen;
		return;
	}
	cr_expect_str_eq(screen, screens[at], "screen %zu:\n%s\n%s", at, screens[at], screen);
}

/* Visits the list and each tab of the case, and stores the screens (note) or compares them. */
static void look_at_all(bool note)
{
	static const char *const keys[] = { "\r", "2", "3", "4", "5", "6", "7" };

	terminal = box_start(&box, "bo");
	SEES(terminal, "Person IND-1");
	CLOSES(terminal, "/IND-1\r", "Person IND-2");
	look(0, note);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		terminal_type(terminal, keys[i]);
		look(i + 1, note);
	}
	terminal_free(terminal);
	terminal = NULL;
}

Test(screen_tipping_off, a_colleague_sees_the_same)
{
	cr_assert_eq(box_run(&box, "list", NULL), 0); /* counts the duplicates, which were imported one by one */
	look_at_all(true);
	cr_expect(strstr(screens[1], "Held by a lead"), "%s", screens[1]);
	cr_assert_eq(box_run(&box, "suspicion", "open", "IND-1", "--reason", WHY, NULL), 0, "%s", box.last.err);
	look_at_all(false);
}

Test(screen_tipping_off, a_lead_reads_and_closes_it)
{
	terminal = box_start(&box, "bo");
	SEES(terminal, "Person IND-1");
	CLOSES(terminal, "/IND-1\r", "Person IND-2");
	TYPES(terminal, "\r", "Held by a lead");
	TYPES(terminal, ":suspicion", ":suspicion");
	OPENS(terminal, "\r", "reason");
	terminal_type(terminal, "\t\t");
	TYPES(terminal, WHY, "does not exist");
	TYPES(terminal, CTRL_Y, "Reported to the leads: Person IND-1");
	cr_expect_not(terminal_shows(terminal, "invoices"), "%s", terminal_screen(terminal));
	terminal_free(terminal);
	terminal = box_start(&box, "lea");
	SEES(terminal, "Person IND-1");
	CLOSES(terminal, "/IND-1\r", "Person IND-2");
	TYPES(terminal, "\r", "A suspicion is open");
	TYPES(terminal, ":close-suspicion", ":close-suspicion");
	OPENS(terminal, "\r", "do it");
	TYPES(terminal, CTRL_Y, "reported by bo");
	SEES(terminal, "does not exist");
	RESTS(terminal);
	TYPES(terminal, "not\tthe invoices are real after all" CTRL_Y, "Closed the suspicion on Person IND-1");
	SEES_NO_MORE(terminal, "A suspicion is open");
	cr_assert_eq(box_json(&box, "--as", "lea", "suspicion", "show", "IND-1", NULL), 0);
	cr_expect_eq(json_is_false(json_path(box.json, "data[0].filed")), 1, "%s", box.last.out);
}
