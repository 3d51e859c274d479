/*
 * Measures the time of a change while COMMAND runs: until COMMAND ends, adds notes to one case with pauses of 5 ms,
 * each durable before the next. Prints the number of notes, the median and the 99th percentile in microseconds, and the
 * duration of COMMAND.
 *
 * usage: beside STORE CASE COMMAND…
 */
#include "kybdesk/desk/use.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOTES_MAX 20000

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int compare(const void *a, const void *b)
{
	int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

	return first < second ? -1 : first > second;
}

static void check(enum err err, const struct error *error)
{
	if (!err)
		return;
	fprintf(stderr, "beside: %s\n", error->message);
	exit(1);
}

int main(int count, char **arguments)
{
	static int64_t times[NOTES_MAX];
	const struct timespec pause = { .tv_nsec = 5000000 };
	struct desk_options options = { .store_path = count > 3 ? arguments[1] : "" };
	struct desk *desk;
	struct error error = { 0 };
	struct arena arena = ARENA_INIT;
	size_t done = 0;
	int status;
	pid_t child;

	if (count < 4) {
		fprintf(stderr, "usage: beside STORE CASE COMMAND...\n");
		return 2;
	}
	int64_t begun = now_us();
	child = fork();
	if (child == 0) {
		dup2(open("/dev/null", O_RDWR), STDOUT_FILENO);
		execvp(arguments[3], arguments + 3);
		_exit(127);
	}
	check(desk_open(&options, &desk, &error), &error);
	while (waitpid(child, &status, WNOHANG) == 0 && done < NOTES_MAX) {
		struct use_in in = { .verb = VERB_NOTE, .session = arguments[2], .text = "looked at the register" };
		struct use_out out;
		int64_t from = now_us();

		check(desk_do(desk, &arena, &in, &out, &error), &error);
		times[done++] = now_us() - from;
		arena_reset(&arena);
		nanosleep(&pause, NULL);
	}
	begun = now_us() - begun;
	desk_close(desk);
	arena_release(&arena);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || !done)
		return 1;
	qsort(times, done, sizeof *times, compare);
	printf("%zu %lld %lld %lld\n", done, (long long)times[done / 2], (long long)times[done * 99 / 100],
	       (long long)begun);
	return 0;
}
