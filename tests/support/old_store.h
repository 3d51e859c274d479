/* A store of schema 3, as the program of then left it (tests/store/old/0003.sql, by sqlite3's .dump). The documents' bytes are not there. */
#ifndef KYB_TESTS_SUPPORT_OLD_STORE_H
#define KYB_TESTS_SUPPORT_OLD_STORE_H

#define OLD_STORE_SCHEMA 3

void old_store_bring(const char *path);

#endif
