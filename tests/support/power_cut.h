/*
 * Simulates power cuts before writes and syncs of a test. Each cut but the last is checked twice: with all unsynced
 * writes lost, and with some of them kept. Call lossy_install() of support/lossy_vfs.h before.
 */
#ifndef KYB_TESTS_SUPPORT_POWER_CUT_H
#define KYB_TESTS_SUPPORT_POWER_CUT_H

#include <stdint.h>

struct power_cut {
	const char *store;  /* path of the store under test */
	const char *path;   /* path of its copy after a cut */
	unsigned every;	    /* number of writes and syncs from one cut to the next */
	unsigned first;	    /* number of writes and syncs before the first cut */
	int (*known)(void); /* a growing count of acknowledged writes; called before the cut */
	/* Called after a cut, if integrity_check finds no damage in the copy. May open any store. */
	void (*look)(const struct power_cut *cut, int known);
	unsigned events, cuts, seed; /* so far */
	_Atomic int64_t looked_ms;   /* time spent on cuts and look(); the test's clock subtracts it */
};

void power_cut_start(struct power_cut *cut);
/* Makes a last cut, and stops. */
void power_cut_end(struct power_cut *cut);
/* One number from the store after the cut, read by SQL. */
int64_t power_cut_number(const struct power_cut *cut, const char *sql);

#endif
