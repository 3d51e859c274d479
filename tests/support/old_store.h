/* A store of schema 3, as the program of that time wrote it: its migrations, of which the hash is kept here, and the rows
 * of sqlite3's .dump (tests/store/old/0003.sql). The documents' bytes are missing. */
#ifndef KYB_TESTS_SUPPORT_OLD_STORE_H
#define KYB_TESTS_SUPPORT_OLD_STORE_H

#define OLD_STORE_SCHEMA 3
#define OLD_STORE_HASH "7d54095e98c04159"

void old_store_bring(const char *path);

#endif
