/* A frame is written in one piece and in order; other output is written at once. */
#include "../../../src/tui/term/raw.h"
#include "tui_support.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static int ends[2], before;

/* Makes standard output a pipe from which each write is read separately. */
static void set_up(void)
{
	before = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);
	cr_assert_eq(pipe2(ends, O_CLOEXEC | O_DIRECT | O_NONBLOCK), 0);
	cr_assert_geq(dup2(ends[1], STDOUT_FILENO), 0);
}

static void tear_down(void)
{
	cr_assert_geq(dup2(before, STDOUT_FILENO), 0);
	close(before);
	close(ends[0]);
	close(ends[1]);
}
TestSuite(raw, .init = set_up, .fini = tear_down);

static void expect_piece(const char *expected)
{
	char bytes[8192];
	ssize_t got = read(ends[0], bytes, sizeof bytes - 1);

	bytes[got > 0 ? got : 0] = '\0';
	cr_expect_str_eq(bytes, expected);
}

Test(raw, a_frame_leaves_in_one_piece)
{
	for (int frame = 0; frame < 3; frame++) {
		raw_begin_batch();
		for (int i = 0; i < 3; i++)
			write_raw("ab", 2);
		write_raw("<link>", 6);
		expect_piece("");
		raw_flush();
		expect_piece("ababab<link>");
		expect_piece("");
	}
	raw_close();
}

Test(raw, what_is_no_part_of_a_frame_leaves_at_once)
{
	raw_begin_batch();
	raw_flush();
	expect_piece("");
	write_raw("y", 1);
	expect_piece("y");
	raw_begin_batch();
	write_raw("frame", 5);
	raw_close();
	expect_piece("frame");
	write_raw("z", 1);
	expect_piece("z");
}

Test(raw, of_a_large_frame_nothing_is_lost)
{
	size_t got = 0;
	char bytes[4096], line[64];

	raw_begin_batch();
	for (int i = 0; i < 1000; i++) {
		(void)snprintf(line, sizeof line, "%04d%059d", i, 0);
		write_raw(line, 63);
	}
	raw_flush();
	raw_close();
	for (ssize_t one; (one = read(ends[0], bytes, sizeof bytes)) > 0; got += (size_t)one)
		for (size_t at = 0; at < (size_t)one; at++)
			if ((got + at) % 63 == 3)
				cr_assert_eq(bytes[at] - '0', (int)((got + at) / 63 % 10));
	cr_expect_eq(got, 63000);
}

/* A process without a free file descriptor still paints frames. */
Test(raw, without_an_opening_of_its_own_it_goes_to_standard_output)
{
	const struct rlimit few = { 40, 40 };
	int taken[64];
	size_t count = 0;

	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	while (count < sizeof taken / sizeof *taken && (taken[count] = dup(ends[0])) >= 0)
		count++;
	cr_assert_gt(count, 0);
	raw_init();
	cr_expect_eq(raw_fd(), STDOUT_FILENO);
	raw_begin_batch();
	write_raw("x", 1);
	expect_piece("");
	raw_flush();
	expect_piece("x");
	raw_close();
	while (count)
		close(taken[--count]);
}
