/*
 * Runs two terminal programs alternately, each in a terminal that answers queries, of 50 by 160 or of LINES by COLUMNS. Measures the time from
 * a key to the last byte of its output and the number of bytes; or the time from the start to a word on the screen.
 *
 * usage: keys ROUNDS FIRST KEYS -- WORD COMMAND… -- WORD COMMAND…
 *
 * FIRST and KEYS are keys separated by spaces (\e, \r, \t, \b; "-": none). FIRST is typed once; after "KEY~TEXT" this
 * program waits until TEXT is on the screen. KEYS are typed in turn, and each is measured, except "!KEY". "." waits
 * until nothing was painted for a while, for a pane that follows the selection late. A start is complete when WORD is
 * on the screen; if WORD is "-", when the program has ended. Without KEYS the programs are restarted each round. Prints
 * for both programs the median in microseconds, the 99th percentile, the median in bytes, the peak memory in KiB, and of
 * a measured key the median of the processor's microseconds.
 * With "idle" for KEYS no key is typed for ROUNDS seconds; prints for both the processor time in microseconds and the
 * output in bytes.
 */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS_MAX 1000
#define QUIET_MS 60
#define REST_MS 200
#define PATIENCE_MS 60000

struct side {
	const char *word;
	char **command;
	int fd;
	pid_t pid;
	char tail[64]; /* last bytes of the output so far: a word may arrive in two pieces */
	int64_t times[ROUNDS_MAX], bytes[ROUNDS_MAX], used[ROUNDS_MAX];
	long most_kib;
};

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void fail(const struct side *side, const char *what)
{
	fprintf(stderr, "keys: %s: %s\n", side->command[0], what);
	exit(1);
}

static void answer(const struct side *side, const char *bytes, const char *question, const char *output)
{
	if (strstr(bytes, question) && write(side->fd, output, strlen(output)) < 0)
		fail(side, "it does not listen");
}

/* Reads the available output, waiting for a while; 0: none came, or the program has ended. */
static size_t take(struct side *side, int wait_ms, bool *seen)
{
	char bytes[65536 + sizeof side->tail];
	size_t before = strlen(side->tail);
	struct pollfd ready = { .fd = side->fd, .events = POLLIN };
	ssize_t got;

	if (poll(&ready, 1, wait_ms) <= 0)
		return 0;
	memcpy(bytes, side->tail, before);
	got = read(side->fd, bytes + before, 65536 - 1);
	if (got <= 0)
		return 0;
	for (ssize_t i = 0; i < got; i++)
		if (!bytes[before + (size_t)i])
			bytes[before + (size_t)i] = ' ';
	bytes[before + (size_t)got] = '\0';
	answer(side, bytes + before, "\033[6n", "\033[1;1R");
	answer(side, bytes + before, "\033[16t", "\033[6;20;10t");
	answer(side, bytes + before, "\033_Gi=31,",
	       "\033_Gi=31;OK\033\\"); /* this terminal has kitty's protocol for pictures */
	answer(side, bytes + before, "\033[c", "\033[?62;22c");
	if (seen)
		*seen = *seen || strstr(bytes, side->word);
	before = before + (size_t)got;
	before = before < sizeof side->tail ? 0 : before - sizeof side->tail + 1;
	memmove(side->tail, bytes + before, strlen(bytes + before) + 1);
	return (size_t)got;
}

static void start(struct side *side)
{
	const char *rows = getenv("LINES"), *cols = getenv("COLUMNS");
	const struct winsize size = { .ws_row = (unsigned short)(rows ? atoi(rows) : 50),
				      .ws_col = (unsigned short)(cols ? atoi(cols) : 160) };

	side->tail[0] = '\0';
	side->pid = forkpty(&side->fd, NULL, NULL, &size);
	if (side->pid < 0)
		fail(side, "there is no terminal for it");
	if (side->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execvp(side->command[0], side->command);
		_exit(127);
	}
}

static void end(struct side *side)
{
	struct rusage used = { 0 };

	kill(side->pid, SIGTERM);
	(void)close(side->fd);
	while (wait4(side->pid, NULL, 0, &used) < 0)
		;
	side->most_kib = used.ru_maxrss > side->most_kib ? used.ru_maxrss : side->most_kib;
}

/* Waits until the word is on the screen and no more output comes, or until the program has ended. */
static int64_t wait_until_up(struct side *side)
{
	bool seen = false, ends = !strcmp(side->word, "-");
	int64_t begun = now_us(), last = begun;

	for (;;) {
		size_t got = take(side, seen && !ends ? QUIET_MS : PATIENCE_MS, &seen);

		if (got)
			last = now_us();
		else if (ends)
			return now_us() - begun;
		else if (seen)
			return last - begun;
		else
			fail(side, "its word does not come");
		if (now_us() - begun > (int64_t)PATIENCE_MS * 1000)
			fail(side, "it never rests");
	}
}

/* A key that is not measured may have no effect; a measured key must change the screen. */
static void press(struct side *side, const char *key, size_t length, int64_t *took_us, int64_t *painted)
{
	int64_t begun = now_us(), last = begun;
	size_t bytes = 0, got;
	int patience_ms = painted ? PATIENCE_MS : 500;

	if (write(side->fd, key, length) != (ssize_t)length)
		fail(side, "it takes no keys");
	while ((got = take(side, bytes ? QUIET_MS : patience_ms, NULL))) {
		last = now_us();
		bytes += got;
		if (last - begun > (int64_t)PATIENCE_MS * 1000)
			fail(side, "it never rests");
	}
	if (!painted)
		return;
	if (!bytes)
		fail(side, "nothing is painted");
	*took_us = last - begun;
	*painted = (int64_t)bytes;
}

/* Types a key, and waits until the text is on the screen and no more output comes. */
static void press_until(struct side *side, const char *key, size_t length, const char *text)
{
	const char *word = side->word;
	int64_t begun = now_us();

	side->word = text;
	if (write(side->fd, key, length) != (ssize_t)length)
		fail(side, "it takes no keys");
	for (bool seen = false;;) {
		size_t got = take(side, QUIET_MS, &seen);

		if (!got && (seen || now_us() - begun > (int64_t)PATIENCE_MS * 1000))
			break;
	}
	side->word = word;
}

/* The next key of a list, and its length; NULL at the end of the list. */
static const char *next_key(const char **list, size_t *length)
{
	static char key[33];
	size_t count = 0;

	while (**list == ' ')
		(*list)++;
	if (!**list || !strcmp(*list, "-"))
		return NULL;
	for (; **list && **list != ' ' && count + 1 < sizeof key; (*list)++) {
		char c = **list;

		if (c == '\\' && (*list)[1]) {
			(*list)++;
			c = **list == 'e'   ? '\033'
			    : **list == 'r' ? '\r'
			    : **list == 't' ? '\t'
			    : **list == 'b' ? '\177'
					    : **list;
		}
		key[count++] = c;
	}
	key[count] = '\0';
	*length = count;
	return key;
}

static int compare(const void *a, const void *b)
{
	int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

	return first < second ? -1 : first > second;
}

/* Processor time of the process so far. */
static int64_t used_us(const struct side *side)
{
	clockid_t clock;
	struct timespec used;

	if (clock_getcpuclockid(side->pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
		fail(side, "it has ended");
	return (int64_t)used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

static void run_keys(struct side *sides, size_t rounds, const char *first, const char *keys)
{
	const char *key, *at;
	size_t length;

	for (int which = 0; which < 2; which++) {
		start(&sides[which]);
		(void)wait_until_up(&sides[which]);
		for (at = first; (key = next_key(&at, &length));)
			if (length > 2 && key[1] == '~')
				press_until(&sides[which], key, 1, key + 2);
			else
				press(&sides[which], key, length, NULL, NULL);
	}
	at = keys;
	for (size_t round = 0; round < rounds;) {
		if (!(key = next_key(&at, &length))) {
			at = keys;
			key = next_key(&at, &length);
		}
		if (!strcmp(key, ".")) {
			for (int which = 0; which < 2; which++)
				while (take(&sides[which], REST_MS, NULL))
					;
			continue;
		}
		if (length > 1 && key[0] == '!') {
			for (int which = 0; which < 2; which++)
				press(&sides[which], key + 1, length - 1, NULL, NULL);
			continue;
		}
		for (int which = 0; which < 2; which++) {
			int64_t before = used_us(&sides[which]);

			press(&sides[which], key, length, &sides[which].times[round], &sides[which].bytes[round]);
			sides[which].used[round] = used_us(&sides[which]) - before;
		}
		round++;
	}
	for (int which = 0; which < 2; which++)
		end(&sides[which]);
}

static void run_starts(struct side *sides, size_t rounds)
{
	for (size_t round = 0; round < rounds; round++)
		for (int which = 0; which < 2; which++) {
			start(&sides[which]);
			sides[which].times[round] = wait_until_up(&sides[which]);
			end(&sides[which]);
		}
}

static void run_idle(struct side *sides, size_t seconds)
{
	for (int which = 0; which < 2; which++) {
		struct side *side = &sides[which];

		start(side);
		(void)wait_until_up(side);
		/* Skips the output that the program still prints at its start. */
		for (int64_t rest_us = now_us() + 1000000; now_us() < rest_us;)
			(void)take(side, 100, NULL);
		int64_t end_us = now_us() + (int64_t)seconds * 1000000, before = used_us(side);

		for (int64_t left; (left = end_us - now_us()) > 0;)
			side->bytes[0] += (int64_t)take(side, (int)(left / 1000) + 1, NULL);
		side->times[0] = used_us(side) - before;
		end(side);
	}
	printf("%lld %lld %lld %lld\n", (long long)sides[0].times[0], (long long)sides[1].times[0],
	       (long long)sides[0].bytes[0], (long long)sides[1].bytes[0]);
}

int main(int count, char **arguments)
{
	static struct side sides[2];
	size_t rounds = count > 3 ? strtoul(arguments[1], NULL, 10) : 0;
	int found = 0;

	for (int i = 4; i < count; i++)
		if (!strcmp(arguments[i], "--")) {
			arguments[i] = NULL;
			if (found < 2 && i + 2 < count)
				sides[found++] =
					(struct side){ .word = arguments[i + 1], .command = arguments + i + 2 };
		}
	if (found != 2 || rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: keys ROUNDS FIRST KEYS -- WORD COMMAND... -- WORD COMMAND...\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	if (!strcmp(arguments[3], "idle")) {
		run_idle(sides, rounds);
		return 0;
	}
	if (!strcmp(arguments[3], "-"))
		run_starts(sides, rounds);
	else
		run_keys(sides, rounds, arguments[2], arguments[3]);
	for (int which = 0; which < 2; which++) {
		qsort(sides[which].times, rounds, sizeof sides[which].times[0], compare);
		qsort(sides[which].bytes, rounds, sizeof sides[which].bytes[0], compare);
		qsort(sides[which].used, rounds, sizeof sides[which].used[0], compare);
	}
	printf("%lld %lld %lld %lld %lld %lld %ld %ld %lld %lld\n", (long long)sides[0].times[rounds / 2],
	       (long long)sides[1].times[rounds / 2], (long long)sides[0].times[rounds * 99 / 100],
	       (long long)sides[1].times[rounds * 99 / 100], (long long)sides[0].bytes[rounds / 2],
	       (long long)sides[1].bytes[rounds / 2], sides[0].most_kib, sides[1].most_kib,
	       (long long)sides[0].used[rounds / 2], (long long)sides[1].used[rounds / 2]);
	return 0;
}
