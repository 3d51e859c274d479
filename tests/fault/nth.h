/*
 * The Nth fault: one command runs again and again from the same store, and each time another call fails (read, write,
 * sync, rename, step of a statement, allocation). Afterwards the command is wholly done or not at all, it reported that
 * with a documented status, `doctor` finds nothing (it recomputes the audit log), and the same command without the
 * fault completes it.
 */
#ifndef KYB_TESTS_FAULT_NTH_H
#define KYB_TESTS_FAULT_NTH_H

#include "fault/nth_calls.h"
#include "fault/site.h"

enum { NTH_OTHERS = 4 };

struct nth_deed {
	const char *words[12]; /* words of the command, which runs in the site's folder */
	/* Other commands: a fault may leave the end state of one of them, for example only some lines of a file. */
	const char *others[NTH_OTHERS][12];
	/* Tables with rows that may differ between attempts, as SQL: 'worker', 'delivery_attempt'. NULL: none. */
	const char *apart;
	/* The command has several transactions: doctor and the next run judge the states in between. */
	bool in_steps;
	const char *refuses; /* message for a refused line, after which the command continues; or NULL */
	bool looks;	     /* read-only: nothing to complete */
	const char *makes;   /* store that the command makes in the site's folder, complete if it exists; or NULL */
	const char *advised; /* a finding that doctor reports even without a fault; or NULL */
	const char *later;   /* the clock of the next run: "KYBDESK_TEST_NOW=+2h" */
};

/* From now on the programs of the site count their calls in the result, which nth_release releases. */
struct nth_calls *nth_count(struct site *site);
enum nth_how {
	NTH_ONCE,
	NTH_LASTING, /* all later calls fail too */
	NTH_KILLED   /* the program is killed there */
};
/* Sets the fault of the next runs (n 0: none), and returns its name, such as "write:17". */
const char *nth_fault(struct site *site, enum nth_kind kind, unsigned long long n, enum nth_how how);
void nth_release(struct site *site, struct nth_calls *calls);

struct nth;
/* Each try begins with the present state of the site. The site must outlive the result. */
struct nth *nth_begin(struct site *site, const struct nth_deed *deed);
/* Tries a fault at `how_many` calls of a kind, evenly spaced from a random call; in the long run at all calls. */
void nth_try_kind(struct nth *nth, enum nth_kind kind, unsigned how_many);
/* Tries each call once, in every run. */
void nth_try_each(struct nth *nth, enum nth_kind kind);
/* Lets each of the last calls fail together with all calls after it, to test failures after a commit. */
void nth_try_last(struct nth *nth, enum nth_kind kind, unsigned how_many);
/* Prints the tries. */
void nth_end(struct nth *nth);

#endif
