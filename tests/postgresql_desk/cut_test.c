/*
 * The connection of a store is cut in the middle of a commit, before it, behind it, for long, or its answer is late: each
 * command says what happened. A change that is told as made is there once; one that is told as not made is not there.
 */
#include "cli/box.h"
#include "postgresql_desk/relay.h"
#include "store/place.h"
#include "support/keep.h"
#include "support/tried.h"
#include "kybdesk/base/arena.h"
#include "kybdesk/base/strbuf.h"

#include <stdlib.h>
#include <string.h>

static struct test_server server;
static struct relay *relay;
static char *place;
static struct arena arena = ARENA_INIT;

static void set_up(void)
{
	server_make(&server);
	relay = relay_start(&server);
	place = server_place(&server);
	box_open_bare(&box);
	box_environment(&box, test_text("KYBDESK_STORE=%s", relay_address(relay, place)));
	cr_assert_eq(box_run(&box, "init", "--sandbox", NULL), 0, "%s", box.last.err);
	box_import_person(&box, "IND-1");
}

static void tear_down(void)
{
	box_close(&box);
	relay_stop(relay);
	server_remove(&server);
	arena_release(&arena);
}

TestSuite(cut, .init = set_up, .fini = tear_down);

enum told { MADE, NOT_MADE, NOT_KNOWN };
static const char *const told_words[] = { "made", "not made", "not known" };

static enum told told(void)
{
	if (box.last.status == 0)
		return MADE;
	cr_assert_eq(box.last.status, 8, "%d: %s", box.last.status, box.last.err);
	if (strstr(box.last.err, "stopped after 1 imported")) /* by a later commit of the import */
		return MADE;
	if (strstr(box.last.err, "check whether the change was saved"))
		return NOT_KNOWN;
	cr_assert(strstr(box.last.err, "nothing was changed"), "%s", box.last.err);
	return NOT_MADE;
}

static void add_note(const char *text)
{
	(void)box_run(&box, "note", "IND-1", text, NULL);
}

static void import_case(const char *text)
{
	box_write(&box, "one.ndjson", person_line(text, "Rui Melo"));
	(void)box_run(&box, "import", "one.ndjson", NULL);
}

static const struct {
	void (*run)(const char *text);
	const char *rows; /* SQL that counts what the command made */
} deeds[] = { { add_note, "SELECT count(*) FROM note WHERE text = " },
	      { import_case, "SELECT count(*) FROM session WHERE external_ref = " } };

#define DEED_COUNT (sizeof deeds / sizeof *deeds)
#define FAULT_COUNT 4

Test(cut, a_commit_is_told_as_it_was, .timeout = 7200)
{
	static const enum relay_fault faults[FAULT_COUNT] = { RELAY_LOST, RELAY_UNANSWERED, RELAY_GONE, RELAY_LATE };
	const unsigned tries = test_is_long() ? 664 : 40;
	unsigned counts[FAULT_COUNT][3] = { 0 }, commits[DEED_COUNT], met = 0;

	for (size_t i = 0; i < DEED_COUNT; i++) {
		relay_arm(relay, RELAY_NONE, 0);
		deeds[i].run(test_text("WHOLE-%zu", i));
		cr_assert_eq(told(), MADE, "%s", box.last.err);
		commits[i] = relay_commits(relay);
		cr_assert_geq(commits[i], 1);
	}
	for (unsigned i = 0; i < tries; i++) {
		const char *text = test_text("CUT-%u", i);
		size_t fault = i % FAULT_COUNT, deed = i / FAULT_COUNT % DEED_COUNT;
		if (faults[fault] == RELAY_LATE && i > 8 * FAULT_COUNT)
			continue;
		relay_arm(relay, faults[fault], 1 + i / FAULT_COUNT / DEED_COUNT % commits[deed]);
		deeds[deed].run(text);
		enum told said = told();
		relay_arm(relay, RELAY_NONE, 0);
		const char *rows = place_text(&arena, place, arena_printf(&arena, "%s'%s'", deeds[deed].rows, text));
		cr_expect(said == NOT_KNOWN ? !strcmp(rows, "0") || !strcmp(rows, "1")
					    : !strcmp(rows, said == MADE ? "1" : "0"),
			  "%s: fault %zu, told as %s, %s rows: %s", text, fault, told_words[said], rows, box.last.err);
		/* Only where the server can no longer be asked does it stay unknown. */
		cr_expect(said != NOT_KNOWN || faults[fault] == RELAY_GONE, "%s, fault %zu: %s", text, fault,
			  box.last.err);
		cr_expect(said == MADE || faults[fault] != RELAY_LATE, "%s: %s", text, box.last.err);
		counts[fault][said]++;
		met++;
	}
	cr_assert_eq(box_run(&box, "audit", "verify", NULL), 0, "%s", box.last.err);
	tried("commits %u; cut before: %u made, %u not made; cut behind: %u made, %u not made; cut for long: %u made, "
	      "%u not made, %u not known; late: %u made",
	      met, counts[0][MADE], counts[0][NOT_MADE], counts[1][MADE], counts[1][NOT_MADE], counts[2][MADE],
	      counts[2][NOT_MADE], counts[2][NOT_KNOWN], counts[3][MADE]);
}

/* The first host of the address is silent, or goes away in the middle of an import: the second one is used. An import that
 * stops says how far it came, and run again, it imports each line once. */
Test(cut, the_next_host_goes_on)
{
	struct strbuf lines = STRBUF_INIT;
	const char *host = strstr(place, server.folder);

	box_environment(&box,
			test_text("KYBDESK_STORE=%.*s%s/relay,%s", (int)(host - place), place, server.folder, host));
	relay_arm(relay, RELAY_MUTE, 0);
	long long begun = test_clock_ms();
	cr_assert_eq(box_run(&box, "list", NULL), 0, "%s", box.last.err);
	cr_expect_lt(test_clock_ms() - begun, 20000);
	for (int i = 0; i < 1200; i++)
		strbuf_adds(&lines, person_line(test_text("MANY-%d", i), "Rui Melo"));
	box_write(&box, "many.ndjson", lines.buf);
	strbuf_release(&lines);
	unsigned long before = 0;
	for (unsigned commit = 1; commit <= 5; commit += 2) {
		relay_arm(relay, RELAY_GONE, commit);
		(void)box_run(&box, "import", "many.ndjson", NULL);
		cr_assert(box.last.status == 0 || box.last.status == 8, "%s", box.last.err);
		const char *rows =
			place_text(&arena, place, "SELECT count(*) FROM session WHERE external_ref LIKE 'MANY-%'");
		unsigned long there = strtoul(rows, NULL, 10), said = 0;
		const char *after = strstr(box.last.err, "stopped after ");
		if (after)
			said = before + strtoul(after + strlen("stopped after "), NULL, 10);
		cr_expect_eq(there, box.last.status == 0 ? 1200 : said, "%lu: %s", there, box.last.err);
		before = there;
	}
	cr_expect_eq(box_run(&box, "import", "many.ndjson", NULL), 0, "%s", box.last.err);
	cr_expect_str_eq(place_text(&arena, place, "SELECT count(*) FROM session WHERE external_ref LIKE 'MANY-%'"),
			 "1200");
	cr_expect_eq(box_run(&box, "audit", "verify", NULL), 0, "%s", box.last.err);
}
