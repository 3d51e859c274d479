/* Makes a store of schema 3 as the program of that time wrote it: from its migrations (OLD_STORE_HASH is the hash of
 * their schema) and a dump of its rows (tests/store/old/0003.sql). The bytes of the documents are missing. */
#ifndef KYB_TESTS_SUPPORT_OLD_STORE_H
#define KYB_TESTS_SUPPORT_OLD_STORE_H

#define OLD_STORE_SCHEMA 3
#define OLD_STORE_HASH "7d54095e98c04159"

void old_store_bring(const char *path);

#endif
