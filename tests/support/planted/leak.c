/* A program that loses blocks of a byte if it gets an argument ("statement": a statement of SQLite), and says where it
 * runs; tests/unit/base/teardown_test.c runs it. It is linked as the kybdesk that tests start, with leak_check.c and fork_server.c of sanitizer/. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *volatile kept;

int main(int count, char **words)
{
	char folder[4096];

	printf("%s %s %d %d %d %s\n", getcwd(folder, sizeof folder) ? folder : "", getenv("PLANTED"), getppid(),
	       getpgrp() == getpid(), gettid() == getpid(), words[count - 1]);
	if (strcmp(words[count - 1], "statement") == 0) {
		sqlite3 *db;
		sqlite3_stmt *statement;

		return sqlite3_open(":memory:", &db) || sqlite3_prepare_v2(db, "SELECT 1", -1, &statement, NULL);
	}
	/* Several blocks: the address of the last one may still be in a register, which hides its leak. */
	for (int i = 0; i < 10; i++) {
		kept = malloc(1);
		if (count == 1)
			free(kept);
	}
	kept = NULL;
	return 0;
}
