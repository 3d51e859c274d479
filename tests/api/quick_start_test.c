/* The scripts of docs/api.md and docs/sandbox.md, word by word, each in an empty folder. */
#include "cli/expect.h"

#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(quick_start, .init = box_set_up_bare, .fini = box_tear_down, .timeout = 300);

#define COMMANDS_MAX 5

/* The commands use fixed ports, so the test uses its own loopback device if the system permits this. */
static void take_own_loopback(void)
{
	struct ifreq device = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd;

	if (unshare(CLONE_NEWNET))
		return;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	cr_assert_eq(ioctl(fd, SIOCSIFFLAGS, &device), 0);
	(void)close(fd);
}

/* The first block of code below the heading. */
static char *read_commands(const char *file, const char *heading)
{
	char *page = temp_read(file, NULL);

	cr_assert_not_null(page);
	char *at = strstr(page, heading);
	cr_assert_not_null(at, "%s has no %s", file, heading);
	at = strstr(at, "```sh\n");
	cr_assert_not_null(at);
	at += strlen("```sh\n");
	char *end = strstr(at, "```");
	cr_assert_not_null(end);
	return test_keep(strndup(at, (size_t)(end - at)));
}

static size_t count_commands(const char *commands)
{
	size_t count = 0;

	for (const char *at = commands; (at = strchr(at, '\n')); at++)
		count += at > commands && at[-1] != '\\';
	return count;
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	cr_assert_not_null(file);
	cr_assert_geq(fputs(text, file), 0);
	cr_assert_eq(fclose(file), 0);
}

/* Runs the commands as a reader does, then the command `after`; ends processes that are still running. */
static void run_commands(const char *commands, const char *after)
{
	char *program = box_path(&box, "kybdesk"), *script = box_path(&box, "script.sh");

	take_own_loopback();
	cr_assert_eq(symlink(KYB_PROGRAM, program), 0);
	write_text(script, commands);
	char *line = test_text("PATH=\"%s:$PATH\"; TMPDIR=\"%s\"; export TMPDIR; trap 'jobs -p >jobs; kill $(cat "
			       "jobs) 2>/dev/null || :' EXIT; set -e; cd \"%s\"; . ./script.sh; %s",
			       box.folder, box.folder, box.folder, after);
	DONE_SHELL(line);
}

static size_t count_lines(const char *text, const char *end)
{
	size_t count = 0, length = strlen(end);

	for (const char *at = text; (at = strstr(at, end)); at += length)
		count++;
	return count;
}

Test(quick_start, ends_with_a_verified_webhook)
{
	char *commands = read_commands(KYB_SOURCE_DIR "/docs/api.md", "\n## Quick start\n");

	cr_expect_leq(count_commands(commands), COMMANDS_MAX, "%s", commands);
	cr_expect(!strstr(commands, "&&") && !strchr(commands, ';'), "two commands in a line: %s", commands);
	/* The listener ends by itself. */
	run_commands(commands, "wait $!");
	PRINTS("\"status\":\"draft\"", "session.status_changed", "bytes  right\n");
	GIVES(("webhook", "list"), "data[0].state: delivered");
	GIVES(("endpoint", "list"), "data has 0"); /* the listener has removed its endpoint */
}

/* The webhooks of a user come in the order of their events. */
Test(quick_start, walks_the_seven_steps_of_the_sandbox)
{
	static const char *const events[] = { "kyc.session_verified", "account.activated",  "account.activated",
					      "payin.processing",     "payin.completed",    "payin.processing",
					      "payin.completed",      "payin.processing",   "payin.failed",
					      "transfer.processing",  "transfer.completed", "payout.processing",
					      "payout.completed" };
	char *commands = read_commands(KYB_SOURCE_DIR "/docs/sandbox.md", "\n## The guide, step by step\n");

	run_commands(commands, "");
	PRINTS("\"balance\":795.50", "balance      795.50 EUR");
	cr_expect_eq(count_lines(box.last.out, "delivered http://127.0.0.1:8899/\n"), 2, "%s", box.last.out);
	const char *at = strstr(box.last.out, "Listening on http://127.0.0.1:8899/\n");
	cr_assert_not_null(at, "%s", box.last.out);
	cr_expect_eq(count_lines(at, "bytes  right\n"), sizeof events / sizeof *events, "%s", at);
	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		at = strstr(at, events[i]);
		cr_assert_not_null(at, "%s is not in its place: %s", events[i], box.last.out);
		at += strlen(events[i]);
	}
}
