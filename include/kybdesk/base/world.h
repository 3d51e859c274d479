/* The outside world as a parameter: clock, random numbers, environment. Tests pass a world of their own; the lint
 * forbids time(), clock_gettime(), localtime_r(), getrandom() and getenv() in other files. KYBDESK_TEST_NOW shifts
 * or freezes the wall clock for tests and demos, in sandbox stores only: desk_open() uses world_sandbox() for
 * sandbox stores, and world_real() never reads the variable. The clocks of leases are not affected. */
#ifndef KYBDESK_BASE_WORLD_H
#define KYBDESK_BASE_WORLD_H

#include "kybdesk/base/error.h"
#include <stdint.h>

#define WORLD_BOOT_ID_SIZE 37

struct world {
	int64_t (*now_ms)(void *context);	/* wall clock, Unix milliseconds */
	int64_t (*monotonic_ms)(void *context); /* never decreases */
	/* time since the machine started, including sleep; the same in all processes */
	int64_t (*boottime_ms)(void *context);
	void (*boot_id)(void *context, char out[WORLD_BOOT_ID_SIZE]); /* changes with every start of the machine */
	void (*random)(void *context, void *bytes, size_t length);    /* cryptographic; aborts on failure */
	const char *(*environment)(void *context, const char *name);  /* NULL when unset */
	bool is_ssh_session; /* `kybdesk session`: the user has no files, programs or settings on this machine */
	void *context;
};

const struct world *world_real(void);
/* The real world of `kybdesk session`. Removes from the environment of this process all variables except TERM,
 * LANG, LC_*, TZ (a name or a rule, no path), COLUMNS, LINES, NO_COLOR and SSH_AUTH_SOCK (the user's forwarded agent);
 * HOME is the home folder of
 * the account. Call it before any thread starts. */
const struct world *world_ssh_session(void);
/* The real world with the wall clock of KYBDESK_TEST_NOW: an RFC 3339 time freezes the clock,
 * "+2h" or "-3d" shifts the real clock. Unset or invalid: the real clock. */
const struct world *world_sandbox(void);
/* ERR_INVALID if KYBDESK_TEST_NOW is set but not valid. */
enum err world_check_sandbox(const struct world *world, struct error *error);
int64_t world_now_ms(const struct world *world);
int64_t world_monotonic_ms(const struct world *world);
int64_t world_boottime_ms(const struct world *world);
/* Id of the machine start from which world_boottime_ms() counts; "": the system has no such id. */
void world_boot_id(const struct world *world, char out[WORLD_BOOT_ID_SIZE]);
void world_random(const struct world *world, void *bytes, size_t length);
const char *world_environment(const struct world *world, const char *name);
/* Writes the operating system's user name of the real uid into `name`. */
enum err world_user_name(char *name, size_t size, struct error *error);
/* The offset of the machine's time zone from UTC at the time now_ms, in minutes; 0 if no time zone is set. */
int world_local_offset_minutes(int64_t now_ms);

/* Sets the time zone of this process: a name ("Europe/Lisbon") or a rule ("CET-1CEST"). False: it is neither, or the
 * machine does not have it; nothing is changed. Call it before any thread starts. */
bool world_set_time_zone(const char *zone) KYB_MUST_USE;

#endif
