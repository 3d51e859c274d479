/*
 * Cuts the power before the writes and syncs of a test: each time once with every unsynced write lost, and once more
 * with some of them kept. Needs support/lossy_vfs.h, installed before.
 */
#ifndef KYB_TESTS_SUPPORT_POWER_CUT_H
#define KYB_TESTS_SUPPORT_POWER_CUT_H

#include <stdint.h>

struct power_cut {
	const char *store;  /* the store that loses its power */
	const char *path;   /* the store after a cut */
	unsigned every;	    /* how many writes and syncs from one cut to the next */
	unsigned first;	    /* how many before the first cut */
	int (*known)(void); /* a growing count of acknowledged writes; called before the cut */
	/* At a cut: integrity_check has found nothing. Any store may be opened. */
	void (*look)(const struct power_cut *cut, int known);
	unsigned events, cuts, seed; /* so far */
	_Atomic int64_t looked_ms;   /* that the cuts and looks took; the test's clock subtracts them */
};

void power_cut_start(struct power_cut *cut);
/* Makes a last cut, and stops. */
void power_cut_end(struct power_cut *cut);
/* One number from the store after the cut, read by SQL. */
int64_t power_cut_number(const struct power_cut *cut, const char *sql);

#endif
