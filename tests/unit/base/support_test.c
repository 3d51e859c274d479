#include "support/leak.h"
#include "support/process.h"
#include "support/pty.h"

#include <signal.h>
#include <string.h>

static struct terminal *start(const char *text)
{
	const char *argv[] = { "sh", "-c", text, NULL };
	struct terminal_options options = { .argv = argv, .rows = 5, .columns = 20 };
	return terminal_start(&options);
}

Test(process, gives_output_error_and_status)
{
	static const char *const environment[] = { "WORD=hello", "HOME", NULL };
	struct process_result result;
	process_call(&result, environment, "in", "sh", "-c",
		     "cat; printf %s \"$WORD${HOME-none}\"; echo oh >&2; exit 7", NULL);
	cr_expect_eq(result.status, 7);
	cr_expect_str_eq(result.out, "inhellonone");
	cr_expect_str_eq(result.err, "oh\n");
	cr_expect_not(result.timed_out);
	NO_LEAKS();
}

Test(process, a_signal_is_128_more)
{
	struct process_result result;
	process_call(&result, NULL, NULL, "sh", "-c", "kill -9 $$", NULL);
	cr_expect_eq(result.status, 128 + SIGKILL);
}

Test(process, one_that_hangs_is_killed_with_its_children)
{
	static const char *const argv[] = { "sh", "-c", "sleep 100 & echo started; wait", NULL };
	struct process_options options = { .argv = argv, .timeout_ms = 200 };
	struct process_result result;
	process_run(&options, &result);
	cr_expect(result.timed_out);
	cr_expect_eq(result.status, 128 + SIGKILL);
	cr_expect_str_eq(result.out, "started\n");
}

Test(process, in_the_background_it_can_be_watched_and_stopped)
{
	static const char *const argv[] = { "sh", "-c", "echo ready; sleep 100", NULL };
	struct process_options options = { .argv = argv };
	struct process *process = process_start(&options);
	cr_expect(process_wait_output(process, "ready", 5000));
	cr_expect_not(process_wait(process, 50, NULL));
	process_signal(process, SIGTERM);
	struct process_result result;
	cr_assert(process_wait(process, 5000, &result));
	cr_expect_eq(result.status, 128 + SIGTERM);
	process_free(process);
	NO_LEAKS();
}

Test(terminal, shows_what_a_person_would_see)
{
	struct terminal *terminal = start("printf '\\033[1;31mred\\033[0m 日é\\r\\nnext\\a'; read line; exit 3");
	cr_assert(terminal_wait(terminal, "next", 60000));
	cr_expect_str_eq(terminal_row(terminal, 0), "red 日é");
	struct terminal_cell cell;
	terminal_cell(terminal, 0, 0, &cell);
	cr_expect(cell.bold);
	cr_expect_eq(cell.foreground, 1);
	terminal_cell(terminal, 0, 4, &cell);
	cr_expect_str_eq(cell.text, "日");
	cr_expect_eq(cell.width, 2);
	terminal_cell(terminal, 0, 6, &cell);
	cr_expect_eq(cell.foreground, -1);
	int row, column;
	terminal_cursor(terminal, &row, &column, NULL);
	cr_expect_eq(row, 1);
	cr_expect_eq(column, 4);
	cr_expect_eq(terminal_bells(terminal), 1);
	cr_expect_eq(terminal_wait_exit(terminal, 50), -1);
	terminal_type(terminal, "x\r");
	cr_expect_eq(terminal_wait_exit(terminal, 60000), 3);
	cr_expect(terminal_is_cooked(terminal));
	terminal_free(terminal);
	NO_LEAKS();
}

Test(terminal, tells_size_keys_title_and_alternate_screen)
{
	struct terminal *terminal = start(
		"printf '\\033]0;name\\007\\033[?1049h\\033[?1h'; stty -echo -icanon min 1; trap 'stty size' WINCH;"
		"stty size; dd bs=1 count=3 2>/dev/null | od -An -c; sleep 0.1; sleep 100");
	cr_assert(terminal_wait(terminal, "5 20", 60000));
	cr_expect(terminal_on_alternate_screen(terminal));
	cr_expect_str_eq(terminal_title(terminal), "name");
	cr_expect_not(terminal_is_cooked(terminal));
	terminal_press(terminal, TERMINAL_UP);
	cr_expect(terminal_wait(terminal, "O   A", 60000), "%s", terminal_screen(terminal));
	terminal_resize(terminal, 7, 30);
	size_t length;
	cr_expect_not_null(terminal_raw(terminal, &length));
	cr_expect_gt(length, 0);
	terminal_free(terminal);
	NO_LEAKS();
}
