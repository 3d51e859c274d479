#include "stopped.h"
#include "process.h"

#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum { PATIENCE_MS = 60000 };

/* State in /proc/PID/stat: 'T' stopped, 'Z' ended; 0: the process no longer exists. */
static char state_of(pid_t pid)
{
	char path[64], text[512] = "", *end, state = 0;
	FILE *file;

	(void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	end = fgets(text, sizeof text, file) ? strrchr(text, ')') : NULL;
	if (end && end[1] && end[2])
		state = end[2];
	(void)fclose(file);
	return state;
}

bool process_is_stopped(pid_t pid)
{
	for (int waited = 0; waited < PATIENCE_MS; waited++) {
		char state = state_of(pid);

		if (state == 'T')
			return true;
		if (!state || state == 'Z' || state == 'X')
			return false;
		test_sleep_ms(1);
	}
	cr_assert_fail("it was not stopped");
	return false;
}

int store_take_lock(const char *path)
{
	sqlite3 *db = NULL;
	int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	(void)sqlite3_close(db);
	return code;
}
