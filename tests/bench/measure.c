/*
 * Compares whole processes: runs two commands alternately, so that a slow moment of the machine hits both. Prints the
 * median time of each in microseconds and the peak memory of each in KiB. Discards their output.
 *
 * usage: measure RUNS COMMAND… -- COMMAND…
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNS_MAX 1000

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t run(char **command, long *most_kib)
{
	int64_t begun = now_us();
	pid_t child = fork();
	struct rusage used;
	int status;

	if (child < 0) {
		perror("fork");
		exit(1);
	}
	if (child == 0) {
		int nowhere = open("/dev/null", O_RDWR);

		dup2(nowhere, STDIN_FILENO);
		dup2(nowhere, STDOUT_FILENO);
		dup2(nowhere, STDERR_FILENO);
		execvp(command[0], command);

		_exit(127);
	}
	if (wait4(child, &status, 0, &used) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "measure: %s failed (%d)\n", command[0], WIFEXITED(status) ? WEXITSTATUS(status) : -1);
		exit(1);
	}
	*most_kib = used.ru_maxrss > *most_kib ? used.ru_maxrss : *most_kib;
	return now_us() - begun;
}

static int compare(const void *a, const void *b)
{
	int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

	return first < second ? -1 : first > second;
}

int main(int count, char **arguments)
{
	static int64_t times[2][RUNS_MAX];
	char **commands[2] = { arguments + 2, NULL };
	long most_kib[2] = { 0 }, runs = count > 1 ? strtol(arguments[1], NULL, 10) : 0;

	for (int i = 2; i < count && !commands[1]; i++)
		if (!strcmp(arguments[i], "--")) {
			arguments[i] = NULL;
			commands[1] = arguments + i + 1;
		}
	if (runs < 1 || runs > RUNS_MAX || !commands[1] || !commands[0][0] || !commands[1][0]) {
		fprintf(stderr, "usage: measure RUNS COMMAND... -- COMMAND...\n");
		return 2;
	}
	for (long i = 0; i < runs; i++)
		for (int which = 0; which < 2; which++)
			times[which][i] = run(commands[which], &most_kib[which]);
	for (int which = 0; which < 2; which++)
		qsort(times[which], (size_t)runs, sizeof times[which][0], compare);
	printf("%lld %lld %ld %ld\n", (long long)times[0][runs / 2], (long long)times[1][runs / 2], most_kib[0],
	       most_kib[1]);
	return 0;
}
