/*
 * A desk for one test: a sandbox store in a new folder, an isolated environment, the program run as users run it, and
 * the store read with plain SQLite, without any of kybdesk's code. On a server (KYB_SITE_ON_SERVER,
 * test_postgresql_desk) SQLite reads a copy of the store in a file, made by `kybdesk copy` if a command has run since
 * the last copy.
 */
#ifndef KYB_TESTS_FAULT_SITE_H
#define KYB_TESTS_FAULT_SITE_H

#include "support/process.h"
#include "support/tried.h"

#include <stdint.h>

/* Numbers of tries in a run without --long, chosen by the CI time that each engine may take. */
#ifdef KYB_SITE_ON_SERVER
#define SITE_KILLS 80
#define SITE_RACES 20
#else
#define SITE_KILLS 200
#define SITE_RACES 60
#endif

struct site {
	char *folder;
	char *store;
	const char *environment[16];
	uint64_t random;
	struct look *look; /* on a server: the copy that was made last */
	char fault[64];	   /* environment entry that sets the fault of nth.h */
	struct site *next; /* next site in the list of all sites */
};

/* A sandbox store with the admin ann, the default actor. */
struct site *site_make(void);
/* Like site_make, but without a store. */
struct site *site_make_bare(void);
void site_free(struct site *site);
void site_tear_down(void); /* frees all sites; each suite calls it at its end */
char *site_path(const struct site *site, const char *name);
/* Writes the text to a new file; returns its path. */
char *site_keep(const struct site *site, const char *name, const char *text);

/* Runs the program with these arguments, ending with NULL. */
void site_run(const struct site *site, struct process_result *result, ...) __attribute__((sentinel));
struct process *site_start(const struct site *site, ...) __attribute__((sentinel));
/* Runs the program; fails the test if it ends with another status. */
void site_expect(const struct site *site, int status, ...) __attribute__((sentinel));
/* Runs the program and expects this status, and this text in its standard error (if the status is 0, in its standard
 * output). Returns the output with the text. */
const char *site_says(const struct site *site, int status, const char *text, ...) __attribute__((sentinel));
/* Like site_says, for a program that has already run. */
const char *result_says(const struct process_result *result, int status, const char *text);
/* Runs a shell command, which must succeed. */
void site_shell(const char *line);
/* Like site_expect with status 0; returns the standard output. */
char *site_output(const struct site *site, ...) __attribute__((sentinel));
/* Adds to the environment of the next runs: "NAME=value", which must live as long as the site. */
void site_environment(struct site *site, const char *pair);

/* Runs one import; returns its peak resident memory in KiB. */
long site_import_peak_kib(const struct site *site, const char *path, int expected_status);

/* Reads the store with SQLite itself. Joins rows by '\n', columns by '|'. */
char *site_rows(const struct site *site, const char *sql);
int64_t site_number(const struct site *site, const char *sql);
void site_change(const struct site *site, const char *sql);
/* Asserts that integrity_check and foreign_key_check find nothing, and that the triggers' counts are right. */
void site_is_whole(const struct site *site);
/* Asserts the same, and that `audit verify` finds nothing: for stores that only the program wrote. */
void site_is_sound(const struct site *site);

/* A random number below `limit`; the seed is printed, see test_seed(). */
uint64_t site_random(struct site *site, uint64_t limit);

/* Text that grows; it lives until lines_release() or the end of the test. */
struct lines {
	char *text;
	size_t length, capacity;
};
void lines_add(struct lines *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));
void lines_bytes(struct lines *lines, const void *bytes, size_t length);
void lines_release(struct lines *lines);

#endif
