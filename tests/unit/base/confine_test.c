/* Converters that attack their caller: each is a script, run by the real confining code. */
#include "kybdesk/base/confine.h"
#include "kybdesk/base/file.h"
#include "support/leak.h"
#include "support/process.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WALL_MS 3000
#define SOON_MS 2000 /* a process that ends at once ends within this time, also on a busy machine */

static char *folder, *script, *base;
static struct strbuf out;
static enum confine_outcome end;
static int64_t took_ms;

static void set_up(void)
{
	folder = temp_folder_make();
	script = temp_path(folder, "converter");
	base = temp_path(folder, "base");
	cr_assert_eq(mkdir(base, 0700), 0);
	cr_assert_eq(setenv("TMPDIR", base, 1), 0);
	cr_assert_eq(unsetenv("XDG_RUNTIME_DIR"), 0);
	strbuf_init(&out);
}

static size_t entries(const char *path)
{
	DIR *dir = opendir(path);
	size_t count = 0;
	cr_assert_not_null(dir);
	for (const struct dirent *entry; (entry = readdir(dir));)
		count += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	closedir(dir);
	return count;
}

static void tear_down(void)
{
	cr_expect_eq(entries(base), 0, "the private folder is still there");
	strbuf_release(&out);
	temp_folder_remove(folder);
	NO_LEAKS();
}
TestSuite(confine, .init = set_up, .fini = tear_down, .timeout = 60);

static void write_script(const char *body)
{
	char *text = NULL;
	cr_assert_gt(asprintf(&text, "#!/bin/bash\n%s\n", body), 0);
	temp_write(script, text, strlen(text));
	cr_assert_eq(chmod(script, 0700), 0);
	free(text);
}

static void run_until(const char *body, int cancel_fd)
{
	const char *argv[] = { script, "a b", NULL };
	const struct confine_job job = { .argv = argv,
					 .input = "the paper",
					 .length = 9,
					 .limits = { .cpu_s = 2,
						     .wall_ms = WALL_MS,
						     .memory_bytes = (size_t)512 << 20,
						     .file_bytes = 1 << 20,
						     .output_bytes = 100000 },
					 .cancel_fd = cancel_fd };
	struct error error = { 0 };
	write_script(body);
	int64_t before = world_monotonic_ms(world_real());
	cr_assert_eq(confine_run(world_real(), &job, &out, &end, &error), ERR_OK, "%s", error.message);
	took_ms = world_monotonic_ms(world_real()) - before;
}
static void run(const char *body)
{
	run_until(body, -1);
}

Test(confine, a_good_one_gets_its_words_and_its_document_and_nothing_else)
{
	cr_assert_eq(setenv("KYBDESK_WEBHOOK_KEY", "secret", 1), 0);
	int leaked = fcntl(STDERR_FILENO, F_DUPFD, 20); /* not closed on exec */
	run("printf '%s|' \"$1\"; while read -r -n 9 l; do printf '%s' \"$l\"; break; done <document; echo; export "
	    "-p; "
	    "read -r x; echo \"stdin:$x\"; for f in {11..60}; do { true <&$f; } 2>/dev/null && echo "
	    "\"open $f\"; done; pwd");
	close(leaked);
	cr_expect_eq(end, CONFINE_DONE);
	cr_expect(strstr(out.buf, "a b|the paper\n"), "%s", out.buf);
	cr_expect(strstr(out.buf, "LANG=\"C.UTF-8\""), "%s", out.buf);
	cr_expect(strstr(out.buf, "OMP_THREAD_LIMIT=\"1\""), "%s", out.buf);
	cr_expect(strstr(out.buf, "stdin:\n"));
	cr_expect_null(strstr(out.buf, "secret"));
	cr_expect_null(strstr(out.buf, "HOME"));
	cr_expect_null(strstr(out.buf, "open "), "%s", out.buf);
	cr_expect(strstr(out.buf, "/base/kybdesk-"), "%s", out.buf);
}

Test(confine, one_that_sleeps_is_ended)
{
	run("echo early; exec sleep 60");
	cr_expect_eq(end, CONFINE_TIMED_OUT);
	cr_expect_geq(took_ms, WALL_MS);
	cr_expect_lt(took_ms, WALL_MS + SOON_MS);
	cr_expect_str_eq(out.buf, "early\n");
}

Test(confine, one_that_closes_its_output_and_stays_is_ended)
{
	run("exec >&-; exec sleep 60");
	cr_expect_eq(end, CONFINE_TIMED_OUT);
	cr_expect_lt(took_ms, WALL_MS + SOON_MS);
}

Test(confine, one_that_counts_for_ever_runs_out_of_processor_time)
{
	run("while :; do :; done");
	cr_expect_eq(end, CONFINE_TIMED_OUT);
	cr_expect_lt(took_ms, WALL_MS + SOON_MS);
}

Test(confine, one_that_floods_is_cut)
{
	run("while :; do echo 0123456789012345678901234567890123456789; done");
	cr_expect_eq(end, CONFINE_TRUNCATED);
	cr_expect_eq(out.len, 100000);
	cr_expect_lt(took_ms, WALL_MS);
}

Test(confine, one_that_eats_memory_fails)
{
	run("x=0123456789abcdef; while :; do x=$x$x; done; echo done");
	cr_expect_neq(end, CONFINE_DONE);
	cr_expect_null(strstr(out.buf, "done"));
}

/* A converter cannot start any process: neither a child nor a fork bomb. */
Test(confine, one_that_forks_gets_no_process)
{
	run("(echo child) ; sleep 0.1; echo \"after $?\"");
	cr_expect_null(strstr(out.buf, "child"), "%s", out.buf);
	cr_expect_lt(took_ms, WALL_MS + SOON_MS);
	strbuf_reset(&out);
	run("b() { b | b & }; b; echo \"bomb $!\"");
	cr_expect_lt(took_ms, WALL_MS + SOON_MS);
	cr_expect(!out.len || !strcmp(out.buf, "bomb \n"), "%s", out.buf);
}

Test(confine, one_that_writes_elsewhere_writes_nothing)
{
	char *body = NULL, *victim = temp_path(folder, "victim");
	temp_write(victim, "whole", 5);
	cr_assert_gt(asprintf(&body,
			      "echo x >>%s; echo new >%s.new; echo up >../up; echo mine >mine && echo \"wrote mine\"; "
			      "{ read -r -n 5 v <%s; } 2>/dev/null; echo \"read:$v\"",
			      victim, victim, victim),
		     0);
	run(body);
	cr_expect_str_eq(out.buf, "wrote mine\nread:\n");
	struct strbuf kept = STRBUF_INIT;
	struct error error = { 0 };
	cr_assert_eq(file_read(victim, 100, &kept, &error), ERR_OK);
	cr_expect_str_eq(kept.buf, "whole");
	cr_expect_eq(entries(folder), 3, "converter, base and victim");
	strbuf_release(&kept);
	free(body);
}

Test(confine, one_that_fills_the_disk_is_stopped)
{
	run("x=0123456789abcdef; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do x=$x$x; done; "
	    "while echo \"$x\" >>big; do :; done; echo stopped");
	cr_expect_neq(end, CONFINE_TIMED_OUT);
	cr_expect_lt(took_ms, WALL_MS);
}

Test(confine, one_that_reaches_for_the_network_reaches_nobody)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	cr_assert_eq(bind(listener, (struct sockaddr *)&address, size), 0);
	cr_assert_eq(listen(listener, 1), 0);
	cr_assert_eq(getsockname(listener, (struct sockaddr *)&address, &size), 0);
	char *body = NULL;
	cr_assert_gt(
		asprintf(&body,
			 "if { exec 9<>/dev/tcp/127.0.0.1/%d; } 2>/dev/null; then echo reached; else echo none; fi",
			 ntohs(address.sin_port)),
		0);
	run(body);
	cr_expect_null(strstr(out.buf, "reached"), "%s", out.buf);
	struct pollfd waiting = { .fd = listener, .events = POLLIN };
	cr_expect_eq(poll(&waiting, 1, 100), 0, "somebody knocked");
	close(listener);
	free(body);
}

Test(confine, one_that_shoots_at_who_started_it_misses)
{
	char *body = NULL;
	cr_assert_gt(asprintf(&body, "kill -9 %d 2>/dev/null || echo missed; kill -9 -1 2>/dev/null || echo again",
			      (int)getpid()),
		     0);
	run(body);
	cr_expect_str_eq(out.buf, "missed\nagain\n");
	free(body);
}

/* A program in the converter's place tries each way out, and changes neither the process that started it nor a file of
 * the user. */
Test(confine, one_that_tries_every_way_out_is_refused)
{
	char *victim = temp_path(folder, "victim"), number[20];
	const char *argv[] = { KYB_CAGE_PROBE, number, victim, NULL };
	const struct confine_job job = {
		.argv = argv, .input = "", .limits = { 2, WALL_MS, (size_t)512 << 20, 1 << 20, 100000 }, .cancel_fd = -1
	};
	struct error error = { 0 };
	struct stat before, after;
	struct rlimit limit_before, limit_after;
	size_t refused = 0, done = 0;

	temp_write(victim, "whole", 5);
	cr_assert_eq(stat(victim, &before), 0);
	cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit_before), 0);
	(void)snprintf(number, sizeof number, "%d", (int)getpid());
	cr_assert_eq(confine_run(world_real(), &job, &out, &end, &error), ERR_OK, "%s", error.message);
	cr_expect_eq(end, CONFINE_DONE, "%s", out.buf);
	for (const char *at = out.buf; (at = strstr(at, ": ")); at += 2) {
		refused += !strncmp(at, ": refused\n", 10);
		done += !strncmp(at, ": done\n", 7);
	}
	cr_expect_eq(refused, 35, "%s", out.buf);
	cr_expect_eq(done, 1, "%s", out.buf);
	cr_expect(strstr(out.buf, "own file: done\n"), "%s", out.buf);
	fputs(out.buf, stderr); /* the table: each way, and its result */
	cr_assert_eq(stat(victim, &after), 0);
	cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit_after), 0);
	cr_expect_eq(limit_after.rlim_cur, limit_before.rlim_cur);
	cr_expect_eq(after.st_mode, before.st_mode);
	cr_expect_eq(after.st_size, 5);
	cr_expect_eq(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
}

/* On a kernel without Landlock the cage says so. */
Test(confine, a_kernel_that_cannot_confine_is_named)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_landlock_create_ruleset, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof filter / sizeof *filter, filter };

	cr_expect_str_eq(confine_missing(), "");
	cr_assert_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	cr_assert_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
	cr_expect_str_eq(confine_missing(), "Landlock");
}

static void *cancel_soon(void *context)
{
	uint64_t one = 1;
	usleep(200000);
	cr_assert_eq(write(*(int *)context, &one, sizeof one), (ssize_t)sizeof one);
	return NULL;
}

Test(confine, one_is_left_at_once)
{
	int fd = eventfd(0, EFD_CLOEXEC);
	pthread_t thread;
	cr_assert_eq(pthread_create(&thread, NULL, cancel_soon, &fd), 0);
	run_until("exec sleep 60", fd);
	pthread_join(thread, NULL);
	close(fd);
	cr_expect_eq(end, CONFINE_CANCELLED);
	cr_expect_lt(took_ms, SOON_MS);
}

static char *left_folder(const char *name, long seconds_ago)
{
	char *path = temp_path(base, name), *document = temp_path(path, "document");
	struct timespec times[2] = { { .tv_sec = (time_t)(world_now_ms(world_real()) / 1000) - seconds_ago },
				     { .tv_sec = (time_t)(world_now_ms(world_real()) / 1000) - seconds_ago } };
	cr_assert_eq(mkdir(path, 0700), 0);
	temp_write(document, "papers of somebody", 18);
	cr_assert_eq(utimensat(AT_FDCWD, path, times, 0), 0);
	return path;
}

/* A killed converter leaves its folder behind: the next one removes it, but no folder in use and no foreign folder. */
Test(confine, what_a_killed_one_left_behind_is_removed_by_the_next)
{
	char *old = left_folder("kybdesk-abcdef", 3600), *fresh = left_folder("kybdesk-ghijkl", 1);
	char *used = left_folder("kybdesk-mnopqr", 3600), *other = left_folder("kybdesk-folder-of-others", 3600);
	char *open_to_all = left_folder("kybdesk-public", 3600);
	int held = open(used, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert_eq(flock(held, LOCK_EX), 0);
	cr_assert_eq(chmod(open_to_all, 0755), 0);
	run("echo done");
	cr_expect_str_eq(out.buf, "done\n");
	cr_expect_not(file_exists(old));
	cr_expect(file_exists(fresh));
	cr_expect(file_exists(used));
	cr_expect(file_exists(open_to_all));
	cr_expect(file_exists(other));
	close(held);
	temp_folder_remove(fresh);
	temp_folder_remove(used);
	temp_folder_remove(open_to_all);
	temp_folder_remove(other);
}

Test(confine, one_that_fails_or_is_not_there_says_so)
{
	run("echo half; exit 3");
	cr_expect_eq(end, CONFINE_FAILED);
	cr_expect_str_eq(out.buf, "half\n");
	const char *argv[] = { "/nowhere/converter", NULL };
	const struct confine_job job = {
		.argv = argv, .input = "", .limits = { 1, 1000, (size_t)64 << 20, 1000, 1000 }, .cancel_fd = -1
	};
	struct error error = { 0 };
	cr_assert_eq(confine_run(world_real(), &job, &out, &end, &error), ERR_OK);
	cr_expect_eq(end, CONFINE_FAILED);
	struct arena arena = ARENA_INIT;
	cr_expect_null(confine_find(&arena, "no-such-converter"));
	cr_expect_not_null(confine_find(&arena, "bash"));
	arena_release(&arena);
}
