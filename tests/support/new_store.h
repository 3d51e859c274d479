/*
 * The first test that needs a new store makes it and keeps it in the folder KYBDESK_TEST_NEW_STORES (`./dev test` makes
 * and removes the folder); later tests copy it. If the variable is not set, each test makes its own store. All copies
 * of one kind have the same id and key: a test that needs two different stores makes the second one itself.
 */
#ifndef KYB_TESTS_NEW_STORE_H
#define KYB_TESTS_NEW_STORE_H

#include <stdbool.h>
#include <stdint.h>

/* Copies the kept store to `path`, with the files beside it, and returns the number that was kept with it. kind:
 * name of the setup that made the store. False: no store of this kind is kept. */
bool new_store_copied(const char *kind, const char *path, uint64_t *number);
/* Keeps a copy of the store that a test has just made and closed, for later tests. number: seed of the test's world,
 * so that its random numbers continue. */
void new_store_keep(const char *kind, const char *path, uint64_t number);

/* The same for a folder with a store and other files of a test. */
bool new_folder_copied(const char *kind, const char *folder);
void new_folder_keep(const char *kind, const char *folder);

#endif
