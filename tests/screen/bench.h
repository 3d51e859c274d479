/* A store with cases, and workbenches on it in terminals of their own. */
#ifndef KYB_TESTS_SCREEN_BENCH_H
#define KYB_TESTS_SCREEN_BENCH_H

#include "cli/box.h"
#include "support/process.h"
#include "support/pty.h"

#include <criterion/criterion.h>

#define PATIENCE_MS 60000
#define ENVIRONMENT_LINES 14

struct bench {
	char *folder, *store;
	char *lines[ENVIRONMENT_LINES + 1];
	struct process_result last;
	unsigned bytes_s;
	bool silent;
	const char *attributes; /* as in pty.h */
};

void bench_open(struct bench *bench); /* an empty sandbox store */
void bench_close(struct bench *bench);
void bench_import_samples(struct bench *bench);
void bench_import(struct bench *bench, const char *lines);
/* Runs a command as ana; returns its exit status, output in bench->last. Words end with NULL. */
int bench_run(struct bench *bench, ...) __attribute__((sentinel));
/* Expects that `kybdesk show` reports this status of CLEAR-1. */
void bench_expect_status(const char *status);
/* Starts a workbench as the reviewer `as`; the options end with NULL. A locale is, for example, "C.UTF-8". */
struct terminal *bench_start(struct bench *bench, const char *as, int rows, int columns, const char *locale, ...)
	__attribute__((sentinel));
/* Starts a program, such as a shell, in 24 rows and with the bench's environment only; the words end with NULL. */
struct terminal *bench_start_words(const struct bench *bench, const char *const *words, int columns);

/* Starts a workbench on a box's store, 30 rows by 110 columns; `who` NULL: as the user that runs the tests. */
struct terminal *box_start(const struct box *box, const char *who);

/* Sets ("NAME=value") or unsets ("NAME") an environment variable for programs started from now on. */
void bench_environment(struct bench *bench, const char *line);
/* Writes a configuration file of the user, such as "keys.json" or "themes/own.json". */
void bench_write(struct bench *bench, const char *name, const char *text);
/* The configuration file. */
void bench_configure(struct bench *bench, const char *json);
/* For workbenches started from now on: bytes per second (0: no limit); `silent`: the terminal never answers. */
void bench_line(struct bench *bench, unsigned bytes_s, bool silent);

/* Waits for the text with terminal_wait(); if the text does not come, the test fails and prints the screen. */
#define SEES(terminal, text)                                                                                           \
	cr_assert(terminal_wait((terminal), (text), PATIENCE_MS), "waiting for '%s':\n%s", (text),                     \
		  terminal_screen(terminal))
#define SEES_NO_MORE(terminal, text)                                                                                   \
	cr_assert(terminal_wait_gone((terminal), (text), PATIENCE_MS), "'%s' does not go:\n%s", (text),                \
		  terminal_screen(terminal))
/* Type the keys and wait until the text is shown (CLOSES: gone). After OPENS, a shown dialog takes keys. */
#define TYPES(terminal, keys, text)                                                                                    \
	do {                                                                                                           \
		terminal_type((terminal), keys);                                                                       \
		SEES((terminal), text);                                                                                \
	} while (0)
#define CLOSES(terminal, keys, text)                                                                                   \
	do {                                                                                                           \
		terminal_type((terminal), keys);                                                                       \
		SEES_NO_MORE((terminal), text);                                                                        \
	} while (0)
#define RESTS(terminal) cr_assert(terminal_settle((terminal), 200, PATIENCE_MS), "%s", terminal_screen(terminal))
#define OPENS(terminal, keys, text)                                                                                    \
	do {                                                                                                           \
		TYPES((terminal), keys, text);                                                                         \
		RESTS(terminal);                                                                                       \
	} while (0)
/* Keys as the terminal sends them in every mode, beside "\r" and "\t". */
#define ESC "\x1b"
#define BACKSPACE "\x7f"
#define BACK_TAB ESC "[Z"
#define CTRL_Y "\x19"
#define QUITS(terminal)                                                                                                \
	do {                                                                                                           \
		terminal_type((terminal), "q");                                                                        \
		cr_assert_eq(terminal_wait_exit((terminal), PATIENCE_MS), 0, "%s", terminal_screen(terminal));         \
	} while (0)

/* Import lines: clear_person() is a case that nothing blocks; hostile_case has hostile texts in its fields. */
char *clear_person(const char *reference, const char *name);
/* The same line with a new hit of a sanctions list. */
char *sanctioned_person(const char *reference, const char *name);
extern const char *const hostile_case;

/* The bench and the terminal of the running test, and functions to set up and tear down suites. */
extern struct bench bench;
extern struct terminal *terminal;
void bench_set_up(void);	 /* an empty sandbox store */
void bench_set_up_person(void);	 /* with a case without blockers, CLEAR-1 (Ines Duarte) */
void bench_set_up_samples(void); /* with the sample cases */
void bench_tear_down(void);
void bench_box_tear_down(void); /* frees the terminal and closes the box */

#endif
