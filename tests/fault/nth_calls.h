/* Call counters in a file that the program (tests/support/preload/nth_fault.c) and the test both map. */
#ifndef KYB_TESTS_FAULT_NTH_CALLS_H
#define KYB_TESTS_FAULT_NTH_CALLS_H

enum nth_kind {
	NTH_READ,
	NTH_WRITE,
	NTH_SYNC,
	NTH_NAME, /* rename, link, unlink, mkdir */
	NTH_STEP, /* of a statement */
	NTH_MEMORY,
	NTH_KINDS
};

static const char *const nth_kind_names[NTH_KINDS] = { "read", "write", "sync", "name", "step", "memory" };

struct nth_calls {
	unsigned long long made[NTH_KINDS], failed;
};

#endif
