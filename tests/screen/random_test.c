/*
 * Random keys on the real program and the demo's cases, in bursts, while another process changes the same cases: whatever is
 * typed, however fast, the workbench lives. The keys come from a seed that is printed with a failure; KYBDESK_TEST_SEED
 * runs that one alone, KYBDESK_TEST_LONG runs many. The program is built with the sanitizers where the tests are: a report of theirs ends it with its own
 * exit status, which is none of those that are allowed here.
 */
#include "bench.h"
#include "support/tried.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_EACH 2000
#define SEEDS 2
#define SEEDS_LONG 40
#define STARTS_MAX 60 /* q on the first screen ends the program: it is begun again */

static struct bench bench;
static struct terminal *terminal;
static uint64_t state;
static bool interrupted; /* Ctrl-C was typed since the program was begun */
static struct process *other;
static struct {
	unsigned keys, bursts, resizes, starts;
} count;

/* Somebody else, at the same cases. What the desk refuses is well; a crash, a report of a sanitizer or a store that is not
 * there ends it with the status. */
static const char others_deeds[] =
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
	size_t lines = 0;
	while (bench.lines[lines])
		lines++;
	cr_assert_leq(lines + 2, ENVIRONMENT_LINES);
	static const char *const sanitizers[] = { "ASAN_OPTIONS=detect_stack_use_after_return=1:exitcode=99",
						  "UBSAN_OPTIONS=print_stacktrace=1:exitcode=99" };
	for (size_t i = 0; i < 2; i++)
		cr_assert(bench.lines[lines + i] = strdup(sanitizers[i]));
	const struct process_options options = {
		.argv = (const char *const[]){ "sh", "-c", others_deeds, KYB_PROGRAM, NULL },
		.environment = (const char *const *)bench.lines,
		.folder = bench.folder,
	};
	other = process_start(&options);
}

/* How much it did, and how often it was refused. */
static void other_ends(unsigned *done, unsigned *refused)
{
	struct process_result result;
	bool running = !process_wait(other, 0, NULL);
	process_signal(other, SIGKILL);
	cr_assert(process_wait(other, PATIENCE_MS, &result));
	cr_assert(running, "the other process ended with %d\n%s", result.status, result.err);
	for (char *line = strtok(result.out, "\n"); line; line = strtok(NULL, "\n"))
		++*(strcmp(line, "0") ? refused : done);
	process_result_release(&result);
}
static void tear_down(void)
{
	terminal_free(terminal);
	terminal = NULL;
	process_free(other);
	bench_close(&bench);
}
TestSuite(random_keys, .init = set_up, .fini = tear_down, .timeout = 3600);

/* xorshift64*: the same everywhere, which the C library's is not. */
static unsigned below(unsigned most)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (unsigned)((state * UINT64_C(2685821657736338717)) >> 33) % most;
}

static void press_special(void)
{
	static const enum terminal_key keys[] = { TERMINAL_ENTER,     TERMINAL_TAB,    TERMINAL_BACK_TAB,
						  TERMINAL_BACKSPACE, TERMINAL_UP,     TERMINAL_DOWN,
						  TERMINAL_LEFT,      TERMINAL_RIGHT,  TERMINAL_HOME,
						  TERMINAL_END,	      TERMINAL_DELETE, TERMINAL_PAGE_UP,
						  TERMINAL_ENTER,     TERMINAL_ENTER,  TERMINAL_PAGE_DOWN };
	terminal_press(terminal, keys[below(sizeof keys / sizeof *keys)]);
}

static void press_letter(void)
{
	/* Those that open something, more often than the others. */
	static const char letters[] = "aarrxxnncczzmuARXKVlLedy+jjjjkkgGhs1234567q?/ 09:<>R";
	char text[2] = { letters[below(sizeof letters - 1)], '\0' };
	terminal_type(terminal, text);
}

static void resize(void)
{
	static const int sizes[][2] = { { 24, 80 }, { 36, 120 }, { 15, 60 }, { 10, 40 }, { 50, 200 }, { 24, 119 } };
	const int *size = sizes[below(sizeof sizes / sizeof *sizes)];
	terminal_resize(terminal, size[0], size[1]);
	count.resizes++;
}

static void click(void)
{
	char bytes[32];
	int row = (int)below(30) + 1, col = (int)below(90) + 1;
	int length = snprintf(bytes, sizeof bytes, "\033[<0;%d;%dM\033[<0;%d;%dm", col, row, col, row);
	terminal_send(terminal, bytes, (size_t)length);
}

/* What was typed too quickly to have been answered: the dialog is closed before the desk has spoken. */
static void press_quickly(void)
{
	static const char *const bursts[] = { "a\033", "r\033",	 "x\033", "jjjj\r", "12345", "aay",    "z\033z\033",
					      "n\033", "\rq\rq", "sss",	  "/a\r",   "/\r",   "c\033c", "G1G2" };
	terminal_type(terminal, bursts[below(sizeof bursts / sizeof *bursts)]);
}

static void one(void)
{
	static const char *const pastes[] = { "Ines Duarte", "y\ny\n", "2026-12-01", "\t\033[31m", "country:PRT" };
	unsigned what = below(100);
	if (what < 45)
		press_letter();
	else if (what < 67)
		press_special();
	else if (what < 77)
		terminal_press(terminal, TERMINAL_ESCAPE);
	else if (what < 90)
		press_quickly();
	else if (what < 93)
		terminal_paste(terminal, pastes[below(sizeof pastes / sizeof *pastes)]);
	else if (what < 96)
		resize();
	else if (what < 99)
		click();
	else {
		char letter = (char)('a' + below(25)); /* not Ctrl-Z: nobody would bring it back */
		interrupted |= letter == 'c';
		terminal_control(terminal, letter);
	}
}

/* A Ctrl-C behind a q comes when the terminal is its own again, and is a signal. */
static bool ended_well(int status)
{
	return !status || (interrupted && status == 128 + SIGINT);
}

/* The end of what the program wrote, without its escapes: a report of the sanitizers is there. */
static const char *last_words(void)
{
	static char words[1501];
	size_t length, count = 0;
	const unsigned char *raw = terminal_raw(terminal, &length);
	for (size_t i = length > 6000 ? length - 6000 : 0; i < length; i++) {
		bool escape = raw[i] == 27;
		while (escape && i + 1 < length && raw[i] != 'm' && raw[i] != 'H' && raw[i] != 'K')
			i++;
		if (escape || (raw[i] < ' ' && raw[i] != '\n') || raw[i] > '~')
			continue;
		if (count == sizeof words - 1)
			memmove(words, words + 1, --count);
		words[count++] = (char)raw[i];
	}
	words[count] = '\0';
	return words;
}

static void start(void)
{
	terminal_free(terminal);
	interrupted = false;
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "Holder");
	count.starts++;
}

static void run_seed(uint64_t seed)
{
	unsigned starts = 0;
	state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	start();
	for (unsigned i = 0; i < KEYS_EACH; i++) {
		one();
		count.keys++;
		unsigned pause = below(10);
		if (pause < 3) {
			(void)terminal_settle(terminal, pause * 5 + 1, 40);
			count.bursts++;
		}
		int status = i % 8 == 7 ? terminal_wait_exit(terminal, 0) : -1;
		if (status < 0)
			continue;
		cr_assert(ended_well(status), "seed %llu, key %u: exit status %d\n%s", (unsigned long long)seed, i,
			  status, last_words());
		if (++starts == STARTS_MAX)
			return;
		start();
	}
	/* It lives, and still does what is asked. */
	int status = terminal_wait_exit(terminal, 0);
	if (status < 0) {
		terminal_signal(terminal, SIGTERM);
		status = terminal_wait_exit(terminal, PATIENCE_MS);
		cr_assert(status == 128 + SIGTERM || ended_well(status),
			  "seed %llu, at the end: exit status %d\n%s", (unsigned long long)seed, status,
			  last_words());
	} else {
		cr_assert(ended_well(status), "seed %llu: exit status %d\n%s", (unsigned long long)seed, status,
			  last_words());
	}
}

Test(random_keys, the_workbench_lives)
{
	const char *alone = getenv("KYBDESK_TEST_SEED"), *many = getenv("KYBDESK_TEST_LONG");
	uint64_t first = alone ? strtoull(alone, NULL, 10) : 1;
	uint64_t last = alone ? first : many && *many ? SEEDS_LONG : SEEDS;
	unsigned done = 0, refused = 0;
	for (uint64_t seed = first; seed <= last; seed++)
		run_seed(seed);
	other_ends(&done, &refused);
	tried("%u bursts of %u keys, %u resizes, %u starts; another process did %u things, and was refused %u",
	      count.bursts, count.keys, count.resizes, count.starts, done, refused);
	cr_expect(done, "nobody else wrote anything");
}
