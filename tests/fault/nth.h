/*
 * The Nth fault: one command, again and again from the same store, and each time another call fails (read, write, sync,
 * rename, step of a statement, allocation). Afterwards it is wholly done or not at all, it said so in a sentence with a
 * documented status, `doctor` finds nothing (it recomputes the audit log), and the same command without the fault completes it.
 */
#ifndef KYB_TESTS_FAULT_NTH_H
#define KYB_TESTS_FAULT_NTH_H

#include "fault/nth_calls.h"
#include "fault/site.h"

enum { NTH_OTHERS = 4 };

struct nth_deed {
	const char *words[12]; /* of the command, in the site's folder */
	/* Commands that end where a fault may leave this one: what a file without some of its lines gives. */
	const char *others[NTH_OTHERS][12];
	/* Tables with rows that may differ between attempts, as SQL: 'worker', 'delivery_attempt'. NULL: none. */
	const char *apart;
	/* More than one transaction: doctor and the next run judge the states in between. */
	bool in_steps;
	const char *refuses; /* message for a refused line after which it continues, or NULL */
	bool looks;	     /* read-only: nothing to complete */
	const char *makes;   /* a store it makes in the site's folder, complete if it exists; or NULL */
	const char *advised; /* finding of doctor for this store with or without a fault, or NULL */
	const char *later;   /* the clock of the next run: "KYBDESK_TEST_NOW=+2h" */
};

/* From here on the site's programs count their calls there. Released by nth_release. */
struct nth_calls *nth_count(struct site *site);
/* What fails in the next runs: "write:17", the rest too when it lasts; n 0: nothing. Names it. */
const char *nth_fault(struct site *site, enum nth_kind kind, unsigned long long n, bool lasting);
void nth_release(struct site *site, struct nth_calls *calls);

struct nth;
/* The site as it stands is where each try begins. The site must outlive it. */
struct nth *nth_begin(struct site *site, const struct nth_deed *deed);
/* So many of the calls of a kind, evenly, from one chosen by the site's seed; all of them in the long run. */
void nth_try_kind(struct nth *nth, enum nth_kind kind, unsigned how_many);
/* Each of them once, in every run. */
void nth_try_each(struct nth *nth, enum nth_kind kind);
/* The last ones, each with all that follow: what fails behind a commit. */
void nth_try_last(struct nth *nth, enum nth_kind kind, unsigned how_many);
/* Says what was tried. */
void nth_end(struct nth *nth);

#endif
