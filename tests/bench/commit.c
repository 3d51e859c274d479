/*
 * Writes the commitment of every row of a store that SQL filled (grow.sh), as the upgrade of a store
 * without commitments does. Prints the number of rows.
 *
 * usage: commit STORE
 */
#include "audit/commitment.h"

#include <stdio.h>
#include <stdlib.h>

static void check(enum err err, const struct error *error)
{
	if (!err)
		return;
	fprintf(stderr, "commit: %s\n", error->message);
	exit(1);
}

int main(int count, char **arguments)
{
	struct store_options options = { .path = count == 2 ? arguments[1] : "" };
	struct store *store;
	struct error error = { 0 };
	struct query *query = NULL;
	bool row = false;

	check(store_open(&options, &store, &error), &error);
	check(store_begin(store, STORE_WRITE, &error), &error);
	check(commitments_write_all(store, NULL, &error), &error);
	check(store_commit(store, &error), &error);
	check(db_query_text(store->db, "commit.count", "SELECT count(*) FROM row_commitment", &query, &error), &error);
	check(query_next(query, &row, &error), &error);
	printf("%lld\n", (long long)row_int(query, 0));
	query_end(query);
	store_close(store);
	return 0;
}
