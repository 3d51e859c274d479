/*
 * Random keys on the real program and the demo's cases, in bursts, while another process changes the same cases: the
 * workbench survives every sequence at any speed. A failure prints the seed of its keys; KYBDESK_TEST_SEED runs one
 * seed alone, KYBDESK_TEST_LONG runs many. If the tests are built with the sanitizers, the program is, too: a sanitizer
 * report ends the program with a separate exit status, and the test fails.
 */
#include "bench.h"
#include "random_keys.h"
#include "support/tried.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_EACH 2000
#define SEEDS 2
#define SEEDS_LONG 40
#define STARTS_MAX 60 /* q on the first screen ends the program: the test starts it again */

static struct random_keys keys;
static struct process *other;
static unsigned starts;

/* The script of another process that changes the same cases. It accepts refusals of the desk; a crash, a sanitizer
 * report or a missing store ends the script with the same status. */
static const char others_ui_actions[] =
	"n=0; while :; do for ref in RAL-2041 IND-3108 RAL-2043 RAL-2036 RAL-2049 IND-3110 RAL-2038; do n=$((n + "
	"1))\n"
	"case $((n % 5)) in\n"
	"0) set -- claim $ref ;;\n"
	"1) set -- note $ref \"seen $n times\" ;;\n"
	"2) set -- step edit $ref company_info --field phone=$n --reason 'they called again' ;;\n"
	"3) set -- reject $ref --reason other --message no --grace 3600 ;;\n"
	"*) set -- undo $ref ;;\n"
	"esac\n"
	"\"$0\" --as bo \"$@\" >/dev/null 2>said; status=$?; echo $status\n"
	"case $status in 0|[2-79]) ;; *) cat said >&2; exit $status ;; esac\n"
	"sleep 0.3; done; done";

static void set_up(void)
{
	bench_open(&bench);
	bench_import_samples(&bench);
	bench_environment(&bench, "ASAN_OPTIONS=handle_sigill=1:detect_stack_use_after_return=1:exitcode=99");
	const struct process_options options = {
		.argv = (const char *const[]){ "sh", "-c", others_ui_actions, KYB_PROGRAM, NULL },
		.environment = (const char *const *)bench.lines,
		.folder = bench.folder,
	};
	other = process_start(&options);
}

/* Ends the other process, and counts its successful and its refused commands. */
static void other_ends(unsigned *done, unsigned *refused)
{
	struct process_result result;
	bool running = !process_wait(other, 0, NULL);
	process_signal(other, SIGKILL);
	cr_assert(process_wait(other, PATIENCE_MS, &result));
	cr_assert(running, "the other process ended with %d\n%s", result.status, result.err);
	for (char *line = strtok(result.out, "\n"); line; line = strtok(NULL, "\n"))
		++*(strcmp(line, "0") ? refused : done);
}
static void tear_down(void)
{
	terminal_free(keys.terminal);
	keys.terminal = NULL;
	process_free(other);
	bench_close(&bench);
}
TestSuite(random_keys, .init = set_up, .fini = tear_down, .timeout = 3600);

static void start(void)
{
	terminal_free(keys.terminal);
	keys.interrupted = false;
	keys.terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(keys.terminal, "  Why");
	starts++;
}

static void expect_well(uint64_t seed, unsigned at, int status)
{
	cr_assert(random_keys_ended_well(&keys, status), "seed %llu, key %u: exit status %d\n%s",
		  (unsigned long long)seed, at, status, last_words(keys.terminal));
}

static void run_seed(uint64_t seed)
{
	unsigned ends = 0;
	random_keys_seed(&keys, seed);
	start();
	for (unsigned i = 0; i < KEYS_EACH; i++) {
		random_keys_press(&keys);
		int status = i % 8 == 7 ? terminal_wait_exit(keys.terminal, 0) : -1;
		if (status < 0)
			continue;
		expect_well(seed, i, status);
		if (++ends == STARTS_MAX)
			return;
		start();
	}
	/* The program still runs, and responds to SIGTERM. */
	int status = terminal_wait_exit(keys.terminal, 0);
	if (status < 0) {
		terminal_signal(keys.terminal, SIGTERM);
		status = terminal_wait_exit(keys.terminal, PATIENCE_MS);
		if (status == 128 + SIGTERM)
			return;
	}
	expect_well(seed, KEYS_EACH, status);
}

Test(random_keys, the_workbench_lives)
{
	const char *alone = getenv("KYBDESK_TEST_SEED");
	uint64_t first = alone ? strtoull(alone, NULL, 10) : 1;
	uint64_t last = alone ? first : test_is_long() ? SEEDS_LONG : SEEDS;
	unsigned done = 0, refused = 0;
	for (uint64_t seed = first; seed <= last; seed++)
		run_seed(seed);
	other_ends(&done, &refused);
	tried("%u bursts of %u keys, %u resizes, %u starts; another process did %u things, and was refused %u",
	      keys.bursts, keys.typed, keys.resizes, starts, done, refused);
	cr_expect(done, "nobody else wrote anything");
}
