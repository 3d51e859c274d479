/* The quick start of docs/api.md, word by word, in an empty folder. */
#include "cli/box.h"

#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(quick_start, .init = box_set_up_bare, .fini = box_tear_down, .timeout = 300);

#define PAGE KYB_SOURCE_DIR "/docs/api.md"
#define COMMANDS_MAX 5

/* The commands name fixed ports: on a loopback of the test's own if the system lets it have one. */
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

/* The first block of code below its heading. */
static char *read_commands(void)
{
	char *page = temp_read(PAGE, NULL), *at, *end, *commands;

	cr_assert_not_null(page);
	at = strstr(page, "\n## Quick start\n");
	cr_assert_not_null(at, "%s has no quick start", PAGE);
	at = strstr(at, "```sh\n");
	cr_assert_not_null(at);
	at += strlen("```sh\n");
	end = strstr(at, "```");
	cr_assert_not_null(end);
	commands = strndup(at, (size_t)(end - at));
	free(page);
	return commands;
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

Test(quick_start, ends_with_a_verified_webhook)
{
	char *commands = read_commands(), *program = box_path(&box, "kybdesk"),
	     *script = box_path(&box, "quick.sh");
	char *line = NULL;

	cr_expect_leq(count_commands(commands), COMMANDS_MAX, "%s", commands);
	cr_expect(!strstr(commands, "&&") && !strchr(commands, ';'), "two commands in a line: %s", commands);
	take_own_loopback();
	cr_assert_eq(symlink(KYB_PROGRAM, program), 0);
	write_text(script, commands);
	/* Not on the page: waiting for the listener, which ends by itself, and the end of the server. */
	cr_assert_gt(asprintf(&line,
			      "PATH=\"%s:$PATH\"; trap 'jobs -p >jobs; kill $(cat jobs) 2>/dev/null || :' EXIT; "
			      "set -e; cd \"%s\"; "
			      ". ./quick.sh; wait $!",
			      box.folder, box.folder),
		     0);
	cr_expect_eq(box_shell(&box, line), 0, "%s\n%s", box.last.out, box.last.err);
	cr_expect(strstr(box.last.out, "\"status\":\"draft\""), "%s", box.last.out);
	cr_expect(strstr(box.last.out, "session.status_changed"), "%s", box.last.out);
	cr_expect(strstr(box.last.out, "bytes  right\n"), "%s", box.last.out);
	cr_assert_eq(box_json(&box, "webhook", "list", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "data[0].state"), "delivered");
	cr_assert_eq(box_json(&box, "endpoint", "list", NULL), 0);
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 0, "the listener's endpoint is left");
	free(commands);
	free(program);
	free(script);
	free(line);
}
