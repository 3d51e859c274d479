/*
 * What the terminal is sent (workbench.md, "over slow links"), in colours: a cursor that moves by one row within the
 * screen at 80 columns costs at most 500 bytes. Bytes, not times: they are the same on every machine.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

#define MOVE_BYTES 500

static struct bench bench;
static struct terminal *terminal;

/* Colours cost more bytes than none. */
static void with_colours(void)
{
	size_t last = 0;
	while (bench.lines[last + 1])
		last++;
	free(bench.lines[last]);
	bench.lines[last] = NULL;
}

/* Of one age, so that a row is as long today as tomorrow. */
static void import_cases(void)
{
	static const char *const names[] = { "Ines Duarte", "Harbour Lane Trading and Shipping Ltd",
					     "株式会社ミナト商事", "Aurora Soluções Digitais" };
	char *lines = NULL;
	size_t length = 0;
	FILE *all = open_memstream(&lines, &length);
	cr_assert(all);
	for (unsigned i = 0; i < 18; i++) {
		char reference[16];
		(void)snprintf(reference, sizeof reference, "CLEAR-%u", i);
		char *line = clear_person(reference, names[i % 4]);
		fputs(line, all);
		free(line);
	}
	cr_assert_eq(fclose(all), 0);
	bench_import(&bench, lines);
	free(lines);
}

static void set_up(void)
{
	bench_open(&bench);
	with_colours();
	import_cases();
}
static void tear_down(void)
{
	terminal_free(terminal);
	bench_close(&bench);
}
TestSuite(screen_sent, .init = set_up, .fini = tear_down);

static void start(int rows, int columns)
{
	terminal = bench_start(&bench, "ana", rows, columns, "C.UTF-8", NULL);
	SEES(terminal, "manual_review");
	SEES(terminal, "over due");
	cr_assert(terminal_settle(terminal, 1500, PATIENCE_MS));
}

static size_t sent(const char *keys, unsigned quiet_ms)
{
	size_t length;
	terminal_forget(terminal);
	terminal_type(terminal, keys);
	cr_assert(terminal_settle(terminal, quiet_ms, PATIENCE_MS));
	(void)terminal_raw(terminal, &length);
	return length;
}

/* Down through the rows and up again; the most that one of them cost. */
static size_t most_of(unsigned moves, const char *where)
{
	size_t most = 0, all = 0;
	for (unsigned i = 0; i < 2 * moves; i++) {
		const char *key = i < moves ? "j" : "k";
		size_t bytes = sent(key, 400);
		cr_expect_leq(bytes, MOVE_BYTES, "%s, move %u (%s): %zu bytes", where, i, key, bytes);
		most = bytes > most ? bytes : most;
		all += bytes;
	}
	cr_log_info("%s: %u moves, %zu bytes each, %zu at most", where, 2 * moves, all / (2 * moves), most);
	return most;
}

Test(screen_sent, a_move_in_the_list_at_80_columns)
{
	start(24, 80);
	cr_expect_gt(most_of(15, "the list at 80 by 24"), 0);
	QUITS(terminal);
}
