/* A checksum over every byte of every row of a store, to check that nothing at all has changed. */
#ifndef KYB_TESTS_SUPPORT_STORE_SUM_H
#define KYB_TESTS_SUPPORT_STORE_SUM_H

#include <stdint.h>

struct sqlite3;
struct store_sum {
	struct sqlite3 *db; /* a connection of its own */
	int64_t version;    /* SQLite's count of what other connections committed, when `last` was made */
	uint64_t last;
};

void store_sum_open(struct store_sum *sum, const char *path);
void store_sum_close(struct store_sum *sum);
uint64_t store_sum(struct store_sum *sum);

#endif
