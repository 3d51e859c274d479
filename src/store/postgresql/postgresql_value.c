/* Values of the current row, converted from the server's text format. */
#include "postgresql_internal.h"

#include <stdlib.h>
#include <string.h>

static struct postgresql_statement *reading(void *context, int column)
{
	struct postgresql_statement *statement = context;

	if (!statement->result || column < 0 || column >= pq.nfields(statement->result))
		BUG("statement %s has no column %d", statement->name, column);
	return statement;
}

static const char *text_of(const struct postgresql_statement *statement, int column)
{
	bool there = statement->row >= 0 && statement->row < pq.ntuples(statement->result);

	return there ? pq.getvalue(statement->result, statement->row, column) : "";
}

bool postgresql_is_null(void *context, int column)
{
	const struct postgresql_statement *statement = reading(context, column);

	return statement->row < 0 || statement->row >= pq.ntuples(statement->result) ||
	       pq.getisnull(statement->result, statement->row, column);
}

int64_t postgresql_get_int(void *context, int column)
{
	const struct postgresql_statement *statement = reading(context, column);
	const char *text = text_of(statement, column);

	if (pq.ftype(statement->result, column) == POSTGRESQL_BOOL)
		return *text == 't';
	return strtoll(text, NULL, 10);
}

double postgresql_get_real(void *context, int column)
{
	return strtod(text_of(reading(context, column), column), NULL);
}

const void *postgresql_get_bytes(void *context, int column, size_t *length)
{
	struct postgresql_statement *statement = reading(context, column);
	unsigned char *bytes;
	const void *kept;

	if (postgresql_is_null(statement, column)) {
		*length = 0;
		return "";
	}
	if (pq.ftype(statement->result, column) != POSTGRESQL_BYTES) {
		*length = (size_t)pq.getlength(statement->result, statement->row, column);
		return text_of(statement, column);
	}
	bytes = pq.unescapeBytea((const unsigned char *)text_of(statement, column), length);
	if (!bytes)
		BUG("no memory left for a value of statement %s", statement->name);
	/* NUL-terminated, for callers that read it as text. */
	kept = arena_strndup(&statement->bytes, "", 0);
	if (*length) {
		char *copy = arena_alloc_array(&statement->bytes, *length + 1, 1);

		memcpy(copy, bytes, *length);
		copy[*length] = '\0';
		kept = copy;
	}
	pq.freemem(bytes);
	return kept;
}

int postgresql_column_count(void *context)
{
	const struct postgresql_statement *statement = context;

	return statement->result ? pq.nfields(statement->result) : 0;
}

const char *postgresql_column_name(void *context, int column)
{
	return pq.fname(reading(context, column)->result, column);
}

int postgresql_column_type(void *context, int column)
{
	const struct postgresql_statement *statement = reading(context, column);

	if (postgresql_is_null(context, column))
		return 'n';
	switch (pq.ftype(statement->result, column)) {
	case POSTGRESQL_BOOL:
	case POSTGRESQL_INT8:
	case POSTGRESQL_INT4:
	case POSTGRESQL_INT2:
		return 'i';
	case POSTGRESQL_FLOAT8:
	case POSTGRESQL_NUMERIC:
		return 'r';
	case POSTGRESQL_BYTES:
		return 'b';
	default:
		return 't';
	}
}
