/* A store with cases, and workbenches on it in terminals of their own. */
#ifndef KYB_TESTS_SCREEN_BENCH_H
#define KYB_TESTS_SCREEN_BENCH_H

#include "cli/box.h"
#include "support/process.h"
#include "support/pty.h"

#include <criterion/criterion.h>

#define PATIENCE_MS 20000
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
/* That CLEAR-1 has this status, as the command shows it. */
void bench_expect_status(const char *status);
/* A workbench; options end with NULL, `locale` as "C.UTF-8". */
struct terminal *bench_start(struct bench *bench, const char *as, int rows, int columns, const char *locale, ...)
	__attribute__((sentinel));

/* A workbench on the store of a box, 30 rows by 110 columns; NULL: for the user that runs the tests. */
struct terminal *box_start(const struct box *box, const char *who);

/* One more variable, "NAME=value" or "NAME" to unset, for programs started from now on. */
void bench_environment(struct bench *bench, const char *line);
/* A file of the user's: "keys.json", "themes/own.json". */
void bench_write(struct bench *bench, const char *name, const char *text);
/* The configuration file. */
void bench_configure(struct bench *bench, const char *json);
/* For the next one that is started: how much its line passes in a second, and whether its terminal answers. */
void bench_line(struct bench *bench, unsigned bytes_s, bool silent);

/* The same as terminal_wait, and it fails with the screen when the text does not come. */
#define SEES(terminal, text)                                                                                       \
	cr_assert(terminal_wait((terminal), (text), PATIENCE_MS), "waiting for '%s':\n%s", (text),                 \
		  terminal_screen(terminal))
#define SEES_NO_MORE(terminal, text)                                                                               \
	cr_assert(terminal_wait_gone((terminal), (text), PATIENCE_MS), "'%s' does not go:\n%s", (text),            \
		  terminal_screen(terminal))
/* Types the keys, and the text comes (or goes). After OPENS() the screen rests: a dialog then takes keys. */
#define TYPES(terminal, keys, text)                                                                                \
	do {                                                                                                       \
		terminal_type((terminal), keys);                                                                   \
		SEES((terminal), text);                                                                            \
	} while (0)
#define CLOSES(terminal, keys, text)                                                                               \
	do {                                                                                                       \
		terminal_type((terminal), keys);                                                                   \
		SEES_NO_MORE((terminal), text);                                                                    \
	} while (0)
#define RESTS(terminal) cr_assert(terminal_settle((terminal), 200, PATIENCE_MS), "%s", terminal_screen(terminal))
#define OPENS(terminal, keys, text)                                                                                \
	do {                                                                                                       \
		TYPES((terminal), keys, text);                                                                     \
		RESTS(terminal);                                                                                   \
	} while (0)
/* Keys as the terminal sends them in every mode, beside "\r" and "\t". */
#define ESC "\x1b"
#define BACKSPACE "\x7f"
#define BACK_TAB ESC "[Z"
#define CTRL_Y "\x19"
#define QUITS(terminal)                                                                                            \
	do {                                                                                                       \
		terminal_type((terminal), "q");                                                                    \
		cr_assert_eq(terminal_wait_exit((terminal), PATIENCE_MS), 0, "%s", terminal_screen(terminal));     \
	} while (0)

/* One line each: a person's case that nothing blocks; one with hostile texts everywhere. */
char *clear_person(const char *reference, const char *name);
/* The same line with a new hit of a sanctions list. */
char *sanctioned_person(const char *reference, const char *name);
extern const char *const hostile_case;

/* The bench of the test that runs and its terminal, and what suites begin and end with. */
extern struct bench bench;
extern struct terminal *terminal;
void bench_set_up(void);	 /* an empty sandbox store */
void bench_set_up_person(void);	 /* with a case without blockers, CLEAR-1 (Ines Duarte) */
void bench_set_up_samples(void); /* with the sample cases */
void bench_tear_down(void);
void bench_box_tear_down(void); /* the terminal, and the box */

#endif
