#include "postgresql_internal.h"

#include <string.h>

#define STATEMENT_SHOWN_BYTES_MAX 200

bool postgresql_has_sqlstate(const PGresult *result, const char *state)
{
	const char *found = result ? pq.resultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

	return found && !strcmp(found, state);
}

bool postgresql_lost_connection(const struct postgresql_db *db)
{
	return db->is_conn_lost || pq.status(db->connection) == CONNECTION_BAD;
}

static bool has_sqlstate_class(const PGresult *result, const char *class)
{
	const char *found = result ? pq.resultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

	return found && !strncmp(found, class, 2);
}

static const char *error_field(const PGresult *result, int which)
{
	const char *text = result ? pq.resultErrorField(result, which) : NULL;

	return text ? text : "";
}

/* Whether the connection is lost with this error. An error without an SQLSTATE comes from libpq: a write may have
 * failed although libpq still reports the connection as good. 57P01 to 57P03: the server is shutting down or
 * starting. */
static bool ends_connection(const PGresult *result)
{
	return !*error_field(result, PG_DIAG_SQLSTATE) || has_sqlstate_class(result, "08") ||
	       postgresql_has_sqlstate(result, "57P01") || postgresql_has_sqlstate(result, "57P02") ||
	       postgresql_has_sqlstate(result, "57P03");
}

/* Adds the first line of the server's message, without the line end. */
static void add_reason(struct strbuf *out, const struct postgresql_db *db, const PGresult *result)
{
	const char *text = *error_field(result, PG_DIAG_MESSAGE_PRIMARY) ? error_field(result, PG_DIAG_MESSAGE_PRIMARY)
									 : pq.errorMessage(db->connection);

	strbuf_add(out, text, strcspn(text, "\n"));
	if (!out->len)
		strbuf_adds(out, "the server gave no reason");
}

static bool is_duplicate_key(const PGresult *result, const char *ending)
{
	const char *constraint = error_field(result, PG_DIAG_CONSTRAINT_NAME);
	size_t length = strlen(constraint), end = strlen(ending);

	return postgresql_has_sqlstate(result, "23505") && length > end && !strcmp(constraint + length - end, ending);
}

static enum err set_constraint_error(const char *what, const PGresult *result, const char *reason, struct error *error)
{
	/* Ids that this program makes never collide: a duplicate id was in the input. */
	if (is_duplicate_key(result, "_uuid_key"))
		return error_set(error, ERR_CONFLICT,
				 "the id of a %s is already used in this store; leave the id out or give another one",
				 error_field(result, PG_DIAG_TABLE_NAME));
	/* The store assigns the primary keys itself. A duplicate means that the index does not find an existing row. */
	if (is_duplicate_key(result, "_pkey"))
		return error_set(error, ERR_STORE,
				 "the store is damaged: a new row has the number of another row (%s at %s); stop "
				 "using the store and restore a backup",
				 reason, what);
	return error_set(error, ERR_INTERNAL, "the store refused %s: %s", what, reason);
}

static const char *detail_or_reason(const PGresult *result, const char *reason)
{
	const char *detail = error_field(result, PG_DIAG_MESSAGE_DETAIL);

	return *detail ? detail : reason;
}

static enum err set_server_error(struct postgresql_db *db, const char *what, const PGresult *result, const char *reason,
				 struct error *error)
{
	if (postgresql_lost_connection(db))
		return error_set(error, ERR_STORE,
				 "The connection to store %s is lost: %s; nothing was changed, try again",
				 db->display_path, reason);
	if (postgresql_has_sqlstate(result, "55P03"))
		return error_set(error, ERR_STORE,
				 "store %s was locked by another process for more than %d.%d s; nothing was "
				 "changed, try again",
				 db->display_path, db->busy_timeout_ms / 1000, db->busy_timeout_ms % 1000 / 100);
	if (postgresql_has_sqlstate(result, "57014"))
		return error_set(error, ERR_INTERNAL, "cancelled");
	if (postgresql_has_sqlstate(result, "25P02"))
		return error_set(error, ERR_STORE,
				 "store %s rolled back the transaction after a failure; nothing was changed, try again",
				 db->display_path);
	if (postgresql_has_sqlstate(result, "53100"))
		return error_set(error, ERR_STORE,
				 "the disk is full: store %s cannot grow, and nothing was changed; make room and "
				 "try again",
				 db->display_path);
	if (postgresql_has_sqlstate(result, "25006"))
		return error_set(error, ERR_STORE, "store %s cannot be written: it is open for reading only",
				 db->display_path);
	/* A view that is not part of this program prevents the change: the server reports "view NAME depends on
	 * column x of table t". */
	if ((postgresql_has_sqlstate(result, "2BP01") || postgresql_has_sqlstate(result, "0A000")) &&
	    strstr(detail_or_reason(result, reason), "view"))
		return error_set(error, ERR_STORE,
				 "store %s has a view that prevents the change (%.*s); nothing was changed: drop "
				 "the view, try again, and create it again",
				 db->display_path, (int)strcspn(detail_or_reason(result, reason), "\n"),
				 detail_or_reason(result, reason));
	if (postgresql_has_sqlstate(result, "42501"))
		return error_set(error, ERR_STORE, "the database user lacks a right in store %s (%s): %s",
				 db->display_path, what, reason);
	if (postgresql_has_sqlstate(result, "54000"))
		return error_set(error, ERR_INVALID, "a value is too large for the store (%s)", what);
	if (postgresql_has_sqlstate(result, "22021"))
		return error_set(error, ERR_INVALID,
				 "a text is not UTF-8, the only encoding that the store accepts (%s)", what);
	if (has_sqlstate_class(result, "XX"))
		return error_set(error, ERR_STORE, "store %s is damaged (%s); stop using it and restore a backup",
				 db->display_path, reason);
	if (has_sqlstate_class(result, "42"))
		return error_set(error, ERR_STORE, "store %s refused the statement %s: %s", db->display_path, what,
				 reason);
	if (has_sqlstate_class(result, "23") || has_sqlstate_class(result, "22") || has_sqlstate_class(result, "P0"))
		return set_constraint_error(what, result, reason, error);
	return error_set(error, ERR_INTERNAL, "the store failed at %s: %s", what, reason);
}

enum err postgresql_set_error(struct postgresql_db *db, const char *what, const PGresult *result, struct error *error)
{
	struct strbuf reason = STRBUF_INIT;
	enum err err;

	if (db->queue_error.code && &db->queue_error != error)
		return error_set(error, db->queue_error.code, "%s", db->queue_error.message);
	/* `what` is the text of a migration, which is too long for a message. */
	if (strlen(what) > STATEMENT_SHOWN_BYTES_MAX)
		what = "a script of its schema";
	db->is_conn_lost = db->is_conn_lost || ends_connection(result);
	add_reason(&reason, db, result);
	err = set_server_error(db, what, result, reason.buf, error);
	strbuf_release(&reason);
	return err;
}
