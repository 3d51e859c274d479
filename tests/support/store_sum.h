/* A checksum over all rows of a store, except salts and hashes, to check that nothing has changed. */
#ifndef KYB_TESTS_SUPPORT_STORE_SUM_H
#define KYB_TESTS_SUPPORT_STORE_SUM_H

#include <stdint.h>

struct sqlite3;
struct store_sum {
	struct sqlite3 *db; /* a connection only for the checksum */
	int64_t version;    /* PRAGMA data_version when `last` was computed; -1: no sum yet */
	uint64_t last;
};

void store_sum_open(struct store_sum *sum, const char *path);
void store_sum_close(struct store_sum *sum);
uint64_t store_sum(struct store_sum *sum);

#endif
