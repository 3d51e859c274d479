#include "power_cut.h"
#include "lossy_vfs.h"
#include "process.h"

#include <criterion/criterion.h>
#include <sqlite3.h>

int64_t power_cut_number(const struct power_cut *cut, const char *sql)
{
	sqlite3 *handle = NULL;
	sqlite3_stmt *statement = NULL;
	cr_assert_eq(sqlite3_open_v2(cut->path, &handle, SQLITE_OPEN_READWRITE, "unix"), SQLITE_OK);
	cr_assert_eq(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK, "event %u, seed %u: %s",
		     cut->events, cut->seed, sqlite3_errmsg(handle));
	cr_assert_eq(sqlite3_step(statement), SQLITE_ROW, "event %u, seed %u: %s", cut->events, cut->seed,
		     sqlite3_errmsg(handle));
	int64_t value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(handle);
	return value;
}

static void cut_with(struct power_cut *cut, unsigned seed, int known)
{
	cut->seed = seed;
	cut->cuts++;
	lossy_cut(cut->store, cut->path, seed);
	cr_assert_eq(power_cut_number(cut, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
		     0, "damaged at event %u, seed %u", cut->events, seed);
	cut->look(cut, known);
}

static void cut_here(void *context)
{
	struct power_cut *cut = context;
	if (cut->events++ % cut->every != cut->first)
		return;
	int known = cut->known();
	long long began = test_clock_ms();
	cut_with(cut, 0, known);
	cut_with(cut, cut->events * 7919 + 1, known);
	cut->looked_ms += test_clock_ms() - began;
}

void power_cut_start(struct power_cut *cut)
{
	lossy_on_event(cut_here, cut);
}

void power_cut_end(struct power_cut *cut)
{
	lossy_on_event(NULL, NULL);
	cut_with(cut, 0, cut->known());
}
