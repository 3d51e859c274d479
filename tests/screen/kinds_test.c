/* Terminal types that are unknown, have no cursor, or are no ANSI terminals. */
#include "bench.h"

#include <string.h>

TestSuite(screen_kinds, .init = bench_set_up_person, .fini = bench_tear_down);

Test(screen_kinds, an_unknown_type_is_named)
{
	bench_environment(&bench, "TERM=no-such-terminal");
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 2);
	cr_expect(terminal_shows(terminal, "unknown terminal type \"no-such-terminal\""), "%s",
		  terminal_screen(terminal));
	cr_expect_null(terminal_left_otherwise(terminal));
}

/* TERM=dumb has no cursor that can be placed: the workbench speaks line by line. */
Test(screen_kinds, a_type_without_cursor_gets_lines)
{
	bench_environment(&bench, "TERM=dumb");
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "most urgent first, filter: none");
	terminal_type(terminal, "q");
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 0);
}

/* A VT52 has no sequence that begins with "ESC [". */
Test(screen_kinds, another_kind_than_ansi_gets_only_what_its_description_has)
{
	size_t length;
	bench_environment(&bench, "TERM=vt52");
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "Ines Duarte");
	terminal_type(terminal, "y");
	SEES(terminal, "This terminal type has no clipboard");
	const unsigned char *raw = terminal_raw(terminal, &length);
	cr_expect_null(memmem(raw, length, "\033[", 2));
	cr_expect_null(memmem(raw, length, "\033]", 2));
	terminal_type(terminal, "q");
	cr_expect_eq(terminal_wait_exit(terminal, PATIENCE_MS), 0);
}
