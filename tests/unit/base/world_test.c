#include "kybdesk/base/world.h"
#include "kybdesk/base/log.h"
#include "kybdesk/base/timefmt.h"
#include "support/leak.h"
#include "support/test_world.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

Test(world, only_the_sandbox_world_knows_the_test_clock)
{
	cr_assert_eq(setenv("KYBDESK_TEST_NOW", "2001-02-03T04:05:06Z", 1), 0);
	int64_t frozen;
	cr_assert_eq(time_parse("2001-02-03T04:05:06Z", false, &frozen, NULL), ERR_OK);
	cr_expect_eq(world_now_ms(world_sandbox()), frozen);
	cr_expect_gt(world_now_ms(world_real()), frozen + INT64_C(1000) * 86400 * 365);
}

Test(world, an_offset_moves_the_real_clock)
{
	cr_assert_eq(setenv("KYBDESK_TEST_NOW", "+2h", 1), 0);
	int64_t ahead = world_now_ms(world_sandbox()) - world_now_ms(world_real());
	cr_expect(ahead > 7190000 && ahead <= 7200000, "%lld", (long long)ahead);
	cr_assert_eq(setenv("KYBDESK_TEST_NOW", "-1d", 1), 0);
	int64_t behind = world_now_ms(world_sandbox()) - world_now_ms(world_real());
	cr_expect(behind >= -86400000 && behind < -86390000, "%lld", (long long)behind);
}

Test(world, a_bad_test_clock_is_named)
{
	struct error error = { 0 };
	cr_assert_eq(setenv("KYBDESK_TEST_NOW", "yesterday", 1), 0);
	cr_expect_eq(world_check_sandbox(world_real(), &error), ERR_INVALID);
	cr_expect_not_null(strstr(error.message, "KYBDESK_TEST_NOW"));
	error_release(&error);
	cr_assert_eq(setenv("KYBDESK_TEST_NOW", "", 1), 0);
	cr_expect_eq(world_check_sandbox(world_real(), NULL), ERR_OK);
}

Test(world, a_test_world_is_the_same_each_time)
{
	struct test_world a, b;
	test_world_init(&a, 1000);
	test_world_init(&b, 1000);
	a.tick_ms = 5;
	cr_expect_eq(world_now_ms(&a.world), 1000);
	cr_expect_eq(world_now_ms(&a.world), 1005);
	unsigned char first[13], second[13], third[13];
	world_random(&a.world, first, sizeof first);
	world_random(&b.world, second, sizeof second);
	world_random(&b.world, third, sizeof third);
	cr_expect_arr_eq(first, second, sizeof first);
	cr_expect_arr_neq(second, third, sizeof third);
	static const char *const environment[] = { "AB=1", "A=2", "C=", NULL };
	a.environment = environment;
	cr_expect_str_eq(world_environment(&a.world, "A"), "2");
	cr_expect_str_eq(world_environment(&a.world, "C"), "");
	cr_expect_null(world_environment(&a.world, "B"));
}

Test(world, a_user_name_that_does_not_fit_is_refused)
{
	char name[256];
	char tiny[1];
	struct error error = { 0 };
	if (world_user_name(name, sizeof name, &error) == ERR_OK)
		cr_expect_eq(world_user_name(tiny, sizeof tiny, NULL), ERR_INVALID);
	else
		cr_expect_eq(error.code, ERR_NOT_FOUND);
	error_release(&error);
}

static void logged(enum log_level level, char *out, size_t size)
{
	int fd = memfd_create("log", 0);
	struct log log = { .level = level, .fd = fd };
	log_warn(&log, "file %s", "a\x1b[31m\nb");
	log_info(&log, "detail");
	ssize_t got = pread(fd, out, size - 1, 0);
	out[got > 0 ? got : 0] = '\0';
	close(fd);
}

Test(log, lines_are_made_safe_and_levels_held)
{
	char out[400];
	logged(LOG_NORMAL, out, sizeof out);
	cr_expect_str_eq(out, "kybdesk: warning: file a^[[31m^Jb\n");
	logged(LOG_VERBOSE, out, sizeof out);
	cr_expect_str_eq(out, "kybdesk: warning: file a^[[31m^Jb\nkybdesk: detail\n");
	logged(LOG_QUIET, out, sizeof out);
	cr_expect_str_eq(out, "");
	struct log silent = { .level = LOG_VERBOSE, .fd = -1 };
	log_warn(&silent, "x");
	NO_LEAKS();
}

Test(world, the_time_since_the_start_goes_on_whatever_is_said_of_the_wall_clock)
{
	char one[WORLD_BOOT_ID_SIZE], two[WORLD_BOOT_ID_SIZE];
	int64_t before = world_boottime_ms(world_real());

	cr_assert_eq(setenv("KYBDESK_TEST_NOW", "+87600h", 1), 0);
	int64_t moved = world_boottime_ms(world_sandbox());
	unsetenv("KYBDESK_TEST_NOW");
	cr_expect(moved >= before && moved - before < 60000);
	cr_expect_geq(before, 0);
	world_boot_id(world_real(), one);
	world_boot_id(world_sandbox(), two);
	cr_expect_str_eq(one, two);
	cr_expect_eq(strlen(one), 36);
}

Test(world, of_a_test_has_clocks_that_move_apart)
{
	struct test_world test;
	char id[WORLD_BOOT_ID_SIZE];

	test_world_init(&test, 1000);
	int64_t boot = world_boottime_ms(&test.world);
	test.wall_ms += 5000;
	cr_expect_eq(world_boottime_ms(&test.world), boot);
	test.boot_ms += 7;
	cr_expect_eq(world_boottime_ms(&test.world), boot + 7);
	world_boot_id(&test.world, id);
	cr_expect_eq(strlen(id), 36);
}
