/*
 * A new store, copied: one is made in a run of a test program, by the first test that needs it, and kept in the folder
 * that KYBDESK_TEST_NEW_STORES names (`./dev test` makes that, and takes it away). Without it each test makes its own. So the
 * stores of a run have one id and one key: a test of two different stores makes the other one itself.
 */
#ifndef KYB_TESTS_NEW_STORE_H
#define KYB_TESTS_NEW_STORE_H

#include <stdbool.h>
#include <stdint.h>

/* kind: a word for how it was made. True: the file `path` is a new store now, with the files beside it, and the number is
 * the one that was kept with it. */
bool new_store_copied(const char *kind, const char *path, uint64_t *number);
/* Keeps a copy of the store that a test has just made, and closed, for those after it, with a number (of a test's world:
 * where its random numbers go on). */
void new_store_keep(const char *kind, const char *path, uint64_t number);

/* The same for a folder with a store in it and all that a test has put beside it. */
bool new_folder_copied(const char *kind, const char *folder);
void new_folder_keep(const char *kind, const char *folder);

#endif
