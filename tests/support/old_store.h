/* A store of schema 3, written by the program of that time (tests/store/old/0003.sql, from sqlite3's .dump). The
 * documents' bytes are missing. */
#ifndef KYB_TESTS_SUPPORT_OLD_STORE_H
#define KYB_TESTS_SUPPORT_OLD_STORE_H

#define OLD_STORE_SCHEMA 3

void old_store_bring(const char *path);

#endif
