/*
 * tests/support/store_sum.h on a server: the sum of all tables of the connection's schema, without document bytes (the
 * bytes of a refused upload are deleted later) and without the count of commits. SQLite's sum has neither.
 */
#include "support/store_sum.h"

#include <criterion/criterion.h>
#include <libpq-fe.h>
#include <stdlib.h>

static PGconn *connection_of(const struct store_sum *sum)
{
	return (PGconn *)(void *)sum->db;
}

void store_sum_open(struct store_sum *sum, const char *path)
{
	PGconn *connection = PQconnectdb(path);

	cr_assert_eq(PQstatus(connection), CONNECTION_OK, "%s", PQerrorMessage(connection));
	*sum = (struct store_sum){ .db = (struct sqlite3 *)(void *)connection };
}

void store_sum_close(struct store_sum *sum)
{
	PQfinish(connection_of(sum));
	sum->db = NULL;
}

uint64_t store_sum(struct store_sum *sum)
{
	static const char all[] = "SELECT left(md5(string_agg(tablename || CAST(query_to_xml(format('SELECT "
				  "md5(string_agg(md5(CAST(t AS "
				  "text)), '''' ORDER BY md5(CAST(t AS text)))) AS c FROM %I AS t', tablename), "
				  "true, false, '') AS text), "
				  "'' ORDER BY tablename)), 16) FROM pg_tables WHERE schemaname = current_schema() AND "
				  "tablename NOT IN ('document_bytes', 'document_mark', 'kybdesk_store')";
	PGresult *result = PQexec(connection_of(sum), all);

	cr_assert_eq(PQresultStatus(result), PGRES_TUPLES_OK, "%s", PQresultErrorMessage(result));
	sum->last = strtoull(PQgetvalue(result, 0, 0), NULL, 16);
	PQclear(result);
	return sum->last;
}
